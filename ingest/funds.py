"""Money of a form: budgets of a target form, the table of funds of a self-evaluation. Always in yuan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ingest.drafts import Draft
from ingest.forms import Form
from ingest.grid import part_of
from ingest.items import Item
from ingest.labels import Label, find_labels, fold, wordings
from ingest.measures import canonical_decimal, parse_amount, parse_rate
from ingest.model import Cell, Document, Field, FormKind, Row, WarningCode
from ingest.wordlists import table_of, words_of

_UNIT = re.compile(r"\(?(?:金额|资金|计量)?(?:单位:?)?(人民币)?(万元|元)\)?")
_DECLARED = re.compile(
    r"(?:\(|单位:|单位为|金额:)(?:人民币|单位:|金额单位:)?(万元|元)\)?|(?:资金|预算数?|总额|金额)\((万元|元)\)"
)
_TORN = re.compile(r"\((万元?)(?!元)")
_FIGURE = re.compile(r"(?<![\d.])-?\d[\d,]*(?:\.\d+)?\s?[%％]?(?![\d.])|(?<!\S)[-—–/]+(?!\S)")
_OWN_UNIT = re.compile(r"[-\d,.]+\s*(?:亿元|万元|元)")
_MONEY = (Field.BUDGET_INITIAL, Field.BUDGET_ADJUSTED, Field.EXECUTED)
_USUAL = (*_MONEY, Field.EXECUTION_WEIGHT, Field.EXECUTION_RATE, Field.EXECUTION_SCORE)
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
        return parse_rate(self.cell.text.replace("％", "%"))


Line = dict[Field, Cell]


def declared_unit(form: Form) -> Decimal | None:
    """What one figure of money is worth by what the form itself prints: 1, 10000, or None."""
    for row in form.rows:
        text = fold("".join(cell.text for cell in row.cells))
        if "一级指标" in text or "一级目标" in text:
            break
        if hit := _DECLARED.search(text):
            return Decimal(1) if "元" in (hit[1], hit[2]) else Decimal(10000)
        if _TORN.search(text) and "资金" in text:
            return Decimal(10000)
    return None


def read_funds(doc: Document, form: Form, items: Sequence[Item], draft: Draft, *, unit: Decimal | None) -> None:
    """Budgets and execution of `form`, added to `draft`. `unit` is what other forms of the document declare."""
    own = declared_unit(form)
    worth = own or unit or Decimal(10000 if form.kind is FormKind.SELF_EVALUATION else 1)
    before = len(draft.readings)
    if form.kind is FormKind.TARGET:
        _read_budgets(doc, items, draft, worth)
    elif form.kind is FormKind.SELF_EVALUATION:
        _read_table(doc, form, draft, worth)
    money = [reading for reading in draft.readings[before:] if not reading.rule.endswith("own unit")]
    if own is None and money and _needs_unit(items):
        name = "万元" if worth == 10000 else "元"
        source = "按同一文件其他各表" if unit else "按此类表的惯例"
        spans = (span for reading in money[:1] for span in reading.spans)
        draft.warn(WarningCode.INFERRED_VALUE, f"表中没有写明金额单位，{source}以{name}计", *spans)


def _needs_unit(items: Sequence[Item]) -> bool:
    return not any(item.label.bracket in ("元", "万元") and item.label.key.startswith("money.") for item in items)


def _read_budgets(doc: Document, items: Sequence[Item], draft: Draft, worth: Decimal) -> None:
    for item in items:
        group, _, name = item.label.key.partition(".")
        if group == "money":
            _read_budget(doc, item, Field(name), draft, worth)
    if not draft.has(Field.BUDGET_YEAR) and not draft.has(Field.BUDGET_TOTAL):
        for item in items:
            if item.label.wording in words_of("forms", "money_bare", "words"):
                _read_budget(doc, item, Field.BUDGET_YEAR, draft, worth)


def _read_budget(doc: Document, item: Item, field: Field, draft: Draft, worth: Decimal) -> None:
    """The first amount behind a label, in the unit of its own bracket where it has one."""
    unit = _UNIT.fullmatch(f"({item.label.bracket})") if item.label.bracket else None
    own = Decimal(10000 if unit[2] == "万元" else 1) if unit else worth
    for cell in item.filled:
        amount = parse_amount(cell.text, unit=own)
        if amount is None and (money := _OWN_UNIT.search(cell.text)):
            cell = part_of(doc.text, cell, money.start(), money.end())
            amount = parse_amount(cell.text, unit=own)
        if amount is not None:
            rule = f"label.{item.label.wording}" + (" own unit" if cell.text.endswith("元") else "")
            draft.add(field, raw=cell.text, value=canonical_decimal(amount), spans=(cell.span,), rule=rule)
            return


def _read_table(doc: Document, form: Form, draft: Draft, worth: Decimal) -> None:
    """The total of the table of funds; where it is all zeros and the fiscal row is not, the fiscal row's money."""
    head, total, fiscal = _find_rows(doc, form)
    if total is None:
        draft.warn(WarningCode.LOST_CELL, "表中找不到年度资金总额", form.rows[0].span)
        return
    columns = _columns(head) if head else ()
    line = _assign(doc, form.rows[total[0]], total[1], columns, draft)
    if fiscal and all(_is_zero(line.get(name)) for name in _MONEY):
        other = _assign(doc, form.rows[fiscal[0]], fiscal[1], columns, None)
        if any(name in other and not _is_zero(other[name]) for name in _MONEY):
            spans = [cell.span for cell in (*line.values(), *other.values())]
            draft.warn(WarningCode.DOUBTFUL_VALUE, "年度资金总额一行全为 0，而财政拨款一行有数，取财政拨款一行", *spans)
            weight = {name: cell for name, cell in line.items() if name is Field.EXECUTION_WEIGHT}
            line = {name: cell for name, cell in other.items() if name in _MONEY} | weight
    expected = tuple(field for _, field in columns) or _USUAL
    for name in expected:
        if name not in line:
            draft.warn(WarningCode.LOST_CELL, f"年度资金总额一行缺“{_NAMES[name]}”", form.rows[total[0]].span)
    for name, cell in line.items():
        amount = parse_amount(cell.text, unit=worth) if name in _MONEY else _Figure(cell, 0).number
        if amount is not None:
            draft.add(name, raw=cell.text, value=canonical_decimal(amount), spans=(cell.span,), rule="funds.table")
    if Field.BUDGET_INITIAL not in expected and Field.BUDGET_ADJUSTED in line and draft.has(Field.BUDGET_ADJUSTED):
        cell = line[Field.BUDGET_ADJUSTED]
        value = draft.value(Field.BUDGET_ADJUSTED) or ""
        draft.add(Field.BUDGET_INITIAL, raw=cell.text, value=value, spans=(cell.span,), rule="funds.one_budget")
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
    for number, row in enumerate(form.rows):
        text = fold("".join(cell.text for cell in row.cells))
        if "一级指标" in text or ("一级" in text and "二级" in text):
            break
        labels = find_labels(doc, row, vocabulary)
        columns = [label for label in labels if label.key.startswith("columns.")]
        if head is None and len(columns) >= 2:
            head = columns
            if any(_FIGURE.search(cell.text) for cell in row.cells):
                continue
        figures = sum(1 for cell in row.cells if any(char.isdigit() for char in cell.text))
        for label in labels:
            if total is None and label.wording in totals and figures and (head or label.wording.startswith("年度")):
                total = (number, label)
            elif fiscal is None and label.wording in fiscals and figures:
                fiscal = (number, label)
        if total and fiscal:
            break
    return head, total, fiscal


