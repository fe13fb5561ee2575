/* engine_http.c - see engine_http.h. */
#include "engine/engine_http.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine_curl.h"

struct engine_http {
	struct curl_functions curl;
	uv_loop_t *loop;
	uv_timer_t timer;
	void *multi, *easy, *headers;
	char *base, *url, *ca;
	bool direct, busy, closing;
	unsigned handles; /* of the loop, that are not closed yet */
	struct buf request, body;
	bool too_long;
	char why[CURL_ERROR_BYTES];
	http_done_fn *done;
	void *ctx;
};

/* A socket of libcurl's on the loop. */
struct watched_socket {
	uv_poll_t poll;
	struct engine_http *http;
	int fd;
};

/* ---- the library ---- */

static bool load(struct curl_functions *f, char *error, size_t size)
{
	void *library = dlopen(CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	bool all = library != NULL;

#define X(returns, name, arguments) \
	all = all && (*(void **)&f->name = dlsym(library, "curl_" #name)) != NULL;
	CURL_FUNCTIONS(X)
#undef X
	if (!all)
		snprintf(
			error, size,
			"a server is asked through libcurl, which is not there (%s; Debian: libcurl4)",
			CURL_LIBRARY);
	return all && f->global_init(CURL_INIT_ALL) == 0;
}

/* ---- the loop ---- */

static void last_handle(struct engine_http *h)
{
	if (--h->handles > 0)
		return;
	free(h->base);
	free(h->url);
	free(h->ca);
	buf_release(&h->request);
	buf_release(&h->body);
	free(h);
}

static void on_timer_closed(uv_handle_t *t)
{
	last_handle(t->data);
}

static void on_socket_closed(uv_handle_t *p)
{
	struct watched_socket *w = p->data;
	struct engine_http *h = w->http;

	free(w);
	last_handle(h);
}

static void finish(struct engine_http *h, int result)
{
	struct http_answer a = { .body = buf_str(&h->body) };
	long status = 0;

	h->curl.easy_getinfo(h->easy, CURL_INFO_STATUS, &status);
	h->curl.multi_remove_handle(h->multi, h->easy);
	a.status = (int)status;
	if (h->too_long)
		a.error = "the answer is longer than 64 MiB: ask for less of it (--limit, --where)";
	else if (result)
		a.error = h->why[0] ? h->why : h->curl.easy_strerror(result);
	h->busy = false;
	h->done(h->ctx, &a);
}

static void look(struct engine_http *h)
{
	struct curl_message *m;
	int left;

	while (h->busy && !h->closing && (m = h->curl.multi_info_read(h->multi, &left)))
		if (m->kind == CURL_MESSAGE_DONE) {
			finish(h, m->data.result);
			return; /* another may have begun */
		}
}

static void on_ready(uv_poll_t *p, int status, int events)
{
	struct watched_socket *w = p->data;
	struct engine_http *h = w->http;
	int running, what = status < 0 ? CURL_IS_ERROR : 0;

	what |= events & UV_READABLE ? CURL_IS_IN : 0;
	what |= events & UV_WRITABLE ? CURL_IS_OUT : 0;
	h->curl.multi_socket_action(h->multi, w->fd, what, &running);
	look(h);
}

static int on_socket(void *easy, int fd, int what, void *user, void *known)
{
	struct engine_http *h = user;
	struct watched_socket *w = known;

	(void)easy;
	if (what == CURL_WATCH_REMOVE) {
		if (w) {
			h->curl.multi_assign(h->multi, fd, NULL);
			uv_close((uv_handle_t *)&w->poll, on_socket_closed);
		}
		return 0;
	}
	if (!w) {
		w = xcalloc(1, sizeof *w);
		w->http = h;
		w->fd = fd;
		if (uv_poll_init_socket(h->loop, &w->poll, fd) < 0) {
			free(w);
			return -1;
		}
		w->poll.data = w;
		h->handles++;
		h->curl.multi_assign(h->multi, fd, w);
	}
	uv_poll_start(&w->poll,
		      (what & CURL_WATCH_IN ? UV_READABLE : 0) |
			      (what & CURL_WATCH_OUT ? UV_WRITABLE : 0),
		      on_ready);
	return 0;
}

static void on_late(uv_timer_t *t)
{
	struct engine_http *h = t->data;
	int running;

	h->curl.multi_socket_action(h->multi, CURL_NO_SOCKET, 0, &running);
	look(h);
}

static int on_timer(void *multi, long ms, void *user)
{
	struct engine_http *h = user;

	(void)multi;
	if (h->closing)
		return 0;
	if (ms < 0)
		uv_timer_stop(&h->timer);
	else
		uv_timer_start(&h->timer, on_late, (uint64_t)ms, 0);
	return 0;
}

static size_t on_body(char *bytes, size_t one, size_t n, void *user)
{
	struct engine_http *h = user;

	if (n * one > HTTP_BYTES_MAX - h->body.n) {
		h->too_long = true;
		return 0;
	}
	buf_add(&h->body, bytes, n * one);
	return n * one;
}

/* ---- life ---- */

static char *copy(const char *s)
{
	return s ? xstrndup(s, strlen(s)) : NULL;
}

struct engine_http *http_open(uv_loop_t *loop, const char *base, const char *const *headers,
			      const char *ca, bool direct, char *error, size_t size)
{
	struct engine_http *h = xcalloc(1, sizeof *h);

	if (!load(&h->curl, error, size)) {
		free(h);
		return NULL;
	}
	h->loop = loop;
	h->base = copy(base);
	h->ca = copy(ca);
	h->direct = direct;
	h->multi = h->curl.multi_init();
	h->easy = h->curl.easy_init();
	if (!h->multi || !h->easy)
		die("out of memory");
	for (; *headers; headers++)
		h->headers = h->curl.slist_append(h->headers, *headers);
	uv_timer_init(loop, &h->timer);
	h->timer.data = h;
	h->handles = 1;
	h->curl.multi_setopt(h->multi, CURL_MULTI_SOCKET, on_socket);
	h->curl.multi_setopt(h->multi, CURL_MULTI_SOCKET_DATA, h);
	h->curl.multi_setopt(h->multi, CURL_MULTI_TIMER, on_timer);
	h->curl.multi_setopt(h->multi, CURL_MULTI_TIMER_DATA, h);
	return h;
}

static void set_options(struct engine_http *h, unsigned timeout_ms)
{
	void *e = h->easy;
	int (*set)(void *, int, ...) = h->curl.easy_setopt;

	set(e, CURL_OPT_URL, h->url);
	set(e, CURL_OPT_PROTOCOLS, (long)(CURL_PROTOCOL_HTTP | CURL_PROTOCOL_HTTPS));
	set(e, CURL_OPT_FOLLOW, 0L);
	set(e, CURL_OPT_NO_SIGNAL, 1L);
	set(e, CURL_OPT_VERIFY_PEER, 1L);
	set(e, CURL_OPT_VERIFY_HOST, 2L);
	if (h->ca)
		set(e, CURL_OPT_CA_FILE, h->ca);
	if (h->direct)
		set(e, CURL_OPT_NO_PROXY, "*");
	set(e, CURL_OPT_CONNECT_TIMEOUT_MS, (long)HTTP_CONNECT_MS);
	set(e, CURL_OPT_TIMEOUT_MS, (long)timeout_ms);
	set(e, CURL_OPT_ACCEPT_ENCODING, "gzip");
	set(e, CURL_OPT_HEADERS, h->headers);
	set(e, CURL_OPT_POST_FIELDS, h->request.s);
	set(e, CURL_OPT_POST_SIZE, (long long)h->request.n);
	set(e, CURL_OPT_ERROR_BUFFER, h->why);
	set(e, CURL_OPT_WRITE, on_body);
	set(e, CURL_OPT_WRITE_DATA, h);
}

void http_post(struct engine_http *h, const char *path, struct str body, unsigned timeout_ms,
	       http_done_fn *done, void *ctx)
{
	struct buf url = { 0 };

	if (h->busy)
		die("a request before the last one is answered");
	buf_puts(&url, h->base);
	buf_puts(&url, path);
	free(h->url);
	h->url = url.s;
	buf_clear(&h->request);
	buf_add_str(&h->request, body);
	buf_clear(&h->body);
	h->too_long = false;
	h->why[0] = '\0';
	h->done = done;
	h->ctx = ctx;
	h->busy = true;
	set_options(h, timeout_ms);
	h->curl.multi_add_handle(h->multi, h->easy);
}

void http_cancel(struct engine_http *h)
{
	if (h->busy)
		h->curl.multi_remove_handle(h->multi, h->easy);
	h->busy = false;
}

void http_close(struct engine_http *h)
{
	if (!h)
		return;
	http_cancel(h);
	h->closing = true;
	h->curl.easy_cleanup(h->easy);
	h->curl.multi_cleanup(h->multi);
	h->curl.slist_free_all(h->headers);
	uv_close((uv_handle_t *)&h->timer, on_timer_closed);
}
