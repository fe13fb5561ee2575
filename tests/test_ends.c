/* What of a row is kept where there is no room for all of it, and what a cell of the heatmap says. */
#include <locale.h>

#include "query/heat.h"
#include "support.h"
#include "term/screen.h"
#include "view/view.h"

static void dumped(const struct screen *s, const char *want)
{
	struct buf out = { 0 };

	screen_dump(s, false, &out);
	assert_string_equal(out.s, want);
	buf_release(&out);
}

/* "/tcp" goes first, then the client from its beginning on, then its arrow; of the server there is
 * the port and the end, as wide as it may be. Nothing is cut that has room. */
static void server_stays(void **state)
{
	static const struct {
		const char *text, *server, *tcp;
		int width;
		const char *drawn;
	} want[] = {
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 36,
		  "10.20.32.50 > ~203.0.113.77:5432/tcp\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 35,
		  "10.20.32.50 > ~203.0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 32,
		  "10.20.32.50 > ~203.0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 31,
		  "….20.32.50 > ~203.0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 24,
		  "…50 > ~203.0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 23,
		  "… > ~203.0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 21,
		  "> ~203.0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 18, "~203.0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:5432/tcp", "~", "/tcp", 14, "…0.113.77:5432\n" },
		{ "10.20.32.50 > ~203.0.113.77:53/udp", "~", NULL, 33,
		  "….20.32.50 > ~203.0.113.77:53/udp\n" },
		{ "10.20.32.50 > orders-db.prod:5432/tcp", "orders", "/tcp", 16,
		  "…rs-db.prod:5432\n" },
		{ "web > 東京の:443/tcp", "東", "/tcp", 12, "> 東京の:443\n" },
		{ "web > 東京の:443/tcp", "東", "/tcp", 8, "…の:443\n" },
		{ "10.0.0.1 > 10.0.0.2:443/tcp eni-1", "10.0.0.2", "/tcp", 30,
		  "10.0.0.1 > 10.0.0.2:443 eni-1\n" },
		{ "10.20.32.50 one and another", NULL, NULL, 20, "10.20.32.50… another\n" },
	};

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		const char *text = want[i].text;
		struct view_ends e = {
			.server = want[i].server ? (size_t)(strstr(text + 1, want[i].server) - text)
						 : 0,
			.tcp = want[i].tcp ? (size_t)(strstr(text, want[i].tcp) - text) : 0,
		};
		struct screen s = { 0 };
		buf_puts(&e.text, text);
		screen_resize(&s, 1, 50);
		view_ends_draw(screen_area(&s), 0, want[i].width, &e);
		dumped(&s, want[i].drawn);
		screen_release(&s);
		buf_release(&e.text);
	}
	setlocale(LC_CTYPE, "C");
}

/* The roles of a row as it was drawn: '.' text, 'c' the client's, 's' the server's. */
static void roles_of(const struct screen *s, char out[51])
{
	for (int x = 0; x < 50; x++) {
		int role = screen_at(s, 0, x)->role;
		out[x] = role == ROLE_HUE_2 ? 'c' : role == ROLE_HUE_5 ? 's' : '.';
	}
	out[50] = '\0';
	for (int x = 49; x >= 0 && out[x] == '.'; x--)
		out[x] = '\0';
}

/* Ends that have a hue: each as far as it was drawn, neither the arrow nor the port. */
static void hues_of_ends(void **state)
{
	static const struct {
		const char *text, *server;
		bool port;
		int width;
		const char *roles;
	} want[] = {
		{ "10.0.0.1 > 10.0.0.2:443", "10.0.0.2", true, 40, "ccccccccc.sssssssss" },
		{ "10.0.0.1 > 10.0.0.2:443", "10.0.0.2", true, 20, "cccccc.sssssssss" },
		{ "10.0.0.1 > 10.0.0.2:443", "10.0.0.2", true, 12, "ssssssss" },
		{ "10.0.0.1 > 2001:db8::1", "2001:", false, 40, "ccccccccc.ssssssssssss" },
		{ "10.0.0.1", NULL, false, 40, "cccccccc" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		const char *text = want[i].text;
		struct view_ends e = {
			.server =
				want[i].server ? (size_t)(strstr(text, want[i].server) - text) : 0,
			.port = want[i].port,
			.hue = { ROLE_HUE_2, ROLE_HUE_5 },
		};
		struct screen s = { 0 };
		char roles[51];
		buf_puts(&e.text, text);
		screen_resize(&s, 1, 50);
		view_ends_draw(screen_area(&s), 0, want[i].width, &e);
		roles_of(&s, roles);
		if (strcmp(roles, want[i].roles) != 0)
			fail_msg("%s in %d: %s", text, want[i].width, roles);
		screen_release(&s);
		buf_release(&e.text);
	}
}

/* In a sentence, too. */
static void server_of_a_sentence(void **state)
{
	static const struct {
		const char *text;
		int width;
		const char *drawn;
	} want[] = {
		{ "web 10.0.0.5 > db 10.0.0.9:5432  refused", 40,
		  "web 10.0.0.5 > db 10.0.0.9:5432  refused\n" },
		{ "web 10.0.0.5 > db 10.0.0.9:5432  refused", 36,
		  "web 10.0.0.5 > db 10.0.0.9:5432  re…\n" },
		{ "web 10.0.0.5 > db 10.0.0.9:5432  refused", 32,
		  "web 10.0.0.5 > db 10.0.0.9:5432…\n" },
		{ "web 10.0.0.5 > db 10.0.0.9:5432  refused", 24, "…0.5 > db 10.0.0.9:5432…\n" },
		{ "10.0.0.9:22 answered 64 clients", 20, "10.0.0.9:22 answere…\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		struct screen s = { 0 };
		screen_resize(&s, 1, 50);
		view_sentence_draw(screen_area(&s), 0, 0, want[i].width, ROLE_TEXT,
				   str_of(want[i].text));
		dumped(&s, want[i].drawn);
		screen_release(&s);
	}
}

/* One SYN beside gigabytes is none; what is a row's own is all of it. */
static void share_refused(void **state)
{
	static const struct {
		struct heat_cell cell;
		int step;
	} want[] = {
		{ { 40, 1, UINT64_C(3000000000), 40 }, -1 },
		{ { 2, 1, UINT64_C(3000000000), 40 }, -1 },
		{ { 1, 1, 40, 40 }, 2 },         /* a scan alone */
		{ { 0, 0, 20, 20 }, 2 },         /* which ends in another cell */
		{ { 0, 0, 2000, 0 }, -1 },       /* let in */
		{ { 100, 20, 100000, 800 }, 0 }, /* many are refused, of few bytes */
		{ { 100, 60, 100000, 2400 }, 1 },
		{ { 1000, 950, 100000, 38000 }, 2 },
		{ { 10, 0, 100, 50 }, 1 },
		{ { 0, 0, 0, 0 }, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_int_equal(heat_refused(&want[i].cell), want[i].step);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(server_stays),
		cmocka_unit_test(hues_of_ends),
		cmocka_unit_test(server_of_a_sentence),
		cmocka_unit_test(share_refused),
	};

	return cmocka_run_group_tests_name("ends", tests, NULL, NULL);
}
