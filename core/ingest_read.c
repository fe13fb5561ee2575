/* ingest_read.c - read jobs: raw bytes out of a source, through its stream's layers and
 * envelopes, to blocks of whole lines. */
#include "ingest_state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct read_job {
	uv_work_t work;
	struct source *source;
	struct buf text;
	size_t size;
	size_t raw;     /* bytes that came */
	ssize_t status; /* 0: dry; 1: the block is full; or what read said */
};

/* ---- in the job ---- */

/* Bytes of an envelope that may go by without filling a block. */
#define RAW_MAX (4u << 20)

/* Into the envelope at a time: few bytes of it may unpack to many. */
#define SLICE 65536

/* What was read stands behind the text: lines as they are, or what waits for the envelope. */
static void sort(struct stream *stream, struct buf *text, size_t got)
{
	struct str raw = { text->s + text->n, got };

	if (envelope_passes(&stream->envelope, raw))
		text->n += got;
	else
		buf_add_str(&stream->waiting, raw);
}

/* False when nothing waits. */
static bool open_some(struct stream *stream, struct buf *text)
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

static void read_work(uv_work_t *w)
{
	struct read_job *j = w->data;
	struct source *s = j->source;

	j->status = 1;
	if (s->input_ended)
		unwrap_end(&s->stream->unwrap);
	while (j->text.n < j->size && j->raw < j->size + RAW_MAX) {
		if (open_some(s->stream, &j->text))
			continue;
		buf_reserve(&j->text, j->size - j->text.n);
		ssize_t got =
			unwrap_read(&s->stream->unwrap, j->text.s + j->text.n, j->size - j->text.n);
		if (got == UNWRAP_TORN) /* a line, or a document, ends here too */
			envelope_feed(&s->stream->envelope, (struct str){ "\n", 1 }, true,
				      &j->text);
		if (got <= 0) {
			j->status = got == UNWRAP_TORN || got == UNWRAP_AGAIN ? 1 : got;
			break;
		}
		j->raw += (size_t)got;
		sort(s->stream, &j->text, (size_t)got);
	}
}

/* Of a line that is too long only the beginning goes on, to be counted once. */
static void cut_long_line(struct source *s, char **text, size_t *n)
{
	char *newline = *n ? memchr(*text, '\n', *n) : NULL;

	if (s->skipping) {
		size_t drop = newline ? (size_t)(newline - *text) + 1 : *n;
		memmove(*text, *text + drop, *n - drop);
		*n -= drop;
		s->skipping = newline == NULL;
		newline = *n ? memrchr(*text, '\n', *n) : NULL;
	}
	if (!newline && *n > DECODE_LINE_MAX + 1) {
		*n = DECODE_LINE_MAX + 1;
		(*text)[(*n)++] = '\n';
		s->skipping = true;
	}
}

/* What is to be known of a source besides its faults. */
static void make_note(struct source *s)
{
	struct buf b = { 0 };

	if (s->cuts)
		buf_printf(&b,
			   "truncated %u time%s: what was written between two looks may be lost",
			   s->cuts, s->cuts > 1 ? "s" : "");
	if (s->known_lines)
		buf_printf(&b, "%s%" PRIu64 " lines left out: they came from another file",
			   b.n ? "; " : "", s->known_lines);
	if (s->nuls)
		buf_printf(&b, "%s%" PRIu64 " NUL bytes before its text left out", b.n ? "; " : "",
			   s->nuls);
	source_note(s, b.s);
	buf_release(&b);
}

/* Leaves out what has come from another file with the same lines. */
static void leave_out_known(struct source *s, char **text, size_t *n)
{
	struct identity_place *p = &s->place;
	struct identity_take take =
		identity_take(s->ingest->identities, p, (struct str){ *text, *n });
	struct buf kept = { 0 };
	uint64_t lines = 0;

	s->read_again = take.restart;
	s->all_known = !take.restart && take.skip == *n;
	for (size_t i = 0; i < take.skip; i++)
		lines += (*text)[i] == '\n';
	s->decode.line += lines;
	/* Not those that it was itself read for before. */
	if (lines && p->identity && p->identity->files > 1) {
		s->known_lines += lines;
		make_note(s);
	}
	if (take.skip == 0 && p->header.n == 0)
		return;
	if (take.skip < *n) {
		buf_add_str(&kept, buf_str(&p->header));
		buf_release(&p->header);
		buf_add(&kept, *text + take.skip, *n - take.skip);
	}
	free(*text);
	*text = kept.s;
	*n = kept.n;
}

