#!/usr/bin/env python3
"""Judges the evidence of every scenario in lab/scenarios by what IIS, Windows and Sysmon do, not by the code that makes it.

usage: test_lab_world.py marks|same|played|tampered|refused FOLDER

IISWARDEN_LAB is the program, IISWARDEN the detector (for `played`), IISWARDEN_SOURCE_DIR the source tree. Every violation
is printed with its scenario; exit status 1 when there is one, 77 when nothing could be judged.
"""
import concurrent.futures
import filecmp
import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import world_coherence  # noqa: E402
import world_files  # noqa: E402
import world_judges  # noqa: E402
import world_read  # noqa: E402
import world_refusals  # noqa: E402
import world_tampered  # noqa: E402

LAB = os.environ["IISWARDEN_LAB"]
SOURCE = os.environ.get("IISWARDEN_SOURCE_DIR") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
SHOWN_OF_A_CHECK = 5


class Report:
    def __init__(self):
        self.numbers = {}

    def of(self, scenario, check):
        def report(text):
            key = scenario, check
            self.numbers[key] = self.numbers.get(key, 0) + 1
            if self.numbers[key] <= SHOWN_OF_A_CHECK:
                print("%s: %s: %s" % (scenario, check, text[:1000]))
        return report

    def end(self):
        for (scenario, check), number in self.numbers.items():
            if number > SHOWN_OF_A_CHECK:
                print("%s: %s: and %d more" % (scenario, check, number - SHOWN_OF_A_CHECK))
        if self.numbers:
            sys.exit("%d violations" % sum(self.numbers.values()))


def scenarios():
    found = sorted(glob.glob(os.path.join(SOURCE, "lab/scenarios/*.yml")))
    if len(found) < 20:
        sys.exit("only %d scenarios below %s" % (len(found), SOURCE))
    return [(os.path.basename(path)[:-4], path) for path in found]


def generate(path, target, *options):
    shutil.rmtree(target, ignore_errors=True)
    run = subprocess.run([LAB, "generate", path, "-o", target, *options], capture_output=True, text=True)
    if run.returncode != 0 or run.stderr:
        sys.exit("generate %s %s: status %d\n%s" % (path, " ".join(options), run.returncode, run.stderr[-3000:]))
    return target


def worlds(folder):
    for name, path in scenarios():
        yield world_read.World(generate(path, os.path.join(folder, name)), path)


