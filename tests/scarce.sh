# Too few descriptors, too little memory, and who else writes where the state goes: a message and
# a status, never a crash, and nothing written through what others put there.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
"$GENLOG" -n 20000 >"$dir/log"

# Fine or refused with words: of every limit.
decent() { # decent STATUS: with what stands in err
	case $1 in
	0) ;;
	1 | 2) grep -q '^enitop: ' "$dir/err" ;;
	*) echo "status $1" >&2; false ;;
	esac
}
for n in 5 6 7 8 9 10 12 14 16 18 20 22 24; do
	(ulimit -n $n; exec timeout 20 "$ENITOP" -b --no-config "$dir/log") >"$dir/out" 2>"$dir/err"
	check "$n descriptors" decent $?
done
(ulimit -n 6; exec "$ENITOP" -b --no-config "$dir/log") >"$dir/out" 2>"$dir/err"
check 'six: status 2' test $? -eq 2
check 'with the reason' grep -q 'too many open files' "$dir/err"

# Sanitizers map more than there is.
if ! "$ENITOP" --help 2>&1 | grep -q . || (ulimit -v 300000; ! "$ENITOP" --version >/dev/null 2>&1); then
	echo '# address space: not limited here'
else
	for kb in 30000 60000 80000 100000 120000 140000 160000 200000 250000; do
		(ulimit -v $kb; exec timeout 20 "$ENITOP" -b --no-config "$dir/log") >"$dir/out" 2>"$dir/err"
		check "$kb KB of addresses" decent $?
	done
fi

# Closed descriptors, first thing.
"$ENITOP" -b --no-config "$dir/log" <&- >"$dir/out" 2>"$dir/err"
check 'without an input' test $? -eq 0
"$ENITOP" -b --no-config --state "$dir/closed" "$dir/log" >&- 2>"$dir/err"
check 'without an output nothing is written elsewhere' grep -q '^enitop' "$dir/closed"
"$ENITOP" -b --no-config /nonexistent <&- >&- 2>&-
check 'without any' test $? -eq 1

if [ -e /dev/full ]; then
	for o in --help --fields '--print-sql athena' --views --keys --version '--explain-filter 443'; do
		# shellcheck disable=SC2086
		"$ENITOP" $o >/dev/full 2>"$dir/err"
		check "a full device under $o" test $? -eq 1
	done
fi

# The state.
run() { "$ENITOP" -b --no-config --state "$dir/state" "$dir/log" >"$dir/out" 2>"$dir/err"; }
umask 022
run
check 'a state is for its owner' test "$(stat -c %a "$dir/state")" = 600
for part in state.part state.last.part; do
	echo keep >"$dir/victim"
	ln -sf victim "$dir/$part"
done
run
check 'a link in the place of its part: refused' test $? -eq 1
check 'said' grep -q 'state' "$dir/err"
check 'and not followed' test "$(cat "$dir/victim")" = keep
check 'nor removed' test -L "$dir/state.last.part"
rm -f "$dir/state.part" "$dir/state.last.part"
echo stale >"$dir/state.last.part"
run
check 'what a run that was killed left makes way' test $? -eq 0
check 'it is gone' test ! -e "$dir/state.last.part"
mkdir "$dir/far"
for link in there to-come; do
	rm -f "$dir/state"
	[ $link = to-come ] || cp "$dir/closed" "$dir/far/$link"
	ln -s "far/$link" "$dir/state"
	run
	check "a state that is a link ($link): stays one" test -L "$dir/state"
	check "and is followed ($link)" grep -q "$dir/log\|^enitop" "$dir/far/$link"
done
done_testing
