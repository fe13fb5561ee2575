/* rules.c - see rules.h. */
#include "triage/rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "labels/prefixes.h"
#include "triage/port_kinds.h"

/* What is in force of a threshold. */
struct limit {
	double value;
	uint64_t *ports; /* a bit each; NULL: it is a number */
};

struct rules {
	struct limit *limit; /* THRESHOLDS of each detector */
	struct prefixes admin;
	struct baseline *baseline;
	struct events *events;
	char **mute; /* as given */
	size_t mutes, mute_cap;
};

/* ---- lists of ports ---- */

static bool read_port(struct str text, unsigned *out)
{
	uint64_t n;

	if (!str_to_u64(str_trim(text), &n) || n > UINT16_MAX)
		return false;
	*out = (unsigned)n;
	return true;
}

/* "22", "5900-5910" */
static bool read_ports(struct str text, unsigned *first, unsigned *last)
{
	const char *dash = memchr(text.s, '-', text.n);
	struct str from = { text.s, dash ? (size_t)(dash - text.s) : text.n }, to = from;

	if (dash)
		to = (struct str){ dash + 1, text.n - from.n - 1 };
	return read_port(from, first) && read_port(to, last) && *first <= *last;
}

/* Takes a list of them, separated by commas, in place of what was there; false: it is none. */
static bool take_ports(struct limit *l, struct str text)
{
	uint64_t ports[PORTS_WORDS] = { 0 };
	unsigned port, last;

	for (bool more = true; more;) {
		const char *comma = memchr(text.s, ',', text.n);
		struct str one = { text.s, comma ? (size_t)(comma - text.s) : text.n };
		more = comma != NULL;
		if (!read_ports(one, &port, &last))
			return false;
		for (; port <= last; port++)
			ports[port / 64] |= UINT64_C(1) << port % 64;
		text.s += one.n + more;
		text.n -= one.n + more;
	}
	if (!l->ports)
		l->ports = xmalloc(sizeof ports);
	memcpy(l->ports, ports, sizeof ports);
	return true;
}

static struct limit limit_of(const struct threshold *t)
{
	struct limit l = { .value = t->value };

	if (threshold_ports(t) && !take_ports(&l, str_of(threshold_ports(t))))
		die("%s: no ports", t->name);
	return l;
}

struct rules *rules_new(void)
{
	struct rules *r = xcalloc(1, sizeof *r);
	unsigned n;
	const struct detector *const *d = detectors(&n);

	r->events = events_new();
	r->limit = xcalloc(n * THRESHOLDS, sizeof *r->limit);
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < THRESHOLDS; k++)
			r->limit[i * THRESHOLDS + k] = limit_of(&d[i]->threshold[k]);
	return r;
}

void rules_free(struct rules *r)
{
	unsigned n;

	if (!r)
		return;
	detectors(&n);
	for (unsigned i = 0; i < n * THRESHOLDS; i++)
		free(r->limit[i].ports);
	prefixes_release(&r->admin);
	baseline_free(r->baseline);
	events_free(r->events);
	for (size_t i = 0; i < r->mutes; i++)
		free(r->mute[i]);
	free(r->mute);
	free(r->limit);
	free(r);
}

/* ---- limits ---- */

/* Where it is kept; NULL: there is no such one. */
static struct limit *find(const struct rules *r, struct str rule, struct str name,
			  const struct threshold **t)
{
	unsigned n;
	const struct detector *const *d = detectors(&n);

	for (unsigned i = 0; i < n; i++) {
		if (!str_equal_loose(rule, str_of(d[i]->name)))
			continue;
		for (unsigned k = 0; k < THRESHOLDS && d[i]->threshold[k].name; k++)
			if (str_equal_loose(name, str_of(d[i]->threshold[k].name))) {
				*t = &d[i]->threshold[k];
				return &r->limit[i * THRESHOLDS + k];
			}
	}
	return NULL;
}

/* How many letters are to be changed, added or left out; both are short. */
static unsigned distance(struct str a, const char *b)
{
	enum { LONGEST = 64 };
	unsigned row[LONGEST + 1], n = (unsigned)strlen(b);

	if (n > LONGEST)
		return LONGEST;
	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 0; i < a.n; i++) {
		unsigned over = row[0]++;
		for (unsigned k = 1; k <= n; k++) {
			unsigned best = over + (a.s[i] != b[k - 1]);
			over = row[k];
			best = row[k] + 1 < best ? row[k] + 1 : best;
			row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
		}
	}
	return row[n];
}

