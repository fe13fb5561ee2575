/* Any text through envelope and decoder. How it is cut changes nothing; each record comes
 * back as its line, in order; and time, status and sides are as the slow twin has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "envelope.h"
#include "fuzz.h"
#include "ring.h"
#include "slow.h"

#define FORMATS 32
#define LINE_MAX_HERE 60000 /* beyond it the decoder's limit is near: a unit test's affair */

/* ---- envelope ---- */

static void feed(struct envelope *e, struct str part, struct buf *out)
{
	if (envelope_passes(e, part))
		buf_add_str(out, part);
	else
		envelope_feed(e, part, false, out);
}

/* Blanks before a line, and lines of nothing else, are passed on or left out. */
static void leave_out_blanks(struct buf *b)
{
	bool start = true;
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (start && memchr(" \t\r\n", b->s[i], 4))
			continue;
		start = b->s[i] == '\n';
		b->s[n++] = b->s[i];
	}
	b->n = n;
}

/* Opened in pieces out of `seed`; 0: as a whole. */
static void unfold(struct str in, uint64_t seed, struct buf *out, uint64_t *control)
{
	struct envelope e = { 0 };

	buf_puts(out, "");
	while (in.n) {
		size_t n = seed ? fuzz_piece(&seed) : in.n;
		n = n < in.n ? n : in.n;
		/* A copy of its own: a byte too far is noticed. */
		char *copy = xmemdup(in.s, n);
		feed(&e, (struct str){ copy, n }, out);
		free(copy);
		in.s += n;
		in.n -= n;
	}
	envelope_feed(&e, (struct str){ "", 0 }, true, out);
	leave_out_blanks(out);
	*control = e.control;
	envelope_release(&e);
}

/* ---- what must come of it ---- */

struct expected {
	struct {
		const struct format *format;
		struct buf lines;
	} of[FORMATS];
	unsigned formats;
	uint64_t records, headers, malformed;
};

static void squeeze(struct str line, struct buf *out, unsigned *tokens)
{
	struct str token;

	buf_clear(out);
	for (*tokens = 0; (token = str_token(&line)).n; ++*tokens) {
		if (*tokens)
			buf_putc(out, ' ');
		buf_add_str(out, token);
	}
}

/* False when there are more formats than are held here. */
static bool expect_line(struct expected *x, const struct format **format, struct str line)
{
	const struct format *header;
	struct buf tidy = { 0 };
	unsigned tokens, i = 0;

	while (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	squeeze(line, &tidy, &tokens);
	if (tokens && format_is_header(buf_str(&tidy)) &&
	    (header = format_parse(buf_str(&tidy), "header"))) {
		*format = header;
		x->headers++;
	} else if (tokens == (*format)->n) {
		while (i < x->formats && x->of[i].format != *format)
			i++;
		if (i == FORMATS) {
			buf_release(&tidy);
			return false;
		}
		if (i == x->formats)
			x->of[x->formats++].format = *format;
		buf_add_str(&x->of[i].lines, buf_str(&tidy));
		buf_putc(&x->of[i].lines, '\n');
		x->records++;
	} else {
		x->malformed += tokens > 0;
	}
	buf_release(&tidy);
	return true;
}

static bool expect(struct expected *x, struct str text)
{
	const struct format *format = format_default();

	if (text.n >= 3 && memcmp(text.s, "\xef\xbb\xbf", 3) == 0)
		text.s += 3, text.n -= 3;
	while (text.n) {
		const char *newline = memchr(text.s, '\n', text.n);
		struct str line = { text.s, newline ? (size_t)(newline - text.s) : text.n };
		if (line.n > LINE_MAX_HERE || !expect_line(x, &format, line))
			return false;
		text.s += line.n + !!newline;
		text.n -= line.n + !!newline;
	}
	return true;
}

/* ---- what comes of it ---- */

/* The slow twin reads C strings, and numbers of up to 19 digits. */
static bool slow_can(struct str line)
{
	struct str token;

	if (memchr(line.s, '\0', line.n) || memchr(line.s, '\r', line.n))
		return false;
	while ((token = str_token(&line)).n)
		if (token.n > 18)
			return false;
	return true;
}

static void check_row(const struct segment *s, uint32_t row, struct str line)
{
	struct slow slow = { 0 };
	struct buf a = { 0 }, b = { 0 };

	if (!slow_can(line))
		return;
	slow_read(&slow, s->format, line);
	FUZZ_CHECK(slow.n == 1);
	FUZZ_CHECK(segment_time(s, row) == slow_time(slow.flow));
	FUZZ_CHECK(!(s->mark[row] & MARK_STATUS) == slow_is_flow(slow.flow));
	slow_value(slow.flow, FIELD_CLIENT, &a);
	slow_value(slow.flow,
		   s->mark[row] & MARK_SERVER_SRC ? FIELD_DSTADDR : FIELD_SRCADDR, &b);
	FUZZ_CHECK(str_equal(buf_str(&a), buf_str(&b)));
	slow_release(&slow);
	buf_release(&a);
	buf_release(&b);
}

static void check_segments(const struct ring *r, struct expected *x)
{
	struct buf line = { 0 };
	size_t at[FORMATS] = { 0 };

	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		unsigned f = 0;
		while (f < x->formats && x->of[f].format != s->format)
			f++;
		FUZZ_CHECK(f < x->formats);
		for (uint32_t row = 0; row < s->rows; row++) {
			struct buf *want = &x->of[f].lines;
			buf_clear(&line);
			segment_render(s, ring_dict(r), row, &line);
			FUZZ_CHECK(at[f] + line.n < want->n);
			FUZZ_CHECK(memcmp(want->s + at[f], line.s, line.n) == 0);
			FUZZ_CHECK(want->s[at[f] + line.n] == '\n');
			at[f] += line.n + 1;
			check_row(s, row, buf_str(&line));
		}
	}
	for (unsigned f = 0; f < x->formats; f++)
		FUZZ_CHECK(at[f] == x->of[f].lines.n);
	buf_release(&line);
}

