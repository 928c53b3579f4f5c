/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/ledger_internal.h"
#include "ledger/read.h"

enum quo_err
quo_ledger_lines(struct quo_ledger *ledger, uint64_t from,
    bool (*each)(void *with, uint64_t number, const char *line, size_t len),
    void *with)
{
	struct quo_rows *rows = NULL;
	const char *line;
	enum quo_err err;

	err = quo_db_ask(ledger->db, &rows, "SELECT number, line FROM entry "
	    "WHERE number >= ? ORDER BY number", "i", (int64_t)from);
	if (err != QUO_OK)
		return err;
	while (quo_rows_next(rows)) {
		line = quo_rows_text(rows, 1);
		if (!each(with, (uint64_t)quo_rows_int(rows, 0), line,
		    quo_rows_len(rows, 1)))
			break;
	}
	return quo_rows_end(rows);
}

enum quo_err
quo_ledger_export(struct quo_ledger *ledger,
    bool (*write)(void *with, const char *bytes, size_t len), void *with)
{
	static const char digits[] = "0123456789abcdef";
	char seal[1 + 2 * QUO_HASH_LEN + 1] = { '\t',
		[1 + 2 * QUO_HASH_LEN] = '\n' };
	struct quo_rows *rows = NULL;
	enum quo_err err, end;
	const uint8_t *mac;
	const char *line;
	size_t len;

	err = quo_db_ask(ledger->db, &rows, "SELECT line, mac FROM entry "
	    "ORDER BY number", "");
	while (err == QUO_OK && quo_rows_next(rows)) {
		line = quo_rows_text(rows, 0);
		mac = quo_rows_blob(rows, 1, &len);
		for (size_t i = 0; i < len && i < QUO_HASH_LEN; i++) {
			seal[1 + 2 * i] = digits[mac[i] >> 4];
			seal[2 + 2 * i] = digits[mac[i] & 15];
		}
		if (len != QUO_HASH_LEN)
			err = QUO_ECORRUPT;
		else if (!write(with, line, quo_rows_len(rows, 0)) ||
		    !write(with, seal, sizeof seal))
			err = QUO_EIO;
	}
	end = quo_rows_end(rows);
	return err != QUO_OK ? err : end;
}
