"""Checks for tests: do the events of a generated host contradict each other, its clock, or what it is said to log?

Each check gets a world, a host and `report(text)`; it says what it found and goes on.
"""
import re

import world_fields
from world_logged import (LEFT_OUT, acts_of, base_name, check_copies, check_never_rests, check_telemetry, cleared,
                          security_on, yes)
from world_read import IIS_CONFIGURATION, MS, SECOND, SYSMON, show_time, ticks

RESOLUTION = {"evtx": 0, "xml": 0, "evtx_dump": 10, "nxlog": 10, "winlogbeat": MS, "otrf": SECOND}
SYSTEM_LOGONS = {"0x3e7", "0x3e4", "0x3e5"}
def duration(text):
    """Seconds of `+2h`, `-4m`, `250ms`."""
    sign = -1 if text.startswith("-") else 1
    units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
    return sign * sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)(ms|s|m|h|d)", text))


def clock_steps(world, host):
    return [duration(details["step"]) for _, details in acts_of(world, host, "set-clock")]


def slack(world, host):
    """How far times of different channels can be apart for clock steps."""
    return int(sum(map(abs, clock_steps(world, host))) * SECOND) + max(
        [RESOLUTION[event.form] for event in host.events[:1]] or [0])


def remove_header_clock(host):
    """Times of the headers as the host's clock had them."""
    clock = host.collect.get("header_clock")
    match = clock and re.fullmatch(r"([+-])(\d\d):(\d\d)", clock)
    if not match:
        return
    shift = (int(match.group(2)) * 60 + int(match.group(3))) * 60 * SECOND * (-1 if match.group(1) == "-" else 1)
    for event in host.events + host.copies:
        if event.form in ("winlogbeat", "nxlog", "evtx_dump", "otrf"):
            event.time -= shift


def check_numbers_and_times(world, host, report):
    backwards = sorted(-step for step in clock_steps(world, host) if step < 0)
    skew = int(duration((host.wanted.get("clock") or {}).get("skew", "0s")) * SECOND)
    room = slack(world, host) + 50 * MS
    first, last = ticks(world.run["from"]) + skew - room, ticks(world.run["to"]) + skew + room
    before, jumps, lost = {}, {}, {}
    for _, act in acts_of(world, host, "lose-records"):
        lost.setdefault(LEFT_OUT.get(act["channel"], act["channel"]), []).append(int(act["count"]))
    for event in host.events:
        key = event.source, event.channel
        if key in before:
            missing = event.record_id - before[key][0] - 1
            if missing != 0 and missing not in lost.get(event.channel, []):
                report("record %d of %s follows %d" % (event.record_id, event.channel, before[key][0]))
            back = before[key][1] - event.time
            if back > 50 * MS + RESOLUTION[event.form]:
                jumps.setdefault(key, []).append(back / SECOND)
        latest = event.time if key not in before or back > SECOND else max(event.time, before[key][1])
        before[key] = event.record_id, latest
        if not first <= event.time <= last:
            report("%s is outside of the window" % event)
        if not event.computer.endswith(".example"):
            report("%s: computer %s" % (event, event.computer))
        if event.written is not None and abs(event.written - event.time) > 2 * SECOND:
            report("%s was written at %s" % (event, show_time(event.written)))
    for key, sizes in jumps.items():
        if len(sizes) > len(backwards) or any(size > max(backwards) + 0.05 for size in sizes):
            report("time of %s goes back by %s s" % (key[1], sizes))


