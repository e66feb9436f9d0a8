# What cannot be written is a failure with one line.
"$IISWARDEN" events -q /dev/null --profile --format table >/dev/full
