# A baseline that is there stays until another is whole.
mkdir -p empty one
cat >one/applicationHost.config <<'X'
<configuration><system.webServer><globalModules>
<add name="A" image="C:\a.dll" /><add name="B" image="C:\b.dll" /><add name="C" image="C:\c.dll" /><add name="D" image="C:\d.dll" /><add name="E" image="C:\e.dll" />
</globalModules></system.webServer></configuration>
X
printf 'old, and longer than nothing\n' >kept.baseline
"$IISWARDEN" baseline create empty -o kept.baseline -q 2>&1 || echo "status $?"
cat kept.baseline
# No room: files may have 1 KiB (bash counts blocks of 1,024 bytes), the baseline is larger.
(trap '' XFSZ; ulimit -f 1; "$IISWARDEN" baseline create one -o kept.baseline -q 2>&1) || echo "status $?"
cat kept.baseline
for i in 1 2 3 4 5 6 7 8; do head -c 1000 /dev/zero | tr '\0' x; done >kept.baseline
"$IISWARDEN" baseline create one -o kept.baseline -q
"$IISWARDEN" baseline create one -o new.baseline -q
cmp kept.baseline new.baseline && echo "nothing of the old one is left"
"$IISWARDEN" baseline create one -o - -q | cmp - new.baseline && echo "the same to standard output"
