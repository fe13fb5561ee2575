/* Sums beside the edges: while rows come in slices, leave the ring, are marked anew and places are
 * decided otherwise, series have every row once, by a plain sum over the lines, those of servers as a
 * fresh sum over the ring has them, and tolls are what one over the ring has. */
#include <inttypes.h>

#include "decode/second.h"
#include "live/live.h"
#include "support.h"
#include "triage/summing.h"
#include "triage/tolls_state.h"

#define START INT64_C(1700000040)
#define HOSTS 6u
#define MINUTES 90u
#define FORMAT_LINE \
	"interface-id az-id srcaddr dstaddr srcport dstport protocol packets bytes start end action " \
	"log-status interface-type pkt-dstaddr pkt-dst-aws-service"

static struct summed_world {
	uint64_t seed;
	struct ring *ring;
	struct labels *labels;
	struct live *live;
	struct summing *sums;
	const struct format *format;
	uint64_t plain[HOSTS][MINUTES]; /* bytes of an interface in a minute */
	uint64_t evicted;
} w;

static void on_evict(void *ctx, struct segment *s)
{
	(void)ctx;
	live_evict(w.live, s);
	summing_evict(w.sums, s);
	w.evicted++;
}

static struct spike_rule rule = { .scorer = SCORER_RECORD,
				  .threshold = 0.35,
				  .z = SPIKE_Z,
				  .metric = METRIC_BYTES,
				  .every = 60 };

