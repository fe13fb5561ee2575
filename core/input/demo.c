/* demo.c - see demo.h. A table of hosts, a table of conversations between them, and a
 * few incidents; a second of traffic at a time. */
#include "input/demo.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define ACCOUNT "123456789012"
#define REGION "eu-central-1"
#define VPC "vpc-0e1f2a3b4c5d6e7f8"

/* ---- the VPC ---- */

/* clang-format off */
enum host_kind { INTERNET, LB, WEB, APP, DB, REPLICA, CACHE, BROKER, NAT, NFS, BASTION, MONITOR,
	    BATCH, BACKUP, S3_ENDPOINT, HOST_KINDS };
/* clang-format on */

/* clang-format off */
static const struct { enum host_kind kind; unsigned count; unsigned net; } groups[] = {
	{ LB, 2, 0 }, { NAT, 2, 0 }, { BASTION, 1, 0 }, { WEB, 8, 1 }, { APP, 12, 1 },
	{ MONITOR, 1, 1 }, { BATCH, 2, 1 }, { DB, 1, 2 }, { REPLICA, 1, 2 }, { CACHE, 2, 2 },
	{ BROKER, 3, 2 }, { NFS, 1, 2 }, { BACKUP, 1, 2 }, { S3_ENDPOINT, 1, 2 },
};
/* clang-format on */

struct host {
	enum host_kind kind;
	unsigned zone; /* 0..2 */
	char v4[16], v6[40];
	char eni[22], subnet[25], instance[20];
};

#define HOSTS_MAX 48

/* Who talks to whom: `weight` of the records, bytes of request and answer. */
static const struct conversation {
	enum host_kind client, server;
	unsigned port, protocol, weight;
	unsigned request, answer;
} conversations[] = {
	{ INTERNET, LB, 443, 6, 240, 2400, 38000 },
	{ INTERNET, LB, 80, 6, 20, 420, 900 },
	{ LB, WEB, 8080, 6, 170, 2600, 41000 },
	{ WEB, APP, 9000, 6, 150, 1800, 9000 },
	{ APP, DB, 5432, 6, 120, 5200, 88000 },
	{ APP, REPLICA, 5432, 6, 60, 3100, 120000 },
	{ DB, REPLICA, 5432, 6, 6, 900000, 22000 },
	{ APP, CACHE, 6379, 6, 110, 900, 4200 },
	{ APP, BROKER, 9092, 6, 60, 16000, 2400 },
	{ BATCH, BROKER, 9092, 6, 30, 2000, 64000 },
	{ BATCH, NFS, 2049, 6, 12, 90000, 240000 },
	{ MONITOR, APP, 9100, 6, 26, 700, 14000 },
	{ MONITOR, WEB, 9100, 6, 18, 700, 14000 },
	{ BACKUP, S3_ENDPOINT, 443, 6, 8, 2200000, 9000 },
	{ APP, NAT, 443, 6, 40, 3000, 21000 },
	{ WEB, INTERNET, 123, 17, 8, 76, 76 },
	{ APP, INTERNET, 53, 17, 14, 84, 160 },
	{ INTERNET, BASTION, 22, 6, 2, 5200, 9400 },
	{ BASTION, APP, 22, 6, 3, 5400, 9800 },
	{ MONITOR, BASTION, 0, 1, 4, 336, 336 },
};

/* Background noise of the internet: refused at the edge. */
static const unsigned noise_ports[] = { 22,   23,   445,  3389, 8080, 5900, 1433, 3306,
					6379, 8443, 2375, 5060, 21,   25,   81,   9200 };

/* clang-format off */
static const struct demo_incident incidents[] = {
	{ "database unreachable", 47, 60,
	  "a security group edit cuts the application servers off from the primary database",
	  "dstport=5432 and action=REJECT" },
	{ "scan", 50, 58, "one address walks through the ports of the public hosts",
	  "srcaddr=198.51.100.23" },
	{ "NAT spike", 40, 60, "an application server pulls large files through the NAT gateway",
	  "addr=10.20.17.23 and port=443" },
	{ "large upload", 52, 57, "the backup host sends some 40 GB to one address outside",
	  "dstaddr=203.0.113.77" },
	{ "quiet interface", 45, 60, "a batch worker's interface falls silent",
	  "addr=10.20.18.10" },
	{ "SKIPDATA gap", 30, 33, "records of a web server's interface were lost",
	  "log-status=SKIPDATA" },
};
/* clang-format on */

