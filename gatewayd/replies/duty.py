"""What lowers or moves coverage: `on`, `off`, `swap`, `stop`. A sender can be forged, so a text alone changes nothing.

Until duty can be changed from a phone (by a code that is sent to it and comes back), the answer says who does it.
"""

from __future__ import annotations

import logging

from gatewayd.oncall import answers
from gatewayd.replies.caller import Answer, Caller
from gatewayd.store import journal

log = logging.getLogger("gatewayd.replies")


def asked(caller: Caller, verb: str) -> Answer:
    """Kept in the journal and answered. `stop` is told to the operator, and never silences who is on call."""
    event = "stop_asked" if verb == "stop" else "duty_asked"
    journal.write(caller.tx, event, now=caller.now, asked=verb, private={"person": caller.name})
    if verb != "stop":
        return Answer(answers.duty(language=caller.language))
    caller.tx.after_commit(
        lambda: log.warning(
            "a person asks for no more texts and is still paged; the journal says who", extra={"event": event}
        )
    )
    return Answer(answers.stop(language=caller.language))
