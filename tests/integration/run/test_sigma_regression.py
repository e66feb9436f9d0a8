#!/usr/bin/env python3
"""SigmaHQ's own regression logs: every rule that is loaded matches its log as often as the list says.

usage: test_sigma_regression.py FOLDER

Each rule alone on its log, then all rules of the archive at once on all logs: neighbours must not change what a rule finds.
A rule that is refused by name is counted and listed, and is no failure. Exit status 77: no evidence.
"""
import evidence_path  # noqa: F401
import csv
import os
import sys

import evidence

STATES = ("loaded", "not-applicable", "not-yet", "refused")
N_RULES = 98


def main():
    folder, verdict = sys.argv[1], evidence.Verdict()
    os.makedirs(folder, exist_ok=True)
    logs = evidence.data("sigma", "regression")
    rules = os.path.join(evidence.unpack(evidence.data("sigma", "sigmahq-rules.tar.xz"), os.path.join(folder, "rules")), "all-rules")
    with open(os.path.join(logs, "index.tsv"), newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    verdict.equal(len(rows), N_RULES, "rules in the list")
    counts, n_findings = dict.fromkeys(STATES, 0), 0
    for row in rows:
        rule, log = os.path.join(rules, row["rule_path"]), os.path.join(logs, row["evtx"])
        findings, manifest = evidence.run_with_manifest(folder, "hunt", [log], "--only-rules", rule, statuses=(0, 1))
        for state in STATES:
            counts[state] += manifest["rules"][state]
        for entry in manifest["rules"]["not_loaded"]:
            print("%s: %s: %s" % (entry["state"], row["rule_path"], entry["reason"]))
            verdict.check(entry["reason"], row["rule_path"] + ": not loaded, and no reason")
        if manifest["rules"]["loaded"]:
            n_findings += len(findings)
            verdict.equal({finding["rule"]["id"] for finding in findings} | {row["rule_id"]}, {row["rule_id"]},
                          row["rule_path"] + ": findings of another rule")
            verdict.check(len(findings) >= int(row["min_matches"]),
                          "%s: %d findings, %s at least" % (row["rule_path"], len(findings), row["min_matches"]))
            row["found"] = len(findings)
    verdict.equal(sum(counts.values()), N_RULES, "rules that became something")
    # The list names rules whose logs have a source of Windows: a rule that is passed over silently would be a hole.
    verdict.equal((counts["not-applicable"], counts["not-yet"]), (0, 0), "rules held for another product, or for later")

    findings, manifest = evidence.run_with_manifest(folder, "hunt", [logs], "--only-rules", rules, statuses=(1, 2))
    found = {}
    for finding in findings:
        key = (finding["rule"]["id"], os.path.basename(finding["evidence"][0]["source"]))
        found[key] = found.get(key, 0) + 1
    for row in rows:
        if "found" in row:
            verdict.check(found.get((row["rule_id"], row["evtx"]), 0) >= int(row["min_matches"]),
                          "%s: found alone, not beside all other rules" % row["rule_path"])
    state = manifest["rules"]
    verdict.end("of %d rules %s; %d findings. All rules of the archive: %s" % (
        N_RULES, ", ".join("%d %s" % (counts[name], name) for name in STATES), n_findings,
        ", ".join("%d %s" % (state[name], name) for name in STATES)))


main()
