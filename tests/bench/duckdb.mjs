// The question of row 1 as one would ask DuckDB: its CSV reader told all that it can use; or, with
// "talkers" behind the file, that of row 18, told as tests/bench/talkers.awk tells it. The
// answer goes to standard output; to standard error the seconds from an empty database to the
// rows, without what it takes to start node. A file of Parquet is told by its name. With "gzip" or
// "snappy" and a name behind the file it is written there as Parquet, of the types that AWS has.
import { DuckDBInstance } from '@duckdb/node-api';
const begin = performance.now();
const db = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const names = ['version', 'account_id', 'interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport',
	'protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log_status'];
const file = process.argv[2], parquet = file.endsWith('.parquet');
const read = columns => parquet ? `read_parquet('${file}')` : `read_csv('${file}', delim = ' ',
	header = false, quote = '', escape = '', nullstr = '-', auto_detect = false,
	columns = {${names.map(n => `'${n}': '${columns(n)}'`).join(', ')}})`;
if (process.argv[4]) {
	const texts = ['account_id', 'interface_id', 'srcaddr', 'dstaddr', 'action', 'log_status'];
	const narrow = ['version', 'srcport', 'dstport', 'protocol'];
	await db.run(`COPY (SELECT * FROM ${read(n => texts.includes(n) ? 'VARCHAR' :
		narrow.includes(n) ? 'INTEGER' : 'BIGINT')}) TO '${process.argv[4]}'
		(FORMAT PARQUET, COMPRESSION '${process.argv[3]}')`);
	process.exit();
}
const talkers = process.argv[3] === 'talkers';
const numbers = talkers ? ['bytes', 'srcport', 'dstport'] : ['bytes'];
const sides = (one, other) => `if(dstport < 1024, ${one}, ${other})`;
const keys = talkers ? [sides('srcaddr', 'dstaddr'), sides('dstaddr', 'srcaddr'),
	sides('dstport', 'srcport')].join(', ') : 'srcaddr';
const result = await db.runAndReadAll(`
	SELECT ${keys}, sum(bytes) AS b FROM ${read(n => numbers.includes(n) ? 'BIGINT' : 'VARCHAR')}
	WHERE log_status = 'OK' GROUP BY ${keys} ORDER BY b DESC LIMIT ${talkers ? 20 : 10}`);
const rows = result.getRows();
console.error(((performance.now() - begin) / 1000).toFixed(4));
for (const row of rows) console.log(row.join(','));
