# Time travel, windows and the timeline's zoom in a real terminal.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"

# An hour of records, 13:00:00Z to 14:00:00Z: so many in a window as awk counts.
"$GENLOG" -n 36000 -r 10 -q -t 1700053200 >"$dir/a.log"
ended() { awk -v a="$1" -v b="$2" '$14 == "OK" && $12 != "-" && $12 >= a && $12 < b' "$dir/a.log" | wc -l; }
now=$(awk '$12 != "-" && $12 > m { m = $12 } END { print m }' "$dir/a.log")
short() { # as the screen has it: 999, 1.2k, 18k
	awk -v n="$1" 'BEGIN { printf(n < 1000 ? "%d" : n < 9950 ? "%.1fk" : "%.0fk", n < 1000 ? n : n / 1000) }'
}
clock() { date -u -d "@$1" +%H:%M:%S; }

# Bars hold what records sent in them: by the definition, in awk.
"$ENITOP" -b -v timeline -n 0 -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1-4 >"$dir/have.csv"
width=$(head -2 "$dir/have.csv" | cut -d, -f1 | tr -d Z | while read -r t; do date -u -d "$t" +%s; done |
	awk 'NR > 1 { print $1 - last } { last = $1 }')
cut -d, -f1 "$dir/have.csv" | while read -r t; do date -u -d "$t" +%s; done >"$dir/times"
paste -d, "$dir/times" "$dir/have.csv" | cut -d, -f1,3- >"$dir/have"
awk -v w="$width" '$14 == "OK" && $12 != "-" {
	s = $11; e = $12; d = e - s; last = e - e % w; f[last]++
	if (d <= 0) { b[last] += $10; p[last] += $9; next }
	for (bin = s - s % w; bin < e; bin += w) {
		from = bin > s ? bin - s : 0; to = bin + w < e ? bin + w - s : d
		b[bin] += int($10 * to / d) - int($10 * from / d)
		p[bin] += int($9 * to / d) - int($9 * from / d)
		f[bin] += 0
	}
} END { for (bin in f) printf "%d,%.0f,%.0f,%d\n", bin, b[bin], p[bin], f[bin] }' "$dir/a.log" |
	sort -n >"$dir/want"
same() { diff "$1" "$2" >&2; }
check 'bars are spread over the interval of their records' same "$dir/want" "$dir/have"
check 'there are many' test "$(wc -l <"$dir/want")" -gt 100

start 140 30 '$ENITOP a.log'
check 'the last 15 minutes' sees "window 15m  .* of 36k flows match"
keys '['
check '[ goes half a window back' sees \
	" HISTORY $(clock $((now + 1 - 450 - 900)))-$(clock $((now + 1 - 450)))Z, 7m before now; ] forward, End live "
check 'with the records of that time' sees " $(short "$(ended $((now + 1 - 450 - 900)) $((now + 1 - 450)))") of 36k flows match"
check 'the first line says so' sees 'enitop  HISTORY'
keys ']'
check '] comes back to now' sees 'window 15m'
keys '[' '['
sees "$(clock $((now + 1 - 900)))Z"
keys End
check 'End too' sees 'window 15m'
keys t
check 'a window is asked for' sees 'window> .*15m, all, 10:00-10:30'
keys '13:10-13:40' Enter
check 'and looked at' sees 'HISTORY .*13:10:00-13:40:00Z'
check 'it is as awk has it' sees " $(short "$(ended 1700053800 1700055600)") of 36k flows match"
keys t
keys '13:40-13' Enter
check 'a mistake is said' sees 'window> 13:40-13  *15m, all'
keys Escape
check 'and nothing changed' sees 'HISTORY .*13:10:00-13:40:00Z'
keys 4
check 'the timeline has a cursor' sees '13:4[0-9:]*Z accept [0-9,]* reject [0-9,]*'
keys Left Left Left v Left Left Enter
check 'Enter makes a range the window' sees 'HISTORY .*13:3[0-9]:[0-9]*-13:3[0-9]:[0-9]*Z'
keys BSpace
check 'Backspace undoes it' sees 'HISTORY .*13:10:00-13:40:00Z'
keys BSpace
check 'and the window before' sees 'window 15m'
keys BSpace q
check 'q leaves' sees '^rc=0'

start 80 24 'TZ=CET-1CEST $ENITOP --local -t all a.log'
check 'the zone is shown' sees 'now .*15:0[0-9]:[0-9]* CET\|now .*14:5[0-9]:[0-9]* CET'
keys '['
check 'in the banner too' sees 'HISTORY .* CET'
keys q
check 'and it ends' sees '^rc=0'

# Windows step from what was typed, and to what is of use.
start 120 30 '$ENITOP a.log'
sees "now .*$(clock "$now")Z .*36k flows"
keys t
keys '13:40-13:41' Enter
sees 'HISTORY 13:40:00-13:41:00Z'
keys W
keys w
check 'w: the next longer window, exactly' sees 'HISTORY 13:36:00-13:41:00Z'
keys W
check 'W: the shorter one' sees 'HISTORY 13:40:00-13:41:00Z'
keys b End
sees 'mark 13:41:00Z is before this window'
keys t
keys '13:10-13:20' Enter
check 'a mark may be behind the window' sees 'mark 13:41:00Z is behind this window'
keys q
sees '^rc=0'

# Records of ten minutes: wherever bytes are drawn there is a record to be found.
awk 'BEGIN {
	for (t = 1700000000; t < 1700003600; t += 600)
		print "2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 443 6 100 600000", t, t + 600, "ACCEPT OK"
}' >"$dir/ten.log"
start 80 40 '$ENITOP -t all ten.log'
check 'six records' sees '6 of 6 flows match'
keys 3 Left Left Left
check 'a cell in which none ends' sees '23:0[0-9:-]*Z: 0 flows, [0-9]*K'
keys Enter
check 'Enter finds the record' sees ' 1 of 6 flows match'
keys BSpace 4 Left Left Left
check 'a bar of the same' sees '23:0[0-9:-]*Z a [1-9]'
keys Enter
check 'as a window it says why no record counts' sees 'no record ends in it'
keys q
sees '^rc=0'

# A log that grows while the past is looked at: it stays, and now goes on.
start 120 30 '$ENITOP a.log'
sees "now .*$(clock "$now")Z .*36k flows" # all is read: a step is one of the whole
keys '['
sees "$(clock $((now + 1 - 450)))Z"
awk -v t=$((now + 100)) 'NR <= 50 && $11 != "-" { $11 = t - 60; $12 = t; print }' "$dir/a.log" >"$dir/more"
cat "$dir/more" >>"$dir/a.log"
check 'reading goes on' sees "now .*$(clock $((now + 100)))Z"
check 'and the past stays' sees "HISTORY .*$(clock $((now + 1 - 450)))Z"
keys End
check 'End is the new now' sees 'window 15m'
keys q
sees '^rc=0'
done_testing
