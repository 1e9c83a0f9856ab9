"""The configuration: one TOML file in, the frozen settings of every room out, or all that is wrong with it at once.

Each room declares its own settings; here they become one file, numbers are normalised, secrets are fetched from
where they are kept, and every problem gets its key path and its line.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.config_lines import KeyPath, line_of, lines_of, written
from gatewayd.config_places import STATE_DIR, socket_for
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.numbers import Dialling, NumberError, normalise
from gatewayd.oncall.directory import TEAM, Device, Directory, Person, Policy, Service, Step, Team
from gatewayd.web.settings import WebSettings

FILE_BYTES_MAX = 1_048_576
SOCKET_BYTES_MAX = 107  # sockaddr_un, less its closing NUL


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (`people[1].devices[0].number`; "" = the file), on which line, and what."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class ConfigError(Exception):
    """The file cannot be used; `problems` is all of it, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class DiallingSettings(Dialling):
    """`[dialling]`: how numbers without a country are read."""

    country_code: Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]{0,2})?$")] = ""
    trunk_prefix: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,3}$")] = ""
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class LogSettings(_Settings):
    """`[log]`: what goes to stderr, in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(_Settings):
    """All of it. `state_dir` holds the store; `socket` is where the command line finds the daemon."""

    state_dir: Path = STATE_DIR
    socket: Path = Field(default_factory=lambda data: socket_for(data.get("state_dir", STATE_DIR)))
    log: LogSettings = LogSettings()
    dialling: DiallingSettings = DiallingSettings()
    web: WebSettings = WebSettings()
    delivery: DeliverySettings = DeliverySettings()
    modems: tuple[ModemSettings, ...] = Field(min_length=1, max_length=32)
    people: tuple[Person, ...] = Field(min_length=1)
    teams: tuple[Team, ...] = ()
    services: tuple[Service, ...] = ()
    policies: tuple[Policy, ...] = Field(min_length=1)
    default_policy: str
    # Not a key of the file: what stands in the PIN files and credentials, by name of the modem.
    pins: dict[str, SecretStr] = Field(default_factory=dict, exclude=True)

    @cached_property
    def directory(self) -> Directory:
        return Directory(**{name: getattr(self, name) for name in Directory.model_fields})


def load(path: Path, *, environ: Mapping[str, str] = os.environ, unseen: list[str] | None = None) -> Config:
    """Read and check the file. Raises ConfigError.

    systemd shows credentials to the service alone: with an `unseen` list, those that cannot be seen from here are
    named in it instead of being a problem.
    """
    try:
        with path.open("rb") as file:
            octets = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError([Problem("", None, f"cannot read {path}: {error.strerror}")]) from error
    if len(octets) > FILE_BYTES_MAX:
        raise ConfigError([Problem("", None, f"{path} is larger than {FILE_BYTES_MAX} bytes")])
    try:
        text = octets.decode()
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem("", line, "the file is not UTF-8")]) from error
    return parse(text, environ=environ, unseen=unseen)


def parse(text: str, *, environ: Mapping[str, str] = os.environ, unseen: list[str] | None = None) -> Config:
    """As `load`, from the text of the file."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([_syntax_problem(error, text)]) from error
    draft = _Draft(raw, environ, unseen)
    config = draft.config()
    if draft.found or config is None:
        lines = lines_of(text)
        problems = {Problem(written(at), line_of(lines, at), message): None for at, message in draft.found}
        raise ConfigError(sorted(problems, key=lambda p: (p.line or 0, p.path)))
    return config


def _syntax_problem(error: Exception, text: str) -> Problem:
    if isinstance(error, RecursionError):
        return Problem("", None, "nested too deeply")
    said = re.fullmatch(r"(.*) \((?:at line (\d+), column (\d+)|at end of document)\)", str(error), re.DOTALL)
    if not said:
        return Problem("", None, f"not TOML: {error}")
    line = int(said[2]) if said[2] else text.rstrip("\n").count("\n") + 1
    return Problem("", line, f"not TOML: {said[1]}" + (f" (column {said[3]})" if said[3] else ""))


