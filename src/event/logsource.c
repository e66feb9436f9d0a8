/*
 * Log sources of Sigma's Windows taxonomy (Sigma 2.1, "Sigma Taxonomy", with the channels that
 * pySigma, THOR and Hayabusa agree on; Security 4657 and Defender as Hayabusa and THOR have them).
 *
 * Left out on purpose: WMI-Activity 5861 for wmi_event. What Sysmon calls Destination, Query and
 * Type stands there inside the text of a MOF object, for which rules have no names.
 */
#include "event/logsource.h"

#include "event/name.h"
#include "event/web_log.h"
#include "event/channel.h"

#define POWERSHELL "Microsoft-Windows-PowerShell/Operational"
#define DEFENDER "Microsoft-Windows-Windows Defender/Operational"
#define POWERSHELL_CORE "PowerShellCore/Operational"

/* clang-format off */
static const struct iw_log_row ROWS[] = {
    {IW_LOG_CATEGORY, "process_creation", IW_CHANNEL_SYSMON, {1}},
    {IW_LOG_CATEGORY, "process_creation", "Security", {4688}},
    {IW_LOG_CATEGORY, "file_change", IW_CHANNEL_SYSMON, {2}},
    {IW_LOG_CATEGORY, "network_connection", IW_CHANNEL_SYSMON, {3}},
    {IW_LOG_CATEGORY, "network_connection", "Security", {5156}},
    {IW_LOG_CATEGORY, "sysmon_status", IW_CHANNEL_SYSMON, {4, 16}},
    {IW_LOG_CATEGORY, "process_termination", IW_CHANNEL_SYSMON, {5}},
    {IW_LOG_CATEGORY, "driver_load", IW_CHANNEL_SYSMON, {6}},
    {IW_LOG_CATEGORY, "image_load", IW_CHANNEL_SYSMON, {7}},
    {IW_LOG_CATEGORY, "create_remote_thread", IW_CHANNEL_SYSMON, {8}},
    {IW_LOG_CATEGORY, "raw_access_thread", IW_CHANNEL_SYSMON, {9}},
    {IW_LOG_CATEGORY, "process_access", IW_CHANNEL_SYSMON, {10}},
    {IW_LOG_CATEGORY, "file_event", IW_CHANNEL_SYSMON, {11}},
    {IW_LOG_CATEGORY, "registry_event", IW_CHANNEL_SYSMON, {12, 13, 14}},
    {IW_LOG_CATEGORY, "registry_event", "Security", {4657}},
    {IW_LOG_CATEGORY, "registry_add", IW_CHANNEL_SYSMON, {12}},
    {IW_LOG_CATEGORY, "registry_add", "Security", {4657}},
    {IW_LOG_CATEGORY, "registry_delete", IW_CHANNEL_SYSMON, {12}},
    {IW_LOG_CATEGORY, "registry_delete", "Security", {4657}},
    {IW_LOG_CATEGORY, "registry_set", IW_CHANNEL_SYSMON, {13}},
    {IW_LOG_CATEGORY, "registry_set", "Security", {4657}},
    {IW_LOG_CATEGORY, "registry_rename", IW_CHANNEL_SYSMON, {14}},
    {IW_LOG_CATEGORY, "create_stream_hash", IW_CHANNEL_SYSMON, {15}},
    {IW_LOG_CATEGORY, "pipe_created", IW_CHANNEL_SYSMON, {17, 18}},
    {IW_LOG_CATEGORY, "wmi_event", IW_CHANNEL_SYSMON, {19, 20, 21}},
    {IW_LOG_CATEGORY, "dns_query", IW_CHANNEL_SYSMON, {22}},
    {IW_LOG_CATEGORY, "file_delete", IW_CHANNEL_SYSMON, {23, 26}},
    {IW_LOG_CATEGORY, "clipboard_capture", IW_CHANNEL_SYSMON, {24}},
    {IW_LOG_CATEGORY, "process_tampering", IW_CHANNEL_SYSMON, {25}},
    {IW_LOG_CATEGORY, "file_delete_detected", IW_CHANNEL_SYSMON, {26}},
    {IW_LOG_CATEGORY, "file_block_executable", IW_CHANNEL_SYSMON, {27}},
    {IW_LOG_CATEGORY, "file_block_shredding", IW_CHANNEL_SYSMON, {28}},
    {IW_LOG_CATEGORY, "file_executable_detected", IW_CHANNEL_SYSMON, {29}},
    {IW_LOG_CATEGORY, "sysmon_error", IW_CHANNEL_SYSMON, {255}},
    {IW_LOG_CATEGORY, "ps_module", POWERSHELL, {4103}},
    {IW_LOG_CATEGORY, "ps_module", POWERSHELL_CORE, {4103}},
    {IW_LOG_CATEGORY, "ps_script", POWERSHELL, {4104}},
    {IW_LOG_CATEGORY, "ps_script", POWERSHELL_CORE, {4104}},
    {IW_LOG_CATEGORY, "ps_classic_start", "Windows PowerShell", {400}},
    {IW_LOG_CATEGORY, "ps_classic_provider_start", "Windows PowerShell", {600}},
    {IW_LOG_CATEGORY, "ps_classic_script", "Windows PowerShell", {800}},
    {IW_LOG_CATEGORY, "antivirus", DEFENDER, {1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116}},
    {IW_LOG_CATEGORY, "webserver", IW_CHANNEL_W3SVC, {0}},
    {IW_LOG_CATEGORY, "webserver", IW_CHANNEL_WMSVC, {0}},
    {IW_LOG_CATEGORY, "webserver", IW_CHANNEL_HTTPERR, {0}}, /* refused before a worker had them */
    {IW_LOG_CATEGORY, "file_access", NULL, {0}}, /* ETW Microsoft-Windows-Kernel-File only */
    {IW_LOG_CATEGORY, "file_rename", NULL, {0}}, /* ETW Microsoft-Windows-Kernel-File only */
    {IW_LOG_SERVICE, "application", "Application", {0}},
    {IW_LOG_SERVICE, "security", "Security", {0}},
    {IW_LOG_SERVICE, "system", "System", {0}},
    {IW_LOG_SERVICE, "sysmon", IW_CHANNEL_SYSMON, {0}},
    {IW_LOG_SERVICE, "powershell", POWERSHELL, {0}},
    {IW_LOG_SERVICE, "powershell", POWERSHELL_CORE, {0}},
    {IW_LOG_SERVICE, "powershell-classic", "Windows PowerShell", {0}},
    {IW_LOG_SERVICE, "taskscheduler", "Microsoft-Windows-TaskScheduler/Operational", {0}},
    {IW_LOG_SERVICE, "wmi", "Microsoft-Windows-WMI-Activity/Operational", {0}},
    {IW_LOG_SERVICE, "windefend", DEFENDER, {0}},
    {IW_LOG_SERVICE, "application-experience", "Microsoft-Windows-Application-Experience/Program-Telemetry", {0}},
    {IW_LOG_SERVICE, "application-experience", "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant", {0}},
    {IW_LOG_SERVICE, "applocker", "Microsoft-Windows-AppLocker/MSI and Script", {0}},
    {IW_LOG_SERVICE, "applocker", "Microsoft-Windows-AppLocker/EXE and DLL", {0}},
    {IW_LOG_SERVICE, "applocker", "Microsoft-Windows-AppLocker/Packaged app-Deployment", {0}},
    {IW_LOG_SERVICE, "applocker", "Microsoft-Windows-AppLocker/Packaged app-Execution", {0}},
    {IW_LOG_SERVICE, "appmodel-runtime", "Microsoft-Windows-AppModel-Runtime/Admin", {0}},
    {IW_LOG_SERVICE, "appxdeployment-server", "Microsoft-Windows-AppXDeploymentServer/Operational", {0}},
    {IW_LOG_SERVICE, "appxpackaging-om", "Microsoft-Windows-AppxPackaging/Operational", {0}},
    {IW_LOG_SERVICE, "bitlocker", "Microsoft-Windows-BitLocker/BitLocker Management", {0}},
    {IW_LOG_SERVICE, "bits-client", "Microsoft-Windows-Bits-Client/Operational", {0}},
    {IW_LOG_SERVICE, "capi2", "Microsoft-Windows-CAPI2/Operational", {0}},
    {IW_LOG_SERVICE, "certificateservicesclient-lifecycle-system", "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational", {0}},
    {IW_LOG_SERVICE, "codeintegrity-operational", "Microsoft-Windows-CodeIntegrity/Operational", {0}},
    {IW_LOG_SERVICE, "dhcp", "Microsoft-Windows-DHCP-Server/Operational", {0}},
    {IW_LOG_SERVICE, "diagnosis-scripted", "Microsoft-Windows-Diagnosis-Scripted/Operational", {0}},
    {IW_LOG_SERVICE, "dns-client", "Microsoft-Windows-DNS Client Events/Operational", {0}},
    {IW_LOG_SERVICE, "dns-client", "Microsoft-Windows-DNS-Client/Operational", {0}}, /* its real name */
    {IW_LOG_SERVICE, "dns-server", "DNS Server", {0}},
    {IW_LOG_SERVICE, "dns-server-analytic", "Microsoft-Windows-DNS-Server/Analytical", {0}},
    {IW_LOG_SERVICE, "dns-server-audit", "Microsoft-Windows-DNS-Server/Audit", {0}},
    {IW_LOG_SERVICE, "driver-framework", "Microsoft-Windows-DriverFrameworks-UserMode/Operational", {0}},
    {IW_LOG_SERVICE, "firewall-as", "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", {0}},
    {IW_LOG_SERVICE, "hyper-v-worker", "Microsoft-Windows-Hyper-V-Worker", {0}},
    {IW_LOG_SERVICE, "httperr", IW_CHANNEL_HTTPERR, {0}},
    {IW_LOG_SERVICE, "iis", IW_CHANNEL_W3SVC, {0}},
    {IW_LOG_SERVICE, "iis", IW_CHANNEL_WMSVC, {0}},
    {IW_LOG_SERVICE, "iis-configuration", IW_CHANNEL_IIS_CONFIGURATION, {0}},
    {IW_LOG_SERVICE, "kernel-event-tracing", "Microsoft-Windows-Kernel-EventTracing", {0}},
    {IW_LOG_SERVICE, "kernel-shimengine", "Microsoft-Windows-Kernel-ShimEngine/Operational", {0}},
    {IW_LOG_SERVICE, "kernel-shimengine", "Microsoft-Windows-Kernel-ShimEngine/Diagnostic", {0}},
    {IW_LOG_SERVICE, "ldap", "Microsoft-Windows-LDAP-Client/Debug", {0}},
    {IW_LOG_SERVICE, "ldap_debug", "Microsoft-Windows-LDAP-Client/Debug", {0}},
    {IW_LOG_SERVICE, "lsa-server", "Microsoft-Windows-LSA/Operational", {0}},
    {IW_LOG_SERVICE, "msexchange-management", "MSExchange Management", {0}},
    {IW_LOG_SERVICE, "ntfs", "Microsoft-Windows-Ntfs/Operational", {0}},
    {IW_LOG_SERVICE, "ntlm", "Microsoft-Windows-NTLM/Operational", {0}},
    {IW_LOG_SERVICE, "openssh", "OpenSSH/Operational", {0}},
    {IW_LOG_SERVICE, "printservice-admin", "Microsoft-Windows-PrintService/Admin", {0}},
    {IW_LOG_SERVICE, "printservice-operational", "Microsoft-Windows-PrintService/Operational", {0}},
    {IW_LOG_SERVICE, "security-mitigations", "Microsoft-Windows-Security-Mitigations/Kernel Mode", {0}},
    {IW_LOG_SERVICE, "security-mitigations", "Microsoft-Windows-Security-Mitigations/User Mode", {0}},
    {IW_LOG_SERVICE, "sense", "Microsoft-Windows-SENSE/Operational", {0}},
    {IW_LOG_SERVICE, "servicebus-client", "Microsoft-ServiceBus-Client/Operational", {0}},
    {IW_LOG_SERVICE, "servicebus-client", "Microsoft-ServiceBus-Client/Admin", {0}},
    {IW_LOG_SERVICE, "microsoft-servicebus-client", "Microsoft-ServiceBus-Client", {0}},
    {IW_LOG_SERVICE, "microsoft-servicebus-client", "Microsoft-ServiceBus-Client/Operational", {0}},
    {IW_LOG_SERVICE, "microsoft-servicebus-client", "Microsoft-ServiceBus-Client/Admin", {0}},
    {IW_LOG_SERVICE, "shell-core", "Microsoft-Windows-Shell-Core/Operational", {0}},
    {IW_LOG_SERVICE, "smbclient-security", "Microsoft-Windows-SmbClient/Security", {0}},
    {IW_LOG_SERVICE, "smbclient-connectivity", "Microsoft-Windows-SmbClient/Connectivity", {0}},
    {IW_LOG_SERVICE, "smbserver-connectivity", "Microsoft-Windows-SMBServer/Connectivity", {0}},
    {IW_LOG_SERVICE, "terminalservices-localsessionmanager", "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", {0}},
    {IW_LOG_SERVICE, "vhdmp", "Microsoft-Windows-VHDMP/Operational", {0}},
};
/* clang-format on */

