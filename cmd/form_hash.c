/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/form_hash.h"

#define FORM_MAX (256u << 20)

enum quo_exit
quo_form_hash(const char *path, char hex[QUO_HEX_ROOM(QUO_HASH_LEN)])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t hash[QUO_HASH_LEN];
	struct quo_span span = { NULL, 0 };
	char *data = NULL;
	enum quo_err err;

	if (fd < 0)
		return quo_say_failure(errno == ENOENT ? QUO_ENOENT :
		    QUO_EIO, "%s", path);
	err = quo_file_read_open(fd, FORM_MAX, &data, &span.len);
	if (err != QUO_OK)
		quo_say_failure(err, "%s", path);
	close(fd);
	if (err == QUO_OK && span.len == 0) {
		free(data);
		return quo_say_misuse("%s: the form is empty", path);
	}
	if (err == QUO_OK) {
		span.data = data;
		quo_sha256(&span, 1, hash);
		quo_hex_print(hash, sizeof hash, hex);
	}
	free(data);
	return quo_exit_of(err);
}
