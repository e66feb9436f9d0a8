/*
 * The judgement of the score on manifests and findings written by hand: what a finding is about,
 * when a must is due and found, what is false, how verdicts are compared, what the manifest reader
 * refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lab/score/score_judge.h"
#include "lab/score/score_names.h"
#include "lab/score/score_statistics.h"
#include "lab/score/score_variant.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define RUN                                                                                        \
    "{\"type\":\"run\",\"schema\":\"iiswarden.lab/1\",\"synthetic\":true,\"scenario\":\"x\","      \
    "\"family\":\"webshell\",\"shows\":[\"upload\"],\"seed\":1,\"server_days\":0.5}\n"
#define ACT(id, list)                                                                              \
    "{\"type\":\"act\",\"id\":\"" id "\",\"list\":\"" list                                         \
    "\",\"verb\":\"v\",\"host\":\"WEB01\",\"time\":\"2026-01-05T10:00:00.000Z\",\"line\":1}\n"
#define EVENT_ON(act, host, record)                                                                \
    "{\"type\":\"trace\",\"act\":\"" act "\",\"host\":\"" host "\",\"source\":\"" host             \
    "/C/S.evtx\",\"channel\":\"" SYSMON "\",\"event_id\":11,\"record_id\":" record "}\n"
#define EVENT(act, record) EVENT_ON(act, "WEB01", record)
#define LINE(act, line)                                                                            \
    "{\"type\":\"trace\",\"act\":\"" act                                                           \
    "\",\"host\":\"WEB01\",\"source\":\"WEB01/C/u_ex.log\",\"line\":" line "}\n"
#define FILE_TRACE(act, file)                                                                      \
    "{\"type\":\"trace\",\"act\":\"" act                                                           \
    "\",\"host\":\"WEB01\",\"source\":\"WEB01/C/x\",\"file\":\"" file "\"}\n"
#define COMPONENT(act)                                                                             \
    "{\"type\":\"trace\",\"act\":\"" act                                                           \
    "\",\"host\":\"WEB01\",\"source\":\"WEB01/C/applicationHost.config\",\"component\":{\"kind\":" \
    "\"globalModules\",\"name\":\"CacheX\",\"image\":\"C:\\\\m\\\\x.dll\"}}\n"
#define MUST(acts, more)                                                                           \
    "{\"type\":\"must\",\"finding\":\"shell\",\"analytic\":\"AN1108\",\"host\":\"WEB01\","         \
    "\"acts\":" acts ",\"level\":\"medium\"" more ",\"line\":7}\n"
#define ENOUGH_SHELL ",\"enough\":[\"shell\"]"

#define ITEM(record)                                                                               \
    "{\"role\":\"match\",\"channel\":\"" SYSMON "\",\"record_id\":" record                         \
    ",\"source\":\"evidence/WEB01/C/S.evtx\",\"line\":null,\"fields\":{}}"
#define FINDING_OF(kind, level, analytic, host, subject, items, more)                              \
    "{\"schema\":\"iiswarden.finding/1\",\"id\":\"f-1\",\"kind\":\"" kind                          \
    "\",\"title\":\"T\",\"level\":\"" level "\",\"analytic\":[" analytic "],\"host\":" host        \
    ",\"subject\":{\"type\":\"file\",\"name\":\"" subject "\"},\"evidence\":[" items "]" more      \
    "}\n"
#define FINDING(level, analytic, items)                                                            \
    FINDING_OF("chain", level, analytic, "\"WEB01\"", "s", items, "")
#define AN1108 "\"AN1108\""

#define STORY                                                                                      \
    RUN ACT("drop", "attack") ACT("visit", "attack") ACT("shell", "attack") ACT("deploy", "acts")  \
        ACT("bulk", "acts")

/* One judgement with what it was made of. */
struct trial {
    struct iw_lab_truth truth;
    struct iw_lab_findings findings;
    struct iw_lab_answers answers;
    struct iw_lab_judgement judgement;
};

static struct trial trial;

static void judge_with(const char *manifest, const char *findings, const char *answers)
{
    struct iw_lab_error error = {.text = ""};
    bool ok = iw_lab_truth_parse(&trial.truth, manifest, strlen(manifest), &error) &&
              iw_lab_findings_parse(&trial.findings, findings, strlen(findings), &error) &&
              iw_lab_answers_parse(&trial.answers, answers, strlen(answers), &error);
    if (!ok) {
        fail_msg("%s", error.text);
    }
    iw_lab_judge(&trial.judgement, &trial.truth, &trial.findings, &trial.answers);
}

static void done(void)
{
    iw_lab_judgement_done(&trial.judgement);
    iw_lab_answers_done(&trial.answers);
    iw_lab_findings_done(&trial.findings);
    iw_lab_truth_done(&trial.truth);
}

static enum iw_lab_must_state must_state(const char *manifest, const char *findings)
{
    judge_with(manifest, findings, "");
    assert_int_equal(trial.truth.n_musts, 1);
    enum iw_lab_must_state state = trial.judgement.musts[0].state;
    done();
    return state;
}

/* Whether the only finding is about the act of this place. */
static bool is_about(const char *manifest, const char *finding, size_t act)
{
    judge_with(manifest, finding, "");
    assert_int_equal(trial.findings.n, 1);
    bool answer = iw_lab_judgement_is_about(&trial.judgement, 0, act);
    done();
    return answer;
}