enum { DB_CUT, SCAN, NAT_SPIKE, UPLOAD, SILENT, GAP };

const struct demo_incident *demo_incidents(size_t *n)
{
	*n = ARRAY_SIZE(incidents);
	return incidents;
}

struct demo {
	struct demo_options options;
	uint64_t random;
	int64_t next_s;
	struct host host[HOSTS_MAX];
	unsigned hosts, first[HOST_KINDS], count[HOST_KINDS];
	unsigned total_weight;
	unsigned scan_step;
	char peer[16], peer6[40]; /* scratch: the internet address in play */
};

/* ---- chance ---- */

static uint64_t draw(struct demo *d)
{
	d->random += 0x9e3779b97f4a7c15u;
	return hash_u64(d->random);
}

static unsigned below(struct demo *d, unsigned n)
{
	return n ? (unsigned)(draw(d) % n) : 0;
}

/* Around `mean`: mostly less, sometimes several times as much. */
static uint64_t spread(struct demo *d, uint64_t mean)
{
	uint64_t r = draw(d);
	uint64_t part = mean * (16 + r % 96) / 64;

	return (r >> 32) % 16 == 0 ? part * 4 : part;
}

/* ---- making the VPC ---- */

static void host_make(struct host *h, enum host_kind kind, unsigned net, unsigned i)
{
	static const unsigned base[HOST_KINDS] = {
		[LB] = 10,      [NAT] = 20,   [BASTION] = 30, [WEB] = 10,        [APP] = 20,
		[MONITOR] = 60, [BATCH] = 10, [DB] = 10,      [REPLICA] = 11,    [CACHE] = 20,
		[BROKER] = 30,  [NFS] = 40,   [BACKUP] = 50,  [S3_ENDPOINT] = 60
	};
	unsigned third = net * 16 + (kind == BATCH ? 2 : kind == APP || kind == WEB ? 1 : 0);
	uint64_t id = hash_u64((uint64_t)kind << 8 | i | 1u << 20);
	struct buf b = { 0 };

	h->kind = kind;
	h->zone = i % 3;
	buf_printf(&b, "10.20.%u.%u", third, base[kind] + i);
	memcpy(h->v4, b.s, b.n + 1);
	buf_clear(&b);
	buf_printf(&b, "2a05:d014:1ab:%x::%x", 0x10 + net, base[kind] + i);
	memcpy(h->v6, b.s, b.n + 1);
	buf_clear(&b);
	buf_printf(&b, "eni-0%016llx", (unsigned long long)id);
	memcpy(h->eni, b.s, b.n + 1);
	buf_clear(&b);
	buf_printf(&b, "subnet-0%016llx", (unsigned long long)hash_u64(net * 3 + h->zone + 1));
	memcpy(h->subnet, b.s, b.n + 1);
	buf_clear(&b);
	if (kind == NAT || kind == LB || kind == S3_ENDPOINT)
		buf_puts(&b, "-"); /* requester-managed: no instance of ours */
	else
		buf_printf(&b, "i-0%016llx", (unsigned long long)hash_u64(id));
	memcpy(h->instance, b.s, b.n + 1);
	buf_release(&b);
}

struct demo *demo_new(const struct demo_options *o)
{
	struct demo *d = xcalloc(1, sizeof *d);

