"""Organs as written before 令, 公告, a title or its marks: `国家税务总局`, `财政部、税务总局`.

Says where in running text the name of an organ begins. Knows nothing of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.wordlists import words_of

HAN = "\u4e00-\u9fff\u3400-\u4dbf\u3007"
_LONGEST = 160  # characters; a dozen ministries sign together
_REPUBLIC = "中华人民共和国"
_BACK = re.compile(f"[{HAN}、 ]+")  # a run of names, read backwards
_TOGETHER = re.compile(
    r"等\s?(?:[一二三四五六七八九十两]{1,3}|\d{1,2})\s?个?(?:部门|部委|委办局|单位|机关|部委局|厅局)$"
)


class Issuer(NamedTuple):
    """`name` begins at `start` of the text; `sure` where words of the lexicon prove it."""

    start: int
    name: str
    sure: bool


class Cut(NamedTuple):
    """`name` is what stays of a run after `offset` characters; `sure` as in `Issuer`."""

    offset: int
    name: str
    sure: bool


class _Words(NamedTuple):
    noise: frozenset[str]
    leads: re.Pattern[str]
    places: tuple[str, ...]
    ends: tuple[str, ...]
    central: re.Pattern[str]
    boundary: re.Pattern[str]


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of `words`."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def last_of(run: str, words: frozenset[str]) -> int:
    """Where the last of `words` (of one to four characters) in `run` ends; 0 where there is none."""
    for end in range(len(run), 0, -1):
        for size in (1, 2, 3, 4):
            if size <= end and run[end - size : end] in words:
                return end
    return 0


@cache
def _words() -> _Words:
    central = one_of(words_of("issuers", "organs", "central"))
    return _Words(
        noise=frozenset(words_of("issuers", "organs", "noise")),
        leads=re.compile(f"(?:{one_of(words_of('issuers', 'organs', 'leads'))})+"),
        places=words_of("issuers", "organs", "places"),
        ends=words_of("issuers", "organs", "suffixes"),
        central=re.compile(central),
        boundary=re.compile(
            f"(?<=[部委局署院厅办室会府行央])(?<!国务院)"
            f"(?={central}|[省市区县州][{HAN}]{{2}}|[{HAN}]{{2,4}}[省市区县](?:人民政府|政府|委))"
            "|(?<=国务院)(?=国务院)"
        ),
    )


def is_organ_end(text: str, end: int) -> bool:
    """Whether the name of an organ may end at `end`."""
    return text.endswith(_words().ends, 0, end) or _together(text, end) is not None


def _together(text: str, end: int) -> re.Match[str] | None:
    """等六部门 before `end`."""
    return (
        _TOGETHER.search(text, max(0, end - 10), end) if text.endswith(("部门", "单位", "委", "局"), 0, end) else None
    )


def read_organ(text: str, end: int) -> Issuer | None:
    """The organ, or organs joined by 、 or space, that end at `end`; None where no name of an organ ends there.

    The name is without 中华人民共和国, several organs are parted by a space.

    >>> read_organ("依据财政部、税务总局", 10).name
    '财政部 税务总局'
    """
    low = max(0, end - _LONGEST)
    together = _together(text, end)
    stop = together.start() if together else end
    if not text.endswith(_words().ends, low, stop):
        return None
    back = _BACK.match(text[low:stop][::-1])
    size = back.end() if back else 0
    cut = _cut(text[stop - size : stop])
    if cut is None:
        return None
    return Issuer(stop - size + cut.offset, cut.name + (together[0] if together else ""), cut.sure)


@lru_cache(maxsize=4096)
def _cut(run: str) -> Cut | None:
    words = _words()
    names: list[str] = []
    at = offset = len(run)
    for part in reversed(re.split("[、 ]", run)):
        at -= len(part)
        cut = last_of(part, words.noise)
        name = part[cut:]
        if (lead := words.leads.match(name)) and not name.startswith(words.places):
            rest = name[lead.end() :]
            if rest.endswith(words.ends) and len(rest) > 1:
                cut, name = cut + lead.end(), rest
        if len(name) < 2 or not name.endswith(words.ends):
            break
        names.append(name.replace(_REPUBLIC, "") or name)
        offset = at + cut
        if cut:
            break
        at -= 1
    if not names:
        return None
    parted = [split for name in reversed(names) for split in words.boundary.split(name)]
    return Cut(offset, " ".join(parted), words.central.fullmatch(parted[-1]) is not None)
