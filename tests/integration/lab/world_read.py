"""Reads generated evidence for tests: events of every form as one kind of record, the manifest, the scenario.

An `Event` has what the record says: channel, event_id, record_id, version, level, keywords, time (ticks of 100 ns since
1601), pid and user_sid of the System part, `names` in order, `data` (name to text; unnamed values in `unnamed`), and where
it stands (`source` below evidence/, `form`). GUIDs are bare and lower case in all forms. A form that does not tell
something leaves None.
"""
import datetime
import glob
import json
import os
import re
import xml.etree.ElementTree as ElementTree

import evtx_walk
import world_yaml

EPOCH = datetime.datetime(1601, 1, 1)
MS = 10000
SECOND = 10000000


def ticks(text):
    """Of `2026-01-05T10:00:00.1234567Z` or `2026-01-05 10:00:00.123`; always UTC."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(?:Z|\+00:00)?", text)
    if not match:
        raise ValueError("time " + text)
    whole = datetime.datetime.fromisoformat("%sT%s" % match.groups()[:2]) - EPOCH
    return (whole.days * 86400 + whole.seconds) * SECOND + int(((match.group(3) or "") + "0000000")[:7])


def show_time(value):
    return (EPOCH + datetime.timedelta(microseconds=value // 10)).isoformat() + "Z"


def bare(text):
    return text.strip("{}").lower()


class Event:
    __slots__ = ("channel", "event_id", "record_id", "version", "level", "keywords", "time", "pid", "user_sid", "names",
                 "data", "unnamed", "source", "form", "computer", "provider", "provider_guid", "written", "place")

    def __init__(self, source, form):
        for name in self.__slots__:
            setattr(self, name, None)
        self.source, self.form, self.names, self.data, self.unnamed = source, form, [], {}, []

    def add(self, name, value):
        if name == "Data":
            self.unnamed.append(value)
            return
        self.names.append(name)
        self.data[name] = bare(value) if re.fullmatch(r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?", value) \
            else value

    def __str__(self):
        return "%s %s %d record %d at %s" % (self.source, self.channel, self.event_id, self.record_id,
                                             show_time(self.time))

    @property
    def utc(self):
        """UtcTime where there is one, else TimeCreated."""
        return ticks(self.data["UtcTime"]) if "UtcTime" in self.data else self.time


def from_system(event, system):
    event.channel, event.computer, event.provider = system["Channel"], system["Computer"], system["Provider@Name"]
    event.event_id, event.record_id = int(system["EventID"]), int(system["EventRecordID"])
    event.version, event.level = int(system.get("Version", 0)), int(system.get("Level", 0))
    event.keywords, event.time = system.get("Keywords"), ticks(system["TimeCreated@SystemTime"])
    event.pid, event.user_sid = int(system.get("Execution@ProcessID", 0)), system.get("Security@UserID")
    event.provider_guid = bare(system.get("Provider@Guid", ""))
    return event


def read_evtx(path, source):
    for system, payload in evtx_walk.read(path):
        event = from_system(Event(source, "evtx"), system)
        event.written = ticks(system["written"])
        for name, value in payload:
            event.add(name, value)
        yield event


def tag(element):
    return element.tag.split("}")[-1]


def read_xml(path, source):
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            root = ElementTree.fromstring(line)
            system = {}
            for element in root[0]:
                if element.text:
                    system[tag(element)] = element.text
                for name, value in element.attrib.items():
                    system[tag(element) + "@" + name] = value
            event = from_system(Event(source, "xml"), system)
            for part in root[1:]:
                for element in (part[0] if tag(part) == "UserData" else part):
                    event.add(element.attrib.get("Name", tag(element)), element.text or "")
            yield event


def text_of(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def read_lines(path):
    with open(path, encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            yield number, json.loads(line)


def read_evtx_dump(path, source):
    for number, line in read_lines(path):
        system = {}
        for name, value in line["Event"]["System"].items():
            for attribute, text in (value or {}).get("#attributes", {}).items() if isinstance(value, dict) else ():
                system["%s@%s" % (name, attribute)] = text_of(text)
            if isinstance(value, dict) and "#text" in value:
                system[name] = text_of(value["#text"])
            elif value is not None and not isinstance(value, dict):
                system[name] = text_of(value)
        event = from_system(Event(source, "evtx_dump"), system)
        payload = line["Event"].get("EventData") or {}
        for root in (line["Event"].get("UserData") or {}).values():
            payload = root
        for name, value in payload.items():
            if name == "Data" and isinstance(value, dict):
                texts = value.get("#text")
                for text in texts if isinstance(texts, list) else [texts]:
                    event.add("Data", text_of(text))
            elif not name.startswith("#") and not name.endswith("_attributes"):
                event.add(name, text_of(value))
        event.place = number
        yield event


def read_winlogbeat(path, source):
    for number, line in read_lines(path):
        log, event = line["winlog"], Event(source, "winlogbeat")
        event.channel, event.computer, event.provider = log["channel"], log["computer_name"], log["provider_name"]
        event.event_id, event.record_id = int(log["event_id"]), int(log["record_id"])
        event.version, event.time = int(log.get("version", 0)), ticks(line["@timestamp"])
        event.pid = log.get("process", {}).get("pid", 0)
        event.user_sid = log.get("user", {}).get("identifier")
        event.provider_guid = bare(log.get("provider_guid", ""))
        for name, value in (log.get("event_data") or log.get("user_data") or {}).items():
            if name not in ("xml_name",):
                event.add("Data" if re.fullmatch(r"param\d+", name) and event.channel != "System" else name, value)
        event.place = number
        yield event


def read_nxlog(path, source, form="nxlog"):
    for number, line in read_lines(path):
        event = Event(source, form)
        event.channel, event.computer, event.provider = line["Channel"], line["Hostname"], line["SourceName"]
        event.event_id, event.record_id = int(line["EventID"]), int(line["RecordNumber"])
        event.version, event.level = int(line.get("Version", 0)), int(line["LevelValue"])
        event.time, event.pid = ticks(line["EventTime"]), int(line.get("ExecutionProcessID", 0))
        event.user_sid, event.provider_guid = line.get("UserID"), bare(line.get("ProviderGuid", ""))
        names = list(line)
        last = names.index("EventReceivedTime")
        first = names.index("Opcode") + 1 if "Opcode" in names else last
        for name in names[first:last]:
            if name not in ("Message", "Category"):
                event.add(name, text_of(line[name]))
        event.place = number
        yield event


class Host:
    """What was brought of one host, and what the scenario says of it."""

    def __init__(self, name, wanted):
        self.name, self.wanted = name, wanted
        self.telemetry = wanted.get("telemetry") or {}
        self.collect = wanted.get("collect") or {}
        self.events = []   # of the first form that has them, by channel and record id
        self.copies = []   # of the others

    def of(self, channel, *ids):
        return [event for event in self.events if event.channel == channel and (not ids or event.event_id in ids)]


SYSMON = "Microsoft-Windows-Sysmon/Operational"
IIS_CONFIGURATION = "Microsoft-IIS-Configuration/Operational"


def read_manifest(folder):
    with open(os.path.join(folder, "manifest.ndjson"), encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


class World:
    """A generated folder."""

    def __init__(self, folder, scenario_path, names=1):
        self.folder, self.evidence = folder, os.path.join(folder, "evidence")
        self.scenario = world_yaml.read(scenario_path, names)
        self.name = self.scenario["scenario"]
        self.manifest = read_manifest(folder)
        self.run = next(line for line in self.manifest if line["type"] == "run")
        self.hosts = {host["name"]: Host(host["name"], host) for host in self.scenario["hosts"]}
        self.acts = {}
        for kind in ("acts", "attack"):
            for act in self.scenario.get(kind) or []:
                self.acts[act.get("id") or "%s@%d" % (kind, act.line)] = act
        for host in self.scenario["hosts"]:
            if "id" in host.get("installed", {}):
                self.acts[host["installed"]["id"]] = {"installed": host["installed"]}
        self.read_events()

    def lines_of(self, kind):
        return [line for line in self.manifest if line["type"] == kind]

    def files(self, pattern):
        found = sorted(glob.glob(os.path.join(self.evidence, pattern), recursive=True))
        return [(path, os.path.relpath(path, self.evidence)) for path in found]

    def read_events(self):
        readers = [("*/C/Windows/System32/winevt/Logs/*.evtx", read_evtx), ("*/events/*.xml", read_xml),
                   ("*/events/*.jsonl", read_evtx_dump), ("siem/winlogbeat-*.ndjson", read_winlogbeat),
                   ("siem/nxlog-*.ndjson", read_nxlog),
                   ("siem/otrf-*.ndjson", lambda path, source: read_nxlog(path, source, "otrf"))]
        self.sources = {}
        for pattern, reader in readers:
            for path, source in self.files(pattern):
                self.sources[source] = list(reader(path, source))
        for events in self.sources.values():
            for event in events:
                host = self.hosts[event.computer.split(".")[0]]
                first = "evtx" if event.form == "evtx" else (host.collect.get("as") or "evtx")
                (host.events if event.form == first else host.copies).append(event)
