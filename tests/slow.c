/* slow.c - see slow.h. */
#include "slow.h"

#include <arpa/inet.h>
#include <inttypes.h>

#include "slow_labels.h"
#include "support.h"

static const char *raw(const struct slow_flow *f, int field)
{
	int c = format_column(f->format, field);

	return c < 0 ? "-" : f->value[c];
}

/* False, and 0, when there is none. */
static bool read_number(const struct slow_flow *f, int field, uint64_t *out)
{
	int c = format_column(f->format, field);

	*out = 0;
	if (c < 0)
		return false;
	if (f->known->column[c].is == TOLD_NOT_YET)
		f->known->column[c].is =
			slow_number(field_type(field), f->value[c], &f->known->column[c].number)
				? TOLD_YES
				: TOLD_NO;
	if (f->known->column[c].is == TOLD_YES)
		*out = f->known->column[c].number;
	return f->known->column[c].is == TOLD_YES;
}

static bool has_number(const struct slow_flow *f, int field)
{
	uint64_t v;

	return read_number(f, field, &v);
}

static uint64_t number(const struct slow_flow *f, int field)
{
	uint64_t v;

	read_number(f, field, &v);
	return v;
}

static bool is_word(const char *text, const char *words)
{
	char *copy = xstrndup(words, strlen(words)), *rest = NULL;
	bool is = false;

	for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
		is |= strcasecmp(text, w) == 0;
	free(copy);
	return is;
}

bool slow_is_unreadable(const struct slow_flow *f, int field)
{
	const char *text = raw(f, field);
	unsigned char address[16];

	if (strcmp(text, "-") == 0)
		return false;
	if (field == FIELD_ACTION)
		return !is_word(text,
				"accept accepted allow allowed permit permitted success "
				"reject rejected deny denied block blocked drop dropped refuse "
				"refused failure");
	if (field == FIELD_LOG_STATUS)
		return !is_word(text, "ok nodata skipdata");
	if (field_type(field) == TYPE_ADDRESS)
		return inet_pton(AF_INET, text, address) != 1 &&
		       inet_pton(AF_INET6, text, address) != 1;
	if (!type_is_number(field_type(field)) || has_number(f, field))
		return false;
	return slow_is_flow(f) || strcmp(text, "-1") != 0;
}

void slow_read(struct slow *s, const struct format *f, struct str text)
{
	char *copy = xstrndup(text.s, text.n), *lines = NULL;

	for (char *l = strtok_r(copy, "\n", &lines); l; l = strtok_r(NULL, "\n", &lines)) {
		char **value = xcalloc(f->n, sizeof *value), *words = NULL;
		unsigned n = 0;
		for (char *w = strtok_r(l, " \t\r", &words); w; w = strtok_r(NULL, " \t\r", &words))
			if (n++ < f->n)
				value[n - 1] = xstrndup(w, strlen(w));
		xgrow((void **)&s->flow, &s->cap, s->n + 1, sizeof *s->flow);
		s->flow[s->n] = (struct slow_flow){ f, value, NULL };
		if (n == f->n) {
			s->flow[s->n++].known = xcalloc(
				1, sizeof *s->flow->known + f->n * sizeof *s->flow->known->column);
			continue;
		}
		s->malformed += n > 0;
		for (unsigned i = 0; i < n && i < f->n; i++)
			free(value[i]);
		free(value);
	}
	free(copy);
}

void slow_release(struct slow *s)
{
	for (size_t i = 0; i < s->n; i++) {
		for (unsigned c = 0; c < s->flow[i].format->n; c++)
			free(s->flow[i].value[c]);
		free(s->flow[i].value);
		free(s->flow[i].known);
	}
	free(s->flow);
	*s = (struct slow){ 0 };
}

/* DESIGN: SYN without ACK asks, SYN-ACK answers, else the one known service port, else
 * the lower port. */
