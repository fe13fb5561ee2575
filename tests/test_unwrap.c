/* Bytes as delivered to text: layers, members, growth, truncation, damage, and what is none
 * of ours; each read through pieces of every size. */
#include <errno.h>
#include <iconv.h>

#include "pack.h"
#include "support.h"
#include "unwrap/unwrap.h"

struct outcome {
	struct buf text; /* a newline where it was torn */
	uint64_t faults;
	char fault[200]; /* "" */
	const char *shape;
	ssize_t end; /* what the last read said */
};

static void outcome_release(struct outcome *o)
{
	buf_release(&o->text);
}

static ssize_t read_room(struct unwrap *u, size_t room, struct buf *out)
{
	char *text = xmalloc(room);
	ssize_t n;

	while ((n = unwrap_read(u, text, room)) > 0 || n == UNWRAP_TORN || n == UNWRAP_AGAIN)
		buf_add(out, n > 0 ? text : "\n", n > 0 ? (size_t)n : n == UNWRAP_TORN);
	free(text);
	return n;
}

static ssize_t read_on(struct unwrap *u, struct buf *out)
{
	return read_room(u, 777, out);
}

static bool once; /* see struct unwrap: tests run both ways where that may differ */

static void unwrap_all(struct str in, size_t piece, struct outcome *o)
{
	struct pieces p = { .all = in, .end = in.n, .piece = piece };
	const char *fault;
	struct unwrap u;

	*o = (struct outcome){ 0 };
	buf_puts(&o->text, "");
	unwrap_init(&u, pieces_read, &p);
	u.once = once;
	read_room(&u, 10 * piece, &o->text);
	unwrap_end(&u);
	o->end = read_room(&u, 10 * piece, &o->text);
	o->faults = u.faults;
	o->shape = unwrap_shape(&u);
	fault = unwrap_fault(&u);
	snprintf(o->fault, sizeof o->fault, "%s", fault ? fault : "");
	unwrap_release(&u);
}

/* `fault`: what its text must have, or "". */
static void check(struct str in, struct str want, const char *shape, const char *fault)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 100, 4096, 1 << 20 };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(pieces); i++) {
		struct outcome o;
		once = i % 2;
		unwrap_all(in, pieces[i / 2], &o);
		assert_string_equal(o.shape, shape);
		if (*fault ? !strstr(o.fault, fault) : *o.fault)
			fail_msg("'%s' instead of '%s'", o.fault, fault);
		assert_int_equal(o.text.n, want.n);
		assert_memory_equal(o.text.s, want.s ? want.s : "", want.n);
		outcome_release(&o);
	}
	once = false;
}

static void lines(struct buf *out, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_printf(out, "line %u of the text, which is not too short\n", i * 7919);
}

/* ---- layers and members ---- */

static void plain_and_gzip(void **state)
{
	struct buf text = { 0 }, z = { 0 };

	(void)state;
	lines(&text, 500);
	check(buf_str(&text), buf_str(&text), "plain", "");
	pack_gzip(buf_str(&text), 6, &z);
	check(buf_str(&z), buf_str(&text), "gzip", "");
	check(str_of("x"), str_of("x"), "plain", "");
	check(str_of("\x1f"), str_of(""), "gzip", "truncated gzip at byte 1");
	check(str_of(""), str_of(""), "?", "");
	/* Text may begin like a word of other formats. */
	check(str_of("ORC-1 2 3\n"), str_of("ORC-1 2 3\n"), "plain", "");
	check(str_of("BZh"), str_of("BZh"), "plain", "");
	check(str_of("\n\r\rx"), str_of("\n\r\rx"), "plain", "");
	buf_release(&text);
	buf_release(&z);
}

static void pack(unsigned codec, struct str text, struct buf *out)
{
#ifdef HAVE_ZSTD
	if (codec) {
		pack_zstd(text, 3, 0, out);
		return;
	}
#endif
	(void)codec;
	pack_gzip(text, 6, out);
}

#ifdef HAVE_ZSTD
static const char *const codecs[] = { "gzip", "zstd" };
#else
static const char *const codecs[] = { "gzip" };
#endif

