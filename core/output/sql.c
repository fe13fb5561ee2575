/* sql.c - see sql.h. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "output/sql_private.h"

#define TIMELINE_BIN_S 60

static const char *const engine_names[SQL_ENGINES] = { "athena", "insights", "clickhouse" };

const char *sql_engine_name(enum sql_engine e)
{
	return engine_names[e];
}

int sql_engine_find(struct str name)
{
	for (int e = 0; e < SQL_ENGINES; e++)
		if (str_equal_loose(name, str_of(engine_names[e])))
			return e;
	return -1;
}

void sql_refuse(struct sql *s, const char *format, ...)
{
	va_list ap;

	if (s->error[0])
		return;
	va_start(ap, format);
	vsnprintf(s->error, s->size, format, ap);
	va_end(ap);
}

/* ---- names and literals ---- */

void sql_text(struct sql *s, struct str text)
{
	/* Athena doubles its quotes and knows no backslash; the others escape. */
	char quote = s->engine == SQL_INSIGHTS ? '"' : '\'';

	buf_putc(s->out, quote);
	for (size_t i = 0; i < text.n; i++) {
		if (s->engine == SQL_ATHENA && text.s[i] == quote)
			buf_putc(s->out, quote);
		else if (s->engine != SQL_ATHENA && (text.s[i] == quote || text.s[i] == '\\'))
			buf_putc(s->out, '\\');
		buf_putc(s->out, text.s[i]);
	}
	buf_putc(s->out, quote);
}

/* What Logs Insights finds in a record of the default format by itself. */
static const char *discovered(int field)
{
	static const struct {
		int field;
		const char *name;
	} names[] = {
		{ FIELD_VERSION, "version" },
		{ FIELD_ACCOUNT_ID, "accountId" },
		{ FIELD_INTERFACE_ID, "interfaceId" },
		{ FIELD_SRCADDR, "srcAddr" },
		{ FIELD_DSTADDR, "dstAddr" },
		{ FIELD_SRCPORT, "srcPort" },
		{ FIELD_DSTPORT, "dstPort" },
		{ FIELD_PROTOCOL, "protocol" },
		{ FIELD_PACKETS, "packets" },
		{ FIELD_BYTES, "bytes" },
		{ FIELD_START, "startTime" },
		{ FIELD_END, "endTime" },
		{ FIELD_ACTION, "action" },
		{ FIELD_LOG_STATUS, "logStatus" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].field == field)
			return names[i].name;
	return NULL;
}

/* client, server and service: the side with the lower port serves. */
static void oriented(struct sql *s, int field)
{
	s->guesses = true;
	if (s->engine == SQL_INSIGHTS && field == FIELD_SERVICE)
		buf_puts(s->out, "least(srcPort, dstPort)");
	else if (s->engine == SQL_INSIGHTS)
		sql_refuse(s, "insights has no '%s': use srcaddr, dstaddr", field_name(field));
	else if (field == FIELD_SERVICE)
		buf_puts(s->out, "least(srcport, dstport)");
	else
		buf_printf(s->out, "if(srcport < dstport, %s)",
			   field == FIELD_CLIENT ? "dstaddr, srcaddr" : "srcaddr, dstaddr");
}

void sql_field(struct sql *s, int field)
{
	const char *name = field < FIELDS_PUBLISHED ? discovered(field) : NULL;

	if (field == FIELD_CLIENT || field == FIELD_SERVER || field == FIELD_SERVICE) {
		oriented(s, field);
	} else if (field < 0 || field >= FIELDS_PUBLISHED) {
		sql_refuse(s, "'%s' is known to enitop alone", field_name(field));
	} else if (s->engine == SQL_INSIGHTS) {
		if (!name)
			sql_refuse(
				s,
				"insights discovers the fields of the default format only, not '%s'",
				field_name(field));
		else
			buf_puts(s->out, name);
	} else {
		/* "end" is a word of the language. */
		const char *quote = field == FIELD_START || field == FIELD_END ? "\"" : "";
		buf_puts(s->out, quote);
		for (name = field_name(field); *name; name++)
			buf_putc(s->out, *name == '-' ? '_' : *name);
		buf_puts(s->out, quote);
	}
}

/* ---- what is counted ---- */

static void lost_sum(struct sql *s)
{
	static const int fields[] = { FIELD_PACKETS_LOST_NO_ROUTE, FIELD_PACKETS_LOST_BLACKHOLE,
				      FIELD_PACKETS_LOST_MTU_EXCEEDED,
				      FIELD_PACKETS_LOST_TTL_EXPIRED };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		buf_puts(s->out, i ? " + coalesce(sum(" : "coalesce(sum(");
		sql_field(s, fields[i]);
		buf_puts(s->out, "), 0)");
	}
}

