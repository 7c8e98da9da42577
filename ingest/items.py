"""Labels of a form with the values beside, above or below them. What a value means is for its readers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ingest.cleaning import is_cjk
from ingest.forms import Form
from ingest.labels import Label, find_labels, wordings
from ingest.model import Cell, Document, Row
from ingest.wordlists import words_of

_FIGURES = re.compile(r"[\d.,%/()年月日至-]+")
_WRAPPING = ("head.name", "units.declares", "units.supervises", "units.implements")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A label with the cells of its value: those in its row (empty ones included), and those of the lines below.

    row: number of the row in the form. doubtful: a further line was near that may or may not belong here.
    """

    label: Label
    row: int
    cells: tuple[Cell, ...] = ()
    continued: tuple[Cell, ...] = ()
    doubtful: Cell | None = None

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The cells that hold anything."""
        return tuple(cell for cell in (*self.cells, *self.continued) if cell.text)

    @property
    def text(self) -> str:
        """All of the value as one string."""
        return "".join(cell.text for cell in self.filled)


def find_items(doc: Document, form: Form) -> tuple[Item, ...]:
    """Every label of `form` with its value, in reading order."""
    vocabulary = wordings(form.kind)
    rows = [find_labels(doc, row, vocabulary) for row in form.rows]
    items: list[Item] = []
    for number, (row, labels) in enumerate(zip(form.rows, rows, strict=True)):
        beside = [_beside(row, number, label, after) for label, after in zip_longest(labels, labels[1:])]
        if form.plain and any(item.label.key in _WRAPPING for item in beside):
            above = (
                form.rows[number - 1] if number and not rows[number - 1] and not _is_head(form, number - 1) else None
            )
            below = form.rows[number + 1] if number + 1 < len(rows) and not rows[number + 1] else None
            beside = _with_columns(beside, below) if form.aligned else _with_lines(beside, above, below)
        items.extend(beside)
    return tuple(items)


def _is_head(form: Form, number: int) -> bool:
    """Whether the row is the title of `form` or its year."""
    span = form.rows[number].span
    return number == 0 or (form.year_span is not None and span.start <= form.year_span.start <= span.end)


def _beside(row: Row, number: int, label: Label, following: Label | None) -> Item:
    end = following.first if following else len(row.cells)
    own = (label.rest,) if label.rest else ()
    return Item(label=label, row=number, cells=own + row.cells[label.last + 1 : max(end, label.last + 1)])


def _with_columns(items: Sequence[Item], below: Row | None) -> list[Item]:
    """`items` with what stands below their values in the same columns."""
    cells = below.cells if below else ()
    if not cells or any(_FIGURES.fullmatch(cell.text) for cell in cells if cell.text):
        return list(items)
    spread: list[Item] = []
    for number, item in enumerate(items):
        first = item.label.last + 1
        end = items[number + 1].label.first if number + 1 < len(items) else len(cells)
        spread.append(replace(item, continued=tuple(cell for cell in cells[first:end] if cell.text)))
    return spread


def _with_lines(items: Sequence[Item], above: Row | None, below: Row | None) -> list[Item]:
    """`items` of one line of plain columns with the lines that the cells of their values have above and below it."""
    upper, lower = _pieces(above), _pieces(below)
    if len(lower) == 1 and (kind := _with_kind(items, upper, lower)):
        return kind
    empty = [item for item in items if not item.filled]
    if empty and len(upper) == len(empty) and (len(empty) == len(items) or len(lower) in (0, len(empty))):
        after: list[Cell | None] = [*lower] if len(lower) == len(empty) else [None] * len(empty)
        found = {
            item.label.first: _filled(item, *pair)
            for item, pair in zip(empty, zip(upper, after, strict=True), strict=True)
        }
        return [found.get(item.label.first, item) for item in items]
    if lower and len(lower) == len(items):
        return [replace(item, continued=(cell,)) for item, cell in zip(items, lower, strict=True)]
    if len(lower) == 1:
        open_ended = [item for item in items if item.filled and not _is_whole(item)]
        if len(upper) == len(open_ended) == 1:  # a cell of three lines
            whole = replace(open_ended[0], cells=(upper[0], *open_ended[0].cells), continued=(lower[0],))
            return [whole if item is open_ended[0] else item for item in items]
        return [
            item
            if item not in open_ended
            else replace(item, continued=(lower[0],))
            if len(open_ended) == 1
            else replace(item, doubtful=lower[0])
            for item in items
        ]
    return list(items)


def _filled(item: Item, cell: Cell, below: Cell | None) -> Item:
    return replace(item, cells=(cell,), continued=(below,) if below else ())


def _with_kind(items: Sequence[Item], upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Item] | None:
    """`items` where the lines above and below make one value a known kind of project (阶段 + 性项 + 目)."""
    for item in items:
        for above in (upper, ()) if len(upper) == 1 else ((),):
            joined = "".join(cell.text for cell in (*above, *item.cells, *lower))
            if joined in words_of("forms", "kinds", "words"):
                whole = replace(item, cells=(*above, *item.cells), continued=tuple(lower))
                return [whole if other is item else other for other in items]
    return None


def _pieces(row: Row | None) -> list[Cell]:
    if row is None:
        return []
    cells = [cell for cell in row.cells if cell.text]
    usable = all(any(is_cjk(char) for char in cell.text) and not _FIGURES.fullmatch(cell.text) for cell in cells)
    return cells if usable else []


def _is_whole(item: Item) -> bool:
    """Whether a value ends as such values do: units in 局, 中心, 委员会 …, projects in anything."""
    endings = words_of("units", "endings", "words")
    return item.text.endswith(endings) if item.label.key.startswith("units.") else item.label.key != "head.name"