static void members(void **state)
{
	(void)state;
	for (unsigned codec = 0; codec < ARRAY_SIZE(codecs); codec++) {
		struct buf text = { 0 }, z = { 0 };
		for (unsigned i = 0; i < 50; i++) {
			struct buf part = { 0 };
			if (i % 7)
				lines(&part, i);
			pack(codec, buf_str(&part), &z);
			if (i % 9 == 0)
				buf_add(&z, "\0\0\0", 3); /* padding */
			if (i % 5 == 0 && codec)
				buf_add(&z, "\x5a\x2a\x4d\x18\x03\0\0\0abc",
					11); /* to be skipped */
			buf_add_str(&text, buf_str(&part));
			buf_release(&part);
		}
		check(buf_str(&z), buf_str(&text), codecs[codec], "");
		buf_release(&text);
		buf_release(&z);
	}
}

/* Every way of packing three deep, and one layer more. */
static void nested(void **state)
{
	const unsigned kinds = ARRAY_SIZE(codecs);
	struct buf text = { 0 };

	(void)state;
	lines(&text, 300);
	for (unsigned way = 0; way < kinds * kinds * kinds; way++) {
		struct buf layer[5] = { text };
		char shape[80] = "";
		for (unsigned i = 1, rest = way; i < 5; i++, rest /= kinds) {
			unsigned codec = i < 4 ? rest % kinds : 0;
			pack(codec, buf_str(&layer[i - 1]), &layer[i]);
			if (i > 1)
				strcat(shape, " in ");
			strcat(shape, codecs[codec]);
			if (i < 4)
				check(buf_str(&layer[i]), buf_str(&text), shape, "");
			else
				check(buf_str(&layer[i]), (struct str){ 0 }, shape,
				      "packed more than three times");
		}
		for (int i = 1; i < 5; i++)
			buf_release(&layer[i]);
	}
	buf_release(&text);
}

/* ---- growth ---- */

/* A member a line, and half of each stands there for a while. */
static void growing(void **state)
{
	(void)state;
	for (unsigned codec = 0; codec < ARRAY_SIZE(codecs); codec++) {
		struct buf text = { 0 }, z = { 0 }, out = { 0 };
		struct pieces p = { .piece = 100 };
		struct unwrap u;
		unwrap_init(&u, pieces_read, &p);
		for (unsigned i = 0; i < 50; i++) {
			size_t before = text.n;
			buf_printf(&text, "line %u of the text\n", i);
			pack(codec, (struct str){ text.s + before, text.n - before }, &z);
			p.all = buf_str(&z);
			p.end = p.at + (z.n - p.at) / 2;
			assert_int_equal(read_on(&u, &out), 0);
			assert_false(unwrap_is_idle(&u));
			p.end = z.n;
			assert_int_equal(read_on(&u, &out), 0);
			assert_int_equal(out.n, text.n);
			assert_memory_equal(out.s, text.s, text.n);
			assert_true(unwrap_is_idle(&u));
			if (i % 3 == 0)
				unwrap_release(&u);
		}
		assert_int_equal(u.faults, 0);
		assert_int_equal(u.taken, z.n);
		unwrap_release(&u);
		buf_release(&text);
		buf_release(&z);
		buf_release(&out);
	}
}

/* Of what a gzip has so far nothing is kept back: more text than room was asked for. */
static void complete_text_is_shown(void **state)
{
	struct buf text = { 0 }, z = { 0 }, out = { 0 };
	struct pieces p = { .piece = 1 << 20 };
	struct unwrap u;
	char one[3];

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_putc(&text, i % 100 ? 'a' : '\n');
	pack_gzip(buf_str(&text), 9, &z);
	p.all = buf_str(&z);
	p.end = z.n - 8; /* all but the trailer */
	unwrap_init(&u, pieces_read, &p);
	for (ssize_t n; (n = unwrap_read(&u, one, sizeof one)) > 0;)
		buf_add(&out, one, (size_t)n);
	assert_int_equal(out.n, text.n);
	unwrap_release(&u);
	buf_release(&text);
	buf_release(&z);
	buf_release(&out);
}

