"""The hand of the ladder: what `wire.modem_recovery` says is to be done with a modem in trouble is done here.

A trouble of the open line is met by `meet`, what ended it or did not let it begin by `fallen` and `absent`. What
follows from a rung (bring it up again, close the port) is the work of the modem's own task.
"""

from __future__ import annotations

import contextlib
import logging

from gatewayd.channels.modem_hook import hook_name, run_hook
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.modem_status import Status
from gatewayd.channels.modem_talk import Talk
from gatewayd.clock import Clock
from gatewayd.metrics import MODEM_NOTIFICATIONS_LOST, MODEM_RECOVERIES
from gatewayd.wire.modem_bringup import radio_cycle, soft_reset
from gatewayd.wire.modem_errors import Verdict
from gatewayd.wire.modem_notify import notify_again, read_back
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_progress import REVIVED_MAX, REVIVED_S, Progress
from gatewayd.wire.modem_recovery import SERVES_ON, Ladder, Proof, Rung, Step, Trouble
from gatewayd.wire.modem_steps import Interrupted, NoAnswer, Unusable, WrongModem, resync, watched

_SHOWN = {
    Rung.RESYNC: "AT again",
    Rung.REINIT: "set-up",
    Rung.RADIO: "radio off and on",
    Rung.RESTART: "restart",
    Rung.REOPEN: "re-opening",
    Rung.HOOK: "recover_command",
}

RESTLESS = f"it had to be brought up {REVIVED_MAX} times within {REVIVED_S / 3600:.0f} h and does not stay up"

_log = logging.getLogger("gatewayd.channels.modem")


