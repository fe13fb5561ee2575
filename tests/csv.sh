# Exports as people have them: CSV of any separator, with titles, hints, odd names and repeated
# headers; UTF-16; what is no flow log, by its bytes, its names or its lines: named, with what to
# do, and exit status 1.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cases=$srcdir/../shared/cases
case $cases in /*) ;; *) cases=$PWD/$cases ;; esac
cd "$dir" || exit 99
enitop() { "$ENITOP" --no-config -b "$@"; }
who=srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes,start,end,action

head=version,account-id,interface-id,srcaddr,dstaddr,srcport,dstport,protocol,packets,bytes,start,end,action,log-status
cat >lines <<'X'
2 123456789012 eni-0a1b2c3d 203.0.113.12 10.0.1.5 49761 22 6 20 4249 1795514410 1795514470 ACCEPT OK
2 123456789012 eni-0a1b2c3d 198.51.100.7 10.0.1.5 51022 3389 6 1 40 1795514412 1795514472 REJECT OK
2 123456789012 eni-0a1b2c3d 2001:db8::7 2001:db8:1::5 40000 443 17 6 1234840 1795514420 1795514475 ACCEPT OK
X
tr ' ' , <lines >rows
{ echo $head && cat rows; } >csv
enitop -v flows -o csv --columns $who lines >want

# gives NAME MALFORMED SCRIPT: what the script writes has the three records, and so many lines more.
gives() {
	check "$1" gave "$2" "$3"
}
gave() {
	eval "$2" >have.in || return 1
	enitop -v flows -o csv --columns $who have.in >have 2>err && cmp have want >&2 &&
		enitop -o json have.in 2>>err | grep -q "\"malformed\":$1[,}]" || { cat err >&2; false; }
}

# ---- separators ----

gives 'commas' 0 'cat csv'
gives 'semicolons' 0 'tr , ";" <csv'
gives 'tabs' 0 'tr , "\t" <csv'
gives 'bars' 0 'tr , "|" <csv'
gives 'a hint for spreadsheets' 0 'echo "sep=;"; tr , ";" <csv'
gives 'a table of Markdown' 0 'sed "s/,/ | /g; s/.*/| & |/" csv | sed "1a |---|:--|--:|---|---|---|---|---|---|---|---|---|---|---|"'
gives 'rows without a header' 0 'tr , ";" <rows'
gives 'quotes around some' 0 'sed "s/,\([A-Z]*\),OK/,\"\1\",OK/; s/^2,\([0-9]*\)/2,\"\1\"/" csv'
gives 'semicolons and decimal commas' 0 'tr , ";" <csv | sed "s/;4249;/;4249,00;/; s/;40;/;\"40,0\";/; s/;1234840;/;1.234.840,0;/"'
gives 'a title before the header' 1 'echo "Flow logs of team X, 24 November"; cat csv'
gives 'headers in the middle' 0 'for i in 1 2 3; do echo $head; sed -n ${i}p rows; done'
gives 'another header in the middle' 0 'head -2 csv; tail -n +2 rows | sed "s/\(.*\),OK/\1;;OK/; s/,/;/g" | sed "1i $(echo $head | sed "s/,log/,,log/; s/,/;/g")"'
gives 'names that are none' 0 'sed "1s/^/,2026,%,/; 2,\$s/^/1,2,3,/" csv'
gives "such names again" 0 'head -2 csv | sed "1s/^/2026,%,/; 2s/^/1,2,/"; for i in 2 3; do head -1 csv | sed "s/^/2026,%,/"; sed -n ${i}p rows | sed "s/^/1,2,/"; done'
gives 'a column without a name' 0 'sed "1s/^/,/; 2,\$s/^/7,/" csv'
gives 'Windows-1252' 0 'sed "1s/\$/,$(printf "caf\351")/; 2,\$s/\$/,$(printf "\351\374")/" csv'
gives 'lines in a column' 0 'echo "Date;Host;Message"; sed "s/.*/2026-11-24;;&/" lines'
gives 'times of the United States' 0 'sed "s/1795514410,1795514470/\"11\/24\/2026, 10:00:10.000 AM\",\"11\/24\/2026, 10:01:10.000 AM\"/" csv'
gives 'the day first' 0 'sed "s/1795514410,1795514470/24\/11\/2026 10:00:10,\"24.11.2026, 10:01:10 am\"/" csv'
gives 'words in any spelling' 0 'sed "s/REJECT/Denied/; s/ACCEPT/allow/; s/,6,20/,tcp,20/" csv'
for sed in 's/.*/\U&/' 's/-//g' 's/-\(.\)/\U\1/g' 's/-/_/g; s/.*/\U&/' 's/-//g; s/.*/\U&/'; do
	gives "a header line as $sed" 0 'echo $head | tr , " " | sed "$sed"; cat lines'
