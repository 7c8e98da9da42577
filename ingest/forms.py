"""Forms in a document: where each begins and ends, and which family it belongs to.

A form begins with its head (title, year, project name, in whatever part of it the source has kept) and ends before the
next one. A document without a form gives none. Reads no values but the year and the name that tell forms apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ingest.cleaning import clean
from ingest.grid import find_rows, make_cell
from ingest.labels import find_labels, fold, wordings
from ingest.lines import is_aligned, is_plain, is_stacked, split_columns, unroll, unstack
from ingest.listings import Listing, find_listings
from ingest.model import Cell, Document, FormKind, ReadingWarning, Row, Span, WarningCode
from ingest.wordlists import table_of, words_of

_YEAR_HEAD = re.compile(r"\(?((?:19|20)\d{2})\)?年?度?\)?")
_YEAR_WITHIN = re.compile(r"(?<!\d)((?:19|20)\d{2})\)?年")
_AFTER_TITLE = re.compile(
    r"(?:\([^()]{1,30}\)|\d{4}年度?|(?:申报单位|填报单位|单位|金额单位|项目单位).{0,60}|[-—–:]+)*"
)
_NUMBERING = re.compile(r"(?:附[件表]?|表)?[\d一二三四五六七八九十]{0,3}[-—、.:]?\d{0,2}[、.:]?")
_NO_TITLE = re.compile(r"[，。；！？]|详见|见附|参见|根据|按照|提交|填写|报送|完成|《|》")
_PAGE_MARK = re.compile(r"-?第?\d{1,4}页?(?:[,，/-]?共?\d{0,4}页?)?-?|第\d{1,4}页共\d{1,4}页|[-—–]+\d{1,4}[-—–]+")
_CHAPTER = re.compile(
    r"第[一二三四五六七八九十]{1,3}(?:部分|章|节)|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|附件?[表\d一二三四五六七八九十:]"
)
_MONEY_NOTE = re.compile(r"(?:金额|货币|计量)?单位:.{0,12}|第\d+页.*")
_DIGITS = str.maketrans("〇零一二三四五六七八九０１２３４５６７８９", "001234567890123456789")
_NEAR_LIST = 8  # rows above a list of projects that may say what it is
_NO_NAME = re.compile(r"[，。；]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form: its rows, columns cut, from title to last row.

    year: as its head prints it, None where it prints none. name: as far as the head row shows it (for telling repeated
    heads from new forms), "" where its label is lost. plain: its columns were set apart by white space only;
    aligned: and they stand below one another.
    """

    kind: FormKind
    rows: tuple[Row, ...]
    span: Span
    year: int | None = None
    year_span: Span | None = None
    name: str = ""
    plain: bool = False
    aligned: bool = False


@dataclass(slots=True)
class _Draft:
    """A form while its end is not yet known; `start` is a row number."""

    start: int
    title: FormKind | None = None
    year: int | None = None
    year_span: Span | None = None
    name: str | None = None
    opened: bool = True  # still in the head
    aside: bool = False  # under a title that is about no project


def find_forms(doc: Document) -> tuple[Form, ...]:
    """The forms of `doc` in order; () when it has none."""
    rows = [
        part
        for row in unroll(doc.text, find_rows(doc))
        if not _is_page_mark(row)
        for part in (_paragraphs(doc, row) if _title_of(row) else (row,))
    ]
    listings = find_listings(rows, lambda row: _title_of(row) is not None or _name_of(doc, row) is not None)
    listed = [form for listing in listings for form in _listed_forms(rows, listing)]
    taken = {number for listing in listings for number in range(listing.first, listing.last)}
    rows = [row for number, row in enumerate(rows) if number not in taken]
    drafts = _find_heads(doc, rows)
    for draft in drafts:
        before, head = rows[max(draft.start - 1, 0)].span.start, rows[draft.start].span.start
        listed_between = any(before < form.span.start < head for form in listed)
        if draft.start and not listed_between and _is_money_note(rows[draft.start - 1]):
            draft.start -= 1
    forms = []
    ends = [draft.start for draft in drafts[1:]] + [len(rows)] * bool(drafts)
    for draft, end in zip(drafts, ends, strict=True):
        if not draft.aside and (form := _finish(doc, draft, rows[draft.start : end])):
            forms.append(form)
    return tuple(sorted((*_join_repeated(forms), *listed), key=lambda form: form.span.start))


def _listed_forms(rows: Sequence[Row], listing: Listing) -> Iterator[Form]:
    """A form for each project of a list, under the title, the year and the unit of money that stand above the list."""
    above = rows[max(0, listing.first - _NEAR_LIST) : listing.first]
    if any(_title_of(row) == _ASIDE and "整体" in row.cells[0].text for row in above):
        return
    title = next((kind for row in reversed(above) if (kind := _title_of(row)) not in (None, _ASIDE)), None)
    year = next((found for row in reversed(above) if (found := _year_of(row))), None)
    notes = tuple(row for row in above if _is_money_note(row))
    for project in listing.projects:
        kind = FormKind(title) if title else _kind_by_signs(project)
        if kind not in (None, FormKind.NARRATIVE):
            spans = [cell.span for row in project for cell in row.cells if cell.text]
            body = Span(start=project[0].span.start, end=max(span.end for span in spans))
            yield Form(
                kind=kind, rows=(*notes[-1:], *project), span=body, year=year and year[0], year_span=year and year[1]
            )


