/*
 * The types that IIS can run: those that implement its interfaces, themselves or by a base.
 *
 * ECMA-335 II.22.23 (InterfaceImpl), II.22.37 (TypeDef), II.22.38 (TypeRef), II.22.39 (TypeSpec: a
 * base or interface with generic arguments). Three steps: what each row names itself; interfaces
 * that extend interfaces; base classes, each chain walked once. A reference to a type of that name
 * counts whatever assembly it says it is in. Ignored: base classes outside the file that are not in
 * clr_roles.c.
 */
#include "iis/pe/clr_names.h"
#include "iis/pe/clr_roles.h"

#define ELEMENT_VALUE_TYPE 0x11U
#define ELEMENT_CLASS 0x12U
#define ELEMENT_GENERIC_INSTANCE 0x15U
#define VISIBILITY_MASK 7U
#define VISIBILITY_PUBLIC 1U
#define VISIBILITY_NESTED_PUBLIC 2U
#define FLAG_INTERFACE 0x20U
#define FLAG_ABSTRACT 0x80U

enum { IMPL_CLASS, IMPL_INTERFACE };
enum { SPEC_SIGNATURE };
enum state { UNKNOWN, ON_PATH, SETTLED };

struct types {
    struct iw_clr_metadata *metadata;
    uint32_t n_defs, n_refs; /* rows */
    uint8_t *ref_roles;      /* by row of TypeRef; of what the framework is known to have */
    uint8_t *own, *roles;    /* by row of TypeDef: by its interfaces, and with its bases */
    uint8_t *states;         /* enum state */
};

/* A TypeDef or TypeRef, of a TypeSpec the type that is given arguments; else none. */
static struct iw_clr_place resolve(struct types *types, uint32_t value)
{
    struct iw_clr_place place = iw_clr_decode(IW_CLR_TYPE_DEF_OR_REF, value),
                        none = {IW_CLR_NO_TABLE, 0};
    struct iw_str signature;
    uint32_t encoded = 0;

    if (place.table == IW_CLR_TYPE_SPEC && place.row != 0) {
        signature = iw_clr_blob(types->metadata, iw_clr_cell(types->metadata, IW_CLR_TYPE_SPEC,
                                                             place.row, SPEC_SIGNATURE));
        if (signature.n != 0 && (uint8_t)signature.p[0] == ELEMENT_GENERIC_INSTANCE)
            signature = (struct iw_str){signature.p + 1, signature.n - 1};
        if (signature.n == 0 || ((uint8_t)signature.p[0] != ELEMENT_CLASS &&
                                 (uint8_t)signature.p[0] != ELEMENT_VALUE_TYPE))
            return none; /* an array, a pointer, a parameter: nothing one extends */
        signature = (struct iw_str){signature.p + 1, signature.n - 1};
        if (!iw_clr_take_number(&signature, &encoded))
            return none;
        place = iw_clr_decode(IW_CLR_TYPE_DEF_OR_REF, encoded);
    }
    if (place.row == 0)
        return none;
    if ((place.table == IW_CLR_TYPE_DEF && place.row <= types->n_defs) ||
        (place.table == IW_CLR_TYPE_REF && place.row <= types->n_refs))
        return place;
    iw_pe_damage(types->metadata->view, IW_PE_DAMAGE_METADATA, 0);
    return none;
}

static uint8_t known_roles(struct types *types, enum iw_clr_table_index table, uint32_t row,
                           unsigned space, unsigned name)
{
    struct iw_clr_metadata *metadata = types->metadata;
    return iw_clr_known_roles(iw_clr_raw_string(metadata, iw_clr_cell(metadata, table, row, space)),
                              iw_clr_raw_string(metadata, iw_clr_cell(metadata, table, row, name)));
}

/* Types by their own names: the framework's own assembly defines the interfaces itself. */
static void name_roles(struct types *types)
{
    for (uint32_t row = 1; row <= types->n_refs; row++)
        types->ref_roles[row] =
            known_roles(types, IW_CLR_TYPE_REF, row, IW_CLR_TYPE_REF_SPACE, IW_CLR_TYPE_REF_NAME);
    for (uint32_t row = 1; row <= types->n_defs; row++) {
        uint32_t flags = iw_clr_cell(types->metadata, IW_CLR_TYPE_DEF, row, IW_CLR_TYPE_DEF_FLAGS);
        types->roles[row] =
            known_roles(types, IW_CLR_TYPE_DEF, row, IW_CLR_TYPE_DEF_SPACE, IW_CLR_TYPE_DEF_NAME);
        if ((flags & FLAG_INTERFACE) != 0)
            types->own[row] = types->roles[row];
    }
}

/* One look at all rows of InterfaceImpl; whether a role was learnt. */
static bool spread_interfaces(struct types *types)
{
    bool has_changed = false;
    for (uint32_t row = 1; row <= iw_clr_rows(types->metadata, IW_CLR_INTERFACE_IMPL); row++) {
        uint32_t class = iw_clr_cell(types->metadata, IW_CLR_INTERFACE_IMPL, row, IMPL_CLASS);
        struct iw_clr_place interface = resolve(
            types, iw_clr_cell(types->metadata, IW_CLR_INTERFACE_IMPL, row, IMPL_INTERFACE));
        uint8_t roles = interface.row == 0                   ? 0
                        : interface.table == IW_CLR_TYPE_REF ? types->ref_roles[interface.row]
                                                             : types->own[interface.row];
        if (class == 0 || class > types->n_defs || (types->own[class] | roles) == types->own[class])
            continue;
        types->own[class] |= roles;
        has_changed = true;
    }
    return has_changed;
}

