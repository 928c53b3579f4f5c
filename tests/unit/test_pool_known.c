/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "dealt.h"

/* What a pool makes of what its caller knows of sets. */

#define POLICY "2 of (a, b, c)"

static const uint8_t inventory[QUO_INVENTORY_LEN] = "one inventory id";

/* Somebody's books: what they say of two sets, and how they were asked. */
struct books {
	const struct quo_dealing *set[2];
	enum quo_standing standing[2];
	const char *astray[2];
	size_t len;			/* as last asked */
	bool header;
};

static enum quo_standing
look_up(void *with, const struct quo_set_id *id, size_t len,
    const struct quo_header *header, char astray[QUO_POOL_ASTRAY])
{
	struct books *books = with;

	books->len = len;
	books->header = header != NULL;
	for (size_t i = 0; i < 2; i++)
		if (books->set[i] != NULL && memcmp(id->hash,
		    books->set[i]->set.id.hash, len) == 0) {
			snprintf(astray, QUO_POOL_ASTRAY, "%s",
			    books->astray[i] != NULL ? books->astray[i] : "");
			return books->standing[i];
		}
	return QUO_SET_UNKNOWN;
}

/* Two sets that say they are the same dealing. */
static struct quo_dealing twins[2];

static int
deal_twins(void **state)
{
	struct quo_deal deal = { .generation = 1, .inventory = inventory };

	(void)state;
	for (size_t i = 0; i < 2; i++)
		dealt_make_as(&deal, POLICY, &twins[i]);
	return 0;
}

static int
clear_twins(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++)
		quo_dealing_clear(&twins[i]);
	return 0;
}

/* A pool of so many cards of each, which asks these books. */
static struct quo_pool *
fill(struct books *books, unsigned first, unsigned second)
{
	const unsigned count[2] = { first, second };
	struct quo_pool *pool = dealt_pool();
	char label[] = "a1";

	for (size_t i = 0; i < 2; i++) {
		books->set[i] = &twins[i];
		for (unsigned s = 1; s <= count[i]; s++) {
			label[0] = (char)('a' + i);
			label[1] = (char)('0' + s);
			dealt_add(pool, label, &twins[i], s);
		}
	}
	quo_pool_know(pool, look_up, books);
	assert_err(quo_pool_judge(pool), QUO_OK);
	return pool;
}

static size_t
index_of(const struct quo_pool *pool, const struct quo_dealing *dealing)
{
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(pool, &count);
	for (size_t i = 0; i < count; i++)
		if (memcmp(sets[i].id.hash, dealing->set.id.hash,
		    QUO_HASH_LEN) == 0)
			return i;
	return QUO_NO_SET;
}

/* Of two quorums: which opens. N none is to be opened, M several could. */
#define STANDINGS 6
static const char choice[STANDINGS][STANDINGS + 1] = {
	/*	  unknown, current, waiting, retired, replaced, suspect */
	[QUO_SET_UNKNOWN] = "MbMMMa",
	[QUO_SET_CURRENT] = "aMaaaa",
	[QUO_SET_WAITING] = "MbMMMa",
	[QUO_SET_RETIRED] = "MbMMMa",
	[QUO_SET_REPLACED] = "MbMMMa",
	[QUO_SET_SUSPECT] = "bbbbbN",
};

static void
opens_what_is_current_and_else_no_majority(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STANDINGS; i++)
		for (unsigned j = 0; j < STANDINGS; j++) {
			struct books books = { .standing = { i, j } };
			/* three against two: it changes nothing */
			struct quo_pool *pool = fill(&books, 2, 3);
			size_t set = QUO_NO_SET;
			enum quo_err err = quo_pool_choose(pool, &set);

			switch (choice[i][j]) {
			case 'N':
				assert_err(err, QUO_ENOQUORUM);
				break;
			case 'M':
				assert_err(err, QUO_EMISMATCH);
				break;
			default:
				assert_err(err, QUO_OK);
				assert_int_equal(set, index_of(pool,
				    &twins[choice[i][j] - 'a']));
			}
			quo_pool_free(pool);
		}
}

static void
opens_one_quorum_unless_it_is_suspect(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STANDINGS; i++)
		for (unsigned j = 0; j < STANDINGS; j++) {
			struct books books = { .standing = { i, j } };
			struct quo_pool *pool = fill(&books, 1, 2);
			size_t set;

			assert_err(quo_pool_choose(pool, &set),
			    j == QUO_SET_SUSPECT ? QUO_ENOQUORUM : QUO_OK);
			/* a pin decides against all that is known */
			assert_err(quo_pool_pin(pool, twins[1].set.id.hash,
			    16), QUO_OK);
			assert_err(quo_pool_judge(pool), QUO_OK);
			assert_err(quo_pool_choose(pool, &set), QUO_OK);
			assert_int_equal(set, index_of(pool, &twins[1]));
			assert_err(quo_pool_pin(pool, twins[0].set.id.hash,
			    16), QUO_OK);
			assert_err(quo_pool_judge(pool), QUO_OK);
			assert_err(quo_pool_choose(pool, &set),
			    QUO_ENOQUORUM);
			quo_pool_free(pool);
		}
}

