/* labels_state.h - what labels*.c share. Private to them. */
#ifndef ENITOP_LABELS_STATE_H
#define ENITOP_LABELS_STATE_H

#include "labels/inventory.h"
#include "labels/labels.h"
#include "labels/labels_file.h"
#include "labels/prefixes.h"

#define FAULT_LINES 10

/* Names by text: an interface or an account. */
struct text_name {
	char *key;
	size_t order; /* of being added: the last one counts */
	uint32_t label;
};

struct names {
	struct prefixes address; /* value[0]: label */
	struct text_name *text;  /* sealed: sorted by key */
	size_t n, cap;
	struct inventory inventory;
};

/* Bad addresses. */
struct ioc {
	struct prefixes listed; /* value: label of its text, line */
	struct prefixes allowed;
};

/* Where labels come from, to be read again. */
struct label_source {
	char *path; /* or what stands for it in complaints, */
	char *text; /* where this is what it says; NULL: the file's */
};

struct label_sources {
	struct label_source *source;
	size_t n, cap;
};

struct mmdb;

struct labels {
	struct dict *dict;
	uint32_t internal, internet; /* the two scopes */
	struct prefixes scope;
	struct names names;
	struct prefixes aws; /* value: service, region */
	struct mmdb **mmdb;
	size_t mmdbs, mmdb_cap;
	struct ioc ioc;
	struct label_sources of_names, of_ioc;
	uint64_t generation;
};

/* What is noted in the dictionary of a text beside it: see dict_text_note(). */
enum {
	TEXT_NOTE_NAME, /* the label that is the name of this interface or account */
	TEXT_NOTE_HELD, /* the text is a label, and the labels have their reference to it */
};

/* labels_file.c */
/* The id of a label's text, which then stays; DICT_NONE for one that is empty or "-". */
uint32_t labels_intern(struct labels *l, struct str text);

/* labels_names.c */
/* Both return false when there are too many. */
bool names_add_prefix(struct names *n, const uint8_t from[16], unsigned bits, uint32_t label);
bool names_add_text(struct names *n, struct str key, uint32_t label);
void names_seal(struct names *n);
void names_release(struct names *n);
uint32_t names_of_text(const struct names *n, struct str key);

/* labels_file.c: what it says; 0 or a negative errno. */
int label_source_read(const struct label_source *s, struct buf *out);
void label_sources_add(struct label_sources *v, const struct label_source *s);
void label_sources_release(struct label_sources *v);

/* labels_lines.c: reads it into `n`; 0 or a negative errno. */
int names_read(struct labels *l, struct names *n, const struct label_source *s,
	       struct label_faults *f);

/* labels_ioc.c: reads it into `v`, which is not sealed; 0 or a negative errno. */
int ioc_read(struct labels *l, struct ioc *v, const struct label_source *s, struct label_faults *f);
void ioc_seal(struct ioc *v);
void ioc_release(struct ioc *v);

/* labels_json.c: the saved answers of AWS, `text` being the whole file. */
struct label_json {
	struct labels *labels;
	const char *path;
	struct label_faults *faults;
};

/* describe-network-interfaces into `n`, and ip-ranges.json into labels->aws. */
void label_json_interfaces(const struct label_json *j, struct str text, struct names *n);
void label_json_ranges(const struct label_json *j, struct str text);

/* labels_mmdb.c */
int mmdb_open(const char *path, struct mmdb **out, struct label_faults *f);
void mmdb_close(struct mmdb *m);
/* Adds the text of LABEL_COUNTRY or LABEL_AS; nothing when there is none. */
void mmdb_find(const struct mmdb *m, enum label label, const uint8_t address[16], struct buf *out);

#endif
