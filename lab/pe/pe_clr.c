/*
 * The managed part: a CLI header, tiny method bodies, and metadata that tells of one class.
 *
 * What it does: an assembly with one public class. As a module it implements System.Web.IHttpModule
 * (Init, Dispose), as a handler System.Web.IHttpHandler (ProcessRequest, IsReusable); autostart is
 * a module with a static Start that PreApplicationStartMethodAttribute of the assembly names.
 * Bodies return at once; the constructor calls that of System.Object.
 * Format: ECMA-335 II.25.3.3 (CLI header), II.25.4.2 (tiny bodies), II.23.1 (flags), II.23.2
 * (signatures), II.23.3 (values of attributes), II.24.2.6 (coded indexes).
 * What it ignores: strong names, managed resources, fields, generics, entry points of programs.
 */
#include "lab/pe/pe_image.h"

#include <string.h>
#include <strings.h>

#include "lab/pe/clr_tables.h"

#define CLI_HEADER_BYTES 72U
#define MVID_SALT 2U
#define FLAG_IL_ONLY 1U
#define FLAG_32_BIT_REQUIRED 2U

#define MODULES (1U << IW_LAB_PE_MANAGED_MODULE | 1U << IW_LAB_PE_AUTOSTART)
#define HANDLERS (1U << IW_LAB_PE_MANAGED_HANDLER)
#define AUTOSTARTS (1U << IW_LAB_PE_AUTOSTART)
#define ALL_KINDS (MODULES | HANDLERS | 1U << IW_LAB_PE_MANAGED)

enum body { BODY_CONSTRUCTOR, BODY_RETURN, BODY_RETURN_FALSE, N_BODIES };

/* A tiny header (size * 4 + 2), then the instructions. */
static const struct {
    uint8_t size_bytes;
    uint8_t bytes[9];
} bodies[N_BODIES] = {
    /* ldarg.0; call MemberRef 1; ret */
    [BODY_CONSTRUCTOR] = {8, {7 << 2 | 2, 0x02, 0x28, 0x01, 0x00, 0x00, 0x0A, 0x2A}},
    [BODY_RETURN] = {2, {1 << 2 | 2, 0x2A}},
    [BODY_RETURN_FALSE] = {3, {2 << 2 | 2, 0x16, 0x2A}}, /* ldc.i4.0; ret */
};

static const struct method {
    uint32_t kinds;
    const char *name;
    uint16_t flags;       /* II.23.1.10 */
    uint8_t signature[2]; /* convention (0x20: has this), return type (1 void, 2 bool) */
    enum body body;
    const char *parameter; /* class of System.Web of the only one, or NULL */
} methods[] = {
    {ALL_KINDS, ".ctor", 0x1886, {0x20, 0x01}, BODY_CONSTRUCTOR, NULL},
    {MODULES, "Init", 0x01E6, {0x20, 0x01}, BODY_RETURN, "HttpApplication"},
    {MODULES, "Dispose", 0x01E6, {0x20, 0x01}, BODY_RETURN, NULL},
    {HANDLERS, "ProcessRequest", 0x01E6, {0x20, 0x01}, BODY_RETURN, "HttpContext"},
    {HANDLERS, "get_IsReusable", 0x09E6, {0x20, 0x02}, BODY_RETURN_FALSE, NULL},
    {AUTOSTARTS, "Start", 0x0096, {0x00, 0x01}, BODY_RETURN, NULL},
};
#define N_METHODS (sizeof methods / sizeof methods[0])

/* Tags of coded indexes, II.24.2.6. */
static uint32_t type_def_or_ref(uint32_t type_ref)
{
    return type_ref << 2 | 1;
}

static uint32_t member_of(uint32_t type_ref)
{
    return type_ref << 3 | 1;
}

struct assembly {
    const struct iw_lab_pe_options *options;
    struct iw_lab_clr clr;
    uint32_t body_rvas[N_METHODS];
    uint32_t mscorlib, system_web; /* rows of AssemblyRef */
    uint32_t class_row;            /* of TypeDef */
    const char *type_name;         /* with its namespace */
    size_t type_name_bytes;
};

