#!/usr/bin/env python3
"""Which records of a log are missing is seen by their ids and their times together.

usage: test_coverage_records.py FOLDER

Each case is a host made here, four hours of records of known times; beside it stands by which link of which span it is blind. Windows
counts the records of a log upwards for as long as its file is there: over clears, over files that were archived because they were
full, over starts. A file that was deleted is begun anew with record 1. So ids that go back while time goes on are those of another log,
nothing of the time between the two is there, and what is missing of the one is not in the other. Copies of one log tell one thing. All
hosts are looked at in one run.
"""
import os
import shutil
import sys

import coverage_hosts as make
from coverage_hosts import (ALL_OF_SYSMON, BY_SYSMON, END, FRAME, HOUR, IIS, MINUTE, SECURITY, SYSMON, blind, committed, count_from,
                            differences, frame, lose, sysmon_host, ticks)

BEFORE, AFTER = 2 * HOUR, 2 * HOUR + 5 * MINUTE  # the ticks between which a log is begun anew
LAST = END - 5 * MINUTE
WHOLE = ticks(ALL_OF_SYSMON, 0, LAST)
MORNING, NOON = ticks(ALL_OF_SYSMON, 0, BEFORE), ticks(ALL_OF_SYSMON, AFTER, LAST)  # 75 and 69 records
# Three records are missing of the morning, 40 to 42: the noon has such ids, too.
HOLED = ticks(ALL_OF_SYSMON, 0, HOUR) + [lose(3)] + ticks(ALL_OF_SYSMON, HOUR + 5 * MINUTE, BEFORE)
HOLE, ANEW = (HOUR + 3, HOUR + 5 * MINUTE + 1), (BEFORE + 3, AFTER + 1)
ENDS = [(0, 1), (LAST + 3, END)]  # what lies before the first and behind the last record that has an id
SYSMON_FILE = "C/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx"
OLD_FILE = "C/Users/adm/old/Microsoft-Windows-Sysmon%4Operational.evtx"


def every_third(records):
    """A copy that somebody filtered, with the ids that the records have."""
    return [one for place in range(0, len(records), 3) for one in (records[place], lose(2))]


def ahead(first, last, by):
    """Records whose clock runs ahead."""
    return [(second + by, event_id, fields) for second, event_id, fields in ticks(ALL_OF_SYSMON, first, last)]


def clock(second, before, after):
    return (second, 4616, {"PreviousTime": make.time_of(before), "NewTime": make.time_of(after), "ProcessName": make.SHELL})


