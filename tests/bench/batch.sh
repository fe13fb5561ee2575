# batch.sh - for bench.sh: the rows that a report answers.

# DuckDB's own time, of what its script says on standard error.
duckdb() { # duckdb NAME INPUT [QUESTION]
	[ "$duckdb" ] || return 0
	label=$1
	shift
	run "$label" node "$data/duckdb/duckdb.mjs" "$@"
	awk '$1 > 0 { print $1 }' "$dir/$label.err" >>"$dir/$label.own"
	cp "$dir/$label.own" "$dir/$label.times"
}

row_1() {
	data_10m
	for i in $rounds; do
		top plain "$data/10m.log"
		duckdb duckdb "$data/10m.log"
	done
	answer plain
	same 'row 1: top 10 sources' "$data/10m.top" "$dir/plain.top"
	[ ! "$duckdb" ] || same "row 1: DuckDB's" "$data/10m.top" "$dir/duckdb.out"
	ratio 1 'top 10 sources of 10 M records, plain file' plain DuckDB duckdb 0.5 0.3
}

four() { # four NAME VIEWS INPUT [OPTION]...
	name=$1 views=$2 input=$3
	shift 3
	run "$name" "$ENITOP" --batch --view "$views" --metric bytes --limit 10 \
		--output csv --memory 2G "$@" "$input"
}

row_2() {
	data_10m
	for i in $rounds; do
		four four talkers,rejects,ports,timeline "$data/10m.log" --group srcaddr
		top one "$data/10m.log"
	done
	for view in 'talkers --group srcaddr' 'rejects --group srcaddr' ports timeline; do
		# shellcheck disable=SC2086
		set -- $view
		name=$1
		shift
		four view "$name" "$data/10m.log" "$@"
		cat "$dir/view.out"
	done >"$dir/views"
	same 'row 2: four views in one are four' "$dir/views" "$dir/four.out"
	ratio 2 'row 1 with --view talkers,rejects,ports,timeline' four 'row 1' one 1.4 1.2
}

# ISA-L and libdeflate inflate faster than zlib.
aim_of_inflate() {
	if ldd "$ENITOP" 2>/dev/null | grep -q 'libisal\|libdeflate'; then echo "$2"; else echo "$1"; fi
}

row_3() {
	data_gzip
	for i in $rounds; do
		top gzip "$data/10m.gz"
		run inflate "$tests/bench/inflate" "$data/10m.gz"
	done
	answer gzip
	same 'row 3: the same from gzip' "$data/10m.top" "$dir/gzip.top"
	wc -c <"$data/10m.log" | tr -d ' ' >"$dir/size"
	same 'row 3: all of it is inflated' "$dir/size" "$dir/inflate.out"
	ratio 3 'row 1 from one gzip file' gzip 'zlib alone' inflate 1.1 "$(aim_of_inflate 1.02 0.5)"
}

