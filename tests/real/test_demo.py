"""`gatewayd demo --once`: the whole demo on real parts, judged by its own exit status and by what it told."""

from __future__ import annotations

import subprocess
import sys


def test_the_demo_tells_both_stories_and_ends_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gatewayd", "demo", "--once"], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) < 80
    told = " ".join(done.stdout.split())
    wanted = [
        "in the office. Anna has NOC until",
        "hand-over",
        "rule 'by-night' (outside the working hours of 'office'): the network pages rota:noc, then backup:noc",
        "Anna's phone, by modem1",
        "delivery report",
        "Ben's phone, by modem2",
        'Ben replies "ok"',
        "is yours",
        "taken by Ben",
        "cleared",
        "CARA IS IN THE TUBE",
        "takes a page for her pager",
        'reports "delivered"',
        "the pager heard nothing",
        "the same page goes to her phone, by modem2",
        "Anna's phone, by modem1",
        'She replies "ok ',
        "is yours",
        "Cara's phone, by modem2",
        "seconds late",
        "taken by Anna",
        "cleared",
        "Cara's pager has missed it",
        "both stories happened",
    ]
    position = 0
    for words in wanted:
        position = told.find(words, position)
        assert position >= 0, f"{words!r} is not told in order:\n{done.stdout}"
