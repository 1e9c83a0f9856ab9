"""What the command says when there is no daemon, no file, or no sense in what was typed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from gatewayd import VERSION
from gatewayd.cli import main
from tests.cli.house import CONFIG, gatewayd

WITHOUT_COUNTRY = "write the number with its country code ('+44...'), or 'short:60777' for a short code"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.toml"
    path.write_text(CONFIG.format(home=tmp_path))
    return path


def test_no_daemon_is_status_3_and_says_what_to_do(config: Path, tmp_path: Path) -> None:
    told = gatewayd("messages", "--config", str(config))
    assert (told.status, told.out) == (3, "")
    assert told.err == (
        f"gatewayd: no gatewayd answers at {tmp_path}/state/gatewayd.sock\n"
        "Is it running? systemctl status gatewayd. With a configuration elsewhere: --config FILE or --socket PATH.\n"
    )


def test_a_socket_without_an_ear_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "gatewayd.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    told = gatewayd("status", "--socket", str(path), "--json")
    assert told.status == 3
    assert "The socket is there but nobody answers" in told.err
    assert told.json == {"error": {"status": 0, "message": f"no gatewayd answers at {path}"}}


def test_a_path_that_cannot_be_one_is_no_fault_of_ours() -> None:
    told = gatewayd("status", "--socket", "/" + "x" * 5_000)
    assert (told.status, told.out) == (3, "")
    assert "Is it running?" in told.err
    assert "Traceback" not in told.err


def test_a_configuration_that_was_named_is_never_passed_over(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.toml"
    told = gatewayd("reload", "--config", str(nowhere))
    assert (told.status, told.err) == (1, f"gatewayd: cannot read {nowhere}: No such file or directory\n")
    assert "cannot read" in gatewayd("status", "--json", "--config", str(tmp_path)).json["error"]["message"]
    unclear = tmp_path / "unclear.toml"
    unclear.write_text('socket = "/run/x.sock')
    assert f"cannot read {unclear}: " in gatewayd("status", "--config", str(unclear)).err


def test_a_file_with_something_wrong_elsewhere_still_says_where_the_daemon_is(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text().replace("[web]", "= nonsense =\n[web").replace("[[people]]", "[[people"))
    assert f"no gatewayd answers at {tmp_path}/state/gatewayd.sock" in gatewayd("status", "--config", str(config)).err


def test_check_tells_all_problems_with_their_lines(config: Path) -> None:
    good = gatewayd("check", "--config", str(config))
    assert (good.status, good.out) == (0, f"{config}: good (1 modem, 1 person, 0 teams, 1 policy)\n")
    config.write_text(config.read_text().replace("[[policies]]", "[[polices]]").replace("+447700900123", "0123"))
    wrong = gatewayd("check", "--config", str(config))
    assert (wrong.status, wrong.out) == (1, "")
    assert wrong.err.splitlines() == [
        f"{config}: policies: is missing",
        f"{config}: line 13: people[0].devices[0].number: {WITHOUT_COUNTRY}",
        f"{config}: line 15: polices: unknown key 'polices'; did you mean 'policies'?",
    ]
    in_json = gatewayd("check", "--config", str(config), "--json")
    assert in_json.status == 1
    assert [(p["path"], p["line"]) for p in in_json.json["problems"]] == [
        ("policies", None),
        ("people[0].devices[0].number", 13),
        ("polices", 15),
    ]


def test_check_names_the_credentials_it_cannot_see(config: Path) -> None:
    config.write_text(config.read_text().replace("[[modems]]", '[[modems]]\npin_credential = "sim1-pin"'))
    told = gatewayd("check", "--config", str(config))
    assert told.status == 0
    absent, unseen = told.err.splitlines()
    assert absent.startswith(f"{config}: note: modems[0].port: ")
    assert absent.endswith("no-such-modem is not there now")
    assert unseen == "not checked: the credential 'sim1-pin', which only the service can see"


def test_the_daemon_does_not_start_with_a_wrong_file(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text().replace('port = "', 'prot = "'))
    told = gatewayd("run", "--config", str(config))
    assert told.status == 1
    assert "line 9: modems[0].prot: unknown key 'prot'; did you mean 'port'?" in told.err
    assert not (tmp_path / "state").exists()
    nowhere = tmp_path / "nowhere.toml"
    assert "cannot read" in gatewayd("run", "--config", str(nowhere)).err
    assert (
        gatewayd("check", "--config", str(nowhere)).err
        == f"{nowhere}: cannot read the file: No such file or directory\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("settle", "7"),  # --sent or --not-sent must be said
        ("settle", "7", "--sent", "--not-sent"),
        ("send", "hello"),  # to whom?
        ("send", "--to", "anna", "--validity", "soon", "hello"),
        ("message", "seven"),
        ("token", "new", "x", "--scope", "everything"),
        ("token", "revoke", ".."),  # another path of the API
        ("test-page", ""),
        ("test-page", "\udcff"),
        ("send", "--to", "person:anna", "St\udcf6rung"),  # typed in Latin-1
        ("frobnicate",),
        (),
    ],
)
def test_what_makes_no_sense_is_status_2(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: gatewayd")


def test_every_command_explains_itself() -> None:
    told = gatewayd("--help")
    assert told.status == 0
    assert "the file it was started with" in " ".join(gatewayd("reload", "--help").out.split())
    assert "Exit status: 0 done; 1 refused, or something is wrong; 2 not understood" in " ".join(told.out.split())


def test_version() -> None:
    assert gatewayd("version").out.startswith(f"gatewayd {VERSION} (Python ")
    assert gatewayd("--version") == gatewayd("version")
    assert json.loads(gatewayd("version", "--json").out)["gatewayd"] == VERSION


def test_the_demo_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("gatewayd.cli.here.find_spec", lambda _: None)
    assert main(["demo", "--once"]) == 1
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "gatewayd: the demo needs hw-sim: run it from a checkout with `make demo`\n")
