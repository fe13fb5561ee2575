/* slow_labels.c - see slow_labels.h. */
#include "slow_labels.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "mmdb_write.h"
#include "support.h"

static const char names[] = "# who is who\n"
			    "10.0.0.0/16 office\n"
			    "10.0.1.0/24,\"lab, \"\"net\"\"\"\r\n"
			    "10.0.0.1\tweb-1\n"
			    "10.0.1.2 old\n"
			    "10.0.1.2 web-2 # the later one counts\n"
			    "eni-1 nat\n"
			    "123456789012 prod\n";
static const char interfaces[] =
	"{ \"NetworkInterfaces\": [\n"
	"{\"NetworkInterfaceId\":\"eni-2\",\"OwnerId\":\"123456789012\",\"Description\":\"elb\","
	"\"TagSet\":[{\"Key\":\"Name\",\"Value\":\"front\"}],"
	"\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.1.5\","
	"\"Association\":{\"PublicIp\":\"10.0.0.9\"}}],"
	"\"Ipv6Addresses\":[{\"Ipv6Address\":\"2001:db8::3\"}]},\n"
	"{\"NetworkInterfaceId\":\"eni-3\",\"Description\":\"\",\"TagSet\":[],"
	"\"Attachment\":{\"InstanceId\":\"i-0abc\"},\"PrivateIpAddress\":\"10.0.1.6\"}]}\n";
static const char ranges[] =
	"{\"prefixes\":[{\"ip_prefix\":\"10.0.0.0/28\",\"region\":\"us-east-1\",\"service\":\"S3\"},"
	"{\"ip_prefix\":\"10.0.0.4/30\",\"region\":\"eu-west-1\",\"service\":\"EC2\"},"
	"{\"ip_prefix\":\"10.0.0.0/28\",\"region\":\"us-east-1\",\"service\":\"AMAZON\"}],"
	"\"ipv6_prefixes\":[{\"ipv6_prefix\":\"2001:db8::4/126\",\"region\":\"GLOBAL\","
	"\"service\":\"CLOUDFRONT\"}]}";
static const struct mmdb_network networks[] = {
	{ "10.0.0.0/29", "DE", 64500, "Example Net" },
	{ "10.0.1.0/29", "US", 64501, "An Organisation of a Longer Name" },
	{ "2001:db8::/126", "FR", 0, NULL },
};

/* The same by hand. */
static const struct rule {
	const char *label, *network;
	unsigned bits;
	const char *text;
} rules[] = {
	{ "name", "10.0.0.0", 16, "office" },
	{ "name", "10.0.1.0", 24, "lab, \"net\"" },
	{ "name", "10.0.0.1", 32, "web-1" },
	{ "name", "10.0.1.2", 32, "web-2" },
	{ "name", "10.0.1.5", 32, "front" },
	{ "name", "10.0.0.9", 32, "front" },
	{ "name", "10.0.1.6", 32, "i-0abc" },
	{ "name", "2001:db8::3", 128, "front" },
	{ "scope", "0.0.0.0", 0, "internet" },
	{ "scope", "::", 0, "internet" },
	{ "scope", "10.0.0.0", 8, "internal" },
	{ "scope", "2001:db8::6", 127, "internal" },
	{ "aws-service", "10.0.0.0", 28, "S3" },
	{ "aws-service", "10.0.0.4", 30, "EC2" },
	{ "aws-service", "2001:db8::4", 126, "CLOUDFRONT" },
	{ "aws-region", "10.0.0.0", 28, "us-east-1" },
	{ "aws-region", "10.0.0.4", 30, "eu-west-1" },
	{ "aws-region", "2001:db8::4", 126, "GLOBAL" },
	{ "country", "10.0.0.0", 29, "DE" },
	{ "country", "10.0.1.0", 29, "US" },
	{ "country", "2001:db8::", 126, "FR" },
	{ "as", "10.0.0.0", 29, "AS64500 Example Net" },
	{ "as", "10.0.1.0", 29, "AS64501 An Organisation of a Longer Name" },
};
static const char *const texts[][2] = {
	{ "eni-1", "nat" }, { "eni-2", "front" }, { "eni-3", "i-0abc" }, { "123456789012", "prod" }
};

static bool known, with_mmdb;

