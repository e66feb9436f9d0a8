#!/usr/bin/env python3
"""Makes the first seeds of the fuzz corpora from what the lab writes.

    tests/fuzz/make_corpus.py BUILD/iiswarden-lab BUILD/tests/pe_samples BUILD/tests/hive_samples

Seeds are named seed_*; inputs that once found something stand beside them and are left alone. The
lab writes the same bytes for the same input, so running this again changes nothing.
"""
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus"
LAB, PE_SAMPLES, HIVE_SAMPLES = sys.argv[1:4]
CHUNK, HEADER = 65536, 4096

SYSMON = {
    "time": "2026-01-05T10:00:00.1234567Z", "channel": "Microsoft-Windows-Sysmon/Operational",
    "provider": "Microsoft-Windows-Sysmon", "provider_guid": "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
    "computer": "WEB01.lab.example", "event_id": 1, "version": 5, "user_sid": "S-1-5-18",
    "data": {"UtcTime": "2026-01-05 10:00:00.123", "ProcessId": {"type": "u32", "value": 4312},
             "Image": "C:\\Windows\\System32\\cmd.exe", "CommandLine": "cmd /c \"whoami > a&b\"",
             "ParentImage": "C:\\Windows\\System32\\inetsrv\\w3wp.exe"}}
TYPES = {
    "time": "2026-01-05T10:00:01Z", "channel": "Application", "provider": "Lab", "computer": "WEB01",
    "event_id": 7, "qualifiers": 16384, "event_data_name": "Named",
    "data": {
        "s": "caf\u00e9 \U0001F600", "a": {"type": "ansi", "value": "abc"}, "i8": {"type": "i8", "value": -3},
        "u8": {"type": "u8", "value": 200}, "i16": {"type": "i16", "value": -300},
        "u16": {"type": "u16", "value": 60000}, "i32": {"type": "i32", "value": -70000},
        "u64": {"type": "u64", "value": "18446744073709551615"}, "f": {"type": "f32", "value": 1.5},
        "d": {"type": "f64", "value": -2.25}, "b": {"type": "bool", "value": 3},
        "bin": {"type": "binary", "value": "00ff10"},
        "g": {"type": "guid", "value": "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"},
        "ft": {"type": "filetime", "value": "2026-01-05T10:00:01Z"},
        "sid": {"type": "sid", "value": "S-1-5-21-1-2-3-500"}, "h": {"type": "hex64", "value": "0x3e7"},
        "n": None, "o": {"type": "string", "value": None, "optional": True},
        "z": {"type": "null", "size": 16}, "sz": {"type": "size64", "value": "0x10"},
        "arr": {"type": "string[]", "value": ["one", "", "three"]},
        "nums": {"type": "u32[]", "value": [1, 2, 3]}, "lit": {"type": "literal", "value": "a<b&c"},
        "cd": {"type": "cdata", "value": "x]y"}}}
CLASSIC = {"time": "2026-01-05T10:00:02Z", "channel": "Windows PowerShell", "provider": "PowerShell",
           "computer": "WEB01", "event_id": 400, "literal_channel": True,
           "data": ["Available", "None", "HostApplication=powershell -enc AAAA"], "binary": "0102"}
USER = {"time": "2026-01-05T10:00:03Z", "channel": "Security", "provider": "Microsoft-Windows-Eventlog",
        "computer": "WEB01", "event_id": 1102,
        "user_data": {"LogFileCleared": {"SubjectUserName": "admin", "Count": {"type": "u32", "value": 1}}},
        "user_data_namespace": "http://manifests.example/log"}
BARE = {"time": "2026-01-05T10:00:04Z", "channel": "Application", "provider": "Lab", "computer": "WEB01",
        "event_id": 1116, "template_less": True, "data": {"Path": "C:\\a & b > \"c\"", "Empty": ""}}
ALL = [SYSMON, TYPES, CLASSIC, USER, BARE]


def write(events, *options):
    with tempfile.TemporaryDirectory() as folder:
        source, out = pathlib.Path(folder, "in.ndjson"), pathlib.Path(folder, "out.evtx")
        source.write_text("".join(json.dumps(e, ensure_ascii=True) + "\n" for e in events))
        subprocess.run([LAB, "write", str(source), "-o", str(out), *options], check=True,
                       stdout=subprocess.DEVNULL)
        return out.read_bytes()


def save(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("seed_" + name)).write_bytes(data)


def used(chunk):
    return chunk.rstrip(b"\0")


def pack_file(data, options):
    """The form fuzz_evtx_file reads."""
    at, out = 0, bytes([options])
    if options & 4 == 0:
        out += data[:128]
        at = HEADER
    while at + CHUNK <= len(data):
        block = used(data[at:at + CHUNK]) or b"\0"
        out += struct.pack("<H", min(len(block), 65535)) + block[:65535]
        at += CHUNK
    if at < len(data):
        out += struct.pack("<H", 0) + data[at:]
    return out


DAMAGES = ["dirty", "wrong-chunk-count", "bad-chunk-magic", "zero-size-record", "huge-record",
           "size-copy-mismatch", "stale-records", "free-space-too-large", "truncated",
           "trailing-garbage", "name-cycle", "bad-crc", "bad-header-crc"]


