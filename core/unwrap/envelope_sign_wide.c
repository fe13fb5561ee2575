/* envelope_sign_wide.c - the search for signs once more: see wide.h. */
#include "base/wide.h"

#if defined WIDE_BEGIN
WIDE_BEGIN
#define LANES 32
#define envelope_has_sign envelope_has_sign_wide
#define envelope_plain_length envelope_plain_length_wide
#include "unwrap/envelope_sign.c"
WIDE_END
#endif

typedef int envelope_sign_wide_is_not_empty; /* elsewhere: ISO C wants a declaration */
