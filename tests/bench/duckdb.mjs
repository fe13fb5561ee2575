// The question of row 1 as one would ask DuckDB: its CSV reader told all that it can use; or, with
// "talkers" behind the file, that of row 18, told as tests/bench/talkers.awk tells it. The
// answer goes to standard output; to standard error the seconds from an empty database to the
// rows, without what it takes to start node.
import { DuckDBInstance } from '@duckdb/node-api';
const begin = performance.now();
const db = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const names = ['version', 'account_id', 'interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport',
	'protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log_status'];
const talkers = process.argv[3] === 'talkers';
const numbers = talkers ? ['bytes', 'srcport', 'dstport'] : ['bytes'];
const columns = names.map(n => `'${n}': '${numbers.includes(n) ? 'BIGINT' : 'VARCHAR'}'`).join(', ');
const sides = (one, other) => `if(dstport < 1024, ${one}, ${other})`;
const keys = talkers ? [sides('srcaddr', 'dstaddr'), sides('dstaddr', 'srcaddr'),
	sides('dstport', 'srcport')].join(', ') : 'srcaddr';
const result = await db.runAndReadAll(`
	SELECT ${keys}, sum(bytes) AS b FROM read_csv('${process.argv[2]}', delim = ' ', header = false,
	quote = '', escape = '', nullstr = '-', auto_detect = false, columns = {${columns}})
	WHERE log_status = 'OK' GROUP BY ${keys} ORDER BY b DESC LIMIT ${talkers ? 20 : 10}`);
const rows = result.getRows();
console.error(((performance.now() - begin) / 1000).toFixed(4));
for (const row of rows) console.log(row.join(','));
