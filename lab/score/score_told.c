/*
 * What findings and verdicts must say (see score_told.h).
 *
 * What it does: compares texts without case, and looks for traces of a link. What it ignores: how
 * a detector words its reasons, beyond the texts the truth gives.
 */
#include "lab/score/score_told.h"

#include "lab/score/score_judge.h"
#include "lab/score/score_names.h"

#include <string.h>
#include <strings.h>

/* ASCII letters without case. */
static bool contains(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, part, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_in(const struct iw_lab_words *texts, const char *part)
{
    for (size_t i = 0; i < texts->n; i++) {
        if (contains(texts->items[i], part)) {
            return true;
        }
    }
    return false;
}

static bool says(const struct iw_lab_finding *finding, const char *text)
{
    if (contains(finding->subject, text) || is_in(&finding->why, text)) {
        return true;
    }
    for (size_t i = 0; i < finding->n_items; i++) {
        if (is_in(&finding->items[i].values, text)) {
            return true;
        }
    }
    return false;
}

static bool has_trace(const struct iw_lab_finding *finding, const struct iw_lab_trace *trace)
{
    for (size_t i = 0; i < finding->n_items; i++) {
        if (iw_lab_item_is_trace(&finding->items[i], trace)) {
            return true;
        }
    }
    return false;
}

/* Also true when nobody can see the link in this run. */
static bool has_link(const struct iw_lab_must *must, const struct iw_lab_truth *truth,
                     const struct iw_lab_finding *finding, const char *link)
{
    bool is_visible = false;
    for (size_t t = 0; t < truth->n_traces; t++) {
        const struct iw_lab_trace *trace = &truth->traces[t];
        if (trace->link == NULL || strcmp(trace->link, link) != 0 ||
            !iw_lab_must_has_act(must, trace->act)) {
            continue;
        }
        if (has_trace(finding, trace)) {
            return true;
        }
        is_visible = true;
    }
    return !is_visible;
}

bool iw_lab_told_lack(const struct iw_lab_must *must, const struct iw_lab_truth *truth,
                      const struct iw_lab_finding *finding, size_t *i, struct iw_lab_lack *lack)
{
    struct {
        const char *what;
        const struct iw_lab_words *texts;
    } const rows[] = {{"link", &must->links},
                      {"tells", &must->tells},
                      {"blind for", &must->blind},
                      {"technique", &must->attack},
                      {"not technique", &must->attack_not}};
    size_t n = 0;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (size_t k = 0; k < rows[row].texts->n; k++, n++) {
            const char *text = rows[row].texts->items[k];
            bool ok = row == 0   ? has_link(must, truth, finding, text)
                      : row == 1 ? says(finding, text)
                      : row == 2 ? is_in(&finding->blind, text)
                                 : iw_lab_words_has(&finding->attack, text) == (row == 3);
            if (!ok && n >= *i) {
                *lack = (struct iw_lab_lack){rows[row].what, text};
                *i = n + 1;
                return true;
            }
        }
    }
    if (n >= *i && must->partial != IW_LAB_PARTIAL_ANY &&
        finding->is_partial != (must->partial == IW_LAB_PARTIAL_YES)) {
        *lack =
            (struct iw_lab_lack){"partial", must->partial == IW_LAB_PARTIAL_YES ? "true" : "false"};
        *i = n + 1;
        return true;
    }
    return false;
}

bool iw_lab_told_is_whole(const struct iw_lab_must *must, const struct iw_lab_truth *truth,
                          const struct iw_lab_finding *finding)
{
    size_t i = 0;
    struct iw_lab_lack lack;
    return !iw_lab_told_lack(must, truth, finding, &i, &lack);
}

bool iw_lab_told_is_beyond(const struct iw_lab_words *beyond, const struct iw_lab_answer *answer)
{
    for (size_t i = 0; i < beyond->n; i++) {
        if (!is_in(&answer->beyond, beyond->items[i])) {
            return false;
        }
    }
    return true;
}

bool iw_lab_told_links_are(const char *analytic, const struct iw_lab_words *blind,
                           const struct iw_lab_answer *answer)
{
    static const struct {
        const char *analytic, *link;
    } required[] = {{"AN1108", "file_created"},
                    {"AN1108", "process_created"},
                    {"AN0184", "configuration"},
                    {"AN0184", "registration"},
                    {"AN0184", "module_load"}};
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        const char *link = required[i].link;
        if (strcmp(required[i].analytic, analytic) == 0 &&
            iw_lab_words_has(blind, link) != iw_lab_words_has(&answer->open, link)) {
            return false;
        }
    }
    return true;
}
