"""One submission on its way to the network and the answer on its way back, with all that can go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwsim.airtime import IMS, airtime_s
from hwsim.commands import OK, Final, cms
from hwsim.faults import Plan
from hwsim.fields import put_time
from hwsim.sim import Stored
from hwsim.smsc import NO_FAULTS
from hwsim.text_mode import time_text
from hwsim.tpdu import Submit

if TYPE_CHECKING:
    from hwsim.modem import Modem

CMS_BUSY, CMS_NO_CENTRE, CMS_NO_NETWORK, CMS_TIMEOUT = 302, 330, 331, 332
EARLY_REPORT_LEAD_S = 0.5
NO_ANSWER_S = 40.0  # TR1M: so long a modem waits for the network (24.011 10)


def send(modem: Modem, submit: Submit, answer: str, stored: Stored | None = None) -> Final | None:
    """Hands a submission to the network, perhaps of a stored message, which has been sent if the network takes it.
    Returns the final result, or None if it comes later or never."""
    if not modem.registered() or modem.sim is None:
        return cms(CMS_NO_NETWORK)
    if modem.voice.caller is not None:
        return cms(CMS_BUSY)  # a call that rings has the line
    radio = modem.radio
    if radio.lte_only and radio.lte_cms is not None:
        return cms(radio.lte_cms)
    network = modem.network
    plan = network.plan(network.dialled(submit.to), modem.rules)
    latency_s = network.settings.latency_s + plan.latency_s
    if network.settings.latency_model == "radio":
        latency_s += airtime_s(
            IMS if radio.lte_only else radio.act, modem.dice, link_up=modem.link.up(modem.settings, modem.loop.time())
        )
    if network.settings.latency_jitter_s:
        latency_s += network.dice.uniform(0.0, network.settings.latency_jitter_s)
    if not latency_s:
        return _arrive(modem, submit, answer, plan, stored)
    due = modem.heard_at + latency_s
    modem.loop.call_at(due - modem.lead_s, _arrive_later, modem, submit, answer, plan, stored, modem.run, due)
    return None


def _arrive_later(
    modem: Modem, submit: Submit, answer: str, plan: Plan, stored: Stored | None, run: int, due: float
) -> None:
    """The latency is over, but for the modem's lead. A modem that was reset meanwhile had not yet sent anything."""
    if run != modem.run:
        return
    if modem.lead_s:
        modem.line.hold(due)
    if not modem.registered():
        modem.finish_later(run, cms(CMS_TIMEOUT))
        return
    final = _arrive(modem, submit, answer, plan, stored)
    if final is not None:
        modem.finish_later(run, final)


def _arrive(modem: Modem, submit: Submit, answer: str, plan: Plan, stored: Stored | None) -> Final | None:
    """The network decides; then the modem answers as the plan has it."""
    network = modem.network
    sim = modem.sim
    assert sim
    mr = modem.next_reference()
    modem.link.keep(modem.settings, modem.loop.time())
    if not network.serves(submit.centre):
        return lost_centre(modem, submit.centre, to=network.dialled(submit.to), text=submit.data.text)
    cause = plan.cms if plan.cms is not None else network.refusal(submit, sim.number, mr)
    if plan.submitted and (cause is None or plan.cms is not None):
        network.accept(submit, origin=sim.number, modem=modem.name, mr=mr, plan=plan)
    elif cause is not None:
        network.book_refused(modem.name, sim.number, network.dialled(submit.to), submit.data.text, cause)
    if cause is None and stored:
        stored.stat = 3
    if cause is None and plan is NO_FAULTS:
        modem.info(f"{answer}: {mr}{_tail(modem)}")
        return OK
    return _answer(modem, answer, mr, cause, plan)


def lost_centre(modem: Modem, centre: str, *, to: str, text: str = "") -> Final | None:
    """No such service centre: the network says so, or nobody does until the modem has waited long enough."""
    assert modem.sim
    silent = modem.network.settings.unknown_centres == "silence"
    cause = CMS_TIMEOUT if silent else modem.personality.centre_cms
    modem.network.book_refused(modem.name, modem.sim.number, to, text, cause, why=f"no service centre {centre}")
    if not silent:
        return cms(cause)
    modem.loop.call_at(modem.now() + NO_ANSWER_S, modem.finish_later, modem.run, cms(cause))
    return None


def _tail(modem: Modem) -> str:
    """What some types put after the reference in phase 2+: the SC's time in text mode (27.005 3.5.1), in PDU mode the
    SMS-SUBMIT-REPORT (4.3), in quotes as any string."""
    if not modem.personality.cmgs_tail or modem.settings.csms == 0:
        return ""
    network = modem.network
    now, quarters = network.wall() + network.settings.scts_skew_s, network.settings.zone_quarters
    if modem.settings.text_mode:
        return "," + time_text(now, quarters)
    return f',"0100{put_time(now, quarters).hex().upper()}"'


def _answer(modem: Modem, answer: str, mr: int, cause: int | None, plan: Plan) -> Final | None:
    """The answer of a modem that something is wrong with; None if it has been given or never will be."""
    if plan.after:
        _mishap(modem, plan)
        return None
    if plan.answer == "stuck":
        modem.end_command()
        modem.open_prompt(lambda _: None, text=False)
        return None
    if plan.answer == "none":
        if not plan.blocking:
            modem.finish(None)
        return None
    final = cms(cause) if cause is not None else OK
    text = None if cause is not None or plan.answer == "ok_only" else f"{answer}: {plan.reference or mr}{_tail(modem)}"
    late_s = plan.late_s or (EARLY_REPORT_LEAD_S if plan.report and plan.report.when == "early" else 0.0)
    if not late_s:
        return _tell(modem, text, final, plan)
    if plan.blocking:
        modem.loop.call_at(modem.now() + late_s, _tell_later, modem, text, final, plan, modem.run)
    else:
        modem.loop.call_at(modem.now() + late_s, _tell_out_of_turn, modem, text, final, modem.life)
        modem.finish(None)
    return None


def _mishap(modem: Modem, plan: Plan) -> None:
    if plan.after == "reset":
        modem.loop.call_soon(modem.reset)
    elif plan.after == "hangup":
        modem.loop.call_soon(modem.main.hang_up, plan.after_s)
        modem.loop.call_soon(modem.reset, plan.after_s)
    else:
        modem.end_command()
        modem.freeze(plan.after_s)


def _tell(modem: Modem, text: str | None, final: Final, plan: Plan) -> Final:
    if plan.garbage:
        modem.write(modem.dice.randbytes(plan.garbage))
    if text:
        modem.info(text)
    if plan.urc is not None:
        modem.urc(plan.urc, urgent=True)
    if plan.answer == "twice":
        modem.say(final)
        if text:
            modem.info(text)
    return final


def _tell_later(modem: Modem, text: str | None, final: Final, plan: Plan, run: int) -> None:
    if run == modem.run:
        modem.finish_later(run, _tell(modem, text, final, plan))


def _tell_out_of_turn(modem: Modem, text: str | None, final: Final, life: int) -> None:
    """The answer to a command that the modem no longer waits for, whatever it is doing now."""
    if life == modem.life:
        if text:
            modem.info(text)
        modem.say(final)
