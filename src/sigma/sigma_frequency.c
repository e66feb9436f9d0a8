/*
 * Frequencies from a small sample of what fields of Windows events usually hold, written for this
 * purpose: paths, command lines, registry keys, script text. What occurs in the sample is common;
 * what does not is the rarer the longer it is.
 */
#include "sigma/sigma_frequency.h"

/* One field a line. */
static const char SAMPLE[] =
    "c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule\n"
    "c:\\windows\\system32\\svchost.exe -k localservice\n"
    "\\??\\c:\\windows\\system32\\conhost.exe 0xffffffff -forcev1\n"
    "c:\\windows\\system32\\cmd.exe /c \"dir c:\\users\\administrator\\desktop\"\n"
    "\"c:\\windows\\system32\\cmd.exe\" /c echo off & del /q c:\\windows\\temp\\a.bat\n"
    "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe -noprofile -executionpolicy "
    "bypass -file c:\\scripts\\check.ps1\n"
    "powershell.exe -nop -w hidden -noni -enc jabzad0atgblahcalqbpagiaagbl\n"
    "powershell -command \"get-service | where-object {$_.status -eq 'running'}\"\n"
    "c:\\windows\\system32\\rundll32.exe c:\\windows\\system32\\shell32.dll,control_rundll\n"
    "c:\\windows\\system32\\taskhostw.exe\n"
    "taskeng.exe {0000} s-1-5-18:nt authority\\system:service:\n"
    "c:\\windows\\system32\\wbem\\wmiprvse.exe -embedding\n"
    "c:\\windows\\system32\\dllhost.exe /processid:{ab8902b4-09ca-4bb6-b78d-a8f59079a8d5}\n"
    "\"c:\\program files (x86)\\google\\chrome\\application\\chrome.exe\" --type=renderer\n"
    "\"c:\\program files\\common files\\microsoft shared\\clicktorun\\officeclicktorun.exe\" "
    "/service\n"
    "\"c:\\program files\\windows defender\\mpcmdrun.exe\" scan\n"
    "c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\csc.exe /noconfig /fullpaths\n"
    "c:\\windows\\system32\\inetsrv\\w3wp.exe -ap \"defaultapppool\" -v \"v4.0\"\n"
    "c:\\windows\\syswow64\\wow64.dll\n"
    "net user administrator\n"
    "reg query hklm\\software\\microsoft\\windows\\currentversion\\run\n"
    "sc query eventlog\n"
    "schtasks /query\n"
    "hklm\\system\\currentcontrolset\\services\\tcpip\\parameters\n"
    "hku\\.default\\software\\microsoft\\windows\\currentversion\\explorer\n"
    "hklm\\software\\microsoft\\windows nt\\currentversion\n"
    "dword (0x00000001)\n"
    "microsoft corporation\n"
    "microsoft corporation\n"
    "microsoft corporation\n"
    "microsoft corporation\n"
    "microsoft corporation\n"
    "setvalue\n"
    "setvalue\n"
    "setvalue\n"
    "setvalue\n"
    "createkey\n"
    "microsoft\302\256 windows\302\256 operating system\n"
    "windows command processor\n"
    "host process for windows services\n"
    "nt authority\\system\n"
    "nt authority\\system\n"
    "nt authority\\system\n"
    "nt authority\\system\n"
    "nt authority\\system\n"
    "nt authority\\network service\n"
    "c:\\users\\user\\appdata\\local\\temp\\tmp1234.tmp\n"
    "c:\\users\\user\\appdata\\roaming\\microsoft\\windows\n"
    "c:\\programdata\\microsoft\\windows\n"
    "c:\\windows\\system32\\drivers\\etc\\hosts\n"
    "c:\\windows\\system32\\ntdll.dll|c:\\windows\\system32\\kernelbase.dll\n"
    "set-strictmode -version 1; $_.pscommandpath function param($name) return import-module\n"
    "get-childitem -path c:\\ -recurse | write-output\n"
    "new-object system.net.webclient\n"
    "https://www.microsoft.com/en-us/\n"
    "http://localhost:80/ 127.0.0.1 10.0.0.1 192.168.1.1\n"
    "msiexec.exe /i setup.msi /quiet\n"
    "git.exe -c core.quotepath=false --no-optional-locks status\n";

