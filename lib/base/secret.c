/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/secret.h"

/* The public struct first, so that its pointer is this one's. */
struct mapping {
	struct quo_secret pub;
	uint8_t *base;
	size_t size;		/* guard pages included */
};

static bool unlocked_allowed;

void
quo_secret_allow_unlocked(void)
{
	unlocked_allowed = true;
}

void
quo_wipe(void *data, size_t len)
{
	if (len > 0)
		explicit_bzero(data, len);
}

/* More than its heading line in /proc/swaps: some swap is active. */
static bool
swap_active(void)
{
	char text[512];
	const char *nl;
	ssize_t n;
	int fd;

	fd = open("/proc/swaps", O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return true;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return true;
	text[n] = '\0';
	nl = strchr(text, '\n');
	return nl != NULL && nl[1] != '\0';
}

/*
 * Mappings of one page that were given back: wiped and out of reach. Making
 * one costs seven system calls, more than all else that is done with most
 * secrets. The first byte of a page tells it from one that a fork wiped, and
 * whose lock is gone.
 */
#define SPARE 16
static _Atomic(struct mapping *) spare[SPARE];

static bool
put_spare(struct mapping *m, size_t page)
{
	struct mapping *none;

	if (m->size != 3 * page)
		return false;
	m->base[page] = 1;
	if (mprotect(m->base + page, page, PROT_NONE) != 0) {
		m->base[page] = 0;
		return false;
	}
	for (size_t i = 0; i < SPARE; i++) {
		none = NULL;
		if (atomic_compare_exchange_strong(&spare[i], &none, m))
			return true;
	}
	return false;
}

static struct mapping *
take_spare(size_t page)
{
	struct mapping *m = NULL;

	for (size_t i = 0; m == NULL && i < SPARE; i++)
		m = atomic_exchange(&spare[i], NULL);
	if (m == NULL)
		return NULL;
	if (mprotect(m->base + page, page, PROT_READ | PROT_WRITE) == 0 &&
	    m->base[page] == 1) {
		m->base[page] = 0;
		return m;
	}
	munmap(m->base, m->size);
	free(m);
	return NULL;
}

/* Up against the upper guard, but aligned. */
static struct quo_secret *
place(struct mapping *m, size_t page, size_t len)
{
	m->pub.data = m->base + m->size - page - (len + 15) / 16 * 16;
	m->pub.len = len;
	return &m->pub;
}

enum quo_err
quo_secret_new(size_t len, struct quo_secret **secret)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), body;
	struct mapping *m;

	if (len == 0 || len > QUO_SECRET_MAX)
		return QUO_ETOOBIG;
	m = len <= page ? take_spare(page) : NULL;
	if (m != NULL) {
		*secret = place(m, page, len);
		return QUO_OK;
	}
	m = calloc(1, sizeof *m);
	if (m == NULL)
		return QUO_ENOMEM;
	body = (len + page - 1) / page * page;
	m->size = body + 2 * page;
	m->base = mmap(NULL, m->size, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->base == MAP_FAILED) {
		free(m);
		return QUO_ENOMEM;
	}
	if (mprotect(m->base + page, body, PROT_READ | PROT_WRITE) != 0 ||
	    madvise(m->base + page, body, MADV_DONTDUMP) != 0 ||
	    madvise(m->base + page, body, MADV_WIPEONFORK) != 0) {
		munmap(m->base, m->size);
		free(m);
		return QUO_ENOMEM;
	}
	if (mlock(m->base + page, body) != 0 && !unlocked_allowed &&
	    swap_active()) {
		munmap(m->base, m->size);
		free(m);
		return QUO_ELOCK;
	}
	*secret = place(m, page, len);
	return QUO_OK;
}

enum quo_err
quo_secret_copy(const uint8_t *data, size_t len, struct quo_secret **secret)
{
	enum quo_err err;

	err = quo_secret_new(len, secret);
	if (err == QUO_OK)
		memcpy((*secret)->data, data, len);
	return err;
}

void
quo_secret_free(struct quo_secret *secret)
{
	struct mapping *m = (struct mapping *)secret;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (m == NULL)
		return;
	quo_wipe(m->base + page, m->size - 2 * page);
	if (put_spare(m, page))
		return;
	munmap(m->base, m->size);
	free(m);
}

void
quo_secret_truncate(struct quo_secret *secret, size_t len)
{
	if (len < secret->len) {
		quo_wipe(secret->data + len, secret->len - len);
		secret->len = len;
	}
}

enum quo_err
quo_secret_harden(void)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return QUO_ELOCK;
	return QUO_OK;
}
