/* The filter language: how it reads, what it refuses and where, its clauses. */
#include "filter/filter.h"
#include "support.h"

/* ---- how it reads ---- */

static const struct {
	const char *text, *reads;
} readings[] = {
	{ "", "" },
	{ "  ", "" },
	{ "443", "port=443" },
	{ "reject", "action=REJECT" },
	{ "deny", "action=REJECT" },
	{ "443 and reject", "port=443 and action=REJECT" },
	{ "443 reject", "port=443 and action=REJECT" },
	{ "10.0.0.0/8", "addr=10.0.0.0/8" },
	{ "2001:db8::1", "addr=2001:db8::1" },
	{ "src=10.0.0.0/8 or dport=22,443", "srcaddr=10.0.0.0/8 or dstport=22,443" },
	{ "src 10.0.0.1 > dst 10.0.0.2", "srcaddr=10.0.0.1 and dstaddr=10.0.0.2" },
	{ "dst port 22", "dstport=22" },
	{ "host 10.0.0.1", "addr=10.0.0.1" },
	{ "src net 10.0.0.0/8", "srcaddr=10.0.0.0/8" },
	{ "https", "port=443" },
	{ "tcp", "protocol=6" },
	{ "dstPort==443", "dstport=443" },
	{ "dport in (22, 443)", "dstport=22,443" },
	{ "dport=1-1023", "dstport=1-1023" },
	{ "proto!=tcp", "protocol!=6" },
	{ "action=-", "action=-" },
	{ "bytes>=1Ki", "bytes>=1024" },
	{ "/a b (c)/", "/a b (c)/" },
	{ "bytes>1.5M", "bytes>1500000" },
	{ "bytes<2GiB", "bytes<2147483648" },
	{ "not packets<=3", "not packets<=3" },
	{ "bytes=1k-2k", "bytes=1000-2000" },
	{ "bytes<0", "bytes<0" },
	{ "dport=ssh,https,8000-8100", "dstport=22,443,8000-8100" },
	{ "22,443", "port=22,443" },
	{ "1-1023", "port=1-1023" },
	{ ":8080", "port=8080" },
	{ "10.0.0.1,10.1.0.0/16", "addr=10.0.0.1,10.1.0.0/16" },
	{ "10.0.0.1-10.0.0.9", "addr=10.0.0.1-10.0.0.9" },
	{ "10.0.*", "addr=10.0.0.0/16" },
	{ "src=10/8", "srcaddr=10.0.0.0/8" },
	{ "net 10.1.", "addr=10.1.0.0/16" },
	{ "2001:db8::/32", "addr=2001:db8::/32" },
	{ "ipv6", "addr=::/0" },
	{ "ipv4", "addr=0.0.0.0/0" },
	{ "10.0.0.1:https", "10.0.0.1:443" },
	{ "[2001:db8::1]:443", "[2001:db8::1]:443" },
	{ "not 10.0.0.1:22", "not 10.0.0.1:22" },
	{ "(10.0.0.1:22 or tcp) and udp", "(10.0.0.1:22 or protocol=6) and protocol=17" },
	{ "pkt_dstAddr:10.0.0.1", "pkt-dstaddr=10.0.0.1" },
	{ "PKT-DST=10.0.0.1", "pkt-dstaddr=10.0.0.1" },
	{ "src ::1", "srcaddr=::1" },
	{ "host ::1", "addr=::1" },
	{ "dst host ::1", "dstaddr=::1" },
	{ "net ::/0", "addr=::/0" },
	{ "src ::1 > dst ::2", "srcaddr=::1 and dstaddr=::2" },
	{ "src :: or dst ::", "srcaddr=:: or dstaddr=::" },
	{ "action : reject", "action=REJECT" },
	{ "inet6 or inet", "addr=::/0 or addr=0.0.0.0/0" },
	{ "arn:aws:ecs", "/arn:aws:ecs/" },
	{ "2001:db8:", "/2001:db8:/" },
	{ "fe80:", "/fe80:/" },
	{ "env:prod", "/env:prod/" },
	{ "https://foo", "/https:\\/\\/foo/" },
	{ "ssh://10.0.0.1:22/x", "/ssh:\\/\\/10.0.0.1:22\\/x/" },
	{ "app:1", "/app:1/" },
	{ "tag:x", "/tag:x/" },
	{ "pod:x", "/pod:x/" },
	{ "log:22", "/log:22/" },
	{ "vpn:10", "/vpn:10/" },
	{ "job:5", "/job:5/" },
	{ "web:80", "/web:80/" },
	{ "aws:autoscaling:groupName", "/aws:autoscaling:groupName/" },
	{ "scr:x", "/scr:x/" },
	{ "\"state:X\"", "/state:X/" },
	{ "10.0.0.1 > 10.0.0.2:5432", "client=10.0.0.1 and server=10.0.0.2 and service=5432" },
	{ "10.0.0.1 > ~10.0.0.2:5432/tcp",
	  "client=10.0.0.1 and server=10.0.0.2 and service=5432 and protocol=6" },
	{ "~10.0.0.1 > 10.0.0.2", "client=10.0.0.1 and server=10.0.0.2" },
	{ "…32.10 > ~10.20.32.60:443",
	  "client~/32\\.10$/ and server=10.20.32.60 and service=443" },
	{ "… > 10.20.32.60:443", "server=10.20.32.60 and service=443" },
	{ "* > *.32.60:443", "server~/\\.32\\.60$/ and service=443" },
	{ "*17.22 > ~…32.60:443", "client~/17\\.22$/ and server~/32\\.60$/ and service=443" },
	{ "… <> 10.20.32.60", "pair=10.20.32.60" },
	{ "~17.22 > ~.32.60:443", "client~/17\\.22$/ and server~/\\.32\\.60$/ and service=443" },
	{ "10.0.0.1 >~32.11:5432/tcp",
	  "client=10.0.0.1 and server~/32\\.11$/ and service=5432 and protocol=6" },
	{ "2001:db8::1 > ~2001:db8::2:443",
	  "client=2001:db8::1 and server=2001:db8::2 and service=443" },
	{ "2001:db8::1 > [2001:db8::2]:443",
	  "client=2001:db8::1 and server=2001:db8::2 and service=443" },
	{ "2001:db8::1 > 2001:db8::2", "client=2001:db8::1 and server=2001:db8::2" },
	{ "10.0.0.0/24 > 10.1.0.0/24:443",
	  "client=10.0.0.0/24 and server=10.1.0.0/24 and service=443" },
	{ "10.0.0.1 > 10.0.0.2:-", "client=10.0.0.1 and server=10.0.0.2 and service=-" },
	{ "10.0.0.1 <> 10.0.0.2", "pair=10.0.0.1 and pair=10.0.0.2" },
	{ "not 10.0.0.1 > 10.0.0.2", "not (client=10.0.0.1 and server=10.0.0.2)" },
	{ "reject 10.0.0.1>10.0.0.2:22",
	  "action=REJECT and (client=10.0.0.1 and server=10.0.0.2 and service=22)" },
	{ "eni-0a1b2c3d4e5f60718", "interface-id=eni-0a1b2c3d4e5f60718" },
	{ "eni-0a*", "interface-id=eni-0a*" },
	{ "eni=a\"b*", "interface-id=a\"b*" },
	{ "eni='a*'", "interface-id=\"a*\"" },
	{ "eni='it\\'s \"x\"'", "interface-id=\"it's \\\"x\\\"\"" },
	{ "i-0123456789abcdef0", "instance-id=i-0123456789abcdef0" },
	{ "vpc-12345678", "vpc-id=vpc-12345678" },
	{ "subnet-12345678,subnet-87654321", "subnet-id=subnet-12345678,subnet-87654321" },
	{ "tgw-attach-0123456789", "tgw-attachment-id=tgw-attach-0123456789" },
	{ "tgw-0123456789", "tgw-id=tgw-0123456789" },
	{ "nat-0123456789", "resource-id=nat-0123456789" },
	{ "123456789012", "account-id=123456789012" },
	{ "bpa", "reject-reason=BPA" },
	{ "reason=EC", "reject-reason=EC" },
	{ "egress", "flow-direction=egress" },
	{ "dir in (outbound,Ingress)", "flow-direction=egress,ingress" },
	{ "dir=\"internal\"", "flow-direction=\"internal\"" },
	{ "action!=blocked", "action!=REJECT" },
	{ "dir=in*", "flow-direction=in*" },
	{ "instance-tag=\"a*b\"", "instance-tag=\"a*b\"" },
	{ "instance-tag=\"a b\"", "instance-tag=\"a b\"" },
	{ "instance-tag='say \"x\"'", "instance-tag=\"say \\\"x\\\"\"" },
	{ "az=use1-az1", "az-id=use1-az1" },
	{ "proto=gre,50,rdp", "protocol=47,50,27" },
	{ "protocol=ipv6-icmp", "protocol=58" },
	{ "flags=syn+ack,none,4", "tcp-flags=syn+ack,0,4" },
	{ "flags=synack", "tcp-flags=syn+ack" },
	{ "dport not in (22)", "dstport!=22" },
	{ "dport=*", "dstport=*" },
	{ "src=*", "srcaddr=*" },
	{ "src!=-", "srcaddr!=-" },
	{ "src port 80,443", "srcport=80,443" },
	{ "portrange 6000-6008", "port=6000-6008" },
	{ "src net 10.0.0.0/8 > dst port 22", "srcaddr=10.0.0.0/8 and dstport=22" },
	{ "start>=-15m", "start>=2023-11-14T21:58:20Z" },
	{ "end>2023-11-13", "end>2023-11-13T23:59:59Z" },
	{ "end=2023-11-13", "end=2023-11-13T00:00:00Z..2023-11-13T23:59:59Z" },
	{ "end=22:00-22:10", "end=2023-11-14T22:00:00Z..2023-11-14T22:10:00Z" },
	{ "end=1700000000000", "end=2023-11-14T22:13:20Z" },
	{ "end=1700000000123", "end=2023-11-14T22:13:20.123Z" },
	{ "end>1700000000.5", "end>2023-11-14T22:13:20.500Z" },
	{ "end<=22:13:20", "end<=2023-11-14T22:13:20Z" },
	{ "end<=22:13", "end<=2023-11-14T22:13:59Z" },
	{ "end<22:13:20.999", "end<2023-11-14T22:13:20.999Z" },
	{ "end=22:13:20.25-22:13:21.75", "end=2023-11-14T22:13:20.250Z..2023-11-14T22:13:21.750Z" },
	{ "dst~^10\\.", "dstaddr~/^10\\./" },
	{ "eni!~/a\\/b c/", "interface-id!~/a\\/b c/" },
	{ "/a\\\\/", "/a\\\\/" },
	{ "cr \\c\\ $", "(/cr/ and /\\x1c/ and /$/)" },
	{ "/\\ca\\/b/", "/\\x01\\/b/" },
	{ "/\\Qa\\b/c\\Ed\\/e/", "/\\Qa\\E\\\\\\Qb\\E\\/\\Qc\\Ed\\/e/" },
	{ "'a.b'", "/a\\.b/" },
	{ "not (a b)", "not (/a/ and /b/)" },
	{ "not not tcp", "not protocol!=6" },
	{ "-tcp", "protocol!=6" },
	{ "(accept || reject) && !udp", "(action=ACCEPT or action=REJECT) and protocol!=17" },
};

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(readings); i++) {
		struct filter_error e = { .message = "" };
		struct filter *f = filter_new(str_of(readings[i].text), 1700000000, &e), *again;
		assert_string_equal(e.message, "");
		assert_non_null(f);
		assert_string_equal(filter_reads(f), readings[i].reads);
		/* What it says means the same whenever it is read. */
		again = filter_new(str_of(filter_says(f)), 1800000000, &e);
		assert_non_null(again);
		assert_string_equal(filter_reads(again), readings[i].reads);
		assert_false(filter_is_relative(again));
		filter_free(again);
		/* What it reads can be typed, and reads the same. */
		again = filter_new(str_of(filter_reads(f)), 1700000000, &e);
		assert_non_null(again);
		assert_string_equal(filter_reads(again), readings[i].reads);
		filter_free(f);
		filter_free(again);
	}
}

