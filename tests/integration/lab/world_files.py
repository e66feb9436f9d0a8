"""Checks for tests: are the files of a generated host readable by others, and do they fit its events and the manifest?

Each check gets a world, a host and `report(text)`; it says what it found and goes on.
"""
import hashlib
import ipaddress
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

from world_coherence import acts_of, clock_steps, security_processes, slack, sysmon_gaps, sysmon_processes
from world_logged import base_name, cleared, security_on, yes
from world_read import SECOND, SYSMON, ticks

W3C_DEFAULT = ("date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
               "sc-status sc-substatus sc-win32-status time-taken").split()
REASONS = set("""AppOffline AppPoolTimer AppShutdown BadRequest Client_Reset Connection_Abandoned_By_AppPool
    Connection_Abandoned_By_ReqQueue Connection_Dropped Connection_Dropped_List_Full ConnLimit Connections_Refused Disabled
    EntityTooLarge FieldLength Forbidden Header Hostname Internal Invalid_CR/LF LengthRequired N/A N/I Number Precondition
    QueueFull RequestLength Timer_AppPool Timer_Connection Timer_ConnectionIdle Timer_EntityBody Timer_HeaderWait
    Timer_MinBytesPerSecond Timer_Response URL URL_Length Verb Version_N/S""".split())
APPHOST = "C/Windows/System32/inetsrv/config/applicationHost.config"
VARIABLES = {"%windir%": "C:\\Windows", "%systemroot%": "C:\\Windows", "%systemdrive%": "C:",
             "%programfiles%": "C:\\Program Files", "%programfiles(x86)%": "C:\\Program Files (x86)"}


def expand(path):
    return re.sub(r"%[^%]+%", lambda match: VARIABLES.get(match.group(0).lower(), match.group(0)), path)


def left_out(host):
    words = host.collect.get("leave_out") or []
    return words if isinstance(words, list) else [words]


class Tree:
    """Files of a host below evidence/ or before/, by Windows path in lower case."""

    def __init__(self, root):
        self.root, self.files, self.doubles = root, {}, []
        for at, folders, names in os.walk(root):
            for group in (folders, names):
                lower = [name.lower() for name in group]
                self.doubles += [os.path.join(at, name) for name in group if lower.count(name.lower()) > 1]
            for name in names:
                parts = os.path.relpath(os.path.join(at, name), root).split("/")
                if len(parts[0]) == 1:
                    self.files["%s:\\%s" % (parts[0], "\\".join(parts[1:]))] = os.path.join(at, name)
        self.files = {path.lower(): file for path, file in self.files.items()}


def trees(world, host):
    return Tree(os.path.join(world.folder, "before", host.name)), Tree(os.path.join(world.evidence, host.name))


def check_names(world, host, report):
    for tree in trees(world, host):
        for double in tree.doubles:
            report("%s differs only in case from its neighbour" % os.path.relpath(double, world.folder))


def check_configuration(world, host, report):
    documents, sources = [], set()
    for tree in trees(world, host):
        for path, file in sorted(tree.files.items(), key=lambda item: not item[0].endswith("\\web.config")):
            if path.endswith(".config") or path.endswith("sysmonconfig.xml"):
                documents.append(file)
                try:
                    root = ElementTree.parse(file).getroot()
                    sources.update(element.attrib.get("configSource", "").lower() for element in root.iter())
                    if root.tag not in ("configuration", "Sysmon") and base_name(path) not in sources:
                        report("%s: root is %s" % (file, root.tag))
                except ElementTree.ParseError as trouble:
                    report("%s: %s" % (file, trouble))
    if documents and shutil.which("xmllint"):
        run = subprocess.run(["xmllint", "--noout", *documents], capture_output=True, text=True)
        if run.returncode != 0 or run.stderr:
            report("xmllint: " + run.stderr[:500])
    if host.wanted["role"] == "other" or "configuration" in left_out(host):
        return
    for tree in trees(world, host):
        file = tree.files.get("c:\\windows\\system32\\inetsrv\\config\\applicationhost.config")
        installed = acts_of(world, host, "install-role") and tree.root.endswith("before/" + host.name)
        if file is None and not installed:
            report("%s has no applicationHost.config" % tree.root)
        if file is None or "modules" in left_out(host) and "/evidence/" in tree.root:
            continue
        modules = list(ElementTree.parse(file).iter("globalModules"))
        if len(modules) != 1 or not len(modules[0]):
            report("%s: globalModules" % file)
        for entry in modules[0] if modules else ():
            image, condition = expand(entry.attrib["image"]).lower(), entry.attrib.get("preCondition", "")
            if "bitness32" in condition and image.startswith("c:\\windows\\system32\\"):
                image = image.replace("\\system32\\", "\\syswow64\\", 1)
            if image not in tree.files and not image.startswith("\\\\"):  # a share's file is not collected
                report("%s: module %s names %s, which is not there" % (file, entry.attrib["name"], image))


