/* amount.c - see amount.h. */
#include "state/amount.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/util.h"
#include "store/charges.h"

int view_clamp(int value, int max)
{
	return value > max ? (max > 0 ? max : 0) : value < 0 ? 0 : value;
}

char *view_count(char *out, size_t size, uint64_t n)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n), at = 0;

	for (size_t i = 0; i < len && at + 2 < size; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

char *view_cost(char *out, size_t size, uint64_t cost)
{
	double dollars = (double)cost / (double)CHARGE_DOLLAR;
	char text[16];

	if (!cost)
		snprintf(out, size, "$0");
	else if (dollars < 0.0005)
		snprintf(out, size, "<$.001");
	else if (dollars < 99.95)
		snprintf(out, size,
			 dollars < 0.9995  ? "$%.3f"
			 : dollars < 9.995 ? "$%.2f"
					   : "$%.1f",
			 dollars);
	else
		snprintf(out, size, "$%s",
			 human_count(text, sizeof text, (uint64_t)(dollars + 0.5)));
	return out;
}
