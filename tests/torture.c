/* Writers of every kind against one reader: files of a watched folder are appended to in torn
 * pieces, rotated by rename (all older ones shifted, or into another folder), by copy and
 * truncate, by removal, compressed, gzip members are appended, files dropped in by the
 * thousand, while the reader is stopped, continued, told of a new window size and has
 * little memory. Each record carries its number in `bytes`; the stream must hold each exactly
 * once.
 *
 * torture ENITOP [SECONDS [SEED]] */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "support.h"

#define WRITERS 4
#define LOST_S 60  /* what has not come when nothing came for so long is lost */
#define TWICE_S 12 /* for what comes twice: files at rest are looked at within ten seconds */

/* One log: `path` is what its writer has open. */
struct writer {
	char path[128];
	int fd;
	bool json; /* as Firehose has it: {"message":"..."} */
	unsigned rotations;
	struct buf torn; /* what is still to be written of a record */
};

static char dir[64], output[96];
static pid_t reader;
static uint64_t seed;
static unsigned next_record, dropped;
static bool stopped;

static void give_up(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	if (reader > 0)
		kill(reader, SIGKILL);
	exit(1);
}

static void sleep_ms(unsigned ms)
{
	nanosleep(&(struct timespec){ ms / 1000, (long)(ms % 1000) * 1000000 }, NULL);
}

static void record(struct buf *out, const char *before, const char *after)
{
	buf_printf(out,
		   "%s2 123456789012 eni-%08x 10.0.%u.%u 10.9.0.1 %u 443 6 1 %u 1700000000 "
		   "1700000060 ACCEPT OK%s\n",
		   before, (unsigned)random_below(&seed, 50), (unsigned)random_below(&seed, 250),
		   (unsigned)random_below(&seed, 250), 1024 + (unsigned)random_below(&seed, 60000),
		   next_record++, after);
}

static void records(struct buf *out, unsigned n, bool json)
{
	while (n--)
		record(out, json ? "{\"message\":\"" : "", json ? "\"}" : "");
}

static void write_all(int fd, const char *s, size_t n)
{
	if (write(fd, s, n) != (ssize_t)n)
		give_up("write");
}

/* ---- what a writer does ---- */

static void open_log(struct writer *w)
{
	w->fd = open(w->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (w->fd < 0)
		give_up(w->path);
}

static void finish_line(struct writer *w)
{
	write_all(w->fd, w->torn.s, w->torn.n);
	buf_clear(&w->torn);
}

/* Some records, the last perhaps in two pieces: its end waits. */
static void append(struct writer *w)
{
	struct buf text = { 0 };
	size_t keep = 0;

	finish_line(w);
	records(&text, 1 + (unsigned)random_below(&seed, random_below(&seed, 10) ? 30 : 3000),
		w->json);
	if (random_below(&seed, 2)) {
		keep = 1 + random_below(&seed, 60);
		buf_add(&w->torn, text.s + text.n - keep, keep);
	}
	for (size_t at = 0; at < text.n - keep;) {
		size_t n = 1 + random_below(&seed, 20000);
		n = n < text.n - keep - at ? n : text.n - keep - at;
		write_all(w->fd, text.s + at, n);
		at += n;
	}
	buf_release(&text);
}

/* As logrotate names them: .1 is the newest, each older one moves on by one. */
static void old_name(struct writer *w, char out[160])
{
	char from[170], to[170];

	for (unsigned k = w->rotations++; k > 0; k--)
		for (int packed = 0; packed < 2; packed++) {
			snprintf(from, sizeof from, "%s.%u%s", w->path, k, packed ? ".gz" : "");
			snprintf(to, sizeof to, "%s.%u%s", w->path, k + 1, packed ? ".gz" : "");
			if (rename(from, to) != 0 && errno != ENOENT)
				give_up("rename");
		}
	snprintf(out, 160, "%s.1", w->path);
}

/* Into the folder of old logs, from which nothing is ever taken. */
static void move_away(struct writer *w)
{
	char from[170], to[200];

	snprintf(to, sizeof to, "%s/old", dir);
	mkdir(to, 0755);
	snprintf(from, sizeof from, "%s.%u", w->path, w->rotations);
	snprintf(to, sizeof to, "%s/old/%c-%u", dir, w->path[strlen(dir) + 1], next_record);
	if (w->rotations && rename(from, to) != 0 && errno != ENOENT)
		give_up("rename");
}

/* The writer still has the old file for a while. */
static void rotate(struct writer *w, char old[160])
{
	int fd = w->fd;

	old_name(w, old);
	if (rename(w->path, old) != 0)
		give_up("rename");
	open_log(w);
	if (random_below(&seed, 2))
		sleep_ms((unsigned)random_below(&seed, 300));
	write_all(fd, w->torn.s, w->torn.n);
	buf_clear(&w->torn);
	if (random_below(&seed, 2)) {
		struct buf text = { 0 };
		records(&text, 5, w->json);
		write_all(fd, text.s, text.n);
		buf_release(&text);
	}
	close(fd);
}

static void copy(const char *from, const char *to)
{
	char piece[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0644);
	ssize_t n;

	if (in < 0 || out < 0)
		give_up("copy");
	while ((n = read(in, piece, sizeof piece)) > 0)
		write_all(out, piece, (size_t)n);
	close(in);
	close(out);
}

static void copy_truncate(struct writer *w)
{
	char old[160];

	finish_line(w);
	old_name(w, old);
	copy(w->path, old);
	if (ftruncate(w->fd, 0) != 0)
		give_up("truncate");
}

static void compress_to(const char *to, const char *text, size_t n)
{
	gzFile z = gzopen(to, "wb");

	if (!z || (n && gzwrite(z, text, (unsigned)n) != (int)n) || gzclose(z) != Z_OK)
		give_up("gzip");
}

/* As logrotate's compress: beside the old file, which goes when it is done. */
static void rotate_and_gzip(struct writer *w)
{
	char old[160], packed[170];
	struct buf text = { 0 };
	struct stat st;
	int fd;

	rotate(w, old);
	fd = open(old, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) != 0)
		give_up("open");
	buf_reserve(&text, (size_t)st.st_size + 1);
	if (read(fd, text.s, (size_t)st.st_size) != st.st_size)
		give_up("read");
	close(fd);
	snprintf(packed, sizeof packed, "%s.gz", old);
	compress_to(packed, text.s, (size_t)st.st_size);
	unlink(old);
	buf_release(&text);
}

