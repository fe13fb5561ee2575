# The rows of the benchmark over little data: each of their commands runs, each screen comes,
# and what they answer is what awk says. No time is judged.
small=yes
. "$srcdir/tests/bench/bench.sh"
