"""Money of a form: budgets of a target form, the table of funds of a self-evaluation. Always in yuan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ingest.drafts import Draft
from ingest.forms import Form
from ingest.fund_tables import MONEY, read_fund_table
from ingest.grid import part_of
from ingest.items import Item
from ingest.labels import fold
from ingest.measures import canonical_decimal, parse_amount, parse_rate
from ingest.model import Document, Field, FormKind, WarningCode
from ingest.wordlists import words_of

_MONEY = "亿元|千万元|百万元|万元|千元|百元|元"
_UNIT = re.compile(rf"\(?(?:金额|资金|计量)?(?:单位:?)?(人民币)?({_MONEY})\)?")
_DECLARED = re.compile(
    rf"(?:\(|单位:|单位为|金额:)(?:人民币|单位:|金额单位:)?({_MONEY})\)?|(?:资金|预算数?|总额|金额)\(({_MONEY})\)"
)
_TORN = re.compile(r"\((万元?)(?!元)")
_OWN_UNIT = re.compile(r"[-\d,.]+\s*(?:亿元|万元|元)")


def declared_unit(form: Form) -> Decimal | None:
    """What one figure of money is worth in yuan by what the form itself prints (10000 for 万元), or None."""
    for row in form.rows:
        text = fold("".join(cell.text for cell in row.cells))
        if "一级指标" in text or "一级目标" in text:
            break
        if hit := _DECLARED.search(text):
            return _worth(hit[1] or hit[2])
        if _TORN.search(text) and "资金" in text:
            return Decimal(10000)
    return None


def _worth(name: str) -> Decimal:
    return parse_amount(f"1{name}", unit=Decimal(1)) or Decimal(1)


def _unit_of(bracket: str) -> Decimal | None:
    """What the unit in the bracket behind a label is worth; None where it holds none."""
    unit = _UNIT.fullmatch(f"({bracket})") if bracket else None
    return _worth(unit[2]) if unit else None


def read_funds(doc: Document, form: Form, items: Sequence[Item], draft: Draft, *, unit: Decimal | None) -> None:
    """Budgets and execution of `form`, added to `draft`. `unit` is what other forms of the document declare."""
    own = declared_unit(form)
    worth = own or unit or Decimal(10000 if form.kind is FormKind.SELF_EVALUATION else 1)
    before = len(draft.readings)
    if form.kind is FormKind.TARGET:
        _read_budgets(doc, items, draft, worth)
    elif form.kind is FormKind.SELF_EVALUATION:
        _read_self_evaluation(doc, form, items, draft, worth)
    money = [reading for reading in draft.readings[before:] if not reading.rule.endswith("own unit")]
    if own is None and money and _needs_unit(items):
        name = next((name for name in _MONEY.split("|") if _worth(name) == worth), "元")
        source = "按同一文件其他各表" if unit else "按此类表的惯例"
        spans = (span for reading in money[:1] for span in reading.spans)
        draft.warn(WarningCode.INFERRED_VALUE, f"表中没有写明金额单位，{source}以{name}计", *spans)


def _needs_unit(items: Sequence[Item]) -> bool:
    return not any(item.label.key.startswith("money.") and _unit_of(item.label.bracket) for item in items)


def _read_budgets(doc: Document, items: Sequence[Item], draft: Draft, worth: Decimal) -> None:
    for item in items:
        group, _, name = item.label.key.partition(".")
        if group == "money":
            _read_budget(doc, item, Field(name), draft, worth)
    if not draft.has(Field.BUDGET_YEAR) and not draft.has(Field.BUDGET_TOTAL):
        for item in items:
            if item.label.wording in words_of("forms", "money_bare", "words") or item.label.key == "funds.total":
                _read_budget(doc, item, Field.BUDGET_YEAR, draft, worth)


def _read_budget(doc: Document, item: Item, field: Field, draft: Draft, worth: Decimal) -> None:
    """The first amount behind a label, in the unit of its own bracket where it has one."""
    own = _unit_of(item.label.bracket) or worth
    for cell in item.filled:
        amount = parse_amount(cell.text, unit=own)
        if amount is None and (money := _OWN_UNIT.search(cell.text)):
            cell = part_of(doc.text, cell, money.start(), money.end())
            amount = parse_amount(cell.text, unit=own)
        if amount is not None:
            rule = f"label.{item.label.wording}" + (" own unit" if cell.text.endswith("元") else "")
            draft.add(field, raw=cell.text, value=canonical_decimal(amount), spans=(cell.span,), rule=rule)
            return


def _read_rate(item: Item, draft: Draft) -> None:
    cell = item.filled[0] if len(item.filled) == 1 else None
    rate = parse_rate(cell.text) if cell else None
    if cell and rate is not None:
        value = canonical_decimal(rate)
        draft.add(Field.EXECUTION_RATE, raw=cell.text, value=value, spans=(cell.span,), rule="label.执行率")


def _read_self_evaluation(doc: Document, form: Form, items: Sequence[Item], draft: Draft, worth: Decimal) -> None:
    if read_fund_table(doc, form, draft, worth=worth):
        return
    for item in items:
        group, _, name = item.label.key.partition(".")
        if group == "columns" and Field(name) in MONEY:
            _read_budget(doc, item, Field(name), draft, worth)
        elif group == "columns" and Field(name) is Field.EXECUTION_RATE:
            _read_rate(item, draft)
    if not draft.has(Field.EXECUTED):
        draft.warn(WarningCode.LOST_CELL, "表中找不到年度资金总额", form.rows[0].span)
