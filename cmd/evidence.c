/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "card/pool.h"
#include "cmd/cards.h"
#include "cmd/evidence.h"
#include "ledger/auditor.h"
#include "ledger/checkpoint.h"
#include "scan/scan.h"

#define WITNESSES_MAX 4096
#define TEXT_MAX (1u << 20)
#define LINE_MAX_BYTES 4096

static void tell(const struct quo_evidence *ev, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
tell(const struct quo_evidence *ev, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	ev->tell(ev->arg, line);
}

static bool
add(struct quo_evidence *ev, const char *label, const char *ledger,
    const struct quo_checkpoint *checkpoint)
{
	struct quo_witness *w;

	for (size_t i = 0; i < ev->count; i++) {
		w = &ev->witnesses[i];
		if (w->label == label && memcmp(&w->checkpoint, checkpoint,
		    sizeof *checkpoint) == 0)
			return true;
	}
	if (ev->count == WITNESSES_MAX)
		return false;
	w = &ev->witnesses[ev->count++];
	w->label = label;
	w->checkpoint = *checkpoint;
	snprintf(w->ledger, sizeof w->ledger, "%s", ledger);
	return true;
}

/* The checkpoints in a text; QUO_ENOENT: none. */
static enum quo_err
witness_text(struct quo_evidence *ev, const char *label, const char *text,
    size_t len)
{
	struct quo_checkpoint checkpoint;
	char ledger[QUO_LEDGER_ID_TEXT];
	size_t at = 0, found = 0;
	enum quo_err err;

	for (;;) {
		memset(&checkpoint, 0, sizeof checkpoint);
		err = quo_checkpoint_find(text, len, &at, ledger,
		    &checkpoint);
		if (err != QUO_OK)
			break;
		if (!add(ev, label, ledger, &checkpoint))
			return QUO_ETOOBIG;
		found++;
	}
	return err == QUO_ENOENT && found > 0 ? QUO_OK : err;
}

/* What the headers of cards say. */
static enum quo_exit
witness_cards(struct quo_evidence *ev, const char *path, size_t *found)
{
	const struct quo_list one = { .items = &path, .count = 1 };
	struct quo_pool *pool = NULL;
	const struct quo_pool_set *sets;
	enum quo_exit end;
	size_t count;

	if (quo_pool_new(&pool) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", path);
	end = quo_cards_read(&one, pool, NULL, NULL);
	sets = quo_pool_sets(pool, &count);
	for (size_t i = 0; end == QUO_EXIT_DONE && i < count; i++) {
		if (sets[i].code == NULL ||
		    sets[i].code->header.checkpoint.size == 0)
			continue;
		add(ev, path, "", &sets[i].code->header.checkpoint);
		++*found;
	}
	quo_pool_free(pool);
	return end;
}

/* The checkpoints of paper forms in a picture; what is damaged is none. */
static void
witness_picture(struct quo_evidence *ev, const char *path, size_t *found)
{
	struct quo_scan scan = { 0 };
	const char *text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1 || quo_scan_fd(fd, &scan) != QUO_OK)
		goto out;
	text = scan.count > 0 ? (const char *)scan.texts->data : NULL;
	for (size_t i = 0; i < scan.count; i++) {
		*found += witness_text(ev, path, text, strlen(text)) ==
		    QUO_OK;
		text += strlen(text) + 1;
	}
out:
	if (fd != -1)
		close(fd);
	quo_scan_free(&scan);
}

/* A witness in which nothing is found fails the log: it was to vouch. */
static enum quo_exit
witness(struct quo_evidence *ev, const char *path)
{
	struct quo_secret *text = NULL;
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;
	size_t found = 0;

	err = quo_file_load(path, TEXT_MAX, &text);
	if (err != QUO_OK && err != QUO_ETOOBIG)
		return quo_say_failure(err, "%s", path);
	err = text == NULL ? QUO_ENOENT : witness_text(ev, path,
	    (const char *)text->data, text->len);
	quo_secret_free(text);
	if (err == QUO_ENOENT)
		witness_picture(ev, path, &found);
	if (found > 0)
		return QUO_EXIT_DONE;
	if (err == QUO_ENOENT) {
		end = witness_cards(ev, path, &found);
		if (end != QUO_EXIT_DONE || found > 0)
			return end;
	}
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	tell(ev, "witness %s: %s", path, err == QUO_ENOENT ?
	    "there is no checkpoint in it" : err == QUO_EFORMAT ?
	    "its checkpoint is damaged" : quo_strerror(err));
	return QUO_EXIT_NO;
}

static bool
key_from(const char *text, size_t len, uint8_t key[QUO_KEY_LEN])
{
	struct quo_secret *data = NULL;

	if (quo_auditor_parse(text, len, &data) != QUO_OK)
		return false;
	memcpy(key, data->data, QUO_KEY_LEN);
	quo_secret_free(data);
	return true;
}

/* In a picture: the auditor's code among what else is there. */
static bool
key_in_picture(const char *path, uint8_t key[QUO_KEY_LEN])
{
	struct quo_scan scan = { 0 };
	const char *text;
	bool found = false;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1 || quo_scan_fd(fd, &scan) != QUO_OK)
		goto out;
	text = scan.count > 0 ? (const char *)scan.texts->data : NULL;
	for (size_t i = 0; i < scan.count && !found; i++) {
		found = key_from(text, strlen(text), key);
		text += strlen(text) + 1;
	}
out:
	if (fd != -1)
		close(fd);
	quo_scan_free(&scan);
	return found;
}

