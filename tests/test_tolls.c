/* What is paid by the byte: sums against those of who makes the records, whatever their order, as
 * rows leave and where there is too little room; what is found of them; and the scenarios' truth. */
#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <unistd.h>
#include <zlib.h>

#include "decode/second.h"
#include "support.h"
#include "triage/tolls_state.h"

#define START 1700000100 /* a multiple of five minutes */
#define HOSTS 12u
#define NAT HOSTS /* 10.0.0.12, in zone 0 */
#define MINUTES 90u

struct toll_world {
	uint64_t seed;
	struct ring *ring;
	struct labels *labels;
	struct places *places;
	struct buf line[200000];
	size_t lines;
	uint64_t zone[3][3][MINUTES / 5], s3[MINUTES / 5], of_client[HOSTS], all;
};

static struct toll_world w;

static const char format[] =
	"interface-id az-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
	"pkt-src-aws-service pkt-dst-aws-service interface-type log-status";

static unsigned zone_of(unsigned host)
{
	return host % 3;
}

static void add_record(unsigned at, const char *src, const char *dst, uint64_t bytes,
		       unsigned minute, const char *services)
{
	int64_t time = START + minute * 60;

	buf_printf(&w.line[w.lines++],
		   "eni-%u z-az%u %s %s 40000 443 6 1 %" PRIu64 " %" PRId64 " %" PRId64
		   " ACCEPT %s %s OK\n",
		   at, zone_of(at), src, dst, bytes, time, time + 50, services,
		   at == NAT ? "nat_gateway" : "-");
}

/* Both have it. */
static void send(unsigned from, unsigned to, uint64_t bytes, unsigned minute)
{
	unsigned a = zone_of(from), b = zone_of(to);
	char src[16], dst[16];

	snprintf(src, sizeof src, "10.0.0.%u", from);
	snprintf(dst, sizeof dst, "10.0.0.%u", to);
	if (from != NAT)
		add_record(from, src, dst, bytes, minute, "- -");
	add_record(to, src, dst, bytes, minute, "- -");
	if (a == b)
		return;
	w.zone[a < b ? a : b][a < b ? b : a][minute / 5] += bytes;
	w.all += bytes;
}

/* A client's at the gateway: to S3 it counts. */
static void fetch(unsigned client, uint64_t bytes, unsigned minute, bool s3)
{
	char src[16];

	snprintf(src, sizeof src, "10.0.0.%u", client);
	add_record(NAT, "10.0.0.12", src, bytes, minute, s3 ? "S3 -" : "- -");
	add_record(NAT, "52.218.0.9", "10.0.0.12", bytes, minute, "- -");
	add_record(client, "52.218.0.9", src, bytes, minute, "- -");
	w.s3[minute / 5] += s3 ? bytes : 0;
	w.of_client[client] += s3 ? bytes : 0;
	if (zone_of(client)) {
		w.zone[0][zone_of(client)][minute / 5] += bytes;
		w.all += bytes;
	}
}

static void make_log(uint64_t seed)
{
	w = (struct toll_world){ .seed = seed };
	for (unsigned minute = 0; minute < MINUTES; minute++)
		for (unsigned i = 0; i < 60; i++) {
			unsigned from = (unsigned)random_below(&w.seed, HOSTS);
			unsigned to = (unsigned)random_below(&w.seed, HOSTS);
			if (random_below(&w.seed, 4) == 0)
				fetch(from, random_below(&w.seed, 50000000), minute, i % 3 > 0);
			else if (from != to)
				send(from, to, random_below(&w.seed, 1000000), minute);
		}
}

/* From line `first` on, so many steps apart. */
static void read_log(size_t first, size_t step)
{
	struct buf text = { 0 };

	for (size_t i = 0, at = first; i < w.lines; i++, at = (at + step) % w.lines)
		buf_add_str(&text, buf_str(&w.line[at]));
	w.ring = ring_new(dict_new(), 64 << 20);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.labels = labels_new(ring_dict(w.ring));
	w.places = places_new();
	places_want_ways(w.places);
	ring_add_text(w.ring, format_parse(str_of(format), "test"), buf_str(&text), NULL, NULL);
	for (size_t i = 0; i < ring_count(w.ring); i++) {
		struct segment *s = ring_peek(w.ring, i);
		ring_publish(w.ring, s);
		places_add(w.places, s, ring_dict(w.ring), 0, s->rows, 0);
	}
	places_settle(w.places, w.labels);
	buf_release(&text);
}

