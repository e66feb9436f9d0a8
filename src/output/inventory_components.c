/*
 * The components of a server for people: how many of which kind, those that stand out one by one,
 * the others (where all are asked for) a line each.
 */
#include "base/map.h"
#include "output/inventory_lines.h"
#include "output/inventory_words.h"

#define KIND_COLUMNS 24U
#define NAME_COLUMNS_MAX 40U
#define NAME_COLUMNS_MIN 12U
/* What iw_display_wrapped takes at least. */
#define IMAGE_COLUMNS_MIN 33U

/* --- counts -------------------------------------------------------------------------------- */

/* "46 native modules, 87 handlers", in the order of the first of each: where configurations are
 * loose files, kinds do not stand together. */
static void add_kind_counts(struct iw_inventory_writer *writer,
                            const struct iw_inventory_server *server)
{
    struct iw_buffer *scratch = &writer->scratch;
    struct iw_map kinds;
    iw_map_init(&kinds);
    for (size_t i = 0; i < server->n_components && !scratch->failed; i++) {
        struct iw_map_entry *entry =
            iw_map_add(&kinds, iw_str_of(server->components[i].kind), NULL);
        if (entry != NULL)
            entry->value.number++;
        scratch->failed = entry == NULL;
    }
    for (size_t i = 0; i < kinds.n; i++) {
        const char *kind = kinds.entries[i].key.p; /* ends with a NUL: it was a static text */
        if (i != 0)
            iw_buffer_add(scratch, IW_STR(", "));
        iw_display_counted(scratch, kinds.entries[i].value.number,
                           iw_inventory_kind_words(kind, false),
                           iw_inventory_kind_words(kind, true));
    }
    iw_map_done(&kinds);
}

/* What brings no module in: of a server's dozens of them, the one that a baseline does not have is
 * worth a block, and none without a baseline. */
static bool is_background(const struct iw_inventory_component *component)
{
    static const char *const KINDS[] = {"removedEntry", "accessPolicy", "virtualDirectory",
                                        "binFile"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(component->kind, KINDS[i]) == 0)
            return true;
    }
    return false;
}

static bool waits_for_baseline(const struct iw_inventory_component *component)
{
    return component->approval == IW_APPROVAL_NOT_ASKED && is_background(component);
}

static void add_count(struct iw_buffer *scratch, uint64_t n, const char *words)
{
    if (n == 0)
        return;
    if (scratch->n != 0)
        iw_buffer_add(scratch, IW_STR(", "));
    iw_display_count(scratch, n);
    iw_buffer_add(scratch, iw_str_of(words));
}

static void add_approval_counts(struct iw_inventory_writer *writer,
                                const struct iw_inventory_server *server)
{
    static const struct {
        enum iw_approval approval;
        const char *words;
    } SHOWN[] = {
        {IW_APPROVAL_CATALOGUE, " Microsoft's own by the catalogue"},
        {IW_APPROVAL_BASELINE, " as in the baseline"},
        {IW_APPROVAL_APPROVED, " approved since the baseline"},
        {IW_APPROVAL_CHANGE_RECORD, " explained by change records"},
        {IW_APPROVAL_KNOWN_HASH, " of known hash"},
        {IW_APPROVAL_EXPIRED, " whose approval has expired"},
        {IW_APPROVAL_NONE, " not approved"},
        {IW_APPROVAL_NOT_ASKED, " that nothing vouches for"},
    };
    uint64_t n_background = 0;
    for (size_t i = 0; i < server->n_components; i++)
        n_background += waits_for_baseline(&server->components[i]);
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        uint64_t n = 0;
        for (size_t j = 0; j < server->n_components; j++)
            n += server->components[j].approval == SHOWN[i].approval &&
                 !waits_for_baseline(&server->components[j]);
        add_count(&writer->scratch, n, SHOWN[i].words);
    }
    add_count(&writer->scratch, n_background, " that only a baseline can judge");
}

/* --- one that stands out ------------------------------------------------------------------- */