def records(chunk):
    at = 512
    while chunk[at:at + 4] == b"**\0\0":
        size = struct.unpack_from("<I", chunk, at + 4)[0]
        yield at, size
        at += size


def json_seeds():
    """What fuzz_json and fuzz_json_record read: the dialects of the allocation test, and damage."""
    lines = (HERE.parent / "fault" / "small_dialects.ndjson").read_bytes()
    records = lines.splitlines()
    for i, record in enumerate(records):
        save("json_record", f"{i}", record)
    save("json_record", "quotes", b'{"EventID":1,"Channel":"C","F":"cmd /c "whoami"","G":[1,{"a":null}]}')
    save("json_record", "bytes", b'{"EventID":1,"Channel":"C","F":"\xff\x00\x01\\q\\ud800"}')
    save("json_record", "deep", b'{"a":' * 70 + b"1" + b"}" * 70)
    save("json", "lines", b"\0" + lines)
    save("json", "crlf", b"\0\xef\xbb\xbf" + lines.replace(b"\n", b"\r\n\0\0"))
    save("json", "wide", b"\0" + lines.decode().encode("utf-16"))
    save("json", "whole", b"\1" + lines)
    save("json", "array", b"\1[\n  " + b",\n  ".join(records[:6]) + b"\n]")
    save("json", "wrapper", b'\1{"took":1,"hits":{"hits":[' + b",".join(records[:6]) + b']},"x":"y"}')
    save("json", "joined", b"\1" + b"".join(records[:6]))
    save("json", "damaged", b"\1[" + records[0][:-1] + b"," + records[1] + b"junk" + records[2][:40])


def iislog_seeds():
    """Logs of requests in all their forms, written by hand; the first byte chooses the path."""
    head = b"#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-01-05 10:42:07\r\n"
    fields = (b"#Fields: date time s-computername cs-method cs-uri-stem cs-uri-query cs(User-Agent) sc-status "
              b"time-taken\r\n")
    line = b"2026-01-05 10:42:07 WEB01 GET /a.aspx - Mozilla/5.0+(x) 200 15\r\n"
    ncsa = b'::1 - u [05/Jan/2026:10:42:07 +0100] "GET /a?b HTTP/1.1" 200 5 "http://x/" "M (y)"\n'
    iis = b"10.0.0.1, -, 1/5/26, 7:55:20, W3SVC2, WEB01, 10.0.0.2, 45, 1, 2, 200, 0, GET, /a, b=c,\r\n"
    bare = b"2026-01-05 10:42:07 10.0.0.1 GET /a - 80 - 10.0.0.2 M - 200 0 0 15\n"
    refused = (b"#Software: Microsoft HTTP API 2.0\r\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method "
               b"cs-uri streamid sc-status s-siteid s-reason s-queuename\r\n2026-01-05 10:42:07 ::1 5 ::1 80 HTTP/1.1 "
               b"GET /x?y - 400 - URL -\r\n")
    save("iislog", "w3c", b"\0" + head + fields + line * 2 + head + b"#Fields: time x\r\n10:42:08 y\r\n09:00:00 z\r\n")
    save("iislog", "padding", b"\0" + head + fields + line + b"\0" * 40 + line + line[:30] + b"\0" * 17 + line + b"\0" * 9)
    save("iislog", "short", b"\0" + fields + line[:-20] + b"\r\n" + line[:-2] + b" a  b\r\n" + b"\x01\xff\x00noise\r\n" + line[:40])
    save("iislog", "bare", b"\1" + ncsa + iis + bare + b"2026-01-05 10:42:07 GET /a\n" + b"\xe9\n")
    save("iislog", "refused", b"\2" + refused + b"2026-01-05 10:42:07 ::1 5 ::1 80 HTTP/1.1 GET /x 400 - URL -\n")
    save("iislog", "cr", b"\3" + (head + fields + line * 2).replace(b"\r\n", b"\r"))
    save("iislog", "utf16", b"\4" + (head + fields + line * 2).decode().encode("utf-16"))
    save("iislog", "mark", b"\4\xef\xbb\xbf" + fields + line + b"\xef\xbb\xbf" + fields + line)


