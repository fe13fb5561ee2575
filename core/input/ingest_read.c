/* ingest_read.c - read jobs: raw bytes out of a source, through its stream's layers and
 * envelopes, to blocks of whole lines. */
#include "input/ingest_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct read_job {
	struct ingest_job job;
	struct source *source;
	struct buf text;
	struct identity_lines lines; /* of the text, up to its last newline */
	size_t size;
	size_t raw;     /* bytes that came */
	ssize_t status; /* 0: dry; 1: the block is full; or what read said */
};

/* ---- in the job ---- */

/* Bytes of an envelope that may go by without filling a block. */
#define RAW_MAX (4u << 20)

/* From a source at a time: what comes stays in the cache until it was looked at. */
#define PIECE ((size_t)256 << 10)

/* Into the envelope at a time: few bytes of it may unpack to many. */
#define SLICE 65536

/* What was read stands behind the text: lines as they are, or what waits for the envelope. */
static void pass_or_keep(struct stream *stream, struct buf *text, size_t got)
{
	struct str raw = { text->s + text->n, got };

	line_end_mend(&stream->line_end, text->s + text->n, got);
	if (envelope_passes(&stream->envelope, raw))
		text->n += got;
	else
		buf_add_str(&stream->waiting, raw);
}

/* False when nothing waits. */
static bool open_kept(struct stream *stream, struct buf *text)
{
	size_t left = stream->waiting.n - stream->at, n = left < SLICE ? left : SLICE;

	if (left == 0)
		return false;
	envelope_feed(&stream->envelope, (struct str){ stream->waiting.s + stream->at, n }, false,
		      text);
	stream->at += n;
	if (n == left) {
		buf_release(&stream->waiting);
		stream->at = 0;
	}
	return true;
}

static void read_lines(struct read_job *j)
{
	const char *newline = j->text.n ? memrchr(j->text.s, '\n', j->text.n) : NULL;

	if (newline)
		identity_read_lines(&j->lines,
				    (struct str){ j->text.s, (size_t)(newline + 1 - j->text.s) });
}

static void read_run(struct ingest_job *job)
{
	struct read_job *j = (struct read_job *)job;
	struct source *s = j->source;
	struct intake *in = s->intake;

	j->status = 1;
	if (s->input_ended)
		unwrap_end(&in->stream->unwrap);
	while (j->text.n < j->size && j->raw < j->size + RAW_MAX) {
		if (open_kept(in->stream, &j->text))
			continue;
		size_t room = j->size - j->text.n < PIECE ? j->size - j->text.n : PIECE;
		buf_reserve(&j->text, room);
		ssize_t got = unwrap_read(&in->stream->unwrap, j->text.s + j->text.n, room);
		if (got == UNWRAP_TORN) /* a line, or a document, ends here too */
			envelope_feed(&in->stream->envelope, (struct str){ "\n", 1 }, true,
				      &j->text);
		if (got <= 0) {
			j->status = got == UNWRAP_TORN || got == UNWRAP_AGAIN ? 1 : got;
			break;
		}
		j->raw += (size_t)got;
		pass_or_keep(in->stream, &j->text, (size_t)got);
	}
	if (s->identify)
		read_lines(j);
}

/* Of a followed file: permissions are given, mounts come back. What is no file is none. */
void ingest_read_failed(struct source *s, int error)
{
	bool again = s->ops->check && !s->input_ended && error != -EOPNOTSUPP && error != -EISDIR;

	s->failed = true;
	s->intake->caught_up |= again;
	source_set_state(s, again ? SOURCE_WAITING : SOURCE_FAILED);
	ingest_follow(s);
	source_fault(s, "cannot %s '%s': %s", s->read ? "read" : "open", s->name,
		     source_error_text(error));
}

/* What it holds is none of ours: it is done with. The line that looked like text until then is
 * no line. */
static void read_refused(struct source *s, struct buf *text)
{
	const char *newline = text->n ? memrchr(text->s, '\n', text->n) : NULL;

	text->n = newline ? (size_t)(newline - text->s) + 1 : 0;
	envelope_release(&s->intake->stream->envelope);
	ingest_tell_faults(s);
	source_set_state(s, SOURCE_FAILED);
}

/* For the next run: this file need not be read again while it stands as it does, nor what it
 * holds now. Where the file stands is known here, its lines and columns when the last block is
 * handed on: see ingest_note_stand(). */
static void note_stand(struct source *s)
{
	struct intake *in = s->intake;
	struct identity *i = in->place.identity;

	in->stood = i && s->ops->stands && i->at == in->place.at && !in->rest.n &&
		    unwrap_is_idle(&in->stream->unwrap) && s->ops->stands(s, &in->at_end.stand);
	if (in->stood)
		in->at_end.at =
			envelope_is_idle(&in->stream->envelope) && !in->continues ? i->at : 0;
	ingest_note_stand(s);
}

/* All of what is here is known, and an earlier run said where this file was left: what lies
 * between is not read. */
static void skip_known(struct source *s)
{
	struct intake *in = s->intake;
	const struct identity_file *f = in->place.identity ? &in->place.identity->file : NULL;

	if (!f || f->at <= in->place.at || f->at != in->place.identity->at ||
	    !in->place.identity->hash || !s->ops->skip_to || !s->ops->skip_to(s, &f->stand))
		return;
	identity_skip(&in->place);
	in->decode.line = f->line;
	in->decode.back = 0;
	in->decode.values = NULL;
	in->decode.format =
		f->header ? decode_header(&in->decode, str_of(f->header)) : s->ingest->format;
	buf_clear(&in->rest);
	ingest_stream_free(s);
}

