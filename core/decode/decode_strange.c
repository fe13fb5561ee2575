/* decode_strange.c - lines that do not continue what is in force: headers, other shapes, those
 * that hold a record somewhere, malformed ones. */
#include <stdlib.h>
#include <string.h>

#include "decode/decode_feed.h"
#include "decode/decode_find.h"
#include "decode/decode_line.h"

void decode_malformed(struct feed *f, struct str line, const char *reason)
{
	f->counts->malformed++;
	malformed_list_add(f->bad, (struct malformed){ .source = f->state->source,
						       .line = f->state->line - f->state->back,
						       .reason = reason,
						       .text = line });
}

const struct format *decode_in_force(const struct decode_state *state)
{
	return state->values ? state->values : state->format ? state->format : state->guess;
}

/* Lines that are no record whatever their number of values. True when it was one. */
static bool take_header(struct feed *f, struct str line)
{
	struct decode_state *state = f->state;

	uint64_t back = format_back(line);

	if (back) {
		decode_flush(f);
		state->back += back;
		if (format_is_mark(line, FORMAT_VALUES))
			state->values = decode_header(state, line);
		else if (format_is_mark(line, FORMAT_LINES))
			state->values = NULL;
		return true;
	}
	if (state->values || !format_is_header(line))
		return false;
	decode_flush(f);
	state->format = decode_header(state, line);
	state->guess = NULL;
	f->counts->lines++;
	f->counts->headers++;
	return true;
}

/* A record that stands in a line. `more`: one of several, each of which arrives with the line. */
static void take_found(struct feed *f, struct str record, const struct format *format, bool more)
{
	struct found_text *t = &f->d->found;
	const char *text = f->text;
	uint32_t *delimiter = f->delimiter, first;

	if (f->d->batch.n &&
	    (f->d->batch.text != t->text || !found_text_has_room(t, record.n, f->state->line)))
		decode_flush(f);
	if (f->d->batch.n == 0)
		found_text_clear(t);
	first = found_text_add(t, record, f->state->line);
	f->text = t->text;
	f->delimiter = t->delimiter;
	decode_batch_add(f, format, first);
	f->text = text;
	f->delimiter = delimiter;
	if (more)
		decode_flush(f);
}

/* Looks for records in a line that is none. */
static bool take_parts(struct feed *f, struct str line)
{
	struct finder finder;
	struct found_record found;
	bool any = false;

	finder_begin(&finder, line);
	while (finder_next(&finder, &found)) {
		f->state->found |= found.frame;
		f->counts->lines += any;
		take_found(f, found.text, found.format, any || found.frame == FRAME_MERGED);
		any = true;
	}
	if (any && finder.left) {
		f->counts->lines++;
		decode_malformed(f, line, "among records that run together is something else");
	}
	return any;
}

/* The line with no-break spaces between its values, if it has such. True when it was one. */
static bool take_no_break(struct feed *f, struct str line, const struct format *header)
{
	struct str text = { f->d->spare, without_no_break_spaces(line, f->d->spare) };
	const struct format *format;
	unsigned doubt;

	if (text.n == 0)
		return false;
	if (header)
		format = format_fits(header, text) ? header : NULL;
	else
		format = format_guess(text, &doubt);
	if (format) {
		f->state->found |= FRAME_BLANKS;
		take_found(f, text, format, false);
	}
	return format || (!header && take_parts(f, text));
}

/* Its beginning, of printable bytes. */
static void note_custom(struct decode_state *state, struct str line)
{
	for (size_t i = 0; i < line.n && i < sizeof state->custom - 1; i++)
		state->custom[i] = (char)(line.s[i] >= ' ' && line.s[i] < 127 ? line.s[i] : '.');
}

/* A line that is of no known shape as it stands. */
static void strange_line(struct feed *f, struct str line, const struct format *header,
			 unsigned values)
{
	bool document = !f->state->values && (*line.s | 32) == '{';
	const char *reason;

	if (!f->state->values && memchr(line.s, 0xc2, line.n) && take_no_break(f, line, header))
		return;
	if (!header && take_parts(f, line))
		return;
	reason = document ? "a document without a record"
			  : line_refusal(line, values, header, f->state->guess);
	if (reason == line_is_custom && !f->state->custom[0])
		note_custom(f->state, line);
	decode_malformed(f, line, reason);
}

/* One that its header does not fit may come from another flow log: it is taken when its shape
 * says so, value by value. */
void decode_odd_line(struct feed *f, struct str line, uint32_t first, unsigned values)
{
	struct decode_state *state = f->state;
	const struct format *header = state->values ? state->values : state->format;
	const struct format *shape = NULL;
	bool document, bare = !line_has_mark(line);
	unsigned doubt;

	if (!bare) {
		decode_flush(f); /* the line before ends where this one begins */
		line.s += 3, line.n -= 3;
		(f->delimiter + first)[-1] += 3;
	}
	if (line.n == 0 || ((bare || *line.s != FORMAT_MARK) && take_header(f, line)))
		return;
	f->counts->lines++;
	document = !state->values && (*line.s | 32) == '{';
	if (!document && !state->values && header)
		shape = decode_keep(state, format_after_prefix(header, line));
	if (!document && !state->values && !shape)
		shape = format_guess(line, &doubt);
	if (shape && shape->n == values && !line_is_torn(shape, header)) {
		if (!header) {
			state->guess = shape;
			state->doubt = doubt;
		}
		decode_batch_add(f, shape, first);
	} else if (!document && header && header->n == values) {
		decode_batch_add(f, header, first);
	} else {
		strange_line(f, line, header, values);
	}
}
