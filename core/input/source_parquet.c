/* source_parquet.c - sources that hold Parquet, whatever their name: told by how they begin. Such a
 * file is read by its footer, so that one that is still written, or copied, is waited for; what
 * comes through a pipe is kept until it has ended. Its rows go as blocks, as many at a time as
 * there is room for; one that was read is not read again, for nobody writes on in it. A copy is
 * known by its footer, which stands for its lines (see identity.h). */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/ingest_state.h"
#include "store/arrival.h"

#define MAGIC "PAR1"
#define PIECE ((size_t)64 << 10) /* read at a time of what has no file */
#define TURN ((size_t)4 << 20)   /* in a job */
#define LINE_BYTES 64u           /* of text, about, that a row stands for */
#define SEGMENTS_MOST 4u         /* of a block */
#define ROWS_LEAST 32768u        /* of a block */

/* Shared by the source, while it hands out rows, and their blocks. Counted on the loop. */
struct parquet_source {
	struct parquet parquet;
	unsigned holders;
	struct buf bytes; /* of a pipe */
	uint64_t charged; /* bytes, in ingest->parquet */
	bool opened;
	struct parquet_piece piece; /* handed out last */
	uint64_t rows;              /* that were handed out, or stepped over */
};

struct parquet_job {
	struct ingest_job job;
	struct source *source;
	ssize_t status;           /* what read said; 1: there is more */
	bool tried;               /* the footer was looked for: */
	enum parquet_state state; /* what came of it, */
	struct buf fault;         /* why */
};

/* ---- notes ---- */

/* Behind what is noted already. */
static void note_more(struct source *s, const char *more)
{
	struct buf note = { 0 };

	if (s->note)
		buf_printf(&note, "%s; ", s->note);
	buf_puts(&note, more);
	source_note(s, note.s);
	buf_release(&note);
}

static void note_stepped_over(struct source *s)
{
	struct buf more = { 0 };

	buf_printf(&more, "%" PRIu64 " row %s left out: out of the time asked for",
		   s->intake->stepped_over, plural(s->intake->stepped_over, "group", "groups"));
	note_more(s, more.s);
	buf_release(&more);
}

static void note_aside(struct source *s, const char *columns)
{
	struct buf more = { 0 };

	buf_printf(&more, "no field of a flow is in columns that are not read: %s", columns);
	note_more(s, more.s);
	buf_release(&more);
}

/* ---- life ---- */

static void charge(struct ingest *g, struct parquet_source *p)
{
	uint64_t now = p->bytes.cap + (p->opened ? parquet_bytes(&p->parquet) : 0);

	__atomic_fetch_add(&g->parquet, now - p->charged, __ATOMIC_RELAXED);
	p->charged = now;
}

struct parquet_source *source_parquet_hold(struct parquet_source *p)
{
	p->holders++;
	return p;
}

/* Lets go of the file: what is there may be another one. */
static void close_file(struct parquet_source *p)
{
	if (p->parquet.file.fd >= 0)
		close(p->parquet.file.fd);
	parquet_release(&p->parquet);
	p->parquet = (struct parquet){ .file.fd = -1 };
	p->opened = false;
}

void source_parquet_release(struct ingest *g, struct parquet_source *p)
{
	if (!p || --p->holders)
		return;
	close_file(p);
	buf_release(&p->bytes);
	charge(g, p);
	free(p);
}

bool source_parquet_begin(struct source *s)
{
	struct intake *in = s->intake;
	struct str head = unwrap_refused(&in->stream->unwrap);
	struct parquet_source *p;

	if (head.n < 4 || memcmp(head.s, MAGIC, 4) != 0)
		return false;
	p = in->parquet = xcalloc(1, sizeof *p);
	p->holders = 1;
	p->parquet.file.fd = -1;
	if (!s->ops->whole)
		buf_add_str(&p->bytes, head);
	charge(s->ingest, p);
	s->shape = "parquet";
	ingest_stream_free(s);
	s->ready = true;
	return true;
}

/* ---- in a job ---- */

/* What the source has: 1 where there may be more at once. */
static ssize_t read_pipe(struct source *s, struct parquet_source *p)
{
	uint64_t most = s->ingest->memory ? s->ingest->memory / 2 : UINT64_MAX;
	ssize_t got = 1;

	for (size_t n = 0; got > 0 && n < TURN; n += (size_t)got) {
		buf_reserve(&p->bytes, PIECE);
		got = s->ops->read(s, p->bytes.s + p->bytes.n, PIECE);
		p->bytes.n += got > 0 ? (size_t)got : 0;
		if (p->bytes.n > most)
			return -EFBIG;
	}
	return got;
}

/* What came is of no use but for what it says of the file. */
static ssize_t read_file(struct source *s)
{
	char *out = xmalloc(PIECE);
	ssize_t got = s->ops->read(s, out, PIECE);

	free(out);
	return got > 0 ? 0 : got;
}

