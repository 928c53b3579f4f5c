/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "card/text.h"
#include "dealt.h"

#define POLICY "2 of (a, b, c)"

static const uint8_t inventory[QUO_INVENTORY_LEN] = "one inventory id";

static void
deal_generation(uint32_t generation, struct quo_dealing *d)
{
	struct quo_deal deal = {
		.generation = generation, .inventory = inventory,
	};

	dealt_make_as(&deal, POLICY, d);
}

static void
refuses_every_mix_of_two_sets(void **state)
{
	struct quo_dealing a, b;
	struct quo_pool *pool;
	const struct quo_pool_card *card;

	(void)state;
	dealt_make(POLICY, &a);
	dealt_make(POLICY, &b);
	/* one card of each */
	for (unsigned s = 1; s <= 3; s++)
		for (unsigned t = 1; t <= 3; t++) {
			pool = dealt_pool();
			dealt_add(pool, "a", &a, s);
			dealt_add(pool, "b", &b, t);
			assert_err(dealt_open(pool, NULL), QUO_ENOQUORUM);
			assert_int_equal(dealt_card(pool, "a")->verdict,
			    QUO_CARD_WHOLE);
			assert_int_not_equal(dealt_card(pool, "a")->set,
			    dealt_card(pool, "b")->set);
			quo_pool_free(pool);
			/* the share of one, the set code of the other */
			pool = dealt_pool();
			dealt_add(pool, "good", &a, t);
			dealt_add_share(pool, "mixed", &a, s);
			dealt_add_set(pool, "mixed", &b);
			assert_err(dealt_open(pool, NULL), QUO_ENOQUORUM);
			card = dealt_card(pool, "mixed");
			assert_int_equal(card->verdict, QUO_CARD_DAMAGED);
			assert_err(card->why, QUO_EMISMATCH);
			assert_false(card->usable);
			quo_pool_free(pool);
		}
	quo_dealing_clear(&a);
	quo_dealing_clear(&b);
}

static void
opens_neither_of_two_quorums_without_a_pin(void **state)
{
	struct quo_dealing a, b;
	struct quo_pool *pool = dealt_pool();

	(void)state;
	deal_generation(1, &a);
	deal_generation(1, &b);
	for (unsigned s = 1; s <= 2; s++) {
		dealt_add(pool, s == 1 ? "a1" : "a2", &a, s);
		dealt_add(pool, s == 1 ? "b1" : "b2", &b, s);
	}
	dealt_add(pool, "b3", &b, 3);
	assert_err(dealt_open(pool, NULL), QUO_EMISMATCH);
	assert_err(quo_pool_pin(pool, a.set.id.hash, 15), QUO_EINVAL);
	assert_err(quo_pool_pin(pool, a.set.id.hash, 33), QUO_EINVAL);
	assert_err(quo_pool_pin(pool, a.set.id.hash, 16), QUO_OK);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(dealt_card(pool, "a1")->verdict, QUO_CARD_GENUINE);
	/* the same inventory and generation under another id */
	assert_int_equal(dealt_card(pool, "b1")->verdict, QUO_CARD_SUSPECT);
	quo_pool_free(pool);
	quo_dealing_clear(&b);
	deal_generation(2, &b);
	pool = dealt_pool();
	assert_err(quo_pool_pin(pool, a.set.id.hash, 32), QUO_OK);
	dealt_add(pool, "a1", &a, 1);
	for (unsigned s = 1; s <= 3; s++)
		dealt_add(pool, "b", &b, s);
	assert_err(dealt_open(pool, NULL), QUO_ENOQUORUM);
	assert_int_equal(dealt_card(pool, "b")->verdict, QUO_CARD_FOREIGN);
	quo_pool_free(pool);
	quo_dealing_clear(&a);
	quo_dealing_clear(&b);
}

