# Hostile words are shown harmless.
"$IISWARDEN" hunt $'--\033[2J' nothing
