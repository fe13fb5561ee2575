# Windows: as long as they are said to be, on screen and in reports, and what stands in them: whole
# records that end in them, charts of all that ran in them, records without a time in none.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"

run() { "$ENITOP" --batch --no-config "$@"; }
same() { diff "$1" "$2" >&2; }
flows_of() { sed -n 's/.*"totals":{[^}]*"flows":\([0-9]*\).*/\1/p'; }
lines() { run -v flows -o raw "$@" | wc -l; }

# Intervals of a minute, all on the minute, as AWS writes them: 1, 2, 3 ... records end in each.
awk 'BEGIN { for (m = 1; m <= 40; m++) for (i = 0; i < m; i++) { t = 1700000040 + m * 60
	print "2 123456789012 eni-1 10.0.0." i, "10.0.1.1 40000 443 6 1 100", t - 60, t, "ACCEPT OK" } }' >"$dir/minutes.log"
for m in $(seq 1 40); do
	echo "$m $(lines -t 60s --now $((1700000040 + m * 60)) "$dir/minutes.log")"
done >"$dir/have"
seq 1 40 | awk '{ print $1, $1 }' >"$dir/want"
check 'windows of a minute, one behind the other, have each record once' same "$dir/want" "$dir/have"

# At random: what ends where it is told to equals its two ends, in every view.
"$GENLOG" -n 20000 -r 10 -q -t 1700053200 >"$dir/a.log"
ended() { awk -v a="$1" -v b="$2" '$14 == "OK" && $12 != "-" && $12 >= a && $12 < b' "$dir/a.log" | wc -l; }
first=$(awk '$12 != "-" && (!m || $12 < m) { m = $12 } END { print m }' "$dir/a.log")
last=$(awk '$12 != "-" && $12 > m { m = $12 } END { print m }' "$dir/a.log")
awk -v a="$first" -v b="$last" 'BEGIN { srand(13)
	for (i = 0; i < 12; i++) print int(a - 100 + rand() * (b - a + 200)), 1 + int(rand() * 1500) }' >"$dir/random"
: >"$dir/differs"
while read -r t n; do
	run -v talkers,rejects,ports,timeline -n 0 -o json -t "$n" --until "$t" "$dir/a.log" >"$dir/x"
	run -v talkers,rejects,ports,timeline -n 0 -o json --since $((t - n)) --until "$t" "$dir/a.log" >"$dir/y"
	cmp -s "$dir/x" "$dir/y" || echo "-t $n --until $t differs" >>"$dir/differs"
	test "$(flows_of <"$dir/x" | head -1)" -eq "$(ended $((t - n)) "$t")" || echo "-t $n --until $t: flows" >>"$dir/differs"
done <"$dir/random"
check '--until T -t N is N seconds up to T' same /dev/null "$dir/differs"
check 'N seconds up to now' test "$(lines -t 600 "$dir/a.log")" -eq "$(ended $((last + 1 - 600)) $((last + 1)))"

# Charts have what ran in the window of records that end behind it, and nothing that ran behind it.
while read -r from to width; do
	run -v timeline -n 40 -o csv --since "$from" --until "$to" "$dir/a.log" | tail -n +2 | cut -d, -f1-4 >"$dir/have.csv"
	cut -d, -f1 "$dir/have.csv" | date -u -f - +%s | paste -d, - "$dir/have.csv" | cut -d, -f1,3- |
		awk -F, '$2 + $3 + $4' >"$dir/have"
	awk -v w="$width" -v from="$from" -v to="$to" '$14 == "OK" && $12 != "-" && $12 >= from && $11 < to {
		s = $11; e = $12; d = e - s; last = e - e % w
		if (e < to) f[last]++
		if (d <= 0) { if (e < to) { b[last] += $10; p[last] += $9 }; next }
		for (bin = s - s % w; bin < e && bin < to; bin += w) {
			x = (bin > s ? bin : s); x = (x > from ? x : from) - s
			y = (bin + w < e ? bin + w : e); y = (y < to ? y : to) - s
			if (y <= x) continue
			b[bin] += int($10 * y / d) - int($10 * x / d)
			p[bin] += int($9 * y / d) - int($9 * x / d)
			f[bin] += 0
		}
	} END { for (bin in f) if (b[bin] + p[bin] + f[bin]) printf "%d,%.0f,%.0f,%d\n", bin, b[bin], p[bin], f[bin] }' "$dir/a.log" |
		sort -n >"$dir/want"
	check "bars of $from-$to, by the definition" same "$dir/want" "$dir/have"
	# A group with time, in bins of as many seconds, has the same in it.
	run -g time -m flows -n 0 -o csv --since "$from" --until "$to" "$dir/a.log" | tail -n +2 | cut -d, -f1-4 >"$dir/by.csv"
	cut -d, -f1 "$dir/by.csv" | date -u -f - +%s | paste -d, - "$dir/by.csv" |
		awk -F, -v w="$width" '{ t = $1 - $1 % w; b[t] += $3; p[t] += $4; f[t] += $5 }
			END { for (t in f) if (b[t] + p[t] + f[t]) printf "%d,%.0f,%.0f,%d\n", t, b[t], p[t], f[t] }' | sort -n >"$dir/have"
	check "and groups by time" same "$dir/want" "$dir/have"
