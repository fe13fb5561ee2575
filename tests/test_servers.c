/* Which end serves, learned from rows before: the four kinds of evidence, a plain twin over
 * random conversations, any cut of the lines, and a scan of the internet. */
#include <inttypes.h>

#include "schema/describe.h"
#include "taught.h"

static const char header[] =
	"srcaddr dstaddr srcport dstport protocol packets action log-status tcp-flags\n";

/* Marks of all rows of `text` in order, learned in pieces of `piece` lines. */
static void marks_of(struct servers *v, const char *text, size_t piece, struct buf *out)
{
	marks_under(v, header, text, piece, out);
}

/* "client" side and guess of the last line: 's' source or 'd' destination serves, '~'. */
static const char *verdict(const char *text)
{
	static char out[3];
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	struct buf marks = { 0 };

	marks_of(v, text, 1000, &marks);
	uint8_t m = (uint8_t)marks.s[marks.n - 1];
	snprintf(out, sizeof out, "%s%c", m & MARK_GUESS ? "~" : "",
		 m & MARK_SERVER_SRC ? 's' : 'd');
	buf_release(&marks);
	servers_free(v);
	return out;
}

#define PEERS(a, port) \
	"10.1.0.1 " a " 50001 " port " 6 9 ACCEPT OK 0\n" \
	"10.1.0.2 " a " 50002 " port " 6 9 ACCEPT OK 0\n" \
	"10.1.0.3 " a " 50003 " port " 6 9 ACCEPT OK 0\n" a " 10.1.0.4 " port \
	" 50004 6 9 ACCEPT OK 0\n" \
	"10.1.0.5 " a " 50005 " port " 6 9 ACCEPT OK 0\n"

static void evidence(void **state)
{
	(void)state;
	/* Of the row itself. */
	assert_string_equal(verdict("10.0.0.1 10.0.0.2 60000 50000 6 9 ACCEPT OK 2\n"), "d");
	assert_string_equal(verdict("10.0.0.1 10.0.0.2 60000 50000 6 9 ACCEPT OK 18\n"), "s");
	assert_string_equal(verdict("10.0.0.1 10.0.0.2 60000 443 6 9 ACCEPT OK 0\n"), "~d");
	assert_string_equal(verdict("10.0.0.1 10.0.0.2 60000 50000 6 9 ACCEPT OK 0\n"), "~d");
	assert_string_equal(verdict("10.0.0.1 10.0.0.2 50000 60000 6 9 ACCEPT OK 0\n"), "~s");
	/* A SYN-ACK before, to anybody, from that port: no guess any more. */
	assert_string_equal(verdict("10.0.0.2 10.0.0.9 60000 50000 6 9 ACCEPT OK 18\n"
				    "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n"),
			    "d");
	assert_string_equal(verdict("10.0.0.2 10.0.0.9 443 50000 6 9 ACCEPT OK 18\n"
				    "10.0.0.2 10.0.0.1 443 40000 6 9 ACCEPT OK -\n"),
			    "s");
	/* Another port, another address: no evidence. A SYN alone is none: it may be a scan. */
	assert_string_equal(verdict("10.0.0.2 10.0.0.9 60001 50000 6 9 ACCEPT OK 18\n"
				    "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n"),
			    "~s");
	assert_string_equal(verdict("10.0.0.3 10.0.0.9 60000 50000 6 9 ACCEPT OK 18\n"
				    "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n"),
			    "~s");
	assert_string_equal(verdict("10.0.0.9 10.0.0.2 50000 60000 6 9 ACCEPT OK 2\n"
				    "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n"),
			    "~s");
	/* Many peers: better than the lower port, and than a service at the other end. */
	assert_string_equal(
		verdict(PEERS("10.0.0.2",
			      "60000") "10.0.0.1 10.0.0.2 40000 60000 6 1 REJECT OK 0\n"),
		"~d");
	assert_string_equal(
		verdict(PEERS("10.0.0.2",
			      "60000") "10.0.0.1 10.0.0.2 8080 60000 6 9 ACCEPT OK 0\n"),
		"~d");
	/* But not than a SYN-ACK of the other. */
	assert_string_equal(
		verdict("10.0.0.1 10.0.0.9 40000 50000 6 9 ACCEPT OK 18\n" PEERS(
			"10.0.0.2", "60000") "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n"),
		"s");
	/* wireguard's port is shared by many peers; http-alt is below it. */
	assert_string_equal(
		verdict(PEERS("10.0.0.2",
			      "51820") "10.0.0.2 10.0.0.1 51820 8080 6 9 ACCEPT OK 0\n"),
		"~d");
	assert_string_equal(
		verdict(PEERS("10.0.0.2",
			      "51820") "10.0.0.2 10.0.0.1 51820 8085 6 9 ACCEPT OK 0\n"),
		"~s");
	/* The same peer again, refused ones, probes of a packet: not many. */
	assert_string_equal(verdict("10.1.0.1 10.0.0.2 50001 60000 6 9 ACCEPT OK 0\n"
				    "10.1.0.1 10.0.0.2 50001 60000 6 9 ACCEPT OK 0\n"
				    "10.1.0.1 10.0.0.2 50001 60000 6 9 ACCEPT OK 0\n"
				    "10.1.0.2 10.0.0.2 50001 60000 6 9 ACCEPT OK 0\n"
				    "10.1.0.3 10.0.0.2 50001 60000 6 9 REJECT OK 0\n"
				    "10.1.0.4 10.0.0.2 50001 60000 6 2 ACCEPT OK 0\n"
				    "10.1.0.5 10.0.0.2 50001 60000 6 9 ACCEPT NODATA 0\n"
				    "10.1.0.6 10.0.0.2 50001 60000 6 - ACCEPT OK 0\n"
				    "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n"),
			    "~s");
}

