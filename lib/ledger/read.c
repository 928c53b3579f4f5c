/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hex.h"
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
	char seal[QUO_HEX_ROOM(QUO_HASH_LEN)];
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
		if (len != QUO_HASH_LEN) {
			err = QUO_ECORRUPT;
			break;
		}
		quo_hex_print(mac, len, seal);
		if (!write(with, line, quo_rows_len(rows, 0)) ||
		    !write(with, "\t", 1) ||
		    !write(with, seal, sizeof seal - 1) ||
		    !write(with, "\n", 1))
			err = QUO_EIO;
	}
	end = quo_rows_end(rows);
	return err != QUO_OK ? err : end;
}
