# tap.sh - for test scripts: `check NAME COMMAND...` is one test, `done_testing` the plan.
count=0
failures=0
check() {
	name=$1
	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		failures=$((failures + 1))
	fi
}
# Of many the first and each so many on, as configure's SLOWNESS says of a build with sanitizers: those
# look for what every one would show, and take longer.
some() { printf '%s\n' "$@" | awk -v each="${SLOWNESS:-1}" '(NR - 1) % each == 0'; }
done_testing() {
	echo "1..$count"
	exit $((failures > 0))
}
