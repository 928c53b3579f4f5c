/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/trusted.h"
#include "base/utf8.h"
#include "cmd/confirm.h"
#include "cmd/settings.h"

#define SYSTEM_FILE "/etc/quorate/config"
#define ROOT_LEDGER "/var/lib/quorate/ledger.db"
#define FILE_MAX (64u << 10)
#define DAY 86400L
#define SPAN_MAX (3650 * DAY)

enum kind { PLACE, PLACE_OR_NONE, SPAN, LEVEL };

#define AT(kind, member) kind, offsetof(struct quo_settings, member)

/* The text of a PLACE is absolute. */
static const struct key {
	const char *name;
	enum kind kind;
	size_t offset;
	long min;		/* of a SPAN */
	const char *initial;	/* NULL: settled elsewhere */
} keys[] = {
	{ "ledger", AT(PLACE_OR_NONE, ledger), 0, NULL },
	{ "hooks", AT(PLACE, hooks), 0, "/etc/quorate/alerts.d" },
	{ "hook-timeout", AT(SPAN, hook_timeout), 1, "10s" },
	{ "deadline", AT(SPAN, deadline), 60, "4h" },
	{ "review-within", AT(SPAN, review_within), 60, "5d" },
	{ "drill-every", AT(SPAN, drill_every), DAY, "90d" },
	{ "approval-expires", AT(SPAN, approval_expires), 60, "24h" },
	{ "max-age", AT(SPAN, max_age), DAY, "365d" },
	{ "syslog", AT(PLACE_OR_NONE, syslog), 0, "/dev/log" },
	{ "confirm", AT(LEVEL, confirm), 0, "rendered" },
};

#define KEYS (sizeof keys / sizeof *keys)

/* One file, and where reading it stands. */
struct source {
	const char *path;
	unsigned line;
	bool forgiving;		/* faults are warnings */
	bool given[KEYS];
	struct quo_settings *settings;
};

static enum quo_err
fault(const struct source *s, enum quo_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum quo_err
fault(const struct source *s, enum quo_err err, const char *format, ...)
{
	char what[512], line[16] = "";
	va_list args;

	va_start(args, format);
	if (vsnprintf(what, sizeof what, format, args) < 0)
		what[0] = '\0';
	va_end(args);
	if (s->line > 0)
		snprintf(line, sizeof line, ":%u", s->line);
	(s->forgiving ? quo_say_warning : quo_say_error)("%s%s: %s", s->path,
	    line, what);
	return err;
}

static const struct key *
find(const struct source *s, const char *name)
{
	const char *names[KEYS + 1] = { NULL };

	for (size_t i = 0; i < KEYS; i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
		names[i] = keys[i].name;
	}
	fault(s, QUO_EINVAL, "there is no setting \"%s\"", name);
	name = quo_option_nearest(name, names);
	if (name != NULL)
		quo_say_hint("did you mean %s?", name);
	return NULL;
}

static enum quo_err
set_place(const struct source *s, const struct key *key, const char *text,
    char **place)
{
	bool none = key->kind == PLACE_OR_NONE && strcmp(text, "none") == 0;
	char *copy = NULL;

	if (!none && *text != '/')
		return fault(s, QUO_EINVAL, "%s is a path from / on%s, not "
		    "\"%s\"", key->name,
		    key->kind == PLACE_OR_NONE ? " or none" : "", text);
	if (!none && (copy = strdup(text)) == NULL)
		return fault(s, QUO_ENOMEM, "no memory");
	free(*place);
	*place = copy;
	if (key->offset == offsetof(struct quo_settings, ledger))
		s->settings->ledger_from = none ? QUO_LEDGER_NONE :
		    QUO_LEDGER_CONFIG;
	return QUO_OK;
}

static enum quo_err
set_level(const struct source *s, const struct key *key, const char *text,
    int *level)
{
	for (int i = 0; quo_confirm_levels[i] != NULL; i++)
		if (strcmp(quo_confirm_levels[i], text) == 0) {
			*level = i + 1;
			return QUO_OK;
		}
	return fault(s, QUO_EINVAL, "%s is rendered, quorum or all, not "
	    "\"%s\"", key->name, text);
}

static enum quo_err
set(const struct source *s, const struct key *key, const char *text)
{
	void *at = (char *)s->settings + key->offset;

	if (key->kind == LEVEL)
		return set_level(s, key, text, at);
	if (key->kind != SPAN)
		return set_place(s, key, text, at);
	if (quo_option_span(text, key->min, SPAN_MAX, at))
		return QUO_OK;
	return fault(s, QUO_EINVAL, "%s takes a time such as 90s, 15m, 4h or "
	    "2d, from %lds to %ldd, not \"%s\"", key->name, key->min,
	    SPAN_MAX / DAY, text);
}

/* Without the blanks at its ends, the last of which are cut. */
static char *
trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && strchr(" \t", text[len - 1]) != NULL)
		len--;
	text[len] = '\0';
	return text;
}

