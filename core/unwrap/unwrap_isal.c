/* unwrap_isal.c - gzip, one member at a time, by ISA-L: a third of zlib's time, 85 KiB. What it
 * takes damage for depends on how much it is given at once: for what is read but once. */
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

#include "unwrap/unwrap_kind.h"

struct isal {
	struct inflate_state z;
	bool failed; /* it gives what it has in hand, and no more */
};

static void *isal_open(void)
{
	return xcalloc(1, sizeof(struct isal));
}

static void isal_begin(void *state)
{
	struct isal *s = state;

	isal_inflate_init(&s->z);
	s->z.crc_flag = ISAL_GZIP; /* header and checksum too */
	s->failed = false;
}

/* ISA-L works ahead of the room it is given. What it has done when it meets damage stands in its
 * buffer. */
static void give_rest(struct inflate_state *z)
{
	uint32_t n = (uint32_t)(z->tmp_out_valid - z->tmp_out_processed);

	n = n < z->avail_out ? n : z->avail_out;
	memcpy(z->next_out, z->tmp_out_buffer + z->tmp_out_processed, n);
	z->tmp_out_processed += (int32_t)n;
	z->next_out += n;
}

static uint32_t at_most(size_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static const struct unwrap_flaw *isal_step(void *state, struct unwrap_io *io, bool *end)
{
	static const struct unwrap_flaw damaged = { "damaged", NULL };
	struct isal *s = state;
	struct inflate_state *z = &s->z;
	size_t in, out;

	z->next_in = (uint8_t *)(uintptr_t)io->in;
	z->avail_in = at_most(io->in_n);
	z->next_out = (uint8_t *)io->out;
	z->avail_out = at_most(io->out_n);
	if (s->failed)
		give_rest(z);
	else
		s->failed = isal_inflate(z) < 0;
	in = (size_t)((const char *)z->next_in - io->in);
	out = (size_t)((char *)z->next_out - io->out);
	*io = (struct unwrap_io){ io->in + in, io->in_n - in, io->out + out, io->out_n - out, 0 };
	*end = z->block_state == ISAL_BLOCK_FINISH;
	return s->failed && z->tmp_out_processed >= z->tmp_out_valid ? &damaged : NULL;
}

const struct unwrap_codec unwrap_isal = {
	.magic = { "\x1f\x8b\x08", 3 },
	.header = 10,
	.begins = unwrap_gzip_begins,
	.open = isal_open,
	.close = free,
	.begin = isal_begin,
	.step = isal_step,
};
