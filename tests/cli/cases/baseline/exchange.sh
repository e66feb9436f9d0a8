# A real configuration of Exchange before and after it was set up: 59 lines differ, no component does.
data="$IISWARDEN_SHARED/data/iisconfig/exchange2016"
[ -d "$data" ] || { echo "SKIP: no $data"; exit 77; }
mkdir before after
cp "$data/E16_NotConfigured_ApplicationHost.config" before/applicationHost.config
cp "$data/E16_Configured_ApplicationHost.config" after/applicationHost.config
"$IISWARDEN" baseline create --host ex01 before -o before.baseline -q
"$IISWARDEN" baseline create --host ex01 before -o again.baseline -q
cmp before.baseline again.baseline && echo "created again: the same bytes"
"$IISWARDEN" baseline diff --host ex01 --format table before.baseline after -q
echo "status $?"
# One module with another image, one more, and a comment.
sed -e 's|inetsrv\\cachuri.dll|inetsrv\\cachuri2.dll|' \
    -e 's|^ *<globalModules>|<globalModules><!-- x --><add name="Evil" image="C:\\evil.dll" />|' \
    after/applicationHost.config >changed.config
mkdir changed && mv changed.config changed/applicationHost.config
"$IISWARDEN" baseline diff --host ex01 --format table before.baseline changed -q || echo "status $?"
