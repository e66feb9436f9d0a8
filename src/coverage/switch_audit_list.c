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

/* Whether each of the one stands in the other, as often. */
static bool holds_all(const struct entries *in, const struct entries *of)
{
    size_t k = 0;
    for (size_t i = 0; i < of->n; i++, k++) {
        while (k < in->n && iw_str_compare(in->items[k], of->items[i]) < 0)
            k++;
        if (k == in->n || !iw_str_equal(in->items[k], of->items[i]))
            return false;
    }
    return true;
}

/* Whether writing is audited for everybody wherever it was for anybody. */
static bool reaches_as_far(const struct iw_audit_acl *after, const struct iw_audit_acl *before)
{
    const struct iw_audit_reach *whole = &after->everyone, *a = &before->everyone,
                                *b = &before->some;
    return !before->is_odd && (whole->itself || (!a->itself && !b->itself)) &&
           (whole->directly || (!a->directly && !b->directly)) &&
           (whole->below || (!a->below && !b->below));
}

/* Behind the limit entries are not read: what is not the same there may be less. */
static bool is_cut(const struct entries *had, const struct iw_audit_acl *old)
{
    return old->is_odd && had->n >= IW_LIMIT_PROOF_ACES;
}

enum iw_rc iw_audit_list_compare(struct iw_str before, struct iw_str after,
                                 struct iw_arena *scratch, enum iw_audit_list_change *ret)
{
    struct iw_audit_acl old = {.text = IW_STR("")}, new = {.text = IW_STR("")};
    struct entries had, has;
    (void)iw_audit_acl_read(before, &old); /* none is told: it has no list */
    (void)iw_audit_acl_read(after, &new);
    IW_TRY(find_entries(old.text, scratch, &had));
    IW_TRY(find_entries(new.text, scratch, &has));
    *ret = IW_AUDIT_LIST_SAME;
    if (has.n < had.n || (is_cut(&had, &old) && !iw_str_equal(before, after)) ||
        (!holds_all(&has, &had) && !reaches_as_far(&new, &old)))
        *ret = IW_AUDIT_LIST_LESS;
    else if (new.everyone.below && !old.everyone.below)
        *ret = IW_AUDIT_LIST_WHOLE;
    else if (had.n == 0 && has.n != 0)
        *ret = IW_AUDIT_LIST_BEGUN;
    return IW_OK;
}
