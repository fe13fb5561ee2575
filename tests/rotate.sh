# A writer under load that appends, rotates by rename and truncates, in torn pieces, while
# the stream is read: every record comes out exactly once.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'kill $pid 2>/dev/null; rm -rf "$dir"' EXIT
log=$dir/a.log
: >"$log"
"$ENITOP" -b -f -v flows -o raw "$log" >"$dir/out" 2>"$dir/err" &
pid=$!
n=0
batch() { # batch COUNT: records numbered on, in two pieces
	awk -v a="$n" -v c="$1" 'BEGIN { for (i = a; i < a + c; i++)
		printf "2 1 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 %d 1700000000 1700000060 ACCEPT OK\n", i }' >"$dir/piece"
	n=$((n + $1))
	size=$(wc -c <"$dir/piece")
	head -c $((size / 2)) "$dir/piece" >>"$log"
	tail -c +$((size / 2 + 1)) "$dir/piece" >>"$log"
}
wait_for_all() { # what a machine under load has not looked at yet may not be taken away
	for i in $(seq 1200); do [ "$(wc -l <"$dir/out")" -ge "$n" ] && break; sleep 0.1; done
}
batch 1
wait_for_all
for round in 1 2 3 4 5 6; do
	for i in 1 2 3 4 5; do batch 2000; done
	mv "$log" "$log.$round"
	batch 1000
	wait_for_all
done
# Rotated more than once between two looks: the files between stand under names of rotations. A copy of
# what was read is none of them, nor what was rotated before.
kill -STOP $pid
batch 700
cp "$log" "$log.20261124"
shift_log() { mv "$log.8" "$log.9" 2>/dev/null; mv "$log.7" "$log.8" 2>/dev/null; mv "$log" "$log.7"; }
shift_log
batch 300
shift_log
batch 400
shift_log
batch 500
kill -CONT $pid
wait_for_all
batch 100
wait_for_all
# What a copytruncate loses between two looks can't be known: here it is read first.
wait_for_all
: >"$log"
sleep 1.3
batch 3000
wait_for_all
kill -INT $pid
wait $pid
check 'SIGINT ends it with 0' test $? -eq 0
awk '{ print $10 }' "$dir/out" | sort -n >"$dir/have"
seq 0 $((n - 1)) >"$dir/want"
check "each of $n records exactly once" cmp "$dir/want" "$dir/have"
check 'without a complaint' test ! -s "$dir/err"
done_testing
