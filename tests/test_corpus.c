/* The committed inputs of the fuzz targets: crashers of old among them. */
#include <dirent.h>

#include "fuzz.h"
#include "support.h"

static void feed_all(const char *name, void (*target)(struct str in))
{
	const char *srcdir = getenv("srcdir");
	char path[2048], piece[4096];
	unsigned n = 0;
	DIR *dir;

	snprintf(path, sizeof path, "%s/tests/corpus/%s", srcdir ? srcdir : ".", name);
	dir = opendir(path);
	assert_non_null(dir);
	for (struct dirent *d; (d = readdir(dir));) {
		struct buf in = { 0 };
		size_t got;
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/tests/corpus/%s/%s", srcdir ? srcdir : ".", name,
			 d->d_name);
		FILE *f = fopen(path, "rb");
		assert_non_null(f);
		while ((got = fread(piece, 1, sizeof piece, f)) > 0)
			buf_add(&in, piece, got);
		fclose(f);
		print_message("# %s\n", d->d_name); /* the last one, where it dies */
		target(buf_str(&in));
		buf_release(&in);
		n++;
	}
	closedir(dir);
	assert_true(n > 0);
}

#define ROW(name) \
	static void name(void **state) \
	{ \
		(void)state; \
		feed_all(#name, fuzz_##name); \
	}
FUZZ_TARGETS(ROW)
#undef ROW

int main(void)
{
#define ROW(name) cmocka_unit_test(name),
	const struct CMUnitTest tests[] = { FUZZ_TARGETS(ROW) };
#undef ROW

	return cmocka_run_group_tests_name("corpus", tests, NULL, NULL);
}
