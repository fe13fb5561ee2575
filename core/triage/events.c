/* events.c - see events.h. */
#include "triage/events.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "labels/labels_file.h"
#include "schema/moment.h"

struct events {
	struct timed_event *event;
	size_t n, cap;
};

struct events *events_new(void)
{
	return xcalloc(1, sizeof(struct events));
}

void events_free(struct events *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->n; i++)
		free(e->event[i].text);
	free(e->event);
	free(e);
}

static void add(struct events *e, int64_t time, struct str text)
{
	xgrow((void **)&e->event, &e->cap, e->n + 1, sizeof *e->event);
	text = str_trim(text);
	text.n = text.n < EVENT_TEXT_MAX ? text.n : EVENT_TEXT_MAX;
	e->event[e->n++] = (struct timed_event){ time, xstrndup(text.s ? text.s : "", text.n) };
}

/* False: it is no time of its own, as "-15m" is none. */
static bool time_of(struct str text, int64_t *out)
{
	struct moment m;

	if (text.n == 0 || text.s[0] < '0' || text.s[0] > '9' || !moment_parse(text, 0, &m))
		return false;
	*out = m.from;
	return true;
}

/* ---- lines ---- */

static void read_lines(struct events *e, struct str text, const char *path,
		       struct label_faults *faults)
{
	for (size_t line = 1; text.n; line++) {
		const char *end = memchr(text.s, '\n', text.n);
		size_t n = end ? (size_t)(end - text.s) : text.n;
		struct str rest = str_trim((struct str){ text.s, n }), when;
		int64_t time;

		text.s += n + (end != NULL);
		text.n -= n + (end != NULL);
		if (rest.n == 0 || rest.s[0] == '#')
			continue;
		when = str_token(&rest);
		if (!time_of(when, &time))
			label_fault(faults, path, line, "'%.*s' is no time (2026-11-24T22:57:00Z)",
				    when.n < 40 ? (int)when.n : 40, when.s);
		else if (e->n < EVENTS_MAX)
			add(e, time, rest);
		else
			label_fault(faults, path, line, "more than %u events", EVENTS_MAX);
	}
}

/* ---- CloudTrail ---- */

static const char *string_at(const json_t *o, const char *a, const char *b)
{
	const char *s = json_string_value(json_object_get(o, a));

	return s ? s : json_string_value(json_object_get(o, b));
}

/* What was changed, where the request names it. */
static const char *changed(const json_t *o)
{
	static const char *const names[] = {
		"groupId", "networkAclId", "routeTableId",       "associationId",
		"vpcId",   "subnetId",     "networkInterfaceId", "natGatewayId"
	};
	const json_t *parameters = json_object_get(o, "requestParameters");
	const char *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !found; i++)
		found = json_string_value(json_object_get(parameters, names[i]));
	return found;
}

static const char *who(const json_t *o)
{
	const json_t *identity = json_object_get(o, "userIdentity");
	const char *name = string_at(identity, "userName", "arn"),
		   *slash = name ? strrchr(name, '/') : NULL;

	return slash ? slash + 1 : name;
}

/* A time as text, or (lookup-events) as seconds. */
static bool record_time(const json_t *o, const json_t *whole, int64_t *out)
{
	const json_t *at = json_object_get(o, "EventTime");
	const char *text = string_at(whole, "eventTime", "EventTime");
	double seconds = json_number_value(at);

	if (!json_is_number(at))
		return text && time_of(str_of(text), out);
	*out = (int64_t)(seconds >= 0 && seconds <= (double)MOMENT_LATEST ? seconds : 0);
	return *out > 0;
}

/* The whole record stands as a text in what lookup-events prints. */
static bool read_record(struct events *e, const json_t *o)
{
	const char *inner = json_string_value(json_object_get(o, "CloudTrailEvent"));
	json_t *within = inner ? json_loads(inner, 0, NULL) : NULL;
	const json_t *whole = within ? within : o;
	const char *name = string_at(whole, "eventName", "EventName"), *by = who(whole),
		   *what = changed(whole);
	struct buf text = { 0 };
	int64_t time = 0;
	bool good = name && record_time(o, whole, &time);

	by = by ? by : string_at(o, "Username", "username");
	if (good) {
		buf_printf(&text, "%s%s%s%s%s", name, what ? " " : "", what ? what : "",
			   by ? " by " : "", by ? by : "");
		add(e, time, buf_str(&text));
	}
	buf_release(&text);
	json_decref(within);
	return good;
}

static void read_records(struct events *e, const json_t *list, const char *path,
			 struct label_faults *faults)
{
	size_t i;
	json_t *o;

	json_array_foreach(list, i, o) {
		if (e->n >= EVENTS_MAX)
			label_fault(faults, path, 0, "more than %u events", EVENTS_MAX);
		else if (!read_record(e, o))
			label_fault(faults, path, 0, "record %zu has no eventName or eventTime",
				    i + 1);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct timed_event *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return strcmp(x->text, y->text);
}

int events_read(struct events *e, const char *path, struct label_faults *faults)
{
	struct buf text = { 0 };
	json_t *root, *list;
	int rc = label_read(path, &text);
	struct str begin = str_trim(buf_str(&text));

	if (rc == 0 && begin.n && (begin.s[0] == '{' || begin.s[0] == '[')) {
		root = json_loadb(text.s, text.n, 0, NULL);
		list = json_is_array(root) ? root : json_object_get(root, "Records");
		list = list ? list : json_object_get(root, "Events");
		if (json_is_array(list))
			read_records(e, list, path, faults);
		else
			rc = -EINVAL;
		json_decref(root);
	} else if (rc == 0) {
		read_lines(e, buf_str(&text), path, faults);
	}
	buf_release(&text);
	if (e->n)
		qsort(e->event, e->n, sizeof *e->event, by_time);
	return rc;
}

const struct timed_event *events_within(const struct events *e, int64_t from, int64_t to, size_t *n)
{
	size_t first = 0, end;

	while (first < e->n && e->event[first].time < from)
		first++;
	for (end = first; end < e->n && e->event[end].time < to;)
		end++;
	*n = end - first;
	return *n ? e->event + first : NULL;
}
