/*
 * Sources: the Sigma, Splunk and Elastic lists of children of web servers; the LOLBAS project
 * (https://lolbas-project.github.io/) for programs of Windows that run, load or fetch what they are
 * given; ATT&CK T1059 and its parts; names of versions (OriginalFileName) as Windows 10 and Server
 * 2019 have them. Every program that a built-in rule names as the child of a web server is here,
 * which a test asks.
 */

#include "base/path_name.h"
#include "detect/chain/name_index.h"
#include "detect/chain/program_kind.h"
#include "detect/chain/web_file_path.h"

/* In the order of names. */
static const struct iw_program PROGRAMS[] = {
    {"7z", IW_PROGRAM_ARCHIVER, NULL},
    {"7za", IW_PROGRAM_ARCHIVER, NULL},
    {"addinutil", IW_PROGRAM_TOOL, NULL},
    {"adfind", IW_PROGRAM_DISCOVERY, NULL},
    {"appcmd", IW_PROGRAM_TOOL, NULL},
    {"appinstaller", IW_PROGRAM_TOOL, NULL},
    {"arp", IW_PROGRAM_DISCOVERY, NULL},
    {"aspnet_compiler", IW_PROGRAM_TOOL, NULL},
    {"at", IW_PROGRAM_TOOL, NULL},
    {"atbroker", IW_PROGRAM_TOOL, NULL},
    {"attrib", IW_PROGRAM_TOOL, NULL},
    {"auditpol", IW_PROGRAM_TOOL, NULL},
    {"autoit3", IW_PROGRAM_INTERPRETER, "T1059"},
    {"bash", IW_PROGRAM_SHELL, "T1059.004"},
    {"bcdedit", IW_PROGRAM_TOOL, NULL},
    {"bcp", IW_PROGRAM_OTHER_TOOL, NULL},
    {"bginfo", IW_PROGRAM_OTHER_TOOL, NULL},
    {"bitsadmin", IW_PROGRAM_TOOL, NULL},
    {"bun", IW_PROGRAM_INTERPRETER, "T1059.007"},
    {"busybox", IW_PROGRAM_SHELL, "T1059.004"},
    {"cacls", IW_PROGRAM_TOOL, NULL},
    {"cdb", IW_PROGRAM_OTHER_TOOL, NULL},
    {"certoc", IW_PROGRAM_TOOL, NULL},
    {"certreq", IW_PROGRAM_TOOL, NULL},
    {"certutil", IW_PROGRAM_TOOL, NULL},
    {"cipher", IW_PROGRAM_TOOL, NULL},
    {"cmd", IW_PROGRAM_SHELL, "T1059.003"},
    {"cmdkey", IW_PROGRAM_DISCOVERY, NULL},
    {"cmdl32", IW_PROGRAM_TOOL, NULL},
    {"cmstp", IW_PROGRAM_TOOL, NULL},
    {"conhost", IW_PROGRAM_TOOL, NULL},
    {"control", IW_PROGRAM_TOOL, NULL},
    {"csc", IW_PROGRAM_COMPILER, NULL},
    {"cscript", IW_PROGRAM_INTERPRETER, "T1059.005"},
    {"csvde", IW_PROGRAM_DISCOVERY, NULL},
    {"curl", IW_PROGRAM_TOOL, NULL},
    {"deno", IW_PROGRAM_INTERPRETER, "T1059.007"},
    {"desktopimgdownldr", IW_PROGRAM_TOOL, NULL},
    {"devicecredentialdeployment", IW_PROGRAM_TOOL, NULL},
    {"dfsvc", IW_PROGRAM_TOOL, NULL},
    {"diantz", IW_PROGRAM_TOOL, NULL},
    {"diskshadow", IW_PROGRAM_CREDENTIAL, NULL},
    {"dnscmd", IW_PROGRAM_TOOL, NULL},
    {"dotnet", IW_PROGRAM_INTERPRETER, NULL},
    {"driverquery", IW_PROGRAM_DISCOVERY, NULL},
    {"dsget", IW_PROGRAM_DISCOVERY, NULL},
    {"dsquery", IW_PROGRAM_DISCOVERY, NULL},
    {"dsregcmd", IW_PROGRAM_DISCOVERY, NULL},
    {"esentutl", IW_PROGRAM_TOOL, NULL},
    {"eventvwr", IW_PROGRAM_TOOL, NULL},
    {"expand", IW_PROGRAM_TOOL, NULL},
    {"explorer", IW_PROGRAM_TOOL, NULL},
    {"extexport", IW_PROGRAM_TOOL, NULL},
    {"extrac32", IW_PROGRAM_TOOL, NULL},
    {"find", IW_PROGRAM_DISCOVERY, NULL},
    {"findstr", IW_PROGRAM_DISCOVERY, NULL},
    {"finger", IW_PROGRAM_DISCOVERY, NULL},
    {"fltmc", IW_PROGRAM_TOOL, NULL},
    {"fodhelper", IW_PROGRAM_TOOL, NULL},
    {"forfiles", IW_PROGRAM_TOOL, NULL},
    {"fsutil", IW_PROGRAM_TOOL, NULL},
    {"ftp", IW_PROGRAM_TOOL, NULL},
    {"gacutil", IW_PROGRAM_OTHER_TOOL, NULL},
    {"getmac", IW_PROGRAM_DISCOVERY, NULL},
    {"gpresult", IW_PROGRAM_DISCOVERY, NULL},
    {"gpscript", IW_PROGRAM_TOOL, NULL},
    {"hh", IW_PROGRAM_TOOL, NULL},
    {"hostname", IW_PROGRAM_DISCOVERY, NULL},
    {"icacls", IW_PROGRAM_TOOL, NULL},
    {"ie4uinit", IW_PROGRAM_TOOL, NULL},
    {"ieexec", IW_PROGRAM_TOOL, NULL},
    {"ilasm", IW_PROGRAM_TOOL, NULL},
    {"infdefaultinstall", IW_PROGRAM_TOOL, NULL},
    {"installutil", IW_PROGRAM_TOOL, NULL},
    {"ipconfig", IW_PROGRAM_DISCOVERY, NULL},
    {"jsc", IW_PROGRAM_TOOL, NULL},
    {"klist", IW_PROGRAM_DISCOVERY, NULL},
    {"lazagne", IW_PROGRAM_CREDENTIAL, NULL},
    {"ldifde", IW_PROGRAM_DISCOVERY, NULL},
    {"lua", IW_PROGRAM_INTERPRETER, "T1059"},
    {"luajit", IW_PROGRAM_INTERPRETER, "T1059"},
    {"makecab", IW_PROGRAM_TOOL, NULL},
    {"mavinject", IW_PROGRAM_TOOL, NULL},
    {"microsoft.workflow.compiler", IW_PROGRAM_TOOL, NULL},
    {"mimikatz", IW_PROGRAM_CREDENTIAL, NULL},
    {"mmc", IW_PROGRAM_TOOL, NULL},
    {"mofcomp", IW_PROGRAM_TOOL, NULL},
    {"mountvol", IW_PROGRAM_TOOL, NULL},
    {"msbuild", IW_PROGRAM_TOOL, NULL},
    {"msdt", IW_PROGRAM_TOOL, NULL},
    {"mshta", IW_PROGRAM_INTERPRETER, NULL},
    {"msiexec", IW_PROGRAM_TOOL, NULL},
    {"msxsl", IW_PROGRAM_INTERPRETER, NULL},
    {"nanodump", IW_PROGRAM_CREDENTIAL, NULL},
    {"nbtstat", IW_PROGRAM_DISCOVERY, NULL},
    {"net", IW_PROGRAM_DISCOVERY, NULL},
    {"net1", IW_PROGRAM_DISCOVERY, NULL},
    {"netdom", IW_PROGRAM_DISCOVERY, NULL},
    {"netsh", IW_PROGRAM_TOOL, NULL},
    {"netstat", IW_PROGRAM_DISCOVERY, NULL},
    {"nltest", IW_PROGRAM_DISCOVERY, NULL},
    {"nltestrk", IW_PROGRAM_DISCOVERY, NULL},
    {"node", IW_PROGRAM_INTERPRETER, "T1059.007"},
    {"nslookup", IW_PROGRAM_DISCOVERY, NULL},
    {"ntdsutil", IW_PROGRAM_CREDENTIAL, NULL},
    {"odbcconf", IW_PROGRAM_TOOL, NULL},
    {"openfiles", IW_PROGRAM_DISCOVERY, NULL},
    {"osql", IW_PROGRAM_OTHER_TOOL, NULL},
    {"pathping", IW_PROGRAM_DISCOVERY, NULL},
    {"pcalua", IW_PROGRAM_TOOL, NULL},
    {"perl", IW_PROGRAM_INTERPRETER, "T1059"},
    {"php", IW_PROGRAM_INTERPRETER, "T1059"},
    {"ping", IW_PROGRAM_DISCOVERY, NULL},
    {"plink", IW_PROGRAM_OTHER_TOOL, NULL},
    {"pnputil", IW_PROGRAM_TOOL, NULL},
    {"powershell", IW_PROGRAM_SHELL, "T1059.001"},
    {"powershell_ise", IW_PROGRAM_SHELL, "T1059.001"},
    {"presentationhost", IW_PROGRAM_TOOL, NULL},
    {"print", IW_PROGRAM_TOOL, NULL},
    {"printbrm", IW_PROGRAM_TOOL, NULL},
    {"procdump", IW_PROGRAM_CREDENTIAL, NULL},
    {"procdump64", IW_PROGRAM_CREDENTIAL, NULL},
    {"psexec", IW_PROGRAM_OTHER_TOOL, NULL},
    {"psexec.c", IW_PROGRAM_OTHER_TOOL, NULL},
    {"psexec64", IW_PROGRAM_OTHER_TOOL, NULL},
    {"pwsh", IW_PROGRAM_SHELL, "T1059.001"},
    {"py", IW_PROGRAM_INTERPRETER, "T1059.006"},
    {"python", IW_PROGRAM_INTERPRETER, "T1059.006"},
    {"python3", IW_PROGRAM_INTERPRETER, "T1059.006"},
    {"pythonw", IW_PROGRAM_INTERPRETER, "T1059.006"},
    {"qprocess", IW_PROGRAM_DISCOVERY, NULL},
    {"query", IW_PROGRAM_DISCOVERY, NULL},
    {"quser", IW_PROGRAM_DISCOVERY, NULL},
    {"qwinsta", IW_PROGRAM_DISCOVERY, NULL},
    {"rar", IW_PROGRAM_ARCHIVER, NULL},
    {"rasautou", IW_PROGRAM_TOOL, NULL},
    {"reg", IW_PROGRAM_TOOL, NULL},
    {"regasm", IW_PROGRAM_TOOL, NULL},
    {"regedit", IW_PROGRAM_TOOL, NULL},
    {"regini", IW_PROGRAM_TOOL, NULL},
    {"register-cimprovider", IW_PROGRAM_TOOL, NULL},
    {"regsvcs", IW_PROGRAM_TOOL, NULL},
    {"regsvr32", IW_PROGRAM_TOOL, NULL},
    {"replace", IW_PROGRAM_TOOL, NULL},
    {"robocopy", IW_PROGRAM_TOOL, NULL},
    {"route", IW_PROGRAM_DISCOVERY, NULL},
    {"rpcping", IW_PROGRAM_TOOL, NULL},
    {"rubeus", IW_PROGRAM_CREDENTIAL, NULL},
    {"ruby", IW_PROGRAM_INTERPRETER, "T1059"},
    {"runas", IW_PROGRAM_TOOL, NULL},
    {"rundll32", IW_PROGRAM_TOOL, NULL},
    {"runonce", IW_PROGRAM_TOOL, NULL},
    {"runscripthelper", IW_PROGRAM_TOOL, NULL},
    {"sc", IW_PROGRAM_TOOL, NULL},
    {"schtasks", IW_PROGRAM_TOOL, NULL},
    {"scp", IW_PROGRAM_OTHER_TOOL, NULL},
    {"scriptrunner", IW_PROGRAM_TOOL, NULL},
    {"sctasks", IW_PROGRAM_TOOL, NULL},
    {"secedit", IW_PROGRAM_TOOL, NULL},
    {"setspn", IW_PROGRAM_DISCOVERY, NULL},
    {"setx", IW_PROGRAM_TOOL, NULL},
    {"sftp", IW_PROGRAM_OTHER_TOOL, NULL},
    {"sh", IW_PROGRAM_SHELL, "T1059.004"},
    {"sharphound", IW_PROGRAM_CREDENTIAL, NULL},
    {"shutdown", IW_PROGRAM_TOOL, NULL},
    {"sqlcmd", IW_PROGRAM_OTHER_TOOL, NULL},
    {"ssh", IW_PROGRAM_OTHER_TOOL, NULL},
    {"subst", IW_PROGRAM_TOOL, NULL},
    {"syncappvpublishingserver", IW_PROGRAM_TOOL, NULL},
    {"sysinfo", IW_PROGRAM_DISCOVERY, NULL},
    {"systeminfo", IW_PROGRAM_DISCOVERY, NULL},
    {"takeown", IW_PROGRAM_TOOL, NULL},
    {"tar", IW_PROGRAM_TOOL, NULL},
    {"taskkill", IW_PROGRAM_TOOL, NULL},
    {"tasklist", IW_PROGRAM_DISCOVERY, NULL},
    {"tclsh", IW_PROGRAM_INTERPRETER, "T1059"},
    {"tftp", IW_PROGRAM_TOOL, NULL},
    {"tracert", IW_PROGRAM_DISCOVERY, NULL},
    {"tttracer", IW_PROGRAM_TOOL, NULL},
    {"vbc", IW_PROGRAM_COMPILER, NULL},
    {"verclsid", IW_PROGRAM_TOOL, NULL},
    {"vssadmin", IW_PROGRAM_TOOL, NULL},
    {"w32tm", IW_PROGRAM_TOOL, NULL},
    {"wbadmin", IW_PROGRAM_TOOL, NULL},
    {"wevtutil", IW_PROGRAM_TOOL, NULL},
    {"wget", IW_PROGRAM_OTHER_TOOL, NULL},
    {"where", IW_PROGRAM_DISCOVERY, NULL},
    {"whoami", IW_PROGRAM_DISCOVERY, NULL},
    {"winget", IW_PROGRAM_TOOL, NULL},
    {"winrm", IW_PROGRAM_TOOL, NULL},
    {"winrs", IW_PROGRAM_TOOL, NULL},
    {"wmic", IW_PROGRAM_TOOL, NULL},
    {"workfolders", IW_PROGRAM_TOOL, NULL},
    {"wscript", IW_PROGRAM_INTERPRETER, "T1059.005"},
    {"wsl", IW_PROGRAM_SHELL, "T1059.004"},
    {"wsreset", IW_PROGRAM_TOOL, NULL},
    {"wt", IW_PROGRAM_SHELL, NULL},
    {"wuauclt", IW_PROGRAM_TOOL, NULL},
    {"wusa", IW_PROGRAM_TOOL, NULL},
    {"xcopy", IW_PROGRAM_TOOL, NULL},
    {"xwizard", IW_PROGRAM_TOOL, NULL},
    {"zsh", IW_PROGRAM_SHELL, "T1059.004"},
};
IW_NAME_INDEX(by_name, PROGRAMS);

