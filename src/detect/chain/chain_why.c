/*
 * Why: each mark with its points and what it was here, the floor, the sum; then what is to be known
 * beside. One function says one mark; the points are those of the table.
 */
#include "detect/chain/chain_why.h"

#include <stdio.h>

static const struct {
    iw_chain_say_mark *say; /* NULL: the words do */
    const char *words;
} SAYINGS[IW_MARK_COUNT] = {
    [IW_MARK_SHELL] = {iw_chain_say_shell, NULL},
    [IW_MARK_POOL_IDENTITY] = {iw_chain_say_identity, NULL},
    [IW_MARK_SHARED_ACCOUNT] = {NULL, "others work as that account too: tasks, services, people"},
    [IW_MARK_FILE] = {iw_chain_say_file, NULL},
    [IW_MARK_FILE_UNDECIDED] = {iw_chain_say_undecided, NULL},
    [IW_MARK_PAGE_UNSEEN] = {iw_chain_say_unseen, NULL},
    [IW_MARK_COLLECTED_FILE] = {iw_chain_say_collected, NULL},
    [IW_MARK_RENAMED] = {iw_chain_say_renamed, NULL},
    [IW_MARK_SHELL_WROTE_FILE] = {iw_chain_say_wrote, NULL},
    [IW_MARK_SHELL_NAMED_FILE] = {iw_chain_say_named, NULL},
    [IW_MARK_REQUEST] = {iw_chain_say_request, NULL},
    [IW_MARK_REQUEST_UNDECIDED] = {iw_chain_say_request_undecided, NULL},
    [IW_MARK_REQUEST_SERVED] = {iw_chain_say_request_served, NULL},
    [IW_MARK_REQUEST_AFTER] = {iw_chain_say_request_after, NULL},
    [IW_MARK_REQUEST_RARE] = {iw_chain_say_rare, NULL},
    [IW_MARK_COMPILED] = {NULL, "ASP.NET compiled that page between the two"},
    [IW_MARK_COMPILED_SOMETHING] = {NULL, "the same worker compiled a page between the two; which "
                                          "one is not told"},
    [IW_MARK_COMPILED_BEFORE] = {iw_chain_say_compiled_before, NULL},
    [IW_MARK_SAME_POOL] = {iw_chain_say_same_pool, NULL},
    [IW_MARK_OTHER_POOL] = {iw_chain_say_other_pool, NULL},
    [IW_MARK_FOLDER_POSSIBLE] = {NULL,
                                 "no configuration and no usual folder says that a web server "
                                 "reaches the file; its ending does"},
    [IW_MARK_WRITTEN_BY_SERVER] = {NULL, "the web server itself wrote the file"},
    [IW_MARK_WRITTEN_OVER_NETWORK] = {iw_chain_say_over_network, NULL},
    [IW_MARK_ODD_NAME] = {iw_chain_say_odd_name, NULL},
    [IW_MARK_TIMES_CHANGED] = {NULL, "the file's time stamps were changed"},
    [IW_MARK_DELETED] = {NULL, "the file was deleted or moved again"},
    [IW_MARK_BROUGHT] = {iw_chain_say_brought, NULL},
    [IW_MARK_LOADED] = {iw_chain_say_loaded, NULL},
    [IW_MARK_COMMAND_SHAPE] = {iw_chain_say_command, NULL},
    [IW_MARK_DISCOVERY] = {NULL, "what was started tells of the machine, its users, its network"},
    [IW_MARK_CREDENTIALS] = {NULL, "what was started reads secrets"},
    [IW_MARK_NETWORK] = {NULL, "what was started connected, or asked for a name"},
    [IW_MARK_SYSTEM] = {NULL, "what it started ran as SYSTEM, the web server does not"},
    [IW_MARK_ODD_WORKER] = {NULL, "the w3wp.exe that started it lies in no folder of IIS"},
    [IW_MARK_DEVELOPER_SERVER] = {NULL, "IIS Express serves one developer's machine"},
    [IW_MARK_MANAGEMENT_SERVER] =
        {NULL, "administrators deploy and run commands by the management service of IIS"},
    [IW_MARK_LIKELY_SERVER] =
        {NULL, "that it is a web server is only likely: a Java that has one among its classes may "
               "be a job that uses them, a service of WebLogic its Node Manager; no page speaks "
               "for it"},
    [IW_MARK_CGI_RUN] = {iw_chain_say_cgi_run, NULL},
    [IW_MARK_DEPLOYMENT_WRITER] = {iw_chain_say_writer, NULL},
    [IW_MARK_DEPLOYMENT_LIKE] = {iw_chain_say_writer, NULL},
    [IW_MARK_DEPLOYMENT_NEAR] = {iw_chain_say_near, NULL},
    [IW_MARK_BURST] = {iw_chain_say_burst, NULL},
    [IW_MARK_USUAL_WRITER] = {NULL, "the baseline of behaviour has that program writing there, as "
                                    "that kind of account"},
    [IW_MARK_FILE_EXPLAINED] = {iw_chain_say_explained, NULL},
    [IW_MARK_USUAL] = {NULL, "the baseline of behaviour has this child of this pool"},
    [IW_MARK_USUAL_HERE] = {iw_chain_say_usual_here, NULL},
};

/* --- the sum ---------------------------------------------------------------------------------- */

static int32_t say_marks(struct iw_telling *telling)
{
    int32_t sum = 0;
    for (int i = 0; i < IW_MARK_COUNT; i++) {
        const struct iw_chain_mark_row *row = iw_chain_mark_row((enum iw_chain_mark)i);
        char head[48];
        if ((telling->marks & ((iw_chain_marks)1 << i)) == 0)
            continue;
        (void)snprintf(head, sizeof head, "%+d %s:", row->points, row->name);
        sum += row->points;
        if (SAYINGS[i].say != NULL)
            SAYINGS[i].say(telling, head);
        else
            iw_chain_say(&telling->why, "%s %s", head, SAYINGS[i].words);
    }
    return sum;
}

static void say_sum(struct iw_telling *telling, int32_t sum)
{
    struct iw_chain_floor floor = iw_chain_floor_of(telling->marks);
    uint32_t score = iw_chain_score(telling->marks);
    if (floor.why != NULL && sum < (int32_t)iw_chain_level_begins(floor.level))
        iw_chain_say(&telling->why, "raised from %d to %u: never below %s, for %s", (int)sum, score,
                     iw_level_name(floor.level), floor.why);
    if (sum > (int32_t)score) /* the lines above add up to more */
        iw_chain_say(&telling->why, "= %u (of %d, at most %u): %s", score, (int)sum, score,
                     iw_level_name(iw_chain_level(score)));
    else
        iw_chain_say(&telling->why, "= %u: %s", score, iw_level_name(iw_chain_level(score)));
    if (telling->finding->level != iw_chain_level(score))
        iw_chain_say(&telling->why, "lowered to %s: the change records explain it",
                     iw_level_name(telling->finding->level));
}

void iw_chain_explain(struct iw_telling *telling)
{
    say_sum(telling, say_marks(telling));
    iw_chain_say_beside(telling);
}
