/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <strings.h>

#include "base/utc.h"
#include "ledger/ledger_internal.h"

#define V(key) (e->value[QUO_KEY_##key])

bool
quo_same_person(const char *a, const char *b)
{
	size_t len;

	a += strspn(a, " ");
	b += strspn(b, " ");
	len = strlen(a);
	while (len > 0 && a[len - 1] == ' ')
		len--;
	return strncasecmp(a, b, len) == 0 &&
	    strlen(b) == len + strspn(b + len, " ");
}

/* What is known of an incident; texts are copies. */
struct incident {
	int64_t number;
	char credential[QUO_VALUE_MAX + 1], requester[QUO_VALUE_MAX + 1];
	bool known, withdrawn, reviewed;
	bool rotated;		/* what it opened is of the past */
	bool unrotated;		/* it burned, and that isn't over */
	bool replaced;		/* what it asked to open was */
	int64_t openings, approvals, expires;
};

static enum quo_err
refuse(struct quo_ledger *ledger, const char *event, const char *why)
{
	return quo_ledger_say(ledger, QUO_EREFUSED, "%s: %s", event, why);
}

static void
copy(char to[QUO_VALUE_MAX + 1], const char *from)
{
	size_t len = from != NULL ? strnlen(from, QUO_VALUE_MAX) : 0;

	memcpy(to, from != NULL ? from : "", len);
	to[len] = '\0';
}

static enum quo_err
load(struct quo_ledger *ledger, const struct quo_entry *e,
    struct incident *in)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	memset(in, 0, sizeof *in);
	in->number = quo_incident_number(V(INCIDENT));
	err = quo_db_ask(ledger->db, &rows, "SELECT credential, requester, "
	    "withdrawn IS NOT NULL, reviewed IS NOT NULL, openings, expires, "
	    "(SELECT count(*) FROM approval WHERE incident = number AND used "
	    "IS NULL), rotated IS NOT NULL, " QUO_INCIDENT_UNROTATED
	    ", " QUO_INCIDENT_REPLACED " FROM incident WHERE number = ?",
	    "i", in->number);
	if (err != QUO_OK)
		return err;
	if (quo_rows_next(rows)) {
		in->known = true;
		copy(in->credential, quo_rows_text(rows, 0));
		copy(in->requester, quo_rows_text(rows, 1));
		in->withdrawn = quo_rows_int(rows, 2) != 0;
		in->reviewed = quo_rows_int(rows, 3) != 0;
		in->openings = quo_rows_int(rows, 4);
		in->expires = INT64_MAX;
		if (quo_rows_text(rows, 5) != NULL)
			quo_utc_parse(quo_rows_text(rows, 5), &in->expires);
		in->approvals = quo_rows_int(rows, 6);
		in->rotated = quo_rows_int(rows, 7) != 0;
		in->unrotated = quo_rows_int(rows, 8) != 0;
		in->replaced = quo_rows_int(rows, 9) != 0;
	}
	return quo_rows_end(rows);
}

/* That it is of this credential, and still to be had. */
static enum quo_err
check_open(struct quo_ledger *ledger, const struct quo_entry *e,
    const struct incident *in)
{
	/* One that the ledger doesn't know can have an incident, too. */
	if (in->credential[0] != '\0' && (V(CREDENTIAL) == NULL ||
	    strcmp(in->credential, V(CREDENTIAL)) != 0))
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: %s is about "
		    "\"%s\"", V(EVENT), V(INCIDENT), in->credential);
	if (in->withdrawn)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: %s was "
		    "withdrawn", V(EVENT), V(INCIDENT));
	if (in->reviewed)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: %s is "
		    "closed: declare another", V(EVENT), V(INCIDENT));
	if (in->rotated && strcmp(V(EVENT), "open") == 0)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: what %s "
		    "opened has been rotated: declare another", V(EVENT),
		    V(INCIDENT));
	return QUO_OK;
}

/* That there is such an incident, too. */
static enum quo_err
check_incident(struct quo_ledger *ledger, const struct quo_entry *e,
    struct incident *in)
{
	enum quo_err err = load(ledger, e, in);

