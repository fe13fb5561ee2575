#!/usr/bin/env python3
"""engine_twin.py ENITOP FILE ADDRESS [PART]: the same questions to the file and to the server that holds its
records. Reports in JSON have to be the same but for what is told of the input: rows in their order,
totals, window, bins, sides of a mark. Prints how many were, and each that was not."""
import itertools
import json
import os
import subprocess
import sys

enitop, log, address = sys.argv[1:4]
T = 1700000000  # genlog's records end from here on

views = [['-v', 'talkers'], ['-v', 'ports'], ['-v', 'rejects'], ['-v', 'timeline']]
groups = ['client', 'server,service', 'srcaddr', 'dstaddr/24', 'srcaddr/20/56', 'srcaddr/19', 'pair', 'protocol', 'action',
          'interface-id', 'srcaddr,dstaddr,dstport', 'client/16,service', 'tcp-flags', 'scope', 'vpc-id,dstport',
          'instance-id', 'az-id', 'traffic-path', 'service,protocol', 'pkt-srcaddr', 'log-status']
filters = ['reject', 'dport=443', 'src=10.0.0.0/8 and not dst=10.0.0.0/8', 'tcp and bytes>10000', 'port=22,53,3306',
           'addr=10.20.0.11', 'not accept', 'vpc=-', 'eni~/^eni-0[0-7]/', 'flags=syn', 'client=10.20.0.0/16', 'scope=internet',
           'dport=1024-65535 or proto=udp', 'flow-direction=egress', '10.20.0.10:443', 'src=2001:db8::/32',
           'not (dport=443 or reject)', 'service=5432 and server=10.20.0.0/16', 'instance-id=*', 'packets<40 and not tcp']
metrics = ['packets', 'flows', 'rejects', 'lost', 'bytes/s', 'bits/s', 'flows/s', 'distinct:dstport', 'distinct:srcaddr',
           'distinct:client/24', 'distinct:instance-id', 'distinct:service']
windows = [['--since', str(T + 10)], ['--until', str(T + 40)], ['--since', str(T + 7), '--until', str(T + 31)], ['-t', '20'],
           ['-t', '15', '--until', str(T + 45)], ['--since', str(T + 100000)], ['--until', '1000000000']]
marks = [['--mark', str(T + 25)], ['--mark', f'{T + 20}=deploy', '--changes', 'new'], ['--mark', str(T + 25), '--changes', 'gone'],
         ['--mark', str(T + 25), '--changes', 'grown'], ['--mark', str(T + 30), '--by-size'],
         ['--mark', str(T + 20), '--metric', 'rejects'], ['--mark', str(T + 20), '--metric', 'packets/s', '--since', str(T + 5)]]


def questions():
    for view in views:
        yield view
        for window in windows:
            yield view + window
    for group in groups:
        yield ['-v', 'talkers', '-g', group]
        yield ['-v', 'talkers', '-g', group, '-w', 'reject', '-n', '7']
    for where, view in zip(filters, itertools.cycle(views)):
        yield ['-v', 'talkers', '-g', 'srcaddr,dstport', '-w', where]
        yield view + ['-w', where]
    for metric, group in zip(metrics, itertools.cycle(groups)):
        yield ['-v', 'talkers', '-m', metric]
        yield ['-v', 'talkers', '-g', group, '-m', metric, '-n', '50']
        if not metric.startswith('distinct'):
            yield ['-v', 'timeline', '-m', metric]
    for mark in marks:
        yield ['-v', 'talkers'] + mark
        yield ['-v', 'talkers', '-g', 'srcaddr'] + mark + ['-n', '0']
    for group in groups[:8]:
        yield ['-v', 'talkers', '-g', group, '--trend', '-n', '5']
        yield ['-v', 'talkers', '-g', group, '--trend', '-n', '5', '-t', '33', '-m', 'flows']
    yield ['-v', 'talkers', '-v', 'ports', '-v', 'timeline', '-n', '3', '-m', 'packets']
    yield ['-v', 'talkers', '-n', '0', '-g', 'srcaddr,dstaddr']
    yield ['--heat', 'port,time', '-n', '4']
    yield ['--heat', 'client,time', '-n', '4', '--since', str(T + 3), '-m', 'flows']
    for where, order in zip(filters, itertools.cycle(['-bytes', 'time', 'srcaddr', '-dstport', '-client', 'vpc-id'])):
        yield ['-v', 'flows', '-n', '0', '-w', where, '--sort', order, '--columns',
               'time,client,server,service,bytes,start,srcaddr,dstport,vpc-id']
    yield ['-v', 'flows', '-n', '0', '-w', 'log-status=NODATA,SKIPDATA', '--sort', '-end', '--columns', 'time,end,interface-id,bytes,log-status']
    yield ['-v', 'flows', '-n', '0', '-w', 'src=2001:db8::/32', '-t', '20', '--sort', 'bytes', '--columns', 'bytes,srcaddr,dstaddr,packets,az-id']


def in_order(told, options):
    """Records that are equal in what they are sorted by have no order that is said."""
    order = options[options.index('--sort') + 1].lstrip('-') if '--sort' in options else None
    if order:
        told['order'] = [row.get(order) for row in told['rows']]
        told['rows'].sort(key=lambda row: json.dumps(row, sort_keys=True))


def report(path, options):
    run = subprocess.run([enitop, '--batch', '--output', 'json', *options, path], capture_output=True, text=True, check=False)
    reports = []
    for line in run.stdout.splitlines():
        told = json.loads(line)
        for key in 'second_sightings', 'second_undecided', 'input':
            told.pop(key, None)
        in_order(told, options)
        reports.append(told)
    return run.returncode, run.stderr, reports


same = 0
failed = 0
# Under a sanitizer each fourth.
for options in itertools.islice(questions(), 0, None, int(os.environ.get('SLOWNESS', '1'))):
    mine, theirs = report(log, options), report(address, options)
    if mine[2] == theirs[2] and mine[0] == theirs[0] and mine[2]:
        same += 1
        continue
    failed += 1
    print('#', ' '.join(options), '->', mine[0], theirs[0], mine[1].strip()[:300], theirs[1].strip()[:300])
    for a, b in zip(mine[2], theirs[2]):
        for key in a.keys() | b.keys():
            if a.get(key) != b.get(key) and 'error' not in b:
                rows = [(x, y) for x, y in zip(a[key], b[key]) if x != y] if key == 'rows' and key in b else [(a.get(key), b.get(key))]
                print('#  ', key, len(a.get(key) or '') if key == 'rows' else '', *(str(row)[:700] for row in rows[:1]))
print(f'# {same} of {same + failed} questions have the same answer')
sys.exit(failed > 0)
