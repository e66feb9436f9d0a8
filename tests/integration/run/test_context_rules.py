#!/usr/bin/env python3
"""Rules that ask for context are decided when it is known: after the events before, before those behind, host by host.

usage: test_context_rules.py FOLDER

Events are made here, with what must be found of them; no outside evidence is needed. Two hosts have the same process ids at the
same times, so that whatever joins by id alone across hosts is seen. The findings, ids included, do not depend on how the events are
spread over files, dialects and copies.
"""
import evidence_path  # noqa: F401
import datetime
import itertools
import json
import os
import random
import shutil
import sys

import evidence

SYSMON, IIS = "Microsoft-Windows-Sysmon/Operational", "Microsoft-IIS-Configuration/Operational"
START = datetime.datetime(2026, 1, 5, 10, 0, 0)
SYSTEM32 = "C:\\Windows\\System32\\"
WORKER = SYSTEM32 + "inetsrv\\w3wp.exe"
DEPLOYER = "S-1-5-21-1-2-3-1104"

RULES = """\
title: under a worker
name: under
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: \\\\cmd.exe}, w: {Ancestor.Image|endswith: \\\\w3wp.exe}, condition: s and w}
level: medium
---
title: under no worker
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: \\\\cmd.exe}, w: {Ancestor.Image|endswith: \\\\w3wp.exe}, condition: s and not w}
level: low
---
title: in the pool of the shop
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: \\\\cmd.exe}, w: {Web.AppPool: Shop}, condition: s and w}
level: low
---
title: page written by a remote logon
logsource: {product: windows, category: file_event}
detection: {s: {TargetFilename|endswith: .aspx}, r: {Logon.Type: 10}, condition: s and r}
level: low
---
title: page without a record
logsource: {product: windows, category: file_event}
detection: {s: {TargetFilename|endswith: .aspx}, c: {Change.Status: explained}, condition: s and not c}
level: low
---
title: two shells of a worker
correlation: {type: event_count, rules: [under], group-by: [Computer], timespan: 1m, condition: {gte: 2}, generate: true}
level: high
"""

CHANGES = """\
changes:
  - id: CHG-1
    hosts: [WEB01]
    from: 2026-01-05T10:00:00Z
    to: 2026-01-05T11:00:00Z
    actors: ['CORP\\deploy']
    path: 'C:\\inetpub\\wwwroot\\planned.aspx'
"""


def stamp(seconds):
    time = START + datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%d %H:%M:%S.") + "%03d" % (time.microsecond // 1000)


class Event:
    def __init__(self, seconds, computer, channel, event_id, record_id, data):
        self.seconds, self.computer, self.channel, self.event_id, self.record_id = seconds, computer, channel, event_id, record_id
        self.data = dict(data)
        if channel == SYSMON:
            self.data["UtcTime"] = stamp(seconds)

    def flat(self):
        return {"EventID": self.event_id, "Channel": self.channel, "Hostname": self.computer, "RecordNumber": self.record_id,
                "EventTime": stamp(self.seconds), **self.data}

    def winlogbeat(self):
        return {"@timestamp": stamp(self.seconds).replace(" ", "T") + "Z",
                "winlog": {"channel": self.channel, "computer_name": self.computer, "event_id": str(self.event_id),
                           "record_id": self.record_id, "event_data": self.data}}

    def evtx_dump(self):
        return {"Event": {"System": {"EventID": self.event_id, "Channel": self.channel, "Computer": self.computer,
                                     "EventRecordID": self.record_id,
                                     "TimeCreated": {"#attributes": {"SystemTime": stamp(self.seconds).replace(" ", "T") + "Z"}}},
                          "EventData": self.data}}


FORMS = [Event.flat, Event.winlogbeat, Event.evtx_dump]


