/* tell.c - the words of which findings are made: see tell.h. */
#include <inttypes.h>

#include "triage/tell.h"
#include "triage/why_case.h"

/* ---- addresses ---- */

bool address_is_group(const uint8_t address[16])
{
	if (!address_is_v4(address))
		return address[0] == 0xff;
	return address[12] >= 224 || address[12] == 0;
}

void tell_address(const uint8_t address[16], struct buf *out)
{
	char text[46];

	buf_add(out, text, address_format(address, text));
}

static struct str label_of(const struct judging *j, enum label label, const uint8_t address[16])
{
	struct labels *l = judging_evidence(j)->labels;

	return l ? labels_text(l, labels_of_address(l, label, address)) : (struct str){ "", 0 };
}

void tell_protocol(uint8_t protocol, struct buf *out)
{
	if (protocol == 6 || protocol == 17)
		buf_puts(out, protocol == 6 ? "tcp" : "udp");
	else
		buf_add_u64(out, protocol);
}

void tell_service(const struct judging *j, const uint8_t address[16], uint16_t port,
		  uint8_t protocol, struct buf *out)
{
	struct str name = label_of(j, LABEL_NAME, address);
	bool v4 = address_is_v4(address);

	if (name.n) {
		buf_add_str(out, name);
		buf_putc(out, ' ');
	}
	buf_puts(out, v4 ? "" : "[");
	tell_address(address, out);
	buf_printf(out, "%s:%u", v4 ? "" : "]", port);
	if (protocol != 6) {
		buf_putc(out, '/');
		tell_protocol(protocol, out);
	}
}

void tell_known(const struct judging *j, const uint8_t address[16], struct buf *out)
{
	static const enum label asked[] = { LABEL_AS, LABEL_COUNTRY, LABEL_AWS_SERVICE };
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		struct str text = label_of(j, asked[i], address);
		if (text.n == 0)
			continue;
		buf_puts(out, any ? ", " : "");
		buf_puts(out, asked[i] == LABEL_AWS_SERVICE ? "aws " : "");
		buf_add_str(out, text);
		any = true;
	}
}

/* ---- times and numbers ---- */

void tell_time(int64_t seconds, struct buf *out)
{
	char text[32];

	rfc3339(text, sizeof text, seconds);
	buf_puts(out, text);
}

void tell_times(int64_t first, int64_t last, struct buf *out)
{
	buf_puts(out, "first ");
	tell_time(first, out);
	buf_puts(out, "  last ");
	tell_time(last, out);
}

void tell_bytes(uint64_t bytes, struct buf *out)
{
	char text[32];

	buf_puts(out, human_bytes(text, sizeof text, bytes));
}

void tell_duration(int64_t seconds, struct buf *out)
{
	char text[32];

	buf_puts(out, human_duration(text, sizeof text, seconds));
}

int64_t edge_minute_start(const struct evidence_edge *e, int64_t minute)
{
	return minute * 60 < e->first ? e->first : minute * 60;
}

/* ---- subject, records, commands ---- */

void finding_about_service(struct finding *f, uint16_t port, uint8_t protocol)
{
	struct buf name = { 0 };

	finding_about_number(f, SUBJECT_PORT, port);
	if (protocol == 6)
		return;
	tell_protocol(protocol, &name);
	finding_about(f, SUBJECT_PROTOCOL, name.s);
	buf_release(&name);
}

void finding_records(struct finding *f, const uint8_t a[16], const uint8_t b[16], uint16_t port)
{
	buf_puts(&f->records, "addr=");
	tell_address(a, &f->records);
	buf_puts(&f->records, " and addr=");
	tell_address(b, &f->records);
	if (port)
		buf_printf(&f->records, " and port=%u", port);
}

void finding_records_at(const struct judging *j, uint32_t interface, struct finding *f)
{
	const char *id = places_at(judging_evidence(j)->places, interface)->interface;

	buf_puts(&f->records, "interface-id=\"");
	for (; *id; id++) {
		if (*id == '"' || *id == '\\')
			buf_putc(&f->records, '\\');
		buf_putc(&f->records, *id);
	}
	buf_putc(&f->records, '"');
}

void tell_place(const struct judging *j, uint32_t interface, struct buf *out)
{
	const struct interface *e = places_at(judging_evidence(j)->places, interface);
	struct labels *l = judging_evidence(j)->labels;
	uint32_t name = DICT_NONE;

	if (e->has[0] || e->has[1]) {
		judging_add_host(j, e->address[!e->has[0]], out);
		return;
	}
	if (l)
		name = labels_of_key(l, str_of(e->interface));
	if (name != DICT_NONE) {
		buf_add_str(out, labels_text(l, name));
		buf_putc(out, ' ');
	}
	buf_puts(out, e->interface);
}

const char *tell_interface(const struct judging *j, uint32_t interface)
{
	const struct places *p = judging_evidence(j)->places;

	return why_id_or(interface == PLACE_NONE ? NULL : places_at(p, interface)->interface,
			 "INTERFACE");
}

void tell_next_groups(const struct judging *j, uint32_t interface, struct finding *f)
{
	buf_printf(&f->next,
		   "aws ec2 describe-network-interfaces --network-interface-ids %s --query "
		   "NetworkInterfaces[].[Groups,Attachment.InstanceId]\n",
		   tell_interface(j, interface));
}

void tell_next_contain(const struct judging *j, uint32_t interface, struct finding *f)
{
	buf_printf(&f->next,
		   "to contain: aws ec2 modify-network-interface-attribute --network-interface-id "
		   "%s --groups GROUP-THAT-LETS-NOTHING-PASS\n"
		   "  (connections that stand and are tracked go on: stop the instance, or use an "
		   "ACL)\n",
		   tell_interface(j, interface));
}
