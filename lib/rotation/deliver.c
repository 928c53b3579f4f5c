/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "rotation/deliver.h"
#include "rotation/hook_internal.h"

enum quo_err
quo_deliver(struct quo_hook *hook, const struct quo_delivery *delivery,
    enum quo_hook_answer *answer)
{
	enum { MORE = 6 };
	char *more[MORE + 1] = { NULL };
	const struct quo_hook_call call = {
		.verb = "deliver", .input = delivery->data,
		.more = (const char *const *)more,
	};
	const char *whose = delivery->custodian, *all = delivery->custodians;
	bool ok = true;
	enum quo_err err;

	ok = asprintf(&more[0], "QUORATE_CARD=%u", delivery->serial) != -1;
	ok = asprintf(&more[1], "QUORATE_CARDS=%u", delivery->cards) != -1 &&
	    ok;
	ok = asprintf(&more[2], "QUORATE_CUSTODIAN=%s",
	    whose != NULL ? whose : "") != -1 && ok;
	ok = asprintf(&more[3], "QUORATE_FILE=%s", delivery->file) != -1 &&
	    ok;
	ok = asprintf(&more[4], "QUORATE_CUSTODIANS=%s",
	    all != NULL ? all : "") != -1 && ok;
	ok = asprintf(&more[5], "QUORATE_SECONDS=%u", hook->seconds > 0 ?
	    hook->seconds : QUO_HOOK_SECONDS) != -1 && ok;
	*answer = QUO_HOOK_NO;
	err = ok ? quo_hook_run(hook, &call) : QUO_ENOMEM;
	if (err == QUO_OK)
		*answer = quo_hook_answer_of(hook->status);
	else if (ok && err != QUO_ENOENT && err != QUO_EUNSAFE)
		*answer = QUO_HOOK_UNKNOWN;
	if (err == QUO_OK && *answer != QUO_HOOK_YES)
		err = QUO_ECHILD;
	for (size_t i = 0; i < MORE; i++)
		free(more[i]);
	return err;
}
