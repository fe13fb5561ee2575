/* field.c - see field.h; with the IANA names of protocols and service ports. */
#include "schema/field.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

static const struct field fields[FIELDS_KNOWN] = {
#define X(id, name, type, version, title, aliases, help) \
	[FIELD_##id] = { name, type, version, title, aliases, help },
	FIELDS(X) DERIVED_FIELDS(X) LABEL_FIELDS(X)
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
	{ 0, "hopopt" }, { 1, "icmp" }, { 2, "igmp" }, { 3, "ggp" },
	{ 4, "ipip ipv4 ip-in-ip" }, { 5, "st" }, { 6, "tcp" }, { 7, "cbt" }, { 8, "egp" },
	{ 9, "igp" }, { 10, "bbn-rcc-mon" }, { 11, "nvp-ii" }, { 12, "pup" }, { 13, "argus" },
	{ 14, "emcon" }, { 15, "xnet" }, { 16, "chaos" }, { 17, "udp" }, { 18, "mux" },
	{ 19, "dcn-meas" }, { 20, "hmp" }, { 21, "prm" }, { 22, "xns-idp" }, { 23, "trunk-1" },
	{ 24, "trunk-2" }, { 25, "leaf-1" }, { 26, "leaf-2" }, { 27, "rdp-27 rdp" },
	{ 28, "irtp" }, { 29, "iso-tp4" }, { 30, "netblt" }, { 31, "mfe-nsp" },
	{ 32, "merit-inp" }, { 33, "dccp" }, { 34, "3pc" }, { 35, "idpr" }, { 36, "xtp" },
	{ 37, "ddp" }, { 38, "idpr-cmtp" }, { 39, "tp++" }, { 40, "il" }, { 41, "ipv6" },
	{ 42, "sdrp" }, { 43, "ipv6-route" }, { 44, "ipv6-frag" }, { 45, "idrp" },
	{ 46, "rsvp" }, { 47, "gre" }, { 48, "dsr" }, { 49, "bna" }, { 50, "esp" },
	{ 51, "ah" }, { 52, "i-nlsp" }, { 53, "swipe min-ipv4" }, { 54, "narp" },
	{ 55, "mobile" }, { 56, "tlsp" }, { 57, "skip" }, { 58, "icmpv6 icmp6 ipv6-icmp" },
	{ 59, "ipv6-nonxt" }, { 60, "ipv6-opts" }, { 62, "cftp" }, { 64, "sat-expak" },
	{ 65, "kryptolan" }, { 66, "rvd" }, { 67, "ippc" }, { 69, "sat-mon" }, { 70, "visa" },
	{ 71, "ipcv" }, { 72, "cpnx" }, { 73, "cphb" }, { 74, "wsn" }, { 75, "pvp" },
	{ 76, "br-sat-mon" }, { 77, "sun-nd" }, { 78, "wb-mon" }, { 79, "wb-expak" },
	{ 80, "iso-ip" }, { 81, "vmtp" }, { 82, "secure-vmtp" }, { 83, "vines" },
	{ 84, "iptm ttp" }, { 85, "nsfnet-igp" }, { 86, "dgp" }, { 87, "tcf" },
	{ 88, "eigrp" }, { 89, "ospf ospfigp" }, { 90, "sprite-rpc" }, { 91, "larp" },
	{ 92, "mtp" }, { 93, "ax.25" }, { 94, "ipip-94" }, { 95, "micp" }, { 96, "scc-sp" },
	{ 97, "etherip" }, { 98, "encap" }, { 100, "gmtp" }, { 101, "ifmp" }, { 102, "pnni" },
	{ 103, "pim" }, { 104, "aris" }, { 105, "scps" }, { 106, "qnx" }, { 107, "a/n" },
	{ 108, "ipcomp" }, { 109, "snp" }, { 110, "compaq-peer" }, { 111, "ipx-in-ip" },
	{ 112, "vrrp" }, { 113, "pgm" }, { 115, "l2tp" }, { 116, "ddx" }, { 117, "iatp" },
	{ 118, "stp" }, { 119, "srp" }, { 120, "uti" }, { 121, "smp" }, { 122, "sm" },
	{ 123, "ptp" }, { 124, "isis" }, { 125, "fire" }, { 126, "crtp" }, { 127, "crudp" },
	{ 128, "sscopmce" }, { 129, "iplt" }, { 130, "sps" }, { 131, "pipe" }, { 132, "sctp" },
	{ 133, "fc" }, { 134, "rsvp-e2e-ignore" }, { 135, "mobility-header" },
	{ 136, "udplite" }, { 137, "mpls-in-ip" }, { 138, "manet" }, { 139, "shim6" },
	{ 140, "wesp" }, { 141, "rohc" }, { 142, "ethernet" }, { 143, "aggfrag" },
	{ 144, "nsh" }, { 145, "homa" }, { 146, "bit-emu" },
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
