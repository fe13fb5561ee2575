# Reports against awk over the same lines, and the manners of a command.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
n=$((200000 / SLOWNESS))
"$GENLOG" -n $n -a 5000 -r $((500 / SLOWNESS)) >"$dir/a.log"

same() { diff "$1" "$2" >&2; }
run() { "$ENITOP" --batch "$@"; }

# column of bytes, packets, action: 10, 9, 13
top_sources() {
	awk '$14 == "OK" { b[$4] += $10; p[$4] += $9; f[$4]++; if ($13 == "REJECT") r[$4]++ }
	     END { for (a in f) printf "%s,%.0f,%.0f,%d,%d\n", a, b[a], p[a], f[a], r[a] }' "$1" |
		sort -t, -k2,2nr | head -"$2"
}
top_sources "$dir/a.log" 10 | sort >"$dir/want"
run -g srcaddr -m bytes -n 10 -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1-5 | sort >"$dir/have"
check 'top sources as awk has them' same "$dir/want" "$dir/have"

top_sources "$dir/a.log" 100000 | sort >"$dir/want"
run -g srcaddr -n 0 -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1-5 | sort >"$dir/have"
check 'every source as awk has it' same "$dir/want" "$dir/have"

# Networks, pairs, rates, shares, distinct values, first and last seen.
awk '$14 == "OK" && $4 ~ /^[0-9.]+$/ { split($4, o, "."); n = o[1] "." o[2] "." o[3] ".0/24"
	b[n] += $10; f[n]++ } END { for (n in f) printf "%s,%.0f,%d\n", n, b[n], f[n] }' "$dir/a.log" |
	sort >"$dir/want"
run -g srcaddr/24 -w src=0.0.0.0/0 -n 0 -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1,2,4 | sort >"$dir/have"
check 'networks as awk has them' same "$dir/want" "$dir/have"
awk '$14 == "OK" { p = ($4 "") < ($5 "") ? $4 " " $5 : $5 " " $4; b[p] += $10; f[p]++ }
     END { for (p in f) printf "%s %.0f %d\n", p, b[p], f[p] }' "$dir/a.log" | sort >"$dir/want"
run -g pair -n 0 -o csv "$dir/a.log" | tail -n +2 | awk -F, '{ split($1, a, " <> ")
	p = (a[1] "") < (a[2] "") ? a[1] " " a[2] : a[2] " " a[1]; print p, $2, $4 }' | sort >"$dir/have"
check 'pairs as awk has them' same "$dir/want" "$dir/have"
awk '$14 == "OK" && $7 != "-" && !seen[$4, $7]++ { n[$4]++ } $14 == "OK" { all[$4] }
     END { for (a in all) if (n[a]) print a "," n[a] }' "$dir/a.log" | sort >"$dir/want"
run -g srcaddr -m distinct:dstport -n 0 -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1,7 | sort >"$dir/have"
check 'distinct ports of each source as awk has them' same "$dir/want" "$dir/have"
awk '$14 == "OK" && $12 != "-" { if (!f[$3] || $12 < f[$3]) f[$3] = $12; if ($12 > l[$3]) l[$3] = $12
	b[$3] += $10; a += $10; if (!x || $12 < x) x = $12; if ($12 > y) y = $12 }
     END { for (e in f)
	printf "%s %.3f %.3f %s %s\n", e, b[e] / (y - x + 1), b[e] * 100 / a, stamp(f[e]), stamp(l[e]) }
     function stamp(t, out) { t = "date -u -d @" t " +%FT%TZ"; t | getline out; close(t); return out }' "$dir/a.log" |
	sort >"$dir/want"
run -g interface-id -m bytes/s -n 0 -o csv "$dir/a.log" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ print $1, $c["bytes/s"], $c["share"], $c["first"], $c["last"] }' | sort >"$dir/have"
check 'rates, shares, first and last seen as awk has them' same "$dir/want" "$dir/have"
run -v ports -n 0 -o csv "$dir/a.log" | awk -F, 'NR > 1 { s += $7; if ($2 != $8 + $9 || $4 != $5 + $10) bad = 1 }
	END { exit bad || s < 99.9 || s > 100.1 }'
