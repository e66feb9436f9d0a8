# What an attacker takes away, opens or points elsewhere, without registering anything.
root=WEB01/C/Windows/System32/inetsrv/config
mkdir -p before/$root before/WEB01/C/shop after
cat >before/$root/applicationHost.config <<'X'
<configuration>
  <system.applicationHost>
    <applicationPools><add name="P" /></applicationPools>
    <sites><site name="Shop" id="1"><application path="/" applicationPool="P"><virtualDirectory path="/" physicalPath="C:\shop" /></application></site></sites>
  </system.applicationHost>
  <system.webServer>
    <globalModules><add name="RequestFilteringModule" image="%windir%\System32\inetsrv\modrqflt.dll" /></globalModules>
    <modules><add name="RequestFilteringModule" /></modules>
  </system.webServer>
</configuration>
X
printf '<configuration><system.webServer><handlers accessPolicy="Read, Script" /></system.webServer></configuration>\n' >before/WEB01/C/shop/web.config
cp -r before/WEB01 after/
"$IISWARDEN" baseline create before -o shop.baseline -q
# Another order, other blanks, other letters: nothing.
printf '<configuration><system.webServer><handlers accessPolicy="script,read" /></system.webServer></configuration>\n' >after/WEB01/C/shop/web.config
"$IISWARDEN" baseline diff --format table shop.baseline after -q
printf '<configuration><system.webServer><handlers accessPolicy="Read, Script, Write" /></system.webServer></configuration>\n' >after/WEB01/C/shop/web.config
sed -i 's|^</configuration>|<location path="Shop/up"><system.webServer><modules><remove name="RequestFilteringModule" /></modules></system.webServer></location>&|' after/$root/applicationHost.config
sed -i 's|</application>|<virtualDirectory path="/img" physicalPath="C:\\Users\\Public" /></application>|' after/$root/applicationHost.config
"$IISWARDEN" baseline diff --format table shop.baseline after -q || echo "status $?"
"$IISWARDEN" hunt --baseline shop.baseline after --format ndjson -q | sed 's/.*"title":"\([^"]*\)","level":"\([a-z]*\)".*/\2 \1/' || true
