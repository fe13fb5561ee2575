# Every shape in which flow logs are delivered, all made of the same flows: each must give
# the same totals and nothing malformed, as a file, compressed, and through a pipe; so must
# all of them one behind the other. Then the files that others published.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
mkdir shape

cat >flows <<'EOF'
2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1700000000 1700000060 ACCEPT OK
2 123456789010 eni-1235b8ca123456789 172.31.16.21 172.31.16.139 22 20641 6 18 25238 1700000001 1700000060 ACCEPT OK
2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1700000002 1700000061 REJECT OK
2 123456789010 eni-1235b8ca123456789 - - - - - - - 1700000000 1700000060 - NODATA
2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1700000000 1700000060 - SKIPDATA
2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 1700000003 1700000070 ACCEPT OK
2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 0 0 1 4 336 1700000004 1700000071 REJECT OK
2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1700000005 1700000072 ACCEPT OK
2 unknown eni-0608192d5c498fbcd 2a02:cf40:: 10.0.0.1 53 40000 17 1 120 1700000006 1700000073 ACCEPT OK
2 000456789010 eni-77ccbe24 10.0.0.1 10.0.0.2 40000 443 6 1700000000 6000000000 1700000007 1700000074 ACCEPT OK
2 123456789010 eni-77ccbe24 10.0.0.2 10.0.0.1 443 40000 6 3 180 1700000008 1700000075 ACCEPT OK
2 123456789010 - 10.0.0.3 10.0.0.1 12345 8080 6 1 40 1700000009 1700000076 REJECT OK
2 123456789010 eni-77ccbe24 10.0.0.4 10.0.0.1 12346 8080 6 1 40 1700000010 1700000077 REJECT OK
2 123456789010 eni-77ccbe24 10.0.0.5 10.0.0.1 500 4500 47 2 88 1700000011 1700000078 ACCEPT OK
2 123456789010 eni-77ccbe24 10.0.0.6 10.0.0.1 123 123 17 1 76 1700000012 1700000079 ACCEPT OK
2 123456789010 eni-22222222bbbbbbbbb - - - - - - - 1700000060 1700000120 - NODATA
2 123456789010 eni-77ccbe24 10.0.0.1 10.0.0.6 123 123 17 1 76 1700000013 1700000080 ACCEPT OK
2 123456789010 eni-77ccbe24 10.0.0.7 10.0.0.1 1024 5432 6 100 100000 1700000014 1700000081 ACCEPT OK
2 123456789010 eni-77ccbe24 10.0.0.1 10.0.0.7 5432 1024 6 200 250000 1700000015 1700000082 ACCEPT OK
2 123456789010 eni-77ccbe24 10.0.0.8 10.0.0.1 1025 23 6 1 44 1700000016 1700000083 REJECT OK
EOF
names='version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
camel='version accountId interfaceId srcAddr dstAddr srcPort dstPort protocol packets bytes startTime endTime action logStatus'
pascal='Version AccountId InterfaceId SrcAddr DstAddr SrcPort DstPort Protocol Packets Bytes Start End Action LogStatus'
under=$(echo "$names" | tr - _)
esc=$(printf '\033')
bom=$(printf '\357\273\277')

# What awk has of them: flows bytes packets rejects nodata skipdata malformed, N times.
totals() {
	awk -v n="$1" '$14 == "NODATA" { nodata++; next } $14 == "SKIPDATA" { skip++; next }
		{ flows++; packets += $9; bytes += $10; rejects += $13 == "REJECT" }
		END { printf "%d %.0f %.0f %d %d %d 0\n", flows * n, bytes * n, packets * n,
			rejects * n, nodata * n, skip * n }' flows
}
report() { # report ENITOP'S ARGUMENTS
	"$ENITOP" -b -o json -n 1 "$@" | sed -n 's/.*"totals":{"bytes":\([0-9]*\),"packets":\([0-9]*\),"flows":\([0-9]*\),"rejects":\([0-9]*\)[^}]*}.*"nodata":\([0-9]*\),"skipdata":\([0-9]*\),"malformed":\([0-9]*\),.*/\3 \1 \2 \4 \5 \6 \7/p'
}
quote() { sed 's/["\\]/\\&/g'; }

