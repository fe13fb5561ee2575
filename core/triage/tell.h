/* tell.h - the words of which detectors make their findings: addresses, services, times, commands.
 * Names come from files and logs: whoever writes a finding out guards the terminal. */
#ifndef ENITOP_TELL_H
#define ENITOP_TELL_H

#include "triage/detector.h"

#define LIST_MAX 16u /* values that a line, a subject or a filter lists; "and N more" of others */

/* ---- addresses ---- */

/* IANA's special addresses that are no host's: multicast, broadcast, "this network". */
bool address_is_group(const uint8_t address[16]);
/* "10.0.1.5"; behind its name: judging_add_host(). */
void tell_address(const uint8_t address[16], struct buf *out);
/* "app-3 10.0.1.5:53/udp" */
void tell_service(const struct judging *j, const uint8_t address[16], uint16_t port,
		  uint8_t protocol, struct buf *out);
/* "tcp", "udp" or its number. */
void tell_protocol(uint8_t protocol, struct buf *out);
/* What is known of an address of the internet: "no AWS service, AS64500 X, NL"; nothing: nothing. */
void tell_known(const struct judging *j, const uint8_t address[16], struct buf *out);

/* ---- times and numbers ---- */

/* "2026-11-24T22:52:04Z" */
void tell_time(int64_t seconds, struct buf *out);
/* "first 2026-11-24T22:52:04Z  last 2026-11-24T23:03:51Z" */
void tell_times(int64_t first, int64_t last, struct buf *out);
/* "4.5G", "12m" */
void tell_bytes(uint64_t bytes, struct buf *out);
void tell_duration(int64_t seconds, struct buf *out);
/* The start of a minute, but not before the first record of an edge. */
int64_t edge_minute_start(const struct evidence_edge *e, int64_t minute);

/* ---- subject, records, commands ---- */

/* Port and, if it is not tcp, protocol. */
void finding_about_service(struct finding *f, uint16_t port, uint8_t protocol);
/* A filter for all records between two ends, at a port (0: any). */
void finding_records(struct finding *f, const uint8_t a[16], const uint8_t b[16], uint16_t port);
/* A filter for those of an interface, whatever its id has in it. */
void finding_records_at(const struct judging *j, uint32_t interface, struct finding *f);
/* Whose interface it is: "db-1 10.0.2.9"; of one without an address of its own "tgw-a eni-1" or its id. */
void tell_place(const struct judging *j, uint32_t interface, struct buf *out);
/* An interface by number: its id, where that is plain, else "INTERFACE". */
const char *tell_interface(const struct judging *j, uint32_t interface);
/* Adds commands to `next`: whose groups, and how to contain what an interface does. */
void tell_next_groups(const struct judging *j, uint32_t interface, struct finding *f);
void tell_next_contain(const struct judging *j, uint32_t interface, struct finding *f);

#endif
