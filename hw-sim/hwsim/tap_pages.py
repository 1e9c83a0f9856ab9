"""What the blocks of a TAP caller become: verdicts, and pages for the bureau (TAP 1.8 step 8, appendix A)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hwsim.bureau import Order
from hwsim.pager import ALPHA, NUMERIC, TONE, Group, Pager
from hwsim.tap_block import SUB, BadBlock, Transaction, add_block, plain, right_checksum

if TYPE_CHECKING:
    from hwsim.tap_call import Call

FIELDS = 2
QUOTA_SPAN_S = 3600.0
UNFIT = {TONE: (504, "No message allowed for this pager"), NUMERIC: (505, "Numeric pager")}


@dataclass(frozen=True, slots=True)
class NewPage:
    """A transaction that makes a page: whom, and what the pager will show."""

    cap: str
    to: str
    text: str
    blocks: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a block. `after` is the transaction as it stands if the answer is ACK."""

    code: int
    text: str
    control: str
    page: NewPage | None = None
    after: Transaction = field(default_factory=Transaction)


class Pages:
    """The pages of one call."""

    def __init__(self, call: Call) -> None:
        self.to: str | None = None  # the number that the last block was for, as far as that is known
        self.damaged = False  # an octet came with a wrong parity bit
        self.time_is_up = False
        self._call = call
        self._terminal = call.terminal
        self._transaction = Transaction()
        self._accepted = 0
        self._bad_checksums = 0
        self._invalid = 0
        self._revoked: list[tuple[NewPage, int]] = []

    @property
    def unfinished(self) -> bool:
        """A transaction has begun and not ended."""
        return self._transaction.blocks > 0

    # What a block deserves

    def judge(self, block: bytes) -> Verdict:
        """The verdict on a block by the rules of the terminal; nothing is taken yet."""
        settings = self._terminal.settings
        damaged, self.damaged = self.damaged, False
        if not self.unfinished:
            self.to = None
            if settings.pages_max and self._accepted >= settings.pages_max:
                return Verdict(112, "Maximum pages entered for session", "EOT")
            if self.time_is_up:
                return Verdict(113, "Maximum time reached for session", "EOT")
        if damaged or not right_checksum(block):
            self._bad_checksums += 1
            if self._bad_checksums > settings.errors_max:
                return Verdict(503, "Too many checksum errors", "EOT")
            return Verdict(514, "Checksum error", "NAK")
        after = deepcopy(self._transaction)
        try:
            done = add_block(after, block, strict=settings.strict_size)
            if settings.blocks_max and (after.blocks > settings.blocks_max or (not done and settings.blocks_max == 1)):
                return Verdict(515, "Too many blocks", "RS")
            if not done:
                self._find_recipient(after)
                return Verdict(211, "Block accepted", "ACK", after=after)
            return self._judge_page(after)
        except BadBlock as wrong:
            self._call.violation(str(wrong), block)
            return Verdict(515, "Message format error", "RS")

    def _find_recipient(self, transaction: Transaction) -> None:
        if transaction.fields:
            found = self._terminal.bureau.by_cap(self._cap(transaction.fields[0]))
            self.to = found.number if found else None

    def _cap(self, octets: bytes) -> str:
        cap = plain(octets, transparent=self._terminal.transparent)
        return cap[:-1] if self._terminal.settings.function_digit else cap

    def _judge_page(self, transaction: Transaction) -> Verdict:
        settings = self._terminal.settings
        fields = [plain(octets, transparent=self._terminal.transparent) for octets in transaction.fields]
        if len(fields) < FIELDS or (len(fields) > FIELDS and settings.extra_fields == "refuse"):
            raise BadBlock(f"a page of {len(fields)} fields")
        if not self._terminal.transparent and any(SUB in octets for octets in transaction.fields):
            self._call.violation("SUB to a terminal of before 1.6")
        cap, text = self._cap(transaction.fields[0]), "\r\n".join(fields[1:])
        if text != text.rstrip(" "):
            self._call.violation("trailing spaces")
            text = text.rstrip(" ")
        if not cap.isalnum() or not settings.id_min <= len(cap) <= settings.id_max:
            return Verdict(510, "Illegal Pager ID", "RS")
        recipient = self._terminal.bureau.by_cap(cap)
        if recipient is None:
            return Verdict(511, "Invalid Pager ID", "RS")
        self.to = recipient.number
        return self._judge_text(recipient, cap, text, transaction.blocks)

    def _judge_text(self, recipient: Pager | Group, cap: str, text: str, blocks: int) -> Verdict:
        settings = self._terminal.settings
        if isinstance(recipient, Pager) and recipient.kind != ALPHA:
            unfit = recipient.unfit(text)
            if unfit:
                code, words = UNFIT[unfit]
                return Verdict(code, words, "RS")
        if not self._terminal.within_quota(recipient.number):
            return Verdict(516, "Message quota temporarily exceeded", "RS")
        limit = recipient.max_chars if isinstance(recipient, Pager) else 240
        if settings.chars_max:
            limit = min(limit, settings.chars_max)
        page = NewPage(cap, recipient.number, text[:limit], blocks)
        if len(text) <= limit:
            return Verdict(211, "Page accepted", "ACK", page)
        if settings.long_pages == "truncate":
            if settings.tells_limit:
                return Verdict(214, f"{limit} characters maximum, truncated and sent", "ACK", page)
            return Verdict(212, "Long message truncated and sent", "ACK", page)
        if settings.tells_limit:
            return Verdict(517, f"{limit} characters maximum, rejected", "RS")
        return Verdict(513, "Long message rejected", "RS")

    # What becomes of it

    def settle(self, verdict: Verdict, faults: dict[str, dict[str, Any]]) -> tuple[Verdict, str]:
        """Takes what is to be taken. Returns what the caller hears, and "silence" or "drop" if it hears nothing."""
        if "tap_full" in faults:
            return Verdict(faults["tap_full"].get("code", 112), "Maximum reached for session", "EOT"), ""
        if "tap_nak" in faults:
            return Verdict(faults["tap_nak"].get("code", 514), "Checksum error", "NAK"), ""
        if "tap_silence" in faults or "tap_lose_block" in faults:
            return verdict, "silence"
        if "tap_rs" in faults:
            self._transaction = Transaction()
            return Verdict(faults["tap_rs"].get("code", 511), "Page refused", "RS"), ""
        drop = faults.get("tap_drop_after_block")
        answer = faults.get("tap_answer")
        submitted = True
        if drop is not None:
            submitted = drop.get("submitted", True)
        if answer is not None:
            control = answer.get("control", "ACK")
            submitted = answer.get("submitted", control == "ACK")
        if submitted:
            self._commit(verdict, faults)
        elif verdict.control != "NAK":
            self._transaction = Transaction()
        if answer is not None:
            text = answer.get("text", "")
            return replace(verdict, code=answer.get("code", 0), text=text, control=control), ""
        if drop is not None:
            return verdict, "drop"
        return verdict, "silence" if "tap_lose_ack" in faults else self._count(verdict)

    def _count(self, verdict: Verdict) -> str:
        if verdict.control == "RS":
            self._invalid += 1
            limit = self._terminal.settings.invalid_max
            if limit and self._invalid > limit:
                self._call.dismiss(506, "Too many invalid pages")
                return "silence"
        return ""

    def _commit(self, verdict: Verdict, faults: dict[str, dict[str, Any]]) -> None:
        if verdict.control == "NAK":
            return
        if verdict.control != "ACK":
            self._transaction = Transaction()
            self._terminal.book("refused", self._call, to=self.to, code=verdict.code)
            return
        self._bad_checksums = 0
        self._transaction = verdict.after
        page = verdict.page
        if page is None:
            return
        self._accepted += 1
        if "tap_late_rs" in faults:
            self._revoked.append((page, faults["tap_late_rs"].get("code", 511)))
            return
        order = Order(line=self._call.line, protocol="tap", source="", to=page.to, text=page.text)
        order.details = {"cap": page.cap, "call": self._call.number, "blocks": page.blocks, "code": verdict.code}
        order.lose = "tap_lose_page" in faults
        order.copies = 2 if "tap_page_twice" in faults else 1
        self._terminal.accept(order)

    def revoke(self) -> int:
        """The code of a late rejection if pages were ACKed that nobody will get, else 0."""
        code = 0
        for page, code in self._revoked:
            self._terminal.book("revoked", self._call, to=page.to, text=page.text, cap=page.cap, code=code)
        self._revoked.clear()
        return code

    def close(self) -> None:
        """The call is over."""
        self.revoke()
        if self.unfinished:
            self._terminal.book("unfinished", self._call, to=self.to)
