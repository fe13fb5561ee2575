/* Fields against the published table (../shared/fields.tsv where it is), formats from
 * headers, from --format and by shape. */
#include "schema/format_book.h"
#include "support.h"

static void names_as_published(void **state)
{
	const char *srcdir = getenv("srcdir");
	char path[1024], line[4096], name[128];
	unsigned n = 0;
	FILE *in;

	(void)state;
	snprintf(path, sizeof path, "%s/../shared/fields.tsv", srcdir ? srcdir : ".");
	in = fopen(path, "r");
	if (!in) {
		print_message("# no %s\n", path);
		return;
	}
	while (fgets(line, sizeof line, in)) {
		int version;
		char parquet[128];
		if (sscanf(line, "%*d\t%127[a-z0-9-]\t%d\t%*s\t%*s\t%127s", name, &version,
			   parquet) != 3)
			continue;
		int id = field_find_published(str_of(name));
		if (id == FIELD_NONE || field_get(id)->version != version)
			fail_msg("%s, version %d", name, version);
		assert_int_equal(field_find_published(str_of(parquet)), id);
		n++;
	}
	fclose(in);
	assert_int_equal(n, FIELDS_PUBLISHED);
	assert_int_equal(FIELDS_PUBLISHED, 72);
}

static void names_in_every_way(void **state)
{
	static const char *const ways[] = { "srcaddr", "src_addr", "srcAddr",
					    "SRCADDR", "src",      "source" };

	(void)state;
	assert_int_equal(field_find(str_of("pkt-src-aws-service")), FIELD_PKT_SRC_AWS_SERVICE);
	assert_int_equal(field_find(str_of("pktSrcAwsService")), FIELD_PKT_SRC_AWS_SERVICE);
	assert_int_equal(field_find(str_of("pkt_src_aws_service")), FIELD_PKT_SRC_AWS_SERVICE);
	assert_int_equal(field_find(str_of("interfaceId")), FIELD_INTERFACE_ID);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (i != 1 && i != 2)
			assert_int_equal(field_find(str_of(ways[i])), FIELD_SRCADDR);
	assert_int_equal(field_find(str_of("startTime")), FIELD_START);
	assert_int_equal(field_find(str_of("end_time")), FIELD_END);
	assert_int_equal(field_find(str_of("nosuch")), FIELD_NONE);
	assert_int_equal(field_find_published(str_of("src")), FIELD_NONE);
	assert_int_equal(field_find_published(str_of("client")), FIELD_NONE);
}

/* IANA: https://www.iana.org/assignments/protocol-numbers */
static void protocols(void **state)
{
	static const struct {
		unsigned n;
		const char *name;
	} iana[] = { { 1, "icmp" }, { 6, "tcp" }, { 17, "udp" }, { 47, "gre" }, { 50, "esp" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(iana); i++) {
		assert_true(str_equal(protocol_name(iana[i].n), str_of(iana[i].name)));
		assert_int_equal(protocol_number(str_of(iana[i].name)), iana[i].n);
	}
	assert_int_equal(protocol_number(str_of("nosuch")), -1);
	assert_int_equal(service_port(str_of("ssh")), 22);
	assert_int_equal(service_port(str_of("https")), 443);
	assert_int_equal(service_port(str_of("rdp")), 3389);
	assert_int_equal(service_port(str_of("smb")), 445);
	for (unsigned p = 0; p < 65536; p++)
		assert_int_equal(service_bitmap()[p / 8] >> p % 8 & 1, service_name(p).n > 0);
}

static void headers(void **state)
{
	static const char *const yes[] = { "version account-id interface-id srcaddr dstaddr",
					   "srcaddr,dstaddr,bytes", "account_id action az_id bytes",
					   "${version} ${srcaddr} ${dstaddr}" };
	static const char *const no[] = {
		"", "srcaddr", "some words that are no fields",
		"2 123 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK",
		"2 1 eni-1 - - - - - - - 1431280876 1431280934 - NODATA"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yes) - 1; i++)
		assert_true(format_is_header(str_of(yes[i])));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_false(format_is_header(str_of(no[i])));
	const struct format *f = format_parse(str_of(yes[3]), "--format");
	assert_non_null(f);
	assert_int_equal(f->n, 3);
	assert_int_equal(f->column[FIELD_DSTADDR], 2);
	assert_int_equal(f->column[FIELD_BYTES], -1);
	/* The same columns are the same format. */
	assert_ptr_equal(f, format_parse(str_of("version srcaddr dstaddr"), "header"));
	/* A NUL ends a name: names are C strings. */
	f = format_parse((struct str){ "srcaddr te\0am dstaddr", 22 }, "test");
	assert_non_null(f);
	assert_string_equal(f->text.s, "srcaddr te am dstaddr");
	/* Unknown names are kept, twice the same is two columns. */
	f = format_parse(str_of("srcaddr dstaddr team team"), "header");
	assert_non_null(f);
	assert_int_equal(f->n, 4);
	assert_int_not_equal(f->field[2], f->field[3]);
	assert_string_equal(field_name(f->field[2]), "team");
	assert_int_equal(field_lookup(str_of("team")), f->field[2]);
	assert_null(format_parse(str_of("just words"), "--format"));
}

