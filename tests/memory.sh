# What the program has resident stays within 1.2 times --memory, whatever comes and is asked:
# records each from an address of its own through a pipe, rankings of all there is to group by.
. "$srcdir/tests/tap.sh"
if nm "$ENITOP" 2>/dev/null | grep -q -e __asan_init -e __tsan_init; then
	echo '1..0 # SKIP a sanitizer has memory of its own'
	exit 0
fi
. "$srcdir/tests/tmux.sh"

resident() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }
"$GENLOG" -S -n 600000 >"$dir/scan.log" || exit 99

for mib in 32 64 256; do
	start 120 30 "(cat scan.log; sleep 100) | \$ENITOP --memory ${mib}M -t all"
	check "$mib MiB: all of it came" sees 'PIPE\|HISTORY.*source'
	pid=$(pgrep -n -f "enitop --memory ${mib}M" || :)
	keys C-g 'srcaddr,dstaddr,srcport,dstport' Enter
	check "$mib MiB: four fields" sees 'of ~\|by srcaddr'
	keys x
	sleep 1
	keys x b
	sleep 1
	keys 2 C-g 'srcaddr,dstport' Enter 3
	sleep 1
	kib=$(resident "$pid")
	echo "# $mib MiB: $kib KiB resident at most"
	check "$mib MiB: no more than a fifth above" test "${kib:-9999999}" -le $((mib * 1024 * 12 / 10))
	keys q
	sleep 0.3
	keys C-c
done
done_testing
