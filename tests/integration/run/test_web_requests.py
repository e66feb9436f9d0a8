#!/usr/bin/env python3
"""Who asked for a file: findings about web files beside a plain count of the log's lines.

usage: test_web_requests.py FOLDER

A collected server with one page that runs what it is told, the event of its creation and the log of its site, made here. What a
finding must say of the requests is counted from the lines themselves. It is the same however the log is cut, ordered, doubled and
read, under a flood of invented URLs, and when the URL is written in every way that names the page. Rules of request logs may ask
for site, pool, folder and whether the URL executes.
"""
import evidence_path  # noqa: F401
import json
import os
import random
import shutil
import subprocess
import sys

import evidence

FIELDS = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status time-taken"
HEAD = "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-01-05 09:00:00\n#Fields: %s\n" % FIELDS
PAGE = '<%@ Page Language="C#" %><% System.Diagnostics.Process.Start("cmd.exe", "/c " + Request["c"]); %>\n'
CONFIG = """<configuration><system.applicationHost>
<applicationPools><add name="ShopPool"/></applicationPools>
<sites><site name="Shop" id="1"><application path="/" applicationPool="ShopPool">
<virtualDirectory path="/" physicalPath="C:\\inetpub\\wwwroot"/></application>
<bindings><binding protocol="http" bindingInformation="*:80:"/></bindings></site></sites>
</system.applicationHost></configuration>
"""
RULES = """\
title: page of the shop
logsource: {category: webserver}
detection: {s: {cs-method: POST, Web.Site: Shop, Web.AppPool: ShopPool, Web.Executable: 'true'}, condition: s}
level: low
---
title: not of the shop
logsource: {category: webserver}
detection: {s: {cs-method: POST}, n: {Web.Site: Shop}, condition: s and not n}
level: low
"""
COPY = "../../../../Windows.old/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log"
CREATED = "10:00:00"  # of the page; requests are told apart by it
URL = "/up/shell.aspx"


def request(time, url=URL, method="GET", address="203.0.113.9", agent="curl/8.0", status=200):
    return dict(zip(FIELDS.split(), ("2026-01-05", time, "10.0.0.1", method, url, "-", "80", "-", address, agent, "-", str(status),
                                     "15")))


def text(lines):
    return HEAD + "".join(" ".join(line.values()) + "\n" for line in lines)


def clock(seconds):
    return "%02d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def story():
    """A morning: the page is looked for, dropped, used."""
    choose = random.Random(1)
    others = [request(clock(9 * 3600 + choose.randrange(4 * 3600)), choose.choice(["/", "/site.css", "/shop.aspx", "/x/shell.aspx"]),
                      address="10.1.0.%d" % choose.randrange(20), agent="Mozilla/5.0") for _ in range(500)]
    return sorted(others + [request("09:30:00", status=404, address="198.51.100.7"), request("10:00:03", method="POST"),
                            request("10:00:09", method="POST"), request("11:20:00", agent="python-requests/2.31")],
                  key=lambda line: line["time"])


def tree(folder, logs):
    """The server's files; *logs*: name to bytes, under the folder of site 1."""
    shutil.rmtree(folder, ignore_errors=True)
    drive = os.path.join(folder, "WEB01", "C")
    files = {"Windows/System32/inetsrv/config/applicationHost.config": CONFIG, "inetpub/wwwroot/up/shell.aspx": PAGE}
    files.update({"inetpub/logs/LogFiles/W3SVC1/" + name: content for name, content in logs.items()})
    for name, content in files.items():
        path = os.path.join(drive, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode())
    config = os.path.join(drive, "Windows/System32/inetsrv/config/applicationHost.config")
    os.utime(config, (1700000000, 1700000000))  # long before: in force all the time
    with open(os.path.join(folder, "events.json"), "w") as stream:
        stream.write(json.dumps({
            "EventID": 11, "Channel": "Microsoft-Windows-Sysmon/Operational", "Hostname": "WEB01", "RecordNumber": 7,
            "EventTime": "2026-01-05 %s" % CREATED, "UtcTime": "2026-01-05 %s.000" % CREATED, "ProcessId": "20",
            "Image": "C:\\Windows\\System32\\inetsrv\\w3wp.exe", "TargetFilename": "C:\\inetpub\\wwwroot\\up\\shell.aspx"}) + "\n")


def hunt(folder, *options):
    rules = os.path.join(os.path.dirname(folder), "rules.yml")
    with open(rules, "w") as stream:
        stream.write(RULES)
    manifest = os.path.join(os.path.dirname(folder), "manifest.json")
    out = evidence.run("hunt", "-q", "--only-rules", rules, "--min-level", "informational", "--format", "ndjson", "--manifest", manifest,
                       *options, folder, statuses=(0, 1))
    with open(manifest) as stream:
        return [json.loads(line) for line in out.splitlines()], json.load(stream)


def of_page(findings):
    page, = [f for f in findings if f["kind"] == "webfile"]
    return page


