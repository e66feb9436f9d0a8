#!/usr/bin/env python3
"""The real events that exist as text only: what each file holds is told in its own words, and is what must come out.

usage: test_text_evidence.py FOLDER

Two files are event XML. Four are descriptions in YAML with one event each as Splunk stores it, on folded lines: the event is
read where YAML leaves the XML alone, and what stands around it is noticed as text between events. Two hold no <Event> at all
(an excerpt of EventData that ends in the middle, and a rendered message): skipped, and named. Exit status 77: no evidence.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../evtx"))
sys.dont_write_bytecode = True
import evidence  # noqa: E402

# file → (channel, event id, record id, one field and its text) of each event
EVENTS = {
    "w3svc_wp_2280_was_5139.xml": [
        ("System", 5139, 624506, "AppPoolID", "DefaultAppPool"),
        ("Application", 2280, 5620139, "ModuleDll", "E:\\MSExchange2019\\ClientAccess\\Owa\\auth\\exppw.dll")],
    "w3wp_sysmon_11_1_27.xml": [
        ("Microsoft-Windows-Sysmon/Operational", 11, 2246, "TargetFilename", "C:\\Windows\\Temp\\qriyblj4.dll"),
        ("Microsoft-Windows-Sysmon/Operational", 1, 2248, "OriginalFileName", "csc.exe"),
        ("Microsoft-Windows-Sysmon/Operational", 27, 2252, "TargetFilename", "C:\\inetpub\\wwwroot\\MyAppCopy.exe")],
    "sysmon_eventid_11.yml": [
        ("Microsoft-Windows-Sysmon/Operational", 11, 7712490, "ProcessId", "9332")],
    "sysmon_eventid_7.yml": [
        ("Microsoft-Windows-Sysmon/Operational", 7, 45273, "SignatureStatus", "Unavailable")],
    "windows_event_log_security_4688.yml": [("Security", 4688, 432820, "NewProcessId", "0xf84")],
    # A quoted YAML scalar: its backslashes are in the way of names, its System is whole.
    "sysmon_eventid_1.yml": [("Microsoft-Windows-Sysmon/Operational", 1, 4522, "RuleName", "-")],
}
SKIPPED = ["event29_eventdata.txt", "event29_site_state.txt"]


def main():
    folder, verdict = sys.argv[1], evidence.Verdict()
    os.makedirs(folder, exist_ok=True)
    text = evidence.data("text")
    lines, manifest = evidence.run_with_manifest(folder, "events", [text])
    sources = {os.path.basename(row["path"]): row for row in manifest["sources"]}
    verdict.equal(sorted(sources), sorted([*EVENTS, *SKIPPED]), "files")
    for name in SKIPPED:
        verdict.equal(sources[name]["state"], "skipped", name)
    for name, expected in EVENTS.items():
        found = [line for line in lines if os.path.basename(line["source"]) == name]
        verdict.equal((sources[name]["state"], sources[name]["kind"]), ("read", "xml"), name)
        verdict.equal([(line["channel"], line["event_id"], line["record_id"]) for line in found],
                      [row[:3] for row in expected], name)
        for line, row in zip(found, expected):
            verdict.equal(line["fields"].get(row[3]), row[4], name + ": " + row[3])
        kinds = {entry["kind"] for entry in sources[name]["damage"]}
        wanted = set() if name.endswith(".xml") else {"text-between"}
        # Text with elements in it, which the backslashes make of attributes, is not what Windows writes: said as cut.
        is_escaped = name == "sysmon_eventid_1.yml"
        wanted |= {"record-cut"} if is_escaped else set()
        verdict.equal(kinds - {"text-repaired"}, wanted, name + ": what was counted")
        verdict.equal(sources[name]["is_loss"], is_escaped, name + ": what is lost")
    verdict.end("%d events of %d files" % (len(lines), len(EVENTS)))


if __name__ == "__main__":
    main()
