/* decode_state.c - see decode.h. Where a source stands, what was counted, and the lines
 * that are no records. */
#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"

#define MALFORMED_TEXT 256

bool decode_state_agrees(const struct decode_state *assumed, const struct decode_state *is)
{
	return assumed->values == is->values && assumed->format == is->format;
}

void decode_state_advance(struct decode_state *state, const struct decode_state *after)
{
	state->values = after->values;
	state->format = after->format;
	if (after->guess) {
		state->guess = after->guess;
		state->doubt = after->doubt;
	}
	state->last = after->last ? after->last : state->last;
	state->partial = after->partial ? after->partial : state->partial;
	state->refused = after->refused ? after->refused : state->refused;
	state->found |= after->found;
	if (!state->custom[0])
		memcpy(state->custom, after->custom, sizeof state->custom);
	state->line += after->line;
	state->back += after->back;
}

void decode_counts_add(struct decode_counts *to, const struct decode_counts *more)
{
	to->lines += more->lines;
	to->flows += more->flows;
	to->nodata += more->nodata;
	to->skipdata += more->skipdata;
	to->undated += more->undated;
	to->headers += more->headers;
	to->malformed += more->malformed;
	to->partial += more->partial;
}

/* ---- names of columns ---- */

const struct format *decode_header(struct decode_state *state, struct str line)
{
	const struct format *f = format_of_header(line);

	if (state->book)
		f = format_book_keep(state->book, f);
	if (f->refusal)
		state->refused = f;
	return f;
}

const struct format *decode_keep(struct decode_state *state, const struct format *f)
{
	if (f && state->book)
		f = format_book_keep(state->book, f);
	return f && !f->refusal ? f : NULL;
}

void decode_note_flows(struct decode_state *state, struct decode_counts *counts,
		       const struct format *format, uint64_t flows)
{
	const int16_t *column = format->column;

	if (!format->lacks || !flows || !(format->strange || format->end_as || state->values))
		return;
	state->partial = format;
	if (column[FIELD_SRCADDR] < 0 || column[FIELD_DSTADDR] < 0 || column[FIELD_BYTES] < 0)
		counts->partial += flows;
}

/* ---- malformed lines ---- */

void malformed_list_add(struct malformed_list *l, struct malformed m)
{
	m.text.n = m.text.n < MALFORMED_TEXT ? m.text.n : MALFORMED_TEXT;
	m.text.s = xstrndup(m.text.s, m.text.n);
	if (l->n < DECODE_MALFORMED_KEPT) {
		xgrow((void **)&l->line, &l->cap, l->n + 1, sizeof *l->line);
		l->line[l->n++] = m;
		return;
	}
	free((char *)l->line[l->first].text.s);
	l->line[l->first] = m;
	l->first = (l->first + 1) % l->n;
}

void malformed_list_release(struct malformed_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free((char *)l->line[i].text.s);
	free(l->line);
	*l = (struct malformed_list){ 0 };
}

const struct malformed *malformed_list_get(const struct malformed_list *l, size_t i)
{
	return &l->line[(l->first + i) % l->n];
}
