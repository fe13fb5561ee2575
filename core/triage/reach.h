/* reach.h - what does not get there, cause by cause: shared by the rules reach and blackhole. */
#ifndef ENITOP_REACH_H
#define ENITOP_REACH_H

#include "triage/detector.h"

/* Pairs with one cause, as far as it can be told, at one server and port; of servers of the internet at any. */
struct reach_group {
	struct judged_pair **pair; /* in the order of judging_pairs() */
	size_t n, cap;
	enum why_code code;
	uint8_t server[16];
	bool internet; /* servers of it, whichever */
	bool any_client;
	uint16_t port;
	uint8_t protocol;
};

#define REACH_TOGETHER_S 300 /* within which what has one cause begins */

/* Whether a source of ours was found to scan. */
bool reach_is_scanned(const struct judging *j, const uint8_t client[16]);
/* Those that are not taken yet; reach_groups_free() them. */
struct reach_group *reach_groups(struct judging *j, size_t *n);
/* A pair of which it is open what refuses it goes to the group of its server, port and interface where
 * that is told, if the two began together and there is one such group alone: it is the same cause. */
void reach_fold(struct judging *j, struct reach_group *g, size_t n);
void reach_groups_free(struct reach_group *g, size_t n);
/* Since when it is so for a pair. */
int64_t reach_since(struct judging *j, struct judged_pair *p);
/* The finding of a rule that a group is; takes its pairs. */
struct finding *reach_find(struct judging *j, const struct detector *d, struct reach_group *g);

#endif
