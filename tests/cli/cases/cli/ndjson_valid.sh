# Findings, events, profile and manifest are JSON to a parser that is not ours, and name their schema.
# Without the reference evidence the case is skipped.
evidence=$IISWARDEN_SHARED/data/evtx/webserver
[ -d "$evidence" ] || { echo "no reference evidence: $evidence"; exit 77; }
type jq >/dev/null || { echo "no jq"; exit 77; }
schemas() { jq -r .schema "$1" | sort -u; }
"$IISWARDEN" hunt -q --fail-level critical --manifest manifest "$evidence" >findings
"$IISWARDEN" events -q "$evidence" >events
"$IISWARDEN" events -q --profile "$evidence" >profile
"$IISWARDEN" inventory -q "$IISWARDEN_SHARED/data/iisconfig/exchange2016" >inventory
schemas findings
schemas events
schemas profile
schemas inventory
schemas manifest
