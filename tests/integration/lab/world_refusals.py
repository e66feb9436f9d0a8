"""Scenarios that cannot be, for tests: each contradicts itself or is malformed, and is to be refused.

A row is (name, reason words of which one must be said, text or a function of the base). The base is a small scenario that
is accepted; `line` is the number of the line the refusal must name, found as that of the last line with `<<<` (the mark is
taken out), or None when any line of the file will do.
"""
BASE = r"""scenario: base
about: >
  A small scenario.
family: webshell
start: 2026-01-05T06:00:00Z
end: 2026-01-05T18:00:00Z
names:
  page: [thumbs, banner]
accounts:
  - {name: svc_deploy, rid: 1605, privileged: true}
hosts:
  - name: WEB01
    address: 10.20.1.21
    role: aspnet
life:
  - web-traffic: {site: Default Web Site, per_hour: 5}
acts:
  - at: 09:00:00
    id: logon1
    logon: {as: net1, account: svc_deploy, type: 3, from: 10.20.1.70}
attack:
  - at: 10:00:00
    id: drop
    write: {by: 'worker:DefaultAppPool', file: 'C:\inetpub\wwwroot\uploads\${page}.aspx', content: {page: shell}}
  - after: 15s
    id: visit
    request: {site: Default Web Site, url: '/uploads/${page}.aspx', from: 203.0.113.57}
  - after: 80ms
    id: shell
    start: {as: cmd1, by: 'worker:DefaultAppPool', image: 'C:\Windows\System32\cmd.exe', command: '"cmd.exe" /c whoami', lives: 150ms}
#ACTS
truth:
  must:
    - finding: web shell
      analytic: AN1108
      acts: [drop, visit, shell]
      level: medium
  coverage:
    WEB01: {AN1108: detected, AN0184: clear}
"""


def act(text):
    """The base with one more act of the attack."""
    return BASE.replace("#ACTS\n", text + "\n")


def swap(old, new):
    assert BASE.count(old) == 1, old
    return BASE.replace(old, new)


CMD = r"image: 'C:\Windows\System32\cmd.exe'"
LOOP = "".join("x%d: &a%d [*a%d, *a%d, *a%d]\n" % (i, i, i - 1, i - 1, i - 1) for i in range(1, 12))