def hashes_of(file):
    with open(file, "rb") as stream:
        data = stream.read()
    return {"SHA256": hashlib.sha256(data).hexdigest().upper(), "SHA1": hashlib.sha1(data).hexdigest().upper(),
            "MD5": hashlib.md5(data).hexdigest().upper()}


def check_hashes(world, host, report):
    """Sysmon's hashes are those of the files: of `before` until the first change, of `evidence` from the last."""
    before, after = trees(world, host)
    told = {}  # path: list of (hashes, event) and None for a change
    changes = [(ticks(line["time"]), details["file"].lower()) for verb in ("modify", "smb-write", "write", "rename", "delete")
               for line, details in acts_of(world, host, verb)]
    changes += [(ticks(line["time"]), details["to"].lower()) for verb in ("rename", "copy")
                for line, details in acts_of(world, host, verb)]
    for event in sorted(host.of(SYSMON, 7, 11, 23, 26, 29), key=lambda event: event.utc):
        path = (event.data.get("ImageLoaded") or event.data.get("TargetFilename")).lower()
        list_of = told.setdefault(path, [])
        if event.event_id in (11, 23, 26):
            list_of.append((None, event))
        if event.event_id in (7, 29):
            list_of.append((dict(part.split("=") for part in event.data["Hashes"].split(",")), event))
    gaps = sysmon_gaps(host)
    for path, items in told.items():
        first = min([event.utc for hashes, event in items if hashes is None] +
                    [time for time, changed in changes if changed == path] + [start for start, _ in gaps] + [1 << 62])
        last = max([event.utc for hashes, event in items if hashes is None] +
                   [time for time, changed in changes if changed == path] + [end for _, end in gaps] + [0])
        for hashes, event in items:
            if hashes is None:
                continue
            for tree, fits in ((before, event.utc < first), (after, event.utc >= last)):
                if fits and path in tree.files:
                    real = hashes_of(tree.files[path])
                    wrong = [name for name, value in hashes.items() if real.get(name, value) != value]
                    if wrong:
                        report("%s: %s of %s is not that of the file" % (event, wrong, path))


def check_programs(world, host, report):
    if not shutil.which("objdump"):
        report("skipped: no objdump (binutils)")
        return
    files = {}
    for tree in trees(world, host):
        for path, file in tree.files.items():
            if path.endswith((".dll", ".exe")):
                with open(file, "rb") as stream:
                    files.setdefault(hashlib.sha1(stream.read()).digest(), file)
    if not files:
        return
    run = subprocess.run(["objdump", "-p", *files.values()], capture_output=True, text=True, errors="replace")
    if run.returncode != 0 or run.stderr.strip():
        report("objdump: " + run.stderr[:500])
    known = dict(re.findall(r"^(/.*):\s+file format (\S+)", run.stdout, re.M))
    for file in files.values():
        wanted = "pei-i386" if "/SysWOW64/" in file or "/Framework/" in file else "pei-"
        if not known.get(file, "").startswith(wanted):
            report("%s: objdump says %s" % (file, known.get(file)))
        elif "/System32/inetsrv/" in file and known[file] != "pei-x86-64":
            report("%s: objdump says %s" % (file, known[file]))


