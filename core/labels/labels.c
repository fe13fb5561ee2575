/* labels.c - see labels.h. */
#include "labels/labels.h"

#include <stdlib.h>
#include <string.h>

#include "labels/labels_state.h"

#define NOTE_NONE UINT32_MAX /* looked up, and there is no label; 0: not looked up */

/* ---- life ---- */

struct labels *labels_new(struct dict *d)
{
	struct labels *l = xcalloc(1, sizeof *l);
	struct str bad;

	l->dict = d;
	l->internal = labels_intern(l, str_of("internal"));
	l->internet = labels_intern(l, str_of("internet"));
	labels_add_internal(l, str_of(LABELS_INTERNAL), &bad);
	dict_set_labels(d, l);
	return l;
}

void labels_free(struct labels *l)
{
	if (!l)
		return;
	dict_set_labels(l->dict, NULL);
	prefixes_release(&l->scope);
	prefixes_release(&l->aws);
	names_release(&l->names);
	ioc_release(&l->ioc);
	for (size_t i = 0; i < l->mmdbs; i++)
		mmdb_close(l->mmdb[i]);
	free(l->mmdb);
	label_sources_release(&l->of_names);
	label_sources_release(&l->of_ioc);
	free(l);
}

size_t labels_bytes(const struct labels *l)
{
	return sizeof *l +
	       (l->scope.cap + l->aws.cap + l->names.address.cap + l->ioc.listed.cap +
		l->ioc.allowed.cap) *
		       sizeof(struct prefix) +
	       l->names.cap * sizeof *l->names.text + l->names.n * 32 +
	       l->names.inventory.cap * sizeof *l->names.inventory.entry +
	       l->names.inventory.n * 192;
}

const struct inventory *labels_inventory(const struct labels *l)
{
	return &l->names.inventory;
}

uint64_t labels_generation(const struct labels *l)
{
	return l->generation;
}

bool labels_add_internal(struct labels *l, struct str networks, struct str *bad)
{
	uint8_t from[16];
	unsigned bits;
	bool more = true;

	while (more) {
		const char *comma = networks.n ? memchr(networks.s, ',', networks.n) : NULL;
		size_t n = comma ? (size_t)(comma - networks.s) : networks.n;
		*bad = str_trim((struct str){ networks.s, n });
		if (!prefix_parse(*bad, from, &bits))
			return false;
		prefixes_add(&l->scope, from, bits, 0, 0, 0);
		more = comma != NULL;
		networks.s += n + more;
		networks.n -= n + more;
	}
	prefixes_seal(&l->scope);
	dict_notes_clear(l->dict, LABEL_SCOPE, TEXT_NOTE_NAME);
	return true;
}

/* ---- adding files ---- */

static int add_names(struct labels *l, struct label_source s, struct label_faults *faults)
{
	int rc = names_read(l, &l->names, &s, faults);

	names_seal(&l->names);
	dict_notes_clear(l->dict, LABEL_NAME, TEXT_NOTE_NAME);
	if (rc == 0)
		label_sources_add(&l->of_names, &s);
	return rc;
}

int labels_add_names(struct labels *l, const char *path, struct label_faults *faults)
{
	return add_names(l, (struct label_source){ .path = (char *)path }, faults);
}

void labels_add_names_text(struct labels *l, const char *name, const char *text,
			   struct label_faults *faults)
{
	add_names(l, (struct label_source){ (char *)name, (char *)text }, faults);
}

int labels_reload_names(struct labels *l, struct label_faults *faults, const char **failed)
{
	struct names fresh = { 0 };
	struct ioc bad = { 0 };
	int rc = 0;

	for (size_t i = 0; i < l->of_names.n && rc == 0; i++) {
		*failed = l->of_names.source[i].path;
		rc = names_read(l, &fresh, &l->of_names.source[i], faults);
	}
	for (size_t i = 0; i < l->of_ioc.n && rc == 0; i++) {
		*failed = l->of_ioc.source[i].path;
		rc = ioc_read(l, &bad, &l->of_ioc.source[i], faults);
	}
	if (rc < 0) {
		names_release(&fresh);
		ioc_release(&bad);
		return rc;
	}
	names_seal(&fresh);
	names_release(&l->names);
	l->names = fresh;
	ioc_seal(&bad);
	ioc_release(&l->ioc);
	l->ioc = bad;
	dict_notes_clear(l->dict, LABEL_NAME, TEXT_NOTE_NAME);
	l->generation++;
	return 0;
}

static int add_ioc(struct labels *l, struct label_source s, struct label_faults *faults)
{
	int rc = ioc_read(l, &l->ioc, &s, faults);

	ioc_seal(&l->ioc);
	if (rc == 0)
		label_sources_add(&l->of_ioc, &s);
	return rc;
}

int labels_add_ioc(struct labels *l, const char *path, struct label_faults *faults)
{
	return add_ioc(l, (struct label_source){ .path = (char *)path }, faults);
}

void labels_add_ioc_text(struct labels *l, const char *name, const char *text,
			 struct label_faults *faults)
{
	add_ioc(l, (struct label_source){ (char *)name, (char *)text }, faults);
}