static const struct format *format_guess_of(struct str line)
{
	unsigned doubt;

	return format_guess(line, &doubt);
}

static void shapes(void **state)
{
	const struct format *f;

	(void)state;
	f = format_guess_of(str_of(
		"2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 "
		"4249 1418530010 1418530070 ACCEPT OK"));
	assert_ptr_equal(f, format_default());
	f = format_guess_of(str_of(
		"2026-11-24T03:05:00.000Z 2 123456789010 eni-1235b8ca123456789 172.31.16.139 "
		"172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"));
	assert_non_null(f);
	assert_int_equal(f->n, 15);
	assert_int_equal(f->column[FIELD_SRCADDR], 4);
	assert_null(format_guess_of(str_of("one two three")));
	/* A format that is known, behind what `aws logs tail` writes before it. */
	f = format_parse(str_of("bytes srcaddr team team"), "--format");
	f = format_after_prefix(f, str_of("2026-11-24T03:05:00 eni-1-all 7 10.0.0.1 a b"));
	assert_non_null(f);
	assert_int_equal(f->n, 6);
	assert_int_equal(f->column[FIELD_SRCADDR], 3);
	assert_null(
		format_after_prefix(f, str_of("1 2 2026-11-24T03:05:00 eni-1-all 7 1.1.1.1 a b")));
	assert_null(format_guess_of(str_of("")));
}

/* Columns that somebody chose behind the default fourteen: the fields are FORMATS.md's, each value
 * says which one it is. */
