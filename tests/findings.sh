#!/bin/sh
# Findings of the incidents of ../shared/scenarios, held against their truth at three levels; the same
# whatever the order of lines, the number of files, and copies of records. Where the folder or
# Python is not there that is not tested, which is said.
. "$srcdir/tests/tap.sh"
shared=$srcdir/../shared
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

# Rules whose incidents must be found: a rule that there is.
rules='beacon blackhole crosszone data exfil exposure flood ioc lateral nat_waste quiet reach scan spike'

mkdir "$dir/bin" && ln -s "$(realpath "$ENITOP")" "$dir/bin/enitop" || exit 99
PATH=$dir/bin:$PATH
findings() { enitop --batch --no-config --view findings "$@"; }

ioc=
enitop --help all | grep -q -- '--ioc FILE' && ioc='{ioc}'
# Nothing missed that a rule is there for, nothing false, no decoy.
judge() {
	python3 "$shared/scenarios/judge.py" "$shared/scenarios" --level "$1" -v --why true --findings \
		"enitop --batch --no-config --output ndjson {enis} $ioc --view findings {file}" >"$dir/said" 2>&1
	sed 's/why None, not [A-Z_/]*;* *//; /^[a-z0-9]* *$/d; s/^/# /' "$dir/said"
	grep -q ' in [1-9][0-9]* clean hours' "$dir/said" || return 1
	grep -qE 'DECOY|false [a-z]|findings: exit' "$dir/said" && return 1
	for rule in $rules; do
		grep -q "missed $rule" "$dir/said" && return 1
	done
	return 0
}
# What is found, without what copies of records change: their numbers.
found() {
	findings -o json "$@" 2>"$dir/err" | python3 -c '
import json, sys
for r in json.load(sys.stdin)["rows"]:
    if r["rule"] != "data":
        print(r["rule"], r["severity"], r["confidence"], r["since"], r["until"], r["open"],
              json.dumps(r["subject"]))'
}
same_found() { found "$1" | sort >"$dir/have" && cmp "$dir/want" "$dir/have"; }
# Whole findings of a log, or of standard input; how many conversations there are is left out: who of
# two pinged whom is a guess by what came before.
whole() { findings -o json "$@" 2>"$dir/err" | sed 's/"conversations":[0-9]*//'; }
same() { whole "$@" >"$dir/b.json" && cmp "$dir/a.json" "$dir/b.json"; }
invariant() { # invariant LOG
	zcat "$1" >"$dir/log"
	whole "$dir/log" >"$dir/a.json" && found "$dir/log" | sort >"$dir/want" || return 1
	test -s "$dir/want" || return 1
	{ grep '^version' "$dir/log"
	  grep -v '^version' "$dir/log" | awk '{ print (NR * 7919) % 10007, $0 }' | sort -n | cut -d ' ' -f 2-; } >"$dir/shuffled"
	rm -rf "$dir/folder" && mkdir "$dir/folder"
	awk -v dir="$dir/folder" 'NR == 1 && /^version/ { print >(dir "/0.log"); print >(dir "/1.log"); next }
		{ print >(dir "/" (NR % 2) ".log") }' "$dir/log"
	awk '/^version/ { print; next } { print; print }' "$dir/log" >"$dir/twice"
	# What counts once is read again, what fits is held, a pipe is in the ring.
	same "$dir/log" --once && same "$dir/shuffled" && same "$dir/folder" && same - <"$dir/log" && zcat "$1" | same - &&
		same_found "$dir/twice"
}
if test -d "$shared/scenarios" && command -v python3 >/dev/null; then
	for level in v2 v2_enis v5; do
		check "incidents, by the columns of $level" judge "$level"
	done
	for one in f01/flow.v2 f01/flow.v5 f11/flow.v2 f13/flow.v5 s01/flow.v5 s09/flow.v2 s13/flow.v5; do
		check "$one: order, files and copies are nothing to it" invariant "$shared/scenarios/$one.log.gz"
	done
else
	echo "# no scenarios at $shared/scenarios, or no python3: not tested"
fi

# ---- by hand ----

