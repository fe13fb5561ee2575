# Names, ranges, databases: reports by what is known of addresses against truth by hand, what
# is said of files that are not good, and a file that changes under the screen.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"
same() { diff "$1" "$2" >&2; }

cat >"$dir/a.log" <<'END'
2 123456789012 eni-0a 10.0.0.5 52.94.76.10 40001 443 6 10 1000 1700000000 1700000050 ACCEPT OK
2 123456789012 eni-0a 52.94.76.10 10.0.0.5 443 40001 6 20 9000 1700000000 1700000050 ACCEPT OK
2 123456789012 eni-0b 10.0.0.5 10.1.2.3 40002 5432 6 5 500 1700000000 1700000060 ACCEPT OK
2 210987654321 eni-0c 81.2.69.142 10.1.2.3 50000 22 6 1 40 1700000000 1700000060 REJECT OK
2 210987654321 eni-0c 2001:db8::7 fd00::1 50000 443 6 2 80 1700000000 1700000060 ACCEPT OK
2 210987654321 eni-0c - - - - - - - 1700000000 1700000060 - NODATA
END
cat >"$dir/names" <<'END'
# who is who
10.0.0.5 web-1
10.1.0.0/16,databases
eni-0a nat
123456789012 prod  # ours
END
cat >"$dir/enis.json" <<'END'
{
    "NetworkInterfaces": [
        {
            "Attachment": { "InstanceId": "i-0123", "DeviceIndex": 0 },
            "Association": { "IpOwnerId": "amazon", "PublicIp": "81.2.69.142" },
            "Description": "bastion",
            "Ipv6Addresses": [ { "Ipv6Address": "fd00::1" } ],
            "NetworkInterfaceId": "eni-0c",
            "OwnerId": "210987654321",
            "PrivateIpAddress": "10.1.2.3",
            "PrivateIpAddresses": [ { "Primary": true, "PrivateIpAddress": "10.1.2.3" } ],
            "TagSet": [ { "Key": "env", "Value": "test" } ]
        }
    ]
}
END
cat >"$dir/ranges.json" <<'END'
{ "syncToken": "1", "createDate": "2026-11-24-00-00-00",
  "prefixes": [
    { "ip_prefix": "52.94.76.0/22", "region": "us-west-2", "service": "AMAZON", "network_border_group": "us-west-2" },
    { "ip_prefix": "52.94.76.0/22", "region": "us-west-2", "service": "DYNAMODB", "network_border_group": "us-west-2" },
    { "ip_prefix": "52.0.0.0/8", "region": "GLOBAL", "service": "AMAZON", "network_border_group": "GLOBAL" } ],
  "ipv6_prefixes": [
    { "ipv6_prefix": "2001:db8::/32", "region": "eu-west-1", "service": "S3", "network_border_group": "eu-west-1" } ] }
END
all="--names $dir/names --names $dir/enis.json --aws-ranges $dir/ranges.json"
by() { # by GROUP COLUMNS ROW...: groups and their bytes
	"$ENITOP" -b -o csv -n 0 $all -g "$1" "$dir/a.log" | cut -d, -f1-"$2" | tail -n +2 >"$dir/have"
	shift 2
	printf '%s\n' "$@" >"$dir/want"
	same "$dir/want" "$dir/have"
}
selects() { # selects FILTER COUNT
	n=$("$ENITOP" -b -v flows -o raw $all -w "$1" "$dir/a.log" | grep -c '^2 ')
	[ "$n" -eq "$2" ] || { echo "# $n records" >&2; false; }
}
check 'names of both sides' by client-name,server-name,service 4 web-1,-,443,10000 \
	'web-1,bastion i-0123,5432,500' '-,bastion i-0123,443,80' \
	'bastion i-0123,bastion i-0123,22,40'
check 'scope of flows' by scope 2 internet,10120 internal,500
check 'service and region of the server' by server-aws-service,server-aws-region 3 \
	DYNAMODB,us-west-2,10000 -,-,620
check 'IPv6 ranges' by client-aws-service 2 -,10540 S3,80
check 'names of interfaces and accounts' by interface-name,account-name 3 nat,prod,10000 \
	-,prod,500 'bastion i-0123,-,120'
"$ENITOP" -b -o json $all -g server-name -w 'client-name=-' "$dir/a.log" >"$dir/have"
check 'json has labels by their names' grep -q '"server-name":"bastion i-0123"' "$dir/have"
"$ENITOP" -b -o json $all -g client-name -w 'client-name=-' "$dir/a.log" >"$dir/have"
check 'and null where there is none' grep -q '"client-name":null' "$dir/have"
check 'a filter by scope' selects scope=internet 4
check 'by what is not internal' selects 'src-scope=internet' 3
check 'by a regex on a name' selects 'src-name~^web' 2
check 'by either side' selects 'name=web-*' 3
check 'by service, in any case' selects 'aws-service=dynamodb,s3' 3
check 'by the lack of a name' selects 'client-name=-' 1
check 'by an account' selects 'account-name=prod' 3
check 'labels and addresses at once' selects 'scope=internet and not name=web-1 and port=22' 1
all="$all --internal 52.94.0.0/16,2001:db8::/32"
check 'networks that are internal too' by scope 2 internal,10580 internet,40

