/* monitor_sides.c - which sides serve is told of whole runs of rows (servers.h). Until one is complete,
 * or its source has no more to tell, segments of it wait here, unseen, in the order of their lines. */
#include "monitor/monitor_state.h"

#include <stdlib.h>

#include "labels/label_field.h"

#define RUN_BYTES 4096u /* of the budget, for a row of a run: 256 MiB are a whole one */
#define RUN_LEAST 1024u
#define REST_MS 1000 /* between two looks at what tails have of an open run */

void monitor_on_remark(struct monitor *m, void (*remark)(void *ctx, struct segment *s))
{
	m->remark = remark;
}

static void on_remark(void *ctx, struct segment *s)
{
	struct monitor *m = ctx;

	if (m->remark)
		m->remark(m->evict_ctx, s);
	m->changed = true;
}

/* All of a run waits, and with little room what is remembered is little. */
static uint32_t run_of(uint64_t memory)
{
	uint64_t run = memory / RUN_BYTES;

	return run > SERVERS_RUN ? SERVERS_RUN : run < RUN_LEAST ? RUN_LEAST : (uint32_t)run;
}

const struct field_set *monitor_sides_init(struct monitor *m, const struct field_set *wanted)
{
	if (wanted && !fields_tell_sides(wanted, &m->more))
		return wanted;
	m->servers = servers_new(m->dict, run_of(m->options.memory));
	servers_on_change(m->servers, on_remark, m);
	for (int field = 0; wanted && field < FIELDS_PUBLISHED; field++)
		m->wanted.has[field] = wanted->has[field] || m->more.has[field];
	return wanted ? &m->wanted : NULL;
}

/* Their values would take room in the dictionary. */
void monitor_sides_clear(const struct monitor *m, struct segment *s)
{
	for (int field = 0; field < FIELDS_PUBLISHED; field++)
		if (m->more.has[field])
			segment_clear_column(s, field);
}

static bool is_read(void *ctx, uint32_t source)
{
	struct monitor *m = ctx;

	return ingest_is_read(ingest_source(m->ingest, source));
}

void monitor_sides_rows(struct monitor *m, struct source *s, struct segment *seg, uint32_t first,
			uint32_t rows)
{
	if (!m->servers)
		return;
	if (servers_full(m->servers))
		servers_drop(m->servers, is_read, m);
	servers_rows(m->servers, s->id, seg, first, rows);
	m->told = s->id;
	m->is_told = true;
}

/* Who gets it may free it: without a ring its marks are never looked at again. */
static void hand_on(struct monitor *m, struct segment *s)
{
	if (m->servers && !m->options.keep)
		servers_forget(m->servers, s);
	monitor_take(m, s);
}

/* Hands on the first segments of the source that wait no more. They are off the list before they are:
 * the ring may let go of them at once. */
static void hand_on_source(struct monitor *m, uint32_t source)
{
	bool on = true;

	for (size_t i = 0; i < m->waits && on;) {
		struct segment *s = m->waiting[i];
		on = s->source != source || !servers_wait(m->servers, source, s);
		if (!on || s->source != source) {
			i++;
			continue;
		}
		m->waits--;
		memmove(&m->waiting[i], &m->waiting[i + 1],
			(m->waits - i) * sizeof(struct segment *));
		hand_on(m, s);
	}
}

static uint64_t rows_waiting(const struct monitor *m, uint32_t source)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < m->waits; i++)
		rows += m->waiting[i]->source == source ? m->waiting[i]->rows : 0;
	return rows;
}

void monitor_sides_segment(struct monitor *m, struct segment *s)
{
	uint32_t source = s->source;

	if (!m->servers) {
		monitor_take(m, s);
		return;
	}
	xgrow((void **)&m->waiting, &m->waiting_cap, m->waits + 1, sizeof(struct segment *));
	m->waiting[m->waits++] = s;
	/* A format that is rare in its source may not hold up the others for ever. */
	if (rows_waiting(m, source) > 4 * run_of(m->options.memory) + SERVERS_RUN)
		servers_settle(m->servers, source);
	hand_on_source(m, source);
}

void monitor_sides_tail(struct monitor *m)
{
	if (m->servers)
		servers_mark_new(m->servers, m->told);
}

void monitor_sides_told(struct monitor *m)
{
	if (m->servers)
		hand_on_source(m, m->told);
}

static void settle(struct monitor *m, const struct source *s)
{
	if (s->state == SOURCE_DONE || s->state == SOURCE_FAILED)
		servers_end(m->servers, s->id);
	else
		servers_settle(m->servers, s->id);
	hand_on_source(m, s->id);
}

/* What of it was seen before it was sure is marked again. */
static void end_told(struct monitor *m)
{
	const struct source *s;

	if (!m->servers || !m->is_told)
		return;
	s = ingest_source(m->ingest, m->told);
	if (!ingest_is_read(s) || (s->state != SOURCE_DONE && s->state != SOURCE_FAILED))
		return;
	m->is_told = false;
	settle(m, s);
}

void monitor_sides_look(struct monitor *m)
{
	end_told(m);
	for (size_t i = 0; i < m->waits;) {
		const struct source *s = ingest_source(m->ingest, m->waiting[i]->source);
		if (ingest_is_read(s) || (m->options.prompt && ingest_is_idle(s))) {
			settle(m, s);
			i = 0;
		} else {
			i++;
		}
	}
}

void monitor_hold_sides(struct monitor *m, bool on)
{
	if (m->servers)
		servers_hold(m->servers, on);
}

static bool rests(void *ctx, uint32_t source)
{
	struct monitor *m = ctx;

	return ingest_is_idle(ingest_source(m->ingest, source));
}

void monitor_rest(struct monitor *m)
{
	uint32_t source;

	while (m->servers && servers_unsettled(m->servers, rests, m, &source)) {
		servers_settle(m->servers, source);
		m->changed = true;
	}
	m->rested_ms = uv_now(m->loop);
}

void monitor_sides_rest(struct monitor *m)
{
	if (uv_now(m->loop) - m->rested_ms >= REST_MS)
		monitor_rest(m);
}

void monitor_let_go(struct monitor *m)
{
	while (m->waits)
		settle(m, ingest_source(m->ingest, m->waiting[0]->source));
}

void monitor_sides_free(struct monitor *m)
{
	for (size_t i = 0; i < m->waits; i++)
		segment_free(m->waiting[i], NULL);
	free(m->waiting);
	servers_free(m->servers);
}

size_t monitor_sides_bytes(const struct monitor *m)
{
	size_t n = m->servers ? servers_bytes(m->servers) : 0;

	for (size_t i = 0; i < m->waits; i++)
		n += segment_bytes(m->waiting[i]);
	return n;
}
