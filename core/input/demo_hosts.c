/* demo_hosts.c - the demo's VPC: a small company's, in three zones; and the names that it has given. */
#include <string.h>

#include "base/hash.h"
#include "input/demo_state.h"

/* Of several the name ends in a number, or a letter where it is the zone's. */
static const struct {
	enum host_kind kind;
	unsigned count, net;
	const char *name;
} groups[] = {
	{ LB, 2, 0, "lb-%c" },
	{ NAT, 2, 0, "nat-%c" },
	{ BASTION, 1, 0, "bastion" },
	{ VPN, 1, 0, "vpn" },
	{ WEB, 8, 1, "web-%u" },
	{ APP, 12, 1, "app-%u" },
	{ MONITOR, 1, 1, "monitor" },
	{ BATCH, 2, 1, "batch-%u" },
	{ DB, 1, 2, "orders-db" },
	{ REPLICA, 1, 2, "orders-replica" },
	{ CACHE, 2, 2, "cache-%u" },
	{ BROKER, 3, 2, "kafka-%u" },
	{ NFS, 1, 2, "files" },
	{ BACKUP, 1, 2, "backup" },
	{ S3_ENDPOINT, 1, 2, "s3-endpoint" },
	{ STANDBY, 1, 2, "standby-db" },
};

/* Those outside that the company knows. */
static const char outside_names[] =
	DEMO_OFFICE " office\n"
		    "203.0.113.10 payments-api\n"
		    "203.0.113.25 mail-relay\n"
		    "203.0.113.40 maps-api\n"
		    "203.0.113.90 offsite-backup\n"
		    "192.0.2.70 uptime-check\n"
		    "52.219.47.10 s3\n"
		    "52.119.188.10 dynamodb\n"
		    "192.0.2.80 license-server\n" DEMO_ACCOUNT " shop-production\n";

static const char bad_addresses[] = "192.0.2.64/28 made-up botnet, for this demo alone\n"
				    "allow 192.0.2.70 uptime-check: rents a host there\n";

static void set(char *out, size_t size, const struct buf *text)
{
	size_t n = text->n < size - 1 ? text->n : size - 1;

	memcpy(out, text->s, n);
	out[n] = '\0';
}

/* Interfaces that are AWS's have no instance of ours. */
static bool is_managed(enum host_kind k)
{
	return k == NAT || k == LB || k == S3_ENDPOINT;
}

static void host_make(struct host *h, enum host_kind kind, unsigned net, unsigned i)
{
	static const unsigned base[HOST_KINDS] = {
		[LB] = 10,  [NAT] = 20,     [BASTION] = 30,     [VPN] = 40,
		[WEB] = 10, [APP] = 20,     [MONITOR] = 60,     [BATCH] = 10,
		[DB] = 10,  [REPLICA] = 11, [CACHE] = 20,       [BROKER] = 30,
		[NFS] = 40, [BACKUP] = 50,  [S3_ENDPOINT] = 60, [STANDBY] = 70
	};
	unsigned third = net * 16 + (kind == BATCH ? 2 : kind == APP || kind == WEB ? 1 : 0);
	uint64_t id = hash_u64((uint64_t)kind << 8 | i | 1u << 20);
	struct buf b = { 0 };

	h->kind = kind;
	h->at = i;
	h->net = net;
	h->zone = i % 3;
	buf_printf(&b, "10.20.%u.%u", third, base[kind] + i);
	set(h->v4, sizeof h->v4, &b);
	buf_clear(&b);
	buf_printf(&b, "2a05:d014:1ab:%x::%x", 0x10 + net, base[kind] + i);
	set(h->v6, sizeof h->v6, &b);
	buf_clear(&b);
	buf_printf(&b, "eni-0%016llx", (unsigned long long)id);
	set(h->eni, sizeof h->eni, &b);
	buf_clear(&b);
	buf_printf(&b, "subnet-0%016llx", (unsigned long long)hash_u64(net * 3 + h->zone + 1));
	set(h->subnet, sizeof h->subnet, &b);
	buf_clear(&b);
	if (is_managed(kind))
		buf_puts(&b, "-");
	else
		buf_printf(&b, "i-0%016llx", (unsigned long long)hash_u64(id));
	set(h->instance, sizeof h->instance, &b);
	buf_release(&b);
}

/* The name's number or letter stands behind its last '-'. */
static void host_name(struct host *h, const char *name)
{
	const char *percent = strchr(name, '%');
	struct buf b = { 0 };

	if (!percent) {
		buf_puts(&b, name);
	} else {
		buf_add(&b, name, (size_t)(percent - name));
		if (percent[1] == 'c')
			buf_putc(&b, (char)('a' + h->at));
		else
			buf_add_u64(&b, h->at + 1);
	}
	set(h->name, sizeof h->name, &b);
	buf_release(&b);
}

void demo_make_hosts(struct demo *d)
{
	for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
		d->first[groups[g].kind] = d->hosts;
		d->count[groups[g].kind] = groups[g].count;
		for (unsigned i = 0; i < groups[g].count; i++) {
			host_make(&d->host[d->hosts], groups[g].kind, groups[g].net, i);
			host_name(&d->host[d->hosts++], groups[g].name);
		}
	}
}

const struct host *demo_host(const struct demo *d, enum host_kind kind, unsigned at)
{
	return &d->host[d->first[kind] + at];
}

const struct host *demo_gateway(const struct demo *d, const struct host *h)
{
	return h->net == 0 ? NULL : demo_host(d, NAT, h->zone == 1);
}

const char *demo_zone(const struct host *h)
{
	static const char *const zones[] = { "euc1-az1", "euc1-az2", "euc1-az3" };

	return zones[h->zone];
}

static void add_interface(const struct host *h, struct buf *out)
{
	buf_printf(out,
		   "{\"NetworkInterfaceId\":\"%s\",\"PrivateIpAddress\":\"%s\","
		   "\"Ipv6Addresses\":[{\"Ipv6Address\":\"%s\"}],\"SubnetId\":\"%s\","
		   "\"VpcId\":\"" DEMO_VPC "\",\"AvailabilityZoneId\":\"%s\","
		   "\"InterfaceType\":\"%s\",",
		   h->eni, h->v4, h->v6, h->subnet, demo_zone(h),
		   h->kind == NAT ? "nat_gateway" : "interface");
	if (!is_managed(h->kind))
		buf_printf(out, "\"Attachment\":{\"InstanceId\":\"%s\"},", h->instance);
	buf_printf(out, "\"TagSet\":[{\"Key\":\"Name\",\"Value\":\"%s\"}]}", h->name);
}

void demo_interfaces(struct buf *out)
{
	struct demo *d = demo_new(&(struct demo_options){ .seed = 0 });

	buf_puts(out, "{\"NetworkInterfaces\":[");
	for (unsigned i = 0; i < d->hosts; i++) {
		buf_puts(out, i ? ",\n" : "\n");
		add_interface(&d->host[i], out);
	}
	buf_puts(out, "\n]}\n");
	demo_free(d);
}

const char *demo_names(void)
{
	return outside_names;
}

const char *demo_bad_addresses(void)
{
	return bad_addresses;
}
