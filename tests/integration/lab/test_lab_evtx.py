#!/usr/bin/env python3
"""Judges what iiswarden-lab writes, with readers that share nothing with it.

usage: test_lab_evtx.py walker|evtxexport|python_evtx|corpus|command FOLDER

Expected values come from the NDJSON that was given to the writer. Exit status 77: the judge is not there.
"""
import glob
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

LAB = os.environ["IISWARDEN_LAB"]
SYSMON = "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"
SYSTEM_MEMBERS = {"channel": "Channel", "provider": "Provider@Name", "event_source": "Provider@EventSourceName",
                  "computer": "Computer", "event_id": "EventID", "qualifiers": "EventID@Qualifiers",
                  "version": "Version", "level": "Level", "task": "Task", "opcode": "Opcode",
                  "process_id": "Execution@ProcessID", "thread_id": "Execution@ThreadID", "user_sid": "Security@UserID",
                  "time": "TimeCreated@SystemTime"}


def event(event_id, **members):
    base = {"time": "2026-01-05T10:00:00.1234567Z", "channel": "Lab/Operational", "provider": "Lab",
            "computer": "WEB01.lab.example", "event_id": event_id, "process_id": 4312, "thread_id": 77}
    base.update(members)
    return base


def typed(kind, value, **more):
    return dict({"type": kind, "value": value}, **more)


def common_events():
    """What every judge can read."""
    guid = "{01234567-89AB-CDEF-0123-456789ABCDEF}"
    time = "2024-02-29T23:59:59.9999999Z"
    return [
        event(1, channel="Microsoft-Windows-Sysmon/Operational", provider="Microsoft-Windows-Sysmon",
              provider_guid=SYSMON, version=5, task=1, user_sid="S-1-5-18",
              data={"RuleName": "-", "Image": "C:\\Größe\\文件.exe", "Empty": "", "Angle": "a<b & \"c\">d"}),
        event(2, channel="Security", version=2, level=0, opcode=1, keywords="0x8020000000000000", qualifiers=17,
              activity_id=guid, data={
                  "U8": typed("u8", 255), "U16": typed("u16", 65535), "U32": typed("u32", 4294967295),
                  "U64": typed("u64", 18446744073709551615), "I8": typed("i8", 127), "I16": typed("i16", 32767),
                  "I32": typed("i32", 2147483647), "I64": typed("i64", 9223372036854775807),
                  "Yes": typed("bool", True), "No": typed("bool", False), "Odd": typed("bool", 2),
                  "Guid": typed("guid", guid), "Sid": typed("sid", "S-1-5-21-1-2-4294967295-500"),
                  "Hex32": typed("hex32", 48879), "Hex64": typed("hex64", 3735928559), "Size": typed("size64", 4096),
                  "Filetime": typed("filetime", time), "Literal": typed("literal", "in the template"),
                  "Absent": typed("string", None, optional=True), "Present": typed("string", "here", optional=True)}),
        event(1102, channel="Security", provider="Microsoft-Windows-Eventlog", computer="WEB02.lab.example",
              user_data={"LogFileCleared": {"SubjectUserSid": typed("sid", "S-1-5-21-1-2-3-500"),
                                            "SubjectUserName": "j.doe",
                                            "SubjectLogonId": typed("hex64", 999)}}),
        event(1033, channel="Application", provider="MsiInstaller", data=["Product", "", "1.0", "ü"]),
        event(4, literal_channel=True, provider_guid=SYSMON, data={"Only": "literal channel and provider"}),
        event(5, event_source="Old Name"),
        event(6, event_data_name="NamedData", data={"A": "1", "A2": "2"}),
    ]


def events_for_evtxexport():
    return [
        event(20, data={"Arrays": typed("u16[]", [1, 2, 3]), "Guids": typed("guid[]", [SYSMON] * 2),
                        "Strings": typed("string[]", ["a", "", "c"]), "Empty": typed("string[]", []),
                        "Hex": typed("hex64[]", [1, 2]), "Times": typed("filetime[]", ["2026-01-05T10:00:00.5Z"]),
                        "Ansi": typed("ansi", "plain"), "Binary": typed("binary", "00FFA5"),
                        "System": typed("systemtime", "2026-01-05T10:11:12.987Z"),
                        "Entities": typed("literal", "<a href=\"x\"> & more")}),
    ]