/* Windows runs all of these by their content. */
static struct iw_str without_ending(struct iw_str name)
{
    static const char ENDINGS[][4] = {
        {'e', 'x', 'e'}, {'d', 'l', 'l'}, {'c', 'o', 'm'}, {'s', 'c', 'r'}, {'p', 'i', 'f'}};
    char ending[4] = {0};
    if (name.n < 4 || name.p[name.n - 4] != '.')
        return name;
    for (size_t i = 0; i < 3; i++)
        ending[i] = iw_ascii_lower(name.p[name.n - 3 + i]);
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        if (memcmp(ending, ENDINGS[i], sizeof ending) == 0)
            return (struct iw_str){name.p, name.n - 4};
    }
    return name;
}

static bool is_of_version(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* `python3.12`, `lua5.4`: interpreters are installed side by side under their versions. */
static const struct iw_program *find_version(struct iw_str name)
{
    const struct iw_program *program;
    size_t n_whole = name.n;
    while (name.n != 0 && is_of_version(name.p[name.n - 1]))
        name.n--;
    program = name.n != n_whole ? iw_name_index_find(&by_name, name) : NULL;
    return program != NULL && program->kind == IW_PROGRAM_INTERPRETER ? program : NULL;
}

static const struct iw_program *find_name(struct iw_str path)
{
    struct iw_str name = without_ending(iw_path_name(path));
    const struct iw_program *program = iw_name_index_find(&by_name, name);
    return program != NULL ? program : find_version(name);
}

const struct iw_program *iw_program_find(struct iw_str image, struct iw_str original_name)
{
    const struct iw_program *program = find_name(image);
    if (program != NULL || original_name.n == 0 ||
        iw_str_equal_nocase(iw_path_name(image), original_name))
        return program;
    return find_name(original_name);
}

/* --- programs that were brought ----------------------------------------------------------------
 */

/* `C:\ProgramData\x.exe`, `C:\Users\bob\x.exe`: applications have folders of their own there. */
static bool is_in_root_of_profile(struct iw_str image)
{
    struct iw_str folder = iw_path_folder(image), above = iw_path_folder(folder);
    return folder.n > 2 &&
           (iw_str_equal_nocase((struct iw_str){folder.p + 1, folder.n - 1},
                                IW_STR(":\\ProgramData")) ||
            (above.n > 2 &&
             iw_str_equal_nocase((struct iw_str){above.p + 1, above.n - 1}, IW_STR(":\\Users"))));
}

const struct iw_program *iw_program_of_odd_place(struct iw_str image)
{
    static const struct iw_program BROUGHT = {"", IW_PROGRAM_BROUGHT, NULL};
    static const char *const PLACES[] = {":\\Windows\\Temp\\",
                                         ":\\Temp\\",
                                         ":\\Tmp\\",
                                         "\\Users\\Public\\",
                                         "\\AppData\\Local\\Temp\\",
                                         ":\\PerfLogs\\",
                                         "\\$Recycle.Bin\\",
                                         "\\inetpub\\temp\\",
                                         "\\inetpub\\logs\\",
                                         "\\FrontEnd\\HttpProxy\\",
                                         "\\TEMPLATE\\LAYOUTS\\",
                                         "\\aspnet_client\\",
                                         ":\\Windows\\Tasks\\",
                                         ":\\Windows\\Debug\\",
                                         "\\System32\\spool\\drivers\\color\\"};
    static const char *const ENDINGS[] = {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".ico",  ".txt",
                                          ".log", ".dat",  ".tmp", ".css", ".pdf", ".aspx", ".asp"};
    bool is_odd = is_in_root_of_profile(image);
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++)
        is_odd |= iw_str_holds_nocase(image, iw_str_of(PLACES[i]));
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++)
        is_odd |= iw_str_ends_nocase(image, iw_str_of(ENDINGS[i]));
    return is_odd ? &BROUGHT : NULL;
}

const struct iw_program *iw_program_written_then_run(void)
{
    static const struct iw_program WRITTEN = {"", IW_PROGRAM_WRITTEN, NULL};
    return &WRITTEN;
}

bool iw_program_has_ending(struct iw_str path)
{
    static const char *const ENDINGS[] = {".exe", ".com", ".scr", ".pif"};
    if (iw_str_ends_nocase(path, IW_STR(":$DATA")))
        path.n -= 6;
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        if (iw_str_ends_nocase(path, iw_str_of(ENDINGS[i])))
            return true;
    }
    return false;
}

bool iw_program_may_be_brought(struct iw_str path)
{
    return iw_program_has_ending(path) ||
           (iw_str_ends_nocase(path, IW_STR(".dll")) && !iw_web_path_is_compile_folder(path));
}
