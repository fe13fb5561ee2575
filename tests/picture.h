/* picture.h - a screen as a picture: the cells with the colours of a theme, in SVG. Text is text;
 * blocks, shades and frames are shapes, so that they meet whatever font is there. */
#ifndef ENITOP_TESTS_PICTURE_H
#define ENITOP_TESTS_PICTURE_H

#include "term/screen.h"

void picture_write(const struct screen *s, const struct theme *t, struct buf *out);

#endif
