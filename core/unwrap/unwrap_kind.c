/* unwrap_kind.c - see unwrap_kind.h. */
#include "unwrap/unwrap_kind.h"

#include <string.h>

#include "unwrap/foreign.h"

#define MAGIC(s) \
	{ \
		s, sizeof(s) - 1 \
	}

const struct unwrap_kind unwrap_text = { .name = "plain" };
const struct unwrap_kind unwrap_foreign = { .name = "foreign" };

static const struct unwrap_kind kinds[] = {
#ifdef HAVE_ISAL
	{ "gzip", MAGIC("\x1f\x8b"), .codec = &unwrap_gzip, .once = &unwrap_isal },
#else
	{ "gzip", MAGIC("\x1f\x8b"), .codec = &unwrap_gzip },
#endif
#ifdef HAVE_ZSTD
	{ "zstd", MAGIC("\x28\xb5\x2f\xfd"), .codec = &unwrap_zstd },
	/* A frame to be skipped. */
	{ "zstd", MAGIC("\x50\x2a\x4d\x18"), .spread = 0x0f, .codec = &unwrap_zstd },
#endif
};

static bool begins(const struct unwrap_kind *k, struct str s)
{
	unsigned char first = (unsigned char)(*s.s ^ *k->magic.s);
	size_t n = s.n < k->magic.n ? s.n : k->magic.n;

	return (first & ~k->spread) == 0 && memcmp(s.s + 1, k->magic.s + 1, n - 1) == 0;
}

/* The beginning of a magic is that, unless it may be text. */
static bool is_telling(struct str s)
{
	return (unsigned char)*s.s >= 0x80 || (unsigned char)*s.s < ' ' ||
	       (s.n > 1 && (unsigned char)s.s[1] >= 0x80);
}

const struct unwrap_kind *unwrap_recognise(struct str s, bool all)
{
	const struct unwrap_kind *maybe = NULL;
	bool more = false;

	for (size_t i = 0; s.n && i < ARRAY_SIZE(kinds); i++) {
		if (!begins(&kinds[i], s))
			continue;
		if (s.n >= kinds[i].magic.n)
			return &kinds[i];
		maybe = maybe ? maybe : &kinds[i];
	}
	if (maybe && all && is_telling(s))
		return maybe;
	if (foreign_of_bytes(s, all, &more))
		return &unwrap_foreign;
	return s.n == 0 || more || (maybe && !all) ? NULL : &unwrap_text;
}
