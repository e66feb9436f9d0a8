/*
 * Who wrote a page, as the reconciler asks trails for it: which of them are deployments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_rig.h"

#define PAGE "C:\\inetpub\\shop\\a.aspx"

struct page_case {
    const char *name;
    const char *before;     /* script; the writing is by process 31 at 1000 */
    const char *who;        /* begin of the line */
    const char *deployment; /* NULL: none */
    bool is_named, is_by_server, is_by_hand, has_logon;
    enum iw_chain_behaviour writer; /* what the baseline says of whoever writes pages */
    const char *asked;              /* the name of the usage it is asked about; NULL: it is not */
};

static size_t n_wrong;
static struct iw_buffer asked;

static enum iw_rc ask_behaviour(void *context, struct iw_str host,
                                const struct iw_chain_usage *usage, enum iw_chain_behaviour *ret)
{
    const struct page_case *one = context;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    assert_int_equal(usage->kind, IW_CHAIN_USAGE_WRITER);
    if (!iw_str_equal_nocase(usage->scope, IW_STR("C:\\inetpub\\shop"))) {
        *ret = IW_BEHAVIOUR_NOT_KNOWN; /* of a root above */
        return IW_OK;
    }
    iw_buffer_add(&asked, usage->name);
    *ret = one->writer;
    return IW_OK;
}

static void ask_page(const struct page_case *one)
{
    struct chain_rig rig;
    struct iw_act_trail act;
    bool is_known;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    assert_non_null(rig.trails);
    iw_buffer_init(&asked);
    iw_component_trails_ask(rig.trails, ask_behaviour, (void *)(uintptr_t)one);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    rig_script(&rig, one->before);
    rig_script(&rig, "1000 write 31 " PAGE "\n");
    is_known = iw_component_trails_act(rig.trails, IW_STR("WEB01"), IW_STR(SYSMON), rig.record_id,
                                       CHAIN_EPOCH_NS + 1000 * MS, &rig.arena, &act);
    assert_false(iw_component_trails_act(rig.trails, IW_STR("WEB02"), IW_STR(SYSMON), rig.record_id,
                                         CHAIN_EPOCH_NS + 1000 * MS, &rig.arena,
                                         &(struct iw_act_trail){0}));
    rig_end(&rig);
    iw_component_trails_end(rig.trails);
    if (!is_known || !iw_str_begins_nocase(act.who, iw_str_of(one->who)) ||
        (act.deployment == NULL) != (one->deployment == NULL) ||
        (act.deployment != NULL && strcmp(act.deployment, one->deployment) != 0) ||
        act.is_named != one->is_named || act.is_by_server != one->is_by_server ||
        act.is_by_hand != one->is_by_hand ||
        !iw_str_equal(iw_buffer_str(&asked), iw_str_of(one->asked != NULL ? one->asked : "")) ||
        (act.logon != NULL) != one->has_logon) {
        n_wrong++;
        print_error("%s: %.*s %s %d %d %d %d %.*s\n", one->name,
                    IW_STR_ARG(is_known ? act.who : IW_STR("?")),
                    is_known && act.deployment != NULL ? act.deployment : "-", act.is_named,
                    act.is_by_server, act.is_by_hand, act.logon != NULL,
                    IW_STR_ARG(iw_buffer_str(&asked)));
    }
    iw_component_trails_free(rig.trails);
    iw_buffer_done(&asked);
    rig_done(&rig);
}

#define ASK(table)                                                                                 \
    do {                                                                                           \
        n_wrong = 0;                                                                               \
        for (size_t i = 0; i < sizeof(table) / sizeof(table)[0]; i++)                              \
            ask_page(&(table)[i]);                                                                 \
        assert_int_equal(n_wrong, 0);                                                              \
    } while (0)
/* The account is that of the event. */
#define SYSTEM32 "c:\\windows\\system32\\"
#define TOOL(starter, command) "iis apppool\\shoppool by " starter ": " command
#define SERVICES "500 user 2 1 SYSTEM C:\\Windows\\System32\\services.exe\n"
#define WMSVC "500 user 30 1 CORP\\bob C:\\Windows\\System32\\inetsrv\\wmsvc.exe\n"
#define ROBOCOPY "C:\\Windows\\System32\\robocopy.exe robocopy a b\n"

