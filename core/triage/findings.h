/* findings.h - the BOOK of findings: what judgement after judgement found, each kept up to date
 * under its rule and subject. One whose condition does not hold any more is closed, and stays an hour;
 * one whose cause is another now, or told by now, goes at once where that says all of it.
 * Of more than FINDINGS_OPEN that are open those behind are folded by rule. Loop thread. */
#ifndef ENITOP_FINDINGS_H
#define ENITOP_FINDINGS_H

#include "triage/rules.h"

#define FINDINGS_OPEN 50u    /* that are shown one by one */
#define FINDINGS_KEPT_S 3600 /* once they are closed */
#define FINDINGS_MOST 4096u  /* in the book; the least are not taken, and counted */

struct findings;

struct findings *findings_new(const struct rules *r);
void findings_free(struct findings *b);
/* Takes what a judgement found (its findings are empty then), sorted as it gives them. `now`: its
 * newest end, seconds. What is not among them is closed, and goes an hour later. */
void findings_take(struct findings *b, struct finding *const *f, size_t n, int64_t now);
/* The next judgement is of more than came by and by: what it does not find is not so, and goes at once. */
void findings_anew(struct findings *b);

/* Those that are shown, the worst first, muted ones aside; acknowledged ones where they are asked
 * for, else those alone whose measure has doubled since. Valid until the next call. */
struct finding *const *findings_list(struct findings *b, bool acknowledged, size_t *n);

struct findings_counts {
	size_t of[SEVERITIES]; /* not acknowledged, folded ones each */
	size_t acknowledged, muted, folded;
	uint64_t dropped;
};
struct findings_counts findings_counts(const struct findings *b);
/* Of a rule, those that are not muted. */
size_t findings_of_rule(const struct findings *b, const struct detector *rule);

/* Acknowledges one of the list, or takes it back. */
void findings_acknowledge(struct findings *b, const struct finding *f, bool on);
bool findings_is_acknowledged(const struct findings *b, const struct finding *f);
/* The rules mute others from now on. */
void findings_mute(struct findings *b);
size_t findings_bytes(const struct findings *b);

/* Adds what a finding is the same by, as --mute takes it: "scan source=10.1.0.1 form=vertical". */
void finding_key(const struct finding *f, struct buf *out);

#endif
