"""Text sections of a form, as written: beside, below and under their labels, over page breaks.

Text that recognition has woven together from two columns is taken apart in `ingest.weaving`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.cleaning import is_cjk
from ingest.drafts import Draft
from ingest.forms import Form
from ingest.labels import Label, find_damaged, find_labels, fold, wordings
from ingest.model import Cell, Document, Field, FormKind, Row, Span, WarningCode
from ingest.prose import Prose, begins_item, is_sentence_end, join_prose
from ingest.weaving import is_garbled, unweave

_GOALS = (Field.EXPECTED_GOALS, Field.ACTUAL_COMPLETION)


@dataclass(slots=True)
class _Column:
    """A label whose text goes on below: cells from column `first` up to `end` of the next rows are its own."""

    section: Field
    first: int
    end: int
    width: int  # cells in the row of the label
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
    return found


def _find_columns(doc: Document, form: Form, draft: Draft) -> list[_Column]:
    vocabulary = wordings(form.kind)
    columns: list[_Column] = []
    current: list[_Column] = []
    orphans: list[Cell] = []
    for number, row in enumerate(form.rows):
        if _is_table_head(row):
            break
        labels = _labels(doc, form, row, vocabulary, current)
        opened = [label for label in labels if label.key.startswith("sections.")]
        if opened:
            current = _open(row, labels, current)
            columns += [column for column in current if column not in columns]
            if orphans:
                _adopt(current, orphans, opened[0], draft)
                orphans = []
            if form.kind is FormKind.SELF_EVALUATION and _is_woven(current):
                _unweave_below(doc, form, number, current, draft)
                break
        elif labels and not _only_boundary_beside(labels, row):
            current = []
        elif current:
            texts = _texts(row, labels)
            if _is_orphan(doc, form, number, current, texts):
                orphans = texts
            else:
                _continue(doc, row, texts, current, draft)
    return columns


def _is_table_head(row: Row) -> bool:
    text = fold("".join(cell.text for cell in row.cells))
    return len(text) < 120 and "一级" in text and ("二级" in text or "三级" in text)


def _labels(
    doc: Document, form: Form, row: Row, vocabulary: dict[str, str], current: Sequence[_Column]
) -> tuple[Label, ...]:
    labels = find_labels(doc, row, vocabulary)
    if form.kind is not FormKind.SELF_EVALUATION or any(column.spans for column in current):
        return labels
    known = {label.key for label in labels}
    short = [cell for cell in row.cells if cell.text]
    if sum(len(cell.text) for cell in short) > 30 or known - {"boundaries", *(f"sections.{name}" for name in _GOALS)}:
        return labels
    damaged = [label for label in find_damaged(row, vocabulary, "sections.") if label.key not in known]
    labels = tuple(sorted((*labels, *(d for d in damaged if d.key[9:] in _GOALS)), key=lambda label: label.first))
    keys = [label.key for label in labels]
    if "sections.expected_goals" in keys and "sections.actual_completion" not in keys and len(row.cells) > 4:
        after = labels[keys.index("sections.expected_goals")].last + 1
        rest = [(at, cell) for at, cell in enumerate(row.cells) if at >= after and any(map(is_cjk, cell.text))]
        if len(rest) == 1:  # 实际完成情况 with most of its letters lost
            at, cell = rest[0]
            lost = Label(key="sections.actual_completion", wording=cell.text, first=at, last=at, span=cell.span, damaged=True)
            labels = (*labels, lost)
    return labels


def _open(row: Row, labels: Sequence[Label], current: Sequence[_Column]) -> list[_Column]:
    """A column for each section label of `row`, with the text beside it; open ones of a row before stay where empty."""
    opened: list[_Column] = []
    for number, label in enumerate(labels):
        end = labels[number + 1].first if number + 1 < len(labels) else len(row.cells)
        if not label.key.startswith("sections."):
            continue
        column = _Column(Field(label.key.partition(".")[2]), label.first, end, len(row.cells))
        texts = ([label.rest] if label.rest else []) + [c for c in row.cells[label.last + 1 : end] if len(c.text) > 1]
        if texts:
            column.spans.append(Span(start=texts[0].span.start, end=texts[-1].span.end))
        opened.append(column)
    if len(opened) > 1 and not opened[0].spans and opened[0].section is opened[1].section:
        opened = [column for column in opened if column.spans or column is not opened[0]]
    waiting = [column for column in current if not column.spans and len(row.cells) == 1]
    return [*waiting, *opened]


def _only_boundary_beside(labels: Sequence[Label], row: Row) -> bool:
    """Whether the row's label is only the upright one at its left (`年度总体目标`), with text beside it."""
    return all(label.key == "boundaries" for label in labels) and any(
        len(cell.text) > 12 for cell in row.cells[labels[-1].last + 1 :]
    )


def _texts(row: Row, labels: Sequence[Label]) -> list[Cell]:
    after = labels[-1].last + 1 if labels else 0
    return [cell for at, cell in enumerate(row.cells) if at >= after and cell.text]


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


def _continue(doc: Document, row: Row, texts: Sequence[Cell], current: Sequence[_Column], draft: Draft) -> None:
    """Give the cells of a row without labels to the open columns above them."""
    if len(current) == 1:
        texts = [cell for cell in texts if len(cell.text) > 1]
        if texts:
            current[0].spans.append(Span(start=texts[0].span.start, end=texts[-1].span.end))
        return
    shares: dict[int, list[Cell]] = {}
    shift = max(max(column.width for column in current) - len(row.cells), 0) if len(row.cells) > 1 else 0
    garbled = [cell for cell in texts if is_garbled(cell.text)]
    for cell in texts:
        if cell in garbled or not any(map(is_cjk, cell.text)) and len(cell.text) < 4:
            continue
        place = row.cells.index(cell) + shift
        owner = max((n for n, column in enumerate(current) if column.first <= place), default=0)
        if garbled and cell is texts[-1] and garbled[-1].span.start < cell.span.start:
            owner = len(current) - 1  # what is left of the row stands right of the ruins
        shares.setdefault(owner, []).append(cell)
    if garbled:
        spans = [cell.span for cell in garbled]
        draft.warn(WarningCode.DOUBTFUL_VALUE, "识别结果无法辨认，这些文字没有读入任何一栏", *spans)
    for owner, cells in shares.items():
        current[owner].spans.append(Span(start=cells[0].span.start, end=cells[-1].span.end))


def _is_woven(current: Sequence[_Column]) -> bool:
    """Whether both goals were announced one below the other in running text, so that their columns are lost."""
    sections = [column.section for column in current]
    return sections == list(_GOALS) and len({column.first for column in current}) == 1


def _unweave_below(doc: Document, form: Form, number: int, current: Sequence[_Column], draft: Draft) -> None:
    lines: list[Span] = []
    for row in form.rows[number + 1 :]:
        if _is_table_head(row):
            break
        texts = [cell for cell in row.cells if sum(map(is_cjk, cell.text)) > 2 and not is_garbled(cell.text)]
        if texts:
            lines.append(Span(start=texts[0].span.start, end=texts[-1].span.end))
    expected, actual = unweave(doc, lines)
    current[0].spans += expected
    current[1].spans += actual
    if expected or actual:
        message = "预期目标与实际完成情况在识别时交错在一起，按编号与语气分开，请核对"
        draft.warn(WarningCode.DOUBTFUL_VALUE, message, *expected, *actual)
