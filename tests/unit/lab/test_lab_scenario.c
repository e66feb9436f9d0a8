/*
 * Scenarios that cannot be true or are not understood: each is refused with line and reason. And
 * the times of a scenario.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lab/evtx/lab_text.h"
#include "lab/scenario/lab_scenario.h"
#include "tests/unit/lab/lab_scenario_play.h"

#define ACT(rest) "  - at: 08:00:00\n    " rest "\n"
#define PAGE "'C:\\inetpub\\wwwroot\\a.aspx'"

static void assert_parts(struct parts parts, const char *complaint)
{
    const char *found = play_parts(&parts);
    if (strstr(found, complaint) == NULL || (*found != '\0') != (*complaint != '\0')) {
        fail_msg("\"%s\" is not \"%s\"", found, complaint);
    }
}

static void assert_act(const char *act, const char *complaint)
{
    assert_parts((struct parts){.acts = act}, complaint);
}

static void test_head(void **state)
{
    (void)state;
    assert_parts((struct parts){.head = NULL}, "");
    assert_parts((struct parts){.head = "sed: 1\n"}, "7: unknown key \"sed\"");
    assert_parts((struct parts){.head = "behaviour: {since: 2026-01-05T06:00:00Z}\n"},
                 "\"until\" is missing");
    assert_parts((struct parts){.head = "behaviour: {since: 2026-01-05T06:00:00Z, until: "
                                        "2026-01-05T18:00:00Z}\n"},
                 "");
    assert_parts((struct parts){.head = "behaviour: {since: 2026-01-05T06:00:00Z, until: "
                                        "2026-01-05T18:00:01Z}\n"},
                 "the clean span lies within");
    assert_parts((struct parts){.head = "exact: true\n"}, "");
    assert_parts((struct parts){.head = "exact: very\n"}, "7: \"exact\"");
    assert_parts((struct parts){.head = "seed: -1\n"}, "7: \"seed\" must be a number");
    assert_parts((struct parts){.head = "shows: one\n"}, "7: \"shows\" must be a list of texts");
    assert_parts((struct parts){.head = "domain: LAB\n"}, "7: \"domain\" must be a map");
    assert_parts((struct parts){.head = "domain: {nam: LAB}\n"}, "7: unknown key \"nam\"");
    assert_parts((struct parts){.head = "domain: {dns: lab.badexample}\n"},
                 "7: the domain must end");
    assert_parts((struct parts){.head = "domain: {dns: a b.example}\n"}, "7: no domain");
    assert_parts((struct parts){.head = "domain: {dns: lab.example}\n"}, "");
    assert_parts((struct parts){.head = "names: {page: [[a]]}\n"}, "7: \"page\" must be a list");
    assert_parts((struct parts){.head = "names: {page: {a: b}}\n"}, "7: \"page\" must be a list");
}

static void test_lists_are_lists(void **state)
{
    (void)state;
    assert_parts((struct parts){.acts = "  nothing"}, "\"acts\" must be a list of maps");
    assert_parts((struct parts){.hosts = "  WEB01"}, "\"hosts\" must be a list of maps");
    assert_parts((struct parts){.hosts = "  []"}, "a farm has at least one host");
    assert_parts((struct parts){.life = "much"}, "\"life\" must be a list of maps");
    assert_parts((struct parts){.truth = "yes"}, "\"truth\" must be a map");
    assert_parts((struct parts){.truth = "{may: drop}"}, "\"may\" must be a list");
    assert_parts((struct parts){.truth = "{must: x}"}, "\"must\" must be a list of maps");
    assert_parts((struct parts){.truth = "{coverage: blind}"}, "\"coverage\" must be a map");
}

/* Times of acts */
static void test_times(void **state)
{
    static const struct {
        const char *text, *whole; /* NULL: refused */
    } rows[] = {{"10:41:52.660", "2026-01-05T10:41:52.660Z"},
                {"10:41", "2026-01-05T10:41:00Z"},
                {"9:05", "2026-01-05T09:05:00Z"},
                {"d2 08:00:00", "2026-01-06T08:00:00Z"},
                {"d2 9:00", "2026-01-06T09:00:00Z"},
                {"2026-01-07T00:00:00Z", "2026-01-07T00:00:00Z"},
                {"", NULL},
                {"d", NULL},
                {"d2", NULL},
                {"d2 ", NULL},
                {"d 08:00:00", NULL},
                {"d0 08:00:00", NULL},
                {"d-1 08:00:00", NULL},
                {"d401 08:00:00", NULL},
                {"10", NULL},
                {"10:", NULL},
                {":10", NULL},
                {"24:00:00", NULL},
                {"10:60:00", NULL},
                {"010:00:00", NULL},
                {"10:00:00 and more than that", NULL},
                {"2026-02-30T00:00:00Z", NULL},
                {"2026-13-01T00:00:00Z", NULL}};
    struct iw_lab_scenario scenario = {.from = 0};
    (void)state;
    assert_true(iw_lab_text_parse_time("2026-01-05T06:00:00Z", &scenario.from));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t time = 0, want = 0;
        bool ok = iw_lab_scenario_read_time(&scenario, rows[i].text, &time);
        if (ok != (rows[i].whole != NULL)) {
            fail_msg("%s", rows[i].text);
        }
        if (ok) {
            assert_true(iw_lab_text_parse_time(rows[i].whole, &want));
            assert_int_equal(time, want);
        }
    }
}

