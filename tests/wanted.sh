# A report decodes the fields that it reads and no others; with the flows beside it, all. Both
# must say the same, whatever is asked.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

"$GENLOG" -5 -H -n 1500 -a 50 -r 100 >"$dir/a.log"
"$GENLOG" -n 500 -a 50 -r 100 >>"$dir/b.log"
printf '10.20.32.11 db\n10.20.0.0/16 vpc\n' >"$dir/names"
run() { "$ENITOP" --batch --names "$dir/names" --now 1800000000 -o json "$@" "$dir/a.log" "$dir/b.log"; }

# What is asked for, alone and with all fields decoded.
same() { # same VIEWS OPTION...
	views=$1
	shift
	run --view "$views" "$@" >"$dir/part" || return 1
	run --view "$views,flows" "$@" | sed 1d >"$dir/whole"
	test -s "$dir/part" && cmp "$dir/whole" "$dir/part" >&2
}

fields=$("$ENITOP" --fields | sed -n 's/^  \([a-z][a-z0-9-]*\)  .*/\1/p' | grep -v '^time$')
check 'there are fields' test "$(echo "$fields" | wc -l)" -gt 90
each() { # each VIEW OPTION VALUE-FORMAT: a run for every field
	# shellcheck disable=SC2086
	for field in $(some $fields); do
		# shellcheck disable=SC2059
		same "$1" "$2" "$(printf "$3" "$field")" || { echo "# $field" >&2; return 1; }
	done
}
check 'groups by each field' each talkers -g '%s'
check 'groups by time' same talkers -g time,srcaddr
check 'counts of values' same talkers -m distinct:instance-id
check 'counts of servers' same talkers -m distinct:server
check 'filters on each field' each timeline -w 'not %s=-'
for view in $("$ENITOP" --views | grep -vE 'flows|sources|spike') talkers,rejects,ports,timeline; do
	check "$view" same "$view" -n 0
done
check 'networks and pairs' same talkers -g 'srcaddr/24,pair' -n 0
check 'trends' same talkers -g srcaddr --trend
check 'a mark' same talkers -g client --mark 1700000005
check 'axes of the heatmap' same ports --heat host,client
check 'a word' same timeline -w reject
check 'a regex on records' same talkers -w '/ 443 .*OK'
check 'sides' same talkers -g dstaddr -w 'client=10.20.0.0/16 and service=443'
done_testing