static void a_short_first_line_is_shown(void **state)
{
	struct pieces p = { .all = str_of("PK 1 eni-1 10.0.0.1 10.0.0.2\n"), .piece = 100 };
	struct unwrap u;
	char text[100];

	(void)state;
	unwrap_init(&u, pieces_read, &p);
	p.end = 2; /* it might become a zip */
	assert_int_equal(unwrap_read(&u, text, sizeof text), 0);
	assert_false(unwrap_is_idle(&u));
	p.end = 3;
	assert_int_equal(unwrap_read(&u, text, sizeof text), 3);
	p.end = p.all.n;
	assert_int_equal(unwrap_read(&u, text, sizeof text), p.all.n - 3);
	assert_true(unwrap_is_idle(&u));
	unwrap_release(&u);
}

/* What came before the reader's error is given, and it is not asked again. */
static void an_error_comes_last(void **state)
{
	struct pieces p = { .all = str_of("PAR"), .end = 3, .piece = 100, .error = -EIO };
	struct unwrap u;
	char text[100];

	(void)state;
	unwrap_init(&u, pieces_read, &p);
	assert_int_equal(unwrap_read(&u, text, sizeof text), 3);
	assert_int_equal(unwrap_read(&u, text, sizeof text), -EIO);
	p.end = p.at = 0;
	assert_int_equal(unwrap_read(&u, text, sizeof text), -EIO);
	unwrap_release(&u);
}

/* ---- truncation and damage ---- */

static void cut_short(void **state)
{
	struct buf text = { 0 };

	(void)state;
	lines(&text, 6000);
	for (unsigned codec = 0; codec < ARRAY_SIZE(codecs); codec++) {
		struct buf z = { 0 };
		pack(codec, buf_str(&text), &z);
		for (size_t n = 1; n < z.n; n += 1 + n / 40) {
			struct outcome o;
			char where[80];
			unwrap_all((struct str){ z.s, n }, 4096, &o);
			snprintf(where, sizeof where, "truncated %s at byte %zu", codecs[codec], n);
			if (n >= (codec ? 4 : 2))
				assert_string_equal(o.fault, where);
			/* What came before is there, and nothing else. */
			if (n > z.n * 3 / 4)
				assert_true(o.text.n > text.n / 4);
			if (n >= 4)
				assert_memory_equal(o.text.s, text.s, o.text.n);
			outcome_release(&o);
		}
		buf_release(&z);
	}
	buf_release(&text);
}

/* Any byte of it may be another: what comes is the text, or there is a fault; and how it was
 * cut makes no difference to what is kept. */
/* What came before is there, and however it is cut there is the same; read once, of gzip,
 * there may be more or less of what the damage itself is taken for. */
static void check_damaged(unsigned codec, struct str bad, const struct outcome *o,
			  const struct outcome *cut)
{
	size_t n = o->text.n < cut->text.n ? o->text.n : cut->text.n;
	struct buf before = { 0 };

	assert_memory_equal(o->text.s, cut->text.s, n);
	if (codec == 0) {
		unpack_gzip(bad, &before);
		assert_true(n >= before.n);
		assert_memory_equal(o->text.s, before.s, before.n);
		buf_release(&before);
	}
	if (codec || !once)
		assert_int_equal(o->text.n, cut->text.n);
}

static void damaged(void **state)
{
	struct buf text = { 0 };
	uint64_t seed = 3;

	(void)state;
	lines(&text, 10000); /* four blocks of zstd */
	for (unsigned i = 0; i < 300; i++) {
		struct buf bad = { 0 };
		struct outcome o, cut;
		once = i / 2 % 2;
		pack(i % ARRAY_SIZE(codecs), buf_str(&text), &bad);
		bad.s[12 + random_below(&seed, bad.n - 12)] ^= (char)(1 + random_below(&seed, 255));
		unwrap_all(buf_str(&bad), 1 << 16, &o);
		unwrap_all(buf_str(&bad), 10, &cut);
		check_damaged(i % ARRAY_SIZE(codecs), buf_str(&bad), &o, &cut);
		outcome_release(&cut);
		if (o.text.n != text.n || memcmp(o.text.s, text.s, text.n) != 0)
			assert_string_not_equal(o.fault, "");
		buf_release(&bad);
		outcome_release(&o);
	}
	once = false;
	buf_release(&text);
}

