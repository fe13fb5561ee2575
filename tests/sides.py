"""Who is the client, by enitop: of what scenarios ask for, of refused packets that came in from the
internet, and in every record of a conversation the same one.

sides.py ENITOP SHARED LEVEL"""
import collections
import glob
import ipaddress
import json
import subprocess
import sys

enitop, shared, level = sys.argv[1:]
COLUMNS = 'client,server,service,srcaddr,srcport,dstaddr,dstport,protocol,action,interface-id'


def records(path):
    out = subprocess.run([enitop, '--no-config', '--view', 'flows', '-o', 'ndjson', '--columns', COLUMNS, path],
                         stdout=subprocess.PIPE, check=False, text=True).stdout
    return [r for r in map(json.loads, out.splitlines()) if r.get('client')]


def is_outside(address):
    return not ipaddress.ip_address(address).is_private


def is_asked(r, ask):
    here, there = (r['srcaddr'], r['srcport']), (r['dstaddr'], r['dstport'])
    server = (ask['server'], ask['port'])
    return r['protocol'] == ask['protocol'] and server in (here, there) and \
        ask['client'] in (r['srcaddr'], r['dstaddr'])


def let_out(rows):
    return {(r['interface-id'], r['dstaddr'], r['dstport'], r['srcaddr'], r['srcport'], r['protocol'])
            for r in rows if r['action'] == 'ACCEPT'}


asked = right = refused = turned = answers = 0
both = []
for truth in sorted(glob.glob(shared + '/scenarios/*/truth.json')):
    folder = truth[:-len('truth.json')]
    ask = json.load(open(truth))['ask']
    rows = records(f'{folder}flow.{level}.log.gz')
    out = let_out(rows)
    clients = collections.defaultdict(set)
    for r in rows:
        src, dst = (r['srcaddr'], r['srcport']), (r['dstaddr'], r['dstport'])
        client = src if r['client'] == r['srcaddr'] and r['service'] == r['dstport'] else dst
        clients[frozenset((src, dst)), r['protocol']].add(client)
        if ask and is_asked(r, ask):
            asked += 1
            right += r['client'] == ask['client'] and r['service'] == ask['port']
        if r['action'] == 'REJECT' and is_outside(r['srcaddr']) and not is_outside(r['dstaddr']):
            refused += 1
            if client != src:
                # It may be an answer: one was let out to it, or it comes from a service's port.
                t = (r['interface-id'], *src, *dst, r['protocol'])
                answers += t in out or (r.get('guess', False) and r['dstport'] >= 1024)
                turned += 1
    both += [k for k, c in clients.items() if len(c) > 1]
print(f'# {right} of {asked} asked for, {refused - turned} of {refused} refused from outside, '
      f'{len(both)} conversations both ways')
sys.exit(not (asked > 2000 and right == asked and refused > 8000 and turned == answers
              and turned < refused / 1000 and not both))
