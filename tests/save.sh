# Export from the screen: the file holds what a report of the same question says.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/tmux.sh"
"$GENLOG" -n 20000 -a 300 -r 500 >"$dir/a.log"
report() { "$ENITOP" --batch --once -n 0 "$@" "$dir/a.log"; }
same() { cmp "$1" "$2" >&2; }
name() { # name FILE: over what is proposed
	keys e
	sees 'export .*>' && keys C-u && keys -l "$1" && keys Enter
}

start 100 30 '$ENITOP -t all --no-follow a.log'
check 'the log is there' sees '20k of 20k flows match'
keys 1
name t.csv
check 'talkers are written' sees "rows written to 't.csv'"
report -o csv >"$dir/want"
check 'as the report has them' same "$dir/want" "$dir/t.csv"
keys /
keys -l 'dport=22'
keys Enter
keys 2
name r.ndjson
check 'rejects under a filter are written' sees "rows written to 'r.ndjson'"
report -v rejects -o ndjson -w dport=22 >"$dir/want"
check 'as the report has them, every one' same "$dir/want" "$dir/r.ndjson"
check 'with the question beside them' grep -q '"query":{"view":"rejects","where":"dport=22",.*"group":"client,server,service,protocol","metric":"rejects",' \
	"$dir/r.ndjson.query.json"
keys 5
name f.raw
check 'records are written' sees "rows written to 'f.raw'"
report -v flows -o raw --sort -time -w dport=22 >"$dir/want"
check 'as the report has them, in the order of the screen' same "$dir/want" "$dir/f.raw"
name f.ocsf
check 'OCSF is written' sees "rows written to 'f.ocsf'"
report -v flows -o ocsf --sort -time -w dport=22 >"$dir/want"
check 'as the report has it' same "$dir/want" "$dir/f.ocsf"

echo mine >"$dir/mine.csv"
name mine.csv
check 'a file that is there is asked about' sees 'replace it?'
keys n
keys Escape
check 'and kept' test "$(cat "$dir/mine.csv")" = mine
name mine.csv
sees 'replace it?'
keys y
check 'or replaced' sees "rows written to 'mine.csv'"
check 'by the rows' test "$(wc -l <"$dir/mine.csv")" -gt 10
name /nowhere/x.csv
check 'a folder that is not there is said' sees 'cannot write .*No such file'
keys Escape
echo victim >"$dir/victim"
ln -s victim "$dir/l.csv.query.json"
ln -s victim "$dir/k.json"
name l.csv
check 'a link beside the name is refused' sees "cannot write 'l.csv.query.json': a link stands there"
keys Escape
name k.json
check 'as is one under it' sees "cannot write 'k.json': a link stands there"
keys Escape
check 'what they lead to is as it was' test "$(cat "$dir/victim")" = victim
check 'no rows were written for that' test ! -e "$dir/l.csv"
name x.zip
check 'a suffix that says nothing is said' sees 'the suffix says the format'
keys Tab
check 'Tab has a format' sees 'x.zip.csv'
keys Escape
keys 1
name x.raw
check 'rows are no records' sees 'raw is of records'
keys Escape
check 'nothing else was left' test -z "$(find "$dir" -name '*part*' -o -name '*zip*')"
# What the log proves: the same of the screen and of a report.
keys Escape
keys C-u
keys 7
check 'what is counted of the log is there' sees 'exact duplicates (as of two flow logs): '
name t7.csv
check 'what it proves is written' sees "rows written to 't7.csv'"
report -v trust -o csv >"$dir/want"
check 'as the report has it' same "$dir/want" "$dir/t7.csv"
name t7.json
check 'with all that was counted' sees "rows written to 't7.json'"
trust_of() { sed 's/.*"trust":{/{/' "$1"; }
trust_of "$dir/t7.json" >"$dir/t7.part"
report -v trust -o json | sed 's/.*"trust":{/{/' >"$dir/want"
check 'as the report has that' same "$dir/want" "$dir/t7.part"
keys q
check 'it ends' sees 'rc=0'
done_testing