#define N_SAMPLE_LINES 58.0
/* Counting on changes nothing. */
#define MOST_HITS 20U

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

static void set_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << (at % 64);
}

static bool has_bit(const uint64_t *bits, uint32_t at)
{
    return ((bits[at / 64] >> (at % 64)) & 1U) != 0;
}

static uint32_t pair_at(const char *p)
{
    return (uint32_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

static uint32_t four_at(const char *p)
{
    return (pair_at(p) << 16 | pair_at(p + 2)) * 0x9E3779B1U >> 16;
}

void iw_frequencies_init(struct iw_frequencies *frequencies)
{
    memset(frequencies, 0, sizeof *frequencies);
    for (size_t i = 0; i + 2 < sizeof SAMPLE; i++)
        set_bit(frequencies->pairs, pair_at(SAMPLE + i));
    for (size_t i = 0; i + 4 < sizeof SAMPLE; i++)
        set_bit(frequencies->fours, four_at(SAMPLE + i));
}

/* Of one byte among all bytes. */
static double frequency_of_byte(unsigned char byte)
{
    /* Bytes of folded Windows text from the common to the rare. */
    static const char COMMON[] = "esontiramcd\\l.wpu-vh g2f0b31y:x\"k54";
    const char *at = byte != '\0' ? memchr(COMMON, byte, sizeof COMMON - 1) : NULL;
    if (at == NULL)
        return 0.004;
    return 0.08 / (1.0 + 0.15 * (double)(at - COMMON));
}

double iw_frequency_of_bytes(const struct iw_frequencies *frequencies, const char *p, size_t n)
{
    double product = 1;
    for (size_t i = 0; i < n; i++)
        product *= frequency_of_byte((unsigned char)p[i]);
    /* Bytes that go together in the sample are far more common than chance has it. */
    return n == 4 && has_bit(frequencies->fours, four_at(p)) ? product + 0.01 : product;
}

/* Whether the sample may hold the text at all. */
static bool may_be_in_sample(const struct iw_frequencies *frequencies, struct iw_str text)
{
    for (size_t i = 0; i + 2 <= text.n; i++) {
        if (!has_bit(frequencies->pairs, pair_at(text.p + i)))
            return false;
    }
    for (size_t i = 0; i + 4 <= text.n; i++) {
        if (!has_bit(frequencies->fours, four_at(text.p + i)))
            return false;
    }
    return true;
}

/* How often the text stands in the sample. */
static size_t count_hits(struct iw_str text)
{
    struct iw_str rest = {SAMPLE, sizeof SAMPLE - 1};
    size_t n = 0, at;

    while (n < MOST_HITS && (at = iw_str_find(rest, text)) != SIZE_MAX) {
        n++;
        rest.p += at + text.n;
        rest.n -= at + text.n;
    }
    return n;
}

double iw_frequency_of_part(const struct iw_frequencies *frequencies, struct iw_str text)
{
    double by_chance = 200; /* bytes of a field: that many places to stand at */

    if (text.n == 0)
        return 1;
    for (size_t i = 0; i < text.n && by_chance > 1e-9; i++)
        by_chance *= frequency_of_byte((unsigned char)text.p[i]);
    /* Words are far from chance: even a long one stands in some events. */
    by_chance = by_chance + 2e-4 < 0.9 ? by_chance + 2e-4 : 0.9;
    if (!may_be_in_sample(frequencies, text))
        return by_chance;
    return by_chance + (double)count_hits(text) / N_SAMPLE_LINES;
}

double iw_frequency_of_basename(struct iw_str name)
{
    for (size_t i = 0; i < sizeof PROGRAMS / sizeof PROGRAMS[0]; i++) {
        if (iw_str_equal(name, iw_str_of(PROGRAMS[i].name)))
            return PROGRAMS[i].frequency;
    }
    return 0.0005;
}
