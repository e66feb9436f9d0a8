"""Reads the part of YAML that scenarios are written in, for tests: enough to know what a scenario asked for.

Block mappings and lists, flow mappings and lists, plain and quoted scalars, folded text. A mapping knows its line
(`Mapping.line`), a scalar is always text. Whatever is not understood raises ValueError: nothing is guessed.
"""
import re


class Mapping(dict):
    line = 0


def strip_comment(text):
    """Without ` # comment`; a # within quotes or within a word stays."""
    quote = None
    for i, letter in enumerate(text):
        if quote:
            quote = None if letter == quote else quote
        elif letter in "'\"" and (i == 0 or text[i - 1] in " [{,:"):
            quote = letter
        elif letter == "#" and (i == 0 or text[i - 1] == " "):
            return text[:i].rstrip()
    return text.rstrip()


ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", '"': '"', "\\": "\\", "/": "/"}


def read_quoted(text, at):
    quote, out, at = text[at], "", at + 1
    while True:
        if at >= len(text):
            raise ValueError("quote without end: " + text)
        letter = text[at]
        if quote == "'" and letter == "'":
            if text[at + 1:at + 2] != "'":
                return out, at + 1
            out, at = out + "'", at + 2
        elif quote == '"' and letter == '"':
            return out, at + 1
        elif quote == '"' and letter == "\\":
            out, at = out + ESCAPES[text[at + 1]], at + 2
        else:
            out, at = out + letter, at + 1


def skip_spaces(text, at):
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def read_flow(text, at, line):
    """A value of a flow collection, or a whole one."""
    at = skip_spaces(text, at)
    if text[at] in "'\"":
        return read_quoted(text, at)
    if text[at] == "[":
        items, at = [], skip_spaces(text, at + 1)
        while text[at] != "]":
            item, at = read_flow(text, at, line)
            items.append(item)
            at = skip_spaces(text, at)
            at = skip_spaces(text, at + 1) if text[at] == "," else at
        return items, at + 1
    if text[at] == "{":
        items, at = Mapping(), skip_spaces(text, at + 1)
        items.line = line
        while text[at] != "}":
            key, at = read_key(text, at)
            items[key], at = read_flow(text, at, line)
            at = skip_spaces(text, at)
            at = skip_spaces(text, at + 1) if text[at] == "," else at
        return items, at + 1
    end = re.search(r"[,\]}]|$", text[at:]).start() + at
    while text[at:end].count("${") > text[at:end].count("}"):  # ${name} within a plain scalar
        end = re.search(r"[,\]}]|$", text[end + 1:]).start() + end + 1
    return text[at:end].strip(), end


def read_key(text, at):
    if text[at] in "'\"":
        key, at = read_quoted(text, at)
    else:
        match = re.compile(r"([^:,\[\]{}]+?)\s*(?=:)").match(text, at)
        key, at = match.group(1), match.end()
    at = skip_spaces(text, at)
    if text[at] != ":":
        raise ValueError("':' expected: " + text)
    return key, skip_spaces(text, at + 1)


class Reader:
    def __init__(self, text):
        self.lines = []
        for number, line in enumerate(text.splitlines(), 1):
            kept = strip_comment(line)
            if kept.strip():
                self.lines.append((len(kept) - len(kept.lstrip()), kept.strip(), number))
        self.at = 0

    def block(self, indent):
        """The collection whose items stand at this indent."""
        return self.list(indent) if self.lines[self.at][1].startswith("- ") else self.mapping(indent)

    def list(self, indent):
        items = []
        while self.at < len(self.lines) and self.lines[self.at][0] == indent and self.lines[self.at][1][:2] == "- ":
            _, text, number = self.lines[self.at]
            rest = text[2:].lstrip()
            if rest[0] in "[{'\"" or not re.match(r"[^:]+:(\s|$)", rest):
                items.append(self.inline(rest, number))
                self.at += 1
                continue
            inner = indent + len(text) - len(rest)
            self.lines[self.at] = (inner, rest, number)
            items.append(self.mapping(inner))
        return items

    def mapping(self, indent):
        items = Mapping()
        items.line = self.lines[self.at][2]
        while self.at < len(self.lines) and self.lines[self.at][0] == indent and self.lines[self.at][1][:2] != "- ":
            _, text, number = self.lines[self.at]
            key, start = read_key(text, 0)
            if key in items:
                raise ValueError("line %d: %s twice" % (number, key))
            rest = text[start:]
            self.at += 1
            deeper = self.at < len(self.lines) and (self.lines[self.at][0] > indent or (
                self.lines[self.at][0] == indent and self.lines[self.at][1][:2] == "- "))
            if rest == ">":
                words = []
                while self.at < len(self.lines) and self.lines[self.at][0] > indent:
                    words.append(self.lines[self.at][1])
                    self.at += 1
                items[key] = " ".join(words)
            elif rest:
                items[key] = self.inline(rest, number)
            else:
                items[key] = self.block(self.lines[self.at][0]) if deeper else None
        return items

    @staticmethod
    def inline(text, number):
        if text[0] not in "[{'\"":
            return text
        value, end = read_flow(text, 0, number)
        if text[end:].strip():
            raise ValueError("line %d: something behind the value: %s" % (number, text[end:]))
        return value


def replace(node, names):
    if isinstance(node, str):
        return re.sub(r"\$\{(\w+)\}", lambda match: names[match.group(1)], node)
    if isinstance(node, list):
        return [replace(item, names) for item in node]
    if isinstance(node, dict):
        result = Mapping((replace(key, names), replace(value, names)) for key, value in node.items())
        result.line = node.line
        return result
    return node


def read(path, number=1):
    """The scenario with the number-th word of each of its names."""
    with open(path, encoding="utf-8") as stream:
        reader = Reader(stream.read())
    tree = reader.mapping(0)
    if reader.at != len(reader.lines):
        raise ValueError("%s:%d: not understood" % (path, reader.lines[reader.at][2]))
    names = {key: words[min(number, len(words)) - 1] for key, words in (tree.get("names") or {}).items()}
    return replace(tree, names)
