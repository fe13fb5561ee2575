/* foreign.c - see foreign.h. */
#include "unwrap/foreign.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
#define AT(at, s) { at, { s, sizeof(s) - 1 } }
#define BYTES(s) .sign = { AT(0, s) }
#define UNPACK(command) "pipe it through " command
#define FOLDER(command) "unpack it into a folder and name that: " command
#define PACKETS "packets are no flow logs"
#define OF_AWS "enitop reads the flow logs of Amazon VPCs and transit gateways"
#define AS_TEXT "convert it, or have plain text delivered"

static const struct foreign rows[] = {
	/* ---- tables ---- */
	{ "parquet", "Parquet", "unpack it: its pages are packed by themselves", BYTES("PAR1") },
	{ "parquet", "encrypted Parquet", AS_TEXT, BYTES("PARE") },
	{ "orc", "ORC", AS_TEXT, BYTES("ORC"), .word = true },
	{ "avro", "Avro", AS_TEXT, BYTES("Obj\x01") },
	{ "arrow", "Arrow", AS_TEXT, BYTES("ARROW1\0\0") },
	{ "sqlite", "an SQLite database", "pipe a table of it: sqlite3 -csv -header FILE 'select * from TABLE'",
	  BYTES("SQLite format 3\0") },
	{ "xlsx", "an Excel workbook", "save it as CSV", .sign = { AT(0, "PK\x03\x04"), AT(30, "[Content_Types].xml") } },
	{ "xlsx", "an Excel workbook", "save it as CSV", .sign = { AT(0, "PK\x03\x04"), AT(30, "xl/") } },
	{ "xlsx", "an office document", "save it as CSV", .sign = { AT(0, "PK\x03\x04"), AT(30, "_rels/") } },
	{ "ods", "an OpenDocument file", "save it as CSV", .sign = { AT(0, "PK\x03\x04"), AT(30, "mimetype") } },
	{ "ole", "an OLE file (Thumbs.db, .xls, .doc, .msi)", "where it is a sheet, save it as CSV",
	  BYTES("\xd0\xcf\x11\xe0") },
	/* ---- packed ---- */
#ifndef HAVE_ZSTD
	{ "zstd", "zstd", "this enitop was built without libzstd; " UNPACK("zstd -dc"), BYTES("\x28\xb5\x2f\xfd") },
#endif
	{ "bzip2", "bzip2", UNPACK("bzip2 -dc"), .sign = { AT(0, "BZh"), AT(4, "1AY&SY") } },
	{ "bzip2", "bzip2", "and it is empty", .sign = { AT(0, "BZh"), AT(4, "\x17\x72\x45\x38\x50\x90") } },
	{ "xz", "xz", UNPACK("xz -dc"), BYTES("\xfd\x37zXZ\0") },
	{ "lz4", "lz4", UNPACK("lz4 -dc"), BYTES("\x04\x22\x4d\x18") },
	{ "lz4", "lz4", UNPACK("lz4 -dc"), BYTES("\x02\x21\x4c\x18") },
	{ "lzip", "lzip", UNPACK("lzip -dc"), BYTES("LZIP\x01") },
	{ "lzop", "lzop", UNPACK("lzop -dc"), BYTES("\x89LZO\0\r\n\x1a\n") },
	{ "snappy", "snappy", UNPACK("snzip -dc"), BYTES("\xff\x06\0\0sNaPpY") },
	{ "snappy", "snappy (of Java)", "have it delivered as gzip, or not compressed", BYTES("\x82SNAPPY\0") },
	{ "compress", "compress (.Z)", UNPACK("gzip -dc"), BYTES("\x1f\x9d") },
	{ "zlib", "zlib", UNPACK("pigz -dc"), BYTES("\x78\x9c") },
	{ "zlib", "zlib", UNPACK("pigz -dc"), BYTES("\x78\xda") },
	{ "zip", "zip", FOLDER("unzip FILE -d FOLDER"), BYTES("PK\x03\x04") },
	{ "zip", "zip", "and it is empty", BYTES("PK\x05\x06") },
	{ "7z", "7z", FOLDER("7z x FILE -oFOLDER"), BYTES("7z\xbc\xaf\x27\x1c") },
	{ "rar", "rar", FOLDER("unrar x FILE FOLDER/"), BYTES("Rar!\x1a\x07") },
	{ "tar", "tar", FOLDER("tar -xf FILE -C FOLDER"), .sign = { AT(257, "ustar") } },
	{ "kpl", "a KPL aggregate (Kinesis Producer Library)", "deaggregate it where it is consumed",
	  BYTES("\xf3\x89\x9a\xc2") },
	/* ---- captures, other binary logs, strangers in folders ---- */
	{ "pcap", "pcap", PACKETS, BYTES("\xd4\xc3\xb2\xa1") },
	{ "pcap", "pcap", PACKETS, BYTES("\xa1\xb2\xc3\xd4") },
	{ "pcap", "pcap", PACKETS, BYTES("\x4d\x3c\xb2\xa1") },
	{ "pcap", "pcap", PACKETS, BYTES("\xa1\xb2\x3c\x4d") },
	{ "pcapng", "pcapng", PACKETS, BYTES("\n\r\r\n") },
	{ "nfdump", "NetFlow of nfdump", OF_AWS, BYTES("\x0c\xa5\x01\0") },
	{ "nfdump", "NetFlow of nfdump", OF_AWS, BYTES("\x0c\xa5\x02\0") },
	{ "evtx", "a Windows event log", OF_AWS, BYTES("ElfFile\0") },
	{ "journal", "a journal of systemd", "pipe what it holds: journalctl --file FILE -o cat", BYTES("LPKSHHRH") },
	{ "elf", "ELF", "it is a program", BYTES("\x7f" "ELF") },
	{ "exe", "a program for Windows", "it is no log", BYTES("MZ"), .word = true },
	{ "pdf", "PDF", "it is no log", BYTES("%PDF-"), .word = true },
	{ "png", "PNG", "it is a picture", BYTES("\x89PNG\r\n\x1a\n") },
	{ "jpeg", "JPEG", "it is a picture", BYTES("\xff\xd8\xff") },
	{ "ds_store", ".DS_Store", "it is the Finder's", BYTES("\0\0\0\x01" "Bud1") },
	{ "utf-32", "text in UTF-32", UNPACK("iconv -f utf-32 -t utf-8"), BYTES("\xff\xfe\0\0"), .entire = true },
	{ "utf-32", "text in UTF-32", UNPACK("iconv -f utf-32 -t utf-8"), BYTES("\0\0\xfe\xff"), .entire = true },
	{ "utf-32", "text in UTF-32", UNPACK("iconv -f utf-32le -t utf-8"), BYTES("a\0\0\0a\0\0\0"), .entire = true,
	  .letters = true },
	{ "utf-32", "text in UTF-32", UNPACK("iconv -f utf-32be -t utf-8"), BYTES("\0\0\0a\0\0\0a"), .entire = true,
	  .letters = true },
	/* ---- documents ---- */
	{ .title = "a flow log of Azure network security groups", .hint = OF_AWS,
	  .names = "category operationName properties.Version" },
	{ .title = "a flow log of Azure virtual networks", .hint = OF_AWS, .names = "flowLogGUID flowLogVersion" },
	{ .title = "a flow log of Google Cloud", .hint = OF_AWS, .names = "connection.src_ip reporter bytes_sent" },
	{ .title = "a flow log of Oracle Cloud", .hint = OF_AWS, .names = "data.bytesOut data.flowid" },
	{ .title = "a GuardDuty finding", .hint = OF_AWS, .names = "schemaVersion accountId service.action.actionType" },
	{ .title = "a Security Hub finding", .hint = OF_AWS, .names = "AwsAccountId ProductArn GeneratorId" },
	{ .title = "an access log of VPC Lattice", .hint = OF_AWS, .names = "serviceNetworkArn listenerType" },
	{ .title = "CloudTrail", .hint = OF_AWS, .names = "eventVersion eventSource eventName" },
	{ .title = "a query log of Route 53 Resolver", .hint = OF_AWS, .names = "query_timestamp query_name" },
	{ .title = "a log of AWS WAF", .hint = OF_AWS, .names = "webaclId terminatingRuleId" },
	{ .title = "a log of AWS Network Firewall", .hint = OF_AWS, .names = "firewall_name event.event_type" },
	{ .title = "a log of Suricata", .hint = OF_AWS, .names = "event_type flow_id src_ip" },
	{ .title = "a log of Zeek", .hint = OF_AWS, .names = "id.orig_h id.resp_h uid" },
	/* ---- lines ---- */
	{ .title = "an access log of an application load balancer", .hint = OF_AWS,
	  .line = "* 2099-99-99T*Z app/*" },
	{ .title = "an access log of a network load balancer", .hint = OF_AWS,
	  .line = "tls 2.0 2099-99-99T* net/*" },
	{ .title = "an access log of a classic load balancer", .hint = OF_AWS,
	  .line = "2099-99-99T*Z * *:* * *.* *.* *.* * * * * \"*" },
	{ .title = "an access log of S3", .hint = OF_AWS,
	  .line = "* * [99/*/2099:99:99:99 *] * * * *.*.*" },
	{ .title = "an access log of a web server", .hint = OF_AWS,
	  .line = "* * * [99/*/2099:99:99:99 *] \"*" },
	{ .title = "an access log of CloudFront", .hint = OF_AWS, .line = "#version: 1.0" },
	{ .title = "a log of Zeek", .hint = OF_AWS, .line = "#separator" },
	{ .title = "what tcpdump prints", .hint = PACKETS, .line = "99:99:99.* ip* * > *:" },
	{ .title = "an HTML page", .hint = "what was to be fetched may need a login", .line = "<!doctype html*" },
	{ .title = "an HTML page", .hint = "what was to be fetched may need a login", .line = "<html*" },
	{ .title = "XML", .hint = "where S3 sent it, it says why there is no object", .line = "<*xml" },
	{ .title = "a pointer of Git LFS", .hint = "fetch the file: git lfs pull", .line = "version https://git-lfs*" },
	{ .title = "encrypted or a key", .hint = "decrypt it first", .line = "-----BEGIN" },
};