static void test_order_of_acts(void **state)
{
    (void)state;
    assert_act("  - {at: 08:00:00, recycle: {pool: DefaultAppPool}}\n"
               "  - {after: -1s, recycle: {pool: DefaultAppPool}}",
               "12: \"after\" must be a span");
    assert_act("  - {at: 08:00:00, recycle: {pool: DefaultAppPool}}\n"
               "  - {at: 07:59:59, recycle: {pool: DefaultAppPool}}",
               "12: this act is before the one above it");
    assert_act("  - {at: 08:00:00, recycle: {pool: DefaultAppPool}}\n"
               "  - {after: 3660d, recycle: {pool: DefaultAppPool}}",
               "12: this act is outside start and end");
    assert_act("  - {after: 1s, recycle: {pool: DefaultAppPool}}", "11: nothing stands before");
    assert_act("  - {recycle: {pool: DefaultAppPool}}", "11: an act needs either");
    assert_act("  - {at: [08:00:00], recycle: {pool: DefaultAppPool}}", "\"at\" must be one text");
    assert_act("  - {at: 08:00:00, id: [a], recycle: {pool: DefaultAppPool}}",
               "\"id\" must be one");
    assert_act("  - {at: 08:00:00, id note: x, recycle: {pool: DefaultAppPool}}", "has one verb");
    assert_act("  - {at: 08:00:00, note: x}", "11: this act has no verb");
    assert_act("  - {at: 08:00:00, dance: {}}", "11: unknown verb \"dance\"");
    assert_act("  - {at: 08:00:00, recycle: DefaultAppPool}", "11: a map is expected");
    assert_act("  - {at: 08:00:00, host: WEB02, recycle: {pool: DefaultAppPool}}",
               "no host \"WEB02\"");
}

/* An act that cannot be played says so when it is, however late it may be. */
static void test_late_acts_are_played(void **state)
{
    static const char *const acts[] = {
        "  - {at: '18:00:00', delete: {by: services, file: 'C:\\nobody.txt'}}",
        "  - {at: '17:59:59.900', registry: {by: services, key: 'HKLM\\A\\B'}}\n"
        "  - {after: 50ms, delete: {by: services, file: 'C:\\nobody.txt'}}"};
    (void)state;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        for (uint64_t seed = 1; seed <= 20; seed++) {
            assert_parts(
                (struct parts){.acts = acts[i], .jitter_ns = INT64_C(500000000), .seed = seed},
                "there is no file C:\\nobody.txt");
        }
    }
}

static void test_number_of_hosts(void **state)
{
    static char hosts[60000];
    size_t used = 0;
    (void)state;
    for (unsigned i = 0; i <= 1000; i++) {
        if (i == 1000) {
            assert_parts((struct parts){.hosts = hosts}, "");
        }
        used += (size_t)snprintf(hosts + used, sizeof hosts - used,
                                 "  - {name: W%u, address: 10.0.%u.%u, role: other}\n", i, i / 250,
                                 i % 250 + 1);
    }
    assert_parts((struct parts){.hosts = hosts}, "1008: a farm has at most 1000 hosts");
}

