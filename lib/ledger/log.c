/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/secret.h"
#include "ledger/log.h"

void
quo_log_next_key(uint8_t key[QUO_KEY_LEN])
{
	quo_sha256(&(struct quo_span){ key, QUO_KEY_LEN }, 1, key);
}

enum quo_err
quo_log_mac(const uint8_t key[QUO_KEY_LEN], const char *line, size_t len,
    uint8_t mac[QUO_HASH_LEN])
{
	return quo_hmac_sha256(key, QUO_KEY_LEN,
	    &(struct quo_span){ line, len }, 1, mac);
}

/* Where the log stands: its frontier and the key of the next entry. */
struct head {
	struct quo_frontier frontier;
	uint8_t key[QUO_KEY_LEN];
};

static enum quo_err
read_head(struct quo_db *db, struct head *head)
{
	struct quo_rows *rows = NULL;
	const void *blob;
	enum quo_err err, end;
	size_t len;

	err = quo_db_ask(db, &rows, "SELECT frontier, key FROM log", "");
	if (err != QUO_OK)
		return err;
	err = QUO_ECORRUPT;
	if (quo_rows_next(rows)) {
		blob = quo_rows_blob(rows, 0, &len);
		if (quo_frontier_decode(blob, len, &head->frontier) == QUO_OK)
			err = QUO_OK;
		blob = quo_rows_blob(rows, 1, &len);
		if (len == QUO_KEY_LEN)
			memcpy(head->key, blob, QUO_KEY_LEN);
		else
			err = QUO_ECORRUPT;
	}
	end = quo_rows_end(rows);
	return end != QUO_OK ? end : err;
}

static enum quo_err
write_head(struct quo_db *db, const struct head *head)
{
	uint8_t bytes[QUO_FRONTIER_BYTES];
	struct quo_writer w = quo_writer_on(bytes, sizeof bytes);

	quo_frontier_encode(&head->frontier, &w);
	return quo_db_run(db, "UPDATE log SET frontier = ?, key = ?", "bb",
	    bytes, w.len, head->key, (size_t)QUO_KEY_LEN);
}

/* The last entry must be the one that the head knows of. */
static enum quo_err
check_last(struct quo_db *db, const struct head *head)
{
	int64_t last = 0;
	enum quo_err err;

	err = quo_db_int(db, -1, &last, "SELECT max(number) FROM entry", "");
	if (err == QUO_OK && last + 1 != (int64_t)head->frontier.size)
		err = QUO_ECORRUPT;
	return err;
}

enum quo_err
quo_log_append(struct quo_db *db, struct quo_entry *entry)
{
	uint8_t leaf[QUO_HASH_LEN], mac[QUO_HASH_LEN];
	struct head head = { 0 };
	char *line = NULL;
	enum quo_err err;
	size_t len = 0;

	err = read_head(db, &head);
	if (err == QUO_OK)
		err = check_last(db, &head);
	if (err != QUO_OK)
		goto out;
	entry->number = head.frontier.size;
	err = quo_line_encode(entry, &line, &len);
	if (err == QUO_OK)
		err = quo_log_mac(head.key, line, len, mac);
	if (err == QUO_OK)
		err = quo_db_run(db, "INSERT INTO entry VALUES (?, ?, ?)",
		    "itb", (int64_t)entry->number, line, mac, sizeof mac);
	if (err != QUO_OK)
		goto out;
	quo_frontier_leaf(line, len, leaf);
	quo_frontier_add(&head.frontier, leaf);
	quo_log_next_key(head.key);
	err = write_head(db, &head);
out:
	quo_wipe(head.key, sizeof head.key);
	free(line);
	return err;
}

enum quo_err
quo_log_keep(struct quo_db *db, const struct quo_entry *entry,
    const char *line)
{
	int64_t last = 0;
	enum quo_err err;

	err = quo_db_int(db, -1, &last, "SELECT max(number) FROM entry", "");
	if (err == QUO_OK && last + 1 != (int64_t)entry->number)
		err = QUO_EFORMAT;
	if (err == QUO_OK)
		err = quo_db_run(db, "INSERT INTO entry VALUES (?, ?, ?)",
		    "itb", (int64_t)entry->number, line, "", (size_t)0);
	return err;
}

enum quo_err
quo_log_root(struct quo_db *db, struct quo_checkpoint *checkpoint)
{
	struct head head = { 0 };
	enum quo_err err = read_head(db, &head);

	quo_wipe(head.key, sizeof head.key);
	if (err != QUO_OK)
		return err;
	checkpoint->size = head.frontier.size;
	quo_frontier_root(&head.frontier, checkpoint->root);
	return QUO_OK;
}
