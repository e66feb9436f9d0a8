/**
 * Lists of folders and files with their audit entries: what `Get-Acl -Audit | Format-List` prints,
 * and texts of a path and its security descriptor in two lines, as `icacls /save` writes them.
 *
 * Formats: Microsoft, "Get-Acl" (Path, Audit and Sddl of the list form, long values broken over
 * indented lines); "icacls" (/save: a name and its descriptor, UTF-16). icacls saves no audit
 * entries and names things relative to the folder asked, so its files say nothing here unless
 * somebody added to them; they are read for those who did.
 */
#ifndef IW_COVERAGE_AUDIT_ENTRIES_H
#define IW_COVERAGE_AUDIT_ENTRIES_H

#include "base/arena.h"
#include "base/error.h"
#include "coverage/settings/audit_acl.h"

struct iw_audit_entry {
    struct iw_str path; /* absolute, as written */
    struct iw_str key;  /* folded, without a separator at its end */
    struct iw_audit_acl acl;
    uint32_t line;
};

struct iw_audit_entries {
    struct iw_audit_entry *items; /* those whose descriptor has an audit list, by the file */
    size_t n;
    size_t n_without;  /* descriptors without one: they do not say what is audited */
    size_t n_relative; /* names that are no absolute path */
    size_t n_odd;      /* audit lists with entries that could not be read */
};

/** Reads a file; texts lie in *arena*. IW_OK; IW_EFORMAT: no descriptor is in it; IW_ELIMIT;
 * IW_ENOMEM. */
enum iw_rc iw_audit_entries_read(struct iw_str bytes, struct iw_arena *arena,
                                 struct iw_audit_entries *ret, struct iw_error *err);

/** What is audited of a file, or of the files in a folder and below; the worse the later. */
enum iw_audit_cover {
    IW_AUDIT_COVER_UNSAID = 0, /* no entry speaks of it */
    IW_AUDIT_COVER_ALL,        /* all by which a file comes to lie there, by everyone */
    IW_AUDIT_COVER_WRITING,    /* writing by everyone, not appending, or deleting and renaming */
    IW_AUDIT_COVER_SOME,       /* of some accounts only, or not of all folders below */
    IW_AUDIT_COVER_OTHERS,     /* of accounts that a worker of IIS is not one of as installed */
    IW_AUDIT_COVER_NONE
};

/** Asks; *key* is folded. *ret: the entry that says so, NULL when none does. Any thread. */
enum iw_audit_cover iw_audit_entries_ask(const struct iw_audit_entries *entries, struct iw_str key,
                                         bool is_folder, const struct iw_audit_entry **ret);

#endif
