#!/bin/sh
# What the screen finds is what a batch of the same log finds: findings one by one, with all they
# say, of the scenarios and of incidents made here, read in one piece and in several.
. "$srcdir/tests/tap.sh"
scenarios=$srcdir/../shared/scenarios
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

batch() { "$ENITOP" --batch --no-config --view findings -o ndjson "$@" 2>/dev/null | sort >"$dir/batch"; }
screen() { "$tests/shown" --no-config "$@" 2>"$dir/err" | sort >"$dir/screen"; }
same() { batch "$@" && screen "$@" && cmp "$dir/batch" "$dir/screen"; }
has() { grep -q "\"rule\":\"$1\"" "$dir/screen"; }

hours() { # hours LEVEL: with names and without
	for folder in "$scenarios"/*/; do
		zcat "$folder/flow.$1.log.gz" >"$dir/log"
		same "$dir/log" && same --names "$folder/enis.json" "$dir/log" || return 1
		cat "$dir/screen" >>"$dir/all"
	done
}
if test -d "$scenarios"; then
	check 'hours of version 2' hours v2
	check 'and of version 5' hours v5
	for rule in spike crosszone scan reach; do
		check "with a finding of $rule" grep -q "\"rule\":\"$rule\"" "$dir/all"
	done
else
	echo "# no scenarios at $scenarios: not tested"
fi

# Two hours: eni-1 takes 20 MB a minute from eni-2 for five minutes, and is tried at port 22 often.
awk 'BEGIN { for (m = 0; m < 120; m++) {
	t = 1790000040 + 60 * m
	n = m >= 80 && m < 85 ? 20000000 : 100000 + m % 7 * 1000
	for (e = 1; e <= 2; e++) print "2 1 eni-" e " 10.1.0.2 10.1.0.1 5432 40000 6 900", n, t, t + 59, "ACCEPT OK\n2 1 eni-" e " 10.1.0.1 10.1.0.2 40000 5432 6 9 4000", t, t + 59, "ACCEPT OK"
	for (k = 0; k < (m >= 90 && m < 96 ? 90 : 2 + m % 2); k++)
		print "2 1 eni-1 198.51.100." k, "10.1.0.1", 50000 + k, "22 6 1 40", t, t + 59, "REJECT OK"
} }' >"$dir/spike.log"
spike() { same "$dir/spike.log" && test "$(grep -c '"rule":"spike","severity":"warn"' "$dir/screen")" -eq 2; }
check 'an interface that carries far more than ever' spike
pieces() {
	rm -rf "$dir/folder" && mkdir "$dir/folder" && split -l 300 "$dir/spike.log" "$dir/folder/" &&
		cp "$dir/screen" "$dir/whole" && same "$dir/folder" && cmp "$dir/screen" "$dir/whole" &&
		grep -q '^judged [1-9]' "$dir/err"
}
check 'the same in several files, the newest first, judged while they are read' pieces
watched() {
	same --watch 'dport=22 and action=REJECT' --metric rejects "$dir/spike.log" && test "$(grep -c '"rule":"spike"' "$dir/screen")" -eq 3 &&
		grep -q '"since":"2026-09-21T15:44:00Z","until":"2026-09-21T15:49:00Z","open":false,"subject":{"form":"rose","metric":"rejects","filter":"dport=22 and action=REJECT"},"value":"90 a minute"' "$dir/screen" &&
		grep -q '"records":"dport=22 and action=REJECT"' "$dir/screen"
}
check 'what --watch is of is a finding when it spikes' watched
quiet() { same --watch 'dport=23' --metric rejects --watch '' --metric flows "$dir/spike.log" && test "$(grep -c '"rule":"spike"' "$dir/screen")" -eq 2; }
check 'and none when it does not' quiet
scorers() { same --scorer zscore "$dir/spike.log" && has spike && same --threshold spike.bytes=50M "$dir/spike.log" && ! has spike; }
check 'another scorer, other limits' scorers

# Ninety minutes: as in tests/findings.sh.
awk 'BEGIN {
	print "version interface-id az-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status interface-type pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service"
	for (m = 0; m < 90; m++) {
		t = 1790000100 + 60 * m
		n = m < 45 ? 10000000 : 60000000
		for (e = 1; e <= 2; e++) print 5, "eni-" e, "az-" e, "10.1.0.1 10.1.0.2 40000 443 6 900", n, t, t + 59, "ACCEPT OK - 10.1.0.1 10.1.0.2 - -"
		print 5, "eni-1 az-1 10.1.0.99 10.1.0.1 443 50000 6 900 50000000", t, t + 59, "ACCEPT OK - 52.218.0.9 10.1.0.1 S3 -"
		print 5, "eni-n az-1 52.218.0.9 10.1.0.99 443 50000 6 900 50000000", t, t + 59, "ACCEPT OK nat_gateway 52.218.0.9 10.1.0.99 S3 -"
		print 5, "eni-n az-1 10.1.0.99 10.1.0.1 443 50000 6 900 50000000", t, t + 59, "ACCEPT OK nat_gateway 52.218.0.9 10.1.0.1 S3 -"
		print 5, "eni-2 az-2 198.51.100.9 10.1.0.2 50000 443 6 1 40", t, t + 59, "REJECT OK - 198.51.100.9 10.1.0.2 - -"
	}
}' >"$dir/tolls.log"
tolled() {
	same "$dir/tolls.log" && has nat_waste && grep -q '"rule":"crosszone","severity":"warn"' "$dir/screen" &&
		grep -q 'S3 through 10.1.0.99: 2.8G an hour, about \$0.135' "$dir/screen"
}
check 'what a gateway endpoint has for nothing, and what goes between zones' tolled

# What has no room is said.
scarce() {
	awk 'BEGIN { for (i = 0; i < 60000; i++) print "2 1 eni-" i, "10." int(i / 60000) "." int(i / 250) % 250 "." i % 250, "10.9.0.1", 1024 + i % 60000, "443 6 3 180", 1790000000 + i, 1790000060 + i, "ACCEPT OK" }' >"$dir/many"
	screen --memory 16M "$dir/many" && grep -q '; [1-9][0-9]* had no room' "$dir/err"
}
check 'what had no room is said' scarce
done_testing
