/* servers_learn.c - what the rows of a run teach, row after row: so the same rows teach the same,
 * however they come in pieces. */
#include "decode/servers_rows.h"

static bool is_evidence(const struct server_rows *r, uint32_t row)
{
	uint64_t packets = r->packets ? column_number(r->packets, row) : SERVERS_PACKETS;

	return packets != NUMBER_ABSENT && packets >= SERVERS_PACKETS &&
	       !(r->s->mark[row] & MARK_REJECT);
}

/* Two ends of which neither is known to serve met. */
static void learn_peers(struct server_rows *r, uint32_t row, const uint64_t port[2])
{
	struct ends *e = &r->t->ends;
	uint64_t end[2];
	bool answered[2];

	if (!is_evidence(r, row))
		return;
	for (int side = 0; side < 2; side++) {
		end[side] = row_end(r, side, row, port[side]);
		answered[side] =
			ends_have_port(e, port[side]) && ends_level(e, end[side]) == END_ANSWERED;
	}
	if (!end[0] || !end[1] || answered[0] != answered[1])
		return;
	ends_met(e, end[0], port[0], end[1]);
	ends_met(e, end[1], port[1], end[0]);
}

/* Of the rows of a step that say who asked: ASKED_NOT, or with what. */
struct step_asks {
	uint8_t how[SERVERS_STEP];
	bool lower[SERVERS_STEP]; /* the source is the lower end */
	uint64_t key[SERVERS_STEP];
};

static uint8_t how_asked(uint8_t mark, const uint64_t port[2])
{
	if (mark & MARK_STATUS)
		return ASKED_NOT;
	if (mark & MARK_GUESS)
		return port[0] == port[1] ? ASKED_FIRST : ASKED_NOT;
	return mark & MARK_SERVER_SRC ? ASKED_NOT : ASKED_SYN;
}

/* What they will touch is fetched for all of them at once. */
static void read_asks(const struct server_rows *r, uint32_t n, struct step_asks *out)
{
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t port[2] = { r->number[0][i], r->number[1][i] };
		out->how[i] = how_asked(r->s->mark[r->first + i], port);
		if (!out->how[i])
			continue;
		out->key[i] = row_conversation(r, r->first + i, port, &out->lower[i]);
		if (out->key[i])
			tuples_fetch(&r->t->tuples, out->key[i]);
		else
			out->how[i] = ASKED_NOT;
	}
}

/* The source asked: with a SYN, or it was met first of the two, where the ports tell nothing. */
static void learn_asked(struct server_rows *r, uint32_t row, const uint64_t port[2], uint8_t how,
			uint64_t key, bool lower)
{
	struct tuples *t = &r->t->tuples;
	uint32_t start = row_time(r->start ? r->start : r->end, row);
	struct tuple *at;
	uint8_t had;

	if (how != ASKED_FIRST)
		served_asked(r->t, port);
	at = tuples_add(t, key, start);
	had = at->bits & ASKED_HOW;
	if (how > had || (how == ASKED_FIRST && had == how && at->run == t->run &&
			  !(at->bits & ASKED_FIXED) && start < at->time)) {
		at->bits = (uint8_t)(how | (lower ? ASKED_LOWER : 0));
		at->time = start;
	} else if (at->run != t->run) {
		at->bits |= ASKED_FIXED;
	}
	if (how != ASKED_FIRST || at->bits & ASKED_FIXED)
		tuples_see(t, at, row_ended(r, row));
}

/* What a refused packet may be the answer to need not be remembered: see servers_mark.c. While it is
 * not settled whose address is whose, any row may be one that went out. */
static bool may_let_out(struct server_rows *r, uint32_t row, const uint64_t port[2])
{
	const struct owner *w;

	if (looks_answering(r->v, port[1], port[0]))
		return false;
	if (r->direction)
		return row_way(r, row) == WAY_OUT;
	w = row_owner(r, row);
	return w && (!owner_is_settled(w) || owner_has(w, row_hash(r, 0, row)));
}

static void learn_vote(struct server_rows *r, uint32_t row)
{
	struct owner *w = row_owner(r, row);

	if (!w || !w->votes)
		return;
	owner_vote(w, (const uint8_t *const[]){ row_address(r, 0, row), row_address(r, 1, row) });
}

static void learn_sides(struct server_rows *r, uint32_t row, const uint64_t port[2])
{
	uint8_t mark = r->s->mark[row];
	uint64_t end;

	if ((mark & (MARK_GUESS | MARK_WEAK)) == (MARK_GUESS | MARK_WEAK)) {
		learn_peers(r, row, port);
	} else if ((mark & (MARK_GUESS | MARK_SERVER_SRC)) == MARK_SERVER_SRC) {
		end = port[0] <= 65535 ? row_end(r, 0, row, port[0]) : 0;
		if (end)
			ends_answered(&r->t->ends, end, port[0]);
	}
}

/* What went out, of the rows of a step. */
static void learn_outs(struct server_rows *r, uint32_t n)
{
	uint64_t key[SERVERS_STEP];
	uint32_t time[SERVERS_STEP], outs = 0;

	for (uint32_t i = 0, row = r->first; i < n; i++, row++) {
		const uint64_t port[2] = { r->number[0][i], r->number[1][i] };
		if ((r->s->mark[row] & (MARK_ACCEPT | MARK_STATUS)) != MARK_ACCEPT ||
		    !may_let_out(r, row, port))
			continue;
		time[outs] = row_ended(r, row);
		key[outs++] = row_tuple(r, row, port, 1);
	}
	outs_add(&r->t->outs, key, time, outs);
}

static void learn_step(struct server_rows *r, uint32_t first, uint32_t n)
{
	struct step_asks asks; /* large, and written before it is read */

	server_rows_step(r, first, n);
	read_asks(r, n, &asks);
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t port[2] = { r->number[0][i], r->number[1][i] };
		uint8_t mark = r->s->mark[first + i];
		if (mark & MARK_STATUS)
			continue;
		if (!r->direction)
			learn_vote(r, first + i);
		if (asks.how[i])
			learn_asked(r, first + i, port, asks.how[i], asks.key[i], asks.lower[i]);
		learn_sides(r, first + i, port);
	}
	learn_outs(r, n);
}

void served_learn(struct servers *v, struct served *t, struct segment *s, uint32_t first,
		  uint32_t n)
{
	struct server_rows r;

	if (!server_rows_begin(&r, v, t, s, n))
		return;
	for (uint32_t done = 0; done < n; done += SERVERS_STEP)
		learn_step(&r, first + done, n - done < SERVERS_STEP ? n - done : SERVERS_STEP);
}
