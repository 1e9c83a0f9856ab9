"""How one bureau wants TAP spoken: the standard's timers and counts (TAP 1.8 section 7), and its own limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

LineBreaks = Literal["auto", "escape", "fields", "space"]

_WORD = re.compile(r"[!-~]*")


@dataclass(frozen=True, slots=True)
class TapSettings:
    """The defaults are the standard's, and of what it leaves open the most cautious.

    `line_breaks`: "escape" writes SUB pairs, "fields" begins a further field, "space" writes a space; "auto" escapes
    when the terminal has said that it speaks 1.6 or later.
    """

    t1_s: float = 2.0  # between two CR while "ID=" is awaited
    t2_s: float = 1.0  # the terminal's time for "ID=" after a CR
    t3_s: float = 10.0  # the terminal's time for each answer, from the last octet of ours
    t4_s: float = 4.0  # our time for the next block: so long we wait for the leave to send it
    t5_s: float = 8.0  # after so long the terminal repeats "ID="; so long we listen after the last CR
    n1: int = 3  # how many CR; analogue lines may want 20
    n2: int = 3  # how often a block goes out again
    n3: int = 3  # how often the terminal may ask for the logon again

    service: str = "PG1"
    password: str = field(default="", repr=False)

    pages_max: int = 10  # in one call
    call_s_max: float = 180.0  # after so long no further page is begun
    blocks_max: int = 1  # for one page; many terminals know no more than one
    info_octets_max: int = 250  # in one block: pager number, text and the CR behind each
    line_breaks: LineBreaks = "auto"
    etb_for_us: bool = False  # some terminals want ETB where the standard has US
    resend_unanswered: bool = False  # the last block again when nothing answers it: rather two pages than a late one

    working_max: int = 6  # how often "111 please wait" or XOFF may put off one deadline
    xoff_s_max: float = 10.0  # after so long an XOFF counts as line noise

    def __post_init__(self) -> None:
        """Refuse what would break the framing; the password is not repeated."""
        for name, word in (("service", self.service), ("password", self.password)):
            if not _WORD.fullmatch(word) or len(word) > 32:
                raise ValueError(f"{name}: at most 32 printable ASCII characters without spaces")
        if len(self.service) != 3:
            raise ValueError("service: three characters, as in PG1")
        if not 40 <= self.info_octets_max <= 250:
            raise ValueError("info_octets_max: 40 to 250")
        if min(self.n1, self.pages_max, self.blocks_max) < 1 or min(self.n2, self.n3, self.working_max) < 0:
            raise ValueError("n1, pages_max and blocks_max are at least 1, the other counts at least 0")
        if min(self.t1_s, self.t2_s, self.t3_s, self.t4_s, self.t5_s, self.call_s_max, self.xoff_s_max) <= 0:
            raise ValueError("every time is longer than 0 s")
