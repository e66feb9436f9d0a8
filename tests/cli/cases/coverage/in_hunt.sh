# `hunt --coverage` writes, in the run that finds, byte for byte what `coverage` prints over the same evidence and options; findings stay what they are.
record() { # id time event_id data
    printf '{"record_id":%s,"time":"2026-01-05T%sZ","channel":"Microsoft-Windows-Sysmon/Operational","provider":"Microsoft-Windows-Sysmon","computer":"WEB\\u202e01","event_id":%s,"data":{%s}}\n' "$@"
}
mkdir evidence
{
    record 1 10:00:00 1 '"Image":"C:\\Windows\\System32\\inetsrv\\w3wp.exe","CommandLine":"w3wp.exe","ParentImage":"C:\\Windows\\System32\\svchost.exe"'
    record 2 10:00:01 11 '"Image":"C:\\Windows\\explorer.exe","TargetFilename":"C:\\inetpub\\wwwroot\\a.aspx"'
    record 4 10:20:00 1 '"Image":"C:\\Windows\\System32\\cmd.exe","CommandLine":"cmd.exe /c whoami","ParentImage":"C:\\Windows\\System32\\inetsrv\\w3wp.exe","ParentCommandLine":"w3wp.exe -ap \"Pool\""'
} | "$IISWARDEN_LAB" write - -o evidence/jump.evtx >/dev/null
printf 'estate:\n  servers:\n    - host: web77\n' >estate.yml
compare() { # options
    a=0 b=0 c=0
    "$IISWARDEN" coverage -q "$@" --format ndjson evidence >wanted || a=$?
    "$IISWARDEN" hunt -q "$@" --format ndjson --coverage told evidence >findings || b=$?
    "$IISWARDEN" hunt -q "$@" --format ndjson evidence >plain || c=$?
    cmp wanted told && cmp plain findings && echo "${*##*/} $(wc -l <told) records, $(wc -l <findings) findings, status $a $b $c"
}
compare
compare --estate estate.yml --fail-on-blind
compare --only-rules "$IISWARDEN_SOURCE_DIR/rules/web_server_starts_powershell.yml" --strict
compare --fail-on-blind --since 2026-01-05T10:20:00Z
# The window is that of all the run says of coverage, with a file or without: what is asked about, no more.
"$IISWARDEN" hunt -q --since 2026-01-05T10:10:00Z --manifest manifest --coverage told evidence >findings || true
grep -o '"from":"2026-01-05T10:[0-9:.]*Z"' told | sort -u
grep -o '"from": "2026-01-05T10:[0-9:.]*Z"' manifest | sort -u
"$IISWARDEN" hunt -q --since 2026-01-05T10:10:00Z --manifest manifest evidence >findings || true
grep -o '"from": "2026-01-05T10:[0-9:.]*Z"' manifest | sort -u
grep -c '"host":"WEB\\u202e01"' told # nothing of evidence comes out as it was written
# A span nothing is known of is blind, and never clear because what was found lies outside.
"$IISWARDEN" hunt --since 2025-01-05 --until 2025-01-06 --format ndjson --fail-on-blind evidence 2>&1 >findings | grep -E '^(Coverage| +A)' || true
compare --fail-on-blind --since 2025-01-05 --until 2025-01-06
# Never over evidence, never where another output goes; nothing is left behind.
"$IISWARDEN" hunt -q evidence --coverage evidence/told || echo "status $?"
"$IISWARDEN" hunt -q evidence -o both --coverage both || echo "status $?"
ls
