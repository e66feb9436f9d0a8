#!/usr/bin/env python3
"""Judges what is made of signatures by osslsigncode, on files it signed.

usage: test_signature_oracles.py SIGNATURE_PRINT PE_SAMPLES FOLDER

Keys and certificates are made with openssl, time stamps by `openssl ts` behind a responder on the loopback address,
the catalogue by hand. Exit status 77: osslsigncode is missing.
"""
import contextlib
import glob
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

DAY = 86400
CONFIG = """
[ca]
default_ca = ca0
[ca0]
database = index.txt
new_certs_dir = .
serial = serial
policy = policy0
default_md = sha256
unique_subject = no
rand_serial = yes
[policy0]
commonName = supplied
organizationName = optional
countryName = optional
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[code]
keyUsage = critical,digitalSignature
extendedKeyUsage = codeSigning
[server]
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
[clock]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = tsa0
[tsa0]
serial = tsaserial
crypto_device = builtin
signer_cert = clock.pem
signer_key = clock.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha1, sha256, sha384
accuracy = secs:1
"""


def run(*command, check=True):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if check and done.returncode != 0:
        sys.exit("%s: %s%s" % (" ".join(command), done.stdout[-1500:], done.stderr[-1500:]))
    return done


def stamp(when):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(when))


def make_party(name, extensions, issuer, days=3650, organization="Made Ltd"):
    run("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".csr",
        "-subj", "/C=DE/O=%s/CN=%s" % (organization, name))
    sign = ["-selfsign", "-keyfile", name + ".key"] if issuer is None else ["-cert", issuer + ".pem", "-keyfile", issuer + ".key"]
    run("openssl", "ca", "-batch", "-notext", "-config", "made.cnf", "-extensions", extensions, *sign, "-in", name + ".csr",
        "-out", name + ".pem", "-startdate", stamp(time.time() - DAY), "-enddate", stamp(time.time() + days * DAY))