	d->options = *o;
	d->options.flows_per_s = o->flows_per_s ? o->flows_per_s : 40;
	d->options.peers = o->peers ? o->peers : 3000;
	d->random = hash_u64(o->seed + 1);
	d->next_s = o->start_s;
	for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
		d->first[groups[g].kind] = d->hosts;
		d->count[groups[g].kind] = groups[g].count;
		for (unsigned i = 0; i < groups[g].count; i++)
			host_make(&d->host[d->hosts++], groups[g].kind, groups[g].net, i);
	}
	for (size_t i = 0; i < ARRAY_SIZE(conversations); i++)
		d->total_weight += conversations[i].weight;
	return d;
}

void demo_free(struct demo *d)
{
	free(d);
}

const char *demo_header(const struct demo *d)
{
	return d->options.v2
		       ? "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
			 "bytes start end action log-status"
		       : "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
			 "bytes start end action log-status vpc-id subnet-id instance-id tcp-flags type "
			 "pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id "
			 "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path";
}

/* ---- lines ---- */

/* One record as its interface saw it. */
struct demo_record {
	const struct host *at; /* whose interface */
	const char *src, *dst, *pkt_src, *pkt_dst;
	unsigned sport, dport, protocol, flags;
	uint64_t packets, bytes;
	int64_t start, end;
	bool reject, egress, v6, outside; /* outside: the other side is no host of the VPC */
	const char *service;              /* AWS service of the other side, or NULL */
};

static void word(struct buf *out, const char *s)
{
	buf_puts(out, s);
	buf_putc(out, ' ');
}

static void number(struct buf *out, uint64_t v)
{
	buf_add_u64(out, v);
	buf_putc(out, ' ');
}

static const char *traffic_path(const struct demo_record *r)
{
	if (!r->egress)
		return "-";
	return !r->outside ? "1" : r->service ? "7" : "8";
}

static void put_v5(const struct demo_record *r, struct buf *out)
{
	static const char *const zones[] = { "euc1-az1", "euc1-az2", "euc1-az3" };

	buf_putc(out, ' ');
	word(out, VPC);
	word(out, r->at->subnet);
	word(out, r->at->instance);
	number(out, r->flags);
	word(out, r->v6 ? "IPv6" : "IPv4");
	word(out, r->pkt_src ? r->pkt_src : r->src);
	word(out, r->pkt_dst ? r->pkt_dst : r->dst);
	word(out, REGION);
	word(out, zones[r->at->zone]);
	buf_puts(out, "- - ");
	word(out, r->service && !r->egress ? r->service : "-");
	word(out, r->service && r->egress ? r->service : "-");
	word(out, r->egress ? "egress" : "ingress");
	buf_puts(out, traffic_path(r));
}

static void put_record(const struct demo *d, const struct demo_record *r, struct buf *out)
{
	word(out, d->options.v2 ? "2" : "5");
	word(out, ACCOUNT);
	word(out, r->at->eni);
	word(out, r->src);
	word(out, r->dst);
	number(out, r->sport);
	number(out, r->dport);
	number(out, r->protocol);
	number(out, r->packets);
	number(out, r->bytes);
	number(out, (uint64_t)r->start);
	number(out, (uint64_t)r->end);
	buf_puts(out, r->reject ? "REJECT OK" : "ACCEPT OK");
	if (!d->options.v2)
		put_v5(r, out);
	buf_putc(out, '\n');
}

static void put_status(const struct demo *d, const struct host *h, int64_t end, const char *status,
		       struct buf *out)
{
	static const char *const zones[] = { "euc1-az1", "euc1-az2", "euc1-az3" };

	buf_printf(out, "%s " ACCOUNT " %s - - - - - - - %lld %lld - %s", d->options.v2 ? "2" : "5",
		   h->eni, (long long)end - 58, (long long)end, status);
	if (!d->options.v2)
		buf_printf(out, " " VPC " %s %s - - - - " REGION " %s - - - - - -", h->subnet,
			   h->instance, zones[h->zone]);
	buf_putc(out, '\n');
}

/* ---- traffic ---- */

static const struct host *any_host(struct demo *d, enum host_kind kind)
{
	return &d->host[d->first[kind] + below(d, d->count[kind])];
}

