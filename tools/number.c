/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

bool number_read(const char **text, int base, uint64_t *value)
{
	char *end;

	/* strtoull() accepts a sign and blanks */
	if (base == 16 ? !isxdigit((unsigned char)**text) : !isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*value = strtoull(*text, &end, base);
	if (errno)
		return false;
	*text = end;
	return true;
}

bool number_parse(const char *text, int base, uint64_t most, uint64_t *value)
{
	return number_read(&text, base, value) && !*text && *value <= most;
}

bool number_read_hex(const char **text, uint64_t *value)
{
	const char *at = *text;

	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
		at += 2;
	if (!number_read(&at, 16, value))
		return false;
	*text = at;
	return true;
}

bool number_parse_hex(const char *text, uint64_t most, uint64_t *value)
{
	return number_read_hex(&text, value) && !*text && *value <= most;
}
