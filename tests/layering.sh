#!/bin/sh
# Includes point one way: what each file of core/ may include of the project, and who
# may know libuv and curses. A new file gets a row here.
status=0
fail() { echo "layering: $*" >&2; status=1; }

# file: headers of the project that it may include, besides its own
rows='
util:
field: util
format: field util
format_guess: field format util
address: util
dict: address dict_index util
dict_index: util
doubts: util
segment: dict format util segment_build
segment_build: segment
segment_read: segment segment_build
segment_seal: segment segment_build
community_id: segment
decode: segment decode_batch decode_scan
decode_batch: segment_build
decode_scan:
decode_state: decode
ring: segment
servers: segment
demo: util
filter: segment filter_ast label_field
describe: segment
filter: segment filter_ast filter_eval label_field
filter_ast: filter
filter_eval: filter_literal filter_set label_field
filter_explain: filter_ast
filter_fold: filter_ast filter_set label_field
filter_help:
filter_hint: filter_parser
filter_judge: filter_eval label_field
filter_name: filter_ast
filter_node: filter_ast
filter_parse: filter_parser
filter_words: filter_parser
filter_saved: filter_parser
filter_parser: filter_ast
filter_reads: filter_ast moment
filter_literal: filter_eval
filter_regex: filter_literal
filter_set: filter_ast
filter_value: filter_ast moment
moment: util
values: filter_ast query ring
query_rows: query
query_series: query_key
query_deal: query_series
wide: decode_batch decode_scan query_deal
query: filter query_state
query_fold: query_series query_state
query_distinct: query_table
query_group: label_field query
query_key: label_field query_rows
query_mark: query_key query_state
query_rank: query_state
query_state: query_distinct query_mark
query_table: query_key
query_value: query_key
prefixes: dict
labels: dict labels_state
labels_state: labels prefixes
labels_json: labels_state
labels_mmdb: labels_state
labels_names: labels_state
label_field: field labels
result: query
count: query ring
fold: job query
compare: query
result: compare
live: result ring live_state
live_answer: live_state
live_window: live_state
flow_columns: segment
flow_pick: flow_columns query
live: flow_pick result ring live_state
live_answer: live_state
live_flows: live_state
live_state: crew live
live_work: live_state
crew: util
envelope: format
envelope_csv: envelope
envelope_inner: envelope unwrap
envelope_json: envelope
envelope_object: envelope
export: flow_columns monitor export_cells export_columns export_grid export_json export_mark export_private
export_cells: export_grid export_json
export_chosen: flow_columns export_grid
export_columns: result export_mark
export_flows: export_chosen export_grid export_json export_private
export_grid: util
export_json: export export_cells export_columns export_mark export_private
export_mark: export_columns export_grid export_json
export_ocsf: export_json
export_private: export
export_sources: export_grid export_json
sql: result sql_private
sql_private: filter_ast sql
sql_where: sql_private
unwrap: unwrap_kind util
unwrap_gzip: unwrap_kind
unwrap_isal: unwrap_kind
unwrap_kind: util
unwrap_zstd: unwrap_kind
job:
ledger: doubts malformed_book source source_order
malformed_book: decode
identity: dict format identity_state stand util
identity_state: identity
identity_file: dict format identity_state
source: decode envelope identity monitor source_notes unwrap
source_file: source
source_found: source_file
source_named: source_file
source_pipe: source ingest
source_demo: source demo
source_none: source
source_notes: segment
source_order: util
ingest: source job ingest_state
ingest_block: ingest_state job
ingest_follow: ingest_state
ingest_read: ingest_state
ingest_rest: ingest_state
ingest_text: ingest_state
ingest_state: ingest text_pool
text_pool: util
name_time:
folder: dict stand
stand:
backlog: folder dict name_time
state: identity
monitor: backlog decode doubts job labels monitor_state result ring
monitor_input: monitor_state
monitor_state: ingest ledger monitor servers state
'
for file in "$srcdir"/core/*.[ch]; do
	name=$(basename "$file" | sed 's/\.[ch]$//')
	row=$(echo "$rows" | grep "^$name:") || { fail "core/$name has no row in tests/layering.sh"; continue; }
	for header in $(sed -n 's/^#include "\(.*\)\.h".*/\1/p' "$file"); do
		case " ${row#*:} $name " in
		*" $header "*) ;;
		*) fail "$file includes $header.h" ;;
		esac
	done
done

for file in "$srcdir"/core/*.[ch] "$srcdir"/tui/*.[ch]; do
	name=$(basename "$file" | sed 's/\.[ch]$//')
	if grep -qE '#include <(n?curses|ncursesw/.*|term)\.h>' "$file" && [ "$name" != term ]; then
		fail "$file includes curses"
	fi
	if grep -q '#include <uv\.h>' "$file"; then
		case $name in
		backlog|crew|fold|job|state|source*|ingest*|monitor|term|app|app_names|batch|main) ;;
		*) fail "$file includes uv.h" ;;
		esac
	fi
done

if "${NM:-nm}" -u libcore.a 2>/dev/null | grep -wE 'initscr|newterm|w?refresh|w?addn?str|endwin'; then
	fail 'libcore.a needs curses'
fi
[ $status -eq 0 ] && echo 'ok 1 - includes point one way' || echo 'not ok 1 - includes point one way'
echo 1..1
exit $status
