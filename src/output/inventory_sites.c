/*
 * The sites of a server for people, with the folders their URLs reach, who may write there without
 * being an administrator, and the pools that run them.
 */
#include "base/alloc.h"
#include "base/map.h"
#include "output/inventory_lines.h"

/* --- a folder ------------------------------------------------------------------------------ */

/* "/shop" and "/docs" below it: where a URL reaches the folder. */
static void add_root_url(struct iw_buffer *scratch, const struct iw_inventory_root *root)
{
    struct iw_str application = root->application, directory = root->directory;
    if (application.n > 1)
        iw_buffer_add(scratch, application);
    if (directory.n > 1 || application.n <= 1)
        iw_buffer_add(scratch, directory.n != 0 ? directory : IW_STR("/"));
}

static void add_root_facts(struct iw_buffer *scratch, const struct iw_inventory_root *root)
{
    if (root->is_assumed)
        iw_buffer_add(scratch, IW_STR("; assumed, no configuration says so"));
    if (!root->is_resolved) {
        iw_buffer_add(scratch, IW_STR("; where that is, is not known"));
    } else if (!root->is_collected) {
        iw_buffer_add(scratch, IW_STR("; no file of it is in evidence"));
    } else {
        iw_buffer_add(scratch, IW_STR("; "));
        iw_display_counted(scratch, root->n_files, "file", "files");
        iw_buffer_add(scratch, IW_STR(" in evidence, "));
        iw_display_count(scratch, root->n_executable);
        iw_buffer_add(scratch, root->n_executable == 1 ? IW_STR(" executes") : IW_STR(" execute"));
    }
}

/* Folders of one site are often writable in the same ways: Exchange has forty of them. */
static bool are_same(struct iw_text_list a, struct iw_text_list b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (!iw_str_equal(a.items[i], b.items[i]))
            return false;
    }
    return true;
}

/* What is not known is no warning, and stands behind what is. */
static void add_ways(struct iw_inventory_writer *writer, struct iw_text_list ways)
{
    struct iw_str head = IW_STR("unknown: ");
    bool is_first = true;
    for (size_t i = 0; i < ways.n; i++) {
        if (iw_str_begins_nocase(ways.items[i], head))
            continue;
        iw_inventory_warning_row(writer, is_first ? "writable" : "", ways.items[i]);
        is_first = false;
    }
    is_first = true;
    for (size_t i = 0; i < ways.n; i++) {
        struct iw_str way = ways.items[i];
        if (!iw_str_begins_nocase(way, head))
            continue;
        way = (struct iw_str){way.p + head.n, way.n - head.n};
        iw_inventory_row(writer, is_first ? "unknown" : "", way, 3);
        is_first = false;
    }
}

/* *above*: the root that was written before it, of the same site; NULL: none. */
static void add_root(struct iw_inventory_writer *writer, const struct iw_inventory_root *root,
                     const struct iw_inventory_root *above)
{
    struct iw_buffer *scratch = &writer->scratch;
    add_root_url(scratch, root);
    iw_buffer_add(scratch, IW_STR(" is "));
    iw_buffer_add(scratch, root->path.n != 0 ? root->path : IW_STR("(no folder)"));
    if (root->pool.n != 0) {
        iw_buffer_add(scratch, IW_STR(", pool "));
        iw_buffer_add(scratch, root->pool);
    }
    add_root_facts(scratch, root);
    iw_inventory_scratch_row(writer, "root", 4);
    if (above != NULL && root->pathways.n > 1 && are_same(root->pathways, above->pathways))
        iw_inventory_row(writer, "writable", IW_STR("as the root above"), 1);
    else
        add_ways(writer, root->pathways);
}

/* --- sites with their roots --------------------------------------------------------------- */

/* The roots of each site without a look at all of them for each: a configuration may name tens of
 * thousands of both. Numbers are positions + 1; 0 ends. */
struct roots {
    struct iw_map first; /* of a site */
    size_t *next;        /* of the same site, in their order */
};

static bool roots_init(struct roots *roots, const struct iw_inventory_server *server)
{
    iw_map_init(&roots->first);
    roots->next = iw_calloc(server->n_roots + 1, sizeof *roots->next);
    if (roots->next == NULL)
        return false;
    for (size_t i = server->n_roots; i-- > 0;) {
        struct iw_map_entry *entry = iw_map_add(&roots->first, server->roots[i].site, NULL);
        if (entry == NULL)
            return false;
        roots->next[i] = entry->value.number;
        entry->value.number = i + 1;
    }
    return true;
}

static void roots_done(struct roots *roots)
{
    iw_map_done(&roots->first);
    iw_free(roots->next);
}

