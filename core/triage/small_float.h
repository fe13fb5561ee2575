/* small_float.h - numbers in two bytes: sign, exponent and 8 bits of a float, so exact to 2^-8 of
 * their size. For long series of sums of which only the order of size counts. */
#ifndef ENITOP_SMALL_FLOAT_H
#define ENITOP_SMALL_FLOAT_H

#include <stdint.h>
#include <string.h>

/* Rounded to the nearest; `value` is finite, and beyond what a float can hold it is that. */
static inline uint16_t small_float_of(double value)
{
	float v = value > 3e38 ? 3e38F : value < -3e38 ? -3e38F : (float)value;
	uint32_t bits;

	memcpy(&bits, &v, sizeof bits);
	if ((bits & 0x7fffffff) < 0x7f7f8000) /* does not become infinite */
		bits += 0x7fff + (bits >> 16 & 1);
	return (uint16_t)(bits >> 16);
}

static inline float small_float_value(uint16_t small)
{
	uint32_t bits = (uint32_t)small << 16;
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

#endif