/* ---- the plain twin ---- */

struct end {
	char address[24], peer[SERVERS_PEERS][40];
	unsigned port, peers;
	bool answered;
};

struct twin {
	struct end end[512];
	size_t n;
};

static struct end *end_of(struct twin *t, const char *address, unsigned port)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->end[i].port == port && strcmp(t->end[i].address, address) == 0)
			return &t->end[i];
	assert_true(t->n < ARRAY_SIZE(t->end));
	t->end[t->n] = (struct end){ .port = port };
	snprintf(t->end[t->n].address, sizeof t->end->address, "%s", address);
	return &t->end[t->n++];
}

static void meet(struct end *e, const struct end *other)
{
	char peer[40];

	snprintf(peer, sizeof peer, "%s %u", other->address, other->port);
	for (unsigned i = 0; i < e->peers; i++)
		if (strcmp(e->peer[i], peer) == 0)
			return;
	if (e->peers < SERVERS_PEERS)
		strcpy(e->peer[e->peers++], peer);
}

static int level(const struct end *e)
{
	return e->answered ? 2 : e->peers == SERVERS_PEERS;
}

/* A line, and what is known of its conversation from the rows of it. */
struct twin_row {
	struct end *s, *d;
	unsigned protocol, packets, flags;
	bool reject, ok, guess, src, weak;
};

static void twin_read(struct twin *t, const char *line, struct twin_row *r)
{
	char src[24], dst[24], action[16], status[16], flags[8];
	unsigned sport, dport;

	assert_int_equal(sscanf(line, "%23s %23s %u %u %u %u %15s %15s %7s", src, dst, &sport,
				&dport, &r->protocol, &r->packets, action, status, flags),
			 9);
	r->s = end_of(t, src, sport);
	r->d = end_of(t, dst, dport);
	r->flags = strcmp(flags, "-") == 0 ? 0 : (unsigned)atoi(flags);
	r->reject = strcmp(action, "REJECT") == 0;
	r->ok = strcmp(status, "OK") == 0;
	r->guess = !(r->flags & 2);
	bool known_s = service_name(sport).n, known_d = service_name(dport).n;
	r->weak = known_s == known_d;
	r->src = r->guess ? (r->weak ? sport < dport : known_s) : (r->flags & 18) == 18;
}

/* First of a run: what it teaches. */
static void twin_learn(struct twin_row *r)
{
	if (!r->ok)
		return;
	if (!r->guess && r->src)
		r->s->answered = true;
	if (r->guess && r->weak && r->packets >= SERVERS_PACKETS && !r->reject &&
	    r->s->answered == r->d->answered) {
		meet(r->s, r->d);
		meet(r->d, r->s);
	}
}

