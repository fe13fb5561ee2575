#!/bin/sh
# A server in place of files: records are loaded as they are, questions have the answers that files
# have, what is no whole answer is none, and who asks no server opens no socket. Answers that none
# should give are those of tests/engine_fake.py; a ClickHouse is started where there is one.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d)
started=
trap 'for pid in $started; do kill "$pid"; done 2>/dev/null; wait; rm -rf "$dir"' EXIT
unset http_proxy https_proxy ENITOP_CLICKHOUSE_USER ENITOP_CLICKHOUSE_PASSWORD ENITOP_CLICKHOUSE_PASSWORD_FILE \
	ENITOP_CLICKHOUSE_CA ENITOP_CLICKHOUSE_TIMEOUT
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

# ---- what is refused before a server is asked ----

refused() { # refused WORDS OPTION...: nothing is printed but why, and no server is there
	words=$1
	shift
	"$ENITOP" --batch "$@" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq 2 ] && [ ! -s "$dir/out" ] && grep -q -e "$words" "$dir/err" && ! grep -q hunter2 "$dir/err" && return
	sed 's/^/# /' "$dir/out" "$dir/err"
	return 1
}
url=clickhouse://127.0.0.1:1/net.flows
check 'a password in an address' refused 'no user, password' clickhouse://me:hunter2@127.0.0.1/net.flows
check 'or behind a question mark' refused 'no user, password' 'clickhouse://127.0.0.1/net.flows?password=hunter2'
check 'an address without a table' refused 'HOST\[:PORT\]/DATABASE.TABLE' clickhouse://127.0.0.1/net
check 'a port that is none' refused 'HOST\[:PORT\]/DATABASE.TABLE' clickhouse://127.0.0.1:99999/net.flows
check 'a table that is more than a name' refused 'DATABASE.TABLE' 'clickhouse://127.0.0.1/net.flows;drop'
export ENITOP_CLICKHOUSE_PASSWORD=hunter2
check 'a password in the clear to elsewhere' refused 'over TLS, or to this machine' clickhouse://127.0.0.1.example.com/net.flows
check 'to a name that begins so' refused 'over TLS, or to this machine' clickhouse://localhost.example.com/net.flows
unset ENITOP_CLICKHOUSE_PASSWORD
echo hunter2 >"$dir/secret"
chmod 644 "$dir/secret"
ENITOP_CLICKHOUSE_PASSWORD_FILE=$dir/secret
export ENITOP_CLICKHOUSE_PASSWORD_FILE
check 'a file of it that others can read' refused 'others can read it' "$url"
unset ENITOP_CLICKHOUSE_PASSWORD_FILE
for what in '-v findings:told from records' '-v trust:told from records' '-v sources:told from records' \
	'--why 10.0.0.1:--why rests on records' '--once:rests on what records teach' '-m cost:rests on what records teach' \
	'--follow:is asked once' '--assert none:--assert rests' '-v spike:rests on records' '--heat port,client:bins of time alone' \
	'-g client,time:groups by time' '-g client-name:known to enitop alone' '-w client-name=x:known to enitop alone' \
	'-w vpc~/a(?=b)/:look-around' '-w /foo/:columns, not lines' '-v timeline -m distinct:srcaddr:not asked of a server by time' \
	'--mark 1700000000 -m distinct:srcaddr:does not compare'; do
	# shellcheck disable=SC2086
	check "refused with its reason: ${what%:*}" refused "${what##*:}" ${what%:*} "$url"
done
check 'another input beside it' refused 'asked alone' "$url" "$dir/five.log"
"$ENITOP" --batch -o json "$url" >"$dir/out" 2>"$dir/err"
check 'no server: status 1' [ $? -eq 1 ]
check 'which JSON says too' grep -q '"complete":false,"error":"no answer of the server' "$dir/out"

# ---- without such an address there is no library, and no socket ----

"$ENITOP" --print-config >/dev/null 2>&1
check 'nothing is linked to it' sh -c '! ldd "$ENITOP" | grep -q curl'
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	strace -f -o "$dir/calls" -e trace=socket,connect,openat "$ENITOP" --batch "$dir/five.log" >/dev/null 2>&1
	check 'files are read without a socket' sh -c '! grep -E "socket\(AF_INET|connect\(|libcurl" "$1"' - "$dir/calls"
fi

# ---- answers that are none ----

if ! command -v python3 >/dev/null; then
	echo '# no python3: answers of a server are not tried'
	done_testing
