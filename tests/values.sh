# Values that their field can't have, and those that are written otherwise: read where they can't be
# mistaken, else said by field and line.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

line() { # line SRCADDR SRCPORT PROTOCOL BYTES END [STATUS]
	echo "2 123456789012 eni-1 $1 10.0.1.5 $2 443 $3 1 $4 1795514410 $5 ACCEPT ${6:-OK}"
}
head='version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
{
	echo "$head"
	line 10.0.0.1 1000 6 100 1795514470
	line 999.0.0.1 1001 6 10 1795514470
	line 10.0.0.2 100000 6 10 1795514470
	line 10.0.0.3 1003 500 10 1795514470
	line 10.0.0.4 1004 invalid 10 1795514470
	line 10.0.0.5 1005 6 -5 1795514470
	line 10.0.0.6 1006 6 18446744073709551615 1795514470
	line 10.0.0.7 1007 6 10 03/04/2026
	line 10.0.0.8 1008 tcp 1,000 2026-11-24T11:01:10+01:00
	line - -1 -1 -1 1795514470 NODATA
} >"$dir/odd.log"
run() { "$ENITOP" -b "$@"; }

run -v sources "$dir/odd.log" >"$dir/out"
note='unreadable values: srcaddr 1, srcport 1, protocol 2, bytes 2, end 1'
check 'they are counted by field' grep -q "$note" "$dir/out"
sed -n '/^unreadable/,$p' "$dir/out" | sed "s,$dir/,," >"$dir/have"
cat >"$dir/want" <<'END'
unreadable values:
odd.log:3: srcaddr: no address: 999.0.0.1
odd.log:4: srcport: too large: 100000
odd.log:5: protocol: too large: 500
odd.log:6: protocol: no protocol: invalid
odd.log:7: bytes: no number: -5
odd.log:8: bytes: too large: 18446744073709551615
odd.log:9: end: no time: 03/04/2026
END
check 'and listed with their lines; -1 of a status row is no value' cmp "$dir/have" "$dir/want"

run -v flows -o raw "$dir/odd.log" >"$dir/raw"
grep -v NODATA "$dir/odd.log" | grep -v '^version' >"$dir/want"
grep -v '^version' "$dir/raw" >"$dir/have"
check 'raw gives each line back' cmp "$dir/have" "$dir/want"
run -v flows -o raw "$dir/raw" | cmp - "$dir/raw"
check 'and reads what it wrote' test $? -eq 0
run -v flows -o csv --columns srcaddr,protocol,bytes,end -w src=10.0.0.8 "$dir/odd.log" 2>/dev/null |
	tail -1 >"$dir/have"
check 'csv has the number' grep -qx 10.0.0.8,6,1000,1795514470 "$dir/have"
run -v flows -o csv -w '/1,000/' --columns bytes "$dir/odd.log" 2>/dev/null | tail -1 >"$dir/have"
check 'the bare regex sees the text' grep -qx 1000 "$dir/have"
run -v flows -o ndjson -w src=10.0.0.5 "$dir/odd.log" >"$dir/have" 2>"$dir/err"
check 'JSON has null' grep -q '"bytes":null' "$dir/have"
check 'and the text' grep -q '"unreadable":{"bytes":"-5"}' "$dir/have"
check 'standard error says it' grep -q 'unreadable values: srcaddr 1, srcport 1, protocol 2, bytes 2, end 1' "$dir/err"

# Blanks of a named value are what was delivered, not the %20 that stands for them in a line.
head_csv=srcaddr,dstaddr,srcport,dstport,bytes,end,action
printf '%s\n' "$head_csv" 'not an address,10.0.1.5,1,2,abc def,1795514470,MAY BE' >"$dir/blanks.csv"
for o in json ndjson; do
	run -v flows -o $o "$dir/blanks.csv" >"$dir/have" 2>/dev/null
	check "$o has blanks" grep -q '"unreadable":{"srcaddr":"not an address","bytes":"abc def","action":"MAY BE"}' "$dir/have"
