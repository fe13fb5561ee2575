/* The decision table of why, row by row: small logs of a client, a server and what stands between,
 * with the code and the confidence that the table allows. AWS's own examples of records are among
 * them. */
#include "support.h"

#include <inttypes.h>

#include "labels/labels.h"
#include "triage/why.h"

#define START 1790000040
#define MINUTE 60
#define COLUMNS \
	"version interface-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol " \
	"packets bytes start end action log-status"

static const char *const formats[] = {
	COLUMNS " tcp-flags pkt-srcaddr pkt-dstaddr reject-reason interface-type", /* all */
	COLUMNS                                                                    /* no flags */
};

/* ---- a log, written down try by try ---- */

enum option {
	SAME_SUBNET = 1,
	NO_SERVER = 2, /* its interface is not logged */
	NO_CLIENT = 4,
	NO_REJECTS = 8, /* but for those of the tries */
	ONLY_REJECTS = 16,
	LOST = 32, /* SKIPDATA at the server's interface, all the time */
	LOST_CLIENT = 64,
	BEHIND = 128,  /* the server's records end with the tries before the last ones */
	SIBLING = 256, /* another interface of the server's subnet takes the same */
	UDP = 512,
	ANSWERS = 1024, /* the server answers somebody else */
	OUTSIDE = 2048, /* the server is of the internet */
	NAT = 4096,     /* and there is a NAT gateway between */
	BPA = 8192,
	INSTANCE = 16384, /* of the server there is another interface, of the same instance */
	ICMP = 32768,
	STAND = 65536, /* a connection that stood before goes on */
	EC = 262144,
	GONE = 131072 /* the server's interface has no record behind the first tries, and others do */
};

struct log {
	struct buf text;
	bool flags;
	unsigned options;
	int64_t t;
	unsigned port; /* of the client, the next try's */
};

struct end {
	const char *interface, *subnet, *instance, *address;
};

static struct end client_end(const struct log *l)
{
	(void)l;
	return (struct end){ "eni-c", "subnet-c", "i-c", "10.0.1.5" };
}

static struct end server_end(const struct log *l)
{
	bool outside = l->options & OUTSIDE;

	return (struct end){ "eni-s", l->options & SAME_SUBNET ? "subnet-c" : "subnet-s", "i-s",
			     outside ? "203.0.113.9" : "10.0.2.9" };
}

static const struct end gateway = { "eni-m", "subnet-m", "-", "10.0.5.1" };

static unsigned protocol(const struct log *l)
{
	return l->options & UDP ? 17 : l->options & ICMP ? 1 : 6;
}

/* Addresses and ports of a packet, and those that its record has instead (NULL: the same). */
struct packet {
	const char *src, *dst;
	unsigned sport, dport;
	const char *record_src, *record_dst;
};

static void add(struct log *l, const struct end *at, const struct packet *k, unsigned packets,
		unsigned bytes, int flags, int64_t t, bool reject)
{
	unsigned p = protocol(l);
	bool nat = strcmp(at->interface, "eni-m") == 0 && l->options & NAT;

	buf_printf(&l->text, "3 %s %s %s %s %s %u %u %u %u %u %" PRId64 " %" PRId64 " %s OK",
		   at->interface, at->subnet, at->instance, k->record_src ? k->record_src : k->src,
		   k->record_dst ? k->record_dst : k->dst, k->sport, k->dport, p, packets, bytes, t,
		   t + 20, reject ? "REJECT" : "ACCEPT");
	if (l->flags)
		buf_printf(&l->text, " %d %s %s %s %s", p == 6 ? flags : 0, k->src, k->dst,
			   !reject            ? "-"
			   : l->options & BPA ? "BPA"
			   : l->options & EC  ? "EC"
					      : "-",
			   nat ? "nat_gateway" : "-");
	buf_putc(&l->text, '\n');
}