def check_fields(world, host, report):
    variants = {}
    for event in host.events:
        known = world_fields.expected(event)
        if not known:
            continue
        versions, names = known
        if not world_fields.fit(event.names, names, event.form in ("winlogbeat", "nxlog", "otrf")):
            report("%s has the fields %s, expected %s" % (event, event.names, names))
        if versions and event.version not in versions:
            report("%s has version %s, expected %s" % (event, event.version, versions))
        if event.form in ("evtx", "xml", "evtx_dump"):
            variants.setdefault((event.channel, event.event_id), set()).add(tuple(event.names))
        if event.channel == SYSMON and event.user_sid != "S-1-5-18":
            report("%s: user of the System part is %s" % (event, event.user_sid))
        provider = {SYSMON: world_fields.SYSMON_PROVIDER, IIS_CONFIGURATION: "dc0b8e51-4863-407a-bc3c-1b479b2978ac",
                    "Security": world_fields.SECURITY_PROVIDER}.get(event.channel)
        if provider and event.event_id != 1102 and event.provider_guid != provider:
            report("%s: provider %s" % (event, event.provider_guid))
        if event.channel == IIS_CONFIGURATION and event.event_id == 29 and event.level not in (None, 5):
            report("%s: level %d, real ones are 5 (verbose)" % (event, event.level))
    for (channel, event_id), lists in variants.items():
        if len(lists) != 1:
            report("%s %d comes with %d lists of fields" % (channel, event_id, len(lists)))


def check_utc_time(world, host, report):
    for event in host.of(SYSMON):
        if abs(event.utc - event.time) > 100 * MS + RESOLUTION[event.form]:
            report("%s: UtcTime %s" % (event, event.data["UtcTime"]))


class Process:
    def __init__(self, guid, pid, image, started, ended=None, event=None):
        self.guid, self.pid, self.image, self.started, self.ended, self.event = guid, pid, image, started, ended, event
        self.position = None  # of its start in the channel

    def alive(self, time, room):
        return (self.started is None or self.started <= time + room) and (self.ended is None or time <= self.ended + room)


def guid_seconds(guid):
    """Start of the process as its GUID tells it, seconds since 1970."""
    parts = guid.split("-")
    return int(parts[2] + parts[1], 16)


def unix_seconds(time):
    return time // SECOND - 11644473600


def sysmon_gaps(host):
    gaps, since = [], None
    for event in host.of(SYSMON, 4):
        if event.data["State"] == "Stopped":
            since = event.utc
        elif since is not None:
            gaps.append((since, event.utc))
            since = None
    return gaps + ([(since, 1 << 62)] if since is not None else [])


def sysmon_processes(host):
    processes = {}
    for i, event in enumerate(host.of(SYSMON)):
        guid = event.data.get("ProcessGuid")
        if event.event_id == 1:
            process = Process(guid, int(event.data["ProcessId"]), event.data["Image"], event.utc, None, event)
            process.position = i
            if guid not in processes:
                processes[guid] = process
        elif event.event_id == 5 and guid in processes:
            processes[guid].ended = event.utc
    return processes


