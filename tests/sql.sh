#!/bin/sh
# What --print-sql prints, run by engines, against the reports themselves: questions of a seed over
# a log of a seed, row by row in order. tests/sql.mjs says how. The engines come from npm and are
# large: `make check-sql` fetches them, `make check` goes without where they are not.
export ENITOP_ENGINES="${ENITOP_ENGINES:-$tests/engines}"
questions=${SQL_QUESTIONS:-50}

if ! command -v node >/dev/null || [ ! -d "$ENITOP_ENGINES/node_modules" ]; then
	echo "1..0 # SKIP no engines: make check-sql fetches them from npm"
	exit 0
fi
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

ask() {
	node "$srcdir/tests/sql.mjs" "$1" "$ENITOP" "$dir" "$questions" "${SQL_SEED:-$2}"
}
if [ -d "$ENITOP_ENGINES/node_modules/chdb" ]; then
	check "ClickHouse: $questions questions" ask clickhouse 1
	check 'the other log' ask clickhouse 2
fi
if [ -d "$ENITOP_ENGINES/node_modules/@duckdb" ]; then
	check "Athena's, run by DuckDB: $questions questions" ask athena 1
	check 'the other log' ask athena 2
fi
done_testing
