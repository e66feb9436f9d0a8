# A log and a folder that may not be read: named, counted as lost, and the good log beside them is read.
echo '{"time":"2026-01-05T10:00:00Z","channel":"Security","provider":"Lab","computer":"WEB01","event_id":4624,"data":{}}' |
    "$IISWARDEN_LAB" write - -o good.evtx >/dev/null
cp good.evtx secret.evtx
mkdir closed && cp good.evtx closed/inside.evtx
chmod 000 secret.evtx closed
as=()
program=$IISWARDEN
if [ "$(id -u)" -eq 0 ]; then
    # To root nothing is closed: another user looks, who must reach this folder and the program.
    command -v setpriv >/dev/null || { chmod 755 closed; echo "SKIP: root, and no setpriv"; exit 77; }
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    chmod 755 . .. 
    cp "$IISWARDEN" program && chmod 755 program && program=./program
    "${as[@]}" test -x "$program" || { chmod 755 closed; echo "SKIP: nobody cannot reach $PWD"; exit 77; }
fi
status=0
"${as[@]}" "$program" events good.evtx secret.evtx closed >out 2>words || status=$?
chmod 755 closed
echo "status $status, $(wc -l <out) event"
grep -o "closed: .*\|secret.evtx: .*" words
