/* describe.c - see describe.h. */
#include "schema/describe.h"

#include <string.h>

/* clang-format off */
static const struct meaning meanings[] = {
	{ FIELD_VERSION, "2", "the default format" },
	{ FIELD_VERSION, "6", "transit gateway" },
	{ FIELD_ACCOUNT_ID, "unknown", "the interface was made by a service (endpoint, load balancer)" },
	{ FIELD_INTERFACE_ID, "-", "a regional NAT gateway: see resource-id" },
	{ FIELD_SRCADDR, "-", "no traffic, or its records were lost" },
	{ FIELD_DSTADDR, "-", "no traffic, or its records were lost" },
	{ FIELD_BYTES, "-", "no traffic, lost, or a log of Block Public Access, which has none" },
	{ FIELD_ACTION, "ACCEPT", "let through by security groups and network ACLs; not that it was answered" },
	{ FIELD_ACTION, "REJECT", "refused by a security group or network ACL, by Block Public Access or "
	  "encryption controls, or it came after the connection was closed" },
	{ FIELD_ACTION, "-", "no traffic, or its records were lost" },
	{ FIELD_LOG_STATUS, "OK", "logged as it should be" },
	{ FIELD_LOG_STATUS, "NODATA", "no traffic on the interface in the interval: not a flow" },
	{ FIELD_LOG_STATUS, "SKIPDATA", "records were lost (capacity or an internal error): one line "
	  "stands for any number of flows" },
	{ FIELD_INSTANCE_ID, "-", "not an instance of yours: NAT gateway, load balancer, endpoint, ..." },
	{ FIELD_TCP_FLAGS, "0", "none of FIN, SYN, RST: part of a connection under way, for ACK and PSH "
	  "alone are not recorded" },
	{ FIELD_TCP_FLAGS, "1", "FIN: it was closed" },
	{ FIELD_TCP_FLAGS, "2", "SYN: the source asked, and sent no SYN-ACK" },
	{ FIELD_TCP_FLAGS, "3", "SYN,FIN: asked and closed within the interval" },
	{ FIELD_TCP_FLAGS, "4", "RST: it was broken off" },
	{ FIELD_TCP_FLAGS, "18", "SYN-ACK: the source answered" },
	{ FIELD_TCP_FLAGS, "19", "SYN-ACK,FIN: the source answered, and closed within the interval" },
	{ FIELD_TCP_FLAGS, "-", "could not be computed" },
	{ FIELD_TYPE, "IPv4", "internet protocol 4" },
	{ FIELD_TYPE, "IPv6", "internet protocol 6" },
	{ FIELD_TYPE, "EFA", "elastic fabric adapter" },
	{ FIELD_AZ_ID, "-", "traffic from a sublocation" },
	{ FIELD_SUBLOCATION_TYPE, "wavelength", "a Wavelength Zone" },
	{ FIELD_SUBLOCATION_TYPE, "outpost", "an Outpost" },
	{ FIELD_SUBLOCATION_TYPE, "localzone", "a Local Zone" },
	{ FIELD_SUBLOCATION_TYPE, "-", "not a sublocation" },
	{ FIELD_PKT_SRC_AWS_SERVICE, "-", "pkt-srcaddr is in no range of an AWS service" },
	{ FIELD_PKT_DST_AWS_SERVICE, "-", "pkt-dstaddr is in no range of an AWS service" },
	{ FIELD_FLOW_DIRECTION, "ingress", "came in to the interface" },
	{ FIELD_FLOW_DIRECTION, "egress", "went out from the interface" },
	{ FIELD_TRAFFIC_PATH, "1", "to another resource in the same VPC" },
	{ FIELD_TRAFFIC_PATH, "2", "through an internet gateway or a gateway VPC endpoint" },
	{ FIELD_TRAFFIC_PATH, "3", "through a virtual private gateway" },
	{ FIELD_TRAFFIC_PATH, "4", "through a VPC peering within the region" },
	{ FIELD_TRAFFIC_PATH, "5", "through a VPC peering to another region" },
	{ FIELD_TRAFFIC_PATH, "6", "through a local gateway" },
	{ FIELD_TRAFFIC_PATH, "7", "through a gateway VPC endpoint (Nitro instances)" },
	{ FIELD_TRAFFIC_PATH, "8", "through an internet gateway (Nitro instances)" },
	{ FIELD_TRAFFIC_PATH, "-", "ingress, or egress by none of these ways" },
	{ FIELD_RESOURCE_TYPE, "TransitGateway", "logged for the whole transit gateway" },
	{ FIELD_RESOURCE_TYPE, "TransitGatewayAttachment", "logged for one attachment" },
	{ FIELD_PACKETS_LOST_NO_ROUTE, "0", "none" },
	{ FIELD_PACKETS_LOST_BLACKHOLE, "0", "none" },
	{ FIELD_PACKETS_LOST_MTU_EXCEEDED, "0", "none" },
	{ FIELD_PACKETS_LOST_TTL_EXPIRED, "0", "none" },
	{ FIELD_ECS_CLUSTER_ARN, "-", "not an ECS task" },
	{ FIELD_ECS_CLUSTER_NAME, "-", "not an ECS task" },
	{ FIELD_ECS_CONTAINER_INSTANCE_ARN, "-", "not an ECS task, or on Fargate" },
	{ FIELD_ECS_CONTAINER_INSTANCE_ID, "-", "not an ECS task, or on Fargate" },
	{ FIELD_ECS_CONTAINER_ID, "-", "not an ECS task" },
	{ FIELD_ECS_SECOND_CONTAINER_ID, "-", "the task has one container" },
	{ FIELD_ECS_SERVICE_NAME, "-", "the task was not started by a service" },
	{ FIELD_ECS_TASK_DEFINITION_ARN, "-", "not an ECS task" },
	{ FIELD_ECS_TASK_ARN, "-", "not an ECS task" },
	{ FIELD_ECS_TASK_ID, "-", "not an ECS task" },
	{ FIELD_REJECT_REASON, "BPA", "refused by VPC Block Public Access" },
	{ FIELD_REJECT_REASON, "EC", "refused by VPC encryption controls" },
	{ FIELD_REJECT_REASON, "Accepted", "not refused" },
	{ FIELD_REJECT_REASON, "-", "accepted, or refused by a security group or network ACL" },
	{ FIELD_RESOURCE_ID, "-", "not a regional NAT gateway" },
	{ FIELD_ENCRYPTION_STATUS, "0", "not encrypted" },
	{ FIELD_ENCRYPTION_STATUS, "1", "by Nitro" },
	{ FIELD_ENCRYPTION_STATUS, "2", "by the application (port 443 of an endpoint is taken for it)" },
	{ FIELD_ENCRYPTION_STATUS, "3", "by Nitro and by the application" },
	{ FIELD_ENCRYPTION_STATUS, "-", "not known, or encryption controls are off" },
	{ FIELD_INTERFACE_TYPE, "nat_gateway", "NAT gateway" },
	{ FIELD_INTERFACE_TYPE, "regional_nat_gateway", "regional NAT gateway" },
	{ FIELD_INTERFACE_TYPE, "network_load_balancer", "network load balancer" },
	{ FIELD_INTERFACE_TYPE, "transit_gateway", "transit gateway" },
	{ FIELD_INTERFACE_TYPE, "vpc_endpoint", "VPC endpoint" },
	{ FIELD_INTERFACE_TYPE, "-", "any other kind, an instance's among them" },
	{ FIELD_NEXT_HOP_INTERFACE_ID, "-", "no next hop" },
	{ FIELD_NEXT_HOP_SUBNET_ID, "-", "no next hop" },
	{ FIELD_NEXT_HOP_AZ_ID, "-", "no next hop" },
	{ FIELD_NEXT_HOP_VPC_ID, "-", "no next hop" },
	{ FIELD_NEXT_HOP_INTERFACE_TYPE, "nat_gateway", "NAT gateway" },
	{ FIELD_NEXT_HOP_INTERFACE_TYPE, "regional_nat_gateway", "regional NAT gateway" },
	{ FIELD_NEXT_HOP_INTERFACE_TYPE, "network_load_balancer", "network load balancer" },
	{ FIELD_NEXT_HOP_INTERFACE_TYPE, "transit_gateway", "transit gateway" },
	{ FIELD_NEXT_HOP_INTERFACE_TYPE, "vpc_endpoint", "VPC endpoint" },
	{ FIELD_NEXT_HOP_INTERFACE_TYPE, "-", "no next hop, or any other kind" },
	{ FIELD_INSTANCE_TAG, "-", "no such tag" },
	{ FIELD_INSTANCE_TAG_2, "-", "no such tag" },
	{ FIELD_INTERFACE_TAG, "-", "no such tag" },
	{ FIELD_INTERFACE_TAG_2, "-", "no such tag" },
	{ FIELD_ASG_TAG, "-", "no such tag" },
	{ FIELD_ASG_TAG_2, "-", "no such tag" },
};
/* clang-format on */

