"""Issuers as written before a number or a title: 机关代字 (`沪发改财金`) and organs (`国家税务总局`).

Says where in running text an issuer begins. Knows nothing of years, serials and titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ingest.wordlists import words_of

HAN = "\u4e00-\u9fff\u3400-\u4dbf〇"
_NOT_HAN = re.compile(f"[^{HAN}]")
_NOT_ORGAN = re.compile(f"[^{HAN}、 ]")
_LONGEST_CODE = 12  # characters; longer runs are running text with a code at their end
_LOOK_BACK = 48
_REPUBLIC = "中华人民共和国"


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of `words`."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


class Issuer(NamedTuple):
    """`name` begins at `start` of the text; `sure` where words of the lexicon prove it."""

    start: int
    name: str
    sure: bool


class _Words(NamedTuple):
    noise: re.Pattern[str]
    organ_noise: re.Pattern[str]
    leads: frozenset[str]
    organ_leads: re.Pattern[str]
    start: re.Pattern[str]
    region: re.Pattern[str]
    after_organ: re.Pattern[str]
    organ_end: re.Pattern[str]
    central: re.Pattern[str]
    kind_end: re.Pattern[str]
    placeholders: frozenset[str]
    foreign: re.Pattern[str]
    colloquial: re.Pattern[str]


@cache
def _words() -> _Words:
    regions, starts = words_of("issuers", "codes", "regions"), words_of("issuers", "codes", "central")
    central, full = words_of("issuers", "organs", "central"), words_of("issuers", "organs", "full")
    start = one_of((*regions, *starts))
    return _Words(
        noise=re.compile(f".*(?:{one_of(words_of('issuers', 'noise', 'words'))})"),
        organ_noise=re.compile(f".*(?:{one_of(words_of('issuers', 'noise', 'organ_words'))})"),
        leads=frozenset(words_of("issuers", "noise", "leads")),
        organ_leads=re.compile(f"(?:{one_of(words_of('issuers', 'noise', 'organ_leads'))})+"),
        start=re.compile(start),
        region=re.compile(one_of(regions)),
        after_organ=re.compile(f"(?:.*(?:{one_of(full)})|.*[省市县区州盟旗].*[局委厅办部]|(?:{one_of(central)})(?:办公厅)?)(?=(?:{start})[{HAN}])"),
        organ_end=re.compile(f"(?:{one_of(words_of('issuers', 'organs', 'suffixes'))})$"),
        central=re.compile(one_of(central)),
        kind_end=re.compile(f"(?:{one_of(words_of('issuers', 'codes', 'kinds'))})$"),
        placeholders=frozenset(words_of("issuers", "codes", "placeholders")),
        foreign=re.compile(one_of(words_of("issuers", "codes", "foreign"))),
        colloquial=re.compile(f"[省市区县]({one_of(words_of('issuers', 'codes', 'colloquial'))})$"),
    )


def is_foreign(code: str) -> bool:
    """Whether `code` numbers a judgment, a certificate or a title deed."""
    return _words().foreign.search(code) is not None


def read_code(text: str, end: int) -> Issuer | None:
    """The 机关代字 that ends at `end`, freed of the running text before it; None where there is none."""
    words = _words()
    low = max(0, end - _LOOK_BACK)
    back = text[low:end][::-1]
    stop = _NOT_HAN.search(back)
    size = stop.start() if stop else len(back)
    if size == 0:
        return None
    start = end - size
    run = text[start:end]
    if cut := words.noise.match(run):
        start += cut.end()
        run = run[cut.end() :]
    if cut := words.after_organ.match(run):
        start += cut.end()
        run = run[cut.end() :]
    while len(run) > 2 and run[0] in words.leads and words.start.match(run, 1):
        start += 1
        run = run[1:]
    if cut := words.colloquial.match(run):
        start += cut.start(1)
        run = cut[1]
    if len(run) > _LONGEST_CODE:
        at = next((m.start() for m in words.region.finditer(run) if 2 <= len(run) - m.start() <= _LONGEST_CODE), None)
        if at is None:
            return None
        start, run = start + at, run[at:]
    if not run or run in words.placeholders or words.foreign.search(run):
        return None
    sure = bool(words.start.match(run) and len(run) > 1 and words.kind_end.search(run))
    return Issuer(start, run, sure)


def read_organ(text: str, end: int) -> Issuer | None:
    """The organ, or organs joined by 、 or space, that end at `end`; None where no name of an organ ends there.

    The name is without 中华人民共和国, several organs are parted by a space.
    """
    words = _words()
    low = max(0, end - 80)
    back = text[low:end][::-1]
    stop = _NOT_ORGAN.search(back)
    start = end - (stop.start() if stop else len(back))
    run = text[start:end]
    if not words.organ_end.search(run):
        return None
    parts: list[tuple[int, str]] = []
    at = end
    for part in reversed(re.split("[、 ]", run)):
        begin = at - len(part)
        name, offset = part, 0
        if cut := words.organ_noise.match(name):
            offset, name = cut.end(), name[cut.end() :]
        if name and (cut := words.organ_leads.match(name)) and words.organ_end.search(name[cut.end() :]):
            rest = name[cut.end() :]
            if words.central.match(rest) or len(rest) > 3:
                offset, name = offset + cut.end(), rest
        if not name or not words.organ_end.search(name) or len(name) > 30:
            break
        parts.append((begin + offset, name))
        at = begin - 1
        if offset:
            break
    if not parts:
        return None
    parts.reverse()
    names = [split for _, name in parts for split in _split_organs(name.replace(_REPUBLIC, ""))]
    return Issuer(parts[0][0], " ".join(names), words.central.search(names[-1]) is not None)


def _split_organs(name: str) -> list[str]:
    """`name` cut where several central organs are written without a gap."""
    central = _words().central
    names: list[str] = []
    at = 0
    while at < len(name):
        hit = central.match(name, at)
        if hit is None:
            return [name] if not names else [*names, name[at:]]
        names.append(hit[0])
        at = hit.end()
    return names or [name]