check 'shares add up, sent and received to bytes, accepts and rejects to flows' test $? -eq 0
run -g interface-id --trend -o ndjson -n 0 "$dir/a.log" >"$dir/json"
check 'the bins of a trend are its row' sh -c 'sed "s/^{.interface-id.:.\([^\"]*\).*\"bytes\":\([0-9]*\),.*\"bins\":\[\([0-9,]*\)\]}$/\1 \2 \3/; s/,/ /g" "$1" |
	awk "{ s = 0; for (i = 3; i <= NF; i++) s += \$i; if (s > \$2 || s < \$2 * 0.9 || NF < 50) bad = 1; n++ }
		END { exit bad || n < 10 }"' sh "$dir/json"
awk '$14 == "OK" && $12 ~ /^[0-9]+$/ { if (!x || $12 < x) x = $12; if ($12 > y) y = $12; t[NR] = $12
	if ($11 ~ /^[0-9]+$/ && $11 < x && $12 - $11 <= 3600) x = $11
	e[NR] = $3; b[NR] = 1 }
     END { for (s = 1; int(y / s) - int(x / s) >= 128; s *= 2); f = int(x / s); n = int(y / s) - f + 1; w = int((n + 23) / 24)
	for (i in t) { k = int((int(t[i] / s) - f) / w); v[e[i], k] += b[i]; if (v[e[i], k] > m[e[i]]) m[e[i]] = v[e[i], k]; c[e[i]] }
	for (i in c) { o = i ","; for (k = 0; k < int((n + w - 1) / w); k++)
		o = o (v[i, k] ? int(v[i, k] / m[i] * 8) + 1 : "."); print o } }' "$dir/a.log" | sort >"$dir/want"
run -g interface-id -m flows --trend -o csv -n 0 "$dir/a.log" | awk -F, 'NR > 1 { print $1 "," $NF }' | sort >"$dir/have"
check 'and as digits what awk has' same "$dir/want" "$dir/have"
run -g srcaddr/24,pair -m distinct:service -o json -n 2 "$dir/a.log" >"$dir/json"
check 'json names parts as they are written; a pair is an array' grep -q \
	'"group":\["srcaddr/24","pair"\],"metric":"distinct:service".*"rows":\[{"srcaddr/24":"[0-9a-f.:]*/[0-9]*","pair":\["[^"]*","[^"]*"\],"bytes":' "$dir/json"

awk '$14 == "OK" && $13 == "REJECT" && $7 == 22' "$dir/a.log" >"$dir/want"
run -v flows -o raw -w 'reject and dport=22' "$dir/a.log" >"$dir/have"
check 'raw gives lines back, in order' same "$dir/want" "$dir/have"
check 'something was found' test -s "$dir/have"

awk '$14 == "OK" && $11 != "-"' "$dir/a.log" >"$dir/want"
run -v flows -o raw "$dir/a.log" >"$dir/have"
check 'all of them' same "$dir/want" "$dir/have"

run -g time -n 0 -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1,2,4 | grep -v '^-' | sort >"$dir/have"
run -v timeline -n 0 -o csv "$dir/a.log" | tail -n +2 | cut -d, -f1,2,4 | grep -v ',0,0$' | sort >"$dir/want"
check 'a group of times is the timeline' same "$dir/want" "$dir/have"

split -n l/5 "$dir/a.log" "$dir/part."
for f in "$dir"/part.*; do gzip -c "$f" >>"$dir/b.gz"; rm "$f"; done
run -g dstaddr,dstport -n 50 -o csv "$dir/a.log" >"$dir/want"
run -g dstaddr,dstport -n 50 -o csv "$dir/b.gz" >"$dir/have"
check 'gzip of five members is the same' same "$dir/want" "$dir/have"
run -g dstaddr,dstport -n 50 -o csv - <"$dir/a.log" >"$dir/have"
check 'standard input, a file' same "$dir/want" "$dir/have"
cat "$dir/a.log" | run -g dstaddr,dstport -n 50 -o csv >"$dir/have"
check 'standard input, a pipe' same "$dir/want" "$dir/have"
run --memory 16M -g dstaddr,dstport -n 50 -o csv "$dir/a.log" >"$dir/have"
check 'a small budget does not change the answer' same "$dir/want" "$dir/have"

