/* sql.h - the same question for the engines that hold the logs: Athena over S3, CloudWatch
 * Logs Insights, ClickHouse. What an engine can't say is refused, never said wrongly. */
#ifndef ENITOP_SQL_H
#define ENITOP_SQL_H

#include "query/result.h"

enum sql_engine { SQL_ATHENA, SQL_INSIGHTS, SQL_CLICKHOUSE, SQL_ENGINES };

const char *sql_engine_name(enum sql_engine e); /* "athena" */
int sql_engine_find(struct str name);           /* -1: none */

struct sql_query {
	enum view_kind view;
	struct group group; /* of talkers and rejects */
	enum metric metric;
	struct group distinct; /* of METRIC_DISTINCT: the part whose values are counted */
	uint32_t limit; /* 0: all */
	const struct filter *filter;
	int64_t since_s, until_s; /* INT64_MIN, INT64_MAX: no limit */
	int64_t window_s;         /* the last seconds before the engine's now; 0: all */
};

/* Adds the query, a line end behind it. The table is `vpc_flow_logs`, its columns are named
 * as in AWS's Parquet files; Insights takes the fields that it discovers in the default
 * format. 0, or -ENOTSUP with what can't be said in `error`. */
int sql_print(enum sql_engine e, const struct sql_query *q, struct buf *out, char *error,
	      size_t size);

#endif
