/* decode.c - see decode.h. Cuts the text into chunks that stay in the cache, finds
 * their delimiters, sorts the lines: most go in batches to decode_batch.c, the odd
 * ones (headers, other shapes, malformed, blank) are looked at one by one. */
#include "decode/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/wide.h"
#include "decode/decode_feed.h"
#include "decode/decode_line.h"
#include "schema/describe.h"
#include "store/arrival.h"

/* ---- segments ---- */

void decoder_want(struct decoder *d, const struct field_set *wanted)
{
	d->wanted = wanted;
}

void decoder_set_order(struct decoder *d, uint64_t order)
{
	d->order = order;
}

void decoder_use_plain(struct decoder *d)
{
	d->scan_text = decode_scan;
	d->decode = batch_decode;
}

static void choose_loops(struct decoder *d)
{
	decoder_use_plain(d);
#if defined __x86_64__
	if (cpu_is_wide()) {
		d->scan_text = decode_scan_wide;
		d->decode = batch_decode_wide;
	}
#if defined WIDEST_BEGIN
	if (cpu_is_widest())
		d->scan_text = decode_scan_widest;
#endif
#endif
}

struct decoder *decoder_new(void)
{
	struct decoder *d = xcalloc(1, sizeof *d);

	d->scratch.service = service_bitmap();
	memset(d->scratch.none, 0xff, sizeof d->scratch.none);
	choose_loops(d);
	d->chunk = (char *)xcalloc(1, CHUNK + 2 * BATCH_PAD) + BATCH_PAD;
	d->tidy = (char *)xcalloc(1, CHUNK + 2 * BATCH_PAD) + BATCH_PAD;
	d->spare = xmalloc(CHUNK);
	d->scan.delimiter = (uint32_t *)xmalloc((1 + CHUNK + 64) * sizeof(uint32_t)) + 1;
	d->scan.newline = xmalloc(CHUNK * sizeof *d->scan.newline);
	return d;
}

static void lane_release(struct lane *lane)
{
	free(lane->action.mark);
	free(lane->status.mark);
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++)
		segment_free(d->list[i], NULL);
	for (unsigned i = 0; i < d->lanes; i++)
		lane_release(&d->lane[i]);
	free(d->list);
	free(d->chunk - BATCH_PAD);
	free(d->tidy - BATCH_PAD);
	free(d->scan.delimiter - 1);
	free(d->scan.newline);
	free(d->spare);
	found_text_release(&d->found);
	free(d);
}

static void lane_close(struct decoder *d, unsigned i)
{
	segment_seal(d->lane[i].segment);
	lane_release(&d->lane[i]);
	d->lanes--;
	memmove(&d->lane[i], &d->lane[i + 1], (d->lanes - i) * sizeof *d->lane);
}

/* The open segment of a format with room for a row; a new one if need be. */
static unsigned lane_for(struct feed *f, const struct format *format, uint64_t line)
{
	struct decoder *d = f->d;
	unsigned i;

	for (i = 0; i < d->lanes; i++)
		if (d->lane[i].segment->format == format)
			break;
	if (i < d->lanes && !segment_is_full(d->lane[i].segment))
		return i;
	if (i < d->lanes)
		lane_close(d, i);
	else if (d->lanes == LANES_MAX)
		lane_close(d, 0);
	struct segment *s = segment_new(format);
	s->source = f->state->source;
	s->line = line;
	segment_expect(s, f->left / f->a_line);
	xgrow((void **)&d->list, &d->cap, d->n + 1, sizeof *d->list);
	d->list[d->n++] = s;
	d->lane[d->lanes] = (struct lane){ .segment = s };
	return d->lanes++;
}

size_t decoder_segments(struct decoder *d, struct segment *const **list)
{
	*list = d->list;
	return d->n;
}

size_t decoder_take(struct decoder *d, struct segment ***list)
{
	size_t n = d->n;

	while (d->lanes)
		lane_close(d, d->lanes - 1);
	*list = d->list;
	d->list = NULL;
	d->n = d->cap = 0;
	return n;
}

size_t decoder_take_sealed(struct decoder *d, struct segment ***list)
{
	size_t taken = 0, kept = 0;

	*list = xmalloc((d->n ? d->n : 1) * sizeof **list);
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i]->cap)
			d->list[kept++] = d->list[i];
		else
			(*list)[taken++] = d->list[i];
	d->n = kept;
	return taken;
}

void decoder_close(struct decoder *d, struct segment *s)
{
	for (unsigned i = 0; i < d->lanes; i++)
		if (d->lane[i].segment == s) {
			lane_close(d, i);
			return;
		}
}