static const char all_seen[] = STORY EVENT("drop", "1") LINE("visit", "17") EVENT("shell", "3")
    MUST("[\"drop\",\"visit\",\"shell\"]", ENOUGH_SHELL);

#define VISIT_ITEM                                                                                 \
    "{\"role\":\"request\",\"channel\":null,\"record_id\":null,\"source\":\"evidence/WEB01/C/"     \
    "u_ex.log\",\"line\":17}"

static void test_found(void **state)
{
    (void)state;
    const char *whole = FINDING("medium", AN1108, ITEM("1") "," VISIT_ITEM "," ITEM("3"));
    assert_int_equal(must_state(all_seen, whole), IW_LAB_MUST_FOUND);
    assert_int_equal(must_state(all_seen, FINDING("critical", "\"AN0184\"," AN1108,
                                                  ITEM("3") "," VISIT_ITEM "," ITEM("1"))),
                     IW_LAB_MUST_FOUND);
}

static void test_in_part(void **state)
{
    (void)state;
    /* One finding tells two of three; two findings tell all, but no single one does. */
    assert_int_equal(must_state(all_seen, FINDING("high", AN1108, ITEM("1") "," ITEM("3"))),
                     IW_LAB_MUST_IN_PART);
    assert_int_equal(must_state(all_seen, FINDING("high", AN1108, ITEM("1") "," VISIT_ITEM)
                                              FINDING("high", AN1108, ITEM("3"))),
                     IW_LAB_MUST_IN_PART);
    /* All of it, but of another analytic or of none. */
    const char *other = FINDING("high", "\"AN0184\"", ITEM("1") "," VISIT_ITEM "," ITEM("3"));
    const char *none = FINDING("high", "", ITEM("1") "," VISIT_ITEM "," ITEM("3"));
    assert_int_equal(must_state(all_seen, other), IW_LAB_MUST_IN_PART);
    assert_int_equal(must_state(all_seen, none), IW_LAB_MUST_IN_PART);
}

static void test_missed(void **state)
{
    (void)state;
    assert_int_equal(must_state(all_seen, ""), IW_LAB_MUST_MISSED);
    assert_int_equal(must_state(all_seen, FINDING("high", AN1108, ITEM("99"))), IW_LAB_MUST_MISSED);
    /* All of it, but below the level: told as the nearest. */
    judge_with(all_seen, FINDING("low", AN1108, ITEM("1") "," VISIT_ITEM "," ITEM("3")), "");
    assert_int_equal(trial.judgement.musts[0].state, IW_LAB_MUST_MISSED);
    assert_int_equal(trial.judgement.musts[0].nearest, 0);
    done();
}

static void test_nearest(void **state)
{
    (void)state;
    judge_with(all_seen,
               FINDING("low", AN1108, ITEM("1") "," VISIT_ITEM "," ITEM("3"))
                   FINDING("medium", AN1108, ITEM("1"))
                       FINDING("medium", "", ITEM("1") "," ITEM("3"))
                           FINDING("medium", AN1108, ITEM("1") "," ITEM("3"))
                               FINDING("high", AN1108, ITEM("8")),
               "");
    assert_int_equal(trial.judgement.musts[0].state, IW_LAB_MUST_IN_PART);
    assert_int_equal(trial.judgement.musts[0].nearest, 3);
    done();
    judge_with(all_seen, FINDING("high", AN1108, ITEM("8")), "");
    assert_true(trial.judgement.musts[0].nearest == IW_LAB_NO_FINDING);
    done();
}

static void test_due(void **state)
{
    (void)state;
    const char *shell = FINDING("medium", AN1108, ITEM("3"));
    /* Only the shell can be seen, and it is enough: then it is all that is asked for. */
    assert_int_equal(must_state(STORY EVENT("shell", "3")
                                    MUST("[\"drop\",\"visit\",\"shell\"]", ENOUGH_SHELL),
                                shell),
                     IW_LAB_MUST_FOUND);
    /* What is enough cannot be seen, the rest can. */
    assert_int_equal(must_state(STORY EVENT("drop", "1")
                                    MUST("[\"drop\",\"visit\",\"shell\"]", ENOUGH_SHELL),
                                shell),
                     IW_LAB_MUST_NOT_VISIBLE);
    /* Without `enough` all must be visible. */
    assert_int_equal(must_state(STORY EVENT("shell", "3") MUST("[\"drop\",\"shell\"]", ""), shell),
                     IW_LAB_MUST_NOT_VISIBLE);
    assert_int_equal(
        must_state(STORY EVENT("shell", "3") MUST("[\"drop\",\"shell\"]", ",\"enough\":[]"), shell),
        IW_LAB_MUST_NOT_VISIBLE);
    assert_int_equal(must_state(STORY EVENT("shell", "3") EVENT("drop", "1")
                                    MUST("[\"drop\",\"shell\"]", ""),
                                shell),
                     IW_LAB_MUST_IN_PART);
}

