# Arguments that make no sense, and some that do.
try() {
    local status=0
    timeout 60 "$IISWARDEN" "$@" >out 2>words || status=$?
    echo "$status, $(wc -l <out) out, $(grep -c . words) words"
}
echo '{"time":"2026-01-05T10:00:00Z","channel":"Security","provider":"Lab","computer":"WEB01","event_id":4624,"data":{}}' |
    "$IISWARDEN_LAB" write - -o good.evtx >/dev/null
mkdir folder && cp good.evtx folder/
try hunt | cut -d, -f1                                    # no evidence: usage
try events | cut -d, -f1
try events --where nothing good.evtx | cut -d, -f1        # no `=`
try events "$(printf '%5000s' | tr ' ' a)" | cut -d, -f1  # a path longer than any
try events folder folder good.evtx | cut -d, -f1,2        # the same events from two files, each once
try events --quiet folder folder/good.evtx ./folder | cut -d, -f1,2
"$IISWARDEN" events - <good.evtx 2>words | wc -l          # standard input, a file
cat good.evtx | "$IISWARDEN" events - 2>words | wc -l     # and a pipe
echo text | try events - | cut -d, -f1                    # of unknown type: skipped
try events - </dev/null | cut -d, -f1                     # empty: a pipe that failed must not look clean