static void suggest(struct str name, struct buf *error)
{
	unsigned n, best = UINT32_MAX;
	const struct detector *const *d = detectors(&n);
	char text[96], nearest[96] = "";

	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < THRESHOLDS && d[i]->threshold[k].name; k++) {
			unsigned far;
			snprintf(text, sizeof text, "%s.%s", d[i]->name, d[i]->threshold[k].name);
			far = distance(name, text);
			if (far < best) {
				best = far;
				memcpy(nearest, text, sizeof text);
			}
		}
	buf_printf(error, "'%.*s' is no limit of a rule (%s?)", (int)(name.n < 64 ? name.n : 64),
		   name.s, nearest);
}

static bool read_value(const struct threshold *t, struct str text, struct limit *to)
{
	char *end, *copy;
	uint64_t bytes;
	int64_t seconds;
	bool good;
	double *out = &to->value;

	if (threshold_ports(t))
		return take_ports(to, text);
	if (strcmp(t->unit, "B") == 0) {
		good = parse_bytes(text, &bytes);
		*out = good ? (double)bytes : 0;
		return good;
	}
	if (strcmp(t->unit, "s") == 0) {
		good = parse_duration(text, &seconds);
		*out = good ? (double)seconds : 0;
		return good;
	}
	if (text.n && text.s[text.n - 1] == '%' && strcmp(t->unit, "%") == 0)
		text.n--;
	copy = xstrndup(text.s, text.n);
	*out = strtod(copy, &end);
	good = end != copy && *end == '\0' && *out >= 0 && *out < 1e18;
	free(copy);
	return good;
}

bool rules_set(struct rules *r, struct str text, struct buf *error)
{
	const char *equals = memchr(text.s, '=', text.n), *dot;
	struct str name = { text.s, equals ? (size_t)(equals - text.s) : text.n }, value;
	const struct threshold *t = NULL;
	struct limit *at = NULL;
	char shipped[THRESHOLD_TEXT];

	name = str_trim(name);
	dot = memchr(name.s, '.', name.n);
	if (dot)
		at = find(r, (struct str){ name.s, (size_t)(dot - name.s) },
			  (struct str){ dot + 1, (size_t)(name.s + name.n - dot - 1) }, &t);
	if (!at) {
		suggest(name, error);
		return false;
	}
	value = equals ? str_trim(
				 (struct str){ equals + 1, (size_t)(text.s + text.n - equals - 1) })
		       : (struct str){ "", 0 };
	if (read_value(t, value, at))
		return true;
	if (threshold_ports(t))
		threshold_text(t, shipped, sizeof shipped);
	else
		snprintf(shipped, sizeof shipped, "%g%s", t->value, t->unit);
	buf_printf(error, "'%.*s' is no value of %.*s (as shipped: %s)",
		   (int)(value.n < 64 ? value.n : 64), value.s, (int)name.n, name.s, shipped);
	return false;
}

double rules_limit(const struct rules *r, const struct detector *d, const char *name)
{
	const struct threshold *t;
	const struct limit *at = find(r, str_of(d->name), str_of(name), &t);

	if (!at)
		die("%s has no limit %s", d->name, name);
	return at->value;
}

const uint64_t *rules_ports(const struct rules *r, const struct detector *d, const char *name)
{
	const struct threshold *t;
	const struct limit *at = find(r, str_of(d->name), str_of(name), &t);

	if (!at || !at->ports)
		die("%s has no ports %s", d->name, name);
	return at->ports;
}

void threshold_text(const struct threshold *t, char *out, size_t size)
{
	size_t n = 0;

	if (threshold_ports(t)) {
		for (const char *s = threshold_ports(t); *s && n + 1 < size; s++)
			if (*s != ' ')
				out[n++] = *s;
		out[n] = '\0';
	} else if (strcmp(t->unit, "B") == 0)
		human_bytes(out, size, (uint64_t)t->value);
	else
		snprintf(out, size, "%g%s", t->value, t->unit);
}

