/*
 * system.webServer of a freshly installed server, but for the native modules (config_native.c) and
 * MIME maps (config_mime.c); system.ftpServer where FTP is installed.
 *
 * Source: Microsoft's system.webServer reference; request filtering defaults of installed servers.
 * What it ignores: settings that no reader of evidence looks at are left at the schema's default.
 */
#include "lab/config/config_rows.h"
#include "lab/config/lab_config.h"

#define ASPNET IW_LAB_CONFIG_ASPNET
#define ASP IW_LAB_CONFIG_ASP
#define ARR IW_LAB_CONFIG_ARR
#define FTP IW_LAB_CONFIG_FTP
#define SHAREPOINT IW_LAB_CONFIG_SHAREPOINT
#define NET32 "%windir%\\Microsoft.NET\\Framework\\v4.0.30319\\"
#define NET64 "%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\"
#define CUSTERR "prefixLanguageFilePath='%SystemDrive%\\inetpub\\custerr' path="
#define N_OF(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct iw_lab_config_row first_rows[] = {
    {1, 0, "asp"},
    {2, 0, "session allowSessionState='true'"},
    {2, 0,
     "cache diskTemplateCacheDirectory='%SystemDrive%\\inetpub\\temp\\ASP Compiled Templates'"},
    {2, 0, "limits"},
    {1, 0, "caching enabled='true' enableKernelCache='true'"},
    {1, 0, "cgi"},
    {1, 0, "defaultDocument enabled='true'"},
    {2, 0, "files"},
    {3, 0, "add value='Default.htm'"},
    {3, 0, "add value='Default.asp'"},
    {3, 0, "add value='index.htm'"},
    {3, 0, "add value='index.html'"},
    {3, 0, "add value='iisstart.htm'"},
    {3, ASPNET, "add value='default.aspx'"},
    {1, 0, "directoryBrowse enabled='false'"},
    {1, 0, "fastCgi"},
    {1, 0, "!Native modules: loaded by every worker process whose preCondition fits."},
    {1, 0, "globalModules"},
    {1, 0,
     "httpCompression directory='%SystemDrive%\\inetpub\\temp\\IIS Temporary Compressed Files'"},
    {2, 0, "scheme name='gzip' dll='%Windir%\\system32\\inetsrv\\gzip.dll'"},
    {2, 0, "staticTypes"},
    {3, 0, "add mimeType='text/*' enabled='true'"},
    {3, 0, "add mimeType='message/*' enabled='true'"},
    {3, 0, "add mimeType='application/javascript' enabled='true'"},
    {3, 0, "add mimeType='application/atom+xml' enabled='true'"},
    {3, 0, "add mimeType='application/xaml+xml' enabled='true'"},
    {3, 0, "add mimeType='image/svg+xml' enabled='true'"},
    {3, 0, "add mimeType='*/*' enabled='false'"},
    {1, 0, "httpErrors lockAttributes='allowAbsolutePathsWhenDelegated,defaultPath'"},
    {2, 0, "error statusCode='401' " CUSTERR "'401.htm'"},
    {2, 0, "error statusCode='403' " CUSTERR "'403.htm'"},
    {2, 0, "error statusCode='404' " CUSTERR "'404.htm'"},
    {2, 0, "error statusCode='405' " CUSTERR "'405.htm'"},
    {2, 0, "error statusCode='406' " CUSTERR "'406.htm'"},
    {2, 0, "error statusCode='412' " CUSTERR "'412.htm'"},
    {2, 0, "error statusCode='500' " CUSTERR "'500.htm'"},
    {2, 0, "error statusCode='501' " CUSTERR "'501.htm'"},
    {2, 0, "error statusCode='502' " CUSTERR "'502.htm'"},
    {1, 0, "httpLogging dontLog='false'"},
    {1, 0, "httpProtocol"},
    {2, 0, "customHeaders"},
    {3, 0, "clear"},
    {3, ASPNET, "add name='X-Powered-By' value='ASP.NET'"},
    {2, 0, "redirectHeaders"},
    {3, 0, "clear"},
    {1, 0, "httpRedirect"},
    {1, 0, "httpTracing"},
    {1, 0, "isapiFilters"},
    {2, ASPNET,
     "filter name='ASP.Net_4.0_32bit' path='" NET32 "aspnet_filter.dll' enableCache='true' "
     "preCondition='runtimeVersionv4.0,bitness32'"},
    {2, ASPNET,
     "filter name='ASP.Net_4.0_64bit' path='" NET64 "aspnet_filter.dll' enableCache='true' "
     "preCondition='runtimeVersionv4.0,bitness64'"},
    {1, 0, "odbcLogging"},
    {1, ARR, "proxy enabled='true'"},
};

