/* Ramps of the themes: each of one hue, in even steps of lightness by CIELAB (the formula of the CIE,
 * for sRGB), in colours that 256-colour terminals have; and their twins for fewer colours. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "term/screen.h"
#include "term/theme.h"

struct lab {
	double l, chroma, hue; /* hue in degrees */
};

static double linear(int c)
{
	double v = c / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double root(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab lab_of(int32_t rgb)
{
	double r = linear(rgb >> 16 & 255), g = linear(rgb >> 8 & 255), b = linear(rgb & 255);
	double x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
	double y = root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
	double z = root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
	double ab[2] = { 500 * (x - y), 200 * (y - z) };

	return (struct lab){ 116 * y - 16, hypot(ab[0], ab[1]), atan2(ab[1], ab[0]) * 180 / M_PI };
}

/* The formula is right where everybody knows the answer. */
static void known_colours(void **state)
{
	(void)state;
	assert_true(fabs(lab_of(0xffffff).l - 100) < 0.1 && lab_of(0xffffff).chroma < 0.1);
	assert_true(fabs(lab_of(0xff0000).l - 53.24) < 0.1);
	assert_true(fabs(lab_of(0xff0000).hue - 40) < 0.5);
	assert_true(fabs(lab_of(0x777777).l - 50) < 0.6);
}

static double apart(double a, double b)
{
	double d = fmod(fabs(a - b), 360);

	return d > 180 ? 360 - d : d;
}

static bool is_of_the_cube(int32_t rgb)
{
	static const int levels[] = { 0, 95, 135, 175, 215, 255 };

	for (int shift = 0; shift <= 16; shift += 8) {
		bool has = false;
		for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
			has |= levels[i] == (rgb >> shift & 255);
		if (!has)
			return false;
	}
	return true;
}

/* From little to much, away from a dark ground and from a light one. */
static void expect_ramp(const char *name, const struct theme *t, int first, int n, bool dark)
{
	double least = 100, most = 0;
	struct lab before = lab_of(t->style[first].fg);

	for (int i = 0; i < n; i++) {
		struct lab now = lab_of(t->style[first + i].fg);
		double step = dark ? now.l - before.l : before.l - now.l;
		if (!(t->style[first + i].fg & COLOR_RGB) ||
		    !is_of_the_cube(t->style[first + i].fg))
			fail_msg("%s: step %d is no colour of 256", name, i);
		if (apart(now.hue, before.hue) > 20 || now.chroma < 20)
			fail_msg("%s: step %d has hue %.0f, chroma %.0f", name, i, now.hue,
				 now.chroma);
		if (i) {
			least = step < least ? step : least;
			most = step > most ? step : most;
		}
		before = now;
		/* The twin is one hue too. */
		assert_false(t->few[first + i].fg & COLOR_RGB);
		assert_int_equal(t->few[first + i].fg, t->few[first].fg);
	}
	if (least < 5 || most - least > 4.5)
		fail_msg("%s: steps of lightness from %.1f to %.1f", name, least, most);
}

static void ramps_are_even(void **state)
{
	char error[256], *rest = NULL;
	struct buf names = { 0 };
	struct theme t;

	(void)state;
	theme_names(&names);
	for (char *n = strtok_r(names.s, ", ", &rest); n; n = strtok_r(NULL, ", ", &rest)) {
		bool dark = !strstr(n, "light");
		assert_int_equal(theme_load(&t, n, NULL, error, sizeof error), 0);
		if (!t.colors)
			continue;
		expect_ramp(n, &t, ROLE_HEAT_1, 4, dark);
		expect_ramp(n, &t, ROLE_REFUSED_1, 3, dark);
		/* What went through and what was refused are of two hues. */
		if (apart(lab_of(t.style[ROLE_HEAT_2].fg).hue,
			  lab_of(t.style[ROLE_REFUSED_2].fg).hue) < 60)
			fail_msg("%s: both ramps have one hue", n);
	}
	buf_release(&names);
}

/* No two steps look the same where there are no colours, or few: a sign or an attribute differs. */
static void steps_differ_without_colour(void **state)
{
	struct screen s = { 0 };
	struct theme t;

	(void)state;
	theme_mono(&t);
	for (int ascii = 0; ascii < 2; ascii++) {
		screen_resize(&s, 1, 7);
		s.ascii = ascii;
		for (int i = 0; i < 4; i++)
			screen_heat(screen_area(&s), 0, i, i);
		for (int i = 0; i < 3; i++)
			screen_refused(screen_area(&s), 0, 4 + i, i);
		for (int i = 0; i < 7; i++)
			for (int k = 0; k < i; k++) {
				const struct cell *x = screen_at(&s, 0, i),
						  *y = screen_at(&s, 0, k);
				assert_true(x->ch != y->ch || t.style[x->role].attributes !=
								      t.style[y->role].attributes);
			}
	}
	screen_release(&s);
}

static int load(const char *look, struct theme *t)
{
	char path[] = "/tmp/enitop-ramp-XXXXXX", error[256];
	int fd = mkstemp(path), rc;
	struct buf text = { 0 };

	buf_printf(&text, "[roles]\naccept = %s\n", look);
	assert_int_equal(write(fd, text.s, text.n), text.n);
	close(fd);
	rc = theme_load(t, path, NULL, error, sizeof error);
	unlink(path);
	buf_release(&text);
	return rc;
}

/* "LOOK else LOOK": the other one for few colours; without it both are the same. */
static void twins_are_read(void **state)
{
	struct theme t;

	(void)state;
	assert_int_equal(load("#010203 on #040506 else red dim", &t), 0);
	assert_int_equal(t.style[ROLE_ACCEPT].fg, COLOR_RGB | 0x010203);
	assert_int_equal(t.style[ROLE_ACCEPT].bg, COLOR_RGB | 0x040506);
	assert_int_equal(t.style[ROLE_ACCEPT].attributes, 0);
	assert_int_equal(t.few[ROLE_ACCEPT].fg, 1);
	assert_int_equal(t.few[ROLE_ACCEPT].bg, COLOR_DEFAULT_);
	assert_int_equal(t.few[ROLE_ACCEPT].attributes, ATTR_DIM);
	assert_int_equal(load("#010203 bold", &t), 0);
	assert_int_equal(t.few[ROLE_ACCEPT].fg, COLOR_RGB | 0x010203);
	assert_int_equal(t.few[ROLE_ACCEPT].attributes, ATTR_BOLD);
	assert_true(load("red else nosuch", &t) < 0);
	assert_true(load("red else green else blue", &t) < 0);
	assert_true(load("red blue", &t) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_colours),
		cmocka_unit_test(ramps_are_even),
		cmocka_unit_test(steps_differ_without_colour),
		cmocka_unit_test(twins_are_read),
	};

	return cmocka_run_group_tests_name("ramp", tests, NULL, NULL);
}