def check_sysmon_processes(world, host, report):
    events = host.of(SYSMON)
    if not host.of(SYSMON, 1):
        return
    start = unix_seconds(ticks(world.run["from"])) + int(duration((host.wanted.get("clock") or {}).get("skew", "0s")))
    gaps = [(unix_seconds(a), unix_seconds(b)) for a, b in sysmon_gaps(host)]
    living, ended, known = {}, {}, {}  # by guid; known: (pid, image) of those never started in the log
    by_pid = {}
    room = slack(world, host) // SECOND

    emptied = max([unix_seconds(event.time) for event in host.of("System", 104) if event.data.get("Channel") == SYSMON], default=0)

    def unseen(guid):
        """Started where Sysmon could not see it."""
        second = guid_seconds(guid)
        return second < start or second <= emptied or any(a - 1 <= second <= b + 1 for a, b in gaps)

    def use(event, guid, pid, image, word):
        if guid in ended and event.utc > ended[guid].ended + 50 * MS:
            report("%s: %s %s ended at %s" % (event, word, image, show_time(ended[guid].ended)))
        process = living.get(guid) or ended.get(guid)
        if process is None:
            if not unseen(guid):
                report("%s: %s %s (%d) has no start, and its GUID says %d" % (event, word, image, pid, guid_seconds(guid)))
            process = known.setdefault(guid, Process(guid, pid, image, None))
        if (process.pid, process.image.lower()) != (pid, image.lower()):
            report("%s: %s is %s (%d), but was %s (%d)" % (event, word, image, pid, process.image, process.pid))

    for event in events:
        data, text = event.data, str(event)
        if event.event_id == 1:
            guid, pid = data["ProcessGuid"], int(data["ProcessId"])
            if guid in living or guid in ended or guid in known:
                report("%s: ProcessGuid is not new" % text)
            if abs(guid_seconds(guid) - unix_seconds(event.utc)) > 0:
                report("%s: GUID says second %d, UtcTime %d" % (text, guid_seconds(guid), unix_seconds(event.utc)))
            for other in list(living.values()):
                in_gap = any(other.started <= b * SECOND + 11644473600 * SECOND for _, b in gaps)
                if other.pid == pid and not in_gap:
                    report("%s: PID %d is still that of %s" % (text, pid, other.image))
            by_pid.setdefault(pid, []).append(guid)
            living[guid] = Process(guid, pid, data["Image"], event.utc, None, event)
            parent = data["ParentProcessGuid"]
            use(event, parent, int(data["ParentProcessId"]), data["ParentImage"], "parent")
            first = living.get(parent) or ended.get(parent)
            if first is not None and first.event is not None:
                for field, other in (("ParentCommandLine", "CommandLine"), ("ParentUser", "User")):
                    if field in data and data[field] != first.event.data[other]:
                        report("%s: %s is %r, the parent's is %r" % (text, field, data[field], first.event.data[other]))
                if first.event.utc > event.utc + room * SECOND:
                    report("%s: parent started later" % text)
        elif "ProcessGuid" in data:
            image = data.get("Image", "")
            use(event, data["ProcessGuid"], int(data["ProcessId"]), image, "process")
            if event.event_id == 5:
                process = living.pop(data["ProcessGuid"], None) or known.get(data["ProcessGuid"])
                if data["ProcessGuid"] in ended:
                    report("%s: ended twice" % text)
                if process:
                    process.ended = event.utc
                    ended[data["ProcessGuid"]] = process
        for side in ("Source", "Target"):
            guid = data.get(side + "ProcessGuid") or data.get(side + "ProcessGUID")
            if guid:
                use(event, guid, int(data[side + "ProcessId"]), data[side + "Image"], side.lower())


def check_sysmon_details(world, host, report):
    """Users, logons, hashes and workers."""
    gaps = sysmon_gaps(host)
    logon_guids, content = {}, {}
    for event in host.of(SYSMON):
        data = event.data
        if event.event_id != 4 and any(a < event.utc < b for a, b in gaps):
            report("%s while Sysmon was stopped" % event)
        for field in ("Hashes", "Hash"):
            if data.get(field) and not re.fullmatch(
                    r"(SHA1=[0-9A-F]{40})?,?(MD5=[0-9A-F]{32})?,?(SHA256=[0-9A-F]{64})?,?(IMPHASH=[0-9A-F]{32})?",
                    data[field]):
                report("%s: %s %s" % (event, field, data[field]))
        if event.event_id != 1:
            continue
        if logon_guids.setdefault(data["LogonId"], data["LogonGuid"]) != data["LogonGuid"]:
            report("%s: another LogonGuid for %s" % (event, data["LogonId"]))
        if not re.fullmatch(r"0x[0-9a-f]+", data["LogonId"]):
            report("%s: LogonId %s" % (event, data["LogonId"]))
        if data["IntegrityLevel"] not in ("Low", "Medium", "High", "System", "AppContainer"):
            report("%s: IntegrityLevel %s" % (event, data["IntegrityLevel"]))
        if base_name(data["Image"]) == "w3wp.exe":
            check_worker(event, host, report)


def check_worker(event, host, report):
    data = event.data
    pool = re.search(r'-ap "([^"]*)"', data["CommandLine"])
    if not pool:
        report("%s: worker without -ap" % event)
        return
    wanted = {entry["name"]: entry for entry in host.wanted.get("pools") or []}.get(pool.group(1), {})
    system = "C:\\Windows\\SysWOW64" if wanted.get("bitness") == "32" else "C:\\Windows\\System32"
    if data["Image"].lower() != (system + "\\inetsrv\\w3wp.exe").lower():
        report("%s: worker of %s is %s" % (event, pool.group(1), data["Image"]))
    if base_name(data["ParentImage"]) != "svchost.exe" or "iissvcs" not in data["ParentCommandLine"]:
        report("%s: parent of the worker is %s" % (event, data["ParentCommandLine"]))
    if wanted.get("identity", "ApplicationPoolIdentity") == "ApplicationPoolIdentity" and host.wanted["role"] in (
            "iis", "aspnet", "arr") and data["User"] != "IIS APPPOOL\\" + pool.group(1):
        report("%s: worker of %s runs as %s" % (event, pool.group(1), data["User"]))
    if data["TerminalSessionId"] != "0" or data["CurrentDirectory"].lower() != "c:\\windows\\system32\\inetsrv\\":
        report("%s: session %s, directory %s" % (event, data["TerminalSessionId"], data["CurrentDirectory"]))


