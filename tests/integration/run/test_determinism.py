#!/usr/bin/env python3
"""The same evidence gives the same bytes, whatever the number of threads, the order of arguments or the working folder.

usage: test_determinism.py FOLDER

Compared are standard output and the manifest without its parts `run` (time and memory) and `command` (the arguments
themselves). Exit status 77: no evidence.
"""
import evidence_path  # noqa: F401
import hashlib
import json
import os
import shutil
import random
import re
import subprocess
import sys

import evidence

COMMANDS = {
    "hunt": ["hunt", "--format", "ndjson"],
    "hunt table": ["hunt", "--format", "table", "--color", "never"],
    "events": ["events", "--format", "ndjson"],
    "profile": ["events", "--profile", "--format", "ndjson"],
    "profile table": ["events", "--profile", "--format", "table", "--color", "never"],
    "recover": ["events", "--recover", "--verify", "--format", "ndjson"],
}


def result(folder, command, paths, *options, cwd=None):
    """Standard output and manifest of a run."""
    manifest = os.path.join(folder, "manifest.json")
    if os.path.exists(manifest):
        os.unlink(manifest)
    out = evidence.run(*COMMANDS[command], "-q", "--manifest", manifest, *options, *paths, statuses=(0, 1, 2, 3), cwd=cwd)
    with open(manifest) as stream:
        account = json.load(stream)
    if "run" not in account or not account.pop("command").startswith("iiswarden"):
        sys.exit("manifest without `run` or `command`")
    del account["run"]
    return out, json.dumps(account, indent=1)


def same(verdict, first, other, where):
    for what, one, two in zip(("output", "manifest"), first, other):
        if one == two:
            continue
        one, two = one.splitlines(), two.splitlines()
        line = next((i for i, pair in enumerate(zip(one, two)) if pair[0] != pair[1]), min(len(one), len(two)))
        verdict.check(False, "%s: %s differs in line %d\n    %.600r\n    %.600r" % (where, what, line + 1, one[line:line + 1],
                                                                                  two[line:line + 1]))


def orders(paths):
    yield "reversed", paths[::-1]
    yield "rotated", paths[len(paths) // 2:] + paths[:len(paths) // 2]
    for seed in (1, 2):
        mixed = paths[:]
        random.Random(seed).shuffle(mixed)
        yield "shuffled %d" % seed, mixed


def facts(out):
    """Findings without the paths by which the files were reached."""
    found = []
    for line in out.splitlines():
        finding = json.loads(line)
        for item in finding["evidence"]:
            item["source"] = os.path.basename(item["source"])
        for lines in (finding["why"], finding["blind"], finding["triage"]):
            lines[:] = [re.sub(r"\S*/", "", line) for line in lines]
        found.append(json.dumps(finding))
    return found


def main():
    folder, verdict = os.path.abspath(sys.argv[1]), evidence.Verdict()
    os.makedirs(folder, exist_ok=True)
    corpus = evidence.corpus(folder)
    few = [evidence.data("evtx", "webserver"), evidence.data("evtx", "oddities"), evidence.data("sigma", "regression")]
    n_runs = 0

    # The demo's logs tell a whole story on one host, so that findings of several rules meet.
    scenario = os.path.join(os.environ["IISWARDEN_SOURCE_DIR"], "lab", "scenarios", "demo.yml")
    story = os.path.join(folder, "demo")
    shutil.rmtree(story, ignore_errors=True)
    subprocess.run([evidence.LAB, "generate", scenario, "-o", story], check=True, stdout=subprocess.DEVNULL)
    demo = os.path.join(story, "evidence")
    for command in COMMANDS:
        paths = [corpus, *few, demo] if command in ("hunt", "events", "profile") else [*few, demo]
        first = result(folder, command, paths, "--jobs", "1")
        verdict.check(first[0], command + ": no output")
        for jobs in ("2", "5", "5"):
            same(verdict, first, result(folder, command, paths, "--jobs", jobs), "%s, --jobs %s" % (command, jobs))
        n_runs += 4

    files = evidence.files_below(few[0], few[1], demo)
    files = [path for path in files if path.endswith(".evtx")]
    for command in COMMANDS:
        first = result(folder, command, files)
        for name, paths in orders(files):
            same(verdict, first, result(folder, command, paths, "--jobs", "2"), "%s, arguments %s" % (command, name))
        folders = [few[0], few[1], demo]
        for name, paths in orders(folders):
            same(verdict, result(folder, command, folders), result(folder, command, paths), "%s, folders %s" % (command, name))
        n_runs += 13

    # A folder, the files in it, both, and copies reached from another working folder by relative paths.
    by_folder = result(folder, "hunt", few[:2] + [demo])[0]
    every = evidence.files_below(few[0], few[1], demo)
    verdict.equal(facts(result(folder, "hunt", every)[0]), facts(by_folder), "files instead of folders")
    verdict.equal(facts(result(folder, "hunt", every + few[:2] + [demo])[0]), facts(by_folder), "files and their folders")
    for cwd in ("/", os.path.join(folder, "demo"), few[0]):
        relative = [os.path.relpath(path, cwd) for path in few[:2] + [demo]]
        verdict.equal(facts(result(folder, "hunt", relative, cwd=cwd)[0]), facts(by_folder), "from folder " + cwd)
    verdict.end("%d runs, the same bytes: %s" % (n_runs + 6, hashlib.sha256(by_folder).hexdigest()[:16]))


main()
