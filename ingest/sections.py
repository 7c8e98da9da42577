"""Text sections of a form, as written: beside, below and under their labels, over page breaks.

Text that recognition has woven together from two columns is taken apart in `ingest.weaving`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.cleaning import is_cjk
from ingest.drafts import Draft
from ingest.forms import Form
from ingest.labels import Label, Wordings, find_damaged, find_labels, fold, wordings
from ingest.model import Cell, Document, Field, FormKind, Row, Span, WarningCode
from ingest.prose import Prose, begins_item, is_cut_off, is_sentence_end, join_prose
from ingest.weaving import is_garbled, unweave

_GOALS = (Field.EXPECTED_GOALS, Field.ACTUAL_COMPLETION)
_UPRIGHT = "年度总体目标项绩效"
_YEARS = re.compile(r"\(?\d{4}年?度?(?:[-—–~至]+\d{4}年?)?\)?")


@dataclass(slots=True)
class _Column:
    """A label whose text goes on below: cells from column `edge` of the next rows, up to the next label's, are its own.

    The edge lies half way to the label on the left, because labels stand in the middle of wide columns.
    """

    section: Field
    edge: int
    torn: bool = False  # its text was put together from scraps of cells
    spans: list[Span] = field(default_factory=list)


def read_sections(doc: Document, form: Form, draft: Draft) -> dict[Field, Prose]:
    """The text sections of `form`, added to `draft`; the same as prose, for those who look for something in them."""
    columns = _find_columns(doc, form, draft)
    found: dict[Field, Prose] = {}
    for section in dict.fromkeys(column.section for column in columns):
        spans = [span for column in columns if column.section is section for span in column.spans]
        prose = join_prose(doc, spans)
        if prose.text and not prose.text.startswith(("详见", "见附")):
            found[section] = prose
            raw = " ".join(doc.quote(span) for span in prose.spans)
            draft.add(section, raw=raw, value=prose.text, spans=prose.spans, rule="section")
            if any(column.torn for column in columns if column.section is section):
                draft.warn(WarningCode.DOUBTFUL_VALUE, "这段文字由识别的碎片拼成，请核对", *prose.spans[:1])
            if is_cut_off(prose.text):
                last = prose.spans[-1]
                draft.warn(WarningCode.TRUNCATED, "文字到此中断，后面的内容在原文中缺失", last)
    return found


def _find_columns(doc: Document, form: Form, draft: Draft) -> list[_Column]:
    vocabulary = wordings(form.kind)
    columns: list[_Column] = []
    known: set[int] = set()  # which columns those are: equal ones may differ in what is still to come
    current: list[_Column] = []
    orphans: list[Cell] = []
    woven: list[Span] = []
    pair: list[_Column] = []  # the two that were open while lines came woven
    seen = ""
    for number, row in enumerate(form.rows):
        if _is_table_head(row):
            break
        labels = _labels(doc, form, row, vocabulary, current)
        opened = [label for label in labels if label.key.startswith("sections.")]
        if _both_open(form, current) and len(row.cells) == 1:
            if not labels or labels[0].rest or (opened and woven):
                woven.append(row.span)
                pair = current
                seen += _letters(row.cells[0].text)
        elif opened:
            current = _open(row, labels, current)
            columns += [column for column in current if id(column) not in known]
            known.update(map(id, current))
            if orphans:
                _adopt(current, orphans, opened[0], draft)
                orphans = []
        elif labels and not _only_upright_beside(labels, row):
            current = []
        elif current:
            texts = _texts(form, row, labels, columns=len(current))
            if woven and any(_is_ghost(cell.text, seen) for cell in texts):
                draft.warn(WarningCode.GHOST_ROW, "换页处重复印出的文字已略去", row.span)
            elif _is_orphan(doc, form, number, current, texts):
                orphans = texts
            else:
                _continue(doc, form, row, texts, current, draft)
    if woven:
        _unweave(doc, woven, pair, draft)
    return columns


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _has_writing(text: str) -> bool:
    """Whether Chinese letters stand in `text`, not just signs that recognition made of a border (· — ·)."""
    return any(is_cjk(char) and char.isalpha() for char in text)


def _is_ghost(text: str, seen: str) -> bool:
    """Whether a cell, but for a letter that a border has cut at either end, only repeats what was read before."""
    letters = _letters(text)
    return len(letters) > 8 and letters[1:-1] in seen


def _both_open(form: Form, current: Sequence[_Column]) -> bool:
    """Whether what follows may be text of two columns that was read as running lines."""
    return (
        form.kind is FormKind.SELF_EVALUATION
        and not form.plain
        and tuple(column.section for column in current) == _GOALS
    )


def _is_table_head(row: Row) -> bool:
    text = fold("".join(cell.text for cell in row.cells))
    return len(text) < 120 and "一级" in text and ("二级" in text or "三级" in text)


def _labels(doc: Document, form: Form, row: Row, vocabulary: Wordings, current: Sequence[_Column]) -> tuple[Label, ...]:
    labels = find_labels(doc, row, vocabulary)
    if form.kind is not FormKind.SELF_EVALUATION or any(column.spans for column in current):
        return labels
    known = {label.key for label in labels}
    short = [cell for cell in row.cells if cell.text]
    if sum(len(cell.text) for cell in short) > 30 or known - {
        "boundaries",
        "head.year",
        *(f"sections.{name}" for name in _GOALS),
    }:
        return labels
    damaged = [label for label in find_damaged(row, vocabulary, "sections.") if label.key not in known]
    labels = tuple(sorted((*labels, *(d for d in damaged if d.key[9:] in _GOALS)), key=lambda label: label.first))
    return _with_lost_goal(row, labels)


def _with_lost_goal(row: Row, labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """`labels` with the one of the two goals of which hardly a letter is left, where the other stands in a wide row."""
    at_goal = {label.key: label for label in labels}
    expected, actual = (at_goal.get(f"sections.{name}") for name in _GOALS)
    if (expected is None) == (actual is None) or len(row.cells) <= 4:
        return labels
    if expected is not None:
        rest = [at for at, cell in enumerate(row.cells) if at > expected.last and any(map(is_cjk, cell.text))]
        place = rest[0] if len(rest) == 1 else None
    else:
        before = [at for at, cell in enumerate(row.cells) if actual and at < actual.first and cell.text]
        place = before[0] if len(before) == 1 and not _has_writing(row.cells[before[0]].text) else None
    if place is None:
        return labels
    cell = row.cells[place]
    key = f"sections.{_GOALS[0 if expected is None else 1]}"
    lost = Label(key=key, wording=cell.text, first=place, last=place, span=cell.span, damaged=True)
    return tuple(sorted((*labels, lost), key=lambda label: label.first))


def _open(row: Row, labels: Sequence[Label], current: Sequence[_Column]) -> list[_Column]:
    """A column for each section label of `row`, with the text beside it; open ones of a row before stay where empty."""
    opened: list[_Column] = []
    for number, label in enumerate(labels):
        end = labels[number + 1].first if number + 1 < len(labels) else len(row.cells)
        if not label.key.startswith("sections."):
            continue
        before = labels[number - 1].last if number and labels[number - 1].key.startswith("sections.") else -1
        edge = (before + label.first + 1) // 2 if before >= 0 and label.first > before + 1 else label.first
        column = _Column(Field(label.key.partition(".")[2]), edge)
        texts = ([label.rest] if label.rest else []) + [c for c in row.cells[label.last + 1 : end] if len(c.text) > 1]
        texts = _without_repeats(texts)
        if texts:
            column.spans.append(Span(start=texts[0].span.start, end=texts[-1].span.end))
        opened.append(column)
    if len(opened) > 2 and not opened[0].spans:
        opened = opened[1:]  # the upright label of them all
    again = {column.section for column in opened}
    waiting = [c for c in current if not c.spans and c.section not in again and len(row.cells) == 1]
    return [*waiting, *opened]


def _only_upright_beside(labels: Sequence[Label], row: Row) -> bool:
    """Whether the row's label is only the upright one at its left (`年度总体目标`), with text beside it."""
    return all(label.key in ("boundaries", "head.year") for label in labels) and any(
        sum(map(is_cjk, cell.text)) > 2 for cell in row.cells[labels[-1].last + 1 :]
    )