def all_files(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


def check_marks(folder, reports):
    """Everything says that it is invented, and is where it was asked for."""
    for name, path in scenarios():
        report = reports.of(name, "marks")
        box = os.path.join(folder, "box")
        shutil.rmtree(box, ignore_errors=True)
        os.makedirs(os.path.join(box, "here"))
        run = subprocess.run([LAB, "generate", path, "-o", os.path.join(box, "here", "out")], cwd=os.path.join(box, "here"),
                             capture_output=True, text=True, env=dict(os.environ, TMPDIR=box, HOME=box))
        if run.returncode != 0:
            report("status %d: %s" % (run.returncode, run.stderr[-500:]))
            continue
        out = os.path.join(box, "here", "out")
        for file in all_files(box):
            if not file.startswith("here/out/"):
                report("%s was written outside" % file)
        for at, names, files in os.walk(out):
            for file in names + files:
                if os.path.islink(os.path.join(at, file)) or "\\" in file:
                    report("%s is a link or has a backslash" % os.path.join(at, file))
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        aids = ["%s.yml" % word for word in ("changes", "estate") if re.search("^%s:" % word, text, re.M)] + \
            ["behaviour.txt"] * bool(re.search("^behaviour:", text, re.M)) + ["trust.pem"] * ("signer:" in text or "install-msi:" in text and "trust.pem" in os.listdir(out))
        made = ["README.txt", "before", "evidence", "manifest.ndjson", "truth-lineage.ndjson"]
        if sorted(os.listdir(out)) != sorted(made + aids):
            report("top is %s" % os.listdir(out))
        with open(os.path.join(out, "README.txt"), encoding="utf-8") as stream:
            if "SYNTHETIC" not in stream.read():
                report("README.txt does not say SYNTHETIC")
        world = world_read.World(out, path)
        runs = world.lines_of("run")
        if len(runs) != 1 or runs[0].get("synthetic") is not True or runs[0].get("scenario") != name:
            report("run line %s" % runs)
        for host in world.hosts.values():
            for event in host.events + host.copies:
                if not re.fullmatch(re.escape(host.name) + r"(\.[a-z0-9-]+)*\.example", event.computer):
                    report("%s: computer %s" % (event, event.computer))
        for file in all_files(os.path.join(out, "evidence")):
            top = file.split("/")[0]
            if top != "siem" and top not in world.hosts:
                report("%s is of no host" % file)


def same_trees(one, other):
    """Names of files that are not byte for byte the same."""
    names = set(all_files(one)) | set(all_files(other))
    return [name for name in sorted(names) if not (
        os.path.exists(os.path.join(one, name)) and os.path.exists(os.path.join(other, name)) and
        filecmp.cmp(os.path.join(one, name), os.path.join(other, name), shallow=False))]


def has_names(path):
    with open(path, encoding="utf-8") as stream:
        return re.search(r"^names:", stream.read(), re.M) is not None


def check_same(folder, reports):
    """The same seed gives the same bytes, wherever and whenever; other seeds and names do not."""
    run = subprocess.run([LAB, "check"] + [path for _, path in scenarios()], capture_output=True, text=True)
    if run.returncode != 0 or run.stderr:
        reports.of("all", "check")("status %d: %s" % (run.returncode, run.stderr[-1000:]))
    wanted = {"one": [], "two": ["--seed", "1"], "seed": ["--seed", "2"], "names2": ["--names", "2"]}
    further = {"names3": ["--names", "3"]}
    os.environ["TZ"] = "Asia/Tokyo"  # times are UTC wherever this runs
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(generate, path, os.path.join(folder, name, word), *options)
                for name, path in scenarios()
                for word, options in list(wanted.items()) + (list(further.items()) if has_names(path) else [])]
        for job in jobs:
            job.result()
    for name, path in scenarios():
        report = reports.of(name, "same")
        trees = {word: os.path.join(folder, name, word) for word in list(wanted) + list(further)}
        for file in same_trees(trees["one"], trees["two"]):
            report("%s differs" % file)
        differing = [file for file in same_trees(trees["one"], trees["seed"]) if file.startswith("evidence/")]
        if not any(file.endswith((".evtx", ".xml", ".jsonl", ".ndjson")) for file in differing):
            report("another seed gives the same events")
        for number in "23" if has_names(path) else "2":
            if has_names(path) and not same_trees(trees["one"], trees["names" + number]):
                report("--names %s gives the same bytes" % number)
            acts = {line["id"] for line in world_read.read_manifest(trees["names" + number]) if line["type"] == "act"}
            if acts != {line["id"] for line in world_read.read_manifest(trees["one"]) if line["type"] == "act"}:
                report("--names %s plays other acts" % number)


def run_checks(played, reports, checks):
    for world in played:
        for host in world.hosts.values():
            world_coherence.remove_header_clock(host)
            for check in checks:
                check(world, host, reports.of(world.name, "%s %s" % (host.name, check.__name__[6:])))


def check_played(folder, reports):
    """What happens is coherent, files are as they were left, and other programs read them so. Played once for all."""
    played = list(worlds(folder))
    for check in world_judges.CHECKS:
        check(played, folder, reports.of("all", check.__name__))
    run_checks(played, reports, world_coherence.CHECKS + world_files.CHECKS)


