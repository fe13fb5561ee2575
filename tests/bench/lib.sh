# lib.sh - for bench.sh: commands in turns, the best time of each, the lines of the table.
# $dir goes at the end; $small: answers are checked, no time is judged and no table printed.
failed=0

say() { printf '%s\n' "bench: $*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
calc() { awk "BEGIN { printf \"%.${2:-3}f\", $1 }"; }

# ---- runs ----

run() { # run NAME COMMAND...: what it says to $dir/NAME.out, its time to NAME.times
	label=$1
	shift
	"$tests/bench/timed" "$dir/$label.times" "$@" >"$dir/$label.out" 2>"$dir/$label.err" </dev/null && return
	failed=1
	say "$label failed:"
	tail -3 "$dir/$label.err" >&2
}

top() { # top NAME INPUT...: the question of row 1
	label=$1
	shift
	run "$label" "$ENITOP" --batch --group srcaddr --metric bytes --limit 10 \
		--output csv --memory 2G "$@"
}

best() { sort -n "$dir/$1.times" 2>/dev/null | awk 'NR == 1 { print $1 }'; }

drive() { # drive NAME OPTION...: the program in a terminal, by the script on standard input
	label=$1
	shift
	"$tests/bench/drive" "$ENITOP" --memory 2G -t all "$@" >>"$dir/$label.got" 2>"$dir/$label.err" && return
	failed=1
	say "$label failed:"
	cat "$dir/$label.err" >&2
	return 1
}

figures() { awk -v n="$2" '$1 == n { gsub(",", "", $2); print $2 }' "$dir/$1.got" 2>/dev/null; }
least() { figures "$1" "$2" | sort -n | head -1; }

# ---- answers ----

# The answer of a report in csv, as the rivals give it: ADDRESS,BYTES lines.
answer() { tail -n +2 "$dir/$1.out" | cut -d, -f1,2 >"$dir/$1.top"; }

if [ "$small" ]; then
	. "$srcdir/tests/tap.sh"
else
	check() { # check NAME COMMAND...: silent where it holds
		name=$1
		shift
		"$@" && return
		failed=1
		say "wrong: $name"
	}
fi
same() { check "$1" cmp "$2" "$3"; }

# ---- the table ----

line() {
	[ "$small" ] || printf '| %-2s | %-58s | %14s | %-20s | %9s | %8s | %7s | %-7s |\n' "$@"
}

heading() {
	line '#' 'the same work' enitop rival figure 'at most' aim verdict
	[ "$small" ] || echo '|---|---|--:|---|--:|--:|--:|---|'
}

row() { # row ID WORK ENITOP RIVAL FIGURE UNIT MOST AIM [AIM'S NAME]: FIGURE empty is absent
	verdict=absent
	if [ "$5" ]; then
		verdict=$(awk -v f="$5" -v m="$7" -v a="$8" \
			'BEGIN { print f + 0 <= a + 0 ? "aim met" : f + 0 <= m + 0 ? "ok" : "MISSED" }')
		[ "$small" ] || [ "$verdict" != MISSED ] || failed=1
	fi
	line "$1" "$2" "${3:--}" "${4:--}" "${5:--}${5:+ $6}" "$7 $6" "${9:-$8 $6}" "$verdict"
}

seconds() { if [ "$1" ]; then echo "$(calc "$1" 2) s"; else echo absent; fi; }

# ratio ID WORK OURS THEIRS' NAME THEIRS MOST AIM: of the best times of two names
ratio() {
	[ "$small" ] && return
	ours=$(best "$3") theirs=$(best "$5")
	row "$1" "$2" "$(calc "$ours" 2) s" "$4 $(seconds "$theirs")" \
		"${theirs:+$(calc "$ours / ${theirs:-1}" 2)}" x "$6" "$7"
}