def events():
    number = itertools.count(1)

    def start(seconds, computer, pid, image, parent, parent_image, command="", logon="0x3e7"):
        return Event(seconds, computer, SYSMON, 1, next(number),
                     {"ProcessId": str(pid), "Image": image, "CommandLine": command or image, "ParentProcessId": str(parent),
                      "ParentImage": parent_image, "LogonId": logon, "User": "NT AUTHORITY\\SYSTEM"})

    def page(seconds, computer, pid, image, name, user):
        return Event(seconds, computer, SYSMON, 11, next(number),
                     {"ProcessId": str(pid), "Image": image, "TargetFilename": "C:\\inetpub\\wwwroot\\" + name, "User": user})

    def logon(seconds, computer, logon_id, kind, user):
        return Event(seconds, computer, "Security", 4624, next(number),
                     {"TargetUserName": user, "TargetDomainName": "CORP", "TargetUserSid": DEPLOYER, "TargetLogonId": logon_id,
                      "LogonType": str(kind), "IpAddress": "10.0.0.9"})

    def chain(computer, worker):
        """Process 40 is a worker of the shop on one host, the desktop on the other; 50 is its child, 60 the child's."""
        shell = SYSTEM32 + "cmd.exe"
        powershell = SYSTEM32 + "WindowsPowerShell\\v1.0\\powershell.exe"
        parent = WORKER if worker else "C:\\Windows\\explorer.exe"
        command = WORKER + ' -ap "Shop" -v "v4.0"' if worker else parent
        top = [start(1, computer, 20, SYSTEM32 + "wininit.exe", 4, "System"),
               start(2, computer, 30, SYSTEM32 + "services.exe", 20, SYSTEM32 + "wininit.exe")]
        host = SYSTEM32 + "svchost.exe"
        return top + [start(3, computer, 35, host, 30, SYSTEM32 + "services.exe"),
                      start(4, computer, 40, parent, 35, host, command), start(10, computer, 50, powershell, 40, parent),
                      start(11, computer, 60, shell, 50, powershell), start(12, computer, 61, shell, 50, powershell)]

    return chain("WEB01", True) + chain("WEB02", False) + [
        # Whose child this is nothing tells: neither of the two rules may fire.
        start(20, "WEB01", 70, SYSTEM32 + "cmd.exe", 999, SYSTEM32 + "unheard.exe"),
        logon(30, "WEB01", "0x51", 10, "deploy"), logon(30, "WEB02", "0x51", 3, "deploy"),
        start(31, "WEB01", 80, "C:\\Windows\\notepad.exe", 35, SYSTEM32 + "svchost.exe", logon="0x51"),
        start(31, "WEB02", 80, "C:\\Windows\\notepad.exe", 35, SYSTEM32 + "svchost.exe", logon="0x51"),
        page(32, "WEB01", 80, "C:\\Windows\\notepad.exe", "planned.aspx", "CORP\\deploy"),
        page(33, "WEB02", 80, "C:\\Windows\\notepad.exe", "planned.aspx", "CORP\\deploy"),
        page(34, "WEB01", 80, "C:\\Windows\\notepad.exe", "other.aspx", "CORP\\deploy"),
        # Process 80 of WEB01 is another one from here on: its pages are nobody's remote logon.
        start(40, "WEB01", 80, "C:\\Windows\\write.exe", 35, SYSTEM32 + "svchost.exe"),
        page(41, "WEB01", 80, "C:\\Windows\\write.exe", "later.aspx", "NT AUTHORITY\\SYSTEM"),
    ]


EXPECTED = sorted([
    ("under a worker", "WEB01", 11), ("under a worker", "WEB01", 12), ("in the pool of the shop", "WEB01", 11),
    ("in the pool of the shop", "WEB01", 12), ("two shells of a worker", "WEB01", 11), ("under no worker", "WEB02", 11),
    ("under no worker", "WEB02", 12), ("page written by a remote logon", "WEB01", 32), ("page written by a remote logon", "WEB01", 34),
    ("page without a record", "WEB02", 33), ("page without a record", "WEB01", 34), ("page without a record", "WEB01", 41)])
