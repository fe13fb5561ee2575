/* live_room.c - the room of live.h: dealt out to the parts before each step, and what is counted
 * anew when there is room for more. Nothing that is asked costs more than the room. */
#include "live/live_state.h"
#include "query/tables.h"

#define PART_ROOM ((size_t)192 << 10) /* for what a part has beside its groups */
#define GROWTH ((size_t)3) /* twice the groups, and what some are held with where others are not */
#define SLACK_MOST ((size_t)4 << 20)
#define ROW_ROOM ((size_t)256) /* for a row of a slice, whatever group it makes */
#define SHRINK_LOOKS 16384u    /* groups a part and step: about a millisecond */
#define PLACES_SHARE 3         /* of the room: a sixteenth of the budget or less */
#define TREND_ROOM (256 << 10) /* of all the room, for each row that has a trend */

void live_set_room(struct live *l, size_t bytes)
{
	if (bytes)
		places_limit(l->places, bytes / PLACES_SHARE);
	l->room = bytes;
	l->settled = false;
}

/* A bar a bin, of few rows or of all: however much there is, it is no more. */
static bool is_small(const struct live *l, unsigned part)
{
	if (l->question[part % LIVE_QUERIES].query.rows == ROWS_TIMELINE)
		return true;
	return part >= ANSWERS && part < PARTS && accumulator_is_series(l->part[part]);
}

static enum metric metric_of(const struct live *l, unsigned part)
{
	enum metric m = l->question[part % LIVE_QUERIES].query.metric;

	return part < PART(PART_COLUMNS, 0) && m == METRIC_DISTINCT ? m : metric_base(m);
}

/* What parts may hold: the room less what there is besides. */
static size_t room_of_parts(const struct live *l)
{
	size_t besides = live_bytes(l);

	for (unsigned p = 0; p < PARTS; p++)
		if (l->part[p] && !is_small(l, p))
			besides -= accumulator_bytes(l->part[p]);
	return besides < l->room / 2 ? l->room - besides : l->room / 2;
}

/* Parts have as much as they might grow to, the smallest first; those that want more than is
 * left share that, and are `full`: they can't have more. */
void live_share_room(struct live *l)
{
	size_t want[PARTS] = { 0 }, room, slack, level = 0;
	unsigned left = 0;
	bool more = true;

	if (!l->room)
		return;
	room = room_of_parts(l);
	slack = room / 32 < SLACK_MOST ? room / 32 : SLACK_MOST;
	l->slice =
		slack / 2 / ROW_ROOM < SLICE_ROWS ? (uint32_t)(slack / 2 / ROW_ROOM) : SLICE_ROWS;
	l->slice = l->slice > SLICE_LEAST ? l->slice : SLICE_LEAST;
	for (unsigned p = 0; p < PARTS; p++)
		if (l->part[p] && !is_small(l, p)) {
			want[p] = GROWTH * accumulator_bytes(l->part[p]) + slack + PART_ROOM;
			l->full[p] = true;
			left++;
		}
	while (more && left) {
		more = false;
		level = room / left;
		for (unsigned p = 0; p < PARTS && !more; p++)
			if (l->full[p] && want[p] && want[p] <= level) {
				l->full[p] = false;
				room -= want[p];
				left--;
				more = true;
			}
	}
	for (unsigned p = 0; p < PARTS; p++)
		if (want[p]) {
			accumulator_limit(l->part[p], l->full[p] ? level : want[p],
					  metric_of(l, p));
			/* One that can't get on is not held up. */
			l->full[p] |= !accumulator_has_room(l->part[p], l->slice);
		}
}

void live_weigh(struct live *l, unsigned query)
{
	for (unsigned p = query; p < PARTS; p += LIVE_QUERIES)
		if (l->part[p] && !accumulator_is_exact(l->part[p]))
			live_part_forget(l, p);
}

bool live_shrink(struct live *l)
{
	bool more = false;

	for (unsigned p = 0; l->room && p < PARTS; p++)
		if (l->part[p])
			more |= accumulator_shrink(l->part[p], SHRINK_LOOKS);
	return more;
}

bool live_has_room(const struct live *l, unsigned part)
{
	return l->full[part] || accumulator_has_room(l->part[part], l->slice);
}

unsigned live_trend_keys(const struct live *l)
{
	size_t keys = l->room / TREND_ROOM;

	return !l->room || keys > TREND_KEYS ? TREND_KEYS : (unsigned)keys;
}

/* Everything is counted: one of the parts that would be exact now, or nearer to it, is counted
 * anew. */
void live_heal(struct live *l)
{
	for (unsigned i = 0; i < l->questions; i++)
		l->question[i].recounting = false;
	for (unsigned p = 0; p < PARTS; p++)
		if (l->part[p])
			accumulator_settled(l->part[p]);
	for (unsigned p = 0; p < PARTS; p++) {
		if (!l->part[p] || !accumulator_wants_recount(l->part[p]))
			continue;
		accumulator_recount(l->part[p]);
		live_part_refold(l, p);
		l->question[p % LIVE_QUERIES].recounting = true;
		return;
	}
}

bool live_is_recounting(const struct live *l, unsigned query)
{
	return l->question[query].recounting;
}
