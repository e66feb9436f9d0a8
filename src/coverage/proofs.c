/*
 * Statements: kept, named, sorted.
 */
#include "coverage/proofs_inside.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "iis/change/change_problems.h"
#include "event/channel.h"

static const char *const SENSES[IW_SENSE_COUNT] = {
    [IW_SENSE_SYSMON_PROCESS] = "Sysmon 1",
    [IW_SENSE_SYSMON_FILE] = "Sysmon 11",
    [IW_SENSE_SYSMON_LOAD] = "Sysmon 7",
    [IW_SENSE_SYSMON_CONNECTION] = "Sysmon 3",
    [IW_SENSE_AUDIT_PROCESS] = "Security 4688",
    [IW_SENSE_AUDIT_COMMAND_LINE] = "Command line of Security 4688",
    [IW_SENSE_AUDIT_FILE] = "Security 4663",
    [IW_SENSE_AUDIT_LOGON] = "Security 4624",
    [IW_SENSE_CONFIGURATION_LOG] = "IIS-Configuration/Operational",
    [IW_SENSE_REQUEST_LOG] = "Request log",
};

const char *iw_sense_name(enum iw_sense sense)
{
    return SENSES[sense];
}

bool proof_channel_part(struct iw_str name, enum proof_part *ret)
{
    if (iw_str_equal_nocase(name, IW_STR(IW_CHANNEL_IIS_CONFIGURATION)))
        *ret = PROOF_CONFIGURATION_CHANNEL;
    else if (iw_str_equal_nocase(name, IW_STR(IW_CHANNEL_SYSMON)))
        *ret = PROOF_SYSMON_CHANNEL;
    else
        return false;
    return true;
}

/* --- lists ---------------------------------------------------------------------------------- */

struct iw_proofs *iw_proofs_new(void)
{
    struct iw_proofs *proofs = iw_calloc(1, sizeof *proofs);
    if (proofs != NULL)
        iw_arena_init(&proofs->arena, 0);
    return proofs;
}

void iw_proofs_free(struct iw_proofs *proofs)
{
    if (proofs == NULL)
        return;
    iw_free(proofs->statements);
    iw_free(proofs->marks);
    iw_free(proofs->notes);
    iw_free(proofs->words);
    iw_arena_done(&proofs->arena);
    iw_free(proofs);
}

/* Room for one more of *items*, whose number is *n*; false: no memory. */
static bool grow(void **items, size_t n, size_t *cap, size_t item_bytes)
{
    size_t more = *cap == 0 ? 16 : *cap * 2;
    void *p;
    if (n < *cap)
        return true;
    p = iw_realloc(*items, more * item_bytes);
    if (p == NULL)
        return false;
    *items = p;
    *cap = more;
    return true;
}

enum iw_rc proofs_add(struct iw_proofs *proofs, const struct proof_statement *statement)
{
    if (proofs->n == IW_LIMIT_PROOF_STATEMENTS)
        return IW_ELIMIT;
    if (!grow((void **)&proofs->statements, proofs->n, &proofs->cap, sizeof *proofs->statements))
        return IW_ENOMEM;
    proofs->statements[proofs->n++] = *statement;
    return IW_OK;
}

enum iw_rc proofs_note(struct iw_proofs *proofs, struct iw_str source, uint32_t line,
                       const char *format, ...)
{
    struct iw_proof_note note = {.source = source, .line = line};
    va_list args;
    va_start(args, format);
    note.what = iw_arena_vformat(&proofs->arena, format, args);
    va_end(args);
    if (note.what.p != NULL)
        note.what = iw_change_one_line(note.what, &proofs->arena);
    if (note.what.p == NULL ||
        !grow((void **)&proofs->notes, proofs->n_notes, &proofs->notes_cap, sizeof *proofs->notes))
        return IW_ENOMEM;
    proofs->notes[proofs->n_notes++] = note;
    return IW_OK;
}

const struct iw_proof_note *iw_proofs_notes(const struct iw_proofs *proofs, size_t *ret_n)
{
    *ret_n = proofs->n_notes;
    return proofs->notes;
}

