#!/bin/sh
# Incidents with their truth, of ../shared/scenarios: what `--why` says of each, by three formats of
# the same hour. Where the folder or Python is not there nothing is tested, which is said.
. "$srcdir/tests/tap.sh"
shared=$srcdir/../shared
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
if ! test -d "$shared/scenarios"; then
	echo "1..0 # SKIP no scenarios at $shared/scenarios"
	exit 0
fi
if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP no python3"
	exit 0
fi
mkdir "$dir/bin" && ln -s "$(realpath "$ENITOP")" "$dir/bin/enitop" || exit 99
PATH=$dir/bin:$PATH

# The last line: "17 of 17 verdicts right, 0 forbidden, 0 overclaimed; ...".
judge() {
	python3 "$shared/scenarios/judge.py" "$shared/scenarios" --level "$1" --findings true \
		>"$dir/said" 2>&1
	grep -v 'missed' "$dir/said" | sed 's/^/# /'
	awk 'END { exit !($1 >= 0.95 * $3 && $3 > 0 && $6 == 0 && $8 == 0) }' "$dir/said"
}

for level in v2 v2_enis v5; do
	check "why, by the columns of $level" judge "$level"
done
check "a plain twin says the same" python3 "$srcdir/tests/why_twin.py" "$ENITOP" "$shared"

for level in v2 v5; do
	check "who asked, by the columns of $level" python3 "$srcdir/tests/sides.py" "$ENITOP" "$shared" "$level"
done

v2=$shared/scenarios/s01/flow.v2.log.gz
why() { enitop --no-config --why '10.109.85.94 10.109.131.99:1433' "$@"; }

shuffled() {
	zcat "$v2" | awk '{ print (NR * 7919) % 10007, $0 }' | sort -n | cut -d ' ' -f 2- >"$dir/shuffled"
	why -o json "$v2" >"$dir/a" && why -o json "$dir/shuffled" >"$dir/b" && cmp "$dir/a" "$dir/b"
}
check "the order of lines is nothing to it" shuffled
halves() {
	mkdir "$dir/folder" && zcat "$v2" >"$dir/all" &&
		awk -v dir="$dir/folder" '{ print >(dir "/" (NR % 2) ".log") }' "$dir/all"
	why -o json "$dir/folder" >"$dir/b" && cmp "$dir/a" "$dir/b"
}
check "nor in how many files they are" halves
page() {
	why --names "$shared/scenarios/s01/enis.json" "$v2" >"$dir/page" &&
		grep -q '^WHY  app1 10.109.85.94  >  db1 10.109.131.99 : 1433/tcp$' "$dir/page" &&
		grep -q '^SECURITY GROUP, inbound \[SG_IN, proven\]$' "$dir/page" &&
		grep -q -- '--network-interface-ids eni-02df2113b0b5ec4b3 ' "$dir/page"
}
check "the page says it in words, with names" page
names() {
	enitop --no-config --names "$shared/scenarios/s01/enis.json" --why 'app1 db1:1433' -o json \
		"$v2" | grep -q '"code":"SG_IN"'
}
check "names stand for addresses" names
ports() {
	enitop --no-config --why '10.109.85.94 10.109.131.99' -o ndjson "$v2" >"$dir/ports"
	head -n 1 "$dir/ports" | grep -q '"port":1433,.*"code":"SG_IN"'
}
check "without a port: every port of the two, the worst first" ports
refused() { ! enitop --no-config --why "$1" "$v2" >"$dir/out" 2>"$dir/err" && grep -q -- "$2" "$dir/err"; }
check "a question that reads wrong" refused '10.0.0.1' 'CLIENT SERVER:PORT'
check "a name that nobody has" refused 'web-1 10.0.0.1:80' 'no name of --names'
little() {
	awk 'BEGIN { for (i = 0; i < 20000; i++) print "2 1 eni-1 10.1.0.1 10.1.0.2", 1024 + i,
		"443 6 3 180", 1790000000 + i, 1790000060 + i, "ACCEPT OK" }' >"$dir/many"
	enitop --no-config --memory 1M --why 'any 10.1.0.2:443' -o json "$dir/many" >"$dir/out" 2>"$dir/err"
	test $? -eq 1 && grep -q '"complete":false' "$dir/out" && grep -q 'no room in --memory' "$dir/err"
}
check "what had no room is said" little
# What can't be read, or says nothing of what is asked, is in no answer, and that is said.
doubted() { # doubted SAYS LINE...
	say=$1
	shift
	printf '%s\n' "$@" >"$dir/doubt"
	enitop --no-config --why '10.0.0.1 10.0.0.2:443' -o json "$dir/doubt" >"$dir/out" 2>"$dir/err"
	test $? -eq 1 && grep -q '"complete":false' "$dir/out" && grep -q "$say" "$dir/err"
}
line='2 1 eni-1 10.0.0.1 10.0.0.2 1024 443 6 1 40 1795514400 1795514460'
check 'no action' doubted '1 record says neither ACCEPT nor REJECT' "$line - OK"
check 'an action that is none' doubted '1 unreadable value' \
	'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status' \
	"$line quarantine OK"
check 'a port that is none' doubted '1 unreadable value' \
	'2 1 eni-1 10.0.0.1 10.0.0.2 1024 70000 6 1 40 1795514400 1795514460 REJECT OK'
check 'columns that leave open who' doubted '1 record has no column' \
	'version interface-id srcaddr srcport dstport protocol packets bytes start end action log-status' \
	'2 eni-1 10.0.0.1 1024 443 6 1 40 1795514400 1795514460 REJECT OK'
tries() {
	awk 'BEGIN { for (i = 0; i < 70000; i++) print "2 1 eni-1 10.1." int(i / 250) % 250 "." i % 250,
		"10.0.0.2", 1024 + i % 60000, "443 6 3 180", 1790000000 + i, 1790000060 + i, "REJECT OK" }' \
		>"$dir/many"
	enitop --no-config --why 'any 10.0.0.2:443' -o json "$dir/many" >"$dir/out" 2>"$dir/err"
	test $? -eq 1 && grep -q '"since":null,"tries":65536,.*"complete":false' "$dir/out"
}
check 'more tries than are kept: since when is not known' tries
sql() { ! enitop --print-sql athena --why '10.0.0.1 10.0.0.2:443' 2>"$dir/err" && grep -q 'no question that SQL' "$dir/err"; }
check 'no SQL' sql
done_testing
