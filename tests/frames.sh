# Records that stand in something: what programs write before or around a line is read, other logs
# and what people type are not, however much it looks like a record.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
enitop() { "$ENITOP" --no-config -b "$@"; }

r='2 123456789012 eni-0a1b2c3d4e5f60718 203.0.113.12 10.0.1.5 49761 22 6 20 4249 1795514410 1795514470 ACCEPT OK'
s='2 123456789012 eni-0a1b2c3d4e5f60718 2001:db8::7 2001:db8:1::5 40000 443 17 6 840 1795514420 1795514475 REJECT OK'
n='2 123456789012 eni-0a1b2c3d4e5f60718 - - - - - - - 1795514410 1795514470 - NODATA'

# Flows, NODATA and malformed lines of a text.
counts() {
	printf '%s\n' "$1" >text
	enitop -n 1 -o json text 2>err |
		sed 's/.*"input"://; s/.*"flows":\([0-9]*\).*"nodata":\([0-9]*\).*"malformed":\([0-9]*\).*/\1 \2 \3/'
}
gives() { # gives FLOWS NODATA MALFORMED TEXT
	have=$(counts "$4")
	test "$have" = "$1 $2 $3" || { echo "# $have instead of $1 $2 $3: $4" >&2; return 1; }
}

fill() { printf '%s\n' "$1" | sed "s/%s/$2/g; s/<TAB>/$tab/g"; } # fill FRAME RECORD
tab=$(printf '\t')

# ---- read: %s is the record; twice, so that there is a second line ----

while IFS= read -r frame; do
	case $frame in '' | '#'*) continue ;; esac
	check "$(printf %s "$frame" | sed 's,[\\],_,g')" gives 1 1 0 "$(fill "$frame" "$r")
$(fill "$frame" "$n")"
done <<'FRAMES'
%s
  %s
> %s
* %s
     17<TAB>%s
1795514470 %s
10:01:10 %s
2026-11-24 10:01:10,123 INFO %s
2026-11-24 10:01:10,123 - vpcflow - INFO - %s
INFO:vpc.flow:%s
[INFO] 2026-11-24T10:01:10.123Z 5d7e23f4-0001 %s
2026-11-24T10:01:10.123Z<TAB>5d7e23f4-aaaa-bbbb-cccc-000000000001<TAB>INFO<TAB>%s
2026-11-24T10:01:10.123456789Z stdout F %s
2026-11-24T10:01:10.123456789Z stderr P %s
[pod/vector-7d9f/vector] %s
vector-7d9f5c6b8-x2k4p vector %s
web-1  | %s
vpc_flow.1.abcdef@node1    | %s
Nov 24 10:01:10 loghost vpcflow: %s
Nov  4 10:01:10 loghost vpcflow[17]: %s
Nov 24 10:01:10 10.0.0.7 Nov 24 10:01:10 loghost vpcflow: %s
<134>Nov 24 10:01:10 loghost vpcflow: %s
<134>1 2026-11-24T10:01:10Z loghost vpcflow - - - %s
<134>1 2026-11-24T10:01:10.123Z loghost vpcflow 17 ID47 [x@1 a="b c"] %s
2026-11-24T10:01:10.123456+00:00 loghost vpcflow: %s
2026-11-24T10:01:10+00:00 app[web.1]: %s
2026-11-24T10:01:10Z {job="vpc", host="x y"} %s
{job="vpc"} %s
/vpc/flowlogs eni-0a1b2c3d4e5f60718-all %s
[2026-11-24T10:01:10Z] (eni-0a1b2c3d4e5f60718-all) %s
x/flows.log:%s
flows.log:12:%s
2026-11-24 10:01:10.000000000 +0000 vpc.flow: {"message":"%s"}
2026-11-24T10:01:10+00:00<TAB>vpc.flow<TAB>{"message":"%s"}
Nov 24 10:01:10 loghost vpcflow: {"log":"%s","stream":"stdout"}
[0] vpc.flow: [1795514470.123, {"log"=>"%s\n"}]
[0] vpc.flow: [[1795514470.123, {}], {"log"=>"%s"}]
{'timestamp': 1795514470000, 'message': '%s', 'ingestionTime': 1, 'eventId': '3'}
[{'logStreamName': 'x', 'message': '%s'}]
time="2026-11-24T10:01:10Z" level=info msg="%s"
"%s"
    "%s",
