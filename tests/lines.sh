# The numbers of lines that are said are those of the file, whatever stands before them in it.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
record='"version":2,"srcaddr":"10.0.0.1","dstaddr":"10.0.0.2","end":1700000060,"log-status":"OK"'

# wrong FILE: what is said of its last lines, as NUMBER: what stood there.
wrong() {
	"$ENITOP" -b -v sources "$@" 2>/dev/null |
		sed -n "s/^[^ ]*:\\([0-9]*\\): .*\\(bad[0-9]*\\).*/\\1 \\2/p"
}
# Lines with something wrong say their number in the file: so many of them.
right() { # right MANY ARGUMENT...
	many=$1
	shift
	wrong "$@" >"$dir/said"
	awk -v many="$many" '{ sub(/bad/, "", $2) } $1 != $2 { bad = 1; print "# " $0 }
		END { exit bad || NR != many }' "$dir/said"
}

# Every third line is another thing that gives no line, one, or more than one.
awk -v record="$record" 'BEGIN { for (n = 1; n <= 3000; n++)
	if (n > 2940 && n % 10 == 0) printf "{\"bad%d\":1}\n", n
	else if (n > 2940 && n % 10 == 3) printf "bad%d\n", n
	else if (n > 2940 && n % 10 == 6) printf "{%s,\"bytes\":\"bad%d\"}\n", record, n
	else if (n > 2940 && n % 25 == 1) printf "{\"bad%d\":[1,\n", n
	else if (n % 3) printf "{%s,\"bytes\":%d}\n", record, n
	else if (n % 9 == 3) print ""
	else if (n % 9 == 6) printf "{%s,\"bytes\":1}{%s,\"bytes\":2,\"k\":1}{%s,\"bytes\":3}\n", record, record, record
	else print "{\"message\":\"CWL CONTROL MESSAGE: x\"}" }' >"$dir/mixed.json"
check 'lines of JSON, some of several records, some of none' right 19 "$dir/mixed.json"
check 'in small blocks' right 19 --memory 1M "$dir/mixed.json"
gzip -k "$dir/mixed.json"
check 'compressed' right 19 "$dir/mixed.json.gz"
cat "$dir/mixed.json" | "$ENITOP" -b -v sources 2>/dev/null >"$dir/piped"
check 'through a pipe' test "$(grep -c '^-:[0-9]*: .*bad' "$dir/piped")" -eq 19
awk -v record="$record" 'BEGIN { for (n = 1; n <= 500; n++) {
	printf "{%s,\n\"bytes\":%d\n}\n", record, n
	if (n > 490) printf "bad%d\n", 4 * (n - 490) + 3 * 490 } }' >"$dir/pretty.json"
check 'documents of several lines' right 10 "$dir/pretty.json"
awk 'BEGIN { print "srcaddr,dstaddr,bytes,end"
	for (n = 2; n <= 500; n++)
		if (n > 450 && n % 5 == 0) printf "10.0.0.1,10.0.0.2,bad%d,1700000060\n", n
		else if (n > 450 && n % 5 == 1) printf "bad%d\n", n
		else if (n % 7 == 0) print ""
		else printf "10.0.0.1,10.0.0.2,%d,1700000060\n", n }' >"$dir/rows.csv"
check 'rows of CSV' right 20 "$dir/rows.csv"
awk 'BEGIN { for (n = 1; n <= 3000; n++) {
	one = "2 1 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 7 1700000000 1700000060 ACCEPT OK"
	if (n > 2950 && n % 5 == 0) sub(/ 7 /, " bad" n " ", one)
	else if (n > 2950 && n % 5 == 1) one = "bad" n
	else if (n % 7 == 0) one = ""
	else if (n % 11 == 0) one = one one one
	else if (n % 13 == 0) one = "{\"message\":\"" one "\"}"
	print one } }' >"$dir/lines.log"
check 'lines, some of several records' right 20 "$dir/lines.log"
check 'a document that is cut is said as it stands' sh -c '
	printf "%s\n" "{\"rawData\":\"AAAA\"}" "{\"rawData\":\"!\"}" | "$ENITOP" -b -v sources 2>/dev/null | grep -q "^-:2: .*: {\"rawData\":\"!\"}$"'
done_testing
