/*
 * An inventory for people: server by server, first what is not known of it, then sites, pools and
 * who may write, then what it loads and what executes there, as far as somebody should look at it.
 *
 * What is approved and as usual is counted and not listed, unless everything is asked for
 * (--all): a server has some 240 components, nearly all of them Microsoft's.
 */
#include "output/incomplete.h"
#include "output/inventory_lines.h"

#define PROBLEMS_SHOWN 20U

/* --- the server ---------------------------------------------------------------------------- */

static void add_known_by(struct iw_inventory_writer *writer, unsigned known_by)
{
    static const struct {
        unsigned bit;
        const char *words;
    } NAMES[] = {
        {IW_SERVER_BY_CONFIGURATION, "its configuration"},
        {IW_SERVER_BY_EVENTS, "events"},
        {IW_SERVER_BY_ESTATE, "the estate file"},
        {IW_SERVER_BY_FILES, "loose files"},
    };
    struct iw_buffer *scratch = &writer->scratch;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if ((known_by & NAMES[i].bit) == 0)
            continue;
        iw_buffer_add(scratch, scratch->n != 0 ? IW_STR(", ") : IW_STR("by "));
        iw_buffer_add(scratch, iw_str_of(NAMES[i].words));
    }
    iw_inventory_scratch_row(writer, "known", 2);
}

static void add_head(struct iw_inventory_writer *writer, const struct iw_inventory_server *server)
{
    struct iw_buffer *out = writer->out, *scratch = &writer->scratch;
    iw_display_tone(out, writer->style, IW_TONE_STRONG);
    (void)iw_display_text(out, iw_display_host(server->host), 48);
    iw_display_plain(out, writer->style);
    iw_buffer_add_char(out, '\n');
    if (!server->is_authoritative) {
        iw_display_spaces(out, IW_INVENTORY_HEADING_INDENT);
        iw_buffer_add(scratch, IW_STR("NOT ALL OF IT IS KNOWN: "));
        iw_buffer_add(scratch, server->why_not.n != 0 ? server->why_not
                                                      : IW_STR("its configuration is not whole"));
        iw_buffer_add(scratch, IW_STR(". What is not listed here may be there."));
        out->failed |= scratch->failed;
        iw_display_tone(out, writer->style, IW_TONE_WARNING);
        iw_display_wrapped(out, writer->style, IW_INVENTORY_HEADING_INDENT, 6,
                           iw_buffer_str(scratch));
        iw_display_plain(out, writer->style);
        iw_buffer_clear(scratch);
    }
    iw_inventory_row(writer, "IIS", server->version, 1);
    add_known_by(writer, server->known_by);
    iw_inventory_row(writer, "from", server->source, 3);
    iw_inventory_list_rows(writer, "note", server->notes);
}

/* --- former versions, problems ------------------------------------------------------------- */

static bool is_different(const struct iw_inventory_version *version)
{
    return version->added.n + version->removed.n + version->changed.n != 0;
}

/* What changed when it was followed by the next: what the next has and it has not appeared then. */
static void add_version(struct iw_inventory_writer *writer,
                        const struct iw_inventory_version *version)
{
    struct iw_buffer *out = writer->out;
    iw_buffer_add_char(out, '\n');
    iw_display_spaces(out, IW_INVENTORY_ENTRY_INDENT);
    if (iw_time_known(version->from_ns) && iw_time_known(version->until_ns)) {
        iw_display_span(out, version->from_ns, version->until_ns);
        iw_buffer_add(out, IW_STR(" UTC"));
    } else if (iw_time_known(version->until_ns)) {
        iw_buffer_add(out, IW_STR("until "));
        iw_display_time(out, version->until_ns, false);
        iw_buffer_add(out, IW_STR(" UTC"));
    } else if (iw_time_known(version->from_ns)) {
        iw_buffer_add(out, IW_STR("from "));
        iw_display_time(out, version->from_ns, false);
        iw_buffer_add(out, IW_STR(" UTC"));
    } else {
        iw_buffer_add(out, IW_STR("time unknown"));
    }
    iw_buffer_add_char(out, '\n');
    iw_inventory_row(writer, "from", version->source, 3);
    iw_inventory_list_rows(writer, "appeared", version->removed);
    iw_inventory_list_rows(writer, "vanished", version->added);
    iw_inventory_list_rows(writer, "changed", version->changed);
    iw_buffer_breathe(out);
}

static void write_versions(struct iw_inventory_writer *writer,
                           const struct iw_inventory_server *server)
{
    uint64_t n_same = 0;
    if (server->n_versions == 0)
        return;
    iw_inventory_heading(writer, "Former configurations");
    iw_buffer_add(writer->out, IW_STR(": "));
    iw_display_count(writer->out, server->n_versions);
    iw_buffer_add(writer->out, IW_STR(", and what changed after each\n"));
    for (size_t i = 0; i < server->n_versions; i++) {
        if (is_different(&server->versions[i]) || writer->show_all)
            add_version(writer, &server->versions[i]);
        else
            n_same++;
    }
    if (n_same == 0)
        return;
    iw_display_counted(&writer->scratch, n_same, "has", "have");
    iw_buffer_add(&writer->scratch, IW_STR(" the same components as the next."));
    iw_inventory_entry(writer, 2);
}