class Site:
    def __init__(self, element):
        self.name, self.applications = element.attrib["name"], []
        self.ports = {binding.attrib["bindingInformation"].split(":")[1] for binding in element.iter("binding")}
        for application in element.findall("application"):
            self.applications.append((application.attrib["path"], application.attrib.get("applicationPool")))

    def pool(self, url):
        found = [(len(path), pool) for path, pool in self.applications
                 if path == "/" or (url.lower() + "/").startswith(path.lower() + "/")]
        return max(found)[1] if found else None


def sites_of(world, host):
    file = os.path.join(world.evidence, host.name, APPHOST)
    if not os.path.exists(file):
        return {}
    root = ElementTree.parse(file).getroot()
    default = root.find(".//applicationDefaults")
    sites = {element.attrib["id"]: Site(element) for element in root.iter("site")}
    for site in sites.values():
        site.applications = [(path, pool or (default is not None and default.attrib.get("applicationPool")) or
                              "DefaultAppPool") for path, pool in site.applications]
    return sites


def read_log(file, report):
    """Lines of a W3C file as (number, fields); directives are checked."""
    with open(file, "rb") as stream:
        data = stream.read()
    if b"\0" in data or not data.endswith(b"\n") or data.count(b"\r\n") not in (0, data.count(b"\n")):
        report("%s: NUL, no end of the last line or mixed ends of lines" % file)
    lines, fields, rows = data.decode("utf-8").split("\n")[:-1], None, []
    if [line.split(":")[0] for line in lines[:4]] != ["#Software", "#Version", "#Date", "#Fields"]:
        report("%s begins with %s" % (file, lines[:4]))
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r")
        if line.startswith("#Fields: "):
            fields = line[9:].split(" ")
        elif line.startswith("#"):
            if not re.fullmatch(r"#(Software: Microsoft (Internet Information Services 10\.0|HTTP API 2\.0)|Version: 1\.0|"
                                r"Date: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", line):
                report("%s:%d: %s" % (file, number, line))
        else:
            values = line.split(" ")
            if fields is None or len(values) != len(fields) or "" in values or "\t" in line:
                report("%s:%d: does not have the fields: %s" % (file, number, line))
            else:
                rows.append((number, dict(zip(fields, values))))
    return fields, rows


def number_or_dash(text):
    return text == "-" or text.isdigit()


def workers(host):
    """(pool, start, end) of all workers, or None when starts or their command lines are not logged, or no longer."""
    found = []
    if cleared(host, SYSMON):
        return None
    if host.of(SYSMON, 1):
        processes = sysmon_processes(host).values()
    elif host.of("Security", 4688) and security_on(host, "CommandLine"):
        processes = [p for runs in security_processes(host).values() for p in runs if p.event]
    else:
        return None
    for process in processes:
        pool = re.search(r'-ap "([^"]*)"', process.event.data.get("CommandLine", ""))
        if base_name(process.image) == "w3wp.exe" and pool:
            found.append((pool.group(1), process.started, process.ended or 1 << 62))
    return found


