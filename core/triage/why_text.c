/* why_text.c - the codes of why in words: what they are called, what is not ruled out beside them,
 * and which commands go on. Source of the last column: the AWS CLI's own reference. */
#include <inttypes.h>
#include <stdio.h>

#include "triage/why_case.h"

/* What to do next. */
enum next_step {
	NEXT_SG = 1,
	NEXT_ACL = 2,
	NEXT_ROUTE = 4,
	NEXT_PATH = 8,
	NEXT_FLOW = 16,
	NEXT_TRAIL = 32,
	NEXT_LISTEN = 64,
	NEXT_CLIENT = 128,
	NEXT_BPA = 256,
	NEXT_TGW = 512,
	NEXT_MTU = 1024,
	NEXT_KEEPALIVE = 2048,
	NEXT_CONNTRACK = 4096,
	NEXT_NAT = 8192,
	NEXT_WAIT = 16384
};

struct why_row {
	const char *name, *brief, *title, *not_ruled_out;
	unsigned next;
};

static const struct why_row rows[WHY_CODES_N] = {
	[WHY_REACHABLE] = { "REACHABLE", "reachable", "REACHABLE", "", 0 },
	[WHY_INTERMITTENT] = { "INTERMITTENT", "now and then", "NOW AND THEN",
			       "anything that comes and goes", NEXT_PATH },
	[WHY_NO_TRAFFIC] = { "NO_TRAFFIC", "sent nothing",
			     "IT SENT NOTHING to that address and port",
			     "the name resolves to another address, a proxy, a route in the host; a "
			     "try that this format shows at a NAT gateway only",
			     NEXT_CLIENT },
	[WHY_BPA] = { "BPA", "public access block", "VPC BLOCK PUBLIC ACCESS",
		      "a security group or ACL that would refuse it as well", NEXT_BPA },
	[WHY_EC] = { "EC", "encryption control", "ENCRYPTION CONTROLS",
		     "a security group or ACL that would refuse it as well", 0 },
	[WHY_TGW_DROP] = { "TGW_DROP", "transit gateway", "LOST BY THE TRANSIT GATEWAY", "",
			   NEXT_TGW },
	[WHY_SG_IN] = { "SG_IN", "SG in", "SECURITY GROUP, inbound",
			"a rule that refers to a group: the client may have left that group, the rule "
			"being there still; a Classic Load Balancer, to whose traffic ACLs apply even "
			"within a subnet",
			NEXT_SG | NEXT_TRAIL },
	[WHY_SG_OUT] = { "SG_OUT", "SG out", "SECURITY GROUP, outbound",
			 "a rule that refers to a group which the server has left",
			 NEXT_SG | NEXT_TRAIL },
	[WHY_NACL_IN] = { "NACL_IN", "ACL in", "NETWORK ACL, inbound",
			  "an untracked rule of a security group (everything in and out) was removed: "
			  "what it let pass is cut too",
			  NEXT_ACL | NEXT_SG | NEXT_TRAIL },
	[WHY_NACL_OUT] = { "NACL_OUT", "ACL out", "NETWORK ACL, outbound",
			   "an untracked rule of a security group (everything in and out) was removed: "
			   "what it let pass is cut too",
			   NEXT_ACL | NEXT_SG | NEXT_TRAIL },
	[WHY_SG_OR_NACL_IN] = { "SG_OR_NACL_IN", "SG or ACL in",
				"SECURITY GROUP OR NETWORK ACL, inbound",
				"either: records do not say which",
				NEXT_SG | NEXT_ACL | NEXT_PATH },
	[WHY_SG_OR_NACL_OUT] = { "SG_OR_NACL_OUT", "SG or ACL out",
				 "SECURITY GROUP OR NETWORK ACL, outbound",
				 "either: records do not say which",
				 NEXT_SG | NEXT_ACL | NEXT_PATH },
	[WHY_NACL_IN_REPLY] = { "NACL_IN_REPLY", "ACL in, reply",
				"NETWORK ACL, inbound, to the answer: the client's subnet lacks the "
				"ephemeral ports",
				"connection tracking was lost between (interface replaced, table full)",
				NEXT_ACL },
	[WHY_NACL_OUT_REPLY] = { "NACL_OUT_REPLY", "ACL out, reply",
				 "NETWORK ACL, outbound, to the answer",
				 "connection tracking was lost between (interface replaced, table full)",
				 NEXT_ACL },
	[WHY_NACL_EPHEMERAL] = { "NACL_EPHEMERAL", "ACL, ephemeral",
				 "NETWORK ACL: some ephemeral ports pass and others do not",
				 "Linux uses 32768-60999, Windows 49152-65535, NAT gateways, load "
				 "balancers and Lambda 1024-65535",
				 NEXT_ACL },
	[WHY_ASYMMETRIC] = { "ASYMMETRIC", "asymmetric", "ASKED HERE, ANSWERED THERE",
			     "the host rewrites its source address (srcaddr shows the primary one)",
			     NEXT_ROUTE | NEXT_PATH },
	[WHY_NO_LISTENER] = { "NO_LISTENER", "no listener",
			      "NO LISTENER: the host answered with RST",
			      "a host firewall that rejects; a load balancer without a target; too many "
			      "connections",
			      NEXT_LISTEN },
	[WHY_RETURN_LOST] = { "RETURN_LOST", "answer lost",
			      "THE ANSWER IS LOST: it leaves the server and never comes",
			      "an ACL or a firewall between", NEXT_ROUTE | NEXT_PATH },
	[WHY_HALF_OPEN] = { "HALF_OPEN", "half open", "HALF OPEN: answered and never confirmed",
			    "the client's ACL or its way back; a scanner, or forged sources", 0 },
	[WHY_PATH_MTU] = { "PATH_MTU", "path MTU", "LARGE PACKETS ARE LOST, small ones arrive",
			   "a limiter or an appliance that drops", NEXT_MTU },
	[WHY_IDLE_TIMEOUT] = { "IDLE_TIMEOUT", "idle timeout", "IDLE TOO LONG: tracking had ended",
			       "", NEXT_KEEPALIVE },
	[WHY_NO_ANSWER] = { "NO_ANSWER", "no answer", "DELIVERED, AND THE HOST SAID NOTHING",
			    "host firewall, bound to another address, hung, its table of connections "
			    "full; or the answer left by an interface that is not logged",
			    NEXT_LISTEN | NEXT_CONNTRACK },
	[WHY_ONE_WAY] = { "ONE_WAY", "one way", "NEVER ANSWERS ANYBODY: one way by nature, perhaps",
			  "that it never worked", 0 },
	[WHY_NOT_DELIVERED] = { "NOT_DELIVERED", "not delivered",
				"IT NEVER ARRIVES: it leaves and is not seen again",
				"route, transit gateway, peering, an ACL or firewall of an interface "
				"between that is not logged; the address may have moved to another "
				"interface",
				NEXT_ROUTE | NEXT_PATH },
	[WHY_NO_ANSWER_OUTSIDE] = { "NO_ANSWER_OUTSIDE", "no answer outside",
				    "NO ANSWER FROM OUTSIDE",
				    "the far side; the route to the internet gateway; the NAT gateway "
				    "out of ports (55,000 a destination)",
				    NEXT_ROUTE | NEXT_NAT },
	[WHY_UNKNOWN_NEAR_UNLOGGED] = { "UNKNOWN_NEAR_UNLOGGED", "cannot tell",
					"NOT KNOWN: the client's interface is not logged",
					"anything", NEXT_FLOW },
	[WHY_UNKNOWN_FAR_UNLOGGED] = { "UNKNOWN_FAR_UNLOGGED", "cannot tell",
				       "NOT KNOWN: the server's interface is not logged",
				       "security group and ACL of the server, route, host, the way back",
				       NEXT_FLOW | NEXT_PATH },
	[WHY_UNKNOWN_LOST] = { "UNKNOWN_LOST", "cannot tell", "NOT KNOWN: records were lost",
			       "anything", NEXT_FLOW },
	[WHY_UNKNOWN_PENDING] = { "UNKNOWN_PENDING", "cannot tell",
				  "NOT KNOWN YET: records may still come", "anything", NEXT_WAIT },
	[WHY_UNKNOWN_LOG_TYPE] = { "UNKNOWN_LOG_TYPE", "cannot tell",
				   "NOT KNOWN: this log does not hold both ACCEPT and REJECT",
				   "anything that such a log does not show", NEXT_FLOW },
	[WHY_UNKNOWN] = { "UNKNOWN", "cannot tell", "NOT KNOWN", "anything", NEXT_PATH },
};

