/* Any bytes through unwrap. How they are cut changes nothing: not the text, where it is
 * torn, its faults, what it is taken for. */
#include <sys/types.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "unwrap/unwrap.h"

#define TEXT_MAX (1u << 20) /* of a bomb the beginning is enough */
#define TURNS_MAX 3

struct run {
	struct str in;
	size_t at;
	uint64_t seed; /* 0: as a whole */
	bool dry, once;
	struct buf text;
	uint64_t faults, nuls;
	const char *shape;
	ssize_t end;
	bool complete;
};

static ssize_t read_run(void *ctx, char *out, size_t n)
{
	struct run *r = ctx;
	size_t left = r->in.n - r->at, piece = r->seed ? fuzz_piece(&r->seed) : left;

	/* Now and then there is nothing yet. */
	r->dry = r->seed && !r->dry && piece % 4 == 0;
	if (r->dry)
		return 0;
	n = n < piece ? n : piece;
	n = n < left ? n : left;
	if (n)
		memcpy(out, r->in.s + r->at, n);
	r->at += n;
	return (ssize_t)n;
}

static void run(struct run *r)
{
	struct unwrap u;
	unsigned turns = 0;
	size_t room = 1 << 16;
	char *text = xmalloc(room);

	unwrap_init(&u, read_run, r);
	u.once = r->once;
	while (r->text.n < TEXT_MAX && turns < TURNS_MAX) {
		size_t n = r->seed ? fuzz_piece(&r->seed) : room;
		r->end = unwrap_read(&u, text, n);
		FUZZ_CHECK(r->end <= (ssize_t)n);
		if (r->end > 0)
			buf_add(&r->text, text, (size_t)r->end);
		else if (r->end == UNWRAP_TORN)
			buf_puts(&r->text, "\n<torn>\n");
		else if (r->end == UNWRAP_AGAIN)
			turns++;
		else if (r->end == UNWRAP_REFUSED || (r->end == 0 && u.ended))
			break;
		else if (r->at == r->in.n)
			unwrap_end(&u);
	}
	r->complete = r->end == UNWRAP_REFUSED || (r->end == 0 && u.ended);
	r->faults = u.faults;
	r->nuls = u.nuls;
	r->shape = unwrap_shape(&u);
	FUZZ_CHECK(!u.faults == !unwrap_fault(&u));
	FUZZ_CHECK(!unwrap_fault(&u));
	unwrap_release(&u);
	free(text);
}

void fuzz_unwrap(struct str in)
{
	uint64_t seed = 1 + fuzz_number(&in, 2);
	struct run whole = { .in = in }, cut = { .in = in, .seed = seed };
	struct run once = { .in = in, .seed = seed, .once = true };

	run(&whole);
	run(&cut);
	if (getenv("FUZZ_SHOW"))
		fprintf(stderr, "%s, %d faults, %zu bytes; cut: %s, %d faults, %zu bytes\n",
			whole.shape, (int)whole.faults, whole.text.n, cut.shape, (int)cut.faults,
			cut.text.n);
	if (whole.complete && cut.complete) {
		FUZZ_CHECK(whole.text.n == cut.text.n);
		/* Behind what is refused one reads further ahead than the other. */
		FUZZ_CHECK(whole.faults == cut.faults || whole.end == UNWRAP_REFUSED);
		FUZZ_CHECK(whole.nuls == cut.nuls);
		FUZZ_CHECK(whole.end == cut.end);
		FUZZ_CHECK(strcmp(whole.shape, cut.shape) == 0);
	}
	size_t n = whole.text.n < cut.text.n ? whole.text.n : cut.text.n;
	FUZZ_CHECK(n == 0 || memcmp(whole.text.s, cut.text.s, n) == 0);
	/* Whoever inflates it: what is whole is the same. */
	run(&once);
	if (whole.complete && once.complete && !whole.faults && whole.end != UNWRAP_REFUSED) {
		FUZZ_CHECK(once.faults == 0 && once.text.n == whole.text.n);
		FUZZ_CHECK(whole.text.n == 0 ||
			   memcmp(whole.text.s, once.text.s, whole.text.n) == 0);
	}
	buf_release(&once.text);
	buf_release(&whole.text);
	buf_release(&cut.text);
}
