"""Citations of policy documents in running text: numbers and titles found, then paired.

Reads cleaned text and returns spans of the text it was given. Whether two citations are one document is not said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from ingest.breaks import Breaks
from ingest.cleaning import Cleaned, clean
from ingest.hits import NumberHit
from ingest.model import Citation, CitationKind
from ingest.numbers import find_numbers, to_number
from ingest.organs import HAN, is_organ_end, one_of, read_organ
from ingest.pairing import Pair, pair
from ingest.products import is_product
from ingest.titles import Title, find_titles, is_policy
from ingest.unmarked import find_plain
from ingest.windows import find_windows
from ingest.wordlists import words_of

_SHORT_LINE = 40
_PAGE_NUMBER = re.compile(f"(?<=[{HAN}])(?<![第年])\\d{{1,3}}(?=(?:法|条例|办法|规定|细则|意见|通知|方案)$)")
_ISSUED = re.compile("(?:印发|发布|出台|颁布|制定|公布|下发|转发)?(?:的|了)?$")
_ANNOUNCED = re.compile("(公告|通告)$")
_LISTED = re.compile("(?:目录|名录|名单|清单)$")


def find_citations(text: str) -> tuple[Citation, ...]:
    """Every mention of a document in `text`, in order; spans are into `text` as given.

    Newspapers, reports, maps and certificates in book marks are kept with `mention_only`.

    >>> [c.number.canonical for c in find_citations("按照沪发改财金[2018]18号文") if c.number]
    ['沪发改财金〔2018〕18号']
    """
    return tuple(citation for low, high in find_windows(text) for citation in _read(text, low, high))


def _line_start(text: str, at: int) -> int:
    """Where the line begins that holds `at`, looked for no farther than a line that counts as short."""
    low = max(0, at - _SHORT_LINE)
    return max(low, *(text.rfind(char, low, at) + 1 for char in "\n\f"))


def _read(text: str, low: int, high: int) -> Iterator[Citation]:
    source = text[low:high].lstrip()
    low, source = high - len(source), source.rstrip()
    cleaned = clean(source, offset=low)
    breaks = Breaks(cleaned, source, offset=low, begun=low - _line_start(text, low))
    titles = find_titles(cleaned.text, breaks)
    pairs = pair(cleaned.text, titles, find_numbers(cleaned.text, breaks), breaks)
    taken = sorted((part.start, part.end) for one in pairs for part in one if part is not None)
    pairs += [Pair(title, None) for title in find_plain(cleaned.text, breaks, taken)]
    pairs.sort(key=lambda one: one.start)
    for one in pairs:
        yield _cite(one, cleaned, text, breaks)


def citation_to_json(citation: Citation) -> dict[str, object]:
    """One entry of the line that `jixiao cite` prints; `start` and `end` are offsets into the text given."""
    number = citation.number
    return {
        "title": citation.title,
        "number": number.canonical if number else None,
        "issuer_code": number.issuer_code if number else None,
        "year": number.year if number else None,
        "serial": number.serial if number else None,
        "start": citation.span.start,
        "end": citation.span.end,
    }


def _cite(one: Pair, cleaned: Cleaned, source: str, breaks: Breaks) -> Citation:
    title, hit = one
    text = cleaned.text
    name = issuer = title_span = edition = None
    if title is not None:
        name = _PAGE_NUMBER.sub("", _printed(text, title, breaks))
        issuer = _issuer(text, title)
        title_span = cleaned.span(title.text_start, title.text_end)
        edition = _edition().match(text, title.end)
        if hit is not None and name:
            hit = _complete(hit, name, issuer)
    start = one.start
    end = max(edition.end() if edition else 0, *(part.end for part in one if part is not None))
    number = to_number(hit, cleaned, source) if hit is not None else None
    return Citation(
        kind=number.kind if number else CitationKind.TITLE,
        span=cleaned.span(start, end),
        title=name,
        raw_title=source[title_span.start : title_span.end] if title_span else None,
        title_span=title_span,
        number=number,
        issuer=issuer,
        mention_only=title is not None and number is None and _only_named(text, title, breaks),
        edition=edition[1] if edition else None,
        edition_span=cleaned.span(edition.start(1), edition.end(1)) if edition else None,
        rule=title.rule if title else "number",
    )


def _only_named(text: str, title: Title, breaks: Breaks) -> bool:
    """Whether the title cites nothing: cut short, no policy, or what the project itself is to make."""
    if title.rule in ("plain", "law", "wrapper"):
        return False
    return title.rule == "cut" or not is_policy(text, title) or is_product(text, title, breaks)


@cache
def _edition() -> re.Pattern[str]:
    """The version in brackets behind a title, its first group."""
    return re.compile(rf"\s?[（(]((?:19|20)\d\d年?(?:{one_of(words_of('titles', 'editions', 'words'))}))[）)]")


def _printed(text: str, title: Title, breaks: Breaks) -> str:
    """The title as a reader copies it: spaces stay where they part the organs that sign it, and nowhere else."""
    start, end = title.text_start, title.text_end
    about = text.find("关于", start, end)
    if about < 0 or not breaks.gaps(start, about):
        return text[start:end].strip(" *\"'")
    gaps = [at for at in range(start + 2, about) if breaks.gap(at) and is_organ_end(text, at)]
    edges = [start, *gaps, end]
    return " ".join(text[low:high].strip(" *\"'") for low, high in pairwise(edges))


def _issuer(text: str, title: Title) -> str | None:
    """The organ at the head of the title, or the one before its marks."""
    about = text.find("关于", title.text_start, title.text_end)
    if about > title.text_start and (organ := read_organ(text, about)) and organ.start == title.text_start:
        return organ.name
    verb = _ISSUED.search(text, max(0, title.start - 4), title.start)
    organ = read_organ(text, verb.start() if verb else title.start)
    return organ.name if organ else None


def _complete(hit: NumberHit, title: str, issuer: str | None) -> NumberHit:
    """An announcement or order printed without its organ or its word, completed from the title it stands by."""
    if hit.kind not in (CitationKind.ANNOUNCEMENT, CitationKind.ORDER) or "〔" in hit.canonical:
        return hit
    code = hit.issuer_code
    rest = hit.canonical.removeprefix(code)
    if code in ("", "公告", "通告", "令"):
        code = (issuer or "") + code
    if not code.endswith(("公告", "通告", "令")) and code:
        word = _ANNOUNCED.search(title)
        code += word[1] if word else "公告" if _LISTED.search(title) else ""
    return hit._replace(issuer_code=code, canonical=code + rest)


def drop_repeats(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Each document at its first mention: later ones that name the same number, or the same title alone, are left out.

    A bare number goes where the same number stands with its title, before or after.
    """
    found = tuple(citations)
    titled = {c.number.canonical for c in found if c.number and c.title}
    seen: set[tuple[str | None, str | None]] = set()
    kept = []
    for citation in found:
        number = citation.number.canonical if citation.number else None
        key = (citation.title, number)
        if key not in seen and not (citation.title is None and number in titled):
            kept.append(citation)
        seen.add(key)
    return tuple(kept)
