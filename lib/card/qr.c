/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include <qrencode.h>

#include "card/qr.h"

/* Alphanumeric characters that a version holds. ISO/IEC 18004, table 7. */
static const struct {
	uint16_t m, q;
} capacity[QUO_QR_VERSION_MAX] = {
	{ 20, 16 }, { 38, 29 }, { 61, 47 }, { 90, 67 }, { 122, 87 },
	{ 154, 108 }, { 178, 125 }, { 221, 157 }, { 262, 189 }, { 311, 221 },
	{ 366, 259 }, { 419, 296 }, { 483, 352 }, { 528, 376 }, { 600, 426 },
};

static bool
alphanumeric(const char *text, size_t len)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:";

	for (size_t i = 0; i < len; i++)
		if (memchr(set, text[i], sizeof set - 1) == NULL)
			return false;
	return len > 0;
}

/* One bit a module, out of libqrencode's one byte. */
static enum quo_err
pack(const QRcode *code, struct quo_qr *qr)
{
	size_t modules = (size_t)code->width * (size_t)code->width;
	struct quo_secret *store;
	enum quo_err err;

	err = quo_secret_new(QUO_QR_LEN(code->width), &store);
	if (err != QUO_OK)
		return err;
	for (size_t i = 0; i < modules; i++)
		store->data[i / 8] |=
		    (uint8_t)((code->data[i] & 1) << (7 - i % 8));
	*qr = (struct quo_qr){ (unsigned)code->width, store->data, store };
	return QUO_OK;
}

enum quo_err
quo_qr_encode(const char *text, size_t len, struct quo_qr *qr)
{
	enum quo_err err = QUO_ENOMEM;
	QRinput *input = NULL;
	QRcode *code = NULL;
	int v = 0;

	if (!alphanumeric(text, len))
		return QUO_EINVAL;
	while (v < QUO_QR_VERSION_MAX && len > capacity[v].m)
		v++;
	if (v == QUO_QR_VERSION_MAX)
		return QUO_ETOOBIG;
	input = QRinput_new2(v + 1,
	    len <= capacity[v].q ? QR_ECLEVEL_Q : QR_ECLEVEL_M);
	if (input == NULL)
		goto out;
	/* Never byte mode: zbar guesses at bytes, and guesses wrong. */
	if (QRinput_append(input, QR_MODE_AN, (int)len,
	    (const unsigned char *)text) != 0)
		goto out;
	code = QRcode_encodeInput(input);
	if (code == NULL) {
		err = errno == ENOMEM ? QUO_ENOMEM : QUO_ELIBRARY;
		goto out;
	}
	err = pack(code, qr);
out:
	if (code != NULL)
		quo_wipe(code->data,
		    (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	QRinput_free(input);
	return err;
}

void
quo_qr_clear(struct quo_qr *qr)
{
	quo_secret_free(qr->store);
	*qr = (struct quo_qr){ 0 };
}

bool
quo_qr_dark(const struct quo_qr *qr, int x, int y)
{
	int side = (int)qr->side;
	size_t i;

	if (x < 0 || y < 0 || x >= side || y >= side)
		return false;
	i = (size_t)y * qr->side + (size_t)x;
	return qr->bits[i / 8] >> (7 - i % 8) & 1;
}

/* Black on white of the fixed part of the 256 colours: themes leave it. */
#define SGR_ON "\033[38;5;16;48;5;231m"
#define SGR_OFF "\033[0m"

static char *
put(char *at, const char *text)
{
	return (char *)memcpy(at, text, strlen(text)) + strlen(text);
}

enum quo_err
quo_qr_print(const struct quo_qr *qr, bool colour, struct quo_secret **text)
{
	static const char *const block[] = { " ", "▀", "▄", "█" };
	const int from = -QUO_QR_QUIET, to = (int)qr->side + QUO_QR_QUIET;
	size_t line = (size_t)(to - from) * strlen("█") + sizeof SGR_ON +
	    sizeof SGR_OFF + 1;
	size_t lines = (size_t)(to - from + 1) / 2;
	struct quo_secret *out;
	enum quo_err err;
	char *at;

	err = quo_secret_new(lines * line, &out);
	if (err != QUO_OK)
		return err;
	at = (char *)out->data;
	for (int y = from; y < to; y += 2) {
		at = put(at, colour ? SGR_ON : "");
		for (int x = from; x < to; x++)
			at = put(at, block[quo_qr_dark(qr, x, y) |
			    quo_qr_dark(qr, x, y + 1) << 1]);
		at = put(at, colour ? SGR_OFF "\n" : "\n");
	}
	quo_secret_truncate(out, (size_t)(at - (char *)out->data));
	*text = out;
	return QUO_OK;
}
