#!/usr/bin/env bash
# Fails the n-th allocation of a small run, for every n until the run needs no more of them.
#   allocations.sh ARGUMENT...       what iiswarden is called with; EVTX, XML, JSON and LOG stand for a small log, CONFIG
#                                    for a server's configuration, BASELINE for a baseline of another one, RULE
#                                    for a rule file, WEBRULE for one about requests, TEST for a file of rule tests; STEP=k in the environment
#                                    tries every k-th n only
# Each run must end with status 70, nothing on standard output that is not whole lines, and one line on
# standard error; or, where the allocation was not needed, exactly as the run with memory. Under
# AddressSanitizer a leak or a crash ends with another status. Needs a build with fault points
# (presets dev, asan); otherwise skipped.
set -u
iiswarden=${IISWARDEN:?} lab=${IISWARDEN_LAB:?}
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 70
here=$(dirname "$(readlink -f "$0")")
"$lab" write "$here/small.ndjson" -o small.evtx >/dev/null || exit 1
cp "$here/small.yml" rule.yml && cp "$here/small_test.yml" test.yml || exit 1
cp "$here/small_dialects.ndjson" events.json || exit 1

mkdir other
printf '<configuration><system.webServer><globalModules><add name="A" image="x.dll"/></globalModules></system.webServer></configuration>' \
    >other/applicationHost.config
"$iiswarden" baseline create other -q >before.json || exit 1

arguments=()
for word in "$@"; do
    case $word in
    EVTX) arguments+=(small.evtx) ;;
    XML) arguments+=("$here/small.xml") ;;
    RULE) arguments+=(rule.yml) ;;
    TEST) arguments+=(test.yml) ;;
    CONFIG) arguments+=("$here/small_applicationHost.config") ;;
    BASELINE) arguments+=(before.json) ;;
    JSON) arguments+=(events.json) ;;
    LOG) arguments+=("$here/small_iis.log") ;;
    WEBRULE) arguments+=("$here/small_web.yml") ;;
    *) arguments+=("$word") ;;
    esac
done

run() { # $1 n, 0 for none
    IW_FAIL_ALLOC=$1 "$iiswarden" "${arguments[@]}" >out 2>err
}

# Without a program of its own for each: there are thousands.
is_one_line() {
    local lines
    mapfile lines <"$1"
    [ ${#lines[@]} -eq 1 ] && [[ ${lines[0]} == *$'\n' ]]
}
are_whole_lines() {
    local lines
    mapfile lines <"$1"
    [ ${#lines[@]} -eq 0 ] || [[ ${lines[-1]} == *$'\n' ]]
}

run 1
if [ $? -ne 70 ]; then
    echo "SKIP: $iiswarden has no fault points (build with -DIW_FAULT=ON)"
    exit 77
fi
run 0
sound=$?
cp out out.sound
n=1 n_failed=0 n_quiet=0 problems=0
# Allocations that are never missed may come in a row, but not so many.
while [ $n_quiet -lt 40 ]; do
    run $n
    status=$?
    if [ $status -eq 70 ]; then
        n_failed=$((n_failed + 1)) n_quiet=0
        if ! is_one_line err || ! are_whole_lines out; then
            echo "n=$n: not one line on stderr, or half a line on stdout:"
            cat -v err
            problems=$((problems + 1))
        fi
    elif [ $status -eq $sound ] && cmp -s out out.sound; then
        n_quiet=$((n_quiet + 1))
    else
        echo "n=$n: status $status, expected 70 or $sound with the whole output; stderr:"
        head -c 3000 err | cat -v
        problems=$((problems + 1)) n_quiet=0
        [ $problems -lt 10 ] || break
    fi
    n=$((n + ${STEP:-1}))
done
echo "$n_failed allocations failed one by one, $problems problems"
[ $n_failed -ge 10 ] && [ $problems -eq 0 ]
