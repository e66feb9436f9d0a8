/*
 * Sources: device names of volumes ("Naming a Volume", "QueryDosDevice", Microsoft); short names as
 * NTFS makes them ("Naming Files, Paths, and Namespaces", and context/url_key.h).
 */
#include "detect/chain/file_spelling.h"

#include "base/fold.h"
#include "base/path_name.h"
#include "context/url_key.h"
#include "iis/config/server_path.h"

bool iw_file_is_on_device(struct iw_str path)
{
    struct iw_str rest;
    return iw_path_behind_device(path, &rest);
}

/* What stands behind `C:\`; false: it is a share or no whole path. */
static bool behind_drive(struct iw_str path, struct iw_str *ret)
{
    if (path.n < 3 || path.p[1] != ':' || path.p[2] != '\\')
        return false;
    *ret = (struct iw_str){path.p + 3, path.n - 3};
    return true;
}

static struct iw_str next_name(struct iw_str *left)
{
    const char *end = left->n != 0 ? memchr(left->p, '\\', left->n) : NULL;
    struct iw_str name = {left->p, end != NULL ? (size_t)(end - left->p) : left->n};
    size_t n = name.n + (end != NULL);
    *left = (struct iw_str){left->p + n, left->n - n};
    return name;
}

/* --- one name --------------------------------------------------------------------------------- */

/* The parts of `WEBSER~1.ASP`: "WEBSER" and ".ASP". False: it is no short name. */
static bool read_short(struct iw_str name, struct iw_str *ret_base, struct iw_str *ret_ending)
{
    const char *tilde = name.n != 0 ? memrchr(name.p, '~', name.n) : NULL;
    size_t at = tilde != NULL ? (size_t)(tilde - name.p) : 0, end = at + 1;
    if (at == 0)
        return false;
    while (end < name.n && name.p[end] >= '0' && name.p[end] <= '9')
        end++;
    if (end == at + 1 || (end < name.n && name.p[end] != '.'))
        return false;
    *ret_base = (struct iw_str){name.p, at};
    *ret_ending = (struct iw_str){name.p + end, name.n - end};
    return true;
}

enum fit { FIT_NOT = 0, FIT_SHORT, FIT_SAME };

/* Whether *name* may be a spelling of the folder's name *of*. */
static enum iw_rc fit_name(struct iw_str name, struct iw_str of, struct iw_arena *arena,
                           enum fit *ret)
{
    struct iw_str folded = iw_fold_text(name, arena), folded_of = iw_fold_text(of, arena);
    struct iw_str own, base, ending, own_base, own_ending;
    *ret = FIT_NOT;
    if (folded.p == NULL || folded_of.p == NULL)
        return IW_ENOMEM;
    if (iw_str_equal(folded, folded_of)) {
        *ret = FIT_SAME;
        return IW_OK;
    }
    if (!read_short(name, &base, &ending))
        return IW_OK;
    own = iw_url_short_name(of, arena);
    if (own.p == NULL)
        return IW_ENOMEM;
    if (read_short(own, &own_base, &own_ending) && iw_str_equal_nocase(base, own_base) &&
        iw_str_equal_nocase(ending, own_ending))
        *ret = FIT_SHORT;
    return IW_OK;
}

/* --- one root --------------------------------------------------------------------------------- */

/** How a path lies in a root. */
struct lie {
    bool is_in;
    size_t n_names, n_short;
    struct iw_str rest; /* of the path, behind the root */
};

static enum iw_rc lie_in(struct iw_str root, struct iw_str rest, struct iw_arena *arena,
                         struct lie *ret)
{
    *ret = (struct lie){.rest = rest};
    while (root.n != 0) {
        enum fit fit;
        IW_TRY(fit_name(next_name(&ret->rest), next_name(&root), arena, &fit));
        if (fit == FIT_NOT)
            return IW_OK;
        ret->n_names++;
        ret->n_short += fit == FIT_SHORT;
    }
    ret->is_in = ret->rest.n != 0;
    return IW_OK;
}

static enum iw_rc join(struct iw_str root, struct iw_str rest, struct iw_arena *arena,
                       struct iw_str *ret)
{
    bool has_end = root.p[root.n - 1] == '\\';
    size_t n = root.n + !has_end + rest.n;
    char *text = iw_arena_alloc(arena, n);
    if (text == NULL)
        return IW_ENOMEM;
    memcpy(text, root.p, root.n);
    if (!has_end)
        text[root.n] = '\\';
    memcpy(text + n - rest.n, rest.p, rest.n);
    *ret = (struct iw_str){text, n};
    return IW_OK;
}

/* --- all roots -------------------------------------------------------------------------------- */

/** The deepest root that fits; all others that fit must lie above it. */
struct settling {
    size_t root;
    struct lie lie;
    bool is_found, is_ambiguous;
};

static void note(struct settling *settling, const struct iw_web_state *state, size_t root,
                 const struct lie *lie)
{
    struct iw_str key = state->keys[root], other = key;
    if (settling->is_found)
        other = state->keys[settling->root];
    if (iw_server_path_covers(key, other) && settling->is_found)
        return;
    settling->is_ambiguous |= !iw_server_path_covers(other, key);
    settling->root = root;
    settling->lie = *lie;
    settling->is_found = true;
}

enum iw_rc iw_file_spelling_settle(const struct iw_web_state *state, struct iw_str path,
                                   struct iw_arena *arena, struct iw_str *ret)
{
    struct settling settling = {.is_found = false};
    struct iw_str rest;
    bool is_device = iw_path_behind_device(path, &rest);

    *ret = IW_STR("");
    if (!is_device && !behind_drive(path, &rest))
        return IW_OK;
    for (size_t i = 0; i < state->n_roots; i++) {
        struct iw_str root;
        struct lie lie;
        if (state->keys[i].n == 0 || !behind_drive(state->roots[i].path, &root) ||
            (!is_device && iw_ascii_lower(path.p[0]) != iw_ascii_lower(state->roots[i].path.p[0])))
            continue;
        IW_TRY(lie_in(root, rest, arena, &lie));
        if (lie.is_in && lie.n_names != 0)
            note(&settling, state, i, &lie);
    }
    if (!settling.is_found || settling.is_ambiguous || (!is_device && settling.lie.n_short == 0))
        return IW_OK;
    return join(state->roots[settling.root].path, settling.lie.rest, arena, ret);
}
