# Assertions from outside: what becomes of each against awk, every exit status, every format, what is
# asserted of shuffled lines, of a file that can't be read, and while a file is followed.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
scenarios=$srcdir/../shared/scenarios
run() { "$ENITOP" --batch --no-config "$@"; }
shuffled() { awk -v OFS='\t' '{ print (NR * 7919) % 10007, $0 }' "$1" | LC_ALL=C sort -n | cut -f 2-; }
says() { grep -qF -e "$1"; }

# An hour: db and cron are whole, web lost three minutes, batch has nothing behind the 38th; edge
# refuses the internet at its port 22; db lets itself be asked by 10.0.1.5 alone, and 10.0.1.6 is
# refused where it came to, which its own interface has as let out.
awk 'BEGIN {
	for (m = 0; m < 60; m++) {
		s = 1700000040 + m * 60
		t = s " " s + 59
		p = 40000 + m
		if (m >= 30 && m < 33) print "2 1 eni-web - - - - - - - " t " - SKIPDATA"
		else print "2 1 eni-web 10.0.0.2 10.0.0.99 40000 443 6 1 40 " t " ACCEPT OK"
		if (m < 38) print "2 1 eni-batch 10.0.0.4 10.0.0.99 40000 443 6 1 40 " t " ACCEPT OK"
		print "2 1 eni-cron - - - - - - - " t " - NODATA"
		print "2 1 eni-edge 198.51.100.7 10.0.0.6 " p " 22 6 1 40 " t " REJECT OK"
		print "2 1 eni-db 10.0.1.5 10.0.2.9 " p " 5432 6 9 900 " t " ACCEPT OK"
		print "2 1 eni-db 10.0.2.9 10.0.1.5 5432 " p " 6 9 900 " t " ACCEPT OK"
		print "2 1 eni-db 10.0.1.6 10.0.2.9 " p " 5432 6 1 40 " t " REJECT OK"
		print "2 1 eni-app 10.0.1.6 10.0.2.9 " p " 5432 6 1 40 " t " ACCEPT OK"
		print "2 1 eni-app 10.0.1.6 10.0.3." m " " p " 443 6 1 40 " t " ACCEPT OK"
	}
}' >"$dir/hour"
grep -v -e eni-web -e eni-batch "$dir/hour" >"$dir/whole"

