/* decode_wide.c - the inner loops of the decoder once more: see wide.h. */
/* Checked copies (_FORTIFY_SOURCE) of eight bytes cost these loops a quarter of a report's time. */
#undef _FORTIFY_SOURCE
#include "base/wide.h"

#if defined WIDE_BEGIN
WIDE_BEGIN
#define BATCH_WIDE
#define decode_scan decode_scan_wide
#define batch_decode batch_decode_wide
#define batch_mark batch_mark_wide
#include "decode/decode_batch.c"
#include "decode/decode_scan.c"
WIDE_END
#endif

typedef int decode_wide_is_not_empty; /* elsewhere: ISO C wants a declaration */