ROWS = [
    # processes and sessions
    ("child before its parent", ["cmd9"], act("  - after: 1s\n    start: {by: cmd9, %s}<<<\n"
                                              "  - after: 1s\n    start: {as: cmd9, by: services, %s}" % (CMD, CMD))),
    ("ended parent", ["end"], act("  - after: 5m\n    start: {by: cmd1, %s}<<<" % CMD)),
    ("parent ended by an act", ["end"], act("  - after: 1s\n    start: {as: a1, by: services, %s}\n  - after: 1s\n"
                                            "    end: {process: a1}\n  - after: 1s\n    start: {by: a1, %s}<<<" % (CMD, CMD))),
    ("ended twice", ["end"], act("  - after: 1s\n    start: {as: a1, by: services, %s}\n  - after: 1s\n"
                                 "    end: {process: a1}\n  - after: 1s\n    end: {process: a1}<<<" % CMD)),
    ("process of another host", ["process", "cmd1"], swap("life:\n", "  - {name: WEB02, address: 10.20.1.22, role: iis}\nlife:\n")
     .replace("#ACTS\n", "  - after: 1ms\n    host: WEB02\n    start: {by: cmd1, %s}<<<\n" % CMD)),
    ("key twice", ["cmd1", "key", "twice"], act("  - after: 1ms\n    start: {as: cmd1, by: services, %s}<<<" % CMD)),
    ("unknown key", ["nobody"], act("  - after: 1s\n    start: {by: nobody, %s}<<<" % CMD)),
    ("unknown session", ["rdp9"], act("  - after: 1s\n    logoff: {session: rdp9}<<<")),
    ("desktop of a network logon", ["explorer", "desktop"], act("  - after: 1s\n    start: {by: 'explorer:net1', %s}<<<" % CMD)),
    ("logged off twice", ["net1"], act("  - after: 1s\n    logoff: {session: net1}\n  - after: 1s\n    logoff: {session: net1}<<<")),
    ("start in a closed session", ["net1"], act("  - after: 1s\n    logoff: {session: net1}\n  - after: 1s\n"
                                                "    start: {by: services, session: net1, %s}<<<" % CMD)),
    ("unknown account", ["nobody"], act("  - after: 1s\n    logon: {as: n2, account: nobody}<<<")),
    ("unknown type of logon", ["type"], act("  - after: 1s\n    logon: {as: n2, account: svc_deploy, type: 77}<<<")),
    ("session key twice", ["net1"], act("  - after: 1s\n    logon: {as: net1, account: svc_deploy}<<<")),
    # places and things that are not there
    ("unknown host", ["WEB09"], act("  - after: 1s\n    host: WEB09<<<\n    request: {site: Default Web Site, url: /, from: 10.0.0.1}")),
    ("unknown site", ["Shop"], act("  - after: 1s\n    request: {site: Shop, url: /, from: 10.0.0.1}<<<")),
    ("unknown pool", ["ShopPool"], act("  - after: 1s\n    recycle: {pool: ShopPool}<<<")),
    ("worker of an unknown pool", ["Nowhere"], act("  - after: 1s\n    start: {by: 'worker:Nowhere', %s}<<<" % CMD)),
    ("site in an unknown pool", ["NoPool"], swap("    role: aspnet\n", "    role: aspnet\n    sites:\n      - {name: Shop, id: 2, "
                                                 "binding: '*:81:', pool: NoPool, root: 'C:\\x'}<<<\n")),
    ("deletes what is not there", ["there", "no"], act("  - after: 1s\n    delete: {by: services, file: 'C:\\inetpub\\no.aspx'}<<<")),
    ("renames what is not there", ["there", "no"], act("  - after: 1s\n    rename: {by: services, file: 'C:\\no.aspx', to: 'C:\\a'}<<<")),
    ("modifies what is not there", ["there", "no"], act("  - after: 1s\n    modify: {by: services, file: 'C:\\no.aspx'}<<<")),
    ("loads what is deleted", ["there", "no"], act("  - after: 1s\n    write: {by: services, file: 'C:\\Temp\\a.dll'}\n  - after: 1s\n"
                                                   "    delete: {by: services, file: 'C:\\Temp\\a.dll'}\n  - after: 1s\n"
                                                   "    load: {by: services, dll: 'C:\\Temp\\a.dll'}<<<")),
    ("removes an entry that is not there", ["Nobody"], act("  - after: 1s\n    configure: {by: services, changes: [{remove: modules, "
                                                           "name: Nobody}]}<<<")),
    ("adds an entry a second time", ["StaticFileModule"], act(
        "  - after: 1s\n    configure: {by: services, changes: [{add: globalModules, name: StaticFileModule, image: a.dll}]}<<<")),
    ("unknown section", ["nonsense"], act("  - after: 1s\n    configure: {by: services, changes: [{add: nonsense, name: a}]}<<<")),
    # telemetry
    ("asks for a trace that is not logged", ["Sysmon 10", "seen", "log"], act(
        "  - after: 1s\n    seen: [Security 5145]<<<\n    request: {site: Default Web Site, url: /, from: 10.0.0.1}")),
    ("trace of a switched off Sysmon", ["Sysmon"], swap("    role: aspnet\n", "    role: aspnet\n    telemetry: {sysmon: none}\n")
     .replace("    id: shell\n", "    id: shell\n    seen: [Sysmon 1]<<<\n")),
    ("unknown preset", ["preset"], swap("    role: aspnet\n", "    role: aspnet\n    telemetry: {sysmon: {preset: everything}}<<<\n")),
    ("unknown event type", ["FileCreated"], swap("    role: aspnet\n", "    role: aspnet\n    telemetry: {sysmon: {FileCreated: all}}<<<\n")),
    ("unknown form", ["form"], swap("    role: aspnet\n", "    role: aspnet\n    collect: {as: parquet}<<<\n")),
    ("unknown condition", ["near", "condition"], swap("    role: aspnet\n", "    role: aspnet\n    telemetry: {sysmon: {FileCreate: "
                                                      "[TargetFilename near C]}}<<<\n")),
    # names and numbers
    ("unknown verb", ["hack"], act("  - after: 1s\n    hack: {by: services}<<<")),
    ("two verbs", ["verb", "two", "one", "start", "end"], act("  - after: 1s\n    start: {by: services, %s}\n    end: {process: cmd1}<<<" % CMD)),
    ("no verb", ["verb", "nothing"], act("  - after: 1s<<<\n    id: nothing")),
    ("unknown detail", ["colour"], act("  - after: 1s\n    start: {by: services, %s, colour: red}<<<" % CMD)),
    ("missing detail", ["image"], act("  - after: 1s\n    start: {by: services}<<<")),
    ("unknown top key", ["colour"], BASE + "colour: red<<<\n"),
    ("unknown role", ["apache"], swap("role: aspnet", "role: apache<<<")),
    ("unknown Windows", ["2016"], swap("role: aspnet", "role: aspnet\n    windows: 2012<<<")),
    ("unknown family", ["zoo"], swap("family: webshell", "family: zoo<<<")),
    ("unknown life", ["dancing"], swap("  - web-traffic: {site: Default Web Site, per_hour: 5}", "  - dancing: {every: 1h}<<<")),
    ("life on an unknown site", ["Shop", "no host fits"], swap("web-traffic: {site: Default Web Site, per_hour: 5}", "web-traffic: {site: Shop, per_hour: 5}<<<")),
    ("unknown name", ["nobody"], swap("/uploads/${page}.aspx', from", "/uploads/${nobody}.aspx', from<<<")),
    ("name without end", ["${page", "name", "end"], swap("/uploads/${page}.aspx', from", "/uploads/${page', from<<<")),
    ("names that go in a circle", ["page", "circ", "name"], swap("  page: [thumbs, banner]", "  page: ['${other}', b]\n  other: ['${page}', b]")),
    ("host twice", ["web01"], swap("life:\n", "  - {name: web01, address: 10.20.1.22, role: iis}<<<\nlife:\n")),
    ("address twice", ["10.20.1.21"], swap("life:\n", "  - {name: WEB02, address: 10.20.1.21, role: iis}<<<\nlife:\n")),
    ("name of a host too long", ["name", "15"], BASE.replace("WEB01", "WEB01WEB01WEB01WEB01")),
    ("name of a host that leaves the folder", ["name"], BASE.replace("WEB01", "../../WEB")),
    ("name of a host with a slash", ["name"], BASE.replace("WEB01", "A/B")),
    ("scenario that leaves the folder", ["name", "scenario"], swap("scenario: base", "scenario: ../base<<<")),
    ("no address", ["address"], swap("    address: 10.20.1.21\n", "")),
    ("odd address", ["address", "10.20.1.999"], swap("10.20.1.21", "10.20.1.999<<<")),
    ("domain that is no example", ["example"], swap("accounts:\n", "domain: {name: CORP, dns: corp.com}<<<\naccounts:\n")),
    ("huge number", ["per_hour", "number"], swap("per_hour: 5", "per_hour: 99999999999999999999999<<<")),
    ("negative number", ["per_hour", "number"], swap("per_hour: 5", "per_hour: -5<<<")),
    ("no number", ["rid", "number"], swap("rid: 1605", "rid: many<<<")),
    ("huge size", ["size"], act("  - after: 1s\n    write: {by: services, file: 'C:\\a.bin', content: {size: 999999999999999k}}<<<")),
    ("odd content", ["content", "flower"], act("  - after: 1s\n    write: {by: services, file: 'C:\\a.bin', content: {flower: a}}<<<")),
    # times
    ("bad time", ["25:00:00", "time"], swap("at: 10:00:00", "at: 25:00:00<<<")),
    ("bad date", ["time", "start", "date"], swap("2026-01-05T06:00:00Z", "2026-02-30T06:00:00Z<<<")),
    ("bad duration", ["15x", "time", "after"], swap("after: 15s", "after: 15x<<<")),
    ("huge duration", ["after", "time", "window"], swap("after: 15s", "after: 999999999999999999999d<<<")),
    ("negative duration", ["after", "time", "before"], swap("after: 15s", "after: -15s<<<")),
    ("act before the start", ["start", "window", "before", "outside"], swap("at: 10:00:00", "at: 05:00:00<<<")),
    ("act behind the end", ["end", "window", "behind", "outside"], act("  - after: 2d\n    end: {process: cmd1}<<<")),
    ("end before the start", ["end"], swap("end: 2026-01-05T18:00:00Z", "end: 2026-01-04T18:00:00Z<<<")),
    ("endless window", ["end", "long", "days"], swap("end: 2026-01-05T18:00:00Z", "end: 9999-01-05T18:00:00Z<<<")),
    ("first act without time", ["at", "after", "time"], swap("  - at: 10:00:00\n    id: drop", "  - id: drop<<<")),
    ("at and after", ["at", "after"], swap("  - after: 15s\n", "  - after: 15s\n    at: 11:00:00<<<\n")),
    # truth
    ("act twice", ["visit"], act("  - after: 1s\n    id: visit<<<\n    request: {site: Default Web Site, url: /, from: 10.0.0.1}")),
    ("truth of an unknown act", ["nobody"], swap("acts: [drop, visit, shell]", "acts: [drop, nobody]<<<")),
    ("enough of an unknown act", ["nobody"], swap("acts: [drop, visit, shell]", "acts: [drop]\n      enough: [nobody]<<<")),
    ("no finding of an unknown act", ["nobody"], BASE.replace("  coverage:", "  must_not: [nobody]<<<\n  coverage:")),
    ("unknown analytic", ["analytic"], swap("analytic: AN1108", "analytic: AN9999<<<")),
    ("unknown level", ["level is"], swap("level: medium", "level: awful<<<")),
    ("unknown verdict", ["verdict is"], swap("AN1108: detected", "AN1108: maybe<<<")),
    ("verdict of an unknown host", ["WEB09"], swap("    WEB01: {AN1108: detected", "    WEB09: {AN1108: detected<<<")),
    ("source that is none", ["crystal"], BASE + "  without:\n    crystal: {}<<<\n"),
    ("no truth", ["truth"], BASE[:BASE.index("truth:")]),
    ("no hosts", ["hosts"], BASE[:BASE.index("hosts:")] + BASE[BASE.index("life:"):]),
    # the text itself
    ("empty", ["scenario", "empty"], ""),
    ("only a comment", ["scenario", "empty"], "# nothing\n"),
    ("only a word", ["mapping", "key", ":", "expected"], "hello\n"),
    ("a list", ["mapping", "list", "-", "scenario"], "- a\n- b\n"),
    ("key twice in a mapping", ["family", "twice"], swap("family: webshell\n", "family: webshell\nfamily: quiet<<<\n")),
    ("tab", ["tab"], swap("    address", "\t    address<<<")),
    ("wrong indent", ["indent", "mapping values"], swap("    address: 10.20.1.21\n", "      address: 10.20.1.21<<<\n")),
    ("open quote", ["quote", "'"], swap("'/uploads/${page}.aspx', from", "'/uploads/${page}.aspx, from")),
    ("open brace", ["}", "brace", "end"], swap("from: 203.0.113.57}", "from: 203.0.113.57<<<")),
    ("open list", ["]", "list", "end"], swap("page: [thumbs, banner]", "page: [thumbs, banner<<<")),
    ("alias", ["alias", "*", "&", "anchor"], swap("page: [thumbs, banner]", "page: &a [thumbs, banner]<<<\n  other: *a")),
    ("alias bomb", ["alias", "*", "&", "anchor"], "a0: &a0 [x, x]\n" + LOOP + BASE),
    ("tag", ["tag", "!"], swap("page: [thumbs, banner]", "page: !!python/object [thumbs]<<<")),
    ("merge key", ["<<", "&", "*", "alias", "anchor"], swap("page: [thumbs, banner]", "<<: *a<<<")),
    ("two documents", ["---", "document"], BASE + "---<<<\nscenario: other\n"),
    ("deep nesting", ["deep", "nest"], "scenario: " + "[" * 100000),
    ("deep nesting, closed", ["deep", "nest"], "scenario: " + "[" * 5000 + "]" * 5000 + "\n"),
    ("deep blocks", ["deep", "nest", "indent"], "".join(" " * i + "a:\n" for i in range(3000))),
    ("NUL", ["NUL", "byte", "character", "\\0", "control"], swap("family: webshell", "family: web\0shell")),
    ("control character", ["control", "character", "byte", "family"], swap("family: webshell", "family: web\x07shell")),
    ("not UTF-8", ["UTF-8"], swap("A small scenario.", "A sm\udcffll scenario.")),
    ("binary", ["NUL", "byte", "UTF-8", "character", "control"], "MZ\x90\0\x03\0\0\0\x04\0\0\0\udcff\udcff" * 300),
    ("log without a channel", ["channel"], act("  - after: 1s\n    log-channel: {by: services, enabled: false}<<<")),
    ("path with angles", ["image", "path"], act("  - after: 1s\n    start: {by: services, image: 'C:\\a<b>\\x.exe'}<<<")),
    ("path that climbs", ["file", "path"], act("  - after: 1s\n    write: {by: services, file: 'C:\\..\\..\\x'}<<<")),
    ("format letters as a name", ["%s%n"], act("  - after: 1s\n    start: {by: '%s%n%x', image: a}<<<")),
    ("format letters as a verb", ["%n"], act("  - after: 1s\n    '%n%s': {by: services}<<<")),
    ("quotes and angles as a key", ["key", "\""], BASE + "'a\"<&>b': 1<<<\n"),
    ("very long key", ["key", "long", "':'"], BASE + "k" * 70000 + ": 1<<<\n"),
]

# What is odd and no contradiction: it is played, and what it says comes through whole.
ACCEPTED = [
    ("base", BASE),
    ("percent signs", act("  - after: 1s\n    start: {by: services, image: 'C:\\100%\\%s%n.exe', command: '\"C:\\100%\\%s%n.exe\" %d %x'}")),
    ("quotes and angles", act("  - after: 1s\n    start: {by: services, image: 'C:\\a&b\\it''s x.exe', command: 'a \"b\" <c> & ''d'''}")),
    ("not of the Latin letters", act("  - after: 1s\n    start: {by: services, image: 'C:\\größe\\文件 😀.exe'}")),
    ("lines that end with CR LF", BASE.replace("\n", "\r\n")),
    ("no end of the last line", BASE.rstrip("\n")),
    ("byte order mark", "\ufeff" + BASE),
]
