/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/checkpoint.h"
#include "ledger/spool_internal.h"

/* What syslog is told; its lines are cut, so what is long comes last. */
static const enum quo_key told[] = {
	QUO_KEY_EVENT, QUO_KEY_OUTCOME, QUO_KEY_CREDENTIAL, QUO_KEY_INCIDENT,
	QUO_KEY_ACT, QUO_KEY_CARD, QUO_KEY_VERDICT, QUO_KEY_PERSON,
	QUO_KEY_REQUESTER, QUO_KEY_ACTOR, QUO_KEY_TICKET, QUO_KEY_DEADLINE,
	QUO_KEY_EMERGENCY, QUO_KEY_REASON, QUO_KEY_DETAIL,
};

/* The checkpoint of this moment, its line feeds replaced. */
static enum quo_err
checkpoint(struct quo_ledger *ledger, const char *feed,
    char out[2 * QUO_CHECKPOINT_TEXT])
{
	struct quo_checkpoint at;
	char text[QUO_CHECKPOINT_TEXT];
	enum quo_err err = quo_ledger_checkpoint(ledger, &at);

	if (err != QUO_OK)
		return err;
	quo_checkpoint_print(quo_ledger_id(ledger), &at, text);
	for (const char *c = text; *c != '\0'; c++) {
		if (*c != '\n')
			*out++ = *c;
		else
			out = stpcpy(out, feed);
	}
	*out = '\0';
	return QUO_OK;
}

enum quo_err
quo_spool_json(struct quo_ledger *ledger, const char *line, char **text)
{
	char at[2 * QUO_CHECKPOINT_TEXT], *whole = NULL;
	const char *comma = strchr(line, ',');
	enum quo_err err;
	int rc;

	if (ledger == NULL) {
		/* There is always more than a number. */
		rc = asprintf(&whole, "{%s", comma + 1);
	} else {
		err = checkpoint(ledger, "\\n", at);
		if (err != QUO_OK)
			return err;
		/* All of the line but its closing brace. */
		rc = asprintf(&whole, "%.*s,\"checkpoint\":\"%s\"}",
		    (int)strlen(line) - 1, line, at);
	}
	if (rc == -1)
		return QUO_ENOMEM;
	*text = whole;
	return QUO_OK;
}

static void
put(FILE *out, const char *key, const char *value)
{
	fprintf(out, " %s=\"", key);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			putc('\\', out);
		putc(*value, out);
	}
	putc('"', out);
}

static enum quo_err
put_all(FILE *out, const char *at, const struct quo_entry *entry)
{
	const enum quo_key *key;

	fputs("ALERT", out);
	if (at != NULL) {
		fprintf(out, " n=\"%llu\"",
		    (unsigned long long)entry->number);
		put(out, "checkpoint", at);
	}
	for (key = told; key < told + sizeof told / sizeof *told; key++)
		if (entry->value[*key] != NULL)
			put(out, quo_key_name(*key), entry->value[*key]);
	return ferror(out) != 0 ? QUO_ENOMEM : QUO_OK;
}

enum quo_err
quo_spool_words(struct quo_ledger *ledger, const char *line, char **text)
{
	struct quo_line *l = malloc(sizeof *l);
	char at[2 * QUO_CHECKPOINT_TEXT], *whole = NULL;
	enum quo_err err = QUO_ENOMEM;
	size_t len = 0;
	FILE *out = l == NULL ? NULL : open_memstream(&whole, &len);

	if (out != NULL)
		err = ledger != NULL ? checkpoint(ledger, " ", at) : QUO_OK;
	if (err == QUO_OK)
		err = quo_line_decode(line, strlen(line), l);
	if (err == QUO_OK)
		err = put_all(out, ledger != NULL ? at : NULL, &l->entry);
	if (out != NULL && fclose(out) != 0 && err == QUO_OK)
		err = QUO_ENOMEM;
	free(l);
	if (err != QUO_OK) {
		free(whole);
		return err;
	}
	*text = whole;
	return QUO_OK;
}
