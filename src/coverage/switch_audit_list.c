#include "coverage/switch_audit_list.h"

#include <stdlib.h>

#include "base/limits.h"
#include "coverage/settings/audit_acl.h"

struct entries {
    struct iw_str *items; /* as written, `(` to `)`; sorted */
    size_t n;
};

static int compare_texts(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

/* Behind the flags the entries follow one another; conditions have parentheses of their own. */
static enum iw_rc find_entries(struct iw_str list, struct iw_arena *scratch, struct entries *ret)
{
    size_t most = 0, depth = 0, begin = 0;
    for (size_t i = 0; i < list.n; i++)
        most += list.p[i] == '(';
    *ret = (struct entries){iw_arena_alloc(scratch, (most + 1) * sizeof *ret->items), 0};
    if (ret->items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < list.n; i++) {
        if (list.p[i] == '(' && depth++ == 0)
            begin = i;
        if (list.p[i] == ')' && depth != 0 && --depth == 0)
            ret->items[ret->n++] = (struct iw_str){list.p + begin, i - begin + 1};
    }
    if (ret->n > 1)
        qsort(ret->items, ret->n, sizeof *ret->items, compare_texts);
    return IW_OK;
}

/* The list of those of the one that do not stand in the other, as often. p NULL: no memory. */
static struct iw_str make_gone(const struct entries *had, const struct entries *has,
                               struct iw_arena *scratch)
{
    size_t k = 0, n = 2, most = 2;
    char *text;
    for (size_t i = 0; i < had->n; i++)
        most += had->items[i].n;
    text = iw_arena_alloc(scratch, most);
    if (text == NULL)
        return (struct iw_str){NULL, 0};
    text[0] = 'S';
    text[1] = ':';
    for (size_t i = 0; i < had->n; i++) {
        while (k < has->n && iw_str_compare(has->items[k], had->items[i]) < 0)
            k++;
        if (k < has->n && iw_str_equal(has->items[k], had->items[i])) {
            k++;
            continue;
        }
        memcpy(text + n, had->items[i].p, had->items[i].n);
        n += had->items[i].n;
    }
    return (struct iw_str){text, n};
}

/* The rights that entries that are gone audited, and that everybody is not audited for instead: of
 * files in the folder and below; *ret_itself: of the object itself. */
static uint32_t lost_by(const struct iw_audit_acl *gone, const struct iw_audit_acl *now,
                        uint32_t *ret_itself)
{
    struct iw_audit_reach all = iw_audit_acl_all(gone);
    const struct iw_audit_reach *whole = &now->everyone;
    *ret_itself = all.itself & ~whole->itself;
    return (all.directly & ~whole->directly) | (all.below & ~whole->below);
}

/* Whether anybody's writing or appending is audited anywhere. */
static bool is_any_written(const struct iw_audit_acl *acl)
{
    struct iw_audit_reach all = iw_audit_acl_all(acl);
    return ((all.itself | all.directly | all.below) & (IW_AUDIT_WRITE | IW_AUDIT_APPEND)) != 0;
}

static bool is_whole(const struct iw_audit_acl *acl)
{
    return (acl->everyone.below & IW_AUDIT_PLACES) == IW_AUDIT_PLACES;
}

/* Behind the limit entries are not read: what is not the same there may be less. */
static bool is_cut(const struct entries *had, const struct iw_audit_acl *old)
{
    return old->is_odd && had->n >= IW_LIMIT_PROOF_ACES;
}

enum iw_rc iw_audit_list_compare(struct iw_str before, struct iw_str after,
                                 struct iw_arena *scratch, enum iw_audit_list_change *ret)
{
    struct iw_audit_acl old = {.text = IW_STR("")}, new = {.text = IW_STR("")}, gone;
    struct entries had, has;
    struct iw_str text;
    uint32_t lost, lost_itself;
    (void)iw_audit_acl_read(before, &old); /* none is told: it has no list */
    (void)iw_audit_acl_read(after, &new);
    IW_TRY(find_entries(old.text, scratch, &had));
    IW_TRY(find_entries(new.text, scratch, &has));
    text = make_gone(&had, &has, scratch);
    if (text.p == NULL)
        return IW_ENOMEM;
    (void)iw_audit_acl_read(text, &gone);
    lost = lost_by(&gone, &new, &lost_itself);
    *ret = IW_AUDIT_LIST_SAME;
    if ((lost & IW_AUDIT_PLACES) != 0 && is_any_written(&new))
        *ret = IW_AUDIT_LIST_NARROWED;
    else if (has.n < had.n || (is_cut(&had, &old) && !iw_str_equal(before, after)) ||
             (lost | lost_itself) != 0 || gone.is_odd)
        *ret = IW_AUDIT_LIST_LESS;
    else if (is_whole(&new) && !is_whole(&old))
        *ret = IW_AUDIT_LIST_WHOLE;
    else if (had.n == 0 && has.n != 0)
        *ret = IW_AUDIT_LIST_BEGUN;
    return IW_OK;
}