	if (err != QUO_OK)
		return err;
	return in->known ? check_open(ledger, e, in) : quo_ledger_say(ledger,
	    QUO_EREFUSED, "%s: there is no incident \"%s\"", V(EVENT),
	    V(INCIDENT));
}

/*
 * Approvals are of one set, which their document names. Another that took
 * its place since was approved by nobody.
 */
static enum quo_err
same_set(struct quo_ledger *ledger, const struct quo_entry *e,
    const struct incident *in)
{
	return !in->replaced ? QUO_OK : quo_ledger_say(ledger, QUO_EREFUSED,
	    "%s: what %s asked to open has been replaced by other cards: "
	    "request anew", V(EVENT), V(INCIDENT));
}

/* Nor did they approve one that was of no use when they did. */
static enum quo_err
very_set(struct quo_ledger *ledger, const struct quo_entry *e,
    const struct incident *in)
{
	int64_t same = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &same, "SELECT count(*) FROM entry "
	    "WHERE number = ? AND json_extract(line, '$.set') = ?", "it",
	    in->number, V(SET));
	return err != QUO_OK || same > 0 ? err : quo_ledger_say(ledger,
	    QUO_EREFUSED, "%s: the approvals of %s are for other cards than "
	    "these", V(EVENT), V(INCIDENT));
}

static enum quo_err
count(struct quo_ledger *ledger, int64_t *n, const char *sql,
    int64_t incident, const char *text)
{
	return quo_db_int(ledger->db, 0, n, sql, "it", incident, text);
}

/* Approvals are for cards in use: of what is retired there are none. */
static enum quo_err
request(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t never = 0;
	enum quo_err err = QUO_OK;

	if (V(EMERGENCY) == NULL)
		err = quo_db_int(ledger->db, 0, &never, "SELECT count(*) "
		    "FROM credential JOIN profile ON credential = name WHERE "
		    "name = ? AND state = 'retired' AND approvals > 0", "t",
		    V(CREDENTIAL));
	return err == QUO_OK && never > 0 ? refuse(ledger, V(EVENT), "it is "
	    "retired: nothing is there that could be approved") : err;
}

static enum quo_err
approve(struct quo_ledger *ledger, const struct quo_entry *e)
{
	struct incident in;
	int64_t twice = 0, same_key = 0;
	enum quo_err err = check_incident(ledger, e, &in);

	if (err != QUO_OK)
		return err;
	if (quo_utc_now() > in.expires)
		return refuse(ledger, V(EVENT), "the request has expired: "
		    "declare it again");
	if (in.openings > 0)
		return refuse(ledger, V(EVENT), "it was opened already");
	err = same_set(ledger, e, &in);
	if (err != QUO_OK)
		return err;
	if (quo_same_person(in.requester, V(PERSON)))
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: \"%s\" "
		    "requested it: nobody approves their own request",
		    V(EVENT), V(PERSON));
	err = count(ledger, &twice, "SELECT count(*) FROM approval WHERE "
	    "incident = ? AND trim(person) = trim(?) COLLATE NOCASE",
	    in.number, V(PERSON));
	if (err == QUO_OK && V(KEY) != NULL)
		err = count(ledger, &same_key, "SELECT count(*) FROM "
		    "approval WHERE incident = ? AND key = ?", in.number,
		    V(KEY));
	if (err != QUO_OK)
		return err;
	if (twice > 0)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: \"%s\" has "
		    "approved it already", V(EVENT), V(PERSON));
	if (same_key > 0)
		return refuse(ledger, V(EVENT), "another approval was signed "
		    "with the same key");
	return QUO_OK;
}

static enum quo_err
withdraw(struct quo_ledger *ledger, const struct quo_entry *e)
{
	struct incident in;
	enum quo_err err = check_incident(ledger, e, &in);

	return err == QUO_OK && in.openings > 0 ? refuse(ledger, V(EVENT),
	    "it was opened: rotate, and have it reviewed") : err;
}

/* Anyone can make a set of their own, under any name. */
static enum quo_err
own_set(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t there = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &there, "SELECT count(*) FROM "
	    "dealing WHERE set_id = ? AND credential = ?", "tt", V(SET),
	    V(CREDENTIAL));
	return err != QUO_OK || there > 0 ? err : quo_ledger_say(ledger,
	    QUO_EREFUSED, "%s: this set was never dealt for \"%s\"",
	    V(EVENT), V(CREDENTIAL));
}

