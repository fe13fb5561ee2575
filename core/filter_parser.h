/* filter_parser.h - the text being parsed, and the verbs on it that the grammar
 * (filter_parse.c) and the words (filter_words.c) share. Functions that make nodes give
 * them to the caller; NULL means that the first error is noted. Private to filter_*.c. */
#ifndef ENITOP_FILTER_PARSER_H
#define ENITOP_FILTER_PARSER_H

#include "filter_ast.h"

struct parser {
	struct str text;
	size_t at;
	int64_t now_s;
	unsigned depth, nodes;
	struct filter_error *error; /* the first one wins */
	bool failed;
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
/* A quoted text, or bytes up to a blank, comma or parenthesis. */
bool parser_take_value(struct parser *p, struct str *out);
/* From a '/' to the next one that is not escaped. */
bool parser_take_slashed(struct parser *p, struct str *pattern);

/* Nodes. */
struct node *parser_node(struct parser *p, enum node_kind kind);
void node_add(struct node *n, struct node *child); /* takes child */
struct node *parser_leaf(struct parser *p, const struct name *name);
bool parser_add_match(struct parser *p, struct node *leaf, struct str value);
/* "22,443" into the leaf. */
bool parser_take_values(struct parser *p, struct node *leaf);
/* FIELD=VALUE. */
struct node *parser_leaf_of(struct parser *p, const char *field, struct str value);
/* A regex on the whole record; `at` is the column of its first byte. */
struct node *parser_record_regex(struct parser *p, size_t at, struct str pattern);
/* A regex on the leaf's field, read from the text; takes the leaf. */
struct node *parser_field_regex(struct parser *p, struct node *leaf);

/* filter_words.c: [src|dst] [host|net|port] VALUE behind the side (NULL: any), and a word
 * at column `at`. */
struct node *filter_tcpdump(struct parser *p, const char *side);
struct node *filter_word(struct parser *p, size_t at, struct str w);

#endif