static void status_row(struct log *l, const char *interface, int64_t from, int64_t to,
		       const char *status)
{
	buf_printf(&l->text, "3 %s - - - - - - - - - %" PRId64 " %" PRId64 " - %s%s\n", interface,
		   from, to, status, l->flags ? " - - - - -" : "");
}

/* "cq+S": at the client's interface, the request, ACCEPT, a SYN alone. Posts: c s m (a NAT gateway
 * or whatever stands between) o (another interface of the server's instance, or not); legs q r;
 * actions + -; kinds: S SYN, A SYN-ACK, R RST, F all of a connection, B large packets, L one late
 * packet, D a datagram or an echo, O the beginning of a connection, P the middle. */
static void add_token(struct log *l, const char *token, int64_t t)
{
	static const struct {
		char kind;
		unsigned packets, bytes;
		int flags[2];
	} kinds[] = { { 'S', 2, 120, { 2, 2 } },     { 'A', 2, 120, { 18, 18 } },
		      { 'R', 1, 40, { 4, 4 } },      { 'F', 12, 4000, { 3, 19 } },
		      { 'B', 40, 56000, { 3, 19 } }, { 's', 20, 3000, { 3, 19 } },
		      { 'L', 1, 40, { 1, 1 } },      { 'D', 3, 300, { 0, 0 } },
		      { 'O', 12, 4000, { 2, 18 } },  { 'P', 9, 3000, { 0, 0 } } };
	struct end c = client_end(l), s = server_end(l), at = s;
	bool request = token[1] == 'q';
	unsigned port = l->options & ICMP ? 0 : 5432, cport = l->options & ICMP ? 0 : l->port;
	struct packet p = { c.address, s.address, cport, port, NULL, NULL };
	size_t k = 0;

	while (kinds[k].kind != token[3])
		k++;
	if (token[0] == 'c')
		at = c;
	else if (token[0] == 'm')
		at = gateway;
	else if (token[0] == 'o')
		at = (struct end){ "eni-o", "subnet-o", l->options & INSTANCE ? "i-s" : "i-o",
				   "10.0.3.9" };
	if (token[0] == 'n' || token[0] == 'x')
		at = gateway;
	if (token[0] == 'n') /* between the client and the gateway */
		p.record_dst = gateway.address;
	if (token[0] == 'x') /* between the gateway and the server */
		p.src = gateway.address, p.sport += 10000;
	if (!request)
		p = (struct packet){ p.dst, p.src, p.dport, p.sport, p.record_dst, p.record_src };
	add(l, &at, &p, kinds[k].packets, kinds[k].bytes, kinds[k].flags[!request], t,
	    token[2] == '-');
}

/* A try: what was seen of it. What follows a "." is 90 s later, a "/" 400 s. */
static void attempt(struct log *l, const char *tokens)
{
	int64_t t = l->t;

	for (const char *p = tokens; *p; p += strcspn(p, " "), p += *p == ' ') {
		if (*p == '/' || *p == '.')
			t += *p == '/' ? 400 : 90;
		else
			add_token(l, p, t);
	}
	l->port += 7;
	l->t += MINUTE;
}

/* Every interface has traffic of its own with many, each minute: so it is known whose it is. */
static void background(struct log *l, int64_t until)
{
	struct end ends[] = { client_end(l),
			      server_end(l),
			      gateway,
			      { "eni-o", "subnet-o", l->options & INSTANCE ? "i-s" : "i-o",
				"10.0.3.9" } };
	unsigned options = l->options;

	l->options &= ~(unsigned)(UDP | ICMP | BPA);
	for (int64_t t = START - 600; t < until; t += 30)
		for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
			char peer[32];
			bool out = t / 30 % 2;
			if ((i == 0 && options & NO_CLIENT) ||
			    (i == 1 && options & (NO_SERVER | OUTSIDE)) ||
			    (i == 1 && options & BEHIND && t > l->t - 9 * MINUTE) ||
			    (i == 1 && options & GONE && t > START + 60) || options & ONLY_REJECTS)
				continue;
			snprintf(peer, sizeof peer, "10.9.%u.%u", (unsigned)(t / 30 % 200),
				 (unsigned)i);
			add(l, &ends[i],
			    &(struct packet){ out ? ends[i].address : peer,
					      out ? peer : ends[i].address, out ? 40000 : 8080,
					      out ? 8080 : 40000, NULL, NULL },
			    9, 4000, out ? 3 : 19, t, false);
		}
	if (!(options & NO_REJECTS))
		for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
			if (!(i == 1 && options & (NO_SERVER | OUTSIDE)) &&
			    !(i == 0 && options & NO_CLIENT))
				add(l, &ends[i],
				    &(struct packet){ "198.51.100.7", ends[i].address, 50000, 23,
						      NULL, NULL },
				    1, 40, 2, START - 300, true);
	l->options = options;
}