done <<EOF
$((last - 1500)) $((last - 700)) 32
$((last - 1501)) $((last - 699)) 32
$((last - 1217)) $((last - 1216)) 1
$((last - 1313)) $((last - 1250)) 2
EOF
run -v timeline -o csv --since $((last - 1501)) --until $((last - 699)) "$dir/a.log" | tail -n +2 | cut -d, -f1-4 >"$dir/have"
check 'their flows are the total' sh -c 'test "$(awk -F, "{ n += \$4 } END { print n }" "$1")" -eq "$2"' sh \
	"$dir/have" "$(run -o json --since $((last - 1501)) --until $((last - 699)) "$dir/a.log" | flows_of)"

# Constant traffic: 100 bytes a second in records of ten minutes.
awk 'BEGIN { for (t = 1699999200; t < 1700006400; t += 60)
	print "2 123456789012 eni-1 10.0.0.1 10.0.1.1 40000 443 6 60 6000", t - 600, t, "ACCEPT OK" }' >"$dir/even.log"
run -v timeline -o csv --since 1700002816 --until 1700004352 "$dir/even.log" | awk -F, 'NR > 1 { print $2 }' | sort -u >"$dir/have"
check 'constant traffic has constant bars' test "$(wc -l <"$dir/have")" -eq 1
run -v ports --heat port,time -o json --since 1700002816 --until 1700004352 "$dir/even.log" |
	sed 's/.*"bins":\[\([0-9,]*\)\].*/\1/' | tr , '\n' | sort -u >"$dir/have"
check 'and cells of a heatmap' test "$(wc -l <"$dir/have")" -eq 1
run -g srcaddr --trend -o json --since 1700002816 --until 1700004352 "$dir/even.log" |
	sed 's/.*"bins":\[\([0-9,]*\)\].*/\1/' | tr , '\n' | sort -u >"$dir/have"
check 'and trends' test "$(wc -l <"$dir/have")" -eq 1

# A bar at either edge has what lies in the window of it: here 1200 bytes a second for 574 s.
awk 'BEGIN { for (t = 1795514400; t < 1795517000; t += 60)
	print "2 123456789012 eni-1 10.0.0.1 10.0.1.1 40000 443 6 60 72000", t - 60, t, "ACCEPT OK" }' >"$dir/minute.log"
edges() { run --since 1795515013 --until 1795515587 "$@" "$dir/minute.log"; }
{ echo 70800; for _ in 1 2 3 4 5 6 7 8; do echo 76800; done; echo 3600; } >"$dir/want"
edges -v timeline -n 10 -o csv | awk -F, 'NR > 1 { print $2 }' >"$dir/have"
check 'bars at the edges of a window' same "$dir/want" "$dir/have"
for what in '-v ports --heat port,time' '-g srcaddr --trend' '-g time' '-g srcaddr,time'; do
	# shellcheck disable=SC2086
	edges $what -n 0 -o json | grep -o '"bins":\[[0-9,]*\]\|"time":"[^"]*","bytes":[0-9]*' | tr -c '0-9\n' ' ' |
		awk '{ if (NF > 7) for (i = 1; i <= NF; i++) n += $i; else n += $NF } END { print n }' >"$dir/have"
	check "$what: what was sent in the window" test "$(cat "$dir/have")" -eq 688800