const char *why_code_name(enum why_code c)
{
	return rows[c].name;
}

const char *why_code_brief(enum why_code c)
{
	return rows[c].brief;
}

const char *why_code_title(enum why_code c)
{
	return rows[c].title;
}

const char *confidence_name(enum confidence c)
{
	static const char *const names[] = { "proven", "likely", "open" };

	return names[c];
}

bool why_is_fault(enum why_code c)
{
	return c != WHY_REACHABLE && c != WHY_ONE_WAY && c != WHY_NO_TRAFFIC &&
	       c < WHY_UNKNOWN_NEAR_UNLOGGED;
}

/* ---- next ---- */

const char *why_id_or(const char *id, const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";

	return id && *id && id[strspn(id, plain)] == '\0' ? id : word;
}

struct step_ids {
	const char *interface, *far, *subnet, *vpc;
};

static struct step_ids ids_of(const struct why_case *w)
{
	const struct why *o = w->out;
	uint32_t at = o->at != PLACE_NONE ? o->at : w->client;
	uint32_t far = o->to != PLACE_NONE ? o->to : w->server;
	const struct interface *e = at == PLACE_NONE ? NULL : places_at(w->p, at);

	return (struct step_ids){
		.interface = why_id_or(e ? e->interface : NULL, "INTERFACE"),
		.far = why_id_or(far == PLACE_NONE ? NULL : places_at(w->p, far)->interface,
				 "INTERFACE"),
		.subnet = why_id_or(e ? e->subnet : NULL, "SUBNET"),
		.vpc = why_id_or(e ? e->vpc : NULL, "VPC")
	};
}

