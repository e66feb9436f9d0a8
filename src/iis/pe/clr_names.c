/*
 * Names of types from their parts.
 *
 * ECMA-335 II.22.32 (NestedClass), II.22.38 (TypeRef: a nested type's scope is the TypeRef it
 * stands in). Ignored: generic arguments; `1 and the like stay in the name, as reflection has them.
 */
#include "iis/pe/clr_names.h"

#define CHAIN_MAX (IW_LIMIT_CLR_NESTED_TYPES + 1)

enum { NESTED_INNER, NESTED_OUTER };

void iw_clr_names_begin(struct iw_clr_names *names, struct iw_clr_metadata *metadata,
                        uint32_t n_defs)
{
    *names = (struct iw_clr_names){.metadata = metadata, .n_defs = n_defs};
    names->outer = iw_pe_alloc(metadata->view, (size_t)n_defs + 1, sizeof *names->outer);
    if (names->outer == NULL)
        return;
    for (uint32_t row = 1; row <= iw_clr_rows(metadata, IW_CLR_NESTED_CLASS); row++) {
        uint32_t inner = iw_clr_cell(metadata, IW_CLR_NESTED_CLASS, row, NESTED_INNER);
        uint32_t outer = iw_clr_cell(metadata, IW_CLR_NESTED_CLASS, row, NESTED_OUTER);
        if (inner <= n_defs && outer <= n_defs)
            names->outer[inner] = outer;
    }
}

static struct iw_clr_place outer_of(const struct iw_clr_names *names, struct iw_clr_place place)
{
    struct iw_clr_place outer = {IW_CLR_NO_TABLE, 0};
    if (place.table == IW_CLR_TYPE_DEF && names->outer != NULL && place.row <= names->n_defs)
        return (struct iw_clr_place){IW_CLR_TYPE_DEF, names->outer[place.row]};
    if (place.table == IW_CLR_TYPE_REF)
        outer =
            iw_clr_decode(IW_CLR_RESOLUTION_SCOPE, iw_clr_cell(names->metadata, IW_CLR_TYPE_REF,
                                                               place.row, IW_CLR_TYPE_REF_SCOPE));
    if (outer.table != IW_CLR_TYPE_REF)
        outer.row = 0;
    return outer;
}

/* Namespace and name: both tables have them in other columns and order the same. */
static void parts_of(struct iw_clr_names *names, struct iw_clr_place place, struct iw_str parts[2])
{
    bool is_def = place.table == IW_CLR_TYPE_DEF;
    unsigned name = is_def ? (unsigned)IW_CLR_TYPE_DEF_NAME : (unsigned)IW_CLR_TYPE_REF_NAME;
    unsigned space = is_def ? (unsigned)IW_CLR_TYPE_DEF_SPACE : (unsigned)IW_CLR_TYPE_REF_SPACE;
    parts[0] =
        iw_clr_string(names->metadata, iw_clr_cell(names->metadata, place.table, place.row, space));
    parts[1] =
        iw_clr_string(names->metadata, iw_clr_cell(names->metadata, place.table, place.row, name));
}

static char *put(char *to, struct iw_str text)
{
    memcpy(to, text.p, text.n);
    return to + text.n;
}

static struct iw_str join(struct iw_pe_view *view, struct iw_str parts[][2], unsigned n)
{
    size_t n_bytes = 0;
    char *out, *to;

    if (n == 1 && parts[0][0].n == 0)
        return parts[0][1];
    for (unsigned i = 0; i < n; i++)
        n_bytes += parts[i][0].n + parts[i][1].n + 2;
    out = to = iw_arena_alloc(view->arena, n_bytes + 1);
    if (out == NULL) {
        view->no_memory = true;
        return IW_STR("");
    }
    for (unsigned i = n; i-- != 0;) {
        to = put(to, parts[i][0]);
        if (parts[i][0].n != 0)
            *to++ = '.';
        to = put(to, parts[i][1]);
        if (i != 0)
            *to++ = '+';
    }
    return (struct iw_str){out, (size_t)(to - out)};
}

struct iw_str iw_clr_full_name(struct iw_clr_names *names, struct iw_clr_place place)
{
    struct iw_str parts[CHAIN_MAX][2];
    struct iw_pe_view *view = names->metadata->view;
    unsigned n = 0;

    if (place.table != IW_CLR_TYPE_DEF && place.table != IW_CLR_TYPE_REF)
        return IW_STR("");
    for (; place.row != 0; place = outer_of(names, place)) {
        if (n == CHAIN_MAX) {
            iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, 0);
            break;
        }
        parts_of(names, place, parts[n++]);
    }
    return n != 0 ? join(view, parts, n) : IW_STR("");
}
