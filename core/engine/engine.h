/* engine.h - a server that holds the records answers a query in place of the input. What it can't answer
 * as the input would is refused by name; an answer is there when it is whole. */
#ifndef ENITOP_ENGINE_H
#define ENITOP_ENGINE_H

#include <uv.h>

#include "output/export.h"
#include "output/sql.h"

/* Nothing in it is owned. */
struct engine_question {
	struct query query; /* its span and window_s are of log time, as those of a report */
	const char *internal[SQL_INTERNAL_MAX];
	unsigned internals;
	int64_t ceiling; /* a record that is newer says nothing of log time */
};

struct engine_reply {
	enum engine_end {
		ENGINE_WHOLE,
		ENGINE_REFUSED, /* it can't be asked */
		ENGINE_FAILED   /* there is no whole answer */
	} end;
	const char *why;           /* of the others */
	struct answer answer;      /* whose rows are all in its result; answer_release() it */
	struct input_counts input; /* of the records in the window */
	/* Of a query of records: lines, behind a header; for each of them whether the source serves (1)
	 * and whether that is a guess (2), or nothing where the table does not say. The engine's. */
	struct buf lines, sides;
	size_t records;
};

typedef void engine_done_fn(void *ctx, struct engine_reply *r);

/* A server, by its address (engine_address.h). NULL with a message in `error`. It is asked when there is
 * something to ask. */
struct engine *engine_open(uv_loop_t *loop, const char *address, char *error, size_t size);
/* Whether a question can be asked of any server; else false with what it can't say. */
bool engine_can(const struct engine_question *q, char *error, size_t size);
/* Asks, one question after the other; `q` stays until `done` was called, from the loop. */
void engine_ask(struct engine *e, const struct engine_question *q, engine_done_fn *done, void *ctx);
/* Ends what is under way, at the server too: `done` is called from the loop, ENGINE_FAILED, when that
 * has answered, or had 2 s for it. */
void engine_cancel(struct engine *e);
/* Lets go of what is under way, without a call of `done`; the loop has to run once more. */
void engine_close(struct engine *e);

#endif
