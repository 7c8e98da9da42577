"""Issuers as written before a number or a title: 机关代字 (`沪发改财金`) and organs (`国家税务总局`).

Says where in running text an issuer begins. Knows nothing of years, serials and titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.wordlists import load_wordlist, words_of

HAN = "\u4e00-\u9fff\u3400-\u4dbf\u3007"
_LONGEST_CODE = 12  # characters; longer runs are running text with a code at their end
_LONGEST_RUN = 40
_LONGEST_SIGNER = 5
_LONGEST_ORGANS = 160  # a dozen ministries sign together
_REPUBLIC = "中华人民共和国"
# a run of Chinese characters, read backwards; inner brackets as in 粤财（绩）
_CODE_BACK = re.compile(f"(?:[）)][{HAN}]{{1,4}}[（(])?[{HAN}]+(?:[）)][{HAN}]{{1,4}}[（(][{HAN}]{{1,8}})?")
_ORGAN_BACK = re.compile(f"[{HAN}、 ]+")


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of `words`."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


class Issuer(NamedTuple):
    """`name` begins at `start` of the text; `sure` where words of the lexicon prove it."""

    start: int
    name: str
    sure: bool


class _Cut(NamedTuple):
    """`name` is what stays of a run after `offset` characters."""

    offset: int
    name: str
    sure: bool


class _Words(NamedTuple):
    noise: frozenset[str]
    soft: frozenset[str]
    leads: re.Pattern[str]
    starts: re.Pattern[str]
    regions: frozenset[str]
    sectors: frozenset[str]
    ordinary: frozenset[str]
    after_organ: re.Pattern[str]
    characters: frozenset[str]
    placeholders: frozenset[str]
    foreign: re.Pattern[str]
    colloquial: re.Pattern[str]


class _OrganWords(NamedTuple):
    noise: frozenset[str]
    leads: re.Pattern[str]
    places: tuple[str, ...]
    ends: tuple[str, ...]
    central: re.Pattern[str]
    boundary: re.Pattern[str]


@cache
def _words() -> _Words:
    regions, central = words_of("issuers", "codes", "regions"), words_of("issuers", "codes", "central")
    sectors = str(load_wordlist("issuers")["codes"]["sectors"])
    start = f"{one_of((*regions, *central))}|[省市区县州][{sectors}]"
    organs = one_of(words_of("issuers", "organs", "central"))
    full = one_of(words_of("issuers", "organs", "full"))
    return _Words(
        noise=frozenset(words_of("issuers", "noise", "words")),
        soft=frozenset(words_of("issuers", "noise", "soft")),
        leads=re.compile(f"(?:{one_of(words_of('issuers', 'noise', 'leads'))})+?(?=(?:{start})[{HAN}])"),
        starts=re.compile(start),
        regions=frozenset(regions),
        sectors=frozenset(sectors),
        ordinary=frozenset(words_of("issuers", "codes", "ordinary")),
        after_organ=re.compile(
            f"(?:.*(?:{full})|(?:{organs})(?:办公厅)?)(?=(?:{start}|[{HAN}][{sectors}])[{HAN}])"
            f"|.*[省市县区州盟旗][{HAN}]{{1,8}}[局委厅办部](?=(?:{start}|[{HAN}][{sectors}])[{HAN}])"
        ),
        characters=frozenset("".join(str(load_wordlist("issuers")["codes"]["characters"]).split())),
        placeholders=frozenset(words_of("issuers", "codes", "placeholders")),
        foreign=re.compile(one_of(words_of("issuers", "codes", "foreign"))),
        colloquial=re.compile(f"[省市区县]({one_of(words_of('issuers', 'codes', 'colloquial'))})$"),
    )


@cache
def _organ_words() -> _OrganWords:
    central = one_of(words_of("issuers", "organs", "central"))
    return _OrganWords(
        noise=frozenset(words_of("issuers", "noise", "organ_words")),
        leads=re.compile(f"(?:{one_of(words_of('issuers', 'noise', 'organ_leads'))})+"),
        places=words_of("issuers", "noise", "places"),
        ends=words_of("issuers", "organs", "suffixes"),
        central=re.compile(central),
        boundary=re.compile(
            f"(?<=[部委局署院厅办室会府行央])(?<!国务院)(?={central}|[省市区县州][{HAN}]{{2}}|[{HAN}]{{2,4}}[省市区县](?:人民政府|政府|委))"
            "|(?<=国务院)(?=国务院)"
        ),
    )


def _last_of(run: str, words: frozenset[str]) -> int:
    """Where the last of `words` (of one to four characters) in `run` ends; 0 where there is none."""
    for end in range(len(run), 0, -1):
        for size in (1, 2, 3, 4):
            if size <= end and run[end - size : end] in words:
                return end
    return 0


def is_foreign(code: str) -> bool:
    """Whether `code` numbers a judgment, a certificate or a title deed."""
    return _words().foreign.search(code) is not None


def read_code(text: str, end: int, known: frozenset[str] = frozenset()) -> Issuer | None:
    """The 机关代字 that ends at `end`, freed of the running text before it; None where there is none.

    known: codes met elsewhere; they settle where a code begins that runs into the words before it.
    """
    back = _CODE_BACK.match(text[max(0, end - _LONGEST_RUN) : end][::-1])
    if back is None:
        return None
    run = back[0][::-1]
    cut = _cut_code(run)
    if cut is None:
        return None
    if not cut.sure:
        for at in range(cut.offset + 1, len(run) - 1):
            if run[at:] in known:
                cut = _Cut(at, run[at:], True)
                break
    return Issuer(end - len(run) + cut.offset, cut.name, cut.sure)


def is_likely(name: str) -> bool:
    """Whether `name` begins as codes do, or ends as they do (…发, …函, …字)."""
    begins = _words().starts.match(name) is not None and not is_ordinary(name)
    return begins or name.endswith(words_of("issuers", "codes", "kinds"))


def is_ordinary(name: str) -> bool:
    """Whether `name` is a common word rather than a code, where no brackets set the year apart."""
    return name in _words().ordinary


def is_order_issuer(code: str) -> bool:
    """Whether `code` is a short name that signs orders (惠府令, 国令)."""
    return len(code) <= _LONGEST_SIGNER and code.endswith(words_of("issuers", "organs", "short"))


@cache
def not_orders() -> frozenset[str]:
    """Characters before 令 that make another word of it (口令, 命令)."""
    return frozenset(words_of("issuers", "organs", "not_orders"))


@lru_cache(maxsize=4096)
def _cut_code(run: str) -> _Cut | None:
    words = _words()
    size = len(run)
    run = run[_last_of(run, words.noise) :]
    if cut := words.after_organ.match(run):
        run = run[cut.end() :]
    if cut := words.leads.match(run):
        run = run[cut.end() :]
    if cut := words.colloquial.match(run):
        run = cut[1]
    soft = _last_of(run[:-2], words.soft)
    if soft and (words.starts.match(run, soft) or soft >= 6 or run[:soft] in words.soft):
        run = run[soft:]
    covered = all(char in words.characters or char in "（）()" for char in run)
    if not covered or len(run) > _LONGEST_CODE:
        run = _shorten(run)
    if not run or run in words.placeholders or words.foreign.search(run):
        return None
    sure = len(run) > 1 and covered and (words.starts.match(run) is not None or run[1] in words.sectors)
    return _Cut(size - len(run), run, sure)


def _shorten(run: str) -> str:
    """The code at the end of a run that holds other words too; the run itself where it is short and none is seen."""
    words = _words()
    size = len(run)
    for at in range(size - 2, 0, -1):
        if (
            run[at - 1] in "和及与"
            and size - at <= _LONGEST_CODE
            and all(char in words.characters for char in run[at:])
        ):
            return run[at:]
    if size <= 6 or (run[0] in words.regions and size <= _LONGEST_CODE):
        return run
    for at in range(max(1, size - _LONGEST_CODE), size - 1):
        if words.starts.match(run, at) and all(char in words.characters for char in run[at:]):
            return run[at:]
    return run if size <= _LONGEST_CODE else ""


def is_organ_end(text: str, end: int) -> bool:
    """Whether the name of an organ may end at `end`."""
    return text.endswith(_organ_words().ends, 0, end)


def read_organ(text: str, end: int) -> Issuer | None:
    """The organ, or organs joined by 、 or space, that end at `end`; None where no name of an organ ends there.

    The name is without 中华人民共和国, several organs are parted by a space.
    """
    run = _ORGAN_BACK.match(text[max(0, end - _LONGEST_ORGANS) : end][::-1])
    if run is None or not run[0][::-1].endswith(_organ_words().ends):
        return None
    cut = _cut_organ(run[0][::-1])
    return None if cut is None else Issuer(end - len(run[0]) + cut.offset, cut.name, cut.sure)


@lru_cache(maxsize=4096)
def _cut_organ(run: str) -> _Cut | None:
    words = _organ_words()
    names: list[str] = []
    at = offset = len(run)
    for part in reversed(re.split("[、 ]", run)):
        at -= len(part)
        cut = _last_of(part, words.noise)
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
    return _Cut(offset, " ".join(parted), words.central.fullmatch(parted[-1]) is not None)