def check_requests(world, host, report):
    sites, running, steps = sites_of(world, host), workers(host), clock_steps(world, host)
    room = SECOND + slack(world, host)
    logs = world.files("%s/C/inetpub/logs/LogFiles/*/*.log" % host.name)
    wanted = host.telemetry.get("w3c")
    off = isinstance(wanted, str) and not yes(wanted, True) or "W3C" in left_out(host)
    if off and logs:
        report("requests are not logged, but there is %s" % logs[0][1])
    expected = wanted if isinstance(wanted, list) else W3C_DEFAULT
    for file, source in logs:
        match = re.search(r"/W3SVC(\d+)/u_ex(\d\d)(\d\d)(\d\d)\.log$", file)
        site = match and sites.get(match.group(1))
        if not site:
            report("%s is of no site" % source)
            continue
        fields, rows = read_log(file, report)
        if fields != expected:
            report("%s: fields %s" % (source, fields))
        latest = ""
        for number, row in rows:
            place = "%s:%d" % (source, number)
            moment = "%s %s" % (row.get("date"), row.get("time"))
            if moment < latest and not steps:
                report("%s: %s behind %s" % (place, moment, latest))
            latest = moment
            if row.get("date") and row["date"][2:] != "-".join(match.groups()[1:]):
                report("%s: date %s" % (place, row["date"]))
            if row.get("s-ip", host.wanted["address"]) != host.wanted["address"]:
                report("%s: s-ip %s" % (place, row["s-ip"]))
            if "s-port" in row and row["s-port"] not in site.ports:
                report("%s: port %s, bindings have %s" % (place, row["s-port"], site.ports))
            if not row.get("cs-uri-stem", "/").startswith("/") or row.get("cs-uri-query", "-").startswith("?"):
                report("%s: %s ? %s" % (place, row["cs-uri-stem"], row["cs-uri-query"]))
            if not re.fullmatch(r"[1-5]\d\d", row.get("sc-status", "200")) or not all(
                    number_or_dash(row.get(name, "0")) for name in ("sc-substatus", "sc-win32-status", "time-taken")):
                report("%s: status or numbers: %s" % (place, row))
            try:
                ipaddress.ip_address(row.get("c-ip", "::1"))
            except ValueError:
                report("%s: c-ip %s" % (place, row["c-ip"]))
            if running is not None and "date" in row and row.get("sc-status", "").startswith("2"):
                at, pool = ticks(moment), site.pool(row.get("cs-uri-stem", "/"))
                took = int(row.get("time-taken", 0)) * SECOND // 1000
                if not any(name == pool and start <= at + room and end >= at - took - room for name, start, end in running):
                    report("%s: %s at %s, but no worker of %s ran" % (place, row.get("cs-uri-stem"), moment, pool))
    for file, source in world.files("%s/C/Windows/System32/LogFiles/HTTPERR/*.log" % host.name):
        if "HTTPERR" in left_out(host):
            report("%s was not collected" % source)
        for number, row in read_log(file, report)[1]:
            if row["s-reason"] not in REASONS or not number_or_dash(row["sc-status"]) or not number_or_dash(
                    row["s-siteid"]) or row["s-siteid"] not in list(sites) + ["-"]:
                report("%s:%d: %s" % (source, number, row))


def request_fits(row, details):
    stem, _, query = details["url"].partition("?")
    found = row.get("cs-uri-query", "-")
    return row.get("cs-uri-stem", stem).replace("+", " ") == stem and (found == "-" if not query else found == query) and \
        row.get("cs-method", "GET") == details.get("method", "GET") and \
        row.get("c-ip", details["from"]) == details["from"] and row.get("sc-status", "200") == details.get("status", "200")


def what_fits(verb, details, event):
    """Does an event of a trace tell of this act by itself? None: the verb has no rule here."""
    data, key = event.data, (event.channel, event.event_id)
    if verb == "start":
        image, command = details["image"], details.get("command", details["image"])
        return key == (SYSMON, 1) and (data["Image"], data["CommandLine"]) == (image, command) or \
            key == ("Security", 4688) and data["NewProcessName"] == image and data["CommandLine"] in (command, "")
    if verb == "write":
        shown = details.get("shown", details["file"])
        return event.event_id in (11, 29) and event.channel == SYSMON and data["TargetFilename"] == shown or \
            key == ("Security", 4663) and data["ObjectName"] == shown
    if verb == "set-time":
        return key == (SYSMON, 2) and data["TargetFilename"] == details["file"]
    if verb == "delete":
        return event.event_id in (23, 26) and data.get("TargetFilename") == details["file"] or \
            key == ("Security", 4663) and data["ObjectName"] == details["file"]
    if verb == "load":
        return key == (SYSMON, 7) and data["ImageLoaded"] == details["dll"]
    if verb == "connect":
        return key == (SYSMON, 3) and (data["DestinationIp"], data["DestinationPort"]) == (
            details["address"], details.get("port", "443"))
    if verb == "resolve":
        return key == (SYSMON, 22) and data["QueryName"] == details["name"]
    if verb == "logon":
        return key == ("Security", 4624) and data["TargetUserName"] == details["account"] and \
            data["LogonType"] == details.get("type", "3") and data["IpAddress"] == details.get("from", data["IpAddress"])
    if verb == "failed-logon":
        return key == ("Security", 4625) and data["TargetUserName"] == details["account"]
    if verb == "clear-log":
        return event.event_id in (104, 1102)
    if verb == "script":
        return event.event_id == 4104 and data["ScriptBlockText"] == details["text"]
    if verb == "configure" and details.get("how", "api") == "api":
        return event.event_id in (29, 50)
    return None


