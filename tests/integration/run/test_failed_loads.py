#!/usr/bin/env python3
"""A module that is registered and does not load is one finding, with both events as its evidence.

usage: test_failed_loads.py FOLDER

Each case is a host whose logs tell of a registration (event 29 of IIS-Configuration sets the image) or of workers that could not load
a DLL (W3SVC-WP 2280), or both; of some the configuration is in evidence too. Beside it stands which findings there are to be.
"""
import json
import os
import shutil
import subprocess
import sys

import coverage_hosts as make

DLL = "C:\\ProgramData\\Stat\\webstat.dll"
WRITTEN = "%ProgramData%\\Stat\\WEBSTAT.dll"
REGISTERED, FAILED = "Image of a native module set", "IIS module or ISAPI filter failed to load"


def registered(second, image=DLL):
    return (make.IIS, "Microsoft-Windows-IIS-Configuration", second, 29,
            {"PhysicalPath": "\\\\?\\C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config", "ConfigPath": "MACHINE/WEBROOT/APPHOST",
             "EffectiveLocationPath": "", "Configuration": "/system.webServer/globalModules/add[@name=\"WebStat\"]/@image",
             "EditOperationType": "1", "OldValue": "", "NewValue": image})


def failed(second, dll=DLL, event_id=2280):
    return ("Application", "Microsoft-Windows-IIS-W3SVC-WP", second, event_id, {"ModuleDll": dll, "Binary": "7E000000"})


# host: records, what the findings are called and which roles their evidence has
CASES = {
    "BOTH": ([registered(100), failed(130)], [(REGISTERED, ["match", "load_failure"])]),
    "SPELT": ([registered(100, WRITTEN), failed(130)], [(REGISTERED, ["match", "load_failure"])]),
    "OFTEN": ([registered(100), failed(130), failed(190), failed(250, event_id=2282)], [(REGISTERED, ["match", "load_failure"])]),
    "OTHER": ([registered(100), failed(130, "C:\\x\\other.dll")], [(REGISTERED, ["match"]), (FAILED, ["match"])]),
    "ALONE": ([failed(130)], [(FAILED, ["match"])]),
    "GONE": ([registered(100)], [(REGISTERED, ["match"])]),
    # What was told before the change stays told, and the change shows it too.
    "BEFORE": ([failed(70), registered(100), failed(130)],
               [(FAILED, ["match"]), (REGISTERED, ["match", "load_failure"])]),
}
# Of these the configuration was collected: the component itself is the finding, and tells what the events tell.
COMPONENT = "Web server loads code from an odd place: WebStat"
CONFIGURED = {
    "CONF": ([registered(100), failed(130), failed(190), failed(250)], [(COMPONENT, ["registration", "load_failure", "configuration", "configuration"])]),
    "CONFONCE": ([failed(130)], [(COMPONENT, ["load_failure", "configuration", "configuration"])]),
    "CONFOTHER": ([failed(130, "C:\\x\\other.dll")], [(COMPONENT, ["configuration", "configuration"]), (FAILED, ["match"])]),
}
CONFIGURATION = f"""<configuration><system.webServer><globalModules><add name="WebStat" image="{DLL}" /></globalModules></system.webServer>
<location path=""><system.webServer><modules><add name="WebStat" /></modules></system.webServer></location></configuration>
"""
SAYS = {"CONF": "a worker could not load it, 3 times until 2026-01-05T10:04:10", "CONFONCE": "a worker could not load it: event 2280",
        "BOTH": "a worker could not load it: event 2280", "OFTEN": "a worker could not load it, 3 times until 2026-01-05T10:04:10"}


def put_host(folder, host, records):
    lines = {}
    for number, (channel, provider, second, event_id, fields) in enumerate(records):
        system = {"Provider": {"#attributes": {"Name": provider}}, "EventID": event_id, "Channel": channel, "EventRecordID": 100 + number,
                  "Computer": host, "TimeCreated": {"#attributes": {"SystemTime": make.time_of(second)}},
                  "Execution": {"#attributes": {"ProcessID": 0, "ThreadID": 0}}}
        line = json.dumps({"Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
                                     "System": system, "EventData": fields}}) + "\n"
        lines[channel] = lines.get(channel, "") + line
    for number, text in enumerate(lines.values()):
        make.put(os.path.join(folder, host, f"{number}.jsonl"), text)


def findings_of(folder):
    run = subprocess.run([os.environ["IISWARDEN"], "hunt", "-q", "-f", "ndjson", "--min-level", "informational", folder],
                         capture_output=True, check=False)
    assert run.returncode in (0, 1, 2, 3), (run.returncode, run.stderr.decode())
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    for host, (records, _) in {**CASES, **CONFIGURED}.items():
        put_host(folder, host, records)
    for host in CONFIGURED:
        make.put(os.path.join(folder, host, "C/Windows/System32/inetsrv/config/applicationHost.config"), CONFIGURATION)
    found, wrong = findings_of(folder), []
    for host, (_, wanted) in {**CASES, **CONFIGURED}.items():
        mine = [one for one in found if one["host"].upper() == host]
        said = [(one["title"], [item["role"] for item in one["evidence"]]) for one in mine]
        if len(said) != len(wanted) or not all(title.startswith(begins) and roles == wanted_roles
                                               for (title, roles), (begins, wanted_roles) in zip(said, wanted)):
            wrong.append(f"{host}: {said}, not {wanted}")
        elif host in SAYS and not any(SAYS[host] in line for one in mine for line in one["why"]):
            wrong.append(f"{host}: {[one['why'] for one in mine]} does not say {SAYS[host]!r}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(CASES) + len(CONFIGURED)} hosts")


main()