def _texts(form: Form, row: Row, labels: Sequence[Label], *, columns: int) -> list[Cell]:
    after = labels[-1].last + 1 if labels else 0
    cells = [cell for at, cell in enumerate(row.cells) if at >= after and cell.text]
    return cells if form.plain or len(cells) <= columns else _without_repeats(cells)


def _without_repeats(cells: Sequence[Cell]) -> list[Cell]:
    """`cells` without those that only write a merged cell out again."""
    return [cell for at, cell in enumerate(cells) if not at or len(cell.text) < 4 or cell.text != cells[at - 1].text]


def _is_orphan(doc: Document, form: Form, number: int, current: Sequence[_Column], texts: Sequence[Cell]) -> bool:
    """Whether a row without label is the upper part of the section whose label a page break has put below it.

    It follows the row before on the same page, where that one is whole, and a page break cuts it off in mid-sentence.
    """
    if len(current) != 1 or not current[0].spans or len(texts) != 1 or number + 1 >= len(form.rows):
        return False
    if len(form.rows[number].cells) < 2:
        return False
    above = doc.text[form.rows[number - 1].span.end : form.rows[number].span.start]
    below = doc.text[form.rows[number].span.end : form.rows[number + 1].span.start]
    if _breaks_page(above) or not _breaks_page(below) or is_sentence_end(texts[0].text):
        return False
    before = doc.quote(current[0].spans[-1])
    return is_sentence_end(join_prose(doc, current[0].spans[-1:]).text) or begins_item(texts[0].text) or "<p" in before


