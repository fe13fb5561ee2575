/* findings.c - see findings.h. */
#include "triage/findings.h"

#include <inttypes.h>
#include <stdlib.h>

struct entry {
	struct finding finding;
	char *key;
	int64_t closed;      /* when it was first not found, or not open; INT64_MAX: it is open */
	double acknowledged; /* its measure then; < 0: it was not */
	bool muted, met;     /* met: by the judgement at hand */
	bool replaced;       /* not met, and another one says all of it */
};

struct findings {
	const struct rules *rules;
	struct entry **list; /* in the order of being shown */
	size_t n, cap;
	struct finding **shown;
	size_t shown_cap;
	struct finding *fold; /* one a rule */
	size_t folds;
	struct findings_counts counts;
	bool anew; /* see findings_anew() */
};

/* ---- life ---- */

struct findings *findings_new(const struct rules *r)
{
	struct findings *b = xcalloc(1, sizeof *b);

	b->rules = r;
	return b;
}

static void release_folds(struct findings *b)
{
	for (size_t i = 0; i < b->folds; i++)
		finding_release(&b->fold[i]);
	free(b->fold);
	b->fold = NULL;
	b->folds = 0;
}

static void entry_free(struct entry *e)
{
	finding_release(&e->finding);
	free(e->key);
	free(e);
}

void findings_free(struct findings *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++)
		entry_free(b->list[i]);
	release_folds(b);
	free(b->list);
	free(b->shown);
	free(b);
}

size_t findings_bytes(const struct findings *b)
{
	size_t bytes = sizeof *b + b->cap * sizeof *b->list + b->shown_cap * sizeof *b->shown;

	for (size_t i = 0; i < b->n; i++)
		bytes += sizeof *b->list[i] + b->list[i]->finding.what.cap +
			 b->list[i]->finding.evidence.cap + b->list[i]->finding.next.cap +
			 b->list[i]->finding.text.cap;
	return bytes;
}

/* ---- what is the same ---- */

void finding_key(const struct finding *f, struct buf *out)
{
	buf_puts(out, f->rule->name);
	for (unsigned s = 0; s < SUBJECTS_N; s++) {
		const struct buf *part = finding_subject(f, (enum subject)s);
		if (!part || s == SUBJECT_CLIENTS) /* they come and go */
			continue;
		buf_printf(out, " %s=", subject_name((enum subject)s));
		for (size_t i = 0; i < part->n; i++)
			buf_putc(out, part->s[i] == '\n' || part->s[i] == ' ' ? ',' : part->s[i]);
	}
}

static int worse_first(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	int order = finding_compare(&x->finding, &y->finding);

	return order ? order : strcmp(x->key, y->key);
}

/* ---- judgements ---- */

static struct entry *find(struct findings *b, const char *key)
{
	for (size_t i = 0; i < b->n; i++)
		if (!b->list[i]->met && strcmp(b->list[i]->key, key) == 0)
			return b->list[i];
	return NULL;
}

/* What was not said before is the judgement's; since when may have left the evidence. */
static void update(struct findings *b, struct entry *e, struct finding *f, int64_t now)
{
	bool goes_on = e->finding.rule && e->closed == INT64_MAX && !b->anew;
	int64_t since = goes_on && e->finding.since < f->since ? e->finding.since : f->since;

	finding_release(&e->finding);
	e->finding = *f;
	*f = (struct finding){ .rule = e->finding.rule };
	e->finding.since = since;
	e->met = true;
	e->muted = rules_is_muted(b->rules, &e->finding);
	if (e->finding.open)
		e->closed = INT64_MAX;
	else if (e->closed == INT64_MAX)
		e->closed = e->finding.until < now ? e->finding.until : now;
	if (e->acknowledged >= 0 && e->finding.measure >= 2 * e->acknowledged)
		e->acknowledged = -1;
}

static void add(struct findings *b, struct finding *f, char *key, int64_t now)
{
	struct entry *e;

	if (b->n == FINDINGS_MOST) {
		b->counts.dropped++;
		free(key);
		return;
	}
	e = xcalloc(1, sizeof *e);
	e->key = key;
	e->closed = INT64_MAX;
	e->acknowledged = -1;
	xgrow((void **)&b->list, &b->cap, b->n + 1, sizeof(struct entry *));
	b->list[b->n++] = e;
	update(b, e, f, now);
}

/* Whether each line of one text is one of the other. */
static bool is_within(const struct buf *lines, const struct buf *in)
{
	for (size_t at = 0; at < lines->n;) {
		size_t n = strcspn(lines->s + at, "\n"), k = 0, m = 0;
		for (; k < in->n; k += m + 1) {
			m = strcspn(in->s + k, "\n");
			if (m == n && memcmp(lines->s + at, in->s + k, n) == 0)
				break;
		}
		if (k >= in->n)
			return false;
		at += n + 1;
	}
	return true;
}

/* Whether the second is the first with another cause: the same but for that, all clients among its. */
static bool is_renamed(const struct finding *was, const struct finding *is)
{
	if (was->rule != is->rule || !finding_subject(was, SUBJECT_CODE))
		return false;
	for (unsigned s = 0; s < SUBJECTS_N; s++) {
		const struct buf *x = finding_subject(was, (enum subject)s),
				 *y = finding_subject(is, (enum subject)s);
		if (s == SUBJECT_CODE)
			continue;
		if (!x != !y)
			return false;
		if (x && !(s == SUBJECT_CLIENTS ? is_within(x, y)
						: x->n == y->n && memcmp(x->s, y->s, x->n) == 0))
			return false;
	}
	return true;
}

