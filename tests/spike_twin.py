"""spike_twin.py ENITOP SHARED LEVEL - what is said of series over the scenarios, held against their
truth and against a plain twin: sums of bytes a minute of each interface, their z-scores, and what
goes beyond in three of four minutes."""
import gzip
import json
import math
import os
import statistics
import subprocess
import sys
import datetime
from collections import defaultdict

DEFAULT = ('version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes '
           'start end action log-status').split()


def epoch(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()


def lines(path):
    names = DEFAULT
    for line in gzip.open(path, 'rt'):
        words = line.split()
        if words and words[0] == 'version':
            names = words
        elif words:
            yield dict(zip(names, words))


def sums(path):
    """Bytes by interface and minute, in whole numbers: of a record what it has had by then."""
    out = defaultdict(lambda: defaultdict(int))
    for r in lines(path):
        if r['log-status'] != 'OK':
            continue
        a, b, n = int(r['start']), int(r['end']), int(r['bytes'])
        b, had = max(b, a + 1), 0
        for m in range(a // 60, (b - 1) // 60 + 1):
            now = n * (min(b, (m + 1) * 60) - a) // (b - a)
            out[r['interface-id']][m] += now - had
            had = now
    return out


def score(x, i):
    base = x[max(0, i - 125):max(0, i - 4)]
    if len(base) < 15:
        return 0, 0, 0
    median = statistics.median(base)
    mad = statistics.median(abs(y - median) for y in base)
    return 0.6745 * (x[i] - median) / max(mad, 0.05 * median, 1), median, max(base)


def spikes(x):
    hot = []
    for i in range(len(x)):
        z, median, largest = score(x, i)
        if z >= 6 and x[i] >= 10e6 and x[i] >= 4 * median and x[i] >= 1.5 * largest:
            hot.append(i)
    for a, b in zip(hot, hot[2:]):
        if b - a <= 3:
            return a
    return None


def ask(enitop, path, *more):
    return subprocess.run([enitop, '--no-config', '--batch', '--view', 'spike', *more, path],
                          capture_output=True, text=True, check=True).stdout


def points_agree(said, by_minute, name):
    wrong = []
    rows = [r for r in said['rows'] if r['interface'] == name and r['kind'] == 'interface']
    rows.sort(key=lambda r: r['time'])
    start = epoch(rows[0]['time']) // 60
    x = [by_minute.get(start + i, 0) for i in range(len(rows))]
    for i, r in enumerate(rows):
        z = abs(score(x, i)[0])
        # Baselines are of numbers with eight bits.
        if epoch(r['time']) // 60 != start + i or r['value'] != x[i] or \
           abs(r['score'] - z) > 0.12 * z + 0.2:
            wrong.append('%s %s: %s %s, not %s %s' % (name, r['time'], r['value'], r['score'], x[i], z))
    return wrong, spikes(x), start


def scenario(enitop, folder, level):
    path = '%s/flow.%s.log.gz' % (folder, level)
    truth = json.load(open(folder + '/truth.json'))
    inventory = {e['NetworkInterfaceId']: e['PrivateIpAddress']
                 for e in json.load(open(folder + '/enis.json'))['NetworkInterfaces']}
    said = json.loads(ask(enitop, path, '-o', 'json'))
    own = {s['interface']: s['target'] for s in said['series'] if s['kind'] == 'interface'}
    by = sums(path)
    wrong = ['own address of %s: %s' % (e, own[e]) for e in own
             if own[e] not in (e, inventory.get(e))]
    want, got = {}, {}
    for name in own:
        bad, at, start = points_agree(said, by.get(name, {}), name)
        wrong += bad[:3]
        if at is not None:
            want[name] = (start + at) * 60
    for f in said['findings']:
        s = f['subject']
        if s['kind'] == 'interface' and not f['fell']:
            got[s['interface']] = epoch(f['since'])
    if want != got:
        wrong.append('found %s, not %s' % (got, want))
    places = {f['subject']['target']: f for f in said['findings']}
    known = [f for f in truth['findings'] if level in f['levels'] and 'spike' in [f['rule']] + f['also']]
    for f in known:
        if f['rule'] != 'spike':
            continue
        at = [places[a] for a in [f['subject']['target']] + f['subject'].get('alternatives', [])
              if a in places]
        if not any(f['since'] - 660 <= epoch(g['since']) <= f['since'] + max(600, 3 * truth['window_s'])
                   for g in at):
            wrong.append('missed %s' % f)
    # Of other incidents there may be a spike as well, before and elsewhere none.
    if said['findings'] and (truth['kind'] == 'clean' or not truth['findings']):
        wrong.append('found in a clean hour: %s' % said['findings'])
    begins = min((f['since'] for f in truth['findings']), default=math.inf)
    wrong += ['before it began: %s' % f['text'] for f in said['findings']
              if epoch(f['since']) < begins - 660]
    return ['%s: %s' % (os.path.basename(folder), w) for w in wrong], len(known)


def main():
    enitop, shared, level = sys.argv[1:]
    wrong, known, base = [], 0, shared + '/scenarios'
    for name in sorted(os.listdir(base)):
        if os.path.isdir(base + '/' + name):
            w, k = scenario(enitop, base + '/' + name, level)
            wrong += w
            known += k
    for w in wrong:
        print('#', w)
    if not known:
        print('# no scenario has a spike')
    sys.exit(bool(wrong) or not known)


main()
