/* baseline.c - see baseline.h. */
#include "triage/baseline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "triage/port_kinds.h"

#define HEAD "enitop-baseline 1"
#define LINE_MAX_BYTES 256u
#define FAULT_LINES 10u
#define HUB_HOSTS 3u /* that one administers to be called a hub */

struct known {
	uint8_t client[16], server[16];
	uint16_t port;
	uint8_t protocol;
	uint8_t kind; /* 1 + enum baseline_kind; 0: free */
};

struct baseline {
	struct known *slot;
	size_t slots, n; /* slots: a power of two, or 0 */
	int64_t from, to;
	uint64_t dropped;
};

static const char *const kind_names[BASELINE_KINDS_N] = {
#define X(id, name) name,
	BASELINE_KINDS(X)
#undef X
};

struct baseline *baseline_new(void)
{
	struct baseline *b = xcalloc(1, sizeof *b);

	b->from = INT64_MAX;
	b->to = INT64_MIN;
	return b;
}

void baseline_free(struct baseline *b)
{
	if (!b)
		return;
	free(b->slot);
	free(b);
}

size_t baseline_count(const struct baseline *b)
{
	return b->n;
}

uint64_t baseline_dropped(const struct baseline *b)
{
	return b->dropped;
}

size_t baseline_bytes(const struct baseline *b)
{
	return sizeof *b + b->slots * sizeof *b->slot;
}

void baseline_span(const struct baseline *b, int64_t *from, int64_t *to)
{
	*from = b->from;
	*to = b->to;
}

/* ---- the set ---- */

/* What of a conversation a kind is of. */
static struct known known_of(enum baseline_kind kind, const struct edge_key *key)
{
	struct known k = { .kind = (uint8_t)(1 + kind) };

	if (kind != BASELINE_EXPOSURE)
		memcpy(k.client, key->client, 16);
	if (kind != BASELINE_HUB)
		memcpy(k.server, key->server, 16);
	if (kind == BASELINE_EDGE || kind == BASELINE_EXPOSURE) {
		k.port = key->port;
		k.protocol = key->protocol;
	}
	return k;
}

static size_t slot_of(const struct baseline *b, const struct known *k)
{
	uint64_t h = hash_pair(hash_address(k->client), hash_address(k->server),
			       (uint64_t)k->kind << 32 | (uint64_t)k->port << 8 | k->protocol);
	size_t at = h & (b->slots - 1);

	while (b->slot[at].kind && memcmp(&b->slot[at], k, sizeof *k) != 0)
		at = (at + 1) & (b->slots - 1);
	return at;
}

static void grow(struct baseline *b)
{
	struct known *was = b->slot;
	size_t slots = b->slots;

	b->slots = slots ? slots * 2 : 1024;
	b->slot = xcalloc(b->slots, sizeof *b->slot);
	for (size_t i = 0; i < slots; i++)
		if (was[i].kind)
			b->slot[slot_of(b, &was[i])] = was[i];
	free(was);
}

static void add(struct baseline *b, const struct known *k)
{
	size_t at;

	if (b->n >= b->slots / 4 * 3 && b->n < BASELINE_MOST)
		grow(b);
	at = slot_of(b, k);
	if (b->slot[at].kind)
		return;
	if (b->n == BASELINE_MOST) {
		b->dropped++;
		return;
	}
	b->slot[at] = *k;
	b->n++;
}

void baseline_add(struct baseline *b, enum baseline_kind kind, const struct edge_key *key)
{
	struct known k = known_of(kind, key);

	add(b, &k);
}

bool baseline_has(const struct baseline *b, enum baseline_kind kind, const struct edge_key *key)
{
	struct known k = known_of(kind, key);

	return b->slots && b->slot[slot_of(b, &k)].kind;
}

/* ---- learning ---- */

void baseline_learn(struct baseline *b, const struct evidence_edge *e)
{
	uint64_t answered = 0;

	for (size_t i = 0; i < e->minutes; i++)
		answered += e->minute[i].answered;
	if (!answered || e->key.any_client)
		return;
	if (e->client_internal)
		baseline_add(b, BASELINE_EDGE, &e->key);
	if (e->client_internal && !e->server_internal)
		baseline_add(b, BASELINE_DESTINATION, &e->key);
	if (!e->client_internal && e->server_internal)
		baseline_add(b, BASELINE_EXPOSURE, &e->key);
}

static int by_client(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct known));
}

/* In the order in which they are written: the same whatever came first. */
static struct known *sorted(const struct baseline *b)
{
	struct known *list = xcalloc(b->n + 1, sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < b->slots; i++)
		if (b->slot[i].kind)
			list[n++] = b->slot[i];
	qsort(list, n, sizeof *list, by_client);
	return list;
}

