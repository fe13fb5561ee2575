/* unwrap.c - see unwrap.h. Stage k looks at the output of stage k - 1; the first that is
 * text gives it. */
#include "unwrap/unwrap.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unwrap/foreign.h"
#include "unwrap/unwrap_kind.h"

#define PIECE (64u << 10)   /* read at a time: it stays in the cache */
#define WORK_MAX (4u << 20) /* bytes gone through without a result before the caller's turn */

void unwrap_init(struct unwrap *u, unwrap_reader *read, void *ctx)
{
	*u = (struct unwrap){ .read = read, .ctx = ctx };
}

void unwrap_release(struct unwrap *u)
{
	for (unsigned k = 0; k <= UNWRAP_DEPTH; k++) {
		if (u->stage[k].state)
			u->stage[k].codec->close(u->stage[k].state);
		free(u->stage[k].input);
	}
	utf16_release(&u->utf16);
	*u = (struct unwrap){ .read = u->read, .ctx = u->ctx, .taken = u->taken, .once = u->once };
}

void unwrap_end(struct unwrap *u)
{
	u->ended = true;
}

/* ---- names and faults ---- */

/* "gzip in zstd" for stage k being gzip. */
static void name_layers(const struct unwrap *u, unsigned k, const char *top, struct buf *out)
{
	buf_puts(out, top);
	while (k--)
		buf_printf(out, " in %s", u->stage[k].kind->name);
}

void unwrap_add_fault(struct unwrap *u, const char *text, const char *hint)
{
	u->faults++;
	if (u->news++ == 0)
		snprintf(u->fault, sizeof u->fault, "%s%s%s", text, hint ? ": " : "",
			 hint ? hint : "");
}

static void add_flaw(struct unwrap *u, unsigned k, const struct unwrap_flaw *flaw)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s ", flaw->what);
	name_layers(u, k, u->stage[k].kind->name, &text);
	buf_printf(&text, " at byte %" PRIu64, u->taken - u->stage[0].n);
	unwrap_add_fault(u, text.s, flaw->hint);
	buf_release(&text);
}

const char *unwrap_fault(struct unwrap *u)
{
	size_t n = strlen(u->fault);

	if (u->news == 0)
		return NULL;
	if (u->news > 1)
		snprintf(u->fault + n, sizeof u->fault - n, " (and %" PRIu64 " more)", u->news - 1);
	u->news = 0;
	return u->fault;
}

/* Of names there are few: kept for good. */
static const char *intern(const char *name)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static char **names;
	static size_t n, cap;
	size_t i = 0;

	pthread_mutex_lock(&lock);
	while (i < n && strcmp(names[i], name) != 0)
		i++;
	if (i == n) {
		xgrow((void **)&names, &cap, n + 1, sizeof *names);
		names[n++] = xstrndup(name, strlen(name));
	}
	name = names[i];
	pthread_mutex_unlock(&lock);
	return name;
}

/* "plain" is what nothing more is known of. */
static const char *stage_name(const struct unwrap *u, unsigned k)
{
	const struct unwrap_kind *kind = u->stage[k].kind;

	if (kind == &unwrap_foreign)
		return u->refused->name;
	return kind == &unwrap_text && u->utf16.seen ? "utf-16" : kind->name;
}

static bool is_plain(const struct unwrap *u, unsigned k)
{
	return u->stage[k].kind == &unwrap_text && !u->utf16.seen;
}

const char *unwrap_shape(const struct unwrap *u)
{
	struct buf name = { 0 };
	const char *shape;
	unsigned k = 0;

	if (!u->stage[0].kind)
		return "?";
	while (k < UNWRAP_DEPTH && u->stage[k + 1].kind && !is_plain(u, k + 1))
		k++;
	if (k == 0)
		return stage_name(u, 0);
	name_layers(u, k, stage_name(u, k), &name);
	shape = intern(name.s);
	buf_release(&name);
	return shape;
}

/* ---- input ---- */

static ssize_t read_raw(struct unwrap *u, char *out, size_t n)
{
	ssize_t got;

	if (u->over)
		return UNWRAP_OVER;
	got = u->read(u->ctx, out, n);
	if (got > 0) {
		u->taken += (uint64_t)got;
	} else if (got < 0 || u->ended) {
		u->over = true;
		u->error = (int)got;
		return UNWRAP_OVER;
	}
	return got;
}

static ssize_t decode(struct unwrap *u, unsigned k, char *out, size_t n);

