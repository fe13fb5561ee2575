/* Envelopes of anything: wherever it is cut, however large, in bounded memory. */
#include <netinet/in.h>
#include <resolv.h>
#include <zlib.h>

#include "unwrap/envelope.h"
#include "support.h"

#define LINE "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK"
#define OBJECT "\"srcaddr\":\"10.0.0.1\",\"dstaddr\":\"10.0.0.2\",\"bytes\":3"

/* Any bytes, in any pieces: no crash, bounded memory. */
static void nonsense(void **state)
{
	static const char bits[] = "{}[]\",:\\u0 \nmessage2srcaddr1-e.";
	uint64_t seed = 9;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct envelope e = { 0 };
		struct buf out = { 0 };
		char text[200];
		size_t n = random_below(&seed, sizeof text);
		for (size_t k = 0; k < n; k++)
			text[k] = random_below(&seed, 20)
					  ? bits[random_below(&seed, sizeof bits - 1)]
					  : (char)random_next(&seed);
		for (size_t at = 0; at < n;) {
			size_t piece = 1 + random_below(&seed, 9);
			piece = piece < n - at ? piece : n - at;
			envelope_feed(&e, (struct str){ text + at, piece }, false, &out);
			at += piece;
		}
		envelope_feed(&e, (struct str){ "", 0 }, true, &out);
		envelope_release(&e);
		buf_release(&out);
	}
	/* A text that never ends is cut, not kept. */
	struct envelope e = { 0 };
	struct buf out = { 0 };
	envelope_feed(&e, str_of("{\"message\":\""), false, &out);
	for (int i = 0; i < 40000; i++)
		envelope_feed(&e, str_of("0123456789012345678901234567890123456789"), false, &out);
	assert_true(e.token.cap <= 2 * ENVELOPE_RAW_MAX + 64);
	envelope_feed(&e, str_of("\",\"x\":\""), false, &out);
	for (int i = 0; i < 40000; i++)
		envelope_feed(&e, str_of("0123456789012345678901234567890123456789"), false, &out);
	assert_true(e.token.cap <= 2 * ENVELOPE_TEXT_MAX + 64);
	envelope_release(&e);
	buf_release(&out);
}

/* What comes out of a text cut anywhere, without blanks at lines' ends and blank lines. */
static void lines_of(struct str text, uint64_t *seed, struct buf *lines, uint64_t *control)
{
	struct envelope e = { 0 };
	struct buf out = { 0 };

	while (text.n) {
		size_t piece = seed ? 1 + random_below(seed, 40) : text.n;
		struct str part = { text.s, piece < text.n ? piece : text.n };
		if (envelope_passes(&e, part))
			buf_add_str(&out, part);
		else
			envelope_feed(&e, part, false, &out);
		text.s += part.n;
		text.n -= part.n;
	}
	envelope_feed(&e, (struct str){ "", 0 }, true, &out);
	*control = e.control;
	for (size_t i = 0, n; i < out.n; i += n + 1) {
		const char *end = memchr(out.s + i, '\n', out.n - i);
		n = end ? (size_t)(end - out.s) - i : out.n - i;
		struct str line = str_trim((struct str){ out.s + i, n });
		if (line.n && *line.s == '{')
			line.n = 1; /* how much of a document's beginning was met may differ */
		if (line.n) {
			buf_add_str(lines, line);
			buf_putc(lines, '\n');
		}
	}
	envelope_release(&e);
	buf_release(&out);
}

/* Whatever the text, what comes of it does not depend on where it is cut. */
static void cuts_do_not_matter(void **state)
{
	static const char *const bits[] = {
		"{\"message\":\"",
		"\"}",
		"{",
		"}",
		"[",
		"]",
		"\n",
		",",
		":",
		"\"",
		" ",
		LINE,
		OBJECT,
		"{\"id\":\"12\",\"timestamp\":34,\"message\":\"",
		"\"rawData\":\"",
		"\\n",
		"\\u0041",
		"eyJtZXNzYWdlIjoiMiAxIn0=",
		"H4sI",
		"\"logEvents\":[",
		"\"extractedFields\":",
		"\"messageType\":\"CONTROL_MESSAGE\"",
		"CWL CONTROL MESSAGE",
		"\"body\":\"",
		"\"a\":{",
		"srcaddr,dstaddr,bytes\n",
		"1.1.1.1,2.2.2.2,3\n",
		"@timestamp,@message\n",
		"\t",
		"EVENTS\t1\t",
		"\033[32m",
		"2025-01-03T16:39:33 ",
		"\\\"",
		"null",
		"1.5e3",
		"srcaddr dstaddr\n",
		"\r\n",
		"\"event\":{\"original\":\"",
	};
	uint64_t seed = 77;

	(void)state;
	for (int i = 0; i < 30000; i++) {
		struct buf text = { 0 }, whole = { 0 }, cut = { 0 };
		uint64_t controls, cut_controls;
		for (uint64_t n = random_below(&seed, 30) + 1; n; n--)
			buf_puts(&text, bits[random_below(&seed, ARRAY_SIZE(bits))]);
		lines_of(buf_str(&text), NULL, &whole, &controls);
		lines_of(buf_str(&text), &seed, &cut, &cut_controls);
		if (!str_equal(buf_str(&whole), buf_str(&cut)) || controls != cut_controls)
			fail_msg("%s\nwhole:\n%s\ncut:\n%s", text.s, whole.n ? whole.s : "",
				 cut.n ? cut.s : "");
		buf_release(&text);
		buf_release(&whole);
		buf_release(&cut);
	}
}

