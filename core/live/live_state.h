/* live_state.h - what live.c keeps and live_answer.c reads. Private to them. */
#ifndef ENITOP_LIVE_STATE_H
#define ENITOP_LIVE_STATE_H

#include "base/crew.h"
#include "decode/charge.h"
#include "decode/second.h"
#include "live/live.h"

/* Every accumulator is a part: so many a query, those of answers before those of bins. Bins
 * have two: one is shown while the other is filled for new keys. A query that has no such part
 * has none there. */
enum part_kind { PART_ROWS, PART_COLUMNS, PART_SHOWN, PART_NEXT, PART_KINDS };

#define PART(kind, query) ((unsigned)(kind)*LIVE_QUERIES + (query))
#define ANSWERS PART(PART_SHOWN, 0) /* parts before are answers, the others belong to some */
#define PARTS PART(PART_KINDS, 0)
#define TREND_KEYS 128
#define WORKERS_MAX 4
#define SLICE_ROWS 4096u
#define SLICE_LEAST 512u

/* What an accumulator holds of a segment. */
struct folded {
	uint32_t rows;
	struct span span;
	bool late; /* some of the rows end behind the span: it may have shares of them */
};

struct slot {
	struct segment *segment;
	uint32_t rows;     /* rows that count: frozen while paused */
	uint32_t selected; /* rows that `bits` covers */
	bool published;    /* its values may be looked at: noted by live_step */
	bool taken;        /* somebody selects from it */
	uint64_t *bits;    /* NULL while the filter selects every flow */
	uint32_t bit_words;
	uint32_t matching;   /* bits that are set */
	uint64_t *undecided; /* as many words: rows of which the filter can't tell; NULL: none */
	uint32_t placed;     /* rows that the places have had */
	uint32_t judged;     /* rows that `second` covers */
	uint64_t *second;    /* second sightings, */
	uint64_t *uncharged; /* those of them without a price; NULL: nothing is priced */
	uint32_t seconds;    /* bits that are set; */
	uint32_t second_matching[2]; /* of rows that match; of `uncharged` */
	uint64_t unpriced;           /* bytes of those with a price that can't be told, */
	bool unpriced_known;         /* if they were added up */
	uint64_t *pending;           /* rows that may yet turn out to be some; NULL: none */
	uint32_t undecided_second;   /* bits of those that are set */
	uint64_t judged_by;          /* generation of the places, and how many rows they had had */
	uint64_t judged_at;
	uint32_t fed;    /* rows that the consumer has; */
	uint32_t looked; /* as they are known now: the first so many */
	uint64_t
		*counted[2]; /* `bits` but for second sightings, for `uncharged`; NULL: as `bits` */
	uint32_t interval_s, interval_rows; /* see live_look_at_intervals */
	int64_t first_start;                /* of its rows that are spread; INT64_MAX: none is */
	struct folded folded[PARTS];
};

/* A query, and which of its two parts of bins is shown. PART_COLUMNS is of a heatmap whose
 * bins are no times; of a timeline it is what was refused. */
struct question {
	struct query query;
	unsigned shown, next;
	bool building;   /* `next` is being filled */
	bool recounting; /* a part of it, which had not room for all */
};

struct live {
	struct ring *ring;
	struct filter *filter, *copy[WORKERS_MAX]; /* one each: it notes what it finds; [0]: none */
	struct crew *crew;
	unsigned workers;
	bool alone; /* see live_work_alone */
	int64_t window, now;
	struct span limits;
	struct span fixed; /* looked at instead of the window; unlimited: none */
	bool paused;
	struct live_consumer consumer; /* rows NULL: there is none */
	struct places *places;
	unsigned (*log_of)(void *ctx, uint32_t source); /* NULL: all are of one log */
	void *log_ctx;
	bool resettle;               /* labels have changed: places are to be decided anew */
	uint64_t placed;             /* rows that the places have had */
	bool once;                   /* second sightings do not count */
	const struct prices *prices; /* what bytes cost is counted; NULL: nobody asks */
	uint64_t judged_again;       /* when what was stale was judged last */
	struct bulk *bulk;           /* where in time the rows of the slots lie */
	struct slot *slot;           /* in order of arrival */
	size_t n, cap;
	uint64_t newest_serial;
	struct accumulator *part[PARTS]; /* NULL: no query has it */
	struct question question[LIVE_QUERIES];
	unsigned questions;
	size_t room;        /* bytes of all together; 0: any number */
	uint32_t slice;     /* rows that are folded at once */
	bool priced[PARTS]; /* costs are added up in it, with the second sightings that have some */
	bool full[PARTS];   /* there is no more room for it */
	bool fed;           /* the places have had rows in this step */
	bool whole;         /* see live_compare_whole() */
	int64_t interval;   /* live_interval() without that */
	bool stale;         /* some slots are not judged by what they know */
	bool settled;       /* nothing to do until something changes */
};

