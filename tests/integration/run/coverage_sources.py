"""Which link of which analytic depends on which source: the expectations of test_coverage_sources.py.

Written from the two analytics and from what Windows, Sysmon and IIS log, not from what the program says. A link is proved when one
of its witnesses was seen under the right folder or process, or settings show that it would have been:

    file_created      Sysmon 11 or Security 4663 (subcategory and audit entry) under a web root             AN1108, required
    process_created   Sysmon 1, or Security 4688 with command line                                          AN1108, required
    configuration     applicationHost.config                                                                AN0184, required
    registration      a record of IIS-Configuration, or Sysmon 11 or Security 4663 in inetsrv\\config        AN0184, required
    module_load       Sysmon 7 with a worker as Image                                                       AN0184, required
    request, compiled, logon, network, and of AN0184 process_created: shown, and decide nothing

A host logs what its BASE says. A row takes one thing away from it and says which links that changes, to what; all others stay as
they are in the base. The verdicts are blind for AN1108 or AN0184 where the row or the base has a required link that is not proved.

States: proved; stated: a collected configuration says so, which nothing shows to have been loaded; not-proved: one of its logs is
there and nothing shows that it would have told; absent: none of its logs is there, or settings say that nothing is logged; unproved:
one of these two. A row of a base with settings has them of what is then logged.
"""

ROOT, CONFIG_FOLDER, COMPILER = "C:\\inetpub\\wwwroot", "C:\\Windows\\System32\\inetsrv\\config", "C:\\Windows\\Microsoft.NET"
LINKS = {
    "AN1108": {"file_created": True, "process_created": True, "request": False, "compiled": False, "logon": False, "network": False},
    "AN0184": {"configuration": True, "registration": True, "module_load": True, "process_created": False, "logon": False, "network": False},
}
EVERY_LINK = sorted({link for links in LINKS.values() for link in links})

NO_SETTINGS, ALL_SETTINGS = ["nothing"], ["sysmon", "report", "channels", "sacl", "registry"]
FOLDERS = [ROOT, CONFIG_FOLDER, COMPILER]

# What hosts log before something is taken away: telemetry, settings that are collected, links that are not proved.
BASES = {
    "all": ({"sacl": FOLDERS}, NO_SETTINGS, {}),
    "all told": ({"sacl": FOLDERS}, ALL_SETTINGS, {}),
    # No witness twice: Sysmon alone, the Security log alone, and a host that sees neither files.
    "sysmon": ({"security": "none", "iis_configuration": False}, NO_SETTINGS, {"logon": "absent"}),
    "sysmon told": ({"security": "none", "iis_configuration": False}, ALL_SETTINGS, {"logon": "absent"}),
    "security": ({"sysmon": "none", "iis_configuration": False, "sacl": FOLDERS}, NO_SETTINGS,
                 {"module_load": "absent", "network": "absent"}),
    "security told": ({"sysmon": "none", "iis_configuration": False, "sacl": FOLDERS}, ALL_SETTINGS,
                      {"module_load": "absent", "network": "absent"}),
    "no files": ({"sysmon": {"FileCreate": "none"}, "security": {"FileSystem": False}}, NO_SETTINGS,
                 {"file_created": "not-proved", "compiled": "not-proved"}),
    "no files told": ({"sysmon": {"FileCreate": "none"}, "security": {"FileSystem": False}}, ALL_SETTINGS,
                      {"file_created": "absent", "compiled": "absent"}),
}

NOBODY = ["FileCreateTime", "ProcessTerminate", "CreateRemoteThread", "ProcessAccess", "RegistryEvent", "FileCreateStreamHash",
          "PipeEvent", "WmiEvent", "DnsQuery", "FileDelete", "ProcessTampering", "FileDeleteDetected", "FileExecutableDetected"]
ALL_OF_SYSMON_11 = ["compiled", "file_created", "registration"]


def sysmon(**types):
    return {"sysmon": types}


def without_folder(folder):
    return {"sysmon": {"FileCreate exclude": ["TargetFilename begin with " + folder]}}


def each(links, state):
    return {link: state for link in links}


def no_files_of(folder):
    return {"sacl": [other for other in FOLDERS if other != folder]}


W3C = ["date", "time", "cs-method", "cs-uri-stem", "c-ip", "sc-status", "cs(User-Agent)"]


def w3c_without(field):
    return {"w3c": [one for one in W3C if one != field]}