# name: (logs, {link: [(from, to)]})
CASES = {
    # --- begun anew ---
    "begun anew": (sysmon_host(MORNING, **{"again": (1, NOON)}), blind(BY_SYSMON, ANEW)),
    "begun anew, with a hole before": (sysmon_host(HOLED, **{"again": (1, NOON)}), blind(BY_SYSMON, HOLE, ANEW)),
    "begun anew, with a hole behind": (
        sysmon_host(MORNING, **{"again": (1, ticks(ALL_OF_SYSMON, AFTER, 3 * HOUR) + [lose(2)] +
                                          ticks(ALL_OF_SYSMON, 3 * HOUR + 5 * MINUTE, LAST))}),
        blind(BY_SYSMON, ANEW, (3 * HOUR + 3, 3 * HOUR + 5 * MINUTE + 1))),
    "begun anew in one export": (sysmon_host(HOLED + [count_from(1)] + NOON), blind(BY_SYSMON, HOLE, ANEW)),
    "begun anew in one export, the new one first": (sysmon_host(NOON + [count_from(1)] + HOLED), blind(BY_SYSMON, HOLE, ANEW)),
    "begun anew where the old one had wrapped": (sysmon_host([count_from(52311)] + MORNING, **{"again": (1, NOON)}),
                                                 blind(BY_SYSMON, ANEW)),
    "begun anew, its first records gone": (sysmon_host(MORNING, **{"again": (30, NOON)}), blind(BY_SYSMON, ANEW)),
    "begun anew, of the old one little is left": (sysmon_host([count_from(70)] + MORNING[-6:], **{"again": (1, NOON)}),
                                                  blind(BY_SYSMON, (0, BEFORE - 5 * MINUTE + 1), ANEW)),
    "begun anew twice": (sysmon_host(ticks(ALL_OF_SYSMON, 0, HOUR) + [count_from(1)] + ticks(ALL_OF_SYSMON, HOUR + 5 * MINUTE, BEFORE) +
                                     [count_from(1)] + NOON),
                         blind(BY_SYSMON, HOLE, ANEW)),
    "begun anew, copied twice": (sysmon_host(HOLED + [count_from(1)] + NOON, **{"again": (1, every_third(HOLED) + [count_from(1)] + NOON)}),
                                 blind(BY_SYSMON, HOLE, ANEW)),
    "begun anew, and a second witness": (
        sysmon_host(MORNING, **{"again": (1, NOON), SECURITY: ticks([make.audited_start, make.audited_write], 0, LAST)}),
        blind(["module_load"], ANEW)),

    # --- one log ---
    "archived": (sysmon_host(MORNING, **{"again": (76, NOON)}), {}),
    "archived, and the next one lost": (sysmon_host(MORNING, **{"again": (176, NOON)}), blind(BY_SYSMON, ANEW)),
    "two copies": (sysmon_host(WHOLE, **{"again": (10, WHOLE[9:60])}), {}),
    "a filtered copy": (sysmon_host(WHOLE, **{"again": (1, every_third(WHOLE))}), {}),
    "a copy fills the hole": (sysmon_host(HOLED[:39] + [lose(39)] + ticks(ALL_OF_SYSMON, BEFORE + 10 * MINUTE, LAST),
                                          **{"again": (25, WHOLE[24:90])}), {}),
    "one id for all": (sysmon_host([one for record in WHOLE for one in (count_from(7), record)]), {}),
    # The record of a start is stamped late: ids and times are a little apart.
    "times a little apart": (sysmon_host(MORNING + [(AFTER + 200, 5, {"Image": make.SHELL, "ProcessId": 800})] + NOON), {}),

    # --- the clock was set back: ids go on ---
    "clock ahead at first": (
        sysmon_host(ahead(0, 50 * MINUTE, 3 * HOUR) + ticks(ALL_OF_SYSMON, 0, 2 * HOUR + 50 * MINUTE),
                    **{SECURITY: [clock(0, 3 * HOUR + 55 * MINUTE, 0)]}), {}),
    "clock ahead at first, and records lost": (
        sysmon_host(ahead(0, 50 * MINUTE, 3 * HOUR) + [lose(4)] + ticks(ALL_OF_SYSMON, 0, 2 * HOUR + 50 * MINUTE),
                    **{SECURITY: [clock(0, 3 * HOUR + 55 * MINUTE, 0)]}),
        # Records are lost at some moment of either clock, and behind the last sample nothing is proved.
        {**blind(["file_created", "process_created"], (0, END)), "module_load": [(0, 3 * HOUR + 50 * MINUTE + 3)]}),
    # A clock that was set at another time, over the time between alone, or over years around all of it, made no id go back.
    "begun anew, and a clock set back over it alone": (
        sysmon_host(MORNING, **{"again": (1, NOON), SECURITY: [clock(1, AFTER + 1, BEFORE)]}), blind(BY_SYSMON, ANEW)),
    "begun anew, and a clock set back over years": (
        sysmon_host(MORNING, **{"again": (1, NOON), SECURITY: [clock(1, 365 * 24 * HOUR, -365 * 24 * HOUR)]}), blind(BY_SYSMON, ANEW)),
    "begun anew, and a clock set back over all of it": (
        sysmon_host(MORNING, **{"again": (1, NOON), SECURITY: [clock(1, END, 0)]}), blind(BY_SYSMON, ANEW)),
    # Nobody tells of a clock: then another log it is.
    "ids go back, and no clock was set": (sysmon_host(ahead(0, 50 * MINUTE, 3 * HOUR) + ticks(ALL_OF_SYSMON, 0, 2 * HOUR + 50 * MINUTE)),
                                          blind(BY_SYSMON, (2 * HOUR + 50 * MINUTE + 3, 3 * HOUR + 1))),

    # --- a log that speaks only when somebody acts: late or gone ---
    "the log of IIS begins": (sysmon_host(WHOLE, **{IIS: [committed(90 * MINUTE)]}), {}),
    "the log of IIS wrapped": (sysmon_host(WHOLE, **{IIS: [count_from(812), committed(90 * MINUTE)]}),
                               {"registration": [(0, 90 * MINUTE)]}),
    "the log of IIS wrapped, late by less than an hour": (sysmon_host(WHOLE, **{IIS: [count_from(812), committed(50 * MINUTE)]}), {}),
    "the log of IIS wrapped before": (sysmon_host(WHOLE, **{IIS: [count_from(812), committed(0), committed(HOUR)]}), {}),
    "the log of IIS begun anew": (sysmon_host(WHOLE, **{IIS: [committed(30), committed(60), count_from(1), committed(3 * HOUR)]}),
                                  {"registration": [(60, 3 * HOUR)]}),
}


