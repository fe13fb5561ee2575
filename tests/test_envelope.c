/* The same flows in every shape in which they are delivered: bare, in JSON of all kinds, in
 * CSV. Each must give the lines of the bare ones, fed whole and cut anywhere. */
#include "envelope.h"
#include "support.h"

#define FLOWS 40

/* Number i of the flows. */
static void flow(unsigned i, struct buf *out)
{
	buf_printf(
		out,
		"2 12345678901%u eni-%08x 10.0.0.%u 10.0.1.%u %u 443 6 %u %u 1700000%03u 1700001%03u %s OK",
		i % 10, i * 7919, i, i * 3 % 200, 1024 + i, i + 1, i * 100 + 40, i, i,
		i % 5 ? "ACCEPT" : "REJECT");
}

static const char *const names[] = { "version", "account_id", "interface_id", "srcaddr",
				     "dstaddr", "srcport",    "dstport",      "protocol",
				     "packets", "bytes",      "start",        "end",
				     "action",  "log_status" };

/* The line of a JSON object with these values, keys turned by `turn`. */
static void object(unsigned i, unsigned turn, bool strings, struct buf *out)
{
	struct buf line = { 0 };
	struct str value[14], rest;

	flow(i, &line);
	rest = buf_str(&line);
	for (unsigned k = 0; k < 14; k++)
		value[k] = str_token(&rest);
	buf_putc(out, '{');
	for (unsigned k = 0; k < 14; k++) {
		unsigned n = (k + turn) % 14;
		bool number = !strings && (n == 0 || (n >= 5 && n <= 11));
		buf_printf(out, "%s\"%s\":%s%.*s%s", k ? "," : "", names[n], number ? "" : "\"",
			   (int)value[n].n, value[n].s, number ? "" : "\"");
	}
	buf_putc(out, '}');
	buf_release(&line);
}

enum shape {
	BARE,
	DIRECT,
	DIRECT_JOINED,
	SUBSCRIPTION,
	SUBSCRIPTION_JOINED,
	EVENTS_PRETTY,
	OBJECTS,
	OBJECTS_TURNED,
	OBJECTS_ARRAY,
	BODY,
	ESCAPED,
	CSV,
	CSV_MESSAGE,
	MIXED,
	SHAPES
};

static void subscription(unsigned from, unsigned to, bool type_last, struct buf *out)
{
	buf_puts(out, type_last ? "{\"owner\":\"1\",\"logEvents\":["
				: "{\"messageType\":\"DATA_MESSAGE\","
				  "\"owner\":\"1\",\"logEvents\":[");
	for (unsigned i = from; i < to; i++) {
		buf_printf(out, "%s{\"id\":\"%u\",\"timestamp\":1700000000000,\"message\":\"",
			   i > from ? "," : "", i);
		flow(i, out);
		buf_puts(
			out,
			"\",\"extractedFields\":{\"srcaddr\":\"9.9.9.9\",\"dstaddr\":\"x\",\"bytes\":\"1\"}}");
	}
	buf_puts(out, type_last ? "],\"messageType\":\"DATA_MESSAGE\"}" : "],\"logGroup\":\"g\"}");
}

static void direct(unsigned i, const char *end, struct buf *out)
{
	buf_puts(out, "{\"message\":\"");
	flow(i, out);
	buf_printf(out, "\"}%s", end);
}

static void shape_text(enum shape shape, struct buf *out)
{
	static const char control[] =
		"{\"messageType\":\"CONTROL_MESSAGE\",\"owner\":\"CloudwatchLogs\",\"logEvents\":[{\"id\":\"\","
		"\"timestamp\":1,\"message\":\"CWL CONTROL MESSAGE: Checking health of destination Firehose.\"}]}";

	if (shape == EVENTS_PRETTY)
		buf_puts(out, "{\n    \"events\": [\n");
	if (shape == OBJECTS_ARRAY)
		buf_puts(out, "[\n");
	if (shape == CSV)
		buf_puts(
			out,
			"version,account-id,interface-id,srcaddr,dstaddr,srcport,dstport,protocol,packets,"
			"bytes,start,end,action,log-status\r\n");
	if (shape == CSV_MESSAGE)
		buf_puts(out, "@timestamp,@message,@logStream\n");
	if (shape == SUBSCRIPTION)
		buf_puts(out, control);
	for (unsigned i = 0; i < FLOWS; i++)
		switch (shape == MIXED ? (i < 10   ? BARE
					  : i < 20 ? DIRECT
					  : i < 30 ? DIRECT_JOINED
						   : BARE)
				       : shape) {
		case BARE:
			if (i == 30)
				buf_putc(out, '\n');
			flow(i, out);
			buf_putc(out, '\n');
			break;
		case DIRECT:
			direct(i, "\n", out);
			break;
		case DIRECT_JOINED:
			direct(i, "", out);
			break;
		case SUBSCRIPTION:
		case SUBSCRIPTION_JOINED:
			if (i % 10 == 0)
				subscription(i, i + 10, i % 20, out);
			if (i % 10 == 0 && shape == SUBSCRIPTION)
				buf_putc(out, '\n');
			break;
		case EVENTS_PRETTY:
			buf_printf(out, "        {\n            \"logStreamName\": \"eni-1-all\",\n"
					"            \"message\": \"");
			flow(i, out);
			buf_printf(
				out,
				"\",\n            \"ingestionTime\": 1700000000000\n        }%s\n",
				i + 1 < FLOWS ? "," : "");
			break;
		case OBJECTS:
		case OBJECTS_TURNED:
			object(i, shape == OBJECTS ? 0 : i, i % 2, out);
			buf_putc(out, '\n');
			break;
		case OBJECTS_ARRAY:
			object(i, 3, true, out);
			buf_puts(out, i + 1 < FLOWS ? ",\n" : "\n");
			break;
		case BODY:
			buf_puts(out, "{\"host\":\"h\",\"body\":\"");
			flow(i, out);
			buf_puts(
				out,
				"\",\"aws\":{\"vpc\":{\"srcaddr\":\"1.1.1.1\",\"dstaddr\":\"2.2.2.2\",\"bytes\":1}}}\n");
			break;
		case ESCAPED:
			buf_puts(out, "{\"a\":\"\\\"}{\\\\\",\"message\":\"\\u0032");
			struct buf line = { 0 };
			flow(i, &line);
			buf_puts(out, line.s + 1);
			buf_release(&line);
			buf_puts(out, "\\n\"}\n");
			break;
		case CSV: {
			struct buf row = { 0 };
			flow(i, &row);
			for (size_t k = 0; k < row.n; k++)
				if (row.s[k] == ' ')
					row.s[k] = ',';
			buf_add_str(out, buf_str(&row));
			buf_puts(out, "\r\n");
			buf_release(&row);
			break;
		}
		case CSV_MESSAGE:
			buf_puts(out, "2025-01-03 16:39:33.000,\"");
			flow(i, out);
			buf_puts(out, "\",eni-1-all\n");
			break;
		default:
			break;
		}
	if (shape == EVENTS_PRETTY)
		buf_puts(out, "    ],\n    \"searchedLogStreams\": []\n}\n");
	if (shape == OBJECTS_ARRAY)
		buf_puts(out, "]\n");
}

