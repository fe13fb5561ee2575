/* malformed_book.c - see malformed_book.h. */
#include "monitor/malformed_book.h"

#include <stdlib.h>

/* The lines of one source: a ring, oldest at `first`. */
struct malformed_page {
	uint32_t source;
	unsigned n, first;
	struct malformed_page *older, *newer; /* by its last line */
	struct malformed line[MALFORMED_EACH];
};

struct malformed_book {
	struct malformed_page **page; /* by source; NULL: none */
	size_t cap, pages, bytes;
	struct malformed_page *oldest, *newest;
};

struct malformed_book *malformed_book_new(void)
{
	return xcalloc(1, sizeof(struct malformed_book));
}

static void page_unlink(struct malformed_book *b, struct malformed_page *p)
{
	*(p->older ? &p->older->newer : &b->oldest) = p->newer;
	*(p->newer ? &p->newer->older : &b->newest) = p->older;
}

static void page_link(struct malformed_book *b, struct malformed_page *p)
{
	p->older = b->newest;
	p->newer = NULL;
	*(b->newest ? &b->newest->newer : &b->oldest) = p;
	b->newest = p;
}

static void page_free(struct malformed_book *b, struct malformed_page *p)
{
	page_unlink(b, p);
	b->page[p->source] = NULL;
	b->pages--;
	b->bytes -= sizeof *p;
	for (unsigned i = 0; i < p->n; i++) {
		b->bytes -= p->line[i].text.n;
		free((char *)p->line[i].text.s);
	}
	free(p);
}

void malformed_book_free(struct malformed_book *b)
{
	while (b->oldest)
		page_free(b, b->oldest);
	free(b->page);
	free(b);
}

static struct malformed_page *page_of(struct malformed_book *b, uint32_t source)
{
	struct malformed_page *p;
	size_t had = b->cap;

	xgrow((void **)&b->page, &b->cap, (size_t)source + 1, sizeof *b->page);
	for (size_t i = had; i < b->cap; i++)
		b->page[i] = NULL;
	p = b->page[source];
	if (p) {
		page_unlink(b, p);
	} else {
		if (b->pages == MALFORMED_SOURCES)
			page_free(b, b->oldest);
		p = b->page[source] = xcalloc(1, sizeof *p);
		p->source = source;
		b->pages++;
		b->bytes += sizeof *p;
	}
	page_link(b, p);
	return p;
}

void malformed_book_add(struct malformed_book *b, uint32_t source, const struct malformed_list *bad,
			uint64_t line_offset)
{
	size_t skip = bad->n > MALFORMED_EACH ? bad->n - MALFORMED_EACH : 0;
	struct malformed_page *p;

	if (bad->n == 0)
		return;
	p = page_of(b, source);
	for (size_t i = skip; i < bad->n; i++) {
		struct malformed m = *malformed_list_get(bad, i), *to;
		m.text.s = xstrndup(m.text.s, m.text.n);
		m.line += line_offset;
		if (p->n < MALFORMED_EACH) {
			to = &p->line[p->n++];
		} else {
			to = &p->line[p->first];
			p->first = (p->first + 1) % MALFORMED_EACH;
			b->bytes -= to->text.n;
			free((char *)to->text.s);
		}
		*to = m;
		b->bytes += m.text.n;
	}
}

const struct malformed *malformed_book_get(const struct malformed_book *b, uint32_t source,
					   size_t i)
{
	const struct malformed_page *p = source < b->cap ? b->page[source] : NULL;

	return p && i < p->n ? &p->line[(p->first + i) % MALFORMED_EACH] : NULL;
}

size_t malformed_book_bytes(const struct malformed_book *b)
{
	return sizeof *b + b->cap * sizeof *b->page + b->bytes;
}