run -o json -v talkers -n 3 "$dir/a.log" >"$dir/json"
check 'a closed standard input or output is no fault' sh -c '
	"$ENITOP" -b -n 3 "$1" <&- >"$2" && "$ENITOP" -b -n 3 "$1" </dev/null >&-' sh "$dir/a.log" "$dir/out"
check 'no engine knows the sources' sh -c '
	! "$ENITOP" -v sources --print-sql athena 2>"$1" && grep -q "own: no engine" "$1"' sh "$dir/out"
sql() { "$ENITOP" --no-config --print-sql "$@" >"$dir/sql" 2>"$dir/err"; }
refused() { why=$1; shift; ! sql "$@" && test ! -s "$dir/sql" && grep -q -e "$why" "$dir/err"; }
check 'nor a curve beside each row' refused '--trend is no column of SQL' athena --trend
check 'nor a mark in a window without ends' refused '--mark needs --since and --until' clickhouse --mark 1700000000
check 'nor changes, without a mark too' refused "--changes are enitop's words" insights --changes new
check 'look-around is no RE2' refused 'does not take look-around in a regex' clickhouse -w 'eni~/a(?=b)/'
sql athena -w 'instance-tag="a b-1"'
check 'a tag is looked for as AWS encodes it, too' grep -q "(lower(instance_tag) = 'a b-1' or lower(instance_tag) = 'a%20b%2d1')" "$dir/sql"
sql clickhouse -v flows --sort -bytes --columns time,bytes
check 'the order of flows is said' grep -q '^order by bytes desc nulls last, "end" desc;' "$dir/sql"
check 'and their columns' grep -q "^select toDateTime(\"end\", 'UTC') as time, bytes\$" "$dir/sql"
sql athena --sort -bytes
check 'rows that are no flows say that they have none' grep -q '^-- --sort is of flows' "$dir/sql"
sql athena -g scope --internal 198.51.100.0/24
check 'what is internal is said' grep -q "between ipaddress '198.51.100.0' and ipaddress '198.51.100.255'" "$dir/sql"
check 'json has the fields of its schema' sh -c '
	for k in schema view group metric where window complete totals rows input; do
		grep -q "\"$k\":" "$1" || { echo "no $k" >&2; exit 1; }
	done' sh "$dir/json"
for view in $("$ENITOP" --views); do
	for output in table csv json ndjson; do
		check "$view as $output" sh -c '
			"$ENITOP" -b -v "$1" -o "$2" -n 5 "$3" >"$4" &&
				{ test -s "$4" || test "$1 $2" = "findings ndjson"; }' \
			sh $view $output "$dir/a.log" "$dir/out"
	done
done

from=$(awk -v n="$n" 'NR == n / 2 { print $12 }' "$dir/a.log")
awk -v t="$from" '$14 == "OK" && $12 >= t' "$dir/a.log" | wc -l >"$dir/want"
run -v flows -o raw --since "$from" "$dir/a.log" | wc -l >"$dir/have"
check 'since' same "$dir/want" "$dir/have"
awk '$12 != "-" && $12 > m { m = $12 } END { print m }' "$dir/a.log" >"$dir/max"
awk -v m="$(cat "$dir/max")" '$14 == "OK" && $12 != "-" && $12 > m - 60' "$dir/a.log" | wc -l >"$dir/want"
run -v flows -o raw -t 60 "$dir/a.log" | wc -l >"$dir/have"
check 'the last minute of log time' same "$dir/want" "$dir/have"