def is_cleared(world, host, word, time):
    """Was the channel (a word of its name) cleared after that time?"""
    return any(word in details["channel"] and ticks(line["time"]) > time
               for line, details in acts_of(world, host, "clear-log"))


def is_visible(world, host, verb, time):
    """Must the host have an event of this act?"""
    sysmon, gone = host.telemetry.get("sysmon") or {}, left_out(host)
    has_sysmon = sysmon != "none" and "Sysmon" not in gone and not any(a < time < b for a, b in sysmon_gaps(host))
    preset = has_sysmon and sysmon.get("preset", "full")
    if verb == "start":
        return has_sysmon or security_on(host, "ProcessCreation") and not is_cleared(world, host, "Security", time)
    if verb in ("write", "set-time", "delete", "connect", "resolve"):
        partly = "FileCreate exclude" in sysmon or acts_of(world, host, "sysmon-config") if preset else True
        return preset == "full" and not (verb == "write" and partly)
    if verb in ("logon", "failed-logon"):
        return security_on(host, "Logon") and not is_cleared(world, host, "Security", time)
    if verb == "configure":
        return (yes(host.telemetry.get("iis_configuration"), True) and "IIS-Configuration" not in gone
                and not is_cleared(world, host, "IIS-Configuration", time))
    if verb == "clear-log":
        return True
    return verb == "script" and yes(host.telemetry.get("script_blocks"), True) and "PowerShell" not in gone


def check_traces(world, host, report):
    events = {source: {(e.channel, e.record_id): e for e in list_of} for source, list_of in world.sources.items()}
    rows, own, seen = {}, {}, {}
    room = 2 * SECOND + slack(world, host)
    for trace in world.lines_of("trace"):
        if trace["host"] != host.name:
            continue
        file = os.path.join(world.evidence, trace["source"])
        details = world.acts[trace["act"]]
        verb = next(line["verb"] for line in world.lines_of("act") if line["id"] == trace["act"])
        if not os.path.isfile(file):
            report("trace of %s: %s is not there" % (trace["act"], trace["source"]))
        elif "record_id" in trace:
            event = events.get(trace["source"], {}).get((trace["channel"], trace["record_id"]))
            if event is None or event.event_id != trace["event_id"]:
                report("trace of %s: no record %d with id %d in %s" % (trace["act"], trace["record_id"], trace["event_id"],
                                                                       trace["source"]))
                continue
            if abs(event.time - ticks(trace["time"])) > room and event in host.events:
                report("trace of %s: %s, the manifest says %s" % (trace["act"], event, trace["time"]))
            seen.setdefault(trace["act"], set()).add((event.channel, event.event_id))
            if what_fits(verb, details[verb], event):
                own[trace["act"]] = own.get(trace["act"], 0) + 1
        elif "line" in trace:
            if trace["source"] not in rows:
                rows[trace["source"]] = dict(read_log(file, report)[1])
            row = rows[trace["source"]].get(trace["line"])
            if row is None:
                report("trace of %s: line %d of %s is none" % (trace["act"], trace["line"], trace["source"]))
            elif verb == "request" and request_fits(row, details[verb]):
                own[trace["act"]] = own.get(trace["act"], 0) + 1
            elif verb == "request":
                report("trace of %s: line %d of %s is %s" % (trace["act"], trace["line"], trace["source"], row))
        elif "component" in trace and trace["component"]["kind"] == "registry":
            with open(file, encoding="utf-16") as stream:
                if trace["component"]["name"].rsplit("\\", 1)[0][4:].lower() not in stream.read().lower():
                    report("trace of %s: %s does not name %s" % (trace["act"], trace["source"], trace["component"]))
        elif "component" in trace:
            with open(file, encoding="utf-8-sig") as stream:
                text = stream.read()
            values = {value for element in ElementTree.fromstring(text).iter() for value in element.attrib.values()}
            spelt = {change.get("spelt") for change in world.acts[trace["act"]].get("configure", {}).get("changes", ())}
            if trace["component"]["name"] not in values and not (
                    spelt & {"comment", "cdata"} and '"%s"' % trace["component"]["name"] in text):
                report("trace of %s: %s does not name %s" % (trace["act"], trace["source"], trace["component"]))
        elif trace["file"].replace(":", "").replace("\\", "/").lower() != trace["source"].split("/", 1)[1].lower():
            report("trace of %s: %s is not %s" % (trace["act"], trace["source"], trace["file"]))
    w3c = host.telemetry.get("w3c")
    w3c = (isinstance(w3c, list) or yes(w3c, True)) and "W3C" not in left_out(host)
    for line in world.lines_of("act"):
        if line["host"] != host.name:
            continue
        details, number = world.acts[line["id"]][line["verb"]], own.get(line["id"], 0)
        if is_visible(world, host, line["verb"], ticks(line["time"])) and number == 0:
            if line["verb"] != "configure" or details.get("how", "api") == "api" and not all(
                    "file" in change for change in details["changes"]):
                report("act %s (%s) has no event of its own" % (line["id"], line["verb"]))
        if line["verb"] == "request" and w3c and number < int(details.get("times", 1)):
            report("act %s (request) has %d lines" % (line["id"], number))
        for wish in world.acts[line["id"]].get("seen") or []:
            word, event_id = wish.rsplit(" ", 1)
            if not is_cleared(world, host, word, ticks(line["time"])) and not any(
                    word in channel and str(found) == event_id for channel, found in seen.get(line["id"], ())):
                report("act %s was to leave %s" % (line["id"], wish))


