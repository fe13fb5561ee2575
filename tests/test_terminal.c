/* What may reach a terminal, and what JSON has of it: every byte, and every character that
 * Unicode has, against lists of the latter's own (categories Cc, Cf, Zl, Zp, and what has no
 * width by Default_Ignorable_Code_Point). */
#include <langinfo.h>
#include <locale.h>

#include "base/terminal.h"
#include "base/utf8.h"
#include "output/export_json.h"
#include "support.h"

static const struct {
	uint32_t from, to;
} hidden[] = {
	{ 0x0, 0x1f },        { 0x7f, 0x9f },       { 0xad, 0xad },       { 0x34f, 0x34f },
	{ 0x600, 0x605 },     { 0x61c, 0x61c },     { 0x6dd, 0x6dd },     { 0x70f, 0x70f },
	{ 0x890, 0x891 },     { 0x8e2, 0x8e2 },     { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },   { 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x206f },
	{ 0x3164, 0x3164 },   { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },   { 0x110bd, 0x110bd }, { 0x110cd, 0x110cd }, { 0x13430, 0x1343f },
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static bool is_listed(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (c >= hidden[i].from && c <= hidden[i].to)
			return true;
	return false;
}

static struct buf guarded(struct str text)
{
	struct buf out = { 0 };
	char piece[64];

	while (text.n)
		buf_add(&out, piece, terminal_guard(&text, piece, sizeof piece));
	return out;
}

/* As the rule has it: \xNN of each byte. */
static struct buf escaped(struct str text)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < text.n; i++)
		buf_printf(&out, "\\x%02x", (unsigned char)text.s[i]);
	return out;
}

static void expect(struct str text, bool good)
{
	struct buf had = guarded(text), want = { 0 };

	if (good)
		buf_add_str(&want, text);
	else
		want = escaped(text);
	if (!str_equal(buf_str(&had), buf_str(&want)))
		fail_msg("'%s' where '%s' was expected", had.s, want.s);
	buf_release(&had);
	buf_release(&want);
}

static void every_byte(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[] = { (char)c };
		expect((struct str){ text, 1 }, (c >= ' ' && c < 127) || c == '\n');
	}
}

static void every_character(void **state)
{
	(void)state;
	for (uint32_t c = 0x80; c < 0x110000; c++) {
		struct buf text = { 0 };
		if (c >= 0xd800 && c < 0xe000)
			continue;
		utf8_put(&text, c);
		expect(buf_str(&text), !is_listed(c));
		buf_release(&text);
	}
}

/* Without UTF-8 a byte of a character may be one of the signs of control of eight bits. */
static void other_locales(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C");
	expect(str_of("\xc3\x80"), false);
	expect(str_of("A"), true);
	setlocale(LC_ALL, "C.UTF-8");
	expect(str_of("\xc3\x80"), true);
}

static void torn(void **state)
{
	(void)state;
	expect(str_of("\xc3"), false);
	expect(str_of("\xe2\x80"), false);
	expect(str_of("\xed\xa0\x80"), false); /* half of a pair */
	expect(str_of("\xf8\x88\x80\x80\x80"), false);
	expect(str_of("\xc0\x9b"), false); /* ESC, longer than it need be */
}

static void json_escapes(void **state)
{
	(void)state;
	for (uint32_t c = 1; c < 0x110000; c++) {
		struct buf text = { 0 }, out = { 0 };
		json_error_t error;
		json_t *back;
		if (c >= 0xd800 && c < 0xe000)
			continue;
		buf_puts(&text, "a");
		utf8_put(&text, c);
		buf_puts(&text, "b");
		json_add(&out, json_pack("[o]", json_text(buf_str(&text))));
		if (c < 0x20 || c == 0x7f || is_listed(c))
			for (size_t i = 0; i < out.n; i++)
				assert_true(out.s[i] >= ' ' && out.s[i] < 0x7f);
		back = json_loads(out.s, 0, &error);
		assert_string_equal(json_string_value(json_array_get(back, 0)), text.s);
		json_decref(back);
		buf_release(&text);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte),    cmocka_unit_test(every_character),
		cmocka_unit_test(other_locales), cmocka_unit_test(torn),
		cmocka_unit_test(json_escapes),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