static void test_enough_beside_acts(void **state)
{
    (void)state;
    /* Nothing of `acts` can be seen: something about what is enough is needed, not just anything.
     */
    const char *manifest =
        STORY EVENT("shell", "3") EVENT("bulk", "8") MUST("[\"drop\"]", ENOUGH_SHELL);
    assert_int_equal(must_state(manifest, FINDING("medium", AN1108, ITEM("8"))),
                     IW_LAB_MUST_MISSED);
    assert_int_equal(must_state(manifest, FINDING("medium", AN1108, ITEM("3"))), IW_LAB_MUST_FOUND);
    /* All of `acts` can be seen, but nothing of what is enough. */
    assert_int_equal(must_state(STORY EVENT("drop", "1") MUST("[\"drop\"]", ENOUGH_SHELL),
                                FINDING("medium", AN1108, ITEM("1"))),
                     IW_LAB_MUST_NOT_VISIBLE);
}

static void assert_false_finding(const char *finding, bool is_counted, bool is_true)
{
    judge_with(STORY "{\"type\":\"may\",\"act\":\"deploy\"}\n"
                     "{\"type\":\"must_not\",\"act\":\"bulk\"}\n" EVENT("drop", "1")
                         EVENT("deploy", "4") EVENT("bulk", "5"),
               finding, "");
    assert_true(trial.truth.acts[3].is_may);
    assert_true(trial.truth.acts[4].is_must_not);
    assert_int_equal(trial.judgement.findings[0].is_counted, is_counted);
    assert_int_equal(trial.judgement.findings[0].is_true, is_true);
    done();
}

static void test_false(void **state)
{
    (void)state;
    assert_false_finding(FINDING("medium", AN1108, ITEM("1")), true, true);
    assert_false_finding(FINDING("medium", AN1108, ITEM("4")), true, true);
    assert_false_finding(FINDING("medium", AN1108, ITEM("5")), true, false);
    assert_false_finding(FINDING("critical", "", ITEM("77")), true, false);
    assert_false_finding(FINDING("high", "", ""), true, false);
    assert_false_finding(FINDING("low", AN1108, ITEM("5")), false, false);
    assert_false_finding(FINDING("informational", AN1108, ITEM("5")), false, false);
    assert_false_finding(FINDING("high", AN1108, ITEM("5") "," ITEM("1")), true, true);
    assert_false_finding(FINDING("high", AN1108, ITEM("4") "," ITEM("5")), true, true);
}

static void test_equal_record_ids(void **state)
{
    (void)state;
    const char *manifest = STORY EVENT_ON("drop", "WEB01", "7") EVENT_ON("bulk", "WEB02", "7");
#define ON(host) FINDING_OF("rule", "high", "", host, "s", ITEM("7"), "")
    assert_true(is_about(manifest, ON("\"WEB01\""), 0));
    assert_false(is_about(manifest, ON("\"WEB01\""), 4));
    assert_true(is_about(manifest, ON("\"web02.lab.example\""), 4));
    assert_false(is_about(manifest, ON("\"web02.lab.example\""), 0));
    /* An item of another host says so. */
    const char *elsewhere =
        FINDING("high", "",
                "{\"host\":\"WEB02\",\"channel\":\"" SYSMON "\",\"record_id\":7,"
                "\"source\":\"evidence/WEB02/C/S.evtx\"}");
    assert_true(is_about(manifest, elsewhere, 4));
    assert_false(is_about(manifest, elsewhere, 0));
    /* Without any host the source decides. */
    assert_true(is_about(manifest, ON("null"), 0));
    assert_false(is_about(manifest, ON("null"), 4));
    /* Same record id, another channel. */
    assert_false(is_about(manifest,
                          FINDING("high", "",
                                  "{\"channel\":\"Security\",\"record_id\":7,\"source\":"
                                  "\"evidence/WEB01/C/S.evtx\"}"),
                          0));
#undef ON
}

static void test_lines(void **state)
{
    (void)state;
    const char *manifest = STORY LINE("visit", "17");
#define AT(source, line)                                                                           \
    FINDING("high", "", "{\"channel\":null,\"source\":\"" source "\",\"line\":" line "}")
    assert_true(is_about(manifest, AT("evidence/WEB01/C/u_ex.log", "17"), 1));
    assert_true(is_about(manifest, AT("./evidence/WEB01/C/u_ex.log", "17"), 1));
    assert_true(is_about(manifest, AT("somewhere/x/evidence/WEB01/C/u_ex.log", "17"), 1));
    assert_false(is_about(manifest, AT("evidence/WEB01/C/u_ex.log", "18"), 1));
    assert_false(is_about(manifest, AT("evidence/WEB02/C/u_ex.log", "17"), 1));
    assert_false(is_about(manifest, AT("evidence/WEB01/C/u_ex.log", "null"), 1));
#undef AT
}

