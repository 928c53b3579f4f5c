/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "card/textcard.h"
#include "cmd/cards.h"
#include "cmd/stop.h"
#include "cmd/tty.h"
#include "scan/scan.h"

/* Larger pictures must lie in a file. */
#define FILE_MAX_BYTES (QUO_SECRET_MAX - 1)
#define SNIFF 8
/* Files beside a card that are tried as its sealed credential: of the length
 * that one has, and others, to tell a damaged one from none. */
#define SEALED_TRIED 256
#define OTHERS_TRIED 16

static const struct magic {
	const char *bytes;
	size_t len;
} pictures[] = {
	{ "\211PNG", 4 }, { "\377\330\377", 3 }, { "II*\0", 4 },
	{ "MM\0*", 4 }, { "%PDF-", 5 }, { "P5", 2 },
};

static bool
is_picture(const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof pictures / sizeof *pictures; i++)
		if (len >= pictures[i].len && memcmp(bytes, pictures[i].bytes,
		    pictures[i].len) == 0)
			return true;
	return false;
}

static bool
ends_in(const char *text, const char *end)
{
	size_t a = strlen(text), b = strlen(end);

	return a > b && strcmp(text + a - b, end) == 0;
}

static enum quo_err
take_texts(struct quo_pool *pool, const char *label,
    const struct quo_scan *scan)
{
	enum quo_err err = QUO_OK;
	const char *text;
	size_t i;

	if (scan->count == 0)
		return quo_pool_add_damaged(pool, label, QUO_PART_CARD,
		    QUO_EFORMAT);
	text = (const char *)scan->texts->data;
	for (i = 0; err == QUO_OK && i < scan->count; i++) {
		err = quo_pool_add_text(pool, label, text, strlen(text));
		text += strlen(text) + 1;
	}
	return err;
}

/* A bad photo takes seconds: say so to who waits. */
static void
say_looking(const char *label)
{
	if (isatty(STDERR_FILENO))
		quo_say("%s: looking for codes", label);
}

/* A picture that can't be read is a bad card, not the end. */
static enum quo_err
take_scan(struct quo_pool *pool, const char *label, enum quo_err err,
    struct quo_scan *scan)
{
	if (err == QUO_OK && scan->count == 0)
		quo_say_warning("%s: no card found%s%s", label,
		    *scan->note != '\0' ? ": " : "", scan->note);
	else if (err == QUO_OK && *scan->note != '\0')
		quo_say("%s: %s", label, scan->note);
	else if (err != QUO_OK && err != QUO_ENOMEM)
		quo_say_warning("%s: %s", label, *scan->note != '\0' ?
		    scan->note : quo_strerror(err));
	if (err == QUO_OK)
		err = take_texts(pool, label, scan);
	else if (err != QUO_ENOMEM)
		err = quo_pool_add_damaged(pool, label, QUO_PART_CARD, err);
	quo_scan_free(scan);
	return err;
}

/* Words in a file that had to be mended: as when they are typed. */
static bool
confirm_fixes(void *with, const struct quo_words_fix *fixes, size_t count)
{
	char question[256], typed[QUO_WORD_MAX + 1], word[QUO_WORD_MAX + 1];
	const char *label = with;
	bool yes = true;
	size_t i;

	if (!quo_tty_present()) {
		quo_say_error("%s: %zu of its words must be corrected", label,
		    count);
		quo_say_hint("on a terminal each correction is shown, and "
		    "asked for");
		return false;
	}
	for (i = 0; yes && i < count; i++) {
		strcpy(typed, "?");
		if (!fixes[i].missing)
			quo_word_get(fixes[i].typed, typed);
		quo_word_get(fixes[i].word, word);
		snprintf(question, sizeof question, "row %u word %u: the file "
		    "says \"%s\", the code says \"%s\": is that what the card "
		    "says?", (unsigned)fixes[i].row, (unsigned)fixes[i].place,
		    typed, word);
		if (quo_tty_confirm(question, &yes) != QUO_OK)
			yes = false;
	}
	quo_wipe(question, sizeof question);
	quo_wipe(typed, sizeof typed);
	quo_wipe(word, sizeof word);
	return yes;
}

