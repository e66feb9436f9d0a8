/*
 * The table of an inventory over records made by hand: what is told whole, in a line, or counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "output/display.h"
#include "written_inventory.h"

static const struct iw_style PLAIN_80 = {false, 80};
static const struct iw_style COLOR_80 = {true, 80};
static const struct iw_style PLAIN_WIDE = {false, 0};

static void write_table(bool show_all, const struct iw_style *style)
{
    iw_output_inventory_table(&run, show_all, style, &out);
}

static void table_is_laid_out(void **state)
{
    (void)state;
    write_table(false, &PLAIN_80);
    assert_string_equal(
        shown(), "WEB01\n"
                 "      IIS      10.0\n"
                 "      known    by its configuration, events\n"
                 "      from     WEB01/C/Windows/System32/inetsrv/config/applicationHost.config\n"
                 "\n"
                 "  Sites: 1\n"
                 "\n"
                 "    Default Web Site (site 1)\n"
                 "      at       http *:80:, https *:443:\n"
                 "      logs to  C:\\inetpub\\logs\\LogFiles\\W3SVC1\n"
                 "      root     / is C:\\inetpub\\wwwroot, pool DefaultAppPool; 12 files in\n"
                 "               evidence, 2 execute\n"
                 "      writable WebDAV: authoring rules let users write\n"
                 "      root     /api/docs is D:\\docs, pool DefaultAppPool; no file of it is in\n"
                 "               evidence\n"
                 "\n"
                 "  Application pools: 1\n"
                 "    DefaultAppPool: runs as ApplicationPoolIdentity, 64 bit, integrated,\n"
                 "      .NET v4.0\n"
                 "\n"
                 "  Who may change content or configuration from afar\n"
                 "    Web Deploy: delegation is on\n"
                 "\n"
                 "  Components: 3\n"
                 "    2 native modules, 1 handler\n"
                 "    1 Microsoft's own by the catalogue, 1 as in the baseline, 1 that nothing\n"
                 "      vouches for\n"
                 "    1 to look at:\n"
                 "\n"
                 "    native module HttpCacheModule64\n"
                 "      note     its name is one letter off one of Microsoft's\n"
                 "      approved not known: nothing vouches for it\n"
                 "      seen     first at 2026-01-05 10:51:19 UTC, by event 29\n"
                 "      image    %windir%\\System32\\inetsrv\\cachport.dll\n"
                 "      file     C:\\Windows\\System32\\inetsrv\\cachport.dll\n"
                 "      copy     WEB01/C/Windows/System32/inetsrv/cachport.dll\n"
                 "      size     92.1 kB, the collected copy is of 2026-01-05 10:51:19 UTC\n"
                 "      sha256   9f86d08100000000000000000000000000000000000000000000000000000000\n"
                 "      signed   not in the file itself: by a catalogue that is not in evidence,\n"
                 "               or not at all\n"
                 "      says     Microsoft Corporation, 10.0.20348.1\n"
                 "      can be   a native module\n"
                 "      only if  bitness64\n"
                 "      pools    DefaultAppPool\n"
                 "      written  applicationHost.config:233:14\n"
                 "\n"
                 "  Web files that execute: 2\n"
                 "    Default Web Site: 2, of which 1 to look at\n"
                 "    2 were compared with no baseline: not listed is not approved.\n"
                 "\n"
                 "    C:\\inetpub\\wwwroot\\shop\\uploads\\thumbs.aspx\n"
                 "      mark     the only script in its folder\n"
                 "               starts processes\n"
                 "      url      /shop/uploads/thumbs.aspx\n"
                 "      runs by  handler PageHandlerFactory-Integrated-4.0:\n"
                 "               System.Web.UI.PageHandlerFactory\n"
                 "      copy     WEB01/C/inetpub/wwwroot/shop/uploads/thumbs.aspx\n"
                 "      size     1.5 kB, the collected copy is of 2026-01-05 10:51:19 UTC\n"
                 "      sha256   0100000000000000000000000000000000000000000000000000000000000000\n"
                 "      approved not known: nothing vouches for it\n"
                 "\n"
                 "  Former configurations: 2, and what changed after each\n"
                 "\n"
                 "    2026-01-05 09:51:19 to 2026-01-05 10:51:19 UTC\n"
                 "      from     WEB01/C/inetpub/history/CFGHISTORY_0000000012/applicationHost.co\n"
                 "               nfig\n"
                 "      vanished globalModule OldModule C:\\old.dll\n"
                 "    1 has the same components as the next.\n"
                 "\n"
                 "  Not read, or not as IIS wants it: 1\n"
                 "    WEB01/C/inetpub/wwwroot/web.config:7:3: the section\n"
                 "      system.webServer/modules is locked above (at Default Web Site)\n"
                 "\n"
                 "WEB02\n"
                 "  NOT ALL OF IT IS KNOWN: no applicationHost.config of it is in evidence. What\n"
                 "  is not listed here may be there.\n"
                 "      known    by events\n"
                 "\n"
                 "  Components: 0\n"
                 "\n"
                 "2 servers: 3 components (1 to look at); 2 web files that can execute (1 to\n"
                 "look at).\n"
                 "1 server is not known as a whole.\n"
                 "The others are only counted; --all lists them.\n");
}

static void table_lists_everything_when_asked(void **state)
{
    (void)state;
    write_table(true, &PLAIN_80);
    assert_shows("  The other components: 2\n\n"
                 "    native module           StaticFileModule   %windir%\\System32\\inetsrv\\");
    assert_shows("\n    handler                 PageHandlerFactory\n"
                 "                                               "
                 "System.Web.UI.PageHandlerFactory");
    assert_shows("\n    C:\\inetpub\\wwwroot\\shop\\default.aspx  0 bytes\n");
    assert_shows("CFGHISTORY_0000000011");
    assert_shows_not("--all");
}

/* What makes a component worth a block, one at a time; without any it is only counted. */
static void table_shows_what_is_odd(void **state)
{
    struct iw_inventory_component *component = &sample_components[1];
    struct iw_inventory_component usual = *component;
    struct iw_item_file twin = component->files[0];
    static const char NAME[] = "\n    native module StaticFileModule\n";
    (void)state;
    write_table(false, &PLAIN_80);
    assert_shows_not(NAME);
    for (unsigned i = 0; i < 11; i++) {
        iw_buffer_clear(&out);
        *component = usual;
        component->files[0] = twin;
        switch (i) {
        case 0:
            component->approval = IW_APPROVAL_NOT_ASKED; /* the third has a baseline */
            break;
        case 1:
            component->approval = IW_APPROVAL_NONE;
            break;
        case 2:
            component->approval = IW_APPROVAL_EXPIRED;
            break;
        case 3:
            component->state = "refused";
            break;
        case 4:
            component->state = "unknown";
            break;
        case 5:
            component->files[0].state = IW_ITEM_FILE_MISSING;
            break;
        case 6:
            component->files[0].state = IW_ITEM_FILE_UNREADABLE;
            break;
        case 7:
            component->files[0].state = IW_ITEM_FILE_READ;
            component->files[0].signature = IW_ITEM_SIGNATURE_TAMPERED;
            break;
        case 8:
            component->files[0].state = IW_ITEM_FILE_READ;
            component->files[0].n_damage = 1;
            break;
        case 9:
            component->files[0].state = IW_ITEM_FILE_READ;
            component->files[0].yara = component->pools;
            break;
        default:
            component->files[0].state = IW_ITEM_FILE_REMOTE;
            break;
        }
        write_table(false, &PLAIN_80);
        assert_shows(NAME);
    }
    assert_shows("ON ANOTHER MACHINE: it cannot be in this evidence\n");
}

