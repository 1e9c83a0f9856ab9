"""Every text that an incident made: its pages, and what people were told of it afterwards.

Only pages are tied to their incident in the store. The other texts begin with its code, which nothing else may carry
from its first page until another incident is given it.
"""

from __future__ import annotations

import re

from gatewayd.oncall import page_words
from gatewayd.store import views
from gatewayd.store.db import Reader, Row

TEXTS_SHOWN_MAX = 500
TEXTS_LOOKED_AT_MAX = 5_000

_FIRST = "SELECT MIN(mp.message_id) AS id FROM page p JOIN message_page mp ON mp.page_id = p.id WHERE p.incident_id = "
_ABOUT = (
    "SELECT m.* FROM message m WHERE m.kind IN ('taken', 'joined', 'cleared', 'answer', 'copy') AND m.id > :first"
    " AND m.id < :next AND (m.kind = 'copy'"
    " OR m.person IN (SELECT person FROM page WHERE incident_id = :incident UNION SELECT g.person FROM page p"
    " JOIN message_page mp ON mp.page_id = p.id JOIN message g ON g.id = mp.message_id WHERE p.incident_id = :incident)"
    ") ORDER BY m.id LIMIT :limit"
)
_NEXT_HOLDER = "(SELECT MIN(id) FROM incident WHERE code = :code AND id > :incident)"
_END = 2**63 - 1


def texts(reader: Reader, incident: Row) -> list[Row]:
    """In the order in which they were made."""
    number, code = incident["id"], incident["code"]
    pages = views.messages_of_incident(reader, number, limit=TEXTS_SHOWN_MAX)
    if not pages:
        return []
    later = reader.one(_FIRST + _NEXT_HOLDER, code=code, incident=number)
    until = later["id"] if later and later["id"] is not None else _END
    told = reader.all(_ABOUT, first=pages[0]["id"], next=until, incident=number, limit=TEXTS_LOOKED_AT_MAX)
    every = [*pages, *(row for row in told if names(row["text"], code))]
    return sorted(every, key=lambda row: int(row["id"]))[:TEXTS_SHOWN_MAX]


def names(text: str, code: str) -> bool:
    """Whether a text that is no page begins with the code: `42 taken by ...`, `10, 42 are yours`, `42: deins. ...`.

    A copy of a page does behind its mark.
    """
    for copy in page_words.every("copy"):
        if text.startswith(copy):
            return text.startswith(f"{copy}{code} ")
    begun = rf"(?:[0-9]+, )*{re.escape(code)}(?:, [0-9]+)*(?:: | (?:is|are|taken|also|still|cleared)\b)"
    return re.match(begun, text) is not None