done

# ---- UTF-16 ----

le() { iconv -f utf-8 -t utf-16le; }
be() { iconv -f utf-8 -t utf-16be; }
gives 'UTF-16' 0 'iconv -f utf-8 -t utf-16 lines'
gives 'big-endian, with a mark' 0 'printf "\376\377"; be <lines'
gives 'without a mark' 0 'le <lines'
gives 'big-endian, without a mark' 0 'be <lines'
gives 'Unicode text of Excel' 0 'sed "s/\$/\r/" csv | tr , "\t" | iconv -f utf-8 -t utf-16'
gives 'packed' 0 'iconv -f utf-8 -t utf-16 lines | gzip'
gives 'behind a line of bytes' 0 'head -1 lines; tail -n +2 lines | le'
gives 'behind one, with a mark' 0 'head -1 lines; printf "\377\376"; tail -n +2 lines | le'
gives 'bytes behind it' 0 'head -1 lines | iconv -f utf-8 -t utf-16; tail -n +2 lines'
gives 'in turns' 0 'sed -n 1p lines | be; sed -n 2p lines; sed -n 3p lines | le'
gives 'JSON' 0 'sed "s/.*/{\"message\":\"&\"}/" lines | le'
# Through a pipe whose pieces end anywhere.
"$GENLOG" -n 3000 -q | grep ' OK$' >many
enitop -g srcaddr -o csv many >want.many
# RFC 4180: a newline in quotes is the value's, as long as a line may be.
gives 'a newline in quotes' 0 '{ echo "$head,note" && awk "{ print \$0 \",\\\"one\ntwo, \\\"\\\"three\\\"\\\"\n\\\"\" }" rows; }'
gives 'as the message' 0 '{ echo @timestamp,@message && awk "{ print \"1,\\\"\" \$0 \"\n\\\"\" }" lines; }'
gives 'in the first column' 0 '{ echo "note,$head" && awk "{ print \"\\\"\n\n\\\",\" \$0 }" rows; }'
gives 'quotes that nobody closes' 0 '{ echo "$head,note" && sed "s/$/,\"never/" rows; }'
gives 'nor soon enough' 9001 '{ echo "$head,note" && sed "s/$/,\"/;1q" rows && yes "words and words" | head -9000 && echo "\"" && sed "s/$/,x/;1d" rows; }'
in_pieces() {
	{ head -1 many && tail -n +2 many | le; } >many.in
	{ for n in 1 2 99 256 1001 4097; do head -c $n && sleep 0.02; done; cat; } <many.in | enitop -g srcaddr -o csv >have 2>err
	cmp have want.many && test ! -s err
}
check 'in pieces' in_pieces
shape() { le <lines >wide.log && enitop --view sources -o json wide.log | grep -q '"shape":"utf-16"'; }
check 'its shape' shape

# ---- what is no flow log ----