def pe_seeds():
    """Modules, filters and assemblies, whole; fuzzing cuts and turns them."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PE_SAMPLES, folder], check=True)
        for name in ("native-64", "native-32", "filter-32", "bare-64", "module-64", "handler-32", "autostart-64"):
            save("pe", name.replace("-", "_"), pathlib.Path(folder, name + ".dll").read_bytes())


def signature_seeds():
    """The form fuzz_signature reads. Keys are new each time, so what is there stays."""
    if (CORPUS / "signature").is_dir():
        return
    sys.path.insert(0, str(HERE.parent / "integration" / "iis"))
    import test_signature_oracles as made  # pylint: disable=import-outside-toplevel
    samples, before = str(pathlib.Path(PE_SAMPLES).resolve()), os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        subprocess.run([samples, "."], check=True)
        for name, text in (("made.cnf", made.CONFIG), ("index.txt", ""), ("tsaserial", "01")):
            pathlib.Path(name).write_text(text)
        for party in (("root", "root", None), ("signer", "code", "root"), ("clock", "clock", "root")):
            made.make_party(*party)
        subprocess.run(["openssl", "x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der"], check=True)
        root, plain = pathlib.Path("root.der").read_bytes(), "bare-64.dll"
        made.sign(plain, "sound", digest="sha1")
        made.sign("sound", "nested", "-nest")
        with made.responder() as url:
            made.sign(plain, "stamped", "-ts", url)
        made.make_catalogue("list", [bytes(range(20)), bytes(range(32))], "signer")
        for kind, name in ((0, "sound"), (2, "sound"), (0, "nested"), (0, "stamped"), (1, "list")):
            head = bytes([kind]) + struct.pack("<H", len(root))
            save("signature", name + ("_unanchored" if kind == 2 else ""), head + root + pathlib.Path(name).read_bytes())
        os.chdir(before)
def hive_seeds():
    """Small hives of every list, and exports of every form of value."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([HIVE_SAMPLES, folder], check=True)
        for number, name in enumerate(("lh", "lf", "li", "ri"), 5):
            save("hive", name, pathlib.Path(folder, "%d.hiv" % number).read_bytes())
    key = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC]\r\n"
    values = ('@="default"\r\n"Path"="C:\\\\x \\"y\\""\r\n"d"=dword:0000000a\r\n"b"=hex:01,\\\r\n  02\r\n'
              '"m"=hex(7):61,00,00,00,62,00,00,00,00,00\r\n"q"=hex(b):01,00,00,00,00,00,00,00\r\n"t"="a\r\nb"\r\n')
    title = "Windows Registry Editor Version 5.00\r\n\r\n"
    save("reg", "wide", (title + key + values).encode("utf-16"))
    save("reg", "ansi", b"REGEDIT4\n" + (key + values).encode() + b'"e"=hex(2):25,e9,00\n"c"="caf\xe9"\n')
    save("reg", "bare", (key + values + '"d"=-\r\n' + key.replace("[", "[-") + key).encode())


# An approval whose id is that of its content (`baseline approve` wrote it).
APPROVAL = ('{"approval":{"id":"d-9df515db855ea2c4","change":"added","host":"web01","by":"a","ticket":"b","reason'
            '":"c","expires":"2030-01-01T23:59:59.9999999Z"},"was":null,"now":{"kind":"globalModule","name":"A","'
            'scope":"","image":"C:\\\\a.dll","arguments":null,"type":null,"clsid":null,"owner":null,"handler":null,'
            '"state":"written","disabled":false,"precondition":["bitness64"],"attributes":[],"files":[{"twin":nul'
            'l,"path":"C:\\\\a.dll","sha256":null}]}}')


def baseline_seeds():
    """Documents, their signature, differences and hashes: what fuzz_baseline reads."""
    component = {"kind": "globalModule", "name": "A", "scope": "", "image": "C:\\a.dll", "arguments": None, "type": None,
                 "clsid": None, "owner": None, "handler": None, "state": "written", "disabled": False,
                 "precondition": ["bitness64"], "attributes": [],
                 "files": [{"twin": "x64", "path": "C:\\a.dll", "sha256": "00" * 32}]}
    page = dict(component, kind="webFile", name="C:\\inetpub\\wwwroot\\a.aspx", image=None, state="file",
                files=[{"twin": None, "path": "C:\\inetpub\\wwwroot\\a.aspx", "sha256": "11" * 32}])

    def document(farm, entries, *more):
        servers = [{"host": "web01", "authoritative": True}, {"host": "web02", "authoritative": False}]
        head = {"schema": "iiswarden.baseline/1", "farm": farm, "entries": len(entries), "servers": servers}
        lines = [json.dumps(head)] + [json.dumps(entry) for entry in entries] + list(more)
        return "".join(line + "\n" for line in lines).encode()

    plain = [{"host": "web01", "component": component}, {"host": "web01", "component": page},
             {"host": "web02", "component": dict(component, state="unknown", name="")}]
    save("baseline", "plain", document(False, plain))
    save("baseline", "farm", document(True, [{"on": 2, "component": component}, {"on": 1, "component": page}]))
    save("baseline", "approved", document(False, plain, APPROVAL))
    save("baseline", "cut", document(False, plain)[:-40])
    save("baseline", "difference", json.dumps(
        {"schema": "iiswarden.difference/1", "id": "d-0123456789abcdef", "change": "modified", "host": "web01",
         "component": {}, "was": component, "now": page, "farm": None}).encode())
    save("baseline", "signature", json.dumps(
        {"schema": "iiswarden.baseline-signature/1", "sha256": "00" * 32, "sequence": 3,
         "time": "2026-01-05T10:00:00.0000000Z", "key": "11" * 32, "signature": "22" * 64}).encode())
    save("baseline", "hashes", b"# list\n" + b"0a" * 32 + b" *x.dll\r\n" + b"0b" * 32 + b"\nbad\n")
    save("json_tree", "values", b' {"a":[1,-2.5e+3,true,false,null,""],"b":{"c":{}}}')
    save("json_tree", "escapes", b'"\\"\\\\\\/\\b\\u0041\\ud83d\\ude00\\u0000"')
    save("json_tree", "deep", b"[" * 17 + b"]" * 17)
    save("json_tree", "twice", b'{"a":1,"\\u0061":2}')


