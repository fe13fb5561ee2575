/* filter_help.h - the filter language, a row a form. The only such table: `--help`
 * and the manual, enitop-filter(5), print it, the help of the screen its short rows (a test
 * parses every example). */
#ifndef ENITOP_FILTER_HELP_H
#define ENITOP_FILTER_HELP_H

/* X(examples, two blanks apart; what they mean; whether the screen's help has it).
 * No '|' in examples. */
/* clang-format off */
#define FILTER_HELP(X) \
	X("443  22,443  1-1023  10.0.0.1  10.0.0.0/8  10.0.0.1:22", \
	  "that port, address, network or endpoint, on either side", 1) \
	X("reject  accept  tcp  ssh  ipv6  egress  bpa  nodata", \
	  "an action, protocol, service, family, direction, reason, status", 1) \
	X("eni-0a1b2c3d  i-0a1b2c3d  vpc-0a1b2c3d  subnet-*  tgw-*  nat-*", \
	  "that interface, instance, ...: ids of AWS", 0) \
	X("dport=22,443  src=10.0.0.0/8,10.*  sport in (53, 123)", \
	  "the field is any of these; != none of them", 1) \
	X("dport=1-1023  src=10.0.0.1-10.0.0.9  packets=10-99", \
	  "low to high, both included", 0) \
	X("bytes>1.5M  packets<=3  bytes>=2Gi", \
	  "compared; k M G T, and Ki Mi Gi Ti of 1024", 1) \
	X("end>=03:05  start>-15m  end=2026-11-24  end=10:00-10:30  end<yesterday", \
	  "times: clock, ago, day, range, today, now, RFC 3339, epoch (s or ms)", 1) \
	X("sport=-  vpc!=-  az=*", \
	  "the record has no such value; it has one", 0) \
	X("eni=eni-0a*  instance-tag=\"a b\"", \
	  "text, in any case; * is anything, but not in quotes", 0) \
	X("dst~^10\\.  eni!~/abc$/", \
	  "a regular expression (PCRE2) on the field as delivered", 1) \
	X("flags=syn  flags=syn+ack  flags=2  flags=none", \
	  "these flags are among them; exactly this value", 0) \
	X("client=10.0.0.1  server=10.0.0.2  service=https", \
	  "the side that asked, the side that serves, its port", 1) \
	X("addr=10.0.0.1  net=10.0.0.0/8  port=22", \
	  "either side, the packet's own addresses (pkt-) included", 0) \
	X("src 10.0.0.1 > dst 10.0.0.2  dst port 22  host 10.0.0.1  src net 10.0.0.0/8", \
	  "as in tcpdump", 0) \
	X("10.0.0.1 > ~10.0.0.2:5432/tcp  10.0.0.1 <> 10.0.0.2", \
	  "a row as it is drawn: client, server, service, protocol; a pair", 0) \
	X("tcp and 22  tcp 22  tcp or udp  not tcp  !tcp  -tcp  (tcp or udp) 53", \
	  "combined; and binds closer than or; also && and the two bars", 1) \
	X("/eni-.*REJECT/", \
	  "a regex on the whole record; a text that starts with / is one regex to its end", 1) \
	X("\"10.0.0.1 10.0.0.2\"  abc", \
	  "in quotes, as it stands in the record; any other word is a regex on it", 0)
/* clang-format on */

#endif
