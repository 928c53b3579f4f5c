/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/words.h"
#include "cmd/quorum.h"

/* A set id in hex; of typed cards its 8 bytes. */
static void
report_id(const struct quo_pool_set *set, struct quo_json *json)
{
	char hex[QUO_SET_ID_HEX], words[4 * (QUO_WORD_MAX + 1)];

	quo_set_id_print(&set->id, set->id_len, hex);
	quo_words_id(set->id.hash, words);
	quo_json_text(json, "set", hex);
	quo_json_text(json, "set_words", words);
}

static void
report_card(const struct quo_pool *pool, const struct quo_pool_card *card,
    struct quo_json *json)
{
	const struct quo_policy_node *leaf = NULL;
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(pool, &count);
	quo_json_object(json, NULL);
	quo_json_text(json, "from", card->label);
	quo_json_text(json, "verdict", quo_verdict_name(card->verdict));
	if (card->verdict == QUO_CARD_DAMAGED)
		quo_json_text(json, "why", quo_strerror(card->why));
	if (card->serial != 0)
		quo_json_int(json, "card", card->serial);
	if (card->set < count) {
		if (sets[card->set].code != NULL)
			leaf = quo_policy_leaf(
			    sets[card->set].code->header.policy,
			    card->serial);
		report_id(&sets[card->set], json);
	}
	if (leaf != NULL && leaf->name != NULL)
		quo_json_text(json, "custodian", leaf->name);
	quo_json_bool(json, "typed", card->typed);
	quo_json_bool(json, "usable", card->usable);
	quo_json_close(json);
}

static void
report_set(const struct quo_pool_set *set, struct quo_json *json)
{
	const struct quo_header *h;
	struct quo_set_id inventory = { { 0 } };
	char day[QUO_DAY_TEXT], hex[QUO_SET_ID_HEX], *policy;

	quo_json_object(json, NULL);
	report_id(set, json);
	quo_json_int(json, "present", set->count);
	quo_json_bool(json, "quorum", set->enough);
	if (set->code != NULL) {
		h = &set->code->header;
		policy = quo_policy_print(h->policy);
		quo_json_text(json, "policy", policy);
		free(policy);
		quo_json_int(json, "cards", h->policy->cards);
		memcpy(inventory.hash, h->inventory, QUO_INVENTORY_LEN);
		quo_set_id_print(&inventory, QUO_INVENTORY_LEN, hex);
		quo_json_text(json, "inventory", hex);
		quo_json_int(json, "generation", h->generation);
		quo_json_bool(json, "locked", h->lock.passes != 0);
		quo_json_bool(json, "sealed_here", set->sealed);
		quo_day_print(h->issued, day);
		quo_json_text(json, "issued", day);
		quo_day_print(h->review, day);
		quo_json_text(json, "review_by",
		    h->review.number != 0 ? day : NULL);
	}
	quo_json_close(json);
}

void
quo_quorum_report(const struct quo_pool *pool, struct quo_json *json)
{
	const struct quo_pool_card *cards;
	const struct quo_pool_set *sets;
	size_t count;

	if (json == NULL)
		return;
	quo_json_array(json, "cards");
	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; i < count; i++)
		report_card(pool, &cards[i], json);
	quo_json_close(json);
	quo_json_array(json, "sets");
	sets = quo_pool_sets(pool, &count);
	for (size_t i = 0; i < count; i++)
		report_set(&sets[i], json);
	quo_json_close(json);
}
