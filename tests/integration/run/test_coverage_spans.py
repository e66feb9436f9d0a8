#!/usr/bin/env python3
"""Every kind of gap takes away the span it is about, to the second, from the links that only its log shows, and nothing else.

usage: test_coverage_spans.py FOLDER

Each case is a host made here, four hours of records of known times, with one thing wrong; beside it stands by which link of which
span it is blind. What is expected comes from what Windows and Sysmon log when that happens (1102, 104, 4719, 4907, Sysmon 4, 16, 255,
13 on a channel, 1100, 1101, 1104, 1108, 4612, 4912, 6008, 7036, 4616, jumps of record ids, damage) and from the rule that a gap is blind for its span only. All hosts are
looked at in one run.
"""
import base64
import os
import shutil
import sys

import coverage_hosts as make
from coverage_hosts import (ALL_OF_SYSMON, BY_SYSMON, END, FRAME, HOUR, IIS, MINUTE, SECURITY, SYSMON, SYSTEM, audited_start,
                            audited_write, blind, cleared, committed, created, differences, ended, frame, loaded, logged_off, lose,
                            started, sysmon_host, ticks)

AUDITS = [audited_start, audited_write]
PROCESS_CREATION, FILE_SYSTEM = "0CCE922B-69AE-11D9-BED3-505054503030", "0CCE921D-69AE-11D9-BED3-505054503030"
LOGON = "0CCE9215-69AE-11D9-BED3-505054503030"
CHANNELS = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\"
AT = 2 * HOUR + 30  # 12:00:30: between two ticks
BEFORE, AFTER = 2 * HOUR, 2 * HOUR + 5 * MINUTE  # the ticks on both sides
BACK = 3 * HOUR + 30  # 13:00:30, when what was off is on again
DOWN, UP = 2 * HOUR + 3, 165 * MINUTE  # 12:00:03 and 12:45: off between
SOON = AT + 45 * MINUTE  # 12:45:30: what is silent no longer than that is not silent by itself


def audit_host(records, **more):
    """The Security log shows files and processes."""
    return {FRAME: frame(), SECURITY: records, IIS: [committed(30)], **more}


def policy(second, subcategory, changes):
    return (second, 4719, {"CategoryId": "%%8276", "SubcategoryId": "%%13312", "SubcategoryGuid": "{%s}" % subcategory,
                           "AuditPolicyChanges": changes})


def audit_entry(second, old, new, folder="C:\\inetpub\\wwwroot"):
    return (second, 4907, {"ObjectServer": "Security", "ObjectType": "File", "ObjectName": folder, "OldSd": old, "NewSd": new})


def command(second, program, line):
    return started(second, Image="C:\\Windows\\System32\\" + program, CommandLine=line)


def script(text):
    """The log of PowerShell, with one text in it."""
    return {"Microsoft-Windows-PowerShell/Operational": [(AT, 4104, {"ScriptBlockText": text})]}


def encoded(text):
    return base64.b64encode(text.encode("utf-16-le")).decode()


def state(second, word):
    return (second, 4, {"State": word, "Version": "15.15", "SchemaVersion": "4.90"})


def configured(second):
    return (second, 16, {"Configuration": "C:\\Windows\\other.xml", "ConfigurationFileHash": "SHA256=" + "AB" * 32})


def complained(second):
    return (second, 255, {"ID": "QUEUE", "Description": "Events dropped from driver queue"})


def service(second, name, word):
    return (second, 7036, {"param1": name, "param2": word})


def channel(second, name, value):
    return (second, 13, {"EventType": "SetValue", "Image": "C:\\Windows\\System32\\wevtutil.exe", "ProcessId": 4200,
                         "TargetObject": CHANNELS + name + "\\Enabled", "Details": f"DWORD (0x{value:08x})"})


def rules(second):
    return (second, 13, {"EventType": "SetValue", "Image": "C:\\Windows\\regedit.exe", "ProcessId": 4200, "Details": "Binary Data",
                         "TargetObject": "HKLM\\System\\CurrentControlSet\\Services\\SysmonDrv\\Parameters\\Rules"})


def clock(second, before, after):
    return (second, 4616, {"PreviousTime": make.time_of(before), "NewTime": make.time_of(after), "ProcessName": make.SHELL})


def audited_end(second):
    return (second, 4689, {"ProcessId": "0xfa0", "ProcessName": "C:\\Windows\\System32\\defrag.exe", "Status": "0x0"})


def of_user(second, changes):
    return (second, 4912, {"TargetUserSid": "S-1-5-82-3006700770", "SubcategoryGuid": "{%s}" % PROCESS_CREATION, "AuditPolicyChanges": changes})


def restarted(down, up, ended=9):
    """Records of System of a restart, in the order Windows writes them: what the kernel says of the end comes at the next start."""
    return [(down, 6006, {}), (up + 14, 6005, {}), *([(down + ended, 13, {})] if ended is not None else []), (up, 12, {})]


def off_host(down, up, system):
    """All logs end at one moment and go on at another."""
    return {FRAME: frame(0, down) + frame(up + 5 * MINUTE), SYSTEM: system, IIS: [committed(30), committed(200 * MINUTE)],
            SYSMON: ticks(ALL_OF_SYSMON, 0, down - 5 * MINUTE) + ticks(ALL_OF_SYSMON, up + 5 * MINUTE, END - 5 * MINUTE),
            SECURITY: ticks(AUDITS, 0, down - 5 * MINUTE) + [(down, 1100, {}), (up + 10, 4608, {})] +
            ticks(AUDITS, up + 5 * MINUTE, END - 5 * MINUTE)}