static void write_problems(struct iw_inventory_writer *writer,
                           const struct iw_inventory_server *server)
{
    struct iw_buffer *scratch = &writer->scratch;
    size_t n = server->n_problems;
    if (n == 0)
        return;
    iw_inventory_heading(writer, "Not read, or not as IIS wants it");
    iw_buffer_add(writer->out, IW_STR(": "));
    iw_display_count(writer->out, n);
    iw_buffer_add_char(writer->out, '\n');
    if (n > PROBLEMS_SHOWN && !writer->show_all)
        n = PROBLEMS_SHOWN;
    for (size_t i = 0; i < n; i++) {
        const struct iw_inventory_problem *problem = &server->problems[i];
        iw_buffer_add(scratch, problem->source);
        if (problem->line != 0)
            iw_buffer_printf(scratch, ":%u:%u", problem->line, problem->column);
        if (scratch->n != 0)
            iw_buffer_add(scratch, IW_STR(": "));
        iw_buffer_add(scratch, problem->what);
        if (problem->place.n != 0) {
            iw_buffer_add(scratch, IW_STR(" (at "));
            iw_buffer_add(scratch, problem->place);
            iw_buffer_add_char(scratch, ')');
        }
        iw_inventory_entry(writer, 4);
    }
    if (n == server->n_problems)
        return;
    iw_buffer_add(scratch, IW_STR("and "));
    iw_display_count(scratch, server->n_problems - n);
    iw_buffer_add(scratch, IW_STR(" more (--all shows them)"));
    iw_inventory_entry(writer, 1);
}

/* --- the whole ----------------------------------------------------------------------------- */

struct totals {
    uint64_t n_components, n_web_files, n_web_files_odd, n_not_authoritative;
    struct iw_inventory_counts components;
};

static void write_server(struct iw_inventory_writer *writer,
                         const struct iw_inventory_server *server, struct totals *totals)
{
    add_head(writer, server);
    iw_inventory_write_sites(writer, server);
    iw_inventory_write_components(writer, server, &totals->components);
    iw_inventory_write_web_files(writer, server, &totals->n_web_files_odd);
    write_versions(writer, server);
    write_problems(writer, server);
    totals->n_components += server->n_components;
    totals->n_web_files += server->n_web_files;
    totals->n_not_authoritative += !server->is_authoritative;
    iw_buffer_add_char(writer->out, '\n');
    iw_buffer_breathe(writer->out);
}

static void add_total_line(struct iw_inventory_writer *writer)
{
    writer->out->failed |= writer->scratch.failed;
    iw_display_wrapped(writer->out, writer->style, 0, 3, iw_buffer_str(&writer->scratch));
    iw_buffer_clear(&writer->scratch);
}

static void add_totals(struct iw_inventory_writer *writer, const struct iw_run *run,
                       const struct totals *totals)
{
    struct iw_buffer *out = writer->out, *scratch = &writer->scratch;
    if (run->inventory.n_servers == 0) {
        iw_buffer_add(scratch, IW_STR("No web server was found: no configuration of IIS, nothing "
                                      "that names one."));
        add_total_line(writer);
        return;
    }
    iw_display_counted(scratch, run->inventory.n_servers, "server", "servers");
    iw_buffer_add(scratch, IW_STR(": "));
    iw_display_counted(scratch, totals->n_components, "component", "components");
    iw_buffer_add(scratch, IW_STR(" ("));
    iw_display_count(scratch, totals->components.n_shown);
    iw_buffer_add(scratch, IW_STR(" to look at"));
    if (totals->components.n_unknown != 0) {
        iw_buffer_add(scratch, IW_STR(", "));
        iw_display_count(scratch, totals->components.n_unknown);
        iw_buffer_add(scratch, IW_STR(" that nothing vouches for"));
    }
    iw_buffer_add(scratch, IW_STR("); "));
    iw_display_counted(scratch, totals->n_web_files, "web file", "web files");
    iw_buffer_add(scratch, IW_STR(" that can execute ("));
    iw_display_count(scratch, totals->n_web_files_odd);
    iw_buffer_add(scratch, IW_STR(" to look at)."));
    add_total_line(writer);
    if (totals->n_not_authoritative != 0) {
        iw_display_tone(out, writer->style, IW_TONE_WARNING);
        iw_display_counted(out, totals->n_not_authoritative, "server is", "servers are");
        iw_buffer_add(out, IW_STR(" not known as a whole."));
        iw_display_plain(out, writer->style);
        iw_buffer_add_char(out, '\n');
    }
    if (!writer->show_all &&
        (totals->components.n_shown + totals->components.n_unknown < totals->n_components ||
         totals->n_web_files_odd < totals->n_web_files))
        iw_buffer_add(out, IW_STR("The others are only counted; --all lists them.\n"));
}

void iw_output_inventory_table(const struct iw_run *run, bool show_all,
                               const struct iw_style *style, struct iw_buffer *out)
{
    struct iw_inventory_writer writer = {.style = style, .out = out, .show_all = show_all};
    struct totals totals = {0};
    iw_buffer_init(&writer.scratch);
    for (size_t i = 0; i < run->inventory.n_servers && !out->failed; i++)
        write_server(&writer, &run->inventory.servers[i], &totals);
    iw_incomplete_add_partial(run, style, out);
    add_totals(&writer, run, &totals);
    iw_incomplete_add_files(run, style, out);
    iw_buffer_done(&writer.scratch);
}
