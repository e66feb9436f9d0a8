/*
 * The registry of a host, as far as it decides what a web server loads (see lab_world.h).
 *
 * What it does: what an installed IIS has there, and what acts set and delete.
 * Source: Microsoft's reference of W3SVC\Parameters and of InetStp (MajorVersion, VersionString);
 * the system environment of a Windows Server.
 * What it ignores: everything else of a registry; keys without values.
 */
#include "lab/world/lab_world.h"

#include <stdio.h>
#include <string.h>

#define SERVICES "HKLM\\SYSTEM\\CurrentControlSet\\Services\\"
#define ENVIRONMENT "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment\\"
#define INETSTP "HKLM\\SOFTWARE\\Microsoft\\InetStp\\"

static const struct {
    const char *path, *kind, *data;
} installed[] = {
    {INETSTP "MajorVersion", "dword", "10"},
    {INETSTP "MinorVersion", "dword", "0"},
    {INETSTP "VersionString", "sz", "Version 10.0"},
    {INETSTP "InstallPath", "sz", "C:\\Windows\\system32\\inetsrv"},
    {INETSTP "PathWWWRoot", "expand", "%SystemDrive%\\inetpub\\wwwroot"},
    {SERVICES "W3SVC\\ImagePath", "expand", "%windir%\\system32\\svchost.exe -k iissvcs"},
    {SERVICES "W3SVC\\ObjectName", "sz", "LocalSystem"},
    {SERVICES "W3SVC\\Start", "dword", "2"},
    {SERVICES "W3SVC\\Parameters\\MajorVersion", "dword", "10"},
    {SERVICES "W3SVC\\Parameters\\MinorVersion", "dword", "0"},
    {SERVICES "W3SVC\\Parameters\\InstallPath", "sz", "C:\\Windows\\system32\\inetsrv"},
    {SERVICES "W3SVC\\Parameters\\ServiceDll", "expand",
     "%windir%\\system32\\inetsrv\\iisw3adm.dll"},
    {ENVIRONMENT "ComSpec", "expand", "%SystemRoot%\\system32\\cmd.exe"},
    {ENVIRONMENT "OS", "sz", "Windows_NT"},
    {ENVIRONMENT "Path", "expand",
     "%SystemRoot%\\system32;%SystemRoot%;%SystemRoot%\\System32\\Wbem"},
    {ENVIRONMENT "PATHEXT", "sz", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC"},
    {ENVIRONMENT "PROCESSOR_ARCHITECTURE", "sz", "AMD64"},
    {ENVIRONMENT "TEMP", "expand", "%SystemRoot%\\TEMP"},
    {ENVIRONMENT "windir", "expand", "%SystemRoot%"},
};

static struct iw_lab_registry_value **find(struct iw_lab_host *host, const char *path)
{
    struct iw_lab_registry_value **link = &host->registry;
    while (*link != NULL && strcasecmp((*link)->path, path) != 0) {
        link = &(*link)->next;
    }
    return link;
}

void iw_lab_registry_delete(struct iw_lab_host *host, const char *path)
{
    struct iw_lab_registry_value **link = find(host, path);
    if (*link != NULL) {
        *link = (*link)->next; /* the arena keeps it */
    }
}

void iw_lab_registry_set(struct iw_lab_host *host, const char *path, const char *kind,
                         const char *data)
{
    struct iw_lab_registry_value *value = iw_lab_arena_take(&host->arena, 1, sizeof *value);
    iw_lab_registry_delete(host, path);
    *value = (struct iw_lab_registry_value){.path = iw_lab_arena_copy(&host->arena, path),
                                            .kind = iw_lab_host_intern(host, kind),
                                            .data = iw_lab_arena_copy(&host->arena, data),
                                            .act = host->world->act,
                                            .next = host->registry};
    host->registry = value;
}

void iw_lab_registry_install(struct iw_lab_host *host)
{
    for (size_t i = 0; i < sizeof installed / sizeof installed[0]; i++) {
        iw_lab_registry_set(host, installed[i].path, installed[i].kind, installed[i].data);
    }
}
