"""How the world of the year behaves: every number that was chosen, in one place. docs/year.md shows them.

They are estimates of people who have been on call, not measurements of anybody; whoever doubts one changes it here and
plays the year again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = "Europe/London"
TEAM = ("anna", "ben", "cara", "dan", "eve", "finn")
NIGHT = (22, 7)  # hours; pages in it count as night pages


@dataclass(frozen=True, slots=True)
class Service:
    """`heals`: the share of its faults that clear by themselves, after about `heals_s`."""

    name: str
    per_week: float
    critical: float  # share; the rest is error, warning and info in equal parts
    heals: float
    heals_s: float


SERVICES = (
    Service("database", 1.2, 0.5, 0.2, 400),
    Service("web", 2.5, 0.4, 0.4, 240),
    Service("mail", 1.5, 0.3, 0.3, 600),
    Service("network", 2.0, 0.5, 0.4, 180),
    Service("storage", 0.8, 0.5, 0.1, 900),
    Service("power", 0.2, 0.9, 0.3, 300),
    Service("backup", 2.0, 0.05, 0.2, 3600),
    Service("certificates", 0.3, 0.2, 0.0, 1),
    Service("dns", 0.4, 0.6, 0.4, 120),
    Service("voice", 0.8, 0.4, 0.3, 300),
)
# Share of a day's faults in each hour of the local day: people at work break things, and so do jobs at night.
BY_HOUR = (2, 3, 5, 4, 2, 2, 2, 3, 5, 7, 8, 7, 6, 6, 7, 7, 6, 5, 4, 3, 3, 3, 2, 2)
WEEKEND_RATE = 0.5  # of a working day's


@dataclass(frozen=True, slots=True)
class Trouble:
    """What comes in groups."""

    storms_per_month: int = 1
    storm_alerts: tuple[int, int] = (25, 80)
    storm_within_s: float = 90.0
    storm_lasts_s: tuple[float, float] = (1_800, 7_200)
    storm_critical: float = 0.2
    flappings_per_year: float = 30.0
    flapping_times: tuple[int, int] = (5, 25)
    flapping_up_s: float = 60.0  # about; then it is well for about twice as long
    uplinks_per_year: float = 10.0
    uplink_takes_down: tuple[int, int] = (4, 10)
    repair_s: float = 1_500.0  # about, from the moment at which somebody took it
    repair_spread: float = 0.8
    found_at_hour: int = 9  # what nobody was told of is found by customers at this hour of the next day


@dataclass(frozen=True, slots=True)
class Human:
    """One of the six. Shares are probabilities for each alarm that sounds."""

    bed_hour: float = 23.25
    up_hour: float = 7.0
    bed_spread_h: float = 0.6
    hears_awake: float = 0.93
    hears_asleep_phone: float = 0.75
    hears_asleep_pager: float = 0.88
    hears_asleep_second: float = 0.55
    hears_silent: float = 0.10  # the phone is in silent mode
    silent_nights: float = 0.06  # share of nights on which the phone is left silent
    answers_awake_s: float = 60.0
    answers_asleep_s: float = 130.0
    spread: float = 0.7
    late: float = 0.04  # hears it and falls asleep again, or finishes what he is doing
    late_s: tuple[float, float] = (1_200, 5_400)
    refuses: float = 0.03
    bare: float = 0.10  # "ok" without a code
    again_after_s: float = 240.0  # no answer to his answer: writes it again
    again: float = 0.8
    again_times: int = 2
    terminal: float = 0.7  # still no answer: opens the laptop and acknowledges at the terminal
    commutes: float = 0.55  # share of working days on which both ways are by Tube
    tube_s: tuple[float, float] = (1_500, 2_700)
    weekend_tube: float = 0.25
    apart_per_week: float = 4.0  # swimming, in the shower, mowing the lawn: hears nothing
    apart_s: float = 1_500.0
    hills_per_year: float = 10.0  # a day without coverage for phones
    hills_s: float = 18_000.0
    hills_pager: float = 0.5  # share of those on which the pager has no coverage either
    phone_dead_per_year: float = 9.0
    phone_dead_s: float = 18_000.0
    second_dead_per_year: float = 14.0
    second_dead_s: float = 36_000.0
    pager_dead_per_year: float = 2.0
    pager_dead_s: float = 90_000.0
    absences: int = 2  # of two weeks each; booked in the rota; no device is with them
    absence_days: int = 14


@dataclass(frozen=True, slots=True)
class Radio:
    """Two modems with SIMs of two networks."""

    takes_s: float = 3.2  # from the first octet to +CMGS
    takes_spread: float = 0.3
    delivery_s: float = 5.0
    delivery_spread: float = 0.7
    report_s: float = 2.0
    lost: float = 0.003  # taken by the network, and never seen again
    twice: float = 0.001
    report_lost: float = 0.02
    answer_lost: float = 0.002  # no +CMGS
    answer_lost_taken: float = 0.7  # of those: the network has the text
    back_in_reach_s: tuple[float, float] = (4.0, 90.0)  # a phone that was off or underground
    congestions_per_year: float = 8.0
    congestion_s: float = 9_000.0
    congested_delivery_s: float = 1_500.0
    congested_refused: float = 0.25
    liars_per_year: float = 3.0  # for a while "delivered" is said of whatever was taken
    liar_s: float = 100_000.0
    mutes_per_year: float = 4.0  # for a while there are no reports at all
    mute_s: float = 40_000.0
    sick_per_year: float = 12.0  # the modem answers no more, then is gone
    sick_s: float = 2_400.0
    sick_notice_s: float = 25.0  # until that is seen; what is sent meanwhile is in doubt
    sick_answer_s: float = 60.0
    sim_out_per_year: float = 2.0
    sim_out_s: float = 50_000.0


@dataclass(frozen=True, slots=True)
class Bureau:
    """One paging bureau by TAP: no reports, one way."""

    takes_s: float = 2.0
    shown_s: tuple[float, float] = (25.0, 60.0)
    repeats_after_s: tuple[float, ...] = (300.0, 720.0)  # the same page again; the pager beeps once
    lost: float = 0.005
    down_per_year: float = 14.0
    down_s: float = 5_400.0


@dataclass(slots=True)
class World:
    """What a year is made of. There is one, chosen before it begins."""

    trouble: Trouble = Trouble()
    human: Human = Human()
    radio: Radio = Radio()
    bureau: Bureau = Bureau()
    one_device: bool = False  # of all devices of the team one works, each week another


WORLD = World()


def choose(kind: str) -> None:
    """ "mild", "hard", or "one device"."""
    if kind == "hard":
        make_it_hard()
    WORLD.one_device = kind == "one device"


def make_it_hard() -> None:
    """Everything that is between a fault and an answer is bad: people who hear half of it, ways that are often away."""
    human, radio, bureau = WORLD.human, WORLD.radio, WORLD.bureau
    WORLD.human = replace(
        human, hears_awake=0.6, hears_asleep_phone=0.35, hears_asleep_pager=0.45, hears_asleep_second=0.25,
        silent_nights=0.3, late=0.15, refuses=0.1, phone_dead_per_year=60.0, second_dead_per_year=90.0,
        pager_dead_per_year=20.0, hills_per_year=50.0, apart_per_week=15.0,
    )  # fmt: skip
    WORLD.radio = replace(
        radio, lost=0.05, twice=0.01, report_lost=0.1, answer_lost=0.03, congestions_per_year=60.0,
        congested_refused=0.5, liars_per_year=20.0, mutes_per_year=25.0, sick_per_year=150.0, sim_out_per_year=20.0,
    )  # fmt: skip
    WORLD.bureau = replace(bureau, lost=0.05, down_per_year=120.0)
