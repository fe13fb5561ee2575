/* Names, ranges and databases of addresses: every label as group against the slow twin, files
 * that are not what they should be, and files that change. */
#include <errno.h>
#include <unistd.h>

#include "mmdb_write.h"
#include "query/accumulator.h"
#include "slow_labels.h"
#include "support.h"

static char dir[64];

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/enitop-labels-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(dir);
}

/* A file that the next call replaces. */
static const char *file_of(const char *text, size_t n)
{
	static char path[96];
	FILE *f;

	snprintf(path, sizeof path, "%s/file", dir);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void expect_label(struct labels *l, enum label label, const char *address, const char *want)
{
	uint8_t a[16];

	assert_true(address_parse(str_of(address), a));
	struct str have = labels_text(l, labels_of_address(l, label, a));
	if (!str_equal(have, str_of(want)))
		fail_msg("%s is '%.*s', not '%s'", address, (int)have.n, have.s, want);
}

/* ---- groups ---- */

static struct ring *filled(struct slow *slow)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	uint64_t seed = 31;

	ring_set_ceiling(r, INT64_MAX);
	for (unsigned i = 0; i < 3; i++) {
		struct buf b = { 0 };
		for (int k = 0; k < 700; k++) {
			random_line(&seed, 1700000000 + i * 300, &b);
			buf_putc(&b, '\n');
		}
		ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
		slow_read(slow, format_default(), buf_str(&b));
		buf_release(&b);
	}
	return r;
}

static void expect_as_slow(struct ring *r, const struct slow *slow, const char *names, size_t least)
{
	const struct span all = { INT64_MIN, INT64_MAX, false };
	struct slow_rows want, have;
	struct accumulator *a;
	struct group g;
	struct str bad;

	assert_int_equal(group_parse(str_of(names), &g, &bad), 0);
	a = accumulator_new(&g, ring_dict(r));
	for (size_t i = 0; i < ring_count(r); i++)
		accumulator_fold(a, ring_at(r, i), 0, ring_at(r, i)->rows, NULL, all, 1);
	slow_group(slow, &g, NULL, all, 0, &want);
	slow_rows_of(a, &have);
	if (want.n < least)
		fail_msg("only %zu groups by %s", want.n, names);
	slow_compare(&want, &have);
	slow_rows_release(&have);
	slow_rows_release(&want);
	accumulator_free(a);
}

static void groups_of_labels(void **state)
{
	struct slow slow = { 0 };
	struct ring *r = filled(&slow);
	unsigned labels = 0;

	(void)state;
	slow_labels_open(ring_dict(r));
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		const char *name = field_name(id);
		bool mmdb = strstr(name, "-country") || strcmp(name + strlen(name) - 3, "-as") == 0;
		bool one = strcmp(name, "account-name") == 0 || (mmdb && !labels_can_mmdb());
		if (!slow_is_label(id))
			continue;
		labels++;
		expect_as_slow(r, &slow, name, one ? 1 : 2);
	}
	assert_int_equal(labels, 4 * LABELS + 3);
	expect_as_slow(r, &slow, "client-name,server-name,service", 30);
	expect_as_slow(r, &slow, "scope,src-scope,dst-scope,interface-name,srcaddr", 30);
	expect_as_slow(r, &slow, "client-aws-service,client-country,time", 10);
	slow_labels_close(ring_dict(r));
	/* Without labels there are none. */
	expect_as_slow(r, &slow, "client-name,scope", 1);
	slow_release(&slow);
	ring_free_all(r);
}

static uint32_t selected(struct ring *r, const char *text)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(text), 0, &e);
	uint32_t n = 0;

	assert_non_null(f);
	for (size_t i = 0; i < ring_count(r); i++) {
		uint64_t bits[SEGMENT_ROWS / 64 + 1];
		uint32_t rows = ring_at(r, i)->rows;
		filter_select(f, ring_at(r, i), ring_dict(r), 0, rows, bits, NULL);
		for (uint32_t row = 0; row < rows; row++)
			n += bits[row / 64] >> row % 64 & 1;
	}
	filter_free(f);
	return n;
}

