#!/usr/bin/env bash
# Every case of lab/scenarios/cases.txt has one row in lab/scenarios/README.md that names scenarios or says why there is none; every
# scenario stands in a row. The long scenarios, which no other test plays, are played once.
#   test_lab_cases.sh
set -euo pipefail
cd "${IISWARDEN_SOURCE_DIR:?}/lab/scenarios"
failures=0
fail() {
    echo "cases: $*" >&2
    failures=$((failures + 1))
}
table=$(sed -n '/^## Which case stands where/,/^## False alarms/p' README.md | sed -n 's/^| \(.*\) |$/\1/p' | grep -v -e '^case |' -e '^---')
cases=$(grep -v '^#' cases.txt)
[ "$(wc -l <<<"$cases")" -ge 150 ] || fail "cases.txt has only $(wc -l <<<"$cases") cases"
for number in $(seq 1 25); do
    grep -q "^7\.5\.$number " cases.txt || fail "there is no case 7.5.$number"
done
while IFS= read -r case; do
    [ "$(grep -c -F -x -- "$case" <<<"$cases")" = 1 ] || fail "\"$case\" stands twice in cases.txt"
    row=$(awk -F' [|] ' -v wanted="$case" '$1 == wanted' <<<"$table")
    if [ -z "$row" ] || [ "$(wc -l <<<"$row")" != 1 ]; then
        fail "\"$case\" has no row, or more than one"
        continue
    fi
    what=${row#*" | "}
    if [[ $what == "– "* ]]; then
        [ "${#what}" -ge 30 ] || fail "\"$case\": why is there no scenario?"
        continue
    fi
    names=$(grep -o '`[^`]*`' <<<"$what" | tr -d '`') || { fail "\"$case\" names no scenario"; continue; }
    for name in $names; do
        [ -f "$name.yml" ] || [ -f "long/$name.yml" ] || fail "\"$case\": there is no scenario $name"
    done
done <<<"$cases"
while IFS= read -r row; do
    grep -q -F -x -- "${row%%" | "*}" <<<"$cases" || fail "the row \"${row%%" | "*}\" is no case of cases.txt"
done <<<"$table"
for file in *.yml long/*.yml; do
    name=$(basename "$file" .yml)
    grep -q -F "\`$name\`" <<<"$table" || fail "the scenario $name stands in no row"
done
"${IISWARDEN_LAB:?}" check long/*.yml || fail "a long scenario cannot be played"
[ "$failures" = 0 ] || { echo "$failures failures" >&2; exit 1; }
echo "$(wc -l <<<"$cases") cases, all with their row"
