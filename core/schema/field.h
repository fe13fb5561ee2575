/* field.h - FIELDS: every published flow log field, one row each. Nothing else
 * in the program knows a field's name, type or version.
 * Source of names, versions and types: the AWS VPC and Transit Gateway user
 * guides, "flow log records". */
#ifndef ENITOP_FIELD_H
#define ENITOP_FIELD_H

#include "base/util.h"

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
	  "highest version among the chosen fields; not a name for a set of columns") \
	X(ACCOUNT_ID, "account-id", TYPE_TEXT, 2, "account", "account",\
	  "AWS account that owns the interface (TGW: the transit gateway)") \
	X(INTERFACE_ID, "interface-id", TYPE_TEXT, 2, "interface", "eni interface",\
	  "network interface that the record was captured on") \
	X(SRCADDR, "srcaddr", TYPE_ADDRESS, 2, "source", "src source",\
	  "source address; of traffic that leaves, the primary private address of the interface") \
	X(DSTADDR, "dstaddr", TYPE_ADDRESS, 2, "destination", "dst destination",\
	  "destination address; of traffic that arrives, the primary private address of the interface") \
	X(SRCPORT, "srcport", TYPE_PORT, 2, "sport", "sport",\
	  "source port; 0 for protocols without ports") \
	X(DSTPORT, "dstport", TYPE_PORT, 2, "dport", "dport",\
	  "destination port; 0 for protocols without ports") \
	X(PROTOCOL, "protocol", TYPE_PROTOCOL, 2, "proto", "proto",\
	  "IANA protocol number: 1 icmp, 6 tcp, 17 udp") \
	X(PACKETS, "packets", TYPE_NUMBER, 2, "packets", "",\
	  "packets in the aggregation interval") \
	X(BYTES, "bytes", TYPE_BYTES, 2, "bytes", "",\
	  "bytes (IP layer) in the aggregation interval") \
	X(START, "start", TYPE_TIME, 2, "start", "start-time",\
	  "first packet received in the interval (may lag up to 60 s)") \
	X(END, "end", TYPE_TIME, 2, "end", "end-time",\
	  "last packet received in the interval (may lag up to 60 s)") \
	X(ACTION, "action", TYPE_TEXT, 2, "action", "",\
	  "what became of the traffic; transit gateways do not say") \
	X(LOG_STATUS, "log-status", TYPE_TEXT, 2, "status", "status",\
	  "whether it is a record of traffic at all") \
	X(VPC_ID, "vpc-id", TYPE_TEXT, 3, "vpc", "vpc",\
	  "VPC of the interface") \
	X(SUBNET_ID, "subnet-id", TYPE_TEXT, 3, "subnet", "subnet",\
	  "subnet of the interface") \
	X(INSTANCE_ID, "instance-id", TYPE_TEXT, 3, "instance", "instance",\
	  "instance that the interface is attached to") \
	X(TCP_FLAGS, "tcp-flags", TYPE_FLAGS, 3, "flags", "flags",\
	  "FIN 1, SYN 2, RST 4, SYN-ACK 18: all that were seen in the interval, added up") \
	X(TYPE, "type", TYPE_TEXT, 3, "type", "",\
	  "kind of traffic") \
	X(PKT_SRCADDR, "pkt-srcaddr", TYPE_ADDRESS, 3, "pkt-src", "pkt-src",\
	  "source address of the packet itself; not srcaddr where something stands in between (NAT, load balancer, pod)") \
	X(PKT_DSTADDR, "pkt-dstaddr", TYPE_ADDRESS, 3, "pkt-dst", "pkt-dst",\
	  "destination address of the packet itself; not dstaddr where something stands in between") \
	X(REGION, "region", TYPE_TEXT, 4, "region", "",\
	  "region of the interface") \
	X(AZ_ID, "az-id", TYPE_TEXT, 4, "az", "az",\
	  "id of the availability zone (use1-az1), which is the same for every account, unlike its name") \
	X(SUBLOCATION_TYPE, "sublocation-type", TYPE_TEXT, 4, "subloc-type", "",\
	  "kind of sublocation that the interface is in") \
	X(SUBLOCATION_ID, "sublocation-id", TYPE_TEXT, 4, "subloc", "",\
	  "id of the sublocation") \
	X(PKT_SRC_AWS_SERVICE, "pkt-src-aws-service", TYPE_TEXT, 5, "src-aws", "",\
	  "AWS service that pkt-srcaddr belongs to (S3, EC2, ...); one when ranges overlap") \
	X(PKT_DST_AWS_SERVICE, "pkt-dst-aws-service", TYPE_TEXT, 5, "dst-aws", "",\
	  "AWS service that pkt-dstaddr belongs to (S3, EC2, ...); one when ranges overlap") \
	X(FLOW_DIRECTION, "flow-direction", TYPE_TEXT, 5, "direction", "dir direction",\
	  "seen from the interface; not which side is the client") \
	X(TRAFFIC_PATH, "traffic-path", TYPE_NUMBER, 5, "path", "path",\
	  "the way that egress traffic takes") \
	X(RESOURCE_TYPE, "resource-type", TYPE_TEXT, 6, "resource-type", "",\
	  "what the transit gateway log is of") \
	X(TGW_ID, "tgw-id", TYPE_TEXT, 6, "tgw-id", "tgw",\
	  "transit gateway") \
	X(TGW_ATTACHMENT_ID, "tgw-attachment-id", TYPE_TEXT, 6, "tgw-attachment-id", "attachment tgw-attachment",\
	  "attachment that the record was captured on") \
	X(TGW_SRC_VPC_ACCOUNT_ID, "tgw-src-vpc-account-id", TYPE_TEXT, 6, "tgw-src-vpc-account-id", "",\
	  "account of the VPC that the traffic comes from") \
	X(TGW_DST_VPC_ACCOUNT_ID, "tgw-dst-vpc-account-id", TYPE_TEXT, 6, "tgw-dst-vpc-account-id", "",\
	  "account of the VPC that the traffic goes to") \
	X(TGW_SRC_VPC_ID, "tgw-src-vpc-id", TYPE_TEXT, 6, "tgw-src-vpc-id", "",\
	  "VPC that the traffic comes from") \
	X(TGW_DST_VPC_ID, "tgw-dst-vpc-id", TYPE_TEXT, 6, "tgw-dst-vpc-id", "",\
	  "VPC that the traffic goes to") \
	X(TGW_SRC_SUBNET_ID, "tgw-src-subnet-id", TYPE_TEXT, 6, "tgw-src-subnet-id", "",\
	  "subnet that the traffic comes from") \
	X(TGW_DST_SUBNET_ID, "tgw-dst-subnet-id", TYPE_TEXT, 6, "tgw-dst-subnet-id", "",\
	  "subnet that the traffic goes to") \
	X(TGW_SRC_ENI, "tgw-src-eni", TYPE_TEXT, 6, "tgw-src-eni", "",\
	  "interface of the attachment that the traffic comes from") \
	X(TGW_DST_ENI, "tgw-dst-eni", TYPE_TEXT, 6, "tgw-dst-eni", "",\
	  "interface of the attachment that the traffic goes to") \
	X(TGW_SRC_AZ_ID, "tgw-src-az-id", TYPE_TEXT, 6, "tgw-src-az-id", "",\
	  "availability zone that the traffic comes from; - for sublocations") \
	X(TGW_DST_AZ_ID, "tgw-dst-az-id", TYPE_TEXT, 6, "tgw-dst-az-id", "",\
	  "availability zone that the traffic goes to; - for sublocations") \
	X(TGW_PAIR_ATTACHMENT_ID, "tgw-pair-attachment-id", TYPE_TEXT, 6, "tgw-pair-attachment-id", "",\
	  "the attachment at the other side of the transit gateway") \
	X(PACKETS_LOST_NO_ROUTE, "packets-lost-no-route", TYPE_NUMBER, 6, "packets-lost-no-route", "",\
	  "packets dropped: the transit gateway had no route") \
	X(PACKETS_LOST_BLACKHOLE, "packets-lost-blackhole", TYPE_NUMBER, 6, "packets-lost-blackhole", "",\
	  "packets dropped: the route is a blackhole") \
	X(PACKETS_LOST_MTU_EXCEEDED, "packets-lost-mtu-exceeded", TYPE_NUMBER, 6, "packets-lost-mtu-exceeded", "",\
	  "packets dropped: larger than the MTU") \
	X(PACKETS_LOST_TTL_EXPIRED, "packets-lost-ttl-expired", TYPE_NUMBER, 6, "packets-lost-ttl-expired", "",\
	  "packets dropped: their time to live was over") \
	X(ECS_CLUSTER_ARN, "ecs-cluster-arn", TYPE_TEXT, 7, "ecs-cluster-arn", "",\
	  "ARN of the ECS cluster of the task") \
	X(ECS_CLUSTER_NAME, "ecs-cluster-name", TYPE_TEXT, 7, "ecs-cluster-name", "",\
	  "name of the ECS cluster of the task") \
	X(ECS_CONTAINER_INSTANCE_ARN, "ecs-container-instance-arn", TYPE_TEXT, 7, "ecs-container-instance-arn", "",\
	  "ARN of the ECS container instance (EC2 only)") \
	X(ECS_CONTAINER_INSTANCE_ID, "ecs-container-instance-id", TYPE_TEXT, 7, "ecs-container-instance-id", "",\
	  "id of the ECS container instance (EC2 only)") \
	X(ECS_CONTAINER_ID, "ecs-container-id", TYPE_TEXT, 7, "ecs-container-id", "",\
	  "first container of the task") \
	X(ECS_SECOND_CONTAINER_ID, "ecs-second-container-id", TYPE_TEXT, 7, "ecs-second-container-id", "",\
	  "second container of the task") \
	X(ECS_SERVICE_NAME, "ecs-service-name", TYPE_TEXT, 7, "ecs-service-name", "",\
	  "ECS service that started the task") \
	X(ECS_TASK_DEFINITION_ARN, "ecs-task-definition-arn", TYPE_TEXT, 7, "ecs-task-definition-arn", "",\
	  "ARN of the ECS task definition") \
	X(ECS_TASK_ARN, "ecs-task-arn", TYPE_TEXT, 7, "ecs-task-arn", "",\
	  "ARN of the ECS task") \
	X(ECS_TASK_ID, "ecs-task-id", TYPE_TEXT, 7, "ecs-task-id", "",\
	  "id of the ECS task") \
	X(REJECT_REASON, "reject-reason", TYPE_TEXT, 8, "reject-reason", "reason",\
	  "why traffic was refused, where it was neither security group nor network ACL") \
	X(RESOURCE_ID, "resource-id", TYPE_TEXT, 9, "resource-id", "nat",\
	  "regional NAT gateway (nat-...) that the record is of") \
	X(ENCRYPTION_STATUS, "encryption-status", TYPE_NUMBER, 10, "encrypted", "encryption encrypted",\
	  "whether and by whom the traffic is encrypted") \
	X(INSTANCE_TAG, "instance-tag", TYPE_TEXT, 11, "instance-tag", "",\
	  "value of the instance's tag named in TagFieldSpecifications; may be wrong in its first hour") \
	X(INSTANCE_TAG_2, "instance-tag-2", TYPE_TEXT, 11, "instance-tag-2", "",\
	  "value of a second tag of the instance") \
	X(INTERFACE_TAG, "interface-tag", TYPE_TEXT, 11, "interface-tag", "",\
	  "value of the interface's tag named in TagFieldSpecifications") \
	X(INTERFACE_TAG_2, "interface-tag-2", TYPE_TEXT, 11, "interface-tag-2", "",\
	  "value of a second tag of the interface") \
	X(ASG_TAG, "asg-tag", TYPE_TEXT, 11, "asg-tag", "",\
	  "value of the Auto Scaling group's tag named in TagFieldSpecifications") \
	X(ASG_TAG_2, "asg-tag-2", TYPE_TEXT, 11, "asg-tag-2", "",\
	  "value of a second tag of the Auto Scaling group") \
	X(INTERFACE_TYPE, "interface-type", TYPE_TEXT, 11, "interface-type", "",\
	  "kind of the capturing interface") \
	X(NEXT_HOP_INTERFACE_ID, "next-hop-interface-id", TYPE_TEXT, 11, "next-hop-interface-id", "",\
	  "interface next to it: the receiver's of egress, the sender's of ingress") \
	X(NEXT_HOP_SUBNET_ID, "next-hop-subnet-id", TYPE_TEXT, 11, "next-hop-subnet-id", "",\
	  "subnet of the next hop") \
	X(NEXT_HOP_AZ_ID, "next-hop-az-id", TYPE_TEXT, 11, "next-hop-az-id", "",\
	  "availability zone of the next hop") \
	X(NEXT_HOP_VPC_ID, "next-hop-vpc-id", TYPE_TEXT, 11, "next-hop-vpc-id", "",\
	  "VPC of the next hop") \
	X(NEXT_HOP_INTERFACE_TYPE, "next-hop-interface-type", TYPE_TEXT, 11, "next-hop-interface-type", "",\
	  "kind of the next hop's interface")
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