/* A rotation is about a set that waits for it, or that the target may have. */
static enum quo_err
on_its_way(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t there = 0;
	enum quo_err err = own_set(ledger, e);

	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &there, "SELECT count(*) "
		    "FROM dealing WHERE set_id = ? AND (status = 'pending' OR "
		    "status = 'waiting' AND ? = 'rotate-start')", "tt",
		    V(SET), V(EVENT));
	return err != QUO_OK || there > 0 ? err : quo_ledger_say(ledger,
	    QUO_EREFUSED, "%s: no rotation to this set is on its way",
	    V(EVENT));
}

/* How it ended: seen by the hook, or by a person who says so. */
static enum quo_err
rotate_end(struct quo_ledger *ledger, const struct quo_entry *e)
{
	enum quo_err err = on_its_way(ledger, e);

	return err != QUO_OK || V(PERSON) == NULL ? err :
	    quo_unproven_check(ledger, e);
}

/* What is opened must be what the log says is opened, in an emergency too. */
static enum quo_err
others_set(struct quo_ledger *ledger, const struct quo_entry *e)
{
	char of[QUO_VALUE_MAX + 1] = "";
	struct quo_rows *rows = NULL;
	enum quo_err err;

	if (V(SET) == NULL || V(CREDENTIAL) == NULL)
		return QUO_OK;
	err = quo_db_ask(ledger->db, &rows, "SELECT credential FROM dealing "
	    "WHERE set_id = ? AND credential <> ?", "tt", V(SET),
	    V(CREDENTIAL));
	if (err != QUO_OK)
		return err;
	if (quo_rows_next(rows))
		copy(of, quo_rows_text(rows, 0));
	err = quo_rows_end(rows);
	return err != QUO_OK || of[0] == '\0' ? err : quo_ledger_say(ledger,
	    QUO_EREFUSED, "%s: these cards are of \"%s\", not \"%s\": open "
	    "it by its own name, or an incident of its own", V(EVENT), of,
	    V(CREDENTIAL));
}

/* Within an incident that is over nobody would review it. */
static enum quo_err
emergency(struct quo_ledger *ledger, const struct quo_entry *e)
{
	struct incident in;
	enum quo_err err;

	if (V(INCIDENT) == NULL)
		return QUO_OK;
	err = load(ledger, e, &in);
	return err == QUO_OK && in.known ? check_open(ledger, e, &in) : err;
}

static enum quo_err
opening(struct quo_ledger *ledger, const struct quo_entry *e)
{
	struct incident in;
	int64_t wanted = 0;
	enum quo_err err = others_set(ledger, e);

	if (err != QUO_OK)
		return err;
	if (V(EMERGENCY) != NULL)
		return emergency(ledger, e);
	err = check_incident(ledger, e, &in);
	if (err == QUO_OK)
		err = own_set(ledger, e);
	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &wanted, "SELECT approvals "
		    "FROM profile WHERE credential = ?", "t", V(CREDENTIAL));
	if (err != QUO_OK)
		return err;
	if (quo_utc_now() > in.expires)
		return refuse(ledger, V(EVENT), "the request has expired: "
		    "declare it again");
	if (strcmp(in.requester, V(REQUESTER)) != 0)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: %s was "
		    "requested by \"%s\"", V(EVENT), V(INCIDENT),
		    in.requester);
	if (in.approvals < wanted && in.openings > 0)
		return refuse(ledger, V(EVENT), "its approvals have been "
		    "used: request anew");
	if (in.approvals < wanted)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: %lld of "
		    "%lld approvals are there: quorate approve %s",
		    V(EVENT), (long long)in.approvals, (long long)wanted,
		    V(INCIDENT));
	if (wanted == 0)
		return QUO_OK;
	return strcmp(V(EVENT), "open") == 0 ? same_set(ledger, e, &in) :
	    very_set(ledger, e, &in);
}

