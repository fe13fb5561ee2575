# Heatmaps as reports: each cell against what groups and filters say of the same records.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

same() { diff "$1" "$2" >&2; }
run() { "$ENITOP" --batch "$@"; }

"$GENLOG" -n 60000 -a 60 -r 300 >"$dir/a.log"

# ROW COLUMN: by the names of the option, and of groups
pairs() {
	run -n 0 --heat "$1,$2" -o csv "$dir/a.log" | tail -n +2 | sort >"$dir/have"
	run -n 0 -g "$3,$4" -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1-6 | sort >"$dir/want"
	test -s "$dir/want" && same "$dir/want" "$dir/have"
}
check 'port by host: each cell is its group' pairs port host service server
check 'client by port: each cell is its group' pairs client port client service
check 'host by client: each cell is its group' pairs host client server client

run -n 3 -m flows --heat port,host -o csv "$dir/a.log" >"$dir/csv"
run -n 3 -m flows -g service -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1 >"$dir/want"
tail -n +2 "$dir/csv" | cut -d, -f1 | uniq >"$dir/have"
check 'the best rows, best first' same "$dir/want" "$dir/have"

for row in port host client; do
	field=$(echo $row | sed 's/port/service/; s/host/server/')
	run -n 0 --heat $row,time -o csv -w 'not end=-' "$dir/a.log" | tail -n +2 |
		awk -F, '{ b[$1] += $3; p[$1] += $4; f[$1] += $5; r[$1] += $6 }
			END { for (k in b) printf "%s,%.0f,%d,%d,%d\n", k, b[k], p[k], f[k], r[k] }' | sort >"$dir/have"
	run -n 0 -g $field -o csv -w 'not end=-' "$dir/a.log" | tail -n +2 | cut -d, -f1-5 | sort >"$dir/want"
	check "$row by time: cells add up to rows" same "$dir/want" "$dir/have"
done

# One cell is what its clause finds: the largest of a refused port.
run -n 0 -m rejects --heat port,time -o csv "$dir/a.log" | tail -n +2 | sort -t, -k6,6nr | head -1 >"$dir/cell"
IFS=, read -r port from bytes packets flows rejects <"$dir/cell"
width=$(run -v ports -o json "$dir/a.log" | sed 's/.*"seconds":\([0-9]*\).*/\1/')
to=$(date -u -d "$from + $width seconds" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null ||
	awk -v s="$from" -v w="$width" 'BEGIN { exit 1 }')
# Flows are counted where they end; the bytes of the cell are those of its time alone.
echo "$flows,$rejects" >"$dir/want"
run -v flows -o raw -w "service=$port and end>=$from and end<$to" "$dir/a.log" |
	awk '{ f++; r += $13 == "REJECT" } END { printf "%d,%d\n", f, r }' >"$dir/have"
check 'a cell is what its clause finds' same "$dir/want" "$dir/have"
check 'something was refused in it' test "$rejects" -gt 0

run -n 2 --heat host,port -m flows -o json "$dir/a.log" >"$dir/json"
check 'json has the columns' grep -q '"columns":{"field":"port","of":[0-9]*,"values":\[[0-9]' "$dir/json"
check 'and cells with what was refused' grep -q '"server":"[0-9.]*",.*"bins":\[[0-9].*"bin_rejects":\[' "$dir/json"
run -n 2 --heat host,port -o ndjson "$dir/a.log" >"$dir/nd"
check 'ndjson: a row a line' test "$(wc -l <"$dir/nd")" -eq 2
run -n 2 --heat port,host "$dir/a.log" >"$dir/table"
check 'a table says how many there are' grep -q '^ports by bytes: 2 of [0-9]* rows, \([0-9]*\) of \1 columns, ' "$dir/table"

status() { want=$1; shift; "$@" >/dev/null 2>"$dir/err"; test $? -eq "$want"; }
check 'exit 2: time is no row' status 2 "$ENITOP" -b --heat time,port "$dir/a.log"
check 'with what there is' grep -q "'time,port' is no pair of axes (port, host or client by those or by time)" "$dir/err"
check 'exit 2: the same twice' status 2 "$ENITOP" -b --heat port,port "$dir/a.log"
# Rows that are ranked by what changed have no cells, as on screen.
"$ENITOP" -b -o csv --heat host,port --mark 1700000100 "$dir/a.log" >"$dir/have"
"$ENITOP" -b -o csv -g server --mark 1700000100 "$dir/a.log" >"$dir/want"
check 'with a mark: rows by their change' cmp "$dir/want" "$dir/have"
check 'exit 2: no SQL for it' status 2 "$ENITOP" --heat port,host --print-sql athena
done_testing
