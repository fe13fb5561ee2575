/* export_when.c - when a finding's conversations did what: a chart by the minute, and what was usual
 * before. */
#include <stdlib.h>
#include <string.h>

#include "output/export_finding.h"

#define LABEL 8  /* columns left of the bars */
#define USUAL 15 /* minutes before, at least, that say what is usual */
#define HIGH 4   /* lines of the chart */
#define WIDE 100 /* columns from which on it has all of them */

/* What is drawn: the values of columns, oldest first. */
struct chart {
	const char *name;
	bool bytes;
	uint64_t value[STRIP_MINUTES]; /* by minute */
	unsigned n, each;              /* minutes; of a column */
	uint64_t column[STRIP_MINUTES];
	unsigned columns;
	uint64_t most;
};

static uint64_t failed_of(const struct strip_minute *m)
{
	return m->failed;
}

static uint64_t sent_of(const struct strip_minute *m)
{
	return m->sent;
}

static uint64_t received_of(const struct strip_minute *m)
{
	return m->received;
}

static uint64_t tries_of(const struct strip_minute *m)
{
	return m->tries;
}

/* What says most of it: tries that fail where half of them do since, else bytes, the larger
 * direction, else tries. */
static uint64_t (*choose(const struct strips *s, int64_t since,
			 struct chart *c))(const struct strip_minute *)
{
	uint64_t failed = 0, tries = 0, sent = 0, received = 0;

	for (unsigned i = 0; i < s->n; i++) {
		if (s->first + i < since / 60)
			continue;
		failed += s->minute[i].failed;
		tries += s->minute[i].tries;
		sent += s->minute[i].sent;
		received += s->minute[i].received;
	}
	c->bytes = false;
	c->name = "tries that failed, by the minute";
	if (failed && failed >= tries / 2)
		return failed_of;
	c->name = "tries, by the minute";
	if (sent + received == 0)
		return tries_of;
	c->bytes = true;
	c->name = sent >= received ? "bytes sent, by the minute" : "bytes received, by the minute";
	return sent >= received ? sent_of : received_of;
}

static bool make_chart(const struct finding *f, const struct strips *s, size_t width,
		       struct chart *c)
{
	uint64_t (*value)(const struct strip_minute *) = choose(s, f->since, c);
	unsigned room = width > LABEL ? (unsigned)(width - LABEL) : 0;

	c->n = s->n;
	if (room < 10 || c->n == 0)
		return false;
	c->each = (c->n + room - 1) / room;
	c->columns = (c->n + c->each - 1) / c->each;
	for (unsigned i = 0; i < c->n; i++) {
		/* The newest column is whole. */
		unsigned at = c->columns - 1 - (c->n - 1 - i) / c->each;
		c->value[i] = value(&s->minute[i]);
		c->column[at] += c->value[i];
		c->most = c->column[at] > c->most ? c->column[at] : c->most;
	}
	return c->most > 0;
}

/* ---- drawing ---- */

static void add_bar(uint64_t eighths, bool ascii, struct buf *out)
{
	static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

	if (ascii)
		buf_putc(out, eighths == 0 ? ' ' : eighths < 3 ? '.' : eighths < 6 ? ':' : '#');
	else
		buf_puts(out, blocks[eighths < 8 ? eighths : 8]);
}

static void amount(const struct chart *c, uint64_t value, char *out, size_t size)
{
	if (c->bytes)
		human_bytes(out, size, value);
	else
		human_count(out, size, value);
}

static void add_bars(const struct chart *c, unsigned high, bool ascii, struct buf *out)
{
	char text[24];

	for (unsigned row = high; row-- > 0;) {
		amount(c, row ? c->most * (row + 1) / high : 0, text, sizeof text);
		buf_printf(out, "%6s %s", text, ascii ? (row ? "|" : "+") : row ? "┤" : "┼");
		for (unsigned i = 0; i < c->columns; i++) {
			uint64_t eighths =
				(uint64_t)((double)c->column[i] / (double)c->most * 8 * high + 0.5);
			if (c->column[i] && eighths == 0)
				eighths = 1;
			add_bar(eighths > row * 8 ? eighths - row * 8 : 0, ascii, out);
		}
		while (out->n && out->s[out->n - 1] == ' ')
			out->s[--out->n] = '\0';
		buf_putc(out, '\n');
	}
}

/* Puts a time below its column, where that is free. */
static void put_time(char *line, size_t at, int64_t time)
{
	char text[32];

	rfc3339(text, sizeof text, time);
	text[16] = '\0'; /* of the day, hours and minutes */
	for (size_t i = 0; i < 7; i++)
		if (at > 0 && line[at - 1 + i] != ' ')
			return;
	memcpy(line + at, text + 11, 5);
}

static void add_times(const struct finding *f, const struct strips *s, const struct chart *c,
		      struct buf *out)
{
	char line[LABEL + STRIP_MINUTES + 16];
	int64_t first = s->first * 60, end = (s->first + c->n) * 60;
	int64_t width = (int64_t)c->each * 60, from = end - (int64_t)c->columns * width;
	size_t n = sizeof line - 1;

	memset(line, ' ', sizeof line);
	line[n] = '\0';
	if (f->since >= first && f->since < end)
		put_time(line, LABEL + (size_t)((f->since - from) / width), f->since);
	put_time(line, LABEL, first);
	put_time(line, LABEL + c->columns - 1, end - 60);
	while (n && line[n - 1] == ' ')
		line[--n] = '\0';
	buf_printf(out, "%sZ\n", line);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void add_usual(const struct finding *f, const struct strips *s, struct chart *c,
		      struct buf *out)
{
	int64_t before = f->since / 60 - s->first;
	char half[24], most[24];

	if (before < USUAL || before > c->n)
		return;
	qsort(c->value, (size_t)before, sizeof *c->value, by_size);
	amount(c, c->value[before / 2], half, sizeof half);
	amount(c, c->value[before * 95 / 100], most, sizeof most);
	if (c->value[before - 1] == 0)
		buf_printf(out, "%*snone before\n", LABEL, "");
	else
		buf_printf(out, "%*sbefore: usually %s, 95%% at most %s a minute\n", LABEL, "",
			   half, most);
}

void finding_when(const struct finding *f, const struct finding_page *p, size_t width,
		  struct buf *out)
{
	struct chart *c;

	if (!p->strips)
		return;
	c = xcalloc(1, sizeof *c);
	if (make_chart(f, p->strips, width, c)) {
		buf_printf(out, "\nwhen: %s", c->name);
		if (c->each > 1)
			buf_printf(out, " (%u minutes a column)", c->each);
		buf_putc(out, '\n');
		add_bars(c, width >= WIDE ? HIGH : HIGH / 2, p->ascii, out);
		add_times(f, p->strips, c, out);
		add_usual(f, p->strips, c, out);
	}
	free(c);
}