void baseline_learned(struct baseline *b, int64_t from, int64_t to)
{
	struct known *list = sorted(b);
	size_t n = b->n, hosts = 0;

	b->from = from < b->from ? from : b->from;
	b->to = to > b->to ? to : b->to;
	for (size_t i = 0; i < n; i++) {
		bool same = i && memcmp(list[i].client, list[i - 1].client, 16) == 0;
		bool other = !same || memcmp(list[i].server, list[i - 1].server, 16) != 0;
		hosts = same ? hosts : 0;
		if (list[i].kind != 1 + BASELINE_EDGE || !port_is_admin(list[i].port))
			continue;
		hosts += other || hosts == 0;
		if (hosts == HUB_HOSTS) {
			struct known hub = { .kind = 1 + BASELINE_HUB };
			memcpy(hub.client, list[i].client, 16);
			add(b, &hub);
		}
	}
	free(list);
}

/* ---- files ---- */

static bool take_address(struct str *rest, uint8_t out[16])
{
	return address_parse(str_token(rest), out);
}

static bool take_number(struct str *rest, uint64_t most, uint64_t *out)
{
	struct str word = str_token(rest);

	*out = 0;
	for (size_t i = 0; i < word.n; i++) {
		if (word.s[i] < '0' || word.s[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(word.s[i] - '0');
		if (*out > most)
			return false;
	}
	return word.n > 0;
}

static bool take_line(struct baseline *b, struct str line)
{
	struct str word = str_token(&line);
	struct known k = { 0 };
	uint64_t port = 0, protocol = 0, from, to;
	unsigned kind = 0;

	if (str_equal(word, str_of("span"))) {
		if (!take_number(&line, INT64_MAX / 2, &from) ||
		    !take_number(&line, INT64_MAX / 2, &to))
			return false;
		b->from = (int64_t)from < b->from ? (int64_t)from : b->from;
		b->to = (int64_t)to > b->to ? (int64_t)to : b->to;
		return true;
	}
	while (kind < BASELINE_KINDS_N && !str_equal(word, str_of(kind_names[kind])))
		kind++;
	if (kind == BASELINE_KINDS_N ||
	    (kind != BASELINE_EXPOSURE && !take_address(&line, k.client)) ||
	    (kind != BASELINE_HUB && !take_address(&line, k.server)))
		return false;
	if ((kind == BASELINE_EDGE || kind == BASELINE_EXPOSURE) &&
	    (!take_number(&line, UINT16_MAX, &port) || !take_number(&line, UINT8_MAX, &protocol)))
		return false;
	k.kind = (uint8_t)(1 + kind);
	k.port = (uint16_t)port;
	k.protocol = (uint8_t)protocol;
	add(b, &k);
	return true;
}

int baseline_read(struct baseline *b, const char *path, struct label_faults *faults)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = f ? 0 : -errno;

	for (unsigned number = 1; f && rc == 0 && (n = getline(&line, &cap, f)) >= 0; number++) {
		struct str text = str_trim((struct str){ line, (size_t)n });
		if (number == 1)
			rc = str_equal(text, str_of(HEAD)) ? 0 : -EINVAL;
		else if (text.n && text.s[0] != '#' &&
			 (text.n > LINE_MAX_BYTES || !take_line(b, text)) &&
			 faults->n++ < FAULT_LINES)
			buf_printf(&faults->text, "%s:%u: no line of a baseline\n", path, number);
	}
	if (f && rc == 0 && ferror(f))
		rc = -EIO;
	if (f && rc == 0 && !line)
		rc = -EINVAL;
	free(line);
	if (f)
		fclose(f);
	return rc;
}

static void write_line(FILE *f, const struct known *k)
{
	enum baseline_kind kind = (enum baseline_kind)(k->kind - 1);
	char text[46];

	fputs(kind_names[kind], f);
	if (kind != BASELINE_EXPOSURE) {
		address_format(k->client, text);
		fprintf(f, " %s", text);
	}
	if (kind != BASELINE_HUB) {
		address_format(k->server, text);
		fprintf(f, " %s", text);
	}
	if (kind == BASELINE_EDGE || kind == BASELINE_EXPOSURE)
		fprintf(f, " %u %u", k->port, k->protocol);
	fputc('\n', f);
}

int baseline_write(const struct baseline *b, const char *path)
{
	struct buf part = { 0 };
	struct known *list;
	FILE *f;
	int rc;

	buf_printf(&part, "%s.part", path);
	f = fopen(part.s, "we");
	if (!f) {
		rc = -errno;
		buf_release(&part);
		return rc;
	}
	list = sorted(b);
	fprintf(f, "%s\n", HEAD);
	if (b->from <= b->to)
		fprintf(f, "span %" PRId64 " %" PRId64 "\n", b->from, b->to);
	for (size_t i = 0; i < b->n; i++)
		write_line(f, &list[i]);
	free(list);
	rc = ferror(f) || fflush(f) != 0 ? -EIO : 0;
	rc = fclose(f) != 0 && rc == 0 ? -errno : rc;
	if (rc == 0 && rename(part.s, path) != 0)
		rc = -errno;
	if (rc)
		unlink(part.s);
	buf_release(&part);
	return rc;
}
