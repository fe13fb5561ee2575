/* edges_book.c - how the rows that are in edges were counted: a book for each segment, so that they
 * can be taken out by what was decided when they came. */
#include <stddef.h>
#include <stdlib.h>

#include "triage/edges_state.h"
#include "triage/serials.h"

_Static_assert(offsetof(struct edge_book, serial) == 0, "serial_place() looks there");

/* The place of the first book with this serial or a later one. */
static size_t book_place(const struct edges *e, uint64_t serial)
{
	return serial_place(e->book, e->books, sizeof *e->book, serial);
}

struct edge_book *edges_book(struct edges *e, uint64_t serial, bool add)
{
	size_t at = book_place(e, serial);

	if (at < e->books && e->book[at].serial == serial)
		return &e->book[at];
	if (!add)
		return NULL;
	xgrow((void **)&e->book, &e->book_cap, e->books + 1, sizeof *e->book);
	memmove(&e->book[at + 1], &e->book[at], (e->books++ - at) * sizeof *e->book);
	e->book[at] = (struct edge_book){ .serial = serial };
	return &e->book[at];
}

static size_t bytes_of(const struct edge_book *b)
{
	return b->cap + b->run_cap * sizeof *b->run;
}

static void release(struct edge_book *b)
{
	free(b->how);
	free(b->run);
}

void edges_book_remove(struct edges *e, uint64_t serial)
{
	struct edge_book *b = edges_book(e, serial, false);

	if (!b)
		return;
	e->book_bytes -= bytes_of(b);
	release(b);
	memmove(b, b + 1, (size_t)(e->book + --e->books - b) * sizeof *b);
}

void edge_books_free(struct edges *e)
{
	for (size_t i = 0; i < e->books; i++)
		release(&e->book[i]);
	free(e->book);
}

void edge_book_set(struct edge_book *b, uint32_t row, uint8_t how)
{
	uint8_t *two = &b->how[row / 2];

	*two = (uint8_t)(row % 2 ? (*two & 15) | how << 4 : (*two & 0xf0) | how);
}

void edge_book_add(struct edges *e, struct edge_book *b, uint8_t how)
{
	size_t had = bytes_of(b);

	xgrow_within((void **)&b->how, &b->cap, b->rows / 2 + 1, SEGMENT_ROWS / 2 + 1, 1);
	if (b->rows % 2 == 0)
		b->how[b->rows / 2] = 0;
	if (!b->runs || b->run[b->runs - 1].epoch != e->epoch) {
		xgrow((void **)&b->run, &b->run_cap, b->runs + 1, sizeof *b->run);
		b->run[b->runs++] = (struct epoch_run){ b->rows, e->epoch };
	}
	edge_book_set(b, b->rows++, how);
	e->book_bytes += bytes_of(b) - had;
}

uint32_t edge_book_run(const struct edge_book *b, uint32_t row)
{
	uint32_t run = 0;

	while (run + 1 < b->runs && b->run[run + 1].row <= row)
		run++;
	return run;
}
