/* flows.c - see flows.h. */
#include "state/flows.h"

#include <stdlib.h>
#include <string.h>

#include "state/amount.h"
#include "state/app_state.h"

/* Where nothing else was asked for: what an engineer looks at first. */
/* clang-format off */
static const int usual[] = {
	FIELD_BIN, FIELD_ACTION, FIELD_FLOW_DIRECTION, FIELD_SRCADDR, FIELD_SRCPORT, FIELD_DSTADDR,
	FIELD_DSTPORT, FIELD_PROTOCOL, FIELD_PACKETS, FIELD_BYTES, FIELD_TCP_FLAGS,
	FIELD_INTERFACE_ID, FIELD_TGW_ATTACHMENT_ID,
};
/* clang-format on */

#define FORMATS_LOOKED_AT 200 /* rows whose formats say what there is to show */

/* Whether the flows at hand have the field. */
static bool is_there(const struct app *a, int field)
{
	size_t n = a->flows < FORMATS_LOOKED_AT ? a->flows : FORMATS_LOOKED_AT;
	const struct format *last = NULL;

	if (field >= FIELDS_PUBLISHED && field < FIELDS_KNOWN)
		return true; /* derived */
	for (size_t i = 0; i < n; i++) {
		const struct format *f = a->flow[i].segment->format;
		if (f != last && format_column(f, field) >= 0)
			return true;
		last = f;
	}
	return false;
}

void flows_choose_usual(struct app *a)
{
	struct flow_columns *c = &a->list.columns;

	c->n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++) {
		/* An attachment is where an interface would be. */
		bool gateway = usual[i] == FIELD_TGW_ATTACHMENT_ID &&
			       flow_columns_find(c, FIELD_INTERFACE_ID) >= 0;
		if (!gateway && is_there(a, usual[i]))
			c->field[c->n++] = usual[i];
	}
	/* What was refused is seen in a transit gateway's records as what was lost. */
	if (is_there(a, FIELD_TGW_ATTACHMENT_ID) && flow_columns_find(c, FIELD_ACTION) < 0) {
		memmove(c->field + 2, c->field + 1, (c->n - 1) * sizeof *c->field);
		c->field[1] = FIELD_ACTION;
		c->n++;
	}
}

void flows_init(struct app *a, const struct options *o)
{
	struct flow_list *l = &a->list;

	l->columns = o->columns;
	l->chosen = o->columns.n > 0;
	l->order = o->sort;
}

int flows_rows(const struct app *a)
{
	return a->list.matching < FLOWS_MAX ? (int)a->list.matching : (int)FLOWS_MAX;
}

/* ---- what is at hand ---- */

static void remember(struct app *a)
{
	struct flow_list *l = &a->list;
	int at = pane_of_rows(a, ROWS_RECORDS)->selected;

	if (a->flows == 0)
		return; /* evicted: what was remembered then holds */
	l->at_serial = 0;
	if (a->detail.segment) {
		l->at_serial = a->detail.segment->serial;
		l->at_row = a->detail.row;
	} else if (at > 0 && at < (int)a->flows) {
		l->at_serial = a->flow[at].segment->serial;
		l->at_row = a->flow[at].row;
	}
}

int flows_find(const struct app *a, uint64_t serial, uint32_t row)
{
	for (size_t i = 0; serial && i < a->flows; i++)
		if (a->flow[i].row == row && a->flow[i].segment->serial == serial)
			return (int)i;
	return -1;
}

static size_t limit_for(int last)
{
	size_t limit = FLOWS_STEP;

	while (limit < FLOWS_MAX && limit <= (size_t)last)
		limit *= 2;
	return limit < FLOWS_MAX ? limit : FLOWS_MAX;
}

static void pick(struct app *a, size_t limit)
{
	struct flow_list *l = &a->list;

	free(a->flow);
	a->flows = live_pick(a->live, &l->order, limit, &a->flow, &l->matching);
	l->limit = limit;
}

void flows_take(struct app *a)
{
	struct flow_list *l = &a->list;
	struct pane *p = pane_of_rows(a, ROWS_RECORDS);
	int *selected = &p->selected, *top = &p->top, at;
	size_t limit = limit_for(*selected + p->shown);
	uint64_t stamp = live_stamp(a->live);

	remember(a);
	if (stamp == l->stamp && limit <= l->limit)
		return;
	l->stamp = stamp;
	pick(a, limit);
	at = flows_find(a, l->at_serial, l->at_row);
	if (at < 0 && l->at_serial && a->flows == limit && limit < FLOWS_MAX) {
		/* Others came before it: it may be just beyond. */
		pick(a, 2 * limit < FLOWS_MAX ? 2 * limit : FLOWS_MAX);
		at = flows_find(a, l->at_serial, l->at_row);
	}
	if (at >= 0) {
		*top = view_clamp(*top + at - *selected, FLOWS_MAX);
		*selected = at;
	}
	if (!l->chosen)
		flows_choose_usual(a);
}

void flows_begin(struct app *a)
{
	struct pane *p = pane_of_rows(a, ROWS_RECORDS);

	a->list.at_serial = 0;
	p->selected = p->top = 0;
}

void flows_forget(struct app *a)
{
	remember(a);
	a->flows = 0;
	a->list.limit = 0;
}

/* ---- order ---- */

bool flows_is_ascending(int field)
{
	return !type_is_number(field_type(field)) || field_type(field) == TYPE_PORT;
}

void flows_sort_by(struct app *a, int field, bool ascending)
{
	struct flow_list *l = &a->list;

	flows_forget(a);
	l->order = (struct flow_order){ field, ascending };
	flows_begin(a);
	flows_take(a);
}

void flows_sort(struct app *a, int step)
{
	struct flow_list *l = &a->list;
	int at = flow_columns_find(&l->columns, l->order.field);

	if (step == 0) {
		flows_sort_by(a, l->order.field, !l->order.ascending);
	} else if (l->columns.n) {
		int field = l->columns.field[(unsigned)(at + step) % l->columns.n];
		flows_sort_by(a, field, flows_is_ascending(field));
	}
}

/* ---- the chooser ---- */

unsigned flows_choices(const struct app *a, int *field, unsigned max)
{
	const struct flow_columns *c = &a->list.columns;
	size_t rows = a->flows < FORMATS_LOOKED_AT ? a->flows : FORMATS_LOOKED_AT;
	unsigned n = 0;

	for (unsigned i = 0; i < c->n && n < max; i++)
		field[n++] = c->field[i];
	for (int id = 0; id < FIELDS_KNOWN && n < max; id++)
		if (flow_columns_find(c, id) < 0 && is_there(a, id))
			field[n++] = id;
	/* Names of one's own, as far as they are at hand. */
	for (size_t i = 0; i < rows; i++) {
		const struct format *f = a->flow[i].segment->format;
		if (i && f == a->flow[i - 1].segment->format)
			continue;
		for (unsigned k = 0; k < f->n && n < max; k++) {
			bool had = f->field[k] < FIELDS_KNOWN;
			for (unsigned j = 0; j < n && !had; j++)
				had = field[j] == f->field[k];
			if (!had)
				field[n++] = f->field[k];
		}
	}
	return n;
}
