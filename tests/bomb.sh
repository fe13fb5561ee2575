# A little that unpacks to very much: read in bounded memory, with a word about it, and
# stopped when told to. BOMB_MIB: what comes of those that are read to their end.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

# bomb MIB: what stands on standard input, a MiB, so many times, packed three deep.
bomb() {
	gzip -9 -c >"$dir/mib.gz"
	yes "$dir/mib.gz" | head -"$1" | xargs cat | gzip -9 -c | gzip -9 -c
}
line='2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 ACCEPT OK'
mib() { yes "$1" | tr -d "$2" | head -c 1048576; }

mib 0 '\n' | tr 0 '\0' | bomb "${BOMB_MIB:-1024}" >"$dir/zeros"
mib a '\n' | bomb "${BOMB_MIB:-1024}" >"$dir/line"
mib a '\n' | bomb 10240 >"$dir/long"
mib "$line" '' | bomb 10240 >"$dir/flows"
gzip -dc <"$dir/flows" | gzip -9 -c | gzip -9 -c | gzip -9 -c >"$dir/deep"
check 'they are small' sh -c 'test "$(cat "$1"/zeros "$1"/long "$1"/flows | wc -c)" -lt 100000' sh "$dir"

within() { # within KIB FILE: its report, in so much address space
	(ulimit -c 0 && ulimit -v "$1" && exec "$ENITOP" -b -o csv "$2" >"$dir/out" 2>"$dir/err")
}
# What one line takes, by the number of threads, and no more than that again. A sanitizer
# wants all the address space there is.
echo "$line" >"$dir/one"
for kib in 100000 150000 200000 300000 400000 600000 800000 1200000 0; do
	within $kib "$dir/one" && break
done 2>/dev/null
bounded() { within $((2 * kib)) "$1"; }
if [ $kib -gt 0 ]; then
	bounded "$dir/zeros"
	check 'zeros: said so, exit 1' test $? -eq 1
	check 'by name' grep -q 'nothing but NUL bytes' "$dir/err"
	bounded "$dir/line"
	check 'one line without end holds no record: exit 1' test $? -eq 1
	"$ENITOP" -b -o json "$dir/line" >"$dir/json"
	check 'one malformed line' grep -q '"malformed": *1[^0-9]' "$dir/json"
	bounded "$dir/deep"
	check 'too deep: exit 1' test $? -eq 1
	check 'said so' grep -q 'packed more than three times' "$dir/err"
else
	echo "ok $((count += 1)) - bounded memory # SKIP not under sanitizers"
fi

# Ten GiB: stopped in the middle, as a report and as a stream.
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }
# Processor time in ms: of a process, and of all children that ended. A machine that is busy with
# others takes none of it.
used() { awk -v hz="$(getconf CLK_TCK)" '{ print int(($14 + $15) * 1000 / hz) }' "/proc/$1/stat"; }
ended() { # sets $ended: times counts the children of this shell, not of a $(...)
	times >"$dir/times"
	ended=$(awk 'NR == 2 { gsub("[ms]", " ")
		print int(($1 * 60 + $2 + $3 * 60 + $4) * 1000) }' "$dir/times")
}
# A second of the program that people have; a sanitizer takes it some five times as long.
soon=$((kib > 0 ? 1000 : 5000))
interrupt() { # interrupt WHAT FILE OPTION...
	what=$1
	shift
	"$ENITOP" -b "$@" >/dev/null 2>"$dir/err" &
	pid=$!
	sleep 1
	kib=$(peak $pid)
	ended
	begin=$((ended + $(used $pid)))
	kill -TERM $pid # a shell lets what it puts into the background ignore SIGINT
	wait $pid 2>/dev/null
	ended
	ms=$((ended - begin))
	echo "# $what: $kib KiB after a second, worked on for $ms ms"
	check "$what: interrupted within a second" test "$ms" -lt $soon
	check "$what: in bounded memory" test "${kib:-9999999}" -lt 600000
}
interrupt 'a report' "$dir/flows"
interrupt 'a stream' -f -v flows -o raw "$dir/flows"
interrupt 'a line' -f -v flows -o raw "$dir/long"
done_testing
