/* ingest_block.c - blocks of text on their way through the pool. They are decoded side by
 * side and linked in the order they were cut. A block is decoded on the assumption that
 * no header before it changes the format; when one did, it is decoded again. What is behind the
 * first header of a source, without which its lines may be any, waits for that one's block. */
#include "input/ingest_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "store/arrival.h"

#define TAIL_MAX (256u << 10) /* smaller pieces of a quiet source skip the pool */

static void block_free(struct block *b)
{
	for (size_t i = 0; i < b->segments; i++)
		segment_free(b->segment[i], NULL);
	free(b->segment);
	malformed_list_release(&b->bad);
	format_book_release(&b->book);
	free(b->fault);
	source_parquet_release(b->job.ingest, b->parquet);
	if (b->history && b->text.s)
		text_pool_give(&b->job.ingest->texts, &b->text);
	buf_release(&b->text);
	free(b);
}

void ingest_blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;
		block_free(b);
		b = next;
	}
}

/* ---- linking ---- */

static void note_lacking(struct ingest *g, const struct format *f)
{
	struct buf text = { 0 };

	format_lack_text(f, &text);
	snprintf(g->totals.lacking, sizeof g->totals.lacking, "%s", text.s);
	buf_release(&text);
}

/* What came under other names than before, or stood in other things, is told. */
static void tell_news(struct source *s, const struct decode_state *had)
{
	const struct decode_state *has = &s->intake->decode;

	if (has->partial != had->partial && has->partial) {
		note_lacking(s->ingest, has->partial);
		s->ingest->totals.lacking_sources += !s->lacking;
		s->lacking = true;
	}
	if (has->partial != had->partial || has->found != had->found ||
	    has->refused != had->refused)
		ingest_make_note(s);
}

static void link_segments(struct ingest *g, struct source *s, struct block *b)
{
	for (size_t i = 0; i < b->segments; i++) {
		struct segment *seg = b->segment[i];
		segment_move_lines(seg, s->intake->decode.line - s->intake->decode.back);
		segment_move_arrivals(seg, g->order);
		g->events.rows(g->events.ctx, s, seg, 0, seg->rows);
		g->events.segment(g->events.ctx, seg);
	}
	b->segments = 0;
}

void ingest_note_stand(struct source *s)
{
	struct intake *in = s->intake;
	struct identity *i = in->place.identity;

	if (!in->stood || in->next_block != in->next_link)
		return;
	in->stood = false;
	if (!i || i->at != in->place.at)
		return;
	in->at_end.line = in->decode.line - in->decode.back;
	identity_keep_file(s->ingest->identities, i, &in->at_end, in->decode.format);
}

/* Puts a decoded block behind its predecessor. False when it must be decoded again. */
static bool link_block(struct ingest *g, struct block *b)
{
	struct source *s = b->source;
	struct intake *in = s->intake;
	struct decode_state had;

	if (!decode_state_agrees(&b->before, &in->decode) ||
	    !format_book_take(&in->book, &b->book)) {
		for (size_t i = 0; i < b->segments; i++)
			segment_free(b->segment[i], NULL);
		b->segments = 0;
		malformed_list_release(&b->bad);
		b->counts = (struct decode_counts){ 0 };
		free(b->fault);
		b->fault = NULL;
		format_book_release(&b->book);
		b->book.before = &in->book; /* nothing else of the source is linked meanwhile */
		b->decoded = false;
		b->next = g->waiting; /* it is the next in line */
		if (!g->waiting)
			g->waiting_end = &b->next;
		g->waiting = b;
		return false;
	}
	link_segments(g, s, b);
	source_note_malformed(s, &b->bad);
	if (b->bad.n)
		g->events.malformed(g->events.ctx, s, &b->bad, b->counts.malformed,
				    in->decode.line - in->decode.back);
	decode_counts_add(&s->counts, &b->counts);
	decode_counts_add(&g->totals.counts, &b->counts);
	g->order += b->after.line;
	had = in->decode;
	decode_state_advance(&in->decode, &b->after);
	tell_news(s, &had);
	in->next_link++;
	if (b->parquet)
		source_parquet_linked(s, b);
	ingest_note_stand(s);
	identity_linked(b->identity, b->end);
	g->blocks--;
	g->history -= b->history;
	block_free(b);
	source_check_recognised(s);
	ingest_leave_soon(s);
	source_give_back_formats(s);
	return true;
}

static void link_ready(struct ingest *g)
{
	for (struct block **at = &g->decoded; *at;) {
		struct block *b = *at;
		if (b->number != b->source->intake->next_link) {
			at = &b->next;
			continue;
		}
		*at = b->next;
		bool linked = link_block(g, b);
		at = &g->decoded; /* the next block of the source may stand before this one */
		if (!linked)
			break;
	}
	g->events.changed(g->events.ctx);
}

/* ---- decoding ---- */

