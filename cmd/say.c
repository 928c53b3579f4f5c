/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "cmd/say.h"

#define LINE_MAX_BYTES 4096

static bool quiet_on;
static char first[256];
static bool data_failed;

static const unsigned char exits[] = {
	[QUO_OK] = QUO_EXIT_DONE,
	[QUO_ENOMEM] = QUO_EXIT_MACHINE,
	[QUO_ELOCK] = QUO_EXIT_MACHINE,
	[QUO_ERANDOM] = QUO_EXIT_MACHINE,
	[QUO_ELIBRARY] = QUO_EXIT_MACHINE,
	[QUO_EIO] = QUO_EXIT_MACHINE,
	[QUO_ECHILD] = QUO_EXIT_MACHINE,
	[QUO_ETIMEOUT] = QUO_EXIT_MACHINE,
	[QUO_ELATER] = QUO_EXIT_MACHINE,
	[QUO_EINVAL] = QUO_EXIT_MISUSE,
	[QUO_ETOOBIG] = QUO_EXIT_MISUSE,
	[QUO_EEXIST] = QUO_EXIT_MISUSE,
	[QUO_ENOENT] = QUO_EXIT_MISUSE,
	[QUO_EUNSAFE] = QUO_EXIT_MISUSE,
	[QUO_ENOTTY] = QUO_EXIT_MISUSE,
	[QUO_ECANCEL] = QUO_EXIT_NO,
	[QUO_ESYNTAX] = QUO_EXIT_MISUSE,
	[QUO_EFORMAT] = QUO_EXIT_NO,
	[QUO_EVERSION] = QUO_EXIT_NO,
	[QUO_ECHECK] = QUO_EXIT_NO,
	[QUO_EWORD] = QUO_EXIT_NO,
	[QUO_EDUPLICATE] = QUO_EXIT_NO,
	[QUO_EMISMATCH] = QUO_EXIT_NO,
	[QUO_ENOQUORUM] = QUO_EXIT_NO,
	[QUO_ESEAL] = QUO_EXIT_NO,
	[QUO_EPHRASE] = QUO_EXIT_NO,
	[QUO_EMISSING] = QUO_EXIT_NO,
	[QUO_ESIGNATURE] = QUO_EXIT_NO,
	[QUO_EREFUSED] = QUO_EXIT_NO,
	[QUO_EBUSY] = QUO_EXIT_MACHINE,
	[QUO_ECORRUPT] = QUO_EXIT_MACHINE,
	[QUO_EFULL] = QUO_EXIT_MACHINE,
	[QUO_EREADONLY] = QUO_EXIT_MACHINE,
	[QUO_ENEWER] = QUO_EXIT_MACHINE,
};

enum quo_exit
quo_exit_of(enum quo_err err)
{
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if ((size_t)err >= sizeof exits || exits[err] == 0)
		return QUO_EXIT_MACHINE;
	return (enum quo_exit)exits[err];
}

/* What drives a terminal, or hides in a text or turns it round. */
static const struct range {
	uint32_t first, last;
} unseen[] = {
	{ 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x00AD, 0x00AD },
	{ 0x061C, 0x061C }, { 0x200B, 0x200F }, { 0x2028, 0x202E },
	{ 0x2060, 0x206F }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF },
	{ 0xFFF9, 0xFFFB }, { 0xE0000, 0xE0FFF },
};

static bool
is_unseen(uint32_t point)
{
	size_t i;

	for (i = 0; i < sizeof unseen / sizeof *unseen; i++)
		if (point >= unseen[i].first && point <= unseen[i].last)
			return true;
	return false;
}

size_t
quo_say_escape(const char *text, char *out, size_t cap)
{
	size_t left = strlen(text), used = 0, len;
	char piece[16];
	uint32_t point = 0;

	for (; left > 0; text += len, left -= len) {
		len = quo_utf8_decode(text, left, &point);
		if (len == 0)
			snprintf(piece, sizeof piece, "\\x%02x",
			    (unsigned char)*text);
		else if (point == '\n')
			snprintf(piece, sizeof piece, "\\n");
		else if (point == '\t')
			snprintf(piece, sizeof piece, "\\t");
		else if (is_unseen(point))
			snprintf(piece, sizeof piece,
			    len == 1 ? "\\x%02x" : "\\u%04x", point);
		else
			snprintf(piece, sizeof piece, "%.*s", (int)len,
			    text);
		if (used + strlen(piece) + 1 > cap)
			break;
		memcpy(out + used, piece, strlen(piece));
		used += strlen(piece);
		len = len == 0 ? 1 : len;
	}
	out[used] = '\0';
	quo_wipe(piece, sizeof piece);
	return used;
}

