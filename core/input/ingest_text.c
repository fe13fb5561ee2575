/* ingest_text.c - what a job read, as whole lines on their way: lines that are too long, that
 * were taken from another file, or that have no end yet. */
#include "input/ingest_state.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "schema/record.h"

static void drop_first(struct buf *text, size_t n)
{
	text->n -= n;
	memmove(text->s, text->s + n, text->n);
}

/* Of a line that is too long only the beginning goes on, to be counted once. */
static void cut_long_line(struct source *s, struct buf *text)
{
	struct intake *in = s->intake;
	char *newline = text->n ? memchr(text->s, '\n', text->n) : NULL;

	if (in->skipping) {
		drop_first(text, newline ? (size_t)(newline - text->s) + 1 : text->n);
		in->skipping = newline == NULL;
		newline = text->n ? memrchr(text->s, '\n', text->n) : NULL;
	}
	if (!newline && text->n > DECODE_LINE_MAX + 1) {
		text->n = DECODE_LINE_MAX + 1;
		text->s[text->n++] = '\n';
		in->skipping = true;
	}
}

/* What is to be known of a source besides its faults. */
void ingest_make_note(struct source *s)
{
	struct intake *in = s->intake;
	struct buf b = { 0 };

	if (in->cuts)
		buf_printf(&b, "truncated %u %s: what was written between two looks may be lost",
			   in->cuts, plural(in->cuts, "time", "times"));
	if (in->known_lines)
		buf_printf(&b, "%s%" PRIu64 " %s came from another file", b.n ? "; " : "",
			   in->known_lines,
			   plural(in->known_lines, "line left out: it", "lines left out: they"));
	if (in->nuls)
		buf_printf(&b, "%s%" PRIu64 " NUL %s before its text left out", b.n ? "; " : "",
			   in->nuls, plural(in->nuls, "byte", "bytes"));
	if (in->decode.found) {
		buf_puts(&b, b.n ? "; records stood " : "records stood ");
		record_frames_text(in->decode.found, &b);
	}
	if (in->decode.partial) {
		buf_puts(&b, b.n ? "; " : "");
		format_lack_text(in->decode.partial, &b);
	}
	if (in->decode.refused && in->decode.refused != format_refused(FORMAT_STATISTICS))
		buf_printf(&b, "%slines under a header are malformed: %s", b.n ? "; " : "",
			   in->decode.refused->refusal);
	if (b.n)
		source_note(s, b.s);
	buf_release(&b);
}

/* Counts whole lines on that are not read; returns how many the file has of them. */
static uint64_t skip_lines(struct decode_state *d, struct str text)
{
	uint64_t before = d->line - d->back;

	for (const char *newline; text.n && (newline = memchr(text.s, '\n', text.n)); d->line++) {
		size_t n = (size_t)(newline - text.s);
		if (*text.s == FORMAT_MARK)
			d->back += format_back((struct str){ text.s, n });
		text.s += n + 1;
		text.n -= n + 1;
	}
	return d->line - d->back - before;
}

/* Leaves out what has come from another file with the same lines. */
static void leave_out_known(struct source *s, struct buf *text, const struct identity_lines *lines)
{
	struct intake *in = s->intake;
	struct identity_place *p = &in->place;
	struct identity_take take = identity_take(s->ingest->identities, p, buf_str(text), lines);
	struct buf kept = { 0 };
	uint64_t left_out;

	in->read_again = take.restart;
	in->all_known = !take.restart && take.skip == text->n;
	left_out = skip_lines(&in->decode, (struct str){ text->s, take.skip });
	/* Lines that this very file was read for before are not worth a note. */
	if (left_out && p->identity && p->identity->files > 1) {
		in->known_lines += left_out;
		ingest_make_note(s);
	}
	if (take.skip == 0 && p->header.n == 0)
		return;
	if (take.skip < text->n) {
		buf_add_str(&kept, buf_str(&p->header));
		buf_release(&p->header);
		buf_add(&kept, text->s + take.skip, text->n - take.skip);
	}
	buf_release(text);
	*text = kept;
}

