/* monitor_again.c - reads once more what a monitor has read: the same files, each as far as it was
 * read then. */
#include "monitor/monitor_state.h"

bool monitor_read_on(struct monitor *m)
{
	const struct ingest *first = m->first->ingest;
	bool any = false;

	while (m->again < ingest_sources(first) && ingest_unbegun(m->ingest) < UNBEGUN_MAX) {
		struct source *s = source_again(ingest_source(first, m->again++));
		if (!s)
			continue;
		ingest_add(m->ingest, s);
		ledger_add(m->ledger, ORDER_NAMED);
		ingest_pump(m->ingest);
		any = true;
	}
	return any;
}

struct monitor *monitor_again(struct monitor *first, const struct field_set *wanted,
			      const struct monitor_events *events)
{
	struct monitor_options options = first->options;
	struct monitor *m;

	options.first = first;
	options.wanted = wanted;
	m = monitor_new(first->loop, &options, events);
	m->changed = true;
	return m;
}

static bool reads_as(const struct ingest *a, const struct ingest *b)
{
	struct ingest_totals x, y;

	ingest_totals(a, &x);
	ingest_totals(b, &y);
	return x.counts.lines == y.counts.lines && x.counts.flows == y.counts.flows &&
	       x.counts.nodata == y.counts.nodata && x.counts.skipdata == y.counts.skipdata &&
	       x.counts.malformed == y.counts.malformed && x.read == y.read;
}

bool monitor_has_read_again(const struct monitor *m)
{
	const struct ingest *first = m->first->ingest;
	bool same = m->again == ingest_sources(first) && reads_as(first, m->ingest);

	for (size_t i = 0; same && i < ingest_sources(first); i++)
		same = source_stands(ingest_source(first, i));
	return same;
}