one() { # one STATUS EXPECTED-BEGINNING FILE EXPR [OPTIONS]
	status=$1 want=$2 file=$3 expr=$4
	shift 4
	said=$(run --assert "$expr" "$@" "$dir/$file" 2>/dev/null)
	got=$?
	case $said in
	"$want"*) test $got -eq "$status" && return ;;
	esac
	echo "# $got: $said"
	return 1
}
expect() { check "$2: $4" one "$@"; }
expect 0 'ok logged>=99% 100.0% ' whole 'logged>=99%'
expect 3 'FAIL logged>=99% 93.05% (3 lost, 22 missing of 360 minutes' hour 'logged>=99%'
expect 0 'ok logged(eni-d*)>=99% 100.0% ' hour 'logged(eni-d*)>=99%'
expect 3 'FAIL logged(eni-batch)>=99% 63.33% ' hour 'logged(eni-batch)>=99%'
expect 0 'ok logged(eni-batch)<64.5% ' hour 'logged(eni-batch)<64.5%'
expect 4 'UNPROVEN logged(eni-x*)>=99% - (no such interface' hour 'logged(eni-x*)>=99%'
expect 0 'ok lost=0 0 ' whole lost=0
expect 3 'FAIL lost=0 3 (eni-web 3)' hour lost=0
expect 0 'ok lost<=3 3 ' hour 'lost<=3' --provable 90%
expect 4 'UNPROVEN lost<=3 3 ' hour 'lost<=3'
expect 0 'ok missing=0 0 ' whole missing=0
expect 3 'FAIL missing=0 22 (eni-batch 22)' hour missing=0
expect 0 'ok missing(eni-web)=0 0 ' hour 'missing(eni-web)=0' --provable 90
expect 4 'UNPROVEN missing(eni-web)=0 0 (no minute of 1 interfaces; 94.91% of minutes provable, 99.0% wanted)' hour 'missing(eni-web)=0'
expect 0 'ok delay<=10m 0s ' hour 'delay<=10m'
expect 0 'ok type=ALL ALL ' hour type=ALL
expect 3 'FAIL type=ACCEPT ALL ' hour type=ACCEPT
expect 0 'ok findings(page)=0 0 (none fired)' whole 'findings(page)=0'
expect 3 'FAIL findings(warn)=0 1 (see --view findings)' whole 'findings(warn)=0'
expect 3 'FAIL findings(quiet, reach, data)=0 3 (see --view findings)' hour 'findings(quiet, reach, data)=0'
expect 0 'ok findings(warn)<=3 3 ' hour 'findings(warn)<=3'
expect 0 'ok findings(warn)=0 0 ' whole 'findings(warn)=0' --mute reach
expect 4 'UNPROVEN findings(page)=0 - (findings are not judged here)' whole 'findings(page)=0' --since 2023-11-14T22:30:00Z
expect 4 'UNPROVEN findings(scan,lateral)=0 0 (none fired; 93.22% of minutes provable, 99.0% wanted)' hour 'findings(scan,lateral)=0'
expect 0 'ok none: 192.0.2.1 0 (no record matches)' whole 'none: 192.0.2.1'
expect 4 'UNPROVEN none: 192.0.2.1 0 (no record matches; 93.22% of minutes provable, 99.0% wanted)' hour 'none: 192.0.2.1'
expect 3 'FAIL none: dport=22 60 (the first 2023-11-14T22:14:59Z: 2 1 eni-edge 198.51.100.7 10.0.0.6 40000 22 ' hour 'none: dport=22'
expect 0 'ok some: dport=22 60 ' hour 'some: dport=22'
expect 3 'FAIL some: dport=23 0 ' whole 'some: dport=23'
expect 4 'UNPROVEN some: dport=23 0 ' hour 'some: dport=23'
expect 4 'UNPROVEN none: tcp-flags=2 0 (no record matches; the records have no tcp-flags)' whole 'none: tcp-flags=2'
expect 0 'ok only 10.0.1.5 -> 10.0.2.9:5432 0 (nobody else was accepted, 60 records left others for it)' whole 'only 10.0.1.5 -> 10.0.2.9:5432'
expect 3 'FAIL only 10.0.1.6 -> 10.0.2.9:5432 120 (of others was accepted' whole 'only 10.0.1.6 -> 10.0.2.9:5432'
expect 0 'ok only 10.0.1.0/29,10.9.0.0/16->10.0.2.0/24:5432/tcp 0 ' whole 'only 10.0.1.0/29,10.9.0.0/16->10.0.2.0/24:5432/tcp'
expect 0 'ok only 10.0.1.9 -> 10.0.2.9:5432/udp 0 ' whole 'only 10.0.1.9 -> 10.0.2.9:5432/udp'
expect 4 'UNPROVEN only 10.0.1.5 -> 10.0.3.1:443 0 ' whole 'only 10.0.1.5 -> 10.0.3.1:443'
cat >"$dir/enis.json" <<'EOF'
{"NetworkInterfaces":[
 {"NetworkInterfaceId":"eni-db","PrivateIpAddress":"10.0.2.9","TagSet":[{"Key":"Name","Value":"db"}]},
 {"NetworkInterfaceId":"eni-app","PrivateIpAddress":"10.0.1.6","TagSet":[{"Key":"Name","Value":"app"}]}]}
