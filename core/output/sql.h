/* sql.h - the same question for the engines that hold the logs: Athena over S3, CloudWatch
 * Logs Insights, ClickHouse. What an engine can't say is refused, never said wrongly; where
 * its answer differs from a report, a comment before the statement says so. */
#ifndef ENITOP_SQL_H
#define ENITOP_SQL_H

#include "query/query.h"
#include "store/flow_columns.h"

enum sql_engine { SQL_ATHENA, SQL_INSIGHTS, SQL_CLICKHOUSE, SQL_ENGINES };

const char *sql_engine_name(enum sql_engine e); /* "athena" */
int sql_engine_find(struct str name);           /* -1: none */

#define SQL_INTERNAL_MAX 32

/* A server that answers in the program's own name, so that what it is asked has to mean exactly what
 * a report means: it is refused what a printed statement has a comment for. */
struct sql_server {
	const char *table;    /* "db.table", checked before */
	struct field_set has; /* its columns */
	bool sides;           /* it has those of export_load.h that say which side serves */
	bool elder;           /* ClickHouse before toIPv6OrNull() */
};

/* What is asked, and what a query does not hold. Nothing in it is owned. */
struct sql_question {
	const struct query *query;
	const struct flow_columns *columns; /* of records; NULL or none: all that there are */
	int64_t now_s; /* no record is newer, epoch s; INT64_MIN: the engine's clock */
	/* Networks that are internal besides the private ones, commas apart, as they were
	 * checked before. */
	const char *internal[SQL_INTERNAL_MAX];
	unsigned internals;
	const char *note; /* what else is to be said of it, before it; NULL: nothing */
	const struct sql_server *server; /* that is asked; NULL: the statement is printed */
};

/* Adds the statement, a line end behind it. The table is `vpc_flow_logs`, its columns are named
 * as in AWS's Parquet files (enitop(1) has the tables that are meant); Insights takes the fields
 * that it discovers in the default format. 0, or -ENOTSUP with what can't be said in `error`. */
int sql_print(enum sql_engine e, const struct sql_question *q, struct buf *out, char *error,
	      size_t size);

#endif