/* Two texts for one system are no contradiction; two texts for one name are. */
static void systems_by_name_and_number(void **state)
{
	struct slow slow = { 0 };
	struct ring *r = filled(&slow);
	uint32_t n;

	(void)state;
	slow_labels_open(ring_dict(r));
	n = selected(r, "src-as=64500");
	assert_true(!labels_can_mmdb() || n > 0);
	assert_int_equal(selected(r, "src-as=as64500"), n);
	assert_int_equal(selected(r, "src-as='AS64500 Example Net'"), n);
	assert_int_equal(selected(r, "src-as=64500 and src-as=AS64500"), n);
	assert_int_equal(selected(r, "src-as=64500 and src-as=64501"), 0);
	assert_int_equal(selected(r, "not (src-as!=64500 or src-as!=AS64500)"), n);
	assert_true(selected(r, "src-name=web-1") > 0);
	assert_int_equal(selected(r, "src-name=web-1 and src-name=web-2"), 0);
	slow_labels_close(ring_dict(r));
	slow_release(&slow);
	ring_free_all(r);
}

/* ---- files ---- */

static void names_with_faults(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "address,name\n" /* the head of a CSV */
				   "10.0.0.1,\"a \"\"b\"\", c\",more\n"
				   "10.0.0.2\n"
				   "host.example x\n"
				   "10.0.0.3 -\n"
				   "10.0.0.0/40 wide\n"
				   "10.0.0.4 with\x01"
				   "control\n"
				   "\"10.0.0.5\" , quoted\n"
				   "1234 short\n"
				   "   # comment\n"
				   "10.0.0.6  a b  # c\n"
				   "\n"
				   "10.0.0.7 last";
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct label_faults f = { 0 };
	const char *path = file_of(text, sizeof text - 1);
	struct buf want = { 0 };
	static const unsigned lines[] = { 3, 4, 5, 6, 7, 9 };

	(void)state;
	assert_int_equal(labels_add_names(l, path, &f), 0);
	assert_int_equal(f.n, ARRAY_SIZE(lines));
	const char *p = f.text.s;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		buf_clear(&want);
		buf_printf(&want, "%s:%u: ", path, lines[i]);
		if (strncmp(p, want.s, want.n) != 0)
			fail_msg("'%s' is not of line %u", p, lines[i]);
		p = strchr(p, '\n') + 1;
	}
	expect_label(l, LABEL_NAME, "10.0.0.1", "a \"b\", c");
	expect_label(l, LABEL_NAME, "10.0.0.2", "");
	expect_label(l, LABEL_NAME, "10.0.0.4", "");
	expect_label(l, LABEL_NAME, "10.0.0.5", "quoted");
	expect_label(l, LABEL_NAME, "10.0.0.6", "a b");
	expect_label(l, LABEL_NAME, "10.0.0.7", "last");
	unlink(path);
	assert_int_equal(labels_add_names(l, path, &f), -ENOENT);
	assert_int_equal(labels_add_names(l, dir, &f), -EISDIR);
	assert_int_equal(labels_add_names(l, "/dev/zero", &f), -EFBIG);
	buf_release(&f.text);
	buf_release(&want);
	labels_free(l);
	dict_free(d);
}