static void open_parquet(struct parquet_job *j)
{
	struct source *s = j->source;
	struct parquet_source *p = s->intake->parquet;
	struct parquet_file *f = &p->parquet.file;

	if (s->ops->whole) {
		f->fd = s->ops->whole(s, &f->base, &f->size);
		j->status = f->fd < 0 ? f->fd : 0;
		j->tried = f->fd >= 0;
	} else if (s->input_ended) {
		f->bytes = p->bytes.s;
		f->size = p->bytes.n;
		j->tried = true;
	}
	if (j->tried)
		j->state = parquet_open(&p->parquet, &j->fault);
}

static void parquet_run(struct ingest_job *job)
{
	struct parquet_job *j = (struct parquet_job *)job;
	struct source *s = j->source;
	struct parquet_source *p = s->intake->parquet;

	j->status = s->ops->whole || !p ? read_file(s) : read_pipe(s, p);
	if (j->status == 0 && p)
		open_parquet(j);
}

/* ---- on the loop ---- */

/* All of it is read, as far as it ever will be. */
static void ran_dry(struct source *s)
{
	enum source_state state = s->ops->dry(s);

	s->intake->caught_up |= !s->ready;
	source_set_state(s, state);
	ingest_follow(s);
}

static void give_up(struct source *s, const char *why)
{
	s->failed = true;
	source_parquet_release(s->ingest, s->intake->parquet);
	s->intake->parquet = NULL;
	s->intake->parquet_over = true;
	source_fault(s, "'%s': %s", s->name, why);
	s->intake->caught_up = true;
	source_set_state(s, SOURCE_FAILED);
}

/* Its end is missing. Who follows waits for it; a report has what there is. */
static void wait_for_end(struct source *s)
{
	if (!s->ops->check || s->input_ended) {
		give_up(s, "Parquet is not read: it is cut short: PAR1 is not at its end");
		return;
	}
	source_note(s, "waited for: PAR1 is not at its end yet");
	s->intake->caught_up = true;
	source_set_state(s, SOURCE_WAITING);
	ingest_follow(s);
}

/* With the last rows: where the file is left, for the next run. */
static void note_stand(struct source *s)
{
	struct intake *in = s->intake;
	struct identity *i = in->parquet_identity;

	if (!in->parquet_over || in->next_block != in->next_link)
		return;
	in->parquet_identity = NULL;
	identity_linked(i, in->place.at);
	in->stood = i && s->ops->stands && s->ops->stands(s, &in->at_end.stand);
	in->at_end.at = 0;
	ingest_note_stand(s);
}

/* Whether another file has the same rows: the footer says where each value is. */
static bool is_known(struct source *s, const struct parquet_meta *m)
{
	static const struct identity_lines none;
	struct intake *in = s->intake;
	struct buf line = { 0 };
	struct identity_take take;

	if (!s->identify)
		return false;
	buf_printf(&line, "Parquet %016" PRIx64 " %" PRIu64 "\n", m->hash, m->rows);
	take = identity_take(s->ingest->identities, &in->place, buf_str(&line), &none);
	buf_release(&line);
	if (take.skip == 0) {
		in->parquet_identity = in->place.identity;
		identity_block(in->parquet_identity);
		return false;
	}
	/* Rows that this very file was read for before are not worth a note. */
	if (in->place.identity && in->place.identity->files > 1)
		in->known_lines += m->rows;
	return true;
}

static void begin_rows(struct source *s)
{
	struct intake *in = s->intake;
	struct parquet_source *p = in->parquet;

	p->opened = true;
	charge(s->ingest, p);
	in->history = !in->caught_up;
	in->stepped_over = 0;
	in->decode.format = format_book_keep(&in->book, format_hold(p->parquet.format));
	in->decode.values = in->decode.guess = NULL;
	if (s->state != SOURCE_READING)
		source_set_state(s, in->caught_up ? SOURCE_FOLLOWING : SOURCE_READING);
	free(s->note);
	s->note = NULL;
	s->ingest->events.noted(s->ingest->events.ctx, s);
	if (is_known(s, &p->parquet.meta))
		p->piece.group = p->parquet.meta.groups;
	else if (p->parquet.left_out) {
		s->failed = true;
		source_fault(s, "'%s': columns are not read: %s", s->name, p->parquet.left_out);
	}
	ingest_make_note(s);
	if (p->parquet.aside)
		note_aside(s, p->parquet.aside);
	source_progress(s, s->size, 0);
	s->ready = true;
}

static void take_state(struct source *s, struct parquet_job *j)
{
	if (j->state == PARQUET_WHOLE) {
		begin_rows(s);
		return;
	}
	close_file(s->intake->parquet);
	if (j->state == PARQUET_UNFINISHED)
		wait_for_end(s);
	else
		give_up(s, j->fault.s);
}

/* Another file is there, or this one begins anew. */
static void begin_another(struct source *s)
{
	struct intake *in = s->intake;

	source_parquet_release(s->ingest, in->parquet);
	in->parquet = NULL;
	in->parquet_over = false;
	in->decode.format = s->ingest->format;
	ingest_begin_another(s);
}