static void count_malformed(struct source *s, struct str text, const char *reason)
{
	struct ingest *g = s->ingest;
	struct malformed m = { s->id, s->decode.line + 1, reason, text };
	const struct malformed_list bad = { .line = &m, .n = 1, .cap = 1 };
	const struct decode_counts counts = { .lines = 1, .malformed = 1 };

	if (str_trim(text).n == 0)
		return;
	decode_counts_add(&s->counts, &counts);
	decode_counts_add(&g->totals.counts, &counts);
	g->events.malformed(g->events.ctx, s, &bad, 1, 0);
}

/* What comes behind a line that was taken without its end. */
static void drop_continuation(struct source *s, char *text, size_t *n)
{
	const char *newline = *n ? memchr(text, '\n', *n) : NULL;
	size_t drop = newline ? (size_t)(newline - text) + 1 : *n;
	size_t room = s->torn.n < DECODE_LINE_MAX ? DECODE_LINE_MAX - s->torn.n : 0;

	if (!s->continues || drop == 0)
		return;
	count_malformed(s, (struct str){ text, drop }, "continues a line that stood unfinished");
	buf_add(&s->torn, text, drop < room ? drop : room);
	memmove(text, text + drop, *n - drop);
	*n -= drop;
	s->continues = !newline;
	if (newline && s->identify)
		identity_mend_torn(&s->place, buf_str(&s->torn));
}

/* Cuts what was read at its last newline; the rest waits. Takes `text`. */
static void deliver(struct source *s, char *text, size_t n)
{
	char *newline;
	size_t keep;

	s->all_known = false;
	drop_continuation(s, text, &n);
	cut_long_line(s, &text, &n);
	newline = n ? memrchr(text, '\n', n) : NULL;
	keep = newline ? (size_t)(newline - text) + 1 : 0;
	buf_add(&s->rest, text + keep, n - keep);
	n = keep;
	if (n && s->identify)
		leave_out_known(s, &text, &n);
	if (n)
		ingest_block_add(s, text, n);
	else
		free(text);
}

/* A report that goes on in the next run leaves a line to be finished by then, unless the file
 * has stood still. */
static bool waits_for_next_run(const struct source *s)
{
	struct stand stand;

	return s->input_ended && s->identify && s->ops->stands && s->ops->stands(s, &stand) &&
	       stand.mtime_ns / 1000000000 + SOURCE_RIPE_S > (int64_t)time(NULL);
}

/* The last line, whose end has not come. */
static void deliver_torn(struct source *s, struct str line)
{
	char *copy;

	if (str_trim(line).n == 0)
		return;
	if (waits_for_next_run(s)) {
		buf_add_str(&s->rest, line);
		return;
	}
	buf_clear(&s->torn);
	buf_add_str(&s->torn, line);
	s->continues = true;
	if (s->identify && identity_take_torn(&s->place, line))
		return;
	copy = xstrndup(line.s, line.n + 1);
	copy[line.n] = '\n';
	ingest_block_add(s, copy, line.n + 1);
}

/* Cuts the line that has no end off the text, which is flushed: of a document its beginning. */
static struct buf take_torn(struct envelope *e, struct buf *text)
{
	bool torn = e->mode == ENVELOPE_JSON || envelope_has_line(e) ||
		    (text->n && text->s[text->n - 1] != '\n');
	struct buf line = { 0 };
	size_t start, n;

	envelope_feed(e, (struct str){ "", 0 }, true, text);
	if (!torn || !text->n)
		return line;
	n = text->n - (text->s[text->n - 1] == '\n');
	for (start = n; start && text->s[start - 1] != '\n';)
		start--;
	buf_add(&line, text->s + start, n - start);
	text->n = start;
	return line;
}