done

# Records without a time: in what has no limits they count, and are said; else they are left out.
awk 'NR <= 7 { $11 = $12 = "-" } { print }' "$dir/minutes.log" >"$dir/undated.log"
run -o json "$dir/undated.log" >"$dir/out"; status=$?
check 'all of the log has them' test "$(flows_of <"$dir/out")" -eq 820 -a $status -eq 0
check 'counted as undated' grep -q '"undated":7[,}]' "$dir/out"
run -v timeline "$dir/undated.log" >"$dir/out"
check 'said above a table' grep -qx '! 7 flows have no time: they are in no bar of a chart' "$dir/out"
for window in '--since 1700000000' '--until 1800000000' '-t 7d'; do
	# shellcheck disable=SC2086
	run -o json $window "$dir/undated.log" >"$dir/out"; status=$?
	check "$window leaves them out" test "$(flows_of <"$dir/out")" -eq 813 -a $status -eq 1
	check 'and is not complete for it' grep -q '"complete":false' "$dir/out"
	# shellcheck disable=SC2086
	check 'the records too' test "$(lines $window "$dir/undated.log")" -eq 813
done
run --since 1700000000 "$dir/undated.log" >"$dir/out"
check 'which is said' grep -qx '! 7 flows have no time: they are left out of the window' "$dir/out"
# In every view and format, by whatever option; words that are in no record, too.
for v in talkers rejects ports timeline flows; do
	for o in table csv json ndjson raw ocsf; do
		case $v-$o in flows-* | *-table | *json | *-csv) ;; *) continue ;; esac
		for span in '--since 1700000000' '--until 1800000000' '--window 15m'; do
			# shellcheck disable=SC2086 # an option and its value
			"$ENITOP" -b -v $v -o $o $span -w 'nosuchword or tcp' "$dir/undated.log" >"$dir/out" 2>"$dir/err" && have=0 || have=$?
			case $o in
			json) where='grep -q "complete.:false.*undated.:7,"' ;;
			table) where='grep -qx "! 7 flows have no time: they are left out of the window"' ;;
			*) where='grep -qx "enitop: 7 flows have no time: they are left out of the window"' ;;
			esac
			{ test $have -eq 1 && cat "$dir/out" "$dir/err" | eval "$where" &&
				grep -q "'nosuchword': taken as text, found in no record" "$dir/err"; } || echo "$v $o $span: $have"
		done
	done
done >"$dir/have"
check "every view and format says so: $(tr '\n' ';' <"$dir/have")" test ! -s "$dir/have"

# A part of a second is not cut off.
t=1700001240
at() { awk -v op="$1" -v t="$t" 'op == "<" ? $12 <= t : $12 > t' "$dir/minutes.log" | wc -l; }
for op in '>' '>='; do
	check "end$op of a part of a second" test "$(lines -w "end${op}$t.5" "$dir/minutes.log")" -eq "$(at '>')"
done
for op in '<' '<='; do
	check "end$op of a part of a second" test "$(lines -w "end${op}$t.5" "$dir/minutes.log")" -eq "$(at '<')"
done
check 'no record ends between two seconds' test "$(lines -w "end=$t.5" "$dir/minutes.log")" -eq 0
check 'milliseconds are parts of a second' test "$(lines -w "end>=${t}500" "$dir/minutes.log")" -eq "$(at '>')"
check 'so in --since' test "$(lines --since "$t.5" "$dir/minutes.log")" -eq "$(at '>')"
check 'and in --until' test "$(lines --until "$t.5" "$dir/minutes.log")" -eq "$(at '<')"

# One record of another year does not make months of every bar; it is said, as the future is.
{ cat "$dir/minutes.log"; echo '2 123456789012 eni-1 10.0.0.1 10.0.1.1 40000 443 6 1 100 1 1 ACCEPT OK'
	echo '2 123456789012 eni-1 10.0.0.1 10.0.1.1 40000 443 6 1 100 4102444790 4102444800 ACCEPT OK'; } >"$dir/stray.log"
