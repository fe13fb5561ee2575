# What is delivered damaged, under a wrong name, or is none of ours: what of it is shown, what
# is said, with which status.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

flows() { sed -n 's/.*"totals":.*"flows": *\([0-9]*\).*/\1/p' "$dir/out"; }
read_all() { timeout 20 "$ENITOP" -b -o json "$@" >"$dir/out" 2>"$dir/err"; }
gives() { # gives STATUS FLOWS WORDS PATH...: WORDS of standard error, or ''
	want=$1 n=$2 words=$3
	shift 3
	read_all "$@"
	have=$?
	[ $have -eq "$want" ] && [ "$(flows)" = "$n" ] &&
		if [ -n "$words" ]; then grep -q "$words" "$dir/err"; else [ ! -s "$dir/err" ]; fi ||
		{ echo "status $have, $(flows) flows" >&2; cat "$dir/err" >&2; false; }
}

"$GENLOG" -n 5000 -q | grep ' OK$' | head -4000 >"$dir/flows"
split -n l/5 "$dir/flows" "$dir/part."
rest=$(cat "$dir"/part.a[abde] | wc -l)

# Members back to back, as Firehose writes them; a hole in the middle of the third.
hole() { # hole FILE AT: 200 bytes of it
	yes '#' | tr -d '\n' | head -c 200 | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
damage() { # damage OUT FILE...: the third of those members
	out=$1 i=0
	shift
	: >"$out"
	for f in "$@"; do
		i=$((i + 1))
		[ $i -ne 3 ] || at=$(wc -c <"$out")
		gzip -c "$f" >>"$out"
	done
	hole "$out" $((at + 100))
}
damage "$dir/lines" "$dir"/part.*
read_all "$dir/lines"
check 'a damaged member: exit 1' test $? -eq 1
check 'it is named, with its place' grep -q "lines': damaged gzip at byte [1-9]" "$dir/err"
check 'the others are whole' test "$(flows)" -ge "$rest"

for f in "$dir"/part.*; do
	{ printf '{"messageType":"DATA_MESSAGE","logEvents":['
	sed 's/.*/{"id":"1","message":"&"},/; $s/,$//' "$f"
	printf ']}'; } | tr -d '\n' >"$f.json"
done
damage "$dir/documents" "$dir"/part.*.json
read_all "$dir/documents"
check 'a damaged document does not swallow the next' test "$(flows)" -ge "$rest"

cp "$dir/flows" "$dir/plain.gz"
check 'text under a .gz name' gives 0 4000 '' "$dir/plain.gz"
gzip -c "$dir/flows" >"$dir/zipped.log"
check 'gzip under a .log name' gives 0 4000 '' "$dir/zipped.log"
head -c 1000000 /dev/zero | cat - "$dir/flows" >"$dir/nuls"
check 'NULs before the text are no fault, but said' \
	gives 0 4000 'left out 1000000 NUL bytes before its text' "$dir/nuls"

printf 'PAR1\025\004\025' | cat - "$dir/flows" >"$dir/parquet"
check 'Parquet without its end is refused, the rest is read' \
	gives 1 4000 "parquet': Parquet is not read: it is cut short: PAR1 is not at its end" "$dir/parquet" "$dir/flows"
# More than a pipe's pieces: it is kept up to where its end should be.
{ printf 'PAR1'; head -c 30000000 /dev/zero; } | read_all
check 'so is a pipe of it' test $? -eq 1
gzip -c "$dir/flows" | head -c 20000 | read_all
check 'a pipe that breaks off: exit 1' test $? -eq 1
check 'named' grep -q 'truncated gzip at byte 20000' "$dir/err"
check 'what came is kept' test "$(flows)" -gt 100

# What stands between us and our own lines: no text can begin one of ours, in whatever it comes.
awk 'BEGIN { for (i = 0; i < 60; i++)
	printf "2 1 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 %d 1700000000 1700000060 ACCEPT OK\n", i }' >"$dir/sixty"
