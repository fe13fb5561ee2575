/* demo_incidents.c - what is not ordinary in the demo: an incident of each rule of findings, and
 * beside it what looks like one. Each is to be found, or not to be, within its first hour, whatever
 * the hour of the day. */
#include "input/demo_state.h"

#define EACH (-1)             /* of a kind */
#define IN_ZONE(z) (-2 - (z)) /* those of a kind in a zone */
#define ACTS 5u

/* Of the internet: an address, or somebody new each time. */
struct demo_end {
	enum host_kind kind;
	int at; /* among its kind */
	const char *address;
};

/* Conversations of some with others, or what becomes of those that there are. */
struct demo_act {
	unsigned from, to; /* minutes; none: those of the incident */
	enum demo_fate fate;
	struct demo_end client, server;
	unsigned port, ports; /* ports: so many, one after the other, from `port` on */
	unsigned every;       /* seconds, about; 0: it is of ordinary ones */
	bool even;            /* every so many, exactly */
	unsigned times;       /* at once; 0: one */
	uint64_t request, answer;
	const char *service;
	bool udp;
};

/* clang-format off */
#define HERE(kind, at) { kind, at, NULL }
#define OUTSIDE(address) { INTERNET, 0, address }
#define CROWD { INTERNET, 0, NULL }
/* clang-format on */

