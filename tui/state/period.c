/* period.c - see period.h. */
#include "state/period.h"

#include <string.h>

#include "schema/moment.h"

static const char *parse_span(struct str text, int64_t now, struct period *out)
{
	struct moment m;

	if (now == INT64_MIN)
		return "there is no log time yet";
	if (!moment_parse_range(text, now, &m) &&
	    !(m.from_ms <= m.to_ms && moment_parse(text, now, &m) && m.whole && m.from < m.to))
		return m.from_ms > m.to_ms
			       ? "it ends before it begins"
			       : "15m, all, 10:00-10:30, 2026-11-24T10:00Z-10:30 or 2026-11-24";
	out->from = m.from;
	out->to = m.to + m.whole;
	return out->from < out->to ? NULL : "it ends before it begins";
}

/* "14:00-" goes on until now. */
static const char *parse_open(struct str text, int64_t now, struct period *out)
{
	struct buf whole = { 0 };
	const char *why;

	buf_add_str(&whole, text);
	if (text.n > 1 && text.s[text.n - 1] == '-')
		buf_puts(&whole, "now");
	why = parse_span(buf_str(&whole), now, out);
	buf_release(&whole);
	return why;
}

const char *period_parse(struct str text, int64_t now, struct period *out)
{
	struct str t = str_trim(text);

	*out = (struct period){ .follows = true };
	if (t.n > 5 && memcmp(t.s, "last ", 5) == 0)
		t = str_trim((struct str){ t.s + 5, t.n - 5 });
	if (str_equal_loose(t, str_of("all")))
		return NULL;
	if (parse_duration(t, &out->last_s))
		return out->last_s > 0 ? NULL : "no time at all";
	out->last_s = 0;
	out->follows = false;
	return parse_open(t, now, out);
}

/* ---- while it is typed ---- */

/* What a window may go on with, wherever one stands in it; those that are short first. */
/* clang-format off */
static const char *const ends[] = {
	"m", "0", "1", "00", ":00", "0:00", "9", ":59", "3:59", "..-1h", "h", "01", "-01",
	"1-01", "01-01", "-01-01", "1:00", "01:00", "026-12-31", "26-12-31", "6-12-31", "-12-31",
	"12-31", "2-31", "-30", "30", "23:59", "9:59", "59", "-now", "0-now", "00-now",
	":00-now", "0:00-now", "00:00-now", "now", "..now", ".now", "h..now", "2h..now",
	"1:00-now", "01:00-now", "to now", "o now", " now",
};
/* clang-format on */

static const char *const words[] = { "all", "last 15m", "now", "today", "yesterday" };

/* Whether the text is one with this behind it, which is added to *out then. */
static bool goes_on(struct str text, const char *end, int64_t now, struct buf *out)
{
	struct buf whole = { 0 };
	struct period p;
	bool good;

	buf_printf(&whole, "%.*s%s", (int)text.n, text.s, end);
	good = period_parse(buf_str(&whole), now, &p) == NULL;
	if (good)
		buf_add_str(out, buf_str(&whole));
	buf_release(&whole);
	return good;
}

/* Whether it is the beginning of a window; of which comes to *out. */
static bool begins(struct str text, int64_t now, struct buf *out)
{
	if (goes_on(text, "", now, out))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (goes_on(text, ends[i], now, out))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (size_t n = strlen(words[i]) - 1; n > 0; n--)
			if (text.n >= n && memcmp(text.s + text.n - n, words[i], n) == 0 &&
			    goes_on(text, words[i] + n, now, out))
				return true;
	return false;
}

bool period_hint(struct str text, int64_t now, struct buf *out)
{
	struct buf could = { 0 };
	struct str good = text;
	struct period p;

	if (now == INT64_MIN) {
		buf_puts(out, period_parse(text, now, &p));
		return false;
	}
	while (good.n && !begins(good, now, &could))
		good.n--;
	if (good.n && good.n == text.n)
		buf_add_str(out, buf_str(&could));
	else if (good.n)
		buf_printf(out, "no '%.*s' behind '%.*s': %s?", (int)(text.n - good.n),
			   text.s + good.n, (int)good.n, good.s, could.s);
	else
		buf_printf(out, "'%.*s' is no time: 15m, all, 10:00-10:30, 2026-11-24", (int)text.n,
			   text.s);
	buf_release(&could);
	return good.n == text.n;
}