def _fund_words() -> dict[str, str]:
    return {fold(word): name for name, words in table_of("forms", "fund_rows").items() for word in words}


def _columns(labels: Sequence[Label]) -> tuple[tuple[Label, Field], ...]:
    columns: list[tuple[Label, Field]] = []
    for label in labels:
        field = Field(label.key.partition(".")[2])
        if field not in (known for _, known in columns):
            columns.append((label, field))
    return tuple(columns)


def _figures(doc: Document, row: Row, label: Label) -> Iterator[_Figure]:
    if label.rest:
        for hit in _FIGURE.finditer(label.rest.text):
            yield _Figure(part_of(doc.text, label.rest, hit.start(), hit.end()), label.last)
    for column, cell in enumerate(row.cells):
        if column > label.last:
            for hit in _FIGURE.finditer(cell.text):
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
    money = [field for field in fields if field in _MONEY]
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
    """The one way to spread figures over fields, in order, in which rate and score agree with the money; else none."""
    best: list[Line] = []
    most = 0
    size = min(len(fields), len(figures))
    if size >= 2 and len(figures) <= 8:
        for chosen in combinations(figures, size):
            for names in combinations(fields, size):
                line = _real(zip(names, chosen, strict=True))
                agreeing = _agreeing(line)
                if agreeing > most:
                    best, most = [line], agreeing
                elif agreeing == most and agreeing and line not in best:
                    best.append(line)
    if draft is not None:
        message = "年度资金总额一行的数字与表头的列不能一一对应" + (
            "，按执行率与得分的关系分配" if len(best) == 1 else "，未读入"
        )
        draft.warn(WarningCode.DOUBTFUL_VALUE, message, row.span)
    return best[0] if len(best) == 1 else {}


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


def _is_zero(cell: Cell | None) -> bool:
    return cell is not None and _Figure(cell, 0).number == 0