run -v timeline -o csv "$dir/minutes.log" | cut -d, -f1-7 >"$dir/want"
run -v timeline -o csv "$dir/stray.log" 2>"$dir/err" | cut -d, -f1-7 >"$dir/have"
check 'bars are of where records lie' same "$dir/want" "$dir/have"
check 'what lies elsewhere is said' grep -qx 'enitop: 1 flow is months away from the others: it is in no bar' "$dir/err"
check 'and the future' grep -qx 'enitop: 1 flow is dated in the future' "$dir/err"
check 'a report has all of them' test "$(run -o json "$dir/stray.log" | flows_of)" -eq 822
check 'the heatmap too' sh -c 'test "$("$ENITOP" -b -v ports --heat port,time -o csv "$1" 2>"$2" | wc -l)" -gt 30 && grep -q "months away" "$2"' sh \
	"$dir/stray.log" "$dir/err"

# Nor of rates and the sides of a mark, in reports and on screen; and the future is in both.
mark=$((1700000040 + 600))
for log in minutes stray; do
	run -m bytes/s --mark $mark -o json "$dir/$log.log" | grep -o '"seconds":[0-9]*\|"mark":{[^}]*}' | sort -u
done >"$dir/sides"
awk -v m=$mark '!f || $12 < f { f = $12 } $12 > l { l = $12 } END {
	printf "\"mark\":{\"time\":\"2023-11-14T22:24:00Z\",\"label\":null,\"before_seconds\":%d,\"after_seconds\":%d}\n\"seconds\":%d\n",
		m - f, l + 1 - m, l + 1 - f }' "$dir/minutes.log" >"$dir/want"
cat "$dir/want" >>"$dir/want.2" && cat "$dir/want" >>"$dir/want.2"
check 'rates and sides are over the time of the others' same "$dir/want.2" "$dir/sides"
run -m bytes/s -o csv "$dir/stray.log" >"$dir/have" 2>"$dir/err"
check 'which is said' grep -qx 'enitop: 1 flow is months away from the others: rates are over the time of those' "$dir/err"
run -g srcaddr -o csv "$dir/stray.log" >"$dir/have" 2>"$dir/err"
check 'of what is no rate it is not' sh -c '! grep "months away" "$1"' sh "$dir/err"
run --since 0 -m bytes/s -o json "$dir/stray.log" | grep -o '"seconds":[0-9]*' >"$dir/have"
check 'from a limit on it is from there' test "$(cat "$dir/have")" = "\"seconds\":$((1700000040 + 2400 + 1))"
start 200 30 '$ENITOP --no-config -t all --mark '"$mark"' --by-size -m bytes/s stray.log'
check 'the screen has all flows of a report' sees ' 822 of 822 flows match'
check 'and says which are from the future' sees '1 in the future'
check 'and the sides of the mark' sees 'before 9m.*, after 30m'
keys 5
check 'the flow from the future is a record too' sees '2100-01-01  *ACCEPT'
keys t
keys 1h Enter
check 'in a window it is not' sees ' 820 of 822 flows match'
keys d
check 'what is compared ends where all has come' sees ' 5 Flows newest first: 1 of 741 '
check 'and is said' sees 'compared at .*, after 29m .* 820 of 822 flows match'
keys q
sees '^rc=0'

# An axis of years has them.
awk 'BEGIN { for (d = 0; d < 800; d += 10) { t = 1700000000 + d * 86400
	print "2 123456789012 eni-1 10.0.0.1 10.0.1.1 40000 443 6 1 100", t - 60, t, "ACCEPT OK" } }' >"$dir/years.log"
start 80 40 '$ENITOP --no-config -t all years.log'
check 'an axis of years has the year' sees ' 2023-1[01]-[0-9]*Z  *01-[0-9]* [0-9:]*Z'
keys q
sees '^rc=0'

# -n is how many bars at most; what can't be asked is refused.
check '-n of a timeline' sh -c 'n=$("$ENITOP" -b -v timeline -n 10 -o ndjson "$1" | wc -l); test "$n" -gt 4 -a "$n" -le 10' sh "$dir/minutes.log"
check 'a group twice is refused' sh -c '! "$ENITOP" -b -g time,time "$1" 2>"$2" && grep -q "is there already" "$2"' sh "$dir/minutes.log" "$dir/err"
check 'a group of what has none' sh -c '! "$ENITOP" -b -v timeline -g srcaddr "$1" 2>"$2" && grep -q "no groups of its own" "$2"' sh "$dir/minutes.log" "$dir/err"

