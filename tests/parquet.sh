# Parquet: what ../shared/parquet has of several writers, against the same records as text, in
# whatever way they are read and asked for; then what is damaged, cut short or not read. Where that
# folder is not there, the small files of the corpus stand for it.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
matrix=$srcdir/../shared/parquet
small=$srcdir/tests/corpus/parquet_file

ask() { timeout 60 "$ENITOP" -b "$@" 2>"$dir/err"; }
lines() { ask -v flows -o raw -n 100000 "$@" | grep -v '^version ' | LC_ALL=C sort; }
same() { # same FILE OTHER: the same answer to each of the questions
	for question in '-g srcaddr -o csv' '-g srcaddr,dstport -m flows -o json -n 0' \
		'-v timeline -o csv' '-v rejects -o csv' '-v ports -o csv' '-v flows -o csv -n 200' \
		'-w reject -g dstaddr -o csv' '-w dstport<1024 -m packets -o csv' \
		'--group interface-id -o csv' '--group service,client -o csv' '-v flows -o ocsf -n 50'; do
		# shellcheck disable=SC2086
		ask $question "$1" | sed 's/"size":[0-9]*,"read":[0-9]*//; s/"input":{"lines":[0-9]*//' >"$dir/a"
		# shellcheck disable=SC2086
		ask $question "$2" | sed 's/"size":[0-9]*,"read":[0-9]*//; s/"input":{"lines":[0-9]*//' >"$dir/b"
		[ -s "$dir/a" ] && cmp "$dir/a" "$dir/b" >&2 || { echo "of $question" >&2; return 1; }
	done
}
counts() { ask -v sources -o json "$1" | grep -o '"lines":[0-9]*,"flows":[0-9]*,"nodata":[0-9]*,"skipdata":[0-9]*' | head -1; }
records() { # records FILE TEXT: each value of each record, and how many of what kind
	lines "$1" >"$dir/have"
	cmp "$2" "$dir/have" >&2 &&
		[ "$(counts "$1")" = '"lines":5500,"flows":5496,"nodata":2,"skipdata":2' ]
}
# As many records of the text, by awk, which knows nothing of formats.
text() { awk -v n="$2" '$14 == "OK" { if (n) NF = n; print }' "$1" | LC_ALL=C sort; }

