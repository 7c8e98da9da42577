"""Chinese numerals (`二千零八十`, `壹佰万`, `二〇二〇`), read only where they are well formed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_LONGEST = 24
_DIGITS: Mapping[str, int] = MappingProxyType(
    dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
    | dict(zip("两壹贰叁肆伍陆柒捌玖", (2, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
    | {"弍": 2, "貳": 2, "參": 3, "陸": 6}
)
_TENS: Mapping[str, int] = MappingProxyType({"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000})
_MYRIADS: Mapping[str, int] = MappingProxyType({"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8})
_CHINESE = "".join(_DIGITS) + "".join(_TENS) + "".join(_MYRIADS)
NUMERAL_RUN = re.compile(f"[{_CHINESE}]+")


def parse_chinese_numeral(text: str) -> int | None:
    """The integer that a Chinese numeral writes (`二千零八十`, `壹佰万`, `二〇二〇`); None where it is not well formed.

    Clipped forms (一百五) are not read: they could be taken for 105.
    """
    if not 0 < len(text) <= _LONGEST or any(char not in _CHINESE for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = 0
    last = 10**12
    section = ""
    for char in text + "\0":
        if char != "\0" and char not in _MYRIADS:
            section += char
            continue
        worth = _MYRIADS.get(char, 1)
        value = _section(section, first=total == 0)
        if value is None or worth >= last or (worth == 1 and not section and total == 0):
            return None
        total, last, section = total + value * worth, worth, ""
    return total


def _section(text: str, *, first: bool) -> int | None:
    """A numeral below ten thousand; None where malformed; 0 where nothing follows 万 or 亿."""
    if not text:
        return None if first else 0
    total, last, digit, zero = 0, 10**4, None, False
    for char in text:
        if char in _DIGITS:
            if _DIGITS[char] == 0:
                if zero or digit is not None:
                    return None
                zero = True
            elif digit is not None:
                return None
            else:
                digit = _DIGITS[char]
        else:
            worth = _TENS[char]
            if worth >= last or (digit is None and not (worth == 10 and first and total == 0 and not zero)):
                return None
            if total and last > worth * 10 and not zero:
                return None
            total, last, digit, zero = total + (digit or 1) * worth, worth, None, False
    if digit is None:
        return None if zero else total
    if (total or not first) and last > 10 and not zero and (total or len(text) == 1):
        return None
    return total + digit
