/* input_hash.h - the SHA-256 of what was read of each input: of its records as `--view flows --output
 * raw` writes them, which for a plain file in good shape is that of the file. */
#ifndef ENITOP_INPUT_HASH_H
#define ENITOP_INPUT_HASH_H

#include "output/export.h"

#define INPUT_HASH_TEXT 65 /* 64 digits and a NUL */

struct input_hashes;

struct input_hashes *input_hashes_new(void);
void input_hashes_free(struct input_hashes *v);
/* The rows of a published segment, those of a source in its order. */
void input_hashes_add(struct input_hashes *v, const struct segment *s, const struct dict *d);
/* Of a source by its id: how many records there were; *out is empty where the program was built
 * without libmd. */
uint64_t input_hash_of(const struct input_hashes *v, uint32_t source, char out[INPUT_HASH_TEXT]);

#endif