enum iw_rc iw_proofs_add_telemetry(struct iw_proofs *proofs, struct iw_str bytes, const char *name,
                                   struct iw_error *err)
{
    struct proof_words words = {.source = iw_arena_copy(&proofs->arena, iw_str_of(name))};
    if (words.source.p == NULL ||
        !grow((void **)&proofs->words, proofs->n_words, &proofs->words_cap, sizeof *proofs->words))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    bytes = iw_arena_copy(&proofs->arena, bytes);
    if (bytes.p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(iw_telemetry_file_read(bytes, name, &proofs->arena, &words.file, err));
    proofs->words[proofs->n_words++] = words;
    return IW_OK;
}

/* --- hosts, moments, order ------------------------------------------------------------------ */

enum iw_rc iw_proofs_rename_hosts(struct iw_proofs *proofs, iw_proofs_host_of host_of,
                                  void *context)
{
    size_t n = 0;
    for (size_t i = 0; i < proofs->n; i++) {
        struct proof_statement *kept = &proofs->statements[n];
        struct iw_str host =
            host_of(context, proofs->statements[i].host, proofs->statements[i].source);
        if (host.p == NULL)
            continue;
        *kept = proofs->statements[i];
        kept->host = host.n != 0 ? iw_arena_copy(&proofs->arena, host) : IW_STR("");
        if (kept->host.p == NULL)
            return IW_ENOMEM;
        n++;
    }
    proofs->n = n;
    return IW_OK;
}

static int compare_marks(const struct proof_mark *a, const struct proof_mark *b)
{
    int order = (a->from_ns > b->from_ns) - (a->from_ns < b->from_ns);
    if (order == 0)
        order = (int)a->is_of_registry - (int)b->is_of_registry;
    return order != 0 ? order : iw_str_compare(a->hash, b->hash);
}

/* In order of time: they may come before settling or after. Texts live as long as the proofs. */
static enum iw_rc put_mark(struct iw_proofs *proofs, const struct proof_mark *mark)
{
    size_t at = proofs->n_marks;
    if (at == IW_LIMIT_PROOF_MARKS) {
        proofs->has_hidden_marks = true;
        return IW_OK;
    }
    if (!grow((void **)&proofs->marks, at, &proofs->marks_cap, sizeof *proofs->marks))
        return IW_ENOMEM;
    proofs->n_marks++;
    for (; at > 0 && compare_marks(mark, &proofs->marks[at - 1]) < 0; at--)
        proofs->marks[at] = proofs->marks[at - 1];
    proofs->marks[at] = *mark;
    return IW_OK;
}

enum iw_rc iw_proofs_config_in_force(struct iw_proofs *proofs, struct iw_str host,
                                     struct iw_str hash, int64_t from_ns, bool *ret_known)
{
    struct proof_mark mark = {.from_ns = from_ns};
    bool is_known = false;
    for (size_t i = 0; i < proofs->n && !is_known; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        is_known = statement->config != NULL && iw_str_equal_nocase(statement->host, host) &&
                   iw_sysmon_config_has_hash(statement->config, hash);
    }
    if (ret_known != NULL)
        *ret_known = is_known;
    mark.host = iw_arena_copy(&proofs->arena, host);
    mark.hash = iw_arena_copy(&proofs->arena, hash);
    if (mark.host.p == NULL || mark.hash.p == NULL)
        return IW_ENOMEM;
    return put_mark(proofs, &mark);
}

static int compare_statements(const void *left, const void *right)
{
    const struct proof_statement *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    if (order == 0)
        order = (int)a->part - (int)b->part;
    if (order == 0)
        order = b->rank - a->rank;
    if (order == 0)
        order = iw_str_compare(a->source, b->source);
    return order != 0 ? order : iw_str_compare(a->why, b->why);
}

static int compare_words(const void *left, const void *right)
{
    const struct proof_words *a = left, *b = right;
    return iw_str_compare(a->source, b->source);
}

enum iw_rc iw_proofs_settle(struct iw_proofs *proofs)
{
    if (proofs->n != 0)
        qsort(proofs->statements, proofs->n, sizeof *proofs->statements, compare_statements);
    for (size_t i = 0; i < proofs->n; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        const struct proof_mark mark = {statement->host, statement->why, statement->from_ns, true};
        if (statement->part == PROOF_SYSMON_LOADED)
            IW_TRY(put_mark(proofs, &mark));
    }
    if (proofs->n_words != 0)
        qsort(proofs->words, proofs->n_words, sizeof *proofs->words, compare_words);
    return IW_OK;
}