/* Whether the reader has it open, to read: then its removal loses nothing. What it has of ours
 * before it is started is open to write. */
static bool is_open_at_reader(const char *path)
{
	char command[256];

	snprintf(command, sizeof command, "ls -l /proc/%d/fd 2>/dev/null | grep -q '^lr.* %s$'",
		 (int)reader, path);
	return system(command) == 0;
}

static void remove_and_create(struct writer *w)
{
	/* The reader closes it only when nothing is unread: nothing may be written from here on. */
	finish_line(w);
	if (!is_open_at_reader(w->path))
		return; /* what nobody has seen is lost for anybody */
	unlink(w->path);
	close(w->fd);
	open_log(w);
}

/* A gzip that grows by whole members. */
static void add_member(void)
{
	char path[128];
	struct buf text = { 0 };
	gzFile z;

	snprintf(path, sizeof path, "%s/growing.gz", dir);
	records(&text, 1 + (unsigned)random_below(&seed, 300), random_below(&seed, 2));
	z = gzopen(path, "ab");
	if (!z || gzwrite(z, text.s, (unsigned)text.n) != (int)text.n || gzclose(z) != Z_OK)
		give_up("gzip");
	buf_release(&text);
}

/* A delivered object: whole under its name, or written there as it comes. */
static void drop(void)
{
	char path[200], temporary[220];
	struct buf text = { 0 };
	bool packed = random_below(&seed, 2), at_once = random_below(&seed, 2);

	snprintf(path, sizeof path, "%s/2026", dir);
	mkdir(path, 0755);
	snprintf(path, sizeof path, "%s/2026/%02u", dir, dropped / 300 % 12 + 1);
	mkdir(path, 0755);
	snprintf(path, sizeof path, "%s/2026/%02u/x_fl-1_20261124T%02u%02uZ_%u.log%s", dir,
		 dropped / 300 % 12 + 1, dropped / 60 % 24, dropped % 60, dropped,
		 packed ? ".gz" : "");
	dropped++;
	if (random_below(&seed, 2))
		buf_puts(&text, "version account-id interface-id srcaddr dstaddr srcport dstport "
				"protocol packets bytes start end action log-status\n");
	records(&text, 1 + (unsigned)random_below(&seed, 40), random_below(&seed, 2));
	snprintf(temporary, sizeof temporary, "%s%s", path,
		 at_once                  ? ""
		 : random_below(&seed, 2) ? ".6eF3b2aD"
					  : ".part");
	if (packed) {
		compress_to(temporary, text.s, text.n);
	} else {
		int fd = open(temporary, O_WRONLY | O_CREAT, 0644);
		write_all(fd, text.s, text.n / 2);
		write_all(fd, text.s + text.n / 2, text.n - text.n / 2);
		close(fd);
	}
	if (!at_once)
		rename(temporary, path);
	buf_release(&text);
}

/* ---- the reader ---- */

static void start_reader(const char *enitop)
{
	reader = fork();
	if (reader == 0) {
		int out = open(output, O_WRONLY | O_CREAT | O_APPEND, 0644);
		dup2(out, 1);
		execl(enitop, enitop, "--batch", "--follow", "--view", "flows", "--output", "raw",
		      "--memory", "4M", dir, (char *)NULL);
		_exit(127);
	}
}

