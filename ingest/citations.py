"""Citations of policy documents in running text: numbers and titles found, then paired.

Reads cleaned text and returns spans of the text it was given. Whether two citations are one document is not said here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from ingest.cleaning import Cleaned, clean
from ingest.issuers import one_of, read_organ
from ingest.model import Citation, CitationKind, DocumentNumber, Span
from ingest.numbers import find_numbers
from ingest.titles import Title, find_marked, find_plain, is_policy, read_left, read_right, widen
from ingest.wordlists import words_of


class _Patterns(NamedTuple):
    gap: re.Pattern[str]
    inside: re.Pattern[str]
    before: re.Pattern[str]
    label_end: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    labels = one_of(words_of("citations", "pairing", "labels"))
    soft = r"[\s*_`\"'“”‘’]*"
    return _Patterns(
        gap=re.compile(rf"{soft}[,，]?{soft}(?:{labels})?{soft}[:：]?{soft}[（(\[【]?{soft}(?:(?:{labels})[:：]?)?{soft}"),
        inside=re.compile(rf"{soft}[（(][^（）()《》。]{{0,40}}?"),
        before=re.compile(rf"{soft}(?:[）)\]】]|文件|文)?{soft}[:：]?{soft}"),
        label_end=re.compile(rf"{soft}(?:[（(\[【]{soft})?(?:(?:{labels})[:：]?)?{soft}$"),
    )


def find_citations(text: str) -> tuple[Citation, ...]:
    """Every mention of a document in `text`, in order; spans are into `text` as given.

    Newspapers, reports, maps and certificates in book marks are kept with `mention_only`.

    >>> [c.number.canonical for c in find_citations("按照沪发改财金[2018]18号文") if c.number]
    ['沪发改财金〔2018〕18号']
    """
    cleaned = clean(text)
    drafts = _pair(cleaned, text)
    return tuple(_finish(draft, cleaned, text) for draft in drafts)


class _Draft(NamedTuple):
    title: Title | None
    number: DocumentNumber | None


def _breaks(cleaned: Cleaned, text: str) -> frozenset[int]:
    """Positions in the cleaned text before which a line, a cell or a paragraph begins."""
    starts, ends = cleaned.starts, cleaned.ends
    found = []
    for at in range(1, len(cleaned.text)):
        if starts[at] > ends[at - 1] and re.search("[\n\t\r\f]|</?(?:p|br|td|tr|li|div)", text[ends[at - 1] : starts[at]]):
            found.append(at)
    return frozenset(found)


def _pair(cleaned: Cleaned, source: str) -> list[_Draft]:
    text = cleaned.text
    patterns = _patterns()
    breaks = _breaks(cleaned, source)
    numbers = find_numbers(text)
    marked = find_marked(text)
    titles: list[Title] = []
    at = 0
    while at < len(marked):
        wide = widen(text, marked, at)
        if wide:
            titles.append(wide[0])
            at += max(1, wide[1])
        else:
            titles.append(marked[at])
            at += 1
    drafts: list[_Draft] = []
    free = list(numbers)
    open_titles: list[Title] = []
    for title in titles:
        inner = [n for n in free if title.text_start <= n.span.start < title.text_end]
        paired = False
        for number in inner:
            free.remove(number)
            detached = _detach(text, title, number)
            if detached is None:
                if title.rule in ("nested", "wrapper") or number.kind is not CitationKind.ORDER:
                    drafts.append(_Draft(None, number))
                continue
            if not paired:
                drafts.append(_Draft(detached if detached.text_end > detached.text_start else None, number))
                paired = True
            else:
                drafts.append(_Draft(None, number))
        if not paired:
            open_titles.append(title)
    still: list[Title] = []
    starts = [t.start for t in titles]
    for title in open_titles:
        number = next((n for n in free if n.span.start >= title.end), None)
        following = next((s for s in starts if s >= title.end), len(text) + 1)
        if number is not None and number.span.start < following and _follows(text, title.end, number, following):
            free.remove(number)
            drafts.append(_Draft(title, number))
        else:
            still.append(title)
    # number before the title
    for title in still:
        number = next((n for n in reversed(free) if n.span.end <= title.start), None)
        if number is not None and patterns.before.fullmatch(text, number.span.end, title.start):
            free.remove(number)
            drafts.append(_Draft(title, number))
        else:
            drafts.append(_Draft(title, None))
    taken = sorted([(t.start, t.end) for t in titles])
    for number in free:
        drafts.append(_with_unmarked(text, number, breaks, taken, drafts))
    taken = sorted([(d.title.start, d.title.end) for d in drafts if d.title])
    drafts.extend(_Draft(title, None) for title in find_plain(text, breaks, taken))
    drafts.sort(key=lambda d: min(x for x in (d.title.start if d.title else None, d.number.span.start if d.number else None) if x is not None))
    return drafts


def _detach(text: str, title: Title, number: DocumentNumber) -> Title | None:
    """`title` without the number that stands at its edge; None where the number is part of its wording."""
    head = text[title.text_start : number.span.start]
    tail = text[number.span.end : title.text_end]
    if not head.strip("（([ "):
        rest = re.match(r"[）)\]】\s:：]*(?:文件?|通知)?", tail)
        offset = rest.end() if rest else 0
        return title._replace(text_start=number.span.end + (offset if tail[offset:] else len(tail)))
    if not re.sub(r"文|[）)\]】\s]", "", tail):
        label = _patterns().label_end.search(head)
        return title._replace(text_end=title.text_start + (label.start() if label else len(head)))
    return None


def _follows(text: str, end: int, number: DocumentNumber, following: int) -> bool:
    patterns = _patterns()
    gap = patterns.gap.match(text, end)
    if gap is not None and gap.end() >= number.span.start and patterns.gap.fullmatch(text, end, number.span.start):
        comma = re.match(r"[\s*]*[,，]", text[end:number.span.start])
        if comma and following < len(text) and re.match(r"[）)\s]*(?:文件?)?[《]", text[number.span.end : number.span.end + 8]):
            return False
        return True
    return patterns.inside.fullmatch(text, end, number.span.start) is not None


def _with_unmarked(text: str, number: DocumentNumber, breaks: frozenset[int], taken: list[tuple[int, int]], drafts: list[_Draft]) -> _Draft:
    low = max([end for _, end in taken if end <= number.span.start] + [0])
    low = max([low] + [d.number.span.end for d in drafts if d.number and d.number.span.end <= number.span.start])
    label = _patterns().label_end.search(text[low : number.span.start])
    end = low + label.start() if label else number.span.start
    title = read_left(text, end, low, breaks)
    if title is not None:
        return _Draft(title, number)
    after = number.span.end
    if after in breaks or after >= len(text):
        return _Draft(None, number)
    begins = number.span.start == 0 or number.span.start in breaks
    if begins and after not in breaks:
        limit = min([b for b in breaks if b > after] + [len(text)])
        return _Draft(read_right(text, after, limit), number)
    return _Draft(None, number)


def _finish(draft: _Draft, cleaned: Cleaned, source: str) -> Citation:
    title, number = draft
    text = cleaned.text
    spans = []
    raw_title = printed = None
    title_span = None
    issuer = None
    if title is not None:
        printed = _printed(text[title.text_start : title.text_end])
        title_span = cleaned.span(title.text_start, title.text_end)
        raw_title = source[title_span.start : title_span.end]
        spans.append(cleaned.span(title.start, title.end))
        issuer = _issuer(text, title)
    if number is not None:
        if number.kind in (CitationKind.ANNOUNCEMENT, CitationKind.ORDER) and number.issuer_code in ("", "公告", "令"):
            number = _with_issuer(number, printed or "", issuer)
        span = cleaned.span(number.span.start, number.span.end)
        number = replace(number, span=span, raw=source[span.start : span.end])
        spans.append(span)
    return Citation(
        kind=number.kind if number else CitationKind.TITLE,
        span=Span(start=min(s.start for s in spans), end=max(s.end for s in spans)),
        title=printed,
        raw_title=raw_title,
        title_span=title_span,
        number=number,
        issuer=issuer,
        mention_only=number is None and title is not None and (title.rule == "cut" or not is_policy(printed or "")),
        rule=title.rule if title else "number",
    )


def _printed(title: str) -> str:
    """The title as a reader copies it: without a page number that fell between two characters before its last word."""
    title = title.strip(" *\"'")
    return re.sub(r"(?<=[\u4e00-\u9fff])(?<!第)\d{1,3}(?=(?:法|条例|办法|规定|细则|意见|通知)$)", "", title)


def _issuer(text: str, title: Title) -> str | None:
    about = text.find("关于", title.text_start, title.text_end)
    if about > title.text_start:
        organ = read_organ(text, about)
        if organ and organ.start == title.text_start:
            return organ.name
    verb = re.search("(?:印发|发布|出台|颁布|制定|公布|下发|转发)?(?:的|了)?$", text[max(0, title.start - 4) : title.start])
    organ = read_organ(text, title.start - (len(verb[0]) if verb else 0))
    return organ.name if organ else None


def _with_issuer(number: DocumentNumber, title: str, issuer: str | None) -> DocumentNumber:
    """An announcement or order without organ, given the organ of its title."""
    if issuer is None:
        return number
    word = number.issuer_code or ("公告" if re.search("(?:公告|目录|名录|名单)$", title) else "")
    code = issuer + word
    rest = number.canonical.removeprefix(number.issuer_code)
    return replace(number, issuer_code=code, canonical=code + rest)


def citation_to_json(citation: Citation) -> dict[str, object]:
    """One entry of the line that `jixiao cite` prints; `start`, `end` are offsets into the text given."""
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
