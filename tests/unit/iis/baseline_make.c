#include "tests/unit/iis/baseline_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

void baseline_make_begin(struct baseline_make *make, const char *host)
{
    memset(make, 0, sizeof *make);
    iw_arena_init(&make->arena, 0);
    make->inventory.servers = make->servers;
    (void)baseline_make_server(make, host);
}

void baseline_make_end(struct baseline_make *make)
{
    iw_arena_done(&make->arena);
}

size_t baseline_make_server(struct baseline_make *make, const char *host)
{
    size_t at = make->inventory.n_servers++;
    struct iw_inventory_server *server = &make->servers[at];
    assert_true(at < BASELINE_MAKE_SERVERS);
    make->roots[at] = (struct iw_inventory_root){.site = IW_STR("Default Web Site"),
                                                 .application = IW_STR("/"),
                                                 .path = IW_STR("C:\\inetpub\\wwwroot"),
                                                 .is_resolved = true,
                                                 .is_collected = true};
    *server = (struct iw_inventory_server){.host = iw_str_of(host),
                                           .is_authoritative = true,
                                           .components = make->components[at],
                                           .web_files = make->web_files[at],
                                           .roots = &make->roots[at],
                                           .n_roots = 1};
    return at;
}

struct iw_inventory_component *baseline_make_component(struct baseline_make *make, const char *kind,
                                                       const char *name, const char *image)
{
    struct iw_inventory_server *server = &make->servers[make->inventory.n_servers - 1];
    struct iw_inventory_component *component = &server->components[server->n_components++];
    assert_true(server->n_components <= BASELINE_MAKE_ITEMS);
    *component = (struct iw_inventory_component){
        .kind = kind, .name = iw_str_of(name), .image = iw_str_of(image), .state = "written"};
    return component;
}

static struct iw_item_file file_of(const char *path, int byte)
{
    struct iw_item_file file = {.state = byte >= 0 ? IW_ITEM_FILE_READ : IW_ITEM_FILE_NOT_COLLECTED,
                                .path = iw_str_of(path)};
    memset(file.sha256, byte, sizeof file.sha256);
    return file;
}

void baseline_make_hash(struct baseline_make *make, struct iw_inventory_component *component,
                        int byte)
{
    size_t server = make->inventory.n_servers - 1;
    size_t at = (size_t)(component - make->components[server]);
    component->files = make->files[server][at];
    component->n_files = 1;
    component->files[0] = file_of("C:\\x.dll", byte);
    component->files[0].twin = "x64";
}

struct iw_inventory_web_file *baseline_make_web_file(struct baseline_make *make, const char *path,
                                                     int byte)
{
    struct iw_inventory_server *server = &make->servers[make->inventory.n_servers - 1];
    struct iw_inventory_web_file *file = &server->web_files[server->n_web_files++];
    assert_true(server->n_web_files <= BASELINE_MAKE_ITEMS);
    *file = (struct iw_inventory_web_file){.file = file_of(path, byte),
                                           .site = IW_STR("Default Web Site"),
                                           .application = IW_STR("/"),
                                           .handler = IW_STR("PageHandlerFactory-Integrated")};
    return file;
}

struct iw_str baseline_make_document(struct baseline_make *make, bool is_farm,
                                     struct iw_text_list *ret_notes)
{
    struct iw_text_list notes;
    struct iw_str kept[2];
    for (int i = 0; i < 2; i++) {
        struct iw_buffer out;
        struct iw_error err;
        iw_buffer_init(&out);
        assert_int_equal(
            iw_baseline_write(&make->inventory, is_farm, &make->arena, &out, &notes, &err), IW_OK);
        kept[i] = iw_arena_copy(&make->arena, iw_buffer_str(&out));
        iw_buffer_done(&out);
    }
    assert_true(iw_str_equal(kept[0], kept[1]));
    if (ret_notes != NULL)
        *ret_notes = notes;
    return kept[0];
}

void baseline_make_compare(struct iw_str document, struct baseline_make *now, int64_t now_ns,
                           struct iw_baseline_differences *ret)
{
    struct iw_baseline *baseline;
    struct iw_error err = {.rc = IW_OK};
    if (iw_baseline_read(document, "test", &now->arena, &baseline, &err) != IW_OK)
        fail_msg("line %u: %s", err.line, err.message);
    assert_int_equal(iw_baseline_compare(baseline, &now->inventory, now_ns, NULL, &now->arena, ret),
                     IW_OK);
}

bool baseline_make_says(const struct iw_text_list *texts, const char *part)
{
    for (size_t i = 0; i < texts->n; i++)
        if (iw_str_find(texts->items[i], iw_str_of(part)) != SIZE_MAX)
            return true;
    return false;
}
