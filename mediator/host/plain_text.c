/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/plain_text.h"

#include <errno.h>
#include <iconv.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Twice the room. Returns false if that is too much, or not to be had. */
static bool grow(char **buf, size_t *room)
{
	char *more = *room < EC_PLAIN_TEXT_MOST ? realloc(*buf, *room * 2 + 1) : NULL;

	if (!more)
		return false;
	*buf = more;
	*room *= 2;
	return true;
}

/* Puts @buf in the place of the text. */
static int replace(char **text, size_t *len, char *buf, size_t n)
{
	free(*text);
	buf[n] = 0;
	*text = buf;
	*len = n;
	return 0;
}

static int fail(char *buf, struct ec_diag *diag, int rc, const char *why)
{
	free(buf);
	ec_diag_set(diag, 0, "%s", why);
	return rc;
}

static bool is_gzip(const char *s, size_t len)
{
	return len > 18 && !memcmp(s, "\x1f\x8b", 2);
}

/* A file may have several members, one after the other. */
static int uncompress_all(char **text, size_t *len, struct ec_diag *diag)
{
	z_stream z = { .next_in = (Bytef *)*text, .avail_in = (uInt)*len };
	size_t room = *len * 4, n = 0;
	char *buf = *len <= UINT_MAX ? malloc(room + 1) : NULL;
	int rc = Z_OK;

	/* 15: the largest window; 16: with the header of gzip */
	if (!buf || inflateInit2(&z, 15 + 16))
		return fail(buf, diag, -ENOMEM, "out of memory");
	while (rc == Z_OK && (n < room || grow(&buf, &room))) {
		z.next_out = (Bytef *)buf + n;
		z.avail_out = (uInt)(room - n);
		rc = inflate(&z, Z_NO_FLUSH);
		n = room - z.avail_out;
		if (rc == Z_STREAM_END && is_gzip((const char *)z.next_in, z.avail_in))
			rc = inflateReset(&z);
	}
	inflateEnd(&z);
	if (rc == Z_OK)
		return fail(buf, diag, -EFBIG, "the compressed text is too long");
	if (rc != Z_STREAM_END)
		return fail(buf, diag, -EINVAL, "the compressed text is damaged or cut");
	return replace(text, len, buf, n);
}

static bool is_utf16(const char *s, size_t len)
{
	return len >= 2 && (!memcmp(s, "\xff\xfe", 2) || !memcmp(s, "\xfe\xff", 2));
}

static int decode(char **text, size_t *len, struct ec_diag *diag)
{
	/* at most three bytes for two */
	size_t room = *len + *len / 2 + 4, in_left = *len, out_left = room;
	char *buf = malloc(room + 1), *in = *text, *out = buf;
	iconv_t cd = iconv_open("UTF-8", "UTF-16");
	size_t rc = (size_t)-1;

	if (!buf || cd == (iconv_t)-1) {
		if (cd != (iconv_t)-1)
			iconv_close(cd);
		return fail(buf, diag, -ENOMEM, "out of memory");
	}
	rc = iconv(cd, &in, &in_left, &out, &out_left);
	iconv_close(cd);
	if (rc == (size_t)-1)
		return fail(buf, diag, -EINVAL, "the text is not UTF-16, as its start says");
	return replace(text, len, buf, room - out_left);
}

/* U+00A0, which web pages use, to a space. */
static void replace_spaces(char *s, size_t *len)
{
	size_t n = 0;

	for (size_t i = 0; i < *len; i++) {
		bool nbsp = s[i] == '\xc2' && i + 1 < *len && s[i + 1] == '\xa0';

		s[n++] = nbsp ? ' ' : s[i];
		i += nbsp;
	}
	s[n] = 0;
	*len = n;
}

int ec_plain_text(char **text, size_t *len, struct ec_diag *diag)
{
	int rc = 0;

	if (is_gzip(*text, *len))
		rc = uncompress_all(text, len, diag);
	if (!rc && is_utf16(*text, *len))
		rc = decode(text, len, diag);
	if (!rc)
		replace_spaces(*text, len);
	return rc;
}
