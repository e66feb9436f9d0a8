/*
 * The list for people and as NDJSON.
 */
#include "base/json.h"
#include "output/collect_words.h"
#include "output/display.h"

#define INDENT 2U
#define MAX_LINES 64U

static void add_where(const struct iw_need *need, struct iw_buffer *out)
{
    iw_buffer_add(out, need->folder);
    iw_buffer_add_char(out, '\\');
    if (need->is_recursive)
        iw_buffer_add(out, IW_STR("**\\"));
    iw_buffer_add(out, need->mask);
}

static void add_hosts(struct iw_text_list hosts, struct iw_buffer *out)
{
    for (size_t i = 0; i < hosts.n; i++) {
        iw_buffer_add(out, i != 0 ? IW_STR(", ") : IW_STR(""));
        iw_buffer_add(out, iw_display_host(hosts.items[i]));
    }
}

/* Writes the line that was made, and empties it for the next. */
static void add_line(struct iw_buffer *out, const struct iw_style *style, size_t indent,
                     struct iw_buffer *line)
{
    if (line->failed)
        out->failed = true;
    iw_display_spaces(out, indent);
    iw_display_wrapped(out, style, indent, MAX_LINES, iw_buffer_str(line));
    iw_buffer_clear(line);
}

static void add_faint_line(struct iw_buffer *out, const struct iw_style *style,
                           struct iw_buffer *line)
{
    iw_display_tone(out, style, IW_TONE_FAINT);
    add_line(out, style, (size_t)2 * INDENT, line);
    iw_display_plain(out, style);
}

static void add_need(const struct iw_needs *needs, const struct iw_need *need,
                     const struct iw_style *style, struct iw_buffer *line, struct iw_buffer *out)
{
    if (need->form == IW_NEED_FILES)
        add_where(need, line);
    else
        iw_buffer_add(line, need->form == IW_NEED_COMMAND ? need->command : need->name);
    add_line(out, style, INDENT, line);
    if (need->form == IW_NEED_COMMAND)
        iw_buffer_printf(line, "into commands\\%.*s: ", IW_STR_ARG(need->file));
    iw_buffer_add(line, need->what_for);
    add_faint_line(out, style, line);
    if (need->hosts.n == 0 || needs->hosts.n == 1) /* of one host it stands in front */
        return;
    iw_buffer_add(line, IW_STR("lacking: "));
    if (need->hosts.n == needs->hosts.n)
        iw_buffer_printf(line, "all %zu hosts", needs->hosts.n);
    else
        add_hosts(need->hosts, line);
    add_faint_line(out, style, line);
}

static void add_roots_for_commands(const struct iw_needs *needs, const struct iw_style *style,
                                   struct iw_buffer *line, struct iw_buffer *out)
{
    iw_buffer_add(line, IW_STR("$roots = "));
    iw_collect_roots(needs, line);
    add_line(out, style, INDENT, line);
}

/* A heading and what stands below it. */
struct part {
    enum iw_need_form form;
    enum iw_need_weight weight; /* COUNT: whatever it is */
    const char *title;
};

static bool is_of_part(const struct part *part, const struct iw_need *need)
{
    return need->form == part->form &&
           (part->weight == IW_NEED_WEIGHT_COUNT || need->weight == part->weight);
}

/* *has_roots*: the line that commands over web roots need stands above already. */
static void add_part(const struct iw_needs *needs, const struct part *part, bool *has_roots,
                     const struct iw_style *style, struct iw_buffer *out)
{
    struct iw_buffer line;
    bool is_first = true;
    iw_buffer_init(&line);
    for (size_t i = 0; i < needs->n; i++) {
        if (!is_of_part(part, &needs->items[i]))
            continue;
        if (is_first) {
            iw_display_toned(out, style, IW_TONE_STRONG, part->title);
            iw_buffer_add_char(out, '\n');
        }
        is_first = false;
        if (needs->items[i].needs_roots && needs->roots.n != 0 && !*has_roots) {
            add_roots_for_commands(needs, style, &line, out);
            *has_roots = true;
        }
        add_need(needs, &needs->items[i], style, &line, out);
    }
    if (!is_first)
        iw_buffer_add_char(out, '\n');
    iw_buffer_done(&line);
}

