/* filter_ast.h - what a filter says, as a tree. Made by filter_parse.c, written out by
 * filter_reads.c, run by filter_eval.c. Private to filter*.c and its test. */
#ifndef ENITOP_FILTER_AST_H
#define ENITOP_FILTER_AST_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "filter/filter.h"

#define LEAF_FIELDS 4
#define RECORD (-2)     /* in place of a field: the whole line */
#define FILTER_DEPTH 64 /* parentheses and nots within each other */
#define FILTER_NODES 1024

/* One of the values that a field is compared with. */
struct match {
	enum match_kind {
		MATCH_ABSENT,
		MATCH_NUMBER,
		MATCH_ADDRESS,
		MATCH_TEXT, /* compared without regard to case */
		MATCH_GLOB, /* the same, '*' is anything */
		MATCH_FLAGS
	} kind;
	/* NUMBER: inclusive, of times milliseconds; FLAGS: low = bits that must be set */
	uint64_t low, high;
	uint8_t from[16], to[16]; /* ADDRESS: inclusive, of one family */
	bool any;                 /* ADDRESS: any at all, of both families */
	bool cut;                 /* ADDRESS: bits behind the prefix were cut off */
	char *text;               /* TEXT, GLOB */
};

struct regex {
	char *pattern;
	bool caseless;
	struct str literal; /* of filter_literal.c; n 0: none */
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	unsigned refs;      /* leaves that have it */
	bool tight;         /* it has the lower limit */
	uint64_t *hopeless; /* hashes of texts on which it ran into a limit; NULL: none did */
};

/* What the regexes of a filter cost. As long as none gives up it is read now and then. */
struct regex_meter {
	uint64_t read_ns;  /* the clock, when it was read last */
	uint64_t spent_ns; /* since the filter was made */
	uint64_t bytes;    /* of the texts that were looked at for it */
	unsigned unread;   /* texts since the clock was read */
	bool tight;        /* texts are given less than at first */
	bool over;         /* nothing is given any more: what remains can't be told */
	bool cut;          /* a text was undecided for what stands behind FILTER_REGEX_TEXT */
};

enum node_kind { NODE_ALL, NODE_NONE, NODE_AND, NODE_OR, NODE_NOT, NODE_LEAF };

struct node {
	enum node_kind kind;
	struct node **child;
	size_t children, cap;
	size_t from, to; /* part of an `and`: where it stands in the text; 0, 0: not noted */
	bool named;      /* typed as @NAME */
	bool grouped;    /* typed in parentheses of its own */
	bool word;       /* typed as one word though it is several leaves: 10.0.0.1:22 */
	bool text_word;  /* a leaf: typed as a word that means nothing but itself */
	bool matched;    /* such a leaf: some record had it, or could not be looked at */
	/* leaf: any of the fields has any of the values, or matches the regex */
	int field[LEAF_FIELDS];
	unsigned fields;
	const char *name; /* how it reads: "srcaddr", "port" */
	struct match *match;
	size_t matches, match_cap;
	const char *compare; /* "<", "<=", ">", ">=": how the one match was given; or NULL */
	uint64_t bound;      /* what it was compared with */
	struct regex *regex;
	/* while a segment is looked at */
	enum verdict { MAYBE, NEVER, ALWAYS } verdict; /* of all its rows */
	struct memo {
		uint8_t *known; /* code, or small number, -> one of KNOWN_ */
		size_t cap;
		bool begun, complete; /* cleared for this segment; every code is known */
		bool undecided;       /* of some code it is not known whether it matches */
		/* Complete ones: the codes that match, where those are all between the two. */
		uint32_t low, high;
		bool run;
	} memo[LEAF_FIELDS][2];
};

/* Of a value: whether it matches, or that its regex gave up on it, which is neither. */
enum known { KNOWN_NOT_YET, KNOWN_NO, KNOWN_YES, KNOWN_UNDECIDED, KNOWN_SOON };

struct clause {
	char *typed, *reads;
};

struct filter {
	char *text;
	struct node *said, *plan; /* as typed; as it is run (filter_fold.c) */
	struct clause *clause;
	size_t clauses;
	struct buf reads, note;
	bool names_status; /* NODATA and SKIPDATA rows take part */
	int64_t now_s;     /* that times were read with */
	bool relative;     /* at another now it reads otherwise */
	struct regex_meter meter;
	struct buf line; /* scratch: the rendered record */
};

/* NULL with *error filled when it does not parse. Adds to `note` what is worth saying of
 * a text that does. `large` (may be NULL): what it reads as may be
 * too much to be parsed. */
struct node *filter_parse(struct str text, int64_t now_s, struct filter_error *error,
			  struct buf *note, bool *large);
struct node *node_new(enum node_kind kind);
void node_free(struct node *n);
/* A deep copy; regexes are shared. */
struct node *node_copy(const struct node *n);
void node_add(struct node *n, struct node *child); /* takes child */
/* Adds the text that reads and parses as this node. */
void node_reads(const struct node *n, struct buf *out);
void match_reads(int field, const struct match *m, struct buf *out);

/* What a name in a filter stands for: a field, or several of which any will do. */
struct name {
	const char *name;
	int field[LEAF_FIELDS];
	unsigned fields;
};
/* False when there is no such name. */
bool filter_name(struct str text, struct name *out);
/* Whether some name begins with the text, or is it. */
bool filter_name_begins(struct str text);
/* Puts "unknown field 'dstprt': did you mean dstport?" into error->message: another tool's name for
 * it, else the nearest of ours, of two as near the one that has such a value (may be empty). */
void filter_suggest(struct str name, struct str value, int64_t now_s, struct filter_error *error);
/* Whether an unknown name before a ':' is meant as a field: it is another tool's, or nearly one
 * of ours. The less of it there is the less may be wrong: two letters, one of four or five; of
 * three or less one too, but the value must be one of that field. */
bool filter_means_field(struct str name, struct str value, int64_t now_s);

/* A value of a field, bare or quoted: 0, or -EINVAL with the reason in error->message. */
int match_parse(int field, struct str text, bool quoted, int64_t now_s, struct match *m,
		struct filter_error *error);
/* Whether a text is what '*' in a glob makes of it: any number of bytes; case is ignored. */
bool glob_matches(const char *glob, struct str text);
/* The range of the network with the first `bits` (of 128) of an address. */
void match_network(const uint8_t address[16], unsigned bits, struct match *m);
/* "fin" of 0. */
const char *flag_name(unsigned bit);

/* filter_fold.c: the same filter in fewer and cheaper parts, the cheapest first; takes the
 * node. `not` stands only before leaves; lists of matches are sorted and apart. */
struct node *filter_fold(struct node *n);

/* Compiles smart-case; NULL with column (in the pattern) and message. */
struct regex *regex_new(struct str pattern, struct filter_error *error);
void regex_free(struct regex *r);

#endif
