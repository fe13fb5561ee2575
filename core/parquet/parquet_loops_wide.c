/* parquet_loops_wide.c - the inner loops of reading Parquet once more: see wide.h. */
/* Checked copies (_FORTIFY_SOURCE) of eight bytes cost these loops a half of their time. */
#undef _FORTIFY_SOURCE
#include "base/wide.h"

#if defined WIDE_BEGIN
WIDE_BEGIN
#define PARQUET_LOOPS_WIDE
#define parquet_loops_plain parquet_loops_wide
#include "parquet/parquet_loops.c"
WIDE_END
#endif

typedef int parquet_wide_is_not_empty; /* elsewhere: ISO C wants a declaration */
