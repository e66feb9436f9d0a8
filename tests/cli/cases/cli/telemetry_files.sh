# Files that say what is logged are read, whatever their name; what is odd in one is told with its line, and one that cannot be read is lost.
mkdir -p WEB01/C/Windows/System32/inetsrv/config
printf '<configuration/>' >WEB01/C/Windows/System32/inetsrv/config/applicationHost.config
printf '<Sysmon>\n<EventFiltering>\n<FileCreated onmatch="exclude"/>\n</EventFiltering></Sysmon>' >WEB01/C/Windows/a.bin
printf 'System audit policy\r\n  Logon                 Success\r\n' >WEB01/policy
printf '<Sysmon>\n<EventFiltering>\n' >WEB01/C/Windows/cut.xml
printf 'telemetry:\n- {hosts: "*", source: Sysmon 11, note: by hand}\n' >word.yml
status=0
"$IISWARDEN" hunt -f ndjson --progress never --manifest manifest --telemetry word.yml WEB01 2>account || status=$?
echo "$status"
grep -e a.bin account
jq -r '.sources[] | [.path, .kind, .state, .reason] | @tsv' manifest
printf 'telemetry:\n- hosts: "*"\n  source: Sysmon 12\n  note: x\n' >word.yml
"$IISWARDEN" hunt --telemetry word.yml WEB01 2>&1 || echo "$?"
"$IISWARDEN" hunt --telemetry none.yml WEB01 2>&1 || echo "$?"
