#!/bin/sh
# Incidents of kinds that ../shared/scenarios has none of, put into its clean hours (incidents.py):
# each is found, and what is nearly one is not. Skipped without the folder or Python.
. "$srcdir/tests/tap.sh"
scenarios=$srcdir/../shared/scenarios
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

if ! test -d "$scenarios" || ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP no scenarios at $scenarios, or no python3"
	exit 0
fi
put() { python3 "$srcdir/tests/incidents.py" "$scenarios" "$ENITOP" "$dir" "$1"; }
check 'much goes out to a new address: exfil' put exfil
check 'somewhat less does: a spike at most' put upload
check 'calls home at an even pace: beacon' put beacon
check 'the same often, by chance' put chance
check 'a port answers the internet: exposure' put exposure
check 'a busy interface has NODATA alone: quiet' put silent
check 'records are lost: data' put lost
done_testing
