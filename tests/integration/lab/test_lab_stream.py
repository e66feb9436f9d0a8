#!/usr/bin/env python3
"""Many farms as one stream: valid JSON, every host, in the order of time, the same bytes again.

usage: test_lab_stream.py
"""
import datetime
import json
import os
import subprocess
import sys

LAB = os.environ["IISWARDEN_LAB"]
SCENARIO = os.path.join(os.environ["IISWARDEN_SOURCE_DIR"], "lab", "scenarios", "quiet-farm.yml")
FARMS = 4


def stream(*options):
    return subprocess.run([LAB, "generate", SCENARIO, "-o", "-", *options], check=True, capture_output=True).stdout


def facts(line):
    """Host and time of an event in the forms that can be streamed."""
    event = json.loads(line)
    if "winlog" in event:
        return event["winlog"]["computer_name"], event["@timestamp"]
    if "Event" in event:
        system = event["Event"]["System"]
        return system["Computer"], system["TimeCreated"]["#attributes"]["SystemTime"]
    return event["Hostname"], event["@timestamp"] if "@timestamp" in event else event["EventTime"]


def main():
    one, many = stream(), stream("--scale", str(FARMS))
    if many != stream("--scale", str(FARMS)):
        sys.exit("the stream is not the same twice")
    hosts = {}
    for line in many.splitlines():
        host, time = facts(line)
        hosts.setdefault(host, []).append(datetime.datetime.fromisoformat(time[:23]))
    labels = sorted(host.split(".")[0] for host in hosts)
    if len(labels) != FARMS * 3 or sum("-" in label for label in labels) != (FARMS - 1) * 3:
        sys.exit("hosts: %s" % labels)
    for host, times in hosts.items():
        back = max((earlier - later for earlier, later in zip(times, times[1:])))
        if back.total_seconds() > 0.05:  # records of two channels may overtake one another by milliseconds
            sys.exit("%s: time runs back by %s" % (host, back))
    own = [line for line in many.splitlines() if "-" not in facts(line)[0].split(".")[0]]
    if len(own) != len(one.splitlines()):
        sys.exit("the scenario's own farm has %d events, alone %d" % (len(own), len(one.splitlines())))
    print("%d events of %d hosts" % (len(many.splitlines()), len(hosts)))


main()
