#!/usr/bin/env python3
"""What goes into `iiswarden-lab write` comes out of `iiswarden events`: every value type, every option, every damage.

usage: test_lab_round_trip.py FOLDER

Expected values come from the input given to the writer; expected accounts from what each kind of damage does to a file.
"""
import evidence_path  # noqa: F401
import os
import re
import sys

import evidence
import fields
import test_lab_evtx as lab

RECORDS_PER_CHUNK = 4


def more_events():
    """Members of the input the judges of the lab do not try."""
    return [
        lab.event(40, data=["classic"], binary="00FFA510"),
        lab.event(41, user_data={"Deep": {"A": "1", "Guid": lab.typed("guid", lab.SYSMON)}},
                  user_data_namespace="urn:example:namespace"),
        lab.event(42, data={"Image": "C:\\same\\name", "EventID": "not the id", "Long": "ö" * 3000}),
        lab.event(43, channel="Ünïcode/Kanal", computer="web-ß.example", data={"Control": "\u0001\u001b[31m", "Bidi": "\u202e"}),
    ]


def text_of(text):
    """An unpaired surrogate has no UTF-8; it is shown as U+FFFD. SYSTEMTIME counts milliseconds; the program writes all
    times with seven digits."""
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text):
        return lab.pad_time(text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def expected_fields(line, record_id):
    """[(name, text)] of an event, sorted; of the System part only what the input says."""
    system = {name.replace("@", "_"): text for name, text in lab.expected_system(line).items()}
    found = [("EventRecordID", str(record_id))] + list(system.items())
    found += [(name, text_of(text)) for name, text in lab.expected_payload(line)]
    if "event_data_name" in line:
        found.append(("EventData_Name", line["event_data_name"]))
    if "binary" in line:
        found.append(("Binary", line["binary"]))
    return sorted(found)


def found_fields(event, line):
    """The same from a line of output: of the System part what the input says, of the rest everything."""
    said = {name.replace("@", "_") for name in lab.expected_system(line)} | {"EventRecordID"}
    unsaid = {"Keywords", "Version", "Level", "Task", "Opcode"} - said
    payload = {name for name, _ in lab.expected_payload(line)}
    found = [(name, text) for name, text in fields.of_line(event) if name not in unsaid - payload]
    # A literal GUID of the System part keeps the case it was given.
    return sorted((name, text.lower() if name in ("Provider_Guid", "Correlation_ActivityID") else text) for name, text in found)


def compare(verdict, events, lines, record_ids, where):
    if not verdict.equal(len(events), len(lines), where + ": events"):
        return
    for event, line, record_id in zip(events, lines, record_ids):
        place = "%s, event id %d" % (where, line["event_id"])
        verdict.equal(found_fields(event, line), expected_fields(line, record_id), place)
        verdict.equal((event["event_id"], event["record_id"], event["channel"], event["provider"], event["host"], event["cut"],
                       event["recovered"], event["time"]),
                      (line["event_id"], record_id, line["channel"], line["provider"], line["computer"].split(".")[0], False, False,
                       lab.pad_time(line["time"])), place + ": header")


def account(manifest):
    source = manifest["sources"][0]
    return source["events"], source["chunks"], source["chunks_empty"], {row["kind"]: row["count"] for row in source["damage"]}


def check_options(verdict, folder, lines):
    n_chunks = -(-len(lines) // RECORDS_PER_CHUNK)
    for name, options, first_id, chunks in (
            ("plain", [], 1, 1), ("format 3.2", ["--format", "3.2"], 1, 1), ("literal", ["--literal-channel"], 1, 1),
            ("no crc", ["--no-crc"], 1, 1), ("first id", ["--first-record-id", "5000000000"], 5000000000, 1),
            ("chunks", ["--chunk-records", str(RECORDS_PER_CHUNK)], 1, n_chunks)):
        path = lab.write(folder, "options", lines, *options)
        events, manifest = evidence.run_with_manifest(folder, "events", [path], "--verify", statuses=(0,))
        compare(verdict, events, lines, range(first_id, first_id + len(lines)), name)
        verdict.equal(account(manifest), (len(lines), chunks, 0, {}), name + ": account")
    plain = [line for line in lines if line["event_id"] < 20]
    plain = [dict(line, data={k: v for k, v in line["data"].items() if k != "Absent"}) if isinstance(line.get("data"), dict)
             else line for line in plain]  # without template there is nothing to leave out
    path = lab.write(folder, "options", plain, "--template-less")
    events, manifest = evidence.run_with_manifest(folder, "events", [path], statuses=(0,))
    compare(verdict, events, plain, range(1, len(plain) + 1), "template-less")
    jumps = [dict(line, record_id=100 + 7 * i) for i, line in enumerate(lines)]
    path = lab.write(folder, "options", jumps)
    events, manifest = evidence.run_with_manifest(folder, "events", [path], statuses=(0,))
    compare(verdict, events, jumps, [line["record_id"] for line in jumps], "record ids")


def check_damage(verdict, folder, lines):
    n = len(lines)
    chunks = -(-n // RECORDS_PER_CHUNK)
    whole = lab.write(folder, "whole", lines, "--chunk-records", str(RECORDS_PER_CHUNK))
    everything = range(n)
    # kind → (options, indexes read, empty blocks, damage). Nothing of a record whose frame alone is damaged is lost.
    kinds = {
        "dirty": ([], everything, 0, {}),
        "full": ([], everything, 0, {}),
        "wrong-chunk-count": ([], everything, 0, {"chunks-missing": 1}),
        "bad-header-crc": (["--verify"], everything, 0, {"checksum": 1}),
        "bad-crc": (["--verify"], everything, 0, {"checksum": 1}),
        "bad-chunk-magic": ([], everything, 0, {"chunk-header": 1}),
        "zero-size-record": ([], everything, 0, {"record-frame": 1}),
        "huge-record": ([], everything, 0, {"record-frame": 1}),
        "size-copy-mismatch": ([], everything, 0, {"record-frame": 1}),
        "free-space-too-large": ([], everything, 0, {"header-disagrees": 1}),
        "empty-chunks": ([], everything, chunks, {}),
        # The last chunk ends ten bytes into its last record.
        "truncated": ([], range(n - 1), 0, {"chunk-partial": 1, "record-header": 1}),
        "headerless": ([], everything, 0, {}),
        "trailing-garbage": ([], everything, 0, {"chunk": 1}),
        "record-id-gap": ([], everything, 0, {}),  # the ids of the System part go on
        "name-cycle": ([], everything, 0, {}),
        # Two records behind the free-space offset, at once and with the next ids: the header is older than they are.
        "stale-records": ([], everything, 0, {"header-disagrees": 1}),
    }
    for kind, (options, read, empty, damage) in kinds.items():
        path = lab.write(folder, "damaged", lines, "--chunk-records", str(RECORDS_PER_CHUNK), "--damage", kind)
        events, manifest = evidence.run_with_manifest(folder, "events", [path], *options)
        compare(verdict, events, [lines[i] for i in read], [i + 1 for i in read], kind)
        verdict.equal(account(manifest), (len(read), chunks, empty, damage), kind + ": account")

    # With other ids they are former records: counted, and read on request, marked.
    path = lab.write(folder, "damaged", lines, "--chunk-records", str(RECORDS_PER_CHUNK), "--damage", "record-id-gap",
                     "--damage", "stale-records")
    n_live = n - (n - 1) % RECORDS_PER_CHUNK // 2 - 1
    events, manifest = evidence.run_with_manifest(folder, "events", [path])
    compare(verdict, events, lines[:n_live], range(1, n_live + 1), "former records")
    verdict.equal(account(manifest), (n_live, chunks, 0, {"stale": n - n_live}), "former records: account")
    events, manifest = evidence.run_with_manifest(folder, "events", [path], "--recover")
    compare(verdict, events[:n_live], lines[:n_live], range(1, n_live + 1), "former records, --recover")
    verdict.equal([(event["recovered"], found_fields(event, line)) for event, line in zip(events[n_live:], lines[n_live:])],
                  [(True, expected_fields(line, i + n_live + 1)) for i, line in enumerate(lines[n_live:])], "former records read")
    verdict.equal(account(manifest), (n, chunks, 0, {"recovered": n - n_live}), "former records read: account")
    return len(kinds) + 1


def main():
    folder, verdict = sys.argv[1], evidence.Verdict()
    os.makedirs(folder, exist_ok=True)
    lines = lab.common_events() + lab.events_for_walker() + more_events()
    check_options(verdict, folder, lines)
    n_kinds = check_damage(verdict, folder, lines)
    verdict.end("%d events through 8 ways of writing and %d kinds of damage" % (len(lines), n_kinds))


main()
