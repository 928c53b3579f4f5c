/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <zbar.h>

#include "scan/zbar.h"

struct quo_zbar *
quo_zbar_new(void)
{
	zbar_image_scanner_t *s = zbar_image_scanner_create();

	if (s == NULL)
		return NULL;
	/* Or it would send what it reads over the system's message bus. */
	zbar_image_scanner_request_dbus(s, 0);
	zbar_image_scanner_set_config(s, 0, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(s, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_scanner_set_config(s, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	return (struct quo_zbar *)s;
}

void
quo_zbar_free(struct quo_zbar *zbar)
{
	if (zbar != NULL)
		zbar_image_scanner_destroy((zbar_image_scanner_t *)zbar);
}

static void
tell(const zbar_symbol_t *s, void (*found)(const struct quo_symbol *, void *),
    void *arg)
{
	unsigned n = zbar_symbol_get_loc_size(s);
	struct quo_symbol symbol = {
		.data = (const uint8_t *)zbar_symbol_get_data(s),
		.len = zbar_symbol_get_data_length(s),
	};

	for (unsigned i = 0; i < 4; i++)
		if (i < n)
			symbol.corner[i] = (struct quo_point){
				(float)zbar_symbol_get_loc_x(s, i),
				(float)zbar_symbol_get_loc_y(s, i) };
	found(&symbol, arg);
}

bool
quo_zbar_read(struct quo_zbar *zbar, const struct quo_image *image,
    void (*found)(const struct quo_symbol *symbol, void *arg), void *arg)
{
	zbar_image_t *z = zbar_image_create();
	const zbar_symbol_t *s;
	int n;

	if (z == NULL)
		return false;
	zbar_image_set_format(z, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(z, image->w, image->h);
	zbar_image_set_data(z, image->px, (size_t)image->w * image->h, NULL);
	n = zbar_scan_image((zbar_image_scanner_t *)zbar, z);
	for (s = zbar_image_first_symbol(z); n > 0 && s != NULL;
	    s = zbar_symbol_next(s))
		if (zbar_symbol_get_type(s) == ZBAR_QRCODE)
			tell(s, found, arg);
	zbar_image_destroy(z);
	return true;
}
