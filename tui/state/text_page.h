/* text_page.h - a page of text that lies over the panes: of why, of a finding. */
#ifndef ENITOP_TEXT_PAGE_H
#define ENITOP_TEXT_PAGE_H

#include <stdint.h>

#include "base/util.h"

struct page_kind;

/* Zero: none is on show. */
struct text_page {
	bool open;                    /* it is on show */
	const struct page_kind *kind; /* app_page.h */
	struct buf text;              /* made for `width` columns */
	int width, scroll;
	struct buf json; /* the same, for a file; */
	struct buf
		records; /* those that it rests on, as a filter; empty: none, or too many to say */
	int64_t since;   /* that it is so; INT64_MIN: not known */
};

#endif
