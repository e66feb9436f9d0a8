/*
 * The audit policy as LSA stores it: PolAdtEv.
 *
 * Microsoft documents the subcategories, not the layout. Public tools agree on it (RegRipper
 * auditpol, dissect.target auditpol): a header of twelve bytes (16 bits 0x0100, 16 bits 0, number
 * of categories, offset of the counts), 16 bits a subcategory in the order of the categories, then
 * 16 bits a category with the number of its subcategories. Newer versions of Windows append
 * subcategories to a category: Windows 7 has 9, 12 and 4 where Windows 10 has 11, 14 and 6. What
 * has fewer than those of Windows 7, more than are named here, or another shape is of no known
 * layout. Seen are also layouts of Windows 11 with one more logon subcategory: not known here, so
 * unknown.
 */
#include "iis/hive/audit_policy.h"

#include "base/bytes.h"

#define HEADER_BYTES 12U
#define N_CATEGORIES 9U
#define MAX_SUBCATEGORIES 14U

static const struct {
    const char *name;
    uint16_t n_min, n_max;
    const char *subcategories[MAX_SUBCATEGORIES];
} CATEGORIES[N_CATEGORIES] = {
    {"System",
     5,
     5,
     {"Security State Change", "Security System Extension", "System Integrity", "IPsec Driver",
      "Other System Events"}},
    {"Logon/Logoff",
     9,
     11,
     {"Logon", "Logoff", "Account Lockout", "IPsec Main Mode", "Special Logon", "IPsec Quick Mode",
      "IPsec Extended Mode", "Other Logon/Logoff Events", "Network Policy Server",
      "User / Device Claims", "Group Membership"}},
    {"Object Access",
     12,
     14,
     {"File System", "Registry", "Kernel Object", "SAM", "Other Object Access Events",
      "Certification Services", "Application Generated", "Handle Manipulation", "File Share",
      "Filtering Platform Packet Drop", "Filtering Platform Connection", "Detailed File Share",
      "Removable Storage", "Central Policy Staging"}},
    {"Privilege Use",
     3,
     3,
     {"Sensitive Privilege Use", "Non Sensitive Privilege Use", "Other Privilege Use Events"}},
    {"Detailed Tracking",
     4,
     6,
     {"Process Creation", "Process Termination", "DPAPI Activity", "RPC Events",
      "Plug and Play Events", "Token Right Adjusted Events"}},
    {"Policy Change",
     6,
     6,
     {"Audit Policy Change", "Authentication Policy Change", "Authorization Policy Change",
      "MPSSVC Rule-Level Policy Change", "Filtering Platform Policy Change",
      "Other Policy Change Events"}},
    {"Account Management",
     6,
     6,
     {"User Account Management", "Computer Account Management", "Security Group Management",
      "Distribution Group Management", "Application Group Management",
      "Other Account Management Events"}},
    {"DS Access",
     4,
     4,
     {"Directory Service Access", "Directory Service Changes", "Directory Service Replication",
      "Detailed Directory Service Replication"}},
    {"Account Logon",
     4,
     4,
     {"Credential Validation", "Kerberos Service Ticket Operations", "Other Account Logon Events",
      "Kerberos Authentication Service"}},
};

bool iw_audit_policy_read(struct iw_str data, struct iw_audit_policy *ret)
{
    const uint8_t *p = (const uint8_t *)data.p, *counts;
    uint32_t at, sum = 0;

    *ret = (struct iw_audit_policy){0};
    if (data.n < HEADER_BYTES || iw_load_u32(p) != 0x100 || iw_load_u32(p + 4) != N_CATEGORIES)
        return false;
    at = iw_load_u32(p + 8);
    if (at < HEADER_BYTES || at > data.n || data.n - at < 2 * (size_t)N_CATEGORIES)
        return false;
    counts = p + at;
    for (uint32_t i = 0; i < N_CATEGORIES; i++) {
        uint16_t n = iw_load_u16(counts + (size_t)i * 2);
        if (n < CATEGORIES[i].n_min || n > CATEGORIES[i].n_max)
            return false;
        sum += n;
    }
    /* One spare number may stand before the counts. */
    if (at != HEADER_BYTES + 2 * sum && at != HEADER_BYTES + 2 * (sum + 1))
        return false;
    p += HEADER_BYTES;
    for (uint32_t i = 0; i < N_CATEGORIES; i++) {
        uint16_t n = iw_load_u16(counts + (size_t)i * 2);
        for (uint32_t j = 0; j < n; j++, p += 2) {
            uint16_t setting = iw_load_u16(p);
            if (setting > (IW_AUDIT_SUCCESS | IW_AUDIT_FAILURE)) {
                *ret = (struct iw_audit_policy){0};
                return false;
            }
            ret->items[ret->n++] = (struct iw_audit_setting){
                CATEGORIES[i].name, CATEGORIES[i].subcategories[j], (uint8_t)setting};
        }
    }
    return true;
}

int iw_audit_policy_of(const struct iw_audit_policy *policy, const char *subcategory)
{
    for (uint32_t i = 0; i < policy->n; i++) {
        if (strcmp(policy->items[i].subcategory, subcategory) == 0)
            return policy->items[i].setting;
    }
    return -1;
}
