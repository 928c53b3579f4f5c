/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "rotation/hook.h"

/* Characters that a secret can be minted of. */
static void
must_mint(const struct quo_hook_desc *d)
{
	size_t len = strnlen(d->alphabet, sizeof d->alphabet);

	must(len >= 2 && len < sizeof d->alphabet);
	for (size_t i = 0; i < len; i++)
		must(d->alphabet[i] > ' ' && d->alphabet[i] <= '~' &&
		    strchr(d->alphabet + i + 1, d->alphabet[i]) == NULL);
}

/* What a target hook says of itself: no longer than it is read. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quo_hook_desc d = { .min_len = 7 }, again;
	const struct quo_hook_desc before = d;
	const char *text = (const char *)data;
	unsigned line = 0, lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	if (quo_hook_parse(text, size, &d, &line) != QUO_OK) {
		must(line >= 1 && line <= lines);
		must(memcmp(&d, &before, sizeof d) == 0);
		return 0;
	}
	must(d.min_len >= 1 && d.min_len <= d.max_len && d.max_len <= 65536);
	must(d.limited || (d.wrong_logins == 0 && d.wrong_span == 0));
	must((d.wrong_logins == 0) == (d.wrong_span == 0));
	must(d.wrong_span >= 0);
	if (!d.mints)
		must_mint(&d);
	/* Hook and line twice are one answer. */
	must(quo_hook_parse(text, size, &again, &line) == QUO_OK);
	must(strcmp(d.alphabet, again.alphabet) == 0 &&
	    d.min_len == again.min_len && d.max_len == again.max_len);
	return 0;
}