static void json_with_faults(void **state)
{
	struct buf deep = { 0 }, large = { 0 };
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct label_faults f = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_putc(&deep, '[');
	assert_int_equal(labels_add_names(l, file_of(deep.s, deep.n), &f), 0);
	assert_int_equal(f.n, 2); /* not JSON, nothing in it */
	buf_puts(&large, "[{\"NetworkInterfaceId\":\"eni-1\",\"PrivateIpAddress\":\"10.0.0.1\","
			 "\"Description\":\"one\"},\n{\"Description\":\"");
	for (int i = 0; i < 300000; i++)
		buf_putc(&large, 'x');
	buf_puts(&large, "\"},\n{\"NetworkInterfaceId\":7},\n17,\n"
			 "{\"NetworkInterfaceId\":\"eni-2\",\"TagSet\":{},\"Attachment\":[],"
			 "\"PrivateIpAddress\":\"10.0.0.2\",\"Ipv6Addresses\":[7,{}],"
			 "\"Description\":\"two\"}]");
	f.n = 0;
	buf_clear(&f.text);
	assert_int_equal(labels_add_names(l, file_of(large.s, large.n), &f), 0);
	assert_int_equal(f.n, 3);
	assert_non_null(strstr(f.text.s, "file:2: "));
	assert_non_null(strstr(f.text.s, "file:3: "));
	assert_non_null(strstr(f.text.s, "file:4: "));
	expect_label(l, LABEL_NAME, "10.0.0.1", "one");
	expect_label(l, LABEL_NAME, "10.0.0.2", "two");
	/* Any text at all, cut anywhere. */
	for (size_t n = 0; n < 400; n++) {
		const char *path = file_of(large.s + large.n - n, n);
		labels_add_names(l, path, &f);
		labels_add_aws(l, path, &f);
		path = file_of(large.s, n < 120 ? n : large.n - n);
		labels_add_names(l, path, &f);
		labels_add_aws(l, path, &f);
	}
	unlink(file_of("", 0));
	buf_release(&f.text);
	buf_release(&deep);
	buf_release(&large);
	labels_free(l);
	dict_free(d);
}

static void expect_bad(const struct labels *l, const char *address, unsigned line, const char *text)
{
	struct label_ioc hit = { 0 };
	uint8_t a[16];

	assert_true(address_parse(str_of(address), a));
	assert_int_equal(labels_find_ioc(l, a, &hit), line > 0);
	assert_int_equal(hit.line, line);
	assert_true(str_equal(hit.text, str_of(line ? text : "")));
}

static void bad_addresses(void **state)
{
	static const char list[] =
		"# of today\n203.0.113.7 c2-server of x # seen once\r\n\n"
		"198.51.100.0/24 scanners\n 198.51.100.9,one of them\n"
		"2001:db8::/32\nallow 198.51.100.77 ours\nallow 192.0.2.0/24\n"
		"192.0.2.1 listed all the same\nnonsense here\nallow\n10.0.0.0/33";
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct label_faults f = { 0 };
	const char *failed = NULL;

	(void)state;
	assert_false(labels_have_ioc(l));
	assert_int_equal(labels_add_ioc(l, file_of(list, sizeof list - 1), &f), 0);
	assert_true(labels_have_ioc(l));
	expect_bad(l, "203.0.113.7", 2, "c2-server of x");
	expect_bad(l, "203.0.113.8", 0, "");
	expect_bad(l, "198.51.100.8", 4, "scanners");
	expect_bad(l, "198.51.100.9", 5, "one of them");
	expect_bad(l, "2001:db8::1", 6, "");
	expect_bad(l, "198.51.100.77", 0, "");
	expect_bad(l, "192.0.2.1", 0, ""); /* whoever allows a network allows what is in it */
	assert_int_equal(f.n, 3);
	assert_non_null(strstr(f.text.s, "file:10: "));
	assert_non_null(strstr(f.text.s, "file:11: "));
	assert_non_null(strstr(f.text.s, "file:12: "));
	file_of("allow 203.0.113.7\n203.0.113.0/24 others\n", 40);
	assert_int_equal(labels_reload_names(l, &f, &failed), 0);
	expect_bad(l, "203.0.113.7", 0, "");
	expect_bad(l, "203.0.113.8", 2, "others");
	expect_bad(l, "198.51.100.8", 0, "");
	unlink(file_of("", 0));
	assert_int_equal(labels_reload_names(l, &f, &failed), -ENOENT);
	assert_non_null(failed);
	expect_bad(l, "203.0.113.8", 2, "others"); /* as it was */
	buf_release(&f.text);
	labels_free(l);
	dict_free(d);
}

