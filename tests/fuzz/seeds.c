/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

/*
 * In place of libFuzzer, where that isn't asked for: each FILE once, and
 * nothing at all. So what the targets call can't go away unseen.
 */

#define SIZE_MOST 65536

static bool
run(const char *path)
{
	uint8_t *data = malloc(SIZE_MOST);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (data == NULL || file == NULL) {
		fprintf(stderr, "%s: it can't be read\n", path);
		return false;
	}
	len = fread(data, 1, SIZE_MOST, file);
	fclose(file);
	LLVMFuzzerTestOneInput(data, len);
	free(data);
	return true;
}

int
main(int argc, char **argv)
{
	bool done = argc > 1;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		done = run(argv[i]) && done;
	return done ? 0 : 1;
}