static const struct foreign binary = { .name = "binary", .title = "binary data", .hint = "it is no text" };
/* clang-format on */

/* ---- bytes ---- */

enum match { NONE, SOME, WHOLE };

static bool is_text(char c)
{
	return (c >= ' ' && c < 127) || (c && memchr("\t\r\n", c, 3));
}

/* SOME: as far as the bytes go. `letters`: an `a` of the sign is any byte of text. */
static enum match matches(struct str s, const struct foreign_sign *sign, bool letters)
{
	size_t there = s.n > sign->at ? s.n - sign->at : 0;
	size_t n = there < sign->bytes.n ? there : sign->bytes.n;

	for (size_t i = 0; i < n; i++) {
		char c = s.s[sign->at + i], wanted = sign->bytes.s[i];
		if (c != wanted && !(letters && wanted == 'a' && is_text(c)))
			return NONE;
	}
	return n == sign->bytes.n ? WHOLE : SOME;
}

static enum match row_matches(const struct foreign *f, struct str s)
{
	enum match first = matches(s, &f->sign[0], f->letters);
	enum match second = matches(s, &f->sign[1], f->letters);

	return first < second ? first : second;
}

/* The beginning of a sign, and no text. */
static bool is_telling(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_text(s.s[i]) && s.s[i] != 127)
			return true;
	return false;
}

