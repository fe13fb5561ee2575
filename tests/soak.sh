# The long tests, SOAK_SECONDS each: every fuzz target, then the torture; a bomb of 20 GiB; walks
# over the screen, some two a second, from a seed of the day.
# Run by `make soak`.
set -u
status=0
FUZZ_SECONDS=$SOAK_SECONDS FUZZ_SEED=$(date +%s) sh "$srcdir/tests/fuzz.sh" || status=1
BOMB_MIB=20480 sh "$srcdir/tests/bomb.sh" || status=1
if [ -x tests/torture ]; then
	tests/torture "$ENITOP" "$SOAK_SECONDS" || status=1
fi
ENITOP_WALKS=$SOAK_SECONDS ENITOP_WALK_SEED=$(date +%s) tests/test_asked || status=1
exit $status
