/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "ledger/step.h"

static const char *const states[QUO_STATES] = {
	[QUO_STATE_NONE] = "none",
	[QUO_STATE_PLANNED] = "planned",
	[QUO_STATE_DEALT] = "dealt",
	[QUO_STATE_ACTIVE] = "active",
	[QUO_STATE_REQUESTED] = "requested",
	[QUO_STATE_BURNED] = "burned",
	[QUO_STATE_ROTATING] = "rotating",
	[QUO_STATE_UNPROVEN] = "unproven",
	[QUO_STATE_ROTATED] = "rotated",
	[QUO_STATE_RETIRED] = "retired",
};

const struct quo_role_name quo_role_names[] = {
	{ QUO_ROLE_CUSTODIAN, "custodian" },
	{ QUO_ROLE_REQUESTER, "requester" },
	{ QUO_ROLE_APPROVER, "approver" },
	{ QUO_ROLE_AUDITOR, "auditor" },
	{ 0, NULL }
};

#define S(name) (1u << QUO_STATE_##name)
#define EVER ((1u << QUO_STATES) - 1)
#define KNOWN (EVER & ~S(NONE))
#define LIVE (KNOWN & ~S(PLANNED) & ~S(RETIRED))
#define K(name) QUO_BIT(QUO_KEY_##name)
#define NOBODY QUO_KEYS

/* An event that changes no state. */
#define STAYS 0, QUO_STATE_NONE
#define NOT_OUT "no cards of it are in use"
#define CARD (K(CREDENTIAL) | K(SET) | K(CARD))
#define DEALING (K(CREDENTIAL) | K(INVENTORY) | K(GENERATION) | K(POLICY))
#define OPENING (K(CREDENTIAL) | K(INCIDENT) | K(SET) | K(CARDS) | \
    K(REQUESTER) | K(REASON) | K(TICKET))