static void forget_log(void)
{
	places_free(w.places);
	labels_free(w.labels);
	ring_free_all(w.ring);
}

static void forget_lines(void)
{
	for (size_t i = 0; i < w.lines; i++)
		buf_release(&w.line[i]);
}

static void count(struct tolls *t, uint32_t from, uint32_t rows, int sign)
{
	for (size_t i = 0; i < ring_count(w.ring); i++) {
		struct segment *s = ring_peek(w.ring, i);
		uint64_t second[SEGMENT_ROWS / 64 + 1];
		struct second_counts counts;
		uint32_t n = from + rows < s->rows ? rows : s->rows - from;
		second_sightings(w.places, s, ring_dict(w.ring), from, n, second, NULL, &counts);
		tolls_add(t, w.places, s, ring_dict(w.ring), from, n, second, sign);
	}
}

static uint64_t sum(const struct tolls *t, enum toll_kind kind)
{
	struct toll *list;
	uint64_t all = 0;

	for (size_t i = 0, n = tolls_list(t, kind, &list); i < n; i++)
		all += list[i].bytes;
	free(list);
	return all;
}

static unsigned last_digit(const char *zone)
{
	return (unsigned)(zone[strlen(zone) - 1] - '0');
}

/* Each sum is what its records were made with; between zones edges of logs aside there is none. */
static void hold(const struct tolls *t)
{
	struct toll *list;
	size_t n = tolls_list(t, TOLL_ZONE, &list), clients = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned a = last_digit(t->zone[list[i].key.a]);
		unsigned b = last_digit(t->zone[list[i].key.b]);
		uint32_t bin = list[i].key.bin - START / 300;
		assert_int_equal(list[i].bytes, w.zone[a < b ? a : b][a < b ? b : a][bin]);
	}
	free(list);
	assert_int_equal(n, 3 * MINUTES / 5);
	assert_int_equal(sum(t, TOLL_HOSTS), w.all);
	n = tolls_list(t, TOLL_NAT, &list);
	assert_int_equal(n, MINUTES / 5);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i].bytes, w.s3[list[i].key.bin - START / 300]);
	free(list);
	n = tolls_list(t, TOLL_CLIENT, &list);
	for (size_t i = 0; i < n; i++, clients++)
		assert_int_equal(list[i].bytes, w.of_client[list[i].key.client[15]]);
	free(list);
	assert_int_equal(clients, HOSTS);
	assert_int_equal(tolls_dropped(t), 0);
}

static void sums_are_the_records(void **state)
{
	static const size_t steps[] = { 1, 7919, 4001 };

	(void)state;
	make_log(7);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		struct tolls *t = tolls_new(1 << 20);
		read_log(i * 100, steps[i]);
		count(t, 0, SEGMENT_ROWS, 1);
		hold(t);
		/* Some leave, and come again. */
		count(t, 1000, 3000, -1);
		assert_true(sum(t, TOLL_HOSTS) < w.all);
		count(t, 1000, 3000, 1);
		hold(t);
		count(t, 0, SEGMENT_ROWS, -1);
		for (enum toll_kind k = TOLL_NAT; k <= TOLL_HOSTS; k++)
			assert_int_equal(sum(t, k), 0);
		tolls_free(t);
		forget_log();
	}
	forget_lines();
}

/* Who is drawn does not depend on the order; what is not told of is said. */
static void too_little_room(void **state)
{
	uint64_t hosts = 0, dropped = 0;

	(void)state;
	make_log(9);
	for (size_t step = 1; step < 8000; step += 7918) {
		struct tolls *t = tolls_new(1);
		read_log(0, step);
		count(t, 0, SEGMENT_ROWS, 1);
		assert_true(tolls_dropped(t) > 0);
		assert_int_equal(sum(t, TOLL_ZONE), w.all);
		assert_true(tolls_bytes(t) < 20000);
		if (step > 1) {
			assert_int_equal(sum(t, TOLL_HOSTS), hosts);
			assert_int_equal(tolls_dropped(t), dropped);
		}
		hosts = sum(t, TOLL_HOSTS);
		dropped = tolls_dropped(t);
		tolls_free(t);
		forget_log();
	}
	forget_lines();
}