# A host of ours tries 30 ports of another in two minutes; two of them answer.
awk 'BEGIN {
	for (i = 0; i < 30; i++) {
		open = i % 15 == 7
		printf "2 1 eni-1 10.1.0.1 10.1.0.2 %d %d 6 1 60 %d %d ACCEPT OK\n", 40000 + i, 1000 + i, 1790003600 + 4 * i, 1790003660 + 4 * i
		if (open) printf "2 1 eni-1 10.1.0.2 10.1.0.1 %d %d 6 9 4000 %d %d ACCEPT OK\n", 1000 + i, 40000 + i, 1790003600 + 4 * i, 1790003660 + 4 * i
	}
	for (t = 0; t < 7200; t += 60)
		print "2 1 eni-1 10.1.0.1 10.1.0.9", 30000 + t, "443 6 9 4000", 1790000000 + t, 1790000060 + t, "ACCEPT OK\n" \
			"2 1 eni-1 10.1.0.9 10.1.0.1 443", 30000 + t, "6 9 4000", 1790000000 + t, 1790000060 + t, "ACCEPT OK"
	print "2 1 eni-1 198.51.100.9 10.1.0.1 50000 443 6 1 40 1790000000 1790000060 REJECT OK"
}' >"$dir/scan.log"
scan() {
	findings -o ndjson "$dir/scan.log" >"$dir/out" && test "$(wc -l <"$dir/out")" -eq 1 &&
		grep -q '"rule":"scan","severity":"page","confidence":"proven"' "$dir/out" &&
		grep -q '"subject":{"source":"10.1.0.1","target":"10.1.0.2","form":"vertical"}' "$dir/out" &&
		grep -q 'tried 30 ports of 10.1.0.2: 28 in vain, 2 open' "$dir/out" &&
		grep -q '"since":"2026-09-21T15:13:20Z"' "$dir/out"
}
check 'a scan, and two ports that answered' scan
for output in table csv json ndjson; do
	findings -o $output "$dir/scan.log" >"$dir/$output"
	check "as $output" grep -q 'tried 30 ports' "$dir/$output"
done
records() {
	filter=$(sed -n 's/.*"records":"\([^"]*\)".*/\1/p' "$dir/ndjson")
	test "$(enitop -b --no-config -v flows -o raw --where "$filter" "$dir/scan.log" | wc -l)" -eq 32
}
check 'the filter of its records finds them' records
check 'the table has its line' grep -q '^!!   scan  10.1.0.1 tried' "$dir/table"
refused() { ! enitop -b --no-config --view findings "$@" "$dir/scan.log" >"$dir/out" 2>"$dir/err"; }
check 'what is left out of the records is refused' refused --where dport=22
nothing() {
	grep ' 443 ' "$dir/scan.log" | findings - >"$dir/out" &&
		grep -q '^nothing fired in 2h00m: [0-9]* rules, 1 interfaces*$' "$dir/out"
}
check 'nothing is said in so many words' nothing

# Contacts that succeed are benign: of 30 hosts at one port four may, and no ten.
hosts() { # hosts SUCCEED
	awk -v good="$1" 'BEGIN { for (i = 1; i <= 30; i++) {
		s = (i <= good ? "9 4000 " : "1 60 ") 1790003600 + i " " 1790003650 + i " ACCEPT OK"
		print "2 1 eni-1 10.1.0.1 10.1.2." i, 40000 + i, "22 6", s
		if (i <= good) print "2 1 eni-1 10.1.2." i " 10.1.0.1 22", 40000 + i, "6", s
	} }' | findings -o ndjson -
}
horizontal() {
	hosts 4 >"$dir/out" && grep -q '"rule":"scan".*"subject":{"source":"10.1.0.1","port":22,"form":"horizontal"}' "$dir/out" &&
		grep -q 'tried 30 hosts at port 22: 26 in vain, 4 open' "$dir/out" && hosts 10 >"$dir/out" && ! test -s "$dir/out"
}
check 'many hosts at a port, most of them in vain' horizontal

