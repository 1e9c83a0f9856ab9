"""SIGKILL around every step of +CMGS, in short; `make crash` is the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.crash_cases import Case, Trial, short_cases


@pytest.mark.parametrize("case", short_cases(), ids=lambda case: case.name)
def test_nothing_is_lost_and_no_repeat_is_silent(case: Case, tmp_path: Path) -> None:
    verdict = Trial(case, tmp_path).run()
    assert verdict.kills == case.kills
    assert not verdict.problems, f"{verdict.problems}\n{verdict.evidence}"