/* ---- batches ---- */

/* What segments of it hold, and where that stands in its lines. */
static const struct format *part_of(struct decoder *d, const struct format *format)
{
	if (format == d->whole)
		return d->part;
	d->whole = format;
	d->part = d->wanted ? format_part(format, d->wanted) : format;
	for (unsigned i = 0; i < d->part->n; i++)
		d->batch.column[i] = (uint16_t)format_column(format, d->part->field[i]);
	return d->part;
}

void decode_flush(struct feed *f)
{
	struct decoder *d = f->d;
	const struct format *part = d->batch.n ? part_of(d, d->batch_format) : NULL;
	uint64_t before = f->counts->flows;
	unsigned done = 0;

	if (d->batch.n)
		f->state->last = d->batch_format;
	while (done < d->batch.n) {
		struct lane *lane = &d->lane[lane_for(f, part, d->batch.line + done)];
		struct segment *s = lane->segment;
		uint32_t room = SEGMENT_ROWS - s->rows, n = d->batch.n - done;
		uint32_t flows = s->flows, nodata = s->nodata, skipdata = s->skipdata;
		uint32_t undated = s->undated;
		n = n < room ? n : room;
		segment_note_arrival(s, d->order + (d->batch.line + done - 1 - f->line));
		d->decode(&d->batch, done, n, lane, &d->scratch);
		f->counts->flows += s->flows - flows;
		f->counts->nodata += s->nodata - nodata;
		f->counts->skipdata += s->skipdata - skipdata;
		f->counts->undated += s->undated - undated;
		done += n;
	}
	if (d->batch.n)
		decode_note_flows(f->state, f->counts, d->batch_format, f->counts->flows - before);
	d->batch.n = 0;
	d->batch_format = NULL;
}

static void begin_batch(struct feed *f, const struct format *format)
{
	struct decoder *d = f->d;

	decode_flush(f);
	d->batch_format = format;
	d->batch.line = f->state->line;
	d->batch.back = f->state->back;
	d->batch.text = f->text;
	d->batch.delimiter = f->delimiter;
}

static inline void add_line(struct feed *f, const struct format *format, uint32_t first)
{
	struct decoder *d = f->d;

	if (d->batch.n == BATCH_LINES || d->batch_format != format || d->batch.text != f->text)
		begin_batch(f, format);
	d->batch.first[d->batch.n++] = first;
}

/* No value of AWS's is that long, tags aside, which people write. */
static bool has_long_value(const struct feed *f, const struct format *format, uint32_t first)
{
	const uint32_t *end = f->delimiter + first;

	for (unsigned i = 0; i < format->n; i++)
		if (end[i] - (end[(int)i - 1] + 1) > DECODE_VALUE_MAX &&
		    !field_is_tag(format->field[i]))
			return true;
	return false;
}

void decode_batch_add(struct feed *f, const struct format *format, uint32_t first)
{
	const uint32_t *end = f->delimiter + first;
	uint32_t start = end[-1] + 1, length = end[format->n - 1] - start;

	if (length > DECODE_VALUE_MAX && has_long_value(f, format, first))
		decode_malformed(f, (struct str){ f->text + start, length },
				 "a value is longer than 1 KiB");
	else
		add_line(f, format, first);
}

/* ---- lines ---- */

/* By its first byte: a record mostly begins with a digit; a header, an envelope's mark and
 * what is left of a document never do. */
static bool may_be_odd(unsigned char c)
{
	return c < '0' || c > '9';
}

/* What column `i` says of log-status, from one of the three words or '-' on. */
static bool is_status(struct str s)
{
	return (s.n == 2 && memcmp(s.s, "OK", 2) == 0) || (s.n == 1 && s.s[0] == '-') ||
	       (s.n == 6 && memcmp(s.s, "NODATA", 6) == 0) ||
	       (s.n == 8 && memcmp(s.s, "SKIPDATA", 8) == 0);
}

/* From the column of doubt on the line has something to say. */
static bool is_telling(const struct decode_state *state, const struct format *format,
		       struct str line, const uint32_t *d, uint32_t end)
{
	unsigned from = state->doubt;

	return from && (end - d[from - 1] != 2 * (format->n - from) || line.s[line.n - 1] != '-');
}

/* Two formats of equal length look the same: the place of log-status tells most of them
 * apart. A shape without one is looked at whole. */
static bool is_like(const struct feed *f, const struct format *format, struct str line,
		    uint32_t start, uint32_t first)
{
	const uint32_t *d = f->delimiter + first;
	int column = format->column[FIELD_LOG_STATUS];

	if (f->state->values)
		return true;
	if (column < 0)
		return f->state->format || format_fits(format, line);
	uint32_t begin = column ? d[column - 1] + 1 : start;
	return is_status((struct str){ f->text + begin, d[column] - begin }) &&
	       (f->state->format || !is_telling(f->state, format, line, d, d[format->n - 1]));
}

