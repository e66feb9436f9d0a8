/**
 * Quoting: texts of evidence, and of users, put into scripts and documents that others will run.
 *
 * Each function appends *text* so that what reads it gets that text and nothing else. Where a form
 * cannot hold a character at all, it holds U+FFFD in its place; bytes that are not UTF-8 become
 * U+FFFD in every form.
 */
#ifndef IW_BASE_SCRIPT_QUOTE_H
#define IW_BASE_SCRIPT_QUOTE_H

#include "base/buffer.h"

/** A string of PowerShell, in quotes: nothing in it is expanded. PowerShell takes U+2018 to U+201B
 * for quotes as well; all of them are doubled. Line ends and unsafe characters become U+FFFD. */
void iw_quote_powershell(struct iw_buffer *out, struct iw_str text);
/** For XML 1.0, between tags and in values of attributes in either kind of quotes. What is not
 * ASCII, and line ends, are written as references, so that no reader can take it in another
 * encoding; characters that XML must not hold become U+FFFD. */
void iw_quote_xml(struct iw_buffer *out, struct iw_str text);
/** A scalar of YAML in double quotes, on one line. */
void iw_quote_yaml(struct iw_buffer *out, struct iw_str text);
/** For Markdown inside a line or a cell of a table: its marks are escaped, line ends and unsafe
 * characters made visible. */
void iw_quote_markdown(struct iw_buffer *out, struct iw_str text);

/** Whether *text* can be a path of Windows, or a name on a server, that one may paste: not empty,
 * valid UTF-8, without quotes of the double kind, `<`, `>`, `|`, `*`, `?` and without anything that
 * must not reach a terminal raw (base/json.h). */
bool iw_path_can_be_pasted(struct iw_str text);

#endif