const struct meaning *describe_next(int field, size_t *at)
{
	while (*at < ARRAY_SIZE(meanings)) {
		const struct meaning *m = &meanings[(*at)++];
		if (m->field == field)
			return m;
	}
	return NULL;
}

const char *describe_value(int field, struct str value)
{
	const struct meaning *m;

	for (size_t at = 0; (m = describe_next(field, &at));)
		if (str_equal(value, str_of(m->value)))
			return m->text;
	return NULL;
}

const char *describe_type(enum field_type type)
{
	static const char *const names[] = {
		[TYPE_TEXT] = "text",       [TYPE_ADDRESS] = "address",
		[TYPE_NUMBER] = "number",   [TYPE_BYTES] = "bytes",
		[TYPE_PORT] = "port",       [TYPE_PROTOCOL] = "protocol",
		[TYPE_FLAGS] = "flags",     [TYPE_TIME] = "time",
		[TYPE_NETWORK] = "network", [TYPE_PAIR] = "two addresses",
	};
	return names[type];
}

void describe_flags(uint64_t flags, struct buf *out)
{
	static const struct {
		unsigned bits;
		const char *name;
	} names[] = { { 18, "SYN-ACK" }, { 2, "SYN" },  { 16, "ACK" }, { 1, "FIN" },  { 4, "RST" },
		      { 8, "PSH" },      { 32, "URG" }, { 64, "ECE" }, { 128, "CWR" } };
	const char *between = "";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if ((flags & names[i].bits) != names[i].bits)
			continue;
		buf_printf(out, "%s%s", between, names[i].name);
		between = ",";
		flags &= ~(uint64_t)names[i].bits;
	}
}

bool field_is_tag(int field)
{
	return field >= FIELD_INSTANCE_TAG && field <= FIELD_ASG_TAG_2;
}

void describe_tag(struct str value, struct buf *out)
{
	for (size_t i = 0; i < value.n; i++) {
		int high = value.s[i] == '%' && i + 2 < value.n ? hex_value(value.s[i + 1]) : -1;
		int low = high >= 0 ? hex_value(value.s[i + 2]) : -1;
		if (low >= 0) {
			buf_putc(out, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_putc(out, value.s[i]);
		}
	}
}
