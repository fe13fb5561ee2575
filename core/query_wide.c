/* query_wide.c - the inner loop of series once more, as decode_wide.c has those of the decoder. */
#if defined __x86_64__
#if defined __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt"))), apply_to = function)
#else
#pragma GCC target("avx2,bmi,bmi2,popcnt")
#endif

#define series_deal series_deal_wide
#include "query_deal.c"

#if defined __clang__
#pragma clang attribute pop
#endif
#endif

typedef int query_wide_is_not_empty; /* elsewhere: ISO C wants a declaration */
