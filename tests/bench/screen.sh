# screen.sh - for bench.sh: the rows that a terminal of 120x40 shows.

# Where the rows of talkers stand, and what every one of them has.
TALKERS=22-28,2-59
ANY='^[^ ]+ > '

# Read and counted: the second line is that of the ring, not the progress of reading, nor that
# of a ring that nothing has come to yet.
LOADED='wait 2 of [1-9][0-9.]*[kMG]? flows match
gone 2 counting'

# The filter bar says exactly how many match, and while it counts, that it does: opened on a
# filter in force it changes nothing of the question.
COUNTED='more /
wait 3 [0-9] of [0-9.]+[kMG]? match
text matches 3 ([0-9,]+) of [0-9.]+[kMG]? match'

# What all lines of one source have been counted as stands in pane 6, in full.
SOURCE='send 6
wait 4 6 Sources
send \r
wait 4 [^6] Source '

# Without a terminal there is nothing to see.
sees() { # sees ID WORK
	[ ! -x "$tests/bench/drive" ] || return 0
	[ "$small" ] && echo "# row $1: no libvterm, not seen" && return 1
	row "$1" "$2" '' 'libvterm absent' '' '' - -
	return 1
}

commas() { echo "$1" | sed ':a; s/\([0-9]\)\([0-9]\{3\}\)\(,\|$\)/\1,\2\3/; ta'; }

# ---- filters ----

regex='10\.[0-3]\.\d+\.\d+ \d+ 443 .*REJECT'

# The filter comes in one piece, as when it is pasted, with its Enter.
filter() { # filter ID FILTER
	for i in $rounds; do
		drive "filter$1" "$data/10m.log" <<EOF || break
$LOADED
still $still_ms
send /$2\\r
only $TALKERS ^10\\..*:443 
ms first
$COUNTED
ms all
EOF
		! has rg || run rg rg -c "$regex" "$data/10m.log"
	done
	figures "filter$1" matches | tail -1 >"$dir/matches"
}

filter_rows() { # filter_rows ID WORK MOST AIM
	first=$(calc "$(least "filter$1" first)" 1) all=$(calc "$(least "filter$1" all) / 1000")
	theirs=$(best rg)
	row "$1" "$2: first rows" "$first ms" '' "$first" ms 50 16
	row "$1" 'the same: all' "$(calc "$all" 2) s" "ripgrep $(seconds "$theirs")" \
		"${theirs:+$(calc "$all / ${theirs:-1}" 2)}" x "$3" "$4"
}

row_7() {
	sees 7 'a regex over 10 M records in the ring' || return
	data_10m
	made 10m.regex '$AWK "/10\\.[0-3]\\.[0-9]+\\.[0-9]+ [0-9]+ 443 .*REJECT/ { n++ }
		END { print n }" 10m.log' 10m.log
	filter 7 "/$regex"
	same 'row 7: as many match as awk says' "$data/10m.regex" "$dir/matches"
	[ "$small" ] && return
	! has rg || same "row 7: ripgrep's" "$data/10m.regex" "$dir/rg.out"
	filter_rows 7 'a regex over 10 M records in the ring' 1 0.5
}

row_8() {
	sees 8 'a filter over 10 M records in the ring' || return
	data_10m
	made 10m.filter '$AWK "\$4 ~ /^10\\./ && \$7 == 443 && \$13 == \"REJECT\" { n++ }
		END { print n }" 10m.log' 10m.log
	filter 8 'src=10.0.0.0/8 and dport=443 and action=REJECT'
	same 'row 8: as many match as awk says' "$data/10m.filter" "$dir/matches"
	[ "$small" ] || filter_rows 8 'a filter over 10 M records in the ring' 0.15 0.05
}

# ---- keys and the first screen ----

p99() { # of the numbers on standard input: the hundredth part of them is above it
	sort -n | awk '{ n[NR] = $1 }
		END { i = int(NR * 0.99); printf "%.1f", n[i < NR * 0.99 ? i + 1 : i] }'
}

