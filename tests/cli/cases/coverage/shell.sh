# A shell that was seen where no file could be: suspected and blind, and it says what is missing.
evidence=$(echo "$IISWARDEN_SHARED"/data/evtx/webserver/LM_typical_IIS_webshell_sysmon_1_10_traces.evtx)
[ -f "$evidence" ] || { echo "no reference evidence: $evidence"; exit 77; }
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
"$IISWARDEN" coverage -q --format ndjson "$evidence" |
    jq -c 'select(.analytic == "AN1108") | [.host, .verdict, .partial, (.findings | length), (.links[] | select(.required) | .link, .state, .why)]'
