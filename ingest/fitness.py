"""How ill a text fits a column: 0 at home, 5 impossible.

Judges one text by its kind (level name, measure, figure, words of a result), never by its neighbours.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.cleaning import narrow
from ingest.columns import Role
from ingest.levels import Level, is_level_name, is_noise, is_piece, looks_like_label, read_label
from ingest.measures import parse_nature, parse_target
from ingest.wordlists import words_of

MEASURE_START = re.compile(r"[≥≤＞＜=<>≧≦]")
BEFORE_OPERATOR = re.compile(r"(?<=[^\s≥≤＞＜=<>≧≦(（])(?=(?:[≥≤＞＜≧≦]|[<>]=?|=)\s?\d)")
_DATE = re.compile(r"(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?[底末初前内以之]*")
_BARE_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})?分?")
_LONGEST_PLAIN_UNIT = 3  # letters; a longer word that is no unit of the list may be a target (有所下降)
_LONGEST_UNIT = 6


@lru_cache(maxsize=8192)
def is_measure(text: str) -> bool:
    return parse_target(text).value is not None


def is_result(text: str) -> bool:
    return text in words_of("columns", "actuals", "words")


@lru_cache(maxsize=32768)
def misfit(role: Role, text: str) -> float:
    """How ill `text` fits `role`: 0 at home, 5 impossible."""
    match role:
        case Role.LEVEL1:
            return _level_cost(text, Level.FIRST, Level.SECOND)
        case Role.LEVEL2:
            return _level_cost(text, Level.SECOND, Level.FIRST)
        case Role.LEVEL3:
            return _name_cost(text)
        case Role.NATURE:
            return 4.0 if parse_nature(text) is None else 0.0
        case Role.UNIT:
            return _unit_cost(text)
        case Role.TARGET | Role.TOTAL_TARGET:
            if is_result(text):
                return 1.5
            if is_level_name(text, Level.SECOND) and text.endswith("指标"):
                return 2.0
            if BEFORE_OPERATOR.search(text):
                return 1.5
            return 0.2 if _BARE_NUMBER.fullmatch(narrow(text)) or len(text) > 60 else 0.0
        case Role.ACTUAL:
            if is_result(text):
                return 0.0
            return 1.5 if MEASURE_START.match(text) else (0.0 if is_measure(text) else 0.2)
        case Role.WEIGHT | Role.SCORE:
            return _figure_cost(narrow(text))
        case Role.REASON:
            return 3.0 if is_measure(text) else (1.0 if is_result(text) else 0.0)
        case Role.OTHER:
            return 0.3


def _level_cost(text: str, own: Level, foreign: Level) -> float:
    if is_level_name(text, own):
        return 0.0
    if is_piece(text, own) or is_piece(text.removeprefix("指标"), own):
        return 0.3
    if is_level_name(text, foreign):
        return 3.0
    if is_noise(text):
        return 4.0 if is_measure(text) else 1.0
    if (label := read_label(text, own)) and label.mended:
        return 0.5
    if own is Level.FIRST:
        return 2.0 if looks_like_label(text) else 3.0
    return 1.5 if looks_like_label(text) else 2.5


def _figure_cost(text: str) -> float:
    if _BARE_NUMBER.fullmatch(text):
        return 0.0
    return 0.3 if text in ("-", "—", "/") or _BARE_NUMBER.fullmatch(text.removesuffix("%")) else 5.0


def _unit_cost(text: str) -> float:
    if any(char.isdigit() for char in text):
        return 4.0
    if text in words_of("measures", "units", "known") or "/" in text or len(text) <= _LONGEST_PLAIN_UNIT:
        return 0.0
    return 0.6 if len(text) <= _LONGEST_UNIT else 2.0


def _name_cost(text: str) -> float:
    if is_result(text) or text in words_of("columns", "qualities", "words"):
        return 2.5
    if MEASURE_START.match(text) or is_measure(text) or (is_noise(text) and not any(c.isalpha() for c in text)):
        return 3.0
    if text in ("指标", "标", "目标"):
        return 3.0
    if _DATE.fullmatch(text):
        return 1.5
    if text.endswith("指") and (is_piece(text, Level.FIRST) or is_piece(text, Level.SECOND)):
        return 3.0
    if any(mark in text for mark in "，；。"):
        return 1.0
    if is_level_name(text, Level.SECOND) or is_level_name(text, Level.FIRST):
        return 4.5 if text.endswith("指标") else 2.5
    return 0.0
