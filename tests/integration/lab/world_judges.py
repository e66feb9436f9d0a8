"""Checks for tests: other readers see in generated EVTX files, and the detector in all forms, what the strict walker sees.

Each takes a list of worlds, a folder of its own and `report(text)`.
"""
import collections
import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import evtx_walk
import test_lab_evtx


def evtx_files(worlds):
    return [(world, path, source) for world in worlds
            for path, source in world.files("*/C/Windows/System32/winevt/Logs/*.evtx")]


def plain(text):
    """XML knows one end of a line only, and no control characters."""
    return test_lab_evtx.normal((text or "").replace("\r\n", "\n").replace("\r", "\n"))


def compare(path, documents, report):
    walked = list(evtx_walk.read(path))
    if len(walked) != len(documents):
        report("%s: %d events, the walker has %d" % (path, len(documents), len(walked)))
        return
    for (system, payload), text in zip(walked, documents):
        root = ElementTree.fromstring(text)
        found_system, found_payload = test_lab_evtx.from_xml(root)
        for name in ("EventID", "EventRecordID", "Channel", "Computer", "Provider@Name", "Execution@ProcessID", "Version"):
            if system.get(name) != found_system.get(name):
                report("%s record %s: %s is %r, the walker says %r" % (path, system["EventRecordID"], name,
                                                                       found_system.get(name), system.get(name)))
        found = [value for _, value in found_payload]
        if [plain(value) for _, value in payload] != [plain(value) for value in found]:
            report("%s record %s: %s, the walker says %s" % (path, system["EventRecordID"], found_payload, payload))


def judge_evtxexport(worlds, _, report):
    if not shutil.which("evtxexport"):
        print("skipped: no evtxexport (package libevtx-utils)")
        return
    for _, path, _ in evtx_files(worlds):
        compare(path, test_lab_evtx.run_evtxexport(path), report)


def judge_python_evtx(worlds, folder, report):
    """It is slow: the smallest file of each log."""
    try:
        python = test_lab_evtx.make_venv(folder)
    except SystemExit:
        return  # it has said why
    smallest = {}
    for _, path, _ in sorted(evtx_files(worlds), key=lambda item: os.path.getsize(item[1])):
        smallest.setdefault(os.path.basename(path), path)
    for path in smallest.values():
        if len(list(evtx_walk.read(path))) > 300:
            continue
        run = subprocess.run([python, "-c", test_lab_evtx.DUMP, path], capture_output=True, text=True)
        if run.returncode != 0:
            report("python-evtx %s: %s" % (path, run.stderr[-500:]))
            continue
        # Unnamed strings are one value with markup in it: test_lab_evtx.py looks at them.
        documents = json.loads(run.stdout)
        walked = list(evtx_walk.read(path))
        if len(documents) != len(walked):
            report("python-evtx %s: %d events, the walker has %d" % (path, len(documents), len(walked)))
            continue
        for (system, payload), text in zip(walked, documents):
            found_system, found_payload = test_lab_evtx.from_xml(ElementTree.fromstring(text))
            if any(system[name] != found_system[name] for name in ("EventID", "EventRecordID", "Channel", "Computer")):
                report("python-evtx %s record %s: %s" % (path, system["EventRecordID"], found_system))
            if [plain(value) for name, value in payload if name != "Data"] != [
                    plain(value) for name, value in found_payload if name != "Data"]:
                report("python-evtx %s record %s: %s, the walker says %s" % (path, system["EventRecordID"], found_payload,
                                                                             payload))


def judge_detector(worlds, _, report):
    program = os.environ.get("IISWARDEN", "")
    if not os.path.exists(program):
        print("skipped: no iiswarden (IISWARDEN)")
        return
    for world in worlds:
        run = subprocess.run([program, "events", "-q", world.evidence], capture_output=True, text=True)
        if run.returncode != 0:
            report("%s: iiswarden events: status %d %s" % (world.name, run.returncode, run.stderr[-500:]))
            continue
        wanted = {(source, event.channel, event.record_id): event for source, events in world.sources.items()
                  for event in events}
        requests = collections.Counter()
        for line in run.stdout.splitlines():
            seen = json.loads(line)
            if seen["channel"].startswith("IIS/"):
                requests[seen["source"]] += 1
                continue
            key = os.path.relpath(seen["source"], world.evidence), seen["channel"], seen["record_id"]
            event = wanted.pop(key, None)
            if event is None:
                report("%s: %s is there twice, or not at all" % (world.name, key))
                continue
            fields = seen["fields"]
            wrong = [name for name, value in event.data.items()
                     if plain(str(fields.get("UserData." + name, fields.get("EventData." + name, fields.get(name, ""))))
                              ).strip("{}") != plain(value).strip("{}")]
            if wrong or seen["event_id"] != event.event_id:
                report("%s: the detector reads other values of %s: %s" % (event, wrong, line[:800]))
            if event.form == "evtx" and event.unnamed and fields.get("Data") not in (event.unnamed, event.unnamed[0]):
                report("%s: the detector reads %s" % (event, fields.get("Data")))
        for event in list(wanted.values())[:3]:
            report("%s: the detector does not see it" % event)
        judge_requests(world, requests, report)


def judge_requests(world, requests, report):
    """Every line of a request log is an event."""
    for folder, _, names in os.walk(world.evidence):
        for name in names:
            path = os.path.join(folder, name)
            if not (name.startswith(("u_ex", "httperr")) and name.endswith(".log")):
                continue
            with open(path, "rb") as log:
                lines = sum(1 for line in log if line.strip(b"\r\n\0") and not line.startswith(b"#"))
            if lines != requests.pop(path, 0):
                report("%s: %s has %d lines, the detector reads others" % (world.name, path, lines))
    for path in requests:
        report("%s: %s is no request log" % (world.name, path))


CHECKS = [judge_evtxexport, judge_python_evtx, judge_detector]