static const struct quo_step steps[] = {
	/* the ledger itself */
	{ "log-init", S(NONE), STAYS, NOBODY, 0, K(LEDGER) },
	{ "import", EVER, STAYS, NOBODY, 0, K(HASH) },
	{ "person", EVER, STAYS, NOBODY, 0, K(ACT) | K(PERSON) | K(DETAIL) },
	{ "credential", EVER, S(NONE), QUO_STATE_PLANNED, NOBODY, 0,
	  K(CREDENTIAL) | K(DETAIL) },
	{ "refused", EVER, STAYS, NOBODY, 0, K(ACT) | K(REASON),
	  .alerts = true },
	{ "delivered", EVER, STAYS, NOBODY, 0, K(SINK) | K(DETAIL) },
	{ "undelivered", EVER, STAYS, NOBODY, 0,
	  K(SINK) | K(DETAIL) | K(REASON) },
	{ "unlocked", EVER, STAYS, NOBODY, 0, K(DETAIL) },
	{ "receipt", EVER, STAYS, NOBODY, 0, K(HASH) | K(DETAIL),
	  .alerts = true },

	/* cards */
	{ "deal-intent", EVER, S(NONE), QUO_STATE_PLANNED, NOBODY, 0,
	  DEALING },
	{ "deal", S(PLANNED) | S(DEALT) | S(ACTIVE) | S(RETIRED),
	  S(PLANNED) | S(DEALT) | S(ACTIVE) | S(RETIRED), QUO_STATE_DEALT,
	  NOBODY, 0, DEALING | K(SET) | K(CARDS), .hint =
	  "rotate it instead: quorate rotate" },
	{ "redeal", LIVE | S(PLANNED), STAYS, NOBODY, 0,
	  DEALING | K(SET) | K(CARDS), .hint = "deal it first: quorate split" },
	{ "reissue", S(BURNED), STAYS, NOBODY, 0,
	  DEALING | K(SET) | K(CARDS), .hint =
	  "deal it first: quorate split" },
	{ "deal-failed", KNOWN, STAYS, NOBODY, 0, K(CREDENTIAL) |
	  K(GENERATION) | K(REASON) },
	{ "acknowledge", LIVE, STAYS, NOBODY, 0, CARD | K(HASH), .hint =
	  NOT_OUT },
	{ "ceremony", KNOWN, STAYS, NOBODY, 0, K(CREDENTIAL) | K(SET) |
	  K(HASH) },
	{ "destroyed", KNOWN, STAYS, NOBODY, 0, CARD | K(HASH) },
	{ "drill-alert", EVER, STAYS, NOBODY, 0, K(DETAIL), .alerts = true },
	{ "drill", LIVE, STAYS, NOBODY, 0, CARD | K(VERDICT), .hint =
	  NOT_OUT },
	{ "drill-quorum", LIVE, STAYS, NOBODY, 0, K(CREDENTIAL) | K(SET) |
	  K(CARDS), .alerts = true, .hint = NOT_OUT },
	{ "lost", LIVE, STAYS, NOBODY, 0, CARD | K(REASON), .alerts = true,
	  .hint = NOT_OUT },
	{ "present", EVER, STAYS, NOBODY, 0, K(VERDICT) },

	/* use */
	{ "request", LIVE | S(RETIRED), S(DEALT) | S(ACTIVE),
	  QUO_STATE_REQUESTED, QUO_KEY_REQUESTER, QUO_ROLE_REQUESTER,
	  K(CREDENTIAL) | K(REQUESTER) | K(REASON) | K(TICKET) | K(EXPECTED) | K(EXPIRES),
	  .yields = true, .alerts = true, .hint = NOT_OUT },
	{ "withdraw", KNOWN, STAYS, NOBODY, 0, K(CREDENTIAL) |
	  K(INCIDENT) | K(REASON) },
	{ "approve", KNOWN, STAYS, QUO_KEY_PERSON, QUO_ROLE_APPROVER,
	  K(CREDENTIAL) | K(INCIDENT) | K(PERSON) | K(HASH) | K(SIZE) |
	  K(ROOT) },
	{ "open", LIVE, LIVE, QUO_STATE_BURNED, QUO_KEY_REQUESTER,
	  QUO_ROLE_REQUESTER, OPENING | K(DEADLINE), .yields = true,
	  .alerts = true, .hint = "what is retired opens with --retired" },
	{ "open-retired", LIVE | S(RETIRED), STAYS, QUO_KEY_REQUESTER,
	  QUO_ROLE_REQUESTER, OPENING, .yields = true, .alerts = true,
	  .hint = NOT_OUT },
	{ "opened", EVER, STAYS, NOBODY, 0, K(CARDS) },
	{ "open-failed", EVER, STAYS, NOBODY, 0, K(REASON), .alerts = true },
	{ "close", EVER, STAYS, NOBODY, 0, K(SECONDS) | K(DETAIL) },
	{ "overdue", S(BURNED) | S(ROTATING) | S(UNPROVEN), STAYS, NOBODY, 0,
	  K(CREDENTIAL) | K(DEADLINE), .alerts = true, .hint =
	  "nothing is due" },

	/* after use; what follows a rotation hangs on how it ended, which
	 * only a person's word names somebody for */
	{ "rotate-failed", LIVE | S(PLANNED), STAYS, NOBODY, 0,
	  K(CREDENTIAL) | K(REASON), .alerts = true, .hint =
	  "deal it first: quorate split" },
	{ "rotate-start", LIVE | S(PLANNED), LIVE | S(PLANNED),
	  QUO_STATE_ROTATING, NOBODY, 0, K(CREDENTIAL) | K(GENERATION) |
	  K(SET), .alerts = true, .hint = "deal it first: quorate split" },
	{ "probe", KNOWN, STAYS, NOBODY, 0, K(CREDENTIAL) | K(SET) },
	{ "rotate-end", S(ROTATING) | S(UNPROVEN) | S(BURNED), STAYS,
	  QUO_KEY_PERSON, QUO_ROLE_APPROVER | QUO_ROLE_AUDITOR,
	  K(CREDENTIAL) | K(GENERATION) | K(SET) | K(OUTCOME),
	  .alerts = true, .hint = "no rotation is on its way" },
	{ "review", EVER, STAYS, QUO_KEY_PERSON,
	  QUO_ROLE_APPROVER | QUO_ROLE_AUDITOR, K(CREDENTIAL) | K(INCIDENT) |
	  K(PERSON) | K(CLASSIFICATION) | K(FINDINGS) | K(ACTIONS) |
	  K(RECORDING) },
	{ "retire", KNOWN & ~S(BURNED) & ~S(ROTATING),
	  KNOWN & ~S(BURNED) & ~S(ROTATING), QUO_STATE_RETIRED, NOBODY, 0,
	  K(CREDENTIAL) | K(REASON), .alerts = true, .hint =
	  "rotate it first: what was seen still opens the target" },
};

