# Logs with named fields as other tools write them: the records of ../shared/cases come out of
# each; what columns leave open is said; words in any spelling count the same; records of
# several formats leave in the order in which they stood.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
cases=$srcdir/../shared/cases
case $cases in /*) ;; *) cases=$OLDPWD/$cases ;; esac
enitop() { "$ENITOP" --no-config -b "$@"; }
flow=srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes
flows() { enitop --view flows --output csv --columns "$1" "$2" 2>err; }

# ---- the records of a case are those of the base ----

same() { # same COLUMNS FILE
	flows "$1" "$cases/00-base.log" >want && flows "$1" "$cases/$2" >have && cmp want have
}
if test -d "$cases"; then
	for f in 10-wazuh-nested.json 10b-dotted-wazuh.csv 12-kibana-discover.csv 17d-get-records.json \
		19a-athena-quoted.csv 19b-athena-old-ddl.csv 29-start_time-names.json 51a-datadog.csv \
		58-panther.json 61-destaddr.ndjson 70-pandas-index.csv 75-header-case-space.csv \
		89-select-star-partition.csv; do
		check "case $f" same "$flow,start,end,action" "$f"
	done
	for f in 11c-ecs-no-original.ndjson 12b-kibana-noraw.csv 24-sentinel-portal.csv; do
		check "case $f" same "$flow,action" "$f"
	done
	check 'case 40-ocsf.ndjson' same "$flow" 40-ocsf.ndjson
	check 'statistics are refused by name' sh -c '! "$0" --no-config -b "$1" >out 2>&1 && grep -q "statistics: export the records" out' \
		"$ENITOP" "$cases/23d-insights-stats.csv"
else
	echo "# no cases at $cases"
fi

# ---- what columns leave open ----

object='{"srcaddr":"10.0.0.1","destinationaddr":"10.0.0.2","theBytes":7,"end":1795514410,"x":3}'
echo "$object" >lacking
said='columns not understood: theBytes, x; no bytes'
is_said() { # in a table; in its source; not complete, in JSON and by its status
	! enitop lacking >out && grep -q "^! $said" out &&
		enitop --view sources -o json lacking | grep -q "\"note\":\"$said\"" &&
		! enitop -o json lacking >out && grep -q '"complete":false' out &&
		grep -q '"partial":1,' out
}
check 'what columns leave open is said' is_said
sed 's/theBytes/volume/' lacking >lacking.2
sed 's/theBytes/amount/' lacking >lacking.3
are_said() { # the last one, how many others; each in its source
	! enitop lacking lacking.2 lacking.3 >out &&
		grep -q '^! columns not understood: .*; no bytes, and 2 more sources$' out &&
		! enitop lacking lacking.2 >out && grep -q '; no bytes, and 1 more source$' out &&
		! enitop -o json lacking lacking.2 lacking.3 >out &&
		grep -q '"lacking":"columns not understood: .*; no bytes, and 2 more sources"' out &&
		! enitop --view sources -o json lacking lacking.2 lacking.3 >out &&
		grep -q 'understood: theBytes, x; no bytes"' out && grep -q 'understood: volume, x; no bytes"' out &&
		grep -q 'understood: amount, x; no bytes"' out
}
check 'of several sources, too' are_said
printf 'bytes,@timestamp,conn.src_addr,conn.dst_addr\n4249,2026-11-24T10:00:00Z,203.0.113.12,10.0.1.5\n' >undated
is_dated() { enitop undated >out && grep -q '^! @timestamp is taken for end$' out &&
	enitop -v flows -o csv --columns end undated 2>/dev/null | grep -qx 1795514400; }
check "a log store's time is taken for end, and said" is_dated
sed 's/@timestamp/when/' undated >dateless
is_undated() { enitop dateless >out && grep -q '^! columns not understood: when; no end$' out; }
check 'no time is said, and no loss' is_undated
splunk='{"preview":false,"result":{"_time":"2026-11-24T10:00:00.000+0000","src_ip":"203.0.113.12","dest_ip":"10.0.1.5","bytes":"4249","vpcflow_action":"blocked"}}'
printf '%s\n' "$splunk" "$splunk" >splunk.json
is_splunk() { enitop -v flows -o csv --columns srcaddr,dstaddr,bytes,end,action splunk.json 2>err |
	grep -cx 203.0.113.12,10.0.1.5,4249,1795514400,REJECT | grep -qx 2 && grep -q '_time is taken for end' err; }
check "Splunk's _time" is_splunk
printf 'srcaddr,dstaddr,bytes,_time,start\n10.0.0.1,10.0.0.2,5,"24/11/2026 10:01:10",24/11/2026 10:00:10 AM\n' >both
are_both() { enitop both >out && ! grep -q '^! .*taken' out &&
	enitop -v flows -o csv --columns start,end both | grep -qx 1795514410,1795514470; }
check 'beside a start it is no doubt' are_both
back() { enitop -v flows -o raw undated >raw 2>/dev/null && enitop -v flows -o raw raw 2>/dev/null | cmp - raw &&
	enitop raw | grep -q '@timestamp is taken'; }
check 'raw keeps what it is called' back
echo 'srcaddr dstaddr srcport dstport' >chosen
echo '10.0.0.1 10.0.0.2 1 2' >>chosen
is_chosen() { enitop chosen >out && ! grep -q '^! .*no bytes' out &&
	enitop -o json chosen | grep -q '"lacking":null'; }
check 'a format that somebody chose is no doubt' is_chosen

# ---- spelling ----

head='version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
line() { echo "2 123456789012 eni-0a1b2c3d 10.0.0.$1 10.0.1.5 4000 22 6 1 $((100 + $1)) 1795514400 179551446$1 $2 $3"; }
{ line 1 REJECT OK; line 2 reject ok; line 3 Reject OK; line 4 accept Ok; line 5 ACCEPT OK; line 6 - NoData; } >spelled
{ echo "$head" | tr ' ' ,; tr ' ' , <spelled | sed 's/Reject/blocked/; s/accept/allowed/'; } >spelled.csv
counts() { # filter, counter, ranking and view mean the same
	enitop -o json -g action "$1" >out &&
		grep -q '"totals":{"bytes":515,"packets":5,"flows":5,"rejects":3,' out &&
		test "$(grep -o '"action":"[A-Za-z]*"' out | sort -u | tr '\n' ' ')" = '"action":"ACCEPT" "action":"REJECT" ' &&
		grep -q '"nodata":1,' out &&
		enitop -o json -w reject "$1" | grep -q '"totals":{"bytes":306,"packets":3,"flows":3,"rejects":3,' &&
		enitop -o json --view rejects "$1" | grep -q '"rejects":3'
}
check 'words in any case' counts spelled
check 'and in other words, of CSV' counts spelled.csv
sed '1s/log-status/log-status,flow-direction/; 2,4s/$/,inbound/; 5,6s/$/,Egress/; 7s/$/,internal/' spelled.csv >directed.csv
means() { # a filter, as how many records of the six it finds
	enitop -o json -w "$1" directed.csv >out || { echo "# $1"; return 1; }
	grep -q "\"totals\":{[^}]*\"flows\":$2," out || { echo "# $1 is not $2"; return 1; }
}
finds() {
	means action=blocked 3 && means action=rejected 3 && means 'action in (Blocked, drop)' 3 &&
		means 'action!=denied' 2 && means 'action="refused"' 3 &&
		means 'action=allowed,drop' 5 && means status=ok 5 && means dir=inbound 3 &&
		means 'dir in (out, in)' 5 && means dir=transmit 2 && means 'not dir=out' 3
}
check 'a filter takes the words of any tool' finds
check 'and says those of AWS' sh -c '"$0" -b --no-config --print-sql athena -w "action=blocked and dir!=inbound" >out &&
	grep -q "action = .REJECT." out && grep -q "= .ingress." out && ! grep -q "blocked\|inbound" out' "$ENITOP"
refuses() { # a filter, what is said
	enitop -w "$1" directed.csv >out 2>&1; test $? = 2 && grep -q "$2" out || { echo "# $1"; cat out; return 1; }
}
check 'a value that no such field has' refuses action=foo 'ACCEPT, REJECT'
check 'nor in quotes' refuses 'action!="foo"' 'ACCEPT, REJECT'
check 'nor a beginning' refuses 'action=block*' "'block\*' is no action"
check 'of a status' refuses status=foo 'OK, NODATA, SKIPDATA'
check 'of a direction' refuses dir=foo 'ingress, egress; in quotes'
check 'which other tools know more of' means 'status=* and dir="internal"' 1
check 'lines as delivered' sh -c '"$0" --no-config -b --view flows -o raw -w "log-status=*" "$1" | cmp - "$1"' "$ENITOP" spelled

# ---- order ----

# Three formats in turns of no pattern, two of them told by their shape: what is left of the
# version and the ports tells the lines apart.
awk 'BEGIN { srand(7); for (i = 1; i <= 30000; i++) {
	t = 1795514400 + i % 9; r = int(rand() * 5)
	five = "2 123456789012 eni-0a1b2c3d 10.0.0.1 10.0.0.2 " i " 443 6 1 40 " t - 60 " " t " ACCEPT OK"
	if (r < 3) print five
	else if (r == 3) print five " vpc-1 subnet-1 i-1 2 IPv4 10.0.0.1 10.0.0.2"
	else print "6 TransitGateway 123456789012 tgw-1 tgw-attach-1 123456789012 210987654321 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 az1 az2 tgw-attach-2 10.0.0.1 10.0.0.2 " i " 443 6 5 5100 " t - 60 " " t " OK IPv4 0 0 0 0 18 us-east-1 ingress - -"
	if (rand() < 0.01) print "no record"; if (rand() < 0.01) print "" } }' >mixed
grep 123456789012 mixed >records
in_order() { "$@" 2>err | grep 123456789012 | cmp - records; }
check 'raw records of several formats in their order' in_order enitop --view flows -o raw mixed
check 'through a pipe' in_order sh -c 'cat mixed | "$0" --no-config -b --view flows -o raw' "$ENITOP"
check 'in a window' in_order enitop --view flows -o raw -t 1h mixed
ports() { enitop --view flows -o csv --columns srcport,end "$@" mixed 2>err | tail -n +2; }
in_csv() { ports | awk -F, '$1 != NR { bad = 1 } END { exit bad || NR != 30000 }'; }
check 'in csv' in_csv
by_time() { ports --sort -end | awk -F, 'NR > 1 && ($2 > t || ($2 == t && $1 >= p)) { bad = 1 } { t = $2; p = $1 } END { exit bad || NR != 30000 }'; }
check 'of one time, the one that came last first' by_time
done_testing
