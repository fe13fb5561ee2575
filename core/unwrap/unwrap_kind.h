/* unwrap_kind.h - what bytes can be: a row of unwrap_kind.c each, a file for each codec.
 * Private to unwrap*.c. */
#ifndef ENITOP_UNWRAP_KIND_H
#define ENITOP_UNWRAP_KIND_H

#include "base/util.h"

/* Bytes on their way: moved along and counted down by a step. */
struct unwrap_io {
	const char *in;
	size_t in_n;
	char *out;
	size_t out_n;
	size_t want; /* set: input that the next step needs at least; 0: any */
};

struct unwrap_flaw {
	const char *what; /* before the name: "damaged" */
	const char *hint; /* what to do, or NULL */
};

struct unwrap_codec {
	/* How a member begins, and whether `header` bytes can be the beginning of one: asked
	 * when it stands behind damage. */
	struct str magic;
	size_t header;
	bool (*begins)(const unsigned char *header);
	void *(*open)(void);
	void (*close)(void *state);
	/* Another member. */
	void (*begin)(void *state);
	/* Goes on as far as there is input and room. Sets *end behind the member's last byte;
	 * or returns what is wrong with it. */
	const struct unwrap_flaw *(*step)(void *state, struct unwrap_io *io, bool *end);
};

extern const struct unwrap_codec unwrap_gzip;
#ifdef HAVE_ISAL
extern const struct unwrap_codec unwrap_isal; /* gzip too */
#endif
bool unwrap_gzip_begins(const unsigned char *header);
#ifdef HAVE_ZSTD
extern const struct unwrap_codec unwrap_zstd;
#endif

struct unwrap_kind {
	const char *name;                 /* in shapes and faults */
	struct str magic;                 /* how it begins */
	unsigned char spread;             /* bits of its first byte that may be any */
	const struct unwrap_codec *codec; /* NULL: text, or refused */
	const struct unwrap_codec *once;  /* for what is read but once; NULL: the same */
};

extern const struct unwrap_kind unwrap_text;
/* What foreign.h has a name for. */
extern const struct unwrap_kind unwrap_foreign;

/* What begins with these bytes; NULL when more must be seen. `all`: there are no more. */
const struct unwrap_kind *unwrap_recognise(struct str s, bool all);

#endif