/* In the text, which damage may have put NULs into. */
static const char *find(const struct outcome *o, const char *what)
{
	return memmem(o->text.s, o->text.n, what, strlen(what));
}

/* One damaged member among others costs itself. */
static void the_next_member_is_found(void **state)
{
	(void)state;
	for (unsigned codec = 0; codec < ARRAY_SIZE(codecs); codec++)
		for (unsigned hit = 0; hit < 10; hit++) {
			struct buf z = { 0 };
			struct outcome o;
			once = hit >= 5;
			size_t begin = 0, end = 0;
			for (unsigned i = 0; i < 5; i++) {
				struct buf part = { 0 };
				for (unsigned k = 0; k < 2000; k++)
					buf_printf(&part, "member %u line %u %u\n", i, k, k * k);
				begin = i == hit % 5 ? z.n : begin;
				pack(codec, buf_str(&part), &z);
				end = i == hit % 5 ? z.n : end;
				buf_release(&part);
			}
			memset(z.s + (begin + end) / 2, '#', 200);
			unwrap_all(buf_str(&z), 5000, &o);
			assert_non_null(strstr(o.fault, "damaged"));
			assert_true(o.faults >= 1);
			for (unsigned i = 0; i < 5; i++) {
				char want[60];
				snprintf(want, sizeof want, "\nmember %u line 1999 3996001\n", i);
				assert_int_equal(find(&o, want) != NULL, i != hit % 5);
				snprintf(want, sizeof want, "member %u line 0 0\n", i);
				const char *at = find(&o, want);
				assert_int_equal(at != NULL, i != hit % 5 || !codec);
				assert_true(!at || at == o.text.s || at[-1] == '\n');
			}
			outcome_release(&o);
			buf_release(&z);
		}
	once = false;
}

static void something_after(void **state)
{
	struct buf z = { 0 };

	(void)state;
	pack_gzip(str_of("one\n"), 6, &z);
	size_t n = z.n;
	buf_puts(&z, "and then text");
	char where[80];
	snprintf(where, sizeof where, "something else after gzip at byte");
	check(buf_str(&z), str_of("one\n"), "gzip", where);
	pack_gzip(str_of("two\n"), 6, &z);
	check(buf_str(&z), str_of("one\n\ntwo\n"), "gzip", where);
	z.n = n;
	buf_putc(&z, '\x1f');
	check(buf_str(&z), str_of("one\n"), "gzip", "truncated gzip at byte");
#ifdef HAVE_ZSTD
	/* One codec behind another is no fault. */
	z.n = n;
	pack_zstd(str_of("two\n"), 3, 0, &z);
	check(buf_str(&z), str_of("one\ntwo\n"), "zstd", "");
#endif
	buf_release(&z);
}

static void faults_are_told_once(void **state)
{
	struct pieces p = { .piece = 1000 };
	struct buf z = { 0 }, out = { 0 };
	struct unwrap u;

	(void)state;
	for (int i = 0; i < 3; i++) {
		pack_gzip(str_of("some text that is no better than other text\n"), 6, &z);
		z.s[z.n - 5] ^= 1; /* the checksum */
	}
	p.all = buf_str(&z);
	p.end = z.n;
	unwrap_init(&u, pieces_read, &p);
	u.taken = 1000;
	read_on(&u, &out);
	assert_false(unwrap_is_idle(&u));
	char want[80];
	snprintf(want, sizeof want, "damaged gzip at byte %zu (and 2 more)", 1000 + z.n / 3 - 4);
	assert_string_equal(unwrap_fault(&u), want);
	assert_null(unwrap_fault(&u));
	assert_int_equal(u.faults, 3);
	unwrap_release(&u);
	buf_release(&z);
	buf_release(&out);
}

