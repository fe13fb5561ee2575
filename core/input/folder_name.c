/* folder_name.c - see folder.h: which names are looked at, and where a look can be trusted. */
#include <ctype.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/util.h"
#include "input/folder.h"

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);

	return n >= m && strcmp(s + n - m, tail) == 0;
}

/* `aws s3 cp` and `sync` write to NAME.xxxxxxxx, random hexadecimal digits, and rename
 * (s3transfer's random_file_extension). Decimal digits alone are taken for a date. */
static bool is_aws_temporary(const char *name)
{
	size_t n = strlen(name);
	bool letter = false;

	if (n < 10 || name[n - 9] != '.')
		return false;
	for (size_t i = n - 8; i < n; i++) {
		if (!isxdigit((unsigned char)name[i]))
			return false;
		letter |= !isdigit((unsigned char)name[i]);
	}
	return letter;
}

bool folder_reads_name(const char *name)
{
	static const char *const unfinished[] = { ".part", ".partial", ".filepart", ".crdownload",
						  ".tmp" };

	for (size_t i = 0; i < ARRAY_SIZE(unfinished); i++)
		if (ends_with(name, unfinished[i]))
			return false;
	/* CloudWatch's export tasks leave this one behind. */
	return name[0] != '.' && !is_aws_temporary(name) &&
	       strcmp(name, "aws-logs-write-test") != 0;
}

/* Where the kernel itself writes the time of change; remote ones and FUSE may keep
 * or make it up. */
bool folder_is_local(const char *path)
{
	static const unsigned long kinds[] = {
		0xef53,     /* ext4 */
		0x58465342, /* xfs */
		0x9123683e, /* btrfs */
		0x01021994, /* tmpfs */
		0x2fc12fc1, /* zfs */
		0xf2f52010, /* f2fs */
		0x794c7630, /* overlay */
	};
	struct statfs fs;

	if (statfs(path, &fs) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (((unsigned long)fs.f_type & 0xffffffff) == kinds[i])
			return true;
	return false;
}