/* Lines are fed a few at a time, as blocks are. */
static void decode(struct str text, uint64_t seed, struct expected *x)
{
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	struct dict *dict = ring_dict(r);
	struct decoder *d = decoder_new();
	struct decode_state state = { .format = format_default() };
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct segment **list;
	size_t n;

	while (text.n) {
		size_t piece = seed ? fuzz_piece(&seed) : text.n;
		piece = piece < text.n ? piece : text.n;
		const char *newline = memchr(text.s + piece - 1, '\n', text.n - piece + 1);
		piece = newline ? (size_t)(newline - text.s) + 1 : text.n;
		decoder_feed(d, &state, (struct str){ text.s, piece }, &counts, &bad);
		text.s += piece;
		text.n -= piece;
	}
	n = decoder_take(d, &list);
	for (size_t i = 0; i < n; i++)
		ring_add(r, list[i]);
	FUZZ_CHECK(counts.malformed == x->malformed);
	FUZZ_CHECK(bad.n == counts.malformed || bad.n == DECODE_MALFORMED_KEPT);
	FUZZ_CHECK(counts.headers == x->headers);
	FUZZ_CHECK(counts.flows + counts.nodata + counts.skipdata == x->records);
	check_segments(r, x);
	free(list);
	decoder_free(d);
	malformed_list_release(&bad);
	ring_free(r);
	dict_free(dict);
}

void fuzz_decode(struct str in)
{
	uint64_t seed = 1 + fuzz_number(&in, 2), control, cut_control;
	struct buf text = { 0 }, cut = { 0 };
	struct expected x = { 0 };

	unfold(in, 0, &text, &control);
	unfold(in, seed, &cut, &cut_control);
	if (getenv("FUZZ_SHOW"))
		fprintf(stderr, "---- as a whole\n%.*s\n---- cut\n%.*s\n", (int)text.n,
			text.s, (int)cut.n, cut.s);
	FUZZ_CHECK(text.n == cut.n && memcmp(text.s, cut.s, text.n) == 0);
	FUZZ_CHECK(control == cut_control);
	if (expect(&x, buf_str(&text))) {
		decode(buf_str(&text), 0, &x);
		decode(buf_str(&text), seed, &x);
	}
	for (unsigned i = 0; i < x.formats; i++)
		buf_release(&x.of[i].lines);
	buf_release(&text);
	buf_release(&cut);
	fuzz_forget_formats();
}