/* Where it stands. Of a file that came without its path only its name is known (iis/inventory
 * writes that with a question mark in front). */
static void add_scope(struct iw_buffer *scratch, struct iw_str scope, struct iw_str before)
{
    if (scope.n == 0)
        return;
    iw_buffer_add(scratch, before);
    if (scope.p[0] != '?') {
        iw_buffer_add(scratch, IW_STR("at "));
        iw_buffer_add(scratch, scope);
        return;
    }
    iw_buffer_add(scratch, IW_STR("of "));
    iw_buffer_add(scratch, (struct iw_str){scope.p + 1, scope.n - 1});
    iw_buffer_add(scratch, IW_STR(", which belongs to no known place"));
}

static void add_title(struct iw_inventory_writer *writer,
                      const struct iw_inventory_component *component)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_buffer_add_char(writer->out, '\n');
    iw_buffer_add(scratch, iw_str_of(iw_inventory_kind_words(component->kind, false)));
    if (component->name.n != 0) {
        iw_buffer_add_char(scratch, ' ');
        iw_buffer_add(scratch, component->name);
    }
    add_scope(scratch, component->scope, IW_STR(", "));
    if (component->is_disabled)
        iw_buffer_add(scratch, IW_STR(" (switched off)"));
    iw_inventory_toned_entry(writer, IW_TONE_STRONG, 3);
}

/* Whole, but for the file that the head of the server names. */
static void add_place(struct iw_inventory_writer *writer, const struct iw_inventory_server *server,
                      const struct iw_inventory_component *component)
{
    struct iw_buffer *scratch = &writer->scratch;
    struct iw_str file = component->config_source;
    for (size_t i = file.n; iw_str_equal(component->config_source, server->source) && i-- > 0;) {
        if (file.p[i] == '/' || file.p[i] == '\\') {
            file = (struct iw_str){file.p + i + 1, file.n - i - 1};
            break;
        }
    }
    iw_buffer_add(scratch, file);
    if (component->line != 0)
        iw_buffer_printf(scratch, ":%u:%u", component->line, component->column);
    iw_inventory_scratch_row(writer, "written", 3);
}

static void add_pools(struct iw_inventory_writer *writer,
                      const struct iw_inventory_component *component)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_inventory_add_joined(scratch, component->pools);
    if (component->pools_unknown)
        iw_buffer_add(scratch, scratch->n != 0 ? IW_STR(", and others that are not known")
                                               : IW_STR("not known which"));
    iw_inventory_scratch_row(writer, "pools", 2);
}

static void add_block(struct iw_inventory_writer *writer, const struct iw_inventory_server *server,
                      const struct iw_inventory_component *component)
{
    add_title(writer, component);
    iw_inventory_list_rows(writer, "note", component->notes);
    iw_inventory_approval_rows(writer, component->approval, component->approval_why,
                               &component->first_seen);
    iw_inventory_warning_row(writer, "state",
                             iw_str_of(iw_inventory_state_words(component->state)));
    if (!iw_str_equal(component->image, component->name))
        iw_inventory_row(writer, "image", component->image, 4);
    iw_inventory_row(writer, "with", component->arguments, 4);
    if (!iw_str_equal(component->type, component->name))
        iw_inventory_row(writer, "type", component->type, 3);
    iw_inventory_row(writer, "class", component->clsid, 1);
    iw_inventory_row(writer, "owner", component->owner, 1);
    for (size_t i = 0; i < component->n_files; i++)
        iw_inventory_file_rows(writer, &component->files[i], true);
    iw_inventory_row(writer, "only if", component->precondition, 2);
    add_pools(writer, component);
    add_place(writer, server, component);
    iw_buffer_breathe(writer->out);
}

/* --- the others, a line each --------------------------------------------------------------- */

/* Room for names beside which an image finds place; longer ones push it to the next line. 0: the
 * terminal is too narrow for columns. */