static void take_job(struct source *s, struct parquet_job *j)
{
	if (j->status == SOURCE_BREAK || j->status == SOURCE_CUT)
		begin_another(s);
	else if (j->status == -EFBIG && !s->ops->whole)
		give_up(s, "Parquet that comes through a pipe is kept until its end, and this is "
			   "more than half of --memory: name the file");
	else if (j->status < 0 && j->status != -ENOENT)
		ingest_read_failed(s, (int)j->status);
	else if (j->status > 0)
		s->ready = true;
	else if (j->tried)
		take_state(s, j);
	else
		ran_dry(s);
	if (s->intake->parquet)
		charge(s->ingest, s->intake->parquet);
	ingest_rest(s);
}

static void parquet_ended(struct ingest_job *job)
{
	struct parquet_job *j = (struct parquet_job *)job;
	struct source *s = j->source;
	struct ingest *g = s->ingest;

	g->reading--;
	s->intake->reading = false;
	source_adopt_name(s);
	if (!g->closing) {
		take_job(s, j);
		if (s->ready)
			source_is_ready(s);
		g->events.changed(g->events.ctx);
	}
	buf_release(&j->fault);
	free(j);
}

/* ---- rows ---- */

/* So many that a block of them takes about what one of text does, as it comes; but a page, which
 * may have more rows, is unpacked for each block anew. */
static uint64_t rows_at_once(const struct ingest *g)
{
	uint64_t rows = g->block_size / LINE_BYTES, most = (uint64_t)SEGMENTS_MOST * SEGMENT_ROWS;

	return rows >= SEGMENT_ROWS ? most : rows < ROWS_LEAST ? ROWS_LEAST : rows;
}

static void rows_are_over(struct source *s)
{
	struct intake *in = s->intake;

	source_parquet_release(s->ingest, in->parquet);
	in->parquet = NULL;
	in->parquet_over = true;
	if (in->stepped_over)
		note_stepped_over(s);
	source_progress(s, s->size, s->size);
	ran_dry(s);
	note_stand(s);
	ingest_rest(s);
	source_check_recognised(s);
	source_give_back_formats(s);
}

/* Hands out the next rows; false: there are none left. */
static bool next_rows(struct source *s)
{
	struct ingest *g = s->ingest;
	struct parquet_source *p = s->intake->parquet;
	uint64_t at;

	if (!parquet_next(&p->parquet, &p->piece, rows_at_once(g), g->since_s, g->until_s,
			  &s->intake->stepped_over))
		return false;
	at = p->parquet.meta.group[p->piece.group].before + p->piece.first;
	ingest_block_add_rows(s, &p->piece, at - p->rows);
	p->rows = at + p->piece.rows;
	return true;
}

struct ingest_job *source_parquet_read(struct source *s)
{
	struct intake *in = s->intake;
	struct parquet_job *j;

	if (in->parquet && in->parquet->opened) {
		if (next_rows(s))
			source_is_ready(s);
		else
			rows_are_over(s);
		s->ingest->events.changed(s->ingest->events.ctx);
		return NULL;
	}
	j = xcalloc(1, sizeof *j);
	j->job = (struct ingest_job){ .ingest = s->ingest,
				      .run = parquet_run,
				      .ended = parquet_ended };
	j->source = s;
	in->reading = true;
	s->resting = false;
	s->ingest->reading++;
	ingest_opened(s);
	if (s->ops->prepare)
		s->ops->prepare(s);
	return &j->job;
}

void source_parquet_decode(struct block *b)
{
	const struct parquet *p = &b->parquet->parquet;
	struct ingest *g = b->job.ingest;
	struct parquet_rows rows;

	parquet_decode(p, &b->piece, g->wanted, b->source->id, &g->parquet, &rows);
	b->segment = rows.segment;
	b->segments = rows.segments;
	b->counts = rows.counts;
	b->fault = rows.fault;
	for (size_t i = 0; i < b->segments; i++) {
		segment_move_lines(b->segment[i], b->before_rows);
		segment_move_arrivals(b->segment[i], b->before_rows);
	}
	b->after.line = b->before_rows + b->piece.rows;
	if (b->segments)
		b->after.last = p->format;
	decode_note_flows(&b->after, &b->counts, p->format, b->counts.flows);
}

void source_parquet_linked(struct source *s, const struct block *b)
{
	const struct parquet_meta *m = &b->parquet->parquet.meta;
	uint64_t rows = m->group[b->piece.group].before + b->piece.first + b->piece.rows;

	if (b->fault) {
		s->failed = true;
		source_fault(s, "'%s': %s", s->name, b->fault);
	}
	if (s->intake->parquet && m->rows)
		source_progress(s, s->size,
				(uint64_t)((double)s->size * (double)rows / (double)m->rows));
	note_stand(s);
}
