#!/bin/sh
# The scorers over the files of the Numenta Anomaly Benchmark, of ../shared/nab: the one that ships
# reaches 69 of 100. Where the files, Python or xz are not there nothing is tested, which is said.
. "$srcdir/tests/tap.sh"
data=$srcdir/../shared/nab/nab-data.tar.xz
for there in "test -f $data:no files at $data" 'command -v python3:no python3' 'command -v xz:no xz'; do
	${there%:*} >/dev/null || { echo "1..0 # SKIP ${there#*:}"; exit 0; }
done
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
xz -dc "$data" | tar -xf - -C "$dir" || exit 99

scored() { # scored LEAST SCORER
	"$tests/nab" --scorer "$2" "$dir/data" >"$dir/said" &&
		python3 "$srcdir/tests/nab_score.py" "$dir/labels/combined_windows.json" \
			<"$dir/said" >"$dir/score" || return 1
	sed "s/^/# $2: /" "$dir/score"
	awk -v least="$1" 'END { exit !($1 >= least && $1 <= 100) }' "$dir/score"
}
check 'the default reaches 69' scored 69.0 record
check 'the random cut forest' scored 25 forest
check 'the z-score' scored 0 zscore
default() {
	"$tests/nab" "$dir/data/realTraffic/" >"$dir/some" && "$tests/nab" "$dir/data" >"$dir/all" &&
		awk '$1 == "realTraffic/speed_7578.csv" { print $2, $3 }' "$dir/all" >"$dir/a" &&
		awk '$1 == "speed_7578.csv" { print $2, $3 }' "$dir/some" >"$dir/b" &&
		test "$(wc -l <"$dir/a")" -eq 1127 && cmp "$dir/a" "$dir/b"
}
check 'names are below the folder, scores of a file its own' default
utc() { head -n 1 "$dir/b" | grep -q '^1441712340 '; }
check 'times without a zone are UTC' utc
done_testing
