/*
 * The habits of a scenario (see lab_life.h).
 *
 * What it does: reads them, finds the hosts they fit, and repeats them: those of visitors more by
 * day than by night. What it ignores: what they do.
 */
#include "lab/life/lab_life.h"

#include "lab/lab_alloc.h"
#include "lab/world/lab_agenda.h"

#include <stdio.h>
#include <string.h>

#define HOUR (3600 * IW_LAB_SECOND)
#define MAX_TIMES 5000000U

static const struct {
    const char *name, *keys;
    iw_lab_habit_step step;
    bool is_daily; /* visitors sleep */
} habits[] = {
    {"web-traffic", "site* per_hour* host", iw_lab_habit_web_traffic, true},
    {"probes", "site* from* every* url host", iw_lab_habit_probes, false},
    {"uploads", "site* folder* per_hour* host", iw_lab_habit_uploads, true},
    {"scans", "site* every* host", iw_lab_habit_scans, false},
    {"monitoring", "account* from* every* host", iw_lab_habit_monitoring, false},
    {"administration", "account* from* every* host", iw_lab_habit_administration, true},
    {"deployments", "account* tool* site* files every* host", iw_lab_habit_deployments, true},
    {"updates", "every* host", iw_lab_habit_updates, false},
    {"recycling", "pool* every* host", iw_lab_habit_recycling, false},
    {"tasks", "every* host", iw_lab_habit_tasks, false},
    {"crashes", "pool* every* host", iw_lab_habit_crashes, false},
    {"habit", "pool* command* every* host", iw_lab_habit_command, false},
    {"services", "every* host", iw_lab_habit_services, false},
};
#define N_HABITS (sizeof habits / sizeof habits[0])

struct running {
    struct iw_lab_habit habit;
    size_t kind;
};

/* In tenths of the average: little at night, most in the working hours. */
static unsigned busy_tenths(uint64_t time)
{
    static const unsigned char hours[24] = {2,  2,  1,  1,  2,  3,  6,  10, 16, 19, 20, 19,
                                            17, 18, 19, 18, 16, 13, 10, 8,  7,  6,  4,  3};
    return hours[time / HOUR % 24];
}

static uint64_t next_pause(struct running *running)
{
    struct iw_lab_host *host = running->habit.host;
    uint64_t every = running->habit.every;
    uint64_t pause = every / 2 + iw_lab_random_below(&host->random, every == 0 ? 1 : every);
    if (habits[running->kind].is_daily) {
        pause = pause * 10 / busy_tenths(host->now);
    }
    return pause < IW_LAB_MILLISECOND ? IW_LAB_MILLISECOND : pause;
}

static void repeat(struct iw_lab_host *host, void *subject)
{
    struct running *running = subject;
    host->world->at = running->habit.details;
    habits[running->kind].step(&running->habit);
    iw_lab_agenda_put(host, host->now + next_pause(running), repeat, running, NULL);
}

static bool read_rate(struct iw_lab_world *world, const struct iw_lab_yaml_node *node,
                      uint64_t *every)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    uint64_t per_hour = 0;
    uint64_t span = 0, steps = world->scenario->to - world->scenario->from;
    if (!iw_lab_yaml_number(yaml, node, "per_hour", 1000000, &per_hour, world->error) ||
        !iw_lab_yaml_span(yaml, node, "every", &span, world->error)) {
        return !(world->is_failed = true);
    }
    *every = per_hour > 0 ? HOUR / per_hour : span;
    if (*every == 0) {
        return iw_lab_world_fail(world, node, "how often?");
    }
    return steps / *every <= MAX_TIMES ||
           iw_lab_world_fail(world, node, "more than %u times in the time of the scenario",
                             MAX_TIMES);
}