def events_for_walker():
    """Beyond what the tools understand (see lab/README.md)."""
    return events_for_evtxexport() + [
        event(30, data={"Null": None, "NullWithSize": {"type": "null", "size": 16}, "I8": typed("i8", -1),
                        "I16": typed("i16", -32768), "I32": typed("i32", -5), "I64": typed("i64", -(2 ** 63)),
                        "F32": typed("f32", 1.5), "F64": typed("f64", -2.25), "Cdata": typed("cdata", "x<y & z"),
                        "Sids": typed("sid[]", ["S-1-5-18", "S-1-5-32-544"]), "Bools": typed("bool[]", [True, False]),
                        "Ansis": typed("ansi[]", ["a", "b"]), "Systems": typed("systemtime[]", ["2026-01-05T10:11:12.987Z"]),
                        "Signed": typed("i32[]", [-1, 2]), "Nul": "a\u0000b", "Clef": "𝄞", "Lone": "\ud800"}),
        event(31, template_less=True, data={"Text": "a > b & c", "Number": typed("u32", 7), "Empty": ""}),
        event(32, template_less=True, user_data={"Root": {"Child": "text"}}),
        event(33, template_less=True, data=["one", "two"]),
    ]


def expected_text(value):
    """What Windows would show for a value of the input; a list for arrays, None for absent."""
    if not isinstance(value, dict):
        return value
    kind, content = value["type"], value.get("value")
    if content is None:
        return None
    if kind.endswith("[]"):
        return [expected_text(typed(kind[:-2], item)) for item in content] or [""]
    if kind == "bool":
        return "true" if content else "false"
    if kind in ("hex32", "hex64", "size32", "size64"):
        return "%#x" % content
    if kind in ("f32", "f64"):
        return "%f" % content
    if kind == "guid":
        return content.lower()
    if kind == "filetime":
        return pad_time(content)
    return str(content)


