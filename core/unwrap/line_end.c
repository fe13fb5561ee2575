/* line_end.c - see line_end.h. */
#include "unwrap/line_end.h"

static void decide(struct line_end *l, const char *s, size_t n)
{
	const char *newline = memchr(s, '\n', n), *end = newline ? newline : s + n;
	const char *at = memchr(s, '\r', (size_t)(end - s));

	while (at && at < end && *at == '\r')
		at++;
	if (at && at < end)
		l->is = LINE_END_RETURN;
	else if (newline)
		l->is = LINE_END_NEWLINE;
}

void line_end_mend(struct line_end *l, char *s, size_t n)
{
	if (l->is == LINE_END_UNKNOWN && n)
		decide(l, s, n);
	if (l->is != LINE_END_RETURN)
		return;
	for (char *end = s + n; (s = memchr(s, '\r', (size_t)(end - s)));)
		*s++ = '\n';
}
