# data.sh - for bench.sh: the logs that the rows read, made once by genlog and kept in $data,
# with the right answers beside them, which are awk's. Each is made again where the command
# that makes it has changed, or what genlog makes of the same seed.
maker=$("$GENLOG" -n 10000 -f 100 | cksum)

made() { # made NAME COMMAND [FROM]: NAME of the data is what the command makes, of FROM
	how="$2 $maker${3:+ of $(cat "$data/.$3")}"
	if [ ! -e "$data/$1" ] || [ "$(cat "$data/.$1" 2>/dev/null)" != "$how" ]; then
		[ "$small" ] || say "making $1"
		rm -rf "${data:?}/$1"
		(cd "$data" && sh -c "$2" >"$1.part" && echo "$how" >".$1" && mv "$1.part" "$1") || exit 99
	fi
	cat "$data/$1" >/dev/null # into the page cache
}

made_files() { # made_files NAME COMMAND [FROM]: the same of a folder, which the command fills
	how="$2 $maker${3:+ of $(cat "$data/.$3")}"
	if [ "$(cat "$data/.$1" 2>/dev/null)" != "$how" ]; then
		[ "$small" ] || say "making $1/"
		rm -rf "${data:?}/$1"
		(cd "$data" && mkdir "$1" && sh -c "$2" && echo "$how" >".$1") || exit 99
	fi
	cat "$data/$1"/* >/dev/null
}

made_top() { # made_top NAME: the right answer to the question of row 1 over NAME.log
	made "$1.top" "\$AWK -f \"\$bench/top.awk\" $1.log | LC_ALL=C sort -t, -k2,2nr | head -10" \
		"$1.log"
}

# An hour, mostly as the demo has it; each hundredth record is what rows 7 and 8 look for.
data_10m() {
	made 10m.log "\$GENLOG -n $records -r $rate -a 250000 -f 100"
	made_top 10m
}
data_1m() {
	data_10m
	made 1m.log "head -$((records / 10)) 10m.log" 10m.log
}
data_gzip() {
	data_10m
	made 10m.gz 'gzip -c 10m.log' 10m.log
}
data_parts() {
	data_10m
	made_files parts 'split -n l/40 -d --filter="gzip >\$FILE.gz" 10m.log parts/part.' 10m.log
}
# By DuckDB, as AWS has the columns.
data_parquet() { # data_parquet CODEC
	data_10m
	made "10m.$1.parquet" "node duckdb/duckdb.mjs 10m.log $1 10m.$1.new >&2 && cat 10m.$1.new && rm 10m.$1.new" \
		10m.log
}
data_v5() {
	made v5.log "\$GENLOG -n $((records / 5)) -r $rate -a 250000 -5 -H"
	made_top v5
}
data_firehose() {
	data_10m
	made bare.log "head -$((records / 5)) 10m.log" 10m.log
	made_top bare
	made firehose.log "sed 's/.*/{\"message\":\"&\"}/' bare.log" bare.log
}
# Five times the same lines, in copies: of hard links a report reads one. Lines of their own
# would be no others for the program: it keeps none of them.
data_50m() {
	data_10m
	made_files 50m 'for i in 1 2 3 4 5; do cp --reflink=auto 10m.log 50m/$i.log; done' 10m.log
	made 50m.top "awk -F, '{ printf \"%s,%.0f\\n\", \$1, 5 * \$2 }' 10m.top" 10m.top
}
# Each record from another address.
data_scan() { made scan.log "\$GENLOG -n $((records * 16 / 10)) -r $rate -S"; }
# Each record from another address of IPv6: any, and such as fall together without a key.
data_flood() {
	made random6.log "\$GENLOG -n $((records / 10)) -r $rate -6"
	made flood6.log "\$GENLOG -n $((records / 10)) -r $rate -F"
	made_top flood6
}
# Of a fifth as many conversations: those that have most, and how many there are, told by the
# ports, of which only a service's is below 1024.
data_hurt() {
	made hurt.log "\$GENLOG -n $records -r $rate -c $((records / 5))"
	made hurt.top "\$AWK -f \"\$bench/talkers.awk\" hurt.log | LC_ALL=C sort -t, -k4,4nr | head -20" \
		hurt.log
	made hurt.count '$AWK "\$14 == \"OK\" && !n[\$7 < 1024 ? \$4 \$5 \$6 \$7 : \$5 \$4 \$7 \$6]++ { m++ }
		END { print m }" hurt.log' hurt.log
}
# In log time as fast as it is written: what fills the ring, and what then comes.
data_live() {
	made full.log "\$GENLOG -n $full_lines -r $feed_rate -a 250000"
	made feed.log "\$GENLOG -n $((full_lines + feed_lines)) -r $feed_rate -a 250000 |
		tail -n +$((full_lines + 1))"
}