static void test_files(void **state)
{
    (void)state;
    const char *manifest = STORY FILE_TRACE("drop", "C:\\\\inetpub\\\\Gr\xC3\x96sse.aspx");
#define ABOUT(host, subject) FINDING_OF("webfile", "high", "", host, subject, "", "")
    assert_true(is_about(manifest, ABOUT("\"WEB01\"", "c:\\\\INETPUB\\\\gr\xC3\xB6SSE.aspx"), 0));
    assert_false(is_about(manifest, ABOUT("\"WEB01\"", "c:\\\\inetpub\\\\gr\xC3\xB6"), 0));
    assert_false(is_about(manifest, ABOUT("\"WEB02\"", "c:\\\\inetpub\\\\gr\xC3\xB6sse.aspx"), 0));
#undef ABOUT
#define FIELD(value)                                                                               \
    FINDING("high", "",                                                                            \
            "{\"channel\":\"" SYSMON "\",\"record_id\":5,\"source\":\"evidence/WEB01/C/S.evtx\","  \
            "\"fields\":{\"User\":\"x\",\"TargetFilename\":" value "}}")
    assert_true(is_about(manifest, FIELD("\"C:\\\\inetpub\\\\gr\xC3\xB6sse.ASPX\""), 0));
    assert_true(is_about(manifest, FIELD("[\"a\",\"C:\\\\inetpub\\\\gr\xC3\xB6sse.aspx\"]"), 0));
    assert_false(is_about(manifest, FIELD("\"C:\\\\inetpub\\\\other.aspx\""), 0));
#undef FIELD
}

static void test_components(void **state)
{
    (void)state;
    const char *manifest = STORY COMPONENT("drop");
    assert_true(
        is_about(manifest, FINDING_OF("component", "high", "", "\"WEB01\"", "cachex", "", ""), 0));
    assert_true(is_about(
        manifest, FINDING_OF("component", "high", "", "\"WEB01\"", "c:\\\\M\\\\X.dll", "", ""), 0));
    assert_false(
        is_about(manifest, FINDING_OF("component", "high", "", "\"WEB01\"", "y", "", ""), 0));
    assert_false(
        is_about(manifest, FINDING_OF("component", "high", "", "\"WEB02\"", "CacheX", "", ""), 0));
    /* A subject of another kind that happens to have the name. */
    assert_false(
        is_about(manifest, FINDING_OF("rule", "high", "", "\"WEB01\"", "CacheX", "", ""), 0));
    assert_true(is_about(manifest,
                         "{\"schema\":\"iiswarden.finding/1\",\"kind\":\"chain\",\"title\":\"T\","
                         "\"level\":\"high\",\"analytic\":[],\"host\":\"WEB01\",\"subject\":{"
                         "\"type\":\"component\",\"name\":\"CacheX\"},\"evidence\":[]}\n",
                         0));
}

static void test_matched_event(void **state)
{
    (void)state;
    const char *manifest = STORY EVENT("drop", "7") EVENT("shell", "8");
#define WITH_EVENT(items, id)                                                                      \
    FINDING_OF("rule", "high", "", "\"WEB01\"", "s", items,                                        \
               ",\"event\":{\"Channel\":\"" SYSMON "\",\"EventRecordID\":" id "}")
    assert_true(is_about(manifest, WITH_EVENT("", "7"), 0));
    assert_true(is_about(manifest, WITH_EVENT("", "\"7\""), 0));
    assert_true(is_about(
        manifest, WITH_EVENT("{\"channel\":null,\"record_id\":null,\"source\":\"x\"}", "7"), 0));
    /* Items that say which record they are speak for themselves. */
    assert_false(is_about(manifest, WITH_EVENT(ITEM("8"), "7"), 0));
    assert_true(is_about(manifest, WITH_EVENT(ITEM("8"), "7"), 2));
#undef WITH_EVENT
}

static void test_verdicts(void **state)
{
    (void)state;
#define WANT(host, analytic, verdict)                                                              \
    "{\"type\":\"coverage\",\"host\":\"" host "\",\"analytic\":\"" analytic                        \
    "\",\"verdict\":\"" verdict "\"}\n"
#define ANSWER(host, analytic, verdict)                                                            \
    "{\"schema\":\"iiswarden.coverage/1\",\"host\":\"" host "\",\"analytic\":\"" analytic          \
    "\",\"verdict\":\"" verdict "\",\"partial\":false}\n"
    judge_with(RUN WANT("WEB01", "AN1108", "detected") WANT("WEB01", "AN0184", "blind")
                   WANT("WEB02", "AN1108", "clear"),
               "",
               "{\"schema\":\"iiswarden.coverage/1\",\"host\":null,\"server\":\"a.config\","
               "\"analytic\":\"AN1108\",\"verdict\":\"blind\"}\n" /* of nobody */
               ANSWER("web01.lab.example", "AN1108", "detected")
                   ANSWER("WEB01", "AN0184", "clear"));
    assert_int_equal(trial.judgement.answers[0], IW_LAB_VERDICT_DETECTED);
    assert_int_equal(trial.judgement.answers[1], IW_LAB_VERDICT_CLEAR);
    assert_int_equal(trial.judgement.answers[2], IW_LAB_VERDICT_NOT_ANSWERED);
    iw_lab_judgement_done(&trial.judgement);
    iw_lab_judge(&trial.judgement, &trial.truth, &trial.findings, NULL);
    assert_int_equal(trial.judgement.answers[0], IW_LAB_VERDICT_NOT_ANSWERED);
    done();
}

static void test_shows(void **state)
{
    (void)state;
    judge_with(STORY EVENT("drop", "1") MUST("[\"drop\"]", ",\"shows\":[\"7.1 rename\"]")
                   MUST("[\"drop\"]", ""),
               "", "");
    assert_int_equal(trial.truth.musts[0].shows.n, 1);
    assert_string_equal(trial.truth.musts[0].shows.items[0], "7.1 rename");
    assert_int_equal(trial.truth.musts[1].shows.n, 1);
    assert_string_equal(trial.truth.musts[1].shows.items[0], "upload");
    assert_true(trial.truth.server_days > 0.49 && trial.truth.server_days < 0.51);
    done();
}

