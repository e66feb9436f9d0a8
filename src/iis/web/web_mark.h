/**
 * Marks of web files: facts that make one stand out. Each has a machine name, a sentence and a
 * weight; as text it is "starts-process: starts a process (line 12)".
 *
 * A mark is a reason to look, never a verdict: ordinary applications start processes and keep
 * pages in upload folders. The functions here are pure; any thread may call them.
 */
#ifndef IW_IIS_WEB_WEB_MARK_H
#define IW_IIS_WEB_WEB_MARK_H

#include "base/arena.h"
#include "base/error.h"
#include "result/finding.h"

/** In the order in which they are told. */
enum iw_web_mark_kind {
    /* by content: strong */
    IW_WEB_MARK_PROGRAM,
    IW_WEB_MARK_EVALUATES_REQUEST,
    IW_WEB_MARK_STARTS_PROCESS,
    IW_WEB_MARK_RUNS_POWERSHELL,
    IW_WEB_MARK_LOADS_CODE,
    IW_WEB_MARK_COMPILES_CODE,
    IW_WEB_MARK_WRITES_REQUEST,
    IW_WEB_MARK_MACHINE_KEY,
    IW_WEB_MARK_SCRIPT_IN_IMAGE,
    IW_WEB_MARK_ENCODED_KEYWORD,
    IW_WEB_MARK_ENCODED_SCRIPT,
    IW_WEB_MARK_UTF7,
    IW_WEB_MARK_RUNS_CONFIGURATION,
    /* by content: weak */
    IW_WEB_MARK_NAMES_SHELL,
    IW_WEB_MARK_LIFTS_FILTER,
    IW_WEB_MARK_SAVES_UPLOAD,
    IW_WEB_MARK_DESERIALISES,
    IW_WEB_MARK_DECODES_BASE64,
    IW_WEB_MARK_CHARACTER_CODES,
    IW_WEB_MARK_LONG_BASE64,
    IW_WEB_MARK_HIGH_ENTROPY,
    IW_WEB_MARK_UTF16,
    IW_WEB_MARK_CUT_SHORT,
    /* what the file is */
    IW_WEB_MARK_CODE_ELSEWHERE,
    /* by place and name */
    IW_WEB_MARK_ONLY_SCRIPT,
    IW_WEB_MARK_UPLOAD_FOLDER,
    IW_WEB_MARK_DOUBLE_ENDING,
    IW_WEB_MARK_YOUNG,
    IW_WEB_MARK_ALONE_IN_LANGUAGE,
    IW_WEB_MARK_RANDOM_NAME,
    IW_WEB_MARK_COUNT
};

/** What a mark is worth to a judgment. */
enum iw_web_mark_weight {
    IW_WEB_MARK_NO_MARK = 0, /* nothing has that name */
    IW_WEB_MARK_NOTE,        /* says what the file is; no reason at all */
    IW_WEB_MARK_WEAK,        /* ordinary pages have it at times: counts beside others only */
    IW_WEB_MARK_POSITION,    /* by place, name or age: says nothing of what the file does */
    IW_WEB_MARK_STRONG,      /* pages written by hand for a site hardly ever have it */
};

/** Marks of one file: each kind once, with the line of its first place. */
struct iw_web_mark_set {
    uint32_t kinds;                    /* bits by enum iw_web_mark_kind */
    uint32_t lines[IW_WEB_MARK_COUNT]; /* 0: it has no line */
};

static inline bool iw_web_mark_is_set(const struct iw_web_mark_set *set, enum iw_web_mark_kind kind)
{
    return (set->kinds >> kind & 1U) != 0;
}

/** Adds a mark; one that is there keeps its first line. */
void iw_web_mark_add(struct iw_web_mark_set *set, enum iw_web_mark_kind kind, uint32_t line);

/** The texts of a set in the order of kinds, in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_web_mark_texts(const struct iw_web_mark_set *set, struct iw_arena *arena,
                             struct iw_text_list *ret);

/** Machine name ("starts-process"); static. */
const char *iw_web_mark_name(enum iw_web_mark_kind kind);

/** Whether a mark is among texts of marks. */
bool iw_web_mark_is_told(struct iw_text_list marks, enum iw_web_mark_kind kind);

/** The weight of a mark by its machine name, or by its whole text. */
enum iw_web_mark_weight iw_web_mark_weight(struct iw_str mark);

#endif
