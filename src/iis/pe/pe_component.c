/*
 * What a file can be to IIS, by what it exports and what its types implement.
 *
 * IIS asks a native module for RegisterModule, a filter for GetFilterVersion and HttpFilterProc, an
 * extension for GetExtensionVersion and HttpExtensionProc, by these names. A 32-bit compiler
 * decorates them (_RegisterModule@12) unless told otherwise; such a file does not load, but was
 * meant to. Ignored: exports by ordinal only, which IIS cannot ask for.
 */
#include "iis/pe/pe_view.h"

enum wanted { REGISTER_MODULE, FILTER_VERSION, FILTER_PROC, EXTENSION_VERSION, EXTENSION_PROC, N };

static const char *const WANTED[N] = {
    [REGISTER_MODULE] = "RegisterModule",   [FILTER_VERSION] = "GetFilterVersion",
    [FILTER_PROC] = "HttpFilterProc",       [EXTENSION_VERSION] = "GetExtensionVersion",
    [EXTENSION_PROC] = "HttpExtensionProc",
};

/* A name without stdcall's underscore and size; itself when it has none. */
static struct iw_str undecorated(struct iw_str name)
{
    size_t n = name.n;
    while (n > 0 && name.p[n - 1] >= '0' && name.p[n - 1] <= '9')
        n--;
    if (n == 0 || n == name.n || name.p[n - 1] != '@')
        return name;
    name.n = n - 1;
    if (name.n != 0 && name.p[0] == '_') {
        name.p++;
        name.n--;
    }
    return name;
}

static uint32_t native_kinds(unsigned found)
{
    uint32_t kinds = (found >> REGISTER_MODULE & 1) != 0 ? IW_PE_NATIVE_MODULE : 0;
    if ((found >> FILTER_VERSION & 1) != 0 && (found >> FILTER_PROC & 1) != 0)
        kinds |= IW_PE_ISAPI_FILTER;
    if ((found >> EXTENSION_VERSION & 1) != 0 && (found >> EXTENSION_PROC & 1) != 0)
        kinds |= IW_PE_ISAPI_EXTENSION;
    return kinds;
}

static uint32_t managed_kinds(const struct iw_clr *clr)
{
    uint32_t kinds = clr->n_starts != 0 ? IW_PE_AUTOSTART : 0;
    for (uint32_t i = 0; i < clr->n_types; i++) {
        uint8_t roles = clr->types[i].roles;
        if ((roles & IW_CLR_MODULE) != 0)
            kinds |= IW_PE_MANAGED_MODULE;
        if ((roles & (IW_CLR_HANDLER | IW_CLR_ASYNC_HANDLER | IW_CLR_HANDLER_FACTORY)) != 0)
            kinds |= IW_PE_MANAGED_HANDLER;
        if ((roles & IW_CLR_APPLICATION) != 0)
            kinds |= IW_PE_AUTOSTART;
    }
    return kinds;
}

void iw_pe_judge_component(struct iw_pe *pe)
{
    unsigned plain = 0, decorated = 0;
    for (uint32_t i = 0; i < pe->n_exports; i++) {
        const struct iw_pe_export *export = &pe->exports[i];
        struct iw_str name = undecorated(export->name);
        for (unsigned j = 0; j < N; j++) {
            if (!iw_str_equal(name, iw_str_of(WANTED[j])))
                continue;
            if (name.n == export->name.n)
                plain |= 1U << j;
            else
                decorated |= 1U << j;
            pe->has_forwarded_component |= export->forwarder.n != 0;
        }
    }
    pe->components = native_kinds(plain | decorated);
    pe->has_decorated_component = pe->components != native_kinds(plain);
    pe->has_forwarded_component &= pe->components != 0;
    pe->components |= managed_kinds(&pe->clr);
}
