"""Lies for tests: each row changes what a generated host's evidence says, and the check named must notice.

(name, scenario, check or checks, function of world and host; False: it found nothing to change)
"""
import os

import world_coherence as coherence
import world_files as files
from world_read import IIS_CONFIGURATION, SECOND, SYSMON, ticks


def first(host, channel, *ids, where=lambda event: True):
    return next((event for event in host.of(channel, *ids) if where(event)), None)


def set_field(channel, event_id, name, value, where=lambda event: True):
    def tamper(_, host):
        event = first(host, channel, event_id, where=where)
        if event is None:
            return False
        event.data[name] = value(event) if callable(value) else value
        return True
    return tamper


def drop(channel, event_id, where=lambda event: True):
    def tamper(_, host):
        event = first(host, channel, event_id, where=where)
        if event is None:
            return False
        host.events.remove(event)
        return True
    return tamper


def move(channel, event_id, seconds, where=lambda event: True):
    def tamper(_, host):
        event = first(host, channel, event_id, where=where)
        if event is None:
            return False
        event.time += int(seconds * SECOND)
        return True
    return tamper


def swap_names(_, host):
    event = first(host, SYSMON, 1)
    event.names[4], event.names[5] = event.names[5], event.names[4]


def lose_name(_, host):
    first(host, "Security", 4624).names.pop()


def stop_sysmon(_, host):
    event, end = first(host, SYSMON, 1), first(host, SYSMON, 5)
    event.event_id = end.event_id = 4
    event.data["State"], end.data["State"] = "Stopped", "Started"


def end_early(channel):
    """The last three hours of the story are in no record of the log."""
    def tamper(world, host):
        end = ticks(world.run["to"]) - 3 * 3600 * SECOND
        host.events[:] = [event for event in host.events if event.channel != channel or event.time < end]
    return tamper


def edit_file(pattern, old, new):
    def tamper(world, _):
        path = world.files(pattern)[-1][0]
        with open(path, "rb") as stream:
            data = stream.read()
        if old not in data:
            return False
        os.rename(path, path + ".sound")
        with open(path, "wb") as stream:
            stream.write(data.replace(old, new, 1))
        return True
    return tamper


def trace_elsewhere(member, value):
    def tamper(world, host):
        trace = next(line for line in world.manifest if line["type"] == "trace" and member in line and
                     line["host"] == host.name)
        trace[member] = value
    return tamper


def is_child_of_worker(event):
    return event.data["ParentImage"].endswith("w3wp.exe")


def is_child_of_worker_4688(event):
    return event.data["ParentProcessName"].endswith("w3wp.exe")


def is_pool(event):
    return event.data["TargetDomainName"] == "IIS APPPOOL"


