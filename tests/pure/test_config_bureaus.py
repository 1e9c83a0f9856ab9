"""Bureaus and pagers in the configuration: what is taken, and what is said when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.config.file import ConfigError, parse
from gatewayd.oncall.directory import Device, Directory, Person

SMPP = """\
[[smpp]]
name = "north"
host = "smpp.north.example"
system_id = "acme"

"""
PEOPLE = """\
[[people]]
name = "anna"
devices = [
  { kind = "pager", number = "0047110", channel = "north" },
  { number = "+447700900123", channel = "north" },
]

[[policies]]
name = "everybody"
steps = [{ page = ["anna"] }]
fallback = ["anna"]
"""
WITHOUT_COUNTRY = (
    "write the number with its country code ('+44...'), or 'short:60777' for a short code;"
    ' for the id of a pager: kind = "pager"'
)
MODEM = '[[modems]]\nname = "modem1"\nport = "/dev/gatewayd/modem1"\n\n'
BY_MODEM = PEOPLE.replace('  { kind = "pager", number = "0047110", channel = "north" },\n', "").replace(
    ', channel = "north"', ""
)


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, environ={})
    return [str(p) for p in caught.value.problems]


def with_password(file: Path) -> str:
    return SMPP.replace('acme"', f'acme"\npassword_file = "{file}"') + PEOPLE


def test_a_bureau_alone_is_enough_and_its_pager_keeps_its_zeros() -> None:
    config = parse(SMPP + PEOPLE + '[dialling]\ncountry_code = "44"\ntrunk_prefix = "0"\n')
    assert [channel.name for channel in config.channels] == ["north"]
    assert [device.number for device in config.people[0].devices] == ["0047110", "+447700900123"]


def test_names_are_unique_over_all_sorts_of_channels() -> None:
    text = MODEM + SMPP.replace("north", "modem1") + PEOPLE.replace("north", "modem1")
    assert "line 6: smpp[0].name: 'modem1' is there twice" in problems(text)


def test_a_password_is_never_inline() -> None:
    (said,) = problems(SMPP.replace('acme"', 'acme"\npassword = "opensesa"') + PEOPLE)
    assert said == (
        "line 5: smpp[0].password: a password is never written in this file; put it in a file of its own"
        ' (password_file = "/etc/gatewayd/bureau1.password", mode 0640)'
        ' or in a systemd credential (password_credential = "bureau1-password")'
    )


def test_a_password_comes_from_a_file_that_not_everybody_can_read(tmp_path: Path) -> None:
    file = tmp_path / "north"
    text, at = with_password(file), "line 5: smpp[0].password_file: "
    assert problems(text) == [f"{at}cannot read {file}: No such file or directory"]
    file.write_text("opensesa\n")
    file.chmod(0o644)
    assert problems(text) == [f"{at}everybody on this machine can read {file}: chmod o= {file}"]
    file.chmod(0o640)
    config = parse(text, environ={})
    assert config.secrets["north"].get_secret_value() == "opensesa"
    assert "opensesa" not in repr(config)
    holds = "a password of 1 to 8 plain characters, no spaces"
    for words, said in (
        ("\n", f"{file} is empty: it must hold {holds}"),
        ("open sesame", f"{file} must hold {holds}"),
        ("ninechars", f"{file} must hold {holds}"),
        ("café", f"{file} must hold {holds}"),
    ):
        file.write_text(words)
        assert problems(text) == [f"{at}{said}"]
    file.unlink()
    file.mkdir(0o700)
    assert problems(text) == [f"{at}cannot read {file}: Is a directory"]


def test_a_password_comes_from_a_systemd_credential(tmp_path: Path) -> None:
    text = SMPP.replace('acme"', 'acme"\npassword_credential = "north-password"') + PEOPLE
    (tmp_path / "north-password").write_text("opensesa")
    (tmp_path / "north-password").chmod(0o440)
    config = parse(text, environ={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert config.secrets["north"].get_secret_value() == "opensesa"
    unseen: list[str] = []
    parse(text, environ={}, unseen=unseen)
    assert unseen == ["north-password"]
    advice = "only systemd gives credentials (LoadCredential= in the unit); or use password_file"
    assert problems(text) == [f"line 5: smpp[0].password_credential: $CREDENTIALS_DIRECTORY is not set: {advice}"]
    both = text.replace("password_credential", 'password_file = "/x"\npassword_credential')
    assert problems(both) == ["line 6: smpp[0].password_credential: password_file is there too; choose one of them"]


def test_a_pager_needs_a_bureau_of_its_own() -> None:
    text = (
        MODEM
        + SMPP
        + PEOPLE.replace(
            '  { kind = "pager", number = "0047110", channel = "north" },\n',
            """\
  { kind = "pager", number = "4711" },
  { kind = "pager", number = "4711", channel = "modem1" },
  { kind = "pager", number = "4711", channel = "nroth" },
  { kind = "pager", number = "+44 7700", channel = "north" },
  { kind = "pagre", number = "4711", channel = "north" },
  { number = "4711", channel = "north" },
