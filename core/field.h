/* field.h - FIELDS: every published flow log field, one row each. Nothing else
 * in the program knows a field's name, type or version.
 * Source of names, versions and types: the AWS VPC and Transit Gateway user
 * guides, "flow log records". */
#ifndef ENITOP_FIELD_H
#define ENITOP_FIELD_H

#include "util.h"

enum field_type {
	TYPE_TEXT,    /* coded column, text dictionary */
	TYPE_ADDRESS, /* coded column, address dictionary (IPv4, IPv6) */
	TYPE_NETWORK, /* of no field: a group of addresses by prefix */
	TYPE_PAIR,    /* derived: two addresses */
	TYPE_NUMBER,  /* the rest are number columns, 64 bit unsigned */
	TYPE_BYTES,
	TYPE_PORT,
	TYPE_PROTOCOL, /* IANA protocol number */
	TYPE_FLAGS,    /* TCP flag bits */
	TYPE_TIME      /* epoch seconds, or milliseconds when beyond 2^32 */
};

/* X(id, AWS name, type, version, title, aliases, help)
 * The Parquet column is the name with '_' for '-'. `aliases` are separated by
 * spaces; camelCase, '_' and upper case are understood without an alias. */
/* clang-format off */
#define FIELDS(X) \
	X(VERSION, "version", TYPE_NUMBER, 2, "version", "",\
	  "highest version among the chosen fields") \
	X(ACCOUNT_ID, "account-id", TYPE_TEXT, 2, "account", "account",\
	  "owner of the source network interface (TGW: owner of the transit gateway)") \
	X(INTERFACE_ID, "interface-id", TYPE_TEXT, 2, "interface", "eni interface",\
	  "interface the record was captured on") \
	X(SRCADDR, "srcaddr", TYPE_ADDRESS, 2, "source", "src source",\
	  "source; the interface side is its primary private address") \
	X(DSTADDR, "dstaddr", TYPE_ADDRESS, 2, "destination", "dst destination",\
	  "destination; the interface side is its primary private address") \
	X(SRCPORT, "srcport", TYPE_PORT, 2, "sport", "sport",\
	  "source port; 0 for protocols without ports") \
	X(DSTPORT, "dstport", TYPE_PORT, 2, "dport", "dport",\
	  "destination port; 0 for protocols without ports") \
	X(PROTOCOL, "protocol", TYPE_PROTOCOL, 2, "protocol", "proto",\
	  "IANA protocol number") \
	X(PACKETS, "packets", TYPE_NUMBER, 2, "packets", "",\
	  "packets in the aggregation interval") \
	X(BYTES, "bytes", TYPE_BYTES, 2, "bytes", "",\
	  "bytes (IP layer) in the aggregation interval") \
	X(START, "start", TYPE_TIME, 2, "start", "start-time",\
	  "first packet received in the interval (may lag up to 60 s)") \
	X(END, "end", TYPE_TIME, 2, "end", "end-time",\
	  "last packet received in the interval (may lag up to 60 s)") \
	X(ACTION, "action", TYPE_TEXT, 2, "action", "",\
	  "ACCEPT or REJECT") \
	X(LOG_STATUS, "log-status", TYPE_TEXT, 2, "status", "status",\
	  "OK, NODATA (no traffic) or SKIPDATA (records were lost)") \
	X(VPC_ID, "vpc-id", TYPE_TEXT, 3, "vpc", "vpc",\
	  "VPC of the interface") \
	X(SUBNET_ID, "subnet-id", TYPE_TEXT, 3, "subnet", "subnet",\
	  "subnet of the interface") \
	X(INSTANCE_ID, "instance-id", TYPE_TEXT, 3, "instance", "instance",\
	  "instance of the interface") \
	X(TCP_FLAGS, "tcp-flags", TYPE_FLAGS, 3, "flags", "flags",\
	  "OR of FIN 1, SYN 2, RST 4, SYN-ACK 18 over the interval") \
	X(TYPE, "type", TYPE_TEXT, 3, "type", "",\
	  "IPv4, IPv6 or EFA") \
	X(PKT_SRCADDR, "pkt-srcaddr", TYPE_ADDRESS, 3, "pkt-src", "pkt-src",\
	  "original packet source") \
	X(PKT_DSTADDR, "pkt-dstaddr", TYPE_ADDRESS, 3, "pkt-dst", "pkt-dst",\
	  "original packet destination") \
	X(REGION, "region", TYPE_TEXT, 4, "region", "",\
	  "region of the interface") \
	X(AZ_ID, "az-id", TYPE_TEXT, 4, "az", "az",\
	  "AZ *ID*, not AZ name") \
	X(SUBLOCATION_TYPE, "sublocation-type", TYPE_TEXT, 4, "subloc-type", "",\
	  "wavelength, outpost or localzone") \
	X(SUBLOCATION_ID, "sublocation-id", TYPE_TEXT, 4, "subloc", "",\
	  "id of the sublocation") \
	X(PKT_SRC_AWS_SERVICE, "pkt-src-aws-service", TYPE_TEXT, 5, "src-aws", "",\
	  "AWS service of pkt-srcaddr") \
	X(PKT_DST_AWS_SERVICE, "pkt-dst-aws-service", TYPE_TEXT, 5, "dst-aws", "",\
	  "AWS service of pkt-dstaddr") \
	X(FLOW_DIRECTION, "flow-direction", TYPE_TEXT, 5, "direction", "dir direction",\
	  "ingress or egress, seen from the interface") \
	X(TRAFFIC_PATH, "traffic-path", TYPE_NUMBER, 5, "path", "path",\
	  "route of egress traffic: 1 VPC, 2 8 internet, 3 VGW, 4 5 peering, 6 local, 2 7 endpoint") \
	X(RESOURCE_TYPE, "resource-type", TYPE_TEXT, 6, "resource-type", "",\
	  "TransitGateway or TransitGatewayAttachment") \
	X(TGW_ID, "tgw-id", TYPE_TEXT, 6, "tgw-id", "tgw",\
	  "transit gateway: id") \
	X(TGW_ATTACHMENT_ID, "tgw-attachment-id", TYPE_TEXT, 6, "tgw-attachment-id", "attachment tgw-attachment",\
	  "transit gateway: attachment id") \
	X(TGW_SRC_VPC_ACCOUNT_ID, "tgw-src-vpc-account-id", TYPE_TEXT, 6, "tgw-src-vpc-account-id", "",\
	  "transit gateway: src vpc account id") \
	X(TGW_DST_VPC_ACCOUNT_ID, "tgw-dst-vpc-account-id", TYPE_TEXT, 6, "tgw-dst-vpc-account-id", "",\
	  "transit gateway: dst vpc account id") \
	X(TGW_SRC_VPC_ID, "tgw-src-vpc-id", TYPE_TEXT, 6, "tgw-src-vpc-id", "",\
	  "transit gateway: src vpc id") \
	X(TGW_DST_VPC_ID, "tgw-dst-vpc-id", TYPE_TEXT, 6, "tgw-dst-vpc-id", "",\
	  "transit gateway: dst vpc id") \
	X(TGW_SRC_SUBNET_ID, "tgw-src-subnet-id", TYPE_TEXT, 6, "tgw-src-subnet-id", "",\
	  "transit gateway: src subnet id") \
	X(TGW_DST_SUBNET_ID, "tgw-dst-subnet-id", TYPE_TEXT, 6, "tgw-dst-subnet-id", "",\
	  "transit gateway: dst subnet id") \
	X(TGW_SRC_ENI, "tgw-src-eni", TYPE_TEXT, 6, "tgw-src-eni", "",\
	  "transit gateway: src eni") \
	X(TGW_DST_ENI, "tgw-dst-eni", TYPE_TEXT, 6, "tgw-dst-eni", "",\
	  "transit gateway: dst eni") \
	X(TGW_SRC_AZ_ID, "tgw-src-az-id", TYPE_TEXT, 6, "tgw-src-az-id", "",\
	  "transit gateway: src az id") \
	X(TGW_DST_AZ_ID, "tgw-dst-az-id", TYPE_TEXT, 6, "tgw-dst-az-id", "",\
	  "transit gateway: dst az id") \
	X(TGW_PAIR_ATTACHMENT_ID, "tgw-pair-attachment-id", TYPE_TEXT, 6, "tgw-pair-attachment-id", "",\
	  "the other attachment") \
	X(PACKETS_LOST_NO_ROUTE, "packets-lost-no-route", TYPE_NUMBER, 6, "packets-lost-no-route", "",\
	  "packets lost: no route") \
	X(PACKETS_LOST_BLACKHOLE, "packets-lost-blackhole", TYPE_NUMBER, 6, "packets-lost-blackhole", "",\
	  "packets lost: blackhole") \
	X(PACKETS_LOST_MTU_EXCEEDED, "packets-lost-mtu-exceeded", TYPE_NUMBER, 6, "packets-lost-mtu-exceeded", "",\
	  "packets lost: mtu exceeded") \
	X(PACKETS_LOST_TTL_EXPIRED, "packets-lost-ttl-expired", TYPE_NUMBER, 6, "packets-lost-ttl-expired", "",\
	  "packets lost: ttl expired") \
	X(ECS_CLUSTER_ARN, "ecs-cluster-arn", TYPE_TEXT, 7, "ecs-cluster-arn", "",\
	  "ECS cluster arn") \
	X(ECS_CLUSTER_NAME, "ecs-cluster-name", TYPE_TEXT, 7, "ecs-cluster-name", "",\
	  "ECS cluster name") \
	X(ECS_CONTAINER_INSTANCE_ARN, "ecs-container-instance-arn", TYPE_TEXT, 7, "ecs-container-instance-arn", "",\
	  "ECS container instance arn") \
	X(ECS_CONTAINER_INSTANCE_ID, "ecs-container-instance-id", TYPE_TEXT, 7, "ecs-container-instance-id", "",\
	  "ECS container instance id") \
	X(ECS_CONTAINER_ID, "ecs-container-id", TYPE_TEXT, 7, "ecs-container-id", "",\
	  "first container of the task") \
	X(ECS_SECOND_CONTAINER_ID, "ecs-second-container-id", TYPE_TEXT, 7, "ecs-second-container-id", "",\
	  "second container of the task") \
	X(ECS_SERVICE_NAME, "ecs-service-name", TYPE_TEXT, 7, "ecs-service-name", "",\
	  "ECS service name") \
	X(ECS_TASK_DEFINITION_ARN, "ecs-task-definition-arn", TYPE_TEXT, 7, "ecs-task-definition-arn", "",\
	  "ECS task definition arn") \
	X(ECS_TASK_ARN, "ecs-task-arn", TYPE_TEXT, 7, "ecs-task-arn", "",\
	  "ECS task arn") \
	X(ECS_TASK_ID, "ecs-task-id", TYPE_TEXT, 7, "ecs-task-id", "",\
	  "ECS task id") \
	X(REJECT_REASON, "reject-reason", TYPE_TEXT, 8, "reject-reason", "reason",\
	  "BPA or EC; - for security groups and network ACLs") \
	X(RESOURCE_ID, "resource-id", TYPE_TEXT, 9, "resource-id", "nat",\
	  "regional NAT gateway id") \
	X(ENCRYPTION_STATUS, "encryption-status", TYPE_NUMBER, 10, "encrypted", "encryption encrypted",\
	  "0 none, 1 Nitro, 2 application, 3 both") \
	X(INSTANCE_TAG, "instance-tag", TYPE_TEXT, 11, "instance-tag", "",\
	  "value of the tag key named in TagFieldSpecifications") \
	X(INSTANCE_TAG_2, "instance-tag-2", TYPE_TEXT, 11, "instance-tag-2", "",\
	  "instance tag 2") \
	X(INTERFACE_TAG, "interface-tag", TYPE_TEXT, 11, "interface-tag", "",\
	  "interface tag") \
	X(INTERFACE_TAG_2, "interface-tag-2", TYPE_TEXT, 11, "interface-tag-2", "",\
	  "interface tag 2") \
	X(ASG_TAG, "asg-tag", TYPE_TEXT, 11, "asg-tag", "",\
	  "asg tag") \
	X(ASG_TAG_2, "asg-tag-2", TYPE_TEXT, 11, "asg-tag-2", "",\
	  "asg tag 2") \
	X(INTERFACE_TYPE, "interface-type", TYPE_TEXT, 11, "interface-type", "",\
	  "type of the capturing interface") \
	X(NEXT_HOP_INTERFACE_ID, "next-hop-interface-id", TYPE_TEXT, 11, "next-hop-interface-id", "",\
	  "next hop interface id") \
	X(NEXT_HOP_SUBNET_ID, "next-hop-subnet-id", TYPE_TEXT, 11, "next-hop-subnet-id", "",\
	  "next hop subnet id") \
	X(NEXT_HOP_AZ_ID, "next-hop-az-id", TYPE_TEXT, 11, "next-hop-az-id", "",\
	  "next hop az id") \
	X(NEXT_HOP_VPC_ID, "next-hop-vpc-id", TYPE_TEXT, 11, "next-hop-vpc-id", "",\
	  "next hop vpc id") \
	X(NEXT_HOP_INTERFACE_TYPE, "next-hop-interface-type", TYPE_TEXT, 11, "next-hop-interface-type", "",\
	  "next hop interface type")
