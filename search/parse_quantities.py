"""Numbers, amounts, rates, scores, years and dates in folded questions → senses with plain values.

Knows nothing of names or grammar. Every pattern is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from search.query import Kind
from search.vocabulary import load_lexicon, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A reading of the half-open range: kind and plain value (yuan, percent, ISO date …)."""

    kind: Kind
    value: str
    start: int
    end: int


_YI = 10**8
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,18}(?:\.\d{1,6})?")
_CHINESE = re.compile(
    r"[零〇一二两俩三仨四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]{1,16}(?:点[零〇一二三四五六七八九]{1,6})?"
)
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年度|年)?(?:-|~|至|到)((?:19|20)\d\d)(?:预算年度|年度|年份|年)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:预算年度|年度|年份|年)?(?!\d)")
_EDITION_WORDS = r"((?:19|20)\d\d)年?(?:\d{1,2}月)?(?:第[一二三四五]次)?(?:修订|修正|修改|版|本)(?:版|本|稿)?"
_EDITION = re.compile(rf"\({_EDITION_WORDS}\)|{_EDITION_WORDS}(?=[的被是由在有]|[^一-鿿]|$)")
_SHORT_YEAR = re.compile(r"(?<![\d近])([1-3]\d)(?:年度|年)(?!以|来|内|前|后|期|\d)")
_CHINESE_YEAR = re.compile(r"([二][〇零]|[一]九)([零〇一二三四五六七八九]{2})(?:预算年度|年度|年份|年)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|号)?(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|-|/|\.)(\d{1,2})(?:月份|月|(?![\d./-]))(底|初|末|中旬|上旬|下旬)?")
_LONE_DAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})(?:日|号)")
_LONE_MONTH = re.compile(r"(?<!\d)(\d{1,2})月(?:份)?(底|初|末)?")
_SPANS = re.compile(r"(半|[一两二三四五六七八九十]|\d{1,2})(个月|年)(?![度份初底末前以来\d])")
_PART_OF_YEAR = re.compile(r"(?:(?<!\d)((?:19|20)\d\d)年?度?的?)?(?:(上|下)半年|第?([一二三四1-4])季度)(底|末)?")
_RECENT = re.compile(r"(?:最近|过去|近)(\d{1,2}|[一二两三四五六七八九十])(?:个)?(?:年度|年)(?:来|内|间)?")


def find_quantities(text: str) -> Iterator[Quantity]:
    """Every reading in order of kind; readings may overlap, the caller chooses."""
    yield from _find_times(text)
    for found in _NUMBER.finditer(text):
        yield from _measured(text, found.start(), found.end(), Decimal(found[0].replace(",", "")))
    for found in _CHINESE.finditer(text):
        yield from _chinese_numbers(text, found.start(), found.end())
    for lead in words_of("quantities", "percent", "lead"):
        at = text.find(lead)
        while at >= 0:
            rest = _NUMBER.match(text, at + len(lead)) or _CHINESE.match(text, at + len(lead))
            if rest and (value := _read(rest[0])) is not None:
                yield Quantity(kind=Kind.PERCENT, value=plain(value), start=at, end=rest.end())
            at = text.find(lead, at + 1)


