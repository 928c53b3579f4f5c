/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts, share codes, comparison and mint: a share, a draw are secret. */
#include <stdint.h>
#include <string.h>

#include "card/code.h"
#include "card/text.h"
#include "crypto/mint.h"
#include "ct.h"

/* A share code with a right id, its share secret. */
static void
make(struct quo_share_code *code)
{
	uint8_t leaf[QUO_HASH_LEN], root[QUO_HASH_LEN];

	memset(code, 0, sizeof *code);
	code->serial = 2;
	code->n = 3;
	for (size_t i = 0; i < QUO_SHARE_LEN; i++)
		code->share[i] = (uint8_t)(i * 29 + 7);
	memset(code->path, 0x77, sizeof code->path);
	quo_merkle_leaf(2, code->nonce, code->share, leaf);
	quo_merkle_climb(leaf, 2, 3,
	    (const uint8_t (*)[QUO_HASH_LEN])code->path, root);
	quo_code_id(code->d, 3, root, &code->id);
	QUO_SECRET(code->share, QUO_SHARE_LEN);
}

static void
share_goes_round(void)
{
	struct quo_share_code code, again;
	struct quo_secret *text = NULL, *data = NULL;
	uint8_t bytes[QUO_SHARE_CODE_MAX];
	struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
	enum quo_code kind;

	make(&code);
	quo_share_code_encode(&code, &w);
	must(quo_text_encode(QUO_CODE_SHARE, bytes, w.len, &text) == QUO_OK);
	must(quo_text_decode((char *)text->data, text->len - 1, &kind,
	    &data) == QUO_OK);
	must(kind == QUO_CODE_SHARE && data->len == w.len);
	must(quo_share_code_decode(data->data, data->len, &again) == QUO_OK);
	/* A changed bit: that it is damaged is public, and no more. */
	data->data[20] ^= 1;
	must(quo_share_code_decode(data->data, data->len, &again) ==
	    QUO_ECHECK);
	QUO_REVEAL(code.share, QUO_SHARE_LEN);
	QUO_REVEAL(again.share, QUO_SHARE_LEN);
	again.share[2] ^= 1;
	must(memcmp(code.share, again.share, QUO_SHARE_LEN) == 0);
	quo_secret_free(text);
	quo_secret_free(data);
}

static void
typed_goes_round(void)
{
	struct quo_share_code code, again;
	uint8_t data[QUO_TYPED_LEN];

	make(&code);
	quo_typed_encode(&code, data);
	must(quo_typed_decode(data, &again) == QUO_OK);
	QUO_REVEAL(code.share, QUO_SHARE_LEN);
	QUO_REVEAL(again.share, QUO_SHARE_LEN);
	must(memcmp(code.share, again.share, QUO_SHARE_LEN) == 0);
}

static void
equal_tells_nothing_but_that(void)
{
	uint8_t a[32] = { 1 }, b[32] = { 1 };

	QUO_SECRET(a, sizeof a);
	QUO_SECRET(b, sizeof b);
	must(quo_equal(a, b, sizeof a));
	b[31] ^= 1;
	must(!quo_equal(a, b, sizeof a));
}

/* What is drawn is secret from quo_random on. */
static void
mints(void)
{
	struct quo_mint profile;
	struct quo_secret *secret = NULL;

	must(quo_mint_parse("24", &profile) == QUO_OK);
	must(quo_mint_secret(&profile, &secret) == QUO_OK);
	QUO_REVEAL(secret->data, secret->len);
	for (size_t i = 0; i < secret->len; i++)
		must(strchr(profile.alphabet, secret->data[i]) != NULL);
	quo_secret_free(secret);
}

int
main(void)
{
	must(quo_crypt_init() == QUO_OK);
	share_goes_round();
	typed_goes_round();
	equal_tells_nothing_but_that();
	mints();
	return 0;
}
