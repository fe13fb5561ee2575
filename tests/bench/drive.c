/* drive - runs a program in a terminal of 120x40, types into it, and says what it shows and
 * when. The script comes on standard input, a command a line ('#': a comment); figures go to
 * standard output as "NAME VALUE". Exits with 1, and the screen on standard error, where
 * something that was waited for did not come.
 *
 * drive PROGRAM [ARGUMENT]... <SCRIPT
 *
 * send TEXT            types TEXT in one write (\r \t \e \\ as in C); ms counts from its end
 * more TEXT            the same, but ms goes on from before
 * append FILE TEXT     TEXT and a newline to the file; ms counts from its end
 * wait PLACE REGEX     until a line there matches (extended regex). PLACE: *, LINE,
 *                      FIRST-LAST, LINES,FIRST-LAST of columns, from 1 on
 * gone PLACE REGEX     until none does
 * only PLACE REGEX     until something stands there and all lines of it match
 * still MS             until nothing was drawn for so long
 * sleep MS
 * ms NAME              from the start, the last send or append, until what was last waited for came
 * text NAME PLACE REGEX  what is there, as soon as it is: the first group, or all that matched
 * keys MS MOST PLACE REGEX  keys.h, while a line there matches
 * run COMMAND          a shell beside it; join: until that has ended, with success
 * mark                 used NAME: since then, CPU in % of one core, wake-ups a second, and
 *                      bytes written to the terminal, as NAME.cpu, .wakeups, .bytes
 * rss NAME             resident KiB now and at most: NAME.rss, NAME.peak
 * screen               prints the screen */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eye.h"
#include "keys.h"
#include "proc.h"

#define WAIT_MS 60000 /* for anything to come */

struct drive {
	struct eye eye;
	uint64_t from_ns, until_ns; /* what ms counts */
	pid_t beside;
	struct proc marked;
	uint64_t marked_ns, marked_bytes;
};

typedef bool command_fn(struct drive *d, struct str rest);

/* ---- words ---- */

static unsigned number(struct str *rest)
{
	struct str word = str_token(rest);
	uint64_t n;

	if (!str_to_u64(word, &n) || n > WAIT_MS * 10)
		errx(1, "'%.*s' is no number", (int)word.n, word.s);
	return (unsigned)n;
}

static struct place place_of(struct str *rest)
{
	struct place p = EVERYWHERE;
	struct str word = str_token(rest);
	char text[64];

	snprintf(text, sizeof text, "%.*s", (int)word.n, word.s);
	int lines = sscanf(text, "%d-%d", &p.first_line, &p.last_line);
	if (lines == 1)
		p.last_line = p.first_line;
	const char *comma = strchr(text, ',');
	if (comma && sscanf(comma, ",%d-%d", &p.first_column, &p.last_column) != 2)
		lines = 0;
	if ((lines < 1 && strcmp(text, "*") != 0) || p.first_line < 1 || p.last_line > EYE_LINES ||
	    p.first_column < 1 || p.last_column > EYE_COLUMNS)
		errx(1, "'%s' is no place", text);
	return p;
}

/* What is left of the line. */
static void regex_of(struct str rest, regex_t *out)
{
	char text[1024], message[128];
	int rc;

	rest = str_trim(rest);
	snprintf(text, sizeof text, "%.*s", (int)rest.n, rest.s);
	rc = regcomp(out, text, REG_EXTENDED);
	if (rc) {
		regerror(rc, out, message, sizeof message);
		errx(1, "'%s': %s", text, message);
	}
}

static void print(struct str name, const char *part, double value)
{
	printf("%.*s%s %.3f\n", (int)name.n, name.s, part, value);
}

/* ---- waiting ---- */

enum condition { SEEN, GONE, ONLY };

static bool holds(const struct eye *e, enum condition c, struct place p, const regex_t *wanted)
{
	if (c == ONLY)
		return eye_sees_only(e, p, wanted);
	return eye_sees(e, p, wanted, NULL) == (c == SEEN);
}