/* Where nothing vouches for anything, what is not odd gets a line, unless it came later. */
static void table_tells_the_unknown_in_lines(void **state)
{
    (void)state;
    sample_components[1].approval = sample_components[2].approval = IW_APPROVAL_NOT_ASKED;
    sample_components[2].first_seen.time_ns = sample_components[0].first_seen.time_ns;
    write_table(false, &PLAIN_80);
    assert_shows("  Components that nothing vouches for: 2\n");
    assert_shows("\n    native module           StaticFileModule   %windir%\\System32\\");
    assert_shows("3 components (1 to look at, 2 that nothing vouches for)");
    iw_buffer_clear(&out);
    sample_components[2].first_seen.time_ns++;
    write_table(false, &PLAIN_80);
    assert_shows("  Components that nothing vouches for: 1\n");
    assert_shows("\n    handler PageHandlerFactory, at Default Web Site/api (switched off)\n");
    iw_buffer_clear(&out);
    sample_components[1].kind = "moduleFile";
    sample_components[1].state = "file";
    sample_components[1].first_seen.time_ns = INT64_MAX;
    sample_components[2].scope = IW_STR("?web.config");
    sample_components[2].name = IW_STR("An.Assembly, Version=1");
    sample_components[2].type = sample_components[2].name;
    sample_components[2].first_seen.time_ns = IW_TIME_UNKNOWN;
    write_table(false, &PLAIN_WIDE);
    assert_shows("\n    unregistered module StaticFileModule\n");
    assert_shows(" An.Assembly, Version=1  of web.config, which belongs to no known place "
                 "(switched off)\n");
}

