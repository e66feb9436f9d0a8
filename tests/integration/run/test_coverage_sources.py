#!/usr/bin/env python3
"""One source less at a time: exactly the links that depend on it change, and so do the verdicts.

usage: test_coverage_sources.py FOLDER

coverage_sources.py holds what is expected. Every row of it is one server of a farm the lab plays: all servers see the same few acts,
one sample of every link, and log what the row says. `iiswarden coverage` is asked once, and every state of every link and every
verdict is compared; so are the settings' share in it, and that each blind link says what would close it.
"""
import json
import os
import shutil
import subprocess
import sys

import coverage_sources as expected

PROGRAM, LAB = os.environ["IISWARDEN"], os.environ["IISWARDEN_LAB"]
START, END = "2026-01-05T06:00:00Z", "2026-01-05T08:00:00Z"


def all_rows():
    """(row, acts that are not played, log that is cleared) of every server."""
    for base, name, change, flips in expected.ROWS:
        yield (base, name, change, flips), [], None
    for base, name, acts, flips in expected.QUIET_ROWS:
        yield (base, "any " + name, {}, flips), acts, None
    for base, channel, flips in expected.CLEARED_ROWS:
        yield (base, f"what was cleared of {channel}", {}, flips), [], channel


def host_of(number, row):
    base, name, change, _ = row
    telemetry, settings, _ = expected.BASES[base]
    telemetry = dict(telemetry)
    collect = {"as": "evtx" if number % 2 == 0 else "evtx_dump", "settings": settings, "leave_out": [] if name in expected.WITH_FILES else list(expected.FILES)}
    for key, value in change.items():
        if key == "leave_out":
            collect[key] = collect[key] + value
        elif isinstance(value, dict) and isinstance(telemetry.get(key), dict):
            telemetry[key] = {**telemetry[key], **value}
        else:
            telemetry[key] = value
    return {"name": f"S{number:03}", "address": f"10.20.{1 + number // 200}.{1 + number % 200}", "role": "aspnet", "windows": 2019,
            "telemetry": telemetry, "collect": collect}


def acts_on(host, left_out, cleared):
    """A sample of each link; daily life goes on beside it."""
    worker, site = "worker:DefaultAppPool", "Default Web Site"
    acts = [
        ("request", {"request": {"site": site, "url": "/Default.aspx", "from": "203.0.113.9", "took": 900}}),
        ("write", {"write": {"by": worker, "file": "C:\\inetpub\\wwwroot\\uploads\\tree.jpg", "content": {"size": "3k"}}}),
        ("connect", {"connect": {"by": worker, "address": "10.20.9.9", "port": 1433}}),
        ("other connect", {"connect": {"by": "netsvcs", "address": "10.20.9.10"}}),
        ("other load", {"load": {"by": "netsvcs", "dll": "C:\\Windows\\System32\\wintrust.dll", "signature": "Microsoft Windows",
                                 "status": "Valid"}}),
        ("configure", {"start": {"as": f"a{host}", "by": "netsvcs", "image": "C:\\Windows\\System32\\inetsrv\\appcmd.exe",
                                 "command": "appcmd.exe set site \"Default Web Site\" /limits.connectionTimeout:00:03:00",
                                 "lives": "1m"}}),
        ("configure", {"configure": {"by": f"a{host}", "changes": [{"set": "sites", "name": site, "value": "00:03:00",
                                                                    "attribute": "limits/@connectionTimeout"}]}}),
    ]
    acts = [{"at": f"06:20:{5 * place:02}", "host": host, **act} for place, (kind, act) in enumerate(acts) if kind not in left_out]
    clears = [{"at": expected.CLEARED_AT, "host": host, "clear-log": {"channel": cleared, "session": "system"}}]
    return acts + (clears if cleared is not None else [])


