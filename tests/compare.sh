# Before and after a mark: reports against awk over the same lines, and the screen.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"

same() { diff "$1" "$2" >&2; }
run() { "$ENITOP" --batch "$@"; }

"$GENLOG" -n 100000 -a 3000 -r 300 >"$dir/a.log"
mark=1700000250

# want FIELDS COLUMN MARK LINES: key,before,after,rates,word; all rows by the size of the change
want() {
	awk -v mark="$3" -v fields="$1" -v column="$2" '
	function key(  i, n, f, k) {
		n = split(fields, f, " ")
		for (i = 1; i <= n; i++) k = k $(f[i]) ","
		return k
	}
	{ t = $12 != "-" ? $12 : $11 }
	t != "-" { if (min == "" || t < min) min = t; if (t > max) max = t }
	$14 == "OK" { k = key(); v = column == 0 ? 1 : $column; n[k]++
		if (t != "-" && t < mark) { b[k] += v; nb[k]++ } else { a[k] += v; na[k]++ } }
	END { left = mark - min; right = max + 1 - mark
		for (k in n) {
			x = b[k] / left; y = a[k] / right
			word = !nb[k] || (!b[k] && a[k]) ? "new" : !na[k] || (b[k] && !a[k]) ? "gone" : \
				!b[k] ? "same" : y >= 2 * x ? "grown" : 2 * y <= x ? "shrunk" : "same"
			d = y - x; if (d < 0) d = -d
			printf "%.9f %s%.0f,%.0f,%.3f,%.3f,%s\n", d, k, b[k], a[k], x, y, word
		} }' "$4" | LC_ALL=C sort -k1,1gr -k2,2 | cut -d' ' -f2-
}
# The same columns of a report, in its order; keys before bytes,packets,flows,rejects,lost.
have() { # KEYS FILE
	tail -n +2 "$2" | awk -F, -v n="$1" '{ for (i = 1; i <= n; i++) printf "%s,", $i
		print $(n + 6) "," $(n + 7) "," $(n + 8) "," $(n + 9) "," $(n + 10) }'
}

# A window that data begin before has its first side from the beginning of the window on, also
# where those data are in a file of their own.
head -20000 "$dir/a.log" >"$dir/early.log"
tail -n +70001 "$dir/a.log" >"$dir/late.log"
cat "$dir/early.log" "$dir/late.log" >"$dir/both.log"
run -t 200s --mark $mark -g srcaddr -n 0 -v talkers,timeline -o csv "$dir/both.log" >"$dir/want"
run -t 200s --mark $mark -g srcaddr -n 0 -v talkers,timeline -o csv "$dir/early.log" "$dir/late.log" >"$dir/have"
check 'a window is as long in two files as in one' same "$dir/want" "$dir/have"

want 4 10 $mark "$dir/a.log" | sort >"$dir/want"
run -g srcaddr -n 0 -o csv --mark $mark=deploy "$dir/a.log" >"$dir/csv"
have 1 "$dir/csv" | sort >"$dir/have"
check 'every source before and after, as awk has it' same "$dir/want" "$dir/have"
for word in new gone grown shrunk same; do
	check "some are $word" grep -q ",$word\$" "$dir/want"
done
want 4 10 $mark "$dir/a.log" | head -40 | sort >"$dir/want"
run -g srcaddr -n 40 -o csv --mark $mark "$dir/a.log" >"$dir/csv"
have 1 "$dir/csv" | sort >"$dir/have"
check 'the forty that changed most' same "$dir/want" "$dir/have"
want '4 7' 0 $mark "$dir/a.log" | sort >"$dir/want"
run -g srcaddr,dstport -m flows -n 0 -o csv --mark $mark "$dir/a.log" >"$dir/csv"
have 2 "$dir/csv" | sort >"$dir/have"
check 'flows by source and port' same "$dir/want" "$dir/have"
for word in new gone; do
	grep ",$word\$" "$dir/want" >"$dir/some"
	run -g srcaddr,dstport -m flows -n 0 -o csv --mark $mark --changes $word "$dir/a.log" >"$dir/csv"
	have 2 "$dir/csv" | sort >"$dir/have"
	check "only what is $word" same "$dir/some" "$dir/have"
done

# In a window the seconds are the window's.
max=$(awk '{ t = $12 != "-" ? $12 : $11 } t != "-" && t > m { m = t } END { print m }' "$dir/a.log")
awk -v from=$((max - 119)) '{ t = $12 != "-" ? $12 : $11 } t != "-" && t >= from' "$dir/a.log" >"$dir/window"
want 4 10 $((max - 50)) "$dir/window" | sort >"$dir/want"
run -t 120 -g srcaddr -n 0 -o csv --mark $((max - 50)) "$dir/a.log" >"$dir/csv"
have 1 "$dir/csv" | sort >"$dir/have"
check 'within a window' same "$dir/want" "$dir/have"