def expected_line(lines):
    """What the finding says of all requests for the page."""
    own = [line for line in lines if line["cs-uri-stem"] == URL]

    def values(name, one, several):
        seen = list(dict.fromkeys(line[name] for line in own))
        return "%s %s" % (one, seen[0]) if len(seen) == 1 else "%d %s: %s" % (len(seen), several, "; ".join(seen))

    posts, answered = (sum(test(line) for line in own) for test in (lambda line: line["cs-method"] == "POST",
                                                                    lambda line: int(line["sc-status"]) < 400))
    return "asked for: first seen 2026-01-05 %s, %d requests (%d POST), %d answered, %s, %s" % (
        own[0]["time"], len(own), posts, answered, values("c-ip", "1 address", "addresses"),
        values("cs(User-Agent)", "agent", "agents"))


def check_page(findings, lines, what):
    page = of_page(findings)
    after = next(line for line in lines if line["cs-uri-stem"] == URL and line["time"] >= CREATED)
    wanted = [expected_line(lines), "1 request before it was written at 2026-01-05 10:00:00: for another file at its place, or for none",
              "first request after it was written at 2026-01-05 10:00:00: 2026-01-05 " + after["time"]]
    for line in wanted:
        assert line in page["why"], "%s: '%s' is not in\n%s" % (what, line, "\n".join(page["why"]))
    items = [item for item in page["evidence"] if item["role"] == "request"]
    assert [item["time"][11:19] for item in items] == ["09:30:00", after["time"]], items
    for name, value in after.items():  # all columns, under their own names
        assert items[1]["fields"][name] == value, (name, items[1])
    assert not [line for line in page["blind"] if "request" in line], page["blind"]
    return page


def place_of(item):
    """The line of the log an item names, from the file itself."""
    with open(item["source"], "rb") as stream:
        stream.seek(item["offset"])
        return stream.readline().decode()


def check_places(page):
    for item in page["evidence"]:
        if item["role"] == "request":
            assert URL in place_of(item) and item["time"][11:19] in place_of(item), item


def said(page):
    """All that must not depend on where the lines stood."""
    return page["id"], page["level"], page["score"], page["why"], page["blind"], [
        item["fields"] for item in page["evidence"] if item["role"] == "request"]


def check_forms(folder):
    lines = story()
    shuffled = random.Random(2).sample(lines, len(lines))
    forms = {
        "one log": {"u_ex260105.log": text(lines)},
        "two logs": {"u_ex26010509.log": text(lines[::2]), "u_ex26010510.log": text(lines[1::2])},
        "no order": {"u_ex260105.log": text(shuffled)},
        "twice": {"u_ex260105.log": text(lines), COPY: text(lines)},
        "twice, once cut short": {"u_ex260105.log": text(lines), COPY: text(lines[:480])},
        "line ends of Windows": {"u_ex260105.log": text(lines).replace("\n", "\r\n")},
    }
    first = None
    for name, logs in forms.items():
        tree(folder, logs)
        for jobs in ("1", "2"):
            findings, _ = hunt(folder, "--jobs", jobs)
            page = check_page(findings, lines, name)
            check_places(page)
            first = first or said(page)
            assert said(page) == first, "%s, --jobs %s:\n%s\n%s" % (name, jobs, said(page), first)


def check_flood(folder):
    """Invented URLs by the hundred thousand, each of a page that is not there; all of them go through the temporary file."""
    choose = random.Random(3)
    lines = story()
    flood = [request(clock(9 * 3600 + choose.randrange(4 * 3600)), "/%s/%016x.aspx" % (choose.choice("abc"), choose.getrandbits(64)),
                     status=404) for _ in range(100000)]
    flood += [request("09:00:%02d" % number, "/" + chr(97 + number) * 60000 + ".aspx", status=404) for number in range(20)]
    everything = sorted(lines + flood, key=lambda line: line["time"])
    tree(folder, {"u_ex260105.log": text(everything)})
    for jobs in ("1", "2"):
        findings, manifest = hunt(folder, "--jobs", jobs)
        check_page(findings, lines, "flood")
        assert manifest["failure"] is None, manifest["failure"]


def check_spellings(folder):
    """Ways to write the page's URL; and some that name something else."""
    own = ["/UP/Shell.ASPX", "/up/shell.aspx/x", "/up/shell.aspx/a/b.css", "/x/../up/shell.aspx", "/x/%2e%2e/up/shell.aspx",
           "/up/shell.aspx::$DATA", "/up/shell.aspx;jsessionid=0A", "/up//shell.aspx", "/up/shell.aspx.", "/up/shell%2easpx",
           "/up\\shell.aspx", "/%75p/shell.aspx"]
    others = ["/up/shell%252easpx", "/up/%252e%252e/up/shell.aspx", "/up/SHELL~1.ASP", "/up/shell.aspx2", "/up/\u00fcshell.aspx",
              "/up/\u0455hell.aspx", "/shell.aspx", "/up/"]
    lines = [request("10:10:%02d" % number, url) for number, url in enumerate(own + others)]
    tree(folder, {"u_ex260105.log": text(lines)})
    page = of_page(hunt(folder)[0])
    assert any("%d requests," % len(own) in line for line in page["why"]), page["why"]
    assert "1 request asks for the short name (`NAMEXX~1`) it may have" in page["why"], page["why"]


