# What placeholders stand for comes from a file; what is wrong with it is named with its place.
mkdir evidence rules
cat >rules/r.yml <<'RULE'
title: r
logsource: {product: windows}
detection: {s: {Image|expand: '%servers%'}, condition: s}
---
title: other
logsource: {product: windows}
detection: {s: {Image: x}, condition: s}
RULE
hunt() {
    "$IISWARDEN" hunt --only-rules rules "$@" evidence 2>&1 | grep -v '^Read\|^Skipped\|^Took\|no files in it' || true
}
hunt
echo '{"servers": ["a", 1]}' >ok.json
hunt --placeholders ok.json
echo '{}' >empty.yml
hunt --placeholders empty.yml
printf 'servers:\n  deep: 1\n' >deep.yml
hunt --placeholders deep.yml
# What names the words a rule waits for is never written over.
hunt --placeholders ok.json --manifest ok.json