static void decode_run(struct ingest_job *j)
{
	struct block *b = (struct block *)j;
	struct decoder *d;

	if (j->ingest->tail) /* somebody looks on */
		job_step_back();
	b->after = b->before;
	b->after.line = b->after.back = 0;
	b->after.book = &b->book;
	if (b->parquet) {
		source_parquet_decode(b);
		return;
	}
	d = decoder_new();
	decoder_want(d, j->ingest->wanted);
	decoder_feed(d, &b->after, buf_str(&b->text), &b->counts, &b->bad);
	b->segments = decoder_take(d, &b->segment);
	decoder_free(d);
}

static void decode_ended(struct ingest_job *j)
{
	struct block *b = (struct block *)j;
	struct ingest *g = j->ingest;

	g->decoding--;
	b->decoded = true;
	b->next = g->decoded;
	g->decoded = b;
	if (!g->closing)
		link_ready(g);
}

static bool waits_for_header(const struct block *b)
{
	const struct intake *in = b->source->intake;

	return in->next_link < in->behind_header && b->number >= in->behind_header;
}

struct ingest_job *ingest_block_next(struct ingest *g)
{
	struct block **at = &g->waiting, *b;

	while (*at && waits_for_header(*at))
		at = &(*at)->next;
	b = *at;
	if (!b || g->decoding >= job_cores())
		return NULL;
	*at = b->next;
	if (!b->next)
		g->waiting_end = at;
	b->next = NULL;
	b->before.values = b->source->intake->decode.values;
	b->before.format = b->source->intake->decode.format;
	free(b->segment);
	b->segment = NULL;
	g->decoding++;
	return &b->job;
}

/* Tells which rows of the open segments, which all sources share, are new. */
static void tell_rows(struct ingest *g, struct source *s, const uint32_t *had, size_t hads)
{
	struct segment *const *list;
	size_t n = decoder_segments(g->tail, &list);

	for (size_t i = 0; i < n; i++) {
		uint32_t first = i < hads ? had[i] : 0;
		if (list[i]->rows > first)
			g->events.rows(g->events.ctx, s, list[i], first, list[i]->rows - first);
	}
}

/* A little text of a source that has nothing on its way: straight into the segments
 * that grow at the end of the ring. */
static void decode_tail(struct ingest *g, struct source *s, struct str text)
{
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct segment *const *list;
	const struct decode_state was = s->intake->decode;
	size_t hads = decoder_segments(g->tail, &list);
	uint32_t *had = xmalloc((hads + 1) * sizeof *had);

	for (size_t i = 0; i < hads; i++)
		had[i] = list[i]->rows;
	decoder_set_order(g->tail, g->order);
	g->order -= s->intake->decode.line;
	decoder_feed(g->tail, &s->intake->decode, text, &counts, &bad);
	g->order += s->intake->decode.line;
	decode_counts_add(&s->counts, &counts);
	decode_counts_add(&g->totals.counts, &counts);
	tell_news(s, &was);
	tell_rows(g, s, had, hads);
	free(had);
	if (bad.n)
		g->events.malformed(g->events.ctx, s, &bad, counts.malformed, 0);
	source_note_malformed(s, &bad);
	malformed_list_release(&bad);
	source_check_recognised(s);
	g->events.tail(g->events.ctx, g->tail);
	g->events.changed(g->events.ctx);
}

static bool begins_with_header(struct str text)
{
	const char *newline;

	if (text.n >= 3 && memcmp(text.s, "\xef\xbb\xbf", 3) == 0)
		text.s += 3, text.n -= 3;
	newline = text.n ? memchr(text.s, '\n', text.n) : NULL;
	text.n = newline ? (size_t)(newline - text.s) : text.n;
	return format_is_mark(text, FORMAT_VALUES) || format_is_header(text);
}

/* Puts a block in line. */
static struct block *add(struct source *s)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;
	struct block *b = xcalloc(1, sizeof *b);

	b->job = (struct ingest_job){ .ingest = g, .run = decode_run, .ended = decode_ended };
	b->source = s;
	b->number = in->next_block++;
	b->before = in->decode;
	b->history = in->history;
	g->history += b->history;
	g->blocks++;
	*g->waiting_end = b;
	g->waiting_end = &b->next;
	return b;
}

void ingest_block_add_rows(struct source *s, const struct parquet_piece *piece, uint64_t before)
{
	struct block *b = add(s);

	b->parquet = source_parquet_hold(s->intake->parquet);
	b->piece = *piece;
	b->before_rows = before;
}

/* Takes `text`. */
void ingest_block_add(struct source *s, struct buf *text)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;
	struct block *b;

	in->stood = false;
	if (g->tail && text->n <= TAIL_MAX && in->next_block == in->next_link) {
		decode_tail(g, s, buf_str(text));
		identity_block(in->place.identity);
		identity_linked(in->place.identity, in->place.at);
		buf_release(text);
		return;
	}
	b = add(s);
	b->text = *text;
	b->identity = in->place.identity;
	b->end = in->place.at;
	identity_block(b->identity);
	if (!in->decode.format && !in->decode.values && begins_with_header(buf_str(&b->text)))
		in->behind_header = in->next_block;
}
