# A regex that gives up on some records: they are neither matches nor none, and said; the others
# are decided as ever.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"

# log N FILE: N records whose interface the pattern gives up on, an hour before 3,000 that it
# matches and 1,000 that it does not.
log() {
	awk -v bad="$1" 'BEGIN {
		for (i = 0; i < 60; i++)
			a = a "a"
		for (i = 0; i < bad; i++)
			printf "2 1 eni-%s%04d 10.0.0.5 10.0.1.9 49152 443 6 10 8400 1699996400 " \
				"1699996460 ACCEPT OK\n", a, i
		for (i = 0; i < 4000; i++)
			printf "2 1 eni-%06x 10.0.0.7 10.0.1.9 49152 22 6 10 8400 1700000000 " \
				"1700000060 REJECT OK\n", i + (i < 3000 ? 0 : 16777216)
	}' >"$2"
}
pattern='eni~/^eni-(a|a)+c|^eni-0/'
ask() { "$ENITOP" --batch "$@" 2>"$dir/err"; }
says() { grep -q -- "$2" "$1" || { cat "$1" >&2; false; }; }
# Flows, undecided ones, complete: of a report in JSON.
told() {
	flows='s/.*"totals":{[^}]*"flows":\([0-9]*\).*/\1/p'
	undecided='s/.*"undecided":\([0-9]*\).*/\1/p'
	complete='s/.*"complete":\([a-z]*\).*/\1/p'
	tr -d ' \n' <"$dir/out" >"$dir/flat" && echo >>"$dir/flat"
	echo "$(sed -n "$flows" "$dir/flat") $(sed -n "$undecided" "$dir/flat") $(
		sed -n "$complete" "$dir/flat")"
}
gives() { [ "$1" = "$2" ] || { echo "$1 is not $2" >&2; false; }; }

for bad in 1 49 50 51 1000; do
	log $bad "$dir/a.log"
	for where in "$pattern" '/eni-(a|a)+c|eni-0/' "$pattern and reject" "reject and not not $pattern"; do
		ask -o json -w "$where" "$dir/a.log" >"$dir/out"
		status=$?
		# What is refused is decided by that: no and can't tell is no.
		case $where in
		*reject*) want='3000 0 true' exits=0 ;;
		*) want="3000 $bad false" exits=1 ;;
		esac
		check "exit of $bad of them: $where" gives "$status" "$exits"
		check "$bad of them: $where" gives "$(told)" "$want"
	done
done

log 50 "$dir/a.log"
ask -o json -w "not $pattern" "$dir/a.log" >"$dir/out"
check 'not is no way out' gives "$(told)" '1000 50 false'
ask -o json -w "$pattern or 443" "$dir/a.log" >"$dir/out"
check 'or is' gives "$(told)" '3050 0 true'

ask -w "$pattern" "$dir/a.log" >"$dir/out"
check 'the exit status is 1' gives $? 1
check 'a table says it' says "$dir/out" '^! 50 records undecided'
ask -o csv -w "$pattern" "$dir/a.log" >"$dir/out"
check 'that of csv too' gives $? 1
check 'which has it on standard error' says "$dir/err" '50 records undecided'
ask -v flows -o json -w "$pattern" "$dir/a.log" >"$dir/out"
check 'and flows' gives "$(told)" '3000 50 false'
cat "$dir/a.log" | timeout 20 "$ENITOP" --batch --follow -v flows -w "$pattern" >"$dir/out" 2>"$dir/err"
check 'a stream ends with 1' gives $? 1
check 'and the word' says "$dir/err" '50 records undecided'

# Only those of the window count.
ask -t 15m -o json -w "$pattern" "$dir/a.log" >"$dir/out"
check 'outside the window they are nobody'"'"'s' \
	gives "$(told)" '3000 0 true'
ask --until 1699999000 -o json -w "$pattern" "$dir/a.log" >"$dir/out"
check 'and within it all there is' \
	gives "$(told)" '0 50 false'

# So many that the time is up: it ends, and says what it did not look at.
log 60000 "$dir/many.log"
timeout 100 "$ENITOP" --batch -o json -w "/eni-(a|a)+c|eni-0/" "$dir/many.log" >"$dir/out" 2>"$dir/err"
check 'time is metered' gives $? 1
check 'and all is accounted for' gives "$(told | awk '{ n = $1 + $2
	print (n >= 63000) (n <= 64000), $3 }')" '11 false'

start 120 30 '$ENITOP -t all a.log'
check 'on screen' sees '4,050 of 4,050\|4050 of 4050\|4.0k of 4.0k'
keys / "$pattern" Enter
check 'what matches' sees '3000 of 4050 flows match\|3.0k of 4.0k flows match'
check 'the bar says how many it can not tell' sees 'filter> .*undecided: 50, the regex gave up'
check 'and the first line' sees 'trust:.* 50 undecided'
keys t 15m Enter
check 'it is of the window' sees 'window 15m .*3000 of 4050\|window 15m .*3.0k of'
check 'where there are none' gone 'undecided'
keys / C-u Enter t all Enter / "not $pattern" Enter
check 'not says the same' sees 'undecided: 50'
keys 1 e C-u "$dir/x.json" Enter
check 'an export has it' sees 'wrote\|written\|rows to\|saved'
cp "$dir/x.json" "$dir/out"
check 'too' gives "$(told)" '1000 50 false'

# Behind each clause, and where nothing is known to match.
keys / C-u "$pattern and 443" Enter
check 'a pane without a match says it' sees '50 undecided: the regex gave up on them, which may match'
check 'and what is known' sees 'leaves none of\|known to match\|undecided'
keys F
check 'the clauses have them' sees '\[x\] eni~.* 3,000+50? *3,000+50? '
check 'those that they are left with, too' sees '\[x\] 443 .* 50 *0+50? '
check 'and what the sign means' sees 'in the window, ? undecided'
keys Escape q
sees '^rc='

# What stands behind the first 16 KiB of a text is not looked at, which is said where it matters.
long() { # long BEFORE: records with a tag that has a z behind so many bytes
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			a = a "a"
		for (i = 0; i < 3; i++)
			printf "eni-%sz%d 10.0.0.5 10.0.1.9 49152 443 6 10 8400 1699996400 1699996460 ACCEPT OK\n", a, i
	}'
}
{ echo instance-tag srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
	long 20000; } >"$dir/long.log"
ask -w 'instance-tag~z[0-9]$' "$dir/long.log" >"$dir/out"
check 'a long text: exit 1' gives $? 1
check 'the line' says "$dir/out" '^! 3 records undecided'
check 'and how much is seen' says "$dir/out" '^! a regex sees the first 16384 bytes of a text: some have more'
ask -o json -w 'instance-tag~z[0-9]$' "$dir/long.log" >"$dir/out"
check 'in JSON' says "$dir/out" '"regex_bytes":16384'
ask -o csv -w 'instance-tag~z[0-9]$' "$dir/long.log" >"$dir/out"
check 'and beside csv' says "$dir/err" 'a regex sees the first 16384 bytes of a text'
ask -o json -w 'instance-tag~^eni-a' "$dir/long.log" >"$dir/out"
check 'what it begins with is seen' gives $? 0
check 'and nothing is said' says "$dir/out" '"regex_bytes":null'
ask -o json -w "$pattern" "$dir/a.log" >"$dir/out"
check 'nor where it gave up for something else' says "$dir/out" '"regex_bytes":null'
start 120 30 '$ENITOP -t all -w "instance-tag~z[0-9]$" long.log'
check 'on screen, too' sees 'undecided: 3, the regex sees 16 KiB of a text'
done_testing
