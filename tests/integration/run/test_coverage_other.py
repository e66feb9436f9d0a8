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


def event(channel, event_id, record_id, fields, time="10:00:07.5"):
    system = {"Provider": {"#attributes": {"Name": "P"}}, "EventID": event_id, "EventRecordID": record_id, "Channel": channel,
              "TimeCreated": {"#attributes": {"SystemTime": f"2026-01-05T{time}Z"}}, "Computer": "WEB01"}
    return json.dumps({"Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
                                 "System": system, "EventData": fields}})


def acts_as_events(acts):
    """What a well-logged host would write of each act but requests, which are no events of Windows; and around them that
    something ended."""
    lines, numbers = [], {SYSMON: 1, CONFIGURATION: 0}
    for act in acts:
        name = f"{MARKER}-{act['id']}-{STAMP}"
        fields = {
            "file": (SYSMON, 11, {"TargetFilename": f"{act['subject']}\\{name}.aspx"}),
            "child": (SYSMON, 1, {"CommandLine": f"cmd.exe /c rem {name}", "ParentImage": WORKER}),
            "load": (SYSMON, 7, {"ImageLoaded": f"C:\\Windows\\System32\\inetsrv\\{name}.dll", "Image": WORKER}),
            "registration": (CONFIGURATION, 29, {"NewValue": name}),
            "unregistration": (CONFIGURATION, 29, {"OldValue": name, "NewValue": ""}),
        }.get(act["kind"])
        if fields is not None:
            numbers[fields[0]] += 1
            lines.append(event(fields[0], fields[1], numbers[fields[0]], fields[2]))
    ends = [event(SYSMON, 5, number, {}, time) for number, time in ((1, "09:30:00"), (numbers[SYSMON] + 1, "10:30:00"))]
    return ends[:1] + lines + ends[1:]


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
    told = records(run("coverage", "--canary", plan_file, "-f", "ndjson", logs))
    seen = told["iiswarden.canary/1"]
    assert [(one["id"], one["kind"]) for one in seen] == [(act["id"], act["kind"]) for act in acts]
    for one in seen:
        assert one["seen"] == (one["kind"] != "request"), one
        for sighting in one["sightings"]:
            assert sighting["delay_s"] == (None if one["kind"] == "unregistration" else 7), one
    check_proofs(told["iiswarden.coverage/1"], records(run("coverage", "-f", "ndjson", logs))["iiswarden.coverage/1"])
    told = records(run("coverage", "--canary", plan_file, "-f", "ndjson", evidence))
    assert not any(one["seen"] for one in told["iiswarden.canary/1"])
    assert all(any("canaries of this host was seen" in note for note in one["notes"]) for one in told["iiswarden.coverage/1"])
    lost = acts_as_events([act for act in acts if act["id"] != "f001"])
    with open(os.path.join(logs, "events.ndjson"), "w", encoding="utf-8") as file:
        file.write("\n".join(lost) + "\n")
    shell = records(run("coverage", "--canary", plan_file, "-f", "ndjson", logs))["iiswarden.coverage/1"][1]
    assert shell["verdict"] == "blind" and "canary f001 (file)" in link_of(shell, "file_created")["why"], shell


def records(text):
    """By schema; canaries are told before verdicts."""
    told = {"iiswarden.canary/1": [], "iiswarden.coverage/1": []}
    for line in text.splitlines():
        told[json.loads(line)["schema"]].append(json.loads(line))
    return told


def link_of(record, name):
    return next(link for link in record["links"] if link["link"] == name)


def check_proofs(told, without):
    """What is found of a canary is no suspicion of its host."""
    shell, before = told[1], without[1]
    assert (before["host"], before["analytic"]) == (shell["host"], shell["analytic"]) == ("WEB01", "AN1108")
    assert before["findings"] and not before["notes"], before
    assert shell["verdict"] == "clear" and not shell["findings"], shell
    assert any("findings are about canaries" in note for note in shell["notes"]), shell
    for record, name in ((shell, "file_created"), (shell, "process_created"), (told[0], "module_load")):
        assert link_of(record, name)["state"] == "proved", record


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
