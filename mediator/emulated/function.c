/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/function.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "view/build.h"

void ec_emulated_put(struct ec_image *img, uint32_t offset, unsigned int len, uint32_t value)
{
	ec_put_le(img->byte + offset, len, value);
}

void ec_emulated_image(struct ec_image *img, uint32_t size, const struct ec_emulated_value *row,
		       unsigned int n)
{
	static const uint8_t zero[EC_CONFIG_SIZE];

	ec_image_clear(img);
	ec_image_put(img, 0, zero, size);
	for (unsigned int i = 0; i < n; i++)
		ec_emulated_put(img, row[i].offset, row[i].len, row[i].value);
}

void ec_emulated_put_express(struct ec_image *img, uint32_t exp, uint8_t payload,
			     const struct ec_express_link *link)
{
	ec_emulated_put(img, exp + PCI_EXP_DEVCAP, 4,
			PCI_EXP_DEVCAP_RBE | (payload & PCI_EXP_DEVCAP_PAYLOAD));
	ec_emulated_put(img, exp + PCI_EXP_LNKCAP, 4, link->cap);
	ec_emulated_put(img, exp + PCI_EXP_LNKSTA, 2, link->sta);
	ec_emulated_put(img, exp + PCI_EXP_LNKCAP2, 4, link->cap2);
	ec_emulated_put(img, exp + PCI_EXP_LNKCTL2, 2, link->cap & PCI_EXP_LNKCAP_SPEED);
}

static int read_zero(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	(void)ctx;
	(void)offset;
	(void)len;
	*value = 0;
	return 0;
}

int ec_emulated_drop_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	(void)ctx;
	(void)offset;
	(void)len;
	(void)value;
	return 0;
}

static const struct ec_conf_ops no_hardware = { read_zero, ec_emulated_drop_write };

int ec_emulated_make(struct ec_function *fn, const struct ec_image *img,
		     const struct ec_plan_options *options, struct ec_plan *plan,
		     struct ec_diag *diag)
{
	int rc = ec_plan_build(plan, img, options, diag);
	struct ec_layout *layout;
	size_t bytes, words;

	if (rc)
		return rc;
	bytes = ec_layout_bytes(&plan->layout);
	words = plan->layout.words * sizeof(*fn->shadow);
	layout = malloc(bytes);
	fn->layout = layout;
	fn->shadow = malloc(words);
	fn->hw = &no_hardware;
	if (!layout || !fn->shadow) {
		ec_function_free(fn);
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	memcpy(layout, &plan->layout, bytes);
	memcpy(fn->shadow, plan->shadow, words);
	return 0;
}