static void settle_interfaces(struct types *types)
{
    unsigned n_looks = 0;
    while (spread_interfaces(types)) {
        if (++n_looks > IW_LIMIT_CLR_INTERFACE_DEPTH) {
            iw_pe_damage(types->metadata->view, IW_PE_DAMAGE_LIMIT, 0);
            break;
        }
    }
    for (uint32_t row = 1; row <= types->n_defs; row++)
        types->roles[row] |= types->own[row];
}

static struct iw_clr_place base_of(struct types *types, uint32_t row)
{
    return resolve(types, iw_clr_cell(types->metadata, IW_CLR_TYPE_DEF, row, IW_CLR_TYPE_DEF_BASE));
}

/* Up from a type to one that is settled or has no base here, and down again with the roles. */
static void settle_chain(struct types *types, uint32_t row)
{
    struct iw_pe_view *view = types->metadata->view;
    uint32_t path[IW_LIMIT_CLR_BASES];
    struct iw_clr_place place = {IW_CLR_TYPE_DEF, row};
    uint8_t roles = 0;
    unsigned n = 0;

    while (place.row != 0 && place.table == IW_CLR_TYPE_DEF &&
           types->states[place.row] == UNKNOWN && n < IW_LIMIT_CLR_BASES) {
        types->states[place.row] = ON_PATH;
        path[n++] = place.row;
        place = base_of(types, place.row);
    }
    if (place.row != 0 && place.table == IW_CLR_TYPE_REF)
        roles = types->ref_roles[place.row];
    else if (place.row != 0 && types->states[place.row] == SETTLED)
        roles = types->roles[place.row];
    else if (place.row != 0)
        iw_pe_damage(
            view, types->states[place.row] == ON_PATH ? IW_PE_DAMAGE_LOOP : IW_PE_DAMAGE_LIMIT, 0);
    while (n != 0) {
        types->roles[path[--n]] |= roles;
        roles = types->roles[path[n]];
        types->states[path[n]] = SETTLED;
    }
}

static void fill_type(struct types *types, struct iw_clr_names *names, uint32_t row,
                      struct iw_clr_type *type)
{
    uint32_t flags = iw_clr_cell(types->metadata, IW_CLR_TYPE_DEF, row, IW_CLR_TYPE_DEF_FLAGS);
    uint32_t visibility = flags & VISIBILITY_MASK;

    type->row = row;
    type->name = iw_clr_full_name(names, (struct iw_clr_place){IW_CLR_TYPE_DEF, row});
    type->base = iw_clr_full_name(names, base_of(types, row));
    type->roles = types->roles[row];
    type->own_roles = types->own[row];
    type->is_public = visibility == VISIBILITY_PUBLIC || visibility == VISIBILITY_NESTED_PUBLIC;
    type->is_abstract = (flags & FLAG_ABSTRACT) != 0;
    type->is_interface = (flags & FLAG_INTERFACE) != 0;
}

static void report(struct types *types)
{
    struct iw_pe_view *view = types->metadata->view;
    struct iw_clr *clr = &view->pe->clr;
    struct iw_clr_names names;
    uint32_t n = 0;

    for (uint32_t row = 1; row <= types->n_defs; row++)
        n += types->roles[row] != 0;
    if (n > IW_LIMIT_CLR_TYPES) {
        iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, 0);
        n = IW_LIMIT_CLR_TYPES;
    }
    clr->types = iw_pe_alloc(view, n, sizeof *clr->types);
    if (clr->types == NULL)
        return;
    iw_clr_names_begin(&names, types->metadata, types->n_defs);
    for (uint32_t row = 1; row <= types->n_defs && clr->n_types < n; row++) {
        if (types->roles[row] != 0)
            fill_type(types, &names, row, &clr->types[clr->n_types++]);
    }
}

void iw_clr_read_types(struct iw_clr_metadata *metadata)
{
    struct types types = {.metadata = metadata};
    uint8_t *all;
    size_t n_defs, n_refs;

    types.n_defs = iw_clr_rows(metadata, IW_CLR_TYPE_DEF);
    types.n_refs = iw_clr_rows(metadata, IW_CLR_TYPE_REF);
    n_defs = (size_t)types.n_defs + 1;
    n_refs = (size_t)types.n_refs + 1;
    all = iw_pe_alloc(metadata->view, n_refs + 3 * n_defs, 1);
    if (all == NULL)
        return;
    types.ref_roles = all;
    types.own = all + n_refs;
    types.roles = types.own + n_defs;
    types.states = types.roles + n_defs;
    name_roles(&types);
    settle_interfaces(&types);
    for (uint32_t row = 1; row <= types.n_defs; row++)
        settle_chain(&types, row);
    report(&types);
}
