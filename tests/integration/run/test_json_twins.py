#!/usr/bin/env python3
"""Events read from EVTX and the same events read from JSON are the same; real JSON gives the same with any number of threads.

usage: test_json_twins.py FOLDER

Twins are made here from what `events` prints of real logs, in the forms other programs write. Expected values are those of the
logs. Exit status 77: no evidence.
"""
import evidence_path  # noqa: F401
import json
import os
import sys
import zipfile

import evidence

# What the notes beside the evidence say: events in each archive, and the names of the hosts in it.
ARCHIVES = {"covenant_dcom_iertutil_dll_hijack.zip": 37814, "empire_shell_dcerpc_smb_service_dll_hijack.zip": 6349}
HOSTS = {"WORKSTATION5", "WORKSTATION6", "MORDORDC"}
SYSTEM = {"Provider": ("Name", "Guid", "EventSourceName"), "TimeCreated": ("SystemTime",), "Execution": ("ProcessID", "ThreadID"),
          "Security": ("UserID",), "Correlation": ("ActivityID", "RelatedActivityID"), "EventID": ("Qualifiers",)}
PLAIN = ("EventID", "Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel", "Computer")


def as_text(value):
    return sorted(str(item) for item in value) if isinstance(value, list) else [str(value)]


def facts(event):
    """What must be the same, of a line of output."""
    said = {name: as_text(value) for name, value in event["fields"].items() if value != []}
    return [event[key] for key in ("time", "channel", "provider", "event_id", "record_id", "host", "cut")], said


def split(event):
    """System and payload of an event as an XML converter sees them."""
    system, payload = {}, {}
    for name, value in event["fields"].items():
        tag, _, attribute = name.partition("_")
        if name in PLAIN:
            system.setdefault(name, value) if not isinstance(system.get(name), dict) else system[name].update({"#text": value})
        elif attribute and attribute in SYSTEM.get(tag, ()):
            if not isinstance(system.get(tag), dict):
                system[tag] = {"#text": system[tag], "#attributes": {}} if tag in system else {"#attributes": {}}
            system[tag]["#attributes"][attribute] = value
        else:
            for prefix in ("EventData.", "UserData."):
                name = name[len(prefix):] if name.startswith(prefix) else name
            payload[name] = value
    return system, payload


def dumped(event):
    system, payload = split(event)
    if "EventData_Name" in payload:
        payload = {"#attributes": {"Name": payload.pop("EventData_Name")}, **payload}
    return {"Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"}, "System": system,
                      "EventData": payload}}


