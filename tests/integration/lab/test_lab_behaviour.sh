#!/usr/bin/env bash
# A baseline of behaviour from the lab's servers: what is learned, doubted and refused; what a hunt, a
# difference, an approval and a signature make of it.
#   test_lab_behaviour.sh FOLDER
set -euo pipefail
source=${IISWARDEN_SOURCE_DIR:?}
folder=$1
rm -rf "$folder" && mkdir -p "$folder" && cd "$folder"
fail() { echo "$*" >&2; exit 1; }
iiswarden() { "${IISWARDEN:?}" "$@"; }

# A week somebody took to be clean, in which a page was uploaded and used.
"${IISWARDEN_LAB:?}" generate "$source/lab/scenarios/webshell-in-baseline.yml" -o bad >/dev/null
span=(--since 2026-07-06T00:00:00Z --until 2026-07-14T00:00:00Z)
iiswarden baseline create --behaviour "${span[@]}" bad/evidence -o bad.baseline 2>bad.table
grep -q 'REFUSED .*cmd.exe /c whoami /all' bad.table || fail "the attacker's command is not refused"
grep -q 'REFUSED .*cmd.exe /c dir d:.shop' bad.table || fail "nor the one that looks harmless"
grep -q 'learned .*cmd.exe /c mode' bad.table || fail "the application's command is not learned"
grep -q 'a hunt of this span finds [1-9]' bad.table || fail "what the span holds is not said"
grep -q 'whoami\|dir d:' bad.baseline && fail "the document has what was refused"

# Equal evidence gives equal bytes, whatever the threads.
iiswarden baseline create --behaviour "${span[@]}" -j 1 bad/evidence -q -o again.baseline
cmp bad.baseline again.baseline

# What it does not have is a difference, and can be approved; the document is signed with it.
iiswarden baseline diff bad.baseline bad/evidence -q --format ndjson -o quiet.ndjson
[ ! -s quiet.ndjson ] || fail "behaviour is compared where nobody asked"
iiswarden baseline diff --behaviour bad.baseline bad/evidence -q --format ndjson -o new.ndjson && fail "nothing is new"
id=$(grep 'whoami' new.ndjson | sed 's/.*"id":"\(d-[0-9a-f]*\)".*/\1/')
[ -n "$id" ] || fail "the attacker's command is no difference"
cp bad.baseline approved.baseline
iiswarden baseline approve approved.baseline --from new.ndjson --difference "$id" --by alice --ticket CHG-1 --reason test 2>/dev/null
iiswarden baseline diff --behaviour approved.baseline bad/evidence -q --format ndjson -o left.ndjson && fail "all is approved"
grep "$id" left.ndjson | grep -q '"approval":"approved"' || fail "the approval does not hold"
openssl genpkey -algorithm ed25519 -out private.pem 2>/dev/null
openssl pkey -in private.pem -pubout -out public.pem 2>/dev/null
iiswarden baseline sign --key private.pem bad.baseline 2>/dev/null
iiswarden baseline verify --public-key public.pem bad.baseline >/dev/null
sed 's/cmd.exe \/c mode/cmd.exe \/c whoami/' bad.baseline >forged.baseline
cp bad.baseline.sig forged.baseline.sig
iiswarden baseline verify --public-key public.pem forged.baseline >/dev/null && fail "the signature does not cover behaviour"

# The page is found all the same, with the baseline that was made meanwhile and with the approval.
for baseline in bad.baseline approved.baseline; do
    iiswarden hunt -q --baseline $baseline bad/evidence --format ndjson --min-level high -o found.ndjson || true
    grep -q 'File was written among web files' found.ndjson || fail "$baseline hides the page"
done