# Of the shell of an unknown parent: whether a worker is above it, both ways; which pool; nothing else is open.
UNDECIDED = {"under a worker": 1, "under no worker": 1, "in the pool of the shop": 1}


def write(folder, name, records):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w") as stream:
        for record in records:
            stream.write(json.dumps(record) + "\n")


def hunt(folder, paths, *options):
    manifest = os.path.join(folder, "manifest.json")
    out = evidence.run("hunt", "-q", "--only-rules", os.path.join(folder, "rules.yml"), "--changes", os.path.join(folder, "changes.yml"),
                       "--min-level", "informational", "--format", "ndjson", "--manifest", manifest, *options, *paths,
                       statuses=(0, 1))
    with open(manifest) as stream:
        return [json.loads(line) for line in out.splitlines()], json.load(stream)


def seconds_of(finding):
    time = datetime.datetime.strptime(finding["first_time"][:19], "%Y-%m-%dT%H:%M:%S")
    return int((time - START).total_seconds())


def of_rules(findings):
    """Those of the rules above: the hunt may have things of its own to say about these servers."""
    return [f for f in findings if f["kind"] in ("rule", "correlation")]


def check(findings, what):
    found = sorted((f["rule"]["title"], f["host"], seconds_of(f)) for f in of_rules(findings))
    assert found == EXPECTED, "%s:\n  missing %s\n  beyond %s" % (
        what, [e for e in EXPECTED if e not in found], [f for f in found if f not in EXPECTED])


def check_words(findings):
    """A finding says what was known of the context that decided."""
    pool = [f for f in of_rules(findings) if f["rule"]["title"] == "in the pool of the shop"]
    assert all("Web.AppPool: Shop" in f["why"] for f in pool), pool
    remote = [f for f in of_rules(findings) if f["rule"]["title"] == "page written by a remote logon"]
    assert all("Logon.Type: 10" in f["why"] for f in remote), remote


def check_undecided(manifest):
    found = {use["title"]: use["undecided"] for use in manifest["rules"]["matched"] if use["undecided"]}
    assert found == UNDECIDED, found


def explain(folder, rule, paths, *options):
    out = evidence.run("rules", "explain", "-q", "--only-rules", os.path.join(folder, "rules.yml"), "--format", "ndjson",
                       *options, rule, *paths, statuses=(0,))
    return [json.loads(line) for line in out.splitlines()]


MATCHED = {title: sum(1 for found, _, _ in EXPECTED if found == title) for title, _, _ in EXPECTED}
# Of which evidence tells what is open of the shell of an unknown parent.
STARTED = "Sysmon 1 or Security 4688 of WEB01, from when it started"


def items_of(event):
    return [item for selection in event["selections"] for group in selection["groups"] for item in group["items"]]


def context_of(event, field):
    return [c for item in items_of(event) for c in item["context"] if c["field"] == field][0]


