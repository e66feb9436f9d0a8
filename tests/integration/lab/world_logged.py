"""Checks for tests: is everything that a generated host logged what it is said to log, and what collectors brought of it?

Each check gets a world, a host and `report(text)`; it says what it found and goes on.
"""
from world_read import IIS_CONFIGURATION, SECOND, SYSMON, show_time, ticks

WEB_PROCESSES = {"w3wp.exe", "httpd.exe", "nginx.exe", "php-cgi.exe", "java.exe", "tomcat9.exe", "node.exe"}
FULL = {1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 29, 255}
PRESETS = {"full": FULL, "common": {1, 2, 3, 4, 5, 8, 11, 12, 13, 15, 16, 22, 255}, "minimal": {1, 4, 5, 16, 255}}
SECURITY_SWITCHES = {  # switch: (default, ids)
    "ProcessCreation": (True, {4688}), "ProcessTermination": (True, {4689}),
    "Logon": (True, {4624, 4625, 4634, 4648, 4672}), "FileSystem": (True, {4656, 4660, 4663, 4670}),
    "FileShare": (False, {5145}), "PolicyChange": (True, {4719, 4907}), "Registry": (False, {4657}),
    "OtherObjectAccess": (True, {4698, 4702})}
TAKES_AWAY = ("sysmon-state", "sysmon-config", "log-channel", "event-log", "audit-policy", "service", "clear-log",
              "lose-records", "set-clock")
LEFT_OUT = {"Sysmon": SYSMON, "PowerShell": "Microsoft-Windows-PowerShell/Operational",
            "IIS-Configuration": IIS_CONFIGURATION}


def base_name(path):
    return path.rsplit("\\", 1)[-1].lower()


def yes(value, default):
    return default if value is None else str(value).lower() == "true"


def security_on(host, switch):
    security = host.telemetry.get("security") or {}
    if security == "none" or "Security" in (host.collect.get("leave_out") or []):
        return False
    return yes(security.get(switch), SECURITY_SWITCHES.get(switch, (True,))[0])


def cleared(host, channel):
    return any(event.event_id == 1102 and channel == "Security" or event.event_id == 104 and
               event.data.get("Channel") == channel for event in host.events if event.channel in ("Security", "System"))


def acts_of(world, host, verb):
    """Acts with that verb on that host: (act line of the manifest, details)."""
    return [(line, world.acts[line["id"]][verb]) for line in world.lines_of("act")
            if line["verb"] == verb and line["host"] == host.name]


def check_telemetry(world, host, report):
    """Nothing is there that is not logged or was not collected."""
    sysmon, security = host.telemetry.get("sysmon") or {}, host.telemetry.get("security") or {}
    left_out = host.collect.get("leave_out") or []
    left_out = [LEFT_OUT.get(word, word) for word in (left_out if isinstance(left_out, list) else [left_out])]
    allowed = set() if sysmon == "none" else PRESETS[sysmon.get("preset", "full")]
    off = set()
    for switch, (_, ids) in SECURITY_SWITCHES.items():
        off |= set() if security_on(host, switch) else ids
    sacl = [folder.lower() + "\\" for folder in host.telemetry.get("sacl") or []]
    for event in host.events + host.copies:
        if event.channel in left_out:
            report("%s was not collected" % event)
        if event.channel == SYSMON and event.event_id not in allowed:
            report("%s: Sysmon does not log %d" % (event, event.event_id))
        if event.channel == SYSMON and event.event_id == 7 and base_name(event.data["Image"]) not in WEB_PROCESSES:
            report("%s: load of %s" % (event, event.data["Image"]))
        if event.channel == "Security" and event.event_id in off or security == "none" and event.channel == "Security":
            report("%s is switched off" % event)
        if event.channel == "Security" and event.event_id in (4656, 4663, 4670) and not any(
                (event.data["ObjectName"].lower() + "\\").startswith(folder) for folder in sacl) and not any(
                act.get("shown") == event.data["ObjectName"] for _, act in acts_of(world, host, "write")):
            report("%s: no SACL on %s" % (event, event.data["ObjectName"]))
        if event.channel == IIS_CONFIGURATION and not yes(host.telemetry.get("iis_configuration"), True):
            report("%s: auditing of the configuration is off" % event)
        if event.event_id == 4104 and not yes(host.telemetry.get("script_blocks"), True):
            report("%s: script blocks are off" % event)


def process_starts(host, channel):
    """Times of process creations, where the host logs all of them from the beginning and nobody touches that."""
    sysmon = host.telemetry.get("sysmon") or {}
    is_sysmon = channel == SYSMON
    if is_sysmon and (sysmon == "none" or "ProcessCreate" in sysmon or "ProcessCreate exclude" in sysmon):
        return None
    if not is_sysmon and not security_on(host, "ProcessCreation"):
        return None
    left_out = host.collect.get("leave_out") or []
    if channel in [LEFT_OUT.get(word, word) for word in (left_out if isinstance(left_out, list) else [left_out])]:
        return None
    return sorted(event.time for event in host.events
                  if event.channel == channel and event.event_id == (1 if is_sysmon else 4688))


def check_never_rests(world, host, report):
    """Windows itself starts something at least every half an hour until the end, whatever the scenario tells of the host."""
    if host.wanted.get("clock") or any(acts_of(world, host, verb) for verb in TAKES_AWAY):
        return
    for channel in (SYSMON, "Security"):
        times = process_starts(host, channel)
        if times is None:
            continue
        edges = [ticks(world.run["from"])] + times + [ticks(world.run["to"])]
        for before, after in zip(edges, edges[1:]):
            if after - before > 2400 * SECOND:
                report("%s tells of no process from %s to %s" % (channel, show_time(before), show_time(after)))


def check_copies(world, host, report):
    """What a second collector brought says the same."""
    if not host.collect.get("also"):
        return
    first = {(event.channel, event.record_id): event for event in host.events}
    for event in host.copies:
        other = first.pop((event.channel, event.record_id), None)
        if other is None:
            report("%s is in the copy only" % event)
        elif other.event_id != event.event_id or any(
                value.replace("\r\n", "\n") != other.data.get(name, "").replace("\r\n", "\n").rstrip("\n")
                for name, value in event.data.items()):
            report("%s: the copy says something else" % event)
    for event in first.values():
        if not cleared(host, event.channel):
            report("%s is not in the copy" % event)