static size_t name_columns(const struct iw_inventory_writer *writer,
                           const struct iw_inventory_server *server)
{
    size_t width = writer->style->width, most = 0, limit = NAME_COLUMNS_MAX;
    size_t others = IW_INVENTORY_ENTRY_INDENT + KIND_COLUMNS + 2 + IMAGE_COLUMNS_MIN;
    for (size_t i = 0; i < server->n_components; i++) {
        size_t columns = iw_display_columns(server->components[i].name);
        most = columns > most ? columns : most;
    }
    if (width != 0 && width < others + NAME_COLUMNS_MAX)
        limit = width > others + NAME_COLUMNS_MIN ? width - others : 0;
    return most < limit ? most : limit;
}

/* What it loads, where, and whether that file was there. */
static void add_image_text(struct iw_buffer *scratch,
                           const struct iw_inventory_component *component)
{
    struct iw_str what = component->image.n != 0 ? component->image : component->type;
    if (what.n == 0 && component->n_files != 0)
        what = component->files[0].path;      /* nothing registers it */
    if (!iw_str_equal(what, component->name)) /* some are named by it */
        iw_buffer_add(scratch, what);
    add_scope(scratch, component->scope, scratch->n != 0 ? IW_STR(", ") : IW_STR(""));
    if (component->is_disabled)
        iw_buffer_add(scratch,
                      scratch->n != 0 ? IW_STR(" (switched off)") : IW_STR("(switched off)"));
    for (size_t i = 0; i < component->n_files; i++) {
        const char *words = iw_inventory_file_words(component->files[i].state);
        if (words == NULL)
            continue;
        iw_buffer_add(scratch, scratch->n != 0 ? IW_STR(" (") : IW_STR("("));
        if (component->files[i].twin != NULL) {
            iw_buffer_add(scratch, iw_str_of(component->files[i].twin));
            iw_buffer_add_char(scratch, ' ');
        }
        iw_buffer_add(scratch, (struct iw_str){words, strcspn(words, ":")});
        iw_buffer_add_char(scratch, ')');
    }
}

static void add_line(struct iw_inventory_writer *writer,
                     const struct iw_inventory_component *component, size_t columns)
{
    struct iw_buffer *out = writer->out, *scratch = &writer->scratch;
    size_t indent = IW_INVENTORY_ENTRY_INDENT + KIND_COLUMNS;
    iw_display_spaces(out, IW_INVENTORY_ENTRY_INDENT);
    iw_display_cell(out, iw_str_of(iw_inventory_kind_words(component->kind, false)),
                    KIND_COLUMNS - 1);
    iw_buffer_add_char(out, ' ');
    add_image_text(scratch, component);
    out->failed |= scratch->failed;
    if (scratch->n == 0) {
        iw_display_wrapped(out, writer->style, indent, 3, component->name);
    } else if (iw_display_columns(component->name) <= columns) {
        iw_display_cell(out, component->name, columns);
        iw_display_spaces(out, 2);
        iw_display_wrapped(out, writer->style, indent + columns + 2, 4, iw_buffer_str(scratch));
    } else {
        iw_display_wrapped(out, writer->style, indent, 3, component->name);
        indent = columns != 0 ? indent + columns + 2 : IW_INVENTORY_ROW_INDENT;
        iw_display_spaces(out, indent);
        iw_display_wrapped(out, writer->style, indent, 4, iw_buffer_str(scratch));
    }
    iw_buffer_clear(scratch);
    iw_buffer_breathe(out);
}

/* --- which is told how ---------------------------------------------------------------------- */

enum telling { TOLD_WHOLE, TOLD_AS_UNKNOWN, TOLD_AS_USUAL, TELLING_COUNT };

/* What is known of the server as a whole, by which one component is measured. */
struct measure {
    bool is_judged;      /* something vouches for some of its components */
    int64_t earliest_ns; /* first sight of the oldest; IW_TIME_UNKNOWN: of none */
};

/* Files that no configuration names are dated by themselves: their times are of another kind. */
static int64_t first_sight(const struct iw_inventory_component *component)
{
    return strcmp(component->state, "file") != 0 ? component->first_seen.time_ns : IW_TIME_UNKNOWN;
}