int labels_add_aws(struct labels *l, const char *path, struct label_faults *faults)
{
	struct label_json j = { l, path, faults };
	struct buf text = { 0 };
	int rc = label_read(path, &text);

	if (rc == 0)
		label_json_ranges(&j, buf_str(&text));
	buf_release(&text);
	prefixes_seal(&l->aws);
	dict_notes_clear(l->dict, LABEL_AWS_SERVICE, TEXT_NOTE_NAME);
	dict_notes_clear(l->dict, LABEL_AWS_REGION, TEXT_NOTE_NAME);
	return rc;
}

int labels_add_mmdb(struct labels *l, const char *path, struct label_faults *faults)
{
	struct mmdb *m = NULL;
	int rc = mmdb_open(path, &m, faults);

	if (rc < 0)
		return rc;
	xgrow((void **)&l->mmdb, &l->mmdb_cap, l->mmdbs + 1, sizeof *l->mmdb);
	l->mmdb[l->mmdbs++] = m;
	dict_notes_clear(l->dict, LABEL_COUNTRY, TEXT_NOTE_NAME);
	dict_notes_clear(l->dict, LABEL_AS, TEXT_NOTE_NAME);
	return 0;
}

/* ---- finding ---- */

/* From the first database that knows. */
static uint32_t of_mmdb(struct labels *l, enum label label, const uint8_t address[16])
{
	struct buf text = { 0 };
	uint32_t id;

	for (size_t i = 0; i < l->mmdbs && text.n == 0; i++)
		mmdb_find(l->mmdb[i], label, address, &text);
	id = labels_intern(l, buf_str(&text));
	buf_release(&text);
	return id;
}

uint32_t labels_of_address(struct labels *l, enum label label, const uint8_t address[16])
{
	const struct prefix *p = NULL;

	switch (label) {
	case LABEL_SCOPE:
		return prefixes_find(&l->scope, address) ? l->internal : l->internet;
	case LABEL_NAME:
		p = prefixes_find(&l->names.address, address);
		return p ? p->value[0] : DICT_NONE;
	case LABEL_AWS_SERVICE:
	case LABEL_AWS_REGION:
		p = prefixes_find(&l->aws, address);
		return p ? p->value[label == LABEL_AWS_REGION] : DICT_NONE;
	default:
		return of_mmdb(l, label, address);
	}
}

uint32_t labels_of_id(struct labels *l, enum label label, uint32_t id)
{
	uint32_t *note;

	if (id == DICT_NONE)
		return DICT_NONE;
	note = dict_address_note(l->dict, label, id);
	if (*note == 0) {
		uint32_t found = labels_of_address(l, label, dict_address(l->dict, id));
		*note = found != DICT_NONE ? found : NOTE_NONE;
	}
	return *note == NOTE_NONE ? DICT_NONE : *note;
}

uint32_t labels_of_text(struct labels *l, uint32_t id)
{
	uint32_t *note;

	if (id == DICT_NONE)
		return DICT_NONE;
	note = dict_text_note(l->dict, TEXT_NOTE_NAME, id);
	if (*note == 0) {
		uint32_t found = names_of_text(&l->names, dict_text(l->dict, id));
		*note = found != DICT_NONE ? found : NOTE_NONE;
	}
	return *note == NOTE_NONE ? DICT_NONE : *note;
}

uint32_t labels_of_key(const struct labels *l, struct str text)
{
	return names_of_text(&l->names, text);
}

bool labels_is_internal(const struct labels *l, uint32_t scope)
{
	return scope == l->internal;
}

size_t labels_find_name(const struct labels *l, struct str name, uint8_t out[16])
{
	const struct prefixes *p = &l->names.address;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->prefix[i].bits == 128 &&
		    str_equal(labels_text(l, p->prefix[i].value[0]), name) && n++ == 0)
			memcpy(out, p->prefix[i].from, 16);
	return n;
}

bool labels_is_own_name(const struct labels *l, const uint8_t address[16])
{
	const struct prefix *p = prefixes_find(&l->names.address, address);

	return p && p->bits == 128;
}

struct str labels_text(const struct labels *l, uint32_t label)
{
	return dict_text(l->dict, label);
}

void labels_add_host(struct labels *l, const uint8_t address[16], struct buf *out)
{
	uint32_t name = l ? labels_of_address(l, LABEL_NAME, address) : DICT_NONE;
	char text[46];

	if (name != DICT_NONE) {
		buf_add_str(out, labels_text(l, name));
		buf_putc(out, ' ');
	}
	buf_add(out, text, address_format(address, text));
}

void labels_describe(struct labels *l, const uint8_t address[16], struct buf *out)
{
	bool any = false;

	for (int label = 0; label < LABELS; label++) {
		struct str text = labels_text(l, labels_of_address(l, (enum label)label, address));
		if (text.n == 0)
			continue;
		if (any)
			buf_puts(out, label == LABEL_AWS_REGION ? " " : ", ");
		if (label == LABEL_AWS_SERVICE)
			buf_puts(out, "aws ");
		buf_add_str(out, text);
		any = true;
	}
}
