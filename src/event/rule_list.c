/*
 * Sources: files of IIS, the applicationHost.config and folder of installed servers (Windows Server
 * 2012 to 2022); variables, the documentation of .NET's profiling, startup hooks and domain
 * managers.
 */
#include "event/rule_list.h"

/* What Windows itself has in inetsrv. */
static const char *const FILES_OF_IIS[] = {
    "\\inetsrv\\appcmd.exe",   "\\inetsrv\\asp.dll",      "\\inetsrv\\authanon.dll",
    "\\inetsrv\\authbas.dll",  "\\inetsrv\\authcert.dll", "\\inetsrv\\authmap.dll",
    "\\inetsrv\\authmd5.dll",  "\\inetsrv\\authsspi.dll", "\\inetsrv\\cachfile.dll",
    "\\inetsrv\\cachhttp.dll", "\\inetsrv\\cachtokn.dll", "\\inetsrv\\cachuri.dll",
    "\\inetsrv\\cgi.dll",      "\\inetsrv\\compdyn.dll",  "\\inetsrv\\compstat.dll",
    "\\inetsrv\\custerr.dll",  "\\inetsrv\\defdoc.dll",   "\\inetsrv\\diprestr.dll",
    "\\inetsrv\\dirlist.dll",  "\\inetsrv\\filter.dll",   "\\inetsrv\\gzip.dll",
    "\\inetsrv\\hwebcore.dll", "\\inetsrv\\iis_ssi.dll",  "\\inetsrv\\iiscore.dll",
    "\\inetsrv\\iisetw.dll",   "\\inetsrv\\iisfcgi.dll",  "\\inetsrv\\iisfreb.dll",
    "\\inetsrv\\iisreg.dll",   "\\inetsrv\\iisreqs.dll",  "\\inetsrv\\iisres.dll",
    "\\inetsrv\\iisutil.dll",  "\\inetsrv\\iiswsock.dll", "\\inetsrv\\inetinfo.exe",
    "\\inetsrv\\iprestr.dll",  "\\inetsrv\\isapi.dll",    "\\inetsrv\\logcust.dll",
    "\\inetsrv\\loghttp.dll",  "\\inetsrv\\modrqflt.dll", "\\inetsrv\\nativerd.dll",
    "\\inetsrv\\protsup.dll",  "\\inetsrv\\redirect.dll", "\\inetsrv\\rsca.dll",
    "\\inetsrv\\static.dll",   "\\inetsrv\\urlauthz.dll", "\\inetsrv\\validcfg.dll",
    "\\inetsrv\\w3ctrlps.dll", "\\inetsrv\\w3dt.dll",     "\\inetsrv\\w3tp.dll",
    "\\inetsrv\\w3wp.exe",     "\\inetsrv\\w3wphost.dll", "\\inetsrv\\warmup.dll",
    "\\inetsrv\\wbhst_pm.dll", "\\inetsrv\\webdav.dll"};

/* Consoles, desktops, hosts of scripts and what runs what it is told, for somebody who acts by
 * hand. */
static const char *const CONSOLES[] = {
    "\\cmd.exe",         "\\powershell.exe", "\\powershell_ise.exe", "\\pwsh.exe",
    "\\wsmprovhost.exe", "\\explorer.exe",   "\\wscript.exe",        "\\cscript.exe",
    "\\mshta.exe",       "\\rundll32.exe",   "\\wmic.exe",           "\\WmiPrvSE.exe",
    "\\python.exe"};

/* By which .NET loads a profiler, a startup hook or a manager of domains. */
static const char *const PROFILER_VARIABLES[] = {"COR_PROFILER",
                                                 "COR_PROFILER_PATH",
                                                 "COR_PROFILER_PATH_32",
                                                 "COR_PROFILER_PATH_64",
                                                 "COR_ENABLE_PROFILING",
                                                 "CORECLR_PROFILER",
                                                 "CORECLR_PROFILER_PATH",
                                                 "CORECLR_PROFILER_PATH_32",
                                                 "CORECLR_PROFILER_PATH_64",
                                                 "CORECLR_ENABLE_PROFILING",
                                                 "DOTNET_STARTUP_HOOKS",
                                                 "APPDOMAIN_MANAGER_ASM",
                                                 "APPDOMAIN_MANAGER_TYPE"};

static const struct {
    const char *name;
    const char *const *texts;
    size_t n;
} LISTS[] = {
    {"iiswarden.files_of_iis", FILES_OF_IIS, sizeof FILES_OF_IIS / sizeof FILES_OF_IIS[0]},
    {"iiswarden.consoles", CONSOLES, sizeof CONSOLES / sizeof CONSOLES[0]},
    {"iiswarden.profiler_variables", PROFILER_VARIABLES,
     sizeof PROFILER_VARIABLES / sizeof PROFILER_VARIABLES[0]},
};

const char *const *iw_rule_list_of(struct iw_str name, size_t *ret_n)
{
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++) {
        if (!iw_str_equal(name, iw_str_of(LISTS[i].name)))
            continue;
        *ret_n = LISTS[i].n;
        return LISTS[i].texts;
    }
    *ret_n = 0;
    return NULL;
}
