#include "tests/unit/iis/inventory_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/evidence/tree.h"

#define TEXT_BYTES 8192

struct iw_run rig_run;

int inventory_enter(void **state)
{
    (void)state;
    tree_enter();
    iw_run_init(&rig_run);
    return 0;
}

int inventory_leave(void **state)
{
    (void)state;
    iw_run_done(&rig_run);
    tree_leave();
    return 0;
}

void put_text(const char *path, const char *text)
{
    tree_write(path, text, strlen(text));
}

void put_program(const char *path, const struct iw_lab_pe_options *options)
{
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe, options);
    tree_write(path, pe.bytes, pe.size_bytes);
    iw_lab_pe_done(&pe);
}

void put_server(const char *path, const char *sites, const char *web_server)
{
    static const char USUAL[] =
        "<applicationPools><add name='P' managedRuntimeVersion='v4.0'/></applicationPools>"
        "<sites><site name='S' id='1'><application path='/' applicationPool='P'>"
        "<virtualDirectory path='/' physicalPath='C:\\web'/></application></site></sites>";
    char text[TEXT_BYTES];
    int n = snprintf(text, sizeof text,
                     "<configuration><configSections><sectionGroup name='system.webServer'>"
                     "<section name='globalModules' allowDefinition='AppHostOnly' "
                     "overrideModeDefault='Deny'/><section name='modules' "
                     "allowDefinition='MachineToApplication' overrideModeDefault='Allow'/>"
                     "<section name='handlers' overrideModeDefault='Allow'/></sectionGroup>"
                     "</configSections><system.applicationHost>%s</system.applicationHost>"
                     "<system.webServer>%s</system.webServer></configuration>",
                     sites != NULL ? sites : USUAL, web_server);
    assert_in_range(n, 1, sizeof text - 1);
    put_text(path, text);
}

enum iw_rc inventory_read(const char *argument)
{
    const char *const paths[] = {argument != NULL ? argument : "."};
    struct iw_evidence_options options = {.paths = paths, .n_paths = 1};
    const struct iw_inventory_options inventory = {.n_jobs = 2};
    struct iw_evidence evidence;
    struct iw_error error;
    enum iw_rc rc;
    iw_run_done(&rig_run);
    iw_run_init(&rig_run);
    rc = iw_evidence_walk(&options, NULL, &rig_run.ledger, &evidence, &error);
    if (rc == IW_OK)
        rc = iw_inventory_build(&evidence, &inventory, &rig_run, &error);
    iw_evidence_done(&evidence);
    return rc;
}

void inventory_of(const char *argument)
{
    assert_int_equal(inventory_read(argument), IW_OK);
}

const struct iw_inventory_server *server_of(const char *host)
{
    for (size_t i = 0; i < rig_run.inventory.n_servers; i++) {
        if (iw_str_equal(rig_run.inventory.servers[i].host, iw_str_of(host)))
            return &rig_run.inventory.servers[i];
    }
    fail_msg("no server of '%s'", host);
    abort();
}

const struct iw_inventory_component *component_of(const struct iw_inventory_server *server,
                                                  const char *kind, const char *name)
{
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *component = &server->components[i];
        if (strcmp(component->kind, kind) == 0 && iw_str_equal(component->name, iw_str_of(name)))
            return component;
    }
    return NULL;
}

static struct {
    char text[TEXT_BYTES];
    size_t n;
} line;

static void begin_line(void)
{
    line.n = 0;
    line.text[0] = '\0';
}

__attribute__((format(printf, 1, 2))) static void add_line(const char *format, ...)
{
    va_list args;
    int n;
    va_start(args, format);
    n = vsnprintf(line.text + line.n, sizeof line.text - line.n, format, args);
    va_end(args);
    assert_in_range(n, 0, sizeof line.text - line.n - 1);
    line.n += (size_t)n;
}

const char *files_of(const struct iw_inventory_component *component)
{
    begin_line();
    assert_non_null(component);
    for (size_t i = 0; i < component->n_files; i++) {
        const struct iw_item_file *file = &component->files[i];
        add_line("%s%s%s%s", i != 0 ? " " : "", iw_item_file_state_name(file->state),
                 file->twin != NULL ? ":" : "", file->twin != NULL ? file->twin : "");
    }
    return line.text;
}

const char *web_files_of(const struct iw_inventory_server *server)
{
    begin_line();
    for (size_t i = 0; i < server->n_web_files; i++)
        add_line("%s%.*s", i != 0 ? " " : "", IW_STR_ARG(server->web_files[i].file.path));
    return line.text;
}

const char *marks_of(const struct iw_inventory_web_file *web_file)
{
    begin_line();
    for (size_t i = 0; i < web_file->marks.n; i++) {
        struct iw_str mark = web_file->marks.items[i];
        add_line("%s%.*s", i != 0 ? " " : "", (int)iw_str_find(mark, IW_STR(":")), mark.p);
    }
    return line.text;
}

const char *problems_of(const struct iw_inventory_server *server)
{
    begin_line();
    for (size_t i = 0; i < server->n_problems; i++)
        add_line("%s%.*s:%u", i != 0 ? " " : "", IW_STR_ARG(server->problems[i].kind),
                 server->problems[i].line);
    return line.text;
}

const char *ledger_of(const char *path)
{
    begin_line();
    for (size_t i = 0; i < rig_run.ledger.n; i++) {
        const struct iw_source *source = &rig_run.ledger.sources[i];
        if (iw_str_ends_nocase(source->path, iw_str_of(path)))
            add_line("%s%s%.*s", iw_source_state_name(source->state),
                     source->reason.n != 0 ? ": " : "", IW_STR_ARG(source->reason));
    }
    return line.text;
}
