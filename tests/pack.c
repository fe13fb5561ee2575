/* pack.c - see pack.h. */
#include "pack.h"

#include <string.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

void pack_gzip(struct str text, int level, struct buf *out)
{
	z_stream z = { 0 };
	unsigned char piece[4096];
	int rc;

	if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die("deflateInit2");
	z.next_in = (unsigned char *)(uintptr_t)text.s;
	z.avail_in = (unsigned)text.n;
	do {
		z.next_out = piece;
		z.avail_out = sizeof piece;
		rc = deflate(&z, Z_FINISH);
		buf_add(out, piece, sizeof piece - z.avail_out);
	} while (rc == Z_OK);
	deflateEnd(&z);
}

void unpack_gzip(struct str in, struct buf *out)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)in.s, .avail_in = (uInt)in.n };

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		die("inflateInit2");
	buf_reserve(out, 1 << 20);
	z.next_out = (Bytef *)out->s;
	z.avail_out = 1 << 20;
	inflate(&z, Z_FINISH);
	out->n = z.total_out;
	inflateEnd(&z);
}

#ifdef HAVE_ZSTD
void pack_zstd(struct str text, int level, int window_log, struct buf *out)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	ZSTD_inBuffer in = { text.s, text.n, 0 };
	char piece[4096];
	bool unknown;
	size_t rc;

	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	if (window_log)
		ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window_log);
	do {
		ZSTD_outBuffer o = { piece, sizeof piece, 0 };
		/* Were its size known at once, it would make do with less. */
		unknown = window_log && in.pos < in.size;
		rc = ZSTD_compressStream2(z, &o, &in, unknown ? ZSTD_e_continue : ZSTD_e_end);
		if (ZSTD_isError(rc))
			die("zstd: %s", ZSTD_getErrorName(rc));
		buf_add(out, piece, o.pos);
	} while (rc || unknown);
	ZSTD_freeCCtx(z);
}
#endif

ssize_t pieces_read(void *ctx, char *out, size_t n)
{
	struct pieces *p = ctx;
	size_t left = p->end - p->at;

	if (left == 0 && p->end == p->all.n)
		return p->error;
	n = n < p->piece ? n : p->piece;
	n = n < left ? n : left;
	if (n)
		memcpy(out, p->all.s + p->at, n);
	p->at += n;
	return (ssize_t)n;
}
