/* slow_labels.h - the plain twin of labels: a table of rules gone through from end to end
 * for each value, and the files that say the same to the real ones. */
#ifndef ENITOP_TESTS_SLOW_LABELS_H
#define ENITOP_TESTS_SLOW_LABELS_H

#include "labels/labels.h"
#include "slow.h"

/* Writes the files into a folder of their own and has the dictionary's new labels read them;
 * from then on slow_label() knows them. Country and AS are left out without the library. */
void slow_labels_open(struct dict *d);
/* Frees the labels: before the dictionary. */
void slow_labels_close(struct dict *d);

/* Whether the field is a label, told by its name. */
bool slow_is_label(int field);
/* The label, "-" when there is none; valid for ever. */
const char *slow_label(const struct slow_flow *f, int field);

#endif
