/* unwrap_zstd.c - zstd, one frame at a time; those to be skipped end with no text. What it
 * needs memory for is the window: 8 MiB suffice for what levels up to 19 write. */
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "unwrap/unwrap_kind.h"

#define WINDOW_LOG 23

struct zstd {
	ZSTD_DCtx *context;
	size_t want; /* input of the next step */
	bool full;   /* the last one filled the output */
};

static void *zstd_open(void)
{
	struct zstd *z = xcalloc(1, sizeof *z);

	z->context = ZSTD_createDCtx();
	if (!z->context)
		die("out of memory (zstd)");
	ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, WINDOW_LOG);
	return z;
}

static void zstd_close(void *state)
{
	struct zstd *z = state;

	ZSTD_freeDCtx(z->context);
	free(z);
}

static void zstd_begin(void *state)
{
	struct zstd *z = state;

	ZSTD_DCtx_reset(z->context, ZSTD_reset_session_only);
	z->want = 1;
	z->full = false;
}

static const struct unwrap_flaw *flaw_of(size_t rc)
{
	static const struct unwrap_flaw damaged = { "damaged", NULL };
	static const struct unwrap_flaw wide = {
		"unread", "it wants a window of more than 8 MiB; pipe it through zstd -dc --long=31"
	};
	static const struct unwrap_flaw dictionary = {
		"unread", "it wants a dictionary; pipe it through zstd -dc -D DICTIONARY"
	};

	switch (ZSTD_getErrorCode(rc)) {
	case ZSTD_error_memory_allocation:
		die("out of memory (zstd)");
	case ZSTD_error_frameParameter_windowTooLarge:
		return &wide;
	case ZSTD_error_dictionary_wrong:
		return &dictionary;
	default:
		return &damaged;
	}
}

/* A call that ends with an error tells nothing of what it gave before or took, and one that is
 * given a whole frame takes all or nothing: so each call gets one block, or one header, as a
 * whole and no more. Behind a damaged one the next frame is looked for from its start. */
static const struct unwrap_flaw *zstd_step(void *state, struct unwrap_io *io, bool *end)
{
	enum { NEXT_HEADER = 3 }; /* it asks for that too, behind a block */
	struct zstd *z = state;
	ZSTD_inBuffer in = { io->in, z->full ? 0 : z->want < io->in_n ? z->want : io->in_n, 0 };
	ZSTD_outBuffer out = { io->out, io->out_n, 0 };
	size_t rc = ZSTD_decompressStream(z->context, &out, &in);

	z->want = rc > NEXT_HEADER ? rc - NEXT_HEADER : rc;
	z->full = out.pos == out.size;
	*io = (struct unwrap_io){ io->in + in.pos, io->in_n - in.pos, io->out + out.pos,
				  io->out_n - out.pos, z->want };
	*end = rc == 0;
	return ZSTD_isError(rc) ? flaw_of(rc) : NULL;
}

/* RFC 8878: the reserved bit of the frame's descriptor. */
static bool zstd_begins(const unsigned char *h)
{
	return !(h[4] & 0x08);
}

const struct unwrap_codec unwrap_zstd = {
	.magic = { "\x28\xb5\x2f\xfd", 4 },
	.header = 5,
	.begins = zstd_begins,
	.open = zstd_open,
	.close = zstd_close,
	.begin = zstd_begin,
	.step = zstd_step,
};