static bool source_serves(const struct slow_flow *f)
{
	uint64_t flags = number(f, FIELD_TCP_FLAGS);
	uint64_t sport = number(f, FIELD_SRCPORT), dport = number(f, FIELD_DSTPORT);

	if ((flags & 18) == 18)
		return true;
	if (flags & 2)
		return false;
	if (!has_number(f, FIELD_SRCPORT) || !has_number(f, FIELD_DSTPORT))
		return false;
	bool known_s = service_name((unsigned)sport).n, known_d = service_name((unsigned)dport).n;
	return known_s != known_d ? known_s : sport < dport;
}

static void canonical(enum field_type type, const char *text, struct buf *out)
{
	unsigned char address[16];
	char printed[64];
	uint64_t v;

	if (type == TYPE_ADDRESS) {
		if (inet_pton(AF_INET, text, address) == 1)
			buf_puts(out, inet_ntop(AF_INET, address, printed, sizeof printed));
		else if (inet_pton(AF_INET6, text, address) == 1)
			buf_puts(out, inet_ntop(AF_INET6, address, printed, sizeof printed));
		else
			buf_putc(out, '-');
	} else if (type == TYPE_TEXT) {
		buf_puts(out, text);
	} else if (slow_number(type, text, &v)) {
		buf_printf(out, "%" PRIu64, v);
	} else {
		buf_putc(out, '-');
	}
}

/* The field that a derived one is in this flow. */
static int oriented(const struct slow_flow *f, int field)
{
	bool swap;

	if (f->known->serves == TOLD_NOT_YET)
		f->known->serves = source_serves(f) ? TOLD_YES : TOLD_NO;
	swap = f->known->serves == TOLD_YES;

	if (field == FIELD_CLIENT)
		field = swap ? FIELD_DSTADDR : FIELD_SRCADDR;
	else if (field == FIELD_SERVER)
		field = swap ? FIELD_SRCADDR : FIELD_DSTADDR;
	else if (field == FIELD_SERVICE)
		field = swap ? FIELD_SRCPORT : FIELD_DSTPORT;
	return field;
}

const char *slow_raw(const struct slow_flow *f, int field)
{
	if (slow_is_label(field))
		return slow_label(f, field);
	return raw(f, oriented(f, field));
}

void slow_value(const struct slow_flow *f, int field, struct buf *out)
{
	canonical(field_type(oriented(f, field)), slow_raw(f, field), out);
}

/* IPv4 by arithmetic, IPv6 bit by bit. */
static void network(const char *address, const uint8_t bits[2], struct buf *out)
{
	unsigned char a[16];
	char text[64];
	unsigned n = bits[0] ? bits[0] : 32;

	if (inet_pton(AF_INET, address, a) == 1) {
		uint32_t v =
			(uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];
		v = (uint32_t)((uint64_t)v >> (32 - n) << (32 - n));
		buf_printf(out, "%u.%u.%u.%u", v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255);
		if (n < 32)
			buf_printf(out, "/%u", n);
	} else if (inet_pton(AF_INET6, address, a) == 1) {
		n = bits[1] ? bits[1] : 128;
		for (unsigned i = n; i < 128; i++)
			a[i / 8] &= (unsigned char)~(0x80 >> i % 8);
		buf_puts(out, inet_ntop(AF_INET6, a, text, sizeof text));
		if (n < 128)
			buf_printf(out, "/%u", n);
	} else {
		buf_putc(out, '-');
	}
}

/* Sixteen bytes to order by: nothing, then IPv4 as it is mapped, among IPv6. */
static bool bytes_of(const char *text, unsigned char out[16])
{
	memset(out, 0, 16);
	if (inet_pton(AF_INET, text, out + 12) == 1) {
		out[10] = out[11] = 0xff;
		return true;
	}
	return inet_pton(AF_INET6, text, out) == 1;
}

static void pair(const struct slow_flow *f, struct buf *out)
{
	struct buf s = { 0 }, d = { 0 };
	unsigned char x[16], y[16];
	bool has_x, has_y, turn;

	slow_value(f, FIELD_SRCADDR, &s);
	slow_value(f, FIELD_DSTADDR, &d);
	has_x = bytes_of(s.s, x);
	has_y = bytes_of(d.s, y);
	turn = has_x && (!has_y || memcmp(x, y, 16) > 0);
	if (has_x || has_y)
		buf_printf(out, "%s <> %s", turn ? d.s : s.s, turn ? s.s : d.s);
	else
		buf_putc(out, '-');
	buf_release(&s);
	buf_release(&d);
}

