/* term.c - see term.h. The reasons behind the order of things here: curses must not
 * install signal handlers (they run endwin in signal context), the terminal is opened
 * anew because polling a shared descriptor makes the shell's non-blocking, and the crash
 * path may only write(2) what was prepared before. */
#define _XOPEN_SOURCE_EXTENDED 1
#include "term/term.h"

#include <curses.h>
#include <term.h>
#undef lines
#undef columns
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "term/clipboard.h"
#include "term/key.h"
#include "term/kin.h"
#include "term/wire.h"

enum { SIGNAL_STOP = 1, SIGNALS = 7 };

/* Answers of the terminal that curses is told of as keys. */
enum { ANSWER_SYNC = KEY_MAX + 1, ANSWER_MOUSE };

static const int loop_signals[SIGNALS] = { SIGWINCH, SIGTSTP, SIGCONT, SIGINT,
					   SIGTERM,  SIGQUIT, SIGHUP };
/* What ends the process, by itself or from outside, where nobody takes it. */
static const int crash_signals[] = { SIGSEGV, SIGBUS,  SIGILL,    SIGFPE,  SIGABRT,
				     SIGSYS,  SIGTRAP, SIGXCPU,   SIGXFSZ, SIGALRM,
				     SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF };

static struct {
	struct term_events ev;
	FILE *in, *out;
	SCREEN *screen;
	WINDOW *keys; /* 1x1 pad: wgetch on a pad never refreshes */
	uv_poll_t poll;
	uv_signal_t signal[SIGNALS];
	struct termios cooked;
	char leave[256]; /* what undoes our modes, for the crash path */
	size_t nleave;
	bool open, watched, colors;
	char note[120];
	struct wire wire;
	struct mouse_reader reader;
	bool mouse;      /* it tells what that does */
	struct buf owed; /* what it has to be given; the first `given` bytes it was */
	size_t given;
	char sync_begin[24], sync_end[24]; /* around a frame; "": it can't do without tearing */
} T;

/* ---- what undoes our modes ---- */

static void keep_text(const char *s)
{
	if (T.nleave + strlen(s) >= sizeof T.leave)
		return;
	memcpy(T.leave + T.nleave, s, strlen(s));
	T.nleave += strlen(s);
}

static const char *word_of(const char *capability)
{
	const char *s = tigetstr((char *)(uintptr_t)capability);

	return s && s != (char *)-1 ? s : "";
}

static void use_sync(const char *begin, const char *end)
{
	snprintf(T.sync_begin, sizeof T.sync_begin, "%s", begin);
	snprintf(T.sync_end, sizeof T.sync_end, "%s", end);
	keep_text(end);
}

/* ---- keys ---- */

/* clang-format off */
static const struct { int curses, key; } special[] = {
	{ KEY_UP, K_UP }, { KEY_DOWN, K_DOWN }, { KEY_LEFT, K_LEFT }, { KEY_RIGHT, K_RIGHT },
	{ KEY_HOME, K_HOME }, { KEY_END, K_END }, { KEY_PPAGE, K_PAGE_UP },
	{ KEY_NPAGE, K_PAGE_DOWN }, { KEY_DC, K_DELETE }, { KEY_BACKSPACE, K_BACKSPACE },
	{ KEY_BTAB, K_BACKTAB }, { KEY_ENTER, K_ENTER }, { KEY_F(1), K_F1 }, { KEY_F(2), K_F2 },
	{ KEY_F(3), K_F3 }, { KEY_F(4), K_F4 }, { KEY_F(5), K_F5 }, { KEY_F(6), K_F6 },
	{ KEY_F(7), K_F7 }, { KEY_F(8), K_F8 }, { KEY_F(9), K_F9 }, { KEY_F(10), K_F10 },
	{ KEY_F(11), K_F11 }, { KEY_F(12), K_F12 },
};

