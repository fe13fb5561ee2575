// sql.mjs - asks enitop and an engine the same questions over the same records, and holds the rows
// against each other: sql.mjs clickhouse|athena ENITOP DIRECTORY QUESTIONS SEED
//
// ClickHouse is that of npm's chdb. Athena is Trino, of which there is no library: its statements
// are parsed by the Trino grammar of npm's dt-sql-parser where that is there, and run by DuckDB,
// with what DuckDB lacks of Trino's functions written below. Rows must be the same and in the
// same order. The packages are looked for in $ENITOP_ENGINES/node_modules.
import { createRequire } from 'node:module';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [engine, enitop, directory, questions, seed] = process.argv.slice(2);
const require = createRequire(`${process.env.ENITOP_ENGINES}/`);
const T0 = 1764460800; // 2025-11-30

// ---- a log ----

let state = BigInt(seed) * 2654435769n + 1n;
function random(n) {
	state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
	return Number((state >> 33n) % BigInt(n));
}
const pick = (list) => list[random(list.length)];

const fields = ('version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes ' +
	'start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr ' +
	'pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service ' +
	'pkt-dst-aws-service flow-direction traffic-path').split(' ');
const numbers = new Set('version srcport dstport protocol packets bytes start end tcp-flags traffic-path'.split(' '));
const column = (field) => field.replaceAll('-', '_');

const inside = ['10.0.1.5', '10.0.1.6', '10.0.2.9', '172.16.3.4', '192.168.0.7', '100.64.1.1', 'fd00::1', 'fd00::2:1', 'fe80::5'];
const outside = ['203.0.113.9', '198.51.100.200', '8.8.8.8', '2001:db8::1', '2001:db8:0:1::7', '172.32.0.1', '11.0.0.1'];

function record() {
	const end = T0 + random(3600), length = pick([0, 1, 7, 59, 60, 60, 60, 61, 599, 4000]);
	const status = random(30) === 0 ? pick(['NODATA', 'SKIPDATA']) : 'OK';
	const v = { version: 5, 'account-id': pick(['123456789012', '000000000042']),
		'interface-id': pick(['eni-0a', 'eni-0b', 'eni-0c1', 'ENI-0D']),
		start: end - length, end, action: '-', 'log-status': status,
		region: 'eu-west-1', 'az-id': pick(['euw1-az1', 'euw1-az2', '-']) };
	if (status === 'OK') {
		const icmp = random(12) === 0, ask = random(2);
		const ports = icmp ? [0, 0] : [32768 + random(20000), pick([22, 53, 80, 443, 443, 5432])];
		Object.assign(v, { srcaddr: pick(inside), dstaddr: pick(random(2) ? inside : outside),
			srcport: ports[1 - ask], dstport: ports[ask], protocol: icmp ? 1 : pick([6, 6, 6, 17]),
			packets: random(50), bytes: random(200000), action: pick(['ACCEPT', 'ACCEPT', 'ACCEPT', 'REJECT']),
			'vpc-id': pick(['vpc-1', 'VPC-1', 'vpc-2', '-']), 'subnet-id': pick(['subnet-1', "subnet-'2", '-']),
			'instance-id': pick(['i-1', 'i-2', 'i-3', '-', '-']),
			type: 'IPv4', 'flow-direction': pick(['ingress', 'egress', '-']),
			'traffic-path': pick([1, 8, '-']) });
		if (random(2))
			[v.srcaddr, v.dstaddr] = [v.dstaddr, v.srcaddr];
		if (random(60) === 0)
			v[pick(['srcaddr', 'dstaddr', 'dstport', 'srcport', 'bytes', 'packets'])] = '-';
	}
	return fields.map((f) => v[f] ?? '-').join(' ');
}

const log = `${directory}/sql.log`;
const lines = Array.from({ length: 3000 }, record);
// So that the data fill the hour.
lines.push(record().split(' ').map((x, i) => (fields[i] === 'end' ? T0 : fields[i] === 'start' ? T0 : fields[i] === 'log-status' ? 'OK' : x)).join(' '));
lines.push(record().split(' ').map((x, i) => (fields[i] === 'end' ? T0 + 3599 : fields[i] === 'start' ? T0 + 3590 : fields[i] === 'log-status' ? 'OK' : x)).join(' '));
const ends = lines.map((line) => Number(line.split(' ')[fields.indexOf('end')]));
writeFileSync(log, `${fields.join(' ')}\n${lines.join('\n')}\n`);

