"""The configuration as an operator meets it: what is accepted, and what is said when it is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from gatewayd.config.file import Config, ConfigError, load, parse
from gatewayd.model import Priority

MINIMAL = """\
[[modems]]
name = "modem1"
port = "/dev/gatewayd/modem1"

[[people]]
name = "anna"
devices = [{ number = "+447700900123" }]

[[policies]]
name = "everybody"
steps = [{ page = ["anna"] }]
fallback = ["anna"]
"""

WITHOUT_COUNTRY = "write the number with its country code ('+44...'), or 'short:60777' for a short code"
WITHOUT_TRUNK = "a national number begins with '0' here; write it with '+' and the country code"
OUTSIDE = (
    "$CREDENTIALS_DIRECTORY is not set: only systemd gives credentials (LoadCredential= in the unit); or use pin_file"
)

REPOSITORY = Path(__file__).parents[2]


def problems(text: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, environ=environ or {})
    return [str(p) for p in caught.value.problems]


def test_one_modem_one_person_one_policy_are_enough() -> None:
    config = parse(MINIMAL)
    assert config.state_dir == Path("/var/lib/gatewayd")
    assert config.socket == Path("/run/gatewayd/gatewayd.sock")
    assert config.default_policy == "everybody"
    assert config.directory.policy_for("any service").name == "everybody"
    assert config.delivery.patience_s(Priority.CRITICAL) == 60


def test_the_socket_follows_the_state_directory(tmp_path: Path) -> None:
    assert parse(f'state_dir = "{tmp_path}"\n' + MINIMAL).socket == tmp_path / "gatewayd.sock"
    assert parse('socket = "/run/other.sock"\n' + MINIMAL).socket == Path("/run/other.sock")


def test_the_settings_cannot_be_changed_while_they_are_in_use() -> None:
    config = parse(MINIMAL)
    with pytest.raises(ValueError, match="frozen"):
        config.default_policy = "other"  # type: ignore[misc]


def test_the_commented_example_loads_and_holds_what_the_newcomer_is_told() -> None:
    config = load(REPOSITORY / "config" / "gateway.toml", environ={}, unseen=[])
    assert isinstance(config, Config)
    assert [m.name for m in config.modems] == ["modem1"]
    assert config.directory.faults() == []


def test_every_problem_is_told_at_once_with_its_place_in_the_order_of_the_file() -> None:
    text = """\
defualt_policy = "night"

[[modems]]
name = "modem1"
port = "/dev/ttyUSB0"
[[modems]]
name = "modem1"
port = "/dev/ttyUSB1"

[[people]]
name = "anna"
devices = [
  { number = "+447700900123", chanel = "modem1" },
  { number = "07700 900124", channel = "modem2", wait_s = 5 },
]

[[people]]
name = "bob"
devices = [{ number = "+44 7700 900123" }]

[[policies]]
name = "night"
steps = [{ page = ["anna", "team:nocc"] }]
fallback = ["bbo"]

[[servcies]]
name = "db"

