/* query_wide.c - the inner loop of series once more: see wide.h. */
#include "base/wide.h"

#if defined WIDE_BEGIN
WIDE_BEGIN
#define series_deal series_deal_wide
#include "query/query_deal.c"
WIDE_END
#endif

typedef int query_wide_is_not_empty; /* elsewhere: ISO C wants a declaration */
