/* reading.h - what a value means, however a person or a program wrote it: "1,234,249" is a
 * number, "2026-11-24 10:01:10+01:00" a time. Read is what can't be mistaken; the rest is
 * unreadable. */
#ifndef ENITOP_READING_H
#define ENITOP_READING_H

#include "schema/field.h"

/* The largest number that a field of a number type may have. It is less than 2^64 - 1, which
 * stands for no number, and for all that sums can't hold. Times beyond it are in microseconds
 * or nanoseconds. */
uint64_t reading_most(enum field_type type);

/* The number that a value of a number type means:
 * - digits, with zeros before or not; a float without a fraction (25238.0, 1.7e9);
 * - groups of three digits, apart by commas, apostrophes, blanks (%20 and those of Unicode, too)
 *   or, where there are two or more, dots; with a fraction of zeros behind or not;
 * - of a protocol its name;
 * - of a time, besides, ISO 8601: a date, with T or a blank and a time of the day, with a
 *   fraction, AM or PM, and a zone (Z, UTC, GMT, +01, +01:00, +0100) or not: then it is UTC; the
 *   same behind 24/11/2026, 11/24/2026, 24.11.2026 and the like, where one number is no month,
 *   or both are the same, or a comma behind the year and AM or PM in capitals say that the month
 *   stands first. In seconds, or in milliseconds where it has some; epoch micro- and nanoseconds
 *   in milliseconds.
 * False: it is none, or one that the field can't have. */
bool reading_number(enum field_type type, struct str text, uint64_t *out);

/* Why a value that the field can't have is none, as what it is: "no number", "too large". */
const char *reading_fault(int field, struct str text);

/* Adds a value as it was delivered: in a record that was made of named values (JSON, CSV), %20
 * stands for each blank of one. */
void reading_delivered(struct str value, struct buf *out);

/* Digits alone that a float without a fraction means; the same text otherwise false. `whole`:
 * only if no digit is missing of it, as rounding leaves them out. `out` holds 24 bytes. */
bool reading_digits(struct str text, bool whole, char *out, size_t *n);

#endif