keys_row() { # keys_row ID LOG WORK: each key, while the log is read
	sees "$1" "$3" || return
	if [ "$small" ]; then
		check "row $1: each key has its effect" drive "keys$1" "$data/$2.log" <<EOF
$LOADED
send 1
sleep 200
keys 20 32 * .
EOF
		return
	fi
	for i in 1 2 3 4 5 6 7 8 9 10; do
		drive "keys$1" "$data/$2.log" <<EOF || break
wait $TALKERS $ANY
send 1
sleep 200
keys 20 100000 1 LOADING
EOF
		keys=$(figures "keys$1" key | wc -l)
		[ "$i" -lt 5 ] || [ "$keys" -lt 200 ] || break
	done
	ms=$(figures "keys$1" key | p99)
	row "$1" "$3: p99 of $keys" "$ms ms" '' "$ms" ms 50 16
}

row_9() {
	data_10m
	keys_row 9 10m 'a key to the changed screen while reading'
}

row_10() {
	sees 10 'start on a file of 1 GB' || return
	data_10m
	for i in $rounds; do
		drive start "$data/10m.log" <<EOF || break
wait 20 1 Talkers
ms painted
wait $TALKERS $ANY
ms rows
EOF
	done
	[ "$small" ] && check 'row 10: rows after the start' test "$(least start rows)" && return
	painted=$(calc "$(least start painted)" 1) rows=$(calc "$(least start rows)" 1)
	row 10 'start on a file of 1 GB: first painted screen' "$painted ms" '' "$painted" ms 80 30
	row 10 'the same: first rows' "$rows ms" '' "$rows" ms 200 80
}

# ---- what it costs ----

row_11() {
	sees 11 'a live tail of 200 000 records a second' || return
	data_live
	lines=$((full_lines + feed_lines))
	for i in $live_rounds; do
		cp "$data/full.log" "$data/tail.log"
		drive live --memory 64M -t 15m "$data/tail.log" <<EOF || break
$LOADED
wait 1 $full
run exec $tests/bench/feed $feed_rate $data/feed.log $data/tail.log
sleep $still_ms
mark
sleep $feed_ms
used live
join
$SOURCE
wait * lines +$(commas "$lines"):
text read * lines +([0-9,]+):
EOF
	done
	rm -f "$data/tail.log"
	check 'row 11: no line is lost' test "$(least live read)" = "$lines"
	[ "$small" ] && return
	cpu=$(calc "$(least live live.cpu)" 1)
	row 11 'a live tail of 200 000 records a second, the ring full' "$cpu %" '' "$cpu" % 60 25
}

