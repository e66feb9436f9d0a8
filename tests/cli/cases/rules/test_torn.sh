# Of evidence that was read in part a match can be told, and more of them than wanted: nothing else. And a
# test behind `---` is one.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
event='{"time":"2026-01-05T10:00:00Z","channel":"Microsoft-Windows-Sysmon/Operational","provider":"Microsoft-Windows-Sysmon","computer":"WEB01","event_id":1,"data":{"Image":"C:\\Windows\\System32\\cmd.exe"}}'
for _ in 1 2 3; do echo "$event"; done | "$IISWARDEN_LAB" write - -o torn.evtx --damage truncated >/dev/null
printf 'no event log\n' >lost.evtx
cat >rule.yml <<'RULE'
title: Shell
logsource: {product: windows, category: process_creation}
detection: {shell: {Image|endswith: '\cmd.exe'}, condition: shell}
---
title: Notepad
logsource: {product: windows, category: process_creation}
detection: {notepad: {Image|endswith: '\notepad.exe'}, condition: notepad}
RULE
cat >tests.yml <<'TESTS'
- {rule: Shell, why: one matches, match: true, evidence: torn.evtx}
- {rule: Shell, why: one is too many, matches: 0, evidence: torn.evtx}
- {rule: Shell, why: as many as are left, matches: 2, evidence: torn.evtx}
- {rule: Shell, why: more than are left, matches: 3, evidence: torn.evtx}
- {rule: Shell, why: it was cut off, match: true, record: 3, evidence: torn.evtx}
- {rule: Notepad, why: none that is left, match: true, evidence: torn.evtx}
- {rule: Notepad, why: the record is left, match: true, record: 1, evidence: torn.evtx}
---
- {rule: Notepad, why: none that is left, match: false, evidence: torn.evtx}
- {rule: Notepad, why: no event at all, match: false, evidence: lost.evtx}
TESTS
"$IISWARDEN" rules test --format table tests.yml --rules rule.yml || echo "status $?"
"$IISWARDEN" rules test tests.yml --rules rule.yml | jq -c '[.line, .state, .reason]' || true