- "%s"
- message: %s
message: "%s"
| 2026-11-24 10:01:10.000 | %s |
|  %s  |
2026-11-24 10:01:10.000 | %s
1795514470000<TAB>%s<TAB>1795514480000
{"log":"%s\n","stream":"stdout","time":"2026-11-24T10:01:10Z"}
{"__CURSOR":"x","_HOSTNAME":"h","PRIORITY":"6","MESSAGE":"%s"}
{"version":"1.1","host":"h","short_message":"%s","timestamp":1795514470.1,"level":6}
{"line":"%s","timestamp":"1795514470000000000","fields":{"job":"vpc"}}
{"time":1795514470,"host":"h","event":"%s"}
{"labels":{"job":"x"},"line":"%s"}
{"stream":{"job":"vpc"},"values":[["1795514470000000000","%s"]]}
{"stream":{"job":"vpc"},"values":[["1795514470000000000","%s",{"trace":"x"}]]}
{"logs":["%s"]}
{"body":{"stringValue":"%s"},"timeUnixNano":"1"}
[{"field":"@timestamp","value":"2026-11-24"},{"field":"@message","value":"%s"}]
{"log":"%s","message":"%s"}
{"textPayload":"%s","resource":{"type":"x"}}
FRAMES

# ---- in brackets, in rows: the bare record is what comes out, once a line ----

is_bare() { # is_bare FRAME
	fill "$1" "$r" >text
	fill "$1" "$s" >>text
	printf '%s\n' "$r" "$s" >bare
	enitop -v flows -o raw text >out 2>err && cmp bare out >&2 && test ! -s err &&
		enitop -v flows -o csv bare >fields && enitop -v flows -o csv text | cmp fields - >&2 &&
		gives 1 1 0 "$(fill "$1" "$r")
$(fill "$1" "$n")"
}
while IFS= read -r frame; do
	check "bare: $frame" is_bare "$frame"
done <<'FRAMES'
[%s]
(%s)
<%s>
{%s}
[ %s ]
`%s`
  [%s]
[%s],
2026-11-24T10:01:10Z [%s]
2026-11-24T10:01:10Z "%s"
10:01:10 "%s"
1795514470.123 "%s"
Nov 24 10:01:10 "%s"
2026-11-24 10:01:10,123 INFO (%s)
1795514470 <%s>
10:01:10 {%s}
Nov 24 10:01:10 host vpc[1]: [%s]
Nov 24 10:01:10 host vpc[1]: `%s`
[INFO] [%s]
x | %s
x | %s | y
 x | %s | y | 
x | y |<TAB>%s
2026-11-24T10:01:10Z | %s | x
Nov 24 10:01:10 host vpc[1]: | %s | 17 |
2026-11-24 10:01:10 | x@y.z | [1] | %s | (2 rows)
FRAMES

# ---- several ----

