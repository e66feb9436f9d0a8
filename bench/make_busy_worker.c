/*
 * Writes the events of one web server on its worst day, as JSON lines: files appear among its
 * pages, and its workers start a shell after each. What a hunt spends on chains shows here first,
 * and anything quadratic shows as seconds. The same bytes for the same numbers.
 *
 *   make_busy_worker PAIRS WORKERS > events.ndjson
 *     PAIRS    files written, and shells started, in turns over 24 hours
 *     WORKERS  worker processes the shells are children of, in turns
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_MS UINT64_C(86000000)
#define FIRST_WORKER_PID UINT64_C(1000000)
#define FIRST_SHELL_PID UINT64_C(5000000)

static const char SYSMON[] = "\"Hostname\":\"WEB01.lab.example\","
                             "\"Channel\":\"Microsoft-Windows-Sysmon/Operational\","
                             "\"SourceName\":\"Microsoft-Windows-Sysmon\"";
static const char WORKER[] = "C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe";
static const char POOL[] =
    "c:\\\\windows\\\\system32\\\\inetsrv\\\\w3wp.exe -ap \\\"DefaultAppPool\\\" -v "
    "\\\"v4.0\\\" -l \\\"webengine4.dll\\\"";

/* What every event begins with. */
static int put_head(unsigned event_id, uint64_t record, uint64_t ms)
{
    unsigned hours = (unsigned)(ms / 3600000), minutes = (unsigned)(ms / 60000 % 60);
    unsigned seconds = (unsigned)(ms / 1000 % 60), rest = (unsigned)(ms % 1000);
    return printf("{\"@timestamp\":\"2026-01-05T%02u:%02u:%02u.%03uZ\",\"EventTime\":\"2026-01-05 "
                  "%02u:%02u:%02u\",%s,\"EventID\":%u,\"RecordNumber\":%" PRIu64
                  ",\"UtcTime\":\"2026-01-05 %02u:%02u:%02u.%03u\"",
                  hours, minutes, seconds, rest, hours, minutes, seconds, SYSMON, event_id, record,
                  hours, minutes, seconds, rest);
}

static int put_guid(const char *key, uint64_t pid)
{
    return printf(",\"%s\":\"{4da02c42-0000-0000-0000-%012" PRIx64 "}\"", key, pid);
}

static int put_start(uint64_t record, uint64_t ms, uint64_t pid, const char *image,
                     const char *command, uint64_t parent_pid, const char *parent,
                     const char *parent_command)
{
    int n = put_head(1, record, ms);
    n += put_guid("ProcessGuid", pid);
    n += put_guid("ParentProcessGuid", parent_pid);
    n += printf(",\"ProcessId\":\"%" PRIu64 "\",\"Image\":\"%s\",\"CommandLine\":\"%s\","
                "\"User\":\"IIS APPPOOL\\\\DefaultAppPool\",\"LogonId\":\"0x78480\","
                "\"IntegrityLevel\":\"High\",\"ParentProcessId\":\"%" PRIu64
                "\",\"ParentImage\":\"%s\",\"ParentCommandLine\":\"%s\"}\n",
                pid, image, command, parent_pid, parent, parent_command);
    return n;
}

static int put_file(uint64_t record, uint64_t ms, uint64_t number, uint64_t pid)
{
    int n = put_head(11, record, ms);
    n += put_guid("ProcessGuid", pid);
    n += printf(",\"ProcessId\":\"%" PRIu64 "\",\"Image\":\"%s\",\"TargetFilename\":"
                "\"C:\\\\inetpub\\\\wwwroot\\\\upload\\\\page%" PRIu64 ".aspx\"}\n",
                pid, WORKER, number);
    return n;
}

static uint64_t number_of(const char *text)
{
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    return *end == '\0' ? value : 0;
}

int main(int argc, char **argv)
{
    uint64_t n = argc == 3 ? number_of(argv[1]) : 0, workers = argc == 3 ? number_of(argv[2]) : 0;
    uint64_t record = 1;
    if (n == 0 || workers == 0) {
        (void)fprintf(stderr, "usage: make_busy_worker PAIRS WORKERS > events.ndjson\n");
        return EXIT_FAILURE;
    }
    for (uint64_t i = 0; i < workers; i++) {
        if (put_start(record++, i * 1000 / workers, FIRST_WORKER_PID + i, WORKER, POOL, 700,
                      "C:\\\\Windows\\\\System32\\\\svchost.exe",
                      "C:\\\\Windows\\\\system32\\\\svchost.exe -k iissvcs") < 0)
            return EXIT_FAILURE;
    }
    for (uint64_t i = 0; i < n; i++) {
        uint64_t worker = FIRST_WORKER_PID + i % workers;
        uint64_t ms = 10000 + i * DAY_MS / n;
        if (put_file(record++, ms, i, worker) < 0 ||
            put_start(record++, ms + 100, FIRST_SHELL_PID + i,
                      "C:\\\\Windows\\\\System32\\\\cmd.exe", "cmd.exe /c whoami", worker, WORKER,
                      POOL) < 0)
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
