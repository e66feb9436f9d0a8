/*
 * The code there is: an entry point, and for each export a function that returns 0.
 *
 * What it does: fixed instructions, 16 bytes apart. A library's entry says TRUE, a program's says
 * 0. In 32-bit files the well-known exports of IIS take their arguments off the stack (__stdcall,
 * IIS SDK httpserv.h and httpfilt.h); a managed one enters through a jump to the runtime's import
 * (ECMA-335 II.25.3.1 and II.25.2.3.1), the only address that has to be relocated (Microsoft
 * PE/COFF, "The .reloc Section"). 64-bit managed files have no entry point, as compilers make them.
 * What it ignores: unwind data; leaf functions that touch no stack need none.
 */
#include "lab/pe/pe_image.h"

#include <string.h>

static const struct {
    const char *name;
    uint8_t arguments_bytes;
} known_exports[] = {
    {"RegisterModule", 12},    {"GetFilterVersion", 4},    {"HttpFilterProc", 12},
    {"TerminateFilter", 4},    {"GetExtensionVersion", 4}, {"HttpExtensionProc", 4},
    {"TerminateExtension", 4},
};

static uint8_t arguments_of(const char *name)
{
    for (size_t i = 0; i < sizeof known_exports / sizeof known_exports[0]; i++) {
        if (strcmp(name, known_exports[i].name) == 0) {
            return known_exports[i].arguments_bytes;
        }
    }
    return 0;
}

static void put_return(struct iw_lab_pe_buffer *code, bool is_32, uint8_t arguments_bytes)
{
    if (is_32 && arguments_bytes > 0) {
        const uint8_t with_arguments[] = {0xC2, arguments_bytes, 0x00}; /* ret n */
        iw_lab_pe_put(code, with_arguments, sizeof with_arguments);
    } else {
        iw_lab_pe_put_u8(code, 0xC3); /* ret */
    }
    iw_lab_pe_align_with(code, IW_LAB_PE_CODE_STEP_BYTES, 0xCC);
}

static void put_entry(struct iw_lab_pe_image *image, struct iw_lab_pe_section *text)
{
    static const uint8_t return_0[] = {0x33, 0xC0};                   /* xor eax, eax */
    static const uint8_t return_1[] = {0xB8, 0x01, 0x00, 0x00, 0x00}; /* mov eax, 1 */
    static const uint8_t jump[] = {0xFF, 0x25};                       /* jmp [address] */
    const struct iw_lab_pe_options *options = image->options;
    struct iw_lab_pe_buffer *code = &text->content;
    image->entry_rva = iw_lab_pe_here(text);
    if (iw_lab_pe_is_managed(options->kind)) {
        if (!options->is_32) {
            image->entry_rva = 0;
            return;
        }
        iw_lab_pe_put(code, jump, sizeof jump);
        image->runtime_jump_rva = iw_lab_pe_here(text);
        iw_lab_pe_put_u32(code, 0);
        iw_lab_pe_align_with(code, IW_LAB_PE_CODE_STEP_BYTES, 0xCC);
    } else if (options->kind == IW_LAB_PE_PROGRAM) {
        iw_lab_pe_put(code, return_0, sizeof return_0);
        put_return(code, options->is_32, 0);
    } else {
        iw_lab_pe_put(code, return_1, sizeof return_1);
        put_return(code, options->is_32, 12);
    }
}

void iw_lab_pe_add_code(struct iw_lab_pe_image *image)
{
    struct iw_lab_pe_section *text = iw_lab_pe_begin_section(image, IW_LAB_PE_TEXT);
    put_entry(image, text);
    image->first_export_rva = iw_lab_pe_here(text);
    const char *const *names = iw_lab_pe_exports(image->options);
    for (size_t i = 0; names[i] != NULL; i++) {
        iw_lab_pe_put(&text->content, "\x33\xC0", 2); /* xor eax, eax */
        put_return(&text->content, image->options->is_32, arguments_of(names[i]));
    }
}

void iw_lab_pe_add_relocation(struct iw_lab_pe_image *image)
{
    struct iw_lab_pe_section *reloc = iw_lab_pe_begin_section(image, IW_LAB_PE_RELOC);
    if (image->runtime_jump_rva == 0) {
        return;
    }
    struct iw_lab_pe_section *text = &image->sections[IW_LAB_PE_TEXT];
    uint64_t address = iw_lab_pe_image_base(image->options) + image->first_iat_slot_rva;
    iw_lab_pe_patch_u32(&text->content, image->runtime_jump_rva - text->rva, (uint32_t)address);
    iw_lab_pe_put_u32(&reloc->content, image->runtime_jump_rva & ~0xFFFU);
    iw_lab_pe_put_u32(&reloc->content, 12); /* the block: this head and two entries */
    iw_lab_pe_put_u16(&reloc->content, (uint16_t)(0x3000 | (image->runtime_jump_rva & 0xFFF)));
    iw_lab_pe_put_u16(&reloc->content, 0); /* to a multiple of four */
    iw_lab_pe_set_directory(image, IW_LAB_PE_DIR_RELOCATION, reloc->rva, iw_lab_pe_here(reloc));
}
