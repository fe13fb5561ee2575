/* main.c - wiring: options, then the report or the screen. */
#include <locale.h>

#include "app/app.h"
#include "base/job.h"
#include "cli/batch.h"
#include "view/view.h"

int main(int argc, char **argv)
{
	struct options options;
	int status;

	job_setup();
	setlocale(LC_ALL, "");
	status = options_parse(&options, &view_table, argc, argv, stdout, stderr);
	if (status < 0)
		status = options.batch ? batch_run(&options) : app_run(&options);
	options_release(&options);
	return status;
}
