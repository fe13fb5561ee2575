/* wide.h - inner loops compiled once more, for x86 machines with AVX2 and BMI (since 2013 or
 * so). A file x_wide.c gives the loops of x.c names of their own and includes x.c between
 * WIDE_BEGIN and WIDE_END; cpu_is_wide() tells at run time which of the two to call. */
#ifndef ENITOP_WIDE_H
#define ENITOP_WIDE_H

#include <stdbool.h>

#if defined __x86_64__
#if defined __clang__
#define WIDE_BEGIN \
	_Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,popcnt\"))), apply_to = function)")
#define WIDE_END _Pragma("clang attribute pop")
#else
#define WIDE_BEGIN _Pragma("GCC push_options") _Pragma("GCC target(\"avx2,bmi,bmi2,popcnt\")")
#define WIDE_END _Pragma("GCC pop_options")
#endif

static inline bool cpu_is_wide(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}
#endif

#endif