static void
gives_verdicts_by_what_is_known(void **state)
{
	static const enum quo_verdict alone[] = {
		[QUO_SET_UNKNOWN] = QUO_CARD_WHOLE,
		[QUO_SET_CURRENT] = QUO_CARD_GENUINE,
		[QUO_SET_WAITING] = QUO_CARD_GENUINE,
		[QUO_SET_RETIRED] = QUO_CARD_RETIRED,
		[QUO_SET_REPLACED] = QUO_CARD_RETIRED,
		[QUO_SET_SUSPECT] = QUO_CARD_SUSPECT,
	}, pinned[] = {
		[QUO_SET_UNKNOWN] = QUO_CARD_GENUINE,
		[QUO_SET_CURRENT] = QUO_CARD_GENUINE,
		[QUO_SET_WAITING] = QUO_CARD_GENUINE,
		[QUO_SET_RETIRED] = QUO_CARD_RETIRED,
		[QUO_SET_REPLACED] = QUO_CARD_RETIRED,
		[QUO_SET_SUSPECT] = QUO_CARD_SUSPECT,
	}, other[] = {
		[QUO_SET_UNKNOWN] = QUO_CARD_FOREIGN,
		[QUO_SET_CURRENT] = QUO_CARD_FOREIGN,
		[QUO_SET_WAITING] = QUO_CARD_FOREIGN,
		[QUO_SET_RETIRED] = QUO_CARD_FOREIGN,
		[QUO_SET_REPLACED] = QUO_CARD_FOREIGN,
		[QUO_SET_SUSPECT] = QUO_CARD_SUSPECT,
	};

	(void)state;
	for (unsigned i = 0; i < STANDINGS; i++) {
		struct books books = { .standing = { i } };
		struct quo_pool *pool = fill(&books, 1, 0);
		const struct quo_pool_card *card = dealt_card(pool, "a1");
		uint8_t elsewhere[QUO_HASH_LEN] = { 0 };

		assert_int_equal(card->verdict, alone[i]);
		assert_true(card->usable);
		assert_int_equal(books.len, QUO_HASH_LEN);
		assert_true(books.header);
		quo_pool_pin(pool, twins[0].set.id.hash, QUO_HASH_LEN);
		assert_err(quo_pool_judge(pool), QUO_OK);
		assert_int_equal(dealt_card(pool, "a1")->verdict, pinned[i]);
		quo_pool_pin(pool, elsewhere, QUO_HASH_LEN);
		assert_err(quo_pool_judge(pool), QUO_OK);
		assert_int_equal(dealt_card(pool, "a1")->verdict, other[i]);
		quo_pool_free(pool);
	}
}

/* Cards of another credential open by a pin alone. */
static void
leaves_out_what_is_not_meant(void **state)
{
	struct books books = {
		.standing = { QUO_SET_CURRENT, QUO_SET_UNKNOWN },
		.astray = { "of \"mail\"" },
	};
	struct quo_pool *pool = fill(&books, 2, 1);
	const struct quo_pool_set *sets;
	size_t set, count;

	(void)state;
	assert_err(quo_pool_choose(pool, &set), QUO_ENOQUORUM);
	assert_int_equal(dealt_card(pool, "a1")->verdict, QUO_CARD_GENUINE);
	sets = quo_pool_sets(pool, &count);
	assert_string_equal(sets[index_of(pool, &twins[0])].astray,
	    "of \"mail\"");
	assert_string_equal(sets[index_of(pool, &twins[1])].astray, "");
	dealt_add(pool, "b2", &twins[1], 2);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_choose(pool, &set), QUO_OK);
	assert_int_equal(set, index_of(pool, &twins[1]));
	assert_err(quo_pool_pin(pool, twins[0].set.id.hash, 16), QUO_OK);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_choose(pool, &set), QUO_OK);
	assert_int_equal(set, index_of(pool, &twins[0]));
	quo_pool_free(pool);
}

/* The ledger fails between two steps: on with the cards that are here. */
static void
forgets_what_was_known(void **state)
{
	struct books books = { .standing = { QUO_SET_SUSPECT } };
	struct quo_pool *pool = fill(&books, 2, 0);

	(void)state;
	assert_err(dealt_open(pool, NULL), QUO_ENOQUORUM);
	quo_pool_know(pool, NULL, NULL);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(dealt_card(pool, "a1")->verdict, QUO_CARD_WHOLE);
	quo_pool_free(pool);
}

