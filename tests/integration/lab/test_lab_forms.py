#!/usr/bin/env python3
"""Judges the forms of the lab: the same events in EVTX, XML and JSON must say the same.

usage: test_lab_forms.py agree|evtxexport|shift PROGRAM FOLDER

PROGRAM (lab_forms_records) writes one event of every kind in every form. What the EVTX files say, read from the bytes by
evtx_walk.py, is the measure for the others; what each writer leaves out or spells otherwise is said here, by its documentation.
Exit status 77: the judge is not there.
"""
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import evtx_walk  # noqa: E402
from test_lab_evtx import check_equal, from_xml, normal, run_evtxexport  # noqa: E402

EVENT_NAMESPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
FORMS = {"evtx", "xml", "winlogbeat", "nxlog", "evtx_dump", "otrf"}
# The Name of EventData in the events of the task scheduler, which no reader above tells.
TASK_NAMES = {"106": "TaskRegisteredEvent", "129": "CreatedTaskProcess", "140": "TaskUpdated", "141": "TaskDeleted",
              "200": "ActionStart", "201": "ActionSuccess"}
# Names NXLog keeps for the header of an event, in whatever letter case.
NXLOG_HEADER = {name.lower() for name in (
    "EventTime Hostname Keywords LevelValue EventType SeverityValue Severity EventID SourceName ProviderGuid Version TaskValue "
    "OpcodeValue RecordNumber ActivityID ExecutionProcessID ExecutionThreadID Channel Domain AccountName UserID AccountType "
    "Message Opcode UserData EventReceivedTime SourceModuleName SourceModuleType").split()}


def make(program, folder, texts, hours=0):
    """{form: {(channel, record id): (path, line)}}"""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    run = subprocess.run([program, folder, texts, str(hours)], capture_output=True, text=True)
    check_equal((run.returncode, run.stderr), (0, ""), "the writer")
    forms = {}
    for row in run.stdout.splitlines():
        form, channel, record_id, path, line = row.split("\t")
        forms.setdefault(form, {})[channel, record_id] = (path, int(line))
    check_equal(set(forms), FORMS, "forms")
    for form, places in forms.items():
        check_equal(len(places), len(forms["evtx"]), "events in " + form)
    return forms


def measure(folder, forms, read=evtx_walk.read):
    """{(channel, record id): (system, payload)} of the EVTX files; the places are right, too."""
    events = {}
    for path in sorted({path for path, _ in forms["evtx"].values()}):
        for system, payload in read(os.path.join(folder, path)):
            key = system["Channel"], system["EventRecordID"]
            check_equal(forms["evtx"][key], (path, 0), "place of %s %s" % key)
            name = path.rsplit("/", 1)[1]
            check_equal(name, key[0].replace("/", "%4") + ".evtx", "file name of " + key[0])
            events[key] = (system, payload)
    check_equal(set(events), set(forms["evtx"]), "events in EVTX")
    return events


def lines_of(folder, places):
    """Each event's line, found by its place."""
    files = {}
    for path in {path for path, _ in places.values()}:
        with open(os.path.join(folder, path), encoding="utf-8", newline="") as stream:
            files[path] = stream.read().split("\n")
        check_equal(files[path].pop(), "", "last line end of " + path)
        check_equal(len(files[path]), sum(1 for other, _ in places.values() if other == path), "lines of " + path)
    return {key: files[path][line - 1] for key, (path, line) in places.items()}


def carried_by_xml(text):
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text or "")


def carried_by_json(text):
    return re.sub("[\ud800-\udfff]", "\ufffd", text or "")


def is_there(tool, what):
    if not shutil.which(tool):
        print("note: no %s; only the parser of Python has seen the %s" % (tool, what))
    return shutil.which(tool)


def check_with_xmllint(folder, lines):
    if not is_there("xmllint", "XML"):
        return
    paths = [os.path.join(folder, "event-%d.xml" % i) for i in range(len(lines))]
    for path, line in zip(paths, lines):
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(line)
    subprocess.run(["xmllint", "--noout", *paths], check=True)


def check_with_jq(lines, what):
    if is_there("jq", what):
        run = subprocess.run(["jq", "-e", "-c", "."], input="\n".join(lines).encode(), check=True, stdout=subprocess.PIPE)
        check_equal(run.stdout.count(b"\n"), len(lines), "documents jq has seen")


