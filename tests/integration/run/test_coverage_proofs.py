#!/usr/bin/env python3
"""Each kind of proof shows its links and no others; what proves nothing, is damaged, contradicts or is not there never makes a host clear.

usage: test_coverage_proofs.py FOLDER

Every case is a host made here whose logs hold no sample of anything (or the one sample the case is about) and one file of settings;
beside it stands which required links that shows. What is expected comes from what the files mean to Windows and Sysmon. A link whose
log is not in evidence is never proved, whatever the settings say: what was logged nobody can look at.
"""
import hashlib
import os
import shutil
import struct
import sys
import zlib

import coverage_hosts as make
from coverage_hosts import (CONFIGURATION, CONFIGURATION_PATH, FRAME, HOUR, IIS, MINUTE, SECURITY, SYSMON, audited_start, audited_write,
                            committed, created, ended, frame, loaded, logged_off, lose, started, ticks)
from hive_file import software

END = 4 * HOUR
REQUIRED = {"AN1108": ["file_created", "process_created"], "AN0184": ["configuration", "registration", "module_load"]}
ALL = ["configuration", "file_created", "process_created", "registration", "module_load"]
ROOT, CONFIG_FOLDER = "C:\\inetpub\\wwwroot", "C:\\Windows\\System32\\inetsrv\\config"

# Logs that are there and hold nothing that shows a link.
BARE = {FRAME: frame(), SYSMON: ticks([ended], 0, END - 5 * MINUTE), SECURITY: ticks([logged_off], 0, END - 5 * MINUTE)}


def bare(**more):
    return {**BARE, **more}


def with_sysmon(*records):
    """One more record of Sysmon, of each kind given, an hour into its log."""
    return bare(**{SYSMON: BARE[SYSMON][:12] + [record(HOUR - 1) for record in records] + BARE[SYSMON][12:]})


def with_security(*records):
    return bare(Security=BARE[SECURITY][:12] + [record(HOUR - 1) for record in records] + BARE[SECURITY][12:])


# --- files of settings ---


def sysmon_xml(*rules):
    return ('<Sysmon schemaversion="4.90"><HashAlgorithms>SHA256</HashAlgorithms><EventFiltering>' + "".join(rules) +
            "</EventFiltering></Sysmon>\r\n")


def rule(event, match, *conditions):
    """conditions: (field, how, value)."""
    inside = "".join(f'<{field} condition="{how}">{value}</{field}>' for field, how, value in conditions)
    return f'<RuleGroup name="" groupRelation="or"><{event} onmatch="{match}">{inside}</{event}></RuleGroup>'


# Without a filter for it Sysmon logs every start; of files and modules versions differ, and modules are off.
ALL_STARTS, NO_STARTS, ALL_FILES = rule("ProcessCreate", "exclude"), rule("ProcessCreate", "include"), rule("FileCreate", "exclude")
WORKER_LOADS = rule("ImageLoad", "include", ("Image", "image", "w3wp.exe"))
XML = sysmon_xml(ALL_STARTS, ALL_FILES, WORKER_LOADS)
XML_PATH = "C/Windows/sysmonconfig.xml"
NO_XML = sysmon_xml(rule("ProcessCreate", "include"), rule("FileCreate", "include"), rule("ImageLoad", "include"))

SUBCATEGORIES = {"Logon": "0CCE9215", "File System": "0CCE921D", "Process Creation": "0CCE922B"}
GUID_TAIL = "-69AE-11D9-BED3-505054503030"


def auditpol_text(**settings):
    lines = ["System audit policy", "Category/Subcategory                      Setting", "Object Access"]
    lines.append(f"  {'File System':40}{settings.get('files', 'No Auditing')}")
    lines.append("Detailed Tracking")
    lines.append(f"  {'Process Creation':40}{settings.get('processes', 'No Auditing')}")
    return "\r\n".join(lines) + "\r\n"


MACHINE = "THIS-HOST"  # in reports of auditpol: the name of the host they are written for


def audit_csv(form, **settings):
    """`auditpol /get /r`, `auditpol /backup` and audit.csv of a group policy."""
    rows = ["Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting" +
            ("" if form == "report" else ",Setting Value")]
    for key, name in (("files", "File System"), ("processes", "Process Creation")):
        word = settings.get(key, "No Auditing")
        value = {"Success": ",1", "Failure": ",2", "Success and Failure": ",3", "No Auditing": ",0"}[word]
        rows.append(f"{'' if form == 'policy' else MACHINE},System,{'Audit ' if form == 'policy' else ''}{name},"
                    f"{{{SUBCATEGORIES[name]}{GUID_TAIL}}},{word},{'' if form == 'report' else value}")
    return ("\r\n" if form == "report" else "") + "\r\n".join(rows) + "\r\n"


def reg(*keys):
    """keys: (key below HKLM, name, value). As regedit exports it."""
    text = "Windows Registry Editor Version 5.00\r\n"
    for key, name, value in keys:
        text += f"\r\n[HKEY_LOCAL_MACHINE\\{key}]\r\n\"{name}\"={value}\r\n"
    return b"\xff\xfe" + text.encode("utf-16-le")


