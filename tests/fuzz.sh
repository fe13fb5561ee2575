# Each fuzz target for FUZZ_SECONDS on the inputs of tests/corpus/, which stay as they are.
# What one dies of is left in the build's tests/, under the target's name.
. "$srcdir/tests/tap.sh"
[ -n "$FUZZER" ] || { echo '1..0 # SKIP no clang with libFuzzer, or a build with sanitizers'; exit 0; }
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

fuzz() { # fuzz TARGET
	mkdir "$dir/$1"
	FUZZ_TARGET=$1 "$FUZZER" -max_total_time="${FUZZ_SECONDS:-10}" -seed="${FUZZ_SEED:-1}" \
		-max_len=4096 -timeout=20 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix="tests/$1-" "$dir/$1" "$srcdir/tests/corpus/$1" >"$dir/log" 2>&1
	status=$?
	sed -n 's/^stat::number_of_executed_units: */# inputs: /p' "$dir/log"
	[ $status -eq 0 ] || cat "$dir/log" >&2
	return $status
}
for corpus in "$srcdir"/tests/corpus/*; do
	check "${corpus##*/}" fuzz "${corpus##*/}"
done
done_testing
