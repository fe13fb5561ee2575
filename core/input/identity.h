/* identity.h - which stream of lines a file holds, whatever its name, its inode and its
 * compression: known by a hash over its lines, from the first record on. Two files with the
 * same lines are the same stream (a copy, a gzip of a rotated log, the file itself after a
 * restart): what came out of one is not taken again out of the other. A stream keeps the
 * hash at marks - after 1, 2, 3, 4, 6, 8, 12, ... lines - and where it ends: a file that
 * goes another way is noticed at the next, and is read again as a stream of its own.
 *
 * Places are lines, envelopes taken off: neither blank ones, of which there are more or less
 * by how a document was cut, nor headers of an envelope's own, nor the header lines before
 * the first record. Loop thread. */
#ifndef ENITOP_IDENTITY_H
#define ENITOP_IDENTITY_H

#include <stdio.h>

#include "input/stand.h"
#include "base/util.h"

/* A file as it was when it had been read to its end, and where that was. */
struct identity_file {
	struct stand stand;
	uint64_t at;   /* in its stream; 0: what follows can't be read alone */
	uint64_t line; /* lines before */
	char *header;  /* the columns of the last one before; NULL: none */
};

/* A line that was taken though its end had not come, behind the lines that count. */
struct identity_torn {
	uint64_t n, hash; /* its bytes; 0: none */
};

struct identity {
	uint64_t at;     /* so many lines were taken */
	uint64_t linked; /* and so many of them have been handed on as records */
	uint64_t hash;   /* of the lines before `at`; 0: not known */
	uint64_t *mark;  /* the hash at each mark that was passed */
	unsigned marks;
	bool broken; /* no more marks: it parted from another stream in between */
	struct identity_torn torn;
	unsigned blocks;           /* taken, not handed on yet */
	unsigned files;            /* that hold it, as far as met */
	int64_t seen_s;            /* when it was last met */
	struct identity_file file; /* that holds all of it up to `at`; inode 0: none */
	struct identity *next;     /* with the same first line */
};

/* Where one file stands in its stream. Zero-initialise; release when its stream ends. */
struct identity_place {
	struct identity *identity; /* NULL: not known yet */
	uint64_t at, hash;
	bool took;         /* something was taken out of this file */
	bool alone;        /* it is not the stream that it looked like */
	struct buf header; /* the last header line among what was left out */
	/* The streams that stood in this file before it was truncated: none of them is there
	 * now. */
	struct identity **was;
	size_t n_was, was_cap;
};

struct identities;
struct format;

struct identities *identities_new(void);
void identities_free(struct identities *all);
size_t identities_bytes(const struct identities *all);

void identity_release(struct identity_place *p);
/* The file was truncated: what is there now is another stream, though it may begin as one
 * did that stood there before; the same only where many lines tell so. It may be one that another
 * file holds. */
void identity_truncated(struct identity_place *p);
/* It may be another file when it is read next: if it is not known yet, it may be any stream. */
void identity_let_go(struct identity_place *p);
/* The file is read from its beginning again. */
void identity_rewind(struct identity_place *p);
/* The file goes on at the end of its stream, which an earlier run read out of it. */
void identity_skip(struct identity_place *p);

/* The lines of a text, read beforehand: in a job, while the loop has others to take. */
struct identity_lines {
	size_t bytes;   /* of the text; 0: they were not read, or are too short to be worth it */
	uint64_t *hash; /* of each line that counts */
	size_t n, cap;
};
/* Any thread. `lines` is empty; identity_lines_release when it was looked at. */
void identity_read_lines(struct identity_lines *lines, struct str text);
void identity_lines_release(struct identity_lines *lines);

/* What is to be done with whole lines that come next in a file. */
struct identity_take {
	size_t skip;  /* leave out so many bytes of the lines: they were taken from another file */
	bool restart; /* read the file again from its beginning: another stream */
};
/* `lines` are the lines of the text, if they have its length. */
struct identity_take identity_take(struct identities *all, struct identity_place *p,
				   struct str text, const struct identity_lines *lines);
/* Takes a last line without its end; true when it was taken before. */
bool identity_take_torn(struct identity_place *p, struct str line);
/* The line that was taken without its end is whole now. */
void identity_mend_torn(struct identity_place *p, struct str line);

/* A block of lines that were taken is on its way; then: it was handed on, and ends at `end`. */
void identity_block(struct identity *i);
void identity_linked(struct identity *i, uint64_t end);

/* The stream that this very file was read to the end of, by an earlier run; NULL: it is
 * not known, or has changed. */
struct identity *identity_of_file(struct identities *all, const struct stand *stand);

/* Notes that a file was read to its end, and stands so; `f`: of the last header in it, NULL: none. */
void identity_keep_file(struct identities *all, struct identity *i,
			const struct identity_file *file, const struct format *f);

/* The memory of a run for the next, as text. Reading: 0, -EIO, or -EINVAL for a file that is
 * none of ours. Nothing is there twice: read it into an empty table. */
int identities_read(struct identities *all, FILE *f);
void identities_print(const struct identities *all, struct buf *out);

#endif