[log]
level = "loud"
"""
    assert problems(text) == [
        "line 1: defualt_policy: unknown key 'defualt_policy'; did you mean 'default_policy'?",
        "line 7: modems[1].name: 'modem1' is there twice",
        "line 13: people[0].devices[0].chanel: unknown key 'chanel'; did you mean 'channel'?",
        "line 14: people[0].devices[1].channel: no channel 'modem2'; did you mean 'modem1'?",
        f"line 14: people[0].devices[1].number: {WITHOUT_COUNTRY}",
        "line 14: people[0].devices[1].wait_s: must be at least 10",
        "line 19: people[1].devices[0].number: this number belongs to 'anna' already",
        "line 23: policies[0].steps[0].page[1]: no person or team 'team:nocc'",
        "line 24: policies[0].fallback[0]: no person or team 'bbo'; did you mean 'bob'?",
        "line 26: servcies: unknown key 'servcies'; did you mean 'services'?",
        "line 30: log.level: must be 'debug', 'info', 'warning' or 'error'",
    ]


def test_a_key_in_the_wrong_table_is_sent_to_its_own() -> None:
    """One limit for the length of every text: a second one could only contradict it."""
    text = MINIMAL + "[web]\nsegments_max = 4\n[delivery]\nsegments_max = 3\nlevel = 'info'\n"
    begin = MINIMAL.count("\n")
    assert problems(text) == [
        f"line {begin + 2}: web.segments_max: unknown key 'segments_max'; it belongs to [delivery]",
        f"line {begin + 5}: delivery.level: unknown key 'level'; it belongs to [log]",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = \n", "line 1: not TOML: "),
        ('[[people]]\nname = "anna\n', "line 2: not TOML: "),
        ("people = [\n1,\n", "line 2: not TOML: "),
        ("a = 1\na = 2\n", "line 2: not TOML: "),
        ("a = " + "[" * 9_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_its_line(text: str, place: str) -> None:
    (said,) = problems(text)
    assert said.startswith(place)


def test_a_missing_file_and_a_file_in_another_encoding_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the file: No such file"):
        load(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(MINIMAL.encode() + b"# caf\xe9\n")
    with pytest.raises(ConfigError, match="line 13: the file is not UTF-8"):
        load(tmp_path / "latin.toml")


def test_what_is_missing_is_named() -> None:
    assert problems("") == [
        "default_policy: is missing",
        "modems: is missing: at least one modem, or a bureau in its place, is needed",
        "people: is missing",
        "policies: is missing",
    ]
    assert problems(MINIMAL.replace('fallback = ["anna"]\n', "")) == ["line 9: policies[0].fallback: is missing"]


def test_a_number_in_quotes_and_a_truth_in_place_of_a_number_are_told() -> None:
    text = MINIMAL.replace('steps = [{ page = ["anna"] }]', 'steps = [{ page = ["anna"], wait_s = true }]')
    text = text.replace("[[people]]", 'look_s = "5"\n[[people]]') + "[web]\nmetrics_open = 1\nconnections_max = '20'\n"
    assert [said for said in problems(text) if "must be" in said] == [
        "line 5: modems[0].look_s: must be a number, without quotes",
        "line 12: policies[0].steps[0].wait_s: must be a number, not true or false",
        "line 15: web.metrics_open: must be true or false, without quotes",
        "line 16: web.connections_max: must be a number, without quotes",
    ]


def test_two_policies_need_a_choice() -> None:
    second = '[[policies]]\nname = "day"\nsteps = [{ page = ["anna"] }]\nfallback = ["anna"]\n'
    assert problems(MINIMAL + second) == ["default_policy: is missing"]
    assert parse('default_policy = "day"\n' + MINIMAL + second).default_policy == "day"


def test_one_bracket_instead_of_two_is_explained() -> None:
    assert "line 1: modems: must be a list: write [[modems]] with two brackets on each side" in problems(
        MINIMAL.replace("[[modems]]", "[modems]")
    )


def test_numbers_are_written_as_people_write_them_and_kept_in_one_form() -> None:
    home = '[dialling]\ncountry_code = "44"\ntrunk_prefix = "0"\n'
    for spelling in ("07700 900123", "+44 (0)7700 900123", "0044 7700/900-123"):
        config = parse(MINIMAL.replace("+447700900123", spelling) + home)
        assert config.people[0].devices[0].number == "+447700900123"
    assert parse(MINIMAL.replace("+447700900123", "short:60777")).people[0].devices[0].number == "60777"
    assert problems(MINIMAL.replace("+447700900123", "7700 900123") + home) == [
        f"line 7: people[0].devices[0].number: {WITHOUT_TRUNK}"
    ]
    assert problems(MINIMAL + '[dialling]\ncountry_code = "+44"\ncuontry = 1\n') == [
        'line 14: dialling.country_code: must be digits only, as in "44"',
        "line 15: dialling.cuontry: unknown key 'cuontry'; did you mean 'country_code'?",
    ]


def test_a_pin_is_never_inline() -> None:
    (said,) = problems(MINIMAL.replace('port = "/dev', 'pin = "1234"\nport = "/dev'))
    assert said.startswith("line 3: modems[0].pin: a PIN is never written in this file; put it in a file of its own")
    assert "1234" not in said


def test_a_pin_comes_from_a_file_that_not_everybody_can_read(tmp_path: Path) -> None:
    pin = tmp_path / "sim1.pin"
    text = MINIMAL.replace('name = "modem1"', f'name = "modem1"\npin_file = "{pin}"')
    assert problems(text) == [f"line 3: modems[0].pin_file: cannot read {pin}: No such file or directory"]
    pin.write_text("4711\n")
    pin.chmod(0o644)
    assert problems(text) == [f"line 3: modems[0].pin_file: everybody on this machine can read {pin}: chmod o= {pin}"]
    pin.chmod(0o640)
    assert pin_of(parse(text)) == "4711"
    pin.write_text("secret words")
    assert problems(text) == [f"line 3: modems[0].pin_file: {pin} must hold a PIN of 4 to 8 digits and nothing else"]


def test_a_pin_comes_from_a_systemd_credential(tmp_path: Path) -> None:
    text = MINIMAL.replace('name = "modem1"', 'name = "modem1"\npin_credential = "sim1-pin"')
    assert problems(text) == [f"line 3: modems[0].pin_credential: {OUTSIDE}"]
    (tmp_path / "sim1-pin").write_text("0815")
    (tmp_path / "sim1-pin").chmod(0o440)
    assert pin_of(parse(text, environ={"CREDENTIALS_DIRECTORY": str(tmp_path)})) == "0815"
    unseen: list[str] = []
    assert pin_of(parse(text, environ={}, unseen=unseen)) is None
    assert unseen == ["sim1-pin"]
    (said,) = problems(text.replace("sim1-pin", "../shadow"), {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert "must be the name of a credential" in said


def pin_of(config: Config) -> str | None:
    assert not any(secret in repr(config) for secret in ("4711", "0815"))
    pin = config.secrets.get("modem1")
    return pin.get_secret_value() if pin else None


def test_one_modem_has_one_channel() -> None:
    text = MINIMAL.replace('port = "/dev/gatewayd/modem1"', 'port = "/dev/gatewayd/modem1"\nimei = "490154203237518"')
    text += '[[modems]]\nname = "modem2"\nport = "/dev/b"\nimei = "4901542032375199"\n'
    assert problems(text) == ["line 17: modems[1].imei: this is the modem of 'modem1' already"]
    text = text.replace('imei = "490154203237518"', 'iccid = "8944110065000000001"')
    text = text.replace('imei = "4901542032375199"', 'iccid = "89441100650000000019"')
    assert problems(text) == ["line 17: modems[1].iccid: this is the SIM of 'modem1' already"]


def test_two_names_of_one_port_are_one_port(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyUSB0")
    text = MINIMAL.replace("/dev/gatewayd/modem1", f"{tmp_path}/ttyUSB0")
    text += f'[[modems]]\nname = "modem2"\nport = "{tmp_path}/by-id"\n'
    assert problems(text) == ["line 15: modems[1].port: this is the port of 'modem1' already"]


def test_paths_that_cannot_work_are_refused_before_the_night() -> None:
    assert problems('state_dir = "here"\n' + MINIMAL) == ["line 1: state_dir: must be an absolute path"]
    (said,) = problems(f'socket = "/run/{"x" * 120}"\n' + MINIMAL)
    assert said == "line 1: socket: the path of the socket is longer than 107 bytes"


def test_the_web_door_is_told_in_the_words_of_its_room() -> None:
    assert parse(MINIMAL + '[web]\nlisten = ["0.0.0.0:8480"]\n').web.listen == ("0.0.0.0:8480",)
    assert problems(MINIMAL + '[web]\nlisten = ["8480"]\n') == [
        'line 14: web.listen[0]: must be an address and a port, as in "127.0.0.1:8480" or "[::1]:8480"'
    ]
    assert problems(MINIMAL + '[web]\nlisten = ["127.0.0.1:99999"]\n') == [
        "line 14: web.listen[0]: a port is a number from 0 to 65535"
    ]
    assert parse(MINIMAL + '[web]\nlisten = ["127.0.0.1:0", "[::1]:65535"]\n').web.listen[1] == "[::1]:65535"
    assert problems(MINIMAL + "[web]\nbody_bytes_max = 100_000\nbytes_in_flight_max = 70_000\n") == [
        "line 13: web: bytes_in_flight_max must hold at least one body of body_bytes_max"
    ]


def test_what_is_wrong_in_one_table_does_not_hide_what_the_others_refer_to() -> None:
    text = """\