""",
        )
    )
    assert problems(text) == [
        "line 13: people[0].devices[0].channel: is missing: a pager is reached through one bureau, name it here",
        "line 14: people[0].devices[1].channel: 'modem1' is a modem; a pager is reached through a bureau",
        "line 15: people[0].devices[2].channel: no channel 'nroth'; did you mean 'north'?",
        "line 16: people[0].devices[3].number: the id of a pager is 1 to 20 digits, without '+' and spaces",
        "line 17: people[0].devices[4].kind: must be 'phone' or 'pager'",
        f"line 18: people[0].devices[5].number: {WITHOUT_COUNTRY}",
    ]


def test_two_bureaus_may_know_two_pagers_by_one_id_and_one_bureau_may_not() -> None:
    south = SMPP.replace("north", "south")
    ben = '[[people]]\nname = "ben"\ndevices = [{ kind = "pager", number = "0047110", channel = "south" }]\n'
    directory = parse(SMPP + south + PEOPLE + ben).directory
    owners = [directory.owner_of("0047110", channel) for channel in ("north", "south", "modem1")]
    assert [owned[0].name if owned else "" for owned in owners] == ["anna", "ben", ""]
    told = problems(SMPP + south + PEOPLE + ben.replace("south", "north"))
    assert told == ["line 24: people[1].devices[0].number: this pager belongs to 'anna' already"]


def test_a_pager_writes_over_its_bureau_and_a_phone_from_anywhere() -> None:
    """A bureau's digits without a type are read as an international number where they could be one."""
    directory = parse(SMPP + PEOPLE.replace("0047110", "7654321")).directory
    for sender, channel, kind in (
        ("7654321", "north", "pager"),
        ("+7654321", "north", "pager"),
        ("7654321", "modem1", ""),
        ("+447700900123", "north", "phone"),
        ("+447700900123", "modem1", "phone"),
        ("07700900123", "modem1", "phone"),
    ):
        owned = directory.owner_of(sender, channel)
        assert (owned[1].kind if owned else "") == kind, (sender, channel)


def test_a_phone_whose_network_writes_the_national_zero_is_known() -> None:
    numbers = {"anna": ["+447700900123"], "cara": ["+39061234567", "+3961234567"]}
    people = tuple(Person(name=n, devices=tuple(Device(number=each) for each in of)) for n, of in numbers.items())
    directory = Directory.model_construct(people=people)
    for sender, name in (
        ("+4407700900123", "anna"),
        ("+44007700900123", ""),
        ("+4907700900123", ""),
        ("+39061234567", "cara"),
        ("+3901234567", ""),
        ("+390061234567", ""),
    ):
        owned = directory.owner_of(sender, "modem1")
        assert (owned[0].name if owned else "") == name, sender


TAP = """\
[[tap]]
name = "south"
end = "/dev/gatewayd/paging"

"""


def test_a_tap_bureau_pages_pagers_whose_ids_may_have_letters() -> None:
    people = PEOPLE.replace("0047110", "47A").replace("north", "south")
    said = "'south' pages pagers; if it takes phones as well, say so there: phone_numbers = true"
    assert problems(TAP + people) == [f"line 9: people[0].devices[1].channel: {said}"]
    config = parse(TAP.replace("\n\n", "\nphone_numbers = true\n\n") + people, environ={})
    assert config.people[0].devices[0].number == "47A"
    wrong = people.replace("47A", "47 A").replace(', channel = "south" },\n]', " },\n]")
    form = "1 to 32 digits, or letters where the bureau has such"
    assert problems(TAP + MODEM + wrong) == [
        f"line 12: people[0].devices[0].number: the id of a pager is {form}, without '+' and spaces"
    ]


