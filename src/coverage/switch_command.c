/*
 * From what a process or a script is told to the switches it asks for: statement by statement, and
 * texts that it runs in their turn.
 *
 * Left out on purpose: what makes a log smaller (it begins late then); what cmd itself is told in
 * its command line (what it starts stands in an event of its own).
 */
#include "coverage/switch_command.h"

#include "base/path_name.h"
#include "coverage/switch_encoded.h"
#include "coverage/switch_flow.h"

/* Texts in texts that are followed. */
#define MOST_NESTED 4

static enum iw_rc of_text(struct iw_str text, enum iw_switch_text kind, int nested,
                          struct iw_arena *scratch, struct iw_command_switches *ret);

/* `-WhatIf`: a command of PowerShell, by its name or an alias, says what it would do and does
 * nothing. */
static bool is_rehearsal(const struct iw_switch_words *words,
                         const struct iw_switch_program *program, size_t at)
{
    bool is_alias = program->is_short || strncmp(program->name, "sp", 2) == 0;
    if ((strchr(program->name, '-') == NULL && !is_alias) || program->ask == iw_ask_phantom)
        return false;
    for (size_t i = at + 1; i < words->n && !iw_word_is(words->items[i].text, "--"); i++) {
        if (iw_word_is_switch(words->items[i].text, "WhatIf") && !words->items[i].is_quoted)
            return true;
    }
    return false;
}

/* What defines a command does not call it. */
static bool defines(struct iw_str word)
{
    return iw_word_is(word, "function") || iw_word_is(word, "filter");
}

/* --- texts that are run --------------------------------------------------------------------- */

/* All words behind the one *at*, options left out and lists taken apart, as one line of cmd. */
static enum iw_rc line_of(const struct iw_switch_words *words, size_t at, struct iw_arena *scratch,
                          struct iw_str *ret)
{
    size_t n = 0;
    char *text;
    for (size_t i = at + 1; i < words->n; i++)
        n += words->items[i].text.n + 3;
    text = iw_arena_alloc(scratch, n + 1);
    if (text == NULL)
        return IW_ENOMEM;
    n = 0;
    for (size_t i = at + 1; i < words->n; i++) {
        struct iw_str word = words->items[i].text;
        if (word.n < 3 ? word.p[0] == '/' : iw_word_is_option(word) && i == at + 1)
            continue; /* /c, -FilePath */
        if (iw_word_is_switch(word, "ArgumentList") || iw_word_is_switch(word, "FilePath") ||
            iw_word_is_switch(word, "Args"))
            continue;
        text[n++] = ' ';
        for (size_t k = 0; k < word.n; k++)
            text[n++] = word.p[k] == ',' && memchr(word.p, ' ', word.n) == NULL ? ' ' : word.p[k];
    }
    *ret = (struct iw_str){text, n};
    return IW_OK;
}

/* `'text'.Invoke()`: what is done with it is no part of it. */
static struct iw_str without_call(struct iw_str text)
{
    static const char *const CALLS[] = {".Invoke", ".BeginInvoke", ".InvokeReturnAsIs",
                                        ".GetNewClosure"};
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        if (iw_str_ends_nocase(text, iw_str_of(CALLS[i])))
            text.n -= strlen(CALLS[i]);
    }
    return text;
}

static enum iw_rc run_texts(const struct iw_switch_words *words, size_t at, int nested,
                            struct iw_arena *scratch, struct iw_command_switches *ret)
{
    struct iw_str text;
    IW_TRY(iw_switch_encoded(words, scratch, &text));
    if (text.n != 0)
        IW_TRY(of_text(text, IW_SWITCH_SCRIPT, nested + 1, scratch, ret));
    for (size_t i = at + 1; i < words->n; i++) {
        if (memchr(words->items[i].text.p, ' ', words->items[i].text.n) == NULL)
            continue;
        text = iw_arena_copy(scratch, without_call(words->items[i].text));
        if (text.p == NULL)
            return IW_ENOMEM;
        IW_TRY(of_text(text, IW_SWITCH_SCRIPT, nested + 1, scratch, ret));
    }
    return IW_OK;
}

static enum iw_rc run(const struct iw_switch_words *words, const struct iw_switch_program *program,
                      size_t at, int nested, struct iw_arena *scratch,
                      struct iw_command_switches *ret)
{
    struct iw_str text;
    if (nested == MOST_NESTED)
        return IW_OK;
    if (program->role == IW_PROGRAM_RUNS_TEXT)
        return run_texts(words, at, nested, scratch, ret);
    IW_TRY(line_of(words, at, scratch, &text));
    return of_text(text, IW_SWITCH_CMD, nested + 1, scratch, ret);
}

