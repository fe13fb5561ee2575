/* Any text through envelope and decoder. How it is cut changes nothing; every line is
 * counted once; a record comes back as its line, in order; and time, status and sides are
 * as the slow twin has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"
#include "unwrap/envelope.h"
#include "fuzz.h"
#include "store/ring.h"
#include "slow.h"

#define LINE_MAX_HERE 60000 /* beyond it the decoder's limit is near: a unit test's affair */

/* ---- envelope ---- */

static void feed(struct envelope *e, struct str part, struct buf *out)
{
	if (envelope_passes(e, part))
		buf_add_str(out, part);
	else
		envelope_feed(e, part, false, out);
}

/* Blanks and byte order marks before a line, and lines of nothing else, are passed on or
 * left out. */
static void leave_out_blanks(struct buf *b)
{
	bool start = true;
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (start && memchr(" \t\r\n\xef\xbb\xbf", b->s[i], 7))
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

/* ---- what may come of it ---- */

/* Lines with one space between values and none around them. */
struct lines {
	struct str *line;
	size_t n, cap;
	uint64_t marks; /* lines that an envelope may have put between, for the decoder */
	bool too_long;
};

static struct str tidy(struct str line)
{
	struct buf out = { 0 };
	struct str token;

	buf_puts(&out, "");
	while (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	while ((token = str_token(&line)).n) {
		if (out.n)
			buf_putc(&out, ' ');
		buf_add_str(&out, token);
	}
	return buf_str(&out);
}

static void lines_read(struct lines *l, struct str text)
{
	while (text.n) {
		const char *newline = memchr(text.s, '\n', text.n);
		struct str line = { text.s, newline ? (size_t)(newline - text.s) : text.n };
		l->too_long |= line.n > LINE_MAX_HERE;
		text.s += line.n + !!newline;
		text.n -= line.n + !!newline;
		line = tidy(line);
		if (!line.n) {
			free((char *)line.s);
			continue;
		}
		l->marks += *line.s == FORMAT_MARK;
		xgrow((void **)&l->line, &l->cap, l->n + 1, sizeof *l->line);
		l->line[l->n++] = line;
	}
}

static void lines_release(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free((char *)l->line[i].s);
	free(l->line);
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
	slow_value(slow.flow, s->mark[row] & MARK_SERVER_SRC ? FIELD_DSTADDR : FIELD_SRCADDR, &b);
	FUZZ_CHECK(str_equal(buf_str(&a), buf_str(&b)));
	slow_release(&slow);
	buf_release(&a);
	buf_release(&b);
}

/* A file's mark is no part of its first line. */
static bool is_record(struct str line, struct str record)
{
	if (line.n >= 3 && memcmp(line.s, "\xef\xbb\xbf", 3) == 0 && line.n != record.n)
		line.s += 3, line.n -= 3;
	return str_equal(line, record);
}

/* A record that was looked for in a line. Blanks may be such that don't break; under a header
 * those are part of a value. */
static bool holds_record(struct str line, struct str record)
{
	if (record.n && memmem(line.s, line.n, record.s, record.n))
		return true;
	for (size_t i = 0; i < line.n; i++) {
		size_t at = i, k = 0;
		while (k < record.n && at < line.n) {
			static const char *const blanks[] = { "\xc2\xa0", "\xe2\x80\xaf",
							      "\xe2\x80\x87", " " };
			size_t blank = 0, was = at;
			for (size_t b = 0; record.s[k] == ' ' && b < ARRAY_SIZE(blanks); b++)
				while ((blank = strlen(blanks[b])) <= line.n - at &&
				       memcmp(line.s + at, blanks[b], blank) == 0)
					at += blank, b = 0;
			if (at == was && line.s[at++] != record.s[k])
				break;
			k++;
		}
		if (k == record.n)
			return true;
	}
	return false;
}

static unsigned count_tokens(struct str line)
{
	unsigned n = 0;

	while (str_token(&line).n)
		n++;
	return n;
}

/* Every record is a line of its own, or stands in one where some were `found` so; those of a format
 * are in the order of their lines. */
static void check_segments(struct ring *r, const struct lines *l, bool found, struct buf *all)
{
	bool (*fits)(struct str line, struct str record) = found ? holds_record : is_record;

	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		size_t at = 0;
		for (uint32_t row = 0; row < s->rows; row++) {
			struct buf record = { 0 };
			segment_render(s, ring_dict(r), row, &record);
			while (at < l->n && !fits(l->line[at], buf_str(&record)))
				at++;
			FUZZ_CHECK(at < l->n);
			at += !found;
			FUZZ_CHECK(count_tokens(buf_str(&record)) == s->format->n);
			check_row(s, row, buf_str(&record));
			buf_add_str(all, buf_str(&record));
			buf_putc(all, '\n');
			buf_release(&record);
		}
	}
}

/* Lines are fed a few at a time, as blocks are, out of `seed`; 0: all at once. */
static void decode(struct str text, uint64_t seed, const struct lines *l, struct buf *records,
		   struct decode_counts *counts)
{
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	struct dict *dict = ring_dict(r);
	struct decoder *d = decoder_new();
	struct decode_state state = { 0 };
	struct malformed_list bad = { 0 };
	struct segment **list;
	size_t n;

	while (text.n) {
		size_t piece = seed ? fuzz_piece(&seed) : text.n;
		piece = piece < text.n ? piece : text.n;
		const char *newline = memchr(text.s + piece - 1, '\n', text.n - piece + 1);
		piece = newline ? (size_t)(newline - text.s) + 1 : text.n;
		decoder_feed(d, &state, (struct str){ text.s, piece }, counts, &bad);
		text.s += piece;
		text.n -= piece;
	}
	n = decoder_take(d, &list);
	for (size_t i = 0; i < n; i++)
		ring_add(r, list[i]);
	check_segments(r, l, state.found, records);
	FUZZ_CHECK(bad.n == counts->malformed || bad.n == DECODE_MALFORMED_KEPT);
	FUZZ_CHECK(counts->lines + l->marks >= l->n);
	FUZZ_CHECK(counts->lines <= l->n || state.found);
	FUZZ_CHECK(counts->lines == counts->flows + counts->nodata + counts->skipdata +
					    counts->headers + counts->malformed);
	free(list);
	decoder_free(d);
	malformed_list_release(&bad);
	ring_free(r);
	dict_free(dict);
}

static void check_decoder(struct str text, uint64_t seed)
{
	struct decode_counts counts = { 0 }, cut_counts = { 0 };
	struct buf records = { 0 }, cut = { 0 };
	struct lines l = { 0 };

	lines_read(&l, text);
	if (!l.too_long) {
		decode(text, 0, &l, &records, &counts);
		decode(text, seed, &l, &cut, &cut_counts);
		FUZZ_CHECK(memcmp(&counts, &cut_counts, sizeof counts) == 0);
		FUZZ_CHECK(str_equal(buf_str(&records), buf_str(&cut)));
	}
	lines_release(&l);
	buf_release(&records);
	buf_release(&cut);
}

void fuzz_decode(struct str in)
{
	uint64_t seed = 1 + fuzz_number(&in, 2), control, cut_control;
	struct buf text = { 0 }, cut = { 0 };

	fuzz_forget_formats();
	unfold(in, 0, &text, &control);
	unfold(in, seed, &cut, &cut_control);
	if (getenv("FUZZ_SHOW")) {
		fwrite(text.s, 1, text.n, stderr);
		fputs("---- cut\n", stderr);
		fwrite(cut.s, 1, cut.n, stderr);
	}
	FUZZ_CHECK(str_equal(buf_str(&text), buf_str(&cut)));
	FUZZ_CHECK(control == cut_control);
	check_decoder(buf_str(&text), seed);
	buf_release(&text);
	buf_release(&cut);
}
