# The same question in every format has the same rows.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
"$GENLOG" -n 20000 -a 300 -r 500 >"$dir/a.log"
printf '%s\n' 'version srcaddr dstaddr bytes start end action log-status instance-tag' \
	'11 10.0.0.1 10.0.0.2 5 1700000000 1700000060 ACCEPT OK a,b"c' >"$dir/b.log"
same() { diff "$1" "$2" >&2; }
run() { "$ENITOP" --batch "$@"; }
# Of each object on a line the values of these keys, with commas.
values() {
	awk -v keys="$1" 'BEGIN { n = split(keys, key, ",") } {
		line = ""
		for (i = 1; i <= n; i++) {
			v = "-"
			if (match($0, "\"" key[i] "\":(\"[^\"]*\"|[0-9]+)")) {
				v = substr($0, RSTART + length(key[i]) + 3, RLENGTH - length(key[i]) - 3)
				gsub(/"/, "", v)
			}
			line = line (i > 1 ? "," : "") v
		}
		print line
	}'
}
# The same columns of a csv by its head.
columns() {
	awk -F, -v keys="$1" 'NR == 1 { n = split(keys, key, ","); for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ line = ""; for (i = 1; i <= n; i++) line = line (i > 1 ? "," : "") $at[key[i]]; print line }'
}

keys=srcaddr,dstport,bytes,packets,flows,rejects,lost
for view in talkers rejects; do
	q="-v $view -g srcaddr,dstport -m packets -n 30"
	run $q -w 'bytes>500' -o csv "$dir/a.log" | columns $keys >"$dir/csv"
	run $q -w 'bytes>500' -o ndjson "$dir/a.log" | values $keys >"$dir/ndjson"
	run $q -w 'bytes>500' -o json "$dir/a.log" | sed 's/.*"rows":\[//; s/\],"input".*//; s/},{/}\n{/g' |
		values $keys >"$dir/json"
	run $q -w 'bytes>500' "$dir/a.log" | awk 'rows { print $1 "," $2 } $1 == "srcaddr" { rows = 1 }' >"$dir/table"
	check "$view: thirty rows" test "$(wc -l <"$dir/csv")" = 30
	check "$view: ndjson as csv" same "$dir/csv" "$dir/ndjson"
	check "$view: json as csv" same "$dir/csv" "$dir/json"
	cut -d, -f1,2 "$dir/csv" >"$dir/want"
	check "$view: table as csv" same "$dir/want" "$dir/table"
done

# Records: what raw says is read back to the same; csv, ndjson and ocsf have as many.
q='-v flows -w bytes>100'
run $q -o raw "$dir/a.log" "$dir/b.log" "$dir/a.log" >"$dir/raw"
run -v talkers -n 0 -o json -w 'bytes>100' "$dir/a.log" "$dir/a.log" >"$dir/want"
run $q -o raw "$dir/a.log" "$dir/a.log" | run -v talkers -n 0 -o json -w 'bytes>100' - >"$dir/have"
# Of what comes by a pipe it is not told what is counted twice.
plain='s/"input".*//; s/"now":"[^"]*",//; s/"second_[a-z]*":[a-z0-9]*,//g'
sed "$plain" "$dir/want" >"$dir/w"
sed "$plain" "$dir/have" >"$dir/h"
check 'raw lines read back are the same flows' same "$dir/w" "$dir/h"
total() { "$ENITOP" --batch -v timeline -o json -w 'bytes>5' "$@" | sed 's/.*"totals"/"totals"/; s/}.*//'; }
run -v flows -o raw "$dir/a.log" "$dir/b.log" "$dir/a.log" >"$dir/raw"
check 'a mixed folder as raw has the same totals' test "$(total "$dir/raw")" = \
	"$(total "$dir/a.log" "$dir/b.log" "$dir/a.log")"
# Files are read side by side: the default format has a header only behind the other.
check 'with the header of each format' test "$(grep -c '^version srcaddr' "$dir/raw")" = 1
n=$(run $q -o raw "$dir/a.log" | wc -l)
check 'ocsf has each record' test "$(run $q -o ocsf "$dir/a.log" | wc -l)" = "$n"
run $q -o ndjson "$dir/a.log" | values srcaddr,srcport,bytes >"$dir/want"
run $q -o ocsf "$dir/a.log" |
	sed 's/.*"src_endpoint":{"ip":\("[^"]*"\),"port":\([0-9]*\).*"bytes":\([0-9]*\).*/{"srcaddr":\1,"srcport":\2,"bytes":\3}/' |
	values srcaddr,srcport,bytes >"$dir/have"
check 'ocsf: addresses, ports and bytes are the records'"'" same "$dir/want" "$dir/have"
check 'ocsf: status rows are said' sh -c \
	"\"$ENITOP\" -b -v flows -o ocsf -w log-status=NODATA '$dir/a.log' 2>&1 | grep -q 'NODATA or SKIPDATA'"
check 'csv quotes what must be' sh -c \
	"\"$ENITOP\" -b -v flows -o csv '$dir/b.log' | grep -q ',\"a,b\"\"c\"\$'"
# A report says its question: asked that, the answer is the same.
for q in '-g srcaddr/24,dstport -m distinct:dstaddr -n 7 -w "bytes>500 and not dport=22"' '-t 10s -v rejects -n 0' \
	'--mark "1700000020=it'"'"'s out" --changes grown --by-size -m bytes/s' '-v ports --heat client,port -m flows' \
	'-v timeline --since 1700000010 -w "end>-1000d and /eni/"' '-g client --trend -n 3' \
	'-v flows --sort -bytes --columns time,client,bytes -n 9'; do
	eval "run $q $dir/a.log" >"$dir/want"
	asked=$(sed -n 's/^asked with //p' "$dir/want")
	eval "run $asked $dir/a.log" >"$dir/have"
	check "asked again: $q" same "$dir/want" "$dir/have"
done
for m in bytes packets flows rejects lost bytes/s packets/s flows/s rejects/s distinct:dstport distinct:srcaddr/24 \
	distinct:client/16/48 distinct:dstaddr/64 distinct:pair distinct:src-name; do
	check "metric $m" sh -c "\"$ENITOP\" -b -o json -n 1 -m $m '$dir/a.log' | grep -q '\"query\":{.*\"metric\":\"$m\".*},.*\"metric\":\"$m\"'"
done
check 'ocsf is of flows only' sh -c "! \"$ENITOP\" -b -o ocsf '$dir/a.log' 2>/dev/null"
done_testing
