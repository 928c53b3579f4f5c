/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Write a form about nobody: form-sample receipt|rescue|cloud|site|plant|
 * long|ceremony|acknowledgement|auditor html|pdf [letter]. Long is a playbook
 * that fits no page.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/forms.h"
#include "sample.h"

static const struct quo_form_card cards[] = {
	{ 1, "Ana Ķ.", "+49 30 5550 101", "safe 1, Berlin", "A 0012 7781",
	    "genuine" },
	{ 2, "Bo Lindqvist", "+46 8 5550 102, home -103", "bank, Stockholm",
	    "A 0012 7782", "damaged" },
	{ 3, "山田 太郎", "+81 3 5550 104", "safe 2, Tokyo", "A 0012 7783",
	    "genuine" },
};

static struct quo_form_set set = {
	.credential = "db-root", .target = "db-3.example.net",
	.user = "root", .owner = "database team",
	.policy = "any 2 of 3 cards", .generation = 7,
	.id = "66ced46a4f7f0a1b9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b"
	    "822c",
	.words = "furnace vowel coherent poppy", .cards = cards,
	.card_count = 3,
};

static const char *const criteria_of[90] = {
	"Nobody can log in to the database by their own account, and it "
	"doesn’t come back within 15 minutes",
	"The directory service is down or not to be trusted",
	"The duty manager says so, and can’t be asked twice",
};

static enum quo_err
make_playbook(const struct quo_form *form, enum quo_form_scene scene,
    size_t criteria, struct quo_document **doc)
{
	const struct quo_form_playbook book = {
		.scene = scene, .criteria = criteria_of,
		.criterion_count = criteria,
		.scenario = "The superuser of the order database, for when "
		    "single sign-on or the directory is down.",
		.call = "duty manager, +49 30 5550 100",
		.approvers = scene == QUO_FORM_PLANT ? NULL :
		    "one of ciso, cto",
		.review = "5 days", .hook = "/etc/quorate/hooks/postgres",
	};

	return quo_form_playbook(form, &set, &book, doc);
}

static enum quo_err
make_receipt(const struct quo_form *form, bool rescue,
    struct quo_document **doc)
{
	const struct quo_form_receipt receipt = {
		.number = rescue ? "0f1e2d3c" : "INC-42",
		.opened = "2026-11-21T03:10:00Z",
		.deadline = "2026-11-21T07:10:00Z", .host = "bastion1",
		.actor = "root (claimed)", .requester = "Ana Ķ.",
		.reason = "Storage controller of db-3 lost its "
		    "configuration; the directory went down with it",
		.ticket = "OPS-1234", .criterion = "directory down",
		.exposure = "a screen that clears itself",
		.why = rescue ? "it is locked by another process" : NULL,
		.text = rescue ? "quorate receipt 1\n"
		    "id: 0f1e2d3c4b5a69788796a5b4c3d2e1f0\n"
		    "opened: 2026-11-21T03:10:00Z\nhost: bastion1\n"
		    "card: 1 genuine 66ced46a4f7f0a1b\nledger: busy\n"
		    "check: 9c4a6d2f01e8b357\n" : NULL,
	};

	return quo_form_receipt(form, &set, &receipt, doc);
}

static enum quo_err
make_ceremony(const struct quo_form *form, struct quo_document **doc)
{
	static const char *const roles[] = { "dealer", "witness", "witness",
		"auditor" };
	const struct quo_form_ceremony ceremony = {
		.program = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"
		    "d15d6c15b0f00a08",
		.command = "quorate split db-root --policy '2 of (ana, bo, "
		    "taro)' --mint --output /media/cards",
		.roles = roles, .role_count = 4,
	};

	set.id = set.words = NULL;
	set.generation = 0;
	return quo_form_ceremony(form, &set, &ceremony, doc);
}

static enum quo_err
make(const char *what, const struct quo_form *form, struct quo_document **doc)
{
	static const char *const scenes[] = { "cloud", "site", "plant" };
	uint8_t key[QUO_KEY_LEN];

	for (unsigned i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(7 * i + 1);
	for (unsigned i = 0; i < 3; i++)
		if (strcmp(what, scenes[i]) == 0)
			return make_playbook(form, (enum quo_form_scene)i, 3,
			    doc);
	if (strcmp(what, "long") == 0)
		return make_playbook(form, QUO_FORM_SITE, 90, doc);
	if (strcmp(what, "receipt") == 0 || strcmp(what, "rescue") == 0)
		return make_receipt(form, what[2] == 's', doc);
	if (strcmp(what, "ceremony") == 0)
		return make_ceremony(form, doc);
	if (strcmp(what, "acknowledgement") == 0)
		return quo_form_acknowledgement(form, &set, &cards[0],
		    "2027-11-21", doc);
	if (strcmp(what, "auditor") == 0)
		return quo_form_auditor(form, "bastion1", key, doc);
	return QUO_EINVAL;
}

int
main(int argc, char **argv)
{
	const struct quo_checkpoint checkpoint = { 1204, { 0x9c, 0xae, 2 } };
	const struct quo_form form = {
		.date = "2026-11-21T03:10:00Z", .version = "0.1.0",
		.ledger = "ae9870167a00f93b028ba04395a84a14",
		.checkpoint = &checkpoint,
		.paper = argc > 3 ? QUO_FACE_LETTER : QUO_FACE_A4,
	};
	struct quo_document *doc = NULL;
	enum quo_err err = QUO_EINVAL;

	if (argc > 2)
		err = make(argv[1], &form, &doc);
	if (err == QUO_OK)
		err = put(doc, strcmp(argv[2], "pdf") == 0);
	if (err != QUO_OK)
		fprintf(stderr, "form-sample: %s\n", quo_strerror(err));
	quo_document_free(doc);
	return err == QUO_OK ? 0 : 1;
}
