#!/bin/sh
# Includes point one way: what each room of core/ and tui/ may include of the project, and who
# may know libuv and curses. A new room gets a row here; a new file none.
status=0
fail() { echo "layering: $*" >&2; status=1; }

# room: rooms that it may include, besides itself
core='base schema store labels decode unwrap parquet filter query live triage input monitor output engine'
rows="
base:
schema: base
store: base schema
labels: base schema store
decode: base schema store labels
unwrap: base schema
parquet: base schema store decode unwrap
filter: base schema store labels
query: base schema store labels decode filter
live: base schema store labels decode filter query
triage: base schema store labels decode filter query live
input: base schema store decode unwrap parquet
monitor: base schema store labels decode input
output: base schema store labels filter query triage input monitor
engine: base schema store labels filter query triage input monitor output
term: base
cli: $core term
state: $core term cli
view: $core term cli state
app: $core term cli state view
main.c: base cli view app
"
for file in "$srcdir"/core/*/*.[ch] "$srcdir"/tui/main.c "$srcdir"/tui/*/*.[ch]; do
	place=${file#"$srcdir"/*/}
	room=${place%%/*}
	row=$(echo "$rows" | grep "^$room:") || { fail "room $room has no row in tests/layering.sh"; continue; }
	for header in $(sed -n 's/^#include "\(.*\)"$/\1/p' "$file"); do
		case " ${row#*:} $room " in
		*" ${header%%/*} "*) ;;
		*) fail "$place includes $header" ;;
		esac
	done
	if grep -qE '#include <(n?curses|ncursesw/.*|term)\.h>' "$file" && [ "$room" != term ]; then
		fail "$place includes curses"
	fi
	if grep -q '#include <uv\.h>' "$file"; then
		case $place in
		base/crew.*|base/job.*|query/fold.*|engine/*|input/*|monitor/*|term/*|cli/*|app/*|main.c) ;;
		*) fail "$place includes uv.h" ;;
		esac
	fi
done
# A file is found by its name alone, whatever its room: grep, gdb, `git log --follow`.
twice=$(find "$srcdir"/core "$srcdir"/tui -name '*.[ch]' | sed 's,.*/,,' | sort | uniq -d)
[ -z "$twice" ] || fail "in two rooms: $twice"

# A tag means one thing, whatever file it stands in.
tags=$(cat "$srcdir"/core/*/*.[ch] "$srcdir"/tui/*/*.[ch] |
	sed -nE 's/^(static )?(const )?(struct|enum|union) ([a-z_0-9]+) \{.*/\3 \4/p' | sort | uniq -d)
[ -z "$tags" ] || fail "defined twice: $tags: $(echo "$tags" | while read -r tag; do
	grep -lE "^[a-z ]*$tag \{" "$srcdir"/core/*/*.[ch] "$srcdir"/tui/*/*.[ch]; done | tr '\n' ' ')"

if "${NM:-nm}" -u libcore.a 2>/dev/null | grep -wE 'initscr|newterm|w?refresh|w?addn?str|endwin'; then
	fail 'libcore.a needs curses'
fi
[ $status -eq 0 ] && echo 'ok 1 - includes point one way' || echo 'not ok 1 - includes point one way'
echo 1..1
exit $status
