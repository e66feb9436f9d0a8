# A shell whose page nobody saw come, on a host where every link is proved: clear, and never without saying what stands.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
sysmon() { # id time event_id data
    printf '{"record_id":%s,"time":"2026-01-05T%sZ","channel":"Microsoft-Windows-Sysmon/Operational","provider":"Microsoft-Windows-Sysmon","computer":"WEB01","event_id":%s,"data":{%s}}\n' "$@"
}
worker='"ProcessId":"4100","Image":"C:\\Windows\\System32\\inetsrv\\w3wp.exe"'
{
    sysmon 1 10:00:00 1 "$worker"',"CommandLine":"w3wp.exe -ap \"Pool\"","ParentProcessId":"900","ParentImage":"C:\\Windows\\System32\\svchost.exe"'
    sysmon 2 10:00:01 7 "$worker"',"ImageLoaded":"C:\\Windows\\System32\\inetsrv\\cachuri.dll"'
    sysmon 3 10:00:02 11 "$worker"',"TargetFilename":"C:\\inetpub\\wwwroot\\uploads\\tree.jpg"'
    sysmon 4 10:10:00 1 '"ProcessId":"4200","ParentProcessId":"4100","Image":"C:\\Windows\\System32\\cmd.exe","CommandLine":"cmd.exe /c whoami","ParentImage":"C:\\Windows\\System32\\inetsrv\\w3wp.exe","ParentCommandLine":"w3wp.exe -ap \"Pool\""'
} | "$IISWARDEN_LAB" write - -o sysmon.evtx >/dev/null
status=0
"$IISWARDEN" hunt --progress never --format ndjson --coverage told sysmon.evtx 2>account >findings || status=$?
grep 'AN1108' account
echo "status $status"
jq -c 'select(.analytic == "AN1108") | [.verdict, .partial, (.findings | length), .standing]' told
"$IISWARDEN" coverage -q --format table sysmon.evtx | sed -n '/^ .*AN1108 *clear/p; /^WEB01 AN1108/,/^$/p'
"$IISWARDEN" coverage -q --audit --format ndjson sysmon.evtx | jq -c 'select(.question == "persistence") | [.answer, .evidence[1]]'