static void sort_lines(struct feed *f, const char *text)
{
	struct decoder *d = f->d;
	const struct format *format = decode_in_force(f->state);
	uint32_t start = 0, first = 0;

	f->text = text;
	f->delimiter = d->scan.delimiter;
	d->scan.delimiter[-1] = UINT32_MAX;
	for (uint32_t i = 0; i < d->scan.newlines; i++) {
		uint32_t last = d->scan.newline[i], end = d->scan.delimiter[last];
		unsigned values = last - first + 1;
		struct str line = { text + start, end - start };

		f->state->line++;
		if (line.n == 0) {
			; /* as documents leave */
		} else if (format && values == format->n &&
			   !(may_be_odd((unsigned char)line.s[0]) && line_is_odd(line)) &&
			   is_like(f, format, line, start, first)) {
			f->counts->lines++;
			if (line.n > DECODE_VALUE_MAX)
				decode_batch_add(f, format, first);
			else
				add_line(f, format, first);
		} else {
			decode_odd_line(f, line, first, values);
			format = decode_in_force(f->state);
		}
		start = end + 1;
		first = last + 1;
	}
	decode_flush(f);
}

/* ---- chunks ---- */

/* Copies the lines with one space between values, none around them, and without
 * the carriage return before a newline. Returns the new length. */
static uint32_t tidy_chunk(char *out, const char *text, uint32_t n)
{
	const char *end = text + n;
	char *p = out;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		struct str rest = { text, (size_t)(newline - text) }, token;
		while (rest.n && rest.s[rest.n - 1] == '\r')
			rest.n--;
		struct str all = rest, head = str_token(&all);
		char *begin = p;
		if (head.n && *head.s == FORMAT_MARK && head.s > text)
			*p++ = ' '; /* what stood behind a blank is no mark */
		while ((token = str_token(&rest)).n) {
			if (p > begin && p[-1] != ' ')
				*p++ = ' ';
			memcpy(p, token.s, token.n);
			p += token.n;
		}
		*p++ = '\n';
		text = newline + 1;
	}
	return (uint32_t)(p - out);
}

/* `n` bytes, at most CHUNK, that end in a newline, with BATCH_PAD more on both sides. */
static void feed_chunk(struct feed *f, const char *text, uint32_t n)
{
	struct decoder *d = f->d;

	if (!d->scan_text(text, n, &d->scan)) {
		n = tidy_chunk(d->tidy, text, n);
		text = d->tidy;
		d->scan_text(text, n, &d->scan);
	}
	if (d->scan.newlines)
		f->a_line = n / d->scan.newlines;
	sort_lines(f, text);
}

/* How much of `text` makes the next chunk: whole lines; 0 when its first line is
 * longer than a line may be. */
static size_t chunk_length(struct str text)
{
	if (text.n < CHUNK || !text.s)
		return text.n;
	const char *newline = memrchr(text.s, '\n', CHUNK);
	return newline ? (size_t)(newline - text.s) + 1 : 0;
}

void decoder_feed(struct decoder *d, struct decode_state *state, struct str text,
		  struct decode_counts *counts, struct malformed_list *bad)
{
	struct feed f = { .d = d,
			  .state = state,
			  .counts = counts,
			  .bad = bad,
			  .line = state->line,
			  .a_line = 1 };
	const char *begin = text.s;

	d->whole = NULL; /* it may be gone since */
	while (text.n) {
		size_t n = chunk_length(text);
		f.left = text.n;
		if (n && text.s - begin >= BATCH_PAD && text.n >= n + BATCH_PAD) {
			feed_chunk(&f, text.s, (uint32_t)n);
			text.s += n, text.n -= n;
			continue;
		}
		if (n) { /* at an end of the text: where there is room around it */
			memcpy(d->chunk, text.s, n);
			text.s += n, text.n -= n;
			if (d->chunk[n - 1] != '\n')
				d->chunk[n++] = '\n';
			feed_chunk(&f, d->chunk, (uint32_t)n);
			continue;
		}
		const char *newline = memchr(text.s, '\n', text.n);
		n = newline ? (size_t)(newline - text.s) + 1 : text.n;
		state->line++;
		counts->lines++;
		decode_malformed(&f, (struct str){ text.s, n }, "longer than 64 KiB");
		text.s += n, text.n -= n;
	}
	d->order += state->line - f.line;
}
