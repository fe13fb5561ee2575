# --state: a run goes on where the one before stopped, record by record.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'kill $pid 2>/dev/null; rm -rf "$dir"' EXIT
mkdir "$dir/in"
n=0
records() { # records COUNT: numbered on
	awk -v a="$n" -v c="$1" 'BEGIN { for (i = a; i < a + c; i++)
		printf "2 1 eni-%d 10.0.0.1 10.0.0.2 1 443 6 1 %d 1700000000 1700000060 ACCEPT OK\n", i % 7, i }'
	n=$((n + $1))
}
packed() { # the same as another member of b.log.gz
	records "$1" >"$dir/piece"
	gzip <"$dir/piece" >>"$dir/in/b.log.gz"
	rm "$dir/piece"
}
run() { "$ENITOP" -b -v flows -o raw --state "$dir/state" "$@" >>"$dir/out" 2>>"$dir/err"; }
# What came out since it was last asked: the numbers `want` in any order, each once.
got() {
	awk '{ print $10 }' "$dir/out" | sort -n >"$dir/have"
	: >"$dir/out"
	seq $1 $((n - 1)) >"$dir/want"
	cmp "$dir/want" "$dir/have" >&2
}

records 5000 >"$dir/in/a.log"
packed 5000
run "$dir/in"
check 'the first run reads everything' got 0
run "$dir/in"
check 'the second nothing' test ! -s "$dir/out"
was=$n
records 300 >>"$dir/in/a.log"
packed 200
records 100 >"$dir/in/c.log"
run "$dir/in"
check 'the third what came since: appended, another member, a new file' got $was
was=$n
records 10 >>"$dir/in/a.log"
mv "$dir/in/a.log" "$dir/in/a.log.1"
gzip "$dir/in/a.log.1"
records 20 >"$dir/in/a.log"
run "$dir/in"
check 'rotated and packed between two runs' got $was
was=$n
records 7 >>"$dir/in/a.log"
printf '2 1 eni-1 10.0.0.1 10.' >>"$dir/in/a.log"
run "$dir/in/a.log"
check 'by its own name' got $was
# Its end comes, before a minute is over: what stands unfinished for so long is a line.
was=$n
printf '0.0.2 1 443 6 1 %d 1700000000 1700000060 ACCEPT OK\n' "$n" >>"$dir/in/a.log"
n=$((n + 1))
run "$dir/in/a.log"
check 'and the end of its last line' got $was

# A line that its writer had half written when the report ended; a gzip half uploaded.
was=$n
records 500 >"$dir/half"
head -c 20000 "$dir/half" >"$dir/in/half.log"
run "$dir/in"
tail -c +20001 "$dir/half" >>"$dir/in/half.log"
run "$dir/in"
check 'a line that was half written' got $was
was=$n
records 20000 >"$dir/half"
gzip "$dir/half"
head -c 20000 "$dir/half.gz" >"$dir/in/half.gz"
run "$dir/in"
check 'which is said of a gzip' grep -q 'half.gz.*truncated gzip' "$dir/err"
cp "$dir/half.gz" "$dir/in/half.gz"
run "$dir/in"
check 'a gzip that was half there' got $was
: >"$dir/err"
rm "$dir/half.gz"

# Followed, stopped at any moment, begun again.
was=$n
records 1 >"$dir/in/d.log"
for round in 1 2 3 4; do
	"$ENITOP" -b -f -v flows -o raw --state "$dir/state" "$dir/in" >>"$dir/out" 2>>"$dir/err" &
	pid=$!
	for i in 1 2 3 4 5 6 7 8; do
		records 4000 >>"$dir/in/d.log"
		sleep 0.2
	done
	kill -TERM $pid
	wait $pid
done
run "$dir/in"
check 'stopped and begun again while it is written' got $was
# One that is ended before it has read what is there says so, and the next one goes on.
complaints=$(grep -v 'not complete: some of the input was not read or not kept$' "$dir/err")
check "without another complaint $complaints" test -z "$complaints"
check 'the state alone was written' sh -c 'test "$(ls "$1" | tr "\n" " ")" = "err have in out state want "' sh "$dir"

