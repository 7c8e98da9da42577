"""The table of an answer: one line an item, one column for each thing that some item has to say, none said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from search.model import Answer, Item
from ui.rendering import (
    EMPTY_TABLE,
    Column,
    Table,
    TableCell,
    TableRow,
    money_cell,
    number_cell,
    render_number,
    render_wan,
    text_cell,
    to_decimal,
)
from ui.wording import kind_word

YEAR = "年度"
# `195.545万元（1,955,450元；原文“195.5450”）`, `860元`: the yuan are exact
MONEY_TEXT = re.compile(
    r"(?:-?[\d,]{1,40}(?:\.\d{1,20})?[万亿]元（)?(-?[\d,]{1,40}(?:\.\d{1,20})?)元(?:；原文“[^”]{1,80}”)?）?"
)
COUNTED = re.compile(r"(-?\d{1,20}(?:,\d{3})*(?:\.\d{1,10})?)\s?(?:%|％|分|个|项|份)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """A column with its cells, one an item."""

    column: Column
    cells: tuple[TableCell, ...]


def answer_table(answer: Answer) -> Table:
    """The items of an answer in their order; a column only where some item has something to put there."""
    items = answer.items
    if not items:
        return EMPTY_TABLE
    columns = [
        _Filled(
            column=Column(label="序号", numeric=True),
            cells=tuple(number_cell(Decimal(at)) for at in range(1, len(items) + 1)),
        ),
        *_named(items),
        *_said(items),
        _Filled(
            column=Column(label="出处", numeric=True),
            cells=tuple(number_cell(Decimal(n), f"{n} 处") for n in (len(item.sources) for item in items)),
        ),
    ]
    rows = tuple(TableRow(cells=tuple(c.cells[at] for c in columns), key=str(at)) for at in range(len(items)))
    return Table(caption=answer.interpretation, columns=tuple(c.column for c in columns), rows=rows)


def _named(items: Sequence[Item]) -> list[_Filled]:
    """Name, kind, year and number."""
    kinds = {item.type for item in items if item.type}
    named = tuple(text_cell(item.name or item.label, hint=item.label) for item in items)
    found = [_Filled(column=Column(label=_name_heading(kinds), wide=True), cells=named)]
    if len(kinds) > 1:
        cells = tuple(text_cell(kind_word(item.type or "")) for item in items)
        found.append(_Filled(column=Column(label="类别"), cells=cells))
    if any(item.year for item in items):
        years = tuple(number_cell(Decimal(i.year) if i.year else None, str(i.year or "")) for i in items)
        found.append(_Filled(column=Column(label=YEAR, numeric=True), cells=years))
    if any(item.number for item in items):
        cells = tuple(text_cell(item.number or "") for item in items)
        found.append(_Filled(column=Column(label="文号"), cells=cells))
    return found


def _said(items: Sequence[Item]) -> list[_Filled]:
    """The further columns, and the value of each item; a column that says the value again lends it its name."""
    keys = list(dict.fromkeys(key for item in items for key in item.properties))
    keys = [key for key in keys if not all(_is_year(item, key) for item in items)]
    valued = any(item.value is not None for item in items)
    same = next((key for key in keys if valued and all(_says_value(item, key) for item in items)), "")
    found = [_property_column(items, key) for key in keys if key != same]
    return [*found, _value_column(items, same)] if valued else found


def _is_year(item: Item, key: str) -> bool:
    return key == YEAR and item.properties.get(key, "") in ("", str(item.year or ""))


def _says_value(item: Item, key: str) -> bool:
    text = item.properties.get(key, "")
    if item.value is None:
        return not text
    number = to_decimal(item.value)
    return text == item.value if number is None else _number_in(text) == number


def _number_in(text: str) -> Decimal | None:
    """The figure that a text gives: yuan of an amount, else the number before its unit."""
    match = MONEY_TEXT.fullmatch(text.strip()) or COUNTED.fullmatch(text.strip())
    return to_decimal(match[1].replace(",", "")) if match else None


def _property_column(items: Sequence[Item], key: str) -> _Filled:
    texts = [item.properties.get(key, "") for item in items]
    said = [text for text in texts if text]
    if all(MONEY_TEXT.fullmatch(text.strip()) for text in said):
        cells = tuple(_amount_cell(text) for text in texts)
        return _Filled(column=Column(label=f"{key}（万元）", numeric=True), cells=cells)
    numeric = all(_number_in(text) is not None for text in said)
    longest = max(map(len, said), default=0)
    cells = tuple(_property_cell(text) for text in texts)
    return _Filled(column=Column(label=key, numeric=numeric, wide=longest > WIDE_TEXT), cells=cells)


WIDE_TEXT = 12  # longer texts would stand in a tall narrow column


def _amount_cell(text: str) -> TableCell:
    cell = money_cell(_number_in(text))
    return TableCell(text=cell.text, order=cell.order, hint=text)


def _property_cell(text: str) -> TableCell:
    number = _number_in(text)
    return text_cell(text) if number is None else TableCell(text=text, order=f"{number:f}")


def _value_column(items: Sequence[Item], name: str) -> _Filled:
    units = {item.unit for item in items if item.value is not None}
    unit = units.pop() if len(units) == 1 else None
    numeric = all(to_decimal(item.value) is not None for item in items if item.value is not None)
    column = Column(label=_value_heading(unit, name, numeric=numeric), numeric=numeric)
    return _Filled(column=column, cells=tuple(_value_cell(item, unit) for item in items))


def _name_heading(kinds: Iterable[str]) -> str:
    only = set(kinds)
    return kind_word(only.pop()) if len(only) == 1 else "名称"


def _value_heading(unit: str | None, name: str, *, numeric: bool) -> str:
    if unit == "元":
        return f"{name or '金额'}（万元）"
    return f"{name or '数值'}（{unit}）" if unit and numeric else name or "数值"


def _value_cell(item: Item, unit: str | None) -> TableCell:
    """The value under a heading that names `unit`, or with its own unit where the heading names none."""
    number = to_decimal(item.value) if item.value is not None else None
    if item.value is None:
        return TableCell(text="")
    if number is None:
        return TableCell(text=str(item.value))
    if unit is not None:
        return money_cell(number) if unit == "元" else number_cell(number)
    shown = render_wan(number) + " 万元" if item.unit == "元" else f"{render_number(number)} {item.unit or ''}".strip()
    return number_cell(number, shown)