static void waste(void **state)
{
	struct tolls *t = tolls_new(1 << 20);
	struct nat_waste *found;
	uint64_t all = 0;

	(void)state;
	w = (struct toll_world){ .seed = 3 };
	for (unsigned minute = 0; minute < MINUTES; minute++) {
		send(0, 1, 1000, minute);
		send(1, 2, 1000, minute);
		if (minute >= 20 && minute < 70)
			fetch(1 + minute % 3, 50000000 + minute % 3, minute, true);
		fetch(3, 90000000, minute, false);
		all += minute >= 20 && minute < 70 ? 50000000 + minute % 3 : 0;
	}
	read_log(0, 1);
	count(t, 0, SEGMENT_ROWS, 1);
	assert_int_equal(nat_waste_find(t, (struct nat_waste_limits)NAT_WASTE_LIMITS,
					&prices_listed, START, START + MINUTES * 60, &found),
			 1);
	assert_string_equal(places_at(w.places, found->via)->interface, "eni-12");
	assert_string_equal(toll_service_name(found->service), "S3");
	assert_true(found->bytes == all && found->hour == all);
	assert_true(found->cost == all * 450); /* $0.045 a GB, in 10^-13 dollars a byte */
	/* 2 GB are there behind 40 minutes: the hour before that begins at the first. */
	assert_int_equal(found->since, START + 20 * 60);
	assert_int_equal(found->until, START + 70 * 60);
	assert_int_equal(found->clients, 3);
	assert_true(found->client[0].bytes >= found->client[1].bytes &&
		    found->client[1].bytes >= found->client[2].bytes);
	assert_int_equal(found->client[0].bytes + found->client[1].bytes + found->client[2].bytes,
			 all);
	free(found);
	assert_int_equal(nat_waste_find(t, (struct nat_waste_limits){ all + 1 }, &prices_listed,
					START, START + MINUTES * 60, &found),
			 0);
	free(found);
	tolls_free(t);
	forget_log();
	forget_lines();
}

/* Bytes a minute between zones 1 and 2 before and from a minute on, and what is found of it. */
static size_t cross(uint64_t before, unsigned from, uint64_t after, struct crosszone *out)
{
	struct tolls *t = tolls_new(1 << 20);
	struct crosszone *found;
	size_t n;

	w = (struct toll_world){ .seed = 3 };
	for (unsigned minute = 0; minute < MINUTES; minute++) {
		send(1, 2, minute < from ? before : after, minute);
		send(2, 1, 10, minute);
		send(0, 3, 900000000, minute); /* of one zone */
		send(0, 1, 10, minute);        /* so that it is told whose address is whose */
		send(3, 2, 10, minute);
	}
	read_log(0, 1);
	count(t, 0, SEGMENT_ROWS, 1);
	n = crosszone_find(t, w.places, (struct crosszone_limits)CROSSZONE_LIMITS, &prices_listed,
			   START, &found);
	if (n)
		*out = found[0];
	if (n) {
		assert_string_equal(out->zone[0], "z-az1");
		assert_string_equal(out->zone[1], "z-az2");
		assert_int_equal(out->hosts_n, 2);
		assert_string_equal(places_at(w.places, out->hosts[0].from)->interface, "eni-1");
	}
	free(found);
	tolls_free(t);
	forget_log();
	forget_lines();
	return n;
}

static void zones(void **state)
{
	struct crosszone c;

	(void)state;
	assert_int_equal(cross(10000000, 60, 40000000, &c), 1);
	assert_true(c.grown);
	assert_int_equal(c.since, START + 60 * 60);
	assert_int_equal(c.until, START + MINUTES * 60);
	assert_int_equal(c.bytes, 25 * UINT64_C(40000010));
	assert_true(c.cost == c.bytes * 200); /* $0.02 a GB, in 10^-13 dollars a byte */
	assert_in_range(c.usual, 24 * UINT64_C(10000010), 25 * UINT64_C(10000010));
	/* 2.5 times as much; much, and always so; four times as much, and little. */
	assert_int_equal(cross(20000000, 60, 50000000, &c), 1);
	assert_false(c.grown);
	assert_int_equal(cross(40000000, 60, 40000000, &c), 1);
	assert_false(c.grown);
	assert_int_equal(cross(4000000, 60, 18000000, &c), 0);
	/* Too early to tell what is usual. */
	assert_int_equal(cross(1000, 10, 40000000, &c), 1);
	assert_false(c.grown);
}

/* ---- the scenarios ---- */

static bool read_gzip(const char *path, struct buf *out)
{
	gzFile in = gzopen(path, "rb");
	char piece[16384];
	int n;

	while (in && (n = gzread(in, piece, sizeof piece)) > 0)
		buf_add(out, piece, (size_t)n);
	if (in)
		gzclose(in);
	return in != NULL;
}

