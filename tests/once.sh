# Packets count once: totals of scenarios against a twin that keeps every tuple and is told of the
# interfaces, from files, pipes, in any order; the label; and what it leaves alone.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
scenarios=$srcdir/../shared/scenarios

totals() { # bytes and flows that count
	"$ENITOP" --batch --no-config --once --view timeline --output json "$@" |
		sed 's/.*"totals":{"bytes":\([0-9]*\),"packets":[0-9]*,"flows":\([0-9]*\).*/\1 \2/'
}
between() { # between BYTES FLOWS LEAST-BYTES LEAST-FLOWS MOST-BYTES MOST-FLOWS
	test "$1" -ge "$3" && test "$2" -ge "$4" && test "$1" -le "$5" && test "$2" -le "$6"
}
shuffled() { awk -v OFS='\t' '{ print (NR * 7919) % 10007, $0 }' "$1" | LC_ALL=C sort -n | cut -f 2-; }

if [ -d "$scenarios" ] && command -v python3 >/dev/null; then
	for folder in $(some "$scenarios"/*/); do
		name=$(basename "$folder")
		gzip -dc "$folder/flow.v2.log.gz" >"$dir/log"
		want=$(python3 "$srcdir/tests/once_twin.py" "$folder")
		got=$(totals "$dir/log")
		# shellcheck disable=SC2086
		check "$name: $got of the twin's $want" between $got $want
		shuffled "$dir/log" >"$dir/shuffled"
		check "$name: told of the interfaces, shuffled, from a pipe" test "$got
$got
$got" = "$(totals "$dir/log" --names "$folder/enis.json"
			totals "$dir/shuffled"
			# shellcheck disable=SC2002
			cat "$dir/log" | totals)"
	done
else
	echo '# no scenarios, or no python3: totals are not held against the twin'
fi

# Two interfaces that record each other: what a sends counts at a, what b sends at b.
i=0
while [ $i -lt 20 ]; do
	s=$((1700000000 + i * 60))
	for eni in a b; do
		echo "2 1 eni-$eni 10.0.0.1 10.0.0.2 40000 443 6 1 100 $s $((s + 50)) ACCEPT OK"
		echo "2 1 eni-$eni 10.0.0.2 10.0.0.1 443 40000 6 1 1000 $s $((s + 50)) ACCEPT OK"
	done
	echo "2 1 eni-a 10.0.0.1 10.0.0.3 40001 80 6 1 7 $s $((s + 50)) ACCEPT OK"
	echo "2 1 eni-b 198.51.100.9 10.0.0.2 40002 443 6 1 3 $s $((s + 50)) ACCEPT OK"
	echo "2 1 eni-b 10.0.0.1 10.0.0.2 40003 22 6 1 40 $s $((s + 50)) REJECT OK"
	i=$((i + 1))
done >"$dir/two"
check 'what one sent is not what the other received' test "$(totals "$dir/two")" = \
	"$((20 * (100 + 1000 + 7 + 3 + 40))) 100"
run() { "$ENITOP" --batch --no-config "$@" 2>&1; }
says() { grep -qF -e "$1"; }
twice() { run "$dir/two" | says '29% of records are second sightings, counted twice (--once leaves them out)'; }
check 'a table says what is counted twice' twice
once() { run --once "$dir/two" | says 'once: 29% of records are second sightings, left out'; }
check 'and what is left out' once
json() { run --output json "$@" "$dir/two" | says "\"once\":$want"; }
want='false,"second_sightings":40,"second_undecided":0' && check 'JSON says so too' json
want='true,"second_sightings":40,"second_undecided":0' && check 'with once' json --once
want='true,"second_sightings":20,"second_undecided":0' &&
	check 'of what matches' json --once --where 'bytes=1000'
want='true,"second_sightings":4,"second_undecided":0' && check 'in the window' json --once -t 2m
# What the sender has of the last minute is still to come: of what it sent that can't be told yet.
grep -v "eni-a .* 1700001140 " "$dir/two" >"$dir/behind"
undecided() { run -o json "$@" "$dir/behind" | sed 's/.*"second_undecided":\([0-9]*\).*/\1/'; }
check 'undecided' test "$(undecided --once) $(undecided)" = '1 1'
check 'of what matches' test "$(undecided --once -w bytes=100) $(undecided --once -w bytes=1000)" = '1 0'
check 'in the window' test "$(undecided --once --until 2023-11-14T22:30:00Z)" = 0
check 'records are all there' test "$(run --once -v flows -o raw "$dir/two" | wc -l)" = 140
# Of a record: which sighting it is.
second() { run --once -v flows -o "$1" "$dir/two" | grep -c "$2"; }
check 'csv says which are second' test "$(second csv ',2$')" = 40
check 'and which are first' test "$(second csv ',1$')" = 100
check 'ndjson too' test "$(second ndjson '"sighting":2')" = 40
check 'in an order' test "$(run --once -v flows --sort -bytes -o csv "$dir/two" | grep -c ',2$')" = 40
check 'only with once' test "$(run -v flows -o ndjson "$dir/two" | grep -c sighting)" = 0
check 'a log that lacks the sender counts at the receiver' test "$(grep 'eni-b' "$dir/two" >"$dir/b"
	totals "$dir/b")" = "$((20 * (100 + 1000 + 3 + 40))) 80"
sed '/eni-a/s/ACCEPT OK/REJECT OK/' "$dir/two" >"$dir/rejects"
grep 'eni-a' "$dir/rejects" >"$dir/a"
check 'so does one whose log holds refusals alone' test "$(totals "$dir/a" "$dir/b")" = \
	"$((20 * (100 + 1000 + 7 + 100 + 1000 + 3 + 40))) 140"
lost() {
	cat "$dir/two"
	echo '2 1 eni-a - - - - - - - 1700000240 1700000290 - SKIPDATA'
}
lost >"$dir/lost"
check 'where the sender lost records the receiver has them' test "$(totals "$dir/lost")" = \
	"$((20 * (100 + 1000 + 7 + 3 + 40) + 100)) 101"
# Two networks with the same addresses: nobody's packets are left out.
sed 's/^2 1 eni-a/2 2 eni-c/; s/^2 1 eni-b/2 2 eni-d/' "$dir/two" >"$dir/other"
check 'addresses that two networks use' test "$(totals "$dir/two" "$dir/other")" = \
	"$((2 * 20 * (2 * (100 + 1000) + 7 + 3 + 40))) 280"
cut -d' ' -f4-14 "$dir/two" >"$dir/rows"
{ echo srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
  cat "$dir/rows"; } >"$dir/nameless"
check 'without interfaces nothing can be told' sh -c "\"$ENITOP\" -b --no-config --once -o json '$dir/nameless' |
	grep -qF '\"second_sightings\":null'"
check 'which is said' sh -c "\"$ENITOP\" -b --no-config --once '$dir/nameless' | grep -q '^once: no record says'"
for view in 'talkers -g srcaddr' 'talkers' 'timeline' 'talkers -g interface-id'; do
	# shellcheck disable=SC2086
	run --once -o json -v $view "$dir/two" | sed 's/.*"totals":{"bytes":\([0-9]*\).*/\1/'
done | sort -u >"$dir/sums"
check 'the sum is the same whatever is asked' test "$(wc -l <"$dir/sums")" = 1
check 'no SQL' sh -c "\"$ENITOP\" --no-config --once --print-sql athena 2>&1 | grep -qF -e --once"
done_testing
