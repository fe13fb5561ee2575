/* parquet_codec.c - what pages are packed with, a row each: see parquet_page.h. gzip and zstd are
 * those of core/unwrap; snappy and LZ4 are small, and stand here. */
#include <stdlib.h>

#include "parquet/parquet_page.h"
#include "unwrap/unwrap_kind.h"

#ifdef HAVE_ISAL
#define GZIP &unwrap_isal
#else
#define GZIP &unwrap_gzip
#endif

/* In the order of their numbers. */
static const struct codec {
	const char *refusal;
	bool (*block)(struct str in, uint8_t *out, size_t n);
	const struct unwrap_codec *stream; /* neither: not packed */
} codecs[] = {
	{ .refusal = NULL },
	{ .block = parquet_unsnappy },
	{ .stream = GZIP },
	{ .refusal = "it is packed with lzo, which is not read" },
	{ .refusal = "it is packed with brotli, which is not read" },
	{ .refusal = "it is packed with the lz4 of Hadoop, which is not read" },
#ifdef HAVE_ZSTD
	{ .stream = &unwrap_zstd },
#else
	{ .refusal = "it is packed with zstd, and this enitop was built without libzstd" },
#endif
	{ .block = parquet_unlz4 },
};

const char *parquet_codec_refusal(int64_t codec)
{
	if (codec < 0 || (size_t)codec >= ARRAY_SIZE(codecs))
		return "it is packed with what is not known";
	return codecs[codec].refusal;
}

void parquet_unpacker_release(struct parquet_unpacker *u)
{
	if (u->state)
		u->codec->close(u->state);
	*u = (struct parquet_unpacker){ 0 };
}

/* Of one member, or one behind the other. */
static bool unpack_stream(struct parquet_unpacker *u, const struct unwrap_codec *codec,
			  struct str in, uint8_t *out, size_t n)
{
	struct unwrap_io io = { in.s, in.n, (char *)out, n + PARQUET_PAD, 0 };
	bool end = true;

	if (u->codec != codec) {
		parquet_unpacker_release(u);
		u->codec = codec;
		u->state = codec->open();
	}
	while (!end || io.in_n) {
		const struct unwrap_io before = io;
		if (end)
			codec->begin(u->state);
		end = false;
		if (codec->step(u->state, &io, &end) ||
		    (!end && io.in_n == before.in_n && io.out_n == before.out_n && !io.want))
			return false;
		/* A step that wants more than there is gets no further. */
		if (!end && io.in_n == before.in_n && io.out_n == before.out_n &&
		    (io.want > io.in_n || io.out_n == 0))
			return false;
	}
	return io.out_n == PARQUET_PAD;
}

bool parquet_unpack(struct parquet_unpacker *u, int codec, struct str in, uint8_t *out, size_t n)
{
	const struct codec *c = &codecs[codec];

	if (c->block)
		return c->block(in, out, n);
	if (c->stream)
		return unpack_stream(u, c->stream, in, out, n);
	if (in.n != n)
		return false;
	if (n)
		memcpy(out, in.s, n);
	return true;
}

/* ---- copies of what was unpacked ---- */

#define STEP 16 /* bytes; fewer than PARQUET_PAD */

/* Appends n bytes from `back` bytes behind the end; where they overlap, what was just written is
 * repeated. False: they are not there, or there is no room. */
static bool repeat(uint8_t **at, const uint8_t *begin, const uint8_t *end, size_t back, size_t n)
{
	uint8_t *to = *at;

	if (back == 0 || back > (size_t)(to - begin) || n > (size_t)(end - to))
		return false;
	*at += n;
	if (back >= STEP) { /* what is written too far is within the pad, and written again */
		memcpy(to, to - back, STEP);
		for (size_t i = STEP; i < n; i += STEP)
			memcpy(to + i, to + i - back, STEP);
		return true;
	}
	if (back >= STEP / 2) {
		for (size_t i = 0; i < n; i += STEP / 2)
			memcpy(to + i, to + i - back, STEP / 2);
		return true;
	}
	for (; n; n--, to++)
		*to = *(to - back);
	return true;
}

static bool literal(uint8_t **at, const uint8_t *end, const uint8_t **from, const uint8_t *in_end,
		    size_t n)
{
	if (n > (size_t)(in_end - *from) || n > (size_t)(end - *at))
		return false;
	if (n <= STEP && (size_t)(in_end - *from) >= STEP)
		memcpy(*at, *from, STEP);
	else
		memcpy(*at, *from, n);
	*at += n;
	*from += n;
	return true;
}

static size_t little_endian(const uint8_t *p, unsigned n)
{
	size_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

/* The same of up to 4 bytes, behind which there are others: without a step a byte. */
static size_t little_endian_of_4(const uint8_t *p, unsigned n)
{
	size_t v = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;

	return v & ((UINT64_C(1) << 8 * n) - 1);
}

/* ---- snappy ---- */

bool parquet_unsnappy(struct str in, uint8_t *out, size_t n)
{
	const uint8_t *s = (const uint8_t *)in.s, *e = s + in.n;
	uint8_t *o = out, *oe = out + n;
	uint64_t length = 0;
	bool good = true;

	for (unsigned shift = 0; s < e && shift < 35; shift += 7) {
		length |= (uint64_t)(*s & 127) << shift;
		if (!(*s++ & 128))
			break;
	}
	if (length != n)
		return false;
	while (good && s < e) {
		unsigned tag = *s++, kind = tag & 3, extra = kind == 3 ? 4 : kind;
		size_t m = tag >> 2;
		if (kind == 0)
			extra = m >= 60 ? (unsigned)m - 59 : 0;
		if (extra > (size_t)(e - s))
			return false;
		size_t v = e - s >= 4 ? little_endian_of_4(s, extra) : little_endian(s, extra);
		s += extra;
		if (kind == 0)
			good = literal(&o, oe, &s, e, (extra ? v : m) + 1);
		else if (kind == 1)
			good = repeat(&o, out, oe, (size_t)(tag >> 5) << 8 | v, (m & 7) + 4);
		else
			good = repeat(&o, out, oe, v, m + 1);
	}
	return good && o == oe;
}

/* ---- LZ4, a block without a frame ---- */

/* A length that goes on in further bytes; false: they are not there. */
static bool lz4_length(const uint8_t **s, const uint8_t *e, size_t *n)
{
	uint8_t more = 255;

	if (*n < 15)
		return true;
	while (more == 255) {
		if (*s == e)
			return false;
		more = *(*s)++;
		*n += more;
	}
	return true;
}

bool parquet_unlz4(struct str in, uint8_t *out, size_t n)
{
	const uint8_t *s = (const uint8_t *)in.s, *e = s + in.n;
	uint8_t *o = out, *oe = out + n;

	while (s < e) {
		size_t token = *s++, plain = token >> 4, same = token & 15, back;
		if (!lz4_length(&s, e, &plain) || !literal(&o, oe, &s, e, plain))
			return false;
		if (s == e)
			break;
		if (e - s < 2)
			return false;
		back = little_endian(s, 2);
		s += 2;
		if (!lz4_length(&s, e, &same) || !repeat(&o, out, oe, back, same + 4))
			return false;
	}
	return o == oe;
}
