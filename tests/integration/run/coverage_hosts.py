"""Hosts made record by record, for tests of what `iiswarden coverage` says of times and of files of settings.

A log is a list of records (seconds since BEGIN, event id, fields); record ids count from 1. lose() leaves some out of the count, as
records that were there once; count_from() is where they are counted anew.
"""
import datetime
import json
import os
import subprocess

BEGIN = datetime.datetime(2026, 1, 5, 10)
MINUTE, HOUR = 60, 3600
SYSMON, SECURITY, SYSTEM, FRAME = "Microsoft-Windows-Sysmon/Operational", "Security", "System", "Application"
IIS = "Microsoft-IIS-Configuration/Operational"
PROVIDERS = {SYSMON: "Microsoft-Windows-Sysmon", SECURITY: "Microsoft-Windows-Security-Auditing",
             SYSTEM: "Service Control Manager", FRAME: "Example", IIS: "Microsoft-Windows-IIS-Configuration"}
WORKER, SHELL = "C:\\Windows\\System32\\inetsrv\\w3wp.exe", "C:\\Windows\\System32\\svchost.exe"
LOST, COUNTED = -1, -2

CONFIGURATION = """<configuration><system.applicationHost>
<applicationPools><add name="DefaultAppPool"/></applicationPools>
<sites><site name="Default Web Site" id="1"><application path="/" applicationPool="DefaultAppPool">
<virtualDirectory path="/" physicalPath="C:\\inetpub\\wwwroot"/></application>
<bindings><binding protocol="http" bindingInformation="*:80:"/></bindings></site></sites>
</system.applicationHost></configuration>
"""
CONFIGURATION_PATH = "C/Windows/System32/inetsrv/config/applicationHost.config"

# --- records ---


def started(second, **more):
    return (second, 1, {"Image": "C:\\Windows\\System32\\defrag.exe", "CommandLine": "defrag.exe -c", "ProcessId": 4000,
                        "ParentImage": SHELL, "ParentProcessId": 800, **more})


def created(second, file="C:\\inetpub\\wwwroot\\uploads\\tree.jpg", **more):
    return (second, 11, {"Image": WORKER, "ProcessId": 4100, "TargetFilename": file, **more})


def loaded(second, image=WORKER):
    return (second, 7, {"Image": image, "ProcessId": 4100, "ImageLoaded": "C:\\Windows\\System32\\inetsrv\\cachuri.dll"})


def ended(second):
    return (second, 5, {"Image": SHELL, "ProcessId": 800})


def audited_start(second, **more):
    return (second, 4688, {"NewProcessId": "0xfa0", "NewProcessName": "C:\\Windows\\System32\\defrag.exe", "ProcessId": "0x320",
                           "CommandLine": "defrag.exe -c", "ParentProcessName": SHELL, **more})


def audited_write(second, file="C:\\inetpub\\wwwroot\\uploads\\tree.jpg", mask="0x2"):
    return (second, 4663, {"ObjectServer": "Security", "ObjectType": "File", "ObjectName": file, "AccessMask": mask,
                           "AccessList": "%%4417", "ProcessId": "0x1004", "ProcessName": WORKER})


def logged_on(second):
    return (second, 4624, {"TargetUserName": "svc", "TargetLogonId": "0x9000", "LogonType": 3, "IpAddress": "10.0.0.9"})


def logged_off(second):
    return (second, 4634, {"TargetUserName": "svc", "TargetLogonId": "0x9000", "LogonType": 3})


def committed(second):
    return (second, 29, {"PhysicalPath": "\\\\?\\C:\\Windows\\system32\\inetsrv\\config\\applicationHost.config",
                         "ConfigPath": "MACHINE/WEBROOT/APPHOST", "EditOperationType": 1, "OldValue": "00:02:00", "NewValue": "00:03:00",
                         "Configuration": "/system.applicationHost/sites/siteDefaults/limits/@connectionTimeout"})


def lose(count):
    return (LOST, count, {})


def cleared(second, event_id, channel=None):
    """1102 stands in the Security log itself, 104 in System and names the channel. Both are UserData of another provider."""
    fields = {"SubjectUserName": "adm", "SubjectDomainName": "LAB"}
    if channel is not None:
        fields.update({"Channel": channel, "BackupPath": ""})
    return (second, event_id, {"UserData": {"LogFileCleared": fields}})


def count_from(record_id):
    return (COUNTED, record_id, {})


def ticks(records, first, last, every=5 * MINUTE):
    """The records of one moment, again and again: one second apart, the first a second after the full minute."""
    return [record(at + 1 + place) for at in range(first, last + 1, every) for place, record in enumerate(records)]


def frame(first=0, last=4 * HOUR):
    """A log that speaks all the time and proves nothing: it holds the window open."""
    return [(at, 1000, {"param1": "alive"}) for at in range(first, last + 1, 5 * MINUTE)]


# --- four hours, and what is expected of them ---

END = 4 * HOUR
ALL_OF_SYSMON = [started, created, loaded]
BY_SYSMON = ["file_created", "process_created", "module_load"]
REQUIRED = {"AN1108": ["file_created", "process_created"], "AN0184": ["configuration", "registration", "module_load"]}


def sysmon_host(records, **more):
    """Sysmon shows files, processes and modules, IIS-Configuration registration."""
    return {FRAME: frame(), SYSMON: records, IIS: [committed(30)], **more}


def blind(links, *spans):
    """What is expected: {link: [(from, to)]}. A time may be a pair: any moment within it is right."""
    return {link: list(spans) for link in links}