# Two clients get to a database for ten minutes, then are refused at its interface; a third is new, and
# a fourth lost a packet twice.
awk 'function talk(c, t, ok,   p) {
		p = 40000 + t % 10000
		s = (ok ? "6 9 4000 " : "6 1 60 ") t " " t + 50
		print "2 1 eni-" c " 10.1.0." c " 10.1.0.9 " p " 5432 " s " ACCEPT OK"
		print "2 1 eni-9 10.1.0." c " 10.1.0.9 " p " 5432 " s " " (ok ? "ACCEPT" : "REJECT") " OK"
		if (!ok) return
		print "2 1 eni-9 10.1.0.9 10.1.0." c " 5432 " p " " s " ACCEPT OK"
		print "2 1 eni-" c " 10.1.0.9 10.1.0." c " 5432 " p " " s " ACCEPT OK"
	}
	BEGIN {
	for (t = 0; t < 1200; t += 60) {
		talk(1, 1790000000 + t, t < 600); talk(2, 1790000000 + t, t < 600)
		talk(4, 1790000000 + t, t != 600 && t != 660)
		if (t >= 900) talk(3, 1790000000 + t, 0)
	}
}' >"$dir/reach.log"
reach() {
	findings -o ndjson "$dir/reach.log" >"$dir/out" && test "$(wc -l <"$dir/out")" -eq 1 &&
		grep -q '"rule":"reach","severity":"page","confidence":"possible","since":"2026-09-21T14:23:20Z"' "$dir/out" &&
		grep -q '"subject":{"clients":\["10.1.0.1","10.1.0.2","10.1.0.3"\],"server":"10.1.0.9","port":5432,"code":"SG_OR_NACL_IN"}' "$dir/out" &&
		grep -q '"value":"25 of 25 tries"' "$dir/out"
}
check 'clients that do not get there any more, folded by cause' reach
# One of them keeps a connection that stands: of it alone it is told that the group refuses, which is
# then the cause of all that began then, and is one finding; who was refused long before is another.
cause() {
	awk 'BEGIN { for (t = 0; t < 1200; t += 60) for (e = 1; e <= 9; e += 8) {
		print "2 1 eni-" e " 10.1.0.1 10.1.0.9 39999 5432 6 9 4000", 1790000000 + t, 1790000050 + t, "ACCEPT OK"
		print "2 1 eni-" e " 10.1.0.9 10.1.0.1 5432 39999 6 9 4000", 1790000000 + t, 1790000050 + t, "ACCEPT OK"
	} }' | cat - "$dir/reach.log" >"$dir/cause.log"
	findings -o ndjson "$dir/cause.log" >"$dir/out" && test "$(wc -l <"$dir/out")" -eq 1 &&
		grep -q '"subject":{"clients":\["10.1.0.1","10.1.0.2","10.1.0.3"\],"server":"10.1.0.9","port":5432,"code":"SG_IN"}' "$dir/out" &&
		grep -q '"value":"25 of 25 tries"' "$dir/out" && grep -q '"2 of the 3 pairs do not tell by themselves' "$dir/out"
}
check 'an open verdict that began with one that is told is folded into it' cause
apart() {
	awk 'BEGIN { for (t = 0; t < 1200; t += 60)
		print "2 1 eni-9 10.1.0.5 10.1.0.9", 40000 + t, "5432 6 1 60", 1790000000 + t, 1790000050 + t, "REJECT OK" }' | cat - "$dir/cause.log" |
		findings -o ndjson - >"$dir/out" && test "$(wc -l <"$dir/out")" -eq 2 &&
		grep -q '"clients":\["10.1.0.5"\],.*"code":"SG_OR_NACL_IN"' "$dir/out" &&
		grep -q '"clients":\["10.1.0.1","10.1.0.2","10.1.0.3"\],.*"code":"SG_IN"' "$dir/out"
}
check 'one that was refused before is not' apart
printf '2026-09-21T14:00:00Z too early\n2026-09-21T14:20:00Z RevokeSecurityGroupIngress sg-1\n' >"$dir/events"
changed() {
	findings -o ndjson --events "$dir/events" "$dir/reach.log" >"$dir/out" &&
		grep -q '"2026-09-21T14:20:00Z  RevokeSecurityGroupIngress sg-1 (--events)"' "$dir/out" &&
		! grep -q 'too early' "$dir/out"
}
check 'what was done shortly before is named' changed
warned() {
	grep -v '10[.]1[.]0[.][23] ' "$dir/reach.log" | findings -o ndjson - | grep -q '"severity":"warn".*"clients":\["10.1.0.1"\]'
}
check 'one alone is a warning' warned
seldom() {
	findings --threshold reach.tries=11 -o ndjson "$dir/reach.log" >"$dir/out" && ! test -s "$dir/out"
}
check 'the limit is that of tries' seldom
# The same, but what leaves the clients arrives nowhere.
blackhole() {
	grep -v REJECT "$dir/reach.log" >"$dir/lost.log"
	awk 'BEGIN { for (t = 0; t < 1200; t += 60) print "2 1 eni-9 10.1.0.9 10.1.0.8 50000 443 6 9 4000", 1790000000 + t, 1790000050 + t, "ACCEPT OK" }' >>"$dir/lost.log"
	echo '2 1 eni-8 10.1.0.8 10.1.0.77 50000 443 6 1 60 1790000000 1790000050 REJECT OK' >>"$dir/lost.log"
	findings -o ndjson "$dir/lost.log" >"$dir/out" &&
		grep -q '"rule":"blackhole","severity":"page".*"clients":\["10.1.0.1","10.1.0.2"\],"server":"10.1.0.9","port":5432,"code":"NOT_DELIVERED"' "$dir/out"
}
check 'pairs that are lost at once are one blackhole' blackhole

