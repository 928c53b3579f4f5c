/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "card/qr.h"

#define LONGEST 600

static void
fill(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = "QUO1S:ABCDEFGHIJ234567"[i % 22];
}

static void
refuse_what_is_not_alphanumeric(void **state)
{
	static const char *const bad[] =
	    { "abc", "QUO1S:a", "A_B", "A\nB", "A\xC3\x84", "A=" };
	struct quo_qr qr = { 0 };

	(void)state;
	assert_err(quo_qr_encode("", 0, &qr), QUO_EINVAL);
	assert_err(quo_qr_encode("A\0B", 3, &qr), QUO_EINVAL);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(quo_qr_encode(bad[i], strlen(bad[i]), &qr),
		    QUO_EINVAL);
	assert_null(qr.store);
}

static void
refuse_above_version_15(void **state)
{
	struct quo_qr qr = { 0 };
	char text[LONGEST + 1];

	(void)state;
	fill(text, sizeof text);
	assert_err(quo_qr_encode(text, LONGEST + 1, &qr), QUO_ETOOBIG);
	assert_null(qr.store);
	assert_err(quo_qr_encode(text, LONGEST, &qr), QUO_OK);
	assert_int_equal(qr.side, QUO_QR_SIDE_MAX);
	quo_qr_clear(&qr);
	assert_null(qr.store);
}

/* The level in the format bits beside the upper left finder: ISO/IEC 18004,
 * 8.9. Q is 11, M is 00, before the mask 101010000010010. */
static int
level_of(const struct quo_qr *qr)
{
	return (quo_qr_dark(qr, 0, 8) << 1 | quo_qr_dark(qr, 1, 8)) ^ 2;
}

/*
 * For each length: the version is the least at which level M holds it, and
 * the level is Q just where that version holds it at Q too. The capacities
 * are those of the standard, table 7.
 */
static void
choose_least_version_then_level(void **state)
{
	static const size_t m[] = { 0, 20, 38, 61, 90, 122, 154, 178, 221,
	    262, 311, 366, 419, 483, 528, 600 };
	static const size_t q[] = { 0, 16, 29, 47, 67, 87, 108, 125, 157,
	    189, 221, 259, 296, 352, 376, 426 };
	struct quo_qr qr;
	char text[LONGEST];
	unsigned version = 1;

	(void)state;
	fill(text, sizeof text);
	for (size_t len = 1; len <= LONGEST; len++) {
		version += len > m[version];
		assert_err(quo_qr_encode(text, len, &qr), QUO_OK);
		assert_int_equal(qr.side, 17 + 4 * version);
		assert_int_equal(level_of(&qr), len <= q[version] ? 3 : 0);
		quo_qr_clear(&qr);
	}
	assert_int_equal(version, QUO_QR_VERSION_MAX);
}

static void
have_finders_and_nothing_outside(void **state)
{
	struct quo_qr qr;

	(void)state;
	assert_err(quo_qr_encode("QUO1S:AAAA", 10, &qr), QUO_OK);
	for (int i = 0; i < 7; i++) {
		assert_true(quo_qr_dark(&qr, i, 0));
		assert_true(quo_qr_dark(&qr, 0, (int)qr.side - 1 - i));
		assert_true(quo_qr_dark(&qr, (int)qr.side - 1 - i, 0));
		assert_false(quo_qr_dark(&qr, i, 7));
		assert_false(quo_qr_dark(&qr, i, -1));
		assert_false(quo_qr_dark(&qr, (int)qr.side, i));
	}
	quo_qr_clear(&qr);
}

/* The half-blocks back to modules; the quiet zone must be light. */
static void
same_as_blocks(const struct quo_qr *qr, const char *text, const char *before,
    const char *after)
{
	static const char *const block[] = { " ", "▀", "▄", "█" };
	const int quiet = QUO_QR_QUIET, to = (int)qr->side + quiet;
	size_t b;

	for (int y = -quiet; y < to; y += 2) {
		assert_memory_equal(text, before, strlen(before));
		text += strlen(before);
		for (int x = -quiet; x < to; x++) {
			for (b = 3; strncmp(text, block[b],
			    strlen(block[b])) != 0; b--)
				assert_true(b > 0);
			text += strlen(block[b]);
			assert_int_equal(b & 1, quo_qr_dark(qr, x, y));
			assert_int_equal(b >> 1, quo_qr_dark(qr, x, y + 1));
		}
		assert_memory_equal(text, after, strlen(after));
		text += strlen(after);
	}
}

static void
blocks_give_the_matrix_back(void **state)
{
	static const size_t lens[] = { 10, 253, 600 };
	struct quo_secret *text = NULL;
	char code[LONGEST];
	struct quo_qr qr;

	(void)state;
	fill(code, sizeof code);
	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
		assert_err(quo_qr_encode(code, lens[i], &qr), QUO_OK);
		assert_err(quo_qr_print(&qr, false, &text), QUO_OK);
		same_as_blocks(&qr, (char *)text->data, "", "\n");
		assert_int_equal(text->data[text->len - 1], '\n');
		quo_secret_free(text);
		assert_err(quo_qr_print(&qr, true, &text), QUO_OK);
		same_as_blocks(&qr, (char *)text->data,
		    "\033[38;5;16;48;5;231m", "\033[0m\n");
		quo_secret_free(text);
		quo_qr_clear(&qr);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_what_is_not_alphanumeric),
		cmocka_unit_test(refuse_above_version_15),
		cmocka_unit_test(choose_least_version_then_level),
		cmocka_unit_test(have_finders_and_nothing_outside),
		cmocka_unit_test(blocks_give_the_matrix_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
