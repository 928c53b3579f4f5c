/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/base64.h"
#include "fuzz.h"
#include "ledger/signature.h"

/* A refusal has its reason, in bytes that can be shown. */
static void
must_say(const char *why)
{
	must(*why != '\0' && memchr(why, '\0', QUO_REASON_MAX) != NULL);
	for (; *why != '\0'; why++)
		must(*why >= ' ' && *why <= '~');
}

static void
try_signature(const char *text, size_t size)
{
	struct quo_signature s;
	char why[QUO_REASON_MAX] = "";

	if (quo_signature_parse(text, size, &s, why) == QUO_OK)
		must(strlen(s.key.fingerprint) == QUO_FINGERPRINT_TEXT - 1);
	else
		must_say(why);
}

/* The same bytes behind armor: else base64 keeps most of them out. */
static void
try_blob(const uint8_t *data, size_t size)
{
	static const char begin[] = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH";
	char text[QUO_BASE64_TEXT(4096) + 100];
	size_t n = sizeof begin - 1;

	if (size > 4096)
		return;
	memcpy(text, begin, n);
	n += quo_base64_encode(data, size, text + n);
	strcpy(text + n, "\n-----END SSH SIGNATURE-----\n");
	try_signature(text, strlen(text));
}

/* A key that is taken is taken again as it was understood. */
static void
try_key(const char *text)
{
	struct quo_pubkey key, again;
	char why[QUO_REASON_MAX] = "";

	if (quo_pubkey_parse(text, &key, why) != QUO_OK) {
		must_say(why);
		return;
	}
	must(quo_pubkey_parse(key.text, &again, why) == QUO_OK);
	must(strcmp(key.text, again.text) == 0 &&
	    strcmp(key.fingerprint, again.fingerprint) == 0);
}

static void
try_key_blob(const uint8_t *data, size_t size)
{
	struct quo_pubkey key;
	char why[QUO_REASON_MAX] = "";

	if (quo_pubkey_decode(data, size, &key, why) == QUO_OK)
		try_key(key.text);
	else
		must_say(why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	text = calloc(1, size);
	must(text != NULL);
	memcpy(text, data + 1, size - 1);
	switch (data[0] % 4) {
	case 0:	try_signature(text, size - 1);		break;
	case 1:	try_blob(data + 1, size - 1);		break;
	case 2:	try_key(text);				break;
	case 3:	try_key_blob(data + 1, size - 1);	break;
	}
	free(text);
	return 0;
}
