/* asked_why.h - a question of why on the screen, from its key to its page. */
#ifndef ENITOP_ASKED_WHY_H
#define ENITOP_ASKED_WHY_H

#include "cli/named_logs.h"
#include "state/text_page.h"
#include "term/prompt.h"
#include "triage/why_scan.h"

/* Of the protocols and ports that a question leaves open, one after the other: what fails comes
 * first. */
struct why_choice {
	size_t question, ports, at; /* the one at hand, and of its ports */
	uint16_t port[64];
	struct why_asking *asking; /* at hand; NULL: none */
	struct why now, best;
	bool any; /* there is a best one */
};

/* Zero: nothing is asked. */
struct asked_why {
	struct text_page page;
	struct why_scan *scan;
	struct named_logs logs;
	struct why_question question[WHY_SCAN_QUESTIONS]; /* the protocols that it may be */
	size_t questions;
	struct why_choice choice;
	bool answered, drawn; /* the answer is known; its page is written */
	/* `R`: the question that is typed. */
	bool typing;
	struct prompt prompt;
	char error[160]; /* empty: none */
};

#endif
