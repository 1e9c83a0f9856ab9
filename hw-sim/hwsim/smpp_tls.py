"""A certificate for tests, made by calling openssl: self-signed, for localhost and the loopback addresses."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hwsim.smpp_centre import Tls

DAYS = 2


def make_certificate(directory: Path, name: str = "bureau", host: str = "localhost") -> Tls:
    """Certificate and key as NAME.pem and NAME.key in the directory, made once; raises OSError if openssl cannot.
    Another `host` than localhost makes one that a careful client refuses."""
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    if not (certificate.exists() and key.exists()):
        names = f"subjectAltName=DNS:{host}" + (",IP:127.0.0.1,IP:::1" if host == "localhost" else "")
        command = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", str(DAYS), "-subj", f"/CN={host}", "-addext", names,
            "-keyout", str(key), "-out", str(certificate),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words only
        if done.returncode:
            raise OSError(f"openssl: {done.stderr.strip()}")
    return Tls(str(certificate), str(key))