static void others(struct log *l)
{
	struct end s = server_end(l), sibling = { "eni-s2", "subnet-s", "i-s2", "10.0.2.10" };

	if (l->options & LOST)
		status_row(l, "eni-s", START - 600, l->t + 60, "SKIPDATA");
	if (l->options & LOST_CLIENT)
		status_row(l, "eni-c", START - 600, l->t + 60, "SKIPDATA");
	for (unsigned i = 0; l->options & SIBLING && i < 12; i++) {
		add(l, &sibling,
		    &(struct packet){ "10.0.1.5", "10.0.2.10", 30000 + i, 5432, NULL, NULL }, 9,
		    4000, 3, l->t - 60 - i * 30, false);
		add(l, &sibling,
		    &(struct packet){ "10.9.9.9", "10.0.2.10", 30000 + i, 9000, NULL, NULL }, 9,
		    4000, 3, l->t - 60 - i * 30, false);
	}
	if (l->options & ANSWERS)
		add(l, &s, &(struct packet){ s.address, "10.0.7.7", 5432, 33333, NULL, NULL }, 3,
		    300, 0, START, false);
}

/* ---- rows ---- */

struct row {
	const char *name;
	const char *before; /* a try of ten before */
	const char *after;  /* and of ten behind; two, by '|', take turns */
	unsigned options;
	enum why_code code;
	enum confidence confidence;
	const char *at;   /* interface; NULL: any */
	unsigned formats; /* bits: with all columns, without flags */
};

#define OK "cq+F sq+F sr+F cr+F"
#define NATTED "cq+F nq+F xq+F xr+F nr+F cr+F"
#define BOTH 3u
#define FULL 1u

