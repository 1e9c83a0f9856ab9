"""PINs and passwords: never in the file, fetched from files of their own or from systemd credentials."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatewayd.config.lines import KeyPath, tables

_OCTETS_MAX = 128
_CREDENTIAL = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class _Sort:
    """The secrets of one sort of channel: keys `<word>_file` and `<word>_credential`, and what they must hold."""

    word: str
    called: str
    example: str  # the name of its file and of its credential
    form: re.Pattern[str]
    holds: str


_PIN = _Sort("pin", "a PIN", "sim1", re.compile(r"[0-9]{4,8}"), "a PIN of 4 to 8 digits and nothing else")
_SMPP, _TAP = (
    _Sort(
        "password",
        "a password",
        "bureau1",
        re.compile(rf"[!-~]{{1,{characters_max}}}"),
        f"a password of 1 to {characters_max} plain characters, no spaces",
    )
    for characters_max in (8, 32)
)
_SORTS = {"modems": _PIN, "smpp": _SMPP, "tap": _TAP}


class Fetch:
    """`secrets` by name of the channel, `found` what is wrong, `files` those read. No sentence tells a secret.

    systemd shows credentials to the service alone: with an `unseen` list, those that cannot be seen from here are
    named in it instead of being a problem.
    """

    def __init__(self, raw: dict[str, Any], environ: Mapping[str, str], unseen: list[str] | None) -> None:
        self.secrets: dict[str, str] = {}
        self.found: list[tuple[KeyPath, str]] = []
        self.files: list[tuple[KeyPath, Path]] = []
        self._environ = environ
        self._unseen = unseen
        for kind, sort in _SORTS.items():
            for i, channel in tables(raw, kind):
                self._fetch((kind, i), channel, sort)

    def _fetch(self, at: KeyPath, channel: dict[str, Any], sort: _Sort) -> None:
        if channel.pop(sort.word, None) is not None:
            self.found.append(((*at, sort.word), _inline(sort)))
        by_file, by_credential = f"{sort.word}_file", f"{sort.word}_credential"
        name, file, credential = str(channel.get("name")), channel.get(by_file), channel.get(by_credential)
        if file is not None and credential is not None:
            channel.pop(by_credential)
            self.found.append(((*at, by_credential), f"{by_file} is there too; choose one of them"))
        elif isinstance(file, str):
            self._from_file(name, (*at, by_file), file, sort)
        elif isinstance(credential, str):
            self._from_credential(name, (*at, by_credential), credential, sort)

    def _from_credential(self, channel: str, at: KeyPath, credential: str, sort: _Sort) -> None:
        directory = self._environ.get("CREDENTIALS_DIRECTORY")
        known_as = f"{sort.example}-{sort.word}"
        if not _CREDENTIAL.fullmatch(credential):
            self.found.append((at, f"must be the name of a credential, as in LoadCredential={known_as}:/path"))
        elif directory:
            self._from_file(channel, at, str(Path(directory) / credential), sort)
        elif self._unseen is not None:
            self._unseen.append(credential)
        else:
            advice = f"only systemd gives credentials (LoadCredential= in the unit); or use {sort.word}_file"
            self.found.append((at, f"$CREDENTIALS_DIRECTORY is not set: {advice}"))

    def _from_file(self, channel: str, at: KeyPath, file: str, sort: _Sort) -> None:
        if not file.startswith("/"):
            self.found.append((at, "must be an absolute path"))
            return
        try:
            self.secrets[channel] = _read(Path(file), sort)
            if str(at[-1]).endswith("_file"):  # what a credential is made of, only systemd reads
                self.files.append((at, Path(file)))
        except OSError as error:
            self.found.append((at, f"cannot read {file}: {error.strerror}"))
        except ValueError as error:
            self.found.append((at, str(error)))


def _inline(sort: _Sort) -> str:
    word, example = sort.word, sort.example
    return (
        f"{sort.called} is never written in this file; put it in a file of its own"
        f' ({word}_file = "/etc/gatewayd/{example}.{word}", mode 0640)'
        f' or in a systemd credential ({word}_credential = "{example}-{word}")'
    )


def _read(path: Path, sort: _Sort) -> str:
    """Raises OSError, or ValueError with a sentence that does not tell the secret."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o007:
            raise ValueError(f"everybody on this machine can read {path}: chmod o= {path}")
        octets = file.read(_OCTETS_MAX)
    secret = octets.decode("ascii", "replace").strip()
    if not sort.form.fullmatch(secret):
        raise ValueError(f"{path} must hold {sort.holds}" if secret else f"{path} is empty: it must hold {sort.holds}")
    return secret
