/*
 * Web servers beside IIS: which files are theirs where the configuration of IIS is known whole, and
 * which programs an application of a worker starts. Expectations follow from what these servers
 * serve by default (Tomcat: webapps; Apache of XAMPP: htdocs) and from the rig's sites of IIS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define TOMCAT                                                                                     \
    "1000 start 10 1 D:\\jdk\\bin\\java.exe java -Dcatalina.base=D:\\tc "                          \
    "org.apache.catalina.startup.Bootstrap start\n"
#define APACHE "1000 start 10 1 E:\\xampp\\apache\\bin\\httpd.exe httpd -k runservice\n"
#define JSP "D:\\tc\\webapps\\a\\i.jsp"
#define PHP "E:\\xampp\\htdocs\\u.php"

static void pages_of_other_servers(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "Tomcat's page, though no site of IIS has its folder",
         .script = TOMCAT "2000 write 10 " JSP "\n" SHELL(3000),
         .found = "i.jsp medium 65: shell file written-by-server / file_created process_created",
         .why = "in a folder that other servers than IIS use by default, of no site of IIS"},
        {.name = "Apache's page, which somebody else wrote",
         .script = APACHE "2000 write 99 " PHP "\n" SHELL(3000),
         .found = "u.php medium 60: shell file / file_created process_created"},
        {.name = "asked for through IIS",
         .script = TOMCAT "2000 write 99 " JSP "\n" SHELL(3000),
         .requests = {{JSP, 2500, 1, 0}},
         .found = "i.jsp high 80: shell file request request-rare / file_created request "
                  "process_created"},
        {.name = "where only the ending speaks, as without IIS",
         .script = TOMCAT "2000 write 99 D:\\apps\\shop\\i.jsp\n" SHELL(3000),
         .found = "i.jsp medium 55: shell file folder-possible / file_created process_created"},
        {.name = "ASP.NET runs below IIS alone: such a page is none of Apache's",
         .script = APACHE "2000 write 99 E:\\xampp\\htdocs\\u.aspx\n" SHELL(3000),
         .found = "httpd.exe medium 50 partial: shell / process_created"},
        {.name = "a page of Apache's is none of IIS",
         .script = WORKER "2000 write 99 " PHP "\n" SHELL(3000),
         .found = ALONE},
        {.name = "nor is it what a shell of IIS is told by, when that wrote it",
         .script = WORKER SHELL(2000) "3000 write 20 " PHP "\n",
         .found = ALONE},
        {.name = "nor what one nearly was joined by",
         .script = WORKER SHELL(2000) "3000 write 99 " PHP "\n",
         .found = ALONE,
         .not_why = "near miss"},
        {.name = "a page of Apache's that its shell wrote",
         .script = APACHE SHELL(2000) "3000 write 20 " PHP "\n",
         .found = "u.php medium 60: shell shell-wrote-file / process_created file_created"},
        {.name = "a page of Apache's that its shell's command names",
         .script = APACHE "3000 start 20 10 cmd.exe cmd /c echo x > " PHP "\n",
         .found = "u.php medium 55 partial: shell shell-named-file / file_named process_created"},
        {.name = "which is nothing of a shell of IIS",
         .script = WORKER "3000 start 20 10 cmd.exe cmd /c echo x > " PHP "\n",
         .found = ALONE},
        {.name = "a page of IIS may be of another server too",
         .script = TOMCAT "2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 60: shell file / file_created process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* However many files of other servers come, a page of IIS is not forgotten for them; the latest of
 * theirs are known. */
static void many_of_other_servers(void **state)
{
    struct chain_rig rig;
    char line[128];
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, TOMCAT "1000 worker 11 ShopPool\n2000 write 98 " A "\n");
    for (size_t i = 0; i < 9000; i++) {
        (void)snprintf(line, sizeof line, "%zu write 99 D:\\tc\\webapps\\b\\%zu.jsp\n", 3000 + i,
                       i);
        rig_script(&rig, line);
    }
    rig_script(&rig,
               "20000 start 20 11 cmd.exe cmd /c ver\n30000 start 21 10 cmd.exe cmd /c ver\n");
    rig_end(&rig);
    assert_string_equal(rig_found(&rig).p,
                        "a.aspx medium 65: shell file same-pool / file_created process_created\n"
                        "8999.jsp medium 55: shell file burst / file_created process_created");
    rig_done(&rig);
}

#define NODE                                                                                       \
    WORKER "1500 start 15 10 D:\\node\\node.exe node D:\\iisnode\\interceptor.js "                 \
           "D:\\x\\index.js\n"

/* Who started it is who holds the code that was asked for; the worker has pool and site. */
static void who_started_it(void **state)
{
    static const struct {
        const char *script, *why, *advice;
    } CASES[] = {
        {NODE "2000 start 20 15 cmd.exe cmd /c ver\n",
         "a shell, was started by node.exe, below w3wp.exe (pool ShopPool)",
         "take the memory of process 15 (node.exe) if it still runs, before its pool is recycled"},
        {WORKER
         "1500 start 15 10 D:\\php\\php-cgi.exe php-cgi\n2000 start 20 15 cmd.exe cmd /c ver\n",
         "a shell, was started by php-cgi.exe, below w3wp.exe (pool ShopPool)",
         "take the memory of process 15 (php-cgi.exe)"},
        {WORKER SHELL(2000), "a shell, was started by w3wp.exe (pool ShopPool)",
         "take the memory of process 10 (w3wp.exe)"},
        {TOMCAT "1500 start 15 10 D:\\tc\\helper.exe helper\n2000 start 20 15 cmd.exe cmd /c ver\n",
         "a shell, was started by helper.exe, below java.exe",
         "take the memory of process 15 (helper.exe) if it still runs, before it is restarted"},
        {TOMCAT SHELL(2000), "a shell, was started by java.exe",
         "take the memory of process 10 (java.exe)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, CASES[i].script);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        if (!rig_says(&rig.findings[0].why, CASES[i].why) ||
            !rig_says(&rig.findings[0].triage, CASES[i].advice))
            fail_msg("case %zu: %.*s", i, IW_STR_ARG(rig.findings[0].why.items[0]));
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_other_servers),
        cmocka_unit_test(many_of_other_servers),
        cmocka_unit_test(who_started_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
