/*
 * Builds a PE file from its options, part by part (see lab_pe.h).
 *
 * What it does: the order of the parts, which is the order of the file, for each may only point
 * backwards or into itself; and the words of scenarios for kinds.
 * What it ignores: whether Windows would run the result; it is made to be read.
 */
#include "lab/pe/lab_pe.h"

#include <assert.h>
#include <string.h>

#include "lab/lab_alloc.h"
#include "lab/pe/pe_image.h"

static const struct {
    const char *word;
    enum iw_lab_pe_kind kind;
} words[] = {
    {"native", IW_LAB_PE_NATIVE_MODULE},
    {"filter", IW_LAB_PE_FILTER},
    {"extension", IW_LAB_PE_EXTENSION},
    {"managed", IW_LAB_PE_MANAGED_MODULE},
    {"managed-module", IW_LAB_PE_MANAGED_MODULE},
    {"managed-handler", IW_LAB_PE_MANAGED_HANDLER},
    {"autostart", IW_LAB_PE_AUTOSTART},
    {"exe", IW_LAB_PE_PROGRAM},
    {"dll", IW_LAB_PE_LIBRARY},
};

const char *iw_lab_pe_file_name(const struct iw_lab_pe_options *options)
{
    if (options->name != NULL) {
        return options->name;
    }
    return options->kind == IW_LAB_PE_PROGRAM ? "lab.exe" : "lab.dll";
}

void iw_lab_pe_build(struct iw_lab_pe *pe, const struct iw_lab_pe_options *options)
{
    assert((unsigned)options->kind < IW_LAB_PE_N_KINDS);
    struct iw_lab_pe_image image = {.options = options};
    iw_lab_pe_add_code(&image);
    iw_lab_pe_add_clr(&image);
    iw_lab_pe_begin_section(&image, IW_LAB_PE_RDATA);
    iw_lab_pe_add_imports(&image);
    iw_lab_pe_add_exports(&image);
    iw_lab_pe_add_debug(&image);
    iw_lab_pe_add_filling(&image);
    iw_lab_pe_add_version(&image);
    iw_lab_pe_add_relocation(&image);
    struct iw_lab_pe_buffer file = {0};
    iw_lab_pe_write(&image, &file);
    for (size_t i = 0; i < IW_LAB_PE_N_SECTIONS; i++) {
        iw_lab_pe_buffer_done(&image.sections[i].content);
    }
    *pe = (struct iw_lab_pe){file.bytes, file.size_bytes};
}

void iw_lab_pe_done(struct iw_lab_pe *pe)
{
    if (pe != NULL) {
        iw_lab_alloc_release(pe->bytes);
        *pe = (struct iw_lab_pe){0};
    }
}

bool iw_lab_pe_kind_named(const char *word, enum iw_lab_pe_kind *kind)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i].word) == 0) {
            *kind = words[i].kind;
            return true;
        }
    }
    return false;
}
