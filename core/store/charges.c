/* charges.c - see charges.h. */
#include "store/charges.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS 13       /* of a dollar in CHARGE_DOLLAR */
#define SHOWN_MOST 10000u /* four digits */

const struct prices prices_listed = {
	.nat = 450, .zone = 100, .internet = 900, .source = "list prices of us-east-1, March 2026"
};

/* Zeros behind the point that say nothing, but for `least` of the decimals. */
static void cut_zeros(char *text, size_t least)
{
	char *point = strchr(text, '.'), *end = text + strlen(text);

	while (point && end > point + 1 + least && end[-1] == '0')
		*--end = '\0';
	if (point && end == point + 1)
		*point = '\0';
}

char *human_cost(char *out, size_t size, uint64_t cost)
{
	uint64_t unit = 1, shown = cost;
	int decimals = DECIMALS;

	for (; decimals > 0 && shown >= SHOWN_MOST; decimals--) {
		unit *= 10;
		shown = cost / unit + (cost % unit >= unit / 2);
	}
	uint64_t dollar = CHARGE_DOLLAR / unit;

	if (decimals == 0)
		snprintf(out, size, "$%" PRIu64, shown);
	else
		snprintf(out, size, "$%" PRIu64 ".%0*" PRIu64, shown / dollar, decimals,
			 shown % dollar);
	cut_zeros(out, cost && decimals >= 2 ? 2 : 0);
	return out;
}

char *cost_plain(char *out, size_t size, uint64_t cost)
{
	snprintf(out, size, "%" PRIu64 ".%0*" PRIu64, cost / CHARGE_DOLLAR, DECIMALS,
		 cost % CHARGE_DOLLAR);
	cut_zeros(out, 0);
	return out;
}