/* The rows that are folded, into parts that are priced or others; NULL: every flow. */
static inline const uint64_t *slot_bits(const struct slot *s, bool priced)
{
	return s->counted[priced] ? s->counted[priced] : s->bits;
}

/* The second sightings that do not count where they are left out. */
static inline const uint64_t *slot_second(const struct slot *s, bool priced)
{
	return priced && s->uncharged ? s->uncharged : s->second;
}

/* Whether costs are added up for a query. */
static inline bool live_is_priced(const struct live *l, unsigned query)
{
	const struct query *q = &l->question[query].query;

	return l->prices && q->metric == METRIC_COST && q->rows != ROWS_RECORDS;
}

/* Adds to the places what is new, for about as long; true while there is more. */
bool live_learn_places(struct live *l, uint64_t budget_ns);
void live_place_rows(struct live *l, struct slot *s);
/* Judges which rows are second sightings, for about as long; true while there is more to do. Those
 * that places know better of are judged again when no rows come any more, or now and then. */
bool live_judge(struct live *l, uint64_t budget_ns);
/* Tells the consumer of rows, for about as long; true while there is more. */
bool live_feed(struct live *l, uint64_t budget_ns);
/* More is known of rows from `from` on than before: the consumer is told again. */
void live_look_again(struct slot *s, uint32_t from);
/* The slot's rows are about to leave. */
void live_feed_out(const struct live *l, const struct slot *s);
/* All rows are selected: which of them count. */
void live_count_slot(const struct live *l, struct slot *s);
void live_uncount_slot(struct slot *s);
/* What the rows from `first` on are charged with, where that is asked for: behind what second
 * sightings they are. */
void live_charge_slot(struct live *l, struct slot *s, uint32_t first);
/* Parts of queries that ask for costs have them from now on; what was folded otherwise is forgotten. */
void live_price_parts(struct live *l);
/* The charges of a slot's rows, to be freed; NULL: it has none. They change places with those, and
 * which of 64 rows have others. */
uint8_t *live_copy_charges(const struct slot *s);
void live_swap_charges(struct slot *s, uint8_t *of);
uint64_t live_charges_differ(const struct slot *s, const uint8_t *of, uint32_t word);
/* Forgets what was judged. */
void live_unjudge(struct slot *s);
/* How many rows that match in the span are second sightings; priced: without a price. */
uint64_t live_seconds(const struct live *l, struct span span, bool priced);
/* Of the same flows those that may yet turn out to be some. */
uint64_t live_undecided_seconds(const struct live *l, struct span span);
/* How many bytes of rows that match in the span have a price that can't be told. */
uint64_t live_unpriced(const struct live *l, struct span span);
/* Forgets which rows match: of a slot; of all, and with it what was folded. The consumer and the
 * places, who have all rows, whichever are selected, are not told. */
void live_deselect(struct slot *s);
void live_reselect(struct live *l);
/* The new bins are complete: shows them. */
void live_swap_bins(struct live *l);
/* Makes the parts of a query, in place of those that there are. */
void live_make_rows(struct live *l, unsigned query);
void live_make_bins(struct live *l, unsigned query);
/* Empties an accumulator and what is known to be folded into it. */
void live_part_forget(struct live *l, unsigned part);
/* Folds all rows into it, which is empty. */
void live_part_refold(struct live *l, unsigned part);
/* Forgets what was folded: the question is another one. */
void live_restart(struct live *l);
/* Gives every part that has times in it the bins of the window. */
void live_fit_bins(struct live *l);
/* Bins that are too narrow for what is looked at now are merged. */
void live_widen_bins(struct live *l);
/* Takes notice of new segments, new rows and the present log time. */
void live_look_at_ring(struct live *l);
/* Notes how long records last now: see live_complete(). */
void live_note_interval(struct live *l);
/* Notes how long the first records of a segment last. */
void live_look_at_intervals(struct slot *s);
/* Deals the room out to the parts. */
void live_share_room(struct live *l);
/* The metric has changed: what was kept by another one is counted anew. */
void live_weigh(struct live *l, unsigned query);
/* Drops some of what parts have beyond their share; true while there is more to drop. */
bool live_shrink(struct live *l);
/* Whether a part has room for the groups of a slice, or will never have it. */
bool live_has_room(const struct live *l, unsigned part);
/* How many rows there is room for bins of. */
unsigned live_trend_keys(const struct live *l);
/* Counts a part anew that would be exact, or nearer to it. When all is counted. */
void live_heal(struct live *l);
/* The window in force, less what lies apart of the others: that has no bar. */
struct span live_bars(const struct live *l, uint64_t *astray);
/* The window in force. */
struct span live_target_span(const struct live *l);
/* The same for what has no bars: open, it has what is dated in the future too. */
struct span live_open_span(const struct live *l);

#endif
