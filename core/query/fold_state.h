/* fold_state.h - what fold*.c share. Private to them. */
#ifndef ENITOP_FOLD_STATE_H
#define ENITOP_FOLD_STATE_H

#include "query/fold.h"
#include "query/rank_index.h"

#define ITEMS_AT_ONCE 16 /* segments a job: a few milliseconds each */

struct item {
	struct segment *segment;
	struct span span;
	bool kept;     /* by the ring: not to be freed */
	unsigned left; /* lanes that have not folded it yet */
	size_t bytes;
	struct item *next;
	uint64_t bits[];
};

/* An accumulator among those that are folded into. */
struct fold_table {
	struct accumulator *a;
	unsigned most;      /* bins that it may have */
	enum metric metric; /* what its groups are kept for */
	bool small;         /* a bar a bin, however much there is */
	bool orders;        /* all its groups are put in order at the end */
	bool bins;          /* of ranked rows: can be had of some of them alone, */
	bool put_off;       /* later */
	size_t bytes;       /* when it was folded into last */
};

/* Tables that are folded into together, for which the rows are read once. */
struct fold_lane {
	struct folds *folds;
	struct fold_table table[FOLD_MAX];
	unsigned n;
	bool series;
	struct item *next; /* to be folded */
	struct item *job[ITEMS_AT_ONCE];
	unsigned items; /* of the job; 0: none runs */
	bool on_loop;
	uv_work_t work;
};

struct asked {
	struct query query;
	struct tables tables;
	bool shared; /* its rows are those of a query before */
	/* Where tables hold a part at a time: the best of those before, which have a rank and how
	 * many those are; what is answered from. */
	struct accumulator *best, *best_columns;
	uint64_t ranked;
	struct tables shown;
	/* Of those only so many rows are kept at a time (0: not known yet), from rank `base` on: those
	 * behind the group in `after` (NULL: the first). Of these, from `bins_at` on, so many have
	 * bins. */
	uint32_t keep, base, bins_at, bins;
	uint32_t binned; /* those that have some now; 0: none had */
	struct accumulator *after;
	/* Where more rows are asked for than are kept: see fold_piece.c. */
	size_t row_bytes; /* of a row of a piece, its copy included: as far as is known */
	bool noted;       /* the index is there, and no piece of it yet */
	bool plain;       /* no index: too many groups have the same rank */
	struct rank_index
		*index;          /* which groups have the ranks from its base on; NULL: not known */
	struct rank_piece piece; /* of it, which is held or looked for */
	struct place_set *places; /* of that; NULL: nothing is looked for */
	struct compare sides;     /* of its mark */
};

struct folds {
	uv_loop_t *loop;
	struct dict *dict;
	folds_full_fn *on_full;
	void *ctx;
	size_t hold, most, bytes; /* that wait */
	size_t room;              /* for tables and values; 0: any number */
	bool again;               /* the rows can be had again */
	bool shares_values;       /* the ring's values are its own */
	bool short_of_room;       /* tables were limited */
	struct asked asked[FOLD_MAX];
	unsigned n;
	bool series; /* some query has bins */
	struct extent extent;
	struct fold_lane lane[FOLD_MAX];
	unsigned lanes, running;
	struct item *first_item, *last_item;
	bool full, over;
	unsigned passes;           /* that have ended */
	const struct asked *alone; /* whose rows are asked for; NULL: those of all */
};

/* fold.c: one more table, in its lane. */
struct fold_table *fold_add(struct folds *f, const struct query *q, struct accumulator *a);

/* ---- fold_room.c ---- */

/* How many rows a job of the lane may have, so that what it brings is little beside the room. */
size_t fold_rows_at_once(const struct fold_lane *l);
/* Before a job of so many rows: deals the room out, where rows come once. */
void fold_share_room(struct fold_lane *l, size_t rows);
/* Behind a job: where there is no room, less is held. */
void fold_make_room(struct fold_lane *l);
/* What may be held between jobs: those of all lanes may add to it at a time. */
size_t fold_limit(const struct folds *f);
/* What is held in all. */
size_t fold_held(const struct folds *f);

/* ---- fold_piece.c ---- */

/* Whether its rows are had in pieces; then, whether one is looked for now. */
bool piece_is_of(const struct asked *k);
bool piece_is_on(const struct asked *k);
/* Notes the groups of a part in the index; how many have a rank. */
uint64_t piece_note(struct folds *f, struct asked *k, const struct accumulator *from,
		    const struct compare *c);
/* The piece from a rank on is looked for. False: it is not known where that is. */
bool piece_turn(struct folds *f, struct asked *k, uint32_t rank);
/* Takes what of a part is of the piece. */
void piece_take(const struct folds *f, struct asked *k, const struct accumulator *from,
		const struct compare *c);
/* All parts were noted, or taken. */
void piece_end(struct asked *k, const struct compare *c);
size_t piece_bytes(const struct asked *k);
void piece_forget(struct asked *k);

/* ---- fold_pass.c ---- */

void fold_forget_best(struct asked *k);

#endif
