/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysfs.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH 512
#define TEXT 65536

static void make_dirs(const char *path)
{
	char part[PATH];

	snprintf(part, sizeof(part), "%s", path);
	for (char *p = part + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		mkdir(part, 0755);
	}
}

static void put(const char *path, const void *bytes, size_t len)
{
	FILE *f;

	make_dirs(path);
	f = fopen(path, "we");
	ck_assert_msg(f != NULL, "%s", path);
	ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
}

void sysfs_make(struct sysfs *s)
{
	strcpy(s->root, "/tmp/ecamd-sysfs-XXXXXX");
	ck_assert(mkdtemp(s->root) != NULL);
	/* libpci and libsysfs need the folder even without functions */
	sysfs_file(s, "", "bus/pci/devices/.keep", "");
}

void sysfs_remove(struct sysfs *s)
{
	char line[PATH];

	snprintf(line, sizeof(line), "rm -rf %s", s->root);
	ck_assert_int_eq(system(line), 0);
}

void sysfs_file(struct sysfs *s, const char *name, const char *file, const char *text)
{
	char path[PATH];

	snprintf(path, sizeof(path), "%s/%s%s/%s", s->root, *name ? "devices/pci0000:00/" : "",
		 name, file);
	put(path, text, strlen(text));
}

void sysfs_link(struct sysfs *s, const char *name, const char *file, const char *target)
{
	char path[PATH];

	snprintf(path, sizeof(path), "%s/devices/pci0000:00/%s/%s", s->root, name, file);
	ck_assert_int_eq(symlink(target, path), 0);
}

void sysfs_add(struct sysfs *s, const char *name, const struct ec_image *img, uint32_t bytes)
{
	char path[PATH], target[PATH], text[32];

	snprintf(path, sizeof(path), "%s/devices/pci0000:00/%s/config", s->root, name);
	put(path, img->byte, bytes);
	snprintf(text, sizeof(text), "0x%04x\n", ec_image_get(img, 0, 2));
	sysfs_file(s, name, "vendor", text);
	snprintf(text, sizeof(text), "0x%04x\n", ec_image_get(img, 2, 2));
	sysfs_file(s, name, "device", text);
	snprintf(text, sizeof(text), "0x%06x\n", ec_image_get(img, 8, 4) >> 8);
	sysfs_file(s, name, "class", text);
	sysfs_file(s, name, "irq", "0\n");
	sysfs_file(s, name, "resource", "");
	snprintf(path, sizeof(path), "%s/bus/pci/devices/%s", s->root, name);
	snprintf(target, sizeof(target), "../../../devices/pci0000:00/%s", name);
	ck_assert_int_eq(symlink(target, path), 0);
}

void sysfs_shell(const struct sysfs *s, const char *line)
{
	char text[2 * PATH];

	ck_assert_int_lt(snprintf(text, sizeof(text), "cd %s && { %s; }", s->root, line),
			 (int)sizeof(text));
	ck_assert_msg(system(text) == 0, "%s", text);
}

char *sysfs_text(const struct sysfs *s)
{
	char line[2 * PATH];
	char *text = calloc(1, TEXT);
	FILE *f;

	snprintf(line, sizeof(line),
		 "cd %s && find . -printf '%%p %%y %%l\\n' | LC_ALL=C sort && "
		 "find . -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum",
		 s->root);
	ck_assert(text != NULL);
	f = popen(line, "re");
	ck_assert(f != NULL);
	ck_assert_uint_lt(fread(text, 1, TEXT, f), TEXT);
	ck_assert_int_eq(pclose(f), 0);
	return text;
}

void sysfs_same(const struct sysfs *s, char *before)
{
	char *after = sysfs_text(s);

	ck_assert_str_eq(before, after);
	free(before);
	free(after);
}