static void count_malformed(struct source *s, struct str text, const char *reason)
{
	struct ingest *g = s->ingest;
	struct malformed_list bad = { 0 };
	const struct decode_counts counts = { .lines = 1, .malformed = 1 };

	if (str_trim(text).n == 0)
		return;
	decode_counts_add(&s->counts, &counts);
	decode_counts_add(&g->totals.counts, &counts);
	malformed_list_add(&bad, (struct malformed){ .source = s->id,
						     .line = s->intake->decode.line + 1 -
							     s->intake->decode.back,
						     .reason = reason,
						     .text = text });
	g->events.malformed(g->events.ctx, s, &bad, 1, 0);
	malformed_list_release(&bad);
}

/* Leaves out the end of a line that was taken without it. */
static void drop_continuation(struct source *s, struct buf *text)
{
	struct intake *in = s->intake;
	const char *newline = text->n ? memchr(text->s, '\n', text->n) : NULL;
	size_t drop = newline ? (size_t)(newline - text->s) + 1 : text->n;
	size_t room = in->torn.n < DECODE_LINE_MAX ? DECODE_LINE_MAX - in->torn.n : 0;

	if (!in->continues || drop == 0)
		return;
	count_malformed(s, (struct str){ text->s, drop }, "continues a line that stood unfinished");
	buf_add(&in->torn, text->s, drop < room ? drop : room);
	drop_first(text, drop);
	in->continues = !newline;
	if (newline && s->identify)
		identity_mend_torn(&in->place, buf_str(&in->torn));
}

/* Cuts the text at its last newline; what stands behind it waits for more. Takes `text`. */
static void deliver(struct source *s, struct buf *text, const struct identity_lines *lines)
{
	struct intake *in = s->intake;
	static const struct identity_lines others;
	size_t keep, had = text->n;
	char *newline;

	in->all_known = false;
	drop_continuation(s, text);
	cut_long_line(s, text);
	if (text->n != had)
		lines = &others;
	newline = text->n ? memrchr(text->s, '\n', text->n) : NULL;
	keep = newline ? (size_t)(newline - text->s) + 1 : 0;
	buf_add(&in->rest, text->s + keep, text->n - keep);
	text->n = keep;
	if (text->n && s->identify)
		leave_out_known(s, text, lines);
	if (text->n)
		ingest_block_add(s, text);
	else
		buf_release(text);
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
	struct intake *in = s->intake;
	struct buf copy = { 0 };

	if (str_trim(line).n == 0)
		return;
	if (waits_for_next_run(s)) {
		buf_add_str(&in->rest, line);
		return;
	}
	buf_clear(&in->torn);
	buf_add_str(&in->torn, line);
	in->continues = true;
	if (s->identify && identity_take_torn(&in->place, line))
		return;
	buf_add_str(&copy, line);
	buf_putc(&copy, '\n');
	ingest_block_add(s, &copy);
}

/* Cuts the line that has no end off the text, which is flushed: of a document its beginning. */
static struct buf take_torn(struct envelope *e, struct buf *text)
{
	bool torn = e->mode == ENVELOPE_JSON || (envelope_has_line(e) && !e->hanging) ||
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

/* Counts and the shape, as far as they are known by now. */
static void take_notes(struct source *s)
{
	struct intake *in = s->intake;
	struct stream *stream = in->stream;
	const char *shape =
		stream->envelope.seen ? stream->envelope.seen : unwrap_shape(&stream->unwrap);

	if (!s->shape || *shape != '?')
		s->shape = shape;
	in->foreign = in->foreign ? in->foreign : stream->envelope.foreign;
	if (!in->strange && stream->envelope.strange.n)
		in->strange = xstrndup(stream->envelope.strange.s, stream->envelope.strange.n);
	s->ingest->totals.control += stream->envelope.control;
	stream->envelope.control = 0;
}

/* The text on its way; at the end of something, its last line too, whatever it is. */
void ingest_deliver(struct source *s, struct buf *text, const struct identity_lines *lines,
		    bool over, bool cut)
{
	struct intake *in = s->intake;
	struct buf torn = { 0 };

	if (over || cut)
		torn = take_torn(&in->stream->envelope, text);
	take_notes(s);
	deliver(s, text, lines);
	if (in->skipping) /* the line was counted when it had become too long */
		buf_clear(&torn);
	if (torn.n && cut)
		count_malformed(s, buf_str(&torn), "not finished before the file was truncated");
	else if (torn.n && !in->read_again)
		deliver_torn(s, buf_str(&torn));
	buf_release(&torn);
}