static void add_sg(const struct why_case *w, const struct step_ids *i, struct buf *out)
{
	(void)w;
	buf_printf(out,
		   "aws ec2 describe-network-interfaces --network-interface-ids %s --query "
		   "NetworkInterfaces[].Groups\n"
		   "aws ec2 describe-security-group-rules --filters "
		   "Name=group-id,Values=GROUPS-OF-THE-LINE-ABOVE\n",
		   i->interface);
}

static void add_acl(const struct why_case *w, const struct step_ids *i, struct buf *out)
{
	(void)w;
	buf_printf(out,
		   "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values=%s\n",
		   i->subnet);
}

static void add_route(const struct why_case *w, const struct step_ids *i, struct buf *out)
{
	(void)w;
	buf_printf(out,
		   "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=%s\n"
		   "  (none: the VPC's main table)\n",
		   i->subnet);
}

static void add_path(const struct why_case *w, const struct step_ids *i, struct buf *out)
{
	if (w->c.protocol != 6 && w->c.protocol != 17)
		return;
	buf_printf(
		out,
		"aws ec2 create-network-insights-path --source %s --destination %s --protocol %s "
		"--destination-port %u\n  then: aws ec2 start-network-insights-analysis "
		"--network-insights-path-id PATH\n",
		why_id_or(w->client == PLACE_NONE ? NULL : places_at(w->p, w->client)->interface,
			  "INTERFACE"),
		i->far, w->c.protocol == 6 ? "tcp" : "udp", w->c.port);
}

