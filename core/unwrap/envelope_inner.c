/* envelope_inner.c - a text that is a document itself, and bytes in base64: an envelope
 * within the envelope, one level deep. */
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "schema/record.h"
#include "unwrap/envelope.h"
#include "unwrap/unwrap.h"

/* What is in force for the lines that come out belongs to whoever writes them. */
static void swap_header(struct envelope *a, struct envelope *b)
{
	struct buf header = a->header;

	a->header = b->header;
	b->header = header;
}

static struct envelope *begin_inner(struct envelope *e)
{
	if (!e->inner) {
		e->inner = xcalloc(1, sizeof *e->inner);
		e->inner->is_inner = true;
	}
	e->inner->book = e->book;
	swap_header(e, e->inner);
	return e->inner;
}

static void end_inner(struct envelope *e, struct buf *out)
{
	struct envelope *in = e->inner;

	envelope_feed(in, (struct str){ "", 0 }, true, out);
	if (in->in_line)
		envelope_end_row(in, out);
	e->ahead += in->ahead;
	in->ahead = 0;
	swap_header(e, in);
	e->control += in->control;
	in->control = 0;
	e->foreign = e->foreign ? e->foreign : in->foreign;
	in->in_line = in->between = false;
	in->columns = 0;
}

void envelope_open_text(struct envelope *e, struct str text, struct buf *out)
{
	envelope_feed(begin_inner(e), text, false, out);
	end_inner(e, out);
}

static ssize_t read_rest(void *ctx, char *out, size_t n)
{
	struct str *rest = ctx;

	n = n < rest->n ? n : rest->n;
	memcpy(out, rest->s, n);
	rest->s += n;
	rest->n -= n;
	return (ssize_t)n;
}

/* False when not all of it could be read. */
static bool feed_unwrapped(struct envelope *in, struct str bytes, struct buf *out)
{
	char *piece = xmalloc(UNWRAP_INPUT);
	struct unwrap u;
	size_t all = 0, most = UNWRAP_INPUT + bytes.n * ENVELOPE_RATIO_MAX;
	ssize_t n = 1;
	bool whole;

	most = most < ENVELOPE_OPENED_MAX ? most : ENVELOPE_OPENED_MAX;

	unwrap_init(&u, read_rest, &bytes);
	unwrap_end(&u);
	while (all < most && (n = unwrap_read(&u, piece, UNWRAP_INPUT)) != 0 &&
	       n != UNWRAP_REFUSED) {
		if (n == UNWRAP_TORN)
			envelope_feed(in, (struct str){ "\n", 1 }, true, out);
		if (n > 0)
			envelope_feed(in, (struct str){ piece, (size_t)n }, false, out);
		all += n > 0 ? (size_t)n : UNWRAP_INPUT;
	}
	whole = n == 0 && all && all < most && !unwrap_fault(&u);
	in->foreign = in->foreign ? in->foreign : u.refused;
	unwrap_release(&u);
	free(piece);
	return whole;
}

bool envelope_is_packed(struct str text)
{
	enum { LOOKED_AT = 64, SHORT = 32 };
	char start[LOOKED_AT + 1];
	unsigned char bytes[LOOKED_AT];
	size_t n = text.n < LOOKED_AT ? text.n / 4 * 4 : LOOKED_AT;
	int got;

	if (text.n < SHORT)
		return false;
	memcpy(start, text.s, n);
	start[n] = '\0';
	got = memchr(start, '\0', n) || memchr(start, ' ', n)
		      ? -1
		      : b64_pton(start, bytes, sizeof bytes);
	if (got < 4)
		return false;
	struct str plain = { (char *)bytes, (size_t)got };
	return memcmp(bytes, "\x1f\x8b\x08", 3) == 0 || memcmp(bytes, "{\"", 2) == 0 ||
	       memcmp(bytes, "[{", 2) == 0 || record_begins(plain);
}

bool envelope_open_raw(struct envelope *e, struct str text, struct buf *out)
{
	size_t room = text.n / 4 * 3 + 3;
	unsigned char *bytes = xmalloc(room);
	int n = memchr(text.s, '\0', text.n) ? -1 : b64_pton(text.s, bytes, room);
	struct envelope *in;
	bool good = n > 0;

	if (good) {
		in = begin_inner(e);
		good = feed_unwrapped(in, (struct str){ (char *)bytes, (size_t)n }, out);
		/* A document or line in which it stops is told as such. */
		good |= in->mode == ENVELOPE_JSON || in->line.n || in->open;
		end_inner(e, out);
	}
	free(bytes);
	return good;
}