/* Of one that is not found any more: whether what was found instead says all of it. */
static bool is_replaced(const struct findings *b, const struct entry *e)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->list[i]->met && b->list[i]->finding.open &&
		    is_renamed(&e->finding, &b->list[i]->finding))
			return true;
	return false;
}

static void drop_replaced(struct findings *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct entry *e = b->list[i];
		e->replaced = !e->met && is_replaced(b, e);
	}
	for (size_t i = 0; i < b->n; i++)
		if (b->list[i]->replaced)
			entry_free(b->list[i]);
		else
			b->list[n++] = b->list[i];
	b->n = n;
}

/* Those that this judgement did not find; the rest stays in its order. */
static void close_others(struct findings *b, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct entry *e = b->list[i];
		if (!e->met && e->finding.open) {
			e->finding.open = false;
			e->closed = now;
		}
		if (!e->met && (b->anew || now - e->closed > FINDINGS_KEPT_S)) {
			entry_free(e);
			continue;
		}
		e->met = false;
		b->list[n++] = e;
	}
	b->n = n;
}

void findings_anew(struct findings *b)
{
	b->anew = true;
}

void findings_take(struct findings *b, struct finding *const *f, size_t n, int64_t now)
{
	for (size_t i = 0; i < n; i++) {
		struct buf key = { 0 };
		struct entry *e;
		finding_key(f[i], &key);
		e = find(b, key.s);
		if (!e) {
			add(b, f[i], key.s, now);
			continue;
		}
		update(b, e, f[i], now);
		buf_release(&key);
	}
	drop_replaced(b);
	close_others(b, now);
	b->anew = false;
	if (b->n)
		qsort(b->list, b->n, sizeof(struct entry *), worse_first);
}

/* ---- what is shown ---- */

static struct finding *fold_of(struct findings *b, const struct detector *rule)
{
	for (size_t i = 0; i < b->folds; i++)
		if (b->fold[i].rule == rule)
			return &b->fold[i];
	b->fold[b->folds] = (struct finding){ .rule = rule,
					      .since = INT64_MAX,
					      .until = INT64_MIN,
					      .open = true,
					      .confidence = CONFIDENCE_PROVEN };
	return &b->fold[b->folds++];
}

/* One more that stands in that of its rule. */
static void fold(struct findings *b, const struct finding *f)
{
	struct finding *to = fold_of(b, f->rule);

	to->measure++;
	to->severity = f->severity > to->severity ? f->severity : to->severity;
	to->confidence = f->confidence > to->confidence ? f->confidence : to->confidence;
	to->since = f->since < to->since ? f->since : to->since;
	to->until = f->until > to->until ? f->until : to->until;
	b->counts.folded++;
}

static void name_folds(struct findings *b)
{
	for (size_t i = 0; i < b->folds; i++) {
		struct finding *f = &b->fold[i];
		buf_printf(&f->value, "%g more", f->measure);
		buf_printf(&f->limit, "%u in a list", FINDINGS_OPEN);
		buf_printf(&f->what, "%g more of this rule", f->measure);
		buf_printf(&f->text, "There are %g more findings of this rule than are listed.",
			   f->measure);
		buf_puts(&f->next,
			 f->rule->threshold[0].name
				 ? "another limit: --threshold; those that are known: --mute\n"
				 : "those that are known: --mute\n");
	}
}

struct finding *const *findings_list(struct findings *b, bool acknowledged, size_t *n)
{
	unsigned rules;
	size_t open = 0;

	detectors(&rules);
	release_folds(b);
	b->counts = (struct findings_counts){ .dropped = b->counts.dropped };
	b->fold = xcalloc(rules, sizeof *b->fold);
	xgrow((void **)&b->shown, &b->shown_cap, b->n + rules, sizeof(struct finding *));
	*n = 0;
	for (size_t i = 0; i < b->n; i++) {
		struct entry *e = b->list[i];
		b->counts.muted += e->muted;
		b->counts.acknowledged += !e->muted && e->acknowledged >= 0;
		if (e->muted || (e->acknowledged >= 0 && !acknowledged))
			continue;
		b->counts.of[e->finding.severity] += e->acknowledged < 0;
		open += e->finding.open;
		if (e->finding.open && open > FINDINGS_OPEN)
			fold(b, &e->finding);
		else
			b->shown[(*n)++] = &e->finding;
	}
	name_folds(b);
	for (size_t i = 0; i < b->folds; i++)
		b->shown[(*n)++] = &b->fold[i];
	return b->shown;
}

size_t findings_of_rule(const struct findings *b, const struct detector *rule)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->list[i]->finding.rule == rule && !b->list[i]->muted;
	return n;
}

struct findings_counts findings_counts(const struct findings *b)
{
	return b->counts;
}

/* ---- acknowledged ---- */

static struct entry *entry_of(const struct findings *b, const struct finding *f)
{
	for (size_t i = 0; i < b->n; i++)
		if (&b->list[i]->finding == f)
			return b->list[i];
	return NULL;
}

void findings_acknowledge(struct findings *b, const struct finding *f, bool on)
{
	struct entry *e = entry_of(b, f);

	if (e)
		e->acknowledged = on ? f->measure : -1;
}

void findings_mute(struct findings *b)
{
	for (size_t i = 0; i < b->n; i++)
		b->list[i]->muted = rules_is_muted(b->rules, &b->list[i]->finding);
}

bool findings_is_acknowledged(const struct findings *b, const struct finding *f)
{
	const struct entry *e = entry_of(b, f);

	return e && e->acknowledged >= 0;
}