/* Through the envelope, in pieces of `piece` bytes, then the decoder. */
static void decode(struct str text, size_t piece, struct buf *lines, struct decode_counts *counts,
		   uint64_t *control)
{
	struct envelope e = { 0 };
	struct buf out = { 0 };
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct malformed_list bad = { 0 };

	ring_set_ceiling(r, INT64_MAX);
	for (size_t at = 0; at < text.n; at += piece) {
		struct str part = { text.s + at, text.n - at < piece ? text.n - at : piece };
		if (envelope_passes(&e, part))
			buf_add_str(&out, part);
		else
			envelope_feed(&e, part, false, &out);
	}
	envelope_feed(&e, (struct str){ "", 0 }, true, &out);
	*control = e.control;
	ring_add_text(r, NULL, buf_str(&out), counts, &bad);
	ring_render(r, lines);
	malformed_list_release(&bad);
	envelope_release(&e);
	buf_release(&out);
	ring_free_all(r);
}

static void every_shape(void **state)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 64, 1000, 1 << 20 };
	struct buf want = { 0 };
	uint64_t control;

	(void)state;
	for (unsigned i = 0; i < FLOWS; i++) {
		flow(i, &want);
		buf_putc(&want, '\n');
	}
	for (int shape = 0; shape < SHAPES; shape++) {
		struct buf text = { 0 };
		shape_text((enum shape)shape, &text);
		for (size_t p = 0; p < ARRAY_SIZE(pieces); p++) {
			struct decode_counts counts = { 0 };
			struct buf lines = { 0 };
			decode(buf_str(&text), pieces[p], &lines, &counts, &control);
			if (counts.flows != FLOWS || counts.malformed)
				fail_msg("shape %d in pieces of %zu: %u flows, %u malformed", shape,
					 pieces[p], (unsigned)counts.flows,
					 (unsigned)counts.malformed);
			if (strcmp(lines.s, want.s) != 0)
				fail_msg("shape %d in pieces of %zu: other lines:\n%.400s", shape,
					 pieces[p], lines.s);
			if (control != (shape == SUBSCRIPTION))
				fail_msg("shape %d: %u control messages", shape, (unsigned)control);
			buf_release(&lines);
		}
		buf_release(&text);
	}
	buf_release(&want);
}

static void what_is_no_record_is_counted(void **state)
{
	static const struct {
		const char *text;
		unsigned flows, malformed;
	} cases[] = {
		{ "{\"class_uid\":4001,\"type\":\"x\",\"version\":\"1\"}\n", 0, 1 },
		{ "{\"message\":\"hello\"}\n", 0, 1 },
		{ "{broken\n2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n",
		  1, 1 },
		{ "{\"never\":\"ends\n\n", 0, 1 },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", 0, 1 },
		{ "{}\n[]\n", 0, 2 },
		{ "]}\n", 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct decode_counts counts = { 0 };
		struct buf lines = { 0 };
		uint64_t control;
		decode(str_of(cases[i].text), 5, &lines, &counts, &control);
		if (counts.flows != cases[i].flows || counts.malformed != cases[i].malformed)
			fail_msg("'%s': %u flows, %u malformed", cases[i].text,
				 (unsigned)counts.flows, (unsigned)counts.malformed);
		buf_release(&lines);
	}
}

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
	for (int i = 0; i < 10000; i++)
		envelope_feed(&e, str_of("0123456789012345678901234567890123456789"), false, &out);
	assert_true(e.token.cap <= 2 * ENVELOPE_TEXT_MAX + 64);
	envelope_release(&e);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shape),
		cmocka_unit_test(what_is_no_record_is_counted),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