static void test_any_order_of_lines(void **state)
{
    (void)state;
    assert_int_equal(must_state(MUST("[\"drop\"]", "") EVENT("drop", "1") ACT("drop", "attack") RUN
                                "{\"type\":\"context\",\"process\":\"x\"}\n",
                                FINDING("high", AN1108, ITEM("1"))),
                     IW_LAB_MUST_FOUND);
}

static void test_refused_manifests(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "[1]\n",
        "{\"type\":\"act\"",
        ACT("drop", "attack"),
        RUN ACT("drop", "other"),
        RUN ACT("drop", "attack") ACT("drop", "acts"),
        RUN EVENT("drop", "1"),
        RUN MUST("[\"drop\"]", ""),
        RUN MUST("[]", ""),
        STORY MUST("[\"drop\"]", ",\"enough\":[\"nothing\"]"),
        RUN "{\"type\":\"may\",\"act\":\"x\"}\n",
        RUN "{\"type\":\"musn't\"}\n",
        RUN "{}\n",
        STORY "{\"type\":\"trace\",\"act\":\"drop\",\"host\":\"W\",\"source\":\"s\"}\n",
        STORY
        "{\"type\":\"trace\",\"act\":\"drop\",\"host\":\"W\",\"source\":\"s\",\"record_id\":1}"
        "\n",
        RUN "{\"type\":\"coverage\",\"host\":\"W\",\"analytic\":\"A\",\"verdict\":\"clean\"}\n",
        ("{\"type\":\"run\",\"schema\":\"iiswarden.lab/2\",\"scenario\":\"x\",\"family\":\"quiet\","
         "\"server_days\":1}\n"),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct iw_lab_truth truth;
        struct iw_lab_error error = {.text = ""};
        bool ok = iw_lab_truth_parse(&truth, wrong[i], strlen(wrong[i]), &error);
        iw_lab_truth_done(&truth);
        if (ok || error.text[0] == '\0') {
            fail_msg("accepted, or refused without a reason: %s", wrong[i]);
        }
    }
}

static void test_refused_output(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{\"schema\":\"iiswarden.event/1\"}\n",
        "{\"schema\":\"iiswarden.finding/1\",\"level\":\"severe\"}\n",
        "half a line",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct iw_lab_findings findings;
        struct iw_lab_answers answers;
        struct iw_lab_error error;
        assert_false(iw_lab_findings_parse(&findings, wrong[i], strlen(wrong[i]), &error));
        assert_false(iw_lab_answers_parse(&answers, wrong[i], strlen(wrong[i]), &error));
        iw_lab_findings_done(&findings);
        iw_lab_answers_done(&answers);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_true(iw_lab_name_is_same("\xC3\x84", "\xC3\xA4"));
    assert_false(iw_lab_name_is_same("\xC3\x97", "\xC3\xB7")); /* multiplication is not division */
    assert_false(iw_lab_name_is_same("\xC3\x9F", "ss"));
    assert_false(iw_lab_name_is_same(NULL, NULL));
    assert_true(iw_lab_host_is_same("WEB01", "web01.lab.example"));
    assert_true(iw_lab_host_is_same("WEB01.lab.example", "web01"));
    assert_false(iw_lab_host_is_same("WEB01.a.example", "WEB01.b.example"));
    assert_false(iw_lab_host_is_same("WEB01", "WEB011"));
    assert_false(iw_lab_host_is_same("10.20.1.21", "10.20.1.5"));
    assert_false(iw_lab_host_is_same("10.20.1.21", "10"));
    assert_false(iw_lab_host_is_same("", ""));
    assert_null(iw_lab_source_below_evidence(NULL));
    assert_string_equal(iw_lab_source_below_evidence("WEB01/x"), "WEB01/x");
}

/* Garwood's limits as tables of the Poisson distribution print them, to three places. */
static void test_poisson(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        double low;
        double high;
    } known[] = {{0, 0, 3.689},       {1, 0.0253, 5.572},   {2, 0.242, 7.225},
                 {3, 0.619, 8.767},   {4, 1.090, 10.242},   {5, 1.623, 11.668},
                 {10, 4.795, 18.390}, {20, 12.217, 30.888}, {100, 81.364, 121.627}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct iw_lab_interval interval = iw_lab_poisson_interval(known[i].n);
        double low = interval.low - known[i].low;
        double high = interval.high - known[i].high;
        assert_true(low > -0.0006 && low < 0.0006);
        assert_true(high > -0.0006 && high < 0.0006);
    }
}

#define ITEM_ONE FINDING("medium", AN1108, ITEM("1"))
#define CHANGED(level, status)                                                                     \
    FINDING_OF("component", level, AN1108, "\"WEB01\"", "s", ITEM("1"),                            \
               ",\"change\":{\"status\":\"" status "\"}")

/* The state of the only must, and whether the only finding is a true one, with these aids. */
static void assert_aided(const char *manifest, const char *finding, unsigned aids,
                         enum iw_lab_must_state state, bool is_true)
{
    judge_with(manifest, finding, "");
    iw_lab_judgement_done(&trial.judgement);
    iw_lab_truth_set_aids(&trial.truth, aids);
    iw_lab_judge(&trial.judgement, &trial.truth, &trial.findings, &trial.answers);
    assert_int_equal(trial.judgement.musts[0].state, state);
    assert_int_equal(trial.judgement.findings[0].is_true, is_true);
    done();
}

