/* keys.h - how long the screen takes to show what a key causes. */
#ifndef ENITOP_BENCH_KEYS_H
#define ENITOP_BENCH_KEYS_H

#include "eye.h"

/* Presses a key each interval, at most `most` of them and as long as `place` has a line that
 * matches, and prints "key MILLISECONDS WHICH" for each until the screen shows what it
 * causes: the focus elsewhere, another row selected, another metric. Those that a person who
 * holds the key down would have pressed meanwhile waited too, and count: one that took 50 ms
 * at an interval of 20 stands for three, of 50, 30 and 10. False when a key caused nothing. */
bool keys_press(struct eye *e, unsigned interval_ms, unsigned most, struct place place,
		const regex_t *during);

#endif