static void add_flow(const struct why_case *w, const struct step_ids *i, struct buf *out)
{
	(void)w;
	buf_printf(out, "aws ec2 describe-flow-logs --filter Name=resource-id,Values=%s\n", i->vpc);
}

/* Who changed a rule about then. */
static void add_trail(const struct why_case *w, const struct step_ids *i, struct buf *out)
{
	bool group = w->out->code == WHY_SG_IN || w->out->code == WHY_SG_OUT;
	char from[32], to[32];

	(void)i;
	if (w->out->since == INT64_MIN)
		return;
	rfc3339(from, sizeof from, w->out->since - 600);
	rfc3339(to, sizeof to, w->out->since + 300);
	buf_printf(out,
		   "aws cloudtrail lookup-events --start-time %s --end-time %s \\\n"
		   "  --lookup-attributes AttributeKey=EventName,AttributeValue=%s\n",
		   from, to,
		   group ? (w->out->code == WHY_SG_IN ? "RevokeSecurityGroupIngress"
						      : "RevokeSecurityGroupEgress")
			 : "ReplaceNetworkAclEntry");
}

static void add_listen(const struct why_case *w, const struct step_ids *i, struct buf *out)
{
	const struct interface *e = w->server == PLACE_NONE ? NULL : places_at(w->p, w->server);

	(void)i;
	buf_printf(out, "aws ssm start-session --target %s\n  there: ss -%sln sport = :%u\n",
		   why_id_or(e ? e->instance : NULL, "INSTANCE"), w->c.protocol == 17 ? "u" : "t",
		   w->c.port);
}

static const struct {
	enum next_step step;
	void (*add)(const struct why_case *w, const struct step_ids *i, struct buf *out);
	const char *line; /* where there is nothing to put in */
} steps[] = {
	{ NEXT_SG, add_sg, NULL },
	{ NEXT_ACL, add_acl, NULL },
	{ NEXT_ROUTE, add_route, NULL },
	{ NEXT_LISTEN, add_listen, NULL },
	{ NEXT_PATH, add_path, NULL },
	{ NEXT_FLOW, add_flow, NULL },
	{ NEXT_TRAIL, add_trail, NULL },
	{ NEXT_CLIENT, NULL, "on the client: dig NAME; ss -tan; enitop -w 'src=CLIENT' FILES" },
	{ NEXT_BPA, NULL,
	  "aws ec2 describe-vpc-block-public-access-options\n"
	  "aws ec2 describe-vpc-block-public-access-exclusions" },
	{ NEXT_TGW, NULL,
	  "aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id TABLE --filters "
	  "Name=state,Values=blackhole" },
	{ NEXT_MTU, NULL,
	  "tracepath SERVER; let ICMP type 3 code 4 (IPv6: type 2) pass both ways in the ACLs" },
	{ NEXT_KEEPALIVE, NULL, "send keepalives more often than every 350 s" },
	{ NEXT_CONNTRACK, NULL,
	  "on the server: ethtool -S INTERFACE | grep conntrack_allowance_exceeded" },
	{ NEXT_NAT, NULL, "CloudWatch: ErrorPortAllocation of the NAT gateway" },
	{ NEXT_WAIT, NULL, "ask again in some minutes" },
};

void why_write_texts(struct why_case *w)
{
	struct why *o = w->out;
	enum why_code code = o->code == WHY_INTERMITTENT && o->of != WHY_UNKNOWN ? o->of : o->code;
	struct step_ids ids = ids_of(w);

	if (*rows[code].not_ruled_out) {
		buf_puts(&o->not_ruled_out, rows[code].not_ruled_out);
		buf_putc(&o->not_ruled_out, '\n');
	}
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (!(rows[code].next & steps[i].step))
			continue;
		if (steps[i].add)
			steps[i].add(w, &ids, &o->next);
		else
			buf_printf(&o->next, "%s\n", steps[i].line);
	}
}
