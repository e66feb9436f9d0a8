/*
 * What Windows does by itself on every host, whatever the scenario tells of it: a program starts
 * and ends every ten to thirty minutes, so that a host that runs until the end of the story also
 * logs until then (see lab_life.h).
 *
 * Its chances are its own: what a scenario draws by chance stays as it is. What it ignores: hosts
 * that are off, for no scenario has any.
 */
#include "lab/life/lab_life.h"
#include "lab/world/lab_agenda.h"

#define SYSTEM32 "C:\\Windows\\System32\\"
#define LEAST_PAUSE (600 * IW_LAB_SECOND)
#define MORE_PAUSE (1200 * IW_LAB_SECOND)

struct windows_life {
    struct iw_lab_random random;
};

static const struct {
    const char *parent, *image, *command;
    unsigned seconds;
} programs[] = {
    {"netsvcs", SYSTEM32 "taskhostw.exe", "taskhostw.exe Logon", 20},
    {"dcom", SYSTEM32 "dllhost.exe",
     "C:\\Windows\\system32\\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}", 8},
    {"services", SYSTEM32 "svchost.exe",
     "C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s wlidsvc", 120},
    {"services", SYSTEM32 "sppsvc.exe", "C:\\Windows\\system32\\sppsvc.exe", 35},
    {"services", SYSTEM32 "svchost.exe",
     "C:\\Windows\\system32\\svchost.exe -k wsappx -p -s ClipSVC", 90},
};

static uint64_t next_pause(struct windows_life *life)
{
    return LEAST_PAUSE + iw_lab_random_below(&life->random, MORE_PAUSE);
}

static void go_on(struct iw_lab_host *host, void *subject)
{
    struct windows_life *life = subject;
    struct iw_lab_random of_story = host->random;
    size_t i = (size_t)iw_lab_random_below(&life->random, sizeof programs / sizeof programs[0]);
    struct iw_lab_program_facts facts = {.image = programs[i].image,
                                         .command = programs[i].command};
    host->random = life->random;
    iw_lab_deed_start(host, NULL, &facts, NULL, iw_lab_host_process(host, programs[i].parent),
                      programs[i].seconds * IW_LAB_SECOND);
    life->random = host->random;
    host->random = of_story;
    iw_lab_agenda_put(host, host->now + next_pause(life), go_on, life, NULL);
}

void iw_lab_life_of_windows(struct iw_lab_host *host)
{
    struct windows_life *life = iw_lab_arena_take(&host->arena, 1, sizeof *life);
    life->random.state = host->random.state ^ iw_lab_random_of_text("windows");
    iw_lab_agenda_put(host, host->now + next_pause(life), go_on, life, NULL);
}
