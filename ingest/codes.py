"""机关代字, the codes by which offices number their documents (`沪发改财金`), and where they begin in running text.

A code is known by its words (places, organs, sectors), by what cannot stand in one, and by codes met elsewhere.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.organs import HAN, Cut, Issuer, last_of, one_of
from ingest.wordlists import load_wordlist, words_of

_LONGEST = 12  # characters; longer runs are running text with a code at their end
_LONGEST_RUN = 40
_SHORT = 6  # characters that may be a code of words unknown to us
_SIGNER = 5
_HAN_BACK = re.compile(f"[{HAN}]*")
_INNER = re.compile(f"[{HAN}]{{1,30}}[（(]([{HAN}]{{1,3}})[）)]$")  # 粤财（绩）, 院（后）字


class _Words(NamedTuple):
    noise: frozenset[str]
    soft: re.Pattern[str]
    closing: tuple[str, ...]
    leads: re.Pattern[str]
    starts: re.Pattern[str]
    begins: re.Pattern[str]
    place: re.Pattern[str]
    regions: frozenset[str]
    sectors: frozenset[str]
    organ: re.Pattern[str]
    characters: frozenset[str]
    ordinary: frozenset[str]
    placeholders: frozenset[str]
    foreign: re.Pattern[str]
    versions: frozenset[str]
    colloquial: re.Pattern[str]


@cache
def _words() -> _Words:
    regions, central = words_of("issuers", "codes", "regions"), words_of("issuers", "codes", "central")
    sectors, characters = (_characters(name) for name in ("sectors", "characters"))
    sector = f"[{''.join(sorted(sectors))}]"
    colloquial = one_of(words_of("issuers", "codes", "colloquial"))
    start = f"{one_of((*regions, *central))}|[省市区县州]{sector}"
    begins = f"(?:{start})[{HAN}]|[{HAN}]{sector}|(?:{colloquial}|厅字)$"
    ends = f"(?=(?!办公)(?:(?:{start}|[{HAN}]{sector})[{HAN}]|[{HAN}][府政]$|(?:{colloquial}|厅字)$))"
    organs = one_of(words_of("issuers", "organs", "central") + words_of("issuers", "organs", "full"))
    leads, verbs = one_of(words_of("issuers", "noise", "leads")), one_of(words_of("issuers", "noise", "verbs"))
    return _Words(
        noise=frozenset(words_of("issuers", "noise", "words")),
        soft=re.compile(one_of(words_of("issuers", "noise", "soft"))),
        closing=words_of("issuers", "noise", "closing"),
        leads=re.compile(
            f"(?:{leads})*?(?:{verbs})+(?=[{HAN}]{{2}})|(?:{leads})+?(?=(?:{start})[{HAN}]|(?:{colloquial}|厅字)$)"
            f"|(?:{leads})(?!{sector})(?=[{HAN}]{sector})"
        ),
        starts=re.compile(start),
        begins=re.compile(begins),
        place=re.compile(f"(?<!^)(?:{one_of(words_of('issuers', 'codes', 'places'))})[{HAN}]{{2}}"),
        regions=frozenset(regions),
        sectors=sectors,
        organ=re.compile(
            f".*?(?:(?:{organs})(?:办公厅|办公室)?|[省市区县州]委"
            f"|[省市县区州盟旗](?:(?!政府|委员会)[{HAN}]){{1,8}}?(?:[局委厅部室]|办(?!公))){ends}"
        ),
        characters=characters,
        ordinary=frozenset(words_of("issuers", "codes", "ordinary")),
        placeholders=frozenset(words_of("issuers", "codes", "placeholders")),
        foreign=re.compile(one_of(words_of("issuers", "codes", "foreign"))),
        versions=frozenset(words_of("issuers", "noise", "versions")),
        colloquial=re.compile(f"(?:{colloquial})$"),
    )


def _characters(name: str) -> frozenset[str]:
    return frozenset("".join(str(load_wordlist("issuers")["codes"][name]).split()))


def read_code(text: str, end: int, known: frozenset[str] = frozenset(), *, low: int = 0) -> Issuer | None:
    """The 机关代字 that ends at `end`, freed of the running text before it; None where there is none.

    known: codes met elsewhere; they settle where a code begins that runs into the words before it.
    low: where the text begins to which the code may belong.

    >>> read_code("并按照市政府批转的沪发改财金", 14).name
    '沪发改财金'
    """
    low = max(low, end - _LONGEST_RUN)
    back = _HAN_BACK.match(text[low:end][::-1])
    start = end - (back.end() if back else 0)
    if start > low and text[start - 1] in "）)" and (inner := _INNER.search(text, low, start)):
        start = start if inner[1] in _words().versions else inner.start()
    if start == end:
        return None
    run = text[start:end]
    cut = _cut(run)
    if cut is None:
        return None
    if not cut.sure:
        for at in range(cut.offset + 1, len(run) - 1):
            if run[at:] in known:
                cut = Cut(at, run[at:], True)
                break
    return Issuer(end - len(run) + cut.offset, cut.name, cut.sure)


def is_likely(name: str) -> bool:
    """Whether `name` begins as codes do, or ends as they do (…发, …函, …字)."""
    begins = _words().starts.match(name) is not None and not is_ordinary(name)
    return begins or name.endswith(words_of("issuers", "codes", "kinds"))


def is_ordinary(name: str) -> bool:
    """Whether `name` is a common word rather than a code, where no brackets set the year apart."""
    return name in _words().ordinary


def is_foreign(code: str) -> bool:
    """Whether `code` numbers a judgment, a certificate or a title deed."""
    return _words().foreign.search(code) is not None


def is_signer(code: str) -> bool:
    """Whether `code` is a short name that signs orders (惠府令, 国令)."""
    return len(code) <= _SIGNER and code.endswith(words_of("issuers", "organs", "short"))


@lru_cache(maxsize=4096)
def _cut(run: str) -> Cut | None:
    words = _words()
    size = len(run)
    run = run[last_of(run, words.noise) :]
    while cut := words.organ.match(run):  # 省委办公厅省政府办公厅川委办
        run = run[cut.end() :]
    if cut := words.leads.match(run):
        run = run[cut.end() :]
    if (cut := words.place.search(run)) and (run[cut.start() - 1] in "局厅" or words.starts.match(run) is None):
        run = run[cut.start() :]
    if cut := words.colloquial.search(run):
        run = cut[0]
    for soft in words.soft.finditer(run, 0, max(0, len(run) - 2)):
        if words.begins.match(run, soft.end()) or not soft.start():
            run = run[soft.end() :]
            break
    if run[:1] in ("（", "("):  # the bracket belongs to the title before: …办法（第四批）沪府发
        run = run[re.match("[^）)]*[）)]?", run).end() :]  # type: ignore[union-attr]
    covered = _covered(run)
    if not covered or len(run) > _LONGEST:
        run = _shorten(run)
    if not run or run in words.placeholders or words.foreign.search(run):
        return None
    begins = words.starts.match(run) is not None
    if not begins and run.endswith(words.closing):
        return None
    sure = len(run) > 1 and covered and (begins or run[1] in words.sectors)
    return Cut(size - len(run), run, sure)


def _covered(run: str) -> bool:
    """Whether codes are made of nothing but such characters."""
    return all(char in _words().characters or char in "（）()" for char in run)


def _shorten(run: str) -> str:
    """The code at the end of a run that holds other words too; the run itself where it is short and none is seen."""
    words = _words()
    size = len(run)
    for at in range(size - 2, 0, -1):
        if run[at - 1] in "和及与" and size - at <= _LONGEST and _covered(run[at:]):
            return run[at:]
    if size <= _SHORT or (run[0] in words.regions and size <= _LONGEST):
        return run
    for at in range(max(1, size - _LONGEST), size - 1):
        if words.begins.match(run, at) and _covered(run[at:]):
            return run[at:]
    return run if size <= _LONGEST else ""