static void test_hosts(void **state)
{
    static const struct {
        const char *details, *complaint;
    } rows[] = {
        {"", ""},
        {"windows: 2012", "windows is 2016, 2019 or 2022"},
        {"role: tomcat", "there is no role \"tomcat\""},
        {"clock: {skew: 1}", "\"skew\" must be a shift"},
        {"clock: {skew: -1h}", ""},
        {"pools: [{name: P, bitness: 48}]", "bitness is 64 or 32"},
        {"pools: [{name: P, clr: v5.0}]", "clr is v4.0"},
        {"pools: [{name: 'a\\b'}]", "is no pool name"},
        {"pools: [{name: ''}]", "is no pool name"},
        {"pools: [{name: P}, {name: p}]", "there is a pool \"p\" already"},
        {"sites: [{name: S, root: sites}]", "no folder: sites"},
        {"sites: [{name: S, root: 'D:\\s\\..\\t'}]", "no folder"},
        {"sites: [{name: '', root: 'D:\\s'}]", "is no site name"},
        {"sites: [{name: S, root: 'D:\\s', id: 0}]", "counted from 1"},
        {"sites: [{name: S, root: 'D:\\s', id: 1}]", "two sites have the id 1"},
        {"sites: [{name: S, root: 'D:\\s'}, {name: s, id: 3, root: 'D:\\t'}]", "stands twice"},
        {"sites: [{name: S, root: 'D:\\s', binding: '*:99999:'}]", "no binding"},
        {"sites: [{name: S, root: 'D:\\s', binding: 443}]", "no binding"},
        {"sites: [{name: S, root: 'D:\\s', binding: '*:443:shop.lab.example'}]", ""},
        {"sites: [{name: S, root: 'D:\\s', files: ['..\\x']}]", "no file: ..\\x"},
        {"sites: [{name: S, root: 'D:\\s', files: x}]", "\"files\" must be a list of texts"},
        {"sites: [{name: S, root: 'D:\\s', applications: [{path: api, root: 'D:\\a'}]}]",
         "is no place"},
        {"sites: [{name: S, root: 'D:\\s', applications: [{path: /, root: 'D:\\a'}]}]",
         "is no place"},
        {"telemetry: {sysmon: [1]}", "none, or a map"},
        {"telemetry: {sysmon: {preset: most}}", "the preset is"},
        {"telemetry: {sysmon: {FileCreat: all}}", "no event type"},
        {"telemetry: {sysmon: {FileCreate: [TargetFile contains x]}}", "no such field"},
        {"telemetry: {sysmon: {FileCreate: [TargetFilename like x]}}", "no condition"},
        {"telemetry: {sysmon: {FileCreate exclude: all}}", "a list of conditions"},
        {"telemetry: {sysmon: {FileCreate: {a: b}}}", "a list of conditions"},
        {"telemetry: {sacl: ['inetpub']}", "no folder: inetpub"},
        {"telemetry: {w3c: {a: b}}", "true, false or a list"},
        {"telemetry: {w3c: [date, tim]}", "tim"},
        {"telemetry: {security: {Logons: true}}", "unknown key \"Logons\""},
        {"collect: {leave_out: Security}", "\"leave_out\" must be a list of texts"},
        {"collect: {leave_out: [Securty]}", "no channel or source \"Securty\""},
        {"collect: {leave_out: [Security, Sysmon, W3C, web_files]}", ""},
        {"collect: {as: evt}", "no such form"},
        {"collect: {as: nxlog, header_clock: +3}", "header_clock is an offset"},
        {"collect: {as: nxlog, header_clock: '+03:00x'}", "header_clock is an offset"},
        {"collect: {as: nxlog, header_clock: '+03:75'}", "header_clock is an offset"},
        {"collect: {as: nxlog, header_clock: '-00:30'}", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char host[300];
        snprintf(host, sizeof host, "  - {name: WEB01, address: 10.0.0.1%s%s}",
                 rows[i].details[0] == '\0' ? "" : ", ", rows[i].details);
        assert_parts((struct parts){.hosts = host}, rows[i].complaint);
    }
    assert_parts((struct parts){.hosts = "  - {name: 'W/1', address: 10.0.0.1}"}, "no host name");
    assert_parts((struct parts){.hosts = "  - {name: 'W\"1', address: 10.0.0.1}"}, "no host name");
    assert_parts((struct parts){.hosts = "  - {name: W1, address: here}"}, "no address: \"here\"");
    assert_parts((struct parts){.hosts = "  - {name: W1, address: 10.0.0.1}\n"
                                         "  - {name: w1, address: 10.0.0.2}"},
                 "two hosts are called");
}

static void test_paths_of_acts(void **state)
{
    static const char *const bad[] = {
        "a.aspx",       "C:a.aspx",   "C:\\",      "C:/a.aspx", "\\\\server\\share\\x",
        "C:\\a\\..\\b", "C:\\a\\\\b", "C:\\a\\b.", "C:\\a ?",   "C:\\a:b",
        "C:\\a\\",      "1:\\a"};
    char act[200];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(act, sizeof act, ACT("write: {by: services, file: '%s'}"), bad[i]);
        assert_act(act, "\"file\" is no whole path");
    }
    assert_act(ACT("write: {by: services, file: " PAGE "}"), "");
    assert_act(ACT("write: {by: services, file: 'c:\\größe\\a b.txt'}"), "");
    assert_act(ACT("start: {by: services, image: cmd.exe}"), "\"image\" is no whole path");
    assert_act(ACT("load: {by: services, dll: a.dll}"), "\"dll\" is no whole path");
    assert_act(ACT("rename: {by: services, file: 'C:\\inetpub\\wwwroot\\About.aspx', to: b}"),
               "\"to\" is no whole path");
    assert_act(ACT("rename: {by: services, file: 'C:\\inetpub\\wwwroot\\About.aspx', "
                   "to: 'C:\\inetpub\\wwwroot\\Contact.aspx'}"),
               "there is a file");
    assert_act(ACT("install-msi: {product: P, session: system, files: ['..\\x.dll']}"), "no file");
    assert_act(ACT("service-update: {package: KB1, files: [x]}"), "no file: x");
    assert_act(
        ACT("deploy: {tool: xcopy, session: system, site: Default Web Site, files: ['..\\x']}"),
        "no file to deploy: ..\\x");
    assert_act(
        ACT("configure: {by: services, changes: [{set: modules, name: x, file: web.config}]}"),
        "no file: web.config");
}