static bool
is_text(const char *line, size_t len)
{
	uint32_t point = 0;
	size_t n;

	for (; len > 0; line += n, len -= n) {
		n = quo_utf8_decode(line, len, &point);
		if (n == 0 || point == 0x7F || (point < 0x20 && point != '\t'))
			return false;
	}
	return true;
}

static enum quo_err
take_line(struct source *s, char *line)
{
	char *equals, *name, *value;
	const struct key *key;

	name = trim(line);
	if (*name == '\0' || *name == '#')
		return QUO_OK;
	equals = strchr(name, '=');
	if (equals == NULL)
		return fault(s, QUO_EINVAL, "a line is `key = value`, or "
		    "begins with #");
	*equals = '\0';
	name = trim(name);
	value = trim(equals + 1);
	key = find(s, name);
	if (key == NULL)
		return QUO_EINVAL;
	if (s->given[key - keys])
		return fault(s, QUO_EINVAL, "%s is given twice", name);
	s->given[key - keys] = true;
	return set(s, key, value);
}

static enum quo_err
take_lines(struct source *s, const char *text, size_t len)
{
	enum quo_err err = QUO_OK;
	const char *end;
	char line[1024];
	size_t n;

	while (err == QUO_OK && len > 0) {
		end = memchr(text, '\n', len);
		n = end == NULL ? len : (size_t)(end - text);
		s->line++;
		if (n >= sizeof line)
			return fault(s, QUO_EINVAL, "the line is too long");
		if (!is_text(text, n))
			return fault(s, QUO_EINVAL, "the line is no text");
		memcpy(line, text, n);
		line[n] = '\0';
		err = take_line(s, line);
		n += end != NULL;
		text += n;
		len -= n;
	}
	return err;
}