EOF
sed 's/eni-app/eni-never/' "$dir/enis.json" >"$dir/more.json"
expect 0 'ok expected=logged 2 of 2 ' whole expected=logged --names "$dir/enis.json"
expect 3 'FAIL expected=logged 1 of 2 (in no record: eni-never)' whole expected=logged --names "$dir/more.json"
expect 4 'UNPROVEN expected=logged ' whole expected=logged
expect 3 'FAIL only app -> db:5432 120 ' whole 'only app -> db:5432' --names "$dir/enis.json"
expect 4 'UNPROVEN lost=0 0 ' none-at-all lost=0 2>/dev/null

# Everything that awk can say too.
flows() { awk "$1" "$dir/hour" | wc -l; }
# shellcheck disable=SC2016,SC1003
for pair in 'dport=22|$7 == 22' 'eni=eni-db and reject|$3 == "eni-db" \&\& $13 == "REJECT"' \
	'src=10.0.1.6|$4 == "10.0.1.6"' 'bytes>100|$14 == "OK" \&\& $10 > 100'; do
	filter=${pair%%|*}
	program=$(printf '%s' "${pair#*|}" | tr -d '\\')
	check "as many as awk has: $filter" one 0 "ok some: $filter $(flows "$program") " hour "some: $filter"
done

status() { # status WANTED OPTIONS
	want=$1
	shift
	run "$@" >/dev/null 2>&1
	test $? -eq "$want"
}
check 'ok: 0' status 0 --assert lost=0 "$dir/whole"
check 'an input that is not there: 1' status 1 --assert 'some: dport=22' "$dir/whole" "$dir/nowhere"
check 'and what is universal is not proven: 4' status 4 --assert lost=0 "$dir/whole" "$dir/nowhere"
check 'one fails: 3, whatever else' status 3 --assert 'none: 192.0.2.1' --assert lost=0 --assert 'findings(page)=0' "$dir/hour" "$dir/nowhere"
check 'usage: 2' status 2 --assert lost=0 --assert 'lost=x' "$dir/hour"
check 'a line that does not read may be anything: 4' status 4 --assert lost=0 - <<EOF
$(cat "$dir/whole"; echo garbage)
EOF
for expr in '' 'loged>=99%' 'logged' 'logged>=' 'logged>=101%' 'logged(=99%' 'logged()>=9%' 'lost=-1' 'delay<=x' \
	'type=NONE' 'type>=ALL' 'findings=0' 'findings()=0' 'findings(scam)=0' 'findings(page,)=0' 'none' 'none:' 'none: dprt=3' 'some: (' 'only' \
	'only a -> b' 'only 10.0.0.1 -> 10.0.0.2' 'only 10.0.0.1 -> 10.0.0.2:99999' \
	'only 10.0.0.1 -> 10.0.0.2:1/tcp or any' 'only -> 10.0.0.2:1' 'only nobody -> 10.0.0.2:1' 'lost=0 missing=0'; do
	check "no assertion: '$expr'" status 2 --assert "$expr" "$dir/hour"
done
place() { run --assert 'loged>=99%' "$dir/hour" 2>&1 | says "unknown 'loged': did you mean logged, as in logged>=99%?"; }
check 'what is meant is said' place
rule() { run --assert 'findings(page, spik)=0' "$dir/hour" 2>&1 | says "'spik' is no severity or rule: did you mean spike?"; }
check 'of rules, too' rule
# What the findings' report has, however the input comes.
beside() { run -v findings -o json --assert 'findings(warn)=3' "$@" 2>/dev/null | says '"value":"3"'; }
check 'beside the report of them' beside "$dir/hour"
check 'of what can be read once alone' beside - <"$dir/hour"
caret() { run --assert 'none: dprt=3' "$dir/hour" 2>&1 | tail -1 | grep -q '^enitop:   '"$(printf %6s '')"'^'; }
check 'and where' caret
check 'not with a filter of its own' status 2 --assert lost=0 --where dport=22 "$dir/hour"

