/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into an unmodified `xl create`, this library gives PVH and HVM guests an IOMMU.
 *
 * Xen assigns devices only to guests created with XEN_DOMCTL_CDF_iommu. libxl (at least up to 4.17)
 * sets the flag for passthrough= in the configuration, but refuses passthrough= for PVH guests,
 * although Xen supports it. See tools/xen/README.md, also for a patch that makes the library
 * unnecessary.
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