# Files that no link asks for: collected of the rows that are about them and where nothing is taken away, and else left out, to be quick.
FILES, WITH_FILES = ["history", "web_files", "modules"], {"nothing", "history", "web files", "modules"}

# (base, what is taken away, how, what that changes). `leave_out` is of the collection, all else of what is logged.
ROWS = [
    # --- where every link has a second witness, only those that have none change ---
    ("all", "nothing", {}, {}),
    ("all", "Sysmon", {"sysmon": "none"}, each(["module_load", "network"], "absent")),
    ("all", "Sysmon's log", {"leave_out": ["Sysmon"]}, each(["module_load", "network"], "absent")),
    ("all", "Sysmon 1", sysmon(ProcessCreate="none"), {}),
    ("all", "Sysmon 3", sysmon(NetworkConnect="none"), {"network": "not-proved"}),
    ("all", "Sysmon 7", sysmon(ImageLoad="none"), {"module_load": "not-proved"}),
    ("all", "Sysmon 11", sysmon(FileCreate="none"), {}),
    *[("all", f"Sysmon {kind}", sysmon(**{kind: "none"}), {}) for kind in NOBODY],
    ("all", "Security", {"security": "none"}, {"logon": "absent"}),
    ("all", "Security log", {"leave_out": ["Security"]}, {"logon": "absent"}),
    ("all", "Security 4688", {"security": {"ProcessCreation": False}}, {}),
    ("all", "command lines of 4688", {"security": {"CommandLine": False}}, {}),
    ("all", "Security 4663", {"security": {"FileSystem": False}}, {}),
    ("all", "audit entry of the root", no_files_of(ROOT), {}),
    ("all", "Security 4624", {"security": {"Logon": False}}, {"logon": "not-proved"}),
    ("all", "Security 4689", {"security": {"ProcessTermination": False}}, {}),
    ("all", "Security 4719", {"security": {"PolicyChange": False}}, {}),
    ("all", "Security 4698", {"security": {"OtherObjectAccess": False}}, {}),
    ("all", "IIS-Configuration", {"iis_configuration": False}, {}),
    ("all", "PowerShell 4104", {"script_blocks": False}, {}),
    ("all", "PowerShell log", {"leave_out": ["PowerShell"]}, {}),
    ("all", "System log", {"leave_out": ["System"]}, {}),
    ("all", "Application log", {"leave_out": ["Application"]}, {}),
    ("all", "HTTPERR", {"leave_out": ["HTTPERR"]}, {}),
    ("all", "history", {"leave_out": ["history"]}, {}),
    ("all", "web files", {"leave_out": ["web_files"]}, {}),
    ("all", "modules", {"leave_out": ["modules"]}, {}),
    ("all", "request logs", {"w3c": False}, {"request": "absent"}),
    ("all", "request logs collected", {"leave_out": ["W3C"]}, {"request": "absent"}),
    ("all", "nothing of W3C that counts", w3c_without("cs(User-Agent)"), {}),
    *[("all", f"W3C {field}", w3c_without(field), {"request": "not-proved"})
      for field in ("cs-method", "cs-uri-stem", "c-ip", "sc-status")],
    ("all", "configuration", {"leave_out": ["configuration"]}, {"configuration": "absent"}),

    ("all told", "nothing", {}, {}),
    ("all told", "Sysmon", {"sysmon": "none"}, each(["module_load", "network"], "absent")),
    # Sysmon's configuration says that it logged; what it logged nobody can look at.
    ("all told", "Sysmon's log", {"leave_out": ["Sysmon"]}, each(["module_load", "network"], "absent")),
    ("all told", "Sysmon 1", sysmon(ProcessCreate="none"), {}),
    ("all told", "Sysmon 3", sysmon(NetworkConnect="none"), {"network": "absent"}),
    ("all told", "Sysmon 7", sysmon(ImageLoad="none"), {"module_load": "absent"}),
    ("all told", "Sysmon 11", sysmon(FileCreate="none"), {}),
    ("all told", "Security log", {"leave_out": ["Security"]}, {"logon": "absent"}),
    ("all told", "Security 4688", {"security": {"ProcessCreation": False}}, {}),
    ("all told", "command lines of 4688", {"security": {"CommandLine": False}}, {}),
    ("all told", "Security 4663", {"security": {"FileSystem": False}}, {}),
    ("all told", "Security 4624", {"security": {"Logon": False}}, {"logon": "absent"}),
    ("all told", "IIS-Configuration", {"iis_configuration": False}, {}),
    ("all told", "configuration", {"leave_out": ["configuration"]}, {"configuration": "absent"}),
    ("all told", "request logs", {"w3c": False}, {"request": "absent"}),

    # --- Sysmon alone ---
    ("sysmon", "nothing", {}, {}),
    ("sysmon", "Sysmon", {"sysmon": "none"}, each([*ALL_OF_SYSMON_11, "process_created", "module_load", "network"], "absent")),
    ("sysmon", "Sysmon's log", {"leave_out": ["Sysmon"]},
     each([*ALL_OF_SYSMON_11, "process_created", "module_load", "network"], "absent")),
    ("sysmon", "Sysmon 1", sysmon(ProcessCreate="none"), {"process_created": "not-proved"}),
    ("sysmon", "Sysmon 3", sysmon(NetworkConnect="none"), {"network": "not-proved"}),
    ("sysmon", "Sysmon 3 of workers", {"sysmon": {"NetworkConnect": ["Image image svchost.exe"]}}, {"network": "not-proved"}),
    ("sysmon", "Sysmon 7", sysmon(ImageLoad="none"), {"module_load": "not-proved"}),
    ("sysmon", "Sysmon 7 of workers", {"sysmon": {"ImageLoad": ["Image image svchost.exe"]}}, {"module_load": "not-proved"}),
    ("sysmon", "Sysmon 11", sysmon(FileCreate="none"), each(ALL_OF_SYSMON_11, "not-proved")),
    ("sysmon", "Sysmon 11 of the root", without_folder(ROOT), {"file_created": "not-proved"}),
    ("sysmon", "Sysmon 11 of configuration", without_folder(CONFIG_FOLDER), {"registration": "not-proved"}),
    ("sysmon", "Sysmon 11 of the compiler", without_folder(COMPILER), {"compiled": "not-proved"}),
    ("sysmon", "configuration", {"leave_out": ["configuration"]}, {"configuration": "absent"}),

    # The usual configurations of others. "common" writes down files by their endings (none of a picture) and connections of shells;
    # "minimal" starts and ends of processes.
    ("sysmon", "all but the preset common", sysmon(preset="common"), each(["file_created", "module_load", "network"], "not-proved")),
    ("sysmon", "all but the preset minimal", sysmon(preset="minimal"), each([*ALL_OF_SYSMON_11, "module_load", "network"], "not-proved")),
    ("sysmon told", "all but the preset common", sysmon(preset="common"),
     {"file_created": "unproved", "module_load": "absent", "network": "unproved"}),
    ("sysmon told", "all but the preset minimal", sysmon(preset="minimal"), each([*ALL_OF_SYSMON_11, "module_load", "network"], "absent")),

    ("sysmon told", "nothing", {}, {}),
    ("sysmon told", "Sysmon's log", {"leave_out": ["Sysmon"]},
     each([*ALL_OF_SYSMON_11, "process_created", "module_load", "network"], "absent")),
    ("sysmon told", "Sysmon 1", sysmon(ProcessCreate="none"), {"process_created": "absent"}),
    ("sysmon told", "Sysmon 3", sysmon(NetworkConnect="none"), {"network": "absent"}),
    ("sysmon told", "Sysmon 3 of workers", {"sysmon": {"NetworkConnect": ["Image image svchost.exe"]}}, {"network": "unproved"}),
    ("sysmon told", "Sysmon 7", sysmon(ImageLoad="none"), {"module_load": "absent"}),
    ("sysmon told", "Sysmon 7 of workers", {"sysmon": {"ImageLoad": ["Image image svchost.exe"]}}, {"module_load": "unproved"}),
    ("sysmon told", "Sysmon 11", sysmon(FileCreate="none"), each(ALL_OF_SYSMON_11, "absent")),
    ("sysmon told", "Sysmon 11 of the root", without_folder(ROOT), {"file_created": "unproved"}),
    ("sysmon told", "Sysmon 11 of configuration", without_folder(CONFIG_FOLDER), {"registration": "unproved"}),
    ("sysmon told", "Sysmon 11 of the compiler", without_folder(COMPILER), {"compiled": "unproved"}),

    # --- the Security log alone ---
    ("security", "nothing", {}, {}),
    ("security", "Security", {"security": "none"}, each([*ALL_OF_SYSMON_11, "process_created", "logon"], "absent")),
    ("security", "Security log", {"leave_out": ["Security"]}, each([*ALL_OF_SYSMON_11, "process_created", "logon"], "absent")),
    ("security", "Security 4688", {"security": {"ProcessCreation": False}}, {"process_created": "not-proved"}),
    ("security", "command lines of 4688", {"security": {"CommandLine": False}}, {"process_created": "not-proved"}),
    ("security", "Security 4663", {"security": {"FileSystem": False}}, each(ALL_OF_SYSMON_11, "not-proved")),
    ("security", "audit entry of the root", no_files_of(ROOT), {"file_created": "not-proved"}),
    ("security", "audit entry of configuration", no_files_of(CONFIG_FOLDER), {"registration": "not-proved"}),
    ("security", "audit entry of the compiler", no_files_of(COMPILER), {"compiled": "not-proved"}),
    ("security", "Security 4624", {"security": {"Logon": False}}, {"logon": "not-proved"}),
    ("security", "Security 4689", {"security": {"ProcessTermination": False}}, {}),

    ("security told", "nothing", {}, {}),
    ("security told", "Security log", {"leave_out": ["Security"]}, each([*ALL_OF_SYSMON_11, "process_created", "logon"], "absent")),
    ("security told", "Security 4688", {"security": {"ProcessCreation": False}}, {"process_created": "absent"}),
    ("security told", "command lines of 4688", {"security": {"CommandLine": False}}, {"process_created": "absent"}),
    ("security told", "Security 4663", {"security": {"FileSystem": False}}, each(ALL_OF_SYSMON_11, "absent")),
    ("security told", "audit entry of the root", no_files_of(ROOT), {"file_created": "absent"}),
    ("security told", "audit entry of configuration", no_files_of(CONFIG_FOLDER), {"registration": "unproved"}),
    ("security told", "Security 4624", {"security": {"Logon": False}}, {"logon": "absent"}),

    # --- where only IIS-Configuration tells of registration ---
    ("no files", "nothing", {}, {}),
    ("no files", "IIS-Configuration", {"iis_configuration": False}, {"registration": "not-proved"}),
    ("no files", "IIS-Configuration's log", {"leave_out": ["IIS-Configuration"]}, {"registration": "not-proved"}),
    ("no files told", "nothing", {}, {}),
    ("no files told", "IIS-Configuration", {"iis_configuration": False}, {"registration": "absent"}),
    ("no files told", "IIS-Configuration's log", {"leave_out": ["IIS-Configuration"]}, {"registration": "absent"}),
]