def check_registry(world, host, report):
    """What regedit exports: UTF-16LE, a heading, keys, values; and what acts set is in it."""
    wanted = yes(host.collect.get("registry"), False)
    for tree in ("before", "evidence"):
        file = os.path.join(world.folder, tree, host.name, "registry/iis.reg")
        if os.path.exists(file) != wanted:
            report("%s is there: %s" % (file, not wanted))
        if not wanted or not os.path.exists(file):
            continue
        with open(file, "rb") as stream:
            data = stream.read()
        text = data[2:].decode("utf-16-le")
        if data[:2] != b"\xff\xfe" or not text.startswith("Windows Registry Editor Version 5.00\r\n\r\n["):
            report("%s begins with %r" % (file, data[:80]))
        for line in re.sub(r"\\\r\n  ", "", text).split("\r\n")[1:]:
            if not re.fullmatch(r'|\[HKEY_LOCAL_MACHINE(\\[^\]\\]+)+\]|(@|"([^"\\]|\\.)*")='
                                r'("([^"\\]|\\.)*"|dword:[0-9a-f]{8}|hex\([27]\):[0-9a-f]{2}(,[0-9a-f]{2})*)', line):
                report("%s: %s" % (file, line))


def check_signatures(world, host, report):
    """Embedded signatures are those of the files and of the lab's root, but where a file was tampered with."""
    trust = os.path.join(world.folder, "trust.pem")
    if not os.path.exists(trust):
        return
    if not shutil.which("osslsigncode"):
        report("skipped: no osslsigncode")
        return
    seen = set()
    for tree in trees(world, host):
        for path, file in sorted(tree.files.items()):
            with open(file, "rb") as stream:
                data = stream.read()
            digest = hashlib.sha1(data).digest()
            if not path.endswith((".dll", ".exe")) or digest in seen or b"IISWarden Lab Root" not in data:
                continue
            seen.add(digest)
            run = subprocess.run(["osslsigncode", "verify", "-CAfile", trust, file], capture_output=True, text=True)
            bad = tree.root.startswith(world.evidence) and path in {
                details["file"].lower() for verb in ("write", "modify", "smb-write")
                for _, details in acts_of(world, host, verb) if yes(details.get("content", {}).get("tampered"), False)}
            if ("Signature verification: ok" not in run.stdout) != bad:
                report("%s: %s" % (file, run.stdout[-500:]))


CHECKS = [check_registry, check_signatures, check_names, check_configuration, check_hashes, check_programs, check_requests, check_traces]
