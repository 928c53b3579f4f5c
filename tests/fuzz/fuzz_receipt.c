/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "ledger/checkpoint.h"
#include "ledger/receipt_internal.h"

/* No log is longer, and no verifier reads more digits. */
#define SIZES UINT64_C(1000000000000000)

/* What is taken is what it prints as, and vouches for its checkpoint. */
static void
try_text(const char *text, size_t len)
{
	struct quo_checkpoint checkpoint = { 0 };
	char ledger[QUO_LEDGER_ID_TEXT], *again = NULL;
	struct quo_receipt r;
	size_t again_len = 0, at = 0;

	if (quo_receipt_parse(text, len, &r) != QUO_OK)
		return;
	must(quo_receipt_print(&r, &again, &again_len) == QUO_OK);
	must(again_len == len && memcmp(again, text, len) == 0);
	must(quo_receipt_why(r.why) != NULL);
	must(r.card_count <= QUO_RECEIPT_CARDS);
	must(r.undelivered_count <= QUO_RECEIPT_SINKS);
	if (r.checkpoint.size != 0 && r.checkpoint.size < SIZES)
		must(quo_checkpoint_find(text, len, &at, ledger,
		    &checkpoint) == QUO_OK);
	free(again);
	quo_receipt_clear(&r);
}

/* Any text, and any lines between a title and the check that is right. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char title[] = QUO_RECEIPT_TITLE QUO_RECEIPT_VERSION;
	const size_t begin = sizeof title - 1;
	char check[QUO_RECEIPT_CHECK_LEN + 1];
	char *whole = malloc(begin + size + QUO_RECEIPT_CHECK_LEN);

	must(whole != NULL);
	try_text((const char *)data, size);
	memcpy(whole, title, begin);
	if (size > 0)
		memcpy(whole + begin, data, size);
	quo_receipt_check(whole, begin + size, check);
	memcpy(whole + begin + size, check, QUO_RECEIPT_CHECK_LEN);
	try_text(whole, begin + size + QUO_RECEIPT_CHECK_LEN);
	free(whole);
	return 0;
}
