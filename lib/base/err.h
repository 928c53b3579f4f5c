/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ERR_H
#define QUO_ERR_H

/**
 * Every way in which the library fails. 0 is success.
 *
 * A function that can fail returns one of these and must be checked; it sets
 * its results on success only.
 */
enum quo_err {
	QUO_OK = 0,

	/* the machine failed us */
	QUO_ENOMEM,		/* no memory */
	QUO_ELOCK,		/* memory can't be locked against swap */
	QUO_ERANDOM,		/* no randomness to be had */
	QUO_ELIBRARY,		/* a library refuses to work */
	QUO_EIO,		/* read or write failed; errno says why */
	QUO_ECHILD,		/* a helper died or could not be started */
	QUO_ETIMEOUT,		/* a helper took too long */
	QUO_ELATER,		/* a helper can't do it now: ask again later */

	/* what we were called with */
	QUO_EINVAL,		/* an argument out of its range */
	QUO_ETOOBIG,		/* larger than the format or a limit allows */
	QUO_EEXIST,		/* the file is there already */
	QUO_ENOENT,		/* no such file */
	QUO_EUNSAFE,		/* a program that others could change */
	QUO_ENOTTY,		/* nobody to ask: no terminal */
	QUO_ECANCEL,		/* asked, and nothing was answered */

	/* what we read */
	QUO_ESYNTAX,		/* text that doesn't follow its grammar */
	QUO_EFORMAT,		/* bytes that are no code, or not canonical */
	QUO_EVERSION,		/* a format or suite of another version */
	QUO_ECHECK,		/* a self-check is wrong: damaged */
	QUO_EWORD,		/* a word that is not in the list */
	QUO_EDUPLICATE,		/* the same share twice */
	QUO_EMISMATCH,		/* parts that don't belong together */
	QUO_ENOQUORUM,		/* too few shares for the policy */
	QUO_ESEAL,		/* the seal doesn't open with this key */
	QUO_EPHRASE,		/* a lock phrase is missing or wrong */
	QUO_EMISSING,		/* share, set code or sealed file isn't there */
	QUO_ESIGNATURE,		/* a signature isn't what it should be */

	/* the ledger */
	QUO_EREFUSED,		/* its rules don't allow it */
	QUO_EBUSY,		/* another process holds it */
	QUO_ECORRUPT,		/* it is damaged, or no ledger at all */
	QUO_EFULL,		/* no room on its disk */
	QUO_EREADONLY,		/* it can't be written */
	QUO_ENEWER		/* made by a newer version of quorate */
};

/** The words for an error: lower case, no full stop; static. */
const char *quo_strerror(enum quo_err err);

#endif
