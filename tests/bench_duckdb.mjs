// The top ten sources by bytes, as one would ask DuckDB: CSV reader told all it can use.
import { DuckDBInstance } from '@duckdb/node-api';
const db = await (await DuckDBInstance.create(':memory:')).connect();
const names = ['version', 'account_id', 'interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport',
	'protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log_status'];
const columns = names.map(n => `'${n}': 'VARCHAR'`).join(', ').replace("'bytes': 'VARCHAR'", "'bytes': 'BIGINT'");
const result = await db.runAndReadAll(`
	SELECT srcaddr, sum(bytes) AS b FROM read_csv('${process.argv[2]}', delim = ' ', header = false,
	quote = '', escape = '', nullstr = '-', auto_detect = false, columns = {${columns}})
	WHERE log_status = 'OK' GROUP BY srcaddr ORDER BY b DESC LIMIT 10`);
for (const [address, bytes] of result.getRows()) console.log(`${address},${bytes}`);
