/* demo_state.h - what demo*.c share: the hosts, who talks to whom, and what becomes of it. Private to
 * them. */
#ifndef ENITOP_DEMO_STATE_H
#define ENITOP_DEMO_STATE_H

#include "input/demo.h"

#define DEMO_ACCOUNT "123456789012"
#define DEMO_REGION "eu-central-1"
#define DEMO_VPC "vpc-0e1f2a3b4c5d6e7f8"
#define DEMO_OFFICE "198.51.100.200"
#define DEMO_MINUTES 120 /* after so many it all comes again */

/* clang-format off */
enum host_kind { INTERNET, LB, WEB, APP, DB, REPLICA, CACHE, BROKER, NAT, NFS, BASTION, MONITOR,
	    BATCH, BACKUP, S3_ENDPOINT, VPN, STANDBY, HOST_KINDS };
/* clang-format on */

struct host {
	enum host_kind kind;
	unsigned at;  /* among those of its kind */
	unsigned net; /* 0: public; 1, 2: private, they leave by a NAT gateway */
	unsigned zone;
	char v4[16], v6[40];
	char eni[22], subnet[25], instance[20];
	char name[24];
};

#define DEMO_HOSTS_MAX 48

struct demo {
	struct demo_options options;
	uint64_t random;
	int64_t next_s;
	struct host host[DEMO_HOSTS_MAX];
	unsigned hosts, first[HOST_KINDS], count[HOST_KINDS];
	unsigned total_weight;
	char peer[16]; /* scratch: the internet address in play */
};

/* ---- demo.c: chance ---- */

uint64_t demo_draw(struct demo *d);
unsigned demo_below(struct demo *d, unsigned n);
/* Around `mean`: mostly less, sometimes several times as much. */
uint64_t demo_spread(struct demo *d, uint64_t mean);
/* An internet address: a few are met all the time, most once in a while. Lasts until the next. */
const char *demo_peer(struct demo *d);
/* One that nobody has met, as good as always; lasts as long. */
const char *demo_stranger(struct demo *d);

/* ---- demo_hosts.c ---- */

void demo_make_hosts(struct demo *d);
const struct host *demo_host(const struct demo *d, enum host_kind kind, unsigned at);
/* Where it leaves the VPC; NULL: by itself. */
const struct host *demo_gateway(const struct demo *d, const struct host *h);
const char *demo_zone(const struct host *h); /* "euc1-az1" */

/* ---- demo_lines.c ---- */

/* What becomes of a conversation. */
enum demo_fate {
	FATE_OK,
	FATE_REFUSED, /* at the server's interface */
	FATE_RESET,
	FATE_HALF,    /* SYN-ACK, and no more */
	FATE_LOST,    /* it leaves the client's interface, and that is all */
	FATE_NONE,    /* it does not take place: NODATA */
	FATE_SKIPPED, /* SKIPDATA */
};

/* One conversation, or what an interval saw of it. */
struct demo_talk {
	const struct host *client, *server;          /* NULL: of the internet, by its address */
	const char *client_address, *server_address; /* IPv4 of those */
	const char *service;                         /* of AWS, that the server is; or NULL */
	unsigned port, protocol, sport;
	uint64_t request, answer; /* bytes */
	int64_t start, end;
	enum demo_fate fate;
	bool v6, part; /* part: it began before, or goes on */
};

/* Both legs, at each of our interfaces that they cross. */
void demo_put_talk(struct demo *d, const struct demo_talk *t, struct buf *out);
void demo_put_status(const struct demo *d, const struct host *h, int64_t end, const char *status,
		     struct buf *out);

/* ---- demo_traffic.c ---- */

/* The weights of all conversations together. */
unsigned demo_weights(void);
/* What is ordinary, in a second. */
void demo_put_traffic(struct demo *d, int64_t t, struct buf *out);

/* ---- demo_incidents.c ---- */

/* What becomes then of what is ordinary. */
enum demo_fate demo_fate_of(const struct demo *d, int64_t t, const struct host *client,
			    const struct host *server, unsigned port);
/* What incidents and decoys bring of their own, in a second. */
void demo_put_incidents(struct demo *d, int64_t t, struct buf *out);

#endif
