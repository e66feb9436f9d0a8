/*
 * Words behind a program.
 */
#include "coverage/switch_asking.h"

#include "base/path_name.h"

bool iw_word_is(struct iw_str word, const char *text)
{
    return iw_str_equal_nocase(word, iw_str_of(text));
}

bool iw_word_is_option(struct iw_str word)
{
    return word.p[0] == '/' || word.p[0] == '-';
}

/* `/e` or `-e`, as a whole word. */
bool iw_word_is_switch(struct iw_str word, const char *name)
{
    return iw_word_is_option(word) && iw_word_is((struct iw_str){word.p + 1, word.n - 1}, name);
}

/* What stands behind `/name:`; p NULL: it is another. */
struct iw_str iw_word_value(struct iw_str word, const char *name)
{
    struct iw_str rest = {word.p + 1, word.n - 1}, prefix = iw_str_of(name);
    if (!iw_word_is_option(word) || !iw_str_begins_nocase(rest, prefix))
        return (struct iw_str){NULL, 0};
    return (struct iw_str){rest.p + prefix.n, rest.n - prefix.n};
}

bool iw_asking_has(const struct iw_asking *asking, const char *word)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (iw_word_is(asking->words[i], word))
            return true;
    }
    return false;
}

bool iw_asking_has_switch(const struct iw_asking *asking, const char *name)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (iw_word_is_switch(asking->words[i], name))
            return true;
    }
    return false;
}

/* The first word from *at* on that is no option; n where there is none. */
size_t iw_asking_next_name(const struct iw_asking *asking, size_t at)
{
    while (at < asking->n && iw_word_is_option(asking->words[at]))
        at++;
    return at;
}

/* Where the name behind a verb stands; n: the verb is not there, or no name. */
size_t iw_asking_behind(const struct iw_asking *asking, const char *verb)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (iw_word_is(asking->words[i], verb))
            return iw_asking_next_name(asking, i + 1);
    }
    return asking->n;
}

size_t iw_asking_behind_either(const struct iw_asking *asking, const char *verb, const char *other)
{
    size_t at = iw_asking_behind(asking, verb);
    return at < asking->n ? at : iw_asking_behind(asking, other);
}

bool iw_asking_make(struct iw_asking *asking, enum iw_switch_kind kind, struct iw_str subject)
{
    asking->made.kind = kind;
    asking->made.subject = subject;
    return true;
}

/* "wevtutil" of `C:\Windows\System32\wevtutil.exe`. */
struct iw_str iw_program_stem(struct iw_str word)
{
    struct iw_str name = iw_path_name(word);
    if (iw_str_ends_nocase(name, IW_STR(".exe")))
        name.n -= 4;
    return name;
}