/* An internet address: a few are met all the time, most once in a while. */
static const char *peer(struct demo *d)
{
	uint32_t n = d->options.peers, i;
	uint64_t r = draw(d) >> 40; /* 24 bits */
	unsigned octet[4];
	char *p = d->peer;

	i = d->options.even ? (uint32_t)(draw(d) % n)
			    : (uint32_t)((double)n * ((double)(r * r >> 24) / 16777216.0) *
					 ((double)r / 16777216.0));
	uint64_t h = hash_u64(0x5eed0000000u + i);
	octet[0] = 11 + (unsigned)(h % 100); /* 11..110: no private range in it */
	octet[1] = (unsigned)(h >> 8) & 255;
	octet[2] = (unsigned)(h >> 16) & 255;
	octet[3] = (unsigned)(h >> 24) & 255;
	for (int k = 0; k < 4; k++) {
		if (k)
			*p++ = '.';
		if (octet[k] >= 100)
			*p++ = (char)('0' + octet[k] / 100);
		if (octet[k] >= 10)
			*p++ = (char)('0' + octet[k] / 10 % 10);
		*p++ = (char)('0' + octet[k] % 10);
	}
	*p = '\0';
	return d->peer;
}

static uint64_t packets_for(uint64_t bytes)
{
	return bytes / 900 + 1 + (bytes > 200);
}

/* Writes one leg at each of our interfaces that it crosses. */
static void write_leg(struct demo *d, struct demo_record r, const struct host *from,
		      const struct host *to, struct buf *out)
{
	if (from) {
		r.at = from;
		r.egress = true;
		r.outside = !to || to->kind == S3_ENDPOINT;
		put_record(d, &r, out);
	}
	if (to && !(r.reject && from && r.dport == 5432)) {
		r.at = to;
		r.egress = false;
		r.outside = !from;
		put_record(d, &r, out);
	}
}

/* Both legs of a conversation; a refused one has no answer. */
static void talk(struct demo *d, struct demo_record r, const struct host *client,
		 const struct host *server, uint64_t answer, struct buf *out)
{
	bool tcp = r.protocol == 6;
	unsigned end_flags = tcp ? below(d, 4) : 0;

	r.packets = packets_for(r.bytes);
	r.flags = !tcp ? 0 : r.reject ? 2 : end_flags == 0 ? 3 : end_flags == 1 ? 0 : 2;
	write_leg(d, r, client, server, out);
	if (r.reject)
		return;
	const char *swap = r.src;
	r.src = r.dst;
	r.dst = swap;
	swap = r.pkt_src;
	r.pkt_src = r.pkt_dst;
	r.pkt_dst = swap;
	unsigned port = r.sport;
	r.sport = r.dport;
	r.dport = port;
	r.bytes = answer;
	r.packets = packets_for(answer);
	r.flags = !tcp ? 0 : r.flags == 3 ? 19 : r.flags == 0 ? 0 : 18;
	write_leg(d, r, server, client, out);
}

static bool is_during(const struct demo *d, int64_t t, int incident)
{
	unsigned minute = (unsigned)((t - d->options.start_s) / 60 % 60);

	return !d->options.quiet && minute >= incidents[incident].from_minute &&
	       minute < incidents[incident].to_minute;
}

static struct demo_record blank(struct demo *d, int64_t end)
{
	return (struct demo_record){ .protocol = 6,
				     .sport = 32768 + below(d, 28000),
				     .start = end - 20 - (int64_t)below(d, 39),
				     .end = end };
}

