/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

const char *
quo_strerror(enum quo_err err)
{
	switch (err) {
	case QUO_OK:		return "done";
	case QUO_ENOMEM:	return "no memory";
	case QUO_ELOCK:		return "memory can't be locked against swap";
	case QUO_ERANDOM:	return "the system gives no randomness";
	case QUO_ELIBRARY:	return "a cryptographic library refuses to work";
	case QUO_EIO:		return "reading or writing failed";
	case QUO_ECHILD:	return "a helper program failed";
	case QUO_ETIMEOUT:	return "a helper program took too long";
	case QUO_ELATER:	return "it can't be done now: try again later";
	case QUO_EINVAL:	return "a value out of its range";
	case QUO_ETOOBIG:	return "too large";
	case QUO_EEXIST:	return "the file exists already";
	case QUO_ENOENT:	return "no such file";
	case QUO_EUNSAFE:	return "a program that others could change";
	case QUO_ENOTTY:	return "standard input is no terminal";
	case QUO_ECANCEL:	return "nothing was entered";
	case QUO_ESYNTAX:	return "a mistake in the text";
	case QUO_EFORMAT:	return "not a code of quorate";
	case QUO_EVERSION:	return "made by another version of quorate";
	case QUO_ECHECK:	return "a check is wrong";
	case QUO_EWORD:		return "a word that is not in the list";
	case QUO_EDUPLICATE:	return "the same share twice";
	case QUO_EMISMATCH:	return "parts that don't belong together";
	case QUO_ENOQUORUM:	return "too few cards for the policy";
	case QUO_ESEAL:		return "the seal doesn't open";
	case QUO_EPHRASE:	return "a lock phrase is missing or wrong";
	case QUO_EMISSING:	return "a part of the card or its sealed file is missing";
	case QUO_ESIGNATURE:	return "the signature is not valid";
	case QUO_EREFUSED:	return "the rules of the ledger refuse it";
	case QUO_EBUSY:		return "another process holds the ledger";
	case QUO_ECORRUPT:	return "the ledger is damaged, or is none";
	case QUO_EFULL:		return "no room is left on the disk";
	case QUO_EREADONLY:	return "the ledger can't be written";
	case QUO_ENEWER:	return "the ledger is of a newer version of quorate";
	}
	return "an unknown error";
}