def plain(value: Decimal) -> str:
    """A decimal without exponent or idle zeros.

    >>> plain(Decimal("1.50E+6"))
    '1500000'
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_edition(text: str) -> bool:
    """The whole text says which edition of a document is meant.

    >>> is_edition("(2015年修订)"), is_edition("(试行)")
    (True, False)
    """
    return _EDITION.fullmatch(text) is not None


def read_chinese_number(text: str) -> Decimal | None:
    """The number that Chinese numerals spell, None where they spell none.

    >>> read_chinese_number("一百五十万"), read_chinese_number("二〇二〇"), read_chinese_number("三点五")
    (Decimal('1500000'), Decimal('2020'), Decimal('3.5'))
    """
    digits, scales, big = _numerals()
    whole, _, fraction = text.partition("点")
    if len(whole) > 1 and all(sign in digits for sign in whole):
        return Decimal("".join(str(digits[sign]) for sign in whole))
    total, tens, section, digit = 0, 0, 0, None  # of 亿, of 万, below 万
    for sign in whole:
        if sign in digits:
            digit = digits[sign]
        elif sign in scales:
            section += (1 if digit is None else digit) * scales[sign]
            digit = None
        else:
            part = section + (digit or 0)
            if part + tens + total == 0:
                return None
            if big[sign] == _YI:
                total, tens = total + (tens + part) * _YI, 0
            else:
                tens += part * big[sign]
            section, digit = 0, None
    value = Decimal(total + tens + section + (digit or 0))
    if fraction:
        value += Decimal("0." + "".join(str(digits[sign]) for sign in fraction))
    return value


def _find_times(text: str) -> Iterator[Quantity]:
    for found in _DAY.finditer(text):
        if 1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31:
            day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
            yield Quantity(kind=Kind.DATE, value=day, start=found.start(), end=found.end())
    for found in _MONTH.finditer(text):
        if 1 <= int(found[2]) <= 12:
            month = f"{found[1]}-{int(found[2]):02}"
            yield Quantity(kind=Kind.DATE, value=month, start=found.start(), end=found.end())
    for found in _LONE_DAY.finditer(text):
        if 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31:
            day = f"{int(found[1]):02}-{int(found[2]):02}"
            yield Quantity(kind=Kind.MONTH, value=day, start=found.start(), end=found.end())
    for found in _LONE_MONTH.finditer(text):
        if 1 <= int(found[1]) <= 12:
            yield Quantity(kind=Kind.MONTH, value=f"{int(found[1]):02}", start=found.start(), end=found.end())
    for found in _PART_OF_YEAR.finditer(text):
        first, last = _months_of(found)
        value = f"{found[1] or ''}/{first:02}/{last:02}"
        yield Quantity(kind=Kind.PART_OF_YEAR, value=value, start=found.start(), end=found.end())
    for found in _YEARS.finditer(text):
        if found[1] < found[2]:
            yield Quantity(kind=Kind.YEAR, value=f"{found[1]}-{found[2]}", start=found.start(), end=found.end())
    for found in _YEAR.finditer(text):
        yield Quantity(kind=Kind.YEAR, value=found[1], start=found.start(), end=found.end())
    for found in _EDITION.finditer(text):
        yield Quantity(kind=Kind.EDITION, value=found[1] or found[2], start=found.start(), end=found.end())
    for found in _SHORT_YEAR.finditer(text):
        yield Quantity(kind=Kind.YEAR, value=f"20{found[1]}", start=found.start(), end=found.end())
    for found in _CHINESE_YEAR.finditer(text):
        year = read_chinese_number(found[1] + found[2])
        yield Quantity(kind=Kind.YEAR, value=plain(year or Decimal(0)), start=found.start(), end=found.end())
    for found in _SPANS.finditer(text):
        count = Decimal("0.5") if found[1] == "半" else _read(found[1])
        days = (count or Decimal(0)) * (365 if found[2] == "年" else 30)
        yield Quantity(kind=Kind.DAYS, value=plain(days.to_integral_value()), start=found.start(), end=found.end())
    for found in _RECENT.finditer(text):
        count = _read(found[1])
        if count:
            yield Quantity(kind=Kind.RECENT, value=plain(count), start=found.start(), end=found.end())
    for word in words_of("quantities", "years", "latest"):
        at = text.find(word)
        if at >= 0:
            yield Quantity(kind=Kind.RECENT, value="1", start=at, end=at + len(word))


def _months_of(found: re.Match[str]) -> tuple[int, int]:
    """The first and last month of a half or quarter; 一季度末 is its last month."""
    if found[2]:
        first, last = (1, 6) if found[2] == "上" else (7, 12)
    else:
        last = 3 * int(_read(found[3]) or 1)
        first = last - 2
    return (last if found[4] else first), last


def _chinese_numbers(text: str, start: int, end: int) -> Iterator[Quantity]:
    """The run and, where it ends in 万 or 亿, its amount; single numerals count only beside a word that they count."""
    value = read_chinese_number(text[start:end])
    if value is None:
        return
    if text[end - 1] in "万亿" and end - start > 1:
        unit = next((u for u in ("元", "块钱", "块") if text.startswith(u, end)), "")
        yield Quantity(kind=Kind.MONEY, value=plain(value), start=start, end=end + len(unit))
    counted = any(text.startswith(word, end) for word in words_of("words", "measure_words", "words"))
    placed = start > 0 and text[start - 1] in "前第后头末名近数"
    if counted or placed or end - start > 1:
        yield from _measured(text, start, end, value)


def _measured(text: str, start: int, end: int, value: Decimal) -> Iterator[Quantity]:
    yield Quantity(kind=Kind.NUMBER, value=plain(value), start=start, end=end)
    if text.startswith(("个亿", "个万"), end):
        factor = Decimal(10**8 if text[end + 1] == "亿" else 10**4)
        yield Quantity(kind=Kind.MONEY, value=plain(value * factor), start=start, end=end + 2)
    for unit, factor in _money_units():
        if text.startswith(unit, end):
            yield Quantity(kind=Kind.MONEY, value=plain(value * factor), start=start, end=end + len(unit))
            break
    for kind, path in ((Kind.PERCENT, "percent"), (Kind.POINTS_VALUE, "score"), (Kind.DAYS, "days")):
        unit = next((u for u in words_of("quantities", path, "words") if text.startswith(u, end)), "")
        other = text.startswith(("分之", "分别", "分组", "分类", "分项"), end) and not text.startswith("分之间", end)
        if unit and not other:
            yield Quantity(kind=kind, value=plain(value), start=start, end=end + len(unit))


def _read(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if text[0].isdigit() and text[0].isascii() else read_chinese_number(text)


@cache
def _money_units() -> tuple[tuple[str, Decimal], ...]:
    table = load_lexicon("quantities")["money"]
    return tuple(sorted(((unit, Decimal(yuan)) for unit, yuan in table.items()), key=lambda pair: -len(pair[0])))


@cache
def _numerals() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    words = load_lexicon("quantities")
    return dict(words["digits"]), dict(words["scales"]), dict(words["big_scales"])
