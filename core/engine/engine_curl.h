/* engine_curl.h - what is used of libcurl, by its binary interface: the library is looked for when a
 * server is named and not before, so that neither a build nor a start needs it. The numbers are those
 * of <curl/curl.h> and <curl/multi.h>, which have kept them since libcurl.so.4 (2006). Private to
 * engine_http.c. */
#ifndef ENITOP_ENGINE_CURL_H
#define ENITOP_ENGINE_CURL_H

#include <stddef.h>

#define CURL_LIBRARY "libcurl.so.4"

enum {
	CURL_INIT_ALL = 3,
	CURL_OPT_TIMEOUT_MS = 155,
	CURL_OPT_CONNECT_TIMEOUT_MS = 156,
	CURL_OPT_FOLLOW = 52,
	CURL_OPT_VERIFY_PEER = 64,
	CURL_OPT_VERIFY_HOST = 81,
	CURL_OPT_NO_SIGNAL = 99,
	CURL_OPT_PROTOCOLS = 181,
	CURL_OPT_WRITE_DATA = 10001,
	CURL_OPT_URL = 10002,
	CURL_OPT_ERROR_BUFFER = 10010,
	CURL_OPT_POST_FIELDS = 10015,
	CURL_OPT_HEADERS = 10023,
	CURL_OPT_CA_FILE = 10065,
	CURL_OPT_ACCEPT_ENCODING = 10102,
	CURL_OPT_NO_PROXY = 10177,
	CURL_OPT_WRITE = 20011,
	CURL_OPT_POST_SIZE = 30120,
	CURL_MULTI_SOCKET = 20001,
	CURL_MULTI_TIMER = 20004,
	CURL_MULTI_SOCKET_DATA = 10002,
	CURL_MULTI_TIMER_DATA = 10005,
	CURL_INFO_STATUS = 0x200002,
	CURL_PROTOCOL_HTTP = 1,
	CURL_PROTOCOL_HTTPS = 2,
	CURL_WATCH_IN = 1,
	CURL_WATCH_OUT = 2,
	CURL_WATCH_REMOVE = 4,
	CURL_IS_IN = 1,
	CURL_IS_OUT = 2,
	CURL_IS_ERROR = 4,
	CURL_MESSAGE_DONE = 1,
	CURL_NO_SOCKET = -1,
	CURL_ERROR_BYTES = 256,
	CURL_WRITE_ERROR = 23
};

struct curl_message {
	int kind;
	void *easy;
	union {
		void *whatever;
		int result;
	} data;
};

/* The functions: X(what returns, name, arguments). */
#define CURL_FUNCTIONS(X) \
	X(int, global_init, (long)) \
	X(void *, easy_init, (void)) \
	X(int, easy_setopt, (void *, int, ...)) \
	X(int, easy_getinfo, (void *, int, ...)) \
	X(void, easy_cleanup, (void *)) \
	X(const char *, easy_strerror, (int)) \
	X(void *, slist_append, (void *, const char *)) \
	X(void, slist_free_all, (void *)) \
	X(void *, multi_init, (void)) \
	X(int, multi_setopt, (void *, int, ...)) \
	X(int, multi_add_handle, (void *, void *)) \
	X(int, multi_remove_handle, (void *, void *)) \
	X(int, multi_assign, (void *, int, void *)) \
	X(int, multi_socket_action, (void *, int, int, int *)) \
	X(struct curl_message *, multi_info_read, (void *, int *)) \
	X(int, multi_cleanup, (void *))

struct curl_functions {
#define X(returns, name, arguments) returns(*name) arguments;
	CURL_FUNCTIONS(X)
#undef X
};

#endif
