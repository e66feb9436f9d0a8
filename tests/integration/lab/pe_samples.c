/*
 * Writes invented PE files for other tools to judge: every kind with 32 and 64 bits, and a few odd
 * ones. What they hold is repeated in test_lab_pe.py.
 *
 * usage: pe_samples FOLDER
 */
#include <stdio.h>
#include <stdlib.h>

#include "lab/pe/lab_pe.h"

static const char *const kind_names[IW_LAB_PE_N_KINDS] = {
    [IW_LAB_PE_PROGRAM] = "program",       [IW_LAB_PE_LIBRARY] = "library",
    [IW_LAB_PE_NATIVE_MODULE] = "native",  [IW_LAB_PE_FILTER] = "filter",
    [IW_LAB_PE_EXTENSION] = "extension",   [IW_LAB_PE_MANAGED] = "managed",
    [IW_LAB_PE_MANAGED_MODULE] = "module", [IW_LAB_PE_MANAGED_HANDLER] = "handler",
    [IW_LAB_PE_AUTOSTART] = "autostart",
};

static void write_file(const char *folder, const char *name,
                       const struct iw_lab_pe_options *options)
{
    char path[4096];
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe, options);
    snprintf(path, sizeof path, "%s/%s-%d.dll", folder, name, options->is_32 ? 32 : 64);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(pe.bytes, 1, pe.size_bytes, file) != pe.size_bytes ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    iw_lab_pe_done(&pe);
}

static void write_odd(const char *folder, const struct iw_lab_pe_options *base)
{
    static const char *const exports[] = {"zeta", "_RegisterModule@12", "Alpha",
                                          "forward=KERNEL32.Sleep", NULL};
    static const char *const imports[] = {"WS2_32.dll!socket", "KERNEL32.dll!CreateProcessW",
                                          "ws2_32.dll!connect", NULL};
    static const char *const none[] = {NULL};
    struct iw_lab_pe_options odd = *base;
    odd.kind = IW_LAB_PE_NATIVE_MODULE;
    odd.exports = exports;
    odd.imports = imports;
    odd.filling_bytes = UINT32_C(1) << 20;
    write_file(folder, "odd", &odd);
    struct iw_lab_pe_options bare = {.kind = IW_LAB_PE_LIBRARY, .is_32 = base->is_32};
    bare.exports = none;
    bare.imports = none;
    write_file(folder, "bare", &bare);
    struct iw_lab_pe_options mixed = *base;
    mixed.kind = IW_LAB_PE_MANAGED_HANDLER;
    mixed.exports = exports;
    mixed.imports = imports;
    write_file(folder, "mixed", &mixed);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: pe_samples FOLDER\n", stderr);
        return 2;
    }
    struct iw_lab_pe_options options = {.name = "Größe.dll",
                                        .company = "Lab Company",
                                        .product = "Produkt für Tests",
                                        .description = "A module that is none",
                                        .original_name = "cachport.dll",
                                        .version = "10.0.20348.65535",
                                        .type_name = "Shop.Web.Thing",
                                        .pdb = "D:\\build\\cachport.pdb",
                                        .timestamp = 1767607200,
                                        .seed = 7};
    for (int is_32 = 0; is_32 <= 1; is_32++) {
        options.is_32 = is_32;
        for (int kind = 0; kind < IW_LAB_PE_N_KINDS; kind++) {
            options.kind = (enum iw_lab_pe_kind)kind;
            write_file(argv[1], kind_names[kind], &options);
        }
        write_odd(argv[1], &options);
    }
    return 0;
}