def settings_seeds():
    """The form fuzz_settings reads: a byte that says which kind follows."""
    sysmon = ('<?xml version="1.0"?><Sysmon schemaversion="4.90"><HashAlgorithms>*</HashAlgorithms><EventFiltering>'
              '<RuleGroup name="" groupRelation="or"><FileCreate onmatch="include"><TargetFilename condition="contains any">'
              '\\inetpub\\;\\www</TargetFilename><Rule groupRelation="and"><Image condition="image">w3wp.exe</Image>'
              '<TargetFilename condition="end with">.aspx</TargetFilename></Rule></FileCreate></RuleGroup>'
              '<RuleGroup groupRelation="and"><ProcessCreate onmatch="exclude"><CommandLine condition="begin with">'
              '"C:\\Windows\\System32\\x.exe" /a</CommandLine><ParentImage condition="is not">System</ParentImage>'
              '</ProcessCreate></RuleGroup><ImageLoad onmatch="include"><ImageLoaded condition="excludes all">a;b'
              '</ImageLoaded></ImageLoad><NetworkConnect onmatch="exclude"><DestinationPort condition="less than">9'
              '</DestinationPort></NetworkConnect></EventFiltering></Sysmon>')
    rows = ("Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting,Setting Value\r\n"
            'WEB01,System,"Process, Creation",{0CCE922B-69AE-11D9-BED3-505054503030},Success,,1\r\n'
            ",System,File System,{0cce921d-69ae-11d9-bed3-505054503030},No Auditing,,4\r\n"
            "WEB01,S-1-5-9,Logon,{0CCE9215-69AE-11D9-BED3-505054503030},Success,,1\r\n")
    text = ("System audit policy\r\nCategory/Subcategory                      Setting\r\nObject Access\r\n"
            "  File System                             Success and Failure\r\n  Process Creation       Failure\r\n")
    channels = ("name: Microsoft-IIS-Configuration/Operational\nenabled: true\nname: "
                "Microsoft-Windows-Sysmon/Operational\nenabled: false\n")
    listed = ("Path   : Microsoft.PowerShell.Core\\FileSystem::C:\\inetpub\\wwwroot\r\nAudit  : Everyone Success  Write\r\n"
              "Sddl   : O:BAG:BAD:PAI(A;OICI;FA;;;BA)S:AI(AU;OI\r\n         CISA;DCLCRPSDWDWO;;;WD)(XU;SA;0x2;;;BU;"
              '(@User.a=="(")) \r\n')
    pairs = "C:\\inetpub\nO:BAD:AIS:PAI(AU;OICINPIOSA;GA;;;AU)(ML;;NW;;;HI)\nwwwroot\nS:\n"
    words = ("telemetry:\n- {hosts: [web*, 'db0?'], source: [Sysmon 11, Request log], path: 'C:\\inetpub', from: 2026-01-01,\n"
             "   to: '2026-01-02T03:04:05+01:00', logged: true, note: by hand}\n")
    for number, (kind, seed) in enumerate(((0, sysmon), (1, rows), (1, text), (2, channels), (3, listed), (3, pairs), (4, words))):
        save("settings", "%d" % number, bytes([kind]) + seed.encode())
        save("settings", "%d_wide" % number, bytes([kind]) + seed.encode("utf-16"))


def change_seeds():
    """The form fuzz_changes reads: a byte that says what follows."""
    clauses = ("{id: CHG-1, hosts: [WEB01, 'web*.corp.example'], from: 2026-01-05T10:00:00Z, to: 2026-01-05T11:00:00Z, "
               "actors: ['CORP\\deploy', S-1-5-21-1-2-3-1104], action: [add, modify, remove], "
               "component: {kind: globalModule, name: ContosoAuth}, path: 'C:\\inetpub\\**', sha256: " + "0" * 64 +
               ", publisher: Contoso Ltd, expires: 2026-06-30T00:00:00Z, reason: Release 4.2, approved_by: board}\n")
    table = ("Id,Hosts,From,To,Path,Module,Actors,Hash,Expires,Why\r\n"
             "C1,web01;web02,2026-01-05 11:00,2026-01-05T12:00:00Z,C:\\inetpub\\**,,CORP\\deploy,,,\"a \"\"b\"\"\r\nc\"\r\n"
             "C2,web01\r\n\"C3\"x\r\n,,,,,,,,,\r\n")
    own_map = ("id: Id\nhosts: {value: [web01, '**']}\nfrom: From\nto: To\ndelimiter: \"\\t\"\nlist_separator: \"|\"\n"
               "time_format: mm/dd/yyyy hh:mm\ntime_zone: Z\ncomponent: {name: Module}\n")
    own_table = "Id\tFrom\tTo\tModule\nC1\t1/5/2026 9:00 AM\t01/05/2026 11:00:00\tContosoAuth\n"
    estate = ("estate:\n  servers:\n    - {host: WEB01, fqdn: web01.corp.example, roles: [web], sites: [Shop], owner: x, "
              "operators: ['CORP\\joe', S-1-5-9], deployers: svc}\n    - host: 'web*'\n  operators: [root@corp.example]\n")
    save("changes", "yaml", ("\0changes:\n- " + clauses + "- {id: CHG-1, " + clauses[12:] + "- {bad: x}\n---\nchanges: []\n").encode())
    save("changes", "yaml_wide", b"\0" + ("changes:\n- " + clauses).encode("utf-16"))
    save("changes", "csv", ("\1" + table).encode())
    save("changes", "csv_ansi", b"\1" + table.replace("inetpub", "B\xfccher").encode("latin-1"))
    save("changes", "csv_map", ("\2" + own_map + "\0" + own_table).encode())
    save("changes", "estate", ("\3" + estate).encode())
    for number, (pattern, text) in enumerate((("c:\\a\\**\\b?\\*.dll", "c:\\a\\x\\bc\\y.dll"), ("**\\***\\*?", "baab"),
                                              ("c:\\x", "c:\\x"))):
        save("changes", "glob_%d" % number, ("\4" + pattern + "\0" + text).encode())