# ---- databases ----
"$ENITOP" -b --mmdb "$dir/none" "$dir/a.log" >"$dir/out" 2>"$dir/err"
if grep -q 'built without' "$dir/err"; then
	mmdb=
else
	mmdb=yes
	printf '%s\n' '52.94.0.0/16 US 16509 Amazon.com Inc' '81.2.69.0/24 GB 20712 Andrews' |
		"$tests/genmmdb" "$dir/geo.mmdb"
	printf '%s\n' '2001:db8::/32 DE 64500 Example' | "$tests/genmmdb" "$dir/more.mmdb" ipinfo
	all="--mmdb $dir/geo.mmdb --mmdb $dir/more.mmdb"
	check 'countries' by src-country 2 US,9000 -,1500 DE,80 GB,40
	check 'systems' by src-as 2 'AS16509 Amazon.com Inc,9000' -,1500 'AS64500 Example,80' \
		'AS20712 Andrews,40'
	check 'a filter by country' selects country=US 2
	check 'by the number of a system' selects 'as=20712,AS64500' 2
	if command -v mmdblookup >/dev/null; then
		mmdblookup -f "$dir/geo.mmdb" -i 81.2.69.142 country iso_code >"$dir/have"
		check 'mmdblookup finds the same' grep -q '"GB"' "$dir/have"
	fi
fi

# ---- what is wrong ----
refuses() { # refuses TEXT ARGUMENT...
	text=$1
	shift
	"$ENITOP" -b "$@" "$dir/a.log" >"$dir/out" 2>"$dir/err"
	[ $? -eq 2 ] && grep -q -- "$text" "$dir/err" || { cat "$dir/err" >&2; false; }
}
check 'a file that is not there' refuses "cannot read '$dir/none': No such file" --names "$dir/none"
check 'a folder' refuses "cannot read '$dir'" --aws-ranges "$dir"
check 'no network' refuses "'x' is no network" --internal 10.0.0.0/8,x
[ -z "$mmdb" ] || check 'no database' refuses 'no MaxMind database' --mmdb "$dir/names"
printf '10.0.0.5 web-1\nbogus thing\n10.0.0.6\n' >"$dir/bad"
"$ENITOP" -b -o csv --names "$dir/bad" -g src-name "$dir/a.log" >"$dir/have" 2>"$dir/err"
check 'the rest is taken' grep -q '^web-1,1500,' "$dir/have"
check 'with the line that is wrong' grep -q "^enitop: $dir/bad:2: 'bogus': no address" "$dir/err"
check 'and the next' grep -q "^enitop: $dir/bad:3: '10.0.0.6': no name" "$dir/err"

# ---- in UTF-8: laid out by columns, and nothing in it moves the terminal ----
printf '10.0.0.5 B\303\274ro\n10.1.2.3 東京の\n52.94.76.10 \342\200\256x\377\n' >"$dir/utf8"
printf '%s\n' '.x.            40001' '.x.              443' '東京の          5432' \
	'-                443' '東京の            22' >"$dir/want"
"$ENITOP" -b --names "$dir/utf8" -g server-name,dport "$dir/a.log" |
	sed -n '4,$s/^\([^ ]*  *[0-9]*\) .*/\1/p' >"$dir/have"
check 'a table with wide names' same "$dir/want" "$dir/have"
all="--names $dir/utf8"
check 'and a filter by one' selects 'server-name="東京の"' 2

# ---- on the screen ----
start 100 30 '$ENITOP -t all --no-follow --names names --names enis.json a.log'
check 'names stand in place of addresses' sees 'web-1 > .*0123:5432'
keys n
check 'n shows addresses' sees '10.0.0.5 > ~10.1.2.3:5432'
keys n
check 'and names again' sees 'web-1 > .*0123:5432'
printf '10.0.0.5 shop\n' >"$dir/next"
mv "$dir/next" "$dir/names"
check 'a file that is replaced is read again' sees 'shop > .*0123:5432'
printf '10.0.0.5 Büro\n52.94.76.10 東京の\n' >"$dir/next"
mv "$dir/next" "$dir/names"
check 'in UTF-8 as they are, by columns' sees 'Büro > ~東京の:443                9.8K  94%'
printf 'x\n' >>"$dir/names"
check 'what is wrong with it is said' sees "names:3: 'x': no name"
keys q
check 'it leaves' sees 'rc=0'
done_testing
