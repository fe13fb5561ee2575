/* engine_state.h - a question while it is asked, a step after the other. Private to engine*.c. */
#ifndef ENITOP_ENGINE_STATE_H
#define ENITOP_ENGINE_STATE_H

#include "engine/engine.h"
#include "engine/engine_address.h"
#include "engine/engine_rows.h"
#include "output/sql_ask.h"

#define ENGINE_TRIES 3 /* of a table that changes while it is asked */

struct engine {
	struct engine_address address;
	struct engine_http *http;
	struct sql_server server;
	bool known;       /* the server has told what it is */
	int64_t readonly; /* of its user */
	const struct engine_question *q;
	struct query query; /* of it, */
	struct sql_asked asked;
	struct engine_reply reply;
	struct extent extent;
	uint64_t before, behind; /* whether there are records so */
	uint64_t matching, undated_matching, bar_records;
	int64_t bar_first, bar_last;
	unsigned step, tries;
	uint64_t name; /* of its questions, beside the process */
	bool cancelled;
	struct buf path, text;
	char why[400];
	engine_done_fn *done;
	void *ctx;
};

/* Each takes an answer; false with e->why, or an end in e->reply. */
bool engine_take_extent(struct engine *e, const struct engine_rows *r);
bool engine_take_rows(struct engine *e, const struct engine_rows *r);
bool engine_take_bins(struct engine *e, const struct engine_rows *r);
bool engine_take_timeline(struct engine *e, const struct engine_rows *r);
bool engine_take_records(struct engine *e, const struct engine_rows *r);
size_t engine_record_columns(const struct engine *e);
/* The window is known, and the data in it: what answers have beside their rows. */
void engine_begin_result(struct engine *e);
/* Says what an answer has that it can't; returns false. */
bool engine_odd(struct engine *e, const char *what);
/* Adds the condition that a key is one of the rows of the result. */
void engine_only_rows(const struct engine *e, struct buf *out);

#endif
