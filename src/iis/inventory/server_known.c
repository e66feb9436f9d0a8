/*
 * What the catalogue of Microsoft's own components says of each, and what names look like: after
 * all components and their files are there.
 */
#include "iis/inventory/server_build.h"

#include "base/path_name.h"
#include "iis/config/server_path.h"
#include "iis/known/known_component.h"
#include "iis/known/look_alike.h"

#define MAX_VERSIONS 4U

/* --- the question --------------------------------------------------------------------------- */

/* The kind of the configuration; IW_COMPONENT_KIND_COUNT: of the registry, or a file alone. */
static enum iw_component_kind kind_of(const struct iw_inventory_component *row)
{
    for (int kind = 0; kind < (int)IW_COMPONENT_KIND_COUNT; kind++) {
        if (strcmp(row->kind, iw_component_kind_name((enum iw_component_kind)kind)) == 0)
            return (enum iw_component_kind)kind;
    }
    return IW_COMPONENT_KIND_COUNT;
}

/* An entry of `modules` is what globalModules says of that name. */
static const struct iw_inventory_component *module_of(const struct iw_server_build *build,
                                                      struct iw_str name)
{
    const struct iw_inventory_component *rows = build->components.items;
    const char *wanted = iw_component_kind_name(IW_COMPONENT_GLOBAL_MODULE);
    for (size_t i = 0; i < build->components.n; i++) {
        if (strcmp(rows[i].kind, wanted) == 0 && iw_str_equal(rows[i].name, name))
            return &rows[i];
    }
    return NULL;
}

static size_t add_versions(const struct iw_inventory_component *row,
                           struct iw_known_version *versions)
{
    size_t n = 0;
    if (strcmp(row->kind, iw_component_kind_name(IW_COMPONENT_CLR_CONFIG)) == 0)
        return 0; /* text */
    for (size_t i = 0; i < row->n_files && n < MAX_VERSIONS; i++) {
        if (row->files[i].state == IW_ITEM_FILE_READ)
            versions[n++].company = row->files[i].company;
    }
    return n;
}

static struct iw_known_answer ask(const struct iw_server_build *build,
                                  const struct iw_inventory_component *row,
                                  enum iw_component_kind kind)
{
    const struct iw_inventory_component *from = row;
    struct iw_known_version versions[MAX_VERSIONS];
    struct iw_known_question question = {.kind = kind,
                                         .name = row->name,
                                         .arguments = row->arguments,
                                         .type = row->type,
                                         .path = iw_inventory_attribute(row, "path"),
                                         .modules = iw_inventory_attribute(row, "modules"),
                                         .files = versions};
    if (kind == IW_COMPONENT_NATIVE_MODULE)
        from = module_of(build, row->name);
    if (from != NULL) {
        question.image = from->image_path;
        question.n_files = add_versions(from, versions);
    }
    return iw_known_component(&question);
}

/* --- the answer ----------------------------------------------------------------------------- */

static enum iw_item_known known_of(enum iw_known_state state)
{
    switch (state) {
    case IW_KNOWN:
        return IW_ITEM_KNOWN_AS_IT_IS;
    case IW_KNOWN_NAME_OTHER_IMAGE:
        return IW_ITEM_KNOWN_NAME_OTHER_IMAGE;
    case IW_KNOWN_IMAGE_OTHER_NAME:
        return IW_ITEM_KNOWN_IMAGE_OTHER_NAME;
    case IW_KNOWN_BUT_VERSION_DISAGREES:
        return IW_ITEM_KNOWN_VERSION_DISAGREES;
    case IW_KNOWN_UNKNOWN:
    case IW_KNOWN_STATE_COUNT:
        break;
    }
    return IW_ITEM_KNOWN_UNKNOWN;
}

/* A file that is not as it should be is approved by no catalogue. */
static bool is_sound(const struct iw_inventory_component *row)
{
    for (size_t i = 0; i < row->n_files; i++) {
        if (row->files[i].state == IW_ITEM_FILE_MISSING ||
            row->files[i].signature == IW_ITEM_SIGNATURE_TAMPERED)
            return false;
    }
    return true;
}

static enum iw_rc tell(struct iw_server_build *build, struct iw_inventory_component *row,
                       const struct iw_known_answer *answer)
{
    row->known = known_of(answer->state);
    row->known_why =
        answer->product != NULL
            ? iw_keep_format(build, "%s (%s%s)", answer->why, answer->product,
                             answer->is_unverified ? ", not from a first-hand source" : "")
            : iw_keep_format(build, "%s", answer->why);
    if (row->known_why.p == NULL)
        return IW_ENOMEM;
    if (row->known == IW_ITEM_KNOWN_AS_IT_IS && is_sound(row)) {
        row->approval = IW_APPROVAL_CATALOGUE;
        row->approval_why = row->known_why;
    }
    return IW_OK;
}

/* --- files nothing registers ---------------------------------------------------------------- */

/* Where only an administrator puts files: the framework's own folder, and the GAC. */
static bool is_framework_place(struct iw_str path)
{
    return iw_str_holds_nocase(path, IW_STR("\\Windows\\Microsoft.NET\\Framework")) ||
           iw_str_holds_nocase(path, IW_STR("\\Windows\\Microsoft.NET\\assembly\\GAC_")) ||
           iw_str_holds_nocase(path, IW_STR("\\Windows\\assembly\\GAC"));
}

