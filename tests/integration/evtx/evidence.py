"""Where the public evidence is, and how the program is run, for the tests of this folder and of ../run.

A test that finds no evidence is skipped (exit status 77) and says so.
"""
import json
import os
import subprocess
import sys
import tarfile

PROGRAM = os.environ["IISWARDEN"]
LAB = os.environ.get("IISWARDEN_LAB", "")
SOURCE = os.environ.get("IISWARDEN_SOURCE_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))
SHARED = os.path.abspath(os.environ.get("IISWARDEN_SHARED") or os.path.join(SOURCE, "../shared"))
CORPUS_FILES = 589


def data(*parts):
    """A path below shared/data; ends the test as skipped when it is not there."""
    path = os.path.join(SHARED, "data", *parts)
    if not os.path.exists(path):
        print("SKIP: no evidence at %s (set IISWARDEN_SHARED)" % path)
        sys.exit(77)
    return path


def unpack(archive, folder):
    """Unpacks an archive once; again when it has changed."""
    mark = os.path.join(folder, ".unpacked")
    stamp = "%d %d" % (os.stat(archive).st_size, os.stat(archive).st_mtime_ns)
    if os.path.exists(mark) and open(mark).read() == stamp:
        return os.path.join(folder, "content")
    os.makedirs(folder, exist_ok=True)
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(os.path.join(folder, "content"), filter="data")
        else:
            tar.extractall(os.path.join(folder, "content"))
    with open(mark, "w") as stream:
        stream.write(stamp)
    return os.path.join(folder, "content")


def corpus(folder):
    return unpack(data("evtx", "corpus", "evtx-corpus.tar.xz"), os.path.join(folder, "corpus"))


def files_below(*folders):
    """Paths of all files, in byte order."""
    return sorted((os.path.join(where, name) for folder in folders for where, _, names in os.walk(folder)
                   for name in names), key=os.fsencode)


def run(*arguments, statuses=(0,), cwd=None):
    """Runs the program. Returns standard output as bytes; an unexpected exit status ends the test."""
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, cwd=cwd)
    if done.returncode not in statuses:
        sys.exit("exit status %d of iiswarden %s\n%s" % (done.returncode, " ".join(arguments),
                                                         done.stderr.decode(errors="replace")[-3000:]))
    return done.stdout


def run_with_manifest(folder, command, paths, *options, statuses=(0, 2)):
    """Lines of NDJSON, parsed, and the manifest."""
    manifest = os.path.join(folder, "manifest.json")
    out = run(command, *paths, "--format", "ndjson", "-q", "--manifest", manifest, *options, statuses=statuses)
    with open(manifest) as stream:
        return [json.loads(line) for line in out.splitlines()], json.load(stream)


class Verdict:
    """Collects what does not fit, so that one run shows all of it."""

    def __init__(self):
        self.failures = []

    def check(self, condition, message):
        if not condition:
            self.failures.append(message)
        return condition

    def equal(self, found, expected, where):
        return self.check(found == expected, "%s\n    found    %.1500r\n    expected %.1500r" % (where, found, expected))

    def end(self, summary):
        for failure in self.failures[:20]:
            print("FAILED: " + failure)
        if self.failures:
            print("%d checks failed" % len(self.failures), flush=True)
            sys.exit(1)
        print(summary)
