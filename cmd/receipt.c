/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utc.h"
#include "cmd/paper.h"
#include "cmd/receipt.h"
#include "config.h"

static enum quo_exit
check_name(const struct quo_receipt_slip *slip, const char *path)
{
	const char *name = quo_paper_last(path);

	if (*name == '\0' || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return quo_say_misuse("--receipt %s: name a file", path);
	if (faccessat(slip->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return quo_say_misuse("--receipt %s: it is there already",
		    path);
	return QUO_EXIT_DONE;
}

/* What is to be printed has its text beside it, for the ledger. */
static enum quo_err
part(const char *path, struct quo_receipt_slip *slip)
{
	const char *dot = strrchr(path, '.');

	slip->path = path;
	switch (quo_paper_form_of(path)) {
	case QUO_PAPER_OTHER:
	case QUO_PAPER_TXT:
		return QUO_OK;
	case QUO_PAPER_PDF:
	case QUO_PAPER_HTML:
		break;
	}
	if (asprintf(&slip->beside, "%.*s.txt", (int)(dot - path), path) ==
	    -1) {
		slip->beside = NULL;
		return QUO_ENOMEM;
	}
	slip->paper = path;
	slip->path = slip->beside;
	return QUO_OK;
}

enum quo_exit
quo_receipt_begin(const char *path, struct quo_receipt_slip *slip)
{
	enum quo_exit end;

	*slip = (struct quo_receipt_slip){ .dir = -1 };
	if (path == NULL)
		return QUO_EXIT_DONE;
	if (part(path, slip) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "--receipt %s", path);
	slip->dir = quo_paper_directory(path);
	if (slip->dir == -1) {
		quo_say_failure(QUO_EIO, "--receipt %s", path);
		return QUO_EXIT_MISUSE;
	}
	end = check_name(slip, path);
	if (end == QUO_EXIT_DONE && slip->paper != NULL)
		end = check_name(slip, slip->path);
	if (end != QUO_EXIT_DONE)
		return end;
	if (faccessat(slip->dir, ".", W_OK, 0) != 0) {
		quo_say_failure(QUO_EIO, "--receipt %s", path);
		return QUO_EXIT_MISUSE;
	}
	return QUO_EXIT_DONE;
}

/* A copy that needs no escaping and can be a value; NULL for none. */
static const char *
keep(struct quo_receipt_slip *slip, const char *text)
{
	char *copy;

	if (text == NULL || *text == '\0' ||
	    slip->used == sizeof slip->texts / sizeof *slip->texts)
		return NULL;
	copy = slip->texts[slip->used++];
	quo_say_escape(text, copy, sizeof *slip->texts);
	return copy;
}

static void
tell_cards(const struct quo_pool *pool, struct quo_receipt *receipt)
{
	const struct quo_pool_card *cards;
	const struct quo_pool_set *sets;
	size_t count, set_count;

	cards = quo_pool_cards(pool, &count);
	sets = quo_pool_sets(pool, &set_count);
	if (count > QUO_RECEIPT_CARDS) {
		receipt->left_out = (uint32_t)(count - QUO_RECEIPT_CARDS);
		count = QUO_RECEIPT_CARDS;
	}
	receipt->card_count = count;
	for (size_t i = 0; i < count; i++) {
		struct quo_receipt_card *told = &receipt->cards[i];

		told->serial = cards[i].serial;
		told->verdict = cards[i].verdict;
		if (cards[i].set < set_count)
			memcpy(told->set, sets[cards[i].set].id.hash,
			    QUO_ID8_LEN);
	}
}

static void
tell_set(const struct quo_quorum *quorum, struct quo_receipt *receipt)
{
	const struct quo_pool_set *set = quo_quorum_set(quorum);
	const struct quo_header *header = &set->code->header;

	receipt->set = set->id;
	memcpy(receipt->inventory, header->inventory, QUO_INVENTORY_LEN);
	receipt->generation = header->generation;
	receipt->checkpoint = header->checkpoint;
	receipt->quorum = quorum->used;
	tell_cards(quorum->pool, receipt);
}

static void
tell_undelivered(struct quo_receipt_slip *slip,
    const struct quo_receipt_about *about)
{
	struct quo_receipt *r = &slip->receipt;

	for (size_t i = 0; i < about->undelivered_count &&
	    i < QUO_RECEIPT_SINKS; i++) {
		const char *sink = keep(slip, about->undelivered[i]);

		if (sink != NULL)
			r->undelivered[r->undelivered_count++] = sink;
	}
}

void
quo_receipt_add_new(struct quo_receipt_slip *slip,
    const struct quo_set_id *set, uint32_t generation, const char *policy,
    bool locked)
{
	struct quo_receipt *r = &slip->receipt;

	if (strlen(policy) > QUO_RECEIPT_VALUE_MAX)
		return;
	r->new_policy = keep(slip, policy);
	if (r->new_policy == NULL)
		return;
	r->new_set = *set;
	r->new_generation = generation;
	r->new_locked = locked;
}

static enum quo_err
fill(struct quo_receipt_slip *slip, const struct quo_quorum *quorum,
    const struct quo_receipt_about *about)
{
	struct quo_receipt *r = &slip->receipt;
	char host[256] = "", actor[32];

	gethostname(host, sizeof host - 1);
	/* A name would have to be looked up, and whom it is asked of may be
	 * what has failed. */
	snprintf(actor, sizeof actor, "uid %lu", (unsigned long)getuid());
	*r = (struct quo_receipt){
		.opened = quo_utc_now(),
		.host = keep(slip, *host != '\0' ? host : "unknown"),
		.version = QUO_VERSION,
		.actor = keep(slip, actor),
		.name = keep(slip, quorum->opened.credential.name),
		.reason = keep(slip, about->reason),
		.ticket = keep(slip, about->ticket),
		.requester = keep(slip, about->requester),
		.exposure = about->exposure,
		.why = about->why,
	};
	tell_set(quorum, r);
	tell_undelivered(slip, about);
	if (about->new_set != NULL)
		quo_receipt_add_new(slip, about->new_set,
		    about->new_generation, about->new_policy,
		    about->new_locked);
	return quo_random(r->id, sizeof r->id);
}

enum quo_err
quo_receipt_file(const struct quo_receipt_slip *slip, const char *text,
    size_t len)
{
	const char *name = quo_paper_last(slip->path);
	struct quo_stage stage;
	enum quo_err err;

	err = quo_stage_write(slip->dir, (const uint8_t *)text, len, &stage);
	if (err == QUO_OK && slip->filed)
		err = quo_stage_replace(&stage, name);
	else if (err == QUO_OK)
		err = quo_stage_name(&stage, name);
	quo_stage_close(&stage);
	if (err == QUO_OK && fsync(slip->dir) != 0)
		err = QUO_EIO;
	return err;
}

void
quo_receipt_leave(struct quo_receipt_slip *slip,
    const struct quo_quorum *quorum, const struct quo_receipt_about *about)
{
	char *text = NULL;
	size_t len = 0;
	enum quo_err err;

	err = fill(slip, quorum, about);
	if (err == QUO_OK)
		err = quo_receipt_print(&slip->receipt, &text, &len);
	if (err != QUO_OK) {
		quo_say_failure(err, "%s", "receipt");
		return;
	}
	if (slip->path != NULL) {
		err = quo_receipt_file(slip, text, len);
		slip->filed = err == QUO_OK;
		if (err != QUO_OK)
			quo_say_failure(err, "--receipt %s", slip->path);
	}
	if (slip->filed) {
		quo_say("receipt in %s: keep it for the ledger: quorate log "
		    "receipt takes it in", slip->path);
	} else {
		quo_say_error("no ledger records this: keep the receipt that "
		    "follows for it");
		quo_file_write(STDERR_FILENO, (const uint8_t *)text, len);
	}
	if (slip->paper != NULL && quo_receipt_draw(slip, quorum, text) ==
	    QUO_EXIT_DONE)
		quo_say("and to be printed: %s", slip->paper);
	free(text);
}

void
quo_receipt_settle(struct quo_receipt_slip *slip)
{
	char *text = NULL;
	size_t len = 0;
	enum quo_err err;

	if (!slip->filed)
		return;
	slip->receipt.closed = quo_utc_now();
	err = quo_receipt_print(&slip->receipt, &text, &len);
	if (err == QUO_OK)
		err = quo_receipt_file(slip, text, len);
	if (err != QUO_OK)
		quo_say_failure(err, "%s: the end of the exposure is not in "
		    "it", slip->path);
	free(text);
}

void
quo_receipt_end(struct quo_receipt_slip *slip)
{
	if (slip->dir != -1)
		close(slip->dir);
	slip->dir = -1;
	free(slip->beside);
	slip->beside = NULL;
}
