/* nab.c - what a scorer makes of the files of the Numenta Anomaly Benchmark: a line for each of
 * their rows, of every CSV file below a folder, in the order of names.
 *
 *   nab [--scorer record|zscore|forest] FOLDER
 *
 * prints FILE TIME SCORE: the name below FOLDER, epoch seconds (times without a zone are of UTC).
 * TESTS call this; tests/nab.sh says how well they are. */
#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "triage/scorer.h"

static int failed(const char *what)
{
	fprintf(stderr, "nab: %s: %s\n", what, strerror(errno));
	return 1;
}

static bool read_row(const char *line, int64_t *t, double *x)
{
	struct tm tm = { 0 };
	const char *rest = strptime(line, "%Y-%m-%d %H:%M:%S", &tm);
	char *end;

	if (!rest)
		return false;
	if (*rest == '.') /* parts of a second */
		rest += 1 + strspn(rest + 1, "0123456789");
	if (*rest++ != ',')
		return false;
	*t = timegm(&tm);
	*x = strtod(rest, &end);
	return end != rest;
}

static int score_file(const struct scorer *scorer, void *state, const char *path, const char *name)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;

	if (!f)
		return failed(path);
	scorer->init(state, 1);
	for (size_t row = 0; getline(&line, &cap, f) > 0; row++) {
		struct judgement s;
		int64_t t;
		double x;
		if (!read_row(line, &t, &x)) {
			if (row) /* the first is the header */
				fprintf(stderr, "nab: %s: row %zu is none\n", path, row);
			continue;
		}
		scorer->point(state, t, x, &s);
		printf("%s %" PRId64 " %.9g\n", name, t, s.score);
	}
	free(line);
	fclose(f);
	return 0;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_csv(const FTSENT *e)
{
	return e->fts_info == FTS_F && e->fts_namelen > 4 &&
	       strcmp(e->fts_name + e->fts_namelen - 4, ".csv") == 0;
}

int main(int argc, char **argv)
{
	int kind = SCORER_RECORD, status = 0;
	char *roots[2] = { argc > 1 ? argv[argc - 1] : NULL, NULL };
	const struct scorer *scorer;
	FTS *tree;
	FTSENT *e;
	void *state;

	if (argc == 4 && strcmp(argv[1], "--scorer") == 0)
		kind = scorer_find(str_of(argv[2]));
	else if (argc != 2)
		kind = -1;
	if (kind < 0) {
		fprintf(stderr, "usage: nab [--scorer record|zscore|forest] FOLDER\n");
		return 2;
	}
	scorer = scorer_of((enum scorer_kind)kind);
	state = xmalloc(scorer->bytes);
	tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	if (!tree)
		return failed(roots[0]);
	while ((e = fts_read(tree))) {
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS) {
			errno = e->fts_errno;
			status = failed(e->fts_path);
		}
		if (is_csv(e)) {
			const char *name = e->fts_path + strlen(roots[0]);
			status |= score_file(scorer, state, e->fts_path, name + strspn(name, "/"));
		}
	}
	fts_close(tree);
	free(state);
	return status;
}
