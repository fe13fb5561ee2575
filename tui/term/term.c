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
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "term/key.h"

enum { SIGNAL_STOP = 1, SIGNALS = 7 };

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
	attr_t attributes[ROLE_COUNT];
	short pair[ROLE_COUNT];
} T;

/* ---- keys ---- */

/* clang-format off */
static const struct { int curses, key; } special[] = {
	{ KEY_UP, K_UP }, { KEY_DOWN, K_DOWN }, { KEY_LEFT, K_LEFT }, { KEY_RIGHT, K_RIGHT },
	{ KEY_HOME, K_HOME }, { KEY_END, K_END }, { KEY_PPAGE, K_PAGE_UP },
	{ KEY_NPAGE, K_PAGE_DOWN }, { KEY_DC, K_DELETE }, { KEY_BACKSPACE, K_BACKSPACE },
	{ KEY_BTAB, K_BACKTAB }, { KEY_ENTER, K_ENTER },
};
/* clang-format on */

/* Forms that terminals send whatever terminfo says. */
static const struct {
	const char *sequence;
	int curses;
} forms[] = {
	{ "\033[A", KEY_UP },    { "\033[B", KEY_DOWN }, { "\033[C", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },  { "\033[H", KEY_HOME }, { "\033[F", KEY_END },
	{ "\033[1~", KEY_HOME }, { "\033[4~", KEY_END },
};