static void test_words_of_acts(void **state)
{
    static const struct {
        const char *act, *complaint;
    } rows[] = {
        {"logon: {as: s1, account: jo, type: ''}", "\"type\" is one of"},
        {"logon: {as: s1, account: jo, type: 1}", "\"type\" is one of"},
        {"logon: {as: s1, account: jo, from: home}", "\"from\" is no address"},
        {"logon: {as: 'pool:x', account: jo}", "is no key"},
        {"logon: {as: '', account: jo}", "is no key"},
        {"failed-logon: {account: jo, type: x}", "\"type\" is one of"},
        {"start: {by: services, image: 'C:\\a.exe', as: 'worker:x'}", "is no key"},
        {"start: {by: services, image: 'C:\\a.exe', as: lsass}", "there is a process"},
        {"start: {by: services, image: 'C:\\a.exe', integrity: Highest}",
         "\"integrity\" is one of"},
        {"start: {by: services, image: 'C:\\a.exe', lives: -1s}", "\"lives\" must be a span"},
        {"start: {by: services, image: [a]}", "\"image\" must be one text"},
        {"start: {by: services, image: 'C:\\a.exe', pid: 7212}", ""},
        {"start: {by: services, image: 'C:\\a.exe', pid: 7213}", "no number a process can get"},
        {"start: {by: services, image: 'C:\\a.exe', pid: 16384}", "no number a process can get"},
        {"start: {by: services, image: 'C:\\a.exe', pid: 65536}", "\"pid\" must be a number"},
        {"worker: {pool: DefaultAppPool, pid: 7212}", ""},
        {"worker: {pool: Nope}", "there is no pool"},
        {"worker: {pool: DefaultAppPool, pid: 3}", "no number a process can get"},
        {"event-log: {state: silent}", ""},
        {"event-log: {state: loud}", "\"state\" is one of"},
        {"event-log: {state: recording}", "it is recording already"},
        {"lose-records: {channel: Sysmon, count: 1}", ""},
        {"lose-records: {channel: Sysmon, count: 0}", "at least one record"},
        {"lose-records: {channel: Nowhere, count: 9}", "at least one record"},
        {"lose-records: {channel: Sysmon, count: 100001}", "\"count\" must be a number"},
        {"remove-sacl: {by: services, folder: 'C:\\a'}", "is not audited"},
        {"sysmon-error: {id: QUEUE, description: full}", ""},
        {"write: {by: services, file: 'C:\\a.txt', shown: '\\\\?\\C:\\a.txt'}", ""},
        {"connect: {by: services, address: 10.0.0.2, port: http}", "\"port\" must be a number"},
        {"connect: {by: services, address: there}", "\"address\" is no address"},
        {"open-process: {by: services, target: lsass, access: all}", "\"access\" must be a number"},
        {"registry: {by: services, key: 'HKLM\\x', type: sat}", "\"type\" is one of"},
        {"registry: {by: services, key: x}", "no registry key"},
        {"pipe: {by: services, name: x, type: open}", "\"type\" is one of"},
        {"load: {by: services, dll: 'C:\\a.dll', status: Good}", "\"status\" is one of"},
        {"service: {name: x, state: gone}", "\"state\" is one of"},
        {"service: {name: x, start: never}", "no start of a service"},
        {"clear-log: {channel: Securty, session: system}", "no channel \"Securty\""},
        {"log-channel: {by: services, channel: x, enabled: false}", "no channel \"x\""},
        {"set-clock: {by: services, step: 0s}", "the clock is set by something"},
        {"task: {name: x, command: '', session: system}", "a task has a command"},
        {"recycle: {pool: DefaultAppPool, reason: whim}", "\"reason\" is one of"},
        {"module-failed: {pool: DefaultAppPool, dll: x, event: 1000}", "no event of modules"},
        {"exchange-cmdlet: {cmdlet: x, parameters: x, user: x}", "has no Exchange"},
        {"event: {channel: x, provider: P, id: 1}", "no channel \"x\""},
        {"event: {channel: System, provider: '', id: 1}", "has a provider"},
        {"event: {channel: System, provider: P, id: 1, guid: x}", "no guid"},
        {"event: {channel: System, provider: P, id: 1, data: x}", "data is a map or list"},
        {"event: {channel: System, provider: P, id: 1, data: {a: [b]}}", "data is a map or list"},
        {"event: {channel: System, provider: P, id: 1, version: 256}",
         "\"version\" must be a number"},
        {"event: {channel: System, provider: P, id: 1, data: {a: b}, level: 2}", ""},
        {"configure: {by: services, changes: []}", "nothing is changed"},
        {"configure: {by: services, changes: [{add: modules, set: modules, name: x}]}",
         "a change has add:, remove:, set: or clear:"},
        {"configure: {by: services, changes: [{add: modules, name: x, spelt: comment}]}",
         "in the text of the file"},
        {"configure: {by: services, changes: [{clear: handlers, file: 'C:\\web.config'}]}",
         "in the text of the file"},
        {"configure: {by: services, how: file, changes: [{add: modules, name: x, spelt: odd}]}",
         "spelt is plain, encoded"},
        {"configure: {by: services, how: file, changes: [{remove: modules, name: x, spelt: "
         "cdata}]}",
         "spelt goes with add"},
        {"registry: {by: services, key: 'HKLM\\A\\B', kind: qword}", "\"kind\" is one of"},
        {"write: {by: services, file: " PAGE ", content: {module: native, tampered: true}}",
         "only what has a signer"},
        {"configure: {by: services, changes: [{add: modules, name: x, location: /a}]}",
         "goes with site"},
        {"smb-write: {file: 'D:\\a', session: system}", "network logon"},
        {"refused-request: {from: 10.0.0.1, pool: Nope}", "no pool \"Nope\""},
        {"deploy: {tool: ftp, session: system, site: Default Web Site, files: 1}",
         "\"tool\" is one of"},
        {"write: {by: services, file: " PAGE ", content: {module: native, bitness: 48}}",
         "bitness is 64 or 32"},
        {"write: {by: services, file: " PAGE ", content: {size: 99999999999999999999k}}",
         "no size"},
        {"write: {by: services, file: " PAGE ", content: text}", "\"content\" must be a map"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char act[300];
        snprintf(act, sizeof act, ACT("%s"), rows[i].act);
        assert_act(act, rows[i].complaint);
    }
}

static void test_requests(void **state)
{
    static const struct {
        const char *details, *complaint;
    } rows[] = {{"url: /", ""},
                {"url: ''", "a url begins with /"},
                {"url: /, status: 20", "three digits"},
                {"url: /, status: 2000", "\"status\" must be a number up to 999"},
                {"url: /, times: 0", "times is 1 at least"},
                {"url: /, every: -1s", "\"every\" must be a span"},
                {"url: /, took: 4294967295", "\"took\" must be a number up to 600000"},
                {"url: '/%s%n%s'", ""}};
    char act[300];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(act, sizeof act, ACT("request: {site: Default Web Site, from: 10.0.0.1, %s}"),
                 rows[i].details);
        assert_act(act, rows[i].complaint);
    }
    assert_act(ACT("request: {site: Default Web Site, from: me, url: /}"),
               "\"from\" is no address");
}

