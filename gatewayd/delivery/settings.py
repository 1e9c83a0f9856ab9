"""How patient the delivery is. Every limit has its unit in its name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class DeliverySettings(BaseModel):
    """`[delivery]` of the configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # No answer and no report this long after the text was put on the air: again, by another way, marked as a repeat.
    patience_critical_s: int = Field(60, ge=5, le=3_600)
    patience_high_s: int = Field(120, ge=5, le=7_200)
    patience_normal_s: int = Field(300, ge=5, le=86_400)
    patience_low_s: int = Field(900, ge=5, le=86_400)
    repeats_max: int = Field(1, ge=0, le=5)  # marked repeats of one message after doubts
    # A page that its channel has not taken for so long, because it is down, rests, throttles, defers or does not tell
    # its fate, goes to the person's next device as well.
    sick_s: int = Field(20, ge=1, le=3_600)
    tries_max: int = Field(6, ge=1, le=50)  # deferred or refused tries of one message
    backoff_s_min: int = Field(5, ge=1, le=600)
    backoff_s_max: int = Field(300, ge=1, le=7_200)
    validity_default_s: int = Field(3_600, ge=60, le=604_800)
    segments_max: int = Field(3, ge=1, le=10)  # of a page; a longer summary is cut
    report_wait_s: int = Field(3_600, ge=60, le=604_800)  # after the validity: no report will come any more
    # A page's receipt that does not come in time sends the page to the next device as well. What is usual for a phone
    # is learnt, within these bounds; `usual` counts until there is something to learn from.
    receipt_usual_s: int = Field(90, ge=5, le=3_600)
    receipt_s_min: int = Field(20, ge=5, le=3_600)
    receipt_s_max: int = Field(300, ge=5, le=7_200)
    grace_stop_s: float = Field(30.0, ge=0, le=300)  # SIGTERM: what is on the air may end

    def patience_s(self, priority: int) -> int:
        """By lane: 0 critical, 1 high, 2 normal, 3 low."""
        return (self.patience_critical_s, self.patience_high_s, self.patience_normal_s, self.patience_low_s)[priority]
