/* pack.h - text to gzip and zstd, for the tests of unwrap. */
#ifndef ENITOP_TESTS_PACK_H
#define ENITOP_TESTS_PACK_H

#include <sys/types.h>

#include "base/util.h"

/* One member, one frame, behind what `out` has. */
void pack_gzip(struct str text, int level, struct buf *out);
/* What zlib makes of one member, up to its end or to damage; at most 1 MiB. */
void unpack_gzip(struct str in, struct buf *out);
#ifdef HAVE_ZSTD
void pack_zstd(struct str text, int level, int window_log, struct buf *out);
#endif

/* Bytes as a reader of unwrap.h: at most `piece` at a time, none beyond `end`. */
struct pieces {
	struct str all;
	size_t at, end, piece;
	int error; /* at the end of `all`, instead of nothing */
};

ssize_t pieces_read(void *ctx, char *out, size_t n);

#endif