static const struct row rows[] = {
	{ "1 nothing was sent", "", "", 0, WHY_NO_TRAFFIC, CONFIDENCE_PROVEN, "eni-c", BOTH },
	{ "1 or it was lost", "", "", LOST_CLIENT, WHY_UNKNOWN_LOST, CONFIDENCE_OPEN, "eni-c",
	  BOTH },
	{ "1 or refused, and not logged", "", "", NO_REJECTS, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN,
	  "eni-c", BOTH },
	{ "2 the client is not logged", "", "", NO_CLIENT, WHY_UNKNOWN_NEAR_UNLOGGED,
	  CONFIDENCE_OPEN, NULL, BOTH },
	{ "all is well", OK, OK, 0, WHY_REACHABLE, CONFIDENCE_PROVEN, NULL, BOTH },
	{ "late packets are no fault", OK, OK " sq-L", 0, WHY_REACHABLE, CONFIDENCE_PROVEN, NULL,
	  BOTH },
	{ "3 block public access", OK, "cq+S sq-S", BPA, WHY_BPA, CONFIDENCE_PROVEN, "eni-s",
	  FULL },
	{ "5 within a subnet", OK, "cq+S sq-S", SAME_SUBNET, WHY_SG_IN, CONFIDENCE_PROVEN, "eni-s",
	  BOTH },
	{ "5 within a subnet, on the way out", "", "cq-S", SAME_SUBNET, WHY_SG_OUT,
	  CONFIDENCE_PROVEN, "eni-c", BOTH },
	{ "6 a sibling takes it", "", "cq+S sq-S", SIBLING, WHY_SG_IN, CONFIDENCE_PROVEN, "eni-s",
	  BOTH },
	{ "7 what stood goes on", OK, "cq+S sq-S", STAND, WHY_SG_IN, CONFIDENCE_PROVEN, "eni-s",
	  BOTH },
	{ "9 what stood is cut", "cq+O sq+O sr+O cr+O . cq+P sq-P", "cq+S sq-S", 0, WHY_NACL_IN,
	  CONFIDENCE_LIKELY, "eni-s", FULL },
	{ "10 group or ACL", OK, "cq+S sq-S", 0, WHY_SG_OR_NACL_IN, CONFIDENCE_OPEN, "eni-s",
	  BOTH },
	{ "10 on the way out", OK, "cq-S", 0, WHY_SG_OR_NACL_OUT, CONFIDENCE_OPEN, "eni-c", BOTH },
	{ "11 cut at the server", "", "cq+O sq+O sr+O cr+O . cq+P sq-P", 0, WHY_NACL_IN,
	  CONFIDENCE_LIKELY, "eni-s", FULL },
	{ "11 an answer that is cut", "", "cq+O sq+O sr+O cr+O . sr-P", 0, WHY_NACL_OUT_REPLY,
	  CONFIDENCE_LIKELY, "eni-s", FULL },
	{ "12 ephemeral ports", "", "cq+S sq+S sr-A|" OK, 0, WHY_NACL_EPHEMERAL, CONFIDENCE_PROVEN,
	  "eni-s", BOTH },
	{ "13 the answer is refused", OK, "cq+S sq+S sr-A", 0, WHY_NACL_OUT_REPLY,
	  CONFIDENCE_PROVEN, "eni-s", BOTH },
	{ "13 AWS: ping, request ACCEPT and answer REJECT", "", "cq+D sq+D sr-D", ICMP,
	  WHY_NACL_OUT_REPLY, CONFIDENCE_PROVEN, "eni-s", BOTH },
	{ "10 AWS: ping, a single REJECT", "", "cq+D sq-D", ICMP, WHY_SG_OR_NACL_IN,
	  CONFIDENCE_OPEN, "eni-s", BOTH },
	{ "14 refused where it was not asked", OK, "cq+S sq+S or-A", INSTANCE, WHY_ASYMMETRIC,
	  CONFIDENCE_PROVEN, "eni-o", BOTH },
	{ "14 of nobody's instance", OK, "cq+S sq+S or-A", 0, WHY_ASYMMETRIC, CONFIDENCE_LIKELY,
	  "eni-o", BOTH },
	{ "15 refused at the client", OK, "cq+S sq+S sr+A cr-A", 0, WHY_NACL_IN_REPLY,
	  CONFIDENCE_PROVEN, "eni-c", BOTH },
	{ "16 nobody listens", OK, "cq+S sq+S sr+R cr+R", 0, WHY_NO_LISTENER, CONFIDENCE_LIKELY,
	  "eni-s", BOTH },
	{ "17 the answer is lost", OK, "cq+S sq+S sr+A", 0, WHY_RETURN_LOST, CONFIDENCE_LIKELY,
	  "eni-s", BOTH },
	{ "18 half open", OK, "sq+S sr+A", NO_CLIENT, WHY_HALF_OPEN, CONFIDENCE_LIKELY, "eni-s",
	  FULL },
	{ "18 by size alone it may be a health check", "", "sq+S sr+A", NO_CLIENT, WHY_REACHABLE,
	  CONFIDENCE_LIKELY, NULL, 2 },
	{ "19 large packets are lost", "", "cq+F sq+F sr+B cr+s", 0, WHY_PATH_MTU,
	  CONFIDENCE_LIKELY, NULL, BOTH },
	{ "20 idle for too long", "", "cq+O sq+O sr+O cr+O / cr-L cr-L cr-L cr-L", 0,
	  WHY_IDLE_TIMEOUT, CONFIDENCE_LIKELY, "eni-c", FULL },
	{ "21 the host says nothing", OK, "cq+S sq+S", 0, WHY_NO_ANSWER, CONFIDENCE_LIKELY, "eni-s",
	  BOTH },
	{ "22 UDP that has answered others", "", "cq+D sq+D", UDP | ANSWERS, WHY_NO_ANSWER,
	  CONFIDENCE_LIKELY, "eni-s", BOTH },
	{ "23 UDP that answers nobody", "", "cq+D sq+D", UDP, WHY_ONE_WAY, CONFIDENCE_LIKELY,
	  "eni-s", BOTH },
	{ "24 too early", OK, "cq+S", BEHIND, WHY_UNKNOWN_PENDING, CONFIDENCE_OPEN, "eni-s", BOTH },
	{ "25 records were lost", OK, "cq+S", LOST, WHY_UNKNOWN_LOST, CONFIDENCE_OPEN, "eni-s",
	  BOTH },
	{ "26 the server is not logged", "", "cq+S", NO_SERVER, WHY_UNKNOWN_FAR_UNLOGGED,
	  CONFIDENCE_OPEN, NULL, BOTH },
	{ "26 a gap", OK, "cq+S", GONE, WHY_UNKNOWN_FAR_UNLOGGED, CONFIDENCE_OPEN, NULL, BOTH },
	{ "27 a log without REJECT", OK, "cq+S", NO_REJECTS, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN,
	  NULL, BOTH },
	{ "28 it never arrives", OK, "cq+S", 0, WHY_NOT_DELIVERED, CONFIDENCE_PROVEN, "eni-c",
	  BOTH },
	{ "28 seen on the way", OK, "cq+S mq+S", 0, WHY_NOT_DELIVERED, CONFIDENCE_PROVEN, "eni-c",
	  BOTH },
	{ "3 encryption controls", OK, "cq+S sq-S", EC, WHY_EC, CONFIDENCE_PROVEN, "eni-s", FULL },
	{ "8 refused at a NAT gateway", OK, "cq+S mq-S", NAT, WHY_NACL_IN, CONFIDENCE_PROVEN,
	  "eni-m", FULL },
	{ "29 it does not come to the NAT gateway", NATTED, "cq+S", NAT | OUTSIDE,
	  WHY_NOT_DELIVERED, CONFIDENCE_LIKELY, "eni-c", BOTH },
	{ "30 refused on its way out there", NATTED, "cq+S nq+S xq-S", NAT | OUTSIDE, WHY_NACL_OUT,
	  CONFIDENCE_PROVEN, "eni-m", BOTH },
	{ "30 the answer is refused there", NATTED, "cq+S nq+S xq+S xr-A", NAT | OUTSIDE,
	  WHY_NACL_IN_REPLY, CONFIDENCE_PROVEN, "eni-m", BOTH },
	{ "31 nor at the NAT gateway", NATTED, "cq+S nq+S xq+S", NAT | OUTSIDE,
	  WHY_NO_ANSWER_OUTSIDE, CONFIDENCE_OPEN, "eni-m", BOTH },
	{ "31 no answer from outside", "", "cq+S", OUTSIDE, WHY_NO_ANSWER_OUTSIDE, CONFIDENCE_OPEN,
	  "eni-c", BOTH },
	{ "REJECT only: a request", "", "sq-S", ONLY_REJECTS, WHY_SG_OR_NACL_IN, CONFIDENCE_OPEN,
	  "eni-s", BOTH },
	{ "REJECT only: an answer", "", "sr-A", ONLY_REJECTS, WHY_NACL_OUT_REPLY, CONFIDENCE_LIKELY,
	  "eni-s", BOTH },
	{ "now and then", OK, "cq+S sq+S|" OK, 0, WHY_INTERMITTENT, CONFIDENCE_LIKELY, "eni-s",
	  BOTH },
};

