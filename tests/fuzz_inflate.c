/* Text, packed and then cut short or damaged: what comes is the beginning of the truth, or
 * there is a fault. */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "unwrap/unwrap.h"

#define LAYERS 3

/* The text in up to four members or frames. */
static void pack(struct str text, unsigned how, struct buf *out)
{
	unsigned parts = 1 + (how >> 1 & 3);

	for (unsigned i = 0; i < parts; i++) {
		size_t from = text.n * i / parts, to = text.n * (i + 1) / parts;
		struct str part = { text.n ? text.s + from : "", to - from };
#ifdef HAVE_ZSTD
		if (how & 1) {
			pack_zstd(part, how & 8 ? 1 : 9, how & 16 ? 20 : 0, out);
			continue;
		}
#endif
		pack_gzip(part, how & 8 ? 0 : 9, out);
	}
}

/* Up to the first tear. */
static void unpack(struct str in, struct buf *text, uint64_t *faults, const char **shape)
{
	struct pieces p = { .all = in, .end = in.n, .piece = 1000 };
	char piece[3000];
	struct unwrap u;
	ssize_t n;

	unwrap_init(&u, pieces_read, &p);
	unwrap_end(&u);
	while ((n = unwrap_read(&u, piece, sizeof piece)) > 0 || n == UNWRAP_AGAIN)
		if (n > 0)
			buf_add(text, piece, (size_t)n);
	*faults = u.faults;
	*shape = unwrap_shape(&u);
	unwrap_release(&u);
}

/* NULs before the text are left out, and what is no text is no affair of ours. */
static bool is_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] >= 0x7f ||
		    ((unsigned char)s.s[i] < ' ' && s.s[i] != '\n'))
			return false;
	return true;
}

void fuzz_inflate(struct str in)
{
	unsigned layers = 1 + (unsigned)fuzz_number(&in, 1) % LAYERS;
	struct buf layer[LAYERS + 1] = { { 0 } }, text = { 0 };
	unsigned how[LAYERS], hits;
	const char *shape, *damaged_shape;
	uint64_t faults;
	size_t cut;

	for (unsigned i = 0; i < LAYERS; i++)
		how[i] = (unsigned)fuzz_number(&in, 1);
	hits = (unsigned)fuzz_number(&in, 1) % 4;
	cut = (size_t)fuzz_number(&in, 2);
	struct str numbers = { in.s, in.n < 12 ? in.n : 12 };
	in.s += numbers.n;
	in.n -= numbers.n;
	if (!is_text(in) || (in.n >= 4 && memcmp(in.s, "PAR", 3) == 0))
		return;
	buf_add(&layer[0], in.s, in.n);
	for (unsigned i = 0; i < layers; i++)
		pack(buf_str(&layer[i]), how[i], &layer[i + 1]);
	struct buf *packed = &layer[layers];
	unpack(buf_str(packed), &text, &faults, &shape);
	FUZZ_CHECK(faults == 0);
	FUZZ_CHECK(text.n == in.n && (in.n == 0 || memcmp(text.s, in.s, in.n) == 0));
	buf_clear(&text);
	if (hits == 0) {
		unpack((struct str){ packed->s, cut % packed->n }, &text, &faults, &damaged_shape);
		/* One byte of zstd's magic may be text. */
		if (cut % packed->n >= 4 && (text.n != 1 || *text.s != '(')) {
			FUZZ_CHECK(text.n <= in.n);
			FUZZ_CHECK(text.n == 0 || memcmp(text.s, in.s, text.n) == 0);
		}
	} else {
		for (; hits; hits--) {
			size_t at = (size_t)fuzz_number(&numbers, 3) % packed->n;
			packed->s[at] ^= (char)fuzz_number(&numbers, 1);
		}
		unpack(buf_str(packed), &text, &faults, &damaged_shape);
		if (strcmp(shape, damaged_shape) == 0 && faults == 0)
			FUZZ_CHECK(text.n == in.n &&
				   (in.n == 0 || memcmp(text.s, in.s, in.n) == 0));
	}
	for (unsigned i = 0; i <= LAYERS; i++)
		buf_release(&layer[i]);
	buf_release(&text);
}