/* Who asked, by the rows of the same conversation: NULL: they don't say. */
static const struct end *twin_asked(const struct twin_row *row, size_t n, const struct twin_row *r,
				    bool syn)
{
	for (size_t i = 0; i < n; i++) {
		const struct twin_row *x = &row[i];
		bool same = (x->s == r->s && x->d == r->d) || (x->s == r->d && x->d == r->s);
		if (same && x->ok && (syn ? !x->guess && !x->src : x->guess))
			return x->s;
	}
	return NULL;
}

/* Then MARK_SERVER_SRC and MARK_GUESS of it. */
static unsigned twin_mark(const struct twin_row *row, size_t n, const struct twin_row *r)
{
	const struct end *asked;
	unsigned port[2] = { r->s->port, r->d->port };
	int l[2] = { level(r->s), level(r->d) };

	if (!r->guess)
		return r->src ? MARK_SERVER_SRC : 0;
	if ((l[0] == 2) != (l[1] == 2))
		return l[0] == 2 ? MARK_SERVER_SRC : 0;
	if ((asked = twin_asked(row, n, r, true)))
		return asked == r->s ? 0 : MARK_SERVER_SRC;
	for (int i = 0; i < 2; i++) /* 50051 may not beat one below it */
		if (l[i] == 1 && port[i] >= 32768 && port[!i] < port[i] &&
		    service_name(port[i]).n && service_name(port[!i]).n)
			l[i] = 0;
	if (l[0] != l[1])
		return MARK_GUESS | (l[0] > l[1] ? MARK_SERVER_SRC : 0);
	if (port[0] == port[1])
		return MARK_GUESS | (twin_asked(row, n, r, false) == r->s ? 0 : MARK_SERVER_SRC);
	return MARK_GUESS | (r->src ? MARK_SERVER_SRC : 0);
}

static void random_conversation(uint64_t *seed, struct buf *out)
{
	static const unsigned ports[] = { 443, 8080, 22, 30000, 40000, 50051, 60000, 61000, 6000 };
	static const char *const flags[] = { "0", "0", "0", "0", "-", "2", "18", "19", "3", "1" };

	buf_printf(out, "10.0.0.%u 10.0.0.%u %u %u 6 %u %s %s %s\n",
		   (unsigned)random_below(seed, 12), (unsigned)random_below(seed, 12),
		   ports[random_below(seed, 9)], ports[random_below(seed, 9)],
		   1 + (unsigned)random_below(seed, 6), random_below(seed, 5) ? "ACCEPT" : "REJECT",
		   random_below(seed, 30) ? "OK" : "NODATA",
		   flags[random_below(seed, random_below(seed, 3) ? 5 : 10)]);
}

static void as_the_twin_says(void **state)
{
	uint64_t seed = 815;
	uint64_t learned = 0, rows = 0;

	(void)state;
	for (int round = 0; round < 60; round++) {
		struct twin *twin = xcalloc(1, sizeof *twin);
		struct servers *v = servers_new(NULL, SERVERS_RUN),
			       *w = servers_new(NULL, SERVERS_RUN);
		struct buf text = { 0 }, marks = { 0 }, again = { 0 };
		uint64_t n = 1 + random_below(&seed, 1500);
		for (uint64_t i = 0; i < n; i++)
			random_conversation(&seed, &text);
		marks_of(v, text.s, 100000, &marks);
		marks_of(w, text.s, 1 + random_below(&seed, 50), &again);
		assert_int_equal(marks.n, n);
		assert_int_equal(again.n, n);
		assert_memory_equal(marks.s, again.s, n);
		struct twin_row *row = xcalloc(n, sizeof *row);
		const char *line = text.s;
		for (uint64_t i = 0; i < n; i++, line = strchr(line, '\n') + 1) {
			twin_read(twin, line, &row[i]);
			twin_learn(&row[i]);
		}
		for (uint64_t i = 0; i < n; i++) {
			unsigned have = (uint8_t)marks.s[i], want = twin_mark(row, n, &row[i]);
			if (have & MARK_STATUS)
				continue;
			if ((have & (MARK_SERVER_SRC | MARK_GUESS)) != want)
				fail_msg("row %" PRIu64 ": %u, not %u: %s %u > %s %u", i, have,
					 want, row[i].s->address, row[i].s->port, row[i].d->address,
					 row[i].d->port);
			learned += row[i].guess && !(have & MARK_GUESS);
			rows++;
		}
		free(row);
		servers_free(v);
		servers_free(w);
		free(twin);
		buf_release(&text);
		buf_release(&marks);
		buf_release(&again);
	}
	assert_true(learned > rows / 10); /* there was something to compare */
}