/* --- statements ----------------------------------------------------------------------------- */

/* A command in whose brackets others stand. */
struct pending {
    const struct iw_switch_program *program; /* NULL: none */
    struct iw_str name;
    const struct iw_switch_word *words; /* before the bracket */
    size_t n;
    struct iw_str given; /* in it; p NULL: nobody can tell */
};

struct hearing {
    struct iw_switch_flow flow;
    struct iw_command_switches *made;
    struct pending pending; /* its names are what the next statement gives */
    struct pending closed;  /* options may stand behind the brackets */
    int nested;
    struct iw_switch_about about;
};

static struct iw_asking asking_of(struct hearing *in, const struct iw_switch_words *words,
                                  size_t begin)
{
    return (struct iw_asking){.words = words->items + begin,
                              .n = words->n - begin,
                              .is_cut = words->is_cut,
                              .is_piped = words->is_piped,
                              .about = in->about,
                              .given = iw_switch_flow_given(&in->flow),
                              .hosts = in->flow.block_hosts.p != NULL ? in->flow.block_hosts
                                       : words->is_piped              ? in->flow.given_hosts
                                                                      : IW_STR(""),
                              .is_host_unread =
                                  in->flow.block_hosts.p != NULL && in->flow.is_block_host_unread,
                              .scratch = in->flow.scratch,
                              .made = in->made,
                              .program = IW_STR("")};
}

/* Words that outlive their statement, with room for more. NULL: no memory. */
static struct iw_switch_word *copy_words(struct hearing *in, const struct iw_switch_word *words,
                                         size_t n, size_t more)
{
    struct iw_arena *scratch = in->flow.scratch;
    struct iw_switch_word *copies = iw_arena_alloc(scratch, (n + more) * sizeof *copies);
    in->made->n_bytes += (n + more) * sizeof *copies;
    for (size_t i = 0; copies != NULL && i < n; i++) {
        copies[i] = words[i];
        if (!iw_arena_keep(scratch, &copies[i].text))
            return NULL;
    }
    return copies;
}

static enum iw_rc ask(struct hearing *in, const struct iw_switch_words *words,
                      const struct iw_switch_program *program, size_t at, bool *ret_is_one)
{
    struct iw_asking asking = asking_of(in, words, at + 1);
    bool is_alias = iw_switch_program_of(words->items[at].text) == NULL;
    asking.program = is_alias ? iw_str_of(program->name) : words->items[at].text;
    if (words->has_inner && asking.n != 0 && !words->items[words->n - 1].is_made)
        asking.n--; /* the next statement tells */
    *ret_is_one = program->ask(&asking);
    if (words->has_inner) {
        in->pending = (struct pending){.program = program,
                                       .name = iw_arena_copy(in->flow.scratch, asking.program),
                                       .words = copy_words(in, asking.words, asking.n, 0),
                                       .n = asking.n};
        asking.no_memory |= in->pending.name.p == NULL || in->pending.words == NULL;
    }
    return asking.no_memory ? IW_ENOMEM : IW_OK;
}

static enum iw_rc ask_again(struct hearing *in, const struct iw_switch_words *words,
                            const struct pending *pending)
{
    struct iw_asking asking = asking_of(in, words, words->n);
    asking.words = pending->words;
    asking.n = pending->n;
    asking.is_piped = true;
    asking.given = pending->given;
    asking.program = pending->name;
    (void)pending->program->ask(&asking);
    return asking.no_memory ? IW_ENOMEM : IW_OK;
}

/* `Stop-Service (Get-Service Sysmon*)`: the command whose brackets it stands in. */
static enum iw_rc ask_pending(struct hearing *in, const struct iw_switch_words *words,
                              struct pending pending, bool is_given)
{
    pending.given = is_given ? iw_switch_flow_given(&in->flow) : (struct iw_str){NULL, 0};
    in->closed = pending;
    return ask_again(in, words, &pending);
}

/* `Set-Service (gsv Sysmon64) -StartupType Disabled`: options behind the brackets. */
static enum iw_rc ask_closed(struct hearing *in, const struct iw_switch_words *words,
                             struct pending closed)
{
    struct iw_switch_word *all = copy_words(in, closed.words, closed.n, words->n);
    if (all == NULL)
        return IW_ENOMEM;
    memcpy(all + closed.n, words->items, words->n * sizeof *all);
    closed.words = all;
    closed.n += words->n;
    return ask_again(in, words, &closed);
}