/* The account is that of the event, which the script's files have from a pool. */
static void writers_of_pages(void **state)
{
    static const struct page_case CASES[] = {
        {.name = "a build server's robocopy",
         .before = "400L logon 3 CORP\\bob 10.0.0.9\n" WMSVC "900 user 31 30 CORP\\bob " ROBOCOPY,
         .who = "robocopy.exe (robocopy a b) as IIS APPPOOL\\ShopPool, logon type 3 from 10.0.0.9",
         .deployment = "robocopy",
         .is_named = true,
         .has_logon = true},
        {.name = "the same over the desktop",
         .before = "400L logon 10 CORP\\bob 10.0.0.9\n" WMSVC "900 user 31 30 CORP\\bob " ROBOCOPY,
         .who = "robocopy.exe (robocopy a b) as IIS APPPOOL\\ShopPool, logon type 10 from 10.0.0.9",
         .deployment = "robocopy",
         .is_named = true,
         .is_by_hand = true,
         .has_logon = true},
        {.name = "the same below a desktop whose logon is not in evidence",
         .before = "500 user 29 1 CORP\\bob C:\\Windows\\explorer.exe\n"
                   "600 user 30 29 CORP\\bob cmd.exe\n"
                   "900 user 31 30 CORP\\bob msiexec.exe msiexec /i a.msi\n",
         .who = "msiexec.exe (msiexec /i a.msi) as IIS APPPOOL\\ShopPool, started by cmd.exe, by "
                "explorer.exe",
         .deployment = "Windows Installer",
         .is_named = true,
         .is_by_hand = true},
        {.name = "the same below a worker: never a deployment",
         .before = "500 worker 10 ShopPool\n600 start 20 10 cmd.exe\n"
                   "900 start 31 20 " ROBOCOPY,
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true,
         .is_by_server = true},
        {.name = "an agent that a service started, wherever it lies",
         .before = SERVICES "600 user 3 2 CORP\\bob D:\\agent\\gitlab-runner.exe run\n"
                            "700 user 30 3 CORP\\bob cmd.exe\n"
                            "900 user 31 30 CORP\\bob " ROBOCOPY,
         .who = "robocopy.exe (robocopy a b) as",
         .deployment = "a service's program that is named like GitLab Runner",
         .is_named = true},
        {.name = "Configuration Manager",
         .before = SERVICES "600 user 3 2 SYSTEM C:\\Windows\\CCM\\CcmExec.exe CcmExec\n"
                            "900 user 31 3 SYSTEM xcopy.exe xcopy a b\n",
         .who = "xcopy.exe (xcopy a b) as",
         .deployment = "xcopy",
         .is_named = true},
        {.name = "somebody else's program",
         .before = "900 user 31 1 CORP\\bob C:\\x\\robocopy.exe robocopy a b\n",
         .who = "robocopy.exe (robocopy a b) as IIS APPPOOL\\ShopPool",
         .is_named = true},
        {.name = "the agent of TeamCity is a class of its Java",
         .before = "500 user 2 1 SYSTEM C:\\Windows\\System32\\services.exe\n"
                   "900 user 31 2 CORP\\bob C:\\BuildAgent\\jre\\bin\\java.exe java "
                   "jetbrains.buildServer.agent.AgentMain\n",
         .who = "java.exe (java jetbrains",
         .deployment = "a service's program that is named like an agent of TeamCity",
         .is_named = true},
        {.name = "other Java is none",
         .before = "500 user 2 1 SYSTEM C:\\Windows\\System32\\services.exe\n"
                   "900 user 31 2 CORP\\bob C:\\x\\java.exe java buildServer.agent.AgentMain\n",
         .who = "java.exe (java buildServer",
         .is_named = true},
        {.name = "nor is that class where no service started it",
         .before = "500 user 2 1 CORP\\bob C:\\Windows\\System32\\cmd.exe\n"
                   "900 user 31 2 CORP\\bob C:\\BuildAgent\\jre\\bin\\java.exe java "
                   "jetbrains.buildServer.agent.AgentMain\n",
         .who = "java.exe (java jetbrains",
         .is_named = true},
        {.name = "what an agent of Jenkins started",
         .before = "500 user 2 1 SYSTEM C:\\Windows\\System32\\services.exe\n"
                   "600 user 3 2 CORP\\bob D:\\agent\\jenkins-agent.exe jenkins-agent\n"
                   "900 user 31 3 CORP\\bob D:\\agent\\java.exe java -jar agent.jar\n",
         .who = "java.exe (java -jar",
         .deployment = "a service's program that is named like Jenkins",
         .is_named = true},
        {.name = "a process that is not in evidence",
         .before = "",
         .who = "process 31, whose start is not in evidence"},
    };
    (void)state;
    ASK(CASES);
}

/* --- tools that anybody may start --------------------------------------------------------------
 */

#define WMI SERVICES "500 system 3 2 svchost.exe\n500 system 30 3 wbem\\wmiprvse.exe\n"
#define WINRM SERVICES "500 system 3 2 svchost.exe\n500 user 30 3 CORP\\bob wsmprovhost.exe\n"
#define PSEXEC SERVICES "500 system 30 2 C:\\Windows\\PSEXESVC.exe\n"
#define TASK SERVICES "500 system 30 2 svchost.exe svchost.exe -k netsvcs -p -s Schedule\n"
#define SHELL_OF "800 user 29 30 CORP\\bob cmd.exe\n"
#define NETWORK "400L logon 3 CORP\\bob 10.0.0.9\n"