// ---- the engines ----

function clickhouse() {
	const { Session } = require('chdb');
	const session = new Session();
	// As enitop(1) has the table.
	const type = { version: 'UInt8', srcport: 'UInt16', dstport: 'UInt16', protocol: 'UInt8', 'tcp-flags': 'UInt16',
		'traffic-path': 'UInt8', packets: 'UInt64', bytes: 'UInt64', start: 'Int64', end: 'Int64' };
	const types = fields.map((f) => `${f === 'end' || f === 'start' ? `"${f}"` : column(f)} ${type[f] ? `Nullable(${type[f]})`
		: f.endsWith('addr') ? 'Nullable(String)' : 'LowCardinality(Nullable(String))'}`);
	session.query('create database x engine = Atomic');
	session.query(`create table x.vpc_flow_logs (${types.join(', ')}) engine = MergeTree order by tuple()`);
	// '-' is NULL, or is a text in columns of text.
	const dash = random(2) === 0;
	const read = fields.map((f) => (f === 'end' || f === 'start' ? `"${f}"` : column(f)) + (numbers.has(f) || dash ? ' Nullable(' : ' (')
		+ (numbers.has(f) ? 'Int64' : 'String') + ')').join(', ').replaceAll(' (String)', ' String');
	session.query(`insert into x.vpc_flow_logs select * from file('${log}', 'CustomSeparated', '${read}')
		settings format_custom_field_delimiter = ' ', format_custom_escaping_rule = 'CSV', format_csv_null_representation = '-',
		input_format_custom_skip_trailing_empty_lines = 1, input_format_allow_errors_num = 1`);
	console.log('# ' + session.query('select count(), countIf(vpc_id is null), min("end") from x.vpc_flow_logs', 'CSV').trim());
	return async (sql) => session.query(sql.replaceAll('vpc_flow_logs', 'x.vpc_flow_logs').trim().replace(/;$/, ''), 'JSONEachRow')
		.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

// The text between the parenthesis at `from` and its other one.
function within(text, from) {
	for (let i = from, depth = 0; ; i++) {
		depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0;
		if (depth === 0)
			return text.slice(from + 1, i);
	}
}

function casts(sql) {
	const as = { ipaddress: 'to_ip', varbinary: 'ip_bytes', integer: '' };
	for (let at; (at = sql.search(/\b(try_)?cast\(/)) >= 0;) {
		const open = sql.indexOf('(', at), inner = within(sql, open);
		const [, what, type] = /^(.*) as (\w+)$/s.exec(inner);
		const by = as[type] ?? (/ as ipaddress\)$/.test(what) ? 'to_text' : 'digits');
		sql = `${sql.slice(0, at)}${by}(${what})${sql.slice(open + inner.length + 2)}`;
	}
	return sql;
}

// Trino's words as DuckDB has them. An address is the text of its sixteen bytes, a character each.
function translated(sql) {
	return casts(sql).replace(/ipaddress ('[^']*')/g, 'to_ip($1)')
		.replace(/x'([0-9a-f]+)'/g, (_, hex) => `hex_bytes('${hex}')`)
		.replace(/ \/ (?!\d+e0)/g, ' // ').replace(/from_unixtime\(/g, 'to_timestamp(')
		.replace(/count_if\(/g, 'count_true(');
}

function bytesOf(text) {
	const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
	if (v4)
		return [...Array(10).fill(0), 255, 255, ...v4.slice(1).map(Number)];
	if (!/^[0-9a-f:]+$/.test(text) || !text.includes(':'))
		return null;
	const [head, tail] = text.split('::').map((half) => (half ? half.split(':') : []));
	const words = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
	return words.flatMap((w) => [parseInt(w, 16) >> 8, parseInt(w, 16) & 255]);
}

function textOf(bytes) {
	if (bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255')
		return bytes.slice(12).join('.');
	const words = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] << 8 | bytes[2 * i + 1]).toString(16));
	const zeros = words.join(':').match(/\b0(:0)+\b/g)?.reduce((a, b) => (b.length > a.length ? b : a));
	return zeros ? words.join(':').replace(new RegExp(`(^|:)${zeros}(:|$)`), '::') : words.join(':');
}

const latin = (bytes) => String.fromCharCode(...bytes);
const unlatin = (text) => [...text].map((c) => c.charCodeAt(0));

async function athena() {
	const duck = require('@duckdb/node-api');
	const { VARCHAR, BIGINT, BOOLEAN } = duck;
	const connection = await (await duck.DuckDBInstance.create(':memory:')).connect();
	const define = (name, parameters, returns, of) => connection.registerScalarFunction(duck.DuckDBScalarFunction.create({
		name, parameterTypes: parameters, returnType: returns, specialHandling: true,
		mainFunction: (info, input, output) => {
			for (let row = 0; row < input.rowCount; row++) {
				const values = parameters.map((_, i) => input.getColumnVector(i).getItem(row));
				output.setItem(row, values.includes(null) ? null : of(...values));
			}
			output.flush();
		} }));
	define('to_ip', [VARCHAR], VARCHAR, (x) => {
		if (x.length === 4 && !x.includes('.') && !x.includes(':'))
			return latin([...Array(10).fill(0), 255, 255]) + x;
		if (x.length === 16 && !/^[0-9a-f.:]+$/.test(x))
			return x;
		const bytes = bytesOf(x);
		return bytes ? latin(bytes) : null;
	});
	define('to_text', [VARCHAR], VARCHAR, (x) => (x.length === 16 && !/^[\x20-\x7e]+$/.test(x) ? textOf(unlatin(x)) : x));
	define('hex_bytes', [VARCHAR], VARCHAR, (x) => latin(x.match(/../g).map((h) => parseInt(h, 16))));
	define('regexp_like', [VARCHAR, VARCHAR], BOOLEAN, (x, re) => {
		const caseless = re.startsWith('(?i)');
		return new RegExp(caseless ? re.slice(4) : re, caseless ? 'i' : '').test(x);
	});
	const signed = (x) => x.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
	define('from_big_endian_32', [VARCHAR], BIGINT, (x) => BigInt.asIntN(32, signed(unlatin(x))));
	define('from_big_endian_64', [VARCHAR], BIGINT, (x) => BigInt.asIntN(64, signed(unlatin(x))));
	const big = (bytes) => (x) => latin(Array.from({ length: bytes }, (_, i) => Number(BigInt.asUintN(64, x) >> BigInt(8 * (bytes - 1 - i)) & 255n)));
	define('to_big_endian_32', [BIGINT], VARCHAR, big(4));
	define('to_big_endian_64', [BIGINT], VARCHAR, big(8));
	for (const macro of ['ip_bytes(x) as x', 'digits(x) as x::varchar', 'count_true(x) as count(case when x then 1 end)', 'bitwise_and(x, y) as x & y', 'to_unixtime(x) as epoch(x)',
		'date_format(x, y) as strftime(x, y)', 'sequence(x, y) as generate_series(x, y)'])
		await connection.run(`create macro ${macro}`);
	const types = fields.map((f) => `'${column(f)}': '${numbers.has(f) ? 'BIGINT' : 'VARCHAR'}'`);
	await connection.run(`create table vpc_flow_logs as select *, strftime(to_timestamp("end"), '%Y/%m/%d') as day
		from read_csv('${log}', delim = ' ', header = false, skip = 1, quote = '', nullstr = '${random(2) ? '-' : 'NULL'}', columns = {${types.join(', ')}}, ignore_errors = false)`
		.replace("nullstr = 'NULL'", "nullstr = '-', force_not_null = ['vpc_id']"));
	await connection.run("set timezone = 'UTC'");
	let parser;
	try {
		parser = new (require('dt-sql-parser').TrinoSQL)();
	} catch { }
	return async (sql) => {
		const faults = parser ? parser.validate(sql) : [];
		if (faults.length)
			throw new Error(`no Trino: ${JSON.stringify(faults[0])}`);
		return (await connection.runAndReadAll(translated(sql))).getRowObjectsJson();
	};
}

// ---- questions ----

const parts = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'action', 'interface-id', 'instance-id', 'vpc-id',
	'az-id', 'account-id', 'srcaddr/24', 'dstaddr/16/48', 'srcaddr/64', 'dst/9', 'pair', 'scope', 'src-scope', 'dst-scope',
	'traffic-path', 'flow-direction', 'subnet-id', 'service'];
const metrics = ['bytes', 'packets', 'flows', 'rejects', 'bytes/s', 'rejects/s', 'distinct:dstport', 'distinct:instance-id',
	'distinct:srcaddr', 'distinct:dstaddr/24', 'distinct:pair', 'distinct:vpc-id', 'distinct:scope', 'distinct:traffic-path'];
const filters = ['443', 'dport=443', 'dport!=443', 'not dport=443,22', 'reject', 'not accept', 'src=10.0.0.0/8', 'src!=10.0.0.0/8',
	'addr=fd00::/8', 'dst=::/0', 'src=10.0.1.1-10.0.2.200', 'vpc=vpc-1', 'vpc!=vpc-1', 'vpc=-', 'vpc!=-', 'vpc=*', 'instance=i-*',
	'not instance=i-*', 'subnet="subnet-\'2"', 'subnet=*2', 'eni~^ENI-0D', 'eni~^eni-0[ab]', 'eni!~0a', 'instance~.', 'vpc=*-', 'dport~^4',
	'traffic-path=-', 'traffic-path=8', 'not traffic-path=8', 'bytes>100k', 'bytes<=1k', 'bytes=*', 'bytes=-', 'packets=10-20', 'scope=internal',
	'scope=internet', 'not scope=internal', 'dst-scope=internet', 'scope=-', 'not (reject and dport=22)', '(reject or dport=22) and tcp', 'udp or icmp',
	'log-status=NODATA', 'not log-status=OK', 'service=443', '10.0.1.5', '10.0.1.5:443', `end>=${T0 + 600}`, `start<${T0 + 300}`, 'account=42',
	'account=000000000042', 'dport=1 and dport=2', 'dport=1-65535 or not dport=1-65535', 'not (dport=443 or not tcp)', 'az=EUW1-az1', 'pair=10.0.1.5',
	'eni~/a(?=.)|b/', 'instance~/i-(1|2)\\b/', 'eni~/\\x65ni-0c\\d{1,3}?$/', 'eni~/[[:digit:]]c/'];

// An hour of a series, whose first and last bin the window cuts as often as not.
function window() {
	const off = random(2) * random(60);
	return ['--since', T0 + off, '--until', T0 + 3600 - off];
}

function question() {
	const q = [], kind = random(10);
	if (random(3))
		q.push('-w', random(3) ? pick(filters) : `(${pick(filters)}) and not (${pick(filters)})`);
	if (kind === 0) {
		q.push('-v', 'timeline', ...window());
	} else if (kind === 1) {
		q.push('-g', `${pick(parts)},time`, '-m', pick(metrics.slice(0, 4)), '-n', 0, ...window());
	} else if (kind === 2) {
		q.push('-v', 'flows', '--sort', pick(['-bytes', 'bytes', 'srcaddr', '-vpc-id', '-packets', 'dstport', 'end']),
			'--columns', 'end,srcaddr,dstaddr,srcport,dstport,bytes,packets,vpc-id,service');
	} else {
		const group = [...new Set(Array.from({ length: 1 + random(3) }, () => pick(parts)))];
		q.push('-g', group.join(','), '-m', pick(metrics), '-n', pick([0, 1, 5, 20]));
		if (random(4) === 0 && !q.some((a) => `${a}`.startsWith('distinct:'))) { // sides of a mark, which data fill
			q.push('--mark', T0 + 900 + random(1800), '--since', T0 + 60, '--until', T0 + 3540, ...pick([[], ['--by-size']]));
			return q.map(String);
		}
	}
	if (kind > 1)
		q.push(...pick([[], [], ['--since', T0 + random(1800)], ['--until', T0 + 3600 - random(1800)],
			['--since', T0 + 900, '--until', T0 + 1800], ['-t', 1 + random(900)],
			['-t', 600, '--now', T0 + 2000]]));
	if (random(8) === 0)
		q.push('--internal', '8.8.8.0/24,2001:db8::/64');
	return q.map(String);
}

// ---- holding answers against each other ----

const names = { bytes: 'sum_bytes', packets: 'sum_packets', flows: 'flows', rejects: 'rejects' };
const seconds = (t) => (t == null ? null : typeof t === 'number' ? t : Date.parse(/[Z+]/.test(t.slice(11)) ? t.replace(' ', 'T').replace(/\+00$/, 'Z') : `${t.replace(' ', 'T')}Z`) / 1000);
const plain = (x) => (x == null ? null : Array.isArray(x) ? x.map((a) => a ?? '-').join(' <> ') : typeof x === 'string' && /^-?\d+$/.test(x) ? Number(x) : x);

function columnsOf(report, flows) {
	if (flows)
		return Object.keys(report.rows[0] ?? {}).filter((c) => c !== 'guess');
	return [...(report.group ?? ['time']), 'bytes', 'packets', 'flows', 'rejects',
		...(report.metric.startsWith('distinct:') ? ['distinct'] : []),
		...(report.mark ? ['before', 'after', 'before_per_s', 'after_per_s'] : [])];
}

function rowOf(row, columns, theirs, flows) {
	return columns.map((c) => {
		const name = !theirs ? c : c === 'distinct' ? 'distinct_values' : flows ? c.replace(/[-/]/g, '_') : names[c] ?? c.replace(/[-/]/g, '_');
		const value = c.endsWith('_per_s') ? Math.floor(row[name] * 1000 + 0.5) / 1000 : row[name];
		if (value === undefined)
			throw new Error(`no ${name} in ${JSON.stringify(row)}`);
		if (c === 'time')
			return seconds(value);
		return theirs && flows && (value === '-' || value === '') ? null : plain(value);
	});
}

function ours(q, flows) {
	const at = q.indexOf('-t'), now = q.indexOf('--now'), bound = [...q];
	if (at >= 0) { // the window of N seconds that ends with the newest record
		const newest = Math.max(...ends.filter((end) => now < 0 || end <= Number(q[now + 1])));
		bound.splice(at, 2, '--since', newest + 1 - Number(q[at + 1]), '--until', newest + 1);
	}
	const run = spawnSync(enitop, ['--no-config', '-b', '-o', 'json', ...bound.map(String), log], { encoding: 'utf8', maxBuffer: 1 << 28 });
	const report = JSON.parse(run.stdout);
	const columns = columnsOf(report, flows);
	return { columns, rows: report.rows.map((r) => rowOf(r, columns, false, flows)) };
}

const ask = await (engine === 'athena' ? athena() : clickhouse());
let same = 0, different = 0, refused = 0;
for (let i = 0; i < Number(questions); i++) {
	const q = question(), flows = q[q.indexOf('-v') + 1] === 'flows', series = q.includes('timeline') || q.some((a) => a.endsWith(',time'));
	const printed = spawnSync(enitop, ['--no-config', '--print-sql', engine, ...q], { encoding: 'utf8' });
	if (printed.status) {
		refused++;
		console.log(`# refused: ${q.join(' ')}: ${printed.stderr.trim()}`);
		continue;
	}
	let fault = '';
	try {
		const want = ours(q, flows);
		// Athena's clock is that of today, and the log's days are not: the clock is the log's.
		const sql = printed.stdout.replaceAll('to_unixtime(now())', `${T0 + 3600}.0`);
		let have = (await ask(sql)).map((r) => rowOf(r, want.columns, true, flows));
		let rows = want.rows;
		if (series) { // a report has the empty bins too
			const at = want.columns.indexOf('time'), full = (r) => r.slice(at + 1).some((x) => x);
			rows = rows.filter(full);
			have = have.filter(full);
		}
		const text = (list) => list.map((r) => JSON.stringify(r));
		// Equal values of a sort stand in the order in which they came, which no table has.
		const a = flows ? text(rows).sort() : text(rows), b = flows ? text(have).sort() : text(have);
		for (let r = 0; r < Math.max(a.length, b.length) && !fault; r++)
			if (a[r] !== b[r])
				fault = `row ${r} of ${a.length}, ${b.length}\n#   want ${a[r]}\n#   have ${b[r]}`;
	} catch (e) {
		fault = String(e.message).split('\n').slice(0, 4).join(' ');
	}
	if (fault) {
		different++;
		console.log(`# ${q.map((a) => `'${a.replaceAll("'", "'\\''")}'`).join(' ')}\n# ${fault}`);
		if (process.env.SQL_SHOW)
			console.log(printed.stdout);
	} else {
		same++;
	}
}
console.log(`${same} same, ${different} different, ${refused} refused`);
process.exit(different ? 1 : 0);
