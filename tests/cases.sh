# The inputs of ../shared/cases, made after what people reported: what must come out of each is
# a row below. Where the cases are not there nothing is tested, which is said.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cases=$srcdir/../shared/cases
if ! test -d "$cases"; then
	echo "1..0 # SKIP no cases at $cases"
	exit 0
fi
who=srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes
enitop() { "$ENITOP" --no-config -b "$@"; }
records() { enitop --view flows -o csv --columns "$@" 2>"$dir/err"; }

# ---- what a row can expect; $file is the case ----

# The records of the base, and as many malformed lines: `base N`, 0 if it is left out.
base() {
	records "$who,start,end,action" "$cases/00-base.log" >"$dir/want"
	records "$who,start,end,action" "$file" | cmp - "$dir/want" >&2 && malformed "${1:-0}"
}
malformed() { enitop -o json -n 1 "$file" 2>"$dir/err" | grep -q "\"malformed\":$1[,}]"; }
# The records of the base, in any order: of a folder.
unordered() {
	records "$who,start,end,action" "$cases/00-base.log" | sort >"$dir/want"
	records "$who,start,end,action" "$file" | sort | cmp - "$dir/want" >&2
}
# The base, but for times, which are as the file has them.
flows() {
	records "$who,action" "$cases/00-base.log" >"$dir/want"
	records "$who,action" "$file" | cmp - "$dir/want" >&2
}
# The base under `--format FORMAT`; without it a hint at that, and exit status 1.
format() {
	records "$who,start,end,action" "$cases/00-base.log" >"$dir/want"
	records "$who,start,end,action" --format "$*" "$file" | cmp - "$dir/want" >&2 &&
		refused give --format
}
# No record: exit status 1, and that text on standard error.
refused() {
	enitop "$file" >"$dir/out" 2>"$dir/err"
	test $? = 1 && sed "s|'[^']*'||g" "$dir/err" | grep -q -e "$*"
}
# So many flows, NODATA, SKIPDATA and malformed lines, and the exit status.
counts() {
	enitop -o json -n 1 "$file" >"$dir/out" 2>"$dir/err"
	test $? = "$5" && for n in "flows\":$1" "nodata\":$2" "skipdata\":$3" "malformed\":$4"; do
		grep -q "\"input\":{[^}]*\"${n}[,}]" "$dir/out" || return 1
	done
}

# ---- the rows: a case, what is expected of it ----

while read -r case expect; do
	file=$cases/$case
	# shellcheck disable=SC2086
	check "$case: $expect" $expect
done <<'ROWS'
00-base.log base
01a-utf16le-bom.log base
01b-utf16le-tail.log base
01c-utf16le-filter-log-events.json base
01d-utf16be.log base
01e-utf16le-nobom.log base
01f-utf8-then-utf16-append.log counts 6 0 0 0 0
02-utf8bom-crlf.log base
03-cw-console-csv.csv base
04-ms-times.log counts 3 0 0 0 0
05-tgw-mixed-noheader.log counts 5 0 0 0 0
06-dup-field.log format version account-id vpc-id subnet-id account-id instance-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
09a-literal-backslash-n.json base
09b-braces.json base
10-wazuh-nested.json base
10b-dotted-wazuh.csv base
11a-elasticdump-original.ndjson base
11b-es-search-response.json base
11c-ecs-no-original.ndjson flows
12-kibana-discover.csv base
12b-kibana-noraw.csv flows
13a-docker-log.json base
13b-cri.log base
13c-fluentbit-stdout.log base
14a-syslog3164.log base
14b-syslog5424.log base
15a-logcli-default.log base
15c-grafana-explore.json base
15d-grafana-explore.txt base
15e-loki-http-api.json base
16a-splunk-json-export.json base
16b-splunk-csv.csv base
16c-splunk-hec.json base
17a-lambda-awslogs-event.json base
17b-lambda-kinesis-event.json base
17c-base64-line.txt base
17d-get-records.json base
18-kpl-aggregated.bin refused KPL
19a-athena-quoted.csv base
19b-athena-old-ddl.csv base
20a-athena-from-unixtime.csv base
20b-iso-z.csv base
21a-excel-semicolon.csv base
21b-excel-semicolon-nosep.csv base
21c-excel-sci.csv base
22a-console-copy-tsv.txt base
22b-console-copy-two-lines.txt base 3
22c-console-copy-iso.txt base
23a-insights-ptr.csv base
23b-get-query-results.json base
23c-get-query-results-fields.json base
23d-insights-stats.csv refused statistics
24-sentinel-portal.csv flows
25a-azure-nsg.json refused Azure
25b-gcp.json refused Google
25c-tencent.log counts 1 1 0 0 0
25d-guardduty.json refused GuardDuty
25e-lattice.json refused Lattice
25f-alb.log refused load balancer
26-merged-on-one-line.log base
27-firehose-no-newline.log base
28-export unordered
29-start_time-names.json base
30-vector-21-fields.log format log-status az-id instance-id vpc-id subnet-id start end flow-direction action pkt-src-aws-service pkt-dst-aws-service pkt-srcaddr srcaddr srcport pkt-dstaddr dstport dstaddr protocol type packets bytes
31-unknown-layout.log refused give --format
32-nodata-only.log counts 0 2 1 0 0
39-start-after-end.log counts 1 0 0 0 0
40-ocsf.ndjson counts 3 0 0 0 0
43a.zip refused unzip
43b.tar.gz refused tar
43c.bz2 refused bzip2
43d.xz refused xz -dc
43e.tar refused tar
43f.xlsx refused Excel
46-comma-space.csv base
47a-s3select.csv base
47b-s3select.json base
48a-jq-no-r.txt base
48b-cli-text-one-line-tabs.txt base
48c-cli-output-text-events.txt base
48d-cli-output-table.txt base 4
48e-cli-output-yaml.yaml base 13
49-json-array-strings.json base
51a-datadog.csv base
51b-sumo.csv base
54a-indent-double-space.log base
54b-tabs-no-header.tsv base
57-tailpipe.json counts 3 0 0 0 0
58-panther.json base
59-otlp-attributes.json counts 3 0 0 0 0
59b-otlp-body.json base
60-python-repr.txt base
61-destaddr.ndjson base
63a-awslogs-get.log base
63b-awslogs-get-ts.log base
63c-saw.log base
64-nbsp.log base
65-markdown.log base 2
66-elastiflow-conn.csv counts 1 0 0 0 0
67-datadog-json.json base
68-insights-md.txt base
69-snappy-framed.bin refused snappy
69b-xerial-snappy.bin refused snappy
70-pandas-index.csv base
71-pandas-float-nan.csv base
72-pandas-to_json-columns.json base
75-header-case-space.csv base
76-clickhouse-jsoncompact.json base
77-duckdb-epoch-us.csv flows
78-localtime-no-zone.csv base
82-15-tokens.log format version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id
83-alphabetical-14.log format account-id action bytes dstaddr dstport end interface-id log-status packets protocol srcaddr srcport start version
86-v11-tags.log counts 1 0 0 2 0
88-two-header-lines.csv base 1
89-select-star-partition.csv base
90-bigquery-json.json base
91-elf-cr-only.log base
ROWS
done_testing
