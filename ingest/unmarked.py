"""Titles written without book marks: beside a number, or an organ with 关于 and a noun (财政部关于…的通知).

Works on cleaned text; positions are of that text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ingest.breaks import Breaks
from ingest.issuers import HAN, one_of, read_organ
from ingest.titles import Title, skip_leads
from ingest.wordlists import words_of

_LONGEST = 160
_SHORTEST = 6
_HARD = "。；;！!？?：:|，,\"“”'‘’\t\n{}[]*#_"
_JOINING = "和及与、"
_ARTICLE = re.compile(f"([{HAN}]{{2,24}}法)第[\\d一二三四五六七八九十百]{{1,6}}条")
_LAW = re.compile(f"中华人民共和国[{HAN}]{{2,24}}?(?:法|条例)(?![院律规制治人定学庭典])")


class _Words(NamedTuple):
    noun: re.Pattern[str]
    strong: re.Pattern[str]
    body: re.Pattern[str]


@cache
def _words() -> _Words:
    nouns = one_of(words_of("titles", "unmarked", "nouns"))
    followers = one_of(words_of("titles", "unmarked", "followers"))
    return _Words(
        noun=re.compile(rf"(?:{nouns})(?:\s?[（(][^（）()]{{1,20}}[）)])?$"),
        strong=re.compile(f"{one_of(words_of('titles', 'unmarked', 'strong_leads'))}|[0-9][.、．](?![0-9])"),
        body=re.compile(
            rf"(?:[^。；;！？，,：:《》〈〉\"“”\n]|《[^《》]{{2,120}}》|〈[^〈〉]{{2,120}}〉|“[^“”]{{1,20}}”){{3,140}}?(?:{nouns})(?={followers}|$)"
        ),
    )


def read_left(text: str, end: int, low: int, breaks: Breaks) -> Title | None:
    """The title that ends at `end`, before a number; None where the text there does not read as one."""
    words = _words()
    low = max(low, end - _LONGEST)
    noun = words.noun.search(text, low, end)
    if noun is None:
        return None
    start, depth = noun.start(), 0
    floor = max(low, breaks.last(start))
    while start > floor:
        char = text[start - 1]
        if char in "）)":
            depth += 1
        elif char in "（(":
            if depth == 0:
                break
            depth -= 1
        elif char in "》〉":
            opening = text.rfind("《" if char == "》" else "〈", floor, start)
            if opening < 0:
                break
            start = opening
            continue
        elif depth == 0 and (char in _HARD or (char == "." and not text[start].isdecimal())):
            break
        start -= 1
    if depth:  # the bracket opened before this title: 2)、…
        start = max(text.rfind(char, start, noun.start()) for char in "）)") + 1
    about = text.find("关于", start, end)
    if about >= 0:
        start = max(start, _head_of(text, about, end))
    else:
        for lead in words.strong.finditer(text, start, end):
            if end - lead.end() >= _SHORTEST:
                start = lead.end()
        start = skip_leads(text, start, end)
    if end - start < (_SHORTEST if about >= 0 else _SHORTEST + 2):
        return None
    return Title(start, end, start, end, "unmarked")


def _head_of(text: str, about: int, end: int) -> int:
    """Where the title begins whose 关于 is at `about`, or at a later 关于 joined to it by 和."""
    organ = read_organ(text, about)
    start = organ.start if organ else about
    later = about
    while (later := text.find("关于", later + 2, end)) >= 0:
        organ = read_organ(text, later)
        head = organ.start if organ else later
        if head > about and text[head - 1] in _JOINING:
            start = head
    return start


def read_right(text: str, start: int, limit: int, breaks: Breaks) -> Title | None:
    """The title that fills the rest of the line after a number; None where it does not read as one."""
    words = _words()
    apart = breaks.gap(start)
    if lead := re.compile(r"[\s_\-—:：]+").match(text, start, limit):
        start = lead.end()
    end = min(limit, start + _LONGEST)
    if tail := re.compile(r"\s?(?:\(\d\))?\.(?:pdf|docx?|wps|xlsx?|html?|txt|ofd)$", re.IGNORECASE).search(text, start, end):
        end = tail.start()
    body = text[start:end]
    if len(body) < _SHORTEST or body[0] in "、和及与" or re.search("[。；;，,：:《》]", body):
        return None
    if words.noun.search(body) or (apart and re.fullmatch(f"[{HAN}]{{6,30}}", body) and not body.startswith(("文", "的", "和", "及", "等", "规定", "要求"))):
        return Title(start, end, start, end, "unmarked")
    return None


def read_below(text: str, start: int, breaks: Breaks) -> Title | None:
    """The title on the line after a number that has a line of its own, as at the head of a document."""
    hit = re.compile(f"(?:[{HAN}]{{2,30}})?关于[^。；;：:，,《》]{{4,100}}").match(text, start, breaks.next(start))
    if hit is None:
        return None
    lines = [place for place in breaks.lines if start < place <= hit.end()] + [hit.end()]
    for end in lines:
        if _words().noun.search(text, start, end):
            return Title(start, end, start, end, "unmarked")
    return None


def read_enclosed(text: str, start: int) -> Title | None:
    """The title in round brackets at `start`, after a number: 财预〔2020〕10号（关于…的通知）."""
    hit = re.compile(
        rf"[（(](关于[^（）()。；]{{4,100}})[）)]|[\"'”]\s?[，,]\s?(?:[\"']\w{{1,12}}[\"']\s?[:：]\s?)?[\"'“]((?:[{HAN}]{{2,30}})?关于[^\"'”]{{4,100}})[\"'”]"
    ).match(text, start)
    if hit is None or _words().noun.search(hit[hit.lastindex or 0]) is None:
        return None
    begin, end = hit.span(hit.lastindex or 0)
    return Title(begin, end, begin, end, "unmarked")


def find_plain(text: str, breaks: Breaks, taken: list[tuple[int, int]]) -> list[Title]:
    """Titles that stand alone, without number: 财政部关于…的通知, 中华人民共和国…法, …法第三条."""
    words = _words()
    titles: list[Title] = []

    def free(start: int, end: int) -> bool:
        return not any(start < high and low < end for low, high in taken) and not breaks.splits(start, end - 1)

    at = 0
    while (about := text.find("关于", at)) >= 0:
        at = about + 2
        organ = read_organ(text, about)
        if organ is None:
            continue
        body = words.body.match(text, at)
        if body is None or not free(organ.start, body.end()):
            continue
        titles.append(Title(organ.start, body.end(), organ.start, body.end(), "plain"))
        at = body.end()
    for pattern in (_LAW, _ARTICLE):
        for law in pattern.finditer(text):
            start, end = law.start(), law.end(1) if pattern is _ARTICLE else law.end()
            start = skip_leads(text, start, end)
            spread = [(t.start, t.end) for t in titles]
            if end - start > 2 and free(start, end) and not any(start < high and low < end for low, high in spread):
                titles.append(Title(start, end, start, end, "law"))
    return sorted(titles)
