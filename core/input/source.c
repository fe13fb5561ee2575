/* source.c - see source.h. */
#include "input/source.h"

const char *source_state_name(enum source_state s)
{
	static const char *const names[] = {
		[SOURCE_READING] = "reading", [SOURCE_FOLLOWING] = "following",
		[SOURCE_WAITING] = "waiting", [SOURCE_DONE] = "done",
		[SOURCE_FAILED] = "failed",
	};
	return names[s];
}