class Responder(http.server.BaseHTTPRequestHandler):
    """RFC 3161 over HTTP, answered by `openssl ts`."""

    def do_POST(self):
        with tempfile.TemporaryDirectory() as folder:
            query, reply = os.path.join(folder, "query"), os.path.join(folder, "reply")
            with open(query, "wb") as file:
                file.write(self.rfile.read(int(self.headers["Content-Length"])))
            run("openssl", "ts", "-reply", "-config", "made.cnf", "-queryfile", query, "-out", reply)
            with open(reply, "rb") as file:
                answer = file.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def responder():
    """Its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Responder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield "http://127.0.0.1:%d/" % server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def sign(plain, out, *options, party="signer", digest="sha256"):
    if os.path.exists(out):
        os.remove(out)
    run("osslsigncode", "sign", "-certs", party + ".pem", "-key", party + ".key", "-h", digest, *options, "-in", plain, "-out", out)
    return out


def changed(source, out, change):
    with open(source, "rb") as file:
        data = bytearray(file.read())
    change(data)
    with open(out, "wb") as file:
        file.write(data)
    return out


def flip(place):
    def change(data):
        data[place] ^= 1
    return change


# DER, for the catalogue.
def der(tag, *parts):
    value = b"".join(parts)
    n = len(value)
    if n < 0x80:
        return bytes([tag, n]) + value
    length = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = bytearray([40 * first + second])
    for number in rest:
        chunk = [number & 0x7F]
        while number > 0x7F:
            number >>= 7
            chunk.insert(0, 0x80 | number & 0x7F)
        out += bytes(chunk)
    return der(0x06, bytes(out))


def indirect_data(digest, algorithm):
    data = der(0x30, oid("1.3.6.1.4.1.311.2.1.15"), der(0x30, der(0x03, b"\0"), der(0xA0, der(0xA2, der(0x80)))))
    return der(0x30, data, der(0x30, der(0x30, oid(algorithm), der(0x05)), der(0x04, digest)))


def signed_data(content_type, content, party):
    """SignedData whose content is a SEQUENCE, its attributes signed with `openssl dgst`."""
    with open("attributes", "wb") as file:
        inner = content[2:] if content[1] < 0x80 else content[2 + (content[1] & 0x7F):]
        attributes = sorted([
            der(0x30, oid("1.2.840.113549.1.9.3"), der(0x31, oid(content_type))),
            der(0x30, oid("1.2.840.113549.1.9.4"), der(0x31, der(0x04, hashlib.sha256(inner).digest())))])
        file.write(der(0x31, *attributes))
    run("openssl", "dgst", "-sha256", "-sign", party + ".key", "-out", "signature", "attributes")
    run("openssl", "x509", "-in", party + ".pem", "-outform", "DER", "-out", "certificate")
    with open("signature", "rb") as file:
        signature = file.read()
    with open("certificate", "rb") as file:
        certificate = file.read()
    # issuer and serial, out of the certificate: tbs = [0] version, serial, algorithm, issuer, ...
    tbs = children(children(certificate)[0])
    sha256 = der(0x30, oid("2.16.840.1.101.3.4.2.1"), der(0x05))
    signer = der(0x30, der(0x02, b"\1"), der(0x30, tbs[3], tbs[1]), sha256, der(0xA0, *attributes),
                 der(0x30, oid("1.2.840.113549.1.1.1"), der(0x05)), der(0x04, signature))
    data = der(0x30, der(0x02, b"\1"), der(0x31, sha256), der(0x30, oid(content_type), der(0xA0, content)),
               der(0xA0, certificate), der(0x31, signer))
    return der(0x30, oid("1.2.840.113549.1.7.2"), der(0xA0, data))


def children(element):
    """Elements inside one, each whole."""
    def header(at):
        n = element[at + 1]
        if n < 0x80:
            return 2, n
        return 2 + (n & 0x7F), int.from_bytes(element[at + 2:at + 2 + (n & 0x7F)], "big")
    at, out = header(0)[0], []
    while at < len(element):
        n_header, n = header(at)
        out.append(element[at:at + n_header + n])
        at += n_header + n
    return out


def make_catalogue(path, digests, party):
    members = []
    for digest in digests:
        name = digest.hex().upper().encode("utf-16-le") + b"\0\0"
        algorithm = "1.3.14.3.2.26" if len(digest) == 20 else "2.16.840.1.101.3.4.2.1"
        attribute = der(0x30, oid("1.3.6.1.4.1.311.2.1.4"), der(0x31, indirect_data(digest, algorithm)))
        members.append(der(0x30, der(0x04, name), der(0x31, attribute)))
    content = der(0x30, der(0x30, oid("1.3.6.1.4.1.311.12.1.1")), der(0x04, bytes(16)),
                  der(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime()).encode()),
                  der(0x30, oid("1.3.6.1.4.1.311.12.1.2"), der(0x05)), der(0x30, *members))
    with open(path, "wb") as file:
        file.write(signed_data("1.3.6.1.4.1.311.10.1", content, party))
    return path


class Checker:
    def __init__(self, signature_print):
        self.print = os.path.abspath(signature_print)
        self.help = run("osslsigncode", "verify", "--help", check=False).stdout + run("osslsigncode", "--help", check=False).stdout
        self.bad = self.n = self.n_digests = 0

    def facts(self, path, *options, now=None):
        done = run(self.print, "--anchors", "root.pem", "--now", str(int(now or time.time())), *options, path)
        facts = {}
        for line in done.stdout.splitlines():
            word, *rest = line.split("\t")
            facts.setdefault(word, []).append(rest)
        return facts

    def wrong(self, path, what, found, expected):
        if found != expected:
            print("%s: %s: here %r, expected %r" % (path, what, found, expected))
            self.bad += 1

    def verdict(self, path, *options):
        ignore = [word for word in ("-ignore-cdp", "-ignore-crl") if word in self.help]
        return run("osslsigncode", "verify", "-in", path, "-CAfile", "root.pem", "-TSA-CAfile", "root.pem", *ignore, *options, check=False)

    def check(self, path, state, why=None, now=None):
        """What we say is *state*, and osslsigncode agrees on whether the file is to be trusted."""
        if now is not None and "-time" not in self.help:
            return None
        facts = self.facts(path, now=now)
        judge = self.verdict(path, *(["-time", str(int(now))] if now is not None else []))
        self.n += 1
        self.wrong(path, "state", facts["state"][0][0], state)
        if why is not None:
            self.wrong(path, "why", facts["why"][0][0].split(), why)
        self.wrong(path, "osslsigncode trusts", judge.returncode == 0, state == "anchored")
        calculated = re.findall(r"^Calculated message digest\s*: ([0-9A-F]+)", judge.stdout, re.M)
        for digest in calculated:
            self.n_digests += 1
            self.wrong(path, "digest", digest.lower() in (facts["sha1"][0][0], facts["sha256"][0][0]) or len(digest) == 96, True)
        return facts


def check_states(checker, plain, size):
    later = time.time() + 100 * DAY
    for digest in ("sha1", "sha256", "sha384"):
        checker.check(sign(plain, digest + ".dll", digest=digest), "anchored", [])
    facts = checker.check(sign(plain, "sound.dll"), "anchored", [])
    serial = run("openssl", "x509", "-in", "signer.pem", "-noout", "-serial").stdout.strip().partition("=")[2]
    checker.wrong("sound.dll", "signer", facts["signer"], [["signer", "Made Ltd", "DE", serial.lower()]])
    thumbprint = run("openssl", "x509", "-in", "signer.pem", "-noout", "-fingerprint", "-sha1").stdout.strip().partition("=")[2]
    checker.wrong("sound.dll", "thumbprint", facts["thumbprint"], [[thumbprint.replace(":", "").lower()]])
    checker.check(sign(plain, "pages.dll", "-ph"), "anchored", [])
    checker.check(sign(plain, "foreign.dll", party="stranger"), "unanchored", ["no-anchor"])
    checker.wrong("server.dll", "state", checker.facts(sign(plain, "server.dll", party="server"))["why"][0], ["usage "])
    for place in (3, 0x88, 0x400, size // 2, size - 1):
        checker.check(changed("sound.dll", "changed-%d.dll" % place, flip(place)), "tampered", ["digest"])
    checker.check(changed("sound.dll", "appended.dll", lambda data: data.extend(b"x" * 64)), "tampered", ["digest"])
    nested = checker.check(sign(sign(plain, "first.dll", digest="sha1"), "nested.dll", "-nest"), "anchored", [])
    checker.wrong("nested.dll", "signatures", nested["signature"], [["anchored", "outer"], ["anchored", "nested"]])
    checker.check(changed("nested.dll", "nested-changed.dll", flip(0x400)), "tampered", ["digest"])
    checker.check(sign(plain, "brief.dll", party="brief"), "anchored", [])
    checker.check("brief.dll", "unanchored", ["expired"], now=later)


def check_stamps(checker, plain):
    later = time.time() + 100 * DAY
    begin = int(time.time())
    with responder() as url:
        sign(plain, "stamped.dll", "-ts", url, party="brief")
    facts = checker.check("stamped.dll", "anchored", [])
    kind, proved, when = facts["stamp"][0]
    checker.wrong("stamped.dll", "stamp", (kind, proved, begin <= int(when) <= time.time()), ("rfc3161", "proved", True))
    checker.check("stamped.dll", "anchored", [], now=later)


def check_catalogue(checker, plain):
    for length, word in ((20, "sha1"), (32, "sha256")):
        digest = bytes.fromhex(checker.facts(plain)[word][0][0])
        assert len(digest) == length
        for party, state in (("signer", "anchored"), ("stranger", "unanchored")):
            path = make_catalogue("%s-%s.cat" % (word, party), [bytes(length), digest], party)
            facts = checker.facts(plain, "--catalogue", path)
            judge = checker.verdict(plain, "-catalog", path)
            checker.n += 1
            checker.wrong(path, "state", (facts["state"], facts.get("catalogue")), ([["catalogue"]], [[path, state]]))
            checker.wrong(path, "osslsigncode trusts", judge.returncode == 0, state == "anchored")
    other = changed(plain, "other.dll", flip(0x400))
    checker.wrong(other, "state", checker.facts(other, "--catalogue", path)["state"], [["none-embedded"]])
    checker.wrong(other, "osslsigncode trusts", checker.verdict(other, "-catalog", path).returncode == 0, False)


def main():
    signature_print, pe_samples, folder = map(os.path.abspath, sys.argv[1:4])
    if not shutil.which("osslsigncode"):
        print("SKIP: no osslsigncode (package osslsigncode)")
        sys.exit(77)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    subprocess.run([pe_samples, folder], check=True)
    os.chdir(folder)
    for name, text in (("made.cnf", CONFIG), ("index.txt", ""), ("tsaserial", "01")):
        with open(name, "w") as file:
            file.write(text)
    make_party("root", "root", None)
    make_party("signer", "code", "root")
    make_party("brief", "code", "root", days=30)
    make_party("server", "server", "root")
    make_party("clock", "clock", "root")
    make_party("stranger", "code", None)
    checker = Checker(signature_print)
    samples = sorted(glob.glob("*-64.dll") + glob.glob("*-32.dll"))
    for sample in samples:
        checker.check(sign(sample, "signed-" + sample), "anchored", [])
    plain = "native-64.dll"
    check_states(checker, plain, os.path.getsize(plain))
    check_stamps(checker, plain)
    check_catalogue(checker, plain)
    print("osslsigncode: %d files and %d digests compared, %d differences" % (checker.n, checker.n_digests, checker.bad))
    sys.exit(1 if checker.bad or checker.n_digests < 10 else 0)


if __name__ == "__main__":
    main()