def test_a_line_belongs_to_one_modem_or_one_bureau(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyUSB0")
    modem = MODEM.replace("/dev/gatewayd/modem1", f"{tmp_path}/ttyUSB0")
    bureau = TAP.replace("/dev/gatewayd/paging", f"{tmp_path}/by-id")
    assert problems(modem + bureau + BY_MODEM) == ["line 7: tap[0].end: this is the port of 'modem1' already"]
    both = TAP.replace("/dev/gatewayd/paging", "tcp://bureau.example:10001")
    told = problems(both + both.replace('"south"', '"west"') + BY_MODEM + MODEM)
    why = "this is the port of 'south' already; only bureaus that are dialled share a modem"
    assert told == [f"line 7: tap[1].end: {why}"]
    dialled = TAP.replace("/dev/gatewayd/paging", f"{tmp_path}/by-id").replace("\n\n", '\ndial = "5551000"\n\n')
    parse(dialled + dialled.replace('"south"', '"west"') + BY_MODEM + MODEM, environ={})
    assert problems(modem + dialled + BY_MODEM) == ["line 7: tap[0].end: this is the port of 'modem1' already"]


def test_the_password_of_a_tap_bureau_may_be_longer(tmp_path: Path) -> None:
    file = tmp_path / "south"
    file.write_text("a-long-password-of-the-bureau")
    file.chmod(0o640)
    text = TAP.replace("\n\n", f'\npassword_file = "{file}"\n\n') + MODEM + BY_MODEM
    assert parse(text, environ={}).secrets["south"].get_secret_value() == "a-long-password-of-the-bureau"
    file.write_text("x" * 33)
    holds = "a password of 1 to 32 plain characters, no spaces"
    assert problems(text) == [f"line 4: tap[0].password_file: {file} must hold {holds}"]
    assert problems(text.replace('end = "', 'parity = "7E2"\nend = "')) == [
        "line 3: tap[0].parity: must be '8N1', '7E1' or '7E1 in software'",
        f"line 5: tap[0].password_file: {file} must hold {holds}",
    ]


def test_without_a_modem_a_phone_names_its_bureau_or_the_bureau_takes_any() -> None:
    free = PEOPLE.replace('"+447700900123", channel = "north"', '"+447700900123"')
    said = "is missing: there is no modem, and no bureau says any_phone = true"
    assert problems(SMPP + free) == [f"line 10: people[0].devices[1].channel: {said}"]
    parse(SMPP.replace('acme"', 'acme"\nany_phone = true') + free)
    parse(MODEM + SMPP + free)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("prot = 2775", "prot: unknown key 'prot'; did you mean 'port'?"),
        ("port = 70000", "port: must be at most 65535"),
        ('host = ""', "host: must not be empty"),
        ('host = "[::1]"', 'host: must be a name or an address, as in "smpp.example", "2001:db8::7"'),
        ('host = "smpp north"', 'host: must be a name or an address, as in "smpp.example", "2001:db8::7"'),
        ('host = "smpp.example:2775"', "host: must be a name or an address alone; the port goes apart: port = 2775"),
        ('tls = true\ntls_name = "a\\nb"', 'tls_name: must be a name, as in "smpp.north.example"'),
        ('system_type = "a type too long"', "system_type: takes at most 12 characters"),
        ('system_type = "Zürich"', "system_type: takes plain characters (ASCII) only"),
        ('sender = "a name too long"', "sender: sender 'a name too long': a name has 1 to 11 plain characters"),
        ('zone = "Europe/Londn"', "zone: there is no time zone 'Europe/Londn'"),
        ('statuses = { "1025" = "throttled" }', 'statuses: must be a status of the bureau, as in "0x0401"'),
        ("rate_per_s = 0", "rate_per_s: must be more than 0"),
        ("ton_npi = [1]", "ton_npi[1]: is missing"),
        ('statuses = { "0x00" = "throttled" }', "statuses: 0x00 means that the bureau took a text, and nothing else"),
        ('tls = true\ntls_ca_file = "ca.pem"', "tls_ca_file: must be the absolute path of a file that is there"),
        ('tls = true\ntls_ca_file = "/etc/hostname"', "tls_ca_file: /etc/hostname holds no certificate (PEM)"),
        ('tls_name = "bureau.example"', "tls_name: is there without tls = true: the password would travel in clear"),
        ("validity_s = 5", "validity_s: unknown key 'validity_s'; did you mean 'validity'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_in_words(keys: str, said: str) -> None:
    bureau = SMPP.replace(
        'host = "smpp.north.example"\n', "" if keys.startswith("host") else SMPP.splitlines()[2] + "\n"
    )
    (told,) = problems(bureau.replace('acme"', f'acme"\n{keys}') + PEOPLE)
    assert told.partition(": smpp[0].")[2] == said


def test_what_only_follows_from_another_problem_is_not_told() -> None:
    assert problems(MODEM + SMPP.replace("[[smpp]]", "[[smp]]") + PEOPLE) == [
        "line 5: smp: unknown key 'smp'; did you mean 'smpp'?"
    ]
    assert problems(MODEM + SMPP.replace('name = "north"', 'nmae = "north"') + PEOPLE) == [
        "line 5: smpp[0].name: is missing",
        "line 6: smpp[0].nmae: unknown key 'nmae'; did you mean 'name'?",
    ]
    assert problems(SMPP + MODEM.replace("modems", "moedms") + BY_MODEM) == [
        "line 6: moedms: unknown key 'moedms'; did you mean 'modems'?"
    ]