static const struct scene {
	struct demo_incident told;
	struct demo_act act[ACTS];
} scenes[] = {
	{ { "reach", false, 47, 90, "10.20.32.10",
	    "a security group edit cuts the application servers off from the primary database",
	    "dstport=5432 and action=REJECT" },
	  { { .fate = FATE_REFUSED,
	      .client = HERE(APP, EACH),
	      .server = HERE(DB, 0),
	      .port = 5432 } } },
	{ { "reach", true, 30, 31, "10.20.32.20",
	    "a cache restarts: three connections are reset, the next ones are not",
	    "client=10.20.17.27 and server=10.20.32.20" },
	  { { .fate = FATE_RESET,
	      .client = HERE(APP, 7),
	      .server = HERE(CACHE, 0),
	      .port = 6379,
	      .every = 20,
	      .even = true } } },

	{ { "blackhole", false, 50, 90, "203.0.113.10",
	    "the route of a subnet to its NAT gateway is gone: nothing of it gets outside",
	    "dstaddr=203.0.113.10" },
	  { { .fate = FATE_LOST, .client = HERE(APP, IN_ZONE(1)), .server = CROWD },
	    { 0, DEMO_MINUTES, .client = HERE(APP, IN_ZONE(1)), .server = OUTSIDE("203.0.113.10"),
	      .port = 443, .every = 30, .request = 2600, .answer = 5200 },
	    { 0, DEMO_MINUTES, .client = HERE(APP, IN_ZONE(1)), .server = OUTSIDE("203.0.113.40"),
	      .port = 443, .every = 30, .request = 900, .answer = 24000 } } },
	{ { "blackhole", true, 25, 27, "203.0.113.25",
	    "a mail relay outside restarts, and is back within two minutes",
	    "dstaddr=203.0.113.25" },
	  { { 0, 25, .client = HERE(APP, IN_ZONE(0)), .server = OUTSIDE("203.0.113.25"),
	      .port = 587, .every = 30, .request = 18000, .answer = 1100 },
	    { .fate = FATE_LOST,
	      .client = HERE(APP, IN_ZONE(0)),
	      .server = OUTSIDE("203.0.113.25"),
	      .port = 587,
	      .every = 30 },
	    { 27, DEMO_MINUTES, .client = HERE(APP, IN_ZONE(0)), .server = OUTSIDE("203.0.113.25"),
	      .port = 587, .every = 30, .request = 18000, .answer = 1100 } } },

	{ { "scan", false, 40, 46, "10.20.17.13", "a web server walks through the ports of a cache",
	    "client=10.20.17.13 and server=10.20.32.20" },
	  { { .fate = FATE_REFUSED,
	      .client = HERE(WEB, 3),
	      .server = HERE(CACHE, 0),
	      .port = 1000,
	      .ports = 1000,
	      .every = 1 } } },
	{ { "scan", true, 50, 58, "198.51.100.23",
	    "an address outside walks through the ports of the balancers, as always",
	    "srcaddr=198.51.100.23" },
	  { { .fate = FATE_REFUSED,
	      .client = OUTSIDE("198.51.100.23"),
	      .server = HERE(LB, EACH),
	      .port = 1,
	      .ports = 10000,
	      .every = 1 } } },

	{ { "flood", false, 54, 58, "10.20.0.11",
	    "SYNs from everywhere at a balancer, and nobody goes on",
	    "dstaddr=10.20.0.11 and dstport=80" },
	  { { .fate = FATE_HALF,
	      .client = CROWD,
	      .server = HERE(LB, 1),
	      .port = 80,
	      .every = 1,
	      .times = 4 } } },
	{ { "flood", true, 20, 24, "10.20.0.10",
	    "a crowd follows a link in the news, and is answered",
	    "dstaddr=10.20.0.10 and dstport=80" },
	  { { .client = CROWD,
	      .server = HERE(LB, 0),
	      .port = 80,
	      .every = 1,
	      .times = 3,
	      .request = 420,
	      .answer = 900 } } },

	{ { "exfil", false, 20, 90, "203.0.113.77",
	    "the backup host sends 20 MB a minute to an address that it never talked to",
	    "dstaddr=203.0.113.77" },
	  { { .client = HERE(BACKUP, 0),
	      .server = OUTSIDE("203.0.113.77"),
	      .port = 443,
	      .every = 30,
	      .request = 10000000,
	      .answer = 20000 } } },
	{ { "exfil", true, 0, DEMO_MINUTES, "203.0.113.90",
	    "the backup host copies what it always does to where it always does",
	    "dstaddr=203.0.113.90" },
	  { { .client = HERE(BACKUP, 0),
	      .server = OUTSIDE("203.0.113.90"),
	      .port = 443,
	      .every = 40,
	      .request = 10000000,
	      .answer = 9000 } } },

	{ { "exposure", false, 35, 90, "10.20.32.21",
	    "a cache answers the internet: its security group was opened to everybody",
	    "dst=10.20.32.21 and dstport=6379 and src!=10.0.0.0/8" },
	  { { .client = CROWD,
	      .server = HERE(CACHE, 1),
	      .port = 6379,
	      .every = 40,
	      .request = 700,
	      .answer = 6400 } } },
	{ { "exposure", true, 0, DEMO_MINUTES, "10.20.0.40", "the office is on the VPN",
	    "addr=" DEMO_OFFICE },
	  { { .client = OUTSIDE(DEMO_OFFICE),
	      .server = HERE(VPN, 0),
	      .port = 1194,
	      .every = 15,
	      .request = 9000,
	      .answer = 31000,
	      .udp = true } } },

	{ { "lateral", false, 33, 46, "10.20.17.14",
	    "somebody goes from a web server to one application server after the other, and on",
	    "client=10.20.17.14 and service=22" },
	  { { 33, 35, .client = HERE(WEB, 4), .server = HERE(APP, 3), .port = 22, .every = 20,
	      .request = 5400, .answer = 9800 },
	    { 36, 38, .client = HERE(WEB, 4), .server = HERE(APP, 6), .port = 22, .every = 20,
	      .request = 5400, .answer = 9800 },
	    { 39, 41, .client = HERE(WEB, 4), .server = HERE(APP, 8), .port = 22, .every = 20,
	      .request = 5400, .answer = 9800 },
	    { 42, 44, .client = HERE(WEB, 4), .server = HERE(APP, 9), .port = 22, .every = 20,
	      .request = 5400, .answer = 9800 },
	    { 44, 46, .client = HERE(APP, 8), .server = HERE(REPLICA, 0), .port = 22, .every = 20,
	      .request = 5400, .answer = 9800 } } },
	{ { "lateral", true, 0, DEMO_MINUTES, "10.20.0.30", "administrators come by the bastion",
	    "client=10.20.0.30 and service=22" },
	  { { .client = HERE(BASTION, 0),
	      .server = HERE(APP, EACH),
	      .port = 22,
	      .every = 300,
	      .request = 5400,
	      .answer = 9800 } } },

	{ { "beacon", false, 5, DEMO_MINUTES, "192.0.2.44",
	    "an application server asks one address outside once a minute, with the same to say",
	    "dstaddr=192.0.2.44" },
	  { { .client = HERE(APP, 5),
	      .server = OUTSIDE("192.0.2.44"),
	      .port = 8443,
	      .every = 60,
	      .even = true,
	      .request = 312,
	      .answer = 180 } } },
	{ { "beacon", true, 0, DEMO_MINUTES, "192.0.2.80",
	    "several ask the license server once a minute", "dstaddr=192.0.2.80" },
	  { { .client = HERE(APP, IN_ZONE(2)),
	      .server = OUTSIDE("192.0.2.80"),
	      .port = 443,
	      .every = 60,
	      .even = true,
	      .request = 620,
	      .answer = 900 } } },

	{ { "ioc", false, 48, 90, "192.0.2.66",
	    "a web server talks to an address of the list of bad ones", "dstaddr=192.0.2.66" },
	  { { .client = HERE(WEB, 6),
	      .server = OUTSIDE("192.0.2.66"),
	      .port = 443,
	      .every = 40,
	      .request = 1400,
	      .answer = 8800 } } },
	{ { "ioc", true, 0, DEMO_MINUTES, "192.0.2.70",
	    "a check of the site from an address that the list allows", "srcaddr=192.0.2.70" },
	  { { .client = OUTSIDE("192.0.2.70"),
	      .server = HERE(LB, 1),
	      .port = 443,
	      .every = 60,
	      .request = 600,
	      .answer = 12000 } } },

	{ { "quiet", false, 45, 90, "eni-0990c79481cf481b9", "a batch worker falls silent",
	    "addr=10.20.18.10" },
	  { { .fate = FATE_NONE, .client = HERE(BATCH, 0) } } },
	{ { "quiet", true, 20, 25, "10.20.18.11", "another has nothing to do for five minutes",
	    "addr=10.20.18.11" },
	  { { .fate = FATE_NONE, .client = HERE(BATCH, 1) } } },

	{ { "nat_waste", false, 6, DEMO_MINUTES, "10.20.0.20",
	    "the file server's snapshots go to S3 through a NAT gateway", "dstaddr=52.219.47.10" },
	  { { .client = HERE(NFS, 0),
	      .server = OUTSIDE("52.219.47.10"),
	      .port = 443,
	      .every = 10,
	      .request = 7500000,
	      .answer = 20000,
	      .service = "S3" } } },
	{ { "nat_waste", true, 0, DEMO_MINUTES, "DYNAMODB", "little goes to DynamoDB the same way",
	    "dstaddr=52.119.188.10" },
	  { { .client = HERE(APP, 9),
	      .server = OUTSIDE("52.119.188.10"),
	      .port = 443,
	      .every = 10,
	      .request = 400000,
	      .answer = 700000,
	      .service = "DYNAMODB" } } },

	{ { "crosszone", false, 38, 90, "euc1-az3",
	    "a broker's partitions are read from another zone since a restart",
	    "server=10.20.32.32 and client=10.20.32.31" },
	  { { .client = HERE(BROKER, 1),
	      .server = HERE(BROKER, 2),
	      .port = 9092,
	      .every = 10,
	      .request = 20000,
	      .answer = 7000000 },
	    { 0, DEMO_MINUTES, .client = HERE(WEB, 1), .server = HERE(BROKER, 1), .port = 9092,
	      .every = 10, .request = 9000, .answer = 3500000 },
	    { 0, DEMO_MINUTES, .client = HERE(WEB, 2), .server = HERE(BROKER, 2), .port = 9092,
	      .every = 10, .request = 9000, .answer = 3500000 } } },
	{ { "crosszone", true, 0, DEMO_MINUTES, "10.20.32.11",
	    "the database and its replica stand in one zone",
	    "src=10.20.32.10 and dst=10.20.32.11" },
	  { { .client = HERE(DB, 0),
	      .server = HERE(REPLICA, 0),
	      .port = 5432,
	      .every = 10,
	      .request = 5000000,
	      .answer = 90000 } } },

	{ { "spike", false, 50, 56, "10.20.0.10",
	    "a large file is fetched from a balancer, again and again",
	    "src=10.20.0.10 and srcport=443 and dst!=10.0.0.0/8" },
	  { { .client = CROWD,
	      .server = HERE(LB, 0),
	      .port = 443,
	      .every = 3,
	      .request = 9000,
	      .answer = 9000000 } } },
	{ { "spike", true, 30, 35, "10.20.16.60",
	    "the monitor fetches more than it ever did, which is little",
	    "client=10.20.16.60 and server=10.20.17.10" },
	  { { .client = HERE(MONITOR, 0),
	      .server = HERE(WEB, 0),
	      .port = 9100,
	      .every = 10,
	      .request = 900,
	      .answer = 900000 } } },

	{ { "data", false, 30, 33, "eni-05b0741738a71ea93",
	    "records of a web server's interface were lost", "log-status=SKIPDATA" },
	  { { .fate = FATE_SKIPPED, .client = HERE(WEB, 2) } } },
	{ { "data", true, 0, DEMO_MINUTES, "10.20.32.70",
	    "a standby has nothing to say, and the log says so", "log-status=NODATA" },
	  { { 0 } } },
};