static const struct {
	const char *text;
	size_t column;
	const char *says;
} mistakes[] = {
	{ "dprt=3", 0, "did you mean dport" },
	{ "cost > 0.01", 0, "'cost' is a sum of records, no field of one: -m cost" },
	{ "tcp and flows>5", 8, "-m flows (m on screen) ranks by it" },
	{ "443 and dprt=3", 8, "unknown field" },
	{ "a and", 5, "missing" },
	{ "(443", 0, ")" },
	{ "/(/", 2, "parenthesis" },
	{ "dport=70000", 6, "no port" },
	{ "src=10.0.0.0/99", 4, "no network" },
	{ "bytes>", 6, "missing" },
	{ "dport 443", 0, "an operator is missing: dport=443" },
	{ "reject and bytes", 11, "is a field" },
	{ "a & b", 2, "'and' or '&&'" },
	{ "a | b", 2, "'or' or '||'" },
	{ "a - b", 2, "alone says nothing" },
	{ "and b", 0, "nothing before it" },
	{ "a or or b", 5, "nothing before it" },
	{ "action like 'REJ%'", 7, "FIELD=text*" },
	{ "dport<>22", 5, "written !=" },
	{ "dst=~^10", 3, "written ~" },
	{ "bytes=>5", 5, "written >=" },
	{ "bytes between 1 and 5", 6, "low-high" },
	{ "70000", 0, "no port" },
	{ "protocol=300", 9, "no protocol" },
	{ "dport=443-22", 6, "ends before it begins" },
	{ "bytes>1,2", 5, "one at a time" },
	{ "action>3", 6, "only numbers" },
	{ "src=10.0.0.1:443", 4, "two fields" },
	{ "10.0.0.1 > x", 9, "src A > dst B" },
	{ "10.0.0.1 > 10.0.0.2:53/dup", 23, "no protocol" },
	{ "10.0.0.1 >~5432/tcp", 10, "cut off" },
	{ "10.0.0.1 >= 10.0.0.2", 0, "unknown field" },
	{ "byts > 5", 0, "did you mean bytes" },
	{ "src::1", 4, "':1' is no address" },
	{ "action=foo", 7, "'foo' is no action: ACCEPT, REJECT" },
	{ "dir in (in, foo)", 12, "ingress, egress; in quotes" },
	{ "type=ipv5", 5, "IPv4, IPv6, EFA" },
	{ "state:X", 0, "did you mean action" },
	{ "state=X", 0, "did you mean action" },
	{ "tcp source.ip: A", 4, "did you mean srcaddr" },
	{ "destination_port=443", 0, "did you mean dstport" },
	{ "srcIpAddr:10.0.0.1", 0, "did you mean srcaddr" },
	{ "tcp:443", 0, "tcp and 443" },
	{ "https:", 0, "https and ..." },
	{ "dprt:443", 0, "did you mean dport" },
	{ "post:80", 0, "did you mean port" },
	{ "prt:80", 0, "did you mean port" },
	{ "ssh:22", 0, "'ssh' is no field but a word: ssh and 22" },
	{ "protcol:6", 0, "As text it stands in quotes: \"protcol:6\"" },
	{ "acount:1", 0, "did you mean account" },
	{ "scr:10.0.0.1", 0, "did you mean src" },
	{ "dts:10.0.0.0/8", 0, "did you mean dst" },
	{ "10\\.0\\.(1|2)", 7, "between slashes" },
	{ "a{1,3}", 3, "between slashes" },
	{ "[a b]", 2, "between slashes" },
	{ "dst~(a|b)", 4, "value is missing" },
	{ "dst~a(b|c)", 5, "between slashes" },
	{ "dst~\"\"", 5, "empty" },
	{ "action=\"\"", 7, "empty" },
	{ "eni=\"x", 4, "not closed" },
	{ "end>25:00", 4, "no time" },
	{ "flags=sny", 6, "no flag set" },
	{ "dport in 22", 9, "in parentheses" },
	{ "10.0.0.0/33", 0, "at most /32" },
	{ ")", 0, "" },
};