static void
add_typed(struct quo_pool *pool, const char *label, unsigned serial,
    uint8_t change)
{
	uint8_t typed[QUO_TYPED_LEN];

	quo_typed_encode(quo_dealing_card(&twins[0], serial), typed);
	typed[10] ^= change;
	assert_err(quo_pool_add_typed(pool, label, typed), QUO_OK);
}

/* Eight bytes can be copied: only the seal tells whose words these are. */
static void
a_typed_card_is_genuine_only_when_proven(void **state)
{
	struct books books = { .standing = { QUO_SET_CURRENT } };
	struct quo_pool *pool = fill(&books, 0, 0);

	(void)state;
	add_typed(pool, "typed", 1, 0);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_int_equal(books.len, QUO_ID8_LEN);
	assert_false(books.header);
	assert_int_equal(dealt_card(pool, "typed")->verdict, QUO_CARD_WHOLE);
	dealt_add(pool, "scanned", &twins[0], 2);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_int_equal(books.len, QUO_HASH_LEN);
	assert_int_equal(dealt_card(pool, "scanned")->verdict,
	    QUO_CARD_GENUINE);
	assert_int_equal(dealt_card(pool, "typed")->verdict, QUO_CARD_WHOLE);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(dealt_card(pool, "typed")->verdict,
	    QUO_CARD_GENUINE);
	quo_pool_free(pool);
}

/* What seals and unseals goes through here: see tests/unit/meson.build. */
static unsigned enciphered;

enum quo_err __real_quo_aes256_ctr(const uint8_t *key,
    const uint8_t *counter, const uint8_t *in, uint8_t *out, size_t len);
enum quo_err __wrap_quo_aes256_ctr(const uint8_t *key,
    const uint8_t *counter, const uint8_t *in, uint8_t *out, size_t len);

enum quo_err
__wrap_quo_aes256_ctr(const uint8_t *key, const uint8_t *counter,
    const uint8_t *in, uint8_t *out, size_t len)
{
	enciphered++;
	return __real_quo_aes256_ctr(key, counter, in, out, len);
}

static void
proves_a_quorum_and_decrypts_nothing(void **state)
{
	struct quo_pool *pool = dealt_pool();
	struct quo_cards used;

	(void)state;
	dealt_add(pool, "one", &twins[0], 1);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_prove_quorum(pool, 0, &used), QUO_ENOQUORUM);
	add_typed(pool, "false", 2, 1);
	assert_err(quo_pool_judge(pool), QUO_OK);
	enciphered = 0;
	assert_err(quo_pool_prove_quorum(pool, 0, &used), QUO_ESEAL);
	dealt_add(pool, "three", &twins[0], 3);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_prove_quorum(pool, 0, &used), QUO_OK);
	assert_true(used.has[1] && used.has[3] && !used.has[2]);
	assert_int_equal(dealt_card(pool, "false")->verdict,
	    QUO_CARD_DAMAGED);
	assert_int_equal(enciphered, 0);
	assert_err(dealt_open(pool, NULL), QUO_OK);
	assert_int_equal(enciphered, 1);
	quo_pool_free(pool);
}

static void
proves_a_locked_quorum_with_its_phrases(void **state)
{
	struct quo_deal deal = { .lock = { 3, 1 }, .cheap_lock = true };
	struct quo_pool *pool = dealt_pool();
	struct quo_dealing d;
	unsigned at;

	(void)state;
	dealt_make_as(&deal, POLICY, &d);
	dealt_add(pool, "one", &d, 1);
	dealt_add(pool, "two", &d, 2);
	assert_err(quo_pool_judge(pool), QUO_OK);
	assert_err(quo_pool_prove_quorum(pool, 0, NULL), QUO_EPHRASE);
	for (unsigned s = 1; s <= 2; s++) {
		const char *phrase = quo_dealing_phrase(&d, s);

		assert_err(quo_pool_unlock(pool, 0, s, phrase, strlen(phrase),
		    &at), QUO_OK);
	}
	enciphered = 0;
	assert_err(quo_pool_prove_quorum(pool, 0, NULL), QUO_OK);
	assert_int_equal(enciphered, 0);
	quo_pool_free(pool);
	quo_dealing_clear(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_is_current_and_else_no_majority),
		cmocka_unit_test(opens_one_quorum_unless_it_is_suspect),
		cmocka_unit_test(gives_verdicts_by_what_is_known),
		cmocka_unit_test(forgets_what_was_known),
		cmocka_unit_test(leaves_out_what_is_not_meant),
		cmocka_unit_test(a_typed_card_is_genuine_only_when_proven),
		cmocka_unit_test(proves_a_quorum_and_decrypts_nothing),
		cmocka_unit_test(proves_a_locked_quorum_with_its_phrases),
	};

	return cmocka_run_group_tests(tests, deal_twins, clear_twins);
}