static void write_log(struct log *l, const struct row *r)
{
	const char *bar = strchr(r->after, '|');
	char first[128];

	snprintf(first, sizeof first, "%.*s", bar ? (int)(bar - r->after) : 127, r->after);
	l->t = START;
	l->port = 33000;
	if (r->options & STAND) { /* first seen before, last seen long behind */
		l->port = 32900;
		add_token(l, "cq+O", START + 60), add_token(l, "sq+O", START + 60);
		add_token(l, "cr+O", START + 60), add_token(l, "sr+O", START + 60);
		for (int64_t t = START + 120; t < START + 20 * MINUTE; t += 60) {
			add_token(l, "cq+F", t), add_token(l, "sq+F", t);
			add_token(l, "cr+F", t), add_token(l, "sr+F", t);
		}
		l->port = 33000;
	}
	for (int i = 0; i < 10 && *r->before; i++)
		attempt(l, r->before);
	for (int i = 0; i < 12 && *first; i++) {
		if (bar && strstr(r->name, "ephemeral"))
			l->port = i % 2 ? 50000 + (unsigned)i : 33000 + (unsigned)i;
		attempt(l, bar && i % 2 ? bar + 1 : first);
	}
	others(l);
	background(l, l->t + 60);
}

/* ---- judging ---- */

