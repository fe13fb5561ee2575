/* option_fields.c - --fields: every field explained, on 80 columns. */
#include <string.h>

#include "schema/describe.h"
#include "cli/option_row.h"

#define WIDTH 80
#define TEXT 4   /* columns before what a field is */
#define VALUES 6 /* columns before a field's values */

/* Words of `text` behind what stands in the line up to column `at`; further lines begin
 * at column `left`. */
static void print_words(FILE *out, int at, int left, const char *text)
{
	struct str rest = str_of(text), word;

	for (bool first = true; (word = str_token(&rest)).n; first = false) {
		if (!first && at + 1 + (int)word.n > WIDTH) {
			fprintf(out, "\n%*s", left, "");
			at = left;
		} else if (!first) {
			fputc(' ', out);
			at++;
		}
		fwrite(word.s, 1, word.n, out);
		at += (int)word.n;
	}
	fputc('\n', out);
}

static void print_values(FILE *out, int id)
{
	const struct meaning *m;
	int widest = 0;

	for (size_t at = 0; (m = describe_next(id, &at));)
		widest = (int)strlen(m->value) > widest ? (int)strlen(m->value) : widest;
	for (size_t at = 0; (m = describe_next(id, &at));) {
		fprintf(out, "%*s%-*s  ", VALUES, "", widest, m->value);
		print_words(out, VALUES + widest + 2, VALUES + widest + 2, m->text);
	}
}

static void print_field(FILE *out, int id)
{
	const struct field *f = field_get(id);

	fprintf(out, "\n  %-26s %s", f->name, describe_type(f->type));
	if (*f->aliases)
		fprintf(out, "; also %s", f->aliases);
	fprintf(out, "\n%*s", TEXT, "");
	print_words(out, TEXT, TEXT, f->help);
	print_values(out, id);
}

static const char *group_of(int version)
{
	static const char *const notes[] = {
		[2] = ": the default format, in this order",
		[3] = ": where the interface is, flags, addresses of the packet",
		[4] = ": places",
		[5] = ": direction and path",
		[6] = ": transit gateways",
		[7] = ": ECS tasks",
		[8] = ": refusals",
		[9] = ": regional NAT gateways",
		[10] = ": encryption",
		[11] = ": tags and the next hop",
	};
	return (size_t)version < ARRAY_SIZE(notes) && notes[version] ? notes[version] : "";
}

void option_print_fields(const struct parsing *p)
{
	FILE *out = p->out;
	int version = -1;

	fputs("The fields of flow logs, by the version that has them first. A name may also be\n"
	      "written pkt_srcaddr or pktSrcAddr; behind it stand its type and its short names,\n"
	      "below what it is and what values mean.\n",
	      out);
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		const struct field *f = field_get(id);
		if (f->version != version && f->version)
			fprintf(out, "\nversion %d%s\n", f->version, group_of(f->version));
		else if (f->version != version)
			fputs("\nderived: in no record, but to be asked for like any other\n", out);
		version = f->version;
		print_field(out, id);
	}
}
