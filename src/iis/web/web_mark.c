/*
 * The table of marks. Names are a contract: rules and judgments ask for them, so they never change
 * their meaning.
 */
#include "iis/web/web_mark.h"

#include <assert.h>
#include <stdio.h>

#define TEXT_BYTES 192

static const struct {
    const char *name, *sentence;
    enum iw_web_mark_weight weight;
} MARKS[IW_WEB_MARK_COUNT] = {
    [IW_WEB_MARK_PROGRAM] = {"is-program", "is a program, not text", IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_EVALUATES_REQUEST] = {"evaluates-request", "runs what the request brings as code",
                                       IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_STARTS_PROCESS] = {"starts-process", "starts a process", IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_RUNS_POWERSHELL] = {"runs-powershell", "runs PowerShell inside of the worker",
                                     IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_LOADS_CODE] = {"loads-code", "loads or makes code while it runs",
                                IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_COMPILES_CODE] = {"compiles-code", "compiles source while it runs",
                                   IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_WRITES_REQUEST] = {"writes-request", "writes what the request brings to a file",
                                    IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_MACHINE_KEY] = {"reads-machine-key", "asks for the keys of the machine",
                                 IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_SCRIPT_IN_IMAGE] = {"script-in-image", "begins like an image and has code",
                                     IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_ENCODED_KEYWORD] = {"encoded-keyword", "a word of code is written in escapes",
                                     IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_ENCODED_SCRIPT] = {"encoded-script", "script encoded by Microsoft's encoder",
                                    IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_UTF7] = {"utf7", "written in UTF-7", IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_RUNS_CONFIGURATION] = {"runs-configuration",
                                        "gives configuration files to a script engine",
                                        IW_WEB_MARK_STRONG},
    [IW_WEB_MARK_NAMES_SHELL] = {"names-shell", "names a shell or a command of one",
                                 IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_LIFTS_FILTER] = {"lifts-filter",
                                  "takes configuration files out of what request filtering refuses",
                                  IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_SAVES_UPLOAD] = {"saves-upload", "saves files it is sent", IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_DESERIALISES] = {"deserialises", "makes objects out of data", IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_DECODES_BASE64] = {"decodes-base64", "decodes base64", IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_CHARACTER_CODES] = {"character-codes", "puts text together from character codes",
                                     IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_LONG_BASE64] = {"long-base64", "holds a long run of base64", IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_HIGH_ENTROPY] = {"high-entropy", "holds compressed or encrypted data",
                                  IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_UTF16] = {"utf16", "written in UTF-16", IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_CUT_SHORT] = {"cut-short", "only a part of it was looked at", IW_WEB_MARK_WEAK},
    [IW_WEB_MARK_CODE_ELSEWHERE] = {"code-elsewhere",
                                    "has no code of its own: it is in an assembly or another file",
                                    IW_WEB_MARK_NOTE},
    [IW_WEB_MARK_ONLY_SCRIPT] = {"only-script",
                                 "the only script among the static files of its "
                                 "folder",
                                 IW_WEB_MARK_POSITION},
    [IW_WEB_MARK_UPLOAD_FOLDER] = {"upload-folder",
                                   "in a folder named for uploads, images or temporary files",
                                   IW_WEB_MARK_POSITION},
    [IW_WEB_MARK_DOUBLE_ENDING] = {"double-ending", "its name hides its ending",
                                   IW_WEB_MARK_POSITION},
    [IW_WEB_MARK_YOUNG] = {"younger-than-neighbours", "far younger than the files beside it",
                           IW_WEB_MARK_POSITION},
    [IW_WEB_MARK_ALONE_IN_LANGUAGE] = {"alone-in-language",
                                       "in another language than the scripts beside it",
                                       IW_WEB_MARK_POSITION},
    [IW_WEB_MARK_RANDOM_NAME] = {"random-name", "its name looks random", IW_WEB_MARK_POSITION},
};

void iw_web_mark_add(struct iw_web_mark_set *set, enum iw_web_mark_kind kind, uint32_t line)
{
    if (iw_web_mark_is_set(set, kind))
        return;
    set->kinds |= UINT32_C(1) << kind;
    set->lines[kind] = line;
}

enum iw_rc iw_web_mark_texts(const struct iw_web_mark_set *set, struct iw_arena *arena,
                             struct iw_text_list *ret)
{
    size_t n = (size_t)__builtin_popcount(set->kinds);
    struct iw_str *items;
    *ret = (struct iw_text_list){NULL, 0};
    if (n == 0)
        return IW_OK;
    items = iw_arena_calloc(arena, n, sizeof *items);
    for (unsigned kind = 0; items != NULL && kind < IW_WEB_MARK_COUNT; kind++) {
        char text[TEXT_BYTES];
        int length;
        if (!iw_web_mark_is_set(set, (enum iw_web_mark_kind)kind))
            continue;
        length =
            set->lines[kind] != 0
                ? snprintf(text, sizeof text, "%s: %s (line %u)", MARKS[kind].name,
                           MARKS[kind].sentence, set->lines[kind])
                : snprintf(text, sizeof text, "%s: %s", MARKS[kind].name, MARKS[kind].sentence);
        assert(length > 0 && (size_t)length < sizeof text);
        items[ret->n] = iw_arena_copy(arena, (struct iw_str){text, (size_t)length});
        if (items[ret->n++].p == NULL)
            return IW_ENOMEM;
    }
    ret->items = items;
    return items != NULL ? IW_OK : IW_ENOMEM;
}

const char *iw_web_mark_name(enum iw_web_mark_kind kind)
{
    return MARKS[kind].name;
}

enum iw_web_mark_weight iw_web_mark_weight(struct iw_str mark)
{
    size_t colon = iw_str_find(mark, IW_STR(":"));
    struct iw_str name = {mark.p, colon < mark.n ? colon : mark.n};
    for (size_t i = 0; i < IW_WEB_MARK_COUNT; i++) {
        if (iw_str_equal(name, iw_str_of(MARKS[i].name)))
            return MARKS[i].weight;
    }
    return IW_WEB_MARK_NO_MARK;
}

bool iw_web_mark_is_told(struct iw_text_list marks, enum iw_web_mark_kind kind)
{
    struct iw_str name = iw_str_of(iw_web_mark_name(kind));
    for (size_t i = 0; i < marks.n; i++) {
        if (iw_str_begins_nocase(marks.items[i], name) && marks.items[i].n > name.n &&
            marks.items[i].p[name.n] == ':')
            return true;
    }
    return false;
}
