/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HOOK_H
#define QUO_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/child.h"
#include "base/err.h"
#include "base/secret.h"
#include "card/header.h"
#include "crypto/mint.h"

/**
 * Target hooks: programs that set and try a password on the real system.
 *
 * The contract, version 1. A hook is run as
 *
 *	HOOK apply|verify|describe|mint
 *
 * with QUORATE_NAME, QUORATE_USER, QUORATE_TARGET, QUORATE_GENERATION,
 * QUORATE_CHECKPOINT (always set, maybe empty) and
 * PATH=/usr/sbin:/usr/bin:/sbin:/bin in an otherwise empty environment, in a
 * session of its own without a terminal, standard input being /dev/null.
 * QUORATE_CHECKPOINT is SIZE:ROOT, the ledger's log as it is now, the root in
 * hex: a target that keeps it is a witness of the log. The new secret stands
 * on descriptor 3, for apply the old one on descriptor 4 where it is known;
 * both end with end of file and carry the bytes of the secret and nothing
 * else. No other descriptor is open but 1 and 2. Both may be left unread. The
 * hook puts no secret into argv, the environment, a file or its output.
 *
 * For apply descriptor 8 may be open, too. It has nothing to read: it is a
 * lock, which keeps the next rotation waiting as long as anything of this one
 * runs, should quorate have been killed. Leave it open, but close it (8>&- in
 * sh) for what is to stay behind, such as a server that is restarted.
 *
 * apply sets the new secret. It is idempotent: set again, it is set still.
 *
 *	0	the target has it now
 *	1	refused; nothing was changed
 *	75	try later (EX_TEMPFAIL); nothing was changed
 *	else	unknown: ask verify
 *
 * verify tries to log in with what stands on descriptor 3, for real:
 *
 *	0	the target accepts it
 *	1	the target refuses it
 *	75	try later
 *	else	unknown; no answer may be concluded from it
 *
 * describe writes what the target takes to standard output and exits 0, or 75
 * where the target can't be reached now and it is better asked later; no
 * descriptor but 0 to 2 is open. Lines of `key = value`, one space on either
 * side of the sign; each key once, in any order; lines that are empty or
 * start with # are skipped. An unknown key is an error, and so are more than
 * 4096 bytes, 255 in a line, a last line without its end, and any byte
 * outside printable ASCII.
 *
 *	alphabet = NAME		a name of crypto/mint.h, such as clear, or
 *	characters = TEXT	the characters themselves, each once, or
 *	mints = yes		the hook mints; one of these three
 *	length = MIN-MAX	in bytes, 1 to 65536
 *	needs-old = yes|no	apply wants the old secret on descriptor 4
 *	single-secret = yes|no	a new secret ends the old one, always
 *	wrong-logins = N/SPAN	may be left out: N refused logins within
 *				SPAN (as 90s, 15m, 4h, 2d) lock the account
 *				out; 0, without SPAN, where one does
 *
 * mint is asked of those that say so, for a secret that nobody types, such as
 * a private key: it writes a fresh one to standard output, of length, and
 * exits 0; 75 is later, all else a failure. No descriptor but 0 to 2 is open.
 *
 * What a hook says to standard error is for the operator: its first 511
 * bytes are kept in note, with control characters replaced, and withheld
 * where a secret of 4 bytes or more stands in them, or one of its lines of 8
 * or more. The caller shows it when
 * the hook fails. What apply and verify write to standard output goes the
 * same way.
 */

/** A hook and what it is told. Borrowed, but note, which each call sets. */
struct quo_hook {
	const char *path;
	const char *name;		/* of the credential; never NULL */
	const char *user;		/* NULL: empty */
	const char *target;		/* NULL: empty */
	unsigned long generation;	/* the one being applied or tried */
	struct quo_checkpoint checkpoint;	/* size 0: empty */
	unsigned seconds;		/* then it is killed; 0: 60 */
	int lock;			/* for apply's descriptor 8; 0: none */

	char note[QUO_CHILD_NOTE];	/* what it said, or why it wasn't run */
	int status;			/* as waitpid(2) gives it */
};

enum quo_hook_answer {
	QUO_HOOK_YES,		/* applied; accepted */
	QUO_HOOK_NO,		/* refused */
	QUO_HOOK_LATER,		/* ask again later */
	QUO_HOOK_UNKNOWN	/* anything else, a crash too */
};

/** What describe said. */
struct quo_hook_desc {
	char alphabet[QUO_MINT_ALPHABET];	/* to mint from; no space;
						 * empty where mints */
	size_t min_len, max_len;
	bool needs_old;
	bool single_secret;
	bool mints;			/* quo_hook_mint, not mint.h */
	bool limited;			/* wrong-logins was said: */
	unsigned wrong_logins;		/* so many in wrong_span lock out */
	int64_t wrong_span;		/* seconds; 0 where they are 0 */
};

/**
 * Whether the hook may be run at all: a regular file, executable, owned by
 * root or by us, not writable by group or others. For root it must be
 * root's, and so must each directory above it: not writable by group or
 * others, in which a sticky one further up is forgiven. Symbolic links are
 * followed first. The calls below do this themselves.
 *
 * Fails with QUO_ENOENT, or QUO_EUNSAFE with the reason in note.
 */
enum quo_err quo_hook_check(struct quo_hook *hook);

/**
 * Ask the hook what its target takes. Fails as quo_hook_check and
 * quo_child_run do, with QUO_ELATER where it exits 75, with QUO_ECHILD where
 * it exits other than 0, and with QUO_ESYNTAX, note then naming the line.
 */
enum quo_err quo_hook_describe(struct quo_hook *hook,
    struct quo_hook_desc *desc);

/**
 * Take apart what describe wrote: len bytes of text. QUO_ESYNTAX sets line to
 * the one that is wrong, or to the one after the last where a key is missing.
 */
enum quo_err quo_hook_parse(const char *text, size_t len,
    struct quo_hook_desc *desc, unsigned *line);

/**
 * Have the hook mint a secret; desc is what its describe said. The caller
 * frees it. Fails as quo_hook_describe does, and with QUO_EINVAL where desc
 * doesn't say that it mints, or the secret's length isn't what desc says
 * (note has it). What it wrote is in no note.
 */
enum quo_err quo_hook_mint(struct quo_hook *hook,
    const struct quo_hook_desc *desc, struct quo_secret **secret);

/**
 * Set secret on the target; old may be NULL. An error (QUO_ETIMEOUT, say)
 * leaves the target in an unknown state, but QUO_ENOENT and QUO_EUNSAFE:
 * the hook wasn't run. answer is set on success only.
 */
enum quo_err quo_hook_apply(struct quo_hook *hook,
    const struct quo_secret *secret, const struct quo_secret *old,
    enum quo_hook_answer *answer);

/** Try to log in with secret. An error answers nothing. */
enum quo_err quo_hook_verify(struct quo_hook *hook,
    const struct quo_secret *secret, enum quo_hook_answer *answer);

#endif