static struct measure measure_of(const struct iw_inventory_server *server)
{
    struct measure measure = {.earliest_ns = IW_TIME_UNKNOWN};
    int64_t latest_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < server->n_components; i++) {
        measure.is_judged |= iw_inventory_is_approved(server->components[i].approval);
        iw_time_widen(&measure.earliest_ns, &latest_ns, first_sight(&server->components[i]));
    }
    return measure;
}

/* Where nothing vouches for any component of a server, that nothing vouches for one says little: a
 * line will do, unless it came later than others or is a program IIS could load and nothing
 * registers. Where others are known, one that is not is what the reader looks for. */
static enum telling telling_of(const struct iw_inventory_component *component,
                               const struct measure *measure)
{
    int64_t first_ns = first_sight(component);
    if (iw_inventory_component_is_odd(component))
        return TOLD_WHOLE;
    if (iw_inventory_is_approved(component->approval) || is_background(component))
        return TOLD_AS_USUAL;
    if ((iw_time_known(first_ns) && first_ns > measure->earliest_ns) ||
        strcmp(component->kind, "moduleFile") == 0)
        return TOLD_WHOLE;
    return measure->is_judged ? TOLD_WHOLE : TOLD_AS_UNKNOWN;
}

static void write_lines(struct iw_inventory_writer *writer,
                        const struct iw_inventory_server *server, enum telling telling,
                        const char *heading, uint64_t n)
{
    size_t columns = name_columns(writer, server);
    struct measure measure = measure_of(server);
    if (n == 0)
        return;
    iw_inventory_heading(writer, heading);
    iw_buffer_add(writer->out, IW_STR(": "));
    iw_display_count(writer->out, n);
    iw_buffer_add(writer->out, IW_STR("\n\n"));
    for (size_t i = 0; i < server->n_components; i++) {
        if (telling_of(&server->components[i], &measure) == telling)
            add_line(writer, &server->components[i], columns);
    }
}

static void add_lead(struct iw_inventory_writer *writer, const uint64_t *n_told)
{
    struct iw_buffer *scratch = &writer->scratch;
    if (n_told[TOLD_WHOLE] != 0)
        iw_display_counted(scratch, n_told[TOLD_WHOLE], "to look at:", "to look at:");
    else if (n_told[TOLD_AS_UNKNOWN] == 0)
        iw_buffer_add(scratch, IW_STR("None to look at."));
    else
        return; /* the heading of those says it */
    iw_inventory_entry(writer, 2);
}

void iw_inventory_write_components(struct iw_inventory_writer *writer,
                                   const struct iw_inventory_server *server,
                                   struct iw_inventory_counts *counts)
{
    uint64_t n_told[TELLING_COUNT] = {0};
    struct measure measure = measure_of(server);
    for (size_t i = 0; i < server->n_components; i++)
        n_told[telling_of(&server->components[i], &measure)]++;
    counts->n_shown += n_told[TOLD_WHOLE];
    counts->n_unknown += n_told[TOLD_AS_UNKNOWN];
    iw_inventory_heading(writer, "Components");
    iw_buffer_add(writer->out, IW_STR(": "));
    iw_display_count(writer->out, server->n_components);
    iw_buffer_add_char(writer->out, '\n');
    if (server->n_components == 0)
        return;
    add_kind_counts(writer, server);
    iw_inventory_entry(writer, 8);
    add_approval_counts(writer, server);
    iw_inventory_entry(writer, 8);
    add_lead(writer, n_told);
    for (size_t i = 0; i < server->n_components; i++) {
        if (telling_of(&server->components[i], &measure) == TOLD_WHOLE)
            add_block(writer, server, &server->components[i]);
    }
    write_lines(writer, server, TOLD_AS_UNKNOWN, "Components that nothing vouches for",
                n_told[TOLD_AS_UNKNOWN]);
    if (writer->show_all)
        write_lines(writer, server, TOLD_AS_USUAL, "The other components", n_told[TOLD_AS_USUAL]);
}