static const struct iw_lab_config_row security_rows[] = {
    {1, 0, "security"},
    {2, 0, "access sslFlags='None'"},
    {2, 0, "applicationDependencies"},
    {3, ASP, "application name='Active Server Pages' groupId='ASP'"},
    {2, 0, "authentication"},
    {3, 0, "anonymousAuthentication enabled='true' userName='IUSR'"},
    {3, 0, "basicAuthentication enabled='false'"},
    {3, 0, "clientCertificateMappingAuthentication enabled='false'"},
    {3, 0, "digestAuthentication enabled='false'"},
    {3, 0, "iisClientCertificateMappingAuthentication enabled='false'"},
    {3, 0, "windowsAuthentication enabled='false'"},
    {4, 0, "providers"},
    {5, 0, "add value='Negotiate'"},
    {5, 0, "add value='NTLM'"},
    {2, 0, "authorization"},
    {3, 0, "add accessType='Allow' users='*'"},
    {2, 0, "ipSecurity allowUnlisted='true'"},
    {2, 0, "isapiCgiRestriction notListedIsapisAllowed='false' notListedCgisAllowed='false'"},
    {3, ASP,
     "add path='%windir%\\system32\\inetsrv\\asp.dll' allowed='true' groupId='ASP' "
     "description='Active Server Pages'"},
    {3, ASPNET,
     "add path='" NET64 "aspnet_isapi.dll' allowed='true' groupId='ASP.NET v4.0.30319' "
     "description='ASP.NET v4.0.30319'"},
    {3, ASPNET,
     "add path='" NET32 "aspnet_isapi.dll' allowed='true' groupId='ASP.NET v4.0.30319' "
     "description='ASP.NET v4.0.30319'"},
    {2, 0, "requestFiltering"},
    {3, 0, "fileExtensions allowUnlisted='true' applyToWebDAV='true'"},
    {3, 0, "verbs allowUnlisted='true' applyToWebDAV='true'"},
    {3, 0, "hiddenSegments applyToWebDAV='true'"},
    {4, 0, "add segment='web.config'"},
    {4, ASPNET, "add segment='bin'"},
    {4, ASPNET, "add segment='App_code'"},
    {4, ASPNET, "add segment='App_GlobalResources'"},
    {4, ASPNET, "add segment='App_LocalResources'"},
    {4, ASPNET, "add segment='App_WebReferences'"},
    {4, ASPNET, "add segment='App_Data'"},
    {4, ASPNET, "add segment='App_Browsers'"},
};

/* Denied by request filtering once ASP.NET is installed. */
static const char *const denied_extensions[] = {
    ".asa",         ".asax",         ".ascx",        ".master",       ".skin",     ".browser",
    ".sitemap",     ".config",       ".cs",          ".csproj",       ".vb",       ".vbproj",
    ".webinfo",     ".licx",         ".resx",        ".resources",    ".mdb",      ".vjsproj",
    ".java",        ".jsl",          ".ldb",         ".dsdgm",        ".ssdgm",    ".lsad",
    ".ssmap",       ".cd",           ".dsprototype", ".lsaprototype", ".sdm",      ".sdmDocument",
    ".mdf",         ".ldf",          ".ad",          ".dd",           ".ldd",      ".sd",
    ".adprototype", ".lddprototype", ".exclude",     ".refresh",      ".compiled", ".msgx",
    ".vsdisco",     ".rules",
};

