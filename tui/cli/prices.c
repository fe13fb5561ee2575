/* prices.c - see prices.h. */
#include "cli/prices.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config_file.h"
#include "cli/option_row.h"

#define SOURCE_MOST 80 /* of what stands there */

struct price_reading {
	struct prices *prices;
	struct buf *error;
	bool given[3];
};

/* "0.045", "$0.045": up to four decimals. */
static bool read_price(const char *text, uint64_t *out)
{
	uint64_t price = 0, unit = PRICE_DOLLAR;
	bool any = false;

	text += *text == '$';
	for (; *text >= '0' && *text <= '9' && price <= PRICE_MOST; text++, any = true)
		price = price * 10 + (uint64_t)(*text - '0') * PRICE_DOLLAR;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9' && unit > 1; text++, any = true)
			price += (uint64_t)(*text - '0') * (unit /= 10);
	while (*text == '0')
		text++;
	*out = price;
	return any && *text == '\0' && price <= PRICE_MOST;
}

static int on_entry(void *ctx, const char *section, const char *name, const char *value)
{
	struct price_reading *r = ctx;
	const struct {
		const char *name;
		uint64_t *price;
	} prices[] = { { "nat", &r->prices->nat },
		       { "zone", &r->prices->zone },
		       { "internet", &r->prices->internet } };

	if (*section && strcmp(section, "prices") != 0)
		return 1;
	if (strcmp(name, "source") == 0) {
		snprintf(r->prices->source, SOURCE_MOST, "%s", value);
		return 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(prices); i++) {
		if (strcmp(prices[i].name, name) != 0)
			continue;
		r->given[i] = true;
		if (read_price(value, prices[i].price))
			return 1;
		buf_printf(r->error, "'%.30s' is no price of %s, dollars a GB as 0.045", value,
			   name);
		return 0;
	}
	buf_printf(r->error, "unknown price '%.30s' (nat, zone, internet, source)", name);
	return 0;
}

/* Of what is not given the list has the price, which is said, whatever the source is called. */
static void add_listed(struct price_reading *r)
{
	char *source = r->prices->source;
	size_t n = strlen(source);

	if (!r->given[0] || !r->given[1] || !r->given[2])
		snprintf(source + n, sizeof r->prices->source - n, "; the rest: %.80s",
			 prices_listed.source);
}

bool prices_read(const char *value, struct prices *p, struct buf *error)
{
	bool inline_text = strchr(value, '=') != NULL;
	struct price_reading r = { .prices = p, .error = error };
	struct buf text = { 0 };
	int line = 0, rc = 0;

	snprintf(p->source, SOURCE_MOST, "%s", value);
	if (inline_text)
		buf_puts(&text, value);
	else
		rc = config_file_read(value, &text);
	buf_puts(&text, "");
	if (rc < 0)
		buf_printf(error, "%.200s: %s", value, strerror(-rc));
	else
		for (char *c = text.s; inline_text && *c; c++)
			*c = *c == ',' ? '\n' : *c;
	if (rc == 0 && memchr(text.s, '\0', text.n))
		buf_puts(error, "a NUL byte");
	else if (rc == 0 && (line = ini_parse_string(text.s, on_entry, &r)) && !error->n)
		buf_printf(error, "line %d is not NAME = PRICE", line);
	add_listed(&r);
	buf_release(&text);
	return error->n == 0;
}

int take_prices(struct parsing *p, const struct option_row *r, const char *value)
{
	struct prices prices = prices_listed;
	struct buf error = { 0 };
	bool good = prices_read(value, &prices, &error);

	if (good)
		*(struct prices *)((char *)p + r->at) = prices;
	else
		buf_printf(&p->error, "--%s: %s", r->name, error.s);
	buf_release(&error);
	return good ? -1 : 2;
}
