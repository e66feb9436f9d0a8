/*
 * Scores against those expected (see score_expect.h).
 *
 * What it does: compares numbers of one scenario and group, never sums over scenarios, so that one
 * that got better does not hide one that got worse. What it ignores: which finding was gained or
 * lost; the report tells it.
 */
#include "lab/score/score_expect.h"

#include "lab/lab_alloc.h"
#include "lab/score/score_count.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One line of the file. */
struct line {
    char *scenario;
    const char *group; /* one of the table of variants */
    uint64_t n_runs;
    uint64_t n_found;
    uint64_t n_due;
    uint64_t n_false;
    uint64_t n_right;
    uint64_t n_asked;
};

struct lines {
    struct line *items;
    size_t n;
};

static void lines_done(struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        iw_lab_alloc_release(lines->items[i].scenario);
    }
    iw_lab_alloc_release(lines->items);
    *lines = (struct lines){0};
}

static int compare_lines(const void *left, const void *right)
{
    const struct line *l = left;
    const struct line *r = right;
    int order = strcmp(l->scenario, r->scenario);
    return order != 0 ? order : strcmp(l->group, r->group);
}

static const struct line *find_line(const struct lines *lines, const struct line *wanted)
{
    for (size_t i = 0; i < lines->n; i++) {
        if (compare_lines(&lines->items[i], wanted) == 0) {
            return &lines->items[i];
        }
    }
    return NULL;
}

static void add_line(struct lines *lines, struct line line)
{
    lines->items = iw_lab_list_room(lines->items, lines->n, sizeof *lines->items);
    lines->items[lines->n++] = line;
}

/* The lines of a score: groups in which every variant was the same as the base have none. */
static void lines_of_score(const struct iw_lab_score *score, struct lines *lines)
{
    *lines = (struct lines){0};
    for (size_t i = 0; i < score->n_runs; i++) {
        const struct iw_lab_run_fact *run = &score->runs[i];
        struct line line = {.scenario = iw_lab_alloc_text(run->scenario, strlen(run->scenario)),
                            .group = run->variant->group};
        struct iw_lab_filter filter = {.scenario = run->scenario, .group = line.group};
        struct iw_lab_counts counts = iw_lab_count(score, &filter);
        if (find_line(lines, &line) != NULL ||
            counts.n_judged + counts.n_failed + counts.n_not_made == 0) {
            iw_lab_alloc_release(line.scenario);
            continue;
        }
        line.n_runs = counts.n_judged;
        line.n_found = counts.n_found;
        line.n_due = iw_lab_counts_due(&counts);
        line.n_false = counts.n_false;
        line.n_right = counts.n_right;
        line.n_asked = iw_lab_counts_asked(&counts);
        add_line(lines, line);
    }
    if (lines->n > 1) {
        qsort(lines->items, lines->n, sizeof *lines->items, compare_lines);
    }
}

bool iw_lab_expect_write(const char *path, const struct iw_lab_score *score,
                         struct iw_lab_error *error)
{
    struct lines lines;
    FILE *stream = fopen(path, "wb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot write: %s", path, strerror(errno));
    }
    lines_of_score(score, &lines);
    fputs("# Written by `iiswarden-lab score --write-expect`; compared by --expect.\n", stream);
    for (size_t i = 0; i < lines.n; i++) {
        const struct line *line = &lines.items[i];
        fprintf(stream, "%s %s runs %llu found %llu/%llu false %llu verdicts %llu/%llu\n",
                line->scenario, line->group, (unsigned long long)line->n_runs,
                (unsigned long long)line->n_found, (unsigned long long)line->n_due,
                (unsigned long long)line->n_false, (unsigned long long)line->n_right,
                (unsigned long long)line->n_asked);
    }
    lines_done(&lines);
    bool ok = ferror(stream) == 0;
    ok = fclose(stream) == 0 && ok;
    return ok || iw_lab_error_set(error, "%s: writing failed", path);
}

