# The runner's own case: what every case may rely on.
ls -A                       # nothing: the folder is empty
echo "locale $LC_ALL, zone $TZ"
test -d "$CASE_DIR" && echo "knows where it lies"
test -n "$IISWARDEN" -a -n "$IISWARDEN_LAB" -a -n "$IISWARDEN_SHARED" && echo "knows the programs"
test -z "${NO_COLOR+set}" && echo "no colours decided"
