/* format_guess.c - the format of a record from the shape of its line: the orders in
 * which AWS lists fields, checked against the types of the values in their places.
 * Sources: FORMATS of AWS' documentation (tables and examples of the VPC and Transit
 * Gateway guides), and the alphabetical and console orders met in the wild. */
#include "schema/format.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "schema/reading.h"
#include "schema/spelling.h"

#define V2 \
	"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets " \
	"bytes start end action log-status"
#define V3 V2 " vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr"
#define V4_COLUMNS " region az-id sublocation-type sublocation-id"
#define V5_COLUMNS " pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path"
#define V4 V3 V4_COLUMNS
#define V5 V4 V5_COLUMNS
#define ECS \
	" ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn " \
	"ecs-container-instance-id ecs-container-id ecs-second-container-id " \
	"ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id"
#define CONSOLE_ECS \
	" ecs-cluster-name ecs-cluster-arn ecs-container-instance-id " \
	"ecs-container-instance-arn ecs-service-name ecs-task-definition-arn ecs-task-id " \
	"ecs-task-arn ecs-container-id ecs-second-container-id"
#define V7 V5 ECS
#define V8 V7 " reject-reason"
#define V9 V8 " resource-id"
#define V10 V9 " encryption-status"
#define V11 \
	V10 " instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 " \
	    "interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id " \
	    "next-hop-vpc-id next-hop-interface-type"
#define ALPHABETICAL \
	"account-id action az-id bytes dstaddr dstport end flow-direction " \
	"instance-id interface-id log-status packets pkt-dst-aws-service pkt-dstaddr " \
	"pkt-src-aws-service pkt-srcaddr protocol region srcaddr srcport start " \
	"sublocation-id sublocation-type subnet-id tcp-flags traffic-path type version vpc-id"
#define ALPHABETICAL_V8 \
	"account-id action az-id bytes dstaddr dstport end flow-direction " \
	"instance-id interface-id log-status packets pkt-dst-aws-service pkt-dstaddr " \
	"pkt-src-aws-service pkt-srcaddr protocol region reject-reason srcaddr srcport " \
	"start sublocation-id sublocation-type subnet-id tcp-flags traffic-path type " \
	"version vpc-id"
#define TGW \
	"version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id " \
	"tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id " \
	"tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id " \
	"tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes " \
	"start end log-status type packets-lost-no-route packets-lost-blackhole " \
	"packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region " \
	"flow-direction pkt-src-aws-service pkt-dst-aws-service"

/* Tried in this order among those with the line's number of values. */
static const struct shape {
	const char *names, *origin;
} shapes[] = {
	{ V2, "shape v2" },
	{ V3, "shape v3" },
	{ V4, "shape v4" },
	{ V5, "shape v5" },
	{ V7, "shape v7" },
	{ V8, "shape v8" },
	{ V9, "shape v9" },
	{ V10, "shape v10" },
	{ V11, "shape v11" },
	{ V5 " resource-id", "shape v9 without ECS" },
	{ V5 " encryption-status", "shape v10 without ECS" },
	{ V5 " reject-reason", "shape v8 without ECS" },
	{ TGW, "shape transit gateway" },
	{ ALPHABETICAL, "shape v5, alphabetical" },
	{ ALPHABETICAL CONSOLE_ECS, "shape v7, console" },
	{ ALPHABETICAL_V8 CONSOLE_ECS, "shape v8, console" },
	{ V5 CONSOLE_ECS, "shape v7, console tail" },
	/* Columns that somebody chose behind the default ones, line by line of the console. */
	{ V2 ECS, "shape v2 and v7" },
	{ V2 CONSOLE_ECS, "shape v2 and v7, console" },
	{ V2 V4_COLUMNS, "shape v2 and v4" },
	{ V2 V5_COLUMNS, "shape v2 and v5" },
	{ V2 V4_COLUMNS V5_COLUMNS, "shape v2, v4 and v5" },
	/* The examples of the VPC guide. */
	{ "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr "
	  "srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action "
	  "tcp-flags log-status",
	  "shape of the tcp-flags example" },
	{ "instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr",
	  "shape of the NAT example" },
	{ "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport "
	  "dstport protocol tcp-flags type pkt-srcaddr pkt-dstaddr action log-status",
	  "shape of the transit gateway example" },
};

