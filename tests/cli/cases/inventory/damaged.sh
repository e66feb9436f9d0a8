# A configuration that ends early is lost evidence: status 2, its place, and what is not listed may be there.
mkdir -p WEB01/C/Windows/System32/inetsrv/config
printf '<configuration>\n  <system.webServer>\n    <globalModules>\n      <add name="A" image="a.dll" />\n  </system.webServer>\n' \
    >WEB01/C/Windows/System32/inetsrv/config/applicationHost.config
"$IISWARDEN" inventory -q -f table WEB01