/* A copy is what whoever typed it made of it: no agent stands above it, and no baseline has it. */
static void tools_are_whoevers(void **state)
{
    static const struct page_case CASES[] = {
        {.name = "robocopy by WMI",
         .before = NETWORK WMI "900 user 31 30 CORP\\bob " ROBOCOPY,
         .asked = TOOL(SYSTEM32 "wbem\\wmiprvse.exe", "robocopy a b"),
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true,
         .has_logon = true},
        {.name = "by a shell by WMI",
         .before = WMI SHELL_OF "900 user 31 29 CORP\\bob xcopy.exe xcopy a b\n",
         .asked = TOOL(SYSTEM32 "wbem\\wmiprvse.exe", "xcopy a b"),
         .who = "xcopy.exe (xcopy a b)",
         .is_named = true},
        {.name = "by WinRM",
         .before = WINRM "900 user 31 30 CORP\\bob " ROBOCOPY,
         .asked = TOOL(SYSTEM32 "wsmprovhost.exe", "robocopy a b"),
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true},
        {.name = "by a service that was made for it",
         .before = PSEXEC SHELL_OF "900 user 31 29 CORP\\bob " ROBOCOPY,
         .asked = TOOL("c:\\windows\\psexesvc.exe", "robocopy a b"),
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true},
        {.name = "by a task",
         .before = TASK "900 user 31 30 CORP\\bob " ROBOCOPY,
         .asked = TOOL(SYSTEM32 "svchost.exe", "robocopy a b"),
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true},
        {.name = "over the network, its parent is not in evidence",
         .before = NETWORK "900 user 31 1 CORP\\bob " ROBOCOPY,
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true,
         .has_logon = true},
        {.name = "the command of Web Deploy without its service",
         .before = WMI "900 user 31 30 CORP\\bob C:\\Progra~1\\msdeploy.exe msdeploy\n",
         .who = "msdeploy.exe (msdeploy)",
         .is_named = true},
    };
    (void)state;
    ASK(CASES);
}

/* The baseline of behaviour has that account with that starter and command. */
static void usual_tools_deploy(void **state)
{
    static const struct page_case CASES[] = {
        {.name = "a task that copies every night",
         .before = TASK "900 user 31 30 CORP\\bob " ROBOCOPY,
         .writer = IW_BEHAVIOUR_KNOWN,
         .asked = TOOL(SYSTEM32 "svchost.exe", "robocopy a b"),
         .who = "robocopy.exe (robocopy a b)",
         .deployment = "robocopy, which the baseline of behaviour has writing there",
         .is_named = true},
        {.name = "the same, typed at the desktop",
         .before =
             "400L logon 10 CORP\\bob 10.0.0.9\n500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
             "900 user 31 30 CORP\\bob " ROBOCOPY,
         .writer = IW_BEHAVIOUR_KNOWN,
         .asked = TOOL("c:\\windows\\explorer.exe", "robocopy a b"),
         .who = "robocopy.exe (robocopy a b)",
         .deployment = "robocopy, which the baseline of behaviour has writing there",
         .is_named = true,
         .is_by_hand = true,
         .has_logon = true},
        {.name = "the same command from what nobody saw: nothing is asked",
         .before = NETWORK "900 user 31 1 CORP\\bob " ROBOCOPY,
         .writer = IW_BEHAVIOUR_KNOWN,
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true,
         .has_logon = true},
        {.name = "learned from this very time, or with a doubt",
         .before = TASK "900 user 31 30 CORP\\bob " ROBOCOPY,
         .writer = IW_BEHAVIOUR_KNOWN_HERE,
         .asked = TOOL(SYSTEM32 "svchost.exe", "robocopy a b"),
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true},
        {.name = "the web server's own is none, whatever the baseline has",
         .before = "500 worker 10 ShopPool\n900 start 31 10 " ROBOCOPY,
         .writer = IW_BEHAVIOUR_KNOWN,
         .who = "robocopy.exe (robocopy a b)",
         .is_named = true,
         .is_by_server = true},
        {.name = "no tool: nothing is asked",
         .before = "900 user 31 1 CORP\\bob C:\\x\\copy.exe copy a b\n",
         .writer = IW_BEHAVIOUR_KNOWN,
         .who = "copy.exe (copy a b)",
         .is_named = true},
    };
    (void)state;
    ASK(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writers_of_pages),
        cmocka_unit_test(tools_are_whoevers),
        cmocka_unit_test(usual_tools_deploy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
