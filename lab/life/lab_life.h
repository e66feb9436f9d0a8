/*
 * What goes on every day: each habit puts itself on the agenda again and again, at times and with
 * details drawn by chance. A new habit is a function and its row in lab_life.c.
 */
#ifndef IW_LAB_LIFE_H
#define IW_LAB_LIFE_H

#include "lab/act/lab_deed.h"

#define IW_LAB_HABIT_MAX_PAGES 400U

struct iw_lab_habit_page {
    const char *url;
    const struct iw_lab_file *file;
};

/* One habit on one host. */
struct iw_lab_habit {
    struct iw_lab_host *host;
    const struct iw_lab_yaml_node *details;
    const struct iw_lab_site *site;       /* NULL when it has none */
    struct iw_lab_pool *pool;             /* likewise */
    const struct iw_lab_account *account; /* likewise */
    uint64_t every;                       /* FILETIME steps, on average */
    const char *address, *command, *tool, *folder, *url;
    uint64_t n_files;
    struct iw_lab_habit_page *pages; /* of visitors; NULL until first used */
    size_t n_pages, n_files_seen;
};

/* Does it once. */
typedef void (*iw_lab_habit_step)(struct iw_lab_habit *habit);

void iw_lab_habit_web_traffic(struct iw_lab_habit *habit);
void iw_lab_habit_probes(struct iw_lab_habit *habit);
void iw_lab_habit_uploads(struct iw_lab_habit *habit);
void iw_lab_habit_scans(struct iw_lab_habit *habit);
void iw_lab_habit_monitoring(struct iw_lab_habit *habit);
void iw_lab_habit_administration(struct iw_lab_habit *habit);
void iw_lab_habit_deployments(struct iw_lab_habit *habit);
void iw_lab_habit_updates(struct iw_lab_habit *habit);
void iw_lab_habit_recycling(struct iw_lab_habit *habit);
void iw_lab_habit_tasks(struct iw_lab_habit *habit);
void iw_lab_habit_crashes(struct iw_lab_habit *habit);
void iw_lab_habit_command(struct iw_lab_habit *habit);
void iw_lab_habit_services(struct iw_lab_habit *habit);

/* Puts what Windows does by itself on the agenda: every host does something at least every half an
 * hour, until the end (life_windows.c). */
void iw_lab_life_of_windows(struct iw_lab_host *host);

/* Reads `life:` and puts the habits of all hosts on the agenda, behind those of Windows. */
bool iw_lab_life_schedule(struct iw_lab_world *world);

#endif