nbsp=$(printf '\302\240')
check 'run together' gives 3 0 0 "$r$s$r"
check 'run together behind a prefix' gives 2 0 0 "Nov 24 10:01:10 loghost vpcflow: $r$s"
check 'with blanks, with tabs' gives 4 0 0 "$r $s
$r$(printf '\t')$s"
check 'in brackets each' gives 3 0 0 "[$r] [$s],($r)"
check 'one, and one in brackets' gives 2 0 0 "$r [$s]"
check 'and more of them' gives 3 0 0 "$r [$s], ($r)"
check 'and something else' gives 0 0 1 "$r [$s] x"
check 'in brackets each, and something else' gives 1 0 1 "[$r] [$s] x"
check 'one before a tail is not passed over in silence' gives 4 0 4 "$r | $s
[$r] $s
($r) | $s
2026-11-24T10:01:10Z $r - $s"
check 'what is in brackets among lines of its own' gives 3 0 1 "$r
no record at all
[$s]
x | $r | y"
check 'NODATA among them' gives 2 1 0 "$r$n$s"
check 'what follows a log-status is no whole record' gives 0 0 1 "${r}2 123456789012 eni-1 203.0.113.12"
check 'between no-break spaces' gives 1 0 0 "$(echo "$r" | sed "s/ /$nbsp/g")"
check 'one among lines of its own' gives 2 0 1 "$r
no record at all
$s"
check 'one an object: the key that was known before' gives 1 0 0 "{\"log\":\"$s\",\"message\":\"$r\",\"event\":\"$s\"}"
check 'the first of others' gives 1 0 0 "{\"log\":\"$s\",\"event\":\"$r\"}"
check 'what is below it is not searched' gives 1 0 0 "{\"event\":\"$s\",\"children\":[{\"log\":\"$r\"},{\"log\":\"$r\"}]}"
check 'each object of an array has one' gives 2 0 0 "{\"events\":[{\"log\":\"$s\"},{\"log\":\"$r\"}]}"
check 'a list of dictionaries' gives 2 0 0 "[{'message': '$s'}, {'message': '$r'}]"
check 'a document torn behind it' gives 1 0 1 "{\"a\":1,
\"log\":\"$r\",
\"tor"
awk -v r="$r" 'BEGIN { for (i = 0; i < 5000; i++) printf "%s", r }' >joined
joined() { test "$(enitop -o json -n 1 "$@" | grep -o '"flows":5000,' | head -1)" = '"flows":5000,'; }
check 'hundreds of KiB without a newline' joined joined
check 'through a pipe' sh -c 'cat joined | "$0" --no-config -b -o json -n 1 | grep -q "\"flows\":5000,"' "$ENITOP"
awk -v r="$r" 'BEGIN { for (i = 0; i < 5000; i++) printf "%s\r", r }' >returns
check 'lines that end in CR alone' joined returns
awk -v r="$r" 'BEGIN { for (i = 0; i < 5000; i++) print "\"" r "\"" }' | sed '7s/4249/4250/' >quoted
check 'many' joined quoted
check 'and unreadable values keep their line' sh -c 'sed "9s/.*/\"2 123456789012 eni-1 203.0.113.12 10.0.1.5 49761 22 6 20 4249 1795514410 1795514470 ACCEPT MAYBE\"/" quoted >x; "$0" --no-config -b -v sources x | grep -q "x:9: "' "$ENITOP"
rows=$(awk 'BEGIN { for (i = 0; i < 3000; i++) printf "%s\"%d\":\"v\"", i ? "," : "", i }')
column() { printf '"%s":{%s}' "$1" "$(echo "$rows" | sed "s/\"v\"/\"$2\"/g")"; }
printf '{%s,%s,%s,%s}' "$(column srcaddr 10.0.0.1)" "$(column dstaddr 10.0.0.2)" "$(column bytes 7)" \
	"$(column end 1795514470)" >table
check 'a table of columns, larger than a text may be' sh -c '"$0" --no-config -b -o json -n 1 table | grep -q "\"bytes\":21000,.*\"flows\":3000"' "$ENITOP"
lists='"srcaddr":["10.0.0.1","10.0.0.3"],"dstaddr":["10.0.0.2","10.0.0.4"],"bytes":[1,2],"end":[1795514470,1795514471]'
check 'lists for each name' gives 2 0 0 "{$lists}"
check 'names and rows' gives 2 0 0 '{"columns":["srcaddr","dstaddr","bytes","end"],"index":[0,1],"data":[["10.0.0.1","10.0.0.2",1,1795514470],["10.0.0.1","10.0.0.2",1,1795514470]]}'
check 'Athena gives it so' gives 1 0 0 '{"ResultSet":{"Rows":[{"Data":[{"VarCharValue":"srcaddr"},{"VarCharValue":"dstaddr"},{"VarCharValue":"bytes"},{"VarCharValue":"end"}]},{"Data":[{"VarCharValue":"10.0.0.1"},{"VarCharValue":"10.0.0.2"},{"VarCharValue":"5"},{"VarCharValue":"1795514470"}]}]}}'
check 'base64 of a record' gives 1 0 0 "$(printf '%s' "$r" | base64 -w0)"
check 'base64 under Data' gives 1 0 0 "{\"Records\":[{\"Data\":\"$(printf '%s' "$r" | base64 -w0)\"}]}"
check 'base64 under no other key' gives 0 0 1 "{\"payload64\":\"$(printf '%s' "$r" | base64 -w0)\"}"

# ---- not read: other logs, and what people type ----

while IFS= read -r trick; do
	case $trick in '' | '#'*) continue ;; esac
	check "never: $(printf %s "$trick" | sed 's,[\\],_,g')" gives 0 0 1 "$(fill "$trick" "$r")"