static const char *rejects_of(enum sql_engine e)
{
	return e == SQL_ATHENA     ? "count_if(action = 'REJECT')"
	       : e == SQL_INSIGHTS ? "sum(strcontains(action, \"REJECT\"))"
				   : "countIf(action = 'REJECT')";
}

static void distinct(struct sql *s, const struct group *of)
{
	static const char *const before[SQL_ENGINES] = { "count(distinct ", "count_distinct(",
							 "uniqExact(" };

	if (of->bits[0][0] || of->bits[0][1])
		sql_refuse(s, "networks of addresses can't be counted there");
	buf_puts(s->out, before[s->engine]);
	sql_field(s, of->field[0]);
	buf_putc(s->out, ')');
}

static void counts(struct sql *s, const struct query *q, const char *between)
{
	buf_printf(
		s->out,
		"sum(bytes) as sum_bytes%ssum(packets) as sum_packets%scount(*) as flows%s%s as rejects",
		between, between, between, rejects_of(s->engine));
	if (q->metric == METRIC_LOST) {
		buf_puts(s->out, between);
		lost_sum(s);
		buf_puts(s->out, " as lost");
	} else if (q->metric == METRIC_DISTINCT) {
		buf_puts(s->out, between);
		distinct(s, &q->distinct);
		buf_puts(s->out, " as distinct_values");
	}
}

/* A rate ranks as its sum does. */
static const char *order_by(const struct query *q)
{
	enum metric m = metric_base(q->metric);

	return q->metric == METRIC_DISTINCT ? "distinct_values"
	       : m == METRIC_BYTES          ? "sum_bytes"
	       : m == METRIC_PACKETS        ? "sum_packets"
					    : metric_name(m);
}

/* ---- which records ---- */

static void and_if(struct sql *s, bool *first)
{
	buf_puts(s->out, s->engine == SQL_INSIGHTS ? "\n| filter "
			 : *first                  ? "\nwhere "
						   : "\n  and ");
	*first = false;
}

static void time_limit(struct sql *s, const char *op, int64_t t, bool *first)
{
	and_if(s, first);
	sql_field(s, FIELD_END);
	buf_printf(s->out, " %s %" PRId64, op, t);
}

static void conditions(struct sql *s, const struct query *q)
{
	bool first = true;

	if (q->filter && !filter_is_all(q->filter)) {
		and_if(s, &first);
		sql_where(s, q->filter->said);
	}
	if (!q->filter || !q->filter->names_status) {
		and_if(s, &first);
		sql_field(s, FIELD_LOG_STATUS);
		buf_puts(s->out, s->engine == SQL_INSIGHTS ? " = \"OK\"" : " = 'OK'");
	}
	if (q->span.from != INT64_MIN)
		time_limit(s, ">=", q->span.from, &first);
	if (q->span.to != INT64_MAX)
		time_limit(s, "<", q->span.to, &first);
	if (q->window_s && s->engine != SQL_INSIGHTS) {
		and_if(s, &first);
		sql_field(s, FIELD_END);
		buf_printf(s->out, " >= %s - %" PRId64,
			   s->engine == SQL_ATHENA ? "to_unixtime(now())"
						   : "toUnixTimestamp(now())",
			   q->window_s);
	}
}

/* ---- the key ---- */

static void key_part(struct sql *s, const struct query *q, unsigned p)
{
	if (q->rows != ROWS_TIMELINE) {
		if (q->group.bits[p][0] || q->group.bits[p][1])
			sql_refuse(s, "networks of addresses can't be grouped by there");
		sql_field(s, q->group.field[p]);
	} else if (s->engine == SQL_ATHENA) {
		buf_printf(s->out, "from_unixtime(\"end\" - \"end\" %% %d)", TIMELINE_BIN_S);
	} else if (s->engine == SQL_CLICKHOUSE) {
		buf_printf(s->out, "toDateTime(\"end\" - \"end\" %% %d, 'UTC')", TIMELINE_BIN_S);
	} else {
		buf_puts(s->out, "bin(1m)");
	}
}

/* NULL: the column's own. */
static const char *key_name(const struct query *q, unsigned p)
{
	int field = q->group.field[p];

	return q->rows == ROWS_TIMELINE    ? "time"
	       : field >= FIELDS_PUBLISHED ? field_name(field)
					   : NULL;
}

/* ---- the statements ---- */

