/* clipboard.c - see clipboard.h. */
#include "term/clipboard.h"

#include <string.h>

#define SCREEN_PIECE 76 /* a string that screen passes on is short */

enum passage clipboard_passage(const char *tmux, const char *sty, const char *term)
{
	if ((tmux && *tmux) || strncmp(term, "tmux", 4) == 0)
		return PASSAGE_TMUX;
	if ((sty && *sty) || strncmp(term, "screen", 6) == 0)
		return PASSAGE_SCREEN;
	return PASSAGE_NONE;
}

static void add_base64(struct str text, struct buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < text.n; i += 3) {
		uint32_t three = 0;
		size_t n = text.n - i < 3 ? text.n - i : 3;
		for (size_t k = 0; k < 3; k++)
			three = three << 8 | (k < n ? (unsigned char)text.s[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_putc(out, k <= n ? digits[three >> (18 - 6 * k) & 63] : '=');
	}
}

void clipboard_put(struct str text, enum passage p, struct buf *out)
{
	struct buf plain = { 0 };

	buf_puts(&plain, "\033]52;c;");
	add_base64(text, &plain);
	buf_putc(&plain, '\a');
	/* tmux takes it itself, passes it on, or does neither: as its user has set it. */
	if (p != PASSAGE_SCREEN)
		buf_add_str(out, buf_str(&plain));
	if (p == PASSAGE_TMUX) {
		buf_puts(out, "\033Ptmux;\033");
		buf_add_str(out, buf_str(&plain));
		buf_puts(out, "\033\\");
	}
	for (size_t i = 0; p == PASSAGE_SCREEN && i < plain.n; i += SCREEN_PIECE) {
		size_t n = plain.n - i < SCREEN_PIECE ? plain.n - i : SCREEN_PIECE;
		buf_puts(out, "\033P");
		buf_add(out, plain.s + i, n);
		buf_puts(out, "\033\\");
	}
	buf_release(&plain);
}
