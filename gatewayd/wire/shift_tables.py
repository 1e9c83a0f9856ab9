"""National language tables (3GPP TS 23.038 annex A), for decoding only: we never send them.

The numbers are the National Language Identifiers of TS 23.038 6.2.1.2.4. Spanish has no locking table of its own.
4 to 13, the languages of India and Urdu, are written down in indic_tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from gatewayd.text import BASIC, EXTENSION
from gatewayd.wire import indic_tables

TURKISH = 1
SPANISH = 2
PORTUGUESE = 3

# Annex A.2: reached by one escape each; every table contains the default extension table.
# fmt: off
SINGLE: Mapping[int, Mapping[int, str]] = {
    0: EXTENSION,
    TURKISH: {**EXTENSION, 0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"},
    SPANISH: {
        **EXTENSION,
        0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú",
        0x61: "á", 0x69: "í", 0x6F: "ó", 0x75: "ú",
    },
    PORTUGUESE: {
        **EXTENSION,
        0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á",
        0x12: "Φ", 0x13: "Γ", 0x15: "Ω", 0x16: "Π", 0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê",
        0x41: "À", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x5B: "Ã", 0x5C: "Õ",
        0x61: "Â", 0x69: "í", 0x6F: "ó", 0x75: "ú", 0x7B: "ã", 0x7C: "õ", 0x7F: "â",
    },
    **indic_tables.SINGLE,
}
# fmt: on

# Annex A.3: stands in for the basic table throughout the message. A code without a sign is U+FFFD.
LOCKING: Mapping[int, str] = {
    0: BASIC,
    TURKISH: (
        "@£$¥€éùıòÇ\nĞğ\rÅå"
        "Δ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ"
        " !\"#¤%&'()*+,-./"
        "0123456789:;<=>?"
        "İABCDEFGHIJKLMNO"
        "PQRSTUVWXYZÄÖÑÜ§"
        "çabcdefghijklmno"
        "pqrstuvwxyzäöñüà"
    ),
    PORTUGUESE: (
        "@£$¥êéúíóç\nÔô\rÁá"
        "Δ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ"
        " !\"#º%&'()*+,-./"
        "0123456789:;<=>?"
        "ÍABCDEFGHIJKLMNO"
        "PQRSTUVWXYZÃÕÚÜ§"
        "~abcdefghijklmno"
        "pqrstuvwxyzãõ`üà"
    ),
    **indic_tables.LOCKING,
}