/* ---- hostile data ---- */

/* Ends by the million: memory stays, and who answered is still known. */
static void a_scan_of_the_internet(void **state)
{
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	struct buf text = { 0 }, marks = { 0 };
	size_t bytes = 0;

	(void)state;
	marks_of(v, "10.0.0.2 10.0.0.9 60000 50000 6 9 ACCEPT OK 18\n", 1, &marks);
	for (unsigned i = 0; i < 400000; i++) {
		buf_printf(&text, "198.51.100.1 %u.%u.%u.7 50000 %u 6 9 ACCEPT OK 0\n", 1 + i % 200,
			   i / 200 % 250, i / 50000 % 250, 20000 + i % 40000);
		if (i % 50000 == 49999) {
			marks_of(v, text.s, 50000, &marks);
			buf_clear(&text);
			assert_true(bytes == 0 || servers_bytes(v) == bytes);
			bytes = servers_bytes(v);
		}
	}
	assert_true(bytes < 1 << 20);
	buf_clear(&marks);
	marks_of(v, "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n", 1, &marks);
	assert_int_equal(marks.s[0] & (MARK_SERVER_SRC | MARK_GUESS), 0);
	servers_free(v);
	buf_release(&text);
	buf_release(&marks);
}

static bool is_even(void *ctx, uint32_t source)
{
	(void)ctx;
	return source % 2 == 0;
}

static struct segment *one_row(const char *text)
{
	struct decode_state state = { .format = format_parse(str_of(header), "header") };
	struct decoder *d = decoder_new();
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct segment **list, *s;

	decoder_feed(d, &state, str_of(text), &counts, &bad);
	assert_int_equal(decoder_take(d, &list), 1);
	s = list[0];
	free(list);
	decoder_free(d);
	return s;
}

/* Sources know nothing of each other; at most so many are remembered. */
static void sources_apart(void **state)
{
	static const char teach[] = "10.0.0.2 10.0.0.9 60000 50000 6 9 ACCEPT OK 18\n",
			  ask[] = "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n";
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	size_t one = 0;

	(void)state;
	for (uint32_t source = 0; source < 1000; source++) {
		struct segment *t = one_row(teach), *a = one_row(ask), *b = one_row(ask);
		servers_rows(v, source, a, 0, 1);
		servers_mark_new(v, source);
		assert_true(a->mark[0] & MARK_GUESS);
		servers_rows(v, source, t, 0, 1);
		servers_rows(v, source, b, 0, 1);
		servers_mark_new(v, source);
		assert_false(b->mark[0] & MARK_GUESS);
		assert_string_equal(describe_side(b, 0),
				    "learned: it answered others with a SYN-ACK");
		one = source ? one : servers_bytes(v);
		assert_true(servers_bytes(v) <= one * SERVERS_TABLES);
		servers_forget(v, a);
		servers_forget(v, b);
		servers_forget(v, t);
		segment_free(t, NULL);
		segment_free(a, NULL);
		segment_free(b, NULL);
		if (servers_full(v) && source % 3 == 0) {
			servers_drop(v, is_even, NULL);
			assert_false(servers_full(v));
		}
	}
	servers_free(v);
}

static void why_is_said(void **state)
{
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	struct segment *s = one_row(
		PEERS("10.0.0.2", "60000") "10.0.0.1 10.0.0.2 40000 60000 6 9 ACCEPT OK 0\n");

	(void)state;
	assert_string_equal(describe_side(s, 0), "~ guessed: it has the lower port");
	servers_rows(v, 1, s, 0, s->rows);
	servers_settle(v, 1);
	assert_string_equal(describe_side(s, 0), "~ guessed: many peers share its port");
	assert_string_equal(describe_side(s, s->rows - 1), "~ guessed: many peers share its port");
	segment_free(s, NULL);
	servers_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence),
		cmocka_unit_test(as_the_twin_says),
		cmocka_unit_test(a_scan_of_the_internet),
		cmocka_unit_test(sources_apart),
		cmocka_unit_test(why_is_said),
	};

	return cmocka_run_group_tests_name("servers", tests, NULL, NULL);
}
