"""Slips of people who write their first file: each is told where it is, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.config.file import parse
from tests.pure.test_config import MINIMAL, problems

TWO = MINIMAL.replace("[[policies]]", '[[teams]]\nname = "noc"\nmembers = ["anna"]\n[[policies]]')


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"anna"\ndev', "anna\ndev", 'line 6: not TOML: no value (column 8): text stands in "quotes"'),
        ('"anna"\ndev', "“anna”\ndev", 'line 6: not TOML: quotes are straight, as in "text", not “curly” (column 8)'),
        ('"anna"\ndev', '"anna\ndev', "line 6: not TOML: a quote is not closed on this line"),
        (
            'modem1"\n\n',
            'modem1"\nroaming_allowed = True\n\n',
            "line 4: not TOML: true and false are written small (column 19)",
        ),
        ('name = "anna"', 'name: "anna"', "line 6: not TOML: write name = value, with '=' and not ':'"),
        ('modem1"\n\n', 'modem1"\nlook_s = 1,5\n\n', "line 4: not TOML: a decimal number has a point, 1.5 (column 11)"),
        (
            'modem1"\n\n',
            'modem1"\nbaud = 09600\n\n',
            'line 4: not TOML: a number does not begin with 0; what is not a number stands in "quotes" (column 9)',
        ),
        (
            'page = ["anna"] }]',
            'page = ["anna"] } { page = ["anna"] }]',
            "line 11: not TOML: a list is not closed, or a comma is missing in it (column 30)",
        ),
        (
            '[{ page = ["anna"] }]',
            '[{\n  page = ["anna"]\n}]',
            "line 11: not TOML: what stands in { } stands on one line, without a comma at its end (column 11)",
        ),
    ],
)
def test_a_text_that_is_no_toml_is_told_in_plain_words(right: str, wrong: str, said: str) -> None:
    assert right in MINIMAL
    assert problems(MINIMAL.replace(right, wrong, 1)) == [said]


def test_a_table_that_is_there_twice_is_named() -> None:
    twice = MINIMAL + '[web]\nlisten = []\n[log]\nlevel = "info"\n[web]\nmetrics_open = true\n'
    assert problems(twice) == ["line 17: not TOML: [web] stands in the file twice: put all of it in one place"]
    assert problems(MINIMAL + '[people]\nname = "bob"\n') == [
        "line 13: not TOML: [people] stands in the file twice: put all of it in one place"
    ]


def test_a_key_of_the_top_that_has_slipped_into_a_table_is_sent_there() -> None:
    below = MINIMAL + 'default_policy = "everybody"\nstate_dir = "/srv/gatewayd"\n'
    moved = "it belongs to the top of the file, before the first [table]"
    assert problems(below) == [
        f"line 13: policies[0].default_policy: unknown key 'default_policy'; {moved}",
        f"line 14: policies[0].state_dir: unknown key 'state_dir'; {moved}",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            'members = ["anna"]',
            'members = ["ana"]',
            "line 11: teams[0].members[0]: no person 'ana'; did you mean 'anna'?",
        ),
        (
            'page = ["anna"]',
            'page = ["team:nco"]',
            "line 14: policies[0].steps[0].page[0]: no person or team 'team:nco'; did you mean 'team:noc'?",
        ),
        (
            'page = ["anna"]',
            'page = ["noc"]',
            "line 14: policies[0].steps[0].page[0]: no person or team 'noc'; did you mean 'team:noc'?",
        ),
        (
            'fallback = ["anna"]',
            'fallback = ["team:day"]',
            "line 15: policies[0].fallback[0]: no person or team 'team:day'",
        ),
        (
            'fallback = ["anna"]',
            'fallback = ["ana"]',
            "line 15: policies[0].fallback[0]: no person or team 'ana'; did you mean 'anna'?",
        ),
        (
            "[[modems]]",
            'default_policy = "everbody"\n[[modems]]',
            "line 1: default_policy: no policy 'everbody'; did you mean 'everybody'?",
        ),
        (
            "[[modems]]",
            '[heartbeat]\ntext_to = "ana"\n[[modems]]',
            "line 2: heartbeat.text_to: no person 'ana'; did you mean 'anna'?",
        ),
        (
            "[[modems]]",
            '[self_report]\npolicy = "everbody"\n[[modems]]',
            "line 2: self_report.policy: no policy 'everbody'; did you mean 'everybody'?",
        ),
        ("[[modems]]", '[heartbeat]\ntext_to = "dora"\n[[modems]]', "line 2: heartbeat.text_to: no person 'dora'"),
    ],
)
def test_a_name_that_nobody_has_is_told_with_the_one_that_is_near(right: str, wrong: str, said: str) -> None:
    assert problems(TWO.replace(right, wrong, 1)) == [said]


def test_a_rota_and_a_calendar_that_are_not_there_are_told_with_the_near_one() -> None:
    rota = (
        '[[calendars]]\nname = "office"\nzone = "UTC"\n[[rotas]]\nname = "noc"\nzone = "UTC"\ncalendar = "ofice"\n'
        'fallback = ["anna"]\n[[rotas.layers]]\nname = "weeks"\npeople = ["anna"]\nstart = 2026-01-05\n'
    )
    assert problems(MINIMAL.replace('page = ["anna"]', 'page = ["rota:nco"]') + rota) == [
        "line 11: policies[0].steps[0].page[0]: no rota 'nco'; did you mean 'noc'?",
        "line 19: rotas[0].calendar: no calendar 'ofice'; did you mean 'office'?",
    ]


def test_a_time_without_its_zone_is_asked_for_it() -> None:
    work = '[[maintenance]]\nname = "move"\nservices = ["db"]\nsince = 2026-12-01T02:00:00\n'
    work += "until = 2026-12-01T03:00:00Z\n"
    assert problems(MINIMAL + work) == [
        "line 16: maintenance[0].since: must say its zone, as in 2026-12-01T02:00:00Z or 2026-12-01T02:00:00+01:00"
    ]


def test_a_state_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = f"line 1: state_dir: {tmp_path}/file is no directory"
    assert problems(f'state_dir = "{tmp_path}/file"\n{MINIMAL}') == [said]
    assert parse(f'state_dir = "{tmp_path}/to/come"\n{MINIMAL}').people


def test_whoever_checks_is_told_of_a_port_that_is_not_there(tmp_path: Path) -> None:
    """A note, for the stick may come later; the daemon tells it as the state of the modem."""
    port = f'port = "{tmp_path}/modem1"'
    text = MINIMAL.replace('port = "/dev/gatewayd/modem1"', port)
    said = f"modems[0].port: {tmp_path}/modem1 is not there now"
    assert said in parse(text, environ={}, unseen=[]).warnings
    assert parse(text, environ={}).warnings == ()
    assert parse(text.replace(port, f'{port}\nimei = "490154203237518"'), environ={}, unseen=[]).warnings == ()
    (tmp_path / "modem1").symlink_to("/dev/null")
    assert parse(text, environ={}, unseen=[]).warnings == ()
