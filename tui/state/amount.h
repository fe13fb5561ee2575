/* amount.h - counts as people read them, and numbers kept within bounds. */
#ifndef ENITOP_AMOUNT_H
#define ENITOP_AMOUNT_H

#include <stddef.h>
#include <stdint.h>

/* 0 <= value <= max, or 0. */
int view_clamp(int value, int max);
/* 1204 -> "1,204". */
/* At most six columns: "$0.061", "$1.23", "$12.3", "$1.2k"; "<$.001". */
char *view_cost(char *out, size_t size, uint64_t cost);
char *view_count(char *out, size_t size, uint64_t n);

#endif
