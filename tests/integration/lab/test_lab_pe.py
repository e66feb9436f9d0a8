#!/usr/bin/env python3
"""Judges the lab's PE files with tools that share nothing with it.

usage: test_lab_pe.py objdump|readpe|monodis|pefile PE_SAMPLES FOLDER

PE_SAMPLES writes the files; what it asked for is repeated here. Exit status 77: the judge is not there.
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

NAME = "Größe.dll"
PDB = "D:\\build\\cachport.pdb"
VERSION = {"CompanyName": "Lab Company", "FileDescription": "A module that is none", "FileVersion": "10.0.20348.65535",
           "OriginalFilename": "cachport.dll", "ProductName": "Produkt für Tests", "ProductVersion": "10.0.20348.65535"}
MANAGED = ("managed", "module", "handler", "autostart", "mixed")
ODD_EXPORTS = ["Alpha", "_RegisterModule@12", "forward", "zeta"]
EXPORTS = {"library": ["GetLibraryVersion"], "native": ["RegisterModule"],
           "filter": ["GetFilterVersion", "HttpFilterProc", "TerminateFilter"],
           "extension": ["GetExtensionVersion", "HttpExtensionProc", "TerminateExtension"],
           "odd": ODD_EXPORTS, "mixed": ODD_EXPORTS}
USUAL_IMPORTS = ["KERNEL32.dll!" + name for name in ("GetCurrentProcessId", "GetSystemTimeAsFileTime",
                                                     "QueryPerformanceCounter", "DisableThreadLibraryCalls")]
ODD_IMPORTS = ["WS2_32.dll!socket", "WS2_32.dll!connect", "KERNEL32.dll!CreateProcessW"]
KINDS = ["program", "library", "native", "filter", "extension", "managed", "module", "handler", "autostart", "odd", "bare",
         "mixed"]


def check_equal(found, expected, where):
    if found != expected:
        sys.exit("%s:\n  found    %r\n  expected %r" % (where, found, expected))


def expected_imports(kind, bits):
    if kind == "bare":
        return []
    runtime = ["mscoree.dll!_CorDllMain"] if kind in MANAGED and bits == 32 else []
    if kind in MANAGED and kind != "mixed":
        return runtime
    return runtime + (ODD_IMPORTS if kind in ("odd", "mixed") else USUAL_IMPORTS)


def samples(folder):
    for kind in KINDS:
        for bits in (32, 64):
            yield kind, bits, os.path.join(folder, "%s-%d.dll" % (kind, bits))


def run(*command):
    """What a tool prints; anything on standard error is a complaint."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 or done.stderr.strip():
        sys.exit("%s: status %d\n%s" % (" ".join(command), done.returncode, done.stderr[-1500:]))
    return done.stdout


def need(tool, package):
    if not shutil.which(tool):
        print("SKIP: no %s (package %s)" % (tool, package))
        sys.exit(77)


def check_objdump(folder):
    need("objdump", "binutils")
    if "pei-x86-64" not in run("objdump", "-i"):
        print("SKIP: this objdump does not read PE files")
        sys.exit(77)
    for kind, bits, path in samples(folder):
        text = run("objdump", "-p", path)
        check_equal("file format pei-%s\n" % ("i386" if bits == 32 else "x86-64") in text, True, path + ": machine")
        check_equal(re.search(r"^\tDLL$", text, re.M) is not None, kind != "program", path + ": library")
        table = text.partition("[Ordinal/Name Pointer] Table")[2]
        check_equal(re.findall(r"^\t\[ *\d+\] (?:\+base\[ *\d+\] +[0-9a-f]+ )?(\S+)$", table, re.M),
                    EXPORTS.get(kind, []), path + ": exports")
        imports, library = [], ""
        for line in text.splitlines():
            library = line.split()[-1] if line.startswith("\tDLL Name:") else library
            match = re.match(r"\t[0-9a-f]+\t +\d+  (\S+)", line)
            imports += [library + "!" + match.group(1)] if match else []
        check_equal(imports, expected_imports(kind, bits), path + ": imports")
        if kind != "bare":
            check_equal("Mon Jan  5 10:00:00 2026" in run("env", "TZ=UTC", "LC_ALL=C", "objdump", "-p", path), True,
                        path + ": time")


def check_readpe(folder):
    need("readpe", "pev")
    for kind, bits, path in samples(folder):
        text = run("readpe", path)
        fields = dict(re.findall(r"^ +([A-Za-z/ ]+): +(.*)$", text.partition("Data directories")[0], re.M))
        check_equal(fields["Machine"].split()[0], "0x14c" if bits == 32 else "0x8664", path + ": machine")
        check_equal(fields["Magic number"], "0x10b (PE32)" if bits == 32 else "0x20b (PE32+)", path + ": format")
        exported = text.partition("Exported functions")[2].partition("\nSections")[0]
        names = re.findall(r"^ {16}Name: +(\S+)", exported, re.M)
        check_equal(sorted(names), EXPORTS.get(kind, []), path + ": exports")
        check_equal("forward -> KERNEL32.Sleep" in exported, kind in ("odd", "mixed"), path + ": forwarded export")
        sections = re.findall(r"^ {8}Name: +(\.\S+)$", text.partition("\nSections")[2], re.M)
        has_rdata = kind != "bare"  # the path of the program database at least
        has_reloc = kind in MANAGED and bits == 32
        check_equal(sections, [".text"] + [".rdata"] * has_rdata + [".data"] + [".rsrc"] * (kind != "bare")
                    + [".reloc"] * has_reloc, path + ": sections")