/* Not in any record either: what the files of --names, --aws-ranges and --mmdb say of one
 * (labels.h). Those of a side are in the order of enum label. */
/* clang-format off */
#define SIDE_FIELDS(X, ID, side, of) \
	X(ID##_NAME, side "-name", TYPE_TEXT, 0, side "-name", "", "name of " of " (--names)") \
	X(ID##_SCOPE, side "-scope", TYPE_TEXT, 0, side "-scope", "",\
	  "internal (private, shared, loopback, link-local, --internal) or internet: " of) \
	X(ID##_AWS_SERVICE, side "-aws-service", TYPE_TEXT, 0, side "-aws-service", "",\
	  "AWS service of " of " (--aws-ranges)") \
	X(ID##_AWS_REGION, side "-aws-region", TYPE_TEXT, 0, side "-aws-region", "",\
	  "AWS region of " of " (--aws-ranges)") \
	X(ID##_COUNTRY, side "-country", TYPE_TEXT, 0, side "-country", "",\
	  "country of " of ", two letters (--mmdb)") \
	X(ID##_AS, side "-as", TYPE_TEXT, 0, side "-as", "",\
	  "autonomous system of " of ": AS64500 and its name (--mmdb)")
#define LABEL_FIELDS(X) \
	SIDE_FIELDS(X, SRC, "src", "srcaddr") \
	SIDE_FIELDS(X, DST, "dst", "dstaddr") \
	SIDE_FIELDS(X, CLIENT, "client", "the client") \
	SIDE_FIELDS(X, SERVER, "server", "the server") \
	X(SCOPE, "scope", TYPE_TEXT, 0, "scope", "",\
	  "internal when both sides are, else internet") \
	X(INTERFACE_NAME, "interface-name", TYPE_TEXT, 0, "interface-name", "eni-name",\
	  "name of interface-id (--names)") \
	X(ACCOUNT_NAME, "account-name", TYPE_TEXT, 0, "account-name", "",\
	  "name of account-id (--names)")
/* clang-format on */

enum field_id {
#define X(id, name, type, version, title, aliases, help) FIELD_##id,
	FIELDS(X) FIELDS_PUBLISHED,
	FIELD_BEFORE_DERIVED = FIELDS_PUBLISHED - 1,
	DERIVED_FIELDS(X) LABEL_FIELDS(X)
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

/* Some of the fields of records. */
struct field_set {
	bool has[FIELDS_PUBLISHED];
};

/* The row of a known field; `id` below FIELDS_KNOWN. Names that are not
 * published have ids too, from FIELDS_KNOWN up: see format.h. */
const struct field *field_get(int id);

/* The known field of that name or alias: "srcaddr", "src_addr", "srcAddr",
 * "SRCADDR", "src". FIELD_NONE when there is none. */
int field_find(struct str name);
/* The same, but a published name only: no alias, no derived field. What a log may call a column
 * is in synonym.h. */
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