def lines(records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


FORMS = {
    "own.json": lambda events: lines(events),
    "flat.ndjson": lambda events: lines(event["fields"] for event in events),
    "flat-crlf.jsonl": lambda events: "\ufeff" + lines(event["fields"] for event in events).replace("\n", "\r\n"),
    "array.json": lambda events: json.dumps([event["fields"] for event in events]),
    "pretty.json": lambda events: "\n".join(json.dumps(event["fields"], indent=2) for event in events),
    "joined.json": lambda events: "".join(json.dumps(event["fields"]) for event in events),
    "hits.json": lambda events: json.dumps({"took": 1, "hits": {"hits": [{"_index": "i", "_source": event["fields"]} for event in events]}}),
    "dump.jsonl": lambda events: lines(dumped(event) for event in events),
    "text.json": lambda events: lines({"message": json.dumps(event["fields"])} for event in events),
}


def is_plain(event):
    """Events whose fields say by their names where they stood. RenderingInfo has a form of its own."""
    return not any(name.startswith("RenderingInfo.") for name in event["fields"]) and event["channel"] and event["provider"]


def check_twins(verdict, folder):
    logs = [evidence.data("evtx", "webserver"), evidence.data("sigma", "regression")]
    events = [json.loads(line) for line in evidence.run("events", "-q", "--format", "ndjson", *logs, statuses=(0, 2)).splitlines()]
    events = [event for event in events if is_plain(event)]
    verdict.check(len(events) > 100, "only %d events to make twins of" % len(events))
    for name, form in FORMS.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8", newline="") as stream:
            stream.write(form(events))
        twins, manifest = evidence.run_with_manifest(folder, "events", [path])
        verdict.check(not manifest["sources"][0]["damage"], "%s: %s" % (name, manifest["sources"][0]["damage"]))
        verdict.check(len(twins) == len(events), "%s: %d events of %d" % (name, len(twins), len(events)))
        n_wrong = 0
        for event, twin in zip(events, twins):
            (head, said), (twin_head, twin_said) = facts(event), facts(twin)
            if name.startswith("dump"):   # a GUID that was text keeps its case only there
                said, twin_said = [{key: [text.lower() for text in value] for key, value in one.items()} for one in (said, twin_said)]
            wrong = [(key, said.get(key), twin_said.get(key)) for key in set(said) | set(twin_said)
                     if said.get(key) != twin_said.get(key) and key not in ("message",)]
            if head != twin_head or wrong:
                n_wrong += 1
                if n_wrong <= 3:
                    verdict.check(False, "%s: %s\n   %s\n   %.600r" % (name, head, twin_head, wrong))
        verdict.check(n_wrong == 0, "%s: %d events differ" % (name, n_wrong))


def check_findings(verdict, folder):
    """The web shell of the notes is found in its twins as in the log."""
    log = evidence.data("evtx", "webserver", "LM_typical_IIS_webshell_sysmon_1_10_traces.evtx")
    events = [json.loads(line) for line in evidence.run("events", "-q", "--format", "ndjson", log).splitlines()]
    found = {}
    for name in ("flat.ndjson", "array.json", "dump.jsonl"):
        path = os.path.join(folder, "shell-" + name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(FORMS[name](events))
        found[name] = titles(path)
    for name, got in found.items():
        verdict.check(got == titles(log) and got, "%s: found %s" % (name, got))


def titles(path):
    out = evidence.run("hunt", "-q", "--format", "ndjson", path, statuses=(0, 1))
    return sorted((finding["title"], finding["host"], finding["first_time"]) for finding in map(json.loads, out.splitlines()))


def check_archives(verdict, folder):
    for name, n_events in ARCHIVES.items():
        with zipfile.ZipFile(evidence.data("json", name)) as archive:
            paths = [archive.extract(member, folder) for member in archive.namelist()]
        outs = []
        for jobs in ("1", "2"):
            found, manifest = evidence.run_with_manifest(folder, "events", paths, "--jobs", jobs, statuses=(0,))
            del manifest["run"], manifest["command"]
            outs.append((found, manifest))
        verdict.check(outs[0] == outs[1], "%s: not the same with one thread and two" % name)
        found, manifest = outs[0]
        verdict.check(len(found) == n_events, "%s: %d events" % (name, len(found)))
        verdict.check({event["host"] for event in found} <= HOSTS, "%s: hosts %s" % (name, {event["host"] for event in found}))
        verdict.check(not manifest["sources"][0]["damage"], "%s: damage" % name)
        wrong_time = [event for event in found if "UtcTime" in event["fields"] and
                      not event["time"].startswith(event["fields"]["UtcTime"].replace(" ", "T"))]
        verdict.check(not wrong_time, "%s: %d times are not UtcTime" % (name, len(wrong_time)))
        check_as_array(verdict, folder, paths[0], found)
        # Header times of the whole collection lie within the minutes its Sysmon events span.
        known = sorted(event["time"] for event in found if "UtcTime" in event["fields"])
        others = [event["time"] for event in found if "UtcTime" not in event["fields"]]
        verdict.check(all(known[0][:13] <= time[:13] <= known[-1][:13] for time in others), "%s: times of other channels" % name)


def check_as_array(verdict, folder, path, expected):
    """The same records as one array, which one thread reads as a whole."""
    array = os.path.join(folder, "as-array.json")
    with open(path, encoding="utf-8") as lines_in, open(array, "w", encoding="utf-8") as out:
        out.write("[" + ",\n".join(lines_in.read().splitlines()) + "]")
    found, _ = evidence.run_with_manifest(folder, "events", [array], statuses=(0,))
    without = [[{key: value for key, value in event.items() if key not in ("source", "offset")} for event in events]
               for events in (found, expected)]
    verdict.check(without[0] == without[1], "%s: not the same as an array" % path)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    verdict = evidence.Verdict()
    check_twins(verdict, folder)
    check_findings(verdict, folder)
    check_archives(verdict, folder)
    verdict.end("twins of EVTX are the same, real JSON as well")


main()