void slow_part(const struct slow_flow *f, const struct group *g, unsigned part, unsigned bin_shift,
	       struct buf *out)
{
	int64_t t = slow_time(f);
	struct buf address = { 0 };

	if (g->bits[part][0] || g->bits[part][1]) {
		slow_value(f, g->field[part], &address);
		network(address.s, g->bits[part], out);
		buf_release(&address);
	} else if (g->field[part] == FIELD_PAIR) {
		pair(f, out);
	} else if (g->field[part] != FIELD_BIN) {
		slow_value(f, g->field[part], out);
	} else if (t == INT64_MIN) {
		buf_putc(out, '-');
	} else {
		buf_printf(out, "%" PRId64, t >> bin_shift << bin_shift);
	}
}

int64_t slow_time(const struct slow_flow *f)
{
	int field = has_number(f, FIELD_END) ? FIELD_END : FIELD_START;
	uint64_t v = number(f, field);

	if (!has_number(f, field))
		return INT64_MIN;
	return (int64_t)(v > UINT32_MAX ? v / 1000 : v);
}

bool slow_is_flow(const struct slow_flow *f)
{
	const char *s = raw(f, FIELD_LOG_STATUS);

	return strcmp(s, "NODATA") != 0 && strcmp(s, "SKIPDATA") != 0;
}

static void tally_add(struct tally *t, const struct slow_flow *f)
{
	uint64_t bytes = number(f, FIELD_BYTES);

	t->flows++;
	t->bytes += bytes;
	t->packets += number(f, FIELD_PACKETS);
	t->accepts += strcmp(raw(f, FIELD_ACTION), "ACCEPT") == 0;
	t->rejects += strcmp(raw(f, FIELD_ACTION), "REJECT") == 0;
	t->sent += source_serves(f) ? 0 : bytes;
	t->guessed += (number(f, FIELD_TCP_FLAGS) & 2) == 0; /* no SYN, no SYN-ACK */
	t->lost += number(f, FIELD_PACKETS_LOST_NO_ROUTE) +
		   number(f, FIELD_PACKETS_LOST_BLACKHOLE) +
		   number(f, FIELD_PACKETS_LOST_MTU_EXCEEDED) +
		   number(f, FIELD_PACKETS_LOST_TTL_EXPIRED);
}

static void tally_sum(struct tally *t, const struct tally *more)
{
	t->flows += more->flows;
	t->bytes += more->bytes;
	t->packets += more->packets;
	t->accepts += more->accepts;
	t->rejects += more->rejects;
	t->sent += more->sent;
	t->lost += more->lost;
	t->seconds += more->seconds;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct slow_row *)a)->key, ((const struct slow_row *)b)->key);
}

static void merge(struct slow_rows *r)
{
	size_t n = 0;

	if (r->n > 0)
		qsort(r->row, r->n, sizeof *r->row, by_key);
	for (size_t i = 0; i < r->n; i++) {
		struct slow_row *to = n ? &r->row[n - 1] : NULL, *from = &r->row[i];
		tally_sum(&r->total, &from->tally);
		if (to && strcmp(to->key, from->key) == 0) {
			tally_sum(&to->tally, &from->tally);
			to->first = from->first < to->first ? from->first : to->first;
			to->last = from->last > to->last ? from->last : to->last;
			free(from->key);
		} else {
			r->row[n++] = *from;
		}
	}
	r->n = n;
}

__extension__ typedef unsigned __int128 wide;

/* What of `whole` falls in from..to-1 of an interval that began at `start`. */
static uint64_t part(uint64_t whole, int64_t start, int64_t duration, int64_t from, int64_t to)
{
	return (uint64_t)((wide)whole * (uint64_t)(to - start) / (uint64_t)duration) -
	       (uint64_t)((wide)whole * (uint64_t)(from - start) / (uint64_t)duration);
}

/* The tally of a flow in the bin from..to-1, by the definition: false when it has no part
 * in it. */
