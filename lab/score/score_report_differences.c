/*
 * The part of the report that tells each difference to the truth (see score_report.h).
 *
 * What it does: one line a difference; the same difference in several variants of a scenario is one
 * line that names them.
 * What it ignores: differences that differ only in words of the detector: they are told apart.
 */
#include "lab/score/score_report.h"

#include <string.h>

static const struct {
    enum iw_lab_difference_kind kind;
    const char *heading;
} parts[] = {
    {IW_LAB_DIFFERENCE_FAILED, "Could not be judged"}, {IW_LAB_DIFFERENCE_MISSED, "Missed"},
    {IW_LAB_DIFFERENCE_IN_PART, "Seen in part"},       {IW_LAB_DIFFERENCE_FALSE, "False"},
    {IW_LAB_DIFFERENCE_VERDICT, "Wrong verdicts"},
};

static bool is_same(const struct iw_lab_score *score, const struct iw_lab_difference *left,
                    const struct iw_lab_difference *right)
{
    return left->kind == right->kind &&
           strcmp(score->runs[left->run].scenario, score->runs[right->run].scenario) == 0 &&
           strcmp(left->what, right->what) == 0 && strcmp(left->acts, right->acts) == 0 &&
           strcmp(left->nearest, right->nearest) == 0;
}

static bool is_told(const struct iw_lab_score *score, size_t place)
{
    for (size_t i = 0; i < place; i++) {
        if (is_same(score, &score->differences[i], &score->differences[place])) {
            return true;
        }
    }
    return false;
}

static void write_code(FILE *stream, const char *intro, const char *text)
{
    if (*text != '\0') {
        fprintf(stream, "%s`", intro);
        iw_lab_report_text(stream, text);
        fputs("`", stream);
    }
}

/* The variants in which a difference stands, each once, with how often where it is more than once.
 */
static void write_variants(FILE *stream, const struct iw_lab_score *score, size_t place)
{
    const char *comma = "; in: ";
    for (size_t i = place; i < score->n_differences; i++) {
        const struct iw_lab_difference *difference = &score->differences[i];
        size_t n_times = 1;
        if (!is_same(score, &score->differences[place], difference)) {
            continue;
        }
        while (i + 1 < score->n_differences && score->differences[i + 1].run == difference->run) {
            i++;
            n_times += is_same(score, difference, &score->differences[i]) ? 1 : 0;
        }
        fprintf(stream, "%s%s", comma, score->runs[difference->run].variant->name);
        if (n_times > 1) {
            fprintf(stream, " (%zu times)", n_times);
        }
        comma = ", ";
    }
}

static void write_difference(FILE *stream, const struct iw_lab_score *score, size_t place)
{
    const struct iw_lab_difference *difference = &score->differences[place];
    fputs("- **", stream);
    iw_lab_report_text(stream, score->runs[difference->run].scenario);
    fputs("**", stream);
    write_code(stream, ": ", difference->what);
    write_code(stream, "; acts: ", difference->acts);
    if (difference->kind == IW_LAB_DIFFERENCE_FALSE && *difference->acts == '\0') {
        fputs("; about no act", stream);
    }
    if (difference->kind == IW_LAB_DIFFERENCE_FAILED) {
        write_code(stream, "; ", difference->nearest);
    } else {
        write_code(stream, "; nearest: ", difference->nearest);
    }
    if (difference->kind == IW_LAB_DIFFERENCE_MISSED && *difference->nearest == '\0') {
        fputs("; nothing is about any of it", stream);
    }
    write_variants(stream, score, place);
    fputs("\n", stream);
}

void iw_lab_report_differences(FILE *stream, const struct iw_lab_score *score)
{
    fputs("\n## What differs from the truth\n", stream);
    if (score->n_differences == 0) {
        fputs("\nNothing.\n", stream);
    }
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        bool is_headed = false;
        for (size_t i = 0; i < score->n_differences; i++) {
            if (score->differences[i].kind != parts[p].kind || is_told(score, i)) {
                continue;
            }
            if (!is_headed) {
                fprintf(stream, "\n### %s\n\n", parts[p].heading);
                is_headed = true;
            }
            write_difference(stream, score, i);
        }
    }
}
