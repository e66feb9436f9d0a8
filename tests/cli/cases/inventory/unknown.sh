# A hunt that could not see what a server loads says so, though it found nothing.
config=WEB01/C/Windows/System32/inetsrv/config
mkdir -p $config
hunt() {
    "$IISWARDEN" hunt -f ndjson --progress never WEB01 2>account || echo "status $?"
    sed -n 's/^Note *//p' account
}
section() {
    printf '<configuration><system.webServer>%s</system.webServer></configuration>' "$1" >$config/applicationHost.config
}
section '<globalModules configSource="gone.config"/>'
hunt
section '<globalModules configProtectionProvider="x"><EncryptedData/></globalModules>'
hunt
section '<globalModules configSource="a.config"/>'
printf '<globalModules configSource="a.config"/>' >$config/a.config
hunt
rm $config/a.config
section ''
printf '<configuration><configurationRedirection enabled="true" path="\\\\srv\\share"/></configuration>' >$config/redirection.config
hunt
