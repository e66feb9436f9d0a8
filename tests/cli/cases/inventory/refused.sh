# What cannot be used is refused with a reason, and no new file is left behind.
printf nothing >no.pem
mkdir evidence
inventory() { "$IISWARDEN" inventory -q "$@" evidence || echo "status $?"; }
inventory -o evidence/out
inventory -o out --web-root /var/www
inventory -o out --trust no.pem
inventory -o out --trust absent.pem
inventory --format xml
ls
