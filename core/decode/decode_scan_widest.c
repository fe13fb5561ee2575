/* decode_scan_widest.c - the search for delimiters once more: see wide.h. */
#include "base/wide.h"

#if defined WIDEST_BEGIN
WIDEST_BEGIN
#define SCAN_WIDEST
#define decode_scan decode_scan_widest
#include "decode/decode_scan.c"
WIDE_END
#endif

typedef int decode_scan_widest_is_not_empty; /* elsewhere: ISO C wants a declaration */
