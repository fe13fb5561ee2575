/* parquet_page.c - headers of pages: see parquet_page.h. */
#include "parquet/parquet_page.h"

#include <stddef.h>

#include "parquet/parquet_thrift.h"

static void read_data(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, values) },
		{ .id = 2, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, encoding) },
		{ .id = 3,
		  .kind = THRIFT_INT,
		  .at = offsetof(struct parquet_page, level_encoding) },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_dictionary(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, values) },
		{ .id = 2, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, encoding) },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_data_v2(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, values) },
		{ .id = 4, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, encoding) },
		{ .id = 5, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, level_bytes) },
		{ .id = 6, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, repeat_bytes) },
		{ .id = 7, .kind = THRIFT_FLAG, .at = offsetof(struct parquet_page, is_packed) },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

/* As the format has them. */
static bool is_size(int64_t v)
{
	return v >= 0 && v <= INT32_MAX;
}

/* What is impossible in a header that could be read. */
static const char *fault_of(const struct parquet_page *p)
{
	if (!is_size(p->raw) || !is_size(p->packed) || !is_size(p->values) ||
	    !is_size(p->level_bytes) || !is_size(p->repeat_bytes))
		return "a page with an impossible size";
	if (p->raw > PARQUET_PAGE_MAX || p->raw > ((int64_t)16 << 20) + p->packed / 8 * 8800)
		return "a page that would unpack to too much";
	if (p->level_bytes > p->packed || p->repeat_bytes > p->packed - p->level_bytes ||
	    p->level_bytes + p->repeat_bytes > p->raw)
		return "levels that go beyond their page";
	if (p->kind != PARQUET_DATA_V2 && p->level_encoding != PARQUET_RLE)
		return "levels of an old encoding";
	return NULL;
}

size_t parquet_page_read(struct parquet_page *p, struct str bytes, const char **wrong)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, kind) },
		{ .id = 2, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, raw) },
		{ .id = 3, .kind = THRIFT_INT, .at = offsetof(struct parquet_page, packed) },
		{ .id = 5, .kind = THRIFT_STRUCT, .read = read_data },
		{ .id = 7, .kind = THRIFT_STRUCT, .read = read_dictionary },
		{ .id = 8, .kind = THRIFT_STRUCT, .read = read_data_v2 },
	};
	const uint8_t *begin = (const uint8_t *)bytes.s;
	struct thrift t = { .at = begin, .end = begin + bytes.n };

	*p = (struct parquet_page){ .kind = -1, .is_packed = true, .level_encoding = PARQUET_RLE };
	thrift_struct(&t, rows, ARRAY_SIZE(rows), p);
	*wrong = t.wrong ? t.wrong : fault_of(p);
	return *wrong ? 0 : (size_t)(t.at - begin);
}