fi
fake() { # fake KIND: a server; $url
	rm -f "$dir/place" "$dir/place.asked"
	python3 "$srcdir/tests/engine_fake.py" "$1" "$dir/place" 2>"$dir/fake.err" &
	pid=$!
	started="$started $pid"
	while [ ! -s "$dir/place" ] && kill -0 $pid 2>/dev/null; do sleep 0.05; done
	url=clickhouse://127.0.0.1:$(cat "$dir/place")/net.flows
}
ask() {
	"$ENITOP" --batch -g srcaddr "$@" "$url" >"$dir/out" 2>"$dir/err" </dev/null
}
failed() { # failed KIND WORDS: status 1 and why, of a table nothing, of JSON that it is not complete
	fake "$1"
	ask -o json
	[ $? -eq 1 ] && grep -q '"complete":false,"error":"' "$dir/out" && grep -q -e "$2" "$dir/err" &&
		grep -q '"rows":\[\]}$' "$dir/out" && ! LC_ALL=C grep -q '[^ -~]' "$dir/err" &&
		! grep -q hunter2 "$dir/out" "$dir/err" && return
	sed 's/^/# /' "$dir/out" "$dir/err" "$dir/fake.err" | cut -c1-300
	return 1
}
fake good
ask
check 'an answer that is whole is printed' grep -q '^10.0.0.1  *500 ' "$dir/out"
check 'settings bound it: nothing is written, not for ever, no server left out' sh -c '
	[ $(grep -c "readonly=2" "$1") -eq 2 ] && grep -q "max_execution_time=30&.*skip_unavailable_shards=0" "$1"' - "$dir/place.asked"
export ENITOP_CLICKHOUSE_PASSWORD=hunter2 ENITOP_CLICKHOUSE_USER=me
fake good
ask
check 'user and password go in headers' sh -c '[ $(grep -c "X-ClickHouse-Key.: .hunter2" "$1") -eq 4 ] && grep -q "X-ClickHouse-User.: .me" "$1"' - "$dir/place.asked"
check 'and not in what is asked' sh -c '! sed "s/X-ClickHouse-Key[^,]*,//" "$1" | grep hunter2' - "$dir/place.asked"
check 'the server that sends it back' failed echo 'your key is \*'
unset ENITOP_CLICKHOUSE_PASSWORD ENITOP_CLICKHOUSE_USER
chmod 600 "$dir/secret"
fake good
ENITOP_CLICKHOUSE_PASSWORD_FILE=$dir/secret "$ENITOP" --batch -g srcaddr "$url" >"$dir/out" 2>&1
check 'or from a file' grep -q 'X-ClickHouse-Key.: .hunter2' "$dir/place.asked"
check 'a wrong password' failed 401 'HTTP 401): Code: 194, .*Wrong password'
check 'and at the first question' failed early-401 'HTTP 401)'
check 'a failure amid the answer' failed amid 'failed amid its answer: Code: 241, .*Memory limit *\[2J exceeded'
fake turned
ask
check 'no rows, with their totals before all the rest: none' grep -q '^talkers by bytes: 0 of 0 rows, 5 flows' "$dir/out"
check 'a stream that is cut' failed cut 'the answer was cut'
check 'or cut where all of it was there but its end' failed cut-whole 'the answer was cut'
check 'less than was announced' failed short 'the answer was cut'
check 'what is none' failed garbage 'not whole, or none of ClickHouse'
check 'what is none, at first' failed early-garbage 'not whole, or none of ClickHouse'
check 'what nests without end' failed deep 'not whole, or none of ClickHouse'
check 'more than 64 MiB' failed huge 'longer than 64 MiB'
check 'another place' failed redirect 'HTTP 302'
check 'another number of rows than is said' failed rows 'not whole'
check 'no totals' failed totals 'not whole'
check 'a number that is none' failed cells 'none to what was asked'
check 'a table that changes each time' failed changing 'the table changed each of 3 times'
check 'a user that may set no limit' failed readonly1 'readonly=1'
check 'a table without times' failed no-end 'no table with a column end'
check 'a column of another type' failed types 'bytes is of the type Nullable(Float64)'
export ENITOP_CLICKHOUSE_TIMEOUT=1
check 'headers that do not come' failed slow 'no answer of the server'
unset ENITOP_CLICKHOUSE_TIMEOUT
fake good
ask -g client
check 'sides are refused where the table has none' sh -c '[ ! -s "$1" ] && grep -q "no columns from_server and guess" "$2"' - "$dir/out" "$dir/err"
fake good
ask -w vpc=x
check 'a field that the table lacks, by name' grep -q "no column for 'vpc-id'" "$dir/err"

