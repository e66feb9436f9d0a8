#!/usr/bin/env python3
"""Judges the reader of PE files by tools that share nothing with it.

usage: test_pe_oracles.py objdump|pefile|monodis PE_PRINT PE_SAMPLES FOLDER

The files are those the lab invents (PE_SAMPLES writes them) and all that packages have put under /usr: libraries of
mingw-w64 and Wine, assemblies of Mono. Exit status 77: a judge or all real files are missing.
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys

REAL = ["/usr/lib/*/wine/*-windows/*.*", "/usr/*-w64-mingw32/**/*.dll", "/usr/lib/gcc/*-w64-mingw32/**/*.dll"]
MONO = ["/usr/lib/mono/4.5/*.dll", "/usr/lib/mono/4.5/*.exe"]
ROLES = {"System.Web.IHttpModule": 1, "System.Web.IHttpHandler": 2, "System.Web.IHttpAsyncHandler": 6,
         "System.Web.IHttpHandlerFactory": 8, "System.Web.IHttpHandlerFactory2": 8}
BASES = {"System.Web.HttpApplication": 16, "System.Web.UI.Page": 32}
PEFILE_FILES = 120  # pefile takes about half a second a file


def skip(reason):
    print("SKIP: " + reason)
    sys.exit(77)


def need(tool, package):
    if not shutil.which(tool):
        skip("no %s (package %s)" % (tool, package))


def found_under_usr(patterns):
    return sorted({os.path.realpath(path) for pattern in patterns for path in glob.glob(pattern, recursive=True)
                   if os.path.isfile(path)})


def read(pe_print, paths):
    """What the reader says: path -> word -> list of the rest of its lines."""
    files, current = {}, None
    for begin in range(0, len(paths), 50):
        done = subprocess.run([pe_print, *paths[begin:begin + 50]], capture_output=True)
        if done.stderr:
            sys.exit("pe_print: " + done.stderr.decode(errors="replace")[-1500:])
        for line in done.stdout.decode().split("\n"):
            word, *rest = line.split("\t")
            if word == "file":
                current = files[rest[0]] = collections.defaultdict(list)
            elif word == "failed":
                files[rest[0]] = None
            elif word:
                current[word].append(tuple(rest))
    return files


def differ(path, what, found, expected):
    if found == expected:
        return 0
    print("%s: %s differ" % (path, what))
    if isinstance(found, list):
        print("  only here:  %r" % [x for x in found if x not in expected][:8])
        print("  only there: %r" % [x for x in expected if x not in found][:8])
    else:
        print("  here %r, there %r" % (found, expected))
    return 1


def objdump_tables(path):
    """Imports, names with ordinals, ordinals without name, forwarders; None: objdump does not know the file."""
    done = subprocess.run(["objdump", "-p", path], capture_output=True)
    text = done.stdout.decode("latin-1")
    if "file format pei-" not in text:
        return None
    imports, library = [], None
    for line in text.partition("The Import Tables")[2].partition("The Export Tables")[0].splitlines():
        match = re.match(r"\tDLL Name: (.*)", line)
        if match:
            library = match.group(1)
        match = re.match(r"\t[0-9a-f]+\t *([0-9a-f]+) +(\S.*)", line)
        if match and library is not None:
            name = match.group(2)  # ordinals are hexadecimal, hints decimal
            imports.append((library, "#%d" % int(match.group(1), 16) if name == "<none>" else name))
    exports = text.partition("The Export Tables")[2].partition("PE File Base Relocations")[0]
    addresses, _, names = exports.partition("[Ordinal/Name Pointer] Table")
    base = re.search(r"Ordinal Base \t+(\d+)", addresses)
    base = int(base.group(1)) if base else 0
    named = [(int(i) + base, name) for i, name in re.findall(r"^\t\[ *(\d+)\](?: \+base\[ *\d+\] +[0-9a-f]+)? (.+)$", names, re.M)]
    listed = re.findall(r"^\t\[ *\d+\] \+base\[ *(\d+)\] [0-9a-f]+ (Export|Forwarder) RVA(?: -- (.*))?$", addresses, re.M)
    unnamed = sorted({int(ordinal) for ordinal, _, _ in listed} - {ordinal for ordinal, _ in named})
    forwarders = {int(ordinal): text for ordinal, kind, text in listed if kind == "Forwarder"}
    return imports, named, unnamed, forwarders


def check_objdump(pe_print, samples, _):
    need("objdump", "binutils")
    if "pei-x86-64" not in subprocess.run(["objdump", "-i"], capture_output=True, text=True).stdout:
        skip("this objdump does not read PE files")
    real = found_under_usr(REAL + MONO)
    bad = n_imports = n_exports = n_compared = 0
    for path, facts in read(pe_print, samples + real).items():
        tables = objdump_tables(path)
        if tables is None or facts is None:
            bad += differ(path, "formats", facts is None, tables is None)
            continue
        n_compared += 1
        imports, named, unnamed, forwarders = tables
        bad += differ(path, "imports", facts["import"], imports)
        exports = [(int(ordinal), name, forwarder) for ordinal, name, forwarder in facts["export"]]
        bad += differ(path, "exports", [(ordinal, name) for ordinal, name, _ in exports if name], named)
        bad += differ(path, "unnamed exports", sorted(o for o, name, _ in exports if not name), unnamed)
        bad += differ(path, "forwarders", {o: forwarder for o, _, forwarder in exports if forwarder}, forwarders)
        bad += differ(path, "damage", facts["damage"], [])
        n_imports += len(imports)
        n_exports += len(exports)
    print("objdump: %d files, %d imports and %d exports compared, %d differences" % (n_compared, n_imports, n_exports, bad))
    return bad, real, "no libraries of mingw-w64 or Wine (package libz-mingw-w64 has one)"


DUMP = """import sys, json, pefile
def text(value):
    return value.decode(errors="replace") if isinstance(value, bytes) else value
