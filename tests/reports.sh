# --memory bounds a report, too: what it has resident stays within 1.2 times of it. From files every
# row is what awk has of it, in reading after reading; from a pipe the heaviest are, within their
# error, and it is said that they are not all.
. "$srcdir/tests/tap.sh"
if nm "$ENITOP" 2>/dev/null | grep -q -e __asan_init -e __tsan_init; then
	echo '1..0 # SKIP a sanitizer has memory of its own'
	exit 0
fi
timed=$(dirname "$GENLOG")/bench/timed
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

enitop() { # enitop OPTION...: in 16 MiB; the most that it had resident, in KiB, is in `peak`
	rm -f time
	"$timed" time "$ENITOP" -b --memory 16M "$@" >out 2>err
	status=$?
	peak=$(cut -d' ' -f3 time)
	echo "# $*: $peak KiB"
}
small() { test "$peak" -le $((16 * 1024 * 12 / 10)); }
readings() { grep -q '^enitop: read [0-9]* times: --memory' err; }
exact() { # of files: the rows are those of `want`
	test $status -eq 0 && readings && tail -n +2 out | cut -d, -f"${1:-1-4}" | cmp - want >&2
}

# Records each from an address of its own, two of a thousand of each of those again.
"$GENLOG" -S -n 60000 | grep ' OK$' | awk '{ print } NR % 40 == 0 { print; print }' >scan.log
# sums KEY...: key,bytes,packets,flows of all groups, the most bytes first, equal ones by key.
sums() {
	awk -v key="$1" '{ $0 = $0; split(key, k, ","); g = ""
		for (i = 1; i in k; i++) g = g (i > 1 ? "," : "") $k[i]
		b[g] += $10; p[g] += $9; f[g]++ }
	END { for (g in b) printf "%s,%.0f,%d,%d\n", g, b[g], p[g], f[g] }' scan.log
}
by_bytes() { LC_ALL=C sort -t, -k"$1,$1nr" -k1,1; }

# An id is ordered by its bytes, as sort has it.
awk '{ $3 = sprintf("eni-%08d%s", (NR * 7919) % 1000003, $3) } 1' scan.log >ids.log
mv ids.log scan.log
sums 3 | by_bytes 2 >all
head -20 all >want
enitop -g interface-id -o csv scan.log
check 'a ranking of files is that of awk' exact
check 'and small' small
head -5000 all >want
enitop -g interface-id -n 5000 -o csv scan.log
check 'its first 5000' exact
check 'and small' small
enitop -g interface-id -o csv <scan.log
head -20 all >want
check 'from standard input, which is a file' exact
mkdir parts
split -n l/5 scan.log parts/
gzip parts/aa
enitop -g interface-id -o csv parts
check 'from a folder, some of it compressed' exact

sums 3,4,5,6,7 | by_bytes 6 | head -20 >want
enitop -g interface-id,srcaddr,dstaddr,srcport,dstport -o csv scan.log
check 'five fields' exact 1-8
check 'and small' small

awk '{ n[$13 "," $3]++ } END { for (k in n) { split(k, p, ","); d[p[1]]++ }
	for (a in d) print a "," d[a] }' scan.log | by_bytes 2 >want
enitop -g action -m distinct:interface-id -o csv scan.log
check 'distinct values of a group' exact 1,7
check 'and small' small

# A report with room is the same, whatever else there is beside its rows; but what is counted twice
# is told only where there is room.
alike() {
	for file in out want; do
		sed 's/"second_[a-z]*":[0-9a-z]*,//g' "$file" >"$file.less"
	done
	cmp out.less want.less
}
for options in '-g srcaddr --mark 2023-11-14T22:20:00Z' '-g interface-id --trend -n 7' \
	'--heat host,port' '-v talkers,rejects,ports,timeline' '-g srcaddr -m distinct:dstport' \
	'-g srcaddr,time'; do
	# shellcheck disable=SC2086
	"$ENITOP" -b $options -o json scan.log >want 2>/dev/null
	# shellcheck disable=SC2086
	enitop $options -o json scan.log
	check "$options: as with room" alike
	check 'read more than once' readings
	check 'and small' small
