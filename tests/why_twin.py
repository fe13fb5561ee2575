#!/usr/bin/env python3
"""why_twin.py ENITOP SHARED [QUESTIONS] - asks why of conversations of the scenarios, and a plain
implementation of the same rules beside it (SHARED/examples/triage): code, confidence and interface
must be the same. Prints what differs, and how many were asked."""
import gzip, json, os, random, subprocess, sys, tempfile

program, shared = sys.argv[1:3]
questions = int(sys.argv[3]) if len(sys.argv) > 3 else 2
sys.path.insert(0, shared + '/examples/triage')
sys.dont_write_bytecode = True
import flows, ref_why

differ = asked = 0
pick = random.Random(7)
temporary = tempfile.TemporaryDirectory()
log = temporary.name + '/log'
for name in sorted(os.listdir(shared + '/scenarios')):
    folder = f'{shared}/scenarios/{name}'
    if not os.path.exists(folder + '/truth.json'):
        continue
    for file, enis in (('flow.v2.log.gz', None), ('flow.v2.log.gz', folder + '/enis.json'),
                       ('flow.v5.log.gz', None)):
        with open(log, 'wb') as out, gzip.open(f'{folder}/{file}') as packed:
            out.write(packed.read())
        rows = flows.read(log)
        pairs = sorted({(r.psrc, r.pdst, r.dp, r.proto) for r in rows
                        if r.status == 'OK' and r.src and r.proto in (6, 17) and r.dp < r.sp})
        pairs = pick.sample(pairs, min(questions, len(pairs)))
        command = [program, '--no-config', '--output', 'ndjson'] + (['--names', enis] if enis else [])
        for client, server, port, protocol in pairs:
            server = f'[{server}]' if ':' in server else server
            command += ['--why', f'{client} {server}:{port}/{protocol}']
        answers = subprocess.run(command + [log], capture_output=True, text=True).stdout.splitlines()
        if len(answers) != len(pairs):
            sys.exit(f'{name} {file}: {len(answers)} answers to {len(pairs)} questions')
        for pair, answer in zip(pairs, map(json.loads, answers)):
            twin = ref_why.why(rows, *pair, enis)
            asked += 1
            # By sizes alone it takes for half open what may be a health check; enitop says so.
            if twin['code'] == 'HALF_OPEN' and 'v2' in file and answer['confidence'] == 'likely':
                continue
            want = twin['code'], twin['confidence'], twin.get('at')
            have = answer['code'], answer['confidence'], answer['at'] if want[2] else None
            if want != have:
                differ += 1
                print(name, file, 'with enis' if enis else '', pair, 'twin', want, 'enitop', have)
print(f'{asked} asked, {differ} differ')
sys.exit(differ > 0 or asked == 0)
