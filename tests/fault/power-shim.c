/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded: tells, in order and with data, what a process does to the files
 * below $POWER_ROOT, as far as a power cut could undo it. Each operation that
 * succeeded is one frame behind the end of the file $POWER_TRACE:
 *
 *	0x01 'P' length of the rest in 8 hex digits
 *	field 0x00 field 0x00 ... and, behind the last 0x00, data
 *
 * The fields are: operation, file (device:inode, or "-"), path, a number, and
 * a second path, or a word. Whatever else is written to that file (standard
 * output and error of the process, marks of its hooks) stands between frames,
 * in its order. power.py reads it.
 *
 * With $POWER_NAMES in the environment no file can be without a name, as on
 * some file systems.
 *
 * Only what libc's symbols are called for is seen, not what libc does within
 * itself (stdio): power.py --complete holds it against strace.
 */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define SEEN __attribute__((visibility("default")))
/* What comes back from the kernel is as wide as these ask for. */
#define CALL(...) syscall(__VA_ARGS__)

struct file {
	char id[64];		/* device:inode */
	unsigned mode;
	char path[PATH_MAX];
};

static bool
is_ours(const char *path)
{
	const char *root = getenv("POWER_ROOT");
	size_t len = root != NULL ? strlen(root) : 0;

	return len > 0 && strncmp(path, root, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0');
}

/* A trace with a hole would prove nothing. */
static void
give_up(const char *why)
{
	static const char name[] = "power-shim: ";

	CALL(SYS_write, STDERR_FILENO, name, sizeof name - 1);
	CALL(SYS_write, STDERR_FILENO, why, strlen(why));
	CALL(SYS_exit_group, 99);
}

static void
tell(const char *fields, size_t fields_len, const void *data, size_t len)
{
	const char *trace = getenv("POWER_TRACE");
	char head[16];
	struct iovec parts[] = {
		{ head, 10 },
		{ (void *)(uintptr_t)fields, fields_len },
		{ (void *)(uintptr_t)data, len },
	};
	long fd, n;

	if (trace == NULL)
		give_up("POWER_TRACE is not set\n");
	snprintf(head, sizeof head, "\001P%08zx", fields_len + len);
	fd = CALL(SYS_openat, AT_FDCWD, trace,
	    O_WRONLY | O_APPEND | O_CLOEXEC);
	n = fd < 0 ? -1 : CALL(SYS_writev, fd, parts, len > 0 ? 3 : 2);
	if (n < 0 || (size_t)n != 10 + fields_len + len)
		give_up("the trace can't be written\n");
	CALL(SYS_close, fd);
}

/* more: a second path, or NULL for other. */
static void
note(const char *op, const struct file *file, long long number,
    const char *more, const void *data, size_t len)
{
	char fields[2 * PATH_MAX + 160];
	int saved = errno;
	int used = snprintf(fields, sizeof fields, "%s%c%s%c%s%c%lld%c%s%c",
	    op, 0, file->id, 0, file->path, 0, number, 0,
	    more != NULL ? more : "", 0);

	tell(fields, (size_t)used, data, len);
	errno = saved;
}

static void
identify(const struct stat *st, struct file *file)
{
	snprintf(file->id, sizeof file->id, "%llx:%llx",
	    (unsigned long long)st->st_dev, (unsigned long long)st->st_ino);
	file->mode = st->st_mode & 07777;
}

static bool
path_of(int fd, char path[PATH_MAX])
{
	char link[64] = "/proc/self/cwd";
	long n;

	if (fd != AT_FDCWD)
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = CALL(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
	path[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* Whether an open file is one of those we tell of. */
static bool
look(int fd, struct file *file)
{
	int saved = errno;
	struct stat st;
	bool ours;

	ours = fd >= 0 && fstat(fd, &st) == 0 &&
	    (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) &&
	    path_of(fd, file->path) && is_ours(file->path);
	if (ours)
		identify(&st, file);
	errno = saved;
	return ours;
}

/* The same of a name; its file is "-" where there is none. */
static bool
find(int dir, const char *name, struct file *file)
{
	char above[PATH_MAX];
	int saved = errno;
	struct stat st;
	bool ours = true;

	strcpy(file->id, "-");
	if (*name == '/')
		snprintf(file->path, sizeof file->path, "%s", name);
	else if (path_of(dir, above))
		ours = snprintf(file->path, sizeof file->path, "%s/%s",
		    above, name) < (int)sizeof file->path;
	else
		ours = false;
	ours = ours && is_ours(file->path);
	if (ours && fstatat(AT_FDCWD, file->path, &st,
	    AT_SYMLINK_NOFOLLOW) == 0)
		identify(&st, file);
	errno = saved;
	return ours;
}

/* Opening. */

static int
open_at(int dir, const char *name, int flags, mode_t mode)
{
	const bool makes = (flags & (O_CREAT | O_TRUNC)) != 0 ||
	    (flags & O_TMPFILE) == O_TMPFILE;
	struct file file;
	char now[16];
	int fd = -1;

	if ((flags & O_TMPFILE) == O_TMPFILE && getenv("POWER_NAMES") != NULL)
		errno = EOPNOTSUPP;
	else
		fd = (int)CALL(SYS_openat, dir, name, flags, mode);

	if (fd >= 0 && (makes || (flags & (O_SYNC | O_DSYNC)) != 0) &&
	    look(fd, &file)) {
		snprintf(now, sizeof now, "%o", file.mode);
		note((flags & O_TMPFILE) == O_TMPFILE ? "nameless" : "open",
		    &file, flags, now, NULL, 0);
	}
	return fd;
}

#define TAKE_MODE(flags, mode) do { \
	va_list args; \
	va_start(args, flags); \
	mode = ((flags) & O_CREAT) != 0 || \
	    ((flags) & O_TMPFILE) == O_TMPFILE ? \
	    va_arg(args, mode_t) : 0; \
	va_end(args); \
} while (0)

#define OPEN(symbol) \
	SEEN int symbol(const char *name, int flags, ...); \
	SEEN int \
	symbol(const char *name, int flags, ...) \
	{ \
		mode_t mode; \
		TAKE_MODE(flags, mode); \
		return open_at(AT_FDCWD, name, flags, mode); \
	}
#define OPENAT(symbol) \
	SEEN int symbol(int dir, const char *name, int flags, ...); \
	SEEN int \
	symbol(int dir, const char *name, int flags, ...) \
	{ \
		mode_t mode; \
		TAKE_MODE(flags, mode); \
		return open_at(dir, name, flags, mode); \
	}
OPEN(open)
OPEN(open64)
OPEN(__open_2)
OPEN(__open64_2)
OPENAT(openat)
OPENAT(openat64)
OPENAT(__openat_2)
OPENAT(__openat64_2)

/* Writing. */

static ssize_t
wrote(int fd, const void *data, long n, long long at)
{
	struct file file;

	if (n > 0 && look(fd, &file))
		note("write", &file, at >= 0 ? at :
		    (long long)CALL(SYS_lseek, fd, 0L, SEEK_CUR) - n, NULL,
		    data, (size_t)n);
	return n;
}

SEEN ssize_t
write(int fd, const void *data, size_t len)
{
	return wrote(fd, data, CALL(SYS_write, fd, data, len), -1);
}

#define PWRITE(symbol) \
	SEEN ssize_t symbol(int fd, const void *data, size_t len, off_t at); \
	SEEN ssize_t \
	symbol(int fd, const void *data, size_t len, off_t at) \
	{ \
		return wrote(fd, data, CALL(SYS_pwrite64, fd, data, len, \
		    at), at); \
	}
PWRITE(pwrite)
PWRITE(pwrite64)

/* One after another: nobody else writes these files meanwhile. */
SEEN ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	ssize_t n, all = 0;

	for (int i = 0; i < count; i++) {
		n = write(fd, parts[i].iov_base, parts[i].iov_len);
		if (n < 0)
			return all > 0 ? all : n;
		all += n;
		if ((size_t)n < parts[i].iov_len)
			break;
	}
	return all;
}

static int
sized(int fd, long rc, const char *op, long long number, const char *more)
{
	struct file file;

	if (rc == 0 && look(fd, &file))
		note(op, &file, number, more, NULL, 0);
	return (int)rc;
}

#define FTRUNCATE(symbol) \
	SEEN int symbol(int fd, off_t size); \
	SEEN int \
	symbol(int fd, off_t size) \
	{ \
		return sized(fd, CALL(SYS_ftruncate, fd, size), "truncate", \
		    size, NULL); \
	}
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

#define FALLOCATE(symbol) \
	SEEN int symbol(int fd, int mode, off_t at, off_t len); \
	SEEN int \
	symbol(int fd, int mode, off_t at, off_t len) \
	{ \
		return sized(fd, CALL(SYS_fallocate, fd, mode, at, len), \
		    mode == 0 ? "allocate" : "unknown", at + len, \
		    "fallocate"); \
	}
FALLOCATE(fallocate)
FALLOCATE(fallocate64)

#define POSIX_FALLOCATE(symbol) \
	SEEN int symbol(int fd, off_t at, off_t len); \
	SEEN int \
	symbol(int fd, off_t at, off_t len) \
	{ \
		return fallocate(fd, 0, at, len) == 0 ? 0 : errno; \
	}
POSIX_FALLOCATE(posix_fallocate)
POSIX_FALLOCATE(posix_fallocate64)

/* Names. */

/* What stands under that name now. */
static int
named(long rc, const char *op, int dir, const char *name, long long number)
{
	struct file file;

	if (rc == 0 && find(dir, name, &file))
		note(op, &file, number, NULL, NULL, 0);
	return (int)rc;
}

SEEN int
linkat(int from, const char *old, int to, const char *new, int flags)
{
	return named(CALL(SYS_linkat, from, old, to, new, flags), "link", to,
	    new, 0);
}

SEEN int
link(const char *old, const char *new)
{
	return linkat(AT_FDCWD, old, AT_FDCWD, new, 0);
}

SEEN int
renameat2(int from, const char *old, int to, const char *new,
    unsigned flags)
{
	struct file before, after;
	bool was = find(from, old, &before);
	long rc = CALL(SYS_renameat2, from, old, to, new, flags);
	bool is = find(to, new, &after);

	if (rc == 0 && (was || is))
		note(was && is && (flags & RENAME_EXCHANGE) == 0 ? "rename" :
		    "unknown", &before, flags, after.path, NULL, 0);
	return (int)rc;
}

SEEN int
renameat(int from, const char *old, int to, const char *new)
{
	return renameat2(from, old, to, new, 0);
}

SEEN int
rename(const char *old, const char *new)
{
	return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0);
}

SEEN int
unlinkat(int dir, const char *name, int flags)
{
	return named(CALL(SYS_unlinkat, dir, name, flags),
	    (flags & AT_REMOVEDIR) != 0 ? "rmdir" : "unlink", dir, name, 0);
}

SEEN int
unlink(const char *name)
{
	return unlinkat(AT_FDCWD, name, 0);
}

SEEN int
rmdir(const char *name)
{
	return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

SEEN int
mkdirat(int dir, const char *name, mode_t mode)
{
	return named(CALL(SYS_mkdirat, dir, name, mode), "mkdir", dir, name,
	    mode);
}

SEEN int
mkdir(const char *name, mode_t mode)
{
	return mkdirat(AT_FDCWD, name, mode);
}

SEEN int
symlinkat(const char *text, int dir, const char *name)
{
	return named(CALL(SYS_symlinkat, text, dir, name), "unknown", dir,
	    name, 0);
}

SEEN int
symlink(const char *text, const char *name)
{
	return symlinkat(text, AT_FDCWD, name);
}

SEEN int
fchmod(int fd, mode_t mode)
{
	return sized(fd, CALL(SYS_fchmod, fd, mode), "chmod", mode, NULL);
}

/* Whose it is matters to nobody here, but a file of it was changed. */
SEEN int
fchown(int fd, uid_t user, gid_t group)
{
	return sized(fd, CALL(SYS_fchown, fd, user, group), "chown", user,
	    NULL);
}

SEEN int
fchmodat(int dir, const char *name, mode_t mode, int flags)
{
	if (flags != 0) {
		errno = ENOTSUP;
		return -1;
	}
	return named(CALL(SYS_fchmodat, dir, name, mode), "chmod", dir, name,
	    mode);
}

SEEN int
chmod(const char *name, mode_t mode)
{
	return fchmodat(AT_FDCWD, name, mode, 0);
}

/* Syncing. */

SEEN int
fsync(int fd)
{
	return sized(fd, CALL(SYS_fsync, fd), "sync", 0, "fsync");
}

SEEN int
fdatasync(int fd)
{
	return sized(fd, CALL(SYS_fdatasync, fd), "sync", 0, "fdatasync");
}

/* Of one file system: all that we tell of stands on one. */
SEEN int
syncfs(int fd)
{
	return sized(fd, CALL(SYS_syncfs, fd), "syncall", 0, "syncfs");
}

SEEN void
sync(void)
{
	struct file file = { .id = "-", .path = "/" };

	CALL(SYS_sync);
	note("syncall", &file, 0, "sync", NULL, 0);
}

/* What power.py can't replay, it must hear of. */

#define MMAP(symbol) \
	SEEN void *symbol(void *at, size_t len, int protection, int flags, \
	    int fd, off_t from); \
	SEEN void * \
	symbol(void *at, size_t len, int protection, int flags, int fd, \
	    off_t from) \
	{ \
		struct file file; \
		if ((flags & MAP_TYPE) != MAP_PRIVATE && \
		    (protection & PROT_WRITE) != 0 && look(fd, &file)) \
			note("unknown", &file, 0, "mmap", NULL, 0); \
		return (void *)CALL(SYS_mmap, at, len, protection, flags, \
		    fd, from); \
	}
MMAP(mmap)
MMAP(mmap64)