static bool
write_all(int fd, const char *bytes, size_t len)
{
	return quo_file_write(fd, (const uint8_t *)bytes, len) == QUO_OK;
}

static bool
coloured(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no == NULL || *no == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0 && isatty(STDERR_FILENO);
}

/* One write a line, so that lines of two processes don't mix. */
static void
speak(int fd, const char *lead, const char *tint, bool is_error,
    const char *format, va_list args)
{
	char raw[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 64];
	size_t len = 0;

	if (vsnprintf(raw, sizeof raw, format, args) < 0)
		snprintf(raw, sizeof raw, "a message that can't be printed");
	if (fd == STDERR_FILENO) {
		bool paint = tint != NULL && coloured();

		len = (size_t)snprintf(line, sizeof line, "quorate: %s%s%s",
		    paint ? tint : "", lead, paint ? "\033[0m" : "");
	}
	if (is_error && first[0] == '\0')
		quo_say_escape(raw, first, sizeof first);
	len += quo_say_escape(raw, line + len, sizeof line - 1 - len);
	line[len++] = '\n';
	if (!write_all(fd, line, len) && fd == STDOUT_FILENO)
		data_failed = true;
	quo_wipe(raw, sizeof raw);
	quo_wipe(line, sizeof line);
}

#define SPEAK(fd, lead, tint, is_error) do { \
	va_list args; \
	va_start(args, format); \
	speak((fd), (lead), (tint), (is_error), format, args); \
	va_end(args); \
} while (0)

void
quo_say_quiet(bool quiet)
{
	quiet_on = quiet;
}

bool
quo_say_is_quiet(void)
{
	return quiet_on;
}

void
quo_say(const char *format, ...)
{
	if (!quiet_on)
		SPEAK(STDERR_FILENO, "", NULL, false);
}

void
quo_say_error(const char *format, ...)
{
	SPEAK(STDERR_FILENO, "", NULL, true);
}

const char *
quo_say_first_error(void)
{
	return first;
}

void
quo_say_forget(void)
{
	first[0] = '\0';
}

void
quo_say_warning(const char *format, ...)
{
	SPEAK(STDERR_FILENO, "warning: ", "\033[33m", false);
}

void
quo_say_hint(const char *format, ...)
{
	SPEAK(STDERR_FILENO, "hint: ", "\033[36m", false);
}

enum quo_exit
quo_say_misuse(const char *format, ...)
{
	SPEAK(STDERR_FILENO, "", NULL, true);
	return QUO_EXIT_MISUSE;
}

enum quo_exit
quo_say_failure(enum quo_err err, const char *format, ...)
{
	int why = errno;
	char what[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	if (vsnprintf(what, sizeof what, format, args) < 0)
		what[0] = '\0';
	va_end(args);
	if (err == QUO_EIO && why != 0)
		quo_say_error("%s: %s: %s", what, quo_strerror(err),
		    strerror(why));
	else
		quo_say_error("%s: %s", what, quo_strerror(err));
	return quo_exit_of(err);
}

bool
quo_say_note(const char *who, const char *note)
{
	bool any = false;
	size_t len;

	for (; *note != '\0'; note += len + (note[len] == '\n')) {
		len = strcspn(note, "\n");
		if (len == 0)
			continue;
		quo_say_error("%s: %.*s", who, (int)len, note);
		any = true;
	}
	return any;
}

void
quo_say_data(const char *format, ...)
{
	SPEAK(STDOUT_FILENO, NULL, NULL, false);
}

void
quo_say_bytes(const char *bytes, size_t len)
{
	if (!write_all(STDOUT_FILENO, bytes, len))
		data_failed = true;
}

enum quo_err
quo_say_json(struct quo_json *json)
{
	const char *text;
	enum quo_err err = quo_json_dump(json, &text);

	if (err != QUO_OK)
		return err;
	quo_say_bytes(text, strlen(text));
	return quo_say_failed() ? QUO_EIO : QUO_OK;
}

bool
quo_say_failed(void)
{
	return data_failed;
}
