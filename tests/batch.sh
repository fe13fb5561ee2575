# Reports against awk over the same lines, and the manners of a command.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
"$GENLOG" -n 200000 -a 5000 -r 500 >"$dir/a.log"

same() { diff "$1" "$2" >&2; }
run() { "$ENITOP" --batch "$@"; }

# column of bytes, packets, action: 10, 9, 13
top_sources() {
	awk '$14 == "OK" { b[$4] += $10; p[$4] += $9; f[$4]++; if ($13 == "REJECT") r[$4]++ }
	     END { for (a in f) printf "%s,%.0f,%.0f,%d,%d\n", a, b[a], p[a], f[a], r[a] }' "$1" |
		sort -t, -k2,2nr | head -"$2"
}
top_sources "$dir/a.log" 10 | sort >"$dir/want"
run -g srcaddr -m bytes -n 10 -o csv "$dir/a.log" | tail -n +2 | sort >"$dir/have"
check 'top sources as awk has them' same "$dir/want" "$dir/have"

top_sources "$dir/a.log" 100000 | sort >"$dir/want"
run -g srcaddr -n 0 -o csv "$dir/a.log" | tail -n +2 | sort >"$dir/have"
check 'every source as awk has it' same "$dir/want" "$dir/have"

awk '$14 == "OK" && $13 == "REJECT" && $7 == 22' "$dir/a.log" >"$dir/want"
run -v flows -o raw -w 'reject and dport=22' "$dir/a.log" >"$dir/have"
check 'raw gives lines back, in order' same "$dir/want" "$dir/have"
check 'something was found' test -s "$dir/have"

awk '$14 == "OK" && $11 != "-"' "$dir/a.log" >"$dir/want"
run -v flows -o raw "$dir/a.log" >"$dir/have"
check 'all of them' same "$dir/want" "$dir/have"

split -n l/5 "$dir/a.log" "$dir/part."
for f in "$dir"/part.*; do gzip -c "$f" >>"$dir/b.gz"; rm "$f"; done
run -g dstaddr,dstport -n 50 -o csv "$dir/a.log" >"$dir/want"
run -g dstaddr,dstport -n 50 -o csv "$dir/b.gz" >"$dir/have"
check 'gzip of five members is the same' same "$dir/want" "$dir/have"
run -g dstaddr,dstport -n 50 -o csv - <"$dir/a.log" >"$dir/have"
check 'standard input, a file' same "$dir/want" "$dir/have"
cat "$dir/a.log" | run -g dstaddr,dstport -n 50 -o csv >"$dir/have"
check 'standard input, a pipe' same "$dir/want" "$dir/have"
run --memory 16M -g dstaddr,dstport -n 50 -o csv "$dir/a.log" >"$dir/have"
check 'a small budget does not change the answer' same "$dir/want" "$dir/have"

run -o json -v talkers -n 3 "$dir/a.log" >"$dir/json"
check 'json has the fields of its schema' sh -c '
	for k in schema view group metric where window complete totals rows input; do
		grep -q "\"$k\":" "$1" || { echo "no $k" >&2; exit 1; }
	done' sh "$dir/json"
for view in talkers rejects ports timeline flows sources; do
	for output in table csv json ndjson; do
		check "$view as $output" sh -c '
			"$ENITOP" -b -v "$1" -o "$2" -n 5 "$3" >"$4" && test -s "$4"' \
			sh $view $output "$dir/a.log" "$dir/out"
	done
done

from=$(awk 'NR == 100000 { print $12 }' "$dir/a.log")
awk -v t="$from" '$14 == "OK" && $12 >= t' "$dir/a.log" | wc -l >"$dir/want"
run -v flows -o raw --since "$from" "$dir/a.log" | wc -l >"$dir/have"
check 'since' same "$dir/want" "$dir/have"
awk '$12 != "-" && $12 > m { m = $12 } END { print m }' "$dir/a.log" >"$dir/max"
awk -v m="$(cat "$dir/max")" '$14 == "OK" && ($12 == "-" || $12 >= m - 60)' "$dir/a.log" | wc -l >"$dir/want"
run -v flows -o raw -t 60 "$dir/a.log" | wc -l >"$dir/have"
check 'the last minute of log time' same "$dir/want" "$dir/have"

status() { want=$1; shift; "$@" >/dev/null 2>"$dir/err"; test $? -eq "$want"; }
check 'exit 0' status 0 "$ENITOP" -b "$dir/a.log"
check 'exit 1: an input is missing' status 1 "$ENITOP" -b "$dir/a.log" "$dir/none"
check 'and says which' grep -q "cannot open '$dir/none': no such file or directory" "$dir/err"
check 'exit 2: no such option' status 2 "$ENITOP" --nosuch
check 'exit 2: a bad filter' status 2 "$ENITOP" -b -w 'dprt=3' "$dir/a.log"
check 'with its place' grep -q '\^\^\^\^' "$dir/err"
check 'a broken pipe ends it quietly' sh -c '
	{ "$ENITOP" -b -v flows -o raw "$1" 2>"$2"; echo $? >"$3"; } | head -1 >/dev/null
	test ! -s "$2" && test "$(cat "$3")" = 0' sh "$dir/a.log" "$dir/err" "$dir/rc"
check 'nothing is written beside the input' sh -c 'test "$(ls "$1" | wc -l)" -le 12' sh "$dir"

# What could move a terminal does not come out of a table.
printf '2 1 eni-\033[2J\007 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n' >"$dir/evil"
run -g interface-id "$dir/evil" >"$dir/out"
check 'a table is sanitised' sh -c '! LC_ALL=C grep -q "[[:cntrl:]]" "$1"' sh "$dir/out"

# A stream: what comes, as it comes, until it is told to stop.
: >"$dir/live.log"
"$ENITOP" -b -f -v flows -o raw -w 'dport=443' "$dir/live.log" >"$dir/stream" 2>"$dir/err" &
pid=$!
head -1000 "$dir/a.log" >>"$dir/live.log"
awk '$14 == "OK" && $7 == 443' "$dir/live.log" >"$dir/want"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
	cmp -s "$dir/want" "$dir/stream" && break
	sleep 0.2
done
check 'a stream shows what was appended' same "$dir/want" "$dir/stream"
kill -TERM $pid
wait $pid
check 'SIGTERM ends it with 0' test $? -eq 0
check 'without a word' test ! -s "$dir/err"
done_testing