class _Draft:
    """The file on its way to a Config; `found` gathers what is wrong."""

    def __init__(self, raw: dict[str, Any], environ: Mapping[str, str], unseen: list[str] | None) -> None:
        self.raw = raw
        self.found: list[tuple[KeyPath, str]] = []
        self._pins: dict[str, str] = {}
        self._environ = environ
        self._unseen = unseen

    def config(self) -> Config | None:
        self._fill_in()
        self._normalise_numbers()
        self._fetch_pins()
        self._check_modems()
        self._check_paths()
        config: Config | None = None
        if "pins" in self.raw:
            self.found.append((("pins",), "unknown key 'pins'"))
        try:
            config = Config.model_validate(self.raw | {"pins": self._pins})
        except ValidationError as error:
            faults = [f for f in error.errors(include_url=False, include_input=False) if not _echo(f, self.raw)]
            self.found += [(at := _place(f), _sentence(f, at, self.raw)) for f in faults]
        self.found += _reference_faults(self.raw, {at for at, _ in self.found})
        return config

    def _tables(self, holder: object, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The tables of an array of tables, as far as it is one; the schema complains about the rest."""
        items = holder.get(name) if isinstance(holder, dict) else None
        for i, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield i, item

    def _fill_in(self) -> None:
        """With one policy there is nothing to choose."""
        policies = [_name_of("policies", i, p) for i, p in self._tables(self.raw, "policies")]
        if "default_policy" not in self.raw and len(policies) == 1:
            self.raw["default_policy"] = policies[0]

    def _normalise_numbers(self) -> None:
        told = self.raw.get("dialling")
        words = {k: v for k, v in told.items() if isinstance(v, str)} if isinstance(told, dict) else {}
        dialling = Dialling(words.get("country_code", ""), words.get("trunk_prefix", ""))
        legible = "dialling" not in self.raw or (isinstance(told, dict) and len(words) == len(told))
        for i, person in self._tables(self.raw, "people"):
            for k, device in self._tables(person, "devices"):
                if not isinstance(device.get("number"), str):
                    continue
                try:
                    device["number"] = normalise(device["number"], dialling)
                except NumberError as error:
                    if not legible and not device["number"].lstrip().startswith(("+", "short:")):
                        continue  # perhaps good, once the dialling is
                    self.found.append((("people", i, "devices", k, "number"), str(error)))

    def _fetch_pins(self) -> None:
        for i, modem in self._tables(self.raw, "modems"):
            at = ("modems", i)
            if modem.pop("pin", None) is not None:
                self.found.append(((*at, "pin"), _PIN_INLINE))
            name, file, credential = str(modem.get("name")), modem.get("pin_file"), modem.get("pin_credential")
            if file is not None and credential is not None:
                self.found.append(((*at, "pin_credential"), "pin_file is there too; choose one of them"))
            elif isinstance(file, str):
                self._fetch_pin(name, (*at, "pin_file"), file)
            elif isinstance(credential, str):
                self._fetch_credential(name, (*at, "pin_credential"), credential)

    def _fetch_credential(self, modem: str, at: KeyPath, credential: str) -> None:
        directory = self._environ.get("CREDENTIALS_DIRECTORY")
        if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}", credential):
            self.found.append((at, "must be the name of a credential, as in LoadCredential=sim1-pin:/path"))
        elif directory:
            self._fetch_pin(modem, at, str(Path(directory) / credential))
        elif self._unseen is not None:
            self._unseen.append(credential)
        else:
            advice = "only systemd gives credentials (LoadCredential= in the unit); or use pin_file"
            self.found.append((at, f"$CREDENTIALS_DIRECTORY is not set: {advice}"))

    def _fetch_pin(self, modem: str, at: KeyPath, file: str) -> None:
        if not file.startswith("/"):
            self.found.append((at, "must be an absolute path"))
            return
        try:
            self._pins[modem] = _read_pin(Path(file))
        except OSError as error:
            self.found.append((at, f"cannot read {file}: {error.strerror}"))
        except ValueError as error:
            self.found.append((at, str(error)))

    def _check_modems(self) -> None:
        names: dict[str, int] = {}
        ports: dict[str, int] = {}
        for i, modem in self._tables(self.raw, "modems"):
            name, port = modem.get("name"), modem.get("port")
            if isinstance(name, str) and names.setdefault(name, i) != i:
                self.found.append((("modems", i, "name"), f"'{name}' is there twice"))
            if isinstance(port, str):
                # Two names of one device (by-id and ttyUSB0) would be two masters of one modem.
                first = ports.setdefault(str(Path(port).resolve()) if port.startswith("/") else port, i)
                if first != i:
                    other = _name_of("modems", first, self.raw["modems"][first])
                    self.found.append((("modems", i, "port"), f"this is the port of '{other}' already"))

    def _check_paths(self) -> None:
        for key in ("state_dir", "socket"):
            told = self.raw.get(key)
            if isinstance(told, str) and not told.startswith("/"):
                self.found.append(((key,), "must be an absolute path"))
        state_dir = self.raw.get("state_dir", str(STATE_DIR))
        told = self.raw.get("socket") or (str(socket_for(Path(state_dir))) if isinstance(state_dir, str) else "")
        if isinstance(told, str) and len(os.fsencode(told)) > SOCKET_BYTES_MAX:
            where = "socket" if "socket" in self.raw else "state_dir"
            self.found.append(((where,), f"the path of the socket is longer than {SOCKET_BYTES_MAX} bytes"))


_PIN_INLINE = (
    'a PIN is never written in this file; put it in a file of its own (pin_file = "/etc/gatewayd/sim1.pin", mode 0640)'
    ' or in a systemd credential (pin_credential = "sim1-pin")'
)


def _read_pin(path: Path) -> str:
    """Raises OSError, or ValueError with a sentence that does not tell the PIN."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o007:
            raise ValueError(f"everybody on this machine can read {path}: chmod o= {path}")
        octets = file.read(64)
    pin = octets.decode("ascii", "replace").strip()
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise ValueError(f"{path} must hold a PIN of 4 to 8 digits and nothing else")
    return pin


# ---- what the schema says, in the words of the file


def _place(fault: Mapping[str, Any]) -> KeyPath:
    return tuple(fault["loc"])


def _echo(fault: Mapping[str, Any], raw: dict[str, Any]) -> bool:
    """A list whose items are all refused counts as empty too; only the items are news."""
    told = _value_at(raw, _place(fault))
    return fault["type"] == "too_short" and isinstance(told, list) and len(told) >= fault["ctx"]["min_length"]


def _sentence(fault: Mapping[str, Any], at: KeyPath, raw: dict[str, Any]) -> str:
    kind, about = fault["type"], fault.get("ctx", {})
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        key = str(at[-1])
        return f"unknown key '{key}'{_elsewhere(key) or _near(key, _known_keys(at[:-1]))}"
    if kind == "tuple_type" and isinstance(_value_at(raw, at), dict):
        return f"must be a list: write [[{written(at)}]] with two brackets on each side"
    if kind == "string_pattern_mismatch":
        key = next((k for k in reversed(at) if isinstance(k, str)), "")
        return _FORMS.get(key, _NAME_FORM)
    if kind == "value_error":
        return str(about.get("error", fault["msg"]))
    words = _WORDS.get(kind)
    return words.format(**about) if words else fault["msg"].replace("Input should be", "must be")


_WORDS = {
    "missing": "is missing",
    "string_type": "must be text, in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "path_type": "must be a path, in quotes",
    "tuple_type": "must be a list: [...]",
    "model_type": "must be a table",
    "dataclass_type": "must be a table",
    "literal_error": "must be {expected}",
    "too_short": "needs at least {min_length}",
    "too_long": "takes at most {max_length}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
_NAME_FORM = "must be a name: at most 40 small letters, digits, '_', '-', '.', and begin with a letter or digit"
_FORMS = {
    "country_code": 'must be digits only, as in "44"',
    "trunk_prefix": 'must be digits only, as in "0"',
    "listen": 'must be an address and a port, as in "127.0.0.1:8480" or "[::1]:8480"',
    "smsc": 'must be the number of the service centre, as in "+447700900999"',
}


def _elsewhere(key: str) -> str:
    """A key of another table: each limit is set in one place only."""
    tables = [name for name in ("log", "dialling", "web", "delivery") if key in _known_keys((name,))]
    return f"; it belongs to [{tables[0]}]" if tables else ""


def _known_keys(at: KeyPath) -> list[str]:
    """The keys that the table at this path may have."""
    kind: object = Config
    for key in at:
        if isinstance(key, str):
            kind = _table_type(_field_types(kind).get(key))
    return [k for k in _field_types(kind) if k != "pins"]


def _field_types(kind: object) -> dict[str, object]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return {f.name: f.type for f in fields(kind)}
    return {}


def _table_type(annotation: object) -> object:
    """The model inside `tuple[Model, ...]` or `Model | None`."""
    inner = [_table_type(a) for a in get_args(annotation)]
    return next((i for i in inner if _field_types(i)), annotation)


# ---- what the parts say about each other, told even while some of them are wrong

_Made = TypeVar("_Made")


def _reference_faults(raw: dict[str, Any], refused: set[KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    """What does not fit together in the file as it is read; `refused` are the places already complained about.

    A table counts by its name, whatever else is wrong with it. Where a name cannot be read, whoever is referred to
    may be just that one: then nothing is said.
    """
    for at, message in (*_directory_as_told(raw).faults(), *_channel_faults(raw)):
        told = _value_at(raw, at)
        if not isinstance(told, str):
            continue
        kind = _referred(at, told)
        if kind is None or (at not in refused and _all_named(raw, kind)):
            yield at, message


def _directory_as_told(raw: dict[str, Any]) -> Directory:
    """Without any check; what cannot be read is empty, and every index is that of the file."""
    return Directory.model_construct(
        people=_each(raw, "people", _person),
        teams=_each(raw, "teams", lambda t, name: Team.model_construct(name=name, members=_words(t.get("members")))),
        policies=_each(raw, "policies", _policy),
        services=_each(raw, "services", lambda s, name: Service.model_construct(name=name, policy=_word(s, "policy"))),
        default_policy=_word(raw, "default_policy"),
    )


def _name_of(kind: str, number: int, table: object) -> str:
    """The name, or its place in the file, which can be the name of nobody."""
    told = table.get("name") if isinstance(table, dict) else None
    return told if isinstance(told, str) else written((kind, number))


def _near(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def _value_at(raw: object, at: KeyPath) -> object:
    for key in at:
        try:
            raw = raw[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _each(raw: dict[str, Any], kind: str, made: Callable[[dict[str, Any], str], _Made]) -> tuple[_Made, ...]:
    return tuple(made(_table(t), _name_of(kind, i, t)) for i, t in enumerate(_list(raw.get(kind))))


def _person(told: dict[str, Any], name: str) -> Person:
    # A number that cannot be read is the place's own, so that two of them are not one.
    devices = [
        Device.model_construct(number=_word(_table(d), "number") or f"{name}.devices[{k}]")
        for k, d in enumerate(_list(told.get("devices")))
    ]
    return Person.model_construct(name=name, devices=tuple(devices))


def _policy(told: dict[str, Any], name: str) -> Policy:
    steps = [Step.model_construct(page=_words(_table(s).get("page"))) for s in _list(told.get("steps"))]
    return Policy.model_construct(name=name, steps=tuple(steps), fallback=_words(told.get("fallback")))


def _list(told: object) -> list[Any]:
    return told if isinstance(told, list) else []


def _table(told: object) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


def _word(table: dict[str, Any], key: str) -> str:
    told = table.get(key)
    return told if isinstance(told, str) else ""


def _words(told: object) -> tuple[str, ...]:
    return tuple(w if isinstance(w, str) else "" for w in _list(told))


def _channel_faults(raw: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    modems = [_name_of("modems", i, m) for i, m in enumerate(_list(raw.get("modems")))]
    for i, person in enumerate(_list(raw.get("people"))):
        for k, device in enumerate(_list(_table(person).get("devices"))):
            channel = _table(device).get("channel")
            if isinstance(channel, str) and channel not in modems:
                yield ("people", i, "devices", k, "channel"), f"no modem '{channel}'{_near(channel, modems)}"


def _referred(at: KeyPath, told: str) -> str | None:
    """Which tables the value at this place names; None: it names none."""
    if at[-1] in ("name", "number"):
        return None
    if at[-1] == "channel":
        return "modems"
    if at[-1] in ("policy", "default_policy"):
        return "policies"
    return "teams" if told.startswith(TEAM) else "people"


def _all_named(raw: dict[str, Any], kind: str) -> bool:
    if kind not in raw:
        # Only teams may be left out; under a misspelt key they are there all the same.
        strangers = [k for k in raw if k not in Config.model_fields]
        return kind == "teams" and not any(_near(k, [kind]) for k in strangers)
    told = raw[kind]
    return isinstance(told, list) and all(isinstance(_table(t).get("name"), str) for t in told)
