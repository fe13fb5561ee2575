/* snapshot.c - see snapshot.h. */
#include "query/snapshot.h"

#include <stdlib.h>
#include <string.h>

static uint64_t *copy_bits(const uint64_t *bits, uint32_t rows)
{
	size_t bytes = (rows + 63) / 64 * sizeof *bits;

	return bits && rows ? memcpy(xcalloc(1, bytes), bits, bytes) : NULL;
}

void snapshot_add(struct snapshot *s, const struct segment *g, uint32_t rows,
		  const uint64_t *second, const uint64_t *undecided)
{
	struct snapshot_part p = { .serial = g->serial,
				   .rows = rows,
				   .second = copy_bits(second, rows),
				   .undecided = copy_bits(undecided, rows) };

	xgrow((void **)&s->part, &s->cap, s->n + 1, sizeof *s->part);
	s->part[s->n++] = p;
	s->rows += rows;
}

struct segment *snapshot_segment(const struct snapshot *s, size_t part)
{
	uint64_t serial = s->part[part].serial;
	size_t i = ring_find(s->ring, serial);
	struct segment *g = i < ring_count(s->ring) ? ring_peek(s->ring, i) : NULL;

	return g && g->serial == serial ? g : NULL;
}

struct segment *snapshot_look(struct snapshot *s)
{
	for (; s->at < s->n; s->at++) {
		struct snapshot_part *p = &s->part[s->at];
		struct segment *g = p->done < p->rows ? snapshot_segment(s, s->at) : NULL;
		if (g) {
			ring_publish(s->ring, g);
			return g;
		}
		snapshot_gone(s, p, p->rows - p->done);
	}
	return NULL;
}

void snapshot_did(struct snapshot *s, uint32_t rows)
{
	struct snapshot_part *p = &s->part[s->at];

	p->done += rows;
	s->done += rows;
	s->at += p->done == p->rows;
}

struct snapshot_part *snapshot_leaves(struct snapshot *s, const struct segment *g)
{
	for (size_t i = s->at; i < s->n; i++)
		if (s->part[i].serial == g->serial && s->part[i].done < s->part[i].rows)
			return &s->part[i];
	return NULL;
}

void snapshot_gone(struct snapshot *s, struct snapshot_part *p, uint32_t lost)
{
	s->lost += lost;
	s->done += p->rows - p->done;
	p->done = p->rows;
}

void snapshot_again(struct snapshot *s)
{
	s->at = 0;
	s->done = s->lost = 0;
	for (size_t i = 0; i < s->n; i++)
		s->part[i].done = 0;
}

void snapshot_release(struct snapshot *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->part[i].second);
		free(s->part[i].undecided);
	}
	free(s->part);
	*s = (struct snapshot){ 0 };
}