bool iw_lab_pe_is_managed(enum iw_lab_pe_kind kind)
{
    return (ALL_KINDS >> kind & 1) != 0;
}

static bool has_method(const struct assembly *assembly, size_t i)
{
    return (methods[i].kinds >> assembly->options->kind & 1) != 0;
}

static uint32_t string(struct assembly *assembly, const char *text)
{
    return iw_lab_clr_string(&assembly->clr, text, strlen(text));
}

static uint32_t add_row(struct assembly *assembly, enum iw_lab_clr_table table,
                        const uint32_t columns[])
{
    return iw_lab_clr_add_row(&assembly->clr, table, columns);
}

static uint32_t add_assembly_ref(struct assembly *assembly, const char *name,
                                 const uint8_t token[8])
{
    return add_row(assembly, IW_LAB_CLR_ASSEMBLY_REF,
                   (const uint32_t[]){4, 0, 0, 0, 0, iw_lab_clr_blob(&assembly->clr, token, 8),
                                      string(assembly, name), 0, 0});
}

static uint32_t add_type_ref(struct assembly *assembly, uint32_t scope, const char *space,
                             const char *name)
{
    return add_row(
        assembly, IW_LAB_CLR_TYPE_REF,
        (const uint32_t[]){scope << 2 | 2, string(assembly, name), string(assembly, space)});
}

/* Length of the file's name without its ending. */
static size_t stem_bytes(const char *name)
{
    size_t size_bytes = strlen(name);
    bool has_ending = size_bytes > 4 && (strcasecmp(name + size_bytes - 4, ".dll") == 0 ||
                                         strcasecmp(name + size_bytes - 4, ".exe") == 0);
    return has_ending ? size_bytes - 4 : size_bytes;
}

static void add_identity(struct assembly *assembly)
{
    static const uint8_t mscorlib_token[8] = {0xB7, 0x7A, 0x5C, 0x56, 0x19, 0x34, 0xE0, 0x89};
    static const uint8_t web_token[8] = {0xB0, 0x3F, 0x5F, 0x7F, 0x11, 0xD5, 0x0A, 0x3A};
    const char *name = iw_lab_pe_file_name(assembly->options);
    uint8_t mvid[16];
    uint16_t version[4];
    iw_lab_pe_make_guid(assembly->options, MVID_SALT, mvid);
    iw_lab_pe_version_words(assembly->options->version, version);
    add_row(
        assembly, IW_LAB_CLR_MODULE,
        (const uint32_t[]){0, string(assembly, name), iw_lab_clr_guid(&assembly->clr, mvid), 0, 0});
    add_row(assembly, IW_LAB_CLR_ASSEMBLY,
            (const uint32_t[]){0x8004, version[0], version[1], version[2], version[3], 0, 0,
                               iw_lab_clr_string(&assembly->clr, name, stem_bytes(name)), 0});
    assembly->mscorlib = add_assembly_ref(assembly, "mscorlib", mscorlib_token);
    if (assembly->options->kind != IW_LAB_PE_MANAGED) {
        assembly->system_web = add_assembly_ref(assembly, "System.Web", web_token);
    }
}

/* <Module>, the class, and the constructor it calls: MemberRef 1. */
static void add_class(struct assembly *assembly)
{
    uint32_t object = add_type_ref(assembly, assembly->mscorlib, "System", "Object");
    add_row(assembly, IW_LAB_CLR_TYPE_DEF,
            (const uint32_t[]){0, string(assembly, "<Module>"), 0, 0, 1, 1});
    const char *full = assembly->type_name;
    size_t space_bytes = assembly->type_name_bytes;
    while (space_bytes > 0 && full[space_bytes - 1] != '.') {
        space_bytes--;
    }
    uint32_t name = iw_lab_clr_string(&assembly->clr, full + space_bytes,
                                      assembly->type_name_bytes - space_bytes);
    uint32_t space = iw_lab_clr_string(&assembly->clr, full, space_bytes > 0 ? space_bytes - 1 : 0);
    assembly->class_row =
        add_row(assembly, IW_LAB_CLR_TYPE_DEF, /* public, initialised before a field is used */
                (const uint32_t[]){0x00100001, name, space, type_def_or_ref(object), 1, 1});
    add_row(assembly, IW_LAB_CLR_MEMBER_REF,
            (const uint32_t[]){member_of(object), string(assembly, ".ctor"),
                               iw_lab_clr_blob(&assembly->clr, "\x20\x00\x01", 3)});
    if (assembly->options->kind != IW_LAB_PE_MANAGED) {
        bool is_handler = assembly->options->kind == IW_LAB_PE_MANAGED_HANDLER;
        uint32_t interface = add_type_ref(assembly, assembly->system_web, "System.Web",
                                          is_handler ? "IHttpHandler" : "IHttpModule");
        add_row(assembly, IW_LAB_CLR_INTERFACE_IMPL,
                (const uint32_t[]){assembly->class_row, type_def_or_ref(interface)});
    }
}

