"""Every Prometheus name in one place. No label is ever a number, a text or an id."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from gatewayd.delivery.status import StatusClass
from gatewayd.model import MessageKind, Priority

INCOMING_RESULTS = (
    "acknowledged", "refused", "closed", "agreed", "answered", "not_understood", "withheld", "automatic", "stray",
    "unreadable", "part", "late_part", "repeated", "proof",
)  # fmt: skip
INTAKE_RESULTS = ("opened", "joined", "repeated", "resolved", "acknowledged", "ignored", "refused", "failed")
STORE_ERRORS = (
    "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_CONSTRAINT", "other",
)  # fmt: skip
RECOVERIES = ("wait", "resync", "reinit", "radio", "restart", "reopen", "hook", "human")
REGISTRY = CollectorRegistry(auto_describe=True)

BUILD_INFO = Gauge(
    "gatewayd_build_info", "Constant 1; the labels tell what runs", ["version", "python"], registry=REGISTRY
)

INTAKE = Counter(
    "gatewayd_intake_reports_total",
    "Reports taken in, by door and what became of them",
    ["door", "result"],
    registry=REGISTRY,
)
HTTP_REQUESTS = Counter(
    "gatewayd_http_requests_total", "HTTP requests by handler and status code", ["handler", "code"], registry=REGISTRY
)
HTTP_BYTES_IN_FLIGHT = Gauge("gatewayd_http_body_bytes_in_flight", "Bytes of bodies being taken in", registry=REGISTRY)
MESSAGES_ACCEPTED = Counter(
    "gatewayd_messages_accepted_total",
    "Texts taken into the queue, by kind and priority",
    ["kind", "priority"],
    registry=REGISTRY,
)


@cache
def message_accepted(kind: MessageKind, priority: str) -> Counter:
    """One of MESSAGES_ACCEPTED; to look it up takes a lock and the spelling of its labels."""
    return MESSAGES_ACCEPTED.labels(kind, priority)


QUEUE_MESSAGES = Gauge(
    "gatewayd_queue_messages", "Texts waiting in the queue, by priority", ["priority"], registry=REGISTRY
)
QUEUE_OLDEST_AGE = Gauge(
    "gatewayd_queue_oldest_age_seconds",
    "Age of the oldest text that is due and still waits, by priority",
    ["priority"],
    registry=REGISTRY,
)
QUEUE_DRAIN = Gauge(
    "gatewayd_queue_drain_seconds",
    "For how long a channel is busy with what waits for it: texts times the seconds that one took lately",
    ["channel"],
    registry=REGISTRY,
)
IN_DOUBT = Gauge("gatewayd_messages_in_doubt", "Texts whose fate is unknown", registry=REGISTRY)
ATTEMPTS = Counter(
    "gatewayd_attempts_total", "Tries of a part over a channel, by outcome", ["channel", "outcome"], registry=REGISTRY
)
ATTEMPT_SECONDS = Histogram(
    "gatewayd_attempt_duration_seconds",
    "From booking an attempt to its outcome",
    ["channel"],
    buckets=(0.005, 0.02, 0.1, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 180, 300),
    registry=REGISTRY,
)
SPEND = Counter(
    "gatewayd_spend_total",
    "What accepted parts cost, as the configuration says, by channel",
    ["channel"],
    registry=REGISTRY,
)
BUDGET_USED = Gauge(
    "gatewayd_budget_used_ratio",
    "How much of a month's budget is used: 1 is all, by channel",
    ["channel"],
    registry=REGISTRY,
)
BUCKET_LEFT = Gauge(
    "gatewayd_bucket_left",
    "How many parts a SIM may send at once now; below 0: overdrawn",
    ["channel"],
    registry=REGISTRY,
)
PROOFS = Counter(
    "gatewayd_proofs_total",
    "Loops of proof of life, by who texted, who had to hear it, and what came of it",
    ["channel", "heard_by", "result"],
    registry=REGISTRY,
)
PROOF_OK = Gauge(
    "gatewayd_proof_ok",
    "1 when the last loop from this SIM to that one worked",
    ["channel", "heard_by"],
    registry=REGISTRY,
)
PROOF_SECONDS = Histogram(
    "gatewayd_proof_round_trip_seconds",
    "From putting a loop's text on the air to hearing it at another SIM",
    ["channel", "heard_by"],
    buckets=(1, 2, 3, 5, 8, 12, 20, 30, 60, 120, 300, 600),
    registry=REGISTRY,
)
BALANCE = Gauge(
    "gatewayd_sim_balance", "What a card has left, as its operator said last", ["channel"], registry=REGISTRY
)
FOLDED = Counter(
    "gatewayd_folded_total", "Pages and news that went into a text with others, by kind", ["kind"], registry=REGISTRY
)
REPEATS = Counter("gatewayd_repeats_total", "Marked repeats after an attempt stayed in doubt", registry=REGISTRY)
SETTLEMENTS = Counter(
    "gatewayd_doubts_settled_total", "Attempts in doubt that were settled, by what", ["by"], registry=REGISTRY
)
RECEIPTS = Counter(
    "gatewayd_delivery_reports_total",
    "Delivery reports by channel, class and verdict",
    ["channel", "class", "verdict"],
    registry=REGISTRY,
)
DELIVERY_SECONDS = Histogram(
    "gatewayd_delivery_latency_seconds",
    "From taking a text into the queue to the report that a phone has it",
    buckets=(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600),
    registry=REGISTRY,
)
ACK_SECONDS = Histogram(
    "gatewayd_ack_latency_seconds",
    "From opening an incident to its acknowledgement",
    buckets=(10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200),
    registry=REGISTRY,
)
INCIDENTS = Gauge("gatewayd_incidents", "Incidents by state", ["state"], registry=REGISTRY)
ESCALATIONS = Counter("gatewayd_escalations_total", "Steps taken by policies, by kind", ["kind"], registry=REGISTRY)
EXHAUSTED = Counter("gatewayd_policies_exhausted_total", "Policies that ran out without an answer", registry=REGISTRY)
INCOMING = Counter(
    "gatewayd_incoming_total",
    "Texts that came in, by channel and what they were",
    ["channel", "kind"],
    registry=REGISTRY,
)

CHANNEL_UP = Gauge("gatewayd_channel_up", "1 while the channel can take work", ["channel"], registry=REGISTRY)
MODEM_SIGNAL = Gauge("gatewayd_modem_signal_dbm", "Signal as the modem tells it", ["channel"], registry=REGISTRY)
MODEM_REGISTERED = Gauge(
    "gatewayd_modem_registered", "1 while registered at home or roaming", ["channel"], registry=REGISTRY
)
MODEM_STORAGE_USED = Gauge(
    "gatewayd_modem_sim_messages", "Texts in the modem's storage", ["channel"], registry=REGISTRY
)
MODEM_STORAGE_SIZE = Gauge(
    "gatewayd_modem_sim_capacity", "Places in the modem's storage", ["channel"], registry=REGISTRY
)
MODEM_TROUBLE = Gauge(
    "gatewayd_modem_trouble",
    "1 for the word that says what a modem lacks, or what is odd about it",
    ["channel", "trouble"],
    registry=REGISTRY,
)
MODEMS_UNCONFIGURED = Gauge(
    "gatewayd_modems_unconfigured", "Sticks that are plugged in and that nobody configured", registry=REGISTRY
)
BUREAU_THROTTLED = Counter(
    "gatewayd_bureau_throttled_total",
    "Throttle answers of a bureau (too many messages, queue full), by whom they speak of: the bureau, or one number",
    ["channel", "of"],
    registry=REGISTRY,
)
MODEM_RESETS = Counter(
    "gatewayd_modem_resets_total", "Re-opened ports and re-initialised modems", ["channel"], registry=REGISTRY
)
MODEM_RECOVERIES = Counter(
    "gatewayd_modem_recoveries_total",
    "Remedies tried on a modem in trouble, by rung of the ladder; human: none helped",
    ["channel", "rung"],
    registry=REGISTRY,
)
MODEM_NOTIFICATIONS_LOST = Counter(
    "gatewayd_modem_notifications_lost_total",
    "How often a modem had forgotten to tell of what comes in (+CNMI), and was told again",
    ["channel"],
    registry=REGISTRY,
)
CHANNEL_STALLED = Counter(
    "gatewayd_channel_stalled_total",
    "Channels whose task did not turn, and was begun anew",
    ["channel"],
    registry=REGISTRY,
)
CHANNEL_NEEDS_HUMAN = Gauge(
    "gatewayd_channel_needs_human", "1 while nothing that we can do helps this channel", ["channel"], registry=REGISTRY
)

JOURNAL_COMMIT_SECONDS = Histogram(
    "gatewayd_store_commit_seconds",
    "Time of one group commit (fsync included)",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=REGISTRY,
)
STORE_FAILURES = Counter("gatewayd_store_failures_total", "Errors of the store", ["error"], registry=REGISTRY)
STORE_WRITABLE = Gauge("gatewayd_store_writable", "1 while the store takes what it is given", registry=REGISTRY)
LOOP_LAG = Gauge("gatewayd_event_loop_lag_seconds", "How late the event loop came to its last timer", registry=REGISTRY)
CLOCK_STEPS = Counter(
    "gatewayd_clock_steps_total", "Steps of the wall clock of more than 5 s", ["direction"], registry=REGISTRY
)
CLOCK_ERROR = Gauge(
    "gatewayd_clock_error_seconds",
    "How far the clock is behind the network's time stamps (negative: ahead); NaN while too few of them agree",
    registry=REGISTRY,
)
CLOCK_ERROR.set(float("nan"))
DUE_LATE = Gauge(
    "gatewayd_due_rows_late_seconds", "Age of the oldest wait that should have been served", registry=REGISTRY
)
PHONES = Gauge("gatewayd_phones", "Phones that are watched for silence, by state", ["state"], registry=REGISTRY)
PHONE_TESTS = Counter(
    "gatewayd_phone_tests_total", "Tests of phones that had been silent, by result", ["result"], registry=REGISTRY
)
HEARTBEATS = Counter(
    "gatewayd_heartbeats_total", "Heartbeats to the outside, by what became of them", ["result"], registry=REGISTRY
)
DRILLS = Counter("gatewayd_drills_total", "Drills that are over, by verdict", ["verdict"], registry=REGISTRY)
STOPS = Counter("gatewayd_stops_asked_total", "Texts by which somebody asked for no more texts", registry=REGISTRY)
SITE_VISITS = Gauge("gatewayd_site_visits", "People who are on site alone and watched", ["state"], registry=REGISTRY)
SITE_ALARMS = Counter(
    "gatewayd_site_visit_alarms_total", "Alarms since nothing was heard of somebody on site", registry=REGISTRY
)
CONFIG_RELOADS = Counter("gatewayd_config_reloads_total", "Reloads of the configuration", ["result"], registry=REGISTRY)
CONFIG_OK = Gauge("gatewayd_config_last_reload_successful", "1 when the file on disk is what runs", registry=REGISTRY)


def exposition() -> bytes:
    """The text format 0.0.4 that every Prometheus reads."""
    return generate_latest(REGISTRY)


# A series that begins with its first event hides that one from increase(): what is known beforehand begins at 0.
_FROM_THE_START: tuple[tuple[Counter, tuple[tuple[str, ...], ...]], ...] = (
    (INTAKE, (("api", "alertmanager", "pagerduty"), INTAKE_RESULTS)),
    (INTAKE, (("messages",), ("accepted", "refused", "failed"))),
    (MESSAGES_ACCEPTED, (get_args(MessageKind), tuple(lane.called for lane in Priority))),
    (SETTLEMENTS, (("answer", "late answer", "receipt", "person"),)),
    (FOLDED, (("page", "taken", "cleared"),)),
    (ESCALATIONS, (("step", "repeat", "fallback", "exhausted"),)),
    (STORE_FAILURES, (STORE_ERRORS,)),
    (CLOCK_STEPS, (("forward", "back"),)),
    (PHONE_TESTS, (("reached", "silent", "unknown"),)),
    (DRILLS, (("answered", "not answered", "kept", "gave way", "stopped"),)),
    (HEARTBEATS, (("done", "failed", "withheld"),)),
    (CONFIG_RELOADS, (("done", "refused"),)),
)
_OF_EACH_CHANNEL: tuple[tuple[Counter, tuple[tuple[str, ...], ...]], ...] = (
    (RECEIPTS, (get_args(StatusClass), ("applied", "settles", "repeated", "early", "ambiguous", "unknown"))),
    (INCOMING, (INCOMING_RESULTS,)),
    (BUREAU_THROTTLED, (("bureau", "number"),)),
    (MODEM_RESETS, ()),
    (MODEM_RECOVERIES, (RECOVERIES,)),
    (MODEM_NOTIFICATIONS_LOST, ()),
    (CHANNEL_STALLED, ()),
    (SPEND, ()),
)


def begin_channel(name: str) -> None:
    """Its counters, at 0 unless it was there before."""
    for counter, values in _OF_EACH_CHANNEL:
        for labels in product(*values):
            counter.labels(name, *labels)
    ATTEMPT_SECONDS.labels(name)
    SPEND.labels(name)


for _counter, _values in _FROM_THE_START:
    for _labels in product(*_values):
        _counter.labels(*_labels)
