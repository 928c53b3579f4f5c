/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "dealt.h"

void
dealt_make_as(struct quo_deal *deal, const char *text,
    struct quo_dealing *dealing)
{
	struct quo_policy_error error;
	struct quo_policy *policy = NULL;

	assert_err(quo_policy_parse(text, &policy, &error), QUO_OK);
	deal->policy = policy;
	deal->generation = deal->generation != 0 ? deal->generation : 1;
	if (deal->credential.secret.len == 0)
		deal->credential = (struct quo_credential){
			.name = "root@db1", .user = "root",
			.secret = { DEALT_SECRET, sizeof DEALT_SECRET - 1 },
		};
	assert_err(quo_deal(deal, dealing), QUO_OK);
	quo_policy_free(policy);
	deal->policy = NULL;
}

void
dealt_make(const char *policy, struct quo_dealing *dealing)
{
	struct quo_deal deal = { .issued = { 20000 } };

	dealt_make_as(&deal, policy, dealing);
}

void
dealt_add_share(struct quo_pool *pool, const char *label,
    const struct quo_dealing *dealing, unsigned serial)
{
	struct quo_secret *text = NULL;

	assert_err(quo_dealing_share_text(dealing, serial, &text), QUO_OK);
	assert_err(quo_pool_add_text(pool, label, (char *)text->data,
	    text->len - 1), QUO_OK);
	quo_secret_free(text);
}

void
dealt_add_set(struct quo_pool *pool, const char *label,
    const struct quo_dealing *dealing)
{
	struct quo_secret *text = NULL;

	for (unsigned i = 1; i <= quo_part_count(dealing->set.len); i++) {
		assert_err(quo_dealing_set_text(dealing, i, &text), QUO_OK);
		assert_err(quo_pool_add_text(pool, label, (char *)text->data,
		    text->len - 1), QUO_OK);
		quo_secret_free(text);
	}
}

void
dealt_add(struct quo_pool *pool, const char *label,
    const struct quo_dealing *dealing, unsigned serial)
{
	dealt_add_share(pool, label, dealing, serial);
	dealt_add_set(pool, label, dealing);
}

struct quo_pool *
dealt_pool(void)
{
	struct quo_pool *pool = NULL;

	assert_err(quo_pool_new(&pool), QUO_OK);
	return pool;
}

enum quo_err
dealt_open(struct quo_pool *pool, struct quo_cards *used)
{
	struct quo_opened opened = { 0 };
	struct quo_span *secret = &opened.credential.secret;
	size_t set = 0;
	enum quo_err err;

	assert_err(quo_pool_judge(pool), QUO_OK);
	err = quo_pool_choose(pool, &set);
	if (err == QUO_OK)
		err = quo_pool_open(pool, set, &opened, used);
	if (err == QUO_OK && (secret->len != sizeof DEALT_SECRET - 1 ||
	    memcmp(secret->data, DEALT_SECRET, secret->len) != 0))
		fail_msg("a wrong secret");
	quo_opened_clear(&opened);
	return err;
}

const struct quo_pool_card *
dealt_card(const struct quo_pool *pool, const char *label)
{
	const struct quo_pool_card *cards;
	size_t count;

	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(cards[i].label, label) == 0)
			return &cards[i];
	fail_msg("no card \"%s\"", label);
	return NULL;
}