def check_xml(folder, places, events):
    lines = lines_of(folder, places)
    check_with_xmllint(folder, list(lines.values()))
    for key, line in lines.items():
        check_equal(line.startswith("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"), True,
                    "start of %r" % line[:80])
        root = ElementTree.fromstring(line)
        check_equal(root.tag, EVENT_NAMESPACE + "Event", "root of %s %s" % key)
        system, payload = from_xml(root)
        wanted_system, wanted = events[key]
        check_equal(payload, [(name, normal(carried_by_xml(text))) for name, text in wanted], "xml: %s %s" % key)
        drop = {"payload", "written"}
        check_equal(system, {name: normal(text) for name, text in wanted_system.items() if name not in drop},
                    "xml: System of %s %s" % key)
        names = [element.attrib.get("Name") for element in root.iter(EVENT_NAMESPACE + "EventData")]
        is_task = key[0].startswith("Microsoft-Windows-TaskScheduler")
        check_equal(names, [] if has_user_data(wanted_system) else [TASK_NAMES[system["EventID"]] if is_task else None],
                    "xml: Name of EventData")


def documents(folder, places, what):
    lines = lines_of(folder, places)
    check_with_jq(list(lines.values()), what)
    found = {key: json.loads(line, object_pairs_hook=without_twins) for key, line in lines.items()}
    return found


def without_twins(pairs):
    check_equal(len({name for name, _ in pairs}), len(pairs), "names of one object %r" % [name for name, _ in pairs])
    return dict(pairs)


def is_unnamed(wanted):
    return bool(wanted) and wanted[0][0] == "Data"


def has_user_data(system):
    return system["payload"] != "EventData"


def check_winlogbeat(folder, places, events):
    for key, event in documents(folder, places, "JSON of winlogbeat").items():
        system, wanted = events[key]
        where = "winlogbeat: %s %s" % key
        log = event["winlog"]
        expected = {}
        for i, (name, text) in enumerate(wanted):
            if text:
                text = carried_by_json(text).replace("\r\n", "\n").rstrip("\n")
                expected["param%d" % (i + 1) if name == "Data" else name] = text
        if has_user_data(system):
            expected["xml_name"] = system["payload"]
        check_equal(log.get("user_data" if has_user_data(system) else "event_data"), expected, where)
        check_equal((log["channel"], str(log["record_id"]), log["event_id"], log["provider_name"], log["computer_name"]),
                    (*key, system["EventID"], system["Provider@Name"], system["Computer"]), where)
        check_equal(log.get("provider_guid"), lower(system.get("Provider@Guid")), where)
        check_equal(str(log["process"]["pid"]), system["Execution@ProcessID"], where)
        check_equal(log.get("user", {}).get("identifier"), system.get("Security@UserID"), where)
        check_equal(event["@timestamp"], system["TimeCreated@SystemTime"][:23] + "Z", where)
        check_equal((event["event"]["code"], event["host"]["name"]), (system["EventID"], "WEB01"), where)


def lower(text):
    return text.lower() if text else None


def check_nxlog_members(event, key, system, wanted, where):
    if has_user_data(system):
        root = ElementTree.fromstring(event["UserData"])
        check_equal(root.tag.split("}")[-1], system["payload"], where)
        found = [(child.tag.split("}")[-1], child.text or "") for child in root]
        check_equal(found, [(name, carried_by_xml(text)) for name, text in wanted], where)
    else:
        named = [(name, carried_by_json(text)) for name, text in wanted if name != "Data" and name.lower() not in NXLOG_HEADER]
        check_equal([(name, event[name]) for name, _ in named], named, where)
        if is_unnamed(wanted):
            check_equal(event["Message"], "\r\n".join(carried_by_json(text) for name, text in wanted if name == "Data"),
                        where)
    check_equal((event["Channel"], str(event["RecordNumber"]), str(event["EventID"]), event["SourceName"], event["Hostname"]),
                (*key, system["EventID"], system["Provider@Name"], system["Computer"]), where)
    check_equal(lower(event.get("ProviderGuid")), lower(system.get("Provider@Guid")), where)
    check_equal((str(event["ExecutionProcessID"]), event.get("UserID"), event["SourceModuleType"]),
                (system["Execution@ProcessID"], system.get("Security@UserID"), "im_msvistalog"), where)
    check_equal(int(event["Keywords"]), int(system["Keywords"], 16), where)


def check_nxlog(folder, places, events):
    for key, event in documents(folder, places, "JSON of nxlog").items():
        system, wanted = events[key]
        check_nxlog_members(event, key, system, wanted, "nxlog: %s %s" % key)
        check_equal(event["EventTime"], system["TimeCreated@SystemTime"][:26] + "+00:00", "nxlog")


def check_otrf(folder, places, events):
    for key, event in documents(folder, places, "JSON of otrf").items():
        system, wanted = events[key]
        check_nxlog_members(event, key, system, wanted, "otrf: %s %s" % key)
        check_equal((event["@version"], event["tags"]), ("1", ["mordorDataset"]), "otrf")
        check_equal(event["EventTime"], system["TimeCreated@SystemTime"][:19].replace("T", " "), "otrf")