static void read_text(struct ring *r, const char *format, struct str text, struct places *p,
		      struct sightings *v, const struct why_question *q)
{
	const struct format *f = format_parse(str_of(format), "test");

	ring_add_text(r, f, text, NULL, NULL);
	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		places_add(p, s, ring_dict(r), 0, s->rows, 0);
		sightings_add(v, p, s, ring_dict(r), q, 1);
	}
	places_settle(p, dict_labels(ring_dict(r)));
}

static struct why_question question_of(const struct log *l)
{
	struct why_question q = { .port = l->options & ICMP ? 0 : 5432,
				  .protocol = (uint8_t)protocol(l) };

	assert_true(address_parse(str_of(client_end(l).address), q.client));
	assert_true(address_parse(str_of(server_end(l).address), q.server));
	return q;
}

static void judge(const struct row *row, unsigned format)
{
	struct log l = { .flags = format == 0, .options = row->options };
	struct ring *r = ring_new(dict_new(), 64 << 20);
	struct labels *labels = labels_new(ring_dict(r));
	struct places *p = places_new();
	struct sightings v = { 0 };
	struct why_question q = question_of(&l);
	struct why_pair c = { .port = (uint16_t)q.port,
			      .protocol = q.protocol,
			      .since = INT64_MIN };
	const char *at;
	struct why w;

	ring_set_ceiling(r, INT64_MAX);
	memcpy(c.client, q.client, 16);
	memcpy(c.server, q.server, 16);
	write_log(&l, row);
	read_text(r, formats[!l.flags], buf_str(&l.text), p, &v, &q);
	why_ask(p, labels, &v, &c, &w);
	at = w.at == PLACE_NONE ? NULL : places_at(p, w.at)->interface;
	if (w.code != row->code || w.confidence != row->confidence ||
	    (row->at && (!at || strcmp(at, row->at) != 0)))
		fail_msg("%s, %s flags: %s %s at %s, not %s %s at %s\n%s", row->name,
			 l.flags ? "with" : "without", why_code_name(w.code),
			 confidence_name(w.confidence), at ? at : "-", why_code_name(row->code),
			 confidence_name(row->confidence), row->at ? row->at : "any", w.because.s);
	assert_true(w.because.n > 0);
	why_release(&w);
	sightings_release(&v);
	places_free(p);
	buf_release(&l.text);
	labels_free(labels);
	ring_free_all(r);
}

static void every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (unsigned f = 0; f < 2; f++)
			if (rows[i].formats >> f & 1)
				judge(&rows[i], f);
}

