#!/usr/bin/env python3
"""The exact account of every odd file and web server file: what is read, what is not, and a few values.

usage: test_oddities.py FOLDER

The table was taken from the bytes: blocks of 64 KiB, frames, size copies, zeroed sectors; then compared. Counts are events,
chunks with content, empty blocks, bytes lost; damage is {kind: (count, file offset of the first)}; values are
(file offset of the record, field, text). Exit status 77: no evidence.
"""
import collections
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import evidence  # noqa: E402

Account = collections.namedtuple("Account", "events chunks empty lost damage values", defaults=({}, ()))

EXPECTED = {
    "oddities": {
        # Header: dirty, 4 chunks. The file has 17 blocks: ten chunks, two empty, one chunk, four empty; the last chunk lay
        # elsewhere in the ring before and holds 25 former records.
        "2-vss_7-System.evtx": Account(1160, 11, 6, 0, {"stale": (25, 795792)}, [
            (4608, "EventRecordID", 1), (4608, "StartTime", "2018-07-06T18:37:44.4858175Z"), (794376, "EventRecordID", 1422),
            (794376, "Binary", "00000000060030000000000021000640B20000000000000002000000000000000000000000000000")]),
        # Flag 4 in file and chunk: no checksums, which is not damage.
        "Application_no_crc32.evtx": Account(17, 1, 0, 0, {"stale": (34, 29512)}, [
            (4608, "EventID", 1), (26208, "EventID", 5617)]),
        # Entity references inside attribute values; UserData all through.
        "E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx": Account(340, 13, 3, 0, {}, [
            (4608, "TaskId", "{1CB1FE4B-D685-48FC-A3FA-42893E4C1717}"), (833600, "EventID", 30)]),
        # Forwarded by a collector: no template, every value a text; the time has nine digits as it was forwarded.
        "MSExchange_Management_wec.evtx": Account(1, 1, 0, 0, {"stale": (9, 66064)}, [
            (4608, "EventID", 1), (4608, "EventRecordID", 3229),
            (4608, "TimeCreated_SystemTime", "2021-11-19T16:52:33.833733500Z")]),
        "Security_short_selected.evtx": Account(7, 1, 0, 0, {"stale": (8, 66216)}, [
            (4608, "LayerName", "%%14597"), (11776, "ProcessId", "0x300")]),
        "dns_log_malformed.evtx": Account(5, 1, 0, 0, {}, [
            (4608, "Channel", "Microsoft-Windows-DNSServer/Analytical"), (8888, "BufferSize", "48")]),
        "new-user-security.evtx": Account(4, 1, 0, 0, {"stale": (6, 30856)}, [
            (9624, "EventID", 4732), (9624, "SubjectLogonId", "0x3e7")]),
        # The second record says size 0; its copy at 6404 says 232, which is where the third begins.
        "sample-with-zero-data-size-event.evtx": Account(450, 4, 13, 0, {"record-frame": (1, 6176), "stale": (33, 250992)}, [
            (6176, "EventRecordID", 3), (250136, "EventRecordID", 450)]),
        # Sectors of zeros all over. Read: 13 + 43 + 129 + 113 whole records, and two that a zeroed sector cuts (470632 from
        # 471040 on, 650816 from 651264 on). Two chunks lost header, names and templates: 15 + 67 frames nobody can read.
        # 12224 and 700120 are 64 and 288 bytes of a record, not enough for a value of a known template: lost too.
        # Stretches without a frame: 12696..69224 (the header knows records up to 46857 there), 397824..454920, the tail at
        # 462352, 471136..487888, 651320..659160 (header: up to 45949), 659968..667712.
        "sample_with_a_bad_chunk_magic.evtx": Account(300, 6, 10, 187272, {
            "chunk-header": (2, 397312), "record": (84, 12224), "record-cut": (2, 470632), "record-header": (6, 12696),
            "stale": (50, 503704)}, [
            (4608, "PackageFamilyName", "Microsoft.Windows.Cortana_cw5n1h2txyewy"),
            (470632, "PackageFamilyName", "Microsoft.Wi"), (470632, "cut", True),
            (650816, "PackageFamilyName", "Microsoft.Windows.ContentDeliver"), (650816, "cut", True),
            (650312, "cut", False)]),
        # Nine chunks; the eight blocks behind them are what the disk held before.
        "sysmon.evtx": Account(358, 9, 0, 8 * 65536, {"chunk": (8, 593920)}, [
            (4608, "ParentImage", "C:\\Windows\\SysWOW64\\cmd.exe"), (564704, "EventRecordID", 2099)]),
        # The header counts 3 chunks of 15: it is older than the file.
        "system.evtx": Account(1881, 15, 2, 0, {"stale": (79, 952176)}, [
            (4608, "Data", ["10.00.", "15063", "", "Multiprocessor Free", "0"]), (951568, "param2", "%%1"),
            (951568, "Binary", "5500490030004400650074006500630074000000")]),
    },
    "webserver": {
        "ID11-Exchange transport config modified.evtx": Account(1, 1, 0, 0, {}, [
            (4608, "TargetFilename", "E:\\Exchange2016\\TransportRoles\\Shared\\agents.config")]),
        "ID6-Failed to install an Exchange transport agent.evtx": Account(4, 1, 0, 0, {"stale": (71, 22912)}, [
            (4608, "EventRecordID", 7184), (14640, "EventRecordID", 7187)]),
        "LM_typical_IIS_webshell_sysmon_1_10_traces.evtx": Account(4, 1, 0, 0, {}, [
            (4608, "EventRecordID", 1044), (4608, "ParentProcessId", "2580"), (14280, "ParentCommandLine", "net  user")]),
        "discovery_sysmon_1_iis_pwd_and_config_discovery_appcmd.evtx": Account(40, 5, 12, 0, {"stale": (5, 296128)}, [
            (4608, "EventRecordID", 5875), (4608, "ParentProcessId", "748"), (289304, "EventRecordID", 5991)]),
    },
}


def main():
    folder, verdict = sys.argv[1], evidence.Verdict()
    os.makedirs(folder, exist_ok=True)
    n_values = 0
    for section, accounts in EXPECTED.items():
        where = evidence.data("evtx", section)
        lines, manifest = evidence.run_with_manifest(folder, "events", [where])
        events = {(os.path.basename(line["source"]), line["offset"]): line for line in lines}
        found = {}
        for source in manifest["sources"]:
            damage = {row["kind"]: (row["count"], row["first_offset"]) for row in source["damage"]}
            found[os.path.basename(source["path"])] = (source["events"], source["chunks"], source["chunks_empty"],
                                                       source["lost_bytes"], damage)
        verdict.equal(sorted(found), sorted(accounts), section + ": files")
        for name, account in accounts.items():
            verdict.equal(found.get(name), tuple(account[:5]), name + ": events, chunks, empty blocks, bytes lost, damage")
            verdict.equal(sum(1 for key in events if key[0] == name), account.events, name + ": lines")
            for offset, field, text in account.values:
                line = events.get((name, offset), {"fields": {}})
                verdict.equal(line.get(field, line["fields"].get(field)), text, "%s, %d: %s" % (name, offset, field))
                n_values += 1
    verdict.end("%d files, %d values: as the bytes say" % (sum(map(len, EXPECTED.values())), n_values))


main()
