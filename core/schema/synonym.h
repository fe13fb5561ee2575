/* synonym.h - SYNONYMS: what other tools call the fields of flow logs. A row a name; beside
 * FIELDS, which has AWS's own names and what people type in filters.
 *
 * Names are compared without case and separators ("source.ip", "source_ip" and "sourceIp" are
 * one), and below any object ("aws.vpcflow.action" is action): see columns.h. Of several names
 * for a field in one log AWS's own counts, else the first of this table; those of
 * SYNONYMS_FIRST count even beside AWS's name, which then has another meaning. */
#ifndef ENITOP_SYNONYM_H
#define ENITOP_SYNONYM_H

#include "schema/field.h"

/* X(field, name) */
/* clang-format off */
#define SYNONYMS_FIRST(X) \
	/* Splunk's add-on: `action` is allowed or blocked, `protocol` may be "ip". */ \
	X(ACTION, "vpcflow_action") \
	X(PROTOCOL, "protocol_code") \
	/* Microsoft Sentinel: `Type` is the name of the table. */ \
	X(TYPE, "TrafficType")
#define SYNONYMS(X) \
	/* Elastic Common Schema: integrations, Beats. */ \
	X(SRCADDR, "source.ip") X(SRCADDR, "source.address") \
	X(DSTADDR, "destination.ip") X(DSTADDR, "destination.address") \
	X(SRCPORT, "source.port") X(DSTPORT, "destination.port") \
	X(PROTOCOL, "network.iana_number") X(PROTOCOL, "network.transport") \
	X(PACKETS, "network.packets") X(PACKETS, "source.packets") \
	X(BYTES, "network.bytes") X(BYTES, "source.bytes") \
	X(START, "event.start") X(END, "event.end") \
	X(ACTION, "event.action") X(ACTION, "event.outcome") \
	X(TYPE, "network.type") X(FLOW_DIRECTION, "network.direction") \
	X(ACCOUNT_ID, "cloud.account.id") X(REGION, "cloud.region") \
	X(AZ_ID, "cloud.availability_zone") X(INSTANCE_ID, "cloud.instance.id") \
	/* OpenTelemetry: awslogs_encoding. */ \
	X(PROTOCOL, "network.protocol.name") X(TCP_FLAGS, "network.tcp.flags") \
	X(INTERFACE_ID, "network.interface.name") X(FLOW_DIRECTION, "network.io.direction") \
	X(VERSION, "aws.vpc.flow.log.version") X(LOG_STATUS, "aws.vpc.flow.status") \
	X(SUBNET_ID, "aws.vpc.subnet.id") X(INSTANCE_ID, "host.id") \
	X(PKT_SRC_AWS_SERVICE, "aws.vpc.flow.source.service") \
	X(PKT_DST_AWS_SERVICE, "aws.vpc.flow.destination.service") \
	/* The table of AWS's older documentation for Athena. */ \
	X(ACCOUNT_ID, "account") X(PACKETS, "numpackets") X(BYTES, "numbytes") \
	X(START, "starttime") X(END, "endtime") /* CloudWatch Logs has these too */ \
	/* Splunk: Common Information Model. */ \
	X(SRCADDR, "src_ip") X(DSTADDR, "dest_ip") X(DSTPORT, "dest_port") \
	X(PROTOCOL, "transport") X(ACCOUNT_ID, "aws_account_id") \
	/* Microsoft Sentinel: AWSVPCFlow, whose TimeGenerated is start, and ASIM. */ \
	X(START, "Start [UTC]") X(END, "End [UTC]") \
	X(START, "TimeGenerated") X(START, "TimeGenerated [UTC]") \
	X(SRCADDR, "SrcIpAddr") X(DSTADDR, "DstIpAddr") \
	X(SRCPORT, "SrcPortNumber") X(DSTPORT, "DstPortNumber") \
	X(PACKETS, "NetworkPackets") \
	X(START, "EventStartTime") X(END, "EventEndTime") \
	/* OCSF, Network Activity: what enitop itself writes. */ \
	X(SRCADDR, "src_endpoint.ip") X(DSTADDR, "dst_endpoint.ip") \
	X(SRCPORT, "src_endpoint.port") X(DSTPORT, "dst_endpoint.port") \
	X(PROTOCOL, "connection_info.protocol_num") X(TCP_FLAGS, "connection_info.tcp_flags") \
	X(FLOW_DIRECTION, "connection_info.direction") \
	X(ACTION, "disposition") X(START, "start_time_dt") X(END, "end_time_dt") \
	X(BYTES, "traffic.bytes") X(PACKETS, "traffic.packets") \
	X(ACCOUNT_ID, "cloud.account.uid") X(AZ_ID, "cloud.zone") \
	X(INTERFACE_ID, "src_endpoint.interface_uid") X(INTERFACE_ID, "dst_endpoint.interface_uid") \
	X(VPC_ID, "src_endpoint.vpc_uid") X(VPC_ID, "dst_endpoint.vpc_uid") \
	X(SUBNET_ID, "src_endpoint.subnet_uid") X(SUBNET_ID, "dst_endpoint.subnet_uid") \
	X(INSTANCE_ID, "src_endpoint.instance_uid") X(INSTANCE_ID, "dst_endpoint.instance_uid") \
	/* By hand. */ \
	X(DSTADDR, "destaddr") X(DSTPORT, "destport") \
	X(SRCADDR, "source_addr") X(DSTADDR, "destination_addr") X(DSTADDR, "dst_ip") \
	X(SRCADDR, "src_address") X(DSTADDR, "dst_address") X(DSTADDR, "dest_address") \
	X(SRCADDR, "src") X(DSTADDR, "dst") X(DSTADDR, "dest") \
	X(SRCPORT, "sport") X(DSTPORT, "dport") \
	X(PROTOCOL, "proto") X(PROTOCOL, "protocol_number") X(PROTOCOL, "ip_protocol") \
	X(INTERFACE_ID, "eni") X(INTERFACE_ID, "eni_id") X(INTERFACE_ID, "network_interface_id") \
	X(ACCOUNT_ID, "owner_id") X(LOG_STATUS, "status") X(FLOW_DIRECTION, "direction") \
	X(REGION, "aws_region") X(VPC_ID, "vpc") X(SUBNET_ID, "subnet") X(INSTANCE_ID, "instance")
/* clang-format on */

#define SYNONYM_KEY 40 /* a name without case and separators, at most */

/* The name as it is compared: in small letters, '-', '_', '.', ':', '/', brackets and blanks
 * left out. 0: it can be no field's name. */
size_t synonym_key(struct str name, char key[SYNONYM_KEY]);

/* The field that a column of this name is, AWS's own names included; FIELD_NONE: none is known.
 * `rank`: of several names for one field the lowest counts. */
int synonym_find(struct str name, unsigned *rank);

#endif
