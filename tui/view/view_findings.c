/* view_findings.c - what is wrong: the worst first. In batch. */
#include "view/view.h"

const struct view view_findings = {
	.name = "findings",
	.title = "Findings",
	.help = "what is wrong, worst first",
	.judged = true,
};
