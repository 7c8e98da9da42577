"""Values as people read them: money in 万元, Chinese dates, tables and their CSV.

Pure functions; nothing here writes markup (ui/markup.py) or knows of Gradio.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from graph.exports_tables import neutral
from graph.headings import section_headings
from graph.model import Entity, EntityType, Value
from graph.selection import DATES, MONEY
from ui.wording import property_word, say

WAN = Decimal(10_000)
RATES = frozenset({"execution_rate"})
SCORES = frozenset({"execution_weight", "execution_score", "total_score", "weight", "score"})
ISO_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
NUMBER = re.compile(r"-?\d{1,30}(?:,\d{3})*(?:\.\d{1,30})?%?")
CONTROLS = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f]")
BIDI = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), "\ufffd")


def to_decimal(value: object) -> Decimal | None:
    """The number that `value` spells, None where it spells none or is not finite."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def to_int(value: object) -> int | None:
    """The whole number that `value` is, None otherwise."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def render_number(number: Decimal) -> str:
    """With thousands separators, without an exponent or trailing zeros.

    >>> render_number(Decimal("1344.50"))
    '1,344.5'
    """
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def render_wan(yuan: Decimal) -> str:
    """An amount of yuan in 万元: exact, at least two decimals, without the unit.

    >>> render_wan(Decimal("10929880"))
    '1,092.988'
    """
    text = f"{yuan / WAN:,f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def render_money(yuan: Decimal) -> str:
    """Both spellings: `208.00 万元（2,080,000 元）`."""
    return f"{render_wan(yuan)} 万元（{render_number(yuan)} 元）"


def render_date(iso: str) -> str:
    """`2020-01-01` as 2020年1月1日, `2025-10` as 2025年10月; anything else as it is."""
    match = ISO_DATE.fullmatch(iso)
    if match is None:
        return iso
    year, month, day = match.groups()
    return f"{year}年{int(month)}月" + (f"{int(day)}日" if day else "")


def render_size(size: int) -> str:
    """Bytes for people: `101.2 KB`."""
    if size < 1024:
        return f"{size} 字节"
    if size < 1024 * 1024:
        return f"{size / 1024:.1f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def visible(text: str) -> str:
    """`text` with control characters dropped and characters that turn the direction of writing made visible."""
    return CONTROLS.sub("", text).translate(BIDI)


def render_value(name: str, value: Value) -> str:
    """A property as people read it, by the property's name."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "section":  # the graph calls a section by its property
        return section_headings(value)
    if name == "media_type":
        return say("media", str(value))
    if isinstance(value, tuple):
        return "；".join(value)
    number = to_decimal(value)
    if name in MONEY and number is not None:
        return render_money(number)
    if name in RATES and number is not None:
        return f"{render_number(number)}%"
    if name in SCORES and number is not None:
        return f"{render_number(number)} 分"
    if name in DATES:
        return render_date(str(value))
    if name == "year":
        return f"{value} 年"
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; `numeric` ones stand to the right and are sorted by `Cell.order`."""

    label: str
    numeric: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """What is shown, what it is sorted by (a decimal string; "" for text), and what a pointer held over it shows."""

    text: str
    order: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One line; `key` comes back when it is chosen."""

    cells: tuple[TableCell, ...]
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table for the page, for CSV and for screen readers."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]

    def to_json(self) -> dict[str, object]:
        """What the table component of the page draws; texts only, no markup."""
        return {
            "caption": self.caption,
            "columns": [{"label": c.label, "numeric": c.numeric, "wide": c.wide} for c in self.columns],
            "rows": [
                {
                    "key": row.key,
                    "cells": [{"text": visible(c.text), "order": c.order, "hint": visible(c.hint)} for c in row.cells],
                }
                for row in self.rows
            ],
        }


EMPTY_TABLE = Table(caption="", columns=(), rows=())


def text_cell(text: str, hint: str = "") -> TableCell:
    return TableCell(text=text, hint=hint)


def number_cell(number: Decimal | None, shown: str = "", hint: str = "") -> TableCell:
    """A right-aligned cell; empty where there is no number."""
    if number is None:
        return TableCell(text=shown)
    return TableCell(text=shown or render_number(number), order=f"{number:f}", hint=hint)


def money_cell(yuan: Decimal | None) -> TableCell:
    """万元, with the exact yuan as hint."""
    if yuan is None:
        return TableCell(text="")
    return TableCell(text=render_wan(yuan), order=f"{yuan:f}", hint=f"{render_number(yuan)} 元")


def property_rows(entity: Entity, names: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """(property, Chinese heading, value as read) of those `names` that the entity has, in that order."""
    return tuple(
        (name, property_word(name, entity.type), render_value(name, entity.properties[name]))
        for name in names
        if name in entity.properties
    )


def short_label(entity: Entity) -> str:
    """What stands beside a node: a policy document by its title or number, a project with its year."""
    label = visible(entity.label)
    if entity.type is EntityType.POLICY and "title" in entity.properties:
        label = visible(str(entity.properties["title"]))
    return label


def neutral_cell(text: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula; numbers, negative ones too, stay numbers.

    >>> neutral_cell("=1+1"), neutral_cell("-12.5")
    ("'=1+1", '-12.5')
    """
    return text if NUMBER.fullmatch(text) else neutral(text)


def table_to_csv(table: Table, notes: Mapping[str, str] | None = None) -> bytes:
    """UTF-8 with a byte order mark, as Excel wants it; `notes` are lines below the table."""

    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([neutral_cell(column.label) for column in table.columns])
    for row in table.rows:
        writer.writerow([neutral_cell(visible(cell.text)) for cell in row.cells])
    if notes:
        writer.writerow([])
        writer.writerows([neutral_cell(key), neutral_cell(visible(text))] for key, text in notes.items())
    return out.getvalue().encode("utf-8-sig")


BRACKETS = str.maketrans(
    {"[": "〔", "]": "〕", "【": "〔", "】": "〕", "（": "〔", "）": "〕", "(": "〔", ")": "〕", " ": ""}
)


def fold_name(text: str) -> str:
    """`text` for comparison: one kind of bracket, no spaces, no difference of case or width."""
    return unicodedata.normalize("NFKC", text).translate(BRACKETS).casefold()
