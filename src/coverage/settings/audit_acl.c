/*
 * `S:PAI(AU;OICISAFA;DCLCRPCRSDWDWO;;;WD)(...)`: flags, then entries of six parts, type, flags,
 * rights, two ids of objects, and who.
 */
#include "coverage/settings/audit_acl.h"

#include "base/hex.h"
#include "base/limits.h"
#include "coverage/settings/settings_text.h"

#define GENERIC_ALL 0x10000000U
#define GENERIC_WRITE 0x40000000U
#define FILE_ALL 0x1F01FFU
#define FILE_WRITE 0x120116U

static const struct {
    const char *name;
    uint32_t mask;
} RIGHTS[] = {
    {"GA", GENERIC_ALL}, {"GR", 0x80000000U}, {"GW", GENERIC_WRITE}, {"GX", 0x20000000U},
    {"FA", FILE_ALL},    {"FR", 0x120089},    {"FW", FILE_WRITE},    {"FX", 0x1200A0},
    {"RC", 0x20000},     {"SD", 0x10000},     {"WD", 0x40000},       {"WO", 0x80000},
    {"CC", 0x1},         {"DC", 0x2},         {"LC", 0x4},           {"SW", 0x8},
    {"RP", 0x10},        {"WP", 0x20},        {"DT", 0x40},          {"LO", 0x80},
    {"CR", 0x100},
};

static bool read_number(struct iw_str text, uint32_t *ret)
{
    uint64_t value = 0;
    if (text.n < 3 || text.p[0] != '0' || (text.p[1] != 'x' && text.p[1] != 'X')) {
        if (!iw_str_to_u64(text, &value) || value > UINT32_MAX)
            return false;
        *ret = (uint32_t)value;
        return true;
    }
    if (text.n > 10)
        return false;
    for (size_t i = 2; i < text.n; i++) {
        int digit = iw_hex_digit(text.p[i]);
        if (digit < 0)
            return false;
        value = value << 4 | (unsigned)digit;
    }
    *ret = (uint32_t)value;
    return true;
}

static bool read_rights(struct iw_str text, uint32_t *ret)
{
    *ret = 0;
    if (text.n != 0 && text.p[0] >= '0' && text.p[0] <= '9')
        return read_number(text, ret);
    if (text.n % 2 != 0)
        return false;
    for (size_t at = 0; at < text.n; at += 2) {
        size_t i = 0, n = sizeof RIGHTS / sizeof RIGHTS[0];
        while (i < n &&
               !iw_str_equal_nocase((struct iw_str){text.p + at, 2}, iw_str_of(RIGHTS[i].name)))
            i++;
        if (i == n)
            return false;
        *ret |= RIGHTS[i].mask;
    }
    return true;
}

static bool has_flag(struct iw_str flags, const char *flag)
{
    for (size_t at = 0; at + 2 <= flags.n; at += 2) {
        if (iw_str_equal_nocase((struct iw_str){flags.p + at, 2}, iw_str_of(flag)))
            return true;
    }
    return false;
}

static bool is_one_of(struct iw_str who, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(who, iw_str_of(names[i])))
            return true;
    }
    return false;
}

/* The two groups every process and every remote user is in (an anonymous one only in the first). */
static bool is_everyone(struct iw_str who)
{
    static const char *const NAMES[] = {"WD", "AU", "S-1-1-0", "S-1-5-11"};
    return is_one_of(who, NAMES, sizeof NAMES / sizeof NAMES[0]);
}

/* Users, IIS_IUSRS, what runs as a service, Network Service, and accounts of pools. */
static bool is_of_workers(struct iw_str who)
{
    static const char *const NAMES[] = {"BU", "S-1-5-32-545", "IS", "S-1-5-32-568",
                                        "SU", "S-1-5-6",      "NS", "S-1-5-20"};
    return is_one_of(who, NAMES, sizeof NAMES / sizeof NAMES[0]) ||
           iw_str_begins_nocase(who, IW_STR("S-1-5-82-"));
}

static bool is_audit(struct iw_str type)
{
    return iw_str_equal_nocase(type, IW_STR("AU")) || iw_str_equal_nocase(type, IW_STR("XU")) ||
           iw_str_equal_nocase(type, IW_STR("OU"));
}

/* Rights as files have them, as far as they are asked about. */
static uint32_t rights_of_files(uint32_t rights)
{
    if ((rights & GENERIC_ALL) != 0)
        rights |= FILE_ALL;
    if ((rights & GENERIC_WRITE) != 0)
        rights |= FILE_WRITE;
    return rights & IW_AUDIT_CHANGES;
}

