/* answer.h - the answer to a query, its rows a slice at a time: reports and exports have millions
 * of them, and hold a few. */
#ifndef ENITOP_ANSWER_H
#define ENITOP_ANSWER_H

#include "query/extent.h"
#include "query/query_order.h"
#include "query/tables.h"

/* A slice of rows: those that the tables have begin and end with one. */
#define ANSWER_ROWS 256u

struct answer {
	const struct tables *tables;
	struct result result;    /* with the rows of the last answer_take() */
	struct order *order;     /* NULL: all rows are in the result */
	uint32_t *column;        /* groups of a matrix's columns */
	struct bin_lists *lists; /* where many rows have bins; NULL */
	bool needs;              /* rows that the tables have not: */
	uint32_t rank;           /* from this one on; */
	bool cut;                /* they can't be had: it ends there */
};

/* The answer of tables that hold what of the window there is, `e` are its times. They are borrowed
 * and do not change until answer_release(). Of a query of records there are no rows. */
void answer_begin(struct answer *a, const struct tables *t, const struct query *q,
		  struct span window, const struct extent *e);
/* Whether answer_step() can't go on: the tables (`some`) have other rows than those from *rank on. */
bool answer_needs(const struct answer *a, uint32_t *rank);
/* It ends before the rows that it needs; whether it did. */
bool answer_is_cut(const struct answer *a);
void answer_cut(struct answer *a);
/* The tables have other rows now; where they have not those that it needs, it ends before them, and
 * says false. */
bool answer_renew(struct answer *a);
/* Works for a few milliseconds; true when the rows of the ranks below `to` can be taken. */
bool answer_step(struct answer *a, uint32_t to);
/* How many rows it has; known when the first can be taken. */
uint32_t answer_rows(const struct answer *a);
/* Puts `n` rows into the result, from rank `first` on. */
void answer_take(struct answer *a, uint32_t first, uint32_t n);
void answer_release(struct answer *a);
size_t answer_bytes(const struct answer *a);

#endif