def play(folder, rows):
    hosts = [host_of(number, row) for number, (row, _, _) in enumerate(rows)]
    scenario = {
        "scenario": "coverage-sources", "about": "One source less on each server.", "family": "quiet", "start": START, "end": END,
        "accounts": [{"name": "svc_monitor", "rid": 1601}], "hosts": hosts,
        "life": [{"web-traffic": {"site": "Default Web Site", "per_hour": 4}},
                 {"monitoring": {"account": "svc_monitor", "from": "10.20.9.90", "every": "15m"}}, {"tasks": {"every": "20m"}}],
        "acts": sorted((act for host, (_, *more) in zip(hosts, rows) for act in acts_on(host["name"], *more)),
                       key=lambda act: act["at"]),
        "truth": {},
    }
    file = os.path.join(folder, "coverage-sources.yml")  # JSON is YAML
    with open(file, "w", encoding="utf-8") as out:
        json.dump(scenario, out)
    subprocess.run([LAB, "generate", file, "-o", os.path.join(folder, "told")], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(folder, "told", "evidence")


def ask(evidence):
    done = subprocess.run([PROGRAM, "coverage", "-q", "-f", "ndjson", evidence], capture_output=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr.decode())
    records = {}
    for line in done.stdout.decode().splitlines():
        record = json.loads(line)
        records[record["host"], record["analytic"]] = record
    return records


def differences(row, analytic, record):
    base, _, change, flips = row
    wanted = {link: "proved" for link in expected.LINKS[analytic]}
    wanted.update({link: state for link, state in {**expected.BASES[base][2], **flips}.items() if link in wanted})
    links = {link["link"]: link for link in record["links"]}
    if set(links) != set(wanted):
        yield f"links are {sorted(links)}, not {sorted(wanted)}"
        return
    for link, state in wanted.items():
        is_required, is_blind = expected.LINKS[analytic][link], state not in ("proved", "stated")
        said = links[link]
        if said["state"] not in (("not-proved", "absent") if state == "unproved" else (state,)):
            yield f"{link} is {said['state']} ({said['source']}: {said['why']}), not {state}"
        if said["required"] != is_required:
            yield f"{link}: required is {said['required']}"
        closes = expected.FIX_WORDS.get(link, []) + ([expected.FIX_OF_A_COLLECTION] if "leave_out" in change else [])
        if state not in ("proved", "stated", "gap") and is_required and not any(word in (said["fix"] or "") for word in closes):
            yield f"{link}: nothing would close it: {said['fix']}"
        if not is_blind and said["fix"] is not None:
            yield f"{link}: proved, and a fix: {said['fix']}"
    is_blind = any(expected.LINKS[analytic][link] and state not in ("proved", "stated") for link, state in wanted.items())
    verdict = "blind" if is_blind else "clear"
    if record["verdict"] != verdict or record["partial"] != (is_blind and record["findings"] != []):
        yield f"verdict is {record['verdict']}, partial {record['partial']}, not {verdict}"
    spans = [span["verdict"] for span in record["spans"]]
    is_gap = is_blind and all(wanted[link] in ("proved", "gap") for link, required in expected.LINKS[analytic].items() if required)
    if spans != ["blind", "clear"] if is_gap else set(spans) != {verdict}:
        yield f"spans are {record['spans']}"
    if is_gap and spans == ["blind", "clear"] and not expected.CLEARED_AT <= record["spans"][1]["from"][11:19] <= "07:15:00":
        yield f"blind until {record['spans'][1]['from']}"


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    rows = list(all_rows())
    records = ask(play(folder, rows))
    wrong = []
    for number, (row, _, _) in enumerate(rows):
        for analytic in expected.LINKS:
            record = records.pop((f"S{number:03}", analytic), None)
            found = ["no record"] if record is None else differences(row, analytic, record)
            wrong += [f"S{number:03} {row[0]}, without {row[1]}: {analytic}: {text}" for text in found]
    wrong += [f"a host nobody told of: {key}" for key in records]
    print("\n".join(wrong) or f"{len(rows)} servers, every link and verdict as expected")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