static void ran_dry(struct source *s)
{
	enum source_state before = s->state, state = s->ops->dry(s);

	ingest_tell_faults(s);
	if (state == SOURCE_DONE && before != SOURCE_DONE)
		ingest_end_stream(s);
	s->intake->caught_up |= !s->ready;
	source_set_state(s, state);
	ingest_follow(s);
}

/* What looked like another file's lines is not: none was taken. */
static void read_from_beginning(struct source *s)
{
	struct intake *in = s->intake;

	in->known_lines = 0;
	in->continues = in->skipping = false;
	buf_release(&in->rest);
	ingest_stream_free(s);
	s->ready = true;
	source_begins_anew(s);
}

void ingest_begin_another(struct source *s)
{
	struct intake *in = s->intake;

	if (s->truncated) {
		in->cuts++;
		ingest_make_note(s);
	}
	if (s->ops->leave)
		s->ops->leave(s);
	if (in->stream)
		ingest_end_stream(s);
	ingest_stream_free(s);
	buf_clear(&in->rest);
	if (s->truncated)
		identity_truncated(&in->place);
	else
		identity_release(&in->place);
	in->continues = s->truncated = in->skipping = false;
	in->another = true;
	source_give_back_formats(s);
	s->ready = true;
	source_set_state(s, SOURCE_FOLLOWING);
}

void ingest_leave_soon(struct source *s)
{
	/* A job that has the source sets it. */
	if (s->intake->reading || !s->leaves || !source_is_settled(s))
		return;
	s->leaves = false;
	source_is_ready(s);
}

/* It goes on after an error that passed. */
static void recover(struct source *s)
{
	if (s->state != SOURCE_WAITING || !s->error)
		return;
	free(s->error);
	s->error = NULL;
	s->ingest->events.noted(s->ingest->events.ctx, s);
}

/* The file will be opened anew, and read from its beginning up to where it was: a stream in the
 * middle of something is lost with the error. */
static void try_again_later(struct source *s)
{
	struct intake *in = s->intake;

	ingest_stream_free(s);
	buf_release(&in->rest);
	in->read_again = s->identify && s->ops->rewind;
	ingest_rest(s);
}

/* What the job brought: into a state, and the text on its way. */
static void take_read(struct source *s, struct read_job *j)
{
	struct intake *in = s->intake;
	bool over = j->status == SOURCE_BREAK, cut = j->status == SOURCE_CUT;

	in->history = !in->caught_up;
	if (j->raw) {
		recover(s);
		ingest_measure(s, j->raw);
	}
	if (j->text.n && s->state != SOURCE_READING)
		source_set_state(s, in->caught_up ? SOURCE_FOLLOWING : SOURCE_READING);
	if (j->status > 0)
		s->ready = true;
	else if (j->status == 0)
		ran_dry(s);
	else if (j->status == UNWRAP_REFUSED)
		read_refused(s, &j->text);
	else if (!over && !cut)
		ingest_read_failed(s, (int)j->status);
	over |= s->state == SOURCE_DONE || s->state == SOURCE_FAILED ||
		(s->ripe && j->status == 0 && j->raw == 0);
	s->ripe = false;
	ingest_deliver(s, &j->text, &j->lines, over, cut);
	if (j->status == 0)
		note_stand(s);
	if (in->all_known)
		skip_known(s);
	if (in->read_again)
		read_from_beginning(s);
	else if (j->status == SOURCE_BREAK || cut)
		ingest_begin_another(s);
	else if (j->status < 0 && s->state == SOURCE_WAITING)
		try_again_later(s);
	else
		ingest_rest(s);
	ingest_leave_soon(s);
	source_give_back_formats(s);
}

static void read_ended(struct ingest_job *job)
{
	struct read_job *j = (struct read_job *)job;
	struct source *s = j->source;
	struct ingest *g = s->ingest;

	g->reading--;
	s->intake->reading = false;
	source_adopt_name(s);
	if (g->closing) {
		buf_release(&j->text);
	} else {
		if (j->status == UNWRAP_REFUSED && source_parquet_begin(s))
			buf_release(&j->text);
		else
			take_read(s, j);
		source_check_recognised(s);
		if (s->ready)
			source_is_ready(s);
		g->events.changed(g->events.ctx);
	}
	identity_lines_release(&j->lines);
	free(j);
}

static ssize_t read_source(void *ctx, char *out, size_t n)
{
	struct source *s = ctx;

	return s->ops->read(s, out, n);
}

struct ingest_job *ingest_read(struct source *s)
{
	struct intake *in = s->intake;
	struct read_job *j;

	s->ready = false;
	if (in->parquet || in->parquet_over)
		return source_parquet_read(s);
	j = xcalloc(1, sizeof *j);
	j->job = (struct ingest_job){ .ingest = s->ingest, .run = read_run, .ended = read_ended };
	in->reading = true;
	s->resting = false;
	s->ingest->reading++;
	ingest_opened(s);
	if (in->read_again) {
		s->ops->rewind(s);
		identity_rewind(&in->place);
		in->decode.line = in->decode.back = 0;
		in->read_again = in->continues = in->skipping = false;
	}
	if (!in->stream) {
		in->stream = xcalloc(1, sizeof *in->stream);
		unwrap_init(&in->stream->unwrap, read_source, s);
		in->stream->unwrap.once = !s->identify;
		in->stream->unwrap.taken = s->read;
	}
	in->stream->envelope.book = &in->shaped;
	if (s->ops->prepare)
		s->ops->prepare(s);
	j->source = s;
	j->size = s->ingest->block_size + in->rest.n;
	/* Little is expected of what is followed: its text is a fresh one. */
	if (in->caught_up)
		buf_reserve(&j->text, j->size);
	else
		j->text = text_pool_take(&s->ingest->texts, j->size);
	buf_add_str(&j->text, buf_str(&in->rest));
	buf_release(&in->rest);
	return &j->job;
}