/* Whether any line says something: not empty, and no comment. */
static bool
says_something(const uint8_t *text, size_t len)
{
	bool start = true, comment = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n') {
			start = true;
			comment = false;
		} else if (text[i] != ' ' && text[i] != '\t' &&
		    text[i] != '\r') {
			comment = comment || (start && text[i] == '#');
			start = false;
			if (!comment)
				return true;
		}
	}
	return false;
}

static enum quo_err
take_bytes(struct quo_pool *pool, const char *label, const uint8_t *bytes,
    size_t len)
{
	struct quo_textcard_ask ask = { confirm_fixes, (void *)(size_t)label };
	struct quo_scan scan = { 0 };

	if (is_picture(bytes, len)) {
		say_looking(label);
		return take_scan(pool, label,
		    quo_scan_bytes(bytes, len, &scan), &scan);
	}
	if (ends_in(label, ".sealed"))
		return quo_pool_add_sealed(pool, bytes, len);
	if (!says_something(bytes, len))
		quo_say_warning("%s: no card found: it is empty", label);
	else if (len <= QUO_TEXTCARD_MAX && memchr(bytes, '\0', len) == NULL)
		return quo_textcard_add(pool, label, (const char *)bytes, len,
		    &ask);
	else
		quo_say_warning("%s: neither a picture, a PDF nor a text card",
		    label);
	return quo_pool_add_damaged(pool, label, QUO_PART_CARD, QUO_EFORMAT);
}

/* A pipe may never say anything; and quo_file_read waits on in any case. */
static bool
wait_for(int fd)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };

	while (!quo_stopped() && poll(&input, 1, -1) < 0 && errno == EINTR)
		;
	return !quo_stopped();
}

/* Large pictures go to the helper as they lie; all else by our memory. */
static enum quo_err
take_fd(struct quo_pool *pool, const char *label, int fd)
{
	struct quo_scan scan = { 0 };
	struct quo_secret *bytes = NULL;
	uint8_t head[SNIFF];
	enum quo_err err;
	ssize_t n;

	n = pread(fd, head, sizeof head, 0);
	if (n > 0 && lseek(fd, 0, SEEK_CUR) == 0 &&
	    is_picture(head, (size_t)n)) {
		say_looking(label);
		return take_scan(pool, label, quo_scan_fd(fd, &scan), &scan);
	}
	if (!wait_for(fd))
		return QUO_ECANCEL;
	err = quo_file_read(fd, FILE_MAX_BYTES, &bytes);
	if (err == QUO_OK)
		err = bytes != NULL ? take_bytes(pool, label, bytes->data,
		    bytes->len) : take_bytes(pool, label, NULL, 0);
	quo_secret_free(bytes);
	return err;
}

/* What fails here is named, and no card. */
static enum quo_err
take_file(struct quo_pool *pool, const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	const char *label = standard ? "standard input" : path;
	enum quo_err err;
	struct stat st;
	int fd;

	fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	err = fd < 0 || fstat(fd, &st) != 0 ? QUO_EIO : QUO_OK;
	if (err == QUO_OK && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		err = QUO_EIO;
	}
	if (err == QUO_OK)
		err = take_fd(pool, label, fd);
	if (fd >= 0 && !standard)
		close(fd);
	if (err != QUO_EIO && err != QUO_ETOOBIG)
		return err;
	quo_say_failure(err, "%s", label);
	return quo_pool_add_damaged(pool, label, QUO_PART_CARD, err);
}

/* Whether a set's sealed credential is missing; of that length, if not 0. */
static bool
lacks_sealed(const struct quo_pool *pool, off_t len)
{
	const struct quo_pool_set *sets;
	size_t count, i;

	sets = quo_pool_sets(pool, &count);
	for (i = 0; i < count; i++)
		if (sets[i].code != NULL && !sets[i].sealed &&
		    (len == 0 || len == (off_t)sets[i].code->sealed_len))
			return true;
	return false;
}

static enum quo_err
try_sealed(struct quo_pool *pool, int fd)
{
	struct quo_secret *bytes = NULL;
	enum quo_err err;

	err = quo_file_read(fd, QUO_SEALED_MAX, &bytes);
	if (err == QUO_OK && bytes != NULL)
		err = quo_pool_add_sealed(pool, bytes->data, bytes->len);
	else if (err != QUO_ENOMEM)
		err = QUO_OK;
	quo_secret_free(bytes);
	return err;
}