static void test_life(void **state)
{
    static const struct {
        const char *habit, *complaint;
    } rows[] = {
        {"tasks: {every: 1h}", ""},
        {"tasks: {every: 0s}", "how often?"},
        {"tasks: {every: -1h}", "\"every\" must be a span"},
        {"tasks: {every: 1ms}", "more than 5000000 times"},
        {"tasks: often", "a map is expected"},
        {"dance: {every: 1h}", "unknown habit"},
        {"tasks: {every: 1h, host: WEB02}", "no host fits"},
        {"probes: {site: Default Web Site, from: x, every: 1h}", "no address: x"},
        {"probes: {site: Default Web Site, from: 10.0.0.1, every: 1h, url: x}", "a url begins"},
        {"uploads: {site: Default Web Site, folder: '..', per_hour: 1}", "no folder: .."},
        {"monitoring: {account: x, from: 10.0.0.1, every: 1h}", "no account \"x\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char life[200];
        snprintf(life, sizeof life, "[{%s}]", rows[i].habit);
        assert_parts((struct parts){.life = life}, rows[i].complaint);
    }
}

static void test_truth(void **state)
{
    static const struct {
        const char *truth, *complaint;
    } rows[] = {
        {"{may: [a]}", ""},
        {"{may: [b]}", "no act has the id \"b\""},
        {"{must: [{finding: f, analytic: AN1, acts: [a]}]}", "the analytic is"},
        {"{must: [{finding: f, analytic: AN1108, acts: []}]}", "at least one act"},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], enough: [b]}]}", "not among the acts"},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], level: huge}]}", "the level is"},
        {"{coverage: {WEB02: {AN1108: clear}}}", "there is no host \"WEB02\""},
        {"{coverage: {WEB01: {AN1108: maybe}}}", "the verdict is"},
        {"{without: {sysmom: {}}}", "there is no source \"sysmom\""},
        {"{without: {'sysmon:x': {}}}", "there is no source \"sysmon:x\""},
        {"{without: {'sysmon:11': {}, security: {WEB01: {AN1108: blind}}}}", ""},
        {"{without: {sysmon: blind}}", "\"sysmon\" must be a map"},
        {"{context: [{process: p}]}", ""},
        {"{context: [{process: q}]}", "are process, parent, session and pool all known"},
        {"{context: [{process: p, parent: services, session: system, pool: Nope}]}", "all known"},
        {"{context: [{proces: p}]}", "unknown key \"proces\""},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], links: [compile], tells: [x], blind: "
         "[file], attack: [T1505.003], attack_not: [T1190], partial: true, once: true, unless: "
         "['sysmon:1']}]}",
         ""},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], links: [magic]}]}", "is none of"},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], attack: [1505]}]}", "no technique"},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], attack: [T1505x]}]}", "no technique"},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], partial: perhaps}]}", "partial"},
        {"{must: [{finding: f, analytic: AN1108, acts: [a], unless: [luck]}]}", "no source"},
        {"{apart: [{acts: [a]}]}", "at least two acts"},
        {"{apart: [{acts: [a, b]}]}", "no act has the id \"b\""},
        {"{apart: [{acts: [a, a], unless: [luck]}]}", "no source"},
        {"{coverage: {WEB01: {AN1108: blind}}, blind: {WEB01: {AN1108: [file_created]}}}", ""},
        {"{blind: {WEB01: {AN1108: [file_created]}}}", "no verdict"},
        {"{beyond: {WEB01: {AN1108: [memory]}}}", "no verdict"},
        {"{coverage: {WEB01: {AN1108: clear}}, beyond: {WEB01: {AN1108: [memory]}}}", ""},
        {"{coverage: {WEB01: {AN1108: blind}}, blind: {WEB01: {AN1108: [eyes]}}}", "is none of"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parts parts = {.acts =
                                  "  - {at: 08:00:00, id: a, start: {by: services, as: p, image: "
                                  "'C:\\a.exe'}}",
                              .truth = rows[i].truth};
        assert_parts(parts, rows[i].complaint);
    }
}