done
run -v flows -o csv "$dir/blanks.csv" 2>/dev/null | tail -1 >"$dir/have"
check 'csv too' grep -qx 'not an address,10.0.1.5,1,2,abc def,1795514470,MAY BE' "$dir/have"
run -v flows --columns bytes "$dir/blanks.csv" >"$dir/have"
check 'and a table of columns' grep -q '^ *abc def$' "$dir/have"
run -v sources "$dir/blanks.csv" >"$dir/have"
check 'and the sources' grep -q ':2: bytes: no number: abc def$' "$dir/have"
run -v sources -o json "$dir/blanks.csv" >"$dir/have"
check 'in JSON' grep -q '"text":"not an address"' "$dir/have"
run -v flows -o ocsf "$dir/blanks.csv" >"$dir/have" 2>/dev/null
check 'ocsf has no address that is none' grep -q '"src_endpoint":{"port":1}' "$dir/have"
check 'but its text' grep -q '"unmapped":{"srcaddr":"not an address","bytes":"abc def","action":"MAY BE"}' "$dir/have"
run -v flows -o raw "$dir/blanks.csv" >"$dir/raw" 2>/dev/null
check 'raw reads what it wrote' sh -c '"$1" -b -v flows -o raw "$2" 2>/dev/null | cmp - "$2"' - "$ENITOP" "$dir/raw"

# Whether the answer is complete.
status() { # status WANTED OPTION...
	wanted=$1
	shift
	run -o json "$@" "$dir/odd.log" >"$dir/out" 2>/dev/null
	have=$?
	complete=true
	test "$wanted" -eq 1 && complete=false
	check "exit status $wanted: $*" test "$have" -eq "$wanted"
	check "complete is $complete" grep -q "\"complete\":$complete" "$dir/out"
}
status 1 -v flows
status 0 -g dstaddr -m packets
status 1 -g dstaddr -m bytes
status 1 -g srcaddr -m packets
status 1 -g dstaddr -m packets -w 'proto=6'
status 1 -g dstaddr -m packets --since 2026-11-24T00:00Z
status 1 -v flows --columns srcaddr

# The sources are all there, whatever is unreadable in them; JSON and the exit status agree.
status 0 -v sources
status 0 -v sources -m bytes

# A float that somebody meant is read, and given back as it is.
printf '%s\n' srcaddr,dstaddr,bytes,packets,end 10.0.0.1,10.0.0.2,1.5e3,2E+0,1.79551447e9 >"$dir/floats.csv"
echo '{"srcaddr":"10.0.0.1","dstaddr":"10.0.0.2","bytes":1.5e3,"packets":2E+0,"end":1.79551447e9}' >"$dir/floats.json"
for f in floats.csv floats.json; do
	run -v flows -o csv --columns bytes,packets,end "$dir/$f" | tail -1 >"$dir/have"
	check "$f: the number" grep -qx 1500,2,1795514470 "$dir/have"
	run -v flows -o raw --columns bytes "$dir/$f" | tail -1 | tr ' ' '\n' | sort >"$dir/have"
	check "$f: the text" grep -qx 1.5e3 "$dir/have"
	check "$f: of all but times" test "$(grep -cx '2E+0\|1795514470' "$dir/have")" -eq 2
done

# The same for each field in turn: one record has a text in it that it can't have. A report is not
# complete for the fields of its keys and times, of its metric, of what flows add up to.
fields='srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags packets-lost-no-route'
values='10.0.0.1 10.0.1.5 40000 443 6 1 100 1795514410 1795514470 ACCEPT 2 1'
at=0
for f in $fields; do
	at=$((at + 1))
	{ echo "$fields"; echo "$values"; echo "$values"; } | awk -v at=$at 'NR == 3 { $at = "x;y" } 1' >"$dir/$f.log"
