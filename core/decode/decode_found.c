/* decode_found.c - see decode_found.h. */
#include "decode/decode_found.h"

#include <stdlib.h>

#include "decode/decode.h"
#include "decode/decode_batch.h"

#define ROOM (2 * DECODE_LINE_MAX)
#define GAP_MAX 256 /* lines between two records */

void found_text_release(struct found_text *t)
{
	free(t->text ? t->text - BATCH_PAD : NULL);
	free(t->delimiter);
}

bool found_text_has_room(const struct found_text *t, size_t n, uint64_t line)
{
	return t->text && t->n + n + GAP_MAX + 1 <= ROOM && line - t->line <= GAP_MAX;
}

void found_text_clear(struct found_text *t)
{
	if (!t->text) {
		t->text = (char *)xcalloc(1, ROOM + 2 * BATCH_PAD) + BATCH_PAD;
		t->delimiter = xmalloc(ROOM * sizeof *t->delimiter);
	}
	t->n = t->delimiters = 0;
}

uint32_t found_text_add(struct found_text *t, struct str record, uint64_t line)
{
	struct str value;
	uint32_t first;

	for (uint64_t at = t->n ? t->line : line; at < line; at++)
		t->text[t->n++] = '\n';
	t->line = line;
	t->delimiter[t->delimiters++] = t->n - 1;
	first = t->delimiters;
	while ((value = str_token(&record)).n) {
		memcpy(t->text + t->n, value.s, value.n);
		t->n += (uint32_t)value.n;
		t->delimiter[t->delimiters++] = t->n;
		t->text[t->n++] = ' ';
	}
	return first;
}