/* Who writes it says where the log goes, and what runs as us. */
static enum quo_err
judge(const struct source *s, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fault(s, QUO_EIO, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fault(s, QUO_EUNSAFE, "is no regular file");
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return fault(s, QUO_EUNSAFE, geteuid() == 0 ?
		    "is not owned by root" : "is owned by another user");
	if ((st.st_mode & 022) != 0) {
		fault(s, QUO_EUNSAFE, "is writable by others");
		quo_say_hint("chmod go-w %s, if what it says is yours",
		    s->path);
		return QUO_EUNSAFE;
	}
	return QUO_OK;
}

static enum quo_err
judge_above(const struct source *s, const char *path)
{
	char why[512];
	enum quo_err err;

	if (geteuid() != 0)
		return QUO_OK;
	err = quo_trusted_above(path, why, sizeof why);
	if (err == QUO_OK)
		return QUO_OK;
	return fault(s, err, "%s", *why != '\0' ? why : quo_strerror(err));
}

/* fd: -1 where there is no such file. */
static enum quo_err
open_file(const struct source *s, int *fd)
{
	char *path = realpath(s->path, NULL);
	enum quo_err err = QUO_OK;

	*fd = -1;
	if (path != NULL) {
		err = judge_above(s, path);
		if (err == QUO_OK)
			*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (err == QUO_OK && *fd < 0 && errno != ENOENT && errno != ENOTDIR)
		err = fault(s, QUO_EIO, "%s", strerror(errno));
	free(path);
	return err;
}

static enum quo_err
take_file(struct source *s)
{
	struct quo_secret *data = NULL;
	enum quo_err err;
	int fd;

	err = open_file(s, &fd);
	if (err != QUO_OK || fd < 0)
		return err;
	err = judge(s, fd);
	if (err == QUO_OK) {
		err = quo_file_read(fd, FILE_MAX, &data);
		if (err != QUO_OK)
			fault(s, err, "%s", quo_strerror(err));
	}
	if (err == QUO_OK && data != NULL)
		err = take_lines(s, (const char *)data->data, data->len);
	quo_secret_free(data);
	close(fd);
	return err;
}

static enum quo_err
copy(const struct quo_settings *from, struct quo_settings *to)
{
	*to = *from;
	to->ledger = from->ledger == NULL ? NULL : strdup(from->ledger);
	to->hooks = from->hooks == NULL ? NULL : strdup(from->hooks);
	to->syslog = from->syslog == NULL ? NULL : strdup(from->syslog);
	return (from->ledger != NULL && to->ledger == NULL) ||
	    (from->hooks != NULL && to->hooks == NULL) ||
	    (from->syslog != NULL && to->syslog == NULL) ?
	    QUO_ENOMEM : QUO_OK;
}

enum quo_err
quo_settings_merge(const char *path, bool forgiving,
    struct quo_settings *settings)
{
	struct quo_settings next = { 0 };
	struct source s = { path, .forgiving = forgiving, .settings = &next };
	enum quo_err err = copy(settings, &next);

	if (err == QUO_OK)
		err = take_file(&s);
	else
		fault(&s, err, "%s", quo_strerror(err));
	if (err == QUO_OK) {
		struct quo_settings last = *settings;

		*settings = next;
		next = last;
	} else if (forgiving) {
		quo_say_warning("going on without what %s says", path);
		err = QUO_OK;
	}
	quo_settings_clear(&next);
	return err;
}

/* A path below a directory of the user's; NULL where none is known. */
static enum quo_err
home_path(const char *variable, const char *below_home, const char *name,
    char **path)
{
	const char *base = getenv(variable), *home = getenv("HOME");
	int made = 0;

	*path = NULL;
	/* The XDG specification: a path that isn't absolute doesn't count. */
	if (base != NULL && *base == '/')
		made = asprintf(path, "%s/quorate/%s", base, name);
	else if (home != NULL && *home == '/')
		made = asprintf(path, "%s/%s/quorate/%s", home, below_home,
		    name);
	if (made >= 0)
		return QUO_OK;
	*path = NULL;
	return QUO_ENOMEM;
}

static enum quo_err
default_ledger(struct quo_settings *settings)
{
	enum quo_err err = QUO_OK;

	free(settings->ledger);
	if (geteuid() == 0)
		settings->ledger = strdup(ROOT_LEDGER);
	else
		err = home_path("XDG_STATE_HOME", ".local/state", "ledger.db",
		    &settings->ledger);
	settings->ledger_from = settings->ledger == NULL ?
	    QUO_LEDGER_UNKNOWN : QUO_LEDGER_DEFAULT;
	return geteuid() == 0 && settings->ledger == NULL ? QUO_ENOMEM : err;
}

static enum quo_err
apply_options(const struct quo_common *common, struct quo_settings *settings)
{
	if (!common->no_ledger && common->ledger == NULL)
		return QUO_OK;
	free(settings->ledger);
	settings->ledger = NULL;
	settings->ledger_from = QUO_LEDGER_BYPASSED;
	if (common->no_ledger)
		return QUO_OK;
	settings->ledger_from = QUO_LEDGER_GIVEN;
	settings->ledger = strdup(common->ledger);
	return settings->ledger == NULL ? QUO_ENOMEM : QUO_OK;
}

static enum quo_err
load(const struct quo_common *common, struct quo_settings *settings)
{
	struct source own = { "settings", .settings = settings };
	char *user = NULL;
	enum quo_err err;

	err = default_ledger(settings);
	for (size_t i = 0; err == QUO_OK && i < KEYS; i++)
		if (keys[i].initial != NULL)
			err = set(&own, &keys[i], keys[i].initial);
	if (err == QUO_OK)
		err = home_path("XDG_CONFIG_HOME", ".config", "config", &user);
	if (err != QUO_OK)
		quo_say_failure(err, "settings");
	if (err == QUO_OK)
		err = quo_settings_merge(SYSTEM_FILE, common->no_ledger,
		    settings);
	if (err == QUO_OK && user != NULL)
		err = quo_settings_merge(user, common->no_ledger, settings);
	free(user);
	return err;
}

enum quo_exit
quo_settings_load(const struct quo_common *common,
    struct quo_settings *settings)
{
	enum quo_err err;

	*settings = (struct quo_settings){ 0 };
	if (common->ledger != NULL && *common->ledger == '\0')
		return quo_say_misuse("--ledger takes a path");
	err = load(common, settings);
	if (err == QUO_OK) {
		err = apply_options(common, settings);
		if (err != QUO_OK)
			quo_say_failure(err, "settings");
	}
	return quo_exit_of(err);
}

void
quo_settings_clear(struct quo_settings *settings)
{
	free(settings->ledger);
	free(settings->hooks);
	free(settings->syslog);
	*settings = (struct quo_settings){ 0 };
}