row_4() {
	data_parts
	for i in $rounds; do
		top parts "$data"/parts/*.gz
		run sequential "$tests/bench/inflate" "$data"/parts/*.gz
	done
	answer parts
	same 'row 4: the same from 40 gzip files' "$data/10m.top" "$dir/parts.top"
	ratio 4 'row 1 from 40 gzip files' parts 'zlib alone' sequential 0.75 \
		"$(aim_of_inflate 0.66 0.35)"
}

bytes() { wc -c <"$1"; }

row_5() {
	data_v5
	data_10m
	for i in $rounds; do
		top v5 "$data/v5.log"
		top v2 "$data/10m.log"
	done
	answer v5
	same 'row 5: top 10 sources of version 5' "$data/v5.top" "$dir/v5.top"
	[ "$small" ] && return
	ours=$(calc "$(best v5) / $(bytes "$data/v5.log") * 1e9")
	theirs=$(calc "$(best v2) / $(bytes "$data/10m.log") * 1e9")
	row 5 '29-field version 5 records, a byte of input' "$ours ns" "row 1 $theirs ns" \
		"$(calc "$ours / $theirs" 2)" x 1.3 1
}

row_6() {
	data_firehose
	for i in $rounds; do
		top firehose "$data/firehose.log"
		top bare "$data/bare.log"
	done
	answer firehose
	same 'row 6: the same from Firehose lines' "$data/bare.top" "$dir/firehose.top"
	ratio 6 'Firehose {"message":...} lines' firehose 'bare lines' bare 1.5 1.2
}

each() { calc "$(best "$1") / $2 * 1000" 0; } # each NAME MILLIONS: ns a record

# Flat is as near as a machine measures: within a tenth.
row_14() {
	data_1m
	data_50m
	for i in $rounds; do
		top one_m "$data/1m.log"
		top ten_m "$data/10m.log"
		top fifty_m "$data"/50m/*.log
	done
	answer fifty_m
	same 'row 14: five times the same' "$data/50m.top" "$dir/fifty_m.top"
	[ "$small" ] && return
	a=$(each one_m 1) b=$(each ten_m 10) c=$(each fifty_m 50)
	row 14 'time a record at 1 M, 10 M, 50 M' "$a, $b, $c ns" '' \
		"$(printf '%s\n' "$a" "$b" "$c" | sort -n |
			awk 'NR == 1 { l = $1 } { h = $1 } END { printf "%.2f", h / l }')" x 1.3 1.1 flat
}

# Addresses that a log's author chose so that all fall together where a hash has no key.
row_16() {
	data_flood
	for i in $rounds; do
		top flood "$data/flood6.log"
		top random "$data/random6.log"
	done
	# Of equal ones the order is no answer: what the first ten have is.
	answer flood
	cut -d, -f2 "$data/flood6.top" >"$dir/flood.wanted"
	cut -d, -f2 "$dir/flood.top" >"$dir/flood.had"
	same 'row 16: what the first ten of them have' "$dir/flood.wanted" "$dir/flood.had"
	ratio 16 '1 M sources that were chosen to collide' flood 'at random' random 1.2 1.05
}

# It makes as many conversations as it is asked for, or says why not.
genlog_refuses() {
	! "$GENLOG" -n 10 -c 20 >/dev/null 2>&1 && ! "$GENLOG" -n 100 -c 20 -S >/dev/null 2>&1 &&
		"$GENLOG" -n 100 -c 20 -q -H -s 3 >/dev/null
}

# Two million conversations, in the report that is printed when nothing is asked for.
row_18() {
	data_hurt
	data_10m
	echo $((records / 5)) >"$dir/conversations"
	same 'row 18: as many conversations as were asked for' "$dir/conversations" "$data/hurt.count"
	check 'row 18: genlog makes as many, or says why not' genlog_refuses
	for i in $rounds; do
		run talkers "$ENITOP" --batch --output csv "$data/hurt.log"
		top one "$data/10m.log"
		duckdb duckdb_talkers "$data/hurt.log" talkers
	done
	tail -n +2 "$dir/talkers.out" | cut -d, -f1-4 >"$dir/talkers.top"
	same 'row 18: top 20 conversations' "$data/hurt.top" "$dir/talkers.top"
	[ ! "$duckdb" ] || same "row 18: DuckDB's" "$data/hurt.top" "$dir/duckdb_talkers.out"
	ratio 18 'the default report of 2 M conversations' talkers DuckDB duckdb_talkers 0.86 0.6
	ratio 18 'the same' talkers 'row 1' one 3.7 3
}

# The same records as Parquet, which DuckDB makes.
parquet_row() { # parquet_row ID CODEC
	[ "$duckdb" ] || { row "$1" "row 1 from Parquet, $2" '' 'DuckDB absent' '' x 0.5 0.4; return; }
	data_parquet "$2"
	for i in $rounds; do
		top "$2" "$data/10m.$2.parquet"
		top one "$data/10m.log"
		duckdb "duckdb_$2" "$data/10m.$2.parquet"
	done
	answer "$2"
	same "row $1: the same from Parquet" "$data/10m.top" "$dir/$2.top"
	same "row $1: DuckDB's" "$data/10m.top" "$dir/duckdb_$2.out"
	ratio "$1" "row 1 from Parquet, $2" "$2" 'row 1' one 0.5 0.4
	ratio "$1" 'the same' "$2" DuckDB "duckdb_$2" 1.5 1
	[ "$small" ] && return
	mib=$(calc "$(awk '{ print $3 }' "$dir/$2.times" | sort -n | tail -1) / 1024" 0)
	row "$1" 'the same: resident at most' "$mib MiB" '' "$mib" MiB 150 100
}

row_21() { parquet_row 21 gzip; }
row_22() { parquet_row 22 snappy; }

# What others take for the question of row 1. Those that keep every record are given a tenth
# of them, and their time is taken ten times.
context() { # context NAME TIMES [NOTE]
	theirs=$(best "$1") ours=$(best asked)
	if [ -z "$theirs" ]; then
		line - "row 1 by $1" - "$1 absent" - - - absent
		return
	fi
	theirs=$(calc "$theirs * $2" 1)
	line - "row 1 by $1${3-}" "$(calc "$ours" 2) s" "$1 $theirs s" \
		"$(calc "$ours / $theirs" 3) x" - - context
}

row_context() {
	[ "$small" ] && return
	data_1m
	mkdir -p "$dir/lnav/formats/vpc"
	cp "$bench/lnav.json" "$dir/lnav/formats/vpc"
	for i in $cost_rounds; do
		top asked "$data/10m.log"
		! has mawk || run mawk sh -c 'mawk -f "$1" "$2" | sort -t, -k2,2nr | head -10' sh \
			"$bench/top.awk" "$data/10m.log"
		! has goaccess || run goaccess goaccess "$data/1m.log" --no-global-config \
			--log-format='%^ %^ %^ %h %^ %^ %U %^ %^ %b %^ %x %^ %^' --datetime-format=%s \
			--date-format=%s --time-format=%s --sort-panel=HOSTS,BY_BW,DESC \
			--max-items=10 --no-progress -o "$dir/goaccess.csv"
		! has lnav || run lnav env -u XDG_CONFIG_HOME HOME="$dir" lnav -n -I "$dir/lnav" -c \
			";SELECT src, sum(bytes) AS b FROM vpc_flow WHERE status = 'OK'
				GROUP BY src ORDER BY b DESC LIMIT 10" \
			-c ':write-csv-to -' "$data/1m.log"
	done
	context mawk 1
	context goaccess 10 ', 1 M records, times ten'
	context lnav 10 ', 1 M records, times ten'
}
