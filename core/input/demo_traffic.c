/* demo_traffic.c - what is ordinary in the demo's VPC: who talks to whom, and the noise of the
 * internet at its edge. */
#include "input/demo_state.h"

/* Who talks to whom: `weight` of the conversations, bytes of request and answer. */
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
	{ APP, INTERNET, 443, 6, 40, 3000, 21000 },
	{ WEB, INTERNET, 123, 17, 8, 76, 76 },
	{ APP, INTERNET, 53, 17, 14, 84, 160 },
	{ VPN, BASTION, 22, 6, 2, 5200, 9400 },
	{ BASTION, APP, 22, 6, 3, 5400, 9800 },
	{ MONITOR, BASTION, 0, 1, 4, 336, 336 },
};

/* Background noise of the internet: refused at the edge. */
static const unsigned noise_ports[] = { 22,   23,   445,  3389, 8080, 5900, 1433, 3306,
					6379, 8443, 2375, 5060, 21,   25,   81,   9200 };

unsigned demo_weights(void)
{
	unsigned sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(conversations); i++)
		sum += conversations[i].weight;
	return sum;
}

static const struct host *any_host(struct demo *d, enum host_kind kind)
{
	return demo_host(d, kind, demo_below(d, d->count[kind]));
}

static struct demo_talk blank(struct demo *d, int64_t end)
{
	return (struct demo_talk){ .protocol = 6,
				   .sport = 32768 + demo_below(d, 28000),
				   .start = end - 20 - (int64_t)demo_below(d, 39),
				   .end = end,
				   .part = true };
}

static void conversation(struct demo *d, int64_t t, struct buf *out)
{
	const struct conversation *c = conversations;
	unsigned pick = demo_below(d, d->total_weight);
	struct demo_talk k = blank(d, t);

	for (; pick >= c->weight; c++)
		pick -= c->weight;
	k.client = c->client == INTERNET ? NULL : any_host(d, c->client);
	k.server = c->server == INTERNET ? NULL : any_host(d, c->server);
	k.fate = demo_fate_of(d, t, k.client, k.server, c->port);
	if (k.fate == FATE_NONE || k.fate == FATE_LOST) /* who gets no names asks for nothing */
		return;
	k.v6 = k.client && k.server && c->server == CACHE && k.client->zone == 2;
	if (!k.client || !k.server)
		k.client_address = k.server_address = demo_peer(d);
	k.protocol = c->protocol;
	k.port = c->port;
	k.sport = c->port ? k.sport : 0;
	k.service = c->server == S3_ENDPOINT ? "S3" : NULL;
	k.request = demo_spread(d, c->request);
	k.answer = demo_spread(d, c->answer);
	demo_put_talk(d, &k, out);
}

static void noise(struct demo *d, int64_t t, struct buf *out)
{
	struct demo_talk k = blank(d, t);

	k.server = any_host(d, demo_below(d, 4) ? LB : NAT);
	k.client_address = demo_peer(d);
	k.port = noise_ports[demo_below(d, ARRAY_SIZE(noise_ports))];
	k.fate = FATE_REFUSED;
	demo_put_talk(d, &k, out);
}

void demo_put_traffic(struct demo *d, int64_t t, struct buf *out)
{
	/* Three conversations are eleven records on average; a tide of a fifth over 20 minutes. */
	int64_t phase = (t - d->options.start_s) % 1200;
	unsigned tide = (unsigned)(phase < 600 ? phase : 1200 - phase);
	unsigned n = d->options.flows_per_s * (900 + tide * 200 / 600) / 1000;
	unsigned talks = 3 * n / 11 + (demo_below(d, 11) < 3 * n % 11);

	for (unsigned i = 0; i < talks; i++)
		if (demo_below(d, 24))
			conversation(d, t - demo_below(d, 3), out);
		else
			noise(d, t - demo_below(d, 3), out);
	if (t % 60 == 41)
		demo_put_status(d, demo_host(d, STANDBY, 0), t, "NODATA", out);
}