# SYNs of IPv6 that nobody answers are 80 bytes; so are those of a port that answers beside them.
six() {
	awk 'BEGIN { for (t = 0; t < 1200; t += 60) {
		print "2 1 eni-1 2001:db8::1 2001:db8::9", 40000 + t, "5432 6 2 160", 1790000000 + t, 1790000050 + t, "ACCEPT OK"
		print "2 1 eni-9 2001:db8::1 2001:db8::9", 40000 + t, "5432 6 2 160", 1790000000 + t, 1790000050 + t, "ACCEPT OK"
		print "2 1 eni-9 2001:db8::9 2001:db8::8", 40000 + t, "443 6 9 4000", 1790000000 + t, 1790000050 + t, "ACCEPT OK"
		print "2 1 eni-1 2001:db8::1 2001:db8::7", 40000 + t, "443 6 9 4000", 1790000000 + t, 1790000050 + t, "ACCEPT OK"
		print "2 1 eni-1 2001:db8::7 2001:db8::1 443", 40000 + t, "6 9 4000", 1790000000 + t, 1790000050 + t, "ACCEPT OK"
	} print "2 1 eni-1 2001:db8::5 2001:db8::1 40000 22 6 1 80 1790000000 1790000050 REJECT OK" }' | findings -o ndjson - >"$dir/out"
	grep -q '"rule":"reach".*"subject":{"clients":\["2001:db8::1"\],"server":"2001:db8::9","port":5432,"code":"NO_ANSWER"}' "$dir/out"
}
check 'silence in IPv6' six

# ---- what is no conversation's ----

# An hour: eni-1 is quiet, then takes 20 MB a minute from eni-2 for five minutes; both are of one zone.
# A server of eni-2 sends as much as its interface, and is not told beside it.
awk 'BEGIN { for (m = 0; m < 60; m++) {
	t = 1790000040 + 60 * m
	n = m >= 40 && m < 45 ? 20000000 : 100000 + m % 7 * 1000
	for (e = 1; e <= 2; e++) print "2 1 eni-" e " 10.1.0.2 10.1.0.1 5432 40000 6 900", n, t, t + 59, "ACCEPT OK\n2 1 eni-" e " 10.1.0.1 10.1.0.2 40000 5432 6 9 4000", t, t + 59, "ACCEPT OK"
	print "2 1 eni-1 198.51.100.9 10.1.0.1 50000 443 6 1 40", t, t + 59, "REJECT OK"
} }' >"$dir/spike.log"
spike() {
	findings -o ndjson "$dir/spike.log" >"$dir/out" && test "$(grep -c '"rule":"spike","severity":"warn"' "$dir/out")" -eq 2 &&
		test "$(wc -l <"$dir/out")" -eq 2 &&
		grep -q '"since":"2026-09-21T14:54:00Z","until":"2026-09-21T14:59:00Z","open":false,"subject":{"target":"10.1.0.1","interface":"eni-1","form":"rose","metric":"bytes"}' "$dir/out" &&
		grep -q '"target":"10.1.0.2","interface":"eni-2"' "$dir/out" && grep -q '"value":"19M a minute"' "$dir/out"
}
check 'an interface that carries far more than ever' spike
# By the name of its host; where only the interface has one, or has no address, by what there is.
named() { # named NAMES SENTENCE
	printf '%b' "$1" >"$dir/spike.names"
	findings --names "$dir/spike.names" -o ndjson "$dir/spike.log" | grep '"interface":"eni-1"' >"$dir/out" &&
		grep -qF "\"what\":\"bytes of $2: 19M a minute, expected" "$dir/out" &&
		grep -qF '"evidence":["records of eni-1 (' "$dir/out" && grep -qF '"target":"10.1.0.1"' "$dir/out"
}
check 'is called by its host' named '10.1.0.1 db-1\n10.1.0.2 app-1\n' 'db-1 10.1.0.1'
check 'by its address, where that has no name' named '10.1.0.2 app-1\n' 10.1.0.1
check 'of which less is no trouble' sh -c '"$ENITOP" -b --no-config -v findings -o ndjson --threshold spike.bytes=50M "$1" | { ! grep .; }' - "$dir/spike.log"