static void databases(void **state)
{
	static const struct mmdb_network first[] = { { "198.51.100.0/25", "NL", 0, NULL },
						     { "2001:db8::/48", "FR", 0, NULL } };
	static const struct mmdb_network second[] = { { "198.51.100.0/24", "XX", 64510, "Org" } };
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct label_faults f = { 0 };
	char path[96];

	(void)state;
	snprintf(path, sizeof path, "%s/db", dir);
	if (!labels_can_mmdb()) {
		assert_int_equal(labels_add_mmdb(l, path, &f), -ENOTSUP);
	} else {
		assert_int_equal(labels_add_mmdb(l, path, &f), -ENOENT);
		assert_true(mmdb_write(path, MMDB_GEOLITE, first, ARRAY_SIZE(first)));
		assert_int_equal(labels_add_mmdb(l, path, &f), 0);
		unlink(path); /* it is mapped */
		assert_true(mmdb_write(path, MMDB_IPINFO, second, ARRAY_SIZE(second)));
		assert_int_equal(labels_add_mmdb(l, path, &f), 0);
		unlink(path);
		expect_label(l, LABEL_COUNTRY, "198.51.100.1", "NL");
		expect_label(l, LABEL_COUNTRY, "198.51.100.200", "XX");
		expect_label(l, LABEL_COUNTRY, "198.51.101.1", "");
		expect_label(l, LABEL_COUNTRY, "2001:db8::1", "FR");
		expect_label(l, LABEL_AS, "198.51.100.1", "AS64510 Org");
		expect_label(l, LABEL_AS, "2001:db8::1", "");
		assert_int_equal(labels_add_mmdb(l, file_of("no database", 11), &f), -EINVAL);
		unlink(file_of("", 0));
	}
	buf_release(&f.text);
	labels_free(l);
	dict_free(d);
}

/* Bits of a database turned over: it may say anything, not do anything. */
static void databases_broken(void **state)
{
	static const struct mmdb_network some[] = { { "10.0.0.0/9", "NL", 64500, "One" },
						    { "10.128.0.0/9", "DE", 64501, "Two" } };
	struct label_faults f = { 0 };
	struct buf good = { 0 };
	char path[96];
	uint64_t seed = 5;

	(void)state;
	if (!labels_can_mmdb())
		skip();
	snprintf(path, sizeof path, "%s/db", dir);
	assert_true(mmdb_write(path, MMDB_GEOLITE, some, ARRAY_SIZE(some)));
	FILE *file = fopen(path, "rb");
	buf_reserve(&good, 65536);
	good.n = fread(good.s, 1, 65536, file);
	fclose(file);
	unlink(path);
	for (int i = 0; i < 2000; i++) {
		struct dict *d = dict_new();
		struct labels *l = labels_new(d);
		size_t at = random_below(&seed, good.n), n = good.n - (i % 5 ? 0 : at);
		char was = good.s[at];
		uint8_t a[16];
		good.s[at] ^= (char)(1u << random_below(&seed, 8));
		if (labels_add_mmdb(l, file_of(good.s, n), &f) == 0)
			for (unsigned k = 0; k < 20; k++) {
				char text[32];
				snprintf(text, sizeof text, "10.%u.0.1", k * 13);
				address_parse(str_of(text), a);
				labels_of_address(l, LABEL_COUNTRY, a);
				labels_of_address(l, LABEL_AS, a);
			}
		good.s[at] = was;
		labels_free(l);
		dict_free(d);
	}
	unlink(file_of("", 0));
	buf_release(&f.text);
	buf_release(&good);
}

/* ---- what changes ---- */

/* Beside files: what is built in stays when these are read again, and gives way to what is added later. */
static void texts(void **state)
{
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct label_faults f = { 0 };
	const char *failed = NULL;
	uint8_t one[16], two[16];

	(void)state;
	assert_true(address_parse(str_of("10.0.0.1"), one) &&
		    address_parse(str_of("10.0.0.2"), two));
	labels_add_names_text(l, "demo", "10.0.0.1 a\n10.0.0.2 b\nhere is none\n", &f);
	labels_add_ioc_text(l, "demo", "192.0.2.0/28 made up\nallow 192.0.2.7\n", &f);
	assert_int_equal(f.n, 1);
	assert_non_null(strstr(f.text.s, "demo:3: "));
	assert_int_equal(labels_add_names(l, file_of("10.0.0.2 c\n", 11), &f), 0);
	for (int again = 0; again < 2; again++) {
		uint32_t a = labels_of_address(l, LABEL_NAME, one);
		uint32_t b = labels_of_address(l, LABEL_NAME, two);
		assert_true(str_equal(labels_text(l, a), str_of("a")));
		assert_true(str_equal(labels_text(l, b), str_of(again ? "d" : "c")));
		expect_bad(l, "192.0.2.6", 1, "made up");
		expect_bad(l, "192.0.2.7", 0, "");
		file_of("10.0.0.2 d\n", 11);
		assert_int_equal(labels_reload_names(l, &f, &failed), 0);
	}
	buf_release(&f.text);
	labels_free(l);
	dict_free(d);
}