for path in sys.argv[1:]:
    pe = pefile.PE(path)
    one = {"path": path, "imphash": pe.get_imphash(), "checksum": pe.generate_checksum(), "texts": [],
           "time": pe.FILE_HEADER.TimeDateStamp, "overlay": pe.get_overlay_data_start_offset() or 0}
    one["delayed"] = [[text(d.dll), text(i.name) if i.name else "#%d" % i.ordinal]
                      for d in getattr(pe, "DIRECTORY_ENTRY_DELAY_IMPORT", []) for i in d.imports]
    one["entropy"] = [s.get_entropy() for s in pe.sections if s.SizeOfRawData]
    for info in [i for group in getattr(pe, "FileInfo", []) for i in group]:
        for table in getattr(info, "StringTable", []):
            one["texts"] += [[text(table.LangID), text(k), text(v)] for k, v in table.entries.items()]
    one["fixed"] = [[f.FileVersionMS >> 16, f.FileVersionMS & 65535, f.FileVersionLS >> 16, f.FileVersionLS & 65535]
                    for f in getattr(pe, "VS_FIXEDFILEINFO", [])][:1]
    one["pdb"] = [text(d.entry.PdbFileName).rstrip(chr(0)) for d in getattr(pe, "DIRECTORY_ENTRY_DEBUG", [])
                  if getattr(d.entry, "PdbFileName", None)][:1]
    print(json.dumps(one))
