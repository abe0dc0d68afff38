/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types and functions that the files of the played Xen share. Tests include fakexen.h. */
#ifndef EC_TESTS_FAKEXEN_STATE_H
#define EC_TESTS_FAKEXEN_STATE_H

#include "fakexen.h"

/* Things that a caller obtains and must give back. */
enum fx_kind {
	FX_MEMORY_GRANT, /* a: mfn */
	FX_PORT_GRANT,   /* a: port */
	FX_IRQ_GRANT,    /* a: irq */
	FX_MEMORY_MAP,   /* a: gfn, b: mfn */
	FX_PORT_MAP,     /* a: guest's port, b: port */
	FX_PIRQ,         /* a: pirq, b: irq, or entry of @at's MSI or MSI-X; type */
	FX_INTX,         /* a: pirq, b: device << 8 | pin */
	FX_MSI,          /* a: pirq, binding */
	FX_CLAIM,        /* at, a: domid */
	FX_PREPARED,     /* at */
	FX_TAKEN,        /* at, taken; a: 1: by a service that was killed */
	FX_BAR,          /* at, a: BAR, b: offset, p: n bytes */
	FX_KINDS
};

enum fx_pirq_type { FX_GSI, FX_MSI_PIRQ, FX_MSIX_PIRQ };

/* Memory in addition to the first FAKEXEN_RAM bytes. */
struct fx_area {
	uint64_t gpa, len;
	uint8_t *p;
};

/* A node of the store below the guest's path. */
struct fx_node {
	char path[64], value[64];
};

#define FX_AREAS 4
#define FX_NODES 4

struct fx_guest {
	uint32_t domid;
	bool dead;
	bool held;           /* the toolstack has not let it start yet */
	unsigned int pauses; /* by the service */
	char name[EC_GUEST_NAME_MAX];
	struct ec_guest_info info;
	uint8_t *ram;
	unsigned int areas, nodes;
	struct fx_area area[FX_AREAS];
	struct fx_node node[FX_NODES];
	uint64_t start_info; /* 0: none */
	struct ec_server *server[FAKEXEN_SERVERS];
};

struct fx_item {
	enum fx_kind kind;
	const struct fx_guest *guest; /* NULL: none */
	struct ec_sbdf at;
	uint64_t a, b, n; /* ranges of n from a and from b */
	enum fx_pirq_type type;
	struct ec_msi_binding binding;
	struct ec_taken taken;
	void *p;
};

struct fx_device {
	struct ec_sbdf at;
	struct ec_host_facts facts; /* with the driver that has it now */
	bool was_held;
	bool removed;  /* by the kernel: nothing finds it */
	bool removing; /* and Xen is not ready yet */
	int fd;
	const struct fx_guest *owner; /* NULL: no guest */
	bool quarantine;              /* in quarantine unless a guest has it */
	bool shares[2];               /* an interrupt line, a page */
	struct ec_sbdf other[2];
	uint32_t *vpd; /* dwords */
	uint32_t vpd_n;
};

#define FX_FAULTS 8
#define FX_POSTED 8
#define FX_GUESTS 16
#define FX_DEVICES 16
#define FX_NOTES 32

struct ec_server {
	struct fakexen *f;
	struct fx_guest *guest;
	int slot; /* of the guest */
	bool enabled;
	int event;
	ec_server_handler *handler;
	void *ctx;
	unsigned int n[3];
	struct {
		uint64_t first, last;
	} range[3][FAKEXEN_RANGES]; /* sorted, with gaps between them */
	unsigned int posted;
	struct ec_ioreq *post[FX_POSTED];
};

struct fx_note {
	char uuid[37];
	struct ec_sbdf host;
	char text[FAKEXEN_NOTE];
};

struct fx_text {
	unsigned int n, room;
	char (*line)[FAKEXEN_LINE];
};

struct fakexen {
	struct fx_text log, violations;
	unsigned int items, room;
	struct fx_item *item;
	unsigned int guests, devices, servers;
	struct fx_guest guest[FX_GUESTS];
	struct fx_device device[FX_DEVICES];
	bool pciback;
	int event;          /* eventfd of the store */
	int events;         /* what dispatch() will return */
	bool down, lost;    /* xenstored does not run; the connection to it is lost */
	unsigned int notes; /* in no order */
	struct fx_note note[FX_NOTES];
	fakexen_hook_fn *hook; /* NULL: none */
	void *hook_ctx;
	unsigned int faults;
	struct {
		unsigned int in;
		int err;
	} fault[FX_FAULTS];
};

/* A call that is being carried out. */
struct fx_call {
	struct fakexen *f;
	unsigned int line;
	int rc; /* not 0: a pending fault, see fakexen_fail() */
};

/* Log a call; end it with its result, which is returned. */
struct fx_call fx_begin(struct fakexen *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int fx_end(struct fx_call c, int rc);

/* Log an event that is not a call, or a violation. */
void fx_note(struct fakexen *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void fx_violation(struct fakexen *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* NULL: there is none (alive). */
struct fx_guest *fx_guest(struct fakexen *f, uint32_t domid);
struct fx_device *fx_device(struct fakexen *f, struct ec_sbdf at);
/** fx_removing() - is Xen in the middle of the removal of @at? */
bool fx_removing(struct fakexen *f, struct ec_sbdf at);

/* The guest's memory at @gpa; NULL if there are not @len bytes of it. */
uint8_t *fx_memory(const struct fx_guest *g, uint64_t gpa, uint64_t len);

/* Whether the guest has memory in the range; free all its memory. */
bool fx_has_memory(const struct fx_guest *g, uint64_t gpa, uint64_t len);
void fx_free_memory(struct fx_guest *g);

/* Start the guest unless it is paused. */
void fx_run(struct fakexen *f, struct fx_guest *g);

/* The store's descriptor polls readable, and dispatch() returns @what. */
void fx_store_event(struct fakexen *f, int what);

/* Items. Pointers are valid until the next one is added or dropped. */
struct fx_item *fx_add(struct fakexen *f, const struct fx_item *item);
void fx_drop(struct fakexen *f, struct fx_item *item);
struct fx_item *fx_overlapping(struct fakexen *f, enum fx_kind kind, const struct fx_guest *g,
			       uint64_t a, uint64_t n);
struct fx_item *fx_of(struct fakexen *f, enum fx_kind kind, struct ec_sbdf at);

/* Print an address; the last ten results are valid. */
const char *fx_name(struct ec_sbdf at);

/* fakexen_irq.c: whether a guest has such a pirq of the function; callbacks of ec_priv_ops. */
bool fx_has_pirq(struct fakexen *f, struct ec_sbdf at, enum fx_pirq_type type);
int fx_map_irq(void *ctx, uint32_t domid, uint32_t irq, int *pirq);
int fx_map_msi(void *ctx, uint32_t domid, const struct ec_msi_source *msi, int *pirq);
int fx_unmap_pirq(void *ctx, uint32_t domid, int pirq);
int fx_bind_intx(void *ctx, uint32_t domid, int pirq, struct ec_intx intx, bool add);
int fx_bind_msi(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b);
int fx_unbind_msi(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b);
int fx_await_removal(void *ctx, uint32_t domid, struct ec_sbdf at);

#endif