static void
counts_a_duplicate_once(void **state)
{
	struct quo_dealing d;
	struct quo_pool *pool = dealt_pool();

	(void)state;
	dealt_make(POLICY, &d);
	dealt_add(pool, "first", &d, 1);
	dealt_add(pool, "again", &d, 1);
	assert_err(dealt_open(pool, NULL), QUO_ENOQUORUM);
	assert_int_equal(dealt_card(pool, "first")->verdict, QUO_CARD_WHOLE);
	assert_int_equal(dealt_card(pool, "again")->verdict,
	    QUO_CARD_DUPLICATE);
	dealt_add(pool, "other", &d, 3);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

/* Serial 0, or beyond n, with an id that is right for it. */
static void
refuses_serials_that_no_card_has(void **state)
{
	static const uint8_t wrong[][2] = { { 0, 3 }, { 4, 3 }, { 1, 1 },
	    { 0, 0 } };
	struct quo_dealing d;

	(void)state;
	dealt_make(POLICY, &d);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct quo_share_code code = *quo_dealing_card(&d, 1);
		uint8_t bytes[QUO_SHARE_CODE_MAX], typed[QUO_TYPED_LEN];
		struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
		struct quo_pool *pool = dealt_pool();
		struct quo_secret *text = NULL;

		quo_share_code_encode(&code, &w);
		bytes[0] = wrong[i][0];
		bytes[1] = wrong[i][1];
		assert_err(quo_text_encode(QUO_CODE_SHARE, bytes, w.len,
		    &text), QUO_OK);
		assert_err(quo_pool_add_text(pool, "zero",
		    (char *)text->data, text->len - 1), QUO_OK);
		quo_typed_encode(&code, typed);
		typed[0] = wrong[i][0];
		typed[1] = wrong[i][1];
		assert_err(quo_pool_add_typed(pool, "typed", typed), QUO_OK);
		dealt_add(pool, "good", &d, 2);
		assert_err(dealt_open(pool, NULL), QUO_ENOQUORUM);
		assert_err(dealt_card(pool, "zero")->why, QUO_EFORMAT);
		assert_err(dealt_card(pool, "typed")->why, QUO_EFORMAT);
		quo_secret_free(text);
		quo_pool_free(pool);
	}
	quo_dealing_clear(&d);
}

static void
add_typed(struct quo_pool *pool, const char *label,
    const struct quo_dealing *d, unsigned serial, uint8_t change)
{
	uint8_t typed[QUO_TYPED_LEN];

	quo_typed_encode(quo_dealing_card(d, serial), typed);
	typed[10] ^= change;
	assert_err(quo_pool_add_typed(pool, label, typed), QUO_OK);
}

