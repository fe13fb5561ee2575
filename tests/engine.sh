#!/bin/sh
# Records as rows for a table of ClickHouse's: they are loaded as they are.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tab=$(printf '\t')

# ---- loading ----

"$GENLOG" -5 -H -n 3000 -r 200 >"$dir/five.log"
"$ENITOP" --batch -v flows -o clickhouse "$dir/five.log" >"$dir/rows"
sums() { # of the columns of these names, in a file whose first line has the names
	"$AWK" -F "$1" -v names="$2" 'NR == 1 { n = split(names, want, " "); for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["log_status"] == "OK" || $at["log-status"] == "OK" { rows++
			for (i = 1; i <= n; i++) sum[i] += $at[want[i]]; last = $at[want[1]] }
		END { printf "%d", rows; for (i = 1; i <= n; i++) printf " %.0f", sum[i]; print "", last }' "$3"
}
sums ' ' 'bytes packets srcport dstport protocol end start tcp-flags' "$dir/five.log" >"$dir/want"
sums "$tab" 'bytes packets srcport dstport protocol end start tcp_flags' "$dir/rows" >"$dir/have"
check 'rows to be loaded have what the records have' cmp "$dir/want" "$dir/have"
"$ENITOP" --print-sql clickhouse --view sources | sed -n 's/^  "\{0,1\}\([a-z0-9_]*\)"\{0,1\} .*/\1/p' >"$dir/want"
head -1 "$dir/rows" | tr '\t' '\n' >"$dir/have"
check 'and the columns of the table, in its order' cmp "$dir/want" "$dir/have"
# Side and guess are those of the reports: rows of clients, flows of guesses.
"$ENITOP" --batch -v talkers -g client -n 0 -o csv "$dir/five.log" 2>/dev/null | "$AWK" -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ print $1, $at["flows"], $at["sent"], $at["guessed"] }' | sort >"$dir/want"
"$AWK" -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ c = $at[$at["from_server"] ? "dstaddr" : "srcaddr"]; c = c == "\\N" ? "" : c; flows[c]++; guessed[c] += $at["guess"]
	  sent[c] += $at["from_server"] ? 0 : $at["bytes"] }
	END { for (c in flows) printf "%s %d %.0f %d\n", c == "" ? "-" : c, flows[c], sent[c], guessed[c] }' "$dir/rows" | sort >"$dir/have"
check 'with the side that serves, and whether it is a guess' cmp "$dir/want" "$dir/have"
{
	echo 'version srcaddr dstaddr start end bytes vpc-id action log-status'
	printf '%s\n' '3 10.0.0.1 - 1700000000123 1700000001999 x a\b ACCEPT OK' '3 ::FFFF:10.0.0.2 2001:DB8::0 - - 7 - reject OK'
} >"$dir/odd.log"
"$ENITOP" --batch -v flows -o clickhouse "$dir/odd.log" 2>/dev/null | "$AWK" -F '\t' 'NR > 1 {
	print $4, $5, $11, $12, $10, $15, $13 }' >"$dir/have"
cat >"$dir/want" <<'END'
10.0.0.1 \N 1700000000 1700000001 \N a\\b ACCEPT
10.0.0.2 2001:db8:: \N \N 7 \N REJECT
END
check 'what is no value is none, what would end a cell is escaped' cmp "$dir/want" "$dir/have"

done_testing
