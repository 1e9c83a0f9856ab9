"""`gatewayd demo --once`: the whole story on real parts, judged by its own exit status and by what it told."""

from __future__ import annotations

import subprocess
import sys


def test_the_demo_tells_the_story_and_ends_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gatewayd", "demo", "--once"], capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if " s  " in line]
    wanted = [
        "Anna's phone, by modem1",
        "delivery report",
        "Ben's phone, by modem2",
        'Ben replies "ok"',
        "is yours",
        "taken by Ben",
        "cleared",
        "the story happened",
    ]
    position = 0
    for words in wanted:
        position = next((i for i in range(position, len(told)) if words in told[i]), -1)
        assert position >= 0, f"{words!r} is not told in order:\n{done.stdout}"
