"""What the documents name must be there."""

from __future__ import annotations

import ast
import logging
import re
import tomllib
from argparse import ArgumentParser
from pathlib import Path

import pytest

from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.cli.arguments import parser
from gatewayd.config.file import parse
from gatewayd.metrics import exposition

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
NAMES = ("README.md", "bureaus.md", "ways.md", "rotas.md", "operations.md", "oncall-guide.md", "dependencies.md")
MINE = [d for d in DOCUMENTS if d.name in NAMES]
LIMITS = {"rate_per_s", "per_recipient_per_hour"}  # there is none as long as nobody tells one
EXAMPLE = REPOSITORY / "config" / "gateway.toml"


def commands(of: ArgumentParser) -> dict[str, ArgumentParser]:
    return next((dict(a.choices) for a in of._actions if isinstance(a.choices, dict)), {})


@pytest.mark.parametrize("document", MINE, ids=lambda path: path.name)
def test_every_command_that_is_shown_can_be_typed(document: Path) -> None:
    known = commands(parser())
    shown = re.findall(r"(?:^|sudo |`)gatewayd ([a-z][a-z-]*)(?: ([a-z]+))?", document.read_text(), re.MULTILINE)
    for command, second in shown:
        assert command in known, command
        if command == "token":
            assert second in commands(known[command])


@pytest.mark.parametrize("document", MINE, ids=lambda path: path.name)
def test_every_metric_that_is_named_exists(document: Path) -> None:
    exposed = exposition().decode()
    for name in re.findall(r"\bgatewayd_\w+", document.read_text()):
        assert re.search(rf"^# TYPE {name} ", exposed, re.MULTILINE), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", document.read_text()):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), target


def test_nothing_is_installed_without_its_hash() -> None:
    """Neither what a newcomer types nor what `make` does; our own code needs no index, and no backend from one."""
    told = "\n".join(path.read_text() for path in (*DOCUMENTS, REPOSITORY / "Makefile", REPOSITORY / ".ci" / "run"))
    installs = [line for line in told.splitlines() if re.search(r"\bpip3? +install\b(?! --require-hashes)", line)]
    assert installs == ["PIP    := -m pip install -q --disable-pip-version-check"]
    uses = [line for line in told.splitlines() if "$(PIP)" in line]
    assert [line.split(":=")[1].split()[1:] for line in uses] == [
        ["--require-hashes", "--no-build-isolation"],
        ["--no-index", "--no-deps", "--no-build-isolation"],
    ]


def test_the_defaults_shown_in_the_example_are_the_defaults() -> None:
    """Uncomment every optional line: still good, and nothing changes but what has no default."""
    text = EXAMPLE.read_text()
    table, told = "", {}
    for line in text.splitlines():
        if header := re.match(r"(?:# )?\[+([a-z_.]+)\]+", line):
            table = header[1]
        if option := re.match(r"# ([a-z_]+ = .+?)(?: +#.*)?$", line):
            told.setdefault(table, {}).update(tomllib.loads(option[1]))
    config = parse(text, environ={})
    assert config.delivery.model_dump(include=set(told["delivery"])) == told["delivery"]
    assert config.log.model_dump() == told["log"]
    web = config.web.model_dump(include=set(told["web"]))
    assert {k: list(v) if isinstance(v, tuple) else v for k, v in web.items()} == told["web"]
    assert str(config.state_dir) == told[""]["state_dir"]
    assert str(config.socket) == told[""]["socket"]
    (modem,) = config.modems
    for key in ("baud", "roaming_allowed", "submit_wait_s"):
        assert getattr(modem, key) == told["modems"][key]
    assert config.policies[0].exhausted_every_s == told["policies"]["exhausted_every_s"]
    smpp = SmppSettings(name="x", host="x", system_id="x")
    tap = TapSettings.model_validate({"name": "x", "end": "/dev/x", "dial": "1"})
    given = {"name", "host", "system_id", "password_file", "end", "dial", "sender", "numeric_pagers"}
    for bureau, table in ((smpp, "smpp"), (tap, "tap")):
        shown = {key: value for key, value in told[table].items() if key not in given | LIMITS}
        assert bureau.model_dump(include=set(shown)) == shown


def test_the_example_with_its_bureaus_is_good(tmp_path: Path) -> None:
    """What a newcomer gets who takes the "# " away from all that is said of bureaus."""
    begin, bureaus, end = re.split(r"(?s)(# \[\[smpp\]\].*?)(?=\n# ---- People)", EXAMPLE.read_text())
    text = begin + re.sub(r"(?m)^# (?! )", "", bureaus) + end.replace("# { kind", "{ kind")
    for name in ("north", "south"):
        (tmp_path / f"{name}.password").write_text("opensesa")
        (tmp_path / f"{name}.password").chmod(0o640)
    config = parse(re.sub(r"/etc/gatewayd/(?=\w+\.password)", f"{tmp_path}/", text), environ={})
    assert [channel.name for channel in config.channels] == ["modem1", "north", "south"]
    assert set(config.secrets) == {"north", "south"}
    assert [device.kind for device in config.people[0].devices] == ["phone", "phone", "pager"]


def test_the_rules_of_the_example_are_good() -> None:
    begin, rules, end = re.split(r"(?s)(# \[\[routes\]\].*?)(?=\n# ---- Patience)", EXAMPLE.read_text())
    text = (
        begin + re.sub(r"(?m)^# ", "", re.sub(r"(?m)^# .*session.*\n", "", rules.replace('"north"', '"modem1"'))) + end
    )
    plan = parse(text, environ={}).plan
    assert plan.cost("modem1", "+33612345678") == 110_000
    assert not plan.forbids("+447800900123", "modem1")


def test_the_rota_of_the_example_is_good() -> None:
    begin, rotas, end = re.split(r"(?s)(# \[\[rotas\]\].*?)(?=\n# ---- Services)", EXAMPLE.read_text())
    config = parse(begin + re.sub(r"(?m)^# ?", "", rotas) + end, environ={})
    (rota,) = config.rotas
    told = {"name", "title", "zone", "fallback", "layers"}
    assert rota == type(rota).model_validate(rota.model_dump(include=told)), "the rest are defaults"
    assert {policy.name for policy in config.policies} == {"night", "network"}


def test_no_log_line_uses_a_word_that_the_standard_library_keeps() -> None:
    """`extra={"message": 1}` raises in logging, at the worst moment; the word is message_id."""
    kept = {*vars(logging.makeLogRecord({})), "message", "asctime"}
    for path in (REPOSITORY / "gatewayd").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Dict):
                keys = {k.value for k in node.keys if isinstance(k, ast.Constant)}
                if "event" in keys and "level" not in keys and path.parts[-2] not in ("web", "cli", "store"):
                    assert not keys & kept, f"{path}:{node.lineno}: {keys & kept}"
