/* remote_records.c - see remote_records.h. */
#include "cli/remote_records.h"

#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"

/* What the server says of the sides, in place of what this alone would tell. */
static void mark_sides(struct segment *s, const struct engine_reply *reply, size_t first)
{
	const uint8_t sides = MARK_SERVER_SRC | MARK_GUESS | MARK_WEAK;

	for (uint32_t i = 0; i < s->rows && first + i < reply->sides.n; i++) {
		char said = reply->sides.s[first + i];
		s->mark[i] = (uint8_t)((s->mark[i] & ~sides) | (said & 1 ? MARK_SERVER_SRC : 0) |
				       (said & 2 ? MARK_GUESS : 0));
	}
}

bool remote_records(const struct options *o, struct engine_reply *reply, struct export_context *c,
		    struct buf *out)
{
	struct decode_state state = { 0 };
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct decoder *d = decoder_new();
	struct dict *dict = dict_new();
	struct segment **list;
	struct flow_writer w;
	size_t n, rows = 0;

	decoder_feed(d, &state, buf_str(&reply->lines), &counts, &bad);
	n = decoder_take(d, &list);
	flow_writer_begin(&w, o->output, &o->columns, 0, out);
	for (size_t i = 0; i < n; i++) {
		segment_publish(list[i], dict);
		mark_sides(list[i], reply, rows);
		for (uint32_t row = 0; row < list[i]->rows; row++)
			flow_writer_row(&w, list[i], dict, row, out);
		rows += list[i]->rows;
	}
	c->complete &= rows == reply->records;
	flow_writer_end(&w, &reply->answer.result, c, out);
	for (size_t i = 0; i < n; i++)
		segment_free(list[i], dict);
	free(list);
	decoder_free(d);
	dict_free(dict);
	malformed_list_release(&bad);
	return rows == reply->records;
}