def security_processes(host):
    """From 4688 and 4689: all processes, by PID in order."""
    by_pid = {}
    for i, event in enumerate(host.of("Security", 4688, 4689)):
        if event.event_id == 4688:
            process = Process(None, int(event.data["NewProcessId"], 16), event.data["NewProcessName"], event.time, None,
                              event)
            by_pid.setdefault(process.pid, []).append(process)
        else:
            runs = by_pid.setdefault(int(event.data["ProcessId"], 16), [])
            if runs and runs[-1].ended is None:
                runs[-1].ended = event.time
            else:
                runs.append(Process(None, int(event.data["ProcessId"], 16), event.data["ProcessName"], None, event.time))
    return by_pid


def check_security_processes(world, host, report):
    living, boot = {}, {}
    terminations = security_on(host, "ProcessTermination")
    for event in host.of("Security"):
        data = event.data
        if event.event_id == 4688:
            pid, parent = int(data["NewProcessId"], 16), int(data["ProcessId"], 16)
            if pid in living and terminations:
                report("%s: PID %d is still that of %s" % (event, pid, living[pid]))
            known = living.get(parent) or boot.setdefault(parent, data["ParentProcessName"])
            if known.lower() != data["ParentProcessName"].lower() and terminations:
                report("%s: parent %d is %s, but was %s" % (event, parent, data["ParentProcessName"], known))
            living[pid] = data["NewProcessName"]
            boot.pop(pid, None)
            if yes((host.telemetry.get("security") or {}).get("CommandLine"), True) == (data.get("CommandLine", "") == ""):
                report("%s: command line %r" % (event, data.get("CommandLine")))
            if pid % 4 or parent % 4:
                report("%s: PID is no multiple of 4" % event)
        elif event.event_id == 4689:
            pid = int(data["ProcessId"], 16)
            known = living.pop(pid, None) or boot.pop(pid, None) or data["ProcessName"]
            if known.lower() != data["ProcessName"].lower():
                report("%s: process %d is %s, but was %s" % (event, pid, data["ProcessName"], known))
        elif event.event_id in (4656, 4657, 4660, 4663, 4670, 4907) and host.of("Security", 4688):
            pid = int(data["ProcessId"], 16)
            known = living.get(pid) or boot.setdefault(pid, data["ProcessName"])
            if known.lower() != data["ProcessName"].lower():
                report("%s: process %d is %s, but was %s" % (event, pid, data["ProcessName"], known))


