/*
 * An inventory as CSV (RFC 4180: CRLF, a header, quotes doubled), for spreadsheets and for systems
 * that keep lists of components (docs/DATA-MODEL.md).
 *
 * A row for each server, so that one whose components are not known is not simply absent; one for
 * each component, and one more for its second twin, because the two are different files; one for
 * each web file; one for each problem, so that what could not be read is not simply absent either.
 *
 * Cells may be the attacker's and are opened by programs that run formulas. What would begin one
 * gets a ' in front. So does what follows a `;` in a cell: where lists are separated by semicolons
 * a spreadsheet splits there, quoted or not. Control characters and the like become visible
 * escapes.
 */
#include "base/json.h"
#include "base/utf.h"
#include "output/output.h"

static const char HEADER[] =
    "host,server,record,kind,name,scope,image,twin,path,file_state,sha256,size_bytes,signature,"
    "signer,company,version,state,approval,first_seen,notes\r\n";

struct writer {
    struct iw_buffer *out;
    struct iw_buffer scratch; /* the cell, before quotes */
    bool need_comma;
};

/* What Excel, LibreOffice and others take for the beginning of a formula or skip to reach one; with
 * the full-width forms that East Asian versions take for the same. */
static bool begins_formula(uint32_t code_point)
{
    switch (code_point) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case 0xFF1D:
    case 0xFF0B:
    case 0xFF0D:
    case 0xFF20:
        return true;
    default:
        return false;
    }
}

/* Appends to scratch, printable and without formulas. */
static void add_defused(struct iw_buffer *scratch, struct iw_str text)
{
    bool at_begin = true;
    size_t from = 0, at = 0;
    while (at < text.n) {
        size_t here = at;
        uint32_t code_point = iw_utf8_next(text, &at);
        if (at_begin && begins_formula(code_point)) {
            iw_printable_add(scratch, (struct iw_str){text.p + from, here - from});
            iw_buffer_add_char(scratch, '\'');
            from = here;
        }
        at_begin = code_point == ';' || (at_begin && code_point == ' ');
    }
    iw_printable_add(scratch, (struct iw_str){text.p + from, at - from});
}

/* Scratch becomes the next cell. */
static void end_cell(struct writer *writer)
{
    struct iw_str text = iw_buffer_str(&writer->scratch);
    struct iw_buffer *out = writer->out;
    bool need_quotes = false;
    if (writer->need_comma)
        iw_buffer_add_char(out, ',');
    writer->need_comma = true;
    out->failed |= writer->scratch.failed;
    for (size_t i = 0; i < text.n && !need_quotes; i++)
        need_quotes = text.p[i] == ',' || text.p[i] == '"' || text.p[i] == ';';
    if (!need_quotes) {
        iw_buffer_add(out, text);
    } else {
        iw_buffer_add_char(out, '"');
        for (size_t i = 0; i < text.n; i++) {
            if (text.p[i] == '"')
                iw_buffer_add_char(out, '"');
            iw_buffer_add_char(out, text.p[i]);
        }
        iw_buffer_add_char(out, '"');
    }
    iw_buffer_clear(&writer->scratch);
}

static void add_cell(struct writer *writer, struct iw_str text)
{
    add_defused(&writer->scratch, text);
    end_cell(writer);
}

static void add_word(struct writer *writer, const char *word)
{
    add_cell(writer, iw_str_of(word));
}

static void add_nothing(struct writer *writer, unsigned n_cells)
{
    for (; n_cells != 0; n_cells--)
        add_cell(writer, (struct iw_str){NULL, 0});
}

static void add_list(struct writer *writer, struct iw_text_list list)
{
    for (size_t i = 0; i < list.n; i++) {
        if (i != 0)
            iw_buffer_add(&writer->scratch, IW_STR("; "));
        add_defused(&writer->scratch, list.items[i]);
    }
}

static void begin_row(struct writer *writer, const struct iw_inventory_server *server,
                      const char *record)
{
    writer->need_comma = false;
    add_cell(writer, server->host);
    add_cell(writer, server->source);
    add_word(writer, record);
}

static void end_row(struct writer *writer)
{
    iw_buffer_add(writer->out, IW_STR("\r\n"));
    iw_buffer_breathe(writer->out);
}

/* twin, path, file_state, sha256, size_bytes, signature, signer, company, version */
static void add_file(struct writer *writer, const struct iw_item_file *file)
{
    bool is_read = file->state == IW_ITEM_FILE_READ;
    add_word(writer, file->twin);
    add_cell(writer, file->path);
    add_word(writer, iw_item_file_state_name(file->state));
    if (is_read) {
        iw_buffer_add_hex(&writer->scratch, file->sha256, sizeof file->sha256);
        end_cell(writer);
        iw_buffer_add_u64(&writer->scratch, file->size_bytes);
        end_cell(writer);
    } else {
        add_nothing(writer, 2);
    }
    add_word(writer, iw_item_signature_name(file->signature));
    add_cell(writer, file->signer);
    add_cell(writer, file->company);
    add_cell(writer, file->file_version);
}