#ifdef HAVE_ZSTD
static void a_wide_window_is_named(void **state)
{
	struct buf z = { 0 };

	(void)state;
	pack_zstd(str_of("one\n"), 3, 23, &z);
	size_t n = z.n;
	pack_zstd(str_of("two\n"), 3, 24, &z);
	pack_zstd(str_of("three\n"), 3, 0, &z);
	assert_true(z.n > n);
	check(buf_str(&z), str_of("one\n\nthree\n"), "zstd", "--long=31");
	buf_release(&z);
}
#endif

/* ---- what is none of ours ---- */

static void refused_by_name(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *shape, *fault;
	} cases[] = {
		{ "PAR1 and so on", 14, "parquet",
		  "Parquet is not read: unpack it" },
		{ "\xfd\x37zXZ\0\0\4", 8, "xz", "xz is not read: pipe it through xz -dc" },
		{ "PK\3\4\24\0\0\0", 8, "zip", "unzip FILE -d FOLDER" },
		{ "\x04\x22\x4d\x18\x64\x40", 6, "lz4", "lz4 -dc" },
		{ "\xff\x06\0\0sNaPpY\0", 11, "snappy", "snappy is not read" },
		{ "Obj\1\4\26avro", 10, "avro", "Avro is not read" },
		{ "\xd4\xc3\xb2\xa1\2\0\4\0", 8, "pcap", "pcap is not read" },
		{ "\n\r\r\n\x1c\0\0\0", 8, "pcapng", "pcapng is not read" },
		{ "\x7f"
		  "ELF\2\1\1",
		  7, "elf", "ELF is not read: it is a program" },
		{ "\xf3\x89\x9a\xc2\n\1p\x1ar", 9, "kpl", "deaggregate" },
		{ "SQLite format 3\0\x10", 17, "sqlite", "sqlite3 -csv" },
		{ "ElfFile\0\0\0", 10, "evtx", "a Windows event log is not read" },
		{ "BZh91AY&SY\x42", 11, "bzip2", "bzip2 is not read: pipe it through bzip2 -dc" },
		/* By where its first member's name stands, not by the bytes before. */
		{ "PK\3\4\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\23\0\0\0"
		  "[Content_Types].xml",
		  49, "xlsx", "an Excel workbook is not read: save it as CSV" },
		{ "PK\3\4\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\23\0\0\0"
		  "[Content_Types].log",
		  49, "zip", "unzip FILE -d FOLDER" },
	};
	struct buf z = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str in = { cases[i].bytes, cases[i].n };
		struct outcome o;
		check(in, (struct str){ 0 }, cases[i].shape, cases[i].fault);
		unwrap_all(in, 100, &o);
		assert_int_equal(o.end, UNWRAP_REFUSED);
		outcome_release(&o);
	}
	pack_gzip(str_of("PAR1 and so on"), 6, &z);
	check(buf_str(&z), (struct str){ 0 }, "parquet in gzip",
	      "Parquet in gzip is not read: unpack it");
	buf_release(&z);
}

/* `head` and noise behind it. */
static void check_noise(const char *head, const char *shape, const char *fault)
{
	struct buf in = { 0 };
	struct outcome o, cut;
	uint64_t seed = 7;

	buf_puts(&in, head);
	for (int i = 0; i < 100000; i++)
		buf_putc(&in, (char)(random_next(&seed) >> 32));
	unwrap_all(buf_str(&in), 1 << 20, &o);
	unwrap_all(buf_str(&in), 1, &cut);
	assert_string_equal(o.shape, shape);
	assert_non_null(strstr(o.fault, fault));
	assert_int_equal(o.end, UNWRAP_REFUSED);
	assert_true(o.text.n < 1024);
	assert_string_equal(o.fault, cut.fault);
	assert_int_equal(o.text.n, cut.text.n);
	outcome_release(&o);
	outcome_release(&cut);
	buf_release(&in);
}

