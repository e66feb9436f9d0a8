#!/usr/bin/env python3
"""`iiswarden collect-list` in every form, read by somebody else: YAML by PyYAML, PowerShell by a reader of its quoting.

usage: test_collect_forms.py FOLDER
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys

import powershell_text

PROGRAM = os.environ["IISWARDEN"]
ROOTS = ["D:\\sites\\R&D 'x' ’y’ [a]{b} $(calc) `n 100% #; Söhne", "E:\\"]
FORMS = ["--kape", "--velociraptor", "--powershell"]


def run(*words):
    done = subprocess.run([PROGRAM, "collect-list", *words], capture_output=True, check=False)
    assert done.returncode == 0, (words, done.returncode, done.stderr.decode())
    return done.stdout


def form(name, *more):
    words = [name, *more]
    for root in ROOTS:
        words += ["--web-root", root]
    first = run(*words)
    assert first == run(*words), f"{name}: two runs differ"
    return first.decode("utf-8")


def needs():
    words = []
    for root in ROOTS:
        words += ["--web-root", root]
    return [json.loads(line) for line in run("--format", "ndjson", *words).decode().splitlines()]


def plain(need):
    folder = need["folder"]
    for variable, value in (("%SystemRoot%", "C:\\Windows"), ("%SystemDrive%", "C:"), ("%ProgramFiles%", "C:\\Program Files")):
        if folder.startswith(variable):
            return value + folder[len(variable):]
    return folder


def check_kape(yaml, files):
    target = yaml.safe_load(form("--kape"))
    assert list(target) == ["Description", "Author", "Version", "Id", "RecreateDirectories", "Targets"], list(target)
    assert isinstance(target["Version"], float) and target["RecreateDirectories"] is True
    assert len(target["Id"]) == 36, target["Id"]
    got = [(entry["Path"], entry.get("FileMask", "*"), entry["Recursive"]) for entry in target["Targets"]]
    assert got == [(plain(need) + "\\", need["mask"], need["recursive"]) for need in files]
    for entry in target["Targets"]:
        assert set(entry) <= {"Name", "Category", "Path", "FileMask", "Recursive", "Comment"}, entry


def check_velociraptor(yaml, files, commands):
    artifact = yaml.safe_load(form("--velociraptor"))
    assert artifact["type"] == "CLIENT" and artifact["name"].startswith("Custom."), artifact["name"]
    parameters = {parameter["name"]: parameter for parameter in artifact["parameters"]}
    assert all(parameter["type"] == "csv" for parameter in parameters.values())
    rows = list(csv.DictReader(io.StringIO(parameters["Files"]["default"])))
    assert [(row["Folder"], row["Mask"], row["Recursive"]) for row in rows] == [
        (need["folder"], need["mask"], "Y" if need["recursive"] else "N") for need in files]
    assert all(row["Variables"] == ("Y" if row["Folder"].startswith("%System") or row["Folder"].startswith("%Program") else "N")
               for row in rows)
    rows = list(csv.DictReader(io.StringIO(parameters["Commands"]["default"])))
    assert [row["File"] for row in rows] == [need["file"] for need in commands]
    for row, need in zip(rows, commands):
        assert row["Command"].endswith(need["command"])
        _, single, _ = powershell_text.read(row["Command"])
        if need["roots"]:
            assert [text for text in single if text in ROOTS], single
    for source in artifact["sources"]:
        assert source["query"].count("(") == source["query"].count(")")
        assert source["query"].count('"') % 2 == 0
        for root in ROOTS:
            assert root not in source["query"]


def check_powershell(files, commands):
    text = form("--powershell")
    assert text.startswith("\ufeff#Requires"), "no byte order mark: Windows PowerShell would read another code page"
    code, single, _ = powershell_text.read(text[1:])
    assert "calc" not in code and "Söhne" not in code, "a folder became code"
    for need in files:
        assert need["folder"] in single and need["mask"] in single, need
    for need in commands:
        assert need["file"] in single
    # It writes nowhere but below the destination: no command of another kind stands in it.
    for word in ("Remove-Item", "Set-Acl", "Set-Item", "Stop-", "Restart-", "Clear-", "vssadmin", "Invoke-Expression", "/MIR", "/MOV"):
        assert word not in code, word
    assert "New-Item -ItemType Directory" in code


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    found = needs()
    files = [need for need in found if need["form"] == "files"]
    commands = [need for need in found if need["form"] == "command"]
    assert len(files) > 40 and len(commands) == 5, (len(files), len(commands))
    assert any(need["folder"] == ROOTS[0] for need in files), "a web root of the user is missing"
    check_powershell(files, commands)
    for torn in ("'", '"', "{", "(", "<#", "'a\u2019'"):
        try:
            powershell_text.read(torn)
        except powershell_text.Torn:
            continue
        raise AssertionError(f"the reader of quoting takes {torn!r}")
    try:
        import yaml  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("SKIP: no PyYAML: the targets of KAPE and Velociraptor are not read")
        sys.exit(77)
    check_kape(yaml, files)
    check_velociraptor(yaml, files, commands)
    print(f"{len(files)} kinds of files and {len(commands)} commands in {len(FORMS)} forms")


if __name__ == "__main__":
    main()
