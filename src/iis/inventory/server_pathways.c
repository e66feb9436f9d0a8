/*
 * Who may write without being an administrator: what the configuration says of each root, and of
 * the server what the registry says of the management service and the FTP service.
 */
#include "iis/inventory/server_build.h"

#include "iis/config/pathway_lines.h"
#include "iis/config/write_pathways.h"

/* Microsoft, "Configuring Remote Administration and Feature Delegation in IIS": values of DWORD. */
#define MANAGEMENT "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\WebManagement\\Server"

enum { START_AUTOMATIC = 2, START_DISABLED = 4 };

/* Copies of the lines. */
static bool keep_lines(struct iw_server_build *build, const struct iw_text_list *from,
                       struct iw_text_list *to)
{
    for (size_t i = 0; i < from->n; i++) {
        if (!iw_keep_line(build, to, iw_keep(build, from->items[i])))
            return false;
    }
    return true;
}

/* --- roots ---------------------------------------------------------------------------------- */

/* Roots of the configuration stand first, in its order; then those nobody configured. */
static enum iw_rc tell_roots(struct iw_server_build *build)
{
    struct iw_inventory_root *roots = build->roots.items;
    struct iw_write_pathways pathways;
    IW_TRY(iw_write_pathways_read(&build->web, &build->work, &pathways));
    for (size_t i = 0; i < build->roots.n; i++) {
        struct iw_str nothing =
            IW_STR("unknown: all: no configuration in evidence names this folder");
        const struct iw_text_list assumed = {&nothing, 1};
        if (!keep_lines(build, i < pathways.n_roots ? &pathways.roots[i] : &assumed,
                        &roots[i].pathways))
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* --- services ------------------------------------------------------------------------------- */

static void ask(const struct iw_server_build *build, const char *name, struct iw_registry_fact *ret)
{
    const struct iw_host_registry *registry = build->registry;
    iw_registry_ask(registry->hives, registry->n, MANAGEMENT, name, ret);
}

/* "; the service is disabled" */
static const char *start_words(const struct iw_registry_fact *start)
{
    if (start->state != IW_FACT_KNOWN || !start->has_number)
        return "; how its service starts is not known";
    if (start->number == START_DISABLED)
        return "; its service is disabled";
    return start->number == START_AUTOMATIC ? "; its service starts by itself"
                                            : "; its service is started by hand";
}

static const char *account_words(const struct iw_registry_fact *windows_only)
{
    if (windows_only->state == IW_FACT_KNOWN && windows_only->has_number)
        return windows_only->number != 0 ? ", Windows accounts only"
                                         : ", also accounts that only IIS knows";
    return ", which accounts is not known";
}

static void tell_management(struct iw_server_build *build, struct iw_pathway_lines *lines)
{
    struct iw_registry_fact enabled, windows_only;
    ask(build, "EnableRemoteManagement", &enabled);
    ask(build, "RequiresWindowsCredentials", &windows_only);
    if (enabled.state == IW_FACT_NOT_IN_EVIDENCE)
        iw_pathway_say(lines, "unknown: wmsvc: no registry of the server in evidence");
    else if (enabled.state == IW_FACT_UNREADABLE ||
             (enabled.state == IW_FACT_KNOWN && !enabled.has_number))
        iw_pathway_say(lines, "unknown: wmsvc: EnableRemoteManagement cannot be read");
    else if (enabled.state == IW_FACT_KNOWN && enabled.number != 0)
        iw_pathway_say(lines, "wmsvc: remote management is enabled%s%s",
                       account_words(&windows_only),
                       start_words(&build->registry->facts.values[IW_REGISTRY_START_WMSVC]));
}

static void tell_ftp(struct iw_server_build *build, struct iw_pathway_lines *lines)
{
    const struct iw_registry_fact *start = &build->registry->facts.values[IW_REGISTRY_START_FTPSVC];
    if (start->state == IW_FACT_NOT_IN_EVIDENCE)
        iw_pathway_say(lines, "unknown: ftpsvc: no registry of the server in evidence");
    else if (start->state == IW_FACT_UNREADABLE ||
             (start->state == IW_FACT_KNOWN && !start->has_number))
        iw_pathway_say(lines, "unknown: ftpsvc: its start type cannot be read");
    else if (start->state == IW_FACT_KNOWN && start->number != START_DISABLED)
        iw_pathway_say(lines, "ftpsvc: the FTP service is installed%s", start_words(start));
}

enum iw_rc iw_build_pathways(struct iw_server_build *build)
{
    struct iw_pathway_lines lines = {.arena = &build->work};
    struct iw_text_list delegations, sorted;
    bool has_registry = build->takes_placed || build->live == NULL;
    IW_TRY(tell_roots(build));
    if (build->live == NULL && build->roots.n == 0)
        return IW_OK; /* nothing is known of a server */
    IW_TRY(iw_delegations_read(build->config, &build->work, &delegations));
    for (size_t i = 0; i < delegations.n; i++)
        iw_pathway_add(&lines, delegations.items[i]);
    if (has_registry) {
        tell_management(build, &lines);
        tell_ftp(build, &lines);
    } else {
        iw_pathway_say(&lines, "unknown: ftpsvc: nothing but the configuration was given");
        iw_pathway_say(&lines, "unknown: wmsvc: nothing but the configuration was given");
    }
    IW_TRY(iw_pathway_sort(&lines, &sorted));
    return keep_lines(build, &sorted, &build->server->pathways) ? IW_OK : IW_ENOMEM;
}
