/* source_demo.c - synthetic traffic: an hour of history at once, then second by second
 * as the clock goes. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "input/demo.h"
#include "input/source.h"

struct demo_source {
	struct demo *demo;
	int64_t next_s, history_end_s;
	bool follow, header_given;
	struct buf text;
	size_t at;
};

static int64_t until(const struct demo_source *d)
{
	int64_t now = (int64_t)time(NULL);

	return d->follow && now > d->history_end_s ? now : d->history_end_s;
}

static ssize_t demo_read(struct source *s, char *out, size_t n)
{
	struct demo_source *d = s->impl;

	if (d->at == d->text.n) {
		buf_clear(&d->text);
		d->at = 0;
		if (!d->header_given) {
			buf_printf(&d->text, "%s\n", demo_header(d->demo));
			d->header_given = true;
		}
		for (int64_t end = until(d); d->next_s < end && d->text.n < n;)
			demo_until(d->demo, ++d->next_s, &d->text);
	}
	if (n > d->text.n - d->at)
		n = d->text.n - d->at;
	if (n)
		memcpy(out, d->text.s + d->at, n);
	d->at += n;
	source_progress(s, 0, s->read + n);
	return (ssize_t)n;
}

static bool demo_check(struct source *s)
{
	struct demo_source *d = s->impl;

	return d->next_s < until(d);
}

static enum source_state demo_dry(struct source *s)
{
	struct demo_source *d = s->impl;

	return d->follow ? SOURCE_FOLLOWING : SOURCE_DONE;
}

static void demo_source_free(struct source *s)
{
	struct demo_source *d = s->impl;

	demo_free(d->demo);
	buf_release(&d->text);
	free(d);
}

static const struct source_ops demo_ops = {
	.kind = "demo",
	.read = demo_read,
	.check = demo_check,
	.dry = demo_dry,
	.free = demo_source_free,
};

struct source *source_demo_new(uint64_t seed, unsigned flows_per_s, int64_t start_s, bool follow)
{
	struct source *s = xcalloc(1, sizeof *s);
	struct demo_source *d = xcalloc(1, sizeof *d);

	d->demo = demo_new(&(struct demo_options){
		.seed = seed, .start_s = start_s, .flows_per_s = flows_per_s });
	d->next_s = start_s;
	d->history_end_s = start_s + 3600;
	d->follow = follow;
	s->ops = &demo_ops;
	s->impl = d;
	s->name = xstrndup("demo", 4);
	s->ready = true;
	return s;
}