static void test_aids_of_truth(void **state)
{
    static const struct {
        const char *truth, *complaint;
    } rows[] = {
        {"{must: [{finding: f, analytic: AN0184, acts: [a], with: [changes, baseline]}]}", ""},
        {"{must: [{finding: f, analytic: AN0184, acts: [a], without: [luck]}]}",
         "an aid is one of"},
        {"{must: [{finding: f, analytic: AN0184, acts: [a], with: [estate]}]}",
         "the scenario has no estate"},
        {"{must: [{finding: f, analytic: AN0184, acts: [a], change: partly, level: informational, "
         "at_most: low}]}",
         ""},
        {"{must: [{finding: f, analytic: AN0184, acts: [a], change: fine}]}", "the change is one"},
        {"{must: [{finding: f, analytic: AN0184, acts: [a], at_most: none}]}", "the level is one"},
        {"{may: [a, {act: a, without: [baseline]}]}", ""},
        {"{may: [{act: b}]}", "no act has the id \"b\""},
        {"{may: [{act: a, with: [hope]}]}", "an aid is one of"},
        {"{may: a}", "\"may\" must be a list"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parts parts = {.head = "changes: [{id: C, hosts: [W], from: '08:00:00', "
                                      "to: '09:00:00'}]\n",
                              .acts = "  - {at: 08:00:00, id: a, start: {by: services, image: "
                                      "'C:\\a.exe'}}",
                              .truth = rows[i].truth};
        assert_parts(parts, rows[i].complaint);
    }
}

static void test_holds(void **state)
{
    (void)state;
    assert_act("  - {at: '08:00:00', holds: {kind: modules, name: A}, write: {by: services, file: "
               "'C:\\web.config'}}",
               "");
    assert_act("  - {at: '08:00:00', holds: {kind: modules}, write: {by: services, file: "
               "'C:\\web.config'}}",
               "\"name\"");
}

static void test_records(void **state)
{
    static const struct {
        const char *clauses, *complaint;
    } rows[] = {
        {"from: '08:00:00', to: 2026-01-05T09:00:00Z", ""},
        {"from: '08:00:00'", "\"to\""},
        {"from: '08:00:00', to: soon", "no time: soon"},
        {"from: '08:00:00', to: '09:00:00', expires: never", "no time: never"},
        {"from: '08:00:00', to: '09:00:00', action: [add, replace]", "an action is add"},
        {"from: '08:00:00', to: '09:00:00', component: {kind: module, place: x}", "unknown key"},
        {"from: '08:00:00', to: '09:00:00', sha256: 9f86", "64 hexadecimal digits"},
        {"from: '08:00:00', to: '09:00:00', sha256: {file: 'C:\\x.dll', after: b}",
         "no act has the id \"b\""},
        {"from: '08:00:00', to: '09:00:00', sha256: {file: 'C:\\x.dll', after: a}", ""},
        {"from: '08:00:00', to: '09:00:00', sha256: {file: 'C:\\y.dll', after: a}",
         "there is no file C:\\y.dll"},
        {"from: '08:00:00', to: '09:00:00', sha256: {file: 'C:\\y.dll'}", "there is no file"},
        {"from: '08:00:00', to: '09:00:00', sha256: {file: 'C:\\x.dll', host: WEB02}",
         "there is no file"},
        {"from: '08:00:00', to: '09:00:00', approved: me", "unknown key"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char head[300];
        snprintf(head, sizeof head, "changes: [{id: C, hosts: [W], %s}]\n", rows[i].clauses);
        struct parts parts = {.head = head,
                              .acts = "  - {at: 08:00:00, id: a, write: {by: services, file: "
                                      "'C:\\x.dll'}}"};
        assert_parts(parts, rows[i].complaint);
    }
}

static void test_installed(void **state)
{
    static const struct {
        const char *installed, *complaint;
    } rows[] = {
        {"files: [{file: 'C:\\p\\m.dll', content: {module: native, signer: A}}], changes: [{add: "
         "globalModules, name: M, image: 'C:\\p\\m.dll'}]",
         ""},
        {"files: [{file: m.dll}]", "no file: m.dll"},
        {"files: [{file: 'C:\\m.dll', content: {page: odd}}]", "a page is shell or plain"},
        {"changes: [{add: globalModules, name: IsapiModule}]", "already"},
        {"changes: [{add: modules, name: A, spelt: comment}]", ""},
        {"registry: [{key: 'HKLM\\A\\B', value: 1, kind: dword}]", ""},
        {"registry: [{key: 'HKCU\\A\\B', value: 1}]", "a key below HKLM"},
        {"registry: [{key: 'HKLM\\A\\B', value: 1, kind: word}]", "and a kind"},
        {"id: before, registry: [{key: 'HKLM\\A\\B', value: 1}]", ""},
        {"id: known", "the id \"known\" stands twice"},
        {"tasks: []", "unknown key \"tasks\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char host[300];
        snprintf(host, sizeof host, "  - {name: W1, address: 10.0.0.1, installed: {%s}}",
                 rows[i].installed);
        assert_parts((struct parts){.hosts = host,
                                    .acts = "  - {at: '08:00:00', id: known, write: {by: services, "
                                            "file: 'C:\\a.txt'}}"},
                     rows[i].complaint);
    }
    assert_parts((struct parts){.hosts = "  - {name: W1, address: 10.0.0.1, role: other, "
                                         "installed: {files: [{file: 'C:\\a.txt'}]}}"},
                 "W1 has no IIS");
}

static void test_windows_stays(void **state)
{
    (void)state;
    assert_act("  - {at: 08:00:00, delete: {by: services, file: "
               "'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config'}}\n"
               "  - {after: 1s, install-role: {session: system}}",
               "12: install-role: there is no file");
    assert_non_null(strstr(play_acts("  - {at: 08:00:00, end: {process: lsass}}"),
                           "runs as long as the machine"));
    assert_non_null(strstr(play_acts("  - {at: 08:00:00, logoff: {session: system}}"),
                           "nobody logs off from the session"));
    assert_non_null(
        strstr(play_acts("  - {at: 08:00:00, logoff: {session: 'pool:DefaultAppPool'}}"),
               "nobody logs off from the session"));
    assert_non_null(
        strstr(play_acts("  - {at: 08:00:00, logon: {as: n, account: jo}}\n"
                         "  - {after: 1s, start: {by: 'explorer:n', image: 'C:\\a.exe'}}"),
               "has no desktop"));
    assert_string_equal(play_acts("  - {at: 08:00:00, end: {process: 'worker:DefaultAppPool'}}"),
                        "");
}

/* A complaint about daily life names its line too. */
static void test_life_has_a_place(void **state)
{
    struct parts parts = {.life = "\n  - deployments: {account: jo, tool: ftp, site: Default Web "
                                  "Site, every: 1h}"};
    (void)state;
    assert_memory_equal(play_parts(&parts), "10: no tool \"ftp\"", 17);
}

/* A complaint does not bring a file's control characters to the terminal. */
static void test_complaints_are_plain(void **state)
{
    (void)state;
    assert_act(ACT("recycle: {pool: \"\\e[31m\\nX\"}"), "there is no pool \"?[31m?X\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_head),
                                       cmocka_unit_test(test_lists_are_lists),
                                       cmocka_unit_test(test_times),
                                       cmocka_unit_test(test_order_of_acts),
                                       cmocka_unit_test(test_late_acts_are_played),
                                       cmocka_unit_test(test_number_of_hosts),
                                       cmocka_unit_test(test_hosts),
                                       cmocka_unit_test(test_paths_of_acts),
                                       cmocka_unit_test(test_words_of_acts),
                                       cmocka_unit_test(test_requests),
                                       cmocka_unit_test(test_life),
                                       cmocka_unit_test(test_truth),
                                       cmocka_unit_test(test_aids_of_truth),
                                       cmocka_unit_test(test_records),
                                       cmocka_unit_test(test_holds),
                                       cmocka_unit_test(test_installed),
                                       cmocka_unit_test(test_windows_stays),
                                       cmocka_unit_test(test_life_has_a_place),
                                       cmocka_unit_test(test_complaints_are_plain)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
