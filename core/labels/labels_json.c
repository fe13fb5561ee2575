/* labels_json.c - the saved answers of AWS, which may be large and anybody's: the elements
 * of the arrays that matter are cut out one by one, and only the one at hand is parsed. */
#include <string.h>

#include <jansson.h>

#include "labels/labels_state.h"

#define ELEMENT_MAX ((size_t)256 << 10)

struct walk {
	const struct label_json *json;
	const char *p, *end;
	const char *counted; /* where line numbers are counted up to */
	size_t line, taken;
	struct names *names; /* NULL: ranges */
	bool full;
};

/* ---- an interface ---- */

static struct str text_of(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) }
				 : (struct str){ "", 0 };
}

static struct str tag_of(const json_t *object, const char *name)
{
	const json_t *tags = json_object_get(object, "TagSet"), *tag;
	size_t i;

	if (!tags)
		tags = json_object_get(object, "Tags");
	json_array_foreach(tags, i, tag) {
		if (str_equal(text_of(tag, "Key"), str_of(name)))
			return text_of(tag, "Value");
	}
	return (struct str){ "", 0 };
}

/* The tag Name, else the description and whose it is: many have none. */
static uint32_t interface_label(struct walk *w, const json_t *eni)
{
	struct str instance = text_of(json_object_get(eni, "Attachment"), "InstanceId");
	struct str name = tag_of(eni, "Name");
	struct buf text = { 0 };
	uint32_t label;

	if (name.n) {
		buf_add_str(&text, name);
	} else {
		buf_add_str(&text, text_of(eni, "Description"));
		if (text.n && instance.n)
			buf_putc(&text, ' ');
		buf_add_str(&text, instance);
	}
	label = labels_intern(w->json->labels, buf_str(&text));
	buf_release(&text);
	return label;
}

static void name_prefix(struct walk *w, struct str text, uint32_t label)
{
	uint8_t from[16];
	unsigned bits;

	if (text.n && prefix_parse(text, from, &bits))
		w->full |= !names_add_prefix(w->names, from, bits, label);
}

static void name_each(struct walk *w, const json_t *eni, const char *list, const char *key,
		      uint32_t label)
{
	const json_t *address;
	size_t i;

	json_array_foreach(json_object_get(eni, list), i, address) {
		name_prefix(w, text_of(address, key), label);
		name_prefix(w, text_of(json_object_get(address, "Association"), "PublicIp"), label);
	}
}

static char *copy_of(const json_t *object, const char *key)
{
	struct str text = text_of(object, key);

	return xstrndup(text.s, strnlen(text.s, text.n));
}

static bool address_of(const json_t *object, const char *key, uint8_t out[16])
{
	struct str text = text_of(object, key);

	return text.n && address_parse(text, out);
}

static void list_interface(struct walk *w, const json_t *eni)
{
	const json_t *attachment = json_object_get(eni, "Attachment");
	const json_t *v6 = json_array_get(json_object_get(eni, "Ipv6Addresses"), 0);
	struct inventory_entry e = { .interface = copy_of(eni, "NetworkInterfaceId"),
				     .subnet = copy_of(eni, "SubnetId"),
				     .vpc = copy_of(eni, "VpcId"),
				     .zone = copy_of(eni, "AvailabilityZone"),
				     .zone_id = copy_of(eni, "AvailabilityZoneId"),
				     .kind = copy_of(eni, "InterfaceType"),
				     .instance = copy_of(attachment, "InstanceId") };

	e.has[0] = address_of(eni, "PrivateIpAddress", e.address[0]);
	e.has[1] = address_of(v6, "Ipv6Address", e.address[1]);
	inventory_add(&w->names->inventory, &e);
}

/* What is wrong with it, or NULL. */
static const char *take_interface(struct walk *w, const json_t *eni)
{
	struct str id = text_of(eni, "NetworkInterfaceId");
	uint32_t label = interface_label(w, eni);

	if (id.n == 0 || memchr(id.s, '\0', id.n))
		return "no NetworkInterfaceId";
	w->full |= !names_add_text(w->names, id, label);
	if (w->names->inventory.n < LABELS_ENTRIES)
		list_interface(w, eni);
	name_prefix(w, text_of(eni, "PrivateIpAddress"), label);
	name_prefix(w, text_of(json_object_get(eni, "Association"), "PublicIp"), label);
	name_each(w, eni, "PrivateIpAddresses", "PrivateIpAddress", label);
	name_each(w, eni, "Ipv6Addresses", "Ipv6Address", label);
	name_each(w, eni, "Ipv4Prefixes", "Ipv4Prefix", label);
	name_each(w, eni, "Ipv6Prefixes", "Ipv6Prefix", label);
	return NULL;
}

/* ---- a range ---- */

static const char *take_range(struct walk *w, const json_t *range)
{
	struct labels *l = w->json->labels;
	struct str text = text_of(range, "ip_prefix"), service = text_of(range, "service");
	uint8_t from[16], rank = 2;
	unsigned bits;

	if (text.n == 0)
		text = text_of(range, "ipv6_prefix");
	if (!prefix_parse(text, from, &bits))
		return "no ip_prefix";
	if (l->aws.n >= LABELS_ENTRIES) {
		w->full = true;
		return NULL;
	}
	/* AMAZON is in all that is Amazon's, EC2 in much that has a name of its own. */
	if (str_equal(service, str_of("AMAZON")))
		rank = 0;
	else if (str_equal(service, str_of("EC2")))
		rank = 1;
	prefixes_add(&l->aws, from, bits, rank, labels_intern(l, service),
		     labels_intern(l, text_of(range, "region")));
	return NULL;
}

