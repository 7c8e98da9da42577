"""Total score and grade at the end of a self-evaluation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ingest.cleaning import narrow
from ingest.drafts import Draft
from ingest.forms import Form
from ingest.grid import part_of
from ingest.items import Item
from ingest.labels import fold
from ingest.measures import canonical_decimal
from ingest.model import Cell, Document, Field, FormKind, WarningCode
from ingest.wordlists import words_of

_SCORE = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,4})?)\s*分?(?![\d.%])")
_FULL = Decimal(100)
_TICKED = re.compile(r"[☑☒■√✓✔]\s*([\u4e00-\u9fff]{1,4})|([\u4e00-\u9fff]{1,4})\s*[(（]?[☑☒■√✓✔]")


def read_results(doc: Document, form: Form, items: Sequence[Item], draft: Draft) -> None:
    """Total score and grade, added to `draft`; a warning for each that the form has a place for, but no value."""
    if form.kind is not FormKind.SELF_EVALUATION:
        return
    table = _table_row(form)
    results = [item for item in items if item.label.key.startswith("result.") and item.row > table]
    for item in results:
        if item.label.key == "result.total_score":
            _read_total(doc, form, item, draft)
    if not draft.has(Field.TOTAL_SCORE):
        _read_unlabelled_total(form, table, draft)
    grades = [item for item in results if item.label.key == "result.grade"]
    for item in grades:
        _read_grade(doc, form, item, draft)
    if results and not draft.has(Field.TOTAL_SCORE):
        draft.warn(WarningCode.LOST_CELL, "总分没有印出", form.rows[results[0].row].span)
    if grades and not draft.has(Field.GRADE):
        draft.warn(WarningCode.LOST_CELL, "评分等级没有印出", form.rows[grades[0].row].span)


def _table_row(form: Form) -> int:
    """Number of the row that heads the indicators; -1 where there is none."""
    for number, row in enumerate(form.rows):
        text = fold("".join(cell.text for cell in row.cells))
        if "一级" in text and ("二级" in text or "三级" in text):
            return number
    return -1


def _read_total(doc: Document, form: Form, item: Item, draft: Draft) -> None:
    """The last figure of the row; a lone 100 is the sum of the weights, not the score."""
    figures = [
        (Decimal(hit[1]), part_of(doc.text, cell, *hit.span(1)))
        for cell in item.filled
        for hit in _SCORE.finditer(narrow(cell.text))
        if Decimal(hit[1]) <= _FULL
    ]
    lone = len(figures) == 1 and figures[0][0] == _FULL
    if not figures or (lone and "得分" not in item.label.wording and not _under_score(form, item)):
        return
    score, cell = figures[-1]
    draft.add(
        Field.TOTAL_SCORE,
        raw=cell.text,
        value=canonical_decimal(score),
        spans=(cell.span,),
        rule=f"label.{item.label.wording}",
    )


def _under_score(form: Form, item: Item) -> bool:
    """Whether the only figure of the row stands in the column of scores."""
    table = _table_row(form)
    heads = form.rows[table].cells if table >= 0 else ()
    scores = [number for number, cell in enumerate(heads) if "得分" in fold(cell.text)]
    columns = [item.label.last + 1 + number for number, cell in enumerate(item.cells) if cell.text]
    return bool(scores) and item.label.rest is None and columns == scores[-1:]


def _read_unlabelled_total(form: Form, table: int, draft: Draft) -> None:
    """A row of nothing but 100 and a figure not above it, behind the indicators: the total whose label is lost."""
    for row in form.rows[table + 1 :]:
        texts = [cell for cell in row.cells if any(char.isalnum() for char in cell.text)]
        if len(texts) != 2 or not all(_SCORE.fullmatch(narrow(cell.text)) for cell in texts):
            continue
        weight, score = (Decimal(narrow(cell.text).rstrip("分")) for cell in texts)
        if weight == _FULL and score <= _FULL:
            cell = texts[1]
            value = canonical_decimal(score)
            draft.add(Field.TOTAL_SCORE, raw=cell.text, value=value, spans=(cell.span,), rule="place.total")
            draft.warn(WarningCode.MENDED_CELL, "“总分”标签缺失，按位置与满分 100 读出总分", row.span)
            return


def _read_grade(doc: Document, form: Form, item: Item, draft: Draft) -> None:
    """The grade printed in the row: behind its label, else anywhere in it."""
    for cell in (*item.filled, *form.rows[item.row].cells):
        found = _grade_in(cell)
        if found:
            at = cell.text.find(found)
            part = part_of(doc.text, cell, at, at + len(found))
            draft.add(Field.GRADE, raw=cell.text, value=found, spans=(part.span,), rule=f"label.{item.label.wording}")
            return


def _grade_in(cell: Cell) -> str | None:
    ticked = [hit[1] or hit[2] for hit in _TICKED.finditer(cell.text)]
    text = ticked[0] if len(ticked) == 1 else cell.text.strip("“”\"'：:（）() ")
    return text if text in words_of("forms", "grades", "words") else None
