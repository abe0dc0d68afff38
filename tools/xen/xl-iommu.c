/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A work-around: unmodified `xl create` with this library preloaded gives PVH and HVM guests an
 * IOMMU.
 *
 * Xen attaches devices only to a guest that was created with XEN_DOMCTL_CDF_iommu. libxl (up to at
 * least 4.17) sets it where the configuration says passthrough=, but refuses that for PVH guests,
 * though Xen does not. tools/xen/README.md tells how to use it, and of the patch that makes it
 * needless.
 */
#include <dlfcn.h>
#include <errno.h>
#include <xenctrl.h>

int xc_domain_create(xc_interface *xch, uint32_t *domid, struct xen_domctl_createdomain *config)
{
	int (*next)(xc_interface *, uint32_t *, struct xen_domctl_createdomain *);

	*(void **)&next = dlsym(RTLD_NEXT, "xc_domain_create");
	if (!next) {
		errno = ENOSYS;
		return -1;
	}
	if (config->flags & XEN_DOMCTL_CDF_hvm)
		config->flags |= XEN_DOMCTL_CDF_iommu;
	return next(xch, domid, config);
}