def joined(*lists):
    return sorted((record for one in lists for record in one), key=lambda one: one[0])


def without(events, records, first, last):
    """The records but those of these ids within a span."""
    return [record for record in records if record[1] not in events or not first <= record[0] <= last]


WHOLE, AUDITED = ticks(ALL_OF_SYSMON, 0, END - 5 * MINUTE), ticks(AUDITS, 0, END - 5 * MINUTE)
MORNING, NOON = ticks(ALL_OF_SYSMON, 0, BEFORE), ticks(ALL_OF_SYSMON, AFTER, END - 5 * MINUTE)
LATER = ticks(ALL_OF_SYSMON, 3 * HOUR + 5 * MINUTE, END - 5 * MINUTE)
AUDITED_MORNING, AUDITED_NOON = ticks(AUDITS, 0, BEFORE), ticks(AUDITS, AFTER, END - 5 * MINUTE)
AUDITED_LATER = ticks(AUDITS, 3 * HOUR + 5 * MINUTE, END - 5 * MINUTE)
NO_STARTS_BEFORE, NO_WRITES_BEFORE = without({4688}, AUDITED, 0, AT), without({4663}, AUDITED, 0, AT)
NO_STARTS = without({4688}, AUDITED, 0, END)
ENDED = ticks([audited_end], 0, END - 5 * MINUTE)
NO_LINE = {"CommandLine": ""}
ENTRY, NO_ENTRY = "S:ARAI(AU;OICISAFA;DCLCRPCRSDWDWO;;;WD)", "S:ARAI"

