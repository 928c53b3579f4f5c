/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/known.h"

enum quo_standing
quo_known_standing(void *with, const struct quo_set_id *id, size_t len,
    const struct quo_header *header)
{
	struct quo_book *book = with;
	struct quo_known_set known = { .standing = QUO_SET_UNKNOWN };
	enum quo_standing standing;
	enum quo_err err;

	if (book->ledger == NULL)
		return QUO_SET_UNKNOWN;
	err = quo_known_set(book->ledger, id, len, header, &known);
	if (err != QUO_OK)
		book->err = err;
	standing = known.standing;
	quo_known_set_clear(&known);
	return standing;
}

enum quo_err
quo_known_of(struct quo_book *book, const struct quo_pool_set *set,
    struct quo_known_set *known)
{
	size_t len = QUO_HASH_LEN;

	*known = (struct quo_known_set){ .standing = QUO_SET_UNKNOWN };
	if (book->ledger == NULL)
		return QUO_OK;
	/* Of typed cards alone there are 8 bytes, and zeros. */
	while (len > QUO_ID8_LEN && set->id.hash[len - 1] == 0)
		len--;
	return quo_known_set(book->ledger, &set->id,
	    len > QUO_ID8_LEN ? QUO_HASH_LEN : QUO_ID8_LEN,
	    set->code != NULL ? &set->code->header : NULL, known);
}
