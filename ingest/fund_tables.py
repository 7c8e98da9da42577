"""The table of funds of a self-evaluation: which figure stands in which column, whatever became of the columns.

Reads the total alone; money comes out in yuan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ingest.cleaning import narrow
from ingest.drafts import Draft
from ingest.forms import Form
from ingest.grid import part_of
from ingest.labels import Label, find_labels, fold, wordings
from ingest.measures import canonical_decimal, parse_amount, parse_rate
from ingest.model import Cell, Document, Field, Row, Span, WarningCode
from ingest.wordlists import table_of

_FIGURE = re.compile(r"(?<![\d.])-?\d[\d,]*(?:\.\d+)?\s?%?(?![\d.])|(?<!\S)[-—–/]+(?!\S)")
MONEY = (Field.BUDGET_INITIAL, Field.BUDGET_ADJUSTED, Field.EXECUTED)
_USUAL = (*MONEY, Field.EXECUTION_WEIGHT, Field.EXECUTION_RATE, Field.EXECUTION_SCORE)
_NAMES = {
    Field.BUDGET_INITIAL: "年初预算数",
    Field.BUDGET_ADJUSTED: "全年预算数",
    Field.EXECUTED: "全年执行数",
    Field.EXECUTION_WEIGHT: "分值",
    Field.EXECUTION_RATE: "执行率",
    Field.EXECUTION_SCORE: "得分",
}


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure, or a dash that stands for none, in column `column` of its row."""

    cell: Cell
    column: int

    @property
    def number(self) -> Decimal | None:
        return parse_rate(self.cell.text)


Line = dict[Field, Cell]


def read_fund_table(doc: Document, form: Form, draft: Draft, *, worth: Decimal) -> bool:
    """The total of the table of funds added to `draft`; False where there is no such table.

    Where the total is all zeros and the fiscal row is not, the fiscal row's money stands for it. `worth` is what one
    figure of money is worth in yuan.
    """
    head, total, fiscal = _find_rows(doc, form)
    columns = _columns(head) if head else ()
    if total is None and fiscal and head:
        total, fiscal = fiscal, None
        message = "年度资金总额一行没有数字，取财政拨款一行"
        draft.warn(WarningCode.DOUBTFUL_VALUE, message, form.rows[total[0]].span)
    if total is None:
        return False
    line = _assign(doc, form.rows[total[0]], total[1], columns, draft)
    if fiscal and all(_is_zero(line[name]) for name in MONEY if name in line):
        other = _assign(doc, form.rows[fiscal[0]], fiscal[1], columns, None)
        if any(name in other and not _is_zero(other[name]) for name in MONEY):
            spans = [cell.span for cell in (*line.values(), *other.values())]
            draft.warn(WarningCode.DOUBTFUL_VALUE, "年度资金总额一行全为 0，而财政拨款一行有数，取财政拨款一行", *spans)
            weight = {name: cell for name, cell in line.items() if name is Field.EXECUTION_WEIGHT}
            line = {name: cell for name, cell in other.items() if name in MONEY} | weight
    expected = tuple(field for _, field in columns) or _USUAL
    for name in expected:
        if name not in line:
            draft.warn(WarningCode.LOST_CELL, f"年度资金总额一行缺“{_NAMES[name]}”", form.rows[total[0]].span)
    for name, cell in line.items():
        amount = parse_amount(cell.text, unit=worth) if name in MONEY else _Figure(cell, 0).number
        if amount is not None:
            draft.add(name, raw=cell.text, value=canonical_decimal(amount), spans=(cell.span,), rule="funds.table")
    _share_one_budget(line, expected, draft)
    return True


def _share_one_budget(line: Line, expected: Sequence[Field], draft: Draft) -> None:
    """The only budget that a table has a column for, as that of the beginning and that of the whole year."""
    budgets = (Field.BUDGET_INITIAL, Field.BUDGET_ADJUSTED)
    for there, missing in (budgets, budgets[::-1]):
        value = draft.value(there)
        if missing not in expected and there in line and value is not None and not draft.has(missing):
            cell = line[there]
            draft.add(missing, raw=cell.text, value=value, spans=(cell.span,), rule="funds.one_budget")
            draft.warn(WarningCode.INFERRED_VALUE, "表中只有一列预算数，年初预算与全年预算同记", cell.span)


