"""The languages of India and Urdu among the national language tables (3GPP TS 23.038 A.2.4 to A.2.13, A.3.4 to A.3.13).

A cell of two hexadecimal digits is a sign of the table's page of Unicode (91 in Bengali is U+0991), one of four a sign
of another page; `--` is a code without a sign. A line of a locking table is a column of the standard, the last one two.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase

from gatewayd.text import EXTENSION

BENGALI, GUJARATI, HINDI, KANNADA, MALAYALAM, ORIYA, PUNJABI, TAMIL, TELUGU, URDU = range(4, 14)

_PAGES = {
    BENGALI: 0x09, GUJARATI: 0x0A, HINDI: 0x09, KANNADA: 0x0C, MALAYALAM: 0x0D,
    ORIYA: 0x0B, PUNJABI: 0x0A, TAMIL: 0x0B, TELUGU: 0x0C, URDU: 0x06,
}  # fmt: skip

_NO_SIGN = "\ufffd"
_NAMED = {"LF": "\n", "CR": "\r", "SP": " ", "ESC": "\x1b", "--": _NO_SIGN}

# The standard prints 0CAA for 0x24 in Kannada, which it has at 0x3D too. The missing letter between its neighbours,
# 0CA1, is meant; phones write it so.
_LOCKING = {
    BENGALI: (
        "81 82 83 85 86 87 88 89 8A 8B LF 8C -- CR -- 8F "
        "90 -- -- 93 94 95 96 97 98 99 9A ESC 9B 9C 9D 9E "
        "SP ! 9F A0 A1 A2 A3 A4 ) ( A5 A6 , A7 . A8 "
        "0 1 2 3 4 5 6 7 8 9 : ; -- AA AB ? "
        "AC AD AE AF B0 -- B2 -- -- -- B6 B7 B8 B9 BC BD "
        "BE BF C0 C1 C2 C3 C4 -- -- C7 C8 -- -- CB CC CD "
        "CE a..z D7 DC DD F0 F1"
    ),
    GUJARATI: (
        "81 82 83 85 86 87 88 89 8A 8B LF 8C 8D CR -- 8F "
        "90 91 -- 93 94 95 96 97 98 99 9A ESC 9B 9C 9D 9E "
        "SP ! 9F A0 A1 A2 A3 A4 ) ( A5 A6 , A7 . A8 "
        "0 1 2 3 4 5 6 7 8 9 : ; -- AA AB ? "
        "AC AD AE AF B0 -- B2 B3 -- B5 B6 B7 B8 B9 BC BD "
        "BE BF C0 C1 C2 C3 C4 C5 -- C7 C8 C9 -- CB CC CD "
        "D0 a..z E0 E1 E2 E3 F1"
    ),
    HINDI: (
        "01 02 03 05 06 07 08 09 0A 0B LF 0C 0D CR 0E 0F "
        "10 11 12 13 14 15 16 17 18 19 1A ESC 1B 1C 1D 1E "
        "SP ! 1F 20 21 22 23 24 ) ( 25 26 , 27 . 28 "
        "0 1 2 3 4 5 6 7 8 9 : ; 29 2A 2B ? "
        "2C 2D 2E 2F 30 31 32 33 34 35 36 37 38 39 3C 3D "
        "3E 3F 40 41 42 43 44 45 46 47 48 49 4A 4B 4C 4D "
        "50 a..z 72 7B 7C 7E 7F"
    ),
    KANNADA: (
        "-- 82 83 85 86 87 88 89 8A 8B LF 8C -- CR 8E 8F "
        "90 -- 92 93 94 95 96 97 98 99 9A ESC 9B 9C 9D 9E "
        "SP ! 9F A0 A1 A2 A3 A4 ) ( A5 A6 , A7 . A8 "
        "0 1 2 3 4 5 6 7 8 9 : ; -- AA AB ? "
        "AC AD AE AF B0 B1 B2 B3 -- B5 B6 B7 B8 B9 BC BD "
        "BE BF C0 C1 C2 C3 C4 -- C6 C7 C8 -- CA CB CC CD "
        "D5 a..z D6 E0 E1 E2 E3"
    ),
    MALAYALAM: (
        "-- 02 03 05 06 07 08 09 0A 0B LF 0C -- CR 0E 0F "
        "10 -- 12 13 14 15 16 17 18 19 1A ESC 1B 1C 1D 1E "
        "SP ! 1F 20 21 22 23 24 ) ( 25 26 , 27 . 28 "
        "0 1 2 3 4 5 6 7 8 9 : ; -- 2A 2B ? "
        "2C 2D 2E 2F 30 31 32 33 34 35 36 37 38 39 -- 3D "
        "3E 3F 40 41 42 43 44 -- 46 47 48 -- 4A 4B 4C 4D "
        "57 a..z 60 61 62 63 79"
    ),
    ORIYA: (
        "01 02 03 05 06 07 08 09 0A 0B LF 0C -- CR -- 0F "
        "10 -- -- 13 14 15 16 17 18 19 1A ESC 1B 1C 1D 1E "
        "SP ! 1F 20 21 22 23 24 ) ( 25 26 , 27 . 28 "
        "0 1 2 3 4 5 6 7 8 9 : ; -- 2A 2B ? "
        "2C 2D 2E 2F 30 -- 32 33 -- 35 36 37 38 39 3C 3D "
        "3E 3F 40 41 42 43 44 -- -- 47 48 -- -- 4B 4C 4D "
        "56 a..z 57 60 61 62 63"
    ),
    PUNJABI: (
        "01 02 03 05 06 07 08 09 0A -- LF -- -- CR -- 0F "
        "10 -- -- 13 14 15 16 17 18 19 1A ESC 1B 1C 1D 1E "
        "SP ! 1F 20 21 22 23 24 ) ( 25 26 , 27 . 28 "
        "0 1 2 3 4 5 6 7 8 9 : ; -- 2A 2B ? "
        "2C 2D 2E 2F 30 -- 32 33 -- 35 36 -- 38 39 3C -- "
        "3E 3F 40 41 42 -- -- -- -- 47 48 -- -- 4B 4C 4D "
        "51 a..z 70 71 72 73 74"
    ),
    TAMIL: (
        "-- 82 83 85 86 87 88 89 8A -- LF -- -- CR 8E 8F "
        "90 -- 92 93 94 95 -- -- -- 99 9A ESC -- 9C -- 9E "
        "SP ! 9F -- -- -- A3 A4 ) ( -- -- , -- . A8 "
        "0 1 2 3 4 5 6 7 8 9 : ; A9 AA -- ? "
        "-- -- AE AF B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 -- -- "
        "BE BF C0 C1 C2 -- -- -- C6 C7 C8 -- CA CB CC CD "
        "D0 a..z D7 F0 F1 F2 F9"
    ),
    TELUGU: (
        "01 02 03 05 06 07 08 09 0A 0B LF 0C -- CR 0E 0F "
        "10 -- 12 13 14 15 16 17 18 19 1A ESC 1B 1C 1D 1E "
        "SP ! 1F 20 21 22 23 24 ) ( 25 26 , 27 . 28 "
        "0 1 2 3 4 5 6 7 8 9 : ; -- 2A 2B ? "
        "2C 2D 2E 2F 30 31 32 33 -- 35 36 37 38 39 -- 3D "
        "3E 3F 40 41 42 43 44 -- 46 47 48 -- 4A 4B 4C 4D "
        "55 a..z 56 60 61 62 63"
    ),
    URDU: (
        "27 22 28 7B 80 7E A6 2A C2 7F LF 79 7D CR 7A 7C "
        "2B 2C 81 84 83 85 86 87 2D 2E 2F ESC 8C 88 89 8A "
        "SP ! 8F 8D 30 31 91 93 ) ( 99 32 , 96 . 98 "
        "0 1 2 3 4 5 6 7 8 9 : ; 9A 33 34 ? "
        "35 36 37 38 39 41 42 A9 AA AB AF B3 B1 44 45 46 "
        "BA BB BC 48 C4 D5 C1 BE 21 CC D0 D2 4D 50 4F 57 "
        "54 a..z 55 51 53 56 70"
    ),
}

# What all ten have. Not every edition prints the euro for Telugu, but phones write it; nothing else has its code.
_COMMON: Mapping[int, str] = {
    **EXTENSION,
    **dict(enumerate("@£$¥¿\"¤%&'")),
    0x0B: "*", 0x0C: "+", 0x0E: "-", 0x0F: "/",
    **dict(enumerate("<=>¡^¡_#*", 0x10)),
    **dict(enumerate(ascii_uppercase, 0x41)),
}  # fmt: skip

# What each has besides, in runs from a code on. Editions misprint digits between digits: 0BEF for 0x24 in Tamil (it is
# at 0x25 too), 06CC and 06CD for 0x22 and 0x23 in Telugu.
_SINGLE: Mapping[int, Mapping[int, str]] = {
    BENGALI: {
        0x19: "E6 E7",
        0x1C: "E8 E9 EA EB EC ED EE EF DF E0 E1 E2",
        0x2A: "E3 F2 F3 F4 F5",
        0x30: "F6 F7 F8 F9 FA",
    },
    GUJARATI: {0x19: "0964 0965", 0x1C: "E6 E7 E8 E9 EA EB EC ED EE EF"},
    HINDI: {
        0x19: "64 65",
        0x1C: "66 67 68 69 6A 6B 6C 6D 6E 6F 51 52",
        0x2A: "53 54 58 59 5A",
        0x30: "5B 5C 5D 5E 5F 60 61 62 63 70 71",
    },
    KANNADA: {0x19: "0964 0965", 0x1C: "E6 E7 E8 E9 EA EB EC ED EE EF DE F1", 0x2A: "F2"},
    MALAYALAM: {
        0x19: "0964 0965",
        0x1C: "66 67 68 69 6A 6B 6C 6D 6E 6F 70 71",
        0x2A: "72 73 74 75 7A",
        0x30: "7B 7C 7D 7E 7F",
    },
    ORIYA: {0x19: "0964 0965", 0x1C: "66 67 68 69 6A 6B 6C 6D 6E 6F 5C 5D", 0x2A: "5F 70 71"},
    PUNJABI: {0x19: "0964 0965", 0x1C: "66 67 68 69 6A 6B 6C 6D 6E 6F 59 5A", 0x2A: "5B 5C 5E 75"},
    TAMIL: {0x19: "0964 0965", 0x1C: "E6 E7 E8 E9 EA EB EC ED EE EF F3 F4", 0x2A: "F5 F6 F7 F8 FA"},
    TELUGU: {0x1C: "66 67 68 69 6A 6B 6C 6D 6E 6F 58 59", 0x2A: "78 79 7A 7B 7C", 0x30: "7D 7E 7F"},
    URDU: {
        0x19: "00 01",
        0x1C: "F0 F1 F2 F3 F4 F5 F6 F7 F8 F9 0C 0D",
        0x2A: "0E 0F 10 11 12",
        0x30: "13 14 1B 1F 40 52 58 6B 6C 72 73 CD",
        0x3F: "D4",
    },
}


def _signs(cells: str, page: int) -> str:
    """The signs that the cells stand for, one for each code."""
    signs = []
    for cell in cells.replace("a..z", " ".join(ascii_lowercase)).split():
        if len(cell) == 1:
            signs.append(cell)
        else:
            signs.append(_NAMED.get(cell) or chr(page << 8 | int(cell, 16) if len(cell) == 2 else int(cell, 16)))
    return "".join(signs)


def _single(runs: Mapping[int, str], page: int) -> dict[int, str]:
    signs = dict(_COMMON)
    for code, cells in runs.items():
        signs.update(enumerate(_signs(cells, page), code))
    return signs


LOCKING: Mapping[int, str] = {table: _signs(cells, _PAGES[table]) for table, cells in _LOCKING.items()}
SINGLE: Mapping[int, Mapping[int, str]] = {table: _single(runs, _PAGES[table]) for table, runs in _SINGLE.items()}
