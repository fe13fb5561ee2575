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
done_testing() {
	echo "1..$count"
	exit $((failures > 0))
}