static enum quo_err
review(struct quo_ledger *ledger, const struct quo_entry *e)
{
	struct incident in;
	enum quo_err err = check_incident(ledger, e, &in);

	if (err != QUO_OK)
		return err;
	if (in.openings == 0)
		return refuse(ledger, V(EVENT), "it was never opened: "
		    "withdraw it");
	if (in.unrotated)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: a review "
		    "comes behind a proven rotation: quorate rotate %s",
		    V(EVENT), V(CREDENTIAL));
	if (quo_same_person(in.requester, V(PERSON)))
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: \"%s\" "
		    "requested it: somebody else reviews it", V(EVENT),
		    V(PERSON));
	return QUO_OK;
}

/* That the set is this credential's, and has such a card. */
static enum quo_err
card(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t there = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &there, "SELECT count(*) FROM card "
	    "JOIN dealing USING (set_id) WHERE set_id = ? AND credential = "
	    "? AND serial = CAST(? AS INTEGER)", "ttt", V(SET),
	    V(CREDENTIAL), V(CARD));
	return err != QUO_OK || there > 0 ? err : quo_ledger_say(ledger,
	    QUO_EREFUSED, "%s: \"%s\" has no card %s in this set", V(EVENT),
	    V(CREDENTIAL), V(CARD));
}

static enum quo_err
lost(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t again = 0;
	enum quo_err err = card(ledger, e);

	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &again, "SELECT count(*) "
		    "FROM card WHERE set_id = ? AND serial = CAST(? AS "
		    "INTEGER) AND lost IS NOT NULL", "tt", V(SET), V(CARD));
	return err == QUO_OK && again > 0 ? refuse(ledger, V(EVENT),
	    "that card is counted as lost already") : err;
}

/* A set that isn't there can't be. */
static enum quo_err
dealt(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t newest = 0, there = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &newest, "SELECT max(generation) "
	    "FROM dealing WHERE credential = ? AND status <> 'void'", "t",
	    V(CREDENTIAL));
	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &there, "SELECT "
		    "CAST(? AS INTEGER)", "t", V(GENERATION));
	return err != QUO_OK || there > newest ? err : quo_ledger_say(ledger,
	    QUO_EREFUSED, "%s: generation %lld of \"%s\" is there already",
	    V(EVENT), (long long)newest, V(CREDENTIAL));
}

/* It takes over as the only set: no other may have what the target takes. */
static enum quo_err
reissue(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t open = 0;
	enum quo_err err = dealt(ledger, e);

	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &open, "SELECT count(*) FROM "
		    "dealing WHERE credential = ? AND status = 'pending'",
		    "t", V(CREDENTIAL));
	return err == QUO_OK && open > 0 ? refuse(ledger, V(EVENT), "the end "
	    "of a rotation isn't proven: settle it first") : err;
}

static enum quo_err
receipt(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t there = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &there, "SELECT count(*) FROM "
	    "receipt WHERE hash = ?", "t", V(HASH));
	return err != QUO_OK || there == 0 ? err : refuse(ledger, V(EVENT),
	    "this receipt was taken in already");
}

static enum quo_err
retire(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t again = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &again, "SELECT count(*) FROM "
	    "credential WHERE name = ? AND state = 'retired'", "t",
	    V(CREDENTIAL));
	return err == QUO_OK && again > 0 ? refuse(ledger, V(EVENT),
	    "it is retired already") : err;
}

static const struct {
	const char *event;
	enum quo_err (*check)(struct quo_ledger *ledger,
	    const struct quo_entry *e);
} rules[] = {
	{ "request", request },
	{ "approve", approve },
	{ "withdraw", withdraw },
	{ "open", opening },
	{ "open-retired", opening },
	{ "review", review },
	{ "acknowledge", card },
	{ "destroyed", card },
	{ "ceremony", own_set },
	{ "drill", card },
	{ "lost", lost },
	{ "deal", dealt },
	{ "redeal", dealt },
	{ "reissue", reissue },
	{ "rotate-start", on_its_way },
	{ "rotate-end", rotate_end },
	{ "probe", own_set },
	{ "receipt", receipt },
	{ "retire", retire },
};

enum quo_err
quo_rules_check(struct quo_ledger *ledger, const struct quo_entry *entry)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rules[i].event, entry->value[QUO_KEY_EVENT]) == 0)
			return rules[i].check(ledger, entry);
	return QUO_OK;
}
