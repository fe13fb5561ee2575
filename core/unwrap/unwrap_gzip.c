/* unwrap_gzip.c - gzip, one member at a time: 40 KiB of zlib's. */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "unwrap/unwrap_kind.h"

/* RFC 1952: deflate, no reserved flag; of what writers set, the effort and the system. */
bool unwrap_gzip_begins(const unsigned char *h)
{
	return !(h[3] & 0xe0) && (h[8] == 0 || h[8] == 2 || h[8] == 4) &&
	       (h[9] <= 13 || h[9] == 255);
}

static void *gzip_open(void)
{
	z_stream *z = xcalloc(1, sizeof *z);

	if (inflateInit2(z, 15 + 16) != Z_OK)
		die("out of memory (inflate)");
	return z;
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

static void gzip_begin(void *state)
{
	inflateReset(state);
}

static uInt at_most(size_t n)
{
	return n < UINT_MAX ? (uInt)n : UINT_MAX;
}

static const struct unwrap_flaw *gzip_step(void *state, struct unwrap_io *io, bool *end)
{
	static const struct unwrap_flaw damaged = { "damaged", NULL };
	z_stream *z = state;
	size_t in, out;
	int rc;

	z->next_in = (Bytef *)(uintptr_t)io->in;
	z->avail_in = at_most(io->in_n);
	z->next_out = (Bytef *)io->out;
	z->avail_out = at_most(io->out_n);
	rc = inflate(z, Z_NO_FLUSH);
	in = (size_t)((const char *)z->next_in - io->in);
	out = (size_t)((char *)z->next_out - io->out);
	*io = (struct unwrap_io){ io->in + in, io->in_n - in, io->out + out, io->out_n - out, 0 };
	*end = rc == Z_STREAM_END;
	return rc == Z_OK || rc == Z_BUF_ERROR || *end ? NULL : &damaged;
}

const struct unwrap_codec unwrap_gzip = {
	.magic = { "\x1f\x8b\x08", 3 },
	.header = 10,
	.begins = unwrap_gzip_begins,
	.open = gzip_open,
	.close = gzip_close,
	.begin = gzip_begin,
	.step = gzip_step,
};