if [ -d "$matrix" ]; then
	text "$matrix/rows.log" >"$dir/v5"
	awk '{ NF = 14; print }' "$matrix/rows.log" >"$dir/v2.log"
	text "$matrix/rows.log" 14 >"$dir/v2"
	for f in "$matrix"/v5.*.parquet "$matrix"/hive; do
		case $f in *brotli* | *empty*) continue ;; esac
		check "${f##*/}: each value of each record" records "$f" "$dir/v5"
	done
	for f in "$matrix"/v2.*.parquet; do
		check "${f##*/}: each value of each record" records "$f" "$dir/v2"
	done
	# These begin a record later than the others, and end one later.
	sed 1d "$matrix/rows.log" | sed 1d | awk '$14 == "OK"' | LC_ALL=C sort >"$dir/later"
	for f in "$matrix"/hyparquet.*.parquet "$matrix"/parquetjs.*.parquet; do
		lines "$f" >"$dir/have"
		check "${f##*/}: the same records" test "$(LC_ALL=C comm -13 "$dir/have" "$dir/later" |
			wc -l),$(wc -l <"$dir/have")" = 0,5496
	done
	check 'every question is answered as of text' same "$matrix/v5.gzip.V1.parquet" "$matrix/rows.log"
	check 'in small row groups' same "$matrix/v5.rg2048.parquet" "$matrix/rows.log"
	check 'with columns of other types' same "$matrix/v2.wide.parquet" "$dir/v2.log"
	ask -v flows -o raw -n 1 "$matrix/v5.gzip.V2.parquet" | head -1 >"$dir/have"
	check 'raw lines have their header' sh -c "head -1 '$matrix/rows.log' | cmp - '$dir/have'"
	ask -v flows -o raw -n 100000 "$matrix/v5.snappy.V2.parquet" >"$dir/again.log"
	lines "$dir/again.log" >"$dir/have"
	check 'and are read as what they were' cmp "$dir/v5" "$dir/have"

	cp "$matrix/v5.zstd.V1.parquet" "$dir/x.log.gz"
	check 'under any name' records "$dir/x.log.gz" "$dir/v5"
	lines - <"$matrix/v5.gzip.V1.parquet" >"$dir/have"
	check 'from standard input' cmp "$dir/v5" "$dir/have"
	# shellcheck disable=SC2002
	cat "$matrix/v5.gzip.V1.parquet" | lines - >"$dir/have"
	check 'through a pipe' cmp "$dir/v5" "$dir/have"
	check 'an empty one is no fault' test "$(ask -v sources -o json "$matrix/v5.empty.parquet" |
		grep -o '"complete":[a-z]*')" = '"complete":true'
	ask "$matrix/v5.brotli.V1.parquet" >"$dir/out"
	check 'what is not read: exit 1' test $? -eq 1
	check 'it is named' grep -q 'brotli' "$dir/err"

	# Left out by folders and by statistics, which changes no answer.
	hive=$matrix/hive since='--since 2025-11-24T16:31:00Z'
	# shellcheck disable=SC2086
	check 'since: the same answer' test "$(ask $since -g srcaddr -o csv "$matrix/v5.rg2048.parquet")" = \
		"$(ask $since -g srcaddr -o csv "$matrix/rows.log")"
	check 'until: the same answer' \
		test "$(ask --until 2025-11-24T16:30:30Z -v timeline -o csv "$matrix/v5.rg2048.parquet")" = \
		"$(ask --until 2025-11-24T16:30:30Z -v timeline -o csv "$matrix/rows.log")"
	check 'row groups are left out by their statistics, and it is said' \
		test "$(ask --since 2025-11-24T18:31:00Z -v sources -o json "$matrix/v5.rg2048.parquet" |
		grep -o '"note":"3 row groups left out[^"]*"')" = '"note":"3 row groups left out: out of the time asked for"'
	check 'folders by their names' test -z "$(ask --since 2025-12-01 -v sources -o csv "$hive")"

	# Damage costs its row group, which is named.
	cp "$matrix/v5.rg2048.parquet" "$dir/damaged"
	printf 'xxxxxxxxxxxxxxxxxxxx' | dd of="$dir/damaged" bs=1 seek=60000 conv=notrunc 2>/dev/null
	ask -v flows -o json "$dir/damaged" >"$dir/out"
	check 'a damaged row group: exit 1' test $? -eq 1
	check 'named, with column and byte' grep -q \
		"damaged': row group 2, column [a-z_]*, byte [0-9]*: .*: 2048 rows are left out" "$dir/err"
	check 'the others are read' test "$(grep -o '"lines":[0-9]*' "$dir/out")" = '"lines":3452'
	check 'not complete' grep -q '"complete":false' "$dir/out"

	# A hundred copies and more, each with a hole elsewhere: an answer, or a fault that is named.
	survive() {
		n=0
		for f in v5.gzip.V1 v5.snappy.V2 v5.nodict v5.lz4_raw.V1 v5.zstd.V2 v2.wide; do
			size=$(wc -c <"$matrix/$f.parquet")
			for at in $(seq 20); do
				cp "$matrix/$f.parquet" "$dir/hole"
				# the last ones in the footer
				[ "$at" -gt 10 ] && place=$((size - 9 - (at - 11) * 230)) || place=$((size * at / 11))
				printf '\377\001' | dd of="$dir/hole" bs=1 seek=$place conv=notrunc 2>/dev/null
				ask -g srcaddr -o csv "$dir/hole" >"$dir/out"
				status=$?
				n=$((n + 1))
				[ $status -eq 0 ] || { [ $status -eq 1 ] && [ -s "$dir/err" ]; } ||
					{ echo "$f with a hole at $place: $status" >&2; cat "$dir/err" >&2; return 1; }
			done
		done
		[ $n -ge 118 ]
	}
	check 'damaged copies' survive
fi

ask "$small/page-a-row" -v flows -o raw >"$dir/out"
check 'a page a row, and row groups without rows' test "$(grep -c . "$dir/out")" = 5
mkdir "$dir/in"
cp "$small/gzip-v1" "$dir/in/a.parquet"
cp "$small/snappy-v1" "$dir/in/b"
ask --state "$dir/state" -v flows -o raw "$dir/in" | grep -vc '^interface' >"$dir/have"
check 'with --state: all' test "$(cat "$dir/have")" = 48
ask --state "$dir/state" -v flows -o raw "$dir/in" >"$dir/have"
check 'nothing again' test ! -s "$dir/have"
cp "$dir/in/b" "$dir/in/copy"
cp "$small/zstd-v1" "$dir/in/c"
ask --state "$dir/state" -v flows -o raw "$dir/in" | grep -vc '^interface' >"$dir/have"
check 'nor of a copy, but of another file' test "$(cat "$dir/have")" = 24
head -c 700 "$small/gzip-v1" >"$dir/cut"
ask "$dir/cut" >"$dir/out"
check 'one without its end: exit 1' test $? -eq 1
check 'it is said' grep -q "cut': Parquet is not read: it is cut short: PAR1 is not at its end" "$dir/err"
gzip -c "$small/gzip-v1" >"$dir/packed"
ask "$dir/packed" >"$dir/out"
check 'packed as a whole it is refused, with what to do' grep -q 'Parquet in gzip is not read: unpack it' "$dir/err"
head -c 40000000 /dev/zero | cat "$small/gzip-v1" - | ask --memory 32M - >"$dir/out"
check 'a pipe of more than half of --memory: exit 1' test $? -eq 1
check 'it says what to do' grep -q 'more than half of --memory: name the file' "$dir/err"
done_testing
