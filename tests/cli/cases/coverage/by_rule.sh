# Which rules could have matched: each of a log that is not there, of an event that is not, of a field that is never filled, with a gap, and able.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
log() { # id time channel event_id data
    printf '{"record_id":%s,"time":"2026-01-05T%sZ","channel":"%s","provider":"P","computer":"WEB01","event_id":%s,"data":{%s}}\n' "$@"
}
mkdir evidence rules
{
    log 1 10:00:00 Security 4688 '"NewProcessName":"C:\\Windows\\System32\\cmd.exe","CommandLine":""'
    log 2 10:20:00 Security 4688 '"NewProcessName":"C:\\Windows\\System32\\cmd.exe","CommandLine":"-"'
} | "$IISWARDEN_LAB" write - -o evidence/security.evtx >/dev/null
{
    log 1 10:00:00 System 7045 '"ServiceName":"a","ImagePath":"b"'
    log 9 10:20:00 System 7045 '"ServiceName":"a","ImagePath":"b"'
} | "$IISWARDEN_LAB" write - -o evidence/system.evtx >/dev/null
rule() { # number title source detection
    printf 'title: %s\nid: 00000000-0000-0000-0000-00000000000%s\nlogsource: {product: windows, %s}\ndetection:\n  a: {%s}\n  condition: a\n' "$2" "$1" "$3" "$4" >"rules/$1.yml"
}
rule 1 'able' 'category: process_creation' "Image|endswith: '\\x.exe'"
rule 2 'lacks a field' 'category: process_creation' 'CommandLine|contains: x'
rule 3 'lacks an event' 'service: security' 'EventID: 4720'
rule 4 'has a gap' 'service: system' 'EventID: 7045, ImagePath|contains: x'
rule 5 'lacks a log' 'category: file_event' 'TargetFilename|endswith: .aspx'
rule 6 'lacks that log as well' 'category: file_event' 'TargetFilename|endswith: .ashx'
"$IISWARDEN" coverage -q --only-rules rules --by-rule --format table evidence
"$IISWARDEN" coverage -q --only-rules rules --by-rule --format ndjson evidence |
    jq -c 'if .record == "host" then [.host, .rules, .able, .partly, .not_proved, .blind] else [.state, .why, .rules, (.first[] | .title)] end'
# One rule; rules that have a text; none.
"$IISWARDEN" coverage -q --only-rules rules --of-rule 000000000004 --format ndjson evidence | jq -c 'select(.record == "reason") | [.state, .why, .first]'
"$IISWARDEN" coverage -q --only-rules rules --of-rule FILE_event --format ndjson evidence | jq -c 'select(.record == "reason") | [.rules, (.first[] | .title)]'
"$IISWARDEN" coverage -q --only-rules rules --of-rule nothing evidence || echo "status $?"
# In a window before the gap nothing is missing.
"$IISWARDEN" coverage -q --only-rules rules --of-rule gap --until 2026-01-05T10:00:00Z --format ndjson evidence | jq -c 'select(.record == "reason") | .state'
# A hunt says it in a line for each host.
"$IISWARDEN" hunt --progress never --only-rules rules evidence 2>&1 >/dev/null | grep -A 1 '^Rules'
"$IISWARDEN" coverage -q --by-rule --audit evidence || echo "status $?"
"$IISWARDEN" coverage -q --by-rule --emit sysmon evidence || echo "status $?"