def check_both_starts(world, host, report):
    """Sysmon 1 and 4688 tell of the same starts; Sysmon 5 and 4689 of the same ends."""
    if not host.of(SYSMON) or not security_on(host, "ProcessCreation") or cleared(host, "Security") or cleared(host, SYSMON):
        return
    if (host.telemetry.get("sysmon") or {}).get("ProcessCreate") == "none" or \
            acts_of(world, host, "audit-policy") or acts_of(world, host, "log-channel"):
        return
    gaps, room = sysmon_gaps(host), slack(world, host) + 200 * MS
    for one, other, field, name in ((1, 4688, "NewProcessId", "NewProcessName"), (5, 4689, "ProcessId", "ProcessName")):
        if other == 4689 and not security_on(host, "ProcessTermination"):
            continue
        starts = {}
        for event in host.of("Security", other):
            starts.setdefault(int(event.data[field], 16), []).append(event)
        for event in host.of(SYSMON, one):
            candidates = starts.get(int(event.data["ProcessId"]), [])
            twin = min(candidates, key=lambda e: abs(e.time - event.utc), default=None)
            if twin is None or abs(twin.time - event.utc) > room:
                report("%s: no %d of process %s" % (event, other, event.data["ProcessId"]))
                continue
            candidates.remove(twin)
            pairs = [(name, event.data["Image"], twin.data[name])]
            if one == 1:
                logon = twin.data["TargetLogonId"] if twin.data["TargetLogonId"] != "0x0" else twin.data["SubjectLogonId"]
                target = twin.data["TargetUserName"] not in ("-", "")
                domain, user = event.data["User"].rsplit("\\", 1)
                if not target and user == "SYSTEM":  # the machine's account stands for it
                    user, domain = host.name + "$", twin.data["SubjectDomainName"]
                kind = "Target" if target else "Subject"
                pairs += [("LogonId", event.data["LogonId"], logon),
                          ("parent", int(event.data["ParentProcessId"]), int(twin.data["ProcessId"], 16)),
                          ("parent image", event.data["ParentImage"], twin.data["ParentProcessName"]),
                          ("user", user, twin.data[kind + "UserName"]),
                          ("domain", domain, twin.data[kind + "DomainName"]),
                          ("label", {"Low": "4096", "Medium": "8192", "High": "12288", "System": "16384"}[
                              event.data["IntegrityLevel"]], twin.data["MandatoryLabel"].split("-")[-1])]
                if twin.data.get("CommandLine"):
                    pairs.append(("command line", event.data["CommandLine"], twin.data["CommandLine"]))
            for word, left, right in pairs:
                if left != right:
                    report("%s: %s is %r in %d and %r in %d" % (event, word, left, one, right, other))
        for rest in starts.values():
            for event in rest:
                if not any(a - room <= event.time <= b + room for a, b in gaps):
                    report("%s: Sysmon has no %d of it" % (event, one))


def check_logons(world, host, report):
    if not security_on(host, "Logon") or cleared(host, "Security"):
        return
    logons, gone, privileged = {}, {}, {}
    room = slack(world, host) + 200 * MS
    for event in host.of("Security"):
        data = event.data
        if event.event_id == 4624:
            if data["TargetLogonId"] in logons and data["TargetLogonId"] not in SYSTEM_LOGONS:
                report("%s: logon id %s a second time" % (event, data["TargetLogonId"]))
            logons[data["TargetLogonId"]] = event
            if data["LogonType"] in ("3", "10") and not re.fullmatch(r"[0-9.]+|[0-9a-f:]+|-", data["IpAddress"]):
                report("%s: address %s" % (event, data["IpAddress"]))
        elif event.event_id == 4672:
            privileged[data["SubjectLogonId"]] = event
        elif event.event_id == 4634:
            first = logons.get(data["TargetLogonId"])
            if first is None:
                report("%s: no 4624 of %s before" % (event, data["TargetLogonId"]))
            elif [first.data[name] for name in ("TargetUserSid", "TargetUserName", "TargetDomainName", "LogonType")] != [
                    data[name] for name in ("TargetUserSid", "TargetUserName", "TargetDomainName", "LogonType")]:
                report("%s: another user or type than in its 4624" % event)
            if data["TargetLogonId"] in gone:
                report("%s: the second logoff of %s" % (event, data["TargetLogonId"]))
            gone[data["TargetLogonId"]] = event
        elif event.event_id in (4688, 4656, 4663, 4670, 5145, 4698, 4702, 4719, 4697):
            for name in ("SubjectLogonId", "TargetLogonId"):
                logon = data.get(name, "0x0")
                if logon in gone and event.time > gone[logon].time + room:
                    report("%s: %s %s has logged off" % (event, name, logon))
                if logon not in SYSTEM_LOGONS | {"0x0"} and logon not in logons:
                    report("%s: no 4624 of %s before" % (event, logon))
    for logon, event in privileged.items():
        first = logons.get(logon)
        if first is None or abs(first.time - event.time) > 500 * MS + room:
            report("%s: no 4624 of %s near" % (event, logon))
        elif first.data["TargetUserName"] != event.data["SubjectUserName"]:
            report("%s: user %s, in its 4624 %s" % (event, event.data["SubjectUserName"], first.data["TargetUserName"]))
    for event in logons.values():
        linked = event.data.get("TargetLinkedLogonId", "0x0")
        if linked != "0x0":
            other = logons.get(linked)
            if other is None or other.data["TargetLinkedLogonId"] != event.data["TargetLogonId"]:
                report("%s: linked logon %s does not point back" % (event, linked))
            elif {event.data["ElevatedToken"], other.data["ElevatedToken"]} != {"%%1842", "%%1843"}:
                report("%s: of the linked logons not just one is elevated" % event)
    for event in host.of(SYSMON, 1):
        logon = event.data["LogonId"]
        if logon in SYSTEM_LOGONS:
            continue
        first = logons.get(logon)
        if first is None or first.time > event.utc + room:
            report("%s: LogonId %s has no 4624 before" % (event, logon))
        elif event.data["User"].rsplit("\\", 1)[-1].lower() != first.data["TargetUserName"].lower():
            report("%s: user %s, in the 4624 %s" % (event, event.data["User"], first.data["TargetUserName"]))
        elif logon in gone and event.utc > gone[logon].time + room:
            report("%s: LogonId %s has logged off" % (event, logon))