done
sides='srcaddr dstaddr srcport dstport tcp-flags'
times='start end'
while IFS='|' read -r view always; do
	for metric in bytes packets flows rejects lost; do
		case $metric in
		rejects) of_metric=action ;;
		lost) of_metric=packets-lost-no-route ;;
		*) of_metric=$metric ;;
		esac
		for f in $fields; do
			run -v $view -m $metric -o json "$dir/$f.log" >"$dir/out" 2>/dev/null && have=0 || have=$?
			case " $always $of_metric " in *" $f "*) want=1 complete=false ;; *) want=0 complete=true ;; esac
			test $have -eq $want && grep -q "\"complete\":$complete" "$dir/out" || echo "$f: $have"
			test $want -eq 0 || grep -q "\"unreadable\":{\"$f\":1}" "$dir/out" || echo "$f: not counted"
		done >"$dir/have"
		check "unreadable values and $view by $metric: $(tr '\n' ' ' <"$dir/have")" test ! -s "$dir/have"
	done
done <<END
talkers|$sides
rejects|$sides protocol
ports|$sides $times
timeline|$times
flows|packets bytes
END

# 3 x (2^64 - 2) + 7
for bytes in 18446744073709551614 18446744073709551614 18446744073709551614 7; do
	line 10.0.0.1 1000 6 $bytes 1795514470
done >"$dir/huge.log"
run -g srcaddr -o csv "$dir/huge.log" >"$dir/out" 2>"$dir/err"; have=$?
check 'a sum beyond 2^64 stays there' grep -q '^10.0.0.1,18446744073709551615,' "$dir/out"
check 'which is said' grep -q 'more than 64 bits' "$dir/err"
check 'and not complete' test $have -eq 1

# A filter's words are any that records may be delivered with.
{
	for action in blocked Allowed reject; do
		echo "2 123456789012 eni-1 10.0.0.1 10.0.1.5 1 443 6 1 40 1795514410 1795514470 $action OK"
	done
} >"$dir/words.log"
found() { # found FLOWS FILTER
	run -o json -v flows -w "$2" "$dir/words.log" >"$dir/out"
	check "$2: $1" grep -q "\"flows\":$1,\"rejects\"" "$dir/out"
}
found 2 'action=blocked'
found 2 'action in (DROP)'
found 2 'action=REJECT'
found 1 'action!=denied'
found 1 'action=accepted'
run --print-sql athena -w 'action=blocked' >"$dir/out"
check 'SQL has the word of AWS' grep -q "= *'REJECT'" "$dir/out"

cases=$srcdir/../shared/cases
if test -d "$cases"; then
	columns=srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes,start,end,action
	run -v flows -o csv --columns $columns "$cases/00-base.log" >"$dir/want"
	for f in 77-duckdb-epoch-us.csv 78-localtime-no-zone.csv 71-pandas-float-nan.csv 20b-iso-z.csv; do
		run -v flows -o csv --columns $columns "$cases/$f" >"$dir/have"
		check "case $f" cmp "$dir/have" "$dir/want"
	done
	run -v flows -o csv --columns packets,bytes "$cases/73-numbers-with-commas.csv" >"$dir/have"
	check 'case 73' grep -qx 1020,1234249 "$dir/have"
	run -v flows -o csv --columns account-id "$cases/74-excel-apostrophe-account.csv" >"$dir/have"
	check 'case 74' test "$(grep -cx 123456789012 "$dir/have")" -eq 2
	run "$cases/84-bad-number-header.log" >"$dir/have"
	check 'case 84' grep -q '^! unreadable values: srcaddr 1, bytes 1, end 1' "$dir/have"
fi

# A column of times has one unit, in whatever its records were delivered: seconds.
{ line 10.0.0.1 1000 6 100 1795514470; line 10.0.0.2 1000 6 100 1795514470000; line 10.0.0.3 1000 6 100 1795514470500
	line 10.0.0.4 1000 6 100 1795514470.25; line 10.0.0.5 1000 6 100 1795514470999999; } >"$dir/units.log"
