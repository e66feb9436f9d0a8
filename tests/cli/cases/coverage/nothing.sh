# Nothing at all, a configuration without events, a server nobody brought anything of: never clear.
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
mkdir empty
"$IISWARDEN" coverage -q --format table empty
"$IISWARDEN" coverage -q --fail-on-blind --format ndjson empty || echo "status $?"
mkdir -p WEB01/C/Windows/System32/inetsrv/config
printf '<configuration/>' >WEB01/C/Windows/System32/inetsrv/config/applicationHost.config
printf 'estate:\n  servers:\n    - host: web01\n    - host: web77\n' >estate.yml
"$IISWARDEN" coverage -q --estate estate.yml --format ndjson WEB01 |
    jq -c '[.host, .analytic, .verdict, .partial, (.links[] | select(.required) | .state), (.spans | length)]'