static enum quo_exit
read_key(const char *path, struct quo_verify *v)
{
	struct quo_secret *text = NULL;
	bool piped = strcmp(path, "-") == 0;
	enum quo_err err;

	err = piped ? quo_file_read(STDIN_FILENO, TEXT_MAX, &text) :
	    quo_file_load(path, TEXT_MAX, &text);
	if (err != QUO_OK && err != QUO_ETOOBIG)
		return quo_say_failure(err, "%s", path);
	v->sealed = text != NULL && key_from((const char *)text->data,
	    text->len, v->key);
	quo_secret_free(text);
	if (!v->sealed && !piped)
		v->sealed = key_in_picture(path, v->key);
	return v->sealed ? QUO_EXIT_DONE : quo_say_misuse("%s: the auditor's "
	    "key is neither QUO1A:... nor 64 hex digits: look at it again",
	    path);
}

/* All that was given: what can't be used fails it in the end. */
enum quo_exit
quo_evidence_gather(struct quo_evidence *ev, const struct quo_list *witnesses,
    const char *auditor_key)
{
	enum quo_exit end = QUO_EXIT_DONE;

	ev->witnesses = calloc(WITNESSES_MAX, sizeof *ev->witnesses);
	if (ev->witnesses == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", "witnesses");
	if (auditor_key != NULL)
		end = read_key(auditor_key, &ev->verify);
	for (size_t i = 0; i < witnesses->count && end == QUO_EXIT_DONE;
	    i++) {
		end = witness(ev, witnesses->items[i]);
		if (end == QUO_EXIT_NO) {
			ev->lacking = true;
			end = QUO_EXIT_DONE;
		}
	}
	ev->sealed = ev->verify.sealed;
	return end;
}

void
quo_evidence_clear(struct quo_evidence *ev)
{
	quo_wipe(ev->verify.key, sizeof ev->verify.key);
	free(ev->witnesses);
	ev->witnesses = NULL;
}

enum quo_err
quo_evidence_begin(struct quo_evidence *ev)
{
	ev->verify.witnesses = ev->witnesses;
	ev->verify.witness_count = ev->count;
	return quo_verify_begin(&ev->verify);
}

void
quo_evidence_end(struct quo_evidence *ev)
{
	bool differs = ev->verify.failed;

	quo_verify_end(&ev->verify);
	ev->verify.failed = ev->verify.failed || differs || ev->lacking;
}

static void
say_more(char text[64], uint64_t count)
{
	text[0] = '\0';
	if (count > 1)
		snprintf(text, 64, " (and %llu more)",
		    (unsigned long long)(count - 1));
}

static void
say_entries(const struct quo_evidence *ev)
{
	const struct quo_verify *v = &ev->verify;
	bool sealed = ev->sealed;
	char more[64], root[QUO_BASE64_TEXT(QUO_HASH_LEN)];
	uint8_t hash[QUO_HASH_LEN];

	say_more(more, v->wrong);
	if (v->entries == 0)
		tell(ev, "entry 0: it is missing: the log is empty");
	if (v->wrong > 0)
		tell(ev, "entry %llu: %s%s", (unsigned long long)v->wrong_first,
		    v->wrong_why, more);
	say_more(more, v->back);
	if (v->back > 0)
		tell(ev, "warning: entry %llu: the time goes back%s",
		    (unsigned long long)v->back_first, more);
	say_more(more, v->unsealed);
	if (!sealed)
		tell(ev, "seal: not checked: that takes the auditor's "
		    "key");
	else if (v->unsealed == 0)
		tell(ev, "seal: holds for %llu entries; that none were "
		    "cut behind them it can't show",
		    (unsigned long long)v->entries);
	else
		tell(ev, "entry %llu: the seal is WRONG%s",
		    (unsigned long long)v->unsealed_first, more);
	if (sealed && v->entries > 1 && v->unsealed == v->entries)
		tell(ev, "seal: is it the key of another log?");
	quo_frontier_root(&v->frontier, hash);
	quo_base64_encode(hash, sizeof hash, root);
	tell(ev, "tree: %llu entries, root %s",
	    (unsigned long long)v->entries, root);
}

static void
say_witness(const struct quo_evidence *ev, const struct quo_witness *w)
{
	const struct quo_verify *v = &ev->verify;
	unsigned long long size = w->checkpoint.size;

	switch (w->says) {
	case QUO_WITNESS_AGREES:
		tell(ev, "witness %s: covers %llu: agrees", w->label,
		    size);
		break;
	case QUO_WITNESS_CONTRADICTS:
		tell(ev, "witness %s: covers %llu: CONTRADICTS: it saw "
		    "another history", w->label, size);
		break;
	case QUO_WITNESS_AHEAD:
		tell(ev, "witness %s: covers %llu: is AHEAD of this log: "
		    "%llu entries or more were cut", w->label, size,
		    size - (unsigned long long)v->entries);
		break;
	case QUO_WITNESS_STRANGER:
		tell(ev, "witness %s: covers %llu: CONTRADICTS: it is of "
		    "another ledger, %s", w->label, size, w->ledger);
		break;
	}
}

/* The last word, always. */
static void
say_verdict(const struct quo_evidence *ev)
{
	const struct quo_verify *v = &ev->verify;

	for (size_t i = 0; i < v->witness_count; i++)
		say_witness(ev, &v->witnesses[i]);
	if (v->two_histories)
		tell(ev, "the witnesses contradict each other: they saw "
		    "two histories");
	else if (v->doubted)
		tell(ev, "the first wrong entry is one of %llu to %llu",
		    (unsigned long long)v->doubt_from,
		    (unsigned long long)v->doubt_to);
	tell(ev, "%llu entries; the last outside witness covers %llu; "
	    "%llu entries since %s rest on this host's honesty alone.",
	    (unsigned long long)v->entries, (unsigned long long)v->covered,
	    (unsigned long long)(v->entries - v->covered),
	    v->since != NULL ? v->since : "an unknown time");
}

void
quo_evidence_words(const struct quo_evidence *ev)
{
	say_entries(ev);
	say_verdict(ev);
}