static void table_says_what_is_not_known(void **state)
{
    (void)state;
    write_table(false, &PLAIN_80);
    assert_shows("WEB02\n"
                 "  NOT ALL OF IT IS KNOWN: no applicationHost.config of it is in evidence. What\n"
                 "  is not listed here may be there.\n");
    assert_shows("1 server is not known as a whole.\n");
}

static void table_of_nothing_says_so(void **state)
{
    (void)state;
    run.interrupted = true;
    write_table(false, &PLAIN_80);
    assert_string_equal(
        shown(), "Interrupted: only part of the evidence was looked at.\n"
                 "No web server was found: no configuration of IIS, nothing that names one.\n");
}

static void table_counts_problems_past_the_first(void **state)
{
    struct iw_inventory_problem *many = calloc(21, sizeof *many);
    (void)state;
    assert_non_null(many);
    for (size_t i = 0; i < 21; i++)
        many[i] = (struct iw_inventory_problem){.what = IW_STR("something is wrong")};
    run.inventory.servers[0].problems = many;
    run.inventory.servers[0].n_problems = 20;
    write_table(false, &PLAIN_80);
    assert_shows_not("more (--all shows them)");
    run.inventory.servers[0].n_problems = 21;
    iw_buffer_clear(&out);
    write_table(false, &PLAIN_80);
    assert_shows("    and 1 more (--all shows them)\n");
    iw_buffer_clear(&out);
    write_table(true, &PLAIN_80);
    assert_shows_not("more (--all shows them)");
    free(many);
}

/* Why there is no file, for every state that has none; nothing is told of what was not read. */
static void table_says_why_a_file_was_not_read(void **state)
{
    static const char *const WORDS[IW_ITEM_FILE_STATE_COUNT] = {
        [IW_ITEM_FILE_UNREADABLE] = " in evidence, but it cannot be read (because)\n",
        [IW_ITEM_FILE_MISSING] = " MISSING: its folder was collected, and it is not there\n",
        [IW_ITEM_FILE_NOT_COLLECTED] = " not in evidence: its folder was not collected\n",
        [IW_ITEM_FILE_UNRESOLVED] = " not in evidence: where it lies is not known (because)\n",
        [IW_ITEM_FILE_REMOTE] = " ON ANOTHER MACHINE: it cannot be in this evidence\n",
    };
    (void)state;
    for (enum iw_item_file_state s = IW_ITEM_FILE_UNREADABLE; s < IW_ITEM_FILE_STATE_COUNT; s++) {
        sample_components[0].files[0].state = s;
        sample_components[0].files[0].why = "because";
        iw_buffer_clear(&out);
        write_table(false, &PLAIN_WIDE);
        assert_shows(WORDS[s]);
        assert_shows_not("sha256   9f86");
    }
}

