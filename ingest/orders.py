"""Numbers without a year in brackets: 令, 公告, and codes typed as 沪发改财金2018 18号.

Found from 号 backwards. Works on cleaned text; positions are of that text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ingest.codes import is_ordinary, is_signer, read_code
from ingest.hits import (
    CHINESE,
    CLOSING,
    OPENING,
    SERIAL,
    NumberHit,
    number_of_code,
    number_of_order,
    read_more,
    read_value,
    read_year,
)
from ingest.organs import Issuer, read_organ
from ingest.wordlists import words_of

# What stands before 号, read backwards: 号52第年0102府政市 is 市政府2010年第25号
_BEFORE = re.compile(
    rf"\s?(?P<serial>\d{{1,10}}|[{CHINESE}]{{1,7}}(?=\s?第))\s?(?P<ordinal>第)?\s?"
    rf"(?:[{OPENING}]\s?(?=令|告|届|[{CLOSING}]))?"
    rf"(?:[{CLOSING}]\s?(?P<session>届[{CHINESE}]{{1,4}}第?)\s?[{OPENING}]\s?)?"
    rf"(?:(?:年\s?|[-－—–/]\s?|\s|[{CLOSING}]\s?|(?=\d))(?P<year>\d\d[0９9０][12１２])(?!\d)\s?(?:[{OPENING}]\s?(?=令|告))?)?"
    r"(?P<word>令|告公|告通)?"
)
_BEHIND = re.compile(r"\s?(令|公告|通告)(?![牌旗箭])")
_MORE_DATED = re.compile(rf"\s?(?:[、，,]|和|及)\s?([12]\d{{3}})\s?年\s?第?\s?({SERIAL})\s?号(?!\s?(?:令|公告|通告))")
_SAID = re.compile("(?:(?:已|联合)?(?:发布|印发|公布|颁布)的?|联合)$")
_OPENED = re.compile(f"[{OPENING}]")
_LOOK_BACK = 32
_SAID_LENGTH = 6
_BEFORE_YEAR = " -－—–_〔[［【（("


class _Spot(NamedTuple):
    """What was read around a 号: digits as printed, the word 令 or 公告, and the organ before it all."""

    serial: str
    ordinal: bool
    year: int | None
    word: str
    session: str
    start: int
    end: int
    organ: Issuer | None


def find_orders(text: str, taken: list[tuple[int, int]]) -> list[NumberHit]:
    """Orders, announcements and typed numbers in cleaned `text` outside the ranges `taken`, in order."""
    hits: list[NumberHit] = []
    busy = iter([*taken, (len(text) + 1, 0)])
    low, high = next(busy)
    at = text.find("号")
    while at >= 0:
        while low <= at and high <= at:
            low, high = next(busy)
        if not low <= at < high and not (hits and at < hits[-1].end) and (spot := _read_spot(text, at)):
            hits += _read_order(text, spot) if spot.word else _read_plain(text, spot)
        at = text.find("号", at + 1)
    return hits


def _read_spot(text: str, at: int) -> _Spot | None:
    """What stands around the 号 at `at`; None where no number ends there."""
    if not at or not (text[at - 1].isdecimal() or text[at - 1] in CHINESE + " ）)"):
        return None
    before = _BEFORE.match(text[max(0, at - _LOOK_BACK) : at][::-1])
    year = read_year(before["year"][::-1]) if before and before["year"] else None
    if before is None or (before["year"] and year is None) or read_value(before["serial"][::-1]) is None:
        return None
    behind = None if before["word"] else _BEHIND.match(text, at + 1)
    word = behind[1] if behind else (before["word"] or "")[::-1]
    start, end = at - before.end(), behind.end() if behind else at + 1
    while text[start] == " ":
        start += 1
    stop = start
    while stop and text[stop - 1] in " （(":
        stop -= 1
    said = _SAID.search(text, max(0, stop - _SAID_LENGTH), stop) if year or word else None
    if before["word"] and end < len(text) and text[end] in CLOSING and _OPENED.search(text, start, end):
        end += 1  # 令（第586号）
    return _Spot(
        serial=before["serial"][::-1],
        ordinal=bool(before["ordinal"]),
        year=year,
        word=word,
        session=(before["session"] or "")[::-1],
        start=start,
        end=end,
        organ=read_organ(text, said.start() if said else stop),
    )


@cache
def _not_orders() -> frozenset[str]:
    """Characters before 令 that make another word of it (口令, 命令)."""
    return frozenset(words_of("issuers", "organs", "not_orders"))


def _read_order(text: str, spot: _Spot) -> list[NumberHit]:
    """国务院令第673号, 财政部81号令, 税务总局公告2018年第28号, and those listed behind."""
    issuer = spot.organ
    if issuer is None:
        code = read_code(text, spot.start - 1 if text[spot.start - 1 : spot.start] in (" ", "（", "(") else spot.start)
        if code and is_signer(code.name):
            issuer = code
        elif spot.word == "令" and spot.start and text[spot.start - 1] in _not_orders():
            return []
    name, start = (issuer.name, issuer.start) if issuer else ("", spot.start)
    hits = [number_of_order(name, spot.word, spot.year, spot.serial, start, spot.end, session=spot.session)]
    while spot.year and (more := _MORE_DATED.match(text, hits[-1].end)):
        hits.append(number_of_order(name, spot.word, read_year(more[1]), more[2], more.start(1), more.end()))
    return hits + read_more(
        text, hits[-1].end, lambda digits, low, high: number_of_order(name, spot.word, spot.year, digits, low, high)
    )


def _read_plain(text: str, spot: _Spot) -> list[NumberHit]:
    """Numbers whose word is missing (国务院第590号, 2019年第16号), and numbers as people type them."""
    organ = spot.organ
    if spot.year is None:
        if organ and organ.sure and spot.ordinal and _is_enclosed(text, organ.start, spot.end):
            return [number_of_order(organ.name, "令", None, spot.serial, organ.start, spot.end)]
        return _read_glued(text, spot)
    if organ and spot.ordinal:
        return [number_of_order(organ.name, "", spot.year, spot.serial, organ.start, spot.end)]
    if spot.ordinal and _is_enclosed(text, spot.start, spot.end):
        return [number_of_order("", "", spot.year, spot.serial, spot.start, spot.end)]
    return _read_typed(text, spot.year, spot.serial, spot.start, spot.end)


def _is_enclosed(text: str, start: int, end: int) -> bool:
    return start > 0 and text[start - 1] in "（(《" and text[end : end + 1] in ("）", ")", "》")


def _read_typed(text: str, year: int, serial: str, start: int, end: int) -> list[NumberHit]:
    """沪发改财金2018 18号, as people type it."""
    while start and text[start - 1] in _BEFORE_YEAR:
        start -= 1
    code = read_code(text, start)
    if code is None or not code.sure or is_ordinary(code.name):
        return []
    return [number_of_code(code.name, year, serial, code.start, end)]


def _read_glued(text: str, spot: _Spot) -> list[NumberHit]:
    """沪发改财金201818号 and 〔201818号, where the brackets were lost."""
    digits = spot.serial
    year = read_year(digits[:4]) if len(digits) > 4 and digits.isdecimal() and digits[4] != "0" else None
    return _read_typed(text, year, digits[4:], spot.start, spot.end) if year else []
