/* asked_why.h - a question of why on the screen, from its key to its page. */
#ifndef ENITOP_ASKED_WHY_H
#define ENITOP_ASKED_WHY_H

#include "cli/named_logs.h"
#include "term/prompt.h"
#include "triage/why_scan.h"

/* Zero: nothing is asked. */
struct asked_why {
	bool open; /* the page is on show */
	struct why_scan *scan;
	struct named_logs logs;
	struct why_question question[WHY_SCAN_QUESTIONS]; /* the protocols that it may be */
	size_t questions;
	bool answered;
	struct buf page; /* of the answer, made for `width` columns; empty: to be made */
	int width;
	struct buf json; /* the same answer */
	int scroll;
	char clause[256]; /* the records that it rests on, as a filter */
	int64_t since;    /* INT64_MIN: not known */
	/* `R`: the question that is typed. */
	bool typing;
	struct prompt prompt;
	char error[160]; /* empty: none */
};

#endif
