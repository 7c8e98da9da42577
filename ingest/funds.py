"""Money of a form, its score and its grade."""

from __future__ import annotations

import re
from decimal import Decimal

from ingest.forms import Form
from ingest.heads import Draft, find_labelled
from ingest.labels import fold
from ingest.measures import canonical_decimal, parse_amount
from ingest.model import Cell, Document, Field, FormKind

_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_COLUMNS = (
    Field.BUDGET_INITIAL,
    Field.BUDGET_ADJUSTED,
    Field.EXECUTED,
    Field.EXECUTION_WEIGHT,
    Field.EXECUTION_RATE,
    Field.EXECUTION_SCORE,
)
_MONEY = _COLUMNS[:3]


def read_funds(doc: Document, form: Form, draft: Draft) -> None:
    """Budgets, execution, score and grade of `form`, added to `draft`."""
    unit = _unit(form)
    for item in find_labelled(doc, form):
        group, _, name = item.label.key.partition(".")
        if group == "money":
            for cell in item.filled[:1]:
                own = {"元": Decimal(1), "万元": Decimal(10000)}.get(item.label.bracket, unit)
                if (amount := parse_amount(cell.text, unit=own)) is not None:
                    draft.add(
                        Field(name), cell.text, canonical_decimal(amount), (cell.span,), f"label.{item.label.wording}"
                    )
        elif group == "result":
            _read_result(name, item.filled, draft)
    if form.kind is FormKind.SELF_EVALUATION:
        _read_fund_table(form, draft, unit)


def _unit(form: Form) -> Decimal:
    text = fold("".join(cell.text for row in form.rows[:12] for cell in row.cells))
    return Decimal(10000) if "万元" in text or form.kind is FormKind.SELF_EVALUATION else Decimal(1)


def _read_fund_table(form: Form, draft: Draft, unit: Decimal) -> None:
    for row in form.rows:
        text = fold("".join(cell.text for cell in row.cells))
        if not text.startswith("年度资金总额"):
            continue
        figures = [Cell(text=hit[0], span=cell.span) for cell in row.cells for hit in _FIGURE.finditer(cell.text)]
        if len(figures) > 6 and figures[3].text == "3":
            figures.pop(3)
        for name, cell in zip(_COLUMNS, figures, strict=False):
            amount = parse_amount(cell.text, unit=unit if name in _MONEY else Decimal(1))
            if amount is not None:
                draft.add(name, cell.text, canonical_decimal(amount), (cell.span,), "funds.total")
        return


def _read_result(name: str, cells: tuple[Cell, ...], draft: Draft) -> None:
    if name == "grade":
        for cell in cells:
            if cell.text in ("优", "良", "中", "差", "合格", "不合格"):
                draft.add(Field.GRADE, cell.text, cell.text, (cell.span,), "label.grade")
                return
    figures = [cell for cell in cells if _FIGURE.fullmatch(cell.text)]
    if name == "total_score" and figures:
        value = canonical_decimal(Decimal(figures[-1].text))
        draft.add(Field.TOTAL_SCORE, figures[-1].text, value, (figures[-1].span,), "label.total_score")