const struct demo_incident *demo_incident(size_t i)
{
	return i < ARRAY_SIZE(scenes) ? &scenes[i].told : NULL;
}

/* ---- who, and when ---- */

static bool is_end(const struct demo_end *e, const struct host *h)
{
	if (!h || e->kind == INTERNET)
		return !h && e->kind == INTERNET && !e->address;
	return h->kind == e->kind &&
	       (e->at == EACH || e->at == (int)h->at || e->at == IN_ZONE((int)h->zone));
}

static unsigned first_minute(const struct scene *s, const struct demo_act *a)
{
	return a->to ? a->from : s->told.from_minute;
}

static bool is_now(const struct scene *s, const struct demo_act *a, const struct demo *d, int64_t t)
{
	unsigned minute = (unsigned)((t - d->options.start_s) / 60 % DEMO_MINUTES);

	return minute >= first_minute(s, a) && minute < (a->to ? a->to : s->told.to_minute);
}

static bool is_of_port(const struct demo_act *a, unsigned port)
{
	return a->port == 0 || a->port == port;
}

enum demo_fate demo_fate_of(const struct demo *d, int64_t t, const struct host *client,
			    const struct host *server, unsigned port)
{
	for (size_t i = 0; i < ARRAY_SIZE(scenes) && !d->options.quiet; i++)
		for (unsigned k = 0; k < ACTS; k++) {
			const struct demo_act *a = &scenes[i].act[k];
			if (a->fate == FATE_OK || a->fate == FATE_SKIPPED || a->every ||
			    !is_now(&scenes[i], a, d, t))
				continue;
			if (a->fate == FATE_NONE
				    ? (client && is_end(&a->client, client)) ||
					      (server && is_end(&a->client, server))
				    : is_end(&a->client, client) && is_end(&a->server, server) &&
					      is_of_port(a, port))
				return a->fate;
		}
	return FATE_OK;
}

