#!/usr/bin/env python3
"""Standard input that is longer than its head is read while it comes: the same events and findings as of the file, with several
threads, and no more of it on the disk than is being read.

usage: test_stream.py FOLDER

The evidence is ordinary life of many hosts, streamed by the lab; what must come out is what comes out for the same bytes as a file.
"""
import json
import os
import shutil
import subprocess
import sys
import threading
import time

HEAD_BYTES = 17 * 1024 * 1024  # IW_STREAM_HEAD_BYTES
FARMS = 18
SCENARIO = os.path.join(os.path.dirname(__file__), "..", "..", "..", "lab", "scenarios", "quiet-farm.yml")
RULE = """title: Every start
id: 0aa1b2c3-0000-4000-8000-0000000000e2
logsource: {product: windows, category: process_creation}
detection: {s: {Image|exists: true}, condition: s}
level: high
"""
MOST_KEPT = 8 * 1024 * 1024  # of the stream, behind its head: pieces of 1 MiB for two threads, and what is on its way

problems = []


def check(is_right, *words):
    if not is_right:
        problems.append(" ".join(str(word) for word in words))


def run(folder, stdin, *arguments):
    """Status, output, manifest."""
    manifest = os.path.join(folder, "manifest.json")
    environment = dict(os.environ, TMPDIR=os.path.join(folder, "temporary"))
    done = subprocess.run([os.environ["IISWARDEN"], *arguments, "--manifest", manifest], stdin=stdin, capture_output=True,
                          env=environment, check=False)
    with open(manifest, encoding="utf-8") as stream:
        return done.returncode, done.stdout, json.load(stream)


def piped(folder, path, *arguments):
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as source:
        result = run(folder, source.stdout, *arguments)
        source.stdout.close()
    return result


def unplaced(out, path):
    return out.replace(b'"source":"' + path.encode() + b'"', b'"source":"-"')


def same_as_a_file(folder, path):
    rules = ("--only-rules", os.path.join(folder, "every.yml"), "--format", "ndjson")
    status, expected, account = run(folder, subprocess.DEVNULL, "hunt", *rules, "--jobs", "1", path)
    check(status == 1 and expected.count(b"\n") > 1000, "status", status, "of", expected.count(b"\n"), "findings")
    status, out, manifest = piped(folder, path, "hunt", *rules, "--jobs", "2", "-")
    check(status == 1 and out == unplaced(expected, path), "a pipe finds something else than the file")
    for key in "events", "decoded", "read_bytes", "lost_bytes":
        check(manifest["totals"][key] == account["totals"][key], key, manifest["totals"][key], account["totals"][key])
    check(manifest["telemetry"] == account["telemetry"], "another telemetry from a pipe")
    check(manifest["sources"][0]["size_bytes"] == os.path.getsize(path), manifest["sources"][0])
    check(manifest["sources"][0]["state"] == "read", manifest["sources"][0])
    _, listed, _ = run(folder, subprocess.DEVNULL, "events", "--jobs", "1", path)
    _, out, _ = piped(folder, path, "events", "--jobs", "2", "-")
    check(out == unplaced(listed, path), "events of a pipe differ")


def blocks_of(pid):
    """Bytes on the disk of the nameless files the process has open."""
    total = 0
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            if "(deleted)" in os.readlink(f"/proc/{pid}/fd/{name}"):
                total = max(total, os.stat(f"/proc/{pid}/fd/{name}").st_blocks * 512)
        except OSError:
            pass
    return total


def little_is_kept(folder, path):
    """A pipe that stands still when all but its end was written: what was read is not there any more."""
    environment = dict(os.environ, TMPDIR=os.path.join(folder, "temporary"))
    with open(path, "rb") as stream:
        text = stream.read()
    with subprocess.Popen([os.environ["IISWARDEN"], "hunt", "-q", "--jobs", "2", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as hunt:
        writer = threading.Thread(target=lambda: (hunt.stdin.write(text), hunt.stdin.flush()))
        writer.start()
        writer.join()
        kept = HEAD_BYTES
        for _ in range(300):
            kept = blocks_of(hunt.pid)
            if kept < MOST_KEPT:
                break
            time.sleep(0.1)
        check(kept < MOST_KEPT, kept, "bytes of", len(text), "are kept")
        hunt.stdin.close()
        check(hunt.wait() in (0, 1), "status", hunt.returncode)


def main(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "temporary"))
    path = os.path.join(folder, "life.ndjson")
    with open(os.path.join(folder, "every.yml"), "w", encoding="utf-8") as stream:
        stream.write(RULE)
    with open(path, "wb") as stream:
        subprocess.run([os.environ["IISWARDEN_LAB"], "generate", SCENARIO, "-o", "-", "--scale", str(FARMS)], check=True,
                       stdout=stream)
    check(os.path.getsize(path) > HEAD_BYTES + 2 * 1024 * 1024, "the evidence is too short:", os.path.getsize(path))
    same_as_a_file(folder, path)
    little_is_kept(folder, path)
    check(os.listdir(os.path.join(folder, "temporary")) == [], "something is left in the temporary folder")
    shutil.rmtree(folder, ignore_errors=True)
    for problem in problems[:10]:
        print(problem[:2000])
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
