/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of capability registers that <pci/header.h> does not define, in the order of the registry.
 * A comment names the specification and its section; "PCIe" is the PCI Express Base Specification,
 * whose section numbers differ between revisions. A group of reserved bits is named where the
 * standard gives a meaning to all the others.
 */
#ifndef EC_CAPABILITIES_BITS_H
#define EC_CAPABILITIES_BITS_H

/** PCIe: "VPD Address Register". Bits 1:0 are 0: an address is that of a dword. */
#define EC_VPD_ADDR_BYTE 0x0003u

/** PCIe: "Message Control Register for MSI". */
#define EC_MSI_FLAGS_EXT_DATA_CAP 0x0200u
#define EC_MSI_FLAGS_EXT_DATA_ENABLE 0x0400u
/** PCIe: "Message Address Register for MSI". */
#define EC_MSI_ADDRESS_LO_MASK 0xfffffffcu

/** PCI-X Protocol Addendum 2.0: "PCI-X Command Register", "ECC Control and Status Register". */
#define EC_PCIX_COMMAND_VERSION 0x3000u
#define EC_PCIX_ECC_CONTROL 0xffff0000u

/** PCIe: "PCI Express Capabilities Register", Flit Mode Supported. */
#define EC_EXP_FLAGS_FLIT 0x8000u
/** PCIe: "Device Control Register", Max_Read_Request_Size of 512 bytes. */
#define EC_EXP_DEVCTL_READRQ_512 0x2000u
/** PCIe: "Slot Control Register". */
#define EC_EXP_SLTCTL_ASPL_DIS 0x2000u /* Auto Slot Power Limit Disable */
#define EC_EXP_SLTCTL_IBPD_DIS 0x4000u /* In-Band PD Disable */
/** PCIe: "Device Control 2 Register". */
#define EC_EXP_DEVCAP2_OBFF 0x000c0000u /* OBFF Supported */
#define EC_EXP_DEVCAP2_EPR 0x03000000u  /* Emergency Power Reduction Supported */
#define EC_EXP_DEVCTL2_TIMEOUT 0x000fu  /* Completion Timeout Value */
#define EC_EXP_DEVCTL2_IDO_REQ 0x0100u  /* IDO Request Enable */
#define EC_EXP_DEVCTL2_IDO_CMP 0x0200u  /* IDO Completion Enable */
#define EC_EXP_DEVCTL2_EPR_REQ 0x0800u  /* Emergency Power Reduction Request */
#define EC_EXP_DEVCTL2_OBFF 0x6000u     /* OBFF Enable */
/** PCIe: "Link Control 2 Register". */
#define EC_EXP_LNKCTL2_DEEMPHASIS 0x0040u /* Selectable De-emphasis: HwInit */
#define EC_EXP_LNKCTL2_PRESET_3_1 0xe000u /* Compliance Preset/De-emphasis 3:1, since 3.0 */

/** PCIe: "Uncorrectable Error Status Register". */
#define EC_ERR_UNC_INTN 0x00400000u       /* Uncorrectable Internal Error */
#define EC_ERR_UNC_MCBTLP 0x00800000u     /* MC Blocked TLP */
#define EC_ERR_UNC_ATOMEG 0x01000000u     /* AtomicOp Egress Blocked */
#define EC_ERR_UNC_TLPPRE 0x02000000u     /* TLP Prefix Blocked */
#define EC_ERR_UNC_POISON_BLK 0x04000000u /* Poisoned TLP Egress Blocked */
#define EC_ERR_UNC_DMWR_BLK 0x08000000u   /* DMWr Request Egress Blocked */
#define EC_ERR_UNC_IDE_CHECK 0x10000000u  /* IDE Check Failed */
#define EC_ERR_UNC_IDE_MISR 0x20000000u   /* Misrouted IDE TLP */
#define EC_ERR_UNC_PCRC 0x40000000u       /* PCRC Check Failed */
#define EC_ERR_UNC_XLAT_BLK 0x80000000u   /* TLP Translation Egress Blocked */
/** PCIe: "Correctable Error Status Register". */
#define EC_ERR_COR_INTERNAL 0x00004000u /* Corrected Internal Error */
#define EC_ERR_COR_LOG_OVER 0x00008000u /* Header Log Overflow */
/** PCIe: "Advanced Error Capabilities and Control Register". */
#define EC_ERR_CAP_FEP 0x0000001fu          /* First Error Pointer */
#define EC_ERR_CAP_TLP_LOG_SIZE 0x00fc0000u /* Logged TLP Size */
/** PCIe: "Root Error Status Register". */
#define EC_ERR_ROOT_MSG_NUM 0xf8000000u /* Advanced Error Interrupt Message Number */