COMMAND_LINES = ("SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit", "ProcessCreationIncludeCmdLine_Enabled",
                 "dword:00000001")
CONFIG_HIVE = "C/Windows/System32/config/SOFTWARE"
NO_COMMAND_LINES = (*COMMAND_LINES[:2], "dword:00000000")


def channel_key(value):
    return ("SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\" + IIS, "Enabled", f"dword:{value:08x}")


DRIVER = "SYSTEM\\CurrentControlSet\\Services\\SysmonDrv\\Parameters"
DRIVER_RULES = (DRIVER, "Rules", "hex:01,00,00,00,02,00,00,00,0a,0b,0c,0d")


def driver(digest):
    """Parameters of Sysmon's driver, of which ConfigHash says what was loaded last."""
    values = ["\"HashingAlgorithm\"=dword:80000004", "\"Options\"=dword:00000000", f"\"ConfigHash\"=\"{digest}\""]
    text = f"Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\{DRIVER}]\r\n" + "\r\n".join(values) + "\r\n"
    return b"\xff\xfe" + text.encode("utf-16-le")


def wevtutil_gl(is_on):
    return f"name: {IIS}\r\nenabled: {'true' if is_on else 'false'}\r\ntype: Operational\r\nowningPublisher: \r\nisolation: Application\r\n"


def get_acl(path, entries):
    """`Get-Acl -Audit PATH | Format-List`, redirected by PowerShell."""
    sddl = "O:BAG:SYD:AI(A;OICI;FA;;;BA)" + entries
    text = (f"\r\n\r\nPath   : Microsoft.PowerShell.Core\\FileSystem::{path}\r\nOwner  : BUILTIN\\Administrators\r\n"
            f"Group  : NT AUTHORITY\\SYSTEM\r\nAccess : BUILTIN\\Administrators Allow  FullControl\r\n"
            f"Audit  : {'Everyone Success  Write, Delete' if entries else ''}\r\nSddl   : {sddl}\r\n\r\n\r\n")
    return b"\xff\xfe" + text.encode("utf-16-le")


EVERYONE = "S:AI(AU;OICISA;DCLCRPDTSDWDWO;;;WD)"
WRITING = "S:AI(AU;OICISA;DC;;;WD)"
AUDITED_ROOT = {"root.txt": get_acl(ROOT, EVERYONE)}
FILES_AUDITED = {"auditpol.txt": auditpol_text(files="Success")}
ROOT_PATH = "C/inetpub/wwwroot/uploads/"
EMPTY_LOG = "C/Windows/System32/winevt/Logs/Microsoft-IIS-Configuration%4Operational.evtx"


def hash_of(text):
    return "SHA256=" + hashlib.sha256(text.encode()).hexdigest().upper()


def with_configured(*events):
    """Sysmon 16 at these moments, with the hash of a configuration."""
    records = BARE[SYSMON] + [(at, 16, {"Configuration": "C:\\Windows\\sysmonconfig.xml", "ConfigurationFileHash": digest})
                              for at, digest in events]
    return bare(**{SYSMON: sorted(records, key=lambda one: one[0])})


SEEN = ["file_created", "process_created", "registration", "module_load"]


def stated(*links):
    """A collected configuration says what somebody had: that it was loaded is shown by nothing."""
    return ["stated " + link for link in links]


# What settings alone show, and what they do not. name: (logs, files, links that are proved; as (link, from, to) proved but for a gap; as
# "stated LINK" stated).
PROOFS = {
    "nothing": (BARE, {}, []),

    # --- a sample of each ---
    "Sysmon 11 of a root": (with_sysmon(created), {}, ["file_created"]),
    "Sysmon 11 elsewhere": (with_sysmon(lambda at: created(at, "D:\\data\\report.aspx")), {}, []),
    "Sysmon 11 of a folder named alike": (with_sysmon(lambda at: created(at, "C:\\inetpub\\wwwroot2\\a.aspx")), {}, []),
    "Sysmon 11 of configuration": (with_sysmon(lambda at: created(at, CONFIG_FOLDER + "\\applicationHost.config")), {}, ["registration"]),
    "Sysmon 11 of a canary": (with_sysmon(lambda at: created(at, ROOT + "\\iwc0123456789-f1-20260105T105900Z.txt")), {}, ["file_created"]),
    "Sysmon 1": (with_sysmon(started), {}, ["process_created"]),
    "Sysmon 1 without command line": (with_sysmon(lambda at: started(at, CommandLine="")), {}, []),
    "Sysmon 1 with a dash for it": (with_sysmon(lambda at: started(at, CommandLine="-")), {}, []),
    "Sysmon 1 without parent": (with_sysmon(lambda at: started(at, ParentImage="-")), {}, []),
    "Sysmon 7 of a worker": (with_sysmon(loaded), {}, ["module_load"]),
    "Sysmon 7 of a 32-bit worker": (with_sysmon(lambda at: loaded(at, "C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe")), {}, ["module_load"]),
    "Sysmon 7 of another program": (with_sysmon(lambda at: loaded(at, "C:\\Windows\\System32\\svchost.exe")), {}, []),
    "Sysmon 7 of a program called so": (with_sysmon(lambda at: loaded(at, "C:\\Temp\\w3wp.exe")), {}, []),
    "4663 of a root": (with_security(audited_write), {}, ["file_created"]),
    "4663 of reading": (with_security(lambda at: audited_write(at, mask="0x1")), {}, []),
    "4663 elsewhere": (with_security(lambda at: audited_write(at, "D:\\data\\report.aspx")), {}, []),
    "4663 of configuration": (with_security(lambda at: audited_write(at, CONFIG_FOLDER + "\\applicationHost.config")), {}, ["registration"]),
    "4688": (with_security(audited_start), {}, ["process_created"]),
    "4688 without command line": (with_security(lambda at: audited_start(at, CommandLine="")), {}, []),
    "IIS-Configuration": (bare(**{IIS: [committed(HOUR)]}), {}, ["registration"]),
    "IIS-Configuration, another channel": (bare(**{"Microsoft-IIS-Configuration/Administrative": [committed(HOUR)]}), {}, []),

    # --- Sysmon's configuration ---
    "configuration of Sysmon": (BARE, {XML_PATH: XML}, stated(*SEEN)),
    "configuration, wherever it lies": (BARE, {"notes/x.dat": XML}, stated(*SEEN)),
    "configuration and samples": (with_sysmon(started, created), {XML_PATH: XML},
                                  ["file_created", "process_created", *stated("registration", "module_load")]),
    "configuration, its hash in the registry": (BARE, {XML_PATH: XML, "sysmondrv.reg": driver(hash_of(XML))}, SEEN),
    "configuration, another hash in the registry": (BARE, {XML_PATH: XML, "sysmondrv.reg": driver(hash_of("other"))}, []),
    "configuration, one of two in the registry": (
        BARE, {XML_PATH: XML, "old.xml": NO_XML, "sysmondrv.reg": driver(hash_of(XML))}, SEEN),
    "configuration, no hash in the registry": (BARE, {XML_PATH: XML, "sysmondrv.reg": driver("")}, stated(*SEEN)),
    "Sysmon 16 of another file than the registry's": (
        with_configured((30, hash_of("other"))), {XML_PATH: XML, "sysmondrv.reg": driver(hash_of(XML))}, []),
    "configuration of processes": (BARE, {XML_PATH: sysmon_xml(ALL_STARTS)}, stated("process_created")),
    "configuration that logs nothing": (BARE, {XML_PATH: NO_XML}, []),
    "configuration of some files": (BARE, {XML_PATH: sysmon_xml(NO_STARTS, rule("FileCreate", "include", ("TargetFilename", "end with", ".aspx")))}, []),
    # A worker that runs as SYSTEM may write the configuration too.
    "configuration without the worker": (
        BARE, {XML_PATH: sysmon_xml(NO_STARTS, rule("FileCreate", "exclude", ("Image", "is", make.WORKER)))}, []),
    "configuration without filters": (BARE, {XML_PATH: sysmon_xml()}, stated("process_created")),
    "configuration without the root": (
        BARE, {XML_PATH: sysmon_xml(NO_STARTS, rule("FileCreate", "exclude", ("TargetFilename", "begin with", "C:\\inetpub")))}, stated("registration")),
    "configuration without a program of administrators": (
        BARE, {XML_PATH: sysmon_xml(NO_STARTS, rule("FileCreate", "exclude", ("Image", "is", "C:\\Program Files\\Backup\\agent.exe")))},
        stated("file_created", "registration")),
    "configuration without a name": (
        BARE, {XML_PATH: sysmon_xml(NO_STARTS, rule("FileCreate", "exclude", ("Image", "end with", "\\agent.exe")))}, []),
    "configuration without loads of workers": (
        BARE, {XML_PATH: sysmon_xml(NO_STARTS, rule("ImageLoad", "include", ("Image", "image", "svchost.exe")))}, []),
    "configuration, half of it": (BARE, {XML_PATH: XML[:len(XML) // 2]}, []),
    "configuration, empty": (BARE, {XML_PATH: ""}, []),
    "configuration, but no log of Sysmon": ({FRAME: frame(), SECURITY: BARE[SECURITY]}, {XML_PATH: XML}, []),
    "rules in the registry": (BARE, {"sysmondrv.reg": reg(DRIVER_RULES)}, []),
    "samples against the configuration": (with_sysmon(started, created, loaded), {XML_PATH: NO_XML}, []),
    "Sysmon 16 of that file": (with_configured((30, hash_of(XML))), {XML_PATH: XML},
                               [(link, 0, 30) for link in SEEN]),
    "Sysmon 16 of another file": (with_configured((30, hash_of("other"))), {XML_PATH: XML}, []),
    "Sysmon 16, one file after the other": (
        with_configured((30, hash_of(XML)), (2 * HOUR + 30, hash_of(NO_XML))), {XML_PATH: XML, "new.xml": NO_XML},
        [(link, 0, 30, 2 * HOUR + 30, END) for link in SEEN]),

    # --- where the attacker writes: what an upload leaves there was collected with all else ---
    **{f"configuration in {place}": (BARE, {place + "/x.xml": XML}, [])
       for place in ("C/inetpub/wwwroot/uploads", "D/Inetpub/wwwroot", "C/Windows/Temp", "C/Users/Public/Documents",
                     "C/Windows/Microsoft.NET/Framework64/v4.0.30319/Temporary ASP.NET Files/root/1a2b")},
    "configuration of an administrator": (BARE, {"C/Users/adm/Desktop/x.xml": XML}, stated(*SEEN)),
    "configuration beside a web root": (BARE, {"C/inetpub/wwwroot2/x.xml": XML}, stated(*SEEN)),
    "policy in a web root": (BARE, {ROOT_PATH + "a.csv": audit_csv("report", processes="Success"), "audit.reg": reg(COMMAND_LINES)}, []),
    "registry in a web root": (BARE, {"a.csv": audit_csv("report", processes="Success"), ROOT_PATH + "b.reg": reg(COMMAND_LINES)}, []),
    "audit entry in a web root": (BARE, {**FILES_AUDITED, ROOT_PATH + "c.txt": get_acl(ROOT, EVERYONE)}, []),
    "policy that denies in a web root": (
        BARE, {"a.csv": audit_csv("report", processes="Success"), "b.reg": reg(COMMAND_LINES), ROOT_PATH + "a.csv": audit_csv("report")},
        ["process_created"]),

    # --- the audit policy ---
    **{f"{name} and command lines": (BARE, {path: policy, "audit.reg": reg(COMMAND_LINES)}, ["process_created"])
       for name, path, policy in (
           ("auditpol", "auditpol.txt", auditpol_text(processes="Success")),
           ("auditpol /r", "auditpol.csv", audit_csv("report", processes="Success")),
           ("auditpol /backup", "backup.csv", audit_csv("backup", processes="Success and Failure")),
           ("audit.csv", "C/Windows/System32/GroupPolicy/Machine/Microsoft/Windows NT/Audit/audit.csv",
            audit_csv("policy", processes="Success")))},
    "auditpol without command lines": (BARE, {"auditpol.txt": auditpol_text(processes="Success")}, []),
    "auditpol, command lines off": (BARE, {"auditpol.txt": auditpol_text(processes="Success"), "audit.reg": reg(NO_COMMAND_LINES)}, []),
    "command lines without auditpol": (BARE, {"audit.reg": reg(COMMAND_LINES)}, []),
    "auditpol of failures": (BARE, {"auditpol.txt": auditpol_text(processes="Failure"), "audit.reg": reg(COMMAND_LINES)}, []),
    "auditpol, no Security log": ({FRAME: frame(), SYSMON: BARE[SYSMON]},
                                  {"auditpol.txt": auditpol_text(processes="Success"), "audit.reg": reg(COMMAND_LINES)}, []),
    "auditpol on and off": (BARE, {"auditpol.txt": auditpol_text(processes="Success"), "audit.reg": reg(COMMAND_LINES),
                                   "again.csv": audit_csv("report")}, []),
    # By the device of a volume: which letter that has is known where one root fits.
    "a file on a device": (with_security(lambda at: audited_write(at, "\\Device\\HarddiskVolume3\\inetpub\\wwwroot\\tree.jpg")), {},
                           ["file_created"]),
    "a file on a device, elsewhere": (with_security(lambda at: audited_write(at, "\\Device\\HarddiskVolume3\\x\\tree.jpg")), {}, []),
    # The command line was there, and then no longer: whatever was shown before, and whatever settings say.
    **{f"command lines until an hour in{name}": (
        bare(Security=ticks([audited_start], 0, HOUR - 5 * MINUTE) +
             ticks([lambda at: audited_start(at, CommandLine="")], HOUR, END - 5 * MINUTE)), files, [("process_created", HOUR + 1, END)])
       for name, files in (("", {}), (", said to be there",
                                      {"auditpol.txt": auditpol_text(processes="Success"), "audit.reg": reg(COMMAND_LINES)}))},
    "parents until an hour in": (
        bare(Security=ticks([audited_start], 0, HOUR - 5 * MINUTE) +
             ticks([lambda at: audited_start(at, ParentProcessName="")], HOUR, END - 5 * MINUTE)), {}, [("process_created", HOUR + 1, END)]),
    "no command lines, said to be there": (
        bare(Security=ticks([lambda at: audited_start(at, CommandLine="")], 0, END - 5 * MINUTE)),
        {"auditpol.txt": auditpol_text(processes="Success"), "audit.reg": reg(COMMAND_LINES)}, [("process_created", 1, END)]),
    # A hive from its place counts more than one from elsewhere, and that more than a text, which anybody can write; whatever they are called.
    **{f"hive {name}": (BARE, {"auditpol.txt": auditpol_text(processes="Success"), **files}, proved) for name, files, proved in (
        ("that has command lines", {CONFIG_HIVE: software(1)}, ["process_created"]),
        ("that has none", {CONFIG_HIVE: software(0)}, []),
        ("that does not say", {CONFIG_HIVE: software()}, []),
        ("that has none, and an export", {"A/audit.reg": reg(COMMAND_LINES), CONFIG_HIVE: software(0), "z.reg": reg(COMMAND_LINES)}, []),
        ("that does not say, and an export", {"A/audit.reg": reg(COMMAND_LINES), CONFIG_HIVE: software()}, []),
        ("that has command lines, and an export", {"A/audit.reg": reg(NO_COMMAND_LINES), CONFIG_HIVE: software(1)}, ["process_created"]),
        ("that has none, and another", {"A/SOFTWARE": software(1), CONFIG_HIVE: software(0)}, []),
        ("that has command lines, and another", {"A/SOFTWARE": software(0), CONFIG_HIVE: software(1)}, ["process_created"]),
        ("from elsewhere, and an export", {"A/SOFTWARE": software(0), "audit.reg": reg(COMMAND_LINES)}, []))},
    "two exports that differ": (
        BARE, {"auditpol.txt": auditpol_text(processes="Success"), "a.reg": reg(COMMAND_LINES), "b.reg": reg(NO_COMMAND_LINES)}, []),
    "samples against auditpol": (with_security(audited_start), {"auditpol.txt": auditpol_text()}, []),

    # --- audit entries ---
    "audit entry of a root": (BARE, {**FILES_AUDITED, **AUDITED_ROOT}, ["file_created"]),
    "audit entry of configuration": (BARE, {**FILES_AUDITED, "config.txt": get_acl(CONFIG_FOLDER, EVERYONE)}, ["registration"]),
    "audit entry of a drive": (BARE, {**FILES_AUDITED, "other.txt": get_acl("D:\\", EVERYONE)}, []),
    "audit entry without policy": (BARE, AUDITED_ROOT, []),
    "policy without audit entry": (BARE, FILES_AUDITED, []),
    "policy, and no entry": (BARE, {**FILES_AUDITED, "root.txt": get_acl(ROOT, "")}, []),
    "audit entry of failures": (BARE, {**FILES_AUDITED, "root.txt": get_acl(ROOT, "S:AI(AU;OICIFA;DCLCRPDTSDWDWO;;;WD)")}, []),
    "audit entry of the folder alone": (BARE, {**FILES_AUDITED, "root.txt": get_acl(ROOT, "S:AI(AU;SA;DCLCRPDTSDWDWO;;;WD)")}, []),
    "audit entry of reading": (BARE, {**FILES_AUDITED, "root.txt": get_acl(ROOT, "S:AI(AU;OICISA;CCSWRC;;;WD)")}, []),
    "audit entry of somebody": (
        BARE, {**FILES_AUDITED, "root.txt": get_acl(ROOT, "S:AI(AU;OICISA;DCLCRPDTSDWDWO;;;S-1-5-21-1-2-3-1105)")}, []),

    # Not of appending and renaming: what is written and seen shows that this is logged. Of somebody else it shows nothing of a worker.
    "audit entry of writing alone": (BARE, {**FILES_AUDITED, "root.txt": get_acl(ROOT, WRITING)}, []),
    "audit entry of writing alone, and seen": (with_security(audited_write), {**FILES_AUDITED, "root.txt": get_acl(ROOT, WRITING)},
                                               ["file_created"]),
    "audit entry of users, and seen": (
        with_security(audited_write), {**FILES_AUDITED, "root.txt": get_acl(ROOT, EVERYONE.replace("WD)", "BU)"))}, ["file_created"]),
    "audit entry of somebody, and seen": (
        with_security(audited_write), {**FILES_AUDITED, "root.txt": get_acl(ROOT, EVERYONE.replace("WD)", "S-1-5-21-1-2-3-1105)"))}, []),

    # --- the channel of IIS ---
    **{f"channel {name}": (bare(**{IIS: [(30, 50, {"PhysicalPath": "x"}), lose(1), (HOUR, 50, {"PhysicalPath": "x"})]}), files,
                          [("registration", 30, HOUR)])
       for name, files in (("told of by nobody, a record missing", {}), ("on, a record missing", {"channels.txt": wevtutil_gl(True)}),
                           ("on in the registry, a record missing", {"channels.reg": reg(channel_key(1))}))},
    "channel on, no log": (BARE, {"channels.txt": wevtutil_gl(True)}, []),
    "log collected, nothing told": (BARE, {EMPTY_LOG: None}, []),
    "channel off": (bare(**{IIS: [committed(HOUR)]}), {"channels.txt": wevtutil_gl(False)}, []),
    "channel on and off": (bare(**{IIS: [committed(HOUR)]}), {"channels.txt": wevtutil_gl(True), "channels.reg": reg(channel_key(0))}, []),
}

# Evidence that is poor, empty or damaged: (logs, files, configuration there, links that are proved).
POOR = {
    "configuration of Sysmon in the root of a site": (
        BARE, {CONFIGURATION_PATH: CONFIGURATION.replace("C:\\inetpub\\wwwroot", "D:\\Sites\\Shop"), "D/sites/shop/up/x.xml": XML}, False,
        ["configuration"]),
    "configuration of Sysmon in a root of another name": (
        BARE, {CONFIGURATION_PATH: CONFIGURATION.replace("C:\\inetpub\\wwwroot", "D:\\Sites\\Shop"), "D/sites/shop2/up/x.xml": XML}, False,
        ["configuration", *stated(*SEEN)]),
    "configuration alone": ({}, {}, True, ["configuration"]),
    "settings alone": ({}, {XML_PATH: XML, "auditpol.txt": auditpol_text(processes="Success", files="Success"), **AUDITED_ROOT}, True,
                       ["configuration"]),
    "events without configuration": ({FRAME: frame(), SYSMON: ticks([started, created, loaded], 0, END - 5 * MINUTE), IIS: [committed(30)]},
                                     {}, False, ["file_created", "process_created", "registration", "module_load"]),
    "half a configuration": (BARE, {CONFIGURATION_PATH: CONFIGURATION[:len(CONFIGURATION) // 2]}, False, []),
    "an empty configuration": (BARE, {CONFIGURATION_PATH: ""}, False, []),
    "a redirected configuration": (
        BARE, {"C/Windows/System32/inetsrv/config/redirection.config":
               '<configuration><configurationRedirection enabled="true" path="\\\\share\\iis" /></configuration>'}, True, []),
    "a configuration with a DTD": (BARE, {CONFIGURATION_PATH: '<!DOCTYPE configuration [<!ENTITY a "b">]>' + CONFIGURATION}, False, []),
    "empty files": ({FRAME: frame()}, {"C/Windows/System32/winevt/Logs/Security.evtx": b"", "events/s.jsonl": b"", "events/s.xml": b"",
                                       "C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log": b"", XML_PATH: b"", "auditpol.txt": b""}, True,
                    ["configuration"]),
    "events without a time": ({}, {"events/0.jsonl": '{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},'
                                                    '"EventID":11,"Channel":"Microsoft-Windows-Sysmon/Operational","EventRecordID":1},'
                                                    '"EventData":{"Image":"x","TargetFilename":"C:\\\\inetpub\\\\wwwroot\\\\a.txt"}}}\n'},
                              True, ["configuration"]),
    "one event": ({SYSMON: [started(0)]}, {}, True, ["configuration", "process_created"]),
}


def write_hosts(folder):
    hosts = {}
    cases = {**{name: (logs, files, True, ["configuration", *links]) for name, (logs, files, links) in PROOFS.items()}, **POOR}
    for number, (name, (logs, files, has_configuration, links)) in enumerate(cases.items()):
        host = f"P{number:02}"
        hosts[host] = (name, links)
        contents = {path: content.replace(MACHINE, host) if isinstance(content, str) else content
                    for path, content in files.items() if content is not None}
        make.put_host(folder, host, logs, contents, has_configuration)
        if files.get(EMPTY_LOG, "") is None:
            make.put_evtx(os.path.join(folder, host, EMPTY_LOG), host, IIS, [])
    return hosts


def spans_of(record, link):
    return [(span["from"], span["to"]) for span in record["spans"] if any(why.startswith(link + ":") for why in span["why"])]


def differences(records, host, links):
    shown = {link[0] if isinstance(link, tuple) else link.removeprefix("stated "): link for link in links}
    for analytic, required in REQUIRED.items():
        record = records.get((host, analytic))
        if record is None:
            yield f"{analytic}: no record"
            continue
        for link in record["links"]:
            name, wanted = link["link"], shown.get(link["link"])
            if name not in required:
                continue
            states = (("gap",) if isinstance(wanted, tuple) else ("not-proved", "absent") if not wanted else
                      ("stated",) if wanted.startswith("stated ") else ("proved",))
            if link["state"] not in states:
                yield f"{name} is {link['state']} ({link['source']}: {link['why']}), not {' or '.join(states)}"
            if not wanted and not link["fix"]:
                yield f"{name}: nothing would close it"
            if isinstance(wanted, tuple):
                times = [make.time_of(at) for at in wanted[1:]]
                if spans_of(record, name) != list(zip(times[::2], times[1::2])):
                    yield f"{name} is blind in {spans_of(record, name)}, not {times}"
        is_clear = all(isinstance(shown.get(link), str) for link in required) and record["spans"] != []
        if record["verdict"] != ("clear" if is_clear else "blind"):
            yield f"{analytic}: verdict {record['verdict']}"


# --- the operator's word ---

WORDS = """telemetry:
  - {hosts: [O00, O04, O05, far], source: [Sysmon 1, Sysmon 11, Sysmon 7], note: SOC}
  - {hosts: [O01], source: Sysmon 1, note: SOC}
  - {hosts: [O01], source: Sysmon 11, path: 'C:\\inetpub', note: SOC}
  - {hosts: [O02], source: [Sysmon 1], note: SOC}
  - {hosts: [O02], source: [Sysmon 11], from: '2026-01-05T12:00:00Z', note: SOC}
  - {hosts: [O03], source: [Sysmon 1, Sysmon 11], logged: false, note: SOC}
  - {hosts: [O06], source: [Sysmon 1, Sysmon 11], to: '2026-01-05T12:00:00Z', note: SOC}
  - {hosts: [O07], source: [Sysmon 1, Sysmon 11], note: SOC}
  - {hosts: [O07], source: [Sysmon 1], from: '2026-01-05T11:00:00Z', to: '2026-01-05T12:00:00Z', logged: false, note: NOC}
  - {hosts: [O09], source: [Sysmon 1, Sysmon 11], logged: false, note: SOC}
  - {hosts: [O08], source: [Command line of Security 4688], note: SOC}
"""
# host: (logs, files, links that are stated (or a gap of them), verdict of AN1108 and AN0184)
STATED = {
    "O00": (BARE, {}, ["file_created", "process_created", "registration", "module_load"], ("clear", "clear")),
    "O01": (BARE, {}, ["file_created", "process_created"], ("clear", "blind")),
    "O02": (BARE, {}, [("file_created", 0, 2 * HOUR), "process_created", ("registration", 0, 2 * HOUR)], ("blind", "blind")),
    "O03": (BARE, {}, [], ("blind", "blind")),
    "O04": (BARE, {XML_PATH: NO_XML}, [], ("blind", "blind")),  # the file counts
    "O05": ({FRAME: frame()}, {}, [], ("blind", "blind")),  # and no log of Sysmon to look at
    "O06": (BARE, {}, [(link, 2 * HOUR, END) for link in ("file_created", "process_created", "registration")], ("blind", "blind")),
    "O07": (BARE, {}, ["file_created", ("process_created", HOUR, 2 * HOUR), "registration"], ("blind", "blind")),
    # One of the two is wrong: nothing is shown by either.
    "O09": (BARE, {XML_PATH: sysmon_xml(ALL_STARTS, ALL_FILES)}, [], ("blind", "blind")),
    "O08": (BARE, {"auditpol.txt": auditpol_text()}, [], ("blind", "blind")),  # of events that are not logged
}


def words_of_operator(folder):
    for host, (logs, files, _, _) in STATED.items():
        make.put_host(folder, host, logs, files)
    words, estate = folder + ".telemetry.yml", folder + ".estate.yml"
    make.put(words, WORDS)
    make.put(estate, "estate:\n  servers:\n    - host: far\n    - host: O00\n")
    records = make.ask(folder, "--telemetry", words, "--estate", estate)
    if {host for host, _ in records} != {*STATED, "far"}:
        yield f"hosts are {sorted(records)}"
    for host, (_, _, links, verdicts) in STATED.items():
        shown = {link[0] if isinstance(link, tuple) else link: link for link in links}
        for (analytic, required), verdict in zip(REQUIRED.items(), verdicts):
            record = records[host, analytic]
            if record["verdict"] != verdict:
                yield f"{host} {analytic}: verdict {record['verdict']}, not {verdict}"
            for link in record["links"]:
                name, wanted = link["link"], shown.get(link["link"])
                if name not in required or name == "configuration":
                    continue
                states = ("gap",) if isinstance(wanted, tuple) else ("stated",) if wanted else ("not-proved", "absent")
                if link["state"] not in states:
                    yield f"{host} {name} is {link['state']} ({link['why']}), not {' or '.join(states)}"
                if isinstance(wanted, tuple) and spans_of(record, name) != [tuple(make.time_of(at) for at in wanted[1:])]:
                    yield f"{host} {name} is blind in {spans_of(record, name)}"
    for analytic in REQUIRED:  # a server of which nothing was brought: whatever is said of it
        if records["far", analytic]["verdict"] != "blind" or records["far", analytic]["spans"] != []:
            yield f"far {analytic}: {records['far', analytic]}"


# --- whose settings are ---

# Where the logs and the settings lie, below one folder; hosts in evidence; of which the settings speak.
LOGS = {FRAME: BARE[FRAME], SYSMON: BARE[SYSMON]}
WHOSE = [
    (["W00/logs"], "W00/settings/s.xml", ["W00"]),
    (["W00/logs"], "s.xml", ["W00"]),  # above it, and there is one host
    (["W00/logs"], "B00/s.xml", []),  # another's folder
    (["W00/logs"], "w00.corp.example/s.xml", ["W00"]),
    (["logs"], "settings/s.xml", ["W00"]),  # the host has no folder
    (["logs", "W00/logs"], "settings/s.xml", ["W00"]),
    (["W00/logs", "W01/logs"], "W01/s.xml", ["W01"]),
    (["W00/logs", "W01/logs"], "W00/W01/s.xml", ["W01"]),  # the nearest folder says it
    (["W00/logs", "W01/logs"], "W01/W00/x/s.xml", ["W00"]),
    (["W00/logs", "W01/logs"], "W00/W02/s.xml", ["W00"]),
    (["W00/logs", "W01/logs"], "s.xml", []),
    (["W00/logs", "W01/logs"], "W02/s.xml", []),
]


def whose(folder):
    for number, (logs, settings, hosts) in enumerate(WHOSE):
        evidence = os.path.join(folder, str(number))
        for place in logs:
            host = place.split("/", maxsplit=1)[0] if "/" in place else "W00"
            for log, (channel, records) in enumerate(LOGS.items()):
                make.put(os.path.join(evidence, place, f"{log}.jsonl"), make.as_json(host, channel, records))
        make.put(os.path.join(evidence, settings), sysmon_xml(ALL_STARTS))
        records = make.ask(evidence)
        said = sorted({host for (host, analytic), record in records.items() for link in record["links"]
                       if analytic == "AN1108" and link["link"] == "process_created" and link["state"] == "stated"})
        if said != hosts:
            yield f"logs in {logs}, settings in {settings}: they speak of {said}, not {hosts}"


# --- logs with nothing in them ---

HEADERS = "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-01-05 10:00:00\r\n#Fields: date time cs-uri-stem\r\n"
ON = {"channels.txt": wevtutil_gl(True)}
# (files, whether there is the empty log of IIS' configuration, the link, its state, what the reason says, what the fix says).
EMPTY = [
    (ON, True, "registration", "not-proved", ["and empty (", "that it is on by", "shows neither since when"], "have it write something"),
    ({}, True, "registration", "not-proved", ["is in evidence and empty ("], "/e:true"),
    (ON, False, "registration", "not-proved", ["no log of IIS-Configuration/Operational in evidence, though it is on by"], "bring the log"),
    ({"C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log": HEADERS}, False, "request", "not-proved", ["the log of requests is in evidence and empty ("],
     "log every request"),
    ({}, False, "request", "absent", ["no log of requests"], "log every request"),
]


def empty_chunk():
    """As Windows makes one when a log is new: no first and no last record (the format: MS-EVEN6, libevtx)."""
    nothing = 2**64 - 1
    head = b"ElfChnk\0" + struct.pack("<QQQQIIII", 1, nothing, nothing, nothing, 128, 0, 512, 0)
    head, offsets = head.ljust(120, b"\0"), bytes(384)
    return (head + struct.pack("<II", 0, zlib.crc32(head + offsets)) + offsets).ljust(65536, b"\0")


def empty(folder):
    for number, (files, has_log, _, _, _, _) in enumerate(EMPTY):
        make.put_host(folder, f"E{number:02}", BARE, files)
        if has_log:
            path = os.path.join(folder, f"E{number:02}", EMPTY_LOG)
            make.put_evtx(path, f"E{number:02}", IIS, [])
            with open(path, "ab") as log:
                log.write(empty_chunk())
    records = make.ask(folder)
    for number, (_, _, name, state, reasons, fix) in enumerate(EMPTY):
        link = next(link for analytic in REQUIRED for link in records[f"E{number:02}", analytic]["links"] if link["link"] == name)
        if link["state"] != state or not all(part in link["why"] for part in reasons) or fix not in (link["fix"] or ""):
            yield f"empty log {number}: {name} is {link['state']}: {link['why']}; {link['fix']}"


# Windows in which there is no event of a host, whose settings show that all would be logged: behind the last, before the first, between
# two. None of them can be clear. Beside them one with events: what is logged is there.
WINDOWS = [(("--since", "2026-01-06T00:00:00Z", "--until", "2026-01-06T00:30:00Z"), "2026-01-06 00:00:00 to 2026-01-06 00:30:"),
           (("--since", "2026-01-05T14:00:01Z", "--until", "2026-01-05T14:20:00Z"), "2026-01-05 14:00:01 to 2026-01-05 14:20:"),
           (("--since", "2026-01-06T00:00:00Z"), "2026-01-06 00:00:00 to 2026-01-06 00:00:00"),
           (("--until", "2026-01-05T09:00:00Z"), "2026-01-05 09:00:00 to 2026-01-05 09:00:00"),
           (("--since", "2026-01-05T09:30:00Z", "--until", "2026-01-05T09:59:59Z"), "2026-01-05 09:30:00 to 2026-01-05 09:59:59"),
           (("--since", "2026-01-05T12:00:10Z", "--until", "2026-01-05T12:04:00Z"), "2026-01-05 12:00:10 to 2026-01-05 12:04:00"),
           (("--since", "2026-01-05T12:04:00Z", "--until", "2026-01-05T12:06:00Z"), None)]


def beside_events(folder):
    make.put_host(folder, "W00", BARE, {XML_PATH: XML})
    for options, words in WINDOWS:
        for by_hunt in (False, True):
            records = make.ask_hunt(folder, *options) if by_hunt else make.ask(folder, *options)
            record = records["W00", "AN1108"]
            told = [link["why"] for link in record["links"] if link["required"]]
            if record["verdict"] != ("clear" if words is None else "blind"):
                yield f"W00 {options}: {record['verdict']}: {told}"
            if words is not None and not all(f"no event of this host is of the time from {words}" in why
                                             for why in told):
                yield f"W00 {options}: {told}"
            if words is not None and [span["verdict"] for span in record["spans"]] != ["blind"]:
                yield f"W00 {options}: {record['spans']}"


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    hosts = write_hosts(os.path.join(folder, "settings"))
    records = make.ask(os.path.join(folder, "settings"))
    wrong = [f"{host} {name}: {text}" for host, (name, links) in hosts.items() for text in differences(records, host, links)]
    wrong += [f"a host nobody told of: {key}" for key in records if key[0] not in hosts]
    wrong += list(words_of_operator(os.path.join(folder, "stated")))
    wrong += list(empty(os.path.join(folder, "empty")))
    wrong += list(whose(os.path.join(folder, "whose")))
    wrong += list(beside_events(os.path.join(folder, "beside")))
    print("\n".join(wrong) or f"{len(hosts) + len(STATED)} hosts: what is shown is proved, and nothing else")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
