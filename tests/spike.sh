#!/bin/sh
# `--view spike`: series against awk, whatever the order of lines; what is told of the future; what it
# refuses, and that it says what is in no series. With ../shared: incidents with their truth, and a
# plain twin.
. "$srcdir/tests/tap.sh"
shared=$srcdir/../shared
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
spike() { "$ENITOP" --no-config --batch --view spike "$@"; }

# Two interfaces for four hours: what the first serves, at :180 it is forty times as much for five
# minutes; the second asks, and is silent for a while, which it says.
"$AWK" 'BEGIN {
	t0 = 1790002800
	for (m = 0; m < 240; m++) {
		t = t0 + 60 * m
		n = 1000000 + m % 7 * 10000
		if (m >= 180 && m < 185)
			n *= 40
		for (i = 0; i < 4; i++) {
			a = t + (m + i) % 3 * 20 - 20; b = a + 50 + i
			print "2 1 eni-1 10.0.0.9 10.0.0.1", 40000 + m * 4 + i, 443, 6, 100 + i, n, a, b, "ACCEPT OK"
		}
		print "2 1 eni-1 10.0.0." 100 + m % 50, "10.0.0.1", 50000, 22, 6, 1, 40, t, t + 59, "REJECT OK"
		if (m % 40 == 20)
			print "2 1 eni-2 - - - - - - -", t, t + 59, "- NODATA"
		else
			print "2 1 eni-2 10.0.0.2 10.0.0.3", 30000 + m, 5432, 6, 10, 5000, t, t + 59, "ACCEPT OK"
	}
}' >"$dir/log"

# Sums by minute as `kind target metric` has them; a record has had its part by each minute, in whole bytes.
"$AWK" '$14 == "OK" && $3 == "eni-1" {
	d = $12 - $11; had = 0
	for (m = int($11 / 60); m <= int(($12 - 1) / 60); m++) {
		end = $12 < (m + 1) * 60 ? $12 : (m + 1) * 60
		now = int($10 * (end - $11) / d); sum[m] += now - had; had = now
	}
} END { for (m in sum) print m * 60, sum[m] }' "$dir/log" | sort -n >"$dir/sums"
epoch() { # CSV: epoch seconds of the first column, and the one that is asked for
	"$AWK" -F, -v column="$1" 'NR > 1 { gsub(/[-T:Z]/, " ", $1); print $1, $column }' |
	"$AWK" '{ y = $1; m = $2; if (m < 3) { y--; m += 12 }
		day = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + $3 - 719469
		print day * 86400 + $4 * 3600 + $5 * 60 + $6, $7 }'
}
sums() {
	spike -o csv "$dir/log" >"$dir/csv" &&
		head -n 1 "$dir/csv" | grep -q '^time,target,value,expected,low,high,score,fired,' &&
		{ head -n 1 "$dir/csv"; grep ',interface,bytes,1m,eni-1$' "$dir/csv"; } | epoch 3 |
		sort -n >"$dir/said"
	test "$(wc -l <"$dir/said")" -ge 237 &&
		"$AWK" 'NR == FNR { s[$1] = $2; next } s[$1] != $2 { print "# " $0 ", not " s[$1]; bad = 1 }
			END { exit bad }' "$dir/sums" "$dir/said"
}
check 'bytes are spread over the minutes of their records' sums
server() {
	grep ',server,bytes,1m,eni-1$' "$dir/csv" | cut -d, -f1-3 | sort >"$dir/a"
	grep ',interface,bytes,1m,eni-1$' "$dir/csv" | cut -d, -f1-3 | sort >"$dir/b"
	cmp "$dir/a" "$dir/b" && ! grep -q ',server,.*,10\.0\.0\.9,' "$dir/csv" &&
		grep -q '^[^,]*,10\.0\.0\.3,5000,.*,server,bytes,1m,eni-2$' "$dir/csv"
}
check 'those of who serves too, at its own interface' server
found() {
	spike "$dir/log" >"$dir/table"
	head -n 1 "$dir/table" | sed 's/^/# /'
	head -n 1 "$dir/table" | grep -q 'bytes of eni-1 (10\.0\.0\.1): [0-9]*M a minute, expected [34]\.[0-9]M, largest in 2h59m 4\.[0-9]M, was [34][0-9] times beyond' &&
		test "$(grep -c 'times beyond' "$dir/table")" -eq 1
}
check 'what was unusual is said, once' found
silent() { ! grep -q ' fell: ' "$dir/table"; }
check 'what an interface said that it had nothing of is no fall of another' silent
learning() {
	"$AWK" -F, '$11 == "interface" || $12 == "bytes" { want = $10 < 100 ? "zscore" : "record"; bad += $9 != want; n++ }
		END { exit bad || n < 400 }' "$dir/csv"
}
check 'the z-score judges the first hundred' learning
scorers() {
	for scorer in record zscore forest; do
		spike --scorer $scorer -o json "$dir/log" >"$dir/json" || return 1
		python3 - "$dir/json" $scorer <<'X' || return 1
import json, sys
d = json.load(open(sys.argv[1]))
f = [f for f in d['findings'] if f['subject']['interface'] == 'eni-1' and not f['fell']]
sys.exit(not (d['complete'] and len(f) == 1 and f[0]['scorer'] == sys.argv[2] and
              f[0]['since'][11:16] == '17:59' or f[0]['since'][11:16] == '18:00'))
X
	done
}
check 'each scorer finds it' scorers

