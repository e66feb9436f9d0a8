/*
 * The table of scores, once in code.
 */
#include "detect/chain/chain_score.h"

static const struct iw_chain_mark_row ROWS[IW_MARK_COUNT] = {
    [IW_MARK_SHELL] = {"shell", 50},
    [IW_MARK_POOL_IDENTITY] = {"pool-identity", 30},
    [IW_MARK_SHARED_ACCOUNT] = {"shared-account", -5},
    [IW_MARK_FILE] = {"file", 10},
    [IW_MARK_FILE_UNDECIDED] = {"file-undecided", 3},
    [IW_MARK_PAGE_UNSEEN] = {"page-unseen", 3},
    [IW_MARK_COLLECTED_FILE] = {"collected-file", 3},
    [IW_MARK_RENAMED] = {"file-renamed", 5},
    [IW_MARK_SHELL_WROTE_FILE] = {"shell-wrote-file", 10},
    [IW_MARK_SHELL_NAMED_FILE] = {"shell-named-file", 5},
    [IW_MARK_REQUEST] = {"request", 15},
    [IW_MARK_REQUEST_UNDECIDED] = {"request-undecided", 8},
    [IW_MARK_REQUEST_SERVED] = {"request-served", 5},
    [IW_MARK_REQUEST_AFTER] = {"request-after", 15},
    [IW_MARK_REQUEST_RARE] = {"request-rare", 5},
    [IW_MARK_COMPILED] = {"compiled", 10},
    [IW_MARK_COMPILED_SOMETHING] = {"compiled-something", 3},
    [IW_MARK_COMPILED_BEFORE] = {"compiled-before", 3},
    [IW_MARK_SAME_POOL] = {"same-pool", 5},
    [IW_MARK_OTHER_POOL] = {"other-pool", -8},
    [IW_MARK_FOLDER_POSSIBLE] = {"folder-possible", -5},
    [IW_MARK_WRITTEN_BY_SERVER] = {"written-by-server", 5},
    [IW_MARK_WRITTEN_OVER_NETWORK] = {"written-over-network", 5},
    [IW_MARK_ODD_NAME] = {"odd-name", 5},
    [IW_MARK_TIMES_CHANGED] = {"times-changed", 5},
    [IW_MARK_DELETED] = {"deleted", 5},
    [IW_MARK_BROUGHT] = {"written-then-run", 10},
    [IW_MARK_LOADED] = {"written-then-loaded", 10},
    [IW_MARK_COMMAND_SHAPE] = {"command-shape", 10},
    [IW_MARK_DISCOVERY] = {"discovery", 3},
    [IW_MARK_CREDENTIALS] = {"credentials", 10},
    [IW_MARK_NETWORK] = {"network", 5},
    [IW_MARK_SYSTEM] = {"system", 15},
    [IW_MARK_ODD_WORKER] = {"odd-worker", 10},
    [IW_MARK_DEVELOPER_SERVER] = {"developer-server", -15},
    [IW_MARK_MANAGEMENT_SERVER] = {"management-server", -15},
    [IW_MARK_LIKELY_SERVER] = {"likely-server", -15},
    [IW_MARK_CGI_RUN] = {"cgi-run", -40},
    [IW_MARK_DEPLOYMENT_WRITER] = {"deployment-writer", -10},
    [IW_MARK_DEPLOYMENT_LIKE] = {"deployment-like", -6},
    [IW_MARK_DEPLOYMENT_NEAR] = {"deployment-near", -5},
    [IW_MARK_BURST] = {"burst", -5},
    [IW_MARK_USUAL_WRITER] = {"usual-writer", -5},
    [IW_MARK_FILE_EXPLAINED] = {"file-explained", -10},
    [IW_MARK_USUAL] = {"usual", -40},
    [IW_MARK_USUAL_HERE] = {"usual-here", -20},
};

_Static_assert(IW_MARK_COUNT <= 64, "a set of marks has 64 bits");

const struct iw_chain_mark_row *iw_chain_mark_row(enum iw_chain_mark mark)
{
    return &ROWS[mark];
}

uint32_t iw_chain_level_begins(enum iw_level level)
{
    static const uint32_t BEGINS[IW_LEVEL_COUNT] = {0, 30, 50, 75, 90};
    return BEGINS[level];
}

