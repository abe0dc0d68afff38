/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle of the access path: it serves every bit by its treatment, in plain loops. It uses a
 * plan's registers but no layout, masks or shadow words, and has a device and a shadow of its own:
 * the path is compared with it access by access.
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
	const struct ec_plan_reg *reg; /* its register */
	unsigned int pos;              /* its position in the register, from 0 */
	enum ec_model_kind kind;
	enum ec_treatment who; /* its treatment, unless it is fixed */
	bool fixed;            /* constant for the guest */
	bool live;             /* the guest reads it from the device */
	bool kept;             /* the guest may change it in the shadow */
	bool owned;            /* the guest may change it in the device */
	bool starts;           /* writing it starts an effect */
};

/** The result of a write. */
struct ec_model_outcome {
	bool writable; /* a bit that the guest may change was written, with any value */
	bool starts;   /* a bit was written that starts an effect */
	bool refused;  /* an effect refused bits */
};

/** One function: its registers, its device and its shadow. */
struct ec_model {
	const struct ec_plan *plan; /* only reg, n, layout.size and layout.params are used */
	struct ec_conf_dump device; /* the model's own copy */
	uint16_t reg_at[EC_CONFIG_SIZE];
	uint16_t seen_at[EC_CONFIG_SIZE];   /* by byte of the device: its byte of the view */
	uint8_t shadow[EC_CONFIG_SIZE * 8]; /* 0 or 1 for each bit */
};

/**
 * ec_model_init() - a function after its attach.
 * @m: written completely. @plan: owned by the caller; must not change while the model is used.
 * @device: copied.
 * Returns 0, or -EINVAL if the registers do not cover the view once in ascending order, or have
 * masks that overlap or do not fit them.
 */
int ec_model_init(struct ec_model *m, const struct ec_plan *plan,
		  const struct ec_conf_dump *device);

/**
 * ec_model_bit() - bit @n (0 to 7) of byte @offset.
 * @offset: below the size of the view. Pure.
 */
struct ec_model_bit ec_model_bit(const struct ec_model *m, uint32_t offset, unsigned int n);

/** ec_model_home() - the device's byte of byte @offset of the view. */
uint32_t ec_model_home(const struct ec_model *m, uint32_t offset);

/**
 * ec_model_seen() - the offset in the view of the device's @len bytes at @at.
 * @offset, @length: the guest's access that reached them. Bytes after a moved capability in its
 * last dword are seen at their own place.
 */
uint32_t ec_model_seen(const struct ec_model *m, uint32_t at, unsigned int len, uint32_t offset,
		       unsigned int length);

/** ec_model_fits() - whether the device treats bits that the guest may change there by kind. */
bool ec_model_fits(const struct ec_model *m);

/** ec_model_live() - whether byte @offset of the view has a bit that is read from the device. */
bool ec_model_live(const struct ec_model *m, uint32_t offset);

/** ec_model_owned() - whether byte @offset has a bit that the guest may change in the device. */
bool ec_model_owned(const struct ec_model *m, uint32_t offset);

/**
 * ec_model_exact() - the register at byte @offset if it is only accessed whole, else NULL.
 */
const struct ec_plan_reg *ec_model_exact(const struct ec_model *m, uint32_t offset);

/** ec_model_read() - a guest's read. @length: 1 to 8; any offset. Pure. */
uint64_t ec_model_read(const struct ec_model *m, uint32_t offset, unsigned int length);

/**
 * ec_model_write() - a guest writes the low @length (1 to 8) bytes of @data; any offset.
 * Changes the model's shadow and device.
 */
struct ec_model_outcome ec_model_write(struct ec_model *m, uint32_t offset, unsigned int length,
				       uint64_t data);

/** ec_model_poke() - the device changes its byte @offset, 0 to 4095, by itself. */
void ec_model_poke(struct ec_model *m, uint32_t offset, uint8_t byte);

/** A sequence of pseudo-random numbers; any seed works. */
struct ec_model_rng {
	uint64_t state;
};

/** ec_model_random() - the next 64 bits. */
uint64_t ec_model_random(struct ec_model_rng *rng);

/** ec_model_below() - the next number below @n, which must not be 0. */
uint32_t ec_model_below(struct ec_model_rng *rng, uint32_t n);

/**
 * ec_model_image() - a random but plausible function: a header, BARs and both chains of known and
 * some unknown capabilities at random offsets, with random bodies.
 * @type: header type, 0 or 1. @img, @region: written completely; 64, 256 or 4096 bytes are
 * captured.
 */
void ec_model_image(struct ec_model_rng *rng, unsigned int type, struct ec_image *img,
		    struct ec_region region[EC_BAR_MAX]);

/**
 * ec_model_decide() - choose random treatments of a plan's registers and which capabilities are
 * shown, without anything that would be refused. @plan: in: as built; must be compiled again.
 */
void ec_model_decide(struct ec_model_rng *rng, struct ec_plan *plan);

/**
 * ec_model_scramble() - replace a plan's registers by random ones: their bits are divided among all
 * treatments, some are fixed, half of them have arbitrary masks; none has an effect.
 * @exact: some registers, at most one per dword, are only accessed whole; false: none.
 * @plan: in: as built; out: registers, layout and shadow, without effect parameters.
 * @device: its rw and w1c are set accordingly.
 */
void ec_model_scramble(struct ec_model_rng *rng, struct ec_plan *plan, struct ec_conf_dump *device,
		       bool exact);

#endif
