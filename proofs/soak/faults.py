"""What befalls the fleet of a seed. hw-sim/README.md says what each fault does.

None of them lies about what the network took in a way that nobody could see through; such faults are in the matrix.
"""

from __future__ import annotations

from typing import Any

Fault = dict[str, Any]

RULES: tuple[Fault, ...] = (
    *({"kind": "late", "seconds": seconds, "times": 1} for seconds in (25, 40, 75, 90, 135, 200)),
    {"kind": "late", "seconds": 30, "blocking": False, "times": 2},
    {"kind": "late", "seconds": 100, "blocking": False, "times": 1},
    {"kind": "no_answer", "submitted": True, "times": 1},
    {"kind": "no_answer", "submitted": False, "times": 1},
    {"kind": "no_answer", "submitted": False, "blocking": True, "times": 1},
    *({"kind": "refuse", "cms": cms, "times": 2} for cms in (21, 28, 38, 42, 300, 310, 314, 330, 331, 500, 512)),
    {"kind": "refuse", "cms": 38, "for_s": 300},
    {"kind": "refuse", "cms": 332, "submitted": True, "times": 1},
    {"kind": "latency", "seconds": 12, "times": 5},
    {"kind": "ok_only", "submitted": True, "times": 1},
    {"kind": "ok_only", "submitted": False, "times": 1},
    {"kind": "answer_twice", "times": 3},
    {"kind": "reset_after_submit", "submitted": True, "times": 1},
    {"kind": "reset_after_submit", "submitted": False, "times": 1},
    {"kind": "hangup_after_submit", "back_after_s": 20, "submitted": True, "times": 1},
    {"kind": "hangup_after_submit", "back_after_s": 20, "submitted": False, "times": 1},
    {"kind": "freeze_after_submit", "seconds": 60, "submitted": True, "times": 1},
    {"kind": "freeze_after_submit", "seconds": 60, "submitted": False, "times": 1},
    {"kind": "urc_inside", "text": "+CREG: 1", "times": 3},
    {"kind": "urc_in_prompt", "text": "+CREG: 1", "times": 3},
    {"kind": "no_prompt", "times": 1},
    {"kind": "stuck_prompt", "times": 1},
    {"kind": "garbage_answer", "octets": 12, "times": 2},
    {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0], "times": 2},
    {"kind": "report", "when": "early", "delay_s": 0, "statuses": [0], "times": 2},
    {"kind": "report", "when": "twice", "delay_s": 5, "statuses": [0x30, 0], "times": 2},
    {"kind": "report", "when": "normal", "delay_s": 3, "statuses": [0x41], "times": 1},
    {"kind": "report", "delay_s": 120, "jitter_s": 300, "times": 3},
    {"kind": "listing", "how": "header_only", "times": 1},
)
MISHAPS: tuple[Fault, ...] = (
    {"kind": "hangup", "back_after_s": 30},
    {"kind": "hangup", "back_after_s": 900},
    {"kind": "hangup", "back_after_s": 5, "power": True},
    {"kind": "reset"},
    {"kind": "reset", "noise": False},
    {"kind": "freeze", "seconds": 30},
    {"kind": "freeze", "seconds": 200},
    {"kind": "brown_out", "times": 3, "every_s": 25},
    {"kind": "noise", "octets": 40},
    {"kind": "line", "nul": 0.02, "seconds": 30},
    {"kind": "foreign"},
    {"kind": "stutter"},
    {"kind": "echo_on"},
    {"kind": "numeric"},
    {"kind": "half_open_prompt"},
    {"kind": "urc", "text": '+CMTI: "SM",99'},
    {"kind": "ring", "caller": "+447700900198", "seconds": 15},
    *({"kind": "registration", "stat": stat, "seconds": 120} for stat in (0, 2, 3)),
    {"kind": "signal", "rssi": 99},
    {"kind": "storage_full"},
    {"kind": "sim_busy", "seconds": 60},
    {"kind": "sim", "present": False},
    {"kind": "notifications_off"},
    {"kind": "mute", "on": True, "seconds": 120},
    {"kind": "centre"},
)
UNDONE: tuple[Fault, ...] = (  # what does not end by itself
    {"kind": "thaw"},
    {"kind": "sim", "present": True},
    {"kind": "centre", "sca": "+447785016005"},
    {"kind": "registration", "stat": 1},
    {"kind": "signal", "rssi": 20},
)
