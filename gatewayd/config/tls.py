"""What bureaus and the heartbeat say of TLS, before a password travels in clear because somebody believed in it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gatewayd.config.lines import KeyPath, tables


def tls_amiss(raw: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    for i, bureau in tables(raw, "smpp"):
        for key in ("tls_name", "tls_ca_file"):
            if key in bureau and bureau.get("tls", False) is False:
                yield ("smpp", i, key), "is there without tls = true: the password would travel in clear"
        authorities = bureau.get("tls_ca_file")
        if isinstance(authorities, str) and (said := _unfit(authorities)):
            yield ("smpp", i, "tls_ca_file"), said
    heartbeat = raw.get("heartbeat")
    own = heartbeat.get("tls_ca_file") if isinstance(heartbeat, dict) else None
    if isinstance(own, str) and (said := _unfit(own)):
        yield ("heartbeat", "tls_ca_file"), said


def _unfit(file: str) -> str:
    if not (file.startswith("/") and Path(file).is_file()):
        return "must be the absolute path of a file that is there"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError:
        return f"{file} holds no certificate (PEM)"
    except OSError as error:
        return f"cannot read {file}: {error.strerror}"
    return ""
