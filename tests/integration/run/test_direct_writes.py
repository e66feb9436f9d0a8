#!/usr/bin/env python3
"""A written applicationHost.config goes through the configuration system where its log tells of that very writing.

usage: test_direct_writes.py FOLDER

Each case is a host on which one program writes the file, with what its own log (events 29 and 50) tells around it; beside it stands
what the findings about the writings have to say, in order. A program changes configuration by 29s, the file, a 50, all of its own
process; whoever edits the text leaves none of these.
"""
import json
import os
import shutil
import subprocess
import sys

import coverage_hosts as make
from coverage_hosts import ALL_OF_SYSMON, END, FRAME, HOUR, IIS, MINUTE, SYSMON, frame, ticks

FILE = "C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config"
TOOL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
AT = 2 * HOUR + 30
LOW, INFORMATIONAL = "low", "informational"
THROUGH = "through the configuration system: event 29"
PAST = "it went past the configuration system: no event 29 or 50"
ENDED = "it went past the configuration system: event 50"
TWICE = "the same process wrote that file 2 times around event 29"
UNKNOWN = "which of them went past the configuration system is not known, nor that one did: "


def wrote(second):
    return make.created(second, FILE, Image=TOOL, ProcessId=4242)


def changed(second):
    return (second, 29, {"pid": 4242, "PhysicalPath": "\\\\?\\" + FILE, "ConfigPath": "MACHINE/WEBROOT/APPHOST",
                         "EffectiveLocationPath": "", "EditOperationType": "1", "OldValue": "", "NewValue": "x",
                         "Configuration": "/system.applicationHost/sites/site[@name=\"x\"]"})


def done(second):
    return (second, 50, {"pid": 4242, "PhysicalPath": "\\\\?\\" + FILE})


def honest(*seconds):
    return [wrote(at + .01) for at in seconds], [record for at in seconds for record in (changed(at), done(at + .02))]


# host: (Sysmon, IIS-Configuration), what the findings say in order
CASES = {
    "ONE": (honest(AT), [(INFORMATIONAL, THROUGH)]),
    "THREE": (honest(AT, AT + .2, AT + .4), [(INFORMATIONAL, THROUGH)] * 3),
    "BEHIND": (([wrote(AT + .01), wrote(AT + .3)], honest(AT)[1]), [(INFORMATIONAL, THROUGH), (LOW, ENDED)]),
    "TWICE": (([wrote(AT + .01), wrote(AT + .015)], honest(AT)[1]), [(LOW, TWICE)] * 2),
    "NONE": (([wrote(AT)], honest(AT - 600)[1]), [(LOW, PAST)]),
    # The end of the first change and the beginning of the second are lost: records are missing there.
    "LOST": ((honest(AT, AT + .2)[0], [changed(AT), make.lose(2), done(AT + .22)]), [(LOW, UNKNOWN)] * 2),
}


def lines_of(host, channel, records):
    """JSON as evtx_dump writes it, with the process that logged."""
    made = []
    for record_id, second, event_id, fields in make.numbered(records):
        fields = dict(fields)
        system = {"Provider": {"#attributes": {"Name": make.provider_of(channel, event_id)}}, "EventID": event_id, "Channel": channel,
                  "EventRecordID": record_id, "Computer": host, "TimeCreated": {"#attributes": {"SystemTime": make.time_of(second)}},
                  "Execution": {"#attributes": {"ProcessID": fields.pop("pid", 4), "ThreadID": 8}}}
        made.append(json.dumps({"Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
                                          "System": system, "EventData": fields}}) + "\n")
    return "".join(made)


def put_host(folder, host, writings, told):
    by_time = sorted(ticks(ALL_OF_SYSMON, 0, END - 5 * MINUTE) + writings, key=lambda record: record[0])
    logs = {FRAME: frame(), SYSMON: by_time, IIS: [make.committed(30)] + told + [make.committed(END - 60)]}
    for number, (channel, records) in enumerate(logs.items()):
        make.put(os.path.join(folder, host, f"{number}.jsonl"), lines_of(host, channel, records))


def findings_of(folder):
    run = subprocess.run([os.environ["IISWARDEN"], "hunt", "-q", "-f", "ndjson", "--min-level", "informational", folder],
                         capture_output=True, check=False)
    assert run.returncode in (0, 1, 2, 3), (run.returncode, run.stderr.decode())
    found = [json.loads(line) for line in run.stdout.decode().splitlines()]
    return [one for one in found if one.get("kind") == "rule" and "written by an unusual program" in one["title"]]


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    for host, ((writings, told), _) in CASES.items():
        put_host(folder, host, writings, told)
    found, wrong = findings_of(folder), []
    for host, (_, wanted) in CASES.items():
        said = [(one["level"], one["why"]) for one in found if one["host"].upper().startswith(host)]
        is_right = len(said) == len(wanted) and all(
            level == wanted_level and any(words in line for line in why)
            for (level, why), (wanted_level, words) in zip(said, wanted))
        if not is_right:
            wrong.append(f"{host}: {said}, not {wanted}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(CASES)} hosts")


main()
