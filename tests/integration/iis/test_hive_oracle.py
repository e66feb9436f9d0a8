#!/usr/bin/env python3
"""Judges the reader of hives by libhivex (hivexml, hivexget), which shares nothing with it.

usage: test_hive_oracle.py HIVE_PRINT HIVE_SAMPLES FOLDER

Hives are those HIVE_SAMPLES writes by the format document and what hivexsh makes of one by writing into it. Exit status 77: a judge is missing.
"""
import base64
import os
import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

TYPES = {"none": 0, "string": 1, "expand": 2, "binary": 3, "int32": 4, "int64": 11, "string-list": 7}


def ours(hive_print, path):
    done = subprocess.run([hive_print, path], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s: %s" % (path, done.stderr))
    keys, values = {}, {}
    for line in done.stdout.splitlines():
        word, place, *rest = line.split("\t")
        if word == "key":
            keys[place] = rest[0][:19]
        else:
            values[place, rest[0]] = (int(rest[1]), bytes.fromhex(rest[2]))
    return keys, values


def text_of(data):
    return data.decode("utf-16-le").split("\0")[0]


def theirs(path):
    """hivexml: keys with times; values with type and content (texts decoded, numbers decimal, bytes base64)."""
    done = subprocess.run(["hivexml", path], capture_output=True)
    if done.returncode != 0:
        sys.exit("hivexml %s: %s" % (path, done.stderr.decode()))
    keys, values = {}, {}
    todo = [("", node) for node in ElementTree.fromstring(done.stdout).findall("node")]
    while todo:
        place, node = todo.pop()
        keys[place] = (node.findtext("mtime") or "")[:19]
        for value in node.findall("value"):
            kind = value.get("type")
            content = [item.text or "" for item in value.findall("string")] if kind == "string-list" else value.text or value.get("value") or ""
            while kind == "string-list" and content and not content[-1]:
                content.pop()  # the empty text that ends a list
            if value.get("encoding") == "base64":
                content = base64.b64decode(content)
            values[place, value.get("key") or ""] = (kind, content)
        todo += [(place + "\\" + child.get("name"), child) for child in node.findall("node")]
    return keys, values


def as_theirs(kind, number, data):
    if kind == "string-list":
        return [item for item in data.decode("utf-16-le").split("\0") if item]
    if kind in ("string", "expand"):
        return text_of(data)
    if kind in ("int32", "int64"):
        return str(int.from_bytes(data, "little", signed=True))
    return data


def compare(hive_print, path):
    keys, values = ours(hive_print, path)
    their_keys, their_values = theirs(path)
    n_bad = 0
    if keys != their_keys:
        n_bad += 1
        print("%s: keys differ: %r" % (path, sorted(set(keys.items()) ^ set(their_keys.items()))[:8]))
    if set(values) != set(their_values):
        n_bad += 1
        print("%s: values differ: %r" % (path, sorted(set(values) ^ set(their_values))[:8]))
    for place in set(values) & set(their_values):
        number, data = values[place]
        kind, content = their_values[place]
        if isinstance(content, bytes):
            same = content == data
        else:
            same = TYPES.get(kind, number) == number and as_theirs(kind, number, data) == content
        if not same:
            n_bad += 1
            print("%s: %r: here %r, there %r" % (path, place, (number, data[:40]), (kind, content[:40])))
    for (place, name), (number, data) in values.items():
        if number in (1, 2):
            done = subprocess.run(["hivexget", path, place or "\\", name or "@"], capture_output=True, text=True, timeout=60)
            if done.stdout.rstrip("\n") != text_of(data):
                n_bad += 1
                print("%s: hivexget %s %s: %r" % (path, place, name, done.stdout))
    return n_bad


def rewrite(path):
    """What hivexsh makes of a hive by writing into it: cells of another hand."""
    script = "cd \\Microsoft\nadd Added\ncd Added\nsetval 2\nOne\nstring:of hivexsh\nTwo\ndword:7\ncommit %s\n" % (path + ".written")
    done = subprocess.run(["hivexsh", "-w", path], input=script, capture_output=True, text=True, timeout=60)
    if done.returncode != 0 or not os.path.exists(path + ".written"):
        sys.exit("hivexsh: " + done.stderr)
    return path + ".written"


def main():
    hive_print, samples, folder = sys.argv[1:4]
    for tool in ("hivexml", "hivexget", "hivexsh"):
        if not shutil.which(tool):
            print("SKIP: no %s (package libhivex-bin)" % tool)
            sys.exit(77)
    shutil.rmtree(folder, ignore_errors=True)
    pathlib.Path(folder).mkdir(parents=True)
    subprocess.run([samples, folder], check=True)
    paths = sorted(str(path) for path in pathlib.Path(folder).glob("*.hiv"))
    paths.append(rewrite(paths[0]))
    n_bad = sum(compare(hive_print, path) for path in paths)
    print("%d hives compared; %d differences" % (len(paths), n_bad))
    sys.exit(n_bad != 0)


if __name__ == "__main__":
    main()
