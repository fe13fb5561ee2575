/* trust_facts.c - see trust_facts.h. */
#include "triage/trust_facts.h"

#include <inttypes.h>

#include "schema/format.h"

static const struct trust_question questions[] = {
	{ "who was let in and refused, and at which interface", "interface-id action" },
	{ "what was lost while logging", "log-status" },
	{ "who asked, and whether it was answered", "tcp-flags" },
	{ "what stands behind NAT", "pkt-srcaddr pkt-dstaddr" },
	{ "whether it came in or went out", "flow-direction" },
	{ "same subnet or not", "subnet-id" },
	{ "which zone", "az-id" },
	{ "whether Block Public Access or encryption controls refused", "reject-reason" },
};

/* Source: "Flow log limitations" of the VPC user guide. */
static const char *const never_logged[] = {
	"DNS to the Amazon resolver",
	"instance metadata (IMDS)",
	"DHCP",
	"Amazon Time Sync",
	"Windows activation",
	"mirrored traffic",
	"the default router's reserved address",
	"endpoint to Network Load Balancer",
	"ARP",
};

const struct trust_question *trust_questions(size_t *n)
{
	*n = ARRAY_SIZE(questions);
	return questions;
}

const char *trust_never(size_t i)
{
	return i < ARRAY_SIZE(never_logged) ? never_logged[i] : NULL;
}

/* Of several formats the one with the most columns stands for them, whichever was met first. */
static bool has_more(const struct format *a, const struct format *b)
{
	if (a->n != b->n)
		return a->n > b->n;
	for (unsigned i = 0; i < a->n; i++)
		if (a->field[i] != b->field[i])
			return a->field[i] < b->field[i];
	return false;
}

void trust_facts_format(struct trust_facts *f, const struct format *format)
{
	if (!format || format->refusal || format == f->format)
		return;
	f->many_formats |= f->has_format;
	for (int i = 0; i < FIELDS_PUBLISHED; i++) {
		bool has = format_column(format, i) >= 0;
		f->has.has[i] = has && (!f->has_format || f->has.has[i]);
	}
	f->has_format = true;
	if (!f->format || has_more(format, f->format))
		f->format = format;
}

bool trust_answers(const struct trust_facts *f, const struct trust_question *q)
{
	struct str rest = str_of(q->columns);
	bool all = true;

	while (rest.n) {
		struct str name = str_token(&rest);
		int field = name.n ? field_find(name) : FIELD_NONE;
		all &= name.n == 0 || (field != FIELD_NONE && f->has.has[field]);
	}
	return all;
}

/* Adds the columns that questions want and some format lacks; `beside` (NULL: none) has its own. */
static void add_columns(const struct trust_facts *f, const struct format *beside, struct buf *out)
{
	size_t from = out->n;

	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		struct str rest = str_of(questions[i].columns);
		while (rest.n) {
			struct str name = str_token(&rest);
			int field = name.n ? field_find(name) : FIELD_NONE;
			if (field == FIELD_NONE || f->has.has[field] ||
			    (beside && format_column(beside, field) >= 0))
				continue;
			buf_printf(out, "%s${%.*s}", out->n > from ? " " : "", (int)name.n, name.s);
		}
	}
}

void trust_add_columns(const struct trust_facts *f, struct buf *out)
{
	add_columns(f, NULL, out);
}

void trust_add_log_format(const struct trust_facts *f, struct buf *out)
{
	size_t from = out->n;

	for (unsigned c = 0; f->format && c < f->format->n; c++)
		if (f->format->field[c] < FIELDS_KNOWN)
			buf_printf(out, "%s${%s}", out->n > from ? " " : "",
				   field_name(f->format->field[c]));
	if (out->n > from)
		buf_putc(out, ' ');
	add_columns(f, f->format, out);
	if (out->n > from && out->s[out->n - 1] == ' ')
		out->s[--out->n] = '\0';
}

void trust_say_doubles(const struct trust_facts *f, struct buf *out)
{
	if (f->doubles_counted)
		buf_printf(out,
			   "exact duplicates (as of two flow logs): %s%" PRIu64 " of %" PRIu64
			   " records",
			   f->doubles_about ? "about " : "", f->doubles, f->records);
}

void trust_say_seconds(const struct trust_facts *f, struct buf *out)
{
	if (!f->seconds_counted)
		buf_puts(out, "second sightings by another interface: not counted here");
	else
		buf_printf(out,
			   "second sightings by another interface: %" PRIu64 " of %" PRIu64
			   " records%s",
			   f->seconds, f->records,
			   f->seconds_undecided ? ", some are not decided" : "");
}

void trust_say_delay(const struct trust_facts *f, struct buf *out)
{
	char median[24], slowest[24];

	if (f->delay_median >= 0)
		buf_printf(out, "delivery: median %s, slowest %s behind %s",
			   human_duration(median, sizeof median, f->delay_median),
			   human_duration(slowest, sizeof slowest, f->delay_slowest),
			   f->delay_live ? "the clock" : "the newest end of its source");
}

struct str trust_name(const struct trust_facts *f, const struct trust_row *r)
{
	const struct interface *e = trust_place(f->trust, r);
	uint32_t name = DICT_NONE;

	if (f->labels)
		name = labels_of_key(f->labels, str_of(e->interface));
	for (int i = 0; f->labels && name == DICT_NONE && i < 2; i++)
		if (e->has[i] && labels_is_own_name(f->labels, e->address[i]))
			name = labels_of_address(f->labels, LABEL_NAME, e->address[i]);
	return name == DICT_NONE ? (struct str){ "", 0 } : labels_text(f->labels, name);
}
