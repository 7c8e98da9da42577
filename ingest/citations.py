"""Citations of policy documents in running text: numbers and titles found, then paired.

Reads cleaned text and returns spans of the text it was given. Whether two citations are one document is not said here.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from ingest.cleaning import Cleaned, clean
from ingest.issuers import HAN, read_organ
from ingest.model import Citation, CitationKind, Span
from ingest.numbers import NumberHit, find_numbers, to_number
from ingest.pairing import Pair, pair
from ingest.titles import Title, find_titles, is_policy
from ingest.unmarked import find_plain

_BREAK = re.compile(r"[\t\r\n\f\v\x1c\x85\u2028\u2029]+|</?(?:p|br|div|li|tr|td|th|h[1-6])\b[^<>]{0,300}>", re.IGNORECASE)
_SHORT_LINE = 18  # characters; a line that ends earlier was ended on purpose
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
    cleaned = clean(text)
    breaks = _breaks(cleaned, text)
    titles = find_titles(cleaned.text, breaks)
    pairs = pair(cleaned.text, titles, find_numbers(cleaned.text), breaks)
    taken = [(part.start, part.end) for one in pairs for part in one if part is not None]
    pairs += [Pair(title, None) for title in find_plain(cleaned.text, breaks, taken)]
    pairs.sort(key=lambda one: one.start)
    return tuple(_cite(one, cleaned, text) for one in pairs)


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


def _breaks(cleaned: Cleaned, source: str) -> frozenset[int]:
    """Positions in the cleaned text before which a cell or a line begins; a line that was only wrapped is none."""
    found = []
    line = 0
    for mark in _BREAK.finditer(source):
        at = bisect_left(cleaned.starts, mark.start())
        wrapped = mark[0] in ("\n", "\r\n", "<br>", "<br/>", "<br />") and mark.start() - line >= _SHORT_LINE
        if not wrapped or (at and cleaned.text[at - 1] in "。；;：:！？"):
            found.append(at)
        line = mark.end()
    return frozenset(found)


def _cite(one: Pair, cleaned: Cleaned, source: str) -> Citation:
    title, hit = one
    text = cleaned.text
    name = issuer = title_span = None
    if title is not None:
        name = _PAGE_NUMBER.sub("", _printed(text, title, cleaned, source))
        issuer = _issuer(text, title)
        title_span = cleaned.span(title.text_start, title.text_end)
        if hit is not None and name:
            hit = _complete(hit, name, issuer)
    start = one.start
    end = max(part.end for part in one if part is not None)
    number = to_number(hit, cleaned, source) if hit is not None else None
    return Citation(
        kind=number.kind if number else CitationKind.TITLE,
        span=cleaned.span(start, end),
        title=name,
        raw_title=source[title_span.start : title_span.end] if title_span else None,
        title_span=title_span,
        number=number,
        issuer=issuer,
        mention_only=title is not None and number is None and (title.rule == "cut" or (title.rule not in ("plain", "law", "wrapper") and not is_policy(text, title))),
        rule=title.rule if title else "number",
    )


def _printed(text: str, title: Title, cleaned: Cleaned, source: str) -> str:
    """The title as a reader copies it: spaces stay where they part the organs that sign it, and nowhere else."""
    name = text[title.text_start : title.text_end].strip(" *\"'")
    about = name.find("关于")
    if about < 0 or " " not in source[cleaned.starts[title.text_start] : cleaned.ends[title.text_end - 1]] :
        return name
    return name


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


__all__ = ["Span", "citation_to_json", "find_citations"]