static void test_aids(void **state)
{
    static const char with_baseline[] = STORY EVENT("drop", "1")
        MUST("[\"drop\"]", ",\"with\":[\"baseline\"],\"without\":[\"changes\"]");
    static const char may[] = STORY EVENT("deploy", "1") EVENT("shell", "2")
        MUST("[\"shell\"]", "") "{\"type\":\"may\",\"act\":\"deploy\",\"without\":[\"changes\"]}\n";
    unsigned baseline = IW_LAB_AID_BASELINE, changes = IW_LAB_AID_CHANGES;
    (void)state;
    assert_aided(with_baseline, ITEM_ONE, 0, IW_LAB_MUST_NOT_ASKED, true);
    assert_aided(with_baseline, ITEM_ONE, baseline, IW_LAB_MUST_FOUND, true);
    assert_aided(with_baseline, ITEM_ONE, baseline | changes, IW_LAB_MUST_NOT_ASKED, true);
    assert_aided(may, ITEM_ONE, 0, IW_LAB_MUST_MISSED, true);
    assert_aided(may, ITEM_ONE, changes, IW_LAB_MUST_MISSED, false);
}

static void test_change(void **state)
{
    static const char partly[] =
        STORY EVENT("drop", "1") MUST("[\"drop\"]", ",\"change\":\"partly\"");
    static const char quiet[] = STORY EVENT(
        "drop", "1") "{\"type\":\"must\",\"finding\":\"approved\",\"analytic\":\"AN1108\",\"acts\":"
                     "[\"drop\"],"
                     "\"level\":\"informational\",\"at_most\":\"low\",\"change\":\"explained\"}\n";
    unsigned changes = IW_LAB_AID_CHANGES;
    (void)state;
    assert_aided(partly, ITEM_ONE, 0, IW_LAB_MUST_FOUND, true);
    assert_aided(partly, ITEM_ONE, changes, IW_LAB_MUST_IN_PART, true);
    assert_aided(partly, CHANGED("medium", "partly"), changes, IW_LAB_MUST_FOUND, true);
    assert_aided(partly, CHANGED("medium", "explained"), changes, IW_LAB_MUST_IN_PART, true);
    assert_aided(quiet, CHANGED("low", "explained"), changes, IW_LAB_MUST_FOUND, true);
    assert_aided(quiet, CHANGED("medium", "explained"), changes, IW_LAB_MUST_MISSED, true);
}

/* A component is also known by its image among the fields of an item, but only a component. */
static void test_component_image(void **state)
{
    (void)state;
#define WITH_IMAGE(kind)                                                                           \
    FINDING_OF(kind, "high", AN1108, "\"WEB01\"", "globalModules/CacheX",                          \
               "{\"role\":\"configuration\",\"source\":\"evidence/x\",\"fields\":{\"Image\":"      \
               "\"c:\\\\M\\\\x.dll\"}}",                                                           \
               "")
    assert_true(is_about(STORY COMPONENT("drop"), WITH_IMAGE("component"), 0));
    assert_false(is_about(STORY COMPONENT("drop"), WITH_IMAGE("rule"), 0));
}

/* A finding with these further members, about drop and shell. */
#define SAYING(more)                                                                               \
    FINDING_OF("chain", "medium", AN1108, "\"WEB01\"", "C:\\\\inetpub\\\\a.aspx",                  \
               ITEM("1") "," ITEM("3"), more)
#define LINKED(act, record)                                                                        \
    "{\"type\":\"trace\",\"act\":\"" act                                                           \
    "\",\"host\":\"WEB01\",\"source\":\"WEB01/C/S.evtx\",\"channel\":\"" SYSMON                    \
    "\",\"event_id\":1,\"record_id\":" record ",\"link\":\"compile\"}\n"

static void test_told(void **state)
{
    static const struct {
        const char *must, *finding;
        enum iw_lab_must_state wanted;
    } rows[] = {
        {",\"tells\":[\"10.20.9.44\"]", ",\"why\":[\"logged on from 10.20.9.44\"]",
         IW_LAB_MUST_FOUND},
        {",\"tells\":[\"INETPUB\"]", "", IW_LAB_MUST_FOUND},
        {",\"tells\":[\"10.20.9.44\"]", ",\"why\":[\"logged on from 10.20.9.4\"]",
         IW_LAB_MUST_IN_PART},
        {",\"blind\":[\"file\"]", ",\"blind\":[\"no File telemetry\"]", IW_LAB_MUST_FOUND},
        {",\"blind\":[\"file\"]", ",\"why\":[\"no file telemetry\"]", IW_LAB_MUST_IN_PART},
        {",\"attack\":[\"T1505.003\"]", ",\"attack\":[\"T1059.003\",\"T1505.003\"]",
         IW_LAB_MUST_FOUND},
        {",\"attack\":[\"T1505.003\"]", ",\"attack\":[\"T1505\"]", IW_LAB_MUST_IN_PART},
        {",\"attack_not\":[\"T1505.003\"]", ",\"attack\":[\"T1059.003\"]", IW_LAB_MUST_FOUND},
        {",\"attack_not\":[\"T1505.003\"]", ",\"attack\":[\"T1505.003\"]", IW_LAB_MUST_IN_PART},
        {",\"partial\":true", ",\"partial\":true", IW_LAB_MUST_FOUND},
        {",\"partial\":true", "", IW_LAB_MUST_IN_PART},
        {",\"partial\":false", ",\"partial\":true", IW_LAB_MUST_IN_PART},
        {",\"partial\":false", ",\"partial\":false", IW_LAB_MUST_FOUND},
        {",\"links\":[\"compile\"]", "", IW_LAB_MUST_FOUND}, /* nobody can see one */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char manifest[4096], finding[2048];
        snprintf(manifest, sizeof manifest,
                 STORY EVENT("drop", "1") EVENT("shell", "3") MUST("[\"drop\",\"shell\"]", "%s"),
                 rows[i].must);
        snprintf(finding, sizeof finding, SAYING("%s"), rows[i].finding);
        if (must_state(manifest, finding) != rows[i].wanted) {
            fail_msg("%s %s", rows[i].must, rows[i].finding);
        }
    }
}