/* Forms that terminals send whatever terminfo says. */
static const struct {
	const char *sequence;
	int curses;
} forms[] = {
	{ "\033[A", KEY_UP },      { "\033[B", KEY_DOWN },   { "\033[C", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },    { "\033[H", KEY_HOME },   { "\033[F", KEY_END },
	{ "\033[1~", KEY_HOME },   { "\033[4~", KEY_END },   { "\033OP", KEY_F(1) },
	{ "\033OQ", KEY_F(2) },    { "\033OR", KEY_F(3) },   { "\033OS", KEY_F(4) },
	{ "\033[11~", KEY_F(1) },  { "\033[12~", KEY_F(2) }, { "\033[13~", KEY_F(3) },
	{ "\033[14~", KEY_F(4) },  { "\033[15~", KEY_F(5) }, { "\033[17~", KEY_F(6) },
	{ "\033[18~", KEY_F(7) },  { "\033[19~", KEY_F(8) }, { "\033[20~", KEY_F(9) },
	{ "\033[21~", KEY_F(10) },
	/* DECRPM of what is asked for by ASK_SYNC: it is set, or not; it is not known, or never. */
	{ "\033[?2026;1$y", ANSWER_SYNC }, { "\033[?2026;2$y", ANSWER_SYNC },
	{ "\033[?2026;0$y", KEY_MAX }, { "\033[?2026;3$y", KEY_MAX }, { "\033[?2026;4$y", KEY_MAX },
	{ MOUSE_BEGINS, ANSWER_MOUSE },
};
/* clang-format on */
#define ASK_SYNC "\033[?2026$p"
#define BEGIN_SYNC "\033[?2026h"
#define END_SYNC "\033[?2026l"

/* A character of what the mouse did. */
static void give_mouse(wint_t wc)
{
	struct mouse_event e;

	if (mouse_take(&T.reader, (int)wc, &e))
		T.ev.mouse(T.ev.ctx, &e);
}

static void give_key(int rc, wint_t wc)
{
	if (rc != KEY_CODE_YES && T.reader.reading) {
		give_mouse(wc);
		return;
	}
	T.reader.reading = false;
	if (rc != KEY_CODE_YES) {
		T.ev.key(T.ev.ctx, wc == 127 ? K_BACKSPACE : (int)wc);
		return;
	}
	if (wc == ANSWER_MOUSE)
		mouse_begin(&T.reader);
	if (wc == ANSWER_SYNC && !*T.sync_begin) {
		use_sync(BEGIN_SYNC, END_SYNC);
		T.wire.repeats = true; /* what knows that is younger than any that can't */
	}
	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if ((int)wc == special[i].curses)
			T.ev.key(T.ev.ctx, special[i].key);
}

/* Until none is left: keys in curses' own queue do not make the descriptor readable. */
static void drain(void)
{
	wint_t wc;
	int rc;

	while (T.open && (rc = wget_wch(T.keys, &wc)) != ERR)
		give_key(rc, wc);
}

static void on_tty(uv_poll_t *h, int status, int events)
{
	(void)h;
	if (status < 0 || (events & UV_DISCONNECT)) {
		T.ev.quit(T.ev.ctx, "terminal closed");
		return;
	}
	drain();
}

/* ---- what is written ---- */