def web_seeds():
    """Pages of every language and encoding, ordinary ones and such as have marks."""
    asp = '<%@ Language=VBScript %>\r\n<%\r\nSet s = CreateObject("WScript.Shell")\r\nExecute(StrReverse(Request("x")))\r\n%>'
    save("web_file", "asp", asp.encode())
    save("web_file", "wide", asp.encode("utf-16"))
    save("web_file", "wide_big", asp.encode("utf-16-be"))
    save("web_file", "utf7", b"<%@ CodePage=65000 %>\n+ADwAJQ-eval request+ACg-1)+ACUAPg-")
    save("web_file", "behind", b'<%@ Page Language="C#" CodeBehind="a.aspx.cs" Inherits="A" %>\n<form runat="server"></form>')
    save("web_file", "handler", b'<%@ WebHandler Language="C#" Class="H" %>\nusing System;\npublic class H { void F() { '
         b'new FileStream(Request["p"], FileMode.Create); Assembly.Load(Convert.FromBase64String(k)); } }')
    page = ('<?xml version="1.0"?>\n<configuration><location path="up"><system.webServer><handlers><clear/><!-- <clear/> -->'
            '<add name="a > b" note=\'path="*.asp"\' path="web&#46;c&#x6f;n*" verb="*" modules="IsapiModule" scriptProcessor="asp.dll"/>'
            '<remove name="A > b"/></handlers><security><requestFiltering><hiddenSegments><remove segment="web&#x2E;config"/>'
            '</hiddenSegments><fileExtensions><clear/></fileExtensions></requestFiltering></security></system.webServer></location>'
            '</configuration><!-- <% eval request("x") %> -->')
    save("web_file", "config_page", page.encode())
    save("web_file", "config_page_wide", page.encode("utf-16"))
    save("web_file", "config_page_cut", page.replace("<clear/>", "&nope;", 1).encode()[:420])
    save("web_file", "php", b"GIF89a<?php @eval/*x*/($_POST['x']); preg_replace('/x/e', $_GET['x'], ''); $_GET['f'](1); system($x);")
    save("web_file", "escapes", b"<%\\u0065val(x); ev\\U00000061l&#x65;val R&#117;ntime %65%76%61%6c #@~^%>")
    save("web_file", "codes", b"<%x=" + b"&".join(b"Chr(%d)" % i for i in range(65, 85)) + b"%>")
    save("web_file", "base64", b"<%k=\"" + b"aB3+" * 300 + b"\"%>")
    save("web_file", "name", b"uploads\\8f3a2b1c.jpg.aspx;.png. :x")


def correlation_seeds():
    # Bytes alone make rules and a stream.
    for number in range(24):
        save("sigma_correlate", "%02d" % number, b"".join(hashlib.sha256(b"%d %d" % (number, i)).digest() for i in range(12)))


