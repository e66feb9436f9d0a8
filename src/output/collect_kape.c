/*
 * A target of KAPE: keys Description, Author, Version, Id, RecreateDirectories and a list Targets
 * of Name, Category, Path, FileMask, Recursive, Comment (KapeDocs, "Targets"). KAPE reads files
 * that are held open by itself, replaces the drive of a path by that of --tsource, and writes
 * DESTINATION\C\Windows\..., which is a tree this program knows; it runs no commands here.
 */
#include "base/script_quote.h"
#include "output/collect_words.h"

#define ID "b0b4c5d2-6f1e-5a43-9c77-1e5a6d0c2f81"

static void add_pair(struct iw_buffer *out, const char *key, struct iw_str value)
{
    iw_buffer_printf(out, "        %s: ", key);
    iw_quote_yaml(out, value);
    iw_buffer_add_char(out, '\n');
}

static const char *category_of(const struct iw_need *need)
{
    static const struct {
        const char *kind, *category;
    } CATEGORIES[] = {
        {"evtx", "EventLogs"}, {"registry", "Registry"}, {"web-log", "WebServerLogs"}};
    for (size_t i = 0; i < sizeof CATEGORIES / sizeof *CATEGORIES; i++) {
        if (iw_str_equal(need->kind, iw_str_of(CATEGORIES[i].kind)))
            return CATEGORIES[i].category;
    }
    return "WebServers";
}

static void add_target(const struct iw_need *need, struct iw_buffer *scratch, struct iw_buffer *out)
{
    iw_buffer_clear(scratch);
    iw_collect_plain_folder(need, scratch);
    iw_buffer_add_char(scratch, '\\');
    if (scratch->failed)
        out->failed = true;
    iw_buffer_add(out, IW_STR("    -\n"));
    add_pair(out, "Name", need->name);
    add_pair(out, "Category", iw_str_of(category_of(need)));
    add_pair(out, "Path", iw_buffer_str(scratch));
    if (!iw_str_equal(need->mask, IW_STR("*")))
        add_pair(out, "FileMask", need->mask);
    iw_buffer_printf(out, "        Recursive: %s\n", need->is_recursive ? "true" : "false");
    add_pair(out, "Comment", need->what_for);
}

static void add_commands(const struct iw_needs *needs, struct iw_buffer *out)
{
    iw_collect_remark("Commands are no part of a target. Run these in PowerShell as administrator "
                      "and put the\noutput of each beside the folder C of the host:\n\n",
                      out);
    iw_buffer_add(out, IW_STR("#   $roots = "));
    iw_collect_roots(needs, out);
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < needs->n; i++) {
        const struct iw_need *need = &needs->items[i];
        if (need->form == IW_NEED_COMMAND)
            iw_buffer_printf(out, "#   %.*s\n#       > %.*s\n", IW_STR_ARG(need->command),
                             IW_STR_ARG(need->file));
    }
}

static size_t count_files(const struct iw_needs *needs)
{
    size_t n = 0;
    for (size_t i = 0; i < needs->n; i++)
        n += needs->items[i].form == IW_NEED_FILES;
    return n;
}

void iw_output_needs_kape(const struct iw_needs *needs, struct iw_buffer *out)
{
    struct iw_buffer scratch;
    iw_buffer_init(&scratch);
    iw_collect_remark(
        "What IISWarden reads of a Windows web server. Save as Targets\\IISWarden.tkape, then:\n\n"
        "    kape.exe --tsource C: --target IISWarden --tdest D:\\evidence\\%m\n\n"
        "%m becomes the name of the host, which is whose evidence the tree is. Paths on other "
        "drives: run\nonce more with --tsource D:, and so on. Web roots elsewhere: see every "
        "virtualDirectory in\napplicationHost.config, and say them to collect-list with "
        "--web-root.\n\n",
        out);
    add_commands(needs, out);
    iw_collect_notes(needs, out);
    iw_buffer_add(out, IW_STR("Description: \"IISWarden: configuration, components, web roots and "
                              "logs of IIS\"\nAuthor: \"IISWarden\"\nVersion: 1.0\nId: " ID
                              "\nRecreateDirectories: true\nTargets:"));
    iw_buffer_add(out, count_files(needs) == 0 ? IW_STR(" []\n") : IW_STR("\n"));
    for (size_t i = 0; i < needs->n; i++) {
        if (needs->items[i].form == IW_NEED_FILES)
            add_target(&needs->items[i], &scratch, out);
    }
    iw_buffer_done(&scratch);
}