static void open_sums(uint64_t seed)
{
	static const struct query asked = { QUERY_ALL,
					    .group = { .field = { FIELD_SRCADDR }, .n = 1 } };
	struct summing_of of = { .rule = &rule, .prices = &prices_listed, .most = 8 << 20 };
	struct dict *d = dict_new();

	memset(&w, 0, sizeof w);
	w.seed = seed;
	w.labels = labels_new(d);
	w.ring = ring_new(d, 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = live_new(w.ring);
	live_want_ways(w.live);
	live_add(w.live, &asked);
	ring_on_evict(w.ring, on_evict, NULL);
	w.format = format_parse(str_of(FORMAT_LINE), "test");
	of.ring = w.ring;
	of.places = live_places(w.live);
	of.labels = w.labels;
	w.sums = summing_new(&of);
}

static void close_sums(void)
{
	live_free(w.live);
	summing_free(w.sums);
	labels_free(w.labels);
	ring_free_all(w.ring);
}

static unsigned below(unsigned n)
{
	return (unsigned)random_below(&w.seed, n);
}

/* A record of a host's interface; the last one is a NAT gateway's, and asks S3. */
static void put_record(unsigned minute, struct buf *out)
{
	unsigned at = below(HOSTS), other = (at + 1 + below(HOSTS - 1)) % HOSTS, sends = below(2);
	uint64_t bytes = 100 + below(1000000);
	int64_t start = START - START % 60 + 60 + minute * 60;
	bool s3 = at == HOSTS - 1 && below(2);
	unsigned to = below(2) ? 443 : 40001, from = below(2) ? 443 : 40000;

	buf_printf(out, "eni-%u az-%u 10.0.0.%u %s%u %u %u 6 9 %" PRIu64, at, at % 3,
		   (sends || s3 ? at : other) + 1, s3 ? "52.218.0." : "10.0.0.",
		   (sends || s3 ? other : at) + 1, from, to, bytes);
	buf_printf(out, " %" PRId64 " %" PRId64 " ACCEPT OK %s - %s\n", start, start + 50,
		   at == HOSTS - 1 ? "nat_gateway" : "-", s3 ? "S3" : "-");
	w.plain[at][minute] += bytes;
}

static void put_minutes(unsigned first, unsigned n, unsigned records)
{
	struct buf text = { 0 };

	for (unsigned i = 0; i < records; i++)
		put_record(first + below(n), &text);
	ring_add_text(w.ring, w.format, buf_str(&text), NULL, NULL);
	buf_release(&text);
	while (live_step(w.live, 1000000) || live_step(w.live, 1000000))
		;
}

static void sum_up(uint64_t budget_ns)
{
	summing_begin(w.sums, INT64_MAX);
	while (summing_step(w.sums, budget_ns))
		;
}

/* ---- what they are held against ---- */

static uint64_t points[MINUTES + 4];

static void on_point(void *ctx, uint32_t target, const struct spike_point *p)
{
	int64_t minute = (p->time - (START - START % 60 + 60)) / 60;

	(void)ctx;
	(void)target;
	assert_true(minute >= 0 && minute < MINUTES);
	points[minute] = (uint64_t)p->value;
}

/* But for the last minutes, which may not be complete. */
static void interfaces_are_plain(void)
{
	const struct watched *series = summing_series(w.sums);
	unsigned seen = 0;

	for (uint32_t i = 0; i < watched_count(series); i++) {
		const struct target *t = watched_target(series, i);
		unsigned host;
		if (t->kind != TARGET_INTERFACE)
			continue;
		assert_int_equal(sscanf(watched_interface(series, i).s, "eni-%u", &host), 1);
		memset(points, 0, sizeof points);
		watched_points(series, i, INT64_MAX, on_point, NULL);
		for (unsigned m = 1; m + 3 < MINUTES; m++)
			assert_int_equal(points[m], w.plain[host][m]);
		seen++;
	}
	assert_int_equal(seen, HOSTS);
}

static void servers_are_those_of_the_ring(void)
{
	struct watched *fresh =
		watched_new(live_places(w.live), w.labels, &rule, 8 << 20, INT64_MAX);
	const struct watched *series = summing_series(w.sums);
	unsigned servers = 0;

	for (size_t i = 0; i < ring_count(w.ring); i++) {
		struct segment *s = ring_at(w.ring, i);
		watched_rows(fresh, s, ring_dict(w.ring), 0, s->rows,
			     (struct span){ INT64_MIN, INT64_MAX, false });
	}
	for (uint32_t i = 0; i < watched_count(fresh); i++) {
		const struct target *t = watched_target(fresh, i);
		uint64_t want[MINUTES + 4];
		uint32_t k = 0;
		if (t->kind != TARGET_SERVER)
			continue;
		while (watched_target(series, k)->kind != TARGET_SERVER ||
		       watched_target(series, k)->place != t->place ||
		       memcmp(watched_target(series, k)->server, t->server, 16) != 0)
			assert_true(++k < watched_count(series));
		assert_int_equal(watched_target(series, k)->total, t->total);
		memset(points, 0, sizeof points);
		watched_points(fresh, i, INT64_MAX, on_point, NULL);
		memcpy(want, points, sizeof want);
		memset(points, 0, sizeof points);
		watched_points(series, k, INT64_MAX, on_point, NULL);
		assert_memory_equal(points, want, sizeof want);
		servers++;
	}
	assert_true(servers > HOSTS);
	watched_free(fresh);
}

/* Sums by zone pair, and by gateway and service, in order: numbers of zones go by who came first. */
static void list_tolls(const struct tolls *t, struct buf *out)
{
	struct toll *list;
	size_t n;

	for (int kind = TOLL_NAT; kind <= TOLL_HOSTS; kind++) {
		n = tolls_list(t, (enum toll_kind)kind, &list);
		for (int z = 0; z < (int)t->zones && kind == TOLL_ZONE; z++)
			for (int y = 0; y < (int)t->zones; y++)
				for (size_t i = 0; i < n; i++) {
					const char *a = t->zone[list[i].key.a],
						   *b = t->zone[list[i].key.b];
					if (a[3] - '0' == z && b[3] - '0' == y)
						buf_printf(out, "%d%d %u %" PRIu64 "\n",
							   z < y ? z : y, z < y ? y : z,
							   list[i].key.bin, list[i].bytes);
				}
		for (size_t i = 0; i < n && kind != TOLL_ZONE; i++)
			buf_printf(out, "%d %u %u %u %" PRIu64 "\n", kind, list[i].key.a,
				   list[i].key.b, list[i].key.bin, list[i].bytes);
		free(list);
	}
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted(struct buf *b)
{
	static char out[1 << 20];
	char *line[20000], *save = NULL;
	size_t n = 0, at = 0;

	buf_puts(b, "");
	for (char *l = strtok_r(b->s, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		line[n++] = l;
	if (n)
		qsort(line, n, sizeof *line, by_line);
	*out = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(out + at, sizeof out - at, "%s\n", line[i]);
	return out;
}

static void tolls_are_those_of_the_ring(void)
{
	struct tolls *fresh = tolls_new(8 << 20);
	struct buf want = { 0 }, have = { 0 };
	char *copy;

	for (size_t i = 0; i < ring_count(w.ring); i++) {
		struct segment *s = ring_at(w.ring, i);
		uint64_t second[SEGMENT_ROWS / 64 + 1];
		struct second_counts counts;
		second_sightings(live_places(w.live), s, ring_dict(w.ring), 0, s->rows, second,
				 NULL, &counts);
		tolls_add(fresh, live_places(w.live), s, ring_dict(w.ring), 0, s->rows, second, 1);
	}
	list_tolls(fresh, &want);
	list_tolls(summing_sums(w.sums).tolls, &have);
	assert_true(want.n > 200);
	copy = xstrndup(sorted(&want), 1 << 20);
	assert_string_equal(sorted(&have), copy);
	free(copy);
	buf_release(&want);
	buf_release(&have);
	tolls_free(fresh);
}

/* ---- tests ---- */

/* Other sides serve: as when a run of records is looked at again. */
static void mark_anew(void)
{
	struct segment *s = ring_at(w.ring, below((unsigned)ring_count(w.ring)));

	live_remark(w.live, s);
	summing_remark(w.sums, s);
	for (uint32_t row = 0; row < s->rows; row++)
		if (below(3) == 0)
			s->mark[row] ^= MARK_SERVER_SRC;
	while (live_step(w.live, 1000000) || live_step(w.live, 1000000))
		;
}

static void rows_come_and_are_marked_anew(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		open_sums(seed);
		for (unsigned m = 0; m < MINUTES; m += 5) {
			/* As history is read, the newest first. */
			unsigned first = seed % 2 ? m : MINUTES - 5 - m;
			put_minutes(first, 5, 40 + below(200));
			if (below(2))
				sum_up(below(2) ? 0 : 1000000);
			if (below(3) == 0)
				mark_anew();
		}
		put_minutes(0, MINUTES, 3000);
		summing_again(w.sums); /* late records tell more of earlier ones */
		sum_up(0);
		interfaces_are_plain();
		servers_are_those_of_the_ring();
		tolls_are_those_of_the_ring();
		assert_int_equal(summing_unseen(w.sums), 0);
		close_sums();
	}
}

static void what_left_stays_in_series_only(void **state)
{
	(void)state;
	open_sums(7);
	for (unsigned m = 0; m < MINUTES; m += 5) {
		put_minutes(m, 5, 100 + below(200));
		sum_up(1000000);
		if (m > 60)
			ring_trim(w.ring, (1 << 30) - ring_bytes(w.ring) * 3 / 4);
	}
	assert_true(w.evicted > 3);
	sum_up(0);
	interfaces_are_plain();
	tolls_are_those_of_the_ring();
	assert_int_equal(summing_unseen(w.sums), 0);
	/* Of what goes before it was looked at it is said. */
	put_minutes(0, 5, 70);
	ring_trim(w.ring, 1 << 30);
	put_minutes(MINUTES - 2, 2, 5);
	ring_trim(w.ring, 1 << 30);
	assert_int_equal(summing_unseen(w.sums), 70);
	close_sums();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_and_are_marked_anew),
		cmocka_unit_test(what_left_stays_in_series_only),
	};

	return cmocka_run_group_tests_name("summing", tests, NULL, NULL);
}