# Bits a second: eight times the bytes.
run -g srcaddr -m bytes/s -o csv -n 0 "$dir/a.log" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ printf "%s %.3f\n", $1, 8 * $c["bytes/s"] }' >"$dir/want"
run -g srcaddr -m bits/s -o csv -n 0 "$dir/a.log" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ printf "%s %.3f\n", $1, $c["bits/s"] }' >"$dir/have"
check 'bits/s are eight times bytes/s, in the same order' awk 'NR == FNR { k[NR] = $1; v[NR] = $2; n = NR; next }
	{ d = $2 - v[FNR]; bad += $1 != k[FNR] || d > 0.01 || d < -0.01 } END { exit bad || !n || n != FNR }' "$dir/want" "$dir/have"
check 'json says so' sh -c '"$ENITOP" -b -m bits/s -o json "$1" | grep -q "\"metric\":\"bits/s\".*\"bits/s\":"' sh "$dir/a.log"

# A relative time says what it was taken for.
check 'where says the moment' sh -c '"$ENITOP" -b -o json --now 1700001240 -w "end>-5m" "$1" |
	grep -q "\"where\":\"end>2023-11-14T22:29:00Z\""' sh "$dir/minutes.log"

# What has no time is on neither side of a mark, and a window has to begin before it ends.
"$ENITOP" -b -g srcaddr -n 0 --mark 2023-11-14T22:29:00Z -o json "$dir/undated.log" >"$dir/out"
check 'a mark leaves out what has no time: not complete' test $? -eq 1
check 'and the rest is what has' grep -q '"flows":813,' "$dir/out"
check 'which is said' grep -q '"complete":false' "$dir/out"
"$ENITOP" -b --since 2023-11-14T22:29:00Z --until 2023-11-14T22:28:00Z "$dir/undated.log" >"$dir/out" 2>"$dir/err"
check 'a window that ends before it begins' test $? -eq 2
check 'by name' grep -q 'the window ends before it begins' "$dir/err"

# The screen has the same windows.
short() { awk -v n="$1" 'BEGIN { printf(n < 1000 ? "%d" : n < 9950 ? "%.1fk" : "%.0fk", n < 1000 ? n : n / 1000) }'; }
start 120 30 "\$ENITOP -t 1m --until $((last - 300)) a.log"
check 'up to --until' sees " $(short "$(ended $((last - 360)) $((last - 300)))") of 20k flows match"
keys w
check 'w keeps its end' sees "window 5m .* $(short "$(ended $((last - 600)) $((last - 300)))") of 20k flows match"
keys q
sees '^rc=0'
start 120 30 '$ENITOP undated.log'
check 'undated records are said' sees 'trust: .*7 undated'
check 'and in no window' sees " $(awk '$12 > 1700002440 - 900 && NR > 7' "$dir/minutes.log" | wc -l) of 820 flows match"
keys t all Enter
check 'but where there is none' sees ' 820 of 820 flows match'
keys w
keys W
check 'and out again' sees ' 8[0-9]* of 820 flows match'
keys q
sees '^rc=0'
cp "$dir/minutes.log" "$dir/grows.log"
start 120 30 '$ENITOP -t all grows.log'
sees ' 820 of 820 flows match'
keys / 'end>-5m' Enter
check 'a time ago is from log time on' sees "reads: end>$(date -u -d @$((1700002440 - 300)) +%FT%TZ)"
sed -n '1s/1700000040 1700000100/1700003000 1700003060/p' "$dir/minutes.log" >>"$dir/grows.log"
check 'when that goes on it says which' sees "reads: end>.*Z (as of $(date -u -d @1700002440 +%TZ))"
keys q
sees '^rc=0'

# A group by time is drawn as times are, and a rate that is not 0 never as 0.
{ cat "$dir/minute.log"; echo '2 1 eni-1 10.0.0.9 10.0.1.1 40000 22 6 1 100 1795516000 1795516060 REJECT OK'; } >"$dir/rare.log"
start 120 30 '$ENITOP -t all -g time rare.log'
check 'a key of time is one' sees '^│10:26:08Z  *75K '
keys q
sees '^rc=0'
start 120 30 '$ENITOP -t all -g srcaddr -m rejects/s rare.log'
check 'a small rate' sees '10.0.0.9 .*<.001'
keys q
sees '^rc=0'
done_testing
