// The question of row 1 as one would ask DuckDB: its CSV reader told all that it can use. The
// answer goes to standard output; to standard error the seconds from an empty database to the
// rows, without what it takes to start node.
import { DuckDBInstance } from '@duckdb/node-api';
const begin = performance.now();
const db = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const names = ['version', 'account_id', 'interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport',
	'protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log_status'];
const columns = names.map(n => `'${n}': '${n === 'bytes' ? 'BIGINT' : 'VARCHAR'}'`).join(', ');
const result = await db.runAndReadAll(`
	SELECT srcaddr, sum(bytes) AS b FROM read_csv('${process.argv[2]}', delim = ' ', header = false,
	quote = '', escape = '', nullstr = '-', auto_detect = false, columns = {${columns}})
	WHERE log_status = 'OK' GROUP BY srcaddr ORDER BY b DESC LIMIT 10`);
const rows = result.getRows();
console.error(((performance.now() - begin) / 1000).toFixed(4));
for (const [address, bytes] of rows) console.log(`${address},${bytes}`);