static void order_and_limit(struct sql *s, const struct query *q)
{
	const char *pipe = s->engine == SQL_INSIGHTS ? "\n| sort " : "\norder by ";

	if (q->rows == ROWS_TIMELINE)
		buf_printf(s->out, "%s%s asc", pipe, s->engine == SQL_INSIGHTS ? "time" : "1");
	else
		buf_printf(s->out, "%s%s desc", pipe, order_by(q));
	if (q->limit && q->rows != ROWS_TIMELINE)
		buf_printf(s->out, "%slimit %" PRIu32, s->engine == SQL_INSIGHTS ? "\n| " : "\n",
			   q->limit);
	else if (s->engine == SQL_INSIGHTS)
		buf_puts(s->out, "\n| limit 10000");
}

/* Only what was refused, lost something, or has a value is ranked by that. */
static void having(struct sql *s, const struct query *q)
{
	if (q->rows == ROWS_TIMELINE)
		return;
	if (metric_base(q->metric) == METRIC_REJECTS) {
		buf_printf(s->out, "\nhaving %s > 0", rejects_of(s->engine));
	} else if (q->metric == METRIC_LOST || q->metric == METRIC_DISTINCT) {
		buf_puts(s->out, "\nhaving ");
		if (q->metric == METRIC_LOST)
			lost_sum(s);
		else
			distinct(s, &q->distinct);
		buf_puts(s->out, " > 0");
	}
}

static void grouped_sql(struct sql *s, const struct query *q)
{
	unsigned n = q->group.n;

	buf_puts(s->out, "select ");
	for (unsigned p = 0; p < n; p++) {
		key_part(s, q, p);
		if (key_name(q, p))
			buf_printf(s->out, " as %s", key_name(q, p));
		buf_puts(s->out, ",\n  ");
	}
	counts(s, q, ",\n  ");
	buf_puts(s->out, "\nfrom vpc_flow_logs");
	conditions(s, q);
	for (unsigned p = 0; p < n; p++)
		buf_printf(s->out, "%s%u", p ? ", " : "\ngroup by ", p + 1);
	having(s, q);
	order_and_limit(s, q);
}

static void grouped_insights(struct sql *s, const struct query *q)
{
	unsigned n = q->group.n;

	buf_puts(s->out, "fields @timestamp");
	conditions(s, q);
	buf_puts(s->out, "\n| stats ");
	counts(s, q, ", ");
	for (unsigned p = 0; p < n; p++) {
		buf_puts(s->out, p ? ", " : " by ");
		key_part(s, q, p);
		if (key_name(q, p))
			buf_printf(s->out, " as %s", key_name(q, p));
	}
	if (metric_base(q->metric) == METRIC_REJECTS && q->rows != ROWS_TIMELINE)
		buf_puts(s->out, "\n| filter rejects > 0");
	order_and_limit(s, q);
}

static void flows(struct sql *s, const struct query *q)
{
	bool insights = s->engine == SQL_INSIGHTS;

	buf_puts(s->out, insights ? "fields @timestamp, @message" : "select *\nfrom vpc_flow_logs");
	conditions(s, q);
	buf_puts(s->out, insights ? "\n| sort @timestamp desc" : "\norder by \"end\" desc");
	if (q->limit || insights)
		buf_printf(s->out, "%slimit %" PRIu32, insights ? "\n| " : "\n",
			   q->limit ? q->limit : 10000);
}

int sql_print(enum sql_engine e, const struct query *q, struct buf *out, char *error, size_t size)
{
	struct buf text = { 0 };
	struct sql s = { .engine = e, .out = &text, .error = error, .size = size };
	const char *comment = e == SQL_INSIGHTS ? "#" : "--";

	error[0] = '\0';
	if (q->rows == ROWS_RECORDS)
		flows(&s, q);
	else if (e == SQL_INSIGHTS)
		grouped_insights(&s, q);
	else
		grouped_sql(&s, q);
	if (!error[0]) {
		if (s.guesses)
			buf_printf(
				out,
				"%s the lower port serves here; enitop looks at TCP flags and known ports too\n",
				comment);
		if (s.packets_apart)
			buf_printf(
				out,
				"%s any side: srcaddr and dstaddr, not pkt-srcaddr and pkt-dstaddr\n",
				comment);
		if (e == SQL_INSIGHTS && q->window_s)
			buf_printf(out,
				   "%s choose the last %" PRId64
				   " seconds as the query's time range\n",
				   comment, q->window_s);
		buf_add_str(out, buf_str(&text));
		buf_puts(out, e == SQL_INSIGHTS ? "\n" : ";\n");
	}
	buf_release(&text);
	return error[0] ? -ENOTSUP : 0;
}
