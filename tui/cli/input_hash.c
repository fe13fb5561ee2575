/* input_hash.c - see input_hash.h. */
#include "cli/input_hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#ifdef HAVE_LIBMD
#include <sha2.h>
#endif

#define PIECE (64u << 10) /* bytes that are hashed at once, about */

struct input_hash {
	struct flow_writer writer;
	bool begun;
#ifdef HAVE_LIBMD
	SHA2_CTX sha;
#endif
};

struct input_hashes {
	struct input_hash *of; /* by id of a source */
	size_t n, cap;
	struct buf text;
};

struct input_hashes *input_hashes_new(void)
{
	return xcalloc(1, sizeof(struct input_hashes));
}

void input_hashes_free(struct input_hashes *v)
{
	if (!v)
		return;
	free(v->of);
	buf_release(&v->text);
	free(v);
}

static struct input_hash *hash_of(struct input_hashes *v, uint32_t source)
{
	struct input_hash *h;

	if (source >= v->n) {
		xgrow((void **)&v->of, &v->cap, (size_t)source + 1, sizeof *v->of);
		memset(v->of + v->n, 0, (source + 1 - v->n) * sizeof *v->of);
		v->n = (size_t)source + 1;
	}
	h = &v->of[source];
	if (!h->begun) {
		flow_writer_begin(&h->writer, OUTPUT_RAW, NULL, 0, &v->text);
		h->begun = true;
#ifdef HAVE_LIBMD
		SHA256Init(&h->sha);
#endif
	}
	return h;
}

static void take(struct input_hashes *v, struct input_hash *h)
{
#ifdef HAVE_LIBMD
	SHA256Update(&h->sha, (const uint8_t *)v->text.s, v->text.n);
#else
	(void)h;
#endif
	buf_clear(&v->text);
}

void input_hashes_add(struct input_hashes *v, const struct segment *s, const struct dict *d)
{
	struct input_hash *h = hash_of(v, s->source);

	for (uint32_t row = 0; row < s->rows; row++) {
		flow_writer_row(&h->writer, s, d, row, &v->text);
		if (v->text.n >= PIECE)
			take(v, h);
	}
	if (v->text.n)
		take(v, h);
}

uint64_t input_hash_of(const struct input_hashes *v, uint32_t source, char out[INPUT_HASH_TEXT])
{
	const struct input_hash *h = source < v->n && v->of[source].begun ? &v->of[source] : NULL;

	out[0] = '\0';
#ifdef HAVE_LIBMD
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX sha;

	if (h)
		sha = h->sha;
	else
		SHA256Init(&sha);
	SHA256Final(digest, &sha);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
#endif
	return h ? h->writer.rows : 0;
}