static void add_approval_and_first_seen(struct writer *writer, enum iw_approval approval,
                                        const struct iw_first_seen *seen)
{
    char text[IW_TIME_TEXT_BYTES];
    add_word(writer, iw_approval_name(approval));
    if (iw_time_known(seen->time_ns)) {
        iw_time_format(seen->time_ns, text);
        iw_buffer_add(&writer->scratch, (struct iw_str){text, sizeof text});
    }
    end_cell(writer);
}

static void add_server(struct writer *writer, const struct iw_inventory_server *server)
{
    begin_row(writer, server, "server");
    add_nothing(writer, 12);
    add_cell(writer, server->version);
    add_word(writer, server->is_authoritative ? "authoritative" : "not-authoritative");
    add_nothing(writer, 2);
    add_defused(&writer->scratch, server->why_not);
    if (server->why_not.n != 0 && server->notes.n != 0)
        iw_buffer_add(&writer->scratch, IW_STR("; "));
    add_list(writer, server->notes);
    end_cell(writer);
    end_row(writer);
}

static void add_component(struct writer *writer, const struct iw_inventory_server *server,
                          const struct iw_inventory_component *component,
                          const struct iw_item_file *file)
{
    begin_row(writer, server, "component");
    add_word(writer, component->kind);
    add_cell(writer, component->name);
    add_cell(writer, component->scope);
    /* What is loaded: a file or a managed type. */
    add_cell(writer, component->image.n != 0 ? component->image : component->type);
    add_file(writer, file);
    iw_buffer_add(&writer->scratch, iw_str_of(component->state));
    if (component->is_disabled)
        iw_buffer_add(&writer->scratch, IW_STR(", disabled"));
    end_cell(writer);
    add_approval_and_first_seen(writer, component->approval, &component->first_seen);
    add_list(writer, component->notes);
    end_cell(writer);
    end_row(writer);
}

static void add_web_file(struct writer *writer, const struct iw_inventory_server *server,
                         const struct iw_inventory_web_file *web_file)
{
    begin_row(writer, server, "webFile");
    add_word(writer, "webFile");
    add_cell(writer, web_file->urls.n != 0 ? web_file->urls.items[0] : (struct iw_str){NULL, 0});
    add_defused(&writer->scratch, web_file->site);
    if (web_file->application.n > 1) /* the scope of components: "Default Web Site/app" */
        iw_printable_add(&writer->scratch, web_file->application);
    end_cell(writer);
    add_cell(writer, web_file->processor);
    add_file(writer, &web_file->file);
    add_word(writer, web_file->is_certain ? "executes" : "assumed");
    add_approval_and_first_seen(writer, web_file->approval, &web_file->first_seen);
    add_list(writer, web_file->marks);
    end_cell(writer);
    end_row(writer);
}

static void add_problem(struct writer *writer, const struct iw_inventory_server *server,
                        const struct iw_inventory_problem *problem)
{
    begin_row(writer, server, "problem");
    add_cell(writer, problem->kind);
    add_cell(writer, problem->place);
    add_nothing(writer, 3);
    add_defused(&writer->scratch, problem->source);
    if (problem->line != 0)
        iw_buffer_printf(&writer->scratch, ":%u:%u", problem->line, problem->column);
    end_cell(writer);
    add_nothing(writer, 10);
    add_cell(writer, problem->what);
    end_row(writer);
}

static void add_server_and_its_own(struct writer *writer, const struct iw_inventory_server *server)
{
    static const struct iw_item_file NO_FILE = {.state = IW_ITEM_FILE_NONE};
    add_server(writer, server);
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *component = &server->components[i];
        if (component->n_files == 0)
            add_component(writer, server, component, &NO_FILE);
        for (size_t j = 0; j < component->n_files; j++)
            add_component(writer, server, component, &component->files[j]);
    }
    for (size_t i = 0; i < server->n_web_files; i++)
        add_web_file(writer, server, &server->web_files[i]);
    for (size_t i = 0; i < server->n_problems; i++)
        add_problem(writer, server, &server->problems[i]);
}

void iw_output_inventory_csv(const struct iw_run *run, struct iw_buffer *out)
{
    struct writer writer = {.out = out};
    iw_buffer_init(&writer.scratch);
    iw_buffer_add(out, (struct iw_str){HEADER, sizeof HEADER - 1});
    for (size_t i = 0; i < run->inventory.n_servers && !out->failed; i++)
        add_server_and_its_own(&writer, &run->inventory.servers[i]);
    iw_buffer_done(&writer.scratch);
}
