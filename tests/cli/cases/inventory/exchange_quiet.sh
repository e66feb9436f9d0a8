# Configurations of Exchange without programs and without a baseline: nothing at medium or above.
data="$IISWARDEN_SHARED/data/iisconfig/exchange2016"
[ -d "$data" ] || { echo "SKIP: no $data"; exit 77; }
cp -r "$data" evidence
"$IISWARDEN" hunt --format ndjson --min-level medium evidence -q
echo "status $?"
# An entry of its own stands out among them.
sed -i -e '/<modules/,/>/s|>|><add name="Health" type="Updates.Health.Module, Updates" />|' \
    evidence/webconfig/ExchangeBackEnd-OWA_web.config
"$IISWARDEN" hunt --format ndjson --min-level medium evidence -q | jq -r '.level + " " + .title'