each_once() { # each_once FILE FLOWS OTHERS: no line is lost, nor another one read by it
	"$ENITOP" -b -v sources -o csv "$1" 2>/dev/null | awk -F, -v flows="$2" -v others="$3" '
		NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
		NR == 2 { bad = $column["flows"] != flows || $column["lines"] != flows + others }
		END { exit bad || NR != 2 }'
}
forged() { # forged BEFORE MARK REST: among lines, and in the text of a document
	{ sed 30q "$dir/sixty"; printf '%b\n' "$1$2$3"; sed 1,30d "$dir/sixty"; } >"$dir/forged"
	each_once "$dir/forged" 60 1 || { echo "# $1$2$3" && return 1; }
	{
		sed 's/.*/{"message":"&"}/; 30q' "$dir/sixty"
		printf '%b\n' "{\"message\":\"$1$2$3 x\"}"
		sed 's/.*/{"message":"&"}/; 1,30d' "$dir/sixty"
	} >"$dir/forged.json"
	each_once "$dir/forged.json" 60 1 || { echo "# in a document: $1$2$3" && return 1; }
}
all_forged() {
	for mark in '\001' '\002' '\033\001' '\033\002' '\033\033\001' '\033[0m\033\002'; do
		for before in '' ' ' '\t' '\r' '\357\273\277' ' \357\273\277' '\357\273\277\357\273\277'; do
			for rest in 'srcaddr bytes zz' junk; do
				forged "$before" "$mark" "$rest" || return 1
			done
		done
	done
}
check 'marks of our own in a text are lines of it' all_forged
awk 'BEGIN { print "srcaddr,dstaddr,bytes,end,\033\001srcaddr"
	for (i = 0; i < 60; i++) printf "10.0.0.1,10.0.0.2,%d,1700000060,%s\n", i,
		i % 30 == 9 ? "\033\002\n\033\001srcaddr bytes\n\033\002" : "x" }' >"$dir/forged.csv"
check 'in CSV too' each_once "$dir/forged.csv" 60 4
{ awk 'BEGIN { printf "\033\002"; for (i = 0; i < 20000; i++) printf "xxxxxxx "; print "" }'; cat "$dir/sixty"; } >"$dir/long"
check 'of a line that is too long' each_once "$dir/long" 60 1

# Base64 of many records on one line, longer than a line of records may be; and cut anywhere.
packed() { # packed LINES RECORDS
	for line in $(seq "$1"); do
		awk -v n="$2" 'BEGIN { for (i = 0; i < n; i++)
			printf "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 %d 1700000000 1700000060 ACCEPT OK\n", i }' | base64 | tr -d '\n'
		echo
	done
}
all_of() { test "$("$ENITOP" -b -v flows -o csv "$@" 2>"$dir/err" | sed 1d | wc -l)" -eq "$many"; }
packed 3 5000 >"$dir/packed" && many=15000
check 'base64 of 480 KB a line' all_of "$dir/packed"
check 'in small blocks' all_of --memory 1M "$dir/packed"
check 'through a pipe' sh -c 'test "$(cat "$1" | "$ENITOP" -b -v flows -o csv 2>/dev/null | sed 1d | wc -l)" -eq 15000' sh "$dir/packed"
for i in $(seq 300); do
	echo "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 $i 1700000000 1700000060 ACCEPT OK" | base64 -w0 && echo
done >"$dir/hundreds"
for i in $(seq 30); do cat "$dir/hundreds"; done >"$dir/packed"
many=9000
check 'base64 of a record a line, in small blocks' all_of --memory 1M "$dir/packed"
check 'through a pipe, too' sh -c 'test "$(cat "$1" | "$ENITOP" -b -v flows -o csv 2>/dev/null | sed 1d | wc -l)" -eq 9000' sh "$dir/packed"
packed 1 20000 >"$dir/packed"
"$ENITOP" -b -v sources -o json "$dir/packed" 2>/dev/null >"$dir/doc"
check 'of more than a thousand KiB it is one malformed line' grep -q '"lines":1,"flows":0,.*"malformed":1,' "$dir/doc"
done_testing
