"""The operator's commands, typed at a real daemon whose only modem is not plugged in."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.cli.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("gatewayd")) as house:
        yield house
        assert house.stop() == 0


def incident(house: House, key: str) -> int:
    """Something broke: posted as a monitoring system would, with a token of its own."""
    secret = house.types("token", "new", f"monitor-{key}").out.strip()
    body = json.dumps({"key": key, "service": "db", "severity": "critical", "summary": f"{key} is on fire"}).encode()
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    with urlopen(Request(house.url() + "/api/v1/alerts", body, headers)) as answer:
        assert answer.status == 202
    return int(next(i["id"] for i in house.types("incidents", "--json").json["incidents"] if key in i["summary"]))


def test_a_text_from_typing_it_to_taking_it_back(house: House) -> None:
    taken = house.types("send", "--to", "person:anna", "--validity", "15m", "--priority", "high", "the cake is here")
    assert taken.status == 0, taken.err
    number = taken.out.splitlines()[1].split()[0]
    listed = house.types("messages", "--state", "queued")
    row = next(line for line in listed.out.splitlines() if line.startswith(f"{number} "))
    assert "anna mobile" in row
    assert "the cake is here" in row
    assert row in house.types("messages", "--person", "anna").out
    assert number not in house.types("messages", "--person", "ben").out.split()
    shown = house.types("message", number, "--json").json
    assert (shown["state"], shown["priority"], shown["recipient"]) == ("queued", "high", "+447700900123")
    assert house.types("withdraw", number).out == f"message {number}: withdrawn\n"
    again = house.types("withdraw", number)
    assert again.status == 1
    assert again.err.startswith("gatewayd: ")
    assert "withdrawn" in again.err


def test_a_text_may_come_from_a_pipe_and_go_to_a_number(house: House) -> None:
    taken = house.types("send", "--to", "+44 7700 900999", "-", "--json", stdin="line one\nline two\n")
    assert taken.status == 0, taken.err
    (message,) = taken.json["messages"]
    assert house.types("message", str(message["id"]), "--json").json["text"] == "line one\nline two"


@pytest.mark.parametrize("charset", ["C", "C.UTF-8"])
def test_a_pipe_in_another_encoding_is_told_so(house: House, charset: str) -> None:
    words = [sys.executable, "-m", "gatewayd", "send", "--to", "person:anna", "-", "--config", str(house.config)]
    environ = {**os.environ, "LC_ALL": charset}
    text = "Störung".encode("latin-1")
    told = subprocess.run(words, input=text, capture_output=True, timeout=60, env=environ, check=False)
    assert (told.returncode, told.stderr) == (2, b"gatewayd: what came from the standard input is not UTF-8\n")


def test_an_answer_that_cannot_be_written_is_no_success(house: House) -> None:
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "gatewayd", "token", "list", "--config", str(house.config)]
        told = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    said = b"gatewayd: the answer cannot be written: No space left on device\n"
    assert (told.returncode, told.stderr) == (1, said)


def test_what_is_refused_is_told_in_a_sentence_and_with_status_1(house: House) -> None:
    refused = house.types("send", "--to", "person:ana", "hello")
    assert (refused.status, refused.out) == (1, "")
    assert "there is no person 'ana'; did you mean 'anna'?" in refused.err
    in_json = house.types("settle", "4711", "--sent", "--json")
    assert in_json.status == 1
    assert in_json.json["error"]["status"] == 404
    assert "there is no message '4711'" in in_json.err


def test_an_incident_is_listed_shown_taken_and_closed(house: House) -> None:
    number = str(incident(house, "db1"))
    listed = house.types("incidents")
    assert "db1 is on fire" in listed.out
    shown = house.types("incident", number)
    code = house.types("incident", number, "--json").json["code"]
    assert shown.out.startswith("incident")
    assert "Alerts\n" in shown.out
    assert "Texts\n" in shown.out
    taken = house.types("ack", f"code:{code}", "--by", "anna", "--note", "on my way")
    assert taken.out == f"incident {number} (code {code}): acknowledged\n"
    assert house.types("incident", number, "--json").json["acknowledged_by"] == "anna"
    assert house.types("resolve", "#" + number).out == f"incident {number} (code {code}): resolved\n"
    assert house.types("ack", f"code:{code}").err.endswith(
        f"there is no incident with the code {code} that is not over\n"
    )
    assert "db1 is on fire" not in house.types("incidents").out
    assert "db1 is on fire" in house.types("incidents", "--all").out


def test_the_journal_tells_of_one_incident_and_proves_itself(house: House) -> None:
    number = str(incident(house, "db2"))
    lines = house.types("journal", "--incident", number, "--json").json["lines"]
    assert lines
    assert all(line["incident"] == int(number) or line["message"] for line in lines), "its own lines, and its texts'"
    verified = house.types("journal", "--verify", "--limit", "3")
    assert verified.status == 0
    assert "the chain is whole" in verified.err
    assert len(verified.out.splitlines()) == 4
    last = lines[-1]["seq"]
    assert all(line["seq"] > last for line in house.types("journal", "--after", str(last), "--json").json["lines"])


def test_the_secret_of_a_token_is_shown_once_and_alone(house: House) -> None:
    scopes = ("--scope", "alerts", "--scope", "messages")
    made = house.types("token", "new", "grafana", *scopes, "--prefix", "+44", "--prefix", "60777")
    assert made.status == 0, made.err
    assert made.out.startswith("gw_")
    assert len(made.out.split()) == 1, "`> file` must keep the secret and nothing else"
    assert "shown this once" in made.err
    assert made.err.startswith("token 'grafana' may: alerts, messages; texts only to +44..., short codes and pagers 6")
    assert made.out.strip() not in made.err
    assert made.out.strip() not in house.log.read_text()
    listed = house.types("token", "list")
    row = next(line for line in listed.out.splitlines() if line.startswith("grafana "))
    assert row.split()[1:3] == ["alerts,messages", "+44,60777"]
    assert house.types("token", "new", "grafana").status == 1
    assert "only the scope 'messages' sends" in house.types("token", "new", "x", "--prefix", "+44").err
    assert house.types("token", "revoke", "grafana").out == "token 'grafana' opens nothing any more\n"
    assert "grafana" not in house.types("token", "list").out


def test_a_test_page_is_a_message_like_any_other(house: House) -> None:
    told = house.types("test-page", "anna")
    assert told.status == 0
    assert told.out.startswith("test page queued: message ")
    assert house.types("test-page", "nobody").status == 1


def test_status_says_what_keeps_alerts_from_leaving(house: House) -> None:
    told = house.types("status")
    assert told.status == 1
    assert told.out.startswith("not ready: ")
    assert "modem1: down" in told.out
    assert house.types("status", "--json").json["ready"] is False


def test_a_daemon_on_a_backup_goes_on_where_it_was_made(house: House, tmp_path: Path) -> None:
    number = str(incident(house, "db3"))
    target = tmp_path / "state" / "gatewayd.db"
    target.parent.mkdir()
    assert house.types("backup", str(target)).out == f"written: {target}\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with House(tmp_path) as restored:
        assert restored.types("incident", number, "--json").json["summary"] == "db3 is on fire"
        assert "the chain is whole" in restored.types("journal", "--verify").err
        assert restored.types("ack", number).status == 0
        assert restored.stop() == 0
    assert house.types("incident", number, "--json").json["state"] == "open"


def test_a_backup_is_never_written_over_anything(house: House, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("the backup of yesterday")
    refused = house.types("backup", str(target))
    told = f"gatewayd: no backup was made: there is a file {target} already; name a new one\n"
    assert (refused.status, refused.out, refused.err) == (1, "", told)
    assert target.read_text() == "the backup of yesterday"
    assert "is a folder; name a new file in it" in house.types("backup", str(tmp_path)).err
    assert "there is no folder" in house.types("backup", str(tmp_path / "a" / "b")).err


def test_a_wrong_configuration_is_refused_and_the_old_one_stays(house: House) -> None:
    good = house.config.read_text()
    try:
        house.config.write_text(good.replace('fallback = ["anna"]', 'fallback = ["ana"]\nfalback = []'))
        refused = house.types("reload")
        assert refused.status == 1
        assert "nothing was changed" in refused.err
        assert "policies[0].fallback[0]: no person or team 'ana'" in refused.err
        assert "unknown key 'falback'; did you mean 'fallback'?" in refused.err
        assert house.types("test-page", "anna").status == 0
        house.config.write_text(good.replace('name = "anna"', 'name = "anna"\nfull_name = "Anna Example"'))
        assert house.types("reload").out == f"{house.config} was read again and is in force\n"
    finally:
        house.config.write_text(good)


def test_nothing_came_in(house: House) -> None:
    assert house.types("inbox").out == "no texts\n"
    assert house.types("inbox", "--all", "--json").json == {"texts": []}


def test_the_log_tells_events_and_no_number(house: House) -> None:
    assert house.types("send", "--to", "+447700900124", "hello").status == 0
    assert "+4477009001" not in house.log.read_text()
