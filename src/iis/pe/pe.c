/*
 * The entry: bounds, the order of the parts, and what becomes of missing memory.
 */
#include "iis/pe/pe.h"

#include "iis/pe/pe_view.h"

enum iw_rc iw_pe_read(struct iw_str file, const struct iw_pe_options *options,
                      struct iw_arena *arena, struct iw_pe *ret, struct iw_error *err)
{
    static const struct iw_pe_options neither = {0};
    struct iw_pe_view view = {
        .file = file, .arena = arena, .pe = ret, .text_left = IW_LIMIT_PE_TEXT_BYTES};

    *ret = (struct iw_pe){0};
    options = options != NULL ? options : &neither;
    if (file.n > IW_LIMIT_PE_FILE_BYTES)
        return iw_error_set(err, IW_ELIMIT, "larger than %lu MiB: not read as a program",
                            IW_LIMIT_PE_FILE_BYTES >> 20);
    if (iw_pe_read_headers(&view) != IW_OK)
        return iw_error_set(err, IW_EFORMAT, "no PE file");
    if (options->wants_checksum)
        iw_pe_sum_checksum(&view);
    if (options->wants_entropy)
        iw_pe_sum_entropy(&view);
    iw_pe_read_exports(&view);
    iw_pe_read_imports(&view);
    iw_pe_make_imphash(&view);
    iw_pe_read_resources(&view);
    iw_pe_read_pdb(&view);
    iw_clr_read(&view);
    iw_pe_judge_component(ret);
    return view.no_memory ? iw_error_set(err, IW_ENOMEM, "no memory") : IW_OK;
}

uint64_t iw_pe_damage_total(const struct iw_pe *pe)
{
    uint64_t n = 0;
    for (unsigned kind = 0; kind < IW_PE_DAMAGE_COUNT; kind++)
        n += pe->damage[kind].count;
    return n;
}