static void errors_have_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		struct filter_error e;
		assert_null(filter_new(str_of(mistakes[i].text), 0, &e));
		assert_int_equal(e.column, mistakes[i].column);
		assert_non_null(strstr(e.message, mistakes[i].says));
	}
}

/* ---- clauses ---- */

static const struct {
	const char *text, *clause[4]; /* as typed */
	const char *reads;            /* joined */
} clauses[] = {
	{ "", { NULL }, "" },
	{ "reject", { "reject" }, "action=REJECT" },
	{ "reject  443 && not udp ",
	  { "reject", "443", "not udp" },
	  "action=REJECT and port=443 and protocol!=17" },
	{ "a or b", { "(a or b)" }, "(/a/ or /b/)" },
	{ "(a or b) and (c d)", { "(a or b)", "(c d)" }, "(/a/ or /b/) and (/c/ and /d/)" },
	{ "(reject and tcp)", { "reject", "tcp" }, "action=REJECT and protocol=6" },
	{ "/a b/", { "(/a b/)" }, "(/a b/)" },
	{ "/a b", { "(/a b/)" }, "(/a b/)" },
	{ "(/a b/) tcp", { "(/a b/)", "tcp" }, "(/a b/) and protocol=6" },
	{ "10.0.0.1:22", { "10.0.0.1:22" }, "10.0.0.1:22" },
	{ "src 10.0.0.1 > dst 10.0.0.2",
	  { "srcaddr=10.0.0.1", "dstaddr=10.0.0.2" },
	  "srcaddr=10.0.0.1 and dstaddr=10.0.0.2" },
	{ "10.0.0.1 > 10.0.0.2:22",
	  { "client=10.0.0.1", "server=10.0.0.2", "service=22" },
	  "client=10.0.0.1 and server=10.0.0.2 and service=22" },
	{ "tcp 10.0.0.1 > ~10.0.0.2:22",
	  { "tcp", "10.0.0.1 > ~10.0.0.2:22" },
	  "protocol=6 and (client=10.0.0.1 and server=10.0.0.2 and service=22)" },
	{ "end>=-15m tcp", { "end>=-15m", "tcp" }, "end>=2023-11-14T21:58:20Z and protocol=6" },
};