const char *
quo_state_name(enum quo_state state)
{
	return states[state];
}

enum quo_state
quo_state_of(const char *name)
{
	int s = 0;

	while (s < QUO_STATES && (name == NULL || strcmp(states[s], name)))
		s++;
	return (enum quo_state)s;
}

const struct quo_step *
quo_steps(size_t *count)
{
	*count = sizeof steps / sizeof *steps;
	return steps;
}

const struct quo_step *
quo_step_of(const char *event)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (event != NULL && strcmp(steps[i].event, event) == 0)
			return &steps[i];
	return NULL;
}

/* Blanks say nothing. */
static bool
says(const struct quo_entry *entry, enum quo_key key)
{
	const char *value = entry->value[key];

	return value != NULL && value[strspn(value, " ")] != '\0';
}

/* Something an entry must say and doesn't. */
static bool
lacks(const struct quo_step *step, const struct quo_entry *entry,
    char why[QUO_WHY_MAX])
{
	for (int k = 0; k < QUO_KEYS; k++) {
		if ((step->needs & QUO_BIT(k)) == 0 ||
		    says(entry, (enum quo_key)k))
			continue;
		snprintf(why, QUO_WHY_MAX, "%s: %s is missing", step->event,
		    quo_key_name((enum quo_key)k));
		return true;
	}
	return false;
}

static bool
lacks_role(const struct quo_step *step, const struct quo_entry *entry,
    unsigned roles, char why[QUO_WHY_MAX])
{
	const struct quo_role_name *r = quo_role_names;
	const char *who;

	if (step->roles == 0 || roles == QUO_ROLES_UNKNOWN ||
	    (roles & step->roles) != 0)
		return false;
	who = entry->value[step->who];
	/* Where nobody has to be named: it is nobody's word. */
	if (who == NULL && (step->needs & QUO_BIT(step->who)) == 0)
		return false;
	while ((r->role & step->roles) == 0)
		r++;
	if (roles == 0)
		snprintf(why, QUO_WHY_MAX, "%s: \"%s\" has no role on the "
		    "roster: see quorate person", step->event,
		    who != NULL ? who : "");
	else
		snprintf(why, QUO_WHY_MAX, "%s: \"%s\" is no %s",
		    step->event, who != NULL ? who : "", r->name);
	return true;
}

enum quo_err
quo_step_check(const struct quo_entry *entry, enum quo_state state,
    unsigned roles, char why[QUO_WHY_MAX])
{
	const struct quo_step *step =
	    quo_step_of(entry->value[QUO_KEY_EVENT]);
	const char *name = entry->value[QUO_KEY_CREDENTIAL], *hint;

	if (step == NULL)
		return QUO_EINVAL;
	if (step->yields && entry->value[QUO_KEY_EMERGENCY] != NULL &&
	    !says(entry, QUO_KEY_EMERGENCY)) {
		snprintf(why, QUO_WHY_MAX, "%s: an emergency needs a reason",
		    step->event);
		return QUO_EREFUSED;
	}
	if (step->yields && entry->value[QUO_KEY_EMERGENCY] != NULL)
		return QUO_OK;
	if (lacks(step, entry, why))
		return QUO_EREFUSED;
	if ((step->from & (1u << state)) == 0) {
		/* What is hinted at is of those that are there. */
		hint = state != QUO_STATE_NONE ? step->hint : NULL;
		snprintf(why, QUO_WHY_MAX, "%s: \"%s\" is %s%s%s",
		    step->event, name != NULL ? name : "",
		    state == QUO_STATE_NONE ? "not in the ledger" :
		    states[state], hint != NULL ? ": " : "",
		    hint != NULL ? hint : "");
		return QUO_EREFUSED;
	}
	return lacks_role(step, entry, roles, why) ? QUO_EREFUSED : QUO_OK;
}

enum quo_state
quo_step_state(const struct quo_step *step, enum quo_state state)
{
	return (step->moves & (1u << state)) != 0 ? step->to : state;
}
