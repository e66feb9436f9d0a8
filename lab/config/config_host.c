/*
 * configProtectedData and system.applicationHost of a freshly installed server, without sites and
 * pools.
 *
 * Source: Microsoft's system.applicationHost reference; defaults of IIS_schema.xml as documented.
 * What it ignores: real keys. The session keys are base64 of a sentence that says so.
 */
#include "lab/config/config_rows.h"

#define NO_KEY "bm8ga2V5OiBpbnZlbnRlZCBieSBpaXN3YXJkZW4tbGFi"

static const struct iw_lab_config_row host_rows[] = {
    {1, 0, "configProtectedData"},
    {2, 0, "providers"},
    {3, 0,
     "add name='IISWASOnlyRsaProvider' type='' description='Uses RsaCryptoServiceProvider to "
     "encrypt and decrypt' keyContainerName='iisWasKey' cspProviderName='' "
     "useMachineContainer='true' useOAEP='false'"},
    {3, 0,
     "add name='AesProvider' type='Microsoft.ApplicationHost.AesProtectedConfigurationProvider' "
     "description='Uses an AES session key to encrypt and decrypt' "
     "keyContainerName='iisConfigurationKey' cspProviderName='' useOAEP='false' "
     "useMachineContainer='true' sessionKey='" NO_KEY "'"},
    {3, 0,
     "add name='IISWASOnlyAesProvider' "
     "type='Microsoft.ApplicationHost.AesProtectedConfigurationProvider' description='Uses an AES "
     "session key to encrypt and decrypt' keyContainerName='iisWasKey' cspProviderName='' "
     "useOAEP='false' useMachineContainer='true' sessionKey='" NO_KEY "'"},
    {1, 0, "system.applicationHost"},
    {2, 0, "applicationPools"},
    {3, 0, "applicationPoolDefaults managedRuntimeVersion='v4.0'"},
    {4, 0, "processModel identityType='ApplicationPoolIdentity'"},
    {2, 0,
     "configHistory enabled='true' path='%SystemDrive%\\inetpub\\history' maxHistories='10' "
     "period='00:02:00'"},
    {2, 0, "!Used by the metabase compatibility layer; not to be edited by hand."},
    {2, 0, "customMetadata"},
    {2, 0, "!Protocols that the Windows Process Activation Service listens to."},
    {2, 0, "listenerAdapters"},
    {3, 0, "add name='http'"},
    {2, 0, "log"},
    {3, 0,
     "centralBinaryLogFile enabled='true' directory='%SystemDrive%\\inetpub\\logs\\LogFiles'"},
    {3, 0, "centralW3CLogFile enabled='true' directory='%SystemDrive%\\inetpub\\logs\\LogFiles'"},
    {2, 0, "serviceAutoStartProviders"},
    {2, 0, "sites"},
    {3, 0, "siteDefaults"},
    {4, 0, "logFile logFormat='W3C' directory='%SystemDrive%\\inetpub\\logs\\LogFiles'"},
    {4, 0,
     "traceFailedRequestsLogging directory='%SystemDrive%\\inetpub\\logs\\FailedReqLogFiles'"},
    {3, 0, "applicationDefaults applicationPool='DefaultAppPool'"},
    {3, 0, "virtualDirectoryDefaults allowSubDirConfig='true'"},
    {2, 0, "webLimits"},
};

void iw_lab_config_add_host(struct iw_lab_element *configuration, unsigned features)
{
    iw_lab_config_rows_grow(configuration, host_rows, sizeof host_rows / sizeof host_rows[0],
                            features);
}
