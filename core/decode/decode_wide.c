/* wide.c - the inner loops of the decoder and of series once more, for x86 machines with AVX2
 * and BMI (since 2013 or so), under names of their own: cpu_is_wide() tells who is on one. */
#if defined __x86_64__
#if defined __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt"))), apply_to = function)
#else
#pragma GCC target("avx2,bmi,bmi2,popcnt")
#endif

#define decode_scan decode_scan_wide
#define batch_decode batch_decode_wide
#include "decode/decode_batch.c"
#include "decode/decode_scan.c"
#define series_deal series_deal_wide
#include "query/query_deal.c"

#if defined __clang__
#pragma clang attribute pop
#endif
#endif

typedef int wide_is_not_empty; /* elsewhere: ISO C wants a declaration */
