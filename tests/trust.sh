# What a log proves, from outside: minutes, duplicates and sums against awk; the interfaces of an
# inventory; every format; the same of shuffled lines and of a file cut in two.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
scenarios=$srcdir/../shared/scenarios
trust() { "$ENITOP" --batch --no-config --view trust "$@"; }
shuffled() { awk -v OFS='\t' '{ print (NR * 7919) % 10007, $0 }' "$1" | LC_ALL=C sort -n | cut -f 2-; }
says() { grep -qF -e "$1"; }

# An hour of five interfaces, in the default format: all there, three minutes of SKIPDATA, nothing
# behind the 38th minute, idle but for a minute, refusals alone.
awk 'BEGIN {
	for (m = 0; m < 60; m++) {
		s = 1700000040 + m * 60
		t = s " " s + 59
		if (m >= 30 && m < 33) print "2 1 eni-web - - - - - - - " t " - SKIPDATA"
		else print "2 1 eni-web 10.0.0.2 10.0.0.9 40000 443 6 1 40 " t " ACCEPT OK"
		print "2 1 eni-db 10.0.0.3 10.0.0.9 40000 443 6 1 40 " t " " (m % 2 ? "ACCEPT" : "REJECT") " OK"
		if (m < 38) print "2 1 eni-batch 10.0.0.4 10.0.0.9 40000 443 6 1 40 " t " ACCEPT OK"
		if (m == 2) print "2 1 eni-cron 10.0.0.5 10.0.0.9 40000 443 6 1 40 " t " ACCEPT OK"
		else print "2 1 eni-cron - - - - - - - " t " - NODATA"
		print "2 1 eni-edge 198.51.100.7 10.0.0.6 40000 22 6 1 40 " t " REJECT OK"
	}
}' >"$dir/hour"
cat >"$dir/enis.json" <<'EOF'
{"NetworkInterfaces":[
 {"NetworkInterfaceId":"eni-web","PrivateIpAddress":"10.0.0.2","TagSet":[{"Key":"Name","Value":"web-3"}]},
 {"NetworkInterfaceId":"eni-never","PrivateIpAddress":"10.0.0.77","TagSet":[{"Key":"Name","Value":"rep-1"}]}]}
EOF

row() { # row INTERFACE COLUMNS of the csv
	awk -F, -v eni="$1" -v columns="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(columns, c, " ") }
		$1 == eni { for (i = 1; i <= n; i++) printf "%s%s", $at[c[i]], i < n ? " " : "\n" }' "$dir/csv"
}
trust -o csv "$dir/hour" --names "$dir/enis.json" >"$dir/csv"
check 'all there' test "$(row eni-db 'logged type minutes records judged provable')" = '100.0% ALL 60 60 59 59'
check 'SKIPDATA' test "$(row eni-web 'name logged type lost records')" = 'web-3 95.0% ACCEPT 3 57'
check 'no more records' test "$(row eni-batch 'logged missing to_come provable')" = '63.3% 22 0 38'
check 'NODATA is logged' test "$(row eni-cron 'logged nodata records missing')" = '100.0% 59 1 0'
check 'refusals alone' test "$(row eni-edge type)" = REJECT
check 'its address, its strip' test "$(row eni-web 'own strip')" = \
	'10.0.0.2 ==============================xxx==========================='
check 'in the inventory and in no record' test "$(row eni-never 'name own logged type missing')" = \
	'rep-1 10.0.0.77 0.0% never 60'
check 'the worst are first' test "$(cut -d, -f1 "$dir/csv" | sed -n 2,4p | tr '\n' ' ')" = 'eni-never eni-batch eni-web '

trust "$dir/hour" --names "$dir/enis.json" >"$dir/table"
# shellcheck disable=SC2016,SC1003
for text in '2 interfaces expected, 5 logged, 1 never' 'provable: 76.5% of minutes' \
	'eni-web web-3  SKIPDATA: absence of a record proves nothing there' \
	'eni-batch  missing: no flow log, or not delivered; an idle one has NODATA' \
	'eni-never rep-1  is in the inventory and in no record' \
	'eni-batch  its own address is not known, or not its alone' \
	'exact duplicates (as of two flow logs): 0 of 278 records' \
	'no    who asked, and whether it was answered (tcp-flags)' \
	'add   ${tcp-flags} ${pkt-srcaddr} ${pkt-dstaddr} ${flow-direction}' \
	'never DNS to the Amazon resolver'; do
	check "the table: $text" says "$text" <"$dir/table"
done
# shellcheck disable=SC2016
format=$(sed -n "s/^ *--log-format '\(.*\)'$/\1/p" "$dir/table")
reads() { echo '2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1700000000 1700000050 ACCEPT OK 2 - - - - - -' | trust --format "$format" -o csv | says eni-1; }
check 'the format to add reads as one' reads