static void binary_data(void **state)
{
	(void)state;
	check_noise("noise: ", "binary", "binary data is not read");
	check_noise("BZh9", "binary", "binary data is not read");
	check_noise("ORC", "orc", "ORC is not read");
	/* Colours and a stray byte are text. */
	check(str_of("\x1b[32m2025\x1b[0m 2 1\x01 eni-1\n"),
	      str_of("\x1b[32m2025\x1b[0m 2 1\x01 eni-1\n"), "plain", "");
}

/* ---- UTF-16 ---- */

static void add_encoded(struct buf *out, struct str text, const char *as)
{
	iconv_t to = iconv_open(as, "UTF-8");
	char *in = (char *)(uintptr_t)text.s, *at;
	size_t left = text.n, room = 4 * text.n;

	assert_true(to != (iconv_t)-1);
	buf_reserve(out, room);
	at = out->s + out->n;
	assert_int_equal(iconv(to, &in, &left, &at, &room), 0);
	out->n = (size_t)(at - out->s);
	iconv_close(to);
}

/* Lines in one encoding after the other, each a part of whole lines, as iconv writes them. */
static void utf_16(void **state)
{
	static const struct {
		const char *as, *mark;
		size_t n;
	} parts[] = {
		{ "UTF-8", "", 0 },    { "UTF-16LE", "\xff\xfe", 2 }, { "UTF-16BE", "\xfe\xff", 2 },
		{ "UTF-16LE", "", 0 }, { "UTF-16BE", "", 0 },
	};
	uint64_t seed = 5;

	(void)state;
	for (unsigned way = 0; way < 5 * 5 * 5; way++) {
		struct buf in = { 0 }, want = { 0 };
		bool wide = false;
		for (unsigned i = 0, rest = way; i < 3; i++, rest /= 5) {
			struct buf text = { 0 };
			for (unsigned k = 0; k < 1 + random_below(&seed, 3); k++)
				buf_printf(&text, "2 eni-%u %s 10.0.0.1\r\n", k * 7919,
					   k % 2 ? "-" : "\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e");
			buf_add(&in, parts[rest % 5].mark, parts[rest % 5].n);
			add_encoded(&in, buf_str(&text), parts[rest % 5].as);
			buf_add_str(&want, buf_str(&text));
			buf_release(&text);
			wide |= rest % 5 > 0;
		}
		check(buf_str(&in), buf_str(&want), wide ? "utf-16" : "plain", "");
		buf_release(&in);
		buf_release(&want);
	}
	/* A letter is cut in two; half a pair; marks alone; a byte of Windows-1252. */
	check((struct str){ "2\0 \0002\0 \0x\0\n", 11 }, str_of("2 2 x\n"), "utf-16", "");
	check((struct str){ "\xff\xfe"
			    "a\0\0\xd8"
			    "b\0",
			    8 },
	      str_of("a\xef\xbf\xbd"
		     "b"),
	      "utf-16", "");
	check(str_of("\xff\xfe"), str_of(""), "utf-16", "");
	check(str_of("caf\xe9 \xff\n"), str_of("caf\xe9 \xff\n"), "plain", "");
	/* NULs that are none of it. */
	check((struct str){ "a\0b c\0\0\0d\n", 10 }, (struct str){ "a\0b c\0\0\0d\n", 10 }, "plain",
	      "");
}

/* What follows UTF-16 at rest is UTF-16 too. */
static void utf_16_grows(void **state)
{
	struct buf in = { 0 }, out = { 0 };
	struct pieces p = { .piece = 1000 };
	struct unwrap u;

	(void)state;
	for (int big = 0; big < 2; big++) {
		in.n = out.n = p.at = 0;
		buf_add(&in, big ? "\xfe\xff" : "\xff\xfe", 2);
		unwrap_init(&u, pieces_read, &p);
		for (int i = 0; i < 5; i++) {
			add_encoded(&in, str_of("2 123456789012 eni-1\r\n"),
				    big ? "UTF-16BE" : "UTF-16LE");
			p.all = buf_str(&in);
			p.end = in.n - 1;
			read_on(&u, &out);
			assert_false(unwrap_is_idle(&u));
			p.end = in.n;
			read_on(&u, &out);
			assert_true(unwrap_is_idle(&u));
			unwrap_release(&u);
		}
		assert_int_equal(out.n, 5 * 22);
		for (int i = 0; i < 5; i++)
			assert_memory_equal(out.s + 22 * i, "2 123456789012 eni-1\r\n", 22);
	}
	buf_release(&in);
	buf_release(&out);
}