/* Bytes that stage k works on. */
static ssize_t input_of(struct unwrap *u, unsigned k, char *out, size_t n)
{
	return k == 0 ? read_raw(u, out, n) : decode(u, k - 1, out, n);
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
	got = input_of(u, k, s->input + s->n,
		       UNWRAP_INPUT - s->n < PIECE ? UNWRAP_INPUT - s->n : PIECE);
	if (got > 0)
		s->n += (size_t)got;
	return got;
}

static struct str stage_input(const struct unwrap_stage *s)
{
	return (struct str){ s->input + s->at, s->n };
}

static void consume(struct unwrap *u, struct unwrap_stage *s, size_t n)
{
	s->at += n;
	s->n -= n;
	u->work += n;
}

/* ---- members ---- */

static void begin_member(struct unwrap *u, struct unwrap_stage *s, const struct unwrap_kind *kind)
{
	const struct unwrap_codec *codec = u->once && kind->once ? kind->once : kind->codec;

	if (s->state && s->codec != codec) {
		s->codec->close(s->state);
		s->state = NULL;
	}
	s->kind = kind;
	s->codec = codec;
	if (!s->state)
		s->state = codec->open();
	codec->begin(s->state);
	s->place = STAGE_INSIDE;
	s->full = false;
	s->want = 1;
}

/* No more comes to a stage that is inside a member, or holds the beginning of one. */
static void truncated(struct unwrap *u, unsigned k)
{
	static const struct unwrap_flaw flaw = { "truncated", NULL };
	struct unwrap_stage *s = &u->stage[k];

	consume(u, s, s->n);
	add_flaw(u, k, &flaw);
	s->place = STAGE_BETWEEN;
}

void unwrap_cut(struct unwrap *u)
{
	for (unsigned k = 0; k <= UNWRAP_DEPTH; k++)
		if (u->stage[k].place == STAGE_INSIDE)
			truncated(u, k);
		else if (u->stage[k].kind == &unwrap_text && u->doomed)
			unwrap_refuse_text(u, k);
}

/* Behind damage: up to where a member can begin. */
static ssize_t seek_member(struct unwrap *u, unsigned k)
{
	struct unwrap_stage *s = &u->stage[k];
	const struct unwrap_codec *codec = s->codec;

	while (u->work <= WORK_MAX) {
		const char *from = s->input + s->at, *at;
		if (s->n < codec->header) {
			ssize_t got = refill(u, k);
			if (got == UNWRAP_OVER)
				s->n = 0;
			if (got <= 0)
				return got;
			continue;
		}
		at = memmem(from, s->n, codec->magic.s, codec->magic.n);
		if (!at)
			consume(u, s, s->n - codec->magic.n + 1);
		else if (at > from)
			consume(u, s, (size_t)(at - from));
		else if (!codec->begins((const unsigned char *)at))
			consume(u, s, 1);
		else {
			begin_member(u, s, s->kind);
			return UNWRAP_TORN;
		}
	}
	return UNWRAP_AGAIN;
}

/* Between members: another one, the end, or something that is none. Zeros pad. */
static ssize_t next_member(struct unwrap *u, unsigned k)
{
	static const struct unwrap_flaw flaw = { "something else after", NULL };
	struct unwrap_stage *s = &u->stage[k];
	const struct unwrap_kind *kind;

	if (s->place == STAGE_SEEKING)
		return seek_member(u, k);
	for (;;) {
		ssize_t got;
		while (s->n && s->input[s->at] == 0)
			consume(u, s, 1);
		if (u->work > WORK_MAX)
			return UNWRAP_AGAIN;
		kind = s->n ? unwrap_recognise(stage_input(s), false) : NULL;
		if (kind)
			break;
		got = refill(u, k);
		if (got == UNWRAP_OVER && s->n)
			truncated(u, k);
		if (got <= 0)
			return got;
	}
	if (kind->codec) {
		begin_member(u, s, kind);
		return 1;
	}
	add_flaw(u, k, &flaw);
	s->place = STAGE_SEEKING;
	return seek_member(u, k);
}

static size_t step(struct unwrap *u, unsigned k, char *out, size_t n)
{
	struct unwrap_stage *s = &u->stage[k];
	struct unwrap_io io = { s->input + s->at, s->n, out, n, 0 };
	const struct unwrap_flaw *flaw;
	bool end = false;

	flaw = s->codec->step(s->state, &io, &end);
	consume(u, s, s->n - io.in_n);
	s->full = io.out_n == 0;
	s->want = io.want == 0 ? 1 : io.want < UNWRAP_INPUT ? io.want : UNWRAP_INPUT;
	if (end)
		s->place = STAGE_BETWEEN;
	if (flaw) {
		add_flaw(u, k, flaw);
		s->place = STAGE_SEEKING;
	}
	return n - io.out_n;
}

