/*
 * The web files of a server for people: how many execute in which site, those that stand out one by
 * one, the others (where all are asked for) a line each.
 */
#include "base/map.h"
#include "output/inventory_lines.h"
#include "output/inventory_words.h"

static struct iw_str site_of(const struct iw_inventory_web_file *web_file)
{
    return web_file->site.n != 0 ? web_file->site : IW_STR("(of no known site)");
}

static void add_site_line(struct iw_inventory_writer *writer, struct iw_str site, uint64_t n,
                          uint64_t n_odd)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_buffer_add(scratch, site);
    iw_buffer_add(scratch, IW_STR(": "));
    iw_display_count(scratch, n);
    if (n_odd != 0) {
        iw_buffer_add(scratch, IW_STR(", of which "));
        iw_display_counted(scratch, n_odd, "to look at", "to look at");
    }
    iw_inventory_entry(writer, 2);
}

/* Sites in the order of their first file. */
static void add_site_counts(struct iw_inventory_writer *writer,
                            const struct iw_inventory_server *server)
{
    struct iw_map all, odd;
    iw_map_init(&all);
    iw_map_init(&odd);
    for (size_t i = 0; i < server->n_web_files && !writer->out->failed; i++) {
        struct iw_str site = site_of(&server->web_files[i]);
        struct iw_map_entry *entry = iw_map_add(&all, site, NULL),
                            *other = iw_map_add(&odd, site, NULL);
        writer->out->failed = entry == NULL || other == NULL;
        if (writer->out->failed)
            break;
        entry->value.number++;
        other->value.number += iw_inventory_web_file_is_odd(&server->web_files[i]);
    }
    for (size_t i = 0; i < all.n && !writer->out->failed; i++)
        add_site_line(writer, all.entries[i].key, all.entries[i].value.number,
                      odd.entries[i].value.number);
    iw_map_done(&all);
    iw_map_done(&odd);
}

static void add_runs(struct iw_inventory_writer *writer,
                     const struct iw_inventory_web_file *web_file)
{
    struct iw_buffer *scratch = &writer->scratch;
    if (web_file->handler.n != 0) {
        iw_buffer_add(scratch, IW_STR("handler "));
        iw_buffer_add(scratch, web_file->handler);
    }
    if (web_file->processor.n != 0) {
        iw_buffer_add(scratch, scratch->n != 0 ? IW_STR(": ") : IW_STR(""));
        iw_buffer_add(scratch, web_file->processor);
    }
    if (!web_file->is_certain)
        iw_buffer_add(scratch, scratch->n != 0
                                   ? IW_STR(" (assumed: not all of the configuration is known)")
                                   : IW_STR("assumed by its ending: no configuration says so"));
    iw_inventory_scratch_row(writer, "runs by", 3);
}

static void add_block(struct iw_inventory_writer *writer,
                      const struct iw_inventory_web_file *web_file)
{
    iw_buffer_add_char(writer->out, '\n');
    iw_buffer_add(&writer->scratch,
                  web_file->file.path.n != 0 ? web_file->file.path : web_file->file.source);
    iw_inventory_toned_entry(writer, IW_TONE_STRONG, 3);
    iw_inventory_list_rows(writer, "mark", web_file->marks);
    iw_inventory_list_rows(writer, "url", web_file->urls);
    add_runs(writer, web_file);
    iw_inventory_file_rows(writer, &web_file->file, false);
    iw_inventory_approval_rows(writer, web_file->approval, web_file->approval_why,
                               &web_file->first_seen);
    iw_buffer_breathe(writer->out);
}

static void add_line(struct iw_inventory_writer *writer, const struct iw_item_file *file)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_buffer_add(scratch, file->path);
    if (file->state == IW_ITEM_FILE_READ) {
        iw_buffer_add(scratch, IW_STR("  "));
        iw_display_bytes(scratch, file->size_bytes);
    }
    if (file->state == IW_ITEM_FILE_READ && iw_time_known(file->modified_ns)) {
        iw_buffer_add(scratch, IW_STR(", "));
        iw_display_time(scratch, file->modified_ns, false);
        iw_buffer_add(scratch, IW_STR(" UTC"));
    }
    iw_inventory_entry(writer, 4);
}

static void add_others(struct iw_inventory_writer *writer, const struct iw_inventory_server *server)
{
    iw_inventory_heading(writer, "The other web files");
    iw_buffer_add(writer->out, IW_STR("\n\n"));
    for (size_t i = 0; i < server->n_web_files; i++) {
        const struct iw_inventory_web_file *web_file = &server->web_files[i];
        if (iw_inventory_web_file_is_odd(web_file))
            continue;
        add_line(writer, &web_file->file);
        iw_buffer_breathe(writer->out);
    }
}

/* Files nobody was asked about are told as such: not listed is not approved. */
static void add_unasked(struct iw_inventory_writer *writer,
                        const struct iw_inventory_server *server)
{
    uint64_t n = 0;
    for (size_t i = 0; i < server->n_web_files; i++)
        n += server->web_files[i].approval == IW_APPROVAL_NOT_ASKED;
    if (n == 0)
        return;
    iw_display_counted(&writer->scratch, n, "was", "were");
    iw_buffer_add(&writer->scratch,
                  IW_STR(" compared with no baseline: not listed is not approved."));
    iw_inventory_entry(writer, 2);
}

void iw_inventory_write_web_files(struct iw_inventory_writer *writer,
                                  const struct iw_inventory_server *server, uint64_t *n_odd)
{
    uint64_t n = 0;
    if (server->n_web_files == 0)
        return;
    iw_inventory_heading(writer, "Web files that execute");
    iw_buffer_add(writer->out, IW_STR(": "));
    iw_display_count(writer->out, server->n_web_files);
    iw_buffer_add_char(writer->out, '\n');
    add_site_counts(writer, server);
    add_unasked(writer, server);
    for (size_t i = 0; i < server->n_web_files; i++) {
        if (!iw_inventory_web_file_is_odd(&server->web_files[i]))
            continue;
        n++;
        add_block(writer, &server->web_files[i]);
    }
    *n_odd += n;
    if (n < server->n_web_files && writer->show_all)
        add_others(writer, server);
}
