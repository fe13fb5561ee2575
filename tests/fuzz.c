/* fuzz.c - what libFuzzer calls: the target that FUZZ_TARGET in the environment names. */
#include <stdlib.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void (*target)(struct str in);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
#define ROW(row) \
	if (name && strcmp(name, #row) == 0) \
		target = fuzz_##row;
	FUZZ_TARGETS(ROW)
#undef ROW
	if (!target)
		die("FUZZ_TARGET is not the name of a target in tests/fuzz.h");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	target((struct str){ (const char *)data, n });
	return 0;
}
