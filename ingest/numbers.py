"""Numbers of documents: 文号, 令, 公告 and standards, as offices and typists write them.

`find_numbers` works on cleaned text and returns spans into it. Pairing with titles is not done here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from ingest.cleaning import clean
from ingest.issuers import HAN, is_foreign, one_of, read_code, read_organ
from ingest.model import CitationKind, DocumentNumber, Span
from ingest.wordlists import words_of

OPENING = r"〔\[［【﹝(（〈<‹{｛「『〖〘❲⟨⟦＜"
CLOSING = r"〕\]］】﹞)）〉>›}｝」』〗〙❳⟩⟧＞"
_YEAR = r"[1１2２]\s?[9９0０]\s?\d\s?\d"
_SERIAL = r"\d(?:\s?\d){0,7}"
_CHINESE = "[〇零○一二三四五六七八九十百千]{1,7}"
_WORD = "令|公告|通告"


@cache
def _anchor() -> re.Pattern[str]:
    codes = one_of((*words_of("citations", "standards", "national"), *words_of("citations", "standards", "industry")))
    return re.compile(
        rf"(?P<bracket>[{OPENING}]\s?(?:{_YEAR}|\d\s?\d)\s?年?度?\s?[{CLOSING}])"
        rf"|(?P<word>{_WORD})\s?[{OPENING}]?\s?(?:(?P<wyear>{_YEAR})\s?年?\s?)?(?P<wnum>第\s?(?:{_SERIAL}|{_CHINESE})|{_SERIAL})\s?号"
        rf"|(?<!\d)(?P<yyear>{_YEAR})(?P<gap>\s?年\s?|\s?[-－—–/]\s?|\s|(?=第)|(?=\d))第?\s?(?P<ynum>{_SERIAL})\s?号(?:\s?(?P<yword>{_WORD}))?"
        rf"|(?P<plain>第\s?(?:{_SERIAL}|{_CHINESE})|(?<!\d){_SERIAL})\s?号(?:\s?(?P<pword>{_WORD}))?"
        rf"|(?<![A-Za-z])(?P<standard>(?:{codes})\d{{0,4}}\s?(?:[/／]?\s?[TZ])?)\s?(?P<snum>\d{{1,6}}(?:\.\d{{1,3}})*)\s?[-－—–‐]+\s?(?P<syear>\d{{4}}|\d\d)(?!\d)"
    )


_AFTER_BRACKET = re.compile(rf"\s?字?\s?(?:第\s?)?({_SERIAL})\s?(号?)")
_AFTER_YEAR = re.compile(rf"\s?([{HAN}]{{1,10}}?)\s?第?\s?({_SERIAL})\s?号")
_MORE = re.compile(rf"\s?(?:[、，,]|和|及|与)\s?(?:第\s?)?({_SERIAL})(\s?号)?(?![\d年月日条项])")
_NO_CODE = re.compile(rf"(?:[、，,;；]|和|及|与)\s?$")
_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")


def _whole(digits: str) -> int:
    """The value of Arabic digits of any width, with or without spaces, or of a Chinese numeral below ten thousand."""
    compact = "".join(digits.split()).removeprefix("第").strip()
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


def _full_year(digits: str) -> int:
    year = _whole(digits)
    return year if year > 99 else 1900 + year if year >= 49 else 2000 + year


def find_numbers(text: str) -> list[DocumentNumber]:
    """Document numbers in cleaned `text`, in order; spans and `raw` are of `text`. [] where there are none."""
    found: list[DocumentNumber] = []
    at = 0
    anchor = _anchor()
    while hit := anchor.search(text, at):
        numbers = _read(text, hit, found)
        found.extend(numbers)
        at = max(numbers[-1].span.end if numbers else 0, hit.start() + 1 if not numbers else 0, hit.start() + 1)
        if not numbers and hit.lastgroup != "bracket":
            at = hit.end() if hit["word"] is None and hit["plain"] is None else hit.start() + 1
    return found


def _number(kind: CitationKind, code: str, year: int | None, serial: str, canonical: str, text: str, start: int, end: int) -> DocumentNumber:
    return DocumentNumber(
        kind=kind, issuer_code=code, year=year, serial=serial, canonical=canonical, raw=text[start:end], span=Span(start=start, end=end)
    )


def _bracketed(text: str, code: str, year: int, serial: str, start: int, end: int) -> DocumentNumber:
    serial = str(_whole(serial))
    kind = CitationKind.ORDER if code.endswith("令") else CitationKind.ANNOUNCEMENT if code.endswith("公告") else CitationKind.NUMBER
    return _number(kind, code, year, serial, f"{code}〔{year}〕{serial}号", text, start, end)


def _ordered(text: str, issuer: str, word: str, year: int | None, serial: str, start: int, end: int) -> DocumentNumber:
    serial = str(_whole(serial))
    kind = CitationKind.ANNOUNCEMENT if word in ("公告", "通告", "") else CitationKind.ORDER
    code = issuer + word
    return _number(kind, code, year, serial, f"{code}{f'{year}年' if year else ''}第{serial}号", text, start, end)


def _read(text: str, hit: re.Match[str], before: list[DocumentNumber]) -> list[DocumentNumber]:
    if hit["bracket"]:
        return _read_bracket(text, hit, before)
    if hit["word"]:
        return _read_word(text, hit)
    if hit["yyear"]:
        return _read_year(text, hit)
    if hit["plain"]:
        return _read_plain(text, hit)
    return _read_standard(text, hit)


def _read_bracket(text: str, hit: re.Match[str], before: list[DocumentNumber]) -> list[DocumentNumber]:
    year = _full_year(re.sub(r"\D", "", hit["bracket"]))
    tail = _AFTER_BRACKET.match(text, hit.end())
    if tail is None:
        first = _AFTER_YEAR.match(text, hit.end())
        if first is None or is_foreign(first[1]):
            return []
        code = read_code(text, first.end(1))
        if code is None or code.start != first.start(1) or not code.sure:
            return []
        return [_bracketed(text, code.name, year, first[2], hit.start(), first.end())]
    end = text[: hit.start()].rstrip() if False else None
    del end
    stop = hit.start()
    if stop and text[stop - 1] == " ":
        stop -= 1
    code = read_code(text, stop)
    if code is None:
        if before and before[-1].kind is CitationKind.NUMBER and _NO_CODE.fullmatch(text[before[-1].span.end : hit.start()]) and tail[2]:
            return [_bracketed(text, before[-1].issuer_code, year, tail[1], hit.start(), tail.end())]
        return []
    if text[tail.end() : tail.end() + 1] in ("期", "年") or (not tail[2] and not _serial_ends(text, tail.end(), code.sure)):
        more = _MORE.match(text, tail.end()) if not tail[2] else None
        if more is None:
            return []
    numbers = [_bracketed(text, code.name, year, tail[1], code.start, tail.end())]
    at = tail.end()
    pending: list[DocumentNumber] = []
    while more := _MORE.match(text, at):
        start = more.start(1)
        pending.append(_bracketed(text, code.name, year, more[1], start, more.end()))
        at = more.end()
        if more[2]:
            numbers.extend(pending)
            pending = []
    return numbers


def _serial_ends(text: str, end: int, sure: bool) -> bool:
    """Whether digits without 号 are a serial: nothing but an end, a bracket or a stop follows."""
    return sure and (end == len(text) or text[end] in "）)》」』】]〕，,；;。、 文\n")


def _read_word(text: str, hit: re.Match[str]) -> list[DocumentNumber]:
    year = _full_year(hit["wyear"]) if hit["wyear"] else None
    stop = hit.start()
    if stop and text[stop - 1] in " (（":
        stop -= 1
    issuer = read_organ(text, stop)
    if issuer is None and (code := read_code(text, stop)) is not None and code.name not in ("指", "口", "命", "法", "密", "司", "律"):
        issuer = code
    if issuer is None and hit["word"] == "令" and (stop and text[stop - 1] in "指口命法密司律号夏时"):
        return []
    end = hit.end()
    if re.match(rf"\s?[{CLOSING}]", text[end:]) and re.search(rf"[{OPENING}]", hit[0]):
        end += 1
    start, name = (issuer.start, issuer.name) if issuer else (hit.start(), "")
    return [_ordered(text, name, hit["word"], year, hit["wnum"], start, end)]


def _read_year(text: str, hit: re.Match[str]) -> list[DocumentNumber]:
    year = _full_year(hit["yyear"])
    word = hit["yword"] or ""
    stop = hit.start()
    while stop and text[stop - 1] in " (（":
        stop -= 1
    published = re.search("(?:已|联合)?(?:发布|印发|公布)的?$", text[max(0, stop - 8) : stop])
    organ = read_organ(text, stop - len(published[0]) if published else stop)
    if organ:
        return [_ordered(text, organ.name, word, year, hit["ynum"], organ.start, hit.end())]
    code = read_code(text, hit.start() - (1 if text[hit.start() - 1 : hit.start()] == " " else 0))
    if word:
        start = code.start if code and code.sure else hit.start()
        return [_ordered(text, code.name if code and code.sure else "", word, year, hit["ynum"], start, hit.end())]
    if code and code.sure:
        return [_bracketed(text, code.name, year, hit["ynum"], code.start, hit.end())]
    if "年" in hit["gap"] and "第" in hit[0] and (not hit.start() or text[hit.start() - 1] in "（(《") and text[hit.end() : hit.end() + 1] in (")", "）", "》", ""):
        return [_ordered(text, "", "", year, hit["ynum"], hit.start(), hit.end())]
    return []


def _read_plain(text: str, hit: re.Match[str]) -> list[DocumentNumber]:
    word = hit["pword"] or ""
    stop = hit.start()
    if stop and text[stop - 1] == " ":
        stop -= 1
    organ = read_organ(text, stop)
    if word:
        code = None if organ else read_code(text, stop)
        issuer = organ or code
        return [_ordered(text, issuer.name if issuer else "", word, None, hit["plain"], issuer.start if issuer else hit.start(), hit.end())]
    if organ and organ.sure and hit["plain"].startswith("第"):
        return [_ordered(text, organ.name, "令", None, hit["plain"], organ.start, hit.end())]
    return []


def _read_standard(text: str, hit: re.Match[str]) -> list[DocumentNumber]:
    code = re.sub(r"\s|／", "", hit["standard"].replace("／", "/"))
    body = re.fullmatch(r"([A-Z]+\d*)(?:/?([TZ]))?", code)
    if body is None:
        return []
    name = body[1] + (f"/{body[2]}" if body[2] else "")
    year = _full_year(hit["syear"])
    return [_number(CitationKind.STANDARD, name, year, hit["snum"], f"{name} {hit['snum']}-{hit['syear']}", text, hit.start(), hit.end())]


def parse_number(text: str) -> DocumentNumber | None:
    """The first document number in `text`, alone or within a sentence; None where there is none.

    >>> parse_number("根据沪发改财金[2018] 018 号文").canonical
    '沪发改财金〔2018〕18号'
    """
    cleaned = clean(text)
    number = next(iter(find_numbers(cleaned.text)), None)
    if number is None:
        return None
    span = cleaned.span(number.span.start, number.span.end)
    return replace(number, span=span, raw=text[span.start : span.end])
