/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "ledger/auditor.h"
#include "ledger/checkpoint.h"
#include "ledger/frontier.h"
#include "ledger/line.h"
#include "ledger/log.h"
#include "ledger/verify.h"
#include "vector.h"

/* Whatever stands in tests/vectors/log.txt, made from docs/log.md alone. */

static struct quo_line scratch;

static struct quo_span
line_of(struct block *b)
{
	const char *text = block_text(b, "line");

	if (text == NULL)
		return block_bytes(b, "linehex");
	return (struct quo_span){ text, strlen(text) };
}

static void
fail_block(const struct block *b, const char *what)
{
	fail_msg("%s: %s: %s", b->file, b->value[0], what);
}

/* Each key has its value, there are no more, and written they are the line. */
static void
hold_entry(struct block *b, const struct quo_entry *entry,
    struct quo_span line)
{
	const char *key, *value;
	char *text = NULL;
	unsigned i = 1;
	size_t len;

	for (; (key = block_item(b, "key", i)) != NULL; i++) {
		value = block_item(b, "value", i);
		if (strcmp(key, "n") == 0) {
			assert_int_equal(entry->number, strtoull(value,
			    NULL, 10));
			continue;
		}
		for (int k = 0; k < QUO_KEYS; k++)
			if (strcmp(quo_key_name(k), key) == 0)
				assert_string_equal(entry->value[k], value);
	}
	for (int k = 0; k < QUO_KEYS; k++)
		i -= entry->value[k] != NULL;
	assert_int_equal(i, 2);
	assert_err(quo_line_encode(entry, &text, &len), QUO_OK);
	assert_int_equal(len, line.len);
	assert_memory_equal(text, line.data, len);
	free(text);
}

/* What an entry is held against that stands where it says. */
static bool
is_wrong_in_a_log(struct quo_span line, uint64_t number)
{
	struct quo_verify v = { .entries = number };

	assert_err(quo_verify_begin(&v), QUO_OK);
	quo_verify_entry(&v, line.data, line.len, NULL, NULL);
	quo_verify_end(&v);
	return v.wrong == 1;
}

static enum quo_err
run_line(struct block *b)
{
	const struct quo_entry *e = &scratch.entry;
	struct quo_span line = line_of(b);
	int64_t when;

	if (quo_line_decode(line.data, line.len, &scratch) != QUO_OK ||
	    e->value[QUO_KEY_EVENT] == NULL ||
	    e->value[QUO_KEY_TIME] == NULL ||
	    quo_utc_parse(e->value[QUO_KEY_TIME], &when) != QUO_OK) {
		if (!is_wrong_in_a_log(line, 7))
			fail_block(b, "a log may hold it");
		return QUO_EFORMAT;
	}
	hold_entry(b, e, line);
	if (is_wrong_in_a_log(line, e->number) != ((e->number == 0) !=
	    (strcmp(e->value[QUO_KEY_EVENT], "log-init") == 0)))
		fail_block(b, "a log may not hold it");
	return QUO_OK;
}

static enum quo_err
run_leaf(struct block *b)
{
	struct quo_span line = line_of(b);
	uint8_t leaf[QUO_HASH_LEN];

	quo_frontier_leaf(line.data, line.len, leaf);
	block_holds(b, "leaf", leaf, sizeof leaf);
	return QUO_OK;
}

/* The root, and again after the frontier was written and read. */
static enum quo_err
run_root(struct block *b)
{
	struct quo_frontier f = { 0 }, again;
	uint8_t root[QUO_HASH_LEN], bytes[QUO_FRONTIER_BYTES];
	struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
	unsigned size = (unsigned)block_number(b, "size");

	for (unsigned i = 1; i <= size; i++)
		quo_frontier_add(&f, block_bytes_item(b, "leaf", i).data);
	assert_int_equal(f.size, size);
	quo_frontier_root(&f, root);
	block_holds(b, "root", root, sizeof root);
	quo_frontier_encode(&f, &w);
	assert_err(quo_frontier_decode(bytes, w.len, &again), QUO_OK);
	quo_frontier_root(&again, root);
	block_holds(b, "root", root, sizeof root);
	return QUO_OK;
}

