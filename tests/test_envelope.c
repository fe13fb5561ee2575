/* The same flows in every shape in which they are delivered: bare, in JSON of all kinds, in
 * CSV. Each must give the lines of the bare ones, fed whole and cut anywhere. */
#include "unwrap/envelope.h"
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
			envelope_decode(buf_str(&text), pieces[p], &lines, &counts, &control);
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

#define HEADER \
	"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets " \
	"bytes start end action log-status\n"
#define LINE "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK"
#define OBJECT "\"srcaddr\":\"10.0.0.1\",\"dstaddr\":\"10.0.0.2\",\"bytes\":3"

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
		{ "{\"message\":\"\"}\n", 0, 1 },
		/* As many words as a record has values, behind a header. */
		{ HEADER LINE
		  "\n{\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4, \"e\": 5, \"f\": 6, \"g\": 7}\n",
		  1, 1 },
		/* A document that is torn costs itself alone. */
		{ "{\"message\":\"2 1 eni\n{\"message\":\"" LINE "\"}\n", 1, 1 },
		{ "{\"id\":\n{\"message\":\"" LINE "\"}\n", 1, 1 },
		{ "{\"events\": [\n  {\"message\":\"" LINE "\"},\n  {\"me\n" LINE "\n", 2, 1 },
		{ "{\"a\": 1, \"me{\"message\": \"x\"}{\"message\":\"" LINE "\"}\n", 1, 1 },
		{ "{\"message\":\"" LINE "\"},\n,{\"message\":\"" LINE "\"},", 2, 0 },
		/* Next to the hexadecimal digits in ASCII, and none. */
		{ "{\"a\":\"\\u00@0\",\"message\":\"" LINE "\"}\n", 0, 1 },
		{ "{\"a\":\"\\u00`0\",\"message\":\"" LINE "\"}\n", 0, 1 },
		{ "{\"a\":\"\\u00fF\",\"message\":\"" LINE "\"}\n", 1, 0 },
		/* The same line under two names is one; another line is another. */
		{ "{\"message\":\"" LINE "\",\"event\":{\"original\":\"" LINE "\"}}\n", 1, 0 },
		{ "{\"message\":\"got one\",\"event\":{\"original\":\"" LINE "\"}}\n", 1, 1 },
		{ "{\"message\":\"ok\",\"events\":[{\"message\":\"" LINE "\"}]}\n", 1, 1 },
		{ "{\"message\":\" \"," OBJECT "}\n", 1, 0 },
		/* Fields in two objects are two records, unless a line stands beside them. */
		{ "{\"a\":{" OBJECT "},\"b\":{" OBJECT "}}\n", 2, 0 },
		{ "{\"a\":{" OBJECT "},\"b\":{" OBJECT "},\"body\":\"" LINE "\"}\n", 1, 0 },
		{ "{\"a\":{" OBJECT "}," OBJECT "}\n", 1, 0 },
		{ "{\"a\":{" OBJECT "},\"b\n", 1, 1 },
		/* A control message, said in two ways, is one and nothing else. */
		{ "{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"message\":\"any\"}]}\n",
		  0, 0 },
		{ "{\"logEvents\":[],\"messageType\":\"CONTROL_MESSAGE\"}{\"message\":\"" LINE
		  "\"}",
		  1, 0 },
		{ "{\"logEvents\":[{\"message\":\"CWL CONTROL MESSAGE: x\"}],"
		  "\"messageType\":\"CONTROL_MESSAGE\"}",
		  0, 0 },
		/* Base64 that is none, of nothing, of a gzip that is cut, of what is no record. */
		{ "{\"rawData\":\"what is this\"}\n", 0, 1 },
		{ "{\"rawData\":\"\"}\n", 0, 1 },
		{ "{\"rawData\":\"H4sIAAAAAAAAA6vm\"}\n", 0, 1 },
		{ "{\"rawData\":\"eyJhIjoxfQ==\"}\n", 0, 1 },
		{ "{\"rawData\":\"eyJtZXNzYWdlIjoi\"}\n", 0, 1 },
		{ "{\"data\":\"what is this\",\"message\":\"" LINE "\"}\n", 1, 0 },
		/* One level deep, then it is counted. */
		{ "{\"message\":\"{\\\"message\\\":\\\"{}\\\"}\"}\n", 0, 1 },
		/* CSV rows without a record, and behind a document. */
		{ "a,message\n1,\n1\n1,\"" LINE "\"\n", 1, 2 },
		{ "srcaddr,dstaddr,bytes\n1.1.1.1,2.2.2.2,3\n{\"message\":\"" LINE
		  "\"}\n1.1.1.1,2.2.2.2,4\n1.1.1.1,2.2.2.2\n" LINE "\n",
		  4, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct decode_counts counts = { 0 };
		struct buf lines = { 0 };
		uint64_t control;
		envelope_decode(str_of(cases[i].text), 5, &lines, &counts, &control);
		assert_int_equal(control, strstr(cases[i].text, "CONTROL") != NULL);
		if (counts.flows != cases[i].flows || counts.malformed != cases[i].malformed)
			fail_msg("'%s': %u flows, %u malformed", cases[i].text,
				 (unsigned)counts.flows, (unsigned)counts.malformed);
		buf_release(&lines);
	}
}

