"""The daemon's answers in words for a person at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gatewayd.cli.tables import facts, pairs, plain, sections, table, when
from gatewayd.clock import iso

REFUSED = 1
INSTANT_US = 10**15  # of 2001; nothing else that is counted gets so large


@dataclass(frozen=True, slots=True)
class Said:
    """`out` goes to the standard output, `aside` to the standard error; `status` is the exit status."""

    out: str
    aside: str = ""
    status: int = 0


Answer = Mapping[str, Any]
Show = Callable[[Answer], Said]


def reloaded(answer: Answer) -> Said:
    return Said(f"{answer['file']} was read again and is in force")


def status(answer: Answer) -> Said:
    if answer["ready"]:
        return Said(sections(("", "ready: alerts are kept and can leave"), ("", facts(answer["checks"]))))
    return Said(plain(answer["message"]), status=REFUSED)


def sent(answer: Answer) -> Said:
    rows = [(m["id"], m["to"], m["segments"], m["alphabet"]) for m in answer["messages"]]
    return Said(table("MESSAGE TO SEGMENTS ALPHABET", rows))


def messages(answer: Answer) -> Said:
    return Said(_messages(answer["messages"]) or "no texts")


def _messages(found: list[Answer]) -> str:
    heads = "MESSAGE STATE TO VIA PRIORITY CREATED TEXT"
    rows = [(m["id"], m["state"], _to(m), m["channel"], m["priority"], when(m["created_at"]), m["text"]) for m in found]
    return table(heads, rows, nothing="")


def _to(message: Answer) -> str:
    person = message["person"]
    device = f"{person} {message['device']}".strip() if person else ""
    return device or str(message["recipient"])


def _state(message: Answer) -> str:
    why = "; ".join(filter(None, (message["reason"], message["waits_for"])))
    return f"{message['state']} ({why})" if why else str(message["state"])


def _reports(receipts: Sequence[Answer]) -> str:
    """ "delivered 2026-11-22 03:04:05Z", with a number where there are several; the time is that of the last."""
    if not receipts:
        return ""
    counts = Counter(str(receipt["says"]) for receipt in receipts)
    said = ", ".join(f"{number} {says}" if len(receipts) > 1 else says for says, number in counts.items())
    return f"{said} {when(receipts[-1]['received_at'])}"


def message(answer: Answer) -> Said:
    m = answer
    head = facts(
        {
            "message": m["id"],
            "state": _state(m),
            "kind": m["kind"],
            "to": m["recipient"],
            "person": f"{m['person']} {m['device']}".strip(),
            "text": m["text"],
            "parts": m["parts"],
            "priority": m["priority"],
            "channel": m["channel"],
            "marked repeats": m["repeats"] or "",
            "cost": f"{m['cost']:g}" if m["cost"] else "",
            "from": m["origin"],
            "created": when(m["created_at"]),
            "not sent before": when(m["due_at"]) if m["state"] == "queued" and m["due_at"] > m["created_at"] else "",
            "not sent after": when(m["expires_at"]),
            "ended": when(m["ended_at"]) if m["ended_at"] else "",
        }
    )
    attempts = [
        (a["id"], a["round"], a["part"], a["channel"], a["state"], when(a["started_at"]), a["reference"], a["receipt"],
         a["settled_by"], f"{a['reason']} {a['code']}".strip())
        for a in m.get("attempts", [])
    ]  # fmt: skip
    receipts = [
        (when(r["received_at"]), r["attempt"], r["channel"], r["reference"], r["says"], r["verdict"])
        for r in m.get("receipts", [])
    ]
    pages = [(p["incident"], p["code"], p["person"], p["state"], p["reason"]) for p in m.get("pages", [])]
    return Said(
        sections(
            ("", head),
            (
                "Attempts",
                table("ATTEMPT ROUND PART VIA STATE STARTED REF RECEIPT SETTLED-BY WHY", attempts, nothing=""),
            ),
            ("Delivery reports", table("RECEIVED ATTEMPT VIA REF SAYS VERDICT", receipts, nothing="")),
            ("Pages", table("INCIDENT CODE PERSON STATE WHY", pages, nothing="")),
            ("", _doubt(m)),
        )
    )


def _doubt(message: Answer) -> str:
    if message["state"] != "in_doubt":
        return ""
    number = message["id"]
    return (
        "Nobody knows whether this text went out. If you know:\n"
        f"  gatewayd settle {number} --sent        it arrived\n"
        f"  gatewayd settle {number} --not-sent    it did not\n"
        f"  gatewayd resend {number}               once more, whatever became of it"
    )


def way(answer: Answer) -> Said:
    """Status 1 when there is no way for somebody."""
    told = [
        (f"{w['to']} {w['device']}".rstrip(),
         facts({"priority": w["priority"], "by": " or ".join(w["by"]) or "no way", "why": w["reason"],
                         "goes": when(w["goes_at"]) if w["goes_at"] not in (None, w["at"]) else ""})
         + "\n" + table("CHANNEL SAYS", [(c["channel"], f"{c['says']}{_left(c)}") for c in w["channels"]]))
        for w in answer["ways"]
    ]  # fmt: skip
    return Said(sections(*told), status=0 if all(w["by"] for w in answer["ways"]) else REFUSED)


def _left(channel: Answer) -> str:
    """What is left of its bucket, and used of its month."""
    bucket, budget = channel["bucket"], channel["budget"]
    said = f"; {bucket['at_once']} more at once" if bucket else ""
    if not budget:
        return said
    cost = f"{budget['cost']:.12g} of {budget['cost_max']:g}" if budget["cost_max"] is not None else ""
    parts = f"{budget['parts']} of {budget['parts_max']} parts" if budget["parts_max"] is not None else ""
    return f"{said}; {' and '.join(filter(None, (cost, parts)))} used in {budget['month']}"


def message_done(answer: Answer) -> Said:
    return Said(f"message {answer['id']}: {answer['state']}")


def incident_done(answer: Answer) -> Said:
    return Said(f"incident {answer['id']} (code {answer['code']}): {answer['state']}")


def test_page(answer: Answer) -> Said:
    numbers = [str(number) for number in answer["messages"]]
    return Said(f"test page queued: message {', '.join(numbers)}" if numbers else "nothing was queued")


def incidents(answer: Answer) -> Said:
    heads = "INCIDENT CODE STATE SEVERITY SERVICE OPENED OWNER ALERTS SUMMARY"
    rows = [
        (i["id"], i["code"], f"{i['state']}, kept" if i["held_for"] else i["state"], i["severity"], i["service"],
         when(i["opened_at"]), i["acknowledged_by"],
         i["alerts_count"], i["summary"])
        for i in answer["incidents"]
    ]  # fmt: skip
    return Said(table(heads, rows, nothing="no incidents"))


def incident(answer: Answer) -> Said:
    i = answer
    head = facts(
        {
            "incident": i["id"],
            "code": i["code"],
            "state": i["state"],
            "severity": i["severity"],
            "service": i["service"],
            "summary": i["summary"],
            "source": i["source"],
            "opened": when(i["opened_at"]),
            "kept": f"until {when(i['held_until'])}: {i['held_why']}" if i["held_for"] else "",
            "taken": f"{when(i['acknowledged_at'])} by {i['acknowledged_by']}" if i["acknowledged_at"] else "",
            "closed": when(i["resolved_at"]) if i["resolved_at"] else "",
        }
    )
    alerts = [(a["status"], a["severity"], when(a["last_at"]), a["count"], a["key"], a["summary"]) for a in i["alerts"]]
    pages = [(p["person"], p["state"], p["reason"]) for p in i["pages"]]
    texts = [
        (m["id"], m["kind"], _to(m), _state(m), _reports(m["receipts"]), m["channel"], when(m["created_at"]), m["text"])
        for m in i["messages"]
    ]
    return Said(
        sections(
            ("", head),
            ("Alerts", table("STATUS SEVERITY LAST COUNT KEY SUMMARY", alerts, nothing="")),
            ("Pages", table("PERSON STATE WHY", pages, nothing="")),
            ("Texts", table("MESSAGE KIND TO STATE REPORT VIA CREATED TEXT", texts, nothing="")),
        )
    )


def inbox(answer: Answer) -> Said:
    rows = [
        (t["id"], when(t["received_at"]), t["channel"], t["sender"], t["person"], t["result"], t["text"] or t["note"])
        for t in answer["texts"]
    ]
    return Said(table("TEXT RECEIVED VIA FROM PERSON RESULT WORDS", rows, nothing="no texts"))


def journal(answer: Answer) -> Said:
    rows = [
        (line["seq"], when(line["at"]), line["incident"], line["message"], line["attempt"], line["event"],
         f"{pairs(_dated(line['facts']))} {pairs(line['words'])}".strip())
        for line in answer["lines"]
    ]  # fmt: skip
    lines = table("LINE AT INCIDENT MESSAGE ATTEMPT EVENT FACTS", rows, nothing="no lines")
    chain = answer.get("chain")
    if chain is None:
        return Said(lines)
    if chain["whole"]:
        return Said(lines, "the chain is whole: no line is missing or altered")
    return Said(lines, "THE CHAIN IS BROKEN:\n" + "\n".join(chain["breaks"]), REFUSED)


def _dated(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """Instants, which the journal keeps in microseconds, as dates."""
    return {k: when(iso(v)) if isinstance(v, int) and v > INSTANT_US else v for k, v in (told or {}).items()}


def token_added(answer: Answer) -> Said:
    """The secret alone goes to the standard output, so that `> file` keeps exactly it."""
    aside = (
        f"token '{answer['name']}' may: {', '.join(answer['scopes'])}{_reach(answer['prefixes'])}\n"
        "The secret is shown this once; only its digest is kept. Store it where only its user can read it:\n"
        f"  (umask 077; gatewayd token new NAME > /etc/NAME/gatewayd.token)\n"
        "It is sent as 'Authorization: Bearer SECRET'. Lost or seen by others: gatewayd token revoke "
        f"{answer['name']}"
    )
    return Said(answer["secret"], aside)


def _reach(prefixes: Sequence[str]) -> str:
    """Which numbers a prefix means: bare digits are no part of a phone number."""
    phones = [prefix for prefix in prefixes if prefix.startswith("+")]
    others = [f"short codes and pagers {prefix}" for prefix in prefixes if not prefix.startswith("+")]
    return f"; texts only to {', '.join(f'{prefix}...' for prefix in phones + others)}" if prefixes else ""


def tokens(answer: Answer) -> Said:
    rows = [
        (
            t["name"],
            ",".join(t["scopes"]),
            ",".join(t["prefixes"]) or ("any" if "messages" in t["scopes"] else ""),
            when(t["created_at"]),
        )
        for t in answer["tokens"]
    ]
    return Said(table("TOKEN MAY NUMBERS CREATED", rows, nothing="no tokens"))


def token_revoked(answer: Answer) -> Said:
    return Said(f"token '{answer['revoked']}' opens nothing any more")


def backed_up(answer: Answer) -> Said:
    return Said(f"written: {answer['path']}")
