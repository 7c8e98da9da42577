"""Numbers of documents: 文号, 令, 公告 and standards, as offices and typists write them.

Works on cleaned text; positions are of that text until `to_number` brings them back. Titles are not read here.
"""

from __future__ import annotations

import re

from ingest.breaks import Breaks
from ingest.cleaning import Cleaned, clean
from ingest.codes import is_foreign, is_likely, read_code
from ingest.hits import (
    CLOSING,
    ONE,
    OPENING,
    ORDER_WORDS,
    SERIAL,
    ZERO,
    NumberHit,
    number_of_code,
    read_more,
    read_year,
)
from ingest.model import CitationKind, DocumentNumber
from ingest.orders import find_orders
from ingest.organs import HAN, Issuer, read_organ
from ingest.standards import find_standards

_DIGIT = rf"[\d{ZERO}{ONE}]"
# 〔2018〕: everything with a year in brackets is found here
_BRACKET = re.compile(
    rf"[{OPENING}]\s?([2２{ONE}]\s?[9９{ZERO}]\s?{_DIGIT}\s?{_DIGIT}|[0-9]\s?[0-9])\s?年?度?\s?[{CLOSING}]"
)
_SERIAL_BEHIND = re.compile(rf"\s?字?\s?[-－—]?\s?(?:第\s?)?({SERIAL})\s?(号?)")
_CODE_BEHIND = re.compile(rf"\s?([{HAN}]{{1,10}}?)\s?第?\s?({SERIAL})\s?号")  # (81)卫防字26号
_JOINT = re.compile(r"\s?(?:[、，,;；]|和|及|与)\s?")
_JOINING = ("和", "及", "与", "以及")
_FREE = '（(》、，；：:|"“'
_STOPS = "）)》」』】]〕，,；;。、 文\n\"'“”"
_SHORTEST_LEARNT = 2  # characters; a code of two could end any other


def find_numbers(text: str, breaks: Breaks | None = None) -> list[NumberHit]:
    """Document numbers in cleaned `text`, in order, none overlapping; [] where there are none.

    breaks: where its lines begin; a number without 号 may end with its line.
    """
    hits = _find_bracketed(text, breaks)
    hits += find_orders(text, [(hit.start, hit.end) for hit in hits])
    for found in find_standards(text):
        year = read_year(found.year) if found.year else None
        if year or not found.year:
            hits.append(NumberHit(CitationKind.STANDARD, found.code, year, found.serial, *found[3:]))
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    return [hit for at, hit in enumerate(hits) if not at or hit.start >= hits[at - 1].end]


def to_number(hit: NumberHit, cleaned: Cleaned, source: str) -> DocumentNumber:
    """The number at `hit`, with its span in the text that was cleaned; `source` is the original of that text."""
    span = cleaned.span(hit.start, hit.end)
    return DocumentNumber(
        kind=hit.kind,
        issuer_code=hit.issuer_code,
        year=hit.year,
        serial=hit.serial,
        canonical=hit.canonical,
        raw=source[span.start : span.end],
        span=span,
    )


def parse_number(text: str) -> DocumentNumber | None:
    """The first document number in `text`, alone or within a sentence; None where there is none.

    >>> parse_number("根据沪发改财金[2018] 018 号文").canonical
    '沪发改财金〔2018〕18号'
    """
    cleaned = clean(text)
    hits = find_numbers(cleaned.text, Breaks(cleaned, text))
    return to_number(hits[0], cleaned, text) if hits else None


def _find_bracketed(text: str, breaks: Breaks | None) -> list[NumberHit]:
    marks = list(_BRACKET.finditer(text))
    known = _learn_codes(text, marks) if len(marks) > 1 else frozenset()
    hits: list[NumberHit] = []
    for mark in marks:
        last = hits[-1] if hits else None
        year = read_year(mark[1])
        if year is None or (last and mark.start() < last.end):
            continue
        serial = _SERIAL_BEHIND.match(text, mark.end())
        if serial is None:
            hits += _read_year_first(text, mark, year)
            continue
        code = _code_before(text, mark.start(), known, last.end if last else 0)
        if code is None or (last and code.name in _JOINING):
            if last and serial[2] and _JOINT.fullmatch(text, last.end, mark.start()):  # 国发〔2016〕31号、〔2017〕21号
                hits.append(number_of_code(last.issuer_code, year, serial[1], mark.start(), serial.end()))
            continue
        hits += _read_serials(text, mark, code, year, serial, breaks)
    return hits


def _learn_codes(text: str, marks: list[re.Match[str]]) -> frozenset[str]:
    """Codes that stand free somewhere in `text`: between a mark and the year, or known by their first word."""
    codes = [code for mark in marks if (code := read_code(text, mark.start()))]
    free = (code.name for code in codes if code.sure or not code.start or text[code.start - 1] in _FREE)
    return frozenset(name for name in free if len(name) > _SHORTEST_LEARNT)


def _read_year_first(text: str, mark: re.Match[str], year: int) -> list[NumberHit]:
    """(81)卫防字26号."""
    behind = _CODE_BEHIND.match(text, mark.end())
    if behind is None or is_foreign(behind[1]):
        return []
    code = read_code(text, behind.end(1))
    if code is None or code.start != behind.start(1) or not code.sure:
        return []
    return [number_of_code(code.name, year, behind[2], mark.start(), behind.end())]


def _code_before(text: str, mark: int, known: frozenset[str], low: int) -> Issuer | None:
    """The code, or the organ with its 公告 or 令, before the bracket at `mark`; `low` is where the last number ends."""
    stop = mark - 1 if mark and text[mark - 1] == " " else mark
    word = next((word for word in ORDER_WORDS if text.endswith(word, 0, stop)), "")
    organ = read_organ(text, stop - len(word)) if word else None
    if organ:
        return organ._replace(name=organ.name + word)
    if low and text.startswith("文", low):
        low += 1
    code = read_code(text, stop, known, low=low)
    if code and not code.sure and text[mark] in "(（<〈" and not is_likely(code.name):
        return None
    return code


def _read_serials(
    text: str, mark: re.Match[str], code: Issuer, year: int, serial: re.Match[str], breaks: Breaks | None
) -> list[NumberHit]:
    """The number of `code`, and those listed behind it; [] where the digits are followed by what makes them none."""
    end = serial.end()
    more = read_more(text, end, lambda digits, low, high: number_of_code(code.name, year, digits, low, high))
    ends = end == len(text) or text[end] in _STOPS or (breaks is not None and breaks.begins(end))
    if serial[2] or more or (code.sure and ends):
        return [number_of_code(code.name, year, serial[1], code.start, end), *more]
    return []
