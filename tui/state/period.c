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
