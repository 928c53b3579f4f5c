/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Deal a secret to any 2 of 3, take two of the cards, and have it again:
 *
 *	cc deal.c -o deal $(pkg-config --cflags --libs quorate) && ./deal
 */
#include <stdio.h>
#include <quorate.h>

/* Two cards, as if they had been scanned, give back what was sealed. */
static enum quo_err
rejoin(const struct quo_dealing *dealing, struct quo_opened *opened)
{
	struct quo_pool *pool = NULL;
	struct quo_secret *card = NULL;
	enum quo_err err = quo_pool_new(&pool);
	size_t set;

	for (unsigned serial = 1; err == QUO_OK && serial <= 2; serial++) {
		err = quo_textcard_print(dealing, serial, &card);
		if (err == QUO_OK)
			err = quo_textcard_add(pool, "a card",
			    (const char *)card->data, card->len, NULL);
		quo_secret_free(card);
		card = NULL;
	}
	if (err == QUO_OK && (err = quo_pool_judge(pool)) == QUO_OK &&
	    (err = quo_pool_choose(pool, &set)) == QUO_OK)
		err = quo_pool_open(pool, set, opened, NULL);
	quo_pool_free(pool);
	return err;
}

int
main(void)
{
	struct quo_deal deal = {
		.credential = { .name = "root@db1", .secret = { "hunter2", 7 } },
		.generation = 1,
	};
	struct quo_policy *policy = NULL;
	struct quo_policy_error error;
	struct quo_dealing dealing = { .n = 0 };
	struct quo_opened opened = { .secret = NULL };
	enum quo_err err = quo_policy_parse("2 of (cfo, ciso, cto)", &policy, &error);

	deal.policy = policy;
	if (err == QUO_OK && (err = quo_deal(&deal, &dealing)) == QUO_OK)
		err = rejoin(&dealing, &opened);
	if (err == QUO_OK)
		printf("%s: %.*s\n", opened.credential.name, (int)opened.secret->len,
		    (const char *)opened.secret->data);
	else
		fprintf(stderr, "deal: %s\n", quo_strerror(err));
	quo_opened_clear(&opened);
	quo_dealing_clear(&dealing);
	quo_policy_free(policy);
	return err == QUO_OK ? 0 : 1;
}