static bool tally_in(const struct slow_flow *f, int64_t from, int64_t to, struct tally *t)
{
	int64_t end = slow_time(f), start = INT64_MAX;
	bool ends = end >= from && end < to;
	struct tally all = { 0 };

	if (has_number(f, FIELD_START) && has_number(f, FIELD_END))
		start = (int64_t)number(f, FIELD_START);
	tally_add(&all, f);
	*t = all;
	t->seconds = 0;
	if (start >= end || end - start > 3600)
		return ends;
	if (start >= to || (end <= from && !ends))
		return false;
	int64_t a = start > from ? start : from, b = end < to ? end : to, d = end - start;
	*t = (struct tally){ .bytes = part(all.bytes, start, d, a, b),
			     .packets = part(all.packets, start, d, a, b),
			     .sent = part(all.sent, start, d, a, b),
			     .lost = part(all.lost, start, d, a, b),
			     .flows = ends,
			     .accepts = ends ? all.accepts : 0,
			     .rejects = ends ? all.rejects : 0,
			     .seconds = (uint64_t)(b - a) };
	return true;
}

static bool has_bin(const struct group *g)
{
	for (unsigned p = 0; p < g->n; p++)
		if (g->field[p] == FIELD_BIN)
			return true;
	return false;
}

static void slow_key(const struct slow_flow *f, const struct group *g, unsigned bin_shift,
		     int64_t bin, struct buf *key)
{
	for (unsigned p = 0; p < g->n; p++) {
		if (p)
			buf_putc(key, '|');
		if (g->field[p] == FIELD_BIN && bin != INT64_MIN)
			buf_printf(key, "%" PRId64, bin);
		else
			slow_part(f, g, p, bin_shift, key);
	}
}

/* One row a bin that the flow has a part in from `since` on and before `until`. */
static void slow_bins(const struct slow_flow *f, const struct group *g, unsigned shift,
		      int64_t since, int64_t until, struct slow_rows *out, size_t *cap)
{
	int64_t width = INT64_C(1) << shift, end = slow_time(f);

	for (int64_t bin = (end - 3600) / width * width; bin <= end && bin < until; bin += width) {
		struct buf key = { 0 };
		struct tally t;
		int64_t from = bin > since ? bin : since;
		int64_t to = bin + width < until ? bin + width : until;
		if (from >= to || !tally_in(f, from, to, &t))
			continue;
		slow_key(f, g, shift, bin, &key);
		xgrow((void **)&out->row, cap, out->n + 1, sizeof *out->row);
		out->row[out->n++] =
			(struct slow_row){ .key = key.s, .tally = t, .first = end, .last = end };
	}
}

/* ---- distinct values: pairs of texts, sorted, counted where they change ---- */

static const struct group *counted;

struct couple {
	char *key, *value;
};

void slow_count(const struct group *g)
{
	counted = g;
}

static int by_couple(const void *a, const void *b)
{
	const struct couple *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : strcmp(x->value, y->value);
}

static int by_value(const void *a, const void *b)
{
	return strcmp(((const struct couple *)a)->value, ((const struct couple *)b)->value);
}

static void count(struct couple *c, size_t n, struct slow_rows *out)
{
	qsort(c, n, sizeof *c, by_value);
	for (size_t i = 0; i < n; i++)
		out->distinct += i == 0 || strcmp(c[i - 1].value, c[i].value) != 0;
	qsort(c, n, sizeof *c, by_couple);
	for (size_t i = 0, row = 0; i < n; i++) {
		while (strcmp(out->row[row].key, c[i].key) != 0)
			row++;
		out->row[row].distinct += i == 0 || by_couple(&c[i - 1], &c[i]) != 0;
	}
	for (size_t i = 0; i < n; i++) {
		free(c[i].key);
		free(c[i].value);
	}
}

static bool overlaps;

void slow_overlaps(bool on)
{
	overlaps = on;
}

