/*
 * libyara 4 (YARA documentation, "The C API"). Exceptions of memory-mapped files are not caught
 * (SCAN_FLAGS_NO_TRYCATCH): what is scanned is memory of our own, and signal handlers are the
 * caller's.
 */
#include "iis/yara/yara_rules.h"

#include <stdatomic.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/timestamp.h"

void iw_yara_budget_init(struct iw_yara_budget *budget, unsigned limit_s)
{
    budget->limit_ns = (uint64_t)limit_s * IW_NS_PER_SECOND;
    atomic_init(&budget->spent_ns, 0);
    atomic_init(&budget->n_untried, 0);
}

#ifdef IW_HAVE_YARA

#include <stdlib.h>
#include <yara.h>

struct iw_yara {
    YR_COMPILER *compiler;
    YR_RULES *rules;
    struct iw_error error; /* the first the compiler told of */
};

bool iw_yara_is_there(void)
{
    return true;
}

static void keep_error(int level, const char *file, int line, const YR_RULE *rule,
                       const char *message, void *context)
{
    struct iw_yara *yara = context;
    (void)file;
    (void)rule;
    if (level != YARA_ERROR_LEVEL_ERROR || yara->error.rc != IW_OK)
        return;
    (void)iw_error_set(&yara->error, IW_EUSAGE, "not a YARA rule: %s", message);
    yara->error.line = line > 0 ? (uint32_t)line : 0;
}

enum iw_rc iw_yara_new(struct iw_yara **ret, struct iw_error *err)
{
    struct iw_yara *yara;
    *ret = NULL;
    if (yr_initialize() != ERROR_SUCCESS)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    yara = iw_calloc(1, sizeof *yara);
    if (yara == NULL || yr_compiler_create(&yara->compiler) != ERROR_SUCCESS) {
        iw_free(yara);
        (void)yr_finalize();
        return iw_error_set(err, IW_ENOMEM, "no memory");
    }
    yr_compiler_set_callback(yara->compiler, keep_error, yara);
    yr_compiler_set_include_callback(yara->compiler, NULL, NULL, NULL);
    *ret = yara;
    return IW_OK;
}

void iw_yara_free(struct iw_yara *yara)
{
    if (yara == NULL)
        return;
    if (yara->rules != NULL)
        (void)yr_rules_destroy(yara->rules);
    if (yara->compiler != NULL)
        yr_compiler_destroy(yara->compiler);
    iw_free(yara);
    (void)yr_finalize();
}