# ---- lines ----

shape() { cat >"shape/$1"; }
shape bare <flows
printf %s "$(cat flows)" | shape bare-without-end
sed "s/\$/$(printf '\r')/" flows | shape bare-crlf
{ printf '\357\273\277'; cat flows; } | shape bare-byte-order-mark
sed 's/ /  /3; s/$/ /; 5s/^/\n   /' flows | shape bare-blanks
tr ' ' '\t' <flows | shape bare-tabs
{ echo "$names"; cat flows; } | shape s3-header
awk -v h="$names" 'NR % 7 == 1 { print h } { print }' flows | shape s3-headers-repeated
# Another order of columns: the file's last is its first.
turned() { awk '{ for (i = NF; i > 1; i--) printf "%s ", $i; print $1 }'; }
{ echo "$under" | turned; turned <flows; } | shape s3-header-turned
sed 's/^/2018-09-22T20:28:14.000Z /' flows | shape export-task
tail_of() { # tail_of TIME [STREAM]
	sed "s/^/$1 ${2:+$2 }/" flows
}
tail_of 2025-01-03T16:39:33.123456+00:00 eni-1-all | shape aws-logs-tail
tail_of 2025-01-03T16:39:33 | shape aws-logs-tail-short
tail_of 2025-01-03T16:39:33+00:00 eni-1-all | shape aws-logs-tail-json
green="${esc}[32m" cyan="${esc}[36m" plain="${esc}[0m"
tail_of "${green}2025-01-03T16:39:33.123456+00:00$plain" "${cyan}eni-1-all$plain" | shape aws-logs-tail-coloured
tail_of "${green}2025-01-03T16:39:33$plain" | shape aws-logs-tail-short-coloured
tail_of "${green}2025-01-03T16:39:33+00:00$plain" "${cyan}eni-1-all$plain" | shape aws-logs-tail-json-coloured
sed 's/.*/2025-01-03T16:39:33+00:00 eni-1-all {"message":"&"}/' flows | shape aws-logs-tail-of-json
{ sed 's/.*/EVENTS\t37041\t1700000400000\teni-1-all\t&\t1700000000000/' flows
  printf 'SEARCHEDLOGSTREAMS\teni-1-all\tTrue\n'; } | shape filter-log-events-text
{ printf 'b/37041/s\tf/37042/s\n'; sed 's/.*/EVENTS\t1700000400000\t&\t1700000000000/' flows; } |
	shape get-log-events-text

# ---- messages in JSON ----