def context_seeds():
    """Streams of context facts: their kinds are numbered as context/context_fact.h does."""
    def text(value):
        return struct.pack("<H", len(value)) + value.encode()

    def process(number, pid, image):
        guid = bytes([0xA2] + [0] * 14 + [number]) if number else bytes(16)
        return struct.pack("<BQ", pid != 0, pid) + guid + text(image)

    def start(witness, child, parent, command="", logon=0x5d2a1):
        return (struct.pack("<BB", 1, witness) + process(*child) + process(*parent) + text(command) +
                text("w3wp.exe -ap \"DefaultAppPool\"") + text("IIS APPPOOL\\DefaultAppPool") + text("") +
                struct.pack("<BQ", 1, logon))

    def end(witness, *name):
        return struct.pack("<BB", 2, witness) + process(*name)

    def stream(*facts):
        return b"".join(struct.pack("<HB", len(fact), 3) + fact for fact in facts)

    logon = struct.pack("<BQQBB", 3, 0x5d2a1, 0x5d2a0, 10, 2) + b"".join(
        text(t) for t in ("CORP\\ana", "S-1-5-21-1-2-3-1104", "10.0.0.5", "PC"))
    others = [struct.pack("<BQ", 4, 0x5d2a1),
              struct.pack("<BQ", 5, 0x5d2a1) + text("CORP\\ana") + text(""),
              struct.pack("<BQ", 6, 0x5d2a1) + text("CORP\\svc") + text("SQL01") + text("") + process(0, 4, "a.exe"),
              struct.pack("<BB", 7, 0)]
    worker, shell = (1, 200, "C:\\w3wp.exe"), (2, 400, "C:\\cmd.exe")
    save("context_fact", "two_witnesses", stream(start(0, shell, worker), start(1, (0, *shell[1:]), (0, *worker[1:])),
                                                 end(0, *shell), end(1, 0, *shell[1:])))
    save("context_fact", "reuse", stream(start(1, (0, 400, "a.exe"), (0, 200, "")), start(1, (0, 400, "b.exe"), (0, 400, "a.exe")),
                                         start(0, (3, 404, "c.exe"), (3, 404, "c.exe"))))
    save("context_fact", "logons", stream(logon, *others, logon))
    subject = process(*shell) + struct.pack("<BQ", 1, 9) + b"".join(text(t) for t in ("u", "S-1-5-18", "C:\\a.aspx"))
    save("context_fact", "subject", stream(subject + b"\0"))
    nobody = process(0, 0, "") + struct.pack("<BQ", 0, 0) + 3 * text("") + b"\1"
    save("context_fact", "request", stream(nobody + text("/a.aspx/x") + struct.pack("<QQ", 1, 443) + text("10.0.0.1") + text("")))


def request_seeds():
    """URLs of request logs, and one row of requests as context/request_row.h packs it."""
    def number(value):
        out = bytearray()
        while value >= 0x80:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes(out) + bytes([value])

    def text(value):
        return number(len(value)) + value.encode()

    for name, url in {"plain": "/shop/shell.aspx", "spelled": "/x/%2e%2e/Up\\.//SHELL%2easpx.%20", "info": "/a.jsp;jsessionid=0A/b/c.css",
                      "stream": "/up::$INDEX_ALLOCATION/x.aspx::$DATA", "short": "/SHELL~1.ASP", "letters": "/\u00dcbung+1.aspx",
                      "double": "/%252e%252e/x%25.php5"}.items():
        save("request", name, url.encode())
    values = number(1) + number(7) + number(1) + b"".join(map(number, (10**18, 0, 291, 7))) + text("10.0.0.9")
    moment = b"".join(map(number, (10**18, 10**18, 0, 0, 291, 3, 200))) + b"".join(
        map(text, ("POST", "/x.aspx", "10.0.0.9", "curl/8.0", '{"cs-method":"POST"}')))
    save("request", "row", b"".join(map(number, (1, 1, 1, 0, 0, 0, 1, 0, 0, 0))) + number(4) + 2 * values + number(1) + moment +
         b"".join(map(number, (10**18, 0, 291, 3))))


def chain_seeds():
    """Streams of facts of chains and of context: numbered as detect/chain/chain_fact.h does."""
    def number(value):
        out = b""
        while value >= 0x80:
            out += bytes([value & 0x7F | 0x80])
            value >>= 7
        return out + bytes([value])

    def text(value):
        return number(len(value)) + value.encode()

    def fact(kind, action=0, pid=0, parent=0, texts=()):
        names = b"".join(number(1) + number(n) if n else number(0) for n in (pid, parent))
        values = list(texts) + [""] * (15 - len(texts))
        return number(kind) + number(action) + names + number(0) + b"".join(text(v) for v in values)

    def file(action, pid, path):
        return fact(2, action, pid, 0, ["C:\\w3wp.exe"] + [""] * 7 + [path])

    def start(pid, parent, image, command=""):
        return fact(1, 0, pid, parent, [image, "C:\\inetsrv\\w3wp.exe", command, "w3wp -ap \"Pool\""])

    def stream(*facts):
        return b"".join(struct.pack("<HBB", len(data), step, 1) + data for step, data in facts)

    page = "C:\\inetpub\\wwwroot\\a.aspx"
    save("chain_fact", "whole", stream(
        (8, file(1, 10, page)), (8, fact(3, 1, 10, 0, ["C:\\w3wp.exe"] + [""] * 7 +
                                         ["C:\\Temporary ASP.NET Files\\r\\a.aspx.1a.compiled"])),
        (8, start(20, 10, "C:\\cmd.exe", "cmd /c whoami&echo [S]")), (8, fact(5, 0, 20, 0, ["C:\\cmd.exe"])),
        (8, file(6, 10, page)), (63, start(21, 10, "C:\\powershell.exe", "powershell -enc AAAA"))))
    save("chain_fact", "undecided", stream((8, start(20, 10, "C:\\cmd.exe")), (0, file(1, 10, page)),
                                           (64, file(2, 10, page)), (0, file(4, 10, page))))
    save("chain_fact", "server", stream((8, fact(6, 0, 20, 0)), (8, fact(7, 0)), (8, fact(8, 0)), (8, fact(9, 0)),
                                        (8, fact(10, 0)), (8, file(3, 0, "C:\\inetpub\\x.txt:b.asp"))))


