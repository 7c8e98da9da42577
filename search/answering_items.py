"""Rows of a result → items of an answer, with names, figures, columns and the sentences that prove them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from graph.model import Entity, EntityType, Source
from search.columns import Cell
from search.linking_forms import texts_of
from search.model import Item
from search.phrasing import count_word, label_of, name_project, say_cell, say_number
from search.plan_terms import Column
from search.rows import Row
from search.vocabulary import ColumnType, spec_of

TextOf = Callable[[str], str | None]
"""The text of a source file by its name; None where it is not at hand."""

_MOST_SOURCES = 50
_LONE = 20  # signs up to which a cell proves nothing without the label of its row
_REACH = 60  # signs to either side that are shown of a sentence
_REACH_OF_LINE = 160
_ENDS = "。；;！？!?\n\t"
_MARKS = frozenset("《》〔〕")  # of titles and document numbers


def make_item(row: Row, columns: tuple[Column, ...], text_of: TextOf) -> Item:
    """The row as an item; its columns under their Chinese names."""
    entity = row.entity
    cells = [cell for column in columns if (cell := row.cell(column)) is not None]
    properties = {label_of(cell.column): _short(cell) for cell in cells}
    if row.members and row.unit != "个":
        properties |= {f"{count_word(row.members[0].type).removeprefix('个')}数": str(len(row.members))}
    if row.figure is not None and row.figure.weights is not None:
        names = ("所占", "全部") if row.figure.weighted_by is None else ("执行数之和", "预算数之和")
        properties |= {n: f"{say_number(w)}元" for n, w in zip(names, row.figure.weights, strict=True)}
    if entity is None:
        return Item(
            label=row.label, value=row.value, unit=row.unit, properties=properties, sources=_places(row, text_of)
        )
    if row.owner is not None:
        properties = {"所属项目": name_project(row.owner), **properties}
    name, number, aliases = _names(entity)
    return Item(
        label=entity.label if entity.type is not EntityType.INDICATOR else name,
        id=entity.id,
        type=entity.type.value,
        name=name,
        year=_year(row),
        number=number,
        aliases=aliases,
        value=row.value,
        unit=row.unit,
        properties=properties,
        sources=_places(row, text_of),
    )


def _short(cell: Cell) -> str:
    return say_cell(cell, limit=200)


def _year(row: Row) -> int | None:
    holder = row.entity if row.entity is not None and row.entity.type is EntityType.PROJECT else row.owner
    if holder is None:
        return None
    year = holder.properties.get("year")
    return int(str(year)) if year is not None else None


def _names(entity: Entity) -> tuple[str, str | None, tuple[str, ...]]:
    match entity.type:
        case EntityType.POLICY:
            number = texts_of(entity, "number")
            title = texts_of(entity, "title")
            others = tuple(a for a in texts_of(entity, "aliases", "number_variants") if a not in (*title, *number))
            return (title or number or (entity.label,))[0], number[0] if number else None, others
        case EntityType.INDICATOR:
            return (texts_of(entity, "level3") or (entity.label,))[0], None, ()
        case _:
            name = (texts_of(entity, "name") or (entity.label,))[0]
            return name, None, tuple(a for a in texts_of(entity, "aliases") if a != name)


def _places(row: Row, text_of: TextOf) -> tuple[Source, ...]:
    """What proves the row: citations widened to their sentence, figures as they stand."""
    sources = row.sources or (row.entity.sources[:1] if row.entity is not None else ())
    years = {s for entity in (row.entity, *row.members) if entity for s in entity.evidence.get("year", ())}
    sources = (*(s for s in sources if s not in years), *(s for s in sources if s in years))  # what decides comes first
    exact = {s for cell in row.cells for s in cell.sources}
    figures = set(sources) if row.members else exact  # what a group is reckoned from is figures of forms
    lone = {s for s in figures - years if len(s.quote) <= _LONE}
    widened = (
        show_place(s, text_of(s.document), of_form=s in lone) if s in lone or s not in exact else s
        for s in sources[:_MOST_SOURCES]
    )
    return tuple(dict.fromkeys(widened))


def show_place(source: Source, text: str | None, *, of_form: bool) -> Source:
    """The source as it is shown: a cell of a form with its row, other words with their sentence.

    What stays as short as a cell is one, whatever it was found for: a name alone proves no role. A document that stands
    in a list of documents proves itself.
    """
    if of_form:
        return widen_to_line(source, text)
    sentence = widen(source, text)
    bare = len(sentence.quote) <= _LONE and not _MARKS.intersection(sentence.quote)
    return widen_to_line(source, text) if bare else sentence


def widen(source: Source, text: str | None) -> Source:
    """The sentence, cell or line that the source stands in, exactly as the file has it.

    Long sources and files whose text is not at hand stay as they are.
    """
    if text is None or source.end - source.start > _REACH_OF_LINE or text[source.start : source.end] != source.quote:
        return source
    start, end = source.start, source.end
    while start > 0 and source.start - start < _REACH and text[start - 1] not in _ENDS:
        start -= 1
    while end < len(text) and end - source.end < _REACH and text[end] not in _ENDS:
        end += 1
    return _trimmed(source, text, start, end)


def widen_to_line(source: Source, text: str | None) -> Source:
    """The line that the source stands in: label and figure of a form's row together."""
    if text is None or text[source.start : source.end] != source.quote or "\n" in source.quote:
        return source
    start = max(text.rfind("\n", 0, source.start) + 1, source.start - _REACH_OF_LINE)
    end = text.find("\n", source.end)
    end = min(len(text) if end < 0 else end, source.end + _REACH_OF_LINE)
    return _trimmed(source, text, start, end)


def _trimmed(source: Source, text: str, start: int, end: int) -> Source:
    while start < source.start and text[start].isspace():
        start += 1
    while end > source.end and text[end - 1].isspace():
        end -= 1
    return replace(source, start=start, end=end, quote=text[start:end])


def gather_sources(items: tuple[Item, ...], *, most: int = _MOST_SOURCES) -> tuple[Source, ...]:
    """Proof of the whole answer: the first places of each item in turn."""
    found: dict[Source, None] = {}
    for depth in range(3):
        for item in items:
            if depth < len(item.sources) and len(found) < most and not _is_held(item.sources[depth], found):
                found.setdefault(item.sources[depth])
    return tuple(found)


def _is_held(source: Source, others: Iterable[Source]) -> bool:
    """One of the others shows the whole of it already."""
    return any(o.document == source.document and o.start <= source.start and source.end <= o.end for o in others)


def typo_notes(rows: tuple[Row, ...], extra: tuple[tuple[Entity, str], ...] = ()) -> tuple[str, ...]:
    """What was misprinted in the citations that the rows rest on."""
    notes = [
        f"{name_project(row.entity) if row.entity and row.entity.type is EntityType.PROJECT else row.label}：{note}"
        for row in rows
        for edge in row.edges
        if isinstance(note := edge.properties.get("typo_note"), str)
    ]
    notes += [f"{name_project(entity)}：{note}" for entity, note in extra]
    return tuple(dict.fromkeys(notes))


def is_money(column: Column | None) -> bool:
    """The column holds amounts."""
    return column is not None and spec_of(column).type is ColumnType.MONEY