void rules_help(struct buf *out)
{
	unsigned n;
	const struct detector *const *d = detectors(&n);
	char name[64], value[THRESHOLD_TEXT];

	for (unsigned i = 0; i < n; i++) {
		buf_printf(out, "%-12s %s\n", d[i]->name, d[i]->title);
		for (unsigned k = 0; k < THRESHOLDS && d[i]->threshold[k].name; k++) {
			const struct threshold *t = &d[i]->threshold[k];
			snprintf(name, sizeof name, "%s.%s", d[i]->name, t->name);
			threshold_text(t, value, sizeof value);
			buf_printf(out, "  %-20s %-6s %s\n", name, value, t->help);
		}
	}
}

/* ---- who administers, what is bad, what was usual ---- */

bool rules_add_admin(struct rules *r, struct str networks, struct str *bad)
{
	bool good = true;

	while (networks.n && good) {
		const char *comma = memchr(networks.s, ',', networks.n);
		size_t n = comma ? (size_t)(comma - networks.s) : networks.n;
		uint8_t from[16];
		unsigned bits;
		*bad = str_trim((struct str){ networks.s, n });
		good = prefix_parse(*bad, from, &bits);
		if (good)
			prefixes_add(&r->admin, from, bits, 0, 0, 0);
		networks.s += n + (comma != NULL);
		networks.n -= n + (comma != NULL);
	}
	prefixes_seal(&r->admin);
	return good;
}

bool rules_is_admin(const struct rules *r, const uint8_t address[16])
{
	return prefixes_find(&r->admin, address) != NULL;
}

static int subject_find(struct str name)
{
	for (int s = 0; s < SUBJECTS_N; s++)
		if (str_equal_loose(name, str_of(subject_name((enum subject)s))))
			return s;
	return -1;
}

/* "source=10.1.0.1" in two; false: there is no such part. */
static bool split_part(struct str word, int *subject, struct str *value)
{
	const char *equals = memchr(word.s, '=', word.n);

	if (!equals)
		return false;
	*subject = subject_find((struct str){ word.s, (size_t)(equals - word.s) });
	*value = (struct str){ equals + 1, (size_t)(word.s + word.n - equals - 1) };
	return *subject >= 0 && value->n > 0;
}

bool rules_mute(struct rules *r, struct str text, struct buf *error)
{
	struct str rest = text, word = str_token(&rest), value;
	int subject;

	if (!detector_find(word)) {
		buf_printf(error, "'%.*s' is no rule (--rules lists them)",
			   (int)(word.n < 64 ? word.n : 64), word.s);
		return false;
	}
	while ((word = str_token(&rest)).n)
		if (!split_part(word, &subject, &value)) {
			buf_printf(error, "'%.*s' is no part of a subject (source=10.0.0.1)",
				   (int)(word.n < 64 ? word.n : 64), word.s);
			return false;
		}
	xgrow((void **)&r->mute, &r->mute_cap, r->mutes + 1, sizeof *r->mute);
	r->mute[r->mutes++] = xstrndup(text.s, text.n);
	return true;
}

/* Whether one of the lines of a part is the value. */
static bool says(const struct buf *part, struct str value)
{
	for (size_t at = 0; part && at < part->n;) {
		size_t n = strcspn(part->s + at, "\n");
		if (str_equal_loose((struct str){ part->s + at, n }, value))
			return true;
		at += n + 1;
	}
	return false;
}

bool rules_is_muted(const struct rules *r, const struct finding *f)
{
	for (size_t i = 0; i < r->mutes; i++) {
		struct str rest = str_of(r->mute[i]), word = str_token(&rest), value;
		bool all = str_equal_loose(word, str_of(f->rule->name));
		int subject;
		while (all && (word = str_token(&rest)).n)
			all = split_part(word, &subject, &value) &&
			      says(finding_subject(f, (enum subject)subject), value);
		if (all)
			return true;
	}
	return false;
}

void rules_take_baseline(struct rules *r, struct baseline *b)
{
	baseline_free(r->baseline);
	r->baseline = b;
}

struct events *rules_events(const struct rules *r)
{
	return r->events;
}

const struct baseline *rules_baseline(const struct rules *r)
{
	return r->baseline;
}