def main():
    baseline_seeds()
    chain_seeds()
    correlation_seeds()
    context_seeds()
    request_seeds()
    json_seeds()
    change_seeds()
    settings_seeds()
    web_seeds()
    pe_seeds()
    signature_seeds()
    hive_seeds()
    sound = write(ALL + [SYSMON], "--chunk-records", "3")
    save("evtx_file", "sound", pack_file(sound, 0))
    save("evtx_file", "verify", pack_file(sound, 2))
    save("evtx_file", "shrinks", pack_file(sound, 8))
    save("evtx_file", "no_header", pack_file(sound[HEADER:], 4))
    save("evtx_file", "v32_no_crc", pack_file(write(ALL, "--format", "3.2", "--no-crc"), 2))
    save("evtx_file", "slices", pack_file(write([USER] * 20, "--chunk-records", "1"), 0))
    odd = sound[HEADER:HEADER + CHUNK]
    save("evtx_file", "carved", pack_file(sound[:HEADER] + b"\x01" * 1000 + used(odd) +
                                          bytes(2 * CHUNK - 1000 - len(used(odd))), 1))
    for kind in DAMAGES:
        data = write(ALL + ALL, "--chunk-records", "5", "--damage", kind)
        save("evtx_file", kind, pack_file(data, 3))
        if kind in ("zero-size-record", "huge-record", "size-copy-mismatch", "stale-records", "name-cycle"):
            save("evtx_chunk", kind, b"\1" + used(data[HEADER:HEADER + CHUNK]))
    whole = write(ALL)[HEADER:HEADER + CHUNK]
    save("evtx_chunk", "all", b"\0" + used(whole))
    save("evtx_chunk", "cut", b"\4" + whole[:2000])
    save("evtx_chunk", "no_header", b"\2" + used(whole))
    for event, name in zip(ALL, ["sysmon", "types", "classic", "user", "bare"]):
        chunk = write([event, event])[HEADER:HEADER + CHUNK]
        save("evtx_chunk", name, b"\0" + used(chunk))
        for i, (at, size) in enumerate(records(chunk)):
            save("evtx_record", f"{name}_{i}",
                 struct.pack("<HH", at + 24 - 512, size - 28) + used(chunk)[512:])
        # Template definitions by the buckets of the chunk header; a bare record is one element.
        heads = [struct.unpack_from("<I", chunk, 384 + 4 * i)[0] for i in range(32)]
        for i, head in enumerate(sorted({h for h in heads if h != 0})):
            size = struct.unpack_from("<I", chunk, head + 20)[0]
            save("evtx_binxml", f"{name}_{i}",
                 bytes([0 if i == 0 else 1]) + struct.pack("<HH", head + 24 - 512, size) +
                 used(chunk)[512:])
        if name == "bare":
            at, size = next(records(chunk))
            save("evtx_binxml", "bare",
                 bytes([8]) + struct.pack("<HH", at + 28 - 512, size - 32) + used(chunk)[512:])

    for kind in range(0x16):
        save("value", f"type_{kind:02x}", bytes([kind]) + bytes(range(1, 17))[:16 if kind > 0xE else 8])
    save("value", "sid", b"\x13\x01\x05" + bytes.fromhex("000000000005") + bytes(20))
    save("value", "utf16_surrogate", b"\x01" + "a\U0001F600".encode("utf-16-le") + b"\x00\xd8\x41\x00")
    save("value", "ansi", b"\x02caf\xe9")
    save("value", "time_text", b"\x40" + b"2026-01-05T10:00:00.1234567Z")
    save("value", "every", b"\xff" + bytes([0xE6, 7, 3, 0, 1, 0, 6, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]))

    rules = sorted((HERE.parent.parent / "rules").glob("*.yml"))
    for rule in rules[::3]:
        save("sigma_yaml", rule.stem, rule.read_bytes())
    head = ("title: t\nid: 47eaa099-2cb6-416d-86dc-283cf0480ff9\nlogsource: {product: windows, "
            "category: process_creation}\n")
    save("sigma_yaml", "modifiers", (head + "detection:\n  s:\n    CommandLine|re: '^c.*(a+)+$'\n"
         "    Image|contains|all: [c, d]\n    User|exists: true\n    Data: null\n    EventID: 1\n"
         "  k: [who*, 'x\\*y']\n  condition: s or not 1 of k*\nlevel: high\n").encode())
    save("sigma_yaml", "aliases", (head + "x: &a [b, b]\ny: &b [*a, *a]\nz: [*b, *b]\n"
         "detection: {s: {Image: *a}, condition: s}\n---\n" + head + "detection: {condition: x}\n").encode())
    save("sigma_yaml", "times_and_placeholders", (head + "detection:\n  s:\n    UtcTime|hour|gte: 20\n"
         "    UtcTime|week: [1, 53]\n    User|contains|expand: '%a%-\\%b%'\n  condition: s\n").encode())
    save("sigma_yaml", "filters", (head + "name: r\ndetection: {s: {Image: x}, condition: s}\n---\n"
         "title: f\nlogsource: {product: windows}\nfilter:\n  rules: [r, q]\n  s: {User: x}\n"
         "  condition: not s\n---\ntitle: g\nlogsource: {category: process_creation}\n"
         "filter: {rules: any, s: {User: x}, condition: s}\n").encode())
    save("sigma_yaml", "correlations", (head + "name: r\ndetection: {s: {Image: x}, condition: s}\n---\n"
         "title: c\nname: c\ncorrelation:\n  type: value_count\n  rules: [r]\n  group-by: [u]\n  timespan: 5m\n"
         "  aliases: {u: {r: User}}\n  condition: {field: Image, gte: 3}\n---\ntitle: d\nname: d\ncorrelation:\n"
         "  type: temporal_ordered\n  rules: [c, r, d]\n  timespan: 1h\n  condition: c and not (r or d)\n").encode())
    save("sigma_yaml", "actions", ("action: global\nlogsource: {product: windows}\ndetection: {condition: s}\n---\n"
         "title: a\ndetection: {s: {Image: x}}\n---\naction: repeat\ndetection: {s: {User: y}}\n---\n"
         "action: reset\n---\n- {rule: a, event: {b: c}, match: true}\n").encode())
    for i, text in enumerate([b"{a: [1, x*], b: 'c\\'}\0%a%-%b%*", b"{}\0\\%a% 100%",
                              b"{\"a\": [\"1\", 2]}\0%a%%a%%a%", b"a: [b\0x"]):
        save("sigma_expand", f"{i:02d}", text)
    for i, text in enumerate(["a", "a and (b1 or not b2)", "1 of b*", "all of them", "not all of b*",
                              "a or (b1 and (b2 or not (c)))", "any of them", "2 of them", "a and",
                              "((((a))))"]):
        save("sigma_condition", f"{i:02d}", text.encode())
    for i, text in enumerate([b"\x002026-01-05T10:00:00.1234567Z", b"\x002026-01-05 10:00:00+02:00",
                              b"\x01Channel=*Sys*mon*\0Microsoft-Sysmon", b"\x01*a*b\0aaab",
                              b"\x02w3wp.exe -ap \"DefaultAppPool\" -v \"v2.0\"",
                              b"\x03WEB01\0web01.lab.example", b"\x0310.0.0.1\0fe80::1",
                              b"\x04\x1b[31m\xe2\x80\xae\xc3\x28\x00\x7f\xf0\x9f\x98\x80"]):
        save("text", f"{i:02d}", text)
    xml_seeds()
    iislog_seeds()


