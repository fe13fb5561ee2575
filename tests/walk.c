/* walk.c - see walk.h. */
#include "walk.h"

#include "support.h"
#include "term/key.h"

static const char *const filters[] = {
	"",
	"reject",
	"443",
	"dport=22",
	"tcp",
	"10.20.0.0/16",
	"src=10.20.17.0/24 and not dport=443",
	"dport=443 and not reject",
	"bytes>1000",
	"packets<=3 or udp",
	"/REJECT/",
	"service=https",
	"client=10.20.17.0/24",
	"port=1-1023 and accept",
	"not tcp",
	"proto=6,17 and bytes>=10k",
	"scope=internet",
	"sport=-",
	"end>=2023-11-14T22:20:00Z",
	"end<2023-11-14T22:45:00Z and reject",
	"start>-10m",
	"end>-5m or udp",
	"log-status=NODATA",
	"eni~/[02468]$/",
	"0a1",
	"10.20.17.20:443",
};

static const char *const groups[] = {
	"srcaddr",
	"dstaddr,dstport",
	"srcaddr/24",
	"dstaddr/16/48",
	"client/24,service",
	"pair",
	"pair,service",
	"protocol,action",
	"interface-id",
	"srcaddr,dstaddr,srcport,dstport",
	"service,action,protocol",
	"client-scope,server-scope",
	"time",
	"log-status",
};

static const char *const windows[] = {
	"15m", "all", "1h", "90s", "22:20-22:40", "2023-11-14T22:30Z-22:31", "22:50-now",
};

/* Single keys, the more likely ones more often; with \33 in between what they open is left. */
static const char *const commands_of_walk[] = {
	"g", "g", "m", "m",  "m", "M", "w",  "W",    "W",     "b",      "b",    "B",  "d",
	"D", "[", "[", "]",  "L", "1", "2",  "3",    "4",     "5",      "\t",   "z",  "s",
	"s", "S", "x", "x",  "y", "n", " ",  "\r",   "\r",    "\b",     "+",    "-",  "<",
	">", ">", "j", "jj", "k", "G", "v>", "h\33", "F \33", "Fj \33", "@\33", "\t",
};

static void add_key(struct buf *out, int key)
{
	char name[16];

	key_label(key, name, sizeof name);
	if (key > ' ' && key < 127)
		buf_putc(out, (char)key);
	else
		buf_printf(out, "<%s>", key == ' ' ? "Space" : name);
}

static void key(struct walk *w, struct app *a, int k)
{
	add_key(&w->trail, k);
	app_key(a, k);
}

void walk_type(struct walk *w, struct app *a, const char *keys)
{
	for (; *keys; keys++)
		key(w, a, *keys == '\b' ? K_BACKSPACE : *keys);
}

static const char *one_of(struct walk *w, const char *const *list, size_t n)
{
	return list[random_below(&w->seed, n)];
}

static void type_over(struct walk *w, struct app *a, int open, const char *text, int end)
{
	key(w, a, open);
	key(w, a, K_CTRL('U'));
	walk_type(w, a, text);
	key(w, a, end);
}

static bool is_at_home(const struct app *a)
{
	return !a->editing && !a->asking && !a->grouping.active && !a->saving.naming && !a->panel &&
	       !a->list.choosing && !a->help && !app_detail(a);
}

void walk_home(struct walk *w, struct app *a)
{
	for (int i = 0; i < 8 && !is_at_home(a); i++)
		key(w, a, K_ESCAPE);
}

void walk_step(struct walk *w, struct app *a)
{
	const char *text;

	if (w->trail.n)
		buf_putc(&w->trail, ' ');
	if (random_below(&w->seed, 4) > 0)
		walk_home(w, a);
	switch (random_below(&w->seed, 16)) {
	case 0:
	case 1:
	case 2:
		text = one_of(w, filters, ARRAY_SIZE(filters));
		type_over(w, a, '/', text, random_below(&w->seed, 5) ? '\r' : K_ESCAPE);
		break;
	case 3:
		text = one_of(w, groups, ARRAY_SIZE(groups));
		type_over(w, a, K_CTRL('G'), text, random_below(&w->seed, 6) ? '\r' : K_ESCAPE);
		break;
	case 4:
		text = one_of(w, windows, ARRAY_SIZE(windows));
		type_over(w, a, 't', text, '\r');
		break;
	default:
		text = one_of(w, commands_of_walk, ARRAY_SIZE(commands_of_walk));
		walk_type(w, a, text);
	}
}