static bool wait_for(struct drive *d, enum condition c, struct str rest)
{
	uint64_t deadline = monotonic_ns() + WAIT_MS * 1000000ull;
	struct place p = place_of(&rest);
	regex_t wanted;
	bool held;

	regex_of(rest, &wanted);
	while (!(held = holds(&d->eye, c, p, &wanted)) && !d->eye.ended &&
	       monotonic_ns() < deadline)
		eye_look(&d->eye, 100);
	d->until_ns = d->eye.looked_ns;
	regfree(&wanted);
	return held;
}

static bool do_wait(struct drive *d, struct str rest)
{
	return wait_for(d, SEEN, rest);
}

static bool do_gone(struct drive *d, struct str rest)
{
	return wait_for(d, GONE, rest);
}

static bool do_only(struct drive *d, struct str rest)
{
	return wait_for(d, ONLY, rest);
}

/* Looks on for so long; `quiet`: since the last that came. */
static bool pass(struct drive *d, unsigned ms, bool quiet)
{
	uint64_t deadline = monotonic_ns() + WAIT_MS * 10000000ull;
	uint64_t until = monotonic_ns() + ms * 1000000ull;

	for (uint64_t now; (now = monotonic_ns()) < until && now < deadline;)
		if (eye_look(&d->eye, (int)((until - now) / 1000000) + 1) && quiet)
			until = d->eye.looked_ns + ms * 1000000ull;
		else if (d->eye.ended)
			return false;
	return monotonic_ns() < deadline;
}

static bool do_still(struct drive *d, struct str rest)
{
	bool done = pass(d, number(&rest), true);

	d->until_ns = d->eye.looked_ns;
	return done;
}

static bool do_sleep(struct drive *d, struct str rest)
{
	return pass(d, number(&rest), false);
}

/* ---- typing ---- */

static void type(struct drive *d, struct str text)
{
	static const char escapes[] = "r\rt\te\033\\\\";
	struct buf keys = { 0 };

	for (size_t i = 0; i < text.n; i++) {
		const char *e = NULL;
		if (text.s[i] == '\\' && i + 1 < text.n)
			e = strchr(escapes, text.s[i + 1]);
		buf_putc(&keys, e ? e[1] : text.s[i]);
		i += e != NULL;
	}
	eye_type(&d->eye, buf_str(&keys));
	buf_release(&keys);
}

static bool do_send(struct drive *d, struct str rest)
{
	type(d, str_trim(rest));
	d->from_ns = monotonic_ns();
	return true;
}

static bool do_append(struct drive *d, struct str rest)
{
	struct str name = str_token(&rest), text = str_trim(rest);
	char *path = xstrndup(name.s, name.n);
	FILE *f = fopen(path, "a");

	free(path);
	if (!f)
		return false;
	fprintf(f, "%.*s\n", (int)text.n, text.s);
	bool written = fclose(f) == 0;
	d->from_ns = monotonic_ns();
	return written;
}

static bool do_more(struct drive *d, struct str rest)
{
	type(d, str_trim(rest));
	return true;
}

static bool do_keys(struct drive *d, struct str rest)
{
	unsigned interval = number(&rest), most = number(&rest);
	struct place p = place_of(&rest);
	regex_t during;
	bool done;

	regex_of(rest, &during);
	done = keys_press(&d->eye, interval, most, p, &during);
	regfree(&during);
	return done;
}

/* ---- figures ---- */

static bool do_ms(struct drive *d, struct str rest)
{
	print(str_trim(rest), "", ((double)d->until_ns - (double)d->from_ns) / 1e6);
	return true;
}

static bool do_text(struct drive *d, struct str rest)
{
	uint64_t deadline = monotonic_ns() + WAIT_MS * 1000000ull;
	struct str name = str_token(&rest);
	struct place p = place_of(&rest);
	struct buf text = { 0 };
	regex_t wanted;
	bool seen;

	regex_of(rest, &wanted);
	/* Half a frame may be on the screen. */
	while (!(seen = eye_sees(&d->eye, p, &wanted, &text)) && !d->eye.ended &&
	       monotonic_ns() < deadline)
		eye_look(&d->eye, 100);
	if (seen)
		printf("%.*s %s\n", (int)name.n, name.s, text.s);
	buf_release(&text);
	regfree(&wanted);
	return seen;
}

