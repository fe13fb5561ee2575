/* support.c - see support.h. */
#include "support.h"

#include <inttypes.h>

#include "unwrap/envelope.h"
#include "slow.h"

void random_line(uint64_t *state, int64_t around_s, struct buf *out)
{
	static const unsigned ports[] = {
		22, 53, 80, 443, 3306, 5432, 8080, 40000, 50000, 65535, 0
	};
	static const char *const statuses[] = { "NODATA", "SKIPDATA" };
	uint64_t r = random_next(state);
	int64_t end = around_s + (int64_t)random_below(state, 1200) - 600;

	if (r % 50 == 0) {
		buf_printf(out, "2 123456789012 eni-%u - - - - - - - %" PRId64 " %" PRId64 " - %s",
			   (unsigned)(r >> 8 & 3), end - 60, end, statuses[r >> 16 & 1]);
		return;
	}
	buf_printf(out, "2 123456789012 eni-%u ", (unsigned)(r >> 8 & 3));
	for (int side = 0; side < 2; side++) {
		uint64_t a = random_next(state);
		if (a % 9 == 0)
			buf_printf(out, "2001:db8::%x ", (unsigned)(a >> 8 & 7));
		else if (a % 41 == 0)
			buf_puts(out, "- ");
		else
			buf_printf(out, "10.0.%u.%u ", (unsigned)(a >> 8 & 1),
				   (unsigned)(a >> 16 & 15));
	}
	for (int side = 0; side < 2; side++) {
		uint64_t p = random_next(state);
		if (p % 37 == 0)
			buf_puts(out, "- ");
		else
			buf_printf(out, "%u ", ports[p % 11]);
	}
	buf_printf(out, "%u ", (unsigned)(r >> 20 & 1 ? 6 : 17));
	if (r >> 24 & 31)
		buf_printf(out, "%u %" PRIu64 " ", (unsigned)(r >> 32 & 255),
			   random_below(state, 1 << 20));
	else
		buf_puts(out, "- - ");
	/* Of an interval, a moment, too long to be one, and the wrong way round. */
	static const int lasted[] = { 30, 60, 60, 600, 0, 1, 4000, -20 };
	if (r >> 40 & 15)
		buf_printf(out, "%" PRId64 " %" PRId64 " ", end - lasted[r >> 56 & 7], end);
	else
		buf_puts(out, "- - ");
	buf_printf(out, "%s OK", r >> 48 & 3 ? "ACCEPT" : "REJECT");
}

size_t ring_add_text(struct ring *r, const struct format *format, struct str text,
		     struct decode_counts *counts, struct malformed_list *bad)
{
	struct decoder *d = decoder_new();
	struct decode_state state = { .format = format };
	struct decode_counts own = { 0 };
	struct malformed_list own_bad = { 0 };
	struct segment **list;
	size_t n;

	static uint64_t order; /* of all that was added to any ring */

	decoder_set_order(d, order);
	decoder_feed(d, &state, text, counts ? counts : &own, bad ? bad : &own_bad);
	order += state.line;
	n = decoder_take(d, &list);
	for (size_t i = 0; i < n; i++)
		ring_add(r, list[i]);
	free(list);
	decoder_free(d);
	malformed_list_release(&own_bad);
	return n;
}

void ring_free_all(struct ring *r)
{
	struct dict *d = ring_dict(r);

	ring_free(r);
	dict_free(d);
}

void ring_render(struct ring *r, struct buf *out)
{
	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		for (uint32_t row = 0; row < s->rows; row++) {
			segment_render(s, ring_dict(r), row, out);
			buf_putc(out, '\n');
		}
	}
}

void envelope_decode(struct str text, size_t piece, struct buf *lines, struct decode_counts *counts,
		     uint64_t *control)
{
	struct envelope e = { 0 };
	struct buf out = { 0 };
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct malformed_list bad = { 0 };

	ring_set_ceiling(r, INT64_MAX);
	for (size_t at = 0; at < text.n; at += piece) {
		struct str part = { text.s + at, text.n - at < piece ? text.n - at : piece };
		if (envelope_passes(&e, part))
			buf_add_str(&out, part);
		else
			envelope_feed(&e, part, false, &out);
	}
	envelope_feed(&e, (struct str){ "", 0 }, true, &out);
	*control = e.control;
	ring_add_text(r, NULL, buf_str(&out), counts, &bad);
	ring_render(r, lines);
	malformed_list_release(&bad);
	envelope_release(&e);
	buf_release(&out);
	ring_free_all(r);
}

struct ring *slow_ring(struct slow *slow, unsigned segments, uint64_t seed)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);

	ring_set_ceiling(r, INT64_MAX);
	for (unsigned i = 0; i < segments; i++) {
		struct buf b = { 0 };
		for (int k = 0; k < 400; k++) {
			random_line(&seed, 1700000000 + i * 300, &b);
			buf_putc(&b, '\n');
		}
		ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
		slow_read(slow, format_default(), buf_str(&b));
		buf_release(&b);
	}
	return r;
}