static enum quo_err
run_seal(struct block *b)
{
	unsigned long n = block_number(b, "n");
	uint8_t key[QUO_KEY_LEN], mac[QUO_HASH_LEN];
	struct quo_span line;

	memcpy(key, block_bytes(b, "key0").data, sizeof key);
	while (n-- > 0)
		quo_log_next_key(key);
	block_holds(b, "key", key, sizeof key);
	if (block_text(b, "line") == NULL)
		return QUO_OK;
	line = line_of(b);
	assert_err(quo_log_mac(key, line.data, line.len, mac), QUO_OK);
	block_holds(b, "mac", mac, sizeof mac);
	return QUO_OK;
}

static enum quo_err
run_auditor(struct block *b)
{
	const char *text = block_text(b, "text");
	struct quo_secret *key = NULL, *printed = NULL;
	enum quo_err err = quo_auditor_parse(text, strlen(text), &key);

	if (err != QUO_OK)
		return err;
	assert_int_equal(key->len, QUO_LEDGER_KEY_LEN);
	block_holds(b, "key", key->data, key->len);
	assert_err(quo_auditor_print(key->data, &printed), QUO_OK);
	assert_int_equal(printed->len, sizeof "QUO1A:" + 52);
	/* The first vector is as it would be printed. */
	if (strcmp(b->value[0], "auditor") == 0)
		assert_string_equal((char *)printed->data, text);
	quo_secret_free(printed);
	quo_secret_free(key);
	return QUO_OK;
}

/* In the middle of other text, in a buffer that ends where the text does. */
static enum quo_err
find(const char *text, size_t len, char ledger[QUO_LEDGER_ID_TEXT],
    struct quo_checkpoint *checkpoint)
{
	char *exact = malloc(len);
	size_t at = 0;
	enum quo_err err;

	assert_non_null(exact);
	memcpy(exact, text, len);
	err = quo_checkpoint_find(exact, len, &at, ledger, checkpoint);
	free(exact);
	return err == QUO_ENOENT ? QUO_EFORMAT : err;
}

#define BEFORE "behold\n\n"

/* Sets text to all lines; the last line feed may be missing. */
static enum quo_err
find_lines(struct block *b, char text[1024])
{
	char ledger[QUO_LEDGER_ID_TEXT] = "?";
	struct quo_checkpoint point = { 0 };
	size_t len = sizeof BEFORE - 1;
	const char *row;
	enum quo_err err;

	memcpy(text, BEFORE, sizeof BEFORE);
	for (unsigned i = 1; (row = block_item(b, "text", i)) != NULL; i++)
		len += (size_t)snprintf(text + len, 1024 - len, "%s\n", row);
	err = find(text, len, ledger, &point);
	assert_int_equal(find(text, len - 1, ledger, &point), err);
	if (err != QUO_OK)
		return err;
	assert_string_equal(ledger, block_text(b, "ledger"));
	assert_int_equal(point.size, strtoull(block_text(b, "size"), NULL,
	    10));
	block_holds(b, "root", point.root, sizeof point.root);
	return QUO_OK;
}

static enum quo_err
run_witness(struct block *b)
{
	char text[1024];

	return find_lines(b, text);
}

/* The first line alone is none, nor read beyond; printed it is the same. */
static enum quo_err
run_checkpoint(struct block *b)
{
	char text[1024], ledger[QUO_LEDGER_ID_TEXT];
	char printed[QUO_CHECKPOINT_TEXT];
	struct quo_checkpoint point = { 0 };
	enum quo_err err = find_lines(b, text);

	assert_err(find(text, sizeof BEFORE - 1 + strlen(block_item(b,
	    "text", 1)), ledger, &point), QUO_EFORMAT);
	if (err != QUO_OK)
		return err;
	point.size = strtoull(block_text(b, "size"), NULL, 10);
	memcpy(point.root, block_bytes(b, "root").data, sizeof point.root);
	quo_checkpoint_print(block_text(b, "ledger"), &point, printed);
	assert_string_equal(printed, text + sizeof BEFORE - 1);
	return QUO_OK;
}