void slow_group(const struct slow *s, const struct group *g, slow_match *match, struct span span,
		unsigned bin_shift, struct slow_rows *out)
{
	struct couple *couple = xcalloc(s->n + 1, sizeof *couple);
	size_t couples = 0, cap = 0;

	*out = (struct slow_rows){ 0 };
	for (size_t i = 0; i < s->n; i++) {
		const struct slow_flow *f = &s->flow[i];
		int64_t t = slow_time(f);
		struct buf key = { 0 }, value = { 0 };
		struct slow_row *row;
		if (!slow_is_flow(f) || (match && !match(f)))
			continue;
		if (overlaps && has_bin(g) && !counted && t >= span.to)
			slow_bins(f, g, bin_shift, span.from, span.to, out, &cap);
		if (t == INT64_MIN ? span.dated_only : t < span.from || t >= span.to)
			continue;
		/* What is counted apart is a record's, whole. */
		if (has_bin(g) && t != INT64_MIN && !counted) {
			struct tally before;
			slow_bins(f, g, bin_shift, span.from, INT64_MAX, out, &cap);
			/* It is in no bin, and in the total. */
			if (span.from != INT64_MIN && tally_in(f, 0, span.from, &before))
				tally_sum(&out->total, &before);
			continue;
		}
		slow_key(f, g, bin_shift, INT64_MIN, &key);
		if (counted)
			slow_part(f, counted, 0, bin_shift, &value);
		if (counted && strcmp(value.s, "-") != 0)
			couple[couples++] = (struct couple){ xstrndup(key.s, key.n), value.s };
		else
			buf_release(&value);
		xgrow((void **)&out->row, &cap, out->n + 1, sizeof *out->row);
		row = &out->row[out->n++];
		*row = (struct slow_row){ .key = key.s, .first = t, .last = t };
		if (t == INT64_MIN) {
			row->first = INT64_MAX;
			row->last = INT64_MIN;
		}
		tally_add(&row->tally, f);
		if (has_bin(g) && !counted)
			row->tally.seconds = 0; /* of a series: it lasted for no time */
	}
	merge(out);
	count(couple, couples, out);
	free(couple);
}

void slow_rows_of(const struct accumulator *a, struct slow_rows *out)
{
	const struct group *g = accumulator_group(a);

	*out = (struct slow_rows){ .row = xcalloc(accumulator_count(a) + 1, sizeof *out->row) };
	for (uint32_t i = 0; i < accumulator_count(a); i++) {
		struct buf key = { 0 };
		for (unsigned p = 0; p < g->n; p++) {
			struct value v;
			accumulator_key(a, i, p, &v);
			if (p)
				buf_putc(&key, '|');
			if (g->field[p] == FIELD_BIN && !v.absent)
				buf_printf(&key, "%" PRIu64, v.number);
			else
				value_render(&v, &key);
			value_release(&v);
		}
		out->row[out->n++] = (struct slow_row){ .key = key.s,
							.tally = *accumulator_tally(a, i),
							.distinct = accumulator_distinct(a, i),
							.first = accumulator_seen(a, i).first,
							.last = accumulator_seen(a, i).last };
	}
	merge(out);
	out->total = *accumulator_total(a);
	out->distinct = accumulator_distinct_total(a);
}

struct tally slow_find(const struct slow_rows *r, const char *key)
{
	struct slow_row like = { .key = (char *)(uintptr_t)key };
	struct slow_row *found =
		r->n ? bsearch(&like, r->row, r->n, sizeof *r->row, by_key) : NULL;

	return found ? found->tally : (struct tally){ 0 };
}

void slow_rows_release(struct slow_rows *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->row[i].key);
	free(r->row);
	*r = (struct slow_rows){ 0 };
}

void slow_compare(const struct slow_rows *slow, const struct slow_rows *fast)
{
	assert_int_equal(slow->n, fast->n);
	for (size_t i = 0; i < slow->n; i++) {
		assert_string_equal(slow->row[i].key, fast->row[i].key);
		assert_memory_equal(&slow->row[i].tally, &fast->row[i].tally, sizeof(struct tally));
		assert_int_equal(slow->row[i].distinct, fast->row[i].distinct);
	}
	assert_int_equal(slow->distinct, fast->distinct);
	assert_memory_equal(&slow->total, &fast->total, sizeof(struct tally));
}
