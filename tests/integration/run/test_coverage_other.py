#!/usr/bin/env python3
"""`iiswarden coverage --emit sysmon`, `--canary-plan` and `--canary` over a server the lab tells of.

usage: test_coverage_other.py FOLDER

The configuration is read by an XML parser and held against the roots `inventory` names. The acts of a plan are done here, in
events written from the plan alone: each comes back with its source and its delay, and without them none does.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as tree

import powershell_text

PROGRAM, LAB = os.environ["IISWARDEN"], os.environ["IISWARDEN_LAB"]
SCENARIO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../lab/scenarios/demo.yml")
MARKER, STAMP = "iwc0123456789", "20260105T100000Z"
SYSMON = "Microsoft-Windows-Sysmon/Operational"
CONFIGURATION = "Microsoft-IIS-Configuration/Operational"
WORKER = "C:\\Windows\\System32\\inetsrv\\w3wp.exe"


def run(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, check=False)
    assert done.returncode in (0, 2), (words, done.returncode, done.stderr.decode())
    return done.stdout.decode()


def event(channel, event_id, record_id, fields):
    system = {"Provider": {"#attributes": {"Name": "P"}}, "EventID": event_id, "EventRecordID": record_id, "Channel": channel,
              "TimeCreated": {"#attributes": {"SystemTime": "2026-01-05T10:00:07.5Z"}}, "Computer": "WEB01"}
    return json.dumps({"Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
                                 "System": system, "EventData": fields}})


def acts_as_events(acts):
    """What a well-logged host would write of each act but requests, which are no events of Windows."""
    lines = []
    for number, act in enumerate(acts, 1):
        name = f"{MARKER}-{act['id']}-{STAMP}"
        fields = {
            "file": (SYSMON, 11, {"TargetFilename": f"{act['subject']}\\{name}.aspx"}),
            "child": (SYSMON, 1, {"CommandLine": f"cmd.exe /c rem {name}", "ParentImage": WORKER}),
            "load": (SYSMON, 7, {"ImageLoaded": f"C:\\Windows\\System32\\inetsrv\\{name}.dll", "Image": WORKER}),
            "registration": (CONFIGURATION, 29, {"NewValue": name}),
            "unregistration": (CONFIGURATION, 29, {"OldValue": name, "NewValue": ""}),
        }.get(act["kind"])
        if fields is not None:
            lines.append(event(fields[0], fields[1], number, fields[2]))
    return lines


def check_sysmon(evidence):
    text = run("coverage", "--emit", "sysmon", evidence)
    assert text == run("coverage", "--emit", "sysmon", evidence), "two runs differ"
    root = tree.fromstring(text)
    assert root.tag == "Sysmon" and root.get("schemaversion") == "4.90"
    servers = [json.loads(line) for line in run("inventory", "-f", "ndjson", evidence).splitlines()]
    roots = [record["path"] for record in servers if record.get("record") == "root" and record.get("path")]
    named = [entry.text for entry in root.iter("TargetFilename") if entry.get("condition") == "begin with"]
    for path in roots:
        assert any((path.rstrip("\\") + "\\").lower().startswith(value.lower()) for value in named), (path, named)
    assert [entry.get("onmatch") for entry in root.iter("ProcessCreate")] == ["exclude"]
    assert any(entry.text == "\\inetsrv\\w3wp.exe" for entry in root.find("EventFiltering").iter("Image"))


def check_canaries(folder, evidence):
    plan_file, logs = os.path.join(folder, "plan.json"), os.path.join(folder, "logs")
    script = run("coverage", "--canary-plan", plan_file, "--marker", MARKER, evidence)
    powershell_text.read(script)
    with open(plan_file, encoding="utf-8") as file:
        acts = json.load(file)["acts"]
    assert {act["kind"] for act in acts} >= {"file", "child", "registration", "load", "unregistration"}, acts
    for act in acts:
        assert act["run"] in script and act["undo"] in script
        assert not act["run"] or re.search(re.escape(f"{MARKER}-{act['id']}") + "|^#", act["run"]), act
    os.makedirs(logs)
    with open(os.path.join(logs, "events.ndjson"), "w", encoding="utf-8") as file:
        file.write("\n".join(acts_as_events(acts)) + "\n")
    seen = [json.loads(line) for line in run("coverage", "--canary", plan_file, "-f", "ndjson", logs).splitlines()]
    assert [(one["id"], one["kind"]) for one in seen] == [(act["id"], act["kind"]) for act in acts]
    for one in seen:
        assert one["seen"] == (one["kind"] != "request"), one
        for sighting in one["sightings"]:
            assert sighting["delay_s"] == (None if one["kind"] == "unregistration" else 7), one
    nothing = run("coverage", "--canary", plan_file, "-f", "ndjson", evidence)
    assert not any(json.loads(line)["seen"] for line in nothing.splitlines())


def main():
    folder = sys.argv[1]
    if subprocess.run([PROGRAM, "help", "coverage"], capture_output=True, check=False).returncode != 0:
        print("SKIP: this program has no command coverage")
        sys.exit(77)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    subprocess.run([LAB, "generate", SCENARIO, "-o", os.path.join(folder, "told")], check=True, stdout=subprocess.DEVNULL)
    evidence = os.path.join(folder, "told", "evidence")
    check_sysmon(evidence)
    check_canaries(folder, evidence)
    print("configuration and canaries agree")


if __name__ == "__main__":
    main()