def check_monodis(folder):
    """It cannot print what names a type of System.Web, for it looks for that library: Init and ProcessRequest."""
    need("monodis", "mono-utils")
    for kind, bits, path in samples(folder):
        if kind not in MANAGED:
            continue
        def table(option):
            return subprocess.run(["monodis", option, path], capture_output=True, text=True).stdout
        text = run("monodis", path)
        check_equal(re.findall(r"^\.assembly (.*)$", text, re.M)[-1].strip("'"), "Größe", path + ": assembly")
        check_equal(".ver  10:0:20348:65535" in text, True, path + ": version")
        check_equal(re.findall(r"\.class public auto ansi beforefieldinit (\S+)\s+extends (\S+)", text),
                    [("Thing", "[mscorlib]System.Object")], path + ": class")
        interface = {"managed": None, "handler": "IHttpHandler", "mixed": "IHttpHandler"}.get(kind, "IHttpModule")
        check_equal(re.findall(r"\d+: (\S+) implements (\S+)", table("--interface")),
                    [("Shop.Web.Thing", "[System.Web]System.Web." + interface)] if interface else [], path + ": interface")
        methods = {"managed": [".ctor"], "module": [".ctor", "Dispose"], "autostart": [".ctor", "Dispose", "Start"]}
        check_equal(re.findall(r" (?:void|bool) '?([.\w]+)'? \(\)  cil managed", text),
                    methods.get(kind, [".ctor", "get_IsReusable"]), path + ": methods")
        references = re.findall(r"Version=(\S+)\s+Name=(\S+)\s+Flags=0x00000000\s+Public Key:\s+0x00000000: (.*?) *\n",
                                table("--assemblyref"))
        expected = [("4.0.0.0", "mscorlib", "B7 7A 5C 56 19 34 E0 89"), ("4.0.0.0", "System.Web", "B0 3F 5F 7F 11 D5 0A 3A")]
        check_equal(references, expected[:1 if kind == "managed" else 2], path + ": references")
        attribute = re.search(r"\.custom (.*?) = +\((.*?)\n\n", text, re.S)
        check_equal(attribute is not None, kind == "autostart", path + ": attribute")
        if attribute:
            # Where monodis finds System.Web itself, it names the class as one and quotes the constructor.
            named = attribute.group(1).replace("void class ", "void ").replace("'.ctor'", ".ctor")
            check_equal(named, "instance void [System.Web]System.Web.PreApplicationStartMethodAttribute::.ctor("
                        "class [mscorlib]System.Type, string)", path + ": attribute")
            value = bytes.fromhex(re.sub(r"\)?\s*//.*", "", attribute.group(2)))
            check_equal(value, b"\1\0\x0eShop.Web.Thing\5Start\0\0", path + ": value of the attribute")


DUMP = """import sys, json, pefile, dnfile
found = {}
def text(value):
    return value.decode() if isinstance(value, bytes) else value
for path in sys.argv[1:]:
    pe = pefile.PE(path)
    one = found[path] = {"checksum": pe.verify_checksum(), "warnings": pe.get_warnings(), "imphash": pe.get_imphash()}
    one["size"] = pe.OPTIONAL_HEADER.SizeOfImage
    one["exports"] = [text(e.name) for e in pe.DIRECTORY_ENTRY_EXPORT.symbols] if hasattr(pe, "DIRECTORY_ENTRY_EXPORT") else []
    one["pdb"] = [text(d.entry.PdbFileName).rstrip(chr(0)) for d in getattr(pe, "DIRECTORY_ENTRY_DEBUG", [])]
    one["version"], one["translation"] = {}, []
    for info in [i for group in getattr(pe, "FileInfo", []) for i in group]:
        for table in getattr(info, "StringTable", []):
            one["version"].update({text(k): text(v) for k, v in table.entries.items()})
            one["table"] = text(table.LangID)
        one["translation"] += [v for var in getattr(info, "Var", []) for v in var.entry.values()]
    for fixed in getattr(pe, "VS_FIXEDFILEINFO", []):
        one["fixed"] = [fixed.FileVersionMS, fixed.FileVersionLS, fixed.ProductVersionMS, fixed.ProductVersionLS]
    net = dnfile.dnPE(path).net
    one["managed"] = net is not None
    if net:
        rows = lambda name: getattr(getattr(net.mdtables, name), "rows", []) if getattr(net.mdtables, name) else []
        one["module"] = str(rows("Module")[0].Name)
        one["types"] = sorted("%s.%s" % (r.TypeNamespace, r.TypeName) for r in rows("TypeRef"))
        one["methods"] = [str(r.Name) for r in rows("MethodDef")]
        one["parameters"] = [str(r.Name) for r in rows("Param")]
        one["signatures"] = [r.Signature.value.hex() for r in rows("MethodDef")]
        one["interfaces"] = [[str(r.Class.row.TypeName), str(r.Interface.row.TypeName)] for r in rows("InterfaceImpl")]
        one["properties"] = [str(r.Name) for r in rows("Property")]
        one["user_strings"] = net.user_strings is not None
print(json.dumps(found))
"""


