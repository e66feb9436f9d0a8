# No file is made in a folder of evidence, whatever its path looks like, and none is left behind.
mkdir -p evidence/deep
ln -s evidence/deep link
"$IISWARDEN" hunt evidence -o link/findings --manifest manifest || status=$?
"$IISWARDEN" hunt evidence -o findings --manifest evidence/manifest || true
find . -type f
exit "$status"