/* Whether writing waits for a slow link: while frames go on it does not. */
static void wait_for_link(bool wait)
{
	int flags = fcntl(fileno(T.out), F_GETFL);

	if (flags >= 0)
		fcntl(fileno(T.out), F_SETFL, wait ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

/* As much of what is owed as the link takes now. */
static void give(void)
{
	while (T.given < T.owed.n) {
		ssize_t n = write(fileno(T.out), T.owed.s + T.given, T.owed.n - T.given);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		T.given = n < 0 ? T.owed.n : T.given + (size_t)n;
	}
}

/* Curses has the word, and waits for the link: it begins behind a frame, not in one. Nobody may be
 * told of the mouse who did not ask. */
static void let_curses_write(void)
{
	if (T.mouse)
		buf_puts(&T.owed, MOUSE_OFF);
	wait_for_link(true);
	give();
}

/* ---- signals ---- */

static void resized(void)
{
	struct winsize ws;

	if (ioctl(fileno(T.out), TIOCGWINSZ, &ws) == 0 && ws.ws_row && ws.ws_col)
		resizeterm(ws.ws_row, ws.ws_col);
	wire_forget(&T.wire);
	drain();
	if (T.open)
		T.ev.resize(T.ev.ctx, LINES, COLS);
}

static void come_back(void)
{
	let_curses_write();
	clearok(curscr, TRUE);
	wrefresh(curscr);
	wait_for_link(false);
	if (T.mouse)
		buf_puts(&T.owed, MOUSE_ON);
	give();
	resized();
}

static void on_signal(uv_signal_t *h, int number)
{
	(void)h;
	switch (number) {
	case SIGWINCH:
		resized();
		break;
	case SIGCONT:
		come_back();
		break;
	case SIGTSTP:
		term_suspend();
		break;
	default:
		T.ev.quit(T.ev.ctx, strsignal(number));
		break;
	}
}

static void restore_now(void)
{
	descriptors_give_back();
	if (T.open) {
		ssize_t ignored = write(fileno(T.out), T.leave, T.nleave);
		(void)ignored;
		tcsetattr(fileno(T.out), TCSANOW, &T.cooked);
	}
}

/* Async-signal-safe only. */
static void on_crash(int number)
{
	restore_now();
	signal(number, SIG_DFL);
	raise(number);
}

static void watch_crashes(void)
{
	struct sigaction sa = { .sa_handler = on_crash,
				.sa_flags = (int)SA_RESETHAND | SA_NODEFER };

	for (size_t i = 0; i < ARRAY_SIZE(crash_signals); i++)
		sigaction(crash_signals[i], &sa, NULL);
}

/* ---- life ---- */

/* The terminal by its own name where there is one: kqueue refuses /dev/tty. */
static int open_tty(void)
{
	char name[256] = "/dev/tty";

	for (int fd = 2; fd >= 0; fd--)
		if (isatty(fd) && ttyname_r(fd, name, sizeof name) == 0)
			break;
	T.in = fopen(name, "re");
	T.out = fopen(name, "we");
	if (T.in && T.out)
		return 0;
	int rc = -errno;
	if (T.in)
		fclose(T.in);
	if (T.out)
		fclose(T.out);
	return rc;
}

static void start_signals(uv_loop_t *loop)
{
	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(loop, &T.signal[i]);
		uv_signal_start(&T.signal[i], on_signal, loop_signals[i]);
		uv_unref((uv_handle_t *)&T.signal[i]);
	}
}

static void stop_signals(void)
{
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&T.signal[i], NULL);
}

static void set_modes(void)
{
	static const char *const leaves[] = { "sgr0", "op", "cnorm", "rmkx", "rmcup" };

	raw();
	noecho();
	nonl();
	curs_set(0);
	typeahead(-1);
	if (!getenv("ESCDELAY"))
		set_escdelay(25);
	T.keys = newpad(1, 1);
	keypad(T.keys, TRUE);
	nodelay(T.keys, TRUE);
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		define_key(forms[i].sequence, forms[i].curses);
	T.nleave = 0;
	for (size_t i = 0; i < ARRAY_SIZE(leaves); i++)
		keep_text(word_of(leaves[i]));
	T.colors = has_colors();
}

/* Frames are to appear at once where the terminal can do that: terminfo says so, or it does. Asked
 * is before the first frame, which clears whatever one that knows no questions makes of it. */