/* Blanks that came before are not the beginning of a line. */
static void a_document_may_be_indented(void **state)
{
	struct buf text = { 0 };

	(void)state;
	buf_puts(&text, "\n          {\"message\":\"");
	flow(1, &text);
	buf_puts(&text, "\"}\n");
	for (size_t piece = 1; piece < 20; piece++) {
		struct decode_counts counts = { 0 };
		struct buf lines = { 0 };
		uint64_t control;
		envelope_decode(buf_str(&text), piece, &lines, &counts, &control);
		assert_int_equal(counts.flows, 1);
		assert_int_equal(counts.malformed, 0);
		buf_release(&lines);
	}
	buf_release(&text);
}

/* Numbers and times as converters write them. */
static void values(void **state)
{
	static const struct {
		int field;
		const char *from, *to;
	} cases[] = {
		{ FIELD_BYTES, "25238.0", "25238" },
		{ FIELD_BYTES, "25238.5", "25238.5" },
		{ FIELD_START, "1.7e9", "1700000000" },
		{ FIELD_START, "1.7E+09", "1700000000" },
		{ FIELD_BYTES, "0.0", "0" },
		{ FIELD_BYTES, "0e0", "0e0" },
		{ FIELD_BYTES, "007", "007" },
		{ FIELD_BYTES, "1.8446744073709551615e19", "1.8446744073709551615e19" },
		{ FIELD_BYTES, "1.5E3", "1.5E3" },
		{ FIELD_BYTES, "1e30", "1e30" },
		{ FIELD_BYTES, "1.2.3", "1.2.3" },
		{ FIELD_BYTES, "-1", "-1" },
		{ FIELD_BYTES, "e", "e" },
		{ FIELD_BYTES, "None", "-" },
		{ FIELD_ACTION, "None", "-" },
		{ FIELD_NONE, "None", "None" },
		{ FIELD_BYTES, "", "-" },
		{ FIELD_NONE, "a b", "a%20b" },
		{ FIELD_ACCOUNT_ID, "123456789012.0", "123456789012" },
		{ FIELD_ACCOUNT_ID, "6.02485E+11", "6.02485E+11" },
		{ FIELD_ACCOUNT_ID, "1.23456789012E11", "123456789012" },
		{ FIELD_SRCADDR, "10.0", "10.0" },
		{ FIELD_START, "2026-11-24T03:05:00Z", "1795489500" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf out = { 0 };
		envelope_add_value(cases[i].field, str_of(cases[i].from), &out);
		assert_string_equal(out.s, cases[i].to);
		buf_release(&out);
	}
}

/* Lines are passed on untouched until there is a sign, and again behind it. */
static void bare_lines_pass(void **state)
{
	struct envelope e = { 0 };
	struct buf out = { 0 };

	(void)state;
	assert_true(envelope_passes(&e, str_of(LINE "\n")));
	assert_false(envelope_passes(&e, str_of("{" OBJECT "}\n")));
	envelope_feed(&e, str_of("{" OBJECT "}\n"), false, &out);
	assert_false(envelope_passes(&e, str_of(LINE "\n"))); /* their columns are in force */
	assert_false(envelope_is_idle(&e));
	envelope_feed(&e, str_of(LINE "\n"), false, &out);
	assert_true(envelope_passes(&e, str_of(LINE "\n")));
	assert_true(envelope_is_idle(&e));
	assert_string_equal(out.s,
			    "\033\1srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 3\n\033\2\n" LINE "\n");
	envelope_release(&e);
	buf_release(&out);
}

/* Of messages without escapes the records stand as in bare lines, a line each. */
static void messages_become_lines(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"message\":\"" LINE "\"}\n{\"message\":\"" LINE "\"}\n", LINE "\n" LINE "\n" },
		{ "{\"message\":\" " LINE " \"}{\"message\":\"" LINE "  \"}\n",
		  LINE "\n" LINE "\n\033\0031\n" },
		{ "{\"message\":\"-\"}\n{\"message\":\"x\"}\n", "-\nx\n" },
		{ "{" OBJECT "}\n{\"message\":\"" LINE "\"}\n",
		  "\033\1srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 3\n\033\2\n" LINE "\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct envelope e = { 0 };
		struct buf out = { 0 };
		envelope_feed(&e, str_of(cases[i][0]), false, &out);
		assert_string_equal(out.s, cases[i][1]);
		envelope_release(&e);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shape),
		cmocka_unit_test(what_is_no_record_is_counted),
		cmocka_unit_test(a_document_may_be_indented),
		cmocka_unit_test(values),
		cmocka_unit_test(bare_lines_pass),
		cmocka_unit_test(messages_become_lines),
	};

	return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
