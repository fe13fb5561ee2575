/* labels_open.c - see labels_open.h. */
#include "cli/labels_open.h"

#include <errno.h>
#include <string.h>

#include "base/terminal.h"
#include "cli/inputs.h"

void labels_complain(const struct label_faults *f)
{
	char line[400];
	unsigned lines = 0;

	for (const char *p = f->text.s; p && *p; lines++) {
		size_t n = strcspn(p, "\n");
		snprintf(line, sizeof line, "%.*s", (int)n, p);
		complain("%s", line);
		p += n + (p[n] == '\n');
	}
	if (f->n > lines) {
		snprintf(line, sizeof line, "and %u more", f->n - lines);
		complain("%s", line);
	}
}

void labels_faults_message(struct label_faults *f, char *message, size_t size)
{
	size_t n = f->text.s ? strcspn(f->text.s, "\n") : 0;

	if (f->n > 1)
		snprintf(message, size, "%.*s (and %u more)", (int)n, f->text.s, f->n - 1);
	else if (f->n)
		snprintf(message, size, "%.*s", (int)n, f->text.s);
	buf_release(&f->text);
	f->n = 0;
}

static int add(struct labels *l, const struct label_file *file, struct label_faults *f)
{
	struct str bad;

	switch (file->kind) {
	case LABEL_FILE_NAMES:
		return labels_add_names(l, file->value, f);
	case LABEL_FILE_AWS:
		return labels_add_aws(l, file->value, f);
	case LABEL_FILE_IOC:
		return labels_add_ioc(l, file->value, f);
	case LABEL_FILE_MMDB:
		return labels_add_mmdb(l, file->value, f);
	default: /* was checked when the option was taken */
		labels_add_internal(l, str_of(file->value), &bad);
		return 0;
	}
}

bool labels_open(const struct options *o, struct monitor *m, char *message, size_t size)
{
	struct label_faults faults = { 0 };
	char line[400];
	bool good = true;

	for (unsigned i = 0; good && i < o->label_files; i++) {
		int rc = add(monitor_labels(m), &o->label_file[i], &faults);
		if (rc < 0) {
			snprintf(line, sizeof line, "cannot read '%s': %s", o->label_file[i].value,
				 rc == -EINVAL ? "no MaxMind database" : strerror(-rc));
			good = false;
		}
	}
	labels_complain(&faults);
	if (!good)
		complain("%s", line);
	if (message)
		labels_faults_message(&faults, message, size);
	buf_release(&faults.text);
	return good;
}
