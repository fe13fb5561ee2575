/* option_labels.c - one function an option: the files of what is known of addresses, and
 * what is to count as internal. They are read by labels_open.c. */
#include "cli/option_take.h"

static int add(struct parsing *p, const char *option, enum label_file_kind kind, const char *value)
{
	struct options *o = p->o;

	if (o->label_files == OPTION_LABEL_FILES_MAX) {
		fprintf(p->err, "enitop: --%s: more than %d files and lists\n", option,
			OPTION_LABEL_FILES_MAX);
		return 2;
	}
	o->label_file[o->label_files++] = (struct label_file){ kind, value };
	return -1;
}

int take_names(struct parsing *p, const char *value)
{
	return add(p, "names", LABEL_FILE_NAMES, value);
}

int take_aws_ranges(struct parsing *p, const char *value)
{
	return add(p, "aws-ranges", LABEL_FILE_AWS, value);
}

int take_mmdb(struct parsing *p, const char *value)
{
	if (!labels_can_mmdb()) {
		fputs("enitop: --mmdb: built without libmaxminddb\n", p->err);
		return 2;
	}
	return add(p, "mmdb", LABEL_FILE_MMDB, value);
}

int take_internal(struct parsing *p, const char *value)
{
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct str bad;
	bool good = labels_add_internal(l, str_of(value), &bad);

	labels_free(l);
	dict_free(d);
	if (good)
		return add(p, "internal", LABEL_FILE_INTERNAL, value);
	fprintf(p->err, "enitop: --internal: '%.*s' is no network (10.0.0.0/8)\n", (int)bad.n,
		bad.s);
	return 2;
}