/* What is known of when a former configuration was in force. */
static void table_tells_times_of_versions(void **state)
{
    struct iw_inventory_version *version = &run.inventory.servers[0].versions[0];
    int64_t from_ns = version->from_ns, until_ns = version->until_ns;
    (void)state;
    write_table(false, &PLAIN_80);
    assert_shows("    2026-01-05 09:51:19 to 2026-01-05 10:51:19 UTC\n");
    version->until_ns = IW_TIME_UNKNOWN;
    write_table(false, &PLAIN_80);
    assert_shows("    from 2026-01-05 09:51:19 UTC\n");
    version->from_ns = IW_TIME_UNKNOWN;
    write_table(false, &PLAIN_80);
    assert_shows("    time unknown\n");
    version->until_ns = until_ns;
    write_table(false, &PLAIN_80);
    assert_shows("    until 2026-01-05 10:51:19 UTC\n");
    version->from_ns = from_ns;
}

/* What a reader must not miss of sites and folders. */
static void table_tells_the_state_of_places(void **state)
{
    struct iw_inventory_server *server = &run.inventory.servers[0];
    (void)state;
    server->sites[0].log_folder = IW_STR("");
    server->sites[0].auto_start = false;
    server->roots[0].is_resolved = false;
    server->roots[1].site = IW_STR("");
    server->roots[1].is_assumed = true;
    server->pools[0].is_32 = server->pools[0].is_classic = true;
    server->pools[0].user = IW_STR("CORP\\web");
    write_table(false, &PLAIN_WIDE);
    assert_shows("    Default Web Site (site 1), does not start by itself\n");
    assert_shows("      logs to  nowhere: requests are not logged\n");
    assert_shows("/ is C:\\inetpub\\wwwroot, pool DefaultAppPool; where that is, is not known\n");
    assert_shows("\n    Folders of no known site\n      root     /api/docs is D:\\docs, pool "
                 "DefaultAppPool; assumed, no configuration says so; no file of it is in "
                 "evidence\n");
    assert_shows("DefaultAppPool: runs as ApplicationPoolIdentity CORP\\web, 32 bit, classic, "
                 ".NET v4.0\n");
}

/* Ways first, then what is not known; a root like the one above it is told in a line. */
static void table_tells_who_may_write(void **state)
{
    const struct iw_str ways[] = {IW_STR("a: x"), IW_STR("unknown: b: y"), IW_STR("unlocked: z")};
    const struct iw_str other[] = {IW_STR("a: x"), IW_STR("unlocked: z")};
    struct iw_inventory_root *roots = run.inventory.servers[0].roots;
    (void)state;
    roots[0].pathways = roots[1].pathways = (struct iw_text_list){ways, 3};
    write_table(false, &PLAIN_WIDE);
    assert_non_null(strstr(shown(), "      writable a: x\n"
                                    "               unlocked: z\n"
                                    "      unknown  b: y\n"
                                    "      root     /api/docs is D:\\docs"));
    assert_non_null(strstr(shown(), "      writable as the root above\n"));
    iw_buffer_clear(&out);
    roots[1].pathways = (struct iw_text_list){other, 2};
    write_table(false, &PLAIN_WIDE);
    assert_null(strstr(shown(), "as the root above"));
}