printf '%s\n' 1795514470 1795514470 1795514470.5 1795514470.25 1795514470.999 >"$dir/want"
run -v flows -o csv --columns end "$dir/units.log" | tail -n +2 >"$dir/have"
check 'csv has seconds' diff "$dir/want" "$dir/have"
run -v flows -o csv "$dir/units.log" | awk -F, 'NR > 1 { print $12 }' >"$dir/have"
check 'in the columns of the format too' diff "$dir/want" "$dir/have"
for output in json ndjson; do
	run -v flows -o $output --columns end "$dir/units.log" | grep -o '"end":[^,}]*' | cut -d: -f2 >"$dir/have"
	check "$output too" diff "$dir/want" "$dir/have"
done
run -g end -m flows -o csv "$dir/units.log" | cut -d, -f1,4 | tail -n +2 | sort >"$dir/have"
check 'as a key, and the same second is one' test "$(tr '\n' ' ' <"$dir/have")" = \
	'1795514470,2 1795514470.25,1 1795514470.5,1 1795514470.999,1 '
run -g end -o ndjson "$dir/units.log" | grep -o '"end":[^,}]*' | cut -d: -f2 | sort >"$dir/have"
sort -u "$dir/want" >"$dir/keys"
check 'in JSON' diff "$dir/keys" "$dir/have"
run -m distinct:end -o csv -g dstaddr "$dir/units.log" | grep -q '^10.0.1.5,.*' &&
	check 'distinct times' test "$(run -m distinct:end -o ndjson -g dstaddr "$dir/units.log" | grep -o '"distinct":[0-9]*')" = '"distinct":4'
run -v flows -o raw "$dir/units.log" | cut -d' ' -f12 >"$dir/have"
cut -d' ' -f12 "$dir/units.log" >"$dir/want"
check 'raw is as it was delivered' diff "$dir/want" "$dir/have"

# A rate is what it is, however large, in JSON as in csv.
for bytes in 900000000000 3000000000000000000 18000000000000000000; do
	line 10.0.0.1 1000 6 $bytes 1795514410 | sed 's/1795514410 1795514410/1795514409 1795514410/' >"$dir/large.log"
	for metric in bytes/s bits/s; do
		csv=$(run -g srcaddr -m $metric -o csv "$dir/large.log" | tail -1 | cut -d, -f7)
		json=$(run -g srcaddr -m $metric -o ndjson "$dir/large.log" | sed "s,.*\"$metric\":\([^\,]*\).*,\1,")
		check "$metric of $bytes" awk -v x="$csv" -v y="$json" -v w="$bytes" -v b="$metric" 'BEGIN {
			w *= b == "bits/s" ? 8 : 1; exit !(x / w > 0.999999 && x / w < 1.000001 && y / w > 0.999999 && y / w < 1.000001) }'
	done
done

# A key that is called as a figure keeps its own, and what could not be read is no 0.
{ line 10.0.0.1 1000 6 100 1795514470; line 10.0.0.1 1000 6 100 1795514470; line 10.0.0.1 1000 6 abc 1795514470; line 10.0.0.1 1000 6 0 1795514470; } >"$dir/keys.log"
run -g bytes -m flows -n 0 -o ndjson "$dir/keys.log" 2>/dev/null | sed 's/^{\("key-bytes":[^,]*,"bytes":[^,]*\),.*"flows":\([0-9]*\).*/\1 \2/' | sort >"$dir/have"
printf '%s\n' '"key-bytes":0,"bytes":0 1' '"key-bytes":100,"bytes":200 2' '"key-bytes":null,"bytes":0 1' >"$dir/want"
check '-g bytes in JSON' diff "$dir/want" "$dir/have"
run -g packets,bytes -m flows -n 0 -o csv "$dir/keys.log" 2>/dev/null | cut -d, -f1-5 >"$dir/have"
printf '%s\n' key-packets,key-bytes,bytes,packets,flows 1,100,200,2,2 1,-,0,1,1 1,0,0,1,1 >"$dir/want"
check '-g packets,bytes in csv' diff "$dir/want" "$dir/have"

