/* wide.h - inner loops compiled once more, for x86 machines with AVX2 and BMI (since 2013 or
 * so). A file x_wide.c gives the loops of x.c names of their own and includes x.c between
 * WIDE_BEGIN and WIDE_END; cpu_is_wide() tells at run time which of the two to call. For what
 * needs it there is x_widest.c: those of AVX-512 that compress bytes (since 2019 or so). */
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
#define WIDEST_BEGIN \
	_Pragma("GCC push_options") \
		_Pragma("GCC target(\"avx512f,avx512bw,avx512vbmi2,avx2,bmi,bmi2,popcnt\")")
#endif

static inline bool cpu_is_wide(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

static inline bool cpu_is_widest(void)
{
#if defined WIDEST_BEGIN
	return cpu_is_wide() && __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2");
#else
	return false;
#endif
}
#endif

#endif
