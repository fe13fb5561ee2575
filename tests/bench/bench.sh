# bench.sh - what is promised, each figure beside its rival measured in the same run: `make
# bench`, or `make bench ROWS='1 2 8'`. Prints a table in Markdown. Machines are noisy: the
# rivals run in turns, and the best of each counts. Of a machine with more cores it takes two.
#
# tests/bench.sh runs it with `small` set: the same rows over little data, of which only the
# answers are checked.
set -u
bench=$srcdir/tests/bench
small=${small-}
if [ ! "$small" ] && [ "$(nproc)" -gt 2 ]; then
	exec taskset -c 0,1 sh "$bench/bench.sh"
fi
dir=$(mktemp -d "${TMPDIR:-/tmp}/enitop-bench.XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
export AWK="${AWK:-awk}" GENLOG bench XDG_CONFIG_HOME=/nonexistent LC_ALL=C.UTF-8 TZ=UTC \
	TERM=xterm-256color

if [ "$small" ]; then
	data=$dir/data records=40000 rate=100 held=40k
	rounds=1 live_rounds=1 cost_rounds=1 idle_ms=200 still_ms=200
	full_lines=5000 feed_rate=10000 feed_lines=10000 feed_ms=200 full='enitop'
	appended=5
else
	records=10000000 rate=3000 held=10M
	rounds='1 2 3 4 5' live_rounds='1 2 3' cost_rounds='1 2 3' idle_ms=10000 still_ms=3000
	full_lines=2500000 feed_rate=200000 feed_lines=4400000 feed_ms=20000 full=evicted
	appended=300
fi
mkdir -p "$data"
data=$(cd "$data" && pwd) || exit 99
duckdb=''
. "$bench/lib.sh"
. "$bench/data.sh"
. "$bench/batch.sh"
. "$bench/screen.sh"

# DuckDB comes from npm, once.
get_duckdb() {
	has node && mkdir -p "$data/duckdb" || return 0
	cp "$bench/duckdb.mjs" "$data/duckdb"
	package=$data/duckdb/node_modules/@duckdb/node-api/package.json
	[ -e "$package" ] || ! has npm || (cd "$data/duckdb" &&
		npm install --silent --no-audit --no-fund @duckdb/node-api >npm.log 2>&1)
	[ ! -e "$package" ] || duckdb=$(node -p 'require(process.argv[1]).version' "$package")
}

version() { # version PROGRAM: the first number that it says of itself
	flag=--version
	[ "$1" != mawk ] || flag=-Wversion
	has "$1" || { echo "$1 absent"; return; }
	echo "$1 $("$1" $flag 2>&1 </dev/null | grep -o '[0-9][0-9.]*[0-9]' | head -1)"
}

machine() {
	processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)
	memory=$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo)
	system=$(. /etc/os-release 2>/dev/null && echo "$PRETTY_NAME")
	echo "$("$ENITOP" --version | head -1) on two cores of ${processor:-$(uname -m)}, $memory," \
		"${system:-$(uname -s)}; DuckDB ${duckdb:-absent}, $(version rg), $(version mawk)," \
		"$(version goaccess), $(version lnav)"
	echo
}

if [ ! "$small" ]; then
	get_duckdb
	machine
	heading
fi
for row in ${ROWS:-1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 context}; do
	"row_$row"
done
[ ! "$small" ] || done_testing
exit "$failed"