static void take(struct iw_audit_reach *reach, struct iw_str flags, uint32_t rights)
{
    bool to_files = has_flag(flags, "OI"), stops = has_flag(flags, "NP");
    reach->itself |= has_flag(flags, "IO") ? 0 : rights;
    reach->directly |= to_files ? rights : 0;
    reach->below |= to_files && !stops ? rights : 0;
}

/* Whom an entry is of. */
static struct iw_audit_reach *whose(struct iw_audit_acl *acl, struct iw_str type, struct iw_str who)
{
    if (!iw_str_equal_nocase(type, IW_STR("AU"))) /* under a condition, or of some objects */
        return is_everyone(who) || is_of_workers(who) ? &acl->workers : &acl->others;
    if (is_everyone(who))
        return &acl->everyone;
    return is_of_workers(who) ? &acl->workers : &acl->others;
}

struct iw_audit_reach iw_audit_acl_all(const struct iw_audit_acl *acl)
{
    const struct iw_audit_reach *a = &acl->everyone, *b = &acl->workers, *c = &acl->others;
    return (struct iw_audit_reach){a->itself | b->itself | c->itself,
                                   a->directly | b->directly | c->directly,
                                   a->below | b->below | c->below};
}

/* Entries of other types are labels, attributes and access policies. */
static bool read_entry(struct iw_audit_acl *acl, struct iw_str text)
{
    struct iw_str parts[6], rest = text;
    uint32_t rights;
    for (size_t i = 0; i < 6; i++) {
        if (!iw_settings_part(&rest, ';', &parts[i]))
            return false;
    }
    if (!is_audit(parts[0]))
        return true;
    if (!read_rights(parts[2], &rights))
        return false;
    if (has_flag(parts[1], "SA"))
        take(whose(acl, parts[0], parts[5]), parts[1], rights_of_files(rights));
    return true;
}

/* The end of an entry that begins behind its `(`; conditions have parentheses of their own. */
static size_t end_of_entry(struct iw_str text)
{
    size_t depth = 0, at = 0;
    bool is_quoted = false;
    for (; at < text.n; at++) {
        is_quoted ^= text.p[at] == '"';
        if (is_quoted)
            continue;
        if (text.p[at] == ')' && depth-- == 0)
            return at;
        depth += text.p[at] == '(';
    }
    return SIZE_MAX;
}

/* From behind `S:` as far as entries go; returns what is behind. */
static struct iw_str read_list(struct iw_audit_acl *acl, struct iw_str text)
{
    size_t n_entries = 0;
    const char *begin = text.p;
    while (text.n != 0 && text.p[0] != '(' && text.p[0] != ':') {
        if (text.n >= 2 && text.p[1] == ':') /* the next part begins */
            break;
        acl->is_protected |= text.p[0] == 'P' || text.p[0] == 'p';
        text = (struct iw_str){text.p + 1, text.n - 1};
    }
    while (text.n != 0 && text.p[0] == '(') {
        struct iw_str inside = {text.p + 1, text.n - 1};
        size_t end = end_of_entry(inside);
        if (end == SIZE_MAX || n_entries++ == IW_LIMIT_PROOF_ACES) {
            acl->is_odd = true;
            text.n = 0;
            break;
        }
        if (!read_entry(acl, (struct iw_str){inside.p, end}))
            acl->is_odd = true;
        text = (struct iw_str){inside.p + end + 1, inside.n - end - 1};
    }
    acl->text = (struct iw_str){begin, (size_t)(text.p - begin)};
    return text;
}

bool iw_audit_acl_read(struct iw_str sddl, struct iw_audit_acl *ret)
{
    struct iw_str rest = iw_settings_trimmed(sddl);
    size_t depth = 0;
    *ret = (struct iw_audit_acl){.text = IW_STR("")};
    if (rest.n < 2 || rest.p[1] != ':' || strchr("OGDSogds", rest.p[0]) == NULL)
        return false;
    /* Outside of parentheses `S:` begins the audit list; `S-1-5` is no part's beginning. */
    while (rest.n >= 2) {
        if (depth == 0 && (rest.p[0] == 'S' || rest.p[0] == 's') && rest.p[1] == ':') {
            ret->is_there = true;
            rest = read_list(ret, (struct iw_str){rest.p + 2, rest.n - 2});
            continue;
        }
        depth += rest.p[0] == '(';
        depth -= rest.p[0] == ')' && depth != 0;
        rest = (struct iw_str){rest.p + 1, rest.n - 1};
    }
    return true;
}