all() { run --assert 'logged>=99%' --assert lost=0 --assert 'missing(eni-b*)=0' --assert 'none: dport=22' --assert 'some: reject' \
	--assert 'only 10.0.1.6 -> 10.0.2.9:5432' --assert type=ALL "$@"; }
shuffled "$dir/hour" >"$dir/shuffled"
check 'shuffled lines: the same' test "$(all "$dir/hour")" = "$(all "$dir/shuffled")"
split -l 97 "$dir/hour" "$dir/part-"
check 'cut to pieces: the same' test "$(all "$dir/hour")" = "$(all "$dir"/part-*)"

if "$ENITOP" --no-config --batch --assert lost=0 -o json "$dir/whole" | says '"sha256":"'; then
	hash=$(sha256sum "$dir/whole" | cut -d ' ' -f 1)
	check 'JSON: the hash of its lines' says "\"records\":$(wc -l <"$dir/whole"),\"sha256\":\"$hash\"" <<EOF
$(run --assert lost=0 -o json "$dir/whole")
EOF
fi
check 'JSON' says '{"schema":1,"view":"assert","assertions":[{"assertion":"lost=0","result":"FAIL","value":"3","evidence":"eni-web 3","provable":93.22}],"window":{"from":"2023-11-14T22:14:00Z","to":"2023-11-14T23:14:00Z"},"complete_until":"2023-11-14T23:12:59Z","inputs":[{' <<EOF
$(run --assert lost=0 -o json "$dir/hour")
EOF
check 'ndjson: a line each' test "$(all -o ndjson "$dir/hour" | grep -c '^{"assertion":.*"window":{.*"complete":true}$')" = 7
check 'csv' test "$(run --assert lost=0 -o csv "$dir/hour" | tail -1)" = 'lost=0,FAIL,3,eni-web 3,93.2%'
check 'behind a report that is named' test "$(run --view trust --assert lost=0 "$dir/hour" | tail -1)" = 'FAIL lost=0 3 (eni-web 3)'
printf '2 1 eni-\033[2J 10.0.0.1 10.0.0.2 1 22 6 1 40 1700000000 1700000050 ACCEPT OK\n' >"$dir/hostile"
hostile() { run --assert 'none: dport=22' "$dir/hostile" | grep -q "$(printf '\033')"; }
check 'nothing that could move a terminal' eval '! hostile'

# While it is followed, at each minute that is complete.
followed() {
	head -300 "$dir/whole" >"$dir/grows"
	"$ENITOP" --batch --no-config --follow --assert lost=0 --assert "none: dport=5432 and reject" "$dir/grows" >"$dir/said" &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.2
		[ "$(wc -l <"$dir/said")" -ge 2 ] && break
	done
	before=$(wc -l <"$dir/said")
	sed -n 301,360p "$dir/whole" >>"$dir/grows"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.2
		[ "$(wc -l <"$dir/said")" -gt "$before" ] && break
	done
	kill -TERM $pid
	wait $pid
	test $? -eq 3 && test "$before" -ge 2 && test "$(wc -l <"$dir/said")" -ge $((before + 2)) &&
		test "$(tail -2 "$dir/said" | cut -d ' ' -f 1,2)" = 'ok lost=0
FAIL none:'
}
check 'followed: judged again when a minute is complete' followed

# The made-up hours: of every one as many records as a filter and awk have; nothing lost.
if [ -d "$scenarios" ]; then
	for folder in "$scenarios"/s0*/ "$scenarios"/c*/; do
		n=$(zcat "$folder/flow.v2.log.gz" | awk '$13 == "REJECT"' | wc -l)
		check "$(basename "$folder")" test "$(run --assert 'some: reject' --assert lost=0 --assert type=ALL --assert 'logged>=99%' \
			"$folder/flow.v2.log.gz" | cut -d ' ' -f 1-4 | tr '\n' ' ')" = "ok some: reject $n ok lost=0 0 (no ok type=ALL ALL (ACCEPT ok logged>=99% 100.0% (0 "
	done
fi
done_testing