static void shapes_behind_the_default(void **state)
{
#define BEGINNING \
	"2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 " \
	"1418530010 1418530070 ACCEPT OK "
#define ECS_ARN "arn:aws:ecs:us-east-1:123456789010:"
	static const struct {
		const char *tail, *fields;
	} cases[] = {
		{ "us-east-1 use1-az1 wavelength us-east-1-wl1-bos-wlz-1",
		  "region az-id sublocation-type sublocation-id" },
		{ "us-east-1 use1-az1 - -", "region az-id sublocation-type sublocation-id" },
		{ "AMAZON S3 egress 8",
		  "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path" },
		{ "- - ingress -",
		  "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path" },
		{ "us-east-1 use1-az1 - - - S3 egress 7",
		  "region az-id sublocation-type sublocation-id pkt-src-aws-service "
		  "pkt-dst-aws-service flow-direction traffic-path" },
		{ ECS_ARN "cluster/web web " ECS_ARN "container-instance/web/0a1b "
			  "0123456789abcdef0123456789abcdef 9f8e - shop " ECS_ARN
			  "task-definition/shop:7 " ECS_ARN "task/web/77aa 77aa",
		  "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn "
		  "ecs-container-instance-id ecs-container-id ecs-second-container-id "
		  "ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf line = { 0 };
		struct str names = str_of(cases[i].fields), name;
		int column = 14;
		buf_printf(&line, BEGINNING "%s", cases[i].tail);
		const struct format *f = format_guess_of(buf_str(&line));
		assert_non_null(f);
		assert_int_equal(f->column[FIELD_LOG_STATUS], 13);
		while ((name = str_token(&names)).n)
			assert_int_equal(f->column[field_find(name)], column++);
		assert_int_equal(f->n, column);
		buf_release(&line);
	}
}

/* The n-th of formats that are all different: a column that nobody knows, and one more. */
static const struct format *nth_format(unsigned n)
{
	struct buf names = { 0 };
	const struct format *f;

	buf_printf(&names, "srcaddr dstaddr given-%u", n);
	f = format_of_header(buf_str(&names));
	buf_release(&names);
	return f;
}

/* What nobody holds makes room, names too; what somebody asked for by name keeps its id. */
static void given_back(void **state)
{
	const struct format *kept = nth_format(0), *again = nth_format(0);
	size_t before = formats_bytes();
	int asked = field_lookup(str_of("given-0"));
	uint64_t serial = kept->serial;

	(void)state;
	assert_ptr_equal(kept, again);
	format_release(again);
	for (unsigned i = 1; i < 3 * FORMATS_MAX; i++) {
		const struct format *f = nth_format(i);
		assert_null(f->refusal);
		assert_int_equal(f->n, 3);
		format_release(format_hold(f));
		format_release(f);
	}
	assert_string_equal(kept->text.s, "srcaddr dstaddr given-0");
	format_release(kept);
	assert_int_equal(field_lookup(str_of("given-0")), asked);
	assert_string_equal(field_name(asked), "given-0");
	/* Of names alone, one each, as many as there can be. */
	assert_in_range(formats_bytes(), 0, before + FORMATS_MAX * sizeof "given-12345");
	kept = nth_format(0);
	assert_true(kept->serial > serial);
	assert_int_equal(kept->field[2], asked);
	format_release(kept);
}

/* A source has only so many; what it has is as long as its book. */
static void books(void **state)
{
	struct format_book book = { 0 }, block = { 0 };
	unsigned kept = 0;

	(void)state;
	for (unsigned i = 0; i < 2 * FORMATS_OF_SOURCE; i++)
		kept += !format_book_keep(&book, nth_format(i / 2))->refusal;
	assert_int_equal(kept, 2 * FORMATS_OF_SOURCE);
	assert_int_equal(book.n, FORMATS_OF_SOURCE);
	assert_false(book.refused);
	assert_ptr_equal(format_book_keep(&book, format_default()), format_default());
	assert_ptr_equal(format_book_keep(&book, nth_format(FORMATS_OF_SOURCE)),
			 format_refused(FORMAT_BEYOND_BOOK));
	/* A block is not behind another's when it would have been refused something. */
	format_book_keep(&block, nth_format(3));
	assert_true(format_book_take(&book, &block));
	assert_int_equal(book.n, FORMATS_OF_SOURCE);
	format_book_keep(&block, nth_format(FORMATS_OF_SOURCE));
	assert_false(format_book_take(&book, &block));
	format_book_release(&block);
	block.before = &book;
	assert_ptr_equal(format_book_keep(&block, nth_format(FORMATS_OF_SOURCE)),
			 format_refused(FORMAT_BEYOND_BOOK));
	assert_null(format_book_keep(&block, nth_format(7))->refusal);
	assert_true(format_book_take(&book, &block));
	const struct format *last = book.format[FORMATS_OF_SOURCE - 1];
	format_book_cut(&book, &last, 1);
	assert_int_equal(book.n, 1);
	assert_ptr_equal(book.format[0], last);
	assert_null(format_book_keep(&book, nth_format(FORMATS_OF_SOURCE))->refusal);
	format_book_release(&book);
}

/* The last test: no format can be added any more, but shapes can. */
static void formats_run_out(void **state)
{
	struct buf names = { 0 };
	unsigned made = 0;

	(void)state;
	for (int i = 0; i < FORMATS_MAX; i++) {
		buf_clear(&names);
		buf_printf(&names, "srcaddr dstaddr unknown-%d", i);
		made += format_parse(buf_str(&names), "test") != NULL;
	}
	assert_in_range(made, FORMATS_MAX / 2, FORMATS_MAX - 100);
	/* Formats of published names alone still have room. */
	for (int a = 1; a < FIELDS_PUBLISHED; a++)
		for (int b = 1; b < FIELDS_PUBLISHED; b++) {
			buf_clear(&names);
			buf_printf(&names, "%s %s version", field_name(a), field_name(b));
			made += a != b && format_parse(buf_str(&names), "test");
		}
	assert_in_range(made, FORMATS_MAX - 100, FORMATS_MAX);
	assert_null(format_parse(str_of("version start end bytes"), "test"));
	assert_non_null(format_guess_of(str_of(
		"2026-11-24T03:05:00 325352056000 - apne1-az1 - - - 1700185000 - "
		"i-085c8f3d12aa57000 eni-03a3504cbdd789000 SKIPDATA - - - - - - ap-northeast-1 - - "
		"1700185000 - - subnet-f27b1000 - - - 5 vpc-bcd5b000")));
	buf_release(&names);
}

/* What must stand before the lines that follow. */
static void headers_are_carried(void **state)
{
	struct buf header = { 0 };

	(void)state;
	format_note_header(&header, str_of("2 1 eni-1 10.0.0.1"));
	assert_int_equal(header.n, 0);
	format_note_header(&header, str_of("srcaddr dstaddr"));
	format_note_header(&header, str_of("\033\1start end"));
	format_note_header(&header, str_of("\033\1end start"));
	assert_string_equal(header.s, "srcaddr dstaddr\n\033\1end start\n");
	format_note_header(&header, str_of("\033\2"));
	assert_int_equal(header.n, strlen("srcaddr dstaddr\n"));
	format_note_header(&header, str_of("bytes packets"));
	assert_string_equal(header.s, "bytes packets\n");
	buf_release(&header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_as_published),
		cmocka_unit_test(names_in_every_way),
		cmocka_unit_test(protocols),
		cmocka_unit_test(headers),
		cmocka_unit_test(shapes),
		cmocka_unit_test(headers_are_carried),
		cmocka_unit_test(shapes_behind_the_default),
		cmocka_unit_test(given_back),
		cmocka_unit_test(books),
		cmocka_unit_test(formats_run_out),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
