/* servers_mark.c - marks rows of a run by all that is known. First those of refused packets, which
 * tell of the conversations that they are of; then those that are left to be guessed. */
#include "decode/orient.h"
#include "decode/servers_rows.h"

#define EPHEMERAL 32768u /* ports from here on are a client's, mostly */

enum { SIDES = MARK_SERVER_SRC | MARK_GUESS | MARK_WEAK };

struct marking {
	struct server_rows r;
	uint8_t *want; /* marks of the rows, from `first` on */
	uint32_t first;
	bool whole;
};

/* ---- refused packets ---- */

/* It came in. But what comes from a service's port may answer a question that is not in the log. */
static bool may_ask(struct marking *m, uint32_t row, const uint64_t port[2])
{
	struct server_rows *r = &m->r;
	struct owner *w = r->direction || m->whole ? NULL : row_owner(r, row);

	if (w && !owner_is_settled(w))
		owner_look(w, servers_is_internal, r->v);
	return !looks_answering(r->v, port[0], port[1]) && row_way(r, row) == WAY_IN;
}

static void ask_refused(struct marking *m, uint32_t row, const uint64_t port[2])
{
	if (may_ask(m, row, port))
		out_asks_add(&m->r.v->asks, row_tuple(&m->r, row, port, 0));
}

/* Nothing had gone out of its interface in the same tuple: an answer presupposes a question. */
static bool is_request(struct marking *m, uint32_t row, const uint64_t port[2])
{
	struct server_rows *r = &m->r;

	return may_ask(m, row, port) && !out_asks_hold(&r->v->asks, row_tuple(r, row, port, 0),
						       row_time(r->start ? r->start : r->end, row));
}

/* Of what comes from the internet no other interface has a record. */
static void tell_conversation(struct marking *m, uint32_t row, const uint64_t port[2])
{
	struct server_rows *r = &m->r;
	struct tuples *t = &r->t->tuples;
	const uint8_t *src = row_address(r, 0, row);
	bool lower;
	struct tuple *at;
	uint64_t key;

	if (!src || (address_is_v4(src) && !servers_is_internal(r->v, src)))
		return;
	key = row_conversation(r, row, port, &lower);
	if (!key)
		return;
	at = tuples_add(t, key, row_time(r->start ? r->start : r->end, row));
	served_asked(r->t, port);
	r->t->refused = true;
	if ((at->bits & ASKED_HOW) < ASKED_REFUSED)
		at->bits = (uint8_t)(ASKED_REFUSED | (lower ? ASKED_LOWER : 0));
	tuples_see(t, at, row_ended(r, row));
}

static void mark_refused(struct marking *m, uint32_t row, const uint64_t port[2])
{
	uint8_t *mark = &m->want[row - m->first];

	if (!is_request(m, row, port))
		return;
	*mark = (uint8_t)((*mark & ~SIDES) | MARK_WEAK);
	if (m->whole)
		tell_conversation(m, row, port);
}

/* ---- guesses ---- */

static void set_side(uint8_t *mark, bool src, bool guess)
{
	*mark = (uint8_t)((*mark & ~(MARK_SERVER_SRC | MARK_GUESS)) | (src ? MARK_SERVER_SRC : 0) |
			  (guess ? MARK_GUESS : 0));
}

/* By what the conversation itself says; false: nothing. */
static bool mark_conversation(struct marking *m, uint32_t row, const uint64_t port[2], bool first)
{
	struct server_rows *r = &m->r;
	uint8_t *mark = &m->want[row - m->first], how;
	const struct tuple *at;
	bool lower;
	uint64_t key;

	key = row_conversation(r, row, port, &lower);
	at = key ? tuples_find(&r->t->tuples, key) : NULL;
	how = at ? at->bits & ASKED_HOW : 0;
	if (!how || (how == ASKED_FIRST) != first ||
	    !tuples_holds(&r->t->tuples, at, row_time(r->start ? r->start : r->end, row)))
		return false;
	set_side(mark, lower != ((at->bits & ASKED_LOWER) != 0), first);
	if (first || *mark & MARK_REJECT)
		*mark &= (uint8_t)~MARK_WEAK;
	else
		*mark |= MARK_WEAK;
	return true;
}

/* A known port among those of clients is no server's for the peers it had, if the other one is known
 * and below it. */
static bool is_beaten(const struct servers *v, uint64_t port, uint64_t other)
{
	return port >= EPHEMERAL && other < port && port_is_known(v, port) &&
	       port_is_known(v, other);
}

