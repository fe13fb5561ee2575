/* fuzz_format.c - core/schema/format_table.c, with a way to forget. */
#include "schema/format_table.c"

#include "fuzz.h"

/* Shapes are parsed once: those stay. */
void fuzz_forget_formats(void)
{
	for (unsigned i = 0; i < BUCKETS; i++)
		for (struct kept_format *k = formats[i], *next; k; k = next) {
			next = k->next;
			if (k->format.lasting) {
				k->part = NULL;
				continue;
			}
			k->part = NULL;
			k->refs = 1;
			release(k);
		}
	while (unknown_count)
		if (unknown[--unknown_count].name.s)
			unknown_drop(unknown_count);
}
