/* field.c - see field.h; with the IANA names of protocols and service ports. */
#include "field.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

static const struct field fields[FIELDS_KNOWN] = {
#define X(id, name, type, version, title, aliases, help) \
	[FIELD_##id] = { name, type, version, title, aliases, help },
	FIELDS(X) DERIVED_FIELDS(X)
#undef X
};

const struct field *field_get(int id)
{
	return &fields[id];
}

/* Names are compared without '-', '_' and case: "pktSrcAddr" is pkt-srcaddr. */
static bool same_name(struct str a, struct str b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a.n && (a.s[i] == '-' || a.s[i] == '_'))
			i++;
		while (j < b.n && (b.s[j] == '-' || b.s[j] == '_'))
			j++;
		if (i == a.n || j == b.n)
			return i == a.n && j == b.n;
		if (tolower((unsigned char)a.s[i++]) != tolower((unsigned char)b.s[j++]))
			return false;
	}
}

static bool is_alias(const char *aliases, struct str name)
{
	struct str rest = str_of(aliases), alias;

	while ((alias = str_token(&rest)).n)
		if (same_name(alias, name))
			return true;
	return false;
}

int field_find_published(struct str name)
{
	for (int id = 0; name.n && id < FIELDS_PUBLISHED; id++)
		if (fields[id].name[0] == tolower((unsigned char)name.s[0]) &&
		    same_name(str_of(fields[id].name), name))
			return id;
	/* Only the fields that CloudWatch Logs discovers by itself are called otherwise. */
	if (same_name(str_of("start-time"), name))
		return FIELD_START;
	if (same_name(str_of("end-time"), name))
		return FIELD_END;
	return FIELD_NONE;
}

int field_find(struct str name)
{
	int id = field_find_published(name);

	for (int i = FIELDS_PUBLISHED; id == FIELD_NONE && name.n && i < FIELDS_KNOWN; i++)
		if (same_name(str_of(fields[i].name), name))
			id = i;
	for (int i = 0; id == FIELD_NONE && name.n && i < FIELDS_KNOWN; i++)
		if (is_alias(fields[i].aliases, name))
			id = i;
	return id;
}

/* ---- IANA ---- */

struct number_name {
	unsigned number;
	const char *name; /* as shown, then its other names */
};

/* https://www.iana.org/assignments/protocol-numbers */
/* clang-format off */
static const struct number_name protocols[] = {
	{ 0, "hopopt" }, { 1, "icmp" }, { 2, "igmp" }, { 3, "ggp" }, { 4, "ipip ipv4" }, { 5, "st" },
	{ 6, "tcp" }, { 8, "egp" }, { 9, "igp" }, { 17, "udp" }, { 27, "rdp-27" }, { 33, "dccp" },
	{ 41, "ipv6" }, { 43, "ipv6-route" }, { 44, "ipv6-frag" }, { 46, "rsvp" }, { 47, "gre" },
	{ 50, "esp" }, { 51, "ah" }, { 58, "icmpv6 icmp6 ipv6-icmp" }, { 59, "ipv6-nonxt" },
	{ 60, "ipv6-opts" }, { 88, "eigrp" }, { 89, "ospf ospfigp" }, { 94, "ipip-94" },
	{ 97, "etherip" }, { 103, "pim" }, { 108, "ipcomp" }, { 112, "vrrp" }, { 115, "l2tp" },
	{ 124, "isis" }, { 132, "sctp" }, { 136, "udplite" }, { 137, "mpls-in-ip" },
};
/* clang-format on */

/* https://www.iana.org/assignments/service-names-port-numbers, under the names that
 * engineers use, and what is run on well-known ports without being assigned there. */