/* The pool takes only a file that has the hash of a set here. */
static enum quo_err
look_through(struct quo_pool *pool, DIR *dir, bool fitting, unsigned tries)
{
	enum quo_err err = QUO_OK;
	struct dirent *entry;
	struct stat st;
	int fd;

	rewinddir(dir);
	while (err == QUO_OK && tries > 0 && (entry = readdir(dir)) != NULL) {
		if (!ends_in(entry->d_name, ".sealed") ||
		    fstatat(dirfd(dir), entry->d_name, &st, 0) != 0 ||
		    !S_ISREG(st.st_mode) ||
		    lacks_sealed(pool, st.st_size) != fitting)
			continue;
		fd = openat(dirfd(dir), entry->d_name,
		    O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			continue;
		tries--;
		err = try_sealed(pool, fd);
		close(fd);
	}
	return err;
}

static enum quo_err
look_beside(struct quo_pool *pool, const char *card)
{
	const char *slash = strrchr(card, '/');
	char directory[4096] = ".";
	enum quo_err err;
	DIR *dir;

	if (slash != NULL)
		snprintf(directory, sizeof directory, "%.*s",
		    (int)(slash - card) + 1, card);
	dir = opendir(directory);
	if (dir == NULL)
		return QUO_OK;
	err = look_through(pool, dir, true, SEALED_TRIED);
	if (err == QUO_OK)
		err = quo_pool_judge(pool);
	if (err == QUO_OK && lacks_sealed(pool, 0))
		err = look_through(pool, dir, false, OTHERS_TRIED);
	closedir(dir);
	return err;
}

/* One file, and what lies beside it. */
static enum quo_err
take_card(struct quo_pool *pool, const char *path)
{
	enum quo_err err;

	err = take_file(pool, path);
	if (err == QUO_OK)
		err = quo_pool_judge(pool);
	if (err == QUO_OK && strcmp(path, "-") != 0 && lacks_sealed(pool, 0))
		err = look_beside(pool, path);
	return err == QUO_OK ? quo_pool_judge(pool) : err;
}

/* Where a NAME is wanted, a directory of that name is no card. */
static bool
is_card(const char *operand, bool name_wanted)
{
	struct stat st;

	if (strcmp(operand, "-") == 0)
		return true;
	return stat(operand, &st) == 0 && (!name_wanted ||
	    strchr(operand, '/') != NULL || !S_ISDIR(st.st_mode));
}

const char *
quo_cards_named(const struct quo_list *operands)
{
	for (size_t i = 0; i < operands->count; i++)
		if (!is_card(operands->items[i], true) &&
		    strchr(operands->items[i], '/') == NULL)
			return operands->items[i];
	return NULL;
}

/* What isn't there is the NAME, but only once, and not if it has a path. */
static enum quo_exit
take_name(const char *operand, const char **name)
{
	if (name != NULL && *name == NULL && strchr(operand, '/') == NULL) {
		*name = operand;
		return QUO_EXIT_DONE;
	}
	quo_say_error("%s: no such file", operand);
	if (name != NULL && *name != NULL)
		quo_say_hint("\"%s\" is no file either and was taken as NAME",
		    *name);
	return QUO_EXIT_MISUSE;
}

enum quo_exit
quo_cards_read(const struct quo_list *operands, struct quo_pool *pool,
    void (*say)(const struct quo_pool *pool, size_t first), const char **name)
{
	const char *found = NULL, *at;
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err = QUO_OK;
	size_t i, before;

	/* All are looked at before the first is read. */
	for (i = 0; end == QUO_EXIT_DONE && i < operands->count; i++) {
		at = operands->items[i];
		if (!is_card(at, name != NULL && found == NULL))
			end = take_name(at, name == NULL ? NULL : &found);
	}
	if (end != QUO_EXIT_DONE)
		return end;
	if (name != NULL)
		*name = found;
	for (i = 0; err == QUO_OK && i < operands->count && !quo_stopped();
	    i++) {
		if (operands->items[i] == found)
			continue;
		before = quo_pool_begin(pool);
		err = take_card(pool, operands->items[i]);
		if (err == QUO_OK && say != NULL)
			say(pool, before);
	}
	return err == QUO_OK || err == QUO_ECANCEL ? quo_cards_stopped() :
	    quo_say_failure(err, "cards");
}

enum quo_exit
quo_cards_stopped(void)
{
	if (!quo_stopped())
		return QUO_EXIT_DONE;
	quo_say_error("interrupted");
	return QUO_EXIT_NO;
}