enum iw_level iw_chain_level(uint32_t score)
{
    enum iw_level level = IW_LEVEL_INFORMATIONAL;
    for (int i = IW_LEVEL_LOW; i < IW_LEVEL_COUNT; i++) {
        if (score >= iw_chain_level_begins((enum iw_level)i))
            level = (enum iw_level)i;
    }
    return level;
}

static bool has(iw_chain_marks marks, iw_chain_marks wanted)
{
    return (marks & wanted) != 0;
}

/* What says that a file may have come as files do: points alone decide then. */
#define WEAK                                                                                       \
    (IW_MARK(DEPLOYMENT_WRITER) | IW_MARK(DEPLOYMENT_LIKE) | IW_MARK(DEPLOYMENT_NEAR) |            \
     IW_MARK(BURST) | IW_MARK(USUAL_WRITER) | IW_MARK(FILE_EXPLAINED) | IW_MARK(OTHER_POOL) |      \
     IW_MARK(FOLDER_POSSIBLE) | IW_MARK(REQUEST_SERVED))

/* Why file and shell, and a third link, are one act; NULL: they are not proved to be. */
static const char *three_links(iw_chain_marks marks)
{
    if (has(marks, WEAK))
        return NULL;
    if (has(marks, IW_MARK(FILE)) && has(marks, IW_MARK(REQUEST) | IW_MARK(COMPILED)))
        return "file, request or compiling, and shell are joined";
    if (has(marks, IW_MARK(SHELL_WROTE_FILE)) && has(marks, IW_MARK(REQUEST_AFTER)))
        return "shell, the file it wrote, and the request for that are joined";
    return NULL;
}

/* Nobody is known to have started it but by its account. */
static struct iw_chain_floor floor_of_identity(iw_chain_marks marks)
{
    bool is_joined = has(marks, IW_MARK(FILE) | IW_MARK(SHELL_WROTE_FILE)) && !has(marks, WEAK);
    if (has(marks, IW_MARK(SHARED_ACCOUNT)))
        is_joined &= has(marks, IW_MARK(WRITTEN_BY_SERVER));
    else if (three_links(marks) != NULL)
        return (struct iw_chain_floor){IW_LEVEL_HIGH, three_links(marks)};
    if (is_joined)
        return (struct iw_chain_floor){
            IW_LEVEL_MEDIUM, "file and what ran as the account of a web server are joined"};
    return (struct iw_chain_floor){IW_LEVEL_LOW, "run as the account of a web server"};
}

struct iw_chain_floor iw_chain_floor_of(iw_chain_marks marks)
{
    if (has(marks, IW_MARK(USUAL) | IW_MARK(USUAL_HERE) | IW_MARK(CGI_RUN)))
        return (struct iw_chain_floor){IW_LEVEL_INFORMATIONAL, NULL};
    if (!has(marks, IW_MARK(SHELL)))
        return floor_of_identity(marks);
    if (has(marks, IW_MARK(DEVELOPER_SERVER)))
        return (struct iw_chain_floor){IW_LEVEL_LOW, "started by a developer's web server"};
    if (has(marks, IW_MARK(MANAGEMENT_SERVER)) && !has(marks, IW_MARK(BROUGHT)))
        return (struct iw_chain_floor){IW_LEVEL_LOW, "started by a management service"};
    if (three_links(marks) != NULL)
        return (struct iw_chain_floor){IW_LEVEL_HIGH, three_links(marks)};
    if (has(marks, IW_MARK(LIKELY_SERVER)))
        return (struct iw_chain_floor){IW_LEVEL_LOW,
                                       "started by what is only likely to be a web server"};
    return (struct iw_chain_floor){
        IW_LEVEL_MEDIUM, "a web server started it, and neither record nor baseline explains it"};
}

int32_t iw_chain_points(iw_chain_marks marks)
{
    int32_t sum = 0;
    for (size_t i = 0; i < IW_MARK_COUNT; i++)
        sum += has(marks, (iw_chain_marks)1 << i) ? ROWS[i].points : 0;
    return sum;
}

uint32_t iw_chain_score(iw_chain_marks marks)
{
    struct iw_chain_floor floor = iw_chain_floor_of(marks);
    int32_t sum = iw_chain_points(marks);
    if (floor.why != NULL && sum < (int32_t)iw_chain_level_begins(floor.level))
        sum = (int32_t)iw_chain_level_begins(floor.level);
    return (uint32_t)(sum < 0 ? 0 : sum > 100 ? 100 : sum);
}
