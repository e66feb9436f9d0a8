/*
 * The tables of the quality report (see score_report.h).
 *
 * What it does: counts the facts of a score under many filters and prints them.
 * What it ignores: dates and versions, which would make equal scores differ.
 */
#include "lab/score/score_report.h"

#include "lab/score/score_count.h"
#include "lab/score/score_statistics.h"

#include <stdlib.h>
#include <string.h>

enum row_kind { ROW_ATTACK, ROW_EVASION, ROW_HARD_NEGATIVE, ROW_BENIGN, N_ROW_KINDS };

static const char *const row_headings[] = {"Attacks", "Evasions (7.1 to 7.4)",
                                           "Hard negatives (7.5)", "Other harmless days"};

static const struct iw_lab_filter base_filter = {.variant = "base"};
static const struct iw_lab_filter all_filter = {0};

void iw_lab_report_text(FILE *stream, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7F) {
            fprintf(stream, "\\x%02x", c);
        } else if (c == '`' || c == '|') {
            fputc(c == '`' ? '\'' : '/', stream);
        } else {
            fputc(c, stream);
        }
    }
}

static void print_share(FILE *stream, size_t part, size_t whole)
{
    if (whole == 0) {
        fputs("–", stream);
    } else {
        fprintf(stream, "%.1f %%", 100.0 * (double)part / (double)whole);
    }
}

static int compare_words(const void *left, const void *right)
{
    return strverscmp(*(const char *const *)left, *(const char *const *)right);
}

static void sort_words(struct iw_lab_words *words)
{
    if (words->n > 1) {
        qsort(words->items, words->n, sizeof *words->items, compare_words);
    }
}

static void add_once(struct iw_lab_words *words, const char *word)
{
    if (!iw_lab_words_has(words, word)) {
        iw_lab_words_add(words, word);
    }
}

/* The analytics that the truth asks for or a finding names. */
static void list_analytics(const struct iw_lab_score *score, struct iw_lab_words *analytics)
{
    for (size_t i = 0; i < score->n_musts; i++) {
        add_once(analytics, score->musts[i].analytic);
    }
    for (size_t i = 0; i < score->n_findings; i++) {
        for (size_t k = 0; k < score->findings[i].analytics.n; k++) {
            add_once(analytics, score->findings[i].analytics.items[k]);
        }
    }
    for (size_t i = 0; i < score->n_verdicts; i++) {
        add_once(analytics, score->verdicts[i].analytic);
    }
    sort_words(analytics);
}

static void write_head(FILE *stream, const struct iw_lab_score *score, struct iw_lab_plan plan)
{
    struct iw_lab_counts base = iw_lab_count(score, &base_filter);
    struct iw_lab_counts all = iw_lab_count(score, &all_filter);
    char option[32] = "";
    if (plan.n_seeds > 0) {
        snprintf(option, sizeof option, " --seeds %u", plan.n_seeds);
    }
    fprintf(stream,
            "# Quality\n\n"
            "Produced by `iiswarden-lab score%s`; not edited by hand. All evidence is synthetic: "
            "scenarios of invented\nservers, whose truth is written before the detector sees them "
            "(`lab/scenarios`). The rules of judgement stand\nin `lab/score/README.md`.\n\n"
            "%zu scenarios as written, %zu runs in all. %zu further variants made the evidence of "
            "the scenario as written and\nwere not played again.",
            plan.is_quick ? " --quick" : option, base.n_judged, all.n_judged, all.n_same);
    if (all.n_not_made + all.n_failed > 0) {
        fprintf(stream,
                " **%zu runs were not judged because their evidence was not made; in %zu the "
                "detector failed, and all that was due counts as missed.**",
                all.n_not_made, all.n_failed);
    }
    fputs("\n", stream);
}

static void write_recall_row(FILE *stream, const struct iw_lab_score *score, const char *name,
                             const char *runs, struct iw_lab_filter filter)
{
    struct iw_lab_counts counts = iw_lab_count(score, &filter);
    size_t due = iw_lab_counts_due(&counts);
    fprintf(stream, "| %s | %s | %zu | %zu | %zu | %zu | ", name, runs, due, counts.n_found,
            counts.n_in_part, counts.n_missed);
    print_share(stream, counts.n_found, due);
    fprintf(stream, " | %zu |\n", counts.n_not_visible);
}