class Rescue:
    """Of one modem; it outlives the lines that are opened to it."""

    def __init__(self, settings: ModemSettings, clock: Clock, status: Status) -> None:
        self._settings = settings
        self._clock = clock
        self._status = status
        self._ladder = Ladder(hook=bool(settings.recover_command))
        self._progress = Progress()
        self._restless = False
        self._away = True  # the port was not there, or not ours, before it is opened next
        self._held: tuple[Trouble, str, float] | None = None
        self._unregistered_since: float | None = None

    @property
    def due_at(self) -> float:
        """When the trouble that is waited with is to be met again."""
        return self._held[2] if self._held is not None else float("inf")

    @property
    def may_restart(self) -> bool:
        """A restart would be the first remedy, and its distances allow it now."""
        return self._ladder.is_free(Rung.RESTART, self._clock.monotonic())

    # -- what goes well ------------------------------------------------------------------------------------------

    def opened(self) -> None:
        if self._away:
            self._ladder.came_back(self._clock.monotonic())
        self._away = False

    def restarted(self) -> None:
        """The modem began anew on the same line: it is as fresh as one that has just been plugged in."""
        self._ladder.came_back(self._clock.monotonic())
        if self._held is not None and self._held[0] == "unanswered":
            self._held, self._status.held = None, ""  # no answer survives that

    def lost(self) -> None:
        """The line ended, or it cannot be opened."""
        self._away = True
        self._held, self._status.held = None, ""

    def brought_up(self) -> None:
        """The set-up is done: the end of a trouble, or of a line or a restart that was none."""
        if self._ladder.trouble is None:
            self._progress.revived(self._clock.monotonic())
        self.heal("up")
        self._mind_loops()

    def heal(self, proof: Proof) -> None:
        trouble, tried = self._ladder.trouble, self._ladder.tried
        if self._ladder.heal(proof, self._clock.monotonic()):
            if proof == "up" or max(tried, default=Rung.WAIT) >= Rung.RADIO:
                self._progress.revived(self._clock.monotonic())
            self._healed(trouble, tried)

    def _healed(self, trouble: Trouble | None, tried: list[Rung]) -> None:
        self._held, self._status.held = None, ""
        if self._status.concern or max(tried, default=Rung.WAIT) >= Rung.RADIO:
            _log.info("it works again (%s)", trouble, extra=self._extra("modem_healed"))
        self._status.concern = ""
        self._mind_loops()

    def _mind_loops(self) -> None:
        """What heals each time, and falls again each time, is for a person to look at."""
        was, self._restless = self._restless, self._progress.restless(self._clock.monotonic())
        if self._restless and not was:
            MODEM_RECOVERIES.labels(self._settings.name, Rung.HUMAN.word).inc()
            _log.error("%s", RESTLESS, extra=self._extra("modem_restless"))
        if self._restless:
            self._status.concern = self._status.concern or RESTLESS
        elif self._status.concern == RESTLESS:
            self._status.concern = ""

    # -- whether work gets done ----------------------------------------------------------------------------------

    def sent(self, verdict: Verdict) -> bool:
        """True: it is to be met as `failing`."""
        failing = self._progress.sent(verdict, self._clock.monotonic())
        if verdict.fate == "accepted":
            self.heal("accepted")
        return failing

    def looked(self, profile: Profile) -> tuple[Trouble, str] | None:
        """After a look that found the set-up in place: a trouble to be met, and its reason."""
        now = self._clock.monotonic()
        self._mind_loops()
        undrained = self._progress.looked(profile.used, profile.size, now)
        if self._progress.drained:
            self.heal("drained")
        if profile.registered:
            self._unregistered_since = None
            self.heal("registered")
            trouble, tried = self._ladder.trouble, self._ladder.tried
            if not undrained and self._ladder.looked_well(now):
                self._healed(trouble, tried)
        elif self._unregistered_since is None:
            self._unregistered_since = now
        elif now - self._unregistered_since > self._settings.unregistered_s_max:
            self._unregistered_since = now  # each remedy has as long to help
            return "unregistered", f"not registered for long: {profile.registration}"
        if undrained:
            return "undrained", f"{profile.used} of {profile.size} places of its storage stay full"
        return None

    async def unsettled(self, talk: Talk, profile: Profile) -> None:
        """A look found the set-up gone. If it is +CNMI, replies came in that nobody told of: count it, set it now."""
        kept = await talk.run(watched(read_back())) if profile.notify else ()
        if not kept or kept[:4] == profile.notify[:4]:
            return
        MODEM_NOTIFICATIONS_LOST.labels(self._settings.name).inc()
        self._progress.notifications_lost(self._clock.monotonic())
        _log.warning("+CNMI was not as it had been set", extra=self._extra("notification_lost"))
        await talk.run(watched(notify_again(profile)))

    @property
    def polls(self) -> bool:
        """Notifications get lost so often that the storage is polled as well."""
        return self._progress.polls(self._clock.monotonic())

    # -- what does not -------------------------------------------------------------------------------------------

    async def meet(self, trouble: Trouble, reason: str, talk: Talk) -> Step:
        """A trouble of an open line. A rung of ours is taken; when it is a time to wait, the modem rests meanwhile."""
        self._held, self._status.held = None, ""
        step = self._ladder.meet(trouble, self._clock.monotonic())
        self._tell(step, trouble, reason)
        if not step.taken or step.rung in (Rung.WAIT, Rung.HUMAN):
            if trouble not in SERVES_ON:
                self._held = (trouble, reason, self._clock.monotonic() + step.hold_s)
                self._status.held = f"{reason}: waiting"
            return step
        await self._do(step.rung, talk)
        return step

    async def meet_again(self, talk: Talk) -> Step:
        """What was waited with, as its time has come."""
        assert self._held is not None
        trouble, reason, _ = self._held
        return await self.meet(trouble, reason, talk)

    async def absent(self, reason: str, *, in_use: bool) -> None:
        """The port could not be opened; `in_use`: another program has it, or another modem is there."""
        self.lost()
        await self.fallen("in_use" if in_use else "missing", reason, None)

    async def fallen(self, trouble: Trouble | None, reason: str, talk: Talk | None) -> None:
        """What ended a line, or did not let it begin. None: it is no trouble yet that it ended."""
        if talk is not None and talk.gone is not None:
            self.lost()
        self._held, self._status.held = None, ""
        if trouble is None:
            return
        step = self._ladder.meet(trouble, self._clock.monotonic())
        self._tell(step, trouble, reason)
        if step.taken:
            with contextlib.suppress(Interrupted, NoAnswer):
                await self._do(step.rung, talk)

    def _tell(self, step: Step, trouble: Trouble, reason: str) -> None:
        ladder = self._ladder
        if step.taken:
            MODEM_RECOVERIES.labels(self._settings.name, step.rung.word).inc()
            told = self._extra("modem_recovery") | {"trouble": trouble, "rung": step.rung.word}
            level = logging.ERROR if step.rung is Rung.HUMAN else logging.WARNING
            if step.rung is not Rung.WAIT:  # that it is down is told by the house
                _log.log(level, "%s: %s", reason, _SHOWN.get(step.rung, step.rung.word), extra=told)
        if ladder.human:
            tried = ", ".join(_SHOWN[rung] for rung in sorted(ladder.tried) if rung in _SHOWN)
            self._status.concern = f"{reason}; tried in vain: {tried}" if tried else reason

    async def _do(self, rung: Rung, talk: Talk | None) -> None:
        """What is done by writing to the modem, or by the operator's command."""
        match rung:
            case Rung.HOOK:
                await self._hook()
            case _ if talk is None or talk.gone is not None:
                pass
            case Rung.RESYNC:
                await talk.run(resync())
            case Rung.RADIO:
                await talk.run(radio_cycle())
            case Rung.RESTART:
                await talk.run(soft_reset())
            case _:
                pass

    async def _hook(self) -> None:
        settings = self._settings
        self._status.tell(state="down", reason=f"{hook_name(settings.recover_command)} runs")
        became = await run_hook(
            settings.recover_command, channel=settings.name, port=settings.port, timeout_s=settings.recover_command_s
        )
        self._away = True
        level = logging.INFO if became == "done" else logging.ERROR
        _log.log(level, "%s: %s", hook_name(settings.recover_command), became, extra=self._extra("recover_command"))

    def _extra(self, event: str) -> dict[str, str]:
        return {"event": event, "channel": self._settings.name}


def trouble_of(news: Exception, *, moves: bool, starting: bool, deaf: bool) -> Trouble | None:
    """What the end of a line is. `moves`: another port is tried next; `deaf`: there was but garbage on the line."""
    if moves or isinstance(news, WrongModem):
        return "in_use"  # whatever is there, it is not ours to be switched off
    if isinstance(news, Unusable):
        return "human" if news.by_human else "refuses"
    if deaf:
        return "garbage"
    if isinstance(news, Interrupted):  # one in use may end: whether it comes back is seen
        return "missing" if starting else None
    return "silent"
