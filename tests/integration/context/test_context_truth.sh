#!/usr/bin/env bash
# Plays every scenario of the lab, whole and with Security 4688 alone, and holds what context makes of its evidence to the
# truth of its processes: parents, workers, pools, logons.
#   test_context_truth.sh JUDGE DIR      JUDGE: the program context_judge; DIR: made anew
set -euo pipefail
judge=$1 work=$2
: "${IISWARDEN_LAB:?}" "${IISWARDEN_SOURCE_DIR:?}"
rm -rf "$work" && mkdir -p "$work"
failed=0 n=0
for scenario in "$IISWARDEN_SOURCE_DIR"/lab/scenarios/*.yml; do
    for variant in whole only-4688; do
        name=$(basename "$scenario" .yml)-$variant
        options=()
        [ "$variant" = whole ] || options=(--only-4688)
        "$IISWARDEN_LAB" generate "$scenario" -o "$work/$name" "${options[@]}" >"$work/$name.log" 2>&1 ||
            { echo "$name: cannot be played: $(tail -1 "$work/$name.log")"; failed=1; continue; }
        result=$("$judge" "$work/$name" 2>"$work/$name.why") || { failed=1; head -5 "$work/$name.why"; }
        echo "$name: $result"
        n=$((n + 1))
        rm -rf "${work:?}/$name"
    done
done
[ "$n" -gt 0 ] || { echo "no scenario was judged"; exit 1; }
exit "$failed"
