# The rows of the benchmark over little data: each of their commands runs, each screen comes,
# and what they answer is what awk says. No time is judged.
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
small=yes
. "$srcdir/tests/bench/bench.sh"
