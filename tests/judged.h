/* judged.h - evidence that is made by hand, and what one detector finds in it. */
#ifndef ENITOP_TESTS_JUDGED_H
#define ENITOP_TESTS_JUDGED_H

#include "support.h"
#include "triage/judging.h"

#define JUDGED_BEGIN INT64_C(1700000040) /* a whole minute */
#define JUDGED_MINUTES 60
#define JUDGED_HOSTS 12 /* eni-1 is of 10.0.0.1, and so on; the last one is a NAT gateway's */
#define JUDGED_EDGES 4096
#define JUDGED_MINUTE(m) (JUDGED_BEGIN / 60 + (m))

struct judged {
	struct dict *dict;
	struct ring *ring;
	struct labels *labels;
	struct places *places;
	struct edges *edges; /* none, for judging_new() */
	struct rules *rules;
	struct judging *judging;
	struct evidence_edge edge[JUDGED_EDGES];
	size_t n;
	struct buf told; /* see judged_tell() */
};

/* An hour of a log: each of the hosts speaks in every minute. */
struct judged *judged_open(void);
/* The same with this log in its place, in the default format. */
struct judged *judged_open_log(struct str text);
void judged_close(struct judged *w);

/* A conversation without minutes; valid until the next. */
struct evidence_edge *judged_edge(struct judged *w, const char *client, const char *server,
				  unsigned port, unsigned protocol);
/* Adds a minute, counted from the first of the log: tries of which some were answered. */
struct edge_minute *judged_minute(struct evidence_edge *e, int64_t minute, unsigned tries,
				  unsigned answered, uint64_t sent, uint64_t received);
/* Forgets all edges. */
void judged_clear(struct judged *w);
/* Sets a limit, "exfil.bytes=2G". */
void judged_limit(struct judged *w, const char *text);
/* Lines of a file, for --ioc. */
void judged_ioc(struct judged *w, const char *text);

/* What a detector finds of them, in whatever order it is given them: the same each time, or the test
 * fails. A line each, sorted: "warn possible 5-17 source=10.0.0.1 destination=..: what", minutes from
 * the first of the log. */
const char *judged_tell(struct judged *w, const struct detector *d);
/* How many those are. */
size_t judged_count(struct judged *w, const struct detector *d);
/* The first one of the last time. */
const struct finding *judged_first(const struct judged *w);

#endif
