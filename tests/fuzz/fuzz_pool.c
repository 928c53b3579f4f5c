/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "card/deal.h"
#include "card/pool.h"
#include "card/textcard.h"
#include "fuzz.h"

/*
 * Anything into a pool: records of a kind, a label, a length (two bytes) and
 * bytes. Codes get right checks and ids where that lets them go deeper. A
 * quorum of one good set may be among them: then it opens, and to nothing
 * but what was sealed.
 */

static const char sealed[] = "what was sealed";
static struct quo_dealing good;

static void
deal_once(void)
{
	struct quo_policy *policy = NULL;
	struct quo_deal deal = {
		.credential.secret = { sealed, sizeof sealed },
		.generation = 1,
	};

	if (good.n > 0)
		return;
	must(quo_policy_flat(2, 3, &policy) == QUO_OK);
	deal.policy = policy;
	must(quo_deal(&deal, &good) == QUO_OK);
	quo_policy_free(policy);
}

/* Bytes as a code of a kind, in text. */
static void
add_code(struct quo_pool *pool, const char *label, enum quo_code kind,
    const uint8_t *data, size_t len)
{
	struct quo_secret *text = NULL;

	if (quo_text_encode(kind, data, len, &text) != QUO_OK)
		return;
	must(quo_pool_add_text(pool, label, (char *)text->data,
	    text->len - 1) == QUO_OK);
	quo_secret_free(text);
}

/* A set code of a header, sealed and root: with a right id. */
static void
add_set(struct quo_pool *pool, const char *label, const uint8_t *data,
    size_t len)
{
	static const uint8_t root[QUO_HASH_LEN];
	size_t header = len > 0 ? data[0] : 0;
	struct quo_set_code code;
	bool external;

	if (len < 1 + header)
		return;
	if (quo_set_code_make((struct quo_span){ data + 1, header },
	    (struct quo_span){ data + 1 + header, len - 1 - header }, root,
	    &code, &external) != QUO_OK)
		return;
	add_code(pool, label, QUO_CODE_SET, code.bytes, code.len);
	quo_set_code_clear(&code);
}

/* A good card's text, one of its bytes changed where that isn't 0. */
static void
add_good(struct quo_pool *pool, const char *label, const uint8_t *data,
    size_t len)
{
	struct quo_secret *text = NULL;
	size_t at = len > 2 ? data[1] | (size_t)data[2] << 8 : 0;
	uint8_t which = len > 0 ? data[0] % 4 : 0;

	must((which == 0 ? quo_dealing_set_text(&good, 1, &text) :
	    quo_dealing_share_text(&good, which, &text)) == QUO_OK);
	if (len > 3)
		text->data[at % (text->len - 1)] ^= data[3];
	must(quo_pool_add_text(pool, label, (char *)text->data,
	    text->len - 1) == QUO_OK);
	quo_secret_free(text);
}

static void
add(struct quo_pool *pool, uint8_t kind, const char *label,
    const uint8_t *data, size_t len)
{
	switch (kind % 10) {
	case 0:
		quo_pool_add_text(pool, label, (const char *)data, len);
		break;
	case 1:
		if (len >= QUO_TYPED_LEN)
			quo_pool_add_typed(pool, label, data);
		break;
	case 2:
		quo_pool_add_set(pool, label, data, len);
		break;
	case 3:
		quo_pool_add_sealed(pool, data, len);
		break;
	case 4:
	case 5:
	case 6:
		add_code(pool, label, (enum quo_code)(kind % 10 - 4), data,
		    len);
		break;
	case 7:
		add_set(pool, label, data, len);
		break;
	case 8:
		add_good(pool, label, data, len);
		break;
	default:
		quo_textcard_add(pool, label, (const char *)data, len, NULL);
	}
}

static void
open_all(struct quo_pool *pool)
{
	struct quo_opened opened;
	size_t count;

	must(quo_pool_judge(pool) == QUO_OK);
	quo_pool_sets(pool, &count);
	for (size_t set = 0; set < count; set++) {
		if (quo_pool_open(pool, set, &opened, NULL) != QUO_OK)
			continue;
		must(opened.credential.secret.len == sizeof sealed &&
		    memcmp(opened.credential.secret.data, sealed,
		    sizeof sealed) == 0);
		quo_opened_clear(&opened);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quo_pool *pool = NULL;
	char label[2] = "a";
	size_t len;

	deal_once();
	must(quo_pool_new(&pool) == QUO_OK);
	while (size >= 4) {
		label[0] = (char)('a' + data[1] % 4);
		len = data[2] | (size_t)data[3] << 8;
		len = len < size - 4 ? len : size - 4;
		add(pool, data[0], label, data + 4, len);
		if (data[1] >= 128)
			open_all(pool);
		data += 4 + len;
		size -= 4 + len;
	}
	open_all(pool);
	quo_pool_free(pool);
	return 0;
}
