/* demo_lines.c - records of the demo as its interfaces write them. */
#include "input/demo_state.h"

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

/* One record as its interface saw it. */
struct demo_record {
	const struct host *at; /* whose interface */
	const char *src, *dst, *pkt_src, *pkt_dst;
	const char *src_service, *dst_service; /* of AWS, or NULL */
	unsigned sport, dport, protocol, flags;
	uint64_t packets, bytes;
	int64_t start, end;
	bool reject, egress, v6, outside; /* outside: what it goes to next is no host of the VPC */
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
	return r->outside ? "8" : "1";
}

static void put_v5(const struct demo_record *r, struct buf *out)
{
	buf_putc(out, ' ');
	word(out, DEMO_VPC);
	word(out, r->at->subnet);
	word(out, r->at->instance);
	number(out, r->flags);
	word(out, r->v6 ? "IPv6" : "IPv4");
	word(out, r->pkt_src);
	word(out, r->pkt_dst);
	word(out, DEMO_REGION);
	word(out, demo_zone(r->at));
	buf_puts(out, "- - ");
	word(out, r->src_service ? r->src_service : "-");
	word(out, r->dst_service ? r->dst_service : "-");
	word(out, r->egress ? "egress" : "ingress");
	buf_puts(out, traffic_path(r));
}

static void put_record(const struct demo *d, const struct demo_record *r, struct buf *out)
{
	word(out, d->options.v2 ? "2" : "5");
	word(out, DEMO_ACCOUNT);
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

void demo_put_status(const struct demo *d, const struct host *h, int64_t end, const char *status,
		     struct buf *out)
{
	buf_printf(out, "%s " DEMO_ACCOUNT " %s - - - - - - - %lld %lld - %s",
		   d->options.v2 ? "2" : "5", h->eni, (long long)end - 58, (long long)end, status);
	if (!d->options.v2)
		buf_printf(out, " " DEMO_VPC " %s %s - - - - " DEMO_REGION " %s - - - - - -",
			   h->subnet, h->instance, demo_zone(h));
	buf_putc(out, '\n');
}

/* ---- legs ---- */

/* The gateway between an interface and the internet has a record on either side of it: it takes what
 * clients send as sent to itself, and sends it on as its own. */
static void put_at_gateway(const struct demo *d, struct demo_record r, const struct host *gateway,
			   bool answer, struct buf *out)
{
	const char *from = r.src, *to = r.dst;

	r.at = gateway;
	r.egress = r.outside = false;
	r.dst = gateway->v4;
	if (answer)
		r.pkt_dst = gateway->v4;
	put_record(d, &r, out);
	r.egress = true;
	r.outside = !answer;
	r.src = gateway->v4;
	r.dst = to;
	r.pkt_src = answer ? from : gateway->v4;
	r.pkt_dst = to;
	put_record(d, &r, out);
}

/* At each of our interfaces that it crosses. */
static void put_leg(const struct demo *d, const struct demo_talk *t, struct demo_record r,
		    bool answer, struct buf *out)
{
	const struct host *from = answer ? t->server : t->client,
			  *to = answer ? t->client : t->server, *gateway = NULL;

	if (!from != !to)
		gateway = demo_gateway(d, from ? from : to);
	r.pkt_src = r.src;
	r.pkt_dst = r.dst;
	if (from) {
		r.at = from;
		r.egress = true;
		r.outside = !to && !gateway;
		put_record(d, &r, out);
	}
	if (t->fate == FATE_LOST)
		return;
	if (gateway && t->client) /* nobody is let in by it */
		put_at_gateway(d, r, gateway, answer, out);
	if (to) {
		r.at = to;
		r.egress = r.outside = false;
		r.reject = t->fate == FATE_REFUSED;
		put_record(d, &r, out);
	}
}

static uint64_t packets_for(uint64_t bytes)
{
	return bytes / 900 + 1 + (bytes > 200);
}

/* Of the whole of it: SYN and FIN, as both ends set them. */
static unsigned flags_of(struct demo *d, const struct demo_talk *t)
{
	unsigned part = t->part ? demo_below(d, 4) : 0;

	if (t->protocol != 6)
		return 0;
	return t->fate != FATE_OK ? 2 : part == 0 ? 3 : part == 1 ? 0 : 2;
}

static struct demo_record answer_of(const struct demo_talk *t, struct demo_record r)
{
	struct demo_record a = r;

	a.src = r.dst;
	a.dst = r.src;
	a.src_service = r.dst_service;
	a.dst_service = NULL;
	a.sport = r.dport;
	a.dport = r.sport;
	if (t->fate == FATE_RESET || t->fate == FATE_HALF) { /* RST; SYN-ACK */
		a.bytes = (t->fate == FATE_RESET ? 40 : 44) * r.packets;
		a.flags = t->fate == FATE_RESET ? 20 : 18;
		return a;
	}
	a.bytes = t->answer;
	a.packets = packets_for(t->answer);
	a.flags = t->protocol != 6 || r.flags == 0 ? 0 : r.flags | 16;
	return a;
}

void demo_put_talk(struct demo *d, const struct demo_talk *t, struct buf *out)
{
	const struct host *c = t->client, *s = t->server;
	struct demo_record r = { .src = !c      ? t->client_address
					: t->v6 ? c->v6
						: c->v4,
				 .dst = !s      ? t->server_address
					: t->v6 ? s->v6
						: s->v4,
				 .dst_service = t->service,
				 .sport = t->sport,
				 .dport = t->port,
				 .protocol = t->protocol,
				 .bytes = t->request,
				 .packets = packets_for(t->request),
				 .start = t->start,
				 .end = t->end,
				 .v6 = t->v6 };
	struct demo_record a;

	r.flags = flags_of(d, t);
	if (t->fate != FATE_OK && t->protocol == 6) { /* SYN and its repetitions */
		r.packets = t->client ? 1 + demo_below(d, 3) : 1;
		r.bytes = 60 * r.packets;
	}
	put_leg(d, t, r, false, out);
	if (t->fate == FATE_REFUSED || t->fate == FATE_LOST)
		return;
	a = answer_of(t, r);
	put_leg(d, t, a, true, out);
}