sed 's/.*/{"message":"&"}/' flows | shape firehose-direct
sed 's/.*/{"message":"&"}/' flows | tr -d '\n' | shape firehose-direct-joined
sed 's/.*/{"message": "&\\n"}/' flows | shape firehose-direct-spaced
document() { # document [EVENT'S REST]: of the lines of standard input
	awk -v q='"' -v rest="$1" 'BEGIN { printf "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789010\",\"logGroup\":\"g\",\"logStream\":\"eni-1-all\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[" }
		{ printf "%s{\"id\":\"3195310660696698337880902507980421114328961542429822156%d\",\"timestamp\":1700000000000,\"message\":\"%s\"%s}", (NR > 1 ? "," : ""), NR, $0, rest }
		END { printf "]}" }'
}
documents() { # documents END [EVENT'S REST]: three of them
	for part in 1,8p 9,9p '10,$p'; do
		sed -n "$part" flows | document "$2"
		printf "$1"
	done
}
control='{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1432826855000,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}'
documents '' | shape subscription-joined
documents '\n' | shape subscription-lines
documents '' ',"extractedFields":{"srcaddr":"9.9.9.9","dstaddr":"8.8.8.8","bytes":"1","message":"no"}' |
	shape subscription-extracted
{ documents '' | sed 's/}{/}\n{/g'; } | sed 's/\([[{,]\)"/\1\n    "/g; s/":/" : /g' | shape subscription-pretty
documents '\n' | sed 's/{"messageType":"DATA_MESSAGE",\(.*\)}$/{\1,"messageType":"DATA_MESSAGE"}/' |
	shape subscription-type-last
{ echo "$control"; documents ''; printf %s "$control"; } | shape subscription-control
for part in 1,8p '9,$p'; do sed -n "$part" flows | document | gzip; done | shape subscription-members
{ printf '{\n    "events": [\n'
  sed 's/.*/        {\n            "logStreamName": "eni-1-all",\n            "timestamp": 1700000000000,\n            "message": "&",\n            "ingestionTime": 1700000400000,\n            "eventId": "37041"\n        },/; $s/},$/}/' flows
  printf '    ],\n    "searchedLogStreams": [],\n    "nextToken": "b/37"\n}\n'; } | shape filter-log-events
{ printf '{\n    "events": [\n'
  sed 's/.*/        {\n            "timestamp": 1700000000000,\n            "message": "&",\n            "ingestionTime": 1700000400000\n        },/; $s/},$/}/' flows
  printf '    ],\n    "nextForwardToken": "f/3",\n    "nextBackwardToken": "b/3"\n}\n'; } | shape get-log-events
{ echo '['; sed 's/.*/    "&",/; $s/,$//' flows; echo ']'; } | shape filter-log-events-query
sed 's/.*/{"host":"h","version":1,"@message":"&"}/' flows | shape json-at-message
sed 's/.*/{"_raw":"&","source":"s3"}/' flows | shape json-raw
sed 's/.*/{"body":"&","aws":{"vpc":{"srcaddr":"1.1.1.1","dstaddr":"2.2.2.2","bytes":1}}}/' flows | shape json-body
sed 's/.*/{"aws":{"vpcflow":{"account_id":"1","interface_id":"eni-1","log_status":"OK","action":"ACCEPT"}},"event":{"original":"&","kind":"event"},"message":"&"}/' flows |
	shape json-event-original
sed 's/.*/{"event.original":"&","tags":["a","b"]}/' flows | shape json-event-original-flat
sed 's/ /\\u0020/3; s/.*/{"a":"\\"}{\\\\","message":"&\\n"}/' flows | shape json-escaped
{ printf '\357\273\277'; sed "s/.*/{\"message\":\"&\"}$(printf '\r')/" flows; } | shape json-byte-order-mark

# ---- texts that are documents ----

sed 's/.*/{"message":"&"}/' flows | quote | sed 's/.*/{"message":"&"}/' | shape message-of-message
documents '\n' | quote | sed 's/.*/{"message":"&","n":1}/' | shape message-of-subscription
raw() { base64 -w0; }
failure() { printf '{"attemptsMade":4,"arrivalTimestamp":1506721054245,"errorCode":"Lambda.FunctionError","errorMessage":"no","attemptEndingTimestamp":1506721054245,"rawData":"%s","lambdaArn":"arn:aws:lambda:x"}\n' "$1"; }
while read -r line; do failure "$(printf %s "$line" | raw)"; done <flows | shape failure-bare
while read -r line; do failure "$(printf '{"message":"%s"}' "$line" | raw)"; done <flows | shape failure-direct
failure "$(documents '' | gzip | raw)" | shape failure-subscription
{ failure "$(echo "$control" | gzip | raw)"; failure "$({ documents '' | gzip; } | gzip | raw)"; } |
	shape failure-gzip-in-gzip
printf '{"awslogs":{"data":"%s"}}' "$(documents '' | gzip | raw)" | shape lambda-event

# ---- fields as keys, fields as columns ----

