#!/usr/bin/env python3
"""Makes ten times as many rules as there are, for bench/run: the rules themselves and nine more copies whose texts differ.

usage: ten_times.py FOLDER OUT

In each copy every text that a selection asks for (numbers, regular expressions, networks and filters stay) has letters appended, so that it is
another rule, asks for something else, and is as hard to look for. A rule none of whose texts can be changed so is not copied: its copies
would be the same rule, which costs nothing.
"""
import fnmatch
import os
import re
import sys

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
KEPT = ("re", "cidr", "exists", "fieldref", "expand", "gt", "gte", "lt", "lte")


def change(node, mark):
    """The node with all its texts changed, and how many there were."""
    if isinstance(node, str) and node:
        return node + mark, 1
    if isinstance(node, list):
        parts = [change(item, mark) for item in node]
        return [part for part, _ in parts], sum(n for _, n in parts)
    if isinstance(node, dict):
        changed, n = {}, 0
        for key, value in node.items():
            if not set(str(key).split("|")[1:]) & set(KEPT):
                value, more = change(value, mark)
                n += more
            changed[key] = value
        return changed, n
    return node, 0


def copy_rule(rule, number):
    detection, n = dict(rule["detection"]), 0
    # What must not hold stays: changed, it would never hold, and the copy would match everything.
    denied = re.findall(r"not\s+(?:\w+\s+of\s+)?\(?([\w*]+)", str(detection["condition"])) + ["filter*", "condition", "timeframe"]
    for name, selection in detection.items():
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in denied):
            detection[name], more = change(selection, "qz%d" % number)
            n += more
    return dict(rule, id="%s-%d" % (rule.get("id"), number), detection=detection) if n else None


def main():
    folder, out = sys.argv[1:]
    for where, _, names in os.walk(folder):
        for name in sorted(names):
            if not name.endswith(".yml"):
                continue
            with open(os.path.join(where, name), encoding="utf-8") as stream:
                rule = yaml.load(stream, Loader=LOADER)
            place = os.path.join(out, os.path.relpath(where, folder))
            os.makedirs(place, exist_ok=True)
            copies = [rule] + [copy_rule(rule, number) for number in range(1, 10) if "detection" in rule]
            with open(os.path.join(place, name), "w", encoding="utf-8") as stream:
                yaml.dump_all([copy for copy in copies if copy], stream, Dumper=DUMPER, sort_keys=False, allow_unicode=True)


main()
