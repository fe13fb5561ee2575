/* unwrap.h - bytes as delivered -> text. What they are is told by how they begin, never by
 * a name: plain, gzip or zstd, of any number of members or frames, in each other up to
 * UNWRAP_DEPTH deep. Pulls what it needs from a reader and gives no more than is asked for,
 * so no input makes it grow; the text does not depend on how the bytes are cut.
 *
 * Damage costs what is damaged: what came before is given, the fault is named and counted,
 * and reading goes on where the next member begins. Text in UTF-16 is given as UTF-8. What is no
 * text is refused by name. */
#ifndef ENITOP_UNWRAP_H
#define ENITOP_UNWRAP_H

#include <sys/types.h>

#include "base/util.h"
#include "unwrap/unwrap_utf16.h"

#define UNWRAP_DEPTH 3
#define UNWRAP_INPUT (129u << 10) /* more than a block of zstd */
#define UNWRAP_HEAD 264           /* bytes of the text's beginning that tell what else it is */

/* What unwrap_read says besides a number of bytes. No errno. */
enum {
	UNWRAP_AGAIN = -10000, /* much was read and gave nothing yet: call again */
	UNWRAP_TORN,           /* damage was skipped: what comes is no continuation */
	UNWRAP_REFUSED,        /* it is none of ours, now and for good: see unwrap_fault */
};

/* Reads at most n bytes: their number, 0 when there are none yet, or a negative errno,
 * after which it is not asked again. */
typedef ssize_t unwrap_reader(void *ctx, char *out, size_t n);

struct unwrap_kind;
struct foreign;

struct unwrap_stage {
	const struct unwrap_kind *kind; /* NULL: not known yet */
	const struct unwrap_codec *codec;
	void *state; /* of its codec */
	enum {
		STAGE_BETWEEN, /* members */
		STAGE_INSIDE,  /* a member, its end not seen */
		STAGE_SEEKING, /* the next member, behind damage */
	} place;
	bool full;    /* the codec may hold more than there was room for */
	size_t want;  /* input that it needs at least, otherwise */
	char *input;  /* UNWRAP_INPUT bytes, once needed */
	size_t at, n; /* unread part of it */
};

struct unwrap {
	unwrap_reader *read;
	void *ctx;
	struct unwrap_stage stage[UNWRAP_DEPTH + 1];
	bool ended;                    /* the reader will give no more than it has */
	bool over;                     /* it gave all */
	int error;                     /* what it said then, 0 or a negative errno */
	const struct foreign *refused; /* what it is; NULL: it is read */
	/* Set it where nobody will read the same bytes again: a faster codec may do, of which what
	 * damage is taken for depends on how the bytes come. */
	bool once;
	uint64_t taken;  /* raw bytes so far: set it where some came before */
	size_t work;     /* bytes gone through in this unwrap_read */
	uint64_t faults; /* so far */
	uint64_t news;   /* the faults that unwrap_fault has not told yet */
	char fault[200]; /* the first of the news */
	/* The text (unwrap_text.c). */
	struct utf16 utf16;
	int text_end;           /* what comes behind what utf16 holds: over, torn; 0: not known */
	unsigned judged, signs; /* bytes of its beginning; of those, what no text has */
	bool doomed;            /* too many signs: only what it is is to be told */
	char head[UNWRAP_HEAD];
	size_t head_n;
	uint64_t nuls; /* left out before it */
};

void unwrap_init(struct unwrap *u, unwrap_reader *read, void *ctx);
/* Gives everything back; goes on as if new, but for the place. */
void unwrap_release(struct unwrap *u);

/* Up to n bytes of text: their number; 0 when there is no more yet, or at all; a negative
 * errno of the reader, once all that came before was given; or one of the above. */
ssize_t unwrap_read(struct unwrap *u, char *out, size_t n);
/* Call when nothing will come behind what the reader has, before the last reads: what is
 * undecided is then taken for what it is, what is unfinished for truncated. */
void unwrap_end(struct unwrap *u);
/* The stream ends here, whatever was read of it: what is unfinished is a fault. */
void unwrap_cut(struct unwrap *u);
/* The faults since it was last asked: the first by name, how many more. NULL: none. */
const char *unwrap_fault(struct unwrap *u);
/* What was read of something that was refused as it came, packed in nothing: its first bytes. */
struct str unwrap_refused(const struct unwrap *u);
/* Whether nothing is held: between members, no byte undecided, no fault untold. It may
 * then be released. */
bool unwrap_is_idle(const struct unwrap *u);
/* "plain", "utf-16", "gzip", "gzip in gzip", "parquet", or "?" before the first bytes. Static. */
const char *unwrap_shape(const struct unwrap *u);

/* ---- private to unwrap*.c ---- */

enum { UNWRAP_OVER = -20000 }; /* no more will come: beside what unwrap_read says */

/* unwrap.c: bytes of stage k that is text: what it has of them, then what comes. */
ssize_t unwrap_input(struct unwrap *u, unsigned k, char *out, size_t n);
void unwrap_add_fault(struct unwrap *u, const char *text, const char *hint);
/* Stage k is that; a row without a title: it is what it is, and refused for the hint. */
void unwrap_refuse(struct unwrap *u, unsigned k, const struct foreign *foreign);
/* unwrap_text.c: what turned out to be no text is refused, by as much of it as came. */
void unwrap_refuse_text(struct unwrap *u, unsigned k);
/* What unwrap_read says, of stage k that is text. */
ssize_t unwrap_read_text(struct unwrap *u, unsigned k, char *out, size_t n);

#endif