enum iw_rc iw_yara_add(struct iw_yara *yara, struct iw_str text, const char *name,
                       struct iw_error *err)
{
    char *copy = iw_malloc(text.n + 1);
    int n_errors;
    if (copy == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (text.n != 0)
        memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    n_errors =
        memchr(copy, '\0', text.n) == NULL ? yr_compiler_add_string(yara->compiler, copy, NULL) : 1;
    iw_free(copy);
    if (n_errors == 0)
        return IW_OK;
    if (yara->error.rc == IW_OK)
        (void)iw_error_set(&yara->error, IW_EUSAGE, "not YARA rules");
    iw_error_place(&yara->error, name, yara->error.line, 0);
    if (err != NULL)
        *err = yara->error;
    return IW_EUSAGE;
}

enum iw_rc iw_yara_seal(struct iw_yara *yara, struct iw_error *err)
{
    if (yr_compiler_get_rules(yara->compiler, &yara->rules) != ERROR_SUCCESS)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return IW_OK;
}

struct scan {
    struct iw_arena *arena;
    struct iw_str names[IW_LIMIT_INVENTORY_NAMES];
    size_t n;
    bool no_memory;
};

static int take_match(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
    struct scan *scan = user;
    const YR_RULE *rule = data;
    (void)context;
    if (message != CALLBACK_MSG_RULE_MATCHING || scan->n == IW_LIMIT_INVENTORY_NAMES)
        return CALLBACK_CONTINUE;
    scan->names[scan->n] = iw_arena_copy(scan->arena, iw_str_of(rule->identifier));
    scan->no_memory |= scan->names[scan->n].p == NULL;
    scan->n += !scan->no_memory;
    return scan->no_memory ? CALLBACK_ABORT : CALLBACK_CONTINUE;
}

static int compare_names(const void *left, const void *right)
{
    const struct iw_str *a = left, *b = right;
    return iw_str_compare(*a, *b);
}

static enum iw_rc keep_names(struct scan *scan, struct iw_text_list *ret)
{
    struct iw_str *items;
    if (scan->n == 0)
        return IW_OK;
    qsort(scan->names, scan->n, sizeof scan->names[0], compare_names);
    items = iw_arena_calloc(scan->arena, scan->n, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    memcpy(items, scan->names, scan->n * sizeof *items);
    *ret = (struct iw_text_list){items, scan->n};
    return IW_OK;
}

/* Seconds a file may take: its own, or what the budget has left, begun ones whole. 0: none. */
static int time_left(struct iw_yara_budget *budget)
{
    uint64_t spent_ns = budget != NULL ? atomic_load(&budget->spent_ns) : 0, left_s;
    if (budget == NULL)
        return IW_LIMIT_YARA_SECONDS;
    if (spent_ns >= budget->limit_ns) {
        atomic_fetch_add(&budget->n_untried, 1);
        return 0;
    }
    left_s = (budget->limit_ns - spent_ns - 1) / IW_NS_PER_SECOND + 1;
    return left_s < IW_LIMIT_YARA_SECONDS ? (int)left_s : IW_LIMIT_YARA_SECONDS;
}

enum iw_rc iw_yara_scan(const struct iw_yara *yara, struct iw_yara_budget *budget,
                        struct iw_str bytes, struct iw_arena *arena, struct iw_text_list *ret)
{
    struct scan scan = {.arena = arena};
    int seconds = time_left(budget), answer;
    uint64_t begun_ns = iw_clock_ns();
    *ret = (struct iw_text_list){NULL, 0};
    if (seconds == 0)
        return IW_ELIMIT;
    answer = yr_rules_scan_mem(yara->rules, (const uint8_t *)(bytes.n != 0 ? bytes.p : ""), bytes.n,
                               SCAN_FLAGS_NO_TRYCATCH, take_match, &scan, seconds);
    if (budget != NULL)
        atomic_fetch_add(&budget->spent_ns, iw_clock_ns() - begun_ns);
    if (scan.no_memory || answer == ERROR_INSUFFICIENT_MEMORY)
        return IW_ENOMEM;
    IW_TRY(keep_names(&scan, ret));
    return answer == ERROR_SUCCESS ? IW_OK : IW_ELIMIT;
}

#else

bool iw_yara_is_there(void)
{
    return false;
}

enum iw_rc iw_yara_new(struct iw_yara **ret, struct iw_error *err)
{
    *ret = NULL;
    return iw_error_set(err, IW_EUSAGE, "this build has no YARA: build it with libyara-dev there");
}

void iw_yara_free(struct iw_yara *yara)
{
    (void)yara;
}

enum iw_rc iw_yara_add(struct iw_yara *yara, struct iw_str text, const char *name,
                       struct iw_error *err)
{
    (void)yara;
    (void)text;
    (void)name;
    return iw_error_set(err, IW_EUSAGE, "this build has no YARA");
}

enum iw_rc iw_yara_seal(struct iw_yara *yara, struct iw_error *err)
{
    (void)yara;
    return iw_error_set(err, IW_EUSAGE, "this build has no YARA");
}

enum iw_rc iw_yara_scan(const struct iw_yara *yara, struct iw_yara_budget *budget,
                        struct iw_str bytes, struct iw_arena *arena, struct iw_text_list *ret)
{
    (void)budget;
    (void)yara;
    (void)bytes;
    (void)arena;
    *ret = (struct iw_text_list){NULL, 0};
    return IW_OK;
}

#endif