done
head -15000 scan.log >less.log
"$ENITOP" -b -g interface-id,srcaddr,dstaddr -n 0 -o json less.log >want 2>/dev/null
enitop -g interface-id,srcaddr,dstaddr -n 0 -o json less.log
check 'all rows: as with room' alike
check 'and small' small

# Of more rows than are kept at a time it is known once where they stand: then a piece of them comes
# with each reading, whatever ranks them; but where too many can't be told apart by their size and the
# first eight bytes of their key.
times_read() { sed -n 's/^enitop: read \([0-9]*\) times: .*/\1/p' err; }
for options in '-g srcaddr' '-g srcaddr -m flows' '-g srcaddr,dstaddr -m packets' '-g srcaddr --mark 2023-11-14T22:20:00Z' \
	'-g interface-id -m flows' '-g srcaddr -m distinct:dstport' '-g srcaddr --trend' '-g srcaddr -n 20000'; do
	case $options in *-n*) ;; *) options="$options -n 0" ;; esac
	# shellcheck disable=SC2086
	"$ENITOP" -b $options -o csv scan.log >want 2>/dev/null
	# shellcheck disable=SC2086
	enitop $options -o csv scan.log
	check "$options: as with room" cmp out want
	check 'and small' small
	echo "# read $(times_read) times"
	most=8
	case $options in *trend*) most=80 ;; *interface-id*) most=11 ;; *mark* | *distinct*) most=10 ;; esac
	check "read $most times at most" test "$(times_read)" -le $most
done

# What is no file comes once.
piped() {
	rm -f time
	cat scan.log | "$timed" time "$ENITOP" -b --memory 16M "$@" >out 2>err
	status=$?
	peak=$(cut -d' ' -f3 time)
	echo "# piped $*: $peak KiB"
}
for group in interface-id srcaddr interface-id,srcaddr,dstaddr,srcport,dstport; do
	piped -g $group -o csv
	check "$group through a pipe: not complete" test $status -eq 1
	check 'says so' grep -q '^enitop: [0-9]* groups not kept' err
	check 'and small' small
done
piped -g interface-id -o json
check 'not complete in JSON' grep -q '"complete":false' out
check 'groups that are not kept' grep -q '"not_kept":[1-9]' out
# To count once, a pipe is held: what that has no room for is said, as many as JSON says.
piped --once -n 3 -o json
gone=$(sed 's/.*"evicted":\([0-9]*\).*/\1/' out)
piped --once -n 3
check "what was not held is counted: $gone" test "$gone" -gt 0
check 'and said' grep -q '^! not complete: [0-9]* flows, the oldest, had no room in --memory$' out
piped -g interface-id -n 50 -o csv
awk -F, 'NR == FNR { b[$1] = $2; next }
	FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	$2 > b[$1] || $2 + $at["error"] < b[$1] { print; bad = 1 }
	END { exit bad || FNR != 51 }' all out
check 'each within its error' test $? -eq 0

# A file that changes between two readings is none that can be read again.
timeout 20 "$ENITOP" -b --memory 16M -g interface-id -n 0 -o csv scan.log >out 2>err &
pid=$!
sleep 0.1
while kill -0 $pid 2>/dev/null; do # again and again: readings are short
	sed -i '1s/en[io]-/eno-/' scan.log
done
wait $pid
status=$?
check 'a file that is another one now: said' grep -q 'not the same each time' err
check 'and the status is 1' test $status -eq 1
# Who reads it takes a while, so that rows are still to come when the file changes.
{ timeout 60 "$ENITOP" -b --memory 16M -g interface-id -n 0 -o json scan.log 2>err; echo $? >status; } | { sleep 3; cat >out; } &
pid=$!
sleep 1.5
sed -i '2s/eni-/eno-/' scan.log
wait $pid
check 'what stands before the rows does not say that it is complete' sh -c '! sed "s/\"rows\":.*//" out | grep "complete"'
check 'what stands behind them says that it is not' grep -q '"rows":\[{.*\],"complete":false,"input":{' out
check 'and the status of that is 1' test "$(cat status)" -eq 1
done_testing