/* ---- what they bring ---- */

/* Even ones say much the same; others by half more or less. */
static uint64_t size_of(struct demo *d, const struct demo_act *a, uint64_t bytes)
{
	uint64_t range = a->even ? bytes / 50 : bytes;

	return bytes - range / 2 + demo_below(d, (unsigned)range);
}

static void put_one(struct demo *d, const struct demo_act *a, int64_t t, unsigned step,
		    const struct host *client, const struct host *server, struct buf *out)
{
	int64_t end = t - demo_below(d, 3);
	struct demo_talk k = { .client = client,
			       .server = server,
			       .client_address = a->client.address,
			       .server_address = a->server.address,
			       .service = a->service,
			       .port = a->port,
			       .protocol = a->udp ? 17 : 6,
			       .sport = 32768 + demo_below(d, 28000),
			       .request = size_of(d, a, a->request),
			       .answer = size_of(d, a, a->answer),
			       .start = end - 20 - (int64_t)demo_below(d, 39),
			       .end = end,
			       .fate = a->fate };

	if (a->ports)
		k.port += step % a->ports;
	if (!client && !k.client_address)
		k.client_address = demo_stranger(d);
	if (k.fate == FATE_OK)
		k.fate = demo_fate_of(d, t, client, server, a->port);
	if (k.fate != FATE_NONE)
		demo_put_talk(d, &k, out);
}

/* `step`: seconds since the act began. */
static void put_act(struct demo *d, const struct demo_act *a, int64_t t, unsigned step,
		    const struct host *client, const struct host *server, struct buf *out)
{
	unsigned turn = a->even ? (step + (client ? client->at * 7 : 0)) % a->every
				: demo_below(d, a->every);

	for (unsigned i = 0; turn == 0 && i < (a->times ? a->times : 1); i++)
		put_one(d, a, t, step, client, server, out);
}

/* The next of those that an end is, of the internet once: from `*i` on. */
static bool next_end(const struct demo *d, const struct demo_end *e, unsigned *i,
		     const struct host **h)
{
	*h = NULL;
	if (e->kind == INTERNET)
		return (*i)++ == 0;
	for (; *i < d->count[e->kind]; (*i)++)
		if (is_end(e, demo_host(d, e->kind, *i))) {
			*h = demo_host(d, e->kind, (*i)++);
			return true;
		}
	return false;
}

static void put_status(struct demo *d, const struct demo_act *a, int64_t t, struct buf *out)
{
	const struct host *h = demo_host(d, a->client.kind, (unsigned)a->client.at);
	unsigned second = (unsigned)(t - d->options.start_s) % 60;

	if (a->fate == FATE_NONE && second == 57)
		demo_put_status(d, h, t, "NODATA", out);
	if (a->fate == FATE_SKIPPED && second == 19)
		demo_put_status(d, h, t, "SKIPDATA", out);
}

void demo_put_incidents(struct demo *d, int64_t t, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
		for (unsigned k = 0; k < ACTS; k++) {
			const struct demo_act *a = &scenes[i].act[k];
			const struct host *client, *server;
			unsigned step = (unsigned)((t - d->options.start_s) % (DEMO_MINUTES * 60));
			if (!is_now(&scenes[i], a, d, t))
				continue;
			step -= first_minute(&scenes[i], a) * 60;
			if (a->fate == FATE_NONE || a->fate == FATE_SKIPPED)
				put_status(d, a, t, out);
			for (unsigned c = 0; a->every && next_end(d, &a->client, &c, &client);)
				for (unsigned s = 0; next_end(d, &a->server, &s, &server);)
					put_act(d, a, t, step, client, server, out);
		}
}