/* Does the habit fit the host? Named sites, pools and hosts must be there. */
static bool fits(struct iw_lab_host *host, const struct iw_lab_yaml_node *node,
                 struct iw_lab_habit *habit)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    const char *site = iw_lab_yaml_text(yaml, node, "site", NULL);
    const char *pool = iw_lab_yaml_text(yaml, node, "pool", NULL);
    const char *only = iw_lab_yaml_text(yaml, node, "host", NULL);
    size_t length = only == NULL ? 0 : strlen(only);
    if (only != NULL &&
        (strncasecmp(host->name, only, length) != 0 ||
         (host->name[length] != '\0' && !(host->is_copy && host->name[length] == '-')))) {
        return false;
    }
    habit->site = site == NULL ? NULL : iw_lab_host_site(host, site);
    habit->pool = pool == NULL ? NULL : iw_lab_host_pool(host, pool);
    return (site == NULL || habit->site != NULL) && (pool == NULL || habit->pool != NULL);
}

/* Details that more than one habit has. */
static bool check_details(struct iw_lab_world *world, const struct iw_lab_yaml_node *node,
                          const struct iw_lab_habit *habit)
{
    char path[600];
    snprintf(path, sizeof path, "C:\\%.500s", habit->folder);
    if (strcmp(habit->address, "-") != 0 && !iw_lab_scenario_is_address(habit->address)) {
        return iw_lab_world_fail(world, node, "no address: %s", habit->address);
    }
    if (habit->url[0] != '/' || strlen(habit->url) > 1024) {
        return iw_lab_world_fail(world, node, "a url begins with /");
    }
    return iw_lab_is_path(path) || iw_lab_world_fail(world, node, "no folder: %s", habit->folder);
}

static bool schedule_one(struct iw_lab_world *world, const struct iw_lab_yaml_node *node)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const char *account = iw_lab_yaml_text(yaml, node, "account", NULL);
    struct iw_lab_habit habit = {.details = node,
                                 .address = iw_lab_yaml_text(yaml, node, "from", "-"),
                                 .command = iw_lab_yaml_text(yaml, node, "command", ""),
                                 .tool = iw_lab_yaml_text(yaml, node, "tool", "msdeploy"),
                                 .folder = iw_lab_yaml_text(yaml, node, "folder", "uploads"),
                                 .url = iw_lab_yaml_text(yaml, node, "url", "/"),
                                 .n_files = 10};
    size_t kind = 0, n_fitting = 0;
    while (kind < N_HABITS && strcmp(habits[kind].name, node->key) != 0) {
        kind++;
    }
    if (kind == N_HABITS) {
        return iw_lab_world_fail(world, node, "unknown habit \"%s\"", node->key);
    }
    if (!iw_lab_yaml_check(yaml, node, habits[kind].keys, world->error) ||
        !iw_lab_yaml_number(yaml, node, "files", 5000, &habit.n_files, world->error) ||
        !read_rate(world, node, &habit.every)) {
        return !(world->is_failed = true);
    }
    if (!check_details(world, node, &habit)) {
        return false;
    }
    habit.account = account == NULL ? NULL : iw_lab_scenario_account(world->scenario, account);
    if (account != NULL && habit.account == NULL) {
        return iw_lab_world_fail(world, node, "there is no account \"%s\"", account);
    }
    for (size_t i = 0; i < world->n_hosts; i++) {
        struct iw_lab_host *host = world->hosts[i];
        if (!fits(host, node, &habit)) {
            continue;
        }
        struct running *running = iw_lab_arena_take(&host->arena, 1, sizeof *running);
        running->habit = habit;
        running->habit.host = host;
        running->kind = kind;
        n_fitting++;
        iw_lab_agenda_put(host, host->now + next_pause(running), repeat, running, NULL);
    }
    return n_fitting > 0 || iw_lab_world_fail(world, node, "no host fits this habit");
}

bool iw_lab_life_schedule(struct iw_lab_world *world)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, world->scenario->life);
    for (size_t i = 0; i < world->n_hosts; i++) {
        iw_lab_life_of_windows(world->hosts[i]);
    }
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        const struct iw_lab_yaml_node *node = iw_lab_yaml_first(yaml, item);
        if (node == NULL || item->kind != IW_LAB_YAML_MAP || item->n_children != 1) {
            return iw_lab_world_fail(world, item, "a habit is one word with its details");
        }
        if (!schedule_one(world, node)) {
            return false;
        }
    }
    return true;
}