static bool do_mark(struct drive *d, struct str rest)
{
	(void)rest;
	d->marked_ns = monotonic_ns();
	d->marked_bytes = d->eye.bytes;
	return proc_read(d->eye.pid, &d->marked);
}

static bool do_used(struct drive *d, struct str rest)
{
	struct str name = str_trim(rest);
	struct proc now;

	if (!proc_read(d->eye.pid, &now))
		return false;
	double ns = (double)(monotonic_ns() - d->marked_ns);
	print(name, ".cpu", (double)(now.cpu_ns - d->marked.cpu_ns) * 100 / ns);
	print(name, ".wakeups", (double)(now.wakeups - d->marked.wakeups) * 1e9 / ns);
	print(name, ".bytes", (double)(d->eye.bytes - d->marked_bytes));
	return true;
}

static bool do_rss(struct drive *d, struct str rest)
{
	struct str name = str_trim(rest);
	struct proc now;

	if (!proc_read(d->eye.pid, &now))
		return false;
	print(name, ".rss", (double)now.resident_kib);
	print(name, ".peak", (double)now.peak_kib);
	return true;
}

static bool do_screen(struct drive *d, struct str rest)
{
	(void)rest;
	eye_print(&d->eye, stdout);
	return true;
}

/* ---- beside it ---- */

static bool do_run(struct drive *d, struct str rest)
{
	char *command = xstrndup(rest.s, rest.n);

	d->beside = fork();
	if (d->beside == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		err(127, "cannot run a shell");
	}
	free(command);
	return d->beside > 0;
}

static bool do_join(struct drive *d, struct str rest)
{
	int status = -1;

	(void)rest;
	/* What the program writes meanwhile has to be taken. */
	while (waitpid(d->beside, &status, WNOHANG) == 0)
		if (!pass(d, 10, false))
			return false;
	d->beside = 0;
	return status == 0;
}

/* ---- the script ---- */

static const struct {
	const char *name;
	command_fn *run;
} commands[] = { { "send", do_send },   { "more", do_more },    { "append", do_append },
		 { "wait", do_wait },   { "gone", do_gone },    { "only", do_only },
		 { "still", do_still }, { "sleep", do_sleep },  { "ms", do_ms },
		 { "text", do_text },   { "keys", do_keys },    { "run", do_run },
		 { "join", do_join },   { "mark", do_mark },    { "used", do_used },
		 { "rss", do_rss },     { "screen", do_screen } };

static bool do_line(struct drive *d, struct str line)
{
	struct str rest = line, word = str_token(&rest);

	if (word.n == 0 || word.s[0] == '#')
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (str_equal(word, str_of(commands[i].name)))
			return commands[i].run(d, rest);
	errx(1, "unknown command '%.*s'", (int)word.n, word.s);
}

static void read_script(struct buf *out)
{
	char text[4096];
	size_t n;

	while ((n = fread(text, 1, sizeof text, stdin)))
		buf_add(out, text, n);
}

int main(int argc, char **argv)
{
	struct drive d = { 0 };
	struct buf script = { 0 };
	bool done = true;

	if (argc < 2)
		errx(1, "drive PROGRAM [ARGUMENT]... <SCRIPT");
	setlocale(LC_CTYPE, "");
	read_script(&script);
	eye_open(&d.eye, argv + 1);
	d.from_ns = d.eye.begun_ns;
	for (char *p = script.s, *end; done && p && *p; p = end + 1) {
		end = p + strcspn(p, "\n");
		done = do_line(&d, (struct str){ p, (size_t)(end - p) });
		if (!done) {
			warnx("failed at: %.*s", (int)(end - p), p);
			eye_print(&d.eye, stderr);
		}
		if (!*end)
			break;
	}
	if (d.beside > 0)
		kill(d.beside, SIGTERM);
	int status = eye_close(&d.eye);
	/* A script that is through has to leave a program that can be told to go. */
	if (done && status != 0 && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM))
		warnx("the program ended with status %d", status), done = false;
	buf_release(&script);
	return done ? 0 : 1;
}
