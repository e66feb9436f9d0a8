/**
 * What a collected part of the registry holds: one interface over hives (regf files) and texts
 * that regedit or reg.exe exported (`.reg`).
 *
 * The file was perhaps written by an attacker. Nothing in it can make reading fail: what is cut,
 * points nowhere, loops or exceeds a limit is counted by kind and place (hive_damage.h) and the
 * rest is read. Where damage lies on the way to something, its absence is not claimed
 * (IW_HIVE_UNREADABLE). A hive that was not written to its end (changes are still in its .LOG
 * files, which are not replayed) is marked dirty.
 *
 * Formats: M. Suhanov, "Windows registry file format specification"; Microsoft "How to add, modify,
 * or delete registry subkeys and values by using a .reg file".
 *
 * Memory: everything told lives in the arena given at the opening, or in the bytes given there, so
 * both must outlive it. Looking things up counts damage and takes from the arena: one thread at a
 * time for a hive.
 */
#ifndef IW_IIS_HIVE_HIVE_H
#define IW_IIS_HIVE_HIVE_H

#include "base/arena.h"
#include "base/error.h"
#include "iis/hive/hive_damage.h"

struct iw_hive;

enum iw_hive_source {
    IW_HIVE_REGF = 0, /* a hive */
    IW_HIVE_REG_TEXT, /* an export */
};

/** Which hive it is, decided by its content, never by its file's name. */
enum iw_hive_kind {
    IW_HIVE_UNKNOWN = 0,
    IW_HIVE_SYSTEM,
    IW_HIVE_SOFTWARE,
    IW_HIVE_SECURITY,
    IW_HIVE_SAM,
    IW_HIVE_NTUSER,   /* of a user, or of .DEFAULT */
    IW_HIVE_USRCLASS, /* Classes of a user */
    IW_HIVE_BCD,
    IW_HIVE_AMCACHE,
    IW_HIVE_COMPONENTS,
    IW_HIVE_EXPORT, /* a text: may hold parts of several */
    IW_HIVE_KIND_COUNT
};

struct iw_hive_info {
    enum iw_hive_source source;
    enum iw_hive_kind kind;
    bool is_dirty;          /* not written to its end: newer content may be in its .LOG files */
    int64_t written_ns;     /* UTC, by the header; IW_TIME_UNKNOWN: none */
    uint32_t version_minor; /* of regf 1.x; of a text 4 (REGEDIT4) or 5 */
    struct iw_str
        written_path;  /* end of the path under which Windows had it, by the header; may be empty */
    bool is_elsewhere; /* not from where Windows keeps its hives: iw_hive_set_elsewhere */
    uint64_t n_deletions; /* lines of an export that take away: it is a script, not an export */
    struct iw_hive_damage damage[IW_HIVE_DAMAGE_COUNT];
};

/** Types of values (winnt.h); a hive may hold any other number. */
enum iw_hive_type {
    IW_HIVE_NONE = 0,
    IW_HIVE_SZ = 1,
    IW_HIVE_EXPAND_SZ = 2,
    IW_HIVE_BINARY = 3,
    IW_HIVE_DWORD = 4,
    IW_HIVE_DWORD_BE = 5,
    IW_HIVE_LINK = 6,
    IW_HIVE_MULTI_SZ = 7,
    IW_HIVE_QWORD = 11,
};

struct iw_hive_key {
    uint32_t id;        /* which key of its hive; means nothing elsewhere */
    struct iw_str name; /* may hold any character, NUL among them */
    struct iw_str path; /* from iw_hive_find: whole path, links and CurrentControlSet resolved */
    int64_t written_ns; /* last change of the key or its values; IW_TIME_UNKNOWN in an export */
    bool is_link;       /* a symbolic link */
};

/** How data holds texts. */
enum iw_hive_text_form {
    IW_HIVE_UTF16 = 0, /* as Windows stores it */
    IW_HIVE_ANSI,      /* hex(n) of REGEDIT4 */
    IW_HIVE_UTF8,      /* a text between quotes of an export */
};

struct iw_hive_value {
    struct iw_str name; /* empty: the default value */
    uint32_t type;      /* enum iw_hive_type, or another number */
    enum iw_hive_text_form form;
    struct iw_str data; /* as stored */
    bool is_whole;      /* false: data ends before its size */
};

struct iw_hive_keys {
    struct iw_hive_key *items; /* in the order of the source */
    uint32_t n;
};