# ---- a real one ----

server=$(command -v clickhouse-server)
if [ -z "$server" ] || ! command -v clickhouse-client >/dev/null; then
	echo '# no clickhouse-server: answers are not held against those of files'
	done_testing
fi
mkdir "$dir/data" "$dir/tmp" "$dir/format"
port=$(python3 -c 'import socket
a, b = socket.socket(), socket.socket()
a.bind(("127.0.0.1", 0)), b.bind(("127.0.0.1", 0))
print(a.getsockname()[1], b.getsockname()[1])')
tcp=${port#* } port=${port% *}
cat >"$dir/server.xml" <<END
<yandex><logger><level>warning</level><log>$dir/log</log><errorlog>$dir/errors</errorlog></logger>
<http_port>$port</http_port><tcp_port>$tcp</tcp_port><listen_host>127.0.0.1</listen_host><path>$dir/data/</path>
<tmp_path>$dir/tmp/</tmp_path><format_schema_path>$dir/format/</format_schema_path><mark_cache_size>268435456</mark_cache_size>
<users_config>$dir/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<remote_servers><one><shard><replica><host>127.0.0.1</host><port>$tcp</port></replica></shard></one>
<half><shard><replica><host>127.0.0.1</host><port>$tcp</port></replica></shard>
<shard><replica><host>127.0.0.1</host><port>1</port></replica></shard></half></remote_servers></yandex>
END
key=$(printf hunter2 | sha256sum | cut -d' ' -f1)
cat >"$dir/users.xml" <<END
<yandex><profiles><default/><reader><readonly>2</readonly><max_threads>1</max_threads></reader><strict><readonly>1</readonly></strict></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
<reader><password_sha256_hex>$key</password_sha256_hex><networks><ip>127.0.0.1</ip></networks><profile>reader</profile><quota>default</quota></reader>
<strict><password></password><networks><ip>127.0.0.1</ip></networks><profile>strict</profile><quota>default</quota></strict></users>
<quotas><default/></quotas></yandex>
END
"$server" --config-file="$dir/server.xml" >"$dir/server.out" 2>&1 &
started="$started $!"
client() { clickhouse-client --host 127.0.0.1 --port "$tcp" "$@"; }
tries=0
until client --query 'select 1' >/dev/null 2>&1 || [ $((tries += 1)) -gt 300 ]; do sleep 0.2; done
# Records that lack something, run long, or end before they begin; of IPv6; and status records.
"$AWK" 'NR == 1 { print; next } NR % 97 == 0 { $17 = "-"; $9 = "-" } NR % 131 == 0 { $11 -= 700 } NR % 137 == 0 { $11 -= 5000 }
	NR % 149 == 0 { $11 = $12 + 4 } NR % 151 == 0 { $5 = "-" } NR % 157 == 0 { $4 = "-"; $6 = "-" } NR % 167 == 0 { $15 = "-" }
	NR % 163 == 0 { $4 = "2001:db8::" (NR % 5 + 1); $5 = "2001:db8:0:1::" (NR % 3 + 1) }
	NR % 200 == 0 { for (i = 4; i <= 10; i++) $i = "-"; $13 = "-"; $14 = NR % 400 ? "NODATA" : "SKIPDATA" } { print }' \
	"$dir/five.log" | sed 's/^5 /7 /' >"$dir/mixed.log"
"$GENLOG" -5 -n 6000 -r 130 -s 2 >>"$dir/mixed.log"
"$GENLOG" -6 -H -n 2000 -r 60 -s 3 >>"$dir/mixed.log"
client --query 'create database net'
"$ENITOP" --print-sql clickhouse --view sources | sed 's/vpc_flow_logs/net.flows/; s/;$//' >"$dir/table.sql"
check 'the table is made by the statement that is printed' client --query "$(cat "$dir/table.sql")"
"$ENITOP" --batch -v flows -w 'log-status=*' -o clickhouse "$dir/mixed.log" 2>/dev/null |
	client --query 'insert into net.flows format TabSeparatedWithNames'
check 'and filled by one line' [ "$(client --query 'select count() from net.flows')" -eq "$(grep -vc '^version' "$dir/mixed.log")" ]
url=clickhouse://127.0.0.1:$port/net.flows
check 'questions have the answers that files have' python3 "$srcdir/tests/engine_twin.py" "$ENITOP" "$dir/mixed.log" "$url"
for output in ocsf clickhouse; do
	for input in "$dir/mixed.log" "$url"; do
		"$ENITOP" --batch -v flows -w 'src=10.20.0.0/16 and dst=10.20.0.0/16' -o $output "$input" 2>/dev/null | sort >"$dir/${input##*/}.flows"
	done
	check "records as $output, whatever their order" cmp "$dir/mixed.log.flows" "$dir/net.flows.flows"
done
for output in table csv ndjson; do
	"$ENITOP" --batch -v talkers -n 30 -o $output "$dir/mixed.log" 2>/dev/null | grep -v 'second sightings' >"$dir/want"
	"$ENITOP" --batch -v talkers -n 30 -o $output "$url" 2>/dev/null >"$dir/have"
	check "as $output, byte by byte" cmp "$dir/want" "$dir/have"
done
# Tables that are shards elsewhere: all of them, or one that is away.
client --query 'create table net.shards as net.flows engine = Distributed(one, net, flows)'
client --query 'create table net.lame as net.flows engine = Distributed(half, net, flows)'
for question in '-v timeline' '-v ports' '-v flows --sort time' '--mark 1700000010 -g pair' '-t 10 -m distinct:srcaddr'; do
	# shellcheck disable=SC2086
	"$ENITOP" --batch $question "$url" >"$dir/want" 2>/dev/null
	# shellcheck disable=SC2086
	"$ENITOP" --batch $question "clickhouse://127.0.0.1:$port/net.shards" >"$dir/have" 2>/dev/null
	check "over shards: $question" cmp "$dir/want" "$dir/have"
done
"$ENITOP" --batch "clickhouse://127.0.0.1:$port/net.lame" >"$dir/have" 2>"$dir/err"
check 'a shard that is away is a failure, never half an answer' sh -c '
	[ "$1" -eq 1 ] && [ ! -s "$2" ] && grep -q "Code: 279, .*tries failed" "$3"' - $? "$dir/have" "$dir/err"
# What is no longer waited for ends at the server as well, long before its time is over.
client --query 'create table net.slow as net.flows engine = Memory'
client --max_block_size 100 --min_insert_block_size_rows 1 --min_insert_block_size_bytes 1 \
	--query 'insert into net.slow select * from net.flows'
client --query 'create view net.sleeping as select * from net.slow where sleepEachRow(0.02) = 0'
asked() { client --query "select count() from system.processes where query like '%net.sleeping%' and query_id like 'enitop-%'"; }
soon() { # soon COUNT: so many are asked, within a minute
	tries=0
	until [ "$(asked)" -eq "$1" ]; do
		[ $((tries += 1)) -le 300 ] || return 1
		sleep 0.2
	done
}
ENITOP_CLICKHOUSE_TIMEOUT=3600 ENITOP_CLICKHOUSE_USER=reader ENITOP_CLICKHOUSE_PASSWORD=hunter2 "$ENITOP" --batch \
	"clickhouse://127.0.0.1:$port/net.sleeping" >"$dir/have" 2>"$dir/err" &
pid=$!
soon 1
kill -TERM $pid
wait $pid
check 'a signal: its status, and nothing is printed' sh -c '[ "$1" -eq 143 ] && [ ! -s "$2" ]' - $? "$dir/have"
check 'and the server does not go on' soon 0
ENITOP_CLICKHOUSE_USER=reader ENITOP_CLICKHOUSE_PASSWORD=hunter2 "$ENITOP" --batch -v talkers -n 30 -o csv "$url" >"$dir/have" 2>/dev/null
"$ENITOP" --batch -v talkers -n 30 -o csv "$url" >"$dir/want" 2>/dev/null
check 'the user that may read alone has them too' cmp "$dir/want" "$dir/have"
ENITOP_CLICKHOUSE_USER=reader ENITOP_CLICKHOUSE_PASSWORD=hunter3 "$ENITOP" --batch "$url" >"$dir/have" 2>"$dir/err"
check 'a wrong password is none' sh -c '[ ! -s "$1" ] && grep -q "HTTP 401" "$2" && ! grep -q hunter3 "$2"' - "$dir/have" "$dir/err"
ENITOP_CLICKHOUSE_USER=strict "$ENITOP" --batch "$url" >"$dir/have" 2>"$dir/err"
check 'a user that may set no limit is told' grep -q 'readonly=1' "$dir/err"
"$ENITOP" --batch "clickhouse://127.0.0.1:$port/net.nothing" >"$dir/have" 2>"$dir/err"
check 'so is a table that is not there' sh -c '[ ! -s "$1" ] && grep -q "net.nothing is no table" "$2"' - "$dir/have" "$dir/err"
done_testing