#define TOKENS_MAX FORMAT_COLUMNS_MAX

/* ---- does a value fit its field? '-' always does. ---- */

static bool starts(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n > n && memcmp(s.s, prefix, n) == 0;
}

static bool digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isdigit((unsigned char)s.s[i]))
			return false;
	return s.n > 0;
}

/* Address-like: hex digits with dots or colons. */
static bool address(struct str s)
{
	bool apart = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '.' || s.s[i] == ':')
			apart = true;
		else if (!isxdigit((unsigned char)s.s[i]))
			return false;
	}
	return apart;
}

static bool one_of(struct str s, const char *words)
{
	struct str rest = str_of(words), word;

	while ((word = str_token(&rest)).n)
		if (str_equal(word, s))
			return true;
	return false;
}

static bool text_fits(int field, struct str s)
{
	static const struct {
		int field;
		const char *prefix;
	} prefixes[] = {
		{ FIELD_INTERFACE_ID, "eni-" },
		{ FIELD_VPC_ID, "vpc-" },
		{ FIELD_SUBNET_ID, "subnet-" },
		{ FIELD_INSTANCE_ID, "i-" },
		{ FIELD_RESOURCE_ID, "nat-" },
		{ FIELD_TGW_ID, "tgw-" },
		{ FIELD_TGW_ATTACHMENT_ID, "tgw-attach-" },
		{ FIELD_ECS_CLUSTER_ARN, "arn:" },
		{ FIELD_ECS_TASK_ARN, "arn:" },
		{ FIELD_NEXT_HOP_INTERFACE_ID, "eni-" },
	};

	s = spelling_of(field, s);
	switch (field) {
	case FIELD_ACTION:
		return one_of(s, "ACCEPT REJECT");
	case FIELD_LOG_STATUS:
		return one_of(s, "OK NODATA SKIPDATA");
	case FIELD_TYPE:
		return one_of(s, "IPv4 IPv6 EFA");
	case FIELD_FLOW_DIRECTION:
		return one_of(s, "ingress egress");
	case FIELD_SUBLOCATION_TYPE:
		return one_of(s, "wavelength outpost localzone");
	case FIELD_RESOURCE_TYPE:
		return one_of(s, "TransitGateway TransitGatewayAttachment");
	case FIELD_REGION: /* us-east-1 */
	case FIELD_AZ_ID:  /* use1-az1 */
		return memchr(s.s, '-', s.n) && isdigit((unsigned char)s.s[s.n - 1]);
	case FIELD_PKT_SRC_AWS_SERVICE: /* AMAZON, S3 */
	case FIELD_PKT_DST_AWS_SERVICE:
		return isupper((unsigned char)s.s[0]);
	/* Masked ids ("9xxx") are met in published logs. */
	case FIELD_ACCOUNT_ID:
		return isdigit((unsigned char)s.s[0]) || one_of(s, "unknown");
	default:
		break;
	}
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (prefixes[i].field == field)
			return starts(s, prefixes[i].prefix);
	return true;
}

/* Plain digits, or what else is read as one. */
static bool is_number(int field, struct str s)
{
	uint64_t n;

	return digits(s) || reading_number(field_type(field), s, &n);
}

static bool value_fits(int field, struct str s)
{
	if (s.n == 1 && s.s[0] == '-')
		return field != FIELD_VERSION;
	switch (field_type(field)) {
	case TYPE_TEXT:
		return text_fits(field, s);
	case TYPE_ADDRESS:
		return address(s);
	default:
		break;
	}
	return is_number(field, s) && (field != FIELD_VERSION || s.n <= 2) &&
	       (field != FIELD_ENCRYPTION_STATUS || s.n == 1);
}

static bool values_fit(const struct format *f, const struct str *value)
{
	unsigned telling = 0;

	for (unsigned i = 0; i < f->n; i++) {
		if (!value_fits(f->field[i], value[i]))
			return false;
		telling += value[i].n > 1;
	}
	return telling >= 3; /* a line of dashes says nothing */
}

