"""Targets, amounts, rates and dates as printed in forms, read exactly or not at all.

Every parser returns None (a target: a qualitative one) rather than a value that the print does not plainly give.
Knows no columns and no documents.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from ingest.numerals import NUMERAL_RUN, parse_chinese_numeral
from ingest.wordlists import table_of, words_of

_FORM = "measures"
# Figures: 1,234.5 in groups of three, or plain; white space may stand beside the comma or point (OCR).
_FIGURE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_LOOSE_POINT = re.compile(r"(?<=\d) ?([.,]) ?(?=\d)")
_APART = re.compile(r"\d \d")  # two figures, or one that OCR tore apart: nobody can tell
_UNIT = re.compile(r"[^\W\d_]{1,8}[²³23]?|[%‰㎡℃]|[^\W\d_]{1,4}/[^\W\d_]{1,4}")
_LONGEST = 24  # signs of a figure; a longer run of digits is an account number or noise, and Decimal would round it
_SPACE = re.compile(r"\s+")
_DATE = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?"
    r"|年(?P<month_cn>\d{1,2})月(?:(?P<day_cn>\d{1,2})[日号])?|(?P<month_plain>\d{2})(?P<day_plain>\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target as read. `operator` is one of ≥ ≤ = < > or None; `qualitative` is the text where there is no figure.

    >>> parse_target("≥90.00(%)")
    Target(operator='≥', value=Decimal('90.00'), unit='%', qualitative=None)
    """

    operator: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    qualitative: str | None = None


