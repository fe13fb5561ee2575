# The manual: it has what the tables have, troff takes it, and it is installed.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
build=$(dirname "$ENITOP")
page=$build/tui/man/enitop.1
filter=$build/tui/man/enitop-filter.5
enitop() { timeout 60 "$ENITOP" --no-config "$@"; }

# What a page shows, on endless lines; overstrikes are its bold face.
read_page() {
	if command -v mandoc >/dev/null; then mandoc -T utf8 -O width=900 "$1"
	else MANWIDTH=2000 man -E UTF-8 -l "$1"
	fi 2>"$dir/err" | sed 's/.\x08//g; s/\xc2\xa0/ /g'
}
# has PAGE: each line of standard input stands in it; prints those that do not.
has() {
	while IFS= read -r line; do
		grep -qF -- "$line" "$1" || printf '%s; ' "$line"
	done
}
for each in "$page" "$filter"; do
	it=$(basename "$each")
	read_page "$each" | sed 's/   */ /g' >"$dir/$it"
	check "$it is there" test -s "$each"
	check "$it: every part was printed" test -z "$(grep -E '^@|@VERSION@' "$each")"
	if command -v mandoc >/dev/null; then
		check "$it: mandoc finds nothing" test -z "$(mandoc -T lint -W warning "$each")"
	fi
	if command -v man >/dev/null && command -v troff >/dev/null; then
		man --warnings -E UTF-8 -l "$each" >/dev/null 2>"$dir/err"
		check "$it: nor troff" test ! -s "$dir/err"
	fi
done

enitop --help all >"$dir/all"
# Without a reader of such pages there is no more to be seen.
if [ -s "$dir/enitop.1" ]; then
	missing=$(sed -n 's/^\t{ "\([a-z-]*\)", .*/--\1/p' "$srcdir/tui/cli/option_rows.c" | has "$dir/enitop.1")
	check "every option $missing" test -z "$missing"
	sed -n '/^  \(-.,\|   \) --/!d; s/^  \(-., \)\? *\(--[a-z-]*\).*/\2/p' "$dir/all" >"$dir/helped"
	check 'as --help all has them' test "$(wc -l <"$dir/helped")" -gt 60 -a -z "$(has "$dir/enitop.1" <"$dir/helped")"
	missing=$(enitop --views | has "$dir/enitop.1")
	check "every view $missing" test -z "$missing"
	missing=$(enitop --keys | cut -c20- | has "$dir/enitop.1")
	check "what every key does $missing" test -z "$missing"
	missing=$(for theme in "$srcdir"/themes/*.theme; do basename "$theme" .theme; done | has "$dir/enitop.1")
	check "every theme $missing" test -z "$missing"
	missing=$(enitop --rules | sed 's/^  *\([a-z_.]*\)  *\([^ ]*\)  *\(.*\)/\1 (\2)/; s/  .*//' | has "$dir/enitop.1")
	check "every rule, and its limits $missing" test -z "$missing"
	missing=$(awk -F'"' '/^\tX\([A-Z0-9_]*, *"/ { print $2 }' "$srcdir/core/schema/field.h" | has "$dir/enitop-filter.5")
	check "every field $missing" test -z "$missing"
	missing=$(enitop --fields | sed -n 's/.*; also //p' | has "$dir/enitop-filter.5")
	check "its short names $missing" test -z "$missing"
	# By the text of the table: examples and what they mean are strings of C.
	missing=$(sed -n '/define FILTER_HELP/,$s/^[^"]*"\(.*\)", *[01\\].*$/\1/p' "$srcdir/core/filter/filter_help.h" |
		sed 's/\\"/"/g; s/\\\\/\\/g; s/   */ /g' | has "$dir/enitop-filter.5")
	check "every form of the filter $missing" test -z "$missing"
fi

# ---- README ----
readme=$srcdir/README.md
check 'README is of one sitting' test "$(wc -l <"$readme")" -le 150
missing=$(grep -o '](\([^)]*\))' "$readme" "$srcdir/core/README.md" "$srcdir/tests/bench/README.md" |
	sed 's/^\(.*\):](\(.*\))$/\1 \2/' | while read -r file link; do
	[ -e "$(dirname "$file")/$link" ] || echo "$link"
done)
check "what it points to is there $missing" test -z "$missing"
missing=$(cat "$readme" "$srcdir"/tui/man/*.in | sed 's/\\-/-/g' | grep -oE '(^|[^-a-z])--[a-z][a-z0-9-]+' |
	sed 's/^[^-]*//' | sort -u | while read -r option; do
	grep -qe "^  \(-.,\|   \) $option\b" "$dir/all" || echo "$option"
done | tr '\n' ' ')
# Those of aws, make, configure, and of ours together with a word behind the dash.
check "every option that prose names is one: $missing" test -z "$(echo "$missing" |
	sed 's/--\(format\|log-format\|follow\|recursive\) //g')"

# What is shown to be typed: a line of enitop's own, or behind a pipe, over a log at hand.
"$GENLOG" -n 2000 >"$dir/log"
echo '{"prefixes":[]}' >"$dir/ranges"
echo '10.109.85.94 app1
10.109.131.99 db1' >"$dir/names"
{
	sed -n '/^```$/,/^```$/p' "$readme"
	sed 's/\\-/-/g; s/\\(aq/'"'"'/g' "$srcdir"/tui/man/*.in
} | sed -e :a -e '/\\e\?$/N; s/\\e\?\n *//; ta' | grep -E '^(\$ )?enitop [^ ]*[^- ]|\| enitop' |
	sed 's/^\$ //; s/^.*| enitop/enitop/; s/ --mmdb [^ ]*//g; s/ip-ranges.json/ranges/; s/enis.json\|names.txt/names/g
	s,/[a-z/-]*/\(flow-logs/\|flows/\|vpc-flow.log\),log,; s/[a-z]*\.log\.gz/log/' >"$dir/typed"
check 'there are some' test "$(wc -l <"$dir/typed")" -gt 15
refused=$(cd "$dir" && while IFS= read -r command; do
	case $command in *--demo*) continue ;; esac
	# As it stands there; what it reads from standard input is the log.
	eval "$command" <log >out 2>err
	[ $? -ne 2 ] || printf '%s: %s; ' "$command" "$(head -n 1 err)"
done <typed)
check "each is taken $refused" test -z "$refused"

# ---- installed ----
# Whoever may not write to /usr installs below a folder of their own.
(cd "$build" && MAKEFLAGS='' MAKELEVEL='' make -s install prefix="$dir/home") >"$dir/out" 2>&1
check 'make install prefix=... is enough' test -x "$dir/home/bin/enitop"
installed=$(cd "$dir/home" && find . -type f | LC_ALL=C sort | tr '\n' ' ')
check "all of it is there: $installed" test "$installed" = "./bin/enitop \
./share/bash-completion/completions/enitop ./share/fish/vendor_completions.d/enitop.fish \
./share/man/man1/enitop.1 ./share/man/man5/enitop-filter.5 ./share/zsh/site-functions/_enitop "
for shell in bash zsh fish; do
	file=$(find "$dir/home/share" -path "*$shell*" -type f)
	enitop --generate $shell | cmp -s - "$file"
	check "completion of $shell is of this program" test $? -eq 0
done
done_testing