static struct op {
	const char *name;
	enum quo_err (*run)(struct block *b);
	size_t least, count;
} ops[] = {
	{ "line", run_line, 120, 0 },
	{ "leaf", run_leaf, 20, 0 },
	{ "root", run_root, 21, 0 },
	{ "seal", run_seal, 7, 0 },
	{ "auditor", run_auditor, 19, 0 },
	{ "checkpoint", run_checkpoint, 20, 0 },
	{ "witness", run_witness, 15, 0 },
};

#define OPS (sizeof ops / sizeof *ops)

static size_t wrong;

static void
run(struct block *b)
{
	enum quo_err got;
	size_t i = 0;

	while (i < OPS && strcmp(ops[i].name, block_text(b, "op")) != 0)
		i++;
	if (i == OPS)
		fail_block(b, "nothing runs it");
	ops[i].count++;
	got = ops[i].run(b);
	if (got == block_result(b))
		return;
	print_error("%s: \"%s\", not \"%s\"\n", b->value[0],
	    quo_strerror(got), quo_strerror(block_result(b)));
	wrong++;
}

static void
all_vectors_hold(void **state)
{
	(void)state;
	assert_err(quo_crypt_init(), QUO_OK);
	vector_file(QUO_VECTORS "/log.txt", run);
	for (size_t i = 0; i < OPS; i++)
		if (ops[i].count < ops[i].least)
			fail_msg("%s: only %zu vectors", ops[i].name,
			    ops[i].count);
	assert_int_equal(wrong, 0);
}

/* As section 7 has it: DATE is then that of entry 0. */
static void
a_witness_of_nothing_covers_nothing(void **state)
{
	static const char log[] = "{\"n\":0,\"time\":\"2026-11-21T03:10:00Z\""
	    ",\"event\":\"log-init\"}\t";
	struct quo_witness w = { .label = "w" };
	struct quo_verify v = { .witnesses = &w, .witness_count = 1 };

	(void)state;
	quo_sha256(NULL, 0, w.checkpoint.root);
	assert_err(quo_verify_begin(&v), QUO_OK);
	quo_verify_export(log, sizeof log - 1, &v);
	quo_verify_end(&v);
	assert_int_equal(w.says, QUO_WITNESS_AGREES);
	assert_int_equal(v.covered, 0);
	assert_string_equal(v.since, "2026-11-21T03:10:00Z");
	assert_true(v.failed);
}

/* A log without entries has one root: which of them is wrong isn't asked. */
static void
a_false_witness_of_nothing_doubts_no_entry(void **state)
{
	static const char log[] = "{\"n\":0,\"time\":\"2026-11-21T03:10:00Z\""
	    ",\"event\":\"log-init\"}\t";
	struct quo_witness w = { .label = "w" };
	struct quo_verify v = { .witnesses = &w, .witness_count = 1 };

	(void)state;
	assert_err(quo_verify_begin(&v), QUO_OK);
	quo_verify_export(log, sizeof log - 1, &v);
	quo_verify_end(&v);
	assert_int_equal(w.says, QUO_WITNESS_CONTRADICTS);
	assert_true(v.failed);
	assert_false(v.doubted);
}

/* The roots decide where the log itself doesn't say whose it is. */
static void
a_log_without_an_id_is_no_stranger(void **state)
{
	struct quo_witness w = { .label = "w", .checkpoint.size = 1,
		.ledger = "00112233445566778899aabbccddeeff" };
	struct quo_verify v = { .witnesses = &w, .witness_count = 1 };

	(void)state;
	assert_err(quo_verify_begin(&v), QUO_OK);
	quo_verify_export("{}\n", 3, &v);
	quo_verify_end(&v);
	assert_int_equal(w.says, QUO_WITNESS_CONTRADICTS);
	assert_true(v.doubted);
	assert_int_equal(v.doubt_to, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_vectors_hold),
		cmocka_unit_test(a_witness_of_nothing_covers_nothing),
		cmocka_unit_test(a_false_witness_of_nothing_doubts_no_entry),
		cmocka_unit_test(a_log_without_an_id_is_no_stranger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
