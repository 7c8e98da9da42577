"""Numbers of documents: 文号, 令, 公告 and standards, as offices and typists write them.

Works on cleaned text; positions are of that text until `to_number` brings them back. Titles are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

from ingest.breaks import Breaks
from ingest.cleaning import Cleaned, clean
from ingest.codes import is_foreign, is_likely, is_ordinary, is_signer, read_code
from ingest.model import CitationKind, DocumentNumber
from ingest.organs import HAN, Issuer, read_organ
from ingest.standards import find_standards
from ingest.wordlists import words_of

OPENING = r"〔\[［【﹝(（〈<‹{｛「『〖〘⟨⟦＜"
CLOSING = r"〕\]］】﹞)）〉>›}｝」』〗〙⟩⟧＞"
_ZERO = "0０Oo\uff2f\u3007○"
_ONE = "1１lI"
_DIGIT = rf"[\d{_ZERO}{_ONE}]"
_SERIAL = r"\d(?:\s?\d){0,7}"
_CHINESE = "\u3007零○一二三四五六七八九十百千"
ORDER_WORDS = ("令", "公告", "通告")
_FOUNDED = 1949  # no document of the People's Republic is older

# 〔2018〕: everything with a year in brackets is found here. Letters that scanners read for digits are let pass.
_BRACKET = re.compile(
    rf"[{OPENING}]\s?([2２{_ONE}]\s?[9９{_ZERO}]\s?{_DIGIT}\s?{_DIGIT}|[0-9]\s?[0-9])\s?年?度?\s?[{CLOSING}]"
)
_AFTER_BRACKET = re.compile(rf"\s?字?\s?[-－—]?\s?(?:第\s?)?({_SERIAL})\s?(号?)")
_YEAR_FIRST = re.compile(rf"\s?([{HAN}]{{1,10}}?)\s?第?\s?({_SERIAL})\s?号")
_MORE = re.compile(rf"\s?(?:[、，,]|和|及|与)\s?(?:第\s?)?({_SERIAL})(?![\d.年月日条项个%])\s?(号?)")
_MORE_DATED = re.compile(rf"\s?(?:[、，,]|和|及)\s?([12]\d{{3}})\s?年\s?第?\s?({_SERIAL})\s?号(?!\s?(?:令|公告|通告))")
_JOINT = re.compile(r"\s?(?:[、，,;；]|和|及|与)\s?")
# What stands before 号, read backwards: 号52第年0102府政市 is 市政府2010年第25号
_BEFORE = re.compile(
    rf"\s?(?P<serial>\d{{1,10}}|[{_CHINESE}]{{1,7}}(?=\s?第))\s?(?P<ordinal>第)?\s?(?:[{OPENING}]\s?(?=令|告|届|[{CLOSING}]))?"
    rf"(?:[{CLOSING}]\s?(?P<session>届[{_CHINESE}]{{1,4}}第?)\s?[{OPENING}]\s?)?"
    rf"(?:(?P<gap>年\s?|[-－—–/]\s?|\s|[{CLOSING}]\s?|(?=\d))(?P<year>\d\d[0９9０][12１２])(?!\d)\s?(?:[{OPENING}]\s?(?=令|告))?)?"
    r"(?P<word>令|告公|告通)?"
)
_WORD_AFTER = re.compile(r"\s?(令|公告|通告)(?![牌旗箭])")
_FREE = '（(》、，；：:|"“'
_SHORTEST_LEARNT = 2  # characters; a code of two could end any other
_BEFORE_YEAR = " -－—–_〔[［【（("
_SAID = re.compile("(?:(?:已|联合)?(?:发布|印发|公布|颁布)的?|联合)$")
_DIGITS = str.maketrans("零\u3007○一二三四五六七八九", "000123456789")
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


def find_numbers(text: str, breaks: Breaks | None = None) -> list[NumberHit]:
    """Document numbers in cleaned `text`, in order, none overlapping; [] where there are none.

    breaks: where its lines begin; a number without 号 may end with its line.
    """
    hits = _bracketed(text, breaks)
    hits += _plain(text, [(hit.start, hit.end) for hit in hits])
    hits += _standards(text)
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


def _value(digits: str) -> int:
    """The value of Arabic digits of any width, or of a Chinese numeral below ten thousand."""
    compact = "".join(digits.split())
    if compact.isdecimal():
        return int(compact)
    if not any(char in compact for char in "十百千"):
        return int(compact.translate(_DIGITS))
    total = digit = 0
    for char in compact:
        unit = {"十": 10, "百": 100, "千": 1000}.get(char)
        if unit is None:
            digit = int(char.translate(_DIGITS))
        else:
            total += (digit or 1) * unit
            digit = 0
    return total + digit


def _year(digits: str) -> int | None:
    year = _value(digits.translate(_SCANNED))
    if year < 100:
        year += 1900 if year >= _FOUNDED % 100 else 2000
    return year if _FOUNDED <= year < 2100 else None


@cache
def _not_orders() -> frozenset[str]:
    """Characters before 令 that make another word of it (口令, 命令)."""
    return frozenset(words_of("issuers", "organs", "not_orders"))


def _by_year(code: str, year: int, serial: str, start: int, end: int) -> NumberHit:
    serial = str(_value(serial))
    kind = CitationKind.NUMBER
    if code.endswith("令"):
        kind = CitationKind.ORDER
    elif code.endswith(("公告", "通告")):
        kind = CitationKind.ANNOUNCEMENT
    return NumberHit(kind, code, year, serial, f"{code}〔{year}〕{serial}号", start, end)


def _by_order(
    issuer: str, word: str, year: int | None, serial: str, start: int, end: int, *, session: str = ""
) -> NumberHit:
    serial = str(_value(serial))
    kind = CitationKind.ORDER if word == "令" else CitationKind.ANNOUNCEMENT
    dated = f"{year}年" if year else f"〔{session}〕" if session else ""
    return NumberHit(kind, issuer + word, year, serial, f"{issuer}{word}{dated}第{serial}号", start, end)


def _bracketed(text: str, breaks: Breaks | None) -> list[NumberHit]:
    marks = list(_BRACKET.finditer(text))
    known = _learn_codes(text, marks) if len(marks) > 1 else frozenset()
    hits: list[NumberHit] = []
    for mark in marks:
        if hits and mark.start() < hits[-1].end:
            continue
        year = _year(mark[1])
        if year is not None:
            ends = partial(_ends_number, text, breaks)
            hits += _read_bracket(text, mark, year, known, hits[-1] if hits else None, ends)
    return hits


def _learn_codes(text: str, marks: list[re.Match[str]]) -> frozenset[str]:
    """Codes that stand free somewhere in `text`: between a mark and the year, or known by their first word."""
    codes = [code for mark in marks if (code := read_code(text, mark.start()))]
    free = (code.name for code in codes if code.sure or not code.start or text[code.start - 1] in _FREE)
    return frozenset(name for name in free if len(name) > _SHORTEST_LEARNT)


def _read_bracket(
    text: str,
    mark: re.Match[str],
    year: int,
    known: frozenset[str],
    last: NumberHit | None,
    ends: Callable[[int], bool],
) -> list[NumberHit]:
    tail = _AFTER_BRACKET.match(text, mark.end())
    if tail is None:
        first = _YEAR_FIRST.match(text, mark.end())
        if first is None or is_foreign(first[1]):
            return []
        code = read_code(text, first.end(1))
        if code is None or code.start != first.start(1) or not code.sure:
            return []
        return [_by_year(code.name, year, first[2], mark.start(), first.end())]
    stop = mark.start()
    if stop and text[stop - 1] == " ":
        stop -= 1
    word = next((word for word in ("公告", "通告", "令") if text.endswith(word, 0, stop)), "")
    organ = read_organ(text, stop - len(word)) if word else None
    low = last.end if last else 0
    if low and text.startswith("文", low):
        low += 1
    code = organ._replace(name=organ.name + word) if organ else read_code(text, stop, known, low=low)
    if code and not code.sure and text[mark.start()] in "(（<〈" and not is_likely(code.name):
        return []
    if code is None:
        follows = last is not None and tail[2] and _JOINT.fullmatch(text, last.end, mark.start())
        return [_by_year(last.issuer_code, year, tail[1], mark.start(), tail.end())] if last and follows else []
    hits = [_by_year(code.name, year, tail[1], code.start, tail.end())]
    more = _continue(text, tail.end(), lambda serial, start, end: _by_year(code.name, year, serial, start, end))
    if not tail[2] and not more and not (code.sure and ends(tail.end())):
        return []
    return hits + more


def _ends_number(text: str, breaks: Breaks | None, end: int) -> bool:
    """Whether digits without 号 end here: nothing, a line, a bracket or a stop follows."""
    if breaks is not None and breaks.begins(end):
        return True
    return end == len(text) or text[end] in "）)》」』】]〕，,；;。、 文\n\"'“”"


def _continue(text: str, at: int, build: Callable[[str, int, int], NumberHit]) -> list[NumberHit]:
    """The further numbers of a list that names code and year once: 财税〔2018〕32、33号."""
    hits: list[NumberHit] = []
    sealed = 0
    while more := _MORE.match(text, at):
        at = more.end()
        hits.append(build(more[1], more.start(1), at))
        if more[2]:
            sealed = len(hits)
    return hits[:sealed]


def _plain(text: str, taken: list[tuple[int, int]]) -> list[NumberHit]:
    """Numbers without a year in brackets: 令, 公告, and codes typed as 沪发改财金2018 18号."""
    hits: list[NumberHit] = []
    busy = iter([*taken, (len(text) + 1, 0)])
    low, high = next(busy)
    at = text.find("号")
    while at >= 0:
        while high <= at and low <= at:
            low, high = next(busy)
        if not low <= at < high and not (hits and at < hits[-1].end) and _counts(text[at - 1 : at]):
            before = _BEFORE.match(text[max(0, at - 32) : at][::-1])
            if before:
                hits += _read_plain(text, at, before)
        at = text.find("号", at + 1)
    return hits


def _counts(char: str) -> bool:
    return char.isdecimal() or (char != "" and char in _CHINESE + " ）)")


def _read_plain(text: str, at: int, before: re.Match[str]) -> list[NumberHit]:
    serial, ordinal = before["serial"][::-1], before["ordinal"] or ""
    after = _WORD_AFTER.match(text, at + 1) if not before["word"] else None
    end = after.end() if after else at + 1
    word = (before["word"] or "")[::-1] or (after[1] if after else "")
    year = _year(before["year"][::-1]) if before["year"] else None
    if before["year"] and year is None:
        return []
    start = at - before.end()
    while text[start] == " ":
        start += 1
    stop = start
    while stop and text[stop - 1] in " （(":
        stop -= 1
    said = _SAID.search(text, max(0, stop - 6), stop) if year or word else None
    organ = read_organ(text, stop - len(said[0]) if said else stop)
    if before["word"] and end < len(text) and text[end] in CLOSING and re.search(rf"[{OPENING}]", text[start:end]):
        end += 1

    if word:
        return _read_order(text, organ, word, year, serial, start, stop, end, session=(before["session"] or "")[::-1])
    enclosed = start > 0 and text[start - 1] in "（(《" and text[end : end + 1] in ("）", ")", "》")
    if year is None:
        if (
            organ
            and organ.sure
            and ordinal
            and organ.start
            and text[organ.start - 1] in "（("
            and text[end : end + 1] in ("）", ")")
        ):
            return [_by_order(organ.name, "令", None, serial, organ.start, end)]
        return _read_glued(text, serial, start, at + 1)
    if organ and ordinal:
        return [_by_order(organ.name, "", year, serial, organ.start, end)]
    if ordinal and enclosed:
        return [_by_order("", "", year, serial, start, end)]
    return _read_typed(text, year, serial, start, at + 1)


def _read_order(
    text: str,
    organ: Issuer | None,
    word: str,
    year: int | None,
    serial: str,
    start: int,
    stop: int,
    end: int,
    *,
    session: str,
) -> list[NumberHit]:
    issuer = organ
    if organ is None:
        code = read_code(text, stop)
        if code and is_signer(code.name):
            issuer = code
        elif word == "令" and stop and text[start - 1] in _not_orders():
            return []
    name = issuer.name if issuer else ""
    hits = [_by_order(name, word, year, serial, issuer.start if issuer else start, end, session=session)]
    while year and (more := _MORE_DATED.match(text, hits[-1].end)):
        hits.append(_by_order(name, word, _year(more[1]), more[2], more.start(1), more.end()))
    end = hits[-1].end
    return hits + _continue(text, end, lambda number, low, high: _by_order(name, word, year, number, low, high))


def _read_typed(text: str, year: int, serial: str, start: int, end: int) -> list[NumberHit]:
    """沪发改财金2018 18号, as people type it."""
    while start and text[start - 1] in _BEFORE_YEAR:
        start -= 1
    code = read_code(text, start)
    if code is None or not code.sure or is_ordinary(code.name):
        return []
    return [_by_year(code.name, year, serial, code.start, end)]


def _read_glued(text: str, serial: str, start: int, end: int) -> list[NumberHit]:
    """沪发改财金201818号 and 〔201818号, where the brackets were lost."""
    digits = str(serial)
    year = _year(digits[:4]) if len(digits) > 4 and digits.isdecimal() else None
    if year is None or digits[4] == "0":
        return []
    return _read_typed(text, year, digits[4:], start, end)


def _standards(text: str) -> list[NumberHit]:
    hits: list[NumberHit] = []
    for found in find_standards(text):
        year = _year(found.year) if found.year else None
        if year or not found.year:
            hits.append(NumberHit(CitationKind.STANDARD, found.code, year, found.serial, *found[3:]))
    return hits