def lose_a_line(text):
    """What stands in the middle of an export cannot be read."""
    lines = text.splitlines(keepends=True)
    lines[len(lines) // 2] = lines[len(lines) // 2][:60] + "\n"
    return "".join(lines)


# An export without record ids, a line of which cannot be read: what stood there may be of any time that no other copy proves.
# name: (log with ids or None, {link: [(from, to)]})
BESIDE = {
    "damage without ids": (None, blind(BY_SYSMON, (0, END))),
    "damage beside a whole copy": (WHOLE, blind(BY_SYSMON, *ENDS)),
    "damage beside a copy of the morning": (MORNING, blind(BY_SYSMON, (0, 1), (BEFORE + 3, END))),
    "damage beside a copy of the noon": ([count_from(76)] + NOON, blind(BY_SYSMON, (0, AFTER + 1), ENDS[1])),
    "damage beside a copy with a hole": (MORNING + [lose(1)] + NOON, blind(BY_SYSMON, ENDS[0], ANEW, ENDS[1])),
}


def write_hosts(folder):
    hosts = {}
    for number, (name, (logs, spans)) in enumerate(CASES.items()):
        host = f"R{number:02}"
        hosts[host] = (name, spans)
        logs = dict(logs)
        again = logs.pop("again", None)
        if again is not None:
            logs[(SYSMON, again[0])] = again[1]
        make.put_host(folder, host, logs)
    for number, (name, (log, spans)) in enumerate(BESIDE.items()):
        host = f"D{number:02}"
        hosts[host] = (name, spans)
        make.put_host(folder, host, {FRAME: frame(), IIS: [committed(30)], **({} if log is None else {SYSMON: log})},
                      {"events/damaged.jsonl": lose_a_line(make.as_json(host, SYSMON, WHOLE, has_ids=False))})
    # The same in Windows' own files: the new one where it belongs, the old one where somebody left it.
    hosts["E00"] = ("two files of EVTX", blind(BY_SYSMON, HOLE, ANEW))
    make.put_host(folder, "E00", {FRAME: frame(), IIS: [committed(30)]})
    make.put_evtx(os.path.join(folder, "E00", SYSMON_FILE), "E00", SYSMON, NOON)
    make.put_evtx(os.path.join(folder, "E00", OLD_FILE), "E00", SYSMON, HOLED)
    return hosts


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    hosts = write_hosts(folder)
    wrong = []
    for n_threads in ("1", "2"):
        records = make.ask(folder, "--jobs", n_threads)
        wrong += [f"{host} {name}: {text}" for host, (name, spans) in hosts.items() for text in differences(records, host, spans)]
        words = [why for span in records["R00", "AN1108"]["spans"] for why in span["why"]]
        if not any("the log of Sysmon was begun anew" in why for why in words):
            wrong.append(f"R00: {words}")
    print("\n".join(wrong) or f"{len(hosts)} hosts are blind for the records that are missing, and for nothing else")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