# name: (logs, {link: [(from, to)]}). A time may be a pair: any moment within it is right.
CASES = {
    "whole": (sysmon_host(WHOLE), {}),
    "whole audit": (audit_host(AUDITED), {"module_load": [(0, END)]}),

    # --- ids, ends, silence ---
    "ids jump": (sysmon_host(MORNING + [lose(3)] + NOON), blind(BY_SYSMON, (BEFORE + 3, AFTER + 1))),
    "ids jump twice": (sysmon_host(ticks(ALL_OF_SYSMON, 0, HOUR) + [lose(1)] + ticks(ALL_OF_SYSMON, HOUR + 5 * MINUTE, BEFORE) +
                                   [lose(900)] + NOON),
                       blind(BY_SYSMON, (HOUR + 3, HOUR + 5 * MINUTE + 1), (BEFORE + 3, AFTER + 1))),
    "ids jump elsewhere": (sysmon_host(WHOLE, **{FRAME: frame(0, HOUR) + [lose(50)] + frame(HOUR + 5 * MINUTE)}), {}),
    "ids jump in the audit": (audit_host(AUDITED_MORNING + [lose(7)] + AUDITED_NOON),
                              {**blind(["file_created", "process_created"], (BEFORE + 2, AFTER + 1)), "module_load": [(0, END)]}),
    "late": (sysmon_host(ticks(ALL_OF_SYSMON, 90 * MINUTE, END - 5 * MINUTE)), blind(BY_SYSMON, (0, 90 * MINUTE + 1))),
    "wrapped": ({FRAME: frame(), (SYSMON, 52311): NOON, IIS: [committed(30)]}, blind(BY_SYSMON, (0, AFTER + 1))),
    "late by less than an hour": (sysmon_host(ticks(ALL_OF_SYSMON, 55 * MINUTE, END - 5 * MINUTE)), {}),
    "early end": (sysmon_host(ticks(ALL_OF_SYSMON, 0, 150 * MINUTE)), blind(BY_SYSMON, (150 * MINUTE + 3, END))),
    "early end by less than an hour": (sysmon_host(ticks(ALL_OF_SYSMON, 0, 185 * MINUTE)), {}),
    "silence": (sysmon_host(ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 150 * MINUTE, END - 5 * MINUTE)),
                blind(BY_SYSMON, (HOUR + 3, 150 * MINUTE + 1))),
    "silence of less than an hour": (sysmon_host(ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 115 * MINUTE, END - 5 * MINUTE)), {}),
    "silence of all": ({FRAME: frame(0, HOUR) + frame(3 * HOUR, END), IIS: [committed(30)],
                        SYSMON: ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)}, {}),
    # The log of System would have told of a start, and does not: the machine ran, and nobody wrote.
    "silence of all, and no start": ({FRAME: frame(0, HOUR) + frame(3 * HOUR, END), IIS: [committed(30)],
                                      SYSTEM: [service(30, "Print Spooler", "running"), service(END - 30, "Print Spooler", "running")],
                                      SYSMON: ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)},
                                     blind(BY_SYSMON, (HOUR + 3, 3 * HOUR + 1))),
    "silence of all, and a start": ({FRAME: frame(0, HOUR) + frame(3 * HOUR, END), IIS: [committed(30)],
                                     SYSTEM: [service(30, "Print Spooler", "running"), service(END - 30, "Print Spooler", "running")],
                                     SECURITY: [(3 * HOUR + 20, 4608, {})],
                                     SYSMON: ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)}, {}),
    # The service was killed, and at noon and a half somebody restarted Windows: 13 tells, at the next start.
    "silence of all, an end and a start": (
        {FRAME: frame(0, HOUR) + frame(3 * HOUR, END), IIS: [committed(30)],
         SYSTEM: [(3 * HOUR + 14, 6005, {}), (150 * MINUTE, 13, {}), (3 * HOUR, 12, {})],
         SYSMON: ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)},
        blind(BY_SYSMON, (HOUR + 3, 150 * MINUTE))),
    "silence of all, a start soon after an end": (
        {FRAME: frame(0, HOUR) + frame(3 * HOUR, END), IIS: [committed(30)],
         SYSTEM: [(3 * HOUR + 14, 6005, {}), (HOUR + 60, 13, {}), (3 * HOUR, 12, {})],
         SYSMON: ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)}, {}),
    # After boot some log is the first, and before it went off one was the last: what counts is how long others went on.
    "silence, then off": ({FRAME: frame(0, 35 * MINUTE) + frame(3 * HOUR, END), IIS: [committed(30)],
                           SYSMON: ticks(ALL_OF_SYSMON, 0, 30 * MINUTE) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)}, {}),
    "silence, then off for a while": ({FRAME: frame(0, 165 * MINUTE) + frame(3 * HOUR, END), IIS: [committed(30)],
                                       SYSMON: ticks(ALL_OF_SYSMON, 0, HOUR) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)},
                                      blind(BY_SYSMON, (HOUR + 3, 3 * HOUR + 1))),
    "a log that speaks seldom": (sysmon_host(ticks(ALL_OF_SYSMON, 0, HOUR, 20 * MINUTE) +
                                             ticks(ALL_OF_SYSMON, 3 * HOUR, END - 20 * MINUTE, 20 * MINUTE)), {}),

    # --- cleared ---
    "1102": (audit_host([cleared(AT, 1102)] + AUDITED_NOON),
             {**blind(["file_created", "process_created"], (0, (AT, AFTER + 1))), "module_load": [(0, END)]}),
    "1102 and an older copy": (audit_host(ticks(AUDITS, 0, HOUR), **{"Security again": []}),
                               {**blind(["file_created", "process_created"], (HOUR + 2, (AT, AFTER + 1))), "module_load": [(0, END)]}),
    "104": (sysmon_host(NOON, System=[cleared(AT, 104, SYSMON)]), blind(BY_SYSMON, (0, AFTER + 1))),
    "104 of another log": (sysmon_host(WHOLE, System=[cleared(AT, 104, "Setup")]), {}),
    "104 and a second witness": (sysmon_host(NOON, System=[cleared(AT, 104, SYSMON)], Security=AUDITED),
                                 blind(["module_load"], (0, AFTER + 1))),

    # --- audits ---
    "4719 processes off": (audit_host(without({4688}, AUDITED[:48] + [policy(AT, PROCESS_CREATION, "%%8448")] + AUDITED[50:], AT, END)),
                           {"process_created": [(AT, END)], "module_load": [(0, END)]}),
    "4719 processes off and on": (
        audit_host(sorted(without({4688}, AUDITED, AT, BACK) + [policy(AT, PROCESS_CREATION, "%%8448"),
                                                                policy(BACK, PROCESS_CREATION, "%%8449")], key=lambda one: one[0])),
        {"process_created": [(AT, BACK)], "module_load": [(0, END)]}),
    "4719 files off": (audit_host(sorted(without({4663}, AUDITED, AT, END) + [policy(AT, FILE_SYSTEM, "%%8448")], key=lambda one: one[0])),
                       {"file_created": [(AT, END)], "module_load": [(0, END)]}),
    "4719 failures off": (audit_host(sorted(AUDITED + [policy(AT, FILE_SYSTEM, "%%8450")], key=lambda one: one[0])),
                          {"module_load": [(0, END)]}),
    "4719 of something else": (audit_host(sorted(AUDITED + [policy(AT, LOGON, "%%8448")], key=lambda one: one[0])),
                               {"module_load": [(0, END)]}),
    "4719 and a second witness": (
        audit_host(sorted(without({4688}, AUDITED, AT, END) + [policy(AT, PROCESS_CREATION, "%%8448")], key=lambda one: one[0]),
                   **{SYSMON: WHOLE}), {}),
    "4907": (audit_host(sorted(without({4663}, AUDITED, AT, END) + [audit_entry(AT, ENTRY, NO_ENTRY)], key=lambda one: one[0])),
             {"file_created": [(AT, END)], "module_load": [(0, END)]}),
    # What is written elsewhere below the root, or in another folder, shows nothing of the one that lost its entries.
    "4907 of a folder inside": (audit_host(joined(AUDITED, [audit_entry(AT, ENTRY, NO_ENTRY, "C:\\inetpub\\wwwroot\\uploads")])),
                                {"file_created": [(AT, END)], "module_load": [(0, END)]}),
    "4907 of a folder inside, and given back": (
        audit_host(joined(AUDITED, [audit_entry(AT, ENTRY, NO_ENTRY, "C:\\inetpub\\wwwroot\\uploads"),
                                    audit_entry(BACK, NO_ENTRY, ENTRY, "C:\\inetpub\\wwwroot\\uploads")])),
        {"file_created": [(AT, BACK)], "module_load": [(0, END)]}),
    "4907, and another folder goes on": (
        audit_host(joined(without({4663}, AUDITED, AT, END), [audit_entry(AT, ENTRY, NO_ENTRY)],
                          [audited_write(at + 3, "C:\\Windows\\System32\\inetsrv\\config\\x.config")
                           for at in range(0, END - 5 * MINUTE + 1, 5 * MINUTE)])),
        {"file_created": [(AT, END)], "module_load": [(0, END)]}),
    "4907 exchanges the entry": (
        audit_host(joined(without({4663}, AUDITED, AT, END), [audit_entry(AT, ENTRY, ENTRY.replace("SA", "FA"))])),
        {"file_created": [(AT, END)], "module_load": [(0, END)]}),
    # Writing goes on to be audited; appending and renaming, or what others do, does not.
    "4907 narrows the rights": (audit_host(joined(AUDITED, [audit_entry(AT, ENTRY, ENTRY.replace("DCLCRPCRSDWDWO", "DC"))])),
                                {"file_created": [(AT, END)], "module_load": [(0, END)]}),
    "4907 narrows to one user, and back": (
        audit_host(joined(AUDITED, [audit_entry(AT, ENTRY, ENTRY.replace("WD)", "S-1-5-21-1-2-3-1105)")),
                                    audit_entry(BACK, ENTRY.replace("WD)", "S-1-5-21-1-2-3-1105)"), ENTRY)])),
        {"file_created": [(AT, BACK)], "module_load": [(0, END)]}),
    "4907 takes inheritance": (audit_host(joined(AUDITED, [audit_entry(AT, ENTRY, ENTRY.replace("OICISA", "SA"))])),
                               {"file_created": [(AT, END)], "module_load": [(0, END)]}),
    "4907 takes what pages do not need": (audit_host(joined(AUDITED, [audit_entry(AT, ENTRY, ENTRY.replace("RPCRSDWDWO", "SD"))])),
                                          {"file_created": [(AT, (AFTER + 1, AFTER + 2))], "module_load": [(0, END)]}),
    "4907 gives an entry": (audit_host(sorted(AUDITED + [audit_entry(AT, NO_ENTRY, ENTRY)], key=lambda one: one[0])),
                            {"module_load": [(0, END)]}),

    # --- switched on: what a sample of afterwards shows, it does not show of before ---
    "4719 processes on": (audit_host(joined(NO_STARTS_BEFORE, [policy(AT, PROCESS_CREATION, "%%8449")])),
                          {"process_created": [(0, AT)], "module_load": [(0, END)]}),
    "4719 processes on, failures, too": (audit_host(joined(NO_STARTS_BEFORE, [policy(AT, PROCESS_CREATION, "%%8449, %%8451")])),
                                         {"process_created": [(0, AT)], "module_load": [(0, END)]}),
    "4719 files on": (audit_host(joined(NO_WRITES_BEFORE, [policy(AT, FILE_SYSTEM, "%%8449")])),
                      {"file_created": [(0, AT)], "module_load": [(0, END)]}),
    # However short: it was off before.
    "4719 processes on soon": (audit_host(joined(without({4688}, AUDITED, 0, 20 * MINUTE), [policy(20 * MINUTE, PROCESS_CREATION, "%%8449")])),
                               {"process_created": [(0, 20 * MINUTE)], "module_load": [(0, END)]}),
    "4719 on, and no sample since": (audit_host(joined(NO_STARTS, [policy(AT, PROCESS_CREATION, "%%8449")])),
                                     {"process_created": [(0, END)], "module_load": [(0, END)]}),
    "4719 on, and on before": (audit_host(joined(AUDITED, [policy(AT, PROCESS_CREATION, "%%8449"), policy(AT, FILE_SYSTEM, "%%8449")])),
                               {"module_load": [(0, END)]}),
    "4719 of something else on": (audit_host(joined(AUDITED, [policy(20, LOGON, "%%8449")])), {"module_load": [(0, END)]}),
    "4719 on, and a second witness": (audit_host(joined(NO_STARTS_BEFORE, [policy(AT, PROCESS_CREATION, "%%8449")]), **{SYSMON: WHOLE}), {}),
    # The sample of before is of another run of the log.
    "ids jump, then 4719 on": (
        audit_host(ticks(AUDITS, 0, HOUR) + [lose(5)] + joined(without({4688}, ticks(AUDITS, HOUR + 5 * MINUTE, END - 5 * MINUTE), 0, AT),
                                                                [policy(AT, PROCESS_CREATION, "%%8449")])),
        {"file_created": [(HOUR + 2, HOUR + 5 * MINUTE + 2)], "process_created": [(HOUR + 2, AT)], "module_load": [(0, END)]}),
    "4907 gives the first entry": (audit_host(joined(NO_WRITES_BEFORE, [audit_entry(AT, NO_ENTRY, ENTRY)])),
                                   {"file_created": [(0, AT)], "module_load": [(0, END)]}),
    "4907 gives the first entry above": (audit_host(joined(NO_WRITES_BEFORE, [audit_entry(AT, NO_ENTRY, ENTRY, "C:\\inetpub")])),
                                         {"file_created": [(0, AT)], "module_load": [(0, END)]}),
    "4907 gives the first entry elsewhere": (
        audit_host(joined(NO_STARTS, ticks([audited_start], 0, END - 5 * MINUTE), [audit_entry(20, NO_ENTRY, ENTRY, "D:\\data")])),
        {"module_load": [(0, END)]}),
    "4907 gives one more entry": (
        audit_host(joined(ticks([audited_start], 0, END - 5 * MINUTE), [audited_write(3 * HOUR)], [audit_entry(AT, ENTRY, ENTRY + "(AU;SA;WD;;;BU)")])),
        {"module_load": [(0, END)]}),
    "channel of IIS on": ({FRAME: frame(), IIS: [committed(200 * MINUTE)], SYSMON: joined(WHOLE, [channel(AT, IIS, 1)])},
                          {"registration": [(0, AT)]}),
    "channel of IIS on, and on before": (sysmon_host(joined(WHOLE, [channel(AT, IIS, 1)])), {}),

    # --- samples that begin late ---
    "processes late": (audit_host(NO_STARTS_BEFORE), {"process_created": [(0, AFTER + 1)], "module_load": [(0, END)]}),
    "processes late by less than an hour": (audit_host(without({4688}, AUDITED, 0, 52 * MINUTE)), {"module_load": [(0, END)]}),
    "processes of Sysmon late": (sysmon_host(without({1}, WHOLE, 0, AT)), {"process_created": [(0, AFTER + 1)]}),
    "processes late, and a second witness": (audit_host(NO_STARTS_BEFORE, **{SYSMON: WHOLE}), {}),
    "command lines late": (audit_host(joined(NO_STARTS_BEFORE, [audited_start(at + 1, **NO_LINE) for at in range(0, AT, 5 * MINUTE)])),
                           {"process_created": [(0, AFTER + 1)], "module_load": [(0, END)]}),
    "files late": (audit_host(NO_WRITES_BEFORE), {"file_created": [(0, AFTER + 2)], "module_load": [(0, END)]}),
    "modules late": (sysmon_host(without({7}, WHOLE, 0, AT)), {"module_load": [(0, AFTER + 3)]}),
    # Nobody writes or starts a worker by the clock: one, or some at once, tells no rate.
    "one file": (audit_host(joined(ticks([audited_start], 0, END - 5 * MINUTE), [audited_write(3 * HOUR)])), {"module_load": [(0, END)]}),
    "some files at the end": (audit_host(joined(ticks([audited_start], 0, END - 5 * MINUTE), ticks([audited_write], 210 * MINUTE, END - 5 * MINUTE))),
                              {"module_load": [(0, END)]}),
    "files late, and a pause later": (audit_host(without({4663}, NO_WRITES_BEFORE, 150 * MINUTE, 165 * MINUTE)), {"module_load": [(0, END)]}),
    "files of Sysmon late": (sysmon_host(without({11}, WHOLE, 0, AT)), {}),
    "modules at the end": (sysmon_host(joined(without({7}, WHOLE, 0, END), ticks([loaded], 210 * MINUTE, END - 5 * MINUTE))), {}),
    # Processes that end have started.
    "processes end, none starts till late": (audit_host(joined(NO_STARTS, ENDED, [audited_start(185 * MINUTE)])),
                                             {"process_created": [(0, 185 * MINUTE)], "module_load": [(0, END)]}),
    "processes end, none starts any more": (audit_host(joined(without({4688}, AUDITED, AT, END), ENDED)),
                                            {"process_created": [(BEFORE + 1, END)], "module_load": [(0, END)]}),
    "processes end, and one starts an hour before and after": (
        audit_host(joined(NO_STARTS, ENDED, [audited_start(55 * MINUTE), audited_start(110 * MINUTE), audited_start(165 * MINUTE),
                                             audited_start(220 * MINUTE)])), {"module_load": [(0, END)]}),
    "a session ends long before": (audit_host(joined(NO_STARTS, ticks([audited_end], 30 * MINUTE, 35 * MINUTE), [audited_start(3 * HOUR)])),
                                   {"module_load": [(0, END)]}),

    # --- Sysmon ---
    "Sysmon stopped and started": (sysmon_host(MORNING + [state(AT, "Stopped"), state(BACK, "Started")] + LATER),
                                   blind(BY_SYSMON, (AT, BACK))),
    "Sysmon stopped": (sysmon_host(MORNING + [state(AT, "Stopped")]), blind(BY_SYSMON, (AT, END))),
    "Sysmon stopped, and a second witness": (sysmon_host(MORNING + [state(AT, "Stopped")], Security=AUDITED),
                                             blind(["module_load"], (AT, END))),
    "Sysmon 16, then no files": (sysmon_host(MORNING + [configured(AT)] + without({7, 11}, NOON, AT, END)),
                                 blind(["file_created", "module_load"], (AT, END))),
    "Sysmon 16, then all of it": (sysmon_host(MORNING + [configured(AT)] + NOON), {}),
    # Rules in the registry are in force without Sysmon's program; where that wrote them, 16 says so.
    "rules in the registry, then no files": (sysmon_host(MORNING + [rules(AT)] + without({7, 11}, NOON, AT, END)),
                                             blind(["file_created", "module_load"], (AT, END))),
    "rules in the registry, then all of it": (sysmon_host(MORNING + [rules(AT)] + NOON), {}),
    "rules in the registry, and 16": (sysmon_host(MORNING + [rules(AT), configured(AT + 1)] + NOON), {}),
    "rules in the registry, and 16 a while later": (
        sysmon_host(MORNING + [rules(AT), configured(AT + 61)] + NOON), blind(BY_SYSMON, (AT, AT + 61))),
    "no files, then Sysmon 16": (sysmon_host(without({7, 11}, MORNING, 0, AT) + [configured(AT)] + NOON),
                                 blind(["file_created", "module_load"], (0, AT))),
    # Each link until it is proved again: by its next sample, a second after the other.
    "Sysmon 255": (sysmon_host(MORNING + [complained(AT)] + NOON), blind(BY_SYSMON, (AT, (AFTER + 1, AFTER + 3)))),

    # A record of the same minute was on its way.
    "Sysmon stopped in the last second of five minutes": (
        sysmon_host(MORNING + [state(AFTER - 1, "Stopped"), started(AFTER)] + ticks(ALL_OF_SYSMON, 170 * MINUTE, END - 5 * MINUTE)),
        blind(BY_SYSMON, (AFTER - 1, 170 * MINUTE + 1))),

    # --- the service of event logs ---
    "1100 and a restart": (off_host(DOWN, UP, restarted(DOWN, UP)), {}),
    "1100, and the machine ran on": (off_host(DOWN, UP, restarted(DOWN, UP, 20 * MINUTE)),
                                     blind([*BY_SYSMON, "registration"], (DOWN, DOWN + 20 * MINUTE))),
    # Windows tells of the start, and of no end before it: that was no shutdown. Security speaks first.
    "1100, and no end is told": (off_host(DOWN, UP, restarted(DOWN, UP, None)),
                                 {**blind(["file_created", "process_created"], (DOWN, UP + 10)),
                                  **blind(["module_load", "registration"], (DOWN, UP + 14))}),
    "1100, and the service comes back": (
        {**sysmon_host(WHOLE), IIS: [committed(30), committed(200 * MINUTE)], SECURITY: [(AT, 1100, {})],
         SYSTEM: [(AT + 4, 6005, {})]}, blind([*BY_SYSMON, "registration"], (AT, AT + 4))),
    "1100 at the end of all": ({FRAME: frame(), IIS: [committed(30)], SYSMON: WHOLE, SECURITY: [(END, 1100, {})]}, {}),
    "1101": (audit_host(AUDITED_MORNING + [(AT, 1101, {"UserData": {"AuditEventsDropped": {"Reason": 0}}})] + AUDITED_NOON),
             {**blind(["file_created", "process_created"], (BEFORE + 1, AT)), "module_load": [(0, END)]}),
    "1104": (audit_host(AUDITED_MORNING + [(AT, 1104, {"UserData": {"FileIsFull": ""}})] +
                        ticks(AUDITS, 170 * MINUTE, END - 5 * MINUTE)),
             {**blind(["file_created", "process_created"], (AT, 170 * MINUTE + 1)), "module_load": [(0, END)]}),
    "1108": (audit_host(AUDITED_MORNING + [(AT, 1108, {"UserData": {"EventProcessingFailure": {"EventID": 0}}})] + AUDITED_NOON),
             {**blind(["file_created", "process_created"], (BEFORE + 1, AT)), "module_load": [(0, END)]}),
    "4612": (audit_host(AUDITED_MORNING + [(AT, 4612, {"AuditsDiscarded": 31})] + AUDITED_NOON),
             {**blind(["file_created", "process_created"], (BEFORE + 1, AT)), "module_load": [(0, END)]}),
    "4612 and a second witness": (audit_host(AUDITED_MORNING + [(AT, 4612, {"AuditsDiscarded": 31})] + AUDITED_NOON, **{SYSMON: WHOLE}), {}),
    # Samples are of others.
    "4912": (audit_host(joined(AUDITED, [of_user(AT, "%%8455")])), {"process_created": [(AT, END)], "module_load": [(0, END)]}),
    "4912 and back": (audit_host(joined(AUDITED, [of_user(AT, "%%8455"), of_user(BACK, "%%8454")])),
                      {"process_created": [(AT, BACK)], "module_load": [(0, END)]}),
    "4912 of failures": (audit_host(joined(AUDITED, [of_user(AT, "%%8459")])), {"module_load": [(0, END)]}),
    # What was logged in the last minute may not be there; Windows noted that it lived five minutes before it ended.
    "6008": ({FRAME: frame(0, BEFORE) + frame(170 * MINUTE), IIS: [committed(30), committed(200 * MINUTE)],
              SYSMON: MORNING + ticks(ALL_OF_SYSMON, 170 * MINUTE, END - 5 * MINUTE),
              SYSTEM: [(UP + 14, 6005, {}), (UP + 14, 6008, {}), (UP, 12, {})]},
             {**blind(BY_SYSMON, (BEFORE + 3, BEFORE + 3 + 5 * MINUTE)),
              "registration": [(BEFORE + 3 - MINUTE, BEFORE + 3 + 5 * MINUTE)]}),

    # --- services and channels ---
    "7036 of Sysmon": (sysmon_host(MORNING + ticks(ALL_OF_SYSMON, 170 * MINUTE, END - 5 * MINUTE),
                                   System=[service(AT, "Sysmon64", "stopped"), service(SOON, "Sysmon64", "running")]),
                       blind(BY_SYSMON, (AT, SOON))),
    "7036 of the event log": ({FRAME: frame(0, BEFORE) + frame(170 * MINUTE),
                               SYSMON: MORNING + ticks(ALL_OF_SYSMON, 170 * MINUTE, END - 5 * MINUTE),
                               IIS: [committed(30), committed(200 * MINUTE)],
                               SYSTEM: [service(AT, "Windows Event Log", "stopped"), service(SOON, "Windows Event Log", "running")]},
                              blind([*BY_SYSMON, "registration"], (AT, SOON))),
    "7036 of another service": (sysmon_host(WHOLE, System=[service(AT, "Print Spooler", "stopped")]), {}),
    "channel off": (sysmon_host(MORNING + [channel(AT, SYSMON, 0)]), blind(BY_SYSMON, (AT, END))),
    "channel of IIS off and on": ({FRAME: frame(), IIS: [committed(30), committed(200 * MINUTE)],
                                   SYSMON: MORNING + [channel(AT, IIS, 0)] + ticks(ALL_OF_SYSMON, AFTER, 3 * HOUR) +
                                   [channel(BACK, IIS, 1)] + LATER}, {"registration": [(AT, BACK)]}),
    # A sample shows its own run of the log; of the run behind the gap there is none.
    "channel of IIS off and on, and no sample": (
        sysmon_host(MORNING + [channel(AT, IIS, 0)] + ticks(ALL_OF_SYSMON, AFTER, 3 * HOUR) + [channel(BACK, IIS, 1)] + LATER),
        {"registration": [(AT, END)]}),
    "channel off by wevtutil": (sysmon_host(MORNING + [started(AT, Image="C:\\Windows\\System32\\wevtutil.exe",
                                                               CommandLine=f"wevtutil sl {SYSMON} /e:false")]),
                                blind(BY_SYSMON, (AT, END))),

    # --- commands that ask for it: off until there is something again, or, of the driver, a sample ---
    "sc stop, and it went on": (sysmon_host(MORNING + [command(AT, "sc.exe", "sc stop Sysmon64")] + NOON), blind(BY_SYSMON, (AT, AFTER + 1))),
    "fltmc unload, and the service goes on": (
        sysmon_host(MORNING + [command(AT, "fltMC.exe", "fltmc unload SysmonDrv")] + ticks([ended], AFTER, 3 * HOUR) + LATER),
        blind(BY_SYSMON, (AT, (LATER[0][0], LATER[2][0])))),
    "Stop-Service in a script": (
        sysmon_host(MORNING + ticks(ALL_OF_SYSMON, 170 * MINUTE, END - 5 * MINUTE),
                    **{"Microsoft-Windows-PowerShell/Operational": [(AT, 4104, {"ScriptBlockText": "Stop-Service Sysmon64 -Force"})]}),
        blind(BY_SYSMON, (AT, 170 * MINUTE + 1))),
    "auditpol /clear": (audit_host(AUDITED_MORNING + [audited_start(AT, NewProcessName="C:\\Windows\\System32\\auditpol.exe",
                                                                    CommandLine="auditpol /clear /y")] + ticks([logged_off], AFTER, END - 5 * MINUTE)),
                        {**blind(["file_created", "process_created"], (AT, END)), "module_load": [(0, END)]}),
    # In a pipeline, encoded, in a block for the own machine, under another name.
    "Get-Service and Stop-Service in a script": (
        sysmon_host(MORNING + ticks(ALL_OF_SYSMON, 170 * MINUTE, END - 5 * MINUTE), **script("Get-Service Sysmon64 | Stop-Service -Force")),
        blind(BY_SYSMON, (AT, 170 * MINUTE + 1))),
    "an encoded command": (
        sysmon_host(MORNING + [command(AT, "WindowsPowerShell\\v1.0\\powershell.exe", f"powershell -nop -enc {encoded('spsv Sysmon*')}")] + NOON),
        blind(BY_SYSMON, (AT, AFTER + 1))),
    "Invoke-Command on the own machine": (
        sysmon_host(MORNING + NOON, **script("Invoke-Command -ComputerName localhost { Stop-Service Sysmon64 }")),
        blind(BY_SYSMON, (AT, AFTER + 1))),
    "sc on the own machine": (sysmon_host(MORNING + [command(AT, "sc.exe", "sc \\\\localhost stop Sysmon64")] + NOON),
                              blind(BY_SYSMON, (AT, AFTER + 1))),
    "sc on another machine": (sysmon_host(MORNING + [command(AT, "sc.exe", "sc \\\\DB01 stop Sysmon64")] + NOON), {}),
    "wevtutil under another name": (
        sysmon_host(MORNING + [started(AT, Image="C:\\Temp\\svc.exe", OriginalFileName="wevtutil.exe",
                                       CommandLine=f"svc sl {SYSMON} /e:false")]), blind(BY_SYSMON, (AT, END))),
    # What is named by something that cannot be read may be every log: what it names is cleared, the only record of IIS with it.
    "every log cleared": (sysmon_host(NOON, **script("wevtutil el | % { wevtutil cl $_ }")),
                          {**blind(BY_SYSMON, (0, AFTER + 1)), "registration": [((30, 31), END)]}),
    "a made name": (sysmon_host(MORNING + NOON, **script("Stop-Service ('Sys' + $x)")),
                    {**blind(BY_SYSMON, (AT, AFTER + 1)), "registration": [(AT, END)]}),
    "everyday work in a script": (sysmon_host(MORNING + NOON, **script("foreach ($s in $services) { Stop-Service $s.Name; iisreset }")), {}),
    # Behind more commands than are kept anything may stand: cleared, stopped, without its driver.
    "more commands than are kept": (
        sysmon_host(MORNING + NOON, **script("\n".join(f"wevtutil sl c{n} /e:false" for n in range(64)) + "\nStop-Service Sysmon64")),
        {"process_created": [(BEFORE + 3, AFTER + 1)], "file_created": [(BEFORE + 3, AFTER + 2)],
         "module_load": [(BEFORE + 3, AFTER + 3)], "registration": [((30, 31), END)]}),
    "as many commands as are kept": (
        sysmon_host(MORNING + NOON, **script("\n".join(f"wevtutil sl c{n} /e:false" for n in range(64)))), {}),
    "sc query": (sysmon_host(MORNING + [command(AT, "sc.exe", "sc query Sysmon64")] + NOON), {}),

    # --- the clock: what was logged is there ---
    "clock set back and forth": ({FRAME: frame(0, 90 * MINUTE) + frame(30 * MINUTE, 90 * MINUTE) + frame(140 * MINUTE), IIS: [committed(30)],
                                  SYSMON: ticks(ALL_OF_SYSMON, 0, 85 * MINUTE) + ticks(ALL_OF_SYSMON, 35 * MINUTE, 85 * MINUTE) +
                                  ticks(ALL_OF_SYSMON, 140 * MINUTE, END - 5 * MINUTE),
                                  SECURITY: [clock(30 * MINUTE, 90 * MINUTE, 30 * MINUTE), clock(140 * MINUTE, 90 * MINUTE, 140 * MINUTE)]},
                                 {}),
    "clock set forward": ({FRAME: frame(0, HOUR) + frame(3 * HOUR), IIS: [committed(30)], SECURITY: [clock(3 * HOUR, HOUR, 3 * HOUR)],
                           SYSMON: ticks(ALL_OF_SYSMON, 0, HOUR - 5 * MINUTE) + ticks(ALL_OF_SYSMON, 3 * HOUR, END - 5 * MINUTE)}, {}),
}