# Ninety minutes: eni-1 of one zone sends eni-2 of another 10 MB a minute, and 60 MB from the 45th on; a
# client fetches 50 MB a minute from S3 through a NAT gateway, which is 3 GB an hour.
tolls() { # tolls BYTES
	awk -v much="$1" 'BEGIN {
		print "version interface-id az-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status interface-type pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service"
		for (m = 0; m < 90; m++) {
			t = 1790000100 + 60 * m
			n = m < 45 ? 10000000 : much
			for (e = 1; e <= 2; e++) print 5, "eni-" e, "az-" e, "10.1.0.1 10.1.0.2 40000 443 6 900", n, t, t + 59, "ACCEPT OK - 10.1.0.1 10.1.0.2 - -"
			print 5, "eni-1 az-1 10.1.0.99 10.1.0.1 443 50000 6 900 50000000", t, t + 59, "ACCEPT OK - 52.218.0.9 10.1.0.1 S3 -"
			print 5, "eni-n az-1 52.218.0.9 10.1.0.99 443 50000 6 900 50000000", t, t + 59, "ACCEPT OK nat_gateway 52.218.0.9 10.1.0.99 S3 -"
			print 5, "eni-n az-1 10.1.0.99 10.1.0.1 443 50000 6 900 50000000", t, t + 59, "ACCEPT OK nat_gateway 52.218.0.9 10.1.0.1 S3 -"
			print 5, "eni-2 az-2 198.51.100.9 10.1.0.2 50000 443 6 1 40", t, t + 59, "REJECT OK - 198.51.100.9 10.1.0.2 - -"
		}
	}'
}
of_rule() { grep -q "\"rule\":\"$1\",\"severity\":\"$2\"" "$dir/out"; }
tolled() {
	tolls 60000000 >"$dir/tolls.log"
	findings -o ndjson "$dir/tolls.log" >"$dir/out" && of_rule nat_waste info && of_rule crosszone warn &&
		grep -q '"subject":{"interface":"eni-n","via":"10.1.0.99","service":"S3"}' "$dir/out" &&
		grep -q '"value":"2.8G an hour","limit":"1.9G an hour","what":"S3 through 10.1.0.99: 2.8G an hour, about \$0.135"' "$dir/out" &&
		grep -q '"client 10.1.0.1  4.2G"' "$dir/out" && grep -q '"subject":{"pair":\["az-1","az-2"\]}' "$dir/out"
}
check 'what a gateway endpoint has for nothing, and what goes between zones' tolled
steady() { tolls 20000000 | findings -o ndjson - >"$dir/out" && of_rule crosszone info; }
check 'less than three times as much is no warning' steady
threshold() {
	findings -o ndjson --threshold nat_waste.bytes=4G --threshold crosszone.bytes=2G --threshold crosszone.times=2 "$dir/tolls.log" >"$dir/out" &&
		! of_rule nat_waste info && ! of_rule crosszone warn
}
check 'their limits' threshold
doubles() {
	awk '{ print; if (NR % 50 == 1) print }' "$dir/spike.log" >"$dir/doubles.log"
	findings --assert lost=0 -o ndjson "$dir/doubles.log" >"$dir/out" &&
		grep -q '"rule":"data","severity":"info","confidence":"proven".*"subject":{"form":"doubles"}.*"evidence":\["6 of 306 records"\]' "$dir/out" &&
		findings --assert lost=0 -o ndjson --threshold data.doubles=3 "$dir/doubles.log" >"$dir/out" && ! grep -q '"form":"doubles"' "$dir/out"
}
check 'exact duplicates, where trust counts them' doubles
counted() {
	for rule in $(findings -o json "$dir/spike.log" | sed 's/.*"rules":\[\([^]]*\)\].*/\1/; s/[",]/ /g'); do
		"$ENITOP" --rules | grep -q "^$rule " || return 1
	done
	"$ENITOP" --rules | grep -c '^[a-z]' | grep -qx "$(findings -o json "$dir/spike.log" | grep -o '"rules":\[[^]]*' | tr ',' '\n' | wc -l)"
}
check 'all rules judge in batch' counted

