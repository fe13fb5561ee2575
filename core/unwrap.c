/* unwrap.c - see unwrap.h. Stage k looks at the output of stage k - 1; the first that
 * is plain gives the text. */
#include "unwrap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void unwrap_init(struct unwrap *u, unwrap_reader *read, void *ctx)
{
	*u = (struct unwrap){ .read = read, .ctx = ctx };
}

void unwrap_release(struct unwrap *u)
{
	for (unsigned k = 0; k <= UNWRAP_DEPTH; k++) {
		if (u->stage[k].shape == STAGE_GZIP)
			inflateEnd(&u->stage[k].z);
		free(u->stage[k].input);
	}
	*u = (struct unwrap){ .read = u->read, .ctx = u->ctx };
}

void unwrap_end(struct unwrap *u)
{
	u->ended = true;
}

static ssize_t inflate_some(struct unwrap *u, unsigned k, char *out, size_t n);

/* Bytes that stage k works on. */
static ssize_t input_of(struct unwrap *u, unsigned k, char *out, size_t n)
{
	return k == 0 ? u->read(u->ctx, out, n) : inflate_some(u, k - 1, out, n);
}

/* Adds to the stage's unread input; the number of bytes added. */
static ssize_t refill(struct unwrap *u, unsigned k)
{
	struct unwrap_stage *s = &u->stage[k];
	ssize_t got;

	if (!s->input)
		s->input = xmalloc(UNWRAP_INPUT);
	memmove(s->input, s->input + s->at, s->n);
	s->at = 0;
	got = input_of(u, k, s->input + s->n, UNWRAP_INPUT - s->n);
	if (got > 0)
		s->n += (size_t)got;
	return got;
}

/* Makes sure that at least two bytes are there to judge by. */
static ssize_t want_two(struct unwrap *u, unsigned k)
{
	struct unwrap_stage *s = &u->stage[k];

	while (s->n < 2) {
		ssize_t got = refill(u, k);
		if (got <= 0)
			return got < 0 ? got : u->ended && s->n ? 1 : 0;
	}
	return 2;
}

static bool is_gzip(const struct unwrap_stage *s)
{
	return s->n >= 2 && (unsigned char)s->input[s->at] == 0x1f &&
	       (unsigned char)s->input[s->at + 1] == 0x8b;
}

/* Between members: another one, the end, or something that is none. */
static ssize_t next_member(struct unwrap *u, unsigned k)
{
	struct unwrap_stage *s = &u->stage[k];
	ssize_t have = want_two(u, k);

	if (have <= 0)
		return have;
	if (is_gzip(s)) {
		inflateReset(&s->z);
		s->in_member = true;
		return 1;
	}
	s->over = true;
	for (size_t i = 0; i < s->n; i++)
		if (s->input[s->at + i]) /* zero padding is no fault */
			u->fault = "bytes after the end of gzip";
	return 0;
}

static ssize_t inflate_some(struct unwrap *u, unsigned k, char *out, size_t n)
{
	struct unwrap_stage *s = &u->stage[k];

	for (;;) {
		if (s->over)
			return 0;
		if (!s->in_member) {
			ssize_t more = next_member(u, k);
			if (more <= 0)
				return more;
		}
		if (s->n == 0) {
			ssize_t got = refill(u, k);
			if (got <= 0)
				return got;
		}
		s->z.next_in = (Bytef *)s->input + s->at;
		s->z.avail_in = (uInt)s->n;
		s->z.next_out = (Bytef *)out;
		s->z.avail_out = (uInt)n;
		int rc = inflate(&s->z, Z_NO_FLUSH);
		s->at += s->n - s->z.avail_in;
		s->n = s->z.avail_in;
		if (rc == Z_STREAM_END)
			s->in_member = false;
		else if (rc != Z_OK && rc != Z_BUF_ERROR) {
			u->fault = "damaged gzip";
			s->over = true;
			s->in_member = false;
		}
		if (s->z.avail_out < n)
			return (ssize_t)(n - s->z.avail_out);
	}
}

/* Decides what stage k is; 0 while it can't be told. */
static ssize_t recognise(struct unwrap *u, unsigned k)
{
	struct unwrap_stage *s = &u->stage[k];
	ssize_t have = want_two(u, k);

	if (have <= 0)
		return have;
	s->shape = STAGE_PLAIN;
	if (s->n >= 4 && memcmp(s->input + s->at, "PAR1", 4) == 0) {
		u->fault = "Parquet is not read: convert it, or have plain text delivered";
		s->shape = STAGE_REFUSED;
	} else if (k < UNWRAP_DEPTH && is_gzip(s)) {
		if (inflateInit2(&s->z, 15 + 16) != Z_OK)
			die("out of memory (inflate)");
		s->shape = STAGE_GZIP;
		s->in_member = true;
	}
	return 1;
}

static ssize_t read_plain(struct unwrap *u, unsigned k, char *out, size_t n)
{
	struct unwrap_stage *s = &u->stage[k];

	if (s->n == 0)
		return input_of(u, k, out, n);
	if (n > s->n)
		n = s->n;
	memcpy(out, s->input + s->at, n);
	s->at += n;
	s->n -= n;
	return (ssize_t)n;
}

ssize_t unwrap_read(struct unwrap *u, char *out, size_t n)
{
	for (unsigned k = 0; k <= UNWRAP_DEPTH; k++) {
		if (u->stage[k].shape == STAGE_UNKNOWN) {
			ssize_t known = recognise(u, k);
			if (known <= 0)
				return known;
		}
		if (u->stage[k].shape == STAGE_REFUSED)
			return 0;
		if (u->stage[k].shape == STAGE_PLAIN)
			return read_plain(u, k, out, n);
	}
	return 0;
}

bool unwrap_is_partial(const struct unwrap *u)
{
	for (unsigned k = 0; k < UNWRAP_DEPTH; k++)
		if (u->stage[k].shape == STAGE_GZIP && u->stage[k].in_member)
			return true;
	return false;
}

const char *unwrap_shape(const struct unwrap *u)
{
	return u->stage[0].shape == STAGE_GZIP      ? "gzip"
	       : u->stage[0].shape == STAGE_PLAIN   ? "plain"
	       : u->stage[0].shape == STAGE_REFUSED ? "parquet"
						    : "?";
}

bool unwrap_is_idle(const struct unwrap *u)
{
	for (unsigned k = 0; k <= UNWRAP_DEPTH; k++)
		if (u->stage[k].in_member || u->stage[k].n || u->stage[k].over)
			return false;
	return !u->fault;
}
