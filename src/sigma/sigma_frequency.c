/*
 * Frequencies from a small sample of what fields of Windows events usually hold, written for this
 * purpose: paths, command lines, registry keys, script text. What occurs in the sample is common;
 * what does not is the rarer the longer it is.
 */
#include "sigma/sigma_frequency.h"

static const char *const SAMPLE[] = {
    "c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule",
    "c:\\windows\\system32\\svchost.exe -k localservice",
    "\\??\\c:\\windows\\system32\\conhost.exe 0xffffffff -forcev1",
    "c:\\windows\\system32\\cmd.exe /c \"dir c:\\users\\administrator\\desktop\"",
    "\"c:\\windows\\system32\\cmd.exe\" /c echo off & del /q c:\\windows\\temp\\a.bat",
    "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe -noprofile -executionpolicy "
    "bypass -file c:\\scripts\\check.ps1",
    "powershell.exe -nop -w hidden -noni -enc jabzad0atgblahcalqbpagiaagbl",
    "powershell -command \"get-service | where-object {$_.status -eq 'running'}\"",
    "c:\\windows\\system32\\rundll32.exe c:\\windows\\system32\\shell32.dll,control_rundll",
    "c:\\windows\\system32\\taskhostw.exe",
    "taskeng.exe {0000} s-1-5-18:nt authority\\system:service:",
    "c:\\windows\\system32\\wbem\\wmiprvse.exe -embedding",
    "c:\\windows\\system32\\dllhost.exe /processid:{ab8902b4-09ca-4bb6-b78d-a8f59079a8d5}",
    "\"c:\\program files (x86)\\google\\chrome\\application\\chrome.exe\" --type=renderer",
    "\"c:\\program files\\common files\\microsoft shared\\clicktorun\\officeclicktorun.exe\" "
    "/service",
    "\"c:\\program files\\windows defender\\mpcmdrun.exe\" scan",
    "c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\csc.exe /noconfig /fullpaths",
    "c:\\windows\\system32\\inetsrv\\w3wp.exe -ap \"defaultapppool\" -v \"v4.0\"",
    "c:\\windows\\syswow64\\wow64.dll",
    "net user administrator",
    "reg query hklm\\software\\microsoft\\windows\\currentversion\\run",
    "sc query eventlog",
    "schtasks /query",
    "hklm\\system\\currentcontrolset\\services\\tcpip\\parameters",
    "hku\\.default\\software\\microsoft\\windows\\currentversion\\explorer",
    "hklm\\software\\microsoft\\windows nt\\currentversion",
    "dword (0x00000001)",
    "microsoft corporation",
    "microsoft\302\256 windows\302\256 operating system",
    "windows command processor",
    "host process for windows services",
    "nt authority\\system",
    "nt authority\\network service",
    "c:\\users\\user\\appdata\\local\\temp\\tmp1234.tmp",
    "c:\\users\\user\\appdata\\roaming\\microsoft\\windows",
    "c:\\programdata\\microsoft\\windows",
    "c:\\windows\\system32\\drivers\\etc\\hosts",
    "c:\\windows\\system32\\ntdll.dll|c:\\windows\\system32\\kernelbase.dll",
    "set-strictmode -version 1; $_.pscommandpath function param($name) return import-module",
    "get-childitem -path c:\\ -recurse | write-output",
    "new-object system.net.webclient",
    "https://www.microsoft.com/en-us/",
    "http://localhost:80/ 127.0.0.1 10.0.0.1 192.168.1.1",
    "msiexec.exe /i setup.msi /quiet",
    "git.exe -c core.quotepath=false --no-optional-locks status",
};

#define N_SAMPLE (sizeof SAMPLE / sizeof SAMPLE[0])

/* Programs that start often. */
struct program {
    const char *name;
    double frequency;
};

static const struct program PROGRAMS[] = {
    {"svchost.exe", 0.12},
    {"conhost.exe", 0.12},
    {"cmd.exe", 0.10},
    {"powershell.exe", 0.08},
    {"rundll32.exe", 0.03},
    {"wmiprvse.exe", 0.03},
    {"services.exe", 0.05},
    {"explorer.exe", 0.04},
    {"taskhostw.exe", 0.02},
    {"dllhost.exe", 0.03},
    {"net.exe", 0.02},
    {"net1.exe", 0.02},
    {"reg.exe", 0.02},
    {"sc.exe", 0.02},
    {"schtasks.exe", 0.02},
    {"wmic.exe", 0.02},
    {"msiexec.exe", 0.02},
    {"chrome.exe", 0.03},
    {"regsvr32.exe", 0.01},
    {"mshta.exe", 0.01},
    {"wscript.exe", 0.01},
    {"cscript.exe", 0.01},
    {"certutil.exe", 0.01},
    {"w3wp.exe", 0.02},
    {"pwsh.exe", 0.02},
    {"python.exe", 0.01},
    {"csc.exe", 0.02},
    {"lsass.exe", 0.02},
    {"backgroundtaskhost.exe", 0.02},
    {"runtimebroker.exe", 0.02},
    {"searchindexer.exe", 0.02},
    {"wevtutil.exe", 0.01},
    {"whoami.exe", 0.01},
};

bool iw_is_ascii(struct iw_str text)
{
    unsigned char bits = 0;
    for (size_t i = 0; i < text.n; i++)
        bits |= (unsigned char)text.p[i];
    return bits < 0x80;
}

double iw_frequency_of_byte(unsigned char byte)
{
    /* Letters of folded Windows text from the common to the rare. */
    static const char COMMON[] = "esontiramcd\\l.wpu-vh g2f0b31y:x\"k54";
    const char *at = byte != '\0' ? strchr(COMMON, byte) : NULL;
    if (at == NULL)
        return 0.004;
    return 0.08 / (1.0 + 0.15 * (double)(at - COMMON));
}

double iw_frequency_of_part(struct iw_str text)
{
    double by_chance = 200; /* bytes of a field: that many places to stand at */
    size_t n_hits = 0;

    if (text.n == 0)
        return 1;
    for (size_t i = 0; i < N_SAMPLE; i++)
        n_hits += iw_str_find(iw_str_of(SAMPLE[i]), text) != SIZE_MAX;
    for (size_t i = 0; i < text.n && by_chance > 1e-9; i++)
        by_chance *= iw_frequency_of_byte((unsigned char)text.p[i]);
    /* Words are far from chance: even a long one stands in some events. */
    by_chance = by_chance + 2e-4;
    if (by_chance > 0.9)
        by_chance = 0.9;
    return n_hits != 0 ? by_chance + (double)n_hits / (double)N_SAMPLE : by_chance;
}

double iw_frequency_of_basename(struct iw_str name)
{
    for (size_t i = 0; i < sizeof PROGRAMS / sizeof PROGRAMS[0]; i++) {
        if (iw_str_equal(name, iw_str_of(PROGRAMS[i].name)))
            return PROGRAMS[i].frequency;
    }
    return 0.0005;
}