const struct foreign *foreign_of_bytes(struct str s, bool all, bool *more)
{
	const struct foreign *maybe = NULL;

	for (size_t i = 0; s.n && i < ARRAY_SIZE(rows); i++) {
		const struct foreign *f = &rows[i];
		if (!f->sign[0].bytes.n || f->sign[0].at || f->word)
			continue;
		enum match m = row_matches(f, s);
		if (m == WHOLE && (all || !maybe))
			return f;
		maybe = maybe || m == NONE ? maybe : f;
	}
	*more |= maybe && !all;
	return maybe && all && !maybe->entire && is_telling(s) ? maybe : NULL;
}

const struct foreign *foreign_of_binary(struct str s)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].sign[0].bytes.n && row_matches(&rows[i], s) == WHOLE)
			return &rows[i];
	return &binary;
}

/* ---- names ---- */

/* "connection.src_ip" is that, or "jsonPayload.connection.src_ip". */
static bool is_called(struct str name, struct str wanted)
{
	if (name.n < wanted.n || strncasecmp(name.s + (name.n - wanted.n), wanted.s, wanted.n) != 0)
		return false;
	return name.n == wanted.n || name.s[name.n - wanted.n - 1] == '.';
}

static bool is_among(struct str wanted, const struct str *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_called(name[i], wanted))
			return true;
	return false;
}

const struct foreign *foreign_of_names(const struct str *name, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct str rest = str_of(rows[i].names ? rows[i].names : ""), wanted = { 0 };
		bool all = rest.n > 0;
		while (all && (wanted = str_token(&rest)).n)
			all = is_among(wanted, name, n);
		if (all)
			return &rows[i];
	}
	return NULL;
}

/* ---- lines ---- */

static bool same(char c, char of)
{
	return of == '9' ? c >= '0' && c <= '9' : (c | 32) == (of | 32);
}

/* '*' is any bytes, '9' a digit. Of stars the last alone is tried again. */
static bool is_like(struct str s, struct str pattern)
{
	size_t i = 0, p = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (p < pattern.n && pattern.s[p] == '*') {
			star = p++;
			from = i;
		} else if (p < pattern.n && same(s.s[i], pattern.s[p])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.s[p] == '*')
		p++;
	return p == pattern.n;
}

/* Value by value, as many as the pattern has. */
static bool begins_like(struct str line, struct str pattern)
{
	struct str wanted;

	while ((wanted = str_token(&pattern)).n)
		if (!is_like(str_token(&line), wanted))
			return false;
	return true;
}

const struct foreign *foreign_of_line(struct str line)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].line && begins_like(line, str_of(rows[i].line)))
			return &rows[i];
	return NULL;
}