static bool has_framework_token(struct iw_str assembly)
{
    return iw_str_holds_nocase(assembly, IW_STR("PublicKeyToken=b77a5c561934e089")) ||
           iw_str_holds_nocase(assembly, IW_STR("PublicKeyToken=b03f5f7f11d50a3a")) ||
           iw_str_holds_nocase(assembly, IW_STR("PublicKeyToken=31bf3856ad364e35"));
}

static bool is_framework_assembly(const struct iw_inventory_component *row)
{
    const struct iw_item_file *file = &row->files[0];
    return is_framework_place(file->path) && has_framework_token(file->assembly) &&
           iw_str_equal(file->company, IW_STR("Microsoft Corporation"));
}

/* A built-in module nobody switched on: its image is in the table, under whatever name. */
static bool is_built_in_image(const struct iw_inventory_component *row)
{
    const struct iw_known_version version = {row->files[0].company};
    const struct iw_known_question question = {.kind = IW_COMPONENT_GLOBAL_MODULE,
                                               .name = row->name,
                                               .image = row->files[0].path,
                                               .files = &version,
                                               .n_files = 1};
    struct iw_known_answer answer = iw_known_component(&question);
    return answer.state == IW_KNOWN_IMAGE_OTHER_NAME && answer.check == IW_KNOWN_AGREES;
}

static void ask_of_file(struct iw_inventory_component *row)
{
    if (row->n_files == 0 || !is_sound(row) ||
        (!is_framework_assembly(row) && !is_built_in_image(row)))
        return;
    row->known = IW_ITEM_KNOWN_AS_IT_IS;
    row->known_why = IW_STR("a file of Windows or .NET in its own place, and its version "
                            "information agrees; nothing registers it");
    row->approval = IW_APPROVAL_CATALOGUE;
    row->approval_why = row->known_why;
}

/* What Microsoft ships says nothing of it: what is taken away, permissions, folders. */
static bool is_no_code(enum iw_component_kind kind)
{
    return kind == IW_COMPONENT_REMOVED_ENTRY || kind == IW_COMPONENT_ACCESS_POLICY ||
           kind == IW_COMPONENT_VIRTUAL_DIRECTORY;
}

/* --- names ---------------------------------------------------------------------------------- */

static bool has_name_of_its_own(enum iw_component_kind kind)
{
    return kind == IW_COMPONENT_GLOBAL_MODULE || kind == IW_COMPONENT_NATIVE_MODULE ||
           kind == IW_COMPONENT_MANAGED_MODULE || kind == IW_COMPONENT_HANDLER ||
           kind == IW_COMPONENT_ISAPI_FILTER || kind == IW_COMPONENT_NET_MODULE;
}

static bool has_line(const struct iw_text_list *list, struct iw_str line)
{
    for (size_t i = 0; i < list->n; i++) {
        if (iw_str_equal(list->items[i], line))
            return true;
    }
    return false;
}

static enum iw_rc note(struct iw_server_build *build, struct iw_inventory_component *row,
                       enum iw_look_alike_of of, struct iw_str name)
{
    struct iw_text_list notes;
    IW_TRY(iw_look_alike_notes(of, name, &build->work, &notes));
    for (size_t i = 0; i < notes.n; i++) {
        if (!has_line(&row->notes, notes.items[i]) &&
            !iw_keep_line(build, &row->notes, iw_keep(build, notes.items[i])))
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* `C:\Windows \x.dll` is made to be read as `C:\Windows\x.dll`. */
static enum iw_rc note_place(struct iw_server_build *build, struct iw_inventory_component *row)
{
    if (!iw_server_path_is_odd(row->image_path))
        return IW_OK;
    return iw_keep_line(build, &row->notes,
                        IW_STR("a name in the path ends with a dot or a space: not the folder or "
                               "file without them"))
               ? IW_OK
               : IW_ENOMEM;
}

static enum iw_rc note_names(struct iw_server_build *build, struct iw_inventory_component *row,
                             enum iw_component_kind kind)
{
    IW_TRY(note_place(build, row));
    if (row->known == IW_ITEM_KNOWN_AS_IT_IS)
        return IW_OK;
    if (has_name_of_its_own(kind))
        IW_TRY(note(build, row, IW_LOOK_ALIKE_COMPONENT, row->name));
    if (row->image_path.n != 0 && row->known != IW_ITEM_KNOWN_IMAGE_OTHER_NAME)
        IW_TRY(note(build, row, IW_LOOK_ALIKE_FILE, iw_path_name(row->image_path)));
    return IW_OK;
}

enum iw_rc iw_build_known(struct iw_server_build *build)
{
    struct iw_inventory_component *rows = build->components.items;
    for (size_t i = 0; i < build->components.n; i++) {
        enum iw_component_kind kind = kind_of(&rows[i]);
        bool is_file = strcmp(rows[i].state, "file") == 0;
        if (is_no_code(kind))
            continue;
        if (kind != IW_COMPONENT_KIND_COUNT && strcmp(rows[i].state, "unknown") != 0) {
            struct iw_known_answer answer = ask(build, &rows[i], kind);
            IW_TRY(tell(build, &rows[i], &answer));
        } else if (is_file) {
            ask_of_file(&rows[i]);
        } else if (kind == IW_COMPONENT_KIND_COUNT) {
            rows[i].known = IW_ITEM_KNOWN_UNKNOWN; /* of the registry: Microsoft has none there */
        }
        IW_TRY(note_names(build, &rows[i], kind));
    }
    return IW_OK;
}
