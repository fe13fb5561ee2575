/* query_group.c - groups and metrics as text and back: see query.h. */
#include <errno.h>
#include <string.h>

#include "labels/label_field.h"
#include "query/query.h"

/* ---- metrics ---- */

struct metric_row {
	const char *name;
	enum metric base;
	unsigned rate; /* what it has of a unit of its base; 0: it is no rate */
};

static const struct metric_row metrics[METRICS] = {
	[METRIC_BYTES] = { "bytes", METRIC_BYTES, 0 },
	[METRIC_PACKETS] = { "packets", METRIC_PACKETS, 0 },
	[METRIC_FLOWS] = { "flows", METRIC_FLOWS, 0 },
	[METRIC_REJECTS] = { "rejects", METRIC_REJECTS, 0 },
	[METRIC_LOST] = { "lost", METRIC_LOST, 0 },
	[METRIC_COST] = { "cost", METRIC_COST, 0 },
	[METRIC_BYTES_RATE] = { "bytes/s", METRIC_BYTES, 1 },
	[METRIC_BITS_RATE] = { "bits/s", METRIC_BYTES, 8 },
	[METRIC_PACKETS_RATE] = { "packets/s", METRIC_PACKETS, 1 },
	[METRIC_FLOWS_RATE] = { "flows/s", METRIC_FLOWS, 1 },
	[METRIC_REJECTS_RATE] = { "rejects/s", METRIC_REJECTS, 1 },
	[METRIC_DISTINCT] = { "distinct", METRIC_FLOWS, 0 },
};

const char *metric_name(enum metric m)
{
	return metrics[m].name;
}

bool metric_is_rate(enum metric m)
{
	return metrics[m].rate > 0;
}

unsigned metric_scale(enum metric m)
{
	return metrics[m].rate ? metrics[m].rate : 1;
}

bool metric_wants_some(enum metric m)
{
	return metric_base(m) == METRIC_REJECTS || m == METRIC_LOST || m == METRIC_COST ||
	       m == METRIC_DISTINCT;
}

enum metric metric_base(enum metric m)
{
	return metrics[m].base;
}

int metric_find(struct str name)
{
	for (int m = 0; m < METRIC_DISTINCT; m++)
		if (str_equal_loose(name, str_of(metrics[m].name)))
			return m;
	return -1;
}

static bool cut_prefix(struct str *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->n < n || !str_equal_loose((struct str){ s->s, n }, str_of(prefix)))
		return false;
	s->s += n;
	s->n -= n;
	return true;
}

int metric_parse(struct str text, enum metric *m, struct group *distinct, struct str *bad)
{
	struct str part = str_trim(text);
	int found = metric_find(part), rc;

	*bad = part;
	*distinct = (struct group){ .n = 0 };
	if (found >= 0) {
		*m = (enum metric)found;
		return 0;
	}
	if (!cut_prefix(&part, "distinct:"))
		return -ENOENT;
	rc = group_parse(part, distinct, bad);
	if (rc == 0 && (distinct->n > 1 || distinct->field[0] == FIELD_BIN)) {
		*bad = part;
		rc = distinct->n > 1 ? -E2BIG : -EDOM;
	}
	*m = METRIC_DISTINCT;
	return rc;
}

void metric_title(enum metric m, const struct group *distinct, struct buf *out)
{
	buf_puts(out, metric_name(m));
	if (m == METRIC_DISTINCT && distinct->n) {
		buf_putc(out, ':');
		group_part_name(distinct, 0, out);
	}
}

/* ---- groups ---- */

/* "24", "64" or "24/56" of an address field. */
static int parse_bits(struct str text, uint8_t bits[2])
{
	const char *slash = memchr(text.s, '/', text.n);
	struct str first = { text.s, slash ? (size_t)(slash - text.s) : text.n };
	uint64_t n, m = 64;

	if (!str_to_u64(first, &n) || n == 0 || n > 128)
		return -ERANGE;
	if (slash) {
		struct str second = { slash + 1, text.n - first.n - 1 };
		if (n > 32 || !str_to_u64(second, &m) || m == 0 || m > 128)
			return -ERANGE;
	} else if (n > 32) {
		m = n;
		n = 0;
	}
	/* Whole addresses of both kinds are the field itself. */
	bits[0] = n % 32 == 0 && m == 128 ? 0 : (uint8_t)n;
	bits[1] = n % 32 == 0 && m == 128 ? 0 : (uint8_t)m;
	return 0;
}

