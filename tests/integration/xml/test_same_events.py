#!/usr/bin/env python3
"""One event from a log and from its XML is one line of `iiswarden events`, but for source and offset.

usage: test_same_events.py FOLDER

Every log of the public corpus, the odd files and the web server files is exported by evtxexport -f xml; the XML is read by
`iiswarden events` as the logs are, and the lines are compared record by record: every key, every field, their order. What
XML or evtxexport says in another way is made equal by the rules below, each with its reason; any other difference fails.
The same XML as UTF-16 with a mark, as one line an event behind a syslog prefix, and with every line end as CR LF must give
the same lines again. Exit status 77: no evidence, or no evtxexport.
"""
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../evtx"))
sys.dont_write_bytecode = True
import evidence  # noqa: E402
import normal  # noqa: E402
import test_corpus  # noqa: E402

# XML 1.0 has no characters below U+0020 but three, and no U+FFFE and U+FFFF; evtxexport prints them raw, the reader makes
# the former U+FFFD.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def text(value):
    """A value from either side. What differs, and why:
    numbers  typed in a log, text in XML: the same digits, so that nothing is left to do here
    hex      evtxexport pads to the width of the type; Windows does not
    GUID     evtxexport prints capitals; Windows small letters
    FILETIME evtxexport prints nine digits, of which two are always 0
    line end XML 1.0, 2.11: CR LF and CR alone are one line feed
    """
    value = normal.filetime(normal.guid(normal.hexadecimal(str(value))))
    return NO_XML.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))


def comparable(line):
    fields = [(key, [text(item) for item in (value if isinstance(value, list) else [value])])
              for key, value in line["fields"].items()]
    return {key: value for key, value in line.items() if key not in ("source", "offset", "fields")}, fields


def export(job):
    path, out = job
    with open(out, "wb") as stream:
        subprocess.run(["evtxexport", "-f", "xml", path], stdout=stream, stderr=subprocess.DEVNULL)


def variants(folder, source):
    """The same events written in other ways: UTF-16, one a line behind a prefix, CR LF."""
    with open(source, "rb") as stream:
        content = stream.read().decode("utf-8", "replace")
    events = re.findall(r"^<Event .*?^</Event>$", content, re.S | re.M)
    made = {
        "utf16.xml": b"\xff\xfe" + ('<?xml version="1.0" encoding="utf-16"?>\r\n<Events>' + "".join(events) +
                                    "</Events>").encode("utf-16-le"),
        "syslog.log": "".join("<13>Jan  5 10:00:00 web01 evt: %s\n" % re.sub(r"\n\s*(?=<)", "", event)
                              for event in events).encode(),
        "crlf.xml": content.replace("\n", "\r\n").encode(),
    }
    for name, data in made.items():
        with open(os.path.join(folder, name), "wb") as stream:
            stream.write(data)
    return len(events)


def differs(name, log, xml):
    """What differs in one record. The doubles of EXPORT_DIFFERS and its text of line feeds are evtxexport's."""
    heads, fields = zip(comparable(log), comparable(xml))
    if heads[0] != heads[1]:
        return "head %r / %r" % heads
    known = test_corpus.EXPORT_DIFFERS.get(name)
    for of_log, of_xml in zip(*fields):
        if of_log == of_xml:
            continue
        if known and (of_log[0], of_log[1], of_xml[1]) == (known[1], [known[3]], [known[2]]):
            continue
        return "log %r\n    XML %r" % (of_log, of_xml)
    return "" if len(fields[0]) == len(fields[1]) else "fields %r" % [[key for key, _ in side] for side in fields]


def main():
    folder, verdict = sys.argv[1], evidence.Verdict()
    others = [evidence.data("evtx", "oddities"), evidence.data("evtx", "webserver")]
    if not shutil.which("evtxexport"):
        print("SKIP: no evtxexport (package libevtx-utils)")
        sys.exit(77)
    corpus, exports = evidence.corpus(folder), os.path.join(folder, "exports")
    paths = evidence.files_below(corpus, *others)
    shutil.rmtree(exports, ignore_errors=True)
    os.makedirs(exports)
    names = {path: os.path.join(exports, "%03d.xml" % i) for i, path in enumerate(paths)}
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        list(threads.map(export, names.items()))
    logs, _ = evidence.run_with_manifest(folder, "events", [corpus, *others])
    xml, manifest = evidence.run_with_manifest(folder, "events", [exports])
    by_log, by_xml = collections.defaultdict(list), collections.defaultdict(list)
    for line in logs:
        by_log[line["source"]].append(line)
    for line in xml:
        by_xml[line["source"]].append(line)
    n_same = 0
    for path in paths:
        name = os.path.basename(path)
        ours = collections.defaultdict(list)
        for line in by_log[path]:
            ours[line["record_id"]].append(line)
        for line in by_xml[names[path]]:
            if verdict.check(ours[line["record_id"]], "%s: record %s is not in the log" % (name, line["record_id"])):
                found = differs(name, ours[line["record_id"]].pop(0), line)
                n_same += verdict.check(not found, "%s, record %s: %.1500s" % (name, line["record_id"], found))
        whole = name not in test_corpus.EXPORT_ENDS_EARLY and name not in test_corpus.EXPORT_SKIPS
        verdict.check(not whole or len(by_xml[names[path]]) == len(by_log[path]),
                      "%s: %d events in its XML, %d in the log" % (name, len(by_xml[names[path]]), len(by_log[path])))
    damage = collections.Counter()
    for row in manifest["sources"]:
        for entry in row["damage"]:
            damage[entry["kind"]] += entry["count"]
    print("damage of the XML:", dict(damage))

    largest = max((names[path] for path in paths), key=os.path.getsize)
    other = os.path.join(folder, "variants")
    os.makedirs(other, exist_ok=True)
    n_events = variants(other, largest)
    again = collections.defaultdict(list)
    for line in evidence.run_with_manifest(folder, "events", [other])[0]:
        again[os.path.basename(line["source"])].append(comparable(line))
    expected = [comparable(line) for line in by_xml[largest]]
    for name in ("utf16.xml", "syslog.log", "crlf.xml"):
        verdict.equal(len(again[name]), n_events, name + ": events")
        for found, wanted in zip(again[name], expected):
            if not verdict.equal(json.dumps(found), json.dumps(wanted), name):
                break
    verdict.end("%d files, %d records: the same from the log and from its XML" % (len(paths), n_same))


if __name__ == "__main__":
    main()
