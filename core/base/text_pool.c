/* text_pool.c - see text_pool.h. */
#include "base/text_pool.h"

#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

static char *text_new(size_t size)
{
#ifdef MADV_HUGEPAGE
	void *text;

	if (size >= HUGE_PAGE && posix_memalign(&text, HUGE_PAGE, size) == 0) {
		/* A wish: where there are none, it stands in others. */
		madvise(text, size / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
		return text;
	}
#endif
	return xmalloc(size);
}

struct buf text_pool_take(struct text_pool *p, size_t need)
{
	struct buf text = { 0 };

	if (need >= p->size) { /* a byte more is for the NUL */
		buf_reserve(&text, need);
		return text;
	}
	text.s = p->n ? p->text[--p->n] : text_new(p->size);
	text.cap = p->size;
	return text;
}

void text_pool_give(struct text_pool *p, struct buf *text)
{
	if (text->cap != p->size || p->n == TEXT_POOL_MAX) {
		buf_release(text);
		return;
	}
	p->text[p->n++] = text->s;
	*text = (struct buf){ 0 };
}

void text_pool_clear(struct text_pool *p)
{
	while (p->n)
		free(p->text[--p->n]);
}