def plain(value):
    """A value of evtx_dump as text of Windows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    value = str(value)
    return "{%s}" % value.lower() if re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", value) else value


def six_decimals(text):
    return re.sub(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\dZ$", r"\1Z", carried_by_json(text))


def check_evtx_dump(folder, places, events):
    for key, document in documents(folder, places, "JSON of evtx_dump").items():
        system, wanted = events[key]
        where = "evtx_dump: %s %s" % key
        event = document["Event"]
        found = event["UserData"][system["payload"]] if has_user_data(system) else event["EventData"]
        data = found.pop("Data", None)
        texts = data["#text"] if data else [""] if is_unnamed(wanted) else []
        found.pop("#attributes", None)
        payload = [("Data", text) for text in texts] + [(name, plain(value)) for name, value in found.items()]
        check_equal(payload, [(name, six_decimals(text)) for name, text in wanted], where)
        head = event["System"]
        event_id = head["EventID"] if isinstance(head["EventID"], int) else head["EventID"]["#text"]
        qualifiers = None if isinstance(head["EventID"], int) else str(head["EventID"]["#attributes"]["Qualifiers"])
        check_equal((head["Channel"], str(head["EventRecordID"]), str(event_id), qualifiers, head["Keywords"]),
                    (*key, system["EventID"], system.get("EventID@Qualifiers"), system["Keywords"]), where)
        provider = head["Provider"]["#attributes"]
        check_equal((provider["Name"], plain(provider.get("Guid")), provider.get("EventSourceName")),
                    (system["Provider@Name"], lower(system.get("Provider@Guid")) or "", system.get("Provider@EventSourceName")),
                    where)
        check_equal(head["TimeCreated"]["#attributes"]["SystemTime"], six_decimals(system["TimeCreated@SystemTime"]), where)
        check_equal([str(head[name]) for name in ("Version", "Level", "Task", "Opcode")],
                    [system[name] for name in ("Version", "Level", "Task", "Opcode")], where)
        check_equal((head["Security"] or {}).get("#attributes", {}).get("UserID"), system.get("Security@UserID"), where)
        check_equal(plain((head["Correlation"] or {}).get("#attributes", {}).get("ActivityID")),
                    system.get("Correlation@ActivityID", ""), where)


def check_agree(program, folder):
    for texts in ("mild", "wild"):
        forms = make(program, folder, texts)
        events = measure(folder, forms)
        for form in FORMS - {"evtx"}:
            globals()["check_" + form](folder, forms[form], events)


def check_evtxexport(program, folder):
    if not shutil.which("evtxexport"):
        print("skipped: no evtxexport (package libevtx-utils)")
        sys.exit(77)
    forms = make(program, folder, "mild")
    expected = measure(folder, forms)
    found = measure(folder, forms, lambda path: [
        from_xml(ElementTree.fromstring(text)) for text in run_evtxexport(path)])
    for key, (system, payload) in expected.items():
        # It takes line ends as they are and the parser of XML makes one of CR LF.
        wanted = [(name, normal((text or "").replace("\r\n", "\n"))) for name, text in payload]
        check_equal(found[key][1], wanted, "evtxexport: %s %s" % key)
        for name in ("EventID", "Computer", "Keywords", "Execution@ProcessID", "Security@UserID", "Provider@Name"):
            check_equal(found[key][0].get(name), system.get(name) and normal(system[name]), "evtxexport: " + name)


def check_shift(program, folder):
    """Header times are off, times inside the payload and of event XML are not."""
    forms = make(program, folder, "mild", 3)
    events = measure(folder, forms)
    check_xml(folder, forms["xml"], events)
    read = {form: documents(folder, forms[form], "JSON") for form in FORMS - {"evtx", "xml"}}
    for key, (system, payload) in events.items():
        true = datetime.datetime.fromisoformat(system["TimeCreated@SystemTime"][:26])
        local = (true + datetime.timedelta(hours=3)).isoformat(timespec="microseconds")
        check_equal(read["winlogbeat"][key]["@timestamp"], local[:23] + "Z", "winlogbeat")
        check_equal(read["nxlog"][key]["EventTime"], local[:19].replace("T", " "), "nxlog")
        check_equal(read["otrf"][key]["EventTime"], local[:19].replace("T", " "), "otrf")
        logstash = datetime.datetime.fromisoformat(read["otrf"][key]["@timestamp"][:-1])
        check_equal(0 < (logstash - true).total_seconds() < 5, True, "@timestamp of otrf")
        dumped = read["evtx_dump"][key]["Event"]
        check_equal(dumped["System"]["TimeCreated"]["#attributes"]["SystemTime"], local + "Z", "evtx_dump")
        for name, text in payload:
            if name in ("UtcTime", "NewTime"):
                check_equal(dumped["EventData"][name], six_decimals(text), name)


def main():
    check, program, folder = sys.argv[1:4]
    globals()["check_" + check](program, folder)
    print(check + ": as expected")


if __name__ == "__main__":
    main()