/* ---- the file ---- */

static size_t line_of(struct walk *w, const char *at)
{
	while (w->counted < at &&
	       (w->counted = memchr(w->counted, '\n', (size_t)(at - w->counted))))
		w->line++, w->counted++;
	if (!w->counted || w->counted < at)
		w->counted = at;
	return w->line;
}

static char peek(struct walk *w)
{
	while (w->p < w->end && strchr(" \t\r\n", *w->p) && *w->p)
		w->p++;
	return w->p < w->end ? *w->p : '\0';
}

/* At a quote; false when it has no end. */
static bool skip_string(struct walk *w, struct str *out)
{
	const char *start = ++w->p;

	while (w->p < w->end && *w->p != '"')
		w->p += *w->p == '\\' && w->end - w->p > 1 ? 2 : 1;
	if (out)
		*out = (struct str){ start, (size_t)(w->p - start) };
	if (w->p >= w->end)
		return false;
	w->p++;
	return true;
}

/* Brackets are only counted: what is between them is looked at when it is parsed. */
static bool skip_value(struct walk *w)
{
	size_t depth = 0;

	do {
		char c = peek(w);
		if (c == '\0')
			return false;
		if (c == '"') {
			if (!skip_string(w, NULL))
				return false;
			continue;
		}
		if (depth == 0 && strchr(",]}:", c))
			return false;
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		w->p++;
		while (c != '{' && c != '[' && c != '}' && c != ']' && w->p < w->end &&
		       !strchr(" \t\r\n,:{}[]\"", *w->p))
			w->p++;
	} while (depth);
	return true;
}

static void take_element(struct walk *w, struct str text)
{
	const struct label_json *j = w->json;
	const char *wrong = NULL;
	json_error_t error;
	json_t *element;

	if (text.n > ELEMENT_MAX) {
		label_fault(j->faults, j->path, line_of(w, text.s), "larger than 256 KiB");
		return;
	}
	element = json_loadb(text.s, text.n, 0, &error);
	if (!element)
		wrong = error.text;
	else if (!json_is_object(element))
		wrong = "no object";
	else
		wrong = w->names ? take_interface(w, element) : take_range(w, element);
	if (wrong)
		label_fault(j->faults, j->path, line_of(w, text.s), "%s", wrong);
	w->taken += !wrong;
	json_decref(element);
}

/* At a '['. */
static bool walk_array(struct walk *w)
{
	w->p++;
	if (peek(w) == ']') {
		w->p++;
		return true;
	}
	for (;;) {
		peek(w);
		const char *start = w->p;
		if (!skip_value(w))
			return false;
		take_element(w, (struct str){ start, (size_t)(w->p - start) });
		char c = peek(w);
		if (c != ',' && c != ']')
			return false;
		w->p++;
		if (c == ']')
			return true;
	}
}

static bool is_wanted(const struct walk *w, struct str key)
{
	return w->names ? str_equal(key, str_of("NetworkInterfaces"))
			: str_equal(key, str_of("prefixes")) ||
				  str_equal(key, str_of("ipv6_prefixes"));
}

/* At a '{'. */
static bool walk_object(struct walk *w)
{
	struct str key;

	w->p++;
	if (peek(w) == '}') {
		w->p++;
		return true;
	}
	for (;;) {
		if (peek(w) != '"' || !skip_string(w, &key) || peek(w) != ':')
			return false;
		w->p++;
		if (peek(w) == '[' && is_wanted(w, key) ? !walk_array(w) : !skip_value(w))
			return false;
		char c = peek(w);
		if (c != ',' && c != '}')
			return false;
		w->p++;
		if (c == '}')
			return true;
	}
}

static void walk_file(struct walk *w)
{
	const struct label_json *j = w->json;
	bool good = true;

	/* A paginated answer may be several documents. */
	while (good && peek(w))
		good = *w->p == '{' ? walk_object(w) : *w->p == '[' && walk_array(w);
	if (!good || w->p < w->end)
		label_fault(j->faults, j->path, line_of(w, w->p < w->end ? w->p : w->end),
			    "not JSON from here on");
	if (w->full)
		label_fault(j->faults, j->path, 0, "more than %u entries", LABELS_ENTRIES);
	if (w->taken == 0)
		label_fault(j->faults, j->path, 0, "no %s in it",
			    w->names ? "NetworkInterfaces" : "prefixes");
}

void label_json_interfaces(const struct label_json *j, struct str text, struct names *n)
{
	struct walk w = { .json = j,
			  .p = text.s,
			  .end = text.s + text.n,
			  .counted = text.s,
			  .line = 1,
			  .names = n };

	walk_file(&w);
}

void label_json_ranges(const struct label_json *j, struct str text)
{
	struct walk w = {
		.json = j, .p = text.s, .end = text.s + text.n, .counted = text.s, .line = 1
	};

	if (text.n == 0)
		w.p = w.end = w.counted = "";
	walk_file(&w);
}
