/* source.c - see source.h: what is known of a source, and told of it. How it stands is counted
 * in the sums of its ingest. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/decode_line.h"
#include "input/ingest_state.h"

/* ---- what is told of a source ---- */

void source_fault(struct source *s, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	if (s->error && strcmp(s->error, text) == 0)
		return; /* said already */
	free(s->error);
	s->error = xstrndup(text, strlen(text));
	s->faults++;
	s->ingest->events.fault(s->ingest->events.ctx, s, text);
}

const char *source_error_text(int error)
{
	/* A socket says "no such device", a device "not supported on socket". */
	if (error == -EOPNOTSUPP || error == -ENXIO)
		return "not a file, a folder or a pipe";
	if (error == -EXDEV)
		return "a link that leads out of its folder (--follow-links)";
	if (error == -ENOSYS)
		return "where its links lead can't be told without /proc (--follow-links)";
	return uv_strerror(error);
}

void source_note(struct source *s, const char *text)
{
	free(s->note);
	s->note = xstrndup(text, strlen(text));
	s->ingest->events.noted(s->ingest->events.ctx, s);
}

void source_gone(struct source *s, uint64_t inode)
{
	s->ingest->events.gone(s->ingest->events.ctx, inode);
}

void source_note_malformed(struct source *s, const struct malformed_list *bad)
{
	struct intake *in = s->intake;

	if (in->looked || !bad->n)
		return;
	in->looked = true;
	if (!in->foreign)
		in->foreign = foreign_of_line(malformed_list_get(bad, 0)->text);
}

/* Why none of its lines is a record, or what to do. */
static void add_reason(const struct intake *in, struct buf *out)
{
	if (in->decode.refused)
		buf_puts(out, in->decode.refused->refusal);
	else if (in->foreign)
		buf_printf(out, "it is %s: %s", in->foreign->title, in->foreign->hint);
	else if (in->strange)
		buf_printf(out, "its names are %s", in->strange);
	else if (in->decode.custom[0])
		buf_printf(out, "it %s: %s", line_is_custom, in->decode.custom);
	else
		buf_puts(out, "is it one?");
}

void source_check_recognised(struct source *s)
{
	const struct decode_counts *c = &s->counts;
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;
	bool none = c->malformed && !c->flows && !c->nodata && !c->skipdata;
	struct buf reason = { 0 };

	if (in->unrecognised && !none) {
		in->unrecognised = false;
		g->totals.unrecognised--;
		free(s->error);
		s->error = NULL;
		g->events.noted(g->events.ctx, s);
	} else if (none && !s->error && in->next_link == in->next_block &&
		   (s->state == SOURCE_DONE || in->caught_up)) {
		in->unrecognised = true;
		g->totals.unrecognised++;
		add_reason(in, &reason);
		source_fault(s, "'%s': no flow log record in %" PRIu64 " %s: %s", s->name, c->lines,
			     plural(c->lines, "line", "lines"), reason.s);
		buf_release(&reason);
	}
}

/* ---- how it stands ---- */

const char *source_state_name(enum source_state s)
{
	static const char *const names[] = {
		[SOURCE_READING] = "reading", [SOURCE_FOLLOWING] = "following",
		[SOURCE_WAITING] = "waiting", [SOURCE_DONE] = "done",
		[SOURCE_FAILED] = "failed",
	};
	return names[s];
}

void source_set_state(struct source *s, enum source_state state)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;
	bool ended;

	g->totals.in_state[s->state]--;
	g->totals.in_state[state]++;
	s->state = state;
	ended = state == SOURCE_DONE || state == SOURCE_FAILED ||
		(in->caught_up && source_is_followed(s));
	if (ended && !in->ended) {
		in->ended = true;
		g->unended--;
	}
}

/* Lines behind a header that is not there any more are none of another one. */
static void forget_headers(struct decode_state *d)
{
	if (d->values && !format_is_lasting(d->values))
		d->values = format_refused(FORMAT_GIVEN_BACK);
	if (d->format && !format_is_lasting(d->format))
		d->format = format_refused(FORMAT_GIVEN_BACK);
	d->last = d->partial = NULL;
}

void source_give_back_formats(struct source *s)
{
	struct intake *in = s->intake;
	struct decode_state *d = &in->decode;
	bool over = s->state == SOURCE_DONE || s->state == SOURCE_FAILED;

	if (in->next_block != in->next_link || in->reading || !(over || in->another))
		return;
	in->another = false;
	if (over && formats_are_scarce()) {
		forget_headers(d);
		source_notes_give_back(&s->notes);
	}
	format_book_cut(&in->book,
			(const struct format *const[]){ d->values, d->format, d->last, d->partial },
			4);
	format_book_cut(&in->shaped, NULL, 0);
}

