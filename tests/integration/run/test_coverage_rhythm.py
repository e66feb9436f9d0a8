#!/usr/bin/env python3
"""A short silence of a log that speaks all the time shows, also in a log of 200 days; nights and weekends do not.

usage: test_coverage_rhythm.py FOLDER

Each host has a log of Sysmon of 200 days that speaks in its own rhythm, and another log that speaks around the clock. What is expected
comes from the rhythm, of the log or of the processes it tells of: silence is odd at an hour at which the log otherwise speaks, and ordinary where it is silent every night or every
weekend. BEGIN is a Monday, ten o'clock.
"""
import os
import shutil
import sys

import coverage_hosts as make
from coverage_hosts import BY_SYSMON, FRAME, HOUR, IIS, MINUTE, SYSMON, committed, created, link_spans, loaded, started

DAY, DAYS = 24 * HOUR, 200
END = DAYS * DAY
EVERY = 30 * MINUTE
TUESDAY = 127 * DAY  # a Monday 18 weeks later, and a day: a Tuesday, ten o'clock
KINDS = [started, created, loaded]


def around_the_clock(second):
    return True


def in_office_hours(second):
    """Eight to eighteen o'clock, Monday to Friday."""
    hour = (second + 10 * HOUR) % DAY // HOUR
    return 8 <= hour < 18 and (second + 10 * HOUR) // DAY % 7 < 5


def but_for(speaks, *silences):
    return lambda second: speaks(second) and not any(first < second < last for first, last in silences)


NOON = (TUESDAY + HOUR, TUESDAY + 3 * HOUR + 30 * MINUTE)  # between its ends: two and a half hours
MIDNIGHT = (TUESDAY + 13 * HOUR, TUESDAY + 15 * HOUR + 30 * MINUTE)
SUNDAY = (TUESDAY + 5 * DAY, TUESDAY + 5 * DAY + 4 * HOUR)
EVERY_NIGHT = [(day * DAY + 16 * HOUR, day * DAY + 18 * HOUR + 30 * MINUTE) for day in range(DAYS)]

# name: (when Sysmon speaks, in which spans it is silent as it never is). A span begins with the last record before it.
CASES = {
    "around the clock": (around_the_clock, []),
    "around the clock, silent at noon": (but_for(around_the_clock, NOON), [NOON]),
    "around the clock, silent at midnight": (but_for(around_the_clock, MIDNIGHT), [MIDNIGHT]),
    "around the clock, but for two hours every night": (but_for(around_the_clock, *EVERY_NIGHT), []),
    "two hours every night, silent at noon": (but_for(around_the_clock, NOON, *EVERY_NIGHT), [NOON]),
    "office hours": (in_office_hours, []),
    "office hours, silent at noon": (but_for(in_office_hours, NOON), [NOON]),
    "office hours, silent on a Sunday": (but_for(in_office_hours, SUNDAY), []),
}


# Processes of a log that goes on: (when they start, in which spans they do not, as never otherwise).
STARTS = {
    "processes around the clock": (around_the_clock, []),
    "no process at noon": (but_for(around_the_clock, NOON), [NOON]),
    "processes in office hours": (in_office_hours, []),
    "processes in office hours, none at noon": (but_for(in_office_hours, NOON), [NOON]),
    "processes in office hours, none on a Sunday": (but_for(in_office_hours, SUNDAY), []),
    "no process for two hours every night": (but_for(around_the_clock, *EVERY_NIGHT), []),
    "no process for an hour": (but_for(around_the_clock, (TUESDAY + HOUR, TUESDAY + 2 * HOUR)), []),
    "no process from then on": (but_for(around_the_clock, (TUESDAY, END + 1)), [(TUESDAY, END + 1)]),  # 73 days: no week is like it
}


def write_hosts(folder):
    for number, (speaks, _) in enumerate(CASES.values()):
        moments = [at for at in range(0, END + 1, EVERY) if speaks(at)]
        sysmon = [KINDS[place % 3](at) for place, at in enumerate(moments)]
        make.put_host(folder, f"Y{number:02}", {FRAME: [(at, 1000, {}) for at in range(0, END + 1, HOUR)], SYSMON: sysmon,
                                                IIS: [committed(30)]})


    for number, (speaks, _) in enumerate(STARTS.values()):
        sysmon = [one for at in range(0, END + 1, EVERY) for one in ([started(at)] if speaks(at) else []) + [created(at + 1)]]
        make.put_host(folder, f"S{number:02}", {FRAME: [(at, 1000, {}) for at in range(0, END + 1, HOUR)], SYSMON: sysmon,
                                                IIS: [committed(30)]})


def differences(record, wanted, links):
    for link in BY_SYSMON[:2]:
        said = link_spans(record, link)
        due = [[make.time_of(at) for at in span] for span in wanted] if link in links else []
        if said != due:
            yield f"{link} is blind {said}, not {due}"


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    write_hosts(folder)
    records = make.ask(folder)
    wrong = [f"{name}: {text}" for number, (name, (_, spans)) in enumerate(CASES.items())
             for text in differences(records[f"Y{number:02}", "AN1108"], spans, BY_SYSMON)]
    wrong += [f"{name}: {text}" for number, (name, (_, spans)) in enumerate(STARTS.items())
              for text in differences(records[f"S{number:02}", "AN1108"], spans, ["process_created"])]
    shutil.rmtree(folder)
    print("\n".join(wrong) or f"{len(CASES) + len(STARTS)} hosts: what is silent as it never is shows, and nothing else")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
