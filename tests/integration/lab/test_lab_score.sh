#!/usr/bin/env bash
# The detector's score may not fall: every scenario is played and judged, and compared with
# lab/scenarios/expected.txt; the whole run also with docs/QUALITY.md.
#   test_lab_score.sh quick|whole FOLDER
set -euo pipefail
source=${IISWARDEN_SOURCE_DIR:?}
folder=$2
rm -rf "$folder" && mkdir -p "$folder"
cd "$source"
# Whole servers are made and thrown away, thousands of files: in memory, where there is room.
if [ -z "${TMPDIR:-}" ] && [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] &&
    [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 4000000 ]; then
    export TMPDIR=/dev/shm
fi
options=(lab/scenarios --iiswarden "${IISWARDEN:?}" --expect lab/scenarios/expected.txt -o "$folder/QUALITY.md")
if [ "$1" = quick ]; then
    exec "${IISWARDEN_LAB:?}" score "${options[@]}" --quick
fi
"${IISWARDEN_LAB:?}" score "${options[@]}" --jobs "$(nproc)"
if ! diff -u docs/QUALITY.md "$folder/QUALITY.md"; then
    echo "docs/QUALITY.md is not what the score says today; scripts/quality writes it anew" >&2
    exit 1
fi
