#!/bin/sh
# What bytes cost: each charge of the scenarios against a twin that is told of the interfaces, the same
# whatever the filter parts, the order of lines or what counts once; prices; what is said of it.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
scenarios=$srcdir/../shared/scenarios
run() { "$ENITOP" --batch --no-config --metric cost "$@" 2>&1; }
says() { grep -qF -e "$1"; }

# A dollar a GB: the total in dollars has the bytes in its nine decimals.
bytes() { # bytes PRICES [OPTION]... FILE
	prices=$1
	shift
	run --prices "$prices" --output json --limit 1 "$@" |
		sed 's/.*"cost":\([0-9.e-]*\)},"once".*/\1/' | awk '{ printf "%.0f\n", $1 * 1e9 }'
}
shuffled() { awk -v OFS='\t' '{ print (NR * 7919) % 10007, $0 }' "$1" | LC_ALL=C sort -n | cut -f 2-; }
nat=nat=1,zone=0,internet=0 zone=nat=0,zone=0.5,internet=0 internet=nat=0,zone=0,internet=1
whole=nat=1,zone=0.5,internet=1

if [ -d "$scenarios" ] && command -v python3 >/dev/null; then
	for folder in $(some "$scenarios"/*/); do
		scenario=$(basename "$folder")
		for level in v2 v2_enis v5; do
			log=$folder/flow.${level%_enis}.log.gz
			set -- "$log"
			[ $level != v2_enis ] || set -- --names "$folder/enis.json" "$log"
			want=$(python3 "$srcdir/tests/cost_twin.py" "$folder" $level)
			check "$scenario $level: through NAT ${want%% *}" \
				test "$(bytes $nat "$@")" = "${want%% *}"
			want=${want#* }
			check "$scenario $level: to the internet ${want%% *}" \
				test "$(bytes $internet "$@")" = "${want%% *}"
			want=${want#* }
			got=$(bytes $zone "$@")
			check "$scenario $level: between zones $got of $want" \
				test "$got" -ge "${want% *}" -a "$got" -le "${want#* }"
		done
	done
	folder=$scenarios/f13
	gzip -dc "$folder/flow.v2.log.gz" >"$dir/log"
	shuffled "$dir/log" >"$dir/shuffled"
	set -- --names "$folder/enis.json"
	all=$(bytes "$whole" "$@" "$dir/log")
	# shellcheck disable=SC2002
	check "shuffled, from a pipe, counted once: $all" test "$all
$all
$all" = "$(bytes "$whole" "$@" "$dir/shuffled"
		cat "$dir/log" | bytes "$whole" "$@"
		bytes "$whole" --once "$@" "$dir/log")"
	check 'what two filters part adds up' test "$all" = $((\
		$(bytes "$whole" "$@" --where 'dport<1024' "$dir/log") + \
		$(bytes "$whole" "$@" --where 'not dport<1024' "$dir/log")))
	run --prices "$whole" --output csv --limit 0 "$@" "$dir/log" >"$dir/csv"
	rows=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "cost") c = i; next }
		{ n += $c } END { printf "%.0f\n", n * 1e9 }' "$dir/csv")
	check "rows add up: $rows of $all" test "$rows" = "$all"
	check 'and are in order' sh -c "awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if (\$i == \"cost\") c = i; next }
		NR > 2 && \$c > last { exit 1 } { last = \$c }' '$dir/csv'"
else
	echo '# no scenarios, or no python3: charges are not held against the twin'
fi

# a in one zone, b in another, c in that of a; a talks to the internet by itself.
{
	echo 'interface-id az-id srcaddr dstaddr srcport dstport protocol packets bytes start end action flow-direction traffic-path pkt-dst-aws-service'
	i=0
	while [ $i -lt 20 ]; do
		s="$((1700000000 + i * 60)) $((1700000050 + i * 60))"
		echo "eni-a z1-az1 10.0.0.1 10.0.0.2 40000 443 6 1 1000000 $s ACCEPT egress 1 -"
		echo "eni-b z1-az2 10.0.0.1 10.0.0.2 40000 443 6 1 1000000 $s ACCEPT ingress - -"
		echo "eni-a z1-az1 10.0.0.1 10.0.0.3 40000 443 6 1 5000 $s ACCEPT egress 1 -"
		echo "eni-c z1-az1 10.0.0.1 10.0.0.3 40000 443 6 1 5000 $s ACCEPT ingress - -"
		echo "eni-a z1-az1 10.0.0.1 198.51.100.9 40000 443 6 1 1000000 $s ACCEPT egress 8 -"
		echo "eni-a z1-az1 198.51.100.9 10.0.0.1 443 40000 6 1 7000 $s ACCEPT ingress - -"
		echo "eni-a z1-az1 10.0.0.1 52.218.0.9 40000 443 6 1 900000 $s ACCEPT egress 7 S3"
		echo "eni-b z1-az2 10.0.0.2 10.9.9.9 40000 443 6 1 30 $s ACCEPT egress 1 -"
		echo "eni-b z1-az2 10.0.0.2 10.0.0.1 40000 23 6 1 40 $s REJECT egress 1 -"
		i=$((i + 1))
	done
} >"$dir/three"
# 20 MB between zones at $0.02, 20 MB to the internet at $0.09; 600 bytes to who knows where.
said() { run "$@" "$dir/three" | says "$want"; }
want='cost $0.0022, an estimate by list prices of us-east-1, March 2026: a GB $0.045 through NAT' &&
	check 'a table says by which prices, and that it is an estimate' said
want='! 600 bytes have a price' && check 'and what has none' said
want='"cost_unknown_bytes":600,"prices":{"source":"list prices of us-east-1, March 2026","nat":0.045,"zone":0.01,"internet":0.09,"estimate":true}' &&
	check 'JSON too' said --output json
want='"srcaddr":"10.0.0.1","dstaddr":"198.51.100.9","bytes":20000000,"packets":20,"flows":20,"rejects":0,"lost":null' &&
	check 'of rows that cost most the first' said --output json --group srcaddr,dstaddr --limit 1
want='"cost":0.0018' && check 'has $0.0018' said --output json --group srcaddr,dstaddr --limit 1
want='1 of 2 rows' && check 'what costs nothing has no rank' said --group srcaddr,dstaddr --limit 1
want='"bins":[2.88e-5,' && check '16 of 50 seconds of $0.00009 in a bin' said --output json --trend --limit 1
want='"before":0.0009,"after":0.0009' &&
	check 'before and after too' said --output json --by-size --mark 1700000600 --limit 1
want='"before_per_s":' && check 'and a second' said --output json --mark 1700000600 --limit 1

want='"lost":0}' && check 'of records nothing is priced' said --view flows --output json --columns bytes

printf '; ours\n[prices]\nzone = $0.02\nsource = contract, 2026\n' >"$dir/ini"
want='cost $0.0026, an estimate by contract, 2026; the rest: list prices of us-east-1, March 2026: a GB $0.045 through NAT, $0.02 between' &&
	check 'prices from a file, the others as listed' said --prices "$dir/ini"
printf 'prices = internet=1,source=mine\n' >"$dir/config"
configured() { "$ENITOP" --batch --config "$dir/config" -m cost "$dir/three" | says 'cost $0.0204, an estimate by mine'; }
check 'prices in the configuration' configured
printf 'nat = much\n' >"$dir/bad"
refused() { run "$@" "$dir/three" >"$dir/out"; test $? = 2 && says "$want" <"$dir/out"; }
want="'much' is no price of nat" && check 'a price that is none' refused --prices "$dir/bad"
want="unknown price 'gnat'" && check 'a price nobody asks for' refused --prices gnat=1
want="'0.00001' is no price" && check 'five decimals' refused --prices nat=0.00001
want='No such file' && check 'no file' refused --prices "$dir/none"
want='--metric cost rests on' && check 'no SQL has it' refused --print-sql athena
check 'hostile: sums that do not fit are said' sh -c "sed 's/ 1000000 / 18446744073709551614 /' '$dir/three' |
	'$ENITOP' --batch --no-config -m cost | grep -q 'sums are more than 64 bits hold'"
done_testing
