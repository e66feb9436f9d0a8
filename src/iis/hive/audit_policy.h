/**
 * The audit policy of a server, out of the value IW_REGISTRY_AUDIT_POLICY.
 *
 * Memory: a plain record, no pointers but to constants. Any number of threads.
 */
#ifndef IW_IIS_HIVE_AUDIT_POLICY_H
#define IW_IIS_HIVE_AUDIT_POLICY_H

#include "base/str.h"

/** All subcategories that are known. */
#define IW_AUDIT_MAX_SETTINGS 59U

/** Settings; bits. */
enum { IW_AUDIT_SUCCESS = 1, IW_AUDIT_FAILURE = 2 };

struct iw_audit_setting {
    const char *category, *subcategory; /* as auditpol.exe names them in English */
    uint8_t setting;                    /* IW_AUDIT_SUCCESS | IW_AUDIT_FAILURE; 0: not audited */
};

struct iw_audit_policy {
    struct iw_audit_setting items[IW_AUDIT_MAX_SETTINGS];
    uint32_t n;
};

/** Reads the data of the value. False, and nothing told: a layout that is not known. */
bool iw_audit_policy_read(struct iw_str data, struct iw_audit_policy *ret);
/** The setting of a subcategory ("Process Creation"); -1: this version of Windows has none. */
int iw_audit_policy_of(const struct iw_audit_policy *policy, const char *subcategory);

#endif
