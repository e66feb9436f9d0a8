# An unknown word is named, the nearest one offered, nothing is done.
"$IISWARDEN" hnut nothing