/* What a writer leaves behind whose file was truncated under it: nothing is lost. */
static void tell_nuls(struct source *s, struct unwrap *u)
{
	struct ingest *g = s->ingest;
	struct buf b = { 0 };

	s->nuls += u->nuls;
	u->nuls = 0;
	make_note(s);
	buf_printf(&b, "'%s': left out %" PRIu64 " NUL bytes before its text", s->name, s->nuls);
	g->events.fault(g->events.ctx, s, b.s);
	buf_release(&b);
}

static void tell_faults(struct source *s)
{
	struct unwrap *u = &s->stream->unwrap;
	const char *fault = unwrap_fault(u);

	if (u->nuls && u->judged)
		tell_nuls(s, u);
	s->failed |= fault != NULL;
	if (fault)
		source_fault(s, "'%s': %s", s->name, fault);
}

/* The stream is over: its faults are told. */
void ingest_end_stream(struct source *s)
{
	unwrap_cut(&s->stream->unwrap);
	tell_faults(s);
	s->skipping = false;
}

/* A followed file is tried again: permissions are given, mounts come back. What is no file
 * is none. */
static void read_failed(struct source *s, int error)
{
	bool again = s->ops->check && !s->input_ended && error != -EOPNOTSUPP && error != -EISDIR;

	s->failed = true;
	s->caught_up |= again;
	ingest_set_state(s, again ? SOURCE_WAITING : SOURCE_FAILED);
	ingest_follow(s);
	source_fault(s, "cannot %s '%s': %s", s->read ? "read" : "open", s->name,
		     source_error_text(error));
}

/* What it holds is none of ours: it is done with. */
static void read_refused(struct source *s)
{
	tell_faults(s);
	ingest_set_state(s, SOURCE_FAILED);
}

/* For the next run: this file need not be read again while it stands as it does, nor what
 * it holds now. Where it stands is known here, its lines and columns when the last block is
 * handed on: ingest_block.c. */
static void note_stand(struct source *s)
{
	struct identity *i = s->place.identity;

	s->stood = i && s->ops->stands && i->at == s->place.at && !s->rest.n &&
		   unwrap_is_idle(&s->stream->unwrap) && s->ops->stands(s, &s->at_end.stand);
	if (s->stood)
		s->at_end.at = envelope_is_idle(&s->stream->envelope) && !s->continues ? i->at : 0;
	ingest_note_stand(s);
}

/* All of what is here is known, and an earlier run said where this file was left: what lies
 * between is not read. */
static void skip_known(struct source *s)
{
	const struct identity_file *f = s->place.identity ? &s->place.identity->file : NULL;

	if (!f || f->at <= s->place.at || f->at != s->place.identity->at ||
	    !s->place.identity->hash || !s->ops->skip_to || !s->ops->skip_to(s, &f->stand))
		return;
	identity_skip(&s->place);
	s->decode.line = f->line;
	s->decode.values = NULL;
	s->decode.format = f->format ? f->format : s->ingest->format;
	buf_clear(&s->rest);
	ingest_stream_free(s);
}

static void ran_dry(struct source *s)
{
	enum source_state before = s->state, state = s->ops->dry(s);

	tell_faults(s);
	if (state == SOURCE_DONE && before != SOURCE_DONE)
		ingest_end_stream(s);
	s->caught_up |= !s->ready;
	ingest_set_state(s, state);
	ingest_follow(s);
}

/* Counts and the shape, as far as they are known by now. */
static void take_notes(struct source *s)
{
	struct stream *stream = s->stream;
	const char *shape =
		stream->envelope.seen ? stream->envelope.seen : unwrap_shape(&stream->unwrap);

	if (!s->shape || *shape != '?')
		s->shape = shape;
	s->control += stream->envelope.control;
	s->ingest->totals.control += stream->envelope.control;
	stream->envelope.control = 0;
}

/* What looked like another file's lines is not: none was taken. */
static void read_from_beginning(struct source *s)
{
	s->known_lines = 0;
	s->continues = s->skipping = false;
	buf_release(&s->rest);
	ingest_stream_free(s);
	s->ready = true;
	ingest_begins_anew(s);
}