/* A compiling tells of one act, though it is a trace of two. */
static void test_due_by_a_link(void **state)
{
    (void)state;
    static const struct {
        const char *manifest;
        enum iw_lab_must_state state;
    } rows[] = {
#define OF_THREE(more) MUST("[\"drop\",\"visit\",\"shell\"]", more)
        {STORY EVENT("shell", "3") LINKED("drop", "2") LINKED("visit", "2") OF_THREE(""),
         IW_LAB_MUST_NOT_VISIBLE},
        {STORY EVENT("shell", "3") LINKED("drop", "2") EVENT("visit", "2") OF_THREE(""),
         IW_LAB_MUST_FOUND},
        {STORY EVENT("shell", "3") EVENT("drop", "2") LINKED("visit", "2") OF_THREE(""),
         IW_LAB_MUST_FOUND},
        {STORY EVENT("shell", "3") LINKED("drop", "2") LINKED("visit", "2") OF_THREE(ENOUGH_SHELL),
         IW_LAB_MUST_FOUND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            must_state(rows[i].manifest, FINDING("medium", AN1108, ITEM("2") "," ITEM("3"))),
            rows[i].state);
    }
}

static void test_links(void **state)
{
    static const char story[] = STORY EVENT("drop", "1") EVENT("shell", "3") LINKED("visit", "7")
        LINKED("deploy", "8") MUST("[\"drop\",\"visit\",\"shell\"]",
                                   ",\"enough\":[\"shell\"],\"links\":[\"compile\"]");
    (void)state;
    assert_int_equal(
        must_state(story, FINDING("medium", AN1108, ITEM("1") "," ITEM("3") "," ITEM("7"))),
        IW_LAB_MUST_FOUND);
    /* Compiled for another act of the story. */
    assert_int_equal(must_state(STORY EVENT("drop", "1") EVENT("shell", "3") LINKED("drop", "7")
                                    LINKED("deploy", "8")
                                        MUST("[\"drop\",\"shell\"]", ",\"links\":[\"compile\"]"),
                                FINDING("medium", AN1108, ITEM("1") "," ITEM("3") "," ITEM("8"))),
                     IW_LAB_MUST_IN_PART);
}

static void test_once(void **state)
{
    static const char once[] =
        STORY EVENT("drop", "1") EVENT("shell", "3") MUST("[\"drop\",\"shell\"]", ",\"once\":true");
    static const char chain[] = FINDING("high", AN1108, ITEM("1") "," ITEM("3"));
    static const char low[] =
        FINDING("high", AN1108, ITEM("1") "," ITEM("3")) FINDING("low", "", ITEM("3"));
    static const char twice[] =
        FINDING("medium", "", ITEM("3")) FINDING("high", AN1108, ITEM("1") "," ITEM("3"));
    (void)state;
    assert_int_equal(must_state(once, chain), IW_LAB_MUST_FOUND);
    assert_int_equal(must_state(once, low), IW_LAB_MUST_FOUND);
    assert_int_equal(must_state(once, twice), IW_LAB_MUST_IN_PART);
    judge_with(once, twice, "");
    assert_int_equal(trial.judgement.musts[0].nearest, 1);
    assert_int_equal(trial.judgement.musts[0].second, 0);
    done();
}

/* What does not belong together makes a finding false, of an attack and at any level. */
static void test_apart(void **state)
{
    static const char story[] = STORY EVENT("drop", "1")
        EVENT("shell", "3") "{\"type\":\"apart\",\"acts\":[\"drop\",\"shell\"],\"line\":3}\n";
    struct iw_lab_truth truth;
    struct iw_lab_error error = {.text = ""};
    static const char lonely[] = STORY "{\"type\":\"apart\",\"acts\":[\"drop\"]}\n";
    (void)state;
    judge_with(story,
               FINDING("low", AN1108, ITEM("1") "," ITEM("3")) FINDING("medium", AN1108, ITEM("3"))
                   FINDING("low", AN1108, ITEM("1")),
               "");
    assert_true(trial.judgement.findings[0].is_counted);
    assert_true(trial.judgement.findings[0].is_joined);
    assert_false(trial.judgement.findings[0].is_true);
    assert_true(trial.judgement.findings[1].is_true);
    assert_false(trial.judgement.findings[2].is_counted);
    done();
    assert_false(iw_lab_truth_parse(&truth, lonely, strlen(lonely), &error));
    assert_non_null(strstr(error.text, "two acts that are apart"));
    iw_lab_truth_done(&truth);
}

