# The program in a real terminal: tmux is the terminal, capture-pane the eye.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"
"$GENLOG" -n 20000 -r 20 >"$dir/a.log"

start 120 40 '$ENITOP --demo'
check 'the demo fills the screen' sees '1 Talkers (.*2 Rejects'
check 'it is live' sees 'enitop  LIVE'
check 'with what is wrong, no key pressed' sees '!! reach .* > orders-db 10.20.32.10:5'
keys Down Down Down Enter
check 'Enter says why it is one' sees 'how it can be wrong'
keys r
check 'r asks why' sees 'WHY  any client  >  orders-db 10.20.32.10 : 5432'
keys q q
check 'back to all of them' sees '0 Findings (.*worst first'
keys /
keys 'reject and dport=5432'
check 'the filter is live and says how it reads' sees 'reads: action=REJECT and dstport=5432'
keys ' and dprt=1'
check 'an error has its column and a hint' sees "col 27: unknown field 'dprt': did you mean dport"
keys Escape
check 'Esc puts it back' sees '/ to filter'
tm resize-window -t t -x 80 -y 24
check '80x24' sees '2 Rejects'
tm resize-window -t t -x 40 -y 10
check '40x10 is one pane' sees '0 Findings'
tm resize-window -t t -x 15 -y 3
tm resize-window -t t -x 120 -y 40
check 'and back' sees '2 Rejects'
keys Space
check 'pause says so' sees 'PAUSED at .* flows came since'
keys Space
check 'and goes on' sees 'enitop  LIVE'
keys '?'
check 'help' sees 'freeze; reading goes on'
keys '?' 5
check 'flows' sees '5 Flows newest'
keys Space # or places would change with what comes
check 'flows are frozen' sees 'PAUSED at'
keys c
check 'the chooser of columns' sees '\[x\] dstport'
keys Down Down Space Down Down '>' Enter
check 'a column less' sees 'time Z *.action *source'
keys S
check 'sorted the other way round' sees 'Flows oldest first: 1 of'
keys s
check 'sorted by the next column' sees 'Flows by action, a to z: 1 of'
keys j j Enter
check 'one record explained' sees 'client  *[0-9a-f.:]* port'
check 'it has its place' sees 'Record 3 of'
keys n
check 'the next record' sees 'Record 4 of'
tm resize-window -t t -x 40 -y 10
check 'a record at 40x10' sees 'more: Down'
keys G
check 'down to the line as delivered' sees 'ingress\|egress'
tm resize-window -t t -x 120 -y 40
keys BSpace c r Enter s
check 'back in the list, with the usual columns' sees 'source .*dport.*flags'
keys S
check 'the other way round again' sees 'Flows by .*z to a: 1 of\|Flows by .*first: 1 of'
keys Space
sees 'enitop  LIVE'
keys C-z
check 'suspended' sees 'Stopped'
check 'with the terminal as it was' cooked
keys 'clear; fg; echo "rc=$?"' Enter
check 'fg brings it back' sees '5 Flows '
keys q
check 'q leaves' sees '^rc=[0-9]'
check 'the terminal is as it was' cooked

for signal in TERM HUP INT QUIT SEGV SYS TRAP XCPU ALRM USR1 USR2; do
	start 80 24 '$ENITOP --demo'
	sees '1 Talkers' || :
	kill -$signal "$(child)"
	check "SIG$signal: it ends" sees '^rc=[0-9]'
	check "SIG$signal: the terminal is as it was" cooked
done

start 80 24 'cat a.log | $ENITOP -t all'
check 'standard input is data, keys come from the terminal' sees ' of 20k flows match'
keys /
keys '443'
keys Enter
check 'keys work' sees 'reads: port=443'
keys q
check 'what came through a pipe is asked for' sees "standard input can't be read again"
keys q
check 'and it ends' sees '^rc=0'

start 80 24 '$ENITOP -t all a.log'
check 'a file' sees ' of 20k flows match'
head -1000 "$dir/a.log" >>"$dir/a.log.tail" && cat "$dir/a.log.tail" >>"$dir/a.log"
check 'what is appended comes' sees ' of 21k flows match'
keys q
sees '^rc=0'

# An idle program says nothing and sleeps.
start 80 24 '$ENITOP -t all a.log'
sees ' of 21k flows match'
sleep 1.5
child=$(child)
switches() { cat /proc/"$child"/task/"$child"/status | awk '/^voluntary/ { print $2 }'; }
wrote() { awk '/^wchar/ { print $2 }' /proc/"$child"/io; }
s=$(switches) w=$(wrote)
sleep 5
s=$(($(switches) - s)) w=$(($(wrote) - w))
echo "# idle: $s wake-ups of the loop in 5 s, $w bytes written" >&2
check 'idle: no more than 2 wake-ups a second' test "$s" -le 11
check 'idle: no output' test "$w" -le 64
keys q
sees '^rc=0'

start 80 24 'printf "2 1 eni-\033]0;evil\007\033[31m 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n" | $ENITOP -t all -g interface-id'
check 'log bytes are sanitised' sees 'eni-.]0;evil..\[31m'
keys C-c
sees '^rc=[0-9]'
mkdir "$dir/in" && cp "$dir/a.log" "$dir/in/" && echo elsewhere >"$dir/out.log" && ln -s ../out.log "$dir/in/link"
start 100 30 '$ENITOP -t all in'
check 'a link that leads out of a folder is said' sees 'trust: 1 link leads out'
keys 6
check 'with what to do in the pane of sources' sees '1 link leads out: --follow-links'
keys q
sees '^rc=1'
start 80 24 'TERM=nosuch $ENITOP --demo'
check 'an unknown terminal is a message' sees "cannot use terminal 'nosuch'"
start 80 24 'TERM=dumb $ENITOP --demo'
check 'so is one that draws no screen' sees "cannot use terminal 'dumb'"
start 80 24 'TERM=xterm-nosuch $ENITOP --demo'
check 'one like xterm is taken for it' sees 'TERM=xterm-nosuch is not known here: taken for xterm'
check 'and has its panes' sees 'Talkers'
keys q
sees '^rc=0'
for name in ansi vt100 xterm linux; do
	start 80 24 "TERM=$name \$ENITOP --demo"
	check "$name has a footer" sees 'q  *quit'
	keys q
	sees '^rc=0'
done
done_testing
