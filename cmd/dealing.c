/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/dealing.h"
#include "cmd/form.h"
#include "cmd/stop.h"
#include "cmd/term.h"
#include "cmd/tty.h"
#include "rotation/hook.h"

#define REVIEW_DAYS 365

const char *const quo_dealing_formats[] = {
	"pdf", "svg", "png", "txt", "terminal", NULL
};
const char *const quo_dealing_papers[] = { "a4", "letter", NULL };

static enum quo_exit
parse_policy(const char *text, struct quo_policy **policy)
{
	struct quo_policy_error error = { 0 };
	enum quo_err err;

	err = quo_policy_parse(text, policy, &error);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if (err != QUO_ESYNTAX)
		return quo_say_failure(err, "%s", "--policy");
	quo_say_error("--policy: %s", error.why);
	quo_say_hint("it goes wrong behind: %.*s", (int)error.at, text);
	return QUO_EXIT_MISUSE;
}

/* What a policy makes hard or easy: R5 of the practice. */
static enum quo_exit
weigh(const struct quo_policy *policy, bool allow_single)
{
	struct quo_cards few, all_but_one;
	unsigned people = quo_policy_smallest(policy, &few), vital = 0;

	if (people < 2 && !allow_single) {
		quo_say_error("one person alone could open this credential");
		quo_say_hint("ask for two, or say --allow-single");
		return QUO_EXIT_MISUSE;
	}
	if (people < 2)
		quo_say_warning("one person alone can open this credential");
	memset(&all_but_one, 1, sizeof all_but_one);
	for (unsigned s = 1; s <= policy->cards; s++) {
		all_but_one.has[s] = false;
		if (!quo_policy_satisfied(policy, &all_but_one))
			vital++;
		all_but_one.has[s] = true;
	}
	if (vital > 0)
		quo_say_warning("%u of the %u cards can't be spared: lose "
		    "%s, and the credential is lost", vital, policy->cards,
		    vital == 1 ? "it" : "one of them");
	return QUO_EXIT_DONE;
}

enum quo_exit
quo_dealing_policy(const struct quo_dealing_options *options,
    struct quo_policy **policy)
{
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	*policy = NULL;
	if (options->policy != NULL && (options->k != 0 || options->n != 0))
		return quo_say_misuse("--policy takes the place of -k and -n: "
		    "give one or the other");
	if (options->policy != NULL) {
		end = parse_policy(options->policy, policy);
	} else if (options->k != 0 || options->n != 0) {
		if (options->k == 0 || options->n == 0)
			return quo_say_misuse("-k and -n go together, as in "
			    "-k 2 -n 3");
		err = quo_policy_flat((unsigned)options->k,
		    (unsigned)options->n, policy);
		if (err != QUO_OK)
			return quo_say_misuse("-k %ld -n %ld: there are not "
			    "so many cards", options->k, options->n);
	}
	if (end == QUO_EXIT_DONE && *policy != NULL)
		end = weigh(*policy, options->allow_single);
	if (end != QUO_EXIT_DONE) {
		quo_policy_free(*policy);
		*policy = NULL;
	}
	return end;
}

static enum quo_exit
no_heirs(const char *name)
{
	quo_say_error("who holds the new cards of \"%s\"?", name);
	quo_say_hint("give a quorum of the old cards, or -k 2 -n 3, or "
	    "--policy '2 of (cfo, ciso, cto)'");
	return QUO_EXIT_MISUSE;
}

enum quo_exit
quo_dealing_heirs(struct quo_dealing_plan *plan, const struct quo_header *old,
    struct quo_policy **policy)
{
	const char *known = plan->dealt->facts.policy;
	struct quo_policy_error error;
	enum quo_err err;

	plan->policy = *policy;
	if (*policy != NULL)
		return QUO_EXIT_DONE;
	if (known != NULL) {
		err = quo_policy_parse(known, policy, &error);
		plan->policy = *policy;
		return err == QUO_OK ? weigh(*policy, true) :
		    quo_say_failure(err, "%s", "policy");
	}
	if (old == NULL)
		return no_heirs(plan->dealt->name);
	plan->policy = old->policy;
	if (!plan->options->names)
		quo_say("the old codes don't say whose cards they are: "
		    "--policy names the custodians of the new ones");
	return weigh(old->policy, plan->options->allow_single);
}

enum quo_err
quo_dealing_review(const struct quo_dealing_options *options,
    struct quo_day *day)
{
	struct quo_day now = quo_day_today();
	enum quo_err err;

	*day = (struct quo_day){ 0 };
	if (options->review_by == NULL) {
		day->number = (uint16_t)(now.number + REVIEW_DAYS);
		return QUO_OK;
	}
	if (strcmp(options->review_by, "none") == 0)
		return QUO_OK;
	err = quo_day_parse(options->review_by, day);
	return err == QUO_OK && day->number < now.number ? QUO_EINVAL : err;
}

