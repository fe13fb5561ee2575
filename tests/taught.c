/* taught.c - see taught.h. */
#include "taught.h"

void teach(struct taught *t, const char *header_line, const char *text, size_t piece)
{
	struct decode_state state = { .format = format_parse(str_of(header_line), "header") };

	while (*text) {
		struct decoder *d = decoder_new();
		struct decode_counts counts = { 0 };
		struct malformed_list bad = { 0 };
		struct segment **list;
		const char *end = text;
		for (size_t i = 0; i < piece && *end; i++)
			end = strchr(end, '\n') + 1;
		decoder_feed(d, &state, (struct str){ text, (size_t)(end - text) }, &counts, &bad);
		assert_int_equal(counts.malformed, 0);
		size_t n = decoder_take(d, &list);
		for (size_t i = 0; i < n; i++) {
			servers_rows(t->v, TAUGHT_SOURCE, list[i], 0, list[i]->rows);
			xgrow((void **)&t->segment, &t->cap, t->n + 1, sizeof(struct segment *));
			t->segment[t->n++] = list[i];
		}
		free(list);
		malformed_list_release(&bad);
		decoder_free(d);
		text = end;
	}
}

void take_marks(struct taught *t, struct buf *out)
{
	servers_settle(t->v, TAUGHT_SOURCE);
	for (size_t i = 0; i < t->n; i++) {
		assert_false(servers_wait(t->v, TAUGHT_SOURCE, t->segment[i]));
		servers_forget(t->v, t->segment[i]);
		if (out)
			buf_add(out, t->segment[i]->mark, t->segment[i]->rows);
		segment_free(t->segment[i], NULL);
	}
	free(t->segment);
	t->segment = NULL;
	t->n = t->cap = 0;
}

void marks_under(struct servers *v, const char *header_line, const char *text, size_t piece,
		 struct buf *out)
{
	struct taught t = { .v = v };

	teach(&t, header_line, text, piece);
	take_marks(&t, out);
}
