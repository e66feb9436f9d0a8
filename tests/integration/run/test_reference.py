#!/usr/bin/env python3
"""SigmaHQ over its own regression logs, against the reference evaluator of the shared material, event by event and rule by rule.

usage: test_reference.py FOLDER

The reference (conformance/refsigma.py, winlog.py) knows fewer log sources and fields than we do. What we match beyond it must belong
to one of the reasons below; what it matches and we do not is a failure. Exit status 77: no evidence, or no PyYAML.
"""
import evidence_path  # noqa: F401
import glob
import os
import sys

import evidence

try:
    import yaml
except ImportError:
    print("SKIPPED: python3-yaml is not installed")
    sys.exit(77)

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def beyond(rule, fields):
    """Why we match an event that the reference does not: None where there is no such reason."""
    source = rule.ls
    if source.get("category") == "antivirus":
        return "the reference has no log source antivirus"
    if source.get("category") == "file_delete" and str(fields.get("EventID")) == "26":
        return "the reference reads file_delete of Sysmon 23 alone"
    if any(name.lower() in ("md5", "sha1", "sha256", "imphash") for name in rule_fields(rule)):
        return "the reference does not take hashes out of Hashes"
    return None


def less(rule, fields):
    """Why the reference matches an event that we rightly do not."""
    if rule.ls.get("category") in ("registry_delete", "registry_add") and str(fields.get("EventID")) == "12":
        return "the reference does not ask registry rules for the EventType"
    return None


def rule_fields(rule):
    names, pending = set(), [value for key, value in rule.d["detection"].items() if key != "condition"]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            names.update(str(key).split("|")[0] for key in node)
        elif isinstance(node, list):
            pending.extend(node)
    return names


def reference_rules(refsigma, folder):
    """The rules the reference can run, with their ids; what it rejects is not compared."""
    rules = []
    for path in glob.glob(os.path.join(folder, "**", "*.yml"), recursive=True):
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        if (yaml.load(text, Loader=LOADER) or {}).get("logsource", {}).get("product") not in (None, "windows"):
            continue
        try:
            rules += refsigma.load(text)[0]
        except refsigma.Rejected:
            continue
    return rules


def main():
    folder, verdict = sys.argv[1], evidence.Verdict()
    os.makedirs(folder, exist_ok=True)
    sys.path.insert(0, evidence.data("..", "conformance"))
    import refsigma
    import winlog

    logs = evidence.data("sigma", "regression")
    archive = os.path.join(evidence.unpack(evidence.data("sigma", "sigmahq-rules.tar.xz"), os.path.join(folder, "rules")), "all-rules")
    rules = reference_rules(refsigma, archive)
    findings, _ = evidence.run_with_manifest(folder, "hunt", [logs], "--only-rules", archive, statuses=(1, 2))
    ours = {}
    for finding in findings:
        place = finding["evidence"][0]
        ours.setdefault((os.path.basename(place["source"]), place["offset"]), set()).add(finding["rule"]["id"])
    events, _ = evidence.run_with_manifest(folder, "events", [logs])
    by_id = {rule.id: rule for rule in rules}
    reasons, n_both = {}, 0
    for event in events:
        fields, place = event["fields"], (os.path.basename(event["source"]), event["offset"])
        flat = {name: value for name, value in fields.items() if not name.startswith("RenderingInfo.")}
        theirs = {rule.id for rule in rules if winlog.logsource_ok(rule.ls, flat) and rule.m(flat)}
        mine = ours.get(place, set())
        n_both += len(mine & theirs)
        for which, ids, explain in (("only here", mine - theirs, beyond), ("only there", theirs - mine, less)):
            for identity in ids:
                rule = by_id.get(identity)
                reason = explain(rule, fields) if rule is not None else "the reference rejects the rule"
                if verdict.check(reason, "%s: %s record %s: %s (%s)" % (which, place[0], event["record_id"], identity, rule and rule.title)):
                    reasons[(which, reason)] = reasons.get((which, reason), 0) + 1
    verdict.check(len(events) > 90 and n_both > 150, "%d events, %d matches of both" % (len(events), n_both))
    for (which, reason), n in sorted(reasons.items()):
        print("%s, %d: %s" % (which, n, reason))
    verdict.end("%d events, %d rules, %d matches of both" % (len(events), len(rules), n_both))


main()