static void add_method(struct assembly *assembly, size_t i)
{
    const struct method *method = &methods[i];
    struct iw_lab_pe_buffer signature = {0};
    iw_lab_pe_put_u8(&signature, method->signature[0]);
    iw_lab_pe_put_u8(&signature, method->parameter != NULL);
    iw_lab_pe_put_u8(&signature, method->signature[1]);
    uint32_t parameter = iw_lab_clr_next_row(&assembly->clr, IW_LAB_CLR_PARAM);
    if (method->parameter != NULL) {
        uint32_t type =
            add_type_ref(assembly, assembly->system_web, "System.Web", method->parameter);
        iw_lab_pe_put_u8(&signature, 0x12); /* class */
        iw_lab_clr_put_compressed(&signature, type_def_or_ref(type));
        add_row(assembly, IW_LAB_CLR_PARAM, (const uint32_t[]){0, 1, string(assembly, "context")});
    }
    uint32_t blob = iw_lab_clr_blob(&assembly->clr, signature.bytes, signature.size_bytes);
    iw_lab_pe_buffer_done(&signature);
    add_row(assembly, IW_LAB_CLR_METHOD_DEF,
            (const uint32_t[]){assembly->body_rvas[i], 0, method->flags,
                               string(assembly, method->name), blob, parameter});
}

/* IsReusable, whose getter is the handler's last method. */
static void add_property(struct assembly *assembly)
{
    uint32_t getter = iw_lab_clr_next_row(&assembly->clr, IW_LAB_CLR_METHOD_DEF) - 1;
    uint32_t signature = iw_lab_clr_blob(&assembly->clr, "\x28\x00\x02", 3);
    uint32_t property = add_row(assembly, IW_LAB_CLR_PROPERTY,
                                (const uint32_t[]){0, string(assembly, "IsReusable"), signature});
    add_row(assembly, IW_LAB_CLR_PROPERTY_MAP, (const uint32_t[]){assembly->class_row, property});
    add_row(assembly, IW_LAB_CLR_METHOD_SEMANTICS,
            (const uint32_t[]){0x0002, getter, property << 1 | 1});
}

static void put_serialised_string(struct iw_lab_pe_buffer *out, const char *text, size_t size_bytes)
{
    iw_lab_clr_put_compressed(out, (uint32_t)size_bytes);
    iw_lab_pe_put(out, text, size_bytes);
}

/* [assembly: PreApplicationStartMethod(typeof(the class), "Start")] */
static void add_start_attribute(struct assembly *assembly)
{
    uint32_t attribute = add_type_ref(assembly, assembly->system_web, "System.Web",
                                      "PreApplicationStartMethodAttribute");
    uint32_t type = add_type_ref(assembly, assembly->mscorlib, "System", "Type");
    struct iw_lab_pe_buffer blob = {0};
    iw_lab_pe_put(&blob, "\x20\x02\x01\x12", 4); /* this, two arguments, void, class … */
    iw_lab_clr_put_compressed(&blob, type_def_or_ref(type));
    iw_lab_pe_put_u8(&blob, 0x0E); /* string */
    uint32_t signature = iw_lab_clr_blob(&assembly->clr, blob.bytes, blob.size_bytes);
    uint32_t constructor =
        add_row(assembly, IW_LAB_CLR_MEMBER_REF,
                (const uint32_t[]){member_of(attribute), string(assembly, ".ctor"), signature});
    iw_lab_pe_buffer_done(&blob);
    iw_lab_pe_put_u16(&blob, 1);
    put_serialised_string(&blob, assembly->type_name, assembly->type_name_bytes);
    put_serialised_string(&blob, "Start", 5);
    iw_lab_pe_put_u16(&blob, 0); /* named arguments */
    uint32_t value = iw_lab_clr_blob(&assembly->clr, blob.bytes, blob.size_bytes);
    iw_lab_pe_buffer_done(&blob);
    add_row(assembly, IW_LAB_CLR_CUSTOM_ATTRIBUTE, /* of assembly 1, by a MemberRef */
            (const uint32_t[]){1 << 5 | 14, constructor << 3 | 3, value});
}

