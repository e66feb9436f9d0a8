# Two links proved by Sysmon; then the same with a record missing: blind for that span only, and exit status 4 where it is asked for.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
sysmon() { # id time event_id data
    printf '{"record_id":%s,"time":"2026-01-05T%sZ","channel":"Microsoft-Windows-Sysmon/Operational","provider":"Microsoft-Windows-Sysmon","computer":"WEB01","event_id":%s,"data":{"Image":"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe",%s}}\n' "$@"
}
started='"CommandLine":"w3wp.exe","ParentImage":"C:\\Windows\\System32\\svchost.exe"'
file='"TargetFilename":"C:\\inetpub\\wwwroot\\a.txt"'
write() { # file, id of the third record
    {
        sysmon 1 10:00:00 1 "$started"
        sysmon 2 10:00:01 11 "$file"
        sysmon "$2" 10:20:00 1 "$started"
        sysmon $(($2 + 1)) 10:20:01 11 "$file"
    } | "$IISWARDEN_LAB" write - -o "$1" >/dev/null
}
ask() { # file
    status=0
    "$IISWARDEN" coverage -q --fail-on-blind --format ndjson "$1" >said || status=$?
    jq -c 'select(.analytic == "AN1108") | [.verdict, (.links[:2][] | .state), (.spans[] | .from[11:19], .to[11:19], .verdict, .why)]' said
    jq -c 'select(.analytic == "AN0184") | [.verdict, (.links[:3][] | .state)]' said
    echo "status $status"
}
write whole.evtx 3
ask whole.evtx
write jump.evtx 4
ask jump.evtx
# The window that is asked for ends before the record that is missing.
"$IISWARDEN" coverage -q --until 2026-01-05T10:00:01Z jump.evtx | jq -c 'select(.analytic == "AN1108") | .verdict'
# A hunt says the same in short, in its account and its exit status.
status=0
"$IISWARDEN" hunt --fail-on-blind --progress never --format ndjson --manifest manifest jump.evtx 2>account >/dev/null || status=$?
sed -n '/^Coverage/,/^[^ C]/p' account | sed '$d'
jq -c '.coverage.records[] | [.host, .analytic, .verdict]' manifest
echo "status $status"