/* clang-format on */

/* Not in any record: derived from the oriented conversation, or from time. */
/* clang-format off */
#define DERIVED_FIELDS(X) \
	X(CLIENT,  "client",  TYPE_ADDRESS, 0, "client",  "", "the side that asked") \
	X(SERVER,  "server",  TYPE_ADDRESS, 0, "server",  "", "the side that serves") \
	X(SERVICE, "service", TYPE_PORT,    0, "service", "", "the server's port") \
	X(PAIR,    "pair",    TYPE_PAIR,    0, "pair",    "", "the two addresses, whoever sent; pair=A is either") \
	X(BIN,     "time",    TYPE_TIME,    0, "time",    "", "the time bin of the record's end")
/* clang-format on */

enum field_id {
#define X(id, name, type, version, title, aliases, help) FIELD_##id,
	FIELDS(X) FIELDS_PUBLISHED,
	FIELD_BEFORE_DERIVED = FIELDS_PUBLISHED - 1,
	DERIVED_FIELDS(X)
#undef X
		FIELDS_KNOWN,
	FIELD_NONE = -1
};

struct field {
	const char *name;
	enum field_type type;
	int version;       /* first flow log version with it; 0: derived */
	const char *title; /* column heading, short */
	const char *aliases;
	const char *help;
};

/* The row of a known field; `id` below FIELDS_KNOWN. Names that are not
 * published have ids too, from FIELDS_KNOWN up: see format.h. */
const struct field *field_get(int id);

/* The known field of that name or alias: "srcaddr", "src_addr", "srcAddr",
 * "SRCADDR", "src". FIELD_NONE when there is none. */
int field_find(struct str name);
/* The same, but a published name only ("startTime" and "endTime" of CloudWatch Logs
 * included): no other alias, no derived field. What a header line may hold. */
int field_find_published(struct str name);

static inline bool type_is_number(enum field_type type)
{
	return type >= TYPE_NUMBER;
}

/* IANA: protocol number to lower-case name ("tcp"), empty when unnamed here; and
 * back, -1 when unknown. */
struct str protocol_name(unsigned number);
int protocol_number(struct str name);

/* Well-known server ports ("postgres"): empty when unnamed here; 0 when unknown. */
struct str service_name(unsigned port);
unsigned service_port(struct str name);
/* One bit a port, set for those with a name: 65536 / 8 bytes. */
const uint8_t *service_bitmap(void);

#endif