/* Whether the truth of a scenario has a finding of the rule at the level. */
static bool is_true(const char *folder, const char *rule, const char *level)
{
	char path[1024];
	json_t *truth, *findings;
	bool found = false;

	snprintf(path, sizeof path, "%s/truth.json", folder);
	truth = json_load_file(path, 0, NULL);
	findings = json_object_get(truth, "findings");
	for (size_t i = 0; i < json_array_size(findings); i++) {
		json_t *f = json_array_get(findings, i), *levels = json_object_get(f, "levels");
		bool same = strcmp(json_string_value(json_object_get(f, "rule")), rule) == 0;
		for (size_t k = 0; k < json_array_size(levels); k++)
			found |= same &&
				 strcmp(json_string_value(json_array_get(levels, k)), level) == 0;
	}
	json_decref(truth);
	return found;
}

static void hold_scenario(const char *folder, const char *level)
{
	struct label_faults faults = { 0 };
	struct buf text = { 0 };
	struct tolls *t = tolls_new(1 << 20);
	const struct format *f = format_default();
	struct crosszone *zone;
	struct nat_waste *waste;
	char path[1024];
	size_t n, grown = 0;
	int64_t begin = INT64_MAX;

	snprintf(path, sizeof path, "%s/flow.%.2s.log.gz", folder, level);
	assert_true(read_gzip(path, &text));
	if (strncmp(text.s, "version", 7) == 0)
		f = format_parse((struct str){ text.s, strcspn(text.s, "\n") }, "test");
	w = (struct toll_world){ .seed = 1 };
	w.ring = ring_new(dict_new(), 64 << 20);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.labels = labels_new(ring_dict(w.ring));
	snprintf(path, sizeof path, "%s/enis.json", folder);
	if (strcmp(level, "v2_enis") == 0)
		assert_int_equal(labels_add_names(w.labels, path, &faults), 0);
	w.places = places_new();
	places_want_ways(w.places);
	ring_add_text(w.ring, f, buf_str(&text), NULL, NULL);
	for (size_t i = 0; i < ring_count(w.ring); i++) {
		struct segment *s = ring_peek(w.ring, i);
		ring_publish(w.ring, s);
		places_add(w.places, s, ring_dict(w.ring), 0, s->rows, 0);
		begin = s->dated && s->time_min < begin ? s->time_min : begin;
	}
	places_settle(w.places, w.labels);
	count(t, 0, SEGMENT_ROWS, 1);
	n = crosszone_find(t, w.places, (struct crosszone_limits)CROSSZONE_LIMITS, &prices_listed,
			   begin, &zone);
	for (size_t i = 0; i < n; i++)
		grown += zone[i].grown;
	printf("# %s %s: %zu of %zu pairs of zones have grown", folder, level, grown, n);
	if (n)
		printf(": %s %s %" PRIu64 " of %" PRIu64 " since %" PRId64 " until %" PRId64,
		       zone->zone[0], zone->zone[1], zone->bytes, zone->usual, zone->since,
		       zone->until);
	printf("\n");
	assert_int_equal(grown > 0, is_true(folder, "crosszone", level));
	free(zone);
	n = nat_waste_find(t, (struct nat_waste_limits)NAT_WASTE_LIMITS, &prices_listed, begin,
			   places_newest(w.places), &waste);
	assert_int_equal(n > 0, is_true(folder, "nat_waste", level));
	free(waste);
	tolls_free(t);
	forget_log();
	buf_release(&faults.text);
	buf_release(&text);
}

static void scenarios(void **state)
{
	static const char *const levels[] = { "v2", "v2_enis", "v5" };
	char folder[512];
	struct dirent *e;
	DIR *d;

	(void)state;
	snprintf(folder, sizeof folder, "%s/../shared/scenarios", getenv("srcdir"));
	d = opendir(folder);
	while (d && (e = readdir(d))) {
		snprintf(folder, sizeof folder, "%s/../shared/scenarios/%.100s/truth.json",
			 getenv("srcdir"), e->d_name);
		if (access(folder, R_OK) != 0)
			continue;
		*strrchr(folder, '/') = '\0';
		for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
			hold_scenario(folder, levels[i]);
	}
	if (d)
		closedir(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_the_records),
		cmocka_unit_test(too_little_room),
		cmocka_unit_test(waste),
		cmocka_unit_test(zones),
		cmocka_unit_test(scenarios),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
