# The filter bar in a real terminal: what is typed, completed, saved, switched off; drilling
# down and back.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"
XDG_CONFIG_HOME=$dir
export XDG_CONFIG_HOME
tm set-environment -g XDG_CONFIG_HOME "$dir"

# 600 records: 443 accepted, 22 refused, the older half of them UDP.
awk 'BEGIN {
	for (i = 0; i < 600; i++)
		printf "2 123456789012 eni-%d 10.0.0.%d 10.0.1.1 %d %d %d 1 %d %d %d %s OK\n", i % 3,
			i % 5 + 1, 40000 + i, i % 4 ? 443 : 22, i < 300 ? 17 : 6, 100 + i,
			1700000000 + i, 1700000000 + i, i % 4 ? "ACCEPT" : "REJECT"
}' >"$dir/a.log"
want() { awk "$1 { n++ } END { print n + 0 }" "$dir/a.log"; }
# The same counted by awk.
refused=$(want '$13 == "REJECT"')
refused_tcp=$(want '$13 == "REJECT" && $8 == 6')
# A conversation: they are alike.
one=$(want '$13 == "REJECT" && $4 == "10.0.0.1" && $8 == 6')

start 100 30 '$ENITOP -t all a.log'
check 'all of it' sees '600 of 600 flows match'

keys / 'rej' Tab
check 'Tab completes a word, and how much matches is counted as it is typed' \
	sees "filter> reject .*$refused of 600 match"
keys ' and proto=' Tab
check 'values are those of the data' sees '^ tcp 300  udp 300'
keys Tab Tab
check 'and round' sees 'filter> reject and proto=tcp'
keys Escape
check 'Esc leaves the menu first' sees 'filter> reject and proto= '
check 'with a caret under what is missing' sees '^ *^ col 18: a value is missing here'
keys Tab Enter Enter
check 'Enter takes it, Enter keeps the filter' sees "$refused_tcp of 600 flows match"

keys F
check 'each clause with what it lets through' sees "\[x\] reject *$refused *$refused "
check 'alone and with those above' sees "\[x\] proto=tcp *300 *$refused_tcp "
keys j Space
check 'one is switched off' sees "$refused of 600 flows match"
check 'and said to be' sees 'off: proto=tcp'
keys Space
check 'and on again' sees "$refused_tcp of 600 flows match"
keys k d
check 'one is removed' sees '300 of 600 flows match'
keys Escape BSpace
check 'Backspace takes it back' sees "$refused_tcp of 600 flows match"
keys BSpace
check 'and the switch before it' sees 'off: proto=tcp'
keys BSpace BSpace
check 'to the beginning' sees '600 of 600 flows match'

keys 2
check 'rejects by cause' sees 'by cause'
keys o
check 'and by conversation, who asked being known' sees '10.0.0.1 > 10.0.1.1:22'
keys Enter
check 'Enter drills to the records' sees "5 Flows"
check 'of the row' sees "^ window all  $one of 600 flows match"
keys Right Right
check 'a cell of a record' sees 'srcaddr=10.0.0..  + only  - hide'
keys Escape Enter
check 'one record in full' sees 'Record'
keys BSpace BSpace
check 'and back to where it began' sees '600 of 600 flows match'
check 'with its pane' sees '0 Findings'
keys 1 Right
check 'a cell of a row' sees 'client=10.0.0..  + only'
keys -
check 'all but it' sees 'filter> not client=10.0.0.'
keys BSpace

keys / 'proto=udp and bytes>450' Enter
check 'nothing matches: the clause that left nothing' sees 'bytes>450 leaves none of 300'
keys C-u / 'src=192.0.2.7' Enter
check 'what is nowhere is said to be' sees 'src=192.0.2.7: in none of the 600 flows'
keys C-u

keys / C-r 'bytes'
check 'search in the history' sees "search 'bytes'> proto=udp and bytes>450"
keys Escape Escape
check 'and out of it' sees '600 of 600 flows match'

# 4 is on the way to 443: nothing has that port, and the screen does not empty for it.
keys / 'dport=4'
check 'what nothing matches is not in force at once' sees 'no flow matches that so far.*in force: no filter'
check 'so that what was there stays' sees '600 of 600 flows match'
check 'until it has rested' sees ' 0 of 600 match'
keys BSpace '443'
check 'what matches is' sees "$(want '$7 == 443') of 600 match"
keys C-u 'state:reject'
check 'a mistake' sees "unknown field 'state': did you mean action"
check 'leaves nothing half typed in force' sees '600 of 600 match'
keys Escape

check 'nothing was written so far' test ! -e "$dir/enitop"
keys / 'reject and dport=22' Enter @
check 'no filter is saved' sees 'none yet'
keys a mine Enter
check 'saved by name' sees 'saved as @mine'
check 'in the file' test "$(cat "$dir/enitop/config")" = 'filter mine = reject and dport=22'
keys q q
sees '^rc=0'

printf 'theme = mono\nwindow = all\nnosuch = 1\n' >>"$dir/enitop/config"
start 100 30 '$ENITOP -w "@mine and tcp" a.log'
check 'used by name, with the settings' sees "$refused_tcp of 600 flows match"
check 'the mistake has its line' sees "config:4: unknown option 'nosuch'"
keys @
check 'and in the list' sees '@mine *reject and dport=22'
keys q
check 'q closes the list' sees 'q quit'
keys q
check 'after the screen too' sees "enitop: .*config:4: unknown option 'nosuch'"
printf 'theme = nosuch\n' >"$dir/enitop/config"
start 100 30 '$ENITOP a.log'
check 'a theme that is not there keeps nobody out' sees "no theme 'nosuch': there are"
keys q
sees '^rc=0'
start 100 30 '$ENITOP --theme nosuch a.log'
check 'asked for, it does' sees '^rc=2'
printf 'filter mine = reject and dport=22\n' >"$dir/enitop/config"
start 100 30 '$ENITOP --no-config -w @mine a.log'
check 'not without the file' sees '@mine is no saved filter'

# Doubts that have no room in the first line are counted there.
printf 'srcaddr,dstaddr,srcport,thebytes,end\n10.0.0.1,10.0.0.2,x y,5,1700000000\n' >"$dir/a.csv"
printf 'srcaddr,dstaddr,amount,end\n10.0.0.1,10.0.0.2,5,-\n' >"$dir/b.csv"
start 160 30 '$ENITOP --no-config -t all a.csv b.csv nosuch'
check 'all doubts, and how many sources leave columns open' \
	sees 'trust: 1 failed 1 unreadable 1 undated columns not understood: amount; no bytes, and 1 more source'
keys q
sees '^rc='
start 80 24 '$ENITOP --no-config -t all a.csv b.csv nosuch'
check 'and what has no room' sees 'trust: 1 failed +3'
keys 6 Down
check 'the sources say each' sees 'understood: \(thebytes\|amount\)'
done_testing
