#!/bin/sh
# The demo's own table of what is hidden in it, held against what is found: each incident in the report
# and on the first screen, no decoy, nothing else of weight; whatever the hour it is started at.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"
tab=$(printf '\t')
"$GENLOG" -T >"$dir/truth"

found() { # found TIME: of the demo's hour before it, a finding a line
	"$ENITOP" --no-config --demo --batch --now "$1" --view findings -o ndjson </dev/null >"$dir/found" 2>"$dir/err" &&
		[ ! -s "$dir/err" ]
}
of() { grep "\"rule\":\"$1\"" "$dir/found"; }
subjects() { sed -n 's/.*"subject":\({[^}]*}\).*/\1/p'; }
# Those that are to be found of the party, at least as bad as they should be.
incidents() { awk -F "$tab" '$2 == "incident"' "$dir/truth"; }
decoys() { awk -F "$tab" '$2 == "decoy"' "$dir/truth"; }

each_is_found() { # each_is_found TIME
	begin=$(($(date -d "$1" +%s) - 3600))
	incidents | while IFS=$tab read -r rule _ from to party _; do
		of "$rule" | grep -wF -- "$party" | head -1 >"$dir/one"
		subjects <"$dir/one" | grep -qwF -- "$party" || echo "$rule of $party: none"
		since=$(date -d "$(sed 's/.*"since":"\([^"]*\)".*/\1/' "$dir/one")" +%s)
		[ "$since" -ge $((begin + from * 60 - 360)) ] && [ "$since" -le $((begin + to * 60)) ] ||
			echo "$rule of $party: since $((since - begin)) s"
	done >"$dir/wrong"
	sed 's/^/# /' "$dir/wrong"
	[ ! -s "$dir/wrong" ]
}
no_decoy() {
	decoys | while IFS=$tab read -r rule _ _ _ party _; do
		of "$rule" | grep -wF -- "$party"
	done >"$dir/wrong"
	sed 's/^/# /' "$dir/wrong"
	[ ! -s "$dir/wrong" ]
}
# Each warning and page is one of them, and of each there is one.
nothing_else() {
	grep -c '"severity":"\(warn\|page\)"' "$dir/found" >"$dir/n"
	grep '"severity":"info"' "$dir/found" | grep -v '"rule":"\(exposure\|nat_waste\)"' >"$dir/wrong"
	sed 's/^/# /' "$dir/wrong"
	[ ! -s "$dir/wrong" ] && [ "$(cat "$dir/n")" -eq "$(incidents | grep -vc '^nat_waste')" ]
}
each_rule_has_both() {
	"$ENITOP" --no-config --demo --batch --view findings -o json </dev/null |
		sed 's/.*"rules":\[\([^]]*\)\].*/\1/' | tr -d '"' | tr , '\n' | sort >"$dir/rules"
	[ "$(wc -l <"$dir/rules")" -ge 14 ] &&
		incidents | cut -f1 | sort | cmp -s - "$dir/rules" &&
		decoys | cut -f1 | sort | cmp -s - "$dir/rules"
}

check 'each rule has an incident and a decoy' each_rule_has_both
for now in 2026-03-01T00:00:00Z 2025-07-09T16:47:31Z; do
	check "the report of $now" found "$now"
	check 'each incident is found, of whom it is, and when it was' each_is_found "$now"
	check 'no decoy is' no_decoy
	check 'nothing else of weight is' nothing_else
done

of_two() { of blackhole | grep -q '"what":"app-[0-9]* [0-9.]* +3 clients > 2 of the internet '; }
check 'destinations are counted, not pairs' of_two

quiet() {
	"$GENLOG" -q -5 -H -n 150000 >"$dir/quiet.log"
	[ "$("$ENITOP" --no-config --batch --view findings -o ndjson "$dir/quiet.log" | grep -vc '"severity":"info"')" -eq 0 ]
}
check 'without incidents there is none' quiet

# README.md shows its first screen: that the picture is of today, to the cell, is for test_picture.
picture() {
	incidents | cut -f1 | while read -r rule; do
		grep -q ">$rule<" "$srcdir/tests/screen.svg" || echo "$rule"
	done >"$dir/wrong"
	sed 's/^/# not in the picture: /' "$dir/wrong"
	[ ! -s "$dir/wrong" ] && grep -qF '](tests/screen.svg)' "$srcdir/README.md"
}
check 'the picture of README.md shows each' picture

on_screen() {
	incidents | cut -f1 | while read -r rule; do
		sees "│ [!i].  *$rule " 2>/dev/null || echo "$rule"
	done >"$dir/wrong"
	sed 's/^/# not in sight: /' "$dir/wrong"
	[ ! -s "$dir/wrong" ]
}
start 120 40 '$ENITOP --no-config --demo'
check 'the first screen shows each, no key pressed' on_screen
check 'with names' sees 'reach .*> orders-db'
keys Enter
check 'Enter says why' sees 'how it can be wrong'
keys q q
start 80 24 '$ENITOP --no-config --demo'
check 'where not all have room, the rules of the rest are named' sees ' page .*below:.* data'
keys z
check 'and one key shows them' on_screen
done_testing