Place = tuple[int, Label]


def _find_rows(doc: Document, form: Form) -> tuple[Sequence[Label] | None, Place | None, Place | None]:
    """Labels of the columns; row and label of the total, and of the first row of fiscal money."""
    vocabulary = wordings(form.kind)
    totals = {word for word, key in _fund_words().items() if key == "total"}
    fiscals = {word for word, key in _fund_words().items() if key == "fiscal"}
    head: Sequence[Label] | None = None
    total: Place | None = None
    fiscal: Place | None = None
    nameless: Place | None = None  # the first row of figures below the head, whatever it is called
    for number, row in enumerate(form.rows):
        text = fold("".join(cell.text for cell in row.cells))
        if "一级指标" in text or ("一级" in text and "二级" in text):
            break
        labels = find_labels(doc, row, vocabulary)
        columns = [label for label in labels if _column_of(label)]
        if head is None and len(columns) >= 2:
            following = form.rows[number + 1 : number + 2]
            below = [label for row in following for label in find_labels(doc, row, vocabulary) if _column_of(label)]
            spelt = _over_three_lines(form, number, columns) or _over_three_lines(form, number + 1, below)
            head = columns = spelt or columns
            if any(_FIGURE.search(narrow(cell.text)) for cell in row.cells):
                continue
        figures = sum(1 for cell in row.cells if any(char.isdigit() for char in cell.text))
        for label in labels:
            if total is None and label.wording in totals and figures and (head or label.wording.startswith("年度")):
                total = (number, label)
            elif fiscal is None and label.wording in fiscals and figures:
                fiscal = (number, label)
        if head and figures > 1 and nameless is None and columns is not head:
            nameless = (number, _row_name(row))
        if total and fiscal:
            break
    return head, total or (None if fiscal else nameless), fiscal


def _over_three_lines(form: Form, number: int, columns: Sequence[Label]) -> list[Label]:
    """The columns of a head of plain text whose higher cells have a line above and one below row `number`.

    Where they stand among the others is lost: they come in the usual order. [] where the lines spell no columns.
    """
    if not form.plain or form.aligned or not 0 < number < len(form.rows) - 1:
        return []
    upper, lower = ([cell for cell in form.rows[near].cells if cell.text] for near in (number - 1, number + 1))
    known = {fold(word): Field(name) for name, words in table_of("forms", "fund_columns").items() for word in words}
    spelt = {known.get(fold(up.text + down.text)): up for up, down in zip(upper, lower, strict=False)}
    own = {_column_of(label): label for label in columns}
    if len(upper) != len(lower) or None in spelt or len(spelt) < len(upper) or spelt.keys() & own.keys():
        return []
    found = {field: label.span for field, label in own.items()} | {field: cell.span for field, cell in spelt.items()}
    return [
        Label(key=f"columns.{field}", wording=field, first=0, last=0, span=found[field])
        for field in _USUAL
        if field in found
    ]


def _row_name(row: Row) -> Label:
    """What stands before the first figure of a row, as a label; before the first cell where nothing does."""
    first = next(at for at, cell in enumerate(row.cells) if any(char.isdigit() for char in cell.text))
    span = Span(start=row.span.start, end=row.cells[first].span.start)
    return Label(key="funds.total", wording="", first=0, last=first - 1, span=span)


def _fund_words() -> dict[str, str]:
    return {fold(word): name for name, words in table_of("forms", "fund_rows").items() for word in words}


def _column_of(label: Label) -> Field | None:
    """What the column under `label` holds, also where its wording heads something else as well (自评得分)."""
    if label.key.startswith("columns."):
        return Field(label.key.partition(".")[2])
    words = table_of("forms", "fund_columns").items() if label.key.startswith("result.") else ()
    return next((Field(name) for name, known in words if label.wording in known), None)


def _columns(labels: Sequence[Label]) -> tuple[tuple[Label, Field], ...]:
    columns: list[tuple[Label, Field]] = []
    for label in labels:
        field = _column_of(label)
        if field and field not in (known for _, known in columns):
            columns.append((label, field))
    return tuple(columns)