def make_venv(folder):
    python = os.path.join(folder, "venv/bin/python")
    if os.path.exists(python) and subprocess.run([python, "-c", "import pefile, dnfile"],
                                                 capture_output=True).returncode == 0:
        return python
    made = subprocess.run([sys.executable, "-m", "venv", os.path.join(folder, "venv")], capture_output=True, text=True)
    got = made.returncode == 0 and subprocess.run(
        [python, "-m", "pip", "install", "-q", "--retries", "1", "--timeout", "15", "pefile", "dnfile"],
        capture_output=True, text=True)
    if not got or got.returncode != 0:
        print("SKIP: pefile and dnfile cannot be installed from PyPI\n" + (got or made).stderr[-500:])
        sys.exit(77)
    return python


def imphash(imports):
    texts = []
    for text in imports:
        library, function = text.lower().split("!")
        texts.append(library.rsplit(".", 1)[0] + "." + function)
    return hashlib.md5(",".join(texts).encode()).hexdigest() if texts else ""


def check_managed(found, kind, where):
    web = {"module": ["IHttpModule", "HttpApplication"], "handler": ["IHttpHandler", "HttpContext"],
           "mixed": ["IHttpHandler", "HttpContext"],
           "autostart": ["IHttpModule", "HttpApplication", "PreApplicationStartMethodAttribute"]}.get(kind, [])
    types = ["System.Object"] + ["System.Type"] * (kind == "autostart") + ["System.Web." + name for name in web]
    check_equal(found["types"], sorted(types), where + ": types")
    # Row 3 of TypeRef is the parameter's class; coded as row * 4 + 1.
    init, none = "20010112" + "0d", "200001"
    methods = {"managed": [(".ctor", none)], "module": [(".ctor", none), ("Init", init), ("Dispose", none)],
               "handler": [(".ctor", none), ("ProcessRequest", init), ("get_IsReusable", "200002")]}
    methods["autostart"] = methods["module"] + [("Start", "000001")]
    methods["mixed"] = methods["handler"]
    check_equal(list(zip(found["methods"], found["signatures"])), methods[kind], where + ": methods")
    check_equal(found["parameters"], ["context"] * (kind != "managed"), where + ": parameters")
    check_equal(found["interfaces"], [["Thing", web[0]]] if web else [], where + ": interfaces")
    check_equal(found["properties"], ["IsReusable"] * (kind in ("handler", "mixed")), where + ": properties")
    check_equal(found["module"], NAME, where + ": module")


def check_pefile(folder):
    python = make_venv(folder)
    all_found = json.loads(run(python, "-c", DUMP, *[path for _, _, path in samples(folder)]))
    for kind, bits, path in samples(folder):
        found = all_found[path]
        # Files of the runtime with 64 bits have no entry point, as compilers leave it; pefile warns of that alone.
        warnings = [text for text in found["warnings"] if "AddressOfEntryPoint" not in text]
        check_equal(warnings, [], path + ": warnings")
        check_equal(len(found["warnings"]) > 0, kind in MANAGED and bits == 64, path + ": entry point")
        check_equal(found["checksum"], True, path + ": checksum")
        check_equal(found["exports"], EXPORTS.get(kind, []), path + ": exports")
        check_equal(found["imphash"], imphash(expected_imports(kind, bits)), path + ": imphash")
        check_equal(found["version"], {} if kind == "bare" else VERSION, path + ": version information")
        check_equal(found["pdb"], [] if kind == "bare" else [PDB], path + ": path of the program database")
        if kind != "bare":
            check_equal((found["table"], found["translation"]), ("040904B0", ["0x0409 0x04b0"]), path + ": language")
            check_equal(found["fixed"], [10 << 16, 20348 << 16 | 65535] * 2, path + ": fixed version")
        check_equal(found["managed"], kind in MANAGED, path + ": managed")
        if found["managed"]:
            check_managed(found, kind, path)


def main():
    check, pe_samples, folder = sys.argv[1:4]
    os.makedirs(folder, exist_ok=True)
    subprocess.run([pe_samples, folder], check=True)
    globals()["check_" + check](folder)
    print(check + ": as expected")


if __name__ == "__main__":
    main()