def pad_time(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    return "%s.%sZ" % (whole, (fraction + "0000000")[:7])


def expected_payload(line):
    if isinstance(line.get("data"), list):
        return [("Data", text) for text in line["data"]]
    fields = line.get("data") or next(iter(line.get("user_data", {"": {}}).values()))
    found = []
    for name, value in fields.items():
        text = expected_text(value)
        if text is None and isinstance(value, dict) and value.get("optional"):
            continue
        found += [(name, item or "") for item in (text if isinstance(text, list) else [text])]
    return found


def expected_system(line):
    system = {name: str(line[member]) for member, name in SYSTEM_MEMBERS.items() if member in line}
    system["TimeCreated@SystemTime"] = pad_time(line["time"])
    for member, name in (("provider_guid", "Provider@Guid"), ("activity_id", "Correlation@ActivityID")):
        if member in line:
            system[name] = line[member].lower()
    return system


def write(folder, name, lines, *options):
    source, target = os.path.join(folder, name + ".ndjson"), os.path.join(folder, name + ".evtx")
    with open(source, "w") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    subprocess.run([LAB, "write", source, "-o", target, *options], check=True, stdout=subprocess.DEVNULL)
    return target


def check_equal(found, expected, where):
    if found != expected:
        sys.exit("%s:\n  found    %r\n  expected %r" % (where, found, expected))


def compare(events, lines, where, first_id=1):
    check_equal(len(events), len(lines), where + ": number of events")
    for i, ((system, payload), line) in enumerate(zip(events, lines)):
        place = "%s: event %d (id %d)" % (where, i + 1, line["event_id"])
        check_equal(payload, expected_payload(line), place)
        wanted = expected_system(line)
        found = {name: system.get(name) for name in wanted}
        for name in {"Provider@Guid", "Correlation@ActivityID"} & set(wanted):
            found[name] = (found[name] or "").lower()  # a literal keeps the case it was given
        check_equal(found, wanted, place)
        check_equal(system.get("EventRecordID"), str(first_id + i), place)


def variants(folder, lines):
    """The same events in all the ways a sound file can look."""
    yield "plain", write(folder, "plain", lines)
    yield "3.2", write(folder, "format", lines, "--format", "3.2")
    yield "literal", write(folder, "literal", lines, "--literal-channel")
    yield "chunks", write(folder, "chunks", lines, "--chunk-records", "2")
    yield "no-crc", write(folder, "nocrc", lines, "--no-crc")
    yield "dirty", write(folder, "dirty", lines, "--damage", "dirty")


def check_walker(folder):
    lines = common_events() + events_for_walker()
    for name, path in variants(folder, lines):
        compare(list(evtx_walk.read(path)), lines, name)
    many = [event(1 + i % 7, data={"N": str(i), "Filler": "x" * (i % 300)}) for i in range(3000)]
    compare(list(evtx_walk.read(write(folder, "many", many))), many, "many")
    plain = common_events()
    plain[1]["data"].pop("Absent")  # without template there is nothing to leave out
    compare(list(evtx_walk.read(write(folder, "text", plain, "--template-less"))), plain, "template-less")
    # The walker itself is judged on records without template that Windows wrote.
    shared = os.environ.get("IISWARDEN_SHARED", os.path.join(os.environ.get("IISWARDEN_SOURCE_DIR", "."), "../shared"))
    real = os.path.join(shared, "data/evtx/oddities/MSExchange_Management_wec.evtx")
    if not os.path.exists(real):
        print("note: %s is not there; the walker was not tried on real records without template" % real)
        return
    with open(real, "rb") as stream:
        chunk = evtx_walk.Chunk(stream.read()[4096:4096 + 65536], checksums=False)
    trees = [evtx_walk.flatten(tree) for _, _, tree, _ in chunk.records()]
    check_equal(trees[0][0]["Provider@Name"], "MSExchange CmdletLogs", "real record")
    check_equal(trees[0][1][0], ("Data", "Set-Mailbox"), "real record")


def normal(text):
    """Tools pad hexadecimal numbers and print times and GUIDs in their own way."""
    if text is None:
        return ""
    if re.fullmatch(r"0x[0-9a-fA-F]+", text):
        return "%#x" % int(text, 16)
    if re.fullmatch(r"\{[0-9A-Fa-f-]{36}\}", text):
        return text.lower()
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.(\d{7})00Z", text)
    return "%sT%s.%sZ" % match.groups() if match else text


def strip_tag(element):
    return element.tag.split("}")[-1]


def from_xml(root):
    system, payload = {}, []
    for element in root[0]:
        if element.text and element.text.strip():
            system[strip_tag(element)] = normal(element.text)
        for name, text in element.attrib.items():
            system[strip_tag(element) + "@" + name] = normal(text)
    for part in root[1:]:
        for element in (part[0] if strip_tag(part) == "UserData" else part):
            payload.append((element.attrib.get("Name", strip_tag(element)), normal(element.text)))
    return system, payload


def check_well_formed(folder, documents):
    """With xmllint too, when it is there."""
    path = os.path.join(folder, "all.xml")
    with open(path, "w") as stream:
        stream.write("<Events>\n" + "\n".join(documents) + "\n</Events>\n")
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", path], check=True)
    else:
        print("note: no xmllint; only the parser of Python has seen the XML")


def run_evtxexport(path):
    run = subprocess.run(["evtxexport", "-f", "xml", path], capture_output=True, text=True)
    if run.returncode != 0 or re.search(r"unable|abort|libevtx_|libfwevt_", run.stdout + run.stderr, re.I):
        sys.exit("evtxexport %s: %s\n%s" % (path, run.stdout[-1500:], run.stderr[-1500:]))
    return re.findall(r"<Event .*?</Event>", run.stdout, re.S)


def check_evtxexport(folder):
    if not shutil.which("evtxexport"):
        print("skipped: no evtxexport (package libevtx-utils)")
        sys.exit(77)
    lines = common_events() + events_for_evtxexport()
    for name, path in variants(folder, lines):
        documents = run_evtxexport(path)
        compare([from_xml(ElementTree.fromstring(text)) for text in documents], lines, name)
    for kind in ("empty-chunks", "wrong-chunk-count", "stale-records", "full"):
        path = write(folder, kind, lines, "--damage", kind)
        number = len(lines) // 2 if kind == "stale-records" else len(lines)
        check_equal(len(run_evtxexport(path)), number, kind)
    check_well_formed(folder, documents)


def make_venv(folder):
    python = os.path.join(folder, "venv/bin/python")
    if os.path.exists(python) and subprocess.run([python, "-c", "import Evtx"], capture_output=True).returncode == 0:
        return python
    made = subprocess.run([sys.executable, "-m", "venv", os.path.join(folder, "venv")], capture_output=True, text=True)
    got = made.returncode == 0 and subprocess.run(
        [python, "-m", "pip", "install", "-q", "--retries", "1", "--timeout", "15", "python-evtx"],
        capture_output=True, text=True)
    if not got or got.returncode != 0:
        print("skipped: python-evtx cannot be installed from PyPI\n" + (got or made).stderr[-500:])
        sys.exit(77)
    return python


DUMP = """import sys, json, Evtx.Evtx as E
with E.Evtx(sys.argv[1]) as f:
    print(json.dumps([r.xml() for r in f.records()]))
"""


def undo_python_evtx(name, payload, line):
    """python-evtx renders arrays as <string> markup, entities as text, true as True, times without the last digit."""
    found = []
    for key, text in payload:
        items = re.findall(r"<string>(.*?)</string>", text, re.S)
        found += [(key, item) for item in items] if items else [(key, text)]
    absent = [key for key, value in (line.get("data") or {}).items() if isinstance(value, dict) and value.get("optional")
              and value.get("value") is None] if isinstance(line.get("data"), dict) else []
    return [(key, {"True": "true", "False": "false"}.get(text, text)) for key, text in found if key not in absent]


def check_python_evtx(folder):
    python = make_venv(folder)
    lines = [dict(line) for line in common_events()]
    # It prints times from floating point, so whole seconds only; 1033 has an array it shows as markup.
    for line in lines:
        line["time"] = "2026-01-05T10:00:00Z"
        if line["event_id"] == 2:
            line["data"] = {k: v for k, v in line["data"].items() if k != "Filetime"}
            line["data"].update({"I8n": typed("i8", -1), "I16n": typed("i16", -2), "I32n": typed("i32", -3),
                                 "I64n": typed("i64", -4), "Null": None, "Clef": "𝄞"})
    for name, path in variants(folder, lines):
        out = subprocess.run([python, "-c", DUMP, path], capture_output=True, text=True)
        if out.returncode != 0:
            sys.exit("python-evtx %s: %s" % (name, out.stderr[-1500:]))
        documents = json.loads(out.stdout)
        events = []
        for text, line in zip(documents, lines):
            system, payload = from_xml(ElementTree.fromstring(text))
            system["TimeCreated@SystemTime"] = system["TimeCreated@SystemTime"].replace(" ", "T").replace(
                "+00:00", ".0000000Z")
            events.append((system, undo_python_evtx(name, payload, line)))
        compare(events, lines, name)
        check_well_formed(folder, documents)


def check_corpus(folder):
    trees = [os.path.join(folder, name) for name in ("one", "two", "other")]
    for tree, seed in zip(trees, "223"):
        subprocess.run([LAB, "corpus", "--bytes", "6M", "--seed", seed, "--host-count", "2", "-o", tree], check=True)
    subprocess.run(["diff", "-r"] + trees[:2], check=True)
    paths = sorted(glob.glob(trees[0] + "/**/*.evtx", recursive=True))
    check_equal(len(paths), 10, "files: five channels of two hosts")
    total = sum(map(os.path.getsize, paths))
    check_equal(abs(total - 6 * 2 ** 20) < 10 * 65536 + 10 * 4096, True, "size %d" % total)
    seen, n_values = set(), 0
    for path in paths:
        for system, payload in evtx_walk.read(path):
            seen.add((system["Computer"], system["Channel"], system["EventRecordID"], repr(payload)))
            n_values += 1
    check_equal(len(seen), n_values, "different records")
    size = 0.97 * total / n_values
    check_equal(780 < size < 980, True, "mean record size %d" % size)
    with open(paths[0], "rb") as one, open(paths[0].replace(trees[0], trees[2]), "rb") as other:
        check_equal(one.read() == other.read(), False, "another seed gives the same bytes")


def check_command(folder):
    good = json.dumps(event(1, data={"A": "b"}))
    wrong = [("{", "column"), ('{"time":1}', "time"), (good.replace('"event_id"', '"event_idd"'), 'unknown member "event_idd"'),
             (good.replace('"b"', '{"type":"u8","value":256}'), 'field "A": value does not fit type u8'),
             (good.replace('"b"', '{"type":"u9","value":1}'), 'unknown type "u9"'), (good.replace('"b"', "5"), 'field "A"'),
             (good.replace('"computer": "WEB01.lab.example", ', ""), "needed"), ("[]", "one JSON object")]
    source, target = os.path.join(folder, "in.ndjson"), os.path.join(folder, "out.evtx")
    for text, reason in wrong:
        with open(source, "w") as stream:
            stream.write("# a comment\n\n%s\n%s\n" % (good, text))
        run = subprocess.run([LAB, "write", source, "-o", target], capture_output=True, text=True)
        check_equal((run.returncode, "in.ndjson:4: " in run.stderr, reason in run.stderr, os.path.exists(target)),
                    (1, True, True, False), run.stderr)
    for arguments in ([], ["write"], ["write", source], ["generate"], ["corpus", "-o", folder], ["nonsense"],
                      ["write", source, "-o", target, "--format", "3.3"]):
        run = subprocess.run([LAB] + arguments, capture_output=True, text=True)
        check_equal((run.returncode, "usage" in run.stderr or "does not fit" in run.stderr), (2, True), repr(arguments))


def main():
    check, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    globals()["check_" + check](folder)
    print(check + ": as expected")


if __name__ == "__main__":
    main()
