"""Reads PowerShell as far as quoting goes: strings, comments and brackets, by the rules of about_Quoting_Rules.

Not the language: enough to say that every quote and bracket closes where it should, which strings there are, and what stands
outside of them.
"""
SINGLE = "'\u2018\u2019\u201a\u201b"
DOUBLE = '"\u201c\u201d\u201e'
PAIRS = {")": "(", "]": "[", "}": "{"}


class Torn(Exception):
    """Something is open at the end, or closes what was not open."""


def read(text):
    """(code without strings and comments, single-quoted strings, double-quoted strings); Torn where it does not close."""
    code, single, double, open_brackets, at = [], [], [], [], 0
    while at < len(text):
        char = text[at]
        if text.startswith("<#", at):
            end = text.find("#>", at)
            if end < 0:
                raise Torn("<# is not closed")
            at = end + 2
        elif char == "#" and (at == 0 or text[at - 1] in " \t\n({;"):
            at = text.find("\n", at)
            at = len(text) if at < 0 else at
        elif char == "`":
            code.append(text[at:at + 2])
            at += 2
        elif char in SINGLE:
            value, at = read_single(text, at + 1)
            single.append(value)
            code.append("''")
        elif char in DOUBLE:
            value, at = read_double(text, at + 1)
            double.append(value)
            code.append('""')
        else:
            if char in "([{":
                open_brackets.append(char)
            elif char in PAIRS:
                if not open_brackets or open_brackets.pop() != PAIRS[char]:
                    raise Torn(f"{char} closes nothing: {text[max(0, at - 60):at + 1]!r}")
            code.append(char)
            at += 1
    if open_brackets:
        raise Torn(f"open at the end: {open_brackets}")
    return "".join(code), single, double


def read_single(text, at):
    value = []
    while at < len(text):
        if text[at] in SINGLE:
            if at + 1 < len(text) and text[at + 1] in SINGLE:
                value.append(text[at])
                at += 2
                continue
            return "".join(value), at + 1
        value.append(text[at])
        at += 1
    raise Torn("a string in single quotes is not closed")


def read_double(text, at):
    """What stands in it as written; $( ... ) is code again and must close by itself."""
    value = []
    while at < len(text):
        if text[at] == "`":
            value.append(text[at:at + 2])
            at += 2
        elif text.startswith("$(", at):
            depth, begin = 1, at
            at += 2
            while depth:
                if at >= len(text):
                    raise Torn("$( is not closed")
                if text[at] in SINGLE:
                    _, at = read_single(text, at + 1)
                    continue
                if text[at] in DOUBLE:
                    _, at = read_double(text, at + 1)
                    continue
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                at += 1
            value.append(text[begin:at])
        elif text[at] in DOUBLE:
            return "".join(value), at + 1
        else:
            value.append(text[at])
            at += 1
    raise Torn("a string in double quotes is not closed")
