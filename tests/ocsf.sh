# OCSF, class Network Activity: what this program writes of a flow is read back, field by field, and
# the published events are their records. Fields are looked up by awk, by the names in the header.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
bare='version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
run() { "$ENITOP" --no-config -b "$@"; }
# The values of these fields, '-' where there is no column of it, of what raw says.
fields() { # fields "NAME NAME..."
	awk -v names="$1" -v bare="$bare" '
		BEGIN {
			n = split(names, name, " ")
			for (i = split(bare, plain, " "); i; i--) at[plain[i]] = i
		}
		/^(version|account-id|interface-id|srcaddr) / {
			delete at
			for (i = 1; i <= NF; i++) at[$i] = i
			next
		}
		{
			line = ""
			for (i = 1; i <= n; i++) line = line " " (name[i] in at ? $at[name[i]] : "-")
			print line
		}' | LC_ALL=C sort
}
back() { # back FILE: its flows as events, and these read again, have the same fields
	names=$(head -1 "$1")
	run -v flows -n 1000000 -o ocsf "$1" >"$dir/events"
	run -v flows -n 1000000 -o raw "$1" | fields "$names" >"$dir/want"
	run -v flows -n 1000000 -o raw "$dir/events" | fields "$names" >"$dir/have"
	[ "$(wc -l <"$dir/events")" -eq "$(wc -l <"$dir/want")" ] && [ -s "$dir/want" ] &&
		cmp "$dir/want" "$dir/have" >&2
}

"$GENLOG" -n $((20000 / SLOWNESS)) -a 300 -5 -H | awk '!/NODATA|SKIPDATA/' >"$dir/v5.log"
"$GENLOG" -n $((20000 / SLOWNESS)) -a 300 -H | awk '!/NODATA|SKIPDATA/' >"$dir/v2.log"
check 'all fields of version 5' back "$dir/v5.log"
check 'those of version 2' back "$dir/v2.log"
check 'which has no address of a packet' test "$(run -v flows -n 9 -o raw "$dir/events" |
	fields 'pkt-srcaddr pkt-dstaddr' | sort -u)" = ' - -'
# What the class can't say stands beside it: behind NAT, of no version of IP, a path that OCSF does
# not have, of containers, without a direction, times in milliseconds.
cat >"$dir/odd.log" <<'END'
version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status type pkt-srcaddr pkt-dstaddr flow-direction traffic-path vpc-id ecs-task-id reject-reason sublocation-id pkt-dst-aws-service
8 eni-1 10.0.0.5 10.0.0.1 40000 443 6 7 700 1700000000 1700000060 ACCEPT OK IPv4 10.0.0.5 203.0.113.9 egress 8 vpc-1 task-1 - - AMAZON
8 eni-1 10.0.0.1 10.0.0.5 443 40000 6 7 700 1700000000 1700000060 ACCEPT OK IPv4 203.0.113.9 10.0.0.5 ingress - vpc-1 - - - -
8 eni-2 2001:db8::1 2001:db8::2 1 22 6 1 40 1700000000123 1700000060456 REJECT OK IPv6 2001:db8::1 2001:db8::2 ingress - vpc-1 - BPA sub-1 -
8 eni-3 10.0.0.7 10.0.0.8 0 0 1 1 84 1700000000 1700000060 ACCEPT OK EFA 10.0.0.7 10.0.0.8 - 77 vpc-2 - - - -
END
check 'what the class has no place for' back "$dir/odd.log"
check 'each field by its name alone: filters find it' test "$(run -o csv -g pkt-dstaddr,type -m flows \
	-w 'traffic-path=8 and action=accept and vpc-id=vpc-1 and log-status=OK' "$dir/events" | tail -n +2 |
	cut -d, -f1,2)" = 203.0.113.9,IPv4
check 'in one array, pretty-printed' test "$(awk 'NR > 1 { print "," } { print }' "$dir/events" |
	sed '1s/^/[/; $s/$/]/; s/,"/,\n  "/g; s/{/{\n/g' | run -v flows -o raw - | grep -c ' 10[.]0[.]0[.]\| 2001')" = 4

# As Security Lake has it: a struct of each endpoint, the interface in one of them, lists.
names='interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr bytes end action flow-direction traffic-path'
sort >"$dir/want" <<'END'
 eni-04cbb67c43b46988d 67.115.253.116 10.20.0.11 67.115.253.116 10.20.0.11 40 1764001776 REJECT ingress -
 eni-07527c51473302df6 10.20.32.21 10.20.17.21 10.20.32.21 10.20.17.21 1706 1764001774 ACCEPT egress 1
 eni-09cc5459855628966 10.20.0.21 10.20.17.22 40.191.57.90 10.20.17.22 22640 1764001778 ACCEPT ingress -
 eni-09cc5459855628966 10.20.17.22 10.20.0.21 10.20.17.22 40.191.57.90 1593 1764001778 ACCEPT egress 1
 eni-0d942f3b7c6b8d7f6 10.20.0.21 10.20.17.22 40.191.57.90 10.20.17.22 22640 1764001778 ACCEPT egress 1
END
run -v flows -o raw "$srcdir/tests/corpus/parquet_file/ocsf-snappy-v1" | fields "$names" >"$dir/have"
check 'events in Parquet' cmp "$dir/want" "$dir/have"

samples=$srcdir/../shared/samples/ocsf-examples
if [ -d "$samples" ]; then
	published() { # published NAME RAW: an event has what its record has
		names=$(run -v flows -o raw "$samples/$2" | head -1 | sed "${3-}")
		run -v flows -o raw "$samples/$2" | fields "$names" >"$dir/want"
		run -v flows -o raw "$samples/$1" | fields "$names" >"$dir/have"
		cmp "$dir/want" "$dir/have" >&2
	}
	check 'the published event of 1.5' published v1.5.0-vpcflowlog.ocsf.json v1.5.0-vpcflowlog.raw.csv
	check 'that of 1.1, whose interface has two zeros less' published v1.1.0-vpcflowlog.ocsf.json \
		v1.1.0-vpcflowlog.raw.csv 's/ interface-id / /'
	check 'that of the data prepper, which has no start' published dataprepper-v1.1.0.ocsf.json \
		dataprepper-v1.1.0.raw.json 's/ start / /'
fi
done_testing