/* {"rawData":"..."} of these bytes, and a line behind it. */
static void raw_document(const void *bytes, size_t n, struct buf *text)
{
	size_t room = n / 3 * 4 + 8;
	char *base64 = xmalloc(room);

	assert_true(b64_ntop(bytes, n, base64, room) > 0);
	buf_clear(text);
	buf_printf(text, "{\"rawData\":\"%s\"}\n" LINE "\n", base64);
	free(base64);
}

/* As large as Firehose's limit for a record is, then a little more. */
static void largest_record(void **state)
{
	size_t most = 1000 * 1024;
	char *bytes = xmalloc(most + 3);
	struct buf text = { 0 };

	(void)state;
	for (size_t i = 0; i < most + 3; i++)
		bytes[i] = (LINE "\n")[i % (sizeof LINE)];
	for (int more = 0; more < 2; more++) {
		struct decode_counts counts = { 0 };
		struct buf lines = { 0 };
		uint64_t control;
		raw_document(bytes, most + 3 * (size_t)more, &text);
		envelope_decode(buf_str(&text), 1 << 20, &lines, &counts, &control);
		assert_int_equal(counts.flows, more ? 1 : most / sizeof LINE + 1);
		assert_int_equal(counts.malformed, 1); /* the last line is cut, or the whole */
		buf_release(&lines);
	}
	buf_release(&text);
	free(bytes);
}

/* What is not kept of an object is no field, or the object is no record. */
static void large_objects(void **state)
{
	(void)state;
	for (int last = 0; last < 2; last++) {
		struct decode_counts counts = { 0 };
		struct buf text = { 0 }, lines = { 0 };
		uint64_t control;
		buf_puts(&text, "{" OBJECT);
		buf_printf(&text, ",\"pad\":\"%*d\"", 100000, 1);
		for (int i = 0; i < (last ? 20000 : 1000); i++)
			buf_printf(&text, ",\"p%d\":%d", i, i);
		buf_puts(&text, ",\"action\":\"REJECT\"}\n");
		envelope_decode(buf_str(&text), 777, &lines, &counts, &control);
		assert_int_equal(counts.flows, !last);
		assert_int_equal(counts.malformed, last);
		assert_int_equal(lines.n && strstr(lines.s, "REJECT") != NULL, !last);
		buf_release(&text);
		buf_release(&lines);
	}
}

/* A gzip that grows beyond all bounds is opened so far and counted. */
static void bomb(void **state)
{
	size_t size = 64u << 20;
	char *plain = xcalloc(1, size), *packed = xmalloc(1u << 20);
	z_stream z = { 0 };
	struct buf text = { 0 }, lines = { 0 };
	struct decode_counts counts = { 0 };
	uint64_t control;

	(void)state;
	memset(plain, '\n', size);
	memcpy(plain + size - sizeof LINE, LINE, sizeof LINE - 1);
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)plain;
	z.avail_in = (uInt)size;
	z.next_out = (Bytef *)packed;
	z.avail_out = 1u << 20;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	raw_document(packed, z.total_out, &text);
	deflateEnd(&z);
	envelope_decode(buf_str(&text), 1 << 20, &lines, &counts, &control);
	assert_int_equal(counts.flows, 1);
	assert_int_equal(counts.malformed, 1);
	buf_release(&text);
	buf_release(&lines);
	free(plain);
	free(packed);
}

/* The last test: keys that are ever new use up the formats, but lose no record. */
static void formats_run_out(void **state)
{
	struct decode_counts counts = { 0 };
	struct buf text = { 0 }, lines = { 0 };
	uint64_t control;

	(void)state;
	for (int i = 0; i < 3 * FORMATS_MAX; i++)
		buf_printf(&text, "{" OBJECT ",\"k%d\":1}\n", i);
	envelope_decode(buf_str(&text), 1 << 20, &lines, &counts, &control);
	assert_int_equal(counts.flows, 3 * FORMATS_MAX);
	assert_int_equal(counts.malformed, 0);
	buf_release(&text);
	buf_release(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nonsense),       cmocka_unit_test(cuts_do_not_matter),
		cmocka_unit_test(largest_record), cmocka_unit_test(large_objects),
		cmocka_unit_test(bomb),           cmocka_unit_test(formats_run_out),
	};

	return cmocka_run_group_tests_name("envelope_limits", tests, NULL, NULL);
}
