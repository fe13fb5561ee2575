/* filter.h - the filter language: text -> program -> selection of a segment.
 * The grammar is in enitop-filter(5). */
#ifndef ENITOP_FILTER_H
#define ENITOP_FILTER_H

#include "store/segment.h"

struct filter;

struct filter_error {
	size_t column; /* 0-based byte offset in the text */
	size_t length; /* bytes it concerns, 0: at the point */
	char message
		[160]; /* lower case, no full stop: "unknown field 'dstprt': did you mean dstport?" */
};

#define FILTER_SAVED_NAME 40 /* bytes of a name at most */

/* What @NAME stands for in every filter that is compiled from now on: the text of that
 * name, case aside, or NULL. It must stay while a filter is compiled. */
typedef const char *filter_saved_fn(void *ctx, struct str name);
void filter_set_saved(filter_saved_fn *fn, void *ctx);
/* Letters, digits, '_', and not first '-' and '.'. */
bool filter_saved_name(struct str name);

/* Compiles `text`; empty or blank text selects every flow. `now_s` (log time)
 * is what relative times mean. NULL with *error filled when it does not parse.
 * The result is immutable but for its match data: one thread at a time. */
struct filter *filter_new(struct str text, int64_t now_s, struct filter_error *error);
/* Another one that says the same, for another thread: a filter notes what it finds out. */
struct filter *filter_copy(const struct filter *f);
void filter_free(struct filter *f);

/* Whether a word that is being typed is the beginning of one that means something, or a field's
 * name, and means nothing itself: as text it would be looked for on the way to "dport=443". */
bool filter_word_begins(struct str word);

/* How it reads: "dstport=443,8443 and not srcaddr=10.0.0.0/8"; "" for all. */
const char *filter_reads(const struct filter *f);
/* Adds a text as it stands behind "FIELD=" to mean itself (FIELD_NONE: of any), stars and all (in any case, as texts
 * are compared): bare where that is enough, else in double quotes with a backslash before each
 * " and \. "-" means that there is no value, and the empty text nothing at all. */
void filter_quote(int field, struct str text, struct buf *out);
/* What is worth saying of a text that parses: "'10.0.0.5/8' has bits behind its prefix:
 * taken as 10.0.0.0/8"; "" for nothing. */
const char *filter_note(const struct filter *f);
/* The text it was made of. */
const char *filter_text(const struct filter *f);
/* Whether that text has times that mean something else at another time ("-15m", "10:00"); a filter
 * keeps to what they meant at `now_s`. */
bool filter_is_relative(const struct filter *f);
int64_t filter_now(const struct filter *f);
/* A text that means the same at any time: its own, or where that is relative how it reads. */
const char *filter_says(const struct filter *f);
/* Adds lines: how it reads, its note, and the plan: the parts it was folded to, in the
 * order in which they run, and how each is judged. */
void filter_explain(const struct filter *f, struct buf *out);
/* The clauses of a filter: what stands between the `and`s of its top level, in the order typed; 0
 * when it is all, 1 when it is no conjunction. A clause is given as typed (times that
 * are relative stay so) and as it reads; both parse alone, and joined by " and " in any
 * order and number. They live as long as the filter. */
size_t filter_clauses(const struct filter *f);
const char *filter_clause(const struct filter *f, size_t i);
const char *filter_clause_reads(const struct filter *f, size_t i);
/* Adds the words of it that mean nothing but themselves and were in none of the records that
 * were looked through for them so far: 'a', 'b'. */
void filter_vain_words(const struct filter *f, struct buf *out);
/* Whether it selects everything that is a flow. */
bool filter_is_all(const struct filter *f);

/* Sets bit (row - first) of `bits` (cleared by the callee, (n + 63) / 64 words)
 * for the rows first..first+n-1 that match. `s` is published. NODATA and
 * SKIPDATA rows never match unless the filter names log-status.
 *
 * Where a regex gives up it is neither a match nor none: not, and, or say what can be said
 * all the same (no and can't tell is no). Rows of which nothing can be said do not match;
 * their bits are set in `undecided` (as many words; may be NULL), and how many they are is
 * returned. */
uint32_t filter_select(struct filter *f, const struct segment *s, const struct dict *d,
		       uint32_t first, uint32_t n, uint64_t *bits, uint64_t *undecided);

/* Whether no row of the segment can match, or be undecided, told from the bounds of its number columns and
 * from the tables of the others, without a look at rows; may say false when unsure.
 * filter_select asks the same, where it is cheap, before it looks at rows. */
bool filter_excludes(struct filter *f, const struct segment *s, const struct dict *d);

/* A regex gives up on a text that takes it too long (some 10 ms), on what stands behind so many
 * bytes of one, and when the regexes of the filter have taken too long altogether: 2 s and
 * 50 ns for each byte that they looked at. */
#define FILTER_REGEX_TEXT 16384
/* That time is up: all that they would still have to decide is undecided. */
bool filter_is_over(const struct filter *f);
/* A regex of it gave up on a text for what stands behind its first FILTER_REGEX_TEXT bytes. */
bool filter_is_cut(const struct filter *f);
/* A filter and a copy have one time together, and know together what they gave up for. */
void filter_share_time(struct filter *f, struct filter *copy);
/* Whether labels decide: those are looked up by the loop thread alone. */
bool filter_wants_labels(const struct filter *f);

/* Adds the fields of records that the filter reads; false: any may be read. */
bool filter_wants(const struct filter *f, struct field_set *out);

#endif