static void mark_guess(struct marking *m, uint32_t row, const uint64_t port[2])
{
	struct server_rows *r = &m->r;
	uint8_t *mark = &m->want[row - m->first];
	enum end_level level[2] = { END_NOTHING, END_NOTHING };
	const bool has[2] = { ends_have_port(&r->t->ends, port[0]),
			      ends_have_port(&r->t->ends, port[1]) };
	bool answered[2], asked = served_has_asked(r->t, port);

	if (!has[0] && !has[1] && !asked && port[0] != port[1])
		return;
	for (int i = 0; i < 2; i++) {
		uint64_t end = has[i] ? row_end(r, i, row, port[i]) : 0;
		level[i] = end ? ends_level(&r->t->ends, end) : END_NOTHING;
		answered[i] = level[i] == END_ANSWERED;
	}
	if (answered[0] != answered[1]) {
		set_side(mark, answered[0], false);
		*mark &= (uint8_t)~MARK_WEAK;
		return;
	}
	if (asked && mark_conversation(m, row, port, false))
		return;
	for (int i = 0; i < 2; i++)
		if (level[i] == END_SHARED && is_beaten(r->v, port[i], port[!i]))
			level[i] = END_NOTHING;
	if (level[0] != level[1])
		set_side(mark, level[0] > level[1], true);
	else if (port[0] == port[1])
		mark_conversation(m, row, port, true);
}

/* ---- pieces ---- */

typedef void look_fn(struct marking *m, uint32_t row, const uint64_t port[2]);

/* Looks at the rows of a piece that have these marks and are no status rows. */
static void look_at(struct marking *m, uint32_t n, uint8_t which, look_fn *look)
{
	uint32_t row[SERVERS_STEP];
	uint64_t number[2][SERVERS_STEP];

	for (uint32_t done = 0; done < n; done += SERVERS_STEP) {
		uint32_t some = n - done < SERVERS_STEP ? n - done : SERVERS_STEP, rows = 0;
		for (uint32_t i = done; i < done + some; i++) {
			row[rows] = m->first + i;
			rows += (m->want[i] & (which | MARK_STATUS)) == which;
		}
		for (int side = 0; rows && side < 2; side++)
			column_numbers_at(m->r.port[side], row, rows, number[side]);
		for (uint32_t i = 0; i < rows; i++)
			look(m, row[i], (const uint64_t[]){ number[0][i], number[1][i] });
	}
}

/* What the decoder marked them with, of rows that may have been marked here since. */
static void mark_anew(const struct servers *v, const struct run_piece *p, uint8_t *want)
{
	const struct column *flags = segment_column(p->segment, FIELD_TCP_FLAGS),
			    *sport = segment_column(p->segment, FIELD_SRCPORT),
			    *dport = segment_column(p->segment, FIELD_DSTPORT);

	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t row = p->first + i;
		uint64_t flag = flags ? column_number(flags, row) : NUMBER_ABSENT;
		want[i] = (uint8_t)((p->segment->mark[row] & ~SIDES) |
				    orient(v->service, flag, column_number(sport, row),
					   column_number(dport, row)));
	}
}

/* Marks of a run that a refused packet made earlier tell nothing: it may be no request. */
static void forget_refused(struct served *t)
{
	struct tuples *u = &t->tuples;

	for (uint32_t i = 0; t->refused && i < u->slots; i++)
		if (u->slot[i].key && u->slot[i].run == u->run &&
		    (u->slot[i].bits & ASKED_HOW) == ASKED_REFUSED)
			u->slot[i].bits = 0;
	t->refused = false;
}

/* Looks at all pieces from..to-1, each from its marks as they are wanted. */
static void look_at_pieces(struct servers *v, struct served *t, size_t from, size_t to, bool whole,
			   uint8_t which, look_fn *look)
{
	uint32_t at = 0;

	for (size_t i = from; i < to; at += t->piece[i++].n) {
		const struct run_piece *p = &t->piece[i];
		struct marking m; /* its steps are large, and written before they are read */
		m.want = v->want + at;
		m.first = p->first;
		m.whole = whole;
		server_rows_begin(&m.r, v, t, p->segment, p->n);
		look_at(&m, p->n, which, look);
	}
}

/* What the rows themselves say. */
static void mark_pieces_anew(struct servers *v, struct served *t, size_t from, size_t to)
{
	uint32_t at = 0;

	for (size_t i = from; i < to; at += t->piece[i++].n) {
		const struct run_piece *p = &t->piece[i];
		if (i < t->marked)
			mark_anew(v, p, v->want + at);
		else
			memcpy(v->want + at, p->segment->mark + p->first, p->n);
	}
}

void served_mark(struct servers *v, struct served *t, size_t from, size_t to, bool whole)
{
	const uint8_t refused = MARK_REJECT | MARK_GUESS;
	uint32_t at = 0;

	if (whole) {
		forget_refused(t);
		owners_look(&t->owners, servers_is_internal, v);
	}
	mark_pieces_anew(v, t, from, to);
	look_at_pieces(v, t, from, to, whole, refused, ask_refused);
	outs_answer(&t->outs, &v->asks);
	if (v->asks.n)
		look_at_pieces(v, t, from, to, whole, refused, mark_refused);
	out_asks_clear(&v->asks);
	look_at_pieces(v, t, from, to, whole, MARK_GUESS, mark_guess);
	for (size_t i = from; i < to; at += t->piece[i++].n) {
		const struct run_piece *p = &t->piece[i];
		servers_put(v, p->segment, p->first, p->n, v->want + at, i < t->marked);
	}
}
