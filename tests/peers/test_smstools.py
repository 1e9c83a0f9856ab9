"""Debian's smsd (smstools) at a simulated modem: files in, files out, a delivery report between."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers.programs import smstools
from tests.peers.street import ANNA, Run, Street, program, wait_for

pytestmark = pytest.mark.peer


# Left out: types that store reports apart (SIM7600, ZTE, Sierra), for smsd does not look there.
# What an operator sets for the type of modem: how it tells of texts and reports, and its first place for a text.
@pytest.mark.parametrize(
    ("personality", "cnmi", "first_place"),
    [("generic", "2,1,0,1,0", 1), ("sim800", "2,1,0,1,0", 1), ("quectel-ec25", "2,1,0,1,0", 0),
     ("huawei-e173", "1,1,0,2,0", 0),
     ("telit-le910", "2,1,0,1,0", 1), ("wavecom-q24", "2,1,0,1,0", 1)],
)  # fmt: skip
def test_smsd(run: Run, tmp_path: Path, personality: str, cnmi: str, first_place: int) -> None:
    smsd = program("smsd")
    street = Street(run, tmp_path, "--personality", personality)
    memory = f"memory_start = {first_place}"
    config = smstools(tmp_path, street.ports["modem1"], cnmi=cnmi, more="receive_before_send = no", memory=memory)
    run(smsd, "-t", f"-c{config}", f"-p{tmp_path / 'pid'}", name="smsd")

    (tmp_path / "new").write_text(f"To: {ANNA.removeprefix('+')}\nReport: yes\n\nhello from smstools")
    (tmp_path / "new").rename(tmp_path / "outgoing" / "hello")
    street.wait_text("hello from smstools", within_s=90)
    wait_for((tmp_path / "sent" / "hello").exists, "it books the text as sent")
    assert "Status: 0,Ok" in _file_in(tmp_path / "report")
    street.anna_sends("ok 42")
    heard = _file_in(tmp_path / "incoming")
    assert f"From: {ANNA.removeprefix('+')}\n" in heard
    assert heard.endswith("\n\nok 42")
    assert list((tmp_path / "failed").iterdir()) == []
    assert street.texts() == ["hello from smstools"]
    assert street.twice() == []


def _file_in(box: Path) -> str:
    """The one file that comes into this box; smsd writes it under another name first."""
    [file] = wait_for(lambda: [f for f in box.iterdir() if f.stat().st_size], f"a file in {box.name}", within_s=60)
    return file.read_text()
