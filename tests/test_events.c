/* Events: what people did, from lines and from CloudTrail's JSON, in the order of their times. */
#include "support.h"

#include <unistd.h>

#include "triage/events.h"

static struct events *read_text(const char *text, int want, unsigned faults)
{
	char path[] = "/tmp/enitop-events-XXXXXX";
	struct label_faults f = { 0 };
	struct events *e = events_new();
	int fd = mkstemp(path), rc;

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	rc = events_read(e, path, &f);
	unlink(path);
	assert_int_equal(rc, want);
	assert_int_equal(f.n, faults);
	buf_release(&f.text);
	return e;
}

static void holds(const struct events *e, int64_t from, int64_t to, size_t n, const char *first)
{
	size_t have;
	const struct timed_event *x = events_within(e, from, to, &have);

	assert_int_equal(have, n);
	if (n)
		assert_string_equal(x->text, first);
}

static void lines(void **state)
{
	struct events *e = read_text("# changes\n2026-11-24T22:57:00Z deploy of app\n\n"
				     "1795560000 route table\n-15m nothing\nwhen? nothing\n"
				     "2026-11-24 day\n",
				     0, 2);

	(void)state;
	holds(e, 0, INT64_MAX, 3, "day");
	holds(e, 1795561020, 1795561021, 1, "deploy of app"); /* its own second */
	holds(e, 1795561021, INT64_MAX, 0, NULL);
	holds(e, 1795560000, 1795561020, 1, "route table");
	events_free(e);
}

static void cloudtrail(void **state)
{
	struct events *e =
		read_text("{\"Records\":[{\"eventTime\":\"2026-11-24T22:57:00Z\","
			  "\"eventName\":\"RevokeSecurityGroupIngress\",\"userIdentity\":{\"arn\":"
			  "\"arn:aws:sts::1:assumed-role/ops/alice\"},\"requestParameters\":"
			  "{\"groupId\":\"sg-1\"}},{\"eventName\":\"X\"}]}",
			  0, 1);

	(void)state;
	holds(e, 0, INT64_MAX, 1, "RevokeSecurityGroupIngress sg-1 by alice");
	events_free(e);
	/* As lookup-events prints it: the record is a text within. */
	e = read_text("{\"Events\":[{\"EventTime\":1795561020,\"EventName\":\"DeleteRoute\","
		      "\"Username\":\"bob\",\"CloudTrailEvent\":\"{\\\"eventName\\\":"
		      "\\\"DeleteRoute\\\",\\\"requestParameters\\\":{\\\"routeTableId\\\":"
		      "\\\"rtb-1\\\"}}\"}]}",
		      0, 0);
	holds(e, 1795561020, 1795561021, 1, "DeleteRoute rtb-1 by bob");
	events_free(e);
	events_free(read_text("{\"Records\":7}", -22, 0));
	events_free(read_text("[1,{},\"x\",null]", 0, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(cloudtrail),
	};

	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
