/* ingest_state.h - what ingest.c and ingest_block.c share. Private to them. */
#ifndef ENITOP_INGEST_STATE_H
#define ENITOP_INGEST_STATE_H

#include "ingest.h"

struct block {
	uv_work_t work;
	struct ingest *ingest;
	struct source *source;
	uint64_t number;
	char *text;
	size_t n;
	struct decode_state before, after;
	struct decode_counts counts;
	struct malformed_list bad;
	struct segment **segment;
	size_t segments;
	bool decoded;
	struct block *next; /* in `waiting` or `decoded` */
};

struct ingest {
	uv_loop_t *loop;
	struct ingest_events events;
	size_t block_size;
	const struct format *format;
	struct decoder *tail; /* NULL: every block goes through the pool */
	struct source **source;
	size_t sources, cap, turn;
	uv_timer_t timer; /* once a second while something is followed */
	struct block *waiting, **waiting_end;
	struct block *decoded; /* finished, not linked */
	unsigned blocks, decoding, reading, handles;
	bool held, closing, checking;
	unsigned ticks; /* seconds of following */
	size_t ended;   /* so many sources, from the first, were read to their end */
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* Cuts a block: decodes it at once when it is small and nothing is before it, else puts it
 * in line. Takes `text`. */
void ingest_block_add(struct source *s, char *text, size_t n);
/* Gives waiting blocks to idle cores. */
void ingest_blocks_submit(struct ingest *g);
void ingest_blocks_free(struct block *b);
/* Frees a closing ingest once its last job and handle are gone. */
void ingest_finish_close(struct ingest *g);

#endif