/** PCIe: "Port VC Control Register", "Port VC Status Register". */
#define EC_VC_PORT_CTRL_LOAD 0x0001u   /* Load VC Arbitration Table */
#define EC_VC_PORT_CTRL_SELECT 0x000eu /* VC Arbitration Select */
#define EC_VC_PORT_STATUS_TABLE 0x0001u
/** PCIe: "VC Resource Control Register", "VC Resource Status Register". */
#define EC_VC_RES_CTRL_TC0 0x00000001u    /* traffic class 0 of the TC/VC Map */
#define EC_VC_RES_CTRL_TC 0x000000feu     /* the other traffic classes */
#define EC_VC_RES_CTRL_LOAD 0x00010000u   /* Load Port Arbitration Table */
#define EC_VC_RES_CTRL_SELECT 0x000e0000u /* Port Arbitration Select */
#define EC_VC_RES_CTRL_ID 0x07000000u
#define EC_VC_RES_CTRL_ENABLE 0x80000000u
#define EC_VC_RES_STATUS_TABLE 0x0001u
#define EC_VC_RES_STATUS_NEGOTIATION 0x0002u

/** PCIe: "Power Budgeting Data Select Register". */
#define EC_PWR_DSR_INDEX 0x000000ffu

/** PCIe: "Root Complex Event Collector Associated Bus Numbers". */
#define EC_RCEC_BUSN_NEXT 0x0000ff00u
#define EC_RCEC_BUSN_LAST 0x00ff0000u

/** PCIe: "RCRB Control Register". */
#define EC_RCRB_CTRL_CRSVIS 0x00000001u /* RRS Software Visibility Enable */

/** PCIe: "ARI Capability Register", "ARI Control Register". */
#define EC_ARI_CAP_NFN 0xff00u /* Next Function Number */
#define EC_ARI_CTRL_FG 0x0070u /* Function Group */

/** PCIe: "ATS Control Register". */
#define EC_ATS_CTRL_STU 0x001fu /* Smallest Translation Unit */

/** PCIe: "System Page Size", of an SR-IOV capability: 4 KiB. */
#define EC_IOV_SYSPS_4K 0x00000001u

/** PCIe: "Multicast Control Register", "MC_Base_Address Register". */
#define EC_MCAST_CTRL_NUM_GROUP 0x003fu
#define EC_MCAST_BAR_INDEX_POS 0x0000003fu
#define EC_MCAST_BAR_LO_MASK 0xfffff000u

/** PCIe: "Page Request Status Register", PRG Response PASID Required. */
#define EC_PRI_STATUS_PASID 0x8000u

/** PCIe: "Resizable BAR Control Register", and the same for VFs. */
#define EC_REBAR_CTRL 0x08u /* of the first BAR; the next ones 8 bytes apart */
#define EC_REBAR_CTRL_IDX 0x00000007u
#define EC_REBAR_CTRL_NBAR 0x000000e0u
#define EC_REBAR_CTRL_SIZE 0x00003f00u
#define EC_REBAR_CTRL_SIZES 0xffff0000u /* supported sizes from 256 TiB on */

/** PCIe: "DPA Status Register", "DPA Control Register". */
#define EC_DPA_SUBSTATE 0x001fu
#define EC_DPA_STATUS_CTRL_EN 0x0100u

/** PCIe: "TPH Requester Control Register". */
#define EC_TPH_CTRL_MODE 0x00000007u   /* ST Mode Select */
#define EC_TPH_CTRL_REQ_EN 0x00000300u /* TPH Requester Enable */

/** PCIe: "Link Control 3 Register". */
#define EC_SEC_LNKCTL3_LOWER_SKP 0x0000ff00u /* Enable Lower SKP OS Generation Vector */

/** PCIe: "DPC Control Register", "DPC Status Register". */
#define EC_DPC_CTL_TRIGGER 0x0003u     /* DPC Trigger Enable */
#define EC_DPC_STS_REASON 0x0006u      /* DPC Trigger Reason */
#define EC_DPC_STS_TRIGGER_EXT 0x0060u /* DPC Trigger Reason Extension */
#define EC_DPC_STS_PIO_FEP 0x1f00u     /* RP PIO First Error Pointer */
/** PCIe: "RP PIO Status Register": three kinds of completion each. */
#define EC_DPC_PIO_CFG 0x00000007u
#define EC_DPC_PIO_IO 0x00000700u
#define EC_DPC_PIO_MEM 0x00070000u

/** PCIe: "L1 PM Substates Control 1 Register", "... 2 Register", "... Status Register". */
#define EC_L1PM_CTL1_CM_RESTORE 0x0000ff00u /* Common_Mode_Restore_Time */
#define EC_L1PM_CTL1_THRESHOLD 0xe3ff0000u  /* LTR_L1.2_THRESHOLD, scale and value */
#define EC_L1PM_CTL2_T_POWER_ON 0x000000fbu /* T_POWER_ON, scale and value */
#define EC_L1PM_STS_LINK_ACT 0x00000001u    /* Link Activation Status */

