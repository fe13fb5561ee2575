/* fuzz_main.c - what libFuzzer calls; built once for each FUZZ_TARGET. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	FUZZ_TARGET((struct str){ (const char *)data, n });
	return 0;
}
