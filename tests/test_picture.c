/* The picture of README.md: tests/screen.svg is of the screen as it is. */
#include <string.h>

#include "panes.h"
#include "picture.h"

static void the_picture_is_of_today(void **state)
{
	struct theme theme;
	char error[256];

	(void)state;
	assert_int_equal(theme_load(&theme, "dark", NULL, error, sizeof error), 0);
	picture_shot("screen.svg", 120, 40, &theme);
}

static struct screen drawn(const char *words, enum role role)
{
	struct screen s = { 0 };

	screen_resize(&s, 2, 12);
	screen_puts(screen_area(&s), 1, 2, role, words);
	return s;
}

/* What stands there is in it, at its place, whole and as text of XML. */
static void cells_are_shapes_and_words(void **state)
{
	struct screen s = drawn("a<b  &", ROLE_REJECT);
	struct theme theme;
	struct buf out = { 0 };

	(void)state;
	theme_default(&theme);
	screen_glyph(screen_area(&s), 0, 0, ROLE_FRAME, GLYPH_TL);
	screen_glyph(screen_area(&s), 0, 5, ROLE_HEAT_1, GLYPH_SHADE_2);
	screen_column(screen_area(&s), 0, 7, 1, ROLE_TREND, 1, 2);
	screen_paint(screen_area(&s), 0, 9, 3, ROLE_STATUS);
	picture_write(&s, &theme, &out);
	assert_non_null(strstr(out.s, "<text x='25.20' y='39.80' textLength='25.20' class='f12'>"
				      "a&lt;b</text>"));
	assert_non_null(strstr(out.s, "<text x='67.20' y='39.80' textLength='8.40' class='f12'>"
				      "&amp;</text>"));
	assert_non_null(strstr(out.s, ".f12 { fill: #e5534b; font-weight: bold }"));
	assert_non_null(
		strstr(out.s, "<path d='M12.60 17.40H16.80M12.60 17.40V26.40' class='s3'/>"));
	assert_non_null(strstr(out.s, "opacity='.50'/>"));
	assert_non_null(strstr(out.s, "y='17.40' width='8.40' height='9' class='f16'/>"));
	assert_non_null(strstr(out.s, "width='25.20' height='18' fill='#539bf5'/>"));
	buf_release(&out);
	screen_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_picture_is_of_today),
		cmocka_unit_test(cells_are_shapes_and_words),
	};

	return cmocka_run_group_tests_name("picture", tests, panes_open, panes_close);
}