static bool holds(const struct rule *r, const char *address)
{
	int family = strchr(r->network, ':') ? AF_INET6 : AF_INET;
	unsigned char a[16], b[16];

	if (inet_pton(family, address, a) != 1)
		return false;
	inet_pton(family, r->network, b);
	for (unsigned i = 0; i < r->bits; i++)
		if ((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static const char *of_address(const char *label, const char *address)
{
	const struct rule *best = NULL;

	if (!with_mmdb && (strcmp(label, "country") == 0 || strcmp(label, "as") == 0))
		return "-";
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (strcmp(rules[i].label, label) == 0 && holds(&rules[i], address) &&
		    (!best || rules[i].bits > best->bits))
			best = &rules[i];
	return best ? best->text : "-";
}

static const char *of_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (strcmp(texts[i][0], text) == 0)
			return texts[i][1];
	return "-";
}

static int side_of(const char *name, const char **label)
{
	static const struct {
		const char *prefix;
		int field;
	} sides[] = { { "src-", FIELD_SRCADDR },
		      { "dst-", FIELD_DSTADDR },
		      { "client-", FIELD_CLIENT },
		      { "server-", FIELD_SERVER } };

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
		if (strncmp(name, sides[i].prefix, strlen(sides[i].prefix)) == 0) {
			*label = name + strlen(sides[i].prefix);
			return sides[i].field;
		}
	return FIELD_NONE;
}

bool slow_is_label(int field)
{
	const char *name = field_name(field), *label;

	return field > FIELD_BIN && field < FIELDS_KNOWN &&
	       (side_of(name, &label) != FIELD_NONE || strcmp(name, "scope") == 0 ||
		strcmp(name, "interface-name") == 0 || strcmp(name, "account-name") == 0);
}

const char *slow_label(const struct slow_flow *f, int field)
{
	const char *name = field_name(field), *label;
	int side = side_of(name, &label);

	if (!known)
		return "-";
	if (side != FIELD_NONE)
		return of_address(label, slow_raw(f, side));
	if (strcmp(name, "interface-name") == 0)
		return of_text(slow_raw(f, FIELD_INTERFACE_ID));
	if (strcmp(name, "account-name") == 0)
		return of_text(slow_raw(f, FIELD_ACCOUNT_ID));
	const char *src = of_address("scope", slow_raw(f, FIELD_SRCADDR));
	const char *dst = of_address("scope", slow_raw(f, FIELD_DSTADDR));
	if (strcmp(src, "-") == 0 || strcmp(dst, "-") == 0)
		return "-";
	return strcmp(src, "internal") == 0 && strcmp(dst, "internal") == 0 ? "internal"
									    : "internet";
}

/* ---- the files ---- */

static void write_file(const char *dir, const char *name, const char *text, char *path, size_t size)
{
	FILE *f;

	snprintf(path, size, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

void slow_labels_open(struct dict *d)
{
	struct labels *l = labels_new(d);
	struct label_faults faults = { 0 };
	char dir[] = "/tmp/enitop-labels-XXXXXX", path[96];
	struct str bad;

	assert_non_null(mkdtemp(dir));
	write_file(dir, "names", names, path, sizeof path);
	assert_int_equal(labels_add_names(l, path, &faults), 0);
	unlink(path);
	write_file(dir, "enis.json", interfaces, path, sizeof path);
	assert_int_equal(labels_add_names(l, path, &faults), 0);
	unlink(path);
	write_file(dir, "ranges.json", ranges, path, sizeof path);
	assert_int_equal(labels_add_aws(l, path, &faults), 0);
	unlink(path);
	assert_true(labels_add_internal(l, str_of("2001:db8::6/127"), &bad));
	with_mmdb = labels_can_mmdb();
	if (with_mmdb) {
		snprintf(path, sizeof path, "%s/db.mmdb", dir);
		assert_true(mmdb_write(path, MMDB_GEOLITE, networks, ARRAY_SIZE(networks)));
		assert_int_equal(labels_add_mmdb(l, path, &faults), 0);
		unlink(path);
	}
	rmdir(dir);
	assert_int_equal(faults.n, 0);
	known = true;
}

void slow_labels_close(struct dict *d)
{
	known = false;
	labels_free(dict_labels(d));
}
