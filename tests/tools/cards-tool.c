/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Drives cmd/cards.h and cmd/unlock.h for tests/cli/cards.bats:
 *
 *	cards-tool deal DIR BYTES	a 2 of (cfo, ciso, cto) as text cards
 *	cards-tool lock DIR BYTES	the same, locked; with phrase files
 *	cards-tool words CARD CHANGE	a text card's share in words, with
 *					a byte of it changed by XOR
 *	cards-tool read OPERAND...	read them, say what they are
 *	cards-tool name OPERAND...	the same where a NAME is taken
 *	cards-tool unlock OPERAND...	read them, ask for phrases
 *	cards-tool ask			ask for cards until a quorum is here
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "card/text.h"
#include "card/textcard.h"
#include "card/words.h"
#include "cmd/cards.h"
#include "cmd/unlock.h"

static enum quo_err
save(const char *dir, const char *name, const uint8_t *bytes, size_t len)
{
	char path[512];
	FILE *file;
	bool good;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	file = fopen(path, "wb");
	if (file == NULL)
		return QUO_EIO;
	good = fwrite(bytes, 1, len, file) == len;
	return fclose(file) == 0 && good ? QUO_OK : QUO_EIO;
}

static enum quo_err
save_dealing(const struct quo_dealing *dealing, const char *dir)
{
	struct quo_secret *text = NULL;
	enum quo_err err = QUO_OK;
	char name[32];
	unsigned i;

	for (i = 1; err == QUO_OK && i <= dealing->n; i++) {
		err = quo_textcard_print(dealing, i, &text);
		snprintf(name, sizeof name, "card-%u.txt", i);
		if (err == QUO_OK)
			err = save(dir, name, text->data, text->len);
		quo_secret_free(text);
		text = NULL;
		snprintf(name, sizeof name, "phrase-%u", i);
		if (err == QUO_OK && dealing->phrases != NULL)
			err = save(dir, name, (const uint8_t *)
			    quo_dealing_phrase(dealing, i),
			    strlen(quo_dealing_phrase(dealing, i)));
	}
	if (err == QUO_OK && dealing->sealed != NULL)
		err = save(dir, "card.sealed", dealing->sealed,
		    dealing->sealed_len);
	return err;
}

static enum quo_err
deal(const char *dir, const char *bytes, bool lock)
{
	struct quo_dealing dealing = { 0 };
	struct quo_policy_error where;
	struct quo_policy *policy = NULL;
	size_t len = (size_t)atoi(bytes);
	uint8_t *secret = calloc(1, len);
	struct quo_deal what = {
		.credential = { .name = "root", .secret = { secret, len } },
		.names = true, .generation = 1, .issued = { 20000 },
	};
	enum quo_err err;

	err = quo_policy_parse("2 of (cfo, ciso, cto)", &policy, &where);
	what.policy = policy;
	if (lock) {
		what.lock = (struct quo_lock){ 3, 1 };
		what.cheap_lock = true;
	}
	if (err == QUO_OK)
		err = quo_deal(&what, &dealing);
	if (err == QUO_OK)
		err = save_dealing(&dealing, dir);
	quo_dealing_clear(&dealing);
	quo_policy_free(policy);
	free(secret);
	return err;
}

static enum quo_exit
gather(struct quo_pool *pool, const char *mode, const char **items,
    size_t count)
{
	const struct quo_list operands = { items, count };
	const struct quo_quorum_options options = { .set = NULL };
	struct quo_quorum quorum = { .pool = pool };
	const char *name = NULL;
	enum quo_exit end;

	if (strcmp(mode, "ask") == 0)
		return quo_cards_ask(pool, quo_cards_say, true);
	end = quo_cards_read(&operands, pool, quo_cards_say,
	    strcmp(mode, "name") == 0 ? &name : NULL);
	if (end == QUO_EXIT_DONE && name != NULL)
		quo_say("NAME is %s", name);
	quo_cards_say_progress(pool);
	if (end == QUO_EXIT_DONE && strcmp(mode, "unlock") == 0)
		end = quo_unlock(&quorum, &options);
	return end;
}

static enum quo_err
words(const char *path, uint8_t change)
{
	struct quo_secret *card = NULL, *data = NULL, *text = NULL;
	uint8_t typed[QUO_TYPED_LEN];
	struct quo_share_code code;
	enum quo_code kind;
	enum quo_err err;

	err = quo_file_load(path, QUO_TEXTCARD_MAX, &card);
	if (err == QUO_OK)
		err = quo_text_decode((char *)card->data,
		    strcspn((char *)card->data, "\n"), &kind, &data);
	if (err == QUO_OK)
		err = quo_share_code_decode(data->data, data->len, &code);
	if (err == QUO_OK) {
		quo_typed_encode(&code, typed);
		typed[10] ^= change;
		err = quo_words_text(QUO_WORDS_SHARE, typed, sizeof typed,
		    &text);
	}
	if (err == QUO_OK)
		quo_say_bytes((char *)text->data, text->len);
	quo_secret_free(card);
	quo_secret_free(data);
	quo_secret_free(text);
	return err;
}

int
main(int argc, char **argv)
{
	struct quo_pool *pool = NULL;
	enum quo_exit end;
	enum quo_err err;

	setlocale(LC_CTYPE, "");
	if (argc == 4 && (strcmp(argv[1], "deal") == 0 ||
	    strcmp(argv[1], "lock") == 0)) {
		err = deal(argv[2], argv[3], strcmp(argv[1], "lock") == 0);
		return err == QUO_OK ? 0 : (int)quo_say_failure(err, "deal");
	}
	if (argc == 4 && strcmp(argv[1], "words") == 0) {
		err = words(argv[2], (uint8_t)atoi(argv[3]));
		return err == QUO_OK ? 0 : (int)quo_say_failure(err, "words");
	}
	if (argc < 2 || quo_pool_new(&pool) != QUO_OK)
		return QUO_EXIT_MISUSE;
	end = gather(pool, argv[1], (const char **)(void *)(argv + 2),
	    (size_t)argc - 2);
	quo_pool_free(pool);
	return (int)end;
}