static void write_recall(FILE *stream, const struct iw_lab_score *score,
                         const struct iw_lab_words *analytics)
{
    fputs("\n## What is found\n\n"
          "Recall counts what was found whole; what was seen in part is not in it. What cannot be "
          "seen in the evidence\nof a run is not due.\n\n"
          "| analytic | runs | due | found | seen in part | missed | recall | not visible |\n"
          "|---|---|--:|--:|--:|--:|--:|--:|\n",
          stream);
    for (size_t i = 0; i <= analytics->n; i++) {
        const char *analytic = i < analytics->n ? analytics->items[i] : NULL;
        const char *name = analytic != NULL ? analytic : "all";
        write_recall_row(stream, score, name, "as written",
                         (struct iw_lab_filter){.variant = "base", .analytic = analytic});
        write_recall_row(stream, score, name, "all variants",
                         (struct iw_lab_filter){.analytic = analytic});
    }
}

static void write_precision_row(FILE *stream, const struct iw_lab_score *score, const char *name,
                                const char *runs, struct iw_lab_filter filter)
{
    struct iw_lab_counts counts = iw_lab_count(score, &filter);
    fprintf(stream, "| %s | %s | %zu | %zu | ", name, runs, counts.n_true, counts.n_false);
    print_share(stream, counts.n_true, counts.n_true + counts.n_false);
    if (counts.server_days > 0) {
        struct iw_lab_interval interval = iw_lab_poisson_interval(counts.n_false);
        fprintf(stream, " | %.1f | %.3f | %.3f to %.3f |\n", counts.server_days,
                (double)counts.n_false / counts.server_days, interval.low / counts.server_days,
                interval.high / counts.server_days);
    } else {
        fputs(" | 0 | – | – |\n", stream);
    }
}

static void write_precision(FILE *stream, const struct iw_lab_score *score,
                            const struct iw_lab_words *analytics)
{
    fputs("\n## False findings\n\n"
          "Findings of medium or above. A false one is about no act of an attack and about none "
          "that may be reported. The\ninterval is the exact Poisson one (Garwood), 95 %. Variants "
          "of a scenario resemble each other, so over all variants\nit is too narrow: the one of "
          "the scenarios as written is to be quoted.\n\n"
          "| analytic | runs | true | false | precision | server-days | false per server-day | "
          "95 % interval |\n"
          "|---|---|--:|--:|--:|--:|--:|--:|\n",
          stream);
    for (size_t i = 0; i < analytics->n + 2; i++) {
        const char *analytic = i < analytics->n ? analytics->items[i] : "";
        const char *name = i < analytics->n ? analytic : "none";
        if (i == analytics->n + 1) {
            analytic = NULL;
            name = "all";
        }
        write_precision_row(stream, score, name, "as written",
                            (struct iw_lab_filter){.variant = "base", .analytic = analytic});
        write_precision_row(stream, score, name, "all variants",
                            (struct iw_lab_filter){.analytic = analytic});
    }
}

static bool is_number(const char *row, const char *number)
{
    size_t length = strlen(number);
    return strncmp(row, number, length) == 0 &&
           (row[length] == '.' || row[length] == ' ' || row[length] == '\0');
}

/* By its number, else by the family of the scenarios that show it. */
static enum row_kind kind_of(const struct iw_lab_score *score, const char *row)
{
    if (is_number(row, "7.5")) {
        return ROW_HARD_NEGATIVE;
    }
    if (is_number(row, "7.1") || is_number(row, "7.2") || is_number(row, "7.3") ||
        is_number(row, "7.4")) {
        return ROW_EVASION;
    }
    for (size_t i = 0; i < score->n_runs; i++) {
        const struct iw_lab_run_fact *run = &score->runs[i];
        if (iw_lab_words_has(&run->rows, row) &&
            (strcmp(run->family, "webshell") == 0 || strcmp(run->family, "component") == 0)) {
            return ROW_ATTACK;
        }
    }
    return ROW_BENIGN;
}

static void write_row(FILE *stream, const struct iw_lab_score *score, const char *row)
{
    struct iw_lab_filter of_base = {.variant = "base", .row = row};
    struct iw_lab_filter of_all = {.row = row};
    struct iw_lab_counts base = iw_lab_count(score, &of_base);
    struct iw_lab_counts all = iw_lab_count(score, &of_all);
    fputs("| ", stream);
    iw_lab_report_text(stream, row);
    fprintf(stream, " | %zu | %zu of %zu | %zu of %zu | %zu | %zu | %zu | %zu |\n",
            base.n_judged + base.n_failed, base.n_found, iw_lab_counts_due(&base), all.n_found,
            iw_lab_counts_due(&all), all.n_in_part, all.n_missed, base.n_false, all.n_false);
}