def check_explained(folder, paths, *options):
    """Explaining says what the hunt says, with what was known, why not, and what would tell."""
    options = ["--changes", os.path.join(folder, "changes.yml"), *options]
    for title, matched in MATCHED.items():
        told = explain(folder, title, paths, "-n", "50", *options)
        if title == "two shells of a worker":
            # A correlation on a rule that asks for context is explained over what context decided.
            assert told[0]["asked"] and told[0]["groups_held"] == 1 and told[0]["rules"][0]["matched"] == 2, told[0]
            continue
        head, shown = told[0], told[1:]
        assert (head["matched"], head["unknown"]) == (matched, UNDECIDED.get(title, 0)), head
        assert [e["answer"] for e in shown[:matched]] == ["yes"] * matched and len(shown) == head["of_logsource"], shown
        hits = sorted((e["computer"], seconds_of({"first_time": e["time"]})) for e in shown[:matched])
        assert hits == sorted((host, at) for found, host, at in EXPECTED if found == title), hits
    under = explain(folder, "under a worker", paths, "-n", "50", *options)[1:]
    images = context_of(under[0], "Ancestor.Image")
    assert images["state"] == "known" and images["values"][1] == WORKER and images["why"] is None, images
    # 70 is the child of a process whose start nobody saw: that is all that is known, and there may be others.
    (unheard,) = [e for e in under if e["answer"] == "unknown"]
    images = context_of(unheard, "Ancestor.Image")
    assert images["state"] == "partial" and images["values"] == [SYSTEM32 + "unheard.exe"], images
    assert images["why"] == "the start of process 999 (unheard.exe) is not in evidence" and images["evidence"] == STARTED, images
    (words,) = unheard["changes"]
    assert words.endswith("there may be others: %s; needed: %s" % (images["why"], STARTED)), words
    pool = [e for e in explain(folder, "in the pool of the shop", paths, "-n", "50", *options)[1:] if e["answer"] == "unknown"]
    assert context_of(pool[0], "Web.AppPool")["state"] == "unknown" and context_of(pool[0], "Web.AppPool")["evidence"] == STARTED, pool
    # A miss says what the field was: the session of WEB02 came over the network.
    page = [e for e in explain(folder, "page written by a remote logon", paths, "-n", "50", *options)[1:] if e["computer"] == "WEB02"]
    assert [context_of(e, "Logon.Type")["values"] for e in page] == [["3"]] and page[0]["answer"] == "no", page
    planned = [e for e in explain(folder, "page without a record", paths, "-n", "50", *options)[1:] if e["answer"] == "no"]
    assert [context_of(e, "Change.Status")["values"] for e in planned] == [["explained"]], planned


def check_chosen(folder, paths):
    """--record chooses one of several, of which nothing else is counted."""
    told = explain(folder, "under a worker", paths, "--record", "15")
    assert told[0]["of_logsource"] == 1 and [e["record_id"] for e in told[1:]] == [15], told


TESTS = """\
- {rule: under a worker, matches: 2, evidence: ../../plain}
- {rule: under no worker, matches: 2, evidence: ../../plain}
- {rule: under no worker, record: 15, match: true, why: nothing decides it, evidence: ../../plain}
- {rule: page written by a remote logon, record: 19, match: false, why: it came over the network, evidence: ../../plain}
- {rule: page written by a remote logon, matches: 1, why: there are two, evidence: ../../plain}
- {rule: under a worker, record: 99, match: true, evidence: ../../plain}
- {rule: two shells of a worker, findings: 1, groups: 1, evidence: ../../plain}
- {rule: under no worker, match: true, why: inline as ever, event: {Channel: "%s", EventID: 1, Image: 'C:\\cmd.exe'},
   context: {Ancestor.Image: 'C:\\a.exe'}}
"""


def check_tests(folder):
    """A test over evidence asks context as a hunt does; one with an event takes it from the test."""
    mine = os.path.join(folder, "mine")
    os.makedirs(os.path.join(mine, "tests"))
    shutil.copy(os.path.join(folder, "rules.yml"), os.path.join(mine, "rules.yml"))
    with open(os.path.join(mine, "tests", "all.yml"), "w") as stream:
        stream.write(TESTS % SYSMON)
    out = evidence.run("rules", "test", "--format", "ndjson", mine, statuses=(1,))
    told = [json.loads(line) for line in out.splitlines()]
    told = [t for t in told if t["schema"] == "iiswarden.rule-test/1"]
    assert [t["state"] for t in told] == ["passed", "passed", "failed", "passed", "failed", "broken", "passed", "passed"], told
    (why,) = told[2]["changes"]
    assert "the start of process 999 (unheard.exe) is not in evidence; needed: " + STARTED in why, why
    assert told[4]["reason"] == "2 matched, 1 wanted" and told[5]["reason"].endswith("plain has no record 99"), told


def identities(findings):
    return sorted(f["id"] for f in of_rules(findings))