done <<'TRICKS'
http 2026-11-24T10:01:10.000000Z app/lb/50dc 203.0.113.12:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://x:80/?q=1 HTTP/1.1" "%s" - - arn:aws:x "Root=1-5" "-" "-" 0 2026-11-24T10:01:10.000000Z "forward" "-" "-"
http 2026-11-24T10:01:10.000000Z app/lb/50dc 203.0.113.12:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://x:80/%s HTTP/1.1" "x message: '%s'" - -
203.0.113.12 - - [24/Nov/2026:10:01:10 +0000] "GET / HTTP/1.1" 200 12 "-" "%s"
203.0.113.12 - - [24/Nov/2026:10:01:10 +0000] "GET /?%s HTTP/1.1" 200 12
203.0.113.12 "x 'message': '%s'"
Nov 24 10:01:10 host sshd[12]: Invalid user %s
Nov 24 10:01:10 host sshd[12]: Failed password for %s from 1.2.3.4
2026-11-24 10:01:10 INFO user bob searched for %s
bob said %s
bob: %s
I think that %s
what is "%s" for?
"%s" is what I got
user_agent="%s"
{"level":"info","user_agent":"%s"}
{"user":"%s","action":"login"}
{"comment":"%s"}
{"log":"user typed %s"}
{"log":"he said \"message\": \"%s\""}
{"request":{"query":"%s"}}
{'user_agent': '%s'}
CEF:0|vendor|product|1|2|%s|5|x=1
<bob> %s
203.0.113.12 "%s"
2001:db8::7 "%s"
10:01:10 bob "%s"
10:01:10 "%s" and more
db-1 says %s
mary-jane-smith typed %s
mary-jane-brown typed %s
some-pod-x2k4p said so %s
%s and more
[%s] and more
{%s} is it
bob [%s]
bob: (%s)
bob said `%s`
what is `%s` for?
user_agent=(%s)
{"user_agent":"[%s]"}
203.0.113.12 - - [24/Nov/2026:10:01:10 +0000] "GET /" 200 12 "-" "Mozilla/5.0 (%s)"
http 2026-11-24T10:01:10.000000Z app/lb/50dc 203.0.113.12:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://x:80/ HTTP/1.1" "Mozilla/5.0 (%s)" - -
http 2026-11-24T10:01:10.000000Z app/lb/50dc 203.0.113.12:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://x:80/ HTTP/1.1" "x | %s | y" - -
Nov 24 10:01:10 host sshd[12]: Invalid user [%s]
Nov 24 10:01:10 host sshd[12]: Failed password for | %s | from 1.2.3.4
I think that | %s
x | %s | what do you say to this
x | "y | %s | z"
x | %s | %s
x [a] [b] [%s
(%s]
1.2.3.4 %s ALLOWED
TRICKS
check 'a value that its field cannot have' gives 0 0 1 "Nov 24 10:01:10 h vpc: $(echo "$r" | sed 's/203.0.113.12/203.0.113.999/')"
check 'nor in brackets' gives 0 0 1 "[$(echo "$r" | sed 's/203.0.113.12/203.0.113.999/')]"
check 'nor in a row' gives 0 0 1 "x | $(echo "$r" | sed 's/49761/70000/') | y"
check 'a port that is none' gives 0 0 1 "\"$(echo "$r" | sed 's/49761/70000/')\""
check 'no addresses in a record that is OK' gives 0 0 1 "\"$(echo "$n" | sed 's/NODATA/OK/')\""
header='version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
check 'under a header nothing is searched' gives 0 0 1 "$header
x vpc: $r"
check 'nor what is in brackets' gives 0 0 1 "$header
[$r]"
check 'under --format neither' sh -c 'echo "Nov 24 10:01:10 h vpc: $1" >x; ! "$0" --no-config -b --format "$2" x >out 2>&1' "$ENITOP" "$r" "$header"

# ---- what is said ----

said() { printf '%s\n' "$2" >x; enitop -v sources -o json x | grep -q "$1"; }
check 'what records stood in' said '"note":"records stood behind a syslog header, in quotes"' "Nov 24 10:01:10 h vpc: $r
\"$r\""
check 'how many values the others have' said '13 values where the others have 14' "$r
${r% OK}"
check 'how many the header has' said '15 values where the header has 14' "$header
$r x"
custom() { enitop x >out 2>err; test $? = 1 && grep -q "custom format: give --format: eni-0a1b" err; }
echo 'eni-0a1b2c3d 123456789012 x0 y 203.0.113.12 7 8 9 z' >x
check 'a custom format is told with its line, exit 1' custom
done_testing