def _breaks_page(gap: str) -> bool:
    return gap.count("\n") >= 2 or "\f" in gap


def _adopt(current: Sequence[_Column], orphans: Sequence[Cell], label: Label, draft: Draft) -> None:
    spans = [cell.span for cell in orphans]
    current[-1].spans[:0] = spans
    draft.warn(WarningCode.MENDED_CELL, f"“{label.wording}”跨页，标签印在后一页，前一页的文字已并入", *spans)


def _continue(
    doc: Document, form: Form, row: Row, texts: Sequence[Cell], current: Sequence[_Column], draft: Draft
) -> None:
    """Give the cells of a row without labels to the open columns above them."""
    if form.plain and not form.aligned:
        texts = [cell for cell in texts if not _is_upright(cell.text)]
        if texts and not _YEARS.fullmatch(fold("".join(cell.text for cell in texts))):
            _continue_in_order(doc, texts, current, draft)
        return
    if len(current) == 1:
        texts = [cell for cell in texts if len(cell.text) > 1 and any(map(str.isalnum, cell.text))]
        current[0].torn |= len(texts) > 2
        if texts:
            current[0].spans.append(Span(start=texts[0].span.start, end=texts[-1].span.end))
        return
    texts = [cell for cell in texts if _has_writing(cell.text) and not _is_upright(cell.text)]
    garbled = [cell for cell in texts if is_garbled(cell.text)]
    if garbled:
        spans = [cell.span for cell in garbled]
        draft.warn(WarningCode.DOUBTFUL_VALUE, "识别结果无法辨认，这些文字没有读入任何一栏", *spans)
    owners: list[tuple[int, int]] = []  # (column of the row, number of the open column)
    for cell in texts:
        if cell in garbled:
            continue
        place = row.cells.index(cell)
        owner = max((n for n, column in enumerate(current) if column.edge <= place), default=0)
        if garbled and cell is texts[-1] and garbled[-1].span.start < cell.span.start:
            owner = len(current) - 1  # what is left of the row stands right of the ruins
        owners.append((place, owner))
    for owner in range(len(current)):
        for run in _runs([place for place, other in owners if other == owner]):
            first, last = row.cells[run[0]].span, row.cells[run[-1]].span
            current[owner].spans.append(Span(start=first.start, end=last.end))
            current[owner].torn |= len(run) > 2


def _continue_in_order(doc: Document, texts: Sequence[Cell], current: Sequence[_Column], draft: Draft) -> None:
    """Give the words of a plain line to columns whose places are lost: as many as columns, one each; else by sense."""
    whole = Span(start=texts[0].span.start, end=texts[-1].span.end)
    if len(current) == 1:
        current[0].spans.append(whole)
    elif len(texts) == len(current):
        for cell, column in zip(texts, current, strict=True):
            column.spans.append(cell.span)
    else:
        begins = [number for number, cell in enumerate(texts) if number and begins_item(cell.text)]
        if len(current) == 2 and len(begins) == 1:
            current[0].spans.append(Span(start=whole.start, end=texts[begins[0] - 1].span.end))
            current[1].spans.append(Span(start=texts[begins[0]].span.start, end=whole.end))
            return
        unfinished = [c for c in current if c.spans and not is_sentence_end(join_prose(doc, c.spans[-1:]).text)]
        (unfinished or list(current))[0].spans.append(whole)
        if len(unfinished) != 1:
            draft.warn(WarningCode.DOUBTFUL_VALUE, "这一行文字不知属于哪一栏", whole)


def _is_upright(text: str) -> bool:
    """Whether a cell holds (what is left of) the upright label at the left of the goals."""
    letters = [char for char in text if is_cjk(char)]
    return len(letters) <= 6 and all(char in _UPRIGHT for char in letters)


def _runs(places: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _unweave(doc: Document, lines: Sequence[Span], current: Sequence[_Column], draft: Draft) -> None:
    readable = [line for line in lines if sum(map(is_cjk, doc.quote(line))) > 2 and not is_garbled(doc.quote(line))]
    expected, actual = unweave(doc, readable)
    current[0].spans[:0] = expected
    current[1].spans[:0] = actual
    message = "预期目标与实际完成情况在识别时交错在一起，按编号与语气分开，请核对"
    draft.warn(WarningCode.DOUBTFUL_VALUE, message, *expected, *actual)
