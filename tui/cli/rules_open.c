/* rules_open.c - see rules_open.h. */
#include "cli/rules_open.h"

#include <errno.h>
#include <string.h>

#include "base/terminal.h"
#include "cli/labels_open.h"

static bool read_events(struct rules *r, const char *path)
{
	struct label_faults faults = { 0 };
	int rc = events_read(rules_events(r), path, &faults);

	labels_complain(&faults);
	buf_release(&faults.text);
	if (rc < 0)
		complain("cannot read '%s': %s", path,
			 rc == -EINVAL ? "neither records of CloudTrail nor lines TIME TEXT"
				       : strerror(-rc));
	return rc == 0;
}

struct rules *rules_open(const struct options *o)
{
	struct rules *r = rules_new();
	struct label_faults faults = { 0 };
	struct baseline *b;
	struct buf error = { 0 };
	struct str bad;
	int rc;

	for (unsigned i = 0; i < o->thresholds; i++) /* they were looked at when they were taken */
		rules_set(r, str_of(o->threshold[i]), &error);
	for (unsigned i = 0; i < o->mutes; i++)
		rules_mute(r, str_of(o->mute[i]), &error);
	buf_release(&error);
	for (unsigned i = 0; i < o->admins; i++)
		rules_add_admin(r, str_of(o->admin[i]), &bad);
	if (o->events && !read_events(r, o->events)) {
		rules_free(r);
		return NULL;
	}
	if (!o->baseline)
		return r;
	b = baseline_new();
	rc = baseline_read(b, o->baseline, &faults);
	labels_complain(&faults);
	buf_release(&faults.text);
	if (rc == 0) {
		rules_take_baseline(r, b);
		return r;
	}
	complain("cannot read '%s': %s", o->baseline,
		 rc == -EINVAL ? "no baseline" : strerror(-rc));
	baseline_free(b);
	rules_free(r);
	return NULL;
}
