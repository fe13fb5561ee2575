/* Saved filters, as the parser takes them, and the configuration file that they stand in. */
#include <sys/stat.h>
#include <unistd.h>

#include "cli/config.h"
#include "support.h"
#include "view/view.h"

#define NOW INT64_C(1700000000)

/* ---- saved filters ---- */

static const char *look_up(void *ctx, struct str name)
{
	static const char *const filters[][2] = {
		{ "ssh", "dport=22" },
		{ "web", "dport=80,443 or dport=8080" },
		{ "both", "@ssh and tcp" },
		{ "me", "not @me" },
		{ "a", "@b" },
		{ "b", "@c and tcp" },
		{ "c", "udp or @a" },
		{ "bad", "tcp and dprt=3" },
		{ "empty", "  " },
		{ "regex", "/eni-1 .*REJECT" },
	};

	(void)ctx;
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		if (str_equal_loose(name, str_of(filters[i][0])))
			return filters[i][1];
	return NULL;
}

static void saved_filters_stand_for_their_text(void **state)
{
	static const struct {
		const char *text, *same;
	} pairs[] = {
		{ "@ssh", "dport=22" },
		{ "@SSH and reject", "dport=22 and reject" },
		{ "not @web", "not (dport=80,443 or dport=8080)" },
		{ "@web @ssh", "(dport=80,443 or dport=8080) and dport=22" },
		{ "reject or @both", "reject or (dport=22 and tcp)" },
		{ "-@ssh", "not dport=22" },
		{ "(@regex) and tcp", "(/eni-1 .*REJECT/) and tcp" },
	};

	(void)state;
	filter_set_saved(look_up, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct filter_error e;
		struct filter *a = filter_new(str_of(pairs[i].text), NOW, &e);
		struct filter *b = filter_new(str_of(pairs[i].same), NOW, &e);
		assert_non_null(a);
		struct buf x = { 0 }, y = { 0 };
		filter_explain(a, &x);
		filter_explain(b, &y);
		/* The plan that runs is the same; how it reads may have parentheses more. */
		assert_string_equal(strstr(x.s, "\n\n"), strstr(y.s, "\n\n"));
		buf_release(&x);
		buf_release(&y);
		filter_free(a);
		filter_free(b);
	}
	filter_set_saved(NULL, NULL);
}

static void names_that_cannot_be(void **state)
{
	static const struct {
		const char *text;
		size_t column, length;
		const char *message;
	} wrong[] = {
		{ "tcp and @nosuch", 8, 7, "@nosuch is no saved filter" },
		{ "@", 0, 1, "@ wants the name of one" },
		{ "@me", 0, 3, "in @me: @me is made of itself" },
		{ "tcp @a", 4, 2, "in @a: in @b: in @c: @a is made of itself" },
		{ "@bad", 0, 4, "in @bad: unknown field 'dprt': did you mean dport?" },
		{ "@empty", 0, 6, "@empty is empty" },
	};

	(void)state;
	filter_set_saved(look_up, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct filter_error e;
		assert_null(filter_new(str_of(wrong[i].text), NOW, &e));
		assert_string_equal(e.message, wrong[i].message);
		assert_int_equal(e.column, wrong[i].column);
		assert_int_equal(e.length, wrong[i].length);
	}
	filter_set_saved(NULL, NULL);
}

/* Names within names, doubling each time: refused, not unfolded. */
static const char *doubling(void *ctx, struct str name)
{
	static char text[26][32];
	int n = name.s[1] - 'a';

	(void)ctx;
	if (n == 25)
		return "dport=22";
	snprintf(text[n], sizeof text[n], "@x%c @x%c", 'a' + n + 1, 'a' + n + 1);
	return text[n];
}

static void names_do_not_explode(void **state)
{
	struct filter_error e;

	(void)state;
	filter_set_saved(doubling, NULL);
	assert_null(filter_new(str_of("@xa"), NOW, &e));
	assert_non_null(strstr(e.message, "in @xa: in @xb"));
	struct filter *f = filter_new(str_of("@xs"), NOW, &e); /* 128 are not too many */
	assert_non_null(f);
	filter_free(f);
	filter_set_saved(NULL, NULL);
}

/* A clause that is a name stays the name. */
static void names_are_clauses(void **state)
{
	struct filter_error e;
	struct filter *f;

	(void)state;
	filter_set_saved(look_up, NULL);
	f = filter_new(str_of("@both"), NOW, &e);
	assert_int_equal(filter_clauses(f), 1);
	assert_string_equal(filter_clause(f, 0), "@both");
	filter_free(f);
	f = filter_new(str_of("@web and not @ssh"), NOW, &e);
	assert_int_equal(filter_clauses(f), 2);
	assert_string_equal(filter_clause(f, 0), "@web");
	assert_string_equal(filter_clause(f, 1), "not @ssh");
	filter_free(f);
	filter_set_saved(NULL, NULL);
}

/* ---- the configuration file ---- */

static char dir[64], path[128];

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/enitop-bar-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/config", dir);
	return 0;
}

static int remove_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	return system(command);
}

static void write_config(const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
}