def spread(folder, all_events, seed):
    """The same events over three files in three forms, in any order, a third of them twice."""
    chance = random.Random(seed)
    files = [[] for _ in FORMS]
    for event in all_events:
        for n in chance.sample(range(len(FORMS)), chance.choice([1, 1, 2])):
            files[n].append(FORMS[n](event))
    for n, records in enumerate(files):
        chance.shuffle(records)
        write(os.path.join(folder, "spread%d" % seed), "part%d.json" % n, records)
    return os.path.join(folder, "spread%d" % seed)


def sid_only(folder):
    """A change of the configuration tells its author by SID; a logon elsewhere tells whose SID that is."""
    number = itertools.count(500)
    change = Event(50, "WEB01", IIS, 29, next(number),
                   {"Security_UserID": DEPLOYER, "EditOperationType": "1", "Configuration":
                    "/system.webServer/globalModules/add[@name=\"Shop\"]/@image", "ConfigPath": "MACHINE/WEBROOT/APPHOST",
                    "OldValue": "", "NewValue": "C:\\inetpub\\shop.dll"})
    with_sid = change.flat()
    with_sid["UserID"] = DEPLOYER
    logon = Event(1, "WEB01", "Security", 4624, next(number),
                  {"TargetUserName": "deploy", "TargetDomainName": "CORP", "TargetUserSid": DEPLOYER, "TargetLogonId": "0x99",
                   "LogonType": "3", "IpAddress": "10.0.0.9"})
    rules = os.path.join(folder, "sid-rules.yml")
    with open(rules, "w") as stream:
        stream.write("title: module added\nlogsource: {product: windows, service: iis-configuration}\n"
                     "detection: {s: {EventID: 29}, condition: s}\nlevel: medium\n")
    changes = os.path.join(folder, "sid-changes.yml")
    with open(changes, "w") as stream:
        stream.write("changes:\n  - id: CHG-2\n    hosts: [WEB01]\n    from: 2026-01-05T10:00:00Z\n    to: 2026-01-05T11:00:00Z\n"
                     "    actors: ['CORP\\deploy']\n    component: {kind: globalModule, name: Shop}\n")
    answers = []
    for name, records in (("alone", [with_sid]), ("named", [with_sid, logon.flat()])):
        write(os.path.join(folder, "sid"), name + ".json", records)
        out = evidence.run("hunt", "-q", "--only-rules", rules, "--changes", changes, "--min-level", "informational", "--format",
                           "ndjson", os.path.join(folder, "sid", name + ".json"), statuses=(0, 1))
        answers.append([json.loads(line)["change"]["status"] for line in out.splitlines() if b'"kind":"rule"' in line])
    assert answers == [["unverified"], ["explained"]], answers


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, text in (("rules.yml", RULES), ("changes.yml", CHANGES)):
        with open(os.path.join(folder, name), "w") as stream:
            stream.write(text)
    all_events = events()
    write(os.path.join(folder, "plain"), "all.json", [event.flat() for event in all_events])
    findings, manifest = hunt(folder, [os.path.join(folder, "plain")])
    check(findings, "in order")
    check_words(findings)
    check_undecided(manifest)
    check_explained(folder, [os.path.join(folder, "plain")])
    check_chosen(folder, [os.path.join(folder, "plain")])
    check_tests(folder)
    first = identities(findings)
    for seed in range(4):
        path = spread(folder, all_events, seed)
        for jobs in ("1", "2"):
            findings, manifest = hunt(folder, [path], "--jobs", jobs)
            check(findings, "spread %d, --jobs %s" % (seed, jobs))
            assert identities(findings) == first, "ids of spread %d" % seed
            check_undecided(manifest)
            check_explained(folder, [path], "--jobs", jobs)
    sid_only(folder)
    print("%d findings of rules that ask for context, the same in %d spreads" % (len(EXPECTED), 4))


if __name__ == "__main__":
    main()