struct iw_hive_values {
    struct iw_hive_value *items; /* in the order of the source */
    uint32_t n;
};

/** What a question found out. */
enum iw_hive_answer {
    IW_HIVE_FOUND = 0,
    IW_HIVE_ABSENT,     /* the source covers the place, and it is not there */
    IW_HIVE_NOT_HERE,   /* the source does not cover the place */
    IW_HIVE_UNREADABLE, /* damage lies where it would be */
};

/**
 * Opens bytes held in memory.
 *
 * @param file   borrowed; names and data point into it
 * @param arena  takes what is made of it, the hive itself too
 * @param ret    close with iw_hive_close; NULL unless IW_OK
 * @return IW_OK; IW_EFORMAT: neither hive nor export; IW_ELIMIT: larger than
 * IW_LIMIT_HIVE_FILE_BYTES; IW_ENOMEM
 */
enum iw_rc iw_hive_open(struct iw_str file, struct iw_arena *arena, struct iw_hive **ret,
                        struct iw_error *err);
/** The same for a regular file, which is read into the arena. Also IW_EIO. */
enum iw_rc iw_hive_open_file(const char *path, struct iw_arena *arena, struct iw_hive **ret,
                             struct iw_error *err);
/** NULL is fine. What was told stays valid as long as the arena. */
void iw_hive_close(struct iw_hive *hive);

/** Never NULL; changes while damage is met. */
const struct iw_hive_info *iw_hive_info(const struct iw_hive *hive);
/** Says that the file did not lie where Windows keeps its hives: backups and what else is one. It
 * counts less than one that did, and more than an export. */
void iw_hive_set_elsewhere(struct iw_hive *hive);
/** "SYSTEM", "SOFTWARE" …; never NULL. */
const char *iw_hive_kind_name(enum iw_hive_kind kind);
/** Damage of all kinds together. */
uint64_t iw_hive_damage_total(const struct iw_hive *hive);
/** Memory was short somewhere: what was told since the opening may be incomplete. */
bool iw_hive_no_memory(const struct iw_hive *hive);

/** The topmost key; of an export one without name that holds the HKEY_… keys. */
enum iw_hive_answer iw_hive_root(struct iw_hive *hive, struct iw_hive_key *ret);

/**
 * Looks up a key by its whole path (`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services`, `HKLM`
 * and its like too), letter case ignored, wherever the hive is mounted. CurrentControlSet follows
 * Select\Current where the source has no such key; symbolic links are followed inside the source.
 * *ret is filled when IW_HIVE_FOUND.
 */
enum iw_hive_answer iw_hive_find(struct iw_hive *hive, struct iw_str path, struct iw_hive_key *ret);
/** The same below a key of this hive, without links and control sets; path may be empty. */
enum iw_hive_answer iw_hive_find_below(struct iw_hive *hive, const struct iw_hive_key *key,
                                       struct iw_str path, struct iw_hive_key *ret);

/** All sub-keys. FOUND (also with none), or UNREADABLE: those in *ret are not all. */
enum iw_hive_answer iw_hive_keys(struct iw_hive *hive, const struct iw_hive_key *key,
                                 struct iw_hive_keys *ret);
/** All values. FOUND (also with none), or UNREADABLE: those in *ret are not all. */
enum iw_hive_answer iw_hive_values(struct iw_hive *hive, const struct iw_hive_key *key,
                                   struct iw_hive_values *ret);
/** One value, letter case ignored; name empty: the default value. FOUND, ABSENT, UNREADABLE. */
enum iw_hive_answer iw_hive_value(struct iw_hive *hive, const struct iw_hive_key *key,
                                  struct iw_str name, struct iw_hive_value *ret);

/** The text of SZ, EXPAND_SZ, LINK (any type is read as text), up to its first NUL; valid UTF-8 in
 * the arena. Variables are not expanded. */
struct iw_str iw_hive_text(struct iw_hive *hive, const struct iw_hive_value *value);
/** The texts of MULTI_SZ; NULL and *ret_n 0 when there are none. */
struct iw_str *iw_hive_texts(struct iw_hive *hive, const struct iw_hive_value *value,
                             uint32_t *ret_n);
/** The number of DWORD (both orders) or QWORD; false for other types and data that is too short. */
bool iw_hive_number(const struct iw_hive_value *value, uint64_t *ret);

#endif
