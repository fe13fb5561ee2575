/* fuzz_format.c - core/schema/format.c, with a way to forget. */
#include "schema/format.c"

#include "fuzz.h"

/* Shapes are parsed once: those stay. */
static bool is_shape(const struct format *f)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->field[i] >= FIELDS_KNOWN)
			return false;
	return strncmp(f->origin, "shape", 5) == 0;
}

void fuzz_forget_formats(void)
{
	unsigned n = atomic_exchange(&unknown_count, 0), kept = 0;

	while (n)
		free((char *)unknown[--n].s);
	for (unsigned i = 0; i < format_count; i++) {
		const struct format *f = formats[i];
		if (is_shape(f)) {
			formats[kept++] = f;
			continue;
		}
		free((uint16_t *)f->field);
		free((char *)f->text.s);
		free((struct format *)f);
	}
	format_count = shape_count = kept;
}