/* Every clause is a filter of its own, and all of them are the filter again. */
static void clauses_are_filters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(clauses); i++) {
		struct filter_error e;
		struct filter *f = filter_new(str_of(clauses[i].text), 1700000000, &e), *again;
		struct buf typed = { 0 }, reads = { 0 };
		size_t n = 0;
		for (; n < 4 && clauses[i].clause[n]; n++) {
			assert_string_equal(filter_clause(f, n), clauses[i].clause[n]);
			again = filter_new(str_of(filter_clause(f, n)), 1700000000, &e);
			assert_non_null(again);
			filter_free(again);
			buf_printf(&typed, "%s%s", n ? " and " : "", filter_clause(f, n));
			buf_printf(&reads, "%s%s", n ? " and " : "", filter_clause_reads(f, n));
		}
		assert_int_equal(filter_clauses(f), n);
		assert_string_equal(n ? reads.s : "", clauses[i].reads);
		again = filter_new(buf_str(&typed), 1700000000, &e);
		assert_string_equal(filter_reads(again), filter_reads(f));
		filter_free(again);
		again = filter_new(buf_str(&reads), 1700000000, &e);
		assert_string_equal(filter_reads(again), filter_reads(f));
		filter_free(again);
		filter_free(f);
		buf_release(&typed);
		buf_release(&reads);
	}
}

