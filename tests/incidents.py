"""incidents.py - puts an incident into a clean hour of ../shared/scenarios and asks for findings.

    incidents.py SCENARIOS ENITOP WORK KIND

The records are those that the interfaces of the host and of the NAT gateway would have: a line for
each 60 seconds, leg and interface. For each of the clean hours and levels (v2, v2_enis, v5) KIND must
be found once, with its subject and about when it began, and nothing else that is no info; kinds
that are none must leave nothing at all (chance), or at most a spike (upload). The same of a second copy of each
record."""
import calendar
import gzip
import json
import random
import subprocess
import sys
import time

V2 = ('version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes '
      'start end action log-status').split()


class Hour:
    """A clean hour, to which records are added."""

    def __init__(self, folder, level, seed):
        name = folder + ('/flow.v5.log.gz' if level == 'v5' else '/flow.v2.log.gz')
        lines = gzip.open(name, 'rt').read().splitlines()
        self.head = lines.pop(0).split() if lines[0].startswith('version') else V2
        self.rows = [dict(zip(self.head, line.split())) for line in lines]
        self.random = random.Random(seed)
        interfaces = json.load(open(folder + '/enis.json'))['NetworkInterfaces']
        self.of = {x['PrivateIpAddress']: x['NetworkInterfaceId'] for x in interfaces}
        self.nat = [x['PrivateIpAddress'] for x in interfaces
                    if x['InterfaceType'] == 'nat_gateway'][0]
        self.begin = min(int(r['start']) for r in self.rows)
        self.end = max(int(r['end']) for r in self.rows)

    def at(self, address):
        """A record of its interface."""
        return next(r for r in self.rows
                    if r['interface-id'] == self.of[address] and r['log-status'] == 'OK')

    def hosts(self):
        """Those that speak in nearly every minute."""
        minutes = {}
        for r in self.rows:
            if r['log-status'] == 'OK':
                minutes.setdefault(r['interface-id'], set()).add(int(r['start']) // 60)
        most = .9 * (self.end - self.begin) / 60
        return sorted(a for a, e in self.of.items()
                      if a != self.nat and len(minutes.get(e, ())) >= most)

    def surfers(self):
        """Those that ask the internet through the NAT gateway."""
        return sorted({r['srcaddr'] for r in self.rows
                       if r['dstport'] == '443' and self.of.get(r['srcaddr']) == r['interface-id']
                       and r['srcaddr'] != self.nat and not r['dstaddr'].startswith('10.')})

    def far(self):
        return '45.%d.%d.%d' % tuple(self.random.randint(1, 250) for _ in range(3))

    def add(self, at, **has):
        """Of an interface; what is not said is as in its other records, or '-'."""
        other = self.at(at)
        row = {k: '-' for k in self.head}
        for k in ('version', 'account-id', 'vpc-id', 'subnet-id', 'instance-id', 'interface-id',
                  'az-id', 'region'):
            if k in row:
                row[k] = other[k]
        for k, v in has.items():
            if k.replace('_', '-') in row:
                row[k.replace('_', '-')] = str(v)
        self.rows.append(row)

    def leg(self, at, src, sport, dst, dport, size, start, end, flags, ends=None):
        self.add(at, srcaddr=src, dstaddr=dst, srcport=sport, dstport=dport, protocol=6,
                 packets=max(4, size // 1400), bytes=size, start=start, end=end, action='ACCEPT',
                 log_status='OK', tcp_flags=flags, type='IPv4',
                 pkt_srcaddr=(ends or (src, dst))[0], pkt_dstaddr=(ends or (src, dst))[1])

    def connection(self, host, far, start, seconds, up, down):
        """Through the gateway: at the host, and at both sides of the gateway."""
        sport, gate, n = (self.random.randint(32768, 60999), self.random.randint(1024, 65000),
                          max(1, (seconds + 59) // 60))
        for k in range(n):
            a = start + k * 60
            b = max(a + 1, min(start + seconds, a + 57))
            q = (2 if k == 0 else 0) | (1 if k == n - 1 else 0)
            r = q | (16 if k == 0 else 0)
            for at, here, port, there in ((host, host, sport, far), (self.nat, host, sport, self.nat),
                                          (self.nat, self.nat, gate, far)):
                ends = (host, far) if at == self.nat and here == host else (here, there)
                self.leg(at, here, port, there, 443, up // n, a, b, q, ends)
                self.leg(at, there, 443, here, port, down // n, a, b, r, ends[::-1])


def exfil(h):
    host, far, t = h.random.choice(h.surfers()), h.far(), h.begin + h.random.randint(1200, 2400)
    for k in range(7):
        h.connection(host, far, t + k * 95, h.random.randint(70, 95), 640000000, 7000000)
    return 'exfil', {'source': host, 'destination': far}, t


def upload(h):
    """The same, of 455 MB: at most a spike of the host, which it is where that never had as much."""
    host, far = h.random.choice(h.surfers()), h.far()
    for k in range(7):
        h.connection(host, far, h.begin + 1800 + k * 95, 90, 65000000, 7000000)
    return 'spike', {'target': host, 'interface': h.of[host], 'form': 'rose',
                     'metric': 'bytes'}, None


def beacon(h):
    host, far, t = h.random.choice(h.surfers()), h.far(), h.begin + h.random.randint(0, 400)
    every, at = h.random.choice((45, 60, 75, 90)), 0
    while t + at < h.end - 60:
        h.connection(host, far, int(t + at + h.random.uniform(0, .2) * every),
                     h.random.randint(1, 3), h.random.randint(690, 730), h.random.randint(400, 3000))
        at += every
    return 'beacon', {'source': host, 'destination': far, 'port': 443}, t


def chance(h):
    """As often, but as it comes."""
    host, far, t = h.random.choice(h.surfers()), h.far(), h.begin
    while t < h.end - 90:
        t += int(h.random.expovariate(1 / 70)) + 1
        h.connection(host, far, t, h.random.randint(1, 3), h.random.randint(500, 6000),
                     h.random.randint(400, 30000))


def exposure(h):
    host, t = h.random.choice(h.hosts()), h.begin + h.random.randint(1200, 2000)
    port = h.random.choice((6379, 9200, 3306, 3389, 8089))
    for k in range(23):
        far, sport = h.far(), h.random.randint(1024, 65000)
        h.leg(host, far, sport, host, port, 700, t + k * 41, t + k * 41 + 20, 3)
        h.leg(host, host, port, far, sport, h.random.randint(400, 9000), t + k * 41,
              t + k * 41 + 20, 19)
    return 'exposure', {'target': host, 'port': port}, t


def silent(h):
    host, t = h.random.choice(h.hosts()), h.end - h.random.randint(840, 1200)
    h.rows = [r for r in h.rows if r['interface-id'] != h.of[host] or int(r['start']) <= t]
    for start in range(t + 1, h.end, 60):
        h.add(host, start=start, end=min(start + 58, h.end), log_status='NODATA')
    return 'quiet', {'interface': h.of[host], 'form': 'silent'}, t


def lost(h):
    host, t = h.random.choice(h.hosts()), h.begin + 1500
    for k in range(4):
        h.add(host, start=t + k * 60, end=t + k * 60 + 58, log_status='SKIPDATA')
    return 'data', {'interface': h.of[host], 'status': 'SKIPDATA'}, t


def ask(enitop, folder, level, path):
    names = ['--names', folder + '/enis.json'] if level == 'v2_enis' else []
    out = subprocess.run([enitop, '--batch', '--no-config', '--output', 'ndjson', *names, '--view',
                          'findings', path], capture_output=True, text=True)
    return [r for r in map(json.loads, out.stdout.splitlines()) if r['severity'] != 'info']


def judge(found, want):
    """What is wrong with it; nothing: nothing."""
    if want is None:
        return ['false: ' + r['rule'] + ' ' + r['what'] for r in found]
    rule, subject, since = want
    hits = [r for r in found if r['rule'] == rule and r['subject'] == subject]
    bad = ['false: ' + r['rule'] + ' ' + r['what'] for r in found if r not in hits]
    if since is None:
        return bad + ['%d times: %s' % (len(hits), subject)] * (len(hits) > 1)
    if len(hits) != 1:
        return bad + ['%d times: %s %s' % (len(hits), rule, subject)]
    began = calendar.timegm(time.strptime(hits[0]['since'], '%Y-%m-%dT%H:%M:%SZ'))
    if not since - 660 <= began <= since + 600:
        bad.append('since %s, not %d' % (hits[0]['since'], since))
    return bad


def main():
    scenarios, enitop, work, kind = sys.argv[1:]
    bad = []
    for seed, clean in enumerate(('c01', 'c03', 'c05')):
        folder = scenarios + '/' + clean
        for level in ('v2', 'v2_enis', 'v5'):
            hour = Hour(folder, level, seed)
            want = globals()[kind](hour)
            hour.random.shuffle(hour.rows)
            for copies in (1, 2):
                path = work + '/incident.log'
                with open(path, 'w') as log:
                    if hour.head != V2:
                        log.write(' '.join(hour.head) + '\n')
                    for r in hour.rows * copies:
                        log.write(' '.join(r[k] for k in hour.head) + '\n')
                bad += ['# %s %s, %d of each: %s' % (clean, level, copies, x)
                        for x in judge(ask(enitop, folder, level, path), want)]
    print('\n'.join(bad))
    return 1 if bad else 0


sys.exit(main())
