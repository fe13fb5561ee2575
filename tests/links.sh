# Links in a folder that was named: those that lead out of it are not followed, and that is said.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'kill $pid 2>/dev/null; rm -rf "$dir"' EXIT
records() { # records NUMBER...: one each, told apart by its bytes
	for number; do
		echo "2 1 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 $number 1700000000 1700000060 ACCEPT OK"
	done
}
mkdir -p "$dir/in/sub" "$dir/out/deep" "$dir/in2"
records 1 >"$dir/in/a.log"
records 2 >"$dir/in/sub/b.log"
records 3 >"$dir/out/c.log"
records 4 >"$dir/out/deep/d.log"
records 5 >"$dir/in2/e.log"

flows() { # flows OPTION...: the numbers that are read, the exit status last
	"$ENITOP" -b -v flows -o raw "$@" >"$dir/rows" 2>"$dir/err"
	status=$?
	awk '{ print $10 }' "$dir/rows" | sort -n | tr '\n' ' '
	echo "$status"
}
reads() { # reads WANTED OPTION...
	wanted=$1
	shift
	flows "$@" >"$dir/got"
	echo "$wanted" | diff - "$dir/got" >&2
}
says() { grep -qE "^enitop: $1 links? leads? out" "$dir/err"; }

# What stays inside, however it is written.
ln -s a.log "$dir/in/same"
ln -s "$dir/in/sub" "$dir/in/folder"
ln -s ../../in/sub/../a.log "$dir/in/sub/dots"
ln -s folder "$dir/in/chain"
ln -s . "$dir/in/sub/itself"
ln -s .. "$dir/in/sub/above"
ln -s ../in "$dir/in/latest"
ln -s nowhere "$dir/in/dangling"
check 'links that stay inside, to their own folder and up too: each record once' reads '1 2 0' "$dir/in"
check 'of which nothing is said' test ! -s "$dir/err"
check 'the same from within' sh -c 'cd "$1/in" && "$ENITOP" -b -o json . >"$1/doc" 2>"$1/err" && test ! -s "$1/err" &&
	grep -q "\"complete\":true" "$1/doc"' sh "$dir"
check 'and with --follow-links' reads '1 2 0' --follow-links "$dir/in"
check 'of which nothing is said either' test ! -s "$dir/err"
ln -s round "$dir/in/round"
check 'a link to itself, which leads to no folder, is an error' reads '1 2 1' "$dir/in"
check 'that is said' grep -q "round.: too many symbolic links" "$dir/err"
rm "$dir/in/round"

# What leads out: a file, a folder, a chain within and without, by `..`, through a link inside.
ln -s "$dir/out/c.log" "$dir/in/file"
check 'a file: not followed, the exit status says so' reads '1 2 1' "$dir/in"
check 'and a line' says 1
ln -s ../../out "$dir/in/sub/up"
ln -s file "$dir/in/chain2"
ln -s "$dir/out/c.log" "$dir/out/deep/back"
ln -s "$dir/in/sub/up/deep/d.log" "$dir/in/through"
check 'a folder, a chain, by .. and through another one' reads '1 2 1' "$dir/in"
check 'each is counted' says 4
check 'with a slash behind the folder' reads '1 2 1' "$dir/in/"
check 'the folder by a link to it' sh -c 'ln -s "$1/in" "$1/name"' sh "$dir"
check 'which is followed, it was named' reads '1 2 1' "$dir/name"
check 'as is a file' reads '3 0' "$dir/in/file"
check 'from within' sh -c 'cd "$1/in" && test "$("$ENITOP" -b -v flows -o raw . 2>&1 | grep -c "^2 \|4 links")" -eq 3' sh "$dir"
check '--follow-links: all' reads '1 2 3 4 0' --follow-links "$dir/in"
# A folder whose path begins like the other's.
ln -s "$dir/in2/e.log" "$dir/in/sister"
check 'in2 is not in' reads '1 2 1' "$dir/in"
check 'what was named as well is read there' reads '1 2 5 1' "$dir/in" "$dir/in2"
check 'and not counted' says 4
ln -s /dev/null "$dir/in/null"
check 'what could not be read anyway is not' reads '1 2 5 1' "$dir/in" "$dir/in2"
check '(counted)' says 4
check 'a link that was named itself is followed' reads '1 2 3 5 1' "$dir/in" "$dir/in2" "$dir/in/file"
check 'and all to the same file' says 2

"$ENITOP" -b -o json "$dir/in" >"$dir/doc" 2>&1
check 'JSON: not complete, with the count' sh -c 'grep -q "\"complete\":false" "$1" && grep -q "\"links_out\":5" "$1"' sh "$dir/doc"
"$ENITOP" -b -v sources -o json "$dir/in" >"$dir/doc" 2>&1
check 'of the sources too' sh -c 'grep -q "\"complete\":false" "$1" && grep -q "\"links_out\":5" "$1"' sh "$dir/doc"
"$ENITOP" -b "$dir/in" >"$dir/doc" 2>&1
check 'a table says it above its rows' grep -q '^! 5 links lead out .*--follow-links' "$dir/doc"
check 'the sources exit with 1, too' sh -c '"$ENITOP" -b -v sources "$1" >"$2" 2>&1; test $? -eq 1' sh "$dir/in" "$dir/doc"
check 'and say so' grep -q '5 links lead out' "$dir/doc"
check 'they are two files' test "$("$ENITOP" -b -v sources -o csv "$dir/in" 2>/dev/null | wc -l)" -eq 3

# Followed: a file becomes a link that leads out while it is read, a folder too.
records 6 >"$dir/out/a.log"
: >"$dir/rows"
"$ENITOP" -b -f -v flows -o raw "$dir/in" >>"$dir/rows" 2>"$dir/err" &
pid=$!
until_has() { # until_has COUNT: lines, for ten seconds at most
	i=0
	while [ "$(wc -l <"$dir/rows")" -lt "$1" ] && [ $i -lt 100 ]; do sleep .1 && i=$((i + 1)); done
}
until_has 2
mv "$dir/in/sub" "$dir/in/.was"
ln -s ../out/deep "$dir/in/sub"
ln -sfn "$dir/out/a.log" "$dir/in/a.log"
records 7 >"$dir/in/last.log"
until_has 3
records 8 >>"$dir/out/a.log"
sleep 1.2
kill -INT "$pid" && wait "$pid"
check 'followed: nothing of what links lead to later' sh -c 'awk "{ print \$10 }" "$1" | sort -n | tr "\n" " " | grep -qx "1 2 7 "' sh "$dir/rows"

# Changed while it is read: between the look and the opening, all the time.
mkdir "$dir/race" && records 1 >"$dir/race/good.log"
(
	while :; do
		ln -sfn "$dir/out/c.log" "$dir/race/x" && rm "$dir/race/x" && records 1 >"$dir/race/x"
		mkdir "$dir/race/d" && records 1 >"$dir/race/d/c.log" && rm -r "$dir/race/d" &&
			ln -s "$dir/out" "$dir/race/d" && rm "$dir/race/d"
	done
) 2>/dev/null &
pid=$!
for i in $(seq 200); do "$ENITOP" -b -v flows -o raw "$dir/race" 2>/dev/null; done >"$dir/rows"
kill "$pid"
check 'nothing of outside, whenever a link takes a name' awk '$10 != 1 { bad++ } END { exit bad || NR < 200 }' "$dir/rows"
done_testing