static int parse_part(struct str text, struct group *g)
{
	const char *slash = memchr(text.s, '/', text.n);
	struct str name = { text.s, slash ? (size_t)(slash - text.s) : text.n };
	int field = field_lookup(name), rc = 0;

	if (field == FIELD_NONE)
		return -EINVAL;
	if (g->n == GROUP_MAX)
		return -E2BIG;
	g->field[g->n] = field;
	g->bits[g->n][0] = g->bits[g->n][1] = 0;
	if (slash && field_type(field) != TYPE_ADDRESS)
		return -ENOTSUP;
	if (slash)
		rc = parse_bits((struct str){ slash + 1, text.n - name.n - 1 }, g->bits[g->n]);
	g->n += rc == 0;
	return rc;
}

/* The last part: a key that says the same twice would say different things of time. */
static bool is_there_twice(const struct group *g)
{
	struct group before = *g;

	before.n--;
	return group_has(&before, g, g->n - 1);
}

int group_parse(struct str names, struct group *g, struct str *bad)
{
	*g = (struct group){ .n = 0 };
	for (;;) {
		const char *comma = memchr(names.s, ',', names.n);
		size_t n = comma ? (size_t)(comma - names.s) : names.n;
		int rc;
		*bad = str_trim((struct str){ names.s, n });
		rc = parse_part(*bad, g);
		if (rc == 0 && is_there_twice(g))
			rc = -EEXIST;
		if (rc < 0 || !comma)
			return rc;
		names.s += n + 1;
		names.n -= n + 1;
	}
}

void group_complain(int error, struct str bad, struct buf *out)
{
	int n = (int)(bad.n < 60 ? bad.n : 60);

	switch (error) {
	case -ENOENT:
		buf_printf(out, "'%.*s' is no metric", n, bad.s);
		break;
	case -EDOM:
		buf_printf(out, "'%.*s' is no field whose values can be counted", n, bad.s);
		break;
	case -E2BIG:
		buf_printf(out, "'%.*s' is one field too many", n, bad.s);
		break;
	case -EEXIST:
		buf_printf(out, "'%.*s' is there already", n, bad.s);
		break;
	case -ERANGE:
		buf_printf(out, "'%.*s' has no prefix length: /1 to /32, /128, or both (/24/56)", n,
			   bad.s);
		break;
	case -ENOTSUP:
		buf_printf(out, "'%.*s': only addresses have networks", n, bad.s);
		break;
	default:
		if (bad.n)
			buf_printf(out, "unknown field '%.*s'", n, bad.s);
		else
			buf_puts(out, "a field is missing");
	}
}

static bool part_equal(const struct group *a, unsigned p, const struct group *b, unsigned q)
{
	return a->field[p] == b->field[q] && a->bits[p][0] == b->bits[q][0] &&
	       a->bits[p][1] == b->bits[q][1];
}

bool group_equal(const struct group *a, const struct group *b)
{
	bool same = a->n == b->n;

	for (unsigned p = 0; same && p < a->n; p++)
		same = part_equal(a, p, b, p);
	return same;
}

bool group_has(const struct group *g, const struct group *of, unsigned part)
{
	for (unsigned p = 0; p < g->n; p++)
		if (part_equal(g, p, of, part))
			return true;
	return false;
}

enum field_type group_part_type(const struct group *g, unsigned part)
{
	bool network = g->bits[part][0] || g->bits[part][1];

	return network ? TYPE_NETWORK : field_type(g->field[part]);
}

void group_part_name(const struct group *g, unsigned part, struct buf *out)
{
	unsigned v4 = g->bits[part][0], v6 = g->bits[part][1];

	buf_puts(out, field_name(g->field[part]));
	if (v4)
		buf_printf(out, "/%u", v4);
	if (v6 && (!v4 || v6 != 64))
		buf_printf(out, "/%u", v6);
}

void group_name(const struct group *g, struct buf *out)
{
	for (unsigned p = 0; p < g->n; p++) {
		if (p)
			buf_putc(out, ',');
		group_part_name(g, p, out);
	}
}

bool group_is_oriented(const struct group *g)
{
	for (unsigned p = 0; p < g->n; p++)
		if (sides_differ(sides_of(g->field[p])))
			return true;
	return false;
}

bool group_wants(const struct group *g, struct field_set *out)
{
	/* The fields that a tally adds up, and those that rows are marked by. */
	static const int always[] = { FIELD_PACKETS, FIELD_BYTES,  FIELD_START,
				      FIELD_END,     FIELD_ACTION, FIELD_LOG_STATUS };
	bool known = true;

	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		out->has[always[i]] = true;
	for (int f = FIELD_PACKETS_LOST_NO_ROUTE; f <= FIELD_PACKETS_LOST_TTL_EXPIRED; f++)
		out->has[f] = true;
	for (unsigned p = 0; p < g->n; p++)
		known &= field_wants(g->field[p], out);
	return known;
}