/* Which links a verdict calls blind. */
static void test_blind_links(void **state)
{
    static const char story[] =
        STORY "{\"type\":\"coverage\",\"host\":\"WEB01\",\"analytic\":\"AN1108\",\"verdict\":"
              "\"blind\",\"blind\":[\"file_created\"]}\n";
    static const struct {
        const char *file, *process;
        bool is_right;
    } rows[] = {{"absent", "proved", true},
                {"gap", "stated", true},
                {"proved", "proved", false},
                {"not-proved", "gap", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char answer[800];
        snprintf(answer, sizeof answer,
                 "{\"schema\":\"iiswarden.coverage/1\",\"host\":\"WEB01\",\"analytic\":\"AN1108\","
                 "\"verdict\":\"blind\",\"links\":[{\"link\":\"file_created\",\"state\":\"%s\"},"
                 "{\"link\":\"process_created\",\"state\":\"%s\"},{\"link\":\"request\","
                 "\"state\":\"absent\"}]}\n",
                 rows[i].file, rows[i].process);
        judge_with(story, "", answer);
        assert_int_equal(trial.judgement.answers[0], IW_LAB_VERDICT_BLIND);
        assert_int_equal(trial.judgement.are_links_right[0], rows[i].is_right);
        done();
    }
}

/* What no event can show is said, whatever the verdict. */
static void test_beyond(void **state)
{
    static const char story[] =
        STORY "{\"type\":\"coverage\",\"host\":\"WEB01\",\"analytic\":\"AN0184\",\"verdict\":"
              "\"clear\",\"beyond\":[\"memory\"]}\n";
    static const char *const said[] = {"modules in Memory alone", "managed loads"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char answer[400];
        snprintf(answer, sizeof answer,
                 "{\"schema\":\"iiswarden.coverage/1\",\"host\":\"WEB01\",\"analytic\":\"AN0184\","
                 "\"verdict\":\"clear\",\"links\":[],\"beyond\":[\"%s\"]}\n",
                 said[i]);
        judge_with(story, "", answer);
        assert_int_equal(trial.judgement.are_links_right[0], i == 0);
        done();
    }
}

static void test_refused_aids(void **state)
{
    static const char *const bad[] = {",\"with\":[\"luck\"]", ",\"change\":\"fine\"",
                                      ",\"at_most\":\"none\""};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char manifest[2048];
        struct iw_lab_truth truth;
        struct iw_lab_error error = {.text = ""};
        snprintf(manifest, sizeof manifest,
                 STORY EVENT("drop", "1") "{\"type\":\"must\",\"finding\":\"f\",\"analytic\":"
                                          "\"AN1108\",\"acts\":[\"drop\"],\"level\":\"low\"%s}\n",
                 bad[i]);
        assert_false(iw_lab_truth_parse(&truth, manifest, strlen(manifest), &error));
        assert_non_null(strstr(error.text, "manifest line 8"));
        iw_lab_truth_done(&truth);
    }
}

static void test_variants(void **state)
{
    (void)state;
    struct iw_lab_plan quick = {.is_quick = true};
    size_t n = 0;
    size_t n_groups = 0;
    while (iw_lab_variant_at(n, (struct iw_lab_plan){0}) != NULL) {
        n++;
    }
    while (iw_lab_variant_group_at(n_groups) != NULL) {
        n_groups++;
    }
    /* Base, two names, two seeds, two of jitter, only 4688, the sixteen sources, seven with aids.
     */
    assert_int_equal(n, 31);
    assert_int_equal(n_groups, 14);
    assert_string_equal(iw_lab_variant_at(0, quick)->name, "base");
    assert_int_equal(iw_lab_variant_at(1, quick)->names, 2);
    assert_null(iw_lab_variant_at(2, quick));
    for (unsigned n_seeds = 1; n_seeds <= IW_LAB_MAX_SEEDS; n_seeds++) {
        struct iw_lab_plan plan = {.n_seeds = n_seeds};
        for (unsigned i = 0; i < n_seeds;
             i++) { /* each is of another chance, all else as written */
            const struct iw_lab_variant *variant = iw_lab_variant_at(i, plan);
            assert_int_equal(variant->seed, i == 0 ? 0 : i + 1);
            assert_int_equal(variant->names, 1);
            assert_null(variant->without);
        }
        assert_null(iw_lab_variant_at(n_seeds, plan));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_in_part),
        cmocka_unit_test(test_missed),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_enough_beside_acts),
        cmocka_unit_test(test_false),
        cmocka_unit_test(test_equal_record_ids),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_components),
        cmocka_unit_test(test_matched_event),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_shows),
        cmocka_unit_test(test_any_order_of_lines),
        cmocka_unit_test(test_refused_manifests),
        cmocka_unit_test(test_refused_output),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_poisson),
        cmocka_unit_test(test_aids),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_component_image),
        cmocka_unit_test(test_refused_aids),
        cmocka_unit_test(test_variants),
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_due_by_a_link),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_blind_links),
        cmocka_unit_test(test_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
