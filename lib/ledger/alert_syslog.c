/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "ledger/alert_internal.h"

#define DEVICE "/dev/log"
/* authpriv is 10, alert is 1. */
#define PRIORITY (10 * 8 + 1)
#define LIMIT_MS 1000
#define SLICE_MS 10

static long
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/*
 * Whether it is worth another try, after a nap: the queue is full. No poll:
 * it can't wait for the backlog of a stream socket.
 */
static bool
may_retry(long deadline)
{
	struct timespec nap = { 0, SLICE_MS * 1000000L };

	if (errno == EINTR)
		return now_ms() < deadline;
	if (errno != EAGAIN && errno != ENOBUFS)
		return false;
	nanosleep(&nap, NULL);
	errno = EAGAIN;
	return now_ms() < deadline;
}

/* A socket of one type, connected; -1 with errno. */
static int
reach(const char *path, int type, long deadline)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd, saved;

	if (strlen(path) >= sizeof to.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(to.sun_path, path);
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	while (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
		if (may_retry(deadline))
			continue;
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

/* All of it, or nothing that counts: a datagram goes in one piece. */
static bool
put(int fd, const char *data, size_t len, long deadline)
{
	ssize_t n;

	while (len > 0) {
		n = send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && !may_retry(deadline))
			return false;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* The head that a local socket wants: local time, English months, no host. */
static size_t
make_head(char *out, size_t size)
{
	static const char months[12][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
	};
	time_t t = time(NULL);
	struct tm tm = { .tm_mday = 1 };

	localtime_r(&t, &tm);
	return (size_t)snprintf(out, size, "<%d>%s %2d %02d:%02d:%02d "
	    "quorate[%ld]: ", PRIORITY, months[tm.tm_mon], tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, (long)getpid());
}

enum quo_err
quo_alert_syslog(const char *path, const char *message,
    char why[QUO_ALERT_WHY])
{
	char text[QUO_ALERT_SYSLOG_MAX + 1];
	const char *device = path != NULL ? path : DEVICE;
	long deadline = now_ms() + LIMIT_MS;
	size_t len;
	bool stream = false, sent;
	int fd;

	why[0] = '\0';
	len = make_head(text, sizeof text);
	len += quo_alert_clean(message, text + len, sizeof text - len);
	fd = reach(device, SOCK_DGRAM, deadline);
	if (fd == -1 && errno == EPROTOTYPE) {
		stream = true;
		fd = reach(device, SOCK_STREAM, deadline);
	}
	/* On a stream a NUL ends a message, as with syslog(3). */
	sent = fd != -1 && put(fd, text, len + (stream ? 1 : 0), deadline);
	if (!sent)
		quo_alert_fail(QUO_EIO, why, "%s: %s", device,
		    errno == EAGAIN ? "nobody takes messages there" :
		    strerror(errno));
	if (fd != -1)
		close(fd);
	return sent ? QUO_OK : QUO_EIO;
}
