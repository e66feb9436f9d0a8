# Canaries that were not seen count for --fail-on-blind; what would be ignored is refused.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
config=WEB01/C/Windows/System32/inetsrv/config
mkdir -p "$config" logs
cat >"$config/applicationHost.config" <<'END'
<configuration><configSections><sectionGroup name="system.applicationHost"><section name="sites"/></sectionGroup></configSections>
<system.applicationHost><sites><site name="S" id="1"><application path="/"><virtualDirectory path="/" physicalPath="C:\inetpub\wwwroot"/></application>
<bindings><binding protocol="http" bindingInformation="*:80:"/></bindings></site></sites></system.applicationHost></configuration>
END
"$IISWARDEN" coverage -q --canary-plan plan.json --marker iwc0123456 WEB01 >/dev/null
# All that verdicts ask for is stated, so that they are clear and the canaries alone are not.
printf 'telemetry:\n  - hosts: [WEB01]\n    source: [Sysmon 1, Sysmon 7, Sysmon 11, IIS-Configuration/Operational]\n    note: SOC\n' >stated.yml
event() { # name of the file that was written
    jq -n -c --arg name "$1" '{record_id: 1, time: "2026-01-05T10:00:07Z", channel: "Microsoft-Windows-Sysmon/Operational",
        provider: "Microsoft-Windows-Sysmon", computer: "WEB01", event_id: 11, data: {Image: "x.exe", TargetFilename: $name}}' |
        "$IISWARDEN_LAB" write - -o "$2" >/dev/null
}
jq -c '.acts = [.acts[] | select(.kind == "file")]' plan.json >file.json
mkdir other
event "$(jq -r '.acts[0] | .subject + "\\iwc0123456-" + .id + "-20260105T100000Z.aspx"' file.json)" logs/seen.evtx
event 'C:\inetpub\wwwroot\other.aspx' other/other.evtx
ask() { # options and evidence
    status=0
    "$IISWARDEN" coverage -q --format ndjson --canary file.json --telemetry stated.yml "$@" WEB01 >said || status=$?
    echo "$(jq -s -c '[.[] | .seen // .verdict]' said) status $status"
}
ask logs
ask --fail-on-blind logs
ask other
ask --fail-on-blind other
for options in '--marker iwc0123456' '--emit sysmon --fail-on-blind' '--canary-plan p --since 2026-01-05' '--emit sysmon --telemetry file.json' '--canary file.json --marker iwc0123456'; do
    status=0
    # shellcheck disable=SC2086  # words
    "$IISWARDEN" coverage $options WEB01 2>&1 || status=$?
    echo "status $status"
done