"""


def make_venv(folder):
    python = os.path.join(folder, "venv/bin/python")
    if os.path.exists(python) and subprocess.run([python, "-c", "import pefile"], capture_output=True).returncode == 0:
        return python
    made = subprocess.run([sys.executable, "-m", "venv", os.path.join(folder, "venv")], capture_output=True, text=True)
    got = made.returncode == 0 and subprocess.run(
        [python, "-m", "pip", "install", "-q", "--retries", "1", "--timeout", "15", "pefile"], capture_output=True, text=True)
    if not got or got.returncode != 0:
        print((got or made).stderr[-500:])
        skip("pefile cannot be installed from PyPI")
    return python


def escaped(text):
    return re.sub(r"[\x00-\x1f\\]", lambda match: "\\x%02x" % ord(match.group()), text)


def check_pefile(pe_print, samples, folder):
    python = make_venv(folder)
    real = found_under_usr(REAL + MONO)
    small = [path for path in real if os.path.getsize(path) < 2000000]
    chosen = small[::max(1, len(small) // PEFILE_FILES)]
    ours = read(pe_print, samples + chosen)
    bad = n_compared = 0
    for begin in range(0, len(ours), 40):
        done = subprocess.run([python, "-c", DUMP, *list(ours)[begin:begin + 40]], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr[-1500:])
        for line in done.stdout.splitlines():
            theirs = json.loads(line)
            path, facts = theirs["path"], ours[theirs["path"]]
            n_compared += 1
            bad += differ(path, "imphashes", "".join(h for h, in facts["imphash"]), theirs["imphash"])
            bad += differ(path, "checksums", int(facts["checksum"][0][1], 16), theirs["checksum"])
            bad += differ(path, "times", int(facts["time"][0][0]), theirs["time"])
            bad += differ(path, "overlays", int(facts["overlay"][0][0]), theirs["overlay"])
            bad += differ(path, "delayed imports", facts["delayed"], [tuple(pair) for pair in theirs["delayed"]])
            bad += differ(path, "versions", [v[0] for v in facts["version"]],
                          [".".join(map(str, numbers)) for numbers in theirs["fixed"]])
            # pefile keeps one text a key, and not the order of all tables.
            bad += differ(path, "texts", sorted(set(facts["text"])),
                          sorted({tuple(escaped(part) for part in row) for row in theirs["texts"]}))
            bad += differ(path, "entropies", [float(s[5]) for s in facts["section"] if s[4] != "0"],
                          [float("%.3f" % e) for e in theirs["entropy"]])
            bad += differ(path, "paths of debug information", [p[0] for p in facts["pdb"]],
                          [escaped(p) for p in theirs["pdb"]])
    print("pefile: %d files compared, %d differences" % (n_compared, bad))
    return bad, chosen, "no libraries of mingw-w64 or Wine"


def monodis(option, path):
    done = subprocess.run(["monodis", option, path], capture_output=True)
    return done.stdout.decode(errors="replace")


def bare(name):
    """A type as monodis writes it: without class and assembly, arguments, and with + for what stands inside."""
    name = re.sub(r"^(class|valuetype) ", "", name.strip())
    name = re.sub(r"^\[[^\]]*\]", "", name)
    return name.partition("<")[0].replace("/", "+").replace("'", "")


def monodis_types(path):
    """Type -> roles, worked out from three tables."""
    nested = {int(inner): int(outer) for inner, outer in re.findall(r"^\d+: (\d+) (\d+):", monodis("--nested", path), re.M)}
    rows = {int(row): (bare(name), int(extends, 16)) for row, name, extends in
            re.findall(r"^(\d+): (.*) \(flist=\d+, mlist=\d+, flags=0x[0-9a-f]+, extends=0x([0-9a-f]+)\)$",
                       monodis("--typedef", path), re.M)}

    def full(row):
        # monodis writes a nested type without what it stands in.
        if row not in nested:
            return rows[row][0]
        return full(nested[row]) + "+" + rows[row][0].rpartition("+")[2].lstrip(".")

    names = {row: full(row) for row in rows}
    refs = dict(re.findall(r"^(\d+): (.*)$", monodis("--typeref", path), re.M))
    specs = dict(re.findall(r"^(\d+): (.*)$", monodis("--typespec", path), re.M))
    roles = collections.defaultdict(int)
    for name in names.values():
        roles[name] |= ROLES.get(name, 0) | BASES.get(name, 0)
    for name, interface in re.findall(r"^\d+: (.*) implements (.*)$", monodis("--interface", path), re.M):
        roles[bare(name)] |= ROLES.get(bare(interface), 0)
    known = {"System.Web.HttpApplication": 22, "System.Web.UI.Page": 34, "System.Web.HttpTaskAsyncHandler": 6}
    for _ in range(20):
        for row, (_, extends) in rows.items():
            index, tag = extends >> 2, extends & 3
            base = names.get(index) if tag == 0 else bare((refs if tag == 1 else specs).get(str(index), ""))
            if base:
                roles[names[row]] |= roles.get(base, 0) | (known.get(base, 0) if tag == 1 else 0)
    return {name: value for name, value in roles.items() if value}


def check_monodis(pe_print, samples, _):
    need("monodis", "mono-utils")
    real = found_under_usr(MONO)
    bad = n_types = n_refs = n_compared = 0
    for path, facts in read(pe_print, samples + real).items():
        if not facts["clr"]:
            continue
        n_compared += 1
        types = {name: int(roles) for roles, _, _, name, _ in facts["type"]}
        expected = monodis_types(path)
        bad += differ(path, "types", sorted(types.items()), sorted(expected.items()))
        identity = monodis("--assembly", path)
        name = re.search(r"^Name: +(.*)$", identity, re.M).group(1)
        version = re.search(r"^Version: +(.*)$", identity, re.M).group(1)
        bad += differ(path, "assemblies", facts["assembly"][0][:2], (name, version))
        refs = [(name, version) for version, name in
                re.findall(r"^\d+: Version=(\S+)\n\tName=(.*)$", monodis("--assemblyref", path), re.M)]
        bad += differ(path, "references", [ref[:2] for ref in facts["ref"]], refs)
        bad += differ(path, "damage", facts["damage"], [])
        # Others name this assembly with the token that we make of its key.
        n_types += len(types)
        n_refs += len(refs)
    print("monodis: %d assemblies, %d types and %d references compared, %d differences" % (n_compared, n_types, n_refs, bad))
    if not any(path.endswith("/System.Web.dll") for path in real):
        real = []
    return bad, real, "no System.Web.dll (package libmono-system-web4.0-cil)"


def main():
    check, pe_print, pe_samples, folder = sys.argv[1:5]
    os.makedirs(folder, exist_ok=True)
    subprocess.run([pe_samples, folder], check=True)
    samples = sorted(glob.glob(os.path.join(folder, "*.dll")))
    bad, real, missing = globals()["check_" + check](pe_print, samples, folder)
    if bad:
        sys.exit(1)
    if not real:
        skip("only the lab's files were compared: " + missing)


if __name__ == "__main__":
    main()
