/*
 * Regular expressions by PCRE2 (pcre2api(3)). Every match has a limit on steps and on memory: a
 * pattern of exponential cost ends as "gave up", which is not "no".
 *
 * Text that is not UTF-8 never gets here, but PCRE2_MATCH_INVALID_UTF keeps it harmless if it does.
 * `\C` (which would split a code point) is refused; a pattern cannot raise the limits.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sigma/sigma_regex.h"

#include <pcre2.h>

#include "base/alloc.h"
#include "base/fold.h"
#include "base/limits.h"
#include "sigma/sigma_regex_literal.h"

#define JIT_STACK_LEAST_BYTES ((size_t)32 * 1024)
#define JIT_STACK_MOST_BYTES ((size_t)1024 * 1024)

struct iw_regex {
    pcre2_code *code;
    struct iw_regex *next;
    unsigned flags;
    struct iw_arena arena; /* of the texts */
    struct iw_str source;
    struct iw_str literal; /* folded */
    uint32_t least_chars;  /* no shorter text matches */
};

struct iw_regex_worker {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
};

static void *take(size_t n, void *unused)
{
    (void)unused;
    return iw_malloc(n);
}

static void give_back(void *p, void *unused)
{
    (void)unused;
    iw_free(p);
}

static uint32_t options_of(unsigned flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    if ((flags & IW_REGEX_NO_CASE) != 0)
        options |= PCRE2_CASELESS;
    if ((flags & IW_REGEX_MULTI_LINE) != 0)
        options |= PCRE2_MULTILINE;
    if ((flags & IW_REGEX_DOT_ALL) != 0)
        options |= PCRE2_DOTALL;
    return options;
}

static enum iw_rc compile(struct iw_str pattern, unsigned flags, pcre2_compile_context *context,
                          struct iw_regex *regex, struct iw_error *err)
{
    int code = 0;
    PCRE2_SIZE offset = 0;

    regex->code =
        pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options_of(flags), &code, &offset, context);
    if (regex->code == NULL) {
        PCRE2_UCHAR words[160] = {0};
        if (code == PCRE2_ERROR_HEAP_FAILED)
            return iw_error_set(err, IW_ENOMEM, "no memory");
        (void)pcre2_get_error_message(code, words, sizeof words);
        return iw_error_set(err, IW_ERULE, "bad regular expression at its character %zu: %s",
                            (size_t)offset + 1, (const char *)words);
    }
    /* Where there is no JIT (or no memory for it) the interpreter gives the same answers. */
    (void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    return IW_OK;
}

/* Keeps what is asked of a regular expression beside its answers. */
static enum iw_rc describe(struct iw_str pattern, unsigned flags, struct iw_regex *regex)
{
    char *room = iw_arena_alloc(&regex->arena, pattern.n + 1);

    regex->flags = flags;
    regex->source = iw_arena_copy(&regex->arena, pattern);
    if (room == NULL || regex->source.p == NULL)
        return IW_ENOMEM;
    regex->literal = iw_fold_text(iw_regex_literal_find(pattern, room), &regex->arena);
    if (regex->literal.p == NULL)
        return IW_ENOMEM;
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_MINLENGTH, &regex->least_chars);
    return IW_OK;
}

static void regex_free(struct iw_regex *regex)
{
    if (regex == NULL)
        return;
    pcre2_code_free(regex->code);
    iw_arena_done(&regex->arena);
    iw_free(regex);
}

enum iw_rc iw_regex_new(struct iw_str pattern, unsigned flags, struct iw_regex **list,
                        struct iw_error *err)
{
    pcre2_general_context *general = NULL;
    pcre2_compile_context *context = NULL;
    struct iw_regex *regex = NULL;
    enum iw_rc rc = IW_ENOMEM;

    if (pattern.n > IW_LIMIT_REGEX_BYTES)
        return iw_error_set(err, IW_ELIMIT, "the regular expression is longer than %u bytes",
                            IW_LIMIT_REGEX_BYTES);
    general = pcre2_general_context_create(take, give_back, NULL);
    if (general != NULL)
        context = pcre2_compile_context_create(general);
    if (context != NULL)
        regex = iw_calloc(1, sizeof *regex);
    if (regex == NULL) {
        iw_error_set(err, IW_ENOMEM, "no memory");
        goto done;
    }
    iw_arena_init(&regex->arena, 0);
    rc = compile(pattern, flags, context, regex, err);
    if (rc != IW_OK)
        goto done;
    rc = describe(pattern, flags, regex);
    if (rc != IW_OK) {
        iw_error_set(err, IW_ENOMEM, "no memory");
        goto done;
    }
    regex->next = *list;
    *list = regex;
    regex = NULL;
done:
    regex_free(regex);
    pcre2_compile_context_free(context);
    pcre2_general_context_free(general);
    return rc;
}

void iw_regex_free_list(struct iw_regex *list)
{
    while (list != NULL) {
        struct iw_regex *next = list->next;
        regex_free(list);
        list = next;
    }
}

struct iw_regex_worker *iw_regex_worker_new(void)
{
    struct iw_regex_worker *worker = iw_calloc(1, sizeof *worker);
    pcre2_general_context *general = pcre2_general_context_create(take, give_back, NULL);

    if (worker != NULL && general != NULL) {
        worker->context = pcre2_match_context_create(general);
        worker->data = pcre2_match_data_create(1, general);
        worker->stack =
            pcre2_jit_stack_create(JIT_STACK_LEAST_BYTES, JIT_STACK_MOST_BYTES, general);
    }
    pcre2_general_context_free(general);
    if (worker == NULL || worker->context == NULL || worker->data == NULL) {
        iw_regex_worker_free(worker);
        return NULL;
    }
    (void)pcre2_set_match_limit(worker->context, IW_LIMIT_REGEX_STEPS);
    (void)pcre2_set_depth_limit(worker->context, IW_LIMIT_REGEX_STEPS);
    (void)pcre2_set_heap_limit(worker->context, IW_LIMIT_REGEX_KIB);
    if (worker->stack != NULL)
        pcre2_jit_stack_assign(worker->context, NULL, worker->stack);
    return worker;
}

void iw_regex_worker_free(struct iw_regex_worker *worker)
{
    if (worker == NULL)
        return;
    pcre2_match_data_free(worker->data);
    pcre2_match_context_free(worker->context);
    pcre2_jit_stack_free(worker->stack);
    iw_free(worker);
}

enum iw_regex_answer iw_regex_search(const struct iw_regex *regex, struct iw_regex_worker *worker,
                                     struct iw_str text)
{
    int rc;

    if (text.n < regex->least_chars)
        return IW_REGEX_NO;
    rc = pcre2_match(regex->code, (PCRE2_SPTR)(text.p != NULL ? text.p : ""), text.n, 0, 0,
                     worker->data, worker->context);
    if (rc >= 0)
        return IW_REGEX_YES;
    if (rc == PCRE2_ERROR_NOMATCH)
        return IW_REGEX_NO;
    return rc == PCRE2_ERROR_NOMEMORY ? IW_REGEX_NO_MEMORY : IW_REGEX_GAVE_UP;
}

struct iw_str iw_regex_literal(const struct iw_regex *regex)
{
    return regex->literal;
}

struct iw_str iw_regex_source(const struct iw_regex *regex, unsigned *ret_flags)
{
    *ret_flags = regex->flags;
    return regex->source;
}