def is_at(said, wanted):
    first, last = wanted if isinstance(wanted, tuple) else (wanted, wanted)
    return time_of(first) <= said <= time_of(last)


def link_spans(record, link):
    """The spans in which that link is among what is missing, joined where they touch."""
    spans = []
    for span in record["spans"]:
        if any(why.startswith(link + ":") for why in span["why"]):
            if spans and spans[-1][1] == span["from"]:
                spans[-1][1] = span["to"]
            else:
                spans.append([span["from"], span["to"]])
    return spans


def differences(records, host, spans):
    for analytic, required in REQUIRED.items():
        record = records.get((host, analytic))
        if record is None:
            yield f"{analytic}: no record"
            continue
        states = {link["link"]: (link["state"], link["why"]) for link in record["links"]}
        for link in required:
            wanted = spans.get(link, [])
            said = link_spans(record, link)
            if len(said) != len(wanted) or not all(is_at(one[0], two[0]) and is_at(one[1], two[1]) for one, two in zip(said, wanted)):
                told = [(time_of(0) and one[0][11:19], one[1][11:19]) for one in said]
                yield f"{link} is blind {told}, not {wanted}: {states[link]}"
            is_state_right = states[link][0] == "proved" if not wanted else states[link][0] == "gap" or wanted == [(0, END)]
            if not is_state_right:
                yield f"{link} is {states[link]}"
        for span in record["spans"]:
            if (span["verdict"] == "blind") != (span["why"] != []) or span["verdict"] == "detected":
                yield f"{analytic}: {span}"
        if (record["verdict"] == "blind") != any(link in spans for link in required):
            yield f"{analytic}: verdict {record['verdict']}"
        if record["spans"][0]["from"] != time_of(0) or record["spans"][-1]["to"] != time_of(END):
            yield f"{analytic}: the window is {record['spans'][0]['from']} to {record['spans'][-1]['to']}"


# --- files ---


def time_of(second):
    return (BEGIN + datetime.timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def numbered(records, first_id=1):
    record_id = first_id
    for second, event_id, fields in records:
        if second == LOST:
            record_id += event_id
        elif second == COUNTED:
            record_id = event_id
        else:
            yield record_id, second, event_id, fields
            record_id += 1


WRITERS = {"Microsoft-Windows-Eventlog": (104, 1100, 1101, 1102, 1104, 1108), "EventLog": (6005, 6006, 6008)}


def provider_of(channel, event_id):
    if channel == SYSTEM and event_id in (12, 13):
        return "Microsoft-Windows-Kernel-General"
    return next((name for name, ids in WRITERS.items() if event_id in ids), PROVIDERS.get(channel, PROVIDERS[IIS]))


def as_json(host, channel, records, first_id=1, has_ids=True):
    """JSON lines in the form of evtx_dump."""
    lines = []
    for record_id, second, event_id, fields in numbered(records, first_id):
        system = {"Provider": {"#attributes": {"Name": provider_of(channel, event_id)}}, "EventID": event_id, "Channel": channel,
                  "EventRecordID": record_id, "Computer": host, "TimeCreated": {"#attributes": {"SystemTime": time_of(second)}},
                  "Keywords": "0x8020000000000000" if channel == SECURITY else "0x8000000000000000"}
        if not has_ids:
            del system["EventRecordID"]
        data = fields if "UserData" in fields else {"EventData": fields}
        lines.append(json.dumps({"Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
                                           "System": system, **data}}) + "\n")
    return "".join(lines)


def put(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())


def put_evtx(path, host, channel, records, options=(), first_id=1):
    lines = []
    for record_id, second, event_id, fields in numbered(records, first_id):
        lines.append(json.dumps({"record_id": record_id, "time": time_of(second), "channel": channel, "event_id": event_id,
                                 "provider": provider_of(channel, event_id), "computer": host,
                                 "data": {name: str(value) for name, value in fields.items()}}) + "\n")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run([os.environ["IISWARDEN_LAB"], "write", "-", "-o", path, *options], input="".join(lines).encode(), check=True,
                   stdout=subprocess.DEVNULL)


def put_host(folder, host, logs, files=None, has_configuration=True):
    """A host's folder. A log's key is its channel, or (channel, first record id)."""
    for number, (key, records) in enumerate(logs.items()):
        channel, first_id = key if isinstance(key, tuple) else (key, 1)
        put(os.path.join(folder, host, "events", f"{number}.jsonl"), as_json(host, channel, records, first_id))
    if has_configuration:
        put(os.path.join(folder, host, CONFIGURATION_PATH), CONFIGURATION)
    for path, content in (files or {}).items():
        put(os.path.join(folder, host, path), content)


def records_of(text):
    records = [json.loads(line) for line in text.splitlines()]
    return {(record["host"], record["analytic"]): record for record in records}


def ask(evidence, *options):
    """What `iiswarden coverage` says, by host and analytic. Lost evidence is allowed: some of it is damaged on purpose."""
    done = subprocess.run([os.environ["IISWARDEN"], "coverage", "-q", "-f", "ndjson", *options, evidence], capture_output=True,
                          check=False)
    assert done.returncode in (0, 2), (done.returncode, done.stderr.decode())
    return records_of(done.stdout.decode())


def ask_hunt(evidence, *options):
    """What `iiswarden hunt --coverage` says."""
    file = evidence + ".coverage.ndjson"
    done = subprocess.run([os.environ["IISWARDEN"], "hunt", "-q", "--coverage", file, *options, evidence], capture_output=True,
                          check=False)
    assert done.returncode in (0, 1, 2, 3), (done.returncode, done.stderr.decode())
    with open(file, encoding="utf-8") as told:
        return records_of(told.read())
