"""List numbers of Word paragraphs as they are printed (`一、`, `（二）`, `3.`): Word stores rules, not the numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_PLACE = re.compile(r"%([1-9])")
_MOST = 9_999


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    pattern: str
    start: int
    space: bool


class Numbering:
    """Counts through a document: `label` must be asked once a paragraph, in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}  # list → the abstract list that it counts with
        self._counts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._load(numbering)
        if styles is not None:
            for style in styles.iterfind(_W + "style"):
                place = _place_of(style.find(_W + "pPr"))
                if place is not None:
                    self._styles[style.get(_W + "styleId", "")] = place

    def label(self, paragraph: etree._Element) -> str:
        """The number printed before a paragraph, with its punctuation; "" where there is none or a bullet."""
        properties = paragraph.find(_W + "pPr")
        if properties is None:
            return ""
        place = _place_of(properties)
        if place is None:
            style = properties.find(_W + "pStyle")
            place = self._styles.get(style.get(_W + "val", "")) if style is not None else None
        if place is None:
            return ""
        kind = self._lists.get(place[0], "")
        levels, at = self._levels.get(kind, {}), place[1]
        if at not in levels:
            return ""
        counts = self._counts.setdefault(kind, {})
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in [number for number in counts if number > at]:
            del counts[deeper]
        level = levels[at]
        if level.style in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            if other not in levels:
                return ""
            return _write(counts.get(other, levels[other].start), levels[other].style)

        return _PLACE.sub(number, level.pattern) + (" " if level.space else "")

    def _load(self, root: etree._Element) -> None:
        for abstract in root.iterfind(_W + "abstractNum"):
            levels = {}
            for level in abstract.iterfind(_W + "lvl"):
                levels[_number(level.get(_W + "ilvl"))] = _Level(
                    style=_value(level, "numFmt") or "decimal",
                    pattern=_value(level, "lvlText"),
                    start=_number(_value(level, "start") or "1"),
                    space=_value(level, "suff") == "space",
                )
            self._levels[abstract.get(_W + "abstractNumId", "")] = levels
        for item in root.iterfind(_W + "num"):
            self._lists[item.get(_W + "numId", "")] = _value(item, "abstractNumId")


def _place_of(properties: etree._Element | None) -> tuple[str, int] | None:
    """List and level that paragraph properties name."""
    place = properties.find(_W + "numPr") if properties is not None else None
    if place is None or not _value(place, "numId"):
        return None
    return _value(place, "numId"), _number(_value(place, "ilvl") or "0")


def _value(element: etree._Element, child: str) -> str:
    found = element.find(_W + child)
    return (found.get(_W + "val") or "") if found is not None else ""


def _number(text: str | None) -> int:
    digits = (text or "")[:4]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _write(number: int, style: str) -> str:
    writer = _WRITERS.get(style)
    return writer(number) if writer is not None and 0 < number <= _MOST else str(number)


def chinese(number: int) -> str:
    """A number from 1 to 9999 as it is counted in Chinese.

    >>> chinese(12), chinese(105), chinese(20)
    ('十二', '一百零五', '二十')
    """
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + name
        zero = not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        text += sign * (number // value)
        number %= value
    return text


def _circled(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else str(number)


_WRITERS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "chineseLegalSimplified": lambda n: chinese(n).translate(str.maketrans(_DIGITS, _FORMAL)),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
}
