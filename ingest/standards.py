"""Numbers of standards: GB/T 22239-2019, GBT22239-2008, DB31/T 1205—2020, T/CECS 10126-2021.

Works on cleaned text; positions are of that text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ingest.wordlists import words_of

_STANDARD = re.compile(
    r"([A-Z]{1,6}(?:[/／][A-Z]{1,6})?)\s?(?:(\d{2,4})[/／]([TZ]?)\s?)?"
    r"(\d{1,6}(?:\.\d{1,3}|-\d{1,4}(?=[-－—–]\d{4}))*)\s?(?:[-－—–‐:：]{1,2}\s?(\d{4}|\d\d)(?!\d))?"
)
_SHORTEST_GROUP = 3  # T/CECS: at least two letters after T/


class Standard(NamedTuple):
    """A standard at `start`..`end`; `year` as printed (GB 8566-88), "" where none is."""

    code: str
    serial: str
    year: str
    canonical: str
    start: int
    end: int


@cache
def standard_codes() -> frozenset[str]:
    """Letters of all registered standards, without /T and /Z."""
    return frozenset(words_of("numbers", "standards", "codes"))


def find_standards(text: str) -> list[Standard]:
    """Standards named by number in cleaned `text`, in order; without a year only those with /T or /Z."""
    found: list[Standard] = []
    for mark in _STANDARD.finditer(text):
        letters, province, kind, serial, year = mark.groups(default="")
        before = text[mark.start() - 1 : mark.start()]
        if before.isascii() and before.isalpha():
            continue
        code = _code(letters.replace("／", "/"), province)
        if code is None:
            continue
        if kind:
            code += f"/{kind}"
        if not year and not code.endswith(("/T", "/Z")):
            continue
        joint = "/" if province and not kind else " "
        canonical = f"{code}{joint}{serial}{f'-{year}' if year else ''}"
        found.append(Standard(code, serial, year, canonical, mark.start(), mark.end()))
    return found


def _code(letters: str, province: str) -> str | None:
    """The code as the register writes it (GBT is GB/T); None where `letters` are no code of a standard."""
    codes = standard_codes()
    if province:
        return letters + province if letters in ("DB", "DBJ") else None
    if letters in codes or (letters.startswith("T/") and len(letters) > _SHORTEST_GROUP):
        return letters
    if letters[-1] in "TZ" and (base := letters[:-1].rstrip("/")) in codes:
        return f"{base}/{letters[-1]}"
    return None