/* ---- depth ---- */

static void nested(unsigned depth, const char *open, const char *inner, const char *close,
		   struct buf *out)
{
	for (unsigned i = 0; i < depth; i++)
		buf_puts(out, open);
	buf_puts(out, inner);
	for (unsigned i = 0; i < depth; i++)
		buf_puts(out, close);
}

/* However deep: what is taken reads as a filter, and its clauses do. */
static void what_is_taken_can_be_read(void **state)
{
	static const struct {
		const char *open, *inner, *close;
	} shapes[] = {
		{ "(", "tcp or udp", ")" },
		{ "not (", "tcp udp", ")" },
		{ "!(", "src 10.0.0.1 > dst 10.0.0.2", " or 443)" },
		{ "-", "10.0.0.1 > 10.0.0.2:22", "" },
		{ "not ", "src 10.0.0.1 > dst 10.0.0.2", "" },
		{ "(tcp or (", "not /x/", " 22))" },
		{ "((", "/a/ b", ") or /c/)" },
		{ "(22 (", "10.0.0.1:22", " or udp))" },
	};
	unsigned taken = 0, refused = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		for (unsigned depth = 0; depth < 70; depth++) {
			struct buf text = { 0 };
			struct filter_error e;
			nested(depth, shapes[i].open, shapes[i].inner, shapes[i].close, &text);
			struct filter *f = filter_new(buf_str(&text), 0, &e), *again;
			if (!f) {
				assert_non_null(
					strstr(e.message, "too deep: more than 64 parentheses"));
				refused++;
				buf_release(&text);
				continue;
			}
			taken++;
			again = filter_new(str_of(filter_reads(f)), 0, &e);
			if (!again)
				fail_msg("'%s' reads '%s'", text.s, filter_reads(f));
			assert_string_equal(filter_reads(again), filter_reads(f));
			filter_free(again);
			for (size_t k = 0; k < filter_clauses(f); k++) {
				again = filter_new(str_of(filter_clause(f, k)), 0, &e);
				if (!again)
					fail_msg("'%s' has the clause '%s': %s", text.s,
						 filter_clause(f, k), e.message);
				filter_free(again);
			}
			filter_free(f);
			buf_release(&text);
		}
	assert_true(taken > 250 && refused > 50);
}

/* ---- words that are being typed ---- */

static void beginnings_wait(void **state)
{
	static const char *const wait[] = { "d",     "dp",      "dport", "s",    "src",  "eni-",
					    "o",     "an",      "no",    "rej",  "acc",  "ud",
					    "pkt",   "PKT_src", "insta", "addr", "port", "in",
					    "clien", "host",    "hos" };
	static const char *const go[] = { "",     "reject", "tcp", "ssh",   "443", "10.0",
					  "xyz",  "dportx", "-d",  "eni-0", "web", "ec",
					  "ipv6", "udp",    "1",   "fe80:", "a.b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wait); i++)
		if (!filter_word_begins(str_of(wait[i])))
			fail_msg("'%s' does not wait", wait[i]);
	for (size_t i = 0; i < ARRAY_SIZE(go); i++)
		if (filter_word_begins(str_of(go[i])))
			fail_msg("'%s' waits", go[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(errors_have_places),
		cmocka_unit_test(clauses_are_filters),
		cmocka_unit_test(what_is_taken_can_be_read),
		cmocka_unit_test(beginnings_wait),
	};

	return cmocka_run_group_tests_name("filter_reads", tests, NULL, NULL);
}
