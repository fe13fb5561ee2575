/* source_order.h - the order of sources on screen: those with trouble first, then the
 * newest. Kept in order only while somebody looks; then by merging what changed. */
#ifndef ENITOP_SOURCE_ORDER_H
#define ENITOP_SOURCE_ORDER_H

#include "base/util.h"

enum trouble { TROUBLE_FAILED, TROUBLE_WARNED, TROUBLE_NONE, TROUBLES };

#define ORDER_NAMED INT64_MAX /* asked for by name: before files of folders */

struct source_order;

struct source_order *source_order_new(void);
void source_order_free(struct source_order *o);

/* The next source, number 0 and up; `time_s` is that of its file. */
void source_order_add(struct source_order *o, int64_t time_s);
void source_order_set(struct source_order *o, uint32_t source, enum trouble t);
enum trouble source_order_trouble(const struct source_order *o, uint32_t source);
size_t source_order_count(const struct source_order *o, enum trouble t);

/* The source in a row, and the row of a source. */
uint32_t source_order_at(struct source_order *o, size_t row);
size_t source_order_row(struct source_order *o, uint32_t source);
size_t source_order_bytes(const struct source_order *o);

#endif
