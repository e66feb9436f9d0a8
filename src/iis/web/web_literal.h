/**
 * The literals that marks begin with, and what must hold around each.
 */
#ifndef IW_IIS_WEB_WEB_LITERAL_H
#define IW_IIS_WEB_WEB_LITERAL_H

#include "iis/web/web_mark.h"

/** What must hold around a literal so that it is a mark. */
enum iw_web_check {
    IW_WEB_CHECK_NONE = 0,       /* it stands there */
    IW_WEB_CHECK_WORD,           /* no letter or digit right before and after it */
    IW_WEB_CHECK_PHP,            /* a call of a plain function (no method), in a file with PHP */
    IW_WEB_CHECK_EVALUATION,     /* a call of a plain function, of what the request brings */
    IW_WEB_CHECK_PHP_EVALUATION, /* the same, behind the beginning of PHP: elsewhere it tests */
    IW_WEB_CHECK_PATTERN,        /* preg_replace whose pattern is evaluated, or is the request's */
    IW_WEB_CHECK_REQUEST,        /* a call, of what the request brings */
    IW_WEB_CHECK_REQUEST_FIRST,  /* the same, as the first argument */
    IW_WEB_CHECK_CREATES,        /* the same, and it opens a file for writing */
    IW_WEB_CHECK_NO_TEXT,        /* a call whose argument is not simply a text */
    IW_WEB_CHECK_ESCAPE,         /* the escape belongs to a word of code */
    IW_WEB_CHECK_VARIABLE_CALL,  /* `$_GET[...](`: a function the request names */
    IW_WEB_CHECK_RUNS_CONFIGURATION, /* web_tag.h */
    IW_WEB_CHECK_LIFTS_FILTER,       /* the same */
    IW_WEB_CHECK_SCRIPT,             /* `<script`: code when it runs at the server */
    IW_WEB_CHECK_MANY                /* counts from the 16th place on */
};

struct iw_web_literal {
    struct iw_str text; /* lower case, at least 4 bytes */
    enum iw_web_mark_kind kind;
    enum iw_web_check check;
};

/** All of them; at most 254. */
extern const struct iw_web_literal iw_web_literals[];
extern const size_t iw_web_n_literals;

#endif
