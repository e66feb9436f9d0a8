# A folder without a web server: said, and status 0.
mkdir empty
"$IISWARDEN" inventory -q -f table empty
"$IISWARDEN" inventory -q -f csv empty | wc -l
"$IISWARDEN" inventory -q empty