status() { want=$1; shift; "$@" >/dev/null 2>"$dir/err"; test $? -eq "$want"; }
check 'exit 0' status 0 "$ENITOP" -b "$dir/a.log"
check 'exit 1: an input is missing' status 1 "$ENITOP" -b "$dir/a.log" "$dir/none"
check 'and says which' grep -q "cannot open '$dir/none': no such file or directory" "$dir/err"
check 'exit 2: no such option' status 2 "$ENITOP" --nosuch
check 'exit 2: a bad group' status 2 "$ENITOP" -b -g srcaddr/33/64 "$dir/a.log"
check 'with its reason' grep -q "'srcaddr/33/64' has no prefix length" "$dir/err"
check 'exit 2: a bad metric' status 2 "$ENITOP" -b -m distinct:nosuch "$dir/a.log"
check 'with its reason too' grep -q "unknown field 'nosuch'" "$dir/err"
check 'exit 2: a bad filter' status 2 "$ENITOP" -b -w 'dprt=3' "$dir/a.log"
# Which limit, and where, however long it is.
limits() { # limits TEXT WHAT
	"$ENITOP" --explain-filter "$1" >"$dir/out" 2>&1
	test $? -eq 2 && grep -q "^enitop: bad filter: $2" "$dir/out" &&
		awk 'length($0) > 90 { exit 1 } NR == 2 { place = $0 } NR == 3 { at = index($0, "^") }
			END { exit !(NR == 3 && place ~ /^  \.\.\./ && at > 30 && at < 40) }' "$dir/out"
}
check 'a filter that is too deep' limits "$(printf '%0300d' 0 | tr 0 '(')" 'too deep: more than 64 parentheses'
check 'or has too many parts' limits "$(seq 3000 | sed 's/.*/22 or/' | tr '\n' ' ') 22" 'too long: the filter has more than 1024 parts'
check 'a mistake far behind' limits "$(seq 50 | sed 's/.*/22 or/' | tr '\n' ' ') dprt=22 or $(seq 50 | sed 's/.*/22 or/' | tr '\n' ' ') 22" "unknown field 'dprt'"
check 'with its place' grep -q '\^\^\^\^' "$dir/err"
printf 'view = flows,nosuch\ngroup = srcaddr,nosuch\ncolumns = start,nosuch\nmetric = distinct:nosuch\n' >"$dir/config"
run --no-config -o csv "$dir/a.log" >"$dir/want"
"$ENITOP" -b --config "$dir/config" -o csv "$dir/a.log" >"$dir/have" 2>"$dir/err"
check 'a value that is wrong in the configuration changes nothing' same "$dir/want" "$dir/have"
check 'and each is said' test "$(grep -c "$dir/config:[1-4]: " "$dir/err")" -eq 4
rm "$dir/config"
# Of very many rows the bins are listed, of few they are looked for.
for mark in '' '--mark 1700000100'; do
	# shellcheck disable=SC2086
	run -g srcaddr,dstaddr,srcport --trend $mark -o ndjson -n 0 "$dir/a.log" >"$dir/want"
	# shellcheck disable=SC2086
	run -g srcaddr,dstaddr,srcport --trend $mark -o ndjson -n 1000 "$dir/a.log" >"$dir/have"
	head -1000 "$dir/want" >"$dir/json"
	check "bins of many rows are those of few $mark" cmp "$dir/json" "$dir/have"
	check 'and there are many' test "$(wc -l <"$dir/want")" -gt 2000
done
check 'a broken pipe ends it quietly' sh -c '
	{ "$ENITOP" -b -v flows -o raw "$1" 2>"$2"; echo $? >"$3"; } | head -1 >/dev/null
	test ! -s "$2" && test "$(cat "$3")" = 0' sh "$dir/a.log" "$dir/err" "$dir/rc"
check 'nothing is written beside the input' sh -c 'test "$(ls "$1" | wc -l)" -le 12' sh "$dir"

# What could move a terminal does not come out of a table.
printf '2 1 eni-\033[2J\007 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n' >"$dir/evil"
run -g interface-id "$dir/evil" >"$dir/out"
check 'a table is sanitised' sh -c '! LC_ALL=C grep -q "[[:cntrl:]]" "$1"' sh "$dir/out"

# Several formats in one folder, and the same in one file: transit gateway, NAT, others.
mkdir "$dir/mix"
awk '$14 == "OK"' "$dir/a.log" | head -3000 >"$dir/v2"
{ echo version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes \
	start end action log-status; cat "$dir/v2"; } >"$dir/mix/v2.log"
{ echo vpc-id log-status action end start bytes packets protocol dstport srcport dstaddr srcaddr
  awk '{ print "vpc-" NR % 3, $14, $13, $12, $11, $10, $9, $8, $7, $6, $5, $4 }' "$dir/v2"; } >"$dir/mix/vpc.log"
{ echo version resource-type account-id tgw-id tgw-attachment-id srcaddr dstaddr srcport dstport \
	protocol packets bytes start end log-status packets-lost-no-route packets-lost-blackhole
  awk '{ print 6, "TransitGateway", $2, "tgw-1", "tgw-attach-" NR % 4, $4, $5, $6, $7, $8, $9, $10,
	 $11, $12, $14, NR % 7 ? 0 : NR % 5, NR % 9 ? "-" : 2 }' "$dir/v2"; } >"$dir/mix/tgw.log"
{ echo instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr
  awk 'NR <= 100 { print "i-1", $3, $4, $5, $4, $5 }' "$dir/v2"; } >"$dir/mix/nat.log"
