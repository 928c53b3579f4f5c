/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "card/header.h"

#define VERSION 1
#define SUITE 1

enum {
	FLAG_LOCKED = 1,
	FLAG_CHECKPOINT = 2,
	FLAG_NAMES = 4,
	FLAGS = 7
};

#define DAY_SECONDS 86400

struct quo_day
quo_day_today(void)
{
	return (struct quo_day){ (uint16_t)(time(NULL) / DAY_SECONDS) };
}

void
quo_day_print(struct quo_day day, char text[QUO_DAY_TEXT])
{
	time_t t = (time_t)day.number * DAY_SECONDS;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, QUO_DAY_TEXT, "%Y-%m-%d", &tm);
}

enum quo_err
quo_day_parse(const char *text, struct quo_day *day)
{
	char again[QUO_DAY_TEXT];
	struct tm tm = { 0 };
	struct quo_day d;
	int64_t number;

	if (strlen(text) != QUO_DAY_TEXT - 1 || sscanf(text, "%4d-%2d-%2d",
	    &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3)
		return QUO_ESYNTAX;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	number = (int64_t)timegm(&tm) / DAY_SECONDS;
	if (number < 1 || number > UINT16_MAX)
		return QUO_ESYNTAX;
	d.number = (uint16_t)number;
	/* 2026-02-30 is no day: it prints as another one. */
	quo_day_print(d, again);
	if (strcmp(again, text) != 0)
		return QUO_ESYNTAX;
	*day = d;
	return QUO_OK;
}

void
quo_header_clear(struct quo_header *header)
{
	quo_policy_free(header->policy);
	header->policy = NULL;
}

static enum quo_err
decode_names(struct quo_reader *r, struct quo_policy *policy)
{
	char name[QUO_NAME_MAX + 1];
	bool any = false;
	enum quo_err err;
	size_t len;

	for (unsigned serial = 1; serial <= policy->cards; serial++) {
		len = (size_t)quo_read_uint(r, 1);
		if (r->failed || len > quo_reader_left(r))
			return QUO_EFORMAT;
		if (len == 0)
			continue;
		any = true;
		quo_read_bytes(r, (uint8_t *)name, len);
		name[len] = '\0';
		if (strlen(name) != len)
			return QUO_EFORMAT;
		err = quo_policy_name(policy, serial, name);
		if (err != QUO_OK)
			return err == QUO_EINVAL ? QUO_EFORMAT : err;
	}
	return any ? QUO_OK : QUO_EFORMAT;
}

static bool
lock_valid(struct quo_lock lock)
{
	return lock.memory >= QUO_LOCK_MEMORY_MIN &&
	    lock.memory <= QUO_LOCK_MEMORY_MAX && lock.passes >= 1 &&
	    lock.passes <= QUO_LOCK_PASSES_MAX;
}

/* All that stands before the policy. */
static enum quo_err
decode_fixed(struct quo_reader *r, struct quo_header *h)
{
	uint8_t flags;

	if (quo_read_uint(r, 1) != VERSION)
		return r->failed ? QUO_EFORMAT : QUO_EVERSION;
	if (quo_read_uint(r, 1) != SUITE)
		return r->failed ? QUO_EFORMAT : QUO_EVERSION;
	flags = (uint8_t)quo_read_uint(r, 1);
	quo_read_bytes(r, h->salt, sizeof h->salt);
	quo_read_bytes(r, h->inventory, sizeof h->inventory);
	h->generation = (uint32_t)quo_read_uint(r, 4);
	h->issued.number = (uint16_t)quo_read_uint(r, 2);
	h->review.number = (uint16_t)quo_read_uint(r, 2);
	if ((flags & FLAG_LOCKED) != 0) {
		h->lock.memory = (uint8_t)quo_read_uint(r, 1);
		h->lock.passes = (uint8_t)quo_read_uint(r, 1);
	}
	if ((flags & FLAG_CHECKPOINT) != 0) {
		h->checkpoint.size = quo_read_uint(r, 8);
		quo_read_bytes(r, h->checkpoint.root,
		    sizeof h->checkpoint.root);
	}
	h->names = (flags & FLAG_NAMES) != 0;
	if (r->failed || (flags & ~FLAGS) != 0 || h->generation == 0 ||
	    (h->review.number != 0 && h->review.number < h->issued.number) ||
	    ((flags & FLAG_LOCKED) != 0 && !lock_valid(h->lock)) ||
	    ((flags & FLAG_CHECKPOINT) != 0 && h->checkpoint.size == 0))
		return QUO_EFORMAT;
	return QUO_OK;
}

enum quo_err
quo_header_decode(struct quo_span bytes, struct quo_header *header)
{
	struct quo_reader r = quo_reader_on(bytes.data, bytes.len);
	struct quo_header h = { 0 };
	enum quo_err err;

	err = decode_fixed(&r, &h);
	if (err == QUO_OK && bytes.len > QUO_HEADER_MAX)
		err = QUO_EFORMAT;
	if (err == QUO_OK)
		err = quo_policy_decode(&r, &h.policy);
	if (err == QUO_OK && h.names)
		err = decode_names(&r, h.policy);
	if (err == QUO_OK && !quo_reader_done(&r))
		err = QUO_EFORMAT;
	if (err == QUO_OK)
		*header = h;
	else
		quo_header_clear(&h);
	return err;
}

static bool
has_names(const struct quo_header *header)
{
	const struct quo_policy *policy = header->policy;

	for (size_t i = 0; header->names && i < policy->count; i++)
		if (policy->nodes[i].name != NULL)
			return true;
	return false;
}

static void
encode_names(const struct quo_policy *policy, struct quo_writer *w)
{
	const char *name;
	size_t len;

	for (unsigned serial = 1; serial <= policy->cards; serial++) {
		name = quo_policy_leaf(policy, serial)->name;
		len = name != NULL ? strlen(name) : 0;
		quo_write_uint(w, len, 1);
		quo_write_bytes(w, (const uint8_t *)name, len);
	}
}

void
quo_header_encode(const struct quo_header *header, struct quo_writer *w)
{
	bool locked = header->lock.passes != 0;
	bool checkpoint = header->checkpoint.size != 0;
	bool names = has_names(header);

	quo_write_uint(w, VERSION, 1);
	quo_write_uint(w, SUITE, 1);
	quo_write_uint(w, (locked ? FLAG_LOCKED : 0u) |
	    (checkpoint ? FLAG_CHECKPOINT : 0u) |
	    (names ? FLAG_NAMES : 0u), 1);
	quo_write_bytes(w, header->salt, sizeof header->salt);
	quo_write_bytes(w, header->inventory, sizeof header->inventory);
	quo_write_uint(w, header->generation, 4);
	quo_write_uint(w, header->issued.number, 2);
	quo_write_uint(w, header->review.number, 2);
	if (locked) {
		quo_write_uint(w, header->lock.memory, 1);
		quo_write_uint(w, header->lock.passes, 1);
	}
	if (checkpoint) {
		quo_write_uint(w, header->checkpoint.size, 8);
		quo_write_bytes(w, header->checkpoint.root,
		    sizeof header->checkpoint.root);
	}
	quo_policy_encode(header->policy, w);
	if (names)
		encode_names(header->policy, w);
}
