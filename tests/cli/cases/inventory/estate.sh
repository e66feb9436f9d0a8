# Of a large estate every server is listed, the first hundred are notes, and the rest is counted.
mkdir -p WEB01/C/Windows/System32/inetsrv/config
printf '<configuration/>' >WEB01/C/Windows/System32/inetsrv/config/applicationHost.config
{
    printf 'estate:\n  servers:\n    - host: web01\n'
    seq -f '    - host: h%.0f' 1 150
} >estate.yml
"$IISWARDEN" inventory -f ndjson --progress never --estate estate.yml WEB01 2>account | grep -c '"known_by":\["estate"\]'
grep -c 'nothing of it is in evidence' account
sed -n 's/^Note *//p' account | tail -n 1
