/* parquet_thrift.h - the compact protocol of Thrift, in which Parquet's footer and the headers of
 * its pages are written: structures of numbered fields. A table says which fields are wanted; all
 * others are skipped, whatever they are. No length is believed that its parent has no room for. */
#ifndef ENITOP_PARQUET_THRIFT_H
#define ENITOP_PARQUET_THRIFT_H

#include "base/util.h"

#define THRIFT_DEPTH 32 /* of structures and lists in each other */

/* Where a reader is. Once something is wrong, nothing more is read: `at` is where. */
struct thrift {
	const uint8_t *at, *end;
	const char *wrong; /* static: what is; NULL: nothing */
	unsigned depth;
};

enum thrift_kind {
	THRIFT_INT,    /* into an int64_t */
	THRIFT_FLAG,   /* into a bool */
	THRIFT_TEXT,   /* into a struct str, which points into what is read */
	THRIFT_STRUCT, /* by `read`, of what is at `at` */
	THRIFT_EACH,   /* a list of structures, or of numbers: each by `read`, of the whole */
};

/* A field that is wanted of a structure. What is there as another kind is skipped. */
struct thrift_row {
	int id;
	enum thrift_kind kind;
	size_t at;    /* in what the structure is read into */
	size_t least; /* bytes that an element of a list has at least */
	void (*read)(struct thrift *t, void *out);
};

/* Reads a structure up to its end. */
void thrift_struct(struct thrift *t, const struct thrift_row *rows, size_t n, void *out);
/* A number as elements of lists are. */
int64_t thrift_int(struct thrift *t);
void thrift_fail(struct thrift *t, const char *what);

#endif
