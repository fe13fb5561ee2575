/* sql_phrase.h - how each engine says what a statement is made of: one table, a row a phrase.
 * Private to sql*.c. */
#ifndef ENITOP_SQL_PHRASE_H
#define ENITOP_SQL_PHRASE_H

#include "output/sql.h"

/* X(id, what it is, Athena, Insights, ClickHouse): $1, $2, ... are what it is about. NULL: the
 * engine can't say it. A value that a record lacks is NULL, '' or '-' in columns of text and
 * NULL in those of numbers; a comparison with NULL is neither true nor false. Athena's functions
 * are Trino's; ClickHouse has neither `true` nor `false`, nor numbers for parts of a key, before
 * 22.7. */
/* clang-format off */
#define SQL_PHRASES(X) \
	X(VALUE, "", "nullif(nullif($1, ''), '-')", "$1", "nullIf(nullIf($1, ''), '-')") \
	X(PRESENT, "", "$1 is not null", "ispresent($1) and $1 != \"-\"", "$1 is not null") \
	X(PRESENT_TEXT, "", "$1 is not null and $1 not in ('', '-')", \
	  "ispresent($1) and $1 != \"-\"", "$1 is not null and $1 not in ('', '-')") \
	X(ABSENT, "", "$1 is null", "(not ispresent($1) or $1 = \"-\")", "$1 is null") \
	X(ABSENT_TEXT, "", "($1 is null or $1 in ('', '-'))", \
	  "(not ispresent($1) or $1 = \"-\")", "($1 is null or $1 in ('', '-'))") \
	X(LOWER, "", "lower($1)", "tolower($1)", "lower($1)") \
	X(BETWEEN, "", "$1 between $2 and $3", "$1 >= $2 and $1 <= $3", "$1 between $2 and $3") \
	X(LIST, "", "$1 in ($2)", "$1 in [$2]", "$1 in ($2)") \
	X(BITS, "which bits of a number are set", \
	  "bitwise_and($1, $2) = $2", NULL, "bitAnd($1, $2) = $2") \
	X(MATCHES, "", "regexp_like($1, $2)", "$1 like $2", "match($1, $2)") \
	X(DIGITS, "", "cast($1 as varchar)", "$1", "toString($1)") \
	X(NEVER, "", "false", "not ispresent(@timestamp)", "0") \
	X(BE_TRUE, "", "coalesce($1, false)", "$1", "coalesce($1, 0)") \
	X(IF, "one of two values", "if($1, $2, $3)", NULL, "if($1, $2, $3)") \
	X(NO_STATUS, "", "coalesce($1, '') not in ('NODATA', 'SKIPDATA')", \
	  "$1 != \"NODATA\" and $1 != \"SKIPDATA\"", \
	  "coalesce($1, '') not in ('NODATA', 'SKIPDATA')") \
	\
	X(ADDRESS, "an order of addresses", \
	  "try_cast($1 as ipaddress)", NULL, "toIPv6OrNull($1)") \
	X(ADDRESS_IS, "an order of addresses", "ipaddress $1", NULL, "toIPv6($1)") \
	X(IN_IPV4, "", NULL, "isIpv4InSubnet($1, $2)", NULL) \
	X(IN_IPV6, "", NULL, "isIpv6InSubnet($1, $2)", NULL) \
	/* of the addresses $1 and $2, $3 and $4 as such: what is absent comes first */ \
	X(PAIR, "pairs of addresses", \
	  "nullif(if(coalesce($3 <= $4, $3 is null),\n" \
	  "    concat(coalesce(nullif($1, ''), '-'), ' <> ', coalesce(nullif($2, ''), '-')),\n" \
	  "    concat(coalesce(nullif($2, ''), '-'), ' <> ', coalesce(nullif($1, ''), '-'))),\n" \
	  "    '- <> -')", NULL, \
	  "nullIf(if(coalesce($3 <= $4, $3 is null),\n" \
	  "    concat(coalesce(nullIf($1, ''), '-'), ' <> ', coalesce(nullIf($2, ''), '-')),\n" \
	  "    concat(coalesce(nullIf($2, ''), '-'), ' <> ', coalesce(nullIf($1, ''), '-'))),\n" \
	  "    '- <> -')") \
	X(PART, "pairs of addresses", "split_part($1, $2, $3)", NULL, \
	  "splitByString($2, coalesce($1, ''))[$3]") \
	X(BYTES, "networks of addresses as keys", "cast($1 as varbinary)", NULL, "$1") \
	X(IS_IPV4, "networks of addresses as keys", \
	  "substr($1, 1, 12) = x'00000000000000000000ffff'", NULL, "isIPv4String($1)") \
	/* of the bytes $1 by the masks $2 (and $3); ClickHouse: of the text $1, of $2 bits */ \
	X(NET_IPV4, "networks of addresses as keys", \
	  "cast(cast(to_big_endian_32(cast(bitwise_and(" \
	  "from_big_endian_32(substr($1, 13, 4)), $2) as integer)) as ipaddress) as varchar)", \
	  NULL, "toString(tupleElement(IPv4CIDRToRange(toIPv4OrDefault(coalesce($1, '')), $2), 1))") \
	X(NET_IPV6, "networks of addresses as keys", \
	  "cast(cast(concat(to_big_endian_64(bitwise_and(from_big_endian_64(substr($1, 1, 8)), $2)), " \
	  "to_big_endian_64(bitwise_and(from_big_endian_64(substr($1, 9, 8)), $3))) as ipaddress) " \
	  "as varchar)", \
	  NULL, "toString(tupleElement(IPv6CIDRToRange(toIPv6OrDefault(coalesce($1, '')), $2), 1))") \
	\
	X(SUM, "", "coalesce(sum($1), 0)", "sum($1)", "coalesce(sum($1), 0)") \
	X(COUNT_IF, "", "count_if($1)", "sum($1)", "countIf($1)") \
	X(REFUSED, "", "action = 'REJECT'", "strcontains(action, \"REJECT\")", \
	  "action = 'REJECT'") \
	X(DISTINCT, "", "count(distinct $1)", "count_distinct($1)", "uniqExact($1)") \
	\
	X(TIME, "", "from_unixtime($1)", "fromMillis($1 * 1000)", "toDateTime($1, 'UTC')") \
	X(QUOTIENT, "", "$1 / $2", "floor($1 / $2)", "intDiv($1, $2)") \
	X(CLOCK, "the clock", "to_unixtime(now())", NULL, "toUnixTimestamp(now())") \
	X(DAY, "", "date_format(from_unixtime($1), '%Y/%m/%d')", NULL, NULL) \
	/* records once for each bin that they run in */ \
	X(BINS, "", "cross join unnest(sequence(began / $1, \"end\" / $1)) as bins (bin)", NULL, \
	  "array join range(toUInt64(intDiv(coalesce(began, 0), $1)), " \
	  "toUInt64(intDiv(coalesce(\"end\", 0), $1)) + 1) as bin")
/* clang-format on */

enum sql_phrase {
#define X(id, what, athena, insights, clickhouse) SQL_##id,
	SQL_PHRASES(X)
#undef X
};

/* A statement while it is put together. Texts of it live as long as it does. */
struct sql {
	enum sql_engine engine;
	const struct sql_question *ask;
	char *error; /* the first thing that can't be said; empty: none */
	size_t size;
	struct buf derived; /* parts of keys that an inner statement names: ", EXPR as NAME" */
	struct buf notes;   /* comments: in what the answer differs from a report's */
	char **text;        /* all that were made */
	size_t texts, cap;
};

void sql_release(struct sql *s);

/* The text that the engine says a phrase with; "" and refused where it can't. */
const char *sql_say(struct sql *s, enum sql_phrase p, ...);
bool sql_can(const struct sql *s, enum sql_phrase p);
/* Any text. */
const char *sql_format(struct sql *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* What stands in a buffer, which is released. */
const char *sql_take(struct sql *s, struct buf *b);
/* A literal. */
const char *sql_text(struct sql *s, struct str text);

/* Notes what can't be said, */
void sql_refuse(struct sql *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* and what is said otherwise; once. */
void sql_note(struct sql *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
