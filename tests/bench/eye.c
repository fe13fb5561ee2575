/* eye.c - see eye.h. */
#include "eye.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

#define PATIENCE_NS 10000000000u /* for the program to leave */

/* ---- life ---- */

void eye_open(struct eye *e, char **argv)
{
	struct winsize size = { .ws_row = EYE_LINES, .ws_col = EYE_COLUMNS };

	*e = (struct eye){ .begun_ns = monotonic_ns() };
	e->pid = forkpty(&e->fd, NULL, NULL, &size);
	if (e->pid == 0) {
		execvp(argv[0], argv);
		err(127, "cannot run '%s'", argv[0]);
	}
	if (e->pid < 0)
		err(1, "cannot open a terminal");
	e->vt = vterm_new(EYE_LINES, EYE_COLUMNS);
	vterm_set_utf8(e->vt, 1);
	e->screen = vterm_obtain_screen(e->vt);
	vterm_screen_enable_altscreen(e->screen, 1);
	vterm_screen_reset(e->screen, 1);
}

int eye_close(struct eye *e)
{
	uint64_t deadline = monotonic_ns() + PATIENCE_NS;
	int status = 0;

	kill(e->pid, SIGTERM);
	/* Its last words have to be taken, or it could not say them. */
	while (waitpid(e->pid, &status, WNOHANG) == 0) {
		if (monotonic_ns() > deadline)
			kill(e->pid, SIGKILL);
		if (!eye_look(e, 10))
			usleep(1000);
	}
	close(e->fd);
	vterm_free(e->vt);
	*e = (struct eye){ 0 };
	return status;
}

/* ---- to and fro ---- */

/* What the terminal answers to questions of the program. */
static void answer(struct eye *e)
{
	char text[256];
	size_t n = vterm_output_read(e->vt, text, sizeof text);

	if (n)
		eye_type(e, (struct str){ text, n });
}

bool eye_look(struct eye *e, int timeout_ms)
{
	struct pollfd p = { .fd = e->fd, .events = POLLIN };
	char text[16384];
	ssize_t n;

	if (e->ended || poll(&p, 1, timeout_ms) <= 0)
		return false;
	n = read(e->fd, text, sizeof text);
	if (n <= 0) {
		e->ended = n == 0 || errno == EIO;
		return false;
	}
	/* Before it is made sense of: that is our time, not the program's. */
	e->looked_ns = monotonic_ns();
	e->bytes += (uint64_t)n;
	vterm_input_write(e->vt, text, (size_t)n);
	answer(e);
	return true;
}

void eye_type(struct eye *e, struct str keys)
{
	while (keys.n) {
		ssize_t n = write(e->fd, keys.s, keys.n);
		if (n < 0 && errno != EINTR)
			err(1, "cannot type");
		if (n > 0)
			keys = (struct str){ keys.s + n, keys.n - (size_t)n };
	}
}

/* ---- what is seen ---- */

void eye_line(const struct eye *e, int line, struct place p, struct buf *out)
{
	VTermRect part = { .start_row = line - 1,
			   .end_row = line,
			   .start_col = p.first_column - 1,
			   .end_col = p.last_column };
	char text[EYE_COLUMNS * 6];
	size_t n = vterm_screen_get_text(e->screen, text, sizeof text, part);

	while (n && (text[n - 1] == ' ' || text[n - 1] == '\n'))
		n--;
	buf_clear(out);
	buf_add(out, text, n);
}

static VTermScreenCell cell(const struct eye *e, int line, int column)
{
	VTermScreenCell c = { 0 };

	vterm_screen_get_cell(e->screen, (VTermPos){ line - 1, column - 1 }, &c);
	return c;
}

bool eye_is_bold(const struct eye *e, int line, int column)
{
	return cell(e, line, column).attrs.bold;
}

bool eye_is_reverse(const struct eye *e, int line, int column)
{
	return cell(e, line, column).attrs.reverse;
}

bool eye_sees(const struct eye *e, struct place p, const regex_t *wanted, struct buf *group)
{
	struct buf text = { 0 };
	regmatch_t m[2];
	bool seen = false;

	for (int line = p.first_line; line <= p.last_line && !seen; line++) {
		eye_line(e, line, p, &text);
		seen = regexec(wanted, text.s, 2, m, 0) == 0;
	}
	if (seen && group) {
		const regmatch_t *which = wanted->re_nsub ? &m[1] : &m[0];
		buf_clear(group);
		buf_add(group, text.s + which->rm_so, (size_t)(which->rm_eo - which->rm_so));
	}
	buf_release(&text);
	return seen;
}

bool eye_sees_only(const struct eye *e, struct place p, const regex_t *wanted)
{
	struct buf text = { 0 };
	int lines = 0;
	bool only = true;

	for (int line = p.first_line; line <= p.last_line && only; line++) {
		eye_line(e, line, p, &text);
		if (text.n == 0)
			continue;
		lines++;
		only = regexec(wanted, text.s, 0, NULL, 0) == 0;
	}
	buf_release(&text);
	return only && lines > 0;
}

void eye_print(const struct eye *e, FILE *out)
{
	struct buf text = { 0 };

	for (int line = 1; line <= EYE_LINES; line++) {
		eye_line(e, line, EVERYWHERE, &text);
		fprintf(out, "# %s\n", text.n ? text.s : "");
	}
	buf_release(&text);
}
