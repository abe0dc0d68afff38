/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path's oracle: what DESIGN section 2 says of every single bit, in plain loops, slowly.
 * It knows a plan's registers and nothing of layouts, masks or shadow words, and keeps a device
 * and a shadow of its own, so that the fast path can be compared with it access by access.
 */
#ifndef EC_TESTS_MODEL_H
#define EC_TESTS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "host/conf_dump.h"
#include "view/plan.h"

/** What the standard says of a bit. */
enum ec_model_kind { EC_KIND_RO, EC_KIND_RW, EC_KIND_RW1C, EC_KIND_RSVDP, EC_KIND_RSVDZ };

/** One bit of the view. */
struct ec_model_bit {
	const struct ec_plan_reg *reg; /* the register that it is of */
	unsigned int pos;              /* its place in that register, from 0 */
	enum ec_model_kind kind;
	enum ec_treatment who; /* who serves it, unless it is fixed */
	bool fixed;            /* constant for the guest */
	bool live;             /* the guest reads it from the device */
	bool kept;             /* the guest may change it in the shadow */
	bool owned;            /* the guest may change it in the device */
	bool starts;           /* writing it starts an effect */
};

/** What a write came to. */
struct ec_model_outcome {
	bool writable; /* a bit was written that the guest may change, whatever its value */
	bool starts;   /* a bit was written that starts an effect */
	bool refused;  /* an effect took bits back */
};

/** One function: its registers, the device behind it and the shadow. */
struct ec_model {
	const struct ec_plan *plan; /* only reg, n, layout.size and layout.params are looked at */
	struct ec_conf_dump device; /* the model's own copy */
	uint16_t reg_at[EC_CONFIG_SIZE];
	uint16_t seen_at[EC_CONFIG_SIZE];   /* of a byte of the device the view's that is of it */
	uint8_t shadow[EC_CONFIG_SIZE * 8]; /* 0 or 1, a bit each */
};

/**
 * ec_model_init() - a function as attach leaves it.
 * @m: written whole. @plan: must stay as it is while the model is used; the caller's.
 * @device: copied.
 * Returns 0, or -EINVAL if the registers do not cover the view once, by rising offset, or have
 * masks that overlap or do not fit them.
 */
int ec_model_init(struct ec_model *m, const struct ec_plan *plan,
		  const struct ec_conf_dump *device);

/**
 * ec_model_bit() - what bit @n (0 to 7) of byte @offset is.
 * @offset: below the size of the view. Pure.
 */
struct ec_model_bit ec_model_bit(const struct ec_model *m, uint32_t offset, unsigned int n);

/** ec_model_home() - the byte of the device that byte @offset, below the view's size, is of. */
uint32_t ec_model_home(const struct ec_model *m, uint32_t offset);

/**
 * ec_model_seen() - where in the view the @len bytes are that the device has at @at.
 * @offset, @length: of the guest's access that reached them. What follows a moved capability in
 * its last dword is seen where it is, the capability is not.
 */
uint32_t ec_model_seen(const struct ec_model *m, uint32_t at, unsigned int len, uint32_t offset,
		       unsigned int length);

/** ec_model_fits() - does the device do with bits the guest may change there as they say? */
bool ec_model_fits(const struct ec_model *m);

/** ec_model_live() - has byte @offset, below the view's size, a bit read from the device? */
bool ec_model_live(const struct ec_model *m, uint32_t offset);

/** ec_model_owned() - has byte @offset a bit that the guest may change in the device? */
bool ec_model_owned(const struct ec_model *m, uint32_t offset);

/**
 * ec_model_exact() - the register at byte @offset if it is only ever accessed whole, else NULL.
 */
const struct ec_plan_reg *ec_model_exact(const struct ec_model *m, uint32_t offset);

/** ec_model_read() - what a guest reads. @length: 1 to 8; any offset. Pure. */
uint64_t ec_model_read(const struct ec_model *m, uint32_t offset, unsigned int length);

/**
 * ec_model_write() - a guest writes the low @length (1 to 8) bytes of @data; any offset.
 * Changes the model's shadow and device.
 */
struct ec_model_outcome ec_model_write(struct ec_model *m, uint32_t offset, unsigned int length,
				       uint64_t data);

/** ec_model_poke() - the device changes its byte @offset, 0 to 4095, by itself. */
void ec_model_poke(struct ec_model *m, uint32_t offset, uint8_t byte);

/** A sequence of random numbers; any start is good. */
struct ec_model_rng {
	uint64_t state;
};

/** ec_model_random() - the next 64 bits. */
uint64_t ec_model_random(struct ec_model_rng *rng);

/** ec_model_below() - the next number below @n, which must not be 0. */
uint32_t ec_model_below(struct ec_model_rng *rng, uint32_t n);

/**
 * ec_model_image() - a random but plausible function: a header, BARs and both chains of known
 * and some unknown capabilities at random places, with random bodies.
 * @type: header type, 0 or 1. @img, @region: written whole; 64, 256 or 4096 bytes are captured.
 */
void ec_model_image(struct ec_model_rng *rng, unsigned int type, struct ec_image *img,
		    struct ec_region region[EC_BAR_MAX]);

/**
 * ec_model_decide() - decide at random who serves the registers of a plan and which capabilities
 * are shown, nothing that would be refused. @plan: in: as built; it has to be compiled again.
 */
void ec_model_decide(struct ec_model_rng *rng, struct ec_plan *plan);

/**
 * ec_model_scramble() - make registers of all sorts out of a plan's: their bits shared out among
 * all treatments, some fixed, in half of them any masks; none with an effect.
 * @exact: some of them, at most one a dword, are only accessed whole; false: none.
 * @plan: in: as built; out: registers, layout and shadow; its layout's facts are gone.
 * @device: rw and w1c are made to fit.
 */
void ec_model_scramble(struct ec_model_rng *rng, struct ec_plan *plan, struct ec_conf_dump *device,
		       bool exact);

#endif