static void conversation(struct demo *d, int64_t t, struct buf *out)
{
	const struct conversation *c = conversations;
	unsigned pick = below(d, d->total_weight);
	struct demo_record r = blank(d, t);

	for (; pick >= c->weight; c++)
		pick -= c->weight;
	const struct host *client = c->client == INTERNET ? NULL : any_host(d, c->client);
	const struct host *server = c->server == INTERNET ? NULL : any_host(d, c->server);
	if (c->client == BATCH && is_during(d, t, SILENT) && client == &d->host[d->first[BATCH]])
		return;
	r.v6 = client && server && c->server == CACHE && client->zone == 2;
	r.src = client ? (r.v6 ? client->v6 : client->v4) : peer(d);
	r.dst = server ? (r.v6 ? server->v6 : server->v4) : peer(d);
	r.protocol = c->protocol;
	r.dport = c->port;
	r.sport = c->port ? r.sport : 0;
	r.bytes = spread(d, c->request);
	r.reject = c->server == DB && is_during(d, t, DB_CUT);
	r.service = c->server == S3_ENDPOINT ? "S3" : NULL;
	if (r.reject)
		r.bytes = 60 * (1 + below(d, 4));
	if (c->server == NAT) { /* the packet's own destination is beyond the gateway */
		r.pkt_dst = peer(d);
		r.outside = true;
	}
	talk(d, r, client, server, spread(d, c->answer), out);
}

static void noise(struct demo *d, int64_t t, struct buf *out)
{
	struct demo_record r = blank(d, t);
	const struct host *target = below(d, 4) ? any_host(d, LB) : any_host(d, NAT);

	r.src = peer(d);
	r.dst = target->v4;
	r.dport = noise_ports[below(d, ARRAY_SIZE(noise_ports))];
	r.bytes = below(d, 2) ? 40 : 44;
	r.reject = true;
	talk(d, r, NULL, target, 0, out);
}

/* The incidents that are traffic of their own. */
static void trouble(struct demo *d, int64_t t, struct buf *out)
{
	struct demo_record r = blank(d, t);

	if (is_during(d, t, SCAN))
		for (int i = 0; i < 4; i++) {
			const struct host *target = any_host(d, d->scan_step % 3 ? LB : BASTION);
			struct demo_record probe = blank(d, t);
			probe.src = "198.51.100.23";
			probe.dst = target->v4;
			probe.dport = 1 + d->scan_step++ % 10000;
			probe.bytes = 44;
			probe.reject = true;
			talk(d, probe, NULL, target, 0, out);
		}
	if (is_during(d, t, NAT_SPIKE)) {
		const struct host *puller = &d->host[d->first[APP] + 3],
				  *gateway = any_host(d, NAT);
		r.src = puller->v4;
		r.dst = gateway->v4;
		r.pkt_dst = "151.101.2.132";
		r.dport = 443;
		r.bytes = 90000;
		talk(d, r, puller, gateway, spread(d, 18000000), out);
	}
	if (is_during(d, t, UPLOAD)) {
		const struct host *sender = &d->host[d->first[BACKUP]];
		r.src = sender->v4;
		r.dst = "203.0.113.77";
		r.pkt_dst = NULL;
		r.dport = 443;
		r.bytes = 120000000 + below(d, 30000000);
		talk(d, r, sender, NULL, 400000, out);
	}
	if (is_during(d, t, SILENT) && t % 60 == 7)
		put_status(d, &d->host[d->first[BATCH]], t, "NODATA", out);
	if (is_during(d, t, GAP) && t % 60 == 19)
		put_status(d, &d->host[d->first[WEB] + 2], t, "SKIPDATA", out);
}

static void write_second(struct demo *d, int64_t t, struct buf *out)
{
	/* A conversation is three records on average; a tide of a fifth over 20 minutes. */
	int64_t phase = (t - d->options.start_s) % 1200;
	unsigned tide = (unsigned)(phase < 600 ? phase : 1200 - phase);
	unsigned n = d->options.flows_per_s * (900 + tide * 200 / 600) / 1000;
	unsigned talks = n / 3 + (below(d, 3) < n % 3);

	for (unsigned i = 0; i < talks; i++)
		if (below(d, 24))
			conversation(d, t - below(d, 3), out);
		else
			noise(d, t - below(d, 3), out);
	trouble(d, t, out);
	if (t % 60 == 41)
		put_status(d, &d->host[d->first[NFS]], t, "NODATA", out);
}

void demo_until(struct demo *d, int64_t until_s, struct buf *out)
{
	for (; d->next_s < until_s; d->next_s++)
		write_second(d, d->next_s, out);
}