default_policy = "nigth"
[[modems]]
name = "modem1"
port = "/dev/ttyUSB0"
baud = "fast"
[[modems]]
name = "modem2"
port = "/dev/ttyUSB0"
[[people]]
name = "anna"
[[people]]
name = "ben"
devices = [{ number = "+447700900123", channel = "modem3" }, 7]
[[people]]
name = "cleo"
devices = [{ number = "+447700900123" }]
[[teams]]
name = "noc"
members = ["anna", "bob", 3]
[[policies]]
name = "night"
steps = [{ page = ["anna", "team:noc", "dora"], wait_s = 1 }, { page = "ben" }]
[[policies]]
name = "day"
steps = [{ page = ["team:day"] }]
fallback = ["eve"]
[[services]]
name = "db"
policy = "dya"
titel = "Database"
"""
    assert problems(text) == [
        "line 1: default_policy: no policy 'nigth'; did you mean 'night'?",
        "line 5: modems[0].baud: must be a whole number",
        "line 8: modems[1].port: this is the port of 'modem1' already",
        "line 9: people[0].devices: is missing",
        "line 13: people[1].devices[0].channel: no channel 'modem3'; did you mean 'modem2'?",
        "line 13: people[1].devices[1]: must be a table",
        "line 16: people[2].devices[0].number: this number belongs to 'ben' already",
        "line 19: teams[0].members[1]: no person 'bob'",
        "line 19: teams[0].members[2]: must be text, in quotes",
        "line 20: policies[0].fallback: is missing",
        "line 22: policies[0].steps[0].page[2]: no person or team 'dora'",
        "line 22: policies[0].steps[0].wait_s: must be at least 5",
        "line 22: policies[0].steps[1].page: must be a list: [...]",
        "line 25: policies[1].steps[0].page[0]: no person or team 'team:day'",
        "line 26: policies[1].fallback[0]: no person or team 'eve'",
        "line 29: services[0].policy: no policy 'dya'; did you mean 'day'?",
        "line 30: services[0].titel: unknown key 'titel'; did you mean 'title'?",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('name = "anna"', 'nmae = "anna"', {"people[0].name", "people[0].nmae"}),
        ('name = "anna"', 'name = "Anna B"', {"people[0].name", "policies[0].steps[0].page[0]",
                                                  "policies[0].fallback[0]"}),
        ("[[people]]", "[people]", {"people"}),
        ('name = "everybody"', "", {"policies[0].name"}),
        ("[[modems]]\n", "[[modmes]]\n", {"modems", "modmes"}),
        ("[[policies]]\n", '[[taems]]\nname = "noc"\n[[policies]]\n', {"taems"}),
    ],
)  # fmt: skip
def test_what_only_follows_from_another_problem_is_not_told(right: str, wrong: str, said: set[str]) -> None:
    text = MINIMAL.replace('number = "+447700900123"', 'number = "+447700900123", channel = "modem1"')
    if "taems" in wrong:
        text = text.replace('page = ["anna"]', 'page = ["team:noc"]')
    with pytest.raises(ConfigError) as caught:
        parse(text.replace(right, wrong), environ={})
    assert {p.path for p in caught.value.problems} == said


def test_a_default_policy_that_cannot_be_a_name_is_a_sentence() -> None:
    assert problems('default_policy = "Day!"\n' + MINIMAL) == ["line 1: default_policy: no policy 'Day!'"]


def test_numbers_are_not_blamed_for_a_dialling_that_cannot_be_read() -> None:
    text = MINIMAL.replace("+447700900123", "07700 900123") + "[dialling]\ncountry_code = 44\n"
    assert problems(text) == ["line 14: dialling.country_code: must be text, in quotes"]


ONE_LINE = "must be one line, and show something"


def anna(key: str, value: str) -> str:
    """The smallest configuration, with one more line about Anna."""
    return MINIMAL.replace('name = "anna"\n', f'name = "anna"\n{key} = "{value}"\n')


@pytest.mark.parametrize("value", ["Anna Example", "Жанна", "安娜", "👩‍🚒 Anna", "x" * 40, ""])
def test_a_name_is_what_people_read(value: str) -> None:
    assert parse(anna("full_name", value)).people[0].full_name == value


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("full_name", "x" * 41, "takes at most 40 characters"),
        ("full_name", r"Anna\nExample", ONE_LINE),
        ("full_name", r"\u202eannA", ONE_LINE),
        ("full_name", "  ", ONE_LINE),
        ("full_name", r"\u200b", ONE_LINE),
        ("language", "Klingon, as spoken on the second moon", 'must be the code of a language, as in "en"'),
        ("language", "xx", "there are no texts in 'xx': known are en, cy, de, fr, es, pl, zh"),
        ("language", "", 'must be the code of a language, as in "en"'),
    ],
)
def test_a_name_that_nobody_could_read_is_refused(key: str, value: str, message: str) -> None:
    assert problems(anna(key, value)) == [f"line 7: people[0].{key}: {message}"]


def test_two_people_of_one_name_are_odd() -> None:
    ben = '[[people]]\nname = "ben"\nfull_name = "ann  Example"\ndevices = [{ number = "+447700900124" }]\n'
    same = parse(anna("full_name", "Ann Example") + ben)
    assert same.warnings == ("people[1].full_name: 'anna' is called ann  Example as well: nobody can tell them apart",)
    assert parse(MINIMAL + ben).warnings == ()


def test_a_digest_at_no_time_of_day_is_refused_with_what_a_time_of_day_is() -> None:
    rule = '[[rules]]\nname = "later"\ndigest = "25:30"\nzone = "Europe/London"\n'
    (said,) = problems(MINIMAL + rule)
    assert said.endswith('rules[0].digest: must be a time of day, as in "08:30"')


def test_a_device_and_a_service_have_names_of_one_line_too() -> None:
    wrong = MINIMAL.replace('900123"', f'900123", name = "{"x" * 41}"')
    wrong += '[[services]]\nname = "db"\npolicy = "everybody"\ntitle = "a\\tb"\n'
    assert [said.partition(": ")[2] for said in problems(wrong)] == [
        "people[0].devices[0].name: takes at most 40 characters",
        f"services[0].title: {ONE_LINE}",
    ]


def test_a_name_has_to_fit_into_a_text() -> None:
    long = anna("full_name", "Ж" * 40)
    assert parse(long).people[0].called == "Ж" * 40
    (said,) = problems(long + "[delivery]\nsegments_max = 1\n")
    assert said.endswith("people[0].full_name: is too long: no text with it has room in [delivery] segments_max")
    parse(long.replace("Ж", "A") + "[delivery]\nsegments_max = 1\n")


@pytest.mark.parametrize(
    "wrong",
    [
        'default_policy = "' + "x" * 5_000 + '"\n' + MINIMAL,
        MINIMAL.replace('page = ["anna"]', 'page = ["' + "x" * 5_000 + '"]'),
        MINIMAL + '[dialling]\ncountry_code = "' + "4" * 5_000 + '"\n',
        "x" * 5_000 + " = 1\n" + MINIMAL,
    ],
)
def test_no_complaint_is_longer_than_anybody_reads(wrong: str) -> None:
    assert all(len(said) < 700 for said in problems(wrong))


@pytest.mark.parametrize("name", ["operator", "desk", "monitor"])
def test_nobody_is_called_what_the_house_calls_itself(name: str) -> None:
    text = MINIMAL.replace('"anna"', f'"{name}"')
    assert problems(text) == [f"line 6: people[0].name: '{name}' is what the house calls itself; choose another name"]


def test_an_address_stands_there_once() -> None:
    twice = '[web]\nlisten = ["127.0.0.1:8480", "[::1]:8480", "127.0.0.1:8480"]\n'
    assert problems(MINIMAL + twice) == ["line 14: web.listen: '127.0.0.1:8480' is there twice"]
    parse(MINIMAL + '[web]\nlisten = ["127.0.0.1:0", "127.0.0.1:0"]\n')


EVERYTHING: dict[str, Any] = {
    "default_policy": "p",
    "log": {"level": "info"},
    "dialling": {"country_code": "44", "trunk_prefix": "0"},
    "modems": [{"name": "m", "port": "/dev/m", "rate_per_minute": 5}],
    "smpp": [{"name": "n", "host": "h", "system_id": "s", "statuses": {"0x0401": "throttled"}}],
    "tap": [{"name": "t", "end": "tcp://h:1", "numeric_pagers": ["48*"]}],
    "people": [{"name": "a", "devices": [{"number": "07700900123"}, {"kind": "pager", "number": "1", "channel": "t"}]}],
    "teams": [{"name": "k", "members": ["a"], "group": {"number": "5", "channel": "t", "worn_by": ["a"]}}],
    "policies": [{"name": "p", "steps": [{"page": ["a"], "wait_s": 60}], "fallback": ["team:k"]}],
    "services": [{"name": "s", "policy": "p"}],
    "delivery": {"tries_max": 5},
    "web": {"listen": ["127.0.0.1:0"]},
}


class Raw(str):
    """TOML as it is written."""


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return value if isinstance(value, Raw) else json.dumps(value)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for step in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*at, step)
        yield from places(value[step], (*at, step))


def parsed(everything: dict[str, Any]) -> Config:
    return parse("\n".join(f"{key} = {toml(value)}" for key, value in everything.items()), environ={})


@pytest.mark.parametrize(
    "instead",
    ["[[1]]", "[]", "{ a = { b = 1 } }", "nan", "-inf", "1e400", "9" * 5_000, "1979-05-27", '""', '"\\u0000"', "true"],
)
def test_whatever_stands_wherever_it_is_told_or_taken(instead: str) -> None:
    assert parsed(EVERYTHING).people
    for at in places(EVERYTHING):
        changed = deepcopy(EVERYTHING)
        around: Any = changed
        for step in at[:-1]:
            around = around[step]
        around[at[-1]] = Raw(instead)
        with suppress(ConfigError):
            parsed(changed)