/* A file whose rules of the user match is told whatever else is known of it. */
static void table_tells_web_files_that_are_odd(void **state)
{
    struct iw_inventory_web_file *web_file = &sample_web_files[1];
    (void)state;
    write_table(false, &PLAIN_WIDE);
    assert_shows_not("default.aspx");
    web_file->approval = IW_APPROVAL_NONE;
    write_table(false, &PLAIN_WIDE);
    assert_shows("\n    C:\\inetpub\\wwwroot\\shop\\default.aspx\n      runs by  assumed by its "
                 "ending: no configuration says so\n");
    assert_shows("      approved NO: it does not stand so in the baseline\n");
    assert_shows("    Default Web Site: 2, of which 2 to look at\n");
    iw_buffer_clear(&out);
    web_file->approval = IW_APPROVAL_BASELINE;
    web_file->file.yara = sample_web_files[0].marks;
    write_table(false, &PLAIN_WIDE);
    assert_shows("      yara     the only script in its folder\n");
}

/* Who signed it, and how far that is proved. */
static void table_says_who_signed(void **state)
{
    static const char *const WORDS[IW_ITEM_SIGNATURE_COUNT] = {
        [IW_ITEM_SIGNATURE_ANCHORED] = " signed   by Contoso (proved)\n",
        [IW_ITEM_SIGNATURE_UNANCHORED] = " signed   it says by Contoso, which nothing proves\n",
        [IW_ITEM_SIGNATURE_TAMPERED] = " signed   BROKEN: changed since it was signed by Contoso\n",
        [IW_ITEM_SIGNATURE_CATALOGUE] = " signed   by Contoso (by a catalogue), which proves it\n",
        [IW_ITEM_SIGNATURE_NONE_EMBEDDED] =
            " signed   not in the file itself: by a catalogue that is not in evidence, or not at "
            "all\n",
    };
    (void)state;
    for (enum iw_item_signature s = IW_ITEM_SIGNATURE_ANCHORED; s < IW_ITEM_SIGNATURE_COUNT; s++) {
        sample_components[0].files[0].signature = s;
        sample_components[0].files[0].signer = IW_STR("Contoso");
        iw_buffer_clear(&out);
        write_table(false, &PLAIN_WIDE);
        assert_shows(WORDS[s]);
    }
}

static void color_only_where_asked(void **state)
{
    (void)state;
    write_table(false, &COLOR_80);
    assert_shows("\033[1mWEB01\033[0m");
    assert_shows("\033[33mNOT ALL OF IT IS KNOWN");
    iw_buffer_clear(&out);
    write_table(false, &PLAIN_80);
    assert_null(memchr(out.p, '\033', out.n));
}

static void lines_fit_the_terminal(void **state)
{
    (void)state;
    for (unsigned width = 60; width <= 200; width += 20) {
        struct iw_style style = {false, width};
        const char *line;
        iw_buffer_clear(&out);
        write_table(true, &style);
        for (line = shown(); *line != '\0'; line = strchr(line, '\n') + 1) {
            struct iw_str text = {line, strcspn(line, "\n")};
            if (iw_display_columns(text) > width)
                fail_msg("wider than %u: %.*s", width, IW_STR_ARG(text));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE(table_is_laid_out),
        SAMPLE(table_lists_everything_when_asked),
        SAMPLE(table_shows_what_is_odd),
        SAMPLE(table_tells_the_unknown_in_lines),
        SAMPLE(table_says_what_is_not_known),
        EMPTY(table_of_nothing_says_so),
        SAMPLE(table_counts_problems_past_the_first),
        SAMPLE(table_says_why_a_file_was_not_read),
        SAMPLE(table_tells_times_of_versions),
        SAMPLE(table_tells_the_state_of_places),
        SAMPLE(table_tells_who_may_write),
        SAMPLE(table_tells_web_files_that_are_odd),
        SAMPLE(table_says_who_signed),
        SAMPLE(color_only_where_asked),
        SAMPLE(lines_fit_the_terminal),
        HOSTILE(lines_fit_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
