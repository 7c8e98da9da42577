"""Tables that list many projects with their indicators, one row an indicator, cut into the rows of one form each.

What stands in the columns of a project becomes rows with the column's head as their label, so that lists and forms are
read alike. Reads heads and layout only; what a label's value means is for its readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest

from ingest.cleaning import is_cjk
from ingest.columns import LEVELS, Role, roles_named
from ingest.labels import fold, wordings
from ingest.levels import Level, is_level_name
from ingest.model import Cell, Row, Span
from ingest.wordlists import table_of

_BRACKET = re.compile(r"\([^()]{0,30}\)")
_FEWEST_COLUMNS = 5
_FEWEST_LEVELS = 2
_NEAR = 5  # rows between a page's end and the head that is printed again
_SUMS = frozenset(("合计", "总计", "小计"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Rows `first`..`last` (half-open) of a document that list projects; each project's rows as those of a form."""

    first: int
    last: int
    projects: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """Cells of the head, how many rows it takes, the column of names, the first column of the indicators.

    texts: of its first row; money: cells of that row which say the unit of the figures in the row below.
    """

    cells: tuple[Cell, ...]
    rows: int
    name: int
    level: int
    texts: tuple[str, ...]
    money: tuple[Cell, ...]

    def is_unit(self, column: int) -> bool:
        return (wordings(None).get(_bare(self.cells[column].text)) or "").startswith("units.")

    def is_about(self, column: int) -> bool:
        """Whether the column is of the project as a whole: left of the indicators, or its sum at their right."""
        return column < self.level or (column < len(self.cells) and _bare(self.cells[column].text) in _results())


@dataclass(slots=True)
class _Project:
    about: dict[int, Cell]  # column → cell
    indicators: list[tuple[Cell, ...]] = field(default_factory=list)


def find_listings(rows: Sequence[Row], ends: Callable[[Row], bool]) -> tuple[Listing, ...]:
    """The lists of projects in `rows`, in order; () where there is none. `ends` tells what begins something else."""
    listings: list[Listing] = []
    at = 0
    while at < len(rows):
        head = _head_at(rows, at)
        listing = _read(rows, at, head, ends) if head else None
        if listing:
            listings.append(listing)
        at = listing.last if listing else at + 1
    return tuple(listings)


@cache
def _results() -> frozenset[str]:
    return frozenset(fold(word) for words in table_of("forms", "result").values() for word in words if word != "得分")


def _bare(text: str) -> str:
    return _BRACKET.sub("", fold(text)).rstrip(":")


def _head_at(rows: Sequence[Row], at: int) -> _Head | None:
    """The head of a list: a column of names and, right of it, columns of levels, there or in the row below."""
    cells = rows[at].cells
    if sum(1 for cell in cells if cell.text) < _FEWEST_COLUMNS - 2 or not any("名称" in cell.text for cell in cells):
        return None
    name = next((n for n, cell in enumerate(cells) if wordings(None).get(_bare(cell.text)) == "head.name"), None)
    if name is None:
        return None
    below = rows[at + 1].cells if at + 1 < len(rows) else ()
    for size, merged in ((1, cells), (2, _merged(cells, below))):
        levels = [n for n, cell in enumerate(merged) if n > name and set(roles_named(cell.text)) & set(LEVELS)]
        valued = any(Role.TARGET in roles_named(cell.text) for cell in merged[name + 1 :])
        if len(levels) >= _FEWEST_LEVELS and valued:
            money = tuple(cell for cell in cells if size > 1 and "元)" in fold(cell.text))
            return _Head(merged, size, name, levels[0], tuple(cell.text for cell in cells), money)
    return None


def _merged(upper: Sequence[Cell], lower: Sequence[Cell]) -> tuple[Cell, ...]:
    pairs = zip_longest(upper, lower)
    return tuple(below if below is not None and below.text else above or below for above, below in pairs)  # type: ignore[misc]


def _read(rows: Sequence[Row], first: int, head: _Head, ends: Callable[[Row], bool]) -> Listing | None:
    projects: list[_Project] = []
    units: dict[int, Cell] = {}
    current: _Project | None = None
    at, last = first + head.rows, first
    while at < len(rows):
        if _is_head(rows[at], head):
            at += head.rows
            continue
        if ends(rows[at]):
            again = _again(rows, at, head)
            if again is None:
                break
            at = again
            continue
        cells = _aligned(rows[at].cells, head)
        if not any(is_cjk(char) for cell in cells for char in cell.text):  # columns numbered below the head
            at += 1
            continue
        about = {column: cell for column, cell in enumerate(cells) if cell.text and head.is_about(column)}
        units |= {column: cell for column, cell in about.items() if head.is_unit(column)}
        name = about.get(head.name)
        if name is not None and fold(name.text) in _SUMS:
            current = None
        elif name is not None and (current is None or name.text != current.about[head.name].text):
            current = _Project({**units, **about})
            projects.append(current)
        if current is not None and _is_indicator(cells, head):
            current.indicators.append(cells)
            last = at + 1
        at += 1
    found = tuple(_as_form(project, head) for project in projects if project.indicators)
    return Listing(first=first, last=last, projects=found) if found else None


def _is_head(row: Row, head: _Head) -> bool:
    return tuple(cell.text for cell in row.cells) == head.texts


def _again(rows: Sequence[Row], at: int, head: _Head) -> int | None:
    """Where the head is printed again right behind row `at`, as on a new page; None where it is not."""
    return next((n for n in range(at + 1, min(at + _NEAR, len(rows))) if _is_head(rows[n], head)), None)


def _is_indicator(cells: Sequence[Cell], head: _Head) -> bool:
    return any(cell.text and not head.is_about(column) for column, cell in enumerate(cells))


def _aligned(cells: Sequence[Cell], head: _Head) -> tuple[Cell, ...]:
    """`cells` moved under their heads where a row leaves out the merged cells at its left."""
    for at, cell in enumerate(cells[: head.level + 1]):
        following = cells[at + 1].text if at + 1 < len(cells) else ""
        if is_level_name(cell.text, Level.FIRST) and is_level_name(following, Level.SECOND):
            return _moved(cells, head.level - at)
        if is_level_name(cell.text, Level.SECOND) and at < head.level:
            return _moved(cells, head.level + 1 - at)
    return tuple(cells)


def _moved(cells: Sequence[Cell], by: int) -> tuple[Cell, ...]:
    if by <= 0:
        return tuple(cells)
    start = cells[0].span.start
    return (*(Cell(text="", span=Span(start=start, end=start)) for _ in range(by)), *cells)[: max(len(cells), by + 1)]


def _as_form(project: _Project, head: _Head) -> tuple[Row, ...]:
    about = {column: _row((head.cells[column], cell)) for column, cell in sorted(project.about.items())}
    before = [row for column, row in about.items() if column < head.level]
    behind = [row for column, row in about.items() if column >= head.level]
    table = [_row(_indicator_cells(cells, head)) for cells in (head.cells, *project.indicators)]
    return (*(_row((cell,)) for cell in head.money), *before, *table, *behind)


def _indicator_cells(cells: Sequence[Cell], head: _Head) -> tuple[Cell, ...]:
    """`cells`, those of the project as a whole emptied."""
    return tuple(
        Cell(text="", span=Span(start=cell.span.start, end=cell.span.start)) if head.is_about(column) else cell
        for column, cell in enumerate(cells)
    )


def _row(cells: tuple[Cell, ...]) -> Row:
    spans = [cell.span for cell in cells if cell.text]
    return Row(cells=cells, span=Span(start=min(span.start for span in spans), end=max(span.end for span in spans)))
