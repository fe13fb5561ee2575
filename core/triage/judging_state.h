/* judging_state.h - what judging*.c share. Private to them. */
#ifndef ENITOP_JUDGING_STATE_H
#define ENITOP_JUDGING_STATE_H

#include "triage/judging.h"

#define PAIRS_MOST 1024u /* conversations whose records are looked at */

struct asked_pair {
	struct edge_key key;
	double weight;
};

struct judging {
	const struct rules *rules;
	struct edges *edges;
	struct evidence evidence;
	struct baseline *learn;
	size_t room;
	void **state; /* of each detector */
	uint32_t at;  /* of edges_next() */
	struct finding **found;
	size_t finds, find_cap;
	/* asked for: a heap until judging_asks(), the least weight on top */
	struct asked_pair *asked;
	size_t asks;
	struct why_question *question;
	struct judged_pair *pair; /* by key */
	size_t pairs;
	size_t decided; /* pairs, then detectors */
	const struct sightings *sightings;
	struct sightings near; /* those that the port at hand can rest on */
	uint16_t near_port;
	uint8_t near_protocol;
	bool has_near;
	struct tries tries;
	struct judging_counts counts;
};

/* judging_pairs.c */
/* What became of a pair's tries, and why some fail. */
void judging_sum_up(struct judging *j, struct judged_pair *p);
void judging_pairs_free(struct judging *j);

#endif