def check_silence(folder):
    """A log without a request for the page, one that ends before it, none at all."""
    for lines, list_name, wanted in (
            ([request("09:00:00", "/"), request("12:00:00", "/")], "why",
             "no request for /up/shell.aspx in logs that reach from 2026-01-05 09:00:00 to 2026-01-05 12:00:00"),
            ([request("09:00:00", "/")], "blind", "logs of requests end before it was written, at 2026-01-05 09:00:00"),
            ([request("11:00:00", "/")], "blind", "logs of requests begin after it was written, at 2026-01-05 11:00:00"),
            ([], "blind", "no log of requests to its site: whether anybody asked for it is not known")):
        tree(folder, {"u_ex260105.log": text(lines)})
        page = of_page(hunt(folder)[0])
        assert wanted in page[list_name], (wanted, page["why"], page["blind"])


def check_rules(folder):
    """The site of a request is that of its folder; of a log outside of any, nothing tells it, and neither rule fires."""
    lines = [request("10:30:00", "/shop.aspx", "POST"), request("10:30:01", "/a.css", "POST"), request("10:30:02", "/", "GET")]
    tree(folder, {"u_ex260105.log": text(lines), "../W3SVC9/u_ex260105.log": text(lines[:1])})
    findings, manifest = hunt(folder)
    found = sorted((f["rule"]["title"], f["first_time"][11:19]) for f in findings if f["kind"] == "rule")
    assert found == [("page of the shop", "10:30:00")], found
    undecided = {use["title"]: use["undecided"] for use in manifest["rules"]["matched"] if use["undecided"]}
    # The style sheet may execute by a handler, and site 9 stands in no configuration.
    assert undecided == {"page of the shop": 2, "not of the shop": 1}, undecided


def logged(root, host, path):
    """Lines of the logs of site 1 that ask for a file below the usual root, by their stem alone."""
    url, lines = path[len("C:\\inetpub\\wwwroot"):].replace("\\", "/").lower(), []
    for folder, _, names in os.walk(os.path.join(root, host)):
        for name in names if folder.endswith("W3SVC1") else []:
            fields = []
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as stream:
                for line in stream:
                    if line.startswith("#Fields: "):
                        fields = line.split()[1:]
                    elif not line.startswith("#"):
                        line = dict(zip(fields, line.split()))
                        if line.get("cs-uri-stem", "").lower() == url:
                            lines.append(line)
    return lines


def check_lab(folder):
    """Of every page the lab's stories have a finding about: as many requests as its log has lines. Beside a chain about the page
    that finding would not stand, and with a rule of one's own alone there are no chains."""
    rule = os.path.join(os.path.dirname(os.path.abspath(folder)), "no-event.yml")
    with open(rule, "w") as stream:
        stream.write("title: no event\nlogsource: {product: windows, service: security}\ndetection: {s: {EventID: 1}, condition: s}\n")
    scenarios = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../lab/scenarios")
    n_asked = 0
    for scenario in ("demo", "webshell-admin-rdp", "webshell-late"):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([os.environ["IISWARDEN_LAB"], "generate", os.path.join(scenarios, scenario + ".yml"), "-o", folder], check=True,
                       stdout=subprocess.DEVNULL)
        root = os.path.join(folder, "evidence")
        out = evidence.run("hunt", "-q", "--only-rules", rule, "--min-level", "informational", "--format", "ndjson", root,
                           statuses=(0, 1, 2, 3))
        for finding in map(json.loads, out.splitlines()):
            if finding["kind"] != "webfile" or not finding["subject"]["name"].startswith("C:\\inetpub\\wwwroot\\"):
                continue
            lines = logged(root, finding["host"], finding["subject"]["name"])
            asked = [line for line in finding["why"] if line.startswith("asked for: ")]
            assert len(asked) == (len(lines) != 0), (scenario, finding["subject"], len(lines), finding["why"])
            if not lines:
                continue
            n_asked += 1
            first = min(line["date"] + " " + line["time"] for line in lines)
            wanted = "asked for: first seen %s, %d request" % (first, len(lines))
            assert asked[0].startswith(wanted), (scenario, wanted, asked)
    assert n_asked != 0, "no story has a page that was asked for"


def main():
    base = os.path.abspath(sys.argv[1])
    shutil.rmtree(base, ignore_errors=True)
    os.makedirs(base)
    folder = os.path.join(base, "tree")
    for check in (check_forms, check_spellings, check_silence, check_rules, check_lab, check_flood):
        check(folder)
        print("%s: ok" % check.__name__, flush=True)


main()