/* The number of a descriptor that is open; -1 for none, -2: it isn't. */
static long
descriptor(const char *text)
{
	char *end;
	long fd;

	if (text == NULL)
		return -1;
	fd = strtol(text, &end, 10);
	if (*text == '\0' || *end != '\0' || fd < 0 || fd > 1 << 20 ||
	    fcntl((int)fd, F_GETFD) == -1)
		return -2;
	return fd;
}

enum quo_exit
quo_dealing_fields(const struct quo_credential *credential)
{
	const struct {
		const char *what, *text;
		size_t max;
		bool (*valid)(const char *text, size_t len);
	} fields[] = {
		{ "NAME", credential->name, QUO_LABEL_MAX, quo_text_valid },
		{ "--user", credential->user, QUO_LABEL_MAX, quo_text_valid },
		{ "--target", credential->target, QUO_LABEL_MAX,
		    quo_text_valid },
		{ "--note", credential->note, QUO_NOTE_MAX, quo_note_valid },
	};

	if (credential->name == NULL || *credential->name == '\0')
		return quo_say_misuse("NAME is empty");
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (fields[i].text == NULL)
			continue;
		if (strlen(fields[i].text) > fields[i].max)
			return quo_say_misuse("%s has at most %zu bytes",
			    fields[i].what, fields[i].max);
		if (!fields[i].valid(fields[i].text, strlen(fields[i].text)))
			return quo_say_misuse("%s is no plain UTF-8 text",
			    fields[i].what);
	}
	return QUO_EXIT_DONE;
}

/* That it can be run, before anything else is done. */
static enum quo_exit
check_hook(const char *path)
{
	struct quo_hook hook = { .path = path, .name = "" };
	enum quo_err err = quo_hook_check(&hook);

	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	quo_say_failure(err, "--deliver %s%s%s", path,
	    hook.note[0] != '\0' ? ": " : "", hook.note);
	return err == QUO_ENOMEM ? QUO_EXIT_MACHINE : QUO_EXIT_MISUSE;
}

bool
quo_dealing_tells_phrases(const struct quo_dealing_options *options)
{
	return options->phrase_dir != NULL || options->phrase_fd != NULL ||
	    (quo_tty_present() && !quo_term_dumb());
}

enum quo_exit
quo_dealing_check(const struct quo_dealing_options *options)
{
	struct quo_day day;
	struct stat st;

	if (quo_dealing_review(options, &day) != QUO_OK) {
		quo_say_error("--review-by %s: not a day from today on",
		    options->review_by);
		quo_say_hint("write YYYY-MM-DD, or none");
		return QUO_EXIT_MISUSE;
	}
	if (options->forms != NULL && (stat(options->forms, &st) != 0 ||
	    !S_ISDIR(st.st_mode)))
		return quo_say_misuse("--forms %s: no such directory",
		    options->forms);
	if (descriptor(options->phrase_fd) == -2)
		return quo_say_misuse("--phrase-fd %s: no such descriptor is "
		    "open", options->phrase_fd);
	if ((options->phrase_dir != NULL || options->phrase_fd != NULL) &&
	    !options->lock)
		return quo_say_misuse("lock phrases are for locked cards: "
		    "--lock is missing");
	if (options->lock && !quo_dealing_tells_phrases(options)) {
		quo_say_error("nobody is at the terminal to be shown the "
		    "lock phrases");
		quo_say_hint("name a place for them: --phrase-dir or "
		    "--phrase-fd");
		return QUO_EXIT_MISUSE;
	}
	if (options->format == QUO_FORMAT_TERMINAL) {
		if (options->output != NULL || options->deliver != NULL)
			return quo_say_misuse("--format terminal goes nowhere "
			    "else: leave --output and --deliver out");
		if (!quo_tty_present())
			return quo_say_misuse("--format terminal: standard "
			    "input is no terminal");
		if (quo_term_dumb())
			return quo_say_misuse("--format terminal: this one "
			    "can't be cleared: TERM is not set, or dumb");
	}
	return options->deliver == NULL ? QUO_EXIT_DONE :
	    check_hook(options->deliver);
}

/* The opaque id that cards show instead of a name. */
static void
opaque_id(const struct quo_dealing *dealing, char text[32])
{
	const uint8_t *id = dealing->set.header.inventory;

	snprintf(text, 32, "id-%02x%02x%02x%02x", id[0], id[1], id[2], id[3]);
}

