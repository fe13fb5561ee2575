# What a hostile log, or a name, can send to a terminal, by every output: nothing that it would
# obey. Files and pipes get what was delivered.
. "$srcdir/tests/tap.sh"
if ! command -v script >/dev/null; then
	echo '1..0 # SKIP no script(1), which has a terminal'
	exit 0
fi
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

# An interface a byte; then the sign of control of eight bits as UTF-8 has it, marks of
# direction, characters without width; and a line that is no record.
LC_ALL=C awk 'BEGIN {
	print "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes" \
		" start end action log-status"
	for (i = 1; i < 256; i++) if (i != 9 && i != 10 && i != 13 && i != 32) line(sprintf("x%c[31m", i));
	line("c1\302\2330m"); line("bidi\342\200\256"); line("zero\342\200\213"); line("bom\357\273\277")
	line("tag\363\240\201\201"); line("plain-\303\251")
	print "no record \033]0;owned\007 \302\233 \342\200\256"
}
function line(id) {
	print "2 123456789012 " id " 10.0.0.1 10.0.0.2 1 443 6 1 100 1700000000 1700000060 ACCEPT OK"
}' >log

on_terminal() { # on_terminal ARGUMENT...: what a terminal gets, to $dir/out
	printf '%s\n' '#!/bin/sh' "exec \"$ENITOP\" --no-config \"\$@\"" >run
	chmod +x run
	command=./run
	for word in "$@"; do command="$command '$word'"; done
	script -qefc "$command" /dev/null </dev/null >raw 2>&1
	status=$?
	tr -d '\r' <raw >out # the terminal's own, at the ends of lines
	return $status
}
# No sign of control but the ends of lines, in ASCII, eight bits or UTF-8; no mark of direction,
# and nothing without width.
harmless() {
	LC_ALL=C tr -d '\012' <out | LC_ALL=C grep -q '[[:cntrl:]]' && return 1
	LC_ALL=C awk '/\302[\200-\237]/ || /\342\200[\213-\217\250-\256]/ || /\357\273\277/ ||
		/\363\240\201/ { bad = 1 } END { exit bad }' out && iconv -f UTF-8 -t UTF-8 out >/dev/null
}

for output in table csv json ndjson raw ocsf; do
	on_terminal -b -v flows -o $output log
	check "$output of flows" harmless
done
check 'which has them, though' grep -q 'plain-' out
on_terminal -b -v flows -o raw log
check 'raw has them as \xNN' grep -q 'x\\x1b\[31m' out
check 'bytes of one character each' grep -q 'bidi\\xe2\\x80\\xae' out
check 'and é as it is' grep -q 'plain-é' out
for output in table csv json ndjson; do
	on_terminal -b -g interface-id -n 0 -o $output log
	check "$output of groups" harmless
	on_terminal -b -v sources -o $output log
	check "$output of sources, with the malformed line" harmless
done

evil=$(printf 'no\033]0;owned\007\302\233\342\200\256')
on_terminal -b "$evil"
check 'a name that is not there' harmless
check 'is said' grep -q 'no\\x1b\]0;owned' out
on_terminal -b "--$evil"
check 'an option that is none' harmless
check 'is said as well' grep -q 'no\\x1b' out
on_terminal -b -g "$evil"
check 'a field that is none' harmless
on_terminal -b -w "src=$evil"
check 'a filter that is wrong' harmless
on_terminal --explain-filter "/$evil"
check 'a filter, explained' harmless
on_terminal --print-sql athena -w "interface-id=$evil"
check 'a statement' harmless
on_terminal -b -w "$evil" log
check 'words that are found nowhere' harmless
on_terminal --help
check 'the help' harmless

"$ENITOP" -b -v flows -o raw log >raw 2>/dev/null
sed 1d log | grep -av '^no record' | LC_ALL=C sort >want
LC_ALL=C sort raw | cmp -s - want
check 'a pipe gets raw lines byte for byte' test $? -eq 0
"$ENITOP" -b -v flows -o json log >json 2>/dev/null
check 'JSON has 7F to 9F and format characters escaped, wherever it goes' \
	test "$(LC_ALL=C tr -d '\012' <json | LC_ALL=C grep -c '[[:cntrl:]]')" -eq 0
check 'as their numbers' grep -q 'bidi\\u202e' json
done_testing
