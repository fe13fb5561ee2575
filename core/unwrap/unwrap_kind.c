/* unwrap_kind.c - see unwrap_kind.h. */
#include "unwrap/unwrap_kind.h"

#include <string.h>

/* clang-format off */
#define MAGIC(s) { s, sizeof(s) - 1 }

#ifdef HAVE_ZSTD
#define ZSTD .codec = &unwrap_zstd
#else
#define ZSTD \
	.title = "zstd", \
	.hint = "this enitop was built without libzstd; pipe it through zstd -dc"
#endif
#ifdef HAVE_ISAL
#define GZIP .codec = &unwrap_gzip, .once = &unwrap_isal
#else
#define GZIP .codec = &unwrap_gzip
#endif
#define UNPACK(command) .hint = "pipe it through " command
#define AS_TEXT .hint = "convert it, or have plain text delivered"

const struct unwrap_kind unwrap_text = { .name = "plain" };
const struct unwrap_kind unwrap_binary = {
	.name = "binary", .title = "binary data", .hint = "it is no text"
};

static const struct unwrap_kind kinds[] = {
	{ "gzip", MAGIC("\x1f\x8b"), GZIP },
	{ "zstd", MAGIC("\x28\xb5\x2f\xfd"), ZSTD },
	{ "zstd", MAGIC("\x50\x2a\x4d\x18"), .spread = 0x0f, ZSTD }, /* a frame to be skipped */
	{ "parquet", MAGIC("PAR1"), .title = "Parquet", AS_TEXT },
	{ "parquet", MAGIC("PARE"), .title = "encrypted Parquet", AS_TEXT },
	{ "orc", MAGIC("ORC"), .word = true, .title = "ORC", AS_TEXT },
	{ "avro", MAGIC("Obj\x01"), .title = "Avro", AS_TEXT },
	{ "bzip2", MAGIC("BZh"), .word = true, .title = "bzip2", UNPACK("bzip2 -dc") },
	{ "xz", MAGIC("\xfd\x37zXZ\0"), .title = "xz", UNPACK("xz -dc") },
	{ "lz4", MAGIC("\x04\x22\x4d\x18"), .title = "lz4", UNPACK("lz4 -dc") },
	{ "lz4", MAGIC("\x02\x21\x4c\x18"), .title = "lz4", UNPACK("lz4 -dc") },
	{ "snappy", MAGIC("\xff\x06\0\0sNaPpY"), .title = "snappy", UNPACK("snzip -dc") },
	{ "snappy", MAGIC("\x82SNAPPY\0"), .title = "snappy (of Java)", AS_TEXT },
	{ "compress", MAGIC("\x1f\x9d"), .title = "compress (.Z)", UNPACK("gzip -dc") },
	{ "zip", MAGIC("PK\x03\x04"), .title = "zip", UNPACK("unzip -p") },
	{ "zip", MAGIC("PK\x05\x06"), .title = "zip", .hint = "and it is empty" },
	{ "7z", MAGIC("7z\xbc\xaf\x27\x1c"), .title = "7z", UNPACK("7z x -so") },
	{ "pcap", MAGIC("\xd4\xc3\xb2\xa1"), .title = "pcap", .hint = "packets are no flow logs" },
	{ "pcap", MAGIC("\xa1\xb2\xc3\xd4"), .title = "pcap", .hint = "packets are no flow logs" },
	{ "pcap", MAGIC("\x4d\x3c\xb2\xa1"), .title = "pcap", .hint = "packets are no flow logs" },
	{ "pcap", MAGIC("\xa1\xb2\x3c\x4d"), .title = "pcap", .hint = "packets are no flow logs" },
	{ "pcapng", MAGIC("\n\r\r\n"), .title = "pcapng", .hint = "packets are no flow logs" },
	{ "elf", MAGIC("\x7f" "ELF"), .title = "ELF", .hint = "it is a program" },
	{ "utf-16", MAGIC("\xff\xfe"), .title = "UTF-16", UNPACK("iconv -f utf-16 -t utf-8") },
	{ "utf-16", MAGIC("\xfe\xff"), .title = "UTF-16", UNPACK("iconv -f utf-16 -t utf-8") },
};
/* clang-format on */

static bool begins(const struct unwrap_kind *k, const char *s, size_t n)
{
	unsigned char first = (unsigned char)(*s ^ *k->magic.s);

	return (first & ~k->spread) == 0 && memcmp(s + 1, k->magic.s + 1, n - 1) == 0;
}

/* The beginning of a magic, and no text. */
static bool is_telling(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] >= 0x80 ||
		    ((unsigned char)s[i] < ' ' && !memchr("\t\r\n", s[i], 3)))
			return true;
	return false;
}

const struct unwrap_kind *unwrap_recognise(const char *s, size_t n, bool all)
{
	const struct unwrap_kind *maybe = NULL;

	for (size_t i = 0; n && i < ARRAY_SIZE(kinds); i++) {
		const struct unwrap_kind *k = &kinds[i];
		bool whole = n >= k->magic.n;
		if (!begins(k, s, whole ? k->magic.n : n))
			continue;
		if (whole)
			return k;
		maybe = maybe ? maybe : k;
	}
	if (n == 0 || (maybe && !all))
		return NULL;
	return maybe && is_telling(s, n) ? maybe : &unwrap_text;
}