static void read_back(const char *want)
{
	char have[4096] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	have[fread(have, 1, sizeof have - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(have, want);
}

static char options[512];

static bool set(void *ctx, const char *option, const char *value, struct buf *error)
{
	size_t n = strlen(options);

	(void)ctx;
	snprintf(options + n, sizeof options - n, "%s|%s\n", option, value);
	if (strcmp(option, "theme") == 0)
		return true;
	buf_printf(error, "unknown option '%.60s'", option);
	return false;
}

static struct config *load(const char *file, bool named, char *errors, size_t size)
{
	struct config *c = config_new();
	FILE *err = tmpfile();

	options[0] = '\0';
	config_read(c, xstrndup(file, strlen(file)), named, set, NULL, err);
	rewind(err);
	errors[fread(errors, 1, size - 1, err)] = '\0';
	fclose(err);
	return c;
}

static void mistakes_cost_a_line(void **state)
{
	static const char text[] = "# mine\n"
				   "\r\n"
				   "  theme=light  \r\n"
				   "filter ssh = dport=22\n"
				   "filter odd name = tcp\n"
				   "filter = tcp\n"
				   "filter none =\n"
				   "filter esc = \"\033[2J\"\n"
				   "filter ssh = 23\n"
				   "filter nul = t\0cp\n"
				   "filter bad = dprt=3\n"
				   "nosuch = \033]0;evil\n"
				   "what is this\n"
				   "filter web = dport=443 and not @ssh";
	char errors[4096], want[4096];
	struct config *c;

	(void)state;
	write_config(text, sizeof text - 1);
	c = load(path, true, errors, sizeof errors);
	snprintf(
		want, sizeof want,
		"enitop: %s:5: filter 'odd name': a name is letters, digits, '-', '_' and '.', 40 "
		"at most\n"
		"enitop: %s:6: filter '': a name is letters, digits, '-', '_' and '.', 40 at most\n"
		"enitop: %s:7: filter 'none': the filter is empty\n"
		"enitop: %s:8: filter 'esc': the filter holds bytes that are no printable ASCII\n"
		"enitop: %s:9: filter 'ssh' stands in line 4 already\n"
		"enitop: %s:10: a NUL byte\n"
		"enitop: %s:11: filter 'bad', col 1: unknown field 'dprt': did you mean dport?\n"
		"enitop: %s:12: unknown option 'nosuch'\n"
		"enitop: %s:13: neither 'filter NAME = TEXT', 'key NAME = COMMAND' nor 'OPTION = VALUE'\n",
		path, path, path, path, path, path, path, path, path);
	assert_string_equal(errors, want);
	assert_int_equal(c->errors, 9);
	assert_string_equal(options, "theme|light\nnosuch|\033]0;evil\n");
	assert_string_equal(config_filter(c, str_of("SSH")), "dport=22");
	assert_string_equal(config_filter(c, str_of("web")), "dport=443 and not @ssh");
	assert_null(config_filter(c, str_of("none")));
	config_free(c);
}

static void hostile_files(void **state)
{
	char errors[65536], *big;
	struct config *c;
	uint64_t seed = 5;

	(void)state;
	c = load("/nonexistent/config", false, errors, sizeof errors);
	assert_string_equal(errors, "");
	config_free(c);
	c = load("/nonexistent/config", true, errors, sizeof errors);
	assert_non_null(strstr(errors, "No such file"));
	config_free(c);
	c = load("/dev/zero", true, errors, sizeof errors);
	assert_non_null(strstr(errors, "no regular file"));
	config_free(c);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	c = load(path, true, errors, sizeof errors);
	assert_non_null(strstr(errors, "no regular file"));
	config_free(c);
	unlink(path);
	big = xmalloc(CONFIG_BYTES_MAX + 1);
	memset(big, '#', CONFIG_BYTES_MAX + 1);
	write_config(big, CONFIG_BYTES_MAX + 1);
	c = load(path, true, errors, sizeof errors);
	assert_non_null(strstr(errors, "too large"));
	config_free(c);
	for (int i = 0; i < 200; i++) { /* noise of the bytes that mean something */
		for (size_t k = 0; k < 400; k++)
			big[k] = "filter =\n@\0#x\xff\033\"/("[random_below(&seed, 18)];
		write_config(big, 400);
		config_free(load(path, true, errors, sizeof errors));
	}
	free(big);
}

static void saved_in_place(void **state)
{
	char errors[256], error[256];
	struct config *c;
	struct stat st;

	(void)state;
	static const char had[] = "# top\ntheme = light\n  filter SSH=dport=22 \n\nfilter x = tcp";
	write_config(had, sizeof had - 1);
	assert_int_equal(chmod(path, 0640), 0);
	c = load(path, true, errors, sizeof errors);
	assert_true(config_save_filter(c, "ssh", "dport=22 and reject", error, sizeof error));
	assert_true(config_save_filter(c, "new", "@ssh", error, sizeof error));
	read_back("# top\ntheme = light\nfilter ssh = dport=22 and reject\n\nfilter x = tcp\n"
		  "filter new = @ssh\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_string_equal(config_filter(c, str_of("ssh")), "dport=22 and reject");
	assert_false(config_save_filter(c, "a b", "tcp", error, sizeof error));
	assert_false(config_save_filter(c, "nl", "tcp\nbatch = yes", error, sizeof error));
	config_free(c);
	/* Nothing beside it is left. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(mkdir(dir, 0700), 0);
	/* Folders are made; without a path nothing is written. */
	snprintf(error, sizeof error, "%s/a/b/config", dir);
	c = load(error, false, errors, sizeof errors);
	assert_true(config_save_filter(c, "ssh", "22", error, sizeof error));
	config_free(c);
	c = config_new();
	config_read(c, NULL, false, set, NULL, stderr);
	assert_false(config_save_filter(c, "ssh", "22", error, sizeof error));
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(saved_filters_stand_for_their_text),
		cmocka_unit_test(names_that_cannot_be),
		cmocka_unit_test(names_do_not_explode),
		cmocka_unit_test(names_are_clauses),
		cmocka_unit_test_setup_teardown(mistakes_cost_a_line, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(hostile_files, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(saved_in_place, make_dir, remove_dir),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