def canonical_decimal(value: Decimal) -> str:
    """`value` without exponent or trailing zeros, as the graph spells numbers.

    >>> canonical_decimal(Decimal("2.0800E+6")), canonical_decimal(Decimal("99.210"))
    ('2080000', '99.21')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def parse_target(text: str) -> Target:
    """The target written in `text`: operator, figure and unit, or the words of a qualitative one.

    A date, a range, or a figure inside a sentence is qualitative: it gives no single value. Units are kept as printed,
    only brackets and the ways to write % are folded; the value is never scaled (`1.5万条` is 1.5 of `万条`).
    """
    printed = _plain(text)
    if not printed:
        return Target()
    if _APART.search(printed):
        return Target(qualitative=text.strip())
    folded = printed.replace(" ", "")
    operator, rest = _leading_operator(folded)
    in_words = not re.match(r"[-\d]|百分之", rest)
    figure, rest = _leading_figure(rest)
    if figure is None:
        return Target(qualitative=text.strip())
    unit, suffix_operator, read = _unit_and_suffix(rest, any_unit=bool(operator) and not in_words)
    if not read or (operator and suffix_operator) or _is_date(folded, operator):
        return Target(qualitative=text.strip())
    return Target(operator=operator or suffix_operator or None, value=figure, unit=unit)


def parse_quantity(text: str) -> Decimal | None:
    """The figure of an actual value, weight or score (`96.00(%)`, `3场`); None where there is none, or an order."""
    target = parse_target(text)
    return target.value if target.operator in (None, "=") else None


def parse_amount(text: str, *, unit: Decimal) -> Decimal | None:
    """Yuan. `unit` is what a printed figure of one is worth (1 for 元, 10000 for 万元) unless `text` names its own.

    Brackets make it negative: （12.5） in 万元 is -125000. None where the figure is missing, in doubt, or near (约).

    >>> parse_amount("1.2亿元", unit=Decimal(1)), parse_amount("1,23", unit=Decimal(1))
    (Decimal('120000000'), None)
    """
    folded = _plain(text).replace("人民币", "").lstrip("¥￥ ").rstrip()
    sign, folded = _sign(folded)
    figure, rest = (None, "") if _APART.search(folded) else _leading_figure(folded.replace(" ", ""))
    if figure is None:
        return None
    rest = _bare_unit(rest.strip())
    scale = _scales().get(rest) if rest else unit
    if scale is None:
        return None
    return sign * _exact(figure * scale)


def parse_rate(text: str) -> Decimal | None:
    """Percent: `99.21`, `99.21%`, `百分之九十五`; per mille is converted. None where it is no bare rate.

    >>> parse_rate("96.00(%)"), parse_rate("≥95%"), parse_rate("-")
    (Decimal('96.00'), None, None)
    """
    folded = _plain(text).replace("(%)", "%").strip()
    sign, folded = _sign(folded)
    figure, rest = (None, "") if _APART.search(folded) else _leading_figure(folded.replace(" ", ""))
    if figure is None:
        return None
    rest = _bare_unit(rest)
    if rest in ("", "%"):
        return sign * figure
    return sign * _exact(figure / 10) if rest == "‰" else None


def parse_date(text: str) -> str | None:
    """ISO date: `2020-02-01`; `2025-10` where no day is printed. None for anything else, also for two dates in one.

    >>> parse_date("2020/2/1"), parse_date("2025年10月"), parse_date("2020-02-30")
    ('2020-02-01', '2025-10', None)
    """
    folded = _plain(text).strip()
    folded = re.sub(r" (?!\d{1,2}:\d{2})", "", folded)
    folded = NUMERAL_RUN.sub(lambda run: _date_figure(run[0]), folded) if "年" in folded else folded
    match = _DATE.fullmatch(folded)
    if match is None:
        return None
    year = int(match["year"])
    month = int(match["month"] or match["month_cn"] or match["month_plain"])
    day = match["day"] or match["day_cn"] or match["day_plain"]
    try:
        date = dt.date(year, month, int(day or 1))
    except ValueError:
        return None
    if not 1900 <= year <= 2100:
        return None
    return date.isoformat() if day else date.isoformat()[:7]


def _date_figure(run: str) -> str:
    value = parse_chinese_numeral(run)
    return run if value is None else str(value)


def _plain(text: str) -> str:
    """Width, brackets and dashes folded, white space single, loose points and commas of figures closed up."""
    folded = unicodedata.normalize("NFKC", text.replace("²", "\ue000").replace("³", "\ue001"))
    folded = folded.replace("\ue000", "²").replace("\ue001", "³").replace("﹪", "%")
    folded = _SPACE.sub(" ", folded.translate(_FOLD)).strip()
    return _LOOSE_POINT.sub(r"\1", folded)


_FOLD = str.maketrans(
    {"\u2212": "-", "—": "-", "–": "-", "〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")"}
)


def _sign(text: str) -> tuple[int, str]:
    if len(text) > 2 and text[0] == "(" and ")" in text[2:]:
        inner, _, tail = text[1:].partition(")")
        if inner[:1].isdigit() and "(" not in inner:
            return -1, inner + tail
    if len(text) > 1 and text[0] == "-" and text[1].isdigit():
        return -1, text[1:]
    return 1, text


@cache
def _operators() -> tuple[tuple[str, str], ...]:
    pairs = [(word, sign) for sign, words in table_of(_FORM, "operators").items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _suffixes() -> tuple[tuple[str, str], ...]:
    pairs = [(word, sign) for sign, words in table_of(_FORM, "suffixes").items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _scales() -> dict[str, Decimal]:
    return {word: Decimal(worth) for worth, words in table_of(_FORM, "scales").items() for word in words}


@cache
def _units() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    return (
        frozenset(words_of(_FORM, "units", "percent")),
        frozenset(words_of(_FORM, "units", "known")),
        words_of(_FORM, "units", "date_marks"),
    )


@cache
def _natures() -> Mapping[str, str]:
    signs = {word: sign for word, sign in _operators() if sign}
    return MappingProxyType(signs | dict.fromkeys(words_of(_FORM, "natures", "qualitative"), ""))


def parse_nature(text: str) -> str | None:
    """The operator that a 指标性质 cell names: `大于等于` gives ≥, `定性` gives ""; None where it names none.

    >>> parse_nature("＞＝"), parse_nature("定性"), parse_nature("道路")
    ('≥', '', None)
    """
    return _natures().get(_plain(text).replace(" ", ""))


def _leading_operator(text: str) -> tuple[str | None, str]:
    for word, sign in _operators():
        if text.startswith(word) and len(text) > len(word):
            return sign, text[len(word) :]
    return None, text


def _leading_figure(text: str) -> tuple[Decimal | None, str]:
    """The figure at the start of `text`, and what follows; None where none is, or where it is not plainly one."""
    if text.startswith("百分之"):
        figure, rest = _leading_figure(text[3:])
        return (None, text) if figure is None else (figure, "%" + rest)
    sign, body = (-1, text[1:]) if text[:1] == "-" and text[1:2].isdigit() else (1, text)
    match = _FIGURE.match(body)
    if match is not None:
        rest = body[match.end() :]
        if rest[:1] in (",", ".", ":", "/", "*", "×", "~") or rest[:1].isdigit():
            return None, text
        return (None, text) if len(match[0]) > _LONGEST else (sign * Decimal(match[0].replace(",", "")), rest)
    run = NUMERAL_RUN.match(text)
    if run is None:
        return None, text
    # 万 and 亿 may belong to the unit (五万元 is 5 of 万元 for a target, 50000 yuan for an amount): both read alike.
    value = parse_chinese_numeral(run[0])
    return (None, text) if value is None else (Decimal(value), text[run.end() :])


def _bare_unit(text: str) -> str:
    if len(text) > 1 and text[0] == "(":
        return text[1:].removesuffix(")")
    return text


def _unit_and_suffix(text: str, *, any_unit: bool) -> tuple[str | None, str | None, bool]:
    """Unit, operator written behind, and whether all of `text` was read so."""
    rest, suffix_operator = text, None
    for word, sign in _suffixes():
        if rest.endswith(word):
            rest, suffix_operator = rest[: -len(word)], sign
            break
    percents, known, marks = _units()
    bracketed = rest[:1] == "("
    unit = _bare_unit(rest)
    if not unit:
        return None, suffix_operator, not bracketed
    if unit in percents:
        return "%", suffix_operator, True
    if unit in known:
        return unit, suffix_operator, True
    if any(mark in unit for mark in marks) or not _UNIT.fullmatch(unit):
        return None, None, False
    return unit, suffix_operator, bracketed or any_unit


def _is_date(text: str, operator: str | None) -> bool:
    """Whether a figure with 年 or 月 is a point in time (`2021年`, `12月`), not a length of time."""
    if parse_date(text) is not None:
        return True
    if operator:
        return False
    return bool(re.fullmatch(r"(?:19|20)\d{2}年?.{0,2}", text) and text[4:5] == "年") or bool(
        re.fullmatch(r"\d{1,2}[月日号].{0,2}", text)
    )


def _exact(value: Decimal) -> Decimal:
    """`value` without the zeros that multiplication leaves behind the point."""
    return Decimal(canonical_decimal(value))