cat "$dir"/mix/*.log >"$dir/mixed"

awk 'FNR > 1 { vpc = FILENAME ~ /vpc.log$/; c = vpc ? 6 : FILENAME ~ /tgw.log$/ ? 12 : 10
	v = vpc ? $1 : "-"; f[v]++; b[v] += FILENAME ~ /nat.log$/ ? 0 : $c }
     END { for (v in f) printf "%s,%.0f,%d\n", v, b[v], f[v] }' "$dir"/mix/*.log | sort >"$dir/want"
run -g vpc-id -o csv "$dir/mix" | tail -n +2 | cut -d, -f1,2,4 | sort >"$dir/have"
check 'mixed formats: what lacks the key is one row' same "$dir/want" "$dir/have"
run -g vpc-id -o csv "$dir/mixed" | tail -n +2 | cut -d, -f1,2,4 | sort >"$dir/have"
check 'mixed formats: in one file' same "$dir/want" "$dir/have"
run -g vpc-id -o json "$dir/mix" >"$dir/json"
check 'mixed formats: null in json' test "$(grep -o '"vpc-id":null' "$dir/json" | wc -l)" -eq 1
awk 'FNR > 1 && FILENAME ~ /tgw.log$/ { l[$5] += $16 + ($17 == "-" ? 0 : $17) }
     END { for (a in l) print a "," l[a] }' "$dir"/mix/*.log | sort >"$dir/want"
run -g tgw-attachment-id -m lost -o csv "$dir/mix" | tail -n +2 | cut -d, -f1,6 | sort >"$dir/have"
check 'packets that a transit gateway lost' same "$dir/want" "$dir/have"
awk -F, '{ n += $2 } END { print "! " n " packets were lost by a transit gateway" }' "$dir/want" >"$dir/have"
run "$dir/mix" >"$dir/out"
check 'are said without being asked for' grep -qxf "$dir/have" "$dir/out"
awk 'FNR > 1 && $16 > 0' "$dir/mix/tgw.log" | sort >"$dir/want"
run -v flows -o raw -w 'packets-lost-no-route>0' "$dir/mix" | grep -v srcaddr | sort >"$dir/have"
check 'and can be filtered' same "$dir/want" "$dir/have"
{ awk '{ print $13 }' "$dir/v2" "$dir/v2"; awk 'NR <= 3100 { print "-" }' "$dir/v2" "$dir/v2"; } |
	sort | uniq -c | awk '{ print $2 "," $1 }' | sort >"$dir/want"
run -g action -o csv "$dir/mix" | tail -n +2 | cut -d, -f1,4 | sort >"$dir/have"
check 'a record without action is neither accepted nor refused' same "$dir/want" "$dir/have"
awk 'FNR > 1' "$dir"/mix/*.log | sort >"$dir/want"
run -v flows -o raw "$dir/mix" | grep -v srcaddr | sort >"$dir/have" # without headers
check 'every line comes back' same "$dir/want" "$dir/have"
for view in $("$ENITOP" --views); do
	[ "$view" = findings ] && continue
	for output in table csv json ndjson; do
		check "mixed: $view as $output" sh -c '
			"$ENITOP" -b -v "$1" -o "$2" "$3" >"$4" && test -s "$4"' \
			sh $view $output "$dir/mix" "$dir/out"
	done
done

check 'findings that rest on less than all are no success' status 1 run -v findings -o json "$dir/mix"
check 'and it is said why' grep -q \
	'findings: [0-9]* records have no time, no action or no column' "$dir/err"

# What is known of sources, and what is wrong with them.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
	echo "bad $i"
done >"$dir/noise"
{ head -3 "$dir/v2"; echo 'one too few'; head -3 "$dir/v2"; } >"$dir/quiet.log"
{ head -3 "$dir/v2"; cat "$dir/noise"; } >"$dir/noisy.log"
run -v sources "$dir/quiet.log" "$dir/noisy.log" >"$dir/out"
check 'a malformed line has its place and reason' grep -qF \
	"$dir/quiet.log:4: 3 values where the others have 14: one too few" "$dir/out"
check 'the last ones of a noisy source' test "$(grep -c 'noisy.log:[0-9]*: .*bad' "$dir/out")" -eq 20
check 'and how many more there were' grep -q '^and 10 more' "$dir/out"
run -v sources -o ndjson "$dir/mixed" "$dir/quiet.log" >"$dir/out"
check 'formats met, the highest version' grep -q '"version":6,"formats":4,' "$dir/out"
check 'malformed lines as an array' grep -q \
	'"malformed_lines":\[{"line":4,"reason":"3 values where the others have 14","text":"one too few"}\]' "$dir/out"
run -o csv "$dir/quiet.log" >/dev/null 2>"$dir/err"
check 'csv leaves what is doubtful to standard error' grep -qx 'enitop: 1 malformed line' "$dir/err"
head -1 "$dir/v2" >"$dir/single"
check 'of one it says one' sh -c '"$0" -b "$1" | grep -q "^talkers by bytes: 1 of 1 row, 1 flow, "' "$ENITOP" "$dir/single"
check 'and of none none' sh -c '"$0" -b -w dport=1 "$1" | grep -q "^talkers by bytes: 0 of 0 rows, 0 flows, "' "$ENITOP" "$dir/single"
run -o csv -n 1 -v talkers,rejects "$dir/quiet.log" >/dev/null 2>"$dir/err"
check 'which says it once for all views' test "$(wc -l <"$dir/err")" -eq 1
run -o json -t 1d -n 1 --memory 1M "$dir/a.log" >"$dir/out"; cut=$?
check 'what was evicted from the window is not complete' grep -q '"complete":false' "$dir/out"
check 'and the exit status says so' test "$cut" -eq 1
end=$(awk '{ if ($12 > m) m = $12; if ($12 - $11 > 60) l = 1 } END { print m - (l ? 600 : 60) }' "$dir/v2")
run -v sources -o csv "$dir/mix/v2.log" >"$dir/out"
check 'complete until: an interval before the newest end' sh -c '
	awk -F, "NR == 1 { for (i = 1; i <= NF; i++) if (\$i == \"complete_until\") c = i }
		 NR == 2 { print \$c }" "$1" | grep -qx "$(date -u -d "@$2" +%Y-%m-%dT%H:%M:%SZ)"' \
	sh "$dir/out" "$end"

# Bad input: said with its name, the rest goes on, exit status 1.
ln -s two "$dir/one" && ln -s one "$dir/two"
head -c 3000000 /dev/zero | tr '\0' x >"$dir/long"
: >"$dir/empty"
evil=$(printf '%s/ev\033[31mil' "$dir")
bad() { # bad MESSAGE INPUT...
	message=$1
	shift
	"$ENITOP" -b -v talkers -g protocol -n 0 "$@" "$dir/quiet.log" >"$dir/out" 2>"$dir/err"
	test $? -eq 1 && grep -qF "$message" "$dir/err" && grep -q ' 6 flows' "$dir/out"
}
check 'not a flow log' bad "'$dir/noise': no flow log record in 30 lines: is it one?" "$dir/noise"
check 'one long line' bad "'$dir/long': no flow log record in 1 line" "$dir/long"
check 'links in a circle' bad "cannot open '$dir/one': too many symbolic links" "$dir/one"
check 'a device' bad "cannot open '/dev/zero': not a file, a folder or a pipe" /dev/zero
check 'a name is sanitised' bad "cannot open '$dir/ev\x1b[31mil': no such file" "$evil"
check 'an empty file is none of these' status 0 "$ENITOP" -b "$dir/empty" "$dir/quiet.log"
check 'standard input is a folder' sh -c '"$ENITOP" -b - "$1/quiet.log" <"$1" 2>"$1/err" | grep -q " 6 flows" &&
	grep -q "cannot open .-.: illegal operation on a directory" "$1/err"' sh "$dir"
run -v sources -o ndjson "$dir/none" "$dir/one" "$dir/noise" "$dir/quiet.log" >"$dir/out" 2>/dev/null
check 'they stand among the sources' test "$(grep -c '"error":"' "$dir/out")" -eq 3

# The sources are one document, beside another view too.
for views in sources talkers,sources; do
	"$ENITOP" -b -v $views -o json "$dir/a.log" >"$dir/json"
	check "$views: each line of json is one object" sh -c '
		! grep -qv "^{\"schema\":1,.*}}$" "$1"' sh "$dir/json"
done
check 'a stream ends with its pipe' sh -c '
	head -100 "$1" | timeout 20 "$ENITOP" -b -f -v flows -o raw >"$2"' sh "$dir/a.log" "$dir/out"

# A socket that is input and output: what makes the one non-blocking makes the other so.
check 'all of it through a slow socket' sh -c '
	"$1"/pair "$ENITOP" -b -v flows -o raw - <"$2" >"$3"' sh "$tests" "$dir/a.log" "$dir/out"
"$ENITOP" -b -v flows -o raw - <"$dir/a.log" >"$dir/want"
check 'as without one' same "$dir/want" "$dir/out"
check 'and help through one that does not wait' sh -c '
	"$1"/pair -n "$ENITOP" --fields </dev/null >"$2"' sh "$tests" "$dir/out"
"$ENITOP" --fields >"$dir/want"
check 'whole' same "$dir/want" "$dir/out"

# A stream: what comes, as it comes, until it is told to stop.
: >"$dir/live.log"
"$ENITOP" -b -f -v flows -o raw -w 'dport=443' "$dir/live.log" >"$dir/stream" 2>"$dir/err" &
pid=$!
head -1000 "$dir/a.log" >>"$dir/live.log"
awk '$14 == "OK" && $7 == 443' "$dir/live.log" >"$dir/want"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
	cmp -s "$dir/want" "$dir/stream" && break
	sleep 0.2
done
check 'a stream shows what was appended' same "$dir/want" "$dir/stream"
kill -TERM $pid
wait $pid
check 'SIGTERM ends it with 0' test $? -eq 0
check 'without a word' test ! -s "$dir/err"

# A table of files that is asked nothing begins with its findings; what follows is what it was.
awk 'BEGIN { for (i = 0; i < 20; i++) {
	t = 1700000000 + 60 * i
	print "2 1 eni-b 10.0.0.5 10.0.1.9", 40000 + i, "5432 6 1 60", t, t + 50, "REJECT OK"
	print "2 1 eni-b 10.0.0.7 10.0.1.9", 40000 + i, "443 6 9 900", t, t + 50, "ACCEPT OK"
	print "2 1 eni-b 10.0.1.9 10.0.0.7 443", 40000 + i, "6 9 900", t, t + 50, "ACCEPT OK" } }' >"$dir/lead.log"
run --no-config "$dir/lead.log" >"$dir/have"
check 'it says how many' test "$(head -1 "$dir/have")" = 'findings: 0 page, 1 warn, 0 info (--view findings)'
check 'and which' sh -c "sed -n 3p '$dir/have' | grep -q '^!  *reach  *10.0.0.5 > 10.0.1.9:5432 '"
run --no-config --view talkers "$dir/lead.log" >"$dir/want"
sed 1,4d "$dir/have" >"$dir/rest"
check 'before the report' same "$dir/want" "$dir/rest"
for asked in '-g client,server,service' '-m bytes' '-w tcp' '-t all' '--since 2023-11-14' '-o csv'; do
	# shellcheck disable=SC2086 # words of their own
	run --no-config $asked "$dir/lead.log" >"$dir/have"
	check "but not with $asked" sh -c "! grep -q '^findings:' '$dir/have'"
done
run --no-config <"$dir/lead.log" >"$dir/have"
check 'a file on standard input is one' grep -q '^findings: 0 page, 1 warn' "$dir/have"
cat "$dir/lead.log" | run --no-config >"$dir/have"
check 'a pipe is none' same "$dir/want" "$dir/have"
grep -v 10.0.0.5 "$dir/lead.log" >"$dir/quiet.log"
run --no-config "$dir/quiet.log" >"$dir/have"
check 'where nothing is wrong that is a line' \
	test "$(head -1 "$dir/have" | sed 's/ [0-9]* rules/ N rules/')" = 'nothing fired in 19m: N rules, 1 interfaces'
done_testing
