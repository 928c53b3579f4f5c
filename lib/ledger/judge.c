/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledger/holding.h"
#include "ledger/judge.h"
#include "ledger/ledger_internal.h"
#include "ledger/pubkey.h"

/* Emergency credentials of one domain: R2. */
#define FEWEST 2
#define HANDFUL 5

struct judge {
	void (*tell)(void *context, const struct quo_finding *finding);
	void *context;
	struct quo_ledger *ledger;
	struct quo_roster roster;
	long approvers;
	const char *both;	/* an approver who requests, too; or NULL */
};

static void found(struct judge *j, const char *rule, const char *about,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static void
found_as(struct judge *j, struct quo_finding finding, const char *format,
    va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof text, format, args);
	finding.text = text;
	j->tell(j->context, &finding);
}

static void
found(struct judge *j, const char *rule, const char *about,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	found_as(j, (struct quo_finding){ rule, about, NULL, false }, format,
	    args);
	va_end(args);
}

static void note(struct judge *j, const char *rule, const char *about,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static void
note(struct judge *j, const char *rule, const char *about,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	found_as(j, (struct quo_finding){ rule, about, NULL, true }, format,
	    args);
	va_end(args);
}

bool
quo_judge_identity(const char *text)
{
	static const char *const words[] = {
		"ad", "adfs", "auth0", "authelia", "authentik", "azuread",
		"directory", "duo", "entra", "freeipa", "identity", "idm",
		"idp", "ipa", "jumpcloud", "kerberos", "keycloak", "ldap",
		"ldaps", "oidc", "okta", "onelogin", "openldap", "pingid",
		"radius", "saml", "sign-on", "sso", "sssd", "tacacs"
	};
	size_t len;

	for (; *text != '\0'; text += len) {
		len = 0;
		while (isalnum((unsigned char)text[len]) || text[len] == '-')
			len++;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (strlen(words[i]) == len &&
			    strncasecmp(words[i], text, len) == 0)
				return true;
		len += len == 0;
	}
	return false;
}

static enum quo_err
judge_domains(struct judge *j)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	err = quo_db_ask(j->ledger->db, &rows, "SELECT domain, count(*) "
	    "FROM profile LEFT JOIN credential ON name = profile.credential "
	    "WHERE domain IS NOT NULL AND coalesce(state, '') <> 'retired' "
	    "GROUP BY domain ORDER BY domain", "");
	if (err != QUO_OK)
		return err;
	while (quo_rows_next(rows)) {
		const char *domain = quo_rows_text(rows, 0);
		long long n = quo_rows_int(rows, 1);

		if (n < FEWEST)
			found(j, "R2", domain, "domain \"%s\" has one "
			    "emergency credential: have a second, for when "
			    "that one fails", domain);
		else if (n > HANDFUL)
			found(j, "R2", domain, "domain \"%s\" has %lld "
			    "emergency credentials: %d are a handful, which "
			    "of them can go?", domain, n, HANDFUL);
	}
	return quo_rows_end(rows);
}

static const char *
value_of(const struct quo_record *record, const char *field)
{
	return record->value[quo_record_field(QUO_RECORD_CREDENTIAL, field)];
}

static void
count_approvers(struct judge *j)
{
	for (size_t i = 0; i < j->roster.count[QUO_RECORD_PERSON]; i++) {
		const struct quo_record *p =
		    &j->roster.records[QUO_RECORD_PERSON][i];

		if (!quo_person_has(p, QUO_ROLE_APPROVER))
			continue;
		j->approvers++;
		if (quo_person_has(p, QUO_ROLE_REQUESTER))
			j->both = p->key;
	}
}

/* R4: with m approvals wanted, whoever requests leaves enough approvers. */
static void
judge_approvals(struct judge *j, const struct quo_record *credential)
{
	const char *text = value_of(credential, "approvals");
	long wanted = text != NULL ? strtol(text, NULL, 10) : 0;

	if (j->approvers < wanted)
		found(j, "R4", credential->key, "\"%s\" wants %ld approvals, "
		    "and the roster has %ld approvers: name more",
		    credential->key, wanted, j->approvers);
	else if (wanted > 0 && j->both != NULL && j->approvers - 1 < wanted)
		found(j, "R4", credential->key, "\"%s\" wants %ld approvals: "
		    "when %s requests it, too few others can approve: name "
		    "more approvers", credential->key, wanted, j->both);
}

static void
judge_credential(struct judge *j, const struct quo_record *credential)
{
	const char *depends = value_of(credential, "depends_on");
	size_t len;

	judge_approvals(j, credential);
	if (value_of(credential, "criteria") == NULL)
		found(j, "R3", credential->key, "\"%s\" has no criteria for "
		    "its use: write them before it is needed",
		    credential->key);
	for (; depends != NULL && *depends != '\0';
	    depends += len + (depends[len] == '\n')) {
		char line[QUO_VALUE_MAX + 1];

		len = strcspn(depends, "\n");
		snprintf(line, sizeof line, "%.*s", (int)len, depends);
		if (quo_judge_identity(line))
			found(j, "R6", credential->key, "\"%s\" depends on "
			    "\"%.300s\", where people sign on: that may be "
			    "what is down", credential->key, line);
	}
}

static bool
shares_key(const struct quo_record *a, const struct quo_record *b)
{
	const char *keys = a->value[QUO_PERSON_KEYS];
	const char *others = b->value[QUO_PERSON_KEYS];
	size_t len;

	if (keys == NULL || others == NULL)
		return false;
	for (; *keys != '\0'; keys += len + (keys[len] == '\n')) {
		char key[QUO_PUBKEY_TEXT];

		len = strcspn(keys, "\n");
		snprintf(key, sizeof key, "%.*s", (int)len, keys);
		if (strstr(others, key) != NULL)
			return true;
	}
	return false;
}

