/*
 * Habits of visitors: traffic, probes, uploads, scanners (see lab_life.h).
 *
 * Chance is drawn one statement at a time: the order in which a call's arguments are evaluated is
 * the compiler's, and the same scenario must give the same bytes.
 */
#include "lab/life/lab_life.h"

#include <stdio.h>
#include <string.h>

static const char *const agents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/143.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
};

/* Addresses of documentation and of the invented company. */
static const char *visitor(struct iw_lab_host *host, char out[32])
{
    static const char *const nets[] = {"198.51.100", "192.0.2", "10.20.8", "10.20.9"};
    unsigned last = (unsigned)iw_lab_random_below(&host->random, 250) + 2;
    const char *net = nets[iw_lab_random_below(&host->random, 4)];
    snprintf(out, 32, "%s.%u", net, last);
    return out;
}

/* The URL under which the site shows the file, or NULL: it does not, or nobody would ask for it. */
static const char *url_of(struct iw_lab_habit *habit, const struct iw_lab_file *file)
{
    if (file->is_phantom || (file->act != NULL && file->act->is_attack) ||
        strstr(file->path, "\\bin\\") != NULL || strstr(file->path, "config") != NULL) {
        return NULL;
    }
    for (struct iw_lab_mapping *place = habit->site->mappings; place != NULL; place = place->next) {
        size_t length = strlen(place->root);
        if (strncasecmp(file->path, place->root, length) == 0 && file->path[length] == '\\') {
            char *url = iw_lab_arena_print(&habit->host->arena, "%s%s",
                                           strcmp(place->url, "/") == 0 ? "" : place->url,
                                           file->path + length);
            for (char *c = url; *c != '\0'; c++) {
                *c = *c == '\\' ? '/' : *c;
            }
            return url;
        }
    }
    return NULL;
}

/* Visitors know the pages there are; new ones are found when the site has grown. */
static void learn_pages(struct iw_lab_habit *habit)
{
    struct iw_lab_file *file = habit->host->files;
    size_t n_new = habit->host->n_files - habit->n_files_seen;
    for (size_t i = 0; file != NULL && i < n_new; i++, file = file->next_made) {
        const char *url = url_of(habit, file);
        if (url != NULL && habit->n_pages < IW_LAB_HABIT_MAX_PAGES) {
            habit->pages[habit->n_pages++] = (struct iw_lab_habit_page){url, file};
        }
    }
    habit->n_files_seen = habit->host->n_files;
}

/* A page by chance; "/" when there is none. */
static const char *pick_page(struct iw_lab_habit *habit)
{
    if (habit->pages == NULL) {
        habit->pages =
            iw_lab_arena_take(&habit->host->arena, IW_LAB_HABIT_MAX_PAGES, sizeof *habit->pages);
    }
    learn_pages(habit);
    if (habit->n_pages == 0) {
        return "/";
    }
    const struct iw_lab_habit_page *page =
        &habit->pages[iw_lab_random_below(&habit->host->random, habit->n_pages)];
    bool is_hostile = page->file->act != NULL && page->file->act->is_attack;
    return page->file->is_deleted || is_hostile ? "/" : page->url;
}

static void visit(struct iw_lab_habit *habit, const char *url, const char *address,
                  const char *agent, unsigned status)
{
    struct iw_lab_host *host = habit->host;
    struct iw_lab_visit visit = {.site = habit->site,
                                 .url = url,
                                 .method = "GET",
                                 .address = address,
                                 .agent = agent,
                                 .status = status,
                                 .win32 = status == 404 ? 2 : 0};
    if (iw_lab_random_below(&host->random, 3) != 0) {
        visit.referer = "https://www.lab.example/";
    }
    visit.sent = 300 + (unsigned)iw_lab_random_below(&host->random, 30000);
    visit.received = 250 + (unsigned)iw_lab_random_below(&host->random, 900);
    visit.took_ms = 1 + (unsigned)iw_lab_random_below(&host->random, 60);
    iw_lab_deed_request(host, &visit);
}

void iw_lab_habit_web_traffic(struct iw_lab_habit *habit)
{
    char address[32];
    struct iw_lab_random *random = &habit->host->random;
    const char *page = pick_page(habit);
    unsigned chance = (unsigned)iw_lab_random_below(random, 40);
    const char *agent = agents[iw_lab_random_below(random, sizeof agents / sizeof agents[0])];
    if (chance == 0) {
        visit(habit, "/favicon.ico", visitor(habit->host, address), agent, 404);
        return;
    }
    visit(habit, page, visitor(habit->host, address), agent, chance == 1 ? 304 : 200);
}

void iw_lab_habit_probes(struct iw_lab_habit *habit)
{
    visit(habit, habit->url, habit->address, "ELB-HealthChecker/2.0", 200);
}

void iw_lab_habit_uploads(struct iw_lab_habit *habit)
{
    struct iw_lab_host *host = habit->host;
    char path[1400], address[32];
    struct iw_lab_pool *pool = NULL;
    if (!iw_lab_site_resolve(habit->site, "/", path, sizeof path, &pool)) {
        return;
    }
    struct iw_lab_visit visit = {.site = habit->site,
                                 .url = "/Upload.aspx",
                                 .method = "POST",
                                 .address = visitor(host, address),
                                 .agent = agents[0],
                                 .status = 302,
                                 .sent = 500,
                                 .received = 90000,
                                 .took_ms = 240};
    const char *ending = iw_lab_random_below(&host->random, 2) == 0 ? "jpg" : "pdf";
    /* Names come again, so that a long life does not fill the memory. */
    unsigned number = (unsigned)(iw_lab_random_below(&host->random, 1000000) % 1000);
    char file[1600];
    snprintf(file, sizeof file, "%s%s\\doc_%03u.%s", path, habit->folder, number, ending);
    struct iw_lab_content content = iw_lab_content_by_name(host, file);
    iw_lab_deed_write(host, iw_lab_deed_worker(host, pool), file, &content);
    iw_lab_deed_request(host, &visit);
}

void iw_lab_habit_scans(struct iw_lab_habit *habit)
{
    static const char *const urls[] = {"/wp-login.php",
                                       "/.git/config",
                                       "/admin/",
                                       "/cmd.aspx",
                                       "/shell.aspx?c=whoami",
                                       "/phpmyadmin/",
                                       "/.env",
                                       "/aspnet_client/",
                                       "/owa/auth/x.js",
                                       "/cgi-bin/test.cgi",
                                       "/backup.zip",
                                       "/vendor/phpunit/eval-stdin.php"};
    char address[32];
    visitor(habit->host, address);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        visit(habit, urls[i], address, "Mozilla/5.0 zgrab/0.x", 404);
        iw_lab_host_pass(habit->host, 80);
    }
}