def find_bare_titles(doc: Document) -> tuple[ReadingWarning, ...]:
    """A doubt for every title of a form; for documents in which no form was found under any of them."""
    return tuple(
        ReadingWarning(
            code=WarningCode.LOST_CELL,
            message=f"“{_distinct(row)[0].text[:40]}”之下没有读出表格内容",
            spans=(row.span,),
        )
        for row in find_rows(doc)
        if _title_of(row) not in (None, _ASIDE)
    )


def _paragraphs(doc: Document, row: Row) -> tuple[Row, ...]:
    """A head that stands in one cell (title, year and declaring unit) as a row for each of its paragraphs."""
    filled = _distinct(row)
    if len(filled) != 1:
        return (row,)
    span = filled[0].span
    cleaned = clean(doc.text[span.start : span.end], offset=span.start, keep_breaks=True)
    edges = [0]
    for at in range(1, len(cleaned.text)):
        if cleaned.text[at - 1] == "\n" or cleaned.text.startswith(words_of("forms", "units", "declares"), at):
            edges.append(at)
    pairs = zip(edges, [*edges[1:], len(cleaned.text)], strict=True)
    cells = (make_cell(doc.text, *_bounds(cleaned.span(begin, end))) for begin, end in pairs)
    return tuple(Row(cells=(cell,), span=cell.span) for cell in cells if cell.text)


def _bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _find_heads(doc: Document, rows: Sequence[Row]) -> list[_Draft]:
    drafts: list[_Draft] = []
    closed = 0  # number of the row behind the last one that closes a form; 0 while none has
    for number, row in enumerate(rows):
        current = drafts[-1] if drafts else None
        title, year, name = _title_of(row), _year_of(row), _name_of(doc, row)
        if title == _ASIDE:
            drafts.append(_Draft(start=number, aside=True))
            continue
        if title is not None:
            if current is None or not current.opened or current.title or current.name is not None or current.aside:
                drafts.append(current := _Draft(start=number))
            current.title = FormKind(title)
        if year is not None:
            if current is None or not current.opened or current.year:
                drafts.append(current := _Draft(start=number))
            current.year, current.year_span = year
        if name is not None and not (current and current.aside):
            if current is None or current.name is not None or not current.opened:
                drafts.append(current := _Draft(start=number))
            current.name = name
        if title is not None or year is not None or name is not None:
            closed = 0
        elif closed and _names_units(doc, row):
            drafts.append(current := _Draft(start=closed))
            closed = 0
        elif current and _closes(doc, row):
            closed = number + 1
        if current and title is None and year is None and name is None and current.opened:
            current.opened = not _is_body(row, named=current.name is not None)
    return drafts


def _closes(doc: Document, row: Row) -> bool:
    if not any("等" in cell.text[:12] for cell in row.cells):
        return False
    labels = find_labels(doc, row, wordings(FormKind.SELF_EVALUATION))
    return any(label.key == "result.grade" for label in labels)


def _names_units(doc: Document, row: Row) -> bool:
    if not any("单" in cell.text[:12] or "部" in cell.text[:12] for cell in row.cells):
        return False
    return any(label.key in ("units.supervises", "units.implements") for label in find_labels(doc, row, wordings(None)))


_ASIDE = "aside"