static void
report_set(const struct quo_dealing_plan *plan,
    const struct quo_dealing *dealing, struct quo_json *json)
{
	char hex[QUO_SET_ID_HEX], words[4 * (QUO_WORD_MAX + 1)];

	quo_set_id_print(&dealing->set.id, QUO_HASH_LEN, hex);
	quo_words_id(dealing->set.id.hash, words);
	quo_json_text(json, "name", plan->credential.name);
	quo_json_int(json, "generation", plan->generation);
	quo_json_int(json, "cards", dealing->n);
	quo_json_text(json, "set", hex);
	quo_json_text(json, "set_words", words);
	quo_json_bool(json, "locked", dealing->phrases != NULL);
	quo_say("%u cards are dealt, read back and proven: generation %u of "
	    "\"%s\"", dealing->n, plan->generation, plan->credential.name);
	quo_say("set id %s (%s)", hex, words);
}

static enum quo_exit
give(struct quo_dealing_plan *plan, const struct quo_dealing *dealing,
    struct quo_json *json, struct quo_pieces *pieces)
{
	const struct quo_dealing_options *o = plan->options;
	char opaque[32];
	struct quo_issue issue = {
		.render = {
			.dealing = dealing,
			.policy = plan->policy,
			.title = o->opaque ? opaque : plan->credential.name,
			.format = o->format == 0 ? QUO_FORMAT_PDF :
			    (enum quo_format)o->format,
			.paper = o->paper == 2 ? QUO_FACE_LETTER :
			    QUO_FACE_A4,
			.dpi = (unsigned)o->dpi,
		},
		.credential = &plan->credential,
		.deliver = o->deliver,
		.deliver_seconds = (unsigned)o->deliver_seconds,
		.output = o->deliver != NULL ||
		    o->format == QUO_FORMAT_TERMINAL ? NULL :
		    o->output != NULL ? o->output : ".",
		.phrase_dir = o->phrase_dir,
		.phrase_fd = descriptor(o->phrase_fd),
	};
	enum quo_exit end;

	plan->set = dealing->set.id;
	opaque_id(dealing, opaque);
	end = quo_issue_cards(&issue, pieces);
	if (end == QUO_EXIT_DONE)
		end = quo_dealt_record(plan->dealt, dealing, pieces);
	else
		quo_dealt_fail(plan->dealt, dealing, pieces);
	if (end != QUO_EXIT_DONE)
		return end;
	report_set(plan, dealing, json);
	quo_issue_report(&issue, pieces, json);
	if (issue.output != NULL)
		quo_say_warning("the files are the cards: print them, then "
		    "destroy them (on a disk that remembers, too)");
	return QUO_EXIT_DONE;
}

static enum quo_exit
deal_and_give(struct quo_dealing_plan *plan, struct quo_json *json,
    struct quo_pieces *pieces)
{
	const struct quo_dealing_options *o = plan->options;
	struct quo_deal deal = {
		.credential = plan->credential,
		.policy = plan->policy,
		.names = o->names,
		.generation = plan->generation,
		.inventory = plan->inventory,
		.issued = quo_day_today(),
		.checkpoint = plan->dealt->checkpoint,
	};
	struct quo_dealing dealing;
	enum quo_exit end;
	enum quo_err err;

	if (o->lock)
		deal.lock = (struct quo_lock){ QUO_LOCK_MEMORY,
			QUO_LOCK_PASSES };
	pieces->stage = "dealing";
	err = quo_dealing_review(o, &deal.review);
	if (err == QUO_OK)
		err = quo_deal(&deal, &dealing);
	if (err != QUO_OK) {
		end = quo_say_failure(err, "%s", "dealing");
		if (err == QUO_ETOOBIG)
			quo_say_hint("leave --names out: they have no room");
		quo_dealt_fail(plan->dealt, NULL, pieces);
		return end;
	}
	end = give(plan, &dealing, json, pieces);
	quo_dealing_clear(&dealing);
	return end;
}

enum quo_exit
quo_dealing_run(struct quo_dealing_plan *plan, struct quo_json *json,
    struct quo_pieces *pieces)
{
	const char *forms = plan->options->forms;
	struct quo_book *book = plan->dealt->book;
	enum quo_exit end;

	if (forms != NULL && book->ledger == NULL)
		return quo_say_misuse("--forms %s: there is no ledger to "
		    "make them from: quorate form --blank", forms);
	quo_stop_catch();
	end = quo_dealt_intend(plan->dealt, plan);
	if (end == QUO_EXIT_DONE)
		end = deal_and_give(plan, json, pieces);
	quo_stop_end();
	/* What is dealt stays so, with paper or without. */
	if (end == QUO_EXIT_DONE && forms != NULL && quo_form_deal(book,
	    plan->credential.name, plan->generation, plan->options->paper,
	    forms) != QUO_EXIT_DONE)
		quo_say_warning("the cards are out, but not the forms: see "
		    "quorate form");
	return end;
}