void source_begins_anew(struct source *s)
{
	struct intake *in = s->intake;

	s->ingest->unended += in->ended;
	in->ended = in->caught_up = false;
	source_set_state(s, SOURCE_READING);
}

/* The bytes of it that count as read in the sums: only of a source whose size is known. */
static uint64_t known_read(const struct source *s)
{
	return s->read < s->size ? s->read : s->size;
}

void source_progress(struct source *s, uint64_t size, uint64_t read)
{
	struct ingest *g = s->ingest;
	uint64_t had_size = s->size, had_read = known_read(s);

	__atomic_store_n(&s->size, size, __ATOMIC_RELAXED);
	__atomic_store_n(&s->read, read, __ATOMIC_RELAXED);
	__atomic_fetch_add(&g->size, size - had_size, __ATOMIC_RELAXED);
	__atomic_fetch_add(&g->read, known_read(s) - had_read, __ATOMIC_RELAXED);
}

bool source_is_followed(const struct source *s)
{
	return s->ops->check && (s->state == SOURCE_FOLLOWING || s->state == SOURCE_WAITING);
}

bool source_is_unfinished(const struct source *s)
{
	const struct intake *in = s->intake;

	return in->rest.n || (in->stream && envelope_has_line(&in->stream->envelope));
}

bool source_is_settled(const struct source *s)
{
	const struct intake *in = s->intake;
	const struct stream *stream = in->stream;

	return in->next_block == in->next_link && !in->rest.n && !in->continues && !in->skipping &&
	       !in->read_again &&
	       (!stream || (unwrap_is_idle(&stream->unwrap) &&
			    envelope_is_idle(&stream->envelope) && !stream->waiting.n));
}

/* What the state of a source has, and the book of the source that it is left by holds. */
static void keep_left(struct format_book *b, const struct decode_state *d)
{
	const struct format *const has[] = { d->values, d->format, d->last, d->partial };

	for (size_t i = 0; i < ARRAY_SIZE(has); i++)
		if (has[i])
			format_book_keep(b, format_hold(has[i]));
}

void source_leave(struct source *s, struct source_left *out)
{
	struct intake *in = s->intake;

	*out = (struct source_left){ .place = in->place, .decode = in->decode };
	in->place = (struct identity_place){ 0 };
	keep_left(&out->book, &in->decode);
}

void source_take_up(struct source *s, struct source_left *left)
{
	struct intake *in = s->intake;

	in->place = left->place;
	in->decode = left->decode;
	in->decode.source = s->id;
	in->decode.book = &in->book;
	format_book_take(&in->book, &left->book);
	*left = (struct source_left){ 0 };
}

void source_adopt_name(struct source *s)
{
	if (!s->new_name)
		return;
	free(s->name);
	s->name = s->new_name;
	s->new_name = NULL;
}

void source_info_of(const struct source *s, struct source_info *out)
{
	const struct decode_state *decode = &s->intake->decode;

	*out = (struct source_info){
		.id = s->id,
		.name = s->name,
		.state = s->state,
		.error = s->error,
		.shape = strcmp(s->ops->kind, "demo") == 0 ? "demo"
			 : s->shape                        ? s->shape
							   : "?",
		.format = decode->last ? decode->last : decode->format,
		.newest_s = s->notes.newest_s,
		.counts = s->counts,
		.size = __atomic_load_n(&s->size, __ATOMIC_RELAXED),
		.read = __atomic_load_n(&s->read, __ATOMIC_RELAXED),
		.met = s->notes.format,
		.formats = s->notes.formats,
		.version = s->notes.version,
		.rate = s->state == SOURCE_DONE
				? 0
				: source_notes_rate(&s->notes, uv_hrtime() / 1000000),
		.complete_s = source_notes_complete(&s->notes),
		.faults = s->faults,
		.note = s->note,
		.unreadable = &s->notes.unreadable,
	};
}

void input_lack_text(const struct input_counts *c, struct buf *out)
{
	uint64_t more = c->lacking_sources ? c->lacking_sources - 1 : 0;

	buf_puts(out, c->lacking);
	if (*c->lacking && more)
		buf_printf(out, ", and %" PRIu64 " more %s", more,
			   plural(more, "source", "sources"));
}

void source_info_note(const struct source_info *s, struct buf *out)
{
	if (s->note)
		buf_puts(out, s->note);
	if (!s->unreadable->all)
		return;
	buf_puts(out, s->note ? "; unreadable values: " : "unreadable values: ");
	field_counts_render(s->unreadable, out);
}
