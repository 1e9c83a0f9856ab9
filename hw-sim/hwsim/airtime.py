"""How long a submission takes over the air: by access technology, and shorter while the relay link is up (+CMMS).

The medians are a model, not a measurement: 2G 4 s with a hundredth above 15 s, 3G 3 s, LTE by SGs 2 s, by IMS 1 s.
"""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwsim.settings import Settings

GSM, UTRAN, E_UTRAN, IMS = 0, 2, 7, -1
_MEDIAN_S = {GSM: 4.0, UTRAN: 3.0, E_UTRAN: 2.0, IMS: 1.0}
_SPREAD = math.log(15 / 4) / 2.326  # of the logarithm: a hundredth is above 15 s where the median is 4
LINK_UP_SHARE = 0.6
LINK_S = (1.0, 5.0)  # the link stays up for so long after the last message


def airtime_s(act: int, dice: Random, *, link_up: bool) -> float:
    """One draw."""
    seconds = _MEDIAN_S.get(act, _MEDIAN_S[E_UTRAN]) * math.exp(dice.gauss(0.0, _SPREAD))
    return seconds * LINK_UP_SHARE if link_up else seconds


class RelayLink:
    """The link to the network that +CMMS keeps up between messages (27.005 3.5.6)."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._until = 0.0

    def up(self, settings: Settings, now: float) -> bool:
        """Whether the link of the last message is still there; +CMMS falls from 1 to 0 when it is not."""
        up = settings.cmms > 0 and now < self._until
        if not up and settings.cmms == 1 and self._until:
            settings.cmms, self._until = 0, 0.0
        return up

    def keep(self, settings: Settings, now: float) -> None:
        """A message went out."""
        if settings.cmms:
            self._until = now + self._dice.uniform(*LINK_S)

    def end(self) -> None:
        """It is down."""
        self._until = 0.0