run -g srcaddr -n 5 -o csv --mark $mark "$dir/a.log" | tail -n +2 | cut -d, -f1,7,8,11 >"$dir/want"
run -g srcaddr -n 5 -o ndjson --mark $mark "$dir/a.log" |
	sed 's/.*"srcaddr":"\([^"]*\)".*"before":\([0-9]*\),"after":\([0-9]*\),.*"change":"\([a-z]*\)".*/\1,\2,\3,\4/' >"$dir/have"
check 'ndjson says the same as csv' same "$dir/want" "$dir/have"
run -o json --mark "$mark=a 'label' \"x\"" "$dir/a.log" >"$dir/json"
check 'json has the mark' grep -q '"mark":{"time":"2023-11-14T22:17:30Z","label":"a '"'label'"' \\"x\\"","before_seconds":[0-9]*,"after_seconds":[0-9]*}' "$dir/json"
run --mark "$mark=$(printf 'a\033[2J')" "$dir/a.log" >"$dir/out"
check 'a label is sanitised' sh -c '! LC_ALL=C grep -q "[[:cntrl:]]" "$1"' sh "$dir/out"
check 'a table has the mark' grep -q "^compared at 2023-11-14T22:17:30Z 'a.\[2J': before" "$dir/out"
run --mark 1600000000 "$dir/a.log" >"$dir/out"
check 'a mark without two sides is said' grep -q '^! no data on both sides of 2020-09-13T12:26:40Z' "$dir/out"
run -v sources,timeline -o json --mark $mark "$dir/a.log" >"$dir/out"
check 'other views do not mind' test "$(wc -l <"$dir/out")" -eq 2
status() { want=$1; shift; "$@" >/dev/null 2>"$dir/err"; test $? -eq "$want"; }
check 'exit 2: no time' status 2 "$ENITOP" -b --mark soon=x "$dir/a.log"
check 'exit 2: no such change' status 2 "$ENITOP" -b --mark $mark --changes odd "$dir/a.log"
check 'exit 2: changes without a mark' status 2 "$ENITOP" -b --changes new "$dir/a.log"

# ---- the screen ----

tm new-session -d -s t -x 120 -y 40 "$ENITOP --demo"
check 'the demo' sees '1 Talkers (4'
check 'read to its end' sees 'LIVE  now .* lag [0-3]s'
keys b
check 'b marks' sees 'marked .*Z: b moves the mark'
check 'and what comes is not compared before an interval of it is complete' sees 'mark ..:..:..Z: too early, less than 1m after it'
keys B d
# The mark follows the log in eighths of a window.
check 'd without a mark compares the last two windows' sees 'compared at ..:..:..Z: before 1[345]m[0-9s]*, after 1[567]m'
check 'and says so' sees 'the last complete window and the one before it'
check 'with words' sees '1 Talkers (.*change of bytes/s'
keys D
check 'D: only what is new' sees '1 Talkers (.*) new, change of'
keys D
check 'D: only what is gone' sees '1 Talkers (.*) gone, change of'
keys 1 Enter
check 'Enter drills into a row' sees '5 Flows newest'
keys BSpace
check 'Backspace comes back' sees '1 Talkers (.*) gone, change of'
keys d
check 'd: by size again' sees '1 Talkers (.*) client,server,serv'
check 'and the window is as it was' sees ' window 15m'
keys D
check 'without a mark there is no change' sees 'no mark to compare around: b marks'
keys w d
check 'another window is compared with what there is before it' sees 'compared at ..:..:..Z: before [23][0-9]m'
keys B
check 'B removes it' sees ' window 1h'
keys 3 x z
check 'x: ports by hosts' sees '3 Ports (.*) port x host, bytes'
keys x
check 'x again: hosts by time' sees '3 Ports (.*) host x time, bytes'
check 'the legend has the steps and what ! is' sees '. refused  bytes, log scale (Y)'
keys Y
check 'Y: linear' sees 'bytes, linear scale (Y)'
keys Left Left Left Left Down
check 'a cell says what it holds' sees '^.[0-9.]*[.][0-9]* x ..:..:..-..:..:..Z: .* flows, .*, .* refused'
keys b
check 'b marks the start of the cell' sees 'compared at ..:..:..Z: before 5.m[0-9]*s*, after'
keys B
check 'the cell stays' sees ' x ..:..:..-..:..:..Z: .* flows, .*, .* refused'
keys Enter
check 'Enter narrows to the cell' sees 'filter> server=[0-9.]* and end>=20'
check 'to its records' sees '5 Flows newest'
keys BSpace
check 'and Backspace widens' sees '3 Ports (.*) host x time, bytes'
tm kill-session -t t
tm new-session -d -s t -x 80 -y 24 "$ENITOP -t all --no-follow --mark 1700000150=deploy '$dir/a.log'"
check '--mark on screen' sees "compared at 22:15:50Z 'deploy': before 2m[0-9]*s, after 2m26s"
keys d
check 'd: by size, the mark stays' sees "mark 22:15:50Z 'deploy': before 2m"
keys q
done_testing