/* What is written of a site is no longer there: what remains belongs to no site. */
static void add_roots_of(struct iw_inventory_writer *writer,
                         const struct iw_inventory_server *server, const struct roots *roots,
                         struct iw_str site)
{
    struct iw_map_entry *entry = iw_map_find(&roots->first, site);
    const struct iw_inventory_root *above = NULL;
    if (entry == NULL)
        return;
    for (size_t at = entry->value.number; at != 0; at = roots->next[at - 1]) {
        add_root(writer, &server->roots[at - 1], above);
        above = &server->roots[at - 1];
        iw_buffer_breathe(writer->out);
    }
    entry->value.number = 0;
}

static void add_site(struct iw_inventory_writer *writer, const struct iw_inventory_site *site)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_buffer_add_char(writer->out, '\n');
    iw_buffer_add(scratch, site->name);
    iw_buffer_add(scratch, IW_STR(" (site "));
    iw_buffer_add_u64(scratch, site->id);
    iw_buffer_add_char(scratch, ')');
    if (!site->auto_start)
        iw_buffer_add(scratch, IW_STR(", does not start by itself"));
    iw_inventory_entry(writer, 2);
    iw_inventory_add_joined(scratch, site->bindings);
    iw_inventory_scratch_row(writer, "at", 4);
    if (site->log_folder.n != 0)
        iw_inventory_row(writer, "logs to", site->log_folder, 2);
    else
        iw_inventory_warning_row(writer, "logs to", IW_STR("nowhere: requests are not logged"));
}

/* Roots that no site of the configuration has: assumed ones, mostly. */
static void add_other_roots(struct iw_inventory_writer *writer,
                            const struct iw_inventory_server *server, const struct roots *roots)
{
    bool is_first = true;
    for (size_t i = roots->first.n; i-- > 0;) {
        struct iw_str site = roots->first.entries[i].key;
        if (roots->first.entries[i].value.number == 0)
            continue;
        if (is_first)
            iw_buffer_add(writer->out, IW_STR("\n    Folders of no known site\n"));
        is_first = false;
        add_roots_of(writer, server, roots, site);
    }
}

static void add_sites(struct iw_inventory_writer *writer, const struct iw_inventory_server *server)
{
    struct roots roots;
    if (server->n_sites == 0 && server->n_roots == 0)
        return;
    iw_inventory_heading(writer, "Sites");
    iw_buffer_add(writer->out, IW_STR(": "));
    iw_display_count(writer->out, server->n_sites);
    iw_buffer_add_char(writer->out, '\n');
    if (!roots_init(&roots, server))
        writer->out->failed = true;
    for (size_t i = 0; i < server->n_sites && !writer->out->failed; i++) {
        add_site(writer, &server->sites[i]);
        add_roots_of(writer, server, &roots, server->sites[i].name);
    }
    if (!writer->out->failed)
        add_other_roots(writer, server, &roots);
    roots_done(&roots);
}

/* --- pools, pathways ----------------------------------------------------------------------- */

static void add_pool(struct iw_inventory_writer *writer, const struct iw_inventory_pool *pool)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_buffer_add(scratch, pool->name);
    iw_buffer_add(scratch, IW_STR(": runs as "));
    iw_buffer_add(scratch, pool->identity.n != 0 ? pool->identity : IW_STR("(not known)"));
    if (pool->user.n != 0) {
        iw_buffer_add(scratch, IW_STR(" "));
        iw_buffer_add(scratch, pool->user);
    }
    iw_buffer_add(scratch, pool->is_32 ? IW_STR(", 32 bit") : IW_STR(", 64 bit"));
    iw_buffer_add(scratch, pool->is_classic ? IW_STR(", classic") : IW_STR(", integrated"));
    if (pool->clr.n != 0) {
        iw_buffer_add(scratch, IW_STR(", .NET "));
        iw_buffer_add(scratch, pool->clr);
    }
    iw_inventory_entry(writer, 2);
}

static void add_pools(struct iw_inventory_writer *writer, const struct iw_inventory_server *server)
{
    if (server->n_pools != 0) {
        iw_inventory_heading(writer, "Application pools");
        iw_buffer_add(writer->out, IW_STR(": "));
        iw_display_count(writer->out, server->n_pools);
        iw_buffer_add_char(writer->out, '\n');
    }
    for (size_t i = 0; i < server->n_pools; i++)
        add_pool(writer, &server->pools[i]);
}

static void add_pathways(struct iw_inventory_writer *writer,
                         const struct iw_inventory_server *server)
{
    if (server->pathways.n != 0) {
        iw_inventory_heading(writer, "Who may change content or configuration from afar");
        iw_buffer_add_char(writer->out, '\n');
    }
    for (size_t i = 0; i < server->pathways.n; i++) {
        iw_buffer_add(&writer->scratch, server->pathways.items[i]);
        iw_inventory_entry(writer, 3);
    }
}

void iw_inventory_write_sites(struct iw_inventory_writer *writer,
                              const struct iw_inventory_server *server)
{
    add_sites(writer, server);
    add_pools(writer, server);
    add_pathways(writer, server);
}