static void write_rows(FILE *stream, const struct iw_lab_score *score)
{
    struct iw_lab_words rows = {0};
    for (size_t i = 0; i < score->n_runs; i++) {
        for (size_t k = 0; k < score->runs[i].rows.n; k++) {
            add_once(&rows, score->runs[i].rows.items[k]);
        }
    }
    sort_words(&rows);
    fputs("\n## Case by case\n\n"
          "Found and due: first of the scenarios as written, then of all variants, as are the "
          "false findings, which count for\nall cases that their scenario shows.\n",
          stream);
    for (int kind = 0; kind < N_ROW_KINDS; kind++) {
        bool is_headed = false;
        for (size_t i = 0; i < rows.n; i++) {
            if ((int)kind_of(score, rows.items[i]) != kind) {
                continue;
            }
            if (!is_headed) {
                fprintf(stream,
                        "\n### %s\n\n| case | scenarios | found | in all variants | seen in part | "
                        "missed | false | in all variants |\n|---|--:|--:|--:|--:|--:|--:|--:|\n",
                        row_headings[kind]);
                is_headed = true;
            }
            write_row(stream, score, rows.items[i]);
        }
    }
    iw_lab_words_done(&rows);
}

/* One line: what was answered where the truth is `wanted`. */
static void write_answers(FILE *stream, const struct iw_lab_score *score, const char *analytic,
                          enum iw_lab_verdict wanted)
{
    size_t n_answers[IW_LAB_VERDICT_NOT_ANSWERED + 1] = {0};
    size_t n_asked = 0;
    for (size_t i = 0; i < score->n_verdicts; i++) {
        const struct iw_lab_verdict_fact *fact = &score->verdicts[i];
        if (fact->wanted == wanted && strcmp(fact->analytic, analytic) == 0) {
            n_answers[fact->answer]++;
            n_asked++;
        }
    }
    if (n_asked > 0) {
        fprintf(stream, "| %s | %s | %zu | %zu | %zu | %zu |\n", analytic,
                iw_lab_verdict_name(wanted), n_answers[IW_LAB_VERDICT_DETECTED],
                n_answers[IW_LAB_VERDICT_CLEAR], n_answers[IW_LAB_VERDICT_BLIND],
                n_answers[IW_LAB_VERDICT_NOT_ANSWERED]);
    }
}

static void write_coverage(FILE *stream, const struct iw_lab_score *score,
                           const struct iw_lab_words *analytics)
{
    size_t n_without_option = 0;
    for (size_t i = 0; i < score->n_runs; i++) {
        n_without_option += score->runs[i].status.state == IW_LAB_RUN_JUDGED &&
                                    score->runs[i].status.coverage == IW_LAB_COVERAGE_NO_OPTION
                                ? 1
                                : 0;
    }
    fputs(
        "\n## Coverage\n\n"
        "What `iiswarden coverage` answers, over all variants. `clear` where the truth is `blind` "
        "is the worst answer.\n",
        stream);
    if (n_without_option > 0) {
        fprintf(stream, "In %zu runs the detector did not know `--coverage`.\n", n_without_option);
    }
    fputs("\n| analytic | truth | answered detected | clear | blind | not answered |\n"
          "|---|---|--:|--:|--:|--:|\n",
          stream);
    for (size_t i = 0; i < analytics->n; i++) {
        for (int wanted = 0; wanted < IW_LAB_VERDICT_NOT_ANSWERED; wanted++) {
            write_answers(stream, score, analytics->items[i], (enum iw_lab_verdict)wanted);
        }
    }
}

static void write_variants(FILE *stream, const struct iw_lab_score *score, struct iw_lab_plan plan)
{
    const struct iw_lab_variant *variant = NULL;
    fputs("\n## Variants\n\n"
          "| variant | runs | same as written | not made | detector failed | aid unknown | found | "
          "seen in part | "
          "missed | not visible | false | verdicts right |\n"
          "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
          stream);
    for (size_t i = 0; (variant = iw_lab_variant_at(i, plan)) != NULL; i++) {
        struct iw_lab_filter filter = {.variant = variant->name};
        struct iw_lab_counts counts = iw_lab_count(score, &filter);
        fprintf(
            stream,
            "| %s | %zu | %zu | %zu | %zu | %zu | %zu of %zu | %zu | %zu | %zu | %zu | %zu of %zu "
            "|\n",
            variant->name, counts.n_judged, counts.n_same, counts.n_not_made, counts.n_failed,
            counts.n_not_answered, counts.n_found, iw_lab_counts_due(&counts), counts.n_in_part,
            counts.n_missed, counts.n_not_visible, counts.n_false, counts.n_right,
            iw_lab_counts_asked(&counts));
    }
}

void iw_lab_report_write(FILE *stream, const struct iw_lab_score *score, struct iw_lab_plan plan)
{
    struct iw_lab_words analytics = {0};
    list_analytics(score, &analytics);
    write_head(stream, score, plan);
    write_recall(stream, score, &analytics);
    write_precision(stream, score, &analytics);
    write_rows(stream, score);
    iw_lab_report_differences(stream, score);
    write_coverage(stream, score, &analytics);
    write_variants(stream, score, plan);
    iw_lab_words_done(&analytics);
}