/* Another stream begins behind this one. */
static void begin_another(struct source *s)
{
	if (s->truncated) {
		s->cuts++;
		make_note(s);
	}
	ingest_end_stream(s);
	ingest_stream_free(s);
	buf_clear(&s->rest);
	identity_release(&s->place);
	/* What is there now may begin as it did before: what follows is new all the same. */
	s->place.alone = s->truncated;
	s->continues = s->truncated = false;
	s->ready = true;
	ingest_set_state(s, SOURCE_FOLLOWING);
}

/* The text on its way; at the end of something, its last line too, whatever it is. */
static void deliver_all(struct source *s, struct read_job *j, bool over, bool cut)
{
	struct buf torn = { 0 };

	if (over || cut)
		torn = take_torn(&s->stream->envelope, &j->text);
	take_notes(s);
	deliver(s, j->text.s, j->text.n);
	if (torn.n && cut)
		count_malformed(s, buf_str(&torn), "not finished before the file was truncated");
	else if (torn.n && !s->read_again)
		deliver_torn(s, buf_str(&torn));
	buf_release(&torn);
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

/* It is opened anew, and read from its beginning up to where it was: what was in the middle
 * of something is lost with the error. */
static void try_again_later(struct source *s)
{
	ingest_stream_free(s);
	buf_release(&s->rest);
	s->read_again = s->identify && s->ops->rewind;
	ingest_rest(s);
}

/* What the job brought: into a state, and the text on its way. */
static void read_ended(struct source *s, struct read_job *j)
{
	bool over = j->status == SOURCE_BREAK, cut = j->status == SOURCE_CUT;

	if (j->raw)
		recover(s);
	if (j->text.n && s->state != SOURCE_READING)
		ingest_set_state(s, s->caught_up ? SOURCE_FOLLOWING : SOURCE_READING);
	if (j->status > 0)
		s->ready = true;
	else if (j->status == 0)
		ran_dry(s);
	else if (j->status == UNWRAP_REFUSED)
		read_refused(s);
	else if (!over && !cut)
		read_failed(s, (int)j->status);
	over |= s->state == SOURCE_DONE || s->state == SOURCE_FAILED ||
		(s->ripe && j->status == 0 && j->raw == 0);
	s->ripe = false;
	deliver_all(s, j, over, cut);
	if (j->status == 0)
		note_stand(s);
	if (s->all_known)
		skip_known(s);
	if (s->read_again)
		read_from_beginning(s);
	else if (j->status == SOURCE_BREAK || cut)
		begin_another(s);
	else if (j->status < 0 && s->state == SOURCE_WAITING)
		try_again_later(s);
	else
		ingest_rest(s);
}

static void read_done(uv_work_t *w, int status)
{
	struct read_job *j = w->data;
	struct source *s = j->source;
	struct ingest *g = s->ingest;

	(void)status;
	g->reading--;
	s->reading = false;
	ingest_adopt_name(s);
	if (g->closing) {
		buf_release(&j->text);
		free(j);
		ingest_finish_close(g);
		return;
	}
	read_ended(s, j);
	ingest_check_recognised(s);
	free(j);
	if (s->ready)
		source_is_ready(s);
	g->events.changed(g->events.ctx);
	ingest_pump(g);
}

static ssize_t read_source(void *ctx, char *out, size_t n)
{
	struct source *s = ctx;

	return s->ops->read(s, out, n);
}

void ingest_read(struct source *s)
{
	struct read_job *j = xcalloc(1, sizeof *j);

	s->ready = false;
	s->reading = true;
	s->resting = false;
	s->ingest->reading++;
	ingest_opened(s);
	if (s->read_again) {
		s->ops->rewind(s);
		identity_rewind(&s->place);
		s->decode.line = 0;
		s->read_again = s->continues = s->skipping = false;
	}
	if (!s->stream) {
		s->stream = xcalloc(1, sizeof *s->stream);
		unwrap_init(&s->stream->unwrap, read_source, s);
		s->stream->unwrap.taken = s->read;
	}
	if (source_is_pipe(s))
		source_pipe_prepare(s);
	j->source = s;
	j->size = s->ingest->block_size + s->rest.n;
	buf_reserve(&j->text, j->size);
	buf_add_str(&j->text, buf_str(&s->rest));
	buf_release(&s->rest);
	j->work.data = j;
	uv_queue_work(s->ingest->loop, &j->work, read_work, read_done);
}