UP, CMD = "webshell-upload-worker", "module-native-appcmd"
ROWS = [
    ("record lost", UP, coherence.check_numbers_and_times, drop("Security", 4688, is_child_of_worker_4688)),
    ("time runs back", UP, coherence.check_numbers_and_times, move(SYSMON, 5, -3600)),
    ("time outside", UP, coherence.check_numbers_and_times, move(SYSMON, 5, 40000)),
    ("Sysmon ends early", UP, coherence.check_never_rests, end_early(SYSMON)),
    ("Security ends early", UP, coherence.check_never_rests, end_early("Security")),
    ("UtcTime elsewhere", UP, coherence.check_utc_time, move(SYSMON, 5, 0.5)),
    ("order of fields", UP, coherence.check_fields, swap_names),
    ("field lost", UP, coherence.check_fields, lose_name),
    ("parent not started", UP, coherence.check_sysmon_processes, drop(SYSMON, 1)),
    ("another parent", UP, coherence.check_sysmon_processes,
     set_field(SYSMON, 1, "ParentProcessId", "4444", is_child_of_worker)),
    ("another command of the parent", UP, coherence.check_sysmon_processes,
     set_field(SYSMON, 1, "ParentCommandLine", "w3wp.exe", is_child_of_worker)),
    ("PID of the living", UP, coherence.check_sysmon_processes, set_field(
        SYSMON, 1, "ProcessId", lambda event: event.data["ParentProcessId"], is_child_of_worker)),
    ("GUID of another second", UP, coherence.check_sysmon_processes, set_field(
        SYSMON, 1, "ProcessGuid", lambda event: event.data["ProcessGuid"][:9] + "0000" + event.data["ProcessGuid"][13:])),
    ("ended twice", UP, coherence.check_sysmon_processes, lambda _, host: host.events.append(host.of(SYSMON, 5)[-1])),
    ("load by the dead", UP, coherence.check_sysmon_processes, set_field(
        SYSMON, 7, "ProcessGuid", "00000000-ffff-7fff-0000-000000000000")),
    ("logon of nobody", UP, coherence.check_logons, drop("Security", 4624, is_pool)),
    ("logoff of nobody", UP, coherence.check_logons, set_field("Security", 4634, "TargetLogonId", "0x99")),
    ("privileges of nobody", CMD, coherence.check_logons, set_field("Security", 4672, "SubjectLogonId", "0x99")),
    ("linked to nobody", CMD, coherence.check_logons, set_field(
        "Security", 4624, "TargetLinkedLogonId", "0x99", lambda event: event.data["TargetLinkedLogonId"] != "0x0")),
    ("only Sysmon saw it", UP, coherence.check_both_starts, drop("Security", 4688)),
    ("only Security saw it", UP, coherence.check_both_starts, drop(SYSMON, 1, is_child_of_worker)),
    ("another command", UP, coherence.check_both_starts, set_field(SYSMON, 1, "CommandLine", "cmd", is_child_of_worker)),
    ("another user", UP, coherence.check_both_starts, set_field(SYSMON, 1, "User", "LAB\\nobody", is_child_of_worker)),
    ("only Sysmon saw the end", UP, coherence.check_both_starts, drop("Security", 4689)),
    ("parent of 4688", UP, coherence.check_security_processes, set_field(
        "Security", 4688, "ParentProcessName", "C:\\a.exe", is_child_of_worker_4688)),
    ("end of another", UP, coherence.check_security_processes, set_field("Security", 4689, "ProcessName", "C:\\a.exe")),
    ("change by nobody", CMD, coherence.check_writers, lambda _, host: setattr(first(host, IIS_CONFIGURATION, 29), "pid", 3)),
    ("change without end", CMD, coherence.check_writers, drop(IIS_CONFIGURATION, 50)),
    ("Sysmon stopped", UP, coherence.check_sysmon_details, stop_sysmon),
    ("worker of nobody", UP, coherence.check_sysmon_details, set_field(SYSMON, 1, "ParentCommandLine", "svchost.exe")),
    ("not to be logged", UP, coherence.check_telemetry, lambda _, host: host.telemetry.update(sysmon="none")),
    ("not audited", UP, coherence.check_telemetry, lambda _, host: host.telemetry.update(security={"Logon": "false"})),
    ("copy differs", "module-file-edit", coherence.check_copies, lambda _, host: host.copies[5].data.update(RuleName="x")),
    ("hash of another file", UP, files.check_hashes, set_field(SYSMON, 7, "Hashes", "SHA256=" + "0" * 64, lambda event: event.data[
        "ImageLoaded"].endswith("static.dll"))),
    ("module not there", UP, files.check_configuration, lambda world, host: os.rename(
        os.path.join(world.evidence, host.name, "C/Windows/System32/inetsrv/static.dll"), os.path.join(world.folder, "x"))),
    ("trace of no record", UP, files.check_traces, trace_elsewhere("record_id", 1)),
    ("trace of another id", UP, files.check_traces, trace_elsewhere("event_id", 22)),
    ("trace of no line", UP, files.check_traces, trace_elsewhere("line", 1)),
    ("trace of another line", UP, files.check_traces, trace_elsewhere("line", 6)),
    ("request without worker", UP, files.check_requests, drop(SYSMON, 1, lambda event: event.data["Image"].endswith("w3wp.exe"))),
    ("date of another day", UP, files.check_requests, edit_file("WEB01/**/u_ex*.log", b"\r\n2026-01-05 ", b"\r\n2026-01-04 ")),
]