static void read_again(void **state)
{
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct label_faults f = { 0 };
	const char *path = file_of("10.0.0.1 a\neni-1 x\n", 19), *failed = NULL;
	uint8_t one[16], two[16];

	(void)state;
	assert_true(address_parse(str_of("10.0.0.1"), one) &&
		    address_parse(str_of("10.0.0.2"), two));
	uint32_t first = dict_address_ref(d, one), second = dict_address_ref(d, two);
	uint32_t eni = dict_text_ref(d, str_of("eni-1"));
	assert_int_equal(labels_add_names(l, path, &f), 0);
	uint64_t generation = labels_generation(l);
	uint32_t a = labels_of_id(l, LABEL_NAME, first);
	assert_true(str_equal(labels_text(l, a), str_of("a")));
	assert_int_equal(labels_of_id(l, LABEL_NAME, second), DICT_NONE);
	assert_true(str_equal(labels_text(l, labels_of_text(l, eni)), str_of("x")));
	file_of("10.0.0.2 b\n10.0.0.1 c\n", 22);
	/* Nothing changes before it is read again. */
	assert_int_equal(labels_of_id(l, LABEL_NAME, first), a);
	assert_int_equal(labels_reload_names(l, &f, &failed), 0);
	assert_true(labels_generation(l) > generation);
	assert_true(str_equal(labels_text(l, labels_of_id(l, LABEL_NAME, first)), str_of("c")));
	assert_true(str_equal(labels_text(l, labels_of_id(l, LABEL_NAME, second)), str_of("b")));
	assert_int_equal(labels_of_text(l, eni), DICT_NONE);
	/* What had the old name still finds its text. */
	assert_true(str_equal(labels_text(l, a), str_of("a")));
	unlink(path);
	generation = labels_generation(l);
	assert_int_equal(labels_reload_names(l, &f, &failed), -ENOENT);
	assert_string_equal(failed, path);
	assert_int_equal(labels_generation(l), generation);
	assert_true(str_equal(labels_text(l, labels_of_id(l, LABEL_NAME, second)), str_of("b")));
	/* An id that is given away takes its label with it. */
	dict_address_unref(d, second);
	uint8_t three[16];
	assert_true(address_parse(str_of("10.0.0.3"), three));
	assert_int_equal(dict_address_ref(d, three), second);
	assert_int_equal(labels_of_id(l, LABEL_NAME, second), DICT_NONE);
	assert_int_equal(f.n, 0);
	labels_free(l);
	dict_free(d);
}

static void all_of_one_address(void **state)
{
	struct dict *d = dict_new();
	struct buf text = { 0 };
	uint8_t a[16];

	(void)state;
	slow_labels_open(d);
	address_parse(str_of("10.0.0.1"), a);
	labels_describe(dict_labels(d), a, &text);
	assert_string_equal(text.s, labels_can_mmdb() ? "web-1, internal, aws S3 us-east-1, DE, "
							"AS64500 Example Net"
						      : "web-1, internal, aws S3 us-east-1");
	slow_labels_close(d);
	dict_free(d);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(systems_by_name_and_number),
		cmocka_unit_test(groups_of_labels),
		cmocka_unit_test(names_with_faults),
		cmocka_unit_test(json_with_faults),
		cmocka_unit_test(bad_addresses),
		cmocka_unit_test(databases),
		cmocka_unit_test(databases_broken),
		cmocka_unit_test(texts),
		cmocka_unit_test(read_again),
		cmocka_unit_test(all_of_one_address),
	};

	return cmocka_run_group_tests_name("labels", tests, set_up, tear_down);
}
