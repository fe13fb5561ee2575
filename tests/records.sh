# Records as batch lists them: --fields, --columns, --sort.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

"$ENITOP" --fields >"$dir/fields"
wide=$(awk 'length > 80' "$dir/fields")
check '--fields is readable on 80 columns' test -z "$wide"
# Of each field of the table its name, alone at the head of its lines.
missing=$(awk -F'"' '/^\tX\([A-Z0-9_]*, *"/ { print $2 }' "$srcdir/core/schema/field.h" | while read -r f; do
	grep -q "^  $f  *[a-z]" "$dir/fields" || echo "$f"
done)
check '--fields has every field' test -z "$missing"

# 3000 flows, no two with the same bytes, in two formats; what awk and sort make of them.
"$GENLOG" -n 3000 | awk '{ $10 = NR * 7919 % 30011; print }' >"$dir/v2.log"
{
	echo "version srcaddr dstaddr srcport dstport protocol bytes start end action log-status tcp-flags"
	echo "3 10.0.0.9 10.0.0.1 443 40000 6 1000001 1700000000 1700000010 ACCEPT OK 18"
	echo "3 10.0.0.1 10.0.0.9 40001 50000 6 1000002 1700000000 1700000011 ACCEPT OK 0"
	echo "3 10.0.0.1 10.0.0.9 40002 443 6 - 1700000000 1700000012 ACCEPT OK 2"
} >"$dir/v3.log"
flows() { "$ENITOP" --batch --view flows "$@" "$dir/v2.log" "$dir/v3.log"; }

flows --columns srcaddr,dstport,bytes,tcp-flags -o csv | sort >"$dir/have"
{
	echo srcaddr,dstport,bytes,tcp-flags
	awk '$14 == "OK" { print $4 "," $7 "," $10 ",-" }' "$dir/v2.log"
	awk 'NR > 1 { print $2 "," $5 "," $7 "," $12 }' "$dir/v3.log"
} | sort >"$dir/want"
check 'csv has the chosen columns under one header, of both formats' cmp "$dir/have" "$dir/want"

flows --columns bytes --sort=-bytes -o csv | tail -n +2 >"$dir/have"
{
	awk '$14 == "OK" { print $10 }' "$dir/v2.log"
	echo 1000001
	echo 1000002
} | sort -rn >"$dir/want"
sort -n "$dir/want" | head -10 >"$dir/want10"
echo - >>"$dir/want"
check 'sorted by value, the largest first, none last' cmp "$dir/have" "$dir/want"
flows --columns bytes --sort bytes -o csv -n 10 | tail -n +2 >"$dir/have"
check 'the smallest ten' cmp "$dir/have" "$dir/want10"
flows --sort=-bytes --columns bytes -o raw -n 2 >"$dir/have"
for line in 1 3 2; do sed -n ${line}p "$dir/v3.log"; done >"$dir/want"
check 'raw is as delivered, sorted or not' cmp "$dir/have" "$dir/want"

flows --where 'bytes>=1000001 or flags=2' --columns client,server,service,time --sort end \
	-o ndjson >"$dir/have"
cat >"$dir/want" <<'EOF'
{"client":"10.0.0.1","server":"10.0.0.9","service":443,"time":"2023-11-14T22:13:30Z","guess":false}
{"client":"10.0.0.9","server":"10.0.0.1","service":40001,"time":"2023-11-14T22:13:31Z","guess":true}
{"client":"10.0.0.1","server":"10.0.0.9","service":443,"time":"2023-11-14T22:13:32Z","guess":false}
EOF
check 'json has derived columns, and says what is a guess' cmp "$dir/have" "$dir/want"
for group in server client,service; do
	"$ENITOP" -b -n 0 -g $group -o csv "$dir/v2.log" "$dir/v3.log" |
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "guessed") g = i } NR > 1 { n += $g } END { print n }' >"$dir/have"
	flows --columns server -o ndjson | grep -c '"guess":true' >"$dir/want"
	check "$group: rows add up to the flows that are guesses" cmp "$dir/have" "$dir/want"
	check 'there are some' test "$(cat "$dir/have")" -gt 1000
done
flows --where 'bytes>1000001' --columns src,bytes,action >"$dir/have"
table() { grep -c '^srcaddr  *bytes  action$\|^10.0.0.1  *1000002  ACCEPT$' "$dir/have"; }
check 'a table has its names once' test "$(table)" = 2
says() { # says TEXT OPTION...
	text=$1
	shift
	"$ENITOP" -b -v flows "$@" "$dir/v2.log" 2>&1 >/dev/null | grep -q "$text"
}
check 'an unknown column' says "'nonsense' is twice there, or no field" --columns src,nonsense
check 'an unknown order' says "'nonsense' is no field" --sort nonsense
check 'a stream has no order' says 'has no order' -f --sort bytes
done_testing