named() { # named WORDS SCRIPT: exit status 1, and these words on standard error
	check "named: $1" is_named "$1" "$2"
}
is_named() {
	eval "$2" >have.in
	enitop have.in >out 2>err
	test $? -eq 1 && grep -q "$1" err || { cat err >&2; false; }
}
named 'its names are eventId, severity$' 'echo "{\"eventId\":1,\"severity\":\"x\"}"'
named 'its names are a, b, c, d, e, f, g, h and 2 more' 'echo a,b,c,d,e,f,g,h,i,j; echo 1,2,3,4,5,6,7,8,9,10'
named 'CloudTrail: enitop reads' 'echo "{\"Records\":[{\"eventVersion\":\"1\",\"eventSource\":\"s3\",\"eventName\":\"Put\",\"awsRegion\":\"x\"}]}"'
named 'Azure' 'echo "{\"records\":[{\"time\":1,\"flowLogVersion\":4,\"flowLogGUID\":\"x\",\"flowRecords\":{\"flows\":[]}}]}"'
named 'log of S3' 'echo "0a1b bucket [24/Nov/2026:10:00:00 +0000] 10.0.0.1 - 3E57 REST.GET.OBJECT a.log \"GET /a.log\" 200"'
named 'web server' 'echo "10.0.0.1 - - [24/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5"'
named 'classic load balancer' 'echo "2026-11-24T10:00:00.1Z lb 10.0.0.1:2817 10.0.0.2:80 0.1 0.1 0.1 200 200 0 57 \"GET http://x/ HTTP/1.1\""'
named 'HTML page' 'echo "<!DOCTYPE html><html><body>Sign in</body></html>"'
named 'Git LFS' 'printf "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"'
named 'bzip2 -dc' 'printf "BZh91AY&SY\001\002\003"'
named 'tar in gzip is not read: unpack it into a folder' 'tar -cf - csv lines | gzip'
named 'text in UTF-32 is not read: pipe it through iconv' 'printf "\377\376\0\0"; iconv -f utf-8 -t utf-32le lines'
named 'text in UTF-32' 'printf "\0\0\376\377"; iconv -f utf-8 -t utf-32be lines'
named 'OLE file' 'printf "\320\317\021\340\241\261\032\341\0\0"'
named 'SQLite database' 'printf "SQLite format 3\0\020\0"'
named 'Windows event log' 'printf "ElfFile\0\0\0"'
named 'KPL' 'printf "\363\211\232\302\012\1p\032r\010\0\032n2 123\n"'
named 'Parquet' 'printf "PAR1\025\004"'
named 'text in UTF-32 is not read: pipe it through iconv -f utf-32le' 'iconv -f utf-8 -t utf-32le lines'
named 'text in UTF-32 is not read: pipe it through iconv -f utf-32be' 'iconv -f utf-8 -t utf-32be csv'
named 'text in UTF-32 in gzip is not read: pipe it through iconv -f utf-32le' 'iconv -f utf-8 -t utf-32le csv | gzip'
named 'pcap is not read' 'printf "\324\303\262\241\2\0\4\0"'
named 'a header whose lines are none\|no flow log record in 2 lines' 'echo $head | tr , " "; echo 1 2 3'
rest() { # in a folder the others are read; the beginning of what is none is no malformed line
	mkdir folder && cp lines folder/a.log && tar -cf folder/b.tar csv && gzip -c folder/b.tar >folder/c.tgz
	enitop -o json folder >out 2>err
	test $? -eq 1 && grep -q '"flows":3,' out && grep -q '"malformed":0,' out
}
check 'the rest of a folder' rest
tags() {
	{ echo "$head,instance-tag" | tr , ' '; sed 's/$/ web server/' lines; } >tags
	! enitop tags >/dev/null 2>&1
	{ echo "$head,instance-tag" | tr , ' '; sed 's/$/ web/; 1s/$/ server/' lines; } >tags
	enitop --view sources -o json tags | grep -q 'whose tags may hold blanks'
}
check 'tags with blanks' tags
gzip -c lines | gzip >twice
check 'gzip in gzip' sh -c 'enitop=$0; "$enitop" --no-config -b -v flows -o csv --columns '$who' twice | cmp - want' "$ENITOP"

# ---- the cases ----

if test -d "$cases"; then
	for f in 01a-utf16le-bom.log 01b-utf16le-tail.log 01c-utf16le-filter-log-events.json 01d-utf16be.log 01e-utf16le-nobom.log \
		21a-excel-semicolon.csv 21b-excel-semicolon-nosep.csv 22a-console-copy-tsv.txt 38-proto-names.csv 68-insights-md.txt; do
		enitop -v flows -o csv --columns $who "$cases/00-base.log" >want
		gives "case $f" 0 "cat '$cases/$f'"
	done
	six() { enitop -v flows -o csv --columns $who "$cases/01f-utf8-then-utf16-append.log" >have && { cat want; tail -n +2 want; } | cmp - have; }
	check 'case 01f: six records' six
	portal() { enitop -v flows -o csv --columns start,end "$cases/24-sentinel-portal.csv" | sort -u | grep -qx '1795514410,1795514470'; }
	check 'case 24: times' portal
	for f in '18 KPL' '25a Azure' '25b Google' '25d GuardDuty' '25e Lattice' '25f load.balancer' '43a unzip' '43b tar' '43c bzip2' \
		'43d xz' '43e tar' '43f Excel' '69- snappy' '69b snappy'; do
		named "${f#* }" "cat '$cases'/${f% *}*"
	done
	folder() {
		enitop -o json "$cases/85-folder" >out 2>err
		test $? -eq 1 && grep -q '"flows":3,' out && grep -q 'Thumbs.db.: an OLE file' err &&
			grep -q 'manifest.json.: .*its names are url' err && grep -q 'notes.txt.: no flow log record' err
	}
	check 'case 85: a folder' folder
else
	echo "# no cases at $cases"
fi
done_testing