/* What truncating a file under its writer leaves. */
static void nuls_before_the_text(void **state)
{
	struct buf in = { 0 }, text = { 0 }, zeros = { 0 };
	struct pieces p = { .piece = 1000 };
	struct buf out = { 0 };
	struct unwrap u;

	(void)state;
	buf_reserve(&zeros, 100000);
	memset(zeros.s, 0, 100000);
	zeros.n = 100000;
	buf_add_str(&in, buf_str(&zeros));
	lines(&text, 300);
	text.s[50] = '\0'; /* inside, it is the line's affair */
	buf_add_str(&in, buf_str(&text));
	check(buf_str(&in), buf_str(&text), "plain", "");
	check(buf_str(&zeros), (struct str){ 0 }, "plain", "nothing but NUL bytes");
	p.all = buf_str(&in);
	p.end = in.n;
	unwrap_init(&u, pieces_read, &p);
	read_on(&u, &out);
	assert_int_equal(u.nuls, 100000);
	unwrap_release(&u);
	buf_release(&in);
	buf_release(&text);
	buf_release(&zeros);
	buf_release(&out);
}

/* ---- bounds ---- */

static ssize_t read_for_ever(void *ctx, char *out, size_t n)
{
	const struct buf *b = ctx;

	for (size_t i = 0; i < n; i += b->n)
		memcpy(out + i, b->s, b->n < n - i ? b->n : n - i);
	return (ssize_t)(n - n % b->n);
}

/* Much input that gives nothing gives the caller's turn back. */
static void work_is_bounded(void **state)
{
	struct buf endless[3] = { { 0 } };
	struct buf zeros = { 0 };
	char text[100];

	(void)state;
	pack_gzip(str_of(""), 6, &endless[0]); /* empty members */
	buf_add(&endless[1], "\0\0\0\0", 4);   /* NULs */
	buf_reserve(&zeros, 1 << 16);
	memset(zeros.s, 0, 1 << 16);
	zeros.n = 1 << 16;
	pack_gzip(buf_str(&zeros), 6, &endless[2]); /* packed */
	for (int i = 0; i < 3; i++) {
		struct unwrap u;
		unwrap_init(&u, read_for_ever, &endless[i]);
		for (int k = 0; k < 5; k++) {
			uint64_t before = u.taken;
			assert_int_equal(unwrap_read(&u, text, sizeof text), UNWRAP_AGAIN);
			assert_true(u.taken - before < 6 << 20);
		}
		unwrap_release(&u);
		buf_release(&endless[i]);
	}
	buf_release(&zeros);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_and_gzip),
		cmocka_unit_test(members),
		cmocka_unit_test(nested),
		cmocka_unit_test(growing),
		cmocka_unit_test(complete_text_is_shown),
		cmocka_unit_test(a_short_first_line_is_shown),
		cmocka_unit_test(an_error_comes_last),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(damaged),
		cmocka_unit_test(the_next_member_is_found),
		cmocka_unit_test(something_after),
		cmocka_unit_test(faults_are_told_once),
#ifdef HAVE_ZSTD
		cmocka_unit_test(a_wide_window_is_named),
#endif
		cmocka_unit_test(refused_by_name),
		cmocka_unit_test(binary_data),
		cmocka_unit_test(utf_16),
		cmocka_unit_test(utf_16_grows),
		cmocka_unit_test(nuls_before_the_text),
		cmocka_unit_test(work_is_bounded),
	};

	return cmocka_run_group_tests_name("unwrap", tests, NULL, NULL);
}