/* Sysmon 12 is a key made, a key deleted or a value deleted; a 4657 is a value made, changed or
 * deleted. */
static const struct iw_log_only ONLY[] = {
    {"registry_add", NULL, IW_FIELD_EVENT_TYPE, {"CreateKey"}},
    {"registry_delete", NULL, IW_FIELD_EVENT_TYPE, {"DeleteKey", "DeleteValue"}},
    {"registry_set", "Security", IW_FIELD_EVENT_TYPE, {"SetValue"}},
};

#define N_ROWS (sizeof ROWS / sizeof ROWS[0])

const struct iw_log_row *iw_log_source_find(enum iw_log_kind kind, struct iw_str name,
                                            size_t *ret_n)
{
    const struct iw_log_row *first = NULL;

    *ret_n = 0;
    for (size_t i = 0; i < N_ROWS; i++) {
        if (ROWS[i].kind != kind || !iw_str_equal_nocase(iw_str_of(ROWS[i].name), name))
            continue;
        if (first == NULL)
            first = &ROWS[i];
        (*ret_n)++;
    }
    return first;
}

const struct iw_log_only *iw_log_row_only(const struct iw_log_row *row)
{
    for (size_t i = 0; row->kind == IW_LOG_CATEGORY && i < sizeof ONLY / sizeof ONLY[0]; i++) {
        if (strcmp(ONLY[i].name, row->name) == 0 &&
            (ONLY[i].channel == NULL ||
             (row->channel != NULL && strcmp(ONLY[i].channel, row->channel) == 0)))
            return &ONLY[i];
    }
    return NULL;
}

bool iw_log_row_has_id(const struct iw_log_row *row, uint32_t event_id)
{
    if (row->ids[0] == 0)
        return true;
    for (size_t i = 0; row->ids[i] != 0; i++) {
        if (row->ids[i] == event_id)
            return true;
    }
    return false;
}

bool iw_log_source_has(const struct iw_log_row *rows, size_t n, struct iw_str channel,
                       uint32_t event_id)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].channel != NULL && iw_log_row_has_id(&rows[i], event_id) &&
            iw_str_equal_nocase(iw_str_of(rows[i].channel), channel))
            return true;
    }
    return false;
}