static void
judge_person(struct judge *j, size_t i)
{
	const struct quo_record *people = j->roster.records[QUO_RECORD_PERSON];
	const struct quo_record *p = &people[i];

	if (quo_person_has(p, QUO_ROLE_AUDITOR) &&
	    quo_person_has(p, QUO_ROLE_CUSTODIAN))
		found(j, "R4", p->key, "%s is auditor and custodian: who "
		    "inspects holds no card", p->key);
	for (size_t k = i + 1; k < j->roster.count[QUO_RECORD_PERSON]; k++)
		if (shares_key(p, &people[k]))
			found(j, "R4", p->key, "%s and %s have the same key: "
			    "signatures don't tell them apart", p->key,
			    people[k].key);
}

/* Each custodian of a set once; those that aren't who they should be. */
static void
judge_custodian(struct judge *j, const struct quo_holding *h,
    const char *custodian)
{
	const struct quo_record *p = quo_roster_find(&j->roster,
	    QUO_RECORD_PERSON, custodian);

	if (j->roster.count[QUO_RECORD_PERSON] == 0)
		return;
	if (p == NULL)
		found(j, "R4", h->credential, "%s holds a card of \"%s\" and "
		    "isn't on the roster: quorate person add", custodian,
		    h->credential);
	else if (p->value[QUO_PERSON_RETIRED] != NULL)
		found(j, "R9", h->credential, "%s is retired and holds a card "
		    "of \"%s\": deal it anew", custodian, h->credential);
	else if (quo_person_has(p, QUO_ROLE_AUDITOR))
		found(j, "R4", h->credential, "%s is an auditor and holds a "
		    "card of \"%s\": deal it anew without them", custodian,
		    h->credential);
}

static void
judge_custodians(struct judge *j, const struct quo_holding *h)
{
	unsigned s, t;

	for (s = 1; s <= h->policy->cards; s++) {
		const char *name = h->card[s].custodian;

		if (name == NULL)
			continue;
		for (t = 1; t < s; t++)
			if (quo_text_same(h->card[t].custodian, name))
				break;
		if (t == s)
			judge_custodian(j, h, name);
	}
}

/* The people behind some cards, each once, "cfo, card 4". */
static void
name_group(const struct quo_holding *h, const struct quo_cards *cards,
    char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned s = 1; s <= h->policy->cards && used < size; s++) {
		const char *name = h->card[s].custodian;
		unsigned t;

		if (!cards->has[s])
			continue;
		for (t = 1; t < s; t++)
			if (name != NULL && cards->has[t] &&
			    quo_text_same(h->card[t].custodian, name))
				break;
		if (t < s)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s",
		    used > 0 ? ", " : "");
		if (used < size && name != NULL)
			used += (size_t)snprintf(text + used, size - used,
			    "%s", name);
		else if (used < size)
			used += (size_t)snprintf(text + used, size - used,
			    "card %u", s);
	}
}

static void
judge_alone(struct judge *j, const struct quo_holding *h)
{
	struct quo_cards group, none = { { false } };
	unsigned people = quo_policy_smallest(h->policy, &group);
	unsigned least = quo_policy_lacking(h->policy, &none);
	char names[512];

	name_group(h, &group, names, sizeof names);
	if (least == 1)
		found(j, "R5", h->credential, "one card opens \"%s\": %s can "
		    "use it alone", h->credential, names);
	else if (people == 1)
		found(j, "R4", h->credential, "the cards of %s alone open "
		    "\"%s\"", names, h->credential);
	else
		note(j, "R4", h->credential, "the smallest group that could "
		    "open \"%s\" in secret: %u people (%s)", h->credential,
		    people, names);
	if (least == h->policy->cards)
		found(j, "R5", h->credential, "\"%s\" needs all of its %u "
		    "cards: when one is lost it can't be opened",
		    h->credential, h->policy->cards);
}

static void
judge_places(struct judge *j, const struct quo_holding *h)
{
	const char *place = h->card[1].location;

	if (place == NULL)
		return;
	for (unsigned s = 2; s <= h->policy->cards; s++)
		if (!quo_text_same(h->card[s].location, place))
			return;
	found(j, "R5", h->credential, "all cards of \"%s\" are kept in one "
	    "place (%s): one fire takes them all", h->credential, place);
}

static void
judge_set(void *context, const struct quo_holding *h)
{
	struct judge *j = context;

	judge_custodians(j, h);
	judge_alone(j, h);
	judge_places(j, h);
}

enum quo_err
quo_judge(struct quo_ledger *ledger,
    void (*tell)(void *context, const struct quo_finding *finding),
    void *context)
{
	struct judge j = { .tell = tell, .context = context,
	    .ledger = ledger };
	enum quo_err err;

	err = quo_roster_load(ledger, &j.roster);
	if (err == QUO_OK)
		err = judge_domains(&j);
	if (err == QUO_OK) {
		count_approvers(&j);
		for (size_t i = 0; i < j.roster.count[QUO_RECORD_PERSON]; i++)
			judge_person(&j, i);
		for (size_t i = 0;
		    i < j.roster.count[QUO_RECORD_CREDENTIAL]; i++)
			judge_credential(&j,
			    &j.roster.records[QUO_RECORD_CREDENTIAL][i]);
		err = quo_holding_each(ledger, judge_set, &j);
	}
	quo_roster_clear(&j.roster);
	return err;
}
