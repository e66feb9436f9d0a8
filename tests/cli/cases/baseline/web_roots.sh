# Folders that no configuration names: what the user says is a root, of all hosts or of one.
for host in WEB01 WEB02; do
    mkdir -p before/$host/D/shop before/$host/C/Windows/System32/inetsrv/config
    printf "<configuration />" >before/$host/C/Windows/System32/inetsrv/config/applicationHost.config
    printf '<%%@ Page Language="C#" %%>\n' >before/$host/D/shop/default.aspx
done
cp -r before after
printf '<%%@ Page Language="C#" %%>\n<%% Response.Write(1); %%>\n' >after/WEB01/D/shop/new.aspx
"$IISWARDEN" baseline create before --web-root 'D:\shop' -o all.baseline -q
grep -c webFile all.baseline
"$IISWARDEN" baseline diff --format table --web-root 'D:\shop' all.baseline after -q || echo "status $?"
"$IISWARDEN" inventory before --web-root 'web02:D:\shop' -q --format ndjson | grep -c '"record":"webFile"'
"$IISWARDEN" inventory before --web-root 'WEB03:D:\shop' --web-root 'D:\shop' --format ndjson 2>&1 >/dev/null | grep 'web-root'
"$IISWARDEN" baseline create before --web-root 'D:D:\shop' 2>&1 || echo "status $?"
"$IISWARDEN" baseline diff all.baseline before --web-root /shop 2>&1 || echo "status $?"
