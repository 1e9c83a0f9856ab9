"""The section of docs/fault-matrix.md on programs of others."""

from __future__ import annotations

from datetime import datetime

from proofs.peers.rows import ROWS
from proofs.peers.strangers import KINDS
from proofs.peers.trial import HEALTHY_S_MAX, TEXTS, Verdict

TITLE = "The same faults, and programs of others"
HEAD = """
Debian's smstools 3.1.21, gammu-smsd 1.42.0 (its files) and Kannel 1.4.5 (its spool) with one modem each, and gatewayd
beside them, in real time, with sensible settings (proofs/peers/strangers.py): {texts} texts while the fault lasts (one
text where the program is killed), and the probe when it is over. Made by `make matrix-peers` on {date}; not part of
`.ci/run`.

* **lost**: told as sent, or gone without a word, and the network never had it. **twice**: copies without a mark;
  **repeats**: with it (only gatewayd marks). **failed**: told as failed, and which of them had arrived.
* **in doubt**: told as such at the end. **waits**: still queued {settled_s:.0f} s after the end of the fault or later.
* The time is from the end of the fault, or the restart, to the probe; "never" is within {healthy_s:.0f} s.
* What is not told of in a cell is 0. "-": it could not be played, see below the table.

gatewayd is slower to send again where a modem did not answer: nothing is written to it until its answer has come or
180 s are over, and with one modem there is no other way; that is why nothing is sent twice. Not run: a PIN typed wrong
(none is given to the others; a card that says "wrong" stands for it); which text the others credit a report to (each
tells of it in another way: texts are counted, not reports); pools of modems. The machine had a load of 20 meanwhile.
"""


def section(verdicts: list[Verdict], now: datetime) -> str:
    head = HEAD.format(texts=TEXTS, date=f"{now:%Y-%m-%d}", settled_s=HEALTHY_S_MAX - 60, healthy_s=HEALTHY_S_MAX)
    found = {(verdict.program, verdict.fault): verdict for verdict in verdicts}
    lines = ["| fault | " + " | ".join(KINDS) + " |", "|---" * (len(KINDS) + 1) + "|"]
    for row in ROWS:
        cells = [cell(found.get((program, row.name))) for program in KINDS]
        lines.append(f"| {row.name} | " + " | ".join(cells) + " |")
    lines.append("| **all** | " + " | ".join(_sum([v for v in verdicts if v.program == p]) for p in KINDS) + " |")
    errors = [f"* {v.program}, {v.fault}: {v.error}" for v in verdicts if v.error]
    return head + "\n" + "\n".join(lines) + "\n" + ("\n" + "\n".join(errors) + "\n" if errors else "")


def cell(verdict: Verdict | None) -> str:
    if verdict is None or not verdict.texts:
        return "-"
    words = [f"{verdict.taken} of {verdict.texts}", *_counts(verdict)]
    words.append("never" if verdict.healthy_s is None else f"{verdict.healthy_s:.0f} s")
    return ", ".join(words)


def _counts(verdict: Verdict) -> list[str]:
    words = [f"**{n} {what}**" for n, what in ((verdict.lost, "lost"), (verdict.twice, "twice")) if n]
    if verdict.failed:
        arrived = f" ({verdict.failed_but_taken} arrived)" if verdict.failed_but_taken else ""
        words.append(f"{verdict.failed} failed{arrived}")
    plain = ((verdict.in_doubt, "in doubt"), (verdict.repeats, "repeats"), (verdict.waiting, "waits"))
    return words + [f"{n} {what}" for n, what in plain if n]


def _sum(verdicts: list[Verdict]) -> str:
    played = [v for v in verdicts if v.texts]
    total = Verdict("", "")
    for name in ("texts", "taken", "lost", "twice", "in_doubt", "repeats", "failed", "failed_but_taken", "waiting"):
        setattr(total, name, sum(getattr(v, name) for v in played))
    never = sum(v.healthy_s is None for v in played)
    words = [f"{total.taken} of {total.texts}", *_counts(total)]
    return ", ".join([*words, f"{never} never healthy"] if never else words)
