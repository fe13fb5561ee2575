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
#include "base/terminal.h"
#include "cli/batch.h"
#include "cli/remote.h"
#include "view/view.h"

/* What --help and others of its kind print; the status that options_parse means. */
static int parse(struct options *o, int argc, char **argv)
{
	char *text[2] = { NULL, NULL };
	size_t n[2] = { 0, 0 };
	FILE *out = open_memstream(&text[0], &n[0]), *err = open_memstream(&text[1], &n[1]);
	int status, rc;

	if (!out || !err)
		die("out of memory");
	status = options_parse(o, &view_table, argc, argv, out, err);
	fclose(out);
	fclose(err);
	write_out(STDERR_FILENO, (struct str){ text[1], n[1] });
	rc = write_out(STDOUT_FILENO, (struct str){ text[0], n[0] });
	free(text[0]);
	free(text[1]);
	if (rc == 0)
		return status;
	complain("cannot write: %s", strerror(-rc));
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
		status = remote_is_asked(&options) ? remote_run(&options)
			 : options.batch           ? batch_run(&options)
						   : app_run(&options);
	options_release(&options);
	return status;
}
