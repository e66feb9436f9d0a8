/*
 * What is asked of the audit policy. Source: Microsoft's page of auditpol.
 *
 * Names of subcategories in other languages than English are left out on purpose (their GUIDs are
 * read).
 */
#include "coverage/switch_asking.h"

#define EVERYTHING "everything"

/* Subcategory, category and their GUIDs. */
static const struct {
    const char *subject, *names[4];
} AUDITS[] = {
    {"process creation",
     {"Process Creation", "0CCE922B-69AE-11D9-BED3-505054503030", "Detailed Tracking",
      "6997984C-797A-11D9-BED3-505054503030"}},
    {"file system",
     {"File System", "0CCE921D-69AE-11D9-BED3-505054503030", "Object Access",
      "6997984A-797A-11D9-BED3-505054503030"}},
    {"logon",
     {"Logon", "0CCE9215-69AE-11D9-BED3-505054503030", "Logon/Logoff",
      "69979849-797A-11D9-BED3-505054503030"}},
};

#define N_AUDITS (sizeof AUDITS / sizeof AUDITS[0])

/* Which of AUDITS a list names, as bits. */
static unsigned audits_of(struct iw_str list)
{
    struct iw_str one;
    unsigned found = 0;
    while (iw_list_next(&list, &one)) {
        if (one.n > 2 && one.p[0] == '{')
            one = (struct iw_str){one.p + 1, one.n - 2};
        for (size_t i = 0; i < N_AUDITS; i++) {
            for (size_t k = 0; k < 4; k++)
                found |= iw_word_is(one, AUDITS[i].names[k]) || iw_word_is(one, "*") ? 1U << i : 0;
        }
    }
    return found;
}

/* What is set of one user, beside what is set of all: `/exclude` of successes takes them away for
 * that one, `/include` makes them no less. Whether `/user` is given. */
static bool is_of_user(const struct iw_asking *asking)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (iw_word_value(asking->words[i].text, "user:").p != NULL)
            return true;
    }
    return false;
}

/* `auditpol /set /subcategory:"Process Creation" /success:disable`, `auditpol /clear`; `/restore`
 * of a file and `/remove` of what is set of users: whatever these hold. What is to be on may be so
 * already: event 4719 tells what changes. */
bool iw_ask_auditpol(struct iw_asking *asking)
{
    enum iw_switch_kind kind;
    unsigned found = 0;
    bool is_off = false, is_on = false, is_unread = false;
    if (iw_asking_has_switch(asking, "clear"))
        return iw_asking_make(asking, IW_SWITCH_AUDIT_OFF, IW_STR(EVERYTHING));
    if (iw_asking_has_switch(asking, "restore") || iw_asking_has_switch(asking, "remove"))
        return iw_asking_make_unread(asking, IW_SWITCH_AUDIT_OFF, IW_STR(EVERYTHING));
    if (!iw_asking_has_switch(asking, "set"))
        return false;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str word = asking->words[i].text, list = iw_word_value(word, "subcategory:");
        if (list.p == NULL)
            list = iw_word_value(word, "category:");
        if (list.p != NULL) {
            found |= audits_of(list);
            is_unread |= asking->words[i].is_unread;
        }
        is_off |= iw_word_is_switch(word, "success:disable");
        is_on |= iw_word_is_switch(word, "success:enable");
    }
    if (iw_asking_has_switch(asking, "exclude")) {
        is_off = is_on; /* to be audited no more; not any more to be excluded */
        is_on = false;
    }
    is_on &= !is_of_user(asking);
    if (is_off && (is_unread || asking->is_cut))
        return iw_asking_make_unread(asking, IW_SWITCH_AUDIT_OFF, IW_STR(EVERYTHING));
    if ((!is_off && !is_on) || found == 0)
        return false;
    kind = is_off ? IW_SWITCH_AUDIT_OFF : IW_SWITCH_AUDIT_ASKED_ON;
    for (size_t i = 0; i < N_AUDITS; i++) {
        if (found == 1U << i)
            return iw_asking_make(asking, kind, iw_str_of(AUDITS[i].subject));
    }
    return iw_asking_make(asking, kind, IW_STR(EVERYTHING));
}