/* Of the first word; behind a type also of what its methods give: `[X]::new('y').Stop()`. */
static enum iw_rc ask_members(struct hearing *in, const struct iw_switch_words *words)
{
    bool is_type = words->items[0].text.p[0] == '[';
    for (size_t i = 0; i < (is_type ? words->n : 1); i++) {
        struct iw_asking asking = asking_of(in, words, i + 1);
        asking.program = words->items[i].text;
        (void)iw_ask_member(&asking, &words->items[i]);
        if (asking.no_memory)
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* `[scriptblock]::Create('text')`, `….AddScript('text')`: texts that may be run. */
static enum iw_rc run_blocks(struct hearing *in, const struct iw_switch_words *words)
{
    static const char *const MAKERS[] = {"scriptblock]::Create", ".NewScriptBlock", ".InvokeScript",
                                         ".AddScript"};
    for (size_t i = 0; in->nested < MOST_NESTED && i + 1 < words->n; i++) {
        for (size_t k = 0; k < sizeof MAKERS / sizeof MAKERS[0]; k++) {
            if (iw_str_ends_nocase(words->items[i].text, iw_str_of(MAKERS[k])))
                return run_texts(words, i, in->nested, in->flow.scratch, in->made);
        }
    }
    return IW_OK;
}

/* `"$(…)"`: whatever becomes of the text, these are run. */
static enum iw_rc run_inner(struct hearing *in)
{
    const struct iw_switch_reader *reader = &in->flow.reader;
    struct iw_switch_glance *glance;
    if (reader->n_inner == 0 || in->nested == MOST_NESTED)
        return IW_OK;
    if (in->made->glance == NULL) {
        glance = iw_arena_alloc(in->flow.scratch, sizeof *glance);
        if (glance == NULL)
            return IW_ENOMEM;
        iw_switch_glance_init(glance);
        in->made->glance = glance;
    }
    for (size_t i = 0; i < reader->n_inner; i++) {
        const struct iw_field field = {.p = (const uint8_t *)reader->inner[i].p,
                                       .n = (uint32_t)reader->inner[i].n,
                                       .type = IW_VALUE_UTF8};
        if (iw_switch_may_be_in_script(in->made->glance, &field))
            IW_TRY(of_text(reader->inner[i], IW_SWITCH_SCRIPT, in->nested + 1, in->flow.scratch,
                           in->made));
    }
    return IW_OK;
}

/* Whether a command stands where the word is: of the arguments of PowerShell anywhere. */
static bool is_place_of_command(const struct hearing *in, const struct iw_switch_words *words,
                                size_t at)
{
    return at == 0 || in->flow.reader.kind == IW_SWITCH_SCRIPT_ARGUMENT ||
           iw_word_is(words->items[at - 1].text, "return") ||
           iw_word_is(words->items[at - 1].text, "do");
}

static enum iw_rc hear(struct hearing *in, const struct iw_switch_words *words)
{
    const struct pending pending = in->pending, closed = in->closed;
    bool has_run[IW_PROGRAM_SETS + 1] = {false}; /* what it runs runs the rest in its turn */
    in->pending.program = in->closed.program = NULL;
    IW_TRY(run_inner(in));
    if (words->n == 0)
        return IW_OK;
    iw_switch_flow_block(&in->flow, words);
    if (closed.program != NULL && !words->is_piped && iw_word_is_option(words->items[0].text))
        return ask_closed(in, words, closed);
    for (size_t i = 0; i < words->n; i++) {
        const struct iw_switch_program *program;
        bool is_one = false;
        if (defines(words->items[i].text))
            return IW_OK;
        program = iw_switch_flow_program(&in->flow, words->items[i].text);
        if (program == NULL ||
            ((program->is_short || program != iw_switch_program_of(words->items[i].text)) &&
             !is_place_of_command(in, words, i)))
            continue; /* a short name, or one the text gives, is one only there */
        if (program->role == IW_PROGRAM_SAYS && i == 0 && !words->pipes_on &&
            !in->about.has_own_words)
            break;
        switch (program->role) {
        case IW_PROGRAM_SAYS: /* behind a name it is a word, and in a pipeline it hands on */
            break;
        case IW_PROGRAM_ASKS:
            if (in->flow.reader.kind >= IW_SWITCH_SCRIPT && is_rehearsal(words, program, i))
                return IW_OK;
            IW_TRY(ask(in, words, program, i, &is_one));
            if (is_one)
                return IW_OK;
            break;
        case IW_PROGRAM_RUNS:
        case IW_PROGRAM_RUNS_TEXT:
            if ((in->flow.reader.kind != IW_SWITCH_SCRIPT_ARGUMENT || i != 0) &&
                !has_run[program->role])
                IW_TRY(run(words, program, i, in->nested, in->flow.scratch, in->made));
            has_run[program->role] |= i != 0 || in->flow.reader.kind != IW_SWITCH_SCRIPT_ARGUMENT;
            break;
        case IW_PROGRAM_GIVES:
        case IW_PROGRAM_FILTERS:
        case IW_PROGRAM_ELSEWHERE:
        case IW_PROGRAM_NAMES:
        case IW_PROGRAM_SETS:
            IW_TRY(iw_switch_flow_see(&in->flow, words, program, i));
            return pending.program == NULL
                       ? IW_OK
                       : ask_pending(in, words, pending, program->role == IW_PROGRAM_GIVES);
        }
    }
    if (pending.program != NULL)
        IW_TRY(ask_pending(in, words, pending, false));
    IW_TRY(run_blocks(in, words));
    IW_TRY(ask_members(in, words));
    return iw_switch_flow_see(&in->flow, words, NULL, 0);
}

/* Whether it may go on: so much is heard of one event, whatever it runs in its turn. */
static bool spend(struct iw_command_switches *made, size_t n_statements, size_t n_bytes)
{
    made->n_statements += n_statements;
    made->n_bytes += n_bytes;
    if (made->n_statements > made->n_parts * IW_LIMIT_SWITCH_STATEMENTS ||
        made->n_bytes > made->n_parts * IW_LIMIT_SWITCH_SCRATCH_BYTES)
        iw_switches_make_everything(made);
    return !made->is_cut;
}

static size_t bytes_of(const struct iw_switch_words *words)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        n += words->items[i].text.n;
    return n;
}

/* Names of what logs that the text's variables are left with. */
static void leave(const struct iw_switch_reader *reader, struct iw_switch_left *left)
{
    for (size_t i = 0; i < reader->n_variables && !left->is_cut; i++) {
        const struct iw_switch_variable *one = &reader->variables[i];
        struct iw_str list = one->value, name;
        bool names_one = false;
        while (one->value.p != NULL && iw_list_next(&list, &name))
            names_one |= name.n > 1 && iw_may_be_logging(name);
        if (!names_one || memchr(one->name.p, ' ', one->name.n) != NULL || one->name.p[0] == '@' ||
            iw_str_equal(one->name, IW_STR("_")))
            continue;
        left->is_cut = left->n == IW_SWITCH_LEFT;
        if (!left->is_cut)
            left->items[left->n++] = *one;
    }
}

/* *known*: variables of others; NULL: none. */
static enum iw_rc of_known(struct iw_str text, enum iw_switch_text kind, int nested,
                           const struct iw_switch_left *known, struct iw_arena *scratch,
                           struct iw_command_switches *ret)
{
    struct hearing in = {.made = ret, .nested = nested};
    struct iw_switch_words words;
    struct iw_str plain;
    if (kind >= IW_SWITCH_SCRIPT)
        IW_TRY(iw_switch_with_plain_quotes(text, scratch, &text));
    plain = text;
    if (kind == IW_SWITCH_SCRIPT)
        IW_TRY(iw_switch_without_remarks(text, scratch, &plain));
    in.about = iw_switch_about(plain);
    in.flow.scratch = scratch;
    in.flow.given_hosts = IW_STR("");
    if (nested != 0 && !spend(ret, 0, text.n + IW_SWITCH_ROOM_BYTES))
        return IW_OK;
    IW_TRY(iw_switch_reader_begin(&in.flow.reader, text, kind, scratch));
    for (size_t i = 0; known != NULL && i < known->n; i++)
        IW_TRY(iw_switch_reader_set(&in.flow.reader, known->items[i].name, known->items[i].value));
    while (!ret->is_cut && iw_switch_reader_next(&in.flow.reader, &words)) {
        iw_switch_look_about(&in.about, text.n - in.flow.reader.rest.n);
        if (spend(ret, 1, bytes_of(&words)))
            IW_TRY(hear(&in, &words));
    }
    (void)spend(ret, 0, in.flow.reader.n_kept_bytes);
    if (nested == 0 && kind == IW_SWITCH_SCRIPT)
        leave(&in.flow.reader, &ret->left);
    return IW_OK;
}

static enum iw_rc of_text(struct iw_str text, enum iw_switch_text kind, int nested,
                          struct iw_arena *scratch, struct iw_command_switches *ret)
{
    return of_known(text, kind, nested, NULL, scratch, ret);
}

/* --- which ---------------------------------------------------------------------------------- */

static void begin(struct iw_command_switches *made, size_t n_parts)
{
    made->n_parts = n_parts != 0 ? n_parts : 1;
    made->glance = NULL;
    made->reg_file = NULL;
    made->n = made->n_statements = made->n_bytes = made->left.n = 0;
    made->left.is_cut = false;
    made->is_cut = made->lacks = false;
}

enum iw_rc iw_command_switches_of_parts(struct iw_str text, size_t n_parts,
                                        struct iw_arena *scratch, struct iw_command_switches *ret,
                                        struct iw_switch_uncalled *ret_uncalled)
{
    begin(ret, n_parts);
    IW_TRY(iw_switch_with_plain_quotes(text, scratch, &text));
    IW_TRY(iw_switch_without_never(text, scratch, &text));
    IW_TRY(iw_switch_without_uncalled(text, scratch, &text, ret_uncalled));
    return of_text(text, IW_SWITCH_SCRIPT, 0, scratch, ret);
}

enum iw_rc iw_command_switches_of_script(struct iw_str text, struct iw_arena *scratch,
                                         struct iw_command_switches *ret,
                                         struct iw_switch_uncalled *ret_uncalled)
{
    return iw_command_switches_of_parts(text, 1, scratch, ret, ret_uncalled);
}

enum iw_rc iw_command_switches_of_later(struct iw_str text, const struct iw_switch_left *known,
                                        struct iw_arena *scratch, struct iw_command_switches *ret)
{
    begin(ret, 1);
    return of_known(text, IW_SWITCH_SCRIPT, 0, known, scratch, ret);
}

enum iw_rc iw_command_switches_of_row(struct iw_str text, size_t n_parts, struct iw_arena *scratch,
                                      struct iw_command_switches *ret)
{
    begin(ret, n_parts);
    return of_text(text, IW_SWITCH_SCRIPT, 0, scratch, ret);
}

enum iw_rc iw_command_switches_of_part(struct iw_str text, struct iw_arena *scratch,
                                       struct iw_command_switches *ret)
{
    return iw_command_switches_of_row(text, 1, scratch, ret);
}

static enum iw_rc of_powershell(struct iw_str line, struct iw_arena *scratch,
                                struct iw_command_switches *ret)
{
    struct iw_switch_reader reader;
    struct iw_switch_words words;
    struct iw_str text = IW_STR("");
    IW_TRY(iw_switch_reader_begin(&reader, line, IW_SWITCH_COMMAND, scratch));
    if (iw_switch_reader_next(&reader, &words))
        IW_TRY(iw_switch_encoded(&words, scratch, &text));
    if (text.n != 0)
        return of_text(text, IW_SWITCH_SCRIPT, 0, scratch, ret);
    return of_text(line, IW_SWITCH_SCRIPT_ARGUMENT, 0, scratch, ret);
}

enum iw_rc iw_command_switches_of_process(const struct iw_process_command *command,
                                          struct iw_arena *scratch, struct iw_command_switches *ret)
{
    struct iw_switch_reader reader;
    struct iw_switch_words words;
    struct iw_asking asking;
    /* A file may be called anything, also what another program or an alias is called. */
    const struct iw_switch_program *program = iw_switch_program_of(command->original_name);
    begin(ret, 1);
    if (program == NULL ||
        (program->role != IW_PROGRAM_ASKS && program->role != IW_PROGRAM_RUNS_TEXT))
        program = iw_switch_program_of(command->image);
    if (program != NULL && program->role == IW_PROGRAM_RUNS_TEXT)
        return of_powershell(command->line, scratch, ret);
    if (program == NULL || program->role != IW_PROGRAM_ASKS)
        return IW_OK;
    IW_TRY(iw_switch_reader_begin(&reader, command->line, IW_SWITCH_COMMAND, scratch));
    if (!iw_switch_reader_next(&reader, &words))
        return IW_OK;
    asking = (struct iw_asking){.words = words.items + 1,
                                .n = words.n - 1,
                                .is_cut = words.is_cut,
                                .about = iw_switch_about(command->line),
                                .given = {NULL, 0},
                                .hosts = IW_STR(""),
                                .program = iw_path_name(command->image),
                                .scratch = scratch,
                                .made = ret};
    (void)program->ask(&asking);
    return asking.no_memory ? IW_ENOMEM : IW_OK;
}
