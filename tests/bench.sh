# bench.sh - the figures that are promised, each with its limit; run by `make bench`.
# Writes to a directory under ${TMPDIR:-/tmp} (3 GB) and removes it. Machines are noisy:
# the rivals run in turns and the best of each counts.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/enitop-bench.XXXXXX") || exit 1
socket=enitop-bench-$$
trap 'tmux -L $socket kill-server 2>/dev/null; rm -rf "$dir"' EXIT
failed=0

row() { # row NAME FIGURE UNIT LIMIT
	if awk -v a="$2" -v b="$4" 'BEGIN { exit !(a <= b) }'; then verdict=ok; else verdict=MISSED failed=1; fi
	printf '%-58s %10s %-16s (at most %s) %s\n' "$1" "$2" "$3" "$4" "$verdict"
}
seconds() { # seconds COMMAND...: wall clock
	t0=$(date +%s.%N)
	"$@" >"$dir/out" 2>"$dir/err" || { cat "$dir/err" >&2; return 1; }
	t1=$(date +%s.%N)
	echo "$t0 $t1" | awk '{ printf "%.2f", $2 - $1 }'
}
least() { printf '%s\n' "$@" | sort -n | head -1; }

"$GENLOG" -n 10000000 -r 3000 -a 250000 >"$dir/10m.log"
head -1000000 "$dir/10m.log" >"$dir/1m.log"

# ---- against DuckDB ----
top() { "$ENITOP" --batch --group srcaddr --metric bytes --limit 10 -o csv "$1"; }
if (cd "$dir" && npm install --silent --no-audit --no-fund @duckdb/node-api >"$dir/npm.log" 2>&1); then
	cp "$srcdir/tests/bench_duckdb.mjs" "$dir/duckdb.mjs"
	duck() { (cd "$dir" && node duckdb.mjs "$1"); }
	ours='' theirs=''
	for i in 1 2 3 4 5; do
		ours="$ours $(seconds top "$dir/10m.log")"
		cut -d, -f1,2 "$dir/out" | tail -n +2 | tr -d '\r' >"$dir/ours.csv"
		theirs="$theirs $(seconds duck "$dir/10m.log")"
		cp "$dir/out" "$dir/theirs.csv"
	done
	cmp "$dir/ours.csv" "$dir/theirs.csv" || { echo 'the answers differ'; failed=1; }
	echo "top 10 sources of 10 M records, seconds: enitop$ours, DuckDB$theirs"
	# shellcheck disable=SC2086
	a=$(least $ours) b=$(least $theirs)
	row 'top 10 sources of 10 M records / DuckDB' "$(awk "BEGIN { printf \"%.2f\", $a / $b }")" 'of its time' 1
else
	echo 'DuckDB could not be installed:'
	tail -3 "$dir/npm.log"
	failed=1
fi

# ---- flat from 1 M to 10 M ----
small='' large=''
for i in 1 2 3 4 5; do
	small="$small $(seconds top "$dir/1m.log")"
	large="$large $(seconds top "$dir/10m.log")"
done
# shellcheck disable=SC2086
a=$(least $small) b=$(least $large)
row 'time a record, 10 M / 1 M' "$(awk "BEGIN { printf \"%.2f\", $b / $a / 10 }")" times 1.25

# ---- memory ----
screen() { # screen OPTIONS...: resident KiB of the program once all is read, and the peak
	tmux -L $socket -f /dev/null new-session -d -s b -x 120 -y 40 "$ENITOP $*"
	sleep 1
	pid=$(tmux -L $socket list-panes -t b -F '#{pane_pid}')
	last=''
	for i in $(seq 240); do
		now=$(tmux -L $socket capture-pane -p -t b | sed -n '2p')
		case $now in
		*' left'*|*counting*|*' of '*'/s'*) ;;
		*) [ "$now" = "$last" ] && break ;;
		esac
		last=$now
		sleep 0.5
	done
	awk '/VmRSS|VmHWM/ { print $2 }' "/proc/$pid/status" | tr '\n' ' '
	tmux -L $socket kill-session -t b
}
set -- $(screen -t all "$dir/10m.log")
row '10 M records on screen, resident bytes a record' "$(awk "BEGIN { printf \"%.1f\", $2 * 1024 / 1e7 }")" bytes 48
row 'the same, at its peak' "$(awk "BEGIN { printf \"%.1f\", $1 * 1024 / 1e7 }")" bytes 64
rm "$dir/10m.log"
"$GENLOG" -n 16000000 -r 3000 -a 4000000 -e >"$dir/4m.log"
set -- $(screen -t all --memory 256M "$dir/4m.log")
row '4 M addresses through 256 MiB, peak' "$(awk "BEGIN { printf \"%.2f\", $1 / 1024 / 256 }")" 'of the budget' 1.6
exit $failed