# Nothing happened that would have been a sample. `told`: settings show it; else nothing does, and the verdict says what would.
QUIET_ROWS = [
    ("all told", "samples of files", ["write"], {}),
    ("all", "samples of files", ["write"], {"file_created": "not-proved"}),
    ("all told", "samples of registration", ["configure"], {}),
    # That the configuration was loaded is shown by nothing: no event 16 in the log, no hash in the registry.
    ("sysmon told", "samples of files", ["write"], {"file_created": "stated"}),
    ("sysmon", "samples of files", ["write"], {"file_created": "not-proved"}),
    ("sysmon", "samples of registration", ["configure"], {"registration": "not-proved"}),
    ("sysmon told", "samples of registration", ["configure"], {"registration": "stated"}),
    ("security told", "samples of files", ["write"], {}),
    ("security", "samples of files", ["write"], {"file_created": "not-proved"}),
]

# A log is cleared at CLEARED_AT, in the middle: the links that it alone shows are blind until then, and for that span only.
CLEARED_AT = "07:00:00"
CLEARED_ROWS = [
    ("all told", "Sysmon", each(["module_load", "network"], "gap")),
    ("all told", "Security", {"logon": "gap"}),
    ("all told", "System", {}),
    ("sysmon told", "Sysmon", each([*ALL_OF_SYSMON_11, "process_created", "module_load", "network"], "gap")),
    ("security told", "Security", each([*ALL_OF_SYSMON_11, "process_created", "logon"], "gap")),
]

# What the fix of a link that is not proved must name: one of these, the setting that would close it; or, where the log was written and
# only left out of the collection, to bring it.
FIX_OF_A_COLLECTION = "bring the log"
FIX_WORDS = {
    "file_created": ["FileCreate", "0CCE921D"],
    "process_created": ["ProcessCreate", "0CCE922B"],
    "configuration": ["inetsrv\\config"],
    "registration": ["Microsoft-IIS-Configuration/Operational", "FileCreate"],
    "module_load": ["ImageLoad"],
}
