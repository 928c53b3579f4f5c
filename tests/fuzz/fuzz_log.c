/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "ledger/auditor.h"
#include "ledger/checkpoint.h"
#include "ledger/verify.h"

#define WITNESSES 64

/* Each that is found is found again in what it prints as. */
static size_t
find_all(const char *text, size_t len, struct quo_witness *witnesses)
{
	char printed[QUO_CHECKPOINT_TEXT], ledger[QUO_LEDGER_ID_TEXT];
	struct quo_checkpoint c, again;
	size_t at = 0, from, count = 0;
	enum quo_err err;

	for (;;) {
		memset(&c, 0, sizeof c);
		memset(&again, 0, sizeof again);
		from = at;
		err = quo_checkpoint_find(text, len, &at, ledger, &c);
		must(err != QUO_OK || (at > from && at <= len));
		if (err != QUO_OK || count == WITNESSES)
			return count;
		must(strlen(ledger) == 0 || strlen(ledger) == 32);
		witnesses[count].label = "fuzz";
		witnesses[count].checkpoint = c;
		strcpy(witnesses[count++].ledger, ledger);
		if (ledger[0] == '\0')
			continue;
		quo_checkpoint_print(ledger, &c, printed);
		from = 0;
		must(quo_checkpoint_find(printed, strlen(printed), &from,
			 ledger, &again) == QUO_OK);
		must(c.size == again.size &&
		    memcmp(c.root, again.root, sizeof c.root) == 0);
	}
}

/* A log that is whole is so by each word of its verdict. */
static void
try_export(const char *text, size_t len, bool sealed)
{
	struct quo_witness witnesses[WITNESSES] = { { .label = NULL } };
	struct quo_verify v = { .sealed = sealed, .witnesses = witnesses };

	v.witness_count = find_all(text, len, witnesses);
	must(quo_verify_begin(&v) == QUO_OK);
	quo_verify_export(text, len, &v);
	quo_verify_end(&v);
	must(v.covered <= v.entries && v.wrong <= v.entries &&
	    v.unsealed <= v.entries);
	must(!v.doubted || v.doubt_from <= v.doubt_to || v.two_histories);
	if (!v.failed)
		must(v.entries > 0 && v.wrong == 0 && v.unsealed == 0 &&
		    !v.doubted && strlen(v.ledger) == 32);
	else
		must(v.entries == 0 || v.wrong > 0 || v.unsealed > 0 ||
		    v.witness_count > 0);
}

/* A line that is taken apart is just what these values make. */
static void
try_line(const char *text, size_t len)
{
	static struct quo_line line;
	char *again = NULL;
	size_t again_len = 0;

	if (quo_line_decode(text, len, &line) != QUO_OK)
		return;
	must(quo_line_encode(&line.entry, &again, &again_len) == QUO_OK);
	must(again_len == len && memcmp(again, text, len) == 0);
	free(again);
}

static void
try_key(const char *text, size_t len)
{
	struct quo_secret *key = NULL, *printed = NULL, *again = NULL;

	if (quo_auditor_parse(text, len, &key) != QUO_OK)
		return;
	must(quo_auditor_print(key->data, &printed) == QUO_OK);
	must(quo_auditor_parse((const char *)printed->data,
		 strlen((const char *)printed->data), &again) == QUO_OK);
	must(memcmp(key->data, again->data, QUO_LEDGER_KEY_LEN) == 0);
	quo_secret_free(key);
	quo_secret_free(printed);
	quo_secret_free(again);
}

/* What `log verify` reads: a log, what witnesses it, the auditor's card. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	/* No byte more than there is, as a mapped file has. */
	text = malloc(size - 1 > 0 ? size - 1 : 1);
	must(text != NULL);
	memcpy(text, data + 1, size - 1);
	switch (data[0] % 4) {
	case 0: try_export(text, size - 1, false); break;
	case 1: try_export(text, size - 1, true); break;
	case 2: try_line(text, size - 1); break;
	case 3: try_key(text, size - 1); break;
	}
	free(text);
	return 0;
}
