# Files with ever new headers: their own room for formats is theirs alone, and given back.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'kill $pid 2>/dev/null; rm -rf "$dir"' EXIT
headers() { # headers FROM TO: each with one record, told apart by its bytes
	awk -v a="$1" -v b="$2" 'BEGIN { for (i = a; i < b; i++)
		printf "version srcaddr dstaddr bytes end x%d\n2 10.0.0.1 10.0.0.2 %d 1700000060 v\n", i, i }'
}
bytes_of() { "$ENITOP" -b -v flows -o csv --columns bytes "$@" 2>"$dir/err" | sed 1d; }
reads() { # reads FILE PATH...: its numbers, in any order
	want=$1
	shift
	bytes_of "$@" | sort -n | cmp - "$want" >&2
}

headers 0 10000 >"$dir/hostile.log"
awk 'BEGIN { print "bytes dstaddr srcaddr end team version"
	for (i = 20000; i < 21000; i++) printf "%d 10.0.0.9 10.0.0.8 1700000060 t%d 2\n", i, i % 7 }' >"$dir/normal.log"
seq 0 1023 >"$dir/kept"
seq 20000 20999 >"$dir/rows"
cat "$dir/kept" "$dir/rows" >"$dir/both"
check 'the first 1024 headers are kept' reads "$dir/kept" "$dir/hostile.log"
check 'whatever is read at once' reads "$dir/kept" --memory 1M "$dir/hostile.log"
check 'and another file is read as ever' reads "$dir/both" "$dir/hostile.log" "$dir/normal.log"
check 'its own columns, too' sh -c '
	test "$("$ENITOP" -b -v flows -o csv "$1/hostile.log" "$1/normal.log" 2>/dev/null | grep -c ",t3,")" -eq \
		"$(grep -c t3 "$1/normal.log")"' sh "$dir"
"$ENITOP" -b -v sources -o json "$dir/hostile.log" "$dir/normal.log" >"$dir/doc"
check 'lines under the others are malformed' sh -c 'tr "{" "\n" <"$1" | grep "hostile.log" | grep -q "\"malformed\":8976,"' sh "$dir/doc"
check 'with the reason' grep -q '"reason":"its header was not kept: more than 1024 formats, or 1024 names, in this source"' "$dir/doc"
check 'which the source notes' grep -q '"note":"lines under a header are malformed: its header was not kept' "$dir/doc"

# Nothing of a header that is not kept is read by the one before; what follows the next one is.
headers 0 1024 >"$dir/full.log"
printf 'bytes end srcaddr dstaddr version unkept\n7777 1700000060 10.0.0.1 10.0.0.2 2 x\n1 1 1 1 1 1\n' >>"$dir/full.log"
headers 5 6 >>"$dir/full.log"
printf 'version srcaddr dstaddr bytes end\n2 10.0.0.1 10.0.0.2 8888 1700000060\n' >>"$dir/full.log"
echo '2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 9999 1700000000 1700000060 ACCEPT OK' >>"$dir/full.log"
{
	echo 5
	cat "$dir/kept"
	echo 9999
} | sort -n >"$dir/want"
check 'a header that is there already is in force; shapes are known' reads "$dir/want" "$dir/full.log"

# Keys of objects that are ever new: the fields are read all the same.
awk 'BEGIN { for (i = 0; i < 5000; i++)
	printf "{\"srcaddr\":\"10.0.0.1\",\"dstaddr\":\"10.0.0.2\",\"bytes\":%d,\"end\":1700000060,\"log-status\":\"OK\",\"k%d\":1}\n", i, i }' >"$dir/keys.json"
seq 0 4999 >"$dir/want"
check 'objects with keys that are ever new' reads "$dir/want" "$dir/keys.json"

# 40 000 formats and names in all, a few at a time.
mkdir "$dir/many"
for i in $(seq 0 79); do headers $((i * 500)) $((i * 500 + 500)) >"$dir/many/$i.log"; done
seq 0 39999 >"$dir/want"
check 'what a source has is given back when it is read' reads "$dir/want" "$dir/many"
check 'no note' test ! -s "$dir/err"

# Followed: the file is rotated away, again and again.
: >"$dir/out"
headers 0 500 >"$dir/live.log"
"$ENITOP" -b -f -v flows -o csv --columns bytes "$dir/live.log" >>"$dir/out" 2>/dev/null &
pid=$!
lines=501 turn=0
while [ $turn -lt 12 ]; do
	waited=0
	while [ "$(wc -l <"$dir/out")" -lt $lines ] && [ $waited -lt 100 ]; do
		sleep .1
		waited=$((waited + 1))
	done
	turn=$((turn + 1))
	headers $((turn * 500)) $((turn * 500 + 500)) >"$dir/next"
	mv "$dir/next" "$dir/live.log"
	lines=$((lines + 500))
done
waited=0
while [ "$(wc -l <"$dir/out")" -lt $lines ] && [ $waited -lt 100 ]; do sleep .1 && waited=$((waited + 1)); done
kill -INT "$pid" && wait "$pid"
seq 0 6499 >"$dir/want"
check 'and when its file is rotated away' sh -c 'sed 1d "$1/out" | sort -n | cmp - "$1/want" >&2' sh "$dir"
done_testing