/* Takes the next word off *at, cutting it there; NULL at the end. */
static char *take_word(char **at)
{
    char *word = *at + strspn(*at, " \t\r\n");
    if (*word == '\0') {
        return NULL;
    }
    char *end = word + strcspn(word, " \t\r\n");
    *at = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

/* Reads `key N`, or `key N/M` when second is not NULL. */
static bool take_numbers(char **at, const char *key, uint64_t *first, uint64_t *second)
{
    const char *word = take_word(at);
    const char *value = word != NULL ? take_word(at) : NULL;
    char *end = NULL;
    if (value == NULL || strcmp(word, key) != 0 || *value < '0' || *value > '9') {
        return false;
    }
    *first = strtoull(value, &end, 10);
    if (second == NULL) {
        return *end == '\0';
    }
    if (end[0] != '/' || end[1] < '0' || end[1] > '9') {
        return false;
    }
    *second = strtoull(end + 1, &end, 10);
    return *end == '\0';
}

/* The group of this name as the table of variants spells it, or NULL. */
static const char *find_group(const char *name)
{
    const char *group = NULL;
    for (size_t i = 0; (group = iw_lab_variant_group_at(i)) != NULL; i++) {
        if (strcmp(group, name) == 0) {
            return group;
        }
    }
    return NULL;
}

static bool read_line(char *text, struct line *line)
{
    char *at = text;
    const char *scenario = take_word(&at);
    const char *group = scenario != NULL ? take_word(&at) : NULL;
    *line = (struct line){.group = group != NULL ? find_group(group) : NULL};
    bool ok = line->group != NULL && take_numbers(&at, "runs", &line->n_runs, NULL) &&
              take_numbers(&at, "found", &line->n_found, &line->n_due) &&
              take_numbers(&at, "false", &line->n_false, NULL) &&
              take_numbers(&at, "verdicts", &line->n_right, &line->n_asked) &&
              take_word(&at) == NULL && line->n_found <= line->n_due &&
              line->n_right <= line->n_asked;
    if (ok) {
        line->scenario = iw_lab_alloc_text(scenario, strlen(scenario));
    }
    return ok;
}

static bool lines_of_file(const char *path, struct lines *lines, struct iw_lab_error *error)
{
    char *text = NULL;
    size_t room = 0;
    bool ok = true;
    *lines = (struct lines){0};
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot read: %s", path, strerror(errno));
    }
    for (size_t n = 1; ok && getline(&text, &room, stream) > 0; n++) {
        struct line line;
        if (text[0] == '#' || text[strspn(text, " \t\r\n")] == '\0') {
            continue;
        }
        if (!read_line(text, &line)) {
            ok = iw_lab_error_set(error, "%s:%zu: this is no line of scores", path, n);
        } else if (find_line(lines, &line) != NULL) {
            iw_lab_alloc_release(line.scenario);
            ok = iw_lab_error_set(error, "%s:%zu: a second line of this scenario and group", path,
                                  n);
        } else {
            add_line(lines, line);
        }
    }
    free(text);
    fclose(stream);
    return ok;
}

/* Tells one number that changed; more of it is worse when is_cost. */
static void tell(FILE *told, const struct line *line, const char *what, uint64_t before,
                 uint64_t now, bool is_cost, struct iw_lab_expect_result *result)
{
    bool is_worse = is_cost ? now > before : now < before;
    if (now == before) {
        return;
    }
    result->n_worse += is_worse ? 1 : 0;
    result->n_better += is_worse ? 0 : 1;
    if (told != NULL) {
        fprintf(told, "%s: %s %s: %s %llu, expected %llu\n", is_worse ? "worse" : "better",
                line->scenario, line->group, what, (unsigned long long)now,
                (unsigned long long)before);
    }
}

static void compare_line(FILE *told, const struct line *before, const struct line *now,
                         struct iw_lab_expect_result *result)
{
    tell(told, before, "runs", before->n_runs, now->n_runs, false, result);
    tell(told, before, "due", before->n_due, now->n_due, false, result);
    tell(told, before, "not found", before->n_due - before->n_found, now->n_due - now->n_found,
         true, result);
    tell(told, before, "false", before->n_false, now->n_false, true, result);
    tell(told, before, "verdicts asked", before->n_asked, now->n_asked, false, result);
    tell(told, before, "verdicts not right", before->n_asked - before->n_right,
         now->n_asked - now->n_right, true, result);
}

static bool is_scenario_played(const struct iw_lab_score *score, const char *scenario)
{
    for (size_t i = 0; i < score->n_runs; i++) {
        if (strcmp(score->runs[i].scenario, scenario) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the plan has variants of this group. */
static bool is_group_played(const char *group, struct iw_lab_plan plan)
{
    const struct iw_lab_variant *variant = NULL;
    for (size_t i = 0; (variant = iw_lab_variant_at(i, plan)) != NULL; i++) {
        if (strcmp(variant->group, group) == 0) {
            return true;
        }
    }
    return false;
}

static void compare_all(const struct lines *expected, const struct lines *scored,
                        const struct iw_lab_score *score, struct iw_lab_plan plan, FILE *told,
                        struct iw_lab_expect_result *result)
{
    for (size_t i = 0; i < expected->n; i++) {
        const struct line *before = &expected->items[i];
        const struct line *now = find_line(scored, before);
        struct line nothing = {0};
        if (!is_scenario_played(score, before->scenario) || !is_group_played(before->group, plan)) {
            result->n_unasked++;
            continue;
        }
        compare_line(told, before, now != NULL ? now : &nothing, result);
    }
    for (size_t i = 0; i < scored->n; i++) {
        const struct line *line = &scored->items[i];
        if (find_line(expected, line) == NULL) {
            result->n_new++;
            if (told != NULL) {
                fprintf(told, "new: %s %s: found %llu of %llu, false %llu\n", line->scenario,
                        line->group, (unsigned long long)line->n_found,
                        (unsigned long long)line->n_due, (unsigned long long)line->n_false);
            }
        }
    }
}

bool iw_lab_expect_compare(const char *path, const struct iw_lab_score *score,
                           struct iw_lab_plan plan, FILE *told, struct iw_lab_expect_result *result,
                           struct iw_lab_error *error)
{
    struct lines expected;
    struct lines scored;
    *result = (struct iw_lab_expect_result){0};
    bool ok = lines_of_file(path, &expected, error);
    if (ok) {
        lines_of_score(score, &scored);
        compare_all(&expected, &scored, score, plan, told, result);
        lines_done(&scored);
    }
    lines_done(&expected);
    return ok;
}