def check_writers(world, host, report):
    """Who changed the configuration, ran a script block, or was named by WAS, was alive then."""
    room = slack(world, host) + 100 * MS
    processes = list(sysmon_processes(host).values()) + [p for runs in security_processes(host).values() for p in runs]
    if not processes:
        return
    by_pid = {}
    for process in processes:
        by_pid.setdefault(process.pid, []).append(process)
    boot_pids = {int(e.data["ParentProcessId"]) for e in host.of(SYSMON, 1)}
    boot_pids |= {int(e.data["ProcessId"]) for e in host.of(SYSMON) if "ProcessId" in e.data}
    boot_pids |= {int(e.data["ProcessId"], 16) for e in host.of("Security", 4688, 4663)}
    boot_pids -= set(by_pid)  # running since the start of Windows
    locks = [ticks(line["time"]) for line, details in acts_of(world, host, "configure")
             if all("lockItem" in change for change in details["changes"])]  # metadata: no 29 for these
    last_commit, committed = {}, {}
    restored = bool(acts_of(world, host, "restore-config"))  # its events name process 0 and have no 29
    for event in host.events:
        if event.channel == IIS_CONFIGURATION or event.channel.startswith("Microsoft-Windows-PowerShell/"):
            found = [p for p in by_pid.get(event.pid, []) if p.alive(event.time, room)]
            if not found and event.pid not in boot_pids and not (restored and event.pid == 0):
                report("%s: process %d was not alive" % (event, event.pid))
            if event.channel != IIS_CONFIGURATION and found and base_name(found[0].image) not in (
                    "powershell.exe", "pwsh.exe", "powershell_ise.exe", "wsmprovhost.exe", "w3wp.exe"):
                report("%s: script block of %s" % (event, found[0].image))
        if event.channel == IIS_CONFIGURATION and event.event_id == 29:
            last_commit[event.pid] = event
            path = event.data.get("PhysicalPath", "")
            if not path.startswith("\\\\?\\"):
                report("%s: PhysicalPath %s" % (event, path))
        if event.channel == IIS_CONFIGURATION and event.event_id == 50 and not (restored and event.pid == 0):
            first = last_commit.pop(event.pid, None)
            if (first is None or event.time - first.time > SECOND) and not any(
                    abs(event.time - lock) < SECOND for lock in locks):
                report("%s: no 29 of process %d just before" % (event, event.pid))
            key = event.pid, event.data.get("PhysicalPath")
            if event.time - committed.get(key, 0) < 100 * MS:
                report("%s: one action was committed twice" % event)
            committed[key] = event.time
    for event in last_commit.values():
        report("%s: no 50 follows" % event)


CHECKS = [check_numbers_and_times, check_fields, check_utc_time, check_sysmon_processes, check_sysmon_details,
          check_security_processes, check_both_starts, check_logons, check_writers, check_telemetry,
          check_never_rests, check_copies]