def check_tampered(folder, reports):
    """Can the checks fail? Each is given events that lie, and must say so."""
    for name, scenario, check, tamper in world_tampered.ROWS:
        path = os.path.join(SOURCE, "lab/scenarios", scenario + ".yml")
        out = os.path.join(folder, scenario)
        world = world_read.World(out if os.path.isdir(out) else generate(path, out), path)
        host = list(world.hosts.values())[0]
        world_coherence.remove_header_clock(host)
        for part in check if isinstance(check, tuple) else (check,):
            part(world, host, reports.of(name, "before"))
        found = []
        if tamper(world, host) is False:
            reports.of(name, "tampered")("there is nothing to change")
        for part in check if isinstance(check, tuple) else (check,):
            part(world, host, found.append)
        if not found:
            reports.of(name, "tampered")("nobody noticed")


def refusal(folder, text, *arguments):
    """Status, standard error, and whether anything was written."""
    out = os.path.join(folder, "out")
    shutil.rmtree(out, ignore_errors=True)
    with open(os.path.join(folder, "base.yml"), "wb") as stream:
        stream.write(text.encode("utf-8", "surrogateescape"))
    before = set(os.listdir(folder))
    try:
        run = subprocess.run([LAB, "generate"] + (list(arguments) or ["base.yml", "-o", "out"]), cwd=folder, timeout=20,
                             capture_output=True)
    except subprocess.TimeoutExpired:
        return None, "it does not end", False
    return run.returncode, run.stderr.decode("utf-8", "replace"), set(os.listdir(folder)) != before


def check_refused(folder, reports):
    """What contradicts itself is refused, with its line and the reason, and nothing is written."""
    if len(world_refusals.ROWS) < 40:
        sys.exit("only %d refusals" % len(world_refusals.ROWS))
    for name, words, text in world_refusals.ROWS:
        report = reports.of(name, "refused")
        marked = [number for number, line in enumerate(text.split("\n"), 1) if "<<<" in line]
        status, said, is_written = refusal(folder, text.replace("<<<", ""))
        place = re.search(r"base\.yml:(\d+): ", said)
        if status != 1 or is_written or not place or said.count("\n") != 1:
            report("status %s, %s: %s" % (status, "written" if is_written else "nothing written", said[:600]))
        elif marked and abs(marked[-1] - int(place.group(1))) > 3:  # an act or host is named by its first line
            report("line %d is wrong, said of %s" % (marked[-1], said))
        elif not any(word in said for word in words):
            report("none of %s is said: %s" % (words, said))
    for name, text in world_refusals.ACCEPTED:
        status, said, _ = refusal(folder, text)
        if status != 0 or said:
            reports.of(name, "accepted")("status %s: %s" % (status, said[:600]))
    os.makedirs(os.path.join(folder, "folder.yml"), exist_ok=True)
    base = world_refusals.BASE
    for status, arguments in ((1, ["folder.yml", "-o", "out"]), (1, ["nobody.yml", "-o", "out"]),
                              (1, ["base.yml", "-o", "base.yml/out"]), (1, ["base.yml", "-o", "base.yml"]),
                              (1, ["base.yml", "-o", "/proc/nobody/out"]), (1, ["/dev/null", "-o", "out"]),
                              (2, ["base.yml"]), (2, ["-o", "out"]), (2, ["base.yml", "-o"]),
                              (2, ["base.yml", "-o", "out", "--seed", "many"]), (2, ["base.yml", "-o", "out", "--names", "-1"]),
                              (2, ["base.yml", "-o", "out", "--jitter", "soon"]), (2, ["base.yml", "-o", "out", "--nonsense"]),
                              (2, ["base.yml", "-o", "out", "--without", "crystal"]),
                              (2, ["base.yml", "-o", "out", "--scale", "99999999999999999999"])):
        found, said, is_written = refusal(folder, base, *arguments)
        if found != status or not said or is_written:
            reports.of(" ".join(arguments), "refused")("status %s, %s: %s" % (
                found, "written" if is_written else "nothing written", said[:600]))


def main():
    check, folder = sys.argv[1], os.path.abspath(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier run left, or tampered with
    os.makedirs(folder, exist_ok=True)
    reports = Report()
    globals()["check_" + check](folder, reports)
    reports.end()
    print(check + ": as expected")


if __name__ == "__main__":
    main()
