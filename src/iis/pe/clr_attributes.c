/*
 * PreApplicationStartMethodAttribute of the assembly: the method ASP.NET runs before anything else.
 *
 * ECMA-335 II.22.10 (CustomAttribute), II.22.25 (MemberRef), II.23.3 (values of attributes: the
 * mark 1, then the fixed arguments; a type is written as its name). The attribute may stand several
 * times. Ignored: an attribute of that name the assembly defines itself, which ASP.NET does not
 * ask for.
 */
#include "iis/pe/clr_metadata.h"

#define VALUE_MARK 1U
#define NULL_STRING 0xFF

enum { ATTRIBUTE_PARENT, ATTRIBUTE_TYPE, ATTRIBUTE_VALUE };
enum { MEMBER_CLASS };

static bool is_start_attribute(const struct iw_clr_metadata *metadata, uint32_t row)
{
    struct iw_clr_place place =
        iw_clr_decode(IW_CLR_HAS_CUSTOM_ATTRIBUTE,
                      iw_clr_cell(metadata, IW_CLR_CUSTOM_ATTRIBUTE, row, ATTRIBUTE_PARENT));
    if (place.table != IW_CLR_ASSEMBLY)
        return false;
    place = iw_clr_decode(IW_CLR_CUSTOM_ATTRIBUTE_TYPE,
                          iw_clr_cell(metadata, IW_CLR_CUSTOM_ATTRIBUTE, row, ATTRIBUTE_TYPE));
    if (place.table != IW_CLR_MEMBER_REF)
        return false;
    place = iw_clr_decode(IW_CLR_MEMBER_REF_PARENT,
                          iw_clr_cell(metadata, IW_CLR_MEMBER_REF, place.row, MEMBER_CLASS));
    if (place.table != IW_CLR_TYPE_REF)
        return false;
    return iw_str_equal(iw_clr_raw_string(metadata, iw_clr_cell(metadata, IW_CLR_TYPE_REF,
                                                                place.row, IW_CLR_TYPE_REF_NAME)),
                        IW_STR("PreApplicationStartMethodAttribute")) &&
           iw_str_equal(iw_clr_raw_string(metadata, iw_clr_cell(metadata, IW_CLR_TYPE_REF,
                                                                place.row, IW_CLR_TYPE_REF_SPACE)),
                        IW_STR("System.Web"));
}

/* A counted text; false when it is cut. */
static bool take_text(struct iw_pe_view *view, struct iw_str *value, struct iw_str *ret)
{
    uint32_t n;
    *ret = IW_STR("");
    if (value->n != 0 && (uint8_t)value->p[0] == NULL_STRING) {
        value->p++;
        value->n--;
        return true;
    }
    if (!iw_clr_take_number(value, &n) || n > value->n)
        return false;
    /* A text that holds a NUL is shown up to it. */
    *ret = iw_pe_text(view, (struct iw_str){value->p, strnlen(value->p, n)});
    value->p += n;
    value->n -= n;
    return true;
}

static void read_start(struct iw_clr_metadata *metadata, uint32_t row)
{
    struct iw_pe_view *view = metadata->view;
    struct iw_clr *clr = &view->pe->clr;
    struct iw_str value =
        iw_clr_blob(metadata, iw_clr_cell(metadata, IW_CLR_CUSTOM_ATTRIBUTE, row, ATTRIBUTE_VALUE));
    struct iw_clr_start *start = &clr->starts[clr->n_starts++];
    uint64_t at = iw_pe_offset(view, value);
    bool is_whole = value.n >= 2 && iw_load_u16((const uint8_t *)value.p) == VALUE_MARK;

    if (is_whole) {
        value.p += 2;
        value.n -= 2;
    }
    if (!is_whole || !take_text(view, &value, &start->type) ||
        !take_text(view, &value, &start->method))
        iw_pe_damage(view, IW_PE_DAMAGE_METADATA, at);
}

void iw_clr_read_starts(struct iw_clr_metadata *metadata)
{
    struct iw_pe_view *view = metadata->view;
    struct iw_clr *clr = &view->pe->clr;
    for (uint32_t row = 1; row <= iw_clr_rows(metadata, IW_CLR_CUSTOM_ATTRIBUTE); row++) {
        if (!is_start_attribute(metadata, row))
            continue;
        if (clr->starts == NULL)
            clr->starts = iw_pe_alloc(view, IW_LIMIT_CLR_STARTS, sizeof *clr->starts);
        if (clr->starts == NULL)
            return;
        if (clr->n_starts == IW_LIMIT_CLR_STARTS) {
            iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, 0);
            return;
        }
        read_start(metadata, row);
    }
}
