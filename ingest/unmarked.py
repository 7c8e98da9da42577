"""Titles written without book marks: beside a number, or an organ with 关于 and a noun (财政部关于…的通知).

Works on cleaned text; positions are of that text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import NamedTuple

from ingest.breaks import Breaks
from ingest.organs import HAN, is_organ_end, one_of, read_organ
from ingest.titles import Title, head_of, skip_leads
from ingest.wordlists import words_of

_LONGEST = 160
_SHORTEST = 6
_LONGEST_VERSION = 22  # characters of （第四批）, （2021年修订）
_HARD = "。；;！!？?：:|，,\"“”'‘’\t\n{}[]*#_"
_JOINING = "和及与、"
_ARTICLE = re.compile(r"法第[\d一二三四五六七八九十百]{1,6}条")
_SIGNED = re.compile(r"(?:规范|标准|规程|准则|办法|条例|细则)[（(]([^（）()\d，。；、]{3,20})[）)]")
_LONGEST_SIGNED = 50
_LEADING = re.compile(r"[\s_\-—:：]+")
_FILE_END = re.compile(r"\s?(?:\(\d\))?\.(?:pdf|docx?|wps|xlsx?|html?|txt|ofd)$", re.IGNORECASE)
_INNER_STOP = re.compile("[。；;，,：:《》]")
_HAN_ONLY = re.compile(f"[{HAN}]{{6,30}}")
_BELOW = re.compile(f"(?:[{HAN}]{{2,30}})?关于[^。；;：:，,《》]{{4,100}}")
_ENCLOSED = re.compile(rf"[（(]((?!以下|简称|详见|见|附|含)[{HAN}][^（）()。；，：]{{5,100}})[）)]")
# "财综〔2016〕4号", "title": "关于…的通知"
_QUOTED = re.compile(
    r"[\"'”]\s?[，,]\s?(?:[\"']\w{1,12}[\"']\s?[:：]\s?)?[\"'“]"
    rf"((?:[{HAN}]{{2,30}})?关于[^\"'”]{{4,100}})[\"'”]"
)
_BACK = re.compile(f"[{HAN}]{{1,24}}")
_LAW = re.compile(f"中华人民共和国[{HAN}]{{2,24}}?(?:法|条例)(?![院律规制治人定学庭典])")


class _Words(NamedTuple):
    nouns: tuple[str, ...]
    signers: tuple[str, ...]
    spoken: re.Pattern[str]
    unlike: tuple[str, ...]
    strong: re.Pattern[str]
    body: re.Pattern[str]


@cache
def _words() -> _Words:
    formal = one_of(words_of("titles", "unmarked", "formal"))
    followers = one_of(words_of("titles", "unmarked", "followers"))
    return _Words(
        nouns=words_of("titles", "unmarked", "nouns"),
        signers=words_of("titles", "unmarked", "signers") + words_of("issuers", "organs", "suffixes"),
        spoken=re.compile(one_of(words_of("titles", "unmarked", "spoken"))),
        unlike=words_of("titles", "unmarked", "unlike"),
        strong=re.compile(f"{one_of(words_of('titles', 'unmarked', 'strong_leads'))}|[0-9][.、．](?![0-9])"),
        body=re.compile(
            r"(?:[^。；;！？，,：:《》〈〉\"“”\n]|《[^《》]{2,120}》|〈[^〈〉]{2,120}〉|“[^“”]{1,20}”){3,140}?"
            rf"(?:{formal})(?={followers}|$)(?!的[^，。；、]{{0,10}}?(?:{formal}))"
        ),
    )


def _noun_before(text: str, end: int, low: int) -> int:
    """Where the noun ends that closes a title at `end`, a bracket behind it apart (…办法（试行）); 0 for none."""
    nouns = _words().nouns
    if text.endswith(nouns, low, end):
        return end
    if end > low and text[end - 1] in "）)":
        opening = max(text.rfind(char, max(low, end - _LONGEST_VERSION), end) for char in "（(")
        if opening > low and text.endswith(nouns, low, opening):
            return opening
    return 0


def read_left(text: str, end: int, low: int, breaks: Breaks) -> Title | None:
    """The title that ends at `end`, before a number; None where the text there does not read as one."""
    words = _words()
    low = max(low, end - _LONGEST)
    while end > low and text[end - 1] == " ":
        end -= 1
    noun = _noun_before(text, end, low)
    if not noun:
        return None
    start, depth = noun - 1, 0
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
        start = max(text.rfind(char, start, noun) for char in "）)") + 1
    about = text.find("关于", start, end)
    if about < 0 and start > floor and text[start - 1] in ",，" and text[noun - 3 : noun - 2] == "的":
        about = _over_comma(text, floor, start)
        start = about if about >= 0 else start
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


def _over_comma(text: str, low: int, comma: int) -> int:
    """Where 关于 stands in a title before its comma (关于加强管理，严肃纪律的通知); -1 where there is none."""
    head = text[low : comma - 1]
    cut = max(head.rfind(char) for char in "。；;！!？?：:》」』|") + 1
    about = head.find("关于", cut)
    if about < 0 or text.endswith(_words().nouns, low, comma - 1):
        return -1
    begins = about == cut or head[about - 1] in ",，" or is_organ_end(text, low + about)
    return low + about if begins else -1


def _head_of(text: str, about: int, end: int) -> int:
    """Where the title begins whose 关于 is at `about`, or at a later 关于 joined to it by 和."""
    start = head_of(text, about)
    later = about
    while (later := text.find("关于", later + 2, end)) >= 0:
        head = head_of(text, later)
        if head > about and text[head - 1] in _JOINING:
            start = head
    return start


def read_right(text: str, start: int, limit: int, breaks: Breaks) -> Title | None:
    """The title that fills the rest of the line after a number; None where it does not read as one."""
    apart = breaks.gap(start)
    if lead := _LEADING.match(text, start, limit):
        start = lead.end()
    end = min(limit, start + _LONGEST)
    if tail := _FILE_END.search(text, start, end):
        end = tail.start()
    if end - start < _SHORTEST or text[start] in _JOINING or _INNER_STOP.search(text, start, end):
        return None
    bare = apart and _HAN_ONLY.fullmatch(text, start, end) and not text.startswith(_words().unlike, start)
    return Title(start, end, start, end, "unmarked") if bare or _noun_before(text, end, start) else None


def read_below(text: str, start: int, breaks: Breaks) -> Title | None:
    """The title on the line after a number that has a line of its own, as at the head of a document."""
    hit = _BELOW.match(text, start, breaks.next(start))
    if hit is None:
        return None
    lines = [place for place in breaks.lines if start < place <= hit.end()] + [hit.end()]
    for end in lines:
        if _noun_before(text, end, start):
            return Title(start, end, start, end, "unmarked")
    return None


def read_enclosed(text: str, start: int) -> Title | None:
    """The title in round brackets at `start`, after a number: 财预〔2020〕10号（关于…的通知）."""
    hit = _ENCLOSED.match(text, start) or _QUOTED.match(text, start)
    if hit is None or not _noun_before(text, hit.end(1), hit.start(1)):
        return None
    begin, end = hit.span(1)
    return Title(begin, end, begin, end, "unmarked")


def find_plain(text: str, breaks: Breaks, taken: list[tuple[int, int]]) -> list[Title]:
    """Titles that stand alone, without number: 财政部关于…的通知, 中华人民共和国…法, …法第三条.

    taken: what other citations cover, in order.
    """
    found = _find_about(text, breaks) + _find_laws(text) + _find_signed(text)
    starts = [start for start, _ in taken]
    titles: list[Title] = []
    for title in sorted(found):
        at = bisect_right(starts, title.start)
        clear = (at == 0 or taken[at - 1][1] <= title.start) and (at == len(taken) or taken[at][0] >= title.end)
        if title.rule == "signed" and not (at and title.start - taken[at - 1][1] <= _LONGEST_SIGNED):
            continue
        if clear and not breaks.splits(title.start, title.end - 1) and not (titles and title.start < titles[-1].end):
            titles.append(title)
    return titles


def _find_about(text: str, breaks: Breaks) -> list[Title]:
    body = _words().body
    titles: list[Title] = []
    about = text.find("关于")
    while about >= 0:
        at = about + 2
        if is_organ_end(text, about) and read_organ(text, about):
            hit = next((hit for limit in breaks.limits(about) if (hit := body.match(text, at, limit))), None)
            if hit:
                start = head_of(text, about)
                titles.append(Title(start, hit.end(), start, hit.end(), "plain"))
                at = hit.end()
        about = text.find("关于", at)
    return titles


def _find_signed(text: str) -> list[Title]:
    """Titles that fill a sentence of a list and have their issuer in brackets behind: 软件管理规范(国家标准化组织)."""
    words = _words()
    titles: list[Title] = []
    for hit in _SIGNED.finditer(text):
        low = max(0, hit.start() - _LONGEST_SIGNED)
        if not hit[1].endswith(words.signers):
            continue
        start = max(text.rfind(char, low, hit.start()) for char in "。；;） )》\n") + 1
        end = hit.start(1) - 1
        if start > low and not words.spoken.search(text, start, end):
            start = skip_leads(text, start, end)
            titles.append(Title(start, end, start, end, "signed"))
    return titles


def _find_laws(text: str) -> list[Title]:
    spans = [law.span() for law in _LAW.finditer(text)]
    for article in _ARTICLE.finditer(text):
        end = article.start() + 1
        back = _BACK.match(text[max(0, end - 24) : end][::-1])
        spans.append((skip_leads(text, end - (back.end() if back else 0), end), end))
    return [Title(start, end, start, end, "law") for start, end in spans if end - start > 2]
