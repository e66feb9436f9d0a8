# A folder with everything that can be wrong in it, beside a good log and one whose name says nothing.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
mkdir tree tree/folder out
log='{"time":"2026-01-05T10:00:00Z","channel":"Microsoft-Windows-Sysmon/Operational","provider":"Microsoft-Windows-Sysmon","computer":"WEB01","event_id":1,"data":{"Image":"C:\\Windows\\System32\\cmd.exe","ParentImage":"C:\\inetsrv\\w3wp.exe"}}'
echo "$log" | "$IISWARDEN_LAB" write - -o tree/good.evtx >/dev/null
echo "${log/WEB01/WEB02}" | "$IISWARDEN_LAB" write - -o tree/log.txt >/dev/null
for _ in 1 2; do echo "${log/WEB01/WEB03}"; done | "$IISWARDEN_LAB" write - -o tree/cut.evtx --damage truncated >/dev/null
echo "no event log" >tree/not.evtx
: >tree/empty.evtx
mkfifo tree/pipe.evtx
ln -s loop.evtx tree/loop.evtx
ln -s .. tree/folder/up
echo text >tree/notes.txt
status=0
timeout 60 "$IISWARDEN" hunt --format ndjson --manifest out/manifest tree tree tree/good.evtx \
    >out/findings 2>out/words || status=$?
echo "status $status"
jq -r '"finding on " + .host' out/findings
# One clear line each, wherever a person looks.
for name in cut empty loop not pipe; do
    grep -c "tree/$name.evtx[:,] " out/words | sed "s/^/$name: lines /"
done
# The manifest has every one of them.
jq -r '.sources[] | "\(.path) \(.state)"' out/manifest
