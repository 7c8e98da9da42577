"""A document number as found in cleaned text, and the digits that it is made of.

Says nothing of where numbers stand; `numbers` and `orders` find them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ingest.model import CitationKind
from ingest.numerals import parse_chinese_numeral

OPENING = r"〔\[［【﹝(（〈<‹{｛「『〖〘⟨⟦＜"
CLOSING = r"〕\]］】﹞)）〉>›}｝」』〗〙⟩⟧＞"
ZERO = "0０Oo\uff2f\u3007○"  # with the letters that scanners read for it
ONE = "1１lI"
CHINESE = "\u3007零○一二三四五六七八九十百千"
SERIAL = r"\d(?:\s?\d){0,7}"
ORDER_WORDS = ("令", "公告", "通告")
_FOUNDED = 1949  # no document of the People's Republic is older
_MORE = re.compile(rf"\s?(?:[、，,]|和|及|与)\s?(?:第\s?)?({SERIAL})(?![\d.年月日条项个%])\s?(号?)")
_SCANNED = str.maketrans("Oo\uff2f\u3007○lI", "0000011")


class NumberHit(NamedTuple):
    """A number at `start`..`end` of cleaned text; the other fields as in `DocumentNumber`."""

    kind: CitationKind
    issuer_code: str
    year: int | None
    serial: str
    canonical: str
    start: int
    end: int

    def signed(self, issuer: str, start: int) -> NumberHit:
        """This order or announcement, printed without its organ, with the organ that stands at `start`."""
        return self._replace(issuer_code=issuer + self.issuer_code, canonical=issuer + self.canonical, start=start)


def read_value(digits: str) -> int | None:
    """The value of Arabic digits of any width, spaces between them, or of a Chinese numeral; None where malformed.

    >>> read_value("０１８"), read_value("三十一"), read_value("二○二")
    (18, 31, 202)
    """
    compact = "".join(digits.split())
    return int(compact) if compact.isdecimal() else parse_chinese_numeral(compact.replace("○", "\u3007"))


def read_year(digits: str) -> int | None:
    """The year that `digits` mean, two of them too; None where no document can be of that year.

    >>> read_year("2018"), read_year("81"), read_year("20l8"), read_year("1209")
    (2018, 1981, 2018, None)
    """
    year = read_value(digits.translate(_SCANNED))
    if year is not None and year < 100:
        year += 1900 if year >= _FOUNDED % 100 else 2000
    return year if year is not None and _FOUNDED <= year < 2100 else None


def number_of_code(code: str, year: int, serial: str, start: int, end: int) -> NumberHit:
    """沪财绩〔2019〕19号."""
    serial = str(read_value(serial))
    kind = CitationKind.NUMBER
    if code.endswith("令"):
        kind = CitationKind.ORDER
    elif code.endswith(("公告", "通告")):
        kind = CitationKind.ANNOUNCEMENT
    return NumberHit(kind, code, year, serial, f"{code}〔{year}〕{serial}号", start, end)


def number_of_order(
    issuer: str, word: str, year: int | None, serial: str, start: int, end: int, *, session: str = ""
) -> NumberHit:
    """国务院令第673号, 税务总局公告2018年第28号; session: 十五届, of a people's congress."""
    serial = str(read_value(serial))
    issuer = issuer[:-1] if issuer.endswith("部部") else issuer  # 生态环境部部令
    kind = CitationKind.ORDER if word == "令" else CitationKind.ANNOUNCEMENT
    dated = f"{year}年" if year else f"〔{session}〕" if session else ""
    return NumberHit(kind, issuer + word, year, serial, f"{issuer}{word}{dated}第{serial}号", start, end)


def read_more(text: str, at: int, build: Callable[[str, int, int], NumberHit]) -> list[NumberHit]:
    """The further numbers of a list that names code and year once: 财税〔2018〕32、33号.

    build: makes a number of a serial, its start and its end.
    """
    hits: list[NumberHit] = []
    sealed = 0
    while more := _MORE.match(text, at):
        at = more.end()
        hits.append(build(more[1], more.start(1), at))
        if more[2]:
            sealed = len(hits)
    return hits[:sealed]