# Sysmon's log as a file of chunks of six records. Where it is damaged the ids jump; and as nobody knows what else was in it, its ends
# are blind as well: here a second at the first and five minutes at the last.
CHUNK, PER_CHUNK, ENDS = 10, 6, [(0, 1), (END - 5 * MINUTE + 3, END)]


def around(first, last):
    return [ENDS[0], (WHOLE[first - 1][0], WHOLE[last + 1][0]), ENDS[1]]


def overwrite_chunk(log):
    log[4096 + CHUNK * 65536:4096 + (CHUNK + 1) * 65536] = b"\xee" * 65536


def overwrite_record(log):
    """The content of the fifth record of the chunk; its head, with size, id and time, stays."""
    at = 4096 + CHUNK * 65536 + 512
    for _ in range(4):
        at += int.from_bytes(log[at + 4:at + 8], "little")
    size = int.from_bytes(log[at + 4:at + 8], "little")
    log[at + 24:at + size - 4] = b"\xee" * (size - 28)


def cut_off(log):
    """The file ends with the chunk before."""
    del log[4096 + CHUNK * 65536:]


FILES = {
    "file whole": (None, {}),
    "chunk overwritten": (overwrite_chunk, {link: around(CHUNK * PER_CHUNK, CHUNK * PER_CHUNK + 5) for link in BY_SYSMON}),
    "record overwritten": (overwrite_record, {link: around(CHUNK * PER_CHUNK + 4, CHUNK * PER_CHUNK + 4) for link in BY_SYSMON}),
    "file cut off": (cut_off, {link: [ENDS[0], (WHOLE[CHUNK * PER_CHUNK - 1][0], END)] for link in BY_SYSMON}),
}


