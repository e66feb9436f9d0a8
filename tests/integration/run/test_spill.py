#!/usr/bin/env python3
"""More findings than memory may hold: all are told, in order, the same with any number of threads; and when the temporary
file takes no more, what found room is told, the reason, and the status is 70.

usage: test_spill.py FOLDER

The evidence is a corpus of the lab, the rule matches every event of it; what must be found is what `events` lists.
"""
import json
import os
import resource
import shutil
import subprocess
import sys

RULE = """title: Every event
id: 0aa1b2c3-0000-4000-8000-0000000000e1
logsource: {product: windows}
detection: {s: {EventID|exists: true}, condition: s}
level: low
"""
CORPUS_BYTES = "24M"
FILE_LIMIT_BYTES = 8_000_000  # for the disk that fills
HELD_BYTES = 32 * 1024 * 1024  # IW_LIMIT_SORT_BYTES: beyond it findings are spilled

problems = []


def check(is_right, *words):
    if not is_right:
        problems.append(" ".join(str(word) for word in words))


def run(folder, *arguments, file_limit=None):
    """Status, standard output, standard error."""
    def confine():
        if file_limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    environment = dict(os.environ, TMPDIR=os.path.join(folder, "temporary"))
    done = subprocess.run([os.environ["IISWARDEN"], *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          env=environment, preexec_fn=confine, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def hunt(folder, jobs, form="ndjson", file_limit=None):
    """Status, standard output, standard error, manifest."""
    manifest = os.path.join(folder, "manifest.json")
    status, out, said = run(folder, "hunt", "--jobs", str(jobs), "--only-rules", os.path.join(folder, "every.yml"),
                            "--format", form, "--manifest", manifest, os.path.join(folder, "corpus"), file_limit=file_limit)
    with open(manifest, encoding="utf-8") as stream:
        return status, out, said, json.load(stream)


def place(record):
    return record["source"], record["offset"]


def all_are_told(folder, places):
    """Every event once, in order; returns the output."""
    status, out, _, manifest = hunt(folder, 1)
    findings = [json.loads(line) for line in out.splitlines()]
    order = [(finding["first_time"], finding["host"], finding["id"]) for finding in findings]
    check(status == 0, "status", status, "(the rule is below --fail-level)")
    check(sorted(place(finding["evidence"][0]) for finding in findings) == places, "not every event once")
    check(order == sorted(order), "not in order of time, host and id")
    check(len({finding["id"] for finding in findings}) == len(findings), "two findings of one id")
    check(manifest["run"]["spilled_bytes"] > HELD_BYTES, "nothing was spilled:", manifest["run"])
    check(manifest["findings"]["low"] == len(places) and manifest["failure"] is None, manifest["findings"])
    return out


def threads_do_not_show(folder, out):
    status, other, _, _ = hunt(folder, 2)
    check(status == 0 and other == out, "--jobs 2 gives another output")
    tables = [hunt(folder, jobs, "table")[1] for jobs in (1, 2)]
    check(tables[0] == tables[1], "--jobs 2 gives another table")
    check(tables[0].splitlines()[-1].startswith(f"{out.count(10):,} findings on 1 host".encode()), tables[0][-300:])


def disk_fills(folder, places):
    status, out, said, manifest = hunt(folder, 2, file_limit=FILE_LIMIT_BYTES)
    told = {place(json.loads(line)["evidence"][0]) for line in out.splitlines()}
    rule = manifest["rules"]["matched"][0]
    check(status == 70, "status", status, "with a full disk")
    check(out.endswith(b"\n") and 0 < len(told) < len(places) and told <= set(places), len(told), "findings of", len(places))
    check("temporary file" in said.splitlines()[-1] and "File too large" in said.splitlines()[-1], said)
    check(manifest["failure"] is not None and "File too large" in manifest["failure"], manifest["failure"])
    check(manifest["interrupted"] and rule["unkept"] > 0 and rule["matches"] - rule["unkept"] == len(told), rule, len(told))


def main(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "temporary"))
    with open(os.path.join(folder, "every.yml"), "w", encoding="utf-8") as stream:
        stream.write(RULE)
    subprocess.run([os.environ["IISWARDEN_LAB"], "corpus", "--bytes", CORPUS_BYTES, "-o", os.path.join(folder, "corpus")],
                   check=True, stdout=subprocess.DEVNULL)
    listed = run(folder, "events", "--fields", "EventID", os.path.join(folder, "corpus"))[1]
    places = sorted(place(json.loads(line)) for line in listed.splitlines())
    out = all_are_told(folder, places)
    threads_do_not_show(folder, out)
    disk_fills(folder, places)
    check(os.listdir(os.path.join(folder, "temporary")) == [], "something is left in the temporary folder")
    shutil.rmtree(folder, ignore_errors=True)
    for problem in problems[:10]:
        print(problem[:2000])
    print(f"{len(places)} events, {len(problems)} problems")
    return 1 if problems or not places else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