shuffled() {
	"$AWK" '{ print (NR * 7919) % 10007, $0 }' "$dir/log" | sort -n | cut -d ' ' -f 2- >"$dir/shuffled"
	spike -o json "$dir/log" >"$dir/a" && spike -o json "$dir/shuffled" >"$dir/b" &&
		python3 - "$dir/a" "$dir/b" <<'X'
import json, sys
def plain(f):
    d = json.load(open(f))
    key = lambda r: (r.get('time') or '', r['kind'], r['target'] or '', r['interface'] or '')
    return [sorted(d[k], key=key) for k in ('rows', 'series')] + [d['findings'], d['complete']]
sys.exit(plain(sys.argv[1]) != plain(sys.argv[2]))
X
}
check 'the order of lines is nothing to it' shuffled
to_the_byte() {
	for output in table csv ndjson; do
		spike -o $output "$dir/log" >"$dir/a" && spike -o $output "$dir/shuffled" >"$dir/b" &&
			cmp "$dir/a" "$dir/b" || return 1
	done
}
check 'to the byte' to_the_byte
none() {
	head -n 3 "$dir/log" | spike - >"$dir/a" && grep -qx 'no spike in 0 series: no bin is complete' "$dir/a"
}
check 'a minute is no series' none
halves() {
	mkdir "$dir/folder" && "$AWK" -v dir="$dir/folder" '{ print >(dir "/" (NR > 700) ".log") }' "$dir/log"
	spike -o csv "$dir/log" | sort >"$dir/a" && spike -o csv "$dir/folder" | sort >"$dir/b" && cmp "$dir/a" "$dir/b"
}
check 'nor in how many files they are' halves

watches() {
	"$ENITOP" --no-config --batch --watch 'dport=22' --metric rejects --every 10m \
		--watch 'eni-1' --metric flows --watch 'dport=22' --metric distinct:srcaddr --every 1h \
		--watch 'eni-2' --metric packets --every 1d -o csv "$dir/log" | grep ',filter,' >"$dir/watched"
	# refusals count at their end: ten in ten minutes; 4 flows and one refused, of 50 addresses an hour
	test "$(grep -c ',dport=22,10,.*,filter,rejects,10m,-$' "$dir/watched")" -ge 22 &&
		test "$(grep -c ',eni-1,5,.*,filter,flows,10m,-$' "$dir/watched")" -eq 0 &&
		grep -q ',eni-1,.*,filter,flows,1m,-$' "$dir/watched" &&
		"$AWK" -F, '/,distinct,1h,/ { n++; bad += $3 < 47 || $3 > 53 } END { exit bad || n < 3 }' "$dir/watched"
}
check 'filters are watched, each by its own metric and bins' watches
forecast() {
	head -n 1000 "$dir/log" >"$dir/before"
	"$ENITOP" --no-config --batch --forecast 2h "$dir/before" >"$dir/table" &&
		grep -q '^eni-1 (10\.0\.0\.1): bytes [34]\.[0-9]M a minute on the average (.*), by record from 2h[0-9]*m of history$' "$dir/table" &&
		"$ENITOP" --no-config --batch --forecast 2h -o csv "$dir/before" |
		"$AWK" -F, '$3 == "-" && $14 == "eni-1" && $11 == "interface" { n++; bad += $4 < 3e6 || $4 > 5e6 || $5 > $4 || $6 < $4 }
			END { exit bad || n != 120 }'
}
check 'what comes, and on how much it stands' forecast
early() {
	head -n 300 "$dir/log" | "$ENITOP" --no-config --batch --forecast 1h - >"$dir/table" &&
		grep -q '^eni-1 (10\.0\.0\.1): learning, 4[0-9] of 100$' "$dir/table"
}
check 'too early is said' early
early_rows() {
	head -n 300 "$dir/log" | "$ENITOP" --no-config --batch --forecast 1h -o csv - >"$dir/out" 2>"$dir/err"
	test $? -eq 0 && ! grep -q ',-,-,' "$dir/out" && grep -q 'no forecast of 4 series: learning' "$dir/err"
}
check 'beside rows too' early_rows

