/* engine_http.h - one request after the other to a server, on the loop: libcurl, which is loaded when
 * the first server is opened. It knows nothing of what is asked. */
#ifndef ENITOP_ENGINE_HTTP_H
#define ENITOP_ENGINE_HTTP_H

#include <uv.h>

#include "base/util.h"

#define HTTP_BYTES_MAX (64u << 20) /* of an answer */
#define HTTP_CONNECT_MS 5000

struct engine_http;

/* What came of a request. */
struct http_answer {
	int status;        /* HTTP's; 0: there was no answer */
	struct str body;   /* until the next request */
	const char *error; /* why it is not whole; NULL: it is, whatever the status */
};

typedef void http_done_fn(void *ctx, const struct http_answer *a);

/* A connection to `base` ("http://127.0.0.1:8123"). `headers` (NULL behind the last) go with every
 * request; `ca`: a file of certificates, NULL: those of the system; `direct`: never through a proxy. All
 * is copied. NULL with a message in `error`. Nothing is opened yet. */
struct engine_http *http_open(uv_loop_t *loop, const char *base, const char *const *headers,
			      const char *ca, bool direct, char *error, size_t size);
/* Posts `body` to base + path, once the request before is done. `done` is called from the loop, once, in
 * at most `timeout_ms`. */
void http_post(struct engine_http *h, const char *path, struct str body, unsigned timeout_ms,
	       http_done_fn *done, void *ctx);
/* Lets go of what is under way, without a call of its `done`. */
void http_cancel(struct engine_http *h);
/* The same, of all; the loop has to run once more for its handles. */
void http_close(struct engine_http *h);

#endif