resident_row() { # resident_row ID LOG WORK MOST AIM: when all is read
	sees "$1" "$3" || return
	for i in $cost_rounds; do
		drive "resident$1" "$data/$2.log" <<EOF || break
$LOADED
still $still_ms
rss ring
text held 2 of ([0-9.]+[kM]?) flows match
text talkers * Talkers \\((~?[0-9]+)
EOF
	done
	check "row $1: all of it is there" test "$(least "resident$1" held)" = "$held"
	[ "$small" ] && return
	kib=$(least "resident$1" ring.rss)
	row "$1" "$3" "$(calc "$kib / 1024" 0) MiB" '' "$(calc "$kib * 1024 / $records" 1)" B "$4" "$5"
}

row_12() {
	data_10m
	resident_row 12 10m 'resident bytes a record, 10 M on screen' 36 26
}

row_19() {
	data_hurt
	resident_row 19 hurt 'resident bytes a record, of 2 M conversations' 70 50
	[ ! -x "$tests/bench/drive" ] ||
		check 'row 19: all conversations are held' \
			test "$(figures resident19 talkers | sort -u)" = "$((records / 5))"
}

row_20() {
	data_hurt
	keys_row 20 hurt 'a key while 2 M conversations are read'
}

# All of it in the ring and counted.
row_23() {
	sees 23 'Parquet to the ring' || return
	[ "$duckdb" ] || { row 23 'Parquet to the ring' '' 'DuckDB absent' '' x 0.7 0.6; return; }
	for codec in gzip snappy; do
		data_parquet "$codec"
		for i in $rounds; do
			for input in "10m.$codec.parquet" 10m.log; do
				drive "ring_$input" "$data/$input" <<EOF || break 2
$LOADED
ms loaded
EOF
			done
		done
		[ "$small" ] && continue
		ours=$(calc "$(least "ring_10m.$codec.parquet" loaded) / 1000" 2)
		theirs=$(calc "$(least ring_10m.log loaded) / 1000" 2)
		row 23 "10 M records of Parquet to the ring, $codec" "$ours s" "text $theirs s" \
			"$(calc "$ours / $theirs" 2)" x 0.7 0.6
	done
}

row_13() {
	sees 13 'idle after all is read' || return
	data_10m
	for i in $cost_rounds; do
		drive idle "$data/10m.log" <<EOF || break
$LOADED
still $still_ms
mark
sleep $idle_ms
used idle
EOF
	done
	[ "$small" ] && check 'row 13: idle for a while' test "$(least idle idle.bytes)" && return
	cpu=$(calc "$(least idle idle.cpu)" 2) woken=$(calc "$(least idle idle.wakeups)" 1)
	written=$(calc "$(least idle idle.bytes)" 0)
	row 13 'idle after all is read: CPU of one core' "$cpu %" '' "$cpu" % 0.3 0
	row 13 'the same: wake-ups a second' "$woken" '' "$woken" /s 2 0
	row 13 'the same: bytes to the terminal in 10 s' "$written" '' "$written" B 0 0
}

row_15() {
	sees 15 '16 M sources through a ring of 256 MiB' || return
	data_scan
	data_10m
	lines=$((records * 16 / 10))
	for i in $cost_rounds; do
		drive scan --memory 256M "$data/scan.log" <<EOF || break
$LOADED
$COUNTED
ms read
rss scan
more \\e
wait 3 / to filter
$SOURCE
text lines * lines +([0-9,]+):
EOF
		[ "$small" ] || top beside "$data/10m.log"
	done
	check 'row 15: every line was read' test "$(least scan lines)" = "$lines"
	[ "$small" ] && return
	mib=$(calc "$(least scan scan.peak) / 1024" 0)
	row 15 '16 M sources through a ring of 256 MiB: resident, peak' "$mib MiB" '256 MiB' \
		"$(calc "$mib / 256" 2)" x 1.5 1.2
	ours=$(calc "$(least scan read) / 16" 0) theirs=$(each beside 10)
	row 15 'the same: time a record' "$ours ns" "row 1 $theirs ns" \
		"$(calc "$ours / $theirs" 2)" x 3 2
}

# A line now and then, some right behind the one before; each is counted in the second line.
appends() { # appends FILE
	echo 'wait 2 [^0-9]1 flow matches|1 of 1 flow matches'
	awk -v file="$1" -v n="$appended" 'BEGIN {
		srand(4)
		for (i = 2; i <= n; i++) {
			printf "sleep %d\n", 20 + rand() * 600
			printf "append %s 2 123456789012 eni-0a1b2c3d 203.0.113.9 10.0.1.5 %d 443 6 1 40 1795514400 1795514460 ACCEPT OK\n", file, 1024 + i
			printf "wait 2 %d of %d flows match\nms line\n", i, i
		}
	}'
}

row_17() {
	sees 17 'a line appended to a followed file to the screen' || return
	echo '2 123456789012 eni-0a1b2c3d 203.0.113.9 10.0.1.5 1024 443 6 1 40 1795514400 1795514460 ACCEPT OK' >"$dir/line.log"
	appends "$dir/line.log" >"$dir/appends"
	if [ "$small" ]; then
		check 'row 17: each line comes' drive line "$dir/line.log" <"$dir/appends"
		return
	fi
	drive line "$dir/line.log" <"$dir/appends"
	lines=$(figures line line | wc -l) ms=$(figures line line | p99)
	row 17 "a line appended to a followed file to the screen: p99 of $lines" "$ms ms" '' "$ms" ms 150 50
}