/* The values of a line, at most TOKENS_MAX; 0 when there are more. */
static unsigned cut(struct str line, struct str *value)
{
	struct str token;
	unsigned n = 0;

	for (; (token = str_token(&line)).n; value[n++] = token)
		if (n == TOKENS_MAX)
			return 0;
	return n;
}

bool format_fits(const struct format *format, struct str line)
{
	struct str value[TOKENS_MAX];

	return cut(line, value) == format->n && values_fit(format, value);
}

/* ---- what may stand before a record ---- */

static bool iso_date(struct str s)
{
	return s.n >= 10 && isdigit((unsigned char)s.s[0]) && s.s[4] == '-' && s.s[7] == '-' &&
	       isdigit((unsigned char)s.s[9]);
}

static bool clock_time(struct str s)
{
	return s.n >= 8 && isdigit((unsigned char)s.s[0]) && s.s[2] == ':' && s.s[5] == ':';
}

/* The columns before the record, by the number of values they take. */
static const char *prefix_names(const struct str *value, unsigned n, unsigned taken)
{
	if (taken == 0)
		return "";
	if (n < 2 || !iso_date(value[0]))
		return NULL;
	bool dated = value[0].n >= 19 && value[0].s[10] == 'T';
	if (taken == 1 && dated)
		return "@timestamp ";
	if (taken == 2)
		return dated                                      ? "@timestamp @logStream "
		       : value[0].n == 10 && clock_time(value[1]) ? "@date @time "
								  : NULL;
	return NULL;
}

static const struct format *parsed[ARRAY_SIZE(shapes)];

static void parse_shapes(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		parsed[i] = format_shape(str_of(shapes[i].names), shapes[i].origin);
}

/* Where two formats of the same length differ first. */
static unsigned first_difference(const struct format *a, const struct format *b)
{
	unsigned i = 0;

	while (i < a->n && a->field[i] == b->field[i])
		i++;
	return i;
}

/* The first shape that fits. */
static const struct shape *find_shape(const struct str *value, unsigned n, unsigned *doubt)
{
	size_t found = ARRAY_SIZE(shapes);

	*doubt = 0;
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (parsed[i]->n != n || !values_fit(parsed[i], value))
			continue;
		if (found == ARRAY_SIZE(shapes)) {
			found = i;
			continue;
		}
		unsigned differs = first_difference(parsed[found], parsed[i]);
		*doubt = *doubt && *doubt < differs ? *doubt : differs;
	}
	return found < ARRAY_SIZE(shapes) ? &shapes[found] : NULL;
}

static const struct format *join(const char *prefix, struct str names, const char *origin,
				 const struct format *(*make)(struct str, const char *))
{
	const struct format *f;
	struct buf all = { 0 };

	buf_puts(&all, prefix);
	buf_add_str(&all, names);
	f = make(buf_str(&all), origin);
	buf_release(&all);
	return f;
}

static const struct format *guess_after(const struct str *value, unsigned n, unsigned taken,
					unsigned *doubt)
{
	const char *prefix = prefix_names(value, n, taken);
	const struct shape *s = prefix ? find_shape(value + taken, n - taken, doubt) : NULL;

	if (!s || !taken)
		return s ? parsed[s - shapes] : NULL;
	*doubt += *doubt ? taken : 0;
	return join(prefix, str_of(s->names), s->origin, format_shape);
}

const struct format *format_after_prefix(const struct format *format, struct str line)
{
	struct str value[TOKENS_MAX];
	unsigned n = cut(line, value);
	const char *prefix = NULL;

	if (format->n && n > format->n && n <= format->n + 2)
		prefix = prefix_names(value, n, n - format->n);
	return prefix ? join(prefix, format->text, format->origin, format_parse) : NULL;
}

const struct format *format_guess(struct str line, unsigned *doubt)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct str value[TOKENS_MAX];
	const struct format *f = NULL;
	unsigned n = cut(line, value);

	pthread_once(&once, parse_shapes);
	for (unsigned taken = 0; !f && taken <= 2 && taken < n; taken++)
		f = guess_after(value, n, taken, doubt);
	return f;
}