refused() { # refused SAYS OPTION...
	say=$1
	shift
	"$ENITOP" --no-config --batch "$@" "$dir/log" >"$dir/out" 2>"$dir/err"
	test $? -eq 2 && grep -q -- "$say" "$dir/err"
}
check 'no filter' refused 'unknown field\|expected\|field' --watch 'dstprt=22'
check 'no width' refused '--every: .5m. is no width' --watch tcp --every 5m
check 'no scorer' refused '--scorer: .mean. is no scorer (record, zscore, forest)' --view spike --scorer mean
check 'no metric of a series' refused 'metric is bytes, packets' --watch tcp --metric bytes/s
check 'no field of records' refused 'metric is bytes, packets' --watch tcp --metric distinct:service
check 'no duration' refused 'is no duration' --forecast soon
check 'no filter of all' refused 'watches all records' --view spike --where tcp
check 'no view beside' refused 'asked alone' --watch tcp --view talkers
check 'no lines' refused 'the output is table' --view spike -o raw

# What is in no series, and what had no room, which spoils the answer.
doubted() { # doubted SAYS LINE...
	say=$1
	shift
	printf '%s\n' "$@" >"$dir/doubt"
	spike -o json "$dir/doubt" >"$dir/out" 2>"$dir/err"
	grep -q "$say" "$dir/err"
}
head='version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
check 'of the future' doubted '1 record is of the future' '2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 4102444800 4102444860 ACCEPT OK'
check 'no interface' doubted '1 record has no interface' '2 1 - 10.0.0.1 10.0.0.2 1 2 6 1 40 1790000000 1790000060 ACCEPT OK'
check 'no time' doubted '1 record has no time' "$head" '2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 - - ACCEPT OK'
little() {
	"$AWK" 'BEGIN { for (i = 0; i < 60000; i++) print "2 1 eni-" i % 6000, "10.1.0.1 10.1.0.2", 1024,
		"443 6 3 180", 1790000000 + i * 60, 1790000060 + i * 60, "ACCEPT OK" }' >"$dir/many"
	spike --memory 8M -o json "$dir/many" >"$dir/out" 2>"$dir/err"
	test $? -eq 1 && grep -q '"complete":false' "$dir/out" && grep -q 'for want of --memory' "$dir/err"
}
check 'what had no room is said' little

# Five days of five interfaces in half a megabyte: what is complete is judged while the rest is read.
room() {
	"$AWK" 'BEGIN { for (m = 0; m < 7200; m++) for (e = 1; e <= 5; e++) {
		t = 1790002800 + 60 * m
		print "2 1 eni-" e, "10.0.1." e, "10.0.0." e, 40000 + m % 20000, 443, 6, 100,
			e * 1000000 * (2 + m % 1440 / 1440) * (m == 5000 ? 30 : 1) + m % 97, t - 20, t + 30, "ACCEPT OK" } }' >"$dir/days"
	spike -o csv "$dir/days" >"$dir/a" && spike -o csv --memory 16M "$dir/days" 2>&1 >"$dir/b" | cat >"$dir/err"
	test ! -s "$dir/err" && sort "$dir/a" >"$dir/a.sorted" && sort "$dir/b" >"$dir/b.sorted" &&
		cmp "$dir/a.sorted" "$dir/b.sorted" && ! cmp -s "$dir/a" "$dir/b" && test "$(wc -l <"$dir/a")" -gt 71900
}
check 'and what has little is the same' room

if ! test -d "$shared/scenarios"; then
	echo "# no scenarios at $shared/scenarios"
else
	for level in v2 v5; do
		check "incidents, and a plain twin, by the columns of $level" \
			python3 "$srcdir/tests/spike_twin.py" "$ENITOP" "$shared" "$level"
	done
fi
done_testing