# What a header said before the place where it goes on still holds.
mkdir "$dir/h"
echo 'bytes end srcaddr dstaddr action' >"$dir/h/x.log"
seq 1 500 | sed 's/$/ 1700000000 10.0.0.1 10.0.0.2 ACCEPT/' >>"$dir/h/x.log"
"$ENITOP" -b --state "$dir/hstate" "$dir/h" >"$dir/out"
seq 501 510 | sed 's/$/ 1700000000 10.0.0.1 10.0.0.2 REJECT/' >>"$dir/h/x.log"
"$ENITOP" -b -v flows -o csv --state "$dir/hstate" "$dir/h" >"$dir/out"
check 'under the header of before' test "$(grep -c '^5[01][0-9],.*REJECT' "$dir/out")" = 10
rm -r "$dir/h" "$dir/hstate"

records 5 >>"$dir/in/d.log"
"$ENITOP" -b -v flows -o raw --state "$dir/in/own" "$dir/in" >"$dir/out"
"$ENITOP" -b -o json --state "$dir/in/own" "$dir/in" >"$dir/json"
check 'a state among the logs is no log' grep '"lines":0' "$dir/json"

echo 'somebody else wrote this' >"$dir/other"
"$ENITOP" -b --state "$dir/other" "$dir/in" >"$dir/out" 2>"$dir/err"
check 'a file that is none: exit 2' test $? -eq 2
check 'and says so' grep -q 'not written by enitop' "$dir/err"
check 'it is left alone' grep -q 'somebody else' "$dir/other"
"$ENITOP" -b --state "$dir/none/state" "$dir/in" >"$dir/out" 2>"$dir/err"
check 'a state that cannot be written: exit 1' test $? -eq 1
check 'with the reason' grep -q "cannot write '$dir/none/state': no such file" "$dir/err"

# What is no regular file is refused before anything is read: neither waited for nor read on and on.
refused() { # refused FILE REASON
	timeout 10 "$ENITOP" -b --state "$1" "$dir/in" >"$dir/out" 2>"$dir/err"
	test $? -eq 2 && test ! -s "$dir/out" && grep -qF "$2" "$dir/err"
}
mkfifo "$dir/fifo"
mkdir "$dir/folder"
ln -s fifo "$dir/fifo.link"
for what in "$dir/fifo" "$dir/fifo.link" "$dir/folder" /dev/zero /dev/null; do
	check "no regular file: ${what#"$dir"/}" refused "$what" "enitop: --state: '$what' is no regular file"
done
check 'they stand as they did' test -p "$dir/fifo" -a -L "$dir/fifo.link" -a -d "$dir/folder"
echo 'enitop state 1' >"$dir/large"
truncate -s 2G "$dir/large"
check 'one that is larger than any' refused "$dir/large" "cannot read the state '$dir/large': File too large"
truncate -s 1000M "$dir/large"
# A sanitizer has memory of its own.
long() { (! (ulimit -v 400000; "$ENITOP" --version) >/dev/null 2>&1 || ulimit -v 400000; refused "$dir/large" 'not written by enitop'); }
check 'a line that does not end' long
rm "$dir/large"
ln -s missing "$dir/to"
"$ENITOP" -b --state "$dir/to" "$dir/in" >"$dir/out" 2>"$dir/err"
check 'a link to what is not there yet is made' test -f "$dir/missing" -a -L "$dir/to"

# A link has the name of the part.
ln -s "$dir/other" "$dir/s.last.part"
"$ENITOP" -b --state "$dir/s" "$dir/in" >"$dir/out" 2>"$dir/err"
check 'the file in the way is named: exit 1' test $? -eq 1
check 'by its name' grep -q "cannot write '$dir/s.last.part': file already exists" "$dir/err"
check 'what it leads to is left alone' grep -q 'somebody else' "$dir/other"
done_testing
