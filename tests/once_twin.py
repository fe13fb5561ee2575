"""once_twin.py - for once.sh: what counts once in a version 2 log, told from the other end.

once_twin.py FOLDER: reads flow.v2.log.gz and enis.json of a scenario and prints the bytes and the
number of records that count, at least and at most: what nobody asked a NAT gateway for counts, but
without flags it is a guess who asked. A packet that a host sent counts where it was sent; one that a host
received counts there, unless the sender's own interface has it. At a NAT gateway what goes to
the internet and comes back was a client's before. Slow, and sure: every tuple is kept.
"""
import gzip
import json
import sys
from collections import defaultdict

folder = sys.argv[1]
enis = json.load(open(folder + "/enis.json"))["NetworkInterfaces"]
own = {x["NetworkInterfaceId"]: x["PrivateIpAddress"] for x in enis}
nat = {x["NetworkInterfaceId"] for x in enis if x["InterfaceType"] == "nat_gateway"}
rows = [line.split() for line in gzip.open(folder + "/flow.v2.log.gz", "rt")]
rows = [r for r in rows if r[0] != "version"]

longest = max(int(r[11]) - int(r[10]) for r in rows)
interval = 600 if longest > 120 else 60
newest_of, stretches, lost, sent = {}, defaultdict(list), defaultdict(list), set()
for r in rows:
    eni, start, end = r[2], int(r[10]), int(r[11])
    newest_of[eni] = max(newest_of.get(eni, 0), end)
    (lost if r[13] == "SKIPDATA" else stretches)[eni].append((start, end))
    if eni in nat and r[3] == own[eni]:
        sent.add((eni, frozenset([(r[3], r[5]), (r[4], r[6])]), r[7]))
newest = max(newest_of.values())
home = {own[e]: e for e in newest_of if e in own}


# Records that are no more than a minute apart leave no hole between them.
whole = defaultdict(list)
for eni, list_of in stretches.items():
    for a, b in sorted(list_of):
        if whole[eni] and a <= whole[eni][-1][1] + 60:
            whole[eni][-1] = (whole[eni][-1][0], max(b, whole[eni][-1][1]))
        else:
            whole[eni].append((a, b))


def has_it(eni, start, end):
    """Whether the log has all that the interface saw then."""
    if any(a <= end and b >= start for a, b in lost[eni]):
        return False
    if end > newest_of[eni] and start > newest_of[eni] - interval:
        return False
    if not any(a <= end + interval and b >= start - interval for a, b in stretches[eni]):
        return False
    return any(a - interval // 2 <= start and b + interval // 2 >= end for a, b in whole[eni])


def has_sent(r):
    """Whether a gateway itself sent something in a conversation: then its clients asked."""
    return (r[2], frozenset([(r[3], r[5]), (r[4], r[6])]), r[7]) in sent


low, high = [0, 0], [0, 0]
for r in rows:
    if r[13] != "OK":
        continue
    eni, start, end = r[2], int(r[10]), int(r[11])
    second = noise = False
    if r[12] == "ACCEPT" and eni in nat:
        other = r[4] if r[3] == own[eni] else r[3]
        second = has_it(home[other], start, end) if other in home else has_sent(r)
        noise = other not in home and not second
    elif r[12] == "ACCEPT" and r[4] == own.get(eni) and r[3] in home:
        second = home[r[3]] not in nat and has_it(home[r[3]], start, end)
    if not second:
        high = [high[0] + int(r[9]), high[1] + 1]
    if not second and not noise:
        low = [low[0] + int(r[9]), low[1] + 1]
print(*low, *high)
