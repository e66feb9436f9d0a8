#!/usr/bin/env python3
"""Logs of requests: `iiswarden events` beside a slow and simple reader of W3C logs.

usage: test_web_logs.py FOLDER

Read are the logs the lab writes (W3C and HTTPERR), the public ones where they are at hand, and long ones made here whose
columns change again and again, so that slices of 1 MiB begin under every header. Each line is compared: its place, its time,
every column, the host. `--jobs` 1, 2 and 4 print the same bytes, and a rule of `category: webserver` finds in `hunt` exactly
the lines the reference finds.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys

PROGRAM, LAB = os.environ["IISWARDEN"], os.environ["IISWARDEN_LAB"]
SHARED = os.environ.get("IISWARDEN_SHARED", "")
SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../lab/scenarios")
RULE = """title: Pages
id: 0b7a2a34-8a3c-4d9b-8d52-5d4a7b0f6c11
status: test
description: Requests for pages that were sent something.
logsource:
    category: webserver
detection:
    selection:
        cs-method: POST
        cs-uri-stem|endswith: .aspx
    condition: selection
level: low
"""


def split(line, n):
    """Values of a line under *n* columns, and what is left: every space divides; runs of spaces, where only that fits."""
    text = line.rstrip(" ")
    values = text.split(" ")
    if len(values) > n and len(text.split()) == n:
        values = text.split()
    return values[:n], " ".join(values[n:])


def read(path):
    """(offset, line, time, computer, fields) of every event of a W3C log. No padding, no damage but wrong counts."""
    events, names, number, offset, date = [], [], 0, 0, None
    with open(path, "rb") as stream:
        data = stream.read()
    for raw in data.splitlines(keepends=True):  # of bytes: at CR, LF and CRLF only
        number, here, offset = number + 1, offset, offset + len(raw)
        line = raw.rstrip(b"\r\n").decode("utf-8", "replace")
        if line.lower().startswith("#fields:"):
            names = line[8:].split()
        elif line.lower().startswith("#date:"):
            date = line[6:].strip()
        if not line or line.startswith("#"):
            continue
        values, beyond = split(line, len(names))
        fields = list(zip(names, values))
        when = dict(reversed(fields))
        day = when.get("date", date[:10] if date and when["time"] >= date[11:] else None)
        if beyond:
            fields.append(("x-beyond-fields", beyond))
        fits = len(values) == len(names) and not beyond
        events.append((here, number, "%sT%s.0000000Z" % (day, when["time"]) if day else None,
                       when.get("s-computername") if fits else None, fields))
    return events


def of_program(line):
    """What the program adds of its own is left out: the site of the folder, the beginning of the request."""
    fields = []
    for name, value in line["fields"].items():
        for one in value if isinstance(value, list) else [value]:
            fields.append((name, one))
    fields = [field for field in fields if field[0] != "x-request-start"]
    if fields and fields[-1][0] == "s-sitename":
        fields.pop()
    return line["offset"], line["line"], line["time"], fields


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode > 3:
        sys.exit("status %d from %s: %s" % (done.returncode, arguments, done.stderr.decode()))
    return done.stdout


def compare(path):
    printed = run("events", "-q", "--jobs", "1", path)
    for jobs in ("2", "4"):
        if run("events", "-q", "--jobs", jobs, path) != printed:
            sys.exit("%s: --jobs %s prints something else" % (path, jobs))
    lines, expected = [json.loads(line) for line in printed.splitlines()], read(path)
    if len(lines) != len(expected):
        sys.exit("%s: %d events, not %d" % (path, len(lines), len(expected)))
    for line, (offset, number, when, computer, fields) in zip(lines, expected):
        if fields and fields[-1][0] == "s-sitename":
            fields = fields[:-1]
        if of_program(line) != (offset, number, when, fields):
            sys.exit("%s:%d: %r is not %r" % (path, number, of_program(line), (offset, number, when, fields)))
        if computer not in (None, "-") and line["host"] != computer:
            sys.exit("%s:%d: host %s, not %s" % (path, number, line["host"], computer))
    return lines


def make_long(path, seed):
    """A log of some MiB, its columns changed at random places."""
    rng = random.Random(seed)
    known = ["date", "time", "s-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "c-ip", "cs(User-Agent)", "sc-status", "x-a"]
    end = rng.choice(["\n", "\r\n"])
    with open(path, "w", newline="") as stream:
        names = known
        stream.write("#Fields: %s%s" % (" ".join(names), end))
        for i in range(15000):
            if rng.random() < 0.0005:
                names = known[:2] + rng.sample(known[2:], rng.randint(3, 8))
                stream.write("#Software: S%s#Date: 2026-01-05 00:00:00%s#Fields: %s%s" % (end, end, " ".join(names), end))
            values = {"date": "2026-01-05", "time": "%02d:%02d:%02d" % (i // 3600 % 24, i // 60 % 60, i % 60)}
            words = [values.get(name) or rng.choice(["GET", "POST", "-", "/a.aspx", "/b.html", "ü" * rng.randint(1, 60)])
                     for name in names]
            if rng.random() < 0.01:
                words = words[:-1] if rng.random() < 0.5 else words + ["more", "values"]
            stream.write(" ".join(words) + end)


def hunt(folder, paths):
    rule, logs = os.path.join(folder, "rule.yml"), os.path.join(folder, "hunted")
    os.makedirs(logs, exist_ok=True)
    with open(rule, "w") as stream:
        stream.write(RULE)
    expected = set()
    for i, path in enumerate(paths):
        copy = os.path.join(logs, "%d.log" % i)
        shutil.copy(path, copy)
        for offset, number, _, _, fields in read(copy):
            found = dict(reversed(fields))
            if found.get("cs-method") == "POST" and found.get("cs-uri-stem", "").lower().endswith(".aspx"):
                expected.add((copy, offset, number))
    got = set()
    for line in run("hunt", "-q", "--format", "ndjson", "--only-rules", rule, logs).splitlines():
        for item in json.loads(line)["evidence"]:
            got.add((item["source"], item["offset"], item["line"]))
    if got != expected:
        sys.exit("hunt: %d lines found, not %d; first: %s" % (len(got), len(expected), sorted(got ^ expected)[:3]))
    return len(expected)


LOCAL_RULES = """title: Get
name: get
id: 0b7a2a34-8a3c-4d9b-8d52-5d4a7b0f6c12
logsource: {category: webserver}
detection: {s: {cs-method: GET}, condition: s}
level: low
---
title: Post
name: post
id: 0b7a2a34-8a3c-4d9b-8d52-5d4a7b0f6c13
logsource: {category: webserver}
detection: {s: {cs-method: POST}, condition: s}
level: low
---
title: Both
id: 0b7a2a34-8a3c-4d9b-8d52-5d4a7b0f6c14
correlation: {type: temporal_ordered, rules: [get, post], timespan: 1m, generate: true}
level: medium
"""
IIS_LINE = "10.0.0.9, -, 01/05/26, %s, W3SVC1, %s, 10.0.0.1, 4502, 163, 3223, 200, 0, %s, /a.aspx, -,\r\n"
W3C_LOG = "#Fields: date time s-computername cs-method cs-uri-stem\r\n2026-01-05 %s %s %s /a.aspx\r\n"


def local_titles(folder, *options):
    """What is found, without times: local times are up to 14 hours off."""
    lines = [json.loads(line) for line in run("hunt", "-q", "--format", "ndjson", "--only-rules", os.path.join(folder, "local.yml"),
                                              *options, os.path.join(folder, "local")).splitlines()]
    for line in lines:
        is_local = line["evidence"][0]["source"].endswith("in260105.log")
        if is_local != any("local clock" in why for why in line["why"]):
            sys.exit("the clock of %s: %s" % (line["title"], line["why"]))
    return sorted(line["title"] for line in lines)


def local_times(folder):
    """IIS format says no zone: such requests come together with none but those of their own server, and a window that
    may reach them shows them."""
    logs = os.path.join(folder, "local")
    os.makedirs(logs)
    with open(os.path.join(folder, "local.yml"), "w") as stream:
        stream.write(LOCAL_RULES)

    def write(name, text):
        with open(os.path.join(logs, name), "w", newline="") as stream:
            stream.write(text)

    def expect(titles, *options):
        if local_titles(folder, *options) != titles:
            sys.exit("local times, %s: %s, not %s" % (options, local_titles(folder, *options), titles))
    write("in260105.log", IIS_LINE % ("10:00:00", "WEB01", "GET") + IIS_LINE % ("10:00:05", "WEB02", "POST"))
    write("u_ex260105.log", W3C_LOG % ("10:00:05", "WEB01", "POST"))
    expect(["Get", "Post", "Post"])
    write("in260105.log", IIS_LINE % ("10:00:00", "WEB01", "GET") + IIS_LINE % ("10:00:05", "WEB01", "POST"))
    expect(["Both", "Get", "Post", "Post"])
    os.unlink(os.path.join(logs, "u_ex260105.log"))
    expect(["Both", "Get", "Post"], "--until", "2026-01-04T20:00:05Z")
    expect([], "--until", "2026-01-04T19:59:00Z")
    expect(["Both", "Get", "Post"], "--since", "2026-01-06T00:00:01Z")
    expect([], "--since", "2026-01-06T00:01:00Z")


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    paths = []
    for scenario in ("demo", "noisy-farm", "webshell-exchange", "webshell-late"):
        out = os.path.join(folder, scenario)
        subprocess.run([LAB, "generate", os.path.join(SCENARIOS, scenario + ".yml"), "-o", out], check=True,
                       stdout=subprocess.DEVNULL)
        for here, _, names in os.walk(out):
            paths += [os.path.join(here, name) for name in names if re.match(r"u_ex.*\.log|httperr.*\.log", name)]
    if not any("httperr" in path for path in paths) or len(paths) < 5:
        sys.exit("the lab wrote too few logs: %s" % paths)
    for seed in range(3):
        paths.append(os.path.join(folder, "long%d.log" % seed))
        make_long(paths[-1], seed)
    public = os.path.join(SHARED, "data/iislog")
    if SHARED and os.path.isdir(public):
        paths += sorted(os.path.join(public, name) for name in os.listdir(public) if name.endswith(".log"))
    else:
        print("no public logs: only those of the lab")
    n_lines = sum(len(compare(path)) for path in paths)
    local_times(folder)
    requests = [path for path in paths if "httperr" not in path]
    print("%d lines of %d logs agree; %d of them found by the rule" % (n_lines, len(paths), hunt(folder, requests)))


main()
