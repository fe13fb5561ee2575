/* asked_why.h - a question of why on the screen, from its key to its page. */
#ifndef ENITOP_ASKED_WHY_H
#define ENITOP_ASKED_WHY_H

#include "cli/named_logs.h"
#include "state/text_page.h"
#include "term/prompt.h"
#include "triage/why_scan.h"

/* Zero: nothing is asked. */
struct asked_why {
	struct text_page page;
	struct why_scan *scan;
	struct named_logs logs;
	struct why_question question[WHY_SCAN_QUESTIONS]; /* the protocols that it may be */
	size_t questions;
	bool answered;
	/* `R`: the question that is typed. */
	bool typing;
	struct prompt prompt;
	char error[160]; /* empty: none */
};

#endif
