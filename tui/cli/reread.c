/* reread.c - see reread.h. */
#include "cli/reread.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "query/scan.h"

#define ROOM_MOST ((uint64_t)1 << 20)

struct reread {
	struct reports *reports;
	void (*add)(struct reports *r, struct segment *s, bool kept);
	bool closed;
};

static bool is_file(const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode);
	return stat(path, &st) != 0 || !S_ISFIFO(st.st_mode);
}

bool reread_is_of_files(const struct options *o)
{
	for (int i = 0; i < o->paths; i++)
		if (!is_file(o->path[i]))
			return false;
	return !o->follow && !o->state && !o->demo;
}

bool reread_holds(const struct options *o)
{
	return options_holds(o) ||
	       ((o->once || options_price(o) || finds_asked(o)) && !reread_is_of_files(o));
}

uint64_t reread_room(const struct options *o)
{
	uint64_t more = o->memory / 16;

	if (reread_holds(o) || !reread_is_of_files(o))
		return 0;
	return more < ROOM_MOST ? more : ROOM_MOST;
}

bool can_reread(const struct options *o)
{
	return reread_holds(o) || reread_is_of_files(o);
}

static void on_segment(void *ctx, struct segment *s)
{
	struct reread *r = ctx;

	r->add(r->reports, s, false);
}

static void on_closed(void *ctx)
{
	((struct reread *)ctx)->closed = true;
}

static void on_changed(void *ctx)
{
	reports_let_go(((struct reread *)ctx)->reports);
}

static bool read_files(struct reports *all, void (*add)(struct reports *, struct segment *, bool))
{
	struct reread r = { .reports = all, .add = add };
	const struct monitor_events events = { .ctx = &r,
					       .segment = on_segment,
					       .changed = on_changed };
	struct monitor *m = monitor_again(all->monitor, all->wanted, &events);
	bool same;

	all->reading = m;
	while (monitor_read_on(m))
		uv_run(all->loop, UV_RUN_DEFAULT);
	monitor_let_go(m);
	folds_drain(all->folds);
	all->reading = all->monitor;
	same = monitor_has_read_again(m);
	monitor_close(m, on_closed, &r);
	while (!r.closed)
		uv_run(all->loop, UV_RUN_ONCE);
	return same;
}

static void read_ring(struct reports *all, void (*add)(struct reports *, struct segment *, bool))
{
	const struct span all_times = { INT64_MIN, INT64_MAX, false };
	struct scan scan;

	scan_begin(&scan, monitor_ring(all->monitor), false, all_times);
	for (; scan_look(&scan); scan_next(&scan))
		add(all, scan.segment, true);
	folds_drain(all->folds);
}

bool reread(struct reports *all, void (*add)(struct reports *r, struct segment *s, bool kept))
{
	bool same = true;

	all->undecided_again = 0;
	if (reread_holds(all->o))
		read_ring(all, add);
	else
		same = read_files(all, add);
	return same && (add != reports_add_again || all->undecided_again == all->undecided);
}
