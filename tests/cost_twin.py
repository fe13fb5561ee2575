"""cost_twin.py - for cost.sh: what bytes of a scenario are charged with, told from the other end.

cost_twin.py FOLDER v2|v2_enis|v5: prints the bytes that a NAT gateway processes, that leave for the
internet, and that go between zones, at least and at most: where a receiver's record reaches beyond
what its sender's interface has, the sender has some of it, or it may yet come. It is told of the
interfaces (enis.json) whatever the level, but for zones, which a version 2 log has none of. Slow:
records are looked for one by one.
"""
import gzip
import ipaddress
import json
import sys
from collections import defaultdict

folder, level = sys.argv[1:]
DEFAULT = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
           "start end action log-status")
enis = {x["NetworkInterfaceId"]: x
        for x in json.load(open(folder + "/enis.json"))["NetworkInterfaces"]}
of_address = {x["PrivateIpAddress"]: e for e, x in enis.items()}
nat = {e for e, x in enis.items() if x["InterfaceType"] == "nat_gateway"}
public = {e for e, x in enis.items() if x.get("Association")}
inside = [ipaddress.ip_network(n) for n in
          ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]

rows, names = [], DEFAULT.split()
for line in gzip.open("%s/flow.%s.log.gz" % (folder, level[:2]), "rt"):
    if line.startswith("version"):
        names = line.split()
    else:
        rows.append(dict(zip(names, line.split())))


def internal(a):
    return a in of_address or any(ipaddress.ip_address(a) in n for n in inside)


zone = {}
if level == "v2_enis":
    zone = {e: x["AvailabilityZone"] for e, x in enis.items()}
if level == "v5":
    zone = {r["interface-id"]: r["az-id"] for r in rows}


def other_zone(a, b):
    return a in zone and b in zone and zone[a] != zone[b]


def conversation(r):
    return r["srcaddr"], r["dstaddr"], r["srcport"], r["dstport"], r["protocol"]


# Records that are no more than a minute apart leave no hole between them.
whole = defaultdict(list)
for a, b, eni in sorted((int(r["start"]), int(r["end"]), r["interface-id"]) for r in rows):
    if whole[eni] and a <= whole[eni][-1][1] + 60:
        whole[eni][-1] = (whole[eni][-1][0], max(b, whole[eni][-1][1]))
    else:
        whole[eni].append((a, b))

sent = defaultdict(list)
for r in rows:
    if r["action"] == "ACCEPT" and of_address.get(r["srcaddr"]) == r["interface-id"]:
        sent[conversation(r)].append((int(r["start"]), int(r["end"])))

processed = crossed = left = maybe = 0
for r in rows:
    eni, a, b = r["interface-id"], r["srcaddr"], r["dstaddr"]
    if r["action"] != "ACCEPT":
        continue
    size, source, target = int(r["bytes"]), of_address.get(a), of_address.get(b)
    if eni in nat:
        peer, away = (b, True) if source == eni else (a, False)
        if internal(peer):
            processed += size
            crossed += size * other_zone(eni, of_address.get(peer))
            end = r.get("pkt-dstaddr", "-")
            if not away and end != "-" and not internal(end) and r["pkt-dst-aws-service"] == "-":
                left += size
        elif away and "pkt-dstaddr" not in r:
            left += size
    elif source == eni and not internal(b):
        if r.get("traffic-path", "8" if eni in public else "1") == "8":
            if r.get("pkt-dst-aws-service", "-") == "-":
                left += size
    elif source == eni and target not in nat:
        crossed += size * other_zone(source, target)
    elif target == eni and source and source not in nat and other_zone(source, target):
        start, end = int(r["start"]), int(r["end"])
        near = [s for s in sent[conversation(r)] if s[0] <= end + 60 and s[1] >= start - 60]
        if not near:
            crossed += size
        elif not any(x - 30 <= start and y >= end for x, y in whole[source]):
            maybe += size
print(processed, left, crossed, crossed + maybe)