@cache
def _titles() -> tuple[tuple[str, str], ...]:
    pairs = [(fold(word), kind) for kind, words in table_of("forms", "titles").items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _title_of(row: Row) -> str | None:
    """The family that the title in `row` names, `_ASIDE` for a title that is about no project, None for no title."""
    filled = [cell.text for cell in _distinct(row)]
    if len(filled) > 3 or sum(map(len, filled)) > 160:
        return None
    text = fold("".join(filled))
    if len(text) < len(_titles()[-1][0]):
        return None
    for word, kind in _titles():
        at = text.find(word)
        if 0 <= at <= 60 and _AFTER_TITLE.fullmatch(text, at + len(word)) and not _NO_TITLE.search(text[:at]):
            if any(other in text[:at] for other in words_of("forms", "not_projects", "words")):
                return _ASIDE
            return kind if at or kind != FormKind.NARRATIVE else None
    return None


def _year_of(row: Row) -> tuple[int, Span] | None:
    """The year that `row` prints as a head of its own or within a title."""
    filled = [cell for cell in _distinct(row) if not _MONEY_NOTE.fullmatch(fold(cell.text))]
    if not filled or len(filled) > 3 or sum(len(cell.text) for cell in filled) > 160:
        return None
    folded = fold("".join(cell.text for cell in filled)).translate(_DIGITS)
    hit = _YEAR_HEAD.fullmatch(folded)
    if hit is None and _title_of(row) not in (None, _ASIDE):
        hit = _YEAR_WITHIN.search(folded)
    if hit is None or ("年" not in hit[0]):
        return None
    return int(hit[1]), Span(start=filled[0].span.start, end=filled[-1].span.end)


def _distinct(row: Row) -> list[Cell]:
    """The cells of `row` that hold anything; of equal ones side by side (a merged cell written out) the first."""
    filled = [cell for cell in row.cells if cell.text]
    return [cell for at, cell in enumerate(filled) if not at or cell.text != filled[at - 1].text]


def _name_of(doc: Document, row: Row) -> str | None:
    """What stands behind the label of the project's name; None where the row has no such label."""
    if not any("名" in cell.text[:30] for cell in row.cells[:4]):
        return None
    labels = find_labels(doc, row, wordings(None))
    label = next((label for label in labels if label.key == "head.name"), None)
    if label is None or label.first > 2:
        return None
    end = next((other.first for other in labels if other.first > label.last), len(row.cells))
    if end == label.last + 1 < len(row.cells) and not label.rest:
        return None
    value = "".join(cell.text for cell in row.cells[label.last + 1 : end])
    value = (label.rest.text if label.rest else "") + value
    return None if _NO_NAME.search(value) or len(value) > 120 else fold(value)


def _is_body(row: Row, *, named: bool) -> bool:
    """Whether `row` shows that the head is over: anything, once the name is known; else funds or indicators."""
    text = fold("".join(cell.text for cell in row.cells))
    if named:
        return True
    return any(sign in text for sign in ("一级指标", "一级目标", "年度资金总额", "项目资金", "预算数", "实施单位"))


def _finish(doc: Document, draft: _Draft, rows: Sequence[Row]) -> Form | None:
    kind = draft.title or _kind_by_signs(rows)
    if kind is None or not rows:
        return None
    if kind is not FormKind.NARRATIVE and not _holds_form(doc, rows, kind):
        return None
    plain, aligned = is_plain(doc.text, rows), False
    if kind is not FormKind.NARRATIVE:
        rows = _without_chapters(rows)
        if is_stacked(doc.text, rows):
            plain, rows = False, unstack(doc.text, rows[0].span.start, rows[-1].span.end)
        elif plain:
            aligned, rows = is_aligned(doc.text, rows), split_columns(doc.text, rows)
    return Form(
        kind=kind,
        rows=tuple(rows),
        span=Span(start=rows[0].span.start, end=rows[-1].span.end),
        year=draft.year,
        year_span=draft.year_span,
        name=draft.name or "",
        plain=plain,
        aligned=aligned,
    )


def _is_money_note(row: Row) -> bool:
    text = fold("".join(cell.text for cell in row.cells))
    return "元" in text and _MONEY_NOTE.fullmatch(text) is not None


def _is_page_mark(row: Row) -> bool:
    text = fold("".join(cell.text for cell in row.cells))
    return len(text) <= 16 and _PAGE_MARK.fullmatch(text) is not None


def _without_chapters(rows: Sequence[Row]) -> Sequence[Row]:
    """`rows` up to where, behind the table of indicators, the document goes on with a chapter of its own."""
    tabled = False
    for number, row in enumerate(rows):
        text = fold(row.cells[0].text) if row.cells else ""
        whole = fold("".join(cell.text for cell in row.cells))
        if tabled and len([cell for cell in row.cells if cell.text]) == 1 and _CHAPTER.match(text):
            return rows[:number]
        tabled = tabled or ("一级" in whole and "三级" in whole) or whole.startswith(("总分", "评分等级", "评价等级"))
    return rows


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    return {kind: tuple(map(fold, words)) for kind, words in table_of("forms", "signs").items()}


def _kind_by_signs(rows: Sequence[Row]) -> FormKind | None:
    text = fold("".join(cell.text for row in rows for cell in row.cells))
    scores = {kind: sum(word in text for word in words) for kind, words in _signs().items()}
    best = max(scores, key=lambda kind: scores[kind])
    return FormKind(best) if scores[best] else None


def _holds_form(doc: Document, rows: Sequence[Row], kind: FormKind) -> bool:
    """Whether there is a form under the title: its table of indicators, or three labels of its head."""
    vocabulary = wordings(kind)
    keys: set[str] = set()
    for row in rows:
        text = fold("".join(cell.text for cell in row.cells))
        if ("一级" in text and "三级" in text) or "年度资金总额" in text:
            return True
        keys |= {label.key for label in find_labels(doc, row, vocabulary) if label.key != "boundaries"}
    return len(keys) >= 3


def _join_repeated(forms: Sequence[Form]) -> tuple[Form, ...]:
    """Forms whose head was printed again on the next page put together."""
    joined: list[Form] = []
    for form in forms:
        last = joined[-1] if joined else None
        if last and last.kind is form.kind and form.year in (None, last.year) and form.name and form.name == last.name:
            joined[-1] = replace(last, rows=last.rows + form.rows, span=Span(start=last.span.start, end=form.span.end))
        else:
            joined.append(form)
    return tuple(joined)
