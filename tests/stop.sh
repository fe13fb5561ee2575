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

# A signal before all is read: what was not is said. Little fits on the way to a reader that
# stands still.
mkfifo slow
lines 0 100000 >many
"$ENITOP" --no-config --memory 16M --batch --follow -v flows -o json many >slow 2>err &
pid=$!
exec 3<slow
head -c 100 <&3 >out
kill -INT $pid
cat <&3 >>out
exec 3<&-
wait $pid
check 'a signal before all is read: exit 1' test $? -eq 1
check 'and not complete' grep -q '"complete":false' out

# The same of a report, stopped as soon as it catches the signal: there is nothing to wait for.
cat many many many many many >more.log
"$ENITOP" --no-config --batch --follow -v talkers -o json more.log >out 2>err &
pid=$!
until grep -q '^SigCgt:.*[2367abef]$' /proc/$pid/status; do :; done
kill -STOP $pid
read_so_far=$(awk '/^rchar/ { print $2 }' /proc/$pid/io)
kill -INT $pid
kill -CONT $pid
wait $pid
status=$?
if [ $((read_so_far * 4)) -lt "$(wc -c <more.log)" ]; then
	check 'a report: exit 1' test $status -eq 1
	check 'not complete' grep -q '"complete":false' out
else
	for what in 'a report: exit 1' 'not complete'; do
		echo "ok $((count += 1)) - $what # SKIP all was read before it could be stopped"
	done
fi

# The first signal lets what is there be read; a second one does not wait for that.
records_in() { until grep -q ACCEPT "$1"; do sleep 0.05; done; }
lines 0 10 >begun
"$ENITOP" --no-config --memory 16M --batch --follow -v flows -o json begun >slow 2>err &
pid=$!
exec 3<slow
cat <&3 >out &
reader=$!
records_in out
kill -STOP $reader
lines 10 100000 >>begun
kill -INT $pid
kill -TERM $pid
kill -CONT $reader
exec 3<&-
wait $pid
check 'a second one: exit 1' test $? -eq 1
wait $reader
check 'that not all is there is said' grep -q '"complete":false' out

# Files that no look has found yet stand in folders by then.
mkdir folder && lines 0 50 >folder/a.log
"$ENITOP" --no-config --batch --follow -v flows -o json folder >out 2>err &
pid=$!
records_in out
sleep 0.5
mkdir folder/new && lines 50 100 >folder/new/b.log && mv folder/a.log folder/a.log.1
lines 100 150 >folder/a.log
kill -INT $pid
wait $pid
check 'files of folders: exit status' test $? -eq 0
check 'those that came last too' whole
done_testing
