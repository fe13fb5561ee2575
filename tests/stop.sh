# A report that follows ends on a signal: what stands in a file that took the name of a rotated
# one by then is in it, though its reader still waits for the old one's writer.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

lines() { # lines FROM TO
	awk -v i="$1" -v to="$2" 'BEGIN { for (; i < to; i++) printf "2 123456789012 eni-0a1b2c3d4e5f60718 203.0.113.%d 10.0.1.5 %d 22 6 1 40 %d %d ACCEPT OK\n", i % 250 + 1, 10000 + i, 1795514400 + i, 1795514460 + i }'
}
follows() { # follows VIEW OUTPUT [SIGNAL]: rotated twice under it, each file of 50 lines
	lines 0 50 >log
	"$ENITOP" --no-config --batch --follow -v "$1" -o "$2" log >out 2>err &
	pid=$!
	sleep 2
	mv log log.2 && lines 50 100 >log
	sleep 2
	mv log log.1 && lines 100 150 >log
	kill -"${3-INT}" $pid
	wait $pid
}
whole() { grep -q '"complete":true' out && grep -q '"totals":{[^}]*"flows":150,' out; }
check 'exit status' follows talkers json
check 'every record of the files that took its name' whole
check 'QUIT ends like TERM' follows talkers json QUIT
check 'with every record' whole
check 'exit status of a stream' follows flows csv
check 'its records' test "$(grep -c ACCEPT out)" = 150
done_testing