/* A zero at the end of an id is a part of it: one set of 256 has it. */
static void
knows_all_of_an_id_that_ends_in_zero(void **state)
{
	const struct quo_pool_set *sets;
	struct quo_dealing d;
	struct quo_pool *pool;
	size_t count;

	(void)state;
	dealt_make(POLICY, &d);
	while (d.set.id.hash[QUO_HASH_LEN - 1] != 0) {
		quo_dealing_clear(&d);
		dealt_make(POLICY, &d);
	}
	pool = dealt_pool();
	dealt_add(pool, "one", &d, 1);
	assert_err(quo_pool_judge(pool), QUO_OK);
	sets = quo_pool_sets(pool, &count);
	assert_int_equal(count, 1);
	assert_int_equal(sets[0].id_len, QUO_HASH_LEN);
	quo_pool_free(pool);
	pool = dealt_pool();
	add_typed(pool, "one", &d, 1, 0);
	assert_err(quo_pool_judge(pool), QUO_OK);
	sets = quo_pool_sets(pool, &count);
	assert_int_equal(sets[0].id_len, QUO_ID8_LEN);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

/* Who types a false share first can't push the true card aside. */
static void
a_typed_share_gives_way_to_a_scanned_one(void **state)
{
	struct quo_dealing d;
	struct quo_pool *pool = dealt_pool();

	(void)state;
	dealt_make(POLICY, &d);
	add_typed(pool, "false", &d, 1, 1);
	dealt_add(pool, "one", &d, 1);
	dealt_add(pool, "two", &d, 2);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(dealt_card(pool, "one")->verdict, QUO_CARD_WHOLE);
	assert_int_equal(dealt_card(pool, "false")->verdict,
	    QUO_CARD_DAMAGED);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

static void
a_false_typed_share_is_found_by_a_quorum(void **state)
{
	struct quo_dealing d;
	struct quo_pool *pool = dealt_pool();

	(void)state;
	dealt_make(POLICY, &d);
	assert_err(quo_pool_pin(pool, d.set.id.hash, 32), QUO_OK);
	add_typed(pool, "false", &d, 1, 1);
	/* of the pinned set, as far as 8 bytes tell */
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_int_equal(dealt_card(pool, "false")->verdict, QUO_CARD_WHOLE);
	add_typed(pool, "true", &d, 2, 0);
	dealt_add_set(pool, "set", &d);
	assert_err(dealt_open(pool, NULL), QUO_ESEAL);
	add_typed(pool, "third", &d, 3, 0);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(dealt_card(pool, "false")->verdict,
	    QUO_CARD_DAMAGED);
	assert_err(dealt_card(pool, "false")->why, QUO_ECHECK);
	assert_int_equal(dealt_card(pool, "true")->verdict,
	    QUO_CARD_GENUINE);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

/* A set whose code has two parts, and the texts of these. */
struct parted {
	struct quo_dealing d;
	struct quo_secret *text[2];
	struct quo_pool *pool;
};

static void
deal_parted(struct parted *p)
{
	struct quo_deal deal = { .credential = {
	    .secret = { DEALT_SECRET, sizeof DEALT_SECRET - 1 } } };
	char note[301];

	memset(note, 'n', 300);
	note[300] = '\0';
	deal.credential.note = note;
	p->pool = dealt_pool();
	dealt_make_as(&deal, POLICY, &p->d);
	assert_int_equal(quo_part_count(p->d.set.len), 2);
	for (unsigned i = 0; i < 2; i++)
		assert_err(quo_dealing_set_text(&p->d, i + 1, &p->text[i]),
		    QUO_OK);
}

/* The index-th part, from 0, as read from a source. */
static void
add_parted(struct parted *p, const char *label, unsigned index)
{
	assert_err(quo_pool_add_text(p->pool, label,
	    (char *)p->text[index]->data, p->text[index]->len - 1), QUO_OK);
}

static void
clear_parted(struct parted *p)
{
	quo_secret_free(p->text[0]);
	quo_secret_free(p->text[1]);
	quo_pool_free(p->pool);
	quo_dealing_clear(&p->d);
}

/* A set code of several parts, spread over two cards. */
static void
takes_parts_from_several_cards(void **state)
{
	struct parted p = { .pool = NULL };

	(void)state;
	deal_parted(&p);
	dealt_add_share(p.pool, "one", &p.d, 1);
	add_parted(&p, "one", 0);
	assert_err(dealt_open(p.pool, NULL), QUO_ENOQUORUM);
	assert_true(dealt_card(p.pool, "one")->incomplete);
	dealt_add_share(p.pool, "two", &p.d, 2);
	add_parted(&p, "two", 1);
	assert_err(dealt_open(p.pool, NULL), QUO_OK);
	assert_true(dealt_card(p.pool, "two")->incomplete);
	dealt_add(p.pool, "three", &p.d, 3);
	assert_err(dealt_open(p.pool, NULL), QUO_OK);
	assert_false(dealt_card(p.pool, "three")->incomplete);
	clear_parted(&p);
}

/* A part with another byte in it, and a check that fits. */
static void
add_forged_part(struct quo_pool *pool, const struct quo_secret *text)
{
	struct quo_secret *data = NULL, *forged = NULL;
	uint8_t hash[QUO_HASH_LEN];
	enum quo_code kind;

	assert_err(quo_text_decode((char *)text->data, text->len - 1, &kind,
	    &data), QUO_OK);
	data->data[data->len - 5] ^= 1;
	quo_sha256((const struct quo_span[]){ { "\x05", 1 },
	    { data->data, data->len - 4 } }, 2, hash);
	memcpy(data->data + data->len - 4, hash, 4);
	assert_err(quo_text_encode(kind, data->data, data->len, &forged),
	    QUO_OK);
	assert_err(quo_pool_add_text(pool, "forged", (char *)forged->data,
	    forged->len - 1), QUO_OK);
	quo_secret_free(data);
	quo_secret_free(forged);
}

static void
a_forged_part_spoils_no_others(void **state)
{
	static const char *const labels[] = { "one", "two" };
	struct parted p = { .pool = NULL };

	(void)state;
	deal_parted(&p);
	for (unsigned i = 0; i < 2; i++)
		add_forged_part(p.pool, p.text[i]);
	for (unsigned i = 0; i < 2; i++) {
		dealt_add_share(p.pool, labels[i], &p.d, i + 1);
		add_parted(&p, labels[i], i);
	}
	assert_err(dealt_open(p.pool, NULL), QUO_OK);
	clear_parted(&p);
}

/* The two pages of a card, each in a file of its own. */
static void
takes_pages_for_one_card(void **state)
{
	const struct quo_pool_card *cards;
	struct parted p = { .pool = NULL };
	size_t count;

	(void)state;
	deal_parted(&p);
	add_parted(&p, "page 2", 1);
	assert_err(quo_pool_judge(p.pool), QUO_OK);
	cards = quo_pool_cards(p.pool, &count);
	assert_int_equal(count, 1);
	assert_err(cards[0].why, QUO_EMISSING);
	dealt_add_share(p.pool, "page 1", &p.d, 1);
	add_parted(&p, "page 1", 0);
	assert_err(quo_pool_judge(p.pool), QUO_OK);
	cards = quo_pool_cards(p.pool, &count);
	assert_int_equal(count, 1);
	assert_int_equal(cards[0].verdict, QUO_CARD_WHOLE);
	assert_false(cards[0].incomplete);
	clear_parted(&p);
}

static void
wants_the_sealed_file_and_no_other(void **state)
{
	static uint8_t big[4096];
	struct quo_deal deal = { .credential = {
	    .secret = { big, sizeof big } } };
	struct quo_pool *pool = dealt_pool();
	struct quo_opened opened;
	struct quo_dealing d;
	size_t set;

	(void)state;
	dealt_make_as(&deal, POLICY, &d);
	assert_non_null(d.sealed);
	dealt_add(pool, "one", &d, 1);
	dealt_add(pool, "two", &d, 2);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_choose(pool, &set), QUO_OK);
	assert_err(quo_pool_open(pool, set, &opened, NULL), QUO_EMISSING);
	d.sealed[100] ^= 1;
	assert_err(quo_pool_add_sealed(pool, d.sealed, d.sealed_len), QUO_OK);
	d.sealed[100] ^= 1;
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_open(pool, set, &opened, NULL), QUO_ECHECK);
	assert_err(quo_pool_add_sealed(pool, d.sealed, d.sealed_len), QUO_OK);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_open(pool, set, &opened, NULL), QUO_OK);
	assert_memory_equal(opened.secret->data, big, sizeof big);
	quo_opened_clear(&opened);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

static void
opens_a_locked_set_with_its_phrases_only(void **state)
{
	struct quo_deal deal = { .lock = { 3, 1 }, .cheap_lock = true };
	struct quo_pool *pool = dealt_pool();
	struct quo_dealing d;
	const char *phrase;
	unsigned at;

	(void)state;
	dealt_make_as(&deal, POLICY, &d);
	for (unsigned s = 1; s <= 2; s++)
		dealt_add(pool, s == 1 ? "one" : "two", &d, s);
	assert_err(dealt_open(pool, NULL), QUO_EPHRASE);
	phrase = quo_dealing_phrase(&d, 1);
	assert_err(quo_pool_unlock(pool, 0, 2, phrase, strlen(phrase), &at),
	    QUO_EPHRASE);
	assert_err(quo_pool_unlock(pool, 0, 3, phrase, strlen(phrase), &at),
	    QUO_ENOENT);
	assert_err(quo_pool_unlock(pool, 0, 1, phrase, strlen(phrase), &at),
	    QUO_OK);
	assert_err(dealt_open(pool, NULL), QUO_EPHRASE);
	phrase = quo_dealing_phrase(&d, 2);
	assert_err(quo_pool_unlock(pool, 0, 2, phrase, strlen(phrase), &at),
	    QUO_OK);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	/* a lock that costs a thief nothing is not dealt */
	deal.cheap_lock = false;
	deal.policy = d.set.header.policy;
	assert_err(quo_deal(&deal, &(struct quo_dealing){ .n = 0 }),
	    QUO_EINVAL);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

static void
of_two_typed_shares_the_last_counts(void **state)
{
	struct quo_dealing d;
	struct quo_pool *pool = dealt_pool();
	const struct quo_pool_set *sets;
	size_t count;

	(void)state;
	dealt_make(POLICY, &d);
	dealt_add(pool, "scanned", &d, 1);
	add_typed(pool, "false", &d, 2, 1);
	assert_err(dealt_open(pool, NULL), QUO_ESEAL);
	add_typed(pool, "true", &d, 2, 0);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(dealt_card(pool, "false")->verdict,
	    QUO_CARD_DAMAGED);
	assert_true(dealt_card(pool, "true")->usable);
	sets = quo_pool_sets(pool, &count);
	assert_int_equal(sets[0].count, 2);
	/* What the seal has proven is no more to be pushed aside. */
	add_typed(pool, "late", &d, 2, 2);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(dealt_card(pool, "late")->verdict, QUO_CARD_DAMAGED);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

/* Whoever brings a file must not keep the others waiting, nor out. */
static void
takes_a_file_full_of_the_same_quickly(void **state)
{
	struct quo_dealing d;
	struct quo_pool *pool = dealt_pool();
	clock_t begun = clock();
	size_t count;

	(void)state;
	dealt_make(POLICY, &d);
	for (unsigned i = 0; i < 600; i++) {
		dealt_add(pool, "flood", &d, 3);
		for (unsigned j = 0; j < 20; j++)
			assert_err(quo_pool_add_text(pool, "flood", "x", 1),
			    QUO_OK);
	}
	dealt_add(pool, "good", &d, 1);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_true(clock() - begun < 10 * CLOCKS_PER_SEC);
	/* Locked memory is scarce: a source has its share of it. */
	quo_pool_cards(pool, &count);
	assert_true(count < 520);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_every_mix_of_two_sets),
		cmocka_unit_test(opens_neither_of_two_quorums_without_a_pin),
		cmocka_unit_test(knows_all_of_an_id_that_ends_in_zero),
		cmocka_unit_test(counts_a_duplicate_once),
		cmocka_unit_test(refuses_serials_that_no_card_has),
		cmocka_unit_test(a_typed_share_gives_way_to_a_scanned_one),
		cmocka_unit_test(a_false_typed_share_is_found_by_a_quorum),
		cmocka_unit_test(takes_parts_from_several_cards),
		cmocka_unit_test(a_forged_part_spoils_no_others),
		cmocka_unit_test(takes_pages_for_one_card),
		cmocka_unit_test(wants_the_sealed_file_and_no_other),
		cmocka_unit_test(opens_a_locked_set_with_its_phrases_only),
		cmocka_unit_test(of_two_typed_shares_the_last_counts),
		cmocka_unit_test(takes_a_file_full_of_the_same_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