/* What comes out of stage k, which has a codec. */
static ssize_t decode(struct unwrap *u, unsigned k, char *out, size_t n)
{
	struct unwrap_stage *s = &u->stage[k];
	size_t made = 0;

	while (made == 0) {
		if (u->work > WORK_MAX)
			return UNWRAP_AGAIN;
		if (s->place != STAGE_INSIDE) {
			ssize_t more = next_member(u, k);
			if (more <= 0)
				return more;
		}
		if (s->n < s->want && !s->full) {
			ssize_t got = refill(u, k);
			if (got == UNWRAP_OVER)
				truncated(u, k);
			if (got <= 0)
				return got;
			continue;
		}
		made = step(u, k, out, n);
	}
	return (ssize_t)made;
}

/* ---- text ---- */

ssize_t unwrap_input(struct unwrap *u, unsigned k, char *out, size_t n)
{
	struct unwrap_stage *s = &u->stage[k];
	ssize_t got = (ssize_t)(n < s->n ? n : s->n);

	if (got) {
		memcpy(out, s->input + s->at, (size_t)got);
		consume(u, s, (size_t)got);
		return got;
	}
	free(s->input);
	s->input = NULL;
	return input_of(u, k, out, n);
}

void unwrap_refuse(struct unwrap *u, unsigned k, const struct foreign *foreign)
{
	struct unwrap_stage *s = &u->stage[k];
	struct buf text = { 0 };

	name_layers(u, k, foreign->title ? foreign->title : s->kind->name, &text);
	buf_puts(&text, " is not read");
	unwrap_add_fault(u, text.s, foreign->hint);
	buf_release(&text);
	s->kind = foreign->title ? &unwrap_foreign : s->kind;
	u->refused = foreign;
}

/* ---- stages ---- */

/* Of what begins a stage, and is none of ours. */
static const struct foreign *foreign_input(const struct unwrap_stage *s)
{
	bool more = false;

	return foreign_of_bytes(stage_input(s), true, &more);
}

/* Decides what stage k is; 1 once it did. */
static ssize_t decide(struct unwrap *u, unsigned k)
{
	static const struct foreign too_deep = {
		.hint = "it is packed more than three times; unpack it first"
	};
	struct unwrap_stage *s = &u->stage[k];
	const struct unwrap_kind *kind = NULL;

	while (!kind) {
		ssize_t got = 1;
		if (!s->n || !(kind = unwrap_recognise(stage_input(s), false)))
			got = refill(u, k);
		if (got == UNWRAP_OVER && s->n)
			kind = unwrap_recognise(stage_input(s), true);
		else if (got <= 0)
			return got;
	}
	s->kind = kind;
	if (kind->codec && k < UNWRAP_DEPTH)
		begin_member(u, s, kind);
	else if (kind->codec)
		unwrap_refuse(u, k, &too_deep);
	else if (kind == &unwrap_foreign)
		unwrap_refuse(u, k, foreign_input(s));
	return 1;
}

static ssize_t read_stages(struct unwrap *u, char *out, size_t n)
{
	for (unsigned k = 0; !u->refused; k++) {
		ssize_t known = u->stage[k].kind ? 1 : decide(u, k);
		if (known <= 0)
			return known;
		if (u->stage[k].kind == &unwrap_text)
			return unwrap_read_text(u, k, out, n);
	}
	return UNWRAP_REFUSED;
}

ssize_t unwrap_read(struct unwrap *u, char *out, size_t n)
{
	ssize_t got;

	u->work = 0;
	got = read_stages(u, out, n);
	return got == UNWRAP_OVER ? u->error : got;
}

struct str unwrap_refused(const struct unwrap *u)
{
	const struct unwrap_stage *s = &u->stage[0];

	return u->refused && s->kind == &unwrap_foreign ? stage_input(s) : (struct str){ "", 0 };
}

bool unwrap_is_idle(const struct unwrap *u)
{
	for (unsigned k = 0; k <= UNWRAP_DEPTH; k++)
		if (u->stage[k].place != STAGE_BETWEEN || u->stage[k].n)
			return false;
	return !u->news && !u->refused && !u->doomed && !utf16_holds(&u->utf16);
}