static void disturb_reader(void)
{
	switch (random_below(&seed, 3)) {
	case 0:
		kill(reader, stopped ? SIGCONT : SIGSTOP);
		stopped = !stopped;
		break;
	case 1:
		kill(reader, SIGWINCH);
		break;
	default:
		break;
	}
}

/* ---- the judge ---- */

struct stream {
	FILE *f;
	long at;             /* read so far */
	unsigned char *seen; /* how often each number came */
	unsigned missing, odd;
};

/* What has come since the last time; a line that is being written waits for the next. */
static unsigned read_on(struct stream *s)
{
	char line[512];
	unsigned n = 0, number;

	fseek(s->f, s->at, SEEK_SET);
	while (fgets(line, sizeof line, s->f)) {
		size_t length = strlen(line);
		if (line[length - 1] != '\n' && length < sizeof line - 1)
			break;
		s->at += (long)length;
		n++;
		if (sscanf(line, "2 123456789012 %*s %*s %*s %*u 443 6 1 %u", &number) != 1 ||
		    number >= next_record)
			s->odd++;
		else if (s->seen[number] < 255)
			s->missing -= s->seen[number]++ == 0;
	}
	return n;
}

/* Until nothing comes any more: on a busy machine that may take long, and what came twice
 * says nothing of what is still missing. */
static void read_to_end(struct stream *s)
{
	unsigned quiet_ms = 0;

	while (quiet_ms < (s->missing ? LOST_S : TWICE_S) * 1000) {
		sleep_ms(500);
		quiet_ms = read_on(s) ? 0 : quiet_ms + 500;
	}
	fseek(s->f, s->at, SEEK_SET);
	s->odd += fgetc(s->f) != EOF;
}

static bool judge(void)
{
	struct stream s = { .f = fopen(output, "r"),
			    .seen = xcalloc(next_record + 1, 1),
			    .missing = next_record };
	unsigned lost = 0, twice = 0;

	if (!s.f)
		give_up(output);
	read_to_end(&s);
	for (unsigned i = 0; i < next_record; i++) {
		if (s.seen[i] == 0 && lost++ < 5)
			printf("# record %u is missing\n", i);
		if (s.seen[i] > 1 && twice++ < 5)
			printf("# record %u came %u times\n", i, s.seen[i]);
	}
	printf("# %u records, %u lost, %u more than once, %u damaged; %u files dropped\n",
	       next_record, lost, twice, s.odd, dropped);
	fclose(s.f);
	free(s.seen);
	return !lost && !twice && !s.odd;
}

static void act(struct writer *w)
{
	char old[160];

	switch (random_below(&seed, 40)) {
	case 0:
		rotate(w, old);
		break;
	case 1:
		copy_truncate(w);
		break;
	case 2:
		rotate_and_gzip(w);
		break;
	case 3:
		remove_and_create(w);
		break;
	case 4:
		move_away(w);
		break;
	case 5:
		add_member();
		break;
	default:
		append(w);
	}
}

int main(int argc, char **argv)
{
	unsigned seconds = argc > 2 ? (unsigned)atoi(argv[2]) : 60;
	struct writer writer[WRITERS] = { { .fd = -1 } };
	char command[256];
	int status;
	bool good;

	seed = argc > 3 ? strtoull(argv[3], NULL, 10) : (uint64_t)time(NULL);
	printf("1..2\n# seed %" PRIu64 ", %u seconds\n", seed, seconds);
	strcpy(dir, "/tmp/enitop-torture-XXXXXX");
	if (argc < 2 || !mkdtemp(dir))
		give_up("torture ENITOP [SECONDS [SEED]]");
	snprintf(output, sizeof output, "%s.out", dir);
	for (int i = 0; i < WRITERS; i++) {
		snprintf(writer[i].path, sizeof writer[i].path, "%s/%c.log", dir, 'a' + i);
		writer[i].json = i == WRITERS - 1;
		open_log(&writer[i]);
	}
	fflush(stdout);
	start_reader(argv[1]);
	for (time_t end = time(NULL) + seconds; time(NULL) < end;) {
		act(&writer[random_below(&seed, WRITERS)]);
		if (random_below(&seed, 2) == 0)
			drop();
		if (random_below(&seed, 20) == 0)
			disturb_reader();
		sleep_ms(1 + (unsigned)random_below(&seed, 40));
	}
	for (int i = 0; i < WRITERS; i++)
		finish_line(&writer[i]);
	if (stopped)
		kill(reader, SIGCONT);
	good = judge();
	printf("%s 1 - each record exactly once\n", good ? "ok" : "not ok");
	kill(reader, SIGINT);
	waitpid(reader, &status, 0);
	printf("%s 2 - the reader ends with 0\n", status == 0 ? "ok" : "not ok");
	for (int i = 0; i < WRITERS; i++)
		buf_release(&writer[i].torn);
	/* What went wrong is left to be looked at. */
	snprintf(command, sizeof command, "rm -rf '%s' '%s'", dir, output);
	return good && status == 0 ? system(command) != 0 : 1;
}