/* A transit gateway says itself what it lost, and for what. */
static void transit_gateway(void **state)
{
	static const char lines[] =
		"eni-c - 10.0.1.5 10.0.2.9 33000 5432 6 3 180 1790000040 1790000060 ACCEPT OK 0\n"
		"- tgw-attach-1 10.0.1.5 10.0.2.9 33000 5432 6 0 0 1790000040 1790000060 - OK 3\n";
	struct log l = { 0 };
	struct why_question q = question_of(&l);
	struct why_pair c = { .port = 5432, .protocol = 6, .since = INT64_MIN };
	struct ring *r = ring_new(dict_new(), 64 << 20);
	struct places *p = places_new();
	struct sightings v = { 0 };
	struct why w;

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	memcpy(c.client, q.client, 16);
	memcpy(c.server, q.server, 16);
	read_text(r,
		  "interface-id tgw-attachment-id srcaddr dstaddr srcport dstport protocol packets "
		  "bytes start end action log-status packets-lost-blackhole",
		  str_of(lines), p, &v, &q);
	why_ask(p, NULL, &v, &c, &w);
	assert_int_equal(w.code, WHY_TGW_DROP);
	assert_int_equal(w.confidence, CONFIDENCE_PROVEN);
	assert_string_equal(places_at(p, w.at)->interface, "tgw-attach-1");
	assert_non_null(strstr(w.because.s, "blackhole"));
	why_release(&w);
	sightings_release(&v);
	places_free(p);
	ring_free_all(r);
}

static size_t nobody(void *ctx, struct str name, uint8_t out[16])
{
	(void)ctx;
	if (str_equal(name, str_of("twin")))
		return 2;
	return str_equal(name, str_of("db-1")) && address_parse(str_of("10.0.2.9"), out);
}

static void questions(void **state)
{
	static const struct {
		const char *text;
		uint32_t port;
		unsigned protocol;
		bool any, good;
	} list[] = {
		{ "10.0.1.5 10.0.2.9:5432", 5432, 6, false, true },
		{ " 10.0.1.5  10.0.2.9:53/udp ", 53, 17, false, true },
		{ "10.0.1.5 10.0.2.9:https/6", 443, 6, false, true },
		{ "any db-1:5432", 5432, 6, true, true },
		{ "2001:db8::1 [2001:db8::2]:443", 443, 6, false, true },
		{ "2001:db8::1 2001:db8::2", WHY_ANY_PORT, 6, false, true },
		{ "10.0.1.5 10.0.2.9", WHY_ANY_PORT, 6, false, true },
		{ "10.0.1.5 10.0.2.9/icmp", 0, 1, false, true },
		{ "10.0.1.5 > ~10.0.2.9:5432/tcp", 5432, 6, false, true },
		{ "twin 10.0.2.9:1", 0, 0, false, false },
		{ "10.0.1.5", 0, 0, false, false },
		{ "", 0, 0, false, false },
		{ "10.0.1.5 10.0.2.9:5432 x", 0, 0, false, false },
		{ "10.0.1.5 10.0.2.9:", 0, 0, false, false },
		{ "10.0.1.5 10.0.2.9:70000", 0, 0, false, false },
		{ "10.0.1.5 10.0.2.9:1/xyz", 0, 0, false, false },
		{ "10.0.1.5 [10.0.2.9:1", 0, 0, false, false },
		{ "10.0.1.5 2001:db8::2", 0, 0, false, false },
		{ "nobody 10.0.2.9:1", 0, 0, false, false },
		{ "10.0.1.5 10.0.2.9:80/icmp", 0, 0, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
		struct why_question q;
		struct buf error = { 0 };
		bool good = why_question_parse(str_of(list[i].text), nobody, NULL, &q, &error);
		if (good != list[i].good || (!good && error.n == 0) ||
		    (good && (q.port != list[i].port || q.protocol != list[i].protocol ||
			      q.any_client != list[i].any)))
			fail_msg("'%s': %s %s", list[i].text, good ? "good" : "bad", error.s);
		buf_release(&error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(transit_gateway),
		cmocka_unit_test(questions),
	};

	return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
