"""Two verbs in one text: "ok 10, done 47". Each has its own codes where the form is plain, else none. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_BORDER = re.compile(r"[,.;!–—]|\s-\s")


@dataclass(frozen=True, slots=True)
class Piece:
    """A verb or a code (`verb` ""). `parted`: a comma or the like stands before it."""

    verb: str
    code: str = ""
    parted: bool = False


def parted(between: str) -> bool:
    return bool(_BORDER.search(between))


def clauses(pieces: Sequence[Piece]) -> dict[str, tuple[str, ...]] | None:
    """Verb -> codes, in the order said. None: not plain, or a code has two verbs."""
    said = [p for n, p in enumerate(pieces) if n == 0 or not p.verb or p.verb != pieces[n - 1].verb]
    if len(said) > 1 and said[0].verb == "ack" and (said[1].verb or said[1].parted):
        said = [replace(said[1], parted=False), *said[2:]]  # "ok, 10 done", "ok done 10"
    told: dict[str, dict[str, None]] = {}
    for clause in _by_borders(said) or _by_verbs(said) or []:
        verbs = {p.verb for p in clause if p.verb}
        if len(verbs) != 1:
            return None
        told.setdefault(verbs.pop(), {}).update(dict.fromkeys(p.code for p in clause if p.code))
    codes = [code for of_verb in told.values() for code in of_verb]
    if not told or len(set(codes)) != len(codes):
        return None
    return {verb: tuple(of_verb) for verb, of_verb in told.items()}


def _by_borders(said: list[Piece]) -> list[list[Piece]]:
    """ "ok 10, 47 done": between any two commas there is one verb with its codes."""
    found: list[list[Piece]] = []
    for piece in said:
        if piece.parted or not found:
            found.append([])
        found[-1].append(piece)
    return found if len(found) > 1 and all(map(_whole, found)) else []


def _by_verbs(said: list[Piece]) -> list[list[Piece]]:
    """ "ok 10 done 47", "10 ok 47 done", "ok 10, 12, done 47": verb and codes in the same order throughout."""
    first, found = bool(said[0].verb), list[list[Piece]]()
    for n, piece in enumerate(said):
        begins = bool(piece.verb) if first else not piece.verb and (n == 0 or bool(said[n - 1].verb))
        if begins:
            found.append([])
        found[-1].append(piece)
    listed = any(p.parted for clause in found for p in clause[1:])
    borders = all(clause[0].parted for clause in found[1:])
    glued = all(not (clause[1] if first else clause[-1]).parted for clause in found if len(clause) > 1)
    return found if all(map(_whole, found)) and glued and (borders or not listed) else []


def _whole(clause: list[Piece]) -> bool:
    return {bool(p.verb) for p in clause} == {True, False} and len({p.verb for p in clause if p.verb}) == 1
