/* sql.h - the same question for the engines that hold the logs: Athena over S3, CloudWatch
 * Logs Insights, ClickHouse. What an engine can't say is refused, never said wrongly. */
#ifndef ENITOP_SQL_H
#define ENITOP_SQL_H

#include "query/query.h"

enum sql_engine { SQL_ATHENA, SQL_INSIGHTS, SQL_CLICKHOUSE, SQL_ENGINES };

const char *sql_engine_name(enum sql_engine e); /* "athena" */
int sql_engine_find(struct str name);           /* -1: none */

/* Adds the query, a line end behind it. The table is `vpc_flow_logs`, its columns are named
 * as in AWS's Parquet files; Insights takes the fields that it discovers in the default
 * format. 0, or -ENOTSUP with what can't be said in `error`. */
int sql_print(enum sql_engine e, const struct query *q, struct buf *out, char *error, size_t size);

#endif
