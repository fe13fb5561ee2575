/* finding.c - see finding.h. */
#include "triage/finding.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "triage/detector.h"

static const char *const severities[SEVERITIES] = { "info", "warn", "page" };

static const char *const subjects[SUBJECTS_N] = {
#define X(id, name) name,
	SUBJECTS(X)
#undef X
};

const char *severity_name(enum severity s)
{
	return severities[s];
}

int severity_find(struct str name)
{
	for (int s = 0; s < SEVERITIES; s++)
		if (str_equal_loose(name, str_of(severities[s])))
			return s;
	return -1;
}

const char *subject_name(enum subject s)
{
	return subjects[s];
}

bool subject_is_list(enum subject s)
{
	return s == SUBJECT_CLIENTS || s == SUBJECT_PAIR;
}

void finding_release(struct finding *f)
{
	struct buf *const texts[] = { &f->value, &f->limit,   &f->what, &f->text,   &f->evidence,
				      &f->wrong, &f->refutes, &f->next, &f->records };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		buf_release(texts[i]);
	for (unsigned i = 0; i < f->subjects; i++)
		buf_release(&f->subject[i].text);
	*f = (struct finding){ 0 };
}

void finding_about(struct finding *f, enum subject s, const char *text)
{
	unsigned i = 0;

	while (i < f->subjects && f->subject[i].subject != s)
		i++;
	if (i == FINDING_SUBJECTS)
		die("a finding is about too much");
	if (i == f->subjects)
		f->subject[f->subjects++] = (struct subject_part){ .subject = s };
	if (f->subject[i].text.n)
		buf_putc(&f->subject[i].text, '\n');
	buf_puts(&f->subject[i].text, text);
}

void finding_about_address(struct finding *f, enum subject s, const uint8_t address[16])
{
	char text[46];

	address_format(address, text);
	finding_about(f, s, text);
}

void finding_about_number(struct finding *f, enum subject s, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, n);
	finding_about(f, s, text);
	for (unsigned i = 0; i < f->subjects; i++)
		f->subject[i].number |= f->subject[i].subject == s;
}

const struct buf *finding_subject(const struct finding *f, enum subject s)
{
	for (unsigned i = 0; i < f->subjects; i++)
		if (f->subject[i].subject == s)
			return &f->subject[i].text;
	return NULL;
}

int finding_compare(const struct finding *a, const struct finding *b)
{
	int order;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->open != b->open)
		return a->open ? -1 : 1;
	if (a->since != b->since)
		return a->since > b->since ? -1 : 1;
	order = a->rule == b->rule ? 0 : strcmp(a->rule->name, b->rule->name);
	if (order == 0 && a->what.n && b->what.n)
		order = strcmp(a->what.s, b->what.s);
	return order;
}
