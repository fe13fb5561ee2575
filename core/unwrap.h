/* unwrap.h - bytes as delivered -> text: gzip (told by content, any number of
 * members, gzip in gzip up to three deep) or plain. Pulls what it needs from a
 * reader and gives no more than is asked for, so no input makes it grow. */
#ifndef ENITOP_UNWRAP_H
#define ENITOP_UNWRAP_H

#include <sys/types.h>
#include <zlib.h>

#include "util.h"

#define UNWRAP_DEPTH 3
#define UNWRAP_INPUT 65536

/* Reads at most n bytes: their number, 0 when there are none yet, or a
 * negative errno. */
typedef ssize_t unwrap_reader(void *ctx, char *out, size_t n);

struct unwrap_stage {
	enum { STAGE_UNKNOWN, STAGE_PLAIN, STAGE_GZIP, STAGE_REFUSED } shape;
	z_stream z;
	bool in_member; /* inside a gzip member, its end not seen */
	bool over;      /* what follows is no gzip member: not read */
	char *input;    /* UNWRAP_INPUT bytes, once needed */
	size_t at, n;   /* unread part of it */
};

struct unwrap {
	unwrap_reader *read;
	void *ctx;
	struct unwrap_stage stage[UNWRAP_DEPTH + 1];
	const char *fault; /* "truncated gzip", ...; NULL: none */
	bool ended;        /* the reader will give no more: decide by what is there */
};

void unwrap_init(struct unwrap *u, unwrap_reader *read, void *ctx);
void unwrap_release(struct unwrap *u);

/* Up to n bytes of text: their number, 0 when there is no more yet, or a
 * negative errno of the reader. A fault in the data ends it: what came before is
 * given, then 0, and u->fault names it. */
ssize_t unwrap_read(struct unwrap *u, char *out, size_t n);
/* Call at the end for good, before the last reads: a short first piece is then taken
 * for what it is. */
void unwrap_end(struct unwrap *u);
/* Whether the input stops in the middle of a gzip member. */
bool unwrap_is_partial(const struct unwrap *u);
/* Whether nothing is held: between members, no byte undecided. It may then be released and
 * goes on as if new. */
bool unwrap_is_idle(const struct unwrap *u);
/* "plain", "gzip", "parquet", or "?" before the first bytes. */
const char *unwrap_shape(const struct unwrap *u);

#endif
