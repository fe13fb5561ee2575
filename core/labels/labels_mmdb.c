/* labels_mmdb.c - country and autonomous system from MaxMind databases, where libmaxminddb
 * was there to build with. The library maps the file and checks what it reads. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "labels/labels_state.h"

#ifdef HAVE_MAXMINDDB
#include <arpa/inet.h>
#include <inttypes.h>
#include <maxminddb.h>

struct mmdb {
	MMDB_s db;
};

bool labels_can_mmdb(void)
{
	return true;
}

int mmdb_open(const char *path, struct mmdb **out, struct label_faults *f)
{
	struct mmdb *m = xcalloc(1, sizeof *m);
	int rc = MMDB_open(path, MMDB_MODE_MMAP, &m->db), error = errno;

	if (rc == MMDB_SUCCESS) {
		*out = m;
		return 0;
	}
	free(m);
	if (rc == MMDB_FILE_OPEN_ERROR || rc == MMDB_IO_ERROR)
		return error ? -error : -EIO;
	label_fault(f, path, 0, "%s", MMDB_strerror(rc));
	return -EINVAL;
}

void mmdb_close(struct mmdb *m)
{
	MMDB_close(&m->db);
	free(m);
}

static bool find_entry(const struct mmdb *m, const uint8_t address[16], MMDB_entry_s *out)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	MMDB_lookup_result_s found;
	int error = 0;

	if (address_is_v4(address)) {
		memcpy(&four.sin_addr, address + 12, 4);
		found = MMDB_lookup_sockaddr(&m->db, (struct sockaddr *)&four, &error);
	} else {
		if (m->db.metadata.ip_version == 4)
			return false;
		memcpy(&six.sin6_addr, address, 16);
		found = MMDB_lookup_sockaddr(&m->db, (struct sockaddr *)&six, &error);
	}
	*out = found.entry;
	return error == MMDB_SUCCESS && found.found_entry;
}

/* The text at a path of the entry; empty when there is none. */
static struct str text_at(MMDB_entry_s *entry, const char *const *path)
{
	MMDB_entry_data_s data;

	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UTF8_STRING)
		return (struct str){ "", 0 };
	return (struct str){ data.utf8_string, data.data_size };
}

static uint64_t number_at(MMDB_entry_s *entry, const char *const *path)
{
	MMDB_entry_data_s data;

	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data)
		return 0;
	return data.type == MMDB_DATA_TYPE_UINT32   ? data.uint32
	       : data.type == MMDB_DATA_TYPE_UINT16 ? data.uint16
	       : data.type == MMDB_DATA_TYPE_UINT64 ? data.uint64
						    : 0;
}

#define PATH(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* GeoLite2, GeoIP2 and DB-IP have a map, IPinfo a text. Where a network is registered comes
 * last: for some that is all there is. */
static void find_country(MMDB_entry_s *entry, struct buf *out)
{
	struct str text = text_at(entry, PATH("country", "iso_code"));

	if (text.n == 0)
		text = text_at(entry, PATH("country_code"));
	if (text.n == 0) {
		text = text_at(entry, PATH("country"));
		text.n = text.n == 2 ? 2 : 0;
	}
	if (text.n == 0)
		text = text_at(entry, PATH("registered_country", "iso_code"));
	buf_add_str(out, text);
}

static void find_as(MMDB_entry_s *entry, struct buf *out)
{
	uint64_t number = number_at(entry, PATH("autonomous_system_number"));
	struct str text = text_at(entry, PATH("autonomous_system_organization"));

	if (number) {
		buf_printf(out, "AS%" PRIu64, number);
	} else {
		buf_add_str(out, text_at(entry, PATH("asn"))); /* "AS64500" */
		text = text_at(entry, PATH("as_name"));
		if (text.n == 0)
			text = text_at(entry, PATH("name"));
	}
	if (out->n && text.n) {
		buf_putc(out, ' ');
		buf_add_str(out, text);
	}
}

void mmdb_find(const struct mmdb *m, enum label label, const uint8_t address[16], struct buf *out)
{
	MMDB_entry_s entry;

	if (!find_entry(m, address, &entry))
		return;
	if (label == LABEL_COUNTRY)
		find_country(&entry, out);
	else
		find_as(&entry, out);
}

#else

bool labels_can_mmdb(void)
{
	return false;
}

int mmdb_open(const char *path, struct mmdb **out, struct label_faults *f)
{
	(void)path;
	(void)f;
	*out = NULL;
	return -ENOTSUP;
}

void mmdb_close(struct mmdb *m)
{
	(void)m;
}

void mmdb_find(const struct mmdb *m, enum label label, const uint8_t address[16], struct buf *out)
{
	(void)m;
	(void)label;
	(void)address;
	(void)out;
}
#endif
