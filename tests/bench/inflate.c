/* inflate - inflates gzip files to nowhere, one behind the other, with the zlib that the
 * program is linked with: what reading them costs at least. Prints how many bytes came out.
 *
 * inflate FILE... */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/util.h"

#define CHUNK (256 * 1024)

static unsigned char in[CHUNK], out[CHUNK];

/* What is in `z`; after the end of a member the next one begins. */
static uint64_t inflate_chunk(z_stream *z, const char *name)
{
	uint64_t bytes = 0;

	while (z->avail_in) {
		z->next_out = out;
		z->avail_out = CHUNK;
		int rc = inflate(z, Z_NO_FLUSH);
		bytes += CHUNK - z->avail_out;
		if (rc == Z_STREAM_END)
			inflateReset(z);
		else if (rc != Z_OK)
			errx(1, "cannot inflate '%s': %s", name, z->msg ? z->msg : zError(rc));
	}
	return bytes;
}

static uint64_t inflate_file(const char *name)
{
	z_stream z = { 0 };
	uint64_t bytes = 0;
	int fd = open(name, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		err(1, "cannot open '%s'", name);
	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		errx(1, "cannot begin '%s'", name);
	while ((n = read(fd, in, CHUNK)) > 0) {
		z.next_in = in;
		z.avail_in = (unsigned)n;
		bytes += inflate_chunk(&z, name);
	}
	if (n < 0)
		err(1, "cannot read '%s'", name);
	inflateEnd(&z);
	close(fd);
	return bytes;
}

int main(int argc, char **argv)
{
	uint64_t bytes = 0;

	for (int i = 1; i < argc; i++)
		bytes += inflate_file(argv[i]);
	printf("%" PRIu64 "\n", bytes);
	return 0;
}