def _figures(doc: Document, row: Row, label: Label) -> Iterator[_Figure]:
    if label.rest:
        for hit in _FIGURE.finditer(narrow(label.rest.text)):
            yield _Figure(part_of(doc.text, label.rest, hit.start(), hit.end()), label.last)
    for column, cell in enumerate(row.cells):
        if column > label.last:
            for hit in _FIGURE.finditer(narrow(cell.text)):
                yield _Figure(part_of(doc.text, cell, hit.start(), hit.end()), column)


def _assign(doc: Document, row: Row, label: Label, columns: Sequence[tuple[Label, Field]], draft: Draft | None) -> Line:
    """The figures of `row` by the fields of their columns: by place where they stand under the heads, else in order."""
    figures = list(_figures(doc, row, label))
    fields = [field for _, field in columns] or list(_USUAL)
    placed = _by_place(figures, columns)
    if placed is not None:
        return placed
    if len(figures) == len(fields):
        return _real(zip(fields, figures, strict=True))
    numbers = [figure for figure in figures if figure.number is not None]
    money = [field for field in fields if field in MONEY]
    if len(numbers) == len(money) and len(figures) < len(fields):
        return _real(zip(money, numbers, strict=True))
    return _by_arithmetic(row, fields, numbers, draft)


def _real(pairs: Iterator[tuple[Field, _Figure]] | zip[tuple[Field, _Figure]]) -> Line:
    return {field: figure.cell for field, figure in pairs if figure.number is not None}


def _by_place(figures: Sequence[_Figure], columns: Sequence[tuple[Label, Field]]) -> Line | None:
    """Figures under their heads; None where one stands under no head or two heads share a cell."""
    if len({label.first for label, _ in columns}) < len(columns) or not columns:
        return None
    line: Line = {}
    for figure in figures:
        field = next((field for label, field in columns if label.first <= figure.column <= label.last), None)
        if field is None:
            return None
        if figure.number is not None and field not in line:
            line[field] = figure.cell
    return line


def _by_arithmetic(row: Row, fields: Sequence[Field], figures: Sequence[_Figure], draft: Draft | None) -> Line:
    """Figures spread over fields, in order, so that rate and score agree with the money best.

    Of equal ways the one that leaves out the last columns is taken; without any agreement and without that way, none.
    """
    best: list[tuple[Line, bool]] = []
    most = 0
    size = min(len(fields), len(figures))
    if size >= 2 and len(figures) <= 8:
        for chosen in combinations(figures, size):
            for names in combinations(fields, size):
                if any(
                    "%" in narrow(figure.cell.text) and name is not Field.EXECUTION_RATE
                    for name, figure in zip(names, chosen, strict=True)
                ):
                    continue
                line, first = (
                    _real(zip(names, chosen, strict=True)),
                    names == tuple(fields[:size]) and len(figures) == size,
                )
                agreeing = _agreeing(line)
                if agreeing > most:
                    best, most = [(line, first)], agreeing
                elif agreeing == most and (line, first) not in best:
                    best.append((line, first))
    certain = best if len(best) == 1 and most else [(line, first) for line, first in best if first]
    if draft is not None:
        message = "年度资金总额一行的数字与表头的列不能一一对应" + (
            "，按先后与执行率、得分的关系分配" if certain else "，未读入"
        )
        draft.warn(WarningCode.DOUBTFUL_VALUE, message, row.span)
    return certain[0][0] if certain else {}


def _agreeing(line: Line) -> int:
    value = {name: _Figure(cell, 0).number for name, cell in line.items()}
    adjusted, executed = value.get(Field.BUDGET_ADJUSTED), value.get(Field.EXECUTED)
    weight, rate, score = (value.get(name) for name in _USUAL[3:])
    agreeing = 0
    if adjusted and executed is not None and rate is not None:
        agreeing += abs(executed / adjusted * 100 - rate) < Decimal("0.2")
    if weight and rate is not None and score is not None:
        agreeing += abs(weight * min(rate, Decimal(100)) / 100 - score) < Decimal("0.06")
    return agreeing


def _is_zero(cell: Cell) -> bool:
    return _Figure(cell, 0).number == 0