# Who else saw it: two interfaces in the silence, one of them in its first minute only, in part.
{ cat "$dir/hour"
  awk 'BEGIN { for (m = 0; m < 38; m++) { s = 1700000040 + m * 60
	print "2 1 eni-batch 10.0.0.4 10.0.0.8 40000 443 6 1 40 " s " " s + 59 " ACCEPT OK" }
	for (m = 37; m < 60; m++) for (e = 1; e <= 3; e++) { s = 1700000040 + m * 60
	if (e < 3 || m == 37) print "2 1 eni-w" e " 10.0.1." e " 10.0.0.4 40000 443 6 1 40 " s + (e == 3 ? 30 : 0) " " s + 59 " ACCEPT OK" } }'
} >"$dir/seen"
trust "$dir/seen" >"$dir/table"
check 'who else saw what is missing' says 'eni-batch  2 others name its address then: eni-w1, eni-w2' <"$dir/table"
trust -o json "$dir/seen" >"$dir/json"
check 'JSON: with the records, but those of before' says '"seen_by":{"interfaces":["eni-w1","eni-w2"],"more":false,"records":44}' <"$dir/json"
shuffled "$dir/seen" >"$dir/seen.shuffled"
check 'in any order' test "$(trust -o csv "$dir/seen")" = "$(trust -o csv "$dir/seen.shuffled")"
trust -o json "$dir/hour" >"$dir/json"
check 'how late records came, as lines stand: not by the clock' says '"delay":{"behind":"newest end of the source","median":0,"slowest":0}' <"$dir/json"
check 'with --once too' says 'delivery: median 0s, slowest 0s behind the newest end of its source' <<EOT
$(trust --once "$dir/hour")
EOT
check 'JSON: the window' says '"from":"2023-11-14T22:14:00Z","to":"2023-11-14T23:14:00Z","complete_until":"2023-11-14T23:12:59Z"' <"$dir/json"
check 'JSON: stretches' says '"doubts":[{"state":"lost","from":"2023-11-14T22:44:00Z","to":"2023-11-14T22:47:00Z"}]' <"$dir/json"
check 'ndjson: a row a line' test "$(trust -o ndjson "$dir/hour" | grep -c '^{"interface"')" = 5
check 'a limit' test "$(trust -o csv -n 2 "$dir/hour" | wc -l)" = 3
check 'a window' says ',========__,80.0%' <<EOF
$(trust -o csv "$dir/hour" --since 2023-11-14T22:44:00Z --until 2023-11-14T22:54:00Z)
EOF
check 'all was read' trust "$dir/hour" -o csv
refused() { trust "$dir/hour" "$dir/not-there" -o json >"$dir/json" 2>/dev/null; test $? -eq 1 && says '"complete":false' <"$dir/json"; }
check 'an input is not there: 1, not complete' refused

sums() { trust -o json "$@" | sed 's/"delay":{[^}]*}//; s/"input":.*"trust"//'; }
shuffled "$dir/hour" >"$dir/shuffled"
check 'shuffled lines say the same' test "$(sums "$dir/hour")" = "$(sums "$dir/shuffled")"
mkdir "$dir/cut"
split -l 100 "$dir/hour" "$dir/cut/part"
check 'a folder of its parts too' test "$(sums "$dir/hour")" = "$(sums "$dir/cut")"
duplicates() { trust -o json "$@" | sed 's/.*"duplicates":\([0-9]*\),.*/\1/'; }
check 'each record twice: as many duplicates' test "$(duplicates "$dir/hour" "$dir/shuffled")" = 278
awk '{ print; if (NR % 5 == 0) print } NR % 7 == 0 { $10++; print }' "$dir/hour" >"$dir/some"
check 'duplicates, as awk counts them' test "$(duplicates "$dir/some")" = \
	"$(sort "$dir/some" | uniq -c | awk '{ n += $1 - 1 } END { print n }')"
awk 'BEGIN { for (i = 0; i < 400000; i++) { l = "2 1 eni-1 10.0.0.1 10.0." int(i / 250) % 250 "." i % 250 " 40000 " i % 60000 " 6 1 " i " 1700000000 1700000050 ACCEPT OK"; print l; if (i % 4 == 0) print l } }' >"$dir/many"
about() { # a 16th of 16M holds 32,768
	n=$(trust -o json --memory 16M "$dir/many" | sed 's/.*"duplicates":\([0-9]*\),"duplicates_estimated":true.*/\1/')
	test "$n" -gt 90000 && test "$n" -lt 110000
}
check 'too many to be kept: about so many, and it says so' about

# Of the made-up hours one has an interface that falls silent, one lines that were lost.
if [ -d "$scenarios" ]; then
	for folder in "$scenarios"/c*/; do
		for level in v2 v5; do
			check "$(basename "$folder"), $level: nothing is missing in a clean hour" says '"lost":0,"missing":0,' <<EOF
$(trust -o json "$folder/flow.$level.log.gz")
EOF
		done
	done
fi
done_testing
