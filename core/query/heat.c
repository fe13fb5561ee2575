/* heat.c - see heat.h. */
#include "query/heat.h"

#include <string.h>

enum { PORT, HOST, CLIENT, TIME };

static const struct heat_axis axes[] = {
	[PORT] = { FIELD_SERVICE, "port", "ports" },
	[HOST] = { FIELD_SERVER, "host", "hosts" },
	[CLIENT] = { FIELD_CLIENT, "client", "clients" },
	[TIME] = { FIELD_BIN, "time", "times" },
};

/* A scan is one client with many ports; a sweep one port with many hosts. */
static const struct heat table[] = {
	{ &axes[PORT], &axes[TIME] },   { &axes[PORT], &axes[HOST] },
	{ &axes[HOST], &axes[TIME] },   { &axes[CLIENT], &axes[TIME] },
	{ &axes[CLIENT], &axes[PORT] },
};

const struct heat *heats(size_t *n)
{
	*n = ARRAY_SIZE(table);
	return table;
}

const struct heat_axis *heat_axis_of(int field)
{
	for (size_t i = 0; i < ARRAY_SIZE(axes); i++)
		if (axes[i].field == field)
			return &axes[i];
	return NULL;
}

static int axis_field(struct str name)
{
	name = str_trim(name);
	for (size_t i = 0; i < ARRAY_SIZE(axes); i++)
		if (str_equal_loose(name, str_of(axes[i].name)) ||
		    str_equal_loose(name, str_of(field_get(axes[i].field)->name)))
			return axes[i].field;
	return FIELD_NONE;
}

bool heat_parse(struct str text, int *row, int *column)
{
	const char *comma = memchr(text.s, ',', text.n);

	if (!comma)
		return false;
	*row = axis_field((struct str){ text.s, (size_t)(comma - text.s) });
	*column = axis_field((struct str){ comma + 1, text.n - (size_t)(comma - text.s) - 1 });
	return *row != FIELD_NONE && *column != FIELD_NONE && *row != *column && *row != FIELD_BIN;
}

struct heat_scale heat_scale_of(uint64_t smallest, uint64_t largest, bool linear)
{
	struct heat_scale s = { { 1, 1, 1, 1 } };
	uint64_t half, quarter;

	if (smallest == 0 || largest < smallest)
		return s;
	half = root_u64(largest / smallest);
	quarter = root_u64(half);
	if (linear) {
		for (unsigned i = 1; i < HEAT_STEPS; i++)
			s.from[i] =
				largest / HEAT_STEPS * i + largest % HEAT_STEPS * i / HEAT_STEPS;
	} else {
		s.from[0] = smallest;
		s.from[1] = smallest * quarter;
		s.from[2] = smallest * half;
		s.from[3] = largest / quarter;
	}
	for (unsigned i = 1; i < HEAT_STEPS; i++)
		s.from[i] = s.from[i] < s.from[i - 1] ? s.from[i - 1] : s.from[i];
	return s;
}

int heat_step(const struct heat_scale *s, uint64_t amount)
{
	int step = HEAT_STEPS - 1;

	if (amount == 0)
		return -1;
	while (step > 0 && amount < s->from[step])
		step--;
	return step;
}

#define FEW_FLOWS 10 /* that many more were let in, as far as the share is concerned */

static int step_of(double refused, double of)
{
	static const double from[HEAT_REFUSALS] = { 0.1, 0.5, 0.9 };
	int step = -1;

	while (of > 0 && step + 1 < HEAT_REFUSALS && refused >= from[step + 1] * of)
		step++;
	return step;
}

int heat_refused(const struct heat_cell *c)
{
	int flows = step_of((double)c->rejects, (double)c->flows + FEW_FLOWS);
	int bytes = step_of((double)c->refused_bytes, (double)c->bytes);

	return flows > bytes ? flows : bytes;
}