def write_hosts(folder):
    hosts = {}
    for number, (name, (logs, spans)) in enumerate(CASES.items()):
        host = f"T{number:02}"
        hosts[host] = (name, spans)
        if "Security again" in logs:  # the log as it was after the clear, beside a copy of before
            first = logs[SECURITY]
            logs = {**logs, (SECURITY, len(first) + 100): [cleared(AT, 1102)] + AUDITED_NOON}
            del logs["Security again"]
        make.put_host(folder, host, logs)
    path = "C/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx"
    for number, (name, (damage, spans)) in enumerate(FILES.items()):
        host = f"F{number:02}"
        hosts[host] = (name, spans)
        make.put_host(folder, host, {FRAME: frame(), IIS: [committed(30)]})
        file = os.path.join(folder, host, path)
        make.put_evtx(file, host, SYSMON, WHOLE, ["--chunk-records", str(PER_CHUNK)])
        if damage is not None:
            with open(file, "rb") as log:
                content = bytearray(log.read())
            damage(content)
            make.put(file, bytes(content))
    return hosts


def asked_windows(evidence):
    """What --since and --until make of the host whose ids jump between 12:00:03 and 12:05:01."""
    host = f"T{list(CASES).index('ids jump'):02}"
    wanted = {("--until", "2026-01-05T12:00:00Z"): "clear", ("--since", "2026-01-05T12:05:01Z"): "clear",
              ("--until", "2026-01-05T12:01:00Z"): "blind", ("--since", "2026-01-05T12:04:00Z"): "blind",
              ("--since", "2026-01-05T12:05:01Z", "--until", "2026-01-05T16:00:00Z"): "blind"}
    for options, verdict in wanted.items():
        said = make.ask(os.path.join(evidence, host), *options)[host, "AN1108"]["verdict"]
        if said != verdict:
            yield f"{' '.join(options)}: {said}, not {verdict}"


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    hosts = write_hosts(folder)
    records = make.ask(folder)
    wrong = [f"{host} {name}: {text}" for host, (name, spans) in hosts.items() for text in differences(records, host, spans)]
    wrong += list(asked_windows(folder))
    print("\n".join(wrong) or f"{len(hosts)} hosts are blind for what was taken away, and for nothing else")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
