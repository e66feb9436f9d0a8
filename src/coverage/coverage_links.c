#include "coverage/coverage_links.h"

#include "event/web_log.h"
#include "event/channel.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

const struct iw_link_witness iw_link_witnesses[] = {
    {IW_LINK_FILE_CREATED, "Sysmon 11", IW_CHANNEL_SYSMON, IW_SAMPLE_FILE, IW_FOLDERS_ROOTS,
     IW_SENSE_SYSMON_FILE, IW_GAP_OF_ALL},
    {IW_LINK_FILE_CREATED, "Security 4663", IW_CHANNEL_SECURITY, IW_SAMPLE_FILE, IW_FOLDERS_ROOTS,
     IW_SENSE_AUDIT_FILE, IW_GAP_OF_FILES},
    {IW_LINK_PROCESS_CREATED, "Sysmon 1", IW_CHANNEL_SYSMON, IW_SAMPLE_PROCESS, IW_FOLDERS_NONE,
     IW_SENSE_SYSMON_PROCESS, IW_GAP_OF_ALL},
    {IW_LINK_PROCESS_CREATED, "Security 4688", IW_CHANNEL_SECURITY, IW_SAMPLE_PROCESS,
     IW_FOLDERS_NONE, IW_SENSE_AUDIT_COMMAND_LINE, IW_GAP_OF_PROCESSES},
    {IW_LINK_REGISTRATION, "IIS-Configuration/Operational", IW_CHANNEL_IIS_CONFIGURATION,
     IW_SAMPLE_NONE, IW_FOLDERS_NONE, IW_SENSE_CONFIGURATION_LOG, IW_GAP_OF_ALL},
    {IW_LINK_REGISTRATION, "Sysmon 11", IW_CHANNEL_SYSMON, IW_SAMPLE_FILE, IW_FOLDERS_CONFIG,
     IW_SENSE_SYSMON_FILE, IW_GAP_OF_ALL},
    {IW_LINK_REGISTRATION, "Security 4663", IW_CHANNEL_SECURITY, IW_SAMPLE_FILE, IW_FOLDERS_CONFIG,
     IW_SENSE_AUDIT_FILE, IW_GAP_OF_FILES},
    {IW_LINK_MODULE_LOAD, "Sysmon 7", IW_CHANNEL_SYSMON, IW_SAMPLE_LOAD, IW_FOLDERS_NONE,
     IW_SENSE_SYSMON_LOAD, IW_GAP_OF_ALL},
    {IW_LINK_REQUEST, "log of requests", IW_CHANNEL_W3SVC, IW_SAMPLE_NONE, IW_FOLDERS_NONE,
     IW_SENSE_REQUEST_LOG, IW_GAP_OF_ALL},
    {IW_LINK_COMPILED, "Sysmon 11", IW_CHANNEL_SYSMON, IW_SAMPLE_FILE, IW_FOLDERS_COMPILED,
     IW_SENSE_SYSMON_FILE, IW_GAP_OF_ALL},
    {IW_LINK_COMPILED, "Security 4663", IW_CHANNEL_SECURITY, IW_SAMPLE_FILE, IW_FOLDERS_COMPILED,
     IW_SENSE_AUDIT_FILE, IW_GAP_OF_FILES},
    {IW_LINK_LOGON, "Security 4624", IW_CHANNEL_SECURITY, IW_SAMPLE_LOGON, IW_FOLDERS_NONE,
     IW_SENSE_AUDIT_LOGON, IW_GAP_OF_LOGONS},
    {IW_LINK_NETWORK, "Sysmon 3", IW_CHANNEL_SYSMON, IW_SAMPLE_CONNECTION, IW_FOLDERS_NONE,
     IW_SENSE_SYSMON_CONNECTION, IW_GAP_OF_ALL},
};

const size_t iw_n_link_witnesses = sizeof iw_link_witnesses / sizeof iw_link_witnesses[0];

const char *iw_link_name(enum iw_link link)
{
#define NAME(link, name) [IW_LINK_##link] = (name),
    static const char *const NAMES[IW_LINK_COUNT] = {IW_LINKS(NAME)};
#undef NAME
    return NAMES[link];
}

const struct iw_link_folder *iw_link_folder(enum iw_link_folders folders)
{
    static const struct iw_link_folder FOLDERS[IW_FOLDERS_COUNT] = {
        [IW_FOLDERS_CONFIG] = {TEXT("c:\\windows\\system32\\inetsrv\\config"),
                               TEXT("C:\\Windows\\System32\\inetsrv\\config")},
        /* ASP.NET compiles into a folder of each version: that of 64-bit pools is asked about. */
        [IW_FOLDERS_COMPILED] = {TEXT("c:\\windows\\microsoft.net"),
                                 TEXT("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                                      "Temporary ASP.NET Files")},
    };
    return &FOLDERS[folders];
}

static const struct iw_link_of_analytic COMPONENT_LINKS[] = {
    {IW_LINK_CONFIGURATION, true},    {IW_LINK_REGISTRATION, true}, {IW_LINK_MODULE_LOAD, true},
    {IW_LINK_PROCESS_CREATED, false}, {IW_LINK_LOGON, false},       {IW_LINK_NETWORK, false},
};

static const struct iw_link_of_analytic SHELL_LINKS[] = {
    {IW_LINK_FILE_CREATED, true}, {IW_LINK_PROCESS_CREATED, true}, {IW_LINK_REQUEST, false},
    {IW_LINK_COMPILED, false},    {IW_LINK_LOGON, false},          {IW_LINK_NETWORK, false},
};

static const struct iw_str COMPONENT_BEYOND[] = {
    TEXT("code that is in the memory of a worker alone: patched functions, assemblies loaded from "
         "memory; no event log shows it"),
    TEXT("managed modules: Sysmon 7 shows that the runtime loads an assembly from disk, not which "
         "module of it is used"),
    TEXT("configuration that was edited as text and put back before it was collected, where the "
         "log of the configuration system alone tells of changes (no Sysmon 11, no Security 4663)"),
};

static const struct iw_str SHELL_BEYOND[] = {
    TEXT("what a page does inside the worker, in memory and without starting a process"),
    TEXT("files renamed or moved into a web root, and pages changed in place, where Sysmon 11 "
         "alone tells of files"),
    TEXT("what a configuration of Sysmon, or an audit list, that is not in evidence leaves out: "
         "samples of a web root or of processes show that such events are written, not that all "
         "are"),
};

#define N(array) (sizeof(array) / sizeof(array)[0])

const struct iw_analytic_row iw_analytics[IW_ANALYTIC_COUNT] = {
    [IW_ANALYTIC_COMPONENTS] = {IW_ANALYTIC_COMPONENTS, COMPONENT_LINKS, N(COMPONENT_LINKS),
                                COMPONENT_BEYOND, N(COMPONENT_BEYOND)},
    [IW_ANALYTIC_WEB_SHELLS] = {IW_ANALYTIC_WEB_SHELLS, SHELL_LINKS, N(SHELL_LINKS), SHELL_BEYOND,
                                N(SHELL_BEYOND)},
};