static void give_key(int rc, wint_t wc)
{
	if (rc != KEY_CODE_YES) {
		T.ev.key(T.ev.ctx, wc == 127 ? K_BACKSPACE : (int)wc);
		return;
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

/* ---- signals ---- */

static void resized(void)
{
	struct winsize ws;

	if (ioctl(fileno(T.out), TIOCGWINSZ, &ws) == 0 && ws.ws_row && ws.ws_col)
		resizeterm(ws.ws_row, ws.ws_col);
	drain();
	if (T.open)
		T.ev.resize(T.ev.ctx, LINES, COLS);
}

static void come_back(void)
{
	clearok(curscr, TRUE);
	wrefresh(curscr);
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

static void keep(const char *capability)
{
	const char *s = tigetstr((char *)(uintptr_t)capability);

	if (s && s != (char *)-1 && T.nleave + strlen(s) < sizeof T.leave) {
		memcpy(T.leave + T.nleave, s, strlen(s));
		T.nleave += strlen(s);
	}
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
	keep("sgr0");
	keep("op");
	keep("cnorm");
	keep("rmkx");
	keep("rmcup");
	T.colors = has_colors();
	if (T.colors) {
		start_color();
		use_default_colors();
	}
}

/* Terminals that are newer than the terminfo of many machines, and do what xterm does. */
static bool is_like_xterm(const char *name)
{
	static const char *const begins[] = { "xterm",     "kitty",   "ghostty", "foot",
					      "alacritty", "wezterm", "contour", "tmux",
					      "screen",    "rxvt",    "konsole", "vte" };

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Whether a screen can be drawn on it: the cursor goes where it is told. */
static bool can_draw(void)
{
	const char *cup = tigetstr("cup");

	return cup && cup != (char *)-1 && *cup;
}

static SCREEN *take(const char *name)
{
	SCREEN *s = newterm(name, T.out, T.in);

	if (!s || can_draw())
		return s;
	endwin();
	delscreen(s);
	return NULL;
}

/* By the name in TERM; where terminfo lacks it, by one of the same family. */
static SCREEN *take_any(const char *name)
{
	static const char *const instead[] = { "xterm-256color", "xterm", "ansi", "vt100" };
	SCREEN *s = take(name);

	T.note[0] = '\0';
	for (size_t i = 0; !s && is_like_xterm(name) && i < ARRAY_SIZE(instead); i++) {
		s = take(instead[i]);
		snprintf(T.note, sizeof T.note, "TERM=%.40s is not known here: taken for %s", name,
			 instead[i]);
	}
	return s;
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
	T.screen = take_any(name);
	if (!T.screen) {
		stop_signals();
		fclose(T.in);
		fclose(T.out);
		snprintf(error, size, "cannot use terminal '%.60s': see TERM, or try --batch",
			 name);
		return -ENODEV;
	}
	set_modes();
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
	endwin();
	delwin(T.keys);
	delscreen(T.screen);
	fclose(T.in);
	fclose(T.out);
}

/* ---- colours ---- */

static int nearest_ansi(int rgb)
{
	int r = rgb >> 16 & 255, g = rgb >> 8 & 255, b = rgb & 255;
	int bright = r > 180 || g > 180 || b > 180, limit = bright ? 128 : 64;

	return (r > limit) | (g > limit) << 1 | (b > limit) << 2 | (COLORS >= 16 ? bright << 3 : 0);
}

static int cube(int level)
{
	return level < 48 ? 0 : level < 115 ? 1 : (level - 35) / 40;
}

/* What curses calls a colour of a theme on this terminal. */
static int color_number(int32_t c)
{
	static const int ansi[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x3465d0, 0xcd00cd,
				      0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff5555, 0x55ff55, 0xffff55,
				      0x6c8cff, 0xff55ff, 0x55ffff, 0xffffff };
	bool direct = COLORS > 256;

	if (c < 0)
		return -1;
	if (!(c & COLOR_RGB)) {
		c &= 15;
		if (direct)
			return c < 8 ? c : ansi[c & 15]; /* numbers from 8 up are RGB there */
		return COLORS >= 16 ? c : c & 7;
	}
	if (direct)
		return c & 0xffffff;
	if (COLORS < 256)
		return nearest_ansi(c & 0xffffff);
	return 16 + 36 * cube(c >> 16 & 255) + 6 * cube(c >> 8 & 255) + cube(c & 255);
}

bool term_has_colors(void)
{
	return T.colors;
}

bool term_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void term_set_theme(const struct theme *t)
{
	static const struct {
		uint8_t bit;
		attr_t attribute;
	} map[] = { { ATTR_BOLD, A_BOLD },
		    { ATTR_DIM, A_DIM },
		    { ATTR_UNDERLINE, A_UNDERLINE },
		    { ATTR_REVERSE, A_REVERSE } };

	for (int r = 0; r < ROLE_COUNT; r++) {
		const struct style *s = COLORS < 256 ? &t->few[r] : &t->style[r];
		T.attributes[r] = A_NORMAL;
		for (size_t i = 0; i < ARRAY_SIZE(map); i++)
			if (s->attributes & map[i].bit)
				T.attributes[r] |= map[i].attribute;
		T.pair[r] = 0;
		if (!T.colors || !t->colors)
			continue;
		init_extended_pair(r + 1, color_number(s->fg), color_number(s->bg));
		T.pair[r] = (short)(r + 1);
		/* On eight colours bright black would be black on black. */
		if (COLORS < 16 && s->fg == 8) {
			init_extended_pair(r + 1, -1, color_number(s->bg));
			T.attributes[r] |= A_DIM;
		}
	}
}

/* ---- output ---- */

void term_size(int *rows, int *cols)
{
	*rows = LINES;
	*cols = COLS;
}

void term_blit(const struct screen *s)
{
	if (!T.open)
		return;
	for (int y = 0; y < s->rows && y < LINES; y++)
		for (int x = 0; x < s->cols && x < COLS; x++) {
			const struct cell *c = screen_at(s, y, x);
			wchar_t text[] = { (wchar_t)c->ch, (wchar_t)c->mark[0], (wchar_t)c->mark[1],
					   0 };
			cchar_t cell;
			if (c->ch == 0) /* the character before has it */
				continue;
			setcchar(&cell, text, T.attributes[c->role], T.pair[c->role], NULL);
			mvadd_wch(y, x, &cell);
		}
	refresh();
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}
