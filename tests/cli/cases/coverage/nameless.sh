# Two configurations that name no host: two servers, each blind and each with its own findings; --host gives a name to one.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
mkdir a b
write() { # file, a module of it, its program
    printf '<configuration><configSections><sectionGroup name="system.webServer"><section name="globalModules"/></sectionGroup></configSections><system.webServer><globalModules><add name="%s" image="%%windir%%\\System32\\inetsrv\\%s" /></globalModules></system.webServer></configuration>\n' "$2" "$3" >"$1"
}
write a/applicationHost.config StaticFileModule static.dll
write b/applicationHost.config HttpCacheModule64 cachport.dll
"$IISWARDEN" inventory -q --format ndjson a b | jq -c 'select(.record == "server") | [.host, .server]'
status=0
"$IISWARDEN" coverage -q --fail-on-blind --format ndjson a b >said || status=$?
jq -c '[.host, .server, .analytic, .verdict, (.findings | length > 0), (.spans | length)]' said
echo "status $status"
"$IISWARDEN" coverage -q --format table a b | grep -e '^(host unknown)' -e '^Note'
"$IISWARDEN" coverage -q --host WEB01 --format ndjson a | jq -c '[.host, .server, .analytic]'
"$IISWARDEN" coverage -q --audit --format ndjson a b | jq -c 'select(.question == "monitoring") | [.host, .server, .answer]'