# However small, it is not 0: one refusal in an hour.
{ line 10.0.0.1 1000 6 100 1795514470; line 10.0.0.1 1000 6 100 1795518069; line 10.0.0.2 1 6 1 1795516000 | sed s/ACCEPT/REJECT/; } >"$dir/rare.log"
run -g srcaddr -m rejects/s -o csv "$dir/rare.log" | cut -d, -f1,7 >"$dir/have"
printf '%s\n' srcaddr,rejects/s 10.0.0.2,0.000278 >"$dir/want"
check 'a small rate in csv' diff "$dir/want" "$dir/have"
check 'and in JSON' sh -c '"$ENITOP" -b --no-config -g srcaddr -m rejects/s -o json "$1" | grep -q "\"rejects/s\":\(0.000278\|2.78e-0*4\),"' sh "$dir/rare.log"

# What was percent-encoded is found as it stands and as people call it; a blank that a named value had
# stands as %20 in a record, so that every input gives one text.
tagged='account-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status instance-tag ecs-service-name'
{
	echo "$tagged"
	echo '123456789012 10.0.0.1 10.0.1.1 1 443 6 1 1 1795514400 1795514460 ACCEPT OK my%20web%2D1 my%20svc'
	echo '123456789012 10.0.0.2 10.0.1.1 1 443 6 1 1 1795514400 1795514460 ACCEPT OK 100% a%2Fb'
} >"$dir/tags.log"
{
	echo "$tagged" | tr ' ' ,
	echo '123456789012,10.0.0.1,10.0.1.1,1,443,6,1,1,1795514400,1795514460,ACCEPT,OK,my web-1,my svc'
	echo '123456789012,10.0.0.2,10.0.1.1,1,443,6,1,1,1795514400,1795514460,ACCEPT,OK,100%,a%2Fb'
} >"$dir/tags.csv"
"${AWK:-awk}" -F, 'NR == 1 { n = split($0, name); next }
	{ for (i = 1; i <= n; i++) printf "%s\"%s\":\"%s\"", (i > 1) ? "," : "{", name[i], $i; print "}" }' "$dir/tags.csv" >"$dir/tags.json"
tags_are() { # tags_are FILE FILTER [ADDRESS]
	run -v flows -o csv --columns srcaddr -w "$2" "$dir/$1" 2>"$dir/err" | sed 1d >"$dir/have"
	test "$(cat "$dir/have")" = "${3-}" || { cat "$dir/have" "$dir/err" >&2; return 1; }
}
for f in tags.log tags.csv tags.json; do
	for w in 'instance-tag="my web-1"' 'instance-tag="MY WEB-1"' 'ecs-service-name="my svc"' ecs-service-name=my%20svc 'instance-tag=my*1' 'instance-tag!="100%"'; do
		check "$f: $w" tags_are $f "$w" 10.0.0.1
	done
	check "$f: what only looks encoded" tags_are $f 'instance-tag="100%"' 10.0.0.2
	check "$f: as it stands" tags_are $f ecs-service-name=a%2Fb 10.0.0.2
	check "$f: another text" tags_are $f 'instance-tag="my  web-1"'
	run -v flows -o csv --columns ecs-service-name "$dir/$f" >"$dir/have"
	printf '%s\n' ecs-service-name my%20svc a%2Fb >"$dir/want"
	check "$f: one text in csv" cmp "$dir/want" "$dir/have"
	check "$f: and in JSON" sh -c '"$ENITOP" -b --no-config -v flows -o ndjson --columns ecs-service-name "$1" | grep -q "\"ecs-service-name\":\"my%20svc\""' sh "$dir/$f"
	check "$f: and in raw" sh -c '"$ENITOP" -b --no-config -v flows -o raw "$1" | grep -q " my%20svc"' sh "$dir/$f"
done
done_testing
