/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "crypto/policy.h"
#include "fuzz.h"

/* A text that parses is printed so that it parses to the same. */
static void
try_text(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), *printed, *again;
	struct quo_policy *policy = NULL, *second = NULL;
	struct quo_policy_error error;
	struct quo_cards some;

	must(text != NULL);
	memcpy(text, data, size);
	if (quo_policy_parse(text, &policy, &error) == QUO_OK) {
		printed = quo_policy_print(policy);
		must(quo_policy_parse(printed, &second, &error) == QUO_OK);
		again = quo_policy_print(second);
		must(strcmp(printed, again) == 0);
		if (policy->cards <= 12) {
			quo_policy_smallest(policy, &some);
			must(quo_policy_satisfied(policy, &some));
		}
		free(printed);
		free(again);
		free(quo_policy_sentence(policy));
		quo_policy_free(second);
	} else {
		must(error.at <= strlen(text) && error.why != NULL);
	}
	quo_policy_free(policy);
	free(text);
}

/* Bytes that decode are those that it encodes to. */
static void
try_bytes(const uint8_t *data, size_t size)
{
	struct quo_reader r = quo_reader_on(data, size);
	struct quo_policy *policy = NULL;
	uint8_t again[QUO_POLICY_BYTES];
	struct quo_writer w = quo_writer_on(again, sizeof again);
	struct quo_cards none, useful;

	if (quo_policy_decode(&r, &policy) != QUO_OK)
		return;
	quo_policy_encode(policy, &w);
	must(!w.failed && w.len == r.pos && memcmp(again, data, w.len) == 0);
	memset(&none, 0, sizeof none);
	must(quo_policy_lacking(policy, &none) > 0);
	quo_policy_useful(policy, &none, &useful);
	must(quo_policy_satisfied(policy, &useful));
	quo_policy_free(policy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] % 2 == 0)
		try_text(data + 1, size - 1);
	else
		try_bytes(data + 1, size - 1);
	return 0;
}
