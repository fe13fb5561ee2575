/* labels.h - what is known of addresses, interfaces and accounts from files, offline:
 * names, AWS service and region, country and autonomous system; and whether an address is
 * internal. Never the network, never a look-up while drawing.
 *
 * A label is a text of the dictionary that it hangs on, by its id there; ids stay valid as
 * long as the labels do. What was found of a value is noted in the dictionary, so that each
 * distinct value is looked up once. Loop thread. */
#ifndef ENITOP_LABELS_H
#define ENITOP_LABELS_H

#include "store/dict.h"

/* In the order of SIDE_FIELDS in field.h. */
enum label {
	LABEL_NAME,
	LABEL_SCOPE, /* "internal" or "internet": never none */
	LABEL_AWS_SERVICE,
	LABEL_AWS_REGION,
	LABEL_COUNTRY,
	LABEL_AS,
	LABELS
};

/* RFC 1918, 6598 (shared), 3927 and 4291 (link-local, loopback), 4193: internal unasked. */
#define LABELS_INTERNAL \
	"10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,127.0.0.0/8," \
	"fc00::/7,fe80::/10,::1/128"

#define LABELS_FILE_MAX ((size_t)64 << 20) /* bytes of a file of names or ranges */
#define LABELS_ENTRIES 2000000u            /* names, or ranges */
#define LABELS_TEXT_MAX 255u               /* bytes of a label */

/* What was wrong in a file, of which everything else was taken. Release the text. */
struct label_faults {
	struct buf text; /* a line a fault, "FILE:LINE: what"; the first ones */
	unsigned n;      /* of all */
};

struct labels;

/* Private networks alone are known. Hangs itself on the dictionary; free it before. */
struct labels *labels_new(struct dict *d);
void labels_free(struct labels *l);

/* Networks that are internal too, separated by commas. False with what is none in *bad. */
bool labels_add_internal(struct labels *l, struct str networks, struct str *bad);

/* Each takes a file besides those before; 0, or a negative errno when it can't be read at
 * all (-EFBIG: beyond LABELS_FILE_MAX). `faults` may gain lines either way.
 * Names: lines "KEY NAME" or "KEY,NAME", where a key is an address, a network, an
 * interface or an account; or the JSON of `aws ec2 describe-network-interfaces`. */
int labels_add_names(struct labels *l, const char *path, struct label_faults *faults);
/* https://ip-ranges.amazonaws.com/ip-ranges.json, as it was saved. */
int labels_add_aws(struct labels *l, const char *path, struct label_faults *faults);
/* A MaxMind database (GeoLite2, GeoIP2, DB-IP, IPinfo); -ENOTSUP without the library. */
int labels_add_mmdb(struct labels *l, const char *path, struct label_faults *faults);
bool labels_can_mmdb(void);

/* Addresses and networks that are said to be bad: lines "ADDRESS TEXT", '#' begins a comment;
 * "allow ADDRESS" takes out what any list has of it. */
int labels_add_ioc(struct labels *l, const char *path, struct label_faults *faults);

/* The same of a text, copied, in place of a file; `name`: what complaints call it. */
void labels_add_names_text(struct labels *l, const char *name, const char *text,
			   struct label_faults *faults);
void labels_add_ioc_text(struct labels *l, const char *name, const char *text,
			 struct label_faults *faults);

/* Reads every file of names and of bad addresses again. Where one can't be read, its errno and the path in
 * *failed: all stays as it was. What was counted by names is to be counted anew. */
int labels_reload_names(struct labels *l, struct label_faults *faults, const char **failed);
/* Goes up with each reload. */
uint64_t labels_generation(const struct labels *l);

/* The label of an address, DICT_NONE when there is none. The second takes the address' id
 * in the dictionary (DICT_NONE gives DICT_NONE) and remembers. */
uint32_t labels_of_address(struct labels *l, enum label label, const uint8_t address[16]);
uint32_t labels_of_id(struct labels *l, enum label label, uint32_t id);
/* The name of an interface or account, by the id of its text; or by the text. */
uint32_t labels_of_text(struct labels *l, uint32_t id);
uint32_t labels_of_key(const struct labels *l, struct str text);
/* Of a label of LABEL_SCOPE. */
bool labels_is_internal(const struct labels *l, uint32_t scope);
/* The address that has a name of its own; how many have it. */
size_t labels_find_name(const struct labels *l, struct str name, uint8_t out[16]);
/* Whether the name of the address is its own, not that of a network around it. */
bool labels_is_own_name(const struct labels *l, const uint8_t address[16]);
struct str labels_text(const struct labels *l, uint32_t label);
/* Whether a list of bad addresses has it, and no line allows it: by the most specific line. */
struct label_ioc {
	uint32_t line;   /* in its file */
	struct str text; /* what stands behind the address; valid until the files are read again */
};
bool labels_find_ioc(const struct labels *l, const uint8_t address[16], struct label_ioc *out);
/* Whether a line allows it: that of a known party. */
bool labels_allow_ioc(const struct labels *l, const uint8_t address[16]);
bool labels_have_ioc(const struct labels *l); /* whether there is such a list */
/* Adds "db-1 10.0.2.9", or the address alone; `l` may be NULL. Not fit for a terminal. */
void labels_add_host(struct labels *l, const uint8_t address[16], struct buf *out);
/* Adds all that is known of an address: "db-1, internal, S3 eu-west-1, DE, AS64500 x". */
void labels_describe(struct labels *l, const uint8_t address[16], struct buf *out);

/* The interfaces that the JSON among the files of names lists; valid until they are read again. */
struct inventory;
const struct inventory *labels_inventory(const struct labels *l);

/* Every byte held, but for the texts: they are the dictionary's. */
size_t labels_bytes(const struct labels *l);

#endif