static void put_bodies(struct assembly *assembly, struct iw_lab_pe_section *text)
{
    for (size_t i = 0; i < N_METHODS; i++) {
        if (has_method(assembly, i)) {
            assembly->body_rvas[i] = iw_lab_pe_here(text);
            iw_lab_pe_put(&text->content, bodies[methods[i].body].bytes,
                          bodies[methods[i].body].size_bytes);
        }
    }
    iw_lab_pe_align(&text->content, 4);
}

static void put_cli_header(struct iw_lab_pe_buffer *out, const struct iw_lab_pe_options *options)
{
    /* Native exports or imports of its own make it a mixed file, as C++/CLI would. */
    bool is_pure = options->exports == NULL && options->imports == NULL;
    uint32_t flags = is_pure ? FLAG_IL_ONLY : 0;
    iw_lab_pe_put_u32(out, CLI_HEADER_BYTES);
    iw_lab_pe_put_u16(out, 2);
    iw_lab_pe_put_u16(out, 5);
    iw_lab_pe_put_zeros(out, 8); /* metadata, once its place is known */
    iw_lab_pe_put_u32(out, flags | (options->is_32 ? FLAG_32_BIT_REQUIRED : 0));
    iw_lab_pe_put_zeros(out, CLI_HEADER_BYTES - 20);
}

static void collect(struct assembly *assembly)
{
    add_identity(assembly);
    add_class(assembly);
    for (size_t i = 0; i < N_METHODS; i++) {
        if (has_method(assembly, i)) {
            add_method(assembly, i);
        }
    }
    if (assembly->options->kind == IW_LAB_PE_MANAGED_HANDLER) {
        add_property(assembly);
    }
    if (assembly->options->kind == IW_LAB_PE_AUTOSTART) {
        add_start_attribute(assembly);
    }
}

void iw_lab_pe_add_clr(struct iw_lab_pe_image *image)
{
    const struct iw_lab_pe_options *options = image->options;
    if (!iw_lab_pe_is_managed(options->kind)) {
        return;
    }
    struct iw_lab_pe_buffer name = {0};
    if (options->type_name != NULL) {
        iw_lab_pe_put(&name, options->type_name, strlen(options->type_name));
    } else {
        const char *file_name = iw_lab_pe_file_name(options);
        iw_lab_pe_put(&name, "Lab.", 4);
        iw_lab_pe_put(&name, file_name, stem_bytes(file_name));
    }
    struct assembly assembly = {.options = options,
                                .type_name = (const char *)name.bytes,
                                .type_name_bytes = name.size_bytes};
    struct iw_lab_pe_section *text = &image->sections[IW_LAB_PE_TEXT];
    struct iw_lab_pe_buffer *out = &text->content;
    iw_lab_pe_align(out, 4);
    uint32_t header = iw_lab_pe_here(text);
    put_cli_header(out, options);
    iw_lab_pe_set_directory(image, IW_LAB_PE_DIR_CLR, header, iw_lab_pe_here(text));
    put_bodies(&assembly, text);
    collect(&assembly);
    uint32_t metadata = iw_lab_pe_here(text);
    iw_lab_clr_write(&assembly.clr, out);
    iw_lab_pe_patch_u32(out, header - text->rva + 8, metadata);
    iw_lab_pe_patch_u32(out, header - text->rva + 12, iw_lab_pe_here(text) - metadata);
    iw_lab_clr_done(&assembly.clr);
    iw_lab_pe_buffer_done(&name);
}
