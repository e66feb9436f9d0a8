# Create, diff, approve, sign, verify; and what becomes of documents that were changed.
command -v openssl >/dev/null || { echo "SKIP: no openssl"; exit 77; }
command -v jq >/dev/null || { echo "SKIP: no jq"; exit 77; }
config() {
    mkdir -p "$1"
    printf '<configuration><system.webServer><globalModules>%s</globalModules></system.webServer></configuration>' \
        "$2" >"$1/applicationHost.config"
}
iw() { "$IISWARDEN" "$@" 2>stderr && echo "status 0" || echo "status $?"; }
config old '<add name="A" image="%windir%\System32\inetsrv\a.dll"/><add name="B" image="C:\b.dll"/>'
config new '<add name="B" image="C:\other.dll"/><add name="A" image="\\?\C:\windows\system32\INETSRV\A.dll"/>'

iw baseline create --host web01 old -o web01.baseline
iw baseline diff --host web01 web01.baseline new --format ndjson -o diff.ndjson
jq -c '[.schema, .change, .host, .component.kind, .component.name, .was.image, .now.image, .fields, .approval, .farm]' diff.ndjson
id=$(jq -r .id diff.ndjson)

echo "-- signed"
openssl genpkey -algorithm ed25519 -out private.pem 2>/dev/null
openssl pkey -in private.pem -pubout -out public.pem
iw baseline verify --public-key public.pem web01.baseline
iw baseline sign --key private.pem web01.baseline
iw baseline sign --key private.pem web01.baseline
iw baseline verify --public-key public.pem web01.baseline | sed 's/^signed at 2.*Z$/signed at TIME/'
iw baseline verify --public-key public.pem --minimum-sequence 3 web01.baseline | sed 's/^signed at 2.*Z$/signed at TIME/'

echo "-- approved"
iw baseline approve web01.baseline --from diff.ndjson --difference "$id" --by alice --ticket CHG-1
iw baseline approve web01.baseline --from diff.ndjson --difference "$id" --by alice --ticket CHG-1 --reason 'Release 4'
iw baseline diff --host web01 web01.baseline new --format ndjson -o diff.ndjson
jq -c '[.approval, .approval_why]' diff.ndjson
iw baseline approve web01.baseline --from diff.ndjson --difference "$id" --by alice --ticket CHG-1 --reason 'Release 4' --expires 2020-01-01
iw baseline diff --host web01 web01.baseline new --format ndjson -o diff.ndjson
jq -c '[.approval, .approval_why]' diff.ndjson

echo "-- the signature is of what was"
iw baseline verify --public-key public.pem web01.baseline
iw baseline diff --host web01 --baseline-key public.pem web01.baseline new
grep -o 'REFUSED.*' stderr
iw hunt --host web01 --baseline web01.baseline --baseline-key public.pem -o found.ndjson new
grep -o 'REFUSED.*' stderr
iw baseline sign --key private.pem web01.baseline
iw hunt --host web01 --baseline web01.baseline --baseline-key public.pem --minimum-sequence 3 -o found.ndjson new
jq -c '[.level, .title, .why[1], .why[2]]' found.ndjson
grep -c REFUSED stderr || true
iw hunt --host web01 --baseline web01.baseline --baseline-key public.pem --minimum-sequence 4 -o found.ndjson new
grep -o 'REFUSED.*' stderr

echo "-- damaged"
head -c 500 web01.baseline >cut.baseline
iw baseline diff --host web01 cut.baseline new
grep -o 'REFUSED.*' stderr
iw baseline sign --key private.pem cut.baseline
iw baseline diff missing.baseline new
