/* labels_names.c - the table of names: of addresses and networks, of interfaces and accounts. */
#include <stdlib.h>
#include <string.h>

#include "labels/labels_state.h"

bool names_add_prefix(struct names *n, const uint8_t from[16], unsigned bits, uint32_t label)
{
	if (label == DICT_NONE || n->address.n >= LABELS_ENTRIES)
		return label == DICT_NONE;
	prefixes_add(&n->address, from, bits, 0, label, 0);
	return true;
}

bool names_add_text(struct names *n, struct str key, uint32_t label)
{
	if (label == DICT_NONE || n->n >= LABELS_ENTRIES)
		return label == DICT_NONE;
	xgrow((void **)&n->text, &n->cap, n->n + 1, sizeof *n->text);
	n->text[n->n] = (struct text_name){ xstrndup(key.s, key.n), n->n, label };
	n->n++;
	return true;
}

/* By key; of equal ones the last added first. */
static int compare(const void *a, const void *b)
{
	const struct text_name *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : x->order > y->order ? -1 : 1;
}

void names_seal(struct names *n)
{
	size_t kept = 0;

	prefixes_seal(&n->address);
	inventory_seal(&n->inventory);
	if (n->n)
		qsort(n->text, n->n, sizeof *n->text, compare);
	for (size_t i = 0; i < n->n; i++)
		if (kept && strcmp(n->text[kept - 1].key, n->text[i].key) == 0)
			free(n->text[i].key);
		else
			n->text[kept++] = n->text[i];
	n->n = kept;
	for (size_t i = 0; i < kept; i++)
		n->text[i].order = i;
}

void names_release(struct names *n)
{
	prefixes_release(&n->address);
	inventory_release(&n->inventory);
	for (size_t i = 0; i < n->n; i++)
		free(n->text[i].key);
	free(n->text);
	*n = (struct names){ 0 };
}

uint32_t names_of_text(const struct names *n, struct str key)
{
	size_t lo = 0, hi = n->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		struct str have = str_of(n->text[mid].key);
		int order = memcmp(have.s, key.s, have.n < key.n ? have.n : key.n);
		if (order == 0)
			order = have.n < key.n ? -1 : have.n > key.n;
		if (order == 0)
			return n->text[mid].label;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return DICT_NONE;
}