static const struct iw_lab_config_row last_rows[] = {
    {1, 0, "serverRuntime"},
    {1, 0, "serverSideInclude ssiExecDisable='false'"},
    {1, 0, "staticContent lockAttributes='isDocFooterFileName'"},
    {1, 0, "tracing"},
    {2, 0, "traceFailedRequests"},
    {2, 0, "traceProviderDefinitions"},
    {3, 0, "add name='WWW Server' guid='{3a2a4e84-4c21-4981-ae10-3fda0d9b0f83}'"},
    {4, 0, "areas"},
    {5, 0, "clear"},
    {5, 0, "add name='Authentication' value='2'"},
    {5, 0, "add name='Security' value='4'"},
    {5, 0, "add name='Filter' value='8'"},
    {5, 0, "add name='StaticFile' value='16'"},
    {5, 0, "add name='CGI' value='32'"},
    {5, 0, "add name='Compression' value='64'"},
    {5, 0, "add name='Cache' value='128'"},
    {5, 0, "add name='RequestNotifications' value='256'"},
    {5, 0, "add name='Module' value='512'"},
    {3, ASP, "add name='ASP' guid='{06b94d9a-b15e-456e-a4ef-37c984a2cb4b}'"},
    {4, ASP, "areas"},
    {5, ASP, "clear"},
    {3, ASP | ASPNET, "add name='ISAPI Extension' guid='{a1c2040e-8840-4c31-ba11-9871031a19ea}'"},
    {4, 0, "areas"},
    {5, 0, "clear"},
    {3, ASPNET, "add name='ASPNET' guid='{aff081fe-0247-4275-9c4e-021f3dc1da35}'"},
    {4, ASPNET, "areas"},
    {5, ASPNET, "add name='Infrastructure' value='1'"},
    {5, ASPNET, "add name='Module' value='2'"},
    {5, ASPNET, "add name='Page' value='4'"},
    {5, ASPNET, "add name='AppServices' value='8'"},
    {1, 0, "urlCompression"},
    {1, 0, "validation"},
};

static const struct iw_lab_config_row ftp_rows[] = {
    {1, FTP, "system.ftpServer"},
    {2, FTP, "providerDefinitions"},
    {3, FTP,
     "add name='IisManagerAuth' type='Microsoft.Web.FtpServer.Security."
     "IisManagerAuthenticationProvider, Microsoft.Web.FtpServer, version=7.5.0.0, Culture=neutral, "
     "PublicKeyToken=31bf3856ad364e35'"},
    {3, FTP,
     "add name='AspNetAuth' type='Microsoft.Web.FtpServer.Security.AspNetFtpMembershipProvider, "
     "Microsoft.Web.FtpServer, version=7.5.0.0, Culture=neutral, "
     "PublicKeyToken=31bf3856ad364e35'"},
    {2, FTP, "log"},
    {2, FTP, "firewallSupport"},
    {2, FTP, "caching"},
    {2, FTP, "security"},
    {3, FTP, "ipSecurity"},
    {3, FTP, "requestFiltering"},
    {3, FTP, "authorization"},
    {3, FTP, "authentication"},
    {2, FTP, "serverRuntime"},
};

static void add_denied_extensions(struct iw_lab_element *group)
{
    struct iw_lab_element *filtering =
        iw_lab_element_child(iw_lab_element_child(group, "security"), "requestFiltering");
    struct iw_lab_element *extensions = iw_lab_element_child(filtering, "fileExtensions");
    for (size_t i = 0; i < N_OF(denied_extensions); i++) {
        struct iw_lab_element *add = iw_lab_element_new(extensions, "add");
        iw_lab_element_set(add, "fileExtension", denied_extensions[i]);
        iw_lab_element_set(add, "allowed", "false");
    }
}

void iw_lab_config_add_web(struct iw_lab_element *configuration, unsigned features)
{
    struct iw_lab_element *group = iw_lab_element_new(configuration, "system.webServer");
    iw_lab_config_rows_grow(group, first_rows, N_OF(first_rows), features);
    iw_lab_config_rows_grow(group, security_rows, N_OF(security_rows), features);
    iw_lab_config_rows_grow(group, last_rows, N_OF(last_rows), features);
    iw_lab_config_add_native(iw_lab_element_child(group, "globalModules"), features);
    iw_lab_config_add_mime(iw_lab_element_child(group, "staticContent"));
    if ((features & ASPNET) != 0) {
        add_denied_extensions(group);
    }
    iw_lab_config_rows_grow(configuration, ftp_rows, N_OF(ftp_rows), features);
}