/* What a verdict may hang on comes first. */
static const struct part PARTS[] = {
    {IW_NEED_FILES, IW_NEED_DECIDES, "Files that can change a blind verdict"},
    {IW_NEED_COMMAND, IW_NEED_DECIDES, "Commands that can change a blind verdict"},
    {IW_NEED_FILES, IW_NEED_TELLS, "Files that tell more"},
    {IW_NEED_COMMAND, IW_NEED_TELLS, "Commands that tell more"},
    {IW_NEED_FILES, IW_NEED_IF_INSTALLED, "Only if installed or in use"},
    {IW_NEED_COMMAND, IW_NEED_IF_INSTALLED, "Commands, only if installed or in use"},
    {IW_NEED_ASKED, IW_NEED_WEIGHT_COUNT, "To ask for"},
};

static void add_end(const struct iw_needs *needs, const struct iw_style *style,
                    struct iw_buffer *out)
{
    for (size_t i = 0; i < needs->notes.n; i++)
        iw_display_wrapped(out, style, 0, 8, needs->notes.items[i]);
    if (needs->n == 0)
        return;
    iw_buffer_add(out, IW_STR("Files keep their Windows paths: HOST\\C\\...; commands are for "
                              "PowerShell as administrator, their output lies beside the "
                              "drive.\n"));
    iw_display_analytics(out);
    iw_buffer_add(out, IW_STR(".\nWeb roots elsewhere: --web-root PATH, or --powershell, which "
                              "reads them from the server's configuration.\n"));
}

void iw_output_needs_table(const struct iw_needs *needs, const struct iw_style *style,
                           struct iw_buffer *out)
{
    bool has_roots = false;
    if (needs->is_narrowed && needs->n == 0)
        iw_buffer_add(out, IW_STR("Nothing is missing of the hosts in this evidence.\n"));
    if (needs->hosts.n == 1 && needs->n != 0) {
        iw_buffer_add(out, IW_STR("What "));
        (void)iw_display_text(out, iw_display_host(needs->hosts.items[0]), 0);
        iw_buffer_add(out, IW_STR(" lacks\n\n"));
    }
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        add_part(needs, &PARTS[i], &has_roots, style, out);
    add_end(needs, style, out);
}

static void add_list(struct iw_json *json, const char *key, struct iw_text_list list)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_array(json);
    for (size_t i = 0; i < list.n; i++)
        iw_json_text(json, list.items[i]);
    iw_json_array_end(json);
}

void iw_output_needs_ndjson(const struct iw_needs *needs, struct iw_buffer *out)
{
    for (size_t i = 0; i < needs->n; i++) {
        const struct iw_need *need = &needs->items[i];
        struct iw_json json;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.need/1"));
        iw_json_member_text(&json, "form", iw_str_of(iw_need_form_name(need->form)));
        iw_json_member_text(&json, "weight", iw_str_of(iw_need_weight_name(need->weight)));
        iw_json_member_text(&json, "name", need->name);
        iw_json_member_text(&json, "what_for", need->what_for);
        iw_json_member_text(&json, "kind", need->kind);
        iw_json_member_text_or_null(&json, "folder", need->folder);
        iw_json_member_text_or_null(&json, "mask", need->mask);
        iw_json_member_bool(&json, "recursive", need->is_recursive);
        iw_json_member_bool(&json, "web_root", need->is_root);
        iw_json_member_text_or_null(&json, "registry_key", need->key);
        iw_json_member_text_or_null(&json, "command", need->command);
        iw_json_member_text_or_null(&json, "file", need->file);
        add_list(&json, "roots", need->needs_roots ? needs->roots : (struct iw_text_list){NULL, 0});
        add_list(&json, "lacking", need->hosts);
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
    }
}
