/* query_key.h - group keys: how the fields of rows become words and words become
 * values again. Private to query*.c. */
#ifndef ENITOP_QUERY_KEY_H
#define ENITOP_QUERY_KEY_H

#include "label_field.h"
#include "query.h"

#define KEY_BATCH 512
#define KEY_ABSENT UINT32_MAX
#define KEY_LARGEST (UINT32_MAX - 1) /* what a larger port or bin is taken for */

#define KEY_PART_WORDS 4 /* of one part, at most */
#define KEY_WORDS (GROUP_MAX * KEY_PART_WORDS)

/* How a part of a key is kept. */
enum key_kind {
	KEY_BIN,     /* time >> shift; KEY_ABSENT */
	KEY_NUMBER,  /* a port, protocol or set of flags; KEY_ABSENT */
	KEY_WIDE,    /* a number of 64 bit, high word first; NUMBER_ABSENT */
	KEY_ADDRESS, /* an id of the dictionary; DICT_NONE */
	KEY_TEXT,    /* the same */
	KEY_PAIR,    /* two ids of addresses, the lower first */
	KEY_NETWORK  /* the masked address, its last four bytes first: they differ most */
};

struct key_layout {
	unsigned n, words;
	int field[GROUP_MAX];
	enum field_type type[GROUP_MAX];
	enum key_kind kind[GROUP_MAX];
	uint8_t bits[GROUP_MAX][2]; /* networks: prefix of 128, of IPv4 (96 + n) and IPv6 */
	unsigned at[GROUP_MAX];     /* its first word */
};

void key_layout_init(struct key_layout *l, const struct group *g);
/* The word of FIELD_BIN, or -1. */
int key_layout_bin(const struct key_layout *l);
/* Whether the part's value is there. */
bool key_part_known(const struct key_layout *l, const uint32_t *key, unsigned part);

static inline uint32_t key_hash32(const uint32_t *key, unsigned words)
{
	uint64_t h = 0x9e3779b97f4a7c15u;

	for (unsigned i = 0; i < words; i++)
		h = (h ^ key[i]) * 0xff51afd7ed558ccdu ^ (h >> 29);
	return (uint32_t)(h >> 32 ^ h >> 7);
}

void key_value(const struct key_layout *l, const uint32_t *key, unsigned part, const struct dict *d,
	       unsigned shift, struct value *out);
/* By the bytes of the values, part after part; absent first. */
int key_compare(const struct key_layout *l, const uint32_t *a, const uint32_t *b,
		const struct dict *d);
/* A number that orders keys as key_compare does, as far as it reaches: equal ones are
 * still to be compared. */
uint64_t key_prefix(const struct key_layout *l, const uint32_t *key, const struct dict *d);
/* The words of a key from its values; false when one of them is not in the dictionary,
 * so that no key has it. Loop thread. */
bool key_encode(const struct key_layout *l, const struct value *value, struct dict *d,
		unsigned shift, uint32_t *key);
/* Takes (keep) or gives back the references to the dictionary of a key's words. */
void key_keep(const struct key_layout *l, const uint32_t *key, struct dict *d, bool keep);
/* Writes the words of a network part; address NULL: absent. */
void key_put_network(const struct key_layout *l, unsigned part, const uint8_t *address,
		     uint32_t *key);

/* A small set of keys of `words` words, for restriction. */
struct key_set {
	unsigned words; /* 0: no restriction */
	uint32_t n, cap;
	uint32_t *key;
	uint32_t *slot;       /* index + 1 */
	uint64_t first[1024]; /* bit: some key's first word has these low bits */
};

void key_set_init(struct key_set *s, unsigned words);
void key_set_release(struct key_set *s);
void key_set_add(struct key_set *s, const uint32_t *key);
bool key_set_has(const struct key_set *s, const uint32_t *key);

/* What a row adds to a tally. */
struct row_facts {
	uint64_t bytes, packets, sent, lost;
	union { /* see struct tally */
		uint32_t seconds;
		uint32_t guessed;
	};
	uint8_t flow, accept, reject;
	uint8_t before; /* its time is before the mark; only where there is one */
};

/* Adds (sign 1) or takes away (sign -1, as unsigned). */
static inline void tally_add(struct tally *to, const struct tally *more, uint64_t sign)
{
	to->bytes += sign * more->bytes;
	to->packets += sign * more->packets;
	to->flows += sign * more->flows;
	to->accepts += sign * more->accepts;
	to->rejects += sign * more->rejects;
	to->sent += sign * more->sent;
	to->lost += sign * more->lost;
	to->seconds += sign * more->seconds;
}

static inline void tally_change(struct tally *t, const struct row_facts *f, uint64_t sign)
{
	t->bytes += sign * f->bytes;
	t->packets += sign * f->packets;
	t->flows += sign * f->flow;
	t->accepts += sign * f->accept;
	t->rejects += sign * f->reject;
	t->sent += sign * f->sent;
	t->lost += sign * f->lost;
	t->seconds += sign * f->seconds;
}

struct key_batch {
	const struct segment *segment;
	unsigned n;
	uint32_t row[KEY_BATCH];
	int64_t time[KEY_BATCH];
	struct row_facts facts[KEY_BATCH];
	uint32_t code[2][KEY_BATCH]; /* scratch */
	uint32_t word[KEY_BATCH];
	const uint8_t *address[KEY_BATCH];
	uint64_t number[KEY_BATCH];
	uint32_t key[]; /* words a row */
};

struct key_batch *key_batch_new(unsigned words);

/* Of the rows first..first+n-1 those that have their bit (bit `bit0` is that of row `first`;
 * NULL: every flow) and are in the span, as many as there is room for. Returns how many rows
 * were looked at, from `first` on. */
uint32_t key_batch_select(struct key_batch *b, const struct segment *s, uint32_t first, uint32_t n,
			  const uint64_t *bits, uint32_t bit0, struct span span);

/* Where the words of a segment's rows come from. */
struct key_reader {
	const struct key_layout *layout;
	const struct segment *segment;
	const struct column *column[GROUP_MAX][2]; /* [1]: used where the source serves */
	bool is_label[GROUP_MAX];                  /* the columns' values are to be labelled */
	struct label_field label[GROUP_MAX];
	const struct key_set *only; /* NULL: none */
	const struct dict *dict;
	unsigned shift;
};

void key_reader_init(struct key_reader *r, const struct key_layout *l, const struct segment *s,
		     const struct dict *d, unsigned shift, const struct key_set *only);
/* Fills keys and facts of the selected rows, dropping those the restriction does not
 * name. Returns how many are left. */
uint32_t key_batch_read(struct key_batch *b, const struct key_reader *r);
/* Drops the selected rows without all of these marks. */
void key_batch_only(struct key_batch *b, uint8_t mark);
/* The intervals of the rows read: end in `time`, start in `number`, NUMBER_ABSENT where
 * the row is not spread. */
void key_batch_intervals(struct key_batch *b);

/* The times of the selected rows. */
void key_batch_times(struct key_batch *b);
/* Fills the keys alone, of the rows of another batch. */
void key_batch_read_keys(struct key_batch *b, const struct key_reader *r,
			 const struct key_batch *rows);

#endif