# ---- what people say of it ----

limit() {
	findings --threshold scan.ports=31 -o ndjson "$dir/scan.log" >"$dir/out" && ! test -s "$dir/out" &&
		findings --threshold scan.ports=30 -o ndjson "$dir/scan.log" | grep -q '"limit":"30 new ports'
}
check 'another limit' limit
check 'one that is none has a suggestion' refused --threshold scan.port=3
check 'which is said' grep -q "'scan.port' is no limit of a rule (scan.ports?)" "$dir/err"
check 'nor is every value one' refused --threshold scan.window=soon
check 'which says the one as shipped' grep -q "'soon' is no value of scan.window (as shipped: 300s)" "$dir/err"
check 'rules and their limits are listed' sh -c '"$ENITOP" --rules | grep -q "^  scan.ports  *15 "'
admin() { findings --admin 10.9.0.0/16,10.1.0.1 -o ndjson "$dir/scan.log" >"$dir/out" && ! test -s "$dir/out"; }
check 'who administers may look' admin
muted() {
	findings --mute 'scan source=10.1.0.1 form=vertical' -o json "$dir/scan.log" | grep -q '"muted":1,.*"rows":\[\]' &&
		findings --mute 'scan source=10.1.0.2' -o ndjson "$dir/scan.log" | grep -q '"rule":"scan"'
}
check 'what is muted is not shown, and counted' muted
check 'no rule' refused --mute 'scam source=10.1.0.1'
check 'no part' refused --mute 'scan sauce=10.1.0.1'
# Sixty hosts that scan: fifty stand in the list.
many() {
	awk 'BEGIN { for (h = 1; h <= 60; h++) for (i = 0; i < 20; i++)
		printf "2 1 eni-%d 10.1.1.%d 10.1.0.%d %d %d 6 1 60 %d %d ACCEPT OK\n",
			h, h, 2 + h % 3, 40000 + i, 1000 + i, 1790003600 + h + i, 1790003660 + h + i
		print "2 1 eni-1 198.51.100.9 10.1.1.1 50000 443 6 1 40 1790003600 1790003660 REJECT OK" }' >"$dir/many.log"
	findings -o json "$dir/many.log" >"$dir/out" && test "$(grep -o '"rule":"scan"' "$dir/out" | wc -l)" -eq 51 &&
		grep -q '"folded":10' "$dir/out" && grep -q '"what":"10 more of this rule"' "$dir/out"
}
check 'more than fifty are folded' many
check 'what is no network' refused --admin 10.1.0.300
baseline() {
	findings --save-baseline "$dir/base" "$dir/scan.log" >"$dir/out" 2>"$dir/err" || return 1
	# What was answered is known; what was tried in vain is not.
	{ echo 'enitop-baseline 1'
	  echo 'span 1790000000 1790007200'
	  echo 'edge 10.1.0.1 10.1.0.2 1007 6'
	  echo 'edge 10.1.0.1 10.1.0.2 1022 6'
	  echo 'edge 10.1.0.1 10.1.0.9 443 6'; } | sort >"$dir/want"
	sort "$dir/base" | cmp - "$dir/want" && findings --baseline "$dir/base" -o ndjson "$dir/scan.log" |
		grep -q '"rule":"scan","severity":"warn".*28 in vain, 0 open'
}
check 'what was usual is written, and known then' baseline
check 'the first line says what it is' grep -qx 'enitop-baseline 1' "$dir/base"
kept() {
	echo 'hub 10.3.0.1' >>"$dir/base"
	findings --baseline "$dir/base" --save-baseline "$dir/base" "$dir/scan.log" >"$dir/out" &&
		grep -qx 'hub 10.3.0.1' "$dir/base" && grep -qx 'edge 10.1.0.1 10.1.0.9 443 6' "$dir/base"
}
check 'what was known stays' kept
check 'a file that is none' refused --baseline "$dir/scan.log"
check 'is not read' grep -q "cannot read '.*scan.log': no baseline" "$dir/err"
check 'nor is one that is missing' refused --baseline "$dir/none"
done_testing
