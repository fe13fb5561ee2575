/* filter_parser.h - the text being parsed, and the verbs on it that the grammar
 * (filter_parse.c) and the words (filter_words.c) share. Functions that make nodes give
 * them to the caller; NULL means that the first error is noted. Private to filter_*.c. */
#ifndef ENITOP_FILTER_PARSER_H
#define ENITOP_FILTER_PARSER_H

#include "filter/filter_ast.h"

struct parser {
	struct str text;
	size_t at;
	int64_t now_s;
	unsigned depth, deepest, nodes;
	struct filter_error *error; /* the first one wins */
	const struct parser *outer; /* of the text that names this one; NULL: none */
	struct str saved;           /* by which name */
	bool failed;
	struct buf *note;
	struct buf unescaped;        /* of a quoted text, until the next is taken */
	unsigned words, regex_words; /* bare ones; those that became a regex with some art */
};

/* A value as it stands in the text: its bytes, and what they say. */
struct operand {
	struct str text;
	size_t at, length;
	bool quoted;
};

/* Always NULL. `message` may be the error's own. */
void *parser_fail(struct parser *p, size_t column, size_t length, const char *message);

/* Bytes: what stands at the place, and going past it. '\0' at the end. */
char parser_peek(const struct parser *p);
void parser_skip_space(struct parser *p);
bool parser_looking_at(const struct parser *p, const char *s);
bool parser_accept(struct parser *p, const char *s);
struct str parser_peek_word(const struct parser *p);
/* Case is ignored. */
bool parser_accept_word(struct parser *p, const char *word);
/* The operator, after blanks, or NULL. */
const char *parser_accept_operator(struct parser *p);
/* A quoted text, with \" and \\ for themselves, or bytes up to a blank, comma or
 * parenthesis. It lives until the next one is taken. */
bool parser_take_value(struct parser *p, struct operand *out);
/* From a '/' to the next one that is not escaped. */
bool parser_take_slashed(struct parser *p, struct str *pattern);

/* Nodes. */
struct node *parser_node(struct parser *p, enum node_kind kind);
struct node *parser_leaf(struct parser *p, const struct name *name);
bool parser_add_match(struct parser *p, struct node *leaf, const struct operand *value);
/* "22,443" into the leaf. */
bool parser_take_values(struct parser *p, struct node *leaf);
/* FIELD=VALUE, of a slice of the text. */
struct node *parser_leaf_of(struct parser *p, const char *field, struct str value);
struct node *parser_leaf_with(struct parser *p, const char *field, const struct operand *value);
/* A regex on the whole record; `at` is the column of its first byte. */
struct node *parser_record_regex(struct parser *p, size_t at, struct str pattern);
/* FIELD~PATTERN; `at` is the column of what it was made of. */
struct node *parser_regex_of(struct parser *p, const char *field, size_t at, struct str pattern);
/* A regex on the leaf's field, read from the text; takes the leaf. */
struct node *parser_field_regex(struct parser *p, struct node *leaf);

/* filter_hint.c: what other languages write, and slips. Fails where one stands: in place
 * of an operator behind a name, or as a word. */
bool filter_hint_operator(struct parser *p);
bool filter_hint_word(struct parser *p, size_t at, struct str w);
/* "dport is a field: ..." */
void *filter_hint_field(struct parser *p, size_t at, struct str w);
/* "state:X": fails where what stands before the colon is meant as a field, or is a word. */
bool filter_hint_colon(struct parser *p, size_t at, struct str w);
/* Notes about the whole. */
void filter_hint_whole(struct parser *p);

/* filter_saved.c: @NAME. */
struct node *filter_saved(struct parser *p);
/* filter_parse.c: the text as a filter of its own; NULL: failed. */
struct node *filter_parse_whole(struct parser *p);

/* filter_drawn.c: a row of the screen, from here on; NULL: there is none, or it failed. */
struct node *filter_drawn(struct parser *p);

/* filter_words.c: whether a word stands for a comparison: an address, a port, tcp. */
bool filter_word_means(struct str w);
/* [src|dst] [host|net|port] VALUE behind the side (NULL: any), and a word
 * at column `at`. */
struct node *filter_tcpdump(struct parser *p, const char *side);
struct node *filter_word(struct parser *p, size_t at, struct str w);

#endif