/** PCIe: "PTM Control Register". */
#define EC_PTM_CTRL_ENABLE 0x00000001u
#define EC_PTM_CTRL_ROOT 0x00000002u
#define EC_PTM_CTRL_GRANULARITY 0x0000ff00u

/** PCIe: "FRS Queueing Status Register", "FRS Queueing Control Register". */
#define EC_FRS_STATUS_RECEIVED 0x0001u
#define EC_FRS_STATUS_OVERFLOW 0x0002u
#define EC_FRS_CTRL_INT 0x0001u

/** CXL 3.0: "DVSEC CXL Control", "DVSEC CXL Lock", "DVSEC CXL Range Base Low". */
#define EC_CXL_CTRL_SF_COV 0x00f8u  /* Cache_SF_Coverage */
#define EC_CXL_CTRL_SF_GRAN 0x0700u /* Cache_SF_Granularity */
#define EC_CXL_LOCK_CONFIG 0x0001u
#define EC_CXL_RANGE_BASE_LO 0xf0000000u

/** PCIe: "Data Link Feature Capabilities Register", "Data Link Feature Status Register". */
#define EC_DLF_CAP_LOCAL 0x007fffffu    /* Local Data Link Feature Supported */
#define EC_DLF_CAP_EXCHANGE 0x80000000u /* Data Link Feature Exchange Enable */
#define EC_DLF_STS_REMOTE 0x007fffffu   /* Remote Data Link Feature Supported */
#define EC_DLF_STS_VALID 0x80000000u

/** PCIe: "16.0 GT/s Status Register"; 32.0 and 64.0 GT/s have further bits. */
#define EC_GT_STS_EQU 0x0000000fu     /* Equalization Complete, Phase 1 to 3 Successful */
#define EC_GT_STS_EQU_REQ 0x00000010u /* Link Equalization Request */
#define EC_GT32_STS_MORE 0x000007e0u
#define EC_GT64_STS_MORE 0x000000e0u
/** PCIe: "32.0 GT/s Control Register". */
#define EC_GT32_CTRL_BYPASS_DIS 0x00000001u /* Equalization Bypass to Highest Rate Disable */
#define EC_GT32_CTRL_NO_EQU_DIS 0x00000002u /* No Equalization Needed Disable */
#define EC_GT32_CTRL_TS_USAGE 0x00000700u   /* Modified TS Usage Mode Selected */

/** PCIe: "Margining Lane Control Register", "Margining Lane Status Register". */
#define EC_LMR_RSVD 0x0080u
#define EC_LMR_NO_COMMAND 0x9c38u /* payload 9c, margin type 7, receiver 0: the default */

/** PCIe: "NPEM Control Register", "NPEM Status Register". */
#define EC_NPEM_CTRL 0x00000fffu   /* NPEM Enable, Initiate Reset, and ten indications */
#define EC_NPEM_VENDOR 0xff000000u /* Enclosure-specific */
#define EC_NPEM_STATUS_CC 0x00000001u

/** PCIe: "DOE Status Register", DOE Error. PCI_DOE_STS_ERROR is another value. */
#define EC_DOE_STS_ERROR 0x00000004u

/** PCIe: "Device Control 3 Register", "Device Status 3 Register": all defined bits. */
#define EC_DEV3_CTL 0x000001ffu
#define EC_DEV3_STA 0x0000001fu

/** PCIe: "IDE Control Register" and those of its streams. */
#define EC_IDE_CTRL_FLOW_THROUGH 0x00000004u /* Flow-Through IDE Stream Enabled */
#define EC_IDE_LINK_CTRL_RSVD 0x00c00200u
#define EC_IDE_STS_STATE 0x0000000fu
#define EC_IDE_STS_IDE_FAIL 0x80000000u /* Received Integrity Check Fail Message */
#define EC_IDE_RID1_LIMIT 0x00ffff00u   /* RID Limit */
#define EC_IDE_RID2_RSVD 0x000000feu
#define EC_IDE_ADDR_LO_RSVD 0x000000feu

/** PCIe: "Flit Error Log 1 Register", "Flit Error Counter Control Register". */
#define EC_FLIT_LOG_VALID 0x00000001u
#define EC_FLIT_COUNTER_CTRL 0x0fffu
#define EC_FLIT_FBER_CTRL 0x0000000fu
/** PCIe: "Flit Error Injection Control 1 Register" and its neighbours. */
#define EC_FLIT_EI_CTRL1_RSVD 0x8000f038u
#define EC_FLIT_EI_CTRL2 0x000fffffu
#define EC_FLIT_EI_ORDERED_CTRL1 0x3fffffffu

#endif