def xml_event(content="", prefix="", quote='"'):
    """An event as Windows writes it, by hand: the lab writes no XML."""
    text = ("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/>"
            "<EventID Qualifiers='0'>7</EventID><TimeCreated SystemTime='2026-01-05T10:00:00.1234567Z'/><EventRecordID>1"
            "</EventRecordID><Execution ProcessID='4'/><Channel>Application</Channel><Computer>WEB01</Computer></System>"
            + content + "</Event>").replace("'", quote)
    return text.replace("</", "</" + prefix).replace("<E", "<" + prefix + "E").replace("<S", "<" + prefix + "S") \
        if prefix else text


def xml_seeds():
    data = "<EventData><Data Name='V'>%s</Data><Data>u</Data><Binary>00</Binary></EventData>"
    records = {
        "plain": xml_event(data % "v"), "quotes": xml_event(data % "v", quote="'"),
        "prefix": xml_event(data % "v", prefix="e:"),
        "user": xml_event("<UserData><A xmlns:x='y'><B k='v'>t</B><C/></A></UserData><RenderingInfo Culture='x'><Message>m"
                          "</Message></RenderingInfo>"),
        "text": xml_event(data % "a&lt;&#65;&#x1F600;<![CDATA[<]]><!-- c --><?p?>\r\n\u00e9"),
        "repair": xml_event(data % "a&#1;&nbsp;& < \x01&#xD83D;&#xDE00;]]>"), "cut": xml_event(data % "v")[:-40],
        "tags": xml_event("<EventData><Data Name='V>v</Data><Data Name=W>w</x></EventData>"),
        "dtd": "<!DOCTYPE x [<!ENTITY e 'f'>]>" + xml_event(data % "&e;"),
        "nested": xml_event("<UserData><Event><Event/></Event></UserData>"),
    }
    for name, text in records.items():
        save("xml_record", name, text.encode())
    every = "\n".join(records.values())
    save("xml", "every", every.encode())
    save("xml", "root", ("\ufeff<?xml version='1.0' encoding='windows-1252'?><Events>" + every + "</Events>").encode())
    save("xml", "utf16", b"\xff\xfe" + every.encode("utf-16-le") + b"\0\xd8")
    save("xml", "lines", "".join("<13>a b: %s tail\nnoise\n" % text for text in records.values()).encode())
    save("xml", "broken", "".join(text[:-30] for text in records.values()).encode() + b"</Data>\xff\0")
    save("xml", "sections", ("<!-- x --><QueryList><Select>y</Select></QueryList>" +
                             xml_event(data % ("<![CDATA[" + records["plain"] + "]]>")) +
                             xml_event(data % ("<![CDATA[" + records["plain"])) + records["plain"]).encode())


main()
