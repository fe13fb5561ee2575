/* main.c - wiring: options, then the report or the screen. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/descriptor.h"
#include "base/hash.h"
#include "base/job.h"
#include "cli/batch.h"
#include "view/view.h"

/* What --help and others of its kind print; the status that options_parse means. */
static int parse(struct options *o, int argc, char **argv)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	int status, rc;

	if (!out)
		die("out of memory");
	status = options_parse(o, &view_table, argc, argv, out, stderr);
	fclose(out);
	rc = write_all(STDOUT_FILENO, (struct str){ text, n });
	free(text);
	if (rc == 0)
		return status;
	fprintf(stderr, "enitop: cannot write: %s\n", strerror(-rc));
	return 1;
}

int main(int argc, char **argv)
{
	struct options options;
	int status;

	descriptors_keep();
	die_set_hook(descriptors_give_back);
	hash_key_random();
	job_setup();
	setlocale(LC_ALL, "");
	status = parse(&options, argc, argv);
	if (status < 0 && !options.batch)
		job_set_memory(options.memory);
	if (status < 0)
		status = options.batch ? batch_run(&options) : app_run(&options);
	options_release(&options);
	return status;
}