/* clang-format off */
static const struct number_name services[] = {
	{ 20, "ftp-data" }, { 21, "ftp" }, { 22, "ssh" }, { 23, "telnet" }, { 25, "smtp" },
	{ 43, "whois" }, { 49, "tacacs" }, { 53, "dns domain" }, { 67, "dhcp bootps" },
	{ 68, "dhcp-client bootpc" }, { 69, "tftp" }, { 70, "gopher" }, { 79, "finger" },
	{ 80, "http www" }, { 88, "kerberos" }, { 110, "pop3" }, { 111, "sunrpc rpcbind portmap" },
	{ 113, "ident" }, { 119, "nntp" }, { 123, "ntp" }, { 135, "msrpc epmap" },
	{ 137, "netbios-ns" }, { 138, "netbios-dgm" }, { 139, "netbios netbios-ssn" },
	{ 143, "imap" }, { 161, "snmp" }, { 162, "snmptrap" }, { 179, "bgp" }, { 389, "ldap" },
	{ 443, "https" }, { 445, "smb microsoft-ds cifs" }, { 464, "kpasswd" },
	{ 465, "smtps submissions" }, { 500, "isakmp ike" }, { 512, "exec" }, { 513, "login" },
	{ 514, "syslog shell" }, { 515, "printer lpd" }, { 543, "klogin" }, { 548, "afp" },
	{ 554, "rtsp" }, { 587, "submission" }, { 593, "rpc-http" }, { 623, "ipmi asf-rmcp" },
	{ 631, "ipp" }, { 636, "ldaps" }, { 853, "dot domain-s" }, { 873, "rsync" },
	{ 989, "ftps-data" }, { 990, "ftps" }, { 993, "imaps" }, { 995, "pop3s" },
	{ 1080, "socks" }, { 1194, "openvpn" }, { 1433, "mssql ms-sql-s" },
	{ 1434, "mssql-browser ms-sql-m" }, { 1521, "oracle" }, { 1701, "l2tp-udp" },
	{ 1723, "pptp" }, { 1812, "radius" }, { 1813, "radius-acct" }, { 1883, "mqtt" },
	{ 2049, "nfs" }, { 2181, "zookeeper" }, { 2375, "docker" }, { 2376, "docker-s" },
	{ 2379, "etcd etcd-client" }, { 2380, "etcd-peer etcd-server" }, { 3000, "grafana" },
	{ 3128, "squid" }, { 3260, "iscsi" }, { 3268, "gc msft-gc" }, { 3269, "gc-ssl" },
	{ 3306, "mysql" }, { 3389, "rdp ms-wbt-server" }, { 3478, "stun" }, { 4317, "otlp" },
	{ 4318, "otlp-http" }, { 4369, "epmd" }, { 4500, "ipsec-nat-t" }, { 4789, "vxlan" },
	{ 5000, "upnp" }, { 5060, "sip" }, { 5061, "sips" }, { 5044, "beats" }, { 5353, "mdns" },
	{ 5432, "postgres postgresql" }, { 5439, "redshift" }, { 5601, "kibana" },
	{ 5671, "amqps" }, { 5672, "amqp" }, { 5900, "vnc rfb" }, { 5985, "winrm wsman" },
	{ 5986, "winrms wsmans" }, { 6081, "geneve" }, { 6379, "redis" }, { 6443, "k8s kube-api" },
	{ 6514, "syslog-tls" }, { 6667, "irc ircd" }, { 7001, "weblogic" }, { 8000, "http-8000" },
	{ 8020, "hdfs" }, { 8080, "http-alt" }, { 8081, "http-8081" }, { 8086, "influxdb" },
	{ 8125, "statsd" }, { 8443, "https-alt" }, { 8500, "consul" }, { 8834, "nessus" },
	{ 8883, "mqtts" }, { 8888, "http-8888" }, { 9000, "http-9000" }, { 9042, "cassandra" },
	{ 9090, "prometheus" }, { 9092, "kafka" }, { 9093, "kafka-tls alertmanager" },
	{ 9094, "kafka-9094" }, { 9096, "kafka-sasl" }, { 9098, "kafka-iam" },
	{ 9100, "node-exporter jetdirect" }, { 9200, "elasticsearch opensearch" },
	{ 9300, "elasticsearch-transport" }, { 9418, "git" }, { 10250, "kubelet" },
	{ 11211, "memcached memcache" }, { 15672, "rabbitmq-mgmt" }, { 26379, "redis-sentinel" },
	{ 27017, "mongodb mongo" }, { 27018, "mongodb-27018" }, { 33434, "traceroute" },
	{ 50051, "grpc" }, { 51820, "wireguard" },
};
/* clang-format on */

static int find_number(const struct number_name *row, size_t n, struct str name)
{
	for (size_t i = 0; name.n && i < n; i++)
		if (is_alias(row[i].name, name))
			return (int)row[i].number;
	return -1;
}

static const char *find_name(const struct number_name *row, size_t n, unsigned number)
{
	for (size_t i = 0; i < n; i++)
		if (row[i].number == number)
			return row[i].name;
	return NULL;
}

struct str protocol_name(unsigned number)
{
	const char *names = find_name(protocols, ARRAY_SIZE(protocols), number);
	struct str rest = str_of(names ? names : "");

	return str_token(&rest);
}

int protocol_number(struct str name)
{
	return find_number(protocols, ARRAY_SIZE(protocols), name);
}

struct str service_name(unsigned port)
{
	const char *names = find_name(services, ARRAY_SIZE(services), port);
	struct str rest = str_of(names ? names : "");

	return str_token(&rest);
}

unsigned service_port(struct str name)
{
	int port = find_number(services, ARRAY_SIZE(services), name);

	return port < 0 ? 0 : (unsigned)port;
}

static uint8_t known_services[65536 / 8];

static void mark_services(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		known_services[services[i].number / 8] |= (uint8_t)(1u << services[i].number % 8);
}

const uint8_t *service_bitmap(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, mark_services);
	return known_services;
}