object() { # object NAMES [EDIT]: EDIT changes k, the name, and v, its value; sep is between
	awk -v names="$1" "BEGIN { n = split(names, name); sep = \",\" }
		{ printf \"{\"
		  for (i = 1; i <= NF; i++) {
			k = name[i]; v = \$i; j = i
			if (v == \"-\") v = \"null\"; else if (v !~ /^[0-9]+\$/ || i == 2) v = \"\\\"\" v \"\\\"\"
			$2
			printf \"%s\\\"%s\\\":%s\", (i > 1 ? sep : \"\"), k, v
		  }
		  print \"}\" }" flows
}
object "$names" | shape object
object "$under" | shape object-underscores
object "$camel" | shape object-camel-case
object "$pascal" | shape object-pascal-case
object "$names" 'gsub(/"/, "", v); if (v == "null") v = "-"; v = "\"" v "\""' | shape object-strings
object "$under" 'if (v ~ /^[0-9]+$/) v = v ".0"' | shape object-floats
object "$under" 'if (v ~ /^[0-9]+$/ && v > 9) v = substr(v, 1, 1) "." substr(v, 2) "E+" (length(v) - 1)' | shape object-exponents
object "$under" 'if (v == "null") v = i % 2 ? "\"\"" : "\"None\""; sep = ", \n\t"' | shape object-nothing-and-pretty
object "$under" 'if (v == "null") v = "NaN"; if (i == 14) v = v ",\"ok\":true,\"tags\":[1,\"x\",{\"a\":{}}],\"_id\":\"x y\""' | shape object-more
object "$under" 'o = (i + NR) % 14 + 1; k = name[o]; v = $o; if (v == "-") v = "null"; else if (o != 6 && o != 10) v = "\"" v "\""' |
	shape object-keys-turned
object "$names" | tr -d '\n' | shape object-joined
object "$names" | sed 's/$/,/' | shape object-commas
{ echo '['; object "$names" | sed '$!s/$/,/'; echo ']'; } | shape object-array
object "$under" | sed 's/.*/{"aws":{"vpcflow":&},"@timestamp":"x"}/' | shape object-nested
object "$under" | quote | sed 's/.*/{"message":"&"}/' | shape message-of-object
athena='version account interfaceid sourceaddress destinationaddress sourceport destinationport protocol numpackets numbytes starttime endtime action logstatus'
splunk='version account_id interface_id src_ip dest_ip src_port dest_port protocol_code packets bytes start_time end_time vpcflow_action log_status'
spaced='Version Account_ID Interface_ID Source_Address Destination_Address Source_Port Destination_Port Protocol Packets Bytes Start_Time End_Time Action Log_Status'
ecs='aws.vpcflow.version cloud.account.id aws.vpcflow.interface_id source.ip destination.ip source.port destination.port network.iana_number network.packets network.bytes event.start event.end aws.vpcflow.action aws.vpcflow.log_status'
otlp='aws.vpc.flow.log.version cloud.account.id network.interface.name source.address destination.address source.port destination.port network.protocol.name aws.vpc.flow.packets aws.vpc.flow.bytes aws.vpc.flow.start aws.vpc.flow.end aws.vpc.flow.action aws.vpc.flow.status'
below() { echo "$under" | sed "s/[^ ]*/$1&/g"; }
object "$athena" | shape object-athena
object "$splunk" 'if (i == 13) { k = "action\":\"" (v ~ /REJ/ ? "blocked" : "allowed") "\",\"vpcflow_action" }' | shape object-splunk
object "$splunk" | sed 's/.*/{"preview":false,"offset":0,"result":&}/' | shape object-splunk-result
object "$ecs" | shape object-ecs-dotted
object "$otlp" | shape object-otlp
object "$(below data.aws.)" | shape object-below-data-aws
object "$ecs" 'if (k ~ /ip$/) { k = k "\":" v ",\"" substr(k, 1, length(k) - 2) "address" }' | shape object-ecs-both-addresses
awk '{ printf "{\"@timestamp\":\"x\",\"aws\":{\"vpcflow\":{\"version\":\"%s\",\"account_id\":\"%s\",\"interface_id\":\"%s\",\"action\":\"%s\",\"log_status\":\"%s\"}},", $1, $2, $3, $13, $14
	if ($4 != "-") printf "\"source\":{\"address\":\"%s\",\"ip\":\"%s\",\"port\":%s,\"geo\":{\"name\":\"x\"}},\"destination\":{\"port\":%s,\"ip\":\"%s\"},\"network\":{\"bytes\":%s,\"packets\":%s,\"iana_number\":\"%s\",\"transport\":\"tcp\"},", $4, $4, $6, $7, $5, $10, $9, $8
	printf "\"event\":{\"kind\":\"event\",\"start\":%s,\"end\":%s}}\n", $11, $12 }' flows | shape object-ecs
sed 's/^/{"hits":{"hits":[{"_source":/; s/$/}]}}/' shape/object-ecs | shape object-ecs-hits
csv() { # csv NAMES APART
	{ echo "$1"; cat flows; } | sed "s/ /$2/g"
}
csv "$names" , | shape csv
csv "$under" , | sed "s/-,/,/g; s/\$/$(printf '\r')/; 1s/^/$bom/" | shape csv-underscores-crlf-mark
csv "$camel" , | sed 's/[^,]*/"&"/g' | shape csv-camel-case-quoted
csv "$pascal" , | shape csv-pascal-case
tr ' ' , <shape/s3-header-turned | shape csv-turned
csv "$names" , | sed '1d; s/^/2025-01-03T16:39:33,/' | shape csv-without-header
csv "$under" '\t' | sed 's/\t-/\t/g' | shape tsv
csv "$athena" , | shape csv-athena
csv "$splunk" , | sed 's/^/,/' | shape csv-splunk-index
csv "$spaced" , | tr _ ' ' | shape csv-spaced
csv "$ecs" , | sed 's/^/x,/; 1s/^x/@timestamp/' | shape csv-ecs
csv "$(below data.aws.)" , | shape csv-below-data-aws
csv "$(below conn.)" '\t' | shape tsv-below-conn
csv "$spaced" , | sed '1s/Start_Time/Start [UTC]/; 1s/End_Time/End [UTC]/; 1s/Version/Type,Version/; 1!s/^/AWSVPCFlow,/; s/$/,IPv4/; 1s/IPv4$/TrafficType/' | tr _ ' ' | shape csv-sentinel
{ echo "$athena"; cat flows; } | shape s3-header-athena
{ echo '@timestamp,@message,@logStream'; sed 's/.*/2025-01-03 16:39:33.000,"&",eni-1-all/' flows; } | shape insights-csv
{ echo '"@timestamp","@message"'; sed 's/.*/"2025-01-03 16:39:33.000","&"/' flows; } | shape insights-csv-quoted
{ echo 'timestamp,message'; sed 's/^/1700000000000,/' flows; } | shape console-csv
{ echo '_time,_raw'; sed 's/.*/1700000000,"{""message"":""&""}"/' flows; } | shape csv-of-json

# ---- each, and all ----

want=$(totals 1)
is() { # is WANT HAVE
	test "$1" = "$2" || { echo "# want $1, have $2" >&2; false; }
}
same() {
	is "$want" "$(report "shape/$1")" && gzip -c "shape/$1" >file &&
		is "$want" "$(report file)" &&
		is "$want" "$(cat "shape/$1" | report)"
}
n=0
: >all
for f in shape/*; do
	n=$((n + 1))
	check "${f#shape/}" same "${f#shape/}"
	case $f in
	*-members) gzip -dc "$f" ;;
	*) cat "$f" ;;
	esac >>all
	echo >>all
done
want=$(totals $n)
all() {
	is "$want" "$(report all)" && gzip -c all >file && is "$want" "$(report file)" &&
		is "$want" "$(cat all | report)" && is "$want" "$(report --memory 16M all)"
}
check "all $n of them in one file" all
# Many blocks, which are decoded side by side, each on a guess of what is in force before it.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cat all; done >many
want=$(totals $((n * 20)))
check 'in many blocks' is "$want" "$(report many)"
cat shape/object-more shape/bare shape/csv-turned shape/s3-header-turned >few
i=0
while [ $i -lt 10 ]; do
	i=$((i + 1))
	cat few few >twice && mv twice few
done
want=$(totals 4096)
check 'values and lines in turns, in many blocks' is "$want" "$(report --memory 2M few)"
check 'through a pipe' is "$want" "$(cat few | report)"
controls() { "$ENITOP" -b -o json -n 1 "$1" | grep -q "\"control\":$2,"; }
check 'control messages are counted' controls shape/subscription-control 2
check 'as they are within a failure' controls shape/failure-gzip-in-gzip 1

# Columns of one's own, without a header, behind the time and stream of `aws logs tail`.
turned <flows | sed 's/^/2025-01-03T16:39:33 eni-1-all /' >own
want=$(totals 1)
check 'a format given for lines behind a time' is "$want" "$(report --format "$(echo "$names" | turned)" own)"

# ---- the files of others ----

# FILE: flows bytes packets rejects nodata skipdata malformed, by its SOURCE.txt
samples=$srcdir/../shared/samples
while read -r f want; do
	test -f "$samples/$f" || continue
	check "sample $f" is "$want" "$(report "$samples/$f")"
done <<'EOF'
airbnb-streamalert/cwl-extractedFields.json 2 480 8 2 0 0 0
awsdocs-examples/all-code-blocks.txt 23 23496020 17244 2 1 1 24
elastic-issue-8532/alphabetical-skipdata.log 0 0 0 0 0 1 0
goaccess-1341/cwl-export.log 4 160 4 0 1 0 0
mhatremayank-vpcflowlogparser/flowlogs_v2.txt 18 127000 206 2 0 0 0
newrelic-aws-log-ingestion/entry_vpc_flow_logs.json 0 0 0 0 1 0 0
obsrvbl-flowlogs-reader/flowlogs-reader-lines.millis.log 0 0 0 0 0 1 0
obsrvbl-flowlogs-reader/flowlogs-reader-lines.v2.log 3 4200 50 1 1 1 0
obsrvbl-flowlogs-reader/flowlogs-reader-lines.v3.log 2 8090 20 0 0 0 0
obsrvbl-flowlogs-reader/flowlogs-reader-lines.v4.log 2 8090 20 0 0 0 0
obsrvbl-flowlogs-reader/flowlogs-reader-lines.v5.log 2 7910 31 0 0 0 1
obsrvbl-flowlogs-reader/flowlogs-reader-lines.v6.log 1 0 0 0 0 0 0
ocsf-examples/dataprepper-v1.1.0.ocsf.json 1 40 1 1 0 0 0
ocsf-examples/dataprepper-v1.1.0.raw.json 1 40 1 1 0 0 0
ocsf-examples/v1.0.0-rc.2.ocsf.json 1 40 1 1 0 0 0
ocsf-examples/v1.1.0-vpcflowlog.ocsf.json 1 40 1 1 0 0 0
ocsf-examples/v1.1.0-vpcflowlog.raw.csv 1 40 1 1 0 0 0
ocsf-examples/v1.5.0-vpcflowlog.ocsf.json 1 38526 8 0 0 0 0
ocsf-examples/v1.5.0-vpcflowlog.raw.csv 1 38526 8 0 0 0 0
openobserve-505/control_message.json.gz 0 0 0 0 0 0 0
opensearch-catalog/aws_vpc-logs.json 2 88 2 0 0 0 0
opensearch-catalog/sample.json 22 968 22 0 0 0 0
EOF
if test -d "$samples"; then
	# Back to back with documents of flows, as Firehose stores them.
	{ cat "$samples/openobserve-505/control_message.json.gz"; cat shape/subscription-members
	  cat "$samples/openobserve-505/control_message.json.gz"; } >members
	check 'members with control messages' is "$(totals 1)" "$(report members)"
	check 'which are counted' controls members 2
else
	echo "# no samples at $samples"
fi
done_testing
