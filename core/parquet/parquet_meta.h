/* parquet_meta.h - what the footer of a Parquet file says: its columns, and where each row group
 * has them. A file is read by places, from a descriptor or from memory. */
#ifndef ENITOP_PARQUET_META_H
#define ENITOP_PARQUET_META_H

#include "base/util.h"

#define PARQUET_FOOTER_MAX ((uint64_t)32 << 20)
#define PARQUET_LEAVES_MAX 1024u
#define PARQUET_ROWS_MAX INT64_C(0x7fffffff) /* of a row group: pages count them so */

/* Bytes of a file, which is whole. */
struct parquet_file {
	const char *bytes; /* NULL: they are read from `fd`, */
	int fd;
	uint64_t base; /* behind so many */
	uint64_t size;
};

/* As the format numbers them. */
enum parquet_type {
	PARQUET_BOOLEAN,
	PARQUET_INT32,
	PARQUET_INT64,
	PARQUET_INT96,
	PARQUET_FLOAT,
	PARQUET_DOUBLE,
	PARQUET_BYTES,
	PARQUET_FIXED,
	PARQUET_TYPES
};

/* What a number counts that is a time; none: it is no time. */
enum parquet_unit {
	PARQUET_NO_UNIT,
	PARQUET_DAYS,
	PARQUET_MILLISECONDS,
	PARQUET_MICROSECONDS,
	PARQUET_NANOSECONDS,
};

/* A column: a leaf of the schema. */
struct parquet_leaf {
	char *name;           /* with what it stands in, dots between */
	int64_t type, length; /* enum parquet_type; bytes of PARQUET_FIXED */
	unsigned levels;      /* the definition level of a value that is there */
	unsigned lists;       /* and maps that it is in, one in the other */
	enum parquet_unit unit;
	bool without_sign;
	const char *refusal; /* why it is not read, static; NULL: it is */
};

/* A column of a row group. */
struct parquet_chunk {
	int64_t at, size; /* bytes, dictionary and pages */
	int64_t values;
	int8_t type, codec;
	int64_t nulls;       /* of the values; -1: nobody says */
	bool ranged;         /* known: no value is null, each is */
	int64_t least, most; /* from here to there */
};

struct parquet_group {
	int64_t rows;
	uint64_t before;   /* rows of the groups before */
	const char *wrong; /* static: why it can't be read; NULL: nothing is known */
	struct parquet_chunk *chunk;
	unsigned chunks;
	size_t cap;
};

struct parquet_meta {
	struct parquet_leaf *leaf;
	unsigned leaves;
	size_t leaf_cap;
	struct parquet_group *group;
	size_t groups, group_cap;
	uint64_t rows;
	uint64_t hash; /* of the footer and the size: of no other file but a copy */
};

enum parquet_state {
	PARQUET_WHOLE,
	PARQUET_UNFINISHED, /* its end is missing: it is being written, or cut short */
	PARQUET_DAMAGED,
};

/* False: fewer bytes are there, or they can't be read. Any thread. */
bool parquet_read(const struct parquet_file *f, uint64_t at, void *out, size_t n);
/* Reads the footer; in a job. `m` is empty, and to be released whatever it says; `fault`: what is
 * wrong where it is damaged. */
enum parquet_state parquet_meta_read(struct parquet_meta *m, const struct parquet_file *f,
				     struct buf *fault);
/* The footer itself, without what stands around it; where it is wrong, false. For tests. */
bool parquet_footer(struct parquet_meta *m, struct str footer, struct buf *fault);
void parquet_meta_release(struct parquet_meta *m);
/* Of memory. */
size_t parquet_meta_bytes(const struct parquet_meta *m);

#endif