# A server that does the same every day, by a baseline of its first weeks.
"${IISWARDEN_LAB:?}" generate "$source/lab/scenarios/negative-agent-weeks.yml" -o agent >/dev/null
iiswarden baseline create --behaviour --since 2026-03-02 --until 2026-03-15 agent/evidence -q -o agent.baseline
iiswarden hunt -q --baseline agent.baseline agent/evidence --since 2026-03-17 --format ndjson --min-level low -o agent.ndjson || true
grep -q '"title":"Web server started cmd.exe"' agent.ndjson || fail "the agent's runs are not told at all"
grep '"title":"Web server started cmd.exe"' agent.ndjson | grep -q '"level":"medium"' && fail "the baseline says nothing of the agent"
grep 'whoami' agent.ndjson | grep -q '"level":"critical"' || fail "the shell beside the habit is not found"
# A task that copies every night with a tool that anybody may start: what it brings is low because account and
# command are known, what others copy by the same kind of tool is not.
"${IISWARDEN_LAB:?}" generate "$source/lab/scenarios/webshell-copied-by-tool.yml" -o copied >/dev/null
mkdir clean && cp -r copied/before/. clean/
for host in WEB381 WEB382; do cp -r "copied/evidence/$host/C/Windows/System32/winevt" "clean/$host/C/Windows/System32/"; done
iiswarden baseline create --behaviour --since 2026-08-03 --until 2026-08-10 clean -o copied.baseline 2>copied.table
grep -q 'learned .*Robocopy.exe: lab.svc_copy by c:.windows.system32.svchost.exe: robocopy ..fs01.lab.example.release ' copied.table || fail "account and command of the task are not learned"
iiswarden baseline create clean -q -o state.baseline
for baseline in copied state; do
    iiswarden hunt -q --baseline $baseline.baseline copied/evidence --since 2026-08-10 --format ndjson --min-level low -o $baseline.ndjson || true
    grep 'the baseline does not have: help.aspx' $baseline.ndjson | grep -q '"level":"medium"' ||
        fail "a page that somebody copied is not medium ($baseline)"
done
grep 'the baseline does not have: Autumn.aspx' copied.ndjson | grep -q '"level":"low"' || fail "what the task copied is not low"
grep 'the baseline does not have: Autumn.aspx' state.ndjson | grep -q '"level":"medium"' || fail "a tool's name lowers a page"

# The task's account is whoever has its password: the same command over WMI, or from a machine whose name differs in a
# number alone, is not the task's.
attempt() { # NAME LOGON-TYPE PARENT MACHINE LEVEL
    sed -e "s/^scenario: .*/scenario: $1/" -e '/^attack:/,$d' "$source/lab/scenarios/webshell-copied-by-tool.yml" >"$1.yml"
    cat >>"$1.yml" <<END
attack:
  - {at: 'd10 13:00:00', host: WEB381, logon: {as: thief1, account: svc_copy, type: $2}}
  - after: 3s
    start: {as: rw, by: $3, session: thief1, image: 'C:\Windows\System32\Robocopy.exe', command: 'robocopy \\\\$4\release D:\shop /MIR /R:1', lives: 4s}
  - {after: 1s, id: drop, write: {by: rw, file: 'D:\shop\News.aspx', content: {page: plain}}}
truth:
  must: [{finding: new page, analytic: AN0184, host: WEB381, acts: [drop], level: medium}]
END
    "${IISWARDEN_LAB:?}" generate "$1.yml" -o "$1" >/dev/null
    iiswarden hunt -q --baseline copied.baseline "$1/evidence" --since 2026-08-10 --format ndjson --min-level low -o "$1.ndjson" || true
    level=$(grep 'the baseline does not have: News.aspx' "$1.ndjson" | grep -o '"level":"[a-z]*"')
    [ "$level" = "\"level\":\"$5\"" ] || fail "$1: $level, not $5"
}
attempt same 4 netsvcs fs01.lab.example low
attempt over-wmi 4 wmiprvse fs01.lab.example medium
attempt other-machine 4 netsvcs fs77.lab.example medium

# A web server that is not IIS has no configuration in evidence, and habits all the same.
"${IISWARDEN_LAB:?}" generate "$source/lab/scenarios/negative-product-servers.yml" -o other >/dev/null
iiswarden baseline create --behaviour --since 2026-04-21T04:00:00Z --until 2026-04-22T20:00:00Z other/evidence -o other.baseline 2>other.table
grep -q 'APP341.*left out' other.table && fail "what Tomcat did is left out"
grep -q '"name":"cmd.exe /c c:.*export.cmd"' other.baseline || fail "the command of Tomcat's application is not learned"
iiswarden hunt -q --baseline other.baseline other/evidence --since 2026-04-22T20:00:00Z --format ndjson --min-level medium -o other.ndjson || true
grep -q '"host":"APP341"' other.ndjson && fail "the baseline says nothing of Tomcat's application"
echo "behaviour: learned, doubted, refused, compared, approved, signed"
