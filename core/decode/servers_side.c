/* servers_side.c - why the serving side of a row is taken for it, in words. */
#include "decode/servers.h"

static uint64_t number_of(const struct segment *s, uint32_t row, int field)
{
	const struct column *c = segment_column(s, field);

	return c ? column_number(c, row) : NUMBER_ABSENT;
}

const char *describe_side(const struct segment *s, uint32_t row)
{
	uint64_t flags = number_of(s, row, FIELD_TCP_FLAGS);
	uint64_t sport = number_of(s, row, FIELD_SRCPORT), dport = number_of(s, row, FIELD_DSTPORT);
	uint8_t mark = s->mark[row];
	bool src = mark & MARK_SERVER_SRC;

	if (flags != NUMBER_ABSENT && (flags & 18) == 18)
		return "given: it sent a SYN-ACK";
	if (flags != NUMBER_ABSENT && (flags & 2))
		return "given: it was sent a SYN";
	if (!(mark & MARK_GUESS) && mark & MARK_REJECT)
		return mark & MARK_WEAK
			       ? "given: the refused packet came in, and nothing had gone out"
			       : "learned: other records show which side serves";
	if (!(mark & MARK_GUESS))
		return mark & MARK_WEAK
			       ? "learned: another record of the conversation shows who asked"
			       : "learned: it answered others with a SYN-ACK";
	if (sport > 65535 || dport > 65535 || (sport == 0 && dport == 0))
		return "~ guessed: there are no ports, and the other end was met first";
	if (sport == dport)
		return "~ guessed: both ports are the same; the other end was met first, or has fewer "
		       "peers";
	bool src_known = service_name((unsigned)sport).n,
	     dst_known = service_name((unsigned)dport).n;
	if (src != (src_known != dst_known ? src_known : sport < dport))
		return "~ guessed: many peers share its port";
	if (src_known != dst_known)
		return "~ guessed: its port is that of a known service";
	return "~ guessed: it has the lower port";
}
