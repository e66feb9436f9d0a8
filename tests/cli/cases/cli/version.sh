# The version is one line; help costs next to nothing and is the same by both ways.
"$IISWARDEN" --version
"$IISWARDEN" hunt --help >a
"$IISWARDEN" help hunt >b
cmp a b
