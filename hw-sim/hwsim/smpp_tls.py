"""Certificates for tests, made by calling openssl: for localhost and the loopback addresses, by an authority that is
made along with them in the same directory."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

DAYS = 2
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificate and key by path; with `ca` only clients that show a certificate of it are let in."""

    certificate: str
    key: str
    ca: str = ""

    def context(self) -> ssl.SSLContext:
        """For a server, TLS 1.2 or later."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        if self.ca:
            context.load_verify_locations(self.ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


def make_certificate(
    directory: Path, name: str = "bureau", host: str = "localhost", *, by: str = "authority", expired: bool = False
) -> Tls:
    """Certificate and key as NAME.pem and NAME.key in the directory, made once; raises OSError if openssl cannot.

    NAME.pem holds the authority's own certificate, too: a client that trusts the file trusts all that `by` has signed
    there. Another `host` than localhost, an `expired` one, or another authority is what a careful client refuses."""
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    if not (certificate.exists() and key.exists()):
        authority, request, extensions = _authority(directory, by), directory / f"{name}.csr", directory / f"{name}.ext"
        names = f"subjectAltName=DNS:{host}" + (",IP:127.0.0.1,IP:::1" if host == "localhost" else "")
        extensions.write_text(f"{names}\nauthorityKeyIdentifier=keyid\n")
        _openssl("req", "-new", *_KEY, "-subj", f"/CN={host}", "-keyout", str(key), "-out", str(request))
        _openssl(
            "x509", "-req", "-in", str(request), "-CA", authority.certificate, "-CAkey", authority.key,
            "-set_serial", str(int.from_bytes(name.encode()[-16:], "big")), "-days", "-1" if expired else str(DAYS),
            "-extfile", str(extensions), "-out", str(certificate),
        )  # fmt: skip
        with certificate.open("a") as chain:
            chain.write(Path(authority.certificate).read_text())
    return Tls(str(certificate), str(key))


def _authority(directory: Path, name: str) -> Tls:
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    if not (certificate.exists() and key.exists()):
        _openssl(
            "req", "-x509", *_KEY, "-days", str(DAYS), "-subj", f"/CN=the street's {name}",
            "-addext", "keyUsage=critical,keyCertSign", "-keyout", str(key), "-out", str(certificate),
        )  # fmt: skip
    return Tls(str(certificate), str(key))


def _openssl(*words: str) -> None:
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own words only
    if done.returncode:
        raise OSError(f"openssl: {done.stderr.strip()}")