static void begin_sync(void)
{
	const char *sync = word_of("Sync");

	*T.sync_begin = *T.sync_end = '\0';
	if (*sync) {
		char begin[sizeof T.sync_begin];
		snprintf(begin, sizeof begin, "%s",
			 tparm(sync, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
		use_sync(begin, tparm(sync, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	} else if (strncmp(word_of("cup"), "\033[", 2) == 0) {
		buf_puts(&T.owed, ASK_SYNC);
		give();
	}
}

const char *term_note(void)
{
	return T.note;
}

int term_open(uv_loop_t *loop, const struct term_events *ev, char *error, size_t size)
{
	const char *name = getenv("TERM");
	int rc = open_tty();

	name = name ? name : "";
	if (rc < 0) {
		snprintf(error, size, "cannot open the terminal: %s", strerror(-rc));
		return rc;
	}
	T.ev = *ev;
	tcgetattr(fileno(T.out), &T.cooked);
	start_signals(loop); /* before newterm: it only replaces default handlers */
	T.screen = kin_take(name, T.out, T.in, T.note, sizeof T.note);
	if (!T.screen) {
		stop_signals();
		fclose(T.in);
		fclose(T.out);
		snprintf(error, size, "cannot use terminal '%.60s': see TERM, or try --batch",
			 name);
		return -ENODEV;
	}
	set_modes();
	wait_for_link(false);
	begin_sync();
	T.open = true;
	die_set_hook(restore_now);
	watch_crashes();
	rc = uv_poll_init(loop, &T.poll, fileno(T.in));
	T.watched = rc == 0;
	if (rc == 0)
		rc = uv_poll_start(&T.poll, UV_READABLE | UV_DISCONNECT, on_tty);
	if (rc < 0)
		snprintf(error, size, "cannot watch the terminal: %s", strerror(-rc));
	return rc;
}

void term_suspend(void)
{
	if (!T.open)
		return;
	uv_signal_stop(&T.signal[SIGNAL_STOP]); /* back to the default: really stop */
	let_curses_write();
	endwin();
	kill(0, SIGTSTP);
	uv_signal_start(&T.signal[SIGNAL_STOP], on_signal, SIGTSTP);
	uv_unref((uv_handle_t *)&T.signal[SIGNAL_STOP]);
	come_back();
}

void term_close(void)
{
	if (!T.open)
		return;
	T.open = false;
	stop_signals();
	if (T.watched)
		uv_close((uv_handle_t *)&T.poll, NULL);
	let_curses_write();
	endwin();
	wire_release(&T.wire);
	buf_release(&T.owed);
	T.given = 0;
	delwin(T.keys);
	delscreen(T.screen);
	fclose(T.in);
	fclose(T.out);
}

/* ---- output ---- */

bool term_has_colors(void)
{
	return T.colors;
}

void term_set_theme(const struct theme *t)
{
	wire_set_theme(&T.wire, t, T.colors);
}

void term_size(int *rows, int *cols)
{
	*rows = LINES;
	*cols = COLS;
}

bool term_is_ready(void)
{
	give();
	return T.given == T.owed.n;
}

void term_blit(const struct screen *s)
{
	size_t before;

	if (!T.open)
		return;
	buf_clear(&T.owed);
	T.given = 0;
	buf_puts(&T.owed, T.sync_begin);
	before = T.owed.n;
	wire_show(&T.wire, s, &T.owed);
	if (T.owed.n == before)
		buf_clear(&T.owed);
	else
		buf_puts(&T.owed, T.sync_end);
	give();
}

void term_redraw(void)
{
	wire_forget(&T.wire);
}

bool term_copy(struct str text)
{
	const char *name = getenv("TERM");

	if (!T.open || !name || !kin_of_xterm(name))
		return false;
	clipboard_put(text, clipboard_passage(getenv("TMUX"), getenv("STY"), name), &T.owed);
	give();
	return true;
}

bool term_use_mouse(bool on)
{
	const char *name = getenv("TERM");

	if (!T.open || !name || !kin_of_xterm(name))
		return false;
	if (!strstr(T.leave, MOUSE_OFF))
		keep_text(MOUSE_OFF);
	if (on != T.mouse)
		buf_puts(&T.owed, on ? MOUSE_ON : MOUSE_OFF);
	T.mouse = on;
	give();
	return true;
}
